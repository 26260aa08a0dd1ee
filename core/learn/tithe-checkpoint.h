/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-network-file.h"
#include "tithe-train-settings.h"

G_BEGIN_DECLS

/**
 * TitheCheckpointOwner:
 * @dataset: its fingerprint
 * @dataset_name: for people
 * @images: fingerprint of the pictures that are learned from, in their order, and of their labels
 * @settings: as tithe_train_settings_to_text() says them
 *
 * Whose unfinished learning a checkpoint is. A learning goes on from what is its own in all four, and from nothing else.
 */
typedef struct
{
  char *dataset;
  char *dataset_name;
  char *images;
  char *settings;
} TitheCheckpointOwner;

void     tithe_checkpoint_owner_init  (TitheCheckpointOwner *self, TitheDataset *dataset, const guint32 *images,
                                       gsize n_images, const TitheTrainSettings *settings);
void     tithe_checkpoint_owner_clear (TitheCheckpointOwner *self);

gboolean tithe_checkpoint_write       (const char *path, TitheNetwork *network, GPtrArray *velocities,
                                       const TitheCheckpointOwner *owner, guint epochs_done, GError **error);
gboolean tithe_checkpoint_read        (const char *path, TitheNetwork *network, GPtrArray *velocities,
                                       const TitheCheckpointOwner *owner, guint n_epochs, guint *epochs_done,
                                       GError **error);
guint    tithe_checkpoint_count_epochs (const char *path);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TitheCheckpointOwner, tithe_checkpoint_owner_clear)

G_END_DECLS
