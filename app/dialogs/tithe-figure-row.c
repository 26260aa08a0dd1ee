/* SPDX-License-Identifier: MIT */
#include "tithe-figure-row.h"

#include "base/tithe-text.h"
#include "tithe-thumbnail.h"

#include <glib/gi18n.h>

struct _TitheFigureRow
{
  GtkListBoxRow parent_instance;

  TitheGroup group;
  GtkWidget *box;
  GtkWidget *pictures; /* TitheThumbnail in a box */
  GtkWidget *caption;
  GtkWidget *up, *down, *remove;
};

enum
{
  CHANGED,
  MOVED,
  REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheFigureRow, tithe_figure_row, GTK_TYPE_LIST_BOX_ROW)

static void
on_changed (TitheFigureRow *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_up (TitheFigureRow *self)
{
  g_signal_emit (self, signals[MOVED], 0, -1);
}

static void
on_down (TitheFigureRow *self)
{
  g_signal_emit (self, signals[MOVED], 0, 1);
}

static void
on_remove (TitheFigureRow *self)
{
  g_signal_emit (self, signals[REMOVED], 0);
}

static gboolean
tithe_figure_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (TITHE_FIGURE_ROW (widget)->caption);
}

static void
tithe_figure_row_class_init (TitheFigureRowClass *klass)
{
  GTK_WIDGET_CLASS (klass)->grab_focus = tithe_figure_row_grab_focus;
  signals[CHANGED]
      = g_signal_new ("changed", TITHE_TYPE_FIGURE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MOVED] = g_signal_new ("moved", TITHE_TYPE_FIGURE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_INT);
  signals[REMOVED]
      = g_signal_new ("removed", TITHE_TYPE_FIGURE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
add_button (TitheFigureRow *self, const char *icon, const char *name, GCallback on_clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (button, "clicked", on_clicked, self);
  gtk_box_append (GTK_BOX (self->box), button);
  return button;
}

static void
tithe_figure_row_init (TitheFigureRow *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->box, "figure-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), self->box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  self->pictures = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  gtk_widget_set_valign (self->pictures, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (self->pictures,
                               TITHE_FIGURE_ROW_IMAGES * TITHE_FIGURE_ROW_EDGE + (TITHE_FIGURE_ROW_IMAGES - 1) * 4, -1);
  gtk_box_append (GTK_BOX (self->box), self->pictures);
  self->caption = gtk_entry_new ();
  gtk_widget_set_hexpand (self->caption, TRUE);
  gtk_widget_set_valign (self->caption, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (self->caption, 12);
  gtk_widget_set_margin_end (self->caption, 6);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->caption), 5);
  g_signal_connect_swapped (self->caption, "changed", G_CALLBACK (on_changed), self);
  gtk_box_append (GTK_BOX (self->box), self->caption);
  self->up = add_button (self, "go-up-symbolic", _("Move Up"), G_CALLBACK (on_up));
  self->down = add_button (self, "go-down-symbolic", _("Move Down"), G_CALLBACK (on_down));
  self->remove = add_button (self, "list-remove-symbolic", _("Remove"), G_CALLBACK (on_remove));
}

/**
 * tithe_figure_row_new:
 * @images: (array length=n): those of the group that are shown, what is kept first
 * @n_kept: how many of them are
 */
GtkWidget *
tithe_figure_row_new (TitheDataset *dataset, const TitheGroup *group, const guint32 *images, guint n, guint n_kept)
{
  TitheFigureRow *self = g_object_new (TITHE_TYPE_FIGURE_ROW, NULL);
  g_autofree char *title = g_strdup_printf (ngettext ("%s, %u image", "%s, %u images", group->size),
                                            tithe_dataset_get_class_name (dataset, group->class_index), group->size);
  /* TRANSLATORS: a class and how many images there are, such as “cat, 5 images” */
  g_autofree char *name = g_strdup_printf (_("Caption of %s"), title);
  g_autoptr (GString) path = g_string_new (NULL);

  self->group = *group;
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->caption), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->caption), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  for (guint i = 0; i < n; i++)
    {
      const TitheMember member = { .image = images[i], .kept = i < n_kept };
      GtkWidget *thumbnail = tithe_thumbnail_new ();

      gtk_widget_set_size_request (thumbnail, TITHE_FIGURE_ROW_EDGE, TITHE_FIGURE_ROW_EDGE);
      tithe_thumbnail_set_image (TITHE_THUMBNAIL (thumbnail), images[i],
                                 tithe_dataset_get_display_path (dataset, images[i], path));
      tithe_thumbnail_set_role (TITHE_THUMBNAIL (thumbnail), &member, 0, FALSE);
      gtk_box_append (GTK_BOX (self->pictures), thumbnail);
    }
  return GTK_WIDGET (self);
}

/* tithe_figure_row_get_group: (transfer none): what the row is about */
const TitheGroup *
tithe_figure_row_get_group (TitheFigureRow *self)
{
  g_return_val_if_fail (TITHE_IS_FIGURE_ROW (self), NULL);
  return &self->group;
}

/* tithe_figure_row_get_caption: (transfer none): what was typed, empty for that of the group itself */
const char *
tithe_figure_row_get_caption (TitheFigureRow *self)
{
  g_return_val_if_fail (TITHE_IS_FIGURE_ROW (self), NULL);
  return gtk_editable_get_text (GTK_EDITABLE (self->caption));
}

/**
 * tithe_figure_row_set_place:
 *
 * Says where the row is: the first can't go up, the last not down, and the only one not away.
 */
void
tithe_figure_row_set_place (TitheFigureRow *self, gboolean first, gboolean last)
{
  g_return_if_fail (TITHE_IS_FIGURE_ROW (self));

  gtk_widget_set_sensitive (self->up, !first);
  gtk_widget_set_sensitive (self->down, !last);
  gtk_widget_set_sensitive (self->remove, !first || !last);
}

/**
 * tithe_figure_row_focus:
 * @direction: in which it was moved, whose button gets the focus while it can go on; 0 for the button that removes
 */
void
tithe_figure_row_focus (TitheFigureRow *self, int direction)
{
  GtkWidget *button = direction < 0 ? self->up : direction > 0 ? self->down : self->remove;

  g_return_if_fail (TITHE_IS_FIGURE_ROW (self));

  if (gtk_widget_get_sensitive (button))
    gtk_widget_grab_focus (button);
  else
    gtk_widget_grab_focus (direction < 0 ? self->down : direction > 0 ? self->up : self->caption);
}

/**
 * tithe_figure_row_add_images:
 * @images: (element-type guint32): to which those that the row shows are added
 */
void
tithe_figure_row_add_images (TitheFigureRow *self, GArray *images)
{
  g_return_if_fail (TITHE_IS_FIGURE_ROW (self));

  for (GtkWidget *child = gtk_widget_get_first_child (self->pictures); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      const guint32 image = tithe_thumbnail_get_image (TITHE_THUMBNAIL (child));

      g_array_append_val (images, image);
    }
}

/* tithe_figure_row_show_pictures: those of its images that are there by now */
void
tithe_figure_row_show_pictures (TitheFigureRow *self, TitheThumbnails *thumbnails)
{
  g_return_if_fail (TITHE_IS_FIGURE_ROW (self));

  for (GtkWidget *child = gtk_widget_get_first_child (self->pictures); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      const char *failure;
      TithePixels *pixels
          = tithe_thumbnails_get (thumbnails, tithe_thumbnail_get_image (TITHE_THUMBNAIL (child)), &failure);

      tithe_thumbnail_set_pixels (TITHE_THUMBNAIL (child), pixels, failure);
    }
}
