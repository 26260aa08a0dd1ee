/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"

G_BEGIN_DECLS

#define TITHE_EMBEDDING_ERROR (tithe_embedding_error_quark ())

typedef enum
{
  TITHE_EMBEDDING_ERROR_SHAPE, /* not a row for each image */
  TITHE_EMBEDDING_ERROR_VALUE, /* NaN or infinity */
} TitheEmbeddingError;

/**
 * TitheEmbedding:
 *
 * The semantic space: a matrix with one row for each image, as it lies in its file (mapped where it can be). Rows come
 * out normalised, as float32. Immutable; reading is safe from any thread. Which row an image has is settled when it is
 * bound to a dataset, which gives another embedding of the same rows.
 */
typedef struct _TitheEmbedding TitheEmbedding;

GQuark          tithe_embedding_error_quark     (void);

TitheEmbedding *tithe_embedding_open            (const char *path, const char *array, GError **error);
TitheEmbedding *tithe_embedding_new_from_rows   (GBytes *rows, gsize n_rows, gsize dim);
TitheEmbedding *tithe_embedding_ref             (TitheEmbedding *self);
void            tithe_embedding_unref           (TitheEmbedding *self);

gsize           tithe_embedding_get_dim         (TitheEmbedding *self);
const char     *tithe_embedding_get_locator     (TitheEmbedding *self);
const char     *tithe_embedding_get_array       (TitheEmbedding *self);
const char     *tithe_embedding_get_fingerprint (TitheEmbedding *self);
gboolean        tithe_embedding_made_quickly    (const char *origin, const char *locator);
gboolean        tithe_embedding_is_quick        (TitheEmbedding *self);
const char     *tithe_embedding_get_origin      (TitheEmbedding *self);
gboolean        tithe_embedding_create          (GBytes *rows, gsize dim, const char *origin, const char *path,
                                                 GError **error);
gboolean        tithe_embedding_write           (GBytes *rows, gsize dim, const char *origin, const char *path,
                                                 GError **error);

gboolean        tithe_embedding_bind            (TitheEmbedding **embedding, TitheDataset *dataset,
                                                 const char *paths_file, guint n_threads, TitheJob *job, GError **error);
void            tithe_embedding_get_rows        (TitheEmbedding *self, const guint32 *images, gsize n, float *out);
double          tithe_embedding_dissimilarity   (TitheEmbedding *self, guint32 a, guint32 b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheEmbedding, tithe_embedding_unref)

G_END_DECLS
