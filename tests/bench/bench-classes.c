/* SPDX-License-Identifier: MIT */
#include "bench-frames.h"
#include "tithe-class-list.h"
#include "window/tithe-application.h"
#include "window/tithe-window.h"

#include "widget-fixture.h"

#include <glib/gstdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* The real window with very many classes: N_CLASSES [IMAGES_IN_EACH]. One JSON object on standard output. */

#define FRAMES 200
#define N_PICTURES 64
#define DIM 16

typedef enum
{
  PHASE_OPEN, /* classes arrive */
  PHASE_SCROLL,
  PHASE_SEARCH,
  PHASE_SWITCH,
  PHASE_SLIDER,
  PHASE_CHARTS,
  N_PHASES
} Phase;

static const char *const phase_names[]
    = { "open", "scroll_classes", "search", "switch_class", "slider", "charts_slider" };

typedef struct
{
  TitheWindow *window;
  BenchFrames *frames;
  TitheClassList *classes;
  GtkWidget *list, *search;
  char *dataset, *features;
  guint n_classes;
  Phase phase;
  guint frame;
  gint64 began, opened, clustered;
} Bench;

/* --- the dataset --- */

/* N pictures under many names. */
static void
link_pictures (const char *folder, const char *class_name, guint class_index, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *picture = g_strdup_printf ("%s/p/%02u.png", folder, (class_index * n + i) % N_PICTURES);
      g_autofree char *path = g_strdup_printf ("%s/d/%s/%02u.png", folder, class_name, i);

      if (link (picture, path) != 0)
        g_error ("cannot link “%s”", path);
    }
}

static void
make_dataset (Bench *bench, const char *folder, guint n_images)
{
  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *name = g_strdup_printf ("p/%02u.png", i);

      fixture_write_picture (folder, name, 32, 32, i);
    }
  for (guint c = 0; c < bench->n_classes; c++)
    {
      /* As those of ImageNet: n01440764. */
      g_autofree char *name = g_strdup_printf ("n%08u", 1440764 + 37 * c);
      g_autofree char *path = g_build_filename (folder, "d", name, NULL);

      g_mkdir_with_parents (path, 0755);
      link_pictures (folder, name, c, n_images);
    }
  bench->dataset = g_build_filename (folder, "d", NULL);
  bench->features = fixture_write_rows (folder, "rows.npy", (gsize) bench->n_classes * n_images, DIM, 7);
}

/* --- the window --- */

static void
report (Bench *bench)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  g_print ("{\"classes\": %u, \"first_groups_s\": %.3f, \"all_clustered_s\": %.3f", bench->n_classes,
           (double) (bench->opened - bench->began) / 1e6, (double) (bench->clustered - bench->began) / 1e6);
  bench_frames_report (bench->frames);
  g_print (", \"peak_mb\": %.0f}\n", (double) usage.ru_maxrss / 1024);
}

/* One step of what a person does. */
static void
act (Bench *bench)
{
  static const char *const letters[] = { "1", "17", "173", "17", "1", "", "n", "n02", "" };
  TitheReviewPage *page = tithe_window_get_page (bench->window);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (bench->list));

  switch (bench->phase)
    {
    case PHASE_SCROLL:
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + 37);
      break;
    case PHASE_SEARCH:
      gtk_editable_set_text (GTK_EDITABLE (bench->search), letters[bench->frame % G_N_ELEMENTS (letters)]);
      g_signal_emit_by_name (bench->search, "search-changed");
      break;
    case PHASE_SWITCH:
      tithe_class_list_set_selected (bench->classes, (int) (bench->frame * 7919 % bench->n_classes));
      break;
    case PHASE_SLIDER:
    case PHASE_CHARTS:
      tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (page), 0.9 - 0.7 * bench->frame / FRAMES);
      break;
    case PHASE_OPEN:
    case N_PHASES:
    default:
      break;
    }
}

static void
begin_phase (Bench *bench)
{
  bench->phase++;
  bench->frame = 0;
  if (bench->phase == PHASE_SLIDER)
    tithe_class_list_set_selected (bench->classes, TITHE_ALL_CLASSES);
  if (bench->phase == PHASE_CHARTS)
    {
      gtk_widget_activate_action (GTK_WIDGET (bench->window), "win.inspector", NULL);
      g_action_group_change_action_state (G_ACTION_GROUP (bench->window), "panel", g_variant_new_string ("charts"));
    }
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
  guint n_kept;

  if (bench->phase > PHASE_OPEN)
    {
      act (bench);
      if (++bench->frame == FRAMES)
        begin_phase (bench);
      return bench->phase < N_PHASES;
    }
  if (bench->opened == 0
      && tithe_group_view_count (tithe_review_page_get_group_view (tithe_window_get_page (bench->window)), &n_kept) > 0)
    bench->opened = g_get_monotonic_time ();
  if (bench->opened != 0 && bench->clustered == 0
      && tithe_project_get_job (tithe_window_get_project (bench->window)) == NULL)
    bench->clustered = g_get_monotonic_time ();
  /* The pictures are looked through, too, before frames are measured. */
  if (bench->clustered != 0 && tithe_window_is_settled (bench->window))
    begin_phase (bench);
  return G_SOURCE_CONTINUE;
}

static void
on_activate (GApplication *application, Bench *bench)
{
  bench->window = tithe_window_new (ADW_APPLICATION (application));
  gtk_window_set_default_size (GTK_WINDOW (bench->window), 1400, 900);
  gtk_window_present (GTK_WINDOW (bench->window));
  bench->frames = bench_frames_new (GTK_WIDGET (bench->window));
  bench->classes = TITHE_CLASS_LIST (widget_fixture_find (GTK_WIDGET (bench->window), TITHE_TYPE_CLASS_LIST));
  bench->list = widget_fixture_find (GTK_WIDGET (bench->classes), GTK_TYPE_LIST_VIEW);
  bench->search = widget_fixture_find (GTK_WIDGET (bench->classes), GTK_TYPE_SEARCH_ENTRY);
  gtk_widget_add_tick_callback (GTK_WIDGET (bench->window), on_tick, bench, NULL);
  bench_frames_begin (bench->frames, phase_names[PHASE_OPEN]);
  bench->began = g_get_monotonic_time ();
  tithe_project_open (tithe_window_get_project (bench->window), bench->dataset, bench->features);
}

int
main (int argc, char **argv)
{
  Bench bench = { 0 };
  g_autoptr (AdwApplication) application = NULL;
  char *folder;
  int status;

  if (argc < 2)
    g_error ("usage: bench-classes N_CLASSES [IMAGES_IN_EACH]");
  bench.n_classes = (guint) g_ascii_strtoull (argv[1], NULL, 10);
  folder = fixture_folder ();
  make_dataset (&bench, folder, argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 3);
  application = adw_application_new (TITHE_APPLICATION_ID, G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), &bench);
  status = g_application_run (G_APPLICATION (application), 1, argv);
  bench_frames_free (bench.frames);
  g_free (bench.dataset);
  g_free (bench.features);
  fixture_remove (folder);
  return status;
}
