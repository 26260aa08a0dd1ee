/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Names of files and folders are bytes; what is shown, stored as text or exported is UTF-8. An escaped name is valid
 * UTF-8, and two names that differ stay different: a byte that is no UTF-8 becomes \xHH, and so does a backslash that
 * would be read as the beginning of such an escape. Every other name is its own escaped form.
 */

const char *tithe_name_escape   (const char *name, GString *buffer);
char       *tithe_name_dup      (const char *name);
char       *tithe_name_unescape (const char *escaped);
int         tithe_name_compare  (gconstpointer a, gconstpointer b);

/* Of names in a message: how many are listed, and how many characters of each. */
#define TITHE_NAME_MAX_LISTED 8
#define TITHE_NAME_MAX_LENGTH 100

char       *tithe_name_dup_short (const char *text);
char       *tithe_name_dup_list  (const char *const *names, gsize n);

G_END_DECLS
