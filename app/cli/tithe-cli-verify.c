/* SPDX-License-Identifier: MIT */
#include "tithe-cli-charts.h"
#include "tithe-cli-choice.h"
#include "tithe-cli-network.h"
#include "tithe-cli-private.h"
#include "tithe-cli-trials.h"

#include "base/tithe-parallel.h"
#include "session/tithe-session-protected.h"
#include "verify/tithe-verify-table.h"
#include "verify/tithe-verify-words.h"
#ifdef TITHE_HAVE_LEARN
#  include "verify/tithe-verify.h"
#endif

#include <string.h>

static gboolean option_quick;
static gboolean option_worker;
static gboolean option_show;
static gboolean option_plan;
static gboolean option_json;
static gboolean option_by_class;
static gboolean option_overwrite;
static char *option_ratios;
static char *option_csv;

/* In the place of one of core's budgets. */
#define BOTH_BUDGETS 2

static const TitheWord both_words[] = { { "both", BOTH_BUDGETS, "each subset in either way" }, { NULL, 0, NULL } };

static TitheCliWord budget = { .words = tithe_budget_words, .more = both_words, .value = TITHE_BUDGET_EPOCHS };
static TitheCliNumber trials = { .min = 1, .max = TITHE_VERIFY_MAX_TRIALS };
static TitheCliNumber manual = { .kind = TITHE_CLI_RATIO, .min = TITHE_VERIFY_MIN_RATIO, .max = 1 };
static TitheCliNumber difference
    = { .kind = TITHE_CLI_REAL, .above = TRUE, .max = 100, .value = 100 * TITHE_VERIFY_MARGIN };

const TitheCliOption tithe_cli_verify_options[]
    = { { "quick", 'q', TITHE_CLI_SWITCH, &option_quick,
          N_("A small network and the ratios 0.9 and 0.5: minutes rather than hours"), NULL, NULL },
        TITHE_CLI_RATIOS_OPTION,
        { "trials", 'n', TITHE_CLI_NUMBER, &trials, N_("Trials of each subset (default 3)"), "N", NULL },
        { "budget", 'b', TITHE_CLI_WORD, &budget, N_("How long is learned from a subset"), "B", NULL },
        { "by-hand", 0, TITHE_CLI_NUMBER, &manual,
          N_("Compare the subset of this ratio with the decisions by hand, too"), "R", NULL },
        TITHE_CLI_EXACT_OPTION,
        TITHE_CLI_RULE_OPTIONS,
        TITHE_CLI_MODEL_OPTION (N_("The network")),
        { "width", 0, TITHE_CLI_NUMBER, &tithe_cli_width, N_("Channels of the network's first stage"), "W", NULL },
        { "epochs", 0, TITHE_CLI_NUMBER, &tithe_cli_epochs, N_("Times that every image is seen"), "E", NULL },
        { "size", 0, TITHE_CLI_NUMBER, &tithe_cli_size, N_("Side that pictures are brought to"), "PX", NULL },
        { "seed", 's', TITHE_CLI_NUMBER, &tithe_cli_seed, N_("Of the first trial (default 1)"), "S", NULL },
        { "difference", 0, TITHE_CLI_NUMBER, &difference, N_("Points of accuracy that matter (default 0.3)"), "POINTS",
          NULL },
        { "plan", 0, TITHE_CLI_SWITCH, &option_plan, N_("Tell what would be done and how long it takes, and end"),
          NULL, NULL },
        { "worker", 0, TITHE_CLI_SWITCH, &option_worker, N_("Work on the plan that is in the session"), NULL, NULL },
        { "show", 0, TITHE_CLI_SWITCH, &option_show, N_("Tell what is known so far, and learn nothing"), NULL, NULL },
        { "by-class", 0, TITHE_CLI_SWITCH, &option_by_class,
          N_("Tell which classes lose and which win, too; --csv has a line for each class"), NULL, NULL },
        { "json", 0, TITHE_CLI_SWITCH, &option_json, N_("Tell it as JSON"), NULL, NULL },
        { "csv", 0, TITHE_CLI_FILE, &option_csv, N_("Write a table of all trials"), "FILE", "csv" },
        TITHE_CLI_OVERWRITE_OPTION,
        TITHE_CLI_THREADS_OPTION,
        TITHE_CLI_NO_OPTION };

/* Before anything is learned. */
static gboolean
check_output (TitheSession *session, GError **error)
{
  g_autoptr (TitheProtected) protected = tithe_session_protect (session, NULL);

  return option_csv == NULL || tithe_cli_check_file (option_csv, protected, option_overwrite, error);
}

static gboolean
has_wishes (void)
{
  return option_quick || option_ratios || budget.text || tithe_cli_policy.text || tithe_cli_representative.text
         || tithe_cli_model.text || trials.given || manual.given || tithe_cli_width.given || tithe_cli_epochs.given
         || tithe_cli_size.given || tithe_cli_seed.given;
}

static gboolean
apply_wishes (TitheVerifyPlan *plan, GError **error)
{
  if (!tithe_cli_take_ratios (plan, option_ratios, error))
    return FALSE;
  tithe_cli_take_rules (&plan->policy, &plan->rule);
  if (budget.text != NULL)
    plan->budgets
        = budget.value == BOTH_BUDGETS ? 1u << TITHE_BUDGET_EPOCHS | 1u << TITHE_BUDGET_STEPS : 1u << budget.value;
  if (trials.given)
    plan->n_trials = (guint) trials.value;
  if (tithe_cli_width.given)
    plan->width = (guint) tithe_cli_width.value;
  if (tithe_cli_epochs.given)
    plan->epochs = (guint) tithe_cli_epochs.value;
  if (tithe_cli_size.given)
    plan->size = (guint) tithe_cli_size.value;
  if (tithe_cli_seed.given)
    plan->seed = (guint64) tithe_cli_seed.value;
  if (tithe_cli_model.text != NULL)
    {
      g_free (plan->preset);
      plan->preset = g_strdup (tithe_cli_model.text);
    }
  return TRUE;
}

/* The plan of the session with what the options change about it; or, with --quick or without one, a new one. */
static TitheVerifyPlan *
make_plan (TitheSession *session, GError **error)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (tithe_session_get_path (session), FALSE, error);
  g_autoptr (TitheVerifyPlan) plan = NULL;
  g_autoptr (GError) local = NULL;

  if (store == NULL)
    return NULL;
  if (!option_quick && tithe_cli_model.text == NULL && !tithe_cli_width.given && !tithe_cli_epochs.given)
    plan = tithe_trial_store_get_plan (store, NULL, &local);
  if (local != NULL
      && (option_worker || option_show
          || !g_error_matches (local, TITHE_TRIAL_STORE_ERROR, TITHE_TRIAL_STORE_ERROR_NO_PLAN)))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (plan == NULL)
    {
      plan = tithe_verify_plan_new (option_quick);
#ifdef TITHE_HAVE_LEARN
      tithe_verify_settle (plan);
#endif
    }
  if (!apply_wishes (plan, error))
    return NULL;
  if (manual.given)
    {
      g_autoptr (TitheCuration) curation = tithe_session_open_curation (session, FALSE, error);

      if (curation == NULL)
        return NULL;
      tithe_verify_plan_set_manual (plan, curation, manual.value, tithe_cli_exact);
    }
  return g_steal_pointer (&plan);
}

static gboolean
tell_report (TitheSession *session, const TitheVerifyPlan *plan, GError **error)
{
  TitheDataset *dataset = tithe_session_get_dataset (session);
  g_autoptr (TitheVerifyReport) report
      = tithe_verify_report_read (tithe_session_get_path (session), dataset, plan, difference.value / 100,
                                  tithe_parallel_resolve_threads ((int) tithe_cli_threads.value), NULL, error);
  g_autofree char *csv = NULL;

  if (report == NULL)
    return FALSE;
  if (option_csv != NULL)
    {
      csv = option_by_class ? tithe_verify_report_to_class_csv (report, dataset) : tithe_verify_report_to_csv (report);
      if (!tithe_output_write (option_csv, csv, strlen (csv), error))
        return FALSE;
    }
  if (option_json)
    tithe_cli_print_report_json (report, dataset, option_by_class);
  else
    tithe_cli_print_report (report, dataset, option_by_class);
  return TRUE;
}

#ifdef TITHE_HAVE_LEARN
static void
report_trial (const TitheTrial *trial, gpointer user_data)
{
  g_autofree char *title = tithe_arm_dup_title (&trial->arm), *duration = tithe_verify_dup_duration (trial->seconds);

  if (!option_json)
    /* TRANSLATORS: a trial's number, the subset that it learned from, ..., how long it took */
    g_print (ngettext ("trial %u, %s: %zu image, %zu steps, accuracy %.2f %%, %s\n",
                       "trial %u, %s: %zu images, %zu steps, accuracy %.2f %%, %s\n", trial->n_images),
             trial->number + 1, title, trial->n_images, trial->n_steps, 100 * trial->accuracy, duration);
}

static void
tell_cost (const TitheVerifyPlan *plan, const TitheVerifyCost *cost)
{
  g_autoptr (GArray) arms = tithe_verify_plan_list_arms (plan);
  g_autofree char *duration = tithe_verify_dup_duration (cost->seconds);

  g_print (ngettext ("%u trial of %u subsets, %zu of them still to be learned: about %s\n",
                     "%u trials of %u subsets, %zu of them still to be learned: about %s\n", plan->n_trials),
           plan->n_trials, arms->len, cost->n_left, duration);
  if (cost->held_out)
    g_print ("%s\n",
             _("There is no test split: a fifth of the images, whole groups of them, is held out for testing."));
}

/* A worker's plan was put already. */
static gboolean
put_plan (TitheSession *session, const TitheVerifyPlan *plan, gint64 *id, GError **error)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (tithe_session_get_path (session), TRUE, error);

  return store != NULL
         && (option_worker ? tithe_trial_store_find_plan (store, plan, id, error)
                           : tithe_trial_store_put_plan (store, plan, id, error));
}

static gboolean
run_verify (TitheCliContext *context, TitheSession *session, TitheVerifyPlan *plan, GError **error)
{
  const guint n_threads = tithe_parallel_resolve_threads ((int) tithe_cli_threads.value);
  TitheLearnOptions options;
  TitheVerifyCost cost;
  TitheJob *job;
  gboolean ok;
  gint64 id;

  if (!tithe_cli_take_model (&options, plan->preset, error))
    return FALSE;
  job = tithe_cli_start_job (context, _("Verifying"));
  ok = tithe_verify_estimate (session, plan, n_threads, &cost, job, error);
  if (ok && !option_json)
    tell_cost (plan, &cost);
  ok = ok
       && (option_plan
           || (put_plan (session, plan, &id, error)
               && tithe_verify_run (session, id, plan, n_threads, report_trial, NULL, job, error)));
  tithe_cli_finish_job (job);
  return ok && (option_plan || tell_report (session, plan, error));
}
#else
static gboolean
run_verify (TitheCliContext *context, TitheSession *session, TitheVerifyPlan *plan, GError **error)
{
  return tithe_cli_usage (error, _("this build of Tithe has no oneDNN and can't retrain; --show tells what is known"));
}
#endif

gboolean
tithe_cli_verify (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheVerifyPlan) plan = NULL;

  if (!tithe_cli_check_network (error))
    return FALSE;
  if (option_worker + option_show + option_plan > 1)
    return tithe_cli_usage (error, _("--worker, --show and --plan go one at a time"));
  if (option_worker && has_wishes ())
    return tithe_cli_usage (error,
                            _("a worker takes the plan that is in the session: --worker goes with --threads alone"));
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL || !check_output (session, error) || (plan = make_plan (session, error)) == NULL)
    return FALSE;
  return option_show ? tell_report (session, plan, error) : run_verify (context, session, plan, error);
}
