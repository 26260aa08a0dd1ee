/* SPDX-License-Identifier: MIT */
#include "tithe-session-protected.h"
#include "dataset/tithe-dataset-protected.h"

#include <glib/gi18n-lib.h>

/**
 * tithe_session_protect:
 * @embedding: (nullable): where the embedding is now, %NULL for where it was
 *
 * Its dataset, its embedding, and the session itself with what SQLite keeps next to it.
 *
 * Returns: (transfer full): what nothing is written to that is made from the session
 */
TitheProtected *
tithe_session_protect (TitheSession *self, const char *embedding)
{
  static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
  TitheProtected *protected = tithe_dataset_protect (tithe_session_get_dataset (self));

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (tithe_session_get_path (self), endings[i], NULL);

      tithe_protected_add_file (protected, file, _("it is the session that is read; take another name"));
    }
  tithe_protected_add_file (protected, embedding ? embedding : tithe_session_get_embedding_locator (self),
                            _("it is the session's embedding; take another name"));
  return protected;
}
