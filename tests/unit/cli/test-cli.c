/* SPDX-License-Identifier: MIT */
#include "cli-fixture.h"
#include "base/tithe-byte-order.h"
#include "faulty-disk.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The contract of the command line, from outside. TITHE_CLI names the program. */

static void
test_demo_to_subset (Fixture *fixture, gconstpointer data)
{
  g_autofree char *csv = NULL, *truth = NULL, *indices = NULL, *again = NULL;
  g_auto (GStrv) lines = NULL;
  guint n_kept = 0;
  gsize size, same_size;

  cli_assert_runs (fixture, "demo d --images 300 --classes 3 --seed 4");
  truth = cli_read (fixture, "d/truth.csv", NULL);
  g_assert_true (g_str_has_prefix (truth, "path,group\n"));
  cli_assert_runs (fixture, "info d --json");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
  cli_assert_runs (fixture, "subset s.tithe --ratio 0.8 --format csv -o x.csv");
  cli_assert_runs (fixture, "subset s.tithe --ratio 0.8 --format indices -o x.npy");
  cli_assert_runs (fixture, "subset s.tithe --ratio 0.8 --format jsonl -o x.jsonl");
  cli_assert_runs (fixture,
                   "subset s.tithe --threshold 0.01 --policy global --representative first --format paths -o x.txt");
  cli_assert_runs (fixture, "linkage s.tithe --class boat -o z.npy");
  csv = cli_read (fixture, "x.csv", NULL);
  lines = g_strsplit (csv, "\n", -1);
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ",", -1);

      n_kept += g_str_equal (fields[5], "1");
    }
  g_assert_cmpuint (n_kept, ==, 240);
  indices = cli_read (fixture, "x.npy", &size);
  g_assert_cmpuint (size, ==, 128 + 240 * 8);
  /* The same again is the same to the byte. */
  cli_assert_runs (fixture, "embed d --method quick --threads 1 -o f2.npy");
  cli_assert_runs (fixture, "cluster d --embeddings f2.npy --threads 1 -o s2.tithe");
  cli_assert_runs (fixture, "subset s2.tithe --ratio 0.8 --format indices -o x2.npy");
  again = cli_read (fixture, "x2.npy", &same_size);
  g_assert_cmpmem (indices, size, again, same_size);
}

static gboolean
prints (Fixture *fixture, const char *words, const char *part)
{
  g_autofree char *output = NULL;

  return cli_run (fixture, words, &output, NULL) == 0 && strstr (output, part) != NULL;
}

static void
test_decide_and_draw (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL, *after = NULL, *figure = NULL;

  cli_assert_runs (fixture, "demo d --images 200 --classes 2");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
  cli_assert_runs (fixture, "subset s.tithe --ratio 0.8 --format csv -o before.csv");
  g_assert_true (prints (fixture, "decide s.tithe --rule at-least --value 90 --ratio 0.8 --dry-run", ": 20 images"));
  g_assert_true (prints (fixture, "decide s.tithe --rule largest --ratio 0.8 --dry-run", "so none is larger."));
  g_assert_true (
      prints (fixture, "decide s.tithe --rule sharpest --ratio 0.8 --dry-run --json", "\"other_sharpness\""));
  g_assert_true (prints (fixture, "decide s.tithe --undo", "nothing to undo"));
  g_assert_true (prints (fixture, "decide s.tithe --rule at-least --value 90 --ratio 0.8", "160 before and 180 after"));
  g_assert_true (prints (fixture, "decide s.tithe --rule sharpest --ratio 0.8 --json", "\"representative\""));
  cli_assert_fails (fixture, "decide s.tithe --rule protect-folder --value nowhere --ratio 0.8", 1, "nowhere");
  cli_assert_fails (fixture, "decide s.tithe --rule at-least --value some --ratio 0.8", 2, "--value");
  cli_assert_fails (fixture, "decide s.tithe --rule largest --value 3 --ratio 0.8", 2, "--value");
  cli_assert_fails (fixture, "decide s.tithe --rule best --ratio 0.8", 2, "--rule");
  cli_assert_fails (fixture, "decide s.tithe --rule largest", 2, "--ratio");
  cli_assert_runs (fixture, "decide s.tithe --undo");
  cli_assert_runs (fixture, "decide s.tithe --undo");
  cli_assert_runs (fixture, "subset s.tithe --ratio 0.8 --format csv -o after.csv");
  before = cli_read (fixture, "before.csv", NULL);
  after = cli_read (fixture, "after.csv", NULL);
  g_assert_cmpstr (before, ==, after);
  cli_assert_runs (fixture, "figure s.tithe --kind sizes --ratio 0.8 --width 84 -o sizes.svg");
  figure = cli_read (fixture, "sizes.svg", NULL);
  g_assert_nonnull (strstr (figure, "width=\"238"));
  cli_assert_fails (fixture, "figure s.tithe --kind pie --ratio 0.8 -o x.svg", 2, "--kind");
  cli_assert_fails (fixture, "figure s.tithe --kind sizes --ratio 0.8 --width 1 -o x.svg", 2, "--width");
  cli_assert_fails (fixture, "figure s.tithe --kind sizes --ratio 0.8 -o x.bmp", 1, "x.bmp");
}

static void
test_demo_is_the_same_for_a_seed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = NULL, *b = NULL, *c = NULL;
  gsize n_a, n_b, n_c;

  cli_assert_runs (fixture, "demo a --images 20 --classes 2 --seed 9");
  cli_assert_runs (fixture, "demo b --images 20 --classes 2 --seed 9");
  cli_assert_runs (fixture, "demo c --images 20 --classes 2 --seed 10");
  a = cli_read (fixture, "a/boat/0003.png", &n_a);
  b = cli_read (fixture, "b/boat/0003.png", &n_b);
  c = cli_read (fixture, "c/boat/0003.png", &n_c);
  g_assert_cmpmem (a, n_a, b, n_b);
  g_assert_false (n_a == n_c && memcmp (a, c, n_a) == 0);
  cli_assert_fails (fixture, "demo a", 1, "not empty");
}

static void
test_info (Fixture *fixture, gconstpointer data)
{
  g_autofree char *output = NULL;

  fixture_write_picture (fixture->folder, "d/cat/1.png", 4, 4, 1);
  g_free (fixture_write (fixture->folder, "d/cat/2.png", "broken", -1));
  g_assert_cmpint (cli_run (fixture, "info d", &output, NULL), ==, 0);
  g_assert_nonnull (strstr (output, "cat"));
  g_assert_nonnull (strstr (output, "2.png"));
}

static void
test_failures (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = NULL, *images = g_build_filename (fixture->folder, "d", NULL);
  g_autofree char *session = g_build_filename (fixture->folder, "s.tithe", NULL);

  fixture_write_classes (images, 1, 3);
  rows = fixture_write_rows (fixture->folder, "f.npy", 4, 2, 1);
  cli_assert_fails (fixture, "info nowhere", 1, "nowhere");
  cli_assert_fails (fixture, "cluster d --embeddings f.npy -o s.tithe", 1, "4 rows");
  cli_assert_fails (fixture, "cluster d --embeddings none.npy -o s.tithe", 1, "none.npy");
  cli_assert_fails (fixture, "subset f.npy --ratio 0.5 --format csv -o x", 1, "f.npy");
  g_assert_false (g_file_test (session, G_FILE_TEST_EXISTS));
}

/* Where an embedding was moved, the option that helps is named. */
static void
test_missing_embedding (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = g_build_filename (fixture->folder, "f.npy", NULL);
  g_autofree char *moved = g_build_filename (fixture->folder, "moved.npy", NULL);

  cli_assert_runs (fixture, "demo d --images 20 --classes 2 --seed 4");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
  g_assert_cmpint (g_rename (rows, moved), ==, 0);
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.5 --format csv -o x.csv", 1, "--embeddings");
  cli_assert_runs (fixture, "subset s.tithe --embeddings moved.npy --ratio 0.5 --format csv -o x.csv");
}

/* Two embeddings of 20 images in one file. */
static void
write_two_tensors (Fixture *fixture, const char *name)
{
  static const char header[] = "{\"a\":{\"dtype\":\"F32\",\"shape\":[20,2],\"data_offsets\":[0,160]},"
                               "\"b\":{\"dtype\":\"F32\",\"shape\":[20,2],\"data_offsets\":[160,320]}}";
  const guint64 length = GUINT64_TO_LE ((guint64) strlen (header));
  g_autoptr (GByteArray) file = g_byte_array_new ();

  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header, sizeof header - 1);
  for (guint i = 0; i < 80; i++)
    {
      float value = (float) (i % 7) + 1;

      tithe_byte_order_copy (&value, &value, 1, sizeof value);
      g_byte_array_append (file, (const guint8 *) &value, sizeof value);
    }
  g_free (fixture_write (fixture->folder, name, file->data, file->len));
}

/* Core knows nothing of options: where one helps, the command line says which. */
static void
test_failures_name_the_option_that_helps (Fixture *fixture, gconstpointer data)
{
  g_autofree char *from = g_build_filename (fixture->folder, "f.npy", NULL);
  g_autofree char *to = g_build_filename (fixture->folder, "moved.npy", NULL);

  cli_assert_runs (fixture, "demo d --images 20 --classes 2");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  write_two_tensors (fixture, "two.safetensors");
  cli_assert_fails (fixture, "cluster d --embeddings two.safetensors -o s.tithe", 1, "--array");
  cli_assert_runs (fixture, "cluster d --embeddings two.safetensors --array b -o s.tithe");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe --overwrite");
  g_assert_cmpint (g_rename (from, to), ==, 0);
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.5 --format csv -o x.csv", 1, "--embeddings");
  cli_assert_runs (fixture, "subset s.tithe --ratio 0.5 --format csv -o x.csv --embeddings moved.npy");
  cli_assert_fails (fixture, "demo d", 1, "not empty");
}

/* Clustered as a whole or not at all: no session without some of its classes is written. */
static void
test_too_little_memory (Fixture *fixture, gconstpointer data)
{
  g_autofree char *session = g_build_filename (fixture->folder, "s.tithe", NULL);

  cli_assert_runs (fixture, "demo d --images 40 --classes 2 --seed 4");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_fails (fixture, "cluster d --embeddings f.npy -o s.tithe --max-memory 10000", 1, "with 20 images");
  cli_assert_fails (fixture, "cluster d --embeddings f.npy -o s.tithe --max-memory 10000", 1,
                    "(--max-memory, --linkage)");
  g_assert_false (g_file_test (session, G_FILE_TEST_EXISTS));
}

/* Sanitizers insist on being loaded first. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#  define CAN_PRELOAD FALSE
#else
#  define CAN_PRELOAD TRUE
#endif

/* 100 of 3,000 images would be another dataset. */
static void
test_disk_that_fails_is_no_smaller_dataset (Fixture *fixture, gconstpointer data)
{
  g_autofree char *preloaded = NULL;

  if (!CAN_PRELOAD)
    {
      g_test_skip ("built with a sanitizer");
      return;
    }
  cli_assert_runs (fixture, "demo d --images 40 --classes 2 --seed 4");
  /* The loader takes a space for the end of a path, so it gets one without. */
  preloaded = g_build_filename (fixture->folder, "../faulty-disk.so", NULL);
  g_assert_cmpint (symlink (g_getenv ("TITHE_FAULTY_DISK"), preloaded), ==, 0);
  g_setenv ("LD_PRELOAD", preloaded, TRUE);
  g_setenv (FAULTY_DISK_PATH, "/d/", TRUE);
  g_setenv (FAULTY_DISK_AFTER, "5", TRUE);
  cli_assert_fails (fixture, "info d", 1, g_strerror (EIO));
  g_unsetenv (FAULTY_DISK_PATH);
  cli_assert_runs (fixture, "info d");
  g_unsetenv ("LD_PRELOAD");
}

static void
test_wrong_usage (Fixture *fixture, gconstpointer data)
{
  cli_assert_fails (fixture, "frobnicate", 2, "frobnicate");
  cli_assert_fails (fixture, "info", 2, "");
  cli_assert_fails (fixture, "cluster . -o s.tithe", 2, "--embeddings");
  cli_assert_fails (fixture, "subset s.tithe --ratio 1.5 --format csv -o x", 2, "--ratio");
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.5 --threshold 1 --format csv -o x", 2, "either");
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.5 --format xml -o x", 2, "--format");
  cli_assert_fails (fixture, "demo d --classes 11", 2, "--classes");
  cli_assert_fails (fixture, "demo d --images 3 --classes 4", 2, "at least the number of classes");
  cli_assert_fails (fixture, "demo d --test 3 --classes 4", 2, "at least the number of classes");
  cli_assert_fails (fixture, "cluster . --embeddings f.npy --linkage ward -o s", 2, "--linkage");
}

/* What embed is asked for is looked at before any picture is. */
static void
test_wrong_wishes_of_embed (Fixture *fixture, gconstpointer data)
{
  cli_assert_fails (fixture, "embed none", 2, "--output");
  cli_assert_fails (fixture, "embed none -o f.npy --method magic", 2, "learn or quick");
#ifdef TITHE_HAVE_LEARN
  cli_assert_fails (fixture, "embed none -o f.npy --depth 9", 2, "6n + 2");
  cli_assert_fails (fixture, "embed none -o f.npy --width 6", 2, "multiples of 4");
  cli_assert_fails (fixture, "embed none -o f.npy --size 30", 2, "multiples of 4");
  cli_assert_fails (fixture, "embed none -o f.npy --model vgg", 2, "resnet32");
  cli_assert_fails (fixture, "embed none -o f.npy --network f.npy", 2, "two names");
  cli_assert_runs (fixture, "demo d --images 4 --classes 2");
  cli_assert_fails (fixture, "embed d -o f.npy --network none.safetensors", 1, "--method learn");
#endif
}

#ifdef TITHE_HAVE_LEARN

/* A network that is written gives the same features as those that it was learned with; its options decide what it is. */
static void
test_learned_network_is_applied (Fixture *fixture, gconstpointer data)
{
  static const char learn[] = "embed d --method learn -o f.npy --depth 8 --width 4 --size 16 --epochs 1 --rate 0.1 "
                              "--smoothing 0.1 --decay 0.001 "
                              "--shift 0 --seed 7 --threads 1 --network n.safetensors";
  g_autofree char *learned = NULL, *applied = NULL, *record = NULL, *output = NULL;
  gsize size, size_applied;

  cli_assert_runs (fixture, "demo d --images 20 --classes 2 --test 4");
  g_assert_cmpint (cli_run (fixture, learn, &output, NULL), ==, 0);
  g_assert_nonnull (strstr (output, "test accuracy"));
  cli_assert_runs (fixture, "embed d -o again.npy --network n.safetensors --threads 1");
  learned = cli_read (fixture, "f.npy", &size);
  applied = cli_read (fixture, "again.npy", &size_applied);
  g_assert_cmpmem (learned, size, applied, size_applied);
  record = cli_read (fixture, "f.npy.json", NULL);
  g_assert_nonnull (strstr (record, "resnet8 width 4"));
  g_free (fixture_write (fixture->folder, "broken.safetensors", "no network", -1));
  cli_assert_fails (fixture, "embed d -o other.npy --network broken.safetensors", 1, "broken.safetensors");
}

#endif

/* The matrix is of the class that was named, and a class that is not there is. */
static void
test_linkage_is_of_one_class (Fixture *fixture, gconstpointer data)
{
  const guint8 ten[] = { 0, 0, 0, 0, 0, 0, 0x24, 0x40 }; /* in float64, the lowest byte first on every machine */
  g_autofree char *matrix = NULL;
  gsize size;

  cli_assert_runs (fixture, "demo d --images 20 --classes 2");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  cli_assert_runs (fixture, "cluster d --embeddings f.npy -o s.tithe");
  cli_assert_runs (fixture, "linkage s.tithe --class boat -o z.npy");
  matrix = cli_read (fixture, "z.npy", &size);
  g_assert_nonnull (g_strstr_len (matrix + 10, 118, "(9, 4)"));
  g_assert_cmpmem (matrix + size - 8, 8, ten, 8);
  cli_assert_fails (fixture, "linkage s.tithe -o y.npy", 2, "--class");
  cli_assert_fails (fixture, "linkage s.tithe --class boat", 2, "--output");
  cli_assert_fails (fixture, "linkage s.tithe --class ship -o y.npy", 1, "has no class");
  cli_assert_fails (fixture, "linkage f.npy --class boat -o y.npy", 1, "f.npy");
}

static void
test_help (Fixture *fixture, gconstpointer data)
{
  static const char *const commands[] = { "demo", "info", "embed", "cluster", "linkage", "subset", "decide", "figure" };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *words = g_strconcat (commands[i], " --help", NULL), *output = NULL;

      g_assert_cmpint (cli_run (fixture, words, &output, NULL), ==, 0);
      g_assert_nonnull (strstr (output, commands[i]));
    }
}

/* Ctrl+C ends it and leaves no half-written file. */
static void
test_interrupt (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = fixture_write_rows (fixture->folder, "f.npy", 12000, 32, 1), *manifest_path = NULL;
  g_autoptr (GString) manifest = g_string_new ("path,label\n");
  g_autoptr (GDir) dir = NULL;

  for (guint i = 0; i < 12000; i++)
    g_string_append_printf (manifest, "%05u.png,a\n", i);
  manifest_path = fixture_write (fixture->folder, "m.csv", manifest->str, -1);
  cli_assert_interrupted (fixture, "cluster m.csv --embeddings f.npy -o s.tithe", "Clustering", "s.tithe");
  dir = g_dir_open (fixture->folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    g_assert_true (g_str_equal (name, "f.npy") || g_str_equal (name, "m.csv"));
}

/* --- exports and their replay --- */

static void
make_session (Fixture *fixture, const char *images)
{
  g_autofree char *demo = g_strdup_printf ("demo d --images %s --classes 2 --test 40", images);

  g_assert_cmpint (cli_run (fixture, demo, NULL, NULL), ==, 0);
  g_assert_cmpint (cli_run (fixture, "embed d --method quick -o f.npy", NULL, NULL), ==, 0);
  g_assert_cmpint (cli_run (fixture, "cluster d --embeddings f.npy -o s.tithe", NULL, NULL), ==, 0);
}

static void
assert_same_file (Fixture *fixture, const char *a, const char *b)
{
  gsize a_size, b_size;
  g_autofree char *x = cli_read (fixture, a, &a_size), *y = cli_read (fixture, b, &b_size);

  g_assert_cmpmem (x, a_size, y, b_size);
}

static void
test_replay (Fixture *fixture, gconstpointer data)
{
  g_autofree char *output = NULL, *errors = NULL, *gone = NULL, *again = NULL, *path = NULL;

  make_session (fixture, "80");
  g_assert_cmpint (cli_run (fixture, "export s.tithe --ratio 0.5 --format csv -o a.csv", NULL, NULL), ==, 0);
  g_assert_cmpint (cli_run (fixture, "export s.tithe --ratio 0.5 --format webdataset --class balloon -o a", NULL, NULL),
                   ==, 0);
  g_assert_cmpint (cli_run (fixture, "export s.tithe --ratio 0.5 --format csv -o a.csv", NULL, &errors), ==, 1);
  g_assert_nonnull (strstr (errors, "--overwrite"));
  /* A decision later on is none of the export's business. */
  g_assert_cmpint (cli_run (fixture, "decide s.tithe --rule discard-others --ratio 0.6", NULL, NULL), ==, 0);
  g_assert_cmpint (cli_run (fixture, "replay a.csv.provenance.json -o b.csv", &output, NULL), ==, 0);
  g_assert_true (g_str_has_prefix (output, "Identical"));
  assert_same_file (fixture, "a.csv", "b.csv");
  assert_same_file (fixture, "a.csv.provenance.json", "b.csv.provenance.json");
  g_assert_cmpint (cli_run (fixture, "replay a -o b", NULL, NULL), ==, 0);
  assert_same_file (fixture, "a/subset-000000.tar", "b/subset-000000.tar");
  assert_same_file (fixture, "a/provenance.json", "b/provenance.json");
  /* What changed is named, and nothing is written. */
  path = g_build_filename (fixture->folder, "d", "train", "balloon", "0003.png", NULL);
  unlink (path);
  g_assert_cmpint (cli_run (fixture, "replay a.csv.provenance.json -o c.csv", NULL, &gone), ==, 1);
  g_assert_nonnull (strstr (gone, "1 image is gone: train/balloon/0003.png"));
  again = g_build_filename (fixture->folder, "c.csv", NULL);
  g_assert_false (g_file_test (again, G_FILE_TEST_EXISTS));
}

/* A picture that is another though its name and size are the same is in whatever has pictures in it, and nowhere else. */
static char *
count_kept (Fixture *fixture, const char *words)
{
  GString *counts = g_string_new (NULL);
  g_autofree char *csv = NULL;
  g_auto (GStrv) lines = NULL;
  guint kept[3] = { 0 };

  g_assert_cmpint (cli_run (fixture, words, &csv, NULL), ==, 0);
  lines = g_strsplit (csv, "\n", -1);
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) cells = g_strsplit (lines[i], ",", -1);

      g_assert_true (cells[2][0] >= 'a' && cells[2][0] <= 'c');
      kept[cells[2][0] - 'a'] += g_str_equal (cells[5], "1");
    }
  g_string_printf (counts, "%u %u %u", kept[0], kept[1], kept[2]);
  return g_string_free (counts, FALSE);
}

/* A class has a ratio of its own for one subset, which is made again from its provenance, or in the session. */
static void
test_class_ratio (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = fixture_write_rows (fixture->folder, "f.npy", 60, 6, 1), *manifest_path = NULL;
  g_autofree char *once = NULL, *decided = NULL, *both = NULL, *undone = NULL, *automatic = NULL, *a = NULL, *b = NULL;
  g_autoptr (GString) manifest = g_string_new ("path,label\n");
  gsize size, again;

  for (guint i = 0; i < 60; i++)
    g_string_append_printf (manifest, "%05u.png,%c\n", i, 'a' + (int) i / 20);
  manifest_path = fixture_write (fixture->folder, "m.csv", manifest->str, -1);
  cli_assert_runs (fixture, "cluster m.csv --embeddings f.npy -o s.tithe");
  once = count_kept (fixture, "subset s.tithe --ratio 0.5 --class-ratio b=0.8 --class-ratio c=1 --format csv -o -");
  g_assert_cmpstr (once, ==, "10 16 20");
  cli_assert_runs (fixture, "subset s.tithe --ratio 0.5 --class-ratio b=0.8 --format csv -o a.csv");
  cli_assert_runs (fixture, "replay a.csv.provenance.json -o b.csv");
  a = cli_read (fixture, "a.csv", &size);
  b = cli_read (fixture, "b.csv", &again);
  g_assert_cmpmem (a, size, b, again);
  cli_assert_runs (fixture, "decide s.tithe --class-ratio b=0.25 --class-ratio a=0.75");
  cli_assert_runs (fixture, "decide s.tithe --class-ratio b=0.9 --dry-run");
  decided = count_kept (fixture, "subset s.tithe --ratio 0.5 --format csv -o -");
  g_assert_cmpstr (decided, ==, "15 5 10");
  both = count_kept (fixture, "subset s.tithe --ratio 0.5 --class-ratio b=1 --format csv -o -");
  g_assert_cmpstr (both, ==, "15 20 10");
  automatic = count_kept (fixture, "subset s.tithe --ratio 0.5 --class-ratio b=1 --automatic --format csv -o -");
  g_assert_cmpstr (automatic, ==, "10 20 10");
  cli_assert_runs (fixture, "decide s.tithe --class-ratio b=all");
  cli_assert_runs (fixture, "decide s.tithe --undo");
  cli_assert_runs (fixture, "decide s.tithe --undo");
  undone = count_kept (fixture, "subset s.tithe --ratio 0.5 --format csv -o -");
  g_assert_cmpstr (undone, ==, "10 5 10");
  cli_assert_fails (fixture, "decide s.tithe --class-ratio a=0.1 --class-ratio d=0.1", 1, "no class “d”");
  cli_assert_fails (fixture, "decide s.tithe --class-ratio a=0", 2, "not “0”");
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.5 --class-ratio a --format csv -o -", 2, "such as cat=0.8");
  cli_assert_fails (fixture, "subset s.tithe --ratio 0.5 --class-ratio a=2 --format csv -o -", 1, "no ratio");
  g_free (undone);
  undone = count_kept (fixture, "subset s.tithe --ratio 0.5 --format csv -o -");
  g_assert_cmpstr (undone, ==, "10 5 10");
}

static void
test_replay_sees_pictures (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *form;
    gboolean has_pictures;
  } forms[] = { { "tree", TRUE },
                { "imagefolder", TRUE },
                { "fiftyone", TRUE },
                { "webdataset", TRUE },
                { "idx", TRUE },
                { "tree --link hard", FALSE },
                { "fiftyone --link symbolic", FALSE },
                { "csv", FALSE } };
  const char *names[] = { "train/balloon/0002.png", "train/balloon/0003.png" };
  g_autofree char *smaller = NULL, *path = NULL;
  char *pictures[2];
  gsize sizes[2];
  guint larger;

  make_session (fixture, "80");
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *words
          = g_strdup_printf ("export s.tithe --ratio 0.5 --what both -o o%u --format %s", i, forms[i].form);

      cli_assert_runs (fixture, words);
    }
  /* The larger file becomes the smaller picture, with zeros after its end. */
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *name = g_strconcat ("d/", names[i], NULL);

      pictures[i] = cli_read (fixture, name, &sizes[i]);
    }
  larger = sizes[1] > sizes[0];
  smaller = g_malloc0 (sizes[larger]);
  memcpy (smaller, pictures[!larger], sizes[!larger]);
  path = g_build_filename (fixture->folder, "d", names[larger], NULL);
  g_assert_true (g_file_set_contents (path, smaller, (gssize) sizes[larger], NULL));
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *words
          = g_strdup_printf ("replay o%u%s -o again%u", i, i + 1 < G_N_ELEMENTS (forms) ? "" : ".provenance.json", i);
      g_autofree char *named
          = g_strdup_printf ("1 class have other contents than they had: balloon (written since: %s)", names[larger]);
      g_autofree char *again = g_strdup_printf ("%s/again%u", fixture->folder, i), *errors = NULL;

      g_assert_cmpint (cli_run (fixture, words, NULL, &errors), ==, forms[i].has_pictures);
      if (forms[i].has_pictures && strstr (errors, named) == NULL)
        g_error ("%s: %s", forms[i].form, errors);
      g_assert_cmpint (g_file_test (again, G_FILE_TEST_EXISTS), ==, !forms[i].has_pictures);
    }
  g_free (pictures[0]);
  g_free (pictures[1]);
}

static void
test_figures_and_report (Fixture *fixture, gconstpointer data)
{
  static const char *const commands[] = {
    "figure s.tithe --kind groups --ratio 0.7 --sample 3 --columns 2 -o g.pdf",
    "figure s.tithe --kind groups --ratio 0.7 --group 0 --group 1 --caption pose --width column -o g.png",
    "figure s.tithe --kind groups --ratio 0.7 -o g.svg",
    "figure s.tithe --kind coverage --ratios 0.9,0.5 -o c.svg",
    "figure s.tithe --kind sizes --ratio 0.7 --width page -o s.pdf",
  };
  g_autofree char *errors = NULL, *html = NULL, *pdf = NULL;
  gsize size;

  make_session (fixture, "80");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_assert_cmpint (cli_run (fixture, commands[i], NULL, NULL), ==, 0);
  pdf = cli_read (fixture, "g.pdf", &size);
  g_assert_true (size > 5 && memcmp (pdf, "%PDF-", 5) == 0);
  g_assert_cmpint (cli_run (fixture, "figure s.tithe --kind groups --ratio 0.7 --group 9999 -o x.pdf", NULL, &errors),
                   ==, 2);
  g_assert_nonnull (strstr (errors, "9999"));
  g_assert_cmpint (cli_run (fixture, "figure s.tithe --kind accuracy -o x.pdf", NULL, NULL), ==, 1);
  g_assert_cmpint (cli_run (fixture, "report s.tithe --ratio 0.7 -o r.html", NULL, NULL), ==, 0);
  html = cli_read (fixture, "r.html", &size);
  g_assert_nonnull (strstr (html, "56 of 80"));
  g_assert_null (strstr (html, "http://"));
  g_assert_null (strstr (html, "https://"));
}

/* Every command that ends in a file asks before its work, and before it writes into the dataset. */
static void
test_nothing_is_replaced_unasked (Fixture *fixture, gconstpointer data)
{
  static const char *const commands[] = {
    "figure s.tithe --kind sizes --ratio 0.7",
    "figure s.tithe --kind groups --ratio 0.7 --sample 1",
    "figure s.tithe --kind coverage --ratios 0.9",
    "report s.tithe --ratio 0.7",
    "coverage s.tithe --ratios 0.9",
    "subset s.tithe --ratio 0.7 --format csv",
#ifdef TITHE_HAVE_LEARN
    "verify s.tithe --quick --epochs 1 --trials 1 --size 16 --ratios 0.5",
#endif
  };

  make_session (fixture, "80");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      const gboolean verify = g_str_has_prefix (commands[i], "verify");
      const char *option = verify ? "--csv" : "-o", *ending = g_str_has_prefix (commands[i], "figure") ? "svg" : "txt";
      g_autofree char *name = g_strdup_printf ("there-%u.%s", i, ending);
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL), *kept = NULL, *now = NULL;
      g_autofree char *plain = g_strdup_printf ("%s %s %s", commands[i], option, name);
      g_autofree char *asked = g_strconcat (plain, " --overwrite", NULL);
      g_autofree char *inside = g_strdup_printf ("%s %s d/inside.%s", commands[i], option, ending);
      g_autofree char *folder = g_strdup_printf ("%s %s .", commands[i], option);

      g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
      cli_assert_fails (fixture, plain, 1, "--overwrite");
      kept = cli_read (fixture, name, NULL);
      g_assert_cmpstr (kept, ==, "mine");
      cli_assert_fails (fixture, inside, 1, "never written to");
      cli_assert_fails (fixture, folder, 1, "cannot write");
      cli_assert_runs (fixture, asked);
      now = cli_read (fixture, name, NULL);
      g_assert_cmpstr (now, !=, "mine");
    }
}

#ifdef TITHE_HAVE_LEARN
/* One line for each trial, with its accuracy. */
static char *
read_trials (Fixture *fixture, const char *session)
{
  g_autofree char *words = g_strdup_printf ("verify %s --show --csv trials.csv --overwrite", session);

  g_assert_cmpint (cli_run (fixture, words, NULL, NULL), ==, 0);
  return cli_read (fixture, "trials.csv", NULL);
}

static GPid
start_in (Fixture *fixture, const char *words)
{
  g_auto (GStrv) argv = fixture_command (g_getenv ("TITHE_CLI"), words);
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_spawn_async (fixture->folder, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, &pid,
                 &error);
  g_assert_no_error (error);
  return pid;
}

/* Killed again and again and then gone on with by two workers at once, a plan comes to the same numbers as without. */
static void
test_verify_survives_kills (Fixture *fixture, gconstpointer data)
{
  static const char *const plan
      = "verify %s --quick --ratios 0.7,0.4 --budget both --trials 2 --epochs 2 --size 16 --threads 2";
  g_autofree char *whole = g_strdup_printf (plan, "s.tithe"), *part = g_strdup_printf (plan, "t.tithe");
  g_autofree char *expected = NULL, *found = NULL, *output = NULL, *errors = NULL, *told = NULL, *classes = NULL,
                  *html = NULL;
  g_auto (GStrv) lines = NULL;
  const char *row;
  GPid workers[2];
  int status;

  make_session (fixture, "120");
  g_assert_cmpint (cli_run (fixture, "cluster d --embeddings f.npy -o t.tithe", NULL, NULL), ==, 0);
  g_assert_cmpint (cli_run (fixture, "verify t.tithe --worker", NULL, NULL), ==, 1); /* nothing is planned */
  g_assert_cmpint (cli_run (fixture, whole, NULL, NULL), ==, 0);
  expected = read_trials (fixture, "s.tithe");
  for (guint kills = 1; kills <= 3; kills++)
    {
      GPid pid = start_in (fixture, part);

      g_usleep (600000 * kills);
      kill (pid, SIGKILL);
      waitpid (pid, &status, 0);
    }
  g_assert_cmpint (cli_run (fixture, "verify t.tithe --worker --trials 9", NULL, NULL), ==, 2);
  for (guint w = 0; w < 2; w++)
    workers[w] = start_in (fixture, "verify t.tithe --worker --threads 1");
  for (guint w = 0; w < 2; w++)
    waitpid (workers[w], &status, 0);
  /* Had it been killed before it had planned anything, the workers had nothing to do. */
  if (cli_run (fixture, part, &output, &errors) != 0)
    g_error ("“%s” failed: %s", part, errors);
  found = read_trials (fixture, "t.tithe");
  g_assert_cmpstr (found, ==, expected);
  g_assert_nonnull (strstr (output, "18 of 18 trials"));
  g_assert_cmpint (cli_run (fixture, "report t.tithe --ratio 0.5 -o r.html", NULL, NULL), ==, 0);
  html = cli_read (fixture, "r.html", NULL);
  g_assert_nonnull (strstr (html, "semantic, 40 %, against everything: 2 of 2 classes"));
  /* By class: nine subsets, two trials, two classes; the shares add up to the whole. */
  g_assert_cmpint (cli_run (fixture, "verify t.tithe --show --by-class --csv classes.csv", &told, NULL), ==, 0);
  g_assert_nonnull (strstr (told, "Difference, points"));
  classes = cli_read (fixture, "classes.csv", NULL);
  lines = g_strsplit (classes, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 1 + 9 * 2 * 2 + 1);
  for (guint i = 1; i + 2 < g_strv_length (lines); i += 2)
    {
      g_auto (GStrv) a = g_strsplit (lines[i], ",", -1), b = g_strsplit (lines[i + 1], ",", -1);
      g_autofree char *trial = g_strjoin (",", a[0], a[1], a[2], a[3], a[4], "", NULL);
      double right = g_ascii_strtod (a[6], NULL) * g_ascii_strtod (a[7], NULL)
                     + g_ascii_strtod (b[6], NULL) * g_ascii_strtod (b[7], NULL);

      g_assert_cmpfloat (g_ascii_strtod (a[6], NULL) + g_ascii_strtod (b[6], NULL), ==, 40);
      row = g_strstr_len (found, -1, trial);
      g_assert_nonnull (row);
      g_assert_cmpfloat_with_epsilon (right / 40, g_ascii_strtod (row + strlen (trial), NULL), 1e-5);
    }
}
#endif

#define ADD(path, function) g_test_add ("/cli/" path, Fixture, NULL, cli_set_up, function, cli_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("demo-to-subset", test_demo_to_subset);
  ADD ("decide-and-draw", test_decide_and_draw);
  ADD ("demo-seed", test_demo_is_the_same_for_a_seed);
  ADD ("info", test_info);
  ADD ("failures", test_failures);
  ADD ("missing-embedding", test_missing_embedding);
  ADD ("failures-name-the-option-that-helps", test_failures_name_the_option_that_helps);
  ADD ("too-little-memory", test_too_little_memory);
  ADD ("disk-that-fails", test_disk_that_fails_is_no_smaller_dataset);
  ADD ("usage", test_wrong_usage);
  ADD ("wrong-wishes-of-embed", test_wrong_wishes_of_embed);
#ifdef TITHE_HAVE_LEARN
  ADD ("learned-network-is-applied", test_learned_network_is_applied);
#endif
  ADD ("linkage-is-of-one-class", test_linkage_is_of_one_class);
  ADD ("help", test_help);
  ADD ("interrupt", test_interrupt);
  ADD ("replay", test_replay);
  ADD ("class-ratio", test_class_ratio);
  ADD ("replay-sees-pictures", test_replay_sees_pictures);
  ADD ("figures-and-report", test_figures_and_report);
  ADD ("nothing-is-replaced-unasked", test_nothing_is_replaced_unasked);
#ifdef TITHE_HAVE_LEARN
  ADD ("verify-survives-kills", test_verify_survives_kills);
#endif
  return g_test_run ();
}
