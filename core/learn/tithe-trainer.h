/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/tithe-network.h"
#include "learn/tithe-picture-set.h"

G_BEGIN_DECLS

/**
 * TitheTrainSettings:
 * @epochs: times that every picture is seen
 * @batch: pictures in a step
 * @rate: learning rate at its highest; it rises to it over the first fifth of the steps and falls to 0 over the rest
 * @momentum: Nesterov's
 * @decay: of convolutions' and the head's weights
 * @smoothing: share of a label that is spread over all classes
 * @seed: of first weights, order and augmentation
 * @n_threads: of the network; together with the seed it settles the result to the bit
 * @bfloat16: whether layers hand on bfloat16
 */
typedef struct
{
  guint epochs;
  guint batch;
  double rate;
  double momentum;
  double decay;
  double smoothing;
  guint64 seed;
  guint n_threads;
  gboolean bfloat16;
} TitheTrainSettings;

/* What an epoch came to; accuracies are shares, test_accuracy is below 0 where there is no test. */
typedef struct
{
  guint epoch;
  double loss;
  double accuracy;
  double test_accuracy;
  double images_per_second;
} TitheEpoch;

typedef void (*TitheEpochFunc) (const TitheEpoch *epoch, gpointer user_data);

void     tithe_train_settings_init (TitheTrainSettings *settings);
gboolean tithe_train               (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images, gsize n_images,
                                    TithePictureSet *test, const guint32 *test_images, gsize n_test,
                                    const TitheTrainSettings *settings, const char *checkpoint, TitheEpochFunc func,
                                    gpointer user_data, TitheJob *job, GError **error);
gboolean tithe_network_embed       (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images,
                                    gsize n_images, guint n_threads, gboolean bfloat16, float *rows, TitheJob *job,
                                    GError **error);
double   tithe_network_score       (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images,
                                    gsize n_images, const float *rows);

G_END_DECLS
