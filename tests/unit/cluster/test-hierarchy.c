/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "cluster/tithe-hierarchy-parcel.h"

#include <math.h>
#include <string.h>

typedef struct
{
  char *folder;
  TitheDataset *dataset;
  TitheEmbedding *embedding;
} Fixture;

static void
load_sizes (Fixture *fixture, const guint *sizes, guint n_classes, gsize dim)
{
  g_autoptr (GString) manifest = g_string_new ("path,label\n");
  g_autofree char *rows = NULL, *path = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  for (guint c = 0; c < n_classes; n += sizes[c++])
    for (guint i = 0; i < sizes[c]; i++)
      g_string_append_printf (manifest, "%u-%u.png,c%u\n", c, i, c);
  rows = fixture_write_rows (fixture->folder, "x.npy", n, dim, 5);
  path = fixture_write (fixture->folder, "m.csv", manifest->str, -1);
  fixture->dataset = tithe_dataset_open (path, NULL, &error);
  g_assert_no_error (error);
  fixture->embedding = tithe_embedding_open (rows, NULL, &error);
  g_assert_no_error (error);
  tithe_embedding_bind (&fixture->embedding, fixture->dataset, NULL, 2, NULL, &error);
  g_assert_no_error (error);
}

static void
load (Fixture *fixture, guint n_classes, guint n_images, gsize dim)
{
  g_autofree guint *sizes = g_new (guint, n_classes);

  for (guint c = 0; c < n_classes; c++)
    sizes[c] = n_images;
  load_sizes (fixture, sizes, n_classes, dim);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_embedding_unref (fixture->embedding);
  tithe_dataset_unref (fixture->dataset);
  fixture_remove (fixture->folder);
}

static TitheHierarchy *
cluster (Fixture *fixture, TitheLinkage linkage, int n_threads, guint64 max_memory, GError **error)
{
  g_autoptr (TitheHierarchy) hierarchy = tithe_hierarchy_new (fixture->dataset, linkage);
  TitheClusterOptions options
      = { .linkage = linkage, .n_threads = n_threads, .max_memory = max_memory, .engine = TITHE_ENGINE_DENSE };

  if (!tithe_hierarchy_compute (hierarchy, fixture->embedding, &options, NULL, NULL, NULL, error))
    return NULL;
  return g_steal_pointer (&hierarchy);
}

static void
assert_same (TitheHierarchy *a, TitheHierarchy *b, guint n_classes)
{
  for (guint c = 0; c < n_classes; c++)
    {
      const TitheDendrogram *x = tithe_hierarchy_get_class (a, c), *y = tithe_hierarchy_get_class (b, c);
      gsize bytes = (x->n - 1) * sizeof (guint32);

      g_assert_cmpuint (x->n, ==, y->n);
      g_assert_cmpmem (x->heights, bytes, y->heights, bytes);
      g_assert_cmpmem (x->left, bytes, y->left, bytes);
      g_assert_cmpmem (x->right, bytes, y->right, bytes);
      g_assert_cmpmem (x->leaves, x->n * sizeof (guint32), y->leaves, x->n * sizeof (guint32));
      g_assert_cmpmem (x->representatives[0], bytes, y->representatives[0], bytes);
      g_assert_cmpmem (x->representatives[1], bytes, y->representatives[1], bytes);
    }
}

static void
test_same_bytes_for_any_threads (Fixture *fixture, gconstpointer data)
{
  load (fixture, 5, 400, 20);
  for (TitheLinkage linkage = TITHE_LINKAGE_COMPLETE; linkage <= TITHE_LINKAGE_SINGLE; linkage++)
    {
      g_autoptr (TitheHierarchy) one = cluster (fixture, linkage, 1, 0, NULL);
      g_autoptr (TitheHierarchy) two = cluster (fixture, linkage, 2, 0, NULL);
      g_autoptr (TitheHierarchy) four = cluster (fixture, linkage, 4, 0, NULL);

      assert_same (one, two, 5);
      assert_same (one, four, 5);
    }
}

/* 400 images take 640,000 bytes for the matrix alone. */
#define ENOUGH_FOR_SMALL 600000

static void
test_class_beyond_the_memory_is_named (Fixture *fixture, gconstpointer data)
{
  GError *error = NULL;

  load (fixture, 2, 400, 20);
  g_assert_null (cluster (fixture, TITHE_LINKAGE_COMPLETE, 1, ENOUGH_FOR_SMALL, &error));
  g_assert_nonnull (strstr (error->message, "average"));
  g_assert_null (strstr (error->message, "--"));
  g_assert_nonnull (strstr (error->message, "(2 classes are too large)"));
  fixture_assert_error (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_MEMORY, "class “c0” with 400 images");
}

static void
test_class_beyond_the_memory_does_not_stop_the_others (Fixture *fixture, gconstpointer data)
{
  const guint sizes[] = { 30, 400, 1, 40 };
  TitheClusterOptions options = {
    .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 2, .max_memory = ENOUGH_FOR_SMALL, .engine = TITHE_ENGINE_DENSE
  };
  g_autoptr (TitheHierarchy) hierarchy = NULL, whole = NULL;
  guint64 needed, allowed;
  GError *error = NULL;

  load_sizes (fixture, sizes, G_N_ELEMENTS (sizes), 20);
  whole = cluster (fixture, TITHE_LINKAGE_COMPLETE, 2, 0, NULL);
  hierarchy = tithe_hierarchy_new (fixture->dataset, TITHE_LINKAGE_COMPLETE);
  g_assert_false (tithe_hierarchy_compute (hierarchy, fixture->embedding, &options, NULL, NULL, NULL, &error));
  fixture_assert_error (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_MEMORY, "class “c1” with 400 images needs");
  for (guint c = 0; c < G_N_ELEMENTS (sizes); c++)
    g_assert_true ((tithe_hierarchy_get_class (hierarchy, c) == NULL) == (c == 1));
  g_assert_cmpuint (tithe_hierarchy_count_refused (hierarchy), ==, 1);
  g_assert_false (tithe_hierarchy_get_need (hierarchy, 0, &needed, &allowed));
  g_assert_cmpuint (needed, ==, 0);
  g_assert_true (tithe_hierarchy_get_need (hierarchy, 1, &needed, &allowed));
  g_assert_cmpuint (needed, ==, tithe_linkage_matrix_bytes (400, 20));
  g_assert_cmpuint (allowed, ==, ENOUGH_FOR_SMALL);

  /* With what it says it needs, it is made up for, and nothing differs from a run with plenty. */
  options.max_memory = needed;
  g_assert_true (tithe_hierarchy_compute (hierarchy, fixture->embedding, &options, NULL, NULL, NULL, &error));
  g_assert_cmpuint (tithe_hierarchy_count_refused (hierarchy), ==, 0);
  g_assert_true (tithe_hierarchy_is_complete (hierarchy));
  assert_same (whole, hierarchy, G_N_ELEMENTS (sizes));
}

static void
test_all_or_none_is_told_before_any_work (Fixture *fixture, gconstpointer data)
{
  TitheClusterOptions options = {
    .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 1, .max_memory = ENOUGH_FOR_SMALL, .engine = TITHE_ENGINE_DENSE
  };
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  GError *error = NULL;

  load (fixture, 2, 400, 20);
  hierarchy = tithe_hierarchy_new (fixture->dataset, TITHE_LINKAGE_COMPLETE);
  g_assert_false (tithe_hierarchy_fits (hierarchy, fixture->embedding, &options, &error));
  fixture_assert_error (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_MEMORY, "for complete linkage");
  options.max_memory = 0;
  g_assert_true (tithe_hierarchy_fits (hierarchy, fixture->embedding, &options, &error));
  g_assert_cmpuint (tithe_hierarchy_count_refused (hierarchy), ==, 0);
}

static void
test_need_of_the_largest_class_does_not_wrap (void)
{
  g_assert_cmpuint (tithe_linkage_matrix_bytes (G_MAXINT32, 1 << 30), ==, G_MAXUINT64);
  g_assert_cmpuint (tithe_linkage_vectors_bytes (G_MAXINT32, G_MAXUINT64), ==, G_MAXUINT64);
}

static void
test_average_and_single_find_a_way (Fixture *fixture, gconstpointer data)
{
  load (fixture, 2, 400, 20);
  for (TitheLinkage linkage = TITHE_LINKAGE_AVERAGE; linkage <= TITHE_LINKAGE_SINGLE; linkage++)
    {
      g_autoptr (TitheHierarchy) rich = cluster (fixture, linkage, 1, 0, NULL);
      g_autoptr (TitheHierarchy) poor = cluster (fixture, linkage, 1, 300000, NULL);

      g_assert_nonnull (poor);
      for (guint c = 0; c < 2; c++)
        for (guint32 t = 0; t < 399; t++)
          g_assert_cmpfloat_with_epsilon (tithe_hierarchy_get_class (rich, c)->heights[t],
                                          tithe_hierarchy_get_class (poor, c)->heights[t], 2e-5);
    }
}

typedef struct
{
  TitheJob *job;
  int n_finished;
} Watch;

static void
cancel_after_first (guint class_index, gpointer user_data)
{
  Watch *watch = user_data;

  g_atomic_int_inc (&watch->n_finished);
  tithe_job_cancel (watch->job);
}

static void
test_cancel_keeps_what_is_finished (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  Watch watch = { job, 0 };
  GError *error = NULL;
  int n_known = 0;

  load (fixture, 8, 200, 10);
  hierarchy = tithe_hierarchy_new (fixture->dataset, TITHE_LINKAGE_COMPLETE);
  g_assert_false (tithe_hierarchy_compute (
      hierarchy, fixture->embedding,
      &(TitheClusterOptions){ .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 2, .max_memory = 0 }, cancel_after_first,
      &watch, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  for (guint c = 0; c < 8; c++)
    n_known += tithe_hierarchy_get_class (hierarchy, c) != NULL;
  g_assert_cmpint (n_known, ==, watch.n_finished);
  g_assert_cmpint (n_known, <, 8);
  /* What is missing is made up for by another run. */
  g_assert_true (tithe_hierarchy_compute (
      hierarchy, fixture->embedding,
      &(TitheClusterOptions){ .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 2, .max_memory = 0 }, NULL, NULL, NULL,
      &error));
  g_assert_true (tithe_hierarchy_is_complete (hierarchy));
}

static gpointer
cancel_once_begun (gpointer data)
{
  while (tithe_job_get_fraction (data) <= 0)
    g_usleep (1000);
  tithe_job_cancel (data);
  return NULL;
}

/* A class that takes seconds ends in the middle. */
static void
test_cancel_in_the_middle_of_a_class (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheJob) job = tithe_job_new ("test");
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  load (fixture, 1, 12000, 48);
  hierarchy = tithe_hierarchy_new (fixture->dataset, TITHE_LINKAGE_COMPLETE);
  thread = g_thread_new ("cancel", cancel_once_begun, job);
  g_assert_false (tithe_hierarchy_compute (
      hierarchy, fixture->embedding,
      &(TitheClusterOptions){ .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 1, .max_memory = 0 }, NULL, NULL, job,
      &error));
  g_assert_cmpfloat (tithe_job_get_fraction (job), <, 1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (tithe_hierarchy_get_class (hierarchy, 0));
  g_thread_join (thread);
}

static void
test_classes_of_one (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheHierarchy) hierarchy = NULL;

  load (fixture, 3, 1, 4);
  hierarchy = cluster (fixture, TITHE_LINKAGE_COMPLETE, 2, 0, NULL);
  g_assert_nonnull (hierarchy);
  g_assert_cmpuint (tithe_hierarchy_get_class (hierarchy, 2)->n, ==, 1);
}

/* What two processes share out comes together as one process has it. */
static void
test_parcels_come_together (Fixture *fixture, gconstpointer data)
{
  static const guint sizes[] = { 30, 0, 1, 200, 7 };
  static const gboolean first[] = { TRUE, FALSE, TRUE, FALSE, FALSE }, second[] = { FALSE, TRUE, FALSE, TRUE, TRUE };
  TitheClusterOptions options = { .linkage = TITHE_LINKAGE_AVERAGE, .n_threads = 1 };
  g_autoptr (TitheHierarchy) whole = NULL, mine = NULL, other = NULL;
  g_autoptr (GBytes) parcel = NULL, expected = NULL, found = NULL;
  g_autoptr (GError) error = NULL;

  load_sizes (fixture, sizes, G_N_ELEMENTS (sizes), 5);
  whole = cluster (fixture, TITHE_LINKAGE_AVERAGE, 1, 0, NULL);
  mine = tithe_hierarchy_new (fixture->dataset, TITHE_LINKAGE_AVERAGE);
  other = tithe_hierarchy_new (fixture->dataset, TITHE_LINKAGE_AVERAGE);
  options.only = first;
  g_assert_true (tithe_hierarchy_compute (mine, fixture->embedding, &options, NULL, NULL, NULL, NULL));
  g_assert_false (tithe_hierarchy_is_complete (mine));
  options.only = second;
  g_assert_true (tithe_hierarchy_compute (other, fixture->embedding, &options, NULL, NULL, NULL, NULL));
  parcel = tithe_hierarchy_pack (other);
  g_assert_true (tithe_hierarchy_unpack (mine, parcel, &error));
  g_assert_no_error (error);
  g_assert_true (tithe_hierarchy_is_complete (mine));
  expected = tithe_hierarchy_pack (whole);
  found = tithe_hierarchy_pack (mine);
  g_assert_true (g_bytes_equal (found, expected));
  g_assert_false (tithe_hierarchy_unpack (mine, parcel, &error));
  g_assert_error (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_CORRUPT);
}

/* A parcel that is cut anywhere, or has another number in its head, is refused or has whole classes only. */
static void
test_damaged_parcels_are_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheHierarchy) whole = NULL;
  g_autoptr (GBytes) parcel = NULL;
  const guint8 *bytes;
  gsize size;

  load (fixture, 2, 6, 4);
  whole = cluster (fixture, TITHE_LINKAGE_COMPLETE, 1, 0, NULL);
  parcel = tithe_hierarchy_pack (whole);
  bytes = g_bytes_get_data (parcel, &size);
  for (gsize length = 1; length < size; length++)
    {
      g_autoptr (TitheHierarchy) hierarchy = tithe_hierarchy_new (fixture->dataset, TITHE_LINKAGE_COMPLETE);
      g_autoptr (GBytes) cut = g_bytes_new (bytes, length);
      g_autoptr (GError) error = NULL;

      if (length != size / 2)
        g_assert_false (tithe_hierarchy_unpack (hierarchy, cut, &error));
      g_assert_true (length == size / 2 || g_error_matches (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_CORRUPT));
    }
  for (gsize i = 0; i < 3 * sizeof (guint32); i++)
    {
      g_autoptr (TitheHierarchy) hierarchy = tithe_hierarchy_new (fixture->dataset, TITHE_LINKAGE_COMPLETE);
      g_autofree guint8 *copy = g_memdup2 (bytes, size);
      g_autoptr (GBytes) damaged = NULL;
      g_autoptr (GError) error = NULL;

      copy[i] ^= 0x80;
      damaged = g_bytes_new (copy, size);
      g_assert_false (tithe_hierarchy_unpack (hierarchy, damaged, &error));
      g_assert_error (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_CORRUPT);
    }
}

#define ADD(path, function) g_test_add ("/hierarchy/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("threads", test_same_bytes_for_any_threads);
  ADD ("memory/named", test_class_beyond_the_memory_is_named);
  ADD ("memory/others-go-on", test_class_beyond_the_memory_does_not_stop_the_others);
  ADD ("memory/all-or-none", test_all_or_none_is_told_before_any_work);
  g_test_add_func ("/hierarchy/memory/no-wrap", test_need_of_the_largest_class_does_not_wrap);
  ADD ("memory/average-and-single", test_average_and_single_find_a_way);
  ADD ("cancel/keeps-finished", test_cancel_keeps_what_is_finished);
  ADD ("cancel/in-the-middle", test_cancel_in_the_middle_of_a_class);
  ADD ("classes-of-one", test_classes_of_one);
  ADD ("parcels/together", test_parcels_come_together);
  ADD ("parcels/damaged", test_damaged_parcels_are_refused);
  return g_test_run ();
}
