/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"

G_BEGIN_DECLS

#define TITHE_EXPORT_ERROR (tithe_export_error_quark ())

typedef enum
{
  TITHE_EXPORT_ERROR_WRITE,
  TITHE_EXPORT_ERROR_PATH, /* a path can't be written in that form */
} TitheExportError;

typedef enum
{
  TITHE_EXPORT_CSV,
  TITHE_EXPORT_JSONL,
  TITHE_EXPORT_INDICES,
  TITHE_EXPORT_PATHS,
  TITHE_EXPORT_PATHS_DROPPED,
} TitheExportFormat;

GQuark      tithe_export_error_quark        (void);
const char *tithe_export_format_to_string   (TitheExportFormat format);
gboolean    tithe_export_format_from_string (const char *string, TitheExportFormat *format);
gboolean    tithe_export_needs_embedding    (TitheExportFormat format);
gboolean    tithe_export_subset             (TitheSubset *subset, TitheEmbedding *embedding, TitheExportFormat format,
                                             const char *path, GError **error);
gboolean    tithe_export_linkage            (const TitheDendrogram *dendrogram, const char *path, GError **error);
char       *tithe_export_quote_csv          (const char *text);
gboolean    tithe_export_write              (const char *path, const char *data, gsize size, GError **error);

G_END_DECLS
