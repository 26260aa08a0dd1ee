/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-image.h"

G_BEGIN_DECLS

double tithe_sharpness_measure (const TithePixels *pixels);

G_END_DECLS
