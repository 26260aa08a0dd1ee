/* SPDX-License-Identifier: MIT */
#include "cli-fixture.h"

#include <string.h>

static void
set_up_data (Fixture *fixture, gconstpointer data)
{
  cli_set_up (fixture, data);
  cli_assert_runs (fixture, "demo d --images 600 --classes 3");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_runs (fixture, "cluster d -e f.npy -o whole.tithe");
}

/* Whatever the engine and the number of threads, above the floor the same bytes come out. */
static void
test_same_subset_above_the_floor (Fixture *fixture, gconstpointer data)
{
  static const char *const linkages[] = { "complete", "average", "single" };

  for (guint l = 0; l < G_N_ELEMENTS (linkages); l++)
    for (guint n_threads = 1; n_threads <= 3; n_threads += 2)
      {
        g_autofree char *sparse
            = g_strdup_printf ("cluster d -e f.npy -o sparse.tithe --overwrite --engine sparse --floor 0.8 -l %s -t %u",
                               linkages[l], n_threads);
        g_autofree char *dense = g_strdup_printf ("cluster d -e f.npy -o dense.tithe --overwrite -l %s", linkages[l]);
        g_autofree char *a = NULL, *b = NULL;
        gsize n_a, n_b;

        cli_assert_runs (fixture, sparse);
        cli_assert_runs (fixture, dense);
        cli_assert_runs (fixture, "subset sparse.tithe --ratio 0.8 --format csv -o a.csv --overwrite");
        cli_assert_runs (fixture, "subset dense.tithe --ratio 0.8 --format csv -o b.csv --overwrite");
        a = cli_read (fixture, "a.csv", &n_a);
        b = cli_read (fixture, "b.csv", &n_b);
        g_assert_cmpmem (a, n_a, b, n_b);
      }
}

/* Every command that takes a ratio says where the floor is, and writes nothing. */
static void
test_what_is_below_the_floor_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *facts = NULL, *json = NULL;

  cli_assert_runs (fixture, "cluster d -e f.npy -o s.tithe --engine sparse --floor 0.8");
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.2 --format csv -o x.csv", 1, "is below the floor of 0.");
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.2 --policy global --format csv -o x.csv", 1, "below the floor");
  cli_assert_fails (fixture, "subset s.tithe --threshold 1.5 --format csv -o x.csv", 1, "up to which the images were");
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.9 --class-ratio boat=0.2 --format csv -o x.csv", 1, "boat");
  cli_assert_fails (fixture, "report s.tithe --ratio 0.2 -o x.html", 1, "below the floor");
  cli_assert_fails (fixture, "figure s.tithe --kind groups --ratio 0.2 -o x.svg", 1, "below the floor");
  cli_assert_fails (fixture, "coverage s.tithe --ratios 0.9,0.2 -o x.csv", 1, "below the floor");
  cli_assert_fails (fixture, "linkage s.tithe --class boat -o z.npy", 1, "down to a floor");
  g_assert_cmpint (cli_run (fixture, "info s.tithe", &facts, NULL), ==, 0);
  g_assert_nonnull (strstr (facts, "floor"));
  g_assert_nonnull (strstr (facts, "per-class"));
  g_assert_cmpint (cli_run (fixture, "info s.tithe --json", &json, NULL), ==, 0);
  g_assert_nonnull (strstr (json, "\"floor\""));
}

static void
test_a_whole_session_has_no_floor (Fixture *fixture, gconstpointer data)
{
  g_autofree char *facts = NULL;

  g_assert_cmpint (cli_run (fixture, "info whole.tithe", &facts, NULL), ==, 0);
  g_assert_nonnull (strstr (facts, "floor        none"));
  cli_assert_runs (fixture, "subset whole.tithe --ratio 0.01 --format csv -o x.csv");
}

/* No room for all pairs is no reason to refuse, but no room for the pairs that a floor takes is. */
static void
test_memory_decides_how_far_down (Fixture *fixture, gconstpointer data)
{
  cli_assert_runs (fixture, "demo many --images 4000 --classes 1");
  cli_assert_runs (fixture, "embed many --method quick -o many.npy");
  cli_assert_fails (fixture, "cluster many -e many.npy -o m.tithe --engine dense --max-memory 30M", 1, "--max-memory");
  cli_assert_runs (fixture, "cluster many -e many.npy -o m.tithe --max-memory 30M");
  cli_assert_fails (fixture, "cluster many -e many.npy -o n.tithe --max-memory 30M --floor 0.02", 1,
                    "ask for a higher floor");
  cli_assert_fails (fixture, "cluster many -e many.npy -o n.tithe --floor 0", 2, "--floor");
  cli_assert_fails (fixture, "cluster many -e many.npy -o n.tithe --engine quick", 2, "--engine");
}

#define ADD(path, function) g_test_add ("/cli-floor/" path, Fixture, NULL, set_up_data, function, cli_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("same-subset-above-the-floor", test_same_subset_above_the_floor);
  ADD ("what-is-below-it-is-refused", test_what_is_below_the_floor_is_refused);
  ADD ("a-whole-session-has-none", test_a_whole_session_has_no_floor);
  ADD ("memory-decides-how-far-down", test_memory_decides_how_far_down);
  return g_test_run ();
}
