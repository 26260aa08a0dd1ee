/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"
#include "tithe-export-form.h"
#include "tithe-provenance.h"

G_BEGIN_DECLS

/**
 * TitheExportSize:
 * @n_images: that are exported
 * @n_classes: that have any of them
 * @n_files: that are written, with the provenance's; those that share their blocks are among them
 * @n_links: that are made
 * @n_bytes: in those files together; what links lead to and what is shared takes none
 * @exact: whether it is so many; otherwise it is within a twentieth
 *
 * What an export writes, known before it does.
 *
 * Exact is what follows from the dataset. Two things are estimated: a dissimilarity's digits, and pictures that are records of a
 * dataset and are to be files, of which 256 are made to see how large they get. IDX files of grey pictures are judged by 256 of
 * them as well, and are three times as large where another one is in colour.
 */
typedef struct
{
  gsize n_images;
  guint n_classes;
  guint64 n_files;
  guint64 n_links;
  guint64 n_bytes;
  gboolean exact;
} TitheExportSize;

gboolean tithe_export_measure       (TitheSubset *subset, const TitheExportOptions *options,
                                     const TitheProvenance *provenance, TitheJob *job, TitheExportSize *size,
                                     GError **error);
gboolean tithe_export_count         (TitheSubset *subset, const TitheExportOptions *options, gsize *n_images,
                                     GError **error);
char    *tithe_export_size_dup_text (const TitheExportSize *self);

G_END_DECLS
