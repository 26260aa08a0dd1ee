/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"
#include "io/tithe-json.h"

#include <string.h>
#include <sys/stat.h>

/* A manifest is text: CSV (RFC 4180, a header line that names the columns) or JSON lines, with a path and a label for
 * each image, and perhaps a split. Paths are relative to its folder and may not leave it. */
typedef enum
{
  COLUMN_PATH,
  COLUMN_LABEL,
  COLUMN_SPLIT,
  N_COLUMNS
} Column;

static const char *const column_names[N_COLUMNS] = { "path", "label", "split" };

typedef struct
{
  const char *path; /* of the manifest */
  TitheDataset *train;
  TitheImageList *train_images;
  TitheImageList *test_images;
  GHashTable *labels; /* class name -> label + 1, in order of appearance */
  GHashTable *seen;   /* image path -> line */
  guint n_other_splits;
  char *first_other_split;
} Reader;

static gboolean
matches (const TitheDatasetSource *source)
{
  static const char *const endings[] = { ".csv", ".jsonl", ".ndjson", ".tsv" };

  for (guint i = 0; source->name != NULL && i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (source->name, endings[i]))
      return TRUE;
  return FALSE;
}

static gboolean fail (const Reader *reader, guint line, GError **error, const char *format, ...) G_GNUC_PRINTF (4, 5);

static gboolean
fail (const Reader *reader, guint line, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL, *shown = tithe_name_dup (reader->path);
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_MANIFEST, _("“%s”, line %u: %s"), shown, line, message);
  return FALSE;
}

/* The path as it is relative to the manifest's folder, without “.” and “..”, or NULL where it leaves that folder. */
static char *
dup_inside (const char *root, const char *path)
{
  g_autofree char *full = g_canonicalize_filename (path, root);
  gsize length = strlen (root);

  if (g_str_equal (root, "/"))
    return g_strdup (full + 1);
  if (!g_str_has_prefix (full, root) || full[length] != '/')
    return NULL;
  return g_strdup (full + length + 1);
}

/* Looks for the file; its size is 0 where it is missing, to be shown as a broken picture. */
static gboolean
find_file (const char *root, const char *inside, guint64 *size)
{
  g_autofree char *full = inside ? g_build_filename (root, inside, NULL) : NULL;
  struct stat st;
  gboolean found = full != NULL && stat (full, &st) == 0;

  *size = found ? (guint64) st.st_size : 0;
  return found;
}

/*
 * The path of the picture that @path names, relative to @root, or NULL where it leads out of it. A manifest is text, so
 * a file whose name is none stands in it escaped, as exports write it.
 */
static char *
find_picture (const char *root, const char *path, guint64 *size)
{
  g_autofree char *inside = dup_inside (root, path), *unescaped = NULL, *other = NULL;

  if (find_file (root, inside, size) || strchr (path, '\\') == NULL)
    return g_steal_pointer (&inside);
  unescaped = tithe_name_unescape (path);
  other = dup_inside (root, unescaped);
  return find_file (root, other, size) ? g_steal_pointer (&other) : g_steal_pointer (&inside);
}

/* The list that a row of that split belongs to; NULL for a split that is neither. */
static TitheImageList *
choose_list (Reader *reader, const char *split)
{
  if (split == NULL || *split == '\0' || g_ascii_strncasecmp (split, "train", 5) == 0)
    return reader->train_images;
  if (g_ascii_strcasecmp (split, "test") == 0 || g_ascii_strncasecmp (split, "val", 3) == 0)
    return reader->test_images;
  if (reader->n_other_splits++ == 0)
    reader->first_other_split = g_strdup (split);
  return NULL;
}

static gboolean
check_row (Reader *reader, guint line, const char *path, const char *label, GError **error)
{
  if (path == NULL || *path == '\0')
    return fail (reader, line, error, _("there is no path"));
  if (label == NULL || *label == '\0')
    return fail (reader, line, error, _("“%s” has no label"), path);
  if (!g_utf8_validate (label, -1, NULL))
    return fail (reader, line, error, _("the label is not UTF-8 text"));
  return TRUE;
}

static gboolean
add_row (Reader *reader, guint line, const char *const fields[N_COLUMNS], GError **error)
{
  const char *path = fields[COLUMN_PATH];
  g_autofree char *inside = NULL;
  TitheImageList *list;
  gpointer found;
  guint32 label;
  guint64 size;

  if (!check_row (reader, line, path, fields[COLUMN_LABEL], error))
    return FALSE;
  inside = find_picture (reader->train->root, path, &size);
  if (inside == NULL)
    return fail (reader, line, error,
                 _("“%s” leads out of the manifest's folder; move the manifest above its pictures"), path);
  found = g_hash_table_lookup (reader->seen, inside);
  if (found != NULL)
    return fail (reader, line, error, _("“%s” stands already in line %u"), path, GPOINTER_TO_UINT (found));
  list = choose_list (reader, fields[COLUMN_SPLIT]);
  label = tithe_dataset_add_class (reader->train, reader->labels, fields[COLUMN_LABEL]);
  if (list != NULL)
    tithe_image_list_add (list, inside, size, label);
  g_hash_table_insert (reader->seen, g_steal_pointer (&inside), GUINT_TO_POINTER (line));
  return TRUE;
}

/* Reads one CSV record at *@cursor; fields point into @text, which is changed in place. */
static gboolean
read_record (char **cursor, char *end, char delimiter, GPtrArray *fields, guint *line)
{
  char *in = *cursor;

  g_ptr_array_set_size (fields, 0);
  for (;;)
    {
      char *field = in, *out = in;
      gboolean quoted = in < end && *in == '"';

      if (quoted)
        in++;
      while (in < end)
        {
          if (quoted && *in == '"')
            {
              if (in + 1 < end && in[1] == '"')
                in++;
              else
                {
                  quoted = FALSE;
                  in++;
                  continue;
                }
            }
          else if (!quoted && (*in == delimiter || *in == '\n' || *in == '\r'))
            break;
          *line += *in == '\n';
          *out++ = *in++;
        }
      g_ptr_array_add (fields, field);
      if (quoted)
        return FALSE;
      if (in < end && *in == delimiter)
        {
          in++;
          *out = '\0';
          continue;
        }
      if (in < end && *in == '\r')
        in++;
      if (in < end && *in == '\n')
        in++;
      *out = '\0'; /* the text has a byte to spare at its end */
      *cursor = in;
      return TRUE;
    }
}

static gboolean
read_csv (Reader *reader, char *text, gsize size, char delimiter, TitheJob *job, GError **error)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  int columns[N_COLUMNS] = { -1, -1, -1 };
  char *cursor = text, *end = text + size;
  guint line = 1;

  if (!read_record (&cursor, end, delimiter, fields, &line))
    return fail (reader, 1, error, _("a quoted field is not closed"));
  for (guint i = 0; i < fields->len; i++)
    for (guint c = 0; c < N_COLUMNS; c++)
      if (g_ascii_strcasecmp (g_strstrip (g_ptr_array_index (fields, i)), column_names[c]) == 0)
        columns[c] = (int) i;
  for (guint c = 0; c < COLUMN_SPLIT; c++)
    if (columns[c] < 0)
      {
        g_autofree char *found = tithe_name_dup_list ((const char *const *) fields->pdata, fields->len);

        return fail (reader, 1, error, _("there is no column “%s”; the header has %s"), column_names[c], found);
      }
  while (cursor < end)
    {
      const char *values[N_COLUMNS] = { NULL };
      guint first_line = ++line;

      if (!read_record (&cursor, end, delimiter, fields, &line))
        return fail (reader, first_line, error, _("a quoted field is not closed"));
      if (fields->len == 1 && *(const char *) g_ptr_array_index (fields, 0) == '\0')
        continue;
      for (guint c = 0; c < N_COLUMNS; c++)
        if (columns[c] >= 0 && (guint) columns[c] < fields->len)
          values[c] = g_ptr_array_index (fields, columns[c]);
      if (!add_row (reader, first_line, values, error) || !tithe_job_check (job, error))
        return FALSE;
    }
  return TRUE;
}

/* A label may be a whole number, which is written out. */
static char *
dup_value (JsonObject *object, Column column)
{
  JsonNode *member = json_object_get_member (object, column_names[column]);

  if (member == NULL || !JSON_NODE_HOLDS_VALUE (member))
    return NULL;
  if (column == COLUMN_LABEL && json_node_get_value_type (member) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (member));
  return g_strdup (tithe_json_get_string (object, column_names[column]));
}

static gboolean
add_json_line (Reader *reader, guint line, const char *text, gsize size, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) root = tithe_json_parse (text, size, &local);
  g_autofree char *path = NULL, *label = NULL, *split = NULL;
  JsonObject *object;

  if (root == NULL)
    return fail (reader, line, error, _("not JSON, an object with “path” and “label”: %s"), local->message);
  object = json_node_get_object (root);
  for (guint c = 0; c < COLUMN_SPLIT; c++)
    if (!json_object_has_member (object, column_names[c]))
      return fail (reader, line, error, _("there is no key “%s”"), column_names[c]);
  path = dup_value (object, COLUMN_PATH);
  label = dup_value (object, COLUMN_LABEL);
  split = dup_value (object, COLUMN_SPLIT);
  return add_row (reader, line, (const char *[]){ path, label, split }, error);
}

static gboolean
read_jsonl (Reader *reader, char *text, gsize size, TitheJob *job, GError **error)
{
  char *next = text;

  for (guint line = 1; next < text + size; line++)
    {
      char *start = next, *stop = memchr (next, '\n', (gsize) (text + size - next));

      if (stop == NULL)
        stop = text + size;
      next = stop + 1;
      *stop = '\0';
      if (*g_strstrip (start) == '\0')
        continue;
      if (!add_json_line (reader, line, start, strlen (start), error) || !tithe_job_check (job, error))
        return FALSE;
    }
  return TRUE;
}

/* Classes are sorted by name; labels, which are in order of appearance, are changed to that. */
static void
sort_classes (Reader *reader)
{
  GPtrArray *names = reader->train->class_names;
  g_autofree guint32 *new_label = g_new (guint32, MAX (1, names->len));
  TitheImageList *lists[] = { reader->train_images, reader->test_images };

  g_ptr_array_sort (names, tithe_name_compare);
  for (guint i = 0; i < names->len; i++)
    new_label[GPOINTER_TO_UINT (g_hash_table_lookup (reader->labels, g_ptr_array_index (names, i))) - 1] = i;
  for (guint l = 0; l < G_N_ELEMENTS (lists); l++)
    for (guint i = 0; i < lists[l]->labels->len; i++)
      {
        guint32 *label = &g_array_index (lists[l]->labels, guint32, i);

        *label = new_label[*label];
      }
}

static gboolean
check_text (Reader *reader, const char *text, gsize size, gsize offset, GError **error)
{
  const char *bad;
  guint line = 1;

  if (g_utf8_validate (text, (gssize) size, &bad))
    return TRUE;
  for (const char *p = text; p < bad; p++)
    line += *p == '\n';
  return fail (reader, line, error, _("byte %zu is not UTF-8 text; save the manifest as UTF-8"),
               offset + (gsize) (bad - text));
}

static gboolean
read_rows (Reader *reader, TitheJob *job, GError **error)
{
  gsize size, offset;
  g_autofree char *contents = tithe_record_file_read_text (reader->path, &size, error);
  char *text;

  if (contents == NULL)
    return FALSE;
  offset = g_str_has_prefix (contents, "\xef\xbb\xbf") ? 3 : 0;
  text = contents + offset;
  size -= offset;
  if (!check_text (reader, text, size, offset, error))
    return FALSE;
  if (g_str_has_suffix (reader->path, ".csv") || g_str_has_suffix (reader->path, ".tsv"))
    return read_csv (reader, text, size, g_str_has_suffix (reader->path, ".tsv") ? '\t' : ',', job, error);
  return read_jsonl (reader, text, size, job, error);
}

static TitheDataset *
open_manifest (const TitheDatasetSource *source, TitheJob *job, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (source->path, NULL), *root = g_path_get_dirname (absolute);
  g_autoptr (TitheDataset) self = tithe_dataset_new_private (TITHE_DATASET_MANIFEST, source->path, root);
  g_autoptr (TitheImageList) train = tithe_image_list_new (), test = tithe_image_list_new ();
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reader reader = { source->path, self, train, test, labels, seen, 0, NULL };
  gboolean ok = read_rows (&reader, job, error);

  if (ok && reader.n_other_splits > 0)
    tithe_dataset_note (self, TITHE_DATASET_NOTE_OTHER_SPLITS, reader.n_other_splits, reader.first_other_split, NULL);
  g_free (reader.first_other_split);
  if (!ok)
    return NULL;
  sort_classes (&reader);
  if (test->labels->len > 0 && train->labels->len > 0)
    tithe_dataset_take_images (tithe_dataset_add_test (self), g_steal_pointer (&test));
  tithe_dataset_take_images (self, g_steal_pointer (&train));
  return tithe_dataset_seal (self, error) ? g_steal_pointer (&self) : NULL;
}

const TitheDatasetReader tithe_dataset_manifest_reader = { matches, open_manifest };
