/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"

G_BEGIN_DECLS

/* Which pictures of a group there is room for: wherever only some are shown, what is kept is among them and comes first. */

guint32 *tithe_group_choose_shown (TitheSubset *subset, const TitheGroup *group, guint32 room, guint32 *n,
                                   guint32 *n_kept);

G_END_DECLS
