/* SPDX-License-Identifier: MIT */
#include "tithe-output.h"
#include "export/tithe-export.h"
#include "export/tithe-provenance.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What a file system keeps for itself. */
#define RESERVE (G_GUINT64_CONSTANT (1) << 20)

struct _TitheOutput
{
  char *path;
  char *folder; /* that it is in */
  char *beside; /* NULL once it is renamed */
};

static gboolean
fail (GError **error, TitheExportError code, const char *path, const char *why)
{
  g_set_error (error, TITHE_EXPORT_ERROR, (int) code, _("cannot write “%s”: %s"), path, why);
  return FALSE;
}

static int
remove_one (const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
  return remove (path);
}

static void
remove_all (const char *path)
{
  nftw (path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Whether the folder is below the dataset's, whatever links lead there. */
static gboolean
is_inside (TitheDataset *dataset, const char *folder)
{
  g_autofree char *root = realpath (tithe_dataset_get_root (dataset), NULL), *real = realpath (folder, NULL);
  gsize length = root ? strlen (root) : 0;

  return root != NULL && real != NULL && strncmp (real, root, length) == 0
         && (real[length] == '\0' || real[length] == '/' || root[length - 1] == '/');
}

/* Whether a folder may be replaced: one that Tithe exported, or one with nothing in it. */
static gboolean
is_ours (const char *path)
{
  g_autofree char *provenance = g_build_filename (path, TITHE_PROVENANCE_NAME, NULL);
  g_autoptr (GDir) dir = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR) || g_file_test (provenance, G_FILE_TEST_EXISTS))
    return TRUE;
  dir = g_dir_open (path, 0, NULL);
  return dir != NULL && g_dir_read_name (dir) == NULL;
}

/* What an export left that was killed: .tithe-PID-N.part of a process that is gone. */
static void
remove_leftovers (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      int pid = 0, length = 0;

      if (sscanf (name, ".tithe-%d-%*d.part%n", &pid, &length) == 1 && length > 0 && name[length] == '\0' && pid > 0
          && pid != (int) getpid () && kill (pid, 0) != 0 && errno == ESRCH)
        {
          g_autofree char *path = g_build_filename (folder, name, NULL);

          remove_all (path);
        }
    }
}

static gboolean
check_target (TitheOutput *self, TitheDataset *dataset, gboolean overwrite, GError **error)
{
  g_autofree char *real = NULL;

  if (!g_file_test (self->folder, G_FILE_TEST_IS_DIR))
    return fail (error, TITHE_EXPORT_ERROR_WRITE, self->path, _("there is no such folder"));
  if (dataset != NULL && tithe_dataset_get_format (dataset) != TITHE_DATASET_MANIFEST
      && is_inside (dataset, self->folder))
    return fail (error, TITHE_EXPORT_ERROR_INSIDE, self->path,
                 _("it is inside the dataset, which is never written to; take a place outside"));
  real = realpath (self->path, NULL);
  if (dataset != NULL && real != NULL)
    {
      g_autofree char *locator = realpath (tithe_dataset_get_locator (dataset), NULL);

      if (g_strcmp0 (real, locator) == 0)
        return fail (error, TITHE_EXPORT_ERROR_INSIDE, self->path, _("it is the dataset, which is never written to"));
    }
  if (!g_file_test (self->path, G_FILE_TEST_EXISTS) && !g_file_test (self->path, G_FILE_TEST_IS_SYMLINK))
    return TRUE;
  if (!overwrite)
    return fail (error, TITHE_EXPORT_ERROR_EXISTS, self->path,
                 _("it is there already; take another name, or say that it is to be overwritten (--overwrite)"));
  if (!is_ours (self->path))
    return fail (error, TITHE_EXPORT_ERROR_EXISTS, self->path,
                 _("it is a folder that was not exported by Tithe, and is not replaced; take another name"));
  return TRUE;
}

/**
 * tithe_output_begin:
 * @path: where to
 * @dataset: (nullable): what is exported: nothing is written into it
 * @overwrite: whether what is there may be replaced
 *
 * Returns: (transfer full): an output of which nothing is written yet, or %NULL with a %TITHE_EXPORT_ERROR
 */
TitheOutput *
tithe_output_begin (const char *path, TitheDataset *dataset, gboolean overwrite, GError **error)
{
  static int serial;
  g_autoptr (TitheOutput) self = g_new0 (TitheOutput, 1);

  self->path = g_canonicalize_filename (path, NULL);
  self->folder = g_path_get_dirname (self->path);
  if (!check_target (self, dataset, overwrite, error))
    return NULL;
  if (g_access (self->folder, W_OK) != 0)
    {
      fail (error, TITHE_EXPORT_ERROR_WRITE, self->path, g_strerror (errno));
      return NULL;
    }
  remove_leftovers (self->folder);
  self->beside = g_strdup_printf ("%s/.tithe-%d-%d.part", self->folder, (int) getpid (), g_atomic_int_add (&serial, 1));
  return g_steal_pointer (&self);
}

/**
 * tithe_output_check:
 * @path: where to, or “-” for standard output
 * @dataset: (nullable): nothing is written into it
 * @overwrite: whether a file that is there may be replaced
 *
 * To be asked before work that takes long, whose end is a file.
 *
 * Returns: %FALSE with a %TITHE_EXPORT_ERROR where nothing could or may be written there
 */
gboolean
tithe_output_check (const char *path, TitheDataset *dataset, gboolean overwrite, GError **error)
{
  g_autoptr (TitheOutput) self = NULL;

  if (g_str_equal (path, "-"))
    return TRUE;
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return fail (error, TITHE_EXPORT_ERROR_EXISTS, path, _("it is a folder; take the name of a file"));
  self = tithe_output_begin (path, dataset, overwrite, error);
  return self != NULL;
}

/**
 * tithe_output_check_room:
 *
 * Returns: %FALSE with %TITHE_EXPORT_ERROR_SPACE where the target's file system has no room for so much
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
    why = g_strdup_printf (
        _("it takes %" G_GUINT64_FORMAT " files and the file system has room for %" G_GUINT64_FORMAT), n_files,
        (guint64) st.f_favail);
  return fail (error, TITHE_EXPORT_ERROR_SPACE, self->path, why);
}

/**
 * tithe_output_get_beside:
 *
 * Returns: the path to write to: a file or a folder to be made there
 */
const char *
tithe_output_get_beside (TitheOutput *self)
{
  return self->beside;
}

/* Everything of the file system at once: fifty thousand calls of fsync() take minutes. */
static gboolean
sync_all (const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && (g_file_test (path, G_FILE_TEST_IS_DIR) ? syncfs (fd) : fsync (fd)) == 0;

  if (fd >= 0)
    close (fd);
  return ok;
}

static gboolean
swap (TitheOutput *self)
{
  if (renameat2 (AT_FDCWD, self->beside, AT_FDCWD, self->path, RENAME_EXCHANGE) == 0)
    {
      remove_all (self->beside);
      return TRUE;
    }
  if (errno != EINVAL && errno != ENOSYS)
    return FALSE;
  remove_all (self->path);
  return g_rename (self->beside, self->path) == 0;
}

/**
 * tithe_output_finish:
 *
 * Syncs what was written and puts it where it is wanted. Something that came there meanwhile is replaced only where it was
 * there before and might be.
 */
gboolean
tithe_output_finish (TitheOutput *self, GError **error)
{
  gboolean folder = g_file_test (self->path, G_FILE_TEST_IS_DIR);

  if (!sync_all (self->beside) || !(folder ? swap (self) : g_rename (self->beside, self->path) == 0))
    return fail (error, TITHE_EXPORT_ERROR_WRITE, self->path, g_strerror (errno));
  g_clear_pointer (&self->beside, g_free);
  sync_all (self->folder);
  return TRUE;
}

/* Removes what is not finished. */
void
tithe_output_free (TitheOutput *self)
{
  if (self->beside != NULL)
    remove_all (self->beside);
  g_free (self->beside);
  g_free (self->folder);
  g_free (self->path);
  g_free (self);
}
