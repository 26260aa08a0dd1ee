/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-job.h"

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

/* Options that several commands have; each file has variables of its own for them. */
#define TITHE_CLI_OUTPUT_OPTION(what)                                                                                            \
  {                                                                                                                    \
    "output", 'o', 0, G_OPTION_ARG_FILENAME, &option_output, what, "FILE"                                              \
  }
#define TITHE_CLI_OVERWRITE_OPTION                                                                                               \
  {                                                                                                                    \
    "overwrite", 0, 0, G_OPTION_ARG_NONE, &option_overwrite, N_("Replace what is there"), NULL                         \
  }
#define TITHE_CLI_EMBEDDINGS_OPTION                                                                                              \
  {                                                                                                                    \
    "embeddings", 'e', 0, G_OPTION_ARG_FILENAME, &option_embeddings,                                                   \
        N_("The embedding: .npy, .npz or .safetensors, a row for each image"), "FILE"                                 \
  }

GQuark    tithe_cli_usage_quark (void);
gboolean  tithe_cli_usage       (GError **error, const char *message);
gboolean  tithe_cli_require     (const char *value, const char *name, GError **error);
TitheJob *tithe_cli_start_job   (TitheCliContext *context, const char *title);
void      tithe_cli_finish_job  (TitheJob *job);

extern const TitheCliCommand tithe_cli_commands[];

/* Commands on sessions. */
extern const GOptionEntry tithe_cli_linkage_options[];
extern const GOptionEntry tithe_cli_subset_options[];
extern const GOptionEntry tithe_cli_replay_options[];
extern const GOptionEntry tithe_cli_decide_options[];
extern const GOptionEntry tithe_cli_figure_options[];
extern const GOptionEntry tithe_cli_report_options[];
extern const GOptionEntry tithe_cli_verify_options[];
extern const GOptionEntry tithe_cli_coverage_options[];

gboolean tithe_cli_linkage  (TitheCliContext *context, GError **error);
gboolean tithe_cli_subset   (TitheCliContext *context, GError **error);
gboolean tithe_cli_replay   (TitheCliContext *context, GError **error);
gboolean tithe_cli_decide   (TitheCliContext *context, GError **error);
gboolean tithe_cli_figure   (TitheCliContext *context, GError **error);
gboolean tithe_cli_report   (TitheCliContext *context, GError **error);
gboolean tithe_cli_verify   (TitheCliContext *context, GError **error);
gboolean tithe_cli_coverage (TitheCliContext *context, GError **error);

G_END_DECLS
