/* SPDX-License-Identifier: MIT */
#include "tithe-words.h"

#include "base/tithe-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * tithe_words_to_text:
 * @words: a table
 * @value: one of its values
 *
 * Returns: (transfer none) (nullable): the first word for the value; %NULL for a value that the table doesn't have
 */
const char *
tithe_words_to_text (const TitheWord *words, int value)
{
  for (; words->text != NULL; words++)
    if (words->value == value)
      return words->text;
  return NULL;
}

/**
 * tithe_words_find:
 * @words: a table
 * @text: (nullable): a word, in the table's own spelling
 * @value: (out): what it stands for; left alone where the word is not known
 *
 * Returns: whether the table has the word
 */
gboolean
tithe_words_find (const TitheWord *words, const char *text, int *value)
{
  for (; text != NULL && words->text != NULL; words++)
    if (strcmp (words->text, text) == 0)
      {
        *value = words->value;
        return TRUE;
      }
  return FALSE;
}

/**
 * tithe_words_dup_list:
 * @words: a table
 *
 * Returns: (transfer full): the words that are written, for a message such as “complete, average or single”
 */
char *
tithe_words_dup_list (const TitheWord *words)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();
  g_autoptr (GString) first = g_string_new (NULL);
  const char *last;

  for (const TitheWord *word = words; word->text != NULL; word++)
    if (tithe_words_to_text (words, word->value) == word->text)
      g_ptr_array_add (texts, (gpointer) word->text);
  if (texts->len == 0)
    return g_strdup ("");
  last = g_ptr_array_steal_index (texts, texts->len - 1);
  if (texts->len == 0)
    return g_strdup (last);
  for (guint i = 0; i < texts->len; i++)
    tithe_text_add_item (first, g_ptr_array_index (texts, i));
  /* TRANSLATORS: the end of a list of words, such as “complete, average or single” */
  return g_strdup_printf (_("%s or %s"), first->str, last);
}
