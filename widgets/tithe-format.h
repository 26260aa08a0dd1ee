/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-count.h"

G_BEGIN_DECLS

char *tithe_format_dissimilarity (float dissimilarity);
char *tithe_format_ratio         (double ratio);
char *tithe_format_size_range    (guint32 smallest, guint32 largest);
char *tithe_format_spread_range  (float low, float high);

G_END_DECLS
