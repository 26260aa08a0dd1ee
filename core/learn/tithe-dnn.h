/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TITHE_DNN_ERROR (tithe_dnn_error_quark ())

typedef enum
{
  TITHE_DNN_ERROR_UNSUPPORTED, /* oneDNN refuses a primitive */
  TITHE_DNN_ERROR_FAILED,      /* oneDNN fails while it runs */
} TitheDnnError;

/**
 * TitheParameter:
 * @name: as PyTorch would call it
 * @dims: in PyTorch's order; those beyond @n_dims are 1
 * @n: numbers in all
 * @value: (array length=n): row-major
 * @gradient: (nullable) (array length=n): of the loss, set by tithe_dnn_backward(); %NULL for what is not learned
 *
 * What a network learns, or for batch normalisation what it keeps count of.
 */
typedef struct
{
  char *name;
  guint n_dims;
  gint64 dims[4];
  gsize n;
  float *value;
  float *gradient;
} TitheParameter;

/* What a batch normalisation works with; each has the channels' number. A scale without a gradient stays as it is. */
typedef struct
{
  TitheParameter *scale, *shift, *mean, *variance;
} TitheNorm;

/**
 * TitheDnn:
 *
 * A network for batches of one size, put together of oneDNN's primitives: forwards, and for training backwards. Layouts
 * are those that oneDNN chooses; what goes in and comes out, and all parameters, are plain. This is the only place that
 * calls oneDNN.
 */
typedef struct _TitheDnn TitheDnn;

/* What lies between two layers; a number that the functions below give out. */
typedef guint TitheDnnTensor;

GQuark          tithe_dnn_error_quark         (void);
gboolean        tithe_dnn_has_bfloat16        (void);

TitheDnn       *tithe_dnn_new                 (guint batch, gboolean training, gboolean bfloat16);
void            tithe_dnn_free                (TitheDnn *self);

TitheDnnTensor  tithe_dnn_add_input           (TitheDnn *self, guint channels, guint height, guint width);
TitheDnnTensor  tithe_dnn_add_convolution     (TitheDnn *self, TitheDnnTensor source, TitheParameter *weight, guint stride,
                                               guint padding, const TitheNorm *norm, gboolean relu);
TitheDnnTensor  tithe_dnn_add_batch_norm      (TitheDnn *self, TitheDnnTensor source, const TitheNorm *norm, gboolean relu);
TitheDnnTensor  tithe_dnn_add_sum_relu        (TitheDnn *self, TitheDnnTensor a, TitheDnnTensor b);
TitheDnnTensor  tithe_dnn_add_max_pool        (TitheDnn *self, TitheDnnTensor source, guint window);
TitheDnnTensor  tithe_dnn_add_mean            (TitheDnn *self, TitheDnnTensor source);
TitheDnnTensor  tithe_dnn_add_max             (TitheDnn *self, TitheDnnTensor source);
gboolean        tithe_dnn_finish              (TitheDnn *self, GError **error);

float          *tithe_dnn_get_input           (TitheDnn *self);
const float    *tithe_dnn_get_output          (TitheDnn *self);
float          *tithe_dnn_get_output_gradient (TitheDnn *self);
gboolean        tithe_dnn_forward             (TitheDnn *self, GError **error);
gboolean        tithe_dnn_backward            (TitheDnn *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheDnn, tithe_dnn_free)

G_END_DECLS
