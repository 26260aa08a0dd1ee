/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-curation.h"

G_BEGIN_DECLS

#define TITHE_SESSION_ERROR (tithe_session_error_quark ())

typedef enum
{
  TITHE_SESSION_ERROR_CHANGED,   /* what it refers to is not what it was */
  TITHE_SESSION_ERROR_DECISIONS, /* there are decisions in it, which would be lost */
  TITHE_SESSION_ERROR_NO_CLASS,  /* it has no such class, or none with images */
  TITHE_SESSION_ERROR_EMBEDDING, /* its embedding is not where it was, or can't be read */
} TitheSessionError;

/**
 * TitheSession:
 *
 * What a .tithe file holds: a dataset, where its embedding is, and the whole hierarchy. Opening one clusters nothing
 * and does not look at the dataset's files.
 */
typedef struct _TitheSession TitheSession;

GQuark tithe_session_error_quark (void);

gboolean      tithe_session_create  (const char *path, TitheHierarchy *hierarchy, TitheEmbedding *embedding,
                                     const char *paths_file, GError **error);
gboolean      tithe_session_write   (const char *path, TitheHierarchy *hierarchy, TitheEmbedding *embedding,
                                     const char *paths_file, GError **error);
TitheSession *tithe_session_open    (const char *path, GError **error);
void          tithe_session_free    (TitheSession *self);

const char     *tithe_session_get_path              (TitheSession *self);
TitheDataset   *tithe_session_get_dataset           (TitheSession *self);
TitheHierarchy *tithe_session_get_hierarchy         (TitheSession *self);
const char     *tithe_session_get_embedding_locator (TitheSession *self);
const char     *tithe_session_get_embedding_fingerprint (TitheSession *self);
const char     *tithe_session_get_embedding_origin  (TitheSession *self);
TitheEmbedding *tithe_session_open_embedding        (TitheSession *self, const char *path, GError **error);
gboolean        tithe_session_is_quick              (TitheSession *self);
TitheCuration  *tithe_session_open_curation         (TitheSession *self, gboolean writable, GError **error);
TitheCuration  *tithe_session_open_past_curation    (TitheSession *self, gint64 n_rows, GError **error);
gboolean        tithe_session_count_decisions       (const char *path, gsize *n, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheSession, tithe_session_free)

G_END_DECLS
