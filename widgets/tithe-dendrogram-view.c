/* SPDX-License-Identifier: MIT */
#include "tithe-dendrogram-view.h"
#include "tithe-format.h"
#include "tithe-thumbnail.h"

#include "dataset/tithe-dataset-thumbnails.h"

#include <glib/gi18n.h>
#include <math.h>

#define MARGIN 8.0
#define TOP 18.0
#define LARGE_TOP 48.0
#define HEIGHT 184
/* A tree of more leaves has lines closer than a pixel. */
#define MAX_LEAVES 400
#define REACH 12.0
/* Of the scale's top, below which it has no numbers: there is nothing to compare by them. */
#define LEAST 0.01
/* Pixels of a leaf's picture, and between two of them. */
#define MIN_EDGE 16
#define MAX_EDGE 112
#define GAP 2
/* Of what is as high as this there is more to read. */
#define LARGE 320
/* Who walks from group to group does not load the leaves of each. */
#define REST_MS 120
#define CACHE_BYTES ((gsize) 16 << 20)

struct _TitheDendrogramView
{
  GtkWidget parent_instance;

  TitheSubset *subset; /* (nullable) (not owned) */
  TitheGroup group;
  guint32 image; /* that is looked at */
  guint32 root;  /* merge at the top of what is drawn; NONE for nothing */
  guint32 chosen, hovered;

  TitheDataset *dataset;       /* (nullable): of the pictures */
  TitheThumbnails *thumbnails; /* (nullable): of the dataset */
  GPtrArray *leaves;           /* TitheThumbnail, in their order; those beyond the n_leaves are hidden */
  guint n_leaves;
  double axis; /* width of the scale */
  int edge;    /* of a leaf's picture */
  guint resting;
};

enum
{
  CHOSE,
  POINTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheDendrogramView, tithe_dendrogram_view, GTK_TYPE_WIDGET)

static const TitheDendrogram *
get_dendrogram (TitheDendrogramView *self)
{
  return tithe_hierarchy_get_class (tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset)),
                                    self->group.class_index);
}

static gboolean
is_empty (TitheDendrogramView *self)
{
  return self->subset == NULL || self->root == TITHE_NODE_NONE;
}

static gboolean
is_rtl (TitheDendrogramView *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

/* The scale stands where lines of text begin. */
static double
to_side (TitheDendrogramView *self, double x)
{
  return is_rtl (self) ? gtk_widget_get_width (GTK_WIDGET (self)) - x : x;
}

/* Pixels for each leaf. */
static double
get_pitch (TitheDendrogramView *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)) - self->axis - MARGIN;

  return MAX (1.0, width) / get_dendrogram (self)->sizes[self->root];
}

static double
leaf_x (TitheDendrogramView *self, double position)
{
  /* As images follow each other in the group. */
  return to_side (self, self->axis + (position - get_dendrogram (self)->starts[self->root] + 0.5) * get_pitch (self));
}

static double
get_bottom (TitheDendrogramView *self)
{
  return gtk_widget_get_height (GTK_WIDGET (self)) - MARGIN - self->edge - 2 * GAP;
}

static double
get_top (TitheDendrogramView *self)
{
  return gtk_widget_get_height (GTK_WIDGET (self)) < LARGE ? TOP : LARGE_TOP;
}

/* Square roots: merges of near-duplicates stay apart. */
static double
height_y (TitheDendrogramView *self, float height)
{
  const TitheDendrogram *tree = get_dendrogram (self);
  double bottom = get_bottom (self), top = get_top (self);
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

static PangoLayout *
new_text (TitheDendrogramView *self, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (0.8));
  pango_layout_set_attributes (layout, attributes);
  return layout;
}

static void
append_text (GtkSnapshot *snapshot, PangoLayout *layout, double x, double y, const GdkRGBA *color)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/* --- the scale --- */

/* The largest of 1, 2, 5, 10, 20, 50 ... and of their parts that is less than a number. */
static double
round_below (double number)
{
  static const double rounds[] = { 5, 2, 1 };
  double power = pow (10, floor (log10 (number)));

  for (guint i = 0; i < G_N_ELEMENTS (rounds); i++)
    if (rounds[i] * power < number * (1 - 1e-9))
      return rounds[i] * power;
  return power / 2;
}

typedef void (*TickFunc) (TitheDendrogramView *self, double y, PangoLayout *layout, gpointer user_data);

static void
call_tick (TitheDendrogramView *self, double value, TickFunc func, gpointer user_data)
{
  g_autofree char *text = g_strdup_printf ("%g", value);
  g_autoptr (PangoLayout) layout = new_text (self, text);

  func (self, height_y (self, (float) value), layout, user_data);
}

/* Round dissimilarities, 0 first, as far apart as their text needs. */
static void
for_each_tick (TitheDendrogramView *self, TickFunc func, gpointer user_data)
{
  const double top = (double) get_dendrogram (self)->heights[self->root];
  g_autoptr (PangoLayout) layout = new_text (self, "0");
  double last = -G_MAXDOUBLE, apart;
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  apart = MAX (20.0, 1.4 * height);
  call_tick (self, 0, func, user_data);
  if (top <= 0)
    return;
  for (double value = round_below (top * 1.001);
       value > top * LEAST && get_bottom (self) - height_y (self, (float) value) >= apart; value = round_below (value))
    if (height_y (self, (float) value) - last >= apart)
      {
        call_tick (self, value, func, user_data);
        last = height_y (self, (float) value);
      }
}

static void
measure_tick (TitheDendrogramView *self, double y, PangoLayout *layout, gpointer user_data)
{
  double *widest = user_data;
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  *widest = MAX (*widest, width);
}

static void
draw_tick (TitheDendrogramView *self, double y, PangoLayout *layout, gpointer user_data)
{
  GtkSnapshot *snapshot = user_data;
  const double width = gtk_widget_get_width (GTK_WIDGET (self)), line = round (y);
  GdkRGBA color;
  int text_width, text_height;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  color.alpha *= 0.65f;
  append_text (snapshot, layout, is_rtl (self) ? width - self->axis + 6 : self->axis - 6 - text_width,
               line - text_height / 2.0, &color);
  color.alpha *= 0.2f;
  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT ((float) (is_rtl (self) ? MARGIN : self->axis), (float) line,
                                                  (float) (width - self->axis - MARGIN), 1));
}

/* What the scale is of, where that does not make everything smaller. */
static void
draw_title (TitheDendrogramView *self, GtkSnapshot *snapshot)
{
  g_autoptr (PangoLayout) layout = NULL;
  int width, height;
  GdkRGBA color;

  if (gtk_widget_get_height (GTK_WIDGET (self)) < LARGE)
    return;
  layout = new_text (self, C_ ("axis", "dissimilarity"));
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  color.alpha *= 0.65f;
  pango_layout_get_pixel_size (layout, &width, &height);
  append_text (snapshot, layout, is_rtl (self) ? gtk_widget_get_width (GTK_WIDGET (self)) - MARGIN - width : MARGIN,
               MARGIN, &color);
}

/* --- the cut --- */

/* The last merge that is made; above what is drawn there is no line. */
static gboolean
get_cut (TitheDendrogramView *self, double *y, char **text)
{
  float cut = tithe_cut_get_class (tithe_subset_get_cut (self->subset), self->group.class_index)->height;
  g_autofree char *height = NULL;

  if (cut > get_dendrogram (self)->heights[self->root])
    return FALSE;
  height = tithe_format_dissimilarity (cut);
  *y = floor (height_y (self, cut)) + 0.5;
  *text = g_strdup_printf (_("cut at %s"), height);
  return TRUE;
}

static void
draw_cut (TitheDendrogramView *self, GtkSnapshot *snapshot)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  const int width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));
  g_autofree char *text = NULL;
  g_autoptr (PangoLayout) layout = NULL;
  int text_width, text_height;
  double y, x;
  GdkRGBA color, ground;
  cairo_t *cr;

  if (!get_cut (self, &y, &text))
    return;
  if (!gtk_style_context_lookup_color (style, "error_color", &color))
    color = (GdkRGBA){ 0.88f, 0.11f, 0.14f, 1.0f };
  if (!gtk_style_context_lookup_color (style, "window_bg_color", &ground))
    ground = (GdkRGBA){ 1, 1, 1, 1 };
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_dash (cr, (double[]){ 4, 3 }, 2, 0);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, to_side (self, self->axis), y);
  cairo_line_to (cr, to_side (self, width - 2), y);
  cairo_stroke (cr);
  cairo_destroy (cr);
  layout = new_text (self, text);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  x = is_rtl (self) ? 4 : width - 4 - text_width;
  y += y < text_height + 4 ? 2 : -text_height - 2;
  ground.alpha = 0.85f;
  gtk_snapshot_append_color (
      snapshot, &ground, &GRAPHENE_RECT_INIT ((float) x - 2, (float) y, (float) text_width + 4, (float) text_height));
  append_text (snapshot, layout, x, y, &color);
}

/* --- widget --- */

static void
tithe_dendrogram_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheDendrogramView *self = TITHE_DENDROGRAM_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  GdkRGBA color, accent;
  cairo_t *cr;

  if (is_empty (self) || width < 20)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "accent_color", &accent))
    accent = (GdkRGBA){ 0.2f, 0.5f, 0.9f, 1.0f };
  for_each_tick (self, draw_tick, snapshot);
  draw_title (self, snapshot);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  draw_tree (self, cr, &color, &accent);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_arc (cr, leaf_x (self, tithe_curation_get_position (tithe_subset_get_curation (self->subset), self->image)),
             get_bottom (self), 3, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_destroy (cr);
  draw_cut (self, snapshot);
  for (guint i = 0; i < self->n_leaves; i++)
    gtk_widget_snapshot_child (widget, g_ptr_array_index (self->leaves, i), snapshot);
}

/* --- leaves --- */

static void
drop_pictures (TitheDendrogramView *self)
{
  g_clear_handle_id (&self->resting, g_source_remove);
  g_clear_pointer (&self->thumbnails, tithe_thumbnails_free);
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
}

static void
show_pictures (gpointer data)
{
  TitheDendrogramView *self = data;

  for (guint i = 0; i < self->n_leaves; i++)
    {
      TitheThumbnail *leaf = g_ptr_array_index (self->leaves, i);
      const char *failure = NULL;
      TithePixels *pixels = tithe_thumbnails_get (self->thumbnails, tithe_thumbnail_get_image (leaf), &failure);

      tithe_thumbnail_set_pixels (leaf, pixels, failure);
    }
}

static gboolean
on_rested (gpointer data)
{
  TitheDendrogramView *self = data;
  g_autoptr (GArray) images = g_array_new (FALSE, FALSE, sizeof (guint32));

  self->resting = 0;
  for (guint i = 0; i < self->n_leaves; i++)
    {
      guint32 image = tithe_thumbnail_get_image (g_ptr_array_index (self->leaves, i));

      g_array_append_val (images, image);
    }
  if (self->thumbnails == NULL)
    self->thumbnails = tithe_dataset_new_thumbnails (self->dataset, CACHE_BYTES, MAX_EDGE, show_pictures, self);
  tithe_thumbnails_want (self->thumbnails, (const guint32 *) (gpointer) images->data, images->len);
  show_pictures (self);
  return G_SOURCE_REMOVE;
}

static TitheThumbnail *
get_leaf (TitheDendrogramView *self, guint number)
{
  if (number == self->leaves->len)
    {
      GtkWidget *leaf = tithe_thumbnail_new ();

      /* The images are read in the groups; this is a picture, which has a name of its own. */
      gtk_accessible_update_state (GTK_ACCESSIBLE (leaf), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
      gtk_widget_set_can_target (leaf, FALSE);
      gtk_widget_set_parent (leaf, GTK_WIDGET (self));
      g_ptr_array_add (self->leaves, leaf);
    }
  return g_ptr_array_index (self->leaves, number);
}

/* Where there is no room for every leaf it is for every second, third ... that there is a picture. */
static guint
get_stride (TitheDendrogramView *self)
{
  return (guint) MAX (1.0, ceil ((MIN_EDGE + GAP) / get_pitch (self)));
}

static void
show_leaf (TitheDendrogramView *self, guint number, guint32 position)
{
  const TitheDendrogram *tree = get_dendrogram (self);
  const TitheGroup all = { self->group.class_index, tree->starts[self->root], tree->sizes[self->root], self->root };
  TitheCut *cut = tithe_subset_get_cut (self->subset);
  TitheCuration *curation = tithe_subset_get_curation (self->subset);
  TitheThumbnail *leaf = get_leaf (self, number);
  guint32 image = tithe_cut_get_image (cut, &all, position - all.start), representative = image;
  g_autoptr (GString) buffer = g_string_new (NULL);
  TitheGroup group;

  if (tithe_thumbnail_get_image (leaf) != image)
    tithe_thumbnail_set_image (leaf, image, tithe_dataset_get_display_path (self->dataset, image, buffer));
  if (tithe_subset_find_group (self->subset, image, &group))
    representative = tithe_subset_get_representative (self->subset, &group);
  tithe_thumbnail_set_role (leaf,
                            &(TitheMember){ image, position, tithe_curation_get_decision (curation, image),
                                            tithe_subset_keeps (self->subset, image, representative),
                                            image == representative },
                            0, image == self->image);
  tithe_thumbnail_set_dimmed (leaf, position < self->group.start || position >= self->group.start + self->group.size);
  gtk_widget_set_child_visible (GTK_WIDGET (leaf), TRUE);
}

/* Which leaves have a picture is another question at every width. */
static void
show_leaves (TitheDendrogramView *self)
{
  guint n = 0;

  if (!is_empty (self) && gtk_widget_get_width (GTK_WIDGET (self)) > 0)
    {
      const TitheDendrogram *tree = get_dendrogram (self);
      const guint stride = get_stride (self);

      for (guint32 i = stride / 2; i < tree->sizes[self->root]; i += stride)
        show_leaf (self, n++, tree->starts[self->root] + i);
    }
  self->n_leaves = n;
  for (guint i = n; i < self->leaves->len; i++)
    gtk_widget_set_child_visible (g_ptr_array_index (self->leaves, i), FALSE);
  if (self->thumbnails != NULL)
    show_pictures (self);
  if (n > 0 && self->resting == 0)
    self->resting = g_timeout_add (REST_MS, on_rested, self);
}

static void
tithe_dendrogram_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TitheDendrogramView *self = TITHE_DENDROGRAM_VIEW (widget);
  double widest = 0;
  guint stride;

  if (is_empty (self))
    return;
  self->edge = (int) CLAMP (height / 5.0, MIN_EDGE, MAX_EDGE);
  for_each_tick (self, measure_tick, &widest);
  self->axis = widest + MARGIN + 6;
  stride = get_stride (self);
  self->edge = MAX (MIN_EDGE, MIN (self->edge, (int) (stride * get_pitch (self)) - GAP));
  show_leaves (self);
  for (guint i = 0; i < self->n_leaves; i++)
    {
      double x = leaf_x (self, get_dendrogram (self)->starts[self->root] + stride / 2 + i * stride);
      GskTransform *place = gsk_transform_translate (
          NULL, &GRAPHENE_POINT_INIT ((float) round (x - self->edge / 2.0), (float) (height - MARGIN - self->edge)));

      gtk_widget_allocate (g_ptr_array_index (self->leaves, i), self->edge, self->edge, -1, place);
    }
}

/* The merge whose bar is nearest. */
static guint32
merge_at (TitheDendrogramView *self, double x, double y)
{
  const TitheDendrogram *tree;
  guint32 best = TITHE_NODE_NONE, start, end;
  double nearest = REACH;

  if (is_empty (self))
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

/* The leaf whose picture is there. */
static TitheThumbnail *
leaf_at (TitheDendrogramView *self, double x, double y)
{
  for (guint i = 0; i < self->n_leaves; i++)
    {
      graphene_rect_t bounds;

      if (gtk_widget_compute_bounds (g_ptr_array_index (self->leaves, i), GTK_WIDGET (self), &bounds)
          && graphene_rect_contains_point (&bounds, &GRAPHENE_POINT_INIT ((float) x, (float) y)))
        return g_ptr_array_index (self->leaves, i);
    }
  return NULL;
}

static void
on_pressed (GtkGestureClick *click, int n_press, double x, double y, TitheDendrogramView *self)
{
  TitheThumbnail *leaf = leaf_at (self, x, y);
  guint32 merge = merge_at (self, x, y);

  if (leaf != NULL)
    g_signal_emit (self, signals[POINTED], 0, tithe_thumbnail_get_image (leaf));
  else if (merge != TITHE_NODE_NONE)
    {
      tithe_dendrogram_view_set_chosen (self, merge);
      g_signal_emit (self, signals[CHOSE], 0);
    }
}

static gboolean
on_query_tooltip (TitheDendrogramView *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  TitheThumbnail *leaf = leaf_at (self, x, y);
  guint32 merge = merge_at (self, x, y);
  g_autofree char *height = NULL, *size = NULL, *text = NULL;

  if (leaf != NULL)
    {
      gtk_tooltip_set_text (tooltip, tithe_thumbnail_get_name (leaf));
      return TRUE;
    }
  if (merge == TITHE_NODE_NONE)
    {
      gtk_tooltip_set_text (tooltip,
                            _("Which images of the group were merged first: the higher a bar, the less alike is what "
                               "it merges. The dashed line is the cut: what lies below it is merged at this ratio."));
      return !is_empty (self);
    }
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
tithe_dendrogram_view_dispose (GObject *object)
{
  TitheDendrogramView *self = TITHE_DENDROGRAM_VIEW (object);

  self->n_leaves = 0;
  for (guint i = 0; i < self->leaves->len; i++)
    gtk_widget_unparent (g_ptr_array_index (self->leaves, i));
  g_ptr_array_set_size (self->leaves, 0);
  drop_pictures (self);
  G_OBJECT_CLASS (tithe_dendrogram_view_parent_class)->dispose (object);
}

static void
tithe_dendrogram_view_finalize (GObject *object)
{
  g_ptr_array_unref (TITHE_DENDROGRAM_VIEW (object)->leaves);
  G_OBJECT_CLASS (tithe_dendrogram_view_parent_class)->finalize (object);
}

static void
tithe_dendrogram_view_class_init (TitheDendrogramViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_dendrogram_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = tithe_dendrogram_view_finalize;
  signals[CHOSE]
      = g_signal_new ("chose", TITHE_TYPE_DENDROGRAM_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[POINTED] = g_signal_new ("pointed", TITHE_TYPE_DENDROGRAM_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_UINT);
  widget_class->snapshot = tithe_dendrogram_view_snapshot;
  widget_class->size_allocate = tithe_dendrogram_view_size_allocate;
  widget_class->measure = tithe_dendrogram_view_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "dendrogram");
}

static void
tithe_dendrogram_view_init (TitheDendrogramView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->leaves = g_ptr_array_new ();
  self->root = self->chosen = self->hovered = TITHE_NODE_NONE;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
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

/* Pictures are of one dataset. */
static void
follow_dataset (TitheDendrogramView *self)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset)));

  if (dataset == self->dataset)
    return;
  drop_pictures (self);
  self->dataset = tithe_dataset_ref (dataset);
  for (guint i = 0; i < self->leaves->len; i++)
    tithe_thumbnail_set_image (g_ptr_array_index (self->leaves, i), G_MAXUINT32, NULL);
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
  gboolean same;
  guint32 chosen;

  g_return_if_fail (TITHE_IS_DENDROGRAM_VIEW (self));

  same = subset != NULL && subset == self->subset && group->class_index == self->group.class_index
         && group->start == self->group.start && group->size == self->group.size && group->node == self->group.node;
  chosen = same ? self->chosen : TITHE_NODE_NONE;
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
      follow_dataset (self);
      tree = get_dendrogram (self);
      self->root = parent != TITHE_NODE_NONE && tree->sizes[parent] <= MAX_LEAVES ? parent : group->node;
      if (self->root != TITHE_NODE_NONE && tree->sizes[self->root] > MAX_LEAVES)
        self->root = TITHE_NODE_NONE;
      self->chosen = same ? chosen : group->node;
      height = tithe_format_dissimilarity (tithe_cut_get_spread (tithe_subset_get_cut (subset), group));
      label = g_strdup_printf (ngettext ("Dendrogram of a group of %u image that came together at %s",
                                         "Dendrogram of a group of %u images that came together at %s", group->size),
                               group->size, height);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    }
  else
    drop_pictures (self);
  show_leaves (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tithe_dendrogram_view_set_chosen:
 * @merge: of what is drawn, or %TITHE_NODE_NONE
 *
 * Chooses a merge; "chose" is not emitted.
 */
void
tithe_dendrogram_view_set_chosen (TitheDendrogramView *self, guint32 merge)
{
  g_return_if_fail (TITHE_IS_DENDROGRAM_VIEW (self));

  self->chosen = merge;
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
