/* SPDX-License-Identifier: MIT */
#include "tithe-dendrogram-view.h"
#include "tithe-thumbnail.h"

#include "widget-fixture.h"

#define N 40

typedef struct
{
  WidgetGroup shown;
  GtkWidget *window;
  TitheDendrogramView *view;
  guint n_chose;
  guint32 pointed;
} Fixture;

static void
on_chose (Fixture *fixture)
{
  fixture->n_chose++;
}

static void
on_pointed (Fixture *fixture, guint image)
{
  fixture->pointed = image;
}

static guint32
get_image (Fixture *fixture, guint32 member)
{
  return tithe_cut_get_image (tithe_subset_get_cut (fixture->shown.subset), &fixture->shown.group, member);
}

static void
show (Fixture *fixture)
{
  tithe_dendrogram_view_set_group (fixture->view, fixture->shown.subset, &fixture->shown.group, get_image (fixture, 0));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  widget_fixture_group_init (&fixture->shown, N, 0.05);
  fixture->pointed = TITHE_IMAGE_NONE;
  fixture->view = TITHE_DENDROGRAM_VIEW (tithe_dendrogram_view_new ());
  g_signal_connect_swapped (fixture->view, "chose", G_CALLBACK (on_chose), fixture);
  g_signal_connect_swapped (fixture->view, "pointed", G_CALLBACK (on_pointed), fixture);
  fixture->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), GPOINTER_TO_INT (data), 200);
  show (fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
  widget_fixture_draw (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  widget_fixture_group_clear (&fixture->shown);
}

/* The pictures that are drawn, in their order. */
static GPtrArray *
list_leaves (Fixture *fixture)
{
  GPtrArray *leaves = g_ptr_array_new ();

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_child_visible (child))
      g_ptr_array_add (leaves, child);
  return leaves;
}

static graphene_rect_t
get_bounds (Fixture *fixture, GtkWidget *leaf)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (leaf, GTK_WIDGET (fixture->view), &bounds));
  return bounds;
}

static void
press (Fixture *fixture, double x, double y)
{
  g_signal_emit_by_name (widget_fixture_find_controller (GTK_WIDGET (fixture->view), GTK_TYPE_GESTURE_CLICK), "pressed",
                         1, x, y);
}

/* Side by side, in the order of the class, large enough to be seen, and with the frame of what is kept. */
static void
assert_leaves (Fixture *fixture, GPtrArray *leaves)
{
  float end = 0;
  guint32 position = 0;
  guint n_kept = 0;

  for (guint i = 0; i < leaves->len; i++)
    {
      TitheThumbnail *leaf = g_ptr_array_index (leaves, i);
      graphene_rect_t bounds = get_bounds (fixture, GTK_WIDGET (leaf));
      guint32 here = tithe_curation_get_position (fixture->shown.curation, tithe_thumbnail_get_image (leaf)),
              representative = TITHE_IMAGE_NONE;
      TitheGroup group;

      g_assert_cmpfloat (bounds.size.width, >=, 16);
      g_assert_cmpfloat (bounds.origin.x, >=, end);
      g_assert_true (i == 0 || here > position);
      if (tithe_subset_find_group (fixture->shown.subset, tithe_thumbnail_get_image (leaf), &group))
        representative = tithe_subset_get_representative (fixture->shown.subset, &group);
      g_assert_true (tithe_thumbnail_is_kept (leaf) == (representative == tithe_thumbnail_get_image (leaf)));
      n_kept += tithe_thumbnail_is_kept (leaf);
      end = bounds.origin.x + bounds.size.width;
      position = here;
    }
  g_assert_cmpfloat (end, <=, (float) gtk_widget_get_width (GTK_WIDGET (fixture->view)));
  g_assert_cmpuint (n_kept, <, leaves->len);
}

static void
test_every_leaf_has_its_picture (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) leaves = list_leaves (fixture);

  g_assert_cmpuint (leaves->len, ==, N);
  assert_leaves (fixture, leaves);
}

static void
test_as_many_as_have_room (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) leaves = list_leaves (fixture);

  g_assert_cmpuint (leaves->len, >=, 8);
  g_assert_cmpuint (leaves->len, <, N);
  assert_leaves (fixture, leaves);
}

static void
test_a_leaf_leads_to_its_image (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) leaves = list_leaves (fixture);

  for (guint i = 0; i < leaves->len; i += 3)
    {
      GtkWidget *leaf = g_ptr_array_index (leaves, i);
      graphene_rect_t bounds = get_bounds (fixture, leaf);

      press (fixture, (double) (bounds.origin.x + bounds.size.width / 2),
             (double) (bounds.origin.y + bounds.size.height / 2));
      g_assert_cmpuint (fixture->pointed, ==, tithe_thumbnail_get_image (TITHE_THUMBNAIL (leaf)));
    }
  g_assert_cmpuint (fixture->n_chose, ==, 0);
}

/* A merge stays chosen while what is decided changes nothing about the group, and no longer. */
static void
test_a_merge_stays_chosen (Fixture *fixture, gconstpointer data)
{
  const guint32 at_first = tithe_dendrogram_view_get_chosen (fixture->view);
  guint32 chosen;

  g_assert_cmpuint (at_first, ==, fixture->shown.group.node);
  for (double x = 60; x < 900; x += 20)
    for (double y = 30; y < 150 && tithe_dendrogram_view_get_chosen (fixture->view) == at_first; y += 10)
      press (fixture, x, y);
  chosen = tithe_dendrogram_view_get_chosen (fixture->view);
  g_assert_cmpuint (chosen, !=, at_first);
  g_assert_cmpuint (fixture->n_chose, >, 0);
  show (fixture);
  g_assert_cmpuint (tithe_dendrogram_view_get_chosen (fixture->view), ==, chosen);
  tithe_dendrogram_view_set_group (fixture->view, NULL, NULL, 0);
  show (fixture);
  g_assert_cmpuint (tithe_dendrogram_view_get_chosen (fixture->view), ==, at_first);
}

#define ADD(path, width, function)                                                                                     \
  g_test_add ("/dendrogram-view/" path, Fixture, GINT_TO_POINTER (width), set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("every-leaf-has-its-picture", 1000, test_every_leaf_has_its_picture);
  ADD ("as-many-as-have-room", 300, test_as_many_as_have_room);
  ADD ("a-leaf-leads-to-its-image", 300, test_a_leaf_leads_to_its_image);
  ADD ("a-merge-stays-chosen", 1000, test_a_merge_stays_chosen);
  return g_test_run ();
}
