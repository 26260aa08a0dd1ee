/* SPDX-License-Identifier: MIT */
#include "tithe-compare-view.h"
#include "tithe-compare-pane.h"
#include "tithe-css-class.h"
#include "tithe-film-strip.h"
#include "tithe-format.h"
#include "tithe-image-role.h"
#include "tithe-pane-layout.h"
#include "tithe-pixels-loader.h"
#include "tithe-wrap-layout.h"

#include "base/tithe-text.h"

#include <glib/gi18n.h>

#define MAX_EDGE 2048
#define BLINK_MS 500
#define MIN_SHOWN 2
/* Of the view's width and height, by one key. */
#define PAN 0.1

struct _TitheCompareView
{
  GtkWidget parent_instance;

  GtkWidget *content, *area, *strip_window, *gain_box;
  GtkLabel *title, *gain_label;
  TitheFilmStrip *strip;
  TithePaneLayout *layout;
  gboolean blink, difference;
  int gain;

  TitheDataset *dataset;
  TitheSubset *subset;       /* (nullable) (not owned) */
  TitheEmbedding *embedding; /* (nullable) */
  GArray *images;            /* guint32: those that can be shown */
  gboolean is_group;         /* they are one */
  TitheComparePane *panes[TITHE_COMPARE_MAX];
  guint n;       /* panes that show something */
  guint wanted;  /* panes, where there are as many images */
  guint current; /* pane */
  guint blinking;
  guint blink_source;
  guint32 base_image; /* that the others are compared with */
  gboolean base_is_kept;
  TithePixels *base; /* (nullable): of it, as soon as it is wanted and read */
  guint32 loading_image;
  GCancellable *loading;
};

enum
{
  PROP_BLINK = 1,
  PROP_DIFFERENCE,
  PROP_GAIN,
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

static guint32
get_shown (TitheCompareView *self, guint pane)
{
  return tithe_compare_pane_get_image (self->panes[pane]);
}

static gboolean
find_pane (TitheCompareView *self, guint32 image, guint *pane)
{
  for (*pane = 0; *pane < self->n; ++*pane)
    if (get_shown (self, *pane) == image)
      return TRUE;
  return FALSE;
}

static guint32
get_image (TitheCompareView *self, guint index)
{
  return g_array_index (self->images, guint32, index);
}

/* --- what differs --- */

static void
update_difference (TitheCompareView *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      const gboolean differs = self->difference && get_shown (self, i) != self->base_image;

      tithe_compare_pane_set_base (self->panes[i], differs ? self->base : NULL, (guint) self->gain);
    }
}

static void
on_base_loaded (gpointer user_data, TithePixels *pixels, const char *failure)
{
  TitheCompareView *self = user_data;

  g_clear_pointer (&self->base, tithe_pixels_unref);
  self->base = pixels ? tithe_pixels_ref (pixels) : NULL;
  update_difference (self);
}

static void
drop_base (TitheCompareView *self)
{
  tithe_pixels_loader_stop (&self->loading);
  self->loading_image = TITHE_IMAGE_NONE;
  g_clear_pointer (&self->base, tithe_pixels_unref);
}

/* Others are compared with what is kept of the group, or else with the first. */
static void
update_base (TitheCompareView *self)
{
  TitheGroup group;
  guint32 base = get_image (self, 0);

  self->base_is_kept = FALSE;
  if (tithe_subset_find_group (self->subset, base, &group))
    {
      const guint32 representative = tithe_subset_get_representative (self->subset, &group);

      self->base_is_kept = representative != TITHE_IMAGE_NONE && tithe_compare_view_has (self, representative);
      base = self->base_is_kept ? representative : base;
    }
  self->base_image = base;
  if (!self->difference)
    drop_base (self);
  else if (self->loading_image != base)
    {
      self->loading_image = base;
      tithe_pixels_loader_begin (&self->loading, self->dataset, base, MAX_EDGE, on_base_loaded, self);
    }
  update_difference (self);
}

/* --- what is said of each --- */

static char *
describe (TitheCompareView *self, guint32 image, const TitheMember *role)
{
  g_autoptr (GString) text = g_string_new (NULL);

  tithe_text_add_fact (text, tithe_image_role_describe (role));
  if (self->embedding != NULL && image != self->base_image)
    {
      g_autofree char *value = tithe_format_dissimilarity (
          (float) tithe_embedding_dissimilarity (self->embedding, image, self->base_image));
      /* TRANSLATORS: the dissimilarity to the kept image of the group, or to the first of the images that are compared */
      g_autofree char *distance
          = g_strdup_printf (self->base_is_kept ? _("%s from the kept image") : _("%s from the first"), value);

      tithe_text_add_fact (text, distance);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
update_roles (TitheCompareView *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      TitheGroup group;
      TitheMember role = tithe_image_role_get (self->subset, get_shown (self, i), &group);
      g_autofree char *facts = describe (self, role.image, &role);
      guint index;
      const gboolean numbered = self->is_group && tithe_film_strip_find (self->strip, role.image, &index);

      tithe_compare_pane_set_role (self->panes[i], &role, facts);
      tithe_compare_pane_set_place (self->panes[i], numbered ? index + 1 : 0, self->images->len);
    }
}

/* --- arrangement --- */

/* Where they blink all are in one place, and one is seen, which the pointer is on therefore; so the focus stays. */
static void
update_blinking (TitheCompareView *self)
{
  tithe_pane_layout_set_stacked (self->layout, self->blink);
  for (guint i = 0; i < self->n; i++)
    {
      const gboolean seen = !self->blink || i == self->blinking;

      gtk_widget_set_opacity (GTK_WIDGET (self->panes[i]), seen ? 1 : 0);
      gtk_widget_set_can_target (GTK_WIDGET (self->panes[i]), seen);
    }
}

static gboolean
on_blink_due (gpointer data)
{
  TitheCompareView *self = data;

  self->blinking = self->n > 0 ? (self->blinking + 1) % self->n : 0;
  update_blinking (self);
  return G_SOURCE_CONTINUE;
}

/* What the panes show changed, or which one is the current one. */
static void
update_marks (TitheCompareView *self)
{
  guint32 shown[TITHE_COMPARE_MAX];

  for (guint i = 0; i < self->n; i++)
    {
      shown[i] = get_shown (self, i);
      tithe_css_class_set (GTK_WIDGET (self->panes[i]), "current", i == self->current);
    }
  gtk_widget_set_visible (self->strip_window, self->images->len > self->n);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "compare.more",
                                 self->n < MIN (self->images->len, TITHE_COMPARE_MAX));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "compare.fewer", self->n > MIN_SHOWN);
  if (self->n > 0)
    tithe_film_strip_set_marked (self->strip, shown, self->n, shown[self->current]);
}

/* Turns to a pane: from now on decisions are about it. */
static void
turn_to (TitheCompareView *self, guint pane)
{
  self->current = pane;
  if (self->blink)
    {
      self->blinking = pane;
      update_blinking (self);
    }
  update_marks (self);
  g_signal_emit (self, signals[POINTED], 0, get_shown (self, pane));
}

static void
on_focused (TitheCompareView *self, GParamSpec *pspec, GtkEventControllerFocus *focus)
{
  GtkWidget *pane = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (focus));

  if (!gtk_event_controller_focus_is_focus (focus))
    return;
  for (guint i = 0; i < self->n; i++)
    if (GTK_WIDGET (self->panes[i]) == pane && i != self->current)
      turn_to (self, i);
}

static void
focus_current (TitheCompareView *self)
{
  if (self->n > 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->panes[self->current]));
}

static void
set_n (TitheCompareView *self, guint n)
{
  self->n = n;
  for (guint i = 0; i < TITHE_COMPARE_MAX; i++)
    gtk_widget_set_visible (GTK_WIDGET (self->panes[i]), i < n);
  update_blinking (self);
}

/* Puts another image where the current one is. */
static void
exchange (TitheCompareView *self, guint32 image)
{
  tithe_compare_pane_show (self->panes[self->current], self->dataset, image);
  update_roles (self);
  update_difference (self);
  turn_to (self, self->current);
}

/* The next or the one before of those that no other pane shows. */
static void
step (TitheCompareView *self, int by)
{
  guint index, pane;

  if (self->n == 0 || !tithe_film_strip_find (self->strip, get_shown (self, self->current), &index))
    return;
  for (int i = (int) index + by; i >= 0 && i < (int) self->images->len; i += by)
    if (!find_pane (self, get_image (self, (guint) i), &pane))
      {
        exchange (self, get_image (self, (guint) i));
        return;
      }
}

static void
add_pane (TitheCompareView *self, guint32 image)
{
  const guint pane = self->n;

  if (pane == TITHE_COMPARE_MAX)
    {
      exchange (self, image);
      return;
    }
  tithe_compare_pane_show (self->panes[pane], self->dataset, image);
  if (pane > 0)
    tithe_image_view_follow (tithe_compare_pane_get_view (self->panes[pane]),
                             tithe_compare_pane_get_view (self->panes[0]));
  set_n (self, pane + 1);
  self->wanted = self->n;
  update_roles (self);
  update_difference (self);
  update_marks (self);
}

/* The pane goes behind all others, out of sight, and the one that takes its place is the current one. */
static void
remove_pane (TitheCompareView *self, guint pane)
{
  TitheComparePane *removed = self->panes[pane];
  const gboolean focused = gtk_widget_has_focus (GTK_WIDGET (removed));

  if (self->n <= MIN_SHOWN)
    return;
  for (guint i = pane; i + 1 < TITHE_COMPARE_MAX; i++)
    self->panes[i] = self->panes[i + 1];
  self->panes[TITHE_COMPARE_MAX - 1] = removed;
  gtk_widget_insert_before (GTK_WIDGET (removed), self->area, NULL);
  tithe_css_class_set (GTK_WIDGET (removed), "current", FALSE);
  if (pane < self->current || self->current == self->n - 1)
    self->current--;
  if (focused)
    focus_current (self);
  set_n (self, self->n - 1);
  self->wanted = self->n;
  turn_to (self, self->current);
}

/* --- actions --- */

static void
close_view (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[CLOSED], 0);
}

static void
on_more (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (widget);
  guint first = 0, pane;

  if (self->n == 0 || self->n == TITHE_COMPARE_MAX)
    return;
  tithe_film_strip_find (self->strip, get_shown (self, self->current), &first);
  for (guint i = 1; i < self->images->len; i++)
    {
      const guint32 image = get_image (self, (first + i) % self->images->len);

      if (!find_pane (self, image, &pane))
        {
          add_pane (self, image);
          return;
        }
    }
}

static void
on_fewer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  remove_pane (TITHE_COMPARE_VIEW (widget), TITHE_COMPARE_VIEW (widget)->current);
}

static void
update_gain (TitheCompareView *self)
{
  g_autofree char *gain = tithe_format_count ((gsize) self->gain);
  /* TRANSLATORS: how many times as bright a difference is shown as it is */
  g_autofree char *text = g_strdup_printf (C_ ("gain", "%s×"), gain);

  gtk_label_set_text (self->gain_label, text);
  gtk_widget_set_visible (self->gain_box, self->difference);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "compare.weaker", self->difference && self->gain > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "compare.stronger",
                                 self->difference && self->gain < TITHE_COMPARE_MAX_GAIN);
}

static void
set_gain (TitheCompareView *self, int gain)
{
  if (gain == self->gain)
    return;
  self->gain = gain;
  update_gain (self);
  update_difference (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_GAIN]);
}

static void
on_weaker (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (widget);

  set_gain (self, MAX (1, self->gain / 2));
}

static void
on_stronger (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (widget);

  set_gain (self, MIN (TITHE_COMPARE_MAX_GAIN, self->gain * 2));
}

static void
set_blink (TitheCompareView *self, gboolean blink)
{
  if (blink == self->blink)
    return;
  self->blink = blink;
  g_clear_handle_id (&self->blink_source, g_source_remove);
  self->blinking = self->current;
  if (blink)
    self->blink_source = g_timeout_add (BLINK_MS, on_blink_due, self);
  update_blinking (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BLINK]);
}

static void
set_difference (TitheCompareView *self, gboolean difference)
{
  if (difference == self->difference)
    return;
  self->difference = difference;
  update_gain (self);
  if (self->n > 0)
    update_base (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DIFFERENCE]);
}

/* --- input --- */

static void
on_moved (TitheComparePane *pane, TitheCompareView *self)
{
  for (guint i = 0; i < self->n; i++)
    if (self->panes[i] != pane)
      tithe_image_view_follow (tithe_compare_pane_get_view (self->panes[i]), tithe_compare_pane_get_view (pane));
}

/* Rooms for pictures are of their form. */
static void
on_loaded (TitheComparePane *pane, TitheCompareView *self)
{
  const TithePixels *pixels = tithe_compare_pane_get_pixels (pane);

  if (pixels != NULL && pane == self->panes[0])
    tithe_pane_layout_set_aspect (self->layout, CLAMP ((double) pixels->width / pixels->height, 0.25, 4.0));
}

static void
on_picked (TitheCompareView *self, guint image, gboolean more)
{
  guint pane;
  const gboolean shown = find_pane (self, image, &pane);

  if (more && shown)
    remove_pane (self, pane);
  else if (more)
    add_pane (self, image);
  else
    tithe_compare_view_point (self, image);
}

/* From pane to pane, down to the strip, and along it: what one comes to there is exchanged for the current image. */
static gboolean
on_arrow (GtkWidget *widget, GVariant *steps, gpointer user_data)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (widget);
  const guint columns = self->blink ? 1 : tithe_pane_layout_get_columns (self->layout);
  const gboolean in_strip = gtk_widget_get_focus_child (GTK_WIDGET (self->strip)) != NULL;
  int dx, dy, now;

  if (self->n == 0)
    return GDK_EVENT_PROPAGATE;
  g_variant_get (steps, "(ii)", &dx, &dy);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    dx = -dx;
  if (in_strip && dx != 0)
    step (self, dx);
  if (in_strip && dy < 0)
    focus_current (self);
  if (in_strip)
    return GDK_EVENT_STOP;
  now = (int) self->current + dx + dy * (int) columns;
  if (dy > 0 && self->current / columns == (self->n - 1) / columns)
    gtk_widget_grab_focus (GTK_WIDGET (self->strip));
  else if (now >= 0 && (dy > 0 || now < (int) self->n))
    {
      turn_to (self, MIN ((guint) now, self->n - 1));
      focus_current (self);
    }
  return GDK_EVENT_STOP;
}

static gboolean
on_step_key (GtkWidget *widget, GVariant *by, gpointer user_data)
{
  step (TITHE_COMPARE_VIEW (widget), g_variant_get_int32 (by));
  return GDK_EVENT_STOP;
}

static gboolean
on_pan_key (GtkWidget *widget, GVariant *steps, gpointer user_data)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (widget);
  int dx, dy;

  g_variant_get (steps, "(ii)", &dx, &dy);
  if (self->n > 0)
    tithe_image_view_pan (tithe_compare_pane_get_view (self->panes[self->current]), PAN * dx, PAN * dy);
  return GDK_EVENT_STOP;
}

/* --- widget --- */

static const struct
{
  guint key, keypad;
  int dx, dy;
} arrows[] = {
  { GDK_KEY_Left, GDK_KEY_KP_Left, -1, 0 },
  { GDK_KEY_Right, GDK_KEY_KP_Right, 1, 0 },
  { GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1 },
  { GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1 },
};

static const struct
{
  guint key;
  const char *action;
} keys[] = {
  { GDK_KEY_Escape, "compare.close" },          { GDK_KEY_b, "compare.blink" },
  { GDK_KEY_x, "compare.difference" },          { GDK_KEY_bracketleft, "compare.weaker" },
  { GDK_KEY_bracketright, "compare.stronger" }, { GDK_KEY_plus, "compare.more" },
  { GDK_KEY_KP_Add, "compare.more" },           { GDK_KEY_minus, "compare.fewer" },
  { GDK_KEY_KP_Subtract, "compare.fewer" },
};

static void
tithe_compare_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (object);

  if (id == PROP_BLINK)
    g_value_set_boolean (value, self->blink);
  else if (id == PROP_DIFFERENCE)
    g_value_set_boolean (value, self->difference);
  else if (id == PROP_GAIN)
    g_value_set_int (value, self->gain);
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
  else if (id == PROP_GAIN)
    set_gain (self, g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static gboolean
tithe_compare_view_grab_focus (GtkWidget *widget)
{
  TitheCompareView *self = TITHE_COMPARE_VIEW (widget);

  return self->n > 0 && gtk_widget_grab_focus (GTK_WIDGET (self->panes[self->current]));
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
tithe_compare_view_finalize (GObject *object)
{
  g_array_unref (TITHE_COMPARE_VIEW (object)->images);
  G_OBJECT_CLASS (tithe_compare_view_parent_class)->finalize (object);
}

static void
install_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "compare.close", NULL, close_view);
  gtk_widget_class_install_action (widget_class, "compare.more", NULL, on_more);
  gtk_widget_class_install_action (widget_class, "compare.fewer", NULL, on_fewer);
  gtk_widget_class_install_action (widget_class, "compare.weaker", NULL, on_weaker);
  gtk_widget_class_install_action (widget_class, "compare.stronger", NULL, on_stronger);
  gtk_widget_class_install_property_action (widget_class, "compare.blink", "blink");
  gtk_widget_class_install_property_action (widget_class, "compare.difference", "difference");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    {
      const int dx = arrows[i].dx, dy = arrows[i].dy;

      gtk_widget_class_add_binding (widget_class, arrows[i].key, 0, on_arrow, "(ii)", dx, dy);
      gtk_widget_class_add_binding (widget_class, arrows[i].keypad, 0, on_arrow, "(ii)", dx, dy);
      gtk_widget_class_add_binding (widget_class, arrows[i].key, GDK_SHIFT_MASK, on_pan_key, "(ii)", dx, dy);
    }
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Page_Up, 0, on_step_key, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Page_Down, 0, on_step_key, "i", 1);
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
  object_class->finalize = tithe_compare_view_finalize;
  props[PROP_BLINK] = g_param_spec_boolean ("blink", NULL, NULL, FALSE, flags);
  props[PROP_DIFFERENCE] = g_param_spec_boolean ("difference", NULL, NULL, FALSE, flags);
  props[PROP_GAIN] = g_param_spec_int ("gain", NULL, NULL, 1, TITHE_COMPARE_MAX_GAIN, 4, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CLOSED]
      = g_signal_new ("closed", TITHE_TYPE_COMPARE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[POINTED] = g_signal_new ("pointed", TITHE_TYPE_COMPARE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_UINT);
  g_type_ensure (TITHE_TYPE_FILM_STRIP);
  g_type_ensure (TITHE_TYPE_PANE_LAYOUT);
  g_type_ensure (TITHE_TYPE_WRAP_LAYOUT);
  widget_class->grab_focus = tithe_compare_view_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "compareview");
  install_keys (widget_class);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-compare-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheCompareView, content);
  gtk_widget_class_bind_template_child (widget_class, TitheCompareView, area);
  gtk_widget_class_bind_template_child (widget_class, TitheCompareView, layout);
  gtk_widget_class_bind_template_child (widget_class, TitheCompareView, strip);
  gtk_widget_class_bind_template_child (widget_class, TitheCompareView, strip_window);
  gtk_widget_class_bind_template_child (widget_class, TitheCompareView, title);
  gtk_widget_class_bind_template_child (widget_class, TitheCompareView, gain_box);
  gtk_widget_class_bind_template_child (widget_class, TitheCompareView, gain_label);
  gtk_widget_class_bind_template_callback (widget_class, on_picked);
}

static void
tithe_compare_view_init (TitheCompareView *self)
{
  self->images = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->wanted = TITHE_COMPARE_MAX;
  self->gain = 4;
  self->base_image = self->loading_image = TITHE_IMAGE_NONE;
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < TITHE_COMPARE_MAX; i++)
    {
      GtkWidget *pane = tithe_compare_pane_new ();
      GtkEventController *focus = gtk_event_controller_focus_new ();

      self->panes[i] = TITHE_COMPARE_PANE (pane);
      g_signal_connect_object (pane, "moved", G_CALLBACK (on_moved), self, 0);
      g_signal_connect_object (pane, "loaded", G_CALLBACK (on_loaded), self, 0);
      g_signal_connect_object (focus, "notify::is-focus", G_CALLBACK (on_focused), self, G_CONNECT_SWAPPED);
      gtk_widget_add_controller (pane, focus);
      gtk_box_append (GTK_BOX (self->area), pane);
    }
  set_n (self, 0);
  update_gain (self);
}

/* tithe_compare_view_new: (transfer floating): a view that compares nothing yet */
GtkWidget *
tithe_compare_view_new (void)
{
  return g_object_new (TITHE_TYPE_COMPARE_VIEW, NULL);
}

/* tithe_compare_view_clear: shows nothing, and lets go of subset, embedding and dataset */
void
tithe_compare_view_clear (TitheCompareView *self)
{
  g_return_if_fail (TITHE_IS_COMPARE_VIEW (self));

  drop_base (self);
  set_blink (self, FALSE);
  for (guint i = 0; i < TITHE_COMPARE_MAX; i++)
    tithe_compare_pane_clear (self->panes[i]);
  set_n (self, 0);
  self->current = 0;
  g_array_set_size (self->images, 0);
  tithe_film_strip_set_images (self->strip, NULL, NULL, 0, FALSE);
  self->subset = NULL;
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
}

/**
 * tithe_compare_view_show:
 * @subset: with a curation; must outlive what is shown, or tithe_compare_view_clear() be called
 * @embedding: (nullable): for dissimilarities
 * @images: (array length=n): what can be compared, in the order of the strip
 * @n: at least 1
 * @is_group: whether they are a group, so that each has a number
 *
 * Is about other images; tithe_compare_view_choose() is to follow.
 */
void
tithe_compare_view_show (TitheCompareView *self, TitheSubset *subset, TitheEmbedding *embedding, const guint32 *images,
                         guint n, gboolean is_group)
{
  g_return_if_fail (TITHE_IS_COMPARE_VIEW (self));
  g_return_if_fail (n > 0);

  drop_base (self);
  if (embedding != NULL)
    tithe_embedding_ref (embedding);
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  self->embedding = embedding;
  self->subset = subset;
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  self->dataset
      = tithe_dataset_ref (tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset))));
  g_array_set_size (self->images, 0);
  g_array_append_vals (self->images, images, n);
  self->is_group = is_group;
  tithe_film_strip_set_images (self->strip, subset, images, n, is_group);
}

/**
 * tithe_compare_view_choose:
 * @images: (array length=n) (nullable): what is shown large; the first ones where it is none
 * @current: is shown large in any case, and turned to
 *
 * Chooses among those that can be compared.
 */
void
tithe_compare_view_choose (TitheCompareView *self, const guint32 *images, guint n, guint32 current)
{
  const guint32 *chosen = n > 0 ? images : (const guint32 *) (gpointer) self->images->data;
  const guint n_shown = n > 0 ? MIN (n, TITHE_COMPARE_MAX) : MIN (self->wanted, self->images->len);
  guint pane;

  g_return_if_fail (TITHE_IS_COMPARE_VIEW (self));

  for (guint i = 0; i < n_shown; i++)
    {
      tithe_compare_pane_show (self->panes[i], self->dataset, chosen[i]);
      tithe_image_view_show_all (tithe_compare_pane_get_view (self->panes[i]));
    }
  set_n (self, n_shown);
  if (!find_pane (self, current, &pane))
    {
      pane = n_shown - 1;
      tithe_compare_pane_show (self->panes[pane], self->dataset, current);
    }
  self->current = self->blinking = pane;
  tithe_compare_view_refresh (self);
  turn_to (self, pane);
  focus_current (self);
}

/* tithe_compare_view_set_title: what the images are */
void
tithe_compare_view_set_title (TitheCompareView *self, const char *title)
{
  g_return_if_fail (TITHE_IS_COMPARE_VIEW (self));

  gtk_label_set_text (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), title);
}

/* tithe_compare_view_refresh: follows the subset; the images stay where they are */
void
tithe_compare_view_refresh (TitheCompareView *self)
{
  g_return_if_fail (TITHE_IS_COMPARE_VIEW (self));

  if (self->n == 0)
    return;
  update_base (self);
  update_roles (self);
  tithe_film_strip_refresh (self->strip);
}

/* tithe_compare_view_is_group: whether those that can be compared are a group */
gboolean
tithe_compare_view_is_group (TitheCompareView *self)
{
  g_return_val_if_fail (TITHE_IS_COMPARE_VIEW (self), FALSE);

  return self->is_group;
}

/* tithe_compare_view_has: whether the image is one of those that can be compared */
gboolean
tithe_compare_view_has (TitheCompareView *self, guint32 image)
{
  guint index;

  g_return_val_if_fail (TITHE_IS_COMPARE_VIEW (self), FALSE);

  return tithe_film_strip_find (self->strip, image, &index);
}

/* tithe_compare_view_is_shown: whether the image is one of those that are shown large */
gboolean
tithe_compare_view_is_shown (TitheCompareView *self, guint32 image)
{
  guint pane;

  g_return_val_if_fail (TITHE_IS_COMPARE_VIEW (self), FALSE);

  return find_pane (self, image, &pane);
}

/* tithe_compare_view_get_current: the image that decisions are about, or TITHE_IMAGE_NONE */
guint32
tithe_compare_view_get_current (TitheCompareView *self)
{
  g_return_val_if_fail (TITHE_IS_COMPARE_VIEW (self), TITHE_IMAGE_NONE);

  return self->n > 0 ? get_shown (self, self->current) : TITHE_IMAGE_NONE;
}

/**
 * tithe_compare_view_point:
 * @image: one of those that can be compared
 *
 * Turns to an image, which takes the current one's place where it is not shown large.
 */
void
tithe_compare_view_point (TitheCompareView *self, guint32 image)
{
  guint pane;

  g_return_if_fail (TITHE_IS_COMPARE_VIEW (self));

  if (!find_pane (self, image, &pane))
    {
      exchange (self, image);
      return;
    }
  turn_to (self, pane);
  focus_current (self);
}

/* tithe_compare_view_zoom: all images by a factor */
void
tithe_compare_view_zoom (TitheCompareView *self, double factor)
{
  g_return_if_fail (TITHE_IS_COMPARE_VIEW (self));

  if (self->n > 0)
    tithe_image_view_zoom (tithe_compare_pane_get_view (self->panes[self->current]), factor);
}
