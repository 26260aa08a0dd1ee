/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/tithe-image.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GdkTexture *tithe_texture_new (const TithePixels *pixels, guint factor);

G_END_DECLS
