/* SPDX-License-Identifier: MIT */
#include "tithe-window.h"

#include "dialogs/tithe-export-dialog.h"
#include "dialogs/tithe-figure-dialog.h"
#include "tithe-format.h"
#include "tithe-job-bar.h"
#include "tithe-learn-panel.h"
#include "background/tithe-learner.h"
#include "dialogs/tithe-preferences.h"
#include "tithe-settings.h"
#include "pages/tithe-start-page.h"
#include "pages/tithe-verify-page.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

struct _TitheWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkStack *stack;
  GtkWidget *classes_button, *export_button, *verify_button, *job_revealer;
  TitheReviewPage *page;
  TitheVerifyPage *verify;
  TitheJobBar *job_bar;
  TitheLearnPanel *learn_panel;
  GtkWidget *hint, *learn_revealer, *learn_button, *switch_bar;
  GtkLabel *hint_label, *switch_label;

  TitheProject *project;
  TitheLearner *learner;
  TitheJob *exporting;     /* (nullable) */
  TitheBookmark *bookmark; /* (nullable): for what is being opened */
  gboolean switched;       /* to another space: what is looked at stays, whatever was in that session before */
  double ratio;            /* that was asked for, or 0 */
  gboolean verify_wanted;  /* as soon as there is a session */
  gboolean by_class;       /* of the table of trials that a name is asked for */
};

G_DEFINE_TYPE (TitheWindow, tithe_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_failure (TitheWindow *self, const char *heading, const char *message)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_said (TitheWindow *self, const char *message, gboolean undoable)
{
  g_autofree char *escaped = g_markup_escape_text (message, -1);
  AdwToast *toast = adw_toast_new (escaped);

  if (undoable)
    {
      adw_toast_set_button_label (toast, _("_Undo"));
      adw_toast_set_action_name (toast, "review.undo");
      adw_toast_set_timeout (toast, 3);
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* --- what the project tells --- */

static void
update_title (TitheWindow *self)
{
  TitheHierarchy *hierarchy = tithe_project_get_hierarchy (self->project);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (hierarchy);
  g_autofree char *images = tithe_format_count (tithe_dataset_get_n_images (dataset));
  guint n = tithe_dataset_get_n_classes (dataset);
  gsize dim = tithe_project_get_dim (self->project);
  g_autofree char *classes = g_strdup_printf (ngettext ("%u class", "%u classes", n), n);
  g_autofree char *space = NULL, *subtitle = NULL;

  if (tithe_project_is_quick (self->project))
    space = g_strdup (_("quick look"));
  else if (dim > 0)
    space = g_strdup_printf (_("%zu dimensions"), dim);
  else
    space = g_strdup (_("session"));
  subtitle = g_strdup_printf (_("%s images, %s · %s"), images, classes, space);
  adw_window_title_set_title (self->title, tithe_dataset_get_name (dataset));
  adw_window_title_set_subtitle (self->title, subtitle);
  gtk_window_set_title (GTK_WINDOW (self), tithe_dataset_get_name (dataset));
}

static void
set_action_enabled (TitheWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
set_exports_enabled (TitheWindow *self, gboolean enabled)
{
  const char *const names[] = { "export",        "export-to",        "export-form",   "export-form-to",
                                "export-report", "export-report-to", "export-groups", "verify" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    set_action_enabled (self, names[i], enabled);
}

/* What learning would bring, and how long it would take. */
static void
update_hint (TitheWindow *self)
{
  const char *what = _("A first look: images are compared by colour and shape, not by meaning.");
  double seconds = tithe_learner_get_estimate (self->learner);
  g_autofree char *text = NULL;

  if (seconds >= 90)
    text = g_strdup_printf (_("%s Learning takes about %.0f minutes on this computer."), what, ceil (seconds / 60));
  else if (seconds >= 0)
    text = g_strdup_printf (_("%s Learning takes about %.0f seconds on this computer."), what,
                            MAX (10, 10 * ceil (seconds / 10)));
  gtk_label_set_text (self->hint_label, text ? text : what);
}

/* The bar below the slider: what the images are compared by, what could be done about it, and how that goes. */
static void
update_learning (TitheWindow *self)
{
  TitheJob *learning = tithe_learner_get_job (self->learner);
  gboolean quick = tithe_project_is_quick (self->project), held_out;
  gboolean learned = tithe_learner_get_learned (self->learner) != NULL;
  double score = tithe_learner_get_score (self->learner, &held_out);
  g_autofree char *text = NULL;

  if (learning != NULL)
    tithe_learn_panel_begin (self->learn_panel, learning);
  else
    tithe_learn_panel_end (self->learn_panel);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->learn_revealer), learning != NULL);
  gtk_widget_set_visible (self->hint, quick && learning == NULL && !learned);
  gtk_widget_set_visible (self->learn_button, tithe_learner_can (self->learner));
  gtk_widget_set_visible (self->switch_bar, learned);
  update_hint (self);
  if (score < 0)
    text = g_strdup (_("The semantic space is learned."));
  else
    text = g_strdup_printf (
        held_out ? _("The semantic space is learned: it tells apart %.1f %% of a tenth that was held out.")
                 : _("The semantic space is learned: it tells apart %.1f %% of the test images."),
        100 * score);
  gtk_label_set_text (self->switch_label, text);
}

static void
on_opened (TitheWindow *self)
{
  TitheHierarchy *hierarchy = tithe_project_get_hierarchy (self->project);

  tithe_review_page_set_hierarchy (self->page, hierarchy);
  self->switched = self->bookmark != NULL;
  if (self->switched)
    tithe_review_page_set_bookmark (self->page, g_steal_pointer (&self->bookmark));
  update_title (self);
  g_action_change_state (g_action_map_lookup_action (G_ACTION_MAP (self), "verify"), g_variant_new_boolean (FALSE));
  gtk_stack_set_visible_child_name (self->stack, "review");
  gtk_widget_set_visible (self->classes_button, TRUE);
  tithe_learner_set_dataset (self->learner, tithe_hierarchy_get_dataset (hierarchy),
                             tithe_project_is_quick (self->project));
  gtk_widget_set_visible (self->export_button, TRUE);
  gtk_widget_set_visible (self->verify_button, TRUE);
  tithe_verify_page_set_session (self->verify, NULL, NULL);
  set_exports_enabled (self, FALSE);
  set_action_enabled (self, "use-embeddings", TRUE);
  gtk_widget_set_sensitive (self->export_button, FALSE);
}

static void
on_class_finished (TitheWindow *self)
{
  tithe_review_page_class_finished (self->page);
}

static void
remember_session (TitheWindow *self)
{
  g_autofree char *uri = g_filename_to_uri (tithe_project_get_session (self->project), NULL, NULL);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_project_get_hierarchy (self->project));
  GtkRecentData data = { .display_name = (char *) tithe_dataset_get_name (dataset),
                         .description = (char *) tithe_dataset_get_locator (dataset),
                         .mime_type = (char *) TITHE_SESSION_TYPE,
                         .app_name = (char *) "Tithe",
                         .app_exec = (char *) "tithe %f" };

  if (uri != NULL)
    gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static void
on_finished (TitheWindow *self)
{
  const char *session = tithe_project_get_session (self->project);
  TitheBookmark *bookmark = self->switched ? NULL : tithe_bookmark_load (session);

  if (bookmark != NULL)
    tithe_review_page_set_bookmark (self->page, bookmark);
  if (self->ratio > 0)
    tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (self->page), self->ratio);
  self->ratio = 0;
  tithe_review_page_set_session (self->page, session, tithe_project_get_embedding (self->project));
  tithe_verify_page_set_session (self->verify, session,
                                 tithe_hierarchy_get_dataset (tithe_project_get_hierarchy (self->project)));
  set_exports_enabled (self, TRUE);
  gtk_widget_set_sensitive (self->export_button, TRUE);
  if (self->verify_wanted)
    g_action_change_state (g_action_map_lookup_action (G_ACTION_MAP (self), "verify"), g_variant_new_boolean (TRUE));
  self->verify_wanted = FALSE;
  remember_session (self);
}

static void
on_epoch (TitheWindow *self)
{
  const TitheLearnerEpoch *epoch = tithe_learner_get_epoch (self->learner);
  TitheLearnPoint point = { .epoch = epoch->epoch,
                            .n_epochs = epoch->n_epochs,
                            .held_out = epoch->held_out,
                            .loss = epoch->loss,
                            .accuracy = epoch->accuracy,
                            .test_accuracy = epoch->test_accuracy,
                            .images_per_second = epoch->images_per_second };

  tithe_learn_panel_set_examples (self->learn_panel, tithe_learner_get_examples (self->learner));
  if (epoch->epoch > 0)
    tithe_learn_panel_add_point (self->learn_panel, &point);
}

static void
on_failed (TitheWindow *self, const char *message)
{
  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  show_failure (self, _("Could Not Open"), message);
}

static void
on_learning_failed (TitheWindow *self, const char *message)
{
  show_failure (self, _("Could Not Learn"), message);
}

/* A job began or ended. One that ended with classes missing was cancelled: those that are there stay usable. */
static void
on_busy (TitheWindow *self)
{
  TitheJob *job = tithe_project_get_job (self->project);
  TitheHierarchy *hierarchy = tithe_project_get_hierarchy (self->project);

  if (job == NULL)
    job = self->exporting;
  tithe_job_bar_set_job (self->job_bar, job);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->job_revealer), job != NULL);
  if (tithe_project_get_job (self->project) == NULL && self->exporting == NULL && hierarchy != NULL
      && !tithe_hierarchy_is_complete (hierarchy))
    on_said (self, _("Clustering was cancelled: classes that were finished can be looked at"), FALSE);
}

/* --- opening --- */

static void
on_dataset_chosen (GtkNativeDialog *dialog, int response, TitheWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = g_file_get_path (file);

      tithe_project_open (self->project, path, NULL);
    }
  g_object_unref (dialog);
}

static void
on_embeddings_chosen (GtkNativeDialog *dialog, int response, TitheWindow *self)
{
  TitheHierarchy *hierarchy = tithe_project_get_hierarchy (self->project);

  if (response == GTK_RESPONSE_ACCEPT && hierarchy != NULL)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = g_file_get_path (file);

      tithe_project_open (self->project, tithe_dataset_get_locator (tithe_hierarchy_get_dataset (hierarchy)), path);
    }
  g_object_unref (dialog);
}

static GtkFileChooserNative *
choose_file (TitheWindow *self, const char *title, GtkFileChooserAction action, GCallback on_response)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (title, GTK_WINDOW (self), action, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", on_response, self, 0);
  return dialog;
}

static void
add_filter (GtkFileChooserNative *dialog, const char *name, const char *const *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (; *patterns != NULL; patterns++)
    gtk_file_filter_add_pattern (filter, *patterns);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
}

static void
on_open_folder (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (choose_file (
      user_data, _("Open a Dataset Folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, G_CALLBACK (on_dataset_chosen))));
}

static void
on_open_file (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkFileChooserNative *dialog = choose_file (user_data, _("Open a Session, Manifest or Data File"),
                                              GTK_FILE_CHOOSER_ACTION_OPEN, G_CALLBACK (on_dataset_chosen));

  add_filter (dialog, _("Sessions, manifests, CIFAR and IDX files"),
              (const char *const[]){ "*.tithe", "*.csv", "*.jsonl", "*.bin", "*ubyte", "*ubyte.gz", NULL });
  add_filter (dialog, _("All files"), (const char *const[]){ "*", NULL });
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_use_embeddings (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkFileChooserNative *dialog = choose_file (user_data, _("Use an Embedding File"), GTK_FILE_CHOOSER_ACTION_OPEN,
                                              G_CALLBACK (on_embeddings_chosen));

  add_filter (dialog, _("Embeddings (.npy, .npz, .safetensors)"),
              (const char *const[]){ "*.npy", "*.npz", "*.safetensors", NULL });
  add_filter (dialog, _("All files"), (const char *const[]){ "*", NULL });
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_try_demo (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tithe_project_open_demo (TITHE_WINDOW (user_data)->project);
}

static void
on_learn (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tithe_learner_begin (TITHE_WINDOW (user_data)->learner, NULL);
}

static void
on_learn_model (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tithe_learner_begin (TITHE_WINDOW (user_data)->learner, g_variant_get_string (parameter, NULL));
}

/* Over to the space that was learned; ratio, policy, order, class and place stay as they are. */
static void
on_switch (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  TitheHierarchy *hierarchy = tithe_project_get_hierarchy (self->project);
  const char *learned = tithe_learner_get_learned (self->learner);

  if (hierarchy == NULL || learned == NULL)
    return;
  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  self->bookmark = tithe_review_page_dup_bookmark (self->page);
  tithe_project_open (self->project, tithe_dataset_get_locator (tithe_hierarchy_get_dataset (hierarchy)), learned);
}

static void
on_cancel (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tithe_project_cancel (TITHE_WINDOW (user_data)->project);
}

static gboolean
is_embedding (const char *path)
{
  return g_str_has_suffix (path, ".npy") || g_str_has_suffix (path, ".npz") || g_str_has_suffix (path, ".safetensors");
}

/* A dataset, a session, an embedding for what is open, or a dataset and its embedding together. */
static gboolean
on_drop (TitheWindow *self, const GValue *value)
{
  g_autofree char *dataset = NULL, *embeddings = NULL;
  TitheHierarchy *hierarchy = tithe_project_get_hierarchy (self->project);

  for (GSList *files = g_value_get_boxed (value); files != NULL; files = files->next)
    {
      g_autofree char *path = g_file_get_path (files->data);
      char **place = path && is_embedding (path) ? &embeddings : &dataset;

      g_free (*place);
      *place = g_steal_pointer (&path);
    }
  if (dataset == NULL && hierarchy != NULL)
    dataset = g_strdup (tithe_dataset_get_locator (tithe_hierarchy_get_dataset (hierarchy)));
  if (dataset == NULL)
    {
      on_said (self, _("Open a dataset first, then drop its embedding"), FALSE);
      return FALSE;
    }
  tithe_project_open (self->project, dataset, embeddings);
  return TRUE;
}

static void
on_open_recent (TitheWindow *self, const char *path)
{
  tithe_project_open (self->project, path, NULL);
}

/* --- export --- */

static void
on_show_folder (AdwToast *toast, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *uri = g_file_get_uri (folder);

  gtk_show_uri (NULL, uri, GDK_CURRENT_TIME);
}

/* An export on its way; the bar below shows the newest. */
typedef struct
{
  TitheWindow *window;
  TitheJob *job;
} Exporting;

static void
on_exported (const char *path, const GError *error, gpointer user_data)
{
  g_autofree Exporting *exporting = user_data;
  g_autoptr (TitheWindow) self = exporting->window;

  if (self->exporting == exporting->job)
    g_clear_pointer (&self->exporting, tithe_job_unref);
  tithe_job_unref (exporting->job);
  if (self->project != NULL)
    on_busy (self);
  if (error != NULL && self->project != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_failure (self, _("Could Not Export"), error->message);
  else if (error == NULL)
    {
      g_autofree char *name = g_path_get_basename (path);
      g_autofree char *text = g_markup_printf_escaped (_("Exported “%s”"), name);
      AdwToast *toast = adw_toast_new (text);

      adw_toast_set_button_label (toast, _("Open _Folder"));
      g_signal_connect_data (toast, "button-clicked", G_CALLBACK (on_show_folder), g_strdup (path),
                             (GClosureNotify) (void (*) (void)) g_free, 0);
      adw_toast_overlay_add_toast (self->toasts, toast);
    }
}

/* @options is NULL for the report. */
static void
export_to (TitheWindow *self, const TitheExportOptions *options, const char *path)
{
  TitheSubsetChoice choice = tithe_review_page_get_choice (self->page);
  Exporting *exporting = g_new (Exporting, 1);

  *exporting = (Exporting){ g_object_ref (self), tithe_job_new (_("Exporting")) };
  g_clear_pointer (&self->exporting, tithe_job_unref);
  self->exporting = tithe_job_ref (exporting->job);
  tithe_project_export (self->project, &choice, options, path, exporting->job, on_exported, exporting);
  on_busy (self);
}

/* What a dialog for files is to export. */
typedef struct
{
  TitheExportOptions options;
  gboolean report;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;

  g_strfreev ((char **) wanted->options.classes);
  g_free (wanted);
}

static void
on_export_chosen (GtkNativeDialog *dialog, int response, TitheWindow *self)
{
  const Wanted *wanted = g_object_get_data (G_OBJECT (dialog), "wanted");

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = g_file_get_path (file);

      export_to (self, wanted->report ? NULL : &wanted->options, path);
    }
  g_object_unref (dialog);
}

static const char *const export_endings[TITHE_N_EXPORT_FORMATS] = {
  [TITHE_EXPORT_CSV] = ".csv",
  [TITHE_EXPORT_JSONL] = ".jsonl",
  [TITHE_EXPORT_INDICES] = "-kept.npy",
  [TITHE_EXPORT_MASK] = "-mask.npy",
  [TITHE_EXPORT_PATHS] = "-kept.txt",
  [TITHE_EXPORT_PATHS_DROPPED] = "-redundant.txt",
  [TITHE_EXPORT_MANIFEST] = "-manifest.csv",
};

/* The dialog asks before something is replaced. */
static void
ask_for_place (TitheWindow *self, const TitheExportOptions *options)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_project_get_hierarchy (self->project));
  GtkFileChooserNative *dialog = choose_file (self, options ? _("Export the Subset") : _("Save the Report"),
                                              GTK_FILE_CHOOSER_ACTION_SAVE, G_CALLBACK (on_export_chosen));
  const char *ending = options ? export_endings[options->format] : ".html";
  g_autofree char *base = g_strdelimit (g_strdup (tithe_dataset_get_name (dataset)), "/", '-'), *name = NULL;
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->report = options == NULL;
  if (options != NULL)
    wanted->options = *options;
  wanted->options.overwrite = TRUE;
  wanted->options.classes = (const char *const *) g_strdupv ((char **) wanted->options.classes);
  name = g_strdup_printf ("%s-%.1f%s", base, 100 * tithe_review_page_get_choice (self->page).ratio,
                          ending ? ending : "");
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_object_set_data_full (G_OBJECT (dialog), "wanted", wanted, wanted_free);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* Asks where to write the format that the menu names. */
static void
on_export (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheExportOptions options = { 0 };

  if (tithe_export_format_from_string (g_variant_get_string (parameter, NULL), &options.format))
    ask_for_place (user_data, &options);
}

static void
on_form_chosen (TitheExportDialog *dialog, TitheWindow *self)
{
  TitheExportOptions options = tithe_export_dialog_get_options (dialog);

  ask_for_place (self, &options);
}

static void
on_export_form (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  GtkWidget *dialog = tithe_export_dialog_new (
      GTK_WINDOW (self), tithe_hierarchy_get_dataset (tithe_project_get_hierarchy (self->project)),
      tithe_review_page_get_class (self->page));

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_form_chosen), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_export_report (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ask_for_place (user_data, NULL);
}

/* For scripts that drive the window over D-Bus: format and path at once. */
static void
on_export_to (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheExportOptions options = { .overwrite = TRUE };
  const char *name, *path;

  g_variant_get (parameter, "(&s&s)", &name, &path);
  if (tithe_export_format_from_string (name, &options.format))
    export_to (user_data, &options, path);
}

/* Likewise: format, kept, discarded or both, link, path. */
static void
on_export_form_to (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheExportOptions options = { .overwrite = TRUE };
  const char *name, *what, *link, *path;

  g_variant_get (parameter, "(&s&s&s&s)", &name, &what, &link, &path);
  if (tithe_export_format_from_string (name, &options.format) && tithe_export_what_from_string (what, &options.what)
      && tithe_export_link_from_string (link, &options.link))
    export_to (user_data, &options, path);
}

static void
on_export_report_to (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  export_to (user_data, NULL, g_variant_get_string (parameter, NULL));
}

/* --- figures --- */

/* Points: the width of a page of text, at the height that suits it. */
#define FIGURE_WIDTH 440.0

static void
save_figure (TitheWindow *self, TitheFigureKind kind, const char *path)
{
  g_autoptr (TitheFigure) figure = kind < TITHE_N_FIGURES ? tithe_review_page_dup_figure (self->page, kind)
                                                          : tithe_verify_page_dup_figure (self->verify, kind);
  g_autoptr (GError) error = NULL;
  g_autofree char *base = g_path_get_basename (path), *message = g_strdup_printf (_("Saved “%s”"), base);

  if (figure == NULL)
    return;
  if (tithe_figure_write (figure, path, FIGURE_WIDTH, tithe_figure_get_height (figure, FIGURE_WIDTH),
                          &tithe_figure_style_print, &error))
    on_said (self, message, FALSE);
  else
    show_failure (self, _("Could Not Save the Chart"), error->message);
}

static void
on_figure_chosen (GtkNativeDialog *dialog, int response, TitheWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = g_file_get_path (file);

      save_figure (self, (TitheFigureKind) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (dialog), "kind")), path);
    }
  g_object_unref (dialog);
}

static void
on_save_figure (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  GtkFileChooserNative *dialog;
  g_autofree char *name = NULL;
  TitheFigureKind kind;

  if (!tithe_figure_kind_from_string (g_variant_get_string (parameter, NULL), &kind))
    return;
  dialog = choose_file (self, _("Save the Chart as PNG, PDF or SVG"), GTK_FILE_CHOOSER_ACTION_SAVE,
                        G_CALLBACK (on_figure_chosen));
  name = g_strdup_printf ("%s.pdf", tithe_figure_kind_to_string (kind));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_object_set_data (G_OBJECT (dialog), "kind", GUINT_TO_POINTER (kind));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* For scripts that drive the window over D-Bus: kind and path at once. */
static void
on_save_figure_to (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *name, *path;
  TitheFigureKind kind;

  g_variant_get (parameter, "(&s&s)", &name, &path);
  if (tithe_figure_kind_from_string (name, &kind))
    save_figure (user_data, kind, path);
}

/* --- groups in a figure --- */

#define FIGURE_GROUPS 16

static void
on_groups_place_chosen (GtkNativeDialog *native, int response, TitheFigureDialog *dialog)
{
  TitheWindow *self = TITHE_WINDOW (gtk_window_get_transient_for (GTK_WINDOW (dialog)));

  if (response == GTK_RESPONSE_ACCEPT && self->project != NULL)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (native));
      g_autofree char *path = g_file_get_path (file), *base = g_path_get_basename (path);
      g_autofree char *message = g_strdup_printf (_("Saved “%s”"), base);
      g_autoptr (GError) error = NULL;

      if (tithe_figure_dialog_write (dialog, tithe_review_page_get_subset (self->page), path, &error))
        on_said (self, message, FALSE);
      else
        show_failure (self, _("Could Not Save the Figure"), error->message);
    }
  g_object_unref (native);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
on_groups_chosen (TitheFigureDialog *dialog, TitheWindow *self)
{
  GtkFileChooserNative *native = gtk_file_chooser_native_new (
      _("Save the Figure as PNG, PDF or SVG"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (native), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (native), "groups.pdf");
  g_signal_connect_object (native, "response", G_CALLBACK (on_groups_place_chosen), dialog, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (native));
}

static void
on_export_groups (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  GArray *groups = tithe_review_page_list_groups (self->page, FIGURE_GROUPS);
  GtkWidget *dialog;

  if (groups->len == 0)
    {
      on_said (self, _("There are no groups to draw"), FALSE);
      g_array_unref (groups);
      return;
    }
  dialog = tithe_figure_dialog_new (GTK_WINDOW (self),
                                    tithe_hierarchy_get_dataset (tithe_project_get_hierarchy (self->project)), groups);
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (on_groups_chosen), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- verifying --- */

static void
on_verify (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  TitheWindow *self = user_data;
  TitheSubsetChoice choice = tithe_review_page_get_choice (self->page);

  g_simple_action_set_state (action, state);
  tithe_verify_page_set_choice (self->verify, &choice, tithe_review_page_get_curation (self->page));
  gtk_stack_set_visible_child_name (self->stack, g_variant_get_boolean (state) ? "verify" : "review");
  /* With it go the buttons that are about groups. */
  gtk_widget_set_visible (self->classes_button, !g_variant_get_boolean (state));
}

static void
on_class_chosen (TitheWindow *self, guint class_index, TitheSubsetChoice *choice)
{
  g_action_change_state (g_action_map_lookup_action (G_ACTION_MAP (self), "verify"), g_variant_new_boolean (FALSE));
  tithe_review_page_show_class (self->page, class_index, choice);
}

static void
on_trials_chosen (GtkNativeDialog *dialog, int response, TitheWindow *self)
{
  g_autofree char *csv = tithe_verify_page_dup_csv (self->verify, self->by_class);

  if (response == GTK_RESPONSE_ACCEPT && csv != NULL)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = g_file_get_path (file), *base = g_path_get_basename (path);
      g_autofree char *message = g_strdup_printf (_("Saved “%s”"), base);
      g_autoptr (GError) error = NULL;

      if (tithe_output_write (path, csv, strlen (csv), &error))
        on_said (self, message, FALSE);
      else
        show_failure (self, _("Could Not Save the Table"), error->message);
    }
  g_object_unref (dialog);
}

static void
on_save_trials (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  GtkFileChooserNative *dialog
      = choose_file (self, _("Save All Trials as CSV"), GTK_FILE_CHOOSER_ACTION_SAVE, G_CALLBACK (on_trials_chosen));

  self->by_class = g_variant_get_boolean (parameter);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), self->by_class ? "trials-by-class.csv" : "trials.csv");
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* --- window --- */

static void
on_preferences (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (tithe_preferences_new (user_data)));
}

static const GActionEntry actions[] = {
  { .name = "open-folder", .activate = on_open_folder },
  { .name = "open-file", .activate = on_open_file },
  { .name = "use-embeddings", .activate = on_use_embeddings },
  { .name = "try-demo", .activate = on_try_demo },
  { .name = "learn", .activate = on_learn },
  { .name = "learn-model", .activate = on_learn_model, .parameter_type = "s" },
  { .name = "switch", .activate = on_switch },
  { .name = "cancel", .activate = on_cancel },
  { .name = "export", .activate = on_export, .parameter_type = "s" },
  { .name = "export-to", .activate = on_export_to, .parameter_type = "(ss)" },
  { .name = "export-form", .activate = on_export_form },
  { .name = "export-form-to", .activate = on_export_form_to, .parameter_type = "(ssss)" },
  { .name = "export-report", .activate = on_export_report },
  { .name = "export-report-to", .activate = on_export_report_to, .parameter_type = "s" },
  { .name = "export-groups", .activate = on_export_groups },
  { .name = "verify", .state = "false", .change_state = on_verify },
  { .name = "save-trials", .activate = on_save_trials, .parameter_type = "b" },
  { .name = "save-figure", .activate = on_save_figure, .parameter_type = "s" },
  { .name = "save-figure-to", .activate = on_save_figure_to, .parameter_type = "(ss)" },
  { .name = "preferences", .activate = on_preferences },
};

static void
follow_linkage (TitheWindow *self)
{
  tithe_project_set_linkage (self->project,
                             (TitheLinkage) g_settings_get_enum (tithe_settings_get (), TITHE_SETTING_LINKAGE));
}

/* The next window is as large as the last. */
static gboolean
tithe_window_close_request (GtkWindow *window)
{
  GSettings *settings = tithe_settings_get ();
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  g_settings_set (settings, TITHE_SETTING_WINDOW_SIZE, "(ii)", width, height);
  g_settings_set_boolean (settings, TITHE_SETTING_MAXIMIZED, gtk_window_is_maximized (window));
  return GTK_WINDOW_CLASS (tithe_window_parent_class)->close_request (window);
}

static void
tithe_window_dispose (GObject *object)
{
  TitheWindow *self = TITHE_WINDOW (object);

  if (self->project != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->project, self);
      g_signal_handlers_disconnect_by_data (self->learner, self);
      tithe_project_cancel (self->project);
      tithe_learner_set_dataset (self->learner, NULL, FALSE);
      tithe_verify_page_set_session (self->verify, NULL, NULL);
      if (self->exporting != NULL)
        tithe_job_cancel (self->exporting);
      tithe_review_page_set_hierarchy (self->page, NULL);
    }
  g_clear_object (&self->project);
  g_clear_object (&self->learner);
  g_clear_pointer (&self->exporting, tithe_job_unref);
  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  G_OBJECT_CLASS (tithe_window_parent_class)->dispose (object);
}

static void
tithe_window_class_init (TitheWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = tithe_window_close_request;
  g_type_ensure (TITHE_TYPE_JOB_BAR);
  g_type_ensure (TITHE_TYPE_LEARN_PANEL);
  g_type_ensure (TITHE_TYPE_REVIEW_PAGE);
  g_type_ensure (TITHE_TYPE_START_PAGE);
  g_type_ensure (TITHE_TYPE_VERIFY_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, title);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, page);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, classes_button);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, verify_button);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, verify);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, hint);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, job_revealer);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, job_bar);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, learn_panel);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, learn_revealer);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, learn_button);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, switch_bar);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, switch_label);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, hint_label);
  gtk_widget_class_bind_template_callback (widget_class, on_open_recent);
  gtk_widget_class_bind_template_callback (widget_class, on_said);
  gtk_widget_class_bind_template_callback (widget_class, on_class_chosen);
  gtk_widget_class_bind_template_callback (widget_class, show_failure);
}

static void
tithe_window_init (TitheWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  int width, height;

  gtk_widget_init_template (GTK_WIDGET (self));
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_exports_enabled (self, FALSE);
  set_action_enabled (self, "use-embeddings", FALSE);
  g_signal_connect_object (drop, "drop", G_CALLBACK (on_drop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  g_settings_get (tithe_settings_get (), TITHE_SETTING_WINDOW_SIZE, "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), MAX (width, 360), MAX (height, 400));
  if (g_settings_get_boolean (tithe_settings_get (), TITHE_SETTING_MAXIMIZED))
    gtk_window_maximize (GTK_WINDOW (self));
  tithe_review_page_add_actions (self->page, ADW_APPLICATION_WINDOW (self));

  self->project = tithe_project_new ();
  follow_linkage (self);
  g_signal_connect_object (tithe_settings_get (), "changed::" TITHE_SETTING_LINKAGE, G_CALLBACK (follow_linkage), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->project, "busy", G_CALLBACK (on_busy), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->project, "opened", G_CALLBACK (on_opened), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->project, "class-finished", G_CALLBACK (on_class_finished), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->project, "finished", G_CALLBACK (on_finished), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->project, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  self->learner = tithe_learner_new ();
  g_signal_connect_object (self->learner, "changed", G_CALLBACK (update_learning), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->learner, "epoch", G_CALLBACK (on_epoch), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->learner, "failed", G_CALLBACK (on_learning_failed), self, G_CONNECT_SWAPPED);
}

TitheWindow *
tithe_window_new (AdwApplication *application)
{
  return g_object_new (TITHE_TYPE_WINDOW, "application", application, NULL);
}

TitheProject *
tithe_window_get_project (TitheWindow *self)
{
  return self->project;
}

TitheReviewPage *
tithe_window_get_page (TitheWindow *self)
{
  return self->page;
}

/**
 * tithe_window_set_ratio:
 *
 * Begins with this ratio, whatever it was when what is being opened was open last.
 */
void
tithe_window_set_ratio (TitheWindow *self, double ratio)
{
  self->ratio = ratio;
  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (self->page), ratio);
}

/**
 * tithe_window_show_verify:
 *
 * Goes to the page that retrains as soon as what is being opened is there.
 */
void
tithe_window_show_verify (TitheWindow *self)
{
  self->verify_wanted = TRUE;
}

/**
 * tithe_window_is_settled:
 *
 * Returns: whether nothing runs and every picture in view is there
 */
gboolean
tithe_window_is_settled (TitheWindow *self)
{
  return tithe_project_get_job (self->project) == NULL && tithe_verify_page_is_settled (self->verify)
         && tithe_group_view_is_settled (tithe_review_page_get_group_view (self->page));
}
