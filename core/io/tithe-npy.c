/* SPDX-License-Identifier: MIT */
#include "tithe-npy.h"
#include "tithe-matrix.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* NumPy's format: magic, version, length of the header, and the header, a Python dictionary literal with exactly the
 * keys descr, fortran_order and shape (numpy.lib.format, versions 1.0 to 3.0). */
#define MAX_HEADER (1 << 20)

typedef struct
{
  const char *at;
  const char *end;
} Cursor;

static void
skip_space (Cursor *cursor)
{
  while (cursor->at < cursor->end && g_ascii_isspace (*cursor->at))
    cursor->at++;
}

static gboolean
accept (Cursor *cursor, char c)
{
  skip_space (cursor);
  if (cursor->at >= cursor->end || *cursor->at != c)
    return FALSE;
  cursor->at++;
  return TRUE;
}

static char *
read_string (Cursor *cursor)
{
  const char *start;
  char quote;

  skip_space (cursor);
  if (cursor->at >= cursor->end || (*cursor->at != '\'' && *cursor->at != '"'))
    return NULL;
  quote = *cursor->at++;
  start = cursor->at;
  while (cursor->at < cursor->end && *cursor->at != quote)
    cursor->at++;
  if (cursor->at >= cursor->end)
    return NULL;
  return g_strndup (start, (gsize) (cursor->at++ - start));
}

static gboolean
accept_word (Cursor *cursor, const char *word)
{
  gsize n = strlen (word);

  skip_space (cursor);
  if ((gsize) (cursor->end - cursor->at) < n || memcmp (cursor->at, word, n) != 0)
    return FALSE;
  cursor->at += n;
  return TRUE;
}

/* A tuple of sizes; returns how many, or -1. Sizes past the fourth are counted only. */
static int
read_shape (Cursor *cursor, guint64 sizes[4])
{
  int n = 0;

  if (!accept (cursor, '('))
    return -1;
  while (!accept (cursor, ')'))
    {
      guint64 value = 0;
      gboolean digits = FALSE;

      skip_space (cursor);
      while (cursor->at < cursor->end && g_ascii_isdigit (*cursor->at))
        {
          if (!g_uint64_checked_mul (&value, value, 10)
              || !g_uint64_checked_add (&value, value, (guint64) (*cursor->at - '0')))
            return -1;
          cursor->at++;
          digits = TRUE;
        }
      if (!digits)
        return -1;
      if (n < 4)
        sizes[n] = value;
      n++;
      accept_word (cursor, "L");
      if (!accept (cursor, ','))
        {
          if (!accept (cursor, ')'))
            return -1;
          break;
        }
    }
  return n;
}

static gboolean
read_descr (TitheMatrix *self, const char *descr, const char *path, GError **error)
{
  const char *kind = descr + 1;

  if (strchr (descr, 'O') != NULL)
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_TYPE,
                   _("“%s” holds pickled Python objects, which are never loaded; save it as a float array"), path);
      return FALSE;
    }
  if (*descr == '\0')
    kind = descr;
  self->big_endian = *descr == '>';
  if (g_str_equal (kind, "f2"))
    self->type = TITHE_FLOAT16;
  else if (g_str_equal (kind, "f4"))
    self->type = TITHE_FLOAT32;
  else if (g_str_equal (kind, "f8"))
    self->type = TITHE_FLOAT64;
  else
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_TYPE,
                   _("“%s” holds values of type “%s”; expected float16, float32 or float64"), path, descr);
      return FALSE;
    }
  return TRUE;
}

static gboolean
bad_header (const char *path, const char *why, GError **error)
{
  g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_FORMAT, _("“%s” is not a sound .npy file: %s"), path,
               why);
  return FALSE;
}

static gboolean
read_dictionary (TitheMatrix *self, Cursor *cursor, const char *path, GError **error)
{
  guint64 sizes[4] = { 0 };
  int n_dims = -1;
  gboolean has_order = FALSE, has_descr = FALSE;

  if (!accept (cursor, '{'))
    return bad_header (path, _("its header is no dictionary"), error);
  while (!accept (cursor, '}'))
    {
      g_autofree char *key = read_string (cursor);
      gboolean ok = key != NULL && accept (cursor, ':');

      if (ok && g_str_equal (key, "descr"))
        {
          g_autofree char *descr = read_string (cursor);

          /* A list here is a structured array. */
          if (descr == NULL)
            return bad_header (path, _("its values are not plain numbers"), error);
          if (!read_descr (self, descr, path, error))
            return FALSE;
          has_descr = TRUE;
        }
      else if (ok && g_str_equal (key, "fortran_order"))
        {
          self->fortran = accept_word (cursor, "True");
          has_order = self->fortran || accept_word (cursor, "False");
          ok = has_order;
        }
      else if (ok && g_str_equal (key, "shape"))
        ok = (n_dims = read_shape (cursor, sizes)) >= 0;
      else
        ok = FALSE;
      if (!ok)
        return bad_header (path, _("its header cannot be understood"), error);
      if (!accept (cursor, ','))
        {
          if (!accept (cursor, '}'))
            return bad_header (path, _("its header is not closed"), error);
          break;
        }
    }
  if (!has_descr || !has_order || n_dims < 0)
    return bad_header (path, _("its header lacks descr, fortran_order or shape"), error);
  if (n_dims != 2)
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_SHAPE,
                   ngettext ("“%s” has %d dimension; an embedding has two, images and features",
                             "“%s” has %d dimensions; an embedding has two, images and features", (gulong) n_dims),
                   path, n_dims);
      return FALSE;
    }
  self->n_rows = sizes[0];
  self->dim = sizes[1];
  return TRUE;
}

/**
 * tithe_matrix_read_npy_header:
 * @self: (out caller-allocates): shape, type and offset of the matrix; its bytes are left unset
 * @data: (array length=size): the beginning of the file, at least its whole header
 * @path: how errors call it
 *
 * Says nothing about whether the values are there: tithe_matrix_check_extent() does, or tithe_matrix_measure().
 *
 * Returns: %FALSE with a %TITHE_MATRIX_ERROR
 */
gboolean
tithe_matrix_read_npy_header (TitheMatrix *self, const guint8 *data, gsize size, const char *path, GError **error)
{
  gsize length, start;
  Cursor cursor;

  memset (self, 0, sizeof *self);
  if (size < 10 || memcmp (data, "\x93NUMPY", 6) != 0)
    return bad_header (path, _("it does not begin with NumPy's magic bytes"), error);
  if (data[6] < 1 || data[6] > 3)
    return bad_header (path, _("its version is not 1, 2 or 3"), error);
  start = data[6] == 1 ? 10 : 12;
  length = data[8] | (gsize) data[9] << 8;
  if (data[6] > 1 && size >= 12)
    length |= (gsize) data[10] << 16 | (gsize) data[11] << 24;
  if (size < start || length > MAX_HEADER || length > size - start)
    return bad_header (path, _("its header is longer than the file"), error);
  cursor = (Cursor){ (const char *) data + start, (const char *) data + start + length };
  self->offset = start + length;
  return read_dictionary (self, &cursor, path, error);
}

/**
 * tithe_matrix_read_npy:
 * @self: (out caller-allocates): the matrix; takes a reference to @bytes
 * @bytes: the whole file
 * @path: how errors call it
 *
 * Returns: %FALSE with a %TITHE_MATRIX_ERROR
 */
gboolean
tithe_matrix_read_npy (TitheMatrix *self, GBytes *bytes, const char *path, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (!tithe_matrix_read_npy_header (self, data, size, path, error))
    return FALSE;
  self->bytes = g_bytes_ref (bytes);
  if (tithe_matrix_check_extent (self, path, error))
    return TRUE;
  tithe_matrix_clear (self);
  return FALSE;
}

/**
 * tithe_npy_header:
 * @descr: such as "<f4"
 * @columns: 0 for a vector
 *
 * Returns: (transfer full): a version 1.0 header, padded so that the values begin at a multiple of 64 bytes
 */
GString *
tithe_npy_header (const char *descr, gsize rows, gsize columns)
{
  GString *header = g_string_new_len ("\x93NUMPY\x01\x00\x00\x00", 10);

  g_string_append_printf (header, "{'descr': '%s', 'fortran_order': False, 'shape': (%zu,", descr, rows);
  if (columns > 0)
    g_string_append_printf (header, " %zu", columns);
  g_string_append (header, "), }");
  while ((header->len + 1) % 64 != 0)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');
  header->str[8] = (char) ((header->len - 10) & 0xff);
  header->str[9] = (char) ((header->len - 10) >> 8);
  return header;
}
