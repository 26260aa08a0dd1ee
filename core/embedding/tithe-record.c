/* SPDX-License-Identifier: MIT */
#include "tithe-record.h"
#include "io/tithe-json.h"

#include <glib/gstdio.h>
#include <string.h>

/**
 * tithe_record_fingerprint:
 * @features: the whole file
 *
 * Of a file up to 16 MiB all bytes count; of a larger one its size and 256 blocks of 64 KiB spread evenly: features of ten
 * gigabytes are not read twice to be recognised.
 *
 * Returns: (transfer full): SHA-256, hexadecimal
 */
char *
tithe_record_fingerprint (GBytes *features)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  const gsize block = 64 << 10, n_blocks = 256;
  gsize size;
  const guint8 *data = g_bytes_get_data (features, &size);
  const guint64 length = GUINT64_TO_LE ((guint64) size);

  g_checksum_update (sum, (const guchar *) &length, sizeof length);
  if (size <= block * n_blocks)
    g_checksum_update (sum, data, (gssize) size);
  else
    for (gsize i = 0; i < n_blocks; i++)
      g_checksum_update (sum, data + (size - block) / (n_blocks - 1) * i, (gssize) block);
  return g_strdup (g_checksum_get_string (sum));
}

static char *
dup_path (const char *features_path)
{
  return g_strconcat (features_path, TITHE_EMBEDDING_RECORD_ENDING, NULL);
}

/**
 * tithe_record_read:
 * @features_path: of the features
 * @fingerprint: of the features as they are now
 *
 * Returns: (transfer full) (nullable): how the features were made; %NULL where that was not noted, or of others
 */
char *
tithe_record_read (const char *features_path, const char *fingerprint)
{
  g_autofree char *path = dup_path (features_path), *contents = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  GStatBuf st;
  gsize size;

  if (g_stat (path, &st) != 0 || !S_ISREG (st.st_mode) || (guint64) st.st_size > TITHE_RECORD_MAX_SIZE
      || !g_file_get_contents (path, &contents, &size, NULL))
    return NULL;
  root = tithe_json_parse (contents, size, NULL);
  object = root ? json_node_get_object (root) : NULL;
  if (g_strcmp0 (tithe_json_get_string (object, "features"), fingerprint) != 0)
    return NULL;
  return g_strdup (tithe_json_get_string (object, "origin"));
}

/**
 * tithe_record_begin:
 * @features_path: of the features
 * @fingerprint: of the features
 * @origin: how they were made: everything that they depend on
 * @overwrite: whether a record that is there may be replaced
 *
 * Returns: (transfer full): the whole record on its way to where it is wanted, to be finished when the features are
 *   there; %NULL with a %TITHE_OUTPUT_ERROR
 */
TitheOutput *
tithe_record_begin (const char *features_path, const char *fingerprint, const char *origin, gboolean overwrite,
                    GError **error)
{
  g_autofree char *path = dup_path (features_path), *text = NULL;
  g_autoptr (JsonBuilder) builder = tithe_json_begin ();
  g_autoptr (TitheOutput) output = tithe_output_begin (path, NULL, overwrite, error);

  tithe_json_add_string (builder, "features", fingerprint);
  tithe_json_add_string (builder, "origin", origin);
  tithe_json_add_string (builder, "program", "tithe " TITHE_VERSION);
  text = tithe_json_end (builder, TRUE);
  return output != NULL && tithe_output_put (output, text, strlen (text), error) ? g_steal_pointer (&output) : NULL;
}
