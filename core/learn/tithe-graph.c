/* SPDX-License-Identifier: MIT */
#include "tithe-graph.h"

static TitheParameter *
get_parameter (TitheNetwork *self, const char *prefix, const char *layer, const char *name)
{
  g_autofree char *full = g_strconcat (prefix, layer, name, NULL);
  TitheParameter *parameter = tithe_network_find (self, full);

  g_assert (parameter != NULL);
  return parameter;
}

static TitheNorm
get_norm (TitheNetwork *self, const char *prefix, const char *layer)
{
  return (TitheNorm){ get_parameter (self, prefix, layer, ".weight"), get_parameter (self, prefix, layer, ".bias"),
                      get_parameter (self, prefix, layer, ".running_mean"),
                      get_parameter (self, prefix, layer, ".running_var") };
}

static TitheDnnTensor
build_pair (TitheNetwork *self, TitheDnn *dnn, TitheDnnTensor source, const char *prefix, const char *conv,
            const char *norm_name, guint stride, gboolean relu)
{
  TitheParameter *weight = get_parameter (self, prefix, conv, ".weight");
  TitheNorm norm = get_norm (self, prefix, norm_name);

  return tithe_dnn_add_convolution (dnn, source, weight, stride, (guint) weight->dims[2] / 2, &norm, relu);
}

static void
build_resnet (TitheNetwork *self, TitheDnn *dnn, TitheDnnTensor tensor)
{
  const TitheNetworkShape *shape = tithe_network_get_shape (self);

  tensor = build_pair (self, dnn, tensor, "", "conv1", "bn1", 1, TRUE);
  for (guint stage = 0; stage < 3; stage++)
    for (guint block = 0; block < (shape->depth - 2) / 6; block++)
      {
        g_autofree char *prefix = g_strdup_printf ("layer%u.%u.", stage + 1, block);
        guint stride = stage > 0 && block == 0 ? 2 : 1;
        TitheDnnTensor skip = tensor, inner = build_pair (self, dnn, tensor, prefix, "conv1", "bn1", stride, TRUE);

        inner = build_pair (self, dnn, inner, prefix, "conv2", "bn2", 1, FALSE);
        if (stride == 2)
          skip = build_pair (self, dnn, tensor, prefix, "downsample.0", "downsample.1", 2, FALSE);
        tensor = tithe_dnn_add_sum_relu (dnn, inner, skip);
      }
  tithe_dnn_add_mean (dnn, tensor);
}

static void
build_fast (TitheNetwork *self, TitheDnn *dnn, TitheDnnTensor tensor)
{
  tensor = tithe_dnn_add_convolution (dnn, tensor, get_parameter (self, "whiten", "", ".weight"),
                                      tithe_network_get_patch_size (self) / 2, 0, NULL, TRUE);
  for (guint stage = 0; stage < 3; stage++)
    {
      g_autofree char *prefix = g_strdup_printf ("layer%u.", stage + 1);
      TitheNorm norm = get_norm (self, prefix, "bn1");

      tensor = tithe_dnn_add_convolution (dnn, tensor, get_parameter (self, prefix, "conv1", ".weight"), 1, 1, NULL,
                                          FALSE);
      tensor = tithe_dnn_add_batch_norm (dnn, tithe_dnn_add_max_pool (dnn, tensor, 2), &norm, TRUE);
      tensor = build_pair (self, dnn, tensor, prefix, "conv2", "bn2", 1, TRUE);
    }
  tithe_dnn_add_max (dnn, tensor);
}

/**
 * tithe_network_build:
 * @batch: pictures at once
 * @training: whether it goes backwards, too
 * @bfloat16: whether layers hand on bfloat16
 *
 * Returns: (transfer full): the layers up to the embedding, working on the network's parameters, which must outlive it;
 *   %NULL with a %TITHE_DNN_ERROR
 */
TitheDnn *
tithe_network_build (TitheNetwork *self, guint batch, gboolean training, gboolean bfloat16, GError **error)
{
  const TitheNetworkShape *shape = tithe_network_get_shape (self);
  g_autoptr (TitheDnn) dnn = tithe_dnn_new (batch, training, bfloat16);
  TitheDnnTensor tensor = tithe_dnn_add_input (dnn, shape->channels, shape->size, shape->size);

  if (shape->kind == TITHE_NETWORK_FAST)
    build_fast (self, dnn, tensor);
  else
    build_resnet (self, dnn, tensor);
  if (!tithe_dnn_finish (dnn, error))
    return NULL;
  return g_steal_pointer (&dnn);
}
