/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli/tithe-cli-commands.h"

G_BEGIN_DECLS

/* What the table of commands says, for the shells and the manual, in English. */

char *tithe_reference_to_bash        (void);
char *tithe_reference_to_zsh         (void);
char *tithe_reference_to_fish        (void);
char *tithe_reference_to_man         (const char *prose, GError **error);
char *tithe_reference_dup_range      (const TitheCliNumber *number);
void  tithe_reference_append_escaped (GString *out, const char *text, const char *special, const char *escape);

G_END_DECLS
