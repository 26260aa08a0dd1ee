/* SPDX-License-Identifier: MIT */
#include "tithe-kernels.h"

#include <float.h>

/* Sanitizers can't follow the resolvers that choose a version. */
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
#  define VECTORISED __attribute__ ((target_clones ("avx512f", "avx2", "default")))
#else
#  define VECTORISED
#endif

/* Below this a cosine in float32 can't be told from 1: rows that are equal have dissimilarity 0 exactly, however the
 * matrix product rounds. */
#define RESOLUTION 1e-6f

/* tithe_kernel_min: the smallest of @n numbers, FLT_MAX where there are none */
VECTORISED float
tithe_kernel_min (const float *x, gsize n)
{
  float smallest = FLT_MAX;

  for (gsize i = 0; i < n; i++)
    smallest = x[i] < smallest ? x[i] : smallest;
  return smallest;
}

/* tithe_kernel_min_sum: the smallest of the @n sums x[i] + y[i], FLT_MAX where there are none */
VECTORISED float
tithe_kernel_min_sum (const float *restrict x, const float *restrict y, gsize n)
{
  float smallest = FLT_MAX;

  for (gsize i = 0; i < n; i++)
    smallest = x[i] + y[i] < smallest ? x[i] + y[i] : smallest;
  return smallest;
}

/* tithe_kernel_find: the first position that holds @value, which must be there. Blocks are searched without a branch inside. */
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

/* tithe_kernel_dissimilarities: makes 1 - x of the @n dot products in @x, clamped to 0 .. 2 */
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

/* tithe_kernel_nearest_columns: where x[i] is less than value[i], takes it and notes @row in index[i]; @n columns */
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

/* tithe_kernel_max_rows: complete linkage: a[i] becomes the larger of a[i] and b[i] */
VECTORISED void
tithe_kernel_max_rows (float *restrict a, const float *restrict b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    a[i] = a[i] > b[i] ? a[i] : b[i];
}

/* tithe_kernel_min_rows: single linkage: a[i] becomes the smaller of a[i] and b[i] */
VECTORISED void
tithe_kernel_min_rows (float *restrict a, const float *restrict b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    a[i] = a[i] < b[i] ? a[i] : b[i];
}

/* tithe_kernel_mean_rows: average linkage: a[i] becomes the weighted mean. FLT_MAX in both stays far above what counts, whatever the weights round to. */
VECTORISED void
tithe_kernel_mean_rows (float *restrict a, const float *restrict b, float weight_a, float weight_b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    a[i] = a[i] == FLT_MAX ? FLT_MAX : a[i] * weight_a + b[i] * weight_b;
}

/* tithe_kernel_product: the dot product of @n numbers, by 16 sums side by side */
VECTORISED float
tithe_kernel_product (const float *restrict x, const float *restrict y, gsize n)
{
  float sums[16] = { 0 }, rest = 0;
  gsize i = 0;

  for (; i + 16 <= n; i += 16)
    for (gsize j = 0; j < 16; j++)
      sums[j] += x[i + j] * y[i + j];
  for (; i < n; i++)
    rest += x[i] * y[i];
  for (gsize j = 0; j < 16; j++)
    rest += sums[j];
  return rest;
}

/* tithe_kernel_gather: the @n numbers of @row at @columns. @out may lie in @row as long as no number's place is beyond where it comes from. */
void
tithe_kernel_gather (const float *row, const guint32 *columns, float *out, gsize n)
{
  for (gsize i = 0; i < n; i++)
    out[i] = row[columns[i]];
}
