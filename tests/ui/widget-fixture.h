/* SPDX-License-Identifier: MIT */
#pragma once

#include "fixture.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What tests of widgets share, on a screen of their own. */

GtkWidget *widget_fixture_find            (GtkWidget *parent, GType type);
gpointer   widget_fixture_find_controller (GtkWidget *widget, GType type);
void       widget_fixture_wait_for        (gboolean (*func) (gpointer data), gpointer data);
void       widget_fixture_draw            (GtkWidget *widget);
guint8    *widget_fixture_picture         (GtkWidget *window, int *width, int *height);

G_END_DECLS
