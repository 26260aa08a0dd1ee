/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lines that are put together for a person's eye: what stands between their parts is a matter of the language. */

void  tithe_text_add_fact     (GString *text, const char *fact);
void  tithe_text_add_item     (GString *text, const char *item);
void  tithe_text_add_sentence (GString *text, const char *sentence);
char *tithe_text_dup_percent  (const char *number);
guint tithe_text_get_width    (const char *text);
void  tithe_text_add_cell     (GString *text, const char *cell, guint width, gboolean number);

G_END_DECLS
