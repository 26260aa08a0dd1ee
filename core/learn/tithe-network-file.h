/* SPDX-License-Identifier: MIT */
#pragma once

#include "io/tithe-safetensors.h"
#include "tithe-network.h"

G_BEGIN_DECLS

/*
 * Networks in .safetensors files. Names and shapes of the tensors are those of a PyTorch module with conv1, bn1,
 * layer1.0.conv1 and so on, and fc; texts say which network it is and how pixels are normalised.
 *
 * A file is data of a stranger: types, sizes, places and numbers are checked before memory is taken for them.
 */

#define TITHE_CHECKPOINT_ERROR (tithe_checkpoint_error_quark ())

typedef enum
{
  TITHE_CHECKPOINT_ERROR_READ,   /* the file cannot be read */
  TITHE_CHECKPOINT_ERROR_FORMAT, /* not a network that we know, or a damaged one */
  TITHE_CHECKPOINT_ERROR_WRITE,  /* the file cannot be written */
  TITHE_CHECKPOINT_ERROR_OTHER,  /* a sound one, of a learning with other pictures or settings */
} TitheCheckpointError;

GQuark        tithe_checkpoint_error_quark (void);

char         *tithe_network_shape_to_text  (const TitheNetworkShape *shape);
gboolean      tithe_network_create         (TitheNetwork *network, const char *path, GError **error);
gboolean      tithe_network_write          (TitheNetwork *network, const char *path, GError **error);
TitheNetwork *tithe_network_read           (const char *path, GError **error);

G_END_DECLS
