/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TitheWord:
 * @text: what is written in files and on the command line: never translated, never changed
 * @value: of an enumeration
 *
 * A row of a table of words, the last row of which has no text. A value may have several words: the first of them is
 * written, all of them are read.
 *
 *   static const TitheWord words[] = { { "centre", RULE_CENTRE }, { "center", RULE_CENTRE }, { NULL, 0 } };
 */
typedef struct
{
  const char *text;
  int value;
} TitheWord;

const char *tithe_words_to_text  (const TitheWord *words, int value);
gboolean    tithe_words_find     (const TitheWord *words, const char *text, int *value);
char       *tithe_words_dup_list (const TitheWord *words);

G_END_DECLS
