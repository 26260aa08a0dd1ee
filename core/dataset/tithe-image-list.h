/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Gathers images that are files of their own while a reader walks its source. */
typedef struct
{
  GString *paths;       /* zero-terminated, one after the other */
  GArray *path_offsets; /* guint64 */
  GArray *sizes;        /* guint64, bytes of each file */
  GArray *labels;       /* guint32 */
} TitheImageList;

TitheImageList *tithe_image_list_new  (void);
void            tithe_image_list_add  (TitheImageList *self, const char *path, guint64 size, guint32 label);
void            tithe_image_list_free (TitheImageList *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheImageList, tithe_image_list_free)

G_END_DECLS
