/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* Draws with Cairo, in points from the upper left corner. */
typedef void (*TitheCanvasFunc) (cairo_t *cr, gpointer user_data);

gboolean         tithe_canvas_check_form (const char *path, GError **error);
gboolean         tithe_canvas_write      (const char *path, double width, double height, TitheCanvasFunc draw,
                                          gpointer user_data, GError **error);
cairo_surface_t *tithe_canvas_render     (double width, double height, double scale, TitheCanvasFunc draw,
                                          gpointer user_data, GError **error);
char            *tithe_canvas_to_svg     (double width, double height, TitheCanvasFunc draw, gpointer user_data);

G_END_DECLS
