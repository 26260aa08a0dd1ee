/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

double tithe_scale_place (GtkWidget *scale, GtkWidget *in, double fraction);

G_END_DECLS
