/* SPDX-License-Identifier: MIT */
#include "tithe-image-view.h"

#include "widget-fixture.h"

#include <string.h>

#define EDGE 256 /* of the picture; each pixel has another colour */
#define WIDTH 512
#define HEIGHT 512

typedef struct
{
  GtkWidget *window;
  TitheImageView *view;
  guint n_moved;
} Fixture;

static void
on_moved (Fixture *fixture)
{
  fixture->n_moved++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TithePixels) pixels = tithe_pixels_new (EDGE, EDGE);

  for (guint i = 0; i < EDGE * EDGE; i++)
    {
      pixels->data[3 * i] = (guint8) (i % EDGE);
      pixels->data[3 * i + 1] = (guint8) (i / EDGE);
    }
  fixture->view = TITHE_IMAGE_VIEW (tithe_image_view_new ());
  fixture->window = gtk_window_new ();
  gtk_window_set_decorated (GTK_WINDOW (fixture->window), FALSE);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (fixture->window));
  tithe_image_view_set_pixels (fixture->view, pixels);
  g_signal_connect_swapped (fixture->view, "moved", G_CALLBACK (on_moved), fixture);
  widget_fixture_draw (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
}

static void
turn_wheel (Fixture *fixture, double x, double y, int notches)
{
  gboolean stopped;

  g_signal_emit_by_name (widget_fixture_find_controller (GTK_WIDGET (fixture->view), GTK_TYPE_EVENT_CONTROLLER_MOTION),
                         "motion", x, y);
  for (int i = 0; i < ABS (notches); i++)
    g_signal_emit_by_name (
        widget_fixture_find_controller (GTK_WIDGET (fixture->view), GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", 0.0,
        notches > 0 ? -1.0 : 1.0, &stopped);
  widget_fixture_draw (fixture->window);
}

/* The column and the row of the picture that are drawn at a point of the view. */
static void
look_at (Fixture *fixture, double x, double y, int *column, int *row)
{
  int width, height;
  g_autofree guint8 *picture = widget_fixture_picture (fixture->window, &width, &height);
  graphene_point_t point;
  const guint8 *pixel;

  g_assert_true (gtk_widget_compute_point (GTK_WIDGET (fixture->view), fixture->window,
                                           &GRAPHENE_POINT_INIT ((float) x, (float) y), &point));
  pixel = picture + 4 * ((int) point.y * width + (int) point.x);
  *column = pixel[2];
  *row = pixel[1];
}

static void
assert_stays (Fixture *fixture, double x, double y, int notches)
{
  int column, row, new_column, new_row;

  look_at (fixture, x, y, &column, &row);
  turn_wheel (fixture, x, y, notches);
  look_at (fixture, x, y, &new_column, &new_row);
  g_assert_cmpint (ABS (new_column - column), <=, 1);
  g_assert_cmpint (ABS (new_row - row), <=, 1);
}

static void
test_what_is_at_the_pointer_stays_there (Fixture *fixture, gconstpointer data)
{
  assert_stays (fixture, 100, 400, 6);
  assert_stays (fixture, 300, 50, 5);
  assert_stays (fixture, 420, 300, -3);
  g_assert_cmpuint (fixture->n_moved, ==, 14);
}

/* By then the edges of the picture have moved in: else the test above would hold of a view that does nothing. */
static void
test_the_wheel_zooms (Fixture *fixture, gconstpointer data)
{
  int left, right, row;

  turn_wheel (fixture, WIDTH / 2, HEIGHT / 2, 4);
  look_at (fixture, 10, HEIGHT / 2, &left, &row);
  look_at (fixture, WIDTH - 10, HEIGHT / 2, &right, &row);
  g_assert_cmpint (right - left, <, EDGE / 2);
}

static void
test_out_again_all_of_it_is_shown (Fixture *fixture, gconstpointer data)
{
  int column, row, new_column, new_row;

  look_at (fixture, 100, 100, &column, &row);
  turn_wheel (fixture, 20, 500, 8);
  turn_wheel (fixture, 400, 30, -12);
  look_at (fixture, 100, 100, &new_column, &new_row);
  g_assert_cmpint (new_column, ==, column);
  g_assert_cmpint (new_row, ==, row);
}

/* Where nothing is zoomed into, the wheel is left to what the picture is in. */
static void
test_the_wheel_turns_on_what_is_around (Fixture *fixture, gconstpointer data)
{
  gpointer scroll = widget_fixture_find_controller (GTK_WIDGET (fixture->view), GTK_TYPE_EVENT_CONTROLLER_SCROLL);
  gboolean stopped = TRUE;

  g_signal_emit_by_name (scroll, "scroll", 0.0, 1.0, &stopped);
  g_assert_false (stopped);
  g_signal_emit_by_name (scroll, "scroll", 0.0, -1.0, &stopped);
  g_assert_true (stopped);
  g_signal_emit_by_name (scroll, "scroll", 0.0, 1.0, &stopped);
  g_assert_true (stopped);
}

/* As large as the view is, its pixels are, and nothing between their colours. */
static void
test_pixels_of_a_small_picture_are_squares (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TithePixels) pixels = tithe_pixels_new (2, 2);
  int column, row;

  memset (pixels->data, 0, 12);
  pixels->data[3] = pixels->data[9] = 200;
  pixels->data[7] = pixels->data[10] = 100;
  tithe_image_view_set_pixels (fixture->view, pixels);
  widget_fixture_draw (fixture->window);
  for (int y = 2; y < HEIGHT; y += 127)
    for (int x = 2; x < WIDTH; x += 127)
      {
        look_at (fixture, x, y, &column, &row);
        g_assert_cmpint (column, ==, x < WIDTH / 2 ? 0 : 200);
        g_assert_cmpint (row, ==, y < HEIGHT / 2 ? 0 : 100);
      }
  look_at (fixture, WIDTH / 2 - 1, HEIGHT / 2, &column, &row);
  g_assert_cmpint (column, ==, 0);
  look_at (fixture, WIDTH / 2, HEIGHT / 2, &column, &row);
  g_assert_cmpint (column, ==, 200);
}

static gboolean
is_red (gpointer data)
{
  int column, row;

  widget_fixture_draw (((Fixture *) data)->window);
  look_at (data, WIDTH / 2, HEIGHT / 2, &column, &row);
  return column == 255 && row == 0;
}

static void
test_a_large_picture_comes_when_it_is_ready (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TithePixels) large = tithe_pixels_new (3000, 3000), small = tithe_pixels_new (4, 4);
  int column, row;

  for (gsize i = 0; i < 3 * (gsize) large->width * large->height; i++)
    large->data[i] = i % 3 == 0 ? 255 : 0;
  memset (small->data, 7, 48);
  tithe_image_view_set_pixels (fixture->view, large);
  widget_fixture_wait_for (is_red, fixture);
  /* One that another came after never comes. */
  tithe_image_view_set_pixels (fixture->view, large);
  tithe_image_view_set_pixels (fixture->view, small);
  for (guint i = 0; i < 10; i++)
    {
      g_usleep (20000);
      widget_fixture_draw (fixture->window);
      look_at (fixture, WIDTH / 2, HEIGHT / 2, &column, &row);
      g_assert_cmpint (column, ==, 7);
    }
}

/* No thread has a part of it, in which it might end. */
static void
test_a_view_may_go_before_its_picture_is_ready (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TithePixels) large = tithe_pixels_new (3000, 3000);
  TitheImageView *view = fixture->view;

  g_object_add_weak_pointer (G_OBJECT (view), (gpointer *) &view);
  tithe_image_view_set_pixels (view, large);
  gtk_window_set_child (GTK_WINDOW (fixture->window), NULL);
  g_assert_null (view);
  for (guint i = 0; i < 10; i++)
    {
      g_usleep (20000);
      widget_fixture_draw (fixture->window);
    }
}

#define ADD(path, function) g_test_add ("/image-view/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("what-is-at-the-pointer-stays-there", test_what_is_at_the_pointer_stays_there);
  ADD ("the-wheel-zooms", test_the_wheel_zooms);
  ADD ("out-again-all-of-it-is-shown", test_out_again_all_of_it_is_shown);
  ADD ("pixels-of-a-small-picture-are-squares", test_pixels_of_a_small_picture_are_squares);
  ADD ("a-large-picture-comes-when-it-is-ready", test_a_large_picture_comes_when_it_is_ready);
  ADD ("a-view-may-go-before-its-picture-is-ready", test_a_view_may_go_before_its_picture_is_ready);
  ADD ("the-wheel-turns-on-what-is-around", test_the_wheel_turns_on_what_is_around);
  return g_test_run ();
}
