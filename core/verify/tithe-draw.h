/* SPDX-License-Identifier: MIT */
#pragma once

#include "cluster/tithe-cut.h"

G_BEGIN_DECLS

guint8 *tithe_draw_alike    (TitheDataset *dataset, const guint8 *kept, const guint8 *allowed, guint64 seed);
guint8 *tithe_draw_held_out (TitheCut *cut, double share, guint64 seed);

G_END_DECLS
