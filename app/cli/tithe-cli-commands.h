/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-cli-option.h"
#include "base/tithe-team.h"

G_BEGIN_DECLS

/* What every command gets: options that all of them share, and how they end. */
typedef struct
{
  GPtrArray *positional; /* what is left of the arguments, the command's name excluded */
  gboolean progress;
  TitheTeam *team; /* (nullable): of a command that is shared out; left once the error is printed, or it might be lost */
} TitheCliContext;

typedef gboolean (*TitheCliFunc) (TitheCliContext *context, GError **error);

/* A command; each is a file of its own, and one table names them all. */
typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary;
  const char *files; /* that its one argument names, as TitheCliOption has it */
  const TitheCliOption *options;
  TitheCliFunc run;
} TitheCliCommand;

extern const TitheCliCommand tithe_cli_commands[];     /* the last has no name */
extern const TitheCliOption tithe_cli_shared_options[]; /* of every command */

G_END_DECLS
