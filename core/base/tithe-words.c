/* SPDX-License-Identifier: MIT */
#include "tithe-words.h"

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
