/* SPDX-License-Identifier: MIT */
#pragma once

#include "cluster/tithe-cut.h"

G_BEGIN_DECLS

#define TITHE_GROUP_LAYOUT_MARGIN 24     /* to either side */
#define TITHE_GROUP_LAYOUT_GAP 8         /* between images */
#define TITHE_GROUP_LAYOUT_BELOW 18      /* between the last row of a group and the next heading */
#define TITHE_GROUP_LAYOUT_MIN_HEADING 30

/**
 * TitheGroupLayout:
 *
 * Where groups and their images stand, from top to bottom: a heading, below it rows of squares as wide as fit. Plain
 * arithmetic over prefix sums of heights: no widget is asked, so that the whole height is exact for any number of groups and
 * what is at a height is found in O(log n). Lengths are pixels; heights have 64 bits, for a million groups is more than
 * 2^31 pixels high where thumbnails are large. From the left, as if text did.
 */
typedef struct _TitheGroupLayout TitheGroupLayout;

TitheGroupLayout *tithe_group_layout_new           (void);
void              tithe_group_layout_free          (TitheGroupLayout *self);
void              tithe_group_layout_set_geometry  (TitheGroupLayout *self, int width, int edge, int heading);
void              tithe_group_layout_update        (TitheGroupLayout *self, const TitheGroup *groups, gsize n);

int               tithe_group_layout_get_columns   (const TitheGroupLayout *self);
gint64            tithe_group_layout_get_height    (const TitheGroupLayout *self);
gint64            tithe_group_layout_get_top       (const TitheGroupLayout *self, gsize index);
gsize             tithe_group_layout_find          (const TitheGroupLayout *self, double y);
void              tithe_group_layout_list_groups   (const TitheGroupLayout *self, double top, double bottom,
                                                    gsize *first, gsize *end);
void              tithe_group_layout_place         (const TitheGroupLayout *self, gsize index, guint32 member, int *x,
                                                    gint64 *y);
void              tithe_group_layout_list_members  (const TitheGroupLayout *self, gsize index, double top, double bottom,
                                                    guint32 *first, guint32 *n);
void              tithe_group_layout_move          (const TitheGroupLayout *self, gsize *index, guint32 *member,
                                                    int steps, int rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheGroupLayout, tithe_group_layout_free)

G_END_DECLS
