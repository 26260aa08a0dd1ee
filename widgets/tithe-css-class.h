/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void tithe_css_class_set (GtkWidget *widget, const char *name, gboolean set);

G_END_DECLS
