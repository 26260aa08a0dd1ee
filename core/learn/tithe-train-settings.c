/* SPDX-License-Identifier: MIT */
#include "tithe-train-settings.h"
#include "base/tithe-random.h"
#include "tithe-streams-private.h"

#include <inttypes.h>

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
 * tithe_train_settings_to_text:
 * @n_images: that are learned from
 *
 * Returns: (transfer full): everything that settles where a training ends, as “key value key value”
 */
char *
tithe_train_settings_to_text (const TitheTrainSettings *settings, gsize n_images)
{
  char rate[G_ASCII_DTOSTR_BUF_SIZE], momentum[G_ASCII_DTOSTR_BUF_SIZE], decay[G_ASCII_DTOSTR_BUF_SIZE];
  char smoothing[G_ASCII_DTOSTR_BUF_SIZE], shift[G_ASCII_DTOSTR_BUF_SIZE], head[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *steps = NULL;

  g_ascii_dtostr (rate, sizeof rate, settings->rate);
  g_ascii_dtostr (momentum, sizeof momentum, settings->momentum);
  g_ascii_dtostr (decay, sizeof decay, settings->decay);
  g_ascii_dtostr (smoothing, sizeof smoothing, settings->smoothing);
  g_ascii_dtostr (head, sizeof head, settings->head_rate);
  g_ascii_dtostr (shift, sizeof shift, settings->shift);
  if (settings->steps > 0)
    steps = g_strdup_printf (" steps %zu", settings->steps);
  return g_strdup_printf (
      "epochs %u%s batch %u rate %s momentum %s decay %s smoothing %s head %s shift %s seed %" PRIu64
      " threads %u bfloat16 %d images %zu",
      settings->epochs, steps ? steps : "", settings->batch, rate, momentum, decay, smoothing, head, shift,
      settings->seed, settings->n_threads, settings->bfloat16, n_images);
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
  TitheRandom mirror = tithe_random_new (settings->seed, TITHE_STREAM_MIRROR, image);
  TitheRandom place = tithe_random_new (settings->seed, TITHE_STREAM_AUGMENT + (guint64) epoch, image);
  const int reach = (int) (settings->shift * size);
  int dx = (int) tithe_random_below (&place, (guint32) (2 * reach + 1)) - reach;
  int dy = (int) tithe_random_below (&place, (guint32) (2 * reach + 1)) - reach;

  return (TitheMove){ dx, dy, ((tithe_random_next (&mirror) >> 63) ^ epoch) & 1 };
}
