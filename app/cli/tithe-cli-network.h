/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-cli-number.h"

#ifdef TITHE_HAVE_LEARN
#  include "learn/tithe-learn.h"
#endif

G_BEGIN_DECLS

/* Which network is learned, and from how much: options of the commands that learn one. */
extern TitheCliNumber tithe_cli_width, tithe_cli_size, tithe_cli_epochs;

#define TITHE_CLI_NETWORK_NUMBERS &tithe_cli_width, &tithe_cli_size, &tithe_cli_epochs

gboolean tithe_cli_check_network (GError **error);
#ifdef TITHE_HAVE_LEARN
gboolean tithe_cli_take_model    (TitheLearnOptions *options, const char *model, GError **error);
#endif

G_END_DECLS
