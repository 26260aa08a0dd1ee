/* SPDX-License-Identifier: MIT */
#include "tithe-group-figure.h"
#include "tithe-group-shown.h"
#include "tithe-canvas.h"
#include "export/tithe-export.h"
#include "base/tithe-random.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define EDGE 34.0  /* points of a picture */
#define GAP 3.0    /* between pictures of a group */
#define APART 14.0 /* between groups */
#define FRAME 1.8
/* Pictures of a group that are drawn; more would not fit a page. */
#define MAX_SHOWN 24
/* What random numbers are for; apart from those of the training. */
#define STREAM_SAMPLE ((guint64) 4 << 32)

typedef struct
{
  char *caption;
  GPtrArray *surfaces; /* cairo_surface_t */
  GArray *kept;        /* gboolean */
  guint32 size;
  double x, y, width, height; /* as it is laid out */
} Block;

struct _TitheGroupFigure
{
  TitheSubset *subset;
  GArray *blocks;
  GHashTable *pictures; /* image to cairo_surface_t: those that were read */
  guint max_edge, columns;
};

static const TitheColour green = { 0.15, 0.64, 0.41 };

static void
block_clear (gpointer data)
{
  Block *block = data;

  g_free (block->caption);
  g_ptr_array_unref (block->surfaces);
  g_array_unref (block->kept);
}

/**
 * tithe_group_figure_new:
 * @subset: must outlive the figure
 *
 * Returns: (transfer full): a figure without groups
 */
TitheGroupFigure *
tithe_group_figure_new (TitheSubset *subset)
{
  TitheGroupFigure *self = g_new0 (TitheGroupFigure, 1);

  self->subset = subset;
  self->blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  g_array_set_clear_func (self->blocks, block_clear);
  self->pictures = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) cairo_surface_destroy);
  return self;
}

/**
 * tithe_group_figure_set_max_edge:
 * @max_edge: pixels that pictures have at most in either direction; 0, as it is at first, for all that they have
 *
 * For a figure that is only looked at; before anything is added.
 */
void
tithe_group_figure_set_max_edge (TitheGroupFigure *self, guint max_edge)
{
  self->max_edge = max_edge;
}

/**
 * tithe_group_figure_set_columns:
 * @columns: so many groups stand side by side, each as wide as the others; 0, as it is at first, for as many as there is room
 *   for
 */
void
tithe_group_figure_set_columns (TitheGroupFigure *self, guint columns)
{
  self->columns = columns;
}

/* tithe_group_figure_clear: takes the groups out; pictures that were read are not read again where they are added anew */
void
tithe_group_figure_clear (TitheGroupFigure *self)
{
  g_array_set_size (self->blocks, 0);
}

/* tithe_group_figure_free: (transfer full) @self, with its pictures and without the subset */
void
tithe_group_figure_free (TitheGroupFigure *self)
{
  g_hash_table_unref (self->pictures);
  g_array_unref (self->blocks);
  g_free (self);
}

static cairo_surface_t *
read_picture (TitheDataset *dataset, guint32 image, guint max_edge, GError **error)
{
  g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (dataset, image, max_edge, error);
  cairo_surface_t *surface;
  guint8 *data;
  int stride;

  if (pixels == NULL)
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) pixels->width, (int) pixels->height);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM, _("image %u is too large to be drawn: %u x %u"),
                   image, pixels->width, pixels->height);
      cairo_surface_destroy (surface);
      return NULL;
    }
  data = cairo_image_surface_get_data (surface);
  stride = cairo_image_surface_get_stride (surface);
  for (guint y = 0; y < pixels->height; y++)
    for (guint x = 0; x < pixels->width; x++)
      {
        const guint8 *rgb = pixels->data + 3 * ((gsize) y * pixels->width + x);
        guint32 pixel = (guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2];

        memcpy (data + (gsize) y * (gsize) stride + 4 * (gsize) x, &pixel, 4);
      }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* Returns: (transfer full) */
static cairo_surface_t *
load_picture (TitheGroupFigure *self, guint32 image, GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset)));
  cairo_surface_t *surface = g_hash_table_lookup (self->pictures, GUINT_TO_POINTER (image));

  if (surface == NULL)
    {
      surface = read_picture (dataset, image, self->max_edge, error);
      if (surface != NULL)
        g_hash_table_insert (self->pictures, GUINT_TO_POINTER (image), surface);
    }
  return surface ? cairo_surface_reference (surface) : NULL;
}

/**
 * tithe_group_figure_add:
 * @caption: (nullable): such as “pose”; %NULL for the class and the number of images
 *
 * What is kept comes first, and is drawn however large the group is.
 *
 * Returns: %FALSE with an error where a picture can't be read; the group is not added then
 */
gboolean
tithe_group_figure_add (TitheGroupFigure *self, const TitheGroup *group, const char *caption, GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset)));
  guint32 n, n_kept;
  g_autofree guint32 *members = tithe_group_choose_shown (self->subset, group, MAX_SHOWN, &n, &n_kept);
  Block block = { .surfaces = g_ptr_array_new_with_free_func ((GDestroyNotify) cairo_surface_destroy),
                  .kept = g_array_new (FALSE, FALSE, sizeof (gboolean)),
                  .size = group->size };

  for (guint32 m = 0; m < n; m++)
    {
      cairo_surface_t *surface = load_picture (self, members[m], error);
      gboolean kept = m < n_kept;

      if (surface == NULL)
        {
          block_clear (&block);
          return FALSE;
        }
      g_ptr_array_add (block.surfaces, surface);
      g_array_append_val (block.kept, kept);
    }
  if (caption != NULL)
    block.caption = g_utf8_make_valid (caption, -1);
  else
    block.caption = g_strdup_printf (ngettext ("%s, %u image", "%s, %u images", group->size),
                                     tithe_dataset_get_class_name (dataset, group->class_index), group->size);
  g_array_append_val (self->blocks, block);
  /* cppcheck-suppress memleak ; the array has it */
  return TRUE;
}

/**
 * tithe_group_figure_sample:
 * @n: how many at most
 *
 * Adds groups drawn at random; one with a picture that can't be read is passed over.
 *
 * Returns: how many were added
 */
guint
tithe_group_figure_sample (TitheGroupFigure *self, guint n, guint64 seed, TitheJob *job)
{
  gsize n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (self->subset), &n_groups);
  g_autofree gsize *order = g_new (gsize, MAX (1, n_groups));
  TitheRandom random = tithe_random_new (seed, STREAM_SAMPLE, 0);
  guint added = 0;

  for (gsize i = 0; i < n_groups; i++)
    order[i] = i;
  for (gsize i = 0; i < n_groups && added < n && !tithe_job_is_cancelled (job); i++)
    {
      gsize j = i + tithe_random_below (&random, (guint32) (n_groups - i)), chosen = order[j];

      order[j] = order[i];
      added += tithe_group_figure_add (self, &groups[chosen], NULL, NULL);
    }
  return added;
}

/* --- drawing --- */

typedef struct
{
  TitheGroupFigure *figure;
  const TitheFigureStyle *style;
  PangoFontDescription *font;
  double width, height, line;
  double room; /* that a group has in the width */
  guint of_row;
} Drawing;

static void
drawing_init (Drawing *drawing, TitheGroupFigure *figure, double width, const TitheFigureStyle *style)
{
  const guint columns = MAX (1, figure->columns);

  *drawing = (Drawing){ .figure = figure, .style = style, .width = width };
  drawing->font = pango_font_description_from_string (style->font);
  drawing->line = 1.5 * pango_font_description_get_size (drawing->font) / PANGO_SCALE;
  /* A column has room for a picture in any case. */
  drawing->room = MAX ((width - (columns - 1) * APART) / columns, EDGE + 2 * FRAME);
  drawing->of_row = (guint) MAX (1, floor ((drawing->room - 2 * FRAME + GAP) / (EDGE + GAP)));
}

/* A unit is a point, and letters are as wide at any scale: what was measured is as wide as what is drawn.
 * @context: (transfer full) */
static PangoLayout *
new_layout (const Drawing *drawing, PangoContext *context)
{
  cairo_font_options_t *options = cairo_font_options_create ();
  PangoLayout *layout;

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  pango_cairo_context_set_resolution (context, 72);
  pango_context_set_round_glyph_positions (context, FALSE);
  cairo_font_options_destroy (options);
  layout = pango_layout_new (context);
  g_object_unref (context);
  pango_layout_set_font_description (layout, drawing->font);
  return layout;
}

static void
draw_text (cairo_t *cr, const Drawing *drawing, const char *text, double max_width)
{
  g_autoptr (PangoLayout) layout = new_layout (drawing, pango_cairo_create_context (cr));

  pango_layout_set_text (layout, text, -1);
  pango_layout_set_width (layout, (int) (max_width * PANGO_SCALE));
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_cairo_show_layout (cr, layout);
}

static void
measure (const Drawing *drawing, PangoLayout *layout, Block *block)
{
  const guint n = block->surfaces->len, rows = (n + drawing->of_row - 1) / drawing->of_row;
  int caption;

  pango_layout_set_text (layout, block->caption, -1);
  pango_layout_get_size (layout, &caption, NULL);
  block->width
      = MAX (MIN (n, drawing->of_row) * (EDGE + GAP) - GAP + 2 * FRAME, (double) caption / PANGO_SCALE + FRAME + 1);
  block->width = MIN (block->width, drawing->room);
  block->height = drawing->line + rows * (EDGE + GAP) + FRAME;
}

/* Groups side by side as far as the width goes, as words in a line, or in columns; a large group has several rows. */
static void
lay_out (Drawing *drawing)
{
  g_autoptr (PangoLayout) layout
      = new_layout (drawing, pango_font_map_create_context (pango_cairo_font_map_get_default ()));
  const guint columns = drawing->figure->columns;
  double x = 0, y = 0, height = 0;

  for (guint b = 0; b < drawing->figure->blocks->len; b++)
    {
      Block *block = &g_array_index (drawing->figure->blocks, Block, b);

      measure (drawing, layout, block);
      if (columns > 0 ? b > 0 && b % columns == 0 : x > 0 && x + block->width > drawing->width)
        {
          x = 0;
          y += height + APART * 0.7;
          height = 0;
        }
      block->x = x;
      block->y = y;
      x += (columns > 0 ? drawing->room : block->width) + APART;
      height = MAX (height, block->height);
    }
  drawing->height = MAX (1, y + height);
}

static void
draw_picture (cairo_t *cr, cairo_surface_t *surface, double x, double y, gboolean kept)
{
  double w = cairo_image_surface_get_width (surface), h = cairo_image_surface_get_height (surface);
  double scale = EDGE / MAX (w, h), left = x + (EDGE - w * scale) / 2, top = y + (EDGE - h * scale) / 2;

  cairo_save (cr);
  cairo_translate (cr, left, top);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), scale > 1 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  cairo_paint (cr);
  cairo_restore (cr);
  if (!kept)
    return;
  cairo_set_source_rgb (cr, green.red, green.green, green.blue);
  cairo_set_line_width (cr, FRAME);
  cairo_rectangle (cr, left - FRAME / 2, top - FRAME / 2, w * scale + FRAME, h * scale + FRAME);
  cairo_stroke (cr);
}

static void
draw_groups (cairo_t *cr, gpointer user_data)
{
  Drawing *drawing = user_data;
  const TitheFigureStyle *style = drawing->style;
  const guint of_row = drawing->of_row;

  cairo_set_source_rgb (cr, style->paper.red, style->paper.green, style->paper.blue);
  cairo_paint (cr);
  for (guint b = 0; b < drawing->figure->blocks->len; b++)
    {
      const Block *block = &g_array_index (drawing->figure->blocks, Block, b);

      cairo_set_source_rgb (cr, style->ink.red, style->ink.green, style->ink.blue);
      cairo_move_to (cr, block->x + FRAME, block->y);
      draw_text (cr, drawing, block->caption, block->width - FRAME);
      for (guint i = 0; i < block->surfaces->len; i++)
        draw_picture (cr, g_ptr_array_index (block->surfaces, i), block->x + FRAME + (i % of_row) * (EDGE + GAP),
                      block->y + drawing->line + FRAME + (i / of_row) * (EDGE + GAP),
                      g_array_index (block->kept, gboolean, i));
    }
}

/**
 * tithe_group_figure_write:
 * @path: ends in .png, .pdf or .svg, which says the form
 * @width: points, 72 an inch; the height follows from the groups
 *
 * Pictures keep all their pixels in a PDF and an SVG.
 */
gboolean
tithe_group_figure_write (TitheGroupFigure *self, const char *path, double width, const TitheFigureStyle *style,
                          GError **error)
{
  Drawing drawing;
  gboolean ok;

  drawing_init (&drawing, self, width, style);
  lay_out (&drawing);
  ok = tithe_canvas_write (path, width, drawing.height, draw_groups, &drawing, error);
  pango_font_description_free (drawing.font);
  return ok;
}

/**
 * tithe_group_figure_render:
 * @width: points, 72 an inch; the height follows from the groups
 * @scale: pixels a point
 *
 * Returns: (transfer full) (nullable): an image surface with the figure as it would be written; %NULL with a
 *   %TITHE_EXPORT_ERROR where it is too high to be drawn
 */
cairo_surface_t *
tithe_group_figure_render (TitheGroupFigure *self, double width, double scale, const TitheFigureStyle *style,
                           GError **error)
{
  cairo_surface_t *surface;
  Drawing drawing;

  drawing_init (&drawing, self, width, style);
  lay_out (&drawing);
  surface = tithe_canvas_render (width, drawing.height, scale, draw_groups, &drawing, error);
  pango_font_description_free (drawing.font);
  return surface;
}
