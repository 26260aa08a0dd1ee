/* SPDX-License-Identifier: MIT */
#include "tithe-matrix.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <zip.h>

static gboolean
npz_error (const char *path, TitheMatrixError code, GError **error, const char *why)
{
  g_set_error (error, TITHE_MATRIX_ERROR, (int) code, _("“%s”: %s"), path, why);
  return FALSE;
}

static GBytes *
read_member (zip_t *zip, zip_uint64_t index, const char *path, GError **error)
{
  zip_stat_t st;
  zip_file_t *file = NULL;
  guint8 *data;
  zip_uint64_t done = 0;
  gboolean sound = zip_stat_index (zip, index, 0, &st) == 0 && st.valid & ZIP_STAT_SIZE && st.size < G_MAXSSIZE;

  /* Deflate can't do better than 1:1032, so a larger size is a lie. */
  sound = sound && st.valid & ZIP_STAT_COMP_SIZE && st.size / 1032 <= st.comp_size + 1;
  if (!sound || (file = zip_fopen_index (zip, index, 0)) == NULL)
    {
      npz_error (path, TITHE_MATRIX_ERROR_FORMAT, error, _("a member of the archive cannot be read"));
      return NULL;
    }
  data = g_try_malloc (st.size + 1);
  while (data != NULL && done < st.size)
    {
      zip_int64_t n = zip_fread (file, data + done, st.size - done);

      if (n <= 0)
        break;
      done += (zip_uint64_t) n;
    }
  zip_fclose (file);
  if (data == NULL || done < st.size)
    {
      g_free (data);
      npz_error (path, TITHE_MATRIX_ERROR_FORMAT, error,
                 data ? _("the archive is damaged") : _("there is not enough memory for the array"));
      return NULL;
    }
  return g_bytes_new_take (data, st.size);
}

/**
 * tithe_matrix_read_npz:
 * @array: (nullable): the array's name, needed where the archive holds several
 */
gboolean
tithe_matrix_read_npz (TitheMatrix *self, const char *path, const char *array, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *label = NULL;
  zip_int64_t chosen = -1;
  zip_t *zip = zip_open (path, ZIP_RDONLY, NULL);

  if (zip == NULL)
    return npz_error (path, TITHE_MATRIX_ERROR_FORMAT, error, _("this is no readable .npz archive"));
  for (zip_int64_t i = 0; i < zip_get_num_entries (zip, 0); i++)
    {
      const char *name = zip_get_name (zip, (zip_uint64_t) i, 0);
      g_autofree char *plain = NULL;

      if (name == NULL || !g_str_has_suffix (name, ".npy"))
        continue;
      plain = g_strndup (name, strlen (name) - 4);
      if (array == NULL || g_str_equal (plain, array) || g_str_equal (name, array))
        chosen = i;
      g_ptr_array_add (names, g_steal_pointer (&plain));
    }
  if (chosen < 0 || (array == NULL && names->len > 1))
    {
      g_autofree char *list = NULL;

      g_ptr_array_add (names, NULL);
      list = g_strjoinv ("”, “", (char **) names->pdata);
      zip_discard (zip);
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS,
                   _("“%s” holds the arrays “%s”; which one is meant?"), path, list);
      return FALSE;
    }
  bytes = read_member (zip, (zip_uint64_t) chosen, path, error);
  zip_discard (zip);
  return bytes != NULL && tithe_matrix_read_npy (self, bytes, path, error);
}
