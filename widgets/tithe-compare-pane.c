/* SPDX-License-Identifier: MIT */
#include "tithe-compare-pane.h"
#include "tithe-format.h"
#include "tithe-pixels-loader.h"

#include "base/tithe-text.h"
#include "image/tithe-difference.h"

#include <glib/gi18n.h>

#define MAX_EDGE 2048
/* The image before stays until then: who exchanges one after the other sees no flicker. */
#define STAY_MS 150

struct _TitheComparePane
{
  GtkWidget parent_instance;

  TitheImageView *view;
  GtkWidget *caption;
  GtkLabel *name, *facts, *failure;
  guint32 image;
  char *path; /* (nullable) */
  guint number, of;
  TithePixels *pixels; /* (nullable): until it is read */
  TithePixels *base;   /* (nullable): that it is seen as a difference from */
  guint gain;
  GCancellable *loading, *subtracting;
  guint staying;
};

enum
{
  LOADED,
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheComparePane, tithe_compare_pane, GTK_TYPE_WIDGET)

/* --- what differs --- */

typedef struct
{
  TithePixels *pixels, *base;
  guint gain;
} Subtraction;

static void
subtraction_free (gpointer data)
{
  Subtraction *subtraction = data;

  tithe_pixels_unref (subtraction->pixels);
  tithe_pixels_unref (subtraction->base);
  g_free (subtraction);
}

static void
subtract (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Subtraction *subtraction = data;

  g_task_return_pointer (task, tithe_pixels_subtract (subtraction->pixels, subtraction->base, subtraction->gain),
                         (GDestroyNotify) tithe_pixels_unref);
}

static void
on_subtracted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  TitheComparePane *self = user_data;
  g_autoptr (TithePixels) pixels = g_task_propagate_pointer (G_TASK (result), NULL);

  /* None where it is not wanted any longer, or the pane is gone. */
  if (pixels != NULL)
    tithe_image_view_set_pixels (self->view, pixels);
}

static void
update_picture (TitheComparePane *self)
{
  tithe_pixels_loader_stop (&self->subtracting);
  if (self->base != NULL && self->pixels != NULL)
    {
      g_autoptr (GTask) task = NULL;
      Subtraction *subtraction = g_new (Subtraction, 1);

      *subtraction = (Subtraction){ tithe_pixels_ref (self->pixels), tithe_pixels_ref (self->base), self->gain };
      self->subtracting = g_cancellable_new ();
      /* Without a reference to the pane: the thread may be the last to let go of the task. */
      task = g_task_new (NULL, self->subtracting, on_subtracted, self);
      g_task_set_task_data (task, subtraction, subtraction_free);
      g_task_run_in_thread (task, subtract);
    }
  else if (self->pixels != NULL || self->staying == 0)
    tithe_image_view_set_pixels (self->view, self->pixels);
}

/* --- the picture --- */

static void
on_loaded (gpointer user_data, TithePixels *pixels, const char *failure)
{
  TitheComparePane *self = user_data;

  g_clear_handle_id (&self->staying, g_source_remove);
  self->pixels = pixels ? tithe_pixels_ref (pixels) : NULL;
  gtk_label_set_text (self->failure, failure ? failure : "");
  gtk_widget_set_visible (GTK_WIDGET (self->failure), failure != NULL);
  update_picture (self);
  g_signal_emit (self, signals[LOADED], 0);
}

static gboolean
on_stayed (gpointer data)
{
  TitheComparePane *self = data;

  self->staying = 0;
  tithe_image_view_set_pixels (self->view, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_moved (TitheComparePane *self)
{
  g_signal_emit (self, signals[MOVED], 0);
}

static void
on_pressed (TitheComparePane *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* --- widget --- */

static void
tithe_compare_pane_dispose (GObject *object)
{
  TitheComparePane *self = TITHE_COMPARE_PANE (object);
  GtkWidget *child;

  tithe_pixels_loader_stop (&self->loading);
  tithe_pixels_loader_stop (&self->subtracting);
  g_clear_handle_id (&self->staying, g_source_remove);
  g_clear_pointer (&self->pixels, tithe_pixels_unref);
  g_clear_pointer (&self->base, tithe_pixels_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (tithe_compare_pane_parent_class)->dispose (object);
}

static void
tithe_compare_pane_finalize (GObject *object)
{
  g_free (TITHE_COMPARE_PANE (object)->path);
  G_OBJECT_CLASS (tithe_compare_pane_parent_class)->finalize (object);
}

static void
tithe_compare_pane_class_init (TitheComparePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_compare_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = tithe_compare_pane_finalize;
  signals[LOADED]
      = g_signal_new ("loaded", TITHE_TYPE_COMPARE_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVED]
      = g_signal_new ("moved", TITHE_TYPE_COMPARE_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "comparepane");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static GtkLabel *
new_label (PangoEllipsizeMode ellipsize, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), ellipsize);
  gtk_widget_add_css_class (label, css_class);
  return GTK_LABEL (label);
}

/* One line, beside each other: each line of text less is a line of every picture more. */
static void
add_caption (TitheComparePane *self)
{
  self->caption = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_set_halign (self->caption, GTK_ALIGN_CENTER);
  self->name = new_label (PANGO_ELLIPSIZE_MIDDLE, "heading");
  self->facts = new_label (PANGO_ELLIPSIZE_END, "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->facts), "numeric");
  gtk_box_append (GTK_BOX (self->caption), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (self->caption), GTK_WIDGET (self->facts));
  gtk_widget_set_parent (self->caption, GTK_WIDGET (self));
}

static void
tithe_compare_pane_init (TitheComparePane *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkWidget *overlay = gtk_overlay_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->image = TITHE_IMAGE_NONE;
  self->gain = 1;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 4);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  self->view = TITHE_IMAGE_VIEW (tithe_image_view_new ());
  gtk_widget_set_hexpand (overlay, TRUE);
  gtk_widget_set_vexpand (overlay, TRUE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->view));
  self->failure = new_label (PANGO_ELLIPSIZE_NONE, "dim-label");
  g_object_set (self->failure, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "justify", GTK_JUSTIFY_CENTER,
                "visible", FALSE, NULL);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->failure));
  gtk_widget_set_parent (overlay, GTK_WIDGET (self));
  add_caption (self);
  g_signal_connect_object (self->view, "moved", G_CALLBACK (on_moved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (click, "pressed", G_CALLBACK (on_pressed), self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/* tithe_compare_pane_new: (transfer floating): a pane of no image */
GtkWidget *
tithe_compare_pane_new (void)
{
  return g_object_new (TITHE_TYPE_COMPARE_PANE, NULL);
}

/**
 * tithe_compare_pane_show:
 *
 * Shows another image, at the place and the zoom at which it shows this one. tithe_compare_pane_set_role()
 * and tithe_compare_pane_set_place() are to follow.
 */
void
tithe_compare_pane_show (TitheComparePane *self, TitheDataset *dataset, guint32 image)
{
  g_autoptr (GString) buffer = g_string_new (NULL);

  g_return_if_fail (TITHE_IS_COMPARE_PANE (self));

  self->image = image;
  g_free (self->path);
  self->path = g_strdup (tithe_dataset_get_display_path (dataset, image, buffer));
  g_clear_pointer (&self->pixels, tithe_pixels_unref);
  tithe_pixels_loader_stop (&self->subtracting);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, self->path, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), FALSE);
  g_clear_handle_id (&self->staying, g_source_remove);
  self->staying = g_timeout_add (STAY_MS, on_stayed, self);
  tithe_pixels_loader_begin (&self->loading, dataset, image, MAX_EDGE, on_loaded, self);
}

/* tithe_compare_pane_clear: shows nothing */
void
tithe_compare_pane_clear (TitheComparePane *self)
{
  g_return_if_fail (TITHE_IS_COMPARE_PANE (self));

  tithe_pixels_loader_stop (&self->loading);
  tithe_pixels_loader_stop (&self->subtracting);
  g_clear_handle_id (&self->staying, g_source_remove);
  g_clear_pointer (&self->pixels, tithe_pixels_unref);
  g_clear_pointer (&self->base, tithe_pixels_unref);
  self->image = TITHE_IMAGE_NONE;
  tithe_image_view_set_pixels (self->view, NULL);
}

/* What is said of it: 2 · cat.jpg  discarded · 0.012 from the kept image; and all of it to who can't see it. */
static void
update_caption (TitheComparePane *self)
{
  g_autofree char *base = g_path_get_basename (self->path), *label = NULL;
  g_autoptr (GString) name = g_string_new (NULL), spoken = g_string_new (NULL);

  if (self->number > 0)
    {
      g_autofree char *number = tithe_format_count (self->number), *of = tithe_format_count (self->of);
      g_autofree char *place = g_strdup_printf (C_ ("place of an image", "%s of %s"), number, of);

      tithe_text_add_fact (name, number);
      tithe_text_add_fact (spoken, place);
    }
  tithe_text_add_fact (name, base);
  tithe_text_add_fact (spoken, gtk_label_get_text (self->facts));
  gtk_label_set_text (self->name, name->str);
  label = g_strdup_printf ("%s, %s", self->path, spoken->str);
  gtk_widget_set_tooltip_text (self->caption, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/**
 * tithe_compare_pane_set_role:
 * @role: of the image
 * @facts: what is said of it beside its name
 */
void
tithe_compare_pane_set_role (TitheComparePane *self, const TitheMember *role, const char *facts)
{
  g_return_if_fail (TITHE_IS_COMPARE_PANE (self));

  tithe_image_view_set_role (self->view, role);
  gtk_label_set_text (self->facts, facts);
  update_caption (self);
}

/* tithe_compare_pane_set_place: which one it is of so many; the first is 1, and 0 where that is not of interest */
void
tithe_compare_pane_set_place (TitheComparePane *self, guint number, guint of)
{
  g_return_if_fail (TITHE_IS_COMPARE_PANE (self));

  self->number = number;
  self->of = of;
  update_caption (self);
}

/**
 * tithe_compare_pane_set_base:
 * @base: (nullable): shows what differs from it; %NULL for the image itself
 * @gain: as of tithe_pixels_subtract()
 */
void
tithe_compare_pane_set_base (TitheComparePane *self, TithePixels *base, guint gain)
{
  g_return_if_fail (TITHE_IS_COMPARE_PANE (self));

  if (self->base == base && self->gain == gain)
    return;
  g_clear_pointer (&self->base, tithe_pixels_unref);
  self->base = base ? tithe_pixels_ref (base) : NULL;
  self->gain = gain;
  update_picture (self);
}

/* tithe_compare_pane_get_image: index in the dataset, or TITHE_IMAGE_NONE */
guint32
tithe_compare_pane_get_image (TitheComparePane *self)
{
  return self->image;
}

/* tithe_compare_pane_get_pixels: (transfer none) (nullable): of the image, as soon as it is read */
TithePixels *
tithe_compare_pane_get_pixels (TitheComparePane *self)
{
  return self->pixels;
}

/* tithe_compare_pane_get_view: (transfer none): what is zoomed and moved */
TitheImageView *
tithe_compare_pane_get_view (TitheComparePane *self)
{
  return self->view;
}
