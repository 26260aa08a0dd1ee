/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TitheEpoch:
 * @epoch: from 1; 0 before the first
 * @n_epochs: of the run
 * @held_out: whether the run is without the pictures that it is tested on, before a last one with all of them
 * @loss: mean over the epoch, while the network changed
 * @accuracy: share of right answers on what was learned from, while the network changed
 * @test_accuracy: share of right answers afterwards, on pictures never learned from; below 0 where there are none
 * @images_per_second: learned from
 *
 * What an epoch of learning came to. The trainer tells it, the window and the command line show it; they need nothing
 * else of the network for that, and know this much in a build that can't learn, too.
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

/* Told of an epoch, in the thread that learns. */
typedef void (*TitheEpochFunc) (const TitheEpoch *epoch, gpointer user_data);

G_END_DECLS
