/* SPDX-License-Identifier: MIT */
#include "tithe-export-private.h"
#include "base/tithe-name.h"
#include "io/tithe-npy.h"

#include <string.h>

/* Formats that are one file, put together in memory: some 100 bytes an image. */

static void
append_csv_row (GString *out, const char *path, const char *class_name, guint32 image,
                const TitheExportVerdict *verdict)
{
  g_string_append_printf (out, "%u,", image);
  tithe_csv_append (out, path);
  g_string_append_c (out, ',');
  tithe_csv_append (out, class_name);
  g_string_append_c (out, ',');
  tithe_export_append_verdict (out, verdict);
}

static void
append_json_row (GString *out, const char *path, const char *class_name, guint32 image,
                 const TitheExportVerdict *verdict)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (out, "{\"index\": %u, \"path\": ", image);
  tithe_export_append_json (out, path);
  g_string_append (out, ", \"class\": ");
  tithe_export_append_json (out, class_name);
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
  g_string_append_printf (out, ", \"origin\": \"%s\"}\n", verdict->manual ? "hand" : "auto");
}

static gboolean
append_path (GString *out, const char *path, guint32 image, GError **error)
{
  if (strchr (path, '\n') != NULL)
    return tithe_export_fail (error, TITHE_EXPORT_ERROR_PATH,
                              _("the path of image %u has a line break in it: a list of paths can't hold it, use csv"),
                              image);
  g_string_append (out, path);
  g_string_append_c (out, '\n');
  return TRUE;
}

static void
append_manifest_row (GString *out, TitheDataset *dataset, guint32 image, const char *class_name)
{
  g_autofree char *file = tithe_dataset_dup_file (dataset, image), *escaped = tithe_name_dup (file);

  tithe_csv_append (out, escaped);
  g_string_append_c (out, ',');
  tithe_csv_append (out, class_name);
  g_string_append_c (out, '\n');
}

static GString *
make_header (TitheExportItems *items)
{
  switch (items->options->format)
    {
    case TITHE_EXPORT_INDICES:
      return tithe_npy_header ("<i8", items->n, 0);
    case TITHE_EXPORT_MASK:
      return tithe_npy_header ("|b1", tithe_dataset_get_n_images (items->dataset), 0);
    case TITHE_EXPORT_CSV:
      return g_string_new ("index,path,class,group,group_size,kept,representative,dissimilarity,origin\n");
    case TITHE_EXPORT_MANIFEST:
      return g_string_new ("path,label\n");
    default:
      return g_string_new (NULL);
    }
}

static gboolean
append_image (TitheExportItems *items, guint32 image, GString *out, gsize header, GString *buffer, GError **error)
{
  const char *class_name
      = tithe_dataset_get_class_name (items->dataset, tithe_dataset_get_label (items->dataset, image));
  gint64 index = GINT64_TO_LE ((gint64) image);

  switch (items->options->format)
    {
    case TITHE_EXPORT_CSV:
      append_csv_row (out, tithe_dataset_get_display_path (items->dataset, image, buffer), class_name, image,
                      &items->verdicts[image]);
      return TRUE;
    case TITHE_EXPORT_JSONL:
      append_json_row (out, tithe_dataset_get_display_path (items->dataset, image, buffer), class_name, image,
                       &items->verdicts[image]);
      return TRUE;
    case TITHE_EXPORT_INDICES:
      g_string_append_len (out, (const char *) &index, sizeof index);
      return TRUE;
    case TITHE_EXPORT_MASK:
      out->str[header + image] = 1;
      return TRUE;
    case TITHE_EXPORT_MANIFEST:
      append_manifest_row (out, items->dataset, image, class_name);
      return TRUE;
    default:
      return append_path (out, tithe_dataset_get_path (items->dataset, image, buffer), image, error);
    }
}

static gboolean
check_form (TitheExportItems *items, GError **error)
{
  return items->options->format != TITHE_EXPORT_MANIFEST || tithe_dataset_has_files (items->dataset)
         || tithe_export_fail (
             error, TITHE_EXPORT_ERROR_FORM,
             _("the images of “%s” are no files of their own, which a manifest lists; take the format tree, "
                "cifar or idx"),
             tithe_dataset_get_name (items->dataset));
}

/* The whole file, or NULL with an error. */
GString *
tithe_export_format_table (TitheExportItems *items, GError **error)
{
  g_autoptr (GString) out = make_header (items), buffer = g_string_new (NULL);
  const gsize header = out->len;

  if (!check_form (items, error))
    return NULL;
  if (items->options->format == TITHE_EXPORT_MASK)
    {
      g_string_set_size (out, header + tithe_dataset_get_n_images (items->dataset));
      memset (out->str + header, 0, out->len - header);
    }
  for (gsize i = 0; i < items->n; i++)
    {
      if (i % 4096 == 0)
        {
          if (!tithe_job_check (items->job, error))
            return NULL;
          tithe_job_advance (items->job, MIN (4096, items->n - i));
        }
      if (!append_image (items, items->images[i], out, header, buffer, error))
        return NULL;
    }
  g_checksum_update (items->sum, (const guchar *) out->str, (gssize) out->len);
  return g_steal_pointer (&out);
}

/* Every form that is one file. */
gboolean
tithe_export_write_table (TitheExportItems *items, const char *path, GError **error)
{
  g_autoptr (GString) out = tithe_export_format_table (items, error);

  return out != NULL && tithe_output_write (path, out->str, out->len, error);
}

/* What it takes: exact, where the dissimilarities are what they will be. */
gboolean
tithe_export_measure_table (TitheExportItems *items, TitheExportSize *size, GError **error)
{
  const TitheExportFormat format = items->options->format;
  g_autoptr (GString) out = make_header (items), buffer = g_string_new (NULL);

  size->n_files = 1;
  size->n_bytes = out->len;
  if (format == TITHE_EXPORT_INDICES)
    size->n_bytes += items->n * sizeof (gint64);
  else if (format == TITHE_EXPORT_MASK)
    size->n_bytes += tithe_dataset_get_n_images (items->dataset);
  else if (!check_form (items, error))
    return FALSE;
  for (gsize i = 0; format != TITHE_EXPORT_INDICES && format != TITHE_EXPORT_MASK && i < items->n; i++)
    {
      g_string_truncate (out, 0);
      if ((i % 4096 == 0 && !tithe_job_check (items->job, error))
          || !append_image (items, items->images[i], out, 0, buffer, error))
        return FALSE;
      size->n_bytes += out->len;
    }
  return TRUE;
}
