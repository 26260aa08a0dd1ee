/* SPDX-License-Identifier: MIT */
#include "tithe-fold-bin.h"

#include "widget-fixture.h"

/* A child of 300 pixels, of which 200 give way. */
typedef struct
{
  GtkWidget *window, *fold, *stays, *goes;
} Fixture;

static void
on_narrow (TitheFoldBin *fold, GParamSpec *pspec, GtkWidget *goes)
{
  gtk_widget_set_visible (goes, !tithe_fold_bin_get_narrow (fold));
}

static GtkWidget *
add_label (GtkWidget *box, int width)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_size_request (label, width, 20);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  fixture->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  fixture->stays = add_label (box, 100);
  fixture->goes = add_label (box, 200);
  fixture->fold = tithe_fold_bin_new ();
  g_object_set (fixture->fold, "least", 50, NULL);
  tithe_fold_bin_set_child (TITHE_FOLD_BIN (fixture->fold), box);
  g_signal_connect (fixture->fold, "notify::narrow", G_CALLBACK (on_narrow), fixture->goes);
  gtk_box_append (GTK_BOX (outer), fixture->fold);
  gtk_window_set_child (GTK_WINDOW (fixture->window), outer);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
}

static gboolean
is_narrow (gpointer fold)
{
  return tithe_fold_bin_get_narrow (fold);
}

static gboolean
is_wide (gpointer fold)
{
  return !tithe_fold_bin_get_narrow (fold);
}

static void
set_width (Fixture *fixture, int width)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, 100);
}

static void
assert_width (GtkWidget *widget, int minimum, int natural)
{
  int found_minimum, found_natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &found_minimum, &found_natural, NULL, NULL);
  g_assert_cmpint (found_minimum, ==, minimum);
  g_assert_cmpint (found_natural, ==, natural);
}

static void
test_gives_way_and_comes_back (Fixture *fixture, gconstpointer data)
{
  set_width (fixture, 300);
  gtk_window_present (GTK_WINDOW (fixture->window));
  widget_fixture_draw (fixture->window);
  g_assert_false (tithe_fold_bin_get_narrow (TITHE_FOLD_BIN (fixture->fold)));
  assert_width (fixture->fold, 50, 300);
  set_width (fixture, 299);
  widget_fixture_wait_for (is_narrow, fixture->fold);
  widget_fixture_draw (fixture->window);
  g_assert_cmpint (gtk_widget_get_width (fixture->stays), <=, 299);
  /* It asks for what its narrow form needs, and would take as much as the wide one has. */
  assert_width (fixture->fold, 100, 300);
  g_assert_true (tithe_fold_bin_get_narrow (TITHE_FOLD_BIN (fixture->fold)));
  set_width (fixture, 300);
  widget_fixture_wait_for (is_wide, fixture->fold);
  widget_fixture_draw (fixture->window);
  g_assert_true (gtk_widget_get_mapped (fixture->goes));
}

/* Longer words need more room: the bin asks the child, and not a figure. */
static void
test_follows_what_the_child_needs (Fixture *fixture, gconstpointer data)
{
  set_width (fixture, 350);
  gtk_window_present (GTK_WINDOW (fixture->window));
  widget_fixture_draw (fixture->window);
  g_assert_false (tithe_fold_bin_get_narrow (TITHE_FOLD_BIN (fixture->fold)));
  gtk_widget_set_size_request (fixture->stays, 200, 20);
  widget_fixture_wait_for (is_narrow, fixture->fold);
}

/* A name that is left away where there is no room asks for none, and is back where there is. */
static void
test_a_child_may_go_as_a_whole (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_widget_get_first_child (fixture->fold);

  g_object_set (fixture->fold, "least", 0, NULL);
  g_signal_connect (fixture->fold, "notify::narrow", G_CALLBACK (on_narrow), box);
  set_width (fixture, 200);
  gtk_window_present (GTK_WINDOW (fixture->window));
  widget_fixture_wait_for (is_narrow, fixture->fold);
  widget_fixture_draw (fixture->window);
  assert_width (fixture->fold, 0, 300);
  set_width (fixture, 300);
  widget_fixture_wait_for (is_wide, fixture->fold);
  widget_fixture_draw (fixture->window);
  g_assert_true (gtk_widget_get_mapped (box));
}

#define ADD(path, function) g_test_add ("/fold-bin/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("gives-way-and-comes-back", test_gives_way_and_comes_back);
  ADD ("follows-what-the-child-needs", test_follows_what_the_child_needs);
  ADD ("a-child-may-go-as-a-whole", test_a_child_may_go_as_a_whole);
  return g_test_run ();
}
