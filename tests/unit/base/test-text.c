/* SPDX-License-Identifier: MIT */
#include "base/tithe-text.h"

static void
test_parts_stand_apart (void)
{
  g_autoptr (GString) facts = g_string_new (NULL), items = g_string_new (NULL), sentences = g_string_new (NULL);

  tithe_text_add_fact (facts, "12 images");
  tithe_text_add_fact (facts, "");
  tithe_text_add_fact (facts, "reviewed");
  tithe_text_add_item (items, "kept");
  tithe_text_add_item (items, "unique");
  tithe_text_add_sentence (sentences, "One.");
  tithe_text_add_sentence (sentences, "Two.");

  g_assert_cmpstr (facts->str, ==, "12 images · reviewed");
  g_assert_cmpstr (items->str, ==, "kept, unique");
  g_assert_cmpstr (sentences->str, ==, "One. Two.");
}

static void
test_a_width_is_in_columns (void)
{
  g_assert_cmpuint (tithe_text_get_width (""), ==, 0);
  g_assert_cmpuint (tithe_text_get_width ("größe"), ==, 5);
  g_assert_cmpuint (tithe_text_get_width ("图像"), ==, 4);
  g_assert_cmpuint (tithe_text_get_width ("e\u0301"), ==, 1);
}

static void
test_cells_are_padded_by_columns (void)
{
  g_autoptr (GString) line = g_string_new (NULL);

  tithe_text_add_cell (line, "图像", 6, FALSE);
  tithe_text_add_cell (line, "±1", 4, TRUE);
  tithe_text_add_cell (line, "wider", 2, TRUE);

  g_assert_cmpstr (line->str, ==, "图像    ±1wider");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/parts-stand-apart", test_parts_stand_apart);
  g_test_add_func ("/text/a-width-is-in-columns", test_a_width_is_in_columns);
  g_test_add_func ("/text/cells-are-padded-by-columns", test_cells_are_padded_by_columns);
  return g_test_run ();
}
