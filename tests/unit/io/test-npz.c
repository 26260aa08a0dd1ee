/* SPDX-License-Identifier: MIT */
#include "base/tithe-byte-order.h"
#include "io/tithe-matrix.h"
#include "io/tithe-npy.h"
#include "fixture.h"

#include <string.h>
#include <zip.h>

/* Where the central directory's record of the only member has its method and sizes (APPNOTE 4.3.12). */
#define CENTRAL "PK\x01\x02"
#define AT_METHOD 10
#define AT_COMPRESSED 20
#define AT_SIZE 24

/* An archive of one array of 4 x 2 whose header says @rows. */
static char *
make_archive (const char *folder, gsize rows, int method, gsize *size)
{
  g_autofree char *path = g_build_filename (folder, "x.npz", NULL);
  g_autoptr (GString) array = tithe_npy_header ("<f4", rows, 2);
  float values[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  zip_t *zip = zip_open (path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  char *contents;

  tithe_byte_order_copy (values, values, G_N_ELEMENTS (values), sizeof *values);
  g_string_append_len (array, (const char *) values, sizeof values);
  g_assert_cmpint (zip_file_add (zip, "x.npy", zip_source_buffer (zip, array->str, array->len, 0), 0), ==, 0);
  g_assert_cmpint (zip_set_file_compression (zip, 0, method, 0), ==, 0);
  g_assert_cmpint (zip_close (zip), ==, 0);
  g_assert_true (g_file_get_contents (path, &contents, size, NULL));
  return contents;
}

static char *
find_central (char *contents, gsize size)
{
  for (gsize i = 0; i + 46 < size; i++)
    if (memcmp (contents + i, CENTRAL, 4) == 0)
      return contents + i;
  g_error ("no central directory");
}

static void
put_number (char *at, guint32 number)
{
  number = GUINT32_TO_LE (number);
  memcpy (at, &number, 4);
}

static gboolean
read_back (const char *folder, const char *contents, gsize size, TitheMatrix *matrix, GError **error)
{
  g_autofree char *path = fixture_write (folder, "x.npz", contents, (gssize) size);

  return tithe_matrix_read_npz (matrix, path, NULL, error);
}

static void
assert_refused (const char *folder, const char *contents, gsize size, const char *part)
{
  GError *error = NULL;
  TitheMatrix matrix;

  g_assert_false (read_back (folder, contents, size, &matrix, &error));
  fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_FORMAT, part);
}

static void
test_stored_and_deflated_arrays_are_read (void)
{
  static const int methods[] = { ZIP_CM_STORE, ZIP_CM_DEFLATE };
  char *folder = fixture_folder ();

  for (guint i = 0; i < 2; i++)
    {
      gsize size;
      g_autofree char *contents = make_archive (folder, 4, methods[i], &size);
      g_autoptr (GError) error = NULL;
      TitheMatrix matrix;
      double row[2];

      g_assert_true (read_back (folder, contents, size, &matrix, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (matrix.n_rows, ==, 4);
      tithe_matrix_read_row (&matrix, 3, row);
      g_assert_cmpfloat (row[1], ==, 8);
      tithe_matrix_clear (&matrix);
    }
  fixture_remove (folder);
}

/* Sizes that a file of a few hundred bytes can't have: refused before memory is taken for them. */
static void
test_impossible_sizes_are_refused (void)
{
  static const struct
  {
    int method;
    guint32 compressed, size;
  } lies[] = {
    { ZIP_CM_DEFLATE, 100, 4000000000 },     /* more than deflate can do */
    { ZIP_CM_DEFLATE, 4000000, 4000000000 }, /* possible, were the compressed size no lie */
    { ZIP_CM_STORE, 4000000000, 4000000000 },
    { ZIP_CM_STORE, 160, 4000000000 },
  };
  char *folder = fixture_folder ();

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      gsize size;
      g_autofree char *contents = make_archive (folder, 4, lies[i].method, &size);
      char *central = find_central (contents, size);

      put_number (central + AT_COMPRESSED, lies[i].compressed);
      put_number (central + AT_SIZE, lies[i].size);
      assert_refused (folder, contents, size, "size which it can't have");
    }
  fixture_remove (folder);
}

/* A size that deflate could reach, and a header that is for few values or for more than there are. */
static void
test_headers_are_held_against_the_size (void)
{
  char *folder = fixture_folder ();
  gsize size;
  g_autofree char *contents = make_archive (folder, 1000000, ZIP_CM_DEFLATE, &size);

  assert_refused (folder, contents, size, "shorter than its header");
  fixture_remove (folder);
}

/* The directory says more than there is: what comes out is less than the header wants. */
static void
test_missing_bytes_are_found (void)
{
  char *folder = fixture_folder ();
  gsize size;
  g_autofree char *contents = make_archive (folder, 1000, ZIP_CM_DEFLATE, &size);

  put_number (find_central (contents, size) + AT_SIZE, 8128);
  assert_refused (folder, contents, size, "damaged");
  fixture_remove (folder);
}

static void
test_damage_is_found_by_the_checksum (void)
{
  char *folder = fixture_folder ();
  gsize size;
  g_autofree char *contents = make_archive (folder, 4, ZIP_CM_STORE, &size);

  *(find_central (contents, size) - 1) ^= 1; /* the last value's last byte */
  assert_refused (folder, contents, size, "damaged");
  fixture_remove (folder);
}

static void
test_other_methods_are_refused (void)
{
  char *folder = fixture_folder ();
  gsize size;
  g_autofree char *contents = make_archive (folder, 4, ZIP_CM_DEFLATE, &size);
  char *central = find_central (contents, size);

  central[AT_METHOD] = 12; /* bzip2 */
  assert_refused (folder, contents, size, "");
  fixture_remove (folder);
}

#define ADD(path, function) g_test_add_func ("/npz/" path, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("methods", test_stored_and_deflated_arrays_are_read);
  ADD ("impossible-sizes", test_impossible_sizes_are_refused);
  ADD ("headers", test_headers_are_held_against_the_size);
  ADD ("missing-bytes", test_missing_bytes_are_found);
  ADD ("checksum", test_damage_is_found_by_the_checksum);
  ADD ("other-methods", test_other_methods_are_refused);
  return g_test_run ();
}
