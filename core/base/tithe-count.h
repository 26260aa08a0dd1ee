/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *tithe_format_count (gsize count);

G_END_DECLS
