/* SPDX-License-Identifier: MIT */
#include "tithe-class-row.h"
#include "tithe-format.h"

#include <glib/gi18n.h>

#define BAR 4

struct _TitheClassRow
{
  GtkWidget parent_instance;

  GtkWidget *box, *name, *count, *bar;
  double kept; /* share of the bar; below 0 while it is not known */
};

G_DEFINE_TYPE (TitheClassRow, tithe_class_row, GTK_TYPE_WIDGET)

static void
draw_bar (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  TitheClassRow *self = user_data;
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (area)) == GTK_TEXT_DIR_RTL;
  double split = width * self->kept, radius = height / 2.0;

  cairo_new_sub_path (cr);
  cairo_arc (cr, width - radius, radius, radius, -G_PI / 2, G_PI / 2);
  cairo_arc (cr, radius, radius, radius, G_PI / 2, 3 * G_PI / 2);
  cairo_close_path (cr);
  cairo_clip (cr);
  if (self->kept < 0)
    {
      cairo_set_source_rgba (cr, 0.5, 0.5, 0.5, 0.25);
      cairo_paint (cr);
      return;
    }
  cairo_set_source_rgb (cr, 0.96, 0.68, 0.18);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0.18, 0.76, 0.49);
  cairo_rectangle (cr, rtl ? width - split : 0, 0, split, height);
  cairo_fill (cr);
}

static void
tithe_class_row_dispose (GObject *object)
{
  g_clear_pointer (&TITHE_CLASS_ROW (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_class_row_parent_class)->dispose (object);
}

static void
tithe_class_row_class_init (TitheClassRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tithe_class_row_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "classrow");
}

static void
tithe_class_row_init (TitheClassRow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->kept = -1;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  self->name
      = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "hexpand", TRUE, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, NULL);
  self->count = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0f, NULL);
  self->bar = g_object_new (GTK_TYPE_DRAWING_AREA, "content-height", BAR, "accessible-role",
                            GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_add_css_class (self->count, "dim-label");
  gtk_widget_add_css_class (self->count, "numeric");
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->bar), draw_bar, self, NULL);
  gtk_box_append (GTK_BOX (line), self->name);
  gtk_box_append (GTK_BOX (line), self->count);
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->bar);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
tithe_class_row_new (void)
{
  return g_object_new (TITHE_TYPE_CLASS_ROW, NULL);
}

void
tithe_class_row_set_name (TitheClassRow *self, const char *name, gboolean strong)
{
  g_return_if_fail (TITHE_IS_CLASS_ROW (self));

  gtk_label_set_text (GTK_LABEL (self->name), name);
  if (strong)
    gtk_widget_add_css_class (self->name, "heading");
  else
    gtk_widget_remove_css_class (self->name, "heading");
}

static void
show (TitheClassRow *self, const char *count, const char *tooltip, double kept)
{
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (self->count)), count) != 0)
    gtk_label_set_text (GTK_LABEL (self->count), count);
  if (kept != self->kept)
    gtk_widget_queue_draw (self->bar);
  self->kept = kept;
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
}

/**
 * tithe_class_row_set_counts:
 *
 * Shows the number of redundant groups; the tooltip has it all.
 */
void
tithe_class_row_set_counts (TitheClassRow *self, gsize n_images, gsize n_kept, gsize n_groups)
{
  g_autofree char *count = tithe_format_count (n_groups), *kept = tithe_format_count (n_kept);
  g_autofree char *images = tithe_format_count (n_images);
  g_autofree char *tooltip = g_strdup_printf (_("%s: %s of %s images kept, %s redundant groups"),
                                              gtk_label_get_text (GTK_LABEL (self->name)), kept, images, count);

  g_return_if_fail (TITHE_IS_CLASS_ROW (self));
  show (self, count, tooltip, n_images > 0 ? (double) n_kept / (double) n_images : -1);
}

/**
 * tithe_class_row_set_waiting:
 *
 * For a class that is not clustered yet.
 */
void
tithe_class_row_set_waiting (TitheClassRow *self, gsize n_images)
{
  g_autofree char *images = tithe_format_count (n_images);
  g_autofree char *tooltip
      = g_strdup_printf (_("%s: %s images, not clustered yet"), gtk_label_get_text (GTK_LABEL (self->name)), images);

  g_return_if_fail (TITHE_IS_CLASS_ROW (self));
  show (self, "…", tooltip, -1);
}
