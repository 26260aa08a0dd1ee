/* SPDX-License-Identifier: MIT */
#include "tithe-window-private.h"

#include "background/tithe-exporting.h"
#include "dialogs/tithe-export-dialog.h"
#include "dialogs/tithe-figure-dialog.h"
#include "dialogs/tithe-file-dialog.h"
#include "tithe-format.h"

#include <glib/gi18n.h>

/* Groups of a figure at most, and as many as there are to begin with where fewer are in view. */
#define FIGURE_GROUPS 16
#define FIGURE_BEGIN 8

/* --- what was begun --- */

static void
task_free (gpointer data)
{
  TitheTask *task = data;

  tithe_task_drop (&task);
}

static void
on_show_folder (AdwToast *toast, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *uri = g_file_get_uri (folder);

  gtk_show_uri (NULL, uri, GDK_CURRENT_TIME);
}

static void
say_written (TitheWindow *self, const char *message, const char *path)
{
  g_autofree char *text = g_markup_escape_text (message, -1);
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_button_label (toast, _("Open _Folder"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (on_show_folder), g_strdup (path),
                         (GClosureNotify) (void (*) (void)) g_free, 0);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
drop_done (TitheWindow *self)
{
  for (guint i = self->exporting->len; i-- > 0;)
    if (tithe_task_is_over (g_ptr_array_index (self->exporting, i)))
      g_ptr_array_remove_index (self->exporting, i);
  tithe_window_show_job (self);
}

static void
on_exported (gpointer owner, gpointer work, const GError *error)
{
  TitheWindow *self = owner;
  const gsize n = tithe_exporting_get_size (work)->n_images;
  g_autofree char *name = g_filename_display_basename (tithe_exporting_get_path (work));
  g_autofree char *count = tithe_format_count (n), *message = NULL;

  drop_done (self);
  /* TRANSLATORS: a number, and the name of a file or a folder */
  message = g_strdup_printf (ngettext ("Exported %s image to “%s”", "Exported %s images to “%s”", n), count, name);
  if (error == NULL)
    say_written (self, message, tithe_exporting_get_path (work));
  else if (tithe_task_is_failure (error))
    tithe_window_show_failure (self, _("Could Not Export"), error->message);
}

static void
on_saved (gpointer owner, gpointer work, const GError *error)
{
  TitheWindow *self = owner;
  g_autofree char *name = g_filename_display_basename (tithe_exporting_get_path (work)), *message = NULL;

  drop_done (self);
  message = g_strdup_printf (_("Saved “%s”"), name);
  if (error == NULL)
    say_written (self, message, tithe_exporting_get_path (work));
  else if (tithe_task_is_failure (error))
    tithe_window_show_failure (self, _("Could Not Save"), error->message);
}

/* The bar below shows the newest; the window's end cancels them all. */
static void
take_task (TitheWindow *self, TitheTask *task)
{
  g_ptr_array_add (self->exporting, task);
  tithe_window_show_job (self);
}

/* tithe_window_get_export_job: (transfer none) (nullable): of what is written now. */
TitheJob *
tithe_window_get_export_job (TitheWindow *self)
{
  return self->exporting->len > 0 ? tithe_task_get_job (g_ptr_array_index (self->exporting, self->exporting->len - 1))
                                  : NULL;
}

/* --- where to --- */

typedef void (*SaveFunc) (TitheWindow *self, gpointer wanted, const char *path);

/* What a dialog for files is to save. Where it asks for a folder, it has the name in it, whose end it keeps. */
typedef struct
{
  SaveFunc save;
  gpointer wanted;
  GDestroyNotify free_wanted;
  char *name;
  const char *ending;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  if (saving->free_wanted != NULL)
    saving->free_wanted (saving->wanted);
  g_free (saving->name);
  g_free (saving);
}

static void
on_place_chosen (GtkNativeDialog *dialog, int response, TitheWindow *self)
{
  const Saving *saving = g_object_get_data (G_OBJECT (dialog), "saving");
  g_autofree char *path = tithe_file_dialog_dup_path (dialog, response);

  if (path != NULL && saving->name != NULL)
    {
      g_autofree char *folder = g_steal_pointer (&path);

      path = tithe_file_dialog_dup_free_path (folder, saving->name, saving->ending);
    }
  if (path != NULL && tithe_project_get_dataset (self->project) != NULL)
    saving->save (self, saving->wanted, path);
  g_object_unref (dialog);
}

/* The dialog asks before something is replaced; in a folder, the name is one that is free. */
static void
ask_for_place (TitheWindow *self, GtkWindow *parent, const char *title, gboolean in_folder, const char *name,
               Saving saving)
{
  GtkFileChooserNative *dialog = tithe_file_dialog_new (
      parent, title, in_folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_SAVE,
      G_CALLBACK (on_place_chosen), self);

  if (in_folder)
    saving.name = g_strdup (name);
  else
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_object_set_data_full (G_OBJECT (dialog), "saving", g_memdup2 (&saving, sizeof saving), saving_free);
  tithe_window_show_file_dialog (self, dialog);
}

/* --- subsets --- */

static void
save_form (TitheWindow *self, const TitheExportOptions *options, const char *path)
{
  TitheSubsetChoice choice = tithe_review_page_get_choice (self->page);

  if (tithe_project_get_session (self->project) != NULL)
    take_task (self, tithe_exporting_begin_form (self, self->project, &choice, options, path, on_exported));
}

static void
save_report (TitheWindow *self, gpointer wanted, const char *path)
{
  TitheSubsetChoice choice = tithe_review_page_get_choice (self->page);

  if (tithe_project_get_session (self->project) != NULL)
    take_task (self, tithe_exporting_begin_report (self, self->project, &choice, path, on_saved));
}

static const char *const endings[TITHE_N_EXPORT_FORMATS] = {
  [TITHE_EXPORT_CSV] = ".csv",
  [TITHE_EXPORT_JSONL] = ".jsonl",
  [TITHE_EXPORT_INDICES] = ".npy",
  [TITHE_EXPORT_MASK] = "-mask.npy",
  [TITHE_EXPORT_PATHS] = ".txt",
  [TITHE_EXPORT_PATHS_DROPPED] = ".txt",
  [TITHE_EXPORT_MANIFEST] = "-manifest.csv",
};

static char *
name_subset (TitheWindow *self, const char *ending)
{
  g_autofree char *base
      = g_strdelimit (g_strdup (tithe_dataset_get_name (tithe_project_get_dataset (self->project))), "/", '-');

  return g_strdup_printf ("%s-%.1f%s", base, 100 * tithe_review_page_get_choice (self->page).ratio,
                          ending ? ending : "");
}

/* “pets-80.0-cat-discarded.npy”: the class and the images are named where they are not what one would think. */
static char *
name_export (TitheWindow *self, const TitheExportOptions *options)
{
  const TitheExportFormat format = options->format;
  const gboolean bare
      = format == TITHE_EXPORT_INDICES || format == TITHE_EXPORT_PATHS; /* say nothing of it themselves */
  const gboolean table = format == TITHE_EXPORT_CSV || format == TITHE_EXPORT_JSONL;
  g_autoptr (GString) middle = g_string_new (NULL);

  for (guint i = 0; options->classes != NULL && options->classes[i] != NULL; i++)
    g_string_append_printf (middle, "-%s", options->classes[i]);
  if (bare || options->what != (table ? TITHE_EXPORT_BOTH : TITHE_EXPORT_KEPT))
    g_string_append_printf (middle, "-%s",
                            options->what == TITHE_EXPORT_BOTH ? "all" : tithe_export_what_to_string (options->what));
  g_strdelimit (middle->str, "/", '-');
  g_string_append (middle, endings[format] ? endings[format] : "");
  return name_subset (self, middle->str);
}

/* What a place was asked for: the dialog says where it can't be, and asks for another. */
static void
give_place (TitheWindow *self, gpointer wanted, const char *path)
{
  tithe_export_dialog_set_place (wanted, path);
}

/* An export is a folder, or a file with its provenance beside it: a portal, which gives a file alone, is asked for the folder
 * that it goes into. */
static void
on_place_wanted (TitheExportDialog *dialog, TitheWindow *self)
{
  const TitheExportOptions options = tithe_export_dialog_get_options (dialog);
  g_autofree char *name = name_export (self, &options);

  ask_for_place (self, GTK_WINDOW (dialog), _("Export the Subset"), tithe_file_dialog_is_portal (), name,
                 (Saving){ .save = give_place,
                           .wanted = g_object_ref (dialog),
                           .free_wanted = g_object_unref,
                           .ending = endings[options.format] });
}

static void
on_export_chosen (TitheExportDialog *dialog, const char *path, TitheWindow *self)
{
  const TitheExportOptions options = tithe_export_dialog_get_options (dialog);

  save_form (self, &options, path);
}

static void
on_export (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  const TitheSubsetChoice choice = tithe_review_page_get_choice (self->page);
  GtkWidget *dialog
      = tithe_export_dialog_new (GTK_WINDOW (self), self->project, &choice, tithe_review_page_get_class (self->page));

  g_signal_connect_object (dialog, "place-wanted", G_CALLBACK (on_place_wanted), self, 0);
  g_signal_connect_object (dialog, "export", G_CALLBACK (on_export_chosen), self, 0);
  tithe_window_show_dialog (self, dialog);
}

static void
on_export_report (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autofree char *name = name_subset (user_data, ".html");

  ask_for_place (user_data, user_data, _("Save the Report"), FALSE, name, (Saving){ .save = save_report });
}

/* For scripts that drive the window over D-Bus: format and path at once. */
static void
on_export_to (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheExportOptions options = { 0 };
  const char *name, *path;

  g_variant_get (parameter, "(&s&s)", &name, &path);
  if (tithe_export_format_from_string (name, &options.format))
    save_form (user_data, &options, path);
}

/* For scripts: format, kept, discarded or both, link, path. */
static void
on_export_form_to (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheExportOptions options = { 0 };
  const char *name, *what, *link, *path;

  g_variant_get (parameter, "(&s&s&s&s)", &name, &what, &link, &path);
  if (tithe_export_format_from_string (name, &options.format) && tithe_export_what_from_string (what, &options.what)
      && tithe_export_link_from_string (link, &options.link))
    save_form (user_data, &options, path);
}

/* For scripts. */
static void
on_export_report_to (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  save_report (user_data, NULL, g_variant_get_string (parameter, NULL));
}

/* --- charts --- */

static void
save_chart (TitheWindow *self, gpointer wanted, const char *path)
{
  TitheFigureKind kind = (TitheFigureKind) GPOINTER_TO_UINT (wanted);
  TitheFigure *figure = kind < TITHE_N_FIGURES ? tithe_review_page_dup_figure (self->page, kind)
                                               : tithe_verify_page_dup_figure (self->verify, kind);

  if (figure != NULL)
    take_task (self, tithe_exporting_begin_chart (self, self->project, figure, path, on_saved));
}

static void
on_save_figure (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autofree char *name = g_strdup_printf ("%s.pdf", g_variant_get_string (parameter, NULL));
  TitheFigureKind kind;

  if (tithe_figure_kind_from_string (g_variant_get_string (parameter, NULL), &kind))
    ask_for_place (user_data, user_data, _("Save the Chart as PNG, PDF or SVG"), FALSE, name,
                   (Saving){ .save = save_chart, .wanted = GUINT_TO_POINTER (kind) });
}

/* For scripts: kind and path. */
static void
on_save_figure_to (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *name, *path;
  TitheFigureKind kind;

  g_variant_get (parameter, "(&s&s)", &name, &path);
  if (tithe_figure_kind_from_string (name, &kind))
    save_chart (user_data, GUINT_TO_POINTER (kind), path);
}

/* --- groups in a figure --- */

static void
save_groups (TitheWindow *self, gpointer wanted, const char *path)
{
  TitheSubsetChoice choice = tithe_review_page_get_choice (self->page);

  if (tithe_project_get_session (self->project) != NULL)
    take_task (self, tithe_exporting_begin_groups (self, self->project, &choice, wanted, path, on_saved));
}

static void
on_groups_chosen (TitheFigureDialog *dialog, const char *path, TitheWindow *self)
{
  g_autoptr (TitheFigureChoice) choice = tithe_figure_dialog_dup_choice (dialog);

  save_groups (self, choice, path);
}

static void
on_export_groups (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  g_autoptr (GArray) groups = tithe_review_page_list_groups (self->page, FIGURE_BEGIN);
  const TitheSubsetChoice choice = tithe_review_page_get_choice (self->page);
  TitheSubset *subset = tithe_review_page_get_subset (self->page);
  GtkWidget *dialog;

  if (groups->len == 0 || subset == NULL || tithe_subset_get_curation (subset) == NULL)
    {
      tithe_window_say (self, _("There are no groups to draw"), FALSE);
      return;
    }
  dialog = tithe_figure_dialog_new (GTK_WINDOW (self), subset, &choice, groups, FIGURE_GROUPS);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_groups_chosen), self, 0);
  tithe_window_show_dialog (self, dialog);
}

/* For scripts: what the dialog would draw at first. */
static void
on_export_groups_to (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  g_autoptr (TitheFigureChoice) choice = tithe_figure_choice_new (
      tithe_review_page_list_groups (self->page, FIGURE_BEGIN), NULL, TITHE_FIGURE_PAGE, 0, TITHE_FIGURE_FONT);

  g_array_set_size (choice->groups, MIN (choice->groups->len, FIGURE_GROUPS));
  save_groups (self, choice, g_variant_get_string (parameter, NULL));
}

/* --- trials --- */

static void
save_trials (TitheWindow *self, gpointer wanted, const char *path)
{
  char *csv = tithe_verify_page_dup_csv (self->verify, GPOINTER_TO_INT (wanted));

  if (csv != NULL)
    take_task (self, tithe_exporting_begin_text (self, self->project, csv, path, on_saved));
}

static void
on_save_trials (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gboolean by_class = g_variant_get_boolean (parameter);

  ask_for_place (user_data, user_data, _("Save All Trials as CSV"), FALSE,
                 by_class ? "trials-by-class.csv" : "trials.csv",
                 (Saving){ .save = save_trials, .wanted = GINT_TO_POINTER (by_class) });
}

/* --- actions --- */

static const GActionEntry actions[] = {
  { .name = "export", .activate = on_export },
  { .name = "export-to", .activate = on_export_to, .parameter_type = "(ss)" },
  { .name = "export-form-to", .activate = on_export_form_to, .parameter_type = "(ssss)" },
  { .name = "export-report", .activate = on_export_report },
  { .name = "export-report-to", .activate = on_export_report_to, .parameter_type = "s" },
  { .name = "export-groups", .activate = on_export_groups },
  { .name = "export-groups-to", .activate = on_export_groups_to, .parameter_type = "s" },
  { .name = "save-trials", .activate = on_save_trials, .parameter_type = "b" },
  { .name = "save-figure", .activate = on_save_figure, .parameter_type = "s" },
  { .name = "save-figure-to", .activate = on_save_figure_to, .parameter_type = "(ss)" },
};

/**
 * tithe_window_enable_exports:
 * @enabled: whether there is a session, whose file has what is written
 */
void
tithe_window_enable_exports (TitheWindow *self, gboolean enabled)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_has_prefix (actions[i].name, "export"))
      tithe_window_set_action_enabled (self, actions[i].name, enabled);
}

/* tithe_window_init_export: adds the actions that write something. */
void
tithe_window_init_export (TitheWindow *self)
{
  self->exporting = g_ptr_array_new_with_free_func (task_free);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  tithe_window_enable_exports (self, FALSE);
}
