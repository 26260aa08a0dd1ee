/* SPDX-License-Identifier: MIT */
#include "tithe-pane-layout.h"
#include "tithe-image-view.h"

#define MAX_COLUMNS 4
/* Of the smallest that all may be. */
#define MIN_COLUMNS 3
#define GAP 6

struct _TithePaneLayout
{
  GtkLayoutManager parent_instance;

  double aspect;
  gboolean stacked;
  guint columns; /* when it was last laid out */
};

G_DEFINE_TYPE (TithePaneLayout, tithe_pane_layout, GTK_TYPE_LAYOUT_MANAGER)

/* The length of a cell where so many share it. */
static double
share (double length, guint n)
{
  return (length - GAP * (n - 1.0)) / n;
}

static guint
count_rows (guint n, guint columns)
{
  return (n + columns - 1) / columns;
}

/**
 * tithe_pane_layout_choose_columns:
 * @n: pictures, at least 1
 * @around: pixels of a cell beside its picture
 * @caption: pixels of a cell above and below its picture
 * @aspect: how many times as wide as high a picture is
 *
 * Returns: of how many columns, 1 to 4, pictures are largest; the fewest where that is the same
 */
guint
tithe_pane_layout_choose_columns (guint n, double width, double height, double around, double caption, double aspect)
{
  double largest = -G_MAXDOUBLE;
  guint best = 1;

  for (guint columns = 1; columns <= MIN (n, MAX_COLUMNS); columns++)
    {
      const double w = share (width, columns) - around, h = share (height, count_rows (n, columns)) - caption;
      const double across = MIN (w, h * aspect);

      if (across <= largest)
        continue;
      largest = across;
      best = columns;
    }
  return best;
}

static GtkWidget *
skip_hidden (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/* What is to be laid out, and how small one of it may be. */
static guint
measure_panes (GtkWidget *widget, int *min_width, int *min_height)
{
  guint n = 0;

  *min_width = *min_height = 0;
  for (GtkWidget *child = skip_hidden (gtk_widget_get_first_child (widget)); child != NULL;
       child = skip_hidden (gtk_widget_get_next_sibling (child)), n++)
    {
      int width, height;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
      *min_width = MAX (*min_width, width);
      *min_height = MAX (*min_height, height);
    }
  return n;
}

static void
tithe_pane_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  int width, height;
  const guint n_panes = measure_panes (widget, &width, &height),
              n = TITHE_PANE_LAYOUT (manager)->stacked ? 1 : MAX (1, n_panes);
  const guint columns = MIN (n, MIN_COLUMNS);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = (int) columns * (width + GAP) - GAP;
  else
    *minimum = (int) count_rows (n, columns) * (height + GAP) - GAP;
  *natural = *minimum = MAX (0, *minimum);
}

static void
tithe_pane_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  TithePaneLayout *self = TITHE_PANE_LAYOUT (manager);
  const gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int min_width, min_height, cell_width, cell_height;
  const guint n_panes = measure_panes (widget, &min_width, &min_height), n = self->stacked ? 1 : n_panes;
  guint i = 0;

  if (n_panes == 0)
    return;
  self->columns = tithe_pane_layout_choose_columns (n, width, height, min_width - TITHE_IMAGE_VIEW_MIN_EDGE,
                                                    min_height - TITHE_IMAGE_VIEW_MIN_EDGE, self->aspect);
  cell_width = MAX (min_width, (int) share (width, self->columns));
  cell_height = MAX (min_height, (int) share (height, count_rows (n, self->columns)));
  for (GtkWidget *child = skip_hidden (gtk_widget_get_first_child (widget)); child != NULL;
       child = skip_hidden (gtk_widget_get_next_sibling (child)), i += self->stacked ? 0 : 1)
    {
      const int column = (int) (i % self->columns), row = (int) (i / self->columns);
      const int in_row = (int) MIN (self->columns, n - (guint) row * self->columns);
      const int start = (width - in_row * (cell_width + GAP) + GAP) / 2;
      GtkAllocation cell = { start + column * (cell_width + GAP), row * (cell_height + GAP), cell_width, cell_height };

      if (rtl)
        cell.x = width - cell.x - cell.width;
      gtk_widget_size_allocate (child, &cell, -1);
    }
}

static void
tithe_pane_layout_class_init (TithePaneLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->measure = tithe_pane_layout_measure;
  manager_class->allocate = tithe_pane_layout_allocate;
}

static void
tithe_pane_layout_init (TithePaneLayout *self)
{
  self->aspect = 1;
  self->columns = 1;
}

/* tithe_pane_layout_set_aspect: how many times as wide as high pictures are; positive */
void
tithe_pane_layout_set_aspect (TithePaneLayout *self, double aspect)
{
  g_return_if_fail (TITHE_IS_PANE_LAYOUT (self));
  g_return_if_fail (aspect > 0);

  if (self->aspect == aspect)
    return;
  self->aspect = aspect;
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}

/* tithe_pane_layout_set_stacked: whether all are in one place, each as large as there is room for one */
void
tithe_pane_layout_set_stacked (TithePaneLayout *self, gboolean stacked)
{
  g_return_if_fail (TITHE_IS_PANE_LAYOUT (self));

  if (self->stacked == stacked)
    return;
  self->stacked = stacked;
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}

/* tithe_pane_layout_get_columns: of what is laid out */
guint
tithe_pane_layout_get_columns (TithePaneLayout *self)
{
  g_return_val_if_fail (TITHE_IS_PANE_LAYOUT (self), 1);

  return self->columns;
}
