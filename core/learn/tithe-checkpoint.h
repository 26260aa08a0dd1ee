/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-trainer.h"

G_BEGIN_DECLS

#define TITHE_CHECKPOINT_ERROR (tithe_checkpoint_error_quark ())

typedef enum
{
  TITHE_CHECKPOINT_ERROR_READ,   /* the file cannot be read */
  TITHE_CHECKPOINT_ERROR_FORMAT, /* not a network that we know, or a damaged one */
  TITHE_CHECKPOINT_ERROR_WRITE,  /* the file cannot be written */
} TitheCheckpointError;

GQuark        tithe_checkpoint_error_quark (void);
gboolean      tithe_checkpoint_write       (const char *path, TitheNetwork *network, GPtrArray *velocities,
                                            const TitheTrainSettings *settings, gsize n_images, guint epochs_done,
                                            GError **error);
gboolean      tithe_checkpoint_read        (const char *path, TitheNetwork *network, GPtrArray *velocities,
                                            const TitheTrainSettings *settings, gsize n_images, guint *epochs_done,
                                            GError **error);
char         *tithe_network_shape_to_text  (const TitheNetworkShape *shape);
char         *tithe_train_settings_to_text (const TitheTrainSettings *settings, gsize n_images);
gboolean      tithe_network_write          (TitheNetwork *network, const char *path, GError **error);
TitheNetwork *tithe_network_read           (const char *path, GError **error);

G_END_DECLS
