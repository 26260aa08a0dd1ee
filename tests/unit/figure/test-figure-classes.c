/* SPDX-License-Identifier: MIT */
#include "figure/tithe-figure.h"
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#define N_CLASSES 1000
#define WIDTH 260
#define HEIGHT 160

typedef struct
{
  char *folder;
  TitheHierarchy *hierarchy;
  TitheSubset *subset;
} Fixture;

/* Many classes of four; there are no pictures. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) manifest = g_string_new ("path,label\n");
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autofree char *path = NULL, *rows = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = fixture_folder ();
  for (guint i = 0; i < 4 * N_CLASSES; i++)
    g_string_append_printf (manifest, "%u.png,class %04u\n", i, i / 4);
  path = fixture_write (fixture->folder, "m.csv", manifest->str, (gssize) manifest->len);
  rows = fixture_write_rows (fixture->folder, "rows.npy", 4 * N_CLASSES, 8, 3);
  dataset = tithe_dataset_open (path, NULL, &error);
  g_assert_no_error (error);
  embedding = tithe_embedding_open (rows, NULL, &error);
  g_assert_no_error (error);
  tithe_embedding_bind (&embedding, dataset, NULL, 1, NULL, &error);
  g_assert_no_error (error);
  fixture->hierarchy = tithe_hierarchy_new (dataset, TITHE_LINKAGE_COMPLETE);
  tithe_hierarchy_compute (fixture->hierarchy, embedding,
                           &(TitheClusterOptions){ .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 1, .max_memory = 0 },
                           NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->subset = tithe_subset_new (fixture->hierarchy, NULL);
  tithe_subset_set_ratio (fixture->subset, 0.5, TITHE_POLICY_GLOBAL, FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_subset_free (fixture->subset);
  tithe_hierarchy_unref (fixture->hierarchy);
  fixture_remove (fixture->folder);
}

static cairo_surface_t *
draw (TitheFigure *figure, int highlighted)
{
  TitheFigureStyle style = tithe_figure_style_print;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);

  style.legend = FALSE;
  style.highlighted = highlighted;
  tithe_figure_draw (figure, cr, WIDTH, HEIGHT, &style);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* The classes that are found anywhere in the figure. */
static GHashTable *
find_all (TitheFigure *figure)
{
  GHashTable *found = g_hash_table_new (NULL, NULL);

  for (int y = 0; y < HEIGHT; y += 2)
    for (int x = 0; x < WIDTH; x += 4)
      {
        TitheFigureSpot spot;

        if (tithe_figure_find (figure, x, y, &spot))
          g_hash_table_add (found, GINT_TO_POINTER (spot.class_index));
        g_free (spot.text);
      }
  return found;
}

static void
test_of_many_classes_some_have_lines (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheFigure) figure = tithe_figure_new_with_class (TITHE_FIGURE_DISSIMILARITY, fixture->subset, 3);
  g_autoptr (GHashTable) found = NULL;
  GHashTableIter iter;
  gpointer key;

  cairo_surface_destroy (draw (figure, -1));
  found = find_all (figure);
  g_assert_cmpuint (g_hash_table_size (found), >, 10);
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_assert_true (GPOINTER_TO_UINT (key) % 5 == 0 || GPOINTER_TO_UINT (key) == 3);
}

static gsize
count_differences (cairo_surface_t *a, cairo_surface_t *b)
{
  const guint32 *p = (const guint32 *) (gpointer) cairo_image_surface_get_data (a);
  const guint32 *q = (const guint32 *) (gpointer) cairo_image_surface_get_data (b);
  gsize n = 0;

  for (gsize i = 0; i < WIDTH * HEIGHT; i++)
    n += p[i] != q[i];
  return n;
}

/* Whether a class is seen where it stands out. */
static gsize
measure_highlight (Fixture *fixture, TitheFigureKind kind, int class_index)
{
  g_autoptr (TitheFigure) figure = tithe_figure_new_with_class (kind, fixture->subset, class_index);
  g_autoptr (TitheFigure) without = tithe_figure_new_with_class (kind, fixture->subset, class_index);
  /* Another class that has no line of its own makes the others pale, too. */
  cairo_surface_t *a = draw (figure, class_index), *b = draw (without, 4);
  gsize n = count_differences (a, b);

  cairo_surface_destroy (a);
  cairo_surface_destroy (b);
  return n;
}

static void
test_the_class_that_stands_out_is_drawn_in_any_case (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (measure_highlight (fixture, TITHE_FIGURE_DISSIMILARITY, 3), >, 50);
}

/* Thinner than a pixel: one shape, of which every row belongs to some class. */
static void
test_bars_of_many_classes_cover_the_chart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheFigure) figure = tithe_figure_new (TITHE_FIGURE_REDUNDANCY, fixture->subset);
  cairo_surface_t *surface = draw (figure, -1);
  const guint32 *pixels = (const guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  guint widths[HEIGHT] = { 0 };

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      widths[y] += (pixels[y * WIDTH + x] & 255) > 150; /* blue */
  g_assert_cmpuint (widths[10], >, WIDTH / 2);
  for (int y = 11; y < HEIGHT / 2; y++)
    g_assert_cmpuint (widths[y], <=, widths[y - 1] + 1);
  cairo_surface_destroy (surface);
}

#define ADD(path, function) g_test_add ("/figure/classes/" path, Fixture, NULL, set_up, function, tear_down)

/* Below the floor nothing is known, least of all a dissimilarity. */
static void
test_a_line_ends_where_the_class_was_not_clustered (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (TitheHierarchy) made = fixture_hierarchy (folder, 1, 300, TITHE_LINKAGE_COMPLETE, 1);
  g_autofree char *path = fixture_write_rows (folder, "rows.npy", 300, 6, 3);
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (path, NULL, NULL);
  g_autoptr (TitheHierarchy) part = tithe_hierarchy_new (tithe_hierarchy_get_dataset (made), TITHE_LINKAGE_COMPLETE);
  g_autoptr (TitheSubset) subset = NULL;
  g_autoptr (TitheFigure) figure = NULL;
  const TitheClusterOptions options
      = { .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 1, .engine = TITHE_ENGINE_SPARSE, .floor = 0.8 };
  guint lowest = 100, n_found = 0;
  double highest = 0;

  g_assert_true (tithe_embedding_bind (&embedding, tithe_hierarchy_get_dataset (part), NULL, 1, NULL, NULL)
                 && tithe_hierarchy_compute (part, embedding, &options, NULL, NULL, NULL, NULL));
  subset = tithe_subset_new (part, NULL);
  figure = tithe_figure_new_with_class (TITHE_FIGURE_DISSIMILARITY, subset, 0);
  cairo_surface_destroy (draw (figure, -1));
  for (int y = 0; y < HEIGHT; y += 2)
    for (int x = 0; x < WIDTH; x += 2)
      {
        TitheFigureSpot spot;
        guint ratio;
        double height;

        if (!tithe_figure_find (figure, x, y, &spot))
          continue;
        g_assert_cmpint (sscanf (strchr (spot.text, ':'), ": at %u %% images up to %lf", &ratio, &height), ==, 2);
        lowest = MIN (lowest, ratio);
        highest = MAX (highest, height);
        n_found++;
        g_free (spot.text);
      }
  g_assert_cmpuint (n_found, >, 0);
  g_assert_cmpuint (lowest, >=, 40);
  g_assert_cmpuint (lowest, <=, 80);
  g_assert_cmpfloat (highest, <, 1);
  fixture_remove (g_steal_pointer (&folder));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("of-many-some-have-lines", test_of_many_classes_some_have_lines);
  ADD ("the-one-that-stands-out-is-drawn-in-any-case", test_the_class_that_stands_out_is_drawn_in_any_case);
  ADD ("bars-of-many-cover-the-chart", test_bars_of_many_classes_cover_the_chart);
  g_test_add_func ("/figure/classes/a-line-ends-at-the-floor", test_a_line_ends_where_the_class_was_not_clustered);
  return g_test_run ();
}
