/* SPDX-License-Identifier: MIT */
#include "tithe-learn.h"
#include "tithe-parallel.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

G_DEFINE_QUARK (tithe-learn-error-quark, tithe_learn_error)

/**
 * tithe_learn_options_init:
 *
 * ResNet-20 for twelve epochs on all processors, bfloat16 where the processor has it.
 */
void
tithe_learn_options_init (TitheLearnOptions *options)
{
  *options = (TitheLearnOptions){ .depth = 20, .width = 16 };
  tithe_train_settings_init (&options->train);
  options->train.n_threads = tithe_parallel_resolve_threads (0);
  options->train.bfloat16 = tithe_dnn_has_bfloat16 ();
}

/**
 * tithe_learn_can:
 *
 * Returns: %FALSE with the reason where a space can't be learned from the dataset's labels
 */
gboolean
tithe_learn_can (TitheDataset *dataset, GError **error)
{
  guint n_used = 0;

  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      gsize n;

      tithe_dataset_get_class_images (dataset, c, &n);
      n_used += n > 0;
    }
  if (tithe_dataset_is_labelled (dataset) && n_used >= 2)
    return TRUE;
  g_set_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_UNLABELLED,
               _("“%s” %s: a semantic space is learned by telling classes apart; give an embedding made elsewhere, or "
                  "take the quick descriptor"),
               tithe_dataset_get_name (dataset),
               tithe_dataset_is_labelled (dataset) ? _("has one class only") : _("has no labels"));
  return FALSE;
}

static guint32 *
list_readable (TithePictureSet *pictures, gsize *n)
{
  guint32 *images = g_new (guint32, tithe_picture_set_get_n (pictures) + 1);

  *n = 0;
  for (gsize i = 0; i < tithe_picture_set_get_n (pictures); i++)
    if (!tithe_picture_set_is_broken (pictures, i))
      images[(*n)++] = (guint32) i;
  return images;
}

static GBytes *
embed_all (TitheNetwork *network, TithePictureSet *pictures, guint n_threads, gboolean bfloat16, TitheJob *job,
           GError **error)
{
  const gsize n = tithe_picture_set_get_n (pictures), n_values = n * tithe_network_get_dim (network);
  g_autofree guint32 *images = g_new (guint32, n);
  g_autofree float *rows = g_new (float, n_values);

  for (gsize i = 0; i < n; i++)
    images[i] = (guint32) i;
  if (!tithe_network_embed (network, pictures, images, n, n_threads, bfloat16, rows, job, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&rows), n_values * sizeof (float));
}

/**
 * tithe_learn:
 * @func: (nullable): told of each epoch; its test accuracy is that of the dataset's own test split
 * @rows: (out) (transfer full): n_images x dim of the network, float32; a picture that can't be read has a zero row
 *
 * Learns the semantic space from all pictures of the training split.
 *
 * Returns: (transfer full): the network, or %NULL with a %TITHE_LEARN_ERROR, %TITHE_DNN_ERROR, an error of the checkpoint, or
 *   %G_IO_ERROR_CANCELLED
 */
TitheNetwork *
tithe_learn (TitheDataset *dataset, const TitheLearnOptions *options, TitheEpochFunc func, gpointer user_data,
             GBytes **rows, TitheJob *job, GError **error)
{
  const guint n_threads = options->train.n_threads;
  const guint size = options->size > 0 ? options->size : tithe_picture_set_choose_size (dataset);
  TitheNetworkShape shape = { options->depth, options->width, 3, size, tithe_dataset_get_n_classes (dataset), options->early };
  TitheDataset *test_split = tithe_dataset_get_test (dataset);
  g_autoptr (TithePictureSet) pictures = NULL, test = NULL;
  g_autofree guint32 *images = NULL, *test_images = NULL;
  g_autoptr (TitheNetwork) network = NULL;
  gsize n, n_test = 0;

  if (!tithe_learn_can (dataset, error)
      || (pictures = tithe_picture_set_load (dataset, size, n_threads, job, error)) == NULL
      || (test_split != NULL && (test = tithe_picture_set_load (test_split, size, n_threads, job, error)) == NULL))
    return NULL;
  images = list_readable (pictures, &n);
  if (test != NULL)
    test_images = list_readable (test, &n_test);
  if (n < 2)
    {
      g_set_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_TOO_FEW,
                   _("“%s” has %zu pictures that can be read: at least two are needed to learn from"),
                   tithe_dataset_get_name (dataset), n);
      return NULL;
    }
  network = tithe_network_new (&shape, options->train.seed);
  if (!tithe_train (network, pictures, images, n, n_test > 0 ? test : NULL, test_images, n_test, &options->train,
                    options->checkpoint, func, user_data, job, error))
    return NULL;
  *rows = embed_all (network, pictures, n_threads, options->train.bfloat16, job, error);
  if (*rows == NULL)
    return NULL;
  if (options->checkpoint != NULL)
    g_unlink (options->checkpoint);
  return g_steal_pointer (&network);
}

/**
 * tithe_learn_apply:
 *
 * Returns: (transfer full): the embedding of all pictures by a network that was learned before, n_images x dim
 */
GBytes *
tithe_learn_apply (TitheNetwork *network, TitheDataset *dataset, guint n_threads, gboolean bfloat16, TitheJob *job,
                   GError **error)
{
  g_autoptr (TithePictureSet) pictures
      = tithe_picture_set_load (dataset, tithe_network_get_shape (network)->size, n_threads, job, error);

  return pictures ? embed_all (network, pictures, n_threads, bfloat16, job, error) : NULL;
}
