/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-dnn.h"

G_BEGIN_DECLS

#define TITHE_NETWORK_MAX_CLASSES 65536

/**
 * TitheNetworkShape:
 * @depth: 6n + 2, n the blocks of each of the three stages
 * @width: channels of the first stage; the others have twice and four times as many
 * @channels: of the pictures
 * @size: pixels of a picture's side
 * @n_classes: numbers that the head gives
 * @early: whether the first stage halves the picture, too, and doubles the channels
 *
 * A ResNet of the CIFAR family (He et al. 2016, "Deep Residual Learning for Image Recognition", section 4.2) with
 * projections where the shape changes. The embedding is what the head sees: the mean over the picture of the last stage's
 * channels, 4 x width. With @early, 8 x width: for the same work a network that is wide where the picture is small learns
 * more in few epochs than one that is deep where it is large.
 */
typedef struct
{
  guint depth;
  guint width;
  guint channels;
  guint size;
  guint n_classes;
  gboolean early;
} TitheNetworkShape;

typedef struct _TitheNetwork TitheNetwork;

TitheNetwork            *tithe_network_new             (const TitheNetworkShape *shape, guint64 seed);
void                     tithe_network_free            (TitheNetwork *self);
const TitheNetworkShape *tithe_network_get_shape       (TitheNetwork *self);
guint                    tithe_network_get_dim         (TitheNetwork *self);
GPtrArray               *tithe_network_get_parameters  (TitheNetwork *self);
TitheParameter          *tithe_network_get_head_weight (TitheNetwork *self);
TitheParameter          *tithe_network_get_head_bias   (TitheNetwork *self);
float                   *tithe_network_get_pixel_mean  (TitheNetwork *self);
float                   *tithe_network_get_pixel_scale (TitheNetwork *self);
gboolean                 tithe_parameter_decays        (const TitheParameter *parameter);
TitheDnn                *tithe_network_build           (TitheNetwork *self, guint batch, gboolean training,
                                                        gboolean bfloat16, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheNetwork, tithe_network_free)

G_END_DECLS
