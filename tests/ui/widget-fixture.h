/* SPDX-License-Identifier: MIT */
#pragma once

#include "fixture.h"
#include "curate/tithe-subset.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What tests of widgets share, on a screen of their own. */

void       widget_fixture_load_style      (void);
GtkWidget *widget_fixture_find            (GtkWidget *parent, GType type);
gpointer   widget_fixture_find_controller (GtkWidget *widget, GType type);
void       widget_fixture_wait_for        (gboolean (*func) (gpointer data), gpointer data);
void       widget_fixture_draw            (GtkWidget *widget);
guint8    *widget_fixture_picture         (GtkWidget *window, int *width, int *height);

/* One class of images at a ratio, and its largest group: what widgets about a group show. */
typedef struct
{
  char *folder;
  TitheHierarchy *hierarchy;
  TitheCuration *curation;
  TitheSubset *subset;
  TitheGroup group; /* the largest */
} WidgetGroup;

void widget_fixture_group_init  (WidgetGroup *self, guint n_images, double ratio);
void widget_fixture_group_clear (WidgetGroup *self);

G_END_DECLS
