/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "session/tithe-session.h"
#include "export/tithe-export.h"
#include "io/tithe-output.h"
#include "session/tithe-session-protected.h"
#include "io/tithe-csv.h"
#include "base/tithe-parallel.h"
#include "verify/tithe-coverage.h"
#include "verify/tithe-verify-table.h"
#include "verify/tithe-verify-words.h"
#ifdef TITHE_HAVE_LEARN
#  include "learn/tithe-learn.h"
#  include "verify/tithe-verify.h"
#endif

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static gboolean option_quick;
static gboolean option_worker;
static gboolean option_show;
static gboolean option_plan;
static gboolean option_json;
static gboolean option_by_class;
static gboolean option_exact;
static gboolean option_overwrite;
static char *option_ratios;
static char *option_budget;
static char *option_model;
static char *option_policy;
static char *option_representative;
static char *option_csv;
static char *option_embeddings;
static char *option_output;
static int option_trials;
static int option_width;
static int option_epochs;
static int option_size;
static int option_seed = -1;
static int option_threads;
static int option_draws = 1;
static double option_by_hand = -1;
static double option_difference = 100 * TITHE_VERIFY_MARGIN;

#define RATIOS_OPTION                                                                                                  \
  {                                                                                                                    \
    "ratios", 'r', 0, G_OPTION_ARG_STRING, &option_ratios, N_("Ratios, such as 0.95,0.9,0.8,0.7,0.5 (the default)"),  \
        "LIST"                                                                                                         \
  }
#define THREADS_OPTION                                                                                                 \
  {                                                                                                                    \
    "threads", 't', 0, G_OPTION_ARG_INT, &option_threads, N_("How many at once (default: one a processor)"), "T"      \
  }

/* --- verify --- */

TitheCliNumber *const tithe_cli_verify_numbers[] = { NULL };
const GOptionEntry tithe_cli_verify_options[]
    = { { "quick", 'q', 0, G_OPTION_ARG_NONE, &option_quick,
          N_("A small network and the ratios 0.9 and 0.5: minutes rather than hours"), NULL },
        RATIOS_OPTION,
        { "trials", 'n', 0, G_OPTION_ARG_INT, &option_trials, N_("Trials of each subset (default 3)"), "N" },
        { "budget", 'b', 0, G_OPTION_ARG_STRING, &option_budget,
          N_("epochs (default): each image is seen as often; steps: a subset takes as many steps as everything; both"),
          "B" },
        { "by-hand", 0, 0, G_OPTION_ARG_DOUBLE, &option_by_hand,
          N_("Compare the subset of this ratio with the decisions by hand, too"), "R" },
        { "exact", 0, 0, G_OPTION_ARG_NONE, &option_exact, N_("Let the cut give way to decisions by hand"), NULL },
        { "policy", 'p', 0, G_OPTION_ARG_STRING, &option_policy, N_("per-class (default) or global"), "P" },
        { "representative", 0, 0, G_OPTION_ARG_STRING, &option_representative, N_("centre (default), medoid or first"),
          "RULE" },
        { "model", 0, 0, G_OPTION_ARG_STRING, &option_model, N_("fast (default), resnet20, resnet32, resnet8"),
          "MODEL" },
        { "width", 0, 0, G_OPTION_ARG_INT, &option_width, N_("Channels of the network's first stage"), "W" },
        { "epochs", 0, 0, G_OPTION_ARG_INT, &option_epochs, N_("Times that every image is seen"), "E" },
        { "size", 0, 0, G_OPTION_ARG_INT, &option_size, N_("Side that pictures are brought to"), "PX" },
        { "seed", 's', 0, G_OPTION_ARG_INT, &option_seed, N_("Of the first trial (default 1)"), "S" },
        { "difference", 0, 0, G_OPTION_ARG_DOUBLE, &option_difference,
          N_("Points of accuracy that matter (default 0.3)"), "POINTS" },
        { "plan", 0, 0, G_OPTION_ARG_NONE, &option_plan, N_("Tell what would be done and how long it takes, and end"),
          NULL },
        { "worker", 0, 0, G_OPTION_ARG_NONE, &option_worker, N_("Work on the plan that is in the session"), NULL },
        { "show", 0, 0, G_OPTION_ARG_NONE, &option_show, N_("Tell what is known so far, and learn nothing"), NULL },
        { "by-class", 0, 0, G_OPTION_ARG_NONE, &option_by_class,
          N_("Tell which classes lose and which win, too; --csv has a line for each class"), NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &option_json, N_("Tell it as JSON"), NULL },
        { "csv", 0, 0, G_OPTION_ARG_FILENAME, &option_csv, N_("Write a table of all trials"), "FILE" },
        TITHE_CLI_OVERWRITE_OPTION,
        THREADS_OPTION,
        G_OPTION_ENTRY_NULL };

static gboolean
check_numbers (GError **error)
{
  if (option_trials < 0 || option_trials > TITHE_VERIFY_MAX_TRIALS)
    return tithe_cli_usage (error, _("--trials takes a number from 1 to 1000"));
  if (option_epochs < 0 || option_epochs > 100000)
    return tithe_cli_usage (error, _("--epochs takes a number from 1"));
  if (option_width != 0 && (option_width < 4 || option_width > 256 || option_width % 4 != 0))
    return tithe_cli_usage (error, _("--width takes a multiple of 4 up to 256"));
  if (option_size != 0 && (option_size < 16 || option_size > 256 || option_size % 4 != 0))
    return tithe_cli_usage (error, _("--size takes a multiple of 4 from 16 to 256"));
  if (option_by_hand != -1 && !(option_by_hand > 0 && option_by_hand <= 1))
    return tithe_cli_usage (error, _("--by-hand takes the ratio that the decisions came on top of, such as 0.9"));
  if (!(option_difference > 0 && option_difference < 100))
    return tithe_cli_usage (error, _("--difference takes points of accuracy, such as 0.3"));
  if (option_threads < 0)
    return tithe_cli_usage (error, _("--threads takes a number from 1 up"));
  return TRUE;
}

/* Before anything is learned or measured. */
static gboolean
check_output (TitheSession *session, const char *path, GError **error)
{
  g_autoptr (TitheProtected) protected = tithe_session_protect (session, option_embeddings);

  return path == NULL || tithe_output_check (path, protected, option_overwrite, error);
}

static gboolean
has_wishes (void)
{
  return option_quick || option_ratios || option_trials || option_budget || option_by_hand != -1 || option_policy
         || option_representative || option_model || option_width || option_epochs || option_size || option_seed != -1;
}

static gboolean
apply_wishes (TitheVerifyPlan *plan, GError **error)
{
  if (option_ratios != NULL && !tithe_verify_plan_set_ratios (plan, option_ratios))
    return tithe_cli_usage (error, _("--ratios takes up to 32 numbers from 0.0001 to below 1, such as 0.95,0.9,0.5"));
  if (option_policy != NULL && !tithe_policy_from_string (option_policy, &plan->policy))
    return tithe_cli_usage (error, _("--policy takes per-class or global"));
  if (option_representative != NULL && !tithe_representative_from_string (option_representative, &plan->rule))
    return tithe_cli_usage (error, _("--representative takes centre, medoid or first"));
  if (g_strcmp0 (option_budget, "both") == 0)
    plan->budgets = 1u << TITHE_BUDGET_EPOCHS | 1u << TITHE_BUDGET_STEPS;
  else if (g_strcmp0 (option_budget, "steps") == 0)
    plan->budgets = 1u << TITHE_BUDGET_STEPS;
  else if (option_budget != NULL && !g_str_equal (option_budget, "epochs"))
    return tithe_cli_usage (error, _("--budget takes epochs, steps or both"));
  if (option_trials > 0)
    plan->n_trials = (guint) option_trials;
  if (option_width > 0)
    plan->width = (guint) option_width;
  if (option_epochs > 0)
    plan->epochs = (guint) option_epochs;
  if (option_size > 0)
    plan->size = (guint) option_size;
  if (option_seed != -1)
    plan->seed = (guint64) option_seed;
  if (option_model != NULL)
    {
      g_free (plan->preset);
      plan->preset = g_strdup (option_model);
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
  if (!option_quick && option_model == NULL && option_width == 0 && option_epochs == 0)
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
  if (option_by_hand != -1)
    {
      g_autoptr (TitheCuration) curation = tithe_session_open_curation (session, FALSE, error);

      if (curation == NULL)
        return NULL;
      tithe_verify_plan_set_hand (plan, curation, option_by_hand, option_exact);
    }
  return g_steal_pointer (&plan);
}

static void
add_classes_json (JsonBuilder *builder, const TitheVerifyReport *report, const TitheArm *arm, TitheDataset *dataset)
{
  g_autoptr (GArray) classes = tithe_verify_report_list_classes (report, arm, dataset);

  json_builder_set_member_name (builder, "classes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < classes->len; i++)
    {
      const TitheVerifyClass *class = &g_array_index (classes, TitheVerifyClass, i);
      g_autofree char *name = g_utf8_make_valid (tithe_dataset_get_class_name (dataset, class->class_index), -1);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "class");
      json_builder_add_string_value (builder, name);
      json_builder_set_member_name (builder, "accuracy");
      json_builder_add_double_value (builder, class->accuracy);
      if (arm->kind != TITHE_ARM_FULL)
        {
          json_builder_set_member_name (builder, "difference");
          json_builder_add_double_value (builder, class->comparison.difference);
        }
      if (arm->kind != TITHE_ARM_FULL && class->comparison.n >= 2)
        {
          json_builder_set_member_name (builder, "low");
          json_builder_add_double_value (builder, class->comparison.low);
          json_builder_set_member_name (builder, "high");
          json_builder_add_double_value (builder, class->comparison.high);
          json_builder_set_member_name (builder, "certain");
          json_builder_add_boolean_value (builder, tithe_statistics_is_certain (&class->comparison));
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_report_json (const TitheVerifyReport *report, TitheDataset *dataset)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "finished");
  json_builder_add_int_value (builder, (gint64) report->n_finished);
  json_builder_set_member_name (builder, "trials");
  json_builder_add_int_value (builder, (gint64) report->n_trials);
  json_builder_set_member_name (builder, "test_images");
  json_builder_add_int_value (builder, (gint64) report->n_test);
  json_builder_set_member_name (builder, "subsets");
  json_builder_begin_array (builder);
  for (guint r = 0; r < report->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (report->rows, TitheVerifyRow, r);
      g_autofree char *name = tithe_arm_to_string (&row->arm);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "subset");
      json_builder_add_string_value (builder, name);
      json_builder_set_member_name (builder, "images");
      json_builder_add_int_value (builder, (gint64) row->n_images);
      json_builder_set_member_name (builder, "seconds");
      json_builder_add_double_value (builder, row->seconds);
      json_builder_set_member_name (builder, "accuracies");
      json_builder_begin_array (builder);
      for (guint t = 0; t < row->accuracies->len; t++)
        if (!isnan (g_array_index (row->accuracies, double, t)))
          json_builder_add_double_value (builder, g_array_index (row->accuracies, double, t));
      json_builder_end_array (builder);
      if (option_by_class)
        add_classes_json (builder, report, &row->arm, dataset);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "claims");
  json_builder_begin_array (builder);
  for (guint i = 0; i < report->claims->len; i++)
    {
      static const char *const verdicts[] = { "undecided", "better", "worse", "no-worse" };
      const TitheVerifyClaim *claim = &g_array_index (report->claims, TitheVerifyClaim, i);
      g_autofree char *arm = tithe_arm_to_string (&claim->arm), *against = tithe_arm_to_string (&claim->against);
      g_autofree char *words = tithe_verify_claim_dup_text (claim, report->margin);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "subset");
      json_builder_add_string_value (builder, arm);
      json_builder_set_member_name (builder, "against");
      json_builder_add_string_value (builder, against);
      json_builder_set_member_name (builder, "verdict");
      json_builder_add_string_value (builder, verdicts[claim->comparison.verdict]);
      json_builder_set_member_name (builder, "difference");
      json_builder_add_double_value (builder, claim->comparison.difference);
      if (claim->comparison.n >= 2)
        {
          json_builder_set_member_name (builder, "low");
          json_builder_add_double_value (builder, claim->comparison.low);
          json_builder_set_member_name (builder, "high");
          json_builder_add_double_value (builder, claim->comparison.high);
          json_builder_set_member_name (builder, "p");
          json_builder_add_double_value (builder, claim->comparison.p);
          json_builder_set_member_name (builder, "more_trials");
          json_builder_add_int_value (builder, (gint64) claim->n_more);
        }
      json_builder_set_member_name (builder, "words");
      json_builder_add_string_value (builder, words);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

/* The largest loss first. */
static void
print_classes (const TitheVerifyReport *report, TitheDataset *dataset)
{
  g_autofree char *promise = tithe_verify_dup_class_promise ();

  for (guint r = 1; r < report->rows->len; r++)
    {
      const TitheArm *arm = &g_array_index (report->rows, TitheVerifyRow, r).arm;
      g_autoptr (GArray) classes = tithe_verify_report_list_classes (report, arm, dataset);
      g_autofree char *text = tithe_verify_classes_to_text (classes, arm, dataset);

      g_print ("\n%s", text);
    }
  g_print ("\n%s\n", promise);
}

/* What the session has and does not count. */
static void
print_notes (const TitheVerifyReport *report)
{
  g_autoptr (GPtrArray) notes = tithe_verify_report_list_notes (report);

  for (guint i = 0; i < notes->len; i++)
    g_print ("%s\n%s", (char *) g_ptr_array_index (notes, i), i + 1 < notes->len ? "" : "\n");
}

/* What can be said, and how far it can be trusted. */
static void
print_claims (const TitheVerifyReport *report)
{
  g_autofree char *promise = tithe_verify_dup_promise ();

  for (guint i = 0; i < report->claims->len; i++)
    {
      g_autofree char *words
          = tithe_verify_claim_dup_text (&g_array_index (report->claims, TitheVerifyClaim, i), report->margin);

      g_print ("%s\n", words);
    }
  g_print ("\n%s\n", promise);
}

static gboolean
tell_report (TitheSession *session, const TitheVerifyPlan *plan, GError **error)
{
  TitheDataset *dataset = tithe_session_get_dataset (session);
  g_autoptr (TitheVerifyReport) report
      = tithe_verify_report_read (tithe_session_get_path (session), dataset, plan, option_difference / 100,
                                  tithe_parallel_resolve_threads (option_threads), NULL, error);
  g_autofree char *table = NULL, *csv = NULL;

  if (report == NULL)
    return FALSE;
  if (option_csv != NULL)
    {
      csv = option_by_class ? tithe_verify_report_to_class_csv (report, dataset) : tithe_verify_report_to_csv (report);
      if (!tithe_output_write (option_csv, csv, strlen (csv), error))
        return FALSE;
    }
  if (option_json)
    {
      print_report_json (report, dataset);
      return TRUE;
    }
  table = tithe_verify_report_to_text (report);
  g_print (_("%zu of %zu trials, each tested on %zu images\n\n%s\n"), report->n_finished, report->n_trials,
           report->n_test, table);
  print_notes (report);
  print_claims (report);
  if (option_by_class)
    print_classes (report, dataset);
  return TRUE;
}

#ifdef TITHE_HAVE_LEARN
static void
report_trial (const TitheTrial *trial, gpointer user_data)
{
  g_autofree char *title = tithe_arm_dup_title (&trial->arm), *duration = tithe_verify_dup_duration (trial->seconds);

  if (!option_json)
    g_print (_("trial %u, %s: %zu images, %zu steps, accuracy %.2f %%, %s\n"), trial->number + 1, title,
             trial->n_images, trial->n_steps, 100 * trial->accuracy, duration);
}

static void
tell_cost (const TitheVerifyPlan *plan, const TitheVerifyCost *cost)
{
  g_autoptr (GArray) arms = tithe_verify_plan_list_arms (plan);
  g_autofree char *duration = tithe_verify_dup_duration (cost->seconds);

  g_print (_("%u trials of %u subsets, %zu of them still to be learned: about %s\n"), plan->n_trials, arms->len,
           cost->n_left, duration);
  if (cost->held_out)
    g_print (_("There is no test split: a fifth of the images, whole groups of them, is held out for testing.\n"));
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
  const guint n_threads = tithe_parallel_resolve_threads (option_threads);
  TitheLearnOptions options;
  TitheVerifyCost cost;
  TitheJob *job;
  gboolean ok;
  gint64 id;

  if (!tithe_learn_options_init (&options, plan->preset))
    return tithe_cli_usage (error,
                            _("--model takes fast, resnet8, resnet20, resnet32, and resnet with any other 6n + 2"));
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

  if (!check_numbers (error))
    return FALSE;
  if (option_worker + option_show + option_plan > 1)
    return tithe_cli_usage (error, _("--worker, --show and --plan go one at a time"));
  if (option_worker && has_wishes ())
    return tithe_cli_usage (error,
                            _("a worker takes the plan that is in the session: --worker goes with --threads alone"));
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL || !check_output (session, option_csv, error) || (plan = make_plan (session, error)) == NULL)
    return FALSE;
  return option_show ? tell_report (session, plan, error) : run_verify (context, session, plan, error);
}

/* --- coverage --- */

TitheCliNumber *const tithe_cli_coverage_numbers[] = { NULL };
const GOptionEntry tithe_cli_coverage_options[]
    = { RATIOS_OPTION,
        { "draws", 0, 0, G_OPTION_ARG_INT, &option_draws, N_("Random subsets for each ratio (default 1)"), "N" },
        { "policy", 'p', 0, G_OPTION_ARG_STRING, &option_policy, N_("per-class (default) or global"), "P" },
        { "representative", 0, 0, G_OPTION_ARG_STRING, &option_representative, N_("centre (default), medoid or first"),
          "RULE" },
        { "seed", 's', 0, G_OPTION_ARG_INT, &option_seed, N_("Of the random subsets (default 1)"), "S" },
        TITHE_CLI_EMBEDDINGS_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("Write a table with every class (.csv); without it, the whole is printed")),
        TITHE_CLI_OVERWRITE_OPTION,
        THREADS_OPTION,
        G_OPTION_ENTRY_NULL };

static void
append_span (GString *out, double ratio, const char *class_name, const char *what, const TitheSpan *span)
{
  char numbers[4][G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *quoted = tithe_csv_quote (class_name);

  g_string_append_printf (out, "%s,%s,%s,%zu,%s,%s,%s\n",
                          g_ascii_formatd (numbers[0], sizeof numbers[0], "%.6g", ratio), quoted, what, span->n,
                          g_ascii_formatd (numbers[1], sizeof numbers[1], "%.7g", span->mean),
                          g_ascii_formatd (numbers[2], sizeof numbers[2], "%.7g", span->p95),
                          g_ascii_formatd (numbers[3], sizeof numbers[3], "%.7g", span->worst));
}

static gboolean
write_coverage (TitheDataset *dataset, GPtrArray *curve, GError **error)
{
  g_autoptr (GString) out = g_string_new ("ratio,class,subset,discarded,mean,p95,worst\n");

  for (guint i = 0; i < curve->len; i++)
    {
      const TitheCoverage *coverage = g_ptr_array_index (curve, i);

      append_span (out, coverage->ratio, "", "semantic", &coverage->semantic);
      append_span (out, coverage->ratio, "", "random", &coverage->random);
      for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
        {
          const char *name = tithe_dataset_get_class_name (dataset, c);

          append_span (out, coverage->ratio, name, "semantic", &coverage->semantic_by_class[c]);
          append_span (out, coverage->ratio, name, "random", &coverage->random_by_class[c]);
        }
    }
  return tithe_output_write (option_output, out->str, out->len, error);
}

static void
print_coverage (GPtrArray *curve)
{
  g_print ("%6s  %9s   %-24s   %-24s\n", _("ratio"), _("discarded"), _("semantic: mean, 95 %, worst"),
           _("random: mean, 95 %, worst"));
  for (guint i = 0; i < curve->len; i++)
    {
      const TitheCoverage *c = g_ptr_array_index (curve, i);

      g_print ("%6.3g  %9zu   %.4f  %.4f  %.4f      %.4f  %.4f  %.4f\n", c->ratio, c->semantic.n, c->semantic.mean,
               c->semantic.p95, c->semantic.worst, c->random.mean, c->random.p95, c->random.worst);
    }
}

gboolean
tithe_cli_coverage (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (FALSE);
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (GPtrArray) curve = NULL;
  TitheCoverageOptions options;
  TitheJob *job;

  if (!check_numbers (error) || !apply_wishes (plan, error))
    return FALSE;
  if (option_draws < 1 || option_draws > 100)
    return tithe_cli_usage (error, _("--draws takes a number from 1 to 100"));
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL || !check_output (session, option_output, error)
      || (embedding = tithe_session_open_embedding (session, option_embeddings, error)) == NULL)
    return FALSE;
  options = (TitheCoverageOptions){ plan->ratios,
                                    plan->n_ratios,
                                    plan->policy,
                                    plan->rule,
                                    (guint) option_draws,
                                    plan->seed,
                                    tithe_parallel_resolve_threads (option_threads) };
  job = tithe_cli_start_job (context, _("Measuring coverage"));
  curve = tithe_coverage_measure (tithe_session_get_hierarchy (session), embedding, &options, job, error);
  tithe_cli_finish_job (job);
  if (curve == NULL)
    return FALSE;
  if (option_output != NULL)
    return write_coverage (tithe_session_get_dataset (session), curve, error);
  print_coverage (curve);
  return TRUE;
}
