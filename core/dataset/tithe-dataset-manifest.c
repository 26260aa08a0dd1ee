/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"
#include "base/tithe-parallel.h"
#include "io/tithe-json-line.h"
#include "io/tithe-json.h"
#include "tithe-path-table.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

typedef enum
{
  SPLIT_TRAIN,
  SPLIT_TEST,
  SPLIT_OTHER,
  N_SPLITS
} Split;

/* A million rows are read: each takes no memory but its path, twice eight bytes, nine and its slots in @seen. */
typedef struct
{
  const char *path; /* of the manifest */
  int folder;       /* that it is in */
  TitheDataset *train;
  TitheImageList *images; /* of all rows, in their order */
  GArray *lines;          /* guint32, of each row */
  GByteArray *splits;     /* Split of each row */
  TithePathTable *seen;
  gsize n_of_split[N_SPLITS];
  char *first_other_split;
  GHashTable *labels; /* class name -> label + 1, in order of appearance */
  guint32 label;      /* of the row before: most manifests have one class after the other */
} Reader;

static void
reader_init (Reader *self, const char *path, TitheDataset *train)
{
  *self = (Reader){ .path = path, .folder = -1, .train = train };
  self->images = tithe_image_list_new ();
  self->lines = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->splits = g_byte_array_new ();
  self->seen = tithe_path_table_new ();
  self->labels = g_hash_table_new (g_str_hash, g_str_equal);
}

/* What is needed no more after the last row. */
static void
reader_end_rows (Reader *self)
{
  g_clear_pointer (&self->seen, tithe_path_table_free);
  g_clear_pointer (&self->lines, g_array_unref);
}

static void
reader_clear (Reader *self)
{
  reader_end_rows (self);
  g_clear_pointer (&self->images, tithe_image_list_free);
  g_byte_array_unref (self->splits);
  g_hash_table_unref (self->labels);
  g_free (self->first_other_split);
  if (self->folder >= 0)
    close (self->folder);
}

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

/* The file's size, or 0 where it is missing, to be shown as a broken picture. */
static gboolean
find_file (const Reader *reader, const char *inside, guint64 *size)
{
  struct stat st;
  gboolean found = inside != NULL && fstatat (reader->folder, *inside ? inside : ".", &st, 0) == 0;

  *size = found ? (guint64) st.st_size : 0;
  return found;
}

/* As dup_inside(), but without a copy, of what lists have nearly always: a plain path, with the folder or “./” before it
 * or not; NULL for any other. */
static const char *
find_inside (const char *root, const char *path)
{
  const gsize length = strlen (root);

  if (length > 1 && strncmp (path, root, length) == 0 && path[length] == '/')
    path += length + 1;
  else if (path[0] == '.' && path[1] == '/')
    path += 2;
  return tithe_dataset_stays_inside (path) ? path : NULL;
}

/*
 * The path of the picture that @path names, relative to the manifest's folder, or NULL where it leads out of it; in
 * *@owned where it is not a part of @path. A manifest is text, so a file whose name is none stands in it escaped, as exports
 * write it.
 */
static const char *
find_picture (const Reader *reader, const char *path, char **owned)
{
  const char *root = reader->train->root;
  const char *plain = find_inside (root, path), *inside = plain ? plain : (*owned = dup_inside (root, path));
  g_autofree char *unescaped = NULL, *other = NULL;
  guint64 size;

  if (strchr (path, '\\') == NULL || find_file (reader, inside, &size))
    return inside;
  unescaped = tithe_name_unescape (path);
  other = dup_inside (root, unescaped);
  if (!find_file (reader, other, &size))
    return inside;
  g_free (*owned);
  return *owned = g_steal_pointer (&other);
}

static void
find_sizes (gsize begin, gsize end, gpointer user_data)
{
  const Reader *reader = user_data;
  const TitheImageList *images = reader->images;

  for (gsize i = begin; i < end; i++)
    find_file (reader, images->paths->str + g_array_index (images->path_offsets, guint64, i),
               &g_array_index (images->sizes, guint64, i));
}

/* A million questions to the file system, which are most of the time, by all processors; how many is nobody's measure of
 * how far the reading is. */
static gboolean
find_all_sizes (Reader *reader, TitheJob *job, GError **error)
{
  g_autoptr (TitheJob) part = tithe_job_new_part (job, 0);

  tithe_parallel_for (tithe_parallel_resolve_threads (0), reader->images->labels->len, 1024, find_sizes, reader, part);
  return tithe_job_check (job, error);
}

/* The split that a row belongs to. */
static Split
choose_split (Reader *reader, const char *split)
{
  if (split == NULL || *split == '\0' || g_ascii_strncasecmp (split, "train", 5) == 0)
    return SPLIT_TRAIN;
  if (g_ascii_strcasecmp (split, "test") == 0 || g_ascii_strncasecmp (split, "val", 3) == 0)
    return SPLIT_TEST;
  if (reader->first_other_split == NULL)
    reader->first_other_split = g_strdup (split);
  return SPLIT_OTHER;
}

static gboolean
has_label_of_row_before (const Reader *reader, const char *label)
{
  GPtrArray *names = reader->train->class_names;

  return names->len > 0 && g_str_equal (g_ptr_array_index (names, reader->label), label);
}

static gboolean
check_row (Reader *reader, guint line, const char *path, const char *label, GError **error)
{
  if (path == NULL || *path == '\0')
    return fail (reader, line, error, _("there is no path"));
  if (label == NULL || *label == '\0')
    return fail (reader, line, error, _("“%s” has no label"), path);
  if (!has_label_of_row_before (reader, label) && !g_utf8_validate (label, -1, NULL))
    return fail (reader, line, error, _("the label is not UTF-8 text"));
  return TRUE;
}

static gboolean
add_row (Reader *reader, guint line, const char *const fields[N_COLUMNS], GError **error)
{
  const char *path = fields[COLUMN_PATH], *label = fields[COLUMN_LABEL], *inside;
  TitheImageList *images = reader->images;
  g_autofree char *owned = NULL;
  guint32 first;
  guint8 split;

  if (!check_row (reader, line, path, label, error))
    return FALSE;
  inside = find_picture (reader, path, &owned);
  if (inside == NULL)
    return fail (reader, line, error,
                 _("“%s” leads out of the manifest's folder; move the manifest above its pictures"), path);
  if (!has_label_of_row_before (reader, label))
    reader->label = tithe_dataset_add_class (reader->train, reader->labels, label);
  tithe_image_list_add (images, inside, 0, reader->label);
  if (!tithe_path_table_add (reader->seen, images->paths->str, (const guint64 *) (gpointer) images->path_offsets->data,
                             images->labels->len - 1, &first))
    return fail (reader, line, error, _("“%s” stands already in line %u"), path,
                 g_array_index (reader->lines, guint32, first));
  split = (guint8) choose_split (reader, fields[COLUMN_SPLIT]);
  reader->n_of_split[split]++;
  g_array_append_val (reader->lines, line);
  g_byte_array_append (reader->splits, &split, 1);
  return TRUE;
}

/* The part of a field in quotes at *@cursor is moved to *@out on; %FALSE where it is not closed. */
static gboolean
read_quoted (char **cursor, char **out, char *end, guint *line)
{
  char *in = *cursor + 1;

  for (; in < end; *(*out)++ = *in++)
    {
      if (*in == '"' && (in + 1 == end || in[1] != '"'))
        {
          *cursor = in + 1;
          return TRUE;
        }
      in += *in == '"';
      *line += *in == '\n';
    }
  return FALSE;
}

/* Reads one CSV record at *@cursor; fields point into @text, which is changed in place. */
static gboolean
read_record (char **cursor, char *end, char delimiter, GPtrArray *fields, guint *line)
{
  char *in = *cursor;

  g_ptr_array_set_size (fields, 0);
  for (;;)
    {
      char *field = in, *out = in, *rest;

      if (in < end && *in == '"' && !read_quoted (&in, &out, end, line))
        return FALSE;
      for (rest = in; in < end && *in != delimiter && *in != '\n' && *in != '\r'; in++)
        ;
      if (out != rest)
        memmove (out, rest, (gsize) (in - rest));
      out += in - rest;
      g_ptr_array_add (fields, field);
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
add_json_object (Reader *reader, guint line, const char *text, gsize size, GError **error)
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
add_json_line (Reader *reader, guint line, char *text, gsize size, GError **error)
{
  TitheJsonField fields[N_COLUMNS];
  const char *values[N_COLUMNS];

  if (!tithe_json_line_read (text, size, column_names, N_COLUMNS, COLUMN_SPLIT, fields))
    return add_json_object (reader, line, text, size, error);
  for (guint c = 0; c < N_COLUMNS; c++)
    values[c] = fields[c].is_string || c == COLUMN_LABEL ? fields[c].text : NULL;
  return add_row (reader, line, values, error);
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

  g_ptr_array_sort (names, tithe_name_compare);
  for (guint i = 0; i < names->len; i++)
    new_label[GPOINTER_TO_UINT (g_hash_table_lookup (reader->labels, g_ptr_array_index (names, i))) - 1] = i;
  for (guint i = 0; i < reader->images->labels->len; i++)
    {
      guint32 *label = &g_array_index (reader->images->labels, guint32, i);

      *label = new_label[*label];
    }
}

/* (transfer full): the images of one split; they are not copied where they are all there is. */
static TitheImageList *
take_split (Reader *reader, Split split)
{
  TitheImageList *from = reader->images, *to;

  if (reader->n_of_split[split] == reader->splits->len)
    return g_steal_pointer (&reader->images);
  to = tithe_image_list_new ();
  for (guint i = 0; i < reader->splits->len; i++)
    if (reader->splits->data[i] == split)
      tithe_image_list_add (to, from->paths->str + g_array_index (from->path_offsets, guint64, i),
                            g_array_index (from->sizes, guint64, i), g_array_index (from->labels, guint32, i));
  return to;
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

/* Pictures are looked for from there, so that the way to it is not walked for each. */
static gboolean
open_folder_of_pictures (Reader *reader, GError **error)
{
  reader->folder = open (reader->train->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  return reader->folder >= 0 || tithe_dataset_fail_to_read (reader->train->root, g_strerror (errno), error);
}

static void
take_rows (Reader *reader)
{
  const gsize n_others = reader->n_of_split[SPLIT_OTHER];

  if (n_others > 0)
    tithe_dataset_note (reader->train, TITHE_DATASET_NOTE_OTHER_SPLITS, (guint) n_others, reader->first_other_split,
                        NULL);
  sort_classes (reader);
  if (reader->n_of_split[SPLIT_TEST] > 0 && reader->n_of_split[SPLIT_TRAIN] > 0)
    tithe_dataset_take_images (tithe_dataset_add_test (reader->train), take_split (reader, SPLIT_TEST));
  tithe_dataset_take_images (reader->train, take_split (reader, SPLIT_TRAIN));
}

static TitheDataset *
open_manifest (const TitheDatasetSource *source, TitheJob *job, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (source->path, NULL), *root = g_path_get_dirname (absolute);
  g_autoptr (TitheDataset) self = tithe_dataset_new_private (TITHE_DATASET_MANIFEST, source->path, root);
  Reader reader;
  gboolean ok;

  reader_init (&reader, source->path, self);
  ok = open_folder_of_pictures (&reader, error) && read_rows (&reader, job, error);
  reader_end_rows (&reader);
  ok = ok && find_all_sizes (&reader, job, error);
  if (ok)
    take_rows (&reader);
  reader_clear (&reader);
  return ok && tithe_dataset_seal (self, error) ? g_steal_pointer (&self) : NULL;
}

const TitheDatasetReader tithe_dataset_manifest_reader = { matches, open_manifest };
