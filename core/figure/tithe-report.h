/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-figure.h"
#include "export/tithe-provenance.h"

G_BEGIN_DECLS

char *tithe_report_to_html (TitheSubset *subset, const TitheProvenance *provenance, const TitheVerifyReport *verify,
                            GPtrArray *coverage, guint n_groups, TitheJob *job, GError **error);

G_END_DECLS
