/* SPDX-License-Identifier: MIT */
#include "tithe-picture-set.h"
#include "base/tithe-parallel.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BUDGET ((gsize) 1 << 30)
#define N_SAMPLED 256

struct _TithePictureSet
{
  TitheDataset *dataset;
  gsize n;
  guint size, channels;
  guint8 *pixels; /* n x size x size x channels */
  gsize n_bytes;
  guint8 *broken;
};

/**
 * tithe_picture_set_choose:
 * @size: (out): 32, 64 or 96: the one next to the pictures' typical edge
 * @channels: (out): 1 where all are grey, else 3
 *
 * Looks at some pictures from all over the dataset.
 */
void
tithe_picture_set_choose (TitheDataset *dataset, guint *size, guint *channels)
{
  double sum = 0;
  guint n = 0, n_grey = 0;
  gsize n_images = tithe_dataset_get_n_images (dataset);

  for (gsize i = 0; i < N_SAMPLED; i++)
    {
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (dataset, i * n_images / N_SAMPLED, 128, NULL);

      if (pixels == NULL)
        continue;
      sum += sqrt ((double) pixels->original_width * pixels->original_height);
      n++;
      n_grey += tithe_pixels_is_grey (pixels);
    }
  *size = n == 0 || sum / n < 46 ? 32 : sum / n < 78 ? 64 : 96;
  *channels = n > 0 && n_grey == n ? 1 : 3;
}

/* Red, green and blue as they are, or the grey that they look like. */
static void
store (const TithePixels *pixels, guint channels, guint8 *out)
{
  const gsize n = (gsize) pixels->width * pixels->height;

  if (channels == 3)
    memcpy (out, pixels->data, 3 * n);
  else
    for (gsize i = 0; i < n; i++)
      out[i]
          = (guint8) ((77 * pixels->data[3 * i] + 150 * pixels->data[3 * i + 1] + 29 * pixels->data[3 * i + 2]) >> 8);
}

static void
load_some (gsize begin, gsize end, gpointer user_data)
{
  TithePictureSet *self = user_data;
  const gsize bytes = tithe_picture_set_get_n_numbers (self);

  for (gsize i = begin; i < end; i++)
    {
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (self->dataset, i, 2 * self->size, NULL);
      g_autoptr (TithePixels) sized = pixels ? tithe_pixels_resize (pixels, self->size, self->size) : NULL;

      self->broken[i] = sized == NULL;
      if (sized != NULL)
        store (sized, self->channels, self->pixels + i * bytes);
    }
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
 * @channels: 3, or 1 for grey
 * @job: (nullable): progress over the pictures, and cancellation
 *
 * Takes n x size x size x channels bytes.
 *
 * Returns: (transfer full): all pictures, or %NULL with an error where there is no memory, or %G_IO_ERROR_CANCELLED
 */
TithePictureSet *
tithe_picture_set_load (TitheDataset *dataset, guint size, guint channels, guint n_threads, TitheJob *job,
                        GError **error)
{
  g_autoptr (TithePictureSet) self = g_new0 (TithePictureSet, 1);

  self->dataset = tithe_dataset_ref (dataset);
  self->n = tithe_dataset_get_n_images (dataset);
  self->size = size;
  self->channels = channels;
  self->n_bytes = self->n * size * size * channels;
  self->broken = g_new0 (guint8, self->n);
  if (!take_memory (self, error))
    return NULL;
  tithe_job_start (job, _("Decoding pictures"), self->n);
  tithe_parallel_for (n_threads, self->n, 64, load_some, self, job);
  if (!tithe_job_check (job, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* tithe_picture_set_free: gives the memory, or the file without a name, back */
void
tithe_picture_set_free (TithePictureSet *self)
{
  if (self->pixels != NULL)
    munmap (self->pixels, self->n_bytes);
  g_free (self->broken);
  tithe_dataset_unref (self->dataset);
  g_free (self);
}

/* tithe_picture_set_get_n: how many pictures, those of the dataset */
gsize
tithe_picture_set_get_n (TithePictureSet *self)
{
  return self->n;
}

/* tithe_picture_set_get_size: pixels of a side */
guint
tithe_picture_set_get_size (TithePictureSet *self)
{
  return self->size;
}

/* tithe_picture_set_get_channels: 1 or 3 */
guint
tithe_picture_set_get_channels (TithePictureSet *self)
{
  return self->channels;
}

/* tithe_picture_set_get_n_numbers: of a picture: size x size x channels */
gsize
tithe_picture_set_get_n_numbers (TithePictureSet *self)
{
  return (gsize) self->size * self->size * self->channels;
}

/* tithe_picture_set_get_dataset: (transfer none): what the pictures are of */
TitheDataset *
tithe_picture_set_get_dataset (TithePictureSet *self)
{
  return self->dataset;
}

/* tithe_picture_set_is_broken: whether the picture could not be decoded; its pixels are all black then */
gboolean
tithe_picture_set_is_broken (TithePictureSet *self, gsize image)
{
  return self->broken[image] != 0;
}

/**
 * tithe_picture_set_list_readable:
 * @kept: (nullable): for each picture, whether it counts; all do without
 * @n: (out): how many
 *
 * Returns: (transfer full) (array length=n): those that are not broken, ascending
 */
guint32 *
tithe_picture_set_list_readable (TithePictureSet *self, const guint8 *kept, gsize *n)
{
  guint32 *images = g_new (guint32, MAX (1, self->n));

  *n = 0;
  for (gsize i = 0; i < self->n; i++)
    if ((kept == NULL || kept[i]) && !tithe_picture_set_is_broken (self, i))
      images[(*n)++] = (guint32) i;
  return images;
}

/**
 * tithe_picture_set_measure:
 * @images: (array length=n_images): those that count, none of them broken
 * @mean: (out): of each channel over all pictures, pixels from 0 to 1
 * @scale: (out): one through their standard deviation; 1 where all pixels are the same
 */
void
tithe_picture_set_measure (TithePictureSet *self, const guint32 *images, gsize n_images, float mean[3], float scale[3])
{
  const gsize pixels = (gsize) self->size * self->size, channels = self->channels;
  guint64 sum[3] = { 0 }, squares[3] = { 0 }, n = pixels * n_images;

  for (gsize i = 0; i < n_images; i++)
    {
      const guint8 *data = self->pixels + images[i] * pixels * channels;

      for (gsize p = 0; p < pixels * channels; p++)
        {
          sum[p % channels] += data[p];
          squares[p % channels] += (guint64) data[p] * data[p];
        }
    }
  for (guint c = 0; c < 3; c++)
    {
      double average = n > 0 && c < channels ? (double) sum[c] / (double) n : 0;
      double variance = n > 0 && c < channels ? (double) squares[c] / (double) n - average * average : 0;

      mean[c] = (float) (average / 255);
      scale[c] = variance > 0.01 ? (float) (255 / sqrt (variance)) : 1.0f;
    }
}

/**
 * tithe_picture_set_fill:
 * @mean: of tithe_picture_set_measure()
 * @scale: of tithe_picture_set_measure()
 * @move: (nullable): what is done to the picture; what comes in from beyond the border is the mean
 * @out: (out caller-allocates): (channels, size, size), normalised
 */
void
tithe_picture_set_fill (TithePictureSet *self, gsize image, const float mean[3], const float scale[3],
                        const TitheMove *move, float *out)
{
  const int size = (int) self->size, channels = (int) self->channels;
  const guint8 *data = self->pixels + image * (gsize) (size * size * channels);
  const int dx = move ? move->dx : 0, dy = move ? move->dy : 0;
  const gboolean mirrored = move != NULL && move->mirrored;

  if (dx != 0 || dy != 0)
    memset (out, 0, (gsize) (size * size * channels) * sizeof *out);
  for (int y = MAX (0, -dy); y < size - MAX (0, dy); y++)
    for (int x = MAX (0, -dx); x < size - MAX (0, dx); x++)
      {
        const guint8 *pixel = data + ((y + dy) * size + x + dx) * channels;
        int place = y * size + (mirrored ? size - 1 - x : x);

        for (int c = 0; c < channels; c++)
          out[c * size * size + place] = ((float) pixel[c] / 255.0f - mean[c]) * scale[c];
      }
}
