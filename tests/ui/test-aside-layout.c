/* SPDX-License-Identifier: MIT */
#include "tithe-aside-layout.h"

/* What it is about, of 300 x 100 at least, and what shows it, of 200 x 80. */
static GtkWidget *
make_box (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  const int sizes[][2] = { { 300, 100 }, { 200, 80 } };

  gtk_widget_set_layout_manager (box, g_object_new (TITHE_TYPE_ASIDE_LAYOUT, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      GtkWidget *child = gtk_label_new (NULL);

      gtk_widget_set_size_request (child, sizes[i][0], sizes[i][1]);
      gtk_box_append (GTK_BOX (box), child);
    }
  return g_object_ref_sink (box);
}

static void
allocate (GtkWidget *box, int width, int height)
{
  int minimum;

  gtk_widget_measure (box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 300);
  gtk_widget_measure (box, GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, ==, 180);
  gtk_widget_allocate (box, width, height, -1, NULL);
}

static void
assert_places (GtkWidget *box, const graphene_rect_t *first, const graphene_rect_t *second)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (gtk_widget_get_first_child (box), box, &bounds));
  g_assert_true (graphene_rect_equal (&bounds, first));
  g_assert_true (gtk_widget_compute_bounds (gtk_widget_get_last_child (box), box, &bounds));
  g_assert_true (graphene_rect_equal (&bounds, second));
}

static void
test_side_by_side (void)
{
  GtkWidget *box = make_box ();

  allocate (box, 1000, 500);
  assert_places (box, &GRAPHENE_RECT_INIT (0, 0, 480, 500), &GRAPHENE_RECT_INIT (480, 0, 520, 500));
  gtk_widget_set_direction (box, GTK_TEXT_DIR_RTL);
  gtk_widget_queue_resize (box);
  allocate (box, 1000, 500);
  assert_places (box, &GRAPHENE_RECT_INIT (520, 0, 480, 500), &GRAPHENE_RECT_INIT (0, 0, 520, 500));
  g_object_unref (box);
}

/* Neither gets less than it needs. */
static void
test_one_above_the_other (void)
{
  GtkWidget *box = make_box ();

  allocate (box, 600, 500);
  assert_places (box, &GRAPHENE_RECT_INIT (0, 200, 600, 300), &GRAPHENE_RECT_INIT (0, 0, 600, 200));
  allocate (box, 300, 180);
  assert_places (box, &GRAPHENE_RECT_INIT (0, 80, 300, 100), &GRAPHENE_RECT_INIT (0, 0, 300, 80));
  g_object_unref (box);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv);
  g_test_add_func ("/aside-layout/side-by-side", test_side_by_side);
  g_test_add_func ("/aside-layout/one-above-the-other", test_one_above_the_other);
  return g_test_run ();
}
