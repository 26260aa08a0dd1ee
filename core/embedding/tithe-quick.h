/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"

G_BEGIN_DECLS

GBytes  *tithe_quick_embed (TitheDataset *dataset, guint n_threads, gsize *dim, TitheJob *job, GError **error);
gboolean tithe_quick_write (GBytes *rows, gsize dim, const char *path, GError **error);

G_END_DECLS
