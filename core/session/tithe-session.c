/* SPDX-License-Identifier: MIT */
#include "tithe-session.h"
#include "base/tithe-byte-order.h"
#include "base/tithe-parallel.h"
#include "store/tithe-database.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK (tithe-session-error-quark, tithe_session_error)

static const char *const tables = "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
                                  "CREATE TABLE class (id INTEGER PRIMARY KEY, name TEXT NOT NULL, n INTEGER NOT NULL,"
                                  "  left_child BLOB, right_child BLOB, heights BLOB, centres BLOB, medoids BLOB);";
/* Of a class, from left_child to medoids. */
#define N_ARRAYS 5

struct _TitheSession
{
  char *path;
  char *identity; /* as tithe_database_dup_identity() has it */
  TitheHierarchy *hierarchy;
  char *embedding_locator;
  char *embedding_fingerprint;
  char *embedding_array;
  char *embedding_paths;
  char *embedding_origin;
};

static gboolean
put_text (TitheDatabase *database, const char *key, const char *text)
{
  g_autoptr (sqlite3_stmt) row = tithe_database_prepare (database, "INSERT INTO meta VALUES (?, ?)");

  return row != NULL && sqlite3_bind_text (row, 1, key, -1, SQLITE_STATIC) == SQLITE_OK
         && sqlite3_bind_text (row, 2, text ? text : "", -1, SQLITE_STATIC) == SQLITE_OK
         && sqlite3_step (row) == SQLITE_DONE;
}

/* A variant in the order of files, and back. */
static GVariant *
reorder (GVariant *variant)
{
  return G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (variant) : g_variant_byteswap (variant);
}

static gboolean
put_variant (TitheDatabase *database, const char *key, GVariant *value)
{
  g_autoptr (sqlite3_stmt) row = tithe_database_prepare (database, "INSERT INTO meta VALUES (?, ?)");
  g_autoptr (GVariant) variant = reorder (value);

  return row != NULL && sqlite3_bind_text (row, 1, key, -1, SQLITE_STATIC) == SQLITE_OK
         && sqlite3_bind_blob64 (row, 2, g_variant_get_data (variant), g_variant_get_size (variant), SQLITE_STATIC)
                == SQLITE_OK
         && sqlite3_step (row) == SQLITE_DONE;
}

static gboolean
bind_merges (sqlite3_stmt *row, const TitheDendrogram *dendrogram)
{
  const void *const arrays[N_ARRAYS] = { dendrogram->left, dendrogram->right, dendrogram->heights,
                                         dendrogram->representatives[0], dendrogram->representatives[1] };

  for (guint i = 0; i < N_ARRAYS; i++)
    if (!tithe_database_bind_numbers (row, 4 + (int) i, arrays[i], dendrogram->n_known, 4))
      return FALSE;
  return TRUE;
}

/* @dendrogram is %NULL for a class without images. */
static gboolean
put_class (TitheDatabase *database, guint id, const char *name, const TitheDendrogram *dendrogram)
{
  g_autoptr (sqlite3_stmt) row = tithe_database_prepare (database, "INSERT INTO class VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

  return row != NULL && sqlite3_bind_int64 (row, 1, id) == SQLITE_OK
         && sqlite3_bind_text (row, 2, name, -1, SQLITE_STATIC) == SQLITE_OK
         && sqlite3_bind_int64 (row, 3, dendrogram ? dendrogram->n : 0) == SQLITE_OK
         && (dendrogram == NULL || bind_merges (row, dendrogram)) && sqlite3_step (row) == SQLITE_DONE;
}

/* What a session is made from. */
typedef struct
{
  TitheHierarchy *hierarchy;
  TitheEmbedding *embedding;
  char *paths; /* (nullable) */
} Contents;

static gboolean
fill (TitheDatabase *database, gpointer user_data)
{
  const Contents *contents = user_data;
  TitheDataset *dataset = tithe_hierarchy_get_dataset (contents->hierarchy);
  g_autoptr (GVariant) variant = g_variant_ref_sink (tithe_dataset_to_variant (dataset));
  TitheEmbedding *embedding = contents->embedding;
  const char *linkage = tithe_linkage_to_string (tithe_hierarchy_get_linkage (contents->hierarchy));
  gboolean ok = put_text (database, "program", "tithe " TITHE_VERSION) && put_text (database, "linkage", linkage)
                && put_text (database, "dataset_fingerprint", tithe_dataset_get_fingerprint (dataset))
                && put_variant (database, "dataset", variant)
                && put_text (database, "embedding", tithe_embedding_get_locator (embedding))
                && put_text (database, "embedding_fingerprint", tithe_embedding_get_fingerprint (embedding))
                && put_text (database, "embedding_origin", tithe_embedding_get_origin (embedding))
                && put_text (database, "embedding_array", tithe_embedding_get_array (embedding))
                && put_text (database, "embedding_paths", contents->paths);

  for (guint c = 0; ok && c < tithe_dataset_get_n_classes (dataset); c++)
    ok = put_class (database, c, tithe_dataset_get_class_name (dataset, c),
                    tithe_hierarchy_get_class (contents->hierarchy, c));
  return ok;
}

static gboolean
write_session (const char *path, gboolean replace, TitheHierarchy *hierarchy, TitheEmbedding *embedding,
               const char *paths_file, GError **error)
{
  g_autofree char *paths = paths_file ? g_canonicalize_filename (paths_file, NULL) : NULL;
  Contents contents = { hierarchy, embedding, paths };

  return tithe_database_write (path, replace, tables, fill, &contents, error);
}

/**
 * tithe_session_create:
 * @path: where to
 * @hierarchy: complete
 * @embedding: what it was computed from
 * @paths_file: (nullable): the order of the embedding's rows
 *
 * Writes a session where there is none, whole or not at all.
 *
 * Returns: %FALSE with a %TITHE_DATABASE_ERROR or %TITHE_OUTPUT_ERROR; with %TITHE_OUTPUT_ERROR_EXISTS where there is one,
 *   or came to be one meanwhile: that is left as it is
 */
gboolean
tithe_session_create (const char *path, TitheHierarchy *hierarchy, TitheEmbedding *embedding, const char *paths_file,
                      GError **error)
{
  return write_session (path, FALSE, hierarchy, embedding, paths_file, error);
}

/**
 * tithe_session_write:
 *
 * As tithe_session_create(), but an earlier session is replaced, decisions and all: whole or not at all, and not while
 * another program has it open.
 *
 * Returns: %FALSE with a %TITHE_DATABASE_ERROR, %TITHE_DATABASE_ERROR_BUSY where it is open elsewhere, or a
 *   %TITHE_OUTPUT_ERROR
 */
gboolean
tithe_session_write (const char *path, TitheHierarchy *hierarchy, TitheEmbedding *embedding, const char *paths_file,
                     GError **error)
{
  return write_session (path, TRUE, hierarchy, embedding, paths_file, error);
}

/* What the session says of @key; %NULL where it says nothing. */
static gboolean
get_meta (TitheDatabase *database, const char *key, GBytes **value, GError **error)
{
  g_autoptr (sqlite3_stmt) row = tithe_database_prepare (database, "SELECT value FROM meta WHERE key = ?");
  int status = SQLITE_ERROR;

  if (row != NULL && sqlite3_bind_text (row, 1, key, -1, SQLITE_STATIC) == SQLITE_OK)
    status = sqlite3_step (row);
  if (status == SQLITE_ROW)
    {
      gconstpointer blob = sqlite3_column_blob (row, 0);

      *value = g_bytes_new (blob ? blob : "", (gsize) sqlite3_column_bytes (row, 0));
    }
  return status == SQLITE_ROW || status == SQLITE_DONE
         || tithe_database_fail (database, TITHE_DATABASE_ERROR_READ, error);
}

static gboolean
get_text (TitheDatabase *database, const char *key, char **text, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize size = 0;
  const char *data;

  if (!get_meta (database, key, &bytes, error))
    return FALSE;
  data = bytes ? g_bytes_get_data (bytes, &size) : NULL;
  *text = g_strndup (data ? data : "", size);
  return TRUE;
}

/* The merges of a class of @n images that are known, arrays of 4 bytes each; NULL where the row holds others. */
static gpointer
dup_merges (sqlite3_stmt *row, gint64 n, gsize *n_known)
{
  const gsize n_merges = MIN ((gsize) sqlite3_column_bytes (row, 2) / 4, (gsize) (n - 1));
  guint8 *merges = g_malloc (N_ARRAYS * MAX (n_merges, 1) * 4);

  *n_known = n_merges;

  for (int i = 0; i < N_ARRAYS; i++)
    {
      gconstpointer numbers = sqlite3_column_blob (row, 2 + i);

      if ((gsize) sqlite3_column_bytes (row, 2 + i) != n_merges * 4 || (numbers == NULL && n_merges > 0))
        {
          g_free (merges);
          return NULL;
        }
      tithe_byte_order_copy (merges + (gsize) i * n_merges * 4, numbers, n_merges, 4);
    }
  return merges;
}

/* Of a class that has images. */
static gboolean
read_class (TitheSession *self, TitheDatabase *database, sqlite3_stmt *row, GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (self->hierarchy);
  const gint64 id = sqlite3_column_int64 (row, 0), n = sqlite3_column_int64 (row, 1);
  g_autofree guint32 *merges = NULL;
  TitheDendrogram *dendrogram;
  g_autoptr (GError) local = NULL;
  gsize n_images = 0, n_known = 0;
  gboolean fits;

  if (id >= 0 && id < tithe_dataset_get_n_classes (dataset))
    tithe_dataset_get_class_images (dataset, (guint) id, &n_images);
  if (n == 0 && n_images == 0)
    return TRUE;
  fits = n > 0 && (guint64) n == n_images && tithe_hierarchy_get_class (self->hierarchy, (guint) id) == NULL;
  merges = fits ? dup_merges (row, n, &n_known) : NULL;
  if (merges == NULL)
    return tithe_database_damaged (database, _("a class does not fit the dataset"), error);
  dendrogram = tithe_dendrogram_new_from_arrays ((guint32) n, (guint32) n_known, merges, merges + n_known,
                                                 (const float *) (merges + 2 * n_known), merges + 3 * n_known,
                                                 merges + 4 * n_known, &local);
  if (dendrogram == NULL)
    return tithe_database_damaged (database, local->message, error);
  tithe_hierarchy_take_class (self->hierarchy, (guint) id, dendrogram);
  return TRUE;
}

static gboolean
read_classes (TitheSession *self, TitheDatabase *database, GError **error)
{
  g_autoptr (sqlite3_stmt) rows = tithe_database_prepare (
      database, "SELECT id, n, left_child, right_child, heights, centres, medoids FROM class");
  int status = SQLITE_ERROR;

  while (rows != NULL && (status = sqlite3_step (rows)) == SQLITE_ROW)
    if (!read_class (self, database, rows, error))
      return FALSE;
  if (status != SQLITE_DONE)
    return tithe_database_fail (database, TITHE_DATABASE_ERROR_READ, error);
  return tithe_hierarchy_is_complete (self->hierarchy)
         || tithe_database_damaged (database, _("a class is missing"), error);
}

static TitheDataset *
read_dataset (TitheDatabase *database, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) stored = NULL, variant = NULL;
  g_autoptr (GError) local = NULL;
  TitheDataset *dataset;

  if (!get_meta (database, "dataset", &bytes, error))
    return NULL;
  if (bytes == NULL)
    {
      tithe_database_damaged (database, _("its dataset is missing"), error);
      return NULL;
    }
  stored = g_variant_ref_sink (g_variant_new_from_bytes (TITHE_DATASET_VARIANT_TYPE, bytes, FALSE));
  variant = reorder (stored);
  dataset = tithe_dataset_new_from_variant (variant, &local);
  if (dataset == NULL)
    tithe_database_damaged (database, local->message, error);
  return dataset;
}

static gboolean
read_session (TitheSession *self, TitheDatabase *database, GError **error)
{
  g_autofree char *linkage_name = NULL;
  g_autoptr (TitheDataset) dataset = read_dataset (database, error);
  TitheLinkage linkage;

  if (dataset == NULL || (self->identity = tithe_database_dup_identity (database, error)) == NULL
      || !get_text (database, "linkage", &linkage_name, error)
      || !get_text (database, "embedding", &self->embedding_locator, error)
      || !get_text (database, "embedding_fingerprint", &self->embedding_fingerprint, error)
      || !get_text (database, "embedding_array", &self->embedding_array, error)
      || !get_text (database, "embedding_paths", &self->embedding_paths, error)
      || !get_text (database, "embedding_origin", &self->embedding_origin, error))
    return FALSE;
  if (!tithe_linkage_from_string (linkage_name, &linkage))
    return tithe_database_damaged (database, _("its linkage is missing"), error);
  self->hierarchy = tithe_hierarchy_new (dataset, linkage);
  return read_classes (self, database, error);
}

/**
 * tithe_session_open:
 *
 * Reads the session as it was at one moment. Where another program holds the file it is waited for.
 *
 * Returns: (transfer full): the session, or %NULL with a %TITHE_DATABASE_ERROR; only %TITHE_DATABASE_ERROR_NOT_FOUND says
 *   that there is none
 */
TitheSession *
tithe_session_open (const char *path, GError **error)
{
  g_autoptr (TitheDatabase) database = tithe_database_open (path, TITHE_DATABASE_READ, NULL, error);
  g_autoptr (TitheSession) self = NULL;

  if (database == NULL)
    return NULL;
  self = g_new0 (TitheSession, 1);
  self->path = g_strdup (tithe_database_get_path (database));
  if (!tithe_database_run (database, "BEGIN"))
    {
      tithe_database_fail (database, TITHE_DATABASE_ERROR_READ, error);
      return NULL;
    }
  return read_session (self, database, error) ? g_steal_pointer (&self) : NULL;
}

/* What came out of it with a reference of its own stays. */
void
tithe_session_free (TitheSession *self)
{
  g_clear_pointer (&self->hierarchy, tithe_hierarchy_unref);
  g_free (self->path);
  g_free (self->identity);
  g_free (self->embedding_locator);
  g_free (self->embedding_fingerprint);
  g_free (self->embedding_array);
  g_free (self->embedding_paths);
  g_free (self->embedding_origin);
  g_free (self);
}

/* (transfer none): absolute. */
const char *
tithe_session_get_path (TitheSession *self)
{
  return self->path;
}

/* (transfer none): as it was when it was clustered; its files are not looked at. */
TitheDataset *
tithe_session_get_dataset (TitheSession *self)
{
  return tithe_hierarchy_get_dataset (self->hierarchy);
}

/* (transfer none): of every class. */
TitheHierarchy *
tithe_session_get_hierarchy (TitheSession *self)
{
  return self->hierarchy;
}

/* (transfer none): the path where the embedding was. */
const char *
tithe_session_get_embedding_locator (TitheSession *self)
{
  return self->embedding_locator;
}

/* (transfer none): of the embedding's contents. */
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
  return tithe_embedding_made_quickly (self->embedding_origin, self->embedding_locator);
}

/* The decisions of the first @n_rows rows of the journal. */
static TitheCuration *
open_curation (TitheSession *self, gboolean writable, gint64 n_rows, GError **error)
{
  g_autoptr (TitheJournal) journal = tithe_journal_open (self->path, writable, error);
  g_autoptr (TitheCuration) curation = NULL;

  if (journal == NULL || !tithe_journal_check_identity (journal, self->identity, error))
    return NULL;
  tithe_journal_set_limit (journal, n_rows);
  curation = tithe_curation_new (self->hierarchy);
  return tithe_curation_attach (curation, g_steal_pointer (&journal), error) ? g_steal_pointer (&curation) : NULL;
}

/**
 * tithe_session_open_curation:
 * @writable: whether something is to be decided
 *
 * Returns: (transfer full): what was decided by hand, or %NULL with a %TITHE_DATABASE_ERROR, such as
 *   %TITHE_DATABASE_ERROR_REPLACED where the file holds another session meanwhile
 */
TitheCuration *
tithe_session_open_curation (TitheSession *self, gboolean writable, GError **error)
{
  return open_curation (self, writable, G_MAXINT64, error);
}

/**
 * tithe_session_open_past_curation:
 * @n_rows: of the journal, as tithe_journal_get_n_rows() had it then
 *
 * Returns: (transfer full): what was decided by hand up to a time in the past, only to be read, or %NULL with a
 *   %TITHE_DATABASE_ERROR
 */
TitheCuration *
tithe_session_open_past_curation (TitheSession *self, gint64 n_rows, GError **error)
{
  return open_curation (self, FALSE, n_rows, error);
}

/**
 * tithe_session_count_decisions:
 * @n: (out): rows of the journal of the session at @path, 0 where there is no file of that name
 *
 * Returns: %FALSE with a %TITHE_DATABASE_ERROR where it can't be told
 */
gboolean
tithe_session_count_decisions (const char *path, gsize *n, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (TitheDatabase) database = tithe_database_open (path, TITHE_DATABASE_READ, NULL, &local);
  gboolean any;
  gint64 rows;

  *n = 0;
  if (g_error_matches (local, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_NOT_FOUND))
    return TRUE;
  if (database == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (!tithe_database_has_table (database, "journal", &any, error))
    return FALSE;
  rows = any ? tithe_database_get_number (database, "SELECT count(*) FROM journal") : 0;
  *n = (gsize) MAX (0, rows);
  return rows >= 0 || tithe_database_fail (database, TITHE_DATABASE_ERROR_READ, error);
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
  g_autoptr (GError) why = NULL;
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (locator, array, &why);

  if (embedding == NULL)
    {
      g_set_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_EMBEDDING,
                   _("the session's embedding is needed: %s"), why->message);
      return NULL;
    }
  if (!g_str_equal (tithe_embedding_get_fingerprint (embedding), self->embedding_fingerprint))
    {
      g_set_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_CHANGED,
                   _("“%s” is not the embedding that the session was made from: its contents changed; cluster again"),
                   locator);
      return NULL;
    }
  if (!tithe_embedding_bind (&embedding, tithe_session_get_dataset (self),
                             *self->embedding_paths ? self->embedding_paths : NULL, tithe_parallel_resolve_threads (0),
                             NULL, error))
    return NULL;
  return g_steal_pointer (&embedding);
}
