/* SPDX-License-Identifier: MIT */
#include "base/tithe-words.h"

enum
{
  RED,
  GREY,
  GREEN = 7
};

static const TitheWord words[] = {
  { "red", RED, NULL }, { "grey", GREY, NULL }, { "gray", GREY, NULL }, { "green", GREEN, NULL }, { NULL, 0, NULL }
};

static void
test_every_word_is_read (void)
{
  int value = -1;

  g_assert_true (tithe_words_find (words, "green", &value));
  g_assert_cmpint (value, ==, GREEN);
  g_assert_true (tithe_words_find (words, "gray", &value));
  g_assert_cmpint (value, ==, GREY);
}

static void
test_unknown_words_change_nothing (void)
{
  int value = GREEN;

  g_assert_false (tithe_words_find (words, "Red", &value));
  g_assert_false (tithe_words_find (words, "", &value));
  g_assert_false (tithe_words_find (words, NULL, &value));
  g_assert_cmpint (value, ==, GREEN);
}

static void
test_the_first_word_is_written (void)
{
  g_assert_cmpstr (tithe_words_to_text (words, RED), ==, "red");
  g_assert_cmpstr (tithe_words_to_text (words, GREY), ==, "grey");
}

static void
test_values_outside_the_table_have_no_word (void)
{
  g_assert_null (tithe_words_to_text (words, 2));
  g_assert_null (tithe_words_to_text (words, -1));
  g_assert_null (tithe_words_to_text (words, G_MAXINT));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/read", test_every_word_is_read);
  g_test_add_func ("/words/unknown", test_unknown_words_change_nothing);
  g_test_add_func ("/words/written", test_the_first_word_is_written);
  g_test_add_func ("/words/outside", test_values_outside_the_table_have_no_word);
  return g_test_run ();
}
