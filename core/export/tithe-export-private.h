/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-export.h"
#include "io/tithe-csv.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* What the subset says of one image. */
typedef struct
{
  guint32 group;          /* number of the group + 1, or 0 */
  guint32 representative; /* TITHE_IMAGE_NONE where all of the group is discarded */
  guint32 group_size;
  gboolean kept, manual;
  double dissimilarity;
} TitheExportVerdict;

/* What a writer gets: the images that are exported, and what is known of each image of the dataset. */
typedef struct
{
  TitheDataset *dataset;
  const TitheExportOptions *options;
  TitheExportVerdict *verdicts; /* n_images of the dataset */
  guint32 *images;              /* ascending */
  gsize n;
  GChecksum *sum; /* of what is written, in an order that depends on nothing but the contents */
  guint32 *marks; /* CRC-32 of each picture, to tell which changed; NULL where none is written */
  TitheJob *job;
} TitheExportItems;

/* A writer fills a file or a new folder. What it reads are the dataset's files; what it writes is below @path. */
gboolean tithe_export_write_table   (TitheExportItems *items, const char *path, GError **error);
gboolean tithe_export_write_tree    (TitheExportItems *items, const char *folder, GError **error);
gboolean tithe_export_write_cifar   (TitheExportItems *items, const char *folder, GError **error);
gboolean tithe_export_write_idx     (TitheExportItems *items, const char *folder, GError **error);
gboolean tithe_export_write_shards  (TitheExportItems *items, const char *folder, GError **error);
GString *tithe_export_format_table  (TitheExportItems *items, GError **error);

/* What each of them would write, but for its provenance: @size begins with zeros and as exact. */
gboolean tithe_export_measure_table   (TitheExportItems *items, TitheExportSize *size, GError **error);
gboolean tithe_export_measure_tree    (TitheExportItems *items, TitheExportSize *size, GError **error);
gboolean tithe_export_measure_cifar   (TitheExportItems *items, TitheExportSize *size, GError **error);
gboolean tithe_export_measure_idx     (TitheExportItems *items, TitheExportSize *size, GError **error);
gboolean tithe_export_measure_shards  (TitheExportItems *items, TitheExportSize *size, GError **error);
gboolean tithe_export_measure_items   (TitheExportItems *items, TitheExportSize *size, GError **error);
gboolean tithe_export_sample_pngs     (TitheExportItems *items, guint64 block, guint64 *n_bytes, guint64 *padded,
                                       gboolean *exact, GError **error);
gsize    tithe_export_get_step        (TitheExportItems *items);
gboolean tithe_export_choose_images   (TitheExportItems *items, GError **error);
gboolean tithe_export_writes_pictures (const TitheExportOptions *options);

TitheExportVerdict *tithe_export_judge (TitheSubset *subset, TitheEmbedding *embedding);

void        tithe_export_mark           (TitheExportItems *items, gsize i, gconstpointer data, gsize size);
void        tithe_export_append_json    (GString *out, const char *text);
void        tithe_export_append_verdict (GString *out, const TitheExportVerdict *verdict);
gboolean    tithe_export_fail           (GError **error, TitheExportError code, const char *format, ...) G_GNUC_PRINTF (3, 4);
gboolean    tithe_export_fail_at        (const char *path, GError **error);
GBytes     *tithe_export_read_file      (TitheExportItems *items, guint32 image, GError **error);
char       *tithe_export_dup_folder     (const char *class_name);
const char *tithe_export_get_ending     (TitheExportItems *items, guint32 image, GString *buffer);

G_END_DECLS
