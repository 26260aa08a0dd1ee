/* SPDX-License-Identifier: MIT */
#include "bench-frames.h"
#include "window/tithe-application.h"
#include "window/tithe-window.h"

#include <sys/resource.h>

/* Frame times of the real window: DATASET FEATURES. One JSON object on standard output. */

#define FRAMES 600
#define N_DECISIONS 10000

typedef enum
{
  PHASE_OPEN,
  PHASE_SCROLL,
  PHASE_PAGE,
  PHASE_SLIDER,
  PHASE_SINGLES,
  PHASE_DECIDED_SCROLL, /* from here on with the inspector and ten thousand decisions */
  PHASE_DECIDED_SLIDER,
  PHASE_DISCARD,
  PHASE_CHARTS_SLIDER, /* with the charts in place of the image */
  N_PHASES
} Phase;

static const char *const phase_names[]
    = { "open",           "scroll",          "page",         "slider", "slider_all_images", "decided_scroll",
        "decided_slider", "decided_discard", "charts_slider" };

typedef struct
{
  TitheWindow *window;
  const char *dataset, *features;
  Phase phase;
  guint frame;
  gint64 began, opened, clustered;
  BenchFrames *frames;
} Bench;

static void
report (Bench *bench)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  g_print ("{\"first_groups_s\": %.3f, \"all_clustered_s\": %.3f", (double) (bench->opened - bench->began) / 1e6,
           (double) (bench->clustered - bench->began) / 1e6);
  bench_frames_report (bench->frames);
  g_print (", \"peak_mb\": %.0f}\n", (double) usage.ru_maxrss / 1024);
}

/* One step of what a person does, as the handlers of the frame would do it. */
static void
act (Bench *bench)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (
      GTK_SCROLLABLE (tithe_review_page_get_group_view (tithe_window_get_page (bench->window))));
  double place = (double) bench->frame / FRAMES, value = gtk_adjustment_get_value (adjustment);

  switch (bench->phase)
    {
    case PHASE_SCROLL:
    case PHASE_DECIDED_SCROLL:
      gtk_adjustment_set_value (adjustment, value + 37);
      break;
    case PHASE_PAGE:
      value += gtk_adjustment_get_page_size (adjustment);
      gtk_adjustment_set_value (adjustment, value < gtk_adjustment_get_upper (adjustment) - 2000 ? value : 0);
      break;
    case PHASE_SLIDER:
    case PHASE_SINGLES:
    case PHASE_DECIDED_SLIDER:
    case PHASE_CHARTS_SLIDER:
      tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (bench->window)),
                                 place < 0.5 ? 0.9 - 1.6 * place : 0.1 + 1.6 * (place - 0.5));
      break;
    case PHASE_DISCARD:
      tithe_group_view_set_cursor (tithe_review_page_get_group_view (tithe_window_get_page (bench->window)),
                                   bench->frame, 1);
      gtk_widget_activate_action (GTK_WIDGET (bench->window), "review.discard", NULL);
      break;
    case PHASE_OPEN:
    case N_PHASES:
    default:
      break;
    }
}

static void
decide (Bench *bench)
{
  TitheCuration *curation = tithe_review_page_get_curation (tithe_window_get_page (bench->window));
  g_autoptr (GError) error = NULL;

  for (guint32 i = 0; i < N_DECISIONS; i++)
    {
      tithe_curation_begin (curation);
      tithe_curation_set_decision (curation, i * 5, (TitheDecision) (1 + i % 3));
      if (!tithe_curation_commit (curation, "Bench", &error))
        g_error ("%s", error->message);
    }
}

static void
begin_phase (Bench *bench)
{
  TitheGroupView *view = tithe_review_page_get_group_view (tithe_window_get_page (bench->window));
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));

  bench->phase++;
  bench->frame = 0;
  if (bench->phase == PHASE_SLIDER)
    gtk_adjustment_set_value (adjustment, 20000);
  if (bench->phase == PHASE_SINGLES)
    tithe_review_page_show_singles (tithe_window_get_page (bench->window), TRUE);
  if (bench->phase == PHASE_DECIDED_SCROLL)
    {
      tithe_review_page_show_singles (tithe_window_get_page (bench->window), FALSE);
      tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (bench->window)), 0.9);
      gtk_widget_activate_action (GTK_WIDGET (bench->window), "win.inspector", NULL);
      decide (bench);
    }
  if (bench->phase == PHASE_CHARTS_SLIDER)
    g_action_group_change_action_state (G_ACTION_GROUP (bench->window), "panel", g_variant_new_string ("charts"));
  if (bench->phase < N_PHASES)
    {
      bench_frames_begin (bench->frames, phase_names[bench->phase]);
      return;
    }
  report (bench);
  gtk_window_destroy (GTK_WINDOW (bench->window));
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Bench *bench = user_data;

  if (bench->phase == PHASE_OPEN)
    {
      guint n_kept,
          n
          = tithe_group_view_count (tithe_review_page_get_group_view (tithe_window_get_page (bench->window)), &n_kept);

      if (bench->opened == 0 && n > 0
          && tithe_group_view_is_settled (tithe_review_page_get_group_view (tithe_window_get_page (bench->window))))
        bench->opened = g_get_monotonic_time ();
      if (bench->opened != 0 && bench->clustered == 0
          && tithe_project_get_job (tithe_window_get_project (bench->window)) == NULL)
        bench->clustered = g_get_monotonic_time ();
      /* The pictures are looked through, too, before frames are measured. */
      if (bench->clustered != 0 && tithe_window_is_settled (bench->window))
        {
          begin_phase (bench);
        }
      return G_SOURCE_CONTINUE;
    }
  act (bench);
  if (++bench->frame == FRAMES)
    begin_phase (bench);
  return bench->phase < N_PHASES;
}

static void
on_activate (GApplication *application, Bench *bench)
{
  bench->window = tithe_window_new (ADW_APPLICATION (application));
  gtk_window_set_default_size (GTK_WINDOW (bench->window), 1400, 900);
  gtk_window_present (GTK_WINDOW (bench->window));
  bench->frames = bench_frames_new (GTK_WIDGET (bench->window));
  gtk_widget_add_tick_callback (GTK_WIDGET (bench->window), on_tick, bench, NULL);
  bench->began = g_get_monotonic_time ();
  tithe_project_open (tithe_window_get_project (bench->window), bench->dataset, bench->features);
}

int
main (int argc, char **argv)
{
  static Bench bench;
  g_autoptr (AdwApplication) application = NULL;
  int status;

  if (argc != 3)
    g_error ("usage: bench-window DATASET FEATURES");
  bench.dataset = argv[1];
  bench.features = argv[2];
  application = adw_application_new (TITHE_APPLICATION_ID, G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), &bench);
  status = g_application_run (G_APPLICATION (application), 1, argv);
  bench_frames_free (bench.frames);
  return status;
}
