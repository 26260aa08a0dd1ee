/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/tithe-cli-commands.h"

G_BEGIN_DECLS

/* What the table of commands says, for the shells and the manual, in English. */

/**
 * TitheReferenceProgram:
 * @name: such as “tithe-cli”
 * @commands: the last has no name; where the first has an empty one, it is what the program does without a command
 * @shared: options of every command
 */
typedef struct
{
  const char *name;
  const TitheCliCommand *commands;
  const TitheCliOption *shared;
} TitheReferenceProgram;

char *tithe_reference_to_bash        (const TitheReferenceProgram *program);
char *tithe_reference_to_zsh         (const TitheReferenceProgram *program);
char *tithe_reference_to_fish        (const TitheReferenceProgram *program);
char *tithe_reference_to_man         (const char *prose, GError **error);
char *tithe_reference_dup_range      (const TitheCliNumber *number);
char *tithe_reference_dup_for        (const TitheReferenceProgram *program, const char *text);
void  tithe_reference_append_escaped (GString *out, const char *text, const char *special, const char *escape);

G_END_DECLS
