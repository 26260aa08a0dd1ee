/* SPDX-License-Identifier: MIT */
#include "tithe-export-dialog.h"
#include "tithe-help.h"
#include "tithe-combo-rows.h"

#include <glib/gi18n.h>

struct _TitheExportDialog
{
  AdwWindow parent_instance;

  AdwComboRow *format, *what, *classes, *link;

  const char *class_name; /* (nullable): that can be exported alone */
  const char *chosen[2];  /* NULL-terminated list of it */
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheExportDialog, tithe_export_dialog, ADW_TYPE_WINDOW)

/* In the order of the template's list. */
static const TitheExportFormat formats[]
    = { TITHE_EXPORT_TREE,  TITHE_EXPORT_IMAGEFOLDER, TITHE_EXPORT_FIFTYONE, TITHE_EXPORT_WEBDATASET,
        TITHE_EXPORT_CIFAR, TITHE_EXPORT_IDX,         TITHE_EXPORT_INDICES,  TITHE_EXPORT_MASK,
        TITHE_EXPORT_CSV,   TITHE_EXPORT_JSONL,       TITHE_EXPORT_MANIFEST, TITHE_EXPORT_PATHS };

static void
on_format_changed (TitheExportDialog *self)
{
  guint i = adw_combo_row_get_selected (self->format);

  gtk_widget_set_visible (GTK_WIDGET (self->link), i < G_N_ELEMENTS (formats) && tithe_export_links_files (formats[i]));
}

static void
on_choose (TitheExportDialog *self)
{
  g_signal_emit (self, signals[CHOSEN], 0);
  gtk_window_close (GTK_WINDOW (self));
}

/**
 * tithe_export_dialog_get_options:
 *
 * Returns: what was chosen; its classes belong to the dialog
 */
TitheExportOptions
tithe_export_dialog_get_options (TitheExportDialog *self)
{
  guint i = MIN (adw_combo_row_get_selected (self->format), G_N_ELEMENTS (formats) - 1);

  self->chosen[0] = self->class_name;
  return (TitheExportOptions){ .format = formats[i],
                               .what = (TitheExportWhat) (TITHE_EXPORT_KEPT + adw_combo_row_get_selected (self->what)),
                               .link = tithe_export_links_files (formats[i])
                                           ? (TitheExportLink) adw_combo_row_get_selected (self->link)
                                           : TITHE_EXPORT_COPY,
                               .classes = adw_combo_row_get_selected (self->classes) == 1 ? self->chosen : NULL };
}

static void
tithe_export_dialog_class_init (TitheExportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHOSEN]
      = g_signal_new ("chosen", TITHE_TYPE_EXPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, format);
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, what);
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, classes);
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, link);
  gtk_widget_class_bind_template_callback (widget_class, on_format_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_choose);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  tithe_help_add_to_class (widget_class, "export");
}

static void
tithe_export_dialog_init (TitheExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tithe_combo_rows_show_whole (GTK_WIDGET (self));
}

/**
 * tithe_export_dialog_new:
 * @dataset: must outlive the dialog
 * @class_index: that is looked at, or -1
 */
GtkWidget *
tithe_export_dialog_new (GtkWindow *parent, TitheDataset *dataset, int class_index)
{
  TitheExportDialog *self = g_object_new (TITHE_TYPE_EXPORT_DIALOG, "transient-for", parent, "modal", TRUE,
                                          "destroy-with-parent", TRUE, NULL);
  const char *names[3] = { _("All classes"), NULL, NULL };
  g_autofree char *only = NULL;
  g_autoptr (GtkStringList) list = NULL;

  if (class_index >= 0)
    {
      self->class_name = tithe_dataset_get_class_name (dataset, (guint) class_index);
      names[1] = only = g_strdup_printf (_("Only “%s”"), self->class_name);
    }
  list = gtk_string_list_new (names);
  adw_combo_row_set_model (self->classes, G_LIST_MODEL (list));
  gtk_widget_set_visible (GTK_WIDGET (self->classes), class_index >= 0);
  return GTK_WIDGET (self);
}
