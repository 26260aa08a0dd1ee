/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-cli-commands.h"

G_BEGIN_DECLS

/* The options of the window's program, for it and for what completes them in a shell: a table with one command, which has no
 * name. Their targets are NULL: the application asks for their values by their names. */
extern const TitheCliCommand tithe_cli_window_commands[];

GOptionEntry *tithe_cli_window_dup_entries (void);

G_END_DECLS
