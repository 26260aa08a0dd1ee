/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-dataset.h"
#include <pthread.h>
#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* An open dataset may not hold more images than this: labels and rows are 32-bit. */
#define TITHE_DATASET_MAX_IMAGES G_MAXINT32

/* A file of records of one size, as CIFAR and IDX have them. */
typedef struct
{
  char *file;         /* relative to the dataset's root */
  guint64 n_images;   /* records in the file */
  guint64 first;      /* image that the first record is */
  guint64 offset;     /* bytes before the first record's pixels */
  guint64 stride;     /* bytes from record to record */
  pthread_mutex_t mutex; /* guards bytes */
  GBytes *bytes;      /* mapped or inflated when first needed */
} TitheShard;

/*
 * Images come either from files of their own (path_bytes, path_offsets) or from shards; never from both.
 * labels[i] < class_names->len for every i.
 * class_images holds all image numbers, sorted by class and then by number: class c is the slice
 * class_starts[c] .. class_starts[c + 1].
 */
struct _TitheDataset
{
  TitheDatasetFormat format;
  char *locator; /* absolute path of what was opened */
  char *root;    /* absolute folder that paths are relative to */
  char *name;
  char *fingerprint; /* hexadecimal SHA-256 over classes, paths, labels and sizes */
  gboolean labelled;
  GPtrArray *class_names;
  GPtrArray *notes;

  gsize n_images;
  guint32 *labels;
  guint64 *sizes;        /* bytes of each file; NULL for shards */
  char *path_bytes;      /* zero-terminated paths, one after the other; NULL for shards */
  gsize path_bytes_len;
  guint64 *path_offsets;

  GPtrArray *shards; /* of TitheShard; NULL for files */
  guint width, height, channels;
  gboolean planar; /* all red, then all green, then all blue */

  gsize *class_starts;
  guint32 *class_images;

  TitheDataset *test; /* nullable; shares class_names */
};

/* Gathers images while a reader walks its source. */
typedef struct
{
  GString *paths;
  GArray *path_offsets; /* guint64 */
  GArray *sizes;        /* guint64 */
  GArray *labels;       /* guint32 */
} TitheImageList;

TitheDataset   *tithe_dataset_new_private     (TitheDatasetFormat format, const char *locator, const char *root);
gboolean        tithe_dataset_seal            (TitheDataset *self, GError **error);
void            tithe_dataset_note            (TitheDataset *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void            tithe_dataset_take_images     (TitheDataset *self, TitheImageList *list);
TitheShard     *tithe_dataset_add_shard       (TitheDataset *self, const char *file, guint64 n_images,
                                               guint64 offset, guint64 stride);

TitheImageList *tithe_image_list_new          (void);
void            tithe_image_list_add          (TitheImageList *self, const char *path, guint64 size, guint32 label);
void            tithe_image_list_free         (TitheImageList *self);

GBytes         *tithe_dataset_load_file       (const char *path, guint64 max_size, GError **error);

TitheDataset   *tithe_dataset_open_folder     (const char *path, TitheJob *job, GError **error);
gboolean        tithe_dataset_cifar_matches   (const char *path);
TitheDataset   *tithe_dataset_open_cifar      (const char *path, TitheJob *job, GError **error);
gboolean        tithe_dataset_idx_matches     (const char *path);
TitheDataset   *tithe_dataset_open_idx        (const char *path, TitheJob *job, GError **error);
gboolean        tithe_dataset_manifest_matches (const char *path);
TitheDataset   *tithe_dataset_open_manifest   (const char *path, TitheJob *job, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheImageList, tithe_image_list_free)

G_END_DECLS
