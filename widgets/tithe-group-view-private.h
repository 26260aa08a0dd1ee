/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-group-layout.h"
#include "tithe-group-painter.h"
#include "tithe-group-view.h"
#include "tithe-thumbnail.h"

G_BEGIN_DECLS

/*
 * The view of groups is in five files: tithe-group-view.c is the widget (scrolling, staying in place, layout), -rows.c what
 * is seen of the groups, -tiles.c the widgets for what is in view, which are pointed at and read out, -selection.c what is
 * selected and where the cursor is, -input.c keys, pointer, rubber band and what is dragged out. Where things stand is
 * arithmetic of its own, tithe-group-layout.c; how they look is in tithe-group-painter.c.
 */

#define TITHE_GROUP_VIEW_N_PLACES 16

/* What a heading says in whole, kept with its widget. */
#define TITHE_GROUP_VIEW_SPOKEN "spoken"

/* A widget that shows image or heading, and where it stands in the whole, which may be millions of pixels high. */
typedef struct
{
  GtkWidget *widget;
  int x, width, height;
  gint64 y;
  guint generation; /* of the last populate that wanted it */
  gint64 key;       /* of a heading */
  gsize index;      /* of a heading: its group in the list */
  gboolean known;   /* to screen readers */
  cairo_surface_t *face; /* (nullable): of an image, as it is drawn */
  TithePixels *pixels;   /* (nullable) (owned): that the face is of */
} TitheGroupSlot;

/* A row is of the same group wherever that is in the list. */
typedef struct
{
  gint64 group;
  guint32 row;
} TitheGroupRowKey;

/* A row of images in view, or one that was in view or may come to be. */
typedef struct
{
  TitheGroupRowKey key;
  guint generation; /* of the last populate that wanted it */
  int x;            /* where it is in view */
  gint64 y;
  TitheGroupRowLook look;
  GskRenderNode *node; /* (nullable): that looks so */
} TitheGroupRow;

/* A group that was in view, named by a leaf of it, which stays the same whatever the ratio. */
typedef struct
{
  guint32 class_index;
  guint32 leaf;
  double below_top; /* of the view to its heading */
} TitheGroupPlace;

struct _TitheGroupView
{
  GtkWidget parent_instance;

  TitheGroupList *list;        /* (nullable) (not owned) */
  TitheThumbnails *thumbnails; /* (nullable) (not owned) */
  int edge;
  gboolean dimming;

  GtkAdjustment *adjustments[2];
  GtkScrollablePolicy policies[2];
  gulong scroll_handler;
  gboolean configuring; /* an adjustment changes because we say so */

  int width, height; /* that the layout is for */
  int heading;       /* height of one, as its text needs */
  TitheGroupLayout *layout;

  GHashTable *tiles; /* image to TitheGroupSlot */
  GPtrArray *spare;  /* TitheGroupSlot, hidden */
  GHashTable *headings;      /* key of a group or block to TitheGroupSlot */
  GPtrArray *spare_headings; /* TitheGroupSlot, hidden */
  GPtrArray *order; /* GtkWidget (not owned): headings and tiles in use, in the order of reading */
  GHashTable *rows;       /* TitheGroupRowKey to TitheGroupRow */
  GPtrArray *shown;       /* TitheGroupRow (not owned): in view */
  TitheGroupRowLook look; /* to compare with */
  TitheGroupPainter *painter;
  guint preparation; /* source that draws rows out of view */
  guint rest;        /* source that tells screen readers what is in view */
  gboolean untold;   /* there is something to tell */
  guint generation;
  GArray *wanted; /* guint32: images that the cache is asked for */

  TitheGroupPlace places[TITHE_GROUP_VIEW_N_PLACES]; /* to hold on to while the cut moves, the best first */
  guint n_places;

  gboolean has_cursor, has_anchor;
  guint32 cursor_class, cursor_leaf, cursor_image;
  guint32 anchor_class, anchor_leaf; /* where a selection with Shift began */
  GHashTable *selected;              /* images */
  GMenuModel *menu;                  /* (nullable) */
  GtkWidget *popover;                /* (nullable): of the menu */
  gboolean has_band;
  graphene_rect_t band; /* in the whole, not the view */
};

/* the widget */
gsize         tithe_group_view_get_n           (TitheGroupView *self);
TitheDataset *tithe_group_view_get_dataset     (TitheGroupView *self);
TitheMember   tithe_group_view_get_member      (TitheGroupView *self, gsize index, guint32 number);
double        tithe_group_view_get_scroll      (TitheGroupView *self);
gint64        tithe_group_view_get_offset      (TitheGroupView *self);

/* rows */
guint         tithe_group_row_key_hash         (gconstpointer key);
gboolean      tithe_group_row_key_equal        (gconstpointer a, gconstpointer b);
void          tithe_group_row_free             (TitheGroupRow *row);
void          tithe_group_view_show_rows       (TitheGroupView *self, gsize begin, gsize end);
void          tithe_group_view_forget_rows     (TitheGroupView *self);
void          tithe_group_view_prepare         (TitheGroupView *self);
void          tithe_group_view_snapshot_rows   (TitheGroupView *self, GtkSnapshot *snapshot);

/* tiles */
void          tithe_group_slot_free            (TitheGroupSlot *slot);
void          tithe_group_slot_drop_face       (TitheGroupSlot *slot);
gint64        tithe_group_view_get_key         (TitheGroupView *self, gsize index);
void          tithe_group_view_tell            (TitheGroupView *self);
void          tithe_group_view_populate        (TitheGroupView *self);
void          tithe_group_view_retire_all      (TitheGroupView *self);
void          tithe_group_view_show_pictures   (TitheGroupView *self);

/* selection */
void          tithe_group_view_mark_selected   (TitheGroupView *self, guint32 image);
void          tithe_group_view_clear_selection (TitheGroupView *self);
void          tithe_group_view_tell_selection  (TitheGroupView *self);
void          tithe_group_view_put_cursor      (TitheGroupView *self, gsize index, guint32 member);
void          tithe_group_view_go              (TitheGroupView *self, gsize index, guint32 member, gboolean extend,
                                                gboolean toggle);
void          tithe_group_view_show_cursor     (TitheGroupView *self, gsize index, guint32 member);

/* input */
void          tithe_group_view_add_input       (TitheGroupView *self);
void          tithe_group_view_add_tile_input  (TitheGroupView *self, GtkWidget *tile);

G_END_DECLS
