/* SPDX-License-Identifier: MIT */
#include "tithe-cli-choice.h"
#include "tithe-cli-private.h"

#include "export/tithe-export.h"
#include "session/tithe-session-protected.h"

static char *option_embeddings;
static char *option_output;
static char **option_classes;
static gboolean option_overwrite, option_dry_run;

static TitheCliWord format = { .words = tithe_export_format_words, .value = TITHE_CLI_NO_WORD };
static TitheCliWord what = { .words = tithe_export_what_words, .value = TITHE_EXPORT_USUAL };
static TitheCliWord link_word = { .words = tithe_export_link_words, .value = TITHE_EXPORT_COPY };

const TitheCliOption tithe_cli_subset_options[]
    = { TITHE_CLI_CHOICE_OPTIONS,
        TITHE_CLI_AUTOMATIC_OPTION,
        TITHE_CLI_CLASS_RATIO_OPTION (N_("A class that has a ratio of its own in this subset; may be given again")),
        { "format", 'f', TITHE_CLI_WORD, &format, N_("Form of the export"), "FORMAT", NULL },
        { "what", 0, TITHE_CLI_WORD, &what, N_("Which images (default: kept; both in csv and jsonl)"), "WHAT", NULL },
        { "class", 'c', TITHE_CLI_CLASSES, &option_classes, N_("Only this class; may be given again"), "NAME", NULL },
        { "link", 0, TITHE_CLI_WORD, &link_word, N_("How files get into a folder"), "LINK", NULL },
        { "dry-run", 0, TITHE_CLI_SWITCH, &option_dry_run, N_("Only say what would be written, and how much"), NULL,
          NULL },
        TITHE_CLI_OVERWRITE_OPTION,
        TITHE_CLI_EMBEDDINGS_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write; - is standard output"), TITHE_CLI_ANY_FILE),
        TITHE_CLI_NO_OPTION };

static gboolean
check_export (TitheExportOptions *export, GError **error)
{
  *export = (TitheExportOptions){ (TitheExportFormat) format.value,
                                  (TitheExportWhat) what.value,
                                  (TitheExportLink) link_word.value,
                                  (const char *const *) option_classes,
                                  option_overwrite,
                                  NULL };
  if (link_word.text != NULL && !tithe_export_links_files (export->format))
    return tithe_cli_usage (error, _("--link goes with the formats tree, imagefolder and fiftyone"));
  return TRUE;
}

/* Prints what would be written; where that would be known, too, fails where it could not be. */
static gboolean
print_size (TitheSubset *subset, const TitheExportOptions *export, const TitheProvenance *provenance, GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  TitheExportSize size;
  g_autofree char *text = NULL;

  if (!tithe_export_measure (subset, export, provenance, NULL, &size, error)
      || (option_output != NULL
          && !(tithe_export_check_target (export, &size, TRUE, option_output, error)
               && tithe_export_check_links (dataset, export, option_output, error))))
    return FALSE;
  text = tithe_export_size_dup_text (&size);
  g_print ("%s\n", text);
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
  g_autoptr (TitheProtected) protected = NULL;
  TitheSubsetChoice choice;
  TitheExportOptions export;
  TitheJob *job;
  gboolean ok;

  if (!tithe_cli_check_choice (&choice, error) || !tithe_cli_require (format.text, "--format", error)
      || !(option_dry_run || tithe_cli_require (option_output, "--output", error)) || !check_export (&export, error))
    return FALSE;
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL)
    return FALSE;
  export.protected = protected = tithe_session_protect (session, option_embeddings);
  if (!option_dry_run && !tithe_export_check_target (&export, NULL, TRUE, option_output, error))
    return FALSE;
  if (!option_dry_run && tithe_export_needs_embedding (export.format)
      && (embedding = tithe_session_open_embedding (session, option_embeddings, error)) == NULL)
    return FALSE;
  if ((subset = tithe_cli_open_subset (session, &choice, &curation, error)) == NULL)
    return FALSE;
  provenance
      = tithe_provenance_new (session, curation, &choice, tithe_cli_get_threshold (), tithe_cli_get_class_ratios ());
  if (option_dry_run)
    return print_size (subset, &export, provenance, error);
  job = tithe_cli_start_job (context, _("Exporting"));
  ok = tithe_export_subset (subset, embedding, &export, provenance, option_output, job, error);
  tithe_cli_finish_job (job);
  return ok;
}
