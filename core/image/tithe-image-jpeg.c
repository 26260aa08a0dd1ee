/* SPDX-License-Identifier: MIT */
#include "tithe-image-private.h"

#include <glib/gi18n-lib.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

/* Encoders write ten or twenty. Each takes a walk over the whole picture, and only some bytes where it changes nothing. */
#define MAX_SCANS 100

typedef struct
{
  struct jpeg_error_mgr base;
  struct jpeg_progress_mgr progress;
  jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
} ErrorManager;

static void
on_error (j_common_ptr info)
{
  ErrorManager *manager = (ErrorManager *) info->err;

  info->err->format_message (info, manager->message);
  longjmp (manager->jump, 1);
}

G_GNUC_NORETURN static void
give_up (ErrorManager *manager, const char *why)
{
  g_strlcpy (manager->message, why, sizeof manager->message);
  longjmp (manager->jump, 1);
}

/* libjpeg fills what is missing with grey, however long that takes, and only warns: for us a picture that ends early is
 * broken. */
static void
on_message (j_common_ptr info, int level)
{
  if (level < 0 && (info->err->msg_code == JWRN_JPEG_EOF || info->err->msg_code == JWRN_HIT_MARKER))
    give_up ((ErrorManager *) info->err, _("it is cut short"));
}

static void
on_progress (j_common_ptr info)
{
  if (((j_decompress_ptr) info)->input_scan_number > MAX_SCANS)
    give_up ((ErrorManager *) info->err, _("it has more scans than any camera or program writes"));
}

/* The orientation in an EXIF block (TIFF tag 0x0112), 1 to 8; 1 where there is none. */
static int
read_orientation (struct jpeg_decompress_struct *jpeg)
{
  for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker != NULL; marker = marker->next)
    {
      const guint8 *tiff = marker->data + 6;
      gsize size = marker->data_length;
      gboolean big;
      guint32 ifd;

      if (marker->marker != JPEG_APP0 + 1 || size < 14 || memcmp (marker->data, "Exif\0\0", 6) != 0)
        continue;
      size -= 6;
      big = tiff[0] == 'M';
#define U16(at) (big ? (guint) tiff[at] << 8 | tiff[(at) + 1] : (guint) tiff[(at) + 1] << 8 | tiff[at])
      ifd = big ? U16 (4) << 16 | U16 (6) : U16 (6) << 16 | U16 (4);
      if (ifd > size - 2)
        return 1;
      for (gsize i = 0, n = U16 (ifd), at = ifd + 2; i < n && at + 12 <= size; i++, at += 12)
        if (U16 (at) == 0x0112)
          return CLAMP ((int) U16 (at + 8), 1, 8);
#undef U16
    }
  return 1;
}

/* Turns the picture upright: orientations 5 to 8 swap the axes, see EXIF 2.3, 4.6.4. */
static TithePixels *
orient (TithePixels *in, int orientation, GError **error)
{
  gboolean swap = orientation >= 5;
  TithePixels *out;

  if (orientation == 1)
    return tithe_pixels_ref (in);
  out = tithe_pixels_try_new (swap ? in->height : in->width, swap ? in->width : in->height, error);
  if (out == NULL)
    return NULL;
  out->original_width = swap ? in->original_height : in->original_width;
  out->original_height = swap ? in->original_width : in->original_height;
  for (guint y = 0; y < out->height; y++)
    for (guint x = 0; x < out->width; x++)
      {
        guint sx = swap ? y : x, sy = swap ? x : y;

        if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
          sx = in->width - 1 - sx;
        if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
          sy = in->height - 1 - sy;
        memcpy (out->data + ((gsize) y * out->width + x) * 3, in->data + ((gsize) sy * in->width + sx) * 3, 3);
      }
  return out;
}

/* CMYK rows as Adobe writes them are inverted: 255 is no ink. */
static void
convert_cmyk (const guint8 *in, guint8 *out, guint width, gboolean inverted)
{
  for (guint x = 0; x < width; x++, in += 4, out += 3)
    for (guint c = 0; c < 3; c++)
      {
        guint ink = inverted ? in[c] : 255u - in[c];
        guint black = inverted ? in[3] : 255u - in[3];

        out[c] = (guint8) ((ink * black + 127) / 255);
      }
}

static void
choose_scale (struct jpeg_decompress_struct *jpeg, guint max_edge)
{
  guint longer = MAX (jpeg->image_width, jpeg->image_height);

  jpeg->scale_num = jpeg->scale_denom = 1;
  while (max_edge > 0 && jpeg->scale_denom < 8 && longer / (jpeg->scale_denom * 2) >= max_edge)
    jpeg->scale_denom *= 2;
}

/* Kept apart from its caller so that nothing that changes after setjmp() lives in the same frame. */
static gboolean
read_jpeg (struct jpeg_decompress_struct *jpeg, guint max_edge, TithePixels **out, guint8 **row, int *orientation,
           GError **error)
{
  gboolean cmyk;

  jpeg_save_markers (jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header (jpeg, TRUE);
  /* The whole picture's size counts, even where a smaller one is made of it. */
  if (!tithe_image_check_size (jpeg->image_width, jpeg->image_height, error))
    return FALSE;
  *orientation = read_orientation (jpeg);
  cmyk = jpeg->num_components == 4;
  jpeg->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
  choose_scale (jpeg, max_edge);
  jpeg_start_decompress (jpeg);
  *out = tithe_pixels_try_new (jpeg->output_width, jpeg->output_height, error);
  if (*out == NULL)
    return FALSE;
  (*out)->original_width = jpeg->image_width;
  (*out)->original_height = jpeg->image_height;
  *row = cmyk ? g_malloc ((gsize) jpeg->output_width * 4) : NULL;
  while (jpeg->output_scanline < jpeg->output_height)
    {
      guint8 *target = (*out)->data + (gsize) jpeg->output_scanline * jpeg->output_width * 3;
      guint8 *line = cmyk ? *row : target;

      jpeg_read_scanlines (jpeg, &line, 1);
      if (cmyk)
        convert_cmyk (*row, target, jpeg->output_width, jpeg->saw_Adobe_marker);
    }
  jpeg_finish_decompress (jpeg);
  return TRUE;
}

/* What reading leaves, whether it ends or jumps out. */
typedef struct
{
  TithePixels *pixels;
  guint8 *row;
  int orientation;
} Result;

/* In a function of its own, none of whose variables changes between setjmp and a jump back to it. */
G_GNUC_NO_INLINE static gboolean
try_read (struct jpeg_decompress_struct *jpeg, ErrorManager *manager, const guint8 *data, gsize size, guint max_edge,
          Result *result, GError **error)
{
  if (setjmp (manager->jump) != 0)
    {
      g_set_error (error, TITHE_IMAGE_ERROR, TITHE_IMAGE_ERROR_CORRUPT, _("broken JPEG: %s"), manager->message);
      return FALSE;
    }
  jpeg_create_decompress (jpeg);
  jpeg->progress = &manager->progress;
  jpeg_mem_src (jpeg, data, size);
  return read_jpeg (jpeg, max_edge, &result->pixels, &result->row, &result->orientation, error);
}

/**
 * tithe_image_decode_jpeg:
 *
 * As tithe_image_decode(), before it is shrunk to @max_edge exactly. Memory is that of the picture at the scale that is
 * decoded; a progressive one takes libjpeg twice the whole picture on the way.
 */
TithePixels *
tithe_image_decode_jpeg (const guint8 *data, gsize size, guint max_edge, GError **error)
{
  struct jpeg_decompress_struct jpeg = { 0 };
  ErrorManager manager = { 0 };
  Result result = { .orientation = 1 };
  TithePixels *upright = NULL;

  jpeg.err = jpeg_std_error (&manager.base);
  manager.base.error_exit = on_error;
  manager.base.emit_message = on_message;
  manager.progress.progress_monitor = on_progress;
  if (try_read (&jpeg, &manager, data, size, max_edge, &result, error))
    upright = orient (result.pixels, result.orientation, error);
  jpeg_destroy_decompress (&jpeg);
  g_free (result.row);
  g_clear_pointer (&result.pixels, tithe_pixels_unref);
  return upright;
}
