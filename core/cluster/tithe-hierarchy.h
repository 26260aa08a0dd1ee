/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-cluster-error.h"
#include "tithe-dendrogram.h"
#include "embedding/tithe-embedding.h"

G_BEGIN_DECLS

/**
 * TitheHierarchy:
 *
 * A dendrogram for each class of a dataset, whole or down to a floor. Classes appear in it as they are finished; nothing
 * in it changes after that. A class that is too large for the memory allowed stays unknown and says what it needs. Safe to read from any
 * thread.
 */
typedef struct _TitheHierarchy TitheHierarchy;

/**
 * TitheEngine:
 * @TITHE_ENGINE_AUTO: sparse where there is no room for all pairs, or where a floor is enough and it is quicker
 * @TITHE_ENGINE_DENSE: all pairs of a class
 * @TITHE_ENGINE_SPARSE: near pairs of a class, down to a floor
 */
typedef enum
{
  TITHE_ENGINE_AUTO,
  TITHE_ENGINE_DENSE,
  TITHE_ENGINE_SPARSE,
} TitheEngine;

/**
 * TitheClusterOptions:
 * @linkage: how the dissimilarity of two clusters follows from their members
 * @n_threads: 0 for one a processor; the result is the same for any
 * @max_memory: bytes that clustering may take, or 0 for half of the machine's memory, or its part of that
 * @engine: how a class is clustered; the merges are the same
 * @floor: the ratio down to which merges have to be known in every class, 0 for as far as it goes
 * @only: (nullable): for each class, whether it is to be clustered at all; %NULL for every one
 * @n_beside: processes that share the machine's memory and do the same, 0 or 1 for this one alone
 */
typedef struct
{
  TitheLinkage linkage;
  int n_threads;
  guint64 max_memory;
  TitheEngine engine;
  double floor;
  const gboolean *only;
  guint n_beside;
} TitheClusterOptions;

extern const TitheWord tithe_engine_words[];

/* Called in a worker's thread when a class is finished. */
typedef void (*TitheClassFunc) (guint class_index, gpointer user_data);

TitheHierarchy        *tithe_hierarchy_new            (TitheDataset *dataset, TitheLinkage linkage);
TitheHierarchy        *tithe_hierarchy_ref            (TitheHierarchy *self);
void                   tithe_hierarchy_unref          (TitheHierarchy *self);

gboolean               tithe_hierarchy_fits           (TitheHierarchy *self, TitheEmbedding *embedding,
                                                       const TitheClusterOptions *options, GError **error);
gboolean               tithe_hierarchy_compute        (TitheHierarchy *self, TitheEmbedding *embedding,
                                                       const TitheClusterOptions *options, TitheClassFunc func,
                                                       gpointer user_data, TitheJob *job, GError **error);
void                   tithe_hierarchy_take_class     (TitheHierarchy *self, guint class_index,
                                                       TitheDendrogram *dendrogram);

TitheDataset          *tithe_hierarchy_get_dataset    (TitheHierarchy *self);
TitheLinkage           tithe_hierarchy_get_linkage    (TitheHierarchy *self);
const TitheDendrogram *tithe_hierarchy_get_class      (TitheHierarchy *self, guint class_index);
gboolean               tithe_hierarchy_is_complete    (TitheHierarchy *self);
gboolean               tithe_hierarchy_get_need       (TitheHierarchy *self, guint class_index, guint64 *needed,
                                                       guint64 *allowed);
guint                  tithe_hierarchy_count_refused  (TitheHierarchy *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheHierarchy, tithe_hierarchy_unref)

G_END_DECLS
