/* SPDX-License-Identifier: MIT */
#include "cli-fixture.h"

#include "figure/tithe-figure.h"
#include "session/tithe-session.h"
#include "verify/tithe-coverage.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* What could not be measured is said, on the terminal and in the report; the rest of the report is there. */
static void
test_missing_coverage_is_said (Fixture *fixture, gconstpointer data)
{
  g_autofree char *errors = NULL, *html = NULL, *rows = NULL;

  cli_assert_runs (fixture, "demo d --images 60 --classes 2");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
  rows = g_build_filename (fixture->folder, "f.npy", NULL);
  g_assert_cmpint (g_remove (rows), ==, 0);
  g_assert_cmpint (cli_run (fixture, "report s.tithe --ratio 0.7 -o r.html", NULL, &errors), ==, 0);
  g_assert_true (g_str_has_prefix (errors, "tithe-cli: coverage is not in the report: "));
  g_assert_nonnull (strstr (errors, "f.npy"));
  html = cli_read (fixture, "r.html", NULL);
  g_assert_nonnull (strstr (html, "<p>coverage is not in the report: "));
  g_assert_nonnull (strstr (html, "42 of 60"));
}

/* Ctrl+C while coverage is measured ends the command, and there is no report. */
static void
test_interrupted_coverage (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = fixture_write_rows (fixture->folder, "f.npy", 12000, 32, 1), *manifest_path = NULL;
  g_autoptr (GString) manifest = g_string_new ("path,label\n");

  for (guint i = 0; i < 12000; i++)
    g_string_append_printf (manifest, "%05u.png,%u\n", i, i % 4);
  manifest_path = fixture_write (fixture->folder, "m.csv", manifest->str, -1);
  cli_assert_runs (fixture, "cluster m.csv --embeddings f.npy -o s.tithe");
  cli_assert_interrupted (fixture, "report s.tithe --ratio 0.7 -o r.html", "easuring coverage", "r.html");
}

/* The lines of a drawing; what its parts are called depends on what was drawn before. */
static char *
dup_lines (const char *svg)
{
  g_autoptr (GRegex) regex = g_regex_new (" d=\"[^\"]*\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GString *lines = g_string_new (NULL);

  for (g_regex_match (regex, svg, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL))
    {
      g_autofree char *line = g_match_info_fetch (match, 0);

      g_string_append (lines, line);
    }
  g_assert_cmpuint (lines->len, >, 0);
  return g_string_free (lines, FALSE);
}

/* The chart of coverage that is to be drawn of such subsets. */
static char *
dup_expected_lines (Fixture *fixture, const TitheCoverageOptions *options, double width)
{
  g_autofree char *path = g_build_filename (fixture->folder, "s.tithe", NULL), *svg = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (path, NULL);
  g_autoptr (TitheEmbedding) embedding = tithe_session_open_embedding (session, NULL, NULL);
  g_autoptr (GPtrArray) curve
      = tithe_coverage_measure (tithe_session_get_hierarchy (session), embedding, options, NULL, NULL);
  g_autoptr (TitheFigure) figure = tithe_figure_new_coverage (curve);

  svg = tithe_figure_to_svg (figure, width, tithe_figure_get_height (figure, width), &tithe_figure_style_print);
  return dup_lines (svg);
}

/* Whether one of the drawings in the report is of these lines. */
static gboolean
report_has_lines (const char *html, const char *lines)
{
  g_auto (GStrv) parts = g_strsplit (html, "data:image/svg+xml;base64,", -1);

  for (guint i = 1; parts[i] != NULL; i++)
    {
      g_autofree guchar *svg = NULL;
      g_autofree char *text = NULL, *there = NULL;
      gsize size;

      *strchr (parts[i], '"') = '\0';
      svg = g_base64_decode (parts[i], &size);
      text = g_strndup ((const char *) svg, size);
      there = dup_lines (text);
      if (g_str_equal (there, lines))
        return TRUE;
    }
  return FALSE;
}

/* Coverage is that of the subsets which the options say, in the table, the figure and the report. */
static void
test_coverage_is_of_the_subsets_that_are_asked_for (Fixture *fixture, gconstpointer data)
{
  const double few[] = { 0.8, 0.4 }, usual[] = { 0.95, 0.9, 0.8, 0.7, 0.5 };
  TitheCoverageOptions options
      = { few, G_N_ELEMENTS (few), TITHE_POLICY_PER_CLASS, TITHE_REPRESENTATIVE_CENTRE, 1, 1, 1 };
  g_autofree char *session = fixture_session (fixture->folder, "s.tithe", 3, 40);
  g_autofree char *other = NULL, *lines = NULL, *svg = NULL, *drawn = NULL, *html = NULL, *of_report = NULL;

  other = dup_expected_lines (fixture, &options, 155 * 72 / 25.4);
  options.policy = TITHE_POLICY_GLOBAL;
  options.rule = TITHE_REPRESENTATIVE_FIRST;
  lines = dup_expected_lines (fixture, &options, 155 * 72 / 25.4);
  g_assert_cmpstr (lines, !=, other);
  cli_assert_runs (fixture, "figure s.tithe --kind coverage --ratios 0.8,0.4 --policy global --representative first "
                            "-o c.svg");
  svg = cli_read (fixture, "c.svg", NULL);
  drawn = dup_lines (svg);
  g_assert_cmpstr (drawn, ==, lines);
  options.ratios = usual;
  options.n_ratios = G_N_ELEMENTS (usual);
  of_report = dup_expected_lines (fixture, &options, 440);
  cli_assert_runs (fixture, "report s.tithe --ratio 0.7 --policy global --representative first -o r.html");
  html = cli_read (fixture, "r.html", NULL);
  g_assert_true (report_has_lines (html, of_report));
}

/* The random subsets of a figure are those of its seed. */
static void
test_the_figure_draws_by_its_seed (Fixture *fixture, gconstpointer data)
{
  const double few[] = { 0.8, 0.4 };
  const TitheCoverageOptions options
      = { few, G_N_ELEMENTS (few), TITHE_POLICY_PER_CLASS, TITHE_REPRESENTATIVE_CENTRE, 1, 7, 1 };
  g_autofree char *session = fixture_session (fixture->folder, "s.tithe", 3, 40);
  g_autofree char *lines = dup_expected_lines (fixture, &options, 155 * 72 / 25.4), *svg = NULL, *drawn = NULL;

  cli_assert_runs (fixture, "figure s.tithe --kind coverage --ratios 0.8,0.4 --seed 7 -o c.svg");
  svg = cli_read (fixture, "c.svg", NULL);
  drawn = dup_lines (svg);
  g_assert_cmpstr (drawn, ==, lines);
}

/* What is wrong about the options is said before a file is read. */
static void
test_a_wrong_option_is_refused_before_anything_is_read (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[] = { "--ratios 2", "--policy some", "--representative best" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *words
          = g_strconcat ("figure nowhere.tithe --kind coverage -o c.svg --embeddings nowhere.npy ", wrong[i], NULL);
      g_autofree char *name = g_strndup (wrong[i], (gsize) (strchr (wrong[i], ' ') - wrong[i]));

      cli_assert_fails (fixture, words, 2, name);
    }
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, cli_set_up, function, cli_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/cli/report/missing-coverage-is-said", test_missing_coverage_is_said);
  ADD ("/cli/report/interrupted-coverage", test_interrupted_coverage);
  ADD ("/cli/report/coverage-is-of-the-subsets-that-are-asked-for", test_coverage_is_of_the_subsets_that_are_asked_for);
  ADD ("/cli/figure/draws-by-its-seed", test_the_figure_draws_by_its_seed);
  ADD ("/cli/figure/a-wrong-option-is-refused-before-anything-is-read",
       test_a_wrong_option_is_refused_before_anything_is_read);
  return g_test_run ();
}
