/* SPDX-License-Identifier: MIT */
#include "base/tithe-random.h"
#include "base/tithe-ratio.h"
#include "fixture.h"

static void
assert_percent (double ratio, const char *expected)
{
  g_autofree char *text = tithe_ratio_to_percent (ratio);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_percent_are_digits_with_the_point_moved (void)
{
  assert_percent (0.9, "90");
  assert_percent (0.3333333, "33.33333");
  assert_percent (0.07, "7");
  assert_percent (0.005, "0.5%");
  assert_percent (0.0001, "0.01%");
  assert_percent (0.0001234, "0.01234%");
  assert_percent (0.29, "29"); /* 100 times it is 28.999999999999996 */
  assert_percent (0.575, "57.5");
  assert_percent (1, "100");
}

static void
assert_read_back (double ratio)
{
  g_autofree char *percent = tithe_ratio_to_percent (ratio), *text = tithe_ratio_to_string (ratio);
  double read = -1, read_percent = -1;

  g_assert_true (tithe_ratio_parse (text, &read));
  g_assert_true (read == ratio);
  if (!tithe_ratio_parse_percent (percent, &read_percent) || read_percent != ratio)
    g_error ("%s is not %.17g", percent, ratio);
}

static void
assert_all_read_back (void)
{
  TitheRandom random = tithe_random_new (1, 0, 0);

  for (guint i = 0; i < 20000; i++)
    assert_read_back (0.0001 + 0.9998 * tithe_random_unit (&random));
  for (guint i = 1; i <= 10000; i++)
    assert_read_back (i / 10000.0);
  assert_read_back (0.3333333);
  assert_read_back (1.0 / 3);
}

/* What a person sees and leaves alone stays what it is, to the last bit. */
static void
test_what_is_shown_is_read_back (void)
{
  assert_all_read_back ();
}

static double
read_percent (const char *text)
{
  double ratio = -1;

  return tithe_ratio_parse_percent (text, &ratio) ? ratio : -1;
}

static void
test_people_write_percent (void)
{
  g_assert_true (read_percent ("90") == 0.9);
  g_assert_true (read_percent ("90%") == 0.9);
  g_assert_true (read_percent ("90 %") == 0.9);
  g_assert_true (read_percent ("90\u202f%") == 0.9);
  g_assert_true (read_percent ("72.25") == 0.7225);
  g_assert_true (read_percent ("1") == 0.01);
  g_assert_true (read_percent ("0.5 %") == 0.005);
}

/* Who writes 0.9 among percent means 90. */
static void
test_what_is_no_percent_is_refused (void)
{
  static const char *const wrong[]
      = { "", "%", " %", "0.9", "9e1", "-5", "+5", "nan", "inf", "9,0", "90 % of it", "9.0.0", "0x10", " 90" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (read_percent (wrong[i]) != -1)
      g_error ("“%s” was taken", wrong[i]);
}

static void
test_programs_write_either (void)
{
  double ratio = -1;

  g_assert_true (tithe_ratio_parse ("0.9", &ratio) && ratio == 0.9);
  g_assert_true (tithe_ratio_parse ("9e-1", &ratio) && ratio == 0.9);
  g_assert_true (tithe_ratio_parse ("90%", &ratio) && ratio == 0.9);
  g_assert_true (tithe_ratio_parse ("90 %", &ratio) && ratio == 0.9);
  g_assert_true (tithe_ratio_parse (".5", &ratio) && ratio == 0.5);
  g_assert_false (tithe_ratio_parse ("", &ratio));
  g_assert_false (tithe_ratio_parse ("%", &ratio));
  g_assert_false (tithe_ratio_parse ("0.9x", &ratio));
  g_assert_false (tithe_ratio_parse ("inf", &ratio));
  g_assert_false (tithe_ratio_parse ("1e999", &ratio));
  g_assert_false (tithe_ratio_parse ("90%%", &ratio));
  g_assert_false (tithe_ratio_parse ("0,9", &ratio));
}

/* The last test, as it leaves the language. */
static void
test_a_language_has_its_own_point (void)
{
  g_autofree char *folder = fixture_folder ();
  const gboolean german = fixture_speak_german (folder);
  double ratio = -1;

  fixture_remove (g_steal_pointer (&folder));
  if (!german)
    {
      g_test_skip ("localedef can make no German here: the package locales is not installed");
      return;
    }
  assert_percent (0.7225, "72,25");
  g_assert_true (read_percent ("72,25 %") == 0.7225);
  g_assert_true (read_percent ("72.25") == 0.7225);
  g_assert_true (tithe_ratio_parse ("0.9", &ratio) && ratio == 0.9);
  g_assert_false (tithe_ratio_parse ("0,9", &ratio));
  assert_all_read_back ();
}

#define ADD(path, function) g_test_add_func ("/ratio/" path, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("moved-point", test_percent_are_digits_with_the_point_moved);
  ADD ("read-back", test_what_is_shown_is_read_back);
  ADD ("percent", test_people_write_percent);
  ADD ("no-percent", test_what_is_no_percent_is_refused);
  ADD ("either", test_programs_write_either);
  ADD ("german", test_a_language_has_its_own_point);
  return g_test_run ();
}
