/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "export/tithe-export.h"
#include "session/tithe-session-protected.h"

static char *option_embeddings;
static char *option_output;
static char *option_session;
static gboolean option_overwrite;

const TitheCliOption tithe_cli_replay_options[]
    = { { "session", 0, TITHE_CLI_FILE, &option_session, N_("The session, where it was moved"), "SESSION", "tithe" },
        TITHE_CLI_OVERWRITE_OPTION,
        TITHE_CLI_EMBEDDINGS_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write the export again"), TITHE_CLI_ANY_FILE),
        TITHE_CLI_NO_OPTION };

/* Inputs that changed are named before anything is written, and then nothing is. */
gboolean
tithe_cli_replay (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheProvenance) then = NULL, now = NULL;
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheProtected) protected = NULL;
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
  then->options.overwrite = option_overwrite;
  protected = tithe_session_protect (session, option_embeddings);
  then->options.protected = protected;
  if (!tithe_export_check_target (&then->options, NULL, TRUE, option_output, error))
    return FALSE;
  subset = tithe_provenance_replay (then, session, &curation, differences, error);
  if (subset == NULL
      || (differences->len == 0 && tithe_export_needs_embedding (then->options.format)
          && (embedding = tithe_session_open_embedding (session, option_embeddings, error)) == NULL))
    return FALSE;
  ok = differences->len == 0;
  if (ok)
    {
      now = tithe_provenance_new (session, curation, &then->choice, then->choice.ratio > 0 ? -1 : then->threshold,
                                  (const char *const *) then->class_ratios);
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
      g_set_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_CHANGED,
                   _("“%s” is not written: its inputs are not what they were, see above"), option_output);
      return FALSE;
    }
  g_print (ngettext ("Identical: %zu image, SHA-256 %s\n", "Identical: %zu images, SHA-256 %s\n", then->n_images),
           then->n_images, then->sum);
  return TRUE;
}
