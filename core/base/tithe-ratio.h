/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A share of images as text. Files and programs have it between 0 and 1, people in percent; either way the text is as short
 * as it can be and the very same number is read back from it, because percent are digits with the point moved, not a number
 * that was multiplied and rounded.
 */

char    *tithe_ratio_to_string     (double ratio);
char    *tithe_ratio_to_percent    (double ratio);
gboolean tithe_ratio_parse         (const char *text, double *ratio);
gboolean tithe_ratio_parse_percent (const char *text, double *ratio);

G_END_DECLS
