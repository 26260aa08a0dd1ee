/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <oneapi/dnnl/dnnl.h>

G_BEGIN_DECLS

/*
 * The calls of oneDNN that its versions 2 and 3 spell in different ways: how a memory is described, and how a primitive is.
 * tithe-onednn-2.c and tithe-onednn-3.c each have all of them; the build takes the one that fits. Every other call is the
 * same in both, and tithe-dnn.c makes it itself. Each function returns oneDNN's status; a primitive descriptor is the
 * caller's, to be destroyed.
 *
 * Strides, paddings and windows are the same in both directions of a picture; nothing is dilated.
 */
#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t TitheOnednnDesc;
#define TITHE_ONEDNN_SHIFT_BACKWARD 0 /* whether a normalisation asks for its shift on the way back, which needs none */
#else
typedef const dnnl_memory_desc_t *TitheOnednnDesc;
#define TITHE_ONEDNN_SHIFT_BACKWARD 1
#endif

TitheOnednnDesc tithe_onednn_desc_new               (const gint64 *dims, int n_dims, dnnl_data_type_t type,
                                                     dnnl_format_tag_t tag);
void            tithe_onednn_desc_free              (TitheOnednnDesc desc);
dnnl_status_t   tithe_onednn_append_relu            (dnnl_post_ops_t post_ops);

dnnl_status_t   tithe_onednn_convolution            (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     dnnl_prop_kind_t kind, TitheOnednnDesc source,
                                                     TitheOnednnDesc weights, TitheOnednnDesc bias,
                                                     TitheOnednnDesc target, gint64 stride, gint64 padding,
                                                     const_dnnl_primitive_attr_t attributes);
dnnl_status_t   tithe_onednn_convolution_by_weights (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     TitheOnednnDesc source, TitheOnednnDesc weights,
                                                     TitheOnednnDesc target, gint64 stride, gint64 padding,
                                                     const_dnnl_primitive_desc_t forward);
dnnl_status_t   tithe_onednn_convolution_by_data    (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     TitheOnednnDesc source, TitheOnednnDesc weights,
                                                     TitheOnednnDesc target, gint64 stride, gint64 padding,
                                                     const_dnnl_primitive_desc_t forward);
dnnl_status_t   tithe_onednn_batch_norm             (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     dnnl_prop_kind_t kind, TitheOnednnDesc data, float epsilon,
                                                     unsigned flags);
dnnl_status_t   tithe_onednn_batch_norm_backward    (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     TitheOnednnDesc gradient, TitheOnednnDesc data, float epsilon,
                                                     unsigned flags, const_dnnl_primitive_desc_t forward);
dnnl_status_t   tithe_onednn_pool                   (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     dnnl_prop_kind_t kind, dnnl_alg_kind_t pooling,
                                                     TitheOnednnDesc source, TitheOnednnDesc target, gint64 window);
dnnl_status_t   tithe_onednn_pool_backward          (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     dnnl_alg_kind_t pooling, TitheOnednnDesc source,
                                                     TitheOnednnDesc target, gint64 window,
                                                     const_dnnl_primitive_desc_t forward);
dnnl_status_t   tithe_onednn_relu                   (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     TitheOnednnDesc data);
dnnl_status_t   tithe_onednn_relu_backward          (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     TitheOnednnDesc gradient, TitheOnednnDesc data,
                                                     const_dnnl_primitive_desc_t forward);
dnnl_status_t   tithe_onednn_add                    (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     TitheOnednnDesc a, TitheOnednnDesc b, TitheOnednnDesc target,
                                                     const_dnnl_primitive_attr_t attributes);
dnnl_status_t   tithe_onednn_sum                    (dnnl_primitive_desc_t *primitive, dnnl_engine_t engine,
                                                     TitheOnednnDesc target, int n, const float *scales,
                                                     const TitheOnednnDesc *sources);

G_END_DECLS
