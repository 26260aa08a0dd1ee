/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-job.h"
#include "io/tithe-json.h"
#include "io/tithe-output.h"
#include "tithe-cli-commands.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

#define TITHE_CLI_USAGE (tithe_cli_usage_quark ())

/* Options that several commands have; each file has variables of its own for them. */
#define TITHE_CLI_OUTPUT_OPTION(what, files)                                                                           \
  {                                                                                                                    \
    "output", 'o', TITHE_CLI_FILE, &option_output, what, "FILE", files                                                 \
  }
#define TITHE_CLI_OVERWRITE_OPTION                                                                                     \
  {                                                                                                                    \
    "overwrite", 0, TITHE_CLI_SWITCH, &option_overwrite, N_("Replace what is there"), NULL, NULL                       \
  }
#define TITHE_CLI_EMBEDDINGS_OPTION                                                                                    \
  {                                                                                                                    \
    "embeddings", 'e', TITHE_CLI_FILE, &option_embeddings,                                                             \
        N_("The embedding: .npy, .npz or .safetensors, a row for each image"), "FILE", "npy npz safetensors"           \
  }

GQuark    tithe_cli_usage_quark     (void);
gboolean  tithe_cli_usage           (GError **error, const char *message);
gboolean  tithe_cli_require         (const char *value, const char *name, GError **error);
gboolean  tithe_cli_check_file      (const char *path, const TitheProtected *protected, gboolean overwrite,
                                     GError **error);
void      tithe_cli_print_json      (JsonBuilder *builder);
TitheJob *tithe_cli_start_job       (TitheCliContext *context, const char *title);
void      tithe_cli_finish_job      (TitheJob *job);
void      tithe_cli_catch_signals   (void);
gboolean  tithe_cli_was_interrupted (void);

/* What the shared options say. */
extern TitheCliContext tithe_cli_context;

#define DECLARE_COMMAND(command)                                                                                       \
  extern const TitheCliOption tithe_cli_##command##_options[];                                                         \
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
