/* SPDX-License-Identifier: MIT */
#include "tithe-class-list.h"
#include "tithe-class-model.h"
#include "tithe-class-row.h"

#include "widget-fixture.h"

/* More than a search needs, with names that share letters. */
static const char *const names[]
    = { "ant",  "ball", "balloon", "bear", "boat",     "car", "cat",   "deer", "dog",   "eagle", "fish",
        "frog", "goat", "horse",   "lion", "m\xfcnze", "owl", "plane", "ship", "truck", "wolf" };

#define N_CLASSES G_N_ELEMENTS (names)

typedef struct
{
  char *folder;
  TitheHierarchy *hierarchy;
  TitheSubset *subset;
  GtkWidget *window;
  TitheClassList *list;
  guint n_told; /* notifications of the selected class */
} Fixture;

static int
find_class (const char *name)
{
  for (guint i = 0; i < N_CLASSES; i++)
    if (g_str_equal (names[i], name))
      return (int) i;
  g_assert_not_reached ();
}

static GtkSingleSelection *
get_selection (Fixture *fixture)
{
  GtkWidget *view = widget_fixture_find (GTK_WIDGET (fixture->list), GTK_TYPE_LIST_VIEW);

  return GTK_SINGLE_SELECTION (gtk_list_view_get_model (GTK_LIST_VIEW (view)));
}

static guint
count_rows (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_selection (fixture)));
}

/* The class of the row that is drawn as selected, or NULL for none. */
static const char *
get_selected_row (Fixture *fixture)
{
  TitheClassItem *item = gtk_single_selection_get_selected_item (get_selection (fixture));

  return item ? tithe_class_item_get_name (item) : NULL;
}

static void
search (Fixture *fixture, const char *text)
{
  GtkWidget *entry = widget_fixture_find (GTK_WIDGET (fixture->list), GTK_TYPE_SEARCH_ENTRY);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  /* Rather than to wait for the entry. */
  g_signal_emit_by_name (entry, "search-changed");
}

static const char *
get_search (Fixture *fixture)
{
  return gtk_editable_get_text (GTK_EDITABLE (widget_fixture_find (GTK_WIDGET (fixture->list), GTK_TYPE_SEARCH_ENTRY)));
}

static void
on_selected (Fixture *fixture)
{
  fixture->n_told++;
}

static TitheHierarchy *
new_hierarchy (const char *folder)
{
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;

  for (guint c = 0; c < N_CLASSES; c++)
    {
      g_autofree char *name = g_build_filename (names[c], "0.png", NULL);

      fixture_write_picture (folder, name, 4, 4, c);
    }
  dataset = tithe_dataset_open (folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tithe_dataset_get_n_classes (dataset), ==, N_CLASSES);
  return tithe_hierarchy_new (dataset, TITHE_LINKAGE_COMPLETE);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->hierarchy = new_hierarchy (fixture->folder);
  fixture->subset = tithe_subset_new (fixture->hierarchy, NULL);
  fixture->list = TITHE_CLASS_LIST (tithe_class_list_new ());
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->list));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 240, 300);
  tithe_class_list_set_subset (fixture->list, fixture->subset);
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_signal_connect_swapped (fixture->list, "notify::selected", G_CALLBACK (on_selected), fixture);
  widget_fixture_draw (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_class_list_set_subset (fixture->list, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  tithe_subset_free (fixture->subset);
  tithe_hierarchy_unref (fixture->hierarchy);
  fixture_remove (fixture->folder);
}

static void
assert_selected (Fixture *fixture, const char *name)
{
  g_assert_cmpint (tithe_class_list_get_selected (fixture->list), ==, find_class (name));
  g_assert_cmpstr (get_selected_row (fixture), ==, name);
}

static void
test_selects_the_class_while_searched (Fixture *fixture, gconstpointer data)
{
  search (fixture, "b");
  tithe_class_list_set_selected (fixture->list, find_class ("balloon"));
  assert_selected (fixture, "balloon");
  tithe_class_list_set_selected (fixture->list, find_class ("boat"));
  assert_selected (fixture, "boat");
  g_assert_cmpstr (get_search (fixture), ==, "b");
}

static void
test_clears_the_search_for_a_class_that_it_hides (Fixture *fixture, gconstpointer data)
{
  search (fixture, "fish");
  g_assert_cmpuint (count_rows (fixture), ==, 2);
  tithe_class_list_set_selected (fixture->list, find_class ("horse"));
  assert_selected (fixture, "horse");
  g_assert_cmpstr (get_search (fixture), ==, "");
  g_assert_cmpuint (count_rows (fixture), ==, N_CLASSES + 1);
}

static void
test_all_classes_can_be_chosen_while_searched (Fixture *fixture, gconstpointer data)
{
  tithe_class_list_set_selected (fixture->list, find_class ("fish"));
  search (fixture, "fish");
  tithe_class_list_set_selected (fixture->list, TITHE_ALL_CLASSES);
  g_assert_cmpint (tithe_class_list_get_selected (fixture->list), ==, TITHE_ALL_CLASSES);
  g_assert_cmpstr (get_selected_row (fixture), ==, "All classes");
}

/* Who searches only looks for something. */
static void
test_searching_selects_nothing (Fixture *fixture, gconstpointer data)
{
  tithe_class_list_set_selected (fixture->list, find_class ("horse"));
  fixture->n_told = 0;
  search (fixture, "fish");
  g_assert_cmpint (tithe_class_list_get_selected (fixture->list), ==, find_class ("horse"));
  g_assert_null (get_selected_row (fixture));
  search (fixture, "s");
  assert_selected (fixture, "horse");
  search (fixture, "");
  assert_selected (fixture, "horse");
  g_assert_cmpuint (fixture->n_told, ==, 0);
}

static void
test_a_pressed_row_is_told_as_its_class (Fixture *fixture, gconstpointer data)
{
  search (fixture, "b");
  fixture->n_told = 0;
  /* All classes, ball, balloon, bear, boat. */
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (get_selection (fixture)), 3, TRUE);
  assert_selected (fixture, "bear");
  g_assert_cmpuint (fixture->n_told, ==, 1);
}

static void
test_search_ignores_case (Fixture *fixture, gconstpointer data)
{
  search (fixture, "BALL");
  g_assert_cmpuint (count_rows (fixture), ==, 3);
}

/* Latin-1: found by what is readable of it. */
static void
test_a_name_that_is_not_utf8_is_shown (Fixture *fixture, gconstpointer data)
{
  search (fixture, "nze");
  g_assert_cmpuint (count_rows (fixture), ==, 2);
  tithe_class_list_set_selected (fixture->list, find_class ("m\xfcnze"));
  g_assert_true (g_utf8_validate (get_selected_row (fixture), -1, NULL));
  g_assert_true (g_str_has_suffix (get_selected_row (fixture), "nze"));
  widget_fixture_draw (fixture->window);
}

static void
on_item_notify (TitheClassItem *item, GParamSpec *pspec, GString *told)
{
  g_string_append_printf (told, "%s ", pspec->name);
}

static void
test_an_item_tells_only_what_changed (void)
{
  g_autoptr (TitheClassItem) item = tithe_class_item_new (3, "deer");
  g_autoptr (GString) told = g_string_new (NULL);

  tithe_class_item_set_counts (item, 10, 8, 2, 0);
  g_signal_connect (item, "notify", G_CALLBACK (on_item_notify), told);
  tithe_class_item_set_counts (item, 10, 8, 2, 0);
  g_assert_cmpstr (told->str, ==, "");
  tithe_class_item_set_counts (item, 10, 7, 2, 0);
  g_assert_cmpstr (told->str, ==, "n-kept ");
  tithe_class_item_set_counts (item, 10, 7, 2, 1);
  g_assert_cmpstr (told->str, ==, "n-kept n-reviewed ");
}

typedef struct
{
  guint n, position, removed, added;
} Told;

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, Told *told)
{
  *told = (Told){ told->n + 1, position, removed, added };
}

/* Whether a label below says so. */
static gboolean
says (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;
  return FALSE;
}

static void
test_a_row_says_what_its_class_needs (void)
{
  g_autoptr (GtkWidget) row = g_object_ref_sink (tithe_class_row_new ());
  g_autoptr (TitheClassItem) item = tithe_class_item_new (0, "ant");
  g_autofree char *size = g_format_size_full (9 << 20, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *needs = g_strdup_printf ("needs %s", size);

  tithe_class_row_set_item (TITHE_CLASS_ROW (row), item);
  tithe_class_item_set_waiting (item, 900, 0);
  g_assert_true (says (row, "…"));
  tithe_class_item_set_waiting (item, 900, 9 << 20);
  g_assert_true (says (row, needs));
  tithe_class_item_set_counts (item, 900, 800, 42, 0);
  g_assert_true (says (row, "42 left"));
}

static void
test_a_row_says_what_is_left_to_review (void)
{
  g_autoptr (GtkWidget) row = g_object_ref_sink (tithe_class_row_new ());
  g_autoptr (TitheClassItem) item = tithe_class_item_new (0, "ant");

  tithe_class_row_set_item (TITHE_CLASS_ROW (row), item);
  tithe_class_item_set_counts (item, 9000, 8000, 4200, 30);
  g_assert_true (says (row, "4,170 left"));
  tithe_class_item_set_counts (item, 9000, 8000, 4200, 4200);
  g_assert_true (says (row, "✓"));
  tithe_class_item_set_counts (item, 9000, 9000, 0, 0);
  g_assert_true (says (row, "–"));
}

/* What is the same at both ends of the list is not told of, and where nothing is another nothing is told. */
static void
test_a_search_tells_only_what_changed (void)
{
  static const char *const classes[] = { "Ant", "bat", "BOAT", "cow", "goat" };
  g_autoptr (TitheClassModel) model = tithe_class_model_new ();
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  Told told = { 0 };

  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), &told);
  g_ptr_array_add (items, tithe_class_item_new (-1, "All classes"));
  for (int c = 0; c < 5; c++)
    g_ptr_array_add (items, tithe_class_item_new (c, classes[c]));
  tithe_class_model_take_items (model, items);
  g_assert_cmpmem (&told, sizeof told, (&(Told){ 1, 0, 0, 6 }), sizeof told);
  g_assert_true (tithe_class_model_search (model, "AT"));
  g_assert_cmpmem (&told, sizeof told, (&(Told){ 2, 1, 4, 2 }), sizeof told);
  g_assert_false (tithe_class_model_search (model, "at"));
  g_assert_true (tithe_class_model_search (model, "oat"));
  g_assert_cmpmem (&told, sizeof told, (&(Told){ 3, 1, 1, 0 }), sizeof told);
  g_assert_true (tithe_class_model_search (model, "OA"));
  g_assert_cmpuint (told.n, ==, 3);
  g_assert_cmpuint (tithe_class_model_find (model, -1), ==, 0);
  g_assert_cmpuint (tithe_class_model_find (model, 2), ==, 1);
  g_assert_cmpuint (tithe_class_model_find (model, 4), ==, 2);
  g_assert_cmpuint (tithe_class_model_find (model, 1), ==, GTK_INVALID_LIST_POSITION);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (model), 3));
  g_assert_true (tithe_class_model_search (model, ""));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (model)), ==, 6);
}

static int
measure_width (Fixture *fixture)
{
  int minimum;

  gtk_widget_measure (GTK_WIDGET (fixture->list), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

static void
test_large_text_has_room_for_as_much (Fixture *fixture, gconstpointer data)
{
  const int before = measure_width (fixture);
  g_autofree char *font = NULL;

  g_object_get (gtk_settings_get_default (), "gtk-font-name", &font, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Sans 30", NULL);
  widget_fixture_draw (fixture->window);
  g_assert_cmpint (measure_width (fixture), >, before * 2);
  g_object_set (gtk_settings_get_default (), "gtk-font-name", font, NULL);
  widget_fixture_draw (fixture->window);
  g_assert_cmpint (measure_width (fixture), ==, before);
}

#define ADD(path, function) g_test_add ("/class-list/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("selects-the-class-while-searched", test_selects_the_class_while_searched);
  ADD ("clears-the-search-for-a-class-that-it-hides", test_clears_the_search_for_a_class_that_it_hides);
  ADD ("all-classes-can-be-chosen-while-searched", test_all_classes_can_be_chosen_while_searched);
  ADD ("searching-selects-nothing", test_searching_selects_nothing);
  ADD ("a-pressed-row-is-told-as-its-class", test_a_pressed_row_is_told_as_its_class);
  ADD ("search-ignores-case", test_search_ignores_case);
  ADD ("a-name-that-is-not-utf8-is-shown", test_a_name_that_is_not_utf8_is_shown);
  ADD ("large-text-has-room-for-as-much", test_large_text_has_room_for_as_much);
  g_test_add_func ("/class-model/a-search-tells-only-what-changed", test_a_search_tells_only_what_changed);
  g_test_add_func ("/class-row/says-what-its-class-needs", test_a_row_says_what_its_class_needs);
  g_test_add_func ("/class-row/says-what-is-left-to-review", test_a_row_says_what_is_left_to_review);
  g_test_add_func ("/class-item/tells-only-what-changed", test_an_item_tells_only_what_changed);
  return g_test_run ();
}
