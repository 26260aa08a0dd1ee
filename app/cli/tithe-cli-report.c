/* SPDX-License-Identifier: MIT */
#include "tithe-cli-charts.h"
#include "tithe-cli-choice.h"
#include "tithe-cli-private.h"

#include "figure/tithe-report.h"
#include "session/tithe-session-protected.h"

#include <string.h>

static char *option_embeddings;
static char *option_output;
static gboolean option_overwrite;

static TitheCliNumber n_groups = { .max = 100000, .value = 50 };

const TitheCliOption tithe_cli_report_options[]
    = { { "groups", 0, TITHE_CLI_NUMBER, &n_groups, N_("How many of the largest groups (default 50)"), "N", NULL },
        TITHE_CLI_EMBEDDINGS_OPTION,
        TITHE_CLI_CHOICE_OPTIONS,
        TITHE_CLI_AUTOMATIC_OPTION,
        TITHE_CLI_CLASS_RATIO_OPTION (N_("A class that has a ratio of its own in this subset; may be given again")),
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write (.html)"), "html"),
        TITHE_CLI_OVERWRITE_OPTION,
        TITHE_CLI_NO_OPTION };

/* Says that a part of the report is missing, here and in the report. */
static void
miss (GPtrArray *missing, const char *format, const GError *error)
{
  char *sentence = g_strdup_printf (format, error->message);

  g_printerr ("tithe-cli: %s\n", sentence);
  g_ptr_array_add (missing, sentence);
}

/* What was not planned is not missed; what can't be read is. */
static TitheVerifyReport *
read_trials (TitheSession *session, GPtrArray *missing)
{
  g_autoptr (GError) error = NULL;
  TitheVerifyReport *report = tithe_cli_read_trials (session, &error);

  if (report == NULL && !g_error_matches (error, TITHE_TRIAL_STORE_ERROR, TITHE_TRIAL_STORE_ERROR_NO_PLAN))
    miss (missing, _("what retraining showed is not in the report: %s"), error);
  return report;
}

/* Fails only where cancelled. */
static gboolean
measure_coverage (TitheCliContext *context, TitheSession *session, const TitheVerifyPlan *plan, GPtrArray *missing,
                  GPtrArray **coverage, GError **error)
{
  g_autoptr (GError) local = NULL;

  *coverage = tithe_cli_measure_coverage (context, session, plan, 1, option_embeddings, &local);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (local != NULL)
    miss (missing, _("coverage is not in the report: %s"), local);
  return TRUE;
}

gboolean
tithe_cli_report (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (TitheSubset) subset = NULL;
  g_autoptr (TitheProvenance) provenance = NULL;
  g_autoptr (TitheVerifyReport) verify = NULL;
  g_autoptr (TitheVerifyPlan) plan = NULL;
  g_autoptr (GPtrArray) coverage = NULL, missing = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TitheProtected) protected = NULL;
  g_autofree char *html = NULL;
  TitheReportContents contents;
  TitheSubsetChoice choice;
  TitheJob *job;

  if (!tithe_cli_check_choice (&choice, error) || !tithe_cli_require (option_output, "--output", error)
      || (plan = tithe_cli_plan_coverage (NULL, error)) == NULL)
    return FALSE;
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL)
    return FALSE;
  protected = tithe_session_protect (session, option_embeddings);
  if (!tithe_output_check (option_output, protected, option_overwrite, error)
      || (subset = tithe_cli_open_subset (session, &choice, &curation, error)) == NULL)
    return FALSE;
  verify = read_trials (session, missing);
  if (!measure_coverage (context, session, plan, missing, &coverage, error))
    return FALSE;
  provenance
      = tithe_provenance_new (session, curation, &choice, tithe_cli_get_threshold (), tithe_cli_get_class_ratios ());
  contents = (TitheReportContents){ subset, provenance, verify, coverage, missing, (guint) n_groups.value };
  job = tithe_cli_start_job (context, _("Writing the report"));
  html = tithe_report_to_html (&contents, job, error);
  tithe_cli_finish_job (job);
  return html != NULL && tithe_output_write (option_output, html, strlen (html), error);
}
