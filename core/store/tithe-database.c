/* SPDX-License-Identifier: MIT */
#include "tithe-database-private.h"
#include "base/tithe-byte-order.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <glib/gstdio.h>
#include <unistd.h>

G_DEFINE_QUARK (tithe-database-error-quark, tithe_database_error)

const char *const tithe_database_companions[] = { "-wal", "-journal", "-shm", NULL };

/* How long whoever holds a file is waited for, in milliseconds; atomic. */
static int default_patience = 5000;

/**
 * tithe_database_set_default_patience:
 *
 * Sets how long whoever holds a file is waited for in those that are opened from now on; 5000 ms at first.
 */
void
tithe_database_set_default_patience (guint milliseconds)
{
  g_atomic_int_set (&default_patience, (int) milliseconds);
}

/* In milliseconds, for those opened from now on. */
int
tithe_database_get_default_patience (void)
{
  return g_atomic_int_get (&default_patience);
}

/**
 * tithe_database_set_patience:
 *
 * Sets how long whoever holds the file is waited for from now on; with 0 an answer comes at once.
 */
void
tithe_database_set_patience (TitheDatabase *self, guint milliseconds)
{
  sqlite3_busy_timeout (self->db, (int) milliseconds);
}

/* tithe_database_get_path: (transfer none): absolute */
const char *
tithe_database_get_path (TitheDatabase *self)
{
  return self->path;
}

/* tithe_database_is_read_only: whether nothing can be written, by what was asked for or because the file may not be */
gboolean
tithe_database_is_read_only (TitheDatabase *self)
{
  return self->read_only;
}

/* tithe_database_get_handle: (transfer none): for binding values and reading columns */
sqlite3 *
tithe_database_get_handle (TitheDatabase *self)
{
  return self->db;
}

/* --- errors --- */

/* What an answer of SQLite means, or @otherwise where it only means that it didn't work. */
static TitheDatabaseError
classify (int status, TitheDatabaseError otherwise)
{
  switch (status & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return TITHE_DATABASE_ERROR_BUSY;
    case SQLITE_NOTADB:
      return TITHE_DATABASE_ERROR_FORMAT;
    case SQLITE_CORRUPT:
      return TITHE_DATABASE_ERROR_DAMAGED;
    case SQLITE_ERROR: /* such as a table that isn't there */
    case SQLITE_MISMATCH:
      return otherwise == TITHE_DATABASE_ERROR_READ ? TITHE_DATABASE_ERROR_DAMAGED : otherwise;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return otherwise == TITHE_DATABASE_ERROR_WRITE ? TITHE_DATABASE_ERROR_READ_ONLY : otherwise;
    default:
      return otherwise;
    }
}

static const char *
get_format (TitheDatabaseError code)
{
  switch (code)
    {
    case TITHE_DATABASE_ERROR_NOT_FOUND:
      return _("there is no session “%s”: %s");
    case TITHE_DATABASE_ERROR_FORMAT:
      return _("“%s” is not a Tithe session: %s");
    case TITHE_DATABASE_ERROR_VERSION:
      return _("the session “%s” was written by a newer version of Tithe (%s); open it with that");
    case TITHE_DATABASE_ERROR_DAMAGED:
      return _("the session “%s” is damaged: %s");
    case TITHE_DATABASE_ERROR_BUSY:
      return _("the session “%s” is in use by another program (%s); try again when that is done with it");
    case TITHE_DATABASE_ERROR_REPLACED:
      return _("the session “%s” is not the one that was opened: %s; open it again");
    case TITHE_DATABASE_ERROR_READ:
      return _("cannot read the session “%s”: %s");
    case TITHE_DATABASE_ERROR_READ_ONLY:
      return _("the session “%s” may not be written to: %s; copy it to a place of your own");
    case TITHE_DATABASE_ERROR_WRITE:
    default:
      return _("cannot write the session “%s”: %s");
    }
}

static gboolean
set_error (const char *path, TitheDatabaseError code, const char *why, GError **error)
{
  g_autofree char *message = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  message = g_strdup_printf (get_format (code), path, why);
#pragma GCC diagnostic pop
  g_set_error_literal (error, TITHE_DATABASE_ERROR, (int) code, message);
  return FALSE;
}

/**
 * tithe_database_fail:
 * @code: %TITHE_DATABASE_ERROR_READ or %TITHE_DATABASE_ERROR_WRITE: what was tried
 *
 * Sets the error for what SQLite last answered: @code, or what it is more exactly (held by another program, damaged,
 * not to be written to).
 *
 * Returns: %FALSE
 */
gboolean
tithe_database_fail (TitheDatabase *self, TitheDatabaseError code, GError **error)
{
  return set_error (self->path, classify (sqlite3_errcode (self->db), code), sqlite3_errmsg (self->db), error);
}

/**
 * tithe_database_fail_by:
 * @status: an answer of SQLite's that it doesn't keep
 *
 * As tithe_database_fail(), for that answer.
 *
 * Returns: %FALSE
 */
gboolean
tithe_database_fail_by (TitheDatabase *self, int status, TitheDatabaseError code, GError **error)
{
  return set_error (self->path, classify (status, code), sqlite3_errstr (status), error);
}

/**
 * tithe_database_damaged:
 * @what: is wrong with it, for people
 *
 * Sets a %TITHE_DATABASE_ERROR_DAMAGED.
 *
 * Returns: %FALSE
 */
gboolean
tithe_database_damaged (TitheDatabase *self, const char *what, GError **error)
{
  return set_error (self->path, TITHE_DATABASE_ERROR_DAMAGED, what, error);
}

/**
 * tithe_database_replaced:
 *
 * Sets a %TITHE_DATABASE_ERROR_REPLACED.
 *
 * Returns: %FALSE
 */
gboolean
tithe_database_replaced (TitheDatabase *self, GError **error)
{
  return set_error (self->path, TITHE_DATABASE_ERROR_REPLACED, _("another program clustered anew in its place"),
                    error);
}

/* --- statements --- */

/**
 * tithe_database_prepare:
 *
 * Returns: (transfer full) (nullable): the statement, for sqlite3_finalize(); %NULL for tithe_database_fail() to explain
 */
sqlite3_stmt *
tithe_database_prepare (TitheDatabase *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  return sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

/**
 * tithe_database_run:
 * @sql: statements without values
 *
 * Returns: whether all of them were run; tithe_database_fail() explains
 */
gboolean
tithe_database_run (TitheDatabase *self, const char *sql)
{
  return sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/**
 * tithe_database_get_number:
 *
 * Returns: the first number of the first row; -1 where there is none, and where it can't be read
 */
gint64
tithe_database_get_number (TitheDatabase *self, const char *sql)
{
  g_autoptr (sqlite3_stmt) statement = tithe_database_prepare (self, sql);

  return statement != NULL && sqlite3_step (statement) == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : -1;
}

/**
 * tithe_database_bind_numbers:
 * @column: of the statement's values, from 1
 * @numbers: @n of @width bytes each
 *
 * Binds a copy of them as a blob, in the byte order that files have.
 *
 * Returns: whether that went well; tithe_database_fail() explains
 */
gboolean
tithe_database_bind_numbers (sqlite3_stmt *row, int column, gconstpointer numbers, gsize n, gsize width)
{
  gpointer copy = g_malloc (MAX (n * width, 1));

  tithe_byte_order_copy (copy, numbers, n, width);
  return sqlite3_bind_blob64 (row, column, copy, n * width, g_free) == SQLITE_OK;
}

/**
 * tithe_database_has_table:
 * @has: (out): whether there is one of that name
 *
 * Returns: %FALSE where that can't be told, with a %TITHE_DATABASE_ERROR
 */
gboolean
tithe_database_has_table (TitheDatabase *self, const char *name, gboolean *has, GError **error)
{
  g_autoptr (sqlite3_stmt) statement
      = tithe_database_prepare (self, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?");

  *has = FALSE;
  if (statement == NULL || sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC) != SQLITE_OK
      || sqlite3_step (statement) != SQLITE_ROW)
    return tithe_database_fail (self, TITHE_DATABASE_ERROR_READ, error);
  *has = sqlite3_column_int64 (statement, 0) > 0;
  return TRUE;
}

/**
 * tithe_database_dup_identity:
 *
 * Returns: (transfer full): what decides how classes were clustered, and so what the file's decisions are about; another
 *   one when the session was replaced. %NULL with a %TITHE_DATABASE_ERROR
 */
char *
tithe_database_dup_identity (TitheDatabase *self, GError **error)
{
  g_autoptr (sqlite3_stmt) rows = tithe_database_prepare (
      self,
      "SELECT value FROM meta WHERE key IN ('dataset_fingerprint', 'embedding_fingerprint', 'linkage') ORDER BY key");
  g_autoptr (GString) identity = g_string_new (NULL);
  int status = SQLITE_ERROR;

  while (rows != NULL && (status = sqlite3_step (rows)) == SQLITE_ROW)
    g_string_append_printf (identity, "%s\n", (const char *) sqlite3_column_text (rows, 0));
  if (status == SQLITE_DONE)
    return g_string_free (g_steal_pointer (&identity), FALSE);
  tithe_database_fail (self, TITHE_DATABASE_ERROR_READ, error);
  return NULL;
}

/* --- opening --- */

/* Only where nothing at all has the name is there nothing: a link to what isn't mounted is something. */
static gboolean
is_file (const char *path, GError **error)
{
  GStatBuf about;
  int reason;

  if (g_stat (path, &about) == 0)
    return S_ISREG (about.st_mode) || set_error (path, TITHE_DATABASE_ERROR_FORMAT, _("it is not a file"), error);
  reason = errno;
  return set_error (path,
                    reason == ENOENT && g_lstat (path, &about) != 0 ? TITHE_DATABASE_ERROR_NOT_FOUND
                                                                    : TITHE_DATABASE_ERROR_READ,
                    g_strerror (reason), error);
}

/* What a stranger put into the file is data and runs nothing. Until it is known to be ours its log is left alone, too. */
gboolean
tithe_database_connect (TitheDatabase *self, const char *name, int flags)
{
  sqlite3_close (self->db);
  self->db = NULL;
  if (sqlite3_open_v2 (name, &self->db, flags, NULL) != SQLITE_OK)
    return FALSE;
  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_timeout (self->db, self->patience);
  return sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL) == SQLITE_OK
         && sqlite3_db_config (self->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL) == SQLITE_OK
         && sqlite3_db_config (self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) == SQLITE_OK
         && sqlite3_db_config (self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK
         && sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) == SQLITE_OK
         && tithe_database_run (self, "PRAGMA cell_size_check = ON");
}

static gboolean
has_log (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL), *journal = g_strconcat (path, "-journal", NULL);
  GStatBuf about;

  return (g_stat (log, &about) == 0 && about.st_size > 0) || (g_stat (journal, &about) == 0 && about.st_size > 0);
}

/* Looks at every table, too. */
static gboolean
can_read (TitheDatabase *self)
{
  return tithe_database_run (self, "SELECT count(*) FROM sqlite_master");
}

/* Where no log can be shared, as on a disk that is read-only, the file is complete as it is if there is none. */
static gboolean
connect_database (TitheDatabase *self, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (self->path, "/", TRUE);
  g_autofree char *uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
  int status;

  if (tithe_database_connect (self, self->path, SQLITE_OPEN_READWRITE) && can_read (self))
    return TRUE;
  status = sqlite3_errcode (self->db) & 0xff;
  if ((status == SQLITE_CANTOPEN || status == SQLITE_READONLY) && access (self->path, R_OK) == 0
      && !has_log (self->path))
    {
      self->read_only = TRUE;
      if (tithe_database_connect (self, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI) && can_read (self))
        return TRUE;
    }
  return tithe_database_fail (self, TITHE_DATABASE_ERROR_READ, error);
}

/* A column that is worked out when it is read could be of any size, whatever the file's; no version of ours has one. */
static gboolean
check_columns (TitheDatabase *self, GError **error)
{
  gint64 n = tithe_database_get_number (self, "SELECT count(*) FROM sqlite_master AS t, pragma_table_xinfo(t.name) AS c"
                                              " WHERE t.type = 'table' AND c.hidden <> 0");

  if (n < 0)
    return tithe_database_fail (self, TITHE_DATABASE_ERROR_READ, error);
  return n == 0 || tithe_database_damaged (self, _("columns that are worked out and not stored"), error);
}

static gboolean
check_version (TitheDatabase *self, GError **error)
{
  gint64 id = tithe_database_get_number (self, "PRAGMA application_id"), version;
  g_autofree char *number = NULL;

  if (id < 0)
    return tithe_database_fail (self, TITHE_DATABASE_ERROR_READ, error);
  if (id != TITHE_DATABASE_APPLICATION_ID)
    return set_error (self->path, TITHE_DATABASE_ERROR_FORMAT, _("it lacks the mark of one"), error);
  version = tithe_database_get_number (self, "PRAGMA user_version");
  if (version >= 1 && version <= TITHE_DATABASE_VERSION)
    return check_columns (self, error);
  number = g_strdup_printf (_("format %" PRId64), version);
  return set_error (self->path,
                    version > TITHE_DATABASE_VERSION ? TITHE_DATABASE_ERROR_VERSION : TITHE_DATABASE_ERROR_DAMAGED,
                    number, error);
}

/* Several programs may have the file open from now on, one of which writes at a time. */
static gboolean
begin_log (TitheDatabase *self, const char *tables)
{
  self->logged = tithe_database_run (self, "PRAGMA journal_mode = WAL");
  return self->logged && tithe_database_run (self, "PRAGMA synchronous = NORMAL")
         && (tables == NULL || tithe_database_run (self, tables));
}

static gboolean
prepare_for_writing (TitheDatabase *self, TitheDatabaseMode mode, const char *tables, GError **error)
{
  const gboolean permitted
      = !self->read_only && access (self->path, W_OK) == 0 && sqlite3_db_readonly (self->db, "main") == 0;
  int status;

  if (permitted && begin_log (self, tables))
    return TRUE;
  status = permitted ? sqlite3_errcode (self->db) & 0xff : SQLITE_READONLY;
  if (classify (status, TITHE_DATABASE_ERROR_WRITE) == TITHE_DATABASE_ERROR_BUSY)
    return tithe_database_fail (self, TITHE_DATABASE_ERROR_WRITE, error);
  self->read_only = TRUE;
  if (mode == TITHE_DATABASE_WRITE_IF_POSSIBLE)
    return TRUE;
  if (!permitted || status == SQLITE_CANTOPEN)
    return set_error (self->path, TITHE_DATABASE_ERROR_READ_ONLY, g_strerror (EACCES), error);
  return tithe_database_fail (self, TITHE_DATABASE_ERROR_WRITE, error);
}

/**
 * tithe_database_open:
 * @path: of a session
 * @mode: what for
 * @tables: (nullable): SQL that makes the tables that are wanted where they are missing; run only for writing
 *
 * Opens the session's file. Where another program holds it, that is waited for: see tithe_database_set_patience(). A file
 * that isn't opened in the end has the same bytes as before.
 *
 * Returns: (transfer full): the database, or %NULL with a %TITHE_DATABASE_ERROR
 */
TitheDatabase *
tithe_database_open (const char *path, TitheDatabaseMode mode, const char *tables, GError **error)
{
  g_autoptr (TitheDatabase) self = g_new0 (TitheDatabase, 1);

  self->path = g_canonicalize_filename (path, NULL);
  self->patience = tithe_database_get_default_patience ();
  if (!is_file (self->path, error) || !connect_database (self, error) || !check_version (self, error))
    return NULL;
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  if (mode == TITHE_DATABASE_READ)
    self->read_only = TRUE;
  else if (!prepare_for_writing (self, mode, tables, error))
    return NULL;
  if (self->read_only)
    tithe_database_run (self, "PRAGMA query_only = ON");
  return g_steal_pointer (&self);
}

/**
 * tithe_database_close:
 *
 * Closes the file; the last who had it open for writing leaves no other file next to it.
 */
void
tithe_database_close (TitheDatabase *self)
{
  if (self->db != NULL && self->logged)
    tithe_database_run (self, "PRAGMA query_only = OFF; PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
  sqlite3_close (self->db);
  g_free (self->path);
  g_free (self);
}

/**
 * tithe_database_matches:
 *
 * Returns: whether the file is a session, even one that can't be opened now, because it is in use, damaged, or of a newer
 *   version
 */
gboolean
tithe_database_matches (const char *path)
{
  g_autoptr (TitheDatabase) self = g_new0 (TitheDatabase, 1);
  g_autoptr (GError) error = NULL;

  self->path = g_canonicalize_filename (path, NULL);
  if (is_file (self->path, NULL) && connect_database (self, &error) && check_version (self, &error))
    return TRUE;
  return g_error_matches (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BUSY)
         || g_error_matches (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_VERSION)
         || g_error_matches (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_DAMAGED);
}
