/* SPDX-License-Identifier: MIT */
#include "tithe-film-strip.h"
#include "tithe-image-role.h"
#include "tithe-pixels-loader.h"
#include "tithe-thumbnail.h"

#include <glib/gi18n.h>

#define EDGE 60
#define GAP 10
#define STEP (EDGE + GAP)
#define MARGIN 12
/* Above the thumbnails there is room for what marks the current one, below them for the line that marks what is shown, and
 * for the numbers of those that have a key. */
#define ABOVE 6
#define LINE_BELOW 5
#define LINE 3
#define NUMBER_BELOW (LINE_BELOW + LINE + 1)
#define BELOW 26
#define N_NUMBERS 9

typedef struct
{
  GtkWidget *thumbnail;
  guint index;
  GCancellable *loading;
} Slot;

struct _TitheFilmStrip
{
  GtkWidget parent_instance;

  GtkAdjustment *adjustments[2]; /* horizontal, vertical */
  gulong scroll_handler;
  gboolean configuring;
  int width;           /* that it was laid out for */
  TitheSubset *subset; /* (nullable) (not owned) */
  GArray *images;      /* guint32 */
  gboolean numbered;
  GHashTable *marked; /* of images */
  guint32 current;    /* one of them */
  gboolean follows;   /* whether the current one is to come into view with the next allocation */
  GHashTable *slots;  /* index to Slot, of what is in view */
  GPtrArray *spare;   /* of Slot */
};

enum
{
  PROP_HADJUSTMENT = 1,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE_WITH_CODE (TitheFilmStrip, tithe_film_strip, GTK_TYPE_WIDGET,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static TitheDataset *
get_dataset (TitheFilmStrip *self)
{
  return tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset)));
}

static guint32
get_image (TitheFilmStrip *self, guint index)
{
  return g_array_index (self->images, guint32, index);
}

/* --- arithmetic --- */

static int
get_length (TitheFilmStrip *self)
{
  return 2 * MARGIN - GAP + (int) self->images->len * STEP;
}

static double
get_scroll (TitheFilmStrip *self)
{
  return self->adjustments[0] ? gtk_adjustment_get_value (self->adjustments[0]) : 0;
}

/* Where a thumbnail begins in the widget: in the middle of it where there are few, from the right where one reads so. */
static int
get_x (TitheFilmStrip *self, guint index)
{
  const int length = get_length (self);
  int x = MARGIN + (int) index * STEP;

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = length - x - EDGE;
  return x - (int) get_scroll (self) + MAX (0, self->width - length) / 2;
}

/* Which image is at a place, or beside it. */
static int
get_index (TitheFilmStrip *self, double x)
{
  const int along = (int) x - get_x (self, 0);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    return (EDGE + GAP / 2 - along) / STEP;
  return (along + GAP / 2) / STEP;
}

/* --- what is in view --- */

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  tithe_pixels_loader_stop (&slot->loading);
  gtk_widget_unparent (slot->thumbnail);
  g_free (slot);
}

static void
on_loaded (gpointer user_data, TithePixels *pixels, const char *failure)
{
  tithe_thumbnail_set_pixels (TITHE_THUMBNAIL (((Slot *) user_data)->thumbnail), pixels, failure);
}

static void
show_role (TitheFilmStrip *self, Slot *slot)
{
  const guint32 image = get_image (self, slot->index);
  const gboolean marked = g_hash_table_contains (self->marked, GUINT_TO_POINTER (image));
  TitheGroup group;
  TitheMember role = tithe_image_role_get (self->subset, image, &group);

  tithe_thumbnail_set_role (TITHE_THUMBNAIL (slot->thumbnail), &role, group.size, image == self->current);
  gtk_accessible_update_property (GTK_ACCESSIBLE (slot->thumbnail), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  marked ? C_ ("image", "shown large") : "", -1);
}

static void
add_slot (TitheFilmStrip *self, guint index)
{
  Slot *slot = self->spare->len > 0 ? g_ptr_array_steal_index_fast (self->spare, self->spare->len - 1) : NULL;
  const int edge = EDGE * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  g_autoptr (GString) buffer = g_string_new (NULL);
  const char *name = tithe_dataset_get_display_path (get_dataset (self), get_image (self, index), buffer);

  if (slot == NULL)
    {
      slot = g_new0 (Slot, 1);
      slot->thumbnail = tithe_thumbnail_new ();
      gtk_widget_set_focusable (slot->thumbnail, TRUE);
      gtk_widget_set_parent (slot->thumbnail, GTK_WIDGET (self));
    }
  slot->index = index;
  gtk_widget_set_child_visible (slot->thumbnail, TRUE);
  gtk_widget_set_tooltip_text (slot->thumbnail, name);
  tithe_thumbnail_set_image (TITHE_THUMBNAIL (slot->thumbnail), get_image (self, index), name);
  /* A long picture fills the square. */
  tithe_pixels_loader_begin (&slot->loading, get_dataset (self), get_image (self, index), 2 * (guint) edge, on_loaded,
                             slot);
  g_hash_table_insert (self->slots, GUINT_TO_POINTER (index), slot);
  show_role (self, slot);
}

/* One that has the focus stays what it is. */
static void
drop_slots (TitheFilmStrip *self, guint first, guint end)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Slot *slot = value;

      if ((slot->index >= first && slot->index < end) || (first < end && gtk_widget_has_focus (slot->thumbnail)))
        continue;
      tithe_pixels_loader_stop (&slot->loading);
      gtk_widget_set_child_visible (slot->thumbnail, FALSE);
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (self->spare, slot);
    }
}

/* A widget for each image that is in view, and none for others. */
static void
populate (TitheFilmStrip *self)
{
  const int a = get_index (self, 0), b = get_index (self, self->width);
  const guint n = self->images->len;
  const guint first = (guint) CLAMP (MIN (a, b), 0, (int) n), end = (guint) CLAMP (MAX (a, b) + 1, 0, (int) n);

  if (self->subset == NULL || self->width <= 0)
    return;
  drop_slots (self, first, end);
  for (guint i = first; i < end; i++)
    if (!g_hash_table_contains (self->slots, GUINT_TO_POINTER (i)))
      add_slot (self, i);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* --- scrolling --- */

static void
configure (TitheFilmStrip *self)
{
  const int width = self->width, length = MAX (width, get_length (self));
  double value = CLAMP (get_scroll (self), 0, length - width);
  guint index;

  if (self->adjustments[0] == NULL)
    return;
  if (self->follows && width > 0 && tithe_film_strip_find (self, self->current, &index))
    {
      const double x = get_x (self, index) + get_scroll (self);

      value = CLAMP (value, x + EDGE + STEP - width, x - STEP);
      value = CLAMP (value, 0, length - width);
      self->follows = FALSE;
    }
  self->configuring = TRUE;
  gtk_adjustment_configure (self->adjustments[0], value, 0, length, STEP, MAX (STEP, width - STEP), width);
  self->configuring = FALSE;
}

static void
on_scrolled (TitheFilmStrip *self)
{
  if (!self->configuring)
    populate (self);
}

static void
set_adjustment (TitheFilmStrip *self, guint i, GtkAdjustment *adjustment)
{
  if (i == 0 && self->adjustments[0] != NULL)
    g_clear_signal_handler (&self->scroll_handler, self->adjustments[0]);
  g_clear_object (&self->adjustments[i]);
  if (adjustment == NULL)
    return;
  self->adjustments[i] = g_object_ref_sink (adjustment);
  if (i == 0)
    {
      self->scroll_handler = g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (on_scrolled), self);
      configure (self);
    }
}

/* --- input --- */

static gboolean
on_wheel (GtkEventControllerScroll *scroll, double dx, double dy, TitheFilmStrip *self)
{
  if (self->adjustments[0] == NULL)
    return GDK_EVENT_PROPAGATE;
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    dy = -dy;
  gtk_adjustment_set_value (self->adjustments[0], get_scroll (self) + dy * STEP);
  return GDK_EVENT_STOP;
}

static void
on_pressed (GtkGestureClick *click, int n_press, double x, double y, TitheFilmStrip *self)
{
  const int index = get_index (self, x);
  const GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (click));

  if (index >= 0 && index < (int) self->images->len && ABS (x - get_x (self, (guint) index) - EDGE / 2) <= STEP / 2)
    g_signal_emit (self, signals[PICKED], 0, get_image (self, (guint) index), (state & GDK_CONTROL_MASK) != 0);
}

/* --- drawing --- */

static void
snapshot_number (TitheFilmStrip *self, GtkSnapshot *snapshot, guint index)
{
  g_autofree char *text = g_strdup_printf ("%u", index + 1);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GdkRGBA color;
  int width, height;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  color.alpha *= 0.7f;
  pango_attr_list_insert (attributes, pango_attr_scale_new (0.75));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float) (get_x (self, index) + (EDGE - width) / 2), ABOVE + EDGE + NUMBER_BELOW));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_line (TitheFilmStrip *self, GtkSnapshot *snapshot, guint index)
{
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), "accent_bg_color", &color))
    color = (GdkRGBA){ 0.2f, 0.5f, 0.9f, 1.0f };
  gtk_snapshot_append_color (snapshot, &color,
                             &GRAPHENE_RECT_INIT ((float) get_x (self, index), ABOVE + EDGE + LINE_BELOW, EDGE, LINE));
}

static void
tithe_film_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheFilmStrip *self = TITHE_FILM_STRIP (widget);
  GHashTableIter iter;
  gpointer value;

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                         (float) gtk_widget_get_height (widget)));
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Slot *slot = value;

      gtk_widget_snapshot_child (widget, slot->thumbnail, snapshot);
      if (g_hash_table_contains (self->marked, GUINT_TO_POINTER (get_image (self, slot->index))))
        snapshot_line (self, snapshot, slot->index);
      if (self->numbered && slot->index < N_NUMBERS)
        snapshot_number (self, snapshot, slot->index);
    }
  gtk_snapshot_pop (snapshot);
}

/* --- widget --- */

static void
tithe_film_strip_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = ABOVE + EDGE + BELOW;
  else
    {
      *minimum = 2 * MARGIN + EDGE;
      *natural = MAX (*minimum, get_length (TITHE_FILM_STRIP (widget)));
    }
}

static void
tithe_film_strip_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TitheFilmStrip *self = TITHE_FILM_STRIP (widget);

  GHashTableIter iter;
  gpointer value;

  if (width != self->width)
    {
      self->width = width;
      configure (self);
      if (self->adjustments[1] != NULL)
        gtk_adjustment_configure (self->adjustments[1], 0, 0, height, 1, height, height);
      populate (self);
    }
  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Slot *slot = value;
      const GtkAllocation place = { get_x (self, slot->index), ABOVE, EDGE, EDGE };

      gtk_widget_measure (slot->thumbnail, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
      gtk_widget_size_allocate (slot->thumbnail, &place, -1);
    }
}

static Slot *
find_current_slot (TitheFilmStrip *self)
{
  guint index;

  return tithe_film_strip_find (self, self->current, &index)
             ? g_hash_table_lookup (self->slots, GUINT_TO_POINTER (index))
             : NULL;
}

static gboolean
tithe_film_strip_grab_focus (GtkWidget *widget)
{
  const Slot *slot = find_current_slot (TITHE_FILM_STRIP (widget));

  return slot != NULL && gtk_widget_grab_focus (slot->thumbnail);
}

/* One stop for Tab, which is the current image. */
static gboolean
tithe_film_strip_focus (GtkWidget *widget, GtkDirectionType direction)
{
  if (gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;
  return gtk_widget_grab_focus (widget);
}

static void
tithe_film_strip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TitheFilmStrip *self = TITHE_FILM_STRIP (object);

  if (id == PROP_HADJUSTMENT || id == PROP_VADJUSTMENT)
    g_value_set_object (value, self->adjustments[id == PROP_VADJUSTMENT]);
  else if (id == PROP_HSCROLL_POLICY || id == PROP_VSCROLL_POLICY)
    g_value_set_enum (value, GTK_SCROLL_MINIMUM);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
tithe_film_strip_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TitheFilmStrip *self = TITHE_FILM_STRIP (object);

  if (id == PROP_HADJUSTMENT || id == PROP_VADJUSTMENT)
    set_adjustment (self, id == PROP_VADJUSTMENT, g_value_get_object (value));
  else if (id != PROP_HSCROLL_POLICY && id != PROP_VSCROLL_POLICY)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
tithe_film_strip_dispose (GObject *object)
{
  TitheFilmStrip *self = TITHE_FILM_STRIP (object);

  g_hash_table_remove_all (self->slots);
  g_ptr_array_set_size (self->spare, 0);
  set_adjustment (self, 0, NULL);
  set_adjustment (self, 1, NULL);
  G_OBJECT_CLASS (tithe_film_strip_parent_class)->dispose (object);
}

static void
tithe_film_strip_finalize (GObject *object)
{
  TitheFilmStrip *self = TITHE_FILM_STRIP (object);

  g_hash_table_unref (self->slots);
  g_ptr_array_unref (self->spare);
  g_hash_table_unref (self->marked);
  g_array_unref (self->images);
  G_OBJECT_CLASS (tithe_film_strip_parent_class)->finalize (object);
}

static void
tithe_film_strip_class_init (TitheFilmStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = tithe_film_strip_get_property;
  object_class->set_property = tithe_film_strip_set_property;
  object_class->dispose = tithe_film_strip_dispose;
  object_class->finalize = tithe_film_strip_finalize;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  signals[PICKED] = g_signal_new ("picked", TITHE_TYPE_FILM_STRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  2, G_TYPE_UINT, G_TYPE_BOOLEAN);
  widget_class->measure = tithe_film_strip_measure;
  widget_class->size_allocate = tithe_film_strip_size_allocate;
  widget_class->snapshot = tithe_film_strip_snapshot;
  widget_class->grab_focus = tithe_film_strip_grab_focus;
  widget_class->focus = tithe_film_strip_focus;
  gtk_widget_class_set_css_name (widget_class, "filmstrip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
tithe_film_strip_init (TitheFilmStrip *self)
{
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *click = gtk_gesture_click_new ();

  self->images = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->marked = g_hash_table_new (NULL, NULL);
  self->slots = g_hash_table_new_full (NULL, NULL, NULL, slot_free);
  self->spare = g_ptr_array_new_with_free_func (slot_free);
  self->current = TITHE_IMAGE_NONE;
  g_signal_connect_object (wheel, "scroll", G_CALLBACK (on_wheel), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), wheel);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_pressed), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/* tithe_film_strip_new: (transfer floating): a strip of nothing */
GtkWidget *
tithe_film_strip_new (void)
{
  return g_object_new (TITHE_TYPE_FILM_STRIP, NULL);
}

/**
 * tithe_film_strip_set_images:
 * @subset: (nullable): with a curation; must outlive what is shown, or %NULL be set
 * @images: (array length=n)
 * @numbered: whether the first nine have numbers
 *
 * Shows other images, of which none is marked.
 */
void
tithe_film_strip_set_images (TitheFilmStrip *self, TitheSubset *subset, const guint32 *images, guint n,
                             gboolean numbered)
{
  g_return_if_fail (TITHE_IS_FILM_STRIP (self));

  drop_slots (self, 0, 0);
  g_array_set_size (self->images, 0);
  g_array_append_vals (self->images, images, n);
  g_hash_table_remove_all (self->marked);
  self->current = TITHE_IMAGE_NONE;
  self->subset = subset;
  self->numbered = numbered;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * tithe_film_strip_set_marked:
 * @images: (array length=n): that are shown large
 * @current: one of them, which comes into view
 */
void
tithe_film_strip_set_marked (TitheFilmStrip *self, const guint32 *images, guint n, guint32 current)
{
  const gboolean focused = gtk_widget_get_focus_child (GTK_WIDGET (self)) != NULL;

  g_return_if_fail (TITHE_IS_FILM_STRIP (self));

  g_hash_table_remove_all (self->marked);
  for (guint i = 0; i < n; i++)
    g_hash_table_add (self->marked, GUINT_TO_POINTER (images[i]));
  self->current = current;
  self->follows = TRUE;
  configure (self);
  populate (self);
  tithe_film_strip_refresh (self);
  if (focused)
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* tithe_film_strip_refresh: follows the subset */
void
tithe_film_strip_refresh (TitheFilmStrip *self)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (TITHE_IS_FILM_STRIP (self));

  g_hash_table_iter_init (&iter, self->slots);
  while (self->subset != NULL && g_hash_table_iter_next (&iter, NULL, &value))
    show_role (self, value);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* tithe_film_strip_find: whether an image is one of those, and the so-maniest */
gboolean
tithe_film_strip_find (TitheFilmStrip *self, guint32 image, guint *index)
{
  g_return_val_if_fail (TITHE_IS_FILM_STRIP (self), FALSE);

  for (*index = 0; *index < self->images->len; ++*index)
    if (get_image (self, *index) == image)
      return TRUE;
  return FALSE;
}
