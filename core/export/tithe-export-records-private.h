/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-export-private.h"

#include <stdio.h>

G_BEGIN_DECLS

/* Writes a folder of files of records of one size, as CIFAR's binary version and IDX are. */
typedef struct
{
  TitheExportItems *items;
  const char *folder;
  FILE *file; /* NULL between files */
  char *path;
} TitheRecords;

GString *tithe_records_list_classes (TitheDataset *dataset);
gboolean tithe_records_make_folder  (const char *folder, GError **error);
gboolean tithe_records_put_classes  (TitheRecords *writer, const char *name, GError **error);
gboolean tithe_records_begin_file   (TitheRecords *writer, const char *name, GError **error);
gboolean tithe_records_put          (TitheRecords *writer, gconstpointer data, gsize size, GError **error);
gboolean tithe_records_end_file     (TitheRecords *writer, GError **error);
gboolean tithe_records_advance      (TitheRecords *writer, gsize i, GError **error);
void     tithe_records_clear        (TitheRecords *writer);

G_END_DECLS
