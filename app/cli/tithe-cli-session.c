/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "curate/tithe-rule.h"
#include "session/tithe-session.h"
#include "export/tithe-export.h"
#include "figure/tithe-group-figure.h"
#include "io/tithe-output.h"
#include "dataset/tithe-dataset-protected.h"
#include "figure/tithe-report.h"
#include "base/tithe-parallel.h"
#include "verify/tithe-coverage.h"

#include <json-glib/json-glib.h>
#include <string.h>

static char *option_embeddings;
static char *option_output;
static char *option_class;
static char *option_policy;
static char *option_representative;
static char *option_format;
static char *option_what;
static char *option_link;
static char *option_session;
static char **option_classes;
static gboolean option_overwrite;
static char *option_kind;
static char *option_rule;
static char *option_value;
static gboolean option_automatic;
static gboolean option_exact;
static gboolean option_dry_run;
static gboolean option_json;
static gboolean option_undo;
static double option_ratio = -1;
static double option_threshold = -1;
static char *option_width;
static char *option_font;
static char *option_ratios;
static char **option_groups;
static char **option_captions;
static int option_sample = 8;
static int option_seed = 1;
static int option_n_groups = 50;
static double option_height = -1;

#define RATIO_OPTIONS                                                                                                  \
  {                                                                                                                    \
    "ratio", 'r', 0, G_OPTION_ARG_DOUBLE, &option_ratio, N_("The share of the images to keep, above 0 up to 1"), "R"  \
  },                                                                                                                   \
      { "policy", 'p', 0, G_OPTION_ARG_STRING, &option_policy, N_("per-class (default) or global"), "P" },            \
      { "threshold",                                                                                                   \
        0,                                                                                                             \
        0,                                                                                                             \
        G_OPTION_ARG_DOUBLE,                                                                                           \
        &option_threshold,                                                                                             \
        N_("Merge up to this dissimilarity, in place of a ratio"),                                                    \
        "H" },                                                                                                         \
      { "representative",                                                                                              \
        0,                                                                                                             \
        0,                                                                                                             \
        G_OPTION_ARG_STRING,                                                                                           \
        &option_representative,                                                                                        \
        N_("centre (default), medoid or first"),                                                                      \
        "RULE" },                                                                                                      \
  {                                                                                                                    \
    "exact", 0, 0, G_OPTION_ARG_NONE, &option_exact,                                                                   \
        N_("Let the cut give way to decisions by hand, so that the ratio is met"), NULL                               \
  }

#define AUTOMATIC_OPTION                                                                                               \
  {                                                                                                                    \
    "automatic", 0, 0, G_OPTION_ARG_NONE, &option_automatic, N_("Leave decisions by hand out"), NULL                  \
  }

/* --- which subset --- */

static gboolean
check_choice (TitheSubsetChoice *choice, GError **error)
{
  gboolean by_ratio = option_ratio != -1, by_threshold = option_threshold != -1;

  *choice = (TitheSubsetChoice){ option_ratio, TITHE_POLICY_PER_CLASS, TITHE_REPRESENTATIVE_CENTRE, option_exact };
  if (by_ratio == by_threshold)
    return tithe_cli_usage (error, _("give either --ratio or --threshold"));
  if (by_ratio && !(option_ratio > 0 && option_ratio <= 1))
    return tithe_cli_usage (error, _("--ratio takes a number above 0 and up to 1, such as 0.9"));
  if (by_threshold && !(option_threshold >= 0 && option_threshold <= 2))
    return tithe_cli_usage (error, _("--threshold takes a dissimilarity from 0 to 2"));
  if (option_policy != NULL && !tithe_policy_from_string (option_policy, &choice->policy))
    return tithe_cli_usage (error, _("--policy takes per-class or global"));
  if (option_representative != NULL && !tithe_representative_from_string (option_representative, &choice->rule))
    return tithe_cli_usage (error, _("--representative takes centre, medoid or first"));
  return TRUE;
}

static TitheSubset *
make_subset (TitheSession *session, TitheCuration *curation, const TitheSubsetChoice *choice)
{
  TitheSubset *subset = tithe_subset_new (tithe_session_get_hierarchy (session), curation);

  tithe_subset_set_rule (subset, choice->rule);
  if (option_threshold != -1)
    tithe_subset_set_threshold (subset, option_threshold);
  else
    tithe_subset_choose (subset, choice);
  return subset;
}

/* --- linkage --- */

const GOptionEntry tithe_cli_linkage_options[]
    = { { "class", 'c', 0, G_OPTION_ARG_STRING, &option_class, N_("The class"), "NAME" },
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write the linkage matrix (.npy)")),
        G_OPTION_ENTRY_NULL };

gboolean
tithe_cli_linkage (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheSession) session = NULL;
  const TitheDendrogram *dendrogram;
  int class_index;

  if (!tithe_cli_require (option_class, "--class", error) || !tithe_cli_require (option_output, "--output", error))
    return FALSE;
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL)
    return FALSE;
  class_index = tithe_dataset_find_class (tithe_session_get_dataset (session), option_class);
  dendrogram
      = class_index < 0 ? NULL : tithe_hierarchy_get_class (tithe_session_get_hierarchy (session), (guint) class_index);
  if (dendrogram == NULL)
    {
      g_set_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_NO_CLASS,
                   class_index < 0 ? _("“%s” has no class “%s”") : _("in “%s” the class “%s” has no images"),
                   (const char *) g_ptr_array_index (context->positional, 0), option_class);
      return FALSE;
    }
  return tithe_export_linkage (dendrogram, option_output, error);
}

/* --- subset --- */

#define FORMATS                                                                                                        \
  "csv, jsonl, indices, mask, paths, paths-dropped, manifest, tree, imagefolder, fiftyone, webdataset, cifar or idx"

const GOptionEntry tithe_cli_subset_options[]
    = { RATIO_OPTIONS,
        AUTOMATIC_OPTION,
        { "format", 'f', 0, G_OPTION_ARG_STRING, &option_format, N_ (FORMATS), "FORMAT" },
        { "what", 0, 0, G_OPTION_ARG_STRING, &option_what,
          N_("kept, discarded or both (default: kept; both in csv and jsonl)"), "WHAT" },
        { "class", 'c', 0, G_OPTION_ARG_STRING_ARRAY, &option_classes, N_("Only this class; may be given again"),
          "NAME" },
        { "link", 0, 0, G_OPTION_ARG_STRING, &option_link,
          N_("copy (default), hard, symbolic or reflink: how files get into a folder"), "LINK" },
        TITHE_CLI_OVERWRITE_OPTION,
        TITHE_CLI_EMBEDDINGS_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write; - is standard output")),
        G_OPTION_ENTRY_NULL };

static gboolean
check_export (TitheExportOptions *export, GError **error)
{
  *export = (TitheExportOptions){ .classes = (const char *const *) option_classes, .overwrite = option_overwrite };
  if (!tithe_export_format_from_string (option_format, &export->format))
    return tithe_cli_usage (error, _("--format takes " FORMATS));
  if (option_what != NULL && !tithe_export_what_from_string (option_what, &export->what))
    return tithe_cli_usage (error, _("--what takes kept, discarded or both"));
  if (option_link != NULL && !tithe_export_link_from_string (option_link, &export->link))
    return tithe_cli_usage (error, _("--link takes copy, hard, symbolic or reflink"));
  if (option_link != NULL && !tithe_export_links_files (export->format))
    return tithe_cli_usage (error, _("--link goes with the formats tree, imagefolder and fiftyone"));
  return TRUE;
}

gboolean
tithe_cli_subset (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (TitheSubset) subset = NULL;
  g_autoptr (TitheProvenance) provenance = NULL;
  TitheSubsetChoice choice;
  TitheExportOptions export;
  TitheJob *job;
  gboolean ok;

  if (!check_choice (&choice, error) || !tithe_cli_require (option_format, "--format", error)
      || !tithe_cli_require (option_output, "--output", error) || !check_export (&export, error))
    return FALSE;
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL)
    return FALSE;
  if (tithe_export_needs_embedding (export.format)
      && (embedding = tithe_session_open_embedding (session, option_embeddings, error)) == NULL)
    return FALSE;
  if (!option_automatic && (curation = tithe_session_open_curation (session, FALSE, error)) == NULL)
    return FALSE;
  subset = make_subset (session, curation, &choice);
  provenance = tithe_provenance_new (session, curation, &choice, option_threshold);
  job = tithe_cli_start_job (context, _("Exporting"));
  ok = tithe_export_subset (subset, embedding, &export, provenance, option_output, job, error);
  tithe_cli_finish_job (job);
  return ok;
}

/* --- replay --- */

const GOptionEntry tithe_cli_replay_options[]
    = { { "session", 0, 0, G_OPTION_ARG_FILENAME, &option_session, N_("The session, where it was moved"), "SESSION" },
        TITHE_CLI_OVERWRITE_OPTION,
        TITHE_CLI_EMBEDDINGS_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write the export again")),
        G_OPTION_ENTRY_NULL };

/* Inputs that changed are named before anything is written, and then nothing is. */
gboolean
tithe_cli_replay (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheProvenance) then = NULL, now = NULL;
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (TitheSubset) subset = NULL;
  g_autoptr (GPtrArray) differences = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  TitheJob *job;
  gboolean ok;

  if (!tithe_cli_require (option_output, "--output", error))
    return FALSE;
  then = tithe_provenance_read (g_ptr_array_index (context->positional, 0), error);
  if (then == NULL)
    return FALSE;
  session = tithe_session_open (option_session ? option_session : then->session, error);
  if (session == NULL)
    {
      g_prefix_error (error, _("the session is needed (give it with --session where it was moved): "));
      return FALSE;
    }
  subset = tithe_provenance_replay (then, session, &curation, differences, error);
  if (subset == NULL
      || (differences->len == 0 && tithe_export_needs_embedding (then->options.format)
          && (embedding = tithe_session_open_embedding (session, option_embeddings, error)) == NULL))
    return FALSE;
  ok = differences->len == 0;
  if (ok)
    {
      then->options.overwrite = option_overwrite;
      now = tithe_provenance_new (session, curation, &then->choice, then->choice.ratio > 0 ? -1 : then->threshold);
      job = tithe_cli_start_job (context, _("Exporting"));
      tithe_provenance_expect (now, then);
      ok = tithe_export_subset (subset, embedding, &then->options, now, option_output, job, &local);
      tithe_cli_finish_job (job);
      if (g_error_matches (local, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_CHANGED))
        g_ptr_array_add (differences, g_strdup (local->message));
      else if (!ok)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
  for (guint i = 0; i < differences->len; i++)
    g_printerr (_("differs: %s\n"), (const char *) g_ptr_array_index (differences, i));
  if (differences->len > 0)
    {
      if (!g_str_equal (then->program, TITHE_VERSION))
        g_printerr (_("the export was made by version %s, this is %s\n"), then->program, TITHE_VERSION);
      g_set_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM,
                   _("“%s” is not written: its inputs are not what they were, see above"), option_output);
      return FALSE;
    }
  g_print (_("Identical: %zu images, SHA-256 %s\n"), then->n_images, then->sum);
  return TRUE;
}

/* --- decide --- */

const GOptionEntry tithe_cli_decide_options[]
    = { { "rule", 0, 0, G_OPTION_ARG_STRING, &option_rule,
          N_("largest, sharpest, discard-others, at-least, protect-class, protect-folder or protect-list"), "RULE" },
        { "value", 0, 0, G_OPTION_ARG_STRING, &option_value,
          N_("The number, class, folder or file of paths that a rule needs"), "V" },
        { "dry-run", 0, 0, G_OPTION_ARG_NONE, &option_dry_run, N_("Tell what would be decided, and decide nothing"),
          NULL },
        { "undo", 0, 0, G_OPTION_ARG_NONE, &option_undo, N_("Take the last step back, in place of a rule"), NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &option_json, N_("Tell it as JSON, with every image"), NULL },
        RATIO_OPTIONS,
        G_OPTION_ENTRY_NULL };

static gboolean
check_rule (TitheRule *rule, GError **error)
{
  char *end = NULL;

  *rule = (TitheRule){ .text = option_value };
  if (!tithe_cli_require (option_rule, "--rule", error))
    return FALSE;
  if (!tithe_rule_kind_from_string (option_rule, &rule->kind))
    return tithe_cli_usage (error, _("--rule takes largest, sharpest, discard-others, at-least, protect-class, "
                                      "protect-folder or protect-list"));
  if (tithe_rule_needs_groups (rule->kind) != (option_value == NULL))
    return tithe_cli_usage (error, option_value ? _("that rule takes no --value") : _("that rule needs a --value"));
  if (rule->kind == TITHE_RULE_AT_LEAST)
    {
      guint64 n = g_ascii_strtoull (option_value, &end, 10);

      if (end == option_value || *end != '\0' || n < 1 || n > G_MAXINT32)
        return tithe_cli_usage (error, _("--value takes a number of images from 1 up"));
      rule->n = (guint32) n;
    }
  return TRUE;
}

static const char *const decision_names[] = { "automatic", "keep", "discard", "representative" };

static void
print_plan (TitheRulePlan *plan, TitheDataset *dataset)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GString) path = g_string_new (NULL);

  if (!option_json)
    {
      g_print (_("%s: %u images, kept %zu before and %zu after\n"), plan->name, plan->changes->len,
               plan->before.n_kept, plan->after.n_kept);
      if (plan->n_unreadable > 0)
        g_print (_("%zu pictures could not be read and were left out\n"), plan->n_unreadable);
      return;
    }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "step");
  json_builder_add_string_value (builder, plan->name);
  json_builder_set_member_name (builder, "kept_before");
  json_builder_add_int_value (builder, (gint64) plan->before.n_kept);
  json_builder_set_member_name (builder, "kept_after");
  json_builder_add_int_value (builder, (gint64) plan->after.n_kept);
  json_builder_set_member_name (builder, "unreadable");
  json_builder_add_int_value (builder, (gint64) plan->n_unreadable);
  json_builder_set_member_name (builder, "changes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plan->changes->len; i++)
    {
      const TitheRuleChange *change = &g_array_index (plan->changes, TitheRuleChange, i);
      g_autofree char *name = g_utf8_make_valid (tithe_dataset_get_path (dataset, change->image, path), -1);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "index");
      json_builder_add_int_value (builder, change->image);
      json_builder_set_member_name (builder, "path");
      json_builder_add_string_value (builder, name);
      json_builder_set_member_name (builder, "from");
      json_builder_add_string_value (builder, decision_names[change->from]);
      json_builder_set_member_name (builder, "to");
      json_builder_add_string_value (builder, decision_names[change->to]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

static gboolean
undo (TitheCuration *curation, GError **error)
{
  const char *last = tithe_curation_get_undo_name (curation);
  g_autofree char *name = g_strdup (last);

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

gboolean
tithe_cli_decide (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheCuration) curation = NULL, copy = NULL;
  g_autoptr (TitheRulePlan) plan = NULL;
  TitheSubsetChoice choice;
  TitheRule rule;
  TitheJob *job;

  if (!option_undo && (!check_rule (&rule, error) || !check_choice (&choice, error)))
    return FALSE;
  if (!option_undo && option_threshold != -1)
    return tithe_cli_usage (error, _("decide takes a --ratio"));
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL || (curation = tithe_session_open_curation (session, !option_dry_run, error)) == NULL)
    return FALSE;
  if (option_undo)
    return undo (curation, error);
  copy = tithe_curation_copy (curation);
  job = tithe_cli_start_job (context, _("Deciding"));
  plan = tithe_rule_plan (&rule, copy, &choice, NULL, 0, job, error);
  tithe_cli_finish_job (job);
  if (plan == NULL || (!option_dry_run && !tithe_rule_plan_apply (plan, curation, error)))
    return FALSE;
  print_plan (plan, tithe_session_get_dataset (session));
  return TRUE;
}

/* --- figure --- */

#define COLUMN_MM 84.0
#define PAGE_MM 174.0
#define POINTS (72 / 25.4)

const GOptionEntry tithe_cli_figure_options[]
    = { { "kind", 0, 0, G_OPTION_ARG_STRING, &option_kind,
          N_("sizes, dissimilarity, redundancy, groups, accuracy or coverage"), "KIND" },
        { "width", 0, 0, G_OPTION_ARG_STRING, &option_width,
          N_("column (84 mm), page (174 mm) or millimetres (default 155)"), "WIDTH" },
        { "height", 0, 0, G_OPTION_ARG_DOUBLE, &option_height, N_("Height in millimetres (default: what suits)"),
          "MM" },
        { "font", 0, 0, G_OPTION_ARG_STRING, &option_font, N_("Family and size, such as “Serif 8” (default “Sans 9”)"),
          "FONT" },
        { "group", 'g', 0, G_OPTION_ARG_STRING_ARRAY, &option_groups,
          N_("groups: number of a group, as in the CSV file; may be given again"), "N" },
        { "caption", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_captions,
          N_("groups: caption of the first group, the second and so on, such as “pose”"), "TEXT" },
        { "sample", 0, 0, G_OPTION_ARG_INT, &option_sample, N_("groups: so many drawn at random (default 8)"), "N" },
        { "seed", 's', 0, G_OPTION_ARG_INT, &option_seed, N_("Of what is drawn at random (default 1)"), "S" },
        { "ratios", 0, 0, G_OPTION_ARG_STRING, &option_ratios, N_("coverage: where it is measured"), "LIST" },
        TITHE_CLI_EMBEDDINGS_OPTION,
        RATIO_OPTIONS,
        AUTOMATIC_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write: .png, .pdf or .svg")),
        TITHE_CLI_OVERWRITE_OPTION,
        G_OPTION_ENTRY_NULL };

static gboolean
check_width (double *width, GError **error)
{
  char *end = NULL;

  *width = 155;
  if (g_strcmp0 (option_width, "column") == 0)
    *width = COLUMN_MM;
  else if (g_strcmp0 (option_width, "page") == 0)
    *width = PAGE_MM;
  else if (option_width != NULL)
    *width = g_ascii_strtod (option_width, &end);
  if ((end != NULL && (end == option_width || *end != '\0')) || !(*width >= 30 && *width <= 2000)
      || (option_height != -1 && !(option_height >= 20 && option_height <= 2000)))
    return tithe_cli_usage (error, _("--width takes column, page or 30 to 2000 millimetres, --height 20 to 2000"));
  return TRUE;
}

static gboolean
check_output (TitheSession *session, GError **error)
{
  g_autoptr (TitheProtected) protected = tithe_dataset_protect (tithe_session_get_dataset (session));

  return tithe_output_check (option_output, protected, option_overwrite, error);
}

static TitheSubset *
open_subset (TitheSession *session, const TitheSubsetChoice *choice, TitheCuration **curation, GError **error)
{
  *curation = NULL;
  if (!option_automatic && (*curation = tithe_session_open_curation (session, FALSE, error)) == NULL)
    return NULL;
  return make_subset (session, *curation, choice);
}

static gboolean
draw_groups (TitheSession *session, const TitheSubsetChoice *choice, double width, const TitheFigureStyle *style,
             GError **error)
{
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (TitheSubset) subset = open_subset (session, choice, &curation, error);
  g_autoptr (TitheGroupFigure) figure = subset ? tithe_group_figure_new (subset) : NULL;
  const guint n_captions = option_captions ? g_strv_length (option_captions) : 0;
  const TitheGroup *groups;
  gsize n;

  if (figure == NULL)
    return FALSE;
  groups = tithe_cut_get_groups (tithe_subset_get_cut (subset), &n);
  for (guint i = 0; option_groups != NULL && option_groups[i] != NULL; i++)
    {
      char *end;
      guint64 number = g_ascii_strtoull (option_groups[i], &end, 10);

      if (end == option_groups[i] || *end != '\0' || number >= n)
        {
          g_set_error (error, TITHE_CLI_USAGE, 0,
                       _("there is no group “%s”: at this ratio they have the numbers 0 to %zu"), option_groups[i],
                       n > 0 ? n - 1 : 0);
          return FALSE;
        }
      if (!tithe_group_figure_add (figure, &groups[number], i < n_captions ? option_captions[i] : NULL, error))
        return FALSE;
    }
  if (option_groups == NULL
      && tithe_group_figure_sample (figure, (guint) option_sample, (guint64) option_seed, NULL) == 0)
    {
      g_set_error_literal (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM,
                           _("there are no redundant groups to draw at this ratio; take a lower one"));
      return FALSE;
    }
  return tithe_group_figure_write (figure, option_output, width, style, error);
}

static GPtrArray *
measure_coverage (TitheCliContext *context, TitheSession *session, GError **error)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (FALSE);
  g_autoptr (TitheEmbedding) embedding = tithe_session_open_embedding (session, option_embeddings, error);
  TitheCoverageOptions options;
  TitheJob *job;
  GPtrArray *curve;

  if (embedding == NULL)
    return NULL;
  if (option_ratios != NULL && !tithe_verify_plan_set_ratios (plan, option_ratios))
    {
      tithe_cli_usage (error, _("--ratios takes up to 32 numbers above 0 and below 1, such as 0.95,0.9,0.5"));
      return NULL;
    }
  options = (TitheCoverageOptions){ .ratios = plan->ratios,
                                    .n_ratios = plan->n_ratios,
                                    .n_draws = 1,
                                    .seed = 1,
                                    .n_threads = tithe_parallel_resolve_threads (0) };
  job = tithe_cli_start_job (context, _("Measuring coverage"));
  curve = tithe_coverage_measure (tithe_session_get_hierarchy (session), embedding, &options, job, error);
  tithe_cli_finish_job (job);
  return curve;
}

static TitheVerifyReport *
read_trials (TitheSession *session, GError **error)
{
  return tithe_verify_report_read (tithe_session_get_path (session), NULL, TITHE_VERIFY_MARGIN,
                                   tithe_parallel_resolve_threads (0), NULL, error);
}

static TitheFigure *
make_figure (TitheCliContext *context, TitheSession *session, TitheFigureKind kind, const TitheSubsetChoice *choice,
             GError **error)
{
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (TitheSubset) subset = NULL;
  g_autoptr (TitheVerifyReport) report = NULL;
  g_autoptr (GPtrArray) curve = NULL;

  if (kind == TITHE_FIGURE_ACCURACY)
    return (report = read_trials (session, error)) ? tithe_figure_new_accuracy (report) : NULL;
  if (kind == TITHE_FIGURE_COVERAGE)
    return (curve = measure_coverage (context, session, error)) ? tithe_figure_new_coverage (curve) : NULL;
  subset = open_subset (session, choice, &curation, error);
  return subset ? tithe_figure_new (kind, subset) : NULL;
}

gboolean
tithe_cli_figure (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheFigure) figure = NULL;
  TitheFigureStyle style = tithe_figure_style_print;
  TitheSubsetChoice choice = { 0 };
  TitheFigureKind kind = TITHE_FIGURE_SIZES;
  gboolean groups = g_strcmp0 (option_kind, "groups") == 0;
  double width;

  if (!tithe_cli_require (option_kind, "--kind", error) || !tithe_cli_require (option_output, "--output", error)
      || !check_width (&width, error))
    return FALSE;
  if (!groups && !tithe_figure_kind_from_string (option_kind, &kind))
    return tithe_cli_usage (error, _("--kind takes sizes, dissimilarity, redundancy, groups, accuracy or coverage"));
  if ((groups || kind < TITHE_N_FIGURES) && !check_choice (&choice, error))
    return FALSE;
  if (option_sample < 1 || option_sample > 200)
    return tithe_cli_usage (error, _("--sample takes a number from 1 to 200"));
  if (option_font != NULL)
    style.font = option_font;
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL || !check_output (session, error))
    return FALSE;
  if (groups)
    return draw_groups (session, &choice, width * POINTS, &style, error);
  figure = make_figure (context, session, kind, &choice, error);
  return figure != NULL
         && tithe_figure_write (figure, option_output, width * POINTS,
                                option_height > 0 ? option_height * POINTS
                                                  : tithe_figure_get_height (figure, width * POINTS),
                                &style, error);
}

/* --- report --- */

const GOptionEntry tithe_cli_report_options[]
    = { { "groups", 0, 0, G_OPTION_ARG_INT, &option_n_groups, N_("How many of the largest groups (default 50)"), "N" },
        TITHE_CLI_EMBEDDINGS_OPTION,
        RATIO_OPTIONS,
        AUTOMATIC_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write (.html)")),
        TITHE_CLI_OVERWRITE_OPTION,
        G_OPTION_ENTRY_NULL };

gboolean
tithe_cli_report (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (TitheSubset) subset = NULL;
  g_autoptr (TitheProvenance) provenance = NULL;
  g_autoptr (TitheVerifyReport) verify = NULL;
  g_autoptr (GPtrArray) coverage = NULL;
  g_autofree char *html = NULL;
  TitheSubsetChoice choice;
  TitheJob *job;

  if (!check_choice (&choice, error) || !tithe_cli_require (option_output, "--output", error))
    return FALSE;
  if (option_n_groups < 0 || option_n_groups > 100000)
    return tithe_cli_usage (error, _("--groups takes a number of groups"));
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL || !check_output (session, error)
      || (subset = open_subset (session, &choice, &curation, error)) == NULL)
    return FALSE;
  /* What is not there is left out. */
  verify = read_trials (session, NULL);
  coverage = measure_coverage (context, session, NULL);
  provenance = tithe_provenance_new (session, curation, &choice, option_threshold);
  job = tithe_cli_start_job (context, _("Writing the report"));
  html = tithe_report_to_html (subset, provenance, verify, coverage, (guint) option_n_groups, job, error);
  tithe_cli_finish_job (job);
  return html != NULL && tithe_output_write (option_output, html, strlen (html), error);
}
