/* SPDX-License-Identifier: MIT */
#include "curate/tithe-group-list.h"
#include "session/tithe-session.h"
#include "export/tithe-export.h"

#include <cblas.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <glib/gstdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Figures for the clustering engine, one JSON object on standard output. What is timed is what peers are timed for: rows
 * in memory to the whole hierarchy. */

static double
now (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

static double
peak_megabytes (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) usage.ru_maxrss / 1024.0;
}

/* DATASET FEATURES [LINKAGE]: every class, each linkage or one, two threads. */
static void
bench_dataset (const char *path, const char *features, const char *only)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheDataset) dataset = tithe_dataset_open (path, NULL, &error);
  g_autoptr (TitheEmbedding) embedding = dataset ? tithe_embedding_open (features, NULL, &error) : NULL;

  if (embedding == NULL || !tithe_embedding_bind (&embedding, dataset, NULL, 2, NULL, &error))
    g_error ("%s", error->message);
  g_print ("{");
  for (TitheLinkage linkage = TITHE_LINKAGE_COMPLETE; linkage <= TITHE_LINKAGE_SINGLE; linkage++)
    {
      TitheClusterOptions options = { .linkage = linkage, .n_threads = 2, .max_memory = 0 };
      g_autoptr (TitheHierarchy) hierarchy = tithe_hierarchy_new (dataset, linkage);
      double start = now ();

      if (only != NULL && !g_str_equal (only, tithe_linkage_to_string (linkage)))
        continue;
      if (!tithe_hierarchy_compute (hierarchy, embedding, &options, NULL, NULL, NULL, &error))
        g_error ("%s", error->message);
      g_print ("\"%s\": %.3f, ", tithe_linkage_to_string (linkage), now () - start);
      if (linkage == TITHE_LINKAGE_COMPLETE)
        g_print ("\"peak_mb\": %.0f, ", peak_megabytes ());
    }
  g_print ("\"threads\": 2}\n");
}

/* Writes rows of a seeded mixture: clusters of clusters, so that the hierarchy has a shape. */
static void
fill_rows (float *rows, gsize n, gsize dim, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree float *centres = g_new (float, 40 * dim);

  for (gsize i = 0; i < 40 * dim; i++)
    centres[i] = (float) g_rand_double_range (rand, 0, 1);
  for (gsize i = 0; i < n; i++)
    {
      const float *centre = centres + (gsize) g_rand_int_range (rand, 0, 40) * dim;
      float noise = (float) g_rand_double_range (rand, 0.05, 0.5);

      for (gsize j = 0; j < dim; j++)
        rows[i * dim + j] = centre[j] + noise * (float) g_rand_double_range (rand, 0, 1);
    }
}

typedef struct
{
  const float *rows;
  gsize n, dim;
  guint n_classes;
  gint next;
} Products;

static gpointer
run_products (gpointer data)
{
  Products *products = data;
  g_autofree float *out = g_malloc0 (products->n * products->n * sizeof (float));
  gint c;

  while ((c = g_atomic_int_add (&products->next, 1)) < (gint) products->n_classes)
    cblas_ssyrk (CblasRowMajor, CblasLower, CblasNoTrans, (blasint) products->n, (blasint) products->dim, 1.0f,
                 products->rows + (gsize) c * products->n * products->dim, (blasint) products->dim, 0.0f, out,
                 (blasint) products->n);
  return NULL;
}

typedef struct
{
  const float *rows;
  gsize n, dim;
  guint n_classes;
  gint next;
} Classes;

static gpointer
run_classes (gpointer data)
{
  Classes *classes = data;
  g_autofree TitheMerge *merges = g_new (TitheMerge, classes->n);
  g_autoptr (TitheLinkageBuffer) buffer = tithe_linkage_buffer_new ();
  gint c;

  while ((c = g_atomic_int_add (&classes->next, 1)) < (gint) classes->n_classes)
    {
      const float *rows = classes->rows + (gsize) c * classes->n * classes->dim;
      TitheDendrogram *dendrogram;

      tithe_linkage_from_rows (rows, (guint32) classes->n, classes->dim, TITHE_LINKAGE_COMPLETE, merges, buffer, 1,
                               NULL);
      dendrogram = tithe_dendrogram_new_from_merges (merges, (guint32) classes->n - 1, (guint32) classes->n);
      tithe_dendrogram_choose (dendrogram, rows, classes->dim, tithe_linkage_buffer_get_dissimilarities (buffer), NULL);
      tithe_dendrogram_free (dendrogram);
    }
  return NULL;
}

/* ImageNet's shape: bare products of each class on two threads, then the whole way from rows to representatives. */
static void
bench_imagenet (guint n_classes, gsize n, gsize dim)
{
  g_autofree float *rows = g_new (float, (gsize) n_classes *n *dim);
  g_autofree guint32 *order = g_new (guint32, n);
  g_autofree float *copy = g_new (float, n *dim);
  double products_time = 0, classes_time = 0;

  fill_rows (rows, (gsize) n_classes * n, dim, 1);
  for (gsize i = 0; i < n; i++)
    order[i] = (guint32) i;
  for (guint c = 0; c < n_classes; c++)
    {
      float *class = rows + (gsize) c * n * dim;
      g_autoptr (GBytes) bytes = g_bytes_new_static (class, n * dim * sizeof (float));
      g_autoptr (TitheEmbedding) embedding = tithe_embedding_new_from_rows (bytes, n, dim);

      tithe_embedding_get_rows (embedding, order, n, copy);
      memcpy (class, copy, n * dim * sizeof (float));
    }
  openblas_set_num_threads (1);
  /* In turns, so that a neighbour's load hits both alike. */
  for (guint part = 0; part < 5; part++)
    {
      guint from = part * n_classes / 5, count = (part + 1) * n_classes / 5 - from;
      const float *start = rows + (gsize) from * n * dim;
      Products products = { start, n, dim, count, 0 };
      Classes classes = { start, n, dim, count, 0 };
      double begin = now ();
      GThread *thread = g_thread_new ("products", run_products, &products);

      run_products (&products);
      g_thread_join (thread);
      products_time += now () - begin;
      begin = now ();
      thread = g_thread_new ("classes", run_classes, &classes);
      run_classes (&classes);
      g_thread_join (thread);
      classes_time += now () - begin;
    }
  g_print ("{\"classes\": %u, \"rows\": %zu, \"dim\": %zu"
           ", \"ssyrk\": %.3f, \"tithe\": %.3f, \"ratio\": %.3f}\n",
           n_classes, n, dim, products_time, classes_time, classes_time / products_time);
}

/* Of names alone: a manifest whose pictures are not there. */
static TitheDataset *
make_dataset (guint n_classes, gsize n)
{
  g_autofree char *dir = g_dir_make_tmp ("tithe-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "manifest.csv", NULL);
  g_autoptr (GString) manifest = g_string_new ("path,label\n");
  g_autoptr (GError) error = NULL;
  TitheDataset *dataset;

  for (guint c = 0; c < n_classes; c++)
    for (gsize i = 0; i < n; i++)
      g_string_append_printf (manifest, "%u/%zu.jpg,%04u\n", c, i, c);
  g_file_set_contents (path, manifest->str, (gssize) manifest->len, NULL);
  dataset = tithe_dataset_open (path, NULL, &error);
  if (dataset == NULL)
    g_error ("%s", error->message);
  g_remove (path);
  g_remove (dir);
  return dataset;
}

/* A hierarchy of random trees. */
static TitheHierarchy *
make_hierarchy (guint n_classes, gsize n)
{
  g_autoptr (TitheDataset) dataset = make_dataset (n_classes, n);
  TitheHierarchy *hierarchy = tithe_hierarchy_new (dataset, TITHE_LINKAGE_COMPLETE);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autofree TitheMerge *merges = g_new (TitheMerge, n);
  g_autofree guint32 *alive = g_new (guint32, n);

  for (guint c = 0; c < n_classes; c++)
    {
      gsize left = n;

      for (guint32 i = 0; i < n; i++)
        alive[i] = i;
      for (gsize t = 0; t + 1 < n; t++)
        {
          gsize x = (gsize) g_rand_int_range (rand, 0, (gint32) left);
          gsize y = (gsize) g_rand_int_range (rand, 0, (gint32) left - 1);

          y += y >= x;
          merges[t] = (TitheMerge){ MIN (alive[x], alive[y]), MAX (alive[x], alive[y]), (float) t / (float) n };
          alive[x] = merges[t].a;
          alive[y] = alive[--left];
        }
      tithe_hierarchy_take_class (hierarchy, c,
                                  tithe_dendrogram_new_from_merges (merges, (guint32) n - 1, (guint32) n));
    }
  return hierarchy;
}

/* 1.28 million leaves, cut at every whole percent. */
static void
bench_cut (guint n_classes, gsize n)
{
  g_autoptr (TitheHierarchy) hierarchy = make_hierarchy (n_classes, n);
  g_autoptr (TitheCut) cut = tithe_cut_new (hierarchy);
  const char *const names[] = { "per_class", "global" };

  g_print ("{\"leaves\": %zu, \"classes\": %u", n_classes * n, n_classes);
  for (TithePolicy policy = TITHE_POLICY_PER_CLASS; policy <= TITHE_POLICY_GLOBAL; policy++)
    {
      double worst = 0, sum = 0;
      guint worst_at = 0;

      tithe_cut_set_ratio (cut, 0.5, policy);
      for (guint percent = 1; percent <= 100; percent++)
        {
          double begin = now (), spent;

          tithe_cut_set_ratio (cut, percent / 100.0, policy);
          spent = now () - begin;
          sum += spent;
          if (spent > worst)
            {
              worst = spent;
              worst_at = percent;
            }
        }
      g_print (", \"%s_mean_ms\": %.2f, \"%s_worst_ms\": %.2f, \"%s_worst_at\": %u", names[policy], sum * 10,
               names[policy], worst * 1000, names[policy], worst_at);
    }
  g_print ("}\n");
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* What a window does for a decision, but for drawing: into the session's file, and everything that shows the subset. */
static void
bench_decide (guint n_classes, gsize n)
{
  g_autoptr (TitheHierarchy) hierarchy = make_hierarchy (n_classes, n);
  g_autofree char *dir = g_dir_make_tmp ("tithe-bench-XXXXXX", NULL);
  g_autofree char *rows = g_build_filename (dir, "rows.npy", NULL), *path = g_build_filename (dir, "s.tithe", NULL);
  g_autofree float *values = g_new (float, n_classes *n * 4);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheCuration) curation = tithe_curation_new (hierarchy);
  g_autoptr (TitheSubset) subset = tithe_subset_new (hierarchy, curation);
  g_autoptr (TitheGroupList) list = tithe_group_list_new (subset);
  const TitheGroupChoice shown = { .class_index = TITHE_ALL_CLASSES };
  double times[300], apart[2] = { 0 };
  gboolean ok;

  fill_rows (values, n_classes * n, 4, 1);
  bytes = g_bytes_new_static (values, n_classes * n * 4 * sizeof (float));
  ok = tithe_embedding_write (bytes, 4, "bench", rows, &error)
       && (embedding = tithe_embedding_open (rows, NULL, &error)) != NULL
       && tithe_embedding_bind (&embedding, tithe_hierarchy_get_dataset (hierarchy), NULL, 2, NULL, &error)
       && tithe_session_write (path, hierarchy, embedding, NULL, &error)
       && tithe_curation_attach (curation, tithe_journal_open (path, TRUE, &error), &error);
  for (guint i = 0; ok && i < G_N_ELEMENTS (times); i++)
    {
      double begin = now ();

      tithe_curation_begin (curation);
      tithe_curation_set_decision (curation, i * 4001, (TitheDecision) (1 + i % 3));
      ok = tithe_curation_commit (curation, "Bench", &error);
      apart[0] += now () - begin;
      tithe_subset_set_ratio (subset, 0.9, TITHE_POLICY_PER_CLASS, FALSE);
      apart[1] += now () - begin;
      tithe_group_list_update (list, &shown);
      times[i] = now () - begin;
    }
  if (!ok)
    g_error ("%s", error->message);
  qsort (times, G_N_ELEMENTS (times), sizeof (double), compare_doubles);
  g_print ("{\"leaves\": %zu, \"decide_median_ms\": %.2f, \"decide_p99_ms\": %.2f, \"written_mean_ms\": %.2f"
           ", \"subset_mean_ms\": %.2f, \"groups\": %zu}\n",
           n_classes * n, 1000 * times[G_N_ELEMENTS (times) / 2], 1000 * times[G_N_ELEMENTS (times) * 99 / 100],
           1000 * apart[0] / G_N_ELEMENTS (times), 1000 * (apart[1] - apart[0]) / G_N_ELEMENTS (times),
           tithe_group_list_get_n_groups (list));
  g_remove (rows);
  g_remove (path);
  for (guint i = 0; i < 3; i++)
    {
      const char *const others[] = { "s.tithe-wal", "s.tithe-shm", "rows.npy.json" };
      g_autofree char *other = g_build_filename (dir, others[i], NULL);

      g_remove (other);
    }
  g_remove (dir);
}

/* The tables that training reads, of all images, synced to the disk. */
static void
bench_export (guint n_classes, gsize n)
{
  const gsize dim = 64;
  g_autoptr (TitheHierarchy) hierarchy = make_hierarchy (n_classes, n);
  g_autoptr (TitheSubset) subset = tithe_subset_new (hierarchy, NULL);
  g_autofree char *dir = g_dir_make_tmp ("tithe-bench-XXXXXX", NULL);
  g_autofree float *values = g_new (float, n_classes *n *dim);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (GError) error = NULL;
  const TitheExportFormat formats[] = { TITHE_EXPORT_CSV, TITHE_EXPORT_INDICES };

  fill_rows (values, n_classes * n, dim, 1);
  bytes = g_bytes_new_static (values, n_classes * n * dim * sizeof (float));
  embedding = tithe_embedding_new_from_rows (bytes, n_classes * n, dim);
  if (!tithe_embedding_bind (&embedding, tithe_hierarchy_get_dataset (hierarchy), NULL, 2, NULL, &error))
    g_error ("%s", error->message);
  tithe_subset_set_ratio (subset, 0.9, TITHE_POLICY_PER_CLASS, FALSE);
  g_print ("{\"images\": %zu", n_classes * n);
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autofree char *path = g_build_filename (dir, tithe_export_format_to_string (formats[f]), NULL);
      g_autoptr (TitheProtected) protected = tithe_protected_new ();
      const TitheExportOptions options = { .format = formats[f], .protected = protected };
      double begin = now ();

      if (!tithe_export_subset (subset, embedding, &options, NULL, path, NULL, &error))
        g_error ("%s", error->message);
      g_print (", \"%s_s\": %.2f", tithe_export_format_to_string (formats[f]), now () - begin);
      g_remove (path);
    }
  g_print ("}\n");
  g_remove (dir);
}

static char *
write_manifest (const char *dir, const char *ending, guint n_classes, guint n)
{
  g_autofree char *name = g_strconcat ("manifest.", ending, NULL);
  g_autoptr (GString) text = g_string_new (g_str_equal (ending, "csv") ? "path,label\n" : NULL);
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (dir, name, NULL);

  for (guint c = 0; c < n_classes; c++)
    for (guint i = 0; i < n; i++)
      g_string_append_printf (text,
                              g_str_equal (ending, "csv")
                                  ? "train/n%08u/n%08u_%u.JPEG,n%08u\n"
                                  : "{\"path\": \"train/n%08u/n%08u_%u.JPEG\", \"label\": \"n%08u\"}\n",
                              1440764 + c, 1440764 + c, 10026 + i, 1440764 + c);
  if (!g_file_set_contents (path, text->str, (gssize) text->len, &error))
    g_error ("%s", error->message);
  return path;
}

/* In a process of its own, so that its memory is its own. The files that it names are not there. */
static void
print_opening (const char *path, const char *ending)
{
  const double start = now ();
  const pid_t child = fork ();
  struct rusage usage;
  int status;

  if (child == 0)
    {
      g_autoptr (TitheDataset) dataset = tithe_dataset_open (path, NULL, NULL);

      _exit (dataset == NULL);
    }
  if (child < 0 || wait4 (child, &status, 0, &usage) != child || status != 0)
    g_error ("%s was not opened", path);
  g_print (", \"%s_s\": %.2f, \"%s_mb\": %.0f", ending, now () - start, ending, (double) usage.ru_maxrss / 1024.0);
}

/* Opening lists of as many images as ImageNet has. */
static void
bench_manifest (guint n_classes, guint n)
{
  static const char *const endings[] = { "csv", "jsonl" };
  g_autofree char *dir = g_dir_make_tmp ("tithe-bench-XXXXXX", NULL);

  g_print ("{\"manifest_lines\": %u", n_classes * n);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *path = write_manifest (dir, endings[i], n_classes, n);

      print_opening (path, endings[i]);
      g_remove (path);
    }
  g_print ("}\n");
  g_remove (dir);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  if ((argc == 4 || argc == 5) && g_str_equal (argv[1], "dataset"))
    bench_dataset (argv[2], argv[3], argc == 5 ? argv[4] : NULL);
  else if (argc == 2 && g_str_equal (argv[1], "imagenet"))
    bench_imagenet (100, 1300, 2048);
  else if (argc == 2 && g_str_equal (argv[1], "cut"))
    bench_cut (1000, 1281);
  else if (argc == 2 && g_str_equal (argv[1], "export"))
    bench_export (1000, 1280);
  else if (argc == 2 && g_str_equal (argv[1], "decide"))
    bench_decide (1000, 1281);
  else if (argc == 2 && g_str_equal (argv[1], "manifest"))
    bench_manifest (1000, 1280);
  else
    {
      g_printerr ("usage: bench-cluster dataset DIR FEATURES.npy | imagenet | cut | export | decide | manifest\n");
      return 2;
    }
  return 0;
}
