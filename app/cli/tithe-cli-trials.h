/* SPDX-License-Identifier: MIT */
#pragma once

#include "verify/tithe-verify-table.h"

G_BEGIN_DECLS

/* What trials show, printed for people or as JSON. */

void tithe_cli_print_report      (const TitheVerifyReport *report, TitheDataset *dataset, gboolean by_class);
void tithe_cli_print_report_json (const TitheVerifyReport *report, TitheDataset *dataset, gboolean by_class);

G_END_DECLS
