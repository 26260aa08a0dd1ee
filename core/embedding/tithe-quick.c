/* SPDX-License-Identifier: MIT */
#include "tithe-quick.h"
#include "base/tithe-lapack.h"
#include "base/tithe-parallel.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/*
 * A descriptor without training, for a first look: where which colours are, and where edges run. A picture is brought to
 * 32 x 32; its colour layout is the mean of each cell of an 8 x 8 grid in luma and two colour differences, its edges are
 * histograms of gradient orientations in a 4 x 4 grid (Dalal and Triggs 2005, without overlap). Principal components of
 * the dataset reduce both to at most 64 numbers. It finds near-duplicates; it knows nothing of what is shown.
 */
#define EDGE 32
#define COLOUR_GRID 8
#define HOG_GRID 4
#define HOG_BINS 8
#define N_COLOUR (COLOUR_GRID * COLOUR_GRID * 3)
#define N_HOG (HOG_GRID * HOG_GRID * HOG_BINS)
#define N_RAW (N_COLOUR + N_HOG)
#define N_REDUCED 64

static void
describe_colours (const TithePixels *pixels, float luma[EDGE][EDGE], float *out)
{
  const guint cell = EDGE / COLOUR_GRID;

  memset (out, 0, N_COLOUR * sizeof *out);
  for (guint y = 0; y < EDGE; y++)
    for (guint x = 0; x < EDGE; x++)
      {
        const guint8 *p = pixels->data + (y * EDGE + x) * 3;
        float r = p[0] / 255.0f, g = p[1] / 255.0f, b = p[2] / 255.0f;
        float *target = out + ((y / cell) * COLOUR_GRID + x / cell) * 3;

        luma[y][x] = 0.299f * r + 0.587f * g + 0.114f * b;
        target[0] += luma[y][x] / (cell * cell);
        target[1] += (b - luma[y][x]) / (cell * cell);
        target[2] += (r - luma[y][x]) / (cell * cell);
      }
}

static void
describe_edges (float luma[EDGE][EDGE], float *out)
{
  const guint cell = EDGE / HOG_GRID;
  float sum = 0;

  memset (out, 0, N_HOG * sizeof *out);
  for (guint y = 1; y + 1 < EDGE; y++)
    for (guint x = 1; x + 1 < EDGE; x++)
      {
        float dx = luma[y][x + 1] - luma[y][x - 1], dy = luma[y + 1][x] - luma[y - 1][x];
        float angle = atan2f (dy, dx) / (float) G_PI * HOG_BINS;
        float bin = angle < 0 ? angle + HOG_BINS : angle;
        guint low = (guint) bin % HOG_BINS;
        float share = bin - floorf (bin), strength = sqrtf (dx * dx + dy * dy);
        float *target = out + ((y / cell) * HOG_GRID + x / cell) * HOG_BINS;

        target[low] += strength * (1 - share);
        target[(low + 1) % HOG_BINS] += strength * share;
      }
  for (guint i = 0; i < N_HOG; i++)
    sum += out[i] * out[i];
  /* Edges weigh as much as colours do in a picture of middling contrast. */
  for (guint i = 0; i < N_HOG; i++)
    out[i] *= 4.0f / (sqrtf (sum) + 0.5f);
}

typedef struct
{
  TitheDataset *dataset;
  float *raw;
} Describe;

static void
describe_range (gsize begin, gsize end, gpointer user_data)
{
  Describe *describe = user_data;

  for (gsize i = begin; i < end; i++)
    {
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (describe->dataset, i, 2 * EDGE, NULL);
      g_autoptr (TithePixels) small = pixels ? tithe_pixels_resize (pixels, EDGE, EDGE) : NULL;
      float luma[EDGE][EDGE];

      if (small == NULL)
        continue; /* a row of zeros: unlike everything */
      describe_colours (small, luma, describe->raw + i * N_RAW);
      describe_edges (luma, describe->raw + i * N_RAW + N_COLOUR);
    }
}

static gboolean
is_zero (const float *row)
{
  for (guint j = 0; j < N_RAW; j++)
    if (row[j] != 0.0f)
      return FALSE;
  return TRUE;
}

/* Centres the rows and projects them on the directions of largest variance. */
static GBytes *
reduce (float *raw, gsize n, gsize *dim, GError **error)
{
  g_autofree double *mean = g_new0 (double, N_RAW);
  g_autofree float *covariance = g_new0 (float, N_RAW *N_RAW);
  g_autofree float *values = g_new (float, N_RAW);
  float *out;
  gsize n_sound = 0;

  *dim = N_REDUCED;
  for (gsize i = 0; i < n; i++)
    if (!is_zero (raw + i * N_RAW))
      {
        n_sound++;
        for (guint j = 0; j < N_RAW; j++)
          mean[j] += (double) raw[i * N_RAW + j];
      }
  for (gsize i = 0; i < n; i++)
    if (!is_zero (raw + i * N_RAW))
      for (guint j = 0; j < N_RAW; j++)
        raw[i * N_RAW + j] -= (float) (mean[j] / (double) n_sound);
  cblas_ssyrk (CblasRowMajor, CblasLower, CblasTrans, N_RAW, (blasint) n, 1.0f / (float) MAX (1, n_sound), raw, N_RAW,
               0.0f, covariance, N_RAW);
  if (!tithe_lapack_eigen_float (covariance, N_RAW, values, error))
    return NULL;
  out = g_new0 (float, n **dim);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) n, N_REDUCED, N_RAW, 1.0f, raw, N_RAW,
               covariance + (gsize) (N_RAW - N_REDUCED) * N_RAW, N_RAW, 0.0f, out, N_REDUCED);
  return g_bytes_new_take (out, n * *dim * sizeof *out);
}

/**
 * tithe_quick_embed:
 * @dim: (out): features of each image
 * @job: (nullable): progress and cancellation
 *
 * Broken pictures get a row of zeros. Takes O(n) time, most of it for decoding.
 *
 * Returns: (transfer full): float32, n x dim, row after row, or %NULL with %G_IO_ERROR_CANCELLED or a %TITHE_LAPACK_ERROR
 */
GBytes *
tithe_quick_embed (TitheDataset *dataset, guint n_threads, gsize *dim, TitheJob *job, GError **error)
{
  const gsize n = tithe_dataset_get_n_images (dataset);
  g_autofree float *raw = g_new0 (float, n *N_RAW);
  Describe describe = { .dataset = dataset, .raw = raw };

  tithe_job_start (job, _("Looking at pictures"), n);
  tithe_parallel_for (n_threads, n, 64, describe_range, &describe, job);
  if (!tithe_job_check (job, error))
    return NULL;
  openblas_set_num_threads (1);
  return reduce (raw, n, dim, error);
}
