/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-group-heading.h"
#include "tithe-thumbnail-picture.h"

G_BEGIN_DECLS

/* What all of the view has in common. */
typedef struct
{
  int scale;   /* pixels for each of the window's */
  int edge;    /* of a thumbnail */
  int heading; /* height of one */
  gboolean rtl;
  GdkRGBA text, card, reviewed, frame; /* colours */
} TitheGroupStyle;

/* One thumbnail of a row. */
typedef struct
{
  guint32 image;
  TithePixels *pixels; /* (nullable) (owned): %NULL where they are not there */
  TitheBadge badge;
  gboolean framed, discarded, dimmed;
} TitheGroupRowTile;

/*
 * TitheGroupRowLook:
 *
 * A row of images of one group, with all that it stands on: the first row with the heading, the last with the end of the
 * card. Lengths are from the row's own corner, as if text went from the left.
 */
typedef struct
{
  int width, height;
  int card_top, card_height; /* of the card that it is a part of; the height is 0 where it is of a block */
  gboolean headed;           /* by what the facts say */
  TitheGroupFacts facts;
  int left, top, step; /* of the thumbnails */
  GArray *tiles;       /* TitheGroupRowTile */
} TitheGroupRowLook;

void tithe_group_row_look_init (TitheGroupRowLook *look);
void tithe_group_row_look_clear (TitheGroupRowLook *look);
gboolean tithe_group_row_look_equal (const TitheGroupRowLook *a, const TitheGroupRowLook *b);
gboolean tithe_group_row_look_is_complete (const TitheGroupRowLook *look);

/**
 * TitheGroupPainter:
 *
 * Draws rows of groups into pictures that many frames show. What many rows have alike is drawn once.
 */
typedef struct _TitheGroupPainter TitheGroupPainter;

/* Returns: (transfer full): the face of a thumbnail */
typedef cairo_surface_t *(*TitheGroupFaceFunc) (const TitheGroupRowTile *tile, const TitheThumbnailLook *look,
                                                gpointer user_data);

TitheGroupPainter *tithe_group_painter_new (GtkWidget *widget);
void tithe_group_painter_free (TitheGroupPainter *self);
void tithe_group_painter_reset (TitheGroupPainter *self);
gboolean tithe_group_painter_set_style (TitheGroupPainter *self, const TitheGroupStyle *style);
gboolean tithe_group_painter_has_style (TitheGroupPainter *self);
GskRenderNode *tithe_group_painter_draw (TitheGroupPainter *self, TitheGroupList *list, const TitheGroupRowLook *look,
                                         TitheGroupFaceFunc face, gpointer user_data);

G_END_DECLS
