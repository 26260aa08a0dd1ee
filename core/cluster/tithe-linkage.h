/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-job.h"
#include "base/tithe-words.h"
#include "neighbours/tithe-neighbours.h"
#include "tithe-merge.h"

G_BEGIN_DECLS

typedef enum
{
  TITHE_LINKAGE_COMPLETE, /* the largest dissimilarity between members */
  TITHE_LINKAGE_AVERAGE,  /* the mean dissimilarity (UPGMA) */
  TITHE_LINKAGE_SINGLE,   /* the smallest dissimilarity */
} TitheLinkage;

typedef struct _TitheLinkageBuffer TitheLinkageBuffer;

extern const TitheWord tithe_linkage_words[];

const char *tithe_linkage_to_string    (TitheLinkage linkage);
gboolean    tithe_linkage_from_string  (const char *string, TitheLinkage *linkage);

TitheLinkageBuffer *tithe_linkage_buffer_new (void);
void                tithe_linkage_buffer_free (TitheLinkageBuffer *self);
const float        *tithe_linkage_buffer_get_dissimilarities (TitheLinkageBuffer *self);

gboolean    tithe_linkage_from_matrix  (float *dissimilarities, guint32 n, TitheLinkage linkage, TitheMerge *merges,
                                        TitheJob *job);
gboolean    tithe_linkage_from_rows    (const float *rows, guint32 n, gsize dim, TitheLinkage linkage,
                                        TitheMerge *merges, TitheLinkageBuffer *buffer, guint n_threads,
                                        TitheJob *job);
gboolean    tithe_linkage_from_vectors (const float *rows, guint32 n, gsize dim, TitheLinkage linkage,
                                        TitheMerge *merges, TitheJob *job);
gboolean    tithe_linkage_from_pairs   (TithePairs *pairs, const float *rows, guint32 n, gsize dim,
                                        TitheLinkage linkage, float limit, TitheMerge *merges, guint32 *n_merges,
                                        TitheJob *job);
guint64     tithe_linkage_matrix_bytes (guint64 n, guint64 dim);
guint64     tithe_linkage_vectors_bytes (guint64 n, guint64 dim);
guint64     tithe_linkage_sparse_bytes (guint64 n, guint64 dim, guint64 n_pairs);
guint64     tithe_linkage_sparse_pairs (guint64 n, guint64 dim, guint64 bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheLinkageBuffer, tithe_linkage_buffer_free)

G_END_DECLS
