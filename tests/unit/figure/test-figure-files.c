/* SPDX-License-Identifier: MIT */
#include "export/tithe-provenance.h"
#include "figure/tithe-figure.h"
#include "figure/tithe-group-figure.h"
#include "figure/tithe-report.h"
#include "fixture.h"

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

#define ADD(path, function) g_test_add ("/figure-files/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("numbers-have-a-point-in-every-language", test_numbers_have_a_point_in_every_language);
  return g_test_run ();
}
