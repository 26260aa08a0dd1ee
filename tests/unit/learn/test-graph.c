/* SPDX-License-Identifier: MIT */
#include "base/tithe-lapack.h"
#include "learn/tithe-graph.h"
#include "learn-fixture.h"

#include <math.h>
#include <string.h>

/* --- plain networks in double precision, to compare with --- */

#define BATCH 4
#define CLASSES 3

typedef struct
{
  guint c, h, w;
  double *v; /* BATCH x c x h x w */
} Plain;

static Plain
plain_new (guint c, guint h, guint w)
{
  return (Plain){ c, h, w, g_new0 (double, BATCH *c *h *w) };
}

static double *
at (const Plain *p, guint n, guint c, guint y, guint x)
{
  return &p->v[((n * p->c + c) * p->h + y) * p->w + x];
}

/* A parameter may be moved a little from its value, for finite differences. */
static const TitheParameter *moved;
static gsize moved_at;
static double moved_by;

static double
value_of (const TitheParameter *parameter, gsize i)
{
  return parameter->value[i] + (parameter == moved && i == moved_at ? moved_by : 0);
}

static Plain
plain_convolution (const Plain *in, const TitheParameter *weight, guint stride, guint pad)
{
  const guint k = (guint) weight->dims[2];
  Plain out
      = plain_new ((guint) weight->dims[0], (in->h + 2 * pad - k) / stride + 1, (in->w + 2 * pad - k) / stride + 1);

  for (guint n = 0; n < BATCH; n++)
    for (guint o = 0; o < out.c; o++)
      for (guint y = 0; y < out.h; y++)
        for (guint x = 0; x < out.w; x++)
          for (guint c = 0; c < in->c; c++)
            for (guint i = 0; i < k; i++)
              for (guint j = 0; j < k; j++)
                {
                  guint sy = y * stride + i - pad, sx = x * stride + j - pad; /* below 0 is far above the size */

                  if (sy < in->h && sx < in->w)
                    *at (&out, n, o, y, x)
                        += *at (in, n, c, sy, sx) * value_of (weight, ((o * in->c + c) * k + i) * k + j);
                }
  return out;
}

static void
plain_norm (Plain *p, TitheNetwork *network, const char *prefix, gboolean relu)
{
  const TitheParameter *scale = learn_fixture_find (network, prefix, ".weight"),
                       *shift = learn_fixture_find (network, prefix, ".bias");

  for (guint c = 0; c < p->c; c++)
    {
      double sum = 0, squares = 0, count = BATCH * p->h * p->w, mean, variance;

      for (guint n = 0; n < BATCH; n++)
        for (guint i = 0; i < p->h * p->w; i++)
          sum += at (p, n, c, 0, 0)[i];
      mean = sum / count;
      for (guint n = 0; n < BATCH; n++)
        for (guint i = 0; i < p->h * p->w; i++)
          squares += pow (at (p, n, c, 0, 0)[i] - mean, 2);
      variance = squares / count;
      for (guint n = 0; n < BATCH; n++)
        for (guint i = 0; i < p->h * p->w; i++)
          {
            double *v = &at (p, n, c, 0, 0)[i];

            *v = (*v - mean) / sqrt (variance + 1e-5) * value_of (scale, c) + value_of (shift, c);
            if (relu && *v < 0)
              *v = 0;
          }
    }
}

static Plain
plain_pair (TitheNetwork *network, const Plain *in, const char *prefix, const char *conv, const char *norm,
            guint stride, gboolean relu)
{
  g_autofree char *conv_name = g_strconcat (prefix, conv, NULL), *norm_name = g_strconcat (prefix, norm, NULL);
  const TitheParameter *weight = learn_fixture_find (network, conv_name, ".weight");
  Plain out = plain_convolution (in, weight, stride, (guint) weight->dims[2] / 2);

  plain_norm (&out, network, norm_name, relu);
  return out;
}

static void
replace (Plain *x, Plain next)
{
  g_free (x->v);
  *x = next;
}

/* The largest number of windows, or their mean. */
static Plain
plain_pool (const Plain *in, guint window, gboolean mean)
{
  Plain out = plain_new (in->c, in->h / window, in->w / window);

  for (guint n = 0; n < BATCH; n++)
    for (guint c = 0; c < out.c; c++)
      for (guint y = 0; y < out.h; y++)
        for (guint x = 0; x < out.w; x++)
          {
            double sum = 0, largest = -G_MAXDOUBLE;

            for (guint i = 0; i < window * window; i++)
              {
                double v = *at (in, n, c, y * window + i / window, x * window + i % window);

                sum += v;
                largest = MAX (largest, v);
              }
            *at (&out, n, c, y, x) = mean ? sum / (window * window) : largest;
          }
  return out;
}

static void
plain_resnet (TitheNetwork *network, Plain *x)
{
  replace (x, plain_pair (network, x, "", "conv1", "bn1", 1, TRUE));
  for (guint stage = 0; stage < 3; stage++)
    {
      g_autofree char *prefix = g_strdup_printf ("layer%u.0.", stage + 1);
      guint stride = stage > 0 ? 2 : 1;
      Plain a = plain_pair (network, x, prefix, "conv1", "bn1", stride, TRUE);
      Plain b = plain_pair (network, &a, prefix, "conv2", "bn2", 1, FALSE);
      Plain skip = stride == 2 ? plain_pair (network, x, prefix, "downsample.0", "downsample.1", 2, FALSE) : *x;

      for (gsize i = 0; i < BATCH * b.c * b.h * b.w; i++)
        b.v[i] = MAX (b.v[i] + skip.v[i], 0);
      if (stride == 2)
        g_free (skip.v);
      g_free (a.v);
      replace (x, b);
    }
  replace (x, plain_pool (x, x->h, TRUE));
}

static void
plain_fast (TitheNetwork *network, Plain *x)
{
  replace (x, plain_convolution (x, learn_fixture_find (network, "whiten", ".weight"), 1, 0));
  for (gsize i = 0; i < BATCH * x->c * x->h * x->w; i++)
    x->v[i] = MAX (x->v[i], 0);
  for (guint stage = 0; stage < 3; stage++)
    {
      g_autofree char *prefix = g_strdup_printf ("layer%u.", stage + 1);
      g_autofree char *conv = g_strconcat (prefix, "conv1", NULL), *norm = g_strconcat (prefix, "bn1", NULL);

      replace (x, plain_convolution (x, learn_fixture_find (network, conv, ".weight"), 1, 1));
      replace (x, plain_pool (x, 2, FALSE));
      plain_norm (x, network, norm, TRUE);
      replace (x, plain_pair (network, x, prefix, "conv2", "bn2", 1, TRUE));
    }
  replace (x, plain_pool (x, x->h, FALSE));
}

/* Loss of a batch: mean cross entropy with smoothed labels. */
static double
plain_loss (TitheNetwork *network, const float *input, const guint *labels, double smoothing)
{
  const TitheNetworkShape *shape = tithe_network_get_shape (network);
  const TitheParameter *weight = learn_fixture_find (network, "fc", ".weight"),
                       *bias = learn_fixture_find (network, "fc", ".bias");
  Plain x = plain_new (shape->channels, shape->size, shape->size);
  double loss = 0;

  for (gsize i = 0; i < BATCH * x.c * x.h * x.w; i++)
    x.v[i] = input[i];
  if (shape->kind == TITHE_NETWORK_FAST)
    plain_fast (network, &x);
  else
    plain_resnet (network, &x);
  for (guint n = 0; n < BATCH; n++)
    {
      double logits[CLASSES], sum = 0, mean = 0;

      for (guint k = 0; k < CLASSES; k++)
        {
          logits[k] = value_of (bias, k);
          for (guint c = 0; c < x.c; c++)
            logits[k] += *at (&x, n, c, 0, 0) * value_of (weight, k * x.c + c);
          sum += exp (logits[k]);
          mean += logits[k] / CLASSES;
        }
      loss += log (sum) - (1 - smoothing) * logits[labels[n]] - smoothing * mean;
    }
  g_free (x.v);
  return loss / BATCH;
}

/* --- tests --- */

/* One step of training from one batch, without augmentation: every parameter must move as the plain network's finite
 * differences, decay and momentum say. The gradients of every kind of layer are in it. */
static void
check_gradients (const TitheNetworkShape *shape)
{
  g_autoptr (TitheNetwork) network = tithe_network_new (shape, 3);
  GPtrArray *parameters = tithe_network_get_parameters (network);
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheDnn) dnn = tithe_network_build (network, BATCH, TRUE, FALSE, &error);
  TitheParameter *weight = tithe_network_get_head_weight (network), *bias = tithe_network_get_head_bias (network);
  const guint dim = tithe_network_get_dim (network), labels[BATCH] = { 0, 2, 1, 2 };
  const double smoothing = 0.1;
  const float *features;
  double loss = 0, worst = 0;

  g_assert_no_error (error);
  if (tithe_network_get_patch_size (network) > 0)
    {
      double covariance[12 * 12];

      for (guint i = 0; i < 12 * 12; i++)
        covariance[i] = i % 13 == 0 ? 1 + i / 13 * 0.1 : 0.2;
      g_assert_true (tithe_network_whiten (network, covariance, NULL));
      /* Channels that go through as they are would have equal zeros side by side, where a maximum has no one gradient. */
      for (guint i = 0; i < parameters->len; i++)
        {
          TitheParameter *parameter = g_ptr_array_index (parameters, i);

          for (gsize j = 0; parameter->gradient != NULL && parameter->n_dims == 4 && j < parameter->n; j++)
            parameter->value[j] += (float) g_rand_double_range (rand, -0.2, 0.2);
        }
    }
  for (gsize i = 0; i < BATCH * shape->channels * shape->size * shape->size; i++)
    tithe_dnn_get_input (dnn)[i] = (float) g_rand_double_range (rand, -1, 1);
  g_assert_true (tithe_dnn_forward (dnn, &error));
  features = tithe_dnn_get_output (dnn);
  memset (tithe_dnn_get_output_gradient (dnn), 0, BATCH * dim * sizeof (float));
  for (guint n = 0; n < BATCH; n++)
    {
      double logits[CLASSES], sum = 0;

      for (guint k = 0; k < CLASSES; k++)
        {
          logits[k] = bias->value[k];
          for (guint c = 0; c < dim; c++)
            logits[k] += features[n * dim + c] * weight->value[k * dim + c];
          sum += exp (logits[k]);
        }
      for (guint k = 0; k < CLASSES; k++)
        {
          double target = smoothing / CLASSES + (k == labels[n] ? 1 - smoothing : 0);
          double gradient = (exp (logits[k]) / sum - target) / BATCH;

          loss += target * (log (sum) - logits[k]) / BATCH;
          for (guint c = 0; c < dim; c++)
            tithe_dnn_get_output_gradient (dnn)[n * dim + c] += (float) (gradient * weight->value[k * dim + c]);
        }
    }
  g_assert_cmpfloat_with_epsilon (loss, plain_loss (network, tithe_dnn_get_input (dnn), labels, smoothing), 1e-5);
  g_assert_true (tithe_dnn_backward (dnn, &error));
  for (guint i = 0; i < parameters->len; i++)
    {
      const TitheParameter *parameter = g_ptr_array_index (parameters, i);

      if (parameter->gradient == NULL || g_str_has_prefix (parameter->name, "fc."))
        continue;
      for (guint s = 0; s < 6; s++)
        {
          double above, below, expected;

          moved = parameter;
          moved_at = (gsize) g_rand_int_range (rand, 0, (gint32) parameter->n);
          moved_by = 1e-5;
          above = plain_loss (network, tithe_dnn_get_input (dnn), labels, smoothing);
          moved_by = -1e-5;
          below = plain_loss (network, tithe_dnn_get_input (dnn), labels, smoothing);
          moved = NULL;
          expected = (above - below) / 2e-5;
          worst = MAX (worst, fabs (expected - parameter->gradient[moved_at]));
          if (fabs (expected - parameter->gradient[moved_at]) > 2e-4 + 2e-3 * fabs (expected))
            g_error ("%s[%zu]: %g, expected %g", parameter->name, moved_at, (double) parameter->gradient[moved_at],
                     expected);
        }
    }
  g_test_message ("gradients differ by at most %g", worst);
}

static void
test_gradients_are_those_of_a_plain_network (LearnFixture *fixture, gconstpointer data)
{
  check_gradients (&(TitheNetworkShape){ TITHE_NETWORK_RESNET, 8, 4, 3, 8, CLASSES });
  check_gradients (&(TitheNetworkShape){ TITHE_NETWORK_FAST, 8, 8, 3, 16, CLASSES });
}

/* Whitened patches have the unit matrix for their covariance, in every direction that is kept. */
static void
test_patches_are_whitened (LearnFixture *fixture, gconstpointer data)
{
  TitheNetworkShape shape = { TITHE_NETWORK_FAST, 8, 8, 3, 32, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  const TitheParameter *weight = learn_fixture_find (network, "whiten", ".weight");
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  double factor[144], covariance[144] = { 0 };

  for (guint i = 0; i < 144; i++)
    factor[i] = g_rand_double_range (rand, -1, 1);
  for (guint i = 0; i < 144; i++)
    for (guint k = 0; k < 12; k++)
      covariance[i] += factor[i / 12 * 12 + k] * factor[i % 12 * 12 + k];
  for (guint i = 0; i < 12; i++)
    covariance[13 * i] += 1; /* far from singular */
  g_assert_true (tithe_network_whiten (network, covariance, NULL));
  for (guint i = 0; i < 24; i++)
    for (guint j = 0; j < 24; j++)
      {
        double sum = 0, expected = i == j ? 1 : i % 12 == j % 12 ? -1 : 0;

        for (guint k = 0; k < 144; k++)
          sum += weight->value[i * 12 + k / 12] * covariance[k] * weight->value[j * 12 + k % 12];
        g_assert_cmpfloat_with_epsilon (sum, expected, 2e-3);
      }
}

/* A covariance with a NaN has no directions: said, and the layer left as it was. */
static void
test_whitening_that_fails_is_an_error (LearnFixture *fixture, gconstpointer data)
{
  TitheNetworkShape shape = { TITHE_NETWORK_FAST, 8, 8, 3, 32, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  const TitheParameter *weight = learn_fixture_find (network, "whiten", ".weight");
  g_autofree float *before = g_memdup2 (weight->value, weight->n * sizeof (float));
  double covariance[144] = { NAN };
  GError *error = NULL;

  g_assert_false (tithe_network_whiten (network, covariance, &error));
  fixture_assert_error (error, TITHE_LAPACK_ERROR, TITHE_LAPACK_ERROR_FAILED, "12 numbers");
  g_assert_cmpmem (weight->value, weight->n * sizeof (float), before, weight->n * sizeof (float));
}

/* What a network says does not change when normalisation is folded into its weights. */
static void
test_inference_is_that_of_running_statistics (LearnFixture *fixture, gconstpointer data)
{
  const TitheNetworkKind kinds[] = { TITHE_NETWORK_RESNET, TITHE_NETWORK_FAST };

  for (guint i = 0; i < 2; i++)
    {
      TitheNetworkShape shape = { kinds[i], 8, 8, 1, 16, 2 };
      g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
      const guint dim = tithe_network_get_dim (network);
      g_autoptr (TitheDnn) training = tithe_network_build (network, 1024, TRUE, FALSE, NULL);
      g_autoptr (TitheDnn) inference = tithe_network_build (network, 1024, FALSE, FALSE, NULL);
      g_autoptr (GRand) rand = g_rand_new_with_seed (i);

      for (guint p = 0; p < 1024 * 16 * 16; p++)
        tithe_dnn_get_input (training)[p] = tithe_dnn_get_input (inference)[p]
            = (float) g_rand_double_range (rand, -2, 2);
      if (kinds[i] == TITHE_NETWORK_FAST)
        {
          const double covariance[16] = { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1 };

          g_assert_true (tithe_network_whiten (network, covariance, NULL));
        }
      for (guint round = 0; round < 120; round++) /* until the running statistics are the batch's */
        g_assert_true (tithe_dnn_forward (training, NULL));
      g_assert_true (tithe_dnn_forward (inference, NULL));
      for (guint j = 0; j < 1024 * dim; j++)
        g_assert_cmpfloat_with_epsilon (tithe_dnn_get_output (training)[j], tithe_dnn_get_output (inference)[j], 0.02);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  tithe_run_use_threads (1);
  LEARN_ADD ("/graph/gradients", test_gradients_are_those_of_a_plain_network);
  LEARN_ADD ("/graph/whitened", test_patches_are_whitened);
  LEARN_ADD ("/graph/whitening-fails", test_whitening_that_fails_is_an_error);
  LEARN_ADD ("/graph/inference", test_inference_is_that_of_running_statistics);
  return g_test_run ();
}
