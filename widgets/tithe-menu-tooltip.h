/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void tithe_menu_tooltip_hush (GtkWidget *parent);

G_END_DECLS
