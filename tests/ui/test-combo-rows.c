/* SPDX-License-Identifier: MIT */
#include "tithe-combo-rows.h"

#include "widget-fixture.h"

#include <adwaita.h>

#define LONG "Ordner voll von Klassenordnern"

static GtkWidget *window;

static AdwComboRow *
show_row (void)
{
  const char *const names[] = { LONG, "short", NULL };
  g_autoptr (GtkStringList) list = gtk_string_list_new (names);
  GtkWidget *row = adw_combo_row_new (), *box = gtk_list_box_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), "Format");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), "Wie die Dateien heißen, in denen steht, was behalten wird");
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  gtk_list_box_append (GTK_LIST_BOX (box), row);
  tithe_combo_rows_show_whole (box);
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 480, 100);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
  widget_fixture_draw (window);
  return ADW_COMBO_ROW (row);
}

/* The label that shows what is chosen. */
static GtkLabel *
find_label (GtkWidget *parent, const char *text)
{
  GtkLabel *found = NULL;

  if (GTK_IS_LABEL (parent) && gtk_widget_get_mapped (parent)
      && g_str_equal (gtk_label_get_text (GTK_LABEL (parent)), text))
    return GTK_LABEL (parent);
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child, text);
  return found;
}

static gboolean
is_cut (AdwComboRow *row)
{
  GtkLabel *label = find_label (GTK_WIDGET (row), LONG);

  g_assert_nonnull (label);
  return pango_layout_is_ellipsized (gtk_label_get_layout (label));
}

static void
test_long_words_are_shown_whole (void)
{
  AdwComboRow *row = show_row ();

  g_assert_false (is_cut (row));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_choosing_goes_on (void)
{
  AdwComboRow *row = show_row ();

  adw_combo_row_set_selected (row, 1);
  widget_fixture_draw (window);
  g_assert_nonnull (find_label (GTK_WIDGET (row), "short"));
  g_assert_null (find_label (GTK_WIDGET (row), LONG));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/combo-rows/long-words-are-shown-whole", test_long_words_are_shown_whole);
  g_test_add_func ("/combo-rows/choosing-goes-on", test_choosing_goes_on);
  return g_test_run ();
}
