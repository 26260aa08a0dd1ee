/* SPDX-License-Identifier: MIT */
#include "fuzz-readers.h"

#include "session/tithe-session.h"
#include "dataset/tithe-dataset.h"
#include "embedding/tithe-embedding.h"
#ifdef TITHE_HAVE_LEARN
#  include "learn/tithe-checkpoint.h"
#endif

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Everything that reads bytes from strangers: it may refuse them with an error, and must do nothing else. */

const char *const fuzz_targets[] = { "picture.png",
                                     "picture.jpg",
                                     "x.npy",
                                     "x.npz",
                                     "x.safetensors",
                                     "m.csv",
                                     "m.jsonl",
                                     "data_batch_1.bin",
                                     "train-images-idx3-ubyte",
                                     "train-labels-idx1-ubyte",
                                     "s.tithe",
#ifdef TITHE_HAVE_LEARN
                                     "n.safetensors",
#endif
                                     NULL };

static void
read_dataset (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheDataset) dataset = tithe_dataset_open (path, NULL, &error);

  g_assert_true ((dataset == NULL) == (error != NULL));
  for (gsize i = 0; dataset != NULL && i < MIN (tithe_dataset_get_n_images (dataset), 8); i++)
    {
      g_autoptr (GError) local = NULL;
      TithePixels *pixels = tithe_dataset_read_pixels (dataset, i, 16, &local);

      g_assert_true ((pixels == NULL) == (local != NULL));
      if (pixels != NULL)
        tithe_pixels_unref (pixels);
    }
}

static void
read_embedding (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (path, NULL, &error);
  const guint32 first = 0;

  g_assert_true ((embedding == NULL) == (error != NULL));
  if (embedding != NULL && tithe_embedding_get_dim (embedding) < 100000)
    {
      g_autofree float *row = g_new (float, tithe_embedding_get_dim (embedding));

      tithe_embedding_get_rows (embedding, &first, 1, row);
    }
}

static void
read_session (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (path, &error);

  g_assert_true ((session == NULL) == (error != NULL));
}

#ifdef TITHE_HAVE_LEARN
static void
read_network (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheNetwork) network = tithe_network_read (path, &error);

  g_assert_true ((network == NULL) == (error != NULL));
}
#endif

/* One input for the reader of fuzz_targets[@target]. @folder holds what it needs beside the file. */
void
fuzz_one (guint target, const char *folder, const guint8 *data, gsize size)
{
  g_autofree char *path = g_build_filename (folder, fuzz_targets[target], NULL);
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  gssize written = write (fd, data, size);

  g_assert_cmpint (written, ==, (gssize) size);
  close (fd);
  if (g_str_has_prefix (fuzz_targets[target], "picture"))
    {
      g_autoptr (GError) error = NULL;
      TithePixels *pixels = tithe_image_decode_file (path, 32, &error);

      g_assert_true ((pixels == NULL) == (error != NULL));
      if (pixels != NULL)
        tithe_pixels_unref (pixels);
    }
  else if (g_str_has_prefix (fuzz_targets[target], "x."))
    read_embedding (path);
  else if (g_str_has_prefix (fuzz_targets[target], "s."))
    read_session (path);
#ifdef TITHE_HAVE_LEARN
  else if (g_str_has_prefix (fuzz_targets[target], "n."))
    read_network (path);
#endif
  else
    read_dataset (path);
}
