/* SPDX-License-Identifier: MIT */
#include "image/tithe-thumbnails.h"
#include "fixture.h"

#include <png.h>
#include <stdio.h>
#include <string.h>
#include <jpeglib.h>

#define W 13
#define H 9

/* --- making files --- */

static void
append_png (png_structp png, png_bytep data, png_size_t size)
{
  g_byte_array_append (png_get_io_ptr (png), data, (guint) size);
}

static void
flush_png (png_structp png)
{
}

/* Every value is 200 in 8 bits; alpha is opaque. */
static GByteArray *
make_png (int color_type, int depth, int interlace)
{
  GByteArray *bytes = g_byte_array_new ();
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  guint8 row[W * 8];
  png_color palette[2] = { { 0, 0, 0 }, { 200, 200, 200 } };

  memset (row, color_type == PNG_COLOR_TYPE_PALETTE ? (depth == 1 ? 0xff : 1) : 200, sizeof row);
  if ((color_type & PNG_COLOR_MASK_ALPHA) != 0)
    for (guint x = 0; x < W; x++)
      row[color_type == PNG_COLOR_TYPE_RGBA ? x * 4 + 3 : x * 2 + 1] = 255;
  png_set_write_fn (png, bytes, append_png, flush_png);
  png_set_IHDR (png, info, W, H, depth, color_type, interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (color_type == PNG_COLOR_TYPE_PALETTE)
    png_set_PLTE (png, info, palette, 2);
  png_write_info (png, info);
  for (int pass = 0; pass < (interlace ? 7 : 1); pass++)
    if (interlace)
      break;
  if (interlace)
    {
      png_bytep rows[H];

      for (guint y = 0; y < H; y++)
        rows[y] = row;
      png_set_interlace_handling (png);
      png_write_image (png, rows);
    }
  else
    for (guint y = 0; y < H; y++)
      png_write_row (png, row);
  png_write_end (png, info);
  png_destroy_write_struct (&png, &info);
  return bytes;
}

/* Left half dark, right half light; an EXIF orientation where it is not 0. */
static GByteArray *
make_jpeg (int components, J_COLOR_SPACE space, guint8 orientation)
{
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  guint8 *data = NULL;
  unsigned long size = 0;
  guint8 row[64 * 4];
  JSAMPROW rows[1] = { row };
  guint8 exif[] = { 'E',  'x',  'i', 'f', 0, 0, 'M', 'M', 0, 42,          0, 0, 0, 8, 0, 1,
                    0x01, 0x12, 0,   3,   0, 0, 0,   1,   0, orientation, 0, 0, 0, 0, 0, 0 };
  GByteArray *bytes = g_byte_array_new ();

  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &data, &size);
  jpeg.image_width = 64;
  jpeg.image_height = 32;
  jpeg.input_components = components;
  jpeg.in_color_space = space;
  jpeg_set_defaults (&jpeg);
  jpeg_start_compress (&jpeg, TRUE);
  if (orientation != 0)
    jpeg_write_marker (&jpeg, JPEG_APP0 + 1, exif, sizeof exif);
  for (int i = 0; i < 64 * components; i++)
    row[i] = i < 32 * components ? 20 : 230;
  while (jpeg.next_scanline < jpeg.image_height)
    jpeg_write_scanlines (&jpeg, rows, 1);
  jpeg_finish_compress (&jpeg);
  g_byte_array_append (bytes, data, (guint) size);
  jpeg_destroy_compress (&jpeg);
  free (data);
  return bytes;
}

static TithePixels *
decode (GByteArray *bytes, guint max_edge)
{
  g_autoptr (GError) error = NULL;
  TithePixels *pixels = tithe_image_decode (bytes->data, bytes->len, max_edge, &error);

  g_assert_no_error (error);
  return pixels;
}

/* --- tests --- */

static void
test_png_kinds (void)
{
  static const struct
  {
    int color_type, depth, interlace;
  } kinds[] = { { PNG_COLOR_TYPE_GRAY, 8, 0 }, { PNG_COLOR_TYPE_GRAY, 16, 0 },   { PNG_COLOR_TYPE_GRAY_ALPHA, 8, 0 },
                { PNG_COLOR_TYPE_RGB, 8, 0 },  { PNG_COLOR_TYPE_RGB, 16, 0 },    { PNG_COLOR_TYPE_RGB, 8, 1 },
                { PNG_COLOR_TYPE_RGBA, 8, 0 }, { PNG_COLOR_TYPE_PALETTE, 8, 0 }, { PNG_COLOR_TYPE_PALETTE, 1, 0 },
                { PNG_COLOR_TYPE_RGBA, 8, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GByteArray) bytes = make_png (kinds[i].color_type, kinds[i].depth, kinds[i].interlace);
      g_autoptr (TithePixels) pixels = decode (bytes, 0);

      g_assert_cmpuint (pixels->width, ==, W);
      g_assert_cmpuint (pixels->height, ==, H);
      for (guint b = 0; b < W * H * 3; b++)
        g_assert_cmpuint (pixels->data[b], ==, 200);
    }
}

static void
test_jpeg_kinds (void)
{
  static const struct
  {
    int components;
    J_COLOR_SPACE space;
  } kinds[] = { { 1, JCS_GRAYSCALE }, { 3, JCS_RGB } };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GByteArray) bytes = make_jpeg (kinds[i].components, kinds[i].space, 0);
      g_autoptr (TithePixels) pixels = decode (bytes, 0);

      g_assert_cmpuint (pixels->width, ==, 64);
      g_assert_cmpuint (pixels->data[0], <, 40);
      g_assert_cmpuint (pixels->data[63 * 3], >, 210);
    }
}

/* libjpeg writes CMYK inverted as Adobe does, where 255 means no ink; little ink is light. */
static void
test_jpeg_cmyk (void)
{
  g_autoptr (GByteArray) bytes = make_jpeg (4, JCS_CMYK, 0);
  g_autoptr (TithePixels) pixels = decode (bytes, 0);

  g_assert_cmpuint (pixels->width, ==, 64);
  g_assert_cmpuint (pixels->data[0], <, pixels->data[63 * 3]);
}

static void
test_jpeg_orientation (void)
{
  for (guint8 orientation = 1; orientation <= 8; orientation++)
    {
      g_autoptr (GByteArray) bytes = make_jpeg (3, JCS_RGB, orientation);
      g_autoptr (TithePixels) pixels = decode (bytes, 0);
      gboolean turned = orientation >= 5;
      /* Where the dark half is: left, right, or at the top or bottom once turned. */
      gboolean dark_first = orientation == 1 || orientation == 4 || orientation == 5 || orientation == 6;
      const guint8 *last = pixels->data + ((gsize) pixels->width * pixels->height - 1) * 3;

      g_assert_cmpuint (pixels->width, ==, turned ? 32u : 64u);
      g_assert_cmpuint (pixels->height, ==, turned ? 64u : 32u);
      g_assert_cmpint (pixels->data[0] < last[0], ==, dark_first);
    }
}

static void
test_thumbnails_are_small (void)
{
  g_autoptr (GByteArray) jpeg = make_jpeg (3, JCS_RGB, 0), png = make_png (PNG_COLOR_TYPE_RGB, 8, 0);
  g_autoptr (TithePixels) a = decode (jpeg, 16), b = decode (png, 5), c = decode (png, 1000);

  g_assert_cmpuint (MAX (a->width, a->height), <=, 16);
  g_assert_cmpuint (a->original_width, ==, 64);
  g_assert_cmpuint (MAX (b->width, b->height), <=, 5);
  g_assert_cmpuint (c->width, ==, W);
}

static void
assert_refused (const guint8 *data, gsize size, TitheImageError code)
{
  GError *error = NULL;

  g_assert_null (tithe_image_decode (data, size, 0, &error));
  g_assert_error (error, TITHE_IMAGE_ERROR, (int) code);
  g_clear_error (&error);
}

static void
test_broken_files (void)
{
  g_autoptr (GByteArray) png = make_png (PNG_COLOR_TYPE_RGB, 8, 0), jpeg = make_jpeg (3, JCS_RGB, 0);

  assert_refused ((const guint8 *) "", 0, TITHE_IMAGE_ERROR_UNKNOWN);
  assert_refused ((const guint8 *) "GIF89a......", 12, TITHE_IMAGE_ERROR_UNKNOWN);
  assert_refused (png->data, png->len - 20, TITHE_IMAGE_ERROR_CORRUPT);
  assert_refused (png->data, 30, TITHE_IMAGE_ERROR_CORRUPT);
  assert_refused (jpeg->data, jpeg->len / 2, TITHE_IMAGE_ERROR_CORRUPT);
  png->data[45] ^= 0x55;
  assert_refused (png->data, png->len, TITHE_IMAGE_ERROR_CORRUPT);
}

/* A header that declares 100,000 x 100,000 pixels with a sound checksum. */
static void
test_huge_png_is_refused_by_name (void)
{
  char *folder = fixture_folder ();
  g_autoptr (GByteArray) png = make_png (PNG_COLOR_TYPE_RGB, 8, 0);
  g_autofree char *path = NULL;
  guint32 side = GUINT32_TO_BE (100000), crc;
  GError *error = NULL;

  memcpy (png->data + 16, &side, 4);
  memcpy (png->data + 20, &side, 4);
  crc = 0xffffffff;
  for (guint i = 12; i < 29; i++)
    {
      crc ^= png->data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc & 1 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
    }
  crc = GUINT32_TO_BE (~crc);
  memcpy (png->data + 29, &crc, 4);
  path = fixture_write (folder, "huge.png", png->data, (gssize) png->len);
  g_assert_null (tithe_image_decode_file (path, 0, &error));
  fixture_assert_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_LIMIT, "huge.png");
  fixture_remove (folder);
}

static void
test_resize_keeps_means (void)
{
  g_autoptr (TithePixels) pixels = tithe_pixels_new (6, 4), small = NULL;

  for (guint i = 0; i < 6 * 4 * 3; i++)
    pixels->data[i] = (guint8) (i % 2 == 0 ? 100 : 200);
  small = tithe_pixels_resize (pixels, 1, 1);
  for (guint c = 0; c < 3; c++)
    g_assert_cmpuint (small->data[c], ==, 150);
}

/* --- the cache of thumbnails --- */

static int n_loaded;

static TithePixels *
load (gpointer source, gsize image, guint max_edge, GError **error)
{
  g_atomic_int_inc (&n_loaded);
  if (image == 13)
    {
      g_set_error_literal (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_CORRUPT, "unlucky");
      return NULL;
    }
  return tithe_pixels_new (10, 10);
}

static void
wait_for (TitheThumbnails *cache, guint32 image)
{
  const char *failure = NULL;

  while (tithe_thumbnails_get (cache, image, &failure) == NULL && failure == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_cache_keeps_its_bound (void)
{
  g_autoptr (TitheThumbnails) cache = tithe_thumbnails_new (load, NULL, NULL, 10 * (300 + 160));
  const char *failure;

  for (guint32 image = 0; image < 40; image++)
    {
      tithe_thumbnails_want (cache, &image, 1);
      wait_for (cache, image);
      g_assert_cmpuint (tithe_thumbnails_get_bytes (cache), <=, 10 * (300 + 160));
    }
  g_assert_null (tithe_thumbnails_get (cache, 0, &failure));
  g_assert_nonnull (tithe_thumbnails_get (cache, 39, &failure));
}

static void
test_cache_tells_failures_and_loads_once (void)
{
  g_autoptr (TitheThumbnails) cache = tithe_thumbnails_new (load, NULL, NULL, 1 << 20);
  const guint32 wanted[] = { 12, 13, 12 };
  const char *failure;
  int before = g_atomic_int_get (&n_loaded);

  tithe_thumbnails_want (cache, wanted, 3);
  wait_for (cache, 12);
  wait_for (cache, 13);
  g_assert_null (tithe_thumbnails_get (cache, 13, &failure));
  g_assert_cmpstr (failure, ==, "unlucky");
  tithe_thumbnails_want (cache, wanted, 2);
  g_assert_cmpint (g_atomic_int_get (&n_loaded) - before, <=, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/png/kinds", test_png_kinds);
  g_test_add_func ("/image/jpeg/kinds", test_jpeg_kinds);
  g_test_add_func ("/image/jpeg/cmyk", test_jpeg_cmyk);
  g_test_add_func ("/image/jpeg/orientation", test_jpeg_orientation);
  g_test_add_func ("/image/thumbnails-are-small", test_thumbnails_are_small);
  g_test_add_func ("/image/broken-files", test_broken_files);
  g_test_add_func ("/image/huge-png", test_huge_png_is_refused_by_name);
  g_test_add_func ("/image/resize-keeps-means", test_resize_keeps_means);
  g_test_add_func ("/image/cache/bound", test_cache_keeps_its_bound);
  g_test_add_func ("/image/cache/failures", test_cache_tells_failures_and_loads_once);
  return g_test_run ();
}
