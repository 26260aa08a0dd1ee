/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>

/* The contract of the command line, from outside. TITHE_CLI names the program. */

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fixture_remove (fixture->folder);
}

/* Runs the program in the fixture's folder; the words are split at spaces. */
static int
run (Fixture *fixture, const char *words, char **output, char **errors)
{
  g_auto (GStrv) argv = NULL;
  g_autofree char *line = g_strconcat (g_getenv ("TITHE_CLI"), " ", words, NULL);
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  argv = g_strsplit (line, " ", -1);
  g_spawn_sync (fixture->folder, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  if (output != NULL)
    *output = g_steal_pointer (&out);
  if (errors != NULL)
    *errors = g_steal_pointer (&err);
  return WEXITSTATUS (status);
}

static char *
read_in (Fixture *fixture, const char *name, gsize *size)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *contents;

  g_file_get_contents (path, &contents, size, &error);
  g_assert_no_error (error);
  return contents;
}

static void
assert_runs (Fixture *fixture, const char *words)
{
  g_autofree char *errors = NULL;
  int status = run (fixture, words, NULL, &errors);

  if (status != 0)
    g_error ("“%s” ended with %d: %s", words, status, errors);
}

static void
assert_fails (Fixture *fixture, const char *words, int expected, const char *part)
{
  g_autofree char *errors = NULL;
  int status = run (fixture, words, NULL, &errors);

  if (status != expected || strstr (errors, part) == NULL || !g_str_has_prefix (errors, "tithe-cli: "))
    g_error ("“%s” ended with %d: %s", words, status, errors);
  /* One line explains it. */
  if (expected == 1)
    g_assert_true (strchr (errors, '\n') == errors + strlen (errors) - 1);
}

static void
test_demo_to_subset (Fixture *fixture, gconstpointer data)
{
  g_autofree char *csv = NULL, *truth = NULL, *indices = NULL, *again = NULL;
  g_auto (GStrv) lines = NULL;
  guint n_kept = 0;
  gsize size, same_size;

  assert_runs (fixture, "demo d --images 300 --classes 3 --seed 4");
  truth = read_in (fixture, "d/truth.csv", NULL);
  g_assert_true (g_str_has_prefix (truth, "path,group\n"));
  assert_runs (fixture, "info d --json");
  assert_runs (fixture, "embed d --method quick -o f.npy");
  assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
  assert_runs (fixture, "subset s.tithe --ratio 0.8 --format csv -o x.csv");
  assert_runs (fixture, "subset s.tithe --ratio 0.8 --format indices -o x.npy");
  assert_runs (fixture, "subset s.tithe --ratio 0.8 --format jsonl -o x.jsonl");
  assert_runs (fixture,
               "subset s.tithe --threshold 0.01 --policy global --representative first --format paths -o x.txt");
  assert_runs (fixture, "linkage s.tithe --class boat -o z.npy");
  csv = read_in (fixture, "x.csv", NULL);
  lines = g_strsplit (csv, "\n", -1);
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ",", -1);

      n_kept += g_str_equal (fields[5], "1");
    }
  g_assert_cmpuint (n_kept, ==, 240);
  indices = read_in (fixture, "x.npy", &size);
  g_assert_cmpuint (size, ==, 128 + 240 * 8);
  /* The same again is the same to the byte. */
  assert_runs (fixture, "embed d --method quick --threads 1 -o f2.npy");
  assert_runs (fixture, "cluster d --embeddings f2.npy --threads 1 -o s2.tithe");
  assert_runs (fixture, "subset s2.tithe --ratio 0.8 --format indices -o x2.npy");
  again = read_in (fixture, "x2.npy", &same_size);
  g_assert_cmpmem (indices, size, again, same_size);
}

static gboolean
prints (Fixture *fixture, const char *words, const char *part)
{
  g_autofree char *output = NULL;

  return run (fixture, words, &output, NULL) == 0 && strstr (output, part) != NULL;
}

static void
test_decide_and_draw (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL, *figure = NULL;

  assert_runs (fixture, "demo d --images 200 --classes 2");
  assert_runs (fixture, "embed d --method quick -o f.npy");
  assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
  assert_runs (fixture, "subset s.tithe --ratio 0.8 --format csv -o before.csv");
  g_assert_true (prints (fixture, "decide s.tithe --rule at-least --value 90 --ratio 0.8 --dry-run", ": 20 images"));
  g_assert_true (prints (fixture, "decide s.tithe --undo", "nothing to undo"));
  g_assert_true (prints (fixture, "decide s.tithe --rule at-least --value 90 --ratio 0.8", "160 before and 180 after"));
  g_assert_true (prints (fixture, "decide s.tithe --rule sharpest --ratio 0.8 --json", "\"representative\""));
  assert_fails (fixture, "decide s.tithe --rule protect-folder --value nowhere --ratio 0.8", 1, "nowhere");
  assert_fails (fixture, "decide s.tithe --rule at-least --value some --ratio 0.8", 2, "--value");
  assert_fails (fixture, "decide s.tithe --rule largest --value 3 --ratio 0.8", 2, "--value");
  assert_fails (fixture, "decide s.tithe --rule best --ratio 0.8", 2, "--rule");
  assert_fails (fixture, "decide s.tithe --rule largest", 2, "--ratio");
  assert_runs (fixture, "decide s.tithe --undo");
  assert_runs (fixture, "decide s.tithe --undo");
  assert_runs (fixture, "subset s.tithe --ratio 0.8 --format csv -o after.csv");
  before = read_in (fixture, "before.csv", NULL);
  after = read_in (fixture, "after.csv", NULL);
  g_assert_cmpstr (before, ==, after);
  assert_runs (fixture, "figure s.tithe --kind sizes --ratio 0.8 --width 84 -o sizes.svg");
  figure = read_in (fixture, "sizes.svg", NULL);
  g_assert_nonnull (strstr (figure, "width=\"238"));
  assert_fails (fixture, "figure s.tithe --kind pie --ratio 0.8 -o x.svg", 2, "--kind");
  assert_fails (fixture, "figure s.tithe --kind sizes --ratio 0.8 --width 1 -o x.svg", 2, "--width");
  assert_fails (fixture, "figure s.tithe --kind sizes --ratio 0.8 -o x.bmp", 1, "x.bmp");
}

static void
test_demo_is_the_same_for_a_seed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = NULL, *b = NULL, *c = NULL;
  gsize n_a, n_b, n_c;

  assert_runs (fixture, "demo a --images 20 --classes 2 --seed 9");
  assert_runs (fixture, "demo b --images 20 --classes 2 --seed 9");
  assert_runs (fixture, "demo c --images 20 --classes 2 --seed 10");
  a = read_in (fixture, "a/boat/0003.png", &n_a);
  b = read_in (fixture, "b/boat/0003.png", &n_b);
  c = read_in (fixture, "c/boat/0003.png", &n_c);
  g_assert_cmpmem (a, n_a, b, n_b);
  g_assert_false (n_a == n_c && memcmp (a, c, n_a) == 0);
  assert_fails (fixture, "demo a", 1, "not empty");
}

static void
test_info (Fixture *fixture, gconstpointer data)
{
  g_autofree char *output = NULL;

  fixture_write_picture (fixture->folder, "d/cat/1.png", 4, 4, 1);
  g_free (fixture_write (fixture->folder, "d/cat/2.png", "broken", -1));
  g_assert_cmpint (run (fixture, "info d", &output, NULL), ==, 0);
  g_assert_nonnull (strstr (output, "cat"));
  g_assert_nonnull (strstr (output, "2.png"));
}

static void
test_failures (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = NULL;

  fixture_write_classes (fixture->folder, 1, 3);
  rows = fixture_write_rows (fixture->folder, "f.npy", 4, 2, 1);
  assert_fails (fixture, "info nowhere", 1, "nowhere");
  assert_fails (fixture, "cluster . --embeddings f.npy -o s.tithe", 1, "4 rows");
  assert_fails (fixture, "cluster . --embeddings none.npy -o s.tithe", 1, "none.npy");
  assert_fails (fixture, "subset f.npy --ratio 0.5 --format csv -o x", 1, "f.npy");
  g_assert_false (g_file_test ("s.tithe", G_FILE_TEST_EXISTS));
}

static void
test_wrong_usage (Fixture *fixture, gconstpointer data)
{
  assert_fails (fixture, "frobnicate", 2, "frobnicate");
  assert_fails (fixture, "info", 2, "");
  assert_fails (fixture, "cluster . -o s.tithe", 2, "--embeddings");
  assert_fails (fixture, "subset s.tithe --ratio 1.5 --format csv -o x", 2, "--ratio");
  assert_fails (fixture, "subset s.tithe --ratio 0.5 --threshold 1 --format csv -o x", 2, "either");
  assert_fails (fixture, "subset s.tithe --ratio 0.5 --format xml -o x", 2, "--format");
  assert_fails (fixture, "demo d --classes 11", 2, "--classes");
  assert_fails (fixture, "cluster . --embeddings f.npy --linkage ward -o s", 2, "--linkage");
}

static void
test_help (Fixture *fixture, gconstpointer data)
{
  static const char *const commands[] = { "demo", "info", "embed", "cluster", "linkage", "subset", "decide", "figure" };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *words = g_strconcat (commands[i], " --help", NULL), *output = NULL;

      g_assert_cmpint (run (fixture, words, &output, NULL), ==, 0);
      g_assert_nonnull (strstr (output, commands[i]));
    }
}

/* Ctrl+C ends it and leaves no half-written file. */
static void
test_interrupt (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = fixture_write_rows (fixture->folder, "f.npy", 12000, 32, 1), *manifest_path = NULL;
  g_autoptr (GString) manifest = g_string_new ("path,label\n");
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 12000; i++)
    g_string_append_printf (manifest, "%05u.png,a\n", i);
  manifest_path = fixture_write (fixture->folder, "m.csv", manifest->str, -1);
  g_subprocess_launcher_set_cwd (launcher, fixture->folder);
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("TITHE_CLI"), "cluster", "m.csv", "--embeddings",
                                         "f.npy", "-o", "s.tithe", NULL);
  g_assert_no_error (error);
  g_usleep (150000);
  g_subprocess_send_signal (process, SIGINT);
  g_assert_true (g_subprocess_wait (process, NULL, &error));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), !=, 0);
  dir = g_dir_open (fixture->folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    g_assert_true (g_str_equal (name, "f.npy") || g_str_equal (name, "m.csv"));
}

#define ADD(path, function) g_test_add ("/cli/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("demo-to-subset", test_demo_to_subset);
  ADD ("decide-and-draw", test_decide_and_draw);
  ADD ("demo-seed", test_demo_is_the_same_for_a_seed);
  ADD ("info", test_info);
  ADD ("failures", test_failures);
  ADD ("usage", test_wrong_usage);
  ADD ("help", test_help);
  ADD ("interrupt", test_interrupt);
  return g_test_run ();
}
