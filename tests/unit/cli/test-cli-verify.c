/* SPDX-License-Identifier: MIT */
#include "cli-fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* verify and coverage, from outside. */

/* A session of few small pictures, with a test split. */
static void
make_session (Fixture *fixture)
{
  cli_assert_runs (fixture, "demo d --images 40 --classes 2 --test 20");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
}

static void
test_wrong_numbers_and_words_are_named (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *words, *part;
  } wrong[] = {
    { "verify s.tithe --trials 1001", "--trials" },
    { "verify s.tithe --trials -1", "--trials" },
    { "verify s.tithe --epochs -1", "--epochs" },
    { "verify s.tithe --width 6", "--width" },
    { "verify s.tithe --size 15", "--size" },
    { "verify s.tithe --by-hand 1.5", "--by-hand" },
    { "verify s.tithe --difference 0", "--difference" },
    { "verify s.tithe --threads -2", "--threads" },
    { "verify s.tithe --ratios 1.5", "--ratios" },
    { "verify s.tithe --ratios 0.5,,x", "--ratios" },
    { "verify s.tithe --ratios 100%", "--ratios" },
    { "verify s.tithe --by-hand 150%", "0.9 or 90%" },
    { "verify s.tithe --policy some", "--policy" },
    { "verify s.tithe --representative best", "--representative" },
    { "verify s.tithe --budget time", "--budget" },
    { "verify s.tithe --show --plan", "--show" },
    { "verify s.tithe --worker --trials 3", "--worker" },
    { "coverage s.tithe --draws 0", "--draws" },
    { "coverage s.tithe --draws 101", "--draws" },
    { "coverage s.tithe --ratios 0", "--ratios" },
    { "coverage s.tithe --policy some", "--policy" },
    { "coverage s.tithe --representative best", "--representative" },
  };

  make_session (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    cli_assert_fails (fixture, wrong[i].words, 2, wrong[i].part);
}

static void
test_nothing_is_told_before_something_is_planned (Fixture *fixture, gconstpointer data)
{
  make_session (fixture);
  cli_assert_fails (fixture, "verify s.tithe --show", 1, "s.tithe");
  cli_assert_fails (fixture, "verify nowhere.tithe --show", 1, "nowhere.tithe");
  cli_assert_fails (fixture, "coverage nowhere.tithe", 1, "nowhere.tithe");
  cli_assert_fails (fixture, "coverage s.tithe --embeddings nowhere.npy", 1, "nowhere.npy");
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}

static void
test_coverage_is_a_table (Fixture *fixture, gconstpointer data)
{
  g_autofree char *told = NULL, *csv = NULL;

  make_session (fixture);
  g_assert_cmpint (cli_run (fixture, "coverage s.tithe --ratios 0.8,0.4 --policy global --draws 2", &told, NULL), ==,
                   0);
  g_assert_cmpuint (count_lines (told), ==, 3);
  cli_assert_runs (fixture, "coverage s.tithe --ratios 0.8,0.4 -o c.csv");
  csv = cli_read (fixture, "c.csv", NULL);
  g_assert_true (g_str_has_prefix (csv, "ratio,class,subset,"));
  g_assert_cmpuint (count_lines (csv), ==, 1 + 2 * 2 * (1 + 2));
  cli_assert_fails (fixture, "coverage s.tithe --ratios 0.8 -o c.csv", 1, "c.csv");
}

#ifdef TITHE_HAVE_LEARN

static JsonObject *
parse (JsonParser *parser, const char *text)
{
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, text, -1, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static void
test_a_plan_learns_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *told = NULL;

  make_session (fixture);
  g_assert_cmpint (cli_run (fixture, "verify s.tithe --plan --quick --epochs 1 --size 16 --budget steps", &told, NULL),
                   ==, 0);
  g_assert_nonnull (strstr (told, "3 trials of 5 subsets"));
  cli_assert_fails (fixture, "verify s.tithe --show", 1, "s.tithe");
  cli_assert_fails (fixture, "verify s.tithe --plan --model resnet9", 2, "--model");
}

/* What is told as JSON is all that there is to know: each trial, each claim in words and numbers, each class. */
static void
test_trials_are_told_as_json (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *told = NULL;
  JsonArray *subsets, *claims;
  JsonObject *report;

  make_session (fixture);
  cli_assert_runs (fixture, "decide s.tithe --rule discard-others --ratio 0.5");
  cli_assert_runs (fixture, "verify s.tithe --quick --width 4 --epochs 1 --trials 2 --size 16 --ratios 0.5 --seed 3"
                            " --policy global --representative medoid --by-hand 0.5 --exact --json");
  g_assert_cmpint (cli_run (fixture, "verify s.tithe --show --by-class --json", &told, NULL), ==, 0);
  report = parse (parser, told);
  subsets = json_object_get_array_member (report, "subsets");
  claims = json_object_get_array_member (report, "claims");
  g_assert_cmpint (json_object_get_int_member (report, "test_images"), ==, 20);
  g_assert_cmpint (json_object_get_int_member (report, "finished"), ==, 2 * 5);
  g_assert_cmpint (json_object_get_int_member (report, "trials"), ==, 2 * 5);
  g_assert_cmpuint (json_array_get_length (subsets), ==, 5);
  g_assert_cmpuint (json_array_get_length (claims), >=, 4);
  for (guint i = 0; i < json_array_get_length (subsets); i++)
    {
      JsonObject *subset = json_array_get_object_element (subsets, i);

      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (subset, "accuracies")), ==, 2);
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (subset, "classes")), ==, 2);
    }
  for (guint i = 0; i < json_array_get_length (claims); i++)
    {
      JsonObject *claim = json_array_get_object_element (claims, i);

      g_assert_true (json_object_get_double_member (claim, "low") <= json_object_get_double_member (claim, "high"));
      g_assert_cmpstr (json_object_get_string_member (claim, "words"), !=, "");
    }
}

/* A budget that is named is the plan's, whatever was planned before; one that is not named leaves it. */
static void
test_a_budget_widens_and_narrows_a_plan (Fixture *fixture, gconstpointer data)
{
  static const char *const wishes[][2] = { { "verify s.tithe --plan", "of 5 subsets" },
                                           { "verify s.tithe --plan --budget epochs", "of 3 subsets" },
                                           { "verify s.tithe --plan --budget steps", "of 3 subsets" },
                                           { "verify s.tithe --plan --budget both", "of 5 subsets" } };

  make_session (fixture);
  cli_assert_runs (fixture,
                   "verify s.tithe --quick --width 4 --epochs 1 --trials 1 --size 16 --ratios 50% --budget both");
  for (guint i = 0; i < G_N_ELEMENTS (wishes); i++)
    {
      g_autofree char *told = NULL;

      g_assert_cmpint (cli_run (fixture, wishes[i][0], &told, NULL), ==, 0);
      g_assert_nonnull (strstr (told, wishes[i][1]));
    }
}

static void
test_trials_are_told_in_words_and_by_class (Fixture *fixture, gconstpointer data)
{
  g_autofree char *learned = NULL, *told = NULL;

  make_session (fixture);
  g_assert_cmpint (cli_run (fixture, "verify s.tithe --quick --width 4 --epochs 1 --trials 1 --size 16 --ratios 0.5",
                            &learned, NULL),
                   ==, 0);
  g_assert_nonnull (strstr (learned, "trial 1, everything: 40 images"));
  /* A plan that grows has only what is new to learn. */
  g_assert_cmpint (cli_run (fixture, "verify s.tithe --plan --trials 2", &told, NULL), ==, 0);
  g_assert_nonnull (strstr (told, "3 of them still to be learned"));
  g_clear_pointer (&told, g_free);
  g_assert_cmpint (cli_run (fixture, "verify s.tithe --show --by-class", &told, NULL), ==, 0);
  g_assert_nonnull (strstr (told, "3 of 3 trials, each tested on 20 images"));
  g_assert_nonnull (strstr (told, "balloon"));
}

#endif

#define ADD(name, test) g_test_add ("/cli/" name, Fixture, NULL, cli_set_up, test, cli_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("verify/wrong-numbers-and-words-are-named", test_wrong_numbers_and_words_are_named);
  ADD ("verify/nothing-is-told-before-something-is-planned", test_nothing_is_told_before_something_is_planned);
  ADD ("coverage/is-a-table", test_coverage_is_a_table);
#ifdef TITHE_HAVE_LEARN
  ADD ("verify/a-plan-learns-nothing", test_a_plan_learns_nothing);
  ADD ("verify/trials-are-told-as-json", test_trials_are_told_as_json);
  ADD ("verify/a-budget-widens-and-narrows-a-plan", test_a_budget_widens_and_narrows_a_plan);
  ADD ("verify/trials-are-told-in-words-and-by-class", test_trials_are_told_in_words_and_by_class);
#endif
  return g_test_run ();
}
