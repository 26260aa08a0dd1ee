/* SPDX-License-Identifier: MIT */
#include "cli-fixture.h"

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
  g_autofree char *report = g_build_filename (fixture->folder, "r.html", NULL);
  g_autoptr (GString) manifest = g_string_new ("path,label\n");

  for (guint i = 0; i < 12000; i++)
    g_string_append_printf (manifest, "%05u.png,%u\n", i, i % 4);
  manifest_path = fixture_write (fixture->folder, "m.csv", manifest->str, -1);
  cli_assert_runs (fixture, "cluster m.csv --embeddings f.npy -o s.tithe");
  cli_assert_interrupted (fixture, "report s.tithe --ratio 0.7 -o r.html", "easuring coverage");
  g_assert_false (g_file_test (report, G_FILE_TEST_EXISTS));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, cli_set_up, function, cli_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/cli/report/missing-coverage-is-said", test_missing_coverage_is_said);
  ADD ("/cli/report/interrupted-coverage", test_interrupted_coverage);
  return g_test_run ();
}
