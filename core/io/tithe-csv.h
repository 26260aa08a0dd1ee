/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void  tithe_csv_append (GString *out, const char *text);
char *tithe_csv_quote  (const char *text);

G_END_DECLS
