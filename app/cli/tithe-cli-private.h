/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-job.h"
#include "io/tithe-json.h"
#include "io/tithe-output.h"
#include "tithe-cli-number.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* What every command gets: options that all of them share, and how they end. */
typedef struct
{
  GPtrArray *positional; /* what is left of the arguments, the command's name excluded */
  gboolean progress;
} TitheCliContext;

typedef gboolean (*TitheCliFunc) (TitheCliContext *context, GError **error);

/* A command; each is a file of its own, and one table names them all. */
typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary;
  const GOptionEntry *options;
  TitheCliNumber *const *numbers; /* those among the options, NULL-terminated */
  guint n_positional;
  TitheCliFunc run;
} TitheCliCommand;

#define TITHE_CLI_USAGE (tithe_cli_usage_quark ())

/* Options that several commands have; each file has variables of its own for them. */
#define TITHE_CLI_OUTPUT_OPTION(what)                                                                                  \
  {                                                                                                                    \
    "output", 'o', 0, G_OPTION_ARG_FILENAME, &option_output, what, "FILE"                                              \
  }
#define TITHE_CLI_OVERWRITE_OPTION                                                                                     \
  {                                                                                                                    \
    "overwrite", 0, 0, G_OPTION_ARG_NONE, &option_overwrite, N_("Replace what is there"), NULL                         \
  }
#define TITHE_CLI_EMBEDDINGS_OPTION                                                                                    \
  {                                                                                                                    \
    "embeddings", 'e', 0, G_OPTION_ARG_FILENAME, &option_embeddings,                                                   \
        N_("The embedding: .npy, .npz or .safetensors, a row for each image"), "FILE"                                 \
  }

GQuark    tithe_cli_usage_quark (void);
gboolean  tithe_cli_usage       (GError **error, const char *message);
gboolean  tithe_cli_require     (const char *value, const char *name, GError **error);
gboolean  tithe_cli_check_file  (const char *path, const TitheProtected *protected, gboolean overwrite, GError **error);
void      tithe_cli_print_json  (JsonBuilder *builder);
TitheJob *tithe_cli_start_job   (TitheCliContext *context, const char *title);
void      tithe_cli_finish_job  (TitheJob *job);

extern const TitheCliCommand tithe_cli_commands[];

#define DECLARE_COMMAND(command)                                                                                       \
  extern const GOptionEntry tithe_cli_##command##_options[];                                                           \
  extern TitheCliNumber *const tithe_cli_##command##_numbers[];                                                        \
  gboolean tithe_cli_##command (TitheCliContext *context, GError **error);

DECLARE_COMMAND (demo)
DECLARE_COMMAND (info)
DECLARE_COMMAND (embed)
DECLARE_COMMAND (cluster)
DECLARE_COMMAND (linkage)
DECLARE_COMMAND (subset)
DECLARE_COMMAND (replay)
DECLARE_COMMAND (decide)
DECLARE_COMMAND (figure)
DECLARE_COMMAND (report)
DECLARE_COMMAND (verify)
DECLARE_COMMAND (coverage)

#undef DECLARE_COMMAND

G_END_DECLS
