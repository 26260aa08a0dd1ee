/* SPDX-License-Identifier: MIT */
#include "session/tithe-session.h"
#include "session/tithe-session-protected.h"
#include "export/tithe-export.h"
#include "io/tithe-output.h"
#include "fixture.h"

#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

/* What is said of an export before it is made, beside what is on the disk then. */
typedef struct
{
  char *folder, *out;
  TitheSession *session;
  TitheDataset *dataset;
  TitheEmbedding *embedding;
  TitheSubset *subset;
  TitheProvenance *provenance;
  TitheProtected *protected;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->out = g_build_filename (fixture->folder, "out", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_protected_free (fixture->protected);
  tithe_provenance_free (fixture->provenance);
  tithe_subset_free (fixture->subset);
  tithe_embedding_unref (fixture->embedding);
  tithe_session_free (fixture->session);
  g_free (fixture->out);
  fixture_remove (fixture->folder);
}

static char *
write_session (Fixture *fixture, const char *locator)
{
  char *path = g_build_filename (fixture->folder, "s.tithe", NULL);
  g_autofree char *rows = NULL;
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  GError *error = NULL;

  dataset = tithe_dataset_open (locator, NULL, &error);
  g_assert_no_error (error);
  rows = fixture_write_rows (fixture->folder, "rows.npy", tithe_dataset_get_n_images (dataset), 8, 3);
  embedding = tithe_embedding_open (rows, NULL, NULL);
  g_assert_true (tithe_embedding_bind (&embedding, dataset, NULL, 1, NULL, NULL));
  hierarchy = tithe_hierarchy_new (dataset, TITHE_LINKAGE_COMPLETE);
  g_assert_true (tithe_hierarchy_compute (hierarchy, embedding,
                                          &(TitheClusterOptions){ .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 1 },
                                          NULL, NULL, NULL, NULL));
  g_assert_true (tithe_session_write (path, hierarchy, embedding, NULL, &error));
  return path;
}

static void
open_dataset (Fixture *fixture, const char *locator)
{
  g_autofree char *path = write_session (fixture, locator);
  const TitheSubsetChoice choice = { .ratio = 0.75, .policy = TITHE_POLICY_PER_CLASS };
  GError *error = NULL;

  fixture->session = tithe_session_open (path, &error);
  g_assert_no_error (error);
  fixture->dataset = tithe_session_get_dataset (fixture->session);
  fixture->embedding = tithe_session_open_embedding (fixture->session, NULL, &error);
  g_assert_no_error (error);
  fixture->subset = tithe_subset_new (tithe_session_get_hierarchy (fixture->session), NULL);
  tithe_subset_choose (fixture->subset, &choice);
  fixture->provenance = tithe_provenance_new (fixture->session, NULL, &choice, -1, NULL);
  fixture->protected = tithe_session_protect (fixture->session, NULL);
}

/* Three classes of 20 pictures that CIFAR's files can hold. */
static void
open_files (Fixture *fixture)
{
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/%02u.png", (const char *[]){ "ant", "bee", "cat" }[i / 20], i);

      fixture_write_picture (images, name, 32, 32, i);
    }
  open_dataset (fixture, images);
}

/* CIFAR's records of noise in a part of the picture, whose PNG is therefore 200 to 3,000 bytes. */
static void
open_records (Fixture *fixture, guint n)
{
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL), *file = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < n; i++)
    {
      guint8 record[3073] = { (guint8) (i % 10) };
      const gint32 noise = g_rand_int_range (rand, 0, 1024);

      for (gint32 p = 0; p < noise; p++)
        for (guint c = 0; c < 3; c++)
          record[1 + c * 1024 + (guint) p] = (guint8) g_rand_int_range (rand, 0, 256);
      g_byte_array_append (bytes, record, sizeof record);
    }
  file = fixture_write (images, "data_batch_1.bin", bytes->data, (gssize) bytes->len);
  open_dataset (fixture, images);
}

/* --- what is on the disk --- */

static TitheExportSize found;

static int
add_file (const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
  const gboolean is_link = flag == FTW_SL || flag == FTW_SLN || (flag == FTW_F && st->st_nlink > 1);

  found.n_links += is_link;
  found.n_files += flag == FTW_F && !is_link;
  if (flag == FTW_F && !is_link)
    found.n_bytes += (guint64) st->st_size;
  return 0;
}

static void
look_at_the_disk (Fixture *fixture)
{
  g_autofree char *note = g_strconcat (fixture->out, TITHE_PROVENANCE_ENDING, NULL);
  struct stat st;

  found = (TitheExportSize){ 0 };
  g_assert_cmpint (nftw (fixture->out, add_file, 16, FTW_PHYS), ==, 0);
  if (stat (note, &st) == 0)
    add_file (note, &st, FTW_F, NULL);
}

static TitheExportSize
measure (Fixture *fixture, const TitheExportOptions *options)
{
  TitheExportSize size;
  GError *error = NULL;

  tithe_export_measure (fixture->subset, options, fixture->provenance, NULL, &size, &error);
  g_assert_no_error (error);
  return size;
}

static void
write_out (Fixture *fixture, const TitheExportOptions *options)
{
  TitheExportOptions complete = *options;
  GError *error = NULL;

  complete.protected = fixture->protected;
  tithe_export_subset (fixture->subset, fixture->embedding, &complete, fixture->provenance, fixture->out, NULL, &error);
  g_assert_no_error (error);
}

/* Exact where it says so, within a twentieth where it doesn't. */
static void
assert_measured (Fixture *fixture, const TitheExportOptions *options)
{
  const TitheExportSize size = measure (fixture, options);
  gsize n_images;

  g_test_message ("%s, %s, %s", tithe_export_format_to_string (options->format),
                  tithe_export_what_to_string (options->what), tithe_export_link_to_string (options->link));
  write_out (fixture, options);
  look_at_the_disk (fixture);
  g_assert_cmpuint (size.n_files, ==, found.n_files);
  g_assert_cmpuint (size.n_links, ==, found.n_links);
  if (size.exact)
    g_assert_cmpuint (size.n_bytes, ==, found.n_bytes);
  else
    g_assert_cmpfloat_with_epsilon ((double) size.n_bytes, (double) found.n_bytes, (double) found.n_bytes / 20);
  g_assert_true (tithe_export_count (fixture->subset, options, &n_images, NULL));
  g_assert_cmpuint (n_images, ==, size.n_images);
  fixture_remove (g_strdup (fixture->out));
  fixture_remove (g_strconcat (fixture->out, TITHE_PROVENANCE_ENDING, NULL));
}

static void
test_every_form_of_files_takes_what_was_said (Fixture *fixture, gconstpointer data)
{
  open_files (fixture);
  for (TitheExportFormat format = TITHE_EXPORT_CSV; format <= TITHE_EXPORT_IDX; format++)
    for (TitheExportWhat what = TITHE_EXPORT_KEPT; what <= TITHE_EXPORT_BOTH; what++)
      {
        TitheExportOptions options = { .format = format, .what = what };

        g_assert_cmpint (measure (fixture, &options).exact, ==, !tithe_export_needs_embedding (format));
        assert_measured (fixture, &options);
        for (options.link = TITHE_EXPORT_HARD_LINK;
             tithe_export_links_files (format) && options.link <= TITHE_EXPORT_SYMBOLIC_LINK; options.link++)
          {
            g_assert_cmpuint (measure (fixture, &options).n_links, ==, measure (fixture, &options).n_images);
            assert_measured (fixture, &options);
          }
      }
}

static void
test_records_take_what_was_said (Fixture *fixture, gconstpointer data)
{
  open_records (fixture, 600);
  for (TitheExportFormat format = TITHE_EXPORT_CSV; format <= TITHE_EXPORT_IDX; format++)
    if (format != TITHE_EXPORT_MANIFEST)
      {
        const TitheExportOptions options = { .format = format, .what = TITHE_EXPORT_BOTH };
        const gboolean has_pngs = tithe_export_links_files (format) || format == TITHE_EXPORT_WEBDATASET;

        g_assert_cmpint (measure (fixture, &options).exact, ==, !has_pngs && !tithe_export_needs_embedding (format));
        assert_measured (fixture, &options);
      }
}

/* So few that each of them is made to see how large it gets. */
static void
test_few_records_are_exact (Fixture *fixture, gconstpointer data)
{
  const TitheExportOptions tree = { .format = TITHE_EXPORT_TREE }, shards = { .format = TITHE_EXPORT_WEBDATASET };

  open_records (fixture, 200);
  g_assert_true (measure (fixture, &tree).exact);
  assert_measured (fixture, &shards);
}

static void
test_a_full_shard_begins_another (Fixture *fixture, gconstpointer data)
{
  const TitheExportOptions options = { .format = TITHE_EXPORT_WEBDATASET, .what = TITHE_EXPORT_BOTH };

  open_records (fixture, 10001);
  g_assert_cmpuint (measure (fixture, &options).n_files, ==, 3);
  assert_measured (fixture, &options);
}

static void
test_grey_pictures_take_a_third (Fixture *fixture, gconstpointer data)
{
  static const guint8 head[16] = { 0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 28, 0, 0, 0, 28 };
  static const guint8 labels[8 + 40] = { 0, 0, 8, 1, 0, 0, 0, 40, 1 };
  const TitheExportOptions options = { .format = TITHE_EXPORT_IDX };
  g_autofree guint8 *pictures = g_malloc0 (sizeof head + 40 * 28 * 28);
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL), *a = NULL, *b = NULL;

  memcpy (pictures, head, sizeof head);
  a = fixture_write (images, "train-images-idx3-ubyte", pictures, sizeof head + 40 * 28 * 28);
  b = fixture_write (images, "train-labels-idx1-ubyte", labels, sizeof labels);
  open_dataset (fixture, images);
  g_assert_true (measure (fixture, &options).exact);
  assert_measured (fixture, &options);
}

static void
test_one_class_alone (Fixture *fixture, gconstpointer data)
{
  const TitheExportOptions options
      = { .format = TITHE_EXPORT_TREE, .classes = (const char *const[]){ "bee", NULL }, .what = TITHE_EXPORT_BOTH };
  TitheExportSize size;

  open_files (fixture);
  size = measure (fixture, &options);
  g_assert_cmpuint (size.n_classes, ==, 1);
  g_assert_cmpuint (size.n_images, ==, 20);
  assert_measured (fixture, &options);
}

static void
test_what_could_not_be_written_is_not_measured (Fixture *fixture, gconstpointer data)
{
  const TitheExportOptions manifest = { .format = TITHE_EXPORT_MANIFEST },
                           link = { .format = TITHE_EXPORT_TREE, .link = TITHE_EXPORT_HARD_LINK },
                           none = { .format = TITHE_EXPORT_CSV, .classes = (const char *const[]){ "zebra", NULL } };
  TitheExportSize size;
  GError *error = NULL;

  open_records (fixture, 20);
  g_assert_false (tithe_export_measure (fixture->subset, &manifest, NULL, NULL, &size, &error));
  fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, "manifest");
  g_assert_false (tithe_export_measure (fixture->subset, &link, NULL, NULL, &size, &error));
  fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, "can't be linked");
  g_assert_false (tithe_export_measure (fixture->subset, &none, NULL, NULL, &size, &error));
  fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, "zebra");
}

static void
test_pictures_of_another_size_are_noticed (Fixture *fixture, gconstpointer data)
{
  const TitheExportOptions cifar = { .format = TITHE_EXPORT_CIFAR }, idx = { .format = TITHE_EXPORT_IDX };
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);
  TitheExportSize size;
  GError *error = NULL;

  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("ant/%u.png", i);

      fixture_write_picture (images, name, 32, 32 + i, i);
    }
  open_dataset (fixture, images);
  g_assert_false (tithe_export_measure (fixture->subset, &cifar, NULL, NULL, &size, &error));
  fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, "32 x 32");
  g_assert_false (tithe_export_measure (fixture->subset, &idx, NULL, NULL, &size, &error));
  fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, "one size");
}

static void
test_measuring_can_be_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJob) job = tithe_job_new ("measuring");
  const TitheExportOptions options = { .format = TITHE_EXPORT_CSV };
  TitheExportSize size;
  g_autoptr (GError) error = NULL;

  open_files (fixture);
  tithe_job_cancel (job);
  g_assert_false (tithe_export_measure (fixture->subset, &options, NULL, job, &size, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_a_disk_without_room_is_told_of_before (Fixture *fixture, gconstpointer data)
{
  TitheExportOptions options = { .format = TITHE_EXPORT_CSV };
  TitheExportSize size;
  GError *error = NULL;

  open_files (fixture);
  options.protected = fixture->protected;
  size = measure (fixture, &options);
  g_assert_true (tithe_export_check_target (&options, &size, TRUE, fixture->out, &error));
  g_assert_no_error (error);
  size.n_bytes = G_GUINT64_CONSTANT (1) << 60;
  g_assert_false (tithe_export_check_target (&options, &size, TRUE, fixture->out, &error));
  fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_SPACE, "it takes");
}

/* Shared memory is a file system of its own, on most machines. */
static void
test_hard_links_to_another_file_system_are_told_of_before (Fixture *fixture, gconstpointer data)
{
  TitheExportOptions options = { .format = TITHE_EXPORT_TREE, .link = TITHE_EXPORT_HARD_LINK };
  struct stat here, there;
  GError *error = NULL;

  open_files (fixture);
  g_assert_true (tithe_export_check_links (fixture->dataset, &options, fixture->out, &error));
  if (stat ("/dev/shm", &there) != 0 || stat (fixture->folder, &here) != 0 || here.st_dev == there.st_dev)
    {
      g_test_skip ("there is no other file system");
      return;
    }
  g_assert_false (tithe_export_check_links (fixture->dataset, &options, "/dev/shm/out", &error));
  fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, "ant/00.png");
  options.link = TITHE_EXPORT_SYMBOLIC_LINK;
  g_assert_true (tithe_export_check_links (fixture->dataset, &options, "/dev/shm/out", &error));
}

static void
assert_text (TitheExportSize size, const char *expected)
{
  g_autofree char *text = tithe_export_size_dup_text (&size);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_the_line (void)
{
  assert_text ((TitheExportSize){ 40001, 10, 40002, 0, 37000000, FALSE },
               "40,001 images, 10 classes, 40,002 files, about 37.0\u00a0MB");
  assert_text ((TitheExportSize){ 1, 1, 1, 1, 2000, TRUE }, "1 image, 1 class, 1 link, 1 file, 2.0\u00a0kB");
}

#define ADD(path, function) g_test_add ("/export-size/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("every-form-of-files-takes-what-was-said", test_every_form_of_files_takes_what_was_said);
  ADD ("records-take-what-was-said", test_records_take_what_was_said);
  ADD ("few-records-are-exact", test_few_records_are_exact);
  ADD ("a-full-shard-begins-another", test_a_full_shard_begins_another);
  ADD ("grey-pictures-take-a-third", test_grey_pictures_take_a_third);
  ADD ("one-class-alone", test_one_class_alone);
  ADD ("what-could-not-be-written-is-not-measured", test_what_could_not_be_written_is_not_measured);
  ADD ("pictures-of-another-size-are-noticed", test_pictures_of_another_size_are_noticed);
  ADD ("measuring-can-be-cancelled", test_measuring_can_be_cancelled);
  ADD ("a-disk-without-room-is-told-of-before", test_a_disk_without_room_is_told_of_before);
  ADD ("hard-links-to-another-file-system-are-told-of-before",
       test_hard_links_to_another_file_system_are_told_of_before);
  g_test_add_func ("/export-size/the-line", test_the_line);
  return g_test_run ();
}
