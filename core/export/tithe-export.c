/* SPDX-License-Identifier: MIT */
#include "tithe-export.h"
#include "embedding/tithe-npy.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

G_DEFINE_QUARK (tithe-export-error-quark, tithe_export_error)

static const char *const format_names[] = { "csv", "jsonl", "indices", "paths", "paths-dropped" };

/* What the subset says of one image. */
typedef struct
{
  guint32 group; /* number of the group + 1, or 0 */
  guint32 representative;
  guint32 group_size;
  double dissimilarity;
} Verdict;

const char *
tithe_export_format_to_string (TitheExportFormat format)
{
  return format_names[format];
}

gboolean
tithe_export_format_from_string (const char *string, TitheExportFormat *format)
{
  for (guint i = 0; i < G_N_ELEMENTS (format_names); i++)
    if (g_strcmp0 (string, format_names[i]) == 0)
      {
        *format = (TitheExportFormat) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * tithe_export_needs_embedding:
 *
 * Returns: whether the format has dissimilarities in it
 */
gboolean
tithe_export_needs_embedding (TitheExportFormat format)
{
  return format == TITHE_EXPORT_CSV || format == TITHE_EXPORT_JSONL;
}

static Verdict *
judge (TitheCut *cut, TitheRepresentative rule, TitheEmbedding *embedding)
{
  gsize n = tithe_dataset_get_n_images (tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (cut))), n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (cut, &n_groups);
  Verdict *verdicts = g_new0 (Verdict, n);

  for (gsize i = 0; i < n; i++)
    verdicts[i].representative = (guint32) i;
  for (gsize g = 0; g < n_groups; g++)
    {
      guint32 representative = tithe_cut_get_representative (cut, &groups[g], rule);

      for (guint32 m = 0; m < groups[g].size; m++)
        {
          guint32 image = tithe_cut_get_image (cut, &groups[g], m);

          verdicts[image]
              = (Verdict){ (guint32) g + 1, representative, groups[g].size,
                           embedding ? tithe_embedding_dissimilarity (embedding, image, representative) : 0.0 };
        }
    }
  return verdicts;
}

/* RFC 4180: quoted where it must be. */
static void
append_csv (GString *out, const char *text)
{
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

static void
append_csv_row (GString *out, const char *path, const char *class_name, guint32 image, const Verdict *verdict)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (out, "%u,", image);
  append_csv (out, path);
  g_string_append_c (out, ',');
  append_csv (out, class_name);
  g_string_append_c (out, ',');
  if (verdict->group > 0)
    g_string_append_printf (out, "%u", verdict->group - 1);
  g_string_append_printf (out, ",%u,%d,%u,%s,auto\n", MAX (1, verdict->group_size), verdict->representative == image,
                          verdict->representative,
                          g_ascii_formatd (number, sizeof number, "%.7g", verdict->dissimilarity));
}

static void
append_json_string (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), valid);
  g_autofree char *json = json_to_string (node, FALSE);

  g_string_append (out, json);
}

static void
append_json_row (GString *out, const char *path, const char *class_name, guint32 image, const Verdict *verdict)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (out, "{\"index\": %u, \"path\": ", image);
  append_json_string (out, path);
  g_string_append (out, ", \"class\": ");
  append_json_string (out, class_name);
  if (verdict->group > 0)
    g_string_append_printf (out, ", \"group\": %u", verdict->group - 1);
  else
    g_string_append (out, ", \"group\": null");
  g_string_append_printf (
      out, ", \"group_size\": %u, \"kept\": %s, \"representative\": %u, \"dissimilarity\": %s, \"origin\": \"auto\"}\n",
      MAX (1, verdict->group_size), verdict->representative == image ? "true" : "false", verdict->representative,
      g_ascii_formatd (number, sizeof number, "%.7g", verdict->dissimilarity));
}

/**
 * tithe_export_write:
 *
 * Writes beside @path, syncs and renames; “-” is standard output.
 */
gboolean
tithe_export_write (const char *path, const char *data, gsize size, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (g_str_equal (path, "-"))
    {
      if (fwrite (data, 1, size, stdout) == size && fflush (stdout) == 0)
        return TRUE;
      g_set_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_WRITE, _("cannot write: %s"), g_strerror (errno));
      return FALSE;
    }
  if (g_file_set_contents_full (path, data, (gssize) size, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                0666, &local))
    return TRUE;
  g_set_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_WRITE, _("cannot write “%s”: %s"), path, local->message);
  return FALSE;
}

/**
 * tithe_export_subset:
 * @rule: which image of a group is kept
 * @embedding: (nullable): bound to the dataset, for formats that need it
 * @path: where to, or “-”
 *
 * Writes the subset that the cut keeps. All or nothing. Takes O(n) time beside the dissimilarities.
 */
gboolean
tithe_export_subset (TitheCut *cut, TitheRepresentative rule, TitheEmbedding *embedding, TitheExportFormat format,
                     const char *path, GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (cut));
  const gsize n = tithe_dataset_get_n_images (dataset);
  g_autofree Verdict *verdicts = NULL;
  g_autoptr (GString) out = NULL;
  g_autoptr (GString) buffer = g_string_new (NULL);

  g_return_val_if_fail (embedding != NULL || !tithe_export_needs_embedding (format), FALSE);

  verdicts = judge (cut, rule, tithe_export_needs_embedding (format) ? embedding : NULL);
  if (format == TITHE_EXPORT_INDICES)
    out = tithe_npy_header ("<i8", tithe_cut_get_n_kept (cut), 0);
  else
    out = g_string_new (format == TITHE_EXPORT_CSV
                            ? "index,path,class,group,group_size,kept,representative,dissimilarity,origin\n"
                            : NULL);
  for (guint32 i = 0; i < n; i++)
    {
      const char *name = tithe_dataset_get_path (dataset, i, buffer);
      const char *class_name = tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, i));
      gboolean kept = verdicts[i].representative == i;
      gint64 index = GINT64_TO_LE ((gint64) i);

      if (format == TITHE_EXPORT_CSV)
        append_csv_row (out, name, class_name, i, &verdicts[i]);
      else if (format == TITHE_EXPORT_JSONL)
        append_json_row (out, name, class_name, i, &verdicts[i]);
      else if (format == TITHE_EXPORT_INDICES && kept)
        g_string_append_len (out, (const char *) &index, sizeof index);
      else if ((format == TITHE_EXPORT_PATHS && kept) || (format == TITHE_EXPORT_PATHS_DROPPED && !kept))
        {
          if (strchr (name, '\n') != NULL)
            {
              g_set_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_PATH,
                           _("the path of image %u has a line break in it: a list of paths can't hold it, use csv"),
                           i);
              return FALSE;
            }
          g_string_append (out, name);
          g_string_append_c (out, '\n');
        }
    }
  return tithe_export_write (path, out->str, out->len, error);
}

/**
 * tithe_export_linkage:
 *
 * Writes SciPy's linkage matrix: float64, (n - 1, 4), the two nodes, their dissimilarity, and the size.
 */
gboolean
tithe_export_linkage (const TitheDendrogram *dendrogram, const char *path, GError **error)
{
  g_autoptr (GString) out = tithe_npy_header ("<f8", dendrogram->n - 1, 4);

  for (guint32 t = 0; t + 1 < dendrogram->n; t++)
    {
      double row[4]
          = { dendrogram->left[t], dendrogram->right[t], (double) dendrogram->heights[t], dendrogram->sizes[t] };

      g_string_append_len (out, (const char *) row, sizeof row);
    }
  return tithe_export_write (path, out->str, out->len, error);
}
