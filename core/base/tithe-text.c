/* SPDX-License-Identifier: MIT */
#include "tithe-text.h"

#include <glib/gi18n-lib.h>

static void
add (GString *text, const char *between, const char *part)
{
  if (*part == '\0')
    return;
  if (text->len > 0)
    g_string_append (text, between);
  g_string_append (text, part);
}

/* tithe_text_add_fact: to a line of facts, such as “12 images · spread 0.011” */
void
tithe_text_add_fact (GString *text, const char *fact)
{
  /* TRANSLATORS: stands between two facts of one line, such as “12 images · spread 0.011” */
  add (text, C_ ("between two facts", " · "), fact);
}

/* tithe_text_add_item: to a list within a sentence, such as “cat/1.png, kept, unique” */
void
tithe_text_add_item (GString *text, const char *item)
{
  /* TRANSLATORS: stands between two items of a list within a sentence, with the space that the language has there */
  add (text, C_ ("between two items", ", "), item);
}

/* tithe_text_add_sentence: to a paragraph */
void
tithe_text_add_sentence (GString *text, const char *sentence)
{
  /* TRANSLATORS: stands between two sentences of a paragraph: a space, or nothing where the language has none there. Where
   * it has none, translate it by a zero-width space. */
  add (text, C_ ("between two sentences", " "), sentence);
}

/* tithe_text_dup_percent: (transfer full): a number with the sign as the language writes it, such as “90 %” */
char *
tithe_text_dup_percent (const char *number)
{
  /* TRANSLATORS: a share, such as 90 %. Two percent signs stand for one; put the space before it that the language has. */
  return g_strdup_printf (C_ ("percent", "%s %%"), number);
}

/* tithe_text_get_width: columns of a terminal that a text takes, of which a Chinese character has two */
guint
tithe_text_get_width (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }
  return width;
}

/**
 * tithe_text_add_cell:
 * @cell: UTF-8
 * @width: columns of a terminal that it gets at least
 * @number: whether it is pushed to the right
 *
 * Pads as printf() would, which counts bytes where a terminal has columns.
 */
void
tithe_text_add_cell (GString *text, const char *cell, guint width, gboolean number)
{
  const guint taken = tithe_text_get_width (cell);
  const int gap = taken < width ? (int) (width - taken) : 0;

  g_string_append_printf (text, "%*s%s%*s", number ? gap : 0, "", cell, number ? 0 : gap, "");
}
