/* SPDX-License-Identifier: MIT */
#pragma once

#include "cluster/tithe-cut.h"

G_BEGIN_DECLS

#define TITHE_GROUP_LAYOUT_MARGIN 24    /* to either side */
#define TITHE_GROUP_LAYOUT_GAP 8        /* between images of a block */
#define TITHE_GROUP_LAYOUT_BELOW 18     /* between the last row of a block and what follows */
#define TITHE_GROUP_LAYOUT_PADDING 4    /* from a card's edge to its images, at least */
#define TITHE_GROUP_LAYOUT_CARD_GAP 4   /* between cards of a line */
#define TITHE_GROUP_LAYOUT_CARD_BELOW 8 /* between lines of cards */
#define TITHE_GROUP_LAYOUT_MIN_HEADING 30

/**
 * TitheGroupLayout:
 *
 * Where groups and their images stand. A group is a card: a heading, below it rows of squares. Cards flow side by side in
 * lines, in the order of the groups. Images are as far apart within a card as across the edges of two, so that all cards
 * stand on one grid of columns, which is a little wider than it must be where that fills the line. How wide a card is rests
 * on the group's size and on the window alone: it is the same at every place in the order. Behind the cards are blocks,
 * which take whole lines and stand closer.
 *
 * Plain arithmetic over prefix sums of heights: no widget is asked, so that the whole height is exact for any number of
 * groups and what is at a height is found in O(log n). Lengths are pixels; heights have 64 bits, for a million groups is
 * more than 2^31 pixels high where thumbnails are large. From the left, as if text did.
 */
typedef struct _TitheGroupLayout TitheGroupLayout;

/* A rectangle in the whole. */
typedef struct
{
  int x, width, height;
  gint64 y;
} TitheGroupBox;

TitheGroupLayout *tithe_group_layout_new           (void);
void              tithe_group_layout_free          (TitheGroupLayout *self);
void              tithe_group_layout_set_geometry  (TitheGroupLayout *self, int width, int edge, int heading);
void              tithe_group_layout_update        (TitheGroupLayout *self, const TitheGroup *groups, gsize n,
                                                    gsize n_cards);

gint64            tithe_group_layout_get_height    (const TitheGroupLayout *self);
gint64            tithe_group_layout_get_top       (const TitheGroupLayout *self, gsize index);
gsize             tithe_group_layout_find          (const TitheGroupLayout *self, double y);
void              tithe_group_layout_list_groups   (const TitheGroupLayout *self, double top, double bottom,
                                                    gsize *first, gsize *end);
TitheGroupBox     tithe_group_layout_place_heading (const TitheGroupLayout *self, gsize index);
void              tithe_group_layout_place         (const TitheGroupLayout *self, gsize index, guint32 member, int *x,
                                                    gint64 *y);
void              tithe_group_layout_list_members  (const TitheGroupLayout *self, gsize index, double top, double bottom,
                                                    guint32 *first, guint32 *n);
void              tithe_group_layout_list_rows     (const TitheGroupLayout *self, gsize index, double top, double bottom,
                                                    guint32 *first, guint32 *end);
TitheGroupBox     tithe_group_layout_place_row     (const TitheGroupLayout *self, gsize index, guint32 row,
                                                    guint32 *first, guint32 *n);
int               tithe_group_layout_get_step      (const TitheGroupLayout *self, gsize index);
void              tithe_group_layout_move          (const TitheGroupLayout *self, gsize *index, guint32 *member,
                                                    int steps, int rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheGroupLayout, tithe_group_layout_free)

G_END_DECLS
