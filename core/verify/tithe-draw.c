/* SPDX-License-Identifier: MIT */
#include "tithe-draw.h"
#include "tithe-random.h"

/* What random numbers are for; apart from those of the training. */
#define STREAM_DRAW ((guint64) 2 << 32)

/**
 * tithe_draw_alike:
 * @kept: for each image, whether a subset keeps it
 * @allowed: (nullable): for each image, whether it may be drawn; every kept one must be
 *
 * Draws a random subset with as many images of each class as the other: Fisher and Yates's shuffle, as far as needed.
 *
 * Returns: (transfer full) (array): for each image, 1 where it is drawn and 0 where it is not
 */
guint8 *
tithe_draw_alike (TitheDataset *dataset, const guint8 *kept, const guint8 *allowed, guint64 seed)
{
  guint8 *drawn = g_new0 (guint8, MAX (1, tithe_dataset_get_n_images (dataset)));

  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      gsize n_images, n = 0, n_kept = 0;
      const guint32 *images = tithe_dataset_get_class_images (dataset, c, &n_images);
      g_autofree guint32 *pool = g_new (guint32, MAX (1, n_images));
      TitheRandom random = tithe_random_new (seed, STREAM_DRAW, c);

      for (gsize i = 0; i < n_images; i++)
        {
          n_kept += kept[images[i]] != 0;
          if (allowed == NULL || allowed[images[i]])
            pool[n++] = images[i];
        }
      for (gsize i = 0; i < MIN (n_kept, n); i++)
        {
          gsize j = i + tithe_random_below (&random, (guint32) (n - i));
          guint32 image = pool[j];

          pool[j] = pool[i];
          pool[i] = image;
          drawn[image] = 1;
        }
    }
  return drawn;
}
