/* SPDX-License-Identifier: MIT */
#include "base/tithe-lapack.h"
#include "fixture.h"

#include <math.h>
#include <string.h>

#define N 5

/* A symmetric matrix of whole numbers. */
static double
entry (guint i, guint j)
{
  return i == j ? 2 + i : (double) ((i * j + i + j) % 3);
}

/* Each row v with its value l: A v = l v, values ascending, vectors of length 1 whose largest entry is
 * positive. */
static void
assert_eigen (const double *vectors, const double *values, double epsilon)
{
  for (guint k = 0; k < N; k++)
    {
      double norm = 0, largest = 0;

      g_assert_true (k == 0 || values[k - 1] <= values[k]);
      for (guint i = 0; i < N; i++)
        {
          double sum = 0;

          for (guint j = 0; j < N; j++)
            sum += entry (i, j) * vectors[k * N + j];
          g_assert_cmpfloat_with_epsilon (sum, values[k] * vectors[k * N + i], epsilon);
          norm += vectors[k * N + i] * vectors[k * N + i];
          largest = fabs (vectors[k * N + i]) > fabs (largest) ? vectors[k * N + i] : largest;
        }
      g_assert_cmpfloat (largest, >, 0);
      g_assert_cmpfloat_with_epsilon (norm, 1, epsilon);
    }
}

static void
test_rows_become_eigenvectors (void)
{
  double wide[N * N], wide_values[N], vectors[N * N], values[N];
  float narrow[N * N], narrow_values[N];
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N; i++)
    for (guint j = 0; j < N; j++)
      {
        wide[i * N + j] = entry (i, j);
        narrow[i * N + j] = j <= i ? (float) entry (i, j) : NAN; /* only the lower half is looked at */
      }
  g_assert_true (tithe_lapack_eigen_double (wide, N, wide_values, &error));
  g_assert_no_error (error);
  assert_eigen (wide, wide_values, 1e-12);
  g_assert_true (tithe_lapack_eigen_float (narrow, N, narrow_values, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < N * N; i++)
    vectors[i] = narrow[i];
  for (guint i = 0; i < N; i++)
    values[i] = narrow_values[i];
  assert_eigen (vectors, values, 1e-5);
}

static void
test_what_has_no_decomposition_is_an_error (void)
{
  static const double bad[] = { NAN, INFINITY };

  for (guint b = 0; b < 2; b++)
    {
      double wide[N * N] = { 0 }, wide_values[N];
      float narrow[N * N] = { 0 }, narrow_values[N];
      GError *error = NULL;

      wide[N + 1] = bad[b];
      narrow[N + 1] = (float) bad[b];
      g_assert_false (tithe_lapack_eigen_double (wide, N, wide_values, &error));
      fixture_assert_error (error, TITHE_LAPACK_ERROR, TITHE_LAPACK_ERROR_FAILED, "5 numbers");
      g_assert_false (tithe_lapack_eigen_float (narrow, N, narrow_values, &error));
      fixture_assert_error (error, TITHE_LAPACK_ERROR, TITHE_LAPACK_ERROR_FAILED, "5 numbers");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lapack/eigen", test_rows_become_eigenvectors);
  g_test_add_func ("/lapack/none", test_what_has_no_decomposition_is_an_error);
  return g_test_run ();
}
