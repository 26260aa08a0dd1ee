/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-image.h"

G_BEGIN_DECLS

TithePixels *tithe_image_decode_png  (const guint8 *data, gsize size, GError **error);
TithePixels *tithe_image_decode_jpeg (const guint8 *data, gsize size, guint max_edge, GError **error);

G_END_DECLS
