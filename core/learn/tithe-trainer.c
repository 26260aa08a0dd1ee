/* SPDX-License-Identifier: MIT */
#include "tithe-trainer.h"
#include "tithe-checkpoint.h"
#include "base/tithe-random.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#define EMBED_BATCH 250
/* What random numbers are for. */
#define STREAM_ORDER 1
#define STREAM_MIRROR 2
#define STREAM_AUGMENT 3 /* and one for each further epoch */
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

/**
 * tithe_train_settings_init:
 *
 * What serves a dataset like CIFAR-10.
 */
void
tithe_train_settings_init (TitheTrainSettings *settings)
{
  *settings = (TitheTrainSettings){ .epochs = 12,
                                    .batch = 128,
                                    .rate = 0.2,
                                    .momentum = 0.9,
                                    .decay = 5e-4,
                                    .smoothing = 0.1,
                                    .head_rate = 1,
                                    .shift = 0.125,
                                    .seed = 1,
                                    .n_threads = 1,
                                    .bfloat16 = FALSE };
}

/**
 * tithe_train_count_steps:
 * @n_images: that are learned from
 *
 * Returns: batches that a training learns from; what of an epoch does not fill a batch is left out
 */
gsize
tithe_train_count_steps (const TitheTrainSettings *settings, gsize n_images)
{
  const gsize batch = MAX (1, MIN (settings->batch, n_images));

  return settings->steps > 0 ? settings->steps : settings->epochs * (n_images / batch);
}

static gsize
picture_numbers (TithePictureSet *pictures)
{
  const gsize size = tithe_picture_set_get_size (pictures);

  return size * size * tithe_picture_set_get_channels (pictures);
}

/* Fisher and Yates's shuffle, the same for an epoch however often it is begun. */
static void
shuffle (Training *training, guint epoch)
{
  TitheRandom random = tithe_random_new (training->settings->seed, STREAM_ORDER, epoch);

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

/**
 * tithe_train_move:
 * @size: of the picture's side
 *
 * Returns: what is done to a picture in an epoch. Whether it is mirrored changes from one epoch to the next, so that both
 *   of its faces are seen equally often.
 */
TitheMove
tithe_train_move (const TitheTrainSettings *settings, guint size, guint epoch, guint32 image)
{
  TitheRandom mirror = tithe_random_new (settings->seed, STREAM_MIRROR, image);
  TitheRandom place = tithe_random_new (settings->seed, STREAM_AUGMENT + (guint64) epoch, image);
  const int reach = (int) (settings->shift * size);
  int dx = (int) tithe_random_below (&place, (guint32) (2 * reach + 1)) - reach;
  int dy = (int) tithe_random_below (&place, (guint32) (2 * reach + 1)) - reach;

  return (TitheMove){ dx, dy, ((tithe_random_next (&mirror) >> 63) ^ epoch) & 1 };
}

static gpointer
stage (gpointer data)
{
  const Staging *staging = data;
  const Training *training = staging->training;
  const guint size = tithe_picture_set_get_size (training->pictures);
  const gsize picture = picture_numbers (training->pictures);

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
static void
whiten (const Training *training)
{
  TithePictureSet *pictures = training->pictures;
  const guint side = tithe_network_get_patch_size (training->network), size = tithe_picture_set_get_size (pictures);
  const guint channels = tithe_picture_set_get_channels (pictures), stride = side / 2;
  const gsize d = (gsize) channels * side * side, n = MIN (training->n_images, WHITEN_PICTURES);
  g_autofree float *picture = g_new (float, (gsize) channels *size *size), *patch = g_new (float, d);
  g_autofree double *covariance = g_new0 (double, d *d);
  double count = 0;

  if (side == 0)
    return;
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
  tithe_network_whiten (training->network, covariance);
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
  const gsize batch_bytes = training->batch * picture_numbers (training->pictures) * sizeof (float);
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
      tithe_job_advance (job, training->batch);
    }
  return ok;
}

static void
training_clear (Training *training)
{
  g_clear_pointer (&training->dnn, tithe_dnn_free);
  g_ptr_array_unref (training->velocities);
  g_free (training->order);
  g_free (training->class_weights);
  g_free (training->logits);
  g_free (training->staged[0]);
  g_free (training->staged[1]);
}

static gboolean
training_init (Training *training, GError **error)
{
  GPtrArray *parameters = tithe_network_get_parameters (training->network);
  const TitheNetworkShape *shape = tithe_network_get_shape (training->network);
  const gsize picture = picture_numbers (training->pictures);

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

static void
use_threads (guint n_threads)
{
  omp_set_num_threads ((int) MAX (1, n_threads));
  openblas_set_num_threads (1);
}

static double
test_network (TitheNetwork *network, TithePictureSet *test, const guint32 *images, gsize n,
              const TitheTrainSettings *settings, TitheJob *job, GError **error)
{
  g_autofree float *rows = g_new (float, n *tithe_network_get_dim (network));

  if (!tithe_network_embed (network, test, images, n, settings->n_threads, settings->bfloat16, rows, job, error))
    return -2;
  return tithe_network_score (network, test, images, n, rows, NULL, NULL);
}

/**
 * tithe_train:
 * @pictures: brought to the network's size
 * @images: (array length=n_images): those to learn from, two at least; broken ones must not be among them
 * @test: (nullable): pictures that the network never learns from
 * @checkpoint: (nullable): file that is written after each epoch, and that a run with the same settings goes on from
 * @func: (nullable): told of each epoch, in this thread
 * @job: (nullable): progress over all epochs; cancelled, the network keeps what it learned so far
 *
 * Learns to tell the classes apart. The same seed and number of threads end with the same bytes, interrupted or not.
 *
 * Returns: %FALSE with a %TITHE_DNN_ERROR, an error of the checkpoint, or %G_IO_ERROR_CANCELLED
 */
gboolean
tithe_train (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images, gsize n_images,
             TithePictureSet *test, const guint32 *test_images, gsize n_test, const TitheTrainSettings *settings,
             const char *checkpoint, TitheEpochFunc func, gpointer user_data, TitheJob *job, GError **error)
{
  Training training
      = { .network = network, .pictures = pictures, .images = images, .n_images = n_images, .settings = settings };
  gboolean ok;
  guint first = 0, n_epochs;
  gsize of_epoch;

  g_return_val_if_fail (n_images >= 2, FALSE);

  use_threads (settings->n_threads);
  tithe_picture_set_measure (pictures, images, n_images, tithe_network_get_pixel_mean (network),
                             tithe_network_get_pixel_scale (network));
  whiten (&training);
  weigh_classes (&training);
  ok = training_init (&training, error);
  if (ok && checkpoint != NULL)
    ok = tithe_checkpoint_read (checkpoint, network, training.velocities, settings, n_images, &first, error);
  of_epoch = n_images / MAX (1, training.batch);
  n_epochs = (guint) ((training.n_steps + of_epoch - 1) / MAX (1, of_epoch));
  training.step = MIN (training.n_steps, first * of_epoch);
  tithe_job_start (job, _("Learning"), training.n_steps * training.batch);
  tithe_job_resume (job, training.step * training.batch);
  for (guint e = first; ok && e < n_epochs; e++)
    {
      const gsize step = training.step;
      gint64 began = g_get_monotonic_time ();
      TitheEpoch epoch = { .epoch = e + 1, .n_epochs = n_epochs, .test_accuracy = -1 };
      double seen;

      ok = run_epoch (&training, e, job, error);
      seen = (double) ((training.step - step) * training.batch);
      epoch.images_per_second = seen / ((double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC);
      epoch.loss = training.loss / seen;
      epoch.accuracy = (double) training.n_right / seen;
      if (ok && test != NULL)
        {
          epoch.test_accuracy = test_network (network, test, test_images, n_test, settings, NULL, error);
          ok = epoch.test_accuracy > -2;
        }
      if (ok && checkpoint != NULL)
        ok = tithe_checkpoint_write (checkpoint, network, training.velocities, settings, n_images, e + 1, error);
      if (ok && func != NULL)
        func (&epoch, user_data);
    }
  training_clear (&training);
  return ok;
}

/**
 * tithe_train_measure:
 *
 * A few steps on noise.
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

  use_threads (settings->n_threads);
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

/**
 * tithe_network_embed:
 * @rows: (out caller-allocates): n_images x dim; a broken picture's row is zero
 *
 * What the network sees in pictures, by its running statistics.
 */
gboolean
tithe_network_embed (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images, gsize n_images,
                     guint n_threads, gboolean use_bfloat16, float *rows, TitheJob *job, GError **error)
{
  const guint dim = tithe_network_get_dim (network);
  const gsize picture = picture_numbers (pictures);
  const guint batch = (guint) MIN (EMBED_BATCH, MAX (n_images, 1));
  g_autoptr (TitheDnn) dnn = NULL;

  use_threads (n_threads);
  dnn = tithe_network_build (network, batch, FALSE, use_bfloat16, error);
  if (dnn == NULL)
    return FALSE;
  tithe_job_start (job, _("Embedding"), n_images);
  for (gsize i = 0; i < n_images; i += batch)
    {
      gsize n = MIN (batch, n_images - i);
      float *input = tithe_dnn_get_input (dnn);

      if (!tithe_job_check (job, error))
        return FALSE;
      for (gsize j = 0; j < n; j++)
        tithe_picture_set_fill (pictures, images[i + j], tithe_network_get_pixel_mean (network),
                                tithe_network_get_pixel_scale (network), NULL, input + j * picture);
      if (!tithe_dnn_forward (dnn, error))
        return FALSE;
      memcpy (rows + i * dim, tithe_dnn_get_output (dnn), n * dim * sizeof (float));
      for (gsize j = 0; j < n; j++)
        if (tithe_picture_set_is_broken (pictures, images[i + j]))
          memset (rows + (i + j) * dim, 0, dim * sizeof (float));
      tithe_job_advance (job, n);
    }
  return TRUE;
}

/**
 * tithe_network_score:
 * @rows: of tithe_network_embed()
 * @tested: (nullable) (out caller-allocates): for each class, how many images were looked at
 * @right: (nullable) (out caller-allocates): and how many of them were given their label
 *
 * Returns: the share of the images that the head gives their label, broken ones left out
 */
double
tithe_network_score (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images, gsize n_images,
                     const float *rows, guint32 *tested, guint32 *right)
{
  const guint dim = tithe_network_get_dim (network), k = tithe_network_get_shape (network)->n_classes;
  const TitheParameter *weight = tithe_network_get_head_weight (network);
  const TitheParameter *bias = tithe_network_get_head_bias (network);
  gsize n = 0, n_right = 0;

  for (guint c = 0; tested != NULL && c < k; c++)
    tested[c] = right[c] = 0;
  for (gsize i = 0; i < n_images; i++)
    {
      guint best = 0, label = tithe_dataset_get_label (tithe_picture_set_get_dataset (pictures), images[i]);
      float largest = -G_MAXFLOAT;

      if (tithe_picture_set_is_broken (pictures, images[i]))
        continue;
      for (guint c = 0; c < k; c++)
        {
          float logit
              = bias->value[c] + cblas_sdot ((blasint) dim, rows + i * dim, 1, weight->value + (gsize) c * dim, 1);

          if (logit > largest)
            largest = logit, best = c;
        }
      n++;
      n_right += best == label;
      if (tested != NULL)
        {
          tested[label]++;
          right[label] += best == label;
        }
    }
  return n > 0 ? (double) n_right / (double) n : 0;
}
