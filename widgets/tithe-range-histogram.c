/* SPDX-License-Identifier: MIT */
#include "tithe-range-histogram.h"
#include "tithe-format.h"
#include "tithe-scale-place.h"

#include <glib/gi18n.h>
#include <math.h>

/* Pixels: the bars, the highest and that of a single group, and the line on which they stand. */
#define WIDTH 300
#define BARS 44
#define LEAST 2.0f
#define LINE 3.0f

enum
{
  LOW,
  HIGH,
  N_HANDLES
};

struct _TitheRangeHistogram
{
  GtkWidget parent_instance;

  TitheRangeKind kind;
  TitheHistogram histogram;
  float range[N_HANDLES]; /* what is wanted, both included; 0 where there is no end */
  GtkWidget *header, *title, *text;
  GtkWidget *scales[N_HANDLES]; /* whose sliders are the handles: keys and screen readers move them as any other */
  GtkWidget *dragged;
  gboolean following; /* the handles are made to follow the range, not the other way round */
};

enum
{
  PROP_KIND = 1,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheRangeHistogram, tithe_range_histogram, GTK_TYPE_WIDGET)

/* --- what is wanted --- */

/* Sizes are whole: up to 9 images is up to where 10 begins. */
static float
get_beyond (TitheRangeHistogram *self, guint handle)
{
  return handle == HIGH && self->kind == TITHE_RANGE_SIZES ? 1 : 0;
}

/* Where a handle stands, in bars. */
static double
locate (TitheRangeHistogram *self, guint handle)
{
  if (self->range[handle] <= 0)
    return handle == LOW ? 0 : self->histogram.n;
  return tithe_histogram_locate (&self->histogram, self->range[handle] + get_beyond (self, handle));
}

/* What a handle wants that stands at an edge. */
static float
get_value_at (TitheRangeHistogram *self, guint handle, guint edge)
{
  if (edge == (handle == LOW ? 0 : self->histogram.n))
    return 0;
  return self->histogram.edges[edge] - get_beyond (self, handle);
}

static char *
dup_value_text (TitheRangeHistogram *self, guint handle)
{
  const float first = self->histogram.edges[0];
  const float value = handle == LOW && self->range[LOW] < first ? first : self->range[handle];

  if (self->kind == TITHE_RANGE_SIZES)
    return tithe_format_size_range ((guint32) value, (guint32) value);
  return handle == HIGH && value <= 0 ? tithe_format_spread_range (0, 0) : tithe_format_dissimilarity (value);
}

static void
show_range (TitheRangeHistogram *self)
{
  g_autofree char *text = self->kind == TITHE_RANGE_SIZES
                              ? tithe_format_size_range ((guint32) self->range[LOW], (guint32) self->range[HIGH])
                              : tithe_format_spread_range (self->range[LOW], self->range[HIGH]);

  self->following = TRUE;
  gtk_label_set_text (GTK_LABEL (self->text), text);
  for (guint i = 0; i < N_HANDLES; i++)
    {
      g_autofree char *value = dup_value_text (self, i);

      gtk_range_set_value (GTK_RANGE (self->scales[i]), locate (self, i));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->scales[i]), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, value, -1);
    }
  self->following = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* To the nearest edge, and never past the other handle: some group would fit in. */
static void
move (TitheRangeHistogram *self, guint handle, double place)
{
  const double other = locate (self, 1 - handle);
  double edge = round (place);
  float value;

  edge = handle == LOW ? MIN (edge, ceil (other) - 1) : MAX (edge, floor (other) + 1);
  value = get_value_at (self, handle, (guint) CLAMP (edge, 0, self->histogram.n));
  if (value == self->range[handle])
    {
      show_range (self);
      return;
    }
  self->range[handle] = value;
  show_range (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_value_changed (TitheRangeHistogram *self, GtkWidget *scale)
{
  if (!self->following)
    move (self, scale == self->scales[HIGH] ? HIGH : LOW, gtk_range_get_value (GTK_RANGE (scale)));
}

/* --- the pointer --- */

static double
x_to_place (TitheRangeHistogram *self, double x)
{
  const double left = tithe_scale_place (self->scales[LOW], GTK_WIDGET (self), 0);
  const double right = tithe_scale_place (self->scales[LOW], GTK_WIDGET (self), 1);

  return left == right ? 0 : CLAMP ((x - left) / (right - left), 0, 1) * self->histogram.n;
}

/* The handle that is nearer; between two that are as near the one that can get there. */
static guint
find_handle (TitheRangeHistogram *self, double place)
{
  const double low = fabs (place - locate (self, LOW)), high = fabs (place - locate (self, HIGH));

  return low < high || (low == high && place < locate (self, LOW)) ? LOW : HIGH;
}

static void
on_drag_begin (GtkGestureDrag *drag, double x, double y, TitheRangeHistogram *self)
{
  graphene_rect_t header;
  guint handle = find_handle (self, x_to_place (self, x));

  if (gtk_widget_compute_bounds (self->header, GTK_WIDGET (self), &header) && y < (double) header.size.height)
    {
      gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_CLAIMED);
  self->dragged = self->scales[handle];
  gtk_widget_grab_focus (self->dragged);
  move (self, handle, x_to_place (self, x));
}

static void
on_drag_update (GtkGestureDrag *drag, double dx, double dy, TitheRangeHistogram *self)
{
  double x, y;

  if (self->dragged != NULL && gtk_gesture_drag_get_start_point (drag, &x, &y))
    move (self, self->dragged == self->scales[HIGH] ? HIGH : LOW, x_to_place (self, x + dx));
}

static void
on_drag_end (GtkGestureDrag *drag, double dx, double dy, TitheRangeHistogram *self)
{
  self->dragged = NULL;
}

/* --- drawing --- */

static float
get_highest (TitheRangeHistogram *self)
{
  guint32 highest = 1;

  for (guint i = 0; i < self->histogram.n; i++)
    highest = MAX (highest, self->histogram.counts[i]);
  return (float) highest;
}

/* Square roots: a few large groups are seen beside thousands of pairs. */
static void
append_bars (TitheRangeHistogram *self, GtkSnapshot *snapshot, double left, double right, float foot,
             const GdkRGBA *colour)
{
  const double bar = (right - left) / self->histogram.n;
  const float highest = get_highest (self), gap = fabs (bar) > 16 ? 2 : fabs (bar) > 4 ? 1 : 0;

  for (guint i = 0; i < self->histogram.n; i++)
    {
      const double x = bar > 0 ? left + bar * i : left + bar * (i + 1);
      const float height = BARS * sqrtf ((float) self->histogram.counts[i] / highest);

      if (self->histogram.counts[i] > 0)
        gtk_snapshot_append_color (snapshot, colour,
                                   &GRAPHENE_RECT_INIT ((float) x + gap / 2, foot - MAX (height, LEAST),
                                                        (float) fabs (bar) - gap, MAX (height, LEAST)));
    }
  gtk_snapshot_append_color (snapshot, colour,
                             &GRAPHENE_RECT_INIT ((float) MIN (left, right), foot, (float) fabs (right - left), LINE));
}

static void
tithe_range_histogram_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheRangeHistogram *self = TITHE_RANGE_HISTOGRAM (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  const double left = tithe_scale_place (self->scales[LOW], widget, 0);
  const double right = tithe_scale_place (self->scales[LOW], widget, 1);
  const double n = self->histogram.n;
  const float low = (float) (left + (right - left) * locate (self, LOW) / n);
  const float high = (float) (left + (right - left) * locate (self, HIGH) / n);
  graphene_rect_t scale;
  GdkRGBA ink, accent;
  float foot;

  if (!gtk_widget_compute_bounds (self->scales[LOW], widget, &scale))
    return;
  foot = scale.origin.y + scale.size.height / 2 - LINE / 2;
  gtk_style_context_get_color (style, &ink);
  if (!gtk_style_context_lookup_color (style, "accent_bg_color", &accent))
    accent = ink;
  ink.alpha *= 0.22f;
  append_bars (self, snapshot, left, right, foot, &ink);
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (MIN (low, high), 0, fabsf (high - low), foot + LINE));
  append_bars (self, snapshot, left, right, foot, &accent);
  gtk_snapshot_pop (snapshot);
  GTK_WIDGET_CLASS (tithe_range_histogram_parent_class)->snapshot (widget, snapshot);
}

/* --- widget --- */

static void
tithe_range_histogram_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                               int *minimum_baseline, int *natural_baseline)
{
  TitheRangeHistogram *self = TITHE_RANGE_HISTOGRAM (widget);
  int header, scale;

  gtk_widget_measure (self->header, orientation, -1, &header, NULL, NULL, NULL);
  gtk_widget_measure (self->scales[LOW], orientation, -1, &scale, NULL, NULL, NULL);
  *minimum = *natural
      = orientation == GTK_ORIENTATION_HORIZONTAL ? MAX (MAX (header, scale), WIDTH) : header + BARS + scale;
}

static void
tithe_range_histogram_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TitheRangeHistogram *self = TITHE_RANGE_HISTOGRAM (widget);
  int header, scale;

  gtk_widget_measure (self->header, GTK_ORIENTATION_VERTICAL, width, &header, NULL, NULL, NULL);
  gtk_widget_measure (self->scales[LOW], GTK_ORIENTATION_VERTICAL, width, &scale, NULL, NULL, NULL);
  gtk_widget_size_allocate (self->header, &(GtkAllocation){ 0, 0, width, header }, -1);
  for (guint i = 0; i < N_HANDLES; i++)
    gtk_widget_size_allocate (self->scales[i], &(GtkAllocation){ 0, height - scale, width, scale }, -1);
}

static void
tithe_range_histogram_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_KIND)
    g_value_set_uint (value, TITHE_RANGE_HISTOGRAM (object)->kind);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
tithe_range_histogram_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_KIND)
    TITHE_RANGE_HISTOGRAM (object)->kind = (TitheRangeKind) g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static GtkWidget *
new_handle (TitheRangeHistogram *self, const char *name)
{
  GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, gtk_adjustment_new (0, 0, 1, 1, 5, 0));

  gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
  gtk_widget_set_can_target (scale, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (scale, "value-changed", G_CALLBACK (on_value_changed), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent (scale, GTK_WIDGET (self));
  return scale;
}

static void
tithe_range_histogram_constructed (GObject *object)
{
  TitheRangeHistogram *self = TITHE_RANGE_HISTOGRAM (object);
  const gboolean sizes = self->kind == TITHE_RANGE_SIZES;
  TitheHistogram empty;

  G_OBJECT_CLASS (tithe_range_histogram_parent_class)->constructed (object);
  gtk_label_set_text (GTK_LABEL (self->title), sizes ? _("Group size") : _("Spread"));
  self->scales[LOW] = new_handle (self, sizes ? _("Images of a group, at least") : _("Spread of a group, at least"));
  self->scales[HIGH] = new_handle (self, sizes ? _("Images of a group, at most") : _("Spread of a group, at most"));
  tithe_histogram_init_sizes (&empty, 2);
  tithe_range_histogram_show (self, &empty);
}

static void
tithe_range_histogram_dispose (GObject *object)
{
  TitheRangeHistogram *self = TITHE_RANGE_HISTOGRAM (object);

  g_clear_pointer (&self->header, gtk_widget_unparent);
  for (guint i = 0; i < N_HANDLES; i++)
    g_clear_pointer (&self->scales[i], gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_range_histogram_parent_class)->dispose (object);
}

static void
tithe_range_histogram_class_init (TitheRangeHistogramClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = tithe_range_histogram_get_property;
  object_class->set_property = tithe_range_histogram_set_property;
  object_class->constructed = tithe_range_histogram_constructed;
  object_class->dispose = tithe_range_histogram_dispose;
  props[PROP_KIND] = g_param_spec_uint ("kind", NULL, NULL, TITHE_RANGE_SIZES, TITHE_RANGE_SPREADS, TITHE_RANGE_SIZES,
                                        G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED]
      = g_signal_new ("changed", TITHE_TYPE_RANGE_HISTOGRAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  widget_class->measure = tithe_range_histogram_measure;
  widget_class->size_allocate = tithe_range_histogram_size_allocate;
  widget_class->snapshot = tithe_range_histogram_snapshot;
  gtk_widget_class_set_css_name (widget_class, "rangehistogram");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
tithe_range_histogram_init (TitheRangeHistogram *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->title = gtk_label_new (NULL);
  self->text = gtk_label_new (NULL);
  gtk_widget_set_hexpand (self->title, TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_widget_add_css_class (self->text, "numeric");
  gtk_widget_add_css_class (self->text, "dim-label");
  gtk_box_append (GTK_BOX (self->header), self->title);
  gtk_box_append (GTK_BOX (self->header), self->text);
  gtk_widget_set_parent (self->header, GTK_WIDGET (self));
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

/* tithe_range_histogram_new: (transfer floating): one that wants all groups, and has none */
GtkWidget *
tithe_range_histogram_new (TitheRangeKind kind)
{
  return g_object_new (TITHE_TYPE_RANGE_HISTOGRAM, "kind", (guint) kind, NULL);
}

/**
 * tithe_range_histogram_show:
 * @histogram: as it is now; copied
 *
 * Shows other bars. What is wanted stays, also where no bar reaches as far.
 */
void
tithe_range_histogram_show (TitheRangeHistogram *self, const TitheHistogram *histogram)
{
  g_return_if_fail (TITHE_IS_RANGE_HISTOGRAM (self) && histogram->n > 0);

  self->histogram = *histogram;
  self->following = TRUE;
  for (guint i = 0; i < N_HANDLES; i++)
    gtk_adjustment_set_upper (gtk_range_get_adjustment (GTK_RANGE (self->scales[i])), histogram->n);
  show_range (self);
}

/**
 * tithe_range_histogram_set_range:
 * @low: what is wanted at least; 0 for no end
 * @high: what is wanted at most; 0 for no end
 *
 * Moves the handles without the signal.
 */
void
tithe_range_histogram_set_range (TitheRangeHistogram *self, float low, float high)
{
  g_return_if_fail (TITHE_IS_RANGE_HISTOGRAM (self));

  self->range[LOW] = low;
  self->range[HIGH] = high;
  show_range (self);
}

/* tithe_range_histogram_get_low: what is wanted at least; 0 where there is no such end */
float
tithe_range_histogram_get_low (TitheRangeHistogram *self)
{
  g_return_val_if_fail (TITHE_IS_RANGE_HISTOGRAM (self), 0);
  return self->range[LOW];
}

/* tithe_range_histogram_get_high: what is wanted at most; 0 where there is no such end */
float
tithe_range_histogram_get_high (TitheRangeHistogram *self)
{
  g_return_val_if_fail (TITHE_IS_RANGE_HISTOGRAM (self), 0);
  return self->range[HIGH];
}
