/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"

#include <gio/gio.h>

G_BEGIN_DECLS

void         tithe_pixels_load_async  (GObject *source, TitheDataset *dataset, guint32 image, guint max_edge,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
TithePixels *tithe_pixels_load_finish (GAsyncResult *result, guint32 *image, GError **error);

G_END_DECLS
