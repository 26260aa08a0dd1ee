/* SPDX-License-Identifier: MIT */
#include "tithe-folder.h"
#include "base/tithe-name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

static GPtrArray *
fail (GError **error, int number, const char *path, guint n_read)
{
  g_autofree char *shown = tithe_name_dup (path);

  if (n_read == 0)
    g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (number), _("cannot read the folder “%s”: %s"),
                 shown, g_strerror (number));
  else
    g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (number),
                 _("cannot read the folder “%s” to its end, after %u names: %s"), shown, n_read, g_strerror (number));
  return NULL;
}

/* Reads all names, or says why not. The folder is closed. */
static GPtrArray *
read_names (DIR *dir, const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  struct dirent *entry;
  int number;

  while ((errno = 0, entry = readdir (dir)) != NULL)
    if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
      g_ptr_array_add (names, g_strdup (entry->d_name));
  number = errno;
  closedir (dir);
  if (number != 0)
    return fail (error, number, path, names->len);
  g_ptr_array_sort (names, tithe_name_compare);
  return g_steal_pointer (&names);
}

/**
 * tithe_folder_list:
 *
 * Returns: (transfer full) (element-type filename): the names of all that is in the folder, hidden files too, sorted
 *   bytewise; %NULL with a %G_FILE_ERROR where they can't be read to the last
 */
GPtrArray *
tithe_folder_list (const char *path, GError **error)
{
  DIR *dir = opendir (path);

  return dir ? read_names (dir, path, error) : fail (error, errno, path, 0);
}

/**
 * tithe_folder_list_at:
 * @fd: an open folder, which stays open
 * @path: what it is called in errors
 *
 * Returns: (transfer full) (element-type filename): as of tithe_folder_list()
 */
GPtrArray *
tithe_folder_list_at (int fd, const char *path, GError **error)
{
  int own = openat (fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = own >= 0 ? fdopendir (own) : NULL;
  int number = errno;

  if (dir != NULL)
    return read_names (dir, path, error);
  if (own >= 0)
    close (own);
  return fail (error, number, path, 0);
}

/* tithe_folder_holds: whether @name is one of @names, of tithe_folder_list(); looks at all of them */
gboolean
tithe_folder_holds (GPtrArray *names, const char *name)
{
  return g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL);
}
