/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"
#include "session/tithe-session.h"
#include "tithe-export-form.h"

G_BEGIN_DECLS

/* In a folder, and after the name of a file. */
#define TITHE_PROVENANCE_NAME "provenance.json"
#define TITHE_PROVENANCE_ENDING ".provenance.json"

typedef struct _TitheProvenance TitheProvenance;

/**
 * TitheProvenance:
 * @program: version that wrote it
 * @session: absolute path
 * @dataset: absolute path of what was opened
 * @dataset_fingerprint: of its class names, labels, paths and sizes
 * @embedding: absolute path
 * @embedding_fingerprint: of its contents
 * @embedding_origin: what it was made by, where that is known
 * @linkage: of the hierarchy
 * @choice: of the subset; its ratio is 0 where a threshold chose
 * @threshold: dissimilarity up to which was merged, where the ratio is 0
 * @class_ratios: (nullable) (array zero-terminated=1): names of classes, each followed by its own ratio, over those that
 *   were decided
 * @decisions: (nullable): fingerprint of the decisions by hand, %NULL where they were left out
 * @n_decisions: steps among them
 * @n_rows: of the journal then
 * @options: of the export; its classes are owned
 * @n_images: that were exported
 * @sum: (nullable): SHA-256 of what was written: of an export that is made again, what it must be
 * @contents: (nullable) (array zero-terminated=1): class names, each followed by the fingerprint of its pictures, where
 *   pictures were written
 * @written: when the file was, in microseconds since 1970
 *
 * All that an export depends on: the same again gives the same bytes.
 */
struct _TitheProvenance
{
  char *program;
  char *session;
  char *dataset;
  char *dataset_fingerprint;
  char *embedding;
  char *embedding_fingerprint;
  char *embedding_origin;
  char *linkage;
  TitheSubsetChoice choice;
  double threshold;
  char **class_ratios;
  char *decisions;
  gsize n_decisions;
  gint64 n_rows;
  TitheExportOptions options;
  gsize n_images;
  char *sum;
  char **contents;
  gint64 written;
};

TitheProvenance *tithe_provenance_new     (TitheSession *session, TitheCuration *curation, const TitheSubsetChoice *choice,
                                           double threshold, const char *const *class_ratios);
void             tithe_provenance_free    (TitheProvenance *self);
char            *tithe_provenance_to_json (const TitheProvenance *self, const TitheExportOptions *options, gsize n_images,
                                           const char *sum, const char *const *contents);
TitheProvenance *tithe_provenance_read    (const char *path, GError **error);
void             tithe_provenance_expect  (TitheProvenance *self, const TitheProvenance *then);
char            *tithe_provenance_explain (const TitheProvenance *self, TitheDataset *dataset, const guint32 *images,
                                           gsize n, const char *const *contents);
TitheSubset     *tithe_provenance_replay  (const TitheProvenance *self, TitheSession *session, TitheCuration **curation,
                                           GPtrArray *differences, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheProvenance, tithe_provenance_free)

G_END_DECLS
