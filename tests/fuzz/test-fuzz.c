/* SPDX-License-Identifier: MIT */
#include "io/tithe-npy.h"
#include "fixture.h"
#include "fuzz-readers.h"
#ifdef TITHE_HAVE_LEARN
#  include "learn/tithe-checkpoint.h"
#endif

#include "session/tithe-session.h"

#include <string.h>
#include <zip.h>

/* A short run with fixed seeds: sound files with bytes changed, cut out, doubled and cut off. */
#define ROUNDS 400

static char *folder;

static GBytes *
read_back (char *path)
{
  char *contents;
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_free (path);
  return g_bytes_new_take (contents, size);
}

static GBytes *
make_npz (GBytes *npy)
{
  g_autofree char *path = g_build_filename (folder, "seed.npz", NULL);
  zip_t *zip = zip_open (path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  gsize size;
  gconstpointer data = g_bytes_get_data (npy, &size);

  zip_file_add (zip, "x.npy", zip_source_buffer (zip, data, size, 0), 0);
  g_assert_cmpint (zip_close (zip), ==, 0);
  return read_back (g_steal_pointer (&path));
}

static GBytes *
make_session (void)
{
  g_autofree char *images = g_build_filename (folder, "images", NULL),
                  *rows = g_build_filename (folder, "rows.npy", NULL);
  g_autoptr (TitheHierarchy) hierarchy = fixture_hierarchy (images, 2, 6, TITHE_LINKAGE_COMPLETE, 1);
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (rows, NULL, NULL);
  char *path = g_build_filename (folder, "seed.tithe", NULL);

  g_assert_true (tithe_embedding_bind (embedding, tithe_hierarchy_get_dataset (hierarchy), NULL, 1, NULL, NULL));
  g_assert_true (tithe_session_write (path, hierarchy, embedding, NULL, NULL));
  return read_back (path);
}

static GBytes *
make_idx (guint8 n_dims)
{
  guint8 bytes[256] = { 0, 0, 8, n_dims, 0, 0, 0, 6 };
  gsize size = 8 + 6;

  if (n_dims == 3)
    {
      bytes[11] = 5;
      bytes[15] = 4;
      size = 16 + 6 * 20;
    }
  return g_bytes_new (bytes, size);
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

static GBytes *
make_seed (const char *target)
{
  static const char csv[] = "path,label,split\n\"a,b.png\",cat,train\nx/c.png,\"d\"\"og\",test\n";
  static const char jsonl[] = "{\"path\": \"a.png\", \"label\": \"cat\"}\n{\"path\": \"b.png\", \"label\": 3}\n";
  static const char tensors[] = "{\"x\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}";
  g_autoptr (GBytes) npy = read_back (fixture_write_rows (folder, "seed.npy", 6, 3, 1));

  if (g_str_equal (target, "picture.png"))
    {
      fixture_write_picture (folder, "seed.png", 9, 7, 1);
      return read_back (g_build_filename (folder, "seed.png", NULL));
    }
  if (g_str_equal (target, "picture.jpg"))
    return g_bytes_new_static (jpeg, sizeof jpeg);
  if (g_str_equal (target, "x.npy"))
    return g_steal_pointer (&npy);
  if (g_str_equal (target, "x.npz"))
    return make_npz (npy);
  if (g_str_equal (target, "x.safetensors"))
    {
      g_autofree guint8 *bytes = g_malloc0 (8 + sizeof tensors - 1 + 24);

      bytes[0] = sizeof tensors - 1;
      memcpy (bytes + 8, tensors, sizeof tensors - 1);
      return g_bytes_new (bytes, 8 + sizeof tensors - 1 + 24);
    }
  if (g_str_equal (target, "m.csv"))
    return g_bytes_new_static (csv, sizeof csv - 1);
  if (g_str_equal (target, "m.jsonl"))
    return g_bytes_new_static (jsonl, sizeof jsonl - 1);
  if (g_str_equal (target, "data_batch_1.bin"))
    return g_bytes_new_take (g_malloc0 (3073 * 2), 3073 * 2);
  if (g_str_has_prefix (target, "train-"))
    return make_idx (strstr (target, "images") ? 3 : 1);
#ifdef TITHE_HAVE_LEARN
  if (g_str_equal (target, "n.safetensors"))
    {
      const TitheNetworkShape shape = { TITHE_NETWORK_FAST, 8, 4, 1, 16, 2 };
      g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
      char *path = g_build_filename (folder, "seed.safetensors", NULL);

      g_assert_true (tithe_network_write (network, path, NULL));
      return read_back (path);
    }
#endif
  return make_session ();
}

/* One to four changes of the kinds that files suffer. */
static void
mutate (GByteArray *bytes, GRand *rand)
{
  for (gint changes = g_rand_int_range (rand, 1, 5); changes > 0 && bytes->len > 1; changes--)
    {
      guint at = (guint) g_rand_int_range (rand, 0, (gint32) bytes->len);
      guint n = (guint) g_rand_int_range (rand, 1, 17);
      guint8 piece[16];

      n = MIN (n, bytes->len - at);
      memcpy (piece, bytes->data + at, n);
      switch (g_rand_int_range (rand, 0, 6))
        {
        case 0:
          bytes->data[at] = (guint8) g_rand_int (rand);
          break;
        case 1:
          bytes->data[at] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
          break;
        case 2:
          memset (bytes->data + at, g_rand_boolean (rand) ? 0xff : 0, n);
          break;
        case 3:
          g_byte_array_remove_range (bytes, at, n);
          break;
        case 4:
          g_byte_array_set_size (bytes, at + 1);
          break;
        default:
          g_byte_array_append (bytes, piece, n);
          break;
        }
    }
}

static void
test_reader (gconstpointer data)
{
  guint target = GPOINTER_TO_UINT (data);
  g_autoptr (GBytes) seed = make_seed (fuzz_targets[target]);
  g_autoptr (GRand) rand = g_rand_new_with_seed (target + 1);
  g_autofree char *parent = NULL;
  guint8 labels[8 + 6] = { 0, 0, 8, 1, 0, 0, 0, 6 };

  parent = g_strconcat (folder, "/at-", fuzz_targets[target], NULL);
  /* What must lie beside the file for its reader to get as far as the file. */
  if (strstr (fuzz_targets[target], "images") != NULL)
    g_free (fixture_write (parent, "train-labels-idx1-ubyte", labels, sizeof labels));
  else if (strstr (fuzz_targets[target], "labels") != NULL)
    {
      g_autoptr (GBytes) images = make_idx (3);

      g_free (fixture_write (parent, "train-images-idx3-ubyte", g_bytes_get_data (images, NULL),
                             (gssize) g_bytes_get_size (images)));
    }
  else
    g_free (fixture_write (parent, "nothing", "", 0));
  fuzz_one (target, parent, g_bytes_get_data (seed, NULL), g_bytes_get_size (seed));
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, g_bytes_get_data (seed, NULL), (guint) g_bytes_get_size (seed));
      mutate (bytes, rand);
      fuzz_one (target, parent, bytes->data, bytes->len);
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = fixture_folder ();
  for (guint target = 0; fuzz_targets[target] != NULL; target++)
    {
      g_autofree char *path = g_strconcat ("/fuzz/", fuzz_targets[target], NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (target), test_reader);
    }
  status = g_test_run ();
  fixture_remove (folder);
  return status;
}
