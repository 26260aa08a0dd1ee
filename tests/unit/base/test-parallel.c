/* SPDX-License-Identifier: MIT */
#include "base/tithe-parallel.h"

#define N 1000

typedef struct
{
  int visits[N]; /* atomic */
  int n_items;   /* atomic: handed out */
  gsize chunk;
  int cancel_after; /* items, or 0 for never */
  TitheJob *job;
} Loop;

static void
visit (gsize begin, gsize end, gpointer user_data)
{
  Loop *loop = user_data;

  g_assert_cmpuint (begin, <, end);
  g_assert_cmpuint (end - begin, <=, loop->chunk);
  for (gsize i = begin; i < end; i++)
    g_atomic_int_inc (&loop->visits[i]);
  if (g_atomic_int_add (&loop->n_items, (int) (end - begin)) + (int) (end - begin) >= loop->cancel_after
      && loop->cancel_after > 0)
    tithe_job_cancel (loop->job);
}

static void
assert_visited_once (Loop *loop, gsize n)
{
  for (gsize i = 0; i < N; i++)
    g_assert_cmpint (loop->visits[i], ==, i < n ? 1 : 0);
}

static void
test_every_item_is_handed_out_once (void)
{
  static const guint threads[] = { 0, 1, 2, 7, 64 };
  static const gsize lengths[] = { 0, 1, 2, 63, 64, 65, N }, chunks[] = { 1, 3, 64, 5000 };

  for (guint t = 0; t < G_N_ELEMENTS (threads); t++)
    for (guint l = 0; l < G_N_ELEMENTS (lengths); l++)
      for (guint c = 0; c < G_N_ELEMENTS (chunks); c++)
        {
          Loop loop = { .chunk = chunks[c] };

          g_assert_true (tithe_parallel_for (threads[t], lengths[l], chunks[c], visit, &loop, NULL));
          assert_visited_once (&loop, lengths[l]);
        }
}

static void
test_a_chunk_of_nothing_is_one_of_one (void)
{
  Loop loop = { .chunk = 1 };

  g_assert_true (tithe_parallel_for (2, 10, 0, visit, &loop, NULL));
  assert_visited_once (&loop, 10);
}

static void
test_each_item_advances_the_job_by_one (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");
  Loop loop = { .chunk = 7 };

  tithe_job_start (job, "Stage", 2 * N);
  g_assert_true (tithe_parallel_for (3, N, 7, visit, &loop, job));
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 0.5);
}

static void
count_again (gsize begin, gsize end, gpointer user_data)
{
  tithe_job_advance (user_data, end - begin);
}

/* What the loop runs can't count its items a second time. */
static void
test_a_loop_is_counted_once (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");

  tithe_job_start (job, "Stage", 2);
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*tithe_job_advance*");
  tithe_parallel_for (1, 1, 1, count_again, job, job);
  g_test_assert_expected_messages ();
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 0.5);
}

static void
test_a_cancelled_loop_ends_between_chunks (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");
  Loop loop = { .chunk = 10, .cancel_after = 50, .job = job };

  g_assert_false (tithe_parallel_for (1, N, 10, visit, &loop, job));
  assert_visited_once (&loop, 50);
}

static void
test_a_loop_of_a_cancelled_job_does_nothing (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");
  Loop loop = { .chunk = 10 };

  tithe_job_cancel (job);
  g_assert_false (tithe_parallel_for (3, N, 10, visit, &loop, job));
  assert_visited_once (&loop, 0);
}

static void
test_threads_are_resolved (void)
{
  g_assert_cmpuint (tithe_parallel_resolve_threads (3), ==, 3);
  g_assert_cmpuint (tithe_parallel_resolve_threads (100000), ==, 256);
  g_assert_cmpuint (tithe_parallel_resolve_threads (0), ==, CLAMP (g_get_num_processors (), 1u, 256u));
  g_assert_cmpuint (tithe_parallel_resolve_threads (-4), ==, tithe_parallel_resolve_threads (0));
}

#define ADD(path, function) g_test_add_func ("/parallel/" path, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("once", test_every_item_is_handed_out_once);
  ADD ("chunk-of-nothing", test_a_chunk_of_nothing_is_one_of_one);
  ADD ("progress", test_each_item_advances_the_job_by_one);
  ADD ("counted-once", test_a_loop_is_counted_once);
  ADD ("cancelled", test_a_cancelled_loop_ends_between_chunks);
  ADD ("cancelled-before", test_a_loop_of_a_cancelled_job_does_nothing);
  ADD ("threads", test_threads_are_resolved);
  return g_test_run ();
}
