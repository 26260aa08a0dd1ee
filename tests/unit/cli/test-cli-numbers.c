/* SPDX-License-Identifier: MIT */
#include "cli-fixture.h"

#include <string.h>

/* An option that takes a number takes nothing else: wrong usage, and a line that names the option and what was given. */
static void
test_what_is_no_number_in_range_is_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *words, *option, *given;
  } cases[] = {
    { "demo d --seed -1", "--seed", "-1" },
    { "demo d -s 1x", "--seed", "1x" },
    { "demo d --seed 4294967296", "--seed", "4294967296" },
    { "demo d --seed 99999999999999999999", "--seed", "99999999999999999999" },
    { "demo d --images 0", "--images", "0" },
    { "demo d --images 1e3", "--images", "1e3" },
    { "demo d -n -5", "--images", "-5" },
    { "demo d --test -2", "--test", "-2" },
    { "demo d --classes 11", "--classes", "11" },
    { "info d --threads -1", "--threads", "-1" },
    { "info d -t two", "--threads", "two" },
    { "embed d -o f.npy --seed -1", "--seed", "-1" },
    { "embed d -o f.npy --epochs 0", "--epochs", "0" },
    { "embed d -o f.npy --epochs -3", "--epochs", "-3" },
    { "embed d -o f.npy --rate nan", "--rate", "nan" },
    { "embed d -o f.npy --rate 0", "--rate", "0" },
    { "embed d -o f.npy --rate -0.1", "--rate", "-0.1" },
    { "embed d -o f.npy --rate 0,1", "--rate", "0,1" },
    { "embed d -o f.npy --rate 0x1p3", "--rate", "0x1p3" },
    { "embed d -o f.npy --smoothing inf", "--smoothing", "inf" },
    { "embed d -o f.npy --decay -1", "--decay", "-1" },
    { "embed d -o f.npy --shift 2", "--shift", "2" },
    { "embed d -o f.npy --width 2", "--width", "2" },
    { "embed d -o f.npy --size 8", "--size", "8" },
    { "embed d -o f.npy --depth 7", "--depth", "7" },
    { "cluster d -e f.npy -o s --max-memory -1", "--max-memory", "-1" },
    { "cluster d -e f.npy -o s --max-memory 4X", "--max-memory", "4X" },
    { "cluster d -e f.npy -o s --max-memory 0", "--max-memory", "0" },
    { "cluster d -e f.npy -o s --max-memory nanG", "--max-memory", "nanG" },
    { "cluster d -e f.npy -o s --max-memory 99999999999T", "--max-memory", "99999999999T" },
    { "subset s --format csv -o x --ratio -1", "--ratio", "-1" },
    { "subset s --format csv -o x --ratio nan", "--ratio", "nan" },
    { "subset s --format csv -o x --ratio 1.01", "--ratio", "1.01" },
    { "subset s --format csv -o x --ratio 0.5x", "--ratio", "0.5x" },
    { "subset s --format csv -o x --threshold -1", "--threshold", "-1" },
    { "subset s --format csv -o x --threshold 2.5", "--threshold", "2.5" },
    { "decide s --rule at-least --ratio 0.9 --value -5", "--value", "-5" },
    { "decide s --rule at-least --ratio 0.9 --value 0", "--value", "0" },
    { "figure s --kind sizes --ratio 0.9 -o x.svg --width 84mm", "--width", "84mm" },
    { "figure s --kind sizes --ratio 0.9 -o x.svg --height -1", "--height", "-1" },
    { "figure s --kind groups --ratio 0.9 -o x.svg --sample 0", "--sample", "0" },
    { "figure s --kind groups --ratio 0.9 -o x.svg --columns 21", "--columns", "21" },
    { "figure s --kind groups --ratio 0.9 -o x.svg --seed -1", "--seed", "-1" },
    { "report s --ratio 0.9 -o x.html --groups -1", "--groups", "-1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *errors = NULL;
      int status = cli_run (fixture, cases[i].words, NULL, &errors);

      if (status != 2 || strstr (errors, cases[i].option) == NULL || strstr (errors, cases[i].given) == NULL
          || strchr (errors, '\n') != errors + strlen (errors) - 1)
        g_error ("“%s” ended with %d: %s", cases[i].words, status, errors);
    }
}

/* An option that takes one of some words names them; another spelling of one is taken, what is of files alone isn't. */
static void
test_words (Fixture *fixture, gconstpointer data)
{
  cli_assert_fails (fixture, "cluster d -e f.npy -o s --linkage ward", 2,
                    "--linkage takes complete, average or single, not “ward”");
  cli_assert_fails (fixture, "subset s --format csv -o x --ratio 0.9 --what usual", 2,
                    "--what takes kept, discarded or both, not “usual”");
  cli_assert_fails (fixture, "verify s --budget Both", 2, "--budget takes epochs, steps or both, not “Both”");
  cli_assert_fails (fixture, "figure s --kind groups --ratio 0.9 -o x.svg --width wide", 2, "--width takes");
  cli_assert_fails (fixture, "coverage s --representative center", 1, "there is no session");
}

/* Numbers are what they say they are: sizes in powers of 1024, whatever the case. */
static void
test_sizes (Fixture *fixture, gconstpointer data)
{
  static const char *const too_little[] = { "10000", "10000B", "9K", "9kB", "9KiB", "0.009M" };
  static const char *const enough[] = { "1g", "0.5G", "800M", "1GiB", "1T" };

  cli_assert_runs (fixture, "demo d --images 40 --classes 2 --seed 4");
  cli_assert_runs (fixture, "embed d --method quick -o f.npy");
  for (guint i = 0; i < G_N_ELEMENTS (too_little); i++)
    {
      g_autofree char *words
          = g_strconcat ("cluster d --embeddings f.npy -o s.tithe --max-memory ", too_little[i], NULL);

      cli_assert_fails (fixture, words, 1, "--max-memory");
    }
  for (guint i = 0; i < G_N_ELEMENTS (enough); i++)
    {
      g_autofree char *words
          = g_strdup_printf ("cluster d --embeddings f.npy -o s%u.tithe --max-memory %s", i, enough[i]);

      cli_assert_runs (fixture, words);
    }
}

#define ADD(path, function) g_test_add ("/cli-numbers/" path, Fixture, NULL, cli_set_up, function, cli_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("what-is-no-number-in-range-is-refused", test_what_is_no_number_in_range_is_refused);
  ADD ("words", test_words);
  ADD ("sizes", test_sizes);
  return g_test_run ();
}
