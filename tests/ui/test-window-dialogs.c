/* SPDX-License-Identifier: MIT */
#include "dialogs/tithe-alert.h"
#include "dialogs/tithe-export-dialog.h"
#include "dialogs/tithe-figure-dialog.h"
#include "dialogs/tithe-figure-row.h"
#include "dialogs/tithe-file-dialog.h"
#include "dialogs/tithe-rule-dialog.h"
#include "dialogs/tithe-rule-row.h"
#include "dialogs/tithe-rule-words.h"
#include "tithe-paper-view.h"
#include "tithe-thumbnail.h"

#include "window-fixture.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* The window's dialogs, its messages and its help, from inside. */

/* A window of a type that is shown, or NULL. */
static GtkWidget *
find_shown (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (g_type_is_a (G_OBJECT_TYPE (toplevel), type) && gtk_widget_get_visible (toplevel))
        return toplevel; /* GTK holds it */
    }
  return NULL;
}

/* In the list of rules. */
#define DISCARD_OTHERS 2

static gboolean
has_plan (gpointer dialog)
{
  const TitheRulePlan *plan = tithe_rule_dialog_get_plan (dialog);

  return plan != NULL && plan->changes->len > 0;
}

static gboolean
has_no_change (gpointer dialog)
{
  const TitheRulePlan *plan = tithe_rule_dialog_get_plan (dialog);

  return plan != NULL && plan->changes->len == 0;
}

static gboolean
has_discards (gpointer dialog)
{
  return has_plan (dialog) && tithe_rule_dialog_get_plan (dialog)->kind == TITHE_RULE_DISCARD_OTHERS;
}

static gboolean
is_smaller (gpointer window)
{
  TitheDataset *dataset = tithe_project_get_dataset (tithe_window_get_project (window));

  return window_fixture_has_curation (window) && tithe_dataset_get_n_classes (dataset) == 1;
}

/* A session of fewer images and classes, in place of the one that is open. */
static void
open_smaller (TitheWindow *window, WindowFixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "smaller", NULL), *session = NULL;

  g_assert_no_errno (g_mkdir (folder, 0755));
  session = fixture_session (folder, "s.tithe", 1, 10);
  tithe_project_open (tithe_window_get_project (window), session, NULL);
  widget_fixture_wait_for (is_smaller, window);
}

/* The dialog of a type that is shown, until it is gone. */
static void
watch_shown (GType type, gpointer *dialog)
{
  *dialog = find_shown (type);
  g_assert_nonnull (*dialog);
  g_object_add_weak_pointer (*dialog, dialog);
}

static void
test_a_rule_decides_nothing_in_what_is_opened_meanwhile (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  gpointer dialog;

  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.3);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.decide-many", NULL);
  watch_shown (TITHE_TYPE_RULE_DIALOG, &dialog);
  adw_combo_row_set_selected (ADW_COMBO_ROW (widget_fixture_find (dialog, ADW_TYPE_COMBO_ROW)), DISCARD_OTHERS);
  widget_fixture_wait_for (has_plan, dialog);
  open_smaller (window, fixture);
  if (dialog != NULL)
    g_signal_emit_by_name (dialog, "apply");
  g_assert_false (window_fixture_has_step (window));
  g_assert_null (dialog);
  window_fixture_close (window);
}

static GtkWidget *
find_rule_dialog (TitheWindow *window)
{
  GtkWidget *dialog;

  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.3);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.decide-many", NULL);
  dialog = find_shown (TITHE_TYPE_RULE_DIALOG);
  g_assert_nonnull (dialog);
  return dialog;
}

static void
assert_says_why (GtkWidget *dialog)
{
  const TitheRulePlan *plan = tithe_rule_dialog_get_plan (TITHE_RULE_DIALOG (dialog));
  g_autofree char *reason = tithe_rule_plan_dup_reason (plan), *text = tithe_rule_words_dup_outcome (plan);

  g_assert_nonnull (reason);
  g_assert_true (g_str_has_suffix (text, reason));
  g_assert_nonnull (window_fixture_find_label (dialog, text));
}

/* What the dialog chose of itself is the first rule that changes something: those before it do not. */
static void
test_the_first_rule_that_changes_something_is_chosen (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *dialog = find_rule_dialog (window);
  AdwComboRow *rules = ADW_COMBO_ROW (widget_fixture_find (dialog, ADW_TYPE_COMBO_ROW));
  const TitheRulePlan *plan;
  guint chosen;

  widget_fixture_wait_for (has_plan, dialog);
  chosen = adw_combo_row_get_selected (rules);
  plan = tithe_rule_dialog_get_plan (TITHE_RULE_DIALOG (dialog));
  g_assert_cmpuint (chosen, >, 0);
  g_assert_cmpuint (chosen, <=, DISCARD_OTHERS);
  g_assert_cmpuint (plan->n_changed, >, 0);
  g_assert_cmpuint (plan->n_looked, ==, plan->before.n_groups);
  for (guint rule = 0; rule < chosen; rule++)
    {
      adw_combo_row_set_selected (rules, rule);
      widget_fixture_wait_for (has_no_change, dialog);
      assert_says_why (dialog);
    }
  window_fixture_close (window);
}

/* Both pictures are there, what is kept is framed, and agreeing to it is one step. */
static void
test_a_change_shows_what_gives_way (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *dialog = find_rule_dialog (window), *row;
  GtkWidget *first, *second;
  const TitheRuleChange *change;
  g_autofree char *relation = NULL;

  adw_combo_row_set_selected (ADW_COMBO_ROW (widget_fixture_find (dialog, ADW_TYPE_COMBO_ROW)), DISCARD_OTHERS);
  widget_fixture_wait_for (has_discards, dialog);
  widget_fixture_draw (dialog);
  row = widget_fixture_find (dialog, TITHE_TYPE_RULE_ROW);
  g_assert_nonnull (row);
  change = &g_array_index (tithe_rule_dialog_get_plan (TITHE_RULE_DIALOG (dialog))->changes, TitheRuleChange, 0);
  first = widget_fixture_find (row, TITHE_TYPE_THUMBNAIL);
  second = gtk_widget_get_next_sibling (gtk_widget_get_next_sibling (first));
  g_assert_cmpuint (tithe_thumbnail_get_image (TITHE_THUMBNAIL (first)), ==, change->image);
  g_assert_false (tithe_thumbnail_is_kept (TITHE_THUMBNAIL (first)));
  g_assert_cmpuint (tithe_thumbnail_get_image (TITHE_THUMBNAIL (second)), ==, change->other);
  g_assert_true (tithe_thumbnail_is_kept (TITHE_THUMBNAIL (second)));
  relation = tithe_rule_words_dup_relation (change, tithe_project_get_dataset (tithe_window_get_project (window)));
  g_assert_nonnull (window_fixture_find_label (row, relation));
  g_signal_emit_by_name (dialog, "apply");
  g_assert_true (window_fixture_has_step (window));
  window_fixture_close (window);
}

static void
press (GtkWidget *parent, const char *name)
{
  GtkWidget *label = window_fixture_find_label (parent, name);

  g_assert_nonnull (label);
  g_signal_emit_by_name (gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON), "clicked");
}

static void
test_groups_are_not_drawn_in_what_is_opened_meanwhile (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  gpointer dialog, chooser;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups", NULL);
  watch_shown (TITHE_TYPE_FIGURE_DIALOG, &dialog);
  press (dialog, "Save As…");
  watch_shown (GTK_TYPE_FILE_CHOOSER_DIALOG, &chooser);
  open_smaller (window, fixture);
  g_assert_null (dialog);
  g_assert_null (chooser);
  window_fixture_close (window);
}

static gboolean
is_drawn (gpointer dialog)
{
  return tithe_figure_dialog_is_drawn (dialog);
}

/* The button of a row that has a tooltip. */
static GtkWidget *
find_button (GtkWidget *parent, const char *tooltip)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (parent) && g_strcmp0 (gtk_widget_get_tooltip_text (parent), tooltip) == 0)
    return parent;
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, tooltip);
  return found;
}

static GtkWidget *
open_figure_dialog (TitheWindow *window)
{
  GtkWidget *dialog;

  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.5);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups", NULL);
  dialog = find_shown (TITHE_TYPE_FIGURE_DIALOG);
  g_assert_nonnull (dialog);
  widget_fixture_wait_for (is_drawn, dialog);
  return dialog;
}

/* A sum over what is seen of the sheet. */
static char *
dup_sheet (GtkWidget *dialog)
{
  GtkWidget *paper = widget_fixture_find (dialog, TITHE_TYPE_PAPER_VIEW);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_MD5);
  g_autofree guint8 *pixels = NULL;
  graphene_rect_t bounds;
  int width, height, left, right;

  widget_fixture_wait_for (is_drawn, dialog);
  widget_fixture_draw (dialog);
  pixels = widget_fixture_picture (dialog, &width, &height);
  g_assert_true (gtk_widget_compute_bounds (paper, dialog, &bounds));
  left = (int) bounds.origin.x;
  right = MIN (width, left + (int) bounds.size.width);
  for (int y = (int) bounds.origin.y; y < MIN (height, (int) (bounds.origin.y + bounds.size.height)); y++)
    g_checksum_update (sum, pixels + 4 * ((gsize) y * (gsize) width + (gsize) left), 4 * (right - left));
  return g_strdup (g_checksum_get_string (sum));
}

/* With the captions on it, and with nothing else than those. */
static void
test_the_preview_follows_captions (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *dialog = open_figure_dialog (window), *row = widget_fixture_find (dialog, TITHE_TYPE_FIGURE_ROW);
  GtkEditable *caption = GTK_EDITABLE (widget_fixture_find (row, GTK_TYPE_ENTRY));
  g_autofree char *before = dup_sheet (dialog), *typed = NULL, *again = NULL;

  /* One may type at once. */
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (dialog)), GTK_WIDGET (caption)));
  gtk_editable_set_text (caption, "pose");
  g_assert_false (tithe_figure_dialog_is_drawn (TITHE_FIGURE_DIALOG (dialog)));
  typed = dup_sheet (dialog);
  g_assert_cmpstr (before, !=, typed);
  gtk_editable_set_text (caption, "");
  again = dup_sheet (dialog);
  g_assert_cmpstr (before, ==, again);
  window_fixture_close (window);
}

static void
assert_captions (GtkWidget *dialog, guint n, const char *first, const char *second)
{
  g_autoptr (TitheFigureChoice) choice = tithe_figure_dialog_dup_choice (TITHE_FIGURE_DIALOG (dialog));

  g_assert_cmpuint (choice->groups->len, ==, n);
  g_assert_cmpuint (g_strv_length (choice->captions), ==, n);
  g_assert_cmpstr (choice->captions[0], ==, first);
  if (n > 1)
    g_assert_cmpstr (choice->captions[1], ==, second);
}

static void
click (GtkWidget *row, const char *tooltip)
{
  GtkWidget *button = find_button (row, tooltip);

  g_assert_true (gtk_widget_get_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

/* Down where somebody looks, and not at the list's head. */
static void
test_a_figure_is_of_what_is_in_view (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkAdjustment *scroll = window_fixture_get_scroll (window);
  g_autoptr (TitheFigureChoice) at_first = NULL, below = NULL;
  g_autoptr (GArray) images = NULL;
  GtkWidget *dialog = open_figure_dialog (window);
  const TitheGroup *group;
  gboolean found = FALSE;

  at_first = tithe_figure_dialog_dup_choice (TITHE_FIGURE_DIALOG (dialog));
  gtk_window_destroy (GTK_WINDOW (dialog));
  gtk_adjustment_set_value (scroll, gtk_adjustment_get_upper (scroll));
  widget_fixture_draw (GTK_WIDGET (window));
  images = tithe_group_view_list_in_view (window_fixture_get_view (window));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-groups", NULL);
  below = tithe_figure_dialog_dup_choice (TITHE_FIGURE_DIALOG (find_shown (TITHE_TYPE_FIGURE_DIALOG)));
  group = &g_array_index (below->groups, TitheGroup, 0);
  g_assert_cmpint (memcmp (group, at_first->groups->data, sizeof *group), !=, 0);
  for (guint i = 0; i < images->len; i++)
    {
      const guint32 position = tithe_curation_get_position (
          tithe_review_page_get_curation (tithe_window_get_page (window)), g_array_index (images, guint32, i));

      found |= position >= group->start && position - group->start < group->size
               && tithe_dataset_get_label (tithe_project_get_dataset (tithe_window_get_project (window)),
                                           g_array_index (images, guint32, i))
                      == group->class_index;
    }
  g_assert_true (found);
  window_fixture_close (window);
}

/* Captions go with their groups, and the last group stays; what is saved is what was chosen. */
static void
test_groups_of_a_figure_are_moved_and_removed (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *dialog = open_figure_dialog (window), *row = widget_fixture_find (dialog, TITHE_TYPE_FIGURE_ROW);
  g_autofree char *path = g_build_filename (fixture->folder, "groups.svg", NULL), *contents = NULL;
  const TitheGroup group = *tithe_figure_row_get_group (TITHE_FIGURE_ROW (row));
  g_autoptr (TitheFigureChoice) choice = tithe_figure_dialog_dup_choice (TITHE_FIGURE_DIALOG (dialog));
  guint n = choice->groups->len;

  g_assert_cmpuint (n, >, 2);
  gtk_editable_set_text (GTK_EDITABLE (widget_fixture_find (row, GTK_TYPE_ENTRY)), "pose");
  g_assert_false (gtk_widget_get_sensitive (find_button (row, "Move Up")));
  click (row, "Move Down");
  assert_captions (dialog, n, "", "pose");
  click (row, "Move Up");
  assert_captions (dialog, n, "pose", "");
  for (; n > 1; n--)
    click (gtk_widget_get_next_sibling (row), "Remove");
  assert_captions (dialog, 1, "pose", NULL);
  g_assert_false (gtk_widget_get_sensitive (find_button (row, "Remove")));
  g_assert_cmpmem (&group, sizeof group, tithe_figure_row_get_group (TITHE_FIGURE_ROW (row)), sizeof group);
  widget_fixture_wait_for (is_drawn, dialog);
  g_signal_emit_by_name (dialog, "chosen", path);
  widget_fixture_wait_for (window_fixture_is_settled, window);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_true (g_str_has_prefix (contents, "<?xml"));
  window_fixture_close (window);
}

static void
test_a_figure_says_which_groups_have_no_room (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  TitheReviewPage *page = tithe_window_get_page (window);
  const TitheSubsetChoice choice = tithe_review_page_get_choice (page);
  g_autoptr (GArray) groups = tithe_review_page_list_groups (page, 5);
  GtkWidget *dialog
      = tithe_figure_dialog_new (GTK_WINDOW (window), tithe_review_page_get_subset (page), &choice, groups, 2);
  g_autofree char *said = NULL;

  g_assert_cmpuint (groups->len, >=, 5);
  said = g_strdup_printf ("%u more groups are left out: a figure has room for 2.", groups->len - 2);
  gtk_window_present (GTK_WINDOW (dialog));
  assert_captions (dialog, 2, "", "");
  g_assert_nonnull (window_fixture_find_label (dialog, said));
  gtk_window_destroy (GTK_WINDOW (dialog));
  window_fixture_close (window);
}

/* It is said in the place of the preview, and there is nothing to save. */
static void
test_a_figure_of_pictures_that_are_gone_says_so (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  g_autofree char *elsewhere = g_build_filename (fixture->folder, "elsewhere", NULL);
  GtkWidget *dialog, *save;

  g_assert_no_errno (g_rename (fixture->images, elsewhere));
  dialog = open_figure_dialog (window);
  save = gtk_widget_get_ancestor (window_fixture_find_label (dialog, "Save As…"), GTK_TYPE_BUTTON);
  g_assert_false (gtk_widget_get_sensitive (save));
  g_assert_false (gtk_widget_get_mapped (widget_fixture_find (dialog, TITHE_TYPE_PAPER_VIEW)));
  g_assert_no_errno (g_rename (elsewhere, fixture->images));
  window_fixture_close (window);
}

/* A window that is shown before another; there being none is a failure. */
static GtkWindow *
find_other (TitheWindow *window)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) toplevel = g_list_model_get_item (toplevels, i);

      if (toplevel != GTK_WINDOW (window) && gtk_widget_get_visible (GTK_WIDGET (toplevel)))
        return toplevel; /* GTK holds it */
    }
  g_assert_not_reached ();
}

/* A warning of GTK or libadwaita ends the test. */
static void
test_dialogs_are_shown_without_a_warning (WindowFixture *fixture, gconstpointer data)
{
  static const char *const actions[] = { "win.preferences", "win.show-help-overlay", "win.export", "win.export-groups",
                                         "win.decide-many", "win.open-folder",       "app.about" };
  TitheWindow *window = window_fixture_open (fixture->session);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (GtkWindow) dialog = NULL;

      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), actions[i], NULL));
      dialog = g_object_ref (find_other (window));
      widget_fixture_draw (GTK_WIDGET (dialog));
      gtk_window_close (dialog);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_false (gtk_widget_get_visible (GTK_WIDGET (dialog)));
    }
  window_fixture_close (window);
}

/* A warning of GTK or libadwaita ends the test. */
/* Names of files need be no text, and what is said of them is shown all the same. */
static void
test_a_failure_is_told_of_any_name (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());
  GtkWidget *alert;

  gtk_window_present (GTK_WINDOW (window));
  alert = tithe_alert_show (GTK_WINDOW (window), "Could Not Open", "cannot read “caf\xe9.npy”: it is not there");
  widget_fixture_draw (alert);
  g_assert_nonnull (window_fixture_find_label (alert, "cannot read “caf\uFFFD.npy”: it is not there"));
  g_signal_emit_by_name (tithe_window_get_page (window), "said", "caf\xe9", FALSE);
  widget_fixture_draw (GTK_WIDGET (window));
  g_signal_emit_by_name (widget_fixture_find (alert, GTK_TYPE_BUTTON), "clicked");
  window_fixture_close (window);
}

static void
test_a_failure_is_told_whole_in_a_narrow_window (WindowFixture *fixture, gconstpointer data)
{
  static const char heading[] = "Could Not Read the Decisions of the Session";
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());
  g_autoptr (GString) message = g_string_new ("cannot read “");
  gpointer alert;

  for (int i = 0; i < 40; i++)
    g_string_append (message, "/a-name-that-is-as-long-as-names-are-and_has_no_place_to_be_cut_at_all.tithe");
  g_string_append (message, "”: it is not there");
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 400);
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_draw (GTK_WIDGET (window));
  alert = tithe_alert_show (GTK_WINDOW (window), heading, message->str);
  g_object_add_weak_pointer (alert, &alert);
  widget_fixture_draw (alert);
  for (int i = 0; i < 2; i++)
    {
      GtkWidget *label = window_fixture_find_label (alert, i == 0 ? heading : message->str);

      g_assert_nonnull (label);
      g_assert_cmpint (gtk_widget_get_width (label), >, 0);
      g_assert_cmpint (gtk_widget_get_width (label), <=, 360);
      g_assert_false (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))));
    }
  /* However long the message is, the button is in view. */
  g_assert_cmpint (gtk_widget_get_height (alert), <=, 400);
  g_signal_emit_by_name (widget_fixture_find (alert, GTK_TYPE_BUTTON), "clicked");
  widget_fixture_wait_for (window_fixture_is_gone, &alert);
  window_fixture_close (window);
}

static void
test_what_is_there_keeps_its_name (void)
{
  g_autofree char *folder = fixture_folder (),
                  *first = tithe_file_dialog_dup_free_path (folder, "cars-90.0.csv", ".csv");
  g_autofree char *second = NULL, *third = NULL, *other = NULL;

  g_assert_true (g_file_set_contents (first, "", 0, NULL));
  second = tithe_file_dialog_dup_free_path (folder, "cars-90.0.csv", ".csv");
  g_assert_true (g_file_set_contents (second, "", 0, NULL));
  third = tithe_file_dialog_dup_free_path (folder, "cars-90.0.csv", ".csv");
  other = tithe_file_dialog_dup_free_path (folder, "cars-90.0.csv", NULL);
  g_assert_true (g_str_has_suffix (first, "/cars-90.0.csv"));
  g_assert_true (g_str_has_suffix (second, "/cars-90.0-2.csv"));
  g_assert_true (g_str_has_suffix (third, "/cars-90.0-3.csv"));
  g_assert_true (g_str_has_suffix (other, "/cars-90.0.csv-2"));
  fixture_remove (g_steal_pointer (&folder));
}

/* --- help --- */

static void
set_browser (const char *how)
{
  g_autofree char *applications = g_build_filename (g_get_user_data_dir (), "applications", NULL);
  g_autofree char *entry = g_build_filename (applications, "org.tithe.Browser.desktop", NULL);
  g_autofree char *defaults = g_build_filename (g_get_user_config_dir (), "mimeapps.list", NULL);
  g_autofree char *text
      = g_strdup_printf ("[Desktop Entry]\nType=Application\nName=Browser\nMimeType=text/html;\n%s\n", how);

  g_assert_cmpint (g_mkdir_with_parents (applications, 0700), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (g_get_user_config_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (entry, text, -1, NULL));
  g_assert_true (
      g_file_set_contents (defaults, "[Default Applications]\ntext/html=org.tithe.Browser.desktop\n", -1, NULL));
}

/* A web browser, for this test's home alone, that writes down what it is to show. */
static char *
install_browser (const char *folder)
{
  g_autofree char *script = g_build_filename (folder, "browser", NULL);
  char *shown = g_build_filename (folder, "shown", NULL);
  g_autofree char *how = g_strdup_printf ("Exec=%s %%u", script);
  g_autofree char *code
      = g_strdup_printf ("#!/bin/sh\nprintf %%s \"$1\" >'%s.new'\nmv '%s.new' '%s'\n", shown, shown, shown);

  g_assert_true (g_file_set_contents_full (script, code, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  set_browser (how);
  return shown;
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
is_active (gpointer window)
{
  return gtk_application_get_active_window (GTK_APPLICATION (window_fixture_get_application ())) == window
         && gtk_widget_get_mapped (window);
}

/* What the browser is shown is that page of the help, which is there. */
static void
assert_shown (char *shown, const char *page)
{
  g_autofree char *uri = NULL, *path = NULL, *contents = NULL, *section = g_strdup_printf ("<section id=\"%s\">", page);
  g_auto (GStrv) parts = NULL;

  widget_fixture_wait_for (is_there, shown);
  g_assert_true (g_file_get_contents (shown, &uri, NULL, NULL));
  g_assert_cmpint (g_unlink (shown), ==, 0);
  parts = g_strsplit (uri, "#", 2);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  g_assert_cmpstr (parts[1], ==, page);
  path = g_filename_from_uri (parts[0], NULL, NULL);
  g_assert_nonnull (path);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_nonnull (strstr (contents, section));
}

/* The button that leads to the help. */
static GtkWidget *
find_help_button (GtkWidget *parent)
{
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found;

      if (GTK_IS_BUTTON (child)
          && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (child)), "help.about") == 0)
        return child;
      if ((found = find_help_button (child)) != NULL)
        return found;
    }
  return NULL;
}

static void
press_help (GtkWidget *parent)
{
  GtkWidget *button = find_help_button (parent);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static void
test_help_is_about_what_is_looked_at (WindowFixture *fixture, gconstpointer data)
{
  g_autofree char *shown = install_browser (fixture->folder);
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());
  g_auto (GStrv) keys
      = gtk_application_get_accels_for_action (GTK_APPLICATION (window_fixture_get_application ()), "app.help");

  g_assert_cmpstr (keys[0], ==, "F1");
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_wait_for (is_active, window);
  g_action_group_activate_action (G_ACTION_GROUP (window_fixture_get_application ()), "help", NULL);
  assert_shown (shown, "start");
  window_fixture_close (window);

  window = window_fixture_open (fixture->session);
  widget_fixture_wait_for (is_active, window);
  g_action_group_activate_action (G_ACTION_GROUP (window_fixture_get_application ()), "help", NULL);
  assert_shown (shown, "look");
  g_action_group_activate_action (G_ACTION_GROUP (window), "verify", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (window_fixture_get_application ()), "help", NULL);
  assert_shown (shown, "verify");
  press_help (GTK_WIDGET (window));
  assert_shown (shown, "verify");
  window_fixture_close (window);
}

static void
test_dialogs_lead_to_the_help_about_them (WindowFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *action;
    GType (*get_type) (void);
    const char *page;
  } dialogs[] = { { "decide-many", tithe_rule_dialog_get_type, "decide" },
                  { "export", tithe_export_dialog_get_type, "export" },
                  { "export-groups", tithe_figure_dialog_get_type, "export" } };
  g_autofree char *shown = install_browser (fixture->folder);
  TitheWindow *window = window_fixture_open (fixture->session);

  for (guint i = 0; i < G_N_ELEMENTS (dialogs); i++)
    {
      GtkWidget *dialog;

      g_action_group_activate_action (G_ACTION_GROUP (window), dialogs[i].action, NULL);
      dialog = find_shown (dialogs[i].get_type ());
      g_assert_nonnull (dialog);
      press_help (dialog);
      assert_shown (shown, dialogs[i].page);
      gtk_window_destroy (GTK_WINDOW (dialog));
    }
  window_fixture_close (window);
}

/* In a window of its own or in the one that it is about. */
static GtkWidget *
find_failure (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  GtkWidget *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (toplevels) && found == NULL; i++)
    {
      g_autoptr (GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      found = window_fixture_find_label (toplevel, "Could Not Open the Help");
    }
  return found;
}

static gboolean
has_failure (gpointer unused)
{
  return find_failure () != NULL;
}

static void
test_a_browser_that_does_not_start_is_told_of (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = tithe_window_new (window_fixture_get_application ());
  /* GIO 2.74 complains about itself where what is started over the session bus is not there. */
  GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  GtkRoot *told;

  set_browser ("DBusActivatable=true\nExec=true");
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_wait_for (is_active, window);
  g_action_group_activate_action (G_ACTION_GROUP (window_fixture_get_application ()), "help", NULL);
  widget_fixture_wait_for (has_failure, NULL);
  g_log_set_always_fatal (fatal);
  told = gtk_widget_get_root (find_failure ());
  if (told != GTK_ROOT (window))
    gtk_window_destroy (GTK_WINDOW (told));
  window_fixture_close (window);
}

/* Under ThreadSanitizer GIO never gets to start one. */
#ifdef __SANITIZE_THREAD__
#  define CAN_START_A_BROWSER FALSE
#else
#  define CAN_START_A_BROWSER TRUE
#endif

/* --- what is exported --- */

static gboolean
has_outcome (gpointer dialog)
{
  return tithe_export_dialog_get_outcome (dialog) != NULL;
}

static void
assert_outcome (TitheExportDialog *dialog, const char *beginning)
{
  widget_fixture_wait_for (has_outcome, dialog);
  g_test_message ("%s", tithe_export_dialog_get_outcome (dialog));
  g_assert_true (g_str_has_prefix (tithe_export_dialog_get_outcome (dialog), beginning));
}

static TitheExportDialog *
open_export (TitheWindow *window)
{
  GtkWidget *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (window), "export", NULL);
  dialog = find_shown (TITHE_TYPE_EXPORT_DIALOG);
  g_assert_nonnull (dialog);
  return TITHE_EXPORT_DIALOG (dialog);
}

static void
press_purpose (TitheExportDialog *dialog, const char *title)
{
  GtkWidget *label = window_fixture_find_label (GTK_WIDGET (dialog), title);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (gtk_widget_get_ancestor (label, GTK_TYPE_TOGGLE_BUTTON)), TRUE);
}

static gboolean
is_row_shown (TitheExportDialog *dialog, const char *title)
{
  return gtk_widget_get_mapped (window_fixture_find_label (GTK_WIDGET (dialog), title));
}

static void
test_an_export_says_how_much_it_is (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  TitheExportDialog *dialog;

  tithe_review_page_set_ratio (tithe_window_get_page (window), 0.75);
  dialog = open_export (window);
  assert_outcome (dialog, "225 images, 5 classes, 226 files, ");
  g_assert_false (is_row_shown (dialog, "Format"));
  g_assert_true (is_row_shown (dialog, "Files"));
  press_purpose (dialog, "List");
  g_assert_null (tithe_export_dialog_get_outcome (dialog));
  assert_outcome (dialog, "225 images, 5 classes, 2 files, ");
  g_assert_true (is_row_shown (dialog, "Format"));
  g_assert_false (is_row_shown (dialog, "Files"));
  press_purpose (dialog, "Table");
  assert_outcome (dialog, "300 images, 5 classes, 2 files, about ");
  press_purpose (dialog, "Training Set");
  assert_outcome (dialog, "225 images, 5 classes, 227 files, about ");
  gtk_window_destroy (GTK_WINDOW (dialog));
  window_fixture_close (window);
}

static void
test_the_class_that_is_looked_at_is_exported (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  TitheSubsetChoice choice = { .ratio = 0.5 };
  TitheExportDialog *dialog;
  TitheExportOptions options;

  tithe_review_page_show_class (tithe_window_get_page (window), 2, &choice);
  dialog = open_export (window);
  assert_outcome (dialog, "30 images, 1 class, 31 files, ");
  options = tithe_export_dialog_get_options (dialog);
  g_assert_cmpstr (options.classes[0], ==, "c2");
  gtk_window_destroy (GTK_WINDOW (dialog));
  window_fixture_close (window);
}

static gboolean
is_told_of (gpointer window)
{
  return window_fixture_find_label (window, "Exported 225 images to “out.csv”") != NULL;
}

/* What can't be is said where another place can be chosen, and what was exported is said with its number. */
static void
test_an_export_waits_for_a_place_where_it_can_be (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  g_autofree char *inside = g_build_filename (fixture->images, "out.csv", NULL);
  g_autofree char *path = g_build_filename (fixture->folder, "out.csv", NULL);
  TitheExportDialog *dialog;
  gpointer gone;

  tithe_review_page_set_ratio (tithe_window_get_page (window), 0.75);
  dialog = gone = open_export (window);
  g_object_add_weak_pointer (G_OBJECT (dialog), &gone);
  press_purpose (dialog, "List");
  widget_fixture_wait_for (has_outcome, dialog);
  tithe_export_dialog_set_place (dialog, inside);
  widget_fixture_wait_for (has_outcome, dialog);
  g_assert_nonnull (strstr (tithe_export_dialog_get_outcome (dialog), "images/out.csv"));
  g_assert_false (g_file_test (inside, G_FILE_TEST_EXISTS));
  tithe_export_dialog_set_place (dialog, path);
  widget_fixture_wait_for (window_fixture_is_gone, &gone);
  widget_fixture_wait_for (is_told_of, window);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  dialog = open_export (window);
  g_assert_cmpint (tithe_export_dialog_get_options (dialog).format, ==, TITHE_EXPORT_INDICES);
  gtk_window_destroy (GTK_WINDOW (dialog));
  window_fixture_close (window);
}

/* Keys are called as the help calls them. */
static guint
count_keys (GtkWidget *parent)
{
  guint n = 0;

  if (GTK_IS_LABEL (parent) && gtk_widget_has_css_class (parent, "keycap"))
    {
      g_assert_null (strchr (gtk_label_get_text (GTK_LABEL (parent)), '_'));
      g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (parent)), !=, "Escape");
      n = 1;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_keys (child);
  return n;
}

static void
test_all_keys_are_on_one_page (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  GtkWidget *shortcuts = GTK_WIDGET (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)));
  GtkWidget *section = widget_fixture_find (shortcuts, GTK_TYPE_SHORTCUTS_SECTION);
  g_autoptr (GtkSelectionModel) pages = NULL;

  window_fixture_act (window, "win.show-help-overlay");
  widget_fixture_draw (shortcuts);
  pages = gtk_stack_get_pages (GTK_STACK (widget_fixture_find (section, GTK_TYPE_STACK)));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (pages)), ==, 1);
  g_assert_cmpuint (count_keys (shortcuts), >, 40);
  window_fixture_close (window);
}

static void
select_row (TitheExportDialog *dialog, const char *title, guint selected)
{
  GtkWidget *label = window_fixture_find_label (GTK_WIDGET (dialog), title);

  adw_combo_row_set_selected (ADW_COMBO_ROW (gtk_widget_get_ancestor (label, ADW_TYPE_COMBO_ROW)), selected);
}

/* What the dialog for a place has in its entry. */
static char *
dup_name (TitheExportDialog *dialog)
{
  GtkWidget *chooser, *label;
  char *name;

  widget_fixture_wait_for (has_outcome, dialog);
  label = window_fixture_find_label (GTK_WIDGET (dialog), "Choose Place…");
  g_signal_emit_by_name (gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON), "clicked");
  chooser = find_shown (GTK_TYPE_FILE_CHOOSER_DIALOG);
  g_assert_nonnull (chooser);
  widget_fixture_draw (chooser);
  name = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_CANCEL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return name;
}

/* What is not told by the form is in the name, so that two exports don't look alike. */
static void
test_the_name_says_what_it_is_of (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  g_autofree char *folder = NULL, *list = NULL, *table = NULL;
  TitheExportDialog *dialog;

  tithe_review_page_set_ratio (tithe_window_get_page (window), 0.75);
  dialog = open_export (window);
  folder = dup_name (dialog);
  g_assert_true (g_str_has_suffix (folder, "images-75.0"));
  press_purpose (dialog, "List");
  select_row (dialog, "Images", 1);
  select_row (dialog, "Classes", 3);
  list = dup_name (dialog);
  g_assert_true (g_str_has_suffix (list, "images-75.0-c2-discarded.npy"));
  press_purpose (dialog, "Table");
  select_row (dialog, "Classes", 0);
  table = dup_name (dialog);
  g_assert_true (g_str_has_suffix (table, "images-75.0.csv"));
  gtk_window_destroy (GTK_WINDOW (dialog));
  window_fixture_close (window);
}

#define add(path, func)                                                                                                \
  g_test_add ("/window/" path, WindowFixture, NULL, window_fixture_set_up, func, window_fixture_tear_down)

int
main (int argc, char **argv)
{
  window_fixture_init (&argc, &argv);
  add ("a-rule-decides-nothing-in-what-is-opened-meanwhile", test_a_rule_decides_nothing_in_what_is_opened_meanwhile);
  add ("the-first-rule-that-changes-something-is-chosen", test_the_first_rule_that_changes_something_is_chosen);
  add ("a-change-shows-what-gives-way", test_a_change_shows_what_gives_way);
  add ("groups-are-not-drawn-in-what-is-opened-meanwhile", test_groups_are_not_drawn_in_what_is_opened_meanwhile);
  add ("the-preview-follows-captions", test_the_preview_follows_captions);
  add ("a-figure-is-of-what-is-in-view", test_a_figure_is_of_what_is_in_view);
  add ("groups-of-a-figure-are-moved-and-removed", test_groups_of_a_figure_are_moved_and_removed);
  add ("a-figure-says-which-groups-have-no-room", test_a_figure_says_which_groups_have_no_room);
  add ("a-figure-of-pictures-that-are-gone-says-so", test_a_figure_of_pictures_that_are_gone_says_so);
  add ("dialogs-are-shown-without-a-warning", test_dialogs_are_shown_without_a_warning);
  add ("an-export-says-how-much-it-is", test_an_export_says_how_much_it_is);
  add ("the-class-that-is-looked-at-is-exported", test_the_class_that_is_looked_at_is_exported);
  add ("the-name-says-what-it-is-of", test_the_name_says_what_it_is_of);
  add ("an-export-waits-for-a-place-where-it-can-be", test_an_export_waits_for_a_place_where_it_can_be);
  add ("a-failure-is-told-of-any-name", test_a_failure_is_told_of_any_name);
  add ("a-failure-is-told-whole-in-a-narrow-window", test_a_failure_is_told_whole_in_a_narrow_window);
  g_test_add_func ("/file-dialog/what-is-there-keeps-its-name", test_what_is_there_keeps_its_name);
  add ("all-keys-are-on-one-page", test_all_keys_are_on_one_page);
  if (CAN_START_A_BROWSER)
    {
      add ("help-is-about-what-is-looked-at", test_help_is_about_what_is_looked_at);
      add ("dialogs-lead-to-the-help-about-them", test_dialogs_lead_to_the_help_about_them);
      add ("a-browser-that-does-not-start-is-told-of", test_a_browser_that_does_not_start_is_told_of);
    }
  return window_fixture_run ();
}
