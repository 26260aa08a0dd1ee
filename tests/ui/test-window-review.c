/* SPDX-License-Identifier: MIT */
#include "session/tithe-session.h"
#include "tithe-class-list.h"
#include "tithe-filter-chips.h"
#include "tithe-range-histogram.h"
#include "tithe-compare-view.h"
#include "tithe-lightbox.h"
#include "tithe-thumbnail.h"

#include "window-fixture.h"

/* The review by keys, and the ratio of a class, from inside the window. */

static void
count_told (guint *n)
{
  (*n)++;
}

static void
test_the_ratio_is_told_of_where_it_is_another (void)
{
  g_autoptr (GtkWidget) bar = g_object_ref_sink (tithe_ratio_bar_new ());
  guint n_ratios = 0, n_policies = 0;

  g_signal_connect_swapped (bar, "notify::ratio", G_CALLBACK (count_told), &n_ratios);
  g_signal_connect_swapped (bar, "notify::policy", G_CALLBACK (count_told), &n_policies);
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), ==, 0.9);
  tithe_ratio_bar_set_ratio (TITHE_RATIO_BAR (bar), 0.5);
  tithe_ratio_bar_set_ratio (TITHE_RATIO_BAR (bar), 0.5001);
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), ==, 0.5);
  g_assert_cmpuint (n_ratios, ==, 1);
  g_object_set (bar, "ratio", 0.6, "policy", TITHE_POLICY_GLOBAL, NULL);
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), ==, 0.6);
  g_assert_cmpint (tithe_ratio_bar_get_policy (TITHE_RATIO_BAR (bar)), ==, TITHE_POLICY_GLOBAL);
  g_assert_cmpuint (n_ratios, ==, 2);
  g_assert_cmpuint (n_policies, ==, 1);
}

/* Where images were clustered down to a floor the slider stops there, whoever moves it. */
static void
test_the_ratio_stops_where_clustering_did (WindowFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheHierarchy) made = fixture_hierarchy (fixture->images, 1, 60, TITHE_LINKAGE_COMPLETE, 1);
  g_autoptr (TitheHierarchy) part = tithe_hierarchy_new (tithe_hierarchy_get_dataset (made), TITHE_LINKAGE_COMPLETE);
  g_autoptr (GtkWidget) bar = g_object_ref_sink (tithe_ratio_bar_new ());
  g_autoptr (TitheCut) cut = NULL;
  TitheMerge merges[20];

  for (guint32 i = 0; i < G_N_ELEMENTS (merges); i++)
    merges[i] = (TitheMerge){ 0, i + 1, (float) i / 100 };
  tithe_hierarchy_take_class (part, 0, tithe_dendrogram_new_from_merges (merges, G_N_ELEMENTS (merges), 60));
  cut = tithe_cut_new (part);
  tithe_ratio_bar_set_ratio (TITHE_RATIO_BAR (bar), 0.3);
  tithe_ratio_bar_set_cut (TITHE_RATIO_BAR (bar), cut);
  for (TithePolicy policy = TITHE_POLICY_PER_CLASS; policy <= TITHE_POLICY_GLOBAL; policy++)
    {
      tithe_ratio_bar_set_policy (TITHE_RATIO_BAR (bar), policy);
      g_assert_cmpfloat_with_epsilon (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), 0.667, 1e-9); /* 40 of 60 */
      tithe_ratio_bar_set_ratio (TITHE_RATIO_BAR (bar), 0.8);
      g_assert_cmpfloat_with_epsilon (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), 0.8, 1e-9);
      tithe_ratio_bar_set_ratio (TITHE_RATIO_BAR (bar), 0.1);
      g_assert_cmpfloat_with_epsilon (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), 0.667, 1e-9);
    }
  tithe_ratio_bar_set_cut (TITHE_RATIO_BAR (bar), NULL);
  tithe_ratio_bar_set_ratio (TITHE_RATIO_BAR (bar), 0.1);
  g_assert_cmpfloat_with_epsilon (tithe_ratio_bar_get_ratio (TITHE_RATIO_BAR (bar)), 0.1, 1e-9);
}

/* The window with half of the images, which are many groups, and the first group taken up. */
static TitheWindow *
open_review (WindowFixture *fixture)
{
  TitheWindow *window = window_fixture_open (fixture->session);

  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.5);
  tithe_group_view_take_up (window_fixture_get_view (window), 0, TRUE);
  widget_fixture_draw (GTK_WIDGET (window));
  return window;
}

static gsize
get_index (TitheWindow *window, guint32 *image)
{
  gsize index;

  g_assert_true (tithe_group_view_get_cursor (window_fixture_get_view (window), image, &index));
  return index;
}

static TitheDecision
get_decision (TitheWindow *window, guint32 image)
{
  return tithe_curation_get_decision (tithe_review_page_get_curation (tithe_window_get_page (window)), image);
}

static gsize
count_steps (TitheWindow *window)
{
  return tithe_curation_count_steps (tithe_review_page_get_curation (tithe_window_get_page (window)));
}

static void
assert_selected (TitheWindow *window, const guint32 *images, guint n)
{
  g_autoptr (GArray) selected = tithe_group_view_list_selected (window_fixture_get_view (window));

  g_assert_cmpmem (selected->data, selected->len * sizeof (guint32), images, n * sizeof (guint32));
}

static void
test_done_marks_and_goes_on_and_not_done_takes_it_back (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  guint32 image, other;

  get_index (window, &image);
  window_fixture_act (window, "review.done");
  g_assert_cmpuint (get_index (window, &other), ==, 1);
  g_assert_cmpuint (count_steps (window), ==, 1);
  /* Again on the same group: it stays reviewed, there is no step, and one goes on. */
  tithe_group_view_take_up (window_fixture_get_view (window), 0, TRUE);
  window_fixture_act (window, "review.done");
  g_assert_cmpuint (get_index (window, &other), ==, 1);
  g_assert_cmpuint (count_steps (window), ==, 1);
  tithe_group_view_take_up (window_fixture_get_view (window), 0, TRUE);
  window_fixture_act (window, "review.not-done");
  g_assert_cmpuint (get_index (window, &other), ==, 0);
  g_assert_cmpuint (count_steps (window), ==, 2);
  tithe_group_view_take_up (window_fixture_get_view (window), 3, TRUE);
  window_fixture_act (window, "review.done");
  window_fixture_act (window, "review.next");
  tithe_group_view_take_up (window_fixture_get_view (window), 2, TRUE);
  window_fixture_act (window, "review.next");
  g_assert_cmpuint (get_index (window, &other), ==, 4);
  window_fixture_close (window);
}

/* But where the list ends, a group that is worked on begins in the upper third of the view, and all of it is in view. */
static void
test_the_next_group_comes_to_the_upper_third (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  GtkAdjustment *scroll = window_fixture_get_scroll (window);
  const double page = gtk_adjustment_get_page_size (scroll);
  guint n = 0;

  for (guint i = 0; i < 40; i++)
    {
      guint32 image;
      double below_top;

      window_fixture_act (window, "review.done");
      widget_fixture_draw (GTK_WIDGET (window));
      get_index (window, &image);
      g_assert_true (tithe_group_view_get_place (window_fixture_get_view (window), image, &below_top));
      g_assert_cmpfloat (below_top, >, 0);
      if (gtk_adjustment_get_value (scroll) + page >= gtk_adjustment_get_upper (scroll))
        break;
      g_assert_cmpfloat (below_top, <=, page / 3);
      n++;
    }
  g_assert_cmpuint (n, >, 5);
  window_fixture_close (window);
}

static void
test_undo_selects_and_shows_what_it_changed (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  guint32 first, image, far;
  double below_top;
  GtkWidget *focus;

  get_index (window, &first);
  window_fixture_act (window, "review.discard");
  tithe_group_view_take_up (window_fixture_get_view (window), 12, TRUE);
  get_index (window, &far);
  window_fixture_act (window, "review.done");
  tithe_group_view_take_up (window_fixture_get_view (window), 30, TRUE);
  widget_fixture_draw (GTK_WIDGET (window));
  window_fixture_act (window, "review.undo");
  assert_selected (window, &far, 1);
  window_fixture_act (window, "review.undo");
  widget_fixture_draw (GTK_WIDGET (window));
  assert_selected (window, &first, 1);
  g_assert_cmpint (get_decision (window, first), ==, TITHE_DECISION_AUTOMATIC);
  get_index (window, &image);
  g_assert_cmpuint (image, ==, first);
  g_assert_true (tithe_group_view_get_place (window_fixture_get_view (window), image, &below_top));
  g_assert_cmpfloat (below_top, >=, 0);
  g_assert_cmpfloat (below_top, <, gtk_adjustment_get_page_size (window_fixture_get_scroll (window)));
  focus = gtk_root_get_focus (GTK_ROOT (window));
  g_assert_true (TITHE_IS_THUMBNAIL (focus));
  g_assert_cmpuint (tithe_thumbnail_get_image (TITHE_THUMBNAIL (focus)), ==, first);
  tithe_group_view_take_up (window_fixture_get_view (window), 30, TRUE);
  window_fixture_act (window, "review.redo");
  assert_selected (window, &first, 1);
  g_assert_cmpint (get_decision (window, first), ==, TITHE_DECISION_DISCARD);
  window_fixture_close (window);
}

/* The first image of a group is kept and the second is not, and so it is again after two presses each. */
static void
test_a_digit_keeps_an_image_and_lets_go_of_it (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  guint32 first, second, image;

  get_index (window, &first);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", 2);
  g_assert_cmpuint (get_index (window, &second), ==, 0);
  g_assert_cmpuint (second, !=, first);
  assert_selected (window, &second, 1);
  g_assert_cmpint (get_decision (window, second), ==, TITHE_DECISION_KEEP);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", 2);
  g_assert_cmpint (get_decision (window, second), ==, TITHE_DECISION_AUTOMATIC);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", 1);
  get_index (window, &image);
  g_assert_cmpuint (image, ==, first);
  g_assert_cmpint (get_decision (window, first), ==, TITHE_DECISION_DISCARD);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", 1);
  g_assert_cmpint (get_decision (window, first), ==, TITHE_DECISION_AUTOMATIC);
  g_assert_cmpuint (count_steps (window), ==, 4);
  /* No group has so many images. */
  tithe_group_view_take_up (window_fixture_get_view (window), 0, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", 60);
  g_assert_cmpuint (count_steps (window), ==, 4);
  window_fixture_close (window);
}

static void
choose_class (TitheWindow *window, int class_index)
{
  GtkWidget *classes = widget_fixture_find (GTK_WIDGET (tithe_window_get_page (window)), TITHE_TYPE_CLASS_LIST);

  tithe_class_list_set_selected (TITHE_CLASS_LIST (classes), class_index);
  widget_fixture_draw (GTK_WIDGET (window));
}

/* The choice of what is shown. */
static GtkDropDown *
find_view_choice (GtkWidget *parent)
{
  GtkDropDown *found = NULL;

  if (GTK_IS_DROP_DOWN (parent) && g_strcmp0 (gtk_widget_get_tooltip_text (parent), "What is shown") == 0)
    return GTK_DROP_DOWN (parent);
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_view_choice (child);
  return found;
}

static void
choose_view (TitheWindow *window, TitheGroupViewKind view)
{
  gtk_drop_down_set_selected (find_view_choice (GTK_WIDGET (window)), view);
  widget_fixture_draw (GTK_WIDGET (window));
}

static void
test_opening_and_choosing_a_class_take_up_what_is_to_do (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  guint32 image, other;

  /* Who opens a session for the first time can press Enter at once. */
  g_assert_cmpuint (get_index (window, &image), ==, 0);
  assert_selected (window, &image, 1);
  tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)), 0.5);
  choose_class (window, 2);
  g_assert_cmpuint (get_index (window, &image), ==, 0);
  assert_selected (window, &image, 1);
  window_fixture_act (window, "review.done");
  window_fixture_act (window, "review.done");
  g_assert_cmpuint (get_index (window, &image), ==, 2);
  choose_class (window, 1);
  g_assert_cmpuint (get_index (window, &other), ==, 0);
  /* What was left is where it was. */
  choose_class (window, 2);
  g_assert_cmpuint (get_index (window, &other), ==, 2);
  g_assert_cmpuint (other, ==, image);
  assert_selected (window, &image, 1);
  window_fixture_close (window);
}

static void
test_views_keep_their_place (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheReviewPage *page = tithe_window_get_page (window);
  GtkAdjustment *scroll = window_fixture_get_scroll (window);
  double groups, images;

  tithe_group_view_take_up (window_fixture_get_view (window), 17, TRUE);
  widget_fixture_draw (GTK_WIDGET (window));
  groups = gtk_adjustment_get_value (scroll);
  g_assert_cmpfloat (groups, >, 0);
  choose_view (window, TITHE_VIEW_IMAGES);
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll), ==, 0);
  gtk_adjustment_set_value (scroll, 333);
  widget_fixture_draw (GTK_WIDGET (window));
  images = gtk_adjustment_get_value (scroll);
  choose_view (window, TITHE_VIEW_GROUPS);
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll), ==, groups);
  choose_view (window, TITHE_VIEW_IMAGES);
  /* A view of images goes by their rows. */
  g_assert_cmpfloat (ABS (gtk_adjustment_get_value (scroll) - images), <, 100);
  choose_view (window, TITHE_VIEW_GROUPS);
  tithe_review_page_show_singles (page, TRUE);
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll), >, groups);
  tithe_review_page_show_singles (page, FALSE);
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll), ==, groups);
  window_fixture_close (window);
}

static void
test_undo_shows_what_another_class_hides (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheReviewPage *page = tithe_window_get_page (window);
  guint32 image, other;

  choose_class (window, 3);
  get_index (window, &image);
  window_fixture_act (window, "review.discard");
  choose_class (window, 0);
  window_fixture_act (window, "review.undo");
  g_assert_cmpint (tithe_review_page_get_class (page), ==, 3);
  assert_selected (window, &image, 1);
  g_assert_cmpuint (get_index (window, &other), ==, 0);
  window_fixture_close (window);
}

/* The subset as the page has it, counted anew. */
static TitheSubset *
new_subset (TitheReviewPage *page)
{
  TitheCuration *curation = tithe_review_page_get_curation (page);
  const TitheSubsetChoice choice = tithe_review_page_get_choice (page);
  TitheSubset *subset = tithe_subset_new (tithe_curation_get_hierarchy (curation), curation);

  tithe_subset_choose (subset, &choice);
  return subset;
}

/* How many images the group of each image has. */
static void
measure_groups (TitheReviewPage *page, const guint32 *images, guint n, guint32 *sizes)
{
  g_autoptr (TitheSubset) subset = new_subset (page);

  for (guint i = 0; i < n; i++)
    {
      TitheGroup group = { .size = 1 };

      tithe_subset_find_group (subset, images[i], &group);
      sizes[i] = group.size;
    }
}

/* Three groups are selected: one key decides about each of them, in one step. */
static void
test_a_step_is_about_every_group_that_is_selected (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheReviewPage *page = tithe_window_get_page (window);
  guint32 images[3], sizes[3], merged[3];

  for (guint i = 0; i < 3; i++)
    {
      tithe_group_view_set_cursor (window_fixture_get_view (window), i, 1);
      get_index (window, &images[i]);
    }
  tithe_group_view_set_selected (window_fixture_get_view (window), images, 3, images[0]);
  window_fixture_act (window, "review.representative");
  g_assert_cmpuint (count_steps (window), ==, 1);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (get_decision (window, images[i]), ==, TITHE_DECISION_REPRESENTATIVE);
  measure_groups (page, images, 3, sizes);
  window_fixture_act (window, "review.merge");
  g_assert_cmpuint (count_steps (window), ==, 2);
  measure_groups (page, images, 3, merged);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (merged[i], >, sizes[i]);
  window_fixture_act (window, "review.undo");
  measure_groups (page, images, 3, merged);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (merged[i], ==, sizes[i]);
}

/* --- what is said --- */

static void
on_said (GString *heard, const char *message)
{
  g_string_assign (heard, message);
}

/* The groups before that are a part of the one after, and the images beside them. */
static char *
expect_merged (const TitheGroup *before, gsize n, const TitheGroup *after, gboolean *alone)
{
  guint n_groups = 0, n_grouped = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (before[i].class_index != after->class_index || before[i].start < after->start
          || before[i].start + before[i].size > after->start + after->size)
        continue;
      n_groups++;
      n_grouped += before[i].size;
    }
  *alone = n_grouped < after->size;
  return *alone ? g_strdup_printf ("Merged %u images into 1 group", after->size)
                : g_strdup_printf ("Merged %u groups of %u images", n_groups, after->size);
}

static void
test_a_merge_says_what_it_merged (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheReviewPage *page = tithe_window_get_page (window);
  g_autoptr (TitheSubset) before = new_subset (page);
  g_autoptr (GString) heard = g_string_new (NULL);
  guint n_alone = 0, n_groups = 0;
  gsize n;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (before), &n);

  g_signal_connect_swapped (page, "said", G_CALLBACK (on_said), heard);
  for (gsize i = 0; i < n; i++)
    {
      const guint32 image = tithe_cut_get_image (tithe_subset_get_cut (before), &groups[i], 0);
      g_autoptr (TitheSubset) after = NULL;
      g_autofree char *expected = NULL;
      gboolean alone;
      TitheGroup group;

      g_assert_true (tithe_group_view_select_image (window_fixture_get_view (window), image));
      window_fixture_act (window, "review.merge");
      after = new_subset (page);
      g_assert_true (tithe_subset_find_group (after, image, &group));
      expected = expect_merged (groups, n, &group, &alone);
      g_assert_cmpstr (heard->str, ==, expected);
      n_alone += alone;
      n_groups += !alone;
      window_fixture_act (window, "review.undo");
      g_assert_cmpstr (heard->str, ==, "Undone: Merge Upward");
    }
  g_assert_cmpuint (n_alone, >, 0);
  g_assert_cmpuint (n_groups, >, 0);
  window_fixture_close (window);
}

/* --- a ratio for a class --- */

static double
get_class_ratio (TitheWindow *window)
{
  return tithe_curation_get_class_ratio (tithe_review_page_get_curation (tithe_window_get_page (window)), 1);
}

static gboolean
has_class_ratio_of_a_quarter (gpointer window)
{
  return get_class_ratio (window) == 0.25;
}

static gsize
count_kept (TitheWindow *window, guint class_index)
{
  g_autoptr (TitheSubset) subset = new_subset (tithe_window_get_page (window));

  return tithe_subset_get_class_kept (subset, class_index);
}

/* With a class chosen the slider sets that class alone, in one step, and the others stay as they are. */
static void
test_the_slider_sets_one_class (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  TitheReviewPage *page = tithe_window_get_page (window);
  TitheRatioBar *bar = tithe_review_page_get_ratio_bar (page);
  TitheCuration *curation = tithe_review_page_get_curation (page);
  TitheSubsetChoice choice = tithe_review_page_get_choice (page);
  GtkWidget *own = gtk_widget_get_ancestor (window_fixture_find_label (GTK_WIDGET (page), "This Class Alone"),
                                            GTK_TYPE_TOGGLE_BUTTON);
  gsize others, steps = tithe_curation_count_steps (curation);

  g_assert_false (gtk_widget_get_visible (own));
  choice.ratio = 0.6;
  tithe_review_page_show_class (page, 1, &choice);
  g_assert_true (gtk_widget_get_visible (own));
  others = count_kept (window, 0);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (own), TRUE);
  g_assert_cmpfloat (get_class_ratio (window), ==, 0.6);
  g_assert_cmpuint (tithe_curation_count_steps (curation), ==, steps + 1);
  for (double ratio = 0.55; ratio > 0.24; ratio -= 0.05)
    tithe_ratio_bar_set_ratio (bar, ratio);
  widget_fixture_wait_for (has_class_ratio_of_a_quarter, window);
  g_assert_cmpuint (tithe_curation_count_steps (curation), ==, steps + 2); /* as it was dragged at once */
  g_assert_cmpuint (count_kept (window, 0), ==, others);
  g_assert_cmpfloat (tithe_review_page_get_choice (page).ratio, ==, 0.6);
  tithe_review_page_show_class (page, 0, &choice);
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (bar), ==, 0.6);
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (own)));
  tithe_review_page_show_class (page, 1, &choice);
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (bar), ==, 0.25);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (own)));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "review.undo", NULL));
  g_assert_cmpfloat (tithe_ratio_bar_get_ratio (bar), ==, 0.6);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (own)));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "review.undo", NULL));
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (own)));
  g_assert_cmpfloat (get_class_ratio (window), ==, 0);
  window_fixture_close (window);
}

/* What the slider was moved to last is in the session, also where something else comes at once. */
static void
test_a_class_ratio_is_not_lost_in_going_on (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = window_fixture_open (fixture->session);
  TitheReviewPage *page = tithe_window_get_page (window);
  TitheRatioBar *bar = tithe_review_page_get_ratio_bar (page);
  TitheSubsetChoice choice = tithe_review_page_get_choice (page);
  GtkWidget *own = gtk_widget_get_ancestor (window_fixture_find_label (GTK_WIDGET (page), "This Class Alone"),
                                            GTK_TYPE_TOGGLE_BUTTON);

  tithe_review_page_show_class (page, 1, &choice);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (own), TRUE);
  tithe_ratio_bar_set_ratio (bar, 0.4);
  tithe_review_page_show_class (page, 0, &choice);
  g_assert_cmpfloat (get_class_ratio (window), ==, 0.4);
  tithe_review_page_show_class (page, 1, &choice);
  tithe_ratio_bar_set_ratio (bar, 0.25);
  window_fixture_close (window);
  window = window_fixture_open (fixture->session);
  g_assert_true (has_class_ratio_of_a_quarter (window));
  window_fixture_close (window);
}

/* What a digit does: (transfer none). */
static GtkShortcut *
find_digit (GtkWidget *window, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (window);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller)
          || gtk_event_controller_get_propagation_phase (controller) != GTK_PHASE_CAPTURE)
        continue;
      for (guint n = 0; n < g_list_model_get_n_items (G_LIST_MODEL (controller)); n++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), n);
          GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

          if (GTK_IS_KEYVAL_TRIGGER (trigger) && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == key)
            return shortcut; /* the controller holds it */
        }
    }
  g_assert_not_reached ();
}

typedef struct
{
  TitheWindow *window;
  GtkShortcut *shortcut;
  guint n_places, n_texts;
} Presses;

/* Presses the key with the focus on every widget that can have it. */
static void
press_everywhere (Presses *presses, GtkWidget *widget)
{
  GtkRoot *root = GTK_ROOT (presses->window);

  if (!gtk_widget_get_mapped (widget) || TITHE_IS_GROUP_VIEW (widget))
    return;
  if (gtk_widget_get_focusable (widget) && gtk_widget_grab_focus (widget) && gtk_root_get_focus (root) == widget)
    {
      const gsize before = count_steps (presses->window);
      const gboolean text = GTK_IS_EDITABLE (widget);
      const gboolean taken
          = gtk_shortcut_action_activate (gtk_shortcut_get_action (presses->shortcut), 0, GTK_WIDGET (root),
                                          gtk_shortcut_get_arguments (presses->shortcut));

      g_test_message ("%s", G_OBJECT_TYPE_NAME (widget));
      g_assert_cmpint (taken, ==, !text);
      g_assert_cmpuint (count_steps (presses->window), ==, before + !text);
      g_assert_true (text || TITHE_IS_THUMBNAIL (gtk_root_get_focus (root)));
      presses->n_places += !text;
      presses->n_texts += text;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    press_everywhere (presses, child);
}

static void
test_a_digit_decides_wherever_the_focus_is_but_in_text (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  Presses presses = { .window = window, .shortcut = find_digit (GTK_WIDGET (window), GDK_KEY_2) };

  press_everywhere (&presses, GTK_WIDGET (window));
  g_assert_cmpuint (presses.n_places, >, 10);
  g_assert_cmpuint (presses.n_texts, >, 0);
  window_fixture_close (window);
}

/* --- comparing --- */

static TitheCompareView *
get_compare (TitheWindow *window)
{
  return TITHE_COMPARE_VIEW (widget_fixture_find (GTK_WIDGET (window), TITHE_TYPE_COMPARE_VIEW));
}

static gboolean
is_comparing (TitheWindow *window)
{
  return gtk_widget_get_mapped (GTK_WIDGET (get_compare (window)));
}

static void
press_digit (TitheWindow *window, guint digit)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "review.toggle", "u", digit);
}

static void
test_comparing_decides_about_the_current_image (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheCompareView *compare = get_compare (window);
  guint32 first, second;

  get_index (window, &first);
  window_fixture_act (window, "win.compare");
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_true (is_comparing (window));
  g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (window_fixture_get_view (window))));
  g_assert_false (g_action_group_has_action (G_ACTION_GROUP (window), "inspector"));
  g_assert_cmpuint (tithe_compare_view_get_current (compare), ==, first);
  press_digit (window, 2);
  g_assert_cmpuint (count_steps (window), ==, 1);
  g_assert_cmpuint (get_decision (window, first), ==, TITHE_DECISION_AUTOMATIC);
  g_assert_cmpuint (tithe_compare_view_get_current (compare), ==, first);
  window_fixture_act (window, "review.keep");
  g_assert_cmpuint (get_decision (window, first), ==, TITHE_DECISION_KEEP);
  window_fixture_act (window, "review.undo");
  window_fixture_act (window, "review.undo");
  g_assert_cmpuint (tithe_compare_view_get_current (compare), ==, first);
  assert_selected (window, &first, 1);
  /* Enter compares the next group. */
  window_fixture_act (window, "review.done");
  g_assert_true (is_comparing (window));
  second = tithe_compare_view_get_current (compare);
  g_assert_false (tithe_compare_view_has (compare, first));
  assert_selected (window, &second, 1);
  /* What is undone is in the group before. */
  window_fixture_act (window, "review.undo");
  g_assert_true (tithe_compare_view_has (compare, first));
  second = tithe_compare_view_get_current (compare);
  window_fixture_act (window, "win.compare");
  g_assert_false (is_comparing (window));
  g_assert_true (g_action_group_has_action (G_ACTION_GROUP (window), "inspector"));
  assert_selected (window, &second, 1);
  g_assert_cmpuint (get_index (window, &first), ==, 0);
  window_fixture_close (window);
}

static void
test_comparing_leads_back_to_the_very_place (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheGroupView *view = window_fixture_get_view (window);
  TitheCompareView *compare = get_compare (window);
  GtkAdjustment *scroll = window_fixture_get_scroll (window);
  g_autoptr (GArray) selected = NULL;
  guint32 cursor, image;
  gsize index;
  double place;

  tithe_group_view_take_up (view, 17, TRUE);
  tithe_group_view_set_cursor (view, 17, 1);
  index = get_index (window, &cursor);
  tithe_group_view_select_group (view);
  selected = tithe_group_view_list_selected (view);
  g_assert_cmpuint (selected->len, >, 1);
  widget_fixture_draw (GTK_WIDGET (window));
  gtk_adjustment_set_value (scroll, gtk_adjustment_get_value (scroll) + 37);
  widget_fixture_draw (GTK_WIDGET (window));
  place = gtk_adjustment_get_value (scroll);
  window_fixture_act (window, "win.compare");
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_cmpuint (tithe_compare_view_get_current (compare), ==, cursor);
  tithe_compare_view_point (compare, g_array_index (selected, guint32, 0));
  window_fixture_act (window, "review.keep");
  g_signal_emit_by_name (compare, "closed");
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_false (is_comparing (window));
  assert_selected (window, (const guint32 *) (gpointer) selected->data, selected->len);
  g_assert_cmpuint (get_index (window, &image), ==, index);
  g_assert_cmpuint (image, ==, cursor);
  g_assert_cmpfloat (gtk_adjustment_get_value (scroll), ==, place);
  g_assert_true (TITHE_IS_THUMBNAIL (gtk_window_get_focus (GTK_WINDOW (window))));
  window_fixture_close (window);
}

/* What the view of discarded images does not have can be compared there, and decided about. */
static void
test_comparing_decides_about_what_the_view_lacks (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheCompareView *compare = get_compare (window);
  guint32 kept, discarded;

  get_index (window, &kept);
  tithe_group_view_set_cursor (window_fixture_get_view (window), 0, 1);
  get_index (window, &discarded);
  choose_view (window, TITHE_VIEW_DISCARDED);
  g_assert_true (tithe_group_view_select_image (window_fixture_get_view (window), discarded));
  g_assert_false (tithe_group_view_select_image (window_fixture_get_view (window), kept));
  window_fixture_act (window, "win.compare");
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_cmpuint (tithe_compare_view_get_current (compare), ==, discarded);
  tithe_compare_view_point (compare, kept);
  window_fixture_act (window, "review.representative");
  g_assert_cmpuint (get_decision (window, kept), ==, TITHE_DECISION_REPRESENTATIVE);
  g_assert_cmpuint (get_decision (window, discarded), ==, TITHE_DECISION_AUTOMATIC);
  g_assert_cmpuint (tithe_compare_view_get_current (compare), ==, kept);
  window_fixture_act (window, "win.compare");
  window_fixture_close (window);
}

static void
test_comparing_goes_on_from_what_was_large (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheCompareView *compare = get_compare (window);
  GtkWidget *lightbox = widget_fixture_find (GTK_WIDGET (window), TITHE_TYPE_LIGHTBOX);
  guint32 first, shown;

  get_index (window, &first);
  window_fixture_act (window, "win.compare");
  window_fixture_act (window, "review.preview");
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_true (gtk_widget_get_mapped (lightbox));
  g_signal_emit_by_name (lightbox, "stepped", 1, 0);
  get_index (window, &shown);
  g_assert_cmpuint (shown, !=, first);
  g_signal_emit_by_name (lightbox, "closed");
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_true (is_comparing (window));
  g_assert_cmpuint (tithe_compare_view_get_current (compare), ==, shown);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (window)), GTK_WIDGET (compare)));
  window_fixture_close (window);
}

/* Of several groups those images are compared that are selected, and going on means the one of the next group. */
static void
test_images_of_several_groups_are_compared (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  TitheCompareView *compare = get_compare (window);
  guint32 images[2];

  get_index (window, &images[0]);
  tithe_group_view_set_cursor (window_fixture_get_view (window), 1, 0);
  get_index (window, &images[1]);
  tithe_group_view_set_selected (window_fixture_get_view (window), images, 2, images[0]);
  window_fixture_act (window, "win.compare");
  g_assert_false (tithe_compare_view_is_group (compare));
  g_assert_true (tithe_compare_view_is_shown (compare, images[0]));
  g_assert_true (tithe_compare_view_is_shown (compare, images[1]));
  g_assert_cmpuint (tithe_compare_view_get_current (compare), ==, images[0]);
  window_fixture_act (window, "review.done");
  g_assert_cmpuint (tithe_compare_view_get_current (compare), ==, images[1]);
  g_assert_false (tithe_compare_view_is_group (compare));
  window_fixture_act (window, "review.done");
  g_assert_true (tithe_compare_view_is_group (compare));
  g_assert_false (tithe_compare_view_has (compare, images[1]));
  window_fixture_close (window);
}

/* --- filters --- */

/* The histogram of sizes comes before that of spreads. */
static TitheRangeHistogram *
get_sizes (TitheWindow *window)
{
  return TITHE_RANGE_HISTOGRAM (widget_fixture_find (GTK_WIDGET (window), TITHE_TYPE_RANGE_HISTOGRAM));
}

static GtkWidget *
get_chips (TitheWindow *window)
{
  return widget_fixture_find (GTK_WIDGET (window), TITHE_TYPE_FILTER_CHIPS);
}

/* The button around a label. */
static GtkWidget *
get_chip (TitheWindow *window, const char *text)
{
  GtkWidget *label = window_fixture_find_label (get_chips (window), text);

  return label ? gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON) : NULL;
}

/* Of the whole subset, counted here. */
static gsize
count_of_size (TitheWindow *window, guint32 min_size, guint32 max_size)
{
  TitheSubset *subset = tithe_subset_new (
      tithe_curation_get_hierarchy (tithe_review_page_get_curation (tithe_window_get_page (window))), NULL);
  const TitheGroup *groups;
  gsize n, count = 0;

  tithe_subset_set_ratio (subset, 0.5, TITHE_POLICY_PER_CLASS, FALSE);
  groups = tithe_cut_get_groups (tithe_subset_get_cut (subset), &n);
  for (gsize i = 0; i < n; i++)
    count += groups[i].size >= min_size && groups[i].size <= max_size;
  tithe_subset_free (subset);
  return count;
}

/* Whether so many groups are shown, as the popover of filters says, which is open meanwhile. */
static gboolean
shows (TitheWindow *window, gsize n)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (get_sizes (window)), GTK_TYPE_POPOVER);
  g_autofree char *text = g_strdup_printf ("%zu of %zu groups", n, count_of_size (window, 2, G_MAXUINT32));
  gboolean found;

  gtk_popover_popup (GTK_POPOVER (popover));
  widget_fixture_draw (GTK_WIDGET (window));
  found = window_fixture_find_label (popover, text) != NULL;
  gtk_popover_popdown (GTK_POPOVER (popover));
  widget_fixture_draw (GTK_WIDGET (window));
  return found;
}

static void
set_sizes (TitheWindow *window, float low, float high)
{
  tithe_range_histogram_set_range (get_sizes (window), low, high);
  g_signal_emit_by_name (get_sizes (window), "changed");
}

static void
test_a_chip_shows_a_filter_and_takes_it_away (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  const gsize n_all = count_of_size (window, 2, G_MAXUINT32);
  GtkWidget *chip, *focus, *view = GTK_WIDGET (window_fixture_get_view (window));

  g_assert_false (gtk_widget_get_visible (get_chips (window)));
  g_assert_true (shows (window, n_all));
  set_sizes (window, 3, 4);
  g_assert_true (gtk_widget_get_visible (get_chips (window)));
  g_assert_true (shows (window, count_of_size (window, 3, 4)));
  g_assert_cmpuint (count_of_size (window, 3, 4), <, n_all);
  g_assert_cmpuint (count_of_size (window, 3, 4), >, 0);
  chip = get_chip (window, "3 to 4 images");
  g_assert_nonnull (chip);
  /* Pressed by a key: the focus is among the groups then, and not lost. */
  gtk_widget_grab_focus (chip);
  g_signal_emit_by_name (chip, "clicked");
  focus = gtk_root_get_focus (GTK_ROOT (window));
  g_assert_true (focus == view || (focus != NULL && gtk_widget_is_ancestor (focus, view)));
  g_assert_false (gtk_widget_get_visible (get_chips (window)));
  g_assert_true (shows (window, n_all));
  window_fixture_close (window);
}

static void
test_nothing_that_matches_offers_to_clear_the_filters (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);
  const gsize n_all = count_of_size (window, 2, G_MAXUINT32);

  set_sizes (window, 1000, 0);
  g_assert_true (shows (window, 0));
  widget_fixture_draw (GTK_WIDGET (window));
  g_assert_true (gtk_widget_get_mapped (window_fixture_find_label (GTK_WIDGET (window), "Nothing Matches")));
  window_fixture_act (window, "win.clear-filters");
  g_assert_true (shows (window, n_all));
  g_assert_false (gtk_widget_get_visible (get_chips (window)));
  window_fixture_close (window);
}

/* With the session, as everything that is looked at. */
static void
test_filters_are_there_again (WindowFixture *fixture, gconstpointer data)
{
  TitheWindow *window = open_review (fixture);

  set_sizes (window, 3, 5);
  window_fixture_close (window);
  window = window_fixture_open (fixture->session);
  g_assert_nonnull (get_chip (window, "3 to 5 images"));
  g_assert_cmpfloat (tithe_range_histogram_get_low (get_sizes (window)), ==, 3);
  g_assert_cmpfloat (tithe_range_histogram_get_high (get_sizes (window)), ==, 5);
  window_fixture_act (window, "win.clear-filters");
  window_fixture_close (window);
}

#define add(path, func)                                                                                                \
  g_test_add ("/window/" path, WindowFixture, NULL, window_fixture_set_up, func, window_fixture_tear_down)

int
main (int argc, char **argv)
{
  window_fixture_init (&argc, &argv);
  add ("a-merge-says-what-it-merged", test_a_merge_says_what_it_merged);
  add ("the-slider-sets-one-class", test_the_slider_sets_one_class);
  add ("a-class-ratio-is-not-lost-in-going-on", test_a_class_ratio_is_not_lost_in_going_on);
  add ("done-marks-and-goes-on-and-not-done-takes-it-back", test_done_marks_and_goes_on_and_not_done_takes_it_back);
  add ("the-next-group-comes-to-the-upper-third", test_the_next_group_comes_to_the_upper_third);
  add ("undo-selects-and-shows-what-it-changed", test_undo_selects_and_shows_what_it_changed);
  add ("a-digit-keeps-an-image-and-lets-go-of-it", test_a_digit_keeps_an_image_and_lets_go_of_it);
  add ("opening-and-choosing-a-class-take-up-what-is-to-do", test_opening_and_choosing_a_class_take_up_what_is_to_do);
  add ("views-keep-their-place", test_views_keep_their_place);
  add ("undo-shows-what-another-class-hides", test_undo_shows_what_another_class_hides);
  add ("a-step-is-about-every-group-that-is-selected", test_a_step_is_about_every_group_that_is_selected);
  add ("a-digit-decides-wherever-the-focus-is-but-in-text", test_a_digit_decides_wherever_the_focus_is_but_in_text);
  add ("comparing-decides-about-the-current-image", test_comparing_decides_about_the_current_image);
  add ("comparing-leads-back-to-the-very-place", test_comparing_leads_back_to_the_very_place);
  add ("comparing-decides-about-what-the-view-lacks", test_comparing_decides_about_what_the_view_lacks);
  add ("comparing-goes-on-from-what-was-large", test_comparing_goes_on_from_what_was_large);
  add ("images-of-several-groups-are-compared", test_images_of_several_groups_are_compared);
  add ("a-chip-shows-a-filter-and-takes-it-away", test_a_chip_shows_a_filter_and_takes_it_away);
  add ("nothing-that-matches-offers-to-clear-the-filters", test_nothing_that_matches_offers_to_clear_the_filters);
  add ("filters-are-there-again", test_filters_are_there_again);
  g_test_add ("/ratio-bar/the-ratio-stops-where-clustering-did", WindowFixture, NULL, window_fixture_set_up,
              test_the_ratio_stops_where_clustering_did, window_fixture_tear_down);
  g_test_add_func ("/ratio-bar/the-ratio-is-told-of-where-it-is-another",
                   test_the_ratio_is_told_of_where_it_is_another);
  return window_fixture_run ();
}
