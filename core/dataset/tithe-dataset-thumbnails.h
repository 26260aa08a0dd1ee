/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/tithe-thumbnails.h"
#include "tithe-dataset.h"

G_BEGIN_DECLS

/* Small pictures of a dataset's images. */

TitheThumbnails *tithe_dataset_new_thumbnails (TitheDataset *self, gsize max_bytes, guint edge, TitheThumbnailFunc func,
                                               gpointer user_data);

G_END_DECLS
