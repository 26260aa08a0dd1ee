/* SPDX-License-Identifier: MIT */
#include "tithe-image-list.h"

#include <string.h>

/* tithe_image_list_new: (transfer full), an empty list */
TitheImageList *
tithe_image_list_new (void)
{
  TitheImageList *self = g_new0 (TitheImageList, 1);

  self->paths = g_string_new (NULL);
  self->path_offsets = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->sizes = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->labels = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

/* tithe_image_list_add: the next image, with its path relative to the dataset's root and the bytes of its file */
void
tithe_image_list_add (TitheImageList *self, const char *path, guint64 size, guint32 label)
{
  guint64 offset = self->paths->len;

  g_array_append_val (self->path_offsets, offset);
  g_array_append_val (self->sizes, size);
  g_array_append_val (self->labels, label);
  g_string_append_len (self->paths, path, (gssize) strlen (path) + 1);
}

/* tithe_image_list_free: what was taken out of it excepted */
void
tithe_image_list_free (TitheImageList *self)
{
  if (self->paths)
    g_string_free (self->paths, TRUE);
  g_array_unref (self->path_offsets);
  g_array_unref (self->sizes);
  g_array_unref (self->labels);
  g_free (self);
}
