/* SPDX-License-Identifier: MIT */
#include "tithe-text.h"
#include "tithe-language.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* --- sentences that are written in English --- */

/* The next place for a number or a text, which is what is behind the percent sign; NULL where there is none. */
static const char *
find_place (const char *format)
{
  for (; (format = strchr (format, '%')) != NULL; format += 2)
    if (format[1] != '%')
      return format + 1;
  return NULL;
}

/* A format with what stands for its places, which a translation may have in another order: %2$s. */
static char *
fill (const char *format, const char *const *parts, guint n_parts)
{
  GString *text = g_string_new (NULL);
  const char *place;
  guint next = 0;

  for (; (place = find_place (format)) != NULL; format = place + 1)
    {
      char *end;
      const guint64 given = g_ascii_strtoull (place, &end, 10);
      const guint64 part = *end == '$' && given > 0 ? given - 1 : next++;

      g_string_append_len (text, format, place - 1 - format);
      place += *end == '$' ? end + 1 - place : 0;
      g_string_append (text, part < n_parts ? parts[part] : "");
      if (*place == '\0')
        break;
    }
  if (place == NULL)
    g_string_append (text, format);
  return g_string_free (text, FALSE);
}

/* What a text has in the places of a format; NULL where it is of another one. The first part is the whole text. */
static char **
take (const char *format, const char *text)
{
  g_autoptr (GString) pattern = g_string_new ("^");
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GMatchInfo) match = NULL;
  const char *place;

  for (; (place = find_place (format)) != NULL; format = place + 1)
    {
      g_autofree char *literal = g_regex_escape_string (format, (int) (place - 1 - format));

      g_string_append_printf (pattern, "%s%s", literal, *place == 'u' ? "(\\d{1,9})" : "(.*)");
    }
  {
    g_autofree char *literal = g_regex_escape_string (format, -1);

    g_string_append_printf (pattern, "%s$", literal);
  }
  regex = g_regex_new (pattern->str, G_REGEX_DOTALL | G_REGEX_DOLLAR_ENDONLY, 0, NULL);
  return g_regex_match (regex, text, 0, &match) ? g_match_info_fetch_all (match) : NULL;
}

/**
 * tithe_text_write:
 * @n: the number of a form that has one
 * @texts: (nullable): as many as the form has places for
 *
 * Returns: (transfer full): the sentence in English, for a file
 */
char *
tithe_text_write (const TitheTextForm *form, guint n, const char *const *texts)
{
  g_autofree char *number = g_strdup_printf ("%u", n);
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();

  if (form->many != NULL)
    g_ptr_array_add (parts, number);
  for (; texts != NULL && *texts != NULL; texts++)
    g_ptr_array_add (parts, (gpointer) *texts);
  return fill (form->many && n != 1 ? form->many : form->one, (const char *const *) parts->pdata, parts->len);
}

/**
 * tithe_text_show:
 * @forms: (array length=n_forms): those that it may be of
 * @written: a sentence in English, from a file
 *
 * Returns: (transfer full): the same in the language of the person, or as it is where it is of no form
 */
char *
tithe_text_show (const TitheTextForm *forms, guint n_forms, const char *written)
{
  for (guint i = 0; i < n_forms; i++)
    {
      g_auto (GStrv) parts = take (forms[i].one, written);
      const char *format;

      if (parts == NULL && forms[i].many != NULL)
        parts = take (forms[i].many, written);
      if (parts == NULL)
        continue;
      format = forms[i].many ? dngettext (GETTEXT_PACKAGE, forms[i].one, forms[i].many, strtoul (parts[1], NULL, 10))
                             : g_dgettext (GETTEXT_PACKAGE, forms[i].one);
      return fill (format, (const char *const *) parts + 1, g_strv_length (parts) - 1);
    }
  return g_strdup (written);
}

/* --- lines of parts --- */

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

/**
 * tithe_text_dup_apart:
 * @name: a path, or another name that may be of Latin letters
 *
 * Returns: (transfer full): the name for a line of the person's language: where that is written from right to left, it is
 *   kept apart by marks, as a name in front would turn the whole line around. Pango looks for the first letter even in
 *   what is kept apart, so that a mark of the direction comes first.
 */
char *
tithe_text_dup_apart (const char *name)
{
  g_autofree char *language = tithe_language_dup ();

  return tithe_language_is_mirrored (language) ? g_strdup_printf ("\u200f\u2068%s\u2069", name) : g_strdup (name);
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
