/* SPDX-License-Identifier: MIT */
#include "tithe-draw.h"
#include "base/tithe-random.h"

/* What random numbers are for; apart from those of the training. */
#define STREAM_DRAW ((guint64) 2 << 32)
#define STREAM_HELD_OUT ((guint64) 3 << 32)

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

/**
 * tithe_draw_held_out:
 * @cut: at the lowest ratio that is looked at
 * @share: of the images of each class
 *
 * Where a dataset has no test split: draws whole clusters of the cut until they hold that share of their class. What is
 * learned from has no near copy of what is tested on, and as the clusters of a higher ratio lie within those of a lower
 * one, every group that is left keeps its representative.
 *
 * Returns: (transfer full) (array): for each image, 1 where it is held out and 0 where it is not
 */
guint8 *
tithe_draw_held_out (TitheCut *cut, double share, guint64 seed)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (cut));
  guint8 *held = g_new0 (guint8, MAX (1, tithe_dataset_get_n_images (dataset)));

  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      const guint32 n_images = tithe_cut_get_class (cut, c)->n_images;
      g_autofree TitheGroup *clusters = g_new (TitheGroup, MAX (1, n_images));
      gsize n = tithe_cut_list_clusters (cut, c, clusters), wanted = (gsize) (share * n_images), n_held = 0;
      TitheRandom random = tithe_random_new (seed, STREAM_HELD_OUT, c);

      for (gsize i = 0; i < n && n_held < wanted; i++)
        {
          gsize j = i + tithe_random_below (&random, (guint32) (n - i));
          TitheGroup cluster = clusters[j];

          clusters[j] = clusters[i];
          if (n_held + cluster.size > MAX (wanted + wanted / 2, 1))
            continue;
          for (guint32 m = 0; m < cluster.size; m++)
            held[tithe_cut_get_image (cut, &cluster, m)] = 1;
          n_held += cluster.size;
        }
    }
  return held;
}
