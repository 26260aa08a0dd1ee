/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "verify/tithe-coverage.h"
#include "verify/tithe-draw.h"
#include "verify/tithe-statistics.h"

#include <math.h>
#include <string.h>

/* --- statistics --- */

/* Values of SciPy 1.10: scipy.stats.t.sf. */
static void
test_student (void)
{
  static const struct
  {
    double t, freedom, tail;
  } values[] = {
    { 1, 1, 0.25 },
    { 12.706204736432095, 1, 0.025 },
    { 2.7764451051977987, 4, 0.025 },
    { 1, 10, 0.17044656615103004 },
    { 5, 2, 0.018874775675311862 },
    { 0, 7, 0.5 },
    { 1.96, 1e6, 0.024998033784 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      double tail = tithe_statistics_student_tail (values[i].t, values[i].freedom);

      g_assert_cmpfloat_with_epsilon (tail, values[i].tail, 1e-7);
      g_assert_cmpfloat_with_epsilon (tithe_statistics_student_tail (-values[i].t, values[i].freedom), 1 - tail, 1e-12);
      if (values[i].freedom < 100)
        g_assert_cmpfloat_with_epsilon (tithe_statistics_student_point (tail, values[i].freedom), values[i].t, 1e-6);
    }
}

/* By hand: the differences have a mean of 1.2 and a variance of 0.7, which makes t 3.207 with 4 degrees of freedom. */
static void
test_paired (void)
{
  const double a[] = { 3, 4, 5, 6, 7 }, b[] = { 2, 2, 5, 5, 5 };
  TitheComparison c = tithe_statistics_compare (a, b, 5, 0, 0.5);

  g_assert_cmpfloat_with_epsilon (c.difference, 1.2, 1e-12);
  g_assert_cmpfloat_with_epsilon (c.sd, sqrt (0.7), 1e-12);
  g_assert_cmpfloat_with_epsilon (c.p, 0.0327, 1e-3);
  g_assert_cmpfloat_with_epsilon ((c.high - c.low) / 2, 2.7764451051977987 * sqrt (0.7 / 5), 1e-9);
}

/* Three trials whose differences happen to be the same prove less than their spread of nothing says. */
static void
test_equal_trials_prove_nothing (void)
{
  const double a[] = { 0.7734, 0.7734, 0.7734 }, b[] = { 0.7733, 0.7733, 0.7733 };
  TitheComparison c = tithe_statistics_compare (a, b, 3, 1e-4, 0.003), *all = &c;

  tithe_statistics_judge (&all, 1);
  g_assert_cmpint (c.verdict, !=, TITHE_VERDICT_BETTER);
  g_assert_cmpfloat (c.p, >, 0.05);
  c = tithe_statistics_compare (a, b, 1, 1e-4, 0.003);
  tithe_statistics_judge (&all, 1);
  g_assert_cmpint (c.verdict, ==, TITHE_VERDICT_UNDECIDED);
}

/* Where there is nothing to find, a family of ten comparisons finds something in no more than a twentieth of the cases. */
static void
test_wrong_verdicts_are_rare (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  guint n_wrong = 0;

  for (guint round = 0; round < 1000; round++)
    {
      TitheComparison comparisons[10], *list[10];
      gboolean wrong = FALSE;

      for (guint i = 0; i < 10; i++)
        {
          double a[6], b[6];

          for (guint t = 0; t < 6; t++)
            {
              a[t] = b[t] = 0;
              for (guint k = 0; k < 12; k++) /* nearly normal */
                {
                  a[t] += g_rand_double (rand) - 0.5;
                  b[t] += g_rand_double (rand) - 0.5;
                }
            }
          comparisons[i] = tithe_statistics_compare (a, b, 6, 0, 0.001);
          list[i] = &comparisons[i];
        }
      tithe_statistics_judge (list, 10);
      for (guint i = 0; i < 10; i++)
        wrong |= comparisons[i].verdict == TITHE_VERDICT_BETTER || comparisons[i].verdict == TITHE_VERDICT_WORSE;
      n_wrong += wrong;
    }
  g_assert_cmpuint (n_wrong, <, 70);
}

/* R's power.t.test(delta = 0.3, sd = 0.4, power = 0.8, type = "paired") asks for 16 pairs. */
static void
test_count_needed (void)
{
  gsize n = tithe_statistics_count_needed (0.4, 0.3);

  g_assert_cmpuint (n, >=, 15);
  g_assert_cmpuint (n, <=, 18);
  g_assert_cmpuint (tithe_statistics_count_needed (0.001, 0.3), ==, 2);
}

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
          kept = tithe_subset_dup_kept (subset, NULL);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statistics/student", test_student);
  g_test_add_func ("/statistics/paired", test_paired);
  g_test_add_func ("/statistics/equal-trials-prove-nothing", test_equal_trials_prove_nothing);
  g_test_add_func ("/statistics/wrong-verdicts-are-rare", test_wrong_verdicts_are_rare);
  g_test_add_func ("/statistics/count-needed", test_count_needed);
  g_test_add_func ("/draw/alike", test_draw);
  g_test_add_func ("/draw/allowed", test_draw_from_allowed);
  g_test_add_func ("/coverage/exact", test_coverage_is_exact);
  g_test_add_func ("/coverage/cancelled", test_coverage_is_cancelled);
  return g_test_run ();
}
