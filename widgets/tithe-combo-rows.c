/* SPDX-License-Identifier: MIT */
#include "tithe-combo-rows.h"

#include <adwaita.h>

/* Characters that have room in any case. */
#define WIDEST 30

/* AdwComboRow cuts what is chosen after 20 characters, which is too little for most languages, however much room there is. */

static GtkWidget *
new_label (void)
{
  return g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
}

static void
set_text (GtkListItem *item, GtkWidget *label)
{
  gtk_label_set_text (GTK_LABEL (label), gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

/* --- what is chosen --- */

static void
on_setup_chosen (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, new_label ());
}

/* A subtitle beside it gives way, which can be in two lines. */
static void
on_bind_chosen (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_list_item_get_child (item);

  set_text (item, label);
  gtk_label_set_width_chars (GTK_LABEL (label),
                             (int) MIN (WIDEST, g_utf8_strlen (gtk_label_get_text (GTK_LABEL (label)), -1)));
}

/* --- what can be chosen, with a mark at what is --- */

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *label = new_label ();

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("object-select-symbolic"));
  gtk_list_item_set_child (item, box);
}

static void
mark (AdwComboRow *row, GParamSpec *pspec, GtkListItem *item)
{
  GtkWidget *box = gtk_list_item_get_child (item);

  gtk_widget_set_opacity (gtk_widget_get_last_child (box),
                          adw_combo_row_get_selected_item (row) == gtk_list_item_get_item (item) ? 1 : 0);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, AdwComboRow *row)
{
  set_text (item, gtk_widget_get_first_child (gtk_list_item_get_child (item)));
  g_signal_connect_object (row, "notify::selected-item", G_CALLBACK (mark), item, 0);
  mark (row, NULL, item);
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *item, AdwComboRow *row)
{
  g_signal_handlers_disconnect_by_data (row, item);
}

static void
show_whole (AdwComboRow *row)
{
  g_autoptr (GtkListItemFactory) chosen = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkListItemFactory) list = gtk_signal_list_item_factory_new ();

  g_signal_connect (chosen, "setup", G_CALLBACK (on_setup_chosen), NULL);
  g_signal_connect (chosen, "bind", G_CALLBACK (on_bind_chosen), NULL);
  g_signal_connect (list, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect_object (list, "bind", G_CALLBACK (on_bind), row, 0);
  g_signal_connect_object (list, "unbind", G_CALLBACK (on_unbind), row, 0);
  adw_combo_row_set_factory (row, chosen);
  adw_combo_row_set_list_factory (row, list);
}

/**
 * tithe_combo_rows_show_whole:
 * @parent: a widget whose rows choose among strings
 *
 * What is chosen in them is cut only where there is no room for it.
 */
void
tithe_combo_rows_show_whole (GtkWidget *parent)
{
  if (ADW_IS_COMBO_ROW (parent))
    {
      show_whole (ADW_COMBO_ROW (parent));
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    tithe_combo_rows_show_whole (child);
}
