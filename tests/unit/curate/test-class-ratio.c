/* SPDX-License-Identifier: MIT */
#include "curation-fixture.h"

/* Ratios that are met exactly, and those of single classes. */

static void
test_exact_ratio_gives_way (CurationFixture *fixture, gconstpointer data)
{
  const guint n_keep = 10;
  guint n_exact = 0;

  tithe_subset_set_ratio (fixture->subset, 0.5, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_curation_begin (fixture->curation);
  for (guint32 i = 0; i < n_keep; i++)
    tithe_curation_set_decision (fixture->curation, i * 7, TITHE_DECISION_KEEP);
  g_assert_true (tithe_curation_commit (fixture->curation, "Keep", NULL));
  for (guint percent = 20; percent <= 95; percent += 5)
    for (TithePolicy policy = TITHE_POLICY_PER_CLASS; policy <= TITHE_POLICY_GLOBAL; policy++)
      {
        const TitheSubsetTotals *totals = tithe_subset_get_totals (fixture->subset);

        tithe_subset_set_ratio (fixture->subset, percent / 100.0, policy, FALSE);
        g_assert_cmpuint (totals->n_kept, >=, totals->n_wanted);
        tithe_subset_set_ratio (fixture->subset, percent / 100.0, policy, TRUE);
        /* One more cluster keeps two more images where it parts a kept one from what stands for its group. */
        g_assert_cmpuint (totals->n_kept, >=, totals->n_wanted - 1);
        g_assert_cmpuint (totals->n_kept, <=, totals->n_wanted + 1);
        n_exact += totals->n_kept == totals->n_wanted;
        for (guint32 i = 0; i < n_keep; i++)
          g_assert_cmpint (tithe_curation_get_decision (fixture->curation, i * 7), ==, TITHE_DECISION_KEEP);
        curation_check_against_the_rules (fixture);
      }
  g_assert_cmpuint (n_exact, >=, 28); /* of 32 */
}

/* What was decided in one class costs the others nothing. */
static void
test_exact_ratio_holds_within_each_class (CurationFixture *fixture, gconstpointer data)
{
  const TitheSubsetTotals *totals = tithe_subset_get_totals (fixture->subset);
  guint n_exact = 0;

  tithe_curation_begin (fixture->curation);
  for (guint32 i = 0; i < 10; i++)
    tithe_curation_set_decision (fixture->curation, i * 3, TITHE_DECISION_KEEP);
  g_assert_true (tithe_curation_commit (fixture->curation, "Keep", NULL));
  for (guint percent = 30; percent <= 95; percent += 5)
    {
      gsize shares[CLASSES];

      tithe_subset_set_curation (fixture->subset, NULL);
      tithe_subset_set_ratio (fixture->subset, percent / 100.0, TITHE_POLICY_PER_CLASS, FALSE);
      for (guint c = 0; c < CLASSES; c++)
        shares[c] = tithe_subset_get_class_kept (fixture->subset, c);
      tithe_subset_set_curation (fixture->subset, fixture->curation);
      tithe_subset_set_ratio (fixture->subset, percent / 100.0, TITHE_POLICY_PER_CLASS, TRUE);
      for (guint c = 1; c < CLASSES; c++)
        g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, c), ==, shares[c]);
      g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 0), >=, shares[0] - 1);
      g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 0), <=, shares[0] + 1);
      n_exact += totals->n_kept == totals->n_wanted;
      curation_check_against_the_rules (fixture);
    }
  g_assert_cmpuint (n_exact, >=, 12); /* of 14 */
}

static void
set_class_ratio (CurationFixture *fixture, guint class_index, double ratio)
{
  tithe_curation_begin (fixture->curation);
  tithe_curation_set_class_ratio (fixture->curation, class_index, ratio);
  g_assert_true (tithe_curation_commit (fixture->curation, "Ratio", NULL));
}

static void
test_class_ratio_is_that_of_its_class_alone (CurationFixture *fixture, gconstpointer data)
{
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);
  const gsize n_others = (CLASSES - 1) * IMAGES;

  set_class_ratio (fixture, 1, 0.25);
  for (guint percent = 10; percent <= 100; percent += 5)
    for (TithePolicy policy = TITHE_POLICY_PER_CLASS; policy <= TITHE_POLICY_GLOBAL; policy++)
      for (gboolean exact = FALSE; exact <= TRUE; exact++)
        {
          gsize others = (n_others * percent + 50) / 100;
          gsize first, last;

          tithe_subset_set_ratio (fixture->subset, percent / 100.0, policy, exact);
          first = tithe_subset_get_class_kept (fixture->subset, 0);
          last = tithe_subset_get_class_kept (fixture->subset, CLASSES - 1);
          g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 1), ==, IMAGES / 4);
          g_assert_cmpuint (tithe_subset_get_totals (fixture->subset)->n_kept, ==, IMAGES / 4 + others);
          g_assert_cmpuint (tithe_subset_get_totals (fixture->subset)->n_wanted, ==, IMAGES / 4 + others);
          if (policy == TITHE_POLICY_PER_CLASS)
            g_assert_cmpuint (MAX (first, last) - MIN (first, last), <=, 1);
          /* At one dissimilarity what is merged in one class is below what is not in another. */
          for (guint c = 0; policy == TITHE_POLICY_GLOBAL && c < CLASSES; c += CLASSES - 1)
            {
              const guint32 merges = IMAGES - tithe_cut_get_class (cut, c)->n_clusters;

              if (merges < IMAGES - 1)
                g_assert_cmpfloat (tithe_hierarchy_get_class (fixture->hierarchy, c)->heights[merges], >=,
                                   tithe_cut_get_class (cut, CLASSES - 1 - c)->height);
            }
          curation_check_against_the_rules (fixture);
        }
}

static void
test_class_ratio_holds_beside_a_threshold (CurationFixture *fixture, gconstpointer data)
{
  gsize first, second;

  tithe_subset_set_threshold (fixture->subset, 0.05);
  first = tithe_subset_get_class_kept (fixture->subset, 0);
  second = tithe_subset_get_class_kept (fixture->subset, 1);
  set_class_ratio (fixture, 1, 1);
  tithe_subset_set_threshold (fixture->subset, 0.05);
  g_assert_cmpuint (second, <, IMAGES);
  g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 0), ==, first);
  g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 1), ==, IMAGES);
}

static void
test_class_ratio_is_undone_and_redone (CurationFixture *fixture, gconstpointer data)
{
  set_class_ratio (fixture, 2, 0.8125);
  set_class_ratio (fixture, 2, 0.5);
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0.5);
  g_assert_true (tithe_curation_undo (fixture->curation, NULL));
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0.8125);
  g_assert_true (tithe_curation_undo (fixture->curation, NULL));
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0);
  g_assert_true (tithe_curation_redo (fixture->curation, NULL));
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0.8125);
  set_class_ratio (fixture, 2, 0);
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0);
  set_class_ratio (fixture, 2, 0.000001); /* at least a ten-thousandth: 0 is none */
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0.0001);
}

/* For one subset: over what was decided, and nothing of it is decided. */
static void
test_class_ratios_of_a_subset_alone (CurationFixture *fixture, gconstpointer data)
{
  const char *const strange[] = { "no", "0.5", NULL };
  static const char *const no_ratios[]
      = { "", "0", "-0.5", "1.1", "0.12345", "0.00001", "nan", "inf", "0,5", "half", "0.5 ", "1e9" };
  TitheDataset *dataset = tithe_hierarchy_get_dataset (fixture->hierarchy);
  const char *names[] = { tithe_dataset_get_class_name (dataset, 1), "0.5", NULL };
  GError *error = NULL;

  set_class_ratio (fixture, 1, 0.25);
  g_assert_false (tithe_subset_set_class_ratios (fixture->subset, strange, &error));
  fixture_assert_error (error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_CLASS, "no class “no”");
  for (guint i = 0; i < G_N_ELEMENTS (no_ratios); i++)
    {
      names[1] = no_ratios[i];
      error = NULL;
      g_assert_false (tithe_subset_set_class_ratios (fixture->subset, names, &error));
      fixture_assert_error (error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_RATIO, "is no ratio");
    }
  names[1] = "0.5";
  g_assert_true (tithe_subset_set_class_ratios (fixture->subset, names, NULL));
  tithe_subset_set_ratio (fixture->subset, 1, TITHE_POLICY_PER_CLASS, FALSE);
  g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 1), ==, IMAGES / 2);
  g_assert_cmpuint (tithe_curation_count_steps (fixture->curation), ==, 1);
  g_assert_true (tithe_subset_set_class_ratios (fixture->subset, NULL, NULL));
  tithe_subset_set_ratio (fixture->subset, 1, TITHE_POLICY_PER_CLASS, FALSE);
  g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 1), ==, IMAGES / 4);
}

/* Another program's own ratio of a class is there, also after the program has ended. */
static void
test_class_ratio_is_in_the_session (CurationFixture *fixture, gconstpointer data)
{
  TitheCuration *first = curation_open (fixture), *second = curation_open (fixture);
  gboolean changed;

  tithe_curation_begin (first);
  tithe_curation_set_class_ratio (first, 0, 0.9);
  g_assert_true (tithe_curation_commit (first, "Ratio", NULL));
  g_assert_true (tithe_curation_catch_up (second, &changed, NULL));
  g_assert_true (changed);
  g_assert_cmpfloat (tithe_curation_get_class_ratio (second, 0), ==, 0.9);
  tithe_curation_free (first);
  tithe_curation_free (second);
  first = curation_open (fixture);
  second = tithe_curation_copy (first);
  g_assert_cmpfloat (tithe_curation_get_class_ratio (first, 0), ==, 0.9);
  g_assert_cmpfloat (tithe_curation_get_class_ratio (second, 0), ==, 0.9);
  tithe_curation_free (second);
  tithe_curation_free (first);
}

#define ADD(path, function)                                                                                            \
  g_test_add ("/curation/" path, CurationFixture, NULL, curation_set_up, function, curation_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("exact", test_exact_ratio_gives_way);
  ADD ("exact/each-class", test_exact_ratio_holds_within_each_class);
  ADD ("class-ratio/alone", test_class_ratio_is_that_of_its_class_alone);
  ADD ("class-ratio/threshold", test_class_ratio_holds_beside_a_threshold);
  ADD ("class-ratio/undo", test_class_ratio_is_undone_and_redone);
  ADD ("class-ratio/of-a-subset", test_class_ratios_of_a_subset_alone);
  ADD ("class-ratio/session", test_class_ratio_is_in_the_session);
  return g_test_run ();
}
