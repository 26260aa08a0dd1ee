/* SPDX-License-Identifier: MIT */
#include "tithe-cli-charts.h"
#include "tithe-cli-choice.h"

#include "base/tithe-parallel.h"
#include "verify/tithe-coverage.h"

/* Returns: (transfer full): what is known of the session's trials, or %NULL with an error where nothing is planned */
TitheVerifyReport *
tithe_cli_read_trials (TitheSession *session, GError **error)
{
  return tithe_verify_report_read (tithe_session_get_path (session), tithe_session_get_dataset (session), NULL,
                                   TITHE_VERIFY_MARGIN, tithe_parallel_resolve_threads (0), NULL, error);
}

/**
 * tithe_cli_take_ratios:
 * @ratios: (nullable): a list such as “0.9,0.5”, %NULL to leave those of the plan
 *
 * Returns: %FALSE with %TITHE_CLI_USAGE where that is no list of ratios
 */
gboolean
tithe_cli_take_ratios (TitheVerifyPlan *plan, const char *ratios, GError **error)
{
  return ratios == NULL || tithe_verify_plan_set_ratios (plan, ratios)
         || tithe_cli_usage (error, _("--ratios takes up to 32 numbers from 0.0001 to below 1, such as 0.95,0.9,0.5"));
}

/**
 * tithe_cli_plan_coverage:
 * @ratios: (nullable): a list such as “0.9,0.5”, %NULL for the usual ones
 *
 * To be asked before anything is read.
 *
 * Returns: (transfer full): of which subsets coverage is to be measured, as the options say, or %NULL with
 *   %TITHE_CLI_USAGE
 */
TitheVerifyPlan *
tithe_cli_plan_coverage (const char *ratios, GError **error)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (FALSE);

  plan->seed = (guint64) tithe_cli_seed.value;
  tithe_cli_take_rules (&plan->policy, &plan->rule);
  return tithe_cli_take_ratios (plan, ratios, error) ? g_steal_pointer (&plan) : NULL;
}

/**
 * tithe_cli_measure_coverage:
 * @plan: by tithe_cli_plan_coverage()
 * @n_draws: random subsets for each ratio
 * @embeddings: (nullable): where the embedding is now
 *
 * Returns: (transfer full) (element-type TitheCoverage): for each ratio, or %NULL with an error
 */
GPtrArray *
tithe_cli_measure_coverage (TitheCliContext *context, TitheSession *session, const TitheVerifyPlan *plan, guint n_draws,
                            const char *embeddings, GError **error)
{
  g_autoptr (TitheEmbedding) embedding = tithe_session_open_embedding (session, embeddings, error);
  TitheJob *job;
  GPtrArray *curve;

  if (embedding == NULL)
    return NULL;
  job = tithe_cli_start_job (context, _("Measuring coverage"));
  curve = tithe_coverage_measure_plan (tithe_session_get_hierarchy (session), embedding, plan, n_draws,
                                       tithe_parallel_resolve_threads ((int) tithe_cli_threads.value), job, error);
  tithe_cli_finish_job (job);
  return curve;
}
