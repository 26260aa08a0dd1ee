/* SPDX-License-Identifier: MIT */
#include "io/tithe-json.h"
#include "fixture.h"

#include <string.h>

static JsonNode *
parse (const char *text, GError **error)
{
  return tithe_json_parse (text, strlen (text), error);
}

static void
assert_refused (const char *text, gsize size, TitheJsonError code)
{
  GError *error = NULL;

  g_assert_null (tithe_json_parse (text, size, &error));
  fixture_assert_error (error, TITHE_JSON_ERROR, code, "it ");
}

static void
test_members_are_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = parse (
      " {\"s\": \"text\", \"i\": -7, \"d\": 2.5, \"b\": true, \"o\": {\"x\": 1}, \"a\": [3, \"y\", {\"z\": 4}, 0.5]}\n",
      &error);
  JsonObject *object;
  JsonArray *array;

  g_assert_no_error (error);
  object = json_node_get_object (root);
  array = tithe_json_get_array (object, "a");
  g_assert_cmpstr (tithe_json_get_string (object, "s"), ==, "text");
  g_assert_cmpint (tithe_json_get_int (object, "i", -10, 10, 0), ==, -7);
  g_assert_cmpfloat (tithe_json_get_double (object, "d", 0), ==, 2.5);
  g_assert_cmpfloat (tithe_json_get_double (object, "i", 0), ==, -7);
  g_assert_true (tithe_json_get_boolean (object, "b"));
  g_assert_cmpint (tithe_json_get_int (tithe_json_get_object (object, "o"), "x", 0, 9, 0), ==, 1);
  g_assert_cmpint (tithe_json_item_int (array, 0, 0, 9, 0), ==, 3);
  g_assert_cmpstr (tithe_json_item_string (array, 1), ==, "y");
  g_assert_cmpint (tithe_json_get_int (json_array_get_object_element (array, 2), "z", 0, 9, 0), ==, 4);
  g_assert_cmpfloat (tithe_json_item_double (array, 3, 0), ==, 0.5);
}

/* Each name with each getter: none of them may trust what it finds. */
static void
test_what_is_of_another_type_is_nothing (void)
{
  static const char *const values[] = { "5", "2.5", "\"text\"", "true", "{}", "null", "[]", "[[]]", "{\"x\": null}" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"x\": %s, \"a\": [%s]}", values[i], values[i]);
      g_autoptr (JsonNode) root = parse (text, NULL);
      JsonObject *object = json_node_get_object (root);
      JsonArray *array = tithe_json_get_array (object, "a");
      const char first = *values[i];

      g_assert_true ((tithe_json_get_string (object, "x") != NULL) == (first == '"'));
      g_assert_true ((tithe_json_get_object (object, "x") != NULL) == (first == '{'));
      g_assert_true ((tithe_json_get_array (object, "x") != NULL) == (first == '['));
      g_assert_true (tithe_json_get_boolean (object, "x") == (first == 't'));
      g_assert_cmpint (tithe_json_get_int (object, "x", 0, 9, -1), ==, first == '5' ? 5 : -1);
      g_assert_true ((tithe_json_get_double (object, "x", -1) > 0) == (first == '5' || first == '2'));
      g_assert_true ((tithe_json_item_string (array, 0) != NULL) == (first == '"'));
      g_assert_cmpint (tithe_json_item_int (array, 0, 0, 9, -1), ==, first == '5' ? 5 : -1);
      g_assert_true ((tithe_json_item_double (array, 0, -1) > 0) == (first == '5' || first == '2'));
    }
}

static void
test_what_is_missing_is_nothing (void)
{
  g_autoptr (JsonNode) root = parse ("{\"a\": [1]}", NULL);
  JsonObject *object = json_node_get_object (root);

  g_assert_null (tithe_json_get_string (object, "x"));
  g_assert_null (tithe_json_get_string (NULL, "x"));
  g_assert_null (tithe_json_get_object (NULL, "x"));
  g_assert_null (tithe_json_get_array (NULL, "x"));
  g_assert_false (tithe_json_get_boolean (NULL, "x"));
  g_assert_cmpint (tithe_json_get_int (NULL, "x", 0, 9, 4), ==, 4);
  g_assert_cmpint (tithe_json_item_int (tithe_json_get_array (object, "a"), 1, 0, 9, 4), ==, 4);
  g_assert_cmpint (tithe_json_item_int (NULL, 0, 0, 9, 4), ==, 4);
  g_assert_null (tithe_json_item_string (NULL, 0));
}

static void
test_numbers_out_of_range_are_nothing (void)
{
  static const char *const numbers[] = { "-1", "10", "9223372036854775807", "-9223372036854775808", "4.0", "1e2" };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"x\": %s}", numbers[i]);
      g_autoptr (JsonNode) root = parse (text, NULL);

      g_assert_cmpint (tithe_json_get_int (json_node_get_object (root), "x", 0, 9, -5), ==, -5);
    }
}

static void
test_what_is_no_object_is_refused (void)
{
  static const char *const texts[] = { "",
                                       "   ",
                                       "[1]",
                                       "5",
                                       "\"x\"",
                                       "null",
                                       "{",
                                       "{\"x\"}",
                                       "{]",
                                       "{\"x\": 1",
                                       "{'x': 1}",
                                       "{} extra",
                                       "/* [ */ {}",
                                       "{\"x\": \xff}",
                                       "{\"x\": -99999999999999999999999}",
                                       "{\"x\": 18446744073709551615}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i], strlen (texts[i]), TITHE_JSON_ERROR_SYNTAX);
  assert_refused ("{\"x\": \"\0\"}", 10, TITHE_JSON_ERROR_SYNTAX);
}

static char *
nest (guint depth, const char *before)
{
  g_autoptr (GString) text = g_string_new (before);

  g_string_append (text, "{\"x\": ");
  for (guint i = 1; i < depth; i++)
    g_string_append_c (text, '[');
  for (guint i = 1; i < depth; i++)
    g_string_append_c (text, ']');
  g_string_append_c (text, '}');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* json-glib's parser calls itself for each bracket: millions of them would overflow the stack. */
static void
test_brackets_in_brackets_have_a_limit (void)
{
  g_autofree char *enough = nest (TITHE_JSON_MAX_DEPTH, ""), *more = nest (TITHE_JSON_MAX_DEPTH + 1, "");
  g_autofree char *far_more = nest (3000000, "");
  g_autoptr (JsonNode) root = parse (enough, NULL);

  g_assert_nonnull (root);
  assert_refused (more, strlen (more), TITHE_JSON_ERROR_LIMIT);
  assert_refused (far_more, strlen (far_more), TITHE_JSON_ERROR_LIMIT);
}

/* A quote in a comment or in other quotes would make brackets look like text. */
static void
test_brackets_cannot_be_hidden (void)
{
  static const char *const before[] = { "/* \" */", "// \"\n", "# \"\n", "'\"'", "{\"x\": '\"', \"y\": " };

  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    {
      g_autofree char *text = nest (3000000, before[i]);

      assert_refused (text, strlen (text), TITHE_JSON_ERROR_SYNTAX);
    }
}

static void
test_brackets_in_strings_are_text (void)
{
  g_autofree char *brackets = g_strnfill (1000, '['), *text = g_strdup_printf ("{\"x\": \"\\\"%s\\\\\"}", brackets);
  g_autofree char *expected = g_strdup_printf ("\"%s\\", brackets);
  g_autoptr (JsonNode) root = parse (text, NULL);

  g_assert_cmpstr (tithe_json_get_string (json_node_get_object (root), "x"), ==, expected);
}

static void
test_the_text_need_not_end_with_a_zero (void)
{
  g_autoptr (JsonNode) root = tithe_json_parse ("{\"x\": 1}, and more", 8, NULL);

  g_assert_nonnull (root);
}

static void
test_what_is_written_is_read (void)
{
  g_autoptr (JsonBuilder) builder = tithe_json_begin ();
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  JsonObject *object;

  g_ptr_array_add (texts, (gpointer) "one");
  g_ptr_array_add (texts, (gpointer) "t\377o");
  tithe_json_add_text (builder, "bytes", "a\377b");
  tithe_json_add_text (builder, "nothing", NULL);
  tithe_json_begin_object (builder, "inner");
  tithe_json_add_int (builder, "n", -3);
  json_builder_end_object (builder);
  tithe_json_add_texts (builder, "texts", texts);
  tithe_json_add_texts (builder, "none", NULL);
  text = tithe_json_end (builder, FALSE);

  root = parse (text, NULL);
  object = json_node_get_object (root);
  g_assert_cmpstr (tithe_json_get_string (object, "bytes"), ==, "a\357\277\275b");
  g_assert_cmpstr (tithe_json_get_string (object, "nothing"), ==, "");
  g_assert_cmpint (tithe_json_get_int (tithe_json_get_object (object, "inner"), "n", -9, 9, 0), ==, -3);
  g_assert_cmpuint (json_array_get_length (tithe_json_get_array (object, "texts")), ==, 2);
  g_assert_cmpstr (tithe_json_item_string (tithe_json_get_array (object, "texts"), 1), ==, "t\357\277\275o");
  g_assert_cmpuint (json_array_get_length (tithe_json_get_array (object, "none")), ==, 0);
}

#define ADD(path, function) g_test_add_func ("/json/" path, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("members", test_members_are_read);
  ADD ("types", test_what_is_of_another_type_is_nothing);
  ADD ("missing", test_what_is_missing_is_nothing);
  ADD ("range", test_numbers_out_of_range_are_nothing);
  ADD ("no-object", test_what_is_no_object_is_refused);
  ADD ("depth", test_brackets_in_brackets_have_a_limit);
  ADD ("hidden-brackets", test_brackets_cannot_be_hidden);
  ADD ("strings", test_brackets_in_strings_are_text);
  ADD ("writers", test_what_is_written_is_read);
  ADD ("length", test_the_text_need_not_end_with_a_zero);
  return g_test_run ();
}
