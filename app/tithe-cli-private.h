/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-job.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* What every command gets: options that all of them share, and how they end. */
typedef struct
{
  GPtrArray *positional; /* what is left of the arguments, the command's name excluded */
  gboolean progress;
} TitheCliContext;

typedef gboolean (*TitheCliFunc) (TitheCliContext *context, GError **error);

typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary;
  const GOptionEntry *options;
  guint n_positional;
  TitheCliFunc run;
} TitheCliCommand;

#define TITHE_CLI_USAGE (tithe_cli_usage_quark ())

GQuark    tithe_cli_usage_quark (void);
TitheJob *tithe_cli_start_job   (TitheCliContext *context, const char *title);
void      tithe_cli_finish_job  (TitheJob *job);

extern const TitheCliCommand tithe_cli_commands[];

G_END_DECLS
