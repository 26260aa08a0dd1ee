/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"

G_BEGIN_DECLS

/* Where the window keeps what it makes: sessions, embeddings and networks of the datasets that were open. */
char    *tithe_places_dup_folder  (void);
char    *tithe_places_dup_file    (TitheDataset *dataset, const char *salt, const char *ending);
char    *tithe_places_dup_name    (const char *path);
gboolean tithe_places_make_folder (const char *folder, GError **error);

G_END_DECLS
