/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

extern const char *const fuzz_targets[];

void fuzz_one (guint target, const char *folder, const guint8 *data, gsize size);

G_END_DECLS
