/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"

G_BEGIN_DECLS

/* How such an embedding was made, for tithe_embedding_write(). */
/* Of the first to the second: some directions that the descriptor is reduced to were none of the largest variance, as only a
 * part of their signs was turned. What was made by the first is quick still. */
#define TITHE_QUICK_ORIGIN "quick descriptor 2"
#define TITHE_QUICK_ORIGIN_1 "quick descriptor 1"

GBytes *tithe_quick_embed (TitheDataset *dataset, guint n_threads, gsize *dim, TitheJob *job, GError **error);

G_END_DECLS
