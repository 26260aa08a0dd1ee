/* SPDX-License-Identifier: MIT */
#include "tithe-coach.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Pixels: of the text, for which a narrow window has room; of the arrow; and what is left free around the bubble. */
#define WIDTH 290
#define ARROW 10
#define MARGIN 8

typedef struct
{
  TitheCoachFind find;
  gpointer data;
  char *title, *text;
  GtkWidget *more; /* (nullable): below the text */
} Step;

struct _TitheCoach
{
  GtkWidget parent_instance;

  GPtrArray *steps;
  guint step;
  GtkWidget *bubble;        /* (nullable): while a step is shown */
  graphene_rect_t target;   /* that the bubble stands beside */
  float tip, edge;          /* of the arrow: where it points, and where it begins */
  GtkEventController *keys; /* (nullable): of the window */
  GdkFrameClock *clock;     /* (nullable) */
};

G_DEFINE_TYPE (TitheCoach, tithe_coach, GTK_TYPE_WIDGET)

static void
step_free (gpointer data)
{
  Step *step = data;

  g_free (step->title);
  g_free (step->text);
  g_clear_object (&step->more);
  g_free (step);
}

/* --- where --- */

/* Finds what the step is about; %FALSE where it is not in sight. */
static gboolean
find_target (TitheCoach *self, graphene_rect_t *bounds)
{
  const Step *step = g_ptr_array_index (self->steps, self->step);
  GtkWidget *target = step->find (step->data);

  return target != NULL && gtk_widget_get_mapped (target)
         && gtk_widget_compute_bounds (target, GTK_WIDGET (self), bounds);
}

/* Frames are drawn when something moves, and not for this. */
static void
on_painted (TitheCoach *self)
{
  graphene_rect_t target;

  if (!find_target (self, &target))
    tithe_coach_end (self);
  else if (!graphene_rect_equal (&target, &self->target))
    {
      self->target = target;
      gtk_widget_queue_allocate (GTK_WIDGET (self));
    }
}

/* Below the target, or above it where there is more room, and never beyond the page. */
static void
tithe_coach_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TitheCoach *self = TITHE_COACH (widget);
  const float middle = self->target.origin.x + self->target.size.width / 2, top = self->target.origin.y,
              bottom = top + self->target.size.height;
  GtkRequisition size;
  GskTransform *transform;
  gboolean below;
  float x, y;

  if (self->bubble == NULL)
    return;
  gtk_widget_get_preferred_size (self->bubble, NULL, &size);
  below = bottom + ARROW + (float) size.height + MARGIN <= (float) height || top < (float) height - bottom;
  x = CLAMP (middle - (float) size.width / 2, MARGIN, MAX (MARGIN, (float) (width - size.width - MARGIN)));
  y = below ? bottom + ARROW : top - ARROW - (float) size.height;
  y = CLAMP (y, MARGIN, MAX (MARGIN, (float) (height - size.height - MARGIN)));
  self->tip = CLAMP (middle, x + 2 * ARROW, x + (float) size.width - 2 * ARROW);
  self->edge = below ? y : y + (float) size.height;
  transform = gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (roundf (x), roundf (y)));
  gtk_widget_allocate (self->bubble, size.width, size.height, -1, transform);
}

/* The arrow is part of the bubble's ground, and is drawn over its shadow. */
static void
snapshot_arrow (TitheCoach *self, GtkSnapshot *snapshot)
{
  const float up = self->edge > self->target.origin.y + self->target.size.height / 2 ? -ARROW : ARROW;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (self->tip - ARROW, self->edge - ARROW, 2 * ARROW, 2 * ARROW));
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (self->bubble), "popover_bg_color", &color))
    color = (GdkRGBA){ 1, 1, 1, 1 };
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_move_to (cr, (double) (self->tip - ARROW), (double) self->edge);
  cairo_line_to (cr, (double) self->tip, (double) (self->edge + up));
  cairo_line_to (cr, (double) (self->tip + ARROW), (double) self->edge);
  cairo_fill (cr);
  cairo_destroy (cr);
}

static void
tithe_coach_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheCoach *self = TITHE_COACH (widget);

  if (self->bubble == NULL)
    return;
  gtk_widget_snapshot_child (widget, self->bubble, snapshot);
  snapshot_arrow (self, snapshot);
}

static void
tithe_coach_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                     int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = 0;
}

/* What is beside the bubble belongs to the page. */
static gboolean
tithe_coach_contains (GtkWidget *widget, double x, double y)
{
  return FALSE;
}

/* --- what --- */

static void show_step (TitheCoach *self);

static void
on_next (TitheCoach *self)
{
  if (++self->step < self->steps->len)
    show_step (self);
  else
    tithe_coach_end (self);
}

/* Who presses it is where they were before. */
static GtkWidget *
new_button (TitheCoach *self, const char *label, const char *class, GCallback pressed)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_add_css_class (button, class);
  gtk_widget_set_focus_on_click (button, FALSE);
  g_signal_connect_object (button, "clicked", pressed, self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
new_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
new_buttons (TitheCoach *self)
{
  const gboolean last = self->step + 1 == self->steps->len;
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  /* TRANSLATORS: of an introduction in three steps */
  g_autofree char *number = g_strdup_printf (_("Step %u of %u"), self->step + 1, self->steps->len);
  GtkWidget *label = new_label (number, "dim-label");

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (buttons), label);
  if (!last)
    gtk_box_append (GTK_BOX (buttons), new_button (self, _("Skip"), "flat", G_CALLBACK (tithe_coach_end)));
  gtk_box_append (GTK_BOX (buttons),
                  new_button (self, last ? _("Done") : _("Next"), "suggested-action", G_CALLBACK (on_next)));
  return buttons;
}

static GtkWidget *
new_bubble (TitheCoach *self, const Step *step)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  gtk_box_append (GTK_BOX (content), new_label (step->title, "heading"));
  gtk_box_append (GTK_BOX (content), new_label (step->text, "text"));
  if (step->more != NULL)
    gtk_box_append (GTK_BOX (content), step->more);
  gtk_box_append (GTK_BOX (content), new_buttons (self));
  return g_object_new (ADW_TYPE_CLAMP, "maximum-size", WIDTH, "tightening-threshold", WIDTH, "child", content,
                       "css-name", "coachbubble", "accessible-role", GTK_ACCESSIBLE_ROLE_GROUP, NULL);
}

static void
show_step (TitheCoach *self)
{
  const Step *step = g_ptr_array_index (self->steps, self->step);

  g_clear_pointer (&self->bubble, gtk_widget_unparent);
  if (!find_target (self, &self->target))
    {
      tithe_coach_end (self);
      return;
    }
  self->bubble = new_bubble (self, step);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bubble), GTK_ACCESSIBLE_PROPERTY_LABEL, step->title, -1);
  gtk_widget_set_parent (self->bubble, GTK_WIDGET (self));
}

/* --- when --- */

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, TitheCoach *self)
{
  if (key != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  tithe_coach_end (self);
  return GDK_EVENT_STOP;
}

static void
set_up (TitheCoach *self)
{
  self->keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (self->keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->keys, "key-pressed", G_CALLBACK (on_key), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))), self->keys);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (GTK_WIDGET (self)));
  g_signal_connect_swapped (self->clock, "after-paint", G_CALLBACK (on_painted), self);
}

static void
tithe_coach_unroot (GtkWidget *widget)
{
  tithe_coach_end (TITHE_COACH (widget));
  GTK_WIDGET_CLASS (tithe_coach_parent_class)->unroot (widget);
}

static void
tithe_coach_dispose (GObject *object)
{
  TitheCoach *self = TITHE_COACH (object);

  g_clear_pointer (&self->bubble, gtk_widget_unparent);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  G_OBJECT_CLASS (tithe_coach_parent_class)->dispose (object);
}

static void
tithe_coach_class_init (TitheCoachClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_coach_dispose;
  widget_class->contains = tithe_coach_contains;
  widget_class->measure = tithe_coach_measure;
  widget_class->size_allocate = tithe_coach_size_allocate;
  widget_class->snapshot = tithe_coach_snapshot;
  widget_class->unroot = tithe_coach_unroot;
  gtk_widget_class_set_css_name (widget_class, "coach");
}

static void
tithe_coach_init (TitheCoach *self)
{
  self->steps = g_ptr_array_new_with_free_func (step_free);
}

/* (transfer floating): a coach with nothing to tell yet, to be laid over a page. */
GtkWidget *
tithe_coach_new (void)
{
  return g_object_new (TITHE_TYPE_COACH, NULL);
}

/**
 * tithe_coach_add:
 * @find: finds what the step is about, in each frame
 * @more: (transfer floating) (nullable): stands below the text
 *
 * Adds a step.
 */
void
tithe_coach_add (TitheCoach *self, TitheCoachFind find, gpointer data, const char *title, const char *text,
                 GtkWidget *more)
{
  Step *step;

  g_return_if_fail (TITHE_IS_COACH (self));

  step = g_new0 (Step, 1);
  step->find = find;
  step->data = data;
  step->title = g_strdup (title);
  step->text = g_strdup (text);
  step->more = more ? g_object_ref_sink (more) : NULL;
  g_ptr_array_add (self->steps, step);
}

/**
 * tithe_coach_begin:
 *
 * Shows the first step.
 *
 * Returns: %FALSE where what it is about is not in sight
 */
gboolean
tithe_coach_begin (TitheCoach *self)
{
  g_return_val_if_fail (TITHE_IS_COACH (self) && self->steps->len > 0, FALSE);

  tithe_coach_end (self);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return FALSE;
  set_up (self);
  self->step = 0;
  show_step (self);
  return tithe_coach_get_step (self) > 0;
}

/**
 * tithe_coach_end:
 *
 * Shows no step any longer.
 */
void
tithe_coach_end (TitheCoach *self)
{
  g_return_if_fail (TITHE_IS_COACH (self));

  g_clear_pointer (&self->bubble, gtk_widget_unparent);
  if (self->keys == NULL)
    return;
  gtk_widget_remove_controller (gtk_event_controller_get_widget (self->keys), self->keys);
  self->keys = NULL;
  /* A window that goes has ended its clock already. */
  g_signal_handlers_disconnect_by_data (self->clock, self);
  g_clear_object (&self->clock);
}

/**
 * tithe_coach_get_step:
 *
 * Returns: the number of the step that is shown, or 0
 */
guint
tithe_coach_get_step (TitheCoach *self)
{
  g_return_val_if_fail (TITHE_IS_COACH (self), 0);

  return self->bubble ? self->step + 1 : 0;
}
