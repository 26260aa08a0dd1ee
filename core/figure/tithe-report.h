/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-figure.h"
#include "export/tithe-provenance.h"

G_BEGIN_DECLS

/**
 * TitheReportContents:
 * @verify: (nullable): what retraining showed
 * @coverage: (nullable) (element-type TitheCoverage): at several ratios
 * @missing: (nullable) (element-type utf8): what should be in the report and is not, a sentence each
 * @n_groups: how many of the largest groups are shown
 *
 * What a report tells of. It is one HTML file that needs no other, and no network.
 */
typedef struct
{
  TitheSubset *subset;
  const TitheProvenance *provenance;
  const TitheVerifyReport *verify;
  GPtrArray *coverage;
  GPtrArray *missing;
  guint n_groups;
} TitheReportContents;

char *tithe_report_to_html (const TitheReportContents *contents, TitheJob *job, GError **error);

G_END_DECLS
