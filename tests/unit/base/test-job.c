/* SPDX-License-Identifier: MIT */
#include "base/tithe-job.h"

static void
test_a_stage_is_done_by_what_it_advances (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");

  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, -1);
  tithe_job_start (job, "Stage", 8);
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 0);
  tithe_job_advance (job, 3);
  tithe_job_advance (job, 1);
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 0.5);
}

static void
test_a_stage_begins_anew (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");

  tithe_job_start (job, "First", 2);
  tithe_job_advance (job, 2);
  tithe_job_start (job, "Second", 4);
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 0);
  tithe_job_start (job, "Of unknown length", 0);
  tithe_job_advance (job, 5);
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, -1);
}

static void
test_no_stage_is_done_more_than_whole (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");

  tithe_job_start (job, "Stage", 2);
  tithe_job_advance (job, 9);
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 1);
  g_assert_cmpfloat (tithe_job_get_eta (job), ==, 0);
}

static void
test_the_title_is_the_first_stage (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");
  g_autofree char *before = tithe_job_dup_stage (job), *after = NULL;

  tithe_job_start (job, "Stage", 0);
  after = tithe_job_dup_stage (job);
  g_assert_cmpstr (tithe_job_get_title (job), ==, "Work");
  g_assert_cmpstr (before, ==, "Work");
  g_assert_cmpstr (after, ==, "Stage");
}

/* Nothing is promised before there is a pace. */
static void
test_the_time_left_is_unknown_at_first (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");
  g_autofree char *left = NULL;

  tithe_job_start (job, "Stage", 4);
  g_assert_cmpfloat (tithe_job_get_eta (job), ==, -1);
  tithe_job_advance (job, 1);
  g_assert_cmpfloat (tithe_job_get_eta (job), >=, 0);
  left = tithe_job_dup_left (job);
  g_assert_cmpstr (left, ==, "");
}

/* What an earlier run did took none of this one's time. */
static void
test_what_was_done_before_sets_no_pace (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");

  tithe_job_start (job, "Stage", 4);
  tithe_job_resume (job, 2);
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 0.5);
  g_assert_cmpfloat (tithe_job_get_eta (job), ==, -1);
  tithe_job_advance (job, 1);
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 0.75);
  g_assert_cmpfloat (tithe_job_get_eta (job), >=, 0);
}

static void
test_parts_advance_the_whole (void)
{
  g_autoptr (TitheJob) whole = tithe_job_new ("Whole");
  g_autoptr (TitheJob) a = NULL, b = NULL;

  tithe_job_start (whole, "Stage", 10);
  a = tithe_job_new_part (whole, 6);
  b = tithe_job_new_part (whole, 4);
  tithe_job_start (a, "Its own", 6);
  tithe_job_advance (a, 3);
  tithe_job_advance (b, 2);
  g_assert_cmpfloat (tithe_job_get_fraction (a), ==, 0.5);
  g_assert_cmpfloat (tithe_job_get_fraction (b), ==, -1);
  g_assert_cmpfloat (tithe_job_get_fraction (whole), ==, 0.5);
}

/* Reading, learning and looking count in units of their own; what each is worth is said where they are put together. */
static void
test_a_step_counts_in_its_own_units (void)
{
  g_autoptr (TitheJob) whole = tithe_job_new ("Whole");
  g_autofree char *stage = NULL;

  tithe_job_start (whole, "Everything", 10);
  {
    g_autoptr (TitheJob) step = tithe_job_new_step (whole, 4);

    tithe_job_start (step, "Reading", 1000);
    tithe_job_advance (step, 500);
    g_assert_cmpfloat (tithe_job_get_fraction (whole), ==, 0.2);
    tithe_job_advance (step, 499);
    tithe_job_advance (step, 1);
    tithe_job_advance (step, 7);
  }
  g_assert_cmpfloat (tithe_job_get_fraction (whole), ==, 0.4);
  {
    g_autoptr (TitheJob) step = tithe_job_new_step (whole, 6), inner = NULL;

    tithe_job_start (step, "Learning", 2);
    tithe_job_resume (step, 1);
    inner = tithe_job_new_part (step, 1);
    tithe_job_advance (inner, 1);
  }
  g_assert_cmpfloat (tithe_job_get_fraction (whole), ==, 1);
  stage = tithe_job_dup_stage (whole);
  g_assert_cmpstr (stage, ==, "Learning");
}

/* What is known before is told before anything is done, less what an earlier run did. */
static void
test_what_is_expected_is_told_at_once (void)
{
  g_autoptr (TitheJob) job = tithe_job_new ("Work");
  g_autofree char *left = NULL;

  tithe_job_start (job, "Stage", 4);
  tithe_job_expect (job, 240);
  tithe_job_resume (job, 1);
  g_assert_cmpfloat_with_epsilon (tithe_job_get_eta (job), 180, 5);
  left = tithe_job_dup_left (job);
  g_assert_cmpstr (left, ==, "3 min left");
  tithe_job_expect (NULL, 1);
}

/* A part that has two stages, or counts wrongly, is still no more than its share. */
static void
test_a_part_counts_for_its_share_at_most (void)
{
  g_autoptr (TitheJob) whole = tithe_job_new ("Whole");
  g_autoptr (TitheJob) part = NULL;

  tithe_job_start (whole, "Stage", 10);
  part = tithe_job_new_part (whole, 5);
  tithe_job_start (part, "Learning", 5);
  tithe_job_advance (part, 4);
  tithe_job_advance (part, 3);
  tithe_job_start (part, "Embedding", 50);
  tithe_job_advance (part, 50);
  g_assert_cmpfloat (tithe_job_get_fraction (whole), ==, 0.5);
}

static void
test_parts_of_parts_advance_the_whole (void)
{
  g_autoptr (TitheJob) whole = tithe_job_new ("Whole");
  g_autoptr (TitheJob) part = NULL, smaller = NULL;

  tithe_job_start (whole, "Stage", 8);
  part = tithe_job_new_part (whole, 4);
  smaller = tithe_job_new_part (part, 4);
  tithe_job_advance (smaller, 2);
  g_assert_cmpfloat (tithe_job_get_fraction (whole), ==, 0.25);
}

/* The mistake that made half read as whole: a loop counts as a part, and so did what it ran. */
static void
test_a_whole_with_parts_is_advanced_by_them_alone (void)
{
  g_autoptr (TitheJob) whole = tithe_job_new ("Whole");
  g_autoptr (TitheJob) part = NULL;

  tithe_job_start (whole, "Stage", 4);
  part = tithe_job_new_part (whole, 4);
  tithe_job_advance (part, 2);
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*tithe_job_advance*");
  tithe_job_advance (whole, 2);
  g_test_assert_expected_messages ();
  g_assert_cmpfloat (tithe_job_get_fraction (whole), ==, 0.5);
}

static void
test_a_whole_counts_again_after_its_parts (void)
{
  g_autoptr (TitheJob) whole = tithe_job_new ("Whole");

  tithe_job_start (whole, "Stage", 4);
  tithe_job_unref (tithe_job_new_part (whole, 2));
  tithe_job_advance (whole, 2);
  g_assert_cmpfloat (tithe_job_get_fraction (whole), ==, 0.5);
}

static void
test_parts_are_cancelled_with_the_whole (void)
{
  g_autoptr (TitheJob) whole = tithe_job_new ("Whole");
  g_autoptr (TitheJob) part = tithe_job_new_part (whole, 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (tithe_job_check (part, NULL));
  tithe_job_cancel (whole);
  g_assert_true (tithe_job_is_cancelled (part));
  g_assert_false (tithe_job_check (part, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A step that fails stops those that run at the same time; what a person asked for does not read as cancelled then. */
static void
test_a_cancelled_part_leaves_the_whole_alone (void)
{
  g_autoptr (TitheJob) whole = tithe_job_new ("Whole");
  g_autoptr (TitheJob) part = tithe_job_new_part (whole, 1), other = tithe_job_new_part (whole, 1);

  tithe_job_cancel (part);
  g_assert_true (tithe_job_is_cancelled (part));
  g_assert_false (tithe_job_is_cancelled (whole));
  g_assert_false (tithe_job_is_cancelled (other));
}

static void
test_work_that_nobody_watches_needs_no_job (void)
{
  g_autoptr (TitheJob) part = tithe_job_new_part (NULL, 3);

  tithe_job_start (NULL, "Stage", 1);
  tithe_job_advance (NULL, 1);
  tithe_job_resume (NULL, 1);
  g_assert_false (tithe_job_is_cancelled (NULL));
  g_assert_true (tithe_job_check (NULL, NULL));
  tithe_job_advance (part, 1);
  g_assert_false (tithe_job_is_cancelled (part));
}

#define ADD(path, function) g_test_add_func ("/job/" path, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("stage", test_a_stage_is_done_by_what_it_advances);
  ADD ("stages", test_a_stage_begins_anew);
  ADD ("never-more-than-whole", test_no_stage_is_done_more_than_whole);
  ADD ("title", test_the_title_is_the_first_stage);
  ADD ("time-left", test_the_time_left_is_unknown_at_first);
  ADD ("resumed", test_what_was_done_before_sets_no_pace);
  ADD ("parts", test_parts_advance_the_whole);
  ADD ("step", test_a_step_counts_in_its_own_units);
  ADD ("expected", test_what_is_expected_is_told_at_once);
  ADD ("share", test_a_part_counts_for_its_share_at_most);
  ADD ("parts-of-parts", test_parts_of_parts_advance_the_whole);
  ADD ("counted-once", test_a_whole_with_parts_is_advanced_by_them_alone);
  ADD ("after-parts", test_a_whole_counts_again_after_its_parts);
  ADD ("cancel-whole", test_parts_are_cancelled_with_the_whole);
  ADD ("cancel-part", test_a_cancelled_part_leaves_the_whole_alone);
  ADD ("nobody", test_work_that_nobody_watches_needs_no_job);
  return g_test_run ();
}
