/* SPDX-License-Identifier: MIT */
#include "tithe-cli-choice.h"
#include "tithe-cli-private.h"

#include "base/tithe-words.h"
#include "curate/tithe-rule.h"
#include "curate/tithe-step-name.h"

static char *option_value;
static gboolean option_dry_run;
static gboolean option_json;
static gboolean option_undo;

static TitheCliWord rule_word = { .words = tithe_rule_words, .value = TITHE_CLI_NO_WORD };

const TitheCliOption tithe_cli_decide_options[]
    = { { "rule", 0, TITHE_CLI_WORD, &rule_word, N_("What is decided"), "RULE", NULL },
        { "value", 0, TITHE_CLI_TEXT, &option_value,
          N_("The number, class, folder or file of paths that a rule needs"), "V", TITHE_CLI_ANY_FILE },
        { "dry-run", 0, TITHE_CLI_SWITCH, &option_dry_run, N_("Tell what would be decided, and decide nothing"), NULL,
          NULL },
        { "undo", 0, TITHE_CLI_SWITCH, &option_undo, N_("Take the last step back, in place of a rule"), NULL, NULL },
        { "json", 0, TITHE_CLI_SWITCH, &option_json, N_("Tell it as JSON, with every image"), NULL, NULL },
        TITHE_CLI_CLASS_RATIO_OPTION (N_ (
            "Give a class a ratio of its own, in place of a rule, or the one of all by NAME=all; may be given again")),
        TITHE_CLI_CHOICE_OPTIONS,
        TITHE_CLI_NO_OPTION };

static gboolean
check_rule (TitheRule *rule, GError **error)
{
  TitheCliNumber n = { .min = 1, .max = G_MAXINT32 };

  *rule = (TitheRule){ .kind = (TitheRuleKind) rule_word.value, .text = option_value };
  if (!tithe_cli_require (rule_word.text, "--rule", error))
    return FALSE;
  if (tithe_rule_needs_groups (rule->kind) != (option_value == NULL))
    return tithe_cli_usage (error, option_value ? _("that rule takes no --value") : _("that rule needs a --value"));
  if (rule->kind == TITHE_RULE_AT_LEAST && !tithe_cli_number_parse (&n, "value", option_value, error))
    return FALSE;
  rule->n = (guint32) n.value;
  return TRUE;
}

static const TitheWord decision_words[] = { { "automatic", TITHE_DECISION_AUTOMATIC, NULL },
                                            { "keep", TITHE_DECISION_KEEP, NULL },
                                            { "discard", TITHE_DECISION_DISCARD, NULL },
                                            { "representative", TITHE_DECISION_REPRESENTATIVE, NULL },
                                            { NULL, 0, NULL } };

/* What the choice of an image rests on. */
static void
add_evidence (JsonBuilder *builder, const TitheRuleChange *change, TitheRuleKind kind, TitheDataset *dataset)
{
  g_autoptr (GString) path = g_string_new (NULL);

  if (change->other != TITHE_IMAGE_NONE)
    {
      tithe_json_add_int (builder, "other_index", change->other);
      tithe_json_add_text (builder, "other_path", tithe_dataset_get_path (dataset, change->other, path));
    }
  if (kind == TITHE_RULE_LARGEST)
    {
      tithe_json_add_int (builder, "pixels", (gint64) change->value);
      tithe_json_add_int (builder, "other_pixels", (gint64) change->other_width * change->other_height);
    }
  else if (kind == TITHE_RULE_SHARPEST)
    {
      tithe_json_add_double (builder, "sharpness", change->value);
      if (change->other_value >= 0)
        tithe_json_add_double (builder, "other_sharpness", change->other_value);
    }
  else if (kind == TITHE_RULE_DISCARD_OTHERS || kind == TITHE_RULE_AT_LEAST)
    tithe_json_add_double (builder, "merged_at", change->value);
}

static void
print_plan (TitheRulePlan *plan, TitheDataset *dataset)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (GString) path = g_string_new (NULL);
  g_autofree char *title = tithe_step_name_show (plan->name), *reason = tithe_rule_plan_dup_reason (plan);

  if (!option_json)
    {
      g_print (ngettext ("%s: %u image, kept %zu before and %zu after\n",
                         "%s: %u images, kept %zu before and %zu after\n", plan->changes->len),
               title, plan->changes->len, plan->before.n_kept, plan->after.n_kept);
      if (reason != NULL)
        g_print ("%s\n", reason);
      if (plan->n_unreadable > 0)
        g_print (ngettext ("%zu picture could not be read and was left out\n",
                           "%zu pictures could not be read and were left out\n", plan->n_unreadable),
                 plan->n_unreadable);
      return;
    }
  builder = tithe_json_begin ();
  tithe_json_add_string (builder, "step", plan->name);
  tithe_json_add_int (builder, "kept_before", (gint64) plan->before.n_kept);
  tithe_json_add_int (builder, "kept_after", (gint64) plan->after.n_kept);
  tithe_json_add_int (builder, "unreadable", (gint64) plan->n_unreadable);
  tithe_json_add_int (builder, "looked_at", (gint64) plan->n_looked);
  tithe_json_add_int (builder, "changed", (gint64) plan->n_changed);
  tithe_json_begin_array (builder, "changes");
  for (guint i = 0; i < plan->changes->len; i++)
    {
      const TitheRuleChange *change = &g_array_index (plan->changes, TitheRuleChange, i);

      json_builder_begin_object (builder);
      tithe_json_add_int (builder, "index", change->image);
      tithe_json_add_text (builder, "path", tithe_dataset_get_path (dataset, change->image, path));
      tithe_json_add_string (builder, "from", tithe_words_to_text (decision_words, change->from));
      tithe_json_add_string (builder, "to", tithe_words_to_text (decision_words, change->to));
      add_evidence (builder, change, plan->kind, dataset);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  tithe_cli_print_json (builder);
}

static gboolean
undo (TitheCuration *curation, GError **error)
{
  const char *last = tithe_curation_get_undo_name (curation);
  g_autofree char *name = last ? tithe_step_name_show (last) : NULL;

  if (name == NULL)
    {
      g_print (_("There is nothing to undo\n"));
      return TRUE;
    }
  if (!tithe_curation_undo (curation, error))
    return FALSE;
  g_print (_("Undone: %s\n"), name);
  return TRUE;
}

/* @class_index, @ratio: (out): what the options say of one class; the ratio is 0 for that of all */
static gboolean
read_class_ratio (TitheDataset *dataset, const char *const *pair, int *class_index, double *ratio, GError **error)
{
  *ratio = g_str_equal (pair[1], "all") ? 0 : tithe_class_ratio_parse (pair[1]);
  *class_index = tithe_dataset_find_class (dataset, pair[0]);
  if (*ratio < 0)
    g_set_error (error, TITHE_CLI_USAGE, 0,
                 _("--class-ratio takes all or a number above 0 up to 1 with four decimals at most, not “%s”"),
                 pair[1]);
  else if (*class_index < 0)
    g_set_error (error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_CLASS, _("the dataset has no class “%s”"), pair[0]);
  return *ratio >= 0 && *class_index >= 0;
}

static void
print_class_ratio (TitheDataset *dataset, int class_index, double ratio)
{
  const char *name = tithe_dataset_get_class_name (dataset, (guint) class_index);
  gsize n;

  tithe_dataset_get_class_images (dataset, (guint) class_index, &n);
  if (ratio > 0)
    g_print (_("%s: keeps %.0f of %zu, whatever the ratio of all\n"), name,
             (double) tithe_policy_count_share (ratio, (guint32) n), n);
  else
    g_print (_("%s: as the ratio of all\n"), name);
}

static gboolean
decide_class_ratio (TitheCuration *curation, guint class_index, double ratio, GError **error)
{
  g_autofree char *name = tithe_curation_begin_class_ratio (curation, class_index, ratio);

  return tithe_curation_commit (curation, name, error);
}

/* Each class is a step of its own, which can be undone; none is made where one of them can't be. */
static gboolean
decide_class_ratios (TitheCuration *curation, GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_curation_get_hierarchy (curation));
  const char *const *pairs = tithe_cli_get_class_ratios ();
  int class_index;
  double ratio;

  for (guint i = 0; pairs[i] != NULL; i += 2)
    if (!read_class_ratio (dataset, pairs + i, &class_index, &ratio, error))
      return FALSE;
  for (guint i = 0; pairs[i] != NULL; i += 2)
    {
      if (!read_class_ratio (dataset, pairs + i, &class_index, &ratio, error)
          || (!option_dry_run && !decide_class_ratio (curation, (guint) class_index, ratio, error)))
        return FALSE;
      print_class_ratio (dataset, class_index, ratio);
    }
  return TRUE;
}

static gboolean
check_options (TitheRule *rule, TitheSubsetChoice *choice, GError **error)
{
  if (option_undo)
    return TRUE;
  if (tithe_cli_class_ratios == NULL)
    return check_rule (rule, error) && tithe_cli_check_choice (choice, error)
           && (!tithe_cli_threshold.given || tithe_cli_usage (error, _("decide takes a --ratio")));
  if (rule_word.text != NULL || option_json)
    return tithe_cli_usage (error, _("--class-ratio goes with --dry-run alone"));
  return tithe_cli_check_class_ratios (error);
}

gboolean
tithe_cli_decide (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheCuration) curation = NULL, copy = NULL;
  g_autoptr (TitheRulePlan) plan = NULL;
  TitheSubsetChoice choice;
  TitheRule rule;
  TitheJob *job;

  if (!check_options (&rule, &choice, error))
    return FALSE;
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL || (curation = tithe_session_open_curation (session, !option_dry_run, error)) == NULL)
    return FALSE;
  if (option_undo)
    return undo (curation, error);
  if (tithe_cli_class_ratios != NULL)
    return decide_class_ratios (curation, error);
  copy = tithe_curation_copy (curation);
  job = tithe_cli_start_job (context, _("Deciding"));
  plan = tithe_rule_plan (&rule, copy, &choice, NULL, 0, job, error);
  tithe_cli_finish_job (job);
  if (plan == NULL || (!option_dry_run && !tithe_rule_plan_apply (plan, curation, error)))
    return FALSE;
  print_plan (plan, tithe_session_get_dataset (session));
  return TRUE;
}
