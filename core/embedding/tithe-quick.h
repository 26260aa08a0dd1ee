/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"

G_BEGIN_DECLS

/* How such an embedding was made, for tithe_embedding_write(). */
#define TITHE_QUICK_ORIGIN "quick descriptor 1"

GBytes *tithe_quick_embed (TitheDataset *dataset, guint n_threads, gsize *dim, TitheJob *job, GError **error);

G_END_DECLS
