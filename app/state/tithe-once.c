/* SPDX-License-Identifier: MIT */
#include "tithe-once.h"
#include "tithe-places.h"

/* In the folder for what programs remember, an empty file for each. */
static char *
dup_file (const char *name)
{
  return g_build_filename (g_get_user_state_dir (), "tithe", "once", name, NULL);
}

/**
 * tithe_once_is_done:
 * @name: such as %TITHE_ONCE_COACH
 *
 * Returns: whether it was told to the person by any window, now or in an earlier start
 */
gboolean
tithe_once_is_done (const char *name)
{
  g_autofree char *path = dup_file (name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/**
 * tithe_once_do:
 *
 * Remembers that it was told.
 */
gboolean
tithe_once_do (const char *name, GError **error)
{
  g_autofree char *path = dup_file (name), *folder = g_path_get_dirname (path);

  return tithe_places_make_folder (folder, error) && g_file_set_contents (path, "", 0, error);
}
