/* SPDX-License-Identifier: MIT */
#include "tithe-ratio-bar.h"
#include "tithe-fold-bin.h"
#include "tithe-format.h"
#include "tithe-scale-place.h"
#include "tithe-wrap-layout.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_POINTS 200

struct _TitheRatioBar
{
  GtkWidget parent_instance;

  GtkAdjustment *adjustment; /* percent */
  GtkWidget *content, *curve, *scale, *entry;
  GtkLabel *title;
  GtkDropDown *policy;
  TitheCut *cut;
  int class_index; /* whose ratio it is, or -1 for all that have none of their own */
  double ratio;    /* as it was told last */
  double floor;    /* percent, on the same grid: below it the images were not clustered; 0 where they were */
  float heights[N_POINTS + 1]; /* at ratios from lowest to highest */
  gboolean has_heights;
};

enum
{
  PROP_RATIO = 1,
  PROP_POLICY,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_TYPE (TitheRatioBar, tithe_ratio_bar, GTK_TYPE_WIDGET)

static double
point_to_ratio (guint point)
{
  return 0.01 + 0.99 * point / N_POINTS;
}

static void
measure_heights (TitheRatioBar *self)
{
  self->has_heights = self->cut != NULL && tithe_cut_get_n_images (self->cut) > 1;
  if (!self->has_heights)
    return;
  for (guint i = 0; i <= N_POINTS; i++)
    self->heights[i]
        = tithe_cut_get_height_at (self->cut, self->class_index, point_to_ratio (i), tithe_ratio_bar_get_policy (self));
}

static char *
dup_floor (TitheRatioBar *self)
{
  return g_strdup_printf (_("The images were clustered down to %.1f %%: nothing is known of lower ratios"),
                          self->floor);
}

/* On the grid of the ratio, and not below what is known. */
static void
measure_floor (TitheRatioBar *self)
{
  const double floor = self->cut == NULL        ? 0
                       : self->class_index >= 0 ? tithe_cut_get_class_floor (self->cut, (guint) self->class_index)
                                                : tithe_cut_get_floor (self->cut, tithe_ratio_bar_get_policy (self));
  g_autofree char *text = NULL;

  self->floor = ceil (floor * 1000 - 1e-6) / 10;
  if (self->floor > 1)
    text = dup_floor (self);
  gtk_widget_set_tooltip_text (self->entry, text);
  if (gtk_adjustment_get_value (self->adjustment) < self->floor)
    gtk_adjustment_set_value (self->adjustment, self->floor);
}

/* Along the heights: square roots, because most of what is worth seeing is close to 0. */
static void
trace_curve (TitheRatioBar *self, cairo_t *cr, double left, double right, int height)
{
  const double top = 4;

  for (guint i = 0; i <= N_POINTS; i++)
    cairo_line_to (cr, left + (right - left) * i / N_POINTS,
                   height - 1 - (height - 1 - top) * sqrt (self->heights[i] / self->heights[0]));
}

static void
draw_curve (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  TitheRatioBar *self = user_data;
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (area));
  double fraction = (gtk_adjustment_get_value (self->adjustment) - 1) / 99;
  double left = tithe_scale_place (self->scale, self->curve, 0),
         right = tithe_scale_place (self->scale, self->curve, 1), now = left + fraction * (right - left);
  GdkRGBA color;

  if (!self->has_heights || self->heights[0] <= 0)
    return;
  if (!gtk_style_context_lookup_color (style, "accent_color", &color))
    gtk_style_context_get_color (style, &color);
  cairo_move_to (cr, left, height);
  trace_curve (self, cr, left, right, height);
  cairo_line_to (cr, right, height);
  cairo_close_path (cr);
  if (self->floor > 1)
    {
      /* Nothing is drawn of what is not known. */
      const double known = left + (self->floor - 1) / 99 * (right - left);

      cairo_path_t *path = cairo_copy_path (cr);

      cairo_new_path (cr);
      cairo_rectangle (cr, MIN (known, right), 0, fabs (right - known), height);
      cairo_clip (cr);
      cairo_append_path (cr, path);
      cairo_path_destroy (path);
    }
  color.alpha = 0.12f;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_fill_preserve (cr);
  /* What the ratio merges lies beyond the slider. */
  cairo_save (cr);
  cairo_clip (cr);
  color.alpha = 0.2f;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_rectangle (cr, now, 0, right - now, height);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_new_path (cr);
  trace_curve (self, cr, left, right, height);
  color.alpha = 0.7f;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}

static gboolean
on_curve_tooltip (TitheRatioBar *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  double left = tithe_scale_place (self->scale, self->curve, 0),
         right = tithe_scale_place (self->scale, self->curve, 1), fraction;
  g_autofree char *text = NULL, *height = NULL;

  if (!self->has_heights || keyboard || left == right)
    return FALSE;
  fraction = CLAMP ((x - left) / (right - left), 0, 1);
  if (1 + 99 * fraction < self->floor)
    {
      text = dup_floor (self);
      gtk_tooltip_set_text (tooltip, text);
      return TRUE;
    }
  height = tithe_format_dissimilarity (self->heights[(guint) (fraction * N_POINTS + 0.5)]);
  text = g_strdup_printf (_("At %.1f %% images up to dissimilarity %s are merged"), 1 + 99 * fraction, height);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* The slider moves by less than the thousandths that the ratio goes by. */
static void
on_value_changed (TitheRatioBar *self)
{
  double ratio = round (gtk_adjustment_get_value (self->adjustment) * 10) / 1000;

  if (ratio * 100 < self->floor - 1e-9)
    {
      /* Comes back here. */
      gtk_adjustment_set_value (self->adjustment, self->floor);
      return;
    }
  gtk_widget_queue_draw (self->curve);
  if (ratio == self->ratio)
    return;
  self->ratio = ratio;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RATIO]);
}

static void
on_policy_changed (TitheRatioBar *self)
{
  tithe_ratio_bar_refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_POLICY]);
}

/* 90.0 %, the sign and its space as the language has them. */
static gboolean
on_entry_output (GtkSpinButton *entry)
{
  g_autofree char *text = g_strdup_printf (_("%.1f %%"), gtk_spin_button_get_value (entry));

  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (entry)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (entry), text);
  return TRUE;
}

/* Signs and spaces of any language are passed over, and may be left away; letters are not. */
static int
on_entry_input (GtkSpinButton *entry, double *value)
{
  g_autoptr (GString) number = g_string_new (NULL);
  char *end;

  for (const char *text = gtk_editable_get_text (GTK_EDITABLE (entry)); *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (g_unichar_isdigit (c))
        g_string_append_c (number, (char) ('0' + g_unichar_digit_value (c)));
      else if (c == '.' || c == ',' || c == '-' || g_unichar_isalpha (c))
        g_string_append_unichar (number, c);
    }
  *value = g_strtod (number->str, &end);
  if (end != number->str && *end == '\0')
    return TRUE;
  *value = gtk_spin_button_get_value (entry);
  return GTK_INPUT_ERROR;
}

static void
tithe_ratio_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TitheRatioBar *self = TITHE_RATIO_BAR (object);

  if (id == PROP_RATIO)
    g_value_set_double (value, tithe_ratio_bar_get_ratio (self));
  else if (id == PROP_POLICY)
    g_value_set_uint (value, tithe_ratio_bar_get_policy (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
tithe_ratio_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TitheRatioBar *self = TITHE_RATIO_BAR (object);

  if (id == PROP_RATIO)
    tithe_ratio_bar_set_ratio (self, g_value_get_double (value));
  else if (id == PROP_POLICY)
    tithe_ratio_bar_set_policy (self, (TithePolicy) g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
tithe_ratio_bar_dispose (GObject *object)
{
  TitheRatioBar *self = TITHE_RATIO_BAR (object);

  self->cut = NULL;
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_ratio_bar_parent_class)->dispose (object);
}

static void
tithe_ratio_bar_class_init (TitheRatioBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = tithe_ratio_bar_get_property;
  object_class->set_property = tithe_ratio_bar_set_property;
  object_class->dispose = tithe_ratio_bar_dispose;
  props[PROP_RATIO] = g_param_spec_double ("ratio", NULL, NULL, 0.01, 1, 0.9, flags);
  props[PROP_POLICY] = g_param_spec_uint ("policy", NULL, NULL, TITHE_POLICY_PER_CLASS, TITHE_POLICY_GLOBAL,
                                          TITHE_POLICY_PER_CLASS, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_type_ensure (TITHE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "ratiobar");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-ratio-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheRatioBar, adjustment);
  gtk_widget_class_bind_template_child (widget_class, TitheRatioBar, content);
  gtk_widget_class_bind_template_child (widget_class, TitheRatioBar, curve);
  gtk_widget_class_bind_template_child (widget_class, TitheRatioBar, scale);
  gtk_widget_class_bind_template_child (widget_class, TitheRatioBar, entry);
  gtk_widget_class_bind_template_child (widget_class, TitheRatioBar, policy);
  gtk_widget_class_bind_template_child (widget_class, TitheRatioBar, title);
  gtk_widget_class_bind_template_callback (widget_class, on_value_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_policy_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_output);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_input);
  gtk_widget_class_bind_template_callback (widget_class, on_curve_tooltip);
}

static void
tithe_ratio_bar_init (TitheRatioBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->class_index = -1;
  on_value_changed (self);
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->curve), draw_curve, self, NULL);
}

/* tithe_ratio_bar_new: (transfer floating): a bar without a curve, at 90 % and the same share of each class */
GtkWidget *
tithe_ratio_bar_new (void)
{
  return g_object_new (TITHE_TYPE_RATIO_BAR, NULL);
}

/**
 * tithe_ratio_bar_get_ratio:
 *
 * Returns: the share of the images to keep, 0.01 to 1, on a grid of thousandths as the entry shows it
 */
double
tithe_ratio_bar_get_ratio (TitheRatioBar *self)
{
  g_return_val_if_fail (TITHE_IS_RATIO_BAR (self), 1);
  return self->ratio;
}

/* tithe_ratio_bar_set_ratio: @ratio is the share of the images to keep; it is clamped to 0.01, or how far down the images were clustered, to 1 */
void
tithe_ratio_bar_set_ratio (TitheRatioBar *self, double ratio)
{
  g_return_if_fail (TITHE_IS_RATIO_BAR (self));
  gtk_adjustment_set_value (self->adjustment, ratio * 100);
}

/* tithe_ratio_bar_get_policy: how the classes share what is kept */
TithePolicy
tithe_ratio_bar_get_policy (TitheRatioBar *self)
{
  g_return_val_if_fail (TITHE_IS_RATIO_BAR (self), TITHE_POLICY_PER_CLASS);
  return gtk_drop_down_get_selected (self->policy) == 1 ? TITHE_POLICY_GLOBAL : TITHE_POLICY_PER_CLASS;
}

/* tithe_ratio_bar_set_policy: how the classes share what is kept */
void
tithe_ratio_bar_set_policy (TitheRatioBar *self, TithePolicy policy)
{
  g_return_if_fail (TITHE_IS_RATIO_BAR (self));
  gtk_drop_down_set_selected (self->policy, policy == TITHE_POLICY_GLOBAL ? 1 : 0);
}

/**
 * tithe_ratio_bar_set_narrow:
 * @elsewhere: where the choice of the policy stands as long as the bar is narrow
 *
 * Shows little more than slider and entry, or everything again.
 */
void
tithe_ratio_bar_set_narrow (TitheRatioBar *self, gboolean narrow, GtkBox *elsewhere)
{
  g_return_if_fail (TITHE_IS_RATIO_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self->title), !narrow);
  gtk_widget_set_size_request (gtk_widget_get_parent (self->curve), narrow ? 120 : 240, -1);
  tithe_fold_bin_move (GTK_WIDGET (self->policy), narrow ? elsewhere : GTK_BOX (self->content));
}

/**
 * tithe_ratio_bar_set_cut:
 * @cut: (nullable) (transfer none): of which the curve is drawn; must outlive the bar or be taken back with %NULL
 */
void
tithe_ratio_bar_set_cut (TitheRatioBar *self, TitheCut *cut)
{
  g_return_if_fail (TITHE_IS_RATIO_BAR (self));

  self->cut = cut;
  tithe_ratio_bar_set_class (self, -1);
  tithe_ratio_bar_refresh (self);
}

/**
 * tithe_ratio_bar_set_class:
 * @class_index: whose own ratio the bar shows from now on, or -1 for the ratio of all
 */
void
tithe_ratio_bar_set_class (TitheRatioBar *self, int class_index)
{
  g_autofree char *title = NULL;

  g_return_if_fail (TITHE_IS_RATIO_BAR (self) && (class_index < 0 || self->cut != NULL));

  if (class_index == self->class_index)
    return;
  self->class_index = class_index;
  if (class_index >= 0)
    title = g_strdup_printf (_("Ratio of “%s”"), tithe_dataset_get_class_name (
                                                      tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (self->cut)),
                                                      (guint) class_index));
  gtk_label_set_text (self->title, title ? title : _("Subset ratio"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->policy), class_index < 0);
  tithe_ratio_bar_refresh (self);
}

/**
 * tithe_ratio_bar_refresh:
 *
 * To be called when the cut knows more classes than before.
 */
void
tithe_ratio_bar_refresh (TitheRatioBar *self)
{
  g_return_if_fail (TITHE_IS_RATIO_BAR (self));

  measure_heights (self);
  measure_floor (self);
  gtk_widget_queue_draw (self->curve);
}
