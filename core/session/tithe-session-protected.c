/* SPDX-License-Identifier: MIT */
#include "tithe-session-protected.h"
#include "dataset/tithe-dataset-protected.h"
#include "store/tithe-database.h"

#include <glib/gi18n-lib.h>

/**
 * tithe_session_protect_files:
 * @session: (nullable): path of the session, where there is one
 * @embedding: (nullable): path of the embedding, where it is a file
 *
 * The dataset, the embedding, and the session itself with what SQLite keeps next to it; for who has these without the
 * session's hierarchy.
 *
 * Returns: (transfer full): what nothing is written to that is made from them
 */
TitheProtected *
tithe_session_protect_files (TitheDataset *dataset, const char *session, const char *embedding)
{
  const char *why = _("it is the session that is read; take another name");
  TitheProtected *protected = tithe_dataset_protect (dataset);

  tithe_protected_add_file (protected, session, why);
  for (guint i = 0; session != NULL && tithe_database_companions[i] != NULL; i++)
    {
      g_autofree char *file = g_strconcat (session, tithe_database_companions[i], NULL);

      tithe_protected_add_file (protected, file, why);
    }
  tithe_protected_add_file (protected, embedding, _("it is the session's embedding; take another name"));
  return protected;
}

/**
 * tithe_session_protect:
 * @embedding: (nullable): where the embedding is now, %NULL for where it was
 *
 * Returns: (transfer full): what nothing is written to that is made from the session
 */
TitheProtected *
tithe_session_protect (TitheSession *self, const char *embedding)
{
  return tithe_session_protect_files (tithe_session_get_dataset (self), tithe_session_get_path (self),
                                      embedding ? embedding : tithe_session_get_embedding_locator (self));
}
