/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include "base/tithe-byte-order.h"
#include "figure/tithe-group-shown.h"
#include "figure/tithe-report.h"
#include "io/tithe-npy.h"
#include "session/tithe-session.h"
#include "verify/tithe-coverage.h"

#include <string.h>

/* A session whose groups are larger than there is room for, and what is decided and kept in it. */
typedef struct
{
  char *folder;
  TitheSession *session;
  TitheCuration *curation;
  TitheSubset *subset;
  TitheSubsetChoice choice;
} Fixture;

#define ROOM 16

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->folder = fixture_folder ();
  path = fixture_session (fixture->folder, "s.tithe", 3, 120);
  fixture->session = tithe_session_open (path, &error);
  g_assert_no_error (error);
  fixture->curation = tithe_session_open_curation (fixture->session, FALSE, &error);
  g_assert_no_error (error);
  fixture->choice = (TitheSubsetChoice){ 0.02, TITHE_POLICY_PER_CLASS, TITHE_REPRESENTATIVE_CENTRE, FALSE };
  fixture->subset = tithe_subset_new (tithe_session_get_hierarchy (fixture->session), fixture->curation);
  tithe_subset_choose (fixture->subset, &fixture->choice);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_subset_free (fixture->subset);
  tithe_curation_free (fixture->curation);
  tithe_session_free (fixture->session);
  fixture_remove (fixture->folder);
}

static char *
make_report (Fixture *fixture, TitheReportContents contents)
{
  g_autoptr (TitheProvenance) provenance
      = tithe_provenance_new (fixture->session, fixture->curation, &fixture->choice, -1, NULL);
  g_autoptr (GError) error = NULL;
  char *html;

  contents.subset = fixture->subset;
  contents.provenance = provenance;
  html = tithe_report_to_html (&contents, NULL, &error);
  g_assert_no_error (error);
  return html;
}

/* --- groups --- */

/* Groups of which the representative is not among the first in the order of the dendrogram. */
static gsize
count_late (Fixture *fixture)
{
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);
  gsize n_groups, n_late = 0;
  const TitheGroup *groups = tithe_cut_get_groups (cut, &n_groups);

  for (gsize g = 0; g < n_groups; g++)
    for (guint32 m = ROOM; m < groups[g].size; m++)
      n_late
          += tithe_cut_get_image (cut, &groups[g], m) == tithe_subset_get_representative (fixture->subset, &groups[g]);
  return n_late;
}

/* Where only some of a group are shown, what is kept is among them and comes first, and nothing comes twice. */
static void
test_kept_comes_first (Fixture *fixture, gconstpointer data)
{
  gsize n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (fixture->subset), &n_groups);

  g_assert_cmpuint (count_late (fixture), >, 0);
  for (gsize g = 0; g < n_groups; g++)
    {
      const guint32 representative = tithe_subset_get_representative (fixture->subset, &groups[g]);
      g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
      guint32 n, n_kept;
      g_autofree guint32 *shown = tithe_group_choose_shown (fixture->subset, &groups[g], ROOM, &n, &n_kept);

      g_assert_cmpuint (n_kept, ==, 1);
      g_assert_cmpuint (n, ==, MIN (ROOM, groups[g].size));
      g_assert_cmpuint (shown[0], ==, representative);
      for (guint32 i = 0; i < n; i++)
        g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (shown[i])));
    }
}

static void
test_report_shows_kept_first (Fixture *fixture, gconstpointer data)
{
  g_autofree char *html = make_report (fixture, (TitheReportContents){ .n_groups = 50 });
  g_auto (GStrv) groups = g_strsplit (html, "<div class=\"g\">", -1);

  g_assert_cmpuint (g_strv_length (groups), >, 3);
  for (guint g = 1; groups[g] != NULL; g++)
    g_assert_true (g_str_has_prefix (strstr (groups[g], "<img"), "<img class=\"k\""));
}

/* --- what is not known --- */

static void
test_report_says_what_is_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  g_autofree char *html = NULL;

  g_ptr_array_add (missing, (gpointer) "coverage is not in the report: the <disk> is gone");
  html = make_report (fixture, (TitheReportContents){ .missing = missing });
  g_assert_nonnull (strstr (html, "<p>coverage is not in the report: the &lt;disk&gt; is gone</p>"));
}

/* One trial of everything: the rest of the table is not known, and not 0. */
static void
test_report_has_no_zeros_for_trials_to_come (Fixture *fixture, gconstpointer data)
{
  guint32 tested = 100, right = 80;
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (TitheTrialList) list = g_new0 (TitheTrialList, 1);
  g_autoptr (TitheVerifyReport) verify = NULL;
  g_autofree char *html = NULL;
  TitheTrial *trial = g_new0 (TitheTrial, 1);

  *trial = (TitheTrial){ .arm = { TITHE_ARM_FULL, TITHE_BUDGET_EPOCHS, 1 }, .finished = TRUE, .accuracy = 0.8 };
  trial->n_images = 90;
  trial->n_tested = g_array_append_val (g_array_new (FALSE, FALSE, sizeof (guint32)), tested);
  trial->n_right = g_array_append_val (g_array_new (FALSE, FALSE, sizeof (guint32)), right);
  list->trials = g_ptr_array_new_with_free_func (tithe_trial_free);
  list->damaged = g_ptr_array_new_with_free_func (g_free);
  list->n_left_out[TITHE_LEFT_OUT_TEST] = 2;
  g_ptr_array_add (list->trials, trial);
  verify = tithe_verify_report_new (plan, list, TITHE_VERIFY_MARGIN, 1);
  html = make_report (fixture, (TitheReportContents){ .verify = verify });
  g_assert_nonnull (strstr (html, "<td>everything</td><td class=\"n\">90</td><td class=\"n\">80.00</td>"));
  g_assert_nonnull (strstr (html, "<td>semantic, 90 %</td><td class=\"n\">–</td><td class=\"n\">–</td>"));
  g_assert_null (strstr (html, "0.00 ± 0.00"));
  g_assert_nonnull (strstr (html, "<p>2 trials are left out: they were tested on other images"));
}

/* --- charts of nothing --- */

static void
assert_is_drawn (TitheFigure *figure, const char *text)
{
  g_autofree char *svg = tithe_figure_to_svg (figure, 400, 250, &tithe_figure_style_print);
  gboolean found = FALSE;

  g_assert_null (strstr (svg, "nan"));
  g_assert_null (strstr (svg, "inf"));
  for (double x = 0; x < 400 && !found; x += 4)
    for (double y = 0; y < 250 && !found; y += 4)
      {
        TitheFigureSpot spot;

        found = tithe_figure_find (figure, x, y, &spot) && strstr (spot.text, text) != NULL;
        g_free (spot.text);
      }
  if (!found)
    g_error ("“%s” is nowhere in the figure", text);
}

/* Where all that is discarded is a copy of what is kept, all is 0: the lines are there, on the axis. */
static void
test_coverage_of_zeros_is_drawn (void)
{
  TitheCoverage coverage[] = { { .ratio = 0.9 }, { .ratio = 0.5 } };
  g_autoptr (GPtrArray) curve = g_ptr_array_new ();
  TitheFigure *figure;

  for (guint i = 0; i < G_N_ELEMENTS (coverage); i++)
    g_ptr_array_add (curve, &coverage[i]);
  figure = tithe_figure_new_coverage (curve);
  assert_is_drawn (figure, "semantic, mean: at 50 % 0.0000");
  tithe_figure_free (figure);
  g_ptr_array_set_size (curve, 0);
  figure = tithe_figure_new_coverage (curve);
  g_free (tithe_figure_to_svg (figure, 400, 250, &tithe_figure_style_print));
  tithe_figure_free (figure);
}

/* Every other chart, too, when nothing differs: all rows are one. */
static void
test_charts_of_copies_are_drawn (void)
{
  char *folder = fixture_folder ();
  g_autofree char *images = g_build_filename (folder, "images", NULL), *rows = NULL;
  g_autofree float *same = g_new (float, 20 * 4);
  g_autoptr (GString) file = tithe_npy_header ("<f4", 20, 4);
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  g_autoptr (TitheSubset) subset = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 20 * 4; i++)
    same[i] = 1;
  tithe_byte_order_copy (same, same, 20 * 4, sizeof *same);
  g_string_append_len (file, (const char *) same, 20 * 4 * sizeof (float));
  fixture_write_classes (images, 2, 10);
  rows = fixture_write (folder, "rows.npy", file->str, (gssize) file->len);
  dataset = tithe_dataset_open (images, NULL, &error);
  g_assert_no_error (error);
  embedding = tithe_embedding_open (rows, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tithe_embedding_bind (&embedding, dataset, NULL, 1, NULL, &error));
  hierarchy = tithe_hierarchy_new (dataset, TITHE_LINKAGE_COMPLETE);
  tithe_hierarchy_compute (hierarchy, embedding,
                           &(TitheClusterOptions){ .linkage = TITHE_LINKAGE_COMPLETE, .n_threads = 1, .max_memory = 0 },
                           NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  subset = tithe_subset_new (hierarchy, NULL);
  for (guint whole = 0; whole < 2; whole++)
    for (TitheFigureKind kind = TITHE_FIGURE_SIZES; kind < TITHE_N_FIGURES; kind++)
      {
        TitheFigure *figure;

        tithe_subset_set_ratio (subset, whole ? 1 : 0.1, TITHE_POLICY_PER_CLASS, FALSE);
        figure = tithe_figure_new (kind, subset);
        if (kind == TITHE_FIGURE_SIZES && whole)
          g_free (tithe_figure_to_svg (figure, 400, 250, &tithe_figure_style_print)); /* there are no groups */
        else
          assert_is_drawn (figure, kind == TITHE_FIGURE_SIZES ? "All classes" : "c0");
        tithe_figure_free (figure);
      }
  fixture_remove (folder);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/groups/kept-comes-first", test_kept_comes_first);
  ADD ("/report/shows-kept-first", test_report_shows_kept_first);
  ADD ("/report/says-what-is-missing", test_report_says_what_is_missing);
  ADD ("/report/has-no-zeros-for-trials-to-come", test_report_has_no_zeros_for_trials_to_come);
  g_test_add_func ("/figure/coverage-of-zeros", test_coverage_of_zeros_is_drawn);
  g_test_add_func ("/figure/charts-of-copies", test_charts_of_copies_are_drawn);
  return g_test_run ();
}
