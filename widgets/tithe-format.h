/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-count.h"

G_BEGIN_DECLS

char *tithe_format_dissimilarity (float dissimilarity);
char *tithe_format_ratio         (double ratio);

G_END_DECLS
