/* SPDX-License-Identifier: MIT */
#include "tithe-export-private.h"
#include "base/tithe-name.h"
#include "base/tithe-parallel.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/fs.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <zlib.h>

/* Formats that are a folder with the images as files in it. */

#define COPY_BLOCK (1 << 16)
#define SUM_BYTES 32
/* Threads that wait for the disk. */
#define N_THREADS 4

typedef struct
{
  TitheExportItems *items;
  const char *folder;
  GPtrArray *names; /* of each image that is exported, relative to the folder */
  guint8 *sums;     /* SHA-256 of each; NULL where they are links */
  pthread_mutex_t mutex;
  GError *error; /* guarded by mutex; the first */
  TitheJob *job; /* that the first error ends */
} Tree;

/* --- names --- */

/* “a/b.png”, or where that is taken “a/b-2.png”. @taken has names, and the number that the next of the same name may have. */
static char *
make_unique (GHashTable *taken, const char *name)
{
  const char *slash = strrchr (name, '/'), *dot = strrchr (name, '.');
  const gsize stem = dot != NULL && (slash == NULL || dot > slash + 1) ? (gsize) (dot - name) : strlen (name);
  char *unique = g_strdup (name);
  guint n = MAX (2, GPOINTER_TO_UINT (g_hash_table_lookup (taken, name)));

  for (; g_hash_table_contains (taken, unique); n++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%.*s-%u%s", (int) stem, name, n, name + stem);
    }
  g_hash_table_insert (taken, g_strdup (name), GUINT_TO_POINTER (n));
  g_hash_table_insert (taken, g_strdup (unique), GUINT_TO_POINTER (g_str_equal (unique, name) ? n : 2));
  return unique;
}

/* Folders of classes, each its own even where names become the same. */
static GPtrArray *
name_folders (TitheDataset *dataset)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);

  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      g_autofree char *folder = tithe_export_dup_folder (tithe_dataset_get_class_name (dataset, c));

      g_ptr_array_add (folders, make_unique (taken, folder));
    }
  return folders;
}

/* “train/” where all images are below that folder, next to which the test split is: classes come first in what is written. */
static gsize
measure_split (TitheDataset *dataset)
{
  g_autoptr (GString) buffer = g_string_new (NULL);
  g_autofree char *first = g_strdup (tithe_dataset_get_path (dataset, 0, buffer));
  const char *slash = strchr (first, '/');
  const gsize length = slash ? (gsize) (slash + 1 - first) : 0;

  for (gsize i = 0; i < tithe_dataset_get_n_images (dataset); i++)
    if (length == 0 || tithe_dataset_get_test (dataset) == NULL
        || strncmp (tithe_dataset_get_path (dataset, i, buffer), first, length) != 0)
      return 0;
  return length;
}

/* A dataset of folders keeps its paths. Others have a folder for each class, and in it the file's own name, or the number of
 * the record. FiftyOne has one folder, and no two names that differ in their ending alone. */
static GPtrArray *
name_images (TitheExportItems *items)
{
  const TitheDatasetFormat source = tithe_dataset_get_format (items->dataset);
  const gboolean keeps = source == TITHE_DATASET_FOLDER || source == TITHE_DATASET_FLAT;
  const gboolean flat = items->options->format == TITHE_EXPORT_FIFTYONE;
  const gboolean metadata = items->options->format == TITHE_EXPORT_IMAGEFOLDER; /* which names files, and is text */
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) folders = name_folders (items->dataset);
  g_autoptr (GString) buffer = g_string_new (NULL);
  GPtrArray *names = g_ptr_array_new_full ((guint) items->n, g_free);
  const gsize split = keeps && !flat ? measure_split (items->dataset) : 0;

  for (gsize i = 0; i < items->n; i++)
    {
      const guint32 image = items->images[i];
      const char *folder = g_ptr_array_index (folders, tithe_dataset_get_label (items->dataset, image));
      const char *path = tithe_dataset_get_path (items->dataset, image, buffer);
      g_autofree char *base = g_path_get_basename (path), *name = NULL;

      if (flat)
        name = g_strdup_printf ("data/%08u%s", image, tithe_export_get_ending (items, image, buffer));
      else if (keeps)
        name = metadata ? tithe_name_dup (path + split) : g_strdup (path + split);
      else if (tithe_dataset_has_files (items->dataset))
        {
          g_autofree char *own = metadata ? tithe_name_dup (base) : g_strdup (base);

          name = g_strconcat (folder, "/", own, NULL);
        }
      else
        name = g_strdup_printf ("%s/%08u.png", folder, image);
      g_ptr_array_add (names, flat || keeps ? g_steal_pointer (&name) : make_unique (taken, name));
    }
  return names;
}

/* --- files --- */

static void
put_sum (Tree *tree, gsize i, GChecksum *sum)
{
  gsize length = SUM_BYTES;

  g_checksum_get_digest (sum, tree->sums + i * SUM_BYTES, &length);
}

static gboolean
write_block (int to, gconstpointer data, gsize size)
{
  gssize part;

  for (gsize done = 0; done < size; done += (gsize) part)
    if ((part = write (to, (const char *) data + done, size - done)) < 0)
      return FALSE;
  return TRUE;
}

/* A picture that is no file of its own. */
static gboolean
put_record (Tree *tree, gsize i, const char *target, GError **error)
{
  TitheExportItems *items = tree->items;
  g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (items->dataset, items->images[i], 0, error);
  g_autoptr (GBytes) png = pixels ? tithe_image_encode_png (pixels, error) : NULL;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gboolean ok;
  gsize size;
  int to;
  const char *data = png ? g_bytes_get_data (png, &size) : NULL;

  if (data == NULL)
    return FALSE;
  g_checksum_update (sum, (const guchar *) data, (gssize) size);
  put_sum (tree, i, sum);
  tithe_export_mark (items, i, data, size);
  to = open (target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  ok = (to >= 0 && write_block (to, data, size)) || tithe_export_fail_at (target, error);
  if (to >= 0 && close (to) != 0 && ok)
    ok = tithe_export_fail_at (target, error);
  return ok;
}

typedef enum
{
  COPIED,
  SOURCE_FAILED,
  TARGET_FAILED,
} Copied;

/* From an open file to another, where there is one: what is copied is read once, and summed up on the way. */
static Copied
copy_bytes (int from, int to, GChecksum *sum, guint32 *mark)
{
  guint8 block[COPY_BLOCK];
  gssize n;

  while ((n = read (from, block, sizeof block)) > 0)
    {
      if (to >= 0 && !write_block (to, block, (gsize) n))
        return TARGET_FAILED;
      g_checksum_update (sum, block, n);
      *mark = (guint32) crc32 (*mark, block, (uInt) n);
    }
  return n == 0 ? COPIED : SOURCE_FAILED;
}

static gboolean
fail_to_read (guint32 image, const char *source, GError **error)
{
  return tithe_export_fail (error, TITHE_EXPORT_ERROR_SOURCE, _("cannot read the image %u, “%s”: %s"), image, source,
                            g_strerror (errno));
}

static gboolean
fail_to_share (const char *source, const char *target, GError **error)
{
  return tithe_export_fail (
      error, TITHE_EXPORT_ERROR_FORM,
      _("“%s” can't share its blocks with a reflink in “%s” (%s): they must be on one file system that "
         "can, such as Btrfs or XFS; take copy"),
      source, target, g_strerror (errno));
}

/* With the time of the source; its contents are the source's, or share its blocks. */
static gboolean
fill_file (Tree *tree, gsize i, int from, int to, const char *source, const char *target, GError **error)
{
  const gboolean reflink = tree->items->options->link == TITHE_EXPORT_REFLINK;
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  struct stat st;
  Copied copied;

  if (reflink && ioctl (to, FICLONE, from) != 0)
    return fail_to_share (source, target, error);
  copied = copy_bytes (from, reflink ? -1 : to, sum, &tree->items->marks[i]);
  if (copied == SOURCE_FAILED || fstat (from, &st) != 0)
    return fail_to_read (tree->items->images[i], source, error);
  if (copied == TARGET_FAILED || futimens (to, (struct timespec[]){ st.st_atim, st.st_mtim }) != 0)
    return tithe_export_fail_at (target, error);
  put_sum (tree, i, sum);
  return TRUE;
}

static gboolean
copy_file (Tree *tree, gsize i, const char *source, const char *target, GError **error)
{
  int from = open (source, O_RDONLY | O_CLOEXEC), to;
  gboolean ok;

  if (from < 0)
    return fail_to_read (tree->items->images[i], source, error);
  to = open (target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  ok = to >= 0 ? fill_file (tree, i, from, to, source, target, error) : tithe_export_fail_at (target, error);
  close (from);
  if (to >= 0 && close (to) != 0 && ok)
    ok = tithe_export_fail_at (target, error);
  return ok;
}

static gboolean
fail_across (const char *source, GError **error)
{
  return tithe_export_fail (error, TITHE_EXPORT_ERROR_FORM,
                            _("“%s” is on another file system than the target, where no hard link reaches; take copy "
                               "or symbolic"),
                            source);
}

static gboolean
link_file (const char *source, const char *target, guint32 image, TitheExportLink link_kind, GError **error)
{
  /* A link to nothing would be made without a word. */
  if (access (source, R_OK) != 0)
    return fail_to_read (image, source, error);
  if ((link_kind == TITHE_EXPORT_HARD_LINK ? link (source, target) : symlink (source, target)) == 0)
    return TRUE;
  if (errno == EXDEV)
    return fail_across (source, error);
  return tithe_export_fail_at (target, error);
}

static gboolean
put_image (Tree *tree, gsize i, GError **error)
{
  TitheExportItems *items = tree->items;
  const guint32 image = items->images[i];
  g_autofree char *target = g_build_filename (tree->folder, g_ptr_array_index (tree->names, i), NULL), *source = NULL;

  if (!tithe_dataset_has_files (items->dataset))
    return put_record (tree, i, target, error);
  source = tithe_dataset_dup_file (items->dataset, image);
  if (items->options->link == TITHE_EXPORT_COPY || items->options->link == TITHE_EXPORT_REFLINK)
    return copy_file (tree, i, source, target, error);
  return link_file (source, target, image, items->options->link, error);
}

static void
put_images (gsize begin, gsize end, gpointer user_data)
{
  Tree *tree = user_data;

  for (gsize i = begin; i < end && !tithe_job_is_cancelled (tree->job); i++)
    {
      g_autoptr (GError) error = NULL;

      if (put_image (tree, i, &error))
        continue;
      pthread_mutex_lock (&tree->mutex);
      if (tree->error == NULL)
        tree->error = g_steal_pointer (&error);
      pthread_mutex_unlock (&tree->mutex);
      tithe_job_cancel (tree->job);
    }
}

static gboolean
make_folders (Tree *tree, GError **error)
{
  g_autoptr (GHashTable) made = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (g_mkdir (tree->folder, 0777) != 0)
    return tithe_export_fail_at (tree->folder, error);
  for (guint i = 0; i < tree->names->len; i++)
    {
      char *parent = g_path_get_dirname (g_ptr_array_index (tree->names, i));
      g_autofree char *path = g_build_filename (tree->folder, parent, NULL);

      if (g_hash_table_add (made, parent) && g_mkdir_with_parents (path, 0777) != 0)
        return tithe_export_fail_at (path, error);
    }
  return TRUE;
}

/* --- what tells of the files --- */

static void
append_metadata (Tree *tree, GString *out)
{
  TitheExportItems *items = tree->items;

  g_string_append (out, "file_name,label,index,group,group_size,kept,representative,dissimilarity,origin\n");
  for (gsize i = 0; i < items->n; i++)
    {
      const guint32 image = items->images[i];

      tithe_csv_append (out, g_ptr_array_index (tree->names, i));
      g_string_append_c (out, ',');
      tithe_csv_append (out,
                        tithe_dataset_get_class_name (items->dataset, tithe_dataset_get_label (items->dataset, image)));
      g_string_append_printf (out, ",%u,", image);
      tithe_export_append_verdict (out, &items->verdicts[image]);
    }
}

static void
append_labels (Tree *tree, GString *out)
{
  TitheExportItems *items = tree->items;

  g_string_append (out, "{\n  \"classes\": [");
  for (guint c = 0; c < tithe_dataset_get_n_classes (items->dataset); c++)
    {
      g_string_append (out, c > 0 ? ", " : "");
      tithe_export_append_json (out, tithe_dataset_get_class_name (items->dataset, c));
    }
  g_string_append (out, "],\n  \"labels\": {\n");
  for (gsize i = 0; i < items->n; i++)
    g_string_append_printf (out, "    \"%08u\": %u%s\n", items->images[i],
                            tithe_dataset_get_label (items->dataset, items->images[i]), i + 1 < items->n ? "," : "");
  g_string_append (out, "  }\n}\n");
}

/* What is next to the folders; NULL where nothing is. */
static GString *
make_index (Tree *tree)
{
  const TitheExportFormat format = tree->items->options->format;
  GString *out = format == TITHE_EXPORT_TREE ? NULL : g_string_new (NULL);

  if (format == TITHE_EXPORT_IMAGEFOLDER)
    append_metadata (tree, out);
  else if (out != NULL)
    append_labels (tree, out);
  return out;
}

static gboolean
write_index (Tree *tree, GError **error)
{
  const TitheExportFormat format = tree->items->options->format;
  g_autoptr (GString) out = make_index (tree);
  g_autofree char *path = NULL;

  if (out == NULL)
    return TRUE;
  g_checksum_update (tree->items->sum, (const guchar *) out->str, (gssize) out->len);
  path = g_build_filename (tree->folder, format == TITHE_EXPORT_IMAGEFOLDER ? "metadata.csv" : "labels.json", NULL);
  return tithe_output_write (path, out->str, out->len, error);
}

/* Names and contents; of links, what they lead to: that is not the export's. */
static void
add_up (Tree *tree)
{
  TitheExportItems *items = tree->items;
  g_autoptr (GString) line = g_string_new (NULL);

  for (gsize i = 0; i < items->n; i++)
    {
      g_string_printf (line, "%s %u %" G_GUINT64_FORMAT "\n", (const char *) g_ptr_array_index (tree->names, i),
                       items->images[i], tithe_dataset_get_size (items->dataset, items->images[i]));
      if (tree->sums != NULL)
        g_string_append_len (line, (const char *) tree->sums + i * SUM_BYTES, SUM_BYTES);
      g_checksum_update (items->sum, (const guchar *) line->str, (gssize) line->len);
    }
}

static gboolean
check_link (TitheExportItems *items, GError **error)
{
  return tithe_dataset_has_files (items->dataset) || items->options->link == TITHE_EXPORT_COPY
         || tithe_export_fail (error, TITHE_EXPORT_ERROR_FORM,
                               _("the images of “%s” are no files of their own, and can't be linked; take copy, which "
                                  "writes them as PNG"),
                               tithe_dataset_get_name (items->dataset));
}

/**
 * tithe_export_check_links:
 * @path: where to
 *
 * To be asked before an export, as far as that can be said of its first image.
 *
 * Returns: %FALSE with an error where files are to be linked that can't be linked from there
 */
gboolean
tithe_export_check_links (TitheDataset *dataset, const TitheExportOptions *options, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path), *source = NULL;
  struct stat there, here;

  if (!tithe_export_links_files (options->format) || options->link != TITHE_EXPORT_HARD_LINK
      || !tithe_dataset_has_files (dataset))
    return TRUE;
  source = tithe_dataset_dup_file (dataset, 0);
  return stat (source, &there) != 0 || stat (folder, &here) != 0 || there.st_dev == here.st_dev
         || fail_across (source, error);
}

/* A folder of class folders, and what Hugging Face or FiftyOne have next to it. */
gboolean
tithe_export_write_tree (TitheExportItems *items, const char *folder, GError **error)
{
  g_autoptr (TitheJob) job = tithe_job_new_part (items->job, items->n);
  Tree tree = { .items = items, .folder = folder, .job = job };
  g_autoptr (GPtrArray) names = name_images (items);
  gboolean ok;

  if (!check_link (items, error))
    return FALSE;
  tree.names = names;
  if (items->marks != NULL)
    tree.sums = g_malloc0_n (MAX (1, items->n), SUM_BYTES);
  pthread_mutex_init (&tree.mutex, NULL);
  ok = make_folders (&tree, error);
  if (ok)
    {
      tithe_parallel_for (N_THREADS, items->n, 32, put_images, &tree, job);
      if (tree.error != NULL)
        g_propagate_error (error, g_steal_pointer (&tree.error));
      else
        tithe_job_check (job, error);
      ok = !tithe_job_is_cancelled (job);
    }
  if (ok)
    add_up (&tree);
  ok = ok && write_index (&tree, error);
  pthread_mutex_destroy (&tree.mutex);
  g_free (tree.sums);
  return ok;
}

/* What it takes: exact, but for pictures that are no files yet, and dissimilarities. Links and shared blocks take nothing. */
gboolean
tithe_export_measure_tree (TitheExportItems *items, TitheExportSize *size, GError **error)
{
  const gboolean is_link = !tithe_export_writes_pictures (items->options);
  g_autoptr (GPtrArray) names = items->options->format == TITHE_EXPORT_IMAGEFOLDER ? name_images (items) : NULL;
  g_autoptr (GString) index = make_index (&(Tree){ .items = items, .names = names });
  guint64 pictures, padded;

  if (!check_link (items, error))
    return FALSE;
  size->n_files = (is_link ? 0 : items->n) + (index != NULL);
  size->n_links = is_link ? items->n : 0;
  size->n_bytes = index ? index->len : 0;
  if (items->options->link != TITHE_EXPORT_COPY)
    return TRUE;
  if (!tithe_dataset_has_files (items->dataset))
    {
      if (!tithe_export_sample_pngs (items, 1, &pictures, &padded, &size->exact, error))
        return FALSE;
      size->n_bytes += pictures;
      return TRUE;
    }
  for (gsize i = 0; i < items->n; i++)
    size->n_bytes += tithe_dataset_get_size (items->dataset, items->images[i]);
  return TRUE;
}
