/* SPDX-License-Identifier: MIT */
#include "tithe-trouble-dialog.h"
#include "tithe-help.h"

struct _TitheTroubleDialog
{
  AdwWindow parent_instance;

  GtkWidget *notes_box, *broken_box;
  GtkStringList *notes, *broken;
};

G_DEFINE_TYPE (TitheTroubleDialog, tithe_trouble_dialog, ADW_TYPE_WINDOW)

static void
append_lines (GString *text, GtkStringList *list)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    g_string_append_printf (text, "%s\n", gtk_string_list_get_string (list, i));
}

static void
on_copy (TitheTroubleDialog *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_lines (text, self->notes);
  append_lines (text, self->broken);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
}

static void
fill (GtkStringList *list, GtkWidget *box, GPtrArray *lines)
{
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    gtk_string_list_append (list, g_ptr_array_index (lines, i));
  gtk_widget_set_visible (box, lines != NULL && lines->len > 0);
}

static void
tithe_trouble_dialog_class_init (TitheTroubleDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-trouble-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheTroubleDialog, notes_box);
  gtk_widget_class_bind_template_child (widget_class, TitheTroubleDialog, broken_box);
  gtk_widget_class_bind_template_child (widget_class, TitheTroubleDialog, notes);
  gtk_widget_class_bind_template_child (widget_class, TitheTroubleDialog, broken);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  tithe_help_add_to_class (widget_class, "look-when-something-is-missing");
}

static void
tithe_trouble_dialog_init (TitheTroubleDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tithe_trouble_dialog_new:
 * @notes: (nullable) (element-type utf8): on the dataset
 * @broken: (nullable) (element-type utf8): a sentence for each picture that can't be read
 */
GtkWidget *
tithe_trouble_dialog_new (GtkWindow *parent, GPtrArray *notes, GPtrArray *broken)
{
  TitheTroubleDialog *self = g_object_new (TITHE_TYPE_TROUBLE_DIALOG, "transient-for", parent, "modal", TRUE,
                                           "destroy-with-parent", TRUE, NULL);

  fill (self->notes, self->notes_box, notes);
  fill (self->broken, self->broken_box, broken);
  return GTK_WIDGET (self);
}
