/* SPDX-License-Identifier: MIT */
#include "bench-frames.h"

#include <time.h>

typedef struct
{
  const char *name;
  GArray *times, *work, *pauses; /* of double, ms */
} Phase;

struct _BenchFrames
{
  GPtrArray *phases; /* of Phase; the last is measured */
  gint64 frame_began, last_ended;
  double work_began;
};

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
on_before_paint (GdkFrameClock *clock, BenchFrames *self)
{
  self->frame_began = g_get_monotonic_time ();
  self->work_began = get_work ();
}

static void
on_after_paint (GdkFrameClock *clock, BenchFrames *self)
{
  const gint64 now = g_get_monotonic_time ();
  double time = (double) (now - self->frame_began) / 1e3, pause = (double) (now - self->last_ended) / 1e3;
  double work = get_work () - self->work_began;
  Phase *phase;

  if (self->phases->len == 0)
    return;
  phase = g_ptr_array_index (self->phases, self->phases->len - 1);
  g_array_append_val (phase->times, time);
  g_array_append_val (phase->work, work);
  if (phase->times->len > 1)
    g_array_append_val (phase->pauses, pause);
  self->last_ended = now;
}

/* @widget: of the window, realized */
BenchFrames *
bench_frames_new (GtkWidget *widget)
{
  BenchFrames *self = g_new0 (BenchFrames, 1);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);

  self->phases = g_ptr_array_new_with_free_func (phase_free);
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), self);
  return self;
}

/* After the window, whose clock would tell of frames otherwise. */
void
bench_frames_free (BenchFrames *self)
{
  g_ptr_array_unref (self->phases);
  g_free (self);
}

/* The frames from now on are those of a phase. */
void
bench_frames_begin (BenchFrames *self, const char *phase)
{
  Phase *next = g_new0 (Phase, 1);

  next->name = phase;
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

/* Members of a JSON object, on standard output. */
void
bench_frames_report (BenchFrames *self)
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
