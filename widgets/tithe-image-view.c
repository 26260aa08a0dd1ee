/* SPDX-License-Identifier: MIT */
#include "tithe-image-view.h"
#include "tithe-pixels-loader.h"
#include "tithe-texture.h"

#define MAX_ZOOM 64.0
/* Pixels of a smaller picture are seen as squares, those of any picture at this scale. */
#define SHARP_BELOW 256
#define SHARP_SCALE 4
#define FRAME 4.0f
/* As high as wide up to here. */
#define MAX_SQUARE 480
/* Pixels of a picture that is made ready in a thread: 2048 squared take 3 ms, 4096 squared 100 where the memory is new. */
#define MANY_PIXELS (1u << 22)

struct _TitheImageView
{
  GtkWidget parent_instance;

  cairo_surface_t *surface; /* (nullable): the picture */
  GdkTexture *texture;      /* (nullable): the same for a graphics card */
  GCancellable *preparing;  /* (nullable): of another picture */
  guint width, height;      /* of the picture in its own pixels */
  double zoom;              /* 1 where it just fits */
  double x, y;              /* of the middle of the view in the picture, 0 to 1 */
  double drag_x, drag_y;
  double pointer_x, pointer_y; /* in the view */
  gboolean kept;
  TitheBadge badge;
  gboolean square; /* as high as it is wide */
};

enum
{
  PROP_SQUARE = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheImageView, tithe_image_view, GTK_TYPE_WIDGET)

/* Pixels of the screen for one of the picture. */
static double
get_scale (TitheImageView *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self)), height = gtk_widget_get_height (GTK_WIDGET (self));

  return self->zoom * MIN (width / MAX (1, self->width), height / MAX (1, self->height));
}

static void
place (TitheImageView *self, double zoom, double x, double y)
{
  self->zoom = CLAMP (zoom, 1.0, MAX_ZOOM);
  self->x = self->zoom > 1 ? CLAMP (x, 0.0, 1.0) : 0.5;
  self->y = self->zoom > 1 ? CLAMP (y, 0.0, 1.0) : 0.5;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
move (TitheImageView *self, double zoom, double x, double y)
{
  place (self, zoom, x, y);
  g_signal_emit (self, signals[MOVED], 0);
}

/* The place of the picture at a point of the view, 0 to 1; at its edge where the point is beyond it. */
static double
to_place (double point, double middle, double length, double view_length)
{
  return CLAMP (middle + (point - view_length / 2) / MAX (1, length), 0.0, 1.0);
}

/* What is at the pointer stays there; the middle of the view comes nearer to it, or goes away from it. */
static void
zoom_at_pointer (TitheImageView *self, double factor)
{
  double zoom = CLAMP (self->zoom * factor, 1.0, MAX_ZOOM), scale = get_scale (self), shrink = self->zoom / zoom;
  double x = to_place (self->pointer_x, self->x, self->width * scale, gtk_widget_get_width (GTK_WIDGET (self)));
  double y = to_place (self->pointer_y, self->y, self->height * scale, gtk_widget_get_height (GTK_WIDGET (self)));

  move (self, zoom, x + (self->x - x) * shrink, y + (self->y - y) * shrink);
}

static gboolean
on_scroll (GtkEventControllerScroll *scroll, double dx, double dy, TitheImageView *self)
{
  /* Where all is shown, who turns on wants to see what is below. */
  if (self->surface == NULL || (dy >= 0 && self->zoom <= 1))
    return GDK_EVENT_PROPAGATE;
  zoom_at_pointer (self, dy < 0 ? 1.25 : 0.8);
  return GDK_EVENT_STOP;
}

static void
on_motion (GtkEventControllerMotion *motion, double x, double y, TitheImageView *self)
{
  self->pointer_x = x;
  self->pointer_y = y;
}

static void
on_drag_begin (GtkGestureDrag *drag, double x, double y, TitheImageView *self)
{
  self->drag_x = self->x;
  self->drag_y = self->y;
}

static void
on_drag_update (GtkGestureDrag *drag, double dx, double dy, TitheImageView *self)
{
  double scale = get_scale (self);

  if (scale > 0)
    move (self, self->zoom, self->drag_x - dx / scale / self->width, self->drag_y - dy / scale / self->height);
}

static void
on_pressed (GtkGestureClick *click, int n_press, double x, double y, TitheImageView *self)
{
  if (n_press == 2)
    move (self, 1, 0.5, 0.5);
}

/* Around what of a kept picture is in view, in the colour of the style; a white line parts it from a picture of that colour. */
static void
snapshot_frame (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
  const GdkRGBA white = { 1.0f, 1.0f, 1.0f, 1.0f };
  GskRoundedRect outline;
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gsk_rounded_rect_init_from_rect (&outline, bounds, 0);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ FRAME, FRAME, FRAME, FRAME },
                              (GdkRGBA[4]){ color, color, color, color });
  gsk_rounded_rect_shrink (&outline, FRAME, FRAME, FRAME, FRAME);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ white, white, white, white });
}

/* In the lower right corner of what is in view of the picture, where there is room for it. */
static void
snapshot_badge (TitheImageView *self, GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
  const float size = TITHE_BADGE_SIZE, inset = FRAME + size / 2 + 3;
  GdkRGBA color;
  cairo_t *cr;

  if (self->badge == TITHE_BADGE_NONE || MIN (bounds->size.width, bounds->size.height) < 2 * size)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  cr = gtk_snapshot_append_cairo (snapshot, bounds);
  cairo_translate (cr, bounds->origin.x + bounds->size.width - inset, bounds->origin.y + bounds->size.height - inset);
  tithe_badge_draw (self->badge, cr, &color);
  cairo_destroy (cr);
}

/* Cairo draws pixels as squares, which a texture has no way to ask for in GTK 4.8, and what is large without converting it in
 * each frame as Cairo's renderer does with a texture. */
static void
snapshot_surface (TitheImageView *self, GtkSnapshot *snapshot, const graphene_rect_t *bounds,
                  const graphene_rect_t *seen, gboolean sharp)
{
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, seen);

  cairo_rectangle (cr, seen->origin.x, seen->origin.y, seen->size.width, seen->size.height);
  cairo_clip (cr);
  cairo_translate (cr, bounds->origin.x, bounds->origin.y);
  cairo_scale (cr, bounds->size.width / self->width, bounds->size.height / self->height);
  cairo_set_source_surface (cr, self->surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr), sharp ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend (cairo_get_source (cr), CAIRO_EXTEND_PAD);
  cairo_paint (cr);
  cairo_destroy (cr);
}

static void
snapshot_picture (TitheImageView *self, GtkSnapshot *snapshot, const graphene_rect_t *bounds,
                  const graphene_rect_t *seen)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (GTK_WIDGET (self)));
  const double scale = get_scale (self);
  const gboolean sharp = scale >= (MAX (self->width, self->height) < SHARP_BELOW ? 1 : SHARP_SCALE);

  if (sharp || GSK_IS_CAIRO_RENDERER (renderer))
    {
      snapshot_surface (self, snapshot, bounds, seen, sharp);
      return;
    }
  if (self->texture == NULL)
    self->texture = tithe_texture_new_for_surface (cairo_surface_reference (self->surface));
  gtk_snapshot_append_texture (snapshot, self->texture, bounds);
}

static void
tithe_image_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheImageView *self = TITHE_IMAGE_VIEW (widget);
  double scale = get_scale (self), width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double w = self->width * scale, h = self->height * scale;
  graphene_rect_t view = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) (width / 2 - self->x * w), (float) (height / 2 - self->y * h),
                                               (float) w, (float) h);
  graphene_rect_t seen;

  if (self->surface == NULL || !graphene_rect_intersection (&bounds, &view, &seen))
    return;
  gtk_snapshot_push_clip (snapshot, &view);
  snapshot_picture (self, snapshot, &bounds, &seen);
  if (self->kept)
    snapshot_frame (widget, snapshot, &seen);
  snapshot_badge (self, snapshot, &seen);
  gtk_snapshot_pop (snapshot);
}

static void
tithe_image_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  TitheImageView *self = TITHE_IMAGE_VIEW (widget);

  *minimum = TITHE_IMAGE_VIEW_MIN_EDGE;
  *natural = 224;
  if (self->square && orientation == GTK_ORIENTATION_VERTICAL && for_size > 0)
    *natural = CLAMP (for_size, TITHE_IMAGE_VIEW_MIN_EDGE, MAX_SQUARE);
}

static GtkSizeRequestMode
tithe_image_view_get_request_mode (GtkWidget *widget)
{
  return TITHE_IMAGE_VIEW (widget)->square ? GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
tithe_image_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SQUARE)
    g_value_set_boolean (value, TITHE_IMAGE_VIEW (object)->square);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
tithe_image_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id != PROP_SQUARE)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  TITHE_IMAGE_VIEW (object)->square = g_value_get_boolean (value);
  gtk_widget_queue_resize (GTK_WIDGET (object));
}

static void
tithe_image_view_dispose (GObject *object)
{
  TitheImageView *self = TITHE_IMAGE_VIEW (object);

  tithe_pixels_loader_stop (&self->preparing);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  G_OBJECT_CLASS (tithe_image_view_parent_class)->dispose (object);
}

static void
tithe_image_view_class_init (TitheImageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_image_view_dispose;
  G_OBJECT_CLASS (klass)->get_property = tithe_image_view_get_property;
  G_OBJECT_CLASS (klass)->set_property = tithe_image_view_set_property;
  props[PROP_SQUARE] = g_param_spec_boolean ("square", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
  signals[MOVED]
      = g_signal_new ("moved", TITHE_TYPE_IMAGE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  widget_class->snapshot = tithe_image_view_snapshot;
  widget_class->measure = tithe_image_view_measure;
  widget_class->get_request_mode = tithe_image_view_get_request_mode;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "imageview");
}

static void
tithe_image_view_init (TitheImageView *self)
{
  GtkEventController *scroll = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new (), *click = gtk_gesture_click_new ();

  self->zoom = 1;
  self->x = self->y = 0.5;
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (motion, "enter", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/**
 * tithe_image_view_new:
 *
 * Returns: a view of nothing
 */
GtkWidget *
tithe_image_view_new (void)
{
  return g_object_new (TITHE_TYPE_IMAGE_VIEW, NULL);
}

/* Shows a picture that is ready, or none. */
static void
take_surface (TitheImageView *self, cairo_surface_t *surface)
{
  g_clear_object (&self->texture);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  self->surface = surface;
  if (surface != NULL)
    {
      self->width = (guint) cairo_image_surface_get_width (surface);
      self->height = (guint) cairo_image_surface_get_height (surface);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
prepare (GTask *task, gpointer source, gpointer pixels, GCancellable *cancellable)
{
  g_task_return_pointer (task, tithe_texture_new_surface (pixels), (GDestroyNotify) cairo_surface_destroy);
}

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  cairo_surface_t *surface = g_task_propagate_pointer (G_TASK (result), NULL);

  /* None where it is not wanted any longer, or the view is gone. */
  if (surface != NULL)
    take_surface (user_data, surface);
}

/**
 * tithe_image_view_set_pixels:
 * @pixels: (nullable): what to show; where it is large, what was shown stays until it is ready
 */
void
tithe_image_view_set_pixels (TitheImageView *self, TithePixels *pixels)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TITHE_IS_IMAGE_VIEW (self));

  tithe_pixels_loader_stop (&self->preparing);
  if (pixels == NULL || (guint64) pixels->width * pixels->height <= MANY_PIXELS)
    {
      take_surface (self, pixels ? tithe_texture_new_surface (pixels) : NULL);
      return;
    }
  self->preparing = g_cancellable_new ();
  /* Without a reference to the view: the thread may be the last to let go of the task. */
  task = g_task_new (NULL, self->preparing, on_prepared, self);
  g_task_set_task_data (task, tithe_pixels_ref (pixels), (GDestroyNotify) tithe_pixels_unref);
  g_task_run_in_thread (task, prepare);
}

/**
 * tithe_image_view_set_role:
 * @role: of the picture: it has the frame and the badge of what is kept, or the badge of what was decided by hand
 */
void
tithe_image_view_set_role (TitheImageView *self, const TitheMember *role)
{
  const TitheBadge badge = tithe_badge_choose (role, FALSE);

  g_return_if_fail (TITHE_IS_IMAGE_VIEW (self));

  if (self->kept == role->kept && self->badge == badge)
    return;
  self->kept = role->kept;
  self->badge = badge;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* tithe_image_view_zoom: by a factor, around the middle of what is in view */
void
tithe_image_view_zoom (TitheImageView *self, double factor)
{
  g_return_if_fail (TITHE_IS_IMAGE_VIEW (self));

  move (self, self->zoom * factor, self->x, self->y);
}

/* tithe_image_view_pan: to other parts of the picture, by shares of the view's width and height */
void
tithe_image_view_pan (TitheImageView *self, double dx, double dy)
{
  const double scale = get_scale (self);

  g_return_if_fail (TITHE_IS_IMAGE_VIEW (self));

  if (scale > 0 && self->surface != NULL)
    move (self, self->zoom, self->x + dx * gtk_widget_get_width (GTK_WIDGET (self)) / scale / self->width,
          self->y + dy * gtk_widget_get_height (GTK_WIDGET (self)) / scale / self->height);
}

/* tithe_image_view_show_all: all of the picture, whatever was zoomed into */
void
tithe_image_view_show_all (TitheImageView *self)
{
  g_return_if_fail (TITHE_IS_IMAGE_VIEW (self));

  place (self, 1, 0.5, 0.5);
}

/**
 * tithe_image_view_follow:
 *
 * Shows the same part as another view, at the same zoom.
 */
void
tithe_image_view_follow (TitheImageView *self, TitheImageView *other)
{
  g_return_if_fail (TITHE_IS_IMAGE_VIEW (self));
  g_return_if_fail (TITHE_IS_IMAGE_VIEW (other));

  place (self, other->zoom, other->x, other->y);
}
