/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"

G_BEGIN_DECLS

/**
 * TitheOutput:
 *
 * A file or a folder on its way to where it is wanted: written beside it under another name, synced, and renamed. Until
 * then the target is as it was; given up, nothing of it is left.
 */
typedef struct _TitheOutput TitheOutput;

gboolean     tithe_output_check      (const char *path, TitheDataset *dataset, gboolean overwrite, GError **error);
TitheOutput *tithe_output_begin      (const char *path, TitheDataset *dataset, gboolean overwrite, GError **error);
gboolean     tithe_output_check_room (TitheOutput *self, guint64 n_bytes, guint64 n_files, GError **error);
const char  *tithe_output_get_beside (TitheOutput *self);
gboolean     tithe_output_finish     (TitheOutput *self, GError **error);
void         tithe_output_free       (TitheOutput *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheOutput, tithe_output_free)

G_END_DECLS
