/* SPDX-License-Identifier: MIT */
#include "tithe-database-private.h"

#include "io/tithe-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* A file that nobody else knows of yet; @path is where it is wanted, for messages. */
static TitheDatabase *
create (const char *temporary, const char *path, const char *tables, GError **error)
{
  g_autofree char *marks = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;",
                                            TITHE_DATABASE_APPLICATION_ID, TITHE_DATABASE_VERSION);
  g_autoptr (TitheDatabase) self = g_new0 (TitheDatabase, 1);

  self->path = g_strdup (path);
  if (sqlite3_open_v2 (temporary, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK
      && tithe_database_run (self, marks) && tithe_database_run (self, tables) && tithe_database_run (self, "BEGIN"))
    return g_steal_pointer (&self);
  tithe_database_fail (self, TITHE_DATABASE_ERROR_WRITE, error);
  return NULL;
}

static gboolean
make (const char *temporary, const char *path, const char *tables, TitheDatabaseFunc fill, gpointer user_data,
      GError **error)
{
  g_autoptr (TitheDatabase) made = create (temporary, path, tables, error);

  if (made == NULL)
    return FALSE;
  return (fill (made, user_data) && tithe_database_run (made, "COMMIT"))
         || tithe_database_fail (made, TITHE_DATABASE_ERROR_WRITE, error);
}

/* --- in the place of another --- */

/* Every page of the one in the place of every page of the other, in one transaction, which SQLite takes back if it was cut
 * short. The file stays the same one, so that whoever waits for it finds what is there then. */
static gboolean
copy_pages (TitheDatabase *from, TitheDatabase *to, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (to->db, "main", from->db, "main");
  int status;

  if (backup == NULL)
    return tithe_database_fail (to, TITHE_DATABASE_ERROR_WRITE, error);
  status = sqlite3_backup_step (backup, -1);
  if (sqlite3_backup_finish (backup) != SQLITE_OK)
    return tithe_database_fail (to, TITHE_DATABASE_ERROR_WRITE, error);
  return status == SQLITE_DONE || tithe_database_fail_by (to, status, TITHE_DATABASE_ERROR_WRITE, error);
}

/* Nobody else has it open then, nor does anyone until it is closed: its log is taken up and gone. */
static gboolean
hold_alone (TitheDatabase *self)
{
  return tithe_database_run (self, "PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE")
         && tithe_database_run (self, "BEGIN EXCLUSIVE; COMMIT");
}

/* @foreign: (out): whether the file is no database, so that no file next to it is a part of it */
static gboolean
replace_database (const char *path, const char *made, gboolean *foreign, GError **error)
{
  g_autoptr (TitheDatabase) from = g_new0 (TitheDatabase, 1), to = g_new0 (TitheDatabase, 1);

  *foreign = FALSE;
  from->path = g_strdup (path);
  to->path = g_canonicalize_filename (path, NULL);
  to->patience = tithe_database_get_default_patience ();
  if (tithe_database_connect (to, path, SQLITE_OPEN_READWRITE) && hold_alone (to))
    {
      if (sqlite3_open_v2 (made, &from->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
        return copy_pages (from, to, error);
      return tithe_database_fail (from, TITHE_DATABASE_ERROR_WRITE, error);
    }
  *foreign = (sqlite3_errcode (to->db) & 0xff) == SQLITE_NOTADB;
  return *foreign || tithe_database_fail (to, TITHE_DATABASE_ERROR_WRITE, error);
}

/* --- where none is --- */

/* Whether a program holds on to what is next to a file that is gone. */
static gboolean
is_held (const char *path)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd = open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  gboolean held = fd >= 0 && fcntl (fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;

  if (fd >= 0)
    close (fd);
  return held;
}

/* What a killed program left next to a file that is gone would be taken for a part of the new one. */
static gboolean
remove_companions (const char *path, GError **error)
{
  g_autofree char *shared = g_strconcat (path, "-shm", NULL);

  if (is_held (shared))
    {
      g_set_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BUSY,
                   _("another program works on a session that was at “%s”; close it there, or take another name"),
                   path);
      return FALSE;
    }
  for (guint i = 0; tithe_database_companions[i] != NULL; i++)
    {
      g_autofree char *companion = g_strconcat (path, tithe_database_companions[i], NULL);

      if (g_unlink (companion) != 0 && errno != ENOENT)
        return tithe_output_fail_at (error, companion, errno);
    }
  return TRUE;
}

/**
 * tithe_database_write:
 * @path: where to
 * @replace: whether what is there may be replaced
 * @tables: SQL that makes its tables
 * @fill: fills them, in one transaction
 *
 * Makes a new session, whole or not at all. One that is there is replaced as it is by any change of it: not while another
 * program has it open, with nothing left of it, and so that a program or machine that stops in between leaves the old one.
 *
 * Returns: %FALSE with a %TITHE_DATABASE_ERROR (%TITHE_DATABASE_ERROR_BUSY where it is open elsewhere) or a
 *   %TITHE_OUTPUT_ERROR (%TITHE_OUTPUT_ERROR_EXISTS where there is one, or came to be one meanwhile)
 */
gboolean
tithe_database_write (const char *path, gboolean replace, const char *tables, TitheDatabaseFunc fill,
                      gpointer user_data, GError **error)
{
  g_autoptr (TitheOutput) output = tithe_output_begin (path, NULL, replace, error);
  GStatBuf about;
  gboolean foreign;

  if (output == NULL || !make (tithe_output_get_temporary (output), path, tables, fill, user_data, error))
    return FALSE;
  if (g_stat (path, &about) == 0 && S_ISREG (about.st_mode))
    {
      if (!replace_database (path, tithe_output_get_temporary (output), &foreign, error))
        return FALSE;
      if (!foreign)
        return TRUE;
    }
  return remove_companions (path, error) && tithe_output_finish (output, error);
}
