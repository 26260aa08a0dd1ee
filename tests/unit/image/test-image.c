/* SPDX-License-Identifier: MIT */
#include "image/tithe-difference.h"
#include "image/tithe-thumbnails.h"
#include "faulty-disk.h"
#include "fixture.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <string.h>
#include <jpeglib.h>
#include <zlib.h>

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

/* What a PNG with opacity is made of: each channel's value and the opacity of each pixel, from 0 to 1. */
typedef struct
{
  const char *name;
  int color_type, depth, interlace;
  gboolean gamma; /* with a gAMA chunk of 1 / 2.2 */
} AlphaKind;

#define ALPHA_W 17
#define ALPHA_H 16

static guint
get_max (const AlphaKind *kind)
{
  return (1u << kind->depth) - 1;
}

/* Every opacity on the x axis, every colour on the y axis; the channels differ. */
static guint
alpha_of (const AlphaKind *kind, guint x)
{
  return get_max (kind) * x / (ALPHA_W - 1);
}

static guint
colour_of (const AlphaKind *kind, guint y, guint channel)
{
  guint at = kind->color_type & PNG_COLOR_MASK_COLOR ? (y * (channel + 1)) % ALPHA_H : y;

  return get_max (kind) * at / (ALPHA_H - 1);
}

static void
put_value (guint8 **row, guint value, int depth)
{
  if (depth == 16)
    *(*row)++ = (guint8) (value >> 8);
  *(*row)++ = (guint8) value;
}

static void
begin_png (GByteArray *bytes, const AlphaKind *kind, png_structp *png, png_infop *info)
{
  *png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  *info = png_create_info_struct (*png);
  png_set_write_fn (*png, bytes, append_png, flush_png);
  png_set_IHDR (*png, *info, ALPHA_W, ALPHA_H, kind->depth, kind->color_type, kind->interlace,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (kind->gamma)
    png_set_gAMA (*png, *info, 1 / 2.2);
}

static GByteArray *
end_png (GByteArray *bytes, png_structp png, png_infop info, guint8 rows[ALPHA_H][ALPHA_W * 8])
{
  png_bytep pointers[ALPHA_H];

  for (guint y = 0; y < ALPHA_H; y++)
    pointers[y] = rows[y];
  png_set_rows (png, info, pointers);
  png_write_png (png, info, PNG_TRANSFORM_IDENTITY, NULL);
  png_destroy_write_struct (&png, &info);
  return bytes;
}

static GByteArray *
make_alpha_png (const AlphaKind *kind)
{
  GByteArray *bytes = g_byte_array_new ();
  guint n_colours = kind->color_type & PNG_COLOR_MASK_COLOR ? 3 : 1;
  guint8 rows[ALPHA_H][ALPHA_W * 8];
  png_structp png;
  png_infop info;

  begin_png (bytes, kind, &png, &info);
  for (guint y = 0; y < ALPHA_H; y++)
    {
      guint8 *row = rows[y];

      for (guint x = 0; x < ALPHA_W; x++)
        {
          for (guint c = 0; c < n_colours; c++)
            put_value (&row, colour_of (kind, y, c), kind->depth);
          put_value (&row, alpha_of (kind, x), kind->depth);
        }
    }
  return end_png (bytes, png, info, rows);
}

/* By the definition, in double precision: the PNG specification's 13.16 with a white background. */
static double
over_white (guint colour, guint alpha, guint max)
{
  double opacity = (double) alpha / max;

  return 255 * ((double) colour / max * opacity + 1 - opacity);
}

static void
assert_channel (const char *name, const TithePixels *pixels, guint x, guint y, guint c, double expected)
{
  guint8 value = pixels->data[((gsize) y * pixels->width + x) * 3 + c];

  if (value < expected - 1 || value > expected + 1)
    g_error ("%s: channel %u at %u, %u is %u, not %g", name, c, x, y, value, expected);
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
test_alpha_is_over_white (void)
{
  static const AlphaKind kinds[] = {
    { "RGBA", PNG_COLOR_TYPE_RGBA, 8, 0, FALSE },
    { "RGBA, 16 bits", PNG_COLOR_TYPE_RGBA, 16, 0, FALSE },
    { "RGBA, interlaced", PNG_COLOR_TYPE_RGBA, 8, 1, FALSE },
    { "RGBA, 16 bits, interlaced", PNG_COLOR_TYPE_RGBA, 16, 1, FALSE },
    { "grey", PNG_COLOR_TYPE_GRAY_ALPHA, 8, 0, FALSE },
    { "grey, 16 bits", PNG_COLOR_TYPE_GRAY_ALPHA, 16, 0, FALSE },
    { "RGBA, gAMA", PNG_COLOR_TYPE_RGBA, 8, 0, TRUE },
    { "RGBA, 16 bits, gAMA", PNG_COLOR_TYPE_RGBA, 16, 0, TRUE },
    { "grey, gAMA", PNG_COLOR_TYPE_GRAY_ALPHA, 8, 0, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GByteArray) bytes = make_alpha_png (&kinds[i]);
      g_autoptr (TithePixels) pixels = decode (bytes, 0);

      for (guint y = 0; y < ALPHA_H; y++)
        for (guint x = 0; x < ALPHA_W; x++)
          for (guint c = 0; c < 3; c++)
            assert_channel (kinds[i].name, pixels, x, y, c,
                            over_white (colour_of (&kinds[i], y, c), alpha_of (&kinds[i], x), get_max (&kinds[i])));
    }
}

/* A palette gives each of its colours an opacity. */
static void
test_palette_with_opacities_is_over_white (void)
{
  for (int kind = 0; kind < 4; kind++)
    {
      AlphaKind palette_kind = { "palette", PNG_COLOR_TYPE_PALETTE, 8, kind % 2, kind >= 2 };
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (TithePixels) pixels = NULL;
      guint8 rows[ALPHA_H][ALPHA_W * 8] = { 0 }, opacities[256];
      png_color palette[256];
      png_structp png;
      png_infop info;

      for (guint i = 0; i < 256; i++)
        {
          palette[i] = (png_color){ (guint8) i, (guint8) (255 - i), (guint8) (i * 7) };
          opacities[i] = (guint8) (i * 13);
        }
      for (guint y = 0; y < ALPHA_H; y++)
        for (guint x = 0; x < ALPHA_W; x++)
          rows[y][x] = (guint8) (y * ALPHA_W + x);
      begin_png (bytes, &palette_kind, &png, &info);
      png_set_PLTE (png, info, palette, 256);
      png_set_tRNS (png, info, opacities, 256, NULL);
      end_png (bytes, png, info, rows);
      pixels = decode (bytes, 0);
      for (guint y = 0; y < ALPHA_H; y++)
        for (guint x = 0; x < ALPHA_W; x++)
          {
            guint8 i = rows[y][x];

            assert_channel ("palette", pixels, x, y, 0, over_white (palette[i].red, opacities[i], 255));
            assert_channel ("palette", pixels, x, y, 1, over_white (palette[i].green, opacities[i], 255));
            assert_channel ("palette", pixels, x, y, 2, over_white (palette[i].blue, opacities[i], 255));
          }
    }
}

/* One colour of a picture without alpha is said to be transparent, all of it. */
static void
test_transparent_colour_is_white (void)
{
  static const AlphaKind kinds[] = { { "grey", PNG_COLOR_TYPE_GRAY, 8, 0, FALSE },
                                     { "RGB", PNG_COLOR_TYPE_RGB, 8, 0, FALSE },
                                     { "grey, 16 bits", PNG_COLOR_TYPE_GRAY, 16, 0, FALSE },
                                     { "RGB, gAMA", PNG_COLOR_TYPE_RGB, 8, 1, TRUE } };

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (TithePixels) pixels = NULL;
      guint8 rows[ALPHA_H][ALPHA_W * 8];
      guint16 marked = (guint16) (0x30 * (kinds[k].depth == 16 ? 0x0101 : 1));
      png_color_16 colour = { .gray = marked, .red = marked, .green = marked, .blue = marked };
      png_structp png;
      png_infop info;

      for (guint y = 0; y < ALPHA_H; y++)
        memset (rows[y], y % 2 == 0 ? 0x30 : 0x31, sizeof rows[y]);
      begin_png (bytes, &kinds[k], &png, &info);
      png_set_tRNS (png, info, NULL, 1, &colour);
      end_png (bytes, png, info, rows);
      pixels = decode (bytes, 0);
      for (guint y = 0; y < ALPHA_H; y++)
        for (guint c = 0; c < 3; c++)
          assert_channel (kinds[k].name, pixels, 3, y, c, y % 2 == 0 ? 255 : 0x31);
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

/* A progressive one: the mean of each block first, then one coefficient after another, coarse and then fine. */
static GByteArray *
make_progressive_jpeg (guint n_scans)
{
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  jpeg_scan_info scans[1 + 2 * 63] = { { .comps_in_scan = 1 } };
  guint8 *data = NULL, row[64] = { 0 };
  unsigned long size = 0;
  JSAMPROW rows[1] = { row };
  GByteArray *bytes = g_byte_array_new ();

  for (int i = 0; i < 2 * 63; i++)
    scans[1 + i] = (jpeg_scan_info){ 1, { 0 }, 1 + i % 63, 1 + i % 63, i / 63, 1 - i / 63 };
  jpeg.err = jpeg_std_error (&errors);
  jpeg_create_compress (&jpeg);
  jpeg_mem_dest (&jpeg, &data, &size);
  jpeg.image_width = jpeg.image_height = 64;
  jpeg.input_components = 1;
  jpeg.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults (&jpeg);
  jpeg.scan_info = scans;
  jpeg.num_scans = (int) n_scans;
  jpeg_start_compress (&jpeg, TRUE);
  for (int y = 0; y < 64; y++)
    {
      for (int x = 0; x < 64; x++)
        row[x] = (guint8) (x * y * 7);
      jpeg_write_scanlines (&jpeg, rows, 1);
    }
  jpeg_finish_compress (&jpeg);
  g_byte_array_append (bytes, data, (guint) size);
  jpeg_destroy_compress (&jpeg);
  free (data);
  return bytes;
}

/* Hundreds of empty scans of a large picture are a file of a few KB that takes a minute. */
static void
test_jpeg_of_too_many_scans_is_refused (void)
{
  g_autoptr (GByteArray) some = make_progressive_jpeg (64), many = make_progressive_jpeg (127);
  g_autoptr (TithePixels) pixels = decode (some, 0);

  g_assert_cmpuint (pixels->width, ==, 64);
  assert_refused (many->data, many->len, TITHE_IMAGE_ERROR_CORRUPT);
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
set_dimensions (GByteArray *png, guint32 width, guint32 height)
{
  guint32 big[2] = { GUINT32_TO_BE (width), GUINT32_TO_BE (height) }, crc;

  memcpy (png->data + 16, big, 8);
  crc = GUINT32_TO_BE ((guint32) crc32 (0, png->data + 12, 17));
  memcpy (png->data + 29, &crc, 4);
}

/* 16,384 x 16,384 pixels are allowed, but a few hundred bytes can't hold them: no memory is taken. */
static void
test_png_that_promises_too_much_is_cut_short (void)
{
  g_autoptr (GByteArray) bytes = make_png (PNG_COLOR_TYPE_RGB, 8, 0);
  GError *error = NULL;

  set_dimensions (bytes, 16384, 16384);
  g_assert_null (tithe_image_decode (bytes->data, bytes->len, 0, &error));
  fixture_assert_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_CORRUPT, "cut short");
}

static void
test_sizes_are_looked_at_before_memory_is_taken (void)
{
  static const guint64 sizes[][2]
      = { { 0, 1 }, { 1, 0 }, { 65536, 1 }, { 20000, 20000 }, { G_MAXUINT64, 2 }, { 16385, 16385 } };
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_assert_null (tithe_pixels_try_new (sizes[i][0], sizes[i][1], &error));
      fixture_assert_error (error, TITHE_IMAGE_ERROR, i < 2 ? TITHE_IMAGE_ERROR_CORRUPT : TITHE_IMAGE_ERROR_LIMIT,
                            "it ");
    }
}

/* A disk that fails in the middle of a picture is not a picture that is broken. */
static void
test_disk_that_fails_is_told_from_a_broken_picture (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *path = g_build_filename (folder, "caf\xe9.png", NULL);
  GError *error = NULL;

  fixture_write_picture (folder, "caf\xe9.png", 64, 64, 1);
  faulty_disk_set (folder, 100);
  g_assert_null (tithe_image_decode_file (path, 0, &error));
  faulty_disk_clear ();
  g_assert_nonnull (strstr (error->message, "caf\\xE9.png"));
  fixture_assert_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_READ, g_strerror (EIO));
  fixture_remove (g_steal_pointer (&folder));
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

static void
test_difference_is_as_bright_as_asked_for (void)
{
  g_autoptr (TithePixels) pixels = tithe_pixels_new (2, 1), base = tithe_pixels_new (2, 1),
                          large = tithe_pixels_new (4, 2);
  static const guint8 values[] = { 10, 200, 0, 255, 255, 255 }, others[] = { 13, 190, 0, 0, 255, 254 };
  static const guint8 expected[] = { 12, 40, 0, 255, 0, 4 };

  memcpy (pixels->data, values, sizeof values);
  memcpy (base->data, others, sizeof others);
  for (guint i = 0; i < 8; i++)
    memcpy (large->data + 3 * i, others + 3 * (i % 4 / 2), 3);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (TithePixels) difference = tithe_pixels_subtract (pixels, i == 0 ? base : large, 4);

      g_assert_cmpuint (difference->width, ==, 2);
      g_assert_cmpuint (difference->height, ==, 1);
      g_assert_cmpmem (difference->data, 6, expected, 6);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/png/kinds", test_png_kinds);
  g_test_add_func ("/image/png/alpha", test_alpha_is_over_white);
  g_test_add_func ("/image/png/palette-with-opacities", test_palette_with_opacities_is_over_white);
  g_test_add_func ("/image/png/transparent-colour", test_transparent_colour_is_white);
  g_test_add_func ("/image/png/promises-too-much", test_png_that_promises_too_much_is_cut_short);
  g_test_add_func ("/image/sizes", test_sizes_are_looked_at_before_memory_is_taken);
  g_test_add_func ("/image/disk-that-fails", test_disk_that_fails_is_told_from_a_broken_picture);
  g_test_add_func ("/image/jpeg/kinds", test_jpeg_kinds);
  g_test_add_func ("/image/jpeg/too-many-scans", test_jpeg_of_too_many_scans_is_refused);
  g_test_add_func ("/image/jpeg/cmyk", test_jpeg_cmyk);
  g_test_add_func ("/image/jpeg/orientation", test_jpeg_orientation);
  g_test_add_func ("/image/thumbnails-are-small", test_thumbnails_are_small);
  g_test_add_func ("/image/broken-files", test_broken_files);
  g_test_add_func ("/image/huge-png", test_huge_png_is_refused_by_name);
  g_test_add_func ("/image/resize-keeps-means", test_resize_keeps_means);
  g_test_add_func ("/image/difference-is-as-bright-as-asked-for", test_difference_is_as_bright_as_asked_for);
  g_test_add_func ("/image/cache/bound", test_cache_keeps_its_bound);
  g_test_add_func ("/image/cache/failures", test_cache_tells_failures_and_loads_once);
  return g_test_run ();
}
