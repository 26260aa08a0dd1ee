/* SPDX-License-Identifier: MIT */
#include "tithe-shard.h"

/* tithe_shard_new: (transfer full), with the fields of its type; nothing is opened */
TitheShard *
tithe_shard_new (const char *file, guint64 n_images, guint64 first, guint64 offset, guint64 stride)
{
  TitheShard *self = g_new0 (TitheShard, 1);

  g_mutex_init (&self->mutex);
  self->file = g_strdup (file);
  self->n_images = n_images;
  self->first = first;
  self->offset = offset;
  self->stride = stride;
  return self;
}

/* tithe_shard_free: while nobody reads */
void
tithe_shard_free (TitheShard *self)
{
  g_clear_pointer (&self->records, tithe_record_file_free);
  g_mutex_clear (&self->mutex);
  g_free (self->file);
  g_free (self);
}

static TitheRecordFile *
get_records (TitheShard *self, const char *root, GError **error)
{
  TitheRecordFile *records;

  g_mutex_lock (&self->mutex);
  if (self->records == NULL)
    {
      g_autofree char *path = g_build_filename (root, self->file, NULL);

      self->records = tithe_record_file_open (path, self->offset + self->n_images * self->stride, error);
    }
  records = self->records;
  g_mutex_unlock (&self->mutex);
  return records;
}

/**
 * tithe_shard_read:
 * @root: the folder that the shard's file is relative to
 *
 * As tithe_record_file_read(), from any thread.
 */
gboolean
tithe_shard_read (TitheShard *self, const char *root, guint64 offset, gpointer out, gsize n, GError **error)
{
  TitheRecordFile *records = get_records (self, root, error);

  return records != NULL && tithe_record_file_read (records, offset, out, n, error);
}
