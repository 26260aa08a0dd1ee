/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-group-list.h"
#include "image/tithe-image.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_THUMBNAIL (tithe_thumbnail_get_type ())

/* One image: framed in green with a check badge where it is kept; or in red with a minus where it is not, if that is what
 * is looked for. */
G_DECLARE_FINAL_TYPE (TitheThumbnail, tithe_thumbnail, TITHE, THUMBNAIL, GtkWidget)

GtkWidget  *tithe_thumbnail_new          (void);
void        tithe_thumbnail_set_image    (TitheThumbnail *self, guint32 image, const char *path);
guint32     tithe_thumbnail_get_image    (TitheThumbnail *self);
void        tithe_thumbnail_set_dimmed   (TitheThumbnail *self, gboolean dimmed);
void        tithe_thumbnail_set_reversed (TitheThumbnail *self, gboolean reversed);
void        tithe_thumbnail_set_painted  (TitheThumbnail *self, gboolean painted);
gboolean    tithe_thumbnail_has_signs    (TitheThumbnail *self);
void        tithe_thumbnail_set_role     (TitheThumbnail *self, const TitheMember *member, guint group_size,
                                          gboolean selected);
gboolean    tithe_thumbnail_is_kept      (TitheThumbnail *self);
void        tithe_thumbnail_set_pixels   (TitheThumbnail *self, TithePixels *pixels, const char *failure);
const char *tithe_thumbnail_get_name     (TitheThumbnail *self);
void        tithe_thumbnail_tell         (TitheThumbnail *self);

G_END_DECLS
