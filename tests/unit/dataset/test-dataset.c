/* SPDX-License-Identifier: MIT */
#include "faulty-disk.h"
#include "fixture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static void
write_file (FolderFixture *fixture, const char *name, gconstpointer data, gssize size)
{
  g_free (fixture_write (fixture->folder, name, data, size));
}

static TitheDataset *
open_at (FolderFixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  TitheDataset *dataset = tithe_dataset_open (path, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (dataset);
  return dataset;
}

static void
assert_refused (FolderFixture *fixture, const char *name, TitheDatasetError code, const char *part)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  GError *error = NULL;

  g_assert_null (tithe_dataset_open (path, NULL, &error));
  fixture_assert_error (error, TITHE_DATASET_ERROR, code, part);
}

static void
assert_path (TitheDataset *dataset, gsize image, const char *expected)
{
  g_autoptr (GString) buffer = g_string_new (NULL);

  g_assert_cmpstr (tithe_dataset_get_path (dataset, image, buffer), ==, expected);
}

static gboolean
has_note (TitheDataset *dataset, const char *part)
{
  GPtrArray *notes = tithe_dataset_get_notes (dataset);

  for (guint i = 0; i < notes->len; i++)
    if (strstr (g_ptr_array_index (notes, i), part) != NULL)
      return TRUE;
  return FALSE;
}

/* --- folders --- */

static void
test_folder_is_sorted_bytewise (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;

  fixture_write_picture (fixture->folder, "b/2.png", 4, 4, 1);
  fixture_write_picture (fixture->folder, "b/10.png", 4, 4, 2);
  fixture_write_picture (fixture->folder, "B/deep/er/x.png", 4, 4, 3);
  fixture_write_picture (fixture->folder, "a/.hidden.png", 4, 4, 4);
  fixture_write_picture (fixture->folder, "a/z.JPEG", 4, 4, 5);
  write_file (fixture, "a/readme.txt", "hello", -1);
  dataset = open_at (fixture, "");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 4);
  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, 3);
  assert_path (dataset, 0, "B/deep/er/x.png");
  assert_path (dataset, 1, "a/z.JPEG");
  assert_path (dataset, 2, "b/10.png");
  assert_path (dataset, 3, "b/2.png");
  g_assert_cmpuint (tithe_dataset_get_label (dataset, 3), ==, 2);
  g_assert_true (has_note (dataset, "readme.txt"));
}

static void
test_folder_splits (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;

  fixture_write_picture (fixture->folder, "train/cat/1.png", 4, 4, 1);
  fixture_write_picture (fixture->folder, "train/dog/1.png", 4, 4, 2);
  fixture_write_picture (fixture->folder, "test/cat/9.png", 4, 4, 3);
  dataset = open_at (fixture, "");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 2);
  g_assert_nonnull (tithe_dataset_get_test (dataset));
  g_assert_cmpuint (tithe_dataset_get_n_images (tithe_dataset_get_test (dataset)), ==, 1);
}

static void
test_flat_folder_is_one_unlabelled_class (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;

  fixture_write_picture (fixture->folder, "1.png", 4, 4, 1);
  fixture_write_picture (fixture->folder, "2.png", 4, 4, 2);
  dataset = open_at (fixture, "");
  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, 1);
  g_assert_false (tithe_dataset_is_labelled (dataset));
}

static void
test_missing_and_empty_folders (FolderFixture *fixture, gconstpointer data)
{
  assert_refused (fixture, "nowhere", TITHE_DATASET_ERROR_NOT_FOUND, "nowhere");
  assert_refused (fixture, "", TITHE_DATASET_ERROR_EMPTY, fixture->folder);
  write_file (fixture, "a/notes.txt", "no picture", -1);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_EMPTY, fixture->folder);
  assert_refused (fixture, "a/notes.txt", TITHE_DATASET_ERROR_UNKNOWN, "notes.txt");
}

static void
test_small_classes (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *empty = g_build_filename (fixture->folder, "empty", NULL);
  g_autoptr (TitheDataset) dataset = NULL;
  gsize n;

  fixture_write_picture (fixture->folder, "one/1.png", 4, 4, 1);
  fixture_write_picture (fixture->folder, "two/1.png", 4, 4, 2);
  fixture_write_picture (fixture->folder, "two/2.png", 4, 4, 3);
  g_assert_cmpint (g_mkdir (empty, 0755), ==, 0);
  dataset = open_at (fixture, "");
  g_assert_cmpint (tithe_dataset_find_class (dataset, "one"), >=, 0);
  tithe_dataset_get_class_images (dataset, (guint) tithe_dataset_find_class (dataset, "one"), &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (has_note (dataset, "empty"));
}

static void
test_unreadable_file_is_reported_not_fatal (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GPtrArray) broken = NULL;

  fixture_write_picture (fixture->folder, "a/1.png", 4, 4, 1);
  path = fixture_write (fixture->folder, "a/2.png", "not a picture", -1);
  write_file (fixture, "a/3.png", "", 0);
  dataset = open_at (fixture, "");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 3);
  broken = tithe_dataset_find_broken (dataset, 2, NULL);
  g_assert_cmpuint (broken->len, ==, 2);
  g_assert_nonnull (strstr (g_ptr_array_index (broken, 0), "2.png"));
  g_unlink (path);
  g_clear_pointer (&broken, g_ptr_array_unref);
  broken = tithe_dataset_find_broken (dataset, 1, NULL);
  g_assert_nonnull (strstr (g_ptr_array_index (broken, 0), "No such file"));
}

static void
test_symlink_loop_ends (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->folder, "a", "loop", NULL);
  g_autoptr (TitheDataset) dataset = NULL;

  fixture_write_picture (fixture->folder, "a/1.png", 4, 4, 1);
  g_assert_cmpint (symlink ("..", link), ==, 0);
  dataset = open_at (fixture, "");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 1);
  g_assert_true (has_note (dataset, "loop"));
}

/* Made here byte by byte: a session knows its dataset by this on another kind of machine, too. */
static void
test_fingerprint_is_that_of_every_machine (FolderFixture *fixture, gconstpointer data)
{
  static const char bytes[] = "a\0b\0"                           /* the classes */
                              "\0\0\0\0\1\0\0\0\1\0\0\0"         /* the labels */
                              "a/1.png\0b/2.png\0b/3.png\0"      /* the paths */
                              "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0" /* the sizes */
                              "\3\0\0\0\0\0\0";
  g_autofree char *expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes, sizeof bytes);
  g_autoptr (TitheDataset) dataset = NULL;

  g_free (fixture_write (fixture->folder, "a/1.png", "x", 1));
  g_free (fixture_write (fixture->folder, "b/2.png", "xx", 2));
  g_free (fixture_write (fixture->folder, "b/3.png", "xxx", 3));
  dataset = tithe_dataset_open (fixture->folder, NULL, NULL);
  g_assert_nonnull (dataset);
  g_assert_cmpstr (tithe_dataset_get_fingerprint (dataset), ==, expected);
}

static void
test_fingerprint_follows_the_contents (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) before = NULL, same = NULL, after = NULL;

  fixture_write_picture (fixture->folder, "a/1.png", 4, 4, 1);
  before = open_at (fixture, "");
  same = open_at (fixture, "");
  g_assert_cmpstr (tithe_dataset_get_fingerprint (before), ==, tithe_dataset_get_fingerprint (same));
  fixture_write_picture (fixture->folder, "a/2.png", 4, 4, 1);
  after = open_at (fixture, "");
  g_assert_cmpstr (tithe_dataset_get_fingerprint (before), !=, tithe_dataset_get_fingerprint (after));
}

static void
test_record_survives_serialisation (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL, again = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GError) error = NULL;

  fixture_write_classes (fixture->folder, 3, 4);
  dataset = open_at (fixture, "");
  variant = g_variant_ref_sink (tithe_dataset_to_variant (dataset));
  again = tithe_dataset_new_from_variant (variant, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tithe_dataset_get_fingerprint (again), ==, tithe_dataset_get_fingerprint (dataset));
  assert_path (again, 7, "c1/0003.png");
}

static void
make_link (FolderFixture *fixture, const char *target, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
test_what_is_left_out_is_noted (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;
  g_autofree char *empty = g_build_filename (fixture->folder, "empty", NULL);

  fixture_write_picture (fixture->folder, "a/1.png", 4, 4, 1);
  fixture_write_picture (fixture->folder, "beside.png", 4, 4, 2);
  write_file (fixture, "a/notes.txt", "no picture", -1);
  /* What describes the dataset is no picture that is missing. */
  write_file (fixture, "LABELS.CSV", "a,b", -1);
  write_file (fixture, "README", "about it", -1);
  g_assert_cmpint (g_mkdir (empty, 0755), ==, 0);
  make_link (fixture, "nowhere", "a/gone.png");
  make_link (fixture, "nowhere", "a/gone");
  dataset = open_at (fixture, "");
  /* A link that leads nowhere keeps its place where it is named like a picture. */
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 2);
  assert_path (dataset, 1, "a/gone.png");
  g_assert_true (has_note (dataset, "1 other file was left out: “a/notes.txt”"));
  g_assert_true (has_note (dataset, "1 picture beside the class folders belongs to no class: “beside.png”"));
  g_assert_true (has_note (dataset, "2 files cannot be read, “a/gone” among them"));
  g_assert_true (has_note (dataset, "1 class has no images: “empty”"));
}

static void
test_splits_without_pictures_are_noted (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;

  fixture_write_picture (fixture->folder, "train/a/1.png", 4, 4, 1);
  fixture_write_picture (fixture->folder, "other/a/1.png", 4, 4, 1);
  write_file (fixture, "val/a/notes.txt", "no picture", -1);
  dataset = open_at (fixture, "");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 1);
  g_assert_null (tithe_dataset_get_test (dataset));
  g_assert_true (has_note (dataset, "“val” holds no images: there is no test split"));
  g_assert_true (has_note (dataset, "the folder “other” beside “train” and “val” was left out"));
}

static void
test_opening_can_be_cancelled (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  g_autoptr (GError) error = NULL;

  fixture_write_classes (fixture->folder, 2, 2);
  tithe_job_cancel (job);
  g_assert_null (tithe_dataset_open (fixture->folder, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --- names that are no text --- */

static void
write_latin1_classes (FolderFixture *fixture)
{
  static const char *const names[] = { "l/caf\xe9", "l/caf\xe8", "l/caf\\xE9", "l/plain" };

  for (guint c = 0; c < G_N_ELEMENTS (names); c++)
    for (guint i = 0; i < 2; i++)
      {
        g_autofree char *name = g_strdup_printf ("%s/%u\xfc.png", names[c], i);

        fixture_write_picture (fixture->folder, name, 8, 8, c * 2 + i);
      }
}

static void
assert_latin1_classes (TitheDataset *dataset)
{
  g_autoptr (GString) buffer = g_string_new (NULL);
  g_autoptr (GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, 4);
  g_assert_cmpstr (tithe_dataset_get_class_name (dataset, 0), ==, "caf\\x5CxE9");
  g_assert_cmpstr (tithe_dataset_get_class_name (dataset, 1), ==, "caf\\xE8");
  g_assert_cmpstr (tithe_dataset_get_class_name (dataset, 2), ==, "caf\\xE9");
  g_assert_cmpint (tithe_dataset_find_class (dataset, "caf\\xE9"), ==, 2);
  g_assert_cmpint (tithe_dataset_find_class (dataset, "caf\xe9"), ==, 2);
  for (gsize i = 0; i < tithe_dataset_get_n_images (dataset); i++)
    {
      const char *path = tithe_dataset_get_display_path (dataset, i, buffer);
      g_autoptr (GError) error = NULL;
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (dataset, i, 0, &error);

      g_assert_no_error (error);
      g_assert_true (g_utf8_validate (path, -1, NULL));
      g_assert_true (g_hash_table_add (paths, g_strdup (path)));
    }
  assert_path (dataset, 4, "caf\xe9/0\xfc.png");
}

static void
test_names_that_are_no_text_are_told_apart (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;

  write_latin1_classes (fixture);
  dataset = open_at (fixture, "l");
  assert_latin1_classes (dataset);
}

static void
test_names_that_are_no_text_survive_serialisation (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL, again = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *moved = g_build_filename (fixture->folder, "l\xe4", NULL);
  g_autofree char *old = g_build_filename (fixture->folder, "l", NULL);

  write_latin1_classes (fixture);
  write_file (fixture, "l/plain/note.t\xe4t", "x", 1);
  g_assert_cmpint (g_rename (old, moved), ==, 0);
  dataset = open_at (fixture, "l\xe4");
  g_assert_cmpstr (tithe_dataset_get_name (dataset), ==, "l\\xE4");
  g_assert_true (has_note (dataset, "note.t\\xE4t"));
  variant = g_variant_ref_sink (tithe_dataset_to_variant (dataset));
  again = tithe_dataset_new_from_variant (variant, &error);
  g_assert_no_error (error);
  assert_latin1_classes (again);
  g_assert_cmpstr (tithe_dataset_get_locator (again), ==, moved);
  g_assert_cmpstr (tithe_dataset_get_fingerprint (again), ==, tithe_dataset_get_fingerprint (dataset));
}

static void
test_manifest_names_files_that_are_no_text (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TithePixels) pixels = NULL;

  write_latin1_classes (fixture);
  write_file (fixture, "m.csv", "path,label\nl/caf\\xE9/0\\xFC.png,a\nl/caf\\x5CxE9/1\\xFC.png,b\n", -1);
  dataset = open_at (fixture, "m.csv");
  assert_path (dataset, 0, "l/caf\xe9/0\xfc.png");
  assert_path (dataset, 1, "l/caf\\xE9/1\xfc.png");
  pixels = tithe_dataset_read_pixels (dataset, 1, 0, &error);
  g_assert_no_error (error);
}

/* --- CIFAR --- */

static GByteArray *
cifar_batch (guint n, guint8 label)
{
  GByteArray *batch = g_byte_array_new ();

  for (guint i = 0; i < n; i++)
    {
      guint8 record[3073];

      memset (record, (int) i, sizeof record);
      record[0] = label;
      g_byte_array_append (batch, record, sizeof record);
    }
  return batch;
}

static void
write_cifar (FolderFixture *fixture, guint n, guint8 label)
{
  for (guint b = 1; b <= 5; b++)
    {
      g_autofree char *name = g_strdup_printf ("data_batch_%u.bin", b);
      g_autoptr (GByteArray) batch = cifar_batch (n, label);

      write_file (fixture, name, batch->data, (gssize) batch->len);
    }
  write_file (fixture, "batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n",
              -1);
}

static void
test_cifar_binary (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TithePixels) pixels = NULL;
  g_autoptr (GByteArray) test = cifar_batch (2, 1);
  g_autoptr (GError) error = NULL;

  write_cifar (fixture, 3, 3);
  write_file (fixture, "test_batch.bin", test->data, (gssize) test->len);
  dataset = open_at (fixture, "");
  g_assert_cmpint (tithe_dataset_get_format (dataset), ==, TITHE_DATASET_CIFAR10);
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 15);
  g_assert_cmpuint (tithe_dataset_get_label (dataset, 14), ==, 3);
  g_assert_cmpstr (tithe_dataset_get_class_name (dataset, 3), ==, "cat");
  g_assert_cmpuint (tithe_dataset_get_n_images (tithe_dataset_get_test (dataset)), ==, 2);
  pixels = tithe_dataset_read_pixels (dataset, 5, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pixels->width, ==, 32);
  g_assert_cmpuint (pixels->data[0], ==, 2);
}

/* A coarse and a fine label before each picture; the fine one counts. */
static void
test_cifar100_binary (FolderFixture *fixture, gconstpointer data)
{
  g_autofree guint8 *records = g_malloc0 (3074 * 4);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (TitheDataset) dataset = NULL;

  for (guint i = 0; i < 4; i++)
    {
      records[3074 * i] = 3;
      records[3074 * i + 1] = (guint8) (90 + i);
    }
  for (guint i = 0; i < 100; i++)
    g_string_append_printf (names, "fine-%u\n", i);
  write_file (fixture, "train.bin", records, 3074 * 4);
  write_file (fixture, "test.bin", records, 3074 * 2);
  write_file (fixture, "fine_label_names.txt", names->str, -1);
  dataset = open_at (fixture, "");
  g_assert_cmpint (tithe_dataset_get_format (dataset), ==, TITHE_DATASET_CIFAR100);
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 4);
  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, 100);
  g_assert_cmpstr (tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, 2)), ==, "fine-92");
  g_assert_cmpuint (tithe_dataset_get_n_images (tithe_dataset_get_test (dataset)), ==, 2);
}

/* An export copies records as they are, with their labels. */
static void
test_cifar_records_come_whole (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GBytes) record = NULL;
  g_autoptr (GError) error = NULL;
  const guint8 *bytes;
  guint8 expected[3073];

  write_cifar (fixture, 3, 3);
  dataset = open_at (fixture, "");
  record = tithe_dataset_read_record (dataset, 5, &error);
  g_assert_no_error (error);
  bytes = g_bytes_get_data (record, NULL);
  memset (expected, 2, sizeof expected);
  expected[0] = 3;
  g_assert_cmpmem (bytes, g_bytes_get_size (record), expected, sizeof expected);
}

static void
test_cifar_without_names (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *names = g_build_filename (fixture->folder, "batches.meta.txt", NULL);
  g_autoptr (TitheDataset) dataset = NULL;

  write_cifar (fixture, 2, 3);
  write_file (fixture, "batches.meta.txt", "cat\ndog\nfish\ncat\n", -1);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_CORRUPT, "names the class “cat” twice");
  g_assert_cmpint (g_unlink (names), ==, 0);
  dataset = open_at (fixture, "data_batch_2.bin");
  g_assert_true (has_note (dataset, "“batches.meta.txt” is missing"));
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 10);
  g_assert_cmpstr (tithe_dataset_get_class_name (dataset, 3), ==, "3");
}

static void
test_cifar_cut_short (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) batch = cifar_batch (2, 3);

  write_cifar (fixture, 2, 3);
  write_file (fixture, "data_batch_2.bin", batch->data, 3073 + 100);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_CORRUPT, "data_batch_2.bin");
}

static void
test_cifar_label_out_of_range (FolderFixture *fixture, gconstpointer data)
{
  write_cifar (fixture, 2, 10);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_CORRUPT, "label 10");
}

/* --- IDX --- */

static GByteArray *
idx (guint8 type, guint n_dims, const guint32 *dims, gsize n_values)
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 magic[4] = { 0, 0, type, (guint8) n_dims };

  g_byte_array_append (bytes, magic, 4);
  for (guint i = 0; i < n_dims; i++)
    {
      guint32 big = GUINT32_TO_BE (dims[i]);

      g_byte_array_append (bytes, (const guint8 *) &big, 4);
    }
  for (gsize i = 0; i < n_values; i++)
    {
      guint8 value = (guint8) (i % 3);

      g_byte_array_append (bytes, &value, 1);
    }
  return bytes;
}

static void
write_idx (FolderFixture *fixture, guint32 n, guint32 n_labels, gsize n_values)
{
  g_autoptr (GByteArray) images = idx (8, 3, (guint32[]){ n, 5, 4 }, n_values);
  g_autoptr (GByteArray) labels = idx (8, 1, &n_labels, n_labels);

  write_file (fixture, "train-images-idx3-ubyte", images->data, (gssize) images->len);
  write_file (fixture, "train-labels-idx1-ubyte", labels->data, (gssize) labels->len);
}

static void
test_idx (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TithePixels) pixels = NULL;
  g_autoptr (GError) error = NULL;

  write_idx (fixture, 6, 6, 6 * 20);
  dataset = open_at (fixture, "");
  g_assert_cmpint (tithe_dataset_get_format (dataset), ==, TITHE_DATASET_IDX);
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 6);
  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, 3);
  pixels = tithe_dataset_read_pixels (dataset, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (pixels->width, ==, 4);
  g_assert_cmpuint (pixels->height, ==, 5);
}

static void
test_idx_wrong_sizes (FolderFixture *fixture, gconstpointer data)
{
  write_idx (fixture, 6, 5, 6 * 20);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_CORRUPT, "5 labels for the 6 pictures");
  write_idx (fixture, 6, 6, 6 * 20 - 1);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_CORRUPT, "does not match its header");
  write_idx (fixture, 0xffffffffu, 6, 6 * 20);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_CORRUPT, "train-images-idx3-ubyte");
}

/* Colour, and nobody knows what is on the pictures. */
static void
test_idx_of_colour_without_labels (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) images = idx (8, 4, (guint32[]){ 2, 2, 2, 3 }, 2 * 12);
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TithePixels) pixels = NULL;
  g_autoptr (GBytes) record = NULL;
  g_autoptr (GError) error = NULL;

  write_file (fixture, "train-images-idx4-ubyte", images->data, (gssize) images->len);
  dataset = open_at (fixture, "");
  g_assert_false (tithe_dataset_is_labelled (dataset));
  g_assert_true (has_note (dataset, "has no label file beside it"));
  pixels = tithe_dataset_read_pixels (dataset, 1, 0, &error);
  g_assert_no_error (error);
  record = tithe_dataset_read_record (dataset, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (pixels->data, 12, g_bytes_get_data (record, NULL), g_bytes_get_size (record));
  g_assert_cmpuint (pixels->data[1], ==, 1);
}

static void
test_idx_of_several_sets_is_asked_about (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) more = idx (8, 3, (guint32[]){ 2, 5, 4 }, 2 * 20);
  g_autoptr (TitheDataset) dataset = NULL;

  write_idx (fixture, 6, 6, 6 * 20);
  write_file (fixture, "extra-images-idx3-ubyte", more->data, (gssize) more->len);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_UNKNOWN, "several training sets");
  dataset = open_at (fixture, "extra-images-idx3-ubyte");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 2);
  write_file (fixture, "lost-labels-idx1-ubyte", more->data, (gssize) more->len);
  assert_refused (fixture, "lost-labels-idx1-ubyte", TITHE_DATASET_ERROR_NOT_FOUND, "there is no image file");
}

static void
test_idx_wrong_magic (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) images = idx (0x0d, 3, (guint32[]){ 6, 5, 4 }, 6 * 20);

  write_idx (fixture, 6, 6, 6 * 20);
  write_file (fixture, "train-images-idx3-ubyte", images->data, (gssize) images->len);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_CORRUPT, "00 00 0d 03");
}

static void
write_gzip (FolderFixture *fixture, const char *name, GByteArray *bytes, gsize cut)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  gzFile file = gzopen (path, "wb");
  g_autofree char *contents = NULL;
  gsize size;

  gzwrite (file, bytes->data, bytes->len);
  gzclose (file);
  g_file_get_contents (path, &contents, &size, NULL);
  write_file (fixture, name, contents, (gssize) (size - cut));
}

static void
test_idx_gzip (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) images = idx (8, 3, (guint32[]){ 6, 5, 4 }, 6 * 20);
  g_autoptr (GByteArray) labels = idx (8, 1, (guint32[]){ 6 }, 6);
  g_autoptr (TitheDataset) dataset = NULL;

  write_gzip (fixture, "train-images-idx3-ubyte.gz", images, 0);
  write_gzip (fixture, "train-labels-idx1-ubyte.gz", labels, 0);
  dataset = open_at (fixture, "");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 6);
  write_gzip (fixture, "train-images-idx3-ubyte.gz", images, 12);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_CORRUPT, "gzip");
}

/* The labels are of no use to a program that opens them by name, and x.gz lies beside x where torchvision unpacked it. */
static void
test_idx_any_file_of_a_pair_opens_it (FolderFixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "train-images-idx3-ubyte", "train-images-idx3-ubyte.gz",
                                       "train-labels-idx1-ubyte", "train-labels-idx1-ubyte.gz" };
  g_autoptr (GByteArray) images = idx (8, 3, (guint32[]){ 6, 5, 4 }, 6 * 20);
  g_autoptr (GByteArray) labels = idx (8, 1, (guint32[]){ 6 }, 6);
  g_autoptr (GByteArray) others = idx (8, 3, (guint32[]){ 2, 5, 4 }, 2 * 20);

  write_idx (fixture, 6, 6, 6 * 20);
  write_gzip (fixture, names[1], images, 0);
  write_gzip (fixture, names[3], labels, 0);
  write_file (fixture, "t10k-images-idx3-ubyte", others->data, (gssize) others->len);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (TitheDataset) dataset = open_at (fixture, names[i]);

      g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 6);
    }
}

/* 400 million pixels are no picture; the file is as large as it says, but sparse. */
static void
test_idx_picture_beyond_the_limit_is_refused (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) header = idx (8, 3, (guint32[]){ 1, 20000, 20000 }, 0);
  g_autofree char *path = g_build_filename (fixture->folder, "train-images-idx3-ubyte", NULL);

  write_file (fixture, "train-images-idx3-ubyte", header->data, (gssize) header->len);
  g_assert_cmpint (truncate (path, header->len + 20000L * 20000L), ==, 0);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_LIMIT, "20000 x 20000");
}

/* What a gzip file holds beyond what its header declares is never inflated as a whole. */
static void
test_idx_gzip_bomb_is_refused (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) images = idx (8, 3, (guint32[]){ 6, 5, 4 }, 6 * 20);

  g_byte_array_set_size (images, 32 << 20);
  memset (images->data + 16 + 120, 0, images->len - 16 - 120);
  write_gzip (fixture, "train-images-idx3-ubyte.gz", images, 0);
  assert_refused (fixture, "", TITHE_DATASET_ERROR_CORRUPT, "declares 120 values and holds more");
}

/* --- a disk that fails --- */

static void
assert_fails_to_read (FolderFixture *fixture, const char *name, const char *part)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  GError *error = NULL;

  g_assert_null (tithe_dataset_open (path, NULL, &error));
  g_assert_nonnull (strstr (error->message, part));
  fixture_assert_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, g_strerror (EIO));
}

static void
test_folder_that_fails_in_the_middle_is_refused (FolderFixture *fixture, gconstpointer data)
{
  fixture_write_classes (fixture->folder, 2, 6);
  faulty_disk_set ("c1", 3);
  assert_fails_to_read (fixture, "", "c1");
  faulty_disk_set (fixture->folder, 1);
  assert_fails_to_read (fixture, "", fixture->folder);
}

static void
test_split_that_fails_in_the_middle_is_refused (FolderFixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "train/a/1.png", "train/b/1.png", "test/a/1.png", "test/b/1.png" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    fixture_write_picture (fixture->folder, names[i], 4, 4, i);
  faulty_disk_set ("/test", 1);
  assert_fails_to_read (fixture, "", "test");
  faulty_disk_set ("/train", 1);
  assert_fails_to_read (fixture, "", "train");
}

/* Without an ending only its first bytes tell whether a file is a picture. */
static void
test_file_that_nobody_can_look_into_is_not_left_out (FolderFixture *fixture, gconstpointer data)
{
  fixture_write_picture (fixture->folder, "a/1.png", 4, 4, 1);
  fixture_write_picture (fixture->folder, "a/picture", 4, 4, 2);
  faulty_disk_set ("a/picture", 0);
  assert_fails_to_read (fixture, "", "a/picture");
}

/* What nobody can say what it is may be a class. */
static void
test_what_cannot_be_asked_is_not_left_out (FolderFixture *fixture, gconstpointer data)
{
  fixture_write_classes (fixture->folder, 2, 2);
  g_setenv (FAULTY_DISK_STAT, "c1", TRUE);
  assert_fails_to_read (fixture, "", "c1");
  g_setenv (FAULTY_DISK_STAT, "0001.png", TRUE);
  assert_fails_to_read (fixture, "", "c0/0001.png");
}

static void
test_cifar_that_fails_in_the_middle_is_refused (FolderFixture *fixture, gconstpointer data)
{
  write_cifar (fixture, 3, 3);
  faulty_disk_set ("data_batch_3.bin", 3073);
  assert_fails_to_read (fixture, "", "data_batch_3.bin");
  faulty_disk_set ("batches.meta.txt", 10);
  assert_fails_to_read (fixture, "", "batches.meta.txt");
}

static void
test_idx_that_fails_in_the_middle_is_refused (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) images = idx (8, 3, (guint32[]){ 600, 5, 4 }, 600 * 20);
  g_autofree char *plain = g_build_filename (fixture->folder, "train-images-idx3-ubyte", NULL);

  write_idx (fixture, 6, 6, 6 * 20);
  faulty_disk_set ("labels-idx1", 10);
  assert_fails_to_read (fixture, "", "train-labels-idx1-ubyte");
  faulty_disk_set ("images-idx3", 10);
  assert_fails_to_read (fixture, "", "train-images-idx3-ubyte");
  faulty_disk_set (fixture->folder, 1);
  assert_fails_to_read (fixture, "", "folder");
  faulty_disk_clear ();
  write_gzip (fixture, "train-images-idx3-ubyte.gz", images, 0);
  g_assert_cmpint (g_unlink (plain), ==, 0);
  faulty_disk_set (".gz", 60);
  assert_fails_to_read (fixture, "", "train-images-idx3-ubyte.gz");
}

static void
test_record_that_fails_is_told_from_the_others (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;
  GError *error = NULL;

  write_idx (fixture, 6, 6, 6 * 20);
  dataset = open_at (fixture, "");
  faulty_disk_set ("images-idx3", 16 + 3 * 20 + 10);
  for (gsize i = 0; i < 3; i++)
    tithe_pixels_unref (tithe_dataset_read_pixels (dataset, i, 0, NULL));
  g_assert_null (tithe_dataset_read_pixels (dataset, 3, 0, &error));
  g_assert_nonnull (strstr (error->message, "train-images-idx3-ubyte"));
  fixture_assert_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, g_strerror (EIO));
}

static void
test_file_that_became_shorter_is_no_crash (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "train-images-idx3-ubyte", NULL);
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TithePixels) first = NULL;
  GError *error = NULL;

  write_idx (fixture, 6, 6, 6 * 20);
  dataset = open_at (fixture, "");
  g_assert_cmpint (truncate (path, 16 + 20), ==, 0);
  first = tithe_dataset_read_pixels (dataset, 0, 0, &error);
  g_assert_no_error (error);
  g_assert_null (tithe_dataset_read_pixels (dataset, 5, 0, &error));
  fixture_assert_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT, "cut short");
}

/* Records are looked at many at a time; what is missing is told one by one all the same. */
static void
test_records_that_are_gone_are_named (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "data_batch_4.bin", NULL);
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GPtrArray) broken = NULL, none = NULL;

  write_cifar (fixture, 150, 3);
  dataset = open_at (fixture, "");
  none = tithe_dataset_find_broken (dataset, 2, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpint (truncate (path, 100 * 3073 + 5), ==, 0);
  broken = tithe_dataset_find_broken (dataset, 2, NULL);
  g_assert_cmpuint (broken->len, ==, 50);
  for (guint i = 0; i < broken->len; i++)
    {
      g_autofree char *offset = g_strdup_printf ("from byte %u on", (100 + i) * 3073 + 1);

      g_assert_nonnull (strstr (g_ptr_array_index (broken, i), "data_batch_4.bin"));
      g_assert_nonnull (strstr (g_ptr_array_index (broken, i), offset));
    }
}

static void
test_manifest_that_fails_in_the_middle_is_refused (FolderFixture *fixture, gconstpointer data)
{
  write_file (fixture, "m.csv", "path,label\nx/1.png,a\nx/2.png,b\n", -1);
  faulty_disk_set ("m.csv", 21);
  assert_fails_to_read (fixture, "m.csv", "m.csv");
}

/* --- names in errors --- */

/* @shown is in the message, which is text; nothing in it is escaped twice. */
static void
assert_error_shows (GError *error, const char *shown)
{
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, shown));
  g_assert_null (strstr (error->message, "\\x5CxE9"));
  g_error_free (error);
}

static void
assert_refusal_shows (FolderFixture *fixture, const char *name, const char *shown)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  GError *error = NULL;

  g_assert_null (tithe_dataset_open (path, NULL, &error));
  assert_error_shows (error, shown);
}

static void
test_name_of_a_folder_is_escaped_once_in_an_error (FolderFixture *fixture, gconstpointer data)
{
  fixture_write_picture (fixture->folder, "l/caf\xe9/1.png", 4, 4, 1);
  fixture_write_picture (fixture->folder, "l/caf\xe9/2", 4, 4, 1);
  faulty_disk_set ("caf\xe9", 1);
  assert_refusal_shows (fixture, "l", "l/caf\\xE9”");
  assert_refusal_shows (fixture, "l/caf\xe9", "l/caf\\xE9”");
  faulty_disk_set ("caf\xe9/2", 0);
  assert_refusal_shows (fixture, "l", "l/caf\\xE9/2”");
  faulty_disk_clear ();
  g_setenv (FAULTY_DISK_STAT, "caf\xe9", TRUE);
  assert_refusal_shows (fixture, "l", "l/caf\\xE9”");
}

static void
test_name_is_escaped_in_every_refusal (FolderFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name, *text, *opened;
  } cases[] = {
    { "0\xe9/notes.txt", "no picture", "0\xe9" },
    { "1\xe9/notes.txt", "no picture", "1\xe9/notes.txt" },
    { "2\xe9/notes.txt", "no picture", "2\xe9/nothing" },
    { "3\xe9/train.bin", "cut short", "3\xe9" },
    { "4\xe9/fine_label_names.txt", "\xff", "4\xe9/train.bin" },
    { "4\xe9/train.bin", "cut short", "4\xe9/train.bin" },
    { "5\xe9/train-images-idx3-ubyte", "no header", "5\xe9" },
    { "6\xe9/train-images-idx3-ubyte.gz", "\x1f\x8b no gzip", "6\xe9" },
    { "7\xe9/train-labels-idx1-ubyte", "alone", "7\xe9/train-labels-idx1-ubyte" },
    { "8\xe9/m.csv", "no,columns\n", "8\xe9/m.csv" },
    { "9\xe9.jsonl", "no JSON\n", "9\xe9.jsonl" },
    { "A\xe9.csv", "path,label\n\xff,a\n", "A\xe9.csv" },
    { "B\xe9.csv", "path,label\n", "B\xe9.csv" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = g_strdup_printf ("%c\\xE9", *cases[i].name);

      write_file (fixture, cases[i].name, cases[i].text, -1);
      assert_refusal_shows (fixture, cases[i].opened, shown);
    }
}

/* What a manifest says is text already, and is shown as it stands there. */
static void
test_text_of_a_manifest_is_shown_as_it_is (FolderFixture *fixture, gconstpointer data)
{
  write_file (fixture, "m.csv", "path,label\n../caf\\xE9.png,a\n", -1);
  assert_refusal_shows (fixture, "m.csv", "“../caf\\xE9.png” leads out");
}

static void
test_name_is_escaped_where_records_fail (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *records = g_build_filename (fixture->folder, "data_batch_1.bin", NULL), *moved = NULL;
  g_autofree char *folder = g_build_filename (fixture->folder, "l\xe9", NULL);
  g_autoptr (TitheDataset) dataset = NULL;
  GError *error = NULL;

  write_cifar (fixture, 3, 3);
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  moved = g_build_filename (folder, "data_batch_1.bin", NULL);
  g_assert_cmpint (g_rename (records, moved), ==, 0);
  write_file (fixture, "l\xe9/batches.meta.txt", "a\nb\nc\nd\n", -1);
  dataset = open_at (fixture, "l\xe9");
  faulty_disk_set ("data_batch_1.bin", 10);
  g_assert_null (tithe_dataset_read_pixels (dataset, 0, 0, &error));
  assert_error_shows (g_steal_pointer (&error), "l\\xE9/data_batch_1.bin");
  faulty_disk_clear ();
  g_assert_cmpint (truncate (moved, 10), ==, 0);
  g_assert_null (tithe_dataset_read_pixels (dataset, 0, 0, &error));
  assert_error_shows (g_steal_pointer (&error), "l\\xE9/data_batch_1.bin");
}

/* --- what is no file --- */

/* Nobody writes into the pipe: who opened it as a file would wait for ever. */
static void
assert_pipe_is_refused (FolderFixture *fixture, const char *name, const char *opened)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  if (g_unlink (path) != 0)
    g_assert_cmpint (errno, ==, ENOENT);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_refused (fixture, opened, TITHE_DATASET_ERROR_NOT_FOUND, name);
  assert_refused (fixture, opened, TITHE_DATASET_ERROR_NOT_FOUND, "it is not a file");
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_pipe_in_a_cifar_folder_is_refused (FolderFixture *fixture, gconstpointer data)
{
  assert_pipe_is_refused (fixture, "train.bin", "");
  write_cifar (fixture, 3, 3);
  assert_pipe_is_refused (fixture, "batches.meta.txt", "");
  assert_pipe_is_refused (fixture, "data_batch_3.bin", "");
}

static void
test_pipe_in_an_idx_folder_is_refused (FolderFixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "train-images-idx3-ubyte", "train-images-idx3-ubyte.gz",
                                       "train-labels-idx1-ubyte", "train-labels-idx1-ubyte.gz" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      write_idx (fixture, 6, 6, 6 * 20);
      if (g_str_has_suffix (names[i], ".gz"))
        {
          g_autofree char *plain = g_build_filename (fixture->folder, names[i - 1], NULL);

          g_assert_cmpint (g_unlink (plain), ==, 0);
        }
      assert_pipe_is_refused (fixture, names[i], "");
    }
}

/* The file is a pipe only when its pictures are read: opening a session opens no files of records. */
static void
test_pipe_in_place_of_inflated_records_is_refused (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "train-images-idx3-ubyte.gz", NULL);
  g_autoptr (GByteArray) images = idx (8, 3, (guint32[]){ 6, 5, 4 }, 6 * 20);
  g_autoptr (TitheDataset) dataset = NULL, again = NULL;
  g_autoptr (GVariant) variant = NULL;
  GError *error = NULL;

  write_gzip (fixture, "train-images-idx3-ubyte.gz", images, 0);
  dataset = open_at (fixture, "");
  variant = g_variant_ref_sink (tithe_dataset_to_variant (dataset));
  again = tithe_dataset_new_from_variant (variant, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (tithe_dataset_read_pixels (again, 0, 0, &error));
  fixture_assert_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, "it is not a file");
}

static void
test_pipe_as_a_manifest_is_refused (FolderFixture *fixture, gconstpointer data)
{
  assert_pipe_is_refused (fixture, "m.csv", "m.csv");
  assert_pipe_is_refused (fixture, "m.jsonl", "m.jsonl");
}

static void
test_pipe_among_pictures_is_left_out (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "a/pipe.png", NULL);
  g_autoptr (TitheDataset) dataset = NULL;

  fixture_write_picture (fixture->folder, "a/1.png", 4, 4, 1);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  dataset = open_at (fixture, "");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 1);
  g_assert_true (has_note (dataset, "1 other file was left out: “a/pipe.png”"));
}

/* --- records of strangers --- */

static GVariant *
record_of (TitheDataset *dataset)
{
  return g_variant_ref_sink (tithe_dataset_to_variant (dataset));
}

/* The record with another value at @index is refused. */
static void
assert_record_refused (GVariant *record, gsize index, GVariant *value)
{
  g_autoptr (GPtrArray) children = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) changed = NULL;
  GError *error = NULL;

  for (gsize i = 0; i < g_variant_n_children (record); i++)
    g_ptr_array_add (children, i == index ? g_variant_ref_sink (value) : g_variant_get_child_value (record, i));
  changed = g_variant_ref_sink (g_variant_new_tuple ((GVariant *const *) children->pdata, children->len));
  g_assert_null (tithe_dataset_new_from_variant (changed, &error));
  fixture_assert_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT, "damaged");
}

static GVariant *
bytes_variant (const char *bytes, gsize size)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, size, 1);
}

/* The paths are two of seven bytes, “a/1.png” and “a/2.png”. */
static void
test_paths_that_leave_the_dataset_are_refused (FolderFixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { "/a1.png\0a/2.png", "../.png\0a/2.png", "a/1.png\0a/../ng",
                                       "a/1.png\0a//.png", "a/./png\0a/2.png", "a/1.png\0a/1.png" };
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GVariant) record = NULL;

  fixture_write_picture (fixture->folder, "a/1.png", 4, 4, 1);
  fixture_write_picture (fixture->folder, "a/2.png", 4, 4, 2);
  dataset = open_at (fixture, "");
  record = record_of (dataset);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    assert_record_refused (record, 15, bytes_variant (paths[i], 16));
  assert_record_refused (record, 15, bytes_variant ("a/1.png\0a/2.png", 15));
  assert_record_refused (record, 10, g_variant_new_strv ((const char *[]){ "a", "a" }, 2));
  assert_record_refused (record, 12,
                         g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, (guint32[]){ 0, 1 }, 2, sizeof (guint32)));
  assert_record_refused (record, 12, g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, NULL, 0, sizeof (guint32)));
}

static GVariant *
shards_variant (const char *file, guint64 n_images, guint64 offset, guint64 stride)
{
  GVariantBuilder shards;

  g_variant_builder_init (&shards, G_VARIANT_TYPE ("a(stttt)"));
  g_variant_builder_add (&shards, "(stttt)", file, n_images, G_GUINT64_CONSTANT (0), offset, stride);
  return g_variant_builder_end (&shards);
}

static void
test_shards_that_do_not_fit_their_pictures_are_refused (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GVariant) record = NULL;

  write_idx (fixture, 6, 6, 6 * 20);
  dataset = open_at (fixture, "");
  record = record_of (dataset);
  assert_record_refused (record, 11, shards_variant ("x", 6, 16, 19));
  assert_record_refused (record, 11, shards_variant ("x", 6, 0, 21));
  assert_record_refused (record, 11, shards_variant ("x", 6, 16, G_MAXUINT64));
  assert_record_refused (record, 11, shards_variant ("x", 6, G_MAXUINT64 - 3, 20));
  assert_record_refused (record, 11, shards_variant ("x", G_MAXUINT64, 16, 20));
  assert_record_refused (record, 11, shards_variant ("../x", 6, 16, 20));
  assert_record_refused (record, 6, g_variant_new_uint32 (20000));
  assert_record_refused (record, 6, g_variant_new_uint32 (0));
  assert_record_refused (record, 8, g_variant_new_uint32 (G_MAXUINT32));
}

/* --- manifests --- */

static void
write_manifest_pictures (FolderFixture *fixture)
{
  fixture_write_picture (fixture->folder, "x/1.png", 4, 4, 1);
  fixture_write_picture (fixture->folder, "x/2.png", 4, 4, 2);
  fixture_write_picture (fixture->folder, "x/3.png", 4, 4, 3);
}

static void
test_manifest_csv (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;

  write_manifest_pictures (fixture);
  write_file (fixture, "m.csv", "label,path,split\r\n\"big, dog\",x/2.png,train\ncat,x/1.png,train\ncat,x/3.png,test\n",
              -1);
  dataset = open_at (fixture, "m.csv");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 2);
  assert_path (dataset, 0, "x/2.png");
  g_assert_cmpstr (tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, 0)), ==, "big, dog");
  g_assert_cmpuint (tithe_dataset_get_n_images (tithe_dataset_get_test (dataset)), ==, 1);
}

static void
test_manifest_jsonl (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;

  write_manifest_pictures (fixture);
  write_file (fixture, "m.jsonl",
              "{\"path\": \"x/1.png\", \"label\": \"a\"}\n\n{\"label\": 7, \"path\": \"x/2.png\"}\n", -1);
  dataset = open_at (fixture, "m.jsonl");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 2);
}

static void
test_manifest_fields_in_quotes (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;

  write_manifest_pictures (fixture);
  write_file (fixture, "m.csv",
              "\"path\",label,\"note\"\n\"x/1.png\",\"the \"\"big\"\" one\",\"two\nlines\"\r\n\n"
              "\"x\"/2.png,\"a\"b\"c\rx/3.png,\"\"\"\"",
              -1);
  dataset = open_at (fixture, "m.csv");
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 3);
  assert_path (dataset, 1, "x/2.png");
  assert_path (dataset, 2, "x/3.png");
  g_assert_cmpstr (tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, 0)), ==, "the \"big\" one");
  g_assert_cmpstr (tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, 1)), ==, "ab\"c");
  g_assert_cmpstr (tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, 2)), ==, "\"");
}

static void
test_manifest_splits_in_any_order (FolderFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheDataset) dataset = NULL;
  TitheDataset *test;

  write_manifest_pictures (fixture);
  write_file (fixture, "m.csv",
              "path,label,split\nx/9.png,z,dev\nx/3.png,c,validation\nx/2.png,b,\nx/8.png,z,other\nx/1.png,a,TRAIN\n",
              -1);
  dataset = open_at (fixture, "m.csv");
  test = tithe_dataset_get_test (dataset);
  g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, 2);
  g_assert_cmpuint (tithe_dataset_get_n_images (test), ==, 1);
  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, 4);
  assert_path (dataset, 0, "x/2.png");
  assert_path (dataset, 1, "x/1.png");
  assert_path (test, 0, "x/3.png");
  g_assert_cmpuint (tithe_dataset_get_label (dataset, 0), ==, 1);
  g_assert_cmpuint (tithe_dataset_get_label (dataset, 1), ==, 0);
  g_assert_cmpuint (tithe_dataset_get_label (test, 0), ==, 2);
  g_assert_cmpuint (tithe_dataset_get_size (test, 0), >, 0);
  g_assert_true (has_note (dataset, "dev"));
}

/* The same file under another name, and in another split, is the same picture. */
static void
test_manifest_path_written_otherwise_is_the_same (FolderFixture *fixture, gconstpointer data)
{
  g_autofree char *absolute = g_build_filename (fixture->folder, "x/1.png", NULL);
  const char *const others[] = { "./x/1.png", "x//1.png", "x/../x/1.png", "y/./../x/1.png", absolute };

  write_manifest_pictures (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "path,label,split\nx/2.png,a,train\nx/1.png,a,dev\n\nx/3.png,a,train\n%s,b,test\n", others[i]);

      write_file (fixture, "m.csv", text, -1);
      assert_refused (fixture, "m.csv", TITHE_DATASET_ERROR_MANIFEST, "line 6");
      assert_refused (fixture, "m.csv", TITHE_DATASET_ERROR_MANIFEST, "already in line 3");
    }
}

/* Ten thousand rows in an order that nothing sorts, as CSV, as JSON lines, and as JSON that no quick way reads. */
static void
test_manifest_of_many_rows_is_the_same_in_each_form (FolderFixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "m.csv", "m.jsonl", "escaped.jsonl" };
  GString *texts[] = { g_string_new ("path,label\n"), g_string_new (NULL), g_string_new (NULL) };
  g_autofree char *fingerprint = NULL;
  const guint n = 10007;

  write_manifest_pictures (fixture);
  for (guint i = 0; i < n; i++)
    {
      const guint number = i * 7919u % n, label = number % 101;

      g_string_append_printf (texts[0], "x/%u.png,c%u\n", number, label);
      g_string_append_printf (texts[1], "{\"path\": \"x/%u.png\", \"label\": \"c%u\"}\n", number, label);
      g_string_append_printf (texts[2], "{\"path\": \"x\\/%u.png\", \"label\": \"\\u0063%u\"}\n", number, label);
    }
  for (guint t = 0; t < G_N_ELEMENTS (names); t++)
    {
      g_autoptr (TitheDataset) dataset = NULL;

      write_file (fixture, names[t], texts[t]->str, (gssize) texts[t]->len);
      dataset = open_at (fixture, names[t]);
      g_assert_cmpuint (tithe_dataset_get_n_images (dataset), ==, n);
      g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, 101);
      for (guint i = 0; i < n; i++)
        {
          const guint number = i * 7919u % n;
          g_autofree char *path = g_strdup_printf ("x/%u.png", number), *label = g_strdup_printf ("c%u", number % 101);

          assert_path (dataset, i, path);
          g_assert_cmpstr (tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, i)), ==, label);
          g_assert_cmpint (tithe_dataset_get_size (dataset, i) > 0, ==, number >= 1 && number <= 3);
        }
      if (fingerprint == NULL)
        fingerprint = g_strdup (tithe_dataset_get_fingerprint (dataset));
      g_assert_cmpstr (tithe_dataset_get_fingerprint (dataset), ==, fingerprint);
      g_string_free (texts[t], TRUE);
    }
}

static void
test_manifest_refusals (FolderFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name, *text, *part;
  } cases[] = {
    { "column.csv", "path,klass\nx/1.png,a\n", "no column “label”" },
    { "twice.csv", "path,label\nx/1.png,a\nx/1.png,b\n", "line 3" },
    { "escape.csv", "path,label\n../secret.png,a\n", "leads out" },
    { "hidden-escape.csv", "path,label\nx/../../secret.png,a\n", "leads out" },
    { "utf8.csv", "path,label\nx/1.png,a\xff\n", "UTF-8" },
    { "open.csv", "path,label\n\"x/1.png,a\n", "not closed" },
    { "key.jsonl", "{\"path\": \"x/1.png\"}\n", "no key “label”" },
    { "json.jsonl", "{\"path\": \"x/1.png\", \n", "not JSON" },
    { "twice.jsonl", "{\"path\": \"x/1.png\", \"label\": \"a\"}\n{\"path\": \"x/1.png\", \"label\": \"a\"}\n",
      "line 2" },
  };

  write_manifest_pictures (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      write_file (fixture, cases[i].name, cases[i].text, -1);
      assert_refused (fixture, cases[i].name, TITHE_DATASET_ERROR_MANIFEST, cases[i].part);
    }
}

#define ADD(path, function)                                                                                            \
  g_test_add ("/dataset/" path, FolderFixture, NULL, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("folder/sorted-bytewise", test_folder_is_sorted_bytewise);
  ADD ("folder/splits", test_folder_splits);
  ADD ("folder/flat", test_flat_folder_is_one_unlabelled_class);
  ADD ("folder/missing-and-empty", test_missing_and_empty_folders);
  ADD ("folder/small-classes", test_small_classes);
  ADD ("folder/unreadable-file", test_unreadable_file_is_reported_not_fatal);
  ADD ("folder/symlink-loop", test_symlink_loop_ends);
  ADD ("folder/fingerprint", test_fingerprint_follows_the_contents);
  ADD ("folder/fingerprint-everywhere", test_fingerprint_is_that_of_every_machine);
  ADD ("folder/serialisation", test_record_survives_serialisation);
  ADD ("folder/notes", test_what_is_left_out_is_noted);
  ADD ("folder/notes-on-splits", test_splits_without_pictures_are_noted);
  ADD ("folder/cancelled", test_opening_can_be_cancelled);
  ADD ("names/told-apart", test_names_that_are_no_text_are_told_apart);
  ADD ("names/serialisation", test_names_that_are_no_text_survive_serialisation);
  ADD ("names/manifest", test_manifest_names_files_that_are_no_text);
  ADD ("cifar/binary", test_cifar_binary);
  ADD ("cifar/binary-100", test_cifar100_binary);
  ADD ("cifar/records", test_cifar_records_come_whole);
  ADD ("cifar/without-names", test_cifar_without_names);
  ADD ("cifar/cut-short", test_cifar_cut_short);
  ADD ("cifar/label-out-of-range", test_cifar_label_out_of_range);
  ADD ("idx/plain", test_idx);
  ADD ("idx/wrong-sizes", test_idx_wrong_sizes);
  ADD ("idx/colour-without-labels", test_idx_of_colour_without_labels);
  ADD ("idx/several-sets", test_idx_of_several_sets_is_asked_about);
  ADD ("idx/wrong-magic", test_idx_wrong_magic);
  ADD ("idx/gzip", test_idx_gzip);
  ADD ("idx/any-file-of-a-pair", test_idx_any_file_of_a_pair_opens_it);
  ADD ("idx/beyond-the-limit", test_idx_picture_beyond_the_limit_is_refused);
  ADD ("idx/gzip-bomb", test_idx_gzip_bomb_is_refused);
  ADD ("disk/folder", test_folder_that_fails_in_the_middle_is_refused);
  ADD ("disk/split", test_split_that_fails_in_the_middle_is_refused);
  ADD ("disk/look-into", test_file_that_nobody_can_look_into_is_not_left_out);
  ADD ("disk/cannot-be-asked", test_what_cannot_be_asked_is_not_left_out);
  ADD ("disk/cifar", test_cifar_that_fails_in_the_middle_is_refused);
  ADD ("disk/idx", test_idx_that_fails_in_the_middle_is_refused);
  ADD ("disk/record", test_record_that_fails_is_told_from_the_others);
  ADD ("disk/shorter", test_file_that_became_shorter_is_no_crash);
  ADD ("disk/records-gone", test_records_that_are_gone_are_named);
  ADD ("disk/manifest", test_manifest_that_fails_in_the_middle_is_refused);
  ADD ("errors/folder", test_name_of_a_folder_is_escaped_once_in_an_error);
  ADD ("errors/refusals", test_name_is_escaped_in_every_refusal);
  ADD ("errors/manifest", test_text_of_a_manifest_is_shown_as_it_is);
  ADD ("errors/records", test_name_is_escaped_where_records_fail);
  ADD ("pipe/cifar", test_pipe_in_a_cifar_folder_is_refused);
  ADD ("pipe/idx", test_pipe_in_an_idx_folder_is_refused);
  ADD ("pipe/inflated-records", test_pipe_in_place_of_inflated_records_is_refused);
  ADD ("pipe/manifest", test_pipe_as_a_manifest_is_refused);
  ADD ("pipe/picture", test_pipe_among_pictures_is_left_out);
  ADD ("record/paths", test_paths_that_leave_the_dataset_are_refused);
  ADD ("record/shards", test_shards_that_do_not_fit_their_pictures_are_refused);
  ADD ("manifest/csv", test_manifest_csv);
  ADD ("manifest/jsonl", test_manifest_jsonl);
  ADD ("manifest/quotes", test_manifest_fields_in_quotes);
  ADD ("manifest/splits", test_manifest_splits_in_any_order);
  ADD ("manifest/other-names", test_manifest_path_written_otherwise_is_the_same);
  ADD ("manifest/many-rows", test_manifest_of_many_rows_is_the_same_in_each_form);
  ADD ("manifest/refusals", test_manifest_refusals);
  return g_test_run ();
}
