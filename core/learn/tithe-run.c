/* SPDX-License-Identifier: MIT */
#include "tithe-run.h"
#include "tithe-graph.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <omp.h>
#include <string.h>

#define EMBED_BATCH 250

/**
 * tithe_run_use_threads:
 * @n_threads: that a network takes from here on, in this thread; 0 counts as one
 *
 * The matrix products of the head stay on one, where the order of a sum settles its last bits.
 */
void
tithe_run_use_threads (guint n_threads)
{
  omp_set_num_threads ((int) MAX (1, n_threads));
  openblas_set_num_threads (1);
}

/**
 * tithe_network_embed:
 * @pictures: brought to the network's size and channels
 * @images: (array length=n_images): which of them
 * @n_threads: of the network
 * @use_bfloat16: whether layers hand on bfloat16
 * @rows: (out caller-allocates): n_images x dim; a broken picture's row is zero
 * @job: (nullable): progress over the images, and cancellation
 *
 * What the network sees in pictures, by its running statistics.
 *
 * Returns: %FALSE with a %TITHE_DNN_ERROR or %G_IO_ERROR_CANCELLED
 */
gboolean
tithe_network_embed (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images, gsize n_images,
                     guint n_threads, gboolean use_bfloat16, float *rows, TitheJob *job, GError **error)
{
  const guint dim = tithe_network_get_dim (network);
  const gsize picture = tithe_picture_set_get_n_numbers (pictures);
  const guint batch = (guint) MIN (EMBED_BATCH, MAX (n_images, 1));
  g_autoptr (TitheDnn) dnn = NULL;

  tithe_run_use_threads (n_threads);
  dnn = tithe_network_build (network, batch, FALSE, use_bfloat16, error);
  if (dnn == NULL)
    return FALSE;
  tithe_job_start (job, _("Embedding"), n_images);
  for (gsize i = 0; i < n_images; i += batch)
    {
      gsize n = MIN (batch, n_images - i);
      float *input = tithe_dnn_get_input (dnn);

      if (!tithe_job_check (job, error))
        return FALSE;
      for (gsize j = 0; j < n; j++)
        tithe_picture_set_fill (pictures, images[i + j], tithe_network_get_pixel_mean (network),
                                tithe_network_get_pixel_scale (network), NULL, input + j * picture);
      if (!tithe_dnn_forward (dnn, error))
        return FALSE;
      memcpy (rows + i * dim, tithe_dnn_get_output (dnn), n * dim * sizeof (float));
      for (gsize j = 0; j < n; j++)
        if (tithe_picture_set_is_broken (pictures, images[i + j]))
          memset (rows + (i + j) * dim, 0, dim * sizeof (float));
      tithe_job_advance (job, n);
    }
  return TRUE;
}

/* The share of the images that the head gives their label, by @rows, n_images x dim; see tithe_network_test(). */
static double
score (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images, gsize n_images, const float *rows,
       guint32 *tested, guint32 *right)
{
  const guint dim = tithe_network_get_dim (network), k = tithe_network_get_shape (network)->n_classes;
  const TitheParameter *weight = tithe_network_get_head_weight (network);
  const TitheParameter *bias = tithe_network_get_head_bias (network);
  gsize n = 0, n_right = 0;

  for (guint c = 0; tested != NULL && c < k; c++)
    tested[c] = right[c] = 0;
  for (gsize i = 0; i < n_images; i++)
    {
      guint best = 0, label = tithe_dataset_get_label (tithe_picture_set_get_dataset (pictures), images[i]);
      float largest = -G_MAXFLOAT;

      if (tithe_picture_set_is_broken (pictures, images[i]))
        continue;
      for (guint c = 0; c < k; c++)
        {
          float logit
              = bias->value[c] + cblas_sdot ((blasint) dim, rows + i * dim, 1, weight->value + (gsize) c * dim, 1);

          if (logit > largest)
            largest = logit, best = c;
        }
      n++;
      n_right += best == label;
      if (tested != NULL)
        {
          tested[label]++;
          right[label] += best == label;
        }
    }
  return n > 0 ? (double) n_right / (double) n : 0;
}

/**
 * tithe_network_test:
 * @pictures: of the dataset that the labels are of, brought to the network's size and channels
 * @images: (array length=n_images): which of them
 * @n_threads: of the network
 * @use_bfloat16: whether layers hand on bfloat16
 * @accuracy: (out): the share of the images that are given their label, broken ones left out
 * @tested: (nullable) (out caller-allocates): for each class, how many images were looked at
 * @right: (nullable) (out caller-allocates): and how many of them were given their label
 *
 * Returns: %FALSE with a %TITHE_DNN_ERROR
 */
gboolean
tithe_network_test (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images, gsize n_images,
                    guint n_threads, gboolean use_bfloat16, double *accuracy, guint32 *tested, guint32 *right,
                    GError **error)
{
  g_autofree float *rows = g_new (float, n_images *tithe_network_get_dim (network));

  if (!tithe_network_embed (network, pictures, images, n_images, n_threads, use_bfloat16, rows, NULL, error))
    return FALSE;
  *accuracy = score (network, pictures, images, n_images, rows, tested, right);
  return TRUE;
}
