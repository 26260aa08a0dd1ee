/* SPDX-License-Identifier: MIT */
#include "session/tithe-session.h"
#include "fixture.h"
#include "verify/tithe-coverage.h"
#include "verify/tithe-draw.h"
#include "verify/tithe-verify-table.h"
#include "verify/tithe-verify-words.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- random subsets --- */

static void
test_draw (void)
{
  char *folder = fixture_folder ();
  g_autofree char *path = g_build_filename (folder, "data", NULL);
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  guint8 kept[60];
  guint hits[60] = { 0 };

  fixture_write_classes (path, 3, 20);
  dataset = tithe_dataset_open (path, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 60; i++)
    kept[i] = i % 20 < 5 * (i / 20 + 1); /* 5, 10 and 15 of a class */
  for (guint seed = 0; seed < 400; seed++)
    {
      g_autofree guint8 *drawn = tithe_draw_alike (dataset, kept, NULL, seed);
      g_autofree guint8 *again = tithe_draw_alike (dataset, kept, NULL, seed);
      guint counts[3] = { 0 };

      g_assert_cmpmem (drawn, 60, again, 60);
      for (guint i = 0; i < 60; i++)
        {
          counts[i / 20] += drawn[i];
          hits[i] += drawn[i];
        }
      for (guint c = 0; c < 3; c++)
        g_assert_cmpuint (counts[c], ==, 5 * (c + 1));
    }
  for (guint i = 0; i < 60; i++) /* each as often as any other of its class */
    g_assert_cmpfloat (fabs (hits[i] / 400.0 - 0.25 * (i / 20 + 1)), <, 0.1);
  fixture_remove (folder);
}

static void
test_draw_from_allowed (void)
{
  char *folder = fixture_folder ();
  g_autofree char *path = g_build_filename (folder, "data", NULL);
  g_autoptr (TitheDataset) dataset = NULL;
  guint8 kept[20] = { 1, 1, 1 }, allowed[20];

  fixture_write_classes (path, 1, 20);
  dataset = tithe_dataset_open (path, NULL, NULL);
  for (guint i = 0; i < 20; i++)
    allowed[i] = i < 6;
  for (guint seed = 0; seed < 50; seed++)
    {
      g_autofree guint8 *drawn = tithe_draw_alike (dataset, kept, allowed, seed);
      guint n = 0;

      for (guint i = 0; i < 20; i++)
        {
          g_assert_true (!drawn[i] || allowed[i]);
          n += drawn[i];
        }
      g_assert_cmpuint (n, ==, 3);
    }
  fixture_remove (folder);
}

/* --- coverage --- */

static TitheSpan
plain_span (TitheDataset *dataset, TitheEmbedding *embedding, const guint8 *kept, int class_index)
{
  TitheSpan span = { 0 };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint32 i = 0; i < tithe_dataset_get_n_images (dataset); i++)
    {
      double nearest = 2;

      if (kept[i] || (class_index >= 0 && tithe_dataset_get_label (dataset, i) != (guint) class_index))
        continue;
      for (guint32 j = 0; j < tithe_dataset_get_n_images (dataset); j++)
        if (kept[j] && tithe_dataset_get_label (dataset, i) == tithe_dataset_get_label (dataset, j))
          nearest = MIN (nearest, tithe_embedding_dissimilarity (embedding, i, j));
      g_array_append_val (all, nearest);
      span.mean += nearest;
      span.worst = MAX (span.worst, nearest);
    }
  span.n = all->len;
  span.mean /= MAX (1, span.n);
  for (guint i = 0; i < all->len; i++)
    {
      double value = g_array_index (all, double, i);
      guint below = 0;

      for (guint j = 0; j < all->len; j++)
        below += g_array_index (all, double, j) <= value;
      if (below >= ceil (0.95 * all->len) && (span.p95 == 0 || value < span.p95))
        span.p95 = value;
    }
  return span;
}

static void
assert_same_span (const TitheSpan *a, const TitheSpan *b)
{
  g_assert_cmpuint (a->n, ==, b->n);
  g_assert_cmpfloat_with_epsilon (a->mean, b->mean, 1e-6);
  g_assert_cmpfloat_with_epsilon (a->p95, b->p95, 1e-6);
  g_assert_cmpfloat_with_epsilon (a->worst, b->worst, 1e-6);
}

static void
test_coverage_is_exact (void)
{
  char *folder = fixture_folder ();
  g_autofree char *path = g_build_filename (folder, "data", NULL), *rows = g_build_filename (folder, "rows.npy", NULL);
  g_autoptr (TitheHierarchy) hierarchy = fixture_hierarchy (path, 3, 80, TITHE_LINKAGE_COMPLETE, 1);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (hierarchy);
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (rows, NULL, NULL);
  g_autoptr (TitheSubset) subset = tithe_subset_new (hierarchy, NULL);
  const double ratios[] = { 0.9, 0.5, 0.0125, 1 };
  g_autoptr (GError) error = NULL;

  g_assert_true (tithe_embedding_bind (embedding, dataset, NULL, 1, NULL, NULL));
  for (guint threads = 1; threads <= 3; threads += 2)
    {
      TitheCoverageOptions options = { .ratios = ratios, .n_ratios = 4, .n_draws = 1, .seed = 5, .n_threads = threads };
      g_autoptr (GPtrArray) curve = tithe_coverage_measure (hierarchy, embedding, &options, NULL, &error);

      g_assert_no_error (error);
      for (guint r = 0; r < 4; r++)
        {
          const TitheCoverage *coverage = g_ptr_array_index (curve, r);
          g_autofree guint8 *kept = NULL, *drawn = NULL;
          TitheSpan span;

          tithe_subset_set_ratio (subset, ratios[r], TITHE_POLICY_PER_CLASS, FALSE);
          kept = tithe_subset_dup_kept (subset);
          drawn = tithe_draw_alike (dataset, kept, NULL, 5);
          span = plain_span (dataset, embedding, kept, -1);
          assert_same_span (&coverage->semantic, &span);
          span = tithe_coverage_of_subset (subset, embedding, threads, NULL, NULL);
          assert_same_span (&coverage->semantic, &span);
          span = plain_span (dataset, embedding, drawn, -1);
          assert_same_span (&coverage->random, &span);
          for (int c = 0; c < 3; c++)
            {
              span = plain_span (dataset, embedding, kept, c);
              assert_same_span (&coverage->semantic_by_class[c], &span);
              span = plain_span (dataset, embedding, drawn, c);
              assert_same_span (&coverage->random_by_class[c], &span);
            }
        }
    }
  fixture_remove (folder);
}

static void
test_coverage_is_cancelled (void)
{
  char *folder = fixture_folder ();
  g_autofree char *path = g_build_filename (folder, "data", NULL), *rows = g_build_filename (folder, "rows.npy", NULL);
  g_autoptr (TitheHierarchy) hierarchy = fixture_hierarchy (path, 2, 10, TITHE_LINKAGE_COMPLETE, 1);
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (rows, NULL, NULL);
  const double ratio = 0.5;
  TitheCoverageOptions options = { .ratios = &ratio, .n_ratios = 1, .n_draws = 1, .n_threads = 2 };
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  g_autoptr (GError) error = NULL;

  g_assert_true (tithe_embedding_bind (embedding, tithe_hierarchy_get_dataset (hierarchy), NULL, 1, NULL, NULL));
  tithe_job_cancel (job);
  g_assert_null (tithe_coverage_measure (hierarchy, embedding, &options, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fixture_remove (folder);
}

/* --- plans and trials --- */

static void
test_plan_round_trip (void)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE), again = NULL;
  g_autoptr (GArray) arms = NULL;
  g_autofree char *json = NULL, *training = NULL, *training_again = NULL;

  g_assert_false (tithe_verify_plan_set_ratios (plan, "0.9,1.5"));
  g_assert_false (tithe_verify_plan_set_ratios (plan, "x"));
  g_assert_false (tithe_verify_plan_set_ratios (plan, ""));
  g_assert_true (tithe_verify_plan_set_ratios (plan, "0.5, 0.9,0.9;0.7"));
  g_assert_cmpuint (plan->n_ratios, ==, 3);
  g_assert_cmpfloat (plan->ratios[0], ==, 0.9);
  plan->budgets = 3;
  plan->hand = g_strdup ("abcdef0123456789abcdef");
  plan->hand_ratio = 0.8;
  json = tithe_verify_plan_to_json (plan);
  again = tithe_verify_plan_new_from_json (json);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->hand, ==, plan->hand);
  training = tithe_verify_plan_dup_training (plan);
  training_again = tithe_verify_plan_dup_training (again);
  g_assert_cmpstr (training, ==, training_again);
  arms = tithe_verify_plan_list_arms (again);
  g_assert_cmpuint (arms->len, ==, 1 + 3 * 2 * 2 + 2 * 2);
  for (guint i = 0; i < arms->len; i++)
    {
      const TitheArm *arm = &g_array_index (arms, TitheArm, i);
      g_autofree char *text = tithe_arm_to_string (arm);
      TitheArm parsed;

      g_assert_true (tithe_arm_from_string (text, &parsed));
      g_assert_true (tithe_arm_equal (arm, &parsed));
    }
  g_assert_null (tithe_verify_plan_new_from_json ("{\"preset\": \"fast\", \"trials\": -3}"));
  g_assert_null (tithe_verify_plan_new_from_json ("[]"));
}

typedef struct
{
  char *folder, *session;
} Store;

static void
set_up (Store *fixture, gconstpointer data)
{
  g_autofree char *path = NULL, *rows = NULL;
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = fixture_folder ();
  path = g_build_filename (fixture->folder, "data", NULL);
  rows = g_build_filename (fixture->folder, "rows.npy", NULL);
  fixture->session = g_build_filename (fixture->folder, "s.tithe", NULL);
  hierarchy = fixture_hierarchy (path, 2, 30, TITHE_LINKAGE_COMPLETE, 1);
  embedding = tithe_embedding_open (rows, NULL, NULL);
  tithe_embedding_bind (embedding, tithe_hierarchy_get_dataset (hierarchy), NULL, 1, NULL, NULL);
  tithe_session_write (fixture->session, hierarchy, embedding, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Store *fixture, gconstpointer data)
{
  g_free (fixture->session);
  fixture_remove (fixture->folder);
}

static void
finish (TitheTrialStore *store, TitheTrial *trial, double accuracy)
{
  guint32 tested[] = { 50, 50 }, right[] = { 40, 30 };
  g_autoptr (GError) error = NULL;

  trial->accuracy = accuracy;
  trial->n_images = 10;
  trial->seconds = 2;
  trial->n_tested = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (guint32)), tested, 2);
  trial->n_right = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (guint32)), right, 2);
  tithe_trial_store_finish (store, trial, &error);
  g_assert_no_error (error);
  tithe_trial_clear (trial);
}

/* Two who work on one plan never get the same trial; what one gives back the other gets; a plan grows. */
static void
test_claims (Store *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheTrialStore) a = tithe_trial_store_open (fixture->session, TRUE, &error);
  g_autoptr (TitheTrialStore) b = tithe_trial_store_open (fixture->session, TRUE, &error);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE), got = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) trials = NULL;
  gboolean claimed = TRUE;
  TitheTrial trial, given;

  g_assert_no_error (error);
  g_assert_null (tithe_trial_store_get_plan (a, &error));
  g_assert_error (error, TITHE_TRIAL_STORE_ERROR, TITHE_TRIAL_STORE_ERROR_NO_PLAN);
  g_clear_error (&error);
  g_assert_true (tithe_trial_store_put_plan (a, plan, &error));
  got = tithe_trial_store_get_plan (b, &error);
  g_assert_nonnull (got);
  g_assert_true (tithe_trial_store_claim (b, plan, &given, &claimed, &error));
  tithe_trial_store_release (b, &given);
  for (guint i = 0; claimed; i++)
    {
      TitheTrialStore *store = i % 2 ? a : b;
      g_autofree char *arm = NULL;

      g_assert_true (tithe_trial_store_claim (store, plan, &trial, &claimed, &error));
      if (!claimed)
        break;
      arm = tithe_arm_to_string (&trial.arm);
      g_assert_true (g_hash_table_add (seen, g_strdup_printf ("%s %u", arm, trial.number)));
      finish (store, &trial, 0.5);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 5 * 3);
  plan->n_trials = 4;
  g_assert_true (tithe_verify_plan_set_ratios (plan, "0.9,0.8,0.5"));
  g_assert_true (tithe_trial_store_put_plan (a, plan, &error));
  for (claimed = TRUE; claimed;)
    {
      g_assert_true (tithe_trial_store_claim (a, plan, &trial, &claimed, &error));
      if (claimed)
        finish (a, &trial, 0.5);
    }
  trials = tithe_trial_store_list (a, plan, &error);
  g_assert_cmpuint (trials->len, ==, 7 * 4);
}

/* A claim whose program was killed is taken over at once; its late result would not count. */
static void
test_dead_claims (Store *fixture, gconstpointer data)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->session, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (GError) error = NULL;
  gboolean claimed;
  TitheTrial trial;
  pid_t child;

  g_assert_true (tithe_trial_store_put_plan (store, plan, NULL));
  g_clear_pointer (&store, tithe_trial_store_free);
  child = fork ();
  if (child == 0)
    {
      g_autoptr (TitheTrialStore) theirs = tithe_trial_store_open (fixture->session, TRUE, NULL);
      g_autoptr (TitheVerifyPlan) wanted = tithe_trial_store_get_plan (theirs, NULL);

      for (guint i = 0; i < 3; i++)
        tithe_trial_store_claim (theirs, wanted, &trial, &claimed, NULL);
      kill (getpid (), SIGKILL);
    }
  waitpid (child, NULL, 0);
  store = tithe_trial_store_open (fixture->session, TRUE, &error);
  g_assert_no_error (error);
  g_clear_pointer (&plan, tithe_verify_plan_free);
  plan = tithe_trial_store_get_plan (store, &error);
  g_assert_true (tithe_trial_store_claim (store, plan, &trial, &claimed, &error));
  g_assert_true (claimed);
  g_assert_cmpint (trial.arm.kind, ==, TITHE_ARM_FULL);
  g_assert_cmpuint (trial.number, ==, 0);
}

/* Decisions made after a plan do not change it, and other decisions are another arm. */
static void
test_hand_is_frozen (Store *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (fixture->session, &error);
  g_autoptr (TitheCuration) curation = tithe_session_open_curation (session, TRUE, &error), past = NULL;
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (TitheSubset) subset = NULL;
  TitheArm arm = { TITHE_ARM_HAND, TITHE_BUDGET_EPOCHS, 0.5 };
  g_autofree guint8 *before = NULL, *after = NULL;
  g_autofree char *first = NULL;

  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 3, TITHE_DECISION_DISCARD);
  g_assert_true (tithe_curation_commit (curation, "one", &error));
  tithe_verify_plan_set_hand (plan, curation, 0.5, FALSE);
  subset = tithe_verify_plan_make_subset (plan, &arm, tithe_session_get_hierarchy (session), curation);
  before = tithe_arm_select (&arm, subset, NULL, 1);
  g_assert_cmpuint (before[3], ==, 0);
  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 4, TITHE_DECISION_DISCARD);
  tithe_curation_set_decision (curation, 3, TITHE_DECISION_KEEP);
  g_assert_true (tithe_curation_commit (curation, "two", &error));
  past = tithe_session_open_past_curation (session, plan->hand_rows, &error);
  g_assert_no_error (error);
  tithe_subset_free (g_steal_pointer (&subset));
  subset = tithe_verify_plan_make_subset (plan, &arm, tithe_session_get_hierarchy (session), past);
  after = tithe_arm_select (&arm, subset, NULL, 1);
  g_assert_cmpmem (before, 60, after, 60);
  first = g_strdup (plan->hand);
  tithe_verify_plan_set_hand (plan, curation, 0.5, FALSE);
  g_assert_cmpstr (first, !=, plan->hand);
}

/* Whole clusters are held out, and every group of a higher ratio that is left has its representative. */
static void
test_held_out (Store *fixture, gconstpointer data)
{
  g_autoptr (TitheSession) session = tithe_session_open (fixture->session, NULL);
  TitheHierarchy *hierarchy = tithe_session_get_hierarchy (session);
  g_autoptr (TitheCut) cut = tithe_cut_new (hierarchy);
  g_autoptr (TitheSubset) subset = tithe_subset_new (hierarchy, NULL);
  g_autofree guint8 *held = NULL;
  const TitheGroup *groups;
  gsize n_groups, n_held = 0;

  tithe_cut_set_ratio (cut, 0.5, TITHE_POLICY_PER_CLASS);
  held = tithe_draw_held_out (cut, 0.2, 9);
  for (gsize i = 0; i < 60; i++)
    n_held += held[i];
  g_assert_cmpuint (n_held, >=, 12);
  g_assert_cmpuint (n_held, <=, 18);
  tithe_subset_set_ratio (subset, 0.8, TITHE_POLICY_PER_CLASS, FALSE);
  groups = tithe_cut_get_groups (tithe_subset_get_cut (subset), &n_groups);
  g_assert_cmpuint (n_groups, >, 0);
  for (gsize g = 0; g < n_groups; g++)
    for (guint32 m = 1; m < groups[g].size; m++)
      g_assert_cmpuint (held[tithe_cut_get_image (tithe_subset_get_cut (subset), &groups[g], m)], ==,
                        held[tithe_subset_get_representative (subset, &groups[g])]);
}

static gpointer
new_trial (TitheArmKind kind, double ratio, guint number, double accuracy)
{
  guint32 tested = 1000, right = (guint32) (1000 * accuracy);
  TitheTrial trial = { .arm = { kind, TITHE_BUDGET_EPOCHS, ratio },
                       .number = number,
                       .finished = TRUE,
                       .accuracy = accuracy,
                       .n_images = 10,
                       .seconds = 60 };

  trial.n_tested = g_array_append_val (g_array_new (FALSE, FALSE, sizeof (guint32)), tested);
  trial.n_right = g_array_append_val (g_array_new (FALSE, FALSE, sizeof (guint32)), right);
  return g_memdup2 (&trial, sizeof trial);
}

/* What the words say follows from the numbers: a clear loss is one, chance is none. */
static void
test_report (void)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (GPtrArray) trials = g_ptr_array_new ();
  g_autoptr (TitheVerifyReport) report = NULL;
  g_autofree char *csv = NULL;
  const double full[] = { 0.80, 0.81, 0.805 }, near[] = { 0.798, 0.812, 0.803 }, far[] = { 0.70, 0.71, 0.705 };

  for (guint t = 0; t < 3; t++)
    {
      g_ptr_array_add (trials, new_trial (TITHE_ARM_FULL, 1, t, full[t]));
      g_ptr_array_add (trials, new_trial (TITHE_ARM_SEMANTIC, 0.9, t, near[t]));
      g_ptr_array_add (trials, new_trial (TITHE_ARM_SEMANTIC, 0.5, t, far[t]));
    }
  report = tithe_verify_report_new (plan, trials, TITHE_VERIFY_MARGIN, 2);
  g_assert_cmpuint (report->n_finished, ==, 9);
  g_assert_cmpuint (report->n_test, ==, 1000);
  for (guint i = 0; i < report->claims->len; i++)
    {
      const TitheVerifyClaim *claim = &g_array_index (report->claims, TitheVerifyClaim, i);
      g_autofree char *words = tithe_verify_claim_dup_text (claim, report->margin);
      gboolean lost
          = claim->arm.ratio < 0.6 && claim->arm.kind == TITHE_ARM_SEMANTIC && claim->against.kind == TITHE_ARM_FULL;

      g_assert_cmpint (claim->comparison.verdict, ==, lost ? TITHE_VERDICT_WORSE : TITHE_VERDICT_UNDECIDED);
      g_assert_nonnull (strstr (words, lost ? "loses" : "Not decided"));
    }
  csv = tithe_verify_report_to_csv (report);
  g_assert_nonnull (strstr (csv, "semantic,0.9,epochs,10,1,0.812000,"));
  for (guint i = 0; i < trials->len; i++)
    {
      tithe_trial_clear (g_ptr_array_index (trials, i));
      g_free (g_ptr_array_index (trials, i));
    }
}

/* A subset without a finished trial has no accuracy: neither 0 nor a spread of 0. */
static void
test_unknown_is_not_zero (void)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (GPtrArray) trials = g_ptr_array_new (), table = NULL;
  g_autoptr (TitheVerifyReport) report = NULL;
  g_autofree char *text = NULL;
  TitheTrial *trial = new_trial (TITHE_ARM_SEMANTIC, 0.9, 1, 0.75);

  g_ptr_array_add (trials, trial);
  report = tithe_verify_report_new (plan, trials, TITHE_VERIFY_MARGIN, 2);
  table = tithe_verify_report_list_cells (report);
  for (guint r = 0; r < table->len; r++)
    {
      const TitheVerifyCells *cells = g_ptr_array_index (table, r);
      const gboolean known = g_array_index (report->rows, TitheVerifyRow, r).summary.n > 0;

      g_assert_cmpstr (cells->text[TITHE_VERIFY_COLUMN_ACCURACY], ==, known ? "75.00" : "–");
      g_assert_cmpstr (cells->text[TITHE_VERIFY_COLUMN_IMAGES], ==, known ? "10" : "–");
      g_assert_cmpstr (cells->text[TITHE_VERIFY_COLUMN_TRIALS], ==, known ? "1" : "0");
    }
  text = tithe_verify_report_to_text (report);
  g_assert_null (strstr (text, "0.00"));
  tithe_trial_clear (trial);
  g_free (trial);
}

/* One class loses in every trial, one wins as often as it loses; a trial of another split tells nothing by class. */
static void
test_classes (void)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (GPtrArray) trials = g_ptr_array_new ();
  g_autoptr (TitheVerifyReport) report = NULL;
  g_autoptr (GArray) classes = NULL, none = NULL;
  const TitheArm semantic = { TITHE_ARM_SEMANTIC, TITHE_BUDGET_EPOCHS, 0.5 },
                 random = { TITHE_ARM_RANDOM, TITHE_BUDGET_EPOCHS, 0.5 };
  const TitheVerifyClass *class;
  gsize n_certain = 0;
  char *folder = fixture_folder ();
  g_autoptr (TitheDataset) dataset = NULL;

  fixture_write_classes (folder, 4, 2);
  dataset = tithe_dataset_open (folder, NULL, NULL);
  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, 4);
  plan->n_trials = 5;
  for (guint t = 0; t < 5; t++)
    for (guint a = 0; a < 2; a++)
      {
        TitheTrial *trial = new_trial (a ? TITHE_ARM_SEMANTIC : TITHE_ARM_FULL, a ? 0.5 : 1, t, 0.8);
        /* 200 of class 0, none of class 1, 300 of class 2, 100 of class 3; of which these are right. */
        guint32 tested[] = { 200, 0, 300, 100 },
                right[] = { 150 + t + (a && t % 2 ? 4 : 0), 0, 250 + t - (a ? 30 + t % 2 : 0), 50 + (a ? t % 3 : 1) };

        g_array_set_size (trial->n_tested, 0);
        g_array_set_size (trial->n_right, 0);
        g_array_append_vals (trial->n_tested, tested, 4);
        g_array_append_vals (trial->n_right, right, 4);
        g_ptr_array_add (trials, trial);
      }
  g_ptr_array_add (trials, new_trial (TITHE_ARM_RANDOM, 0.5, 0, 0.5)); /* of one class alone, which has 1000 */
  report = tithe_verify_report_new (plan, trials, TITHE_VERIFY_MARGIN, 2);
  g_assert_cmpuint (report->n_test, ==, 1000);
  tithe_trial_clear (g_ptr_array_index (trials, 10));
  g_free (g_ptr_array_steal_index (trials, 10));
  g_clear_pointer (&report, tithe_verify_report_free);

  report = tithe_verify_report_new (plan, trials, TITHE_VERIFY_MARGIN, 2);
  classes = tithe_verify_report_list_classes (report, &semantic, dataset);
  g_assert_cmpuint (classes->len, ==, 3); /* those that were tested */
  class = &g_array_index (classes, TitheVerifyClass, 0);
  g_assert_cmpuint (class->class_index, ==, 2);
  g_assert_cmpint (class->comparison.verdict, ==, TITHE_VERDICT_WORSE);
  g_assert_cmpfloat_with_epsilon (class->against, 252.0 / 300, 1e-9);
  g_assert_cmpfloat_with_epsilon (class->accuracy, 221.6 / 300, 1e-9);
  g_assert_cmpfloat_with_epsilon (class->comparison.difference, -30.4 / 300, 1e-9);
  for (guint i = 1; i < 3; i++)
    {
      class = &g_array_index (classes, TitheVerifyClass, i);
      n_certain += class->comparison.verdict != TITHE_VERDICT_UNDECIDED;
      g_assert_cmpfloat (class->comparison.difference, >=, class[-1].comparison.difference);
    }
  g_assert_cmpuint (n_certain, ==, 0);
  none = tithe_verify_report_list_classes (report, &random, dataset);
  g_assert_cmpuint (none->len, ==, 0);
  /* A session that has more classes than its dataset is damaged, and no more are told of. */
  g_clear_pointer (&dataset, tithe_dataset_unref);
  fixture_remove (folder);
  folder = fixture_folder ();
  fixture_write_classes (folder, 2, 2);
  dataset = tithe_dataset_open (folder, NULL, NULL);
  g_array_unref (classes);
  classes = tithe_verify_report_list_classes (report, &semantic, dataset);
  g_assert_cmpuint (classes->len, ==, 1);
  fixture_remove (folder);
  for (guint i = 0; i < trials->len; i++)
    {
      tithe_trial_clear (g_ptr_array_index (trials, i));
      g_free (g_ptr_array_index (trials, i));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/draw/alike", test_draw);
  g_test_add_func ("/draw/allowed", test_draw_from_allowed);
  g_test_add_func ("/coverage/exact", test_coverage_is_exact);
  g_test_add_func ("/coverage/cancelled", test_coverage_is_cancelled);
  g_test_add_func ("/plan/round-trip", test_plan_round_trip);
  g_test_add_func ("/report/words", test_report);
  g_test_add_func ("/report/unknown-is-not-zero", test_unknown_is_not_zero);
  g_test_add_func ("/report/classes", test_classes);
  g_test_add ("/trials/claims", Store, NULL, set_up, test_claims, tear_down);
  g_test_add ("/trials/dead-claims", Store, NULL, set_up, test_dead_claims, tear_down);
  g_test_add ("/trials/hand-is-frozen", Store, NULL, set_up, test_hand_is_frozen, tear_down);
  g_test_add ("/trials/held-out", Store, NULL, set_up, test_held_out, tear_down);
  return g_test_run ();
}
