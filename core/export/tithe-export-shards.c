/* SPDX-License-Identifier: MIT */
#include "tithe-export-private.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* WebDataset: tar files whose members of one name belong together: the picture, its class as a number (.cls), and what is
 * known of it (.json). */

#define MAX_SAMPLES 10000
#define MAX_BYTES (G_GUINT64_CONSTANT (1) << 30)
/* Bytes, and how many of them are empty at the end of a file. */
#define TAR_BLOCK G_GUINT64_CONSTANT (512)
#define END_BLOCKS 2

typedef struct
{
  TitheExportItems *items;
  const char *folder;
  struct archive *archive;
  FILE *file;
  guint n_shards;
  gsize n_samples; /* in the shard */
  guint64 n_bytes;
} Writer;

/* libarchive's way out: the file, and the checksum. */
static la_ssize_t
write_block (struct archive *archive, void *user_data, const void *data, size_t size)
{
  Writer *writer = user_data;

  g_checksum_update (writer->items->sum, data, (gssize) size);
  if (fwrite (data, 1, size, writer->file) == size)
    return (la_ssize_t) size;
  archive_set_error (archive, errno, "%s", g_strerror (errno));
  return -1;
}

static gboolean
fail_at (Writer *writer, GError **error)
{
  const int number = writer->archive ? archive_errno (writer->archive) : errno;

  g_set_error (error, TITHE_OUTPUT_ERROR, (int) tithe_output_classify (number),
               _("cannot write the tar file %u in “%s”: %s"), writer->n_shards, writer->folder,
               writer->archive && archive_error_string (writer->archive) ? archive_error_string (writer->archive)
                                                                         : g_strerror (number));
  return FALSE;
}

static gboolean
end_shard (Writer *writer, GError **error)
{
  gboolean ok = TRUE;

  if (writer->archive == NULL)
    return TRUE;
  ok = archive_write_close (writer->archive) == ARCHIVE_OK || fail_at (writer, error);
  archive_write_free (g_steal_pointer (&writer->archive));
  if (fclose (g_steal_pointer (&writer->file)) != 0 && ok)
    ok = fail_at (writer, error);
  return ok;
}

static gboolean
begin_shard (Writer *writer, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/subset-%06u.tar", writer->folder, writer->n_shards);

  writer->file = g_fopen (path, "wbe");
  if (writer->file == NULL)
    return fail_at (writer, error);
  writer->n_shards++;
  writer->n_samples = 0;
  writer->n_bytes = 0;
  writer->archive = archive_write_new ();
  if (archive_write_set_format_ustar (writer->archive) == ARCHIVE_OK
      && archive_write_set_bytes_in_last_block (writer->archive, 1) == ARCHIVE_OK
      && archive_write_open (writer->archive, writer, NULL, write_block, NULL) == ARCHIVE_OK)
    return TRUE;
  return fail_at (writer, error);
}

/* Nothing of time, owner or machine is in it. */
static gboolean
put_member (Writer *writer, guint32 image, const char *ending, gconstpointer data, gsize size, GError **error)
{
  struct archive_entry *entry = archive_entry_new ();
  g_autofree char *name = g_strdup_printf ("%08u%s", image, ending);
  gboolean ok;

  archive_entry_set_pathname (entry, name);
  archive_entry_set_size (entry, (la_int64_t) size);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_mtime (entry, 0, 0);
  ok = archive_write_header (writer->archive, entry) == ARCHIVE_OK
       && archive_write_data (writer->archive, data, size) == (la_ssize_t) size;
  archive_entry_free (entry);
  writer->n_bytes += size;
  return ok || fail_at (writer, error);
}

static GString *
describe (TitheExportItems *items, guint32 image)
{
  const TitheExportVerdict *verdict = &items->verdicts[image];
  g_autoptr (GString) buffer = g_string_new (NULL);
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "{\"index\": %u, \"path\": ", image);
  tithe_export_append_json (out, tithe_dataset_get_display_path (items->dataset, image, buffer));
  g_string_append (out, ", \"class\": ");
  tithe_export_append_json (
      out, tithe_dataset_get_class_name (items->dataset, tithe_dataset_get_label (items->dataset, image)));
  g_string_append_printf (out, ", \"group_size\": %u, \"kept\": %s}", verdict->group_size,
                          verdict->kept ? "true" : "false");
  return out;
}

static GBytes *
read_picture (TitheExportItems *items, guint32 image, GError **error)
{
  g_autoptr (TithePixels) pixels = NULL;

  if (tithe_dataset_has_files (items->dataset))
    return tithe_export_read_file (items, image, error);
  pixels = tithe_dataset_read_pixels (items->dataset, image, 0, error);
  return pixels ? tithe_image_encode_png (pixels, error) : NULL;
}

static gboolean
put_sample (Writer *writer, gsize i, GError **error)
{
  TitheExportItems *items = writer->items;
  const guint32 image = items->images[i];
  g_autoptr (GString) buffer = g_string_new (NULL), json = describe (items, image);
  g_autofree char *label = g_strdup_printf ("%u", tithe_dataset_get_label (items->dataset, image));
  g_autofree char *ending = g_ascii_strdown (tithe_export_get_ending (items, image, buffer), -1);
  g_autoptr (GBytes) picture = read_picture (items, image, error);
  gsize size;
  gconstpointer data = picture ? g_bytes_get_data (picture, &size) : NULL;

  if (picture == NULL)
    return FALSE;
  tithe_export_mark (items, i, data, size);
  return put_member (writer, image, *ending ? ending : ".img", data, size, error)
         && put_member (writer, image, ".cls", label, strlen (label), error)
         && put_member (writer, image, ".json", json->str, json->len, error);
}

/* A folder of tar files of up to 10,000 samples, as WebDataset reads them. */
gboolean
tithe_export_write_shards (TitheExportItems *items, const char *folder, GError **error)
{
  Writer writer = { .items = items, .folder = folder };
  gboolean ok = g_mkdir (folder, 0777) == 0 || fail_at (&writer, error);

  for (gsize i = 0; ok && i < items->n; i++)
    {
      if (writer.archive == NULL || writer.n_samples == MAX_SAMPLES || writer.n_bytes > MAX_BYTES)
        ok = end_shard (&writer, error) && begin_shard (&writer, error);
      ok = ok && (i % 64 != 0 || tithe_job_check (items->job, error)) && put_sample (&writer, i, error);
      writer.n_samples++;
      tithe_job_advance (items->job, 1);
    }
  ok = end_shard (&writer, ok ? error : NULL) && ok;
  return ok;
}

/* --- what they take --- */

/* A member of a tar file: its header, and its contents in whole blocks. */
static guint64
measure_member (guint64 size)
{
  return TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* Exact, but for pictures that are no files yet, and where a tar file that is full ends among those. */
gboolean
tithe_export_measure_shards (TitheExportItems *items, TitheExportSize *size, GError **error)
{
  const gboolean files = tithe_dataset_has_files (items->dataset);
  guint64 pictures = 0, padded = 0;
  Writer shard = { 0 };

  if (!files && !tithe_export_sample_pngs (items, TAR_BLOCK, &pictures, &padded, &size->exact, error))
    return FALSE;
  size->n_bytes = padded;
  for (gsize i = 0; i < items->n; i++)
    {
      const guint32 image = items->images[i];
      guint64 picture;
      g_autoptr (GString) json = describe (items, image);
      g_autofree char *label = g_strdup_printf ("%u", tithe_dataset_get_label (items->dataset, image));

      if (i % 4096 == 0 && !tithe_job_check (items->job, error))
        return FALSE;
      if (i == 0 || shard.n_samples == MAX_SAMPLES || shard.n_bytes > MAX_BYTES)
        {
          size->n_files++;
          size->n_bytes += END_BLOCKS * TAR_BLOCK;
          shard = (Writer){ 0 };
        }
      picture = files ? tithe_dataset_get_size (items->dataset, image) : pictures / items->n;
      shard.n_samples++;
      shard.n_bytes += picture + strlen (label) + json->len;
      size->n_bytes += (files ? measure_member (picture) : TAR_BLOCK) + measure_member (strlen (label))
                       + measure_member (json->len);
    }
  return TRUE;
}
