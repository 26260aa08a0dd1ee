/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-embedding.h"
#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* A matrix as it lies in memory. Value (row, column) is at bytes + offset + (fortran ? column * n_rows + row
 * : row * dim + column) * size of the type. */
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


void     tithe_matrix_clear           (TitheMatrix *self);
gsize    tithe_float_type_get_size    (TitheFloatType type);
gboolean tithe_matrix_check_extent    (const TitheMatrix *self, const char *path, GError **error);
gboolean tithe_matrix_read_npy        (TitheMatrix *self, GBytes *bytes, const char *path, GError **error);
gboolean tithe_matrix_read_npz        (TitheMatrix *self, const char *path, const char *array, GError **error);
gboolean tithe_matrix_read_safetensors (TitheMatrix *self, GBytes *bytes, const char *path, const char *array,
                                        GError **error);

G_END_DECLS
