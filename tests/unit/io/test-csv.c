/* SPDX-License-Identifier: MIT */
#include "io/tithe-csv.h"

#include <string.h>

static void
assert_field (const char *text, const char *expected)
{
  g_autofree char *quoted = tithe_csv_quote (text);
  g_autoptr (GString) appended = g_string_new ("x,");

  g_assert_cmpstr (quoted, ==, expected);
  tithe_csv_append (appended, text);
  g_assert_cmpstr (appended->str + 2, ==, expected);
}

static void
test_plain_text_stays (void)
{
  assert_field ("", "");
  assert_field ("café au lait; 'x'\t\\", "café au lait; 'x'\t\\");
}

static void
test_what_would_end_a_field_is_quoted (void)
{
  assert_field ("a,b", "\"a,b\"");
  assert_field ("two\nlines", "\"two\nlines\"");
  assert_field ("two\r\nlines", "\"two\r\nlines\"");
}

static void
test_quotes_are_doubled (void)
{
  assert_field ("say \"x\"", "\"say \"\"x\"\"\"");
  assert_field ("\"", "\"\"\"\"");
}

/* One field by RFC 4180, read by the book; the number of bytes is returned. */
static gsize
read_field (const char *text, GString *out)
{
  const char *p = text;

  if (*p != '"')
    {
      gsize length = strcspn (p, ",\r\n");

      g_string_append_len (out, p, (gssize) length);
      return length;
    }
  for (p++; *p != '\0'; p++)
    if (*p == '"' && p[1] == '"')
      g_string_append_c (out, *p++);
    else if (*p == '"')
      return (gsize) (p + 1 - text);
    else
      g_string_append_c (out, *p);
  g_assert_not_reached ();
}

static void
test_any_text_is_read_back (void)
{
  static const char alphabet[] = ",\"\r\n a\xc3\xa9";

  for (guint i = 0; i < 100000; i++)
    {
      g_autoptr (GString) line = g_string_new (NULL), out = g_string_new (NULL);
      char text[10] = { 0 };

      for (guint j = 0; j < (guint) g_test_rand_int_range (0, sizeof text); j++)
        text[j] = alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)];
      tithe_csv_append (line, text);
      g_string_append (line, ",next");
      g_assert_cmpuint (read_field (line->str, out), ==, line->len - strlen (",next"));
      g_assert_cmpstr (out->str, ==, text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/plain", test_plain_text_stays);
  g_test_add_func ("/csv/quoted", test_what_would_end_a_field_is_quoted);
  g_test_add_func ("/csv/doubled", test_quotes_are_doubled);
  g_test_add_func ("/csv/read-back", test_any_text_is_read_back);
  return g_test_run ();
}
