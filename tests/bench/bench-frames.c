/* SPDX-License-Identifier: MIT */
#include "bench-frames.h"
#include "window/tithe-application.h"

#include <sys/resource.h>
#include <time.h>

/*
 * How long frames take in each phase of a benchmark. A frame is what happens between the frame clock's "before-paint"
 * and "after-paint": handlers, layout and drawing; its work is the time of a processor that this took, which is what can be
 * compared on a busy machine. A pause is from the end of one frame to the end of the next, some 17 ms
 * where nothing hinders the main loop in between.
 */

typedef struct
{
  const char *name;
  GArray *times, *work, *pauses; /* of double, ms */
} Phase;

typedef struct
{
  const BenchScript *script;
  gpointer data;
  const char *dataset, *features;
  TitheWindow *window;
  guint phase, frame;
  gint64 began, opened, clustered;

  GPtrArray *phases; /* of Phase; the last is measured */
  gint64 frame_began, last_ended;
  double work_began;
} Bench;

static void
phase_free (gpointer data)
{
  Phase *phase = data;

  g_array_unref (phase->times);
  g_array_unref (phase->work);
  g_array_unref (phase->pauses);
  g_free (phase);
}

/* What the thread worked, in ms, whatever else runs on the machine. */
static double
get_work (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void
on_before_paint (GdkFrameClock *clock, Bench *self)
{
  self->frame_began = g_get_monotonic_time ();
  self->work_began = get_work ();
}

static void
on_after_paint (GdkFrameClock *clock, Bench *self)
{
  const gint64 now = g_get_monotonic_time ();
  double time = (double) (now - self->frame_began) / 1e3, pause = (double) (now - self->last_ended) / 1e3;
  double work = get_work () - self->work_began;
  Phase *phase;

  phase = g_ptr_array_index (self->phases, self->phases->len - 1);
  g_array_append_val (phase->times, time);
  g_array_append_val (phase->work, work);
  if (phase->times->len > 1)
    g_array_append_val (phase->pauses, pause);
  self->last_ended = now;
}

static void
begin_phase (Bench *self, guint phase)
{
  Phase *next = g_new0 (Phase, 1);

  self->phase = phase;
  self->frame = 0;
  self->script->begin (self->window, phase, self->data);
  next->name = self->script->phases[phase];
  next->times = g_array_new (FALSE, FALSE, sizeof (double));
  next->work = g_array_new (FALSE, FALSE, sizeof (double));
  next->pauses = g_array_new (FALSE, FALSE, sizeof (double));
  g_ptr_array_add (self->phases, next);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
get_quantile (GArray *times, double share)
{
  if (times->len == 0)
    return 0;
  g_array_sort (times, compare_times);
  return g_array_index (times, double, MIN (times->len - 1, (guint) (share * times->len)));
}

static void
report_phases (Bench *self)
{
  for (guint i = 0; i < self->phases->len; i++)
    {
      const Phase *phase = g_ptr_array_index (self->phases, i);

      g_print (", \"%s\": {\"frames\": %u, \"median_ms\": %.2f, \"p99_ms\": %.2f, \"worst_ms\": %.2f,"
               " \"cpu_median_ms\": %.2f, \"cpu_p99_ms\": %.2f, \"worst_pause_ms\": %.2f}",
               phase->name, phase->times->len, get_quantile (phase->times, 0.5), get_quantile (phase->times, 0.99),
               get_quantile (phase->times, 1), get_quantile (phase->work, 0.5), get_quantile (phase->work, 0.99),
               get_quantile (phase->pauses, 1));
    }
}

static void
report (Bench *self)
{
  TitheDataset *dataset = tithe_project_get_dataset (tithe_window_get_project (self->window));
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  g_print ("{\"classes\": %u, \"first_groups_s\": %.3f, \"all_clustered_s\": %.3f",
           tithe_dataset_get_n_classes (dataset), (double) (self->opened - self->began) / 1e6,
           (double) (self->clustered - self->began) / 1e6);
  report_phases (self);
  g_print (", \"peak_mb\": %.0f}\n", (double) usage.ru_maxrss / 1024);
}

static gboolean
next_phase (Bench *self)
{
  if (self->script->phases[self->phase + 1] != NULL)
    {
      begin_phase (self, self->phase + 1);
      return G_SOURCE_CONTINUE;
    }
  report (self);
  gtk_window_destroy (GTK_WINDOW (self->window));
  return G_SOURCE_REMOVE;
}

/* The first groups come with their pictures, then every class; and all pictures are looked through before the next phase. */
static gboolean
follow_opening (Bench *self)
{
  TitheGroupView *view = tithe_review_page_get_group_view (tithe_window_get_page (self->window));
  guint n_kept;

  if (self->opened == 0 && tithe_group_view_count (view, &n_kept) > 0 && tithe_group_view_is_settled (view))
    self->opened = g_get_monotonic_time ();
  if (self->opened != 0 && self->clustered == 0
      && tithe_project_get_job (tithe_window_get_project (self->window)) == NULL)
    self->clustered = g_get_monotonic_time ();
  return self->clustered != 0 && tithe_window_is_settled (self->window) ? next_phase (self) : G_SOURCE_CONTINUE;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Bench *self = user_data;

  if (self->phase == 0)
    return follow_opening (self);
  self->script->act (self->window, self->phase, self->frame, self->data);
  return ++self->frame == self->script->n_frames ? next_phase (self) : G_SOURCE_CONTINUE;
}

static void
on_activate (GApplication *application, Bench *self)
{
  GdkFrameClock *clock;

  self->window = tithe_window_new (ADW_APPLICATION (application));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1400, 900);
  gtk_window_present (GTK_WINDOW (self->window));
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (self->window));
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), self);
  gtk_widget_add_tick_callback (GTK_WIDGET (self->window), on_tick, self, NULL);
  begin_phase (self, 0);
  self->began = g_get_monotonic_time ();
  tithe_project_open (tithe_window_get_project (self->window), self->dataset, self->features);
}

/*
 * Opens a dataset in the real window, goes through the phases of a script, and prints one JSON object: seconds until the
 * first groups are there with their pictures and until every class is, what each phase's frames took, and the memory.
 */
int
bench_frames_run (const BenchScript *script, gpointer data, const char *dataset, const char *features)
{
  g_autoptr (AdwApplication) application = adw_application_new (TITHE_APPLICATION_ID, G_APPLICATION_NON_UNIQUE);
  g_autoptr (GPtrArray) phases = g_ptr_array_new_with_free_func (phase_free);
  Bench bench = { .script = script, .data = data, .dataset = dataset, .features = features, .phases = phases };

  g_signal_connect (application, "activate", G_CALLBACK (on_activate), &bench);
  return g_application_run (G_APPLICATION (application), 0, NULL);
}
