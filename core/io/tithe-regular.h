/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Files that are read from their beginning to their end. What looks like one by its name may be a pipe, which nobody may
 * ever write into: opening it would wait for that, and no cancelling ends the wait.
 */

int     tithe_regular_open (const char *path, guint64 *size, const char **why);
GBytes *tithe_regular_map  (const char *path, char **why);

G_END_DECLS
