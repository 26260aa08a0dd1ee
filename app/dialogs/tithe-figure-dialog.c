/* SPDX-License-Identifier: MIT */
#include "tithe-figure-dialog.h"
#include "tithe-help.h"
#include "tithe-combo-rows.h"

#include <glib/gi18n.h>

/* Points. */
#define COLUMN (84 * 72 / 25.4)

struct _TitheFigureDialog
{
  AdwWindow parent_instance;

  AdwComboRow *width, *font;
  AdwPreferencesGroup *captions;

  GArray *groups;     /* TitheGroup */
  GPtrArray *entries; /* AdwEntryRow, one for each */
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheFigureDialog, tithe_figure_dialog, ADW_TYPE_WINDOW)

static void
on_choose (TitheFigureDialog *self)
{
  g_signal_emit (self, signals[CHOSEN], 0);
  gtk_window_close (GTK_WINDOW (self));
}

/**
 * tithe_figure_dialog_dup_choice:
 *
 * Returns: (transfer full): what was chosen
 */
TitheFigureChoice *
tithe_figure_dialog_dup_choice (TitheFigureDialog *self)
{
  g_autoptr (GStrvBuilder) captions = g_strv_builder_new ();

  g_return_val_if_fail (TITHE_IS_FIGURE_DIALOG (self), NULL);

  for (guint i = 0; i < self->entries->len; i++)
    g_strv_builder_add (captions, gtk_editable_get_text (GTK_EDITABLE (g_ptr_array_index (self->entries, i))));
  return tithe_figure_choice_new (g_array_ref (self->groups), g_strv_builder_end (captions),
                                  adw_combo_row_get_selected (self->width) == 1 ? COLUMN : TITHE_FIGURE_PAGE,
                                  adw_combo_row_get_selected (self->font) == 1 ? "Sans 8" : TITHE_FIGURE_FONT);
}

static void
tithe_figure_dialog_finalize (GObject *object)
{
  TitheFigureDialog *self = TITHE_FIGURE_DIALOG (object);

  g_clear_pointer (&self->groups, g_array_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  G_OBJECT_CLASS (tithe_figure_dialog_parent_class)->finalize (object);
}

static void
tithe_figure_dialog_class_init (TitheFigureDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tithe_figure_dialog_finalize;
  signals[CHOSEN]
      = g_signal_new ("chosen", TITHE_TYPE_FIGURE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-figure-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, width);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, font);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, captions);
  gtk_widget_class_bind_template_callback (widget_class, on_choose);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  tithe_help_add_to_class (widget_class, "export");
}

static void
tithe_figure_dialog_init (TitheFigureDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tithe_combo_rows_show_whole (GTK_WIDGET (self));
  self->entries = g_ptr_array_new ();
}

/**
 * tithe_figure_dialog_new:
 * @groups: (transfer full) (element-type TitheGroup): that are drawn
 */
GtkWidget *
tithe_figure_dialog_new (GtkWindow *parent, TitheDataset *dataset, GArray *groups)
{
  TitheFigureDialog *self = g_object_new (TITHE_TYPE_FIGURE_DIALOG, "transient-for", parent, "modal", TRUE,
                                          "destroy-with-parent", TRUE, NULL);

  self->groups = groups;
  for (guint i = 0; i < groups->len; i++)
    {
      const TitheGroup *group = &g_array_index (groups, TitheGroup, i);
      GtkWidget *row = adw_entry_row_new ();
      g_autofree char *title
          = g_markup_printf_escaped (ngettext ("%s, %u image", "%s, %u images", group->size),
                                     tithe_dataset_get_class_name (dataset, group->class_index), group->size);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_preferences_group_add (self->captions, row);
      g_ptr_array_add (self->entries, row);
    }
  return GTK_WIDGET (self);
}
