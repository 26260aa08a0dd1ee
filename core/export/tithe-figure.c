/* SPDX-License-Identifier: MIT */
#include "tithe-figure.h"
#include "tithe-canvas.h"
#include "verify/tithe-coverage.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define N_SAMPLES 100
#define ROW 18.0     /* of a class's bar with its name */
#define MAX_ROWS 40  /* more classes have bars without names */
#define REACH 14.0   /* from the pointer to what is pointed at */
#define LOG_SIZES 24 /* larger groups make the axis of sizes logarithmic */

typedef struct
{
  double x, y;
  double error; /* of y, 0 where there is none to draw */
} Point;

typedef struct
{
  char *name;
  GArray *points; /* Point, by x */
  double value;   /* of a bar */
} Series;

typedef struct
{
  double low, high;
  gboolean logarithmic;
} Axis;

struct _TitheFigure
{
  TitheFigureKind kind;
  Series *series;
  guint n;
  guint *order; /* bars from the top */
  double ratio;
  Axis x, y;
  double left, top, width, height; /* of the plot, as it was drawn last */
};

const TitheFigureStyle tithe_figure_style_print = { "Sans 9", { 0.1, 0.1, 0.1 }, { 1, 1, 1 }, TRUE, -1 };

/* Told apart by those who can't tell red from green, too: Okabe and Ito's, and two more. */
static const TitheColour palette[] = {
  { 0.00, 0.45, 0.70 }, { 0.90, 0.62, 0.00 }, { 0.00, 0.62, 0.45 }, { 0.80, 0.47, 0.65 }, { 0.34, 0.71, 0.91 },
  { 0.84, 0.37, 0.00 }, { 0.55, 0.52, 0.10 }, { 0.50, 0.50, 0.50 }, { 0.45, 0.30, 0.70 }, { 0.55, 0.30, 0.20 },
};

static const char *const kind_names[] = { "sizes", "dissimilarity", "redundancy", "accuracy", "coverage" };

const char *
tithe_figure_kind_to_string (TitheFigureKind kind)
{
  return kind_names[kind];
}

gboolean
tithe_figure_kind_from_string (const char *string, TitheFigureKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_strcmp0 (string, kind_names[i]) == 0)
      {
        *kind = (TitheFigureKind) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * tithe_figure_kind_get_title:
 *
 * Returns: what a person calls it
 */
const char *
tithe_figure_kind_get_title (TitheFigureKind kind)
{
  switch (kind)
    {
    case TITHE_FIGURE_SIZES:
      return _("Group sizes");
    case TITHE_FIGURE_DISSIMILARITY:
      return _("Dissimilarity against ratio");
    case TITHE_FIGURE_ACCURACY:
      return _("Accuracy after retraining");
    case TITHE_FIGURE_COVERAGE:
      return _("Coverage");
    case TITHE_FIGURE_REDUNDANCY:
    default:
      return _("Redundancy by class");
    }
}

/* --- what is shown --- */

static void
add_point (Series *series, double x, double y)
{
  Point point = { x, y, 0 };

  g_array_append_val (series->points, point);
}

static void
count_sizes (TitheFigure *self, TitheSubset *subset)
{
  gsize n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (subset), &n_groups);
  double largest = 3, most = 1;

  for (gsize begin = 0; begin < n_groups;)
    {
      guint32 class_index = groups[begin].class_index, max_size = 0;
      g_autofree guint32 *counts = NULL;
      gsize end = begin;

      for (; end < n_groups && groups[end].class_index == class_index; end++)
        max_size = MAX (max_size, groups[end].size);
      counts = g_new0 (guint32, (gsize) max_size + 1);
      for (; begin < end; begin++)
        counts[groups[begin].size]++;
      for (guint32 size = 2; size <= max_size; size++)
        if (counts[size] > 0)
          {
            add_point (&self->series[class_index], size, counts[size]);
            most = MAX (most, counts[size]);
          }
      largest = MAX (largest, max_size);
    }
  self->x = (Axis){ 2, largest, largest > LOG_SIZES };
  self->y = (Axis){ 1, MAX (most * 1.2, 10), TRUE };
}

static void
sample_heights (TitheFigure *self, TitheSubset *subset)
{
  TitheHierarchy *hierarchy = tithe_cut_get_hierarchy (tithe_subset_get_cut (subset));
  double highest = 1e-6;

  for (guint c = 0; c < self->n; c++)
    {
      const TitheDendrogram *tree = tithe_hierarchy_get_class (hierarchy, c);

      for (guint i = 1; tree != NULL && i <= N_SAMPLES; i++)
        {
          double ratio = (double) i / N_SAMPLES;
          guint32 kept = MAX (1, (guint32) (ratio * tree->n + 0.5));
          double height = kept < tree->n ? (double) tree->heights[tree->n - kept - 1] : 0;

          add_point (&self->series[c], 100 * ratio, height);
          highest = MAX (highest, height);
        }
    }
  self->x = (Axis){ 0, 100, FALSE };
  self->y = (Axis){ 0, highest * 1.05, FALSE };
}

static int
compare_bars (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const guint *x = a, *y = b;
  const Series *series = user_data;

  if (series[*x].value != series[*y].value)
    return series[*x].value < series[*y].value ? 1 : -1;
  return (*x > *y) - (*x < *y);
}

static void
measure_redundancy (TitheFigure *self, TitheSubset *subset)
{
  double most = 0.01;

  for (guint c = 0; c < self->n; c++)
    {
      guint32 n = tithe_cut_get_class (tithe_subset_get_cut (subset), c)->n_images;

      self->series[c].value = n > 0 ? 100 - 100.0 * (double) tithe_subset_get_class_kept (subset, c) / n : 0;
      self->order[c] = c;
      most = MAX (most, self->series[c].value);
    }
  g_qsort_with_data (self->order, (gint) self->n, sizeof (guint), compare_bars, self->series);
  self->x = (Axis){ 0, most * 1.05, FALSE };
}

/**
 * tithe_figure_new:
 * @subset: as it is now
 *
 * Returns: (transfer full): the figure; takes O(n_images) time
 */
TitheFigure *
tithe_figure_new (TitheFigureKind kind, TitheSubset *subset)
{
  TitheFigure *self = g_new0 (TitheFigure, 1);
  const TitheSubsetTotals *totals = tithe_subset_get_totals (subset);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));

  self->kind = kind;
  self->n = tithe_dataset_get_n_classes (dataset);
  self->series = g_new0 (Series, MAX (1, self->n));
  self->order = g_new0 (guint, MAX (1, self->n));
  self->ratio = totals->n_images > 0 ? 100.0 * (double) totals->n_wanted / (double) totals->n_images : 100;
  for (guint c = 0; c < self->n; c++)
    self->series[c] = (Series){ g_utf8_make_valid (tithe_dataset_get_class_name (dataset, c), -1),
                                g_array_new (FALSE, FALSE, sizeof (Point)), 0 };
  if (kind == TITHE_FIGURE_SIZES)
    count_sizes (self, subset);
  else if (kind == TITHE_FIGURE_DISSIMILARITY)
    sample_heights (self, subset);
  else
    measure_redundancy (self, subset);
  return self;
}

/* --- what is known of many ratios --- */

static TitheFigure *
new_curves (TitheFigureKind kind, guint n)
{
  TitheFigure *self = g_new0 (TitheFigure, 1);

  self->kind = kind;
  self->n = n;
  self->series = g_new0 (Series, MAX (1, n));
  self->order = g_new0 (guint, MAX (1, n));
  self->x = (Axis){ 40, 102, FALSE };
  for (guint c = 0; c < n; c++)
    self->series[c] = (Series){ NULL, g_array_new (FALSE, FALSE, sizeof (Point)), 0 };
  return self;
}

static int
compare_points (gconstpointer a, gconstpointer b)
{
  const Point *p = a, *q = b;

  return (p->x > q->x) - (p->x < q->x);
}

/* Room around what there is, from the lowest to the highest; the ratios begin at a round one. */
static void
fit_axes (TitheFigure *self, gboolean from_zero)
{
  double low = G_MAXDOUBLE, high = -G_MAXDOUBLE, left = 100;

  for (guint c = 0; c < self->n; c++)
    {
      g_array_sort (self->series[c].points, compare_points);
      for (guint i = 0; i < self->series[c].points->len; i++)
        {
          const Point *point = &g_array_index (self->series[c].points, Point, i);

          low = MIN (low, point->y - point->error);
          high = MAX (high, point->y + point->error);
          left = MIN (left, point->x);
        }
    }
  if (low > high)
    low = 0, high = from_zero ? 0.01 : 100;
  if (from_zero)
    low = 0;
  self->x.low = MAX (0, 10 * floor ((left - 2) / 10));
  self->y = (Axis){ from_zero ? 0 : low - 0.08 * (high - low) - 0.05,
                    high + 0.08 * (high - low) + (from_zero ? 0 : 0.05), FALSE };
}

static void
name_curve (TitheFigure *self, guint c, const char *name)
{
  g_free (self->series[c].name);
  self->series[c].name = g_strdup (name);
}

/**
 * tithe_figure_new_accuracy:
 *
 * Returns: (transfer full): accuracy in percent against the ratio for each kind of subset, each ending in that of
 *   everything, with the standard deviation over the trials
 */
TitheFigure *
tithe_figure_new_accuracy (const TitheVerifyReport *report)
{
  const char *const names[2][5] = {
    { NULL, _("semantic"), _("random"), _("by hand"), _("random like by hand") },
    { NULL, _("semantic, same steps"), _("random, same steps"), _("by hand, same steps"),
      _("random like by hand, same steps") },
  };
  TitheFigure *self = new_curves (TITHE_FIGURE_ACCURACY, 8);
  guint n = 0;

  for (guint c = 0; c < 8; c++)
    name_curve (self, c, names[c / 4][c % 4 + 1]);
  for (guint r = 0; r < report->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (report->rows, TitheVerifyRow, r);
      Point point = { 100 * row->arm.ratio, 100 * row->summary.mean, 100 * row->summary.sd };

      if (row->summary.n > 0 && row->arm.kind != TITHE_ARM_FULL)
        g_array_append_val (self->series[4 * row->arm.budget + row->arm.kind - 1].points, point);
    }
  for (guint c = 0; c < 8; c++) /* those that are there, in front */
    if (self->series[c].points->len > 0)
      {
        Series series = self->series[n];

        self->series[n] = self->series[c];
        self->series[c] = series;
        n++;
      }
  for (guint c = 0; c < MAX (1, n) && report->rows->len > 0; c++)
    {
      const TitheVerifyRow *full = &g_array_index (report->rows, TitheVerifyRow, 0);
      Point point = { 100, 100 * full->summary.mean, 100 * full->summary.sd };

      if (full->summary.n > 0)
        g_array_append_val (self->series[c].points, point);
    }
  for (guint c = MAX (1, n); c < 8; c++)
    {
      g_free (self->series[c].name);
      g_array_unref (self->series[c].points);
    }
  self->n = MAX (1, n);
  fit_axes (self, FALSE);
  return self;
}

/**
 * tithe_figure_new_coverage:
 * @curve: (element-type TitheCoverage): at each ratio
 *
 * Returns: (transfer full): mean and 95th percentile of the dissimilarity of discarded images to the nearest kept one,
 *   semantic and random
 */
TitheFigure *
tithe_figure_new_coverage (GPtrArray *curve)
{
  const char *const names[] = { _("semantic, mean"), _("random, mean"), _("semantic, 95 %"), _("random, 95 %") };
  TitheFigure *self = new_curves (TITHE_FIGURE_COVERAGE, 4);

  for (guint c = 0; c < 4; c++)
    name_curve (self, c, names[c]);
  for (guint i = 0; i < curve->len; i++)
    {
      const TitheCoverage *coverage = g_ptr_array_index (curve, i);

      add_point (&self->series[0], 100 * coverage->ratio, coverage->semantic.mean);
      add_point (&self->series[1], 100 * coverage->ratio, coverage->random.mean);
      add_point (&self->series[2], 100 * coverage->ratio, coverage->semantic.p95);
      add_point (&self->series[3], 100 * coverage->ratio, coverage->random.p95);
    }
  fit_axes (self, TRUE);
  return self;
}

void
tithe_figure_free (TitheFigure *self)
{
  for (guint c = 0; c < self->n; c++)
    {
      g_free (self->series[c].name);
      g_array_unref (self->series[c].points);
    }
  g_free (self->series);
  g_free (self->order);
  g_free (self);
}

/**
 * tithe_figure_get_height:
 *
 * Returns: the height that suits a width: bars need a line for each class
 */
double
tithe_figure_get_height (TitheFigure *self, double width)
{
  if (self->kind == TITHE_FIGURE_REDUNDANCY && self->n <= MAX_ROWS)
    return MAX (60, ROW * self->n + 36);
  return CLAMP (0.62 * width, 160, 420);
}

/* --- drawing --- */

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
      return _("images of a group");
    case TITHE_FIGURE_DISSIMILARITY:
    case TITHE_FIGURE_ACCURACY:
    case TITHE_FIGURE_COVERAGE:
      return _("subset ratio, %");
    case TITHE_FIGURE_REDUNDANCY:
    default:
      return _("not kept, %");
    }
}

static void
draw_x_axis (TitheFigure *self, Pen *pen)
{
  g_autoptr (GArray) ticks = list_ticks (&self->x);
  double bottom = self->top + self->height, line = line_height (pen);

  for (guint i = 0; i < ticks->len; i++)
    {
      double value = g_array_index (ticks, double, i), x = to_x (self, value);
      g_autofree char *text = format_tick (value, "");

      set_colour (pen, pen->style->ink, 0.12);
      cairo_move_to (pen->cr, x, self->top);
      cairo_line_to (pen->cr, x, bottom);
      cairo_stroke (pen->cr);
      set_colour (pen, pen->style->ink, 0.75);
      draw_text (pen, text, x, bottom + line * 0.6, 0.5, 0);
    }
  set_colour (pen, pen->style->ink, 0.75);
  draw_text (pen, get_x_title (self), self->left + self->width / 2, bottom + line * 1.65, 0.5, self->width);
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
      return _("groups");
    case TITHE_FIGURE_ACCURACY:
      return _("test accuracy, %");
    case TITHE_FIGURE_COVERAGE:
      return _("dissimilarity to the nearest kept");
    default:
      return _("dissimilarity");
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

  if (points->len == 0)
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
          g_autofree char *more = g_strdup_printf (_("and %u more"), self->n - c);

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

static void
draw_lines (TitheFigure *self, Pen *pen, double width, double height)
{
  double line = line_height (pen), legend = 0;

  if (pen->style->legend)
    {
      for (guint c = 0; c < self->n; c++)
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
  if (legend > 0)
    draw_legend (self, pen, self->left + self->width + 12, legend, line * 1.1);
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
  self->width = MAX (10, width - self->left - (named ? text_width (pen, "00.0") + 10 : 10));
  self->height = MAX (10, height - self->top - line * 2.3);
  row = self->height / MAX (1, self->n);
  cairo_set_line_width (pen->cr, 1);
  draw_x_axis (self, pen);
  for (guint i = 0; i < self->n; i++)
    {
      const Series *series = &self->series[self->order[i]];
      double y = self->top + row * i, end = to_x (self, series->value);
      gboolean out = pen->style->highlighted < 0 || pen->style->highlighted == (int) self->order[i];
      g_autofree char *value = g_strdup_printf ("%.1f", series->value);

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
 * @height: likewise
 *
 * Draws the figure with its upper left corner at the origin.
 */
void
tithe_figure_draw (TitheFigure *self, cairo_t *cr, double width, double height, const TitheFigureStyle *style)
{
  Pen pen = { cr, style, pango_font_description_from_string (style->font) };

  cairo_save (cr);
  if (self->kind == TITHE_FIGURE_REDUNDANCY)
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

  spot->class_index = c;
  spot->size = self->kind == TITHE_FIGURE_SIZES ? (guint32) point->x : 0;
  if (self->kind == TITHE_FIGURE_SIZES)
    spot->text = g_strdup_printf (
        ngettext ("%s: %.0f group of %.0f images", "%s: %.0f groups of %.0f images", (gulong) point->y), name, point->y,
        point->x);
  else if (self->kind == TITHE_FIGURE_ACCURACY)
    spot->text
        = g_strdup_printf (_("%s: at %.4g %% an accuracy of %.2f ± %.2f %%"), name, point->x, point->y, point->error);
  else if (self->kind == TITHE_FIGURE_COVERAGE)
    spot->text = g_strdup_printf (_("%s: at %.4g %% %.4f"), name, point->x, point->y);
  else
    spot->text = g_strdup_printf (_("%s: at %.0f %% images up to %.4f are merged"), name, point->x, point->y);
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

  *spot = (TitheFigureSpot){ 0 };
  if (self->kind == TITHE_FIGURE_REDUNDANCY)
    {
      double row = self->height / MAX (1, self->n), i = floor ((y - self->top) / row);

      if (i < 0 || i >= self->n)
        return FALSE;
      spot->class_index = self->order[(guint) i];
      spot->text = g_strdup_printf (_("%s: %.1f %% are not kept"), self->series[spot->class_index].name,
                                    self->series[spot->class_index].value);
      return TRUE;
    }
  for (guint c = 0; c < self->n; c++)
    for (guint i = 0; i < self->series[c].points->len; i++)
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

/* --- files --- */

typedef struct
{
  TitheFigure *figure;
  double width, height;
  const TitheFigureStyle *style;
} Drawing;

static void
draw_figure (cairo_t *cr, gpointer user_data)
{
  const Drawing *drawing = user_data;

  cairo_set_source_rgb (cr, drawing->style->paper.red, drawing->style->paper.green, drawing->style->paper.blue);
  cairo_paint (cr);
  tithe_figure_draw (drawing->figure, cr, drawing->width, drawing->height, drawing->style);
}

/**
 * tithe_figure_write:
 * @path: ends in .png, .pdf or .svg, which says the form
 * @width: points, 72 an inch
 * @height: likewise
 *
 * Writes the figure beside the path and renames it. In a PDF text is text; in PNG a point is three pixels.
 */
gboolean
tithe_figure_write (TitheFigure *self, const char *path, double width, double height, const TitheFigureStyle *style,
                    GError **error)
{
  Drawing drawing = { self, width, height, style };

  return tithe_canvas_write (path, width, height, draw_figure, &drawing, error);
}

/**
 * tithe_figure_to_svg:
 *
 * Returns: (transfer full): the figure as an SVG file
 */
char *
tithe_figure_to_svg (TitheFigure *self, double width, double height, const TitheFigureStyle *style)
{
  Drawing drawing = { self, width, height, style };

  return tithe_canvas_to_svg (width, height, draw_figure, &drawing);
}
