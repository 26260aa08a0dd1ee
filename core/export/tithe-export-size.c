/* SPDX-License-Identifier: MIT */
#include "tithe-export-private.h"
#include "base/tithe-count.h"
#include "base/tithe-text.h"

#include <string.h>

/* Pictures that are looked at where it would take too long to look at all. */
#define N_SAMPLED 256
/* A dissimilarity of as many digits as most have. */
#define USUAL_DISSIMILARITY 0.01234567
/* As long as a SHA-256 in a file of provenance, and as the fingerprint of a class's pictures. */
#define SUM "0000000000000000000000000000000000000000000000000000000000000000"
#define FINGERPRINT "0000000000000000"

typedef gboolean (*Measure) (TitheExportItems *items, TitheExportSize *size, GError **error);

static const Measure measures[TITHE_N_EXPORT_FORMATS] = {
  [TITHE_EXPORT_CSV] = tithe_export_measure_table,         [TITHE_EXPORT_JSONL] = tithe_export_measure_table,
  [TITHE_EXPORT_INDICES] = tithe_export_measure_table,     [TITHE_EXPORT_MASK] = tithe_export_measure_table,
  [TITHE_EXPORT_PATHS] = tithe_export_measure_table,       [TITHE_EXPORT_PATHS_DROPPED] = tithe_export_measure_table,
  [TITHE_EXPORT_MANIFEST] = tithe_export_measure_table,    [TITHE_EXPORT_TREE] = tithe_export_measure_tree,
  [TITHE_EXPORT_IMAGEFOLDER] = tithe_export_measure_tree,  [TITHE_EXPORT_FIFTYONE] = tithe_export_measure_tree,
  [TITHE_EXPORT_WEBDATASET] = tithe_export_measure_shards, [TITHE_EXPORT_CIFAR] = tithe_export_measure_cifar,
  [TITHE_EXPORT_IDX] = tithe_export_measure_idx,
};

/* Returns: how far one picture that is looked at is from the next: 1 where all are */
gsize
tithe_export_get_step (TitheExportItems *items)
{
  return MAX (1, (items->n + N_SAMPLED - 1) / N_SAMPLED);
}

/**
 * tithe_export_sample_pngs:
 * @block: bytes, of which a file takes whole ones in @padded
 * @n_bytes: (out): of all pictures as PNG
 * @padded: (out): the same in whole blocks
 * @exact: (out): set to %FALSE where there are pictures that were not made
 */
gboolean
tithe_export_sample_pngs (TitheExportItems *items, guint64 block, guint64 *n_bytes, guint64 *padded, gboolean *exact,
                          GError **error)
{
  const gsize step = tithe_export_get_step (items);
  guint64 n = 0;

  *n_bytes = *padded = 0;
  for (gsize i = 0; i < items->n; i += step, n++)
    {
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (items->dataset, items->images[i], 0, error);
      g_autoptr (GBytes) png = pixels ? tithe_image_encode_png (pixels, error) : NULL;

      if (png == NULL || !tithe_job_check (items->job, error))
        return FALSE;
      *n_bytes += g_bytes_get_size (png);
      *padded += (g_bytes_get_size (png) + block - 1) / block * block;
    }
  *n_bytes = *n_bytes * items->n / MAX (1, n);
  *padded = *padded * items->n / MAX (1, n);
  *exact = *exact && step == 1;
  return TRUE;
}

/* Of each image that is in a group of another, digits that could be its dissimilarity. */
static void
suppose_dissimilarities (TitheExportItems *items)
{
  for (gsize i = 0; i < tithe_dataset_get_n_images (items->dataset); i++)
    if (items->verdicts[i].representative != i && items->verdicts[i].representative != TITHE_IMAGE_NONE)
      items->verdicts[i].dissimilarity = USUAL_DISSIMILARITY;
}

/* Names of classes that have an image among those, each followed by what is as long as the fingerprint of its pictures. */
static GPtrArray *
list_contents (TitheExportItems *items)
{
  const guint n_classes = tithe_dataset_get_n_classes (items->dataset);
  g_autofree gboolean *there = g_new0 (gboolean, MAX (1, n_classes));
  GPtrArray *contents = g_ptr_array_new ();

  for (gsize i = 0; i < items->n; i++)
    there[tithe_dataset_get_label (items->dataset, items->images[i])] = TRUE;
  for (guint c = 0; c < n_classes; c++)
    if (there[c])
      {
        g_ptr_array_add (contents, (gpointer) tithe_dataset_get_class_name (items->dataset, c));
        g_ptr_array_add (contents, (gpointer) FINGERPRINT);
      }
  return contents;
}

static gsize
measure_provenance (TitheExportItems *items, const TitheProvenance *provenance)
{
  g_autoptr (GPtrArray) contents = list_contents (items);
  g_autofree char *text = NULL;
  const char *const *told = NULL;

  g_ptr_array_add (contents, NULL);
  if (tithe_export_writes_pictures (items->options))
    told = (const char *const *) contents->pdata;
  text = tithe_provenance_to_json (provenance, items->options, items->n, SUM, told);
  return strlen (text);
}

/* Of images that are chosen, what they take without a provenance. */
gboolean
tithe_export_measure_items (TitheExportItems *items, TitheExportSize *size, GError **error)
{
  g_autoptr (GPtrArray) contents = list_contents (items);

  *size = (TitheExportSize){ .n_images = items->n,
                             .n_classes = contents->len / 2,
                             .exact = !tithe_export_needs_embedding (items->options->format) };
  return measures[items->options->format](items, size, error);
}

static gboolean
choose (TitheExportItems *items, TitheSubset *subset, GError **error)
{
  items->dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  items->verdicts = tithe_export_judge (subset, NULL);
  return tithe_export_choose_images (items, error);
}

static void
items_clear (TitheExportItems *items)
{
  g_free (items->verdicts);
  g_free (items->images);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TitheExportItems, items_clear)

/**
 * tithe_export_measure:
 * @options: of an export; what is protected need not be known
 * @provenance: (nullable): that would be written next to or into it
 * @job: (nullable): that cancels it
 * @size: (out)
 *
 * Finds out what tithe_export_subset() would write. Takes O(n) time; of pictures at most 256 are decoded.
 *
 * Returns: %FALSE with the error with which the export would fail, as far as that is seen without writing
 */
gboolean
tithe_export_measure (TitheSubset *subset, const TitheExportOptions *options, const TitheProvenance *provenance,
                      TitheJob *job, TitheExportSize *size, GError **error)
{
  g_auto (TitheExportItems) items = { .options = options, .job = job };

  if (!choose (&items, subset, error))
    return FALSE;
  suppose_dissimilarities (&items);
  if (!tithe_export_measure_items (&items, size, error))
    return FALSE;
  if (provenance == NULL)
    return TRUE;
  size->n_files++;
  size->n_bytes += measure_provenance (&items, provenance);
  return TRUE;
}

/**
 * tithe_export_count:
 * @n_images: (out): that these options choose
 *
 * Returns: %FALSE with an error where there is no such class
 */
gboolean
tithe_export_count (TitheSubset *subset, const TitheExportOptions *options, gsize *n_images, GError **error)
{
  g_auto (TitheExportItems) items = { .options = options };
  gboolean ok = choose (&items, subset, error);

  *n_images = items.n;
  return ok;
}

static void
add_count (GString *text, const char *one, const char *many, guint64 n)
{
  g_autofree char *count = tithe_format_count (n), *item = NULL;

  item = g_strdup_printf (dngettext (GETTEXT_PACKAGE, one, many, (gulong) n), count);
  tithe_text_add_item (text, item);
}

/**
 * tithe_export_size_dup_text:
 *
 * Returns: (transfer full): it in a line, such as “40,001 images, 10 classes, 40,002 files, about 37.0 MB”
 */
char *
tithe_export_size_dup_text (const TitheExportSize *self)
{
  GString *text = g_string_new (NULL);
  g_autofree char *bytes = g_format_size (self->n_bytes), *about = NULL;

  add_count (text, NP_ ("%s image", "%s images"), self->n_images);
  add_count (text, NP_ ("%s class", "%s classes"), self->n_classes);
  if (self->n_links > 0)
    add_count (text, NP_ ("%s link", "%s links"), self->n_links);
  if (self->n_files > 0)
    add_count (text, NP_ ("%s file", "%s files"), self->n_files);
  /* TRANSLATORS: bytes, such as “about 37.0 MB” */
  about = self->exact ? g_strdup (bytes) : g_strdup_printf (_("about %s"), bytes);
  tithe_text_add_item (text, about);
  return g_string_free (text, FALSE);
}
