/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-words.h"

G_BEGIN_DECLS

#define TITHE_CLI_NO_WORD -1

/**
 * TitheCliWord:
 * @words: what is taken; those without a @what are of files alone, or another spelling
 * @more: (nullable): more of them, with values of their own
 * @others: (nullable): what is taken besides, in words for a person; the command itself looks at @text then
 * @value: what it is where the option is not given (%TITHE_CLI_NO_WORD: nothing), and then of what was given
 * @text: (nullable): what was given
 *
 * An option that takes one of some words. Whatever is none of them is wrong usage and says so.
 */
typedef struct
{
  const TitheWord *words, *more;
  const char *others;
  int value;
  char *text;
} TitheCliWord;

typedef void (*TitheCliWordFunc) (const TitheWord *word, gboolean usual, gpointer user_data);

gboolean tithe_cli_word_parse    (TitheCliWord *self, const char *name, const char *text, GError **error);
gboolean tithe_cli_word_refuse   (const TitheCliWord *self, const char *name, const char *text, GError **error);
void     tithe_cli_word_foreach  (const TitheCliWord *self, TitheCliWordFunc func, gpointer user_data);
char    *tithe_cli_word_dup_list (const TitheCliWord *self, const char *usual);

G_END_DECLS
