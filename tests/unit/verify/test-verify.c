/* SPDX-License-Identifier: MIT */
#include "base/tithe-ratio.h"
#include "fixture.h"
#include "verify/tithe-coverage.h"
#include "verify/tithe-draw.h"
#include "verify/tithe-verify-table.h"
#include "verify/tithe-verify-words.h"

#include <math.h>
#include <string.h>

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

  g_assert_true (tithe_embedding_bind (&embedding, dataset, NULL, 1, NULL, NULL));
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

  g_assert_true (tithe_embedding_bind (&embedding, tithe_hierarchy_get_dataset (hierarchy), NULL, 1, NULL, NULL));
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
  plan->manual = g_strdup ("abcdef0123456789abcdef");
  plan->manual_ratio = 0.8;
  json = tithe_verify_plan_to_json (plan);
  again = tithe_verify_plan_new_from_json (json);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->manual, ==, plan->manual);
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
}

/* A ratio is written so that the same number is read back, in a plan, in the name of an arm, in a field of the window. */
static void
test_ratios_are_exact (void)
{
  const double ratios[] = { 1.0 / 3, 0.3333333, 0.333333, 0.1, 0.0001, 0.7225, 0.99999999999999989 };
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE), again = tithe_verify_plan_new (TRUE);
  g_autofree char *list = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ratios); i++)
    {
      g_autofree char *ratio = tithe_ratio_to_string (ratios[i]), *name = NULL, *json = NULL;
      g_autoptr (TitheVerifyPlan) read = NULL;
      TitheArm arm = { TITHE_ARM_SEMANTIC, TITHE_BUDGET_STEPS, ratios[i] }, parsed;

      name = tithe_arm_to_string (&arm);
      g_assert_true (tithe_arm_from_string (name, &parsed));
      g_assert_cmpfloat (parsed.ratio, ==, ratios[i]);
      g_assert_true (tithe_verify_plan_set_ratios (plan, ratio));
      g_assert_cmpfloat (plan->ratios[0], ==, ratios[i]);
      json = tithe_verify_plan_to_json (plan);
      read = tithe_verify_plan_new_from_json (json);
      g_assert_cmpfloat (read->ratios[0], ==, ratios[i]);
    }
  g_assert_true (tithe_verify_plan_set_ratios (plan, "0.33333333333333331 0.3333333 0.333333"));
  g_assert_cmpuint (plan->n_ratios, ==, 3);
  list = tithe_verify_plan_dup_ratios (plan);
  g_assert_cmpstr (list, ==, "0.3333333333333333, 0.3333333, 0.333333");
  g_assert_true (tithe_verify_plan_set_ratios (again, list));
  g_assert_cmpmem (plan->ratios, sizeof plan->ratios[0] * 3, again->ratios, sizeof again->ratios[0] * 3);
}

static void
assert_percent (const char *text, const char *shown)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE), again = tithe_verify_plan_new (TRUE);
  g_autofree char *percent = NULL;

  g_assert_true (tithe_verify_plan_set_percent (plan, text));
  percent = tithe_verify_plan_dup_percent (plan);
  g_assert_cmpstr (percent, ==, shown);
  g_assert_true (tithe_verify_plan_set_percent (again, percent));
  g_assert_cmpuint (again->n_ratios, ==, plan->n_ratios);
  g_assert_cmpmem (plan->ratios, sizeof plan->ratios[0] * plan->n_ratios, again->ratios,
                   sizeof again->ratios[0] * again->n_ratios);
}

/* However a person writes a list of percent; what is wrong with one of them leaves the plan alone. */
static void
test_ratios_are_written_in_percent (void)
{
  static const char *const wrong[] = { "", " , ", "0.9, 0.5", "90, x", "100", "90 %% 50", "-90", "90 5 0.9", "\xff" };
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);

  assert_percent ("50, 90", "90, 50");
  assert_percent ("90,50,70", "90, 70, 50");
  assert_percent ("90 % 50%  70", "90, 70, 50");
  assert_percent ("90;50 , 50", "90, 50");
  assert_percent ("33.33333, 0.5 %", "33.33333, 0.5%");
  g_assert_true (tithe_verify_plan_set_ratios (plan, "0.3333333 90% 7 %"));
  g_assert_cmpuint (plan->n_ratios, ==, 3);
  g_assert_true (plan->ratios[0] == 0.9 && plan->ratios[1] == 0.3333333 && plan->ratios[2] == 0.07);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (tithe_verify_plan_set_percent (plan, wrong[i]));
  g_assert_cmpuint (plan->n_ratios, ==, 3);
}

static void
test_a_ratio_is_added_once (void)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autofree char *list = NULL;

  tithe_verify_plan_add_ratio (plan, 0.8);
  tithe_verify_plan_add_ratio (plan, 0.9);
  tithe_verify_plan_add_ratio (plan, 1);
  list = tithe_verify_plan_dup_ratios (plan);
  g_assert_cmpstr (list, ==, "0.9, 0.8, 0.5");
  for (guint i = 1; i < 60; i++)
    tithe_verify_plan_add_ratio (plan, i / 100.0);
  g_assert_cmpuint (plan->n_ratios, ==, TITHE_VERIFY_MAX_RATIOS);
}

/* A stranger's plan: what is out of range, of another kind or deep is no plan; and ratios come in their order. */
static void
test_hostile_plans (void)
{
  static const char *const changes[][2] = {
    { "\"width\":16", "\"width\":-4" },
    { "\"width\":16", "\"width\":17" },
    { "\"width\":16", "\"width\":4294967312" },
    { "\"width\":16", "\"width\":\"16\"" },
    { "\"size\":0", "\"size\":4" },
    { "\"epochs\":8", "\"epochs\":{}" },
    { "\"trials\":3", "\"trials\":0" },
    { "\"trials\":3", "\"trials\":4294967297" },
    { "\"budgets\":1", "\"budgets\":4" },
    { "\"preset\":\"fast\"", "\"preset\":[]" },
    { "[0.9,0.5]", "[0.9,1.5]" },
    { "[0.9,0.5]", "[0.9,\"0.5\"]" },
    { "[0.9,0.5]", "[0.9,4e-14]" },
    { "[0.9,0.5]", "[]" },
    { "[0.9,0.5]", "0.9" },
    { "\"seed\":1", "\"seed\":1,\"hand\":7" },
    { "\"seed\":1", "\"seed\":1,\"hand\":\"../../x\",\"hand_ratio\":0.5" },
    { "\"seed\":1", "\"seed\":1,\"hand\":\"0123456789abcdef\",\"hand_ratio\":0.5,\"hand_rows\":-1" },
    { "\"seed\":1", "\"seed\":1,\"hand\":\"0123456789abcdef\"" },
  };
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE), sorted = NULL;
  g_autofree char *json = NULL, *deep = g_strnfill (60000, '['), *unsorted = NULL;

  g_assert_true (tithe_verify_plan_set_ratios (plan, "0.75,0.5"));
  json = tithe_verify_plan_to_json (plan);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GString) text = g_string_new (json);
      g_autoptr (TitheVerifyPlan) read = NULL;

      g_string_replace (text, "[0.75,0.5]", "[0.9,0.5]", 0);
      g_assert_cmpuint (g_string_replace (text, changes[i][0], changes[i][1], 0), ==, 1);
      read = tithe_verify_plan_new_from_json (text->str);
      if (read != NULL)
        g_error ("taken for a plan: %s", text->str);
    }
  g_assert_null (tithe_verify_plan_new_from_json ("{\"preset\": \"fast\", \"trials\": -3}"));
  g_assert_null (tithe_verify_plan_new_from_json ("[]"));
  g_assert_null (tithe_verify_plan_new_from_json (""));
  g_assert_null (tithe_verify_plan_new_from_json (deep));
  unsorted = g_strdup (json);
  memcpy (strstr (unsorted, "[0.75,0.5]"), "[0.5,0.75]", 10);
  sorted = tithe_verify_plan_new_from_json (unsorted);
  g_assert_cmpfloat (sorted->ratios[0], ==, 0.75);
  g_assert_cmpfloat (sorted->ratios[1], ==, 0.5);
}

/* The trials of a plan, as a store lists them. */
static TitheTrialList *
new_list (void)
{
  TitheTrialList *list = g_new0 (TitheTrialList, 1);

  list->trials = g_ptr_array_new_with_free_func (tithe_trial_free);
  list->damaged = g_ptr_array_new_with_free_func (g_free);
  return list;
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
  g_autoptr (TitheTrialList) list = new_list ();
  GPtrArray *trials = list->trials;
  g_autoptr (TitheVerifyReport) report = NULL;
  g_autofree char *csv = NULL;
  const double full[] = { 0.80, 0.81, 0.805 }, near[] = { 0.798, 0.812, 0.803 }, far[] = { 0.70, 0.71, 0.705 };

  for (guint t = 0; t < 3; t++)
    {
      g_ptr_array_add (trials, new_trial (TITHE_ARM_FULL, 1, t, full[t]));
      g_ptr_array_add (trials, new_trial (TITHE_ARM_SEMANTIC, 0.9, t, near[t]));
      g_ptr_array_add (trials, new_trial (TITHE_ARM_SEMANTIC, 0.5, t, far[t]));
    }
  report = tithe_verify_report_new (plan, list, TITHE_VERIFY_MARGIN, 2);
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
}

/* A subset without a finished trial has no accuracy: neither 0 nor a spread of 0. */
static void
test_unknown_is_not_zero (void)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (TitheTrialList) list = new_list ();
  g_autoptr (GPtrArray) table = NULL;
  g_autoptr (TitheVerifyReport) report = NULL;
  g_autofree char *text = NULL;

  g_ptr_array_add (list->trials, new_trial (TITHE_ARM_SEMANTIC, 0.9, 1, 0.75));
  report = tithe_verify_report_new (plan, list, TITHE_VERIFY_MARGIN, 2);
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
}

/* One class loses in every trial, one wins as often as it loses; a trial of another split tells nothing by class. */
static void
test_classes (void)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (TitheTrialList) list = new_list ();
  GPtrArray *trials = list->trials;
  g_autoptr (TitheVerifyReport) report = NULL;
  g_autoptr (GPtrArray) notes = NULL;
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
  report = tithe_verify_report_new (plan, list, TITHE_VERIFY_MARGIN, 2);
  g_assert_cmpuint (report->n_test, ==, 600);
  g_assert_cmpuint (report->n_finished, ==, 10);
  g_assert_cmpuint (report->n_left_out[TITHE_LEFT_OUT_COUNTS], ==, 1);
  notes = tithe_verify_report_list_notes (report);
  g_assert_cmpuint (notes->len, ==, 1);
  g_assert_true (
      g_str_has_prefix (g_ptr_array_index (notes, 0), "1 trial is left out: it was tested on more or fewer"));
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
  g_test_add_func ("/plan/ratios-are-exact", test_ratios_are_exact);
  g_test_add_func ("/plan/percent", test_ratios_are_written_in_percent);
  g_test_add_func ("/plan/added-once", test_a_ratio_is_added_once);
  g_test_add_func ("/plan/hostile", test_hostile_plans);
  g_test_add_func ("/report/words", test_report);
  g_test_add_func ("/report/unknown-is-not-zero", test_unknown_is_not_zero);
  g_test_add_func ("/report/classes", test_classes);
  return g_test_run ();
}
