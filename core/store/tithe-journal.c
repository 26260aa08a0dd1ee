/* SPDX-License-Identifier: MIT */
#include "tithe-journal.h"
#include "tithe-database.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK (tithe-journal-error-quark, tithe_journal_error)

struct _TitheJournal
{
  char *path;
  sqlite3 *db;
  gboolean read_only;
  gint64 last;      /* number of the last row that is known */
  gint64 limit;     /* of the last row that is wanted */
  int data_version; /* of the file, when it was last read */
};

static const char *const schema
    = "CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, event TEXT NOT NULL, name TEXT NOT NULL,"
      "  time INTEGER NOT NULL, changes BLOB NOT NULL);";

static gboolean
fail (TitheJournal *self, TitheJournalError code, GError **error)
{
  const char *format = code == TITHE_JOURNAL_ERROR_READ ? _("cannot read the decisions in “%s”: %s")
                                                        : _("cannot write the decision to “%s”: %s; it was not made");

  g_set_error (error, TITHE_JOURNAL_ERROR, (int) code, format, self->path, sqlite3_errmsg (self->db));
  return FALSE;
}

/**
 * tithe_journal_open:
 * @session: path of a session
 * @writable: whether something is to be decided
 *
 * Opens the session for decisions; one that may not be written to is opened for reading. The write-ahead log beside it is
 * gone again when the last who has it open closes it.
 *
 * Returns: (transfer full): the journal, of which nothing is read yet, or %NULL with a %TITHE_JOURNAL_ERROR
 */
TitheJournal *
tithe_journal_open (const char *session, gboolean writable, GError **error)
{
  g_autoptr (TitheJournal) self = g_new0 (TitheJournal, 1);

  self->path = g_canonicalize_filename (session, NULL);
  self->read_only = !writable;
  self->limit = G_MAXINT64;
  self->db = tithe_database_open (self->path, schema, &self->read_only);
  if (self->db == NULL)
    {
      g_set_error (error, TITHE_JOURNAL_ERROR, TITHE_JOURNAL_ERROR_READ, _("cannot read the decisions in “%s”"),
                   self->path);
      return NULL;
    }
  self->data_version = -1;
  return g_steal_pointer (&self);
}

void
tithe_journal_free (TitheJournal *self)
{
  tithe_database_close (self->db, self->read_only);
  g_free (self->path);
  g_free (self);
}

gboolean
tithe_journal_is_read_only (TitheJournal *self)
{
  return self->read_only;
}

/**
 * tithe_journal_has_news:
 *
 * Returns: whether somebody else wrote to the session since it was last read; cheap enough to be asked often
 */
gboolean
tithe_journal_has_news (TitheJournal *self)
{
  return tithe_database_get_number (self->db, "PRAGMA data_version") != self->data_version;
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

/**
 * tithe_journal_read:
 * @func: told of every row that was added since the last time
 *
 * Returns: %FALSE with %TITHE_JOURNAL_ERROR_READ; rows before a damaged one were told of
 */
gboolean
tithe_journal_read (TitheJournal *self, TitheJournalFunc func, gpointer user_data, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int status;

  self->data_version = (int) tithe_database_get_number (self->db, "PRAGMA data_version");
  if (tithe_database_get_number (self->db, "SELECT count(*) FROM sqlite_master WHERE name = 'journal'") < 1)
    return TRUE; /* no decision was made yet, and none can be */
  if (sqlite3_prepare_v2 (self->db, "SELECT id, event, name, changes FROM journal WHERE id > ? AND id <= ? ORDER BY id",
                          -1, &statement, NULL)
      != SQLITE_OK)
    return fail (self, TITHE_JOURNAL_ERROR_READ, error);
  sqlite3_bind_int64 (statement, 1, self->last);
  sqlite3_bind_int64 (statement, 2, self->limit);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const char *event = (const char *) sqlite3_column_text (statement, 1);
      const char *name = (const char *) sqlite3_column_text (statement, 2);
      const void *changes = sqlite3_column_blob (statement, 3);

      if (!is_event (event) || name == NULL)
        {
          g_set_error (error, TITHE_JOURNAL_ERROR, TITHE_JOURNAL_ERROR_READ, _("the decisions in “%s” are damaged"),
                       self->path);
          sqlite3_finalize (statement);
          return FALSE;
        }
      self->last = sqlite3_column_int64 (statement, 0);
      func ((TitheEvent) *event, name, changes ? changes : "", (gsize) sqlite3_column_bytes (statement, 3), user_data);
    }
  sqlite3_finalize (statement);
  return status == SQLITE_DONE || fail (self, TITHE_JOURNAL_ERROR_READ, error);
}

/**
 * tithe_journal_append:
 * @name: of the step, for people
 * @changes: (array length=size): what it changes
 *
 * Adds a row behind the last one that is known. It is on its way to the disk when this returns: the end of the program
 * does not lose it.
 *
 * Returns: %FALSE with %TITHE_JOURNAL_ERROR_BEHIND where somebody else added one first, %TITHE_JOURNAL_ERROR_READ_ONLY, or
 *   %TITHE_JOURNAL_ERROR_WRITE
 */
gboolean
tithe_journal_append (TitheJournal *self, TitheEvent event, const char *name, gconstpointer changes, gsize size,
                      GError **error)
{
  sqlite3_stmt *statement = NULL;
  const char text[2] = { (char) event, '\0' };
  int status = SQLITE_ERROR;

  if (self->read_only)
    {
      g_set_error (error, TITHE_JOURNAL_ERROR, TITHE_JOURNAL_ERROR_READ_ONLY,
                   _("“%s” may not be written to: nothing can be decided in it; copy it to a place of your own"),
                   self->path);
      return FALSE;
    }
  if (sqlite3_prepare_v2 (self->db, "INSERT INTO journal VALUES (?, ?, ?, ?, ?)", -1, &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, self->last + 1);
      sqlite3_bind_text (statement, 2, text, 1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 3, name, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 4, g_get_real_time () / G_USEC_PER_SEC);
      sqlite3_bind_blob64 (statement, 5, size > 0 ? changes : "", size, SQLITE_STATIC);
      status = sqlite3_step (statement);
    }
  sqlite3_finalize (statement);
  if (status == SQLITE_CONSTRAINT)
    {
      g_set_error (error, TITHE_JOURNAL_ERROR, TITHE_JOURNAL_ERROR_BEHIND,
                   _("somebody else decided something in “%s” at the same time"), self->path);
      return FALSE;
    }
  if (status != SQLITE_DONE)
    return fail (self, TITHE_JOURNAL_ERROR_WRITE, error);
  self->last++;
  return TRUE;
}
