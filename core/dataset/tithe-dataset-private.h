/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-dataset.h"
#include "tithe-image-list.h"
#include "tithe-shard.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* An open dataset may not hold more images than this: labels and rows are 32-bit. */
#define TITHE_DATASET_MAX_IMAGES G_MAXINT32

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
  GPtrArray *class_names; /* valid UTF-8, no two the same */
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

  TitheDataset *test; /* nullable; has the same classes */
};

/**
 * TitheDatasetSource:
 * @path: what is to be opened
 * @folder: @path itself where it is a folder, else the folder that it is in
 * @name: the file's name in @folder, %NULL for a folder
 * @names: what is in @folder, sorted bytewise; %NULL for a file
 */
typedef struct
{
  const char *path;
  char *folder;
  char *name;
  GPtrArray *names;
} TitheDatasetSource;

/**
 * TitheDatasetReader:
 * @matches: whether the source looks like this reader's format, by its names alone
 * @open: reads it: gathers classes, images and notes, and ends with tithe_dataset_seal()
 *
 * A format that can be read: one file, and one line in the table of tithe-dataset.c.
 */
typedef struct
{
  gboolean      (*matches) (const TitheDatasetSource *source);
  TitheDataset *(*open)    (const TitheDatasetSource *source, TitheJob *job, GError **error);
} TitheDatasetReader;

extern const TitheDatasetReader tithe_dataset_cifar_reader;
extern const TitheDatasetReader tithe_dataset_folder_reader;
extern const TitheDatasetReader tithe_dataset_idx_reader;
extern const TitheDatasetReader tithe_dataset_manifest_reader;

/* What is said about a dataset: with a number and a name, then with one name, or three of the first. */
typedef enum
{
  TITHE_DATASET_NOTE_OTHER_FILES,
  TITHE_DATASET_NOTE_LOOPS,
  TITHE_DATASET_NOTE_UNREADABLE,
  TITHE_DATASET_NOTE_EMPTY_CLASSES,
  TITHE_DATASET_NOTE_PICTURES_BESIDE,
  TITHE_DATASET_NOTE_OTHER_SPLITS,
  TITHE_DATASET_NOTE_FOLDER_BESIDE,
  TITHE_DATASET_NOTE_EMPTY_TEST,
  TITHE_DATASET_NOTE_NO_NAMES,
  TITHE_DATASET_NOTE_MISSING,
  TITHE_DATASET_NOTE_TEST_ONLY,
  TITHE_DATASET_NOTE_NO_LABELS,
  TITHE_DATASET_NOTE_EMPTY_CLASS,
  TITHE_N_DATASET_NOTES
} TitheDatasetNote;

TitheDataset   *tithe_dataset_new_private     (TitheDatasetFormat format, const char *locator, const char *root);
TitheDataset   *tithe_dataset_add_test        (TitheDataset *self);
void            tithe_dataset_note            (TitheDataset *self, TitheDatasetNote note, guint n, ...) G_GNUC_NULL_TERMINATED;
guint32         tithe_dataset_add_class       (TitheDataset *self, GHashTable *labels, const char *name);
void            tithe_dataset_take_images     (TitheDataset *self, TitheImageList *list);
TitheShard     *tithe_dataset_add_shard       (TitheDataset *self, const char *file, guint64 n_images,
                                               guint64 offset, guint64 stride);
TitheShard     *tithe_dataset_find_shard      (TitheDataset *self, gsize image);
gboolean        tithe_dataset_has_records     (TitheDataset *self, gsize begin, gsize end);
gboolean        tithe_dataset_index_classes   (TitheDataset *self, GError **error);
gboolean        tithe_dataset_seal            (TitheDataset *self, GError **error);

gboolean        tithe_dataset_stays_inside    (const char *path);
gboolean        tithe_dataset_fail_to_read    (const char *path, const char *why, GError **error);
GPtrArray      *tithe_dataset_list_folder     (const char *path, GError **error);

G_END_DECLS
