/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a member of a simple object is: a string without escapes, or a whole number as its digits. */
typedef struct
{
  char *text; /* NULL where there is no such member */
  gboolean is_string;
} TitheJsonField;

gboolean tithe_json_line_read (char *text, gsize size, const char *const *keys, guint n_keys, guint n_needed,
                               TitheJsonField *fields);

G_END_DECLS
