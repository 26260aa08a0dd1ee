/* SPDX-License-Identifier: MIT */
#include "tithe-picture-set.h"
#include "tithe-parallel.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHANNELS 3
#define BUDGET ((gsize) 1 << 30)
#define N_SAMPLED 64

struct _TithePictureSet
{
  TitheDataset *dataset;
  gsize n;
  guint size;
  guint8 *pixels; /* n x size x size x 3 */
  gsize n_bytes;
  guint8 *broken;
};

typedef struct
{
  TithePictureSet *set;
  TitheJob *job;
} Loading;

/**
 * tithe_picture_set_choose_size:
 *
 * Returns: 32, 64 or 96: the one next to the pictures' typical edge, from the first pictures of every class
 */
guint
tithe_picture_set_choose_size (TitheDataset *dataset)
{
  double sum = 0;
  guint n = 0;
  gsize n_images = tithe_dataset_get_n_images (dataset);

  for (gsize i = 0; i < N_SAMPLED; i++)
    {
      TithePixels *pixels = tithe_dataset_read_pixels (dataset, i * n_images / N_SAMPLED, 128, NULL);

      if (pixels == NULL)
        continue;
      sum += sqrt ((double) pixels->original_width * pixels->original_height);
      n++;
      tithe_pixels_unref (pixels);
    }
  if (n == 0 || sum / n < 46)
    return 32;
  return sum / n < 78 ? 64 : 96;
}

static void
load_some (gsize begin, gsize end, gpointer user_data)
{
  Loading *loading = user_data;
  TithePictureSet *self = loading->set;
  const gsize bytes = (gsize) self->size * self->size * CHANNELS;

  for (gsize i = begin; i < end; i++)
    {
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (self->dataset, i, 2 * self->size, NULL);
      g_autoptr (TithePixels) sized = pixels ? tithe_pixels_resize (pixels, self->size, self->size) : NULL;

      self->broken[i] = sized == NULL;
      if (sized != NULL)
        memcpy (self->pixels + i * bytes, sized->data, bytes);
    }
  tithe_job_advance (loading->job, end - begin);
}

/* Memory, or beyond the budget a file without a name. */
static gboolean
take_memory (TithePictureSet *self, GError **error)
{
  g_autofree char *path = NULL;
  int fd = -1;

  if (self->n_bytes > BUDGET)
    {
      fd = g_file_open_tmp ("tithe-pictures-XXXXXX", &path, error);
      if (fd < 0)
        return FALSE;
      g_unlink (path);
      if (posix_fallocate (fd, 0, (off_t) self->n_bytes) != 0)
        {
          g_autofree char *size = g_format_size (self->n_bytes);

          close (fd);
          g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC,
                       _("the decoded pictures need %s in %s, where there is not enough space"), size,
                       g_get_tmp_dir ());
          return FALSE;
        }
    }
  self->pixels
      = mmap (NULL, self->n_bytes, PROT_READ | PROT_WRITE, fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
  if (fd >= 0)
    close (fd);
  if (self->pixels != MAP_FAILED)
    return TRUE;
  self->pixels = NULL;
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOMEM, _("there is not enough memory for the decoded pictures: %s"),
               g_strerror (errno));
  return FALSE;
}

/**
 * tithe_picture_set_load:
 * @size: side that pictures are brought to; their shape is not kept
 *
 * Returns: (transfer full): all pictures, or %NULL with an error where there is no memory, or %G_IO_ERROR_CANCELLED
 */
TithePictureSet *
tithe_picture_set_load (TitheDataset *dataset, guint size, guint n_threads, TitheJob *job, GError **error)
{
  g_autoptr (TithePictureSet) self = g_new0 (TithePictureSet, 1);
  Loading loading = { self, job };

  self->dataset = tithe_dataset_ref (dataset);
  self->n = tithe_dataset_get_n_images (dataset);
  self->size = size;
  self->n_bytes = self->n * size * size * CHANNELS;
  self->broken = g_new0 (guint8, self->n);
  if (!take_memory (self, error))
    return NULL;
  tithe_job_start (job, _("Decoding pictures"), self->n);
  tithe_parallel_for (n_threads, self->n, 64, load_some, &loading, job);
  if (!tithe_job_check (job, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
tithe_picture_set_free (TithePictureSet *self)
{
  if (self->pixels != NULL)
    munmap (self->pixels, self->n_bytes);
  g_free (self->broken);
  tithe_dataset_unref (self->dataset);
  g_free (self);
}

gsize
tithe_picture_set_get_n (TithePictureSet *self)
{
  return self->n;
}

guint
tithe_picture_set_get_size (TithePictureSet *self)
{
  return self->size;
}

TitheDataset *
tithe_picture_set_get_dataset (TithePictureSet *self)
{
  return self->dataset;
}

gboolean
tithe_picture_set_is_broken (TithePictureSet *self, gsize image)
{
  return self->broken[image] != 0;
}

/**
 * tithe_picture_set_measure:
 * @mean: (out): of each channel over all pictures, pixels from 0 to 1
 * @scale: (out): one through their standard deviation; 1 where all pixels are the same
 */
void
tithe_picture_set_measure (TithePictureSet *self, float mean[3], float scale[3])
{
  const gsize pixels = (gsize) self->size * self->size;
  guint64 sum[3] = { 0 }, squares[3] = { 0 }, n = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      const guint8 *data = self->pixels + i * pixels * CHANNELS;

      if (self->broken[i])
        continue;
      n += pixels;
      for (gsize p = 0; p < pixels * CHANNELS; p++)
        {
          sum[p % CHANNELS] += data[p];
          squares[p % CHANNELS] += (guint64) data[p] * data[p];
        }
    }
  for (guint c = 0; c < CHANNELS; c++)
    {
      double average = n > 0 ? (double) sum[c] / (double) n : 0;
      double variance = n > 0 ? (double) squares[c] / (double) n - average * average : 0;

      mean[c] = (float) (average / 255);
      scale[c] = variance > 0.01 ? (float) (255 / sqrt (variance)) : 1.0f;
    }
}

/**
 * tithe_picture_set_fill:
 * @augment: (nullable): what the picture is moved by at random, an eighth of its side at most, and whether it is
 *   mirrored; what comes in from beyond the border is the mean
 * @out: (out caller-allocates): (3, size, size), normalised
 */
void
tithe_picture_set_fill (TithePictureSet *self, gsize image, const float mean[3], const float scale[3],
                        TitheRandom *augment, float *out)
{
  const int size = (int) self->size, reach = size / 8;
  const guint8 *data = self->pixels + image * (gsize) (size * size * CHANNELS);
  int dx = 0, dy = 0, step = 1;

  if (augment != NULL)
    {
      dx = (int) tithe_random_below (augment, (guint32) (2 * reach + 1)) - reach;
      dy = (int) tithe_random_below (augment, (guint32) (2 * reach + 1)) - reach;
      step = tithe_random_next (augment) >> 63 ? -1 : 1;
      memset (out, 0, (gsize) (size * size * CHANNELS) * sizeof *out);
    }
  for (int y = MAX (0, -dy); y < MIN (size, size - dy); y++)
    for (int x = MAX (0, -dx); x < MIN (size, size - dx); x++)
      {
        const guint8 *pixel = data + ((y + dy) * size + x + dx) * CHANNELS;
        int place = y * size + (step > 0 ? x : size - 1 - x);

        for (int c = 0; c < CHANNELS; c++)
          out[c * size * size + place] = ((float) pixel[c] / 255.0f - mean[c]) * scale[c];
      }
}
