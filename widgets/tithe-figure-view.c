/* SPDX-License-Identifier: MIT */
#include "tithe-figure-view.h"

#define WIDTH 260

struct _TitheFigureView
{
  GtkWidget parent_instance;

  TitheFigureKind kind;
  TitheFigure *figure; /* NULL while there is nothing to show */
  int class_index;     /* that was chosen, or -1 */
  int pointed;         /* that the pointer is at, or -1 */
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheFigureView, tithe_figure_view, GTK_TYPE_WIDGET)

static char *
dup_font (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  g_autoptr (PangoFontDescription) font = pango_font_description_copy (pango_context_get_font_description (context));
  int size = pango_font_description_get_size (font);

  /* Lengths are pixels here. */
  if (!pango_font_description_get_size_is_absolute (font))
    size = (int) (size * pango_cairo_context_get_resolution (context) / 72);
  pango_font_description_set_absolute_size (font, MAX (size, PANGO_SCALE) * 0.82);
  return pango_font_description_to_string (font);
}

static void
tithe_figure_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheFigureView *self = TITHE_FIGURE_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  g_autofree char *font = NULL;
  TitheFigureStyle style = { .highlighted = self->pointed >= 0 ? self->pointed : self->class_index };
  GdkRGBA ink;
  cairo_t *cr;

  if (self->figure == NULL || width < 20 || height < 20)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  style.ink = (TitheColour){ (double) ink.red, (double) ink.green, (double) ink.blue };
  style.font = font = dup_font (widget);
  style.legend = self->kind >= TITHE_N_FIGURES;
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  tithe_figure_draw (self->figure, cr, width, height, &style);
  cairo_destroy (cr);
}

static void
point_at (TitheFigureView *self, int class_index)
{
  if (self->pointed == class_index)
    return;
  self->pointed = class_index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, TitheFigureView *self)
{
  TitheFigureSpot spot;

  if (self->figure == NULL)
    return;
  point_at (self, tithe_figure_find (self->figure, x, y, &spot) ? spot.class_index : -1);
  g_free (spot.text);
}

static void
on_leave (GtkEventControllerMotion *motion, TitheFigureView *self)
{
  point_at (self, -1);
}

static void
on_pressed (GtkGestureClick *click, int n_press, double x, double y, TitheFigureView *self)
{
  TitheFigureSpot spot;

  if (self->figure == NULL || !tithe_figure_find (self->figure, x, y, &spot))
    return;
  g_free (spot.text);
  g_signal_emit (self, signals[CHOSEN], 0, spot.class_index, spot.min_size, spot.max_size);
}

static gboolean
on_query_tooltip (TitheFigureView *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  TitheFigureSpot spot;

  if (self->figure == NULL || !tithe_figure_find (self->figure, x, y, &spot))
    return FALSE;
  gtk_tooltip_set_text (tooltip, spot.text);
  g_free (spot.text);
  return TRUE;
}

static void
tithe_figure_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                           int *minimum_baseline, int *natural_baseline)
{
  TitheFigureView *self = TITHE_FIGURE_VIEW (widget);

  *minimum = *natural = WIDTH;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural
        = self->figure ? (int) tithe_figure_get_height (self->figure, for_size > 0 ? for_size : WIDTH) : 160;
}

static GtkSizeRequestMode
tithe_figure_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
tithe_figure_view_dispose (GObject *object)
{
  g_clear_pointer (&TITHE_FIGURE_VIEW (object)->figure, tithe_figure_free);
  G_OBJECT_CLASS (tithe_figure_view_parent_class)->dispose (object);
}

static void
tithe_figure_view_class_init (TitheFigureViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_figure_view_dispose;
  widget_class->snapshot = tithe_figure_view_snapshot;
  widget_class->measure = tithe_figure_view_measure;
  widget_class->get_request_mode = tithe_figure_view_get_request_mode;
  signals[CHOSEN] = g_signal_new ("chosen", TITHE_TYPE_FIGURE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  3, G_TYPE_INT, G_TYPE_UINT, G_TYPE_UINT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "figure");
}

static void
tithe_figure_view_init (TitheFigureView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->class_index = self->pointed = -1;
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
}

/* tithe_figure_view_new: (transfer floating): a view of figures of one kind, empty until it is shown something */
GtkWidget *
tithe_figure_view_new (TitheFigureKind kind)
{
  TitheFigureView *self = g_object_new (TITHE_TYPE_FIGURE_VIEW, NULL);

  tithe_figure_view_set_kind (self, kind);
  return GTK_WIDGET (self);
}

/* tithe_figure_view_set_kind: what is shown next is of this kind */
void
tithe_figure_view_set_kind (TitheFigureView *self, TitheFigureKind kind)
{
  g_return_if_fail (TITHE_IS_FIGURE_VIEW (self));

  self->kind = kind;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  tithe_figure_kind_get_title (kind), -1);
}

/**
 * tithe_figure_view_show:
 * @subset: (nullable): as it is now; nothing of it is kept
 * @class_index: that stands out, or -1
 */
void
tithe_figure_view_show (TitheFigureView *self, TitheSubset *subset, int class_index)
{
  gboolean had = self->figure != NULL;

  g_return_if_fail (TITHE_IS_FIGURE_VIEW (self));

  g_clear_pointer (&self->figure, tithe_figure_free);
  self->figure = subset ? tithe_figure_new_with_class (self->kind, subset, class_index) : NULL;
  self->class_index = class_index;
  if (had != (self->figure != NULL))
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tithe_figure_view_take_figure:
 * @figure: (transfer full) (nullable): what is shown from now on
 */
void
tithe_figure_view_take_figure (TitheFigureView *self, TitheFigure *figure)
{
  g_return_if_fail (TITHE_IS_FIGURE_VIEW (self));

  g_clear_pointer (&self->figure, tithe_figure_free);
  self->figure = figure;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
