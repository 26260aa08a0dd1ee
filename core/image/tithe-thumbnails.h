/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-image.h"

G_BEGIN_DECLS

#define TITHE_THUMBNAILS_DEFAULT_BYTES ((gsize) 256 << 20)

/**
 * TitheThumbnails:
 *
 * Small pictures, decoded by threads of its own when they are wanted and kept until the memory for them is used up;
 * then those that were not looked at for longest go first. To be used from one thread, that of the main context in
 * which it was made.
 */
typedef struct _TitheThumbnails TitheThumbnails;

typedef TithePixels *(*TitheThumbnailLoad) (gpointer source, gsize image, guint max_edge, GError **error);
typedef void         (*TitheThumbnailFunc) (gpointer user_data);

TitheThumbnails *tithe_thumbnails_new       (TitheThumbnailLoad load, gpointer source, GDestroyNotify destroy,
                                             gsize max_bytes);
void             tithe_thumbnails_free      (TitheThumbnails *self);
void             tithe_thumbnails_set_func  (TitheThumbnails *self, TitheThumbnailFunc func, gpointer user_data);
void             tithe_thumbnails_set_edge  (TitheThumbnails *self, guint max_edge);
void             tithe_thumbnails_set_max_bytes (TitheThumbnails *self, gsize max_bytes);
void             tithe_thumbnails_want      (TitheThumbnails *self, const guint32 *images, gsize n);
TithePixels     *tithe_thumbnails_get       (TitheThumbnails *self, guint32 image, const char **failure);
gsize            tithe_thumbnails_get_bytes (TitheThumbnails *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheThumbnails, tithe_thumbnails_free)

G_END_DECLS
