/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-job.h"

G_BEGIN_DECLS

#define TITHE_DEMO_MAX_CLASSES 10

gboolean tithe_demo_render (const char *folder, guint n_images, guint n_test, guint n_classes, guint32 seed,
                            TitheJob *job, GError **error);

G_END_DECLS
