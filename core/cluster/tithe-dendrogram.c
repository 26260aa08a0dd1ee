/* SPDX-License-Identifier: MIT */
#include "tithe-dendrogram.h"
#include "tithe-cluster-error.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

const TitheWord tithe_representative_words[] = {
  { "centre", TITHE_REPRESENTATIVE_CENTRE, "the image nearest to the group's centre" },
  { "center", TITHE_REPRESENTATIVE_CENTRE, NULL },
  { "medoid", TITHE_REPRESENTATIVE_MEDOID, "the image nearest to all others of the group" },
  { "first", TITHE_REPRESENTATIVE_FIRST, "the group's first image in the dataset's order" },
  { NULL, 0, NULL },
};

/**
 * tithe_representative_to_string:
 *
 * Returns: (transfer none): the word for it in files and on the command line, such as “medoid”
 */
const char *
tithe_representative_to_string (TitheRepresentative rule)
{
  return tithe_words_to_text (tithe_representative_words, (int) rule);
}

/**
 * tithe_representative_from_string:
 * @string: (nullable): such as “medoid”
 * @rule: (out): left alone where the word is not known
 *
 * Returns: whether the word is known
 */
gboolean
tithe_representative_from_string (const char *string, TitheRepresentative *rule)
{
  int value;

  if (!tithe_words_find (tithe_representative_words, string, &value))
    return FALSE;
  *rule = (TitheRepresentative) value;
  return TRUE;
}

static TitheDendrogram *
dendrogram_alloc (guint32 n, guint32 n_known)
{
  TitheDendrogram *self = g_new0 (TitheDendrogram, 1);

  self->n = n;
  self->n_known = n_known;
  self->left = g_new0 (guint32, n);
  self->right = g_new0 (guint32, n);
  self->heights = g_new0 (float, n);
  self->leaves = g_new0 (guint32, n);
  self->split = g_new0 (guint32, n);
  self->starts = g_new0 (guint32, n);
  self->sizes = g_new0 (guint32, n);
  self->representatives[0] = g_new0 (guint32, n);
  self->representatives[1] = g_new0 (guint32, n);
  return self;
}

/* tithe_dendrogram_free: with its arrays */
void
tithe_dendrogram_free (TitheDendrogram *self)
{
  g_free (self->left);
  g_free (self->right);
  g_free (self->heights);
  g_free (self->leaves);
  g_free (self->split);
  g_free (self->starts);
  g_free (self->sizes);
  g_free (self->representatives[0]);
  g_free (self->representatives[1]);
  g_free (self);
}

static guint32
node_size (const TitheDendrogram *self, guint32 node)
{
  return node < self->n ? 1 : self->sizes[node - self->n];
}

/* Everything that follows from left and right: sizes, leaf order, splits. Needs no stack, so depth does not matter:
 * a parent comes after its children, so one pass down from the last merge places every node. */
static void
derive (TitheDendrogram *self)
{
  const guint32 n = self->n, n_merges = n - 1;

  for (guint32 t = 0; t < n_merges; t++)
    self->sizes[t] = node_size (self, self->left[t]) + node_size (self, self->right[t]);
  self->split[0] = n_merges;
  if (n_merges > 0)
    self->starts[n_merges - 1] = 0;
  else
    self->leaves[0] = 0;
  for (guint32 t = n_merges; t-- > 0;)
    {
      guint32 children[2] = { self->left[t], self->right[t] };
      guint32 position = self->starts[t];

      for (guint c = 0; c < 2; c++)
        {
          if (children[c] < n)
            self->leaves[position] = children[c];
          else
            self->starts[children[c] - n] = position;
          position += node_size (self, children[c]);
          if (c == 0)
            self->split[position] = t;
        }
    }
}

/* Between two looks at whether the job was cancelled. */
#define CANCEL_ROWS 128

/* Joins the trees of the known merges into one. A join has the next tree to its left and what was joined before to its
 * right: begun with the last tree, that leaves trees in the order of their smallest members. */
static void
join_trees (TitheDendrogram *self)
{
  const guint32 n = self->n, n_nodes = n + self->n_known;
  g_autofree guint8 *is_child = NULL;
  g_autofree guint32 *smallest = NULL, *roots = NULL;
  guint32 n_roots = 0, merge = self->n_known, right;

  if (self->n_known + 1 >= n)
    return;
  is_child = g_new0 (guint8, n_nodes);
  smallest = g_new (guint32, n_nodes);
  roots = g_new (guint32, n);
  memset (roots, 0xff, n * sizeof *roots);
  for (guint32 node = 0; node < n_nodes; node++)
    {
      if (node < n)
        smallest[node] = node;
      else
        {
          const guint32 left = self->left[node - n], other = self->right[node - n];

          is_child[left] = is_child[other] = TRUE;
          smallest[node] = MIN (smallest[left], smallest[other]);
        }
    }
  for (guint32 node = 0; node < n_nodes; node++)
    if (!is_child[node])
      roots[smallest[node]] = node;
  for (guint32 i = 0; i < n; i++)
    if (roots[i] != TITHE_NODE_NONE)
      roots[n_roots++] = roots[i];
  right = roots[n_roots - 1];
  for (guint32 r = n_roots - 1; r-- > 0; merge++)
    {
      self->left[merge] = MIN (roots[r], right);
      self->right[merge] = MAX (roots[r], right);
      self->heights[merge] = TITHE_HEIGHT_UNKNOWN;
      right = n + merge;
    }
}

/* A heap of merge numbers, the least in the order of tithe_merge_compare() on top. */

typedef struct
{
  const TitheMerge *merges;
  guint32 *items;
  guint32 length;
} Heap;

static void
heap_push (Heap *heap, guint32 item)
{
  guint32 i = heap->length++;

  while (i > 0 && tithe_merge_compare (&heap->merges[item], &heap->merges[heap->items[(i - 1) / 2]]) < 0)
    {
      heap->items[i] = heap->items[(i - 1) / 2];
      i = (i - 1) / 2;
    }
  heap->items[i] = item;
}

static guint32
heap_pop (Heap *heap)
{
  guint32 top = heap->items[0], item = heap->items[--heap->length], i = 0;

  for (;;)
    {
      guint32 child = 2 * i + 1;

      if (child >= heap->length)
        break;
      if (child + 1 < heap->length
          && tithe_merge_compare (&heap->merges[heap->items[child + 1]], &heap->merges[heap->items[child]]) < 0)
        child++;
      if (tithe_merge_compare (&heap->merges[item], &heap->merges[heap->items[child]]) <= 0)
        break;
      heap->items[i] = heap->items[child];
      i = child;
    }
  heap->items[i] = item;
  return top;
}

/**
 * tithe_dendrogram_new_from_merges:
 * @merges: (inout) (array length=n_merges): a cluster's merge after those that made its parts; heights are made ascending
 *   along every branch where rounding left them a bit short
 * @n_merges: n - 1, or fewer where only those up to some height are known
 * @n: at least 1
 *
 * Puts the merges in the order in which the textbook algorithm makes them: by height, and at the same height the
 * lexicographically first pair of those whose parts exist. Takes O(n log n) time.
 *
 * Returns: (transfer full): the dendrogram, without representatives
 */
TitheDendrogram *
tithe_dendrogram_new_from_merges (TitheMerge *merges, guint32 n_merges, guint32 n)
{
  TitheDendrogram *self = dendrogram_alloc (n, n_merges);
  const guint32 none = TITHE_NODE_NONE;
  g_autofree guint32 *newest = g_new (guint32, n);          /* last merge of the cluster with that smallest member */
  g_autofree guint32 *parent = g_new (guint32, MAX (n, 1)); /* of each merge */
  g_autofree guint32 *children = g_new (guint32, 2 * (gsize) n);
  g_autofree guint8 *missing = g_new0 (guint8, MAX (n, 1)); /* children not placed yet */
  g_autofree guint32 *node = g_new (guint32, MAX (n, 1));   /* number that a merge got */
  Heap heap = { merges, g_new (guint32, MAX (n, 1)), 0 };

  memset (newest, 0xff, n * sizeof *newest);
  for (guint32 t = 0; t < n_merges; t++)
    {
      const guint32 parts[2] = { merges[t].a, merges[t].b };

      parent[t] = none;
      for (guint c = 0; c < 2; c++)
        {
          guint32 child = newest[parts[c]];

          children[2 * t + c] = child;
          if (child == none)
            continue;
          parent[child] = t;
          missing[t]++;
          merges[t].height = MAX (merges[t].height, merges[child].height);
        }
      newest[merges[t].a] = t;
    }
  for (guint32 t = 0; t < n_merges; t++)
    if (missing[t] == 0)
      heap_push (&heap, t);
  for (guint32 i = 0; i < n_merges; i++)
    {
      guint32 t = heap_pop (&heap);
      guint32 x = children[2 * t] == none ? merges[t].a : node[children[2 * t]];
      guint32 y = children[2 * t + 1] == none ? merges[t].b : node[children[2 * t + 1]];

      node[t] = n + i;
      self->left[i] = MIN (x, y);
      self->right[i] = MAX (x, y);
      self->heights[i] = merges[t].height;
      if (parent[t] != none && --missing[parent[t]] == 0)
        heap_push (&heap, parent[t]);
    }
  g_free (heap.items);
  join_trees (self);
  derive (self);
  return self;
}

/**
 * tithe_dendrogram_new_from_arrays:
 * @n_known: as of #TitheDendrogram, from a file that anybody may have written, like the others
 * @left: (array length=n_known): a child of each merge
 * @right: (array length=n_known): the other child
 * @heights: (array length=n_known): ascending
 * @centres: (array length=n_known): representatives by the centre rule
 * @medoids: (array length=n_known): representatives by the medoid rule
 *
 * Trusts nothing: arrays that are no tree are refused.
 *
 * Returns: (transfer full): the dendrogram, or %NULL with %TITHE_CLUSTER_ERROR_CORRUPT
 */
TitheDendrogram *
tithe_dendrogram_new_from_arrays (guint32 n, guint32 n_known, const guint32 *left, const guint32 *right,
                                  const float *heights, const guint32 *centres, const guint32 *medoids, GError **error)
{
  g_autofree guint8 *used = g_new0 (guint8, 2 * (gsize) n);
  TitheDendrogram *self;
  gboolean ok = n > 0 && n_known < n;

  for (guint32 t = 0; ok && t < n_known; t++)
    {
      ok = left[t] < right[t] && right[t] < n + t && !used[left[t]] && !used[right[t]] && heights[t] >= 0
           && heights[t] <= 2.0f && (t == 0 || heights[t] >= heights[t - 1]) && centres[t] < n && medoids[t] < n;
      if (ok)
        used[left[t]] = used[right[t]] = 1;
    }
  if (!ok)
    {
      g_set_error_literal (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_CORRUPT,
                           _("a stored hierarchy is no tree"));
      return NULL;
    }
  self = dendrogram_alloc (n, n_known);
  memcpy (self->left, left, n_known * sizeof *left);
  memcpy (self->right, right, n_known * sizeof *right);
  memcpy (self->heights, heights, n_known * sizeof *heights);
  memcpy (self->representatives[0], centres, n_known * sizeof *centres);
  memcpy (self->representatives[1], medoids, n_known * sizeof *medoids);
  join_trees (self);
  derive (self);
  return self;
}

/* The leaf of a slice with the largest score; of those within rounding of it the one with the lowest index. */
static guint32
best_leaf (const TitheDendrogram *self, guint32 start, guint32 size, const float *scores, const float *own)
{
  const float tolerance = 1e-6f * (float) size;
  float best = -G_MAXFLOAT;
  guint32 leaf = TITHE_NODE_NONE;

  for (guint32 p = start; p < start + size; p++)
    best = MAX (best, scores[p] + (own ? own[p] : 0.0f));
  for (guint32 p = start; p < start + size; p++)
    if (scores[p] + (own ? own[p] : 0.0f) >= best - tolerance)
      leaf = MIN (leaf, self->leaves[p]);
  return leaf;
}

/* Adds to the score of every leaf of one slice its products with all leaves of another, from the dissimilarities. */
static gboolean
add_products (const TitheDendrogram *self, const float *dissimilarities, guint32 to, guint32 n_to, guint32 from,
              guint32 n_from, float *scores, TitheJob *job)
{
  for (guint32 p = to; p < to + n_to; p++)
    {
      const float *row = dissimilarities + (gsize) self->leaves[p] * self->n;
      float sum = 0.0f;

      if ((p - to) % CANCEL_ROWS == CANCEL_ROWS - 1 && tithe_job_is_cancelled (job))
        return FALSE;
      for (guint32 q = from; q < from + n_from; q++)
        sum += row[self->leaves[q]];
      scores[p] += (float) n_from - sum;
    }
  return TRUE;
}

/* The same by the sums of the slices' rows, when the dissimilarities are gone. */
typedef struct
{
  float *ordered; /* rows in the order of the leaves */
  float *sums;    /* of a cluster, at its first position */
  gsize dim;
} Sums;

static void
add_sums (const Sums *sums, guint32 a, guint32 size_a, guint32 b, guint32 size_b, float *scores)
{
  const gsize dim = sums->dim;
  float *sum_a = sums->sums + a * dim, *sum_b = sums->sums + b * dim;

  cblas_sgemv (CblasRowMajor, CblasNoTrans, (blasint) size_a, (blasint) dim, 1.0f, sums->ordered + a * dim,
               (blasint) dim, sum_b, 1, 1.0f, scores + a, 1);
  cblas_sgemv (CblasRowMajor, CblasNoTrans, (blasint) size_b, (blasint) dim, 1.0f, sums->ordered + b * dim,
               (blasint) dim, sum_a, 1, 1.0f, scores + b, 1);
  cblas_saxpy ((blasint) dim, 1.0f, sum_b, 1, sum_a, 1);
}

/**
 * tithe_dendrogram_choose:
 * @rows: n x dim, each of unit length or zero
 * @dissimilarities: (nullable): n x n, between them; saves time where dim is large
 *
 * Finds the representatives of every node. With s the sum of a cluster's rows, the member nearest to the normalised mean
 * is the one with the largest <x, s>, and the medoid the one with the largest <x, s> - <x, x>: on unit vectors the two
 * are the same, and they differ only where a cluster has zero rows. Scores grow with the tree, so that each pair of
 * members is looked at in one node only. Takes O(n^2) time with @dissimilarities, else O(dim x the sum of all clusters'
 * sizes) time and O(n dim) memory.
 *
 * Returns: %FALSE where the job was cancelled
 */
gboolean
tithe_dendrogram_choose (TitheDendrogram *self, const float *rows, gsize dim, const float *dissimilarities,
                         TitheJob *job)
{
  const guint32 n = self->n;
  g_autofree float *scores = g_new0 (float, n); /* <x, s> - <x, x> at each position */
  g_autofree float *own = g_new0 (float, n);    /* <x, x>: 1, or 0 for a zero row */
  Sums sums = { .dim = dim };
  gboolean ok = TRUE;

  if (dissimilarities == NULL)
    {
      sums.ordered = g_new (float, (gsize) n *dim);
      sums.sums = g_new (float, (gsize) n *dim);
    }
  for (guint32 p = 0; p < n; p++)
    {
      const float *row = rows + (gsize) self->leaves[p] * dim;

      if (sums.ordered != NULL)
        memcpy (sums.ordered + (gsize) p * dim, row, dim * sizeof *row);
      for (gsize j = 0; j < dim && own[p] == 0.0f; j++)
        own[p] = row[j] != 0.0f;
    }
  if (sums.ordered != NULL)
    memcpy (sums.sums, sums.ordered, (gsize) n * dim * sizeof (float));
  for (guint32 t = 0; ok && t < self->n_known; t++)
    {
      guint32 a = self->starts[t], size_a = node_size (self, self->left[t]);
      guint32 b = a + size_a, size_b = self->sizes[t] - size_a;

      if (dissimilarities == NULL)
        {
          add_sums (&sums, a, size_a, b, size_b, scores);
          ok = !tithe_job_is_cancelled (job);
        }
      else
        ok = add_products (self, dissimilarities, a, size_a, b, size_b, scores, job)
             && add_products (self, dissimilarities, b, size_b, a, size_a, scores, job);
      self->representatives[TITHE_REPRESENTATIVE_CENTRE][t] = best_leaf (self, a, self->sizes[t], scores, own);
      self->representatives[TITHE_REPRESENTATIVE_MEDOID][t] = best_leaf (self, a, self->sizes[t], scores, NULL);
    }
  g_free (sums.ordered);
  g_free (sums.sums);
  return ok;
}

/**
 * tithe_dendrogram_get_representative:
 * @merge: below n - 1
 *
 * Returns: the leaf that stands for the merge's cluster; takes O(1) time, for the first rule O(size)
 */
guint32
tithe_dendrogram_get_representative (const TitheDendrogram *self, guint32 merge, TitheRepresentative rule)
{
  guint32 first = G_MAXUINT32;

  g_return_val_if_fail (merge + 1 < self->n, 0);

  if (rule != TITHE_REPRESENTATIVE_FIRST)
    return self->representatives[rule][merge];
  for (guint32 p = self->starts[merge]; p < self->starts[merge] + self->sizes[merge]; p++)
    first = MIN (first, self->leaves[p]);
  return first;
}

/**
 * tithe_dendrogram_count_below:
 *
 * Returns: how many of the known merges have at most that height
 */
guint32
tithe_dendrogram_count_below (const TitheDendrogram *self, float height)
{
  guint32 low = 0, high = self->n_known;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (self->heights[middle] <= height)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * tithe_dendrogram_get_limit:
 *
 * Returns: every merge up to this height is known; %TITHE_HEIGHT_UNKNOWN where all are
 */
float
tithe_dendrogram_get_limit (const TitheDendrogram *self)
{
  if (self->n_known + 1 == self->n)
    return TITHE_HEIGHT_UNKNOWN;
  return self->n_known > 0 ? self->heights[self->n_known - 1] : 0.0f;
}
