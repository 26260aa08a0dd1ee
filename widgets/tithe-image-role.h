/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-group-list.h"

G_BEGIN_DECLS

/* What an image is in a subset, and in words. */

TitheMember tithe_image_role_get      (TitheSubset *subset, guint32 image, TitheGroup *group);
const char *tithe_image_role_describe (const TitheMember *role);

G_END_DECLS
