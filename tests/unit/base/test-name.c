/* SPDX-License-Identifier: MIT */
#include "base/tithe-name.h"

#include <string.h>

static void
assert_escapes (const char *name, const char *expected)
{
  g_autofree char *escaped = tithe_name_dup (name), *back = tithe_name_unescape (expected);

  g_assert_cmpstr (escaped, ==, expected);
  g_assert_cmpstr (back, ==, name);
}

static void
test_valid_name_stays (void)
{
  g_autoptr (GString) buffer = g_string_new (NULL);
  const char *name = "café\\x/日本 \\xff";

  g_assert_true (tithe_name_escape (name, buffer) == name);
  assert_escapes ("", "");
}

static void
test_bytes_that_are_no_text_are_escaped (void)
{
  assert_escapes ("caf\xe9", "caf\\xE9");
  assert_escapes ("\xff\xfe", "\\xFF\\xFE");
  assert_escapes ("\xc3", "\\xC3");
}

static void
test_name_that_looks_escaped_is_told_apart (void)
{
  assert_escapes ("caf\\xE9", "caf\\x5CxE9");
  assert_escapes ("\\x5C", "\\x5Cx5C");
  assert_escapes ("\\\xe9", "\\\\xE9");
}

/* From an alphabet in which everything is close to an escape. What comes back is what went in, so no two names share
 * an escaped form. */
static void
test_escaping_loses_nothing (void)
{
  static const char alphabet[] = "\\\\\\xxx58CE9a\xc3\xa9\xe9\xff";

  for (guint i = 0; i < 200000; i++)
    {
      g_autofree char *escaped = NULL, *back = NULL;
      char name[12] = { 0 };

      for (guint j = 0; j < (guint) g_test_rand_int_range (0, sizeof name); j++)
        name[j] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
      escaped = tithe_name_dup (name);
      back = tithe_name_unescape (escaped);
      g_assert_true (g_utf8_validate (escaped, -1, NULL));
      g_assert_cmpstr (back, ==, name);
    }
}

/* Names out of files may be as long as the files, and as many. */
static void
test_lists_of_names_are_short (void)
{
  const char *names[100] = { "a", "b", "c", "d", "e", "f", "g", "h" };
  g_autofree char *two = tithe_name_dup_list (names, 2), *none = tithe_name_dup_list (names, 0), *many = NULL;
  g_autofree char *eight = tithe_name_dup_list (names, 8), *long_name = g_strnfill (1000000, 'x'), *one = NULL;

  for (guint i = 8; i < 100; i++)
    names[i] = "more";
  many = tithe_name_dup_list (names, 100);
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (two, ==, "“a”, “b”");
  g_assert_nonnull (strstr (eight, "“h”"));
  g_assert_null (strstr (eight, "more"));
  g_assert_true (g_str_has_suffix (many, "“h” and 92 more"));
  names[0] = long_name;
  one = tithe_name_dup_list (names, 1);
  g_assert_cmpint (g_utf8_strlen (one, -1), ==, TITHE_NAME_MAX_LENGTH + 3);
}

static void
test_long_names_are_cut_between_characters (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *whole = NULL, *cut = NULL;

  for (guint i = 0; i < TITHE_NAME_MAX_LENGTH; i++)
    g_string_append (text, "ж");
  whole = tithe_name_dup_short (text->str);
  g_assert_cmpstr (whole, ==, text->str);
  g_string_append (text, "ж");
  cut = tithe_name_dup_short (text->str);
  g_assert_true (g_utf8_validate (cut, -1, NULL));
  g_assert_true (g_str_has_suffix (cut, "ж…"));
  g_assert_cmpint (g_utf8_strlen (cut, -1), ==, TITHE_NAME_MAX_LENGTH + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/name/valid", test_valid_name_stays);
  g_test_add_func ("/name/no-text", test_bytes_that_are_no_text_are_escaped);
  g_test_add_func ("/name/looks-escaped", test_name_that_looks_escaped_is_told_apart);
  g_test_add_func ("/name/loses-nothing", test_escaping_loses_nothing);
  g_test_add_func ("/name/list", test_lists_of_names_are_short);
  g_test_add_func ("/name/short", test_long_names_are_cut_between_characters);
  return g_test_run ();
}
