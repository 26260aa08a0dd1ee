/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"

G_BEGIN_DECLS

const char *tithe_image_role_describe (TitheSubset *subset, guint32 image, guint32 representative);

G_END_DECLS
