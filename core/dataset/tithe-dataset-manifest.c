/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>

/* A manifest is text: CSV (RFC 4180, a header line that names the columns) or JSON lines, with a path and a label for
 * each image, and perhaps a split. */
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
  GPtrArray *class_names;
  GHashTable *labels; /* class name -> label + 1 */
  GHashTable *seen;   /* image path -> line */
  gboolean has_split;
  guint n_other_splits;
  char *first_other_split;
} Reader;

gboolean
tithe_dataset_manifest_matches (const char *path)
{
  static const char *const endings[] = { ".csv", ".jsonl", ".ndjson", ".tsv" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (path, endings[i]))
      return TRUE;
  return FALSE;
}

static gboolean fail (const Reader *reader, guint line, GError **error, const char *format, ...) G_GNUC_PRINTF (4, 5);

static gboolean
fail (const Reader *reader, guint line, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_MANIFEST, _("“%s”, line %u: %s"), reader->path, line,
               message);
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

static char *
find_inside (const char *root, const char *path, struct stat *st)
{
  g_autofree char *inside = dup_inside (root, path);
  g_autofree char *full = inside ? g_build_filename (root, inside, NULL) : NULL;

  return full != NULL && stat (full, st) == 0 ? g_steal_pointer (&inside) : NULL;
}

/*
 * The path of the picture that @path names, relative to @root, and its size: 0 where it is missing, to be shown as a
 * broken one. A manifest is text, so a file whose name is none stands in it escaped, as exports write it.
 */
static char *
find_picture (const char *root, const char *path, guint64 *size)
{
  g_autofree char *unescaped = tithe_name_unescape (path);
  struct stat st;
  char *found = find_inside (root, path, &st);

  if (found == NULL && !g_str_equal (path, unescaped))
    found = find_inside (root, unescaped, &st);
  *size = found ? (guint64) st.st_size : 0;
  return found ? found : dup_inside (root, path);
}

static gboolean
add_row (Reader *reader, guint line, const char *const fields[N_COLUMNS], GError **error)
{
  g_autofree char *inside = NULL;
  const char *split = fields[COLUMN_SPLIT];
  TitheImageList *list = reader->train_images;
  gpointer found;
  guint32 label;
  guint64 size;

  if (fields[COLUMN_PATH] == NULL || *fields[COLUMN_PATH] == '\0')
    return fail (reader, line, error, _("there is no path"));
  if (fields[COLUMN_LABEL] == NULL || *fields[COLUMN_LABEL] == '\0')
    return fail (reader, line, error, _("“%s” has no label"), fields[COLUMN_PATH]);
  if (!g_utf8_validate (fields[COLUMN_LABEL], -1, NULL))
    return fail (reader, line, error, _("the label is not UTF-8 text"));
  inside = find_picture (reader->train->root, fields[COLUMN_PATH], &size);
  if (inside == NULL)
    return fail (reader, line, error,
                 _("“%s” leads out of the manifest's folder; move the manifest above its pictures"),
                 fields[COLUMN_PATH]);
  found = g_hash_table_lookup (reader->seen, inside);
  if (found != NULL)
    return fail (reader, line, error, _("“%s” stands already in line %u"), fields[COLUMN_PATH],
                 GPOINTER_TO_UINT (found));

  if (split != NULL && *split != '\0')
    {
      if (g_ascii_strcasecmp (split, "test") == 0 || g_ascii_strncasecmp (split, "val", 3) == 0)
        list = reader->test_images;
      else if (g_ascii_strncasecmp (split, "train", 5) != 0)
        {
          if (reader->n_other_splits++ == 0)
            reader->first_other_split = g_strdup (split);
          list = NULL;
        }
    }
  label = GPOINTER_TO_UINT (g_hash_table_lookup (reader->labels, fields[COLUMN_LABEL]));
  if (label == 0)
    {
      char *name = g_strdup (fields[COLUMN_LABEL]);

      g_ptr_array_add (reader->class_names, name);
      label = reader->class_names->len;
      g_hash_table_insert (reader->labels, name, GUINT_TO_POINTER (label));
    }
  if (list != NULL)
    tithe_image_list_add (list, inside, size, label - 1);
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
        g_autofree char *found = NULL;

        g_ptr_array_add (fields, NULL);
        found = g_strjoinv ("”, “", (char **) fields->pdata);
        return fail (reader, 1, error, _("there is no column “%s”; the header has “%s”"), column_names[c], found);
      }
  reader->has_split = columns[COLUMN_SPLIT] >= 0;
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

static gboolean
read_jsonl (Reader *reader, char *text, gsize size, TitheJob *job, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  char *next = text;

  for (guint line = 1; next < text + size; line++)
    {
      const char *values[N_COLUMNS] = { NULL };
      g_autofree char *number = NULL;
      g_autoptr (GError) local = NULL;
      JsonNode *root;
      char *start = next, *stop = strchr (next, '\n');

      if (stop == NULL)
        stop = text + size;
      next = stop + 1;
      *stop = '\0';
      if (*g_strstrip (start) == '\0')
        continue;
      if (!json_parser_load_from_data (parser, start, -1, &local))
        return fail (reader, line, error, _("not JSON: %s"), local->message);
      root = json_parser_get_root (parser);
      if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
        return fail (reader, line, error, _("expected an object with “path” and “label”"));
      for (guint c = 0; c < N_COLUMNS; c++)
        {
          JsonNode *member = json_object_get_member (json_node_get_object (root), column_names[c]);

          if (member == NULL && c != COLUMN_SPLIT)
            return fail (reader, line, error, _("there is no key “%s”"), column_names[c]);
          if (member != NULL && JSON_NODE_HOLDS_VALUE (member))
            {
              if (json_node_get_value_type (member) == G_TYPE_STRING)
                values[c] = json_node_get_string (member);
              else if (c == COLUMN_LABEL && json_node_get_value_type (member) == G_TYPE_INT64)
                values[c] = number = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (member));
            }
        }
      reader->has_split |= values[COLUMN_SPLIT] != NULL;
      if (!add_row (reader, line, values, error) || !tithe_job_check (job, error))
        return FALSE;
    }
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Classes are sorted by name; @list's labels, which are in order of appearance, are changed to that. */
static void
sort_classes (Reader *reader)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (reader->class_names, NULL, NULL);
  g_autofree guint32 *new_label = g_new (guint32, MAX (1, sorted->len));
  TitheImageList *lists[] = { reader->train_images, reader->test_images };

  g_ptr_array_set_free_func (sorted, NULL); /* the copy would free the names, too */
  g_ptr_array_sort (sorted, compare_names);
  for (guint i = 0; i < sorted->len; i++)
    new_label[GPOINTER_TO_UINT (g_hash_table_lookup (reader->labels, g_ptr_array_index (sorted, i))) - 1] = i;
  for (guint l = 0; l < 2; l++)
    for (guint i = 0; i < lists[l]->labels->len; i++)
      {
        guint32 *label = &g_array_index (lists[l]->labels, guint32, i);

        *label = new_label[*label];
      }
  for (guint i = 0; i < sorted->len; i++)
    reader->class_names->pdata[i] = sorted->pdata[i];
}

/**
 * tithe_dataset_open_manifest:
 * @path: a .csv, .tsv or .jsonl file; the paths in it are relative to its folder and may not leave it
 */
TitheDataset *
tithe_dataset_open_manifest (const char *path, TitheJob *job, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *root = g_path_get_dirname (absolute);
  g_autoptr (TitheDataset) self = tithe_dataset_new_private (TITHE_DATASET_MANIFEST, path, root);
  g_autoptr (TitheImageList) train = tithe_image_list_new (), test = tithe_image_list_new ();
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) local = NULL;
  g_autofree char *contents = NULL;
  Reader reader = { .path = path,
                    .train = self,
                    .train_images = train,
                    .test_images = test,
                    .class_names = self->class_names,
                    .labels = labels,
                    .seen = seen };
  const char *bad;
  char *text;
  gsize size;
  gboolean ok;

  if (!g_file_get_contents (path, &contents, &size, &local))
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, _("cannot read “%s”: %s"), path,
                   local->message);
      return NULL;
    }
  text = contents;
  if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    text += 3, size -= 3;
  if (!g_utf8_validate (text, (gssize) size, &bad))
    {
      guint line = 1;

      for (const char *p = text; p < bad; p++)
        line += *p == '\n';
      fail (&reader, line, error, _("byte %zu is not UTF-8 text; save the manifest as UTF-8"),
            (gsize) (bad - contents));
      return NULL;
    }
  if (g_str_has_suffix (path, ".csv") || g_str_has_suffix (path, ".tsv"))
    ok = read_csv (&reader, text, size, g_str_has_suffix (path, ".tsv") ? '\t' : ',', job, error);
  else
    ok = read_jsonl (&reader, text, size, job, error);
  if (ok)
    {
      sort_classes (&reader);
      if (reader.n_other_splits > 0)
        tithe_dataset_note (self, _("%u images of other splits, such as “%s”, were left out"), reader.n_other_splits,
                            reader.first_other_split);
    }
  g_free (reader.first_other_split);
  if (!ok)
    return NULL;
  if (test->labels->len > 0 && train->labels->len > 0)
    {
      self->test = tithe_dataset_new_private (TITHE_DATASET_MANIFEST, path, root);
      for (guint i = 0; i < self->class_names->len; i++)
        g_ptr_array_add (self->test->class_names, g_strdup (g_ptr_array_index (self->class_names, i)));
      tithe_dataset_take_images (self->test, g_steal_pointer (&test));
      if (!tithe_dataset_seal (self->test, error))
        return NULL;
    }
  tithe_dataset_take_images (self, g_steal_pointer (&train));
  if (!tithe_dataset_seal (self, error))
    return NULL;
  return g_steal_pointer (&self);
}
