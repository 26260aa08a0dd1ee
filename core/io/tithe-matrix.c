/* SPDX-License-Identifier: MIT */
#include "tithe-matrix.h"
#include "tithe-regular.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK (tithe-matrix-error-quark, tithe_matrix_error)

/**
 * tithe_float_type_get_size:
 *
 * Returns: bytes of a value
 */
gsize
tithe_float_type_get_size (TitheFloatType type)
{
  return type == TITHE_FLOAT64 ? 8 : type == TITHE_FLOAT32 ? 4 : 2;
}

/* Gives the bytes back; the rest is left as it is. */
void
tithe_matrix_clear (TitheMatrix *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
}

/**
 * tithe_matrix_measure:
 * @n_bytes: (out): from the beginning of the file to the end of the values
 *
 * Returns: %FALSE where that is more than any computer has
 */
gboolean
tithe_matrix_measure (const TitheMatrix *self, gsize *n_bytes)
{
  return g_size_checked_mul (n_bytes, self->n_rows, self->dim)
         && g_size_checked_mul (n_bytes, *n_bytes, tithe_float_type_get_size (self->type))
         && g_size_checked_add (n_bytes, *n_bytes, self->offset) && *n_bytes <= G_MAXSSIZE;
}

/**
 * tithe_matrix_check_extent:
 * @path: how errors call it
 *
 * Returns: %FALSE with an error where the header's sizes are none, or more than the bytes that follow it
 */
gboolean
tithe_matrix_check_extent (const TitheMatrix *self, const char *path, GError **error)
{
  const gsize size = g_bytes_get_size (self->bytes);
  gsize needed;

  if (self->n_rows == 0 || self->dim == 0)
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_SHAPE,
                   _("“%s” has the shape (%zu, %zu): there is nothing in it"), path, self->n_rows, self->dim);
      return FALSE;
    }
  if (!tithe_matrix_measure (self, &needed) || needed > size)
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_FORMAT,
                   _("“%s” is shorter than its header says: the shape (%zu, %zu"
                      ") does not fit in the %zu bytes that follow; it may have been cut short"),
                   path, self->n_rows, self->dim, size - self->offset);
      return FALSE;
    }
  return TRUE;
}

/**
 * tithe_matrix_open:
 * @self: (out caller-allocates): the matrix, to be cleared with tithe_matrix_clear()
 * @path: a .npy, .npz or .safetensors file, recognised by its content
 * @array: (nullable): which array, where the file holds several
 *
 * Maps the file; of a .npy or .safetensors only its header is looked at, of an .npz the array is inflated.
 *
 * Returns: (transfer full): the whole file, or %NULL with a %TITHE_MATRIX_ERROR
 */
GBytes *
tithe_matrix_open (TitheMatrix *self, const char *path, const char *array, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *why = NULL;
  const guint8 *data;
  gboolean ok;
  gsize size;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = tithe_regular_map (path, &why);
  if (bytes == NULL)
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_READ, _("cannot read “%s”: %s"), path, why);
      return NULL;
    }
  data = g_bytes_get_data (bytes, &size);
  if (size >= 6 && memcmp (data, "\x93NUMPY", 6) == 0)
    ok = tithe_matrix_read_npy (self, bytes, path, error);
  else if (size >= 4 && memcmp (data, "PK\x03\x04", 4) == 0)
    ok = tithe_matrix_read_npz (self, path, array, error);
  else if (size >= 9 && data[8] == '{')
    ok = tithe_matrix_read_safetensors (self, bytes, path, array, error);
  else
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_FORMAT,
                   _("“%s” is neither .npy nor .npz nor .safetensors"), path);
      ok = FALSE;
    }
  return ok ? g_steal_pointer (&bytes) : NULL;
}

static float
half_to_float (guint16 half)
{
  guint32 sign = (guint32) (half & 0x8000) << 16;
  guint32 exponent = (half >> 10) & 0x1f;
  guint32 fraction = half & 0x3ff;
  guint32 bits;
  float value;

  if (exponent == 0)
    {
      value = ldexpf ((float) fraction, -24);
      return sign ? -value : value;
    }
  if (exponent == 31)
    bits = sign | 0x7f800000 | fraction << 13;
  else
    bits = sign | (exponent + 112) << 23 | fraction << 13;
  memcpy (&value, &bits, sizeof value);
  return value;
}

static double
read_value (const guint8 *at, TitheFloatType type, gboolean big_endian)
{
  guint16 u16;
  guint32 u32;
  guint64 u64;
  double f64;
  float f32;

  switch (type)
    {
    case TITHE_FLOAT16:
    case TITHE_BFLOAT16:
      memcpy (&u16, at, sizeof u16);
      u16 = big_endian ? GUINT16_FROM_BE (u16) : GUINT16_FROM_LE (u16);
      if (type == TITHE_FLOAT16)
        return half_to_float (u16);
      u32 = (guint32) u16 << 16;
      memcpy (&f32, &u32, sizeof f32);
      return f32;
    case TITHE_FLOAT32:
      memcpy (&u32, at, sizeof u32);
      u32 = big_endian ? GUINT32_FROM_BE (u32) : GUINT32_FROM_LE (u32);
      memcpy (&f32, &u32, sizeof f32);
      return f32;
    case TITHE_FLOAT64:
      memcpy (&u64, at, sizeof u64);
      u64 = big_endian ? GUINT64_FROM_BE (u64) : GUINT64_FROM_LE (u64);
      memcpy (&f64, &u64, sizeof f64);
      return f64;
    default:
      g_return_val_if_reached (NAN);
    }
}

/**
 * tithe_matrix_read_row:
 * @row: below n_rows
 * @out: (out caller-allocates): dim values
 *
 * Returns: the sum of their squares, which is not finite where a value is not
 */
double
tithe_matrix_read_row (const TitheMatrix *self, gsize row, double *out)
{
  const guint8 *data = (const guint8 *) g_bytes_get_data (self->bytes, NULL) + self->offset;
  const gsize size = tithe_float_type_get_size (self->type);
  const gsize stride = (self->fortran ? self->n_rows : 1) * size;
  const guint8 *at = data + (self->fortran ? row : row * self->dim) * size;
  double sum = 0;

  if (self->type == TITHE_FLOAT32 && self->big_endian == (G_BYTE_ORDER == G_BIG_ENDIAN) && !self->fortran)
    for (gsize j = 0; j < self->dim; j++)
      {
        float value;

        memcpy (&value, at + j * sizeof value, sizeof value);
        out[j] = value;
      }
  else
    for (gsize j = 0; j < self->dim; j++)
      out[j] = read_value (at + j * stride, self->type, self->big_endian);
  for (gsize j = 0; j < self->dim; j++)
    sum += out[j] * out[j];
  return sum;
}
