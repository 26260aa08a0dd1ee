/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-hierarchy.h"

G_BEGIN_DECLS

/* The dendrograms that a hierarchy knows, as bytes on their way to another process on a machine of the same kind. */

GBytes  *tithe_hierarchy_pack   (TitheHierarchy *self);
gboolean tithe_hierarchy_unpack (TitheHierarchy *self, GBytes *parcel, GError **error);

G_END_DECLS
