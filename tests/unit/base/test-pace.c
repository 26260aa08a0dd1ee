/* SPDX-License-Identifier: MIT */
#include "base/tithe-pace.h"
#include "base/tithe-random.h"

#include <math.h>

/* Work of 15 epochs of 100 units each, on clocks that are made up. */
#define N_EPOCHS 15
#define N_UNITS (N_EPOCHS * 100)

/* A machine: how long a unit takes, by how far the work is, 0 to 1; and how much that varies from one unit to the next. */
typedef struct
{
  const char *name;
  double first_epoch;              /* times as long */
  double drift;                    /* times as long at the end; in between by degrees */
  double busy_from, busy_to, busy; /* times as long between two places */
  double noise;
} Machine;

static double
take_unit (const Machine *machine, guint unit, TitheRandom *random)
{
  const double place = (unit + 0.5) / N_UNITS;
  double seconds = 1 + (machine->drift - 1) * place;

  if (place < 1.0 / N_EPOCHS)
    seconds *= machine->first_epoch;
  if (place >= machine->busy_from && place < machine->busy_to)
    seconds *= machine->busy;
  return seconds * (1 + machine->noise * (2 * tithe_random_unit (random) - 1));
}

/* What is told at each moment of a run. */
typedef struct
{
  double at[N_UNITS + 1], left[N_UNITS + 1]; /* when @i units were done */
  double total;
} Told;

static Told *
run (const Machine *machine, double expected, guint seed)
{
  Told *told = g_new0 (Told, 1);
  TitheRandom random = tithe_random_new (seed, 0, 0);
  TithePace pace;

  tithe_pace_begin (&pace, N_UNITS, 0);
  tithe_pace_expect (&pace, expected);
  for (guint i = 0; i <= N_UNITS; i++)
    {
      told->at[i] = told->total;
      told->left[i] = tithe_pace_get_left (&pace, told->total);
      if (i == N_UNITS)
        break;
      told->total += take_unit (machine, i, &random);
      tithe_pace_advance (&pace, 1, told->total);
    }
  return told;
}

/* From a place on, what is told to be the whole is within a share of what the whole takes. */
static void
assert_believable (const Machine *machine, double expected, double from, double share)
{
  for (guint seed = 1; seed <= 20; seed++)
    {
      g_autofree Told *told = run (machine, expected, seed);

      for (guint i = (guint) ceil (from * N_UNITS); i <= N_UNITS; i++)
        {
          const double whole = told->at[i] + told->left[i];

          if (fabs (whole / told->total - 1) > share)
            g_error ("%s, expected %.0f: at %.1f %% %.0f s were told, and it took %.0f s", machine->name, expected,
                     100.0 * i / N_UNITS, whole, told->total);
        }
    }
}

/* By how much the clock is set back in all, as a share of what the whole takes. */
static double
add_setbacks (const Told *told, double from)
{
  double sum = 0;

  for (guint i = (guint) ceil (from * N_UNITS) + 1; i <= N_UNITS; i++)
    sum += MAX (0, told->left[i] - told->left[i - 1]);
  return sum / told->total;
}

static const Machine steady = { "steady", 1, 1, 0, 0, 1, 0.3 };
static const Machine slow_start = { "first epoch slow", 1.4, 1, 0, 0, 1, 0.3 };
static const Machine slowing = { "slows down", 1, 1.5, 0, 0, 1, 0.3 };
static const Machine quickening = { "gets faster", 1, 0.7, 0, 0, 1, 0.3 };
static const Machine rough = { "varies", 1, 1, 0, 0, 1, 0.6 };

/* The promise: within a quarter of what it takes, once a twentieth is done, whatever the first guess was worth. */
static void
test_it_can_be_believed_once_a_twentieth_is_done (void)
{
  static const double guesses[] = { 0, 0.2, 0.5, 0.55, 0.6, 0.8, 1, 1.25, 1.6, 1.8, 2, 5 };

  for (guint i = 0; i < G_N_ELEMENTS (guesses); i++)
    {
      assert_believable (&steady, guesses[i] * N_UNITS, 0.05, 0.25);
      assert_believable (&rough, guesses[i] * N_UNITS, 0.05, 0.25);
    }
}

/* A rate that drifts ends elsewhere than it began; a first guess from an earlier run knows the mean. */
static void
test_a_rate_may_drift (void)
{
  assert_believable (&slowing, 0, 0.05, 0.25);
  assert_believable (&quickening, 0, 0.05, 0.25);
  assert_believable (&slowing, 1.25 * N_UNITS, 0.05, 0.25);
  assert_believable (&quickening, 0.85 * N_UNITS, 0.05, 0.25);
}

/* What is slow at first, while everything is new to the caches, is not taken for the pace of all. */
static void
test_a_slow_first_epoch_deceives_nobody (void)
{
  assert_believable (&slow_start, N_UNITS, 0, 0.25);
  assert_believable (&slow_start, 1.05 * N_UNITS, 0, 0.25);
  assert_believable (&slow_start, 0.9 * N_UNITS, 0.05, 0.25);
  /* Without a guess it is known a little later, and no guess is needed. */
  assert_believable (&slow_start, 0, 0.15, 0.25);
}

/* What was remembered is right from the first second. */
static void
test_what_is_remembered_is_told_at_once (void)
{
  assert_believable (&steady, N_UNITS, 0, 0.1);
}

/* Where another program begins to work, what is left is told anew within a tenth of the work. */
static void
test_other_work_is_noticed (void)
{
  static const Machine busy = { "busy from a half on", 1, 1, 0.5, 2, 3, 0.3 };
  static const Machine free_again = { "busy until a half", 1, 1, 0, 0.5, 3, 0.3 };

  assert_believable (&busy, N_UNITS, 0.61, 0.1);
  assert_believable (&free_again, N_UNITS, 0.61, 0.1);
}

/* A clock that runs down: nobody sees more left than before, unless something has happened. */
static void
test_it_runs_down (void)
{
  for (guint seed = 1; seed <= 20; seed++)
    {
      g_autofree Told *known = run (&steady, N_UNITS, seed), *unknown = run (&steady, 0, seed);
      g_autofree Told *varied = run (&rough, N_UNITS, seed);

      g_assert_cmpfloat (add_setbacks (known, 0), <, 0.1);
      g_assert_cmpfloat (add_setbacks (unknown, 0.05), <, 0.1);
      g_assert_cmpfloat (add_setbacks (varied, 0), <, 0.25);
    }
}

/* Between two units the time left goes on. */
static void
test_it_runs_down_while_nothing_is_told (void)
{
  TithePace pace;
  double left;

  tithe_pace_begin (&pace, 100, 0);
  tithe_pace_advance (&pace, 50, 50);
  left = tithe_pace_get_left (&pace, 50);
  g_assert_cmpfloat_with_epsilon (left, 50, 1e-9);
  g_assert_cmpfloat_with_epsilon (tithe_pace_get_left (&pace, 51), 49, 1e-9);
  /* And where nothing comes for long it is not told to be over. */
  g_assert_cmpfloat (tithe_pace_get_left (&pace, 200), >, 50);
}

/* What an earlier run did has no pace, and is not waited for again. */
static void
test_what_was_done_before_is_left_out (void)
{
  TithePace pace;

  tithe_pace_begin (&pace, 1000, 0);
  tithe_pace_expect (&pace, 1000);
  tithe_pace_skip (&pace, 600);
  g_assert_cmpfloat_with_epsilon (tithe_pace_get_left (&pace, 0), 400, 1e-9);
  tithe_pace_advance (&pace, 100, 300);
  g_assert_cmpfloat_with_epsilon (tithe_pace_get_left (&pace, 300), 900, 90);
}

static void
test_nothing_is_promised_of_what_is_not_known (void)
{
  TithePace pace;

  tithe_pace_begin (&pace, 0, 0);
  tithe_pace_expect (&pace, 10);
  tithe_pace_advance (&pace, 5, 1);
  g_assert_cmpfloat (tithe_pace_get_left (&pace, 1), <, 0);
  tithe_pace_begin (&pace, 10, 0);
  g_assert_cmpfloat (tithe_pace_get_left (&pace, 1), <, 0);
  tithe_pace_advance (&pace, 20, 1);
  g_assert_cmpfloat (tithe_pace_get_left (&pace, 2), ==, 0);
}

#define ADD(path, function) g_test_add_func ("/pace/" path, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("believable", test_it_can_be_believed_once_a_twentieth_is_done);
  ADD ("drift", test_a_rate_may_drift);
  ADD ("slow-start", test_a_slow_first_epoch_deceives_nobody);
  ADD ("remembered", test_what_is_remembered_is_told_at_once);
  ADD ("other-work", test_other_work_is_noticed);
  ADD ("runs-down", test_it_runs_down);
  ADD ("between-units", test_it_runs_down_while_nothing_is_told);
  ADD ("resumed", test_what_was_done_before_is_left_out);
  ADD ("unknown", test_nothing_is_promised_of_what_is_not_known);
  return g_test_run ();
}
