/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-cli-option.h"

#ifdef TITHE_HAVE_LEARN
#  include "learn/tithe-learn.h"
#endif

G_BEGIN_DECLS

/* Which network is learned, and from how much: options of the commands that learn one. */
extern TitheCliNumber tithe_cli_width, tithe_cli_size, tithe_cli_epochs;
extern TitheCliWord tithe_cli_model;

#define TITHE_CLI_MODEL_OPTION(what)                                                                                   \
  {                                                                                                                    \
    "model", 0, TITHE_CLI_WORD, &tithe_cli_model, what, "MODEL", NULL                                                  \
  }

gboolean tithe_cli_check_network (GError **error);
#ifdef TITHE_HAVE_LEARN
gboolean tithe_cli_take_model    (TitheLearnOptions *options, const char *model, GError **error);
#endif

G_END_DECLS
