/* SPDX-License-Identifier: MIT */
#include "io/tithe-json-line.h"
#include "io/tithe-json.h"

#include <string.h>

static const char *const keys[] = { "path", "label", "split" };

#define N_KEYS G_N_ELEMENTS (keys)

static gboolean
read_line (char *text, TitheJsonField fields[N_KEYS])
{
  return tithe_json_line_read (text, strlen (text), keys, N_KEYS, 2, fields);
}

/* Whatever the line reader takes, the parser takes, and both understand the same. */
static gboolean
agree (const char *line)
{
  g_autofree char *text = g_strdup (line);
  g_autoptr (JsonNode) root = NULL;
  TitheJsonField fields[N_KEYS];

  if (!read_line (text, fields))
    {
      g_assert_cmpstr (text, ==, line);
      return FALSE;
    }
  root = tithe_json_parse (line, strlen (line), NULL);
  if (root == NULL)
    g_error ("no JSON: %s", line);
  for (guint k = 0; k < N_KEYS; k++)
    {
      JsonObject *object = json_node_get_object (root);
      g_autofree char *number = NULL;

      g_assert_cmpint (fields[k].text != NULL, ==, json_object_has_member (object, keys[k]));
      if (fields[k].text == NULL)
        continue;
      if (!fields[k].is_string)
        number = g_strdup_printf ("%" G_GINT64_FORMAT,
                                  tithe_json_get_int (object, keys[k], G_MININT64, G_MAXINT64, G_MININT64));
      g_assert_cmpstr (fields[k].text, ==, number ? number : tithe_json_get_string (object, keys[k]));
    }
  return TRUE;
}

static void
test_plain_lines_are_read (void)
{
  static const char *const lines[] = {
    "{\"path\": \"a/1.png\", \"label\": \"cat\"}",
    "{\"label\":\"cat\",\"path\":\"a/1.png\",\"split\":\"test\"}",
    "\t{ \"path\" :\t\"größe/{1},[2].png\" , \"label\" : 7 }\r",
    "{\"path\": \"\", \"label\": -12, \"width\": 500, \"note\": \"a \\u0027 would do\"}",
    "{\"path\": \"x\", \"label\": 999999999999999999, \"split\": 0}",
    "{\"path\": \"x\", \"label\": \"// no comment /* at all */\", \"note\": \"one\", \"note\": \"two\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_cmpint (agree (lines[i]), ==, strchr (lines[i], '\\') == NULL);
}

static void
test_other_lines_are_left_as_they_are (void)
{
  static const char *const lines[] = {
    "",
    "{",
    "{}",
    "[\"path\", \"label\"]",
    "{\"path\": \"x\"}",
    "{\"path\": \"x\", \"split\": \"train\"}",
    "{\"path\": \"x\", \"label\": \"a\"",
    "{\"path\": \"x\", \"label\": \"a\",}",
    "{\"path\": \"x\", \"label\": \"a\"}}",
    "{\"path\": \"x\", \"label\": \"a\"} x",
    "{\"path\": \"x\" \"label\": \"a\"}",
    "{\"path\": \"x\", \"label\" \"a\"}",
    "{\"path\": \"x, \"label\": \"a\"}",
    "{\"path\": \"x\", \"label\": \"a\\nb\"}",
    "{\"path\": \"x\", \"label\": \"a\tb\"}",
    "{\"path\": \"x\", \"path\": \"y\", \"label\": \"a\"}",
    "{\"path\": \"x\", \"label\": 1.5}",
    "{\"path\": \"x\", \"label\": 007}",
    "{\"path\": \"x\", \"label\": -0}",
    "{\"path\": \"x\", \"label\": -}",
    "{\"path\": \"x\", \"label\": 1234567890123456789}",
    "{\"path\": \"x\", \"label\": true}",
    "{\"path\": \"x\", \"label\": {\"a\": 1}}",
    "{\"path\": \"x\", \"label\": }",
    "{'path': \"x\", \"label\": \"a\"}",
    "{\"\": \"x\", \"path\": \"x\", \"label\": \"a\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_false (agree (lines[i]));
}

/* Bytes are left out, put in and exchanged: nothing is taken that the parser would not take. */
static void
test_damaged_lines_are_taken_by_neither (void)
{
  static const char line[] = "{\"path\": \"a/1.png\", \"label\": 17, \"split\": \"val\", \"n\": -3}";
  static const char bytes[] = " \"\\,:{}[]01-.e/*#'x\t";
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  guint n_taken = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (line);

      for (gint32 n = g_rand_int_range (rand, 1, 4); n > 0; n--)
        {
          const gssize at = g_rand_int_range (rand, 0, (gint32) text->len);
          const gint32 way = g_rand_int_range (rand, 0, 3);

          if (way > 0)
            g_string_erase (text, at, 1);
          if (way < 2)
            g_string_insert_c (text, at, bytes[g_rand_int_range (rand, 0, sizeof bytes - 1)]);
        }
      n_taken += agree (text->str) ? 1 : 0;
    }
  g_assert_cmpuint (n_taken, >, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-line/plain", test_plain_lines_are_read);
  g_test_add_func ("/json-line/other", test_other_lines_are_left_as_they_are);
  g_test_add_func ("/json-line/damaged", test_damaged_lines_are_taken_by_neither);
  return g_test_run ();
}
