/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What of LAPACK is used here. OpenBLAS has it, but Debian's package of it has no header for it. */

#define TITHE_LAPACK_ERROR (tithe_lapack_error_quark ())

typedef enum
{
  TITHE_LAPACK_ERROR_FAILED, /* no decomposition was found, or none of numbers */
} TitheLapackError;

GQuark   tithe_lapack_error_quark  (void);
gboolean tithe_lapack_eigen_float  (float *matrix, guint n, float *values, GError **error);
gboolean tithe_lapack_eigen_double (double *matrix, guint n, double *values, GError **error);

G_END_DECLS
