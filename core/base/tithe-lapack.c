/* SPDX-License-Identifier: MIT */
#include "tithe-lapack.h"

#include <glib/gi18n-lib.h>
#include <math.h>

G_DEFINE_QUARK (tithe-lapack-error-quark, tithe_lapack_error)

extern void dsyev_ (const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
                    double *work, const int *lwork, int *info);
extern void ssyevd_ (const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w, float *work,
                     const int *lwork, int *iwork, const int *liwork, int *info);

static gboolean
check (int info, guint n, gboolean finite, GError **error)
{
  if (info == 0 && finite)
    return TRUE;
  g_set_error (error, TITHE_LAPACK_ERROR, TITHE_LAPACK_ERROR_FAILED,
               _("the directions in which %u numbers vary could not be found (LAPACK status %d)"), n, info);
  return FALSE;
}

/* LAPACK may give a vector either sign: its largest entry is made positive, the first of several. */
static void
settle_signs_float (float *vectors, guint n)
{
  for (float *vector = vectors; vector < vectors + (gsize) n * n; vector += n)
    {
      guint largest = 0;

      for (guint j = 1; j < n; j++)
        largest = fabsf (vector[j]) > fabsf (vector[largest]) ? j : largest;
      for (guint j = 0, negative = vector[largest] < 0; negative && j < n; j++)
        vector[j] = -vector[j];
    }
}

static void
settle_signs_double (double *vectors, guint n)
{
  for (double *vector = vectors; vector < vectors + (gsize) n * n; vector += n)
    {
      guint largest = 0;

      for (guint j = 1; j < n; j++)
        largest = fabs (vector[j]) > fabs (vector[largest]) ? j : largest;
      for (guint j = 0, negative = vector[largest] < 0; negative && j < n; j++)
        vector[j] = -vector[j];
    }
}

/**
 * tithe_lapack_eigen_float:
 * @matrix: (inout) (array): n x n, symmetric, of which the lower half of a row-major one is read; becomes the eigenvectors,
 *   one a row
 * @values: (out caller-allocates) (array length=n): eigenvalues, ascending
 *
 * By divide and conquer. The largest entry of a vector is positive. O(n³).
 *
 * Returns: %FALSE with a %TITHE_LAPACK_ERROR where there is no decomposition, as of a matrix with a NaN; @matrix is of no
 *   use then
 */
gboolean
tithe_lapack_eigen_float (float *matrix, guint n, float *values, GError **error)
{
  const int order = (int) n, n_work = 1 + 6 * order + 2 * order * order, n_iwork = 3 + 5 * order;
  g_autofree float *work = g_new (float, n_work);
  g_autofree int *iwork = g_new (int, n_iwork);
  gboolean finite = TRUE;
  int info = 0;

  /* Column-major LAPACK sees the lower half of a row-major matrix as its upper half. */
  ssyevd_ ("V", "U", &order, matrix, &order, values, work, &n_work, iwork, &n_iwork, &info);
  for (guint i = 0; i < n; i++)
    finite = finite && isfinite (values[i]);
  settle_signs_float (matrix, n);
  return check (info, n, finite, error);
}

/**
 * tithe_lapack_eigen_double:
 * @matrix: (inout) (array): n x n, symmetric, whole; becomes the eigenvectors, one a row
 * @values: (out caller-allocates) (array length=n): eigenvalues, ascending
 *
 * By QR iterations; otherwise as tithe_lapack_eigen_float().
 */
gboolean
tithe_lapack_eigen_double (double *matrix, guint n, double *values, GError **error)
{
  const int order = (int) n, n_work = 34 * order;
  g_autofree double *work = g_new (double, n_work);
  gboolean finite = TRUE;
  int info = 0;

  dsyev_ ("V", "L", &order, matrix, &order, values, work, &n_work, &info);
  for (guint i = 0; i < n; i++)
    finite = finite && isfinite (values[i]);
  settle_signs_double (matrix, n);
  return check (info, n, finite, error);
}
