/* SPDX-License-Identifier: MIT */
#include "tithe-dnn.h"
#include "tithe-onednn.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define EPSILON 1e-5f
#define MOMENTUM 0.1f
#define MAX_ARGS 10
#define NORM_FLAGS ((unsigned) dnnl_use_scale | (unsigned) dnnl_use_shift)

/* One primitive with its memories, as it is executed. */
typedef struct
{
  dnnl_primitive_t primitive;
  dnnl_exec_arg_t args[MAX_ARGS];
  int n_args;
} Step;

typedef enum
{
  LAYER_INPUT,
  LAYER_CONVOLUTION,
  LAYER_BATCH_NORM,
  LAYER_SUM_RELU,
  LAYER_POOL,
} LayerKind;

/* A layer and the tensor that it makes. */
typedef struct
{
  LayerKind kind;
  guint sources[2];
  dnnl_dims_t dims; /* of the tensor: n, c, h, w */
  dnnl_memory_t value;
  dnnl_primitive_desc_t forward; /* hint for the way back */
  dnnl_memory_t inputs[2];       /* the sources in the layout of the primitive */
  dnnl_memory_t weight;          /* in the layout of the primitive */
  dnnl_memory_t mean, variance;  /* of the batch, or running */
  dnnl_memory_t scale, shift;
  dnnl_memory_t scale_gradient, shift_gradient;
  dnnl_memory_t bias; /* of a convolution with its normalisation folded in */
  dnnl_memory_t workspace;
  dnnl_memory_t gradients[4]; /* that the layers which use the tensor give, as the way back is built */
  guint n_gradients;
  TitheParameter *weight_parameter;
  TitheNorm norm;          /* of a normalisation, or folded into a convolution */
  float *folded;           /* (owned): weights times what the normalisation multiplies by */
  guint stride, padding;   /* of a convolution */
  guint window;            /* of a pool */
  dnnl_alg_kind_t pooling; /* of a pool */
  gboolean relu;
  gboolean learns; /* it or what it comes from has something to learn */
} Layer;

struct _TitheDnn
{
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  guint batch;
  gboolean training;
  dnnl_data_type_t type; /* of what lies between layers */
  GArray *layers;
  GArray *forward, *backward;                   /* Step */
  GPtrArray *memories, *primitives, *descs;     /* what the steps are made of */
  dnnl_memory_t input, output, output_gradient; /* plain float32 */
  char *failure;
};

/* cppcheck-suppress unknownMacro */
G_DEFINE_QUARK (tithe-dnn-error-quark, tithe_dnn_error)

/* --- small pieces --- */

static gboolean
check (TitheDnn *self, dnnl_status_t status, const char *what)
{
  if (status != dnnl_success && self->failure == NULL)
    self->failure = g_strdup_printf ("%s (oneDNN status %d)", what, (int) status);
  return self->failure == NULL;
}

static Layer *
get_layer (TitheDnn *self, guint index)
{
  return &g_array_index (self->layers, Layer, index);
}

static TitheOnednnDesc
tagged_desc (TitheDnn *self, const gint64 *dims, int n_dims, dnnl_data_type_t type, dnnl_format_tag_t tag)
{
  TitheOnednnDesc desc = tithe_onednn_desc_new (dims, n_dims, type, tag);

  g_ptr_array_add (self->descs, (gpointer) desc);
  return desc;
}

static TitheOnednnDesc
plain_desc (TitheDnn *self, const gint64 *dims, int n_dims, dnnl_data_type_t type)
{
  static const dnnl_format_tag_t tags[] = { dnnl_format_tag_undef, dnnl_a, dnnl_ab, dnnl_abc, dnnl_abcd };

  return tagged_desc (self, dims, n_dims, type, tags[n_dims]);
}

static TitheOnednnDesc
any_desc (TitheDnn *self, const gint64 *dims, dnnl_data_type_t type)
{
  return tagged_desc (self, dims, 4, type, dnnl_format_tag_any);
}

static TitheOnednnDesc
desc_of (dnnl_memory_t memory)
{
  TitheOnednnDesc desc = NULL;

  dnnl_memory_get_memory_desc (memory, &desc);
  return desc;
}

static dnnl_memory_t
new_memory (TitheDnn *self, TitheOnednnDesc desc, void *data)
{
  dnnl_memory_t memory = NULL;

  if (check (self, dnnl_memory_create (&memory, desc, self->engine, data ? data : DNNL_MEMORY_ALLOCATE), "memory"))
    g_ptr_array_add (self->memories, memory);
  return memory;
}

static float *
data_of (dnnl_memory_t memory)
{
  void *data = NULL;

  dnnl_memory_get_data_handle (memory, &data);
  return data;
}

/* Takes the primitive descriptor. */
static void
add_step (TitheDnn *self, GArray *plan, dnnl_primitive_desc_t desc, int n_args, const dnnl_exec_arg_t *args)
{
  Step step = { .n_args = n_args };

  g_ptr_array_add (self->primitives, desc);
  memcpy (step.args, args, (gsize) n_args * sizeof *args);
  if (check (self, dnnl_primitive_create (&step.primitive, desc), "primitive"))
    g_array_append_val (plan, step);
}

/* The memory in another layout or type: itself, or a new one that a reorder fills. */
static dnnl_memory_t
convert (TitheDnn *self, GArray *plan, dnnl_memory_t memory, TitheOnednnDesc desc, dnnl_memory_t target)
{
  dnnl_primitive_desc_t reorder;

  if (self->failure != NULL || (target == NULL && dnnl_memory_desc_equal (desc_of (memory), desc)))
    return memory;
  if (target == NULL)
    target = new_memory (self, desc, NULL);
  if (check (self,
             dnnl_reorder_primitive_desc_create (&reorder, desc_of (memory), self->engine, desc, self->engine, NULL),
             "reorder"))
    add_step (self, plan, reorder, 2, (dnnl_exec_arg_t[]){ { DNNL_ARG_FROM, memory }, { DNNL_ARG_TO, target } });
  return target;
}

static TitheOnednnDesc
query (dnnl_primitive_desc_t desc, dnnl_query_t what)
{
  return dnnl_primitive_desc_query_md (desc, what, 0);
}

/* --- the graph --- */

/**
 * tithe_dnn_has_bfloat16:
 *
 * Returns: whether this processor multiplies bfloat16 faster than float32
 */
gboolean
tithe_dnn_has_bfloat16 (void)
{
#ifdef __x86_64__
  return dnnl_get_effective_cpu_isa () >= dnnl_cpu_isa_avx512_core_bf16;
#else
  return FALSE; /* what other processors can do is numbered in another way */
#endif
}

/**
 * tithe_dnn_new:
 * @batch: images in a batch
 * @training: whether it is to go backwards, and to normalise by the batch
 * @bfloat16: whether layers hand on bfloat16; parameters and their gradients stay float32
 *
 * Returns: (transfer full): a network without layers
 */
TitheDnn *
tithe_dnn_new (guint batch, gboolean training, gboolean bfloat16)
{
  TitheDnn *self = g_new0 (TitheDnn, 1);

  self->batch = batch;
  self->training = training;
  self->type = bfloat16 ? dnnl_bf16 : dnnl_f32;
  self->layers = g_array_new (FALSE, TRUE, sizeof (Layer));
  self->forward = g_array_new (FALSE, FALSE, sizeof (Step));
  self->backward = g_array_new (FALSE, FALSE, sizeof (Step));
  self->memories = g_ptr_array_new ();
  self->primitives = g_ptr_array_new ();
  self->descs = g_ptr_array_new ();
  check (self, dnnl_engine_create (&self->engine, dnnl_cpu, 0), "engine");
  check (self, dnnl_stream_create (&self->stream, self->engine, dnnl_stream_default_flags), "stream");
  return self;
}

static void
free_plan (GArray *plan)
{
  for (guint i = 0; i < plan->len; i++)
    dnnl_primitive_destroy (g_array_index (plan, Step, i).primitive);
  g_array_unref (plan);
}

/* Waits for nothing: no other thread may be in it. */
void
tithe_dnn_free (TitheDnn *self)
{
  free_plan (self->forward);
  free_plan (self->backward);
  for (guint i = 0; i < self->primitives->len; i++)
    dnnl_primitive_desc_destroy (g_ptr_array_index (self->primitives, i));
  for (guint i = 0; i < self->memories->len; i++)
    dnnl_memory_destroy (g_ptr_array_index (self->memories, i));
  for (guint i = 0; i < self->descs->len; i++)
    tithe_onednn_desc_free (g_ptr_array_index (self->descs, i));
  for (guint i = 0; i < self->layers->len; i++)
    g_free (get_layer (self, i)->folded);
  g_ptr_array_unref (self->primitives);
  g_ptr_array_unref (self->memories);
  g_ptr_array_unref (self->descs);
  g_array_unref (self->layers);
  if (self->stream != NULL)
    dnnl_stream_destroy (self->stream);
  if (self->engine != NULL)
    dnnl_engine_destroy (self->engine);
  g_free (self->failure);
  g_free (self);
}

static Layer *
add_layer (TitheDnn *self, LayerKind kind, guint source, gint64 channels, gint64 height, gint64 width)
{
  Layer layer = { .kind = kind, .sources = { source, source }, .dims = { self->batch, channels, height, width } };

  g_array_append_val (self->layers, layer);
  return get_layer (self, self->layers->len - 1);
}

/* The first layer: float32 pictures, filled through tithe_dnn_get_input(). */
TitheDnnTensor
tithe_dnn_add_input (TitheDnn *self, guint channels, guint height, guint width)
{
  Layer *layer = add_layer (self, LAYER_INPUT, 0, channels, height, width);

  layer->value = self->input = new_memory (self, plain_desc (self, layer->dims, 4, dnnl_f32), NULL);
  return self->layers->len - 1;
}

/* A primitive's attributes: what negative results become 0 is done by it itself. */
static dnnl_primitive_attr_t
relu_attributes (void)
{
  dnnl_primitive_attr_t attributes;
  dnnl_post_ops_t post_ops;

  dnnl_primitive_attr_create (&attributes);
  dnnl_post_ops_create (&post_ops);
  tithe_onednn_append_relu (post_ops);
  dnnl_primitive_attr_set_post_ops (attributes, post_ops);
  dnnl_post_ops_destroy (post_ops);
  return attributes;
}

/* A convolution alone, or with the normalisation that is set already folded into weights and bias. */
static void
build_convolution (TitheDnn *self, Layer *layer, gboolean fold)
{
  const Layer *from = get_layer (self, layer->sources[0]);
  const TitheParameter *weight = layer->weight_parameter;
  const dnnl_dims_t single = { layer->dims[1] };
  TitheOnednnDesc bias = fold ? plain_desc (self, single, 1, dnnl_f32) : NULL;
  dnnl_primitive_attr_t attributes = layer->relu ? relu_attributes () : NULL;
  dnnl_memory_t plain_weight;

  layer->folded = fold ? g_new (float, weight->n) : NULL;
  plain_weight = new_memory (self, plain_desc (self, weight->dims, 4, dnnl_f32), fold ? layer->folded : weight->value);
  if (check (self,
             tithe_onednn_convolution (
                 &layer->forward, self->engine, self->training ? dnnl_forward_training : dnnl_forward_inference,
                 any_desc (self, from->dims, self->type), any_desc (self, weight->dims, self->type), bias,
                 any_desc (self, layer->dims, self->type), layer->stride, layer->padding, attributes),
             "convolution"))
    {
      layer->inputs[0] = convert (self, self->forward, from->value, query (layer->forward, dnnl_query_src_md), NULL);
      layer->weight = convert (self, self->forward, plain_weight, query (layer->forward, dnnl_query_weights_md), NULL);
      layer->bias = fold ? new_memory (self, bias, NULL) : NULL;
      layer->value = new_memory (self, query (layer->forward, dnnl_query_dst_md), NULL);
      add_step (self, self->forward, layer->forward, fold ? 4 : 3,
                (dnnl_exec_arg_t[]){ { DNNL_ARG_SRC, layer->inputs[0] },
                                     { DNNL_ARG_WEIGHTS, layer->weight },
                                     { DNNL_ARG_DST, layer->value },
                                     { DNNL_ARG_BIAS, layer->bias } });
    }
  if (attributes != NULL)
    dnnl_primitive_attr_destroy (attributes);
}

/**
 * tithe_dnn_add_convolution:
 * @weight: (out channels, in channels, k, k)
 * @padding: zeros beyond each border
 * @norm: (nullable): normalisation of what comes out; not while training, it is folded into the weights
 * @relu: whether negative results become 0; without @norm only where @weight is not learned
 */
TitheDnnTensor
tithe_dnn_add_convolution (TitheDnn *self, TitheDnnTensor source, TitheParameter *weight, guint stride, guint padding,
                           const TitheNorm *norm, gboolean relu)
{
  const Layer *from = get_layer (self, source);
  gint64 height = (from->dims[2] + 2 * padding - weight->dims[2]) / stride + 1;
  gint64 width = (from->dims[3] + 2 * padding - weight->dims[3]) / stride + 1;
  gboolean learns = from->learns || weight->gradient != NULL, fold = norm != NULL && !self->training;
  Layer *layer = add_layer (self, LAYER_CONVOLUTION, source, weight->dims[0], height, width);

  layer->stride = stride;
  layer->padding = padding;
  layer->weight_parameter = weight;
  layer->learns = learns;
  layer->relu = relu && (fold || norm == NULL);
  if (fold)
    layer->norm = *norm;
  if (self->failure == NULL)
    build_convolution (self, layer, fold);
  if (norm != NULL && !fold)
    return tithe_dnn_add_batch_norm (self, self->layers->len - 1, norm, relu);
  return self->layers->len - 1;
}

/**
 * tithe_dnn_add_batch_norm:
 * @norm: its parameters have the channels' number
 * @relu: whether negative results become 0
 */
TitheDnnTensor
tithe_dnn_add_batch_norm (TitheDnn *self, TitheDnnTensor source, const TitheNorm *norm, gboolean relu)
{
  const Layer *from = get_layer (self, source);
  Layer *layer = add_layer (self, LAYER_BATCH_NORM, source, from->dims[1], from->dims[2], from->dims[3]);
  const dnnl_dims_t single = { layer->dims[1] };
  TitheOnednnDesc desc = plain_desc (self, single, 1, dnnl_f32);
  unsigned flags = NORM_FLAGS | (relu ? dnnl_fuse_norm_relu : 0) | (self->training ? 0 : dnnl_use_global_stats);
  int n_args = 6;

  from = get_layer (self, source);
  layer->relu = relu;
  layer->norm = *norm;
  layer->learns = TRUE;
  if (self->failure != NULL
      || !check (self,
                 tithe_onednn_batch_norm (&layer->forward, self->engine,
                                          self->training ? dnnl_forward_training : dnnl_forward_inference,
                                          desc_of (from->value), EPSILON, flags),
                 "batch normalisation"))
    return self->layers->len - 1;
  layer->inputs[0] = from->value;
  layer->scale = new_memory (self, desc, NULL);
  layer->shift = new_memory (self, desc, NULL);
  layer->mean = new_memory (self, desc, NULL);
  layer->variance = new_memory (self, desc, NULL);
  layer->value = new_memory (self, desc_of (from->value), NULL);
  if (relu && self->training)
    {
      layer->workspace = new_memory (self, query (layer->forward, dnnl_query_workspace_md), NULL);
      n_args = 7;
    }
  add_step (self, self->forward, layer->forward, n_args,
            (dnnl_exec_arg_t[]){ { DNNL_ARG_SRC, layer->inputs[0] },
                                 { DNNL_ARG_MEAN, layer->mean },
                                 { DNNL_ARG_VARIANCE, layer->variance },
                                 { DNNL_ARG_SCALE, layer->scale },
                                 { DNNL_ARG_SHIFT, layer->shift },
                                 { DNNL_ARG_DST, layer->value },
                                 { DNNL_ARG_WORKSPACE, layer->workspace } });
  return self->layers->len - 1;
}

/**
 * tithe_dnn_add_sum_relu:
 *
 * Returns: max (a + b, 0), of two tensors of the same shape
 */
TitheDnnTensor
tithe_dnn_add_sum_relu (TitheDnn *self, TitheDnnTensor a, TitheDnnTensor b)
{
  const Layer *from = get_layer (self, a);
  Layer *layer = add_layer (self, LAYER_SUM_RELU, a, from->dims[1], from->dims[2], from->dims[3]);
  dnnl_primitive_attr_t attributes;

  layer->sources[1] = b;
  layer->learns = TRUE;
  if (self->failure != NULL)
    return self->layers->len - 1;
  layer->inputs[0] = get_layer (self, a)->value;
  layer->inputs[1] = convert (self, self->forward, get_layer (self, b)->value, desc_of (layer->inputs[0]), NULL);
  layer->value = new_memory (self, desc_of (layer->inputs[0]), NULL);
  attributes = relu_attributes ();
  if (check (self,
             tithe_onednn_add (&layer->forward, self->engine, desc_of (layer->inputs[0]), desc_of (layer->inputs[1]),
                               desc_of (layer->value), attributes),
             "sum"))
    add_step (self, self->forward, layer->forward, 3,
              (dnnl_exec_arg_t[]){ { DNNL_ARG_SRC_0, layer->inputs[0] },
                                   { DNNL_ARG_SRC_1, layer->inputs[1] },
                                   { DNNL_ARG_DST, layer->value } });
  dnnl_primitive_attr_destroy (attributes);
  return self->layers->len - 1;
}

/* What does not fill a window any more is left out. */
static void
add_pool (TitheDnn *self, TitheDnnTensor source, guint window, dnnl_alg_kind_t pooling)
{
  const Layer *from = get_layer (self, source);
  gboolean learns = from->learns;
  Layer *layer = add_layer (self, LAYER_POOL, source, from->dims[1], from->dims[2] / window, from->dims[3] / window);
  int n_args = 2;

  from = get_layer (self, source);
  layer->window = window;
  layer->pooling = pooling;
  layer->learns = learns;
  if (self->failure != NULL
      || !check (self,
                 tithe_onednn_pool (&layer->forward, self->engine,
                                    self->training ? dnnl_forward_training : dnnl_forward_inference, pooling,
                                    desc_of (from->value), any_desc (self, layer->dims, self->type), window),
                 "pooling"))
    return;
  layer->inputs[0] = from->value;
  layer->value = new_memory (self, query (layer->forward, dnnl_query_dst_md), NULL);
  if (self->training && pooling == dnnl_pooling_max)
    {
      layer->workspace = new_memory (self, query (layer->forward, dnnl_query_workspace_md), NULL);
      n_args = 3;
    }
  add_step (self, self->forward, layer->forward, n_args,
            (dnnl_exec_arg_t[]){ { DNNL_ARG_SRC, layer->inputs[0] },
                                 { DNNL_ARG_DST, layer->value },
                                 { DNNL_ARG_WORKSPACE, layer->workspace } });
}

/**
 * tithe_dnn_add_max_pool:
 * @window: side of the squares of which the largest number stays
 */
TitheDnnTensor
tithe_dnn_add_max_pool (TitheDnn *self, TitheDnnTensor source, guint window)
{
  add_pool (self, source, window, dnnl_pooling_max);
  return self->layers->len - 1;
}

/* What the last layer made, plain. */
static void
add_output (TitheDnn *self)
{
  const Layer *layer = get_layer (self, self->layers->len - 1);
  TitheOnednnDesc plain = plain_desc (self, layer->dims, 4, dnnl_f32);

  if (self->failure != NULL)
    return;
  self->output = new_memory (self, plain, NULL);
  convert (self, self->forward, layer->value, plain, self->output);
}

/**
 * tithe_dnn_add_mean:
 *
 * The last layer: the mean of each channel over the picture, (batch, channels).
 */
TitheDnnTensor
tithe_dnn_add_mean (TitheDnn *self, TitheDnnTensor source)
{
  add_pool (self, source, (guint) get_layer (self, source)->dims[2], dnnl_pooling_avg_exclude_padding);
  add_output (self);
  return self->layers->len - 1;
}

/**
 * tithe_dnn_add_max:
 *
 * The last layer: the largest number of each channel over the picture, (batch, channels).
 */
TitheDnnTensor
tithe_dnn_add_max (TitheDnn *self, TitheDnnTensor source)
{
  add_pool (self, source, (guint) get_layer (self, source)->dims[2], dnnl_pooling_max);
  add_output (self);
  return self->layers->len - 1;
}

/* --- the way back --- */

static void
give_gradient (Layer *layer, dnnl_memory_t gradient)
{
  layer->gradients[layer->n_gradients++] = gradient;
}

/* The whole gradient of a tensor: what the layers behind it gave, added up. */
static dnnl_memory_t
take_gradient (TitheDnn *self, Layer *layer)
{
  static const float ones[4] = { 1, 1, 1, 1 };
  TitheOnednnDesc descs[4];
  dnnl_exec_arg_t args[5];
  dnnl_primitive_desc_t sum;
  dnnl_memory_t total;

  if (self->failure != NULL || layer->n_gradients == 1)
    return layer->gradients[0];
  total = new_memory (self, desc_of (layer->value), NULL);
  for (guint i = 0; i < layer->n_gradients; i++)
    {
      descs[i] = desc_of (layer->gradients[i]);
      args[i] = (dnnl_exec_arg_t){ DNNL_ARG_MULTIPLE_SRC + (int) i, layer->gradients[i] };
    }
  args[layer->n_gradients] = (dnnl_exec_arg_t){ DNNL_ARG_DST, total };
  if (check (self, tithe_onednn_sum (&sum, self->engine, desc_of (total), (int) layer->n_gradients, ones, descs),
             "sum of gradients"))
    add_step (self, self->backward, sum, (int) layer->n_gradients + 1, args);
  return total;
}

static void
back_convolution (TitheDnn *self, Layer *layer)
{
  const TitheParameter *weight = layer->weight_parameter;
  Layer *source = get_layer (self, layer->sources[0]);
  TitheOnednnDesc source_desc = any_desc (self, source->dims, self->type);
  TitheOnednnDesc desc = any_desc (self, layer->dims, self->type), plain = plain_desc (self, weight->dims, 4, dnnl_f32);
  dnnl_memory_t gradient = take_gradient (self, layer), weight_gradient, plain_gradient;
  dnnl_primitive_desc_t by_weights, by_data;

  if (self->failure != NULL
      || !check (self,
                 tithe_onednn_convolution_by_weights (&by_weights, self->engine, source_desc,
                                                      any_desc (self, weight->dims, dnnl_f32), desc, layer->stride,
                                                      layer->padding, layer->forward),
                 "convolution backwards by weights"))
    return;
  weight_gradient = new_memory (self, query (by_weights, dnnl_query_diff_weights_md), NULL);
  add_step (self, self->backward, by_weights, 3,
            (dnnl_exec_arg_t[]){ { DNNL_ARG_SRC, convert (self, self->backward, layer->inputs[0],
                                                          query (by_weights, dnnl_query_src_md), NULL) },
                                 { DNNL_ARG_DIFF_DST, convert (self, self->backward, gradient,
                                                               query (by_weights, dnnl_query_diff_dst_md), NULL) },
                                 { DNNL_ARG_DIFF_WEIGHTS, weight_gradient } });
  plain_gradient = new_memory (self, plain, weight->gradient);
  convert (self, self->backward, weight_gradient, plain, plain_gradient);
  if (!source->learns)
    return;
  if (!check (self,
              tithe_onednn_convolution_by_data (&by_data, self->engine, source_desc,
                                                any_desc (self, weight->dims, self->type), desc, layer->stride,
                                                layer->padding, layer->forward),
              "convolution backwards by data"))
    return;
  plain_gradient = new_memory (self, query (by_data, dnnl_query_diff_src_md), NULL);
  add_step (self, self->backward, by_data, 3,
            (dnnl_exec_arg_t[]){ { DNNL_ARG_WEIGHTS, convert (self, self->backward, layer->weight,
                                                              query (by_data, dnnl_query_weights_md), NULL) },
                                 { DNNL_ARG_DIFF_DST, convert (self, self->backward, gradient,
                                                               query (by_data, dnnl_query_diff_dst_md), NULL) },
                                 { DNNL_ARG_DIFF_SRC, plain_gradient } });
  give_gradient (source, convert (self, self->backward, plain_gradient, desc_of (source->value), NULL));
}

static void
back_batch_norm (TitheDnn *self, Layer *layer)
{
  dnnl_memory_t gradient = take_gradient (self, layer), source_gradient;
  dnnl_exec_arg_t args[MAX_ARGS];
  dnnl_primitive_desc_t desc;
  int n_args = 0;

  if (self->failure != NULL)
    return;
  gradient = convert (self, self->backward, gradient, desc_of (layer->value), NULL);
  if (!check (self,
              tithe_onednn_batch_norm_backward (&desc, self->engine, desc_of (layer->value), desc_of (layer->inputs[0]),
                                                EPSILON, NORM_FLAGS | (layer->relu ? dnnl_fuse_norm_relu : 0),
                                                layer->forward),
              "batch normalisation backwards"))
    return;
  source_gradient = new_memory (self, desc_of (layer->inputs[0]), NULL);
  layer->scale_gradient = new_memory (self, desc_of (layer->scale), NULL);
  layer->shift_gradient = new_memory (self, desc_of (layer->shift), NULL);
  args[n_args++] = (dnnl_exec_arg_t){ DNNL_ARG_SRC, layer->inputs[0] };
  args[n_args++] = (dnnl_exec_arg_t){ DNNL_ARG_MEAN, layer->mean };
  args[n_args++] = (dnnl_exec_arg_t){ DNNL_ARG_VARIANCE, layer->variance };
  args[n_args++] = (dnnl_exec_arg_t){ DNNL_ARG_DIFF_DST, gradient };
  args[n_args++] = (dnnl_exec_arg_t){ DNNL_ARG_SCALE, layer->scale };
  args[n_args++] = (dnnl_exec_arg_t){ DNNL_ARG_DIFF_SRC, source_gradient };
  args[n_args++] = (dnnl_exec_arg_t){ DNNL_ARG_DIFF_SCALE, layer->scale_gradient };
  args[n_args++] = (dnnl_exec_arg_t){ DNNL_ARG_DIFF_SHIFT, layer->shift_gradient };
  if (TITHE_ONEDNN_SHIFT_BACKWARD)
    args[n_args++] = (dnnl_exec_arg_t){ DNNL_ARG_SHIFT, layer->shift };
  if (layer->relu)
    args[n_args++] = (dnnl_exec_arg_t){ DNNL_ARG_WORKSPACE, layer->workspace };
  add_step (self, self->backward, desc, n_args, args);
  give_gradient (get_layer (self, layer->sources[0]), source_gradient);
}

/* Where the result is 0 nothing goes back; else the same to both. */
static void
back_sum_relu (TitheDnn *self, Layer *layer)
{
  dnnl_memory_t gradient = take_gradient (self, layer), source_gradient;
  dnnl_primitive_desc_t hint, desc;

  if (self->failure != NULL)
    return;
  gradient = convert (self, self->backward, gradient, desc_of (layer->value), NULL);
  if (!check (self, tithe_onednn_relu (&hint, self->engine, desc_of (layer->value)), "relu"))
    return;
  g_ptr_array_add (self->primitives, hint);
  if (!check (self, tithe_onednn_relu_backward (&desc, self->engine, desc_of (gradient), desc_of (layer->value), hint),
              "relu backwards"))
    return;
  source_gradient = new_memory (self, desc_of (layer->value), NULL);
  add_step (self, self->backward, desc, 3,
            (dnnl_exec_arg_t[]){ { DNNL_ARG_DST, layer->value },
                                 { DNNL_ARG_DIFF_DST, gradient },
                                 { DNNL_ARG_DIFF_SRC, source_gradient } });
  for (guint i = 0; i < 2; i++)
    {
      Layer *source = get_layer (self, layer->sources[i]);

      give_gradient (source, convert (self, self->backward, source_gradient, desc_of (source->value), NULL));
    }
}

static void
back_pool (TitheDnn *self, Layer *layer)
{
  Layer *source = get_layer (self, layer->sources[0]);
  dnnl_memory_t gradient = take_gradient (self, layer), source_gradient;
  dnnl_primitive_desc_t desc;

  if (self->failure != NULL)
    return;
  gradient = convert (self, self->backward, gradient, desc_of (layer->value), NULL);
  if (!check (self,
              tithe_onednn_pool_backward (&desc, self->engine, layer->pooling, desc_of (source->value),
                                          desc_of (layer->value), layer->window, layer->forward),
              "pooling backwards"))
    return;
  source_gradient = new_memory (self, desc_of (source->value), NULL);
  add_step (self, self->backward, desc, layer->workspace ? 3 : 2,
            (dnnl_exec_arg_t[]){ { DNNL_ARG_DIFF_DST, gradient },
                                 { DNNL_ARG_DIFF_SRC, source_gradient },
                                 { DNNL_ARG_WORKSPACE, layer->workspace } });
  give_gradient (source, source_gradient);
}

/* Where the way back begins: plain numbers. */
static void
back_output (TitheDnn *self)
{
  Layer *layer = get_layer (self, self->layers->len - 1);

  if (self->failure != NULL)
    return;
  self->output_gradient = new_memory (self, plain_desc (self, layer->dims, 4, dnnl_f32), NULL);
  give_gradient (layer, convert (self, self->backward, self->output_gradient, desc_of (layer->value), NULL));
}

/**
 * tithe_dnn_finish:
 *
 * To be called once when all layers are added, the mean or the maximum last.
 *
 * Returns: %FALSE with %TITHE_DNN_ERROR_UNSUPPORTED where oneDNN can't make one of the primitives
 */
gboolean
tithe_dnn_finish (TitheDnn *self, GError **error)
{
  if (self->training)
    back_output (self);
  for (guint i = self->layers->len; self->training && i-- > 0;)
    {
      Layer *layer = get_layer (self, i);

      if (!layer->learns)
        continue;
      if (layer->kind == LAYER_CONVOLUTION)
        back_convolution (self, layer);
      else if (layer->kind == LAYER_BATCH_NORM)
        back_batch_norm (self, layer);
      else if (layer->kind == LAYER_SUM_RELU)
        back_sum_relu (self, layer);
      else if (layer->kind == LAYER_POOL)
        back_pool (self, layer);
    }
  if (self->failure == NULL)
    return TRUE;
  g_set_error (error, TITHE_DNN_ERROR, TITHE_DNN_ERROR_UNSUPPORTED, _("cannot set up the network: %s"), self->failure);
  return FALSE;
}

/**
 * tithe_dnn_get_input:
 *
 * Returns: (transfer none): (batch, channels, height, width), to be filled before going forwards
 */
float *
tithe_dnn_get_input (TitheDnn *self)
{
  return data_of (self->input);
}

/**
 * tithe_dnn_get_output:
 *
 * Returns: (transfer none): (batch, channels) of the last layer, after going forwards
 */
const float *
tithe_dnn_get_output (TitheDnn *self)
{
  return data_of (self->output);
}

/**
 * tithe_dnn_get_output_gradient:
 *
 * Returns: (transfer none): (batch, channels), to be filled before going backwards
 */
float *
tithe_dnn_get_output_gradient (TitheDnn *self)
{
  return data_of (self->output_gradient);
}

static gboolean
execute (TitheDnn *self, GArray *plan, GError **error)
{
  dnnl_status_t status = dnnl_success;

  for (guint i = 0; i < plan->len && status == dnnl_success; i++)
    {
      const Step *step = &g_array_index (plan, Step, i);

      status = dnnl_primitive_execute (step->primitive, self->stream, step->n_args, step->args);
    }
  if (status == dnnl_success)
    status = dnnl_stream_wait (self->stream);
  if (status == dnnl_success)
    return TRUE;
  g_set_error (error, TITHE_DNN_ERROR, TITHE_DNN_ERROR_FAILED, _("the network failed (oneDNN status %d)"),
               (int) status);
  return FALSE;
}

/* A convolution that normalises, too: y = (conv (x) - mean) / deviation * scale + shift. */
static void
fold_norm (const Layer *layer)
{
  const TitheParameter *weight = layer->weight_parameter;
  const gsize n = (gsize) layer->dims[1], per_channel = weight->n / n;
  float *bias = data_of (layer->bias);

  for (gsize c = 0; c < n; c++)
    {
      float factor = layer->norm.scale->value[c] / sqrtf (layer->norm.variance->value[c] + EPSILON);

      bias[c] = layer->norm.shift->value[c] - layer->norm.mean->value[c] * factor;
      for (gsize i = c * per_channel; i < (c + 1) * per_channel; i++)
        layer->folded[i] = weight->value[i] * factor;
    }
}

static void
load_norms (TitheDnn *self)
{
  for (guint i = 0; i < self->layers->len; i++)
    {
      const Layer *layer = get_layer (self, i);
      gsize n = (gsize) layer->dims[1];

      if (layer->folded != NULL)
        fold_norm (layer);
      if (layer->kind != LAYER_BATCH_NORM)
        continue;
      memcpy (data_of (layer->scale), layer->norm.scale->value, n * sizeof (float));
      memcpy (data_of (layer->shift), layer->norm.shift->value, n * sizeof (float));
      if (self->training)
        continue;
      memcpy (data_of (layer->mean), layer->norm.mean->value, n * sizeof (float));
      memcpy (data_of (layer->variance), layer->norm.variance->value, n * sizeof (float));
    }
}

/* The running statistics move a tenth of the way to the batch's; the variance as that of a sample, as PyTorch has it. */
static void
update_statistics (TitheDnn *self)
{
  for (guint i = 0; i < self->layers->len; i++)
    {
      const Layer *layer = get_layer (self, i);
      double count = (double) (layer->dims[0] * layer->dims[2] * layer->dims[3]);
      float sample = (float) (count / MAX (count - 1, 1));

      for (gsize c = 0; layer->kind == LAYER_BATCH_NORM && c < (gsize) layer->dims[1]; c++)
        {
          float *mean = &layer->norm.mean->value[c], *variance = &layer->norm.variance->value[c];

          *mean += MOMENTUM * (data_of (layer->mean)[c] - *mean);
          *variance += MOMENTUM * (data_of (layer->variance)[c] * sample - *variance);
        }
    }
}

/**
 * tithe_dnn_forward:
 *
 * From the input to the output, with the parameters as they are now. While training the running statistics move on.
 */
gboolean
tithe_dnn_forward (TitheDnn *self, GError **error)
{
  load_norms (self);
  if (!execute (self, self->forward, error))
    return FALSE;
  if (self->training)
    update_statistics (self);
  return TRUE;
}

/**
 * tithe_dnn_backward:
 *
 * From the gradient of the output to those of all parameters, after tithe_dnn_forward().
 */
gboolean
tithe_dnn_backward (TitheDnn *self, GError **error)
{
  if (!execute (self, self->backward, error))
    return FALSE;
  for (guint i = 0; i < self->layers->len; i++)
    {
      const Layer *layer = get_layer (self, i);
      gsize n = (gsize) layer->dims[1];

      if (layer->kind != LAYER_BATCH_NORM)
        continue;
      if (layer->norm.scale->gradient != NULL)
        memcpy (layer->norm.scale->gradient, data_of (layer->scale_gradient), n * sizeof (float));
      memcpy (layer->norm.shift->gradient, data_of (layer->shift_gradient), n * sizeof (float));
    }
  return TRUE;
}
