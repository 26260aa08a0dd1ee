/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"
#include "io/tithe-output.h"
#include "tithe-export-form.h"
#include "tithe-export-size.h"
#include "tithe-provenance.h"

G_BEGIN_DECLS

/*
 * A subset as files. Verdicts are reached once (tithe-export-verdict.c), each form has a writer of its own, and what is
 * written appears whole or not at all, with its provenance.
 */

gboolean tithe_export_check_target (const TitheExportOptions *options, const TitheExportSize *size,
                                    gboolean with_provenance, const char *path, GError **error);
gboolean tithe_export_check_links  (TitheDataset *dataset, const TitheExportOptions *options, const char *path,
                                    GError **error);
gboolean tithe_export_subset       (TitheSubset *subset, TitheEmbedding *embedding, const TitheExportOptions *options,
                                    const TitheProvenance *provenance, const char *path, TitheJob *job, GError **error);
gboolean tithe_export_linkage      (const TitheDendrogram *dendrogram, const char *path, GError **error);

G_END_DECLS
