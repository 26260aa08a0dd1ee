/* SPDX-License-Identifier: MIT */
#include "tithe-window.h"

#include "curate/tithe-session.h"
#include "tithe-class-list.h"
#include "tithe-format.h"
#include "tithe-inspector.h"
#include "tithe-job-bar.h"
#include "tithe-learn-panel.h"
#include "tithe-learner.h"
#include "tithe-review.h"

#include <glib/gi18n.h>
#include <math.h>

#define SESSION_TYPE "application/x-tithe-session"
#define N_RECENT 8

struct _TitheWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  AdwFlap *flap, *inspector_flap;
  GtkStack *stack, *group_stack;
  GtkWidget *sidebar_button, *export_button, *hint, *job_revealer, *recent_group;
  GtkListBox *recent_list;
  GtkLabel *summary;
  GtkDropDown *sort, *shown, *review_filter;
  GtkSearchEntry *search;
  TitheInspector *inspector;
  GtkToggleButton *exact;
  GtkWidget *progress;
  GtkAdjustment *edge;
  GtkToggleButton *singles;
  TitheClassList *classes;
  TitheGroupView *groups;
  TitheJobBar *job_bar;
  TitheLearnPanel *learn_panel;
  GMenu *group_menu;
  GtkWidget *learn_revealer, *learn_button, *switch_bar;
  GtkLabel *hint_label, *switch_label;
  TitheRatioBar *ratio;

  TitheProject *project;
  TitheLearner *learner;
  GArray *place; /* guint32: images that were in view before a switch; NULL else */
  int place_class;
  TitheReview *review;
  TitheThumbnails *thumbnails;
  TitheCuration *curation; /* NULL while classes are clustered */
  TitheSubset *subset;
  TitheGroupList *list;
  guint news_source; /* looks whether another window decided something */
};

G_DEFINE_TYPE (TitheWindow, tithe_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- what is shown of the cut --- */

/* Keeps 45,003 of 50,000 - 4,072 redundant groups - cut at 0.011 - 12 kept and 3 discarded by hand, 3 more than wanted */
static void
update_summary (TitheWindow *self)
{
  const TitheSubsetTotals *totals = tithe_subset_get_totals (self->subset);
  g_autofree char *kept = tithe_format_count (totals->n_kept), *images = tithe_format_count (totals->n_images);
  g_autofree char *groups = tithe_format_count (totals->n_groups), *low = NULL, *high = NULL, *reviewed = NULL;
  g_autofree char *progress = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  float lowest, highest;

  tithe_cut_get_heights (tithe_subset_get_cut (self->subset), &lowest, &highest);
  low = tithe_format_dissimilarity (lowest);
  high = tithe_format_dissimilarity (highest);
  if (g_str_equal (low, high))
    g_string_printf (text, _("Keeps %s of %s - %s redundant groups - cut at %s"), kept, images, groups, high);
  else
    g_string_printf (text, _("Keeps %s of %s - %s redundant groups - cut at %s to %s"), kept, images, groups, low,
                     high);
  if (totals->n_kept_by_hand + totals->n_discarded_by_hand > 0)
    {
      g_autofree char *keep = tithe_format_count (totals->n_kept_by_hand);
      g_autofree char *discard = tithe_format_count (totals->n_discarded_by_hand);

      g_string_append_printf (text, _(" - by hand %s kept, %s discarded"), keep, discard);
    }
  if (totals->n_kept != totals->n_wanted)
    {
      gboolean more = totals->n_kept > totals->n_wanted;
      g_autofree char *off
          = tithe_format_count (more ? totals->n_kept - totals->n_wanted : totals->n_wanted - totals->n_kept);

      g_string_append_printf (text, more ? _(", %s more than the ratio") : _(", %s fewer than the ratio"), off);
    }
  gtk_label_set_text (self->summary, text->str);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->summary), text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->exact),
                          totals->n_kept != totals->n_wanted || gtk_toggle_button_get_active (self->exact));
  reviewed = tithe_format_count (totals->n_reviewed_groups);
  progress = g_strdup_printf (_("%s of %s reviewed"), reviewed, groups);
  gtk_label_set_text (GTK_LABEL (self->progress), progress);
  gtk_widget_set_visible (self->progress, totals->n_reviewed_groups > 0);
}

static void
update_empty (TitheWindow *self)
{
  const TitheSubsetTotals *totals = tithe_subset_get_totals (self->subset);
  const char *page = "groups";

  if (tithe_group_list_get_n (self->list) == 0)
    page = totals->n_images == 0 ? "waiting" : totals->n_groups == 0 ? "none" : "filtered";
  gtk_stack_set_visible_child_name (self->group_stack, page);
}

/* The image with the cursor, or what changed about it. */
static void
update_inspector (TitheWindow *self)
{
  guint32 image;
  gsize index;

  if (self->curation == NULL || !adw_flap_get_reveal_flap (self->inspector_flap))
    return;
  if (tithe_group_view_get_cursor (self->groups, &image, &index))
    tithe_inspector_show (self->inspector, self->subset, tithe_project_get_embedding (self->project), image);
  else
    tithe_inspector_clear (self->inspector);
}

/* Follows the slider and every choice; one pass over the groups, no allocation for each. */
static void
update_groups (TitheWindow *self, gboolean keep_place)
{
  TitheGroupChoice choice = { .class_index = tithe_class_list_get_selected (self->classes),
                              .sort = (TitheGroupSort) gtk_drop_down_get_selected (self->sort),
                              .view = (TitheGroupViewKind) gtk_drop_down_get_selected (self->shown),
                              .singles = gtk_toggle_button_get_active (self->singles),
                              .review = (TitheReviewFilter) gtk_drop_down_get_selected (self->review_filter),
                              .text = gtk_editable_get_text (GTK_EDITABLE (self->search)) };

  if (self->subset == NULL)
    return;
  if (keep_place)
    tithe_group_view_hold_place (self->groups);
  tithe_subset_set_ratio (self->subset, tithe_ratio_bar_get_ratio (self->ratio),
                          tithe_ratio_bar_get_policy (self->ratio), gtk_toggle_button_get_active (self->exact));
  tithe_group_list_update (self->list, &choice);
  tithe_group_view_refresh (self->groups, keep_place);
  tithe_class_list_refresh (self->classes);
  update_summary (self);
  update_empty (self);
  update_inspector (self);
}

static void
on_ratio_changed (TitheWindow *self)
{
  update_groups (self, TRUE);
}

static void
on_choice_changed (TitheWindow *self)
{
  update_groups (self, FALSE);
}

/* Something was decided, here or in another window. */
static void
on_decided (TitheWindow *self)
{
  update_groups (self, TRUE);
  tithe_review_update (self->review);
}

static gboolean
look_for_news (gpointer data)
{
  TitheWindow *self = data;
  g_autoptr (GError) error = NULL;
  gboolean changed = FALSE;

  if (self->curation != NULL && tithe_curation_catch_up (self->curation, &changed, &error) && changed)
    on_decided (self);
  return G_SOURCE_CONTINUE;
}

static void
on_edge_changed (TitheWindow *self)
{
  tithe_group_view_set_edge (self->groups, (int) gtk_adjustment_get_value (self->edge));
}

static void show_failure (TitheWindow *self, const char *heading, const char *message);
static void show_toast (TitheWindow *self, const char *text);

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

static TithePixels *
load_thumbnail (gpointer source, gsize image, guint max_edge, GError **error)
{
  return tithe_dataset_read_pixels (source, image, max_edge, error);
}

static void
drop_subset (TitheWindow *self)
{
  tithe_group_view_set_model (self->groups, NULL, NULL);
  tithe_class_list_set_subset (self->classes, NULL);
  tithe_ratio_bar_set_cut (self->ratio, NULL);
  tithe_review_set_subset (self->review, NULL, NULL);
  tithe_inspector_clear (self->inspector);
  g_clear_handle_id (&self->news_source, g_source_remove);
  g_clear_pointer (&self->list, tithe_group_list_free);
  g_clear_pointer (&self->subset, tithe_subset_free);
  g_clear_pointer (&self->curation, tithe_curation_free);
  g_clear_pointer (&self->thumbnails, tithe_thumbnails_free);
}

static void
set_action_enabled (TitheWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
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

  drop_subset (self);
  self->subset = tithe_subset_new (hierarchy, NULL);
  self->list = tithe_group_list_new (self->subset);
  self->thumbnails = tithe_thumbnails_new (load_thumbnail, tithe_dataset_ref (tithe_hierarchy_get_dataset (hierarchy)),
                                           (GDestroyNotify) tithe_dataset_unref, TITHE_THUMBNAILS_DEFAULT_BYTES);
  tithe_class_list_set_subset (self->classes, self->subset);
  if (self->place != NULL)
    tithe_class_list_select (self->classes, self->place_class);
  tithe_ratio_bar_set_cut (self->ratio, tithe_subset_get_cut (self->subset));
  tithe_group_view_set_model (self->groups, self->list, self->thumbnails);
  update_groups (self, FALSE);
  update_title (self);
  gtk_stack_set_visible_child_name (self->stack, "review");
  gtk_widget_set_visible (self->sidebar_button, TRUE);
  tithe_learner_set_dataset (self->learner, tithe_hierarchy_get_dataset (hierarchy),
                             tithe_project_is_quick (self->project));
  gtk_widget_set_visible (self->export_button, TRUE);
  set_action_enabled (self, "export", FALSE);
  set_action_enabled (self, "export-to", FALSE);
  set_action_enabled (self, "use-embeddings", TRUE);
  gtk_widget_set_sensitive (self->export_button, FALSE);
}

/* After a switch: to the first of the images that were in view before and that are in a group now. */
static void
go_to_place (TitheWindow *self)
{
  for (guint i = 0; self->place != NULL && i < self->place->len; i++)
    if (tithe_group_view_go_to (self->groups, g_array_index (self->place, guint32, i)))
      g_clear_pointer (&self->place, g_array_unref);
}

/* A person who is still at the top sees the list fill; one who went somewhere stays there. */
static void
on_class_finished (TitheWindow *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->groups));

  tithe_cut_refresh (tithe_subset_get_cut (self->subset));
  tithe_ratio_bar_refresh (self->ratio);
  update_groups (self, gtk_adjustment_get_value (adjustment) > 0);
  go_to_place (self);
}

/* The session is there: what was decided in it, and what will be. */
static void
take_decisions (TitheWindow *self)
{
  g_autoptr (GError) error = NULL;
  TitheJournal *journal = tithe_journal_open (tithe_project_get_session (self->project), TRUE, &error);

  self->curation = tithe_curation_new (tithe_project_get_hierarchy (self->project));
  if (journal == NULL || !tithe_curation_attach (self->curation, journal, &error))
    {
      show_failure (self, _("Could Not Read the Decisions"), error->message);
      g_clear_pointer (&self->curation, tithe_curation_free);
      return;
    }
  tithe_subset_set_curation (self->subset, self->curation);
  tithe_review_set_subset (self->review, self->subset, self->list);
  self->news_source = g_timeout_add_seconds (1, look_for_news, self);
  if (tithe_journal_is_read_only (journal))
    show_toast (self, _("This session may not be written to: it can be looked at, and nothing decided in it"));
}

static void
remember_session (TitheWindow *self)
{
  g_autofree char *uri = g_filename_to_uri (tithe_project_get_session (self->project), NULL, NULL);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_project_get_hierarchy (self->project));
  GtkRecentData data = { .display_name = (char *) tithe_dataset_get_name (dataset),
                         .description = (char *) tithe_dataset_get_locator (dataset),
                         .mime_type = (char *) SESSION_TYPE,
                         .app_name = (char *) "Tithe",
                         .app_exec = (char *) "tithe %f" };

  if (uri != NULL)
    gtk_recent_manager_add_full (gtk_recent_manager_get_default (), uri, &data);
}

static void
on_finished (TitheWindow *self)
{
  take_decisions (self);
  on_class_finished (self);
  g_clear_pointer (&self->place, g_array_unref);
  set_action_enabled (self, "export", TRUE);
  set_action_enabled (self, "export-to", TRUE);
  gtk_widget_set_sensitive (self->export_button, TRUE);
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
show_failure (TitheWindow *self, const char *heading, const char *message)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_failed (TitheWindow *self, const char *message)
{
  g_clear_pointer (&self->place, g_array_unref);
  show_failure (self, _("Could Not Open"), message);
}

static void
on_learning_failed (TitheWindow *self, const char *message)
{
  show_failure (self, _("Could Not Learn"), message);
}

static void
show_toast (TitheWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

/* A job began or ended. One that ended with classes missing was cancelled: those that are there stay usable. */
static void
on_busy (TitheWindow *self)
{
  TitheJob *job = tithe_project_get_job (self->project);

  tithe_job_bar_set_job (self->job_bar, job);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->job_revealer), job != NULL);
  if (job == NULL && self->subset != NULL
      && !tithe_hierarchy_is_complete (tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset))))
    {
      show_toast (self, _("Clustering was cancelled: classes that were finished can be looked at"));
      update_empty (self);
    }
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
  g_clear_pointer (&self->place, g_array_unref);
  self->place = tithe_group_view_list_in_view (self->groups);
  self->place_class = tithe_class_list_get_selected (self->classes);
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
      show_toast (self, _("Open a dataset first, then drop its embedding"));
      return FALSE;
    }
  tithe_project_open (self->project, dataset, embeddings);
  return TRUE;
}

/* --- recent sessions --- */

static int
compare_recent (gconstpointer a, gconstpointer b)
{
  return -g_date_time_compare (gtk_recent_info_get_modified ((GtkRecentInfo *) a),
                               gtk_recent_info_get_modified ((GtkRecentInfo *) b));
}

static void
add_recent_row (TitheWindow *self, GtkRecentInfo *info)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *name = g_markup_escape_text (gtk_recent_info_get_display_name (info), -1);
  const char *description = gtk_recent_info_get_description (info);
  g_autofree char *where = g_markup_escape_text (description ? description : gtk_recent_info_get_uri (info), -1);
  GFile *file = g_file_new_for_uri (gtk_recent_info_get_uri (info));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), where);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "path", g_file_get_path (file), g_free);
  g_object_unref (file);
  gtk_list_box_append (self->recent_list, row);
}

static void
update_recent (TitheWindow *self)
{
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ());
  guint n = 0;

  for (GtkWidget *row; (row = gtk_widget_get_first_child (GTK_WIDGET (self->recent_list))) != NULL;)
    gtk_list_box_remove (self->recent_list, row);
  items = g_list_sort (items, compare_recent);
  for (GList *item = items; item != NULL && n < N_RECENT; item = item->next)
    if (g_strcmp0 (gtk_recent_info_get_mime_type (item->data), SESSION_TYPE) == 0
        && gtk_recent_info_exists (item->data))
      {
        add_recent_row (self, item->data);
        n++;
      }
  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);
  gtk_widget_set_visible (self->recent_group, n > 0);
}

static void
on_recent_activated (TitheWindow *self, GtkListBoxRow *row)
{
  const char *path = g_object_get_data (G_OBJECT (row), "path");

  if (path != NULL)
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

static void
on_exported (const char *path, const GError *error, gpointer user_data)
{
  g_autoptr (TitheWindow) self = user_data;

  if (error != NULL)
    show_failure (self, _("Could Not Export"), error->message);
  else
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

static void
export_to (TitheWindow *self, TitheExportFormat format, const char *path)
{
  tithe_project_export (self->project, tithe_ratio_bar_get_ratio (self->ratio),
                        tithe_ratio_bar_get_policy (self->ratio), TITHE_REPRESENTATIVE_CENTRE,
                        gtk_toggle_button_get_active (self->exact), format, path, on_exported, g_object_ref (self));
}

static void
on_export_chosen (GtkNativeDialog *dialog, int response, TitheWindow *self)
{
  TitheExportFormat format = (TitheExportFormat) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (dialog), "format"));

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      g_autofree char *path = g_file_get_path (file);

      export_to (self, format, path);
    }
  g_object_unref (dialog);
}

static const char *const export_endings[] = {
  [TITHE_EXPORT_CSV] = ".csv",
  [TITHE_EXPORT_JSONL] = ".jsonl",
  [TITHE_EXPORT_INDICES] = "-kept.npy",
  [TITHE_EXPORT_PATHS] = "-kept.txt",
  [TITHE_EXPORT_PATHS_DROPPED] = "-redundant.txt",
};

/* Asks where to write the format that the menu names. */
static void
on_export (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_project_get_hierarchy (self->project));
  GtkFileChooserNative *dialog;
  g_autofree char *name = NULL;
  TitheExportFormat format;

  if (!tithe_export_format_from_string (g_variant_get_string (parameter, NULL), &format))
    return;
  dialog = choose_file (self, _("Export the Subset"), GTK_FILE_CHOOSER_ACTION_SAVE, G_CALLBACK (on_export_chosen));
  name = g_strdup_printf ("%s-%.1f%s", tithe_dataset_get_name (dataset), 100 * tithe_ratio_bar_get_ratio (self->ratio),
                          export_endings[format]);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_object_set_data (G_OBJECT (dialog), "format", GUINT_TO_POINTER (format));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* For scripts that drive the window over D-Bus: format and path at once. */
static void
on_export_to (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  const char *name, *path;
  TitheExportFormat format;

  g_variant_get (parameter, "(&s&s)", &name, &path);
  if (tithe_export_format_from_string (name, &format))
    export_to (user_data, format, path);
}

/* --- window --- */

static void
on_zoom (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  double steps = g_variant_get_int32 (parameter);

  gtk_adjustment_set_value (self->edge, gtk_adjustment_get_value (self->edge) * pow (1.25, steps));
}

static void
on_toggle_sidebar (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AdwFlap *flap = TITHE_WINDOW (user_data)->flap;

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

static void
on_toggle_inspector (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;

  adw_flap_set_reveal_flap (self->inspector_flap, !adw_flap_get_reveal_flap (self->inspector_flap));
  update_inspector (self);
}

static void
on_find (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_widget_grab_focus (GTK_WIDGET (TITHE_WINDOW (user_data)->search));
}

static void
on_search_stopped (TitheWindow *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->groups));
}

/* --- deciding --- */

static void
on_said (TitheWindow *self, const char *message)
{
  AdwToast *toast;
  g_autofree char *escaped = g_markup_escape_text (message, -1);

  toast = adw_toast_new (escaped);
  if (self->curation != NULL && g_strcmp0 (tithe_curation_get_undo_name (self->curation), message) == 0)
    {
      adw_toast_set_button_label (toast, _("_Undo"));
      adw_toast_set_action_name (toast, "review.undo");
    }
  adw_toast_set_timeout (toast, 3);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
on_not_decided (TitheWindow *self, const char *message)
{
  show_failure (self, _("Nothing Was Decided"), message);
}

static const struct
{
  guint key;
  GdkModifierType modifiers;
  const char *action;
} keys[] = {
  { GDK_KEY_k, 0, "review.keep" },         { GDK_KEY_d, 0, "review.discard" },
  { GDK_KEY_Delete, 0, "review.discard" }, { GDK_KEY_r, 0, "review.representative" },
  { GDK_KEY_a, 0, "review.automatic" },    { GDK_KEY_d, GDK_SHIFT_MASK, "review.discard-others" },
  { GDK_KEY_s, 0, "review.split" },        { GDK_KEY_m, 0, "review.merge" },
  { GDK_KEY_Return, 0, "review.done" },    { GDK_KEY_KP_Enter, 0, "review.done" },
  { GDK_KEY_n, 0, "review.next" },         { GDK_KEY_slash, 0, "win.find" },
};

/* Letters are for the groups alone: in the search they are letters. */
static void
add_keys (TitheWindow *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, keys[i].modifiers),
                                                            gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (GTK_WIDGET (self->groups), controller);
}

static void
on_activated (TitheWindow *self)
{
  adw_flap_set_reveal_flap (self->inspector_flap, TRUE);
  update_inspector (self);
}

static gboolean
on_wheel (GtkEventControllerScroll *scroll, double dx, double dy, TitheWindow *self)
{
  if ((gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll)) & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  gtk_adjustment_set_value (self->edge, gtk_adjustment_get_value (self->edge) * pow (1.12, -dy));
  return GDK_EVENT_STOP;
}

static void
set_up_review (TitheWindow *self)
{
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  self->review = tithe_review_new (self->groups, self->inspector);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "review", tithe_review_get_actions (self->review));
  g_signal_connect_object (self->review, "changed", G_CALLBACK (on_decided), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->review, "said", G_CALLBACK (on_said), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->review, "failed", G_CALLBACK (on_not_decided), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inspector_flap, "notify::reveal-flap", G_CALLBACK (update_inspector), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->groups, "selection-changed", G_CALLBACK (update_inspector), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->groups, "activated", G_CALLBACK (on_activated), self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect_object (wheel, "scroll", G_CALLBACK (on_wheel), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->group_stack), wheel);
  add_keys (self);
  tithe_group_view_set_menu (self->groups, G_MENU_MODEL (self->group_menu));
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
  { .name = "zoom", .activate = on_zoom, .parameter_type = "i" },
  { .name = "toggle-sidebar", .activate = on_toggle_sidebar },
  { .name = "toggle-inspector", .activate = on_toggle_inspector },
  { .name = "find", .activate = on_find },
};

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
      drop_subset (self);
    }
  g_clear_object (&self->review);
  g_clear_object (&self->project);
  g_clear_object (&self->learner);
  g_clear_pointer (&self->place, g_array_unref);
  G_OBJECT_CLASS (tithe_window_parent_class)->dispose (object);
}

static void
tithe_window_class_init (TitheWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_window_dispose;
  g_type_ensure (TITHE_TYPE_CLASS_LIST);
  g_type_ensure (TITHE_TYPE_GROUP_VIEW);
  g_type_ensure (TITHE_TYPE_INSPECTOR);
  g_type_ensure (TITHE_TYPE_JOB_BAR);
  g_type_ensure (TITHE_TYPE_LEARN_PANEL);
  g_type_ensure (TITHE_TYPE_RATIO_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, title);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, group_stack);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, hint);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, job_revealer);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, recent_group);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, recent_list);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, summary);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, sort);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, shown);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, review_filter);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, search);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, exact);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, progress);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, inspector);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, inspector_flap);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, group_menu);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, edge);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, singles);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, classes);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, groups);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, job_bar);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, learn_panel);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, learn_revealer);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, learn_button);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, switch_bar);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, switch_label);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, hint_label);
  gtk_widget_class_bind_template_child (widget_class, TitheWindow, ratio);
  gtk_widget_class_bind_template_callback (widget_class, on_ratio_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_choice_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stopped);
  gtk_widget_class_bind_template_callback (widget_class, on_edge_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_recent_activated);
}

static void
tithe_window_init (TitheWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_action_enabled (self, "export", FALSE);
  set_action_enabled (self, "export-to", FALSE);
  set_action_enabled (self, "use-embeddings", FALSE);
  g_signal_connect_object (drop, "drop", G_CALLBACK (on_drop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  g_signal_connect_object (gtk_recent_manager_get_default (), "changed", G_CALLBACK (update_recent), self,
                           G_CONNECT_SWAPPED);
  update_recent (self);
  set_up_review (self);

  self->project = tithe_project_new ();
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

TitheGroupView *
tithe_window_get_group_view (TitheWindow *self)
{
  return self->groups;
}

TitheRatioBar *
tithe_window_get_ratio_bar (TitheWindow *self)
{
  return self->ratio;
}

/**
 * tithe_window_get_curation:
 *
 * Returns: (transfer none) (nullable): what is decided, %NULL while classes are clustered
 */
TitheCuration *
tithe_window_get_curation (TitheWindow *self)
{
  return self->curation;
}

/**
 * tithe_window_show_singles:
 *
 * Shows or hides the images that stand alone.
 */
void
tithe_window_show_singles (TitheWindow *self, gboolean show)
{
  gtk_toggle_button_set_active (self->singles, show);
}

/**
 * tithe_window_is_settled:
 *
 * Returns: whether nothing runs and every picture in view is there
 */
gboolean
tithe_window_is_settled (TitheWindow *self)
{
  return tithe_project_get_job (self->project) == NULL && tithe_group_view_is_settled (self->groups);
}
