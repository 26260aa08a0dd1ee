/* SPDX-License-Identifier: MIT */
#include "tithe-output.h"
#include "base/tithe-error.h"
#include "tithe-folder.h"
#include "tithe-part.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What a file system keeps for itself. */
#define RESERVE (G_GUINT64_CONSTANT (1) << 20)

G_DEFINE_QUARK (tithe-output-error-quark, tithe_output_error)

struct _TitheOutput
{
  char *path;         /* as it was given */
  char *folder;       /* that it is in, without links */
  char *target;       /* in that folder */
  const char *marker; /* (nullable): of a folder, what is in one that may be replaced */
  gboolean is_folder, overwrite;
  TithePart *part;
  char *temporary; /* in the part; where there is none, a file beside the target */
};

/* Says what can't be written and why; returns %FALSE. */
gboolean
tithe_output_fail (GError **error, TitheOutputError code, const char *path, const char *why)
{
  g_set_error (error, TITHE_OUTPUT_ERROR, (int) code, _("cannot write “%s”: %s"), path, why);
  return FALSE;
}

/* What an error number of the system's means for who writes; a quota that is used up is a disk that is full. */
TitheOutputError
tithe_output_classify (int number)
{
  return number == ENOSPC || number == EDQUOT ? TITHE_OUTPUT_ERROR_SPACE : TITHE_OUTPUT_ERROR_WRITE;
}

/* The same after a call of the system's that failed with that error number. */
gboolean
tithe_output_fail_at (GError **error, const char *path, int number)
{
  return tithe_output_fail (error, tithe_output_classify (number), path, g_strerror (number));
}

/* Whether a folder may be replaced: one with the marker in it, or one with nothing in it. */
static gboolean
may_replace (const char *path, const char *marker)
{
  g_autofree char *mark = g_build_filename (path, marker, NULL);
  g_autoptr (GPtrArray) names = NULL;

  if (marker != NULL && g_file_test (mark, G_FILE_TEST_EXISTS))
    return TRUE;
  names = tithe_folder_list (path, NULL);
  return names != NULL && names->len == 0;
}

/* The folder without links and the name in it, so that what is checked is what is written. */
static gboolean
resolve (TitheOutput *self, GError **error)
{
  g_autofree char *name = g_path_get_basename (self->path), *end = g_strdup (self->path), *parent = NULL;

  while (strlen (end) > 1 && g_str_has_suffix (end, "/"))
    end[strlen (end) - 1] = '\0';
  if (g_str_equal (name, ".") || g_str_equal (name, ".."))
    {
      g_autofree char *real = realpath (end, NULL);

      if (real == NULL)
        return tithe_output_fail_at (error, self->path, errno);
      parent = g_path_get_dirname (real);
      g_free (name);
      name = g_path_get_basename (real);
    }
  else
    parent = g_path_get_dirname (end);
  self->folder = realpath (parent, NULL);
  if (self->folder == NULL || !g_file_test (self->folder, G_FILE_TEST_IS_DIR))
    return tithe_output_fail (error, TITHE_OUTPUT_ERROR_WRITE, self->path, _("there is no such folder"));
  self->target = g_build_filename (self->folder, name, NULL);
  return TRUE;
}

static gboolean
check_target (TitheOutput *self, const TitheProtected *protected, GError **error)
{
  const char *why = tithe_protected_find (protected, self->target);
  struct stat st, behind; /* a link */

  if (why != NULL)
    return tithe_output_fail (error, TITHE_OUTPUT_ERROR_PROTECTED, self->path, why);
  if (lstat (self->target, &st) != 0)
    return errno == ENOENT || tithe_output_fail_at (error, self->path, errno);
  if (S_ISDIR (st.st_mode) && !self->is_folder)
    return tithe_output_fail (error, TITHE_OUTPUT_ERROR_FOREIGN, self->path,
                              _("it is a folder; take the name of a file"));
  if (stat (self->target, &behind) == 0 && !S_ISREG (behind.st_mode) && !S_ISDIR (behind.st_mode))
    return tithe_output_fail (error, TITHE_OUTPUT_ERROR_FOREIGN, self->path,
                              _("it is a device or a pipe, which is not replaced by a file; take another name"));
  if (!self->overwrite)
    return tithe_output_fail (error, TITHE_OUTPUT_ERROR_EXISTS, self->path, _("it is there already"));
  if (S_ISDIR (st.st_mode) && !may_replace (self->target, self->marker))
    return tithe_output_fail (
        error, TITHE_OUTPUT_ERROR_FOREIGN, self->path,
        _("it is a folder that was not exported by Tithe, and is not replaced; take another name"));
  return TRUE;
}

/* A sandbox's portal shows a file that a person chose in a folder of its own, in which there may be other files until they are
 * renamed to it, and no folders. Whether there may is tried, so that who asks before long work hears of it. Sets errno. */
static gboolean
make_temporary (TitheOutput *self)
{
  int fd;

  self->part = tithe_part_new (self->folder);
  if (self->part != NULL)
    {
      self->temporary = g_build_filename (tithe_part_get_path (self->part), "new", NULL);
      return TRUE;
    }
  if (errno != EPERM || self->is_folder)
    return FALSE;
  self->temporary = g_strdup_printf ("%s/.tithe-%08x.part", self->folder, g_random_int ());
  fd = open (self->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;
  close (fd);
  return g_unlink (self->temporary) == 0;
}

static TitheOutput *
begin (const char *path, gboolean is_folder, const char *marker, const TitheProtected *protected, gboolean overwrite,
       GError **error)
{
  g_autoptr (TitheOutput) self = g_new0 (TitheOutput, 1);

  self->path = g_strdup (path);
  self->is_folder = is_folder;
  self->marker = marker;
  self->overwrite = overwrite;
  if (!resolve (self, error) || !check_target (self, protected, error))
    return NULL;
  tithe_part_remove_leftovers (self->folder);
  if (!make_temporary (self))
    {
      tithe_output_fail_at (error, self->path, errno);
      return NULL;
    }
  return g_steal_pointer (&self);
}

/**
 * tithe_output_begin:
 * @path: of a file
 * @protected: (nullable): what is never written to
 * @overwrite: whether a file that is there may be replaced
 *
 * Returns: (transfer full): an output of which nothing is written yet, or %NULL with a %TITHE_OUTPUT_ERROR
 */
TitheOutput *
tithe_output_begin (const char *path, const TitheProtected *protected, gboolean overwrite, GError **error)
{
  return begin (path, FALSE, NULL, protected, overwrite, error);
}

/**
 * tithe_output_begin_folder:
 * @path: of a folder
 * @marker: (nullable): a name: a folder with such a file in it may be replaced, and otherwise only an empty one
 * @protected: (nullable): what is never written to
 * @overwrite: whether what is there may be replaced
 *
 * Returns: (transfer full): an output of which nothing is written yet, or %NULL with a %TITHE_OUTPUT_ERROR
 */
TitheOutput *
tithe_output_begin_folder (const char *path, const char *marker, const TitheProtected *protected, gboolean overwrite,
                           GError **error)
{
  return begin (path, TRUE, marker, protected, overwrite, error);
}

/**
 * tithe_output_check:
 * @path: where to, or “-” for standard output
 * @protected: (nullable): what is never written to
 * @overwrite: whether a file that is there may be replaced
 *
 * To be asked before work that takes long, whose end is a file.
 *
 * Returns: %FALSE with a %TITHE_OUTPUT_ERROR where nothing could or may be written there
 */
gboolean
tithe_output_check (const char *path, const TitheProtected *protected, gboolean overwrite, GError **error)
{
  g_autoptr (TitheOutput) self = NULL;

  if (g_str_equal (path, "-"))
    return TRUE;
  self = tithe_output_begin (path, protected, overwrite, error);
  return self != NULL;
}

/**
 * tithe_output_write:
 * @path: of a file, which is replaced; “-” is standard output
 *
 * Writes the whole file or nothing: under a temporary name, synced and renamed. Whether it may be replaced was asked with
 * tithe_output_check().
 */
gboolean
tithe_output_write (const char *path, const char *data, gsize size, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (g_str_equal (path, "-"))
    return (fwrite (data, 1, size, stdout) == size && fflush (stdout) == 0)
           || tithe_output_fail_at (error, _("standard output"), errno);
  if (g_file_set_contents_full (path, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                0666, &local))
    return TRUE;
  return tithe_output_fail (error,
                            g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ? TITHE_OUTPUT_ERROR_SPACE
                                                                                      : TITHE_OUTPUT_ERROR_WRITE,
                            path, tithe_error_get_reason (local));
}

/**
 * tithe_output_check_room:
 *
 * Returns: %FALSE with %TITHE_OUTPUT_ERROR_SPACE where the target's file system has no room for so much
 */
gboolean
tithe_output_check_room (TitheOutput *self, guint64 n_bytes, guint64 n_files, GError **error)
{
  guint64 needed = n_bytes + RESERVE, room;
  g_autofree char *needs = NULL, *has = NULL, *why = NULL;
  struct statvfs st;

  if (statvfs (self->folder, &st) != 0)
    return TRUE; /* writing will tell */
  room = (guint64) st.f_bavail * st.f_frsize;
  if (room >= needed && (st.f_files == 0 || st.f_favail >= n_files))
    return TRUE;
  needs = g_format_size (needed);
  has = g_format_size (room);
  if (room < needed)
    why = g_strdup_printf (_("it takes %s and there are %s left"), needs, has);
  else
    why = g_strdup_printf (ngettext ("it takes %" PRIu64 " file and the file system has room for %" PRIu64,
                                     "it takes %" PRIu64 " files and the file system has room for %" PRIu64,
                                     (gulong) n_files),
                           n_files, (guint64) st.f_favail);
  return tithe_output_fail (error, TITHE_OUTPUT_ERROR_SPACE, self->path, why);
}

/**
 * tithe_output_get_temporary:
 *
 * Returns: the path to write to: a file or a folder to be made there
 */
const char *
tithe_output_get_temporary (TitheOutput *self)
{
  return self->temporary;
}

/**
 * tithe_output_propagate:
 * @local: (transfer full): of what wrote to the temporary path
 *
 * Lets its message name the target instead: a person knows nothing of what it is called until it is finished.
 *
 * Returns: %FALSE
 */
gboolean
tithe_output_propagate (TitheOutput *self, GError *local, GError **error)
{
  g_autoptr (GString) message = g_string_new (local->message);

  if (g_string_replace (message, self->temporary, self->path, 0) > 0)
    {
      g_free (local->message);
      local->message = g_strdup (message->str);
    }
  g_propagate_error (error, local);
  return FALSE;
}

/**
 * tithe_output_put:
 * @self: a file's
 *
 * Writes all of it to the temporary path.
 *
 * Returns: %FALSE with a %TITHE_OUTPUT_ERROR that names the target
 */
gboolean
tithe_output_put (TitheOutput *self, const char *data, gsize size, GError **error)
{
  GError *local = NULL;

  return tithe_output_write (self->temporary, data, size, &local) || tithe_output_propagate (self, local, error);
}

/* @sync is fsync() for the file or the names in the folder; or, for all that is in a folder, syncfs() for everything of the
 * file system at once: fifty thousand calls of fsync() take minutes. */
static gboolean
sync_path (const char *path, int (*sync) (int fd))
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && sync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return ok;
}

/* Where the file system can't do it in one step, a link can. */
static gboolean
rename_to_nothing (const char *from, const char *to)
{
  struct stat st;

  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS)
    return FALSE;
  if (link (from, to) == 0)
    return unlink (from) == 0;
  if (errno == EEXIST)
    return FALSE;
  if (lstat (to, &st) != 0)
    return g_rename (from, to) == 0;
  errno = EEXIST;
  return FALSE;
}

/* What was there is in the part then, and goes with it. */
static gboolean
swap_folders (TitheOutput *self)
{
  g_autofree char *old = g_build_filename (tithe_part_get_path (self->part), "old", NULL);
  int number;

  if (renameat2 (AT_FDCWD, self->temporary, AT_FDCWD, self->target, RENAME_EXCHANGE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS)
    return FALSE;
  if (g_rename (self->target, old) != 0)
    return FALSE;
  if (g_rename (self->temporary, self->target) == 0)
    return TRUE;
  number = errno;
  g_rename (old, self->target);
  errno = number;
  return FALSE;
}

static gboolean
put_in_place (TitheOutput *self)
{
  struct stat st;

  if (!self->overwrite)
    return rename_to_nothing (self->temporary, self->target);
  if (!self->is_folder || lstat (self->target, &st) != 0)
    return g_rename (self->temporary, self->target) == 0;
  if (!S_ISDIR (st.st_mode) || may_replace (self->target, self->marker))
    return swap_folders (self);
  errno = EEXIST;
  return FALSE;
}

/**
 * tithe_output_finish:
 *
 * Syncs what was written and puts it where it is wanted. What came there meanwhile is replaced only where that was said, as
 * what was there before is.
 *
 * Returns: %FALSE with a %TITHE_OUTPUT_ERROR; the target is as it was then
 */
gboolean
tithe_output_finish (TitheOutput *self, GError **error)
{
  if (!sync_path (self->temporary, self->is_folder ? syncfs : fsync))
    return tithe_output_fail_at (error, self->path, errno);
  if (!put_in_place (self))
    return errno == EEXIST ? tithe_output_fail (error, TITHE_OUTPUT_ERROR_EXISTS, self->path,
                                                _("something else came there meanwhile"))
                           : tithe_output_fail_at (error, self->path, errno);
  g_clear_pointer (&self->part, tithe_part_free);
  g_clear_pointer (&self->temporary, g_free);
  sync_path (self->folder, fsync);
  return TRUE;
}

/* Removes what is not finished. */
void
tithe_output_free (TitheOutput *self)
{
  if (self->part == NULL && self->temporary != NULL)
    g_unlink (self->temporary);
  g_clear_pointer (&self->part, tithe_part_free);
  g_free (self->temporary);
  g_free (self->target);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}
