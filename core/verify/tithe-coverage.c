/* SPDX-License-Identifier: MIT */
#include "tithe-coverage.h"
#include "neighbours/tithe-kernels.h"
#include "neighbours/tithe-tiles.h"
#include "tithe-draw.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Added to the dissimilarity of what is discarded: more than any dissimilarity. */
#define PENALTY 4.0f
#define FURTHEST 2.0f

/* One subset: for each image whether it is kept, and, of discarded ones, how far they are from the nearest kept one. */
typedef struct
{
  guint8 *kept;
  float *nearest; /* n_images of the dataset; only what is discarded means something */
} Selection;

/* One class, whose images are @images: penalties is n_selections x n. */
typedef struct
{
  const Selection *selections;
  gsize n_selections;
  const guint32 *images;
  gsize n;
  const float *penalties;
} ClassWork;

/* tithe_coverage_free: (transfer full) @coverage */
void
tithe_coverage_free (gpointer data)
{
  TitheCoverage *coverage = data;

  g_free (coverage->semantic_by_class);
  g_free (coverage->random_by_class);
  g_free (coverage);
}

static void
selection_clear (Selection *selection)
{
  g_free (selection->kept);
  g_free (selection->nearest);
}

static gboolean
take_tile (const TitheTile *tile, gpointer user_data)
{
  const ClassWork *work = user_data;

  for (gsize s = 0; s < work->n_selections; s++)
    for (gsize i = 0; i < tile->n_rows; i++)
      {
        const guint32 image = work->images[tile->first_row + i];
        float *nearest = &work->selections[s].nearest[image];

        if (!work->selections[s].kept[image])
          *nearest = MIN (*nearest,
                          tithe_kernel_min_sum (tile->values + i * tile->stride,
                                                work->penalties + s * work->n + tile->first_column, tile->n_columns));
      }
  return TRUE;
}

/* Fills what each selection has of nearest kept images. Takes n_images x dim x 4 bytes of the largest class, and time for
 * the Gram matrix of each class, once for all selections. */
static gboolean
measure_selections (TitheDataset *dataset, TitheEmbedding *embedding, const Selection *selections, gsize n_selections,
                    guint n_threads, TitheJob *job, GError **error)
{
  const gsize dim = tithe_embedding_get_dim (embedding);
  guint64 total = 0;

  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      gsize n;

      tithe_dataset_get_class_images (dataset, c, &n);
      total += (guint64) n * n;
    }
  tithe_job_start (job, _("Measuring coverage"), total);
  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      ClassWork work = { .selections = selections, .n_selections = n_selections };
      g_autofree float *rows = NULL, *penalties = NULL;

      work.images = tithe_dataset_get_class_images (dataset, c, &work.n);
      if (work.n == 0)
        continue;
      rows = g_new (float, work.n *dim);
      work.penalties = penalties = g_new (float, n_selections *work.n);
      tithe_embedding_get_rows (embedding, work.images, work.n, rows);
      for (gsize s = 0; s < n_selections; s++)
        for (gsize i = 0; i < work.n; i++)
          {
            const guint32 image = work.images[i];

            penalties[s * work.n + i] = selections[s].kept[image] ? 0.0f : PENALTY;
            /* Where the class keeps nothing, nothing is further away than that. */
            selections[s].nearest[image] = FURTHEST;
          }
      if (!tithe_tiles_visit (rows, work.n, rows, work.n, dim, n_threads, take_tile, &work, job))
        return tithe_job_check (job, error);
    }
  return TRUE;
}

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Of some of the images, in the order of the dataset's class lists. */
static TitheSpan
summarise (const Selection *selection, const guint32 *images, gsize n_images, float *buffer)
{
  TitheSpan span = { 0 };

  for (gsize i = 0; i < n_images; i++)
    if (!selection->kept[images[i]])
      {
        float nearest = selection->nearest[images[i]];

        buffer[span.n++] = nearest;
        span.mean += nearest;
      }
  if (span.n == 0)
    return span;
  span.mean /= (double) span.n;
  qsort (buffer, span.n, sizeof *buffer, compare_floats);
  span.p95 = buffer[(gsize) ceil (0.95 * (double) span.n) - 1];
  span.worst = buffer[span.n - 1];
  return span;
}

static void
add_span (TitheSpan *sum, const TitheSpan *span, guint n_draws)
{
  sum->n = span->n;
  sum->mean += span->mean / n_draws;
  sum->p95 += span->p95 / n_draws;
  sum->worst += span->worst / n_draws;
}

static TitheCoverage *
summarise_ratio (TitheDataset *dataset, double ratio, const Selection *semantic, const Selection *random, guint n_draws)
{
  const guint n_classes = tithe_dataset_get_n_classes (dataset);
  const gsize n = tithe_dataset_get_n_images (dataset);
  g_autofree float *buffer = g_new (float, MAX (1, n));
  g_autofree guint32 *all = g_new (guint32, MAX (1, n));
  TitheCoverage *coverage = g_new0 (TitheCoverage, 1);

  *coverage = (TitheCoverage){ .ratio = ratio,
                               .semantic_by_class = g_new0 (TitheSpan, n_classes),
                               .random_by_class = g_new0 (TitheSpan, n_classes) };
  for (gsize i = 0; i < n; i++)
    all[i] = (guint32) i;
  coverage->semantic = summarise (semantic, all, n, buffer);
  for (guint d = 0; d < n_draws; d++)
    {
      TitheSpan span = summarise (&random[d], all, n, buffer);

      add_span (&coverage->random, &span, n_draws);
    }
  for (guint c = 0; c < n_classes; c++)
    {
      gsize n_images;
      const guint32 *images = tithe_dataset_get_class_images (dataset, c, &n_images);

      coverage->semantic_by_class[c] = summarise (semantic, images, n_images, buffer);
      for (guint d = 0; d < n_draws; d++)
        {
          TitheSpan span = summarise (&random[d], images, n_images, buffer);

          add_span (&coverage->random_by_class[c], &span, n_draws);
        }
    }
  return coverage;
}

/**
 * tithe_coverage_measure:
 * @embedding: bound to the hierarchy's dataset
 * @options: one random subset at least
 *
 * Measures, exactly, how far what is discarded is from what is kept, without manual decisions, and the same of random
 * subsets. The result does not depend on the number of threads.
 *
 * Returns: (transfer full) (element-type TitheCoverage): one for each ratio, in their order, or %NULL where cancelled
 */
GPtrArray *
tithe_coverage_measure (TitheHierarchy *hierarchy, TitheEmbedding *embedding, const TitheCoverageOptions *options,
                        TitheJob *job, GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (hierarchy);
  const gsize n = MAX (1, tithe_dataset_get_n_images (dataset));
  const gsize of_ratio = 1 + options->n_draws, n_selections = options->n_ratios * of_ratio;
  g_autoptr (TitheSubset) subset = tithe_subset_new (hierarchy, NULL);
  g_autoptr (GArray) selections = g_array_sized_new (FALSE, TRUE, sizeof (Selection), (guint) n_selections);
  g_autoptr (GPtrArray) result = g_ptr_array_new_with_free_func (tithe_coverage_free);

  g_return_val_if_fail (options->n_draws > 0, NULL);

  g_array_set_clear_func (selections, (GDestroyNotify) selection_clear);
  tithe_subset_set_rule (subset, options->rule);
  for (gsize r = 0; r < options->n_ratios; r++)
    {
      Selection semantic = { .nearest = NULL };

      if (!tithe_subset_check_ratio (subset, options->ratios[r], options->policy, error))
        return NULL;
      semantic.nearest = g_new0 (float, n);
      tithe_subset_set_ratio (subset, options->ratios[r], options->policy, FALSE);
      semantic.kept = tithe_subset_dup_kept (subset);
      g_array_append_val (selections, semantic);
      for (guint d = 0; d < options->n_draws; d++)
        {
          Selection random = { .nearest = g_new0 (float, n) };

          random.kept = tithe_draw_alike (dataset, semantic.kept, NULL, options->seed + d);
          g_array_append_val (selections, random);
        }
    }
  if (!measure_selections (dataset, embedding, (const Selection *) (gpointer) selections->data, n_selections,
                           options->n_threads, job, error))
    return NULL;
  for (gsize r = 0; r < options->n_ratios; r++)
    {
      const Selection *semantic = &g_array_index (selections, Selection, r * of_ratio);

      g_ptr_array_add (result, summarise_ratio (dataset, options->ratios[r], semantic, semantic + 1, options->n_draws));
    }
  return g_steal_pointer (&result);
}

/**
 * tithe_coverage_measure_plan:
 * @plan: whose ratios, policy, rule and seed are taken
 * @n_draws: random subsets for each ratio
 *
 * As tithe_coverage_measure(), of the subsets that are compared by retraining.
 */
GPtrArray *
tithe_coverage_measure_plan (TitheHierarchy *hierarchy, TitheEmbedding *embedding, const TitheVerifyPlan *plan,
                             guint n_draws, guint n_threads, TitheJob *job, GError **error)
{
  const TitheCoverageOptions options
      = { plan->ratios, plan->n_ratios, plan->policy, plan->rule, n_draws, plan->seed, n_threads };

  return tithe_coverage_measure (hierarchy, embedding, &options, job, error);
}

/**
 * tithe_coverage_of_subset:
 *
 * Returns: how far what the subset discards is from what it keeps; all 0 with an error where cancelled
 */
TitheSpan
tithe_coverage_of_subset (TitheSubset *subset, TitheEmbedding *embedding, guint n_threads, TitheJob *job,
                          GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  const gsize n = tithe_dataset_get_n_images (dataset);
  Selection selection = { tithe_subset_dup_kept (subset), g_new0 (float, MAX (1, n)) };
  g_autofree float *buffer = g_new (float, MAX (1, n));
  g_autofree guint32 *all = g_new (guint32, MAX (1, n));
  TitheSpan span = { 0 };

  for (gsize i = 0; i < n; i++)
    all[i] = (guint32) i;
  if (measure_selections (dataset, embedding, &selection, 1, n_threads, job, error))
    span = summarise (&selection, all, n, buffer);
  selection_clear (&selection);
  return span;
}
