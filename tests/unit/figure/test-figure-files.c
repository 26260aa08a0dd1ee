/* SPDX-License-Identifier: MIT */
#include "export/tithe-provenance.h"
#include "figure/tithe-figure.h"
#include "figure/tithe-group-figure.h"
#include "figure/tithe-report.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

/* Figures and reports as files. */

typedef struct
{
  char *folder;
  TitheHierarchy *hierarchy;
  TitheSubset *subset;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *images = NULL;

  fixture->folder = fixture_folder ();
  images = g_build_filename (fixture->folder, "images", NULL);
  fixture->hierarchy = fixture_hierarchy (images, 3, 20, TITHE_LINKAGE_COMPLETE, 1);
  fixture->subset = tithe_subset_new (fixture->hierarchy, NULL);
  tithe_subset_set_ratio (fixture->subset, 0.65, TITHE_POLICY_PER_CLASS, FALSE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  setlocale (LC_ALL, "C");
  tithe_subset_free (fixture->subset);
  tithe_hierarchy_unref (fixture->hierarchy);
  fixture_remove (fixture->folder);
}

/* Cairo numbers the surfaces and pictures of a process, and says so in the file. */
static char *
drop_numbers_of_surfaces (const char *svg)
{
  g_autoptr (GRegex) number = g_regex_new ("(surface|source|image|pattern|clip|mask)[-0-9]+", 0, 0, NULL);

  return g_regex_replace_literal (number, svg, -1, 0, "number", 0, NULL);
}

static char *
write_and_read (Fixture *fixture, guint kind)
{
  g_autofree char *path = g_build_filename (fixture->folder, "figure.svg", NULL), *text = NULL;
  g_autoptr (TitheFigure) figure = NULL;
  g_autoptr (TitheGroupFigure) groups = NULL;
  GError *error = NULL;

  if (kind < TITHE_N_FIGURES)
    {
      figure = tithe_figure_new ((TitheFigureKind) kind, fixture->subset);
      tithe_figure_write (figure, path, 400, tithe_figure_get_height (figure, 400), &tithe_figure_style_print, &error);
    }
  else
    {
      groups = tithe_group_figure_new (fixture->subset);
      g_assert_cmpuint (tithe_group_figure_sample (groups, 3, 1, NULL), >, 0);
      tithe_group_figure_write (groups, path, 400, &tithe_figure_style_print, &error);
    }
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return drop_numbers_of_surfaces (text);
}

/* The report without its pictures. */
static char *
write_report (Fixture *fixture)
{
  g_autoptr (GRegex) pictures = g_regex_new ("base64,[^\"]*", 0, 0, NULL);
  TitheProvenance provenance = { .choice.ratio = 0.65 };
  TitheReportContents contents = { .subset = fixture->subset, .provenance = &provenance, .n_groups = 5 };
  GError *error = NULL;
  g_autofree char *html = tithe_report_to_html (&contents, NULL, &error);

  g_assert_no_error (error);
  return g_regex_replace_literal (pictures, html, -1, 0, "", 0, NULL);
}

static guint
count_commas (const char *text)
{
  guint n = 0;

  for (const char *c = strchr (text, ','); c != NULL; c = strchr (c + 1, ','))
    n += c > text && g_ascii_isdigit (c[-1]) && g_ascii_isdigit (c[1]);
  return n;
}

static void
test_numbers_have_a_point_in_every_language (Fixture *fixture, gconstpointer data)
{
  char *plain[TITHE_N_FIGURES + 1];
  g_autofree char *report = write_report (fixture), *now = NULL;
  char number[8];

  for (guint kind = 0; kind < G_N_ELEMENTS (plain); kind++)
    plain[kind] = write_and_read (fixture, kind);
  if (!fixture_speak_german (fixture->folder))
    {
      g_test_skip ("localedef can make no German here: the package locales is not installed");
      return;
    }
  for (guint kind = 0; kind < G_N_ELEMENTS (plain); kind++)
    {
      g_autofree char *again = write_and_read (fixture, kind);

      if (!g_str_equal (again, plain[kind]))
        g_error ("figure %u differs", kind);
      g_free (plain[kind]);
    }
  now = write_report (fixture);
  g_assert_cmpuint (count_commas (now), ==, count_commas (report));
  /* What is shown goes on as the language has it. */
  g_snprintf (number, sizeof number, "%.1f", 0.5);
  g_assert_cmpstr (number, ==, "0,5");
}

static int
get_height_in_columns (TitheGroupFigure *figure, guint columns)
{
  cairo_surface_t *surface;
  g_autoptr (GError) error = NULL;
  int height;

  tithe_group_figure_set_columns (figure, columns);
  surface = tithe_group_figure_render (figure, 400, 2, &tithe_figure_style_print, &error);
  g_assert_no_error (error);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 800);
  height = cairo_image_surface_get_height (surface);
  cairo_surface_destroy (surface);
  return height;
}

static const TitheGroup *
find_pair (Fixture *fixture)
{
  gsize n;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (fixture->subset), &n);

  for (gsize i = 0; i < n; i++)
    if (groups[i].size == 2)
      return &groups[i];
  g_assert_not_reached ();
}

/* Six pairs are a column of six lines, two of three, or three of two; the same again without columns is one line. */
static void
test_groups_stand_in_columns (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheGroupFigure) figure = tithe_group_figure_new (fixture->subset);
  int line, lines;

  g_assert_true (tithe_group_figure_add (figure, find_pair (fixture), "a", NULL));
  line = get_height_in_columns (figure, 0);
  g_assert_cmpint (get_height_in_columns (figure, 3), ==, line);
  for (guint i = 1; i < 6; i++)
    g_assert_true (tithe_group_figure_add (figure, find_pair (fixture), "a", NULL));
  lines = get_height_in_columns (figure, 1);
  g_assert_cmpint (lines, >=, 6 * line);
  g_assert_cmpint (get_height_in_columns (figure, 2), <, lines / 2 + line / 2);
  g_assert_cmpint (get_height_in_columns (figure, 3), <, lines / 3 + line / 2);
  /* Without columns four of them have room in a line, and two are in the next. */
  g_assert_cmpint (get_height_in_columns (figure, 0), ==, get_height_in_columns (figure, 4));
  /* Six columns are so narrow that the pictures of a pair stand one below the other. */
  g_assert_cmpint (get_height_in_columns (figure, 6), >, line);
  g_assert_cmpint (get_height_in_columns (figure, 6), <, 2 * line);
}

/* Where a picture was read, it is drawn again without its file. */
static void
test_pictures_are_read_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheGroupFigure) figure = tithe_group_figure_new (fixture->subset);
  g_autoptr (TitheGroupFigure) other = tithe_group_figure_new (fixture->subset);
  const TitheGroup *pair = find_pair (fixture);
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);
  g_autofree char *elsewhere = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autoptr (GError) error = NULL;

  tithe_group_figure_set_max_edge (figure, 16);
  g_assert_true (tithe_group_figure_add (figure, pair, "before", NULL));
  g_assert_no_errno (g_rename (images, elsewhere));
  tithe_group_figure_clear (figure);
  g_assert_true (tithe_group_figure_add (figure, pair, "after", &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_height_in_columns (figure, 1), >, 0);
  g_assert_false (tithe_group_figure_add (other, pair, NULL, &error));
  g_assert_nonnull (error);
  g_assert_no_errno (g_rename (elsewhere, images));
}

#define ADD(path, function) g_test_add ("/figure-files/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("numbers-have-a-point-in-every-language", test_numbers_have_a_point_in_every_language);
  ADD ("groups-stand-in-columns", test_groups_stand_in_columns);
  ADD ("pictures-are-read-once", test_pictures_are_read_once);
  return g_test_run ();
}
