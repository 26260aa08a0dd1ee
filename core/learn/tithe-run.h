/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-network.h"
#include "tithe-picture-set.h"

G_BEGIN_DECLS

/* A network that has learned, run over pictures: what it sees in them, and how many it tells right. */

void     tithe_run_use_threads (guint n_threads);
gboolean tithe_network_embed   (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images,
                                gsize n_images, guint n_threads, gboolean use_bfloat16, float *rows, TitheJob *job,
                                GError **error);
gboolean tithe_network_test    (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images,
                                gsize n_images, guint n_threads, gboolean use_bfloat16, double *accuracy,
                                guint32 *tested, guint32 *right, GError **error);

G_END_DECLS
