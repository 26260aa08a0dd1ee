/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void tithe_legend_show (GtkWidget *beside);

G_END_DECLS
