/* SPDX-License-Identifier: MIT */
#include "tithe-kernels.h"

#include <float.h>

/* Sanitizers can't follow the resolvers that choose a version. */
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#define VECTORISED __attribute__ ((target_clones ("avx512f", "avx2", "default")))
#else
#define VECTORISED
#endif

/* Below this a cosine in float32 can't be told from 1: rows that are equal have dissimilarity 0 exactly, however the
 * matrix product rounds. */
#define RESOLUTION 1e-6f

VECTORISED float
tithe_kernel_min (const float *x, gsize n)
{
  float smallest = FLT_MAX;

  for (gsize i = 0; i < n; i++)
    smallest = x[i] < smallest ? x[i] : smallest;
  return smallest;
}

/* The first position that holds @value, which must be there. Blocks are searched without a branch inside. */
VECTORISED gsize
tithe_kernel_find (const float *x, gsize n, float value)
{
  gsize i = 0;

  for (; i + 64 <= n; i += 64)
    {
      int found = 0;

      for (gsize j = 0; j < 64; j++)
        found |= x[i + j] == value;
      if (found)
        break;
    }
  while (x[i] != value)
    i++;
  return i;
}

VECTORISED void
tithe_kernel_dissimilarities (float *x, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      float d = 1.0f - x[i];

      d = d < RESOLUTION ? 0.0f : d;
      x[i] = d > 2.0f ? 2.0f : d;
    }
}

VECTORISED void
tithe_kernel_nearest_columns (const float *restrict x, gsize n, guint32 row, float *restrict value,
                              guint32 *restrict index)
{
  for (gsize i = 0; i < n; i++)
    {
      gboolean nearer = x[i] < value[i];

      index[i] = nearer ? row : index[i];
      value[i] = nearer ? x[i] : value[i];
    }
}

VECTORISED void
tithe_kernel_max_rows (const float *restrict a, const float *restrict b, float *restrict out, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = a[i] > b[i] ? a[i] : b[i];
}

VECTORISED void
tithe_kernel_min_rows (const float *restrict a, const float *restrict b, float *restrict out, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = a[i] < b[i] ? a[i] : b[i];
}

VECTORISED void
tithe_kernel_max_columns (const float *restrict row, const gint32 *restrict a, const gint32 *restrict b,
                          float *restrict out, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      float x = row[a[i]], y = row[b[i]];

      out[i] = x > y ? x : y;
    }
}

VECTORISED void
tithe_kernel_min_columns (const float *restrict row, const gint32 *restrict a, const gint32 *restrict b,
                          float *restrict out, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      float x = row[a[i]], y = row[b[i]];

      out[i] = x < y ? x : y;
    }
}

/* The order of the additions makes the result the same with rows and columns exchanged. */
VECTORISED void
tithe_kernel_mean_columns (const float *restrict row_a, const float *restrict row_b, float weight_a, float weight_b,
                           const gint32 *restrict a, const gint32 *restrict b, const float *restrict weights_a,
                           const float *restrict weights_b, float *restrict out, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      float straight = row_a[a[i]] * (weight_a * weights_a[i]) + row_b[b[i]] * (weight_b * weights_b[i]);
      float crossed = row_a[b[i]] * (weight_a * weights_b[i]) + row_b[a[i]] * (weight_b * weights_a[i]);

      out[i] = straight + crossed;
    }
}
