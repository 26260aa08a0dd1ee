/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lines that are put together for a person's eye: what stands between their parts is a matter of the language. */

/**
 * TitheTextForm:
 * @one: (a format): with %u for a number, which is the first, and %s for texts
 * @many: (nullable): the same for more than one, where there is a number
 *
 * A sentence that is written in English and shown in any language.
 */
typedef struct
{
  const char *one, *many;
} TitheTextForm;

/* Both forms of what is counted, known to xgettext; N_() marks those without a number. */
#define NP_(one, many) one, many

char *tithe_text_write        (const TitheTextForm *form, guint n, const char *const *texts);
char *tithe_text_show         (const TitheTextForm *forms, guint n_forms, const char *written);
void  tithe_text_add_fact     (GString *text, const char *fact);
void  tithe_text_add_item     (GString *text, const char *item);
void  tithe_text_add_sentence (GString *text, const char *sentence);
char *tithe_text_dup_percent  (const char *number);
char *tithe_text_dup_apart    (const char *name);
guint tithe_text_get_width    (const char *text);
void  tithe_text_add_cell     (GString *text, const char *cell, guint width, gboolean number);

G_END_DECLS
