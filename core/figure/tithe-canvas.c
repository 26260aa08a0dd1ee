/* SPDX-License-Identifier: MIT */
#include "tithe-canvas.h"
#include "base/tithe-plain-numbers.h"
#include "export/tithe-export.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#define PNG_SCALE 3.0 /* pixels a point */

static cairo_status_t
collect (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t
render (cairo_surface_t *surface, double scale, TitheCanvasFunc draw, gpointer user_data)
{
  g_auto (TithePlainNumbers) plain = tithe_plain_numbers_begin ();
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  cairo_scale (cr, scale, scale);
  draw (cr, user_data);
  cairo_show_page (cr);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return status;
}

/* Who wants the same bytes of the same figure says when it is made; cairo asks the clock otherwise. */
static void
set_date (cairo_surface_t *pdf)
{
  const char *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  guint64 seconds;

  if (epoch != NULL && g_ascii_string_to_unsigned (epoch, 10, 0, G_MAXINT64, &seconds, NULL))
    {
      g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc ((gint64) seconds);
      g_autofree char *text = date != NULL ? g_date_time_format_iso8601 (date) : NULL;

      if (text != NULL)
        cairo_pdf_surface_set_metadata (pdf, CAIRO_PDF_METADATA_CREATE_DATE, text);
    }
}

/* The ending in small letters: .png, .pdf or .svg; NULL with an error where it is none of them */
static const char *
find_form (const char *path, GError **error)
{
  static const char *const forms[] = { ".png", ".pdf", ".svg" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (g_str_has_suffix (lower, forms[i]))
      return forms[i];
  g_set_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_PATH,
               _("cannot tell the form of “%s”: let its name end in .png, .pdf or .svg"), path);
  return NULL;
}

/**
 * tithe_canvas_check_form:
 *
 * To be asked before the work whose end is a figure.
 *
 * Returns: %FALSE with %TITHE_EXPORT_ERROR_PATH where the path ends in none of .png, .pdf and .svg
 */
gboolean
tithe_canvas_check_form (const char *path, GError **error)
{
  return find_form (path, error) != NULL;
}

/**
 * tithe_canvas_write:
 * @path: ends in .png, .pdf or .svg, which says the form
 * @width: points, 72 an inch
 * @height: points
 *
 * Writes the file whole or not at all; numbers in it have a decimal point in every language. The date in a PDF file is
 * SOURCE_DATE_EPOCH's where the environment has that.
 *
 * Returns: %FALSE with a %TITHE_EXPORT_ERROR or %TITHE_OUTPUT_ERROR
 */
gboolean
tithe_canvas_write (const char *path, double width, double height, TitheCanvasFunc draw, gpointer user_data,
                    GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const char *form = find_form (path, error);
  const gboolean png = g_strcmp0 (form, ".png") == 0;
  cairo_surface_t *surface;
  cairo_status_t status;

  if (form == NULL)
    return FALSE;
  if (png)
    surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (width * PNG_SCALE),
                                          (int) ceil (height * PNG_SCALE));
  else if (g_str_equal (form, ".pdf"))
    {
      surface = cairo_pdf_surface_create_for_stream (collect, bytes, width, height);
      set_date (surface);
    }
  else
    surface = cairo_svg_surface_create_for_stream (collect, bytes, width, height);
  status = render (surface, png ? PNG_SCALE : 1, draw, user_data);
  if (status == CAIRO_STATUS_SUCCESS && png)
    status = cairo_surface_write_to_png_stream (surface, collect, bytes);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, _("cannot draw “%s”: %s"), path,
                   cairo_status_to_string (status));
      return FALSE;
    }
  return tithe_output_write (path, (const char *) bytes->data, bytes->len, error);
}

/**
 * tithe_canvas_render:
 * @width: points
 * @height: points
 * @scale: pixels a point
 *
 * Returns: (transfer full) (nullable): an image surface in CAIRO_FORMAT_ARGB32; %NULL with a %TITHE_EXPORT_ERROR where it is
 *   larger than Cairo draws
 */
cairo_surface_t *
tithe_canvas_render (double width, double height, double scale, TitheCanvasFunc draw, gpointer user_data,
                     GError **error)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) ceil (width * scale), (int) ceil (height * scale));
  cairo_status_t status = cairo_surface_status (surface);

  if (status == CAIRO_STATUS_SUCCESS)
    status = render (surface, scale, draw, user_data);
  if (status == CAIRO_STATUS_SUCCESS)
    return surface;
  cairo_surface_destroy (surface);
  g_set_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, _("cannot draw the figure: %s"),
               cairo_status_to_string (status));
  return NULL;
}

/**
 * tithe_canvas_to_svg:
 *
 * Returns: (transfer full): what is drawn, as an SVG file
 */
char *
tithe_canvas_to_svg (double width, double height, TitheCanvasFunc draw, gpointer user_data)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (collect, bytes, width, height);

  render (surface, 1, draw, user_data);
  cairo_surface_finish (surface);
  cairo_surface_destroy (surface);
  return g_strndup ((const char *) bytes->data, bytes->len);
}
