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
  guint32 group;          /* number of the group + 1, or 0 */
  guint32 representative; /* TITHE_IMAGE_NONE where all of the group is discarded */
  guint32 group_size;
  gboolean kept, by_hand;
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

static Verdict
judge_image (TitheSubset *subset, guint32 image, guint32 group, guint32 size, guint32 representative,
             TitheEmbedding *embedding)
{
  TitheCuration *curation = tithe_subset_get_curation (subset);
  gboolean apart = embedding != NULL && representative != TITHE_IMAGE_NONE && size > 1;

  return (Verdict){ .group = group,
                    .representative = representative,
                    .group_size = size,
                    .kept = tithe_subset_keeps (subset, image, representative),
                    .by_hand = curation && tithe_curation_get_decision (curation, image) != TITHE_DECISION_AUTOMATIC,
                    .dissimilarity = apart ? tithe_embedding_dissimilarity (embedding, image, representative) : 0.0 };
}

static Verdict *
judge (TitheSubset *subset, TitheEmbedding *embedding)
{
  TitheCut *cut = tithe_subset_get_cut (subset);
  gsize n = tithe_dataset_get_n_images (tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (cut))), n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (cut, &n_groups);
  Verdict *verdicts = g_new0 (Verdict, MAX (1, n));

  for (gsize g = 0; g < n_groups; g++)
    {
      guint32 representative = tithe_subset_get_representative (subset, &groups[g]);

      for (guint32 m = 0; m < groups[g].size; m++)
        {
          guint32 image = tithe_cut_get_image (cut, &groups[g], m);

          verdicts[image] = judge_image (subset, image, (guint32) g + 1, groups[g].size, representative, embedding);
        }
    }
  for (guint32 i = 0; i < n; i++)
    if (verdicts[i].group == 0)
      verdicts[i] = judge_image (subset, i, 0, 1, i, NULL);
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

/**
 * tithe_export_quote_csv:
 *
 * Returns: (transfer full): the text as a field of a CSV file
 */
char *
tithe_export_quote_csv (const char *text)
{
  GString *out = g_string_new (NULL);

  append_csv (out, text);
  return g_string_free (out, FALSE);
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
  g_string_append_printf (out, ",%u,%d,", verdict->group_size, verdict->kept);
  if (verdict->representative != TITHE_IMAGE_NONE)
    g_string_append_printf (out, "%u,%s", verdict->representative,
                            g_ascii_formatd (number, sizeof number, "%.7g", verdict->dissimilarity));
  else
    g_string_append_c (out, ',');
  g_string_append (out, verdict->by_hand ? ",hand\n" : ",auto\n");
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
  g_string_append_printf (out, ", \"group_size\": %u, \"kept\": %s, ", verdict->group_size,
                          verdict->kept ? "true" : "false");
  if (verdict->representative != TITHE_IMAGE_NONE)
    g_string_append_printf (out, "\"representative\": %u, \"dissimilarity\": %s", verdict->representative,
                            g_ascii_formatd (number, sizeof number, "%.7g", verdict->dissimilarity));
  else
    g_string_append (out, "\"representative\": null, \"dissimilarity\": null");
  g_string_append_printf (out, ", \"origin\": \"%s\"}\n", verdict->by_hand ? "hand" : "auto");
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
 * @embedding: (nullable): bound to the dataset, for formats that need it
 * @path: where to, or “-”
 *
 * Writes the subset. All or nothing. Takes O(n) time beside the dissimilarities.
 */
gboolean
tithe_export_subset (TitheSubset *subset, TitheEmbedding *embedding, TitheExportFormat format, const char *path,
                     GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  const gsize n = tithe_dataset_get_n_images (dataset);
  g_autofree Verdict *verdicts = NULL;
  g_autoptr (GString) out = NULL;
  g_autoptr (GString) buffer = g_string_new (NULL);

  g_return_val_if_fail (embedding != NULL || !tithe_export_needs_embedding (format), FALSE);

  verdicts = judge (subset, tithe_export_needs_embedding (format) ? embedding : NULL);
  if (format == TITHE_EXPORT_INDICES)
    out = tithe_npy_header ("<i8", tithe_subset_get_totals (subset)->n_kept, 0);
  else
    out = g_string_new (format == TITHE_EXPORT_CSV
                            ? "index,path,class,group,group_size,kept,representative,dissimilarity,origin\n"
                            : NULL);
  for (guint32 i = 0; i < n; i++)
    {
      const char *name = tithe_dataset_get_path (dataset, i, buffer);
      const char *class_name = tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, i));
      gboolean kept = verdicts[i].kept;
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
