/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void     tithe_language_begin       (gboolean plain_numbers);
void     tithe_language_leave       (void);
char    *tithe_language_dup         (void);
gboolean tithe_language_is_mirrored (const char *language);

G_END_DECLS
