/* SPDX-License-Identifier: MIT */
#include "tithe-export-private.h"
#include "dataset/tithe-dataset-protected.h"
#include "io/tithe-npy.h"
#include "tithe-provenance.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* Of a file system, half of which a file leaves empty. */
#define BLOCK 4096
/* Of the fingerprint of a class's pictures: it is compared, and proves nothing. */
#define CONTENTS_DIGITS 16

G_DEFINE_QUARK (tithe-export-error-quark, tithe_export_error)

static const struct
{
  const char *name;
  gboolean folder, links, dissimilarities;
  gboolean (*write) (TitheExportItems *items, const char *path, GError **error);
} formats[] = {
  [TITHE_EXPORT_CSV] = { "csv", FALSE, FALSE, TRUE, tithe_export_write_table },
  [TITHE_EXPORT_JSONL] = { "jsonl", FALSE, FALSE, TRUE, tithe_export_write_table },
  [TITHE_EXPORT_INDICES] = { "indices", FALSE, FALSE, FALSE, tithe_export_write_table },
  [TITHE_EXPORT_MASK] = { "mask", FALSE, FALSE, FALSE, tithe_export_write_table },
  [TITHE_EXPORT_PATHS] = { "paths", FALSE, FALSE, FALSE, tithe_export_write_table },
  [TITHE_EXPORT_PATHS_DROPPED] = { "paths-dropped", FALSE, FALSE, FALSE, tithe_export_write_table },
  [TITHE_EXPORT_MANIFEST] = { "manifest", FALSE, FALSE, FALSE, tithe_export_write_table },
  [TITHE_EXPORT_TREE] = { "tree", TRUE, TRUE, FALSE, tithe_export_write_tree },
  [TITHE_EXPORT_IMAGEFOLDER] = { "imagefolder", TRUE, TRUE, TRUE, tithe_export_write_tree },
  [TITHE_EXPORT_FIFTYONE] = { "fiftyone", TRUE, TRUE, FALSE, tithe_export_write_tree },
  [TITHE_EXPORT_WEBDATASET] = { "webdataset", TRUE, FALSE, FALSE, tithe_export_write_shards },
  [TITHE_EXPORT_CIFAR] = { "cifar", TRUE, FALSE, FALSE, tithe_export_write_records },
  [TITHE_EXPORT_IDX] = { "idx", TRUE, FALSE, FALSE, tithe_export_write_records },
};

static const char *const what_names[] = { "usual", "kept", "discarded", "both" };
static const char *const link_names[] = { "copy", "hard", "symbolic", "reflink" };

const char *
tithe_export_format_to_string (TitheExportFormat format)
{
  return formats[format].name;
}

gboolean
tithe_export_format_from_string (const char *string, TitheExportFormat *format)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (string, formats[i].name) == 0)
      {
        *format = (TitheExportFormat) i;
        return TRUE;
      }
  return FALSE;
}

static int
find_name (const char *const *names, guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return (int) i;
  return -1;
}

gboolean
tithe_export_what_from_string (const char *string, TitheExportWhat *what)
{
  int found = find_name (what_names, G_N_ELEMENTS (what_names), string);

  *what = (TitheExportWhat) MAX (0, found);
  return found >= 0;
}

const char *
tithe_export_what_to_string (TitheExportWhat what)
{
  return what_names[what];
}

gboolean
tithe_export_link_from_string (const char *string, TitheExportLink *link)
{
  int found = find_name (link_names, G_N_ELEMENTS (link_names), string);

  *link = (TitheExportLink) MAX (0, found);
  return found >= 0;
}

const char *
tithe_export_link_to_string (TitheExportLink link)
{
  return link_names[link];
}

/* Whether files are linked, so that their contents are not the export's. */
static gboolean
is_pointer (TitheExportLink link)
{
  return link == TITHE_EXPORT_HARD_LINK || link == TITHE_EXPORT_SYMBOLIC_LINK;
}

/**
 * tithe_export_is_folder:
 *
 * Returns: whether the format is a folder, rather than a file
 */
gboolean
tithe_export_is_folder (TitheExportFormat format)
{
  return formats[format].folder;
}

/**
 * tithe_export_links_files:
 *
 * Returns: whether the images' files can be linked in that format
 */
gboolean
tithe_export_links_files (TitheExportFormat format)
{
  return formats[format].links;
}

/**
 * tithe_export_needs_embedding:
 *
 * Returns: whether the format has dissimilarities in it
 */
gboolean
tithe_export_needs_embedding (TitheExportFormat format)
{
  return formats[format].dissimilarities;
}

gboolean
tithe_export_fail (GError **error, TitheExportError code, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, TITHE_EXPORT_ERROR, (int) code, message);
  return FALSE;
}

/* After a call of the system's that failed. */
gboolean
tithe_export_fail_at (const char *path, GError **error)
{
  return tithe_output_fail_at (error, path, errno);
}

/* --- what the subset says --- */

static TitheExportVerdict
judge_image (TitheSubset *subset, guint32 image, guint32 group, guint32 size, guint32 representative,
             TitheEmbedding *embedding)
{
  TitheCuration *curation = tithe_subset_get_curation (subset);
  gboolean apart = embedding != NULL && representative != TITHE_IMAGE_NONE && size > 1;

  return (TitheExportVerdict){ .group = group,
                               .representative = representative,
                               .group_size = size,
                               .kept = tithe_subset_keeps (subset, image, representative),
                               .by_hand
                               = curation && tithe_curation_get_decision (curation, image) != TITHE_DECISION_AUTOMATIC,
                               .dissimilarity
                               = apart ? tithe_embedding_dissimilarity (embedding, image, representative) : 0.0 };
}

static TitheExportVerdict *
judge (TitheSubset *subset, TitheEmbedding *embedding)
{
  TitheCut *cut = tithe_subset_get_cut (subset);
  gsize n = tithe_dataset_get_n_images (tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (cut))), n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (cut, &n_groups);
  TitheExportVerdict *verdicts = g_new0 (TitheExportVerdict, MAX (1, n));

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
static gboolean
choose_images (TitheExportItems *items, GError **error)
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

/* --- what writers share --- */

/* The columns group to origin, and the end of the line. */
void
tithe_export_append_verdict (GString *out, const TitheExportVerdict *verdict)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

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

/* RFC 8259, with what is no UTF-8 replaced. */
void
tithe_export_append_json (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_validate (text, -1, NULL) ? NULL : g_utf8_make_valid (text, -1);

  g_string_append_c (out, '"');
  for (const char *c = valid ? valid : text; *c != '\0'; c++)
    if (*c == '"' || *c == '\\')
      g_string_append_printf (out, "\\%c", *c);
    else if ((guchar) *c < 0x20)
      g_string_append_printf (out, "\\u%04x", (guint) *c);
    else
      g_string_append_c (out, *c);
  g_string_append_c (out, '"');
}

/* A class's name as that of a folder, which is neither hidden nor leads elsewhere. */
char *
tithe_export_dup_folder (const char *class_name)
{
  char *name = g_strdup (class_name), *prefixed;

  g_strdelimit (name, "/", '_');
  if (*name != '\0' && *name != '.' && !g_str_equal (name, TITHE_PROVENANCE_NAME)
      && !g_str_equal (name, "metadata.csv"))
    return name;
  prefixed = g_strconcat ("_", name, NULL);
  g_free (name);
  return prefixed;
}

/* “.png” and so on; of a record, which is written as one, “.png”. */
const char *
tithe_export_get_ending (TitheExportItems *items, guint32 image, GString *buffer)
{
  const char *path, *ending;

  if (!tithe_dataset_has_files (items->dataset))
    return ".png";
  path = tithe_dataset_get_path (items->dataset, image, buffer);
  ending = strrchr (path, '.');
  return ending != NULL && strchr (ending, '/') == NULL ? ending : "";
}

/* The bytes of the image's file. */
GBytes *
tithe_export_read_file (TitheExportItems *items, guint32 image, GError **error)
{
  g_autofree char *file = tithe_dataset_dup_file (items->dataset, image), *data = NULL;
  g_autoptr (GError) local = NULL;
  gsize size;

  if (g_file_get_contents (file, &data, &size, &local))
    return g_bytes_new_take (g_steal_pointer (&data), size);
  tithe_export_fail (error, TITHE_EXPORT_ERROR_SOURCE, _("cannot read the image %u, “%s”: %s"), image, file,
                     local->message);
  return NULL;
}

/* To be called once for each image, from any thread. */
void
tithe_export_mark (TitheExportItems *items, gsize i, gconstpointer data, gsize size)
{
  items->marks[i] = (guint32) crc32_z (0, data, size);
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
        g_ptr_array_add (contents, g_utf8_make_valid (tithe_dataset_get_class_name (items->dataset, c), -1));
        g_ptr_array_add (contents, g_strndup (g_checksum_get_string (sums[c]), CONTENTS_DIGITS));
        g_checksum_free (sums[c]);
      }
  g_ptr_array_add (contents, NULL);
  return (char **) g_ptr_array_steal (contents, NULL);
}

/* --- the way out --- */

/* What the export takes, at least: it is never refused where it would fit, and a full disk is noticed in writing, too. */
static void
estimate_room (TitheExportItems *items, guint64 *n_bytes, guint64 *n_files)
{
  static const guint64 of_link[] = { [TITHE_EXPORT_COPY] = BLOCK / 2,
                                     [TITHE_EXPORT_HARD_LINK] = 64,
                                     [TITHE_EXPORT_SYMBOLIC_LINK] = 256,
                                     [TITHE_EXPORT_REFLINK] = 256 };
  const gboolean links = formats[items->options->format].links;

  *n_files = links && items->options->link != TITHE_EXPORT_HARD_LINK ? items->n : 0;
  *n_bytes = links ? items->n * of_link[items->options->link] : 0;
  if (links && items->options->link != TITHE_EXPORT_COPY)
    return;
  for (gsize i = 0; i < items->n; i++)
    *n_bytes += tithe_dataset_get_size (items->dataset, items->images[i]);
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

/* Into the folder, or beside the file as FILE.provenance.json: that first, so that no export is without. */
static gboolean
write_all (TitheExportItems *items, TitheOutput *output, TitheOutput *note, const TitheProvenance *provenance,
           GError **error)
{
  const gboolean folder = formats[items->options->format].folder;
  g_autofree char *text = NULL,
                  *inside = g_build_filename (tithe_output_get_temporary (output), TITHE_PROVENANCE_NAME, NULL);
  g_auto (GStrv) contents = NULL;

  if (!formats[items->options->format].write (items, tithe_output_get_temporary (output), error)
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

/* A person knows the target, and not the name that it has until it is finished. */
static void
name_target (TitheOutput *output, const char *path, GError *error)
{
  g_autoptr (GString) message = g_string_new (error->message);

  if (g_string_replace (message, tithe_output_get_temporary (output), path, 0) == 0)
    return;
  g_free (error->message);
  error->message = g_strdup (message->str);
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
begin_targets (Targets *targets, const TitheExportOptions *options, TitheDataset *dataset, gboolean with_provenance,
               const char *path, GError **error)
{
  const gboolean folder = formats[options->format].folder;
  g_autofree char *note = g_strconcat (path, TITHE_PROVENANCE_ENDING, NULL);
  g_autoptr (TitheProtected) own = options->protected ? NULL : tithe_dataset_protect (dataset);
  const TitheProtected *protected = options->protected ? options->protected : own;

  if (g_str_equal (path, "-"))
    return !folder
           || tithe_export_fail (error, TITHE_EXPORT_ERROR_FORM, _("the format %s is a folder: give it a name"),
                                 formats[options->format].name);
  if (folder)
    targets->output = tithe_output_begin_folder (path, TITHE_PROVENANCE_NAME, protected, options->overwrite, error);
  else
    targets->output = tithe_output_begin (path, protected, options->overwrite, error);
  if (targets->output != NULL && !folder && with_provenance)
    targets->note = tithe_output_begin (note, protected, options->overwrite, error);
  return targets->output != NULL && (targets->note != NULL || folder || !with_provenance);
}

/**
 * tithe_export_check_target:
 * @with_provenance: whether a file of provenance will be written next to the export
 * @path: where to, or “-” for a file to standard output
 *
 * To be asked before what an export needs is computed.
 *
 * Returns: %FALSE with an error where tithe_export_subset() could or might not write
 */
gboolean
tithe_export_check_target (const TitheExportOptions *options, TitheDataset *dataset, gboolean with_provenance,
                           const char *path, GError **error)
{
  Targets targets = { 0 };
  gboolean ok = begin_targets (&targets, options, dataset, with_provenance, path, error);

  targets_clear (&targets);
  return ok;
}

/* Which images, and whether there is room for them. */
static gboolean
prepare (TitheExportItems *items, TitheSubset *subset, TitheEmbedding *embedding, TitheOutput *output, GError **error)
{
  const TitheExportFormat format = items->options->format;
  guint64 n_bytes, n_files;

  items->verdicts = judge (subset, formats[format].dissimilarities ? embedding : NULL);
  if (!choose_images (items, error))
    return FALSE;
  estimate_room (items, &n_bytes, &n_files);
  if (formats[format].folder && !tithe_output_check_room (output, n_bytes, n_files, error))
    return FALSE;
  tithe_job_start (items->job, _("Exporting"), items->n);
  if (formats[format].folder && !(formats[format].links && is_pointer (items->options->link)))
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
 * @provenance: (nullable): where the subset came from, to be written beside or into the export; with a sum, that which the
 *   export must come to, else it fails with %TITHE_EXPORT_ERROR_CHANGED
 * @path: where to, or “-” for a file to standard output
 * @job: (nullable): progress over the images; cancelled, nothing is left
 *
 * Writes the subset. All or nothing; nothing is written into the dataset. Takes O(n) time beside the dissimilarities and
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

  g_return_val_if_fail (embedding != NULL || !tithe_export_needs_embedding (options->format), FALSE);

  tithe_job_start (job, _("Exporting"), 0);
  ok = begin_targets (&targets, options, items.dataset, provenance != NULL, path, error)
       && prepare (&items, subset, embedding, targets.output, error);
  if (ok && targets.output == NULL)
    ok = print_table (&items, provenance, error);
  else if (ok)
    ok = write_all (&items, targets.output, targets.note, provenance, &local);
  if (local != NULL)
    {
      name_target (targets.output, path, local);
      g_propagate_error (error, local);
    }
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

      g_string_append_len (out, (const char *) row, sizeof row);
    }
  return tithe_output_write (path, out->str, out->len, error);
}
