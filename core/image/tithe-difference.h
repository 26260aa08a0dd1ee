/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-image.h"

G_BEGIN_DECLS

TithePixels *tithe_pixels_subtract (const TithePixels *self, TithePixels *base, guint gain);

G_END_DECLS
