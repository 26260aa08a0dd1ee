/* SPDX-License-Identifier: MIT */
#include "tithe-session.h"
#include "store/tithe-database.h"
#include "embedding/tithe-quick.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (tithe-session-error-quark, tithe_session_error)

/* The application_id below is “Tthe” in ASCII; this is the user_version of the tables. */
#define VERSION 1

static const char *const schema = "PRAGMA application_id = 1416915045;"
                                  "PRAGMA user_version = 1;"
                                  "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
                                  "CREATE TABLE class (id INTEGER PRIMARY KEY, name TEXT NOT NULL, n INTEGER NOT NULL,"
                                  "  left_child BLOB, right_child BLOB, heights BLOB, centres BLOB, medoids BLOB);";

struct _TitheSession
{
  char *path;
  TitheHierarchy *hierarchy;
  char *embedding_locator;
  char *embedding_fingerprint;
  char *embedding_array;
  char *embedding_paths;
  char *embedding_origin;
};

static gboolean
sql_error (sqlite3 *db, const char *path, TitheSessionError code, GError **error)
{
  g_set_error (error, TITHE_SESSION_ERROR, (int) code,
               code == TITHE_SESSION_ERROR_WRITE ? _("cannot write the session “%s”: %s")
                                                 : _("cannot read the session “%s”: %s"),
               path, sqlite3_errmsg (db));
  return FALSE;
}

/**
 * tithe_session_matches:
 *
 * Returns: whether the file begins as a session does
 */
gboolean
tithe_session_matches (const char *path)
{
  guint8 head[72] = { 0 };
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gssize n = fd >= 0 ? read (fd, head, sizeof head) : 0;

  if (fd >= 0)
    close (fd);
  return n == sizeof head && memcmp (head, "SQLite format 3", 16) == 0 && memcmp (head + 68, "Tthe", 4) == 0;
}

static gboolean
put_meta (sqlite3 *db, const char *key, const char *text, gconstpointer blob, gsize size)
{
  sqlite3_stmt *statement = NULL;
  gboolean ok = sqlite3_prepare_v2 (db, "INSERT INTO meta VALUES (?, ?)", -1, &statement, NULL) == SQLITE_OK;

  if (ok)
    {
      sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
      if (blob != NULL)
        sqlite3_bind_blob64 (statement, 2, blob, size, SQLITE_STATIC);
      else
        sqlite3_bind_text (statement, 2, text, -1, SQLITE_STATIC);
      ok = sqlite3_step (statement) == SQLITE_DONE;
    }
  sqlite3_finalize (statement);
  return ok;
}

static gboolean
put_class (sqlite3 *db, guint id, const char *name, const TitheDendrogram *dendrogram)
{
  sqlite3_stmt *statement = NULL;
  gboolean ok
      = sqlite3_prepare_v2 (db, "INSERT INTO class VALUES (?, ?, ?, ?, ?, ?, ?, ?)", -1, &statement, NULL) == SQLITE_OK;

  if (ok)
    {
      guint64 size = dendrogram ? (guint64) (dendrogram->n - 1) * 4 : 0;

      sqlite3_bind_int64 (statement, 1, id);
      sqlite3_bind_text (statement, 2, name, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 3, dendrogram ? dendrogram->n : 0);
      if (dendrogram != NULL)
        {
          sqlite3_bind_blob64 (statement, 4, dendrogram->left, size, SQLITE_STATIC);
          sqlite3_bind_blob64 (statement, 5, dendrogram->right, size, SQLITE_STATIC);
          sqlite3_bind_blob64 (statement, 6, dendrogram->heights, size, SQLITE_STATIC);
          sqlite3_bind_blob64 (statement, 7, dendrogram->representatives[0], size, SQLITE_STATIC);
          sqlite3_bind_blob64 (statement, 8, dendrogram->representatives[1], size, SQLITE_STATIC);
        }
      ok = sqlite3_step (statement) == SQLITE_DONE;
    }
  sqlite3_finalize (statement);
  return ok;
}

static gboolean
fill_database (sqlite3 *db, TitheHierarchy *hierarchy, TitheEmbedding *embedding, const char *paths_file)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (hierarchy);
  g_autoptr (GVariant) variant = g_variant_ref_sink (tithe_dataset_to_variant (dataset));
  g_autofree char *paths = paths_file ? g_canonicalize_filename (paths_file, NULL) : NULL;
  const char *locator = tithe_embedding_get_locator (embedding), *origin = tithe_embedding_get_origin (embedding);
  gboolean ok = sqlite3_exec (db, schema, NULL, NULL, NULL) == SQLITE_OK
                && sqlite3_exec (db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK
                && put_meta (db, "program", "tithe " TITHE_VERSION, NULL, 0)
                && put_meta (db, "linkage", tithe_linkage_to_string (tithe_hierarchy_get_linkage (hierarchy)), NULL, 0)
                && put_meta (db, "dataset_fingerprint", tithe_dataset_get_fingerprint (dataset), NULL, 0)
                && put_meta (db, "dataset", NULL, g_variant_get_data (variant), g_variant_get_size (variant))
                && put_meta (db, "embedding", locator ? locator : "", NULL, 0)
                && put_meta (db, "embedding_fingerprint", tithe_embedding_get_fingerprint (embedding), NULL, 0)
                && put_meta (db, "embedding_origin", origin ? origin : "", NULL, 0)
                && put_meta (db, "embedding_array", tithe_embedding_get_array (embedding), NULL, 0)
                && put_meta (db, "embedding_paths", paths ? paths : "", NULL, 0);

  for (guint c = 0; ok && c < tithe_dataset_get_n_classes (dataset); c++)
    ok = put_class (db, c, tithe_dataset_get_class_name (dataset, c), tithe_hierarchy_get_class (hierarchy, c));
  return ok && sqlite3_exec (db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
}

/**
 * tithe_session_write:
 * @hierarchy: complete
 * @embedding: what it was computed from
 * @paths_file: (nullable): the order of the embedding's rows
 *
 * Written beside @path, synced, and renamed: an earlier session is replaced whole or not at all.
 */
gboolean
tithe_session_write (const char *path, TitheHierarchy *hierarchy, TitheEmbedding *embedding, const char *paths_file,
                     GError **error)
{
  g_autofree char *temporary = g_strdup_printf ("%s.%d.part", path, (int) getpid ());
  sqlite3 *db = NULL;
  gboolean ok;

  g_unlink (temporary);
  ok = sqlite3_open (temporary, &db) == SQLITE_OK && fill_database (db, hierarchy, embedding, paths_file);
  if (!ok)
    sql_error (db, path, TITHE_SESSION_ERROR_WRITE, error);
  if (sqlite3_close (db) != SQLITE_OK && ok)
    ok = sql_error (db, path, TITHE_SESSION_ERROR_WRITE, error);
  if (ok && g_rename (temporary, path) != 0)
    {
      g_set_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_WRITE, _("cannot write the session “%s”: %s"), path,
                   g_strerror (errno));
      ok = FALSE;
    }
  if (!ok)
    g_unlink (temporary);
  return ok;
}

static GBytes *
get_meta (sqlite3 *db, const char *key)
{
  sqlite3_stmt *statement = NULL;
  GBytes *bytes = NULL;

  if (sqlite3_prepare_v2 (db, "SELECT value FROM meta WHERE key = ?", -1, &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
      if (sqlite3_step (statement) == SQLITE_ROW)
        {
          gconstpointer blob = sqlite3_column_blob (statement, 0);

          bytes = g_bytes_new (blob ? blob : "", (gsize) sqlite3_column_bytes (statement, 0));
        }
    }
  sqlite3_finalize (statement);
  return bytes;
}

static char *
get_text (sqlite3 *db, const char *key)
{
  g_autoptr (GBytes) bytes = get_meta (db, key);
  gsize size = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  return g_strndup (data ? data : "", size);
}

static gboolean
damaged (const char *path, const char *what, GError **error)
{
  g_set_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_FORMAT, _("the session “%s” is damaged: %s"), path,
               what);
  return FALSE;
}

static gboolean
read_classes (TitheSession *self, sqlite3 *db, GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (self->hierarchy);
  sqlite3_stmt *statement = NULL;
  gboolean ok = sqlite3_prepare_v2 (db, "SELECT id, n, left_child, right_child, heights, centres, medoids FROM class",
                                    -1, &statement, NULL)
                == SQLITE_OK;

  if (!ok)
    sql_error (db, self->path, TITHE_SESSION_ERROR_FORMAT, error);
  while (ok && sqlite3_step (statement) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0), n = sqlite3_column_int64 (statement, 1);
      gsize n_images = 0;
      TitheDendrogram *dendrogram;

      if (id >= 0 && id < tithe_dataset_get_n_classes (dataset))
        tithe_dataset_get_class_images (dataset, (guint) id, &n_images);
      if (n == 0 && n_images == 0)
        continue;
      ok = n > 0 && (gsize) n == n_images && tithe_hierarchy_get_class (self->hierarchy, (guint) id) == NULL;
      for (int column = 2; ok && column < 7; column++)
        ok = sqlite3_column_bytes (statement, column) == (n - 1) * 4;
      if (!ok)
        {
          damaged (self->path, _("a class does not fit the dataset"), error);
          break;
        }
      dendrogram = tithe_dendrogram_new_from_arrays (
          (guint32) n, sqlite3_column_blob (statement, 2), sqlite3_column_blob (statement, 3),
          sqlite3_column_blob (statement, 4), sqlite3_column_blob (statement, 5), sqlite3_column_blob (statement, 6),
          error);
      ok = dendrogram != NULL;
      if (!ok)
        g_prefix_error (error, _("the session “%s” is damaged: "), self->path);
      else
        tithe_hierarchy_take_class (self->hierarchy, (guint) id, dendrogram);
    }
  sqlite3_finalize (statement);
  if (ok && !tithe_hierarchy_is_complete (self->hierarchy))
    ok = damaged (self->path, _("a class is missing"), error);
  return ok;
}

static gboolean
read_session (TitheSession *self, sqlite3 *db, GError **error)
{
  g_autofree char *linkage_name = get_text (db, "linkage");
  g_autoptr (GBytes) bytes = get_meta (db, "dataset");
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (TitheDataset) dataset = NULL;
  TitheLinkage linkage;

  if (bytes == NULL || !tithe_linkage_from_string (linkage_name, &linkage))
    return damaged (self->path, _("its dataset or linkage is missing"), error);
  variant = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE ("(issssbuuubasa(stttt)auatatayasmv)"), bytes, FALSE));
  dataset = tithe_dataset_new_from_variant (variant, error);
  if (dataset == NULL)
    {
      g_prefix_error (error, _("the session “%s” is damaged: "), self->path);
      return FALSE;
    }
  self->hierarchy = tithe_hierarchy_new (dataset, linkage);
  self->embedding_locator = get_text (db, "embedding");
  self->embedding_fingerprint = get_text (db, "embedding_fingerprint");
  self->embedding_array = get_text (db, "embedding_array");
  self->embedding_paths = get_text (db, "embedding_paths");
  self->embedding_origin = get_text (db, "embedding_origin");
  return read_classes (self, db, error);
}

/**
 * tithe_session_open:
 *
 * Returns: (transfer full): the session, or %NULL with a %TITHE_SESSION_ERROR
 */
TitheSession *
tithe_session_open (const char *path, GError **error)
{
  TitheSession *self;
  sqlite3 *db = NULL;
  gboolean ok;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_READ, _("cannot read the session “%s”: %s"), path,
                   g_strerror (ENOENT));
      return NULL;
    }
  if (!tithe_session_matches (path))
    {
      g_set_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_FORMAT, _("“%s” is not a Tithe session"), path);
      return NULL;
    }
  self = g_new0 (TitheSession, 1);
  self->path = g_canonicalize_filename (path, NULL);
  ok = sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
       || sql_error (db, path, TITHE_SESSION_ERROR_READ, error);
  if (ok && (int) tithe_database_get_number (db, "PRAGMA user_version") > VERSION)
    {
      g_set_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_VERSION,
                   _("the session “%s” was written by a newer version of Tithe; open it with that"), path);
      ok = FALSE;
    }
  ok = ok && read_session (self, db, error);
  sqlite3_close (db);
  if (!ok)
    g_clear_pointer (&self, tithe_session_free);
  return self;
}

void
tithe_session_free (TitheSession *self)
{
  g_clear_pointer (&self->hierarchy, tithe_hierarchy_unref);
  g_free (self->path);
  g_free (self->embedding_locator);
  g_free (self->embedding_fingerprint);
  g_free (self->embedding_array);
  g_free (self->embedding_paths);
  g_free (self->embedding_origin);
  g_free (self);
}

const char *
tithe_session_get_path (TitheSession *self)
{
  return self->path;
}

TitheDataset *
tithe_session_get_dataset (TitheSession *self)
{
  return tithe_hierarchy_get_dataset (self->hierarchy);
}

TitheHierarchy *
tithe_session_get_hierarchy (TitheSession *self)
{
  return self->hierarchy;
}

const char *
tithe_session_get_embedding_locator (TitheSession *self)
{
  return self->embedding_locator;
}

const char *
tithe_session_get_embedding_fingerprint (TitheSession *self)
{
  return self->embedding_fingerprint;
}

/**
 * tithe_session_get_embedding_origin:
 *
 * Returns: what the embedding was made by, empty where that is not known
 */
const char *
tithe_session_get_embedding_origin (TitheSession *self)
{
  return self->embedding_origin;
}

/**
 * tithe_session_is_quick:
 *
 * Returns: whether images are compared by quick descriptors, which know nothing of meaning
 */
gboolean
tithe_session_is_quick (TitheSession *self)
{
  return g_str_equal (self->embedding_origin, TITHE_QUICK_ORIGIN)
         || g_str_has_suffix (self->embedding_locator, ".quick.npy");
}

static TitheCuration *
open_curation (TitheSession *self, TitheJournal *journal, GError **error)
{
  g_autoptr (TitheCuration) curation = NULL;

  if (journal == NULL)
    return NULL;
  curation = tithe_curation_new (self->hierarchy);
  return tithe_curation_attach (curation, journal, error) ? g_steal_pointer (&curation) : NULL;
}

/**
 * tithe_session_open_curation:
 * @writable: whether something is to be decided
 *
 * Returns: (transfer full): what was decided by hand, or %NULL with a %TITHE_JOURNAL_ERROR
 */
TitheCuration *
tithe_session_open_curation (TitheSession *self, gboolean writable, GError **error)
{
  return open_curation (self, tithe_journal_open (self->path, writable, error), error);
}

/**
 * tithe_session_open_past_curation:
 * @n_rows: of the journal, as tithe_journal_get_n_rows() had it then
 *
 * Returns: (transfer full): what was decided by hand up to a time in the past, only to be read, or %NULL with a
 *   %TITHE_JOURNAL_ERROR
 */
TitheCuration *
tithe_session_open_past_curation (TitheSession *self, gint64 n_rows, GError **error)
{
  TitheJournal *journal = tithe_journal_open (self->path, FALSE, error);

  if (journal != NULL)
    tithe_journal_set_limit (journal, n_rows);
  return open_curation (self, journal, error);
}

/**
 * tithe_session_count_decisions:
 *
 * Returns: rows of the journal of the session at @path, 0 where there is no such session
 */
gsize
tithe_session_count_decisions (const char *path)
{
  sqlite3 *db = NULL;
  int n = 0;

  if (tithe_session_matches (path) && sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
    n = (int) tithe_database_get_number (db, "SELECT count(*) FROM journal");
  sqlite3_close (db);
  return (gsize) MAX (n, 0);
}

/**
 * tithe_session_open_embedding:
 * @path: (nullable): where the embedding is now, %NULL for where it was
 *
 * Returns: (transfer full): the embedding that the session was made from, or %NULL with an error where it is gone or is
 *   another one
 */
TitheEmbedding *
tithe_session_open_embedding (TitheSession *self, const char *path, GError **error)
{
  const char *locator = path ? path : self->embedding_locator;
  const char *array = *self->embedding_array ? self->embedding_array : NULL;
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (locator, array, error);

  if (embedding == NULL)
    {
      g_prefix_error (error, _("the session's embedding is needed (give it with --embeddings where it was moved): "));
      return NULL;
    }
  if (!g_str_equal (tithe_embedding_get_fingerprint (embedding), self->embedding_fingerprint))
    {
      g_set_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_CHANGED,
                   _("“%s” is not the embedding that the session was made from: its contents changed; cluster again"),
                   locator);
      return NULL;
    }
  if (!tithe_embedding_bind (embedding, tithe_session_get_dataset (self),
                             *self->embedding_paths ? self->embedding_paths : NULL, 1, NULL, error))
    return NULL;
  return g_steal_pointer (&embedding);
}
