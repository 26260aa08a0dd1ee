/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void tithe_combo_rows_show_whole (GtkWidget *parent);

G_END_DECLS
