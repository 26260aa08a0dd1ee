/* SPDX-License-Identifier: MIT */
#include "tithe-journal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _TitheJournal
{
  TitheDatabase *database;
  char *identity;   /* of the session that the decisions are about */
  gint64 last;      /* number of the last row that is known */
  gint64 limit;     /* of the last row that is wanted */
  int data_version; /* of the file, when it was last read */
};

static const char *const schema
    = "CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, event TEXT NOT NULL, name TEXT NOT NULL,"
      "  time INTEGER NOT NULL, changes BLOB NOT NULL);";

/**
 * tithe_journal_open:
 * @session: path of a session
 * @writable: whether something is to be decided
 *
 * Opens the session for decisions; one that may not be written to is opened for reading. The write-ahead log next to it is
 * gone again when the last who has it open closes it.
 *
 * Returns: (transfer full): the journal, of which nothing is read yet, or %NULL with a %TITHE_DATABASE_ERROR
 */
TitheJournal *
tithe_journal_open (const char *session, gboolean writable, GError **error)
{
  TitheDatabase *database
      = tithe_database_open (session, writable ? TITHE_DATABASE_WRITE_IF_POSSIBLE : TITHE_DATABASE_READ, schema, error);
  g_autoptr (TitheJournal) self = NULL;

  if (database == NULL)
    return NULL;
  self = g_new0 (TitheJournal, 1);
  self->database = database;
  self->limit = G_MAXINT64;
  self->data_version = -1;
  self->identity = tithe_database_dup_identity (database, error);
  return self->identity ? g_steal_pointer (&self) : NULL;
}

/* tithe_journal_free: closes the session; every decision is in it */
void
tithe_journal_free (TitheJournal *self)
{
  tithe_database_close (self->database);
  g_free (self->identity);
  g_free (self);
}

/**
 * tithe_journal_check_identity:
 * @identity: of a session, as tithe_database_dup_identity() had it
 *
 * Returns: %FALSE with %TITHE_DATABASE_ERROR_REPLACED where the decisions are about another session
 */
gboolean
tithe_journal_check_identity (TitheJournal *self, const char *identity, GError **error)
{
  return g_str_equal (self->identity, identity) || tithe_database_replaced (self->database, error);
}

/* tithe_journal_is_read_only: whether nothing can be decided */
gboolean
tithe_journal_is_read_only (TitheJournal *self)
{
  return tithe_database_is_read_only (self->database);
}

/**
 * tithe_journal_set_patience:
 *
 * Sets how long another program that holds the session is waited for; with 0 a %TITHE_DATABASE_ERROR_BUSY comes at once,
 * and what was to be done may be tried again later.
 */
void
tithe_journal_set_patience (TitheJournal *self, guint milliseconds)
{
  tithe_database_set_patience (self->database, milliseconds);
}

/**
 * tithe_journal_has_news:
 *
 * Returns: whether somebody else wrote to the session since it was last read; cheap enough to be asked often
 */
gboolean
tithe_journal_has_news (TitheJournal *self)
{
  return tithe_database_get_number (self->database, "PRAGMA data_version") != self->data_version;
}

/**
 * tithe_journal_set_limit:
 * @n_rows: how many rows there were at the time that is wanted
 *
 * Leaves out what was decided later; for a journal that is only read.
 */
void
tithe_journal_set_limit (TitheJournal *self, gint64 n_rows)
{
  self->limit = n_rows;
}

/**
 * tithe_journal_get_n_rows:
 *
 * Returns: rows read so far
 */
gint64
tithe_journal_get_n_rows (TitheJournal *self)
{
  return self->last;
}

static gboolean
is_event (const char *text)
{
  return text != NULL && strlen (text) == 1 && strchr ("DUR", *text) != NULL;
}

/* A row comes behind the one before it: nothing is ever taken out. */
static gboolean
tell_row (TitheJournal *self, sqlite3_stmt *row, TitheJournalFunc func, gpointer user_data, GError **error)
{
  const gint64 number = sqlite3_column_int64 (row, 0);
  const char *event = (const char *) sqlite3_column_text (row, 1);
  g_autofree char *name = NULL;
  const void *changes = sqlite3_column_blob (row, 3);

  if (number != self->last + 1 || !is_event (event) || sqlite3_column_text (row, 2) == NULL)
    return tithe_database_damaged (self->database, _("a decision in it can't be read"), error);
  name = g_utf8_make_valid ((const char *) sqlite3_column_text (row, 2), -1);
  if (!func ((TitheEvent) *event, name, changes ? changes : "", (gsize) sqlite3_column_bytes (row, 3), user_data))
    return tithe_database_damaged (self->database, _("a decision in it does not fit its dataset"), error);
  self->last = number;
  return TRUE;
}

static gboolean
tell_rows (TitheJournal *self, TitheJournalFunc func, gpointer user_data, GError **error)
{
  g_autoptr (sqlite3_stmt) rows = tithe_database_prepare (
      self->database, "SELECT id, event, name, changes FROM journal WHERE id > ? AND id <= ? ORDER BY id");
  int status = SQLITE_ERROR;

  if (rows != NULL && sqlite3_bind_int64 (rows, 1, self->last) == SQLITE_OK
      && sqlite3_bind_int64 (rows, 2, self->limit) == SQLITE_OK)
    while ((status = sqlite3_step (rows)) == SQLITE_ROW)
      if (!tell_row (self, rows, func, user_data, error))
        return FALSE;
  return status == SQLITE_DONE || tithe_database_fail (self->database, TITHE_DATABASE_ERROR_READ, error);
}

static gboolean
read_rows (TitheJournal *self, TitheJournalFunc func, gpointer user_data, GError **error)
{
  g_autofree char *identity = tithe_database_dup_identity (self->database, error);
  gboolean any;

  if (identity == NULL || !tithe_journal_check_identity (self, identity, error)
      || !tithe_database_has_table (self->database, "journal", &any, error))
    return FALSE;
  /* Without the table no decision was made yet, and none can be. */
  return !any || tell_rows (self, func, user_data, error);
}

/**
 * tithe_journal_read:
 * @func: told of every row that was added since the last time
 *
 * Takes time in proportion to the rows' size.
 *
 * Returns: %FALSE with a %TITHE_DATABASE_ERROR; rows before a damaged one were told of
 */
gboolean
tithe_journal_read (TitheJournal *self, TitheJournalFunc func, gpointer user_data, GError **error)
{
  gboolean ok;

  /* What is added from here on is news the next time. */
  self->data_version = (int) tithe_database_get_number (self->database, "PRAGMA data_version");
  if (!tithe_database_run (self->database, "BEGIN"))
    return tithe_database_fail (self->database, TITHE_DATABASE_ERROR_READ, error);
  ok = read_rows (self, func, user_data, error);
  tithe_database_run (self->database, "END");
  return ok;
}

static gboolean
bind_row (TitheJournal *self, sqlite3_stmt *row, TitheEvent event, const char *name, gconstpointer changes, gsize size)
{
  const char text[2] = { (char) event, '\0' };

  return row != NULL && sqlite3_bind_int64 (row, 1, self->last + 1) == SQLITE_OK
         && sqlite3_bind_text (row, 2, text, 1, SQLITE_TRANSIENT) == SQLITE_OK
         && sqlite3_bind_text (row, 3, name, -1, SQLITE_STATIC) == SQLITE_OK
         && sqlite3_bind_int64 (row, 4, g_get_real_time () / G_USEC_PER_SEC) == SQLITE_OK
         && sqlite3_bind_blob64 (row, 5, size > 0 ? changes : "", size, SQLITE_STATIC) == SQLITE_OK;
}

/**
 * tithe_journal_append:
 * @name: of the step, for people
 * @changes: (array length=size): what it changes
 *
 * Adds a row behind the last one that is known. It is on its way to the disk when this returns: the end of the program
 * does not lose it.
 *
 * Returns: %FALSE with a %TITHE_DATABASE_ERROR where it could not be written; with %TITHE_DATABASE_ERROR_BEHIND where
 *   somebody else added one first: read on and try again
 */
gboolean
tithe_journal_append (TitheJournal *self, TitheEvent event, const char *name, gconstpointer changes, gsize size,
                      GError **error)
{
  g_autoptr (sqlite3_stmt) row = tithe_database_prepare (self->database, "INSERT INTO journal VALUES (?, ?, ?, ?, ?)");

  if (tithe_database_is_read_only (self->database))
    {
      g_set_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_READ_ONLY,
                   _("“%s” may not be written to: nothing can be decided in it; copy it to a place of your own"),
                   tithe_database_get_path (self->database));
      return FALSE;
    }
  if (bind_row (self, row, event, name, changes, size) && sqlite3_step (row) == SQLITE_DONE)
    {
      self->last++;
      return TRUE;
    }
  if ((sqlite3_errcode (tithe_database_get_handle (self->database)) & 0xff) == SQLITE_CONSTRAINT)
    {
      g_set_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BEHIND,
                   _("somebody else decided something in “%s” at the same time"),
                   tithe_database_get_path (self->database));
      return FALSE;
    }
  tithe_database_fail (self->database, TITHE_DATABASE_ERROR_WRITE, error);
  g_prefix_error (error, _("the decision was not made: "));
  return FALSE;
}
