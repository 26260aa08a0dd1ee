/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TitheWord:
 * @text: what is written in files and on the command line: never translated, never changed
 * @value: of an enumeration
 * @what: (nullable): what it stands for, in English, where a manual lists the words; of a value's first word
 *
 * A row of a table of words, the last row of which has no text. A value may have several words: the first of them is
 * written, all of them are read.
 *
 *   static const TitheWord words[]
 *       = { { "centre", RULE_CENTRE, "the image in the middle" }, { "center", RULE_CENTRE, NULL }, { NULL, 0, NULL } };
 */
typedef struct
{
  const char *text;
  int value;
  const char *what;
} TitheWord;

const char *tithe_words_to_text (const TitheWord *words, int value);
gboolean    tithe_words_find    (const TitheWord *words, const char *text, int *value);

G_END_DECLS
