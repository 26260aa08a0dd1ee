/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-dnn.h"

G_BEGIN_DECLS

#define TITHE_NETWORK_MAX_CLASSES 65536

/**
 * TitheNetworkKind:
 * @TITHE_NETWORK_RESNET: a ResNet of the CIFAR family (He et al. 2016, "Deep Residual Learning for Image Recognition",
 *   section 4.2) with projections where the shape changes; the embedding is the mean of the last stage over the picture,
 *   4 x width numbers
 * @TITHE_NETWORK_FAST: whitened patches, then three stages of two convolutions with maximum pooling between them, wide
 *   where the picture is small; after K. Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU". The embedding is
 *   the maximum of the last stage over the picture, 4 x width numbers. It learns more in few epochs than a deep network.
 */
typedef enum
{
  TITHE_NETWORK_RESNET,
  TITHE_NETWORK_FAST,
} TitheNetworkKind;

/**
 * TitheNetworkShape:
 * @depth: of a ResNet: 6n + 2, n the blocks of each of the three stages; of the other kind: 8
 * @width: channels of the first stage; a ResNet's others have twice and four times as many, the other kind's four times
 * @channels: of the pictures, 1 or 3
 * @size: pixels of a picture's side; 16 or more for the fast kind, 8 or more for a ResNet
 * @n_classes: numbers that the head gives
 */
typedef struct
{
  TitheNetworkKind kind;
  guint depth;
  guint width;
  guint channels;
  guint size;
  guint n_classes;
} TitheNetworkShape;

/**
 * TitheNetwork:
 *
 * What a network has learned: parameters with PyTorch's names and shapes, and how pixels are normalised for it. It computes
 * nothing by itself: tithe-graph.h makes layers that work on its parameters.
 */
typedef struct _TitheNetwork TitheNetwork;

gboolean                 tithe_network_shape_is_valid  (const TitheNetworkShape *shape);
guint64                  tithe_network_shape_count     (const TitheNetworkShape *shape);
TitheNetwork            *tithe_network_new             (const TitheNetworkShape *shape, guint64 seed);
void                     tithe_network_free            (TitheNetwork *self);
const TitheNetworkShape *tithe_network_get_shape       (TitheNetwork *self);
guint                    tithe_network_get_dim         (TitheNetwork *self);
GPtrArray               *tithe_network_get_parameters  (TitheNetwork *self);
TitheParameter          *tithe_network_find            (TitheNetwork *self, const char *name);
TitheParameter          *tithe_network_get_head_weight (TitheNetwork *self);
TitheParameter          *tithe_network_get_head_bias   (TitheNetwork *self);
float                   *tithe_network_get_pixel_mean  (TitheNetwork *self);
float                   *tithe_network_get_pixel_scale (TitheNetwork *self);
guint                    tithe_network_get_patch_size  (TitheNetwork *self);
gboolean                 tithe_network_whiten          (TitheNetwork *self, const double *covariance, GError **error);
gboolean                 tithe_parameter_decays        (const TitheParameter *parameter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheNetwork, tithe_network_free)

G_END_DECLS
