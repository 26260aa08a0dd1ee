/* SPDX-License-Identifier: MIT */
#include "tithe-figure-private.h"
#include "tithe-canvas.h"
#include "verify/tithe-coverage.h"

#include <math.h>
#include <string.h>

#define N_SAMPLES 100
#define SMALLEST 1e-5 /* that an axis from 0 reaches to: its ticks are told with six decimals */

const TitheWord tithe_figure_kind_words[]
    = { { "sizes", TITHE_FIGURE_SIZES, "how many groups there are of each size" },
        { "dissimilarity", TITHE_FIGURE_DISSIMILARITY, "up to which images are merged, against the ratio" },
        { "redundancy", TITHE_FIGURE_REDUNDANCY, "the share of each class that is discarded" },
        { "cut", TITHE_FIGURE_CUT, "the dissimilarity at which each class is cut" },
        { "kept", TITHE_FIGURE_KEPT, "the share of each class that is kept" },
        { "accuracy", TITHE_FIGURE_ACCURACY, "what retraining showed" },
        { "coverage", TITHE_FIGURE_COVERAGE, "how far what is discarded is from what is kept" },
        { NULL, 0, NULL } };

/* tithe_figure_kind_to_string: (transfer none) the word for it on the command line */
const char *
tithe_figure_kind_to_string (TitheFigureKind kind)
{
  return tithe_words_to_text (tithe_figure_kind_words, (int) kind);
}

/* tithe_figure_kind_from_string: whether @string is such a word; @kind is left alone where it is none */
gboolean
tithe_figure_kind_from_string (const char *string, TitheFigureKind *kind)
{
  int value;

  if (!tithe_words_find (tithe_figure_kind_words, string, &value))
    return FALSE;
  *kind = (TitheFigureKind) value;
  return TRUE;
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
    case TITHE_FIGURE_CUT:
      return _("Dissimilarity at the cut");
    case TITHE_FIGURE_KEPT:
      return _("Kept of each class");
    case TITHE_FIGURE_REDUNDANCY:
    default:
      return _("Redundancy by class");
    }
}

/**
 * tithe_figure_kind_by_class:
 *
 * Returns: what tells classes apart under a policy: where each keeps the same share, how different the images are that are merged
 */
TitheFigureKind
tithe_figure_kind_by_class (TithePolicy policy)
{
  return policy == TITHE_POLICY_GLOBAL ? TITHE_FIGURE_KEPT : TITHE_FIGURE_CUT;
}

/* --- what is shown --- */

static void
add_point (Series *series, double x, double y)
{
  Point point = { x, y, 0 };

  if (series->points != NULL)
    g_array_append_val (series->points, point);
}

static void
count_sizes (TitheFigure *self, TitheSubset *subset)
{
  TitheCut *cut = tithe_subset_get_cut (subset);
  gsize n;
  const TitheGroup *groups = tithe_cut_get_groups (cut, &n);
  guint32 largest = 2, most = 1;

  if (self->class_index >= 0)
    {
      const TitheClassCut *class = tithe_cut_get_class (cut, (guint) self->class_index);

      groups += class->first_group;
      n = class->n_groups;
    }
  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, groups[i].size);
  tithe_histogram_init_sizes (&self->sizes, largest);
  for (gsize i = 0; i < n; i++)
    tithe_histogram_add (&self->sizes, (float) groups[i].size);
  for (guint bar = 0; bar < self->sizes.n; bar++)
    most = MAX (most, self->sizes.counts[bar]);
  self->x = (Axis){ 0, self->sizes.n, FALSE };
  self->y = (Axis){ LEAST, MAX (most * 1.6, 10), TRUE };
}

/* Up to which dissimilarity a class is merged; the less is kept, the higher. Below 0 where it was not clustered so far. */
static double
height_at (const TitheDendrogram *tree, double ratio)
{
  const guint32 kept = MAX (1, (guint32) (ratio * tree->n + 0.5)), n_merges = tree->n - MIN (kept, tree->n);

  if (n_merges > tree->n_known)
    return -1;
  return n_merges > 0 ? (double) tree->heights[n_merges - 1] : 0;
}

static void
sample_heights (TitheFigure *self, TitheSubset *subset)
{
  TitheHierarchy *hierarchy = tithe_cut_get_hierarchy (tithe_subset_get_cut (subset));
  double highest = SMALLEST;

  for (guint c = 0; c < self->n; c++)
    {
      const TitheDendrogram *tree = tithe_hierarchy_get_class (hierarchy, c);

      if (tree == NULL)
        continue;
      for (guint i = 1; i <= N_SAMPLES; i++)
        {
          const double height = height_at (tree, (double) i / N_SAMPLES);

          highest = MAX (highest, height);
          if (height >= 0)
            add_point (&self->series[c], 100.0 * i / N_SAMPLES, height);
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

static double
measure_class (TitheFigure *self, TitheSubset *subset, guint c)
{
  const TitheClassCut *class = tithe_cut_get_class (tithe_subset_get_cut (subset), c);
  double kept;

  if (class->n_images == 0)
    return 0;
  if (self->kind == TITHE_FIGURE_CUT)
    return (double) class->height;
  kept = 100.0 * (double) tithe_subset_get_class_kept (subset, c) / class->n_images;
  return self->kind == TITHE_FIGURE_KEPT ? kept : 100 - kept;
}

/* In the order of classes, as the list of them is, so that one finds a name; more than have names are one shape. */
static void
measure_classes (TitheFigure *self, TitheSubset *subset)
{
  double most = self->kind == TITHE_FIGURE_CUT ? SMALLEST : 0.01;

  for (guint c = 0; c < self->n; c++)
    {
      self->series[c].value = measure_class (self, subset, c);
      self->order[c] = c;
      most = MAX (most, self->series[c].value);
    }
  if (self->kind == TITHE_FIGURE_REDUNDANCY || self->n > MAX_ROWS)
    g_qsort_with_data (self->order, (gint) self->n, sizeof (guint), compare_bars, self->series);
  self->x = (Axis){ 0, most * 1.05, FALSE };
}

/**
 * tithe_figure_new_with_class:
 * @subset: as it is now
 * @class_index: whose sizes are counted, and that has a line in any case, or -1; of many others every so-manieth has one
 *
 * Returns: (transfer full): the figure; takes O(n_images) time
 */
TitheFigure *
tithe_figure_new_with_class (TitheFigureKind kind, TitheSubset *subset, int class_index)
{
  TitheFigure *self = g_new0 (TitheFigure, 1);
  const TitheSubsetTotals *totals = tithe_subset_get_totals (subset);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));

  self->kind = kind;
  self->class_index = class_index;
  self->n = tithe_dataset_get_n_classes (dataset);
  self->stride = (self->n + MAX_LINES - 1) / MAX_LINES;
  self->series = g_new0 (Series, MAX (1, self->n));
  self->order = g_new0 (guint, MAX (1, self->n));
  self->ratio = totals->n_images > 0 ? 100.0 * (double) totals->n_wanted / (double) totals->n_images : 100;
  for (guint c = 0; c < self->n; c++)
    {
      self->series[c].name = g_strdup (tithe_dataset_get_class_name (dataset, c));
      if (kind == TITHE_FIGURE_DISSIMILARITY && (c % self->stride == 0 || (int) c == class_index))
        self->series[c].points = g_array_new (FALSE, FALSE, sizeof (Point));
    }
  if (kind == TITHE_FIGURE_SIZES)
    count_sizes (self, subset);
  else if (kind == TITHE_FIGURE_DISSIMILARITY)
    sample_heights (self, subset);
  else
    measure_classes (self, subset);
  return self;
}

/**
 * tithe_figure_new:
 * @subset: as it is now
 *
 * Returns: (transfer full): the figure, as of tithe_figure_new_with_class(), with no class before others
 */
TitheFigure *
tithe_figure_new (TitheFigureKind kind, TitheSubset *subset)
{
  return tithe_figure_new_with_class (kind, subset, -1);
}

/* --- what is known of many ratios --- */

static TitheFigure *
new_curves (TitheFigureKind kind, guint n)
{
  TitheFigure *self = g_new0 (TitheFigure, 1);

  self->kind = kind;
  self->n = n;
  self->stride = 1;
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
    {
      low = 0;
      high = MAX (high, SMALLEST); /* also where all is 0, as for copies to the byte */
    }
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
    { NULL, C_ ("curve", "semantic"), C_ ("curve", "random"), C_ ("curve", "by hand"),
      C_ ("curve", "random like by hand") },
    { NULL, C_ ("curve", "semantic, same steps"), C_ ("curve", "random, same steps"),
      C_ ("curve", "by hand, same steps"), C_ ("curve", "random like by hand, same steps") },
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
  const char *const names[] = { C_ ("curve", "semantic, mean"), C_ ("curve", "random, mean"),
                                C_ ("curve", "semantic, 95 %"), C_ ("curve", "random, 95 %") };
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

/* tithe_figure_free: (transfer full) @self */
void
tithe_figure_free (TitheFigure *self)
{
  for (guint c = 0; c < self->n; c++)
    {
      g_free (self->series[c].name);
      g_clear_pointer (&self->series[c].points, g_array_unref);
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
  if (has_class_bars (self) && self->n <= MAX_ROWS)
    return MAX (60, ROW * self->n + 36);
  return CLAMP (0.62 * width, 160, 420);
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
 * @height: points
 *
 * Writes the file whole or not at all. In a PDF text is text; in PNG a point is three pixels.
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
