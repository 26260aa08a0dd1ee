/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define TITHE_DATABASE_ERROR (tithe_database_error_quark ())

/**
 * TitheDatabaseError:
 * @TITHE_DATABASE_ERROR_NOT_FOUND: there is no such file; nothing else may lead to a new session in its place
 * @TITHE_DATABASE_ERROR_FORMAT: the file is something else than a session
 * @TITHE_DATABASE_ERROR_VERSION: a newer version of Tithe wrote it
 * @TITHE_DATABASE_ERROR_DAMAGED: it is a session, and what is in it can't be right
 * @TITHE_DATABASE_ERROR_BUSY: another program holds it, and went on holding it for as long as was waited
 * @TITHE_DATABASE_ERROR_READ: it can't be read, for a reason that lies outside of it
 * @TITHE_DATABASE_ERROR_WRITE: it can't be written to: nothing is changed
 * @TITHE_DATABASE_ERROR_READ_ONLY: it may not be written to
 * @TITHE_DATABASE_ERROR_REPLACED: it holds another session than when it was first read
 * @TITHE_DATABASE_ERROR_BEHIND: another program added to it since it was last read: read on and try again
 *
 * Why a session's file can't be opened, read or written: the same whether its hierarchy, its decisions or its trials were
 * wanted.
 */
typedef enum
{
  TITHE_DATABASE_ERROR_NOT_FOUND,
  TITHE_DATABASE_ERROR_FORMAT,
  TITHE_DATABASE_ERROR_VERSION,
  TITHE_DATABASE_ERROR_DAMAGED,
  TITHE_DATABASE_ERROR_BUSY,
  TITHE_DATABASE_ERROR_READ,
  TITHE_DATABASE_ERROR_WRITE,
  TITHE_DATABASE_ERROR_READ_ONLY,
  TITHE_DATABASE_ERROR_REPLACED,
  TITHE_DATABASE_ERROR_BEHIND,
} TitheDatabaseError;

/**
 * TitheDatabaseMode:
 * @TITHE_DATABASE_READ: nothing is to be written
 * @TITHE_DATABASE_WRITE: something is: what may not be written to is not opened
 * @TITHE_DATABASE_WRITE_IF_POSSIBLE: something is, where that may be; tithe_database_is_read_only() tells
 */
typedef enum
{
  TITHE_DATABASE_READ,
  TITHE_DATABASE_WRITE,
  TITHE_DATABASE_WRITE_IF_POSSIBLE,
} TitheDatabaseMode;

/**
 * TitheDatabase:
 *
 * An open .tithe file, which is an SQLite database: the one way in which a session, its decisions and its trials are opened,
 * waited for and checked. Whoever holds the file is waited for. A file of a newer version is not touched, nor is one that
 * is something else. What a stranger put into the file runs no code here: views and triggers are off.
 *
 * While somebody has it open for writing it has a write-ahead log next to it (-wal, -shm), which goes when the last of them
 * closes it. No program may open() the file itself while it has it open here: closing any descriptor of a file gives up all
 * locks that the process has on it.
 *
 * One thread at a time; it may be another one each time.
 */
typedef struct _TitheDatabase TitheDatabase;

/* What SQLite keeps next to a file, by the ends of their names; NULL-terminated. */
extern const char *const tithe_database_companions[];

/* Fills a new database; an answer of %FALSE is explained by what SQLite last said. */
typedef gboolean (*TitheDatabaseFunc) (TitheDatabase *self, gpointer user_data);

GQuark         tithe_database_error_quark          (void);
gboolean       tithe_database_matches              (const char *path);
TitheDatabase *tithe_database_open                 (const char *path, TitheDatabaseMode mode, const char *tables,
                                                    GError **error);
gboolean       tithe_database_write                (const char *path, gboolean replace, const char *tables,
                                                    TitheDatabaseFunc fill, gpointer user_data, GError **error);
void           tithe_database_close                (TitheDatabase *self);
void           tithe_database_set_patience         (TitheDatabase *self, guint milliseconds);
void           tithe_database_set_default_patience (guint milliseconds);
const char    *tithe_database_get_path             (TitheDatabase *self);
gboolean       tithe_database_is_read_only         (TitheDatabase *self);

sqlite3       *tithe_database_get_handle           (TitheDatabase *self);
sqlite3_stmt  *tithe_database_prepare              (TitheDatabase *self, const char *sql);
gboolean       tithe_database_run                  (TitheDatabase *self, const char *sql);
gint64         tithe_database_get_number           (TitheDatabase *self, const char *sql);
gboolean       tithe_database_bind_numbers         (sqlite3_stmt *row, int column, gconstpointer numbers, gsize n, gsize width);
gboolean       tithe_database_has_table            (TitheDatabase *self, const char *name, gboolean *has, GError **error);
char          *tithe_database_dup_identity         (TitheDatabase *self, GError **error);
gboolean       tithe_database_replaced             (TitheDatabase *self, GError **error);
gboolean       tithe_database_fail                 (TitheDatabase *self, TitheDatabaseError code, GError **error);
gboolean       tithe_database_damaged              (TitheDatabase *self, const char *what, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheDatabase, tithe_database_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

G_END_DECLS
