/* SPDX-License-Identifier: MIT */
#include "tithe-cli-choice.h"
#include "tithe-cli-private.h"

#include "export/tithe-export.h"
#include "session/tithe-session-protected.h"

static char *option_embeddings;
static char *option_output;
static char *option_format;
static char *option_what;
static char *option_link;
static char **option_classes;
static gboolean option_overwrite;

TitheCliNumber *const tithe_cli_subset_numbers[] = { TITHE_CLI_CHOICE_NUMBERS, NULL };
const GOptionEntry tithe_cli_subset_options[]
    = { TITHE_CLI_CHOICE_OPTIONS,
        TITHE_CLI_AUTOMATIC_OPTION,
        { "format", 'f', 0, G_OPTION_ARG_STRING, &option_format,
          N_("csv, jsonl, indices, mask, paths, paths-dropped, manifest, tree, imagefolder, fiftyone, webdataset, "
              "cifar or idx"),
          "FORMAT" },
        { "what", 0, 0, G_OPTION_ARG_STRING, &option_what,
          N_("kept, discarded or both (default: kept; both in csv and jsonl)"), "WHAT" },
        { "class", 'c', 0, G_OPTION_ARG_FILENAME_ARRAY, &option_classes, N_("Only this class; may be given again"),
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
    {
      g_autofree char *formats = tithe_export_format_dup_list ();

      g_set_error (error, TITHE_CLI_USAGE, 0, _("--format takes %s"), formats);
      return FALSE;
    }
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
  g_autoptr (TitheProtected) protected = NULL;
  TitheSubsetChoice choice;
  TitheExportOptions export;
  TitheJob *job;
  gboolean ok;

  if (!tithe_cli_check_choice (&choice, error) || !tithe_cli_require (option_format, "--format", error)
      || !tithe_cli_require (option_output, "--output", error) || !check_export (&export, error))
    return FALSE;
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL)
    return FALSE;
  export.protected = protected = tithe_session_protect (session, option_embeddings);
  if (!tithe_export_check_target (&export, TRUE, option_output, error))
    return FALSE;
  if (tithe_export_needs_embedding (export.format)
      && (embedding = tithe_session_open_embedding (session, option_embeddings, error)) == NULL)
    return FALSE;
  if ((subset = tithe_cli_open_subset (session, &choice, &curation, error)) == NULL)
    return FALSE;
  provenance = tithe_provenance_new (session, curation, &choice, tithe_cli_get_threshold (), NULL);
  job = tithe_cli_start_job (context, _("Exporting"));
  ok = tithe_export_subset (subset, embedding, &export, provenance, option_output, job, error);
  tithe_cli_finish_job (job);
  return ok;
}
