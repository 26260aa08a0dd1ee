/* SPDX-License-Identifier: MIT */
#include "tithe-matrix.h"
#include "base/tithe-name.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <zip.h>

/* Deflate can't do better. */
#define MAX_RATIO 1032
/* In which the header of an array must be. */
#define FIRST_BYTES ((gsize) 64 << 10)

static gboolean
npz_error (const char *path, TitheMatrixError code, GError **error, const char *why)
{
  g_set_error (error, TITHE_MATRIX_ERROR, (int) code, _("“%s”: %s"), path, why);
  return FALSE;
}

/* Whether what the archive says of a member can be so in a file of that size. */
static gboolean
is_possible (const zip_stat_t *st, guint64 file_size)
{
  const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;

  if ((st->valid & needed) != needed || st->comp_size > file_size || st->size > G_MAXSSIZE)
    return FALSE;
  if (st->comp_method == ZIP_CM_STORE)
    return st->size == st->comp_size;
  return st->comp_method == ZIP_CM_DEFLATE && st->size / MAX_RATIO <= st->comp_size;
}

/* Appends to what was read until it is @wanted bytes; memory is taken as bytes come. */
static gboolean
read_up_to (zip_file_t *file, guint8 **data, gsize *n_read, gsize wanted, const char *path, GError **error)
{
  gsize room = *n_read;

  while (*n_read < wanted)
    {
      zip_int64_t n;

      if (*n_read == room)
        {
          guint8 *larger;

          room = MIN (wanted, MAX (FIRST_BYTES, 2 * room));
          larger = g_try_realloc (*data, room);
          if (larger == NULL)
            return npz_error (path, TITHE_MATRIX_ERROR_READ, error, _("there is not enough memory for the array"));
          *data = larger;
        }
      n = zip_fread (file, *data + *n_read, room - *n_read);
      if (n <= 0)
        return npz_error (path, TITHE_MATRIX_ERROR_FORMAT, error, _("the archive is damaged"));
      *n_read += (gsize) n;
    }
  return TRUE;
}

/* The array of @size bytes: first its header, and then no more than that asks for. */
static GBytes *
read_array (zip_file_t *file, gsize size, const char *path, GError **error)
{
  g_autofree guint8 *data = NULL;
  gsize n_read = 0, needed;
  TitheMatrix matrix;
  guint8 after;

  if (!read_up_to (file, &data, &n_read, MIN (size, FIRST_BYTES), path, error)
      || !tithe_matrix_read_npy_header (&matrix, data, n_read, path, error))
    return NULL;
  if (!tithe_matrix_measure (&matrix, &needed) || needed > size)
    {
      npz_error (path, TITHE_MATRIX_ERROR_FORMAT, error, _("the array is shorter than its header says"));
      return NULL;
    }
  if (!read_up_to (file, &data, &n_read, needed, path, error))
    return NULL;
  if (n_read == size && zip_fread (file, &after, 1) != 0) /* at the end its checksum is compared */
    {
      npz_error (path, TITHE_MATRIX_ERROR_FORMAT, error, _("the archive is damaged"));
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&data), n_read);
}

static GBytes *
read_member (zip_t *zip, zip_uint64_t index, const char *path, GError **error)
{
  zip_file_t *file = NULL;
  zip_stat_t st;
  GStatBuf of_file;
  GBytes *bytes;

  if (zip_stat_index (zip, index, 0, &st) != 0 || g_stat (path, &of_file) != 0
      || !is_possible (&st, (guint64) of_file.st_size))
    npz_error (path, TITHE_MATRIX_ERROR_FORMAT, error, _("an array says that it has a size which it can't have"));
  else if ((file = zip_fopen_index (zip, index, 0)) == NULL)
    npz_error (path, TITHE_MATRIX_ERROR_FORMAT, error, _("an array of the archive cannot be read"));
  if (file == NULL)
    return NULL;
  bytes = read_array (file, st.size, path, error);
  zip_fclose (file);
  return bytes;
}

/* The arrays' names without their ending; the one that was asked for, or the last, is @chosen. */
static GPtrArray *
list_arrays (zip_t *zip, const char *array, zip_int64_t *chosen)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  *chosen = -1;
  for (zip_int64_t i = 0; i < zip_get_num_entries (zip, 0); i++)
    {
      const char *name = zip_get_name (zip, (zip_uint64_t) i, 0);
      g_autofree char *plain = NULL;

      if (name == NULL || !g_str_has_suffix (name, ".npy"))
        continue;
      plain = g_strndup (name, strlen (name) - 4);
      if (array == NULL || g_str_equal (plain, array) || g_str_equal (name, array))
        *chosen = i;
      g_ptr_array_add (names, g_steal_pointer (&plain));
    }
  return names;
}

/* Says which arrays there are to choose from. */
static void
refuse_choice (GPtrArray *names, const char *array, const char *path, GError **error)
{
  g_autofree char *list = NULL;

  if (names->len == 0)
    {
      npz_error (path, TITHE_MATRIX_ERROR_FORMAT, error, _("there is no array in the archive"));
      return;
    }
  list = tithe_name_dup_list ((const char *const *) names->pdata, names->len);
  if (array != NULL)
    g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS, _("“%s” has no array “%s”; it holds %s"),
                 path, array, list);
  else
    g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS, _("“%s” holds the arrays %s"), path, list);
}

/**
 * tithe_matrix_read_npz:
 * @self: (out caller-allocates): the matrix, which is inflated into memory
 * @array: (nullable): the array's name, needed where the archive holds several
 *
 * Takes no more memory than the file's own size allows for, whatever it says of itself.
 *
 * Returns: %FALSE with a %TITHE_MATRIX_ERROR
 */
gboolean
tithe_matrix_read_npz (TitheMatrix *self, const char *path, const char *array, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GBytes) bytes = NULL;
  zip_int64_t chosen;
  zip_t *zip = zip_open (path, ZIP_RDONLY, NULL);

  if (zip == NULL)
    return npz_error (path, TITHE_MATRIX_ERROR_FORMAT, error, _("this is no readable .npz archive"));
  names = list_arrays (zip, array, &chosen);
  if (chosen < 0 || (array == NULL && names->len > 1))
    refuse_choice (names, array, path, error);
  else
    bytes = read_member (zip, (zip_uint64_t) chosen, path, error);
  zip_discard (zip);
  return bytes != NULL && tithe_matrix_read_npy (self, bytes, path, error);
}
