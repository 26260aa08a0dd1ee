/* SPDX-License-Identifier: MIT */
#pragma once

#include "session/tithe-session.h"
#include "tithe-cli-private.h"
#include "verify/tithe-verify-report.h"

G_BEGIN_DECLS

/* A list of ratios; each file has a variable of its own for it. */
#define TITHE_CLI_RATIOS_OPTION                                                                                        \
  {                                                                                                                    \
    "ratios", 'r', TITHE_CLI_TEXT, &option_ratios, N_("Ratios, such as 0.95,0.9,0.8,0.7,0.5 (the default)"), "LIST",   \
        NULL                                                                                                           \
  }

/* What a chart or a report shows that is not in the subset itself: how retraining came out, and how near the kept is. */

TitheVerifyReport *tithe_cli_read_trials      (TitheSession *session, GError **error);

gboolean           tithe_cli_take_ratios      (TitheVerifyPlan *plan, const char *ratios, GError **error);
TitheVerifyPlan   *tithe_cli_plan_coverage    (const char *ratios, GError **error);
GPtrArray         *tithe_cli_measure_coverage (TitheCliContext *context, TitheSession *session,
                                               const TitheVerifyPlan *plan, guint n_draws, const char *embeddings,
                                               GError **error);

G_END_DECLS
