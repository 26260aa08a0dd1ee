/* SPDX-License-Identifier: MIT */
#include "learn/tithe-network.h"
#include "tithe-parallel.h"

#include <cblas.h>
#include <omp.h>
#include <stdlib.h>

/* What learning takes: images a second of ResNet-20 in both precisions, forwards and backwards and forwards alone, beside
 * what bare sgemm makes of the same processors in the same run. One JSON object on standard output. */

#define BATCH 128
#define SECONDS 6.0
/* Multiplications of ResNet-20 for one picture of 32 x 32; three times as many with the way back. */
#define RESNET20_MACS 41.0e6

static double
now (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

/* Billions of operations a second of n x n x n products, one a thread. */
static double
measure_sgemm (guint n_threads)
{
  const blasint n = 1024;
  g_autofree float *a = g_new0 (float, (gsize) n * n), *b = g_new0 (float, (gsize) n * n), *c = g_new0 (float, (gsize) n * n);
  double begin;
  guint rounds = 0;

  openblas_set_num_threads ((int) n_threads);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, n, n, 1, a, n, b, n, 0, c, n);
  for (begin = now (); now () - begin < 2; rounds++)
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n, n, n, 1, a, n, b, n, 0, c, n);
  return 2.0 * n * n * n * rounds / (now () - begin) / 1e9;
}

/* Images a second. */
static double
measure (gboolean training, gboolean use_bfloat16)
{
  TitheNetworkShape shape = { TITHE_NETWORK_RESNET, 20, 16, 3, 32, 10 };
  g_autoptr (TitheNetwork) network = tithe_network_new (&shape, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheDnn) dnn = tithe_network_build (network, BATCH, training, use_bfloat16, &error);
  double begin;
  guint rounds = 0;

  if (dnn == NULL)
    g_error ("%s", error->message);
  for (gsize i = 0; i < BATCH * 3 * 32 * 32; i++)
    tithe_dnn_get_input (dnn)[i] = (float) (i % 255) / 127.5f - 1;
  for (gsize i = 0; training && i < BATCH * 64; i++)
    tithe_dnn_get_output_gradient (dnn)[i] = (float) (i % 7) / 100;
  for (begin = 0; begin == 0 || now () - begin < SECONDS; rounds++)
    {
      if (!tithe_dnn_forward (dnn, &error) || (training && !tithe_dnn_backward (dnn, &error)))
        g_error ("%s", error->message);
      if (begin == 0 && rounds == 4)
        {
          begin = now ();
          rounds = 0;
        }
    }
  return BATCH * rounds / (now () - begin);
}

int
main (int argc, char **argv)
{
  guint n_threads = argc > 1 ? (guint) atoi (argv[1]) : tithe_parallel_resolve_threads (0);
  double peak = measure_sgemm (n_threads), plain;

  omp_set_num_threads ((int) n_threads);
  openblas_set_num_threads (1);
  plain = measure (TRUE, FALSE);
  g_print ("{\"threads\": %u, \"sgemm_gflops\": %.0f, \"train\": %.0f, \"train_share_of_sgemm\": %.2f, \"embed\": %.0f", n_threads,
           peak, plain, plain * RESNET20_MACS * 6 / 1e9 / peak, measure (FALSE, FALSE));
  if (tithe_dnn_has_bfloat16 ())
    g_print (", \"train_bf16\": %.0f, \"embed_bf16\": %.0f", measure (TRUE, TRUE), measure (FALSE, TRUE));
  g_print ("}\n");
  return 0;
}
