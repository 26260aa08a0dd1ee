/* SPDX-License-Identifier: MIT */
#pragma once

#include "session/tithe-session.h"
#include "tithe-cli-private.h"
#include "verify/tithe-verify-report.h"

G_BEGIN_DECLS

/* What a chart or a report shows that is not in the subset itself: how retraining came out, and how near the kept is. */

TitheVerifyReport *tithe_cli_read_trials      (TitheSession *session, GError **error);
GPtrArray         *tithe_cli_measure_coverage (TitheCliContext *context, TitheSession *session, const char *ratios,
                                               const char *embeddings, GError **error);

G_END_DECLS
