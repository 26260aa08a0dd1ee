/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include "background/tithe-verifier.h"
#include "session/tithe-session.h"
#include "verify/tithe-coverage.h"
#include "verify/tithe-test-set.h"

#include <sqlite3.h>

/* A session in which something was planned and one trial is finished, and who looks at it. */
typedef struct
{
  char *folder, *path;
  TitheSession *session;
  TitheVerifier *verifier;
  guint n_opened, n_changed;
} Fixture;

static void
on_opened (Fixture *fixture)
{
  fixture->n_opened++;
}

static void
on_changed (Fixture *fixture)
{
  fixture->n_changed++;
}

/* Learns one more trial, as another program would. */
static void
finish_trial (Fixture *fixture)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->path, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autofree char *tested_on = NULL;
  guint32 tested = 10, right = 7;
  gboolean claimed;
  TitheClaim claim;
  gint64 id;

  g_assert_true (tithe_verify_plan_set_ratios (plan, "0.3333333"));
  tested_on = tithe_test_set_dup_name (tithe_session_get_dataset (fixture->session), plan);
  g_assert_true (tithe_trial_store_put_plan (store, plan, &id, NULL));
  g_assert_true (tithe_trial_store_claim (store, id, plan, tested_on, &claim, &claimed, NULL));
  claim.trial.accuracy = 0.7;
  claim.trial.n_tested = g_array_append_val (g_array_new (FALSE, FALSE, sizeof (guint32)), tested);
  claim.trial.n_right = g_array_append_val (g_array_new (FALSE, FALSE, sizeof (guint32)), right);
  g_assert_true (tithe_trial_store_finish (store, &claim, NULL));
  tithe_claim_clear (&claim);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->path = fixture_session (fixture->folder, "s.tithe", 2, 30);
  fixture->session = tithe_session_open (fixture->path, NULL);
  finish_trial (fixture);
  fixture->verifier = tithe_verifier_new ();
  g_signal_connect_swapped (fixture->verifier, "opened", G_CALLBACK (on_opened), fixture);
  g_signal_connect_swapped (fixture->verifier, "changed", G_CALLBACK (on_changed), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->verifier);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  tithe_session_free (fixture->session);
  g_free (fixture->path);
  fixture_remove (fixture->folder);
}

static void
wait_until_opened (Fixture *fixture)
{
  while (fixture->n_opened == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* The session is held, by this very thread: who read it here would wait for himself. What was asked comes when it is free. */
static void
test_reading_holds_up_nobody (Fixture *fixture, gconstpointer data)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), ==, SQLITE_OK);
  tithe_verifier_set_session (fixture->verifier, fixture->path, tithe_session_get_dataset (fixture->session));
  tithe_verifier_refresh (fixture->verifier);
  g_assert_null (tithe_verifier_get_report (fixture->verifier));
  g_assert_cmpint (sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  wait_until_opened (fixture);
  g_assert_cmpuint (tithe_verifier_get_report (fixture->verifier)->n_finished, ==, 1);
}

/* What another program learned is found, and told once. */
static void
test_news_are_told_once (Fixture *fixture, gconstpointer data)
{
  guint before;

  tithe_verifier_set_session (fixture->verifier, fixture->path, tithe_session_get_dataset (fixture->session));
  wait_until_opened (fixture);
  before = fixture->n_changed;
  finish_trial (fixture);
  while (fixture->n_changed == before)
    {
      tithe_verifier_refresh (fixture->verifier);
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (tithe_verifier_get_report (fixture->verifier)->n_finished, ==, 2);
  g_assert_cmpuint (fixture->n_opened, ==, 1);
  g_assert_cmpuint (fixture->n_changed, ==, before + 1);
}

/* A plan keeps its ratios to the last digit, whatever else is changed about it. */
static void
test_ratios_stay (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheVerifyPlan) plan = NULL;
  g_autofree char *text = NULL;

  tithe_verifier_set_session (fixture->verifier, fixture->path, tithe_session_get_dataset (fixture->session));
  wait_until_opened (fixture);
  plan = tithe_verifier_dup_plan (fixture->verifier);
  text = tithe_verify_plan_dup_ratios (plan);
  g_assert_cmpstr (text, ==, "0.3333333");
  g_assert_true (tithe_verify_plan_set_ratios (plan, text));
  g_assert_cmpfloat (plan->ratios[0], ==, 0.3333333);
}

/* Who goes while a thread reads hears nothing of it, and another session is no news of the first. */
static void
test_another_session_while_reading (Fixture *fixture, gconstpointer data)
{
  tithe_verifier_set_session (fixture->verifier, fixture->path, tithe_session_get_dataset (fixture->session));
  tithe_verifier_set_session (fixture->verifier, NULL, NULL);
  for (guint i = 0; i < 100; i++)
    {
      g_usleep (1000);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (fixture->n_opened, ==, 0);
  g_assert_false (tithe_verifier_can (fixture->verifier));
}

static void
put_plan (Fixture *fixture, TithePolicy policy, TitheRepresentative rule)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->path, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  gint64 id;

  plan->policy = policy;
  plan->rule = rule;
  g_assert_true (tithe_trial_store_put_plan (store, plan, &id, NULL));
}

static double
measure_mean (Fixture *fixture, TithePolicy policy, TitheRepresentative rule)
{
  const double usual[] = { 0.95, 0.9, 0.8, 0.7, 0.5 };
  const TitheCoverageOptions options = { usual, G_N_ELEMENTS (usual), policy, rule, 1, 1, 1 };
  g_autoptr (TitheEmbedding) embedding = tithe_session_open_embedding (fixture->session, NULL, NULL);
  g_autoptr (GPtrArray) curve
      = tithe_coverage_measure (tithe_session_get_hierarchy (fixture->session), embedding, &options, NULL, NULL);

  return ((const TitheCoverage *) g_ptr_array_index (curve, curve->len - 1))->semantic.mean;
}

static double
wait_for_mean (Fixture *fixture)
{
  GPtrArray *curve;

  while ((curve = tithe_verifier_get_coverage (fixture->verifier)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ((const TitheCoverage *) g_ptr_array_index (curve, curve->len - 1))->semantic.mean;
}

/* What stands next to the trials is about the same subsets, whether it is asked for before or after the plan is known. */
static void
test_coverage_is_of_the_subsets_that_are_planned (Fixture *fixture, gconstpointer data)
{
  const double usual = measure_mean (fixture, TITHE_POLICY_PER_CLASS, TITHE_REPRESENTATIVE_CENTRE);
  const double planned = measure_mean (fixture, TITHE_POLICY_GLOBAL, TITHE_REPRESENTATIVE_FIRST);

  g_assert_cmpfloat (planned, !=, usual);
  put_plan (fixture, TITHE_POLICY_GLOBAL, TITHE_REPRESENTATIVE_FIRST);
  for (int late = FALSE; late <= TRUE; late++)
    {
      fixture->n_opened = 0;
      tithe_verifier_set_session (fixture->verifier, fixture->path, tithe_session_get_dataset (fixture->session));
      if (!late)
        tithe_verifier_measure (fixture->verifier);
      wait_until_opened (fixture);
      tithe_verifier_measure (fixture->verifier);
      g_assert_cmpfloat (wait_for_mean (fixture), ==, planned);
    }
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/verifier/reading-holds-up-nobody", test_reading_holds_up_nobody);
  ADD ("/verifier/news-are-told-once", test_news_are_told_once);
  ADD ("/verifier/ratios-stay", test_ratios_stay);
  ADD ("/verifier/another-session-while-reading", test_another_session_while_reading);
  ADD ("/verifier/coverage-is-of-the-subsets-that-are-planned", test_coverage_is_of_the_subsets_that_are_planned);
  return g_test_run ();
}
