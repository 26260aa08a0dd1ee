/* SPDX-License-Identifier: MIT */
#include "tithe-export-private.h"
#include "base/tithe-byte-order.h"
#include "io/tithe-npy.h"

#include <string.h>

/* Of a file system, half of which a file leaves empty. */
#define BLOCK 4096
/* Of the fingerprint of a class's pictures: it is compared, and proves nothing. */
#define CONTENTS_DIGITS 16

typedef gboolean (*Writer) (TitheExportItems *items, const char *path, GError **error);

/* Where a new form is added: its enumeration, its word in tithe-export-form.c, and its writer here. */
static const Writer writers[TITHE_N_EXPORT_FORMATS] = {
  [TITHE_EXPORT_CSV] = tithe_export_write_table,         [TITHE_EXPORT_JSONL] = tithe_export_write_table,
  [TITHE_EXPORT_INDICES] = tithe_export_write_table,     [TITHE_EXPORT_MASK] = tithe_export_write_table,
  [TITHE_EXPORT_PATHS] = tithe_export_write_table,       [TITHE_EXPORT_PATHS_DROPPED] = tithe_export_write_table,
  [TITHE_EXPORT_MANIFEST] = tithe_export_write_table,    [TITHE_EXPORT_TREE] = tithe_export_write_tree,
  [TITHE_EXPORT_IMAGEFOLDER] = tithe_export_write_tree,  [TITHE_EXPORT_FIFTYONE] = tithe_export_write_tree,
  [TITHE_EXPORT_WEBDATASET] = tithe_export_write_shards, [TITHE_EXPORT_CIFAR] = tithe_export_write_cifar,
  [TITHE_EXPORT_IDX] = tithe_export_write_idx,
};

static TitheExportWhat
resolve_what (const TitheExportOptions *options)
{
  if (options->format == TITHE_EXPORT_PATHS_DROPPED)
    return TITHE_EXPORT_DISCARDED;
  if (options->what != TITHE_EXPORT_USUAL)
    return options->what;
  return options->format == TITHE_EXPORT_CSV || options->format == TITHE_EXPORT_JSONL ? TITHE_EXPORT_BOTH
                                                                                      : TITHE_EXPORT_KEPT;
}

/* Fails where a class is asked for that is not there. */
gboolean
tithe_export_choose_images (TitheExportItems *items, GError **error)
{
  const TitheExportWhat what = resolve_what (items->options);
  const gsize n = tithe_dataset_get_n_images (items->dataset);
  g_autofree guint8 *chosen = g_new0 (guint8, MAX (1, tithe_dataset_get_n_classes (items->dataset)));

  memset (chosen, items->options->classes == NULL, tithe_dataset_get_n_classes (items->dataset));
  for (guint i = 0; items->options->classes != NULL && items->options->classes[i] != NULL; i++)
    {
      int c = tithe_dataset_find_class (items->dataset, items->options->classes[i]);

      if (c < 0)
        return tithe_export_fail (error, TITHE_EXPORT_ERROR_FORM, _("“%s” has no class “%s”"),
                                  tithe_dataset_get_name (items->dataset), items->options->classes[i]);
      chosen[c] = 1;
    }
  items->images = g_new (guint32, MAX (1, n));
  for (guint32 i = 0; i < n; i++)
    if (chosen[tithe_dataset_get_label (items->dataset, i)]
        && (what == TITHE_EXPORT_BOTH || items->verdicts[i].kept == (what == TITHE_EXPORT_KEPT)))
      items->images[items->n++] = i;
  return TRUE;
}

/* Of each class that is exported its name and the fingerprint of its pictures. */
static char **
dup_contents (TitheExportItems *items)
{
  const guint n_classes = tithe_dataset_get_n_classes (items->dataset);
  g_autoptr (GPtrArray) contents = g_ptr_array_new ();
  g_autofree GChecksum **sums = g_new0 (GChecksum *, MAX (1, n_classes));

  for (gsize i = 0; i < items->n; i++)
    {
      GChecksum **sum = &sums[tithe_dataset_get_label (items->dataset, items->images[i])];
      const guint32 record[2] = { GUINT32_TO_LE (items->images[i]), GUINT32_TO_LE (items->marks[i]) };

      if (*sum == NULL)
        *sum = g_checksum_new (G_CHECKSUM_SHA256);
      g_checksum_update (*sum, (const guchar *) record, sizeof record);
    }
  for (guint c = 0; c < n_classes; c++)
    if (sums[c] != NULL)
      {
        g_ptr_array_add (contents, g_strdup (tithe_dataset_get_class_name (items->dataset, c)));
        g_ptr_array_add (contents, g_strndup (g_checksum_get_string (sums[c]), CONTENTS_DIGITS));
        g_checksum_free (sums[c]);
      }
  g_ptr_array_add (contents, NULL);
  return (char **) g_ptr_array_steal (contents, NULL);
}

/* --- the way out --- */

/* What the export takes, at least: it is never refused where it would fit, and a full disk is noticed in writing, too. */
static gboolean
check_room (TitheOutput *output, const TitheExportOptions *options, const TitheExportSize *size, GError **error)
{
  static const guint64 of_link[] = { [TITHE_EXPORT_COPY] = BLOCK / 2,
                                     [TITHE_EXPORT_HARD_LINK] = 64,
                                     [TITHE_EXPORT_SYMBOLIC_LINK] = 256,
                                     [TITHE_EXPORT_REFLINK] = 256 };
  const gboolean links = tithe_export_links_files (options->format);
  const guint64 least = size->exact ? size->n_bytes : size->n_bytes - size->n_bytes / 4;

  return tithe_output_check_room (output, least + (links ? size->n_images * of_link[options->link] : 0),
                                  links && options->link != TITHE_EXPORT_HARD_LINK ? size->n_images : 0, error);
}

/* Of an export that is made again, whether it came to what it was. */
static gboolean
check_same (TitheExportItems *items, const TitheProvenance *provenance, char **contents, GError **error)
{
  g_autofree char *why = NULL;

  if (provenance == NULL || provenance->sum == NULL
      || g_str_equal (provenance->sum, g_checksum_get_string (items->sum)))
    return TRUE;
  why = tithe_provenance_explain (provenance, items->dataset, items->images, items->n, (const char *const *) contents);
  return tithe_export_fail (error, TITHE_EXPORT_ERROR_CHANGED, "%s", why);
}

/* Into the folder, or next to the file as FILE.provenance.json: that first, so that no export is without. */
static gboolean
write_all (TitheExportItems *items, TitheOutput *output, TitheOutput *note, const TitheProvenance *provenance,
           GError **error)
{
  const gboolean folder = tithe_export_is_folder (items->options->format);
  g_autofree char *text = NULL,
                  *inside = g_build_filename (tithe_output_get_temporary (output), TITHE_PROVENANCE_NAME, NULL);
  g_auto (GStrv) contents = NULL;

  if (!writers[items->options->format](items, tithe_output_get_temporary (output), error)
      || !tithe_job_check (items->job, error))
    return FALSE;
  if (provenance == NULL)
    return tithe_output_finish (output, error);
  contents = items->marks ? dup_contents (items) : NULL;
  if (!check_same (items, provenance, contents, error))
    return FALSE;
  text = tithe_provenance_to_json (provenance, items->options, items->n, g_checksum_get_string (items->sum),
                                   (const char *const *) contents);
  if (!tithe_output_write (folder ? inside : tithe_output_get_temporary (note), text, strlen (text), error))
    return FALSE;
  return (folder || tithe_output_finish (note, error)) && tithe_output_finish (output, error);
}

/* Where an export goes, and its provenance where that is a file of its own; both NULL for standard output. */
typedef struct
{
  TitheOutput *output, *note;
} Targets;

static void
targets_clear (Targets *targets)
{
  g_clear_pointer (&targets->output, tithe_output_free);
  g_clear_pointer (&targets->note, tithe_output_free);
}

static gboolean
begin_targets (Targets *targets, const TitheExportOptions *options, gboolean with_provenance, const char *path,
               GError **error)
{
  const gboolean folder = tithe_export_is_folder (options->format);
  g_autofree char *note = g_strconcat (path, TITHE_PROVENANCE_ENDING, NULL);

  if (g_str_equal (path, "-"))
    return !folder
           || tithe_export_fail (error, TITHE_EXPORT_ERROR_FORM, _("the format %s is a folder: give it a name"),
                                 tithe_export_format_to_string (options->format));
  if (folder)
    targets->output
        = tithe_output_begin_folder (path, TITHE_PROVENANCE_NAME, options->protected, options->overwrite, error);
  else
    targets->output = tithe_output_begin (path, options->protected, options->overwrite, error);
  if (targets->output != NULL && !folder && with_provenance)
    targets->note = tithe_output_begin (note, options->protected, options->overwrite, error);
  return targets->output != NULL && (targets->note != NULL || folder || !with_provenance);
}

/**
 * tithe_export_check_target:
 * @size: (nullable): of the export, for which there must be room
 * @with_provenance: whether a file of provenance will be written next to the export
 * @path: where to, or “-” for a file to standard output
 *
 * To be asked before what an export needs is computed.
 *
 * Returns: %FALSE with an error where tithe_export_subset() could or might not write
 */
gboolean
tithe_export_check_target (const TitheExportOptions *options, const TitheExportSize *size, gboolean with_provenance,
                           const char *path, GError **error)
{
  Targets targets = { 0 };
  gboolean ok;

  g_return_val_if_fail (options->protected != NULL, FALSE);

  ok = begin_targets (&targets, options, with_provenance, path, error)
       && (size == NULL || targets.output == NULL || check_room (targets.output, options, size, error));
  targets_clear (&targets);
  return ok;
}

/* Which images, and whether there is room for them. */
static gboolean
prepare (TitheExportItems *items, TitheSubset *subset, TitheEmbedding *embedding, TitheOutput *output, GError **error)
{
  const TitheExportFormat format = items->options->format;
  TitheExportSize size;

  items->verdicts = tithe_export_judge (subset, tithe_export_needs_embedding (format) ? embedding : NULL);
  if (!tithe_export_choose_images (items, error))
    return FALSE;
  if (tithe_export_is_folder (format)
      && !(tithe_export_measure_items (items, &size, error) && check_room (output, items->options, &size, error)))
    return FALSE;
  tithe_job_start (items->job, _("Exporting"), items->n);
  if (tithe_export_writes_pictures (items->options))
    items->marks = g_new0 (guint32, MAX (1, items->n));
  return TRUE;
}

static gboolean
print_table (TitheExportItems *items, const TitheProvenance *provenance, GError **error)
{
  g_autoptr (GString) table = tithe_export_format_table (items, error);

  return table != NULL && check_same (items, provenance, NULL, error)
         && tithe_output_write ("-", table->str, table->len, error);
}

/**
 * tithe_export_subset:
 * @embedding: (nullable): bound to the dataset, for formats that need it
 * @provenance: (nullable): where the subset came from, to be written next to or into the export; with a sum, that which the
 *   export must come to, else it fails with %TITHE_EXPORT_ERROR_CHANGED
 * @path: where to, or “-” for a file to standard output
 * @job: (nullable): progress over the images; cancelled, nothing is left
 *
 * Writes the subset. All or nothing; nothing is written to what is protected. Takes O(n) time apart from the dissimilarities and
 * the files.
 *
 * Returns: %FALSE with a %TITHE_EXPORT_ERROR, a %TITHE_OUTPUT_ERROR or %G_IO_ERROR_CANCELLED
 */
gboolean
tithe_export_subset (TitheSubset *subset, TitheEmbedding *embedding, const TitheExportOptions *options,
                     const TitheProvenance *provenance, const char *path, TitheJob *job, GError **error)
{
  TitheExportItems items
      = { .dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset))),
          .options = options,
          .sum = g_checksum_new (G_CHECKSUM_SHA256),
          .job = job };
  Targets targets = { 0 };
  GError *local = NULL;
  gboolean ok;

  g_return_val_if_fail (options->protected != NULL, FALSE);
  g_return_val_if_fail (embedding != NULL || !tithe_export_needs_embedding (options->format), FALSE);

  tithe_job_start (job, _("Exporting"), 0);
  ok = begin_targets (&targets, options, provenance != NULL, path, error)
       && prepare (&items, subset, embedding, targets.output, error);
  if (ok && targets.output == NULL)
    ok = print_table (&items, provenance, error);
  else if (ok)
    ok = write_all (&items, targets.output, targets.note, provenance, &local)
         || tithe_output_propagate (targets.output, local, error);
  targets_clear (&targets);
  g_checksum_free (items.sum);
  g_free (items.verdicts);
  g_free (items.images);
  g_free (items.marks);
  return ok;
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

      tithe_byte_order_copy (row, row, G_N_ELEMENTS (row), sizeof *row);
      g_string_append_len (out, (const char *) row, sizeof row);
    }
  return tithe_output_write (path, out->str, out->len, error);
}
