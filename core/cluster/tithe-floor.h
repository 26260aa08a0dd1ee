/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-linkage.h"

G_BEGIN_DECLS

/**
 * TitheFloor:
 *
 * What clustering down to a floor takes, estimated from some of the rows: up to which height merges have to be known so
 * that a share of the rows is left, and how many pairs are within it.
 */
typedef struct _TitheFloor TitheFloor;

TitheFloor *tithe_floor_new (const float *rows, guint32 n, gsize dim, TitheLinkage linkage, guint n_threads,
                             TitheJob *job);
void tithe_floor_free (TitheFloor *self);
float tithe_floor_get_height (TitheFloor *self, double ratio);
float tithe_floor_get_height_of_pairs (TitheFloor *self, guint64 n_pairs);
double tithe_floor_get_ratio (TitheFloor *self, float height);
guint64 tithe_floor_get_n_pairs (TitheFloor *self, float height);
double tithe_floor_get_error (TitheFloor *self, double ratio);

gboolean tithe_linkage_to_floor (const float *rows, guint32 n, gsize dim, TitheLinkage linkage, double floor,
                                 guint64 max_pairs, guint n_threads, TitheMerge *merges, guint32 *n_merges,
                                 gboolean *is_down, guint64 *n_pairs, TitheJob *job);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheFloor, tithe_floor_free)

G_END_DECLS
