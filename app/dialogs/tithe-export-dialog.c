/* SPDX-License-Identifier: MIT */
#include "tithe-export-dialog.h"
#include "tithe-export-purpose.h"
#include "tithe-help.h"

#include "background/tithe-exporting.h"
#include "background/tithe-task.h"
#include "tithe-combo-rows.h"
#include "tithe-css-class.h"
#include "tithe-wrap-layout.h"

#include <glib/gi18n.h>

struct _TitheExportDialog
{
  AdwWindow parent_instance;

  GtkWidget *purpose_boxes[2], *purpose_buttons[TITHE_N_EXPORT_PURPOSES];
  AdwComboRow *form, *what, *classes, *link;
  GtkWidget *outcome_icon, *choose_button;
  GtkLabel *outcome;
  GtkSpinner *spinner;

  TitheProject *project;
  TitheSubsetChoice choice;
  TitheExportPurpose purpose;
  const char *chosen[2]; /* NULL-terminated list of the class that is exported alone */
  gboolean filling;      /* the rows, which is no choice of anybody's */
  TitheTask *task;       /* (nullable): that finds out how much it is, or whether it can be */
};

enum
{
  PLACE_WANTED,
  EXPORT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheExportDialog, tithe_export_dialog, ADW_TYPE_WINDOW)

static TitheExportFormat
get_format (TitheExportDialog *self)
{
  const TitheExportPurposeInfo *info = tithe_export_purpose_get_info (self->purpose);

  return info->formats[MIN (adw_combo_row_get_selected (self->form), info->n_formats - 1)];
}

/* Whether there are files that can be linked. */
static gboolean
can_link (TitheExportDialog *self)
{
  return tithe_export_links_files (get_format (self))
         && tithe_dataset_has_files (tithe_project_get_dataset (self->project));
}

/**
 * tithe_export_dialog_get_options:
 *
 * Returns: what was chosen; its classes belong to the dialog
 */
TitheExportOptions
tithe_export_dialog_get_options (TitheExportDialog *self)
{
  const guint i = adw_combo_row_get_selected (self->classes);

  self->chosen[0] = i > 0 ? tithe_dataset_get_class_name (tithe_project_get_dataset (self->project), i - 1) : NULL;
  return (TitheExportOptions){
    .format = get_format (self),
    .what = (TitheExportWhat) (TITHE_EXPORT_KEPT + adw_combo_row_get_selected (self->what)),
    .link = can_link (self) ? (TitheExportLink) adw_combo_row_get_selected (self->link) : TITHE_EXPORT_COPY,
    .classes = i > 0 ? self->chosen : NULL,
  };
}

/* --- how much it is, and whether it can be there --- */

static void
show_outcome (TitheExportDialog *self, const char *text, gboolean trouble, gboolean possible)
{
  gtk_spinner_stop (self->spinner);
  gtk_label_set_text (self->outcome, text);
  tithe_css_class_set (GTK_WIDGET (self->outcome), "dim-label", FALSE);
  gtk_widget_set_visible (self->outcome_icon, trouble);
  gtk_widget_set_sensitive (self->choose_button, possible);
}

static void
export_there (TitheExportDialog *self, const char *path)
{
  const TitheExportOptions options = tithe_export_dialog_get_options (self);

  tithe_export_purpose_remember (self->purpose, &options);
  g_signal_emit (self, signals[EXPORT], 0, path);
  gtk_window_close (GTK_WINDOW (self));
}

/* Another place may do where this one doesn't. */
static void
on_checked (gpointer owner, gpointer work, const GError *error)
{
  TitheExportDialog *self = owner;
  const TitheExportSize *size = tithe_exporting_get_size (work);
  const char *path = tithe_exporting_get_path (work);
  g_autofree char *text = NULL;

  tithe_task_drop (&self->task);
  if (error != NULL)
    {
      text = g_utf8_make_valid (error->message, -1);
      show_outcome (self, text, TRUE, path != NULL);
    }
  else if (path != NULL)
    export_there (self, path);
  else if (size->n_images == 0)
    show_outcome (self, _("There are no such images"), TRUE, FALSE);
  else
    {
      text = tithe_export_size_dup_text (size);
      show_outcome (self, text, FALSE, TRUE);
    }
}

/* What is said stays until more is known. */
static void
check (TitheExportDialog *self, const char *path)
{
  const TitheExportOptions options = tithe_export_dialog_get_options (self);

  tithe_task_drop (&self->task);
  gtk_spinner_start (self->spinner);
  tithe_css_class_set (GTK_WIDGET (self->outcome), "dim-label", TRUE);
  gtk_widget_set_sensitive (self->choose_button, FALSE);
  self->task = tithe_exporting_begin_check (self, self->project, &self->choice, &options, path, on_checked);
}

/**
 * tithe_export_dialog_set_place:
 * @path: that was chosen
 *
 * Exports to there, or says why that can't be. Does nothing where the dialog is closed.
 */
void
tithe_export_dialog_set_place (TitheExportDialog *self, const char *path)
{
  g_return_if_fail (TITHE_IS_EXPORT_DIALOG (self));

  if (self->project != NULL && gtk_widget_get_visible (GTK_WIDGET (self)))
    check (self, path);
}

/* tithe_export_dialog_get_outcome: (nullable): the line below; NULL while that is found out. */
const char *
tithe_export_dialog_get_outcome (TitheExportDialog *self)
{
  return self->task == NULL ? gtk_label_get_text (self->outcome) : NULL;
}

/* --- what is chosen --- */

static void
on_changed (TitheExportDialog *self)
{
  if (self->project == NULL || self->filling)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->link), can_link (self));
  check (self, NULL);
}

/* Rows as they were in the last export for that purpose. */
static void
fill_rows (TitheExportDialog *self)
{
  const TitheExportPurposeInfo *info = tithe_export_purpose_get_info (self->purpose);
  const TitheExportOptions last = tithe_export_purpose_recall_options (self->purpose);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < info->n_formats; i++)
    {
      gtk_string_list_append (names, tithe_export_purpose_get_format_name (info->formats[i]));
      if (info->formats[i] == last.format)
        selected = i;
    }
  self->filling = TRUE;
  adw_combo_row_set_model (self->form, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->form, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->form), info->n_formats > 1);
  adw_combo_row_set_selected (self->what, last.what - TITHE_EXPORT_KEPT);
  adw_combo_row_set_selected (self->link, last.link);
  self->filling = FALSE;
  on_changed (self);
}

static void
on_purpose (TitheExportDialog *self, GtkToggleButton *button)
{
  if (!gtk_toggle_button_get_active (button))
    return;
  for (guint i = 0; i < TITHE_N_EXPORT_PURPOSES; i++)
    if (self->purpose_buttons[i] == GTK_WIDGET (button))
      self->purpose = (TitheExportPurpose) i;
  fill_rows (self);
}

static void
on_choose (TitheExportDialog *self)
{
  g_signal_emit (self, signals[PLACE_WANTED], 0);
}

/* --- how it is made --- */

static GtkWidget *
new_purpose_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_width_chars (GTK_LABEL (label), 10);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 14);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
new_purpose_button (const TitheExportPurposeInfo *info)
{
  GtkWidget *button = gtk_toggle_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (info->icon_name));
  gtk_box_append (GTK_BOX (box), new_purpose_label (_ (info->title), "heading"));
  gtk_box_append (GTK_BOX (box), new_purpose_label (_ (info->sentence), "caption"));
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "purpose");
  gtk_widget_set_hexpand (button, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (info->title),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ (info->sentence), -1);
  return button;
}

/* Four in a row, or two and two where it is narrow. */
static void
add_purposes (TitheExportDialog *self)
{
  g_autoptr (GtkSizeGroup) widths = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  for (guint i = 0; i < TITHE_N_EXPORT_PURPOSES; i++)
    {
      GtkWidget *button = new_purpose_button (tithe_export_purpose_get_info ((TitheExportPurpose) i));

      self->purpose_buttons[i] = button;
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                   i > 0 ? GTK_TOGGLE_BUTTON (self->purpose_buttons[0]) : NULL);
      gtk_size_group_add_widget (widths, button);
      gtk_box_append (GTK_BOX (self->purpose_boxes[i / 2]), button);
      g_signal_connect_swapped (button, "toggled", G_CALLBACK (on_purpose), self);
    }
}

static void
tithe_export_dialog_dispose (GObject *object)
{
  TitheExportDialog *self = TITHE_EXPORT_DIALOG (object);

  tithe_task_drop (&self->task);
  g_clear_object (&self->project);
  G_OBJECT_CLASS (tithe_export_dialog_parent_class)->dispose (object);
}

static void
tithe_export_dialog_class_init (TitheExportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_export_dialog_dispose;
  signals[PLACE_WANTED]
      = g_signal_new ("place-wanted", TITHE_TYPE_EXPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[EXPORT] = g_signal_new ("export", TITHE_TYPE_EXPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (TITHE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-export-dialog.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "first_purposes", FALSE,
                                             G_STRUCT_OFFSET (TitheExportDialog, purpose_boxes[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "other_purposes", FALSE,
                                             G_STRUCT_OFFSET (TitheExportDialog, purpose_boxes[1]));
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, form);
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, what);
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, classes);
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, link);
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, outcome_icon);
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, outcome);
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, TitheExportDialog, choose_button);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_choose);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  tithe_help_add_to_class (widget_class, "export");
}

static void
tithe_export_dialog_init (TitheExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tithe_combo_rows_show_whole (GTK_WIDGET (self));
  add_purposes (self);
}

static void
list_classes (TitheExportDialog *self, int class_index)
{
  TitheDataset *dataset = tithe_project_get_dataset (self->project);
  const guint n = tithe_dataset_get_n_classes (dataset);
  g_autoptr (GtkStringList) names = gtk_string_list_new ((const char *const[]){ _("All classes"), NULL });

  for (guint c = 0; c < n; c++)
    gtk_string_list_append (names, tithe_dataset_get_class_name (dataset, c));
  adw_combo_row_set_model (self->classes, G_LIST_MODEL (names));
  adw_combo_row_set_selected (self->classes, (guint) (class_index + 1));
  gtk_widget_set_visible (GTK_WIDGET (self->classes), n > 1);
}

/**
 * tithe_export_dialog_new:
 * @project: with a session
 * @choice: of the subset
 * @class_index: that is looked at, which is exported alone unless something else is chosen; or -1
 */
GtkWidget *
tithe_export_dialog_new (GtkWindow *parent, TitheProject *project, const TitheSubsetChoice *choice, int class_index)
{
  TitheExportDialog *self = g_object_new (TITHE_TYPE_EXPORT_DIALOG, "transient-for", parent, "modal", TRUE,
                                          "destroy-with-parent", TRUE, NULL);

  self->choice = *choice;
  self->purpose = tithe_export_purpose_recall ();
  self->filling = TRUE;
  self->project = g_object_ref (project);
  list_classes (self, class_index);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->purpose_buttons[self->purpose]), TRUE);
  gtk_window_set_focus (GTK_WINDOW (self), self->purpose_buttons[self->purpose]);
  return GTK_WIDGET (self);
}
