/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TITHE_MATRIX_ERROR (tithe_matrix_error_quark ())

typedef enum
{
  TITHE_MATRIX_ERROR_READ,      /* the file cannot be read */
  TITHE_MATRIX_ERROR_FORMAT,    /* not a file of this kind, or its header lies */
  TITHE_MATRIX_ERROR_SHAPE,     /* not a matrix, or an empty one */
  TITHE_MATRIX_ERROR_TYPE,      /* values of a kind that is not read */
  TITHE_MATRIX_ERROR_AMBIGUOUS, /* several arrays in the file and none chosen */
} TitheMatrixError;

typedef enum
{
  TITHE_FLOAT16,
  TITHE_BFLOAT16,
  TITHE_FLOAT32,
  TITHE_FLOAT64,
} TitheFloatType;

/**
 * TitheMatrix:
 * @bytes: what the values lie in
 * @offset: bytes before the first value
 * @fortran: whether a column lies in one piece, rather than a row
 *
 * A matrix of floats as it lies in a file or in memory, mapped where it can be. Value (row, column) is at bytes + offset +
 * (fortran ? column * n_rows + row : row * dim + column) * size of the type. No reader computes anything from a header's
 * sizes before they are held against the bytes that are there.
 */
typedef struct
{
  GBytes *bytes;
  gsize offset;
  gsize n_rows;
  gsize dim;
  TitheFloatType type;
  gboolean big_endian;
  gboolean fortran;
} TitheMatrix;

GQuark   tithe_matrix_error_quark      (void);
GBytes  *tithe_matrix_open             (TitheMatrix *self, const char *path, const char *array, GError **error);
gboolean tithe_matrix_read_npy         (TitheMatrix *self, GBytes *bytes, const char *path, GError **error);
gboolean tithe_matrix_read_npy_header  (TitheMatrix *self, const guint8 *data, gsize size, const char *path,
                                        GError **error);
gboolean tithe_matrix_read_npz         (TitheMatrix *self, const char *path, const char *array, GError **error);
gboolean tithe_matrix_read_safetensors (TitheMatrix *self, GBytes *bytes, const char *path, const char *array,
                                        GError **error);
gboolean tithe_matrix_measure          (const TitheMatrix *self, gsize *n_bytes);
gboolean tithe_matrix_check_extent     (const TitheMatrix *self, const char *path, GError **error);
void     tithe_matrix_clear            (TitheMatrix *self);
gsize    tithe_float_type_get_size     (TitheFloatType type);
double   tithe_matrix_read_row         (const TitheMatrix *self, gsize row, double *out);

G_END_DECLS
