/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-cli-number.h"
#include "tithe-cli-word.h"

G_BEGIN_DECLS

/* What an option takes, and what its target is. */
typedef enum
{
  TITHE_CLI_SWITCH,  /* nothing: gboolean */
  TITHE_CLI_NUMBER,  /* TitheCliNumber */
  TITHE_CLI_WORD,    /* TitheCliWord */
  TITHE_CLI_TEXT,    /* char *, UTF-8 */
  TITHE_CLI_TEXTS,   /* char **, may be given again */
  TITHE_CLI_FILE,    /* char *, as the system has it */
  TITHE_CLI_CLASS,   /* char *, the name of a class as the system has it */
  TITHE_CLI_CLASSES, /* char **, may be given again */
} TitheCliKind;

/* What of @files is neither a list of endings: any file or folder, and folders alone. */
#define TITHE_CLI_ANY_FILE ""
#define TITHE_CLI_FOLDER "/"

/**
 * TitheCliOption:
 * @name: the long name, without dashes
 * @letter: the short name, 0 for none
 * @target: where what is given goes, as @kind says
 * @what: what it is for, in a line; what it takes is said by its kind
 * @unit: what stands for the value in a synopsis, such as “FILE”; %NULL for a switch
 * @files: (nullable): which files' names the value may be: endings with spaces between them, such as “png pdf”,
 *   %TITHE_CLI_ANY_FILE or %TITHE_CLI_FOLDER
 *
 * A row of a table of options, which ends with %TITHE_CLI_NO_OPTION. Everything that speaks of options is made from these
 * rows: parsing, --help, the completion of the shells and the manual.
 */
typedef struct
{
  const char *name;
  char letter;
  TitheCliKind kind;
  gpointer target;
  const char *what;
  const char *unit;
  const char *files;
} TitheCliOption;

#define TITHE_CLI_NO_OPTION                                                                                            \
  {                                                                                                                    \
    NULL, 0, TITHE_CLI_SWITCH, NULL, NULL, NULL, NULL                                                                  \
  }

const TitheCliOption *tithe_cli_option_find     (const TitheCliOption *options, const char *name);
char                 *tithe_cli_option_dup_help (const TitheCliOption *self);
void                  tithe_cli_options_add     (const TitheCliOption *options, GOptionGroup *group, GPtrArray *texts);

G_END_DECLS
