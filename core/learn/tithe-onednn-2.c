/* SPDX-License-Identifier: MIT */
#include "tithe-onednn.h"

/* oneDNN 2: a memory is described by a struct, a primitive by an operation's struct of which a descriptor is made. */

/* (transfer full): numbers of @type in @n_dims dimensions, laid out by @tag; dnnl_format_tag_any leaves that to a primitive. */
TitheOnednnDesc
tithe_onednn_desc_new (const gint64 *dims, int n_dims, dnnl_data_type_t type, dnnl_format_tag_t tag)
{
  dnnl_memory_desc_t *desc = g_new0 (dnnl_memory_desc_t, 1);
  dnnl_dims_t all = { 0 };

  for (int i = 0; i < n_dims; i++)
    all[i] = dims[i];
  dnnl_memory_desc_init_by_tag (desc, n_dims, all, type, tag);
  return desc;
}

/* Of a description that tithe_onednn_desc_new() made; those that oneDNN gives out are its own. */
void
tithe_onednn_desc_free (TitheOnednnDesc desc)
{
  g_free ((dnnl_memory_desc_t *) desc);
}

/* What the primitive makes is replaced by max (x, 0). */
dnnl_status_t
tithe_onednn_append_relu (dnnl_post_ops_t post_ops)
{
  return dnnl_post_ops_append_eltwise (post_ops, 1.0f, dnnl_eltwise_relu, 0.0f, 0.0f);
}

/* The descriptor of what was set up, unless that failed. */
static dnnl_status_t
describe (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_status_t status, const_dnnl_op_desc_t operation,
          const_dnnl_primitive_attr_t attributes, const_dnnl_primitive_desc_t forward)
{
  if (status != dnnl_success)
    return status;
  return dnnl_primitive_desc_create (primitive, operation, attributes, engine, forward);
}

/* @weights: (out channels, in channels, k, k); @bias: (nullable): (out channels) */
dnnl_status_t
tithe_onednn_convolution (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_prop_kind_t kind,
                          TitheOnednnDesc source, TitheOnednnDesc weights, TitheOnednnDesc bias, TitheOnednnDesc target,
                          gint64 stride, gint64 padding, const_dnnl_primitive_attr_t attributes)
{
  const dnnl_dims_t strides = { stride, stride }, paddings = { padding, padding };
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_convolution_forward_desc_init (&operation, kind, dnnl_convolution_auto, source, weights,
                                                             bias, target, strides, paddings, paddings);

  return describe (primitive, engine, status, &operation, attributes, NULL);
}

/* The gradient of the weights, out of the source and the gradient of the target. */
dnnl_status_t
tithe_onednn_convolution_by_weights (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc source,
                                     TitheOnednnDesc weights, TitheOnednnDesc target, gint64 stride, gint64 padding,
                                     const_dnnl_primitive_desc_t forward)
{
  const dnnl_dims_t strides = { stride, stride }, paddings = { padding, padding };
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_convolution_backward_weights_desc_init (
      &operation, dnnl_convolution_auto, source, weights, NULL, target, strides, paddings, paddings);

  return describe (primitive, engine, status, &operation, NULL, forward);
}

/* The gradient of the source, out of the weights and the gradient of the target. */
dnnl_status_t
tithe_onednn_convolution_by_data (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc source,
                                  TitheOnednnDesc weights, TitheOnednnDesc target, gint64 stride, gint64 padding,
                                  const_dnnl_primitive_desc_t forward)
{
  const dnnl_dims_t strides = { stride, stride }, paddings = { padding, padding };
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_convolution_backward_data_desc_init (&operation, dnnl_convolution_auto, source, weights,
                                                                   target, strides, paddings, paddings);

  return describe (primitive, engine, status, &operation, NULL, forward);
}

/* Each channel to mean 0 and variance 1, then by scale and shift; @flags are a set of dnnl_normalization_flags_t. */
dnnl_status_t
tithe_onednn_batch_norm (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_prop_kind_t kind,
                         TitheOnednnDesc data, float epsilon, unsigned flags)
{
  dnnl_batch_normalization_desc_t operation;
  dnnl_status_t status = dnnl_batch_normalization_forward_desc_init (&operation, kind, data, epsilon, flags);

  return describe (primitive, engine, status, &operation, NULL, NULL);
}

/* The gradients of source, scale and shift; @flags as they were on the way there. */
dnnl_status_t
tithe_onednn_batch_norm_backward (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc gradient,
                                  TitheOnednnDesc data, float epsilon, unsigned flags,
                                  const_dnnl_primitive_desc_t forward)
{
  dnnl_batch_normalization_desc_t operation;
  dnnl_status_t status
      = dnnl_batch_normalization_backward_desc_init (&operation, dnnl_backward, gradient, data, epsilon, flags);

  return describe (primitive, engine, status, &operation, NULL, forward);
}

/* Windows side by side; what does not fill one is left out. */
dnnl_status_t
tithe_onednn_pool (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_prop_kind_t kind,
                   dnnl_alg_kind_t pooling, TitheOnednnDesc source, TitheOnednnDesc target, gint64 window)
{
  const dnnl_dims_t windows = { window, window }, none = { 0, 0 };
  dnnl_pooling_desc_t operation;
  dnnl_status_t status
      = dnnl_pooling_forward_desc_init (&operation, kind, pooling, source, target, windows, windows, none, none);

  return describe (primitive, engine, status, &operation, NULL, NULL);
}

/* The gradient of the source; a maximum asks for the workspace of the way there. */
dnnl_status_t
tithe_onednn_pool_backward (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_alg_kind_t pooling,
                            TitheOnednnDesc source, TitheOnednnDesc target, gint64 window,
                            const_dnnl_primitive_desc_t forward)
{
  const dnnl_dims_t windows = { window, window }, none = { 0, 0 };
  dnnl_pooling_desc_t operation;
  dnnl_status_t status
      = dnnl_pooling_backward_desc_init (&operation, pooling, source, target, windows, windows, none, none);

  return describe (primitive, engine, status, &operation, NULL, forward);
}

/* max (x, 0) as a layer, which is only ever a hint for the way back. */
dnnl_status_t
tithe_onednn_relu (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc data)
{
  dnnl_eltwise_desc_t operation;
  dnnl_status_t status = dnnl_eltwise_forward_desc_init (&operation, dnnl_forward_training,
                                                         dnnl_eltwise_relu_use_dst_for_bwd, data, 0.0f, 0.0f);

  return describe (primitive, engine, status, &operation, NULL, NULL);
}

/* The gradient where the result is above 0, else 0; @data is that result. */
dnnl_status_t
tithe_onednn_relu_backward (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc gradient,
                            TitheOnednnDesc data, const_dnnl_primitive_desc_t forward)
{
  dnnl_eltwise_desc_t operation;
  dnnl_status_t status
      = dnnl_eltwise_backward_desc_init (&operation, dnnl_eltwise_relu_use_dst_for_bwd, gradient, data, 0.0f, 0.0f);

  return describe (primitive, engine, status, &operation, NULL, forward);
}

/* a + b of the same shape. */
dnnl_status_t
tithe_onednn_add (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc a, TitheOnednnDesc b,
                  TitheOnednnDesc target, const_dnnl_primitive_attr_t attributes)
{
  dnnl_binary_desc_t operation;
  dnnl_status_t status = dnnl_binary_desc_init (&operation, dnnl_binary_add, a, b, target);

  return describe (primitive, engine, status, &operation, attributes, NULL);
}

/* The sum of @n memories of the same shape, each times its scale. */
dnnl_status_t
tithe_onednn_sum (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc target, int n,
                  const float *scales, const TitheOnednnDesc *sources)
{
  g_autofree dnnl_memory_desc_t *all = g_new (dnnl_memory_desc_t, n);

  for (int i = 0; i < n; i++)
    all[i] = *sources[i];
  return dnnl_sum_primitive_desc_create (primitive, target, n, scales, all, NULL, engine);
}
