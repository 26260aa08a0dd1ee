/* SPDX-License-Identifier: MIT */
#include "tithe-network.h"
#include "tithe-random.h"

#include <math.h>
#include <string.h>

struct _TitheNetwork
{
  TitheNetworkShape shape;
  GPtrArray *parameters; /* TitheParameter, in PyTorch's order */
  GHashTable *by_name;
  float pixel_mean[3], pixel_scale[3]; /* what a pixel from 0 to 1 is shifted and multiplied by */
  guint64 seed;
};

static void
parameter_free (gpointer data)
{
  TitheParameter *parameter = data;

  g_free (parameter->name);
  g_free (parameter->value);
  g_free (parameter->gradient);
  g_free (parameter);
}

static TitheParameter *
add_parameter (TitheNetwork *self, const char *prefix, const char *name, guint n_dims, const gint64 *dims,
               gboolean learned)
{
  TitheParameter *parameter = g_new0 (TitheParameter, 1);

  parameter->name = g_strconcat (prefix, ".", name, NULL);
  parameter->n_dims = n_dims;
  parameter->n = 1;
  for (guint i = 0; i < 4; i++)
    {
      parameter->dims[i] = i < n_dims ? dims[i] : 1;
      parameter->n *= (gsize) parameter->dims[i];
    }
  parameter->value = g_new0 (float, parameter->n);
  parameter->gradient = learned ? g_new0 (float, parameter->n) : NULL;
  g_ptr_array_add (self->parameters, parameter);
  g_hash_table_insert (self->by_name, parameter->name, parameter);
  return parameter;
}

static void
fill (TitheParameter *parameter, float value)
{
  for (gsize i = 0; i < parameter->n; i++)
    parameter->value[i] = value;
}

/* Normal numbers by fan-out, as He et al. 2015 have them for rectifiers. */
static void
add_convolution (TitheNetwork *self, const char *prefix, guint in, guint out, guint kernel, TitheRandom *random)
{
  TitheParameter *weight = add_parameter (self, prefix, "weight", 4, (gint64[]){ out, in, kernel, kernel }, TRUE);
  double scale = sqrt (2.0 / (out * kernel * kernel));

  for (gsize i = 0; i < weight->n; i++)
    weight->value[i] = (float) (scale * tithe_random_normal (random));
}

static void
add_norm (TitheNetwork *self, const char *prefix, guint channels)
{
  const gint64 dims[] = { channels };

  fill (add_parameter (self, prefix, "weight", 1, dims, TRUE), 1.0f);
  add_parameter (self, prefix, "bias", 1, dims, TRUE);
  add_parameter (self, prefix, "running_mean", 1, dims, FALSE);
  fill (add_parameter (self, prefix, "running_var", 1, dims, FALSE), 1.0f);
}

static void
add_block (TitheNetwork *self, guint stage, guint block, guint in, guint out, TitheRandom *random)
{
  g_autofree char *prefix = g_strdup_printf ("layer%u.%u", stage + 1, block);
  g_autofree char *conv1 = g_strconcat (prefix, ".conv1", NULL), *bn1 = g_strconcat (prefix, ".bn1", NULL);
  g_autofree char *conv2 = g_strconcat (prefix, ".conv2", NULL), *bn2 = g_strconcat (prefix, ".bn2", NULL);
  g_autofree char *skip = g_strconcat (prefix, ".downsample.0", NULL);
  g_autofree char *skip_norm = g_strconcat (prefix, ".downsample.1", NULL);

  add_convolution (self, conv1, in, out, 3, random);
  add_norm (self, bn1, out);
  add_convolution (self, conv2, out, out, 3, random);
  add_norm (self, bn2, out);
  if (in == out)
    return;
  add_convolution (self, skip, in, out, 1, random);
  add_norm (self, skip_norm, out);
}

static guint
stage_channels (const TitheNetworkShape *shape, guint stage)
{
  return shape->width << (shape->early ? stage + 1 : stage);
}

static guint
block_stride (const TitheNetworkShape *shape, guint stage, guint block)
{
  return block == 0 && (stage > 0 || shape->early) ? 2 : 1;
}

/**
 * tithe_network_new:
 * @shape: depth 8 or more
 * @seed: of the first weights
 *
 * Returns: (transfer full): a network that has learned nothing
 */
TitheNetwork *
tithe_network_new (const TitheNetworkShape *shape, guint64 seed)
{
  TitheNetwork *self = g_new0 (TitheNetwork, 1);
  TitheRandom random = tithe_random_new (seed, 0, 0);
  guint in = shape->width;
  TitheParameter *weight;

  g_return_val_if_fail (shape->depth >= 8 && shape->depth % 6 == 2 && shape->n_classes > 0, NULL);

  self->shape = *shape;
  self->seed = seed;
  self->parameters = g_ptr_array_new_with_free_func (parameter_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint c = 0; c < 3; c++)
    self->pixel_scale[c] = 1.0f;
  add_convolution (self, "conv1", shape->channels, shape->width, 3, &random);
  add_norm (self, "bn1", shape->width);
  for (guint stage = 0; stage < 3; stage++)
    for (guint block = 0; block < (shape->depth - 2) / 6; block++)
      {
        add_block (self, stage, block, in, stage_channels (shape, stage), &random);
        in = stage_channels (shape, stage);
      }
  weight = add_parameter (self, "fc", "weight", 2, (gint64[]){ shape->n_classes, in }, TRUE);
  for (gsize i = 0; i < weight->n; i++)
    weight->value[i] = (float) ((2 * tithe_random_unit (&random) - 1) / sqrt (in));
  add_parameter (self, "fc", "bias", 1, (gint64[]){ shape->n_classes }, TRUE);
  return self;
}

void
tithe_network_free (TitheNetwork *self)
{
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->parameters);
  g_free (self);
}

const TitheNetworkShape *
tithe_network_get_shape (TitheNetwork *self)
{
  return &self->shape;
}

/**
 * tithe_network_get_dim:
 *
 * Returns: numbers in the embedding
 */
guint
tithe_network_get_dim (TitheNetwork *self)
{
  return stage_channels (&self->shape, 2);
}

/**
 * tithe_network_get_parameters:
 *
 * Returns: (transfer none) (element-type TitheParameter): all of them, the running statistics too
 */
GPtrArray *
tithe_network_get_parameters (TitheNetwork *self)
{
  return self->parameters;
}

TitheParameter *
tithe_network_get_head_weight (TitheNetwork *self)
{
  return g_hash_table_lookup (self->by_name, "fc.weight");
}

TitheParameter *
tithe_network_get_head_bias (TitheNetwork *self)
{
  return g_hash_table_lookup (self->by_name, "fc.bias");
}

/**
 * tithe_network_get_pixel_mean:
 *
 * Returns: (transfer none) (array fixed-size=3): what is taken from pixels, 0 to 1, before tithe_network_get_pixel_scale()
 *   multiplies them
 */
float *
tithe_network_get_pixel_mean (TitheNetwork *self)
{
  return self->pixel_mean;
}

float *
tithe_network_get_pixel_scale (TitheNetwork *self)
{
  return self->pixel_scale;
}

/**
 * tithe_parameter_decays:
 *
 * Returns: whether weight decay is for it: for convolutions and the head's weight, not for scales, shifts and biases
 */
gboolean
tithe_parameter_decays (const TitheParameter *parameter)
{
  return parameter->n_dims > 1;
}

static TitheParameter *
get_parameter (TitheNetwork *self, const char *prefix, const char *layer, const char *name)
{
  g_autofree char *full = g_strconcat (prefix, layer, name, NULL);
  TitheParameter *parameter = g_hash_table_lookup (self->by_name, full);

  g_assert (parameter != NULL);
  return parameter;
}

static TitheDnnTensor
build_pair (TitheNetwork *self, TitheDnn *dnn, TitheDnnTensor source, const char *prefix, const char *conv,
            const char *norm, guint stride, gboolean relu)
{
  TitheDnnTensor tensor
      = tithe_dnn_add_convolution (dnn, source, get_parameter (self, prefix, conv, ".weight"), stride);

  return tithe_dnn_add_batch_norm (
      dnn, tensor, get_parameter (self, prefix, norm, ".weight"), get_parameter (self, prefix, norm, ".bias"),
      get_parameter (self, prefix, norm, ".running_mean"), get_parameter (self, prefix, norm, ".running_var"), relu);
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
  const TitheNetworkShape *shape = &self->shape;
  g_autoptr (TitheDnn) dnn = tithe_dnn_new (batch, training, bfloat16);
  TitheDnnTensor tensor = tithe_dnn_add_input (dnn, shape->channels, shape->size, shape->size);

  tensor = build_pair (self, dnn, tensor, "", "conv1", "bn1", 1, TRUE);
  for (guint stage = 0; stage < 3; stage++)
    for (guint block = 0; block < (shape->depth - 2) / 6; block++)
      {
        g_autofree char *prefix = g_strdup_printf ("layer%u.%u.", stage + 1, block);
        guint stride = block_stride (shape, stage, block);
        TitheDnnTensor skip = tensor, inner = build_pair (self, dnn, tensor, prefix, "conv1", "bn1", stride, TRUE);

        inner = build_pair (self, dnn, inner, prefix, "conv2", "bn2", 1, FALSE);
        if (stride == 2)
          skip = build_pair (self, dnn, tensor, prefix, "downsample.0", "downsample.1", 2, FALSE);
        tensor = tithe_dnn_add_sum_relu (dnn, inner, skip);
      }
  tithe_dnn_add_mean (dnn, tensor);
  if (!tithe_dnn_finish (dnn, error))
    return NULL;
  return g_steal_pointer (&dnn);
}
