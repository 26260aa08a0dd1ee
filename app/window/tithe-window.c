/* SPDX-License-Identifier: MIT */
#include "tithe-window-private.h"

#include "base/tithe-text.h"
#include "dialogs/tithe-alert.h"
#include "dialogs/tithe-file-dialog.h"
#include "dialogs/tithe-preferences.h"
#include "pages/tithe-start-page.h"
#include "state/tithe-places.h"
#include "state/tithe-settings.h"
#include "tithe-format.h"
#include "tithe-menu-tooltip.h"
#include "tithe-wrap-layout.h"

#include <glib/gi18n.h>

G_DEFINE_TYPE (TitheWindow, tithe_window, ADW_TYPE_APPLICATION_WINDOW)

/* tithe_window_show_failure: tells what did not work, until it is closed. */
void
tithe_window_show_failure (TitheWindow *self, const char *heading, const char *message)
{
  tithe_alert_show (GTK_WINDOW (self), heading, message);
}

/**
 * tithe_window_show_dialog:
 * @dialog: (transfer floating): about what is open now
 *
 * Shows a dialog until it is closed, or something else is open: what is chosen in it is never done to another dataset.
 */
void
tithe_window_show_dialog (TitheWindow *self, GtkWidget *dialog)
{
  g_signal_connect_object (self->project, "opened", G_CALLBACK (gtk_window_destroy), dialog, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* tithe_window_show_file_dialog: as tithe_window_show_dialog(). */
void
tithe_window_show_file_dialog (TitheWindow *self, GtkFileChooserNative *dialog)
{
  g_signal_connect_object (self->project, "opened", G_CALLBACK (tithe_file_dialog_drop), dialog, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/**
 * tithe_window_say:
 * @undoable: whether undo would take back what it says
 *
 * Says something in passing.
 */
void
tithe_window_say (TitheWindow *self, const char *message, gboolean undoable)
{
  g_autofree char *text = g_utf8_make_valid (message, -1), *escaped = g_markup_escape_text (text, -1);
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

/* Complete linkage goes without saying. */
static const char *
describe_linkage (TitheLinkage linkage)
{
  switch (linkage)
    {
    case TITHE_LINKAGE_AVERAGE:
      return _("average linkage");
    case TITHE_LINKAGE_SINGLE:
      return _("single linkage");
    case TITHE_LINKAGE_COMPLETE:
    default:
      return "";
    }
}

static void
set_title (TitheWindow *self, const char *title, const char *subtitle)
{
  g_autofree char *text = g_utf8_make_valid (title, -1);

  adw_window_title_set_title (self->title, text);
  adw_window_title_set_subtitle (self->title, subtitle);
  gtk_widget_set_visible (self->subtitle, *subtitle != '\0');
  gtk_window_set_title (GTK_WINDOW (self), text);
}

static void
update_title (TitheWindow *self)
{
  TitheDataset *dataset = tithe_project_get_dataset (self->project);
  const gsize n_images = tithe_dataset_get_n_images (dataset);
  g_autofree char *images = tithe_format_count (n_images);
  guint n = tithe_dataset_get_n_classes (dataset);
  g_autofree char *n_classes = tithe_format_count (n);
  g_autofree char *classes = g_strdup_printf (ngettext ("%s class", "%s classes", n), n_classes);
  gsize dim = tithe_project_get_dim (self->project);
  g_autofree char *space = NULL, *counts = NULL;
  g_autoptr (GString) subtitle = NULL;

  if (tithe_project_is_quick (self->project))
    /* TRANSLATORS: what images are compared by: colour and shape only */
    space = g_strdup (_("quick look"));
  else if (dim > 0)
    space = g_strdup_printf (ngettext ("%zu dimension", "%zu dimensions", dim), dim);
  else
    /* TRANSLATORS: what images are compared by: what a session has stored, without the embedding */
    space = g_strdup (C_ ("compared by", "session"));
  /* TRANSLATORS: %s images, and below it “10 classes” */
  counts = g_strdup_printf (ngettext ("%s image, %s", "%s images, %s", n_images), images, classes);
  subtitle = g_string_new (counts);
  tithe_text_add_fact (subtitle, space);
  tithe_text_add_fact (subtitle,
                       describe_linkage (tithe_hierarchy_get_linkage (tithe_project_get_hierarchy (self->project))));
  set_title (self, tithe_dataset_get_name (dataset), subtitle->str);
}

/* tithe_window_set_action_enabled: one of the window's own. */
void
tithe_window_set_action_enabled (TitheWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
set_session_there (TitheWindow *self, gboolean there)
{
  tithe_window_enable_exports (self, there);
  tithe_window_set_verifiable (self, there);
}

static void
on_opened (TitheWindow *self)
{
  TitheDataset *dataset = tithe_project_get_dataset (self->project);

  tithe_review_page_set_hierarchy (self->page, tithe_project_get_hierarchy (self->project));
  self->switched = self->bookmark != NULL;
  if (self->switched)
    tithe_review_page_set_bookmark (self->page, g_steal_pointer (&self->bookmark));
  update_title (self);
  tithe_window_set_verifying (self, FALSE);
  tithe_window_show_dataset (self);
  tithe_learner_set_dataset (self->learner, dataset, tithe_project_is_quick (self->project));
  tithe_verify_page_set_session (self->verify, NULL, NULL);
  set_session_there (self, FALSE);
  tithe_window_set_action_enabled (self, "use-embeddings", TRUE);
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
  TitheDataset *dataset = tithe_project_get_dataset (self->project);
  GtkRecentData data = { .display_name = (char *) tithe_dataset_get_name (dataset),
                         .description = (char *) tithe_dataset_get_locator (dataset),
                         .mime_type = (char *) TITHE_SESSION_TYPE,
                         .app_name = (char *) "Tithe",
                         .app_exec = (char *) "tithe %f" };

  if (uri != NULL)
    gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static void
show_session (TitheWindow *self)
{
  g_autoptr (GError) error = NULL;
  TitheCuration *curation = tithe_project_steal_curation (self->project, &error);

  tithe_review_page_set_session (self->page, tithe_project_get_session (self->project), curation,
                                 tithe_project_get_embedding (self->project));
  if (curation == NULL)
    tithe_window_show_failure (self, _("Could Not Read the Decisions"), error->message);
}

static void
on_finished (TitheWindow *self)
{
  const char *session = tithe_project_get_session (self->project);
  TitheBookmark *bookmark = self->switched ? NULL : tithe_bookmark_load (session);

  if (bookmark != NULL)
    tithe_review_page_set_bookmark (self->page, bookmark);
  if (self->ratio > 0)
    tithe_review_page_set_ratio (self->page, self->ratio);
  self->ratio = 0;
  show_session (self);
  tithe_verify_page_set_session (self->verify, session, tithe_project_get_dataset (self->project));
  set_session_there (self, TRUE);
  if (self->verify_wanted)
    tithe_window_set_verifying (self, TRUE);
  self->verify_wanted = FALSE;
  remember_session (self);
}

static void
on_cancelled (TitheWindow *self)
{
  TitheHierarchy *hierarchy = tithe_project_get_hierarchy (self->project);

  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  if (hierarchy != NULL && !tithe_hierarchy_is_complete (hierarchy))
    tithe_window_say (self, _("Clustering was cancelled: classes that were finished can be looked at"), FALSE);
}

static void
on_failed (TitheWindow *self, const char *message)
{
  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  tithe_window_show_failure (self, _("Could Not Open"), message);
}

/* tithe_window_show_job: shows in the bar below what runs now, if anything. */
void
tithe_window_show_job (TitheWindow *self)
{
  TitheJob *job = self->project ? tithe_project_get_job (self->project) : NULL;

  if (self->project == NULL)
    return;
  if (job == NULL)
    job = tithe_window_get_export_job (self);
  if (job == NULL && self->checking != NULL)
    job = tithe_task_get_job (self->checking);
  tithe_job_bar_set_job (self->job_bar, job);
  /* Once is enough: what is opened first has the whole page. */
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->job_revealer),
                                 job != NULL && !tithe_review_page_shows_opening (self->page));
}

/* The page of groups is there at once; where nothing came of it, it is the start page again. */
static void
show_opening (TitheWindow *self)
{
  const char *wanted = tithe_project_get_wanted (self->project);
  g_autofree char *name = wanted ? tithe_places_dup_name (wanted) : NULL;

  tithe_review_page_show_opening (self->page, name, wanted, tithe_project_get_job (self->project));
  if (tithe_project_get_hierarchy (self->project) != NULL)
    return;
  set_title (self, name ? name : "Tithe", "");
  if (name != NULL)
    tithe_window_show_dataset (self);
  else
    tithe_window_show_start (self);
}

/* What an opening was to show that is given up for another one is none of the other's business. */
static void
on_busy (TitheWindow *self)
{
  if (tithe_project_get_job (self->project) != NULL)
    g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  show_opening (self);
  tithe_window_show_job (self);
}

static void
on_open_recent (TitheWindow *self, const char *path)
{
  tithe_project_open (self->project, path, NULL);
}

/* --- verifying --- */

static void
on_class_chosen (TitheWindow *self, guint class_index)
{
  TitheSubsetChoice choice;

  if (!tithe_verify_page_get_class_choice (self->verify, &choice))
    return;
  tithe_window_set_verifying (self, FALSE);
  tithe_review_page_show_class (self->page, class_index, &choice);
}

/* --- window --- */

static void
on_preferences (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (tithe_preferences_new (user_data)));
}

static const GActionEntry actions[] = {
  { .name = "preferences", .activate = on_preferences },
};

/* Of clustering, in bytes: for machines where half of the memory is too much or too little, and for tests. */
#define MEMORY_VARIABLE "TITHE_MAX_MEMORY"

static void
set_memory (TitheWindow *self)
{
  const char *text = g_getenv (MEMORY_VARIABLE);
  g_autoptr (GError) error = NULL;
  guint64 bytes = 0;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &bytes, &error))
    g_printerr (_("tithe: %s: %s\n"), MEMORY_VARIABLE, error->message);
  tithe_project_set_max_memory (self->project, bytes);
}

static void
follow_linkage (TitheWindow *self)
{
  tithe_project_set_linkage (self->project,
                             (TitheLinkage) g_settings_get_enum (tithe_settings_get (), TITHE_SETTING_LINKAGE));
}

static gboolean
tithe_window_close_request (GtkWindow *window)
{
  tithe_window_save_size (TITHE_WINDOW (window));
  return GTK_WINDOW_CLASS (tithe_window_parent_class)->close_request (window);
}

static void
tithe_window_dispose (GObject *object)
{
  TitheWindow *self = TITHE_WINDOW (object);

  tithe_window_drop_coach (self);
  g_clear_pointer (&self->exporting, g_ptr_array_unref);
  tithe_task_drop (&self->checking);
  g_clear_pointer (&self->broken, g_ptr_array_unref);
  if (self->project != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->project, self);
      g_signal_handlers_disconnect_by_data (self->learner, self);
      tithe_learner_set_dataset (self->learner, NULL, FALSE);
      tithe_verify_page_set_session (self->verify, NULL, NULL);
      tithe_review_page_set_hierarchy (self->page, NULL);
    }
  g_clear_object (&self->project);
  g_clear_object (&self->learner);
  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  G_OBJECT_CLASS (tithe_window_parent_class)->dispose (object);
}

static void
tithe_window_class_init (TitheWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = tithe_window_close_request;
  g_type_ensure (TITHE_TYPE_BANNER);
  g_type_ensure (TITHE_TYPE_FOLD_BIN);
  g_type_ensure (TITHE_TYPE_WRAP_LAYOUT);
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
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, views);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, header);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, switcher_bar);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, open_button);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, review_buttons);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, narrow_section);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, open_menu);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, verify);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, refused_banner);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, trouble_banner);
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
  gtk_widget_class_bind_template_callback (widget_class, tithe_window_say);
  gtk_widget_class_bind_template_callback (widget_class, tithe_window_update_frame);
  gtk_widget_class_bind_template_callback (widget_class, tithe_window_show_job);
  gtk_widget_class_bind_template_callback (widget_class, on_class_chosen);
  gtk_widget_class_bind_template_callback (widget_class, tithe_window_show_failure);
}

static void
set_up_project (TitheWindow *self)
{
  static const struct
  {
    const char *signal;
    GCallback handler;
  } handlers[] = {
    { "notify::busy", G_CALLBACK (on_busy) },
    { "opened", G_CALLBACK (on_opened) },
    { "class-finished", G_CALLBACK (on_class_finished) },
    { "finished", G_CALLBACK (on_finished) },
    { "cancelled", G_CALLBACK (on_cancelled) },
    { "failed", G_CALLBACK (on_failed) },
  };

  self->project = tithe_project_new ();
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->project, handlers[i].signal, handlers[i].handler, self, G_CONNECT_SWAPPED);
  set_memory (self);
  follow_linkage (self);
  g_signal_connect_object (tithe_settings_get (), "changed::" TITHE_SETTING_LINKAGE, G_CALLBACK (follow_linkage), self,
                           G_CONNECT_SWAPPED);
}

static void
tithe_window_init (TitheWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_up_project (self);
  tithe_window_init_open (self);
  tithe_window_init_drop (self);
  tithe_window_init_export (self);
  tithe_window_init_learn (self);
  tithe_window_init_trouble (self);
  tithe_window_init_coach (self);
  tithe_window_init_frame (self);
  tithe_window_set_verifiable (self, FALSE);
  tithe_menu_tooltip_hush (GTK_WIDGET (self));
  tithe_review_page_add_actions (self->page, ADW_APPLICATION_WINDOW (self));
}

/* (transfer none): a window of the application, which shows the start page; GTK owns it until it is closed. */
TitheWindow *
tithe_window_new (AdwApplication *application)
{
  return g_object_new (TITHE_TYPE_WINDOW, "application", application, NULL);
}

/* (transfer none): what is open in it, or being opened. */
TitheProject *
tithe_window_get_project (TitheWindow *self)
{
  return self->project;
}

/* (transfer none): the page of groups. */
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
  tithe_review_page_set_ratio (self->page, ratio);
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
 * tithe_window_get_help_page:
 *
 * Returns: (transfer none): the page of the help about what is looked at
 */
const char *
tithe_window_get_help_page (TitheWindow *self)
{
  const char *shown = tithe_window_get_shown (self);

  /* "start" and "verify" are both a page of the window and of the help. */
  return g_str_equal (shown, "review") ? "look" : shown;
}

/**
 * tithe_window_is_settled:
 *
 * Returns: whether nothing runs, nothing moves, and every picture in view is there
 */
gboolean
tithe_window_is_settled (TitheWindow *self)
{
  return tithe_project_get_job (self->project) == NULL && self->exporting->len == 0 && self->checking == NULL
         && tithe_verify_page_is_settled (self->verify)
         && !gtk_revealer_get_child_revealed (GTK_REVEALER (self->job_revealer))
         && tithe_group_view_is_settled (tithe_review_page_get_group_view (self->page));
}
