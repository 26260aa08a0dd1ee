/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Pictures that are read in threads for something that shows one at a time: @loading is its own, NULL where nothing is on its
 * way to it. What was asked for earlier, and what is not waited for any longer, never arrives.
 */
typedef void (*TithePixelsFunc) (gpointer user_data, TithePixels *pixels, const char *failure);

void tithe_pixels_loader_begin (GCancellable **loading, TitheDataset *dataset, guint32 image, guint max_edge,
                                TithePixelsFunc func, gpointer user_data);
void tithe_pixels_loader_stop  (GCancellable **loading);

G_END_DECLS
