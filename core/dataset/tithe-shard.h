/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-record-file.h"

G_BEGIN_DECLS

/**
 * TitheShard:
 * @file: relative to the dataset's root
 * @n_images: records in the file
 * @first: image that the first record is
 * @offset: bytes before the first record's pixels
 * @stride: bytes from record to record
 *
 * A file of records of one size, as CIFAR and IDX have them.
 */
typedef struct _TitheShard TitheShard;

struct _TitheShard
{
  char *file;
  guint64 n_images;
  guint64 first;
  guint64 offset;
  guint64 stride;

  GMutex mutex; /* guards what follows */
  TitheRecordFile *records; /* opened when first needed */
};

TitheShard *tithe_shard_new  (const char *file, guint64 n_images, guint64 first, guint64 offset, guint64 stride);
void        tithe_shard_free (TitheShard *self);
gboolean    tithe_shard_read (TitheShard *self, const char *root, guint64 offset, gpointer out, gsize n, GError **error);

G_END_DECLS
