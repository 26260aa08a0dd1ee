/* SPDX-License-Identifier: MIT */
#include "tithe-trainer.h"
#include "base/tithe-random.h"
#include "tithe-checkpoint.h"
#include "tithe-graph.h"
#include "tithe-run.h"
#include "tithe-streams-private.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Units of work of a picture that is learned from; one that is only looked at takes one. */
#define LEARNING 3
/* Pictures whose patches are looked at before learning. */
#define WHITEN_PICTURES 2000

typedef struct
{
  TitheNetwork *network;
  TithePictureSet *pictures;
  const guint32 *images;
  gsize n_images;
  const TitheTrainSettings *settings;
  guint batch;
  TitheDnn *dnn;
  GPtrArray *velocities; /* float arrays, NULL for what is not learned */
  guint32 *order;
  float *class_weights;
  float *logits;    /* batch x classes */
  float *staged[2]; /* batches that are ready and in work */
  gsize step, n_steps;
  double loss; /* summed over the epoch */
  gsize n_right;
} Training;

/* Fisher and Yates's shuffle, the same for an epoch however often it is begun. */
static void
shuffle (Training *training, guint epoch)
{
  TitheRandom random = tithe_random_new (training->settings->seed, TITHE_STREAM_ORDER, epoch);

  for (gsize i = 0; i < training->n_images; i++)
    training->order[i] = training->images[i];
  for (gsize i = training->n_images; i-- > 1;)
    {
      gsize j = tithe_random_below (&random, (guint32) i + 1);
      guint32 image = training->order[i];

      training->order[i] = training->order[j];
      training->order[j] = image;
    }
}

typedef struct
{
  Training *training;
  guint epoch;
  gsize first; /* in the order */
  float *out;
} Staging;

static gpointer
stage (gpointer data)
{
  const Staging *staging = data;
  const Training *training = staging->training;
  const guint size = tithe_picture_set_get_size (training->pictures);
  const gsize picture = tithe_picture_set_get_n_numbers (training->pictures);

  for (guint i = 0; i < training->batch; i++)
    {
      guint32 image = training->order[staging->first + i];
      TitheMove move = tithe_train_move (training->settings, size, staging->epoch, image);

      tithe_picture_set_fill (training->pictures, image, tithe_network_get_pixel_mean (training->network),
                              tithe_network_get_pixel_scale (training->network), &move, staging->out + i * picture);
    }
  return NULL;
}

/* Rare classes count for more, by the square root of how rare they are; over all pictures the mean is 1. */
static void
weigh_classes (Training *training)
{
  TitheDataset *dataset = tithe_picture_set_get_dataset (training->pictures);
  const guint k = tithe_network_get_shape (training->network)->n_classes;
  g_autofree gsize *counts = g_new0 (gsize, k);
  double sum = 0;

  training->class_weights = g_new0 (float, k);
  for (gsize i = 0; i < training->n_images; i++)
    counts[tithe_dataset_get_label (dataset, training->images[i])]++;
  for (guint c = 0; c < k; c++)
    sum += sqrt ((double) counts[c]);
  for (guint c = 0; c < k; c++)
    if (counts[c] > 0)
      training->class_weights[c] = (float) ((double) training->n_images / sum / sqrt ((double) counts[c]));
}

/* Finds out in which directions patches vary, for a network that wants to know. */
static gboolean
whiten (const Training *training, GError **error)
{
  TithePictureSet *pictures = training->pictures;
  const guint side = tithe_network_get_patch_size (training->network), size = tithe_picture_set_get_size (pictures);
  const guint channels = tithe_picture_set_get_channels (pictures), stride = side / 2;
  const gsize d = (gsize) channels * side * side, n = MIN (training->n_images, WHITEN_PICTURES);
  g_autofree float *picture = g_new (float, (gsize) channels *size *size), *patch = g_new (float, d);
  g_autofree double *covariance = g_new0 (double, d *d);
  double count = 0;

  if (side == 0)
    return TRUE;
  for (gsize i = 0; i < n; i++)
    {
      tithe_picture_set_fill (pictures, training->images[i * training->n_images / n],
                              tithe_network_get_pixel_mean (training->network),
                              tithe_network_get_pixel_scale (training->network), NULL, picture);
      for (guint y = 0; y + side <= size; y += stride)
        for (guint x = 0; x + side <= size; x += stride, count++)
          {
            for (gsize j = 0; j < d; j++)
              patch[j] = picture[(j / (side * side) * size + y + j / side % side) * size + x + j % side];
            for (gsize j = 0; j < d; j++)
              for (gsize k = 0; k <= j; k++)
                covariance[j * d + k] += (double) patch[j] * (double) patch[k];
          }
    }
  for (gsize j = 0; j < d; j++)
    for (gsize k = 0; k <= j; k++)
      covariance[k * d + j] = covariance[j * d + k] /= count;
  return tithe_network_whiten (training->network, covariance, error);
}

/* Softmax and cross entropy with smoothed labels: adds the loss up and makes the logits their own gradient. */
static void
take_loss (Training *training, gsize first)
{
  TitheDataset *dataset = tithe_picture_set_get_dataset (training->pictures);
  const guint k = tithe_network_get_shape (training->network)->n_classes;
  const double off = training->settings->smoothing / k, on = 1 - training->settings->smoothing + off;

  for (guint i = 0; i < training->batch; i++)
    {
      float *row = training->logits + (gsize) i * k;
      guint label = tithe_dataset_get_label (dataset, training->order[first + i]), best = 0;
      double sum = 0, largest, mean = 0, weight = training->class_weights[label];

      for (guint c = 1; c < k; c++)
        best = row[c] > row[best] ? c : best;
      largest = row[best];
      for (guint c = 0; c < k; c++)
        {
          sum += exp (row[c] - largest);
          mean += row[c];
        }
      training->n_right += best == label;
      training->loss += weight * (largest + log (MAX (sum, 1.0)) - (on - off) * row[label] - off * mean);
      for (guint c = 0; c < k; c++)
        row[c] = (float) (weight * (exp (row[c] - largest) / sum - (c == label ? on : off)) / training->batch);
    }
}

/* The head is a matrix product: logits = features x weight' + bias, and back. */
static void
run_head (Training *training, gsize first)
{
  const blasint n = (blasint) training->batch, dim = (blasint) tithe_network_get_dim (training->network);
  const blasint k = (blasint) tithe_network_get_shape (training->network)->n_classes;
  TitheParameter *weight = tithe_network_get_head_weight (training->network);
  TitheParameter *bias = tithe_network_get_head_bias (training->network);
  const float *features = tithe_dnn_get_output (training->dnn);

  for (blasint i = 0; i < n; i++)
    memcpy (training->logits + i * k, bias->value, (gsize) k * sizeof (float));
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, k, dim, 1.0f, features, dim, weight->value, dim, 1.0f,
               training->logits, k);
  take_loss (training, first);
  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, k, dim, n, (float) training->settings->head_rate,
               training->logits, k, features, dim, 0.0f, weight->gradient, dim);
  memset (bias->gradient, 0, bias->n * sizeof (float));
  for (blasint i = 0; i < n; i++)
    for (blasint c = 0; c < k; c++)
      bias->gradient[c] += training->logits[i * k + c];
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, n, dim, k, 1.0f, training->logits, k, weight->value, dim,
               0.0f, tithe_dnn_get_output_gradient (training->dnn), dim);
}

/* One cycle: up in a fifth of the steps, down to nothing in the rest. */
static double
rate_at (const Training *training, gsize step)
{
  double place = ((double) step + 0.5) / (double) training->n_steps;

  return training->settings->rate * (place < 0.2 ? place / 0.2 : (1 - place) / 0.8);
}

static void
descend (Training *training)
{
  GPtrArray *parameters = tithe_network_get_parameters (training->network);
  const float rate = (float) rate_at (training, training->step), momentum = (float) training->settings->momentum;

  for (guint i = 0; i < parameters->len; i++)
    {
      TitheParameter *parameter = g_ptr_array_index (parameters, i);
      float *velocity = g_ptr_array_index (training->velocities, i);
      const float decay = tithe_parameter_decays (parameter) ? (float) training->settings->decay : 0.0f;

      for (gsize j = 0; velocity != NULL && j < parameter->n; j++)
        {
          float gradient = parameter->gradient[j] + decay * parameter->value[j];

          velocity[j] = momentum * velocity[j] + gradient;
          parameter->value[j] -= rate * (gradient + momentum * velocity[j]);
        }
    }
}

static gboolean
run_epoch (Training *training, guint epoch, TitheJob *job, GError **error)
{
  const gsize steps = MIN (training->n_images / training->batch, training->n_steps - training->step);
  const gsize batch_bytes = training->batch * tithe_picture_set_get_n_numbers (training->pictures) * sizeof (float);
  Staging staging = { training, epoch, 0, training->staged[0] };
  gboolean ok = TRUE;

  training->loss = 0;
  training->n_right = 0;
  shuffle (training, epoch);
  stage (&staging);
  for (gsize s = 0; ok && s < steps; s++)
    {
      GThread *ahead = NULL;

      memcpy (tithe_dnn_get_input (training->dnn), training->staged[s % 2], batch_bytes);
      staging = (Staging){ training, epoch, (s + 1) * training->batch, training->staged[(s + 1) % 2] };
      if (s + 1 < steps)
        ahead = g_thread_new ("tithe-augment", stage, &staging);
      ok = tithe_job_check (job, error) && tithe_dnn_forward (training->dnn, error);
      if (ok)
        run_head (training, s * training->batch);
      ok = ok && tithe_dnn_backward (training->dnn, error);
      if (ok)
        descend (training);
      training->step++;
      if (ahead != NULL)
        g_thread_join (ahead);
      tithe_job_advance (job, LEARNING * (guint64) training->batch);
    }
  return ok;
}

static void
training_clear (Training *training)
{
  g_clear_pointer (&training->dnn, tithe_dnn_free);
  g_clear_pointer (&training->velocities, g_ptr_array_unref);
  g_free (training->order);
  g_free (training->class_weights);
  g_free (training->logits);
  g_free (training->staged[0]);
  g_free (training->staged[1]);
}

/* What a network knows of the pictures before it learns; one that goes on has it from its checkpoint. */
static gboolean
look_at_pictures (const Training *training, GError **error)
{
  tithe_picture_set_measure (training->pictures, training->images, training->n_images,
                             tithe_network_get_pixel_mean (training->network),
                             tithe_network_get_pixel_scale (training->network));
  return whiten (training, error);
}

static gboolean
training_init (Training *training, GError **error)
{
  GPtrArray *parameters = tithe_network_get_parameters (training->network);
  const TitheNetworkShape *shape = tithe_network_get_shape (training->network);
  const gsize picture = tithe_picture_set_get_n_numbers (training->pictures);

  training->batch = (guint) MIN (training->settings->batch, training->n_images);
  training->n_steps = tithe_train_count_steps (training->settings, training->n_images);
  training->velocities = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < parameters->len; i++)
    {
      const TitheParameter *parameter = g_ptr_array_index (parameters, i);

      g_ptr_array_add (training->velocities, parameter->gradient ? g_new0 (float, parameter->n) : NULL);
    }
  training->order = g_new (guint32, training->n_images);
  training->logits = g_new (float, (gsize) training->batch * shape->n_classes);
  for (guint i = 0; i < 2; i++)
    training->staged[i] = g_new0 (float, training->batch *picture);
  training->dnn = tithe_network_build (training->network, training->batch, TRUE, training->settings->bfloat16, error);
  return training->dnn != NULL;
}

/* Pictures that the network never learns from. */
typedef struct
{
  TithePictureSet *pictures; /* (nullable) */
  const guint32 *images;
  gsize n;
} Test;

/* Learns one epoch, the first being 0, and says what it came to. */
static gboolean
learn_epoch (Training *training, guint number, const Test *test, TitheEpoch *epoch, TitheJob *job, GError **error)
{
  const gsize first_step = training->step;
  const gint64 began = g_get_monotonic_time ();
  const TitheTrainSettings *settings = training->settings;
  double seen;

  if (!run_epoch (training, number, job, error))
    return FALSE;
  seen = (double) ((training->step - first_step) * training->batch);
  epoch->epoch = number + 1;
  epoch->images_per_second = seen / ((double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC);
  epoch->loss = training->loss / seen;
  epoch->accuracy = (double) training->n_right / seen;
  epoch->test_accuracy = -1;
  if (test->pictures == NULL)
    return TRUE;
  if (!tithe_network_test (training->network, test->pictures, test->images, test->n, settings->n_threads,
                           settings->bfloat16, &epoch->test_accuracy, NULL, NULL, error))
    return FALSE;
  tithe_job_advance (job, test->n);
  return TRUE;
}

/* All epochs that are not done yet. */
static gboolean
learn_epochs (Training *training, const Test *test, const char *checkpoint, TitheEpochFunc func, gpointer user_data,
              TitheJob *job, GError **error)
{
  const gsize of_epoch = MAX (1, training->n_images / training->batch), n_test = test->pictures ? test->n : 0;
  TitheEpoch epoch = { .n_epochs = (guint) ((training->n_steps + of_epoch - 1) / of_epoch) };
  g_auto (TitheCheckpointOwner) owner = { 0 };
  guint first = 0;

  if (checkpoint != NULL)
    {
      tithe_checkpoint_owner_init (&owner, tithe_picture_set_get_dataset (training->pictures), training->images,
                                   training->n_images, training->settings);
      if (!tithe_checkpoint_read (checkpoint, training->network, training->velocities, &owner, epoch.n_epochs, &first,
                                  error))
        return FALSE;
    }
  if (first == 0 && !look_at_pictures (training, error))
    return FALSE;
  training->step = MIN (training->n_steps, first * of_epoch);
  tithe_job_start (job, _("Learning"), LEARNING * training->n_steps * training->batch + epoch.n_epochs * n_test);
  tithe_job_resume (job, LEARNING * training->step * training->batch + first * n_test);
  for (guint e = first; e < epoch.n_epochs; e++)
    {
      if (!learn_epoch (training, e, test, &epoch, job, error))
        return FALSE;
      if (checkpoint != NULL
          && !tithe_checkpoint_write (checkpoint, training->network, training->velocities, &owner, e + 1, error))
        return FALSE;
      if (func != NULL)
        func (&epoch, user_data);
    }
  return TRUE;
}

/**
 * tithe_train:
 * @pictures: brought to the network's size
 * @images: (array length=n_images): those to learn from, two at least; broken ones must not be among them
 * @test: (nullable): pictures that the network never learns from
 * @test_images: (nullable) (array length=n_test): which of them
 * @checkpoint: (nullable): file that is written after each epoch, and that a run of the same pictures and settings goes on
 *   from
 * @func: (nullable): told of each epoch, in this thread
 * @job: (nullable): progress over all epochs; cancelled, the network keeps what it learned so far
 *
 * Learns to tell the classes apart. The same pictures, seed and number of threads end with the same bytes, interrupted or
 * not.
 *
 * Returns: %FALSE with a %TITHE_DNN_ERROR, a %TITHE_LAPACK_ERROR, a %TITHE_CHECKPOINT_ERROR, or %G_IO_ERROR_CANCELLED
 */
gboolean
tithe_train (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images, gsize n_images,
             TithePictureSet *test, const guint32 *test_images, gsize n_test, const TitheTrainSettings *settings,
             const char *checkpoint, TitheEpochFunc func, gpointer user_data, TitheJob *job, GError **error)
{
  Training training
      = { .network = network, .pictures = pictures, .images = images, .n_images = n_images, .settings = settings };
  const Test tested = { test, test_images, n_test };
  gboolean ok;

  g_return_val_if_fail (n_images >= 2, FALSE);

  tithe_run_use_threads (settings->n_threads);
  weigh_classes (&training);
  ok = training_init (&training, error) && learn_epochs (&training, &tested, checkpoint, func, user_data, job, error);
  training_clear (&training);
  return ok;
}

/**
 * tithe_train_measure:
 * @network: of the size that is wanted; what it has learned is left alone
 * @job: (nullable): asked for cancellation
 *
 * Goes a few steps forwards and back on noise, for about a second and a half.
 *
 * Returns: images a second that the network would learn from here; 0 with an error
 */
double
tithe_train_measure (TitheNetwork *network, const TitheTrainSettings *settings, TitheJob *job, GError **error)
{
  const TitheNetworkShape *shape = tithe_network_get_shape (network);
  g_autoptr (TitheDnn) dnn = NULL;
  TitheRandom random = tithe_random_new (1, 0, 0);
  gint64 began = 0;
  guint rounds = 0;

  tithe_run_use_threads (settings->n_threads);
  dnn = tithe_network_build (network, settings->batch, TRUE, settings->bfloat16, error);
  if (dnn == NULL)
    return 0;
  for (gsize i = 0; i < (gsize) settings->batch * shape->channels * shape->size * shape->size; i++)
    tithe_dnn_get_input (dnn)[i] = (float) (4 * tithe_random_unit (&random) - 2);
  for (gsize i = 0; i < (gsize) settings->batch * tithe_network_get_dim (network); i++)
    tithe_dnn_get_output_gradient (dnn)[i] = (float) (tithe_random_unit (&random) - 0.5) / 100;
  do
    {
      if (!tithe_job_check (job, error) || !tithe_dnn_forward (dnn, error) || !tithe_dnn_backward (dnn, error))
        return 0;
      rounds++;
      if (rounds == 2 && began == 0) /* the first ones set things up */
        {
          began = g_get_monotonic_time ();
          rounds = 0;
        }
    }
  while (began == 0 || rounds == 0 || g_get_monotonic_time () - began < 1.5 * G_USEC_PER_SEC);
  return (double) settings->batch * rounds / ((double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC);
}
