/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "export/tithe-export.h"
#include "session/tithe-session-protected.h"

static char *option_output;
static gboolean option_overwrite;
static char *option_class;

const TitheCliOption tithe_cli_linkage_options[]
    = { { "class", 'c', TITHE_CLI_CLASS, &option_class, N_("The class"), "NAME", NULL },
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write the linkage matrix (.npy)"), "npy"),
        TITHE_CLI_OVERWRITE_OPTION,
        TITHE_CLI_NO_OPTION };

gboolean
tithe_cli_linkage (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheProtected) protected = NULL;
  const TitheDendrogram *dendrogram;
  int class_index;

  if (!tithe_cli_require (option_class, "--class", error) || !tithe_cli_require (option_output, "--output", error))
    return FALSE;
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL)
    return FALSE;
  protected = tithe_session_protect (session, NULL);
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
  if (dendrogram->n_known + 1 < dendrogram->n)
    {
      g_set_error (
          error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_FLOOR,
          _("the class “%s” was clustered down to a floor, and a linkage matrix has all merges: %u of %u are known; "
             "cluster again without --floor"),
          option_class, dendrogram->n_known, dendrogram->n - 1);
      return FALSE;
    }
  return tithe_output_check (option_output, protected, option_overwrite, error)
         && tithe_export_linkage (dendrogram, option_output, error);
}
