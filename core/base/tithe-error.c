/* SPDX-License-Identifier: MIT */
#include "tithe-error.h"

#include <errno.h>

/* Above the last error number of Linux. */
#define MAX_ERRNO 134

/**
 * tithe_error_get_reason:
 * @error: of GLib's functions for files
 *
 * For messages that name the file themselves: GLib's name it again.
 *
 * Returns: (transfer none): why alone, such as “No such file or directory”; the whole message where that is not known
 */
const char *
tithe_error_get_reason (const GError *error)
{
  if (error->domain == G_FILE_ERROR && error->code != G_FILE_ERROR_FAILED)
    for (int number = 1; number < MAX_ERRNO; number++)
      if (g_file_error_from_errno (number) == (GFileError) error->code)
        return g_strerror (number);
  return error->message;
}
