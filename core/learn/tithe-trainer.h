/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-network.h"
#include "tithe-picture-set.h"

G_BEGIN_DECLS

/**
 * TitheTrainSettings:
 * @epochs: times that every picture is seen
 * @steps: batches to learn from in all, the last epoch ending where they do; 0 for as many as the epochs have
 * @batch: pictures in a step
 * @rate: learning rate at its highest; it rises to it over the first fifth of the steps and falls to 0 over the rest
 * @momentum: Nesterov's
 * @decay: of convolutions' and the head's weights
 * @smoothing: share of a label that is spread over all classes
 * @head_rate: share of the rate that is for the head's weights; a slow head leaves the work to the features
 * @shift: share of its side that a picture is moved by at most
 * @seed: of first weights, order and augmentation
 * @n_threads: of the network; together with the seed it settles the result to the bit
 * @bfloat16: whether layers hand on bfloat16
 */
typedef struct
{
  guint epochs;
  gsize steps;
  guint batch;
  double rate;
  double momentum;
  double decay;
  double smoothing;
  double head_rate;
  double shift;
  guint64 seed;
  guint n_threads;
  gboolean bfloat16;
} TitheTrainSettings;

/**
 * TitheEpoch:
 * @epoch: from 1
 * @n_epochs: of the run
 * @held_out: whether the run is without the pictures that it is tested on, before a last one with all of them
 * @loss: mean over the epoch, while the network changed
 * @accuracy: share of right answers, likewise
 * @test_accuracy: share of right answers afterwards, on pictures never learned from; below 0 where there are none
 * @images_per_second: learned from
 *
 * What an epoch came to.
 */
typedef struct
{
  guint epoch;
  guint n_epochs;
  gboolean held_out;
  double loss;
  double accuracy;
  double test_accuracy;
  double images_per_second;
} TitheEpoch;

typedef void (*TitheEpochFunc) (const TitheEpoch *epoch, gpointer user_data);

void      tithe_train_settings_init (TitheTrainSettings *settings);
TitheMove tithe_train_move          (const TitheTrainSettings *settings, guint size, guint epoch, guint32 image);
gboolean  tithe_train               (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images,
                                     gsize n_images, TithePictureSet *test, const guint32 *test_images, gsize n_test,
                                     const TitheTrainSettings *settings, const char *checkpoint, TitheEpochFunc func,
                                     gpointer user_data, TitheJob *job, GError **error);
gsize     tithe_train_count_steps   (const TitheTrainSettings *settings, gsize n_images);
double    tithe_train_measure       (TitheNetwork *network, const TitheTrainSettings *settings, TitheJob *job,
                                     GError **error);
gboolean  tithe_network_embed       (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images,
                                     gsize n_images, guint n_threads, gboolean bfloat16, float *rows, TitheJob *job,
                                     GError **error);
double    tithe_network_score       (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images,
                                     gsize n_images, const float *rows, guint32 *tested, guint32 *right);

G_END_DECLS
