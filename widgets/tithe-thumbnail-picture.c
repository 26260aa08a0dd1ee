/* SPDX-License-Identifier: MIT */
#include "tithe-thumbnail-picture.h"
#include "tithe-texture.h"

#define CORNER 7.0
#define FRAME 3.0
#define DIMMED 0.3

static const GdkRGBA white = { 1.0f, 1.0f, 1.0f, 1.0f };
static const GdkRGBA grey = { 0.5f, 0.5f, 0.5f, 0.16f };

/* A rectangle with round corners, so far inside of the thumbnail. */
static void
add_outline (cairo_t *cr, const TitheThumbnailLook *look, double inset)
{
  const double corner = look->width < TITHE_THUMBNAIL_SMALL ? CORNER / 2 : CORNER, radius = MAX (0, corner - inset),
               left = inset + radius, top = left;
  const double right = look->width - left, bottom = look->height - top;

  cairo_new_path (cr);
  cairo_arc (cr, left, top, radius, G_PI, 1.5 * G_PI);
  cairo_arc (cr, right, top, radius, 1.5 * G_PI, 2 * G_PI);
  cairo_arc (cr, right, bottom, radius, 0, 0.5 * G_PI);
  cairo_arc (cr, left, bottom, radius, 0.5 * G_PI, G_PI);
  cairo_close_path (cr);
}

static void
draw_line (cairo_t *cr, const TitheThumbnailLook *look, double inset, double width, const GdkRGBA *color)
{
  add_outline (cr, look, inset + width / 2);
  cairo_set_line_width (cr, width);
  gdk_cairo_set_source_rgba (cr, color);
  cairo_stroke (cr);
}

/* The picture fills the square that it has and what is beyond is cut off, unless it is so long that half would be lost:
 * then all of it is shown. Copied and then cut, it takes a third of the time that it takes through a mask. */
static void
draw_pixels (cairo_t *cr, const TithePixels *pixels, const TitheThumbnailLook *look)
{
  const double w = pixels->width, h = pixels->height;
  const double cover = MAX (look->width / w, look->height / h), contain = MIN (look->width / w, look->height / h);
  const gboolean whole = cover > contain * 2;
  const double scale = whole ? contain : cover, x = (look->width - w * scale) / 2, y = (look->height - h * scale) / 2;
  cairo_surface_t *surface = tithe_texture_new_surface (pixels);
  cairo_matrix_t matrix;

  cairo_save (cr);
  if (whole)
    {
      cairo_rectangle (cr, x, y, w * scale, h * scale);
      cairo_clip (cr);
    }
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_matrix_init (&matrix, 1 / scale, 0, 0, 1 / scale, -x / scale, -y / scale);
  cairo_pattern_set_matrix (cairo_get_source (cr), &matrix);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint (cr);
  cairo_restore (cr);
  cairo_surface_destroy (surface);
  add_outline (cr, look, 0);
  cairo_rectangle (cr, 0, 0, look->width, look->height);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  cairo_set_operator (cr, CAIRO_OPERATOR_DEST_OUT);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_fill (cr);
}

static cairo_surface_t *
new_surface (const TitheThumbnailLook *look)
{
  return cairo_image_surface_create (CAIRO_FORMAT_ARGB32, look->width * look->scale, look->height * look->scale);
}

/**
 * tithe_thumbnail_picture_new_face:
 * @pixels: (nullable): of the image; %NULL where it is not there yet
 * @look: of which its size matters here
 *
 * Takes some 25 us for a thumbnail of 80 pixels.
 *
 * Returns: (transfer full): the picture with its corners rounded; look->scale pixels for each of the window's in both
 *   directions
 */
cairo_surface_t *
tithe_thumbnail_picture_new_face (const TithePixels *pixels, const TitheThumbnailLook *look)
{
  cairo_surface_t *surface = new_surface (look);
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, look->scale, look->scale);
  if (pixels != NULL)
    draw_pixels (cr, pixels, look);
  else
    {
      gdk_cairo_set_source_rgba (cr, &grey);
      add_outline (cr, look, 0);
      cairo_fill (cr);
    }
  cairo_destroy (cr);
  cairo_surface_set_device_scale (surface, look->scale, look->scale);
  return surface;
}

/**
 * tithe_thumbnail_picture_new_marks:
 * @look: of the thumbnail
 *
 * Returns: (transfer full): what is drawn over the face of every thumbnail that looks so: its frame or edge, and its badge
 */
cairo_surface_t *
tithe_thumbnail_picture_new_marks (const TitheThumbnailLook *look)
{
  const double line = look->width < TITHE_THUMBNAIL_SMALL ? FRAME - 1 : FRAME;
  cairo_surface_t *surface = new_surface (look);
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, look->scale, look->scale);
  if (look->framed)
    {
      draw_line (cr, look, 0, line, look->discarded ? &tithe_badge_red : &look->frame);
      /* A white line inside parts the frame from a picture that is green itself. */
      draw_line (cr, look, line, 1, &white);
    }
  else
    draw_line (cr, look, 0, 1, &look->edge);
  if (look->badge != TITHE_BADGE_NONE)
    {
      cairo_translate (cr, look->width - TITHE_BADGE_SIZE / 2.0 - FRAME, look->height - TITHE_BADGE_SIZE / 2.0 - FRAME);
      tithe_badge_draw (look->badge, cr, &look->frame);
    }
  cairo_destroy (cr);
  cairo_surface_set_device_scale (surface, look->scale, look->scale);
  return surface;
}

/* tithe_thumbnail_picture_draw: draws a face and its marks where they belong, from (@x, @y) on */
void
tithe_thumbnail_picture_draw (cairo_t *cr, cairo_surface_t *face, cairo_surface_t *marks, gboolean dimmed, double x,
                              double y)
{
  cairo_set_source_surface (cr, face, x, y);
  if (dimmed)
    cairo_paint_with_alpha (cr, DIMMED);
  else
    cairo_paint (cr);
  cairo_set_source_surface (cr, marks, x, y);
  cairo_paint (cr);
}

/**
 * tithe_thumbnail_picture_new:
 * @pixels: (nullable): of the image; %NULL where it is not there yet
 * @look: of the thumbnail
 *
 * Takes some 50 us for a thumbnail of 80 pixels.
 *
 * Returns: (transfer full): all that is seen of the thumbnail, but what says that it is selected; look->scale pixels for each
 *   of the window's in both directions
 */
cairo_surface_t *
tithe_thumbnail_picture_new (const TithePixels *pixels, const TitheThumbnailLook *look)
{
  cairo_surface_t *face = tithe_thumbnail_picture_new_face (pixels, look);
  cairo_surface_t *marks = tithe_thumbnail_picture_new_marks (look), *surface = new_surface (look);
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, look->scale, look->scale);
  tithe_thumbnail_picture_draw (cr, face, marks, look->dimmed && pixels != NULL, 0, 0);
  cairo_destroy (cr);
  cairo_surface_destroy (face);
  cairo_surface_destroy (marks);
  cairo_surface_set_device_scale (surface, look->scale, look->scale);
  return surface;
}
