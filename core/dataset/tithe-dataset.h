/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/tithe-image.h"
#include "base/tithe-job.h"

G_BEGIN_DECLS

#define TITHE_DATASET_ERROR (tithe_dataset_error_quark ())

typedef enum
{
  TITHE_DATASET_ERROR_NOT_FOUND, /* nothing there, or it cannot be read */
  TITHE_DATASET_ERROR_UNKNOWN,   /* there, but no dataset that we know */
  TITHE_DATASET_ERROR_EMPTY,     /* a dataset without images */
  TITHE_DATASET_ERROR_CORRUPT,   /* sizes, magic numbers or labels are wrong */
  TITHE_DATASET_ERROR_MANIFEST,  /* a manifest's line cannot be used */
  TITHE_DATASET_ERROR_LIMIT,     /* larger than anything sane */
} TitheDatasetError;

typedef enum
{
  TITHE_DATASET_FOLDER,   /* a folder of class folders */
  TITHE_DATASET_FLAT,     /* a folder of pictures: one unlabelled class */
  TITHE_DATASET_CIFAR10,  /* binary version */
  TITHE_DATASET_CIFAR100, /* binary version, fine labels */
  TITHE_DATASET_IDX,      /* the MNIST family */
  TITHE_DATASET_MANIFEST, /* CSV or JSONL */
} TitheDatasetFormat;

/**
 * TitheDataset:
 *
 * What the images are: an immutable, ordered list of labelled images. Image i is row i of an embedding. Opening one
 * decodes no picture; a million images take a few tens of bytes each. Reading pixels is safe from any thread.
 */
typedef struct _TitheDataset TitheDataset;

GQuark             tithe_dataset_error_quark          (void);

TitheDataset      *tithe_dataset_open                 (const char *path, TitheJob *job, GError **error);
TitheDataset      *tithe_dataset_ref                  (TitheDataset *self);
void               tithe_dataset_unref                (TitheDataset *self);

TitheDatasetFormat tithe_dataset_get_format           (TitheDataset *self);
const char        *tithe_dataset_get_format_name      (TitheDataset *self);
const char        *tithe_dataset_get_locator          (TitheDataset *self);
const char        *tithe_dataset_get_name             (TitheDataset *self);
const char        *tithe_dataset_get_fingerprint      (TitheDataset *self);
gboolean           tithe_dataset_is_labelled          (TitheDataset *self);
GPtrArray         *tithe_dataset_get_notes            (TitheDataset *self);
GPtrArray         *tithe_dataset_list_notes           (TitheDataset *self);
TitheDataset      *tithe_dataset_get_test             (TitheDataset *self);

gsize              tithe_dataset_get_n_images         (TitheDataset *self);
guint              tithe_dataset_get_n_classes        (TitheDataset *self);
const char        *tithe_dataset_get_class_name       (TitheDataset *self, guint class_index);
int                tithe_dataset_find_class           (TitheDataset *self, const char *name);
guint              tithe_dataset_get_label            (TitheDataset *self, gsize image);
const guint32     *tithe_dataset_get_class_images     (TitheDataset *self, guint class_index, gsize *n_images);
const char        *tithe_dataset_get_path             (TitheDataset *self, gsize image, GString *buffer);
const char        *tithe_dataset_get_display_path     (TitheDataset *self, gsize image, GString *buffer);
char              *tithe_dataset_dup_file             (TitheDataset *self, gsize image);
guint64            tithe_dataset_get_size             (TitheDataset *self, gsize image);
gboolean           tithe_dataset_has_files            (TitheDataset *self);
void               tithe_dataset_get_geometry         (TitheDataset *self, guint *width, guint *height, guint *channels);
GBytes            *tithe_dataset_read_record          (TitheDataset *self, gsize image, GError **error);

TithePixels       *tithe_dataset_read_pixels          (TitheDataset *self, gsize image, guint max_edge,
                                                       GError **error);
GPtrArray         *tithe_dataset_find_broken          (TitheDataset *self, guint n_threads, TitheJob *job);

/* What a session keeps of a dataset. */
#define TITHE_DATASET_VARIANT_TYPE G_VARIANT_TYPE ("(issssbuuubasa(stttt)auatatayasmv)")

GVariant          *tithe_dataset_to_variant           (TitheDataset *self);
TitheDataset      *tithe_dataset_new_from_variant     (GVariant *variant, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheDataset, tithe_dataset_unref)

G_END_DECLS
