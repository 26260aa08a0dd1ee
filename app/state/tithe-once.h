/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is told once and never again, also where no settings are kept. */
#define TITHE_ONCE_COACH "coach"

gboolean tithe_once_is_done (const char *name);
gboolean tithe_once_do      (const char *name, GError **error);

G_END_DECLS
