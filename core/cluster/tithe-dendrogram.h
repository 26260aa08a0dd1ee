/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-linkage.h"

G_BEGIN_DECLS

/* The node of a leaf, where a merge's number is expected. */
#define TITHE_NODE_NONE G_MAXUINT32
/* No dissimilarity is more. */
#define TITHE_HEIGHT_UNKNOWN 2.0f

typedef enum
{
  TITHE_REPRESENTATIVE_CENTRE, /* nearest to the normalised mean of the cluster */
  TITHE_REPRESENTATIVE_MEDOID, /* smallest sum of dissimilarities to the others */
  TITHE_REPRESENTATIVE_FIRST,  /* lowest index */
} TitheRepresentative;

/**
 * TitheDendrogram:
 * @n: leaves, at least 1; there are n - 1 merges, and merge t is node n + t in SciPy's numbering
 * @n_known: the first merges, those that clustering made; fewer than n - 1 where it went down to a floor only. The others
 *   join what is left so that there is one tree. They are at no height that means anything, TITHE_HEIGHT_UNKNOWN, and are
 *   never to be made.
 * @left: (array length=n-1): the child with the smaller node number
 * @right: (array length=n-1): the other one
 * @heights: (array length=n-1): ascending
 * @leaves: (array length=n): the leaf at each position, such that every node covers a slice of positions
 * @split: (array length=n): the merge whose two children meet between position i - 1 and i; split[0] is n - 1, above
 *   every merge
 * @starts: (array length=n-1): first position that a merge covers
 * @sizes: (array length=n-1): how many positions it covers
 * @representatives: (array length=n-1): for the centre and medoid rules, the leaf that stands for each merge
 *
 * The whole hierarchy of one class. With k clusters left, the first n - k merges are made; a cluster begins at every
 * position whose split is n - k or more. So a cut is one pass over split, and needs nothing else.
 */
typedef struct
{
  guint32 n;
  guint32 n_known;
  guint32 *left;
  guint32 *right;
  float *heights;
  guint32 *leaves;
  guint32 *split;
  guint32 *starts;
  guint32 *sizes;
  guint32 *representatives[2];
} TitheDendrogram;

extern const TitheWord tithe_representative_words[];

const char      *tithe_representative_to_string   (TitheRepresentative rule);
gboolean         tithe_representative_from_string (const char *string, TitheRepresentative *rule);

TitheDendrogram *tithe_dendrogram_new_from_merges (TitheMerge *merges, guint32 n_merges, guint32 n);
TitheDendrogram *tithe_dendrogram_new_from_arrays (guint32 n, guint32 n_known, const guint32 *left,
                                                   const guint32 *right, const float *heights, const guint32 *centres,
                                                   const guint32 *medoids, GError **error);
void             tithe_dendrogram_free            (TitheDendrogram *self);
gboolean         tithe_dendrogram_choose          (TitheDendrogram *self, const float *rows, gsize dim,
                                                   const float *dissimilarities, TitheJob *job);
guint32          tithe_dendrogram_get_representative (const TitheDendrogram *self, guint32 merge,
                                                      TitheRepresentative rule);
guint32          tithe_dendrogram_count_below     (const TitheDendrogram *self, float height);
float            tithe_dendrogram_get_limit       (const TitheDendrogram *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheDendrogram, tithe_dendrogram_free)

G_END_DECLS
