/* SPDX-License-Identifier: MIT */
#include "tithe-journal.h"

#include <glib/gi18n-lib.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (tithe-journal-error-quark, tithe_journal_error)

/* How long another program may hold the file before we give up. */
#define PATIENCE_MS 2000

struct _TitheJournal
{
  char *path;
  sqlite3 *db;
  gboolean read_only;
  gint64 last;      /* number of the last row that is known */
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

static gint64
get_number (TitheJournal *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gint64 value = -1;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return value;
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
  self->read_only = !writable || access (session, W_OK) != 0;
  if (!self->read_only
      && (sqlite3_open_v2 (session, &self->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK
          || sqlite3_busy_timeout (self->db, PATIENCE_MS) != SQLITE_OK
          || sqlite3_exec (self->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;", NULL, NULL, NULL)
                 != SQLITE_OK
          || sqlite3_exec (self->db, schema, NULL, NULL, NULL) != SQLITE_OK))
    {
      /* A folder or a file system that can't be written to makes the session one that can only be read. */
      sqlite3_close (self->db);
      self->db = NULL;
      self->read_only = TRUE;
    }
  if (self->read_only)
    {
      g_autofree char *uri = NULL, *escaped = g_uri_escape_string (self->path, "/", TRUE);

      uri = g_strconcat ("file:", escaped, "?mode=ro", NULL);
      if (sqlite3_open_v2 (uri, &self->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) != SQLITE_OK
          || get_number (self, "SELECT count(*) FROM sqlite_master") < 0)
        {
          /* A write-ahead log can't be shared there; without one the file is complete as it is. */
          sqlite3_close (self->db);
          g_free (uri);
          uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
          if (sqlite3_open_v2 (uri, &self->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) != SQLITE_OK)
            {
              fail (self, TITHE_JOURNAL_ERROR_READ, error);
              return NULL;
            }
        }
    }
  self->data_version = -1;
  return g_steal_pointer (&self);
}

void
tithe_journal_free (TitheJournal *self)
{
  if (self->db != NULL && !self->read_only)
    sqlite3_exec (self->db, "PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
  sqlite3_close (self->db);
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
  return get_number (self, "PRAGMA data_version") != self->data_version;
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

  self->data_version = (int) get_number (self, "PRAGMA data_version");
  if (get_number (self, "SELECT count(*) FROM sqlite_master WHERE name = 'journal'") < 1)
    return TRUE; /* no decision was made yet, and none can be */
  if (sqlite3_prepare_v2 (self->db, "SELECT id, event, name, changes FROM journal WHERE id > ? ORDER BY id", -1,
                          &statement, NULL)
      != SQLITE_OK)
    return fail (self, TITHE_JOURNAL_ERROR_READ, error);
  sqlite3_bind_int64 (statement, 1, self->last);
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
