/* SPDX-License-Identifier: MIT */
#include "tithe-figure-private.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

/* How a figure is drawn, and where something is in what was drawn. */

#define REACH 14.0 /* from the pointer to what is pointed at */

const TitheFigureStyle tithe_figure_style_print = { "Sans 9", { 0.1, 0.1, 0.1 }, { 1, 1, 1 }, TRUE, -1 };

/* Told apart by those who can't tell red from green, too: Okabe and Ito's, and two more. */
static const TitheColour palette[] = {
  { 0.00, 0.45, 0.70 }, { 0.90, 0.62, 0.00 }, { 0.00, 0.62, 0.45 }, { 0.80, 0.47, 0.65 }, { 0.34, 0.71, 0.91 },
  { 0.84, 0.37, 0.00 }, { 0.55, 0.52, 0.10 }, { 0.50, 0.50, 0.50 }, { 0.45, 0.30, 0.70 }, { 0.55, 0.30, 0.20 },
};

typedef struct
{
  cairo_t *cr;
  const TitheFigureStyle *style;
  PangoFontDescription *font;
} Pen;

static void
set_colour (Pen *pen, TitheColour colour, double alpha)
{
  cairo_set_source_rgba (pen->cr, colour.red, colour.green, colour.blue, alpha);
}

static PangoLayout *
new_text (Pen *pen, const char *text, double *width, double *height)
{
  PangoLayout *layout = pango_cairo_create_layout (pen->cr);
  int w, h;

  pango_layout_set_font_description (layout, pen->font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_size (layout, &w, &h);
  *width = (double) w / PANGO_SCALE;
  *height = (double) h / PANGO_SCALE;
  return layout;
}

/* @align is 0 where the text begins at x, 1 where it ends there; y is the middle of the line. Returns the width. */
static double
draw_text (Pen *pen, const char *text, double x, double y, double align, double max_width)
{
  double width, height;
  g_autoptr (PangoLayout) layout = new_text (pen, text, &width, &height);

  if (max_width > 0 && width > max_width)
    {
      pango_layout_set_width (layout, (int) (max_width * PANGO_SCALE));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      width = max_width;
    }
  cairo_move_to (pen->cr, x - align * width, y - height / 2);
  pango_cairo_show_layout (pen->cr, layout);
  cairo_new_path (pen->cr);
  return width;
}

static double
text_width (Pen *pen, const char *text)
{
  double width, height;
  g_autoptr (PangoLayout) layout = new_text (pen, text, &width, &height);

  return width;
}

static double
line_height (Pen *pen)
{
  double width, height;
  g_autoptr (PangoLayout) layout = new_text (pen, "0", &width, &height);

  return height;
}

static double
to_fraction (const Axis *axis, double value)
{
  if (!(axis->high > axis->low))
    return 0; /* of nothing there is one place */
  if (axis->logarithmic)
    return log (MAX (value, axis->low) / axis->low) / log (axis->high / axis->low);
  return (value - axis->low) / (axis->high - axis->low);
}

static double
to_x (TitheFigure *self, double value)
{
  return self->left + self->width * to_fraction (&self->x, value);
}

static double
to_y (TitheFigure *self, double value)
{
  return self->top + self->height * (1 - to_fraction (&self->y, value));
}

/* Values that a person would write at an axis, some four of them. */
static GArray *
list_ticks (const Axis *axis)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (double));
  double step = pow (10, floor (log10 ((axis->high - axis->low) / 3)));

  if (!(axis->high > axis->low))
    {
      g_array_append_val (ticks, axis->low);
      return ticks;
    }
  if (axis->logarithmic)
    {
      const gboolean fine = axis->high / axis->low < 200;
      const double steps[] = { 1, 2, 5 };

      for (double decade = pow (10, floor (log10 (axis->low))); decade <= axis->high; decade *= 10)
        for (guint i = 0; i < (fine ? 3 : 1); i++)
          {
            double value = decade * steps[i];

            if (value >= axis->low && value <= axis->high)
              g_array_append_val (ticks, value);
          }
      return ticks;
    }
  if ((axis->high - axis->low) / step > 12)
    step *= 5;
  else if ((axis->high - axis->low) / step > 6)
    step *= 2;
  for (double value = ceil (axis->low / step) * step; value <= axis->high * (1 + 1e-9); value += step)
    g_array_append_val (ticks, value);
  return ticks;
}

static char *
format_tick (double value, const char *unit)
{
  g_autofree char *number = g_strdup_printf ("%.10g", round (value * 1e6) / 1e6);

  return g_strconcat (number, unit, NULL);
}

static const char *
get_x_title (TitheFigure *self)
{
  switch (self->kind)
    {
    case TITHE_FIGURE_SIZES:
      return C_ ("axis", "images of a group");
    case TITHE_FIGURE_DISSIMILARITY:
    case TITHE_FIGURE_ACCURACY:
    case TITHE_FIGURE_COVERAGE:
      return C_ ("axis", "subset ratio, %");
    case TITHE_FIGURE_CUT:
      return C_ ("axis", "dissimilarity");
    case TITHE_FIGURE_KEPT:
      return C_ ("axis", "kept, %");
    case TITHE_FIGURE_REDUNDANCY:
    default:
      return C_ ("axis", "discarded, %");
    }
}

/* A number that has no room beside the one before it is left out. */
static double
draw_x_number (TitheFigure *self, Pen *pen, const char *text, double x, double taken)
{
  const double half = text_width (pen, text) / 2;

  if (x - half < taken)
    return taken;
  set_colour (pen, pen->style->ink, 0.75);
  draw_text (pen, text, x, self->top + self->height + line_height (pen) * 0.6, 0.5, 0);
  return x + half + 4;
}

static void
draw_x_title (TitheFigure *self, Pen *pen)
{
  set_colour (pen, pen->style->ink, 0.75);
  draw_text (pen, get_x_title (self), self->left + self->width / 2, self->top + self->height + line_height (pen) * 1.65,
             0.5, self->width);
}

static void
draw_x_axis (TitheFigure *self, Pen *pen)
{
  g_autoptr (GArray) ticks = list_ticks (&self->x);
  double taken = -G_MAXDOUBLE;

  for (guint i = 0; i < ticks->len; i++)
    {
      double value = g_array_index (ticks, double, i), x = to_x (self, value);
      g_autofree char *text = format_tick (value, "");

      set_colour (pen, pen->style->ink, 0.12);
      cairo_move_to (pen->cr, x, self->top);
      cairo_line_to (pen->cr, x, self->top + self->height);
      cairo_stroke (pen->cr);
      taken = draw_x_number (self, pen, text, x, taken);
    }
  draw_x_title (self, pen);
}

static void
draw_y_axis (TitheFigure *self, Pen *pen)
{
  g_autoptr (GArray) ticks = list_ticks (&self->y);

  for (guint i = 0; i < ticks->len; i++)
    {
      double value = g_array_index (ticks, double, i), y = to_y (self, value);
      g_autofree char *text = format_tick (value, "");

      set_colour (pen, pen->style->ink, 0.12);
      cairo_move_to (pen->cr, self->left, y);
      cairo_line_to (pen->cr, self->left + self->width, y);
      cairo_stroke (pen->cr);
      set_colour (pen, pen->style->ink, 0.75);
      draw_text (pen, text, self->left - 6, y, 1, 0);
    }
}

static const char *
get_y_title (TitheFigure *self)
{
  switch (self->kind)
    {
    case TITHE_FIGURE_SIZES:
      return C_ ("axis", "groups");
    case TITHE_FIGURE_ACCURACY:
      return C_ ("axis", "test accuracy, %");
    case TITHE_FIGURE_COVERAGE:
      return C_ ("axis", "dissimilarity to the nearest kept");
    default:
      return C_ ("axis", "dissimilarity");
    }
}

/* Along the axis, from below. */
static void
draw_y_title (TitheFigure *self, Pen *pen)
{
  set_colour (pen, pen->style->ink, 0.75);
  cairo_save (pen->cr);
  cairo_translate (pen->cr, line_height (pen) * 0.6, self->top + self->height / 2);
  cairo_rotate (pen->cr, -G_PI / 2);
  draw_text (pen, get_y_title (self), 0, 0, 0.5, self->height);
  cairo_restore (pen->cr);
}

static double
widest_tick (Pen *pen, const Axis *axis)
{
  g_autoptr (GArray) ticks = list_ticks (axis);
  double widest = 0;

  for (guint i = 0; i < ticks->len; i++)
    {
      g_autofree char *text = format_tick (g_array_index (ticks, double, i), "");
      double width = text_width (pen, text);

      widest = MAX (widest, width);
    }
  return widest;
}

/* The bars of lines that meet in one place stand a little apart. */
static void
draw_error (TitheFigure *self, Pen *pen, const Point *point, guint c)
{
  double x = to_x (self, point->x) + 1.5 * (c - (self->n - 1) / 2.0);

  cairo_set_line_width (pen->cr, 1);
  for (int end = -1; end <= 1; end += 2)
    {
      double y = to_y (self, point->y + end * point->error);

      cairo_move_to (pen->cr, x, to_y (self, point->y));
      cairo_line_to (pen->cr, x, y);
      cairo_move_to (pen->cr, x - 2.5, y);
      cairo_line_to (pen->cr, x + 2.5, y);
    }
  cairo_stroke (pen->cr);
}

/* Many lines are thin and pale, the one that stands out is neither. */
static void
draw_line (TitheFigure *self, Pen *pen, guint c)
{
  const GArray *points = self->series[c].points;
  gboolean dots = self->kind != TITHE_FIGURE_DISSIMILARITY, out = (int) c == pen->style->highlighted;
  double alpha = out ? 1 : pen->style->highlighted >= 0 ? 0.22 : self->n > 40 ? 0.35 : 0.9;

  if (points == NULL || points->len == 0)
    return;
  set_colour (pen, palette[c % G_N_ELEMENTS (palette)], alpha);
  cairo_set_line_width (pen->cr, out ? 2.4 : self->n > 40 ? 0.8 : 1.4);
  for (guint i = 0; i < points->len; i++)
    cairo_line_to (pen->cr, to_x (self, g_array_index (points, Point, i).x),
                   to_y (self, g_array_index (points, Point, i).y));
  cairo_stroke (pen->cr);
  for (guint i = 0; i < points->len; i++)
    if (g_array_index (points, Point, i).error > 0)
      draw_error (self, pen, &g_array_index (points, Point, i), c);
  for (guint i = 0; dots && self->n <= 40 && i < points->len; i++)
    {
      cairo_arc (pen->cr, to_x (self, g_array_index (points, Point, i).x),
                 to_y (self, g_array_index (points, Point, i).y), out ? 2.8 : 2, 0, 2 * G_PI);
      cairo_fill (pen->cr);
    }
}

/* Where the slider is. */
static void
draw_ratio (TitheFigure *self, Pen *pen)
{
  double x = to_x (self, self->ratio);

  set_colour (pen, pen->style->ink, 0.6);
  cairo_set_line_width (pen->cr, 1);
  cairo_set_dash (pen->cr, (double[]){ 4, 3 }, 2, 0);
  cairo_move_to (pen->cr, x, self->top);
  cairo_line_to (pen->cr, x, self->top + self->height);
  cairo_stroke (pen->cr);
  cairo_set_dash (pen->cr, NULL, 0, 0);
}

static void
draw_legend (TitheFigure *self, Pen *pen, double x, double width, double line)
{
  guint room = (guint) MAX (1, floor (self->height / line));

  for (guint c = 0; c < self->n && c < room; c++)
    {
      double y = self->top + line * (c + 0.5);

      if (c == room - 1 && self->n > room)
        {
          g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", self->n - c), self->n - c);

          set_colour (pen, pen->style->ink, 0.75);
          draw_text (pen, more, x + 16, y, 0, width - 16);
          return;
        }
      set_colour (pen, palette[c % G_N_ELEMENTS (palette)], 1);
      cairo_set_line_width (pen->cr, 2);
      cairo_move_to (pen->cr, x, y);
      cairo_line_to (pen->cr, x + 12, y);
      cairo_stroke (pen->cr);
      set_colour (pen, pen->style->ink, 0.9);
      draw_text (pen, self->series[c].name, x + 16, y, 0, width - 16);
    }
}

/* What the axes do not tell, in the upper corner at the end. */
static void
draw_note (TitheFigure *self, Pen *pen, const char *text)
{
  set_colour (pen, pen->style->ink, 0.6);
  draw_text (pen, text, self->left + self->width, self->top + line_height (pen) / 2, 1, self->width);
}

/* That not every class has a line is to be seen. */
static void
draw_stride (TitheFigure *self, Pen *pen)
{
  /* TRANSLATORS: a chart of very many classes shows each %uth of them only */
  g_autofree char *text = g_strdup_printf (_("one class of %u"), self->stride);

  draw_note (self, pen, text);
}

static void
draw_lines (TitheFigure *self, Pen *pen, double width, double height)
{
  double line = line_height (pen), legend = 0;

  if (pen->style->legend)
    {
      for (guint c = 0; c < MIN (self->n, MAX_LINES); c++) /* there is no room for more */
        {
          double name = text_width (pen, self->series[c].name) + 16;

          legend = MAX (legend, name);
        }
      legend = MIN (legend, width * 0.3);
    }
  self->left = widest_tick (pen, &self->y) + 12 + (pen->style->legend ? line * 1.2 : 0);
  self->top = line * 0.6;
  self->width = MAX (10, width - self->left - 10 - (legend > 0 ? legend + 12 : 0));
  self->height = MAX (10, height - self->top - line * 2.3);
  cairo_set_line_width (pen->cr, 1);
  draw_y_axis (self, pen);
  draw_x_axis (self, pen);
  if (pen->style->legend)
    draw_y_title (self, pen);
  if (self->kind == TITHE_FIGURE_DISSIMILARITY)
    draw_ratio (self, pen);
  for (guint c = 0; c < self->n; c++)
    if ((int) c != pen->style->highlighted)
      draw_line (self, pen, c);
  if (pen->style->highlighted >= 0 && (guint) pen->style->highlighted < self->n)
    draw_line (self, pen, (guint) pen->style->highlighted);
  if (self->stride > 1)
    draw_stride (self, pen);
  if (legend > 0)
    draw_legend (self, pen, self->left + self->width + 12, legend, line * 1.1);
}

static guint32
get_last_size (const TitheHistogram *sizes, guint bar)
{
  return (guint32) sizes->edges[bar + 1] - 1;
}

/* Each bar stands above the sizes that it counts; the count is told where there is room. */
static void
draw_sizes (TitheFigure *self, Pen *pen, double width, double height)
{
  const TitheHistogram *sizes = &self->sizes;
  double line = line_height (pen), taken = -G_MAXDOUBLE, bar;

  self->left = widest_tick (pen, &self->y) + 12 + (pen->style->legend ? line * 1.2 : 0);
  self->top = line * 0.6;
  self->width = MAX (10, width - self->left - 10);
  self->height = MAX (10, height - self->top - line * 2.3);
  bar = self->width / sizes->n;
  cairo_set_line_width (pen->cr, 1);
  draw_y_axis (self, pen);
  if (pen->style->legend)
    draw_y_title (self, pen);
  for (guint i = 0; i < sizes->n; i++)
    {
      const double left = self->left + bar * i, top = to_y (self, MAX (sizes->counts[i], LEAST));
      g_autofree char *size = g_strdup_printf ("%.0f", (double) sizes->edges[i]);
      g_autofree char *count = g_strdup_printf ("%u", sizes->counts[i]);

      set_colour (pen, palette[self->class_index >= 0 ? (guint) self->class_index % G_N_ELEMENTS (palette) : 0], 0.9);
      cairo_rectangle (pen->cr, left + bar * 0.12, top, bar * 0.76, self->top + self->height - top);
      cairo_fill (pen->cr);
      taken = draw_x_number (self, pen, size, left + bar / 2, taken);
      if (sizes->counts[i] > 0 && text_width (pen, count) + 2 < bar)
        draw_text (pen, count, left + bar / 2, top - line * 0.5, 0.5, 0);
    }
  draw_x_title (self, pen);
  if (self->class_index >= 0)
    draw_note (self, pen, self->series[self->class_index].name);
}

/* Bars that are thinner than a pixel: they descend, so that together they are one shape. */
static void
draw_outline (TitheFigure *self, Pen *pen)
{
  const int highlighted = pen->style->highlighted;
  double row = self->height / self->n;

  set_colour (pen, palette[0], highlighted < 0 ? 0.9 : 0.3);
  cairo_move_to (pen->cr, self->left, self->top);
  for (double y = 0; y < self->height; y++)
    {
      double x = to_x (self, self->series[self->order[MIN ((guint) (y / row), self->n - 1)]].value);

      cairo_line_to (pen->cr, MAX (x, self->left), self->top + y);
      cairo_line_to (pen->cr, MAX (x, self->left), self->top + MIN (y + 1, self->height));
    }
  cairo_line_to (pen->cr, self->left, self->top + self->height);
  cairo_fill (pen->cr);
  for (guint i = 0; highlighted >= 0 && i < self->n; i++)
    if (self->order[i] == (guint) highlighted)
      {
        set_colour (pen, palette[0], 1);
        cairo_rectangle (pen->cr, self->left, self->top + row * i - 1,
                         MAX (2, to_x (self, self->series[highlighted].value) - self->left), 2);
        cairo_fill (pen->cr);
      }
}

/* Behind a bar: percent, or a dissimilarity with two digits that count where three decimals would all be 0. */
static char *
format_bar (TitheFigure *self, double value)
{
  if (self->kind != TITHE_FIGURE_CUT)
    return g_strdup_printf ("%.1f", value);
  return g_strdup_printf (value >= 0.0005 || value <= 0 ? "%.3f" : "%.2g", value);
}

static void
draw_bars (TitheFigure *self, Pen *pen, double width, double height)
{
  double line = line_height (pen), names = 0, row;
  const gboolean named = self->n <= MAX_ROWS;

  for (guint c = 0; named && c < self->n; c++)
    {
      double name = text_width (pen, self->series[c].name) + 8;

      names = MAX (names, name);
    }
  self->left = MAX (6, MIN (names, width * 0.4));
  self->top = 2;
  self->width = MAX (10, width - self->left - (named ? text_width (pen, "0.000") + 10 : 10));
  self->height = MAX (10, height - self->top - line * 2.3);
  row = self->height / MAX (1, self->n);
  cairo_set_line_width (pen->cr, 1);
  draw_x_axis (self, pen);
  if (row < 1)
    {
      draw_outline (self, pen);
      return;
    }
  for (guint i = 0; i < self->n; i++)
    {
      const Series *series = &self->series[self->order[i]];
      double y = self->top + row * i, end = to_x (self, series->value);
      gboolean out = pen->style->highlighted < 0 || pen->style->highlighted == (int) self->order[i];
      g_autofree char *value = format_bar (self, series->value);

      set_colour (pen, palette[named ? self->order[i] % G_N_ELEMENTS (palette) : 0], out ? 0.9 : 0.3);
      cairo_rectangle (pen->cr, self->left, y + row * 0.18, MAX (0, end - self->left), row * 0.64);
      cairo_fill (pen->cr);
      if (!named)
        continue;
      set_colour (pen, pen->style->ink, 0.9);
      draw_text (pen, series->name, self->left - 6, y + row / 2, 1, self->left - 6);
      draw_text (pen, value, end + 4, y + row / 2, 0, 0);
    }
}

/**
 * tithe_figure_draw:
 * @width: in the units of @cr
 * @height: points
 *
 * Draws the figure with its upper left corner at the origin.
 */
void
tithe_figure_draw (TitheFigure *self, cairo_t *cr, double width, double height, const TitheFigureStyle *style)
{
  Pen pen = { cr, style, pango_font_description_from_string (style->font) };

  cairo_save (cr);
  if (self->kind == TITHE_FIGURE_SIZES)
    draw_sizes (self, &pen, width, height);
  else if (has_class_bars (self))
    draw_bars (self, &pen, width, height);
  else
    draw_lines (self, &pen, width, height);
  cairo_restore (cr);
  pango_font_description_free (pen.font);
}

/* --- pointing --- */

static void
describe (TitheFigure *self, guint c, const Point *point, TitheFigureSpot *spot)
{
  const char *name = self->series[c].name;

  spot->class_index = (int) c;
  if (self->kind == TITHE_FIGURE_ACCURACY)
    spot->text
        = g_strdup_printf (_("%s: at %.4g %% an accuracy of %.2f ± %.2f %%"), name, point->x, point->y, point->error);
  else if (self->kind == TITHE_FIGURE_COVERAGE)
    spot->text = g_strdup_printf (_("%s: at %.4g %% %.4f"), name, point->x, point->y);
  else
    spot->text = g_strdup_printf (_("%s: at %.0f %% images up to %.4f are merged"), name, point->x, point->y);
}

static gboolean
find_size (TitheFigure *self, double x, double y, TitheFigureSpot *spot)
{
  const double bar = floor ((x - self->left) / self->width * self->sizes.n);
  const char *name = self->class_index >= 0 ? self->series[self->class_index].name : _("All classes");
  double count;

  if (!(bar >= 0 && bar < self->sizes.n) || y < self->top || y > self->top + self->height
      || self->sizes.counts[(guint) bar] == 0)
    return FALSE;
  count = self->sizes.counts[(guint) bar];
  spot->class_index = self->class_index;
  spot->min_size = (guint32) self->sizes.edges[(guint) bar];
  spot->max_size = get_last_size (&self->sizes, (guint) bar);
  if (spot->min_size == spot->max_size)
    spot->text
        = g_strdup_printf (ngettext ("%s: %.0f group of %.0f images", "%s: %.0f groups of %.0f images", (gulong) count),
                           name, count, (double) spot->min_size);
  else
    spot->text = g_strdup_printf (
        ngettext ("%s: %.0f group of %.0f to %.0f images", "%s: %.0f groups of %.0f to %.0f images", (gulong) count),
        name, count, (double) spot->min_size, (double) spot->max_size);
  return TRUE;
}

static gboolean
find_class (TitheFigure *self, double y, TitheFigureSpot *spot)
{
  const double i = floor ((y - self->top) / (self->height / MAX (1, self->n)));
  const Series *series;
  guint c;

  if (i < 0 || i >= self->n)
    return FALSE;
  c = self->order[(guint) i];
  series = &self->series[c];
  spot->class_index = (int) c;
  if (self->kind == TITHE_FIGURE_CUT)
    spot->text = g_strdup_printf (_("%s: cut at %.4f"), series->name, series->value);
  else if (self->kind == TITHE_FIGURE_KEPT)
    spot->text = g_strdup_printf (_("%s: %.1f %% are kept"), series->name, series->value);
  else
    spot->text = g_strdup_printf (_("%s: %.1f %% are discarded"), series->name, series->value);
  return TRUE;
}

/**
 * tithe_figure_find:
 * @x: in the units in which the figure was drawn last
 * @spot: (out): what is there
 *
 * Returns: whether something is at a place, or near it
 */
gboolean
tithe_figure_find (TitheFigure *self, double x, double y, TitheFigureSpot *spot)
{
  double nearest = REACH;
  gboolean found = FALSE;

  *spot = (TitheFigureSpot){ .class_index = -1 };
  if (self->kind == TITHE_FIGURE_SIZES)
    return find_size (self, x, y, spot);
  if (has_class_bars (self))
    return find_class (self, y, spot);
  for (guint c = 0; c < self->n; c++)
    for (guint i = 0; self->series[c].points != NULL && i < self->series[c].points->len; i++)
      {
        const Point *point = &g_array_index (self->series[c].points, Point, i);
        double distance = hypot (to_x (self, point->x) - x, to_y (self, point->y) - y);

        if (distance >= nearest)
          continue;
        nearest = distance;
        g_clear_pointer (&spot->text, g_free);
        describe (self, c, point, spot);
        found = TRUE;
      }
  return found;
}
