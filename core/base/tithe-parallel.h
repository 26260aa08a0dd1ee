/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-job.h"

G_BEGIN_DECLS

/* Does the items from @begin up to, but not including, @end. */
typedef void (*TitheParallelFunc) (gsize begin, gsize end, gpointer user_data);

guint    tithe_parallel_resolve_threads (int wanted);
gboolean tithe_parallel_for             (guint n_threads, gsize n_items, gsize chunk, TitheParallelFunc func,
                                         gpointer user_data, TitheJob *job);

G_END_DECLS
