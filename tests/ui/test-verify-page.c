/* SPDX-License-Identifier: MIT */
#include "pages/tithe-verify-page.h"
#include "session/tithe-session.h"
#include "verify/tithe-test-set.h"
#include "verify/tithe-trial-store.h"

#include "widget-fixture.h"

#include <glib/gstdio.h>

typedef struct
{
  char *folder, *path;
  TitheSession *session;
  GtkWidget *window;
  TitheVerifyPage *page;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = fixture_folder ();
  fixture->path = fixture_session (fixture->folder, "s.tithe", 2, 30);
  fixture->session = tithe_session_open (fixture->path, &error);
  g_assert_no_error (error);
  fixture->page = TITHE_VERIFY_PAGE (tithe_verify_page_new ());
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  tithe_session_free (fixture->session);
  g_free (fixture->path);
  fixture_remove (fixture->folder);
}

static gboolean
is_settled (gpointer page)
{
  return gtk_widget_get_mapped (page) && tithe_verify_page_is_settled (page);
}

static void
show_session (Fixture *fixture)
{
  tithe_verify_page_set_session (fixture->page, fixture->path, tithe_session_get_dataset (fixture->session));
  gtk_window_present (GTK_WINDOW (fixture->window));
  widget_fixture_wait_for (is_settled, fixture->page);
}

static gpointer
get_child (Fixture *fixture, const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (fixture->page), TITHE_TYPE_VERIFY_PAGE, name);
}

static gboolean
can_begin (gpointer fixture)
{
  return gtk_widget_get_sensitive (get_child (fixture, "begin_button"));
}

static gboolean
is_estimated (gpointer fixture)
{
  return strstr (gtk_label_get_text (get_child (fixture, "estimate")), "trials to be learned") != NULL;
}

static void
test_it_settles_without_an_embedding (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = g_build_filename (fixture->folder, "rows.npy", NULL);

  g_assert_no_errno (g_remove (rows));
  show_session (fixture);
  g_assert_false (gtk_widget_get_visible (get_child (fixture, "coverage_box")));
}

static void
test_a_plan_that_changes_while_retraining_is_estimated_afterwards (Fixture *fixture, gconstpointer data)
{
  show_session (fixture);
  if (!can_begin (fixture))
    {
      g_test_skip ("there is no oneDNN");
      return;
    }
  g_signal_emit_by_name (get_child (fixture, "begin_button"), "clicked");
  g_assert_false (can_begin (fixture));
  gtk_adjustment_set_value (get_child (fixture, "trials"), 4);
  g_assert_false (can_begin (fixture));
  g_assert_cmpstr (gtk_label_get_text (get_child (fixture, "estimate")), ==, "");
  g_signal_emit_by_name (widget_fixture_find (get_child (fixture, "job_bar"), GTK_TYPE_BUTTON), "clicked");
  widget_fixture_wait_for (can_begin, fixture);
  widget_fixture_wait_for (is_estimated, fixture);
}

/* Plans without the window, as the command line does, and finishes every trial of it where @finish is set. */
static void
plan_elsewhere (Fixture *fixture, const char *ratios, gboolean finish)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->path, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autofree char *tested_on = NULL;
  gint64 id;

  plan->n_trials = 1;
  g_assert_true (tithe_verify_plan_set_ratios (plan, ratios));
  tested_on = tithe_test_set_dup_name (tithe_session_get_dataset (fixture->session), plan);
  g_assert_true (tithe_trial_store_put_plan (store, plan, &id, NULL));
  while (finish)
    {
      const guint32 tested = 10, right = 7;
      gboolean claimed;
      TitheClaim claim;

      g_assert_true (tithe_trial_store_claim (store, id, plan, tested_on, &claim, &claimed, NULL));
      if (!claimed)
        return;
      claim.trial.accuracy = 0.7;
      claim.trial.n_tested = g_array_append_val (g_array_new (FALSE, FALSE, sizeof (guint32)), tested);
      claim.trial.n_right = g_array_append_val (g_array_new (FALSE, FALSE, sizeof (guint32)), right);
      g_array_append_val (claim.trial.n_tested, tested);
      g_array_append_val (claim.trial.n_right, right);
      g_assert_true (tithe_trial_store_finish (store, &claim, NULL));
      tithe_claim_clear (&claim);
    }
}

static void
review (Fixture *fixture, double ratio)
{
  tithe_verify_page_set_choice (
      fixture->page, &(TitheSubsetChoice){ ratio, TITHE_POLICY_GLOBAL, TITHE_REPRESENTATIVE_MEDOID, FALSE }, NULL);
}

static void
assert_ratios (Fixture *fixture, const char *expected)
{
  g_assert_cmpstr (gtk_editable_get_text (get_child (fixture, "ratios")), ==, expected);
}

static void
assert_suggested (Fixture *fixture, gboolean suggested)
{
  g_assert_true (can_begin (fixture) == suggested);
  g_assert_true (gtk_widget_has_css_class (get_child (fixture, "begin_button"), "suggested-action") == suggested);
}

/* Where nothing is planned, what is asked first is whether the subset under review is enough. */
static void
test_a_plan_begins_with_the_ratio_under_review (Fixture *fixture, gconstpointer data)
{
  review (fixture, 0.85);
  show_session (fixture);
  assert_ratios (fixture, "85");
  review (fixture, 0.725);
  assert_ratios (fixture, "72.5");
  /* Everything is no subset. */
  review (fixture, 1);
  assert_ratios (fixture, "90, 50");
}

/* What somebody wrote is not written over. */
static void
test_a_plan_that_was_changed_stays (Fixture *fixture, gconstpointer data)
{
  show_session (fixture);
  gtk_editable_set_text (get_child (fixture, "ratios"), "60, 40");
  review (fixture, 0.85);
  assert_ratios (fixture, "60, 40");
}

/* To what was planned before the ratio is added; one that looks the same is not. */
static void
test_a_stored_plan_gets_the_ratio_under_review (Fixture *fixture, gconstpointer data)
{
  plan_elsewhere (fixture, "0.3333333 0.5", FALSE);
  review (fixture, 0.8);
  show_session (fixture);
  assert_ratios (fixture, "80, 50, 33.33333");
  review (fixture, 0.33333);
  assert_ratios (fixture, "50, 33.33333");
}

static void
test_ratios_that_are_none_are_told (Fixture *fixture, gconstpointer data)
{
  show_session (fixture);
  gtk_editable_set_text (get_child (fixture, "ratios"), "0.9");
  assert_suggested (fixture, FALSE);
  g_assert_true (gtk_widget_has_css_class (get_child (fixture, "ratios"), "error"));
  g_assert_nonnull (strstr (gtk_label_get_text (get_child (fixture, "estimate")), "in percent"));
}

/* Nothing is suggested where nothing is left to do. */
static void
test_what_is_done_is_not_suggested (Fixture *fixture, gconstpointer data)
{
  plan_elsewhere (fixture, "0.5", TRUE);
  review (fixture, 0.5);
  show_session (fixture);
#ifndef TITHE_HAVE_LEARN
  g_test_skip ("there is no oneDNN");
  return;
#endif
  assert_suggested (fixture, FALSE);
  g_assert_true (g_str_has_prefix (gtk_label_get_text (get_child (fixture, "estimate")), "Every trial is done"));
  gtk_adjustment_set_value (get_child (fixture, "trials"), 4);
  assert_suggested (fixture, TRUE);
}

#define ADD(path, function) g_test_add ("/verify-page/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  ADD ("it-settles-without-an-embedding", test_it_settles_without_an_embedding);
  ADD ("a-plan-that-changes-while-retraining-is-estimated-afterwards",
       test_a_plan_that_changes_while_retraining_is_estimated_afterwards);
  ADD ("a-plan-begins-with-the-ratio-under-review", test_a_plan_begins_with_the_ratio_under_review);
  ADD ("a-plan-that-was-changed-stays", test_a_plan_that_was_changed_stays);
  ADD ("a-stored-plan-gets-the-ratio-under-review", test_a_stored_plan_gets_the_ratio_under_review);
  ADD ("ratios-that-are-none-are-told", test_ratios_that_are_none_are_told);
  ADD ("what-is-done-is-not-suggested", test_what_is_done_is_not_suggested);
  return g_test_run ();
}
