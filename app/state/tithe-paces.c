/* SPDX-License-Identifier: MIT */
#include "tithe-paces.h"
#include "tithe-places.h"

#include <math.h>

/* More seconds for a picture than any network takes. */
#define SLOWEST 1000

static char *
dup_file (void)
{
  return g_build_filename (g_get_user_state_dir (), "tithe", "paces.ini", NULL);
}

static gboolean
read_seconds (GKeyFile *file, const char *key, const char *name, double *seconds)
{
  *seconds = g_key_file_get_double (file, key, name, NULL);
  return isfinite (*seconds) && *seconds > 0 && *seconds <= SLOWEST;
}

/**
 * tithe_paces_recall:
 * @key: of a network and its pictures, without brackets
 * @memory: (out caller-allocates): not to be used where there is none
 *
 * Returns: whether anything is known that makes sense
 */
gboolean
tithe_paces_recall (const char *key, TithePaceMemory *memory)
{
  g_autofree char *path = dup_file ();
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;
  memory->tried = g_key_file_get_boolean (file, key, "tried", NULL);
  return read_seconds (file, key, "learn", &memory->learn) && read_seconds (file, key, "see", &memory->see);
}

/**
 * tithe_paces_remember:
 *
 * Of what is there under other keys nothing is lost; a file that is no such file is written anew.
 */
gboolean
tithe_paces_remember (const char *key, const TithePaceMemory *memory, GError **error)
{
  g_autofree char *path = dup_file (), *folder = g_path_get_dirname (path);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  g_key_file_set_double (file, key, "learn", memory->learn);
  g_key_file_set_double (file, key, "see", memory->see);
  g_key_file_set_boolean (file, key, "tried", memory->tried);
  return tithe_places_make_folder (folder, error) && g_key_file_save_to_file (file, path, error);
}
