/* SPDX-License-Identifier: MIT */
#include "tithe-dendrogram-view.h"
#include "tithe-format.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARGIN 8.0
#define HEIGHT 132
/* A tree of more leaves has lines closer than a pixel. */
#define MAX_LEAVES 400
#define REACH 12.0

struct _TitheDendrogramView
{
  GtkWidget parent_instance;

  TitheSubset *subset; /* (nullable) (not owned) */
  TitheGroup group;
  guint32 image; /* that is looked at */
  guint32 root;  /* merge at the top of what is drawn; NONE for nothing */
  guint32 chosen, hovered;
};

G_DEFINE_TYPE (TitheDendrogramView, tithe_dendrogram_view, GTK_TYPE_WIDGET)

static const TitheDendrogram *
get_dendrogram (TitheDendrogramView *self)
{
  return tithe_hierarchy_get_class (tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset)),
                                    self->group.class_index);
}

static double
leaf_x (TitheDendrogramView *self, double position)
{
  const TitheDendrogram *tree = get_dendrogram (self);
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - 2 * MARGIN, n = tree->sizes[self->root];
  double share = (position - tree->starts[self->root] + 0.5) / n;

  /* As images follow each other in the group. */
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    share = 1 - share;
  return MARGIN + width * share;
}

/* Square roots: merges of near-duplicates stay apart. */
static double
height_y (TitheDendrogramView *self, float height)
{
  const TitheDendrogram *tree = get_dendrogram (self);
  double bottom = gtk_widget_get_height (GTK_WIDGET (self)) - MARGIN, top = MARGIN + 4;
  double largest = sqrt (MAX ((double) tree->heights[self->root], 1e-12));

  return bottom - (bottom - top) * sqrt (MAX ((double) height, 0)) / largest;
}

/* Where the stem of a node stands: between its children's. */
static double
node_x (TitheDendrogramView *self, guint32 node)
{
  const TitheDendrogram *tree = get_dendrogram (self);
  guint32 merge;

  if (node < tree->n)
    {
      for (guint32 p = tree->starts[self->root]; p < tree->starts[self->root] + tree->sizes[self->root]; p++)
        if (tree->leaves[p] == node)
          return leaf_x (self, p);
      return 0;
    }
  merge = node - tree->n;
  return leaf_x (self, tree->starts[merge] + (tree->sizes[merge] - 1) / 2.0);
}

static double
node_y (TitheDendrogramView *self, guint32 node)
{
  const TitheDendrogram *tree = get_dendrogram (self);

  return height_y (self, node < tree->n ? 0.0f : tree->heights[node - tree->n]);
}

static void
draw_merge (TitheDendrogramView *self, cairo_t *cr, guint32 merge)
{
  const TitheDendrogram *tree = get_dendrogram (self);
  double y = height_y (self, tree->heights[merge]);
  double left = node_x (self, tree->left[merge]), right = node_x (self, tree->right[merge]);

  cairo_move_to (cr, left, node_y (self, tree->left[merge]));
  cairo_line_to (cr, left, y);
  cairo_line_to (cr, right, y);
  cairo_line_to (cr, right, node_y (self, tree->right[merge]));
  cairo_stroke (cr);
}

static gboolean
is_below (const TitheDendrogram *tree, guint32 merge, guint32 start, guint32 size)
{
  return tree->starts[merge] >= start && tree->starts[merge] + tree->sizes[merge] <= start + size;
}

/* Every merge of what is drawn lies at the split between two of its positions. */
static void
draw_tree (TitheDendrogramView *self, cairo_t *cr, const GdkRGBA *color, const GdkRGBA *accent)
{
  const TitheDendrogram *tree = get_dendrogram (self);
  guint32 start = tree->starts[self->root], end = start + tree->sizes[self->root];

  for (guint32 p = start + 1; p < end; p++)
    {
      guint32 merge = tree->split[p];
      gboolean inside = is_below (tree, merge, self->group.start, self->group.size);
      guint marks = tithe_curation_get_marks (tithe_subset_get_curation (self->subset), self->group.class_index, merge);

      cairo_set_source_rgba (cr, inside ? (double) accent->red : (double) color->red,
                             inside ? (double) accent->green : (double) color->green,
                             inside ? (double) accent->blue : (double) color->blue, inside ? 1 : 0.45);
      cairo_set_line_width (cr, merge == self->chosen ? 3 : merge == self->hovered ? 2.5 : 1.5);
      draw_merge (self, cr, merge);
      if ((marks & (TITHE_MARK_SPLIT | TITHE_MARK_MERGED)) != 0)
        {
          cairo_arc (cr, node_x (self, tree->n + merge), height_y (self, tree->heights[merge]), 4, 0, 2 * G_PI);
          cairo_fill (cr);
        }
    }
}

static void
tithe_dendrogram_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheDendrogramView *self = TITHE_DENDROGRAM_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA color, accent;
  float cut;
  cairo_t *cr;

  if (self->subset == NULL || self->root == TITHE_NODE_NONE || width < 20)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "accent_color", &accent))
    accent = (GdkRGBA){ 0.2f, 0.5f, 0.9f, 1.0f };
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  draw_tree (self, cr, &color, &accent);
  cut = tithe_cut_get_class (tithe_subset_get_cut (self->subset), self->group.class_index)->height;
  if (cut < get_dendrogram (self)->heights[self->root])
    {
      double y = floor (height_y (self, cut)) + 0.5;

      cairo_set_dash (cr, (double[]){ 4, 3 }, 2, 0);
      cairo_set_line_width (cr, 1);
      cairo_set_source_rgba (cr, 0.88, 0.11, 0.14, 0.9);
      cairo_move_to (cr, 2, y);
      cairo_line_to (cr, width - 2, y);
      cairo_stroke (cr);
    }
  cairo_set_source_rgba (cr, (double) color.red, (double) color.green, (double) color.blue, 0.9);
  cairo_arc (cr, leaf_x (self, tithe_curation_get_position (tithe_subset_get_curation (self->subset), self->image)),
             height - MARGIN, 3, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_destroy (cr);
}

/* The merge whose bar is nearest. */
static guint32
merge_at (TitheDendrogramView *self, double x, double y)
{
  const TitheDendrogram *tree;
  guint32 best = TITHE_NODE_NONE, start, end;
  double nearest = REACH;

  if (self->subset == NULL || self->root == TITHE_NODE_NONE)
    return TITHE_NODE_NONE;
  tree = get_dendrogram (self);
  start = tree->starts[self->root];
  end = start + tree->sizes[self->root];
  for (guint32 p = start + 1; p < end; p++)
    {
      guint32 merge = tree->split[p];
      double a = node_x (self, tree->left[merge]), b = node_x (self, tree->right[merge]);
      double left = MIN (a, b), right = MAX (a, b), dx = x < left ? left - x : x > right ? x - right : 0;
      double distance = hypot (dx, y - height_y (self, tree->heights[merge]));

      if (distance < nearest)
        {
          nearest = distance;
          best = merge;
        }
    }
  return best;
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, TitheDendrogramView *self)
{
  guint32 merge = merge_at (self, x, y);

  if (merge == self->hovered)
    return;
  self->hovered = merge;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_leave (GtkEventControllerMotion *motion, TitheDendrogramView *self)
{
  self->hovered = TITHE_NODE_NONE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_pressed (GtkGestureClick *click, int n_press, double x, double y, TitheDendrogramView *self)
{
  guint32 merge = merge_at (self, x, y);

  if (merge == TITHE_NODE_NONE)
    return;
  self->chosen = merge;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
on_query_tooltip (TitheDendrogramView *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  guint32 merge = merge_at (self, x, y);
  g_autofree char *height = NULL, *size = NULL, *text = NULL;

  if (merge == TITHE_NODE_NONE)
    return FALSE;
  height = tithe_format_dissimilarity (get_dendrogram (self)->heights[merge]);
  size = tithe_format_count (get_dendrogram (self)->sizes[merge]);
  text = g_strdup_printf (ngettext ("%s image together at dissimilarity %s", "%s images together at dissimilarity %s",
                                    get_dendrogram (self)->sizes[merge]),
                          size, height);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
tithe_dendrogram_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                               int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 120;
}

static void
tithe_dendrogram_view_class_init (TitheDendrogramViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = tithe_dendrogram_view_snapshot;
  widget_class->measure = tithe_dendrogram_view_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "dendrogram");
}

static void
tithe_dendrogram_view_init (TitheDendrogramView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->root = self->chosen = self->hovered = TITHE_NODE_NONE;
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
}

/* tithe_dendrogram_view_new: (transfer floating): a view of no group */
GtkWidget *
tithe_dendrogram_view_new (void)
{
  return g_object_new (TITHE_TYPE_DENDROGRAM_VIEW, NULL);
}

/**
 * tithe_dendrogram_view_set_group:
 * @subset: (nullable) (transfer none): must outlive the view, or be taken back
 * @group: one of it, or an image that stands alone
 * @image: the one that is looked at
 */
void
tithe_dendrogram_view_set_group (TitheDendrogramView *self, TitheSubset *subset, const TitheGroup *group, guint32 image)
{
  g_return_if_fail (TITHE_IS_DENDROGRAM_VIEW (self));

  self->subset = subset;
  self->root = self->chosen = self->hovered = TITHE_NODE_NONE;
  if (subset != NULL)
    {
      const TitheDendrogram *tree;
      guint32 parent = tithe_curation_get_parent (tithe_subset_get_curation (subset), group->class_index, group->start,
                                                  group->node);
      g_autofree char *height = NULL, *label = NULL;

      self->group = *group;
      self->image = image;
      tree = get_dendrogram (self);
      self->root = parent != TITHE_NODE_NONE && tree->sizes[parent] <= MAX_LEAVES ? parent : group->node;
      if (self->root != TITHE_NODE_NONE && tree->sizes[self->root] > MAX_LEAVES)
        self->root = TITHE_NODE_NONE;
      self->chosen = group->node;
      height = tithe_format_dissimilarity (tithe_cut_get_spread (tithe_subset_get_cut (subset), group));
      label = g_strdup_printf (ngettext ("Dendrogram of a group of %u image that came together at %s",
                                         "Dendrogram of a group of %u images that came together at %s", group->size),
                               group->size, height);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tithe_dendrogram_view_get_chosen:
 *
 * Returns: the merge that was chosen, at first that of the group; %TITHE_NODE_NONE for none
 */
guint32
tithe_dendrogram_view_get_chosen (TitheDendrogramView *self)
{
  return self->chosen;
}
