/* SPDX-License-Identifier: MIT */
#include "tithe-places.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

/**
 * tithe_places_dup_folder:
 *
 * Returns: (transfer full): the folder of sessions, which need not exist yet
 */
char *
tithe_places_dup_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "tithe", "sessions", NULL);
}

/**
 * tithe_places_dup_file:
 * @salt: what else the file depends on
 * @ending: of its name
 *
 * Returns: (transfer full): a path with a name for people and a part of a hash for machines, so that the same inputs find
 *   the same file again
 */
char *
tithe_places_dup_file (TitheDataset *dataset, const char *salt, const char *ending)
{
  g_autofree char *folder = tithe_places_dup_folder ();
  g_autofree char *key = g_strconcat (tithe_dataset_get_locator (dataset), "\n",
                                      tithe_dataset_get_fingerprint (dataset), "\n", salt, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
  g_autofree char *name = g_strdup (tithe_dataset_get_name (dataset));
  g_autofree char *file = NULL;

  g_strdelimit (name, "/\\", '-');
  file = g_strdup_printf ("%.40s-%.12s%s", name, hash, ending);
  return g_build_filename (folder, file, NULL);
}

/**
 * tithe_places_dup_name:
 * @path: of a dataset or a session
 *
 * Returns: (transfer full): what a person calls it: the name of the file, without what tithe_places_dup_file() added
 */
char *
tithe_places_dup_name (const char *path)
{
  g_autofree char *folder = tithe_places_dup_folder (), *parent = g_path_get_dirname (path);
  char *name = g_path_get_basename (path);
  g_autoptr (GRegex) added = g_regex_new ("-[0-9a-f]{12}\\.tithe$", 0, 0, NULL);
  int start;
  g_autoptr (GMatchInfo) match = NULL;

  if (g_str_equal (folder, parent) && g_regex_match (added, name, 0, &match)
      && g_match_info_fetch_pos (match, 0, &start, NULL))
    name[start] = '\0';
  return name;
}

/**
 * tithe_places_make_folder:
 *
 * Makes a folder, with those above it, for its owner alone.
 */
gboolean
tithe_places_make_folder (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), _("cannot make the folder “%s”: %s"), folder,
               g_strerror (errno));
  return FALSE;
}
