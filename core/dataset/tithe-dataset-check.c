/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"
#include "base/tithe-parallel.h"

#include <pthread.h>
#include <string.h>

typedef struct
{
  TitheDataset *dataset;
  pthread_mutex_t mutex;
  GPtrArray *broken; /* guarded by mutex; strings that begin with the image number, zero-padded */
} Search;

static void
check_range (gsize begin, gsize end, gpointer user_data)
{
  Search *search = user_data;

  /* Bare pixels that are there are a picture: nothing is to be decoded. */
  if (search->dataset->shards != NULL && tithe_dataset_has_records (search->dataset, begin, end))
    return;
  for (gsize i = begin; i < end; i++)
    {
      g_autoptr (GError) error = NULL;
      TithePixels *pixels = tithe_dataset_read_pixels (search->dataset, i, 0, &error);

      if (pixels != NULL)
        {
          tithe_pixels_unref (pixels);
          continue;
        }
      pthread_mutex_lock (&search->mutex);
      g_ptr_array_add (search->broken, g_strdup_printf ("%010" G_GSIZE_FORMAT "%s", i, error->message));
      pthread_mutex_unlock (&search->mutex);
    }
}

/**
 * tithe_dataset_find_broken:
 * @n_threads: how many decode at the same time
 * @job: (nullable): progress and cancellation
 *
 * Decodes every picture to learn which ones can't be.
 *
 * Returns: (transfer container) (element-type utf8): a sentence for each broken picture, in the images' order
 */
GPtrArray *
tithe_dataset_find_broken (TitheDataset *self, guint n_threads, TitheJob *job)
{
  Search search = { .dataset = self, .broken = g_ptr_array_new_with_free_func (g_free) };

  pthread_mutex_init (&search.mutex, NULL);
  tithe_job_start (job, _("Checking pictures"), self->n_images);
  tithe_parallel_for (n_threads, self->n_images, 64, check_range, &search, job);
  pthread_mutex_destroy (&search.mutex);
  g_ptr_array_sort (search.broken, tithe_name_compare);
  for (guint i = 0; i < search.broken->len; i++)
    {
      char *line = g_ptr_array_index (search.broken, i);

      memmove (line, line + 10, strlen (line + 10) + 1);
    }
  return search.broken;
}
