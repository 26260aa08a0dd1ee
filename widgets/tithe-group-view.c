/* SPDX-License-Identifier: MIT */
#include "tithe-group-view-private.h"

#include <glib/gi18n.h>

#define HEADING_PADDING 10
#define DEFAULT_EDGE 80

enum
{
  SELECTION_CHANGED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

enum
{
  PROP_HADJUSTMENT = 1,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
  PROP_EDGE,
  PROP_DIMMING,
  PROP_MENU,
};

G_DEFINE_TYPE_WITH_CODE (TitheGroupView, tithe_group_view, GTK_TYPE_WIDGET,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

/* Groups and blocks of the list. */
gsize
tithe_group_view_get_n (TitheGroupView *self)
{
  return self->list ? tithe_group_list_get_n (self->list) : 0;
}

/* tithe_group_view_get_dataset: (transfer none): of the list, which must be there */
TitheDataset *
tithe_group_view_get_dataset (TitheGroupView *self)
{
  TitheSubset *subset = tithe_group_list_get_subset (self->list);

  return tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
}

/* One member of a group. */
TitheMember
tithe_group_view_get_member (TitheGroupView *self, gsize index, guint32 number)
{
  TitheMember member;

  tithe_group_list_get_members (self->list, index, number, 1, &member);
  return member;
}

/* How far down the view is scrolled. */
double
tithe_group_view_get_scroll (TitheGroupView *self)
{
  return self->adjustments[1] ? gtk_adjustment_get_value (self->adjustments[1]) : 0;
}

/* The same in whole pixels, where everything stands. */
gint64
tithe_group_view_get_offset (TitheGroupView *self)
{
  return (gint64) (tithe_group_view_get_scroll (self) + 0.5);
}

static void
update_layout (TitheGroupView *self)
{
  gsize n = 0;
  const TitheGroup *groups = self->list ? tithe_group_list_get_all (self->list, &n) : NULL;

  tithe_group_layout_set_geometry (self->layout, self->width, self->edge, self->heading);
  tithe_group_layout_update (self->layout, groups, n, self->list ? tithe_group_list_get_n_groups (self->list) : 0);
}

static void
configure_adjustments (TitheGroupView *self, double value)
{
  double total = (double) tithe_group_layout_get_height (self->layout);

  self->configuring = TRUE;
  if (self->adjustments[0] != NULL)
    gtk_adjustment_configure (self->adjustments[0], 0, 0, self->width, self->width * 0.1, self->width * 0.9,
                              self->width);
  if (self->adjustments[1] != NULL)
    gtk_adjustment_configure (self->adjustments[1], CLAMP (value, 0, MAX (0, total - self->height)), 0,
                              MAX (total, self->height), self->edge + TITHE_GROUP_LAYOUT_GAP, self->height * 0.9,
                              self->height);
  self->configuring = FALSE;
}

static void
on_thumbnails (gpointer user_data)
{
  tithe_group_view_show_pictures (user_data);
}

/* --- staying in place --- */

static void
remember_place (TitheGroupView *self, gsize index)
{
  if (self->n_places < TITHE_GROUP_VIEW_N_PLACES)
    self->places[self->n_places++] = (TitheGroupPlace){ tithe_group_list_get (self->list, index)->class_index,
                                                        tithe_group_view_get_member (self, index, 0).position,
                                                        (double) tithe_group_layout_get_top (self->layout, index)
                                                            - tithe_group_view_get_scroll (self) };
}

/* What the person looks at: the group with the cursor where it is in view, else those in view from the top down. */
static void
remember_places (TitheGroupView *self)
{
  double top = tithe_group_view_get_scroll (self);
  gsize index, first, end;
  guint32 member;

  self->n_places = 0;
  if (tithe_group_view_get_n (self) == 0 || self->width == 0)
    return;
  if (self->has_cursor && g_hash_table_contains (self->tiles, GUINT_TO_POINTER (self->cursor_image))
      && tithe_group_list_find (self->list, self->cursor_class, self->cursor_leaf, &index, &member))
    remember_place (self, index);
  tithe_group_layout_list_groups (self->layout, top, top + self->height, &first, &end);
  for (gsize i = first; i < end; i++)
    if ((double) tithe_group_layout_get_top (self->layout, i) >= top)
      remember_place (self, i);
  if (self->n_places == 0)
    remember_place (self, first);
}

static double
find_place (TitheGroupView *self)
{
  for (guint i = 0; i < self->n_places; i++)
    {
      gsize index;
      guint32 member;

      if (tithe_group_list_find (self->list, self->places[i].class_index, self->places[i].leaf, &index, &member))
        return (double) tithe_group_layout_get_top (self->layout, index) - self->places[i].below_top;
    }
  return tithe_group_view_get_scroll (self);
}

static void
on_scrolled (TitheGroupView *self)
{
  if (self->configuring)
    return;
  self->n_places = 0;
  tithe_group_view_populate (self);
  tithe_group_view_prepare (self);
}

/* --- drawing --- */

/* What is selected, has the focus or can't be read says so over its picture. */
static void
snapshot_signs (TitheGroupView *self, GtkSnapshot *snapshot)
{
  GHashTableIter iter;
  gpointer slot;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    {
      GtkWidget *tile = ((TitheGroupSlot *) slot)->widget;

      if (tithe_thumbnail_has_signs (TITHE_THUMBNAIL (tile)))
        gtk_widget_snapshot_child (GTK_WIDGET (self), tile, snapshot);
    }
}

static void
tithe_group_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (widget);
  graphene_rect_t band;
  GskRoundedRect outline;
  GdkRGBA color, line;

  tithe_group_view_snapshot_rows (self, snapshot);
  snapshot_signs (self, snapshot);
  if (!self->has_band)
    return;
  graphene_rect_normalize_r (&self->band, &band);
  band.origin.y -= (float) tithe_group_view_get_offset (self);
  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "accent_bg_color", &line))
    line = (GdkRGBA){ 0.2f, 0.5f, 0.9f, 1.0f };
  color = line;
  color.alpha = 0.15f;
  gtk_snapshot_append_color (snapshot, &color, &band);
  gsk_rounded_rect_init_from_rect (&outline, &band, 0);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ line, line, line, line });
}

/* --- widget --- */

static void
allocate_slot (TitheGroupView *self, TitheGroupSlot *slot)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  GtkAllocation allocation = { rtl ? self->width - slot->x - slot->width : slot->x,
                               (int) (slot->y - tithe_group_view_get_offset (self)), slot->width, slot->height };

  gtk_widget_measure (slot->widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (slot->widget, &allocation, -1);
}

static void
tithe_group_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (widget);
  GHashTableIter iter;
  gpointer slot;

  if (width != self->width || height != self->height)
    {
      if (self->n_places == 0)
        remember_places (self);
      self->width = width;
      self->height = height;
      update_layout (self);
      configure_adjustments (self, find_place (self));
      tithe_group_view_populate (self);
    }
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    allocate_slot (self, slot);
  g_hash_table_iter_init (&iter, self->headings);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    allocate_slot (self, slot);
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
}

/* Large text has high headings, and the lines around pictures have the text's colour. */
static void
tithe_group_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (widget);
  g_autoptr (PangoLayout) layout = NULL;
  int heading;

  GTK_WIDGET_CLASS (tithe_group_view_parent_class)->css_changed (widget, change);
  tithe_group_painter_reset (self->painter);
  gtk_widget_queue_draw (widget);
  layout = gtk_widget_create_pango_layout (widget, "Ág");
  pango_layout_get_pixel_size (layout, NULL, &heading);
  heading = MAX (heading + HEADING_PADDING, TITHE_GROUP_LAYOUT_MIN_HEADING);
  if (heading == self->heading)
    return;
  self->heading = heading;
  tithe_group_view_refresh (self, TRUE);
}

static void
tithe_group_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (widget);

  *minimum = self->edge
             + (orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * (TITHE_GROUP_LAYOUT_MARGIN + TITHE_GROUP_LAYOUT_PADDING)
                                                          : 0);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 8 * self->edge : 6 * self->edge;
}

static void
set_adjustment (TitheGroupView *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  GtkAdjustment **ours = &self->adjustments[orientation == GTK_ORIENTATION_VERTICAL];

  if (orientation == GTK_ORIENTATION_VERTICAL && *ours != NULL)
    g_clear_signal_handler (&self->scroll_handler, *ours);
  g_clear_object (ours);
  if (adjustment == NULL)
    return;
  *ours = g_object_ref_sink (adjustment);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    self->scroll_handler = g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (on_scrolled), self);
  configure_adjustments (self, tithe_group_view_get_scroll (self));
}

static void
tithe_group_view_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (object);

  switch (property)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[property == PROP_VADJUSTMENT]);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, (gint) self->policies[property == PROP_VSCROLL_POLICY]);
      break;
    case PROP_EDGE:
      g_value_set_int (value, self->edge);
      break;
    case PROP_DIMMING:
      g_value_set_boolean (value, self->dimming);
      break;
    case PROP_MENU:
      g_value_set_object (value, self->menu);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
tithe_group_view_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (object);

  switch (property)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      set_adjustment (self, property == PROP_VADJUSTMENT ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL,
                      g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      self->policies[property == PROP_VSCROLL_POLICY] = (GtkScrollablePolicy) g_value_get_enum (value);
      break;
    case PROP_EDGE:
      tithe_group_view_set_edge (self, g_value_get_int (value));
      break;
    case PROP_DIMMING:
      tithe_group_view_set_dimming (self, g_value_get_boolean (value));
      break;
    case PROP_MENU:
      tithe_group_view_set_menu (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
tithe_group_view_dispose (GObject *object)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (object);

  tithe_group_view_set_model (self, NULL, NULL);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_object (&self->menu);
  g_hash_table_remove_all (self->tiles);
  g_ptr_array_set_size (self->order, 0);
  g_ptr_array_set_size (self->spare, 0);
  g_hash_table_remove_all (self->headings);
  g_ptr_array_set_size (self->spare_headings, 0);
  tithe_group_view_forget_rows (self);
  g_clear_handle_id (&self->preparation, g_source_remove);
  g_clear_handle_id (&self->rest, g_source_remove);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  G_OBJECT_CLASS (tithe_group_view_parent_class)->dispose (object);
}

static void
tithe_group_view_finalize (GObject *object)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (object);

  g_hash_table_unref (self->tiles);
  g_ptr_array_unref (self->order);
  g_ptr_array_unref (self->spare);
  g_hash_table_unref (self->headings);
  g_ptr_array_unref (self->spare_headings);
  g_ptr_array_unref (self->shown);
  g_hash_table_unref (self->rows);
  tithe_group_row_look_clear (&self->look);
  tithe_group_painter_free (self->painter);
  g_array_unref (self->wanted);
  g_hash_table_unref (self->selected);
  tithe_group_layout_free (self->layout);
  G_OBJECT_CLASS (tithe_group_view_parent_class)->finalize (object);
}

static void
tithe_group_view_class_init (TitheGroupViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = tithe_group_view_get_property;
  object_class->set_property = tithe_group_view_set_property;
  object_class->dispose = tithe_group_view_dispose;
  object_class->finalize = tithe_group_view_finalize;
  widget_class->css_changed = tithe_group_view_css_changed;
  widget_class->size_allocate = tithe_group_view_size_allocate;
  widget_class->measure = tithe_group_view_measure;
  widget_class->snapshot = tithe_group_view_snapshot;
  signals[SELECTION_CHANGED] = g_signal_new ("selection-changed", TITHE_TYPE_GROUP_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                             NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED]
      = g_signal_new ("activated", TITHE_TYPE_GROUP_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  g_object_class_install_property (
      object_class, PROP_EDGE,
      g_param_spec_int ("edge", NULL, NULL, TITHE_GROUP_VIEW_MIN_EDGE, TITHE_GROUP_VIEW_MAX_EDGE, DEFAULT_EDGE,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      object_class, PROP_DIMMING,
      g_param_spec_boolean ("dimming", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      object_class, PROP_MENU,
      g_param_spec_object ("menu", NULL, NULL, G_TYPE_MENU_MODEL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_css_name (widget_class, "groupview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
tithe_group_view_init (TitheGroupView *self)
{
  self->edge = DEFAULT_EDGE;
  self->heading = TITHE_GROUP_LAYOUT_MIN_HEADING;
  self->tiles = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) tithe_group_slot_free);
  self->order = g_ptr_array_new ();
  self->spare = g_ptr_array_new_with_free_func ((GDestroyNotify) tithe_group_slot_free);
  self->headings = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, (GDestroyNotify) tithe_group_slot_free);
  self->spare_headings = g_ptr_array_new_with_free_func ((GDestroyNotify) tithe_group_slot_free);
  self->rows = g_hash_table_new_full (tithe_group_row_key_hash, tithe_group_row_key_equal, NULL,
                                      (GDestroyNotify) tithe_group_row_free);
  self->shown = g_ptr_array_new ();
  tithe_group_row_look_init (&self->look);
  self->painter = tithe_group_painter_new (GTK_WIDGET (self));
  self->wanted = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->selected = g_hash_table_new (NULL, NULL);
  self->layout = tithe_group_layout_new ();
  update_layout (self);
  tithe_group_view_add_input (self);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Groups"), -1);
}

/* tithe_group_view_new: (transfer floating): a view of no groups */
GtkWidget *
tithe_group_view_new (void)
{
  return g_object_new (TITHE_TYPE_GROUP_VIEW, NULL);
}

/**
 * tithe_group_view_set_model:
 * @list: (nullable) (transfer none): what to show; must outlive the view or be taken back with %NULL
 * @thumbnails: (nullable) (transfer none): of the same dataset; must outlive the view, too
 */
void
tithe_group_view_set_model (TitheGroupView *self, TitheGroupList *list, TitheThumbnails *thumbnails)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));
  g_return_if_fail ((list == NULL) == (thumbnails == NULL));

  if (self->thumbnails != NULL)
    tithe_thumbnails_set_func (self->thumbnails, NULL, NULL);
  self->list = list;
  self->thumbnails = thumbnails;
  self->has_cursor = self->has_anchor = FALSE;
  g_hash_table_remove_all (self->selected);
  self->n_places = 0;
  if (thumbnails != NULL)
    tithe_thumbnails_set_func (thumbnails, on_thumbnails, self);
  tithe_group_view_retire_all (self);
  tithe_group_view_set_edge (self, self->edge);
  tithe_group_view_refresh (self, FALSE);
}

/**
 * tithe_group_view_refresh:
 * @keep_place: whether the group that is looked at stays where it is; else the view goes to the top
 *
 * To be called after the list changed. The place is remembered from before the change, so that a slider moved there and
 * back ends where it began.
 */
void
tithe_group_view_refresh (TitheGroupView *self, gboolean keep_place)
{
  double value = 0;

  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  update_layout (self);
  if (keep_place)
    value = find_place (self);
  else
    self->n_places = 0;
  configure_adjustments (self, value);
  tithe_group_view_populate (self);
}

/**
 * tithe_group_view_hold_place:
 *
 * To be called before the list changes: remembers what is looked at, unless nothing but the list moved since.
 */
void
tithe_group_view_hold_place (TitheGroupView *self)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  if (self->n_places == 0)
    remember_places (self);
}

/**
 * tithe_group_view_set_edge:
 * @edge: pixels of a thumbnail's side
 */
void
tithe_group_view_set_edge (TitheGroupView *self, int edge)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  edge = CLAMP (edge, TITHE_GROUP_VIEW_MIN_EDGE, TITHE_GROUP_VIEW_MAX_EDGE);
  if (self->thumbnails != NULL)
    tithe_thumbnails_set_edge (self->thumbnails, (guint) (edge * gtk_widget_get_scale_factor (GTK_WIDGET (self))));
  if (edge == self->edge)
    return;
  tithe_group_view_hold_place (self);
  self->edge = edge;
  tithe_group_view_refresh (self, TRUE);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify (G_OBJECT (self), "edge");
}

/**
 * tithe_group_view_set_dimming:
 * @dimming: whether discarded images step back
 */
void
tithe_group_view_set_dimming (TitheGroupView *self, gboolean dimming)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  if (dimming == self->dimming)
    return;
  self->dimming = dimming;
  tithe_group_view_populate (self);
  g_object_notify (G_OBJECT (self), "dimming");
}

/**
 * tithe_group_view_set_menu:
 * @model: (nullable): what can be done with the selection
 */
void
tithe_group_view_set_menu (TitheGroupView *self, GMenuModel *model)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  if (!g_set_object (&self->menu, model))
    return;
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  if (model != NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (model);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }
  g_object_notify (G_OBJECT (self), "menu");
}

/**
 * tithe_group_view_get_place:
 * @image: of the dataset
 * @below_top: (out): pixels from the top of the view to the heading of the group that holds the image; below 0 where that is
 *   scrolled out of view
 *
 * Returns: whether there is such a group in the list
 */
gboolean
tithe_group_view_get_place (TitheGroupView *self, guint32 image, double *below_top)
{
  gsize index;
  guint32 member;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), FALSE);

  if (self->list == NULL || !tithe_group_list_find_image (self->list, image, &index, &member))
    return FALSE;
  *below_top = (double) tithe_group_layout_get_top (self->layout, index) - tithe_group_view_get_scroll (self);
  return TRUE;
}

/**
 * tithe_group_view_go_to:
 * @image: of the dataset
 * @below_top: as of tithe_group_view_get_place()
 *
 * Scrolls to where the heading of the group that holds the image is so far below the top of the view. That holds until the
 * person scrolls, also where the view has no size yet.
 *
 * Returns: whether there is such a group in the list
 */
gboolean
tithe_group_view_go_to (TitheGroupView *self, guint32 image, double below_top)
{
  gsize index;
  guint32 member;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), FALSE);

  if (self->list == NULL || !tithe_group_list_find_image (self->list, image, &index, &member))
    return FALSE;
  self->places[0] = (TitheGroupPlace){ tithe_group_list_get (self->list, index)->class_index,
                                       tithe_group_view_get_member (self, index, member).position, below_top };
  self->n_places = 1;
  configure_adjustments (self, find_place (self));
  tithe_group_view_populate (self);
  return TRUE;
}
