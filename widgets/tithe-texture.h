/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/tithe-image.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

cairo_surface_t *tithe_texture_new_surface     (const TithePixels *pixels);
GdkTexture      *tithe_texture_new_for_surface (cairo_surface_t *surface);

G_END_DECLS
