/* SPDX-License-Identifier: MIT */
#include "tithe-regular.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * tithe_regular_open:
 * @size: (out): bytes of the file
 * @why: (out): what is wrong, as text, where it can't be opened
 *
 * Opens a file for reading without waiting for anybody.
 *
 * Returns: a descriptor of a regular file, for close(), or -1
 */
int
tithe_regular_open (const char *path, guint64 *size, const char **why)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat st;
  gboolean known = fd >= 0 && fstat (fd, &st) == 0;

  if (known && S_ISREG (st.st_mode))
    {
      *size = (guint64) st.st_size;
      return fd;
    }
  *why = known ? _("it is not a file") : g_strerror (errno);
  if (fd >= 0)
    close (fd);
  return -1;
}

/**
 * tithe_regular_map:
 * @path: of a file that is not to change while it is used
 * @why: (out) (transfer full): what is wrong, as text, where it can't be mapped
 *
 * Returns: (transfer full): all that is in the regular file, or %NULL
 */
GBytes *
tithe_regular_map (const char *path, char **why)
{
  g_autoptr (GMappedFile) mapped = NULL;
  g_autoptr (GError) error = NULL;
  const char *fault;
  guint64 size;
  int fd = tithe_regular_open (path, &size, &fault);

  if (fd < 0)
    {
      *why = g_strdup (fault);
      return NULL;
    }
  mapped = g_mapped_file_new_from_fd (fd, FALSE, &error);
  close (fd);
  if (mapped == NULL)
    *why = g_strdup (error->message);
  return mapped ? g_mapped_file_get_bytes (mapped) : NULL;
}
