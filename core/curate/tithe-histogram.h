/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TITHE_HISTOGRAM_MAX 64

/**
 * TitheHistogram:
 * @n: bars, at least one
 * @edges: n + 1 of them, ascending
 * @counts: bar i has what is from edges[i] up to, and without, edges[i + 1]
 *
 * How many groups there are of each size or spread, between edges that a person would choose.
 */
typedef struct
{
  guint n;
  float edges[TITHE_HISTOGRAM_MAX + 1];
  guint32 counts[TITHE_HISTOGRAM_MAX];
} TitheHistogram;

void   tithe_histogram_init_sizes   (TitheHistogram *self, guint32 largest);
void   tithe_histogram_init_spreads (TitheHistogram *self, float highest);
void   tithe_histogram_add          (TitheHistogram *self, float value);
double tithe_histogram_locate       (const TitheHistogram *self, float value);

G_END_DECLS
