/* SPDX-License-Identifier: MIT */
#include "tithe-compare-view.h"
#include "tithe-format.h"
#include "tithe-image-view.h"
#include "tithe-pixels-loader.h"

#include "base/tithe-text.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_EDGE 2048
#define BLINK_MS 500
/* Differences that can hardly be seen are made as bright as they can be without turning all that differs white. */
#define GAIN 3

typedef struct
{
  guint32 image;
  GtkWidget *cell;
  TitheImageView *view;
  GtkLabel *name, *facts;
  TithePixels *pixels; /* NULL until it is read */
  char *failure;
} Entry;

struct _TitheCompareView
{
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkGrid *grid;
  gboolean blink, difference;

  TitheDataset *dataset;
  Entry entries[TITHE_COMPARE_MAX];
  guint n;
  GCancellable *loading;
  guint shown; /* of those that blink */
  guint blink_source;
};

enum
{
  PROP_BLINK = 1,
  PROP_DIFFERENCE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  CLOSED,
  POINTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheCompareView, tithe_compare_view, GTK_TYPE_WIDGET)

/* --- pictures --- */

/* How much each value differs from the first's, which is brought to the same size. */
static TithePixels *
subtract (const TithePixels *pixels, TithePixels *first)
{
  g_autoptr (TithePixels) other = tithe_pixels_resize (first, pixels->width, pixels->height);
  TithePixels *result = tithe_pixels_new (pixels->width, pixels->height);

  for (gsize i = 0; i < 3 * (gsize) pixels->width * pixels->height; i++)
    result->data[i] = (guint8) MIN (255, GAIN * abs ((int) pixels->data[i] - (int) other->data[i]));
  return result;
}

static void
show_entry (TitheCompareView *self, Entry *entry)
{
  gboolean difference = self->difference && entry != &self->entries[0];

  if (difference && entry->pixels != NULL && self->entries[0].pixels != NULL)
    {
      g_autoptr (TithePixels) pixels = subtract (entry->pixels, self->entries[0].pixels);

      tithe_image_view_set_pixels (entry->view, pixels);
    }
  else
    tithe_image_view_set_pixels (entry->view, entry->pixels);
}

static void
show_all (TitheCompareView *self)
{
  for (guint i = 0; i < self->n; i++)
    show_entry (self, &self->entries[i]);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (source);
  g_autoptr (GError) error = NULL;
  guint32 image;
  TithePixels *pixels = tithe_pixels_load_finish (result, &image, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  for (guint i = 0; i < self->n; i++)
    if (self->entries[i].image == image)
      {
        self->entries[i].pixels = pixels;
        self->entries[i].failure = error ? g_strdup (error->message) : NULL;
        if (error != NULL)
          gtk_label_set_text (self->entries[i].facts, self->entries[i].failure);
        /* The first is what the others are subtracted from. */
        if (i == 0)
          show_all (self);
        else
          show_entry (self, &self->entries[i]);
        return;
      }
  g_clear_pointer (&pixels, tithe_pixels_unref);
}

/* --- arrangement --- */

static guint
count_columns (TitheCompareView *self)
{
  return (guint) ceil (sqrt (self->n));
}

/* The image that has the focus, or the first. */
static guint
find_focused (TitheCompareView *self)
{
  for (guint i = 0; i < self->n; i++)
    if (gtk_widget_has_focus (self->entries[i].cell))
      return i;
  return 0;
}

static void
arrange (TitheCompareView *self)
{
  guint columns = MAX (1, count_columns (self)), focused = find_focused (self);
  gboolean blink = self->blink;

  /* GTK 4.18 lets go of the focus with what is hidden, and then no key gets here. */
  if (blink && self->n > 0)
    {
      gtk_widget_set_visible (self->entries[self->shown].cell, TRUE);
      if (focused != self->shown && gtk_widget_has_focus (self->entries[focused].cell))
        gtk_widget_grab_focus (self->entries[self->shown].cell);
    }
  for (guint i = 0; i < self->n; i++)
    {
      GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self->grid));
      GtkLayoutChild *child = gtk_layout_manager_get_layout_child (layout, self->entries[i].cell);

      gtk_grid_layout_child_set_column (GTK_GRID_LAYOUT_CHILD (child), blink ? 0 : (int) (i % columns));
      gtk_grid_layout_child_set_row (GTK_GRID_LAYOUT_CHILD (child), blink ? 0 : (int) (i / columns));
      gtk_widget_set_visible (self->entries[i].cell, !blink || i == self->shown);
    }
}

static gboolean
on_blink_due (gpointer data)
{
  TitheCompareView *self = data;

  if (self->n > 0)
    self->shown = (self->shown + 1) % self->n;
  arrange (self);
  return G_SOURCE_CONTINUE;
}

static void
set_blink (TitheCompareView *self, gboolean blink)
{
  if (blink == self->blink)
    return;
  self->blink = blink;
  g_clear_handle_id (&self->blink_source, g_source_remove);
  self->shown = find_focused (self);
  if (blink)
    self->blink_source = g_timeout_add (BLINK_MS, on_blink_due, self);
  arrange (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BLINK]);
}

static void
set_difference (TitheCompareView *self, gboolean difference)
{
  if (difference == self->difference)
    return;
  self->difference = difference;
  show_all (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DIFFERENCE]);
}

static void
on_close (TitheCompareView *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
on_moved (TitheImageView *view, TitheCompareView *self)
{
  for (guint i = 0; i < self->n; i++)
    if (self->entries[i].view != view)
      tithe_image_view_follow (self->entries[i].view, view);
}

static void
on_focused (TitheCompareView *self, GParamSpec *pspec, GtkEventControllerFocus *focus)
{
  GtkWidget *cell = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (focus));

  if (!gtk_event_controller_focus_is_focus (focus) || self->blink_source != 0)
    return;
  for (guint i = 0; i < self->n; i++)
    if (self->entries[i].cell == cell)
      g_signal_emit (self, signals[POINTED], 0, self->entries[i].image);
}

static void
on_cell_pressed (GtkGestureClick *click, int n_press, double x, double y, TitheCompareView *self)
{
  gtk_widget_grab_focus (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (click)));
}

static GtkLabel *
new_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (label), 0.5f);
  gtk_widget_add_css_class (label, css_class);
  return GTK_LABEL (label);
}

static void
add_entry (TitheCompareView *self, guint32 image)
{
  Entry *entry = &self->entries[self->n];
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  g_autoptr (GString) buffer = g_string_new (NULL);
  const char *name = tithe_dataset_get_display_path (self->dataset, image, buffer);

  *entry = (Entry){ .image = image };
  entry->cell = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 4, "css-name",
                              "comparecell", "focusable", TRUE, "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  entry->view = TITHE_IMAGE_VIEW (tithe_image_view_new ());
  entry->name = new_label ("heading");
  entry->facts = new_label ("dim-label");
  gtk_label_set_text (entry->name, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (entry->name), name);
  gtk_widget_set_hexpand (GTK_WIDGET (entry->view), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (entry->view), TRUE);
  gtk_box_append (GTK_BOX (entry->cell), GTK_WIDGET (entry->view));
  gtk_box_append (GTK_BOX (entry->cell), GTK_WIDGET (entry->name));
  gtk_box_append (GTK_BOX (entry->cell), GTK_WIDGET (entry->facts));
  g_signal_connect_object (entry->view, "moved", G_CALLBACK (on_moved), self, 0);
  g_signal_connect_object (focus, "notify::is-focus", G_CALLBACK (on_focused), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (entry->cell, focus);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_cell_pressed), self, 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (entry->cell, GTK_EVENT_CONTROLLER (click));
  gtk_grid_attach (self->grid, entry->cell, (int) self->n, 0, 1, 1);
  self->n++;
}

/* From one image to another by the arrows, also while they blink. */
static gboolean
on_arrow (GtkWidget *widget, GVariant *steps, gpointer user_data)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (widget);
  int dx, dy, now = (int) (self->blink ? self->shown : find_focused (self));

  g_variant_get (steps, "(ii)", &dx, &dy);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    dx = -dx;
  now += dx + dy * (int) (self->blink ? 1 : count_columns (self));
  if (now < 0 || now >= (int) self->n)
    return GDK_EVENT_STOP;
  self->shown = (guint) now;
  arrange (self);
  gtk_widget_grab_focus (self->entries[now].cell);
  return GDK_EVENT_STOP;
}

/* --- widget --- */

static const struct
{
  guint key;
  int dx, dy;
} arrows[] = {
  { GDK_KEY_Left, -1, 0 },
  { GDK_KEY_Right, 1, 0 },
  { GDK_KEY_Up, 0, -1 },
  { GDK_KEY_Down, 0, 1 },
};

static const struct
{
  guint key;
  const char *action;
} keys[] = {
  { GDK_KEY_Escape, "compare.close" },
  { GDK_KEY_b, "compare.blink" },
  { GDK_KEY_x, "compare.difference" },
};

static void
close_view (GtkWidget *widget, const char *action, GVariant *parameter)
{
  on_close (TITHE_COMPARE_VIEW (widget));
}

static void
tithe_compare_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (object);

  if (id == PROP_BLINK)
    g_value_set_boolean (value, self->blink);
  else if (id == PROP_DIFFERENCE)
    g_value_set_boolean (value, self->difference);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
tithe_compare_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (object);

  if (id == PROP_BLINK)
    set_blink (self, g_value_get_boolean (value));
  else if (id == PROP_DIFFERENCE)
    set_difference (self, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
tithe_compare_view_dispose (GObject *object)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (object);

  if (self->content != NULL)
    tithe_compare_view_clear (self);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_compare_view_parent_class)->dispose (object);
}

static void
tithe_compare_view_class_init (TitheCompareViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = tithe_compare_view_get_property;
  object_class->set_property = tithe_compare_view_set_property;
  object_class->dispose = tithe_compare_view_dispose;
  props[PROP_BLINK] = g_param_spec_boolean ("blink", NULL, NULL, FALSE, flags);
  props[PROP_DIFFERENCE] = g_param_spec_boolean ("difference", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CLOSED]
      = g_signal_new ("closed", TITHE_TYPE_COMPARE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[POINTED] = g_signal_new ("pointed", TITHE_TYPE_COMPARE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "compareview");
  gtk_widget_class_install_action (widget_class, "compare.close", NULL, close_view);
  gtk_widget_class_install_property_action (widget_class, "compare.blink", "blink");
  gtk_widget_class_install_property_action (widget_class, "compare.difference", "difference");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    gtk_widget_class_add_binding (widget_class, arrows[i].key, 0, on_arrow, "(ii)", arrows[i].dx, arrows[i].dy);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-compare-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheCompareView, content);
  gtk_widget_class_bind_template_child (widget_class, TitheCompareView, grid);
}

static void
tithe_compare_view_init (TitheCompareView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* tithe_compare_view_new: (transfer floating): a view that compares nothing yet */
GtkWidget *
tithe_compare_view_new (void)
{
  return g_object_new (TITHE_TYPE_COMPARE_VIEW, NULL);
}

/**
 * tithe_compare_view_clear:
 *
 * Lets go of every image.
 */
void
tithe_compare_view_clear (TitheCompareView *self)
{
  g_return_if_fail (TITHE_IS_COMPARE_VIEW (self));

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  set_blink (self, FALSE);
  for (guint i = 0; i < self->n; i++)
    {
      gtk_grid_remove (self->grid, self->entries[i].cell);
      g_clear_pointer (&self->entries[i].pixels, tithe_pixels_unref);
      g_clear_pointer (&self->entries[i].failure, g_free);
    }
  self->n = 0;
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
}

/**
 * tithe_compare_view_show:
 * @images: (array length=n): the first is what others are compared with
 * @n: up to %TITHE_COMPARE_MAX
 *
 * Shows other images; tithe_compare_view_refresh() is to follow.
 */
void
tithe_compare_view_show (TitheCompareView *self, TitheDataset *dataset, const guint32 *images, guint n)
{
  g_return_if_fail (TITHE_IS_COMPARE_VIEW (self));

  tithe_compare_view_clear (self);
  self->dataset = tithe_dataset_ref (dataset);
  for (guint i = 0; i < MIN (n, TITHE_COMPARE_MAX); i++)
    add_entry (self, images[i]);
  self->shown = 0;
  arrange (self);
  self->loading = g_cancellable_new ();
  for (guint i = 0; i < self->n; i++)
    tithe_pixels_load_async (G_OBJECT (self), dataset, images[i], MAX_EDGE, self->loading, on_loaded, NULL);
  if (self->n > 0)
    gtk_widget_grab_focus (self->entries[0].cell);
}

static char *
describe (TitheCompareView *self, TitheSubset *subset, TitheEmbedding *embedding, Entry *entry)
{
  TitheGroup group;
  guint32 representative = entry->image;
  gboolean by_hand;
  g_autoptr (GString) text = g_string_new (NULL);

  if (tithe_subset_find_group (subset, entry->image, &group))
    representative = tithe_subset_get_representative (subset, &group);
  by_hand = tithe_curation_get_decision (tithe_subset_get_curation (subset), entry->image) != TITHE_DECISION_AUTOMATIC;
  if (tithe_subset_keeps (subset, entry->image, representative))
    tithe_text_add_fact (text, by_hand ? _("✓ kept by hand") : _("✓ kept"));
  else
    tithe_text_add_fact (text, by_hand ? C_ ("image", "discarded by hand") : C_ ("image", "discarded"));
  if (embedding != NULL && entry != &self->entries[0])
    {
      g_autofree char *value = tithe_format_dissimilarity (
          (float) tithe_embedding_dissimilarity (embedding, entry->image, self->entries[0].image));
      /* TRANSLATORS: the dissimilarity to the first of the images that are compared */
      g_autofree char *distance = g_strdup_printf (_("%s from the first"), value);

      tithe_text_add_fact (text, distance);
    }
  tithe_text_add_fact (text, entry->failure ? entry->failure : "");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * tithe_compare_view_has:
 *
 * Returns: whether the image is one of those that are compared
 */
gboolean
tithe_compare_view_has (TitheCompareView *self, guint32 image)
{
  g_return_val_if_fail (TITHE_IS_COMPARE_VIEW (self), FALSE);

  for (guint i = 0; i < self->n; i++)
    if (self->entries[i].image == image)
      return TRUE;
  return FALSE;
}

/**
 * tithe_compare_view_refresh:
 * @subset: with a curation
 * @embedding: (nullable): for dissimilarities
 *
 * Follows the subset.
 */
void
tithe_compare_view_refresh (TitheCompareView *self, TitheSubset *subset, TitheEmbedding *embedding)
{
  g_return_if_fail (TITHE_IS_COMPARE_VIEW (self));

  for (guint i = 0; i < self->n; i++)
    {
      Entry *entry = &self->entries[i];
      g_autofree char *facts = describe (self, subset, embedding, entry), *label = NULL;

      gtk_label_set_text (entry->facts, facts);
      label = g_strdup_printf ("%s, %s", gtk_label_get_text (entry->name), facts);
      gtk_accessible_update_property (GTK_ACCESSIBLE (entry->cell), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    }
}
