/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-group-layout.h"
#include "tithe-group-view.h"
#include "tithe-thumbnail.h"

G_BEGIN_DECLS

/*
 * The view of groups is in four files: tithe-group-view.c is the widget (scrolling, staying in place, layout, drawing),
 * -tiles.c the widgets for what is in view, -selection.c what is selected and where the cursor is, -input.c keys, pointer,
 * rubber band and what is dragged out. Where things stand is arithmetic of its own: tithe-group-layout.c.
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
  gboolean known;   /* to screen readers */
} TitheGroupSlot;

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

/* tiles */
void          tithe_group_slot_free            (TitheGroupSlot *slot);
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
