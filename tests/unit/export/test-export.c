/* SPDX-License-Identifier: MIT */
#include "session/tithe-session.h"
#include "dataset/tithe-dataset-protected.h"
#include "io/tithe-output.h"
#include "export/tithe-export.h"
#include "fixture.h"
#include "faulty-disk.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* A dataset of 3 classes of 20 pictures, clustered; what is exported stands in a folder beside it. */
typedef struct
{
  char *folder, *images, *out;
  TitheHierarchy *hierarchy;
  TitheDataset *dataset;
  TitheEmbedding *embedding;
  TitheSubset *subset;
} Fixture;

static void
open_all (Fixture *fixture)
{
  g_autofree char *rows = g_build_filename (fixture->folder, "rows.npy", NULL);

  fixture->dataset = tithe_hierarchy_get_dataset (fixture->hierarchy);
  fixture->embedding = tithe_embedding_open (rows, NULL, NULL);
  g_assert_true (tithe_embedding_bind (&fixture->embedding, fixture->dataset, NULL, 1, NULL, NULL));
  fixture->subset = tithe_subset_new (fixture->hierarchy, NULL);
  tithe_subset_set_ratio (fixture->subset, 0.75, TITHE_POLICY_PER_CLASS, FALSE);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->images = g_build_filename (fixture->folder, "images", NULL);
  fixture->out = g_build_filename (fixture->folder, "out", NULL);
  fixture->hierarchy = fixture_hierarchy (fixture->images, 3, 20, TITHE_LINKAGE_COMPLETE, 1);
  open_all (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_subset_free (fixture->subset);
  tithe_embedding_unref (fixture->embedding);
  tithe_hierarchy_unref (fixture->hierarchy);
  g_free (fixture->images);
  g_free (fixture->out);
  fixture_remove (fixture->folder);
}

/* Clusters another dataset in the place of the fixture's. */
static void
cluster (Fixture *fixture, const char *locator)
{
  g_autoptr (TitheDataset) dataset = NULL;
  g_autofree char *rows = NULL;
  GError *error = NULL;

  tithe_subset_free (fixture->subset);
  tithe_hierarchy_unref (fixture->hierarchy);
  tithe_embedding_unref (fixture->embedding);
  dataset = tithe_dataset_open (locator, NULL, &error);
  g_assert_no_error (error);
  rows = fixture_write_rows (fixture->folder, "rows.npy", tithe_dataset_get_n_images (dataset), 8, 3);
  fixture->embedding = tithe_embedding_open (rows, NULL, NULL);
  g_assert_true (tithe_embedding_bind (&fixture->embedding, dataset, NULL, 1, NULL, NULL));
  fixture->hierarchy = tithe_hierarchy_new (dataset, TITHE_LINKAGE_COMPLETE);
  g_assert_true (tithe_hierarchy_compute (
      fixture->hierarchy, fixture->embedding,
      &(TitheClusterOptions){ .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 1, .max_memory = 0 }, NULL, NULL, NULL,
      NULL));
  tithe_embedding_unref (fixture->embedding);
  open_all (fixture);
}

static gboolean
export_to (Fixture *fixture, const TitheExportOptions *options, const char *path, GError **error)
{
  g_autoptr (TitheProtected) protected = tithe_dataset_protect (fixture->dataset);
  TitheExportOptions complete = *options;

  complete.protected = protected;
  return tithe_export_subset (fixture->subset, fixture->embedding, &complete, NULL, path, NULL, error);
}

static void
export_well (Fixture *fixture, const TitheExportOptions *options)
{
  GError *error = NULL;

  export_to (fixture, options, fixture->out, &error);
  g_assert_no_error (error);
}

/* Nothing of an export that failed is left, whole or in part. */
static void
assert_nothing_left (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_true (g_str_equal (name, "images") || g_str_equal (name, "rows.npy") || g_str_has_prefix (name, "other"));
}

/* --- what comes out reads back in --- */

static void
assert_same_pictures (Fixture *fixture, TitheDataset *again, TitheExportWhat what)
{
  g_autofree guint8 *kept = tithe_subset_dup_kept (fixture->subset);
  gsize j = 0;

  g_assert_cmpuint (tithe_dataset_get_n_classes (again), ==, tithe_dataset_get_n_classes (fixture->dataset));
  for (gsize i = 0; i < tithe_dataset_get_n_images (fixture->dataset); i++)
    {
      g_autoptr (TithePixels) a = NULL, b = NULL;

      if (what != TITHE_EXPORT_BOTH && kept[i] != (what == TITHE_EXPORT_KEPT))
        continue;
      a = tithe_dataset_read_pixels (fixture->dataset, i, 0, NULL);
      b = tithe_dataset_read_pixels (again, j, 0, NULL);
      g_assert_nonnull (b);
      g_assert_cmpuint (a->width, ==, b->width);
      g_assert_cmpmem (a->data, (gsize) a->width * a->height * 3, b->data, (gsize) b->width * b->height * 3);
      g_assert_cmpstr (tithe_dataset_get_class_name (fixture->dataset, tithe_dataset_get_label (fixture->dataset, i)),
                       ==, tithe_dataset_get_class_name (again, tithe_dataset_get_label (again, j)));
      j++;
    }
  g_assert_cmpuint (j, ==, tithe_dataset_get_n_images (again));
}

static void
assert_reads_back (Fixture *fixture, const char *name, TitheExportWhat what)
{
  g_autofree char *path = g_build_filename (fixture->out, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheDataset) again = tithe_dataset_open (path, NULL, &error);

  g_assert_no_error (error);
  assert_same_pictures (fixture, again, what);
}

static void
test_tree (Fixture *fixture, gconstpointer data)
{
  const TitheExportLink links[] = { TITHE_EXPORT_COPY, TITHE_EXPORT_HARD_LINK, TITHE_EXPORT_SYMBOLIC_LINK };

  for (TitheExportWhat what = TITHE_EXPORT_KEPT; what <= TITHE_EXPORT_BOTH; what++)
    for (guint l = 0; l < G_N_ELEMENTS (links); l++)
      {
        g_autofree char *file = g_build_filename (fixture->out, "c0", NULL), *first = NULL, *source = NULL;
        g_autoptr (GDir) dir = NULL;
        struct stat a, b;

        export_well (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_TREE, .what = what, .link = links[l] });
        assert_reads_back (fixture, ".", what);
        dir = g_dir_open (file, 0, NULL);
        first = g_build_filename (file, g_dir_read_name (dir), NULL);
        source = g_build_filename (fixture->images, "c0", strrchr (first, '/') + 1, NULL);
        g_assert_cmpint (stat (source, &a), ==, 0);
        g_assert_cmpint (stat (first, &b), ==, 0);
        g_assert_cmpint (a.st_ino == b.st_ino, ==, links[l] != TITHE_EXPORT_COPY);
        g_assert_cmpint (a.st_mtim.tv_nsec, ==, b.st_mtim.tv_nsec);
        g_assert_cmpint (g_file_test (first, G_FILE_TEST_IS_SYMLINK), ==, links[l] == TITHE_EXPORT_SYMBOLIC_LINK);
        fixture_remove (g_strdup (fixture->out));
      }
}

/* 32 x 32 pictures through CIFAR's files, IDX's and back; from those again, and as PNG in a tree. */
static void
test_records (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL), *first = NULL;

  for (guint i = 0; i < 24; i++)
    {
      g_autofree char *name = g_strdup_printf ("%c/%02u.png", "abc"[i / 8], i);

      fixture_write_picture (other, name, 32, 32, i);
    }
  cluster (fixture, other);
  for (guint round = 0; round < 2; round++)
    {
      export_well (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_CIFAR });
      assert_reads_back (fixture, ".", TITHE_EXPORT_KEPT);
      if (round == 0)
        {
          fixture_remove (g_strdup (fixture->out));
          export_well (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_CIFAR, .what = TITHE_EXPORT_BOTH });
          first = g_strconcat (fixture->folder, "/other-cifar", NULL);
          g_assert_cmpint (g_rename (fixture->out, first), ==, 0);
          cluster (fixture, first);
        }
    }
  fixture_remove (g_strdup (fixture->out));
  export_well (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_TREE });
  assert_reads_back (fixture, ".", TITHE_EXPORT_KEPT);
}

static void
test_idx (Fixture *fixture, gconstpointer data)
{
  g_autofree char *labels = NULL, *path = NULL;
  g_autofree guint8 *kept = tithe_subset_dup_kept (fixture->subset);
  g_autoptr (TitheDataset) again = NULL;
  gsize size, j = 0;

  export_well (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_IDX });
  again = tithe_dataset_open (fixture->out, NULL, NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (tithe_dataset_get_n_images (again), ==, 45);
  path = g_build_filename (fixture->out, "train-labels-idx1-ubyte", NULL);
  g_assert_true (g_file_get_contents (path, &labels, &size, NULL));
  g_assert_cmpuint (size, ==, 8 + 45);
  for (gsize i = 0; i < 60; i++)
    if (kept[i])
      {
        g_autoptr (TithePixels) a = tithe_dataset_read_pixels (fixture->dataset, i, 0, NULL);
        g_autoptr (TithePixels) b = tithe_dataset_read_pixels (again, j, 0, NULL);

        g_assert_cmpmem (a->data, 8 * 8 * 3, b->data, 8 * 8 * 3);
        g_assert_cmpint (labels[8 + j++], ==, (char) tithe_dataset_get_label (fixture->dataset, i));
      }
}

static void
test_forms_that_cannot_hold_it (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  GError *error = NULL;

  g_assert_false (export_to (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_CIFAR }, fixture->out, &error));
  fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, "32 x 32");
  fixture_write_picture (other, "a/0.png", 8, 8, 1);
  fixture_write_picture (other, "a/1.png", 8, 9, 2);
  cluster (fixture, other);
  g_assert_false (export_to (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_IDX, .what = TITHE_EXPORT_BOTH },
                             fixture->out, &error));
  fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, "a/1.png");
  g_assert_false (export_to (
      fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_CSV, .classes = (const char *const[]){ "zebra", NULL } },
      fixture->out, &error));
  fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, "zebra");
  assert_nothing_left (fixture);
}

/* Files of one name in several folders, and classes named to lead out of the target. */
static void
test_names_never_collide (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL), *manifest = NULL, *up = NULL;
  g_autoptr (GString) csv = g_string_new ("path,label\n");
  static const char *const labels[] = { "a/b", "a_b", "../up", "..", "plain" };
  g_autoptr (TitheDataset) again = NULL;

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("dir%u/same.png", i);

      fixture_write_picture (other, name, 8, 8, i);
      g_string_append_printf (csv, "%s,%s\n", name, labels[i % 5]);
    }
  manifest = fixture_write (other, "all.csv", csv->str, (gssize) csv->len);
  cluster (fixture, manifest);
  export_well (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_TREE, .what = TITHE_EXPORT_BOTH });
  again = tithe_dataset_open (fixture->out, NULL, NULL);
  g_assert_cmpuint (tithe_dataset_get_n_images (again), ==, 30);
  g_assert_cmpuint (tithe_dataset_get_n_classes (again), ==, 5);
  for (guint c = 0; c < 5; c++)
    {
      gsize n;

      tithe_dataset_get_class_images (again, c, &n);
      g_assert_cmpuint (n, ==, 6);
    }
  up = g_build_filename (fixture->folder, "up", NULL);
  g_assert_false (g_file_test (up, G_FILE_TEST_EXISTS));
}

static void
test_mask_and_classes (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *kept = tithe_subset_dup_kept (fixture->subset);
  g_autofree char *contents = NULL, *indices = NULL;
  gsize size, n = 0;

  export_well (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_MASK });
  g_assert_true (g_file_get_contents (fixture->out, &contents, &size, NULL));
  g_assert_cmpmem (contents + size - 60, 60, kept, 60);
  g_assert_nonnull (strstr (contents + 10, "|b1"));
  g_unlink (fixture->out);
  export_well (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_INDICES,
                                               .what = TITHE_EXPORT_DISCARDED,
                                               .classes = (const char *const[]){ "c2", "c0", NULL } });
  g_assert_true (g_file_get_contents (fixture->out, &indices, &size, NULL));
  for (gsize i = 0; i < 60; i++)
    if (!kept[i] && (i < 20 || i >= 40))
      {
        gint64 value;

        memcpy (&value, indices + 128 + 8 * n++, 8);
        g_assert_cmpint (GINT64_FROM_LE (value), ==, (gint64) i);
      }
  g_assert_cmpuint (size, ==, 128 + 8 * n);
}

/* --- nothing is lost, nothing is harmed --- */

static GString *snapshot;

static int
take_one (const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
  g_autofree char *contents = NULL, *sum = NULL;
  gsize size = 0;

  if (flag == FTW_F && g_file_get_contents (path, &contents, &size, NULL))
    sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, size);
  g_string_append_printf (snapshot, "%s %o %" G_GINT64_FORMAT " %ld.%ld %s\n", path, st->st_mode, (gint64) st->st_size,
                          (long) st->st_mtim.tv_sec, st->st_mtim.tv_nsec, sum ? sum : "");
  return 0;
}

static char *
take_snapshot (const char *folder)
{
  snapshot = g_string_new (NULL);
  nftw (folder, take_one, 16, FTW_PHYS);
  return g_string_free (snapshot, FALSE);
}

static void
test_source_is_untouched (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = take_snapshot (fixture->images), *after = NULL;

  for (TitheExportFormat format = TITHE_EXPORT_CSV; format < TITHE_N_EXPORT_FORMATS; format++)
    for (TitheExportLink link = TITHE_EXPORT_COPY; link <= TITHE_EXPORT_SYMBOLIC_LINK; link++)
      {
        export_to (fixture, &(TitheExportOptions){ .format = format, .link = link, .overwrite = TRUE }, fixture->out,
                   NULL);
        if (tithe_export_is_folder (format) && g_file_test (fixture->out, G_FILE_TEST_IS_DIR))
          fixture_remove (g_strdup (fixture->out));
        g_unlink (fixture->out);
      }
  after = take_snapshot (fixture->images);
  g_assert_true (g_str_equal (before, after));
}

static void
test_target_inside_the_source (Fixture *fixture, gconstpointer data)
{
  g_autofree char *inside = g_build_filename (fixture->images, "out", NULL);
  g_autofree char *alias = g_build_filename (fixture->folder, "other-alias", NULL);
  g_autofree char *through = g_build_filename (alias, "c1", "out", NULL);
  GError *error = NULL;

  g_assert_cmpint (symlink (fixture->images, alias), ==, 0);
  for (TitheExportFormat format = TITHE_EXPORT_CSV; format < TITHE_N_EXPORT_FORMATS; format++)
    {
      g_assert_false (
          export_to (fixture, &(TitheExportOptions){ .format = format, .overwrite = TRUE }, inside, &error));
      fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_PROTECTED, "inside the dataset");
      g_assert_false (
          export_to (fixture, &(TitheExportOptions){ .format = format, .overwrite = TRUE }, through, &error));
      fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_PROTECTED, "inside the dataset");
    }
}

static void
test_nothing_is_overwritten_unasked (Fixture *fixture, gconstpointer data)
{
  g_autofree char *precious = NULL, *contents = NULL, *foreign = g_build_filename (fixture->folder, "other", NULL);
  TitheExportOptions csv = { .format = TITHE_EXPORT_CSV }, tree = { .format = TITHE_EXPORT_TREE };
  GError *error = NULL;

  g_free (fixture_write (fixture->folder, "out", "old", -1));
  g_assert_false (export_to (fixture, &csv, fixture->out, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS, "there already");
  g_assert_true (g_file_get_contents (fixture->out, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "old");
  csv.overwrite = TRUE;
  export_well (fixture, &csv);
  /* A folder that is not ours is not replaced even when asked. */
  precious = fixture_write (foreign, "thesis.txt", "years", -1);
  tree.overwrite = TRUE;
  g_assert_false (export_to (fixture, &tree, foreign, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_FOREIGN, "not exported by Tithe");
  g_assert_true (g_file_test (precious, G_FILE_TEST_EXISTS));
}

static void
test_places_that_cannot_be (Fixture *fixture, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (fixture->folder, "no", "where", NULL), *longest = NULL;
  g_autofree char *name = g_strnfill (300, 'x');
  GError *error = NULL;

  longest = g_build_filename (fixture->folder, name, NULL);
  for (TitheExportFormat format = TITHE_EXPORT_CSV; format < TITHE_N_EXPORT_FORMATS; format++)
    {
      if (format == TITHE_EXPORT_CIFAR)
        continue;
      g_assert_false (export_to (fixture, &(TitheExportOptions){ .format = format }, nowhere, &error));
      fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, "no such folder");
      g_assert_false (export_to (fixture, &(TitheExportOptions){ .format = format }, longest, &error));
      fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, "too long");
    }
  assert_nothing_left (fixture);
}

static void
test_source_goes_away (Fixture *fixture, gconstpointer data)
{
  const TitheExportFormat formats[] = { TITHE_EXPORT_TREE, TITHE_EXPORT_WEBDATASET };
  g_autofree guint8 *kept = tithe_subset_dup_kept (fixture->subset);
  guint32 last = 59;
  g_autofree char *file = NULL;
  GError *error = NULL;

  while (!kept[last])
    last--;
  file = tithe_dataset_dup_file (fixture->dataset, last);
  g_unlink (file);
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
    for (TitheExportLink link = TITHE_EXPORT_COPY; link <= TITHE_EXPORT_SYMBOLIC_LINK; link++)
      {
        g_assert_false (
            export_to (fixture, &(TitheExportOptions){ .format = formats[f], .link = link }, fixture->out, &error));
        fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_SOURCE, strrchr (file, '/'));
        assert_nothing_left (fixture);
      }
}

/* It is the picture's disk that fails, not the target's. */
static void
test_source_cannot_be_read_to_its_end (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  faulty_disk_set ("images/", 10);
  g_assert_false (export_to (fixture, &(TitheExportOptions){ .format = TITHE_EXPORT_TREE }, fixture->out, &error));
  faulty_disk_clear ();
  fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_SOURCE, "cannot read the image");
  assert_nothing_left (fixture);
}

/* A file that may not grow stands for a full disk. */
static void
test_disk_is_full (Fixture *fixture, gconstpointer data)
{
  const TitheExportFormat formats[] = { TITHE_EXPORT_CSV, TITHE_EXPORT_WEBDATASET, TITHE_EXPORT_IDX };
  g_autoptr (TitheOutput) output = tithe_output_begin (fixture->out, NULL, FALSE, NULL);
  struct rlimit old, small = { 1024, RLIM_INFINITY };
  GError *error = NULL;

  g_assert_false (tithe_output_check_room (output, G_MAXUINT64 / 4, 10, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_SPACE, "left");
  g_clear_pointer (&output, tithe_output_free);
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old);
  small.rlim_max = old.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      gboolean ok = export_to (fixture, &(TitheExportOptions){ .format = formats[f] }, fixture->out, &error);

      g_assert_false (ok);
      g_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE);
      g_assert_null (strstr (error->message, ".part"));
      g_clear_error (&error);
      assert_nothing_left (fixture);
    }
  setrlimit (RLIMIT_FSIZE, &old);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  for (TitheExportFormat format = TITHE_EXPORT_CSV; format < TITHE_N_EXPORT_FORMATS; format++)
    {
      g_autoptr (TitheJob) job = tithe_job_new ("test");
      g_autoptr (TitheProtected) protected = tithe_dataset_protect (fixture->dataset);
      const TitheExportOptions options = { .format = format, .protected = protected };
      g_autoptr (GError) error = NULL;

      if (format == TITHE_EXPORT_CIFAR)
        continue;
      tithe_job_cancel (job);
      g_assert_false (
          tithe_export_subset (fixture->subset, fixture->embedding, &options, NULL, fixture->out, job, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      assert_nothing_left (fixture);
    }
}

static void
test_damaged_provenance (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[]
      = { "",
          "{",
          "[]",
          "{}",
          "{\"tithe\": 3}",
          "{\"tithe\": \"1\", \"session\": {}}",
          "{\"tithe\":\"1\",\"session\":\"s\",\"dataset\":{\"path\":\"d\",\"fingerprint\":\"f\"},\"embedding\":{"
          "\"path\":\"e\","
          "\"fingerprint\":\"f\"},\"linkage\":\"complete\",\"subset\":{\"ratio\":7},\"export\":{\"format\":\"csv\"}}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = fixture_write (fixture->folder, "p.json", texts[i], -1);
      GError *error = NULL;

      g_assert_null (tithe_provenance_read (path, &error));
      fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, "p.json");
    }
}

#define ADD(path, function) g_test_add ("/export/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("tree", test_tree);
  ADD ("records", test_records);
  ADD ("idx", test_idx);
  ADD ("wrong-forms", test_forms_that_cannot_hold_it);
  ADD ("names", test_names_never_collide);
  ADD ("mask-and-classes", test_mask_and_classes);
  ADD ("source-untouched", test_source_is_untouched);
  ADD ("inside-source", test_target_inside_the_source);
  ADD ("overwrite", test_nothing_is_overwritten_unasked);
  ADD ("places", test_places_that_cannot_be);
  ADD ("source-gone", test_source_goes_away);
  ADD ("source-cannot-be-read-to-its-end", test_source_cannot_be_read_to_its_end);
  ADD ("disk-full", test_disk_is_full);
  ADD ("cancelled", test_cancelled);
  ADD ("damaged-provenance", test_damaged_provenance);
  return g_test_run ();
}
