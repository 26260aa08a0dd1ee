/* SPDX-License-Identifier: MIT */
#include "tithe-network.h"
#include "base/tithe-lapack.h"
#include "base/tithe-random.h"
#include "tithe-streams-private.h"

#include <math.h>
#include <string.h>

/* Of a patch's covariance, those that vary most. */
#define MAX_PATCH_DIRECTIONS 12
/* What keeps directions in which patches hardly vary from being blown up. */
#define WHITEN_EPSILON 5e-4

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

/* The first channels that come in go through as they are, the others start with uniform numbers by fan-in. */
static void
add_passing_convolution (TitheNetwork *self, const char *prefix, guint in, guint out, TitheRandom *random)
{
  TitheParameter *weight = add_parameter (self, prefix, "weight", 4, (gint64[]){ out, in, 3, 3 }, TRUE);
  double bound = 1 / sqrt (in * 9);

  for (gsize i = 0; i < weight->n; i++)
    weight->value[i] = (float) ((2 * tithe_random_unit (random) - 1) * bound);
  for (gsize o = 0; o < MIN (in, out); o++)
    {
      memset (weight->value + o * in * 9, 0, in * 9 * sizeof (float));
      weight->value[(o * in + o) * 9 + 4] = 1.0f;
    }
}

/* As add_norm(), but the scale is not learned. */
static void
add_shift_norm (TitheNetwork *self, const char *prefix, guint channels)
{
  TitheParameter *scale;

  add_norm (self, prefix, channels);
  scale = g_ptr_array_index (self->parameters, self->parameters->len - 4);
  g_clear_pointer (&scale->gradient, g_free);
}

static guint
stage_channels (const TitheNetworkShape *shape, guint stage)
{
  if (shape->kind == TITHE_NETWORK_FAST)
    return stage > 0 ? 4 * shape->width : shape->width;
  return shape->width << stage;
}

/* A fast network's patches: half as far apart as they are wide, so that 31 x 31 of them cover pictures of 32, 64, 96. */
static guint
patch_stride (const TitheNetworkShape *shape)
{
  return MAX (1, shape->size / 32);
}

static guint
count_patch_channels (const TitheNetworkShape *shape)
{
  guint side = 2 * patch_stride (shape);

  return 2 * MIN (MAX_PATCH_DIRECTIONS, shape->channels * side * side);
}

static void
add_resnet (TitheNetwork *self, TitheRandom *random)
{
  const TitheNetworkShape *shape = &self->shape;
  guint in = shape->width;

  add_convolution (self, "conv1", shape->channels, shape->width, 3, random);
  add_norm (self, "bn1", shape->width);
  for (guint stage = 0; stage < 3; stage++)
    for (guint block = 0; block < (shape->depth - 2) / 6; block++)
      {
        add_block (self, stage, block, in, stage_channels (shape, stage), random);
        in = stage_channels (shape, stage);
      }
}

static void
add_fast (TitheNetwork *self, TitheRandom *random)
{
  const TitheNetworkShape *shape = &self->shape;
  const guint side = 2 * patch_stride (shape);
  guint in = count_patch_channels (shape);

  add_parameter (self, "whiten", "weight", 4, (gint64[]){ in, shape->channels, side, side }, FALSE);
  for (guint stage = 0; stage < 3; stage++)
    for (guint i = 1; i <= 2; i++)
      {
        g_autofree char *conv = g_strdup_printf ("layer%u.conv%u", stage + 1, i);
        g_autofree char *norm = g_strdup_printf ("layer%u.bn%u", stage + 1, i);

        add_passing_convolution (self, conv, in, stage_channels (shape, stage), random);
        in = stage_channels (shape, stage);
        add_shift_norm (self, norm, in);
      }
}

/**
 * tithe_network_shape_is_valid:
 *
 * Returns: whether there is such a network, and one that a computer can hold
 */
gboolean
tithe_network_shape_is_valid (const TitheNetworkShape *shape)
{
  if (shape->kind == TITHE_NETWORK_FAST ? shape->depth != 8
                                        : shape->depth < 8 || shape->depth > 200 || shape->depth % 6 != 2)
    return FALSE;
  return shape->width >= 1 && shape->width <= 1024 && (shape->channels == 1 || shape->channels == 3)
         && shape->size >= (shape->kind == TITHE_NETWORK_FAST ? 16 : 8) && shape->size <= 512 && shape->n_classes >= 1
         && shape->n_classes <= TITHE_NETWORK_MAX_CLASSES;
}

/**
 * tithe_network_shape_count:
 * @shape: a valid one
 *
 * Returns: how many numbers such a network has, running statistics included, without making it
 */
guint64
tithe_network_shape_count (const TitheNetworkShape *shape)
{
  const guint64 side = 2 * patch_stride (shape), patch = shape->channels * side * side;
  guint64 in = shape->kind == TITHE_NETWORK_FAST ? count_patch_channels (shape) : shape->width;
  guint64 n = shape->kind == TITHE_NETWORK_FAST ? in * patch : 9 * in * shape->channels + 4 * in;
  guint blocks = shape->kind == TITHE_NETWORK_FAST ? 1 : (shape->depth - 2) / 6;

  for (guint stage = 0; stage < 3; stage++)
    for (guint block = 0; block < blocks; block++)
      {
        guint64 out = stage_channels (shape, stage);

        n += 9 * in * out + 9 * out * out + 8 * out;
        if (shape->kind == TITHE_NETWORK_RESNET && in != out)
          n += in * out + 4 * out;
        in = out;
      }
  return n + (in + 1) * shape->n_classes;
}

/**
 * tithe_network_new:
 * @shape: a valid one
 * @seed: of the first weights
 *
 * Returns: (transfer full): a network that has learned nothing
 */
TitheNetwork *
tithe_network_new (const TitheNetworkShape *shape, guint64 seed)
{
  TitheNetwork *self;
  TitheRandom random = tithe_random_new (seed, TITHE_STREAM_WEIGHTS, 0);
  /* Maxima are larger than means; K. Jordan's network divides by nine, too. */
  const double head_scale = shape->kind == TITHE_NETWORK_FAST ? 1 / 9.0 : 1;
  TitheParameter *weight;
  guint dim;

  g_return_val_if_fail (tithe_network_shape_is_valid (shape), NULL);

  self = g_new0 (TitheNetwork, 1);
  self->shape = *shape;
  self->seed = seed;
  self->parameters = g_ptr_array_new_with_free_func (parameter_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint c = 0; c < 3; c++)
    self->pixel_scale[c] = 1.0f;
  if (shape->kind == TITHE_NETWORK_FAST)
    add_fast (self, &random);
  else
    add_resnet (self, &random);
  dim = tithe_network_get_dim (self);
  weight = add_parameter (self, "fc", "weight", 2, (gint64[]){ shape->n_classes, dim }, TRUE);
  for (gsize i = 0; i < weight->n; i++)
    weight->value[i] = (float) ((2 * tithe_random_unit (&random) - 1) / sqrt (dim) * head_scale);
  add_parameter (self, "fc", "bias", 1, (gint64[]){ shape->n_classes }, TRUE);
  return self;
}

/* tithe_network_free: with its parameters; nothing that was built of it may be in use any more */
void
tithe_network_free (TitheNetwork *self)
{
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->parameters);
  g_free (self);
}

/* tithe_network_get_shape: (transfer none): what it is */
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

/* tithe_network_find: (transfer none) (nullable): the parameter of that name */
TitheParameter *
tithe_network_find (TitheNetwork *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}

/* tithe_network_get_head_weight: (transfer none): n_classes x dim */
TitheParameter *
tithe_network_get_head_weight (TitheNetwork *self)
{
  return tithe_network_find (self, "fc.weight");
}

/* tithe_network_get_head_bias: (transfer none): one for each class */
TitheParameter *
tithe_network_get_head_bias (TitheNetwork *self)
{
  return tithe_network_find (self, "fc.bias");
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

/* tithe_network_get_pixel_scale: (transfer none) (array fixed-size=3): what pixels are multiplied by, after
 * tithe_network_get_pixel_mean() was taken from them */
float *
tithe_network_get_pixel_scale (TitheNetwork *self)
{
  return self->pixel_scale;
}

/**
 * tithe_network_get_patch_size:
 *
 * Returns: side of the patches that a fast network wants whitened before it learns; 0 where there are none
 */
guint
tithe_network_get_patch_size (TitheNetwork *self)
{
  return self->shape.kind == TITHE_NETWORK_FAST ? 2 * patch_stride (&self->shape) : 0;
}

/**
 * tithe_network_whiten:
 * @covariance: (array): d x d with d = channels x patch size x patch size, of the patches of normalised pictures
 *
 * Makes the first layer tell the directions in which patches vary most, each to the same measure, and with both signs as
 * negative results are lost in the rectifier. O(d³).
 *
 * Returns: %FALSE with a %TITHE_LAPACK_ERROR; the layer is as it was then
 */
gboolean
tithe_network_whiten (TitheNetwork *self, const double *covariance, GError **error)
{
  TitheParameter *weight = g_hash_table_lookup (self->by_name, "whiten.weight");
  const int d = (int) (weight->n / (gsize) weight->dims[0]);
  const int n_directions = (int) weight->dims[0] / 2;
  g_autofree double *vectors = g_memdup2 (covariance, (gsize) d * (gsize) d * sizeof (double));
  g_autofree double *values = g_new0 (double, d);

  if (!tithe_lapack_eigen_double (vectors, (guint) d, values, error))
    return FALSE;
  for (int i = 0; i < n_directions; i++)
    {
      const double *vector = vectors + (gsize) (d - 1 - i) * (gsize) d; /* ascending, one a row */
      const double factor = 1 / sqrt (MAX (values[d - 1 - i], 0) + WHITEN_EPSILON);

      for (int j = 0; j < d; j++)
        {
          weight->value[i * d + j] = (float) (factor * vector[j]);
          weight->value[(i + n_directions) * d + j] = (float) (-factor * vector[j]);
        }
    }
  return TRUE;
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
