/* SPDX-License-Identifier: MIT */
#pragma once

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
 *
 * How a network is trained: with the pictures, all that settles where it ends.
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

void      tithe_train_settings_init    (TitheTrainSettings *settings);
char     *tithe_train_settings_to_text (const TitheTrainSettings *settings, gsize n_images);
gsize     tithe_train_count_steps      (const TitheTrainSettings *settings, gsize n_images);
TitheMove tithe_train_move             (const TitheTrainSettings *settings, guint size, guint epoch, guint32 image);

G_END_DECLS
