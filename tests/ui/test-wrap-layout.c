/* SPDX-License-Identifier: MIT */
#include "tithe-wrap-layout.h"

/* Three of 100 x 20, with 10 between them; the last one expands. */
static GtkWidget *
make_box (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (box, g_object_new (TITHE_TYPE_WRAP_LAYOUT, "spacing", 10, NULL));
  for (guint i = 0; i < 3; i++)
    {
      GtkWidget *child = gtk_label_new (NULL);

      gtk_widget_set_size_request (child, 100, 20);
      gtk_widget_set_hexpand (child, i == 2);
      gtk_box_append (GTK_BOX (box), child);
    }
  return g_object_ref_sink (box);
}

static void
assert_size (GtkWidget *box, GtkOrientation orientation, int for_size, int minimum, int natural)
{
  int found_minimum, found_natural;

  gtk_widget_measure (box, orientation, for_size, &found_minimum, &found_natural, NULL, NULL);
  g_assert_cmpint (found_minimum, ==, minimum);
  g_assert_cmpint (found_natural, ==, natural);
}

static void
assert_child (GtkWidget *box, guint index, int x, int y, int width)
{
  GtkWidget *child = gtk_widget_get_first_child (box);
  graphene_rect_t bounds;

  for (guint i = 0; i < index; i++)
    child = gtk_widget_get_next_sibling (child);
  g_assert_true (gtk_widget_compute_bounds (child, box, &bounds));
  g_assert_cmpint ((int) bounds.origin.x, ==, x);
  g_assert_cmpint ((int) bounds.origin.y, ==, y);
  g_assert_cmpint ((int) bounds.size.width, ==, width);
}

static void
test_sizes (void)
{
  GtkWidget *box = make_box ();

  assert_size (box, GTK_ORIENTATION_HORIZONTAL, -1, 100, 320);
  assert_size (box, GTK_ORIENTATION_VERTICAL, 320, 20, 20);
  assert_size (box, GTK_ORIENTATION_VERTICAL, 319, 50, 50);
  assert_size (box, GTK_ORIENTATION_VERTICAL, 100, 80, 80);
  g_object_set (gtk_widget_get_layout_manager (box), "line-spacing", 1, NULL);
  assert_size (box, GTK_ORIENTATION_VERTICAL, 100, 62, 62);
  assert_size (box, GTK_ORIENTATION_HORIZONTAL, -1, 100, 320);
  gtk_widget_set_visible (gtk_widget_get_first_child (box), FALSE);
  assert_size (box, GTK_ORIENTATION_HORIZONTAL, -1, 100, 210);
  assert_size (box, GTK_ORIENTATION_VERTICAL, 210, 20, 20);
  g_object_unref (box);
}

static void
test_places (void)
{
  GtkWidget *box = make_box ();

  gtk_widget_allocate (box, 400, 20, -1, NULL);
  assert_child (box, 0, 0, 0, 100);
  assert_child (box, 1, 110, 0, 100);
  assert_child (box, 2, 220, 0, 180);
  gtk_widget_allocate (box, 250, 50, -1, NULL);
  assert_child (box, 1, 110, 0, 100);
  assert_child (box, 2, 0, 30, 250);
  gtk_widget_set_direction (box, GTK_TEXT_DIR_RTL);
  gtk_widget_allocate (box, 251, 50, -1, NULL);
  assert_child (box, 0, 151, 0, 100);
  assert_child (box, 1, 41, 0, 100);
  g_object_unref (box);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wrap-layout/sizes", test_sizes);
  g_test_add_func ("/wrap-layout/places", test_places);
  return g_test_run ();
}
