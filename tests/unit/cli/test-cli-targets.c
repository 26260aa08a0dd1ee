/* SPDX-License-Identifier: MIT */
#include "cli-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* What may be written where: every command that writes, at every place where it must not. */

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names, contents and links of all files below a folder, and nothing that reading changes. */
static void
add_files (GString *out, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL), *link = g_file_read_link (path, NULL), *data = NULL;
  g_autoptr (GDir) dir = link ? NULL : g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  gsize size;
  GStatBuf st;

  if (g_str_has_suffix (name, "-wal") || g_str_has_suffix (name, "-shm"))
    return;
  g_assert_cmpint (g_lstat (path, &st), ==, 0);
  g_string_append_printf (out, "%s %" G_GUINT64_FORMAT " %s ", path, (guint64) st.st_ino, link ? link : "");
  if (link == NULL && dir == NULL)
    {
      g_assert_true (g_file_get_contents (path, &data, &size, NULL));
      g_free (link);
      link = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data, size);
      g_string_append (out, link);
    }
  g_string_append_c (out, '\n');
  for (const char *child; dir != NULL && (child = g_dir_read_name (dir)) != NULL;)
    g_ptr_array_add (names, g_strdup (child));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    add_files (out, path, g_ptr_array_index (names, i));
}

static char *
take_snapshot (Fixture *fixture)
{
  GString *out = g_string_new (NULL);

  add_files (out, fixture->folder, ".");
  return g_string_free (out, FALSE);
}

static void
put (Fixture *fixture, const char *name, const char *text)
{
  g_free (fixture_write (fixture->folder, name, text, -1));
}

/* A folder dataset with its session, and a manifest that lists the same pictures from elsewhere, with its own. */
static void
make_all (Fixture *fixture)
{
  g_autoptr (GString) manifest = g_string_new ("path,label\n");

  cli_assert_runs (fixture, "demo d --images 40 --classes 2 --seed 3");
  for (guint c = 0; c < 2; c++)
    for (guint i = 0; i < 20; i++)
      g_string_append_printf (manifest, "d/%s/%04u.png,%s\n", c ? "boat" : "balloon", i, c ? "boat" : "balloon");
  put (fixture, "m.csv", manifest->str);
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
  cli_assert_runs (fixture, "cluster m.csv --embeddings f.npy -o m.tithe");
  cli_assert_runs (fixture, "subset s.tithe --ratio 0.7 --format csv -o old-s.csv");
  cli_assert_runs (fixture, "subset m.tithe --ratio 0.7 --format csv -o old-m.csv");
  put (fixture, "there.svg", "mine");
  put (fixture, "full/thesis.txt", "years");
  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
  g_assert_cmpint (link ("d/boat/0003.png", "hard.svg"), ==, 0);
  g_assert_cmpint (symlink ("d/boat/0004.png", "soft.svg"), ==, 0);
  g_assert_cmpint (symlink ("d/boat", "alias"), ==, 0);
  g_assert_cmpint (g_chdir ("/"), ==, 0);
}

/* DATASET, SESSION and OLD stand for one of the two datasets and what is made of it. */
static const char *const commands[] = {
  "embed DATASET --method quick -o ",
#ifdef TITHE_HAVE_LEARN
  "embed DATASET --method learn --epochs 1 -o ",
  "embed DATASET --method learn --epochs 1 -o new.npy --network ",
#endif
  "cluster DATASET --embeddings f.npy -o ",
  "linkage SESSION --class boat -o ",
  "subset SESSION --ratio 0.7 --format csv -o ",
  "subset SESSION --ratio 0.7 --format mask -o ",
  "export SESSION --ratio 0.7 --format tree -o ",
  "export SESSION --ratio 0.7 --format idx -o ",
  "replay OLD -o ",
  "figure SESSION --kind sizes --ratio 0.7 -o ",
  "figure SESSION --kind groups --ratio 0.7 -o ",
  "report SESSION --ratio 0.7 -o ",
  "coverage SESSION --ratios 0.9 -o ",
#ifdef TITHE_HAVE_LEARN
  "verify SESSION --quick --epochs 1 --csv ",
#endif
};

static char *
fill_in (const char *command, gboolean manifest, const char *target, gboolean overwrite)
{
  GString *words = g_string_new (command);

  g_string_replace (words, "DATASET", manifest ? "m.csv" : "d", 0);
  g_string_replace (words, "SESSION", manifest ? "m.tithe" : "s.tithe", 0);
  g_string_replace (words, "OLD", manifest ? "old-m.csv.provenance.json" : "old-s.csv.provenance.json", 0);
  g_string_append (words, target);
  if (overwrite)
    g_string_append (words, " --overwrite");
  return g_string_free (words, FALSE);
}

static void
assert_refused (Fixture *fixture, gboolean manifest, const char *target, gboolean overwrite, const char *part)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *words = fill_in (commands[i], manifest, target, overwrite);

      cli_assert_fails (fixture, words, 1, part);
    }
}

static void
test_nothing_is_written_into_a_dataset (Fixture *fixture, gconstpointer data)
{
  static const char *const inside[] = { "d/new.svg", "d/boat/new.svg", "alias/new.svg" };
  static const char *const pictures[] = { "d/boat/0000.png", "hard.svg", "soft.svg", "alias/0001.png" };
  g_autofree char *before = NULL, *after = NULL;

  make_all (fixture);
  before = take_snapshot (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (inside); i++)
    assert_refused (fixture, FALSE, inside[i], TRUE, "never written to");
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      assert_refused (fixture, FALSE, pictures[i], TRUE, "never written to");
      assert_refused (fixture, TRUE, pictures[i], TRUE, "never written to");
    }
  assert_refused (fixture, TRUE, "m.csv", TRUE, "never written to");
  after = take_snapshot (fixture);
  g_assert_cmpstr (before, ==, after);
}

static void
test_nothing_is_replaced_unasked (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL;

  make_all (fixture);
  before = take_snapshot (fixture);
  assert_refused (fixture, FALSE, "there.svg", FALSE, "--overwrite");
  assert_refused (fixture, TRUE, "there.svg", FALSE, "--overwrite");
  /* A folder is in the way of a file, and one that Tithe did not make is in the way of a folder. */
  assert_refused (fixture, TRUE, "full", TRUE, "cannot write");
  after = take_snapshot (fixture);
  g_assert_cmpstr (before, ==, after);
}

/* What a command reads is not what it writes. */
static void
test_inputs_stay (Fixture *fixture, gconstpointer data)
{
  static const char *const words[] = { "cluster d --embeddings f.npy -o f.npy --overwrite",
                                       "cluster d --embeddings f.npy --paths p.txt -o p.txt --replace",
                                       "linkage s.tithe --class boat -o s.tithe --overwrite",
                                       "linkage s.tithe --class boat -o f.npy --overwrite",
                                       "subset s.tithe --ratio 0.7 --format csv -o s.tithe --overwrite",
                                       "subset s.tithe --ratio 0.7 --format csv -o f.npy --overwrite",
                                       "replay old-s.csv.provenance.json -o s.tithe --overwrite",
                                       "figure s.tithe --kind sizes --ratio 0.7 -o f.npy --overwrite",
                                       "report s.tithe --ratio 0.7 -o s.tithe --overwrite",
                                       "coverage s.tithe --ratios 0.9 -o s.tithe --overwrite" };
  g_autofree char *before = NULL, *after = NULL;

  make_all (fixture);
  put (fixture, "p.txt", "");
  before = take_snapshot (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    cli_assert_fails (fixture, words[i], 1, "take another name");
  cli_assert_fails (fixture, "cluster d --embeddings f.npy -o -", 2, "-");
  after = take_snapshot (fixture);
  g_assert_cmpstr (before, ==, after);
}

/* The record of an embedding is a file like any other. */
static void
test_records_are_not_replaced_unasked (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = NULL;

  cli_assert_runs (fixture, "demo d --images 20 --classes 2");
  put (fixture, "new.npy.json", "mine");
  cli_assert_fails (fixture, "embed d --method quick -o new.npy", 1, "new.npy.json");
  kept = cli_read (fixture, "new.npy.json", NULL);
  g_assert_cmpstr (kept, ==, "mine");
#ifdef TITHE_HAVE_LEARN
  put (fixture, "other.npy.checkpoint", "mine, and no checkpoint");
  cli_assert_fails (fixture, "embed d --method learn --epochs 1 -o other.npy", 1, "other.npy.checkpoint");
  g_free (kept);
  kept = cli_read (fixture, "other.npy.checkpoint", NULL);
  g_assert_cmpstr (kept, ==, "mine, and no checkpoint");
#endif
  cli_assert_runs (fixture, "embed d --method quick -o new.npy --overwrite");
}

#ifdef TITHE_HAVE_LEARN

#  define LEARN                                                                                                        \
    "embed d --method learn --model resnet8 --width 4 --size 16 --epochs 200 --no-held-out --threads 1 -o new.npy"

static void
put_features (Fixture *fixture)
{
  put (fixture, "new.npy", "mine");
}

static void
put_record (Fixture *fixture)
{
  put (fixture, "new.npy.json", "mine");
}

static void
put_network (Fixture *fixture)
{
  put (fixture, "n.safetensors", "mine");
}

/* Of three files that embed writes, whichever came while it learned stays, none of the others is written, and what was
 * learned is there for the next call. */
static void
test_what_came_while_learning_stays (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "new.npy", "new.npy.json", "n.safetensors" };
  static void (*const puts[]) (Fixture *) = { put_features, put_record, put_network };
  g_autofree char *output = NULL;

  cli_assert_runs (fixture, "demo d --images 4 --classes 2");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *mine = g_build_filename (fixture->folder, names[i], NULL), *kept = NULL, *errors = NULL;
      int status;

      errors = cli_run_until (fixture, LEARN " --network n.safetensors", "epoch 1 of 200", puts[i], &status);
      g_assert_cmpint (status, ==, 1);
      g_assert_nonnull (strstr (errors, names[i]));
      g_assert_nonnull (strstr (errors, "what was learned is kept in"));
      g_assert_nonnull (strstr (errors, "new.npy.checkpoint"));
      g_assert_nonnull (strstr (errors, "--overwrite"));
      kept = cli_read (fixture, names[i], NULL);
      g_assert_cmpstr (kept, ==, "mine");
      for (guint other = 0; other < G_N_ELEMENTS (names); other++)
        {
          g_autofree char *path = g_build_filename (fixture->folder, names[other], NULL);

          g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS) == (other == i));
        }
      g_assert_cmpint (g_unlink (mine), ==, 0);
      if (i + 1 < G_N_ELEMENTS (names))
        {
          g_autofree char *checkpoint = g_build_filename (fixture->folder, "new.npy.checkpoint", NULL);

          g_assert_cmpint (g_unlink (checkpoint), ==, 0);
        }
    }
  put_features (fixture);
  g_assert_cmpint (cli_run (fixture, LEARN " --network n.safetensors --overwrite", &output, NULL), ==, 0);
  g_assert_null (strstr (output, "epoch"));
  cli_assert_runs (fixture, "cluster d --embeddings new.npy -o s.tithe");
}

#endif

/* A folder that a manifest's pictures lie in is not replaced even where Tithe made it; one of links to them is. */
static void
test_exports_that_are_datasets_stay (Fixture *fixture, gconstpointer data)
{
  make_all (fixture);
  cli_assert_runs (fixture, "export s.tithe --ratio 0.7 --format tree -o tree");
  cli_assert_runs (fixture, "export s.tithe --ratio 0.7 --format tree --link hard -o linked");
  put (fixture, "t.csv", "path,label\ntree/boat/0000.png,a\nd/boat/0001.png,a\n");
  g_free (fixture_write_rows (fixture->folder, "t.npy", 2, 3, 1));
  cli_assert_runs (fixture, "cluster t.csv --embeddings t.npy -o t.tithe");
  cli_assert_fails (fixture, "export t.tithe --ratio 1 --format tree -o tree --overwrite", 1, "never written to");
  cli_assert_runs (fixture, "export s.tithe --ratio 0.5 --format tree --link hard -o linked --overwrite");
}

static void
test_sessions_with_decisions_take_more (Fixture *fixture, gconstpointer data)
{
  cli_assert_runs (fixture, "demo d --images 40 --classes 2");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
  cli_assert_fails (fixture, "cluster d --embeddings f.npy -o s.tithe", 1, "--overwrite");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe --overwrite");
  cli_assert_runs (fixture, "decide s.tithe --rule at-least --value 19 --ratio 0.8");
  cli_assert_fails (fixture, "cluster d --embeddings f.npy -o s.tithe --overwrite", 1, "--replace");
  cli_assert_runs (fixture, "decide s.tithe --undo");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe --replace");
}

/* The same line whether a place is named or not, and nothing is written in either case. */
static void
test_a_dry_run_says_how_much_and_writes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL, *said = NULL, *placed = NULL, *errors = NULL, *more = NULL;

  make_all (fixture);
  before = take_snapshot (fixture);
  g_assert_cmpint (cli_run (fixture, "subset s.tithe --ratio 0.7 --format tree --dry-run", &said, &errors), ==, 0);
  g_assert_true (g_str_has_prefix (said, "28 images, 2 classes, 29 files, "));
  g_assert_cmpint (cli_run (fixture, "subset s.tithe --ratio 0.7 --format tree --dry-run -o new", &placed, &more), ==,
                   0);
  g_assert_cmpstr (said, ==, placed);
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.7 --format tree --dry-run -o full", 1, "full");
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.7 --format tree --dry-run -o d/new", 1, "d/new");
  after = take_snapshot (fixture);
  g_assert_cmpstr (before, ==, after);
}

#define ADD(path, function) g_test_add ("/cli-targets/" path, Fixture, NULL, cli_set_up, function, cli_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("nothing-is-written-into-a-dataset", test_nothing_is_written_into_a_dataset);
  ADD ("nothing-is-replaced-unasked", test_nothing_is_replaced_unasked);
  ADD ("inputs-stay", test_inputs_stay);
  ADD ("records-are-not-replaced-unasked", test_records_are_not_replaced_unasked);
#ifdef TITHE_HAVE_LEARN
  ADD ("what-came-while-learning-stays", test_what_came_while_learning_stays);
#endif
  ADD ("exports-that-are-datasets-stay", test_exports_that_are_datasets_stay);
  ADD ("sessions-with-decisions-take-more", test_sessions_with_decisions_take_more);
  ADD ("a-dry-run-says-how-much-and-writes-nothing", test_a_dry_run_says_how_much_and_writes_nothing);
  return g_test_run ();
}
