/* SPDX-License-Identifier: MIT */
#include "tithe-onednn.h"

/* oneDNN 3: a memory's description is an object, a primitive's is made in one call. */

/* (transfer full): numbers of @type in @n_dims dimensions, laid out by @tag; dnnl_format_tag_any leaves that to a primitive. */
TitheOnednnDesc
tithe_onednn_desc_new (const gint64 *dims, int n_dims, dnnl_data_type_t type, dnnl_format_tag_t tag)
{
  dnnl_memory_desc_t desc = NULL;
  dnnl_dims_t all = { 0 };

  for (int i = 0; i < n_dims; i++)
    all[i] = dims[i];
  dnnl_memory_desc_create_with_tag (&desc, n_dims, all, type, tag);
  return desc;
}

/* Of a description that tithe_onednn_desc_new() made; those that oneDNN gives out are its own. */
void
tithe_onednn_desc_free (TitheOnednnDesc desc)
{
  dnnl_memory_desc_destroy ((dnnl_memory_desc_t) desc);
}

/* What the primitive makes is replaced by max (x, 0). */
dnnl_status_t
tithe_onednn_append_relu (dnnl_post_ops_t post_ops)
{
  return dnnl_post_ops_append_eltwise (post_ops, dnnl_eltwise_relu, 0.0f, 0.0f);
}

/* @weights: (out channels, in channels, k, k); @bias: (nullable): (out channels) */
dnnl_status_t
tithe_onednn_convolution (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_prop_kind_t kind,
                          TitheOnednnDesc source, TitheOnednnDesc weights, TitheOnednnDesc bias, TitheOnednnDesc target,
                          gint64 stride, gint64 padding, const_dnnl_primitive_attr_t attributes)
{
  const dnnl_dims_t strides = { stride, stride }, paddings = { padding, padding }, none = { 0, 0 };

  return dnnl_convolution_forward_primitive_desc_create (primitive, engine, kind, dnnl_convolution_auto, source,
                                                         weights, bias, target, strides, none, paddings, paddings,
                                                         attributes);
}

/* The gradient of the weights, out of the source and the gradient of the target. */
dnnl_status_t
tithe_onednn_convolution_by_weights (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc source,
                                     TitheOnednnDesc weights, TitheOnednnDesc target, gint64 stride, gint64 padding,
                                     const_dnnl_primitive_desc_t forward)
{
  const dnnl_dims_t strides = { stride, stride }, paddings = { padding, padding }, none = { 0, 0 };

  return dnnl_convolution_backward_weights_primitive_desc_create (primitive, engine, dnnl_convolution_auto, source,
                                                                  weights, NULL, target, strides, none, paddings,
                                                                  paddings, forward, NULL);
}

/* The gradient of the source, out of the weights and the gradient of the target. */
dnnl_status_t
tithe_onednn_convolution_by_data (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc source,
                                  TitheOnednnDesc weights, TitheOnednnDesc target, gint64 stride, gint64 padding,
                                  const_dnnl_primitive_desc_t forward)
{
  const dnnl_dims_t strides = { stride, stride }, paddings = { padding, padding }, none = { 0, 0 };

  return dnnl_convolution_backward_data_primitive_desc_create (primitive, engine, dnnl_convolution_auto, source,
                                                               weights, target, strides, none, paddings, paddings,
                                                               forward, NULL);
}

/* Each channel to mean 0 and variance 1, then by scale and shift; @flags are a set of dnnl_normalization_flags_t. */
dnnl_status_t
tithe_onednn_batch_norm (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_prop_kind_t kind,
                         TitheOnednnDesc data, float epsilon, unsigned flags)
{
  return dnnl_batch_normalization_forward_primitive_desc_create (primitive, engine, kind, data, data, epsilon, flags,
                                                                 NULL);
}

/* The gradients of source, scale and shift; @flags as they were on the way there. */
dnnl_status_t
tithe_onednn_batch_norm_backward (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc gradient,
                                  TitheOnednnDesc data, float epsilon, unsigned flags,
                                  const_dnnl_primitive_desc_t forward)
{
  return dnnl_batch_normalization_backward_primitive_desc_create (primitive, engine, dnnl_backward, data, gradient,
                                                                  data, epsilon, flags, forward, NULL);
}

/* Windows side by side; what does not fill one is left out. */
dnnl_status_t
tithe_onednn_pool (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_prop_kind_t kind,
                   dnnl_alg_kind_t pooling, TitheOnednnDesc source, TitheOnednnDesc target, gint64 window)
{
  const dnnl_dims_t windows = { window, window }, none = { 0, 0 };

  return dnnl_pooling_forward_primitive_desc_create (primitive, engine, kind, pooling, source, target, windows, windows,
                                                     none, none, none, NULL);
}

/* The gradient of the source; a maximum asks for the workspace of the way there. */
dnnl_status_t
tithe_onednn_pool_backward (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, dnnl_alg_kind_t pooling,
                            TitheOnednnDesc source, TitheOnednnDesc target, gint64 window,
                            const_dnnl_primitive_desc_t forward)
{
  const dnnl_dims_t windows = { window, window }, none = { 0, 0 };

  return dnnl_pooling_backward_primitive_desc_create (primitive, engine, pooling, source, target, windows, windows,
                                                      none, none, none, forward, NULL);
}

/* max (x, 0) as a layer, which is only ever a hint for the way back. */
dnnl_status_t
tithe_onednn_relu (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc data)
{
  return dnnl_eltwise_forward_primitive_desc_create (primitive, engine, dnnl_forward_training,
                                                     dnnl_eltwise_relu_use_dst_for_bwd, data, data, 0.0f, 0.0f, NULL);
}

/* The gradient where the result is above 0, else 0; @data is that result. */
dnnl_status_t
tithe_onednn_relu_backward (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc gradient,
                            TitheOnednnDesc data, const_dnnl_primitive_desc_t forward)
{
  return dnnl_eltwise_backward_primitive_desc_create (primitive, engine, dnnl_eltwise_relu_use_dst_for_bwd, data,
                                                      gradient, data, 0.0f, 0.0f, forward, NULL);
}

/* a + b of the same shape. */
dnnl_status_t
tithe_onednn_add (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc a, TitheOnednnDesc b,
                  TitheOnednnDesc target, const_dnnl_primitive_attr_t attributes)
{
  return dnnl_binary_primitive_desc_create (primitive, engine, dnnl_binary_add, a, b, target, attributes);
}

/* The sum of @n memories of the same shape, each times its scale. */
dnnl_status_t
tithe_onednn_sum (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine, TitheOnednnDesc target, int n,
                  const float *scales, const TitheOnednnDesc *sources)
{
  return dnnl_sum_primitive_desc_create (primitive, engine, target, n, scales, sources, NULL);
}
