/* SPDX-License-Identifier: MIT */
#include "base/tithe-lapack.h"
#include "learn/tithe-graph.h"
#include "learn/tithe-learn.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

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

static TitheParameter *
find (TitheNetwork *network, const char *prefix, const char *name)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);
  g_autofree char *full = g_strconcat (prefix, name, NULL);

  for (guint i = 0; i < parameters->len; i++)
    if (g_str_equal (((TitheParameter *) g_ptr_array_index (parameters, i))->name, full))
      return g_ptr_array_index (parameters, i);
  g_error ("no parameter %s", full);
}

/* A parameter may stand a little beside its value, for finite differences. */
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
  const TitheParameter *scale = find (network, prefix, ".weight"), *shift = find (network, prefix, ".bias");

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
  const TitheParameter *weight = find (network, conv_name, ".weight");
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
  replace (x, plain_convolution (x, find (network, "whiten", ".weight"), 1, 0));
  for (gsize i = 0; i < BATCH * x->c * x->h * x->w; i++)
    x->v[i] = MAX (x->v[i], 0);
  for (guint stage = 0; stage < 3; stage++)
    {
      g_autofree char *prefix = g_strdup_printf ("layer%u.", stage + 1);
      g_autofree char *conv = g_strconcat (prefix, "conv1", NULL), *norm = g_strconcat (prefix, "bn1", NULL);

      replace (x, plain_convolution (x, find (network, conv, ".weight"), 1, 1));
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
  const TitheParameter *weight = find (network, "fc", ".weight"), *bias = find (network, "fc", ".bias");
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

/* --- fixtures --- */

typedef struct
{
  char *folder;
  TitheDataset *dataset;
} Fixture;

static void
open_images (Fixture *fixture)
{
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->dataset, tithe_dataset_unref);
  fixture->dataset = tithe_dataset_open (images, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->dataset, tithe_dataset_unref);
  fixture_remove (fixture->folder);
}

static void
make_images (Fixture *fixture, guint n_classes, guint n_images)
{
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);

  fixture_write_classes (images, n_classes, n_images);
  open_images (fixture);
}

static TitheLearnOptions
small_options (void)
{
  TitheLearnOptions options;

  tithe_learn_options_init (&options, "resnet8");
  options.width = 4;
  options.size = 16;
  options.train.n_threads = 2;
  options.train.epochs = 4;
  options.train.batch = 8;
  options.train.bfloat16 = FALSE;
  return options;
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
test_gradients_are_those_of_a_plain_network (Fixture *fixture, gconstpointer data)
{
  check_gradients (&(TitheNetworkShape){ TITHE_NETWORK_RESNET, 8, 4, 3, 8, CLASSES });
  check_gradients (&(TitheNetworkShape){ TITHE_NETWORK_FAST, 8, 8, 3, 16, CLASSES });
}

/* Whitened patches have the unit matrix for their covariance, in every direction that is kept. */
static void
test_patches_are_whitened (Fixture *fixture, gconstpointer data)
{
  TitheNetworkShape shape = { TITHE_NETWORK_FAST, 8, 8, 3, 32, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  const TitheParameter *weight = find (network, "whiten", ".weight");
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

/* What a network says does not change when normalisation is folded into its weights. */
static void
test_inference_is_that_of_running_statistics (Fixture *fixture, gconstpointer data)
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

/* tithe_train()'s step is Nesterov's, checked by hand on the head's bias, whose gradient is known in closed form. */
static void
test_a_step_is_nesterovs (Fixture *fixture, gconstpointer data)
{
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autoptr (TithePictureSet) pictures = NULL;
  TitheLearnOptions options = small_options ();
  const guint32 images[] = { 0, 1, 2, 3 };
  double gradient;
  TitheParameter *weight = tithe_network_get_head_weight (network), *bias = tithe_network_get_head_bias (network);
  g_autoptr (GError) error = NULL;

  make_images (fixture, 2, 2);
  pictures = tithe_picture_set_load (fixture->dataset, 16, 3, 1, NULL, &error);
  g_assert_no_error (error);
  /* With a head of zeros both classes have one half: the gradient of the bias is the sum of (1/2 - label) over 4. */
  memset (weight->value, 0, weight->n * sizeof (float));
  bias->value[0] = 0.5f;
  bias->value[1] = 0.5f;
  options.train.epochs = 1;
  options.train.batch = 3; /* one step of three: two of one class */
  options.train.smoothing = 0;
  options.train.momentum = 0.9;
  options.train.rate = 0.1;
  g_assert_true (
      tithe_train (network, pictures, images, 3, NULL, NULL, 0, &options.train, NULL, NULL, NULL, NULL, &error));
  /* Images 0, 1 are of class 0 and 2 of class 1, which weigh 3 / (√2 + 1) / √2 and 3 / (√2 + 1); no decay on biases; the
   * rate in the middle of the only step is 0.1 x (1 - 0.5) / 0.8; the first step moves by (1 + momentum) x gradient. */
  gradient = (-2 / sqrt (2) + 1) / 2 / (sqrt (2) + 1);
  g_assert_cmpfloat_with_epsilon (bias->value[0], 0.5 - 0.0625 * 1.9 * gradient, 1e-6);
  g_assert_cmpfloat_with_epsilon (bias->value[1], 0.5 + 0.0625 * 1.9 * gradient, 1e-6);
}

static void
count_epochs (const TitheEpoch *epoch, gpointer user_data)
{
  *(TitheEpoch *) user_data = *epoch;
}

static void
test_learns_and_repeats_itself (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autoptr (GBytes) first = NULL, second = NULL, other = NULL;
  g_autoptr (TitheNetwork) a = NULL, b = NULL, c = NULL;
  g_autoptr (GError) error = NULL;
  TitheEpoch last = { 0 };

  make_images (fixture, 2, 24);
  a = tithe_learn (fixture->dataset, &options, count_epochs, &last, &first, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (last.epoch, ==, 4);
  g_assert_true (isfinite (last.loss));
  g_assert_cmpuint (g_bytes_get_size (first), ==, 48 * 16 * sizeof (float));
  b = tithe_learn (fixture->dataset, &options, NULL, NULL, &second, NULL, &error);
  g_assert_true (g_bytes_equal (first, second));
  options.train.seed = 2;
  c = tithe_learn (fixture->dataset, &options, NULL, NULL, &other, NULL, &error);
  g_assert_false (g_bytes_equal (first, other));
}

typedef struct
{
  TitheJob *job;
  guint stop_after;
} Interruption;

static void
interrupt (const TitheEpoch *epoch, gpointer user_data)
{
  Interruption *interruption = user_data;

  if (--interruption->stop_after == 0)
    tithe_job_cancel (interruption->job);
}

/* Four epochs without a tenth, four with everything: stopped in either. */
static void
check_interruption (Fixture *fixture, guint stop_after, GBytes *whole)
{
  TitheLearnOptions options = small_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL);
  g_autofree char *held_out = g_strconcat (checkpoint, "-held-out", NULL);
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  Interruption interruption = { job, stop_after };
  g_autoptr (GBytes) rest = NULL;
  g_autoptr (TitheNetwork) b = NULL;
  g_autoptr (GError) error = NULL;
  TitheEpoch last = { 0 };

  options.checkpoint = checkpoint;
  g_assert_null (tithe_learn (fixture->dataset, &options, interrupt, &interruption, &rest, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (g_file_test (held_out, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS) == (stop_after > 4));
  b = tithe_learn (fixture->dataset, &options, count_epochs, &last, &rest, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (whole, rest));
  tithe_learn_forget (&options);
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (held_out, G_FILE_TEST_EXISTS));
}

static void
test_interrupted_run_ends_the_same (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GError) error = NULL;

  make_images (fixture, 2, 24);
  network = tithe_learn (fixture->dataset, &options, NULL, NULL, &whole, NULL, &error);
  g_assert_no_error (error);
  check_interruption (fixture, 2, whole);
  check_interruption (fixture, 6, whole);
}

static void
sum_epochs (const TitheEpoch *epoch, gpointer user_data)
{
  guint *n = user_data;

  n[epoch->held_out]++;
  g_assert_true (epoch->held_out == (epoch->test_accuracy >= 0));
}

/* Stops a learning of @dataset after an epoch; its checkpoint is read into @contents. */
static void
leave_unfinished (TitheDataset *dataset, const TitheLearnOptions *options, char **contents, gsize *size)
{
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  Interruption interruption = { job, 2 };
  g_autoptr (GBytes) rows = NULL;

  g_assert_null (tithe_learn (dataset, options, interrupt, &interruption, &rows, job, NULL));
  g_assert_true (g_file_get_contents (options->checkpoint, contents, size, NULL));
}

static void
assert_left_alone (TitheDataset *dataset, const TitheLearnOptions *options, const char *part)
{
  g_autofree char *before = NULL, *after = NULL;
  gsize n_before, n_after;
  g_autoptr (GBytes) rows = NULL;
  GError *error = NULL;

  g_assert_true (g_file_get_contents (options->checkpoint, &before, &n_before, NULL));
  g_assert_null (tithe_learn (dataset, options, NULL, NULL, &rows, NULL, &error));
  g_assert_nonnull (strstr (error->message, options->checkpoint));
  fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_OTHER, part);
  g_assert_true (g_file_get_contents (options->checkpoint, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

static TitheDataset *
make_other (Fixture *fixture, const char *name, guint32 seed)
{
  g_autofree char *folder = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  TitheDataset *dataset;

  for (guint i = 0; i < 16; i++)
    {
      g_autofree char *file = g_strdup_printf ("c%u/%04u.png", i / 8, i % 8);

      fixture_write_picture (folder, file, 12 + seed % 5, 12, seed + i);
    }
  dataset = tithe_dataset_open (folder, NULL, &error);
  g_assert_no_error (error);
  return dataset;
}

/* The same number of pictures and the same settings, and yet another dataset: its weights are not gone on with. */
static void
test_unfinished_learning_belongs_to_its_dataset (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL), *contents = NULL;
  g_autoptr (TitheDataset) ours = make_other (fixture, "ours", 1), other = make_other (fixture, "other", 102);
  g_autoptr (TitheDataset) namesake = make_other (fixture, "elsewhere/ours", 203);
  gsize size;

  options.checkpoint = checkpoint;
  options.hold_out = FALSE;
  leave_unfinished (ours, &options, &contents, &size);
  assert_left_alone (other, &options, "is of the dataset “ours”, not of “other”");
  assert_left_alone (namesake, &options, "is of a dataset “ours” with other images or labels");
}

static void
test_unfinished_learning_belongs_to_its_settings (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options (), changed;
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL), *contents = NULL;
  g_autofree char *broken = NULL;
  gsize size;

  make_images (fixture, 2, 8);
  options.checkpoint = checkpoint;
  options.hold_out = FALSE;
  leave_unfinished (fixture->dataset, &options, &contents, &size);
  changed = options;
  changed.train.epochs = 7;
  assert_left_alone (fixture->dataset, &changed, "begun with “epochs 4”, not 7");
  changed = options;
  changed.train.seed = 5;
  assert_left_alone (fixture->dataset, &changed, "begun with “seed 1”, not 5");
  changed = options;
  changed.train.steps = 3;
  assert_left_alone (fixture->dataset, &changed, "other settings");
  changed = options;
  changed.width = 8;
  assert_left_alone (fixture->dataset, &changed, "another network");
  /* A picture that can't be read any more, one that can be again: the same number, of the same size on disk. */
  broken = g_build_filename (fixture->folder, "images", "c0", "0003.png", NULL);
  g_assert_true (g_file_get_contents (broken, &contents, &size, NULL));
  memset (contents, 0, size);
  g_assert_true (g_file_set_contents (broken, contents, (gssize) size, NULL));
  assert_left_alone (fixture->dataset, &options, "begun with “images 16”, not 15");
}

/* A checkpoint as earlier programs wrote it says nothing of a dataset, and is not taken for anybody's. */
static void
test_checkpoint_without_a_dataset_is_left_alone (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL);

  make_images (fixture, 2, 8);
  options.checkpoint = checkpoint;
  options.hold_out = FALSE;
  g_assert_true (tithe_network_write (network, checkpoint, NULL));
  assert_left_alone (fixture->dataset, &options, "does not say which dataset");
}

/* What was learned is not forgotten before it is where it belongs. */
static void
test_checkpoint_stays_until_it_is_forgotten (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL);
  g_autoptr (GBytes) rows = NULL, again = NULL;
  g_autoptr (TitheNetwork) a = NULL, b = NULL;
  g_autoptr (GError) error = NULL;
  TitheEpoch last = { 0 };

  make_images (fixture, 2, 8);
  options.checkpoint = checkpoint;
  a = tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  b = tithe_learn (fixture->dataset, &options, count_epochs, &last, &again, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (last.epoch, ==, 0); /* nothing was left to learn */
  g_assert_true (g_bytes_equal (rows, again));
  tithe_learn_forget (&options);
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
}

/* Progress of decoding, embedding and learning, seen by whoever watches: never more than whole, and forwards only. */
static void
watch (const TitheEpoch *epoch, gpointer user_data)
{
  double fraction = tithe_job_get_fraction (user_data);

  g_assert_cmpfloat_with_epsilon (fraction, (double) epoch->epoch / epoch->n_epochs, 1e-9);
}

static void
test_progress_is_that_of_the_epochs (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  g_autoptr (GError) error = NULL;

  make_images (fixture, 2, 40); /* more than one chunk to decode */
  network = tithe_learn (fixture->dataset, &options, watch, job, &rows, job, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (tithe_job_get_fraction (job), ==, 1);
}

/* Without a test split a first run goes without a tenth; the last run learns from everything. */
static void
test_score_is_of_a_held_out_tenth (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autoptr (GBytes) with = NULL, without = NULL;
  g_autoptr (TitheNetwork) a = NULL, b = NULL;
  guint n[2] = { 0 };

  make_images (fixture, 2, 20);
  a = tithe_learn (fixture->dataset, &options, sum_epochs, n, &with, NULL, NULL);
  g_assert_cmpuint (n[0], ==, 4);
  g_assert_cmpuint (n[1], ==, 4);
  options.hold_out = FALSE;
  b = tithe_learn (fixture->dataset, &options, sum_epochs, n, &without, NULL, NULL);
  g_assert_cmpuint (n[0], ==, 8);
  g_assert_cmpuint (n[1], ==, 4);
  g_assert_true (g_bytes_equal (with, without));
}

static void
test_network_survives_its_file (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autofree char *path = g_build_filename (fixture->folder, "n.safetensors", NULL);
  g_autoptr (GBytes) rows = NULL, again = NULL;
  g_autoptr (TitheNetwork) network = NULL, read = NULL;
  g_autoptr (GError) error = NULL;

  make_images (fixture, 2, 10);
  network = tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tithe_network_write (network, path, &error));
  read = tithe_network_read (path, &error);
  g_assert_no_error (error);
  again = tithe_learn_apply (read, fixture->dataset, 2, FALSE, NULL, &error);
  g_assert_true (g_bytes_equal (rows, again));
}

static void
test_lying_network_files_are_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *from, *to; /* of the same length: offsets stay */
  } lies[] = {
    { "[2,16]", "[2,17]" },       { "\"F32\"", "\"I32\"" },
    { "width 4", "width 8" },     { "conv1.weight", "conv9.weight" },
    { "resnet8", "resnet9" },     { "classes 2", "classes 3" },
    { "classes 2", "classes 9" }, { "width 4 channels 3 size 16 classes 2", "width 99 channels 3 size 8 classes 2" }
  };
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autofree char *path = g_build_filename (fixture->folder, "n.safetensors", NULL), *contents = NULL;
  gsize size;

  g_assert_true (tithe_network_write (network, path, NULL));
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *lying = g_memdup2 (contents, size);
      char *place = g_strstr_len (lying + 8, (gssize) size - 8, lies[i].from);
      GError *error = NULL;

      g_assert_nonnull (place);
      memcpy (place, lies[i].to, strlen (lies[i].to));
      g_free (fixture_write (fixture->folder, "lie.safetensors", lying, (gssize) size));
      g_free (path);
      path = g_build_filename (fixture->folder, "lie.safetensors", NULL);
      g_assert_null (tithe_network_read (path, &error));
      fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_FORMAT, "lie.safetensors");
    }
  g_free (fixture_write (fixture->folder, "lie.safetensors", contents, (gssize) size - 5));
  g_assert_null (tithe_network_read (path, NULL));
  g_free (fixture_write (fixture->folder, "lie.safetensors", "\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10));
  g_assert_null (tithe_network_read (path, NULL));
}

/* Texts of the metadata that are numbers, objects, nothing: these crashed. */
static void
test_networks_of_odd_metadata_are_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const metadata[]
      = { "{\"tithe.shape\": 5}",
          "{\"tithe.settings\": 5}",
          "{\"tithe.shape\": null}",
          "{\"tithe.shape\": {\"x\": 1}}",
          "{\"tithe.shape\": [\"resnet8 width 4 channels 3 size 16 classes 2\"]}",
          "{\"tithe.shape\": true, \"tithe.dataset\": 5}",
          "{\"tithe.dataset\": \"x\", \"tithe.dataset_name\": 7, \"tithe.settings\": [5]}",
          "5",
          "[]" };
  TitheLearnOptions options = small_options ();
  g_autofree char *path = g_build_filename (fixture->folder, "odd.safetensors", NULL);

  make_images (fixture, 2, 4);
  options.checkpoint = path;
  options.hold_out = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (metadata); i++)
    {
      g_autofree char *header = g_strdup_printf ("{\"__metadata__\": %s}", metadata[i]);
      g_autoptr (GString) file = g_string_new (header);
      const guint64 length = GUINT64_TO_LE ((guint64) file->len);
      g_autoptr (GBytes) rows = NULL;
      GError *error = NULL;

      g_string_prepend_len (file, (const char *) &length, 8);
      g_free (fixture_write (fixture->folder, "odd.safetensors", file->str, (gssize) file->len));
      g_assert_null (tithe_network_read (path, &error));
      fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_FORMAT, "odd.safetensors");
      g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
      fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_OTHER, "odd.safetensors");
    }
}

/* A checkpoint that is ours by its words but lies about how far it is, or lacks a velocity. */
static void
test_lying_checkpoints_are_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *from, *to; /* of the same length: offsets stay */
  } lies[] = { { "epochs_done\":\"2\"", "epochs_done\":\"9\"" },
               { "epochs_done\":\"2\"", "epochs_done\":\"0\"" },
               { "epochs_done\":\"2\"", "epochs_done\":\"-\"" },
               { "epochs_done\":\"2\"", "epochs_gone\":\"2\"" },
               { "velocity.fc.bias", "velocity.fc.bios" } };
  TitheLearnOptions options = small_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL), *contents = NULL;
  gsize size;

  make_images (fixture, 2, 8);
  options.checkpoint = checkpoint;
  options.hold_out = FALSE;
  leave_unfinished (fixture->dataset, &options, &contents, &size);
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *lying = g_memdup2 (contents, size);
      char *place = g_strstr_len (lying + 8, (gssize) size - 8, lies[i].from);
      g_autoptr (GBytes) rows = NULL;
      GError *error = NULL;

      g_assert_nonnull (place);
      memcpy (place, lies[i].to, strlen (lies[i].to));
      g_free (fixture_write (fixture->folder, "run.checkpoint", lying, (gssize) size));
      g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
      fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_FORMAT, "run.checkpoint");
    }
}

/* Each number is finite, their products are not: nothing is written that isn't a number. */
static void
test_network_without_finite_numbers_is_refused (Fixture *fixture, gconstpointer data)
{
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 8, 4, 3, 16, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  GPtrArray *parameters = tithe_network_get_parameters (network);
  GError *error = NULL;

  make_images (fixture, 2, 4);
  for (guint i = 0; i < parameters->len; i++)
    {
      TitheParameter *parameter = g_ptr_array_index (parameters, i);

      for (gsize j = 0; parameter->n_dims == 4 && j < parameter->n; j++)
        parameter->value[j] *= 1e30f;
    }
  g_assert_null (tithe_learn_apply (network, fixture->dataset, 1, FALSE, NULL, &error));
  fixture_assert_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_NOT_FINITE, "no finite numbers for “c");
}

/* A covariance with a NaN has no directions: said, and the layer left as it was. */
static void
test_whitening_that_fails_is_an_error (Fixture *fixture, gconstpointer data)
{
  TitheNetworkShape shape = { TITHE_NETWORK_FAST, 8, 8, 3, 32, 2 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  const TitheParameter *weight = find (network, "whiten", ".weight");
  g_autofree float *before = g_memdup2 (weight->value, weight->n * sizeof (float));
  double covariance[144] = { NAN };
  GError *error = NULL;

  g_assert_false (tithe_network_whiten (network, covariance, &error));
  fixture_assert_error (error, TITHE_LAPACK_ERROR, TITHE_LAPACK_ERROR_FAILED, "12 numbers");
  g_assert_cmpmem (weight->value, weight->n * sizeof (float), before, weight->n * sizeof (float));
}

static void
test_what_cannot_be_learned (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autofree char *flat = g_build_filename (fixture->folder, "flat", NULL);
  g_autoptr (TitheDataset) unlabelled = NULL;
  g_autoptr (GBytes) rows = NULL;
  GError *error = NULL;

  fixture_write_picture (flat, "1.png", 8, 8, 1);
  fixture_write_picture (flat, "2.png", 8, 8, 2);
  unlabelled = tithe_dataset_open (flat, NULL, NULL);
  g_assert_null (tithe_learn (unlabelled, &options, NULL, NULL, &rows, NULL, &error));
  fixture_assert_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_UNLABELLED, "no labels");
  make_images (fixture, 1, 3);
  g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
  fixture_assert_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_UNLABELLED, "one class");
}

/* Two pictures, pictures that are all the same, a broken one among them, a small class beside a large one. */
static void
test_odd_data_has_an_outcome (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autoptr (GError) error = NULL;

  for (guint round = 0; round < 4; round++)
    {
      g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);
      g_autoptr (TitheNetwork) network = NULL;
      g_autoptr (GBytes) rows = NULL;
      const float *values;

      for (guint i = 0; i < (round == 0 ? 1u : 9u); i++)
        {
          g_autofree char *name = g_strdup_printf ("a/%u.png", i);

          fixture_write_picture (images, name, 8, 8, round == 1 ? 7 : i);
        }
      fixture_write_picture (images, "b/0.png", 8, 8, 7);
      if (round >= 2)
        g_free (fixture_write (images, "a/3.png", "broken", -1));
      open_images (fixture);
      network = tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error);
      g_assert_no_error (error);
      values = g_bytes_get_data (rows, NULL);
      for (gsize i = 0; i < g_bytes_get_size (rows) / sizeof (float); i++)
        g_assert_true (isfinite (values[i]));
      for (gsize j = 0; round >= 2 && j < 16; j++)
        g_assert_cmpfloat (values[3 * 16 + j], ==, 0.0f);
    }
}

/* How many numbers there are is known before the network is. */
static void
test_numbers_are_counted (Fixture *fixture, gconstpointer data)
{
  const TitheNetworkShape shapes[] = { { TITHE_NETWORK_RESNET, 20, 16, 3, 32, 10 },
                                       { TITHE_NETWORK_RESNET, 8, 5, 1, 8, 3 },
                                       { TITHE_NETWORK_FAST, 8, 32, 3, 96, 10 },
                                       { TITHE_NETWORK_FAST, 8, 8, 1, 32, 7 } };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (TitheNetwork) network = tithe_network_new (&shapes[i], 1);
      GPtrArray *parameters = tithe_network_get_parameters (network);
      guint64 n = 0;

      for (guint p = 0; p < parameters->len; p++)
        n += ((const TitheParameter *) g_ptr_array_index (parameters, p))->n;
      g_assert_cmpuint (n, ==, tithe_network_shape_count (&shapes[i]));
    }
}

/* A disk that is full when a checkpoint is written: an error, and no part of a file; a later run goes on. */
static void
test_full_disk_at_a_checkpoint (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "run.checkpoint", NULL);
  struct rlimit full = { 4096, RLIM_INFINITY }, room;
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  g_autoptr (GDir) dir = NULL;
  GError *error = NULL;

  make_images (fixture, 2, 4);
  options.checkpoint = checkpoint;
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &room);
  setrlimit (RLIMIT_FSIZE, &full);
  g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
  setrlimit (RLIMIT_FSIZE, &room);
  fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_WRITE, "run.checkpoint");
  dir = g_dir_open (fixture->folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    g_assert_cmpstr (name, ==, "images");
  network = tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error);
  g_assert_no_error (error);
}

/* Killed without a warning, at three moments, and started again: the same bytes as a run that was let be. */
static void
test_killed_run_ends_the_same (Fixture *fixture, gconstpointer data)
{
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);
  g_autofree char *path = g_build_filename (fixture->folder, "f.npy", NULL);
  g_autofree char *whole_path = g_build_filename (fixture->folder, "whole.npy", NULL);
  g_autofree char *checkpoint = g_strconcat (path, ".checkpoint", NULL), *whole = NULL, *rest = NULL;
  gsize n, n_rest;
  g_autoptr (GError) error = NULL;

  make_images (fixture, 2, 24);
  for (guint kills = 0; kills <= 3; kills++)
    {
      const char *target = kills == 0 ? whole_path : path;
      g_autoptr (GSubprocess) process = g_subprocess_new (
          G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, g_getenv ("TITHE_CLI"),
          "embed", images, "-o", target, "--method", "learn", "--model", "resnet8", "--width", "4", "--epochs", "30",
          "--size", "16", "--threads", "1", "--no-held-out", NULL);

      g_assert_no_error (error);
      if (kills == 0 || kills == 3)
        {
          g_assert_true (g_subprocess_wait_check (process, NULL, &error));
          continue;
        }
      while (!g_file_test (checkpoint, G_FILE_TEST_EXISTS) && g_subprocess_get_identifier (process) != NULL)
        g_usleep (1000);
      g_usleep (15000 * kills);
      g_subprocess_send_signal (process, SIGKILL);
      g_subprocess_wait (process, NULL, NULL);
    }
  g_assert_true (g_file_get_contents (whole_path, &whole, &n, NULL));
  g_assert_true (g_file_get_contents (path, &rest, &n_rest, NULL));
  g_assert_cmpmem (whole, n, rest, n_rest);
}

static int
embed (const char *images, const char *target, char **message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, g_getenv ("TITHE_CLI"), "embed",
      images, "-o", target, "--method", "learn", "--model", "resnet8", "--width", "4", "--epochs", "40", "--size", "16",
      "--threads", "1", "--no-held-out", NULL);

  g_assert_no_error (error);
  if (message == NULL)
    {
      g_autofree char *checkpoint = g_strconcat (target, ".checkpoint", NULL);

      while (!g_file_test (checkpoint, G_FILE_TEST_EXISTS) && g_subprocess_get_identifier (process) != NULL)
        g_usleep (1000);
      g_subprocess_send_signal (process, SIGKILL);
      g_subprocess_wait (process, NULL, NULL);
      return -1;
    }
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, message, &error));
  return g_subprocess_get_exit_status (process);
}

/* embed A is killed; embed B to the same file does not go on with A's weights, and leaves them to A. */
static void
test_killed_embed_of_one_dataset_is_not_anothers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) a = make_other (fixture, "alpha", 1), b = make_other (fixture, "beta", 102);
  g_autofree char *alpha = g_build_filename (fixture->folder, "alpha", NULL);
  g_autofree char *beta = g_build_filename (fixture->folder, "beta", NULL);
  g_autofree char *target = g_build_filename (fixture->folder, "f.npy", NULL);
  g_autofree char *whole = g_build_filename (fixture->folder, "whole.npy", NULL);
  g_autofree char *checkpoint = g_strconcat (target, ".checkpoint", NULL);
  g_autofree char *refused = NULL, *said = NULL, *said_of_whole = NULL, *before = NULL, *after = NULL, *expected = NULL;
  gsize n_before, n_after, n_expected;

  embed (alpha, target, NULL);
  g_assert_true (g_file_get_contents (checkpoint, &before, &n_before, NULL));
  g_assert_cmpint (embed (beta, target, &refused), ==, 1);
  g_assert_nonnull (strstr (refused, "f.npy.checkpoint"));
  g_assert_nonnull (strstr (refused, "is of the dataset “alpha”, not of “beta”"));
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (checkpoint, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
  g_clear_pointer (&after, g_free);
  g_assert_cmpint (embed (alpha, target, &said), ==, 0);
  g_assert_false (g_file_test (checkpoint, G_FILE_TEST_EXISTS));
  g_assert_cmpint (embed (alpha, whole, &said_of_whole), ==, 0);
  g_assert_true (g_file_get_contents (target, &after, &n_after, NULL));
  g_assert_true (g_file_get_contents (whole, &expected, &n_expected, NULL));
  g_assert_cmpmem (after, n_after, expected, n_expected);
}

/* A checkpoint that can't be written is an error that names it. */
static void
test_checkpoint_without_a_place (Fixture *fixture, gconstpointer data)
{
  TitheLearnOptions options = small_options ();
  g_autofree char *checkpoint = g_build_filename (fixture->folder, "no", "place.checkpoint", NULL);
  g_autoptr (GBytes) rows = NULL;
  GError *error = NULL;

  make_images (fixture, 2, 4);
  options.checkpoint = checkpoint;
  g_assert_null (tithe_learn (fixture->dataset, &options, NULL, NULL, &rows, NULL, &error));
  fixture_assert_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_WRITE, "place.checkpoint");
}

#define ADD(path, function) g_test_add ("/learn/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("gradients", test_gradients_are_those_of_a_plain_network);
  ADD ("whitened", test_patches_are_whitened);
  ADD ("inference", test_inference_is_that_of_running_statistics);
  ADD ("step", test_a_step_is_nesterovs);
  ADD ("repeats-itself", test_learns_and_repeats_itself);
  ADD ("interrupted", test_interrupted_run_ends_the_same);
  ADD ("unfinished/dataset", test_unfinished_learning_belongs_to_its_dataset);
  ADD ("unfinished/settings", test_unfinished_learning_belongs_to_its_settings);
  ADD ("unfinished/of-nobody", test_checkpoint_without_a_dataset_is_left_alone);
  ADD ("unfinished/forgotten", test_checkpoint_stays_until_it_is_forgotten);
  ADD ("unfinished/lying", test_lying_checkpoints_are_refused);
  ADD ("progress", test_progress_is_that_of_the_epochs);
  ADD ("odd-metadata", test_networks_of_odd_metadata_are_refused);
  ADD ("not-finite", test_network_without_finite_numbers_is_refused);
  ADD ("whitening-fails", test_whitening_that_fails_is_an_error);
  ADD ("held-out", test_score_is_of_a_held_out_tenth);
  ADD ("network-file", test_network_survives_its_file);
  ADD ("lying-network-files", test_lying_network_files_are_refused);
  ADD ("what-cannot-be-learned", test_what_cannot_be_learned);
  ADD ("odd-data", test_odd_data_has_an_outcome);
  ADD ("numbers", test_numbers_are_counted);
  ADD ("full-disk", test_full_disk_at_a_checkpoint);
  ADD ("killed", test_killed_run_ends_the_same);
  ADD ("killed-of-another-dataset", test_killed_embed_of_one_dataset_is_not_anothers);
  ADD ("checkpoint-without-a-place", test_checkpoint_without_a_place);
  return g_test_run ();
}
