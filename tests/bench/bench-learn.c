/* SPDX-License-Identifier: MIT */
#include "learn/tithe-learn.h"
#include "base/tithe-parallel.h"

#include <cblas.h>
#include <stdlib.h>

/* What learning takes: images a second through the whole trainer (augmentation, both ways, the step) and through embedding,
 * in both precisions, next to what bare sgemm makes of the same processors in the same run. One JSON object.
 *
 * usage: bench-learn DATASET [THREADS] */

#define N_PICTURES 6000
/* Multiplications for one picture of 32 x 32; three times as many with the way back. */
#define RESNET20_MACS 41.0e6
#define FAST_MACS 33.1e6

typedef struct
{
  TithePictureSet *pictures;
  guint32 images[N_PICTURES];
  guint n_threads;
} Bench;

static double
now (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

/* Billions of operations a second of n x n x n products. */
static double
measure_sgemm (guint n_threads)
{
  const blasint n = 1024;
  const gsize size = (gsize) n * n;
  g_autofree float *a = g_new0 (float, size), *b = g_new0 (float, size), *c = g_new0 (float, size);
  double begin;
  guint rounds = 0;

  openblas_set_num_threads ((int) n_threads);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, n, n, 1, a, n, b, n, 0, c, n);
  for (begin = now (); now () - begin < 2; rounds++)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, n, n, 1, a, n, b, n, 0, c, n);
  return 2.0 * n * n * n * rounds / (now () - begin) / 1e9;
}

static void
keep_epoch (const TitheEpoch *epoch, gpointer user_data)
{
  *(double *) user_data = epoch->images_per_second;
}

/* Images a second while learning, and while embedding. */
static void
measure (Bench *bench, const char *preset, gboolean use_bfloat16, double *train, double *embed)
{
  TitheNetworkShape shape = { .channels = 3, .size = 32 };
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *rows = NULL;
  TitheLearnOptions options;
  double begin;

  tithe_learn_options_init (&options, preset);
  options.train.n_threads = bench->n_threads;
  options.train.bfloat16 = use_bfloat16;
  options.train.epochs = 2; /* the first one warms up */
  shape.kind = options.kind;
  shape.depth = options.depth;
  shape.width = options.width;
  shape.n_classes = tithe_dataset_get_n_classes (tithe_picture_set_get_dataset (bench->pictures));
  network = tithe_network_new (&shape, 1);
  rows = g_new (float, (gsize) N_PICTURES *tithe_network_get_dim (network));
  if (!tithe_train (network, bench->pictures, bench->images, N_PICTURES, NULL, NULL, 0, &options.train, NULL,
                    keep_epoch, train, NULL, &error))
    g_error ("%s", error->message);
  begin = now ();
  if (!tithe_network_embed (network, bench->pictures, bench->images, N_PICTURES, bench->n_threads, use_bfloat16, rows,
                            NULL, &error))
    g_error ("%s", error->message);
  *embed = N_PICTURES / (now () - begin);
}

static void
print_result (Bench *bench, const char *preset, gboolean use_bfloat16, double macs, double peak)
{
  double train, embed;

  measure (bench, preset, use_bfloat16, &train, &embed);
  g_print (", \"%s_%s\": {\"train\": %.0f, \"gflops\": %.0f, \"share_of_sgemm\": %.2f, \"embed\": %.0f, "
           "\"embed_to_train\": %.2f}",
           preset, use_bfloat16 ? "bfloat16" : "float32", train, train * macs * 6 / 1e9, train * macs * 6 / 1e9 / peak,
           embed, embed / train);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheDataset) dataset = argc > 1 ? tithe_dataset_open (argv[1], NULL, &error) : NULL;
  Bench bench = { .n_threads = argc > 2 ? (guint) atoi (argv[2]) : tithe_parallel_resolve_threads (0) };
  double peak;

  if (dataset == NULL || tithe_dataset_get_n_images (dataset) < N_PICTURES)
    g_error ("usage: bench-learn DATASET [THREADS], with %d pictures at least", N_PICTURES);
  peak = measure_sgemm (bench.n_threads);
  bench.pictures = tithe_picture_set_load (dataset, 32, 3, bench.n_threads, NULL, &error);
  for (gsize i = 0; i < N_PICTURES; i++)
    bench.images[i] = (guint32) (i * tithe_dataset_get_n_images (dataset) / N_PICTURES);
  g_print ("{\"threads\": %u, \"sgemm_gflops\": %.0f", bench.n_threads, peak);
  print_result (&bench, "resnet20", FALSE, RESNET20_MACS, peak);
  print_result (&bench, "fast", FALSE, FAST_MACS, peak);
  if (tithe_dnn_has_bfloat16 ())
    {
      print_result (&bench, "resnet20", TRUE, RESNET20_MACS, peak);
      print_result (&bench, "fast", TRUE, FAST_MACS, peak);
    }
  g_print ("}\n");
  tithe_picture_set_free (bench.pictures);
  return 0;
}
