/* SPDX-License-Identifier: MIT */
#include "fuzz-target.h"

#include "dataset/tithe-dataset.h"
#include "embedding/tithe-embedding.h"
#include "fixture.h"
#include "io/tithe-npy.h"
#include "verify/tithe-verify-plan.h"
#ifdef TITHE_HAVE_LEARN
#  include "learn/tithe-checkpoint.h"
#endif

#include <string.h>
#include <zip.h>
#include <zlib.h>

/* Rows of the embedding that targets about one have. */
#define N_ROWS 6
#define DIM 3
/* Of a picture or a dataset, what a look at it takes. */
#define MAX_EDGE 16
#define MAX_PICTURES 8
#define MAX_DIM 100000

/* --- pictures --- */

GBytes *
fuzz_seed_png (const char *folder)
{
  fixture_write_picture (folder, "seed.png", 9, 7, 1);
  return fuzz_read_back (folder, "seed.png");
}

/* libjpeg-turbo's smallest way to a sound JPEG is a file that we keep here: 1 x 1, grey. */
static const guint8 jpeg[] = {
  0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 'J',  'F',  'I',  'F',  0x00, 0x01, 0x01, 0x00, 0x00, 0x01, 0x00, 0x01,
  0x00, 0x00, 0xff, 0xdb, 0x00, 0x43, 0x00, 0x10, 0x0b, 0x0c, 0x0e, 0x0c, 0x0a, 0x10, 0x0e, 0x0d, 0x0e, 0x12,
  0x11, 0x10, 0x13, 0x18, 0x28, 0x1a, 0x18, 0x16, 0x16, 0x18, 0x31, 0x23, 0x25, 0x1d, 0x28, 0x3a, 0x33, 0x3d,
  0x3c, 0x39, 0x33, 0x38, 0x37, 0x40, 0x48, 0x5c, 0x4e, 0x40, 0x44, 0x57, 0x45, 0x37, 0x38, 0x50, 0x6d, 0x51,
  0x57, 0x5f, 0x62, 0x67, 0x68, 0x67, 0x3e, 0x4d, 0x71, 0x79, 0x70, 0x64, 0x78, 0x5c, 0x65, 0x67, 0x63, 0xff,
  0xc0, 0x00, 0x0b, 0x08, 0x00, 0x01, 0x00, 0x01, 0x01, 0x01, 0x11, 0x00, 0xff, 0xc4, 0x00, 0x14, 0x00, 0x01,
  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xc4,
  0x00, 0x14, 0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
  0x00, 0x00, 0xff, 0xda, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3f, 0x00, 0x37, 0xff, 0xd9,
};

GBytes *
fuzz_seed_jpeg (const char *folder)
{
  return g_bytes_new_static (jpeg, sizeof jpeg);
}

gboolean
fuzz_read_picture (const FuzzInput *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TithePixels) pixels = tithe_image_decode_file (input->path, 2 * MAX_EDGE, &error);

  g_assert_true ((pixels == NULL) == (error != NULL));
  return pixels != NULL;
}

/* --- embeddings --- */

GBytes *
fuzz_seed_npy (const char *folder)
{
  g_free (fixture_write_rows (folder, "seed.npy", N_ROWS, DIM, 1));
  return fuzz_read_back (folder, "seed.npy");
}

GBytes *
fuzz_seed_npz (const char *folder)
{
  g_autoptr (GBytes) npy = fuzz_seed_npy (folder);
  g_autofree char *path = g_build_filename (folder, "seed.npz", NULL);
  zip_t *zip = zip_open (path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  gsize size;
  gconstpointer data = g_bytes_get_data (npy, &size);

  zip_file_add (zip, "x.npy", zip_source_buffer (zip, data, size, 0), 0);
  g_assert_cmpint (zip_close (zip), ==, 0);
  return fuzz_read_back (folder, "seed.npz");
}

GBytes *
fuzz_seed_safetensors (const char *folder)
{
  static const char header[]
      = "{\"__metadata__\":{\"a\":\"b\"},\"x\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}";
  const gsize length = sizeof header - 1;
  guint8 *bytes = g_malloc0 (8 + length + 24);

  bytes[0] = (guint8) length;
  memcpy (bytes + 8, header, length);
  return g_bytes_new_take (bytes, 8 + length + 24);
}

gboolean
fuzz_read_embedding (const FuzzInput *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (input->path, NULL, &error);
  const guint32 first = 0;

  g_assert_true ((embedding == NULL) == (error != NULL));
  if (embedding != NULL && tithe_embedding_get_dim (embedding) < MAX_DIM)
    {
      g_autofree float *row = g_new (float, tithe_embedding_get_dim (embedding));

      tithe_embedding_get_rows (embedding, &first, 1, row);
    }
  return embedding != NULL;
}

/* --- the record of an embedding --- */

void
fuzz_prepare_rows (const char *folder)
{
  g_autoptr (GBytes) rows = g_bytes_new_take (g_new0 (float, N_ROWS *DIM), N_ROWS * DIM * sizeof (float));
  g_autofree char *path = g_build_filename (folder, "x.npy", NULL);

  g_assert_true (tithe_embedding_write (rows, DIM, "made for a test", path, NULL));
}

GBytes *
fuzz_seed_record (const char *folder)
{
  return fuzz_read_back (folder, "x.npy.json");
}

gboolean
fuzz_read_record (const FuzzInput *input)
{
  g_autofree char *path = g_build_filename (input->folder, "x.npy", NULL);
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (path, NULL, NULL);
  const char *origin = tithe_embedding_get_origin (embedding);

  g_assert_true (origin == NULL || strlen (origin) <= input->size);
  return origin != NULL && !tithe_embedding_is_quick (embedding);
}

void
fuzz_prepare_order (const char *folder)
{
  g_autofree char *images = g_build_filename (folder, "images", NULL);

  fixture_write_classes (images, 2, N_ROWS / 2);
  g_free (fixture_write_rows (folder, "x.npy", N_ROWS, DIM, 1));
}

GBytes *
fuzz_seed_order (const char *folder)
{
  static const char order[]
      = "a/c1/0002.png\na/c1/0001.png\na/c1/0000.png\na/c0/0000.png\na/c0/0001.png\na/c0/0002.png\n";

  return g_bytes_new_static (order, sizeof order - 1);
}

gboolean
fuzz_read_order (const FuzzInput *input)
{
  static TitheDataset *dataset;
  g_autofree char *path = g_build_filename (input->folder, "x.npy", NULL);
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (path, NULL, NULL);
  g_autoptr (GError) error = NULL;
  gboolean bound;

  if (dataset == NULL)
    {
      g_autofree char *images = g_build_filename (input->folder, "images", NULL);

      dataset = tithe_dataset_open (images, NULL, NULL);
    }
  bound = tithe_embedding_bind (&embedding, dataset, input->path, 1, NULL, &error);
  g_assert_true (bound == (error == NULL));
  return bound;
}

/* --- datasets --- */

GBytes *
fuzz_seed_csv (const char *folder)
{
  static const char csv[] = "path,label,split\n\"a,b.png\",cat,train\nx/c.png,\"d\"\"og\",test\n";

  return g_bytes_new_static (csv, sizeof csv - 1);
}

GBytes *
fuzz_seed_jsonl (const char *folder)
{
  static const char jsonl[] = "{\"path\": \"a.png\", \"label\": \"cat\"}\n{\"path\": \"b.png\", \"label\": 3}\n";

  return g_bytes_new_static (jsonl, sizeof jsonl - 1);
}

GBytes *
fuzz_seed_cifar (const char *folder)
{
  return g_bytes_new_take (g_malloc0 (3073 * 2), 3073 * 2);
}

GBytes *
fuzz_seed_idx_images (const char *folder)
{
  static const guint8 images[16 + N_ROWS * 20] = { 0, 0, 8, 3, 0, 0, 0, N_ROWS, 0, 0, 0, 5, 0, 0, 0, 4 };

  return g_bytes_new_static (images, sizeof images);
}

GBytes *
fuzz_seed_idx_gzip (const char *folder)
{
  g_autoptr (GBytes) plain = fuzz_seed_idx_images (folder);
  g_autofree char *path = g_build_filename (folder, "seed.gz", NULL);
  gzFile file = gzopen (path, "wb");
  gsize size;
  gconstpointer data = g_bytes_get_data (plain, &size);

  g_assert_cmpint (gzwrite (file, data, (unsigned) size), ==, (int) size);
  g_assert_cmpint (gzclose (file), ==, Z_OK);
  return fuzz_read_back (folder, "seed.gz");
}

GBytes *
fuzz_seed_idx_labels (const char *folder)
{
  static const guint8 labels[8 + N_ROWS] = { 0, 0, 8, 1, 0, 0, 0, N_ROWS, 0, 1, 2 };

  return g_bytes_new_static (labels, sizeof labels);
}

static void
write_bytes (const char *folder, const char *name, GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  g_free (fixture_write (folder, name, data, (gssize) size));
  g_bytes_unref (bytes);
}

void
fuzz_prepare_idx_labels (const char *folder)
{
  write_bytes (folder, "train-labels-idx1-ubyte", fuzz_seed_idx_labels (folder));
}

void
fuzz_prepare_idx_images (const char *folder)
{
  write_bytes (folder, "train-images-idx3-ubyte", fuzz_seed_idx_images (folder));
}

gboolean
fuzz_read_dataset (const FuzzInput *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheDataset) dataset = tithe_dataset_open (input->path, NULL, &error);

  g_assert_true ((dataset == NULL) == (error != NULL));
  for (gsize i = 0; dataset != NULL && i < MIN (tithe_dataset_get_n_images (dataset), MAX_PICTURES); i++)
    {
      g_autoptr (GError) local = NULL;
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (dataset, i, MAX_EDGE, &local);

      g_assert_true ((pixels == NULL) == (local != NULL));
    }
  return dataset != NULL;
}

/* --- what is learned --- */

#ifdef TITHE_HAVE_LEARN

static const TitheNetworkShape shape = { TITHE_NETWORK_FAST, 8, 4, 1, 16, 2 };

GBytes *
fuzz_seed_network (const char *folder)
{
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autofree char *path = g_build_filename (folder, "seed.safetensors", NULL);

  g_assert_true (tithe_network_write (network, path, NULL));
  return fuzz_read_back (folder, "seed.safetensors");
}

gboolean
fuzz_read_network (const FuzzInput *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheNetwork) network = tithe_network_read (input->path, &error);

  g_assert_true ((network == NULL) == (error != NULL));
  return network != NULL;
}

static GPtrArray *
make_velocities (TitheNetwork *network)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);
  GPtrArray *velocities = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < parameters->len; i++)
    {
      const TitheParameter *parameter = g_ptr_array_index (parameters, i);

      g_ptr_array_add (velocities, i % 2 == 0 ? g_new0 (float, parameter->n) : NULL);
    }
  return velocities;
}

static const TitheCheckpointOwner owner
    = { (char *) "0123456789abcdef", (char *) "dataset", (char *) "fedcba9876543210",
        (char *) "epochs 12 batch 128 rate 0.20000000000000001 images 10" };

GBytes *
fuzz_seed_checkpoint (const char *folder)
{
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autoptr (GPtrArray) velocities = make_velocities (network);
  g_autofree char *path = g_build_filename (folder, "seed.checkpoint", NULL);

  g_assert_true (tithe_checkpoint_write (path, network, velocities, &owner, 2, NULL));
  return fuzz_read_back (folder, "seed.checkpoint");
}

gboolean
fuzz_read_checkpoint (const FuzzInput *input)
{
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autoptr (GPtrArray) velocities = make_velocities (network);
  g_autoptr (GError) error = NULL;
  guint epochs_done;

  g_assert_true (tithe_checkpoint_read (input->path, network, velocities, &owner, 12, &epochs_done, &error)
                 == (error == NULL));
  g_assert_cmpuint (epochs_done, <=, 12);
  return epochs_done > 0;
}

#endif

/* --- plans --- */

GBytes *
fuzz_seed_plan (const char *folder)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (FALSE);
  char *json;

  plan->budgets = 3;
  plan->manual = g_strdup ("abcdef0123456789abcdef");
  plan->manual_ratio = 0.8;
  json = tithe_verify_plan_to_json (plan);
  return g_bytes_new_take (json, strlen (json));
}

/* A plan that is taken is one that can be written, and read again as the same. */
gboolean
fuzz_read_plan (const FuzzInput *input)
{
  g_autofree char *text = g_strndup ((const char *) input->data, input->size), *json = NULL, *again = NULL;
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new_from_json (text), copy = NULL;
  g_autoptr (GArray) arms = NULL;

  if (plan == NULL)
    return FALSE;
  arms = tithe_verify_plan_list_arms (plan);
  for (guint i = 0; i < arms->len; i++)
    {
      g_autofree char *title = tithe_arm_dup_title (&g_array_index (arms, TitheArm, i));

      g_assert_nonnull (title);
    }
  json = tithe_verify_plan_to_json (plan);
  copy = tithe_verify_plan_new_from_json (json);
  g_assert_nonnull (copy);
  again = tithe_verify_plan_to_json (copy);
  g_assert_cmpstr (json, ==, again);
  return TRUE;
}
