/* SPDX-License-Identifier: MIT */
#include "tithe-database.h"

#include <unistd.h>

/* How long another program may hold the file before we give up. */
#define PATIENCE_MS 2000

/**
 * tithe_database_get_number:
 *
 * Returns: the first number of the first row, or -1 where there is none
 */
gint64
tithe_database_get_number (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gint64 value = -1;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

/**
 * tithe_database_open:
 * @session: absolute path of a session
 * @schema: tables that are made where they are missing
 * @read_only: (inout): whether nothing is to be written; set where nothing can be
 *
 * Opens the session with a write-ahead log beside it, which is gone again when the last who has it open closes it. A file
 * or a folder that can't be written to is opened for reading.
 *
 * Returns: (transfer full) (nullable): the database, for tithe_database_close()
 */
sqlite3 *
tithe_database_open (const char *session, const char *schema, gboolean *read_only)
{
  g_autofree char *uri = NULL, *escaped = g_uri_escape_string (session, "/", TRUE);
  sqlite3 *db = NULL;

  *read_only = *read_only || access (session, W_OK) != 0;
  if (!*read_only)
    {
      if (sqlite3_open_v2 (session, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
          && sqlite3_busy_timeout (db, PATIENCE_MS) == SQLITE_OK
          && sqlite3_exec (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;", NULL, NULL, NULL) == SQLITE_OK
          && sqlite3_exec (db, schema, NULL, NULL, NULL) == SQLITE_OK)
        return db;
      sqlite3_close (db);
      db = NULL;
      *read_only = TRUE;
    }
  uri = g_strconcat ("file:", escaped, "?mode=ro", NULL);
  if (sqlite3_open_v2 (uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK
      && tithe_database_get_number (db, "SELECT count(*) FROM sqlite_master") >= 0)
    return db;
  /* A write-ahead log can't be shared there; without one the file is complete as it is. */
  sqlite3_close (db);
  g_free (uri);
  uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
  if (sqlite3_open_v2 (uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK)
    return db;
  sqlite3_close (db);
  return NULL;
}

void
tithe_database_close (sqlite3 *db, gboolean read_only)
{
  if (db != NULL && !read_only)
    sqlite3_exec (db, "PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
  sqlite3_close (db);
}
