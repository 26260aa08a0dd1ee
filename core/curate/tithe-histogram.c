/* SPDX-License-Identifier: MIT */
#include "tithe-histogram.h"

#include <math.h>
#include <string.h>

/* Spreads have no more bars than this, each as wide as one, two or five of a decade. */
#define SPREADS 40

/**
 * tithe_histogram_init_sizes:
 * @largest: the largest group that there is
 *
 * Empty bars for sizes from 2 on: one for each size up to 10, above that as many for each decade, so that the axis is as good
 * as logarithmic. Edges are the same whatever the largest group is; the last is above it.
 */
void
tithe_histogram_init_sizes (TitheHistogram *self, guint32 largest)
{
  static const float steps[] = { 1, 1.2f, 1.5f, 2, 2.5f, 3, 4, 5, 6, 8 };
  float decade = 10;

  memset (self, 0, sizeof *self);
  for (guint size = 2; size < 10; size++)
    self->edges[size - 2] = (float) size;
  for (guint i = 8; i <= TITHE_HISTOGRAM_MAX; i++)
    {
      self->edges[i] = decade * steps[(i - 8) % G_N_ELEMENTS (steps)];
      if ((i - 8) % G_N_ELEMENTS (steps) == G_N_ELEMENTS (steps) - 1)
        decade *= 10;
    }
  self->n = 1;
  while (self->n < TITHE_HISTOGRAM_MAX && self->edges[self->n] <= (float) largest)
    self->n++;
  self->edges[self->n] = MAX (self->edges[self->n], (float) largest + 1);
}

/**
 * tithe_histogram_init_spreads:
 * @highest: the largest spread that there is
 *
 * Empty bars of one width from 0 to above @highest.
 */
void
tithe_histogram_init_spreads (TitheHistogram *self, float highest)
{
  static const double steps[] = { 1, 2, 5 };
  double reach = highest > 0 ? (double) highest : 0.01, step = 0;

  memset (self, 0, sizeof *self);
  for (int i = 3 * (int) floor (log10 (reach / SPREADS)); !(reach / SPREADS < step); i++)
    step = steps[((i % 3) + 3) % 3] * pow (10, floor (i / 3.0));
  for (guint i = 0; self->n == 0; i++)
    {
      self->edges[i] = (float) (i * step);
      if (i > 0 && (self->edges[i] > highest || i == TITHE_HISTOGRAM_MAX))
        self->n = i;
    }
}

/**
 * tithe_histogram_add:
 * @value: a size or a spread; one beyond an end is counted in the bar at that end
 */
void
tithe_histogram_add (TitheHistogram *self, float value)
{
  guint low = 0, high = self->n;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (self->edges[middle] <= value)
        low = middle;
      else
        high = middle;
    }
  self->counts[low]++;
}

/**
 * tithe_histogram_locate:
 *
 * Returns: where a value is on an axis on which every bar is as wide as any other: 0 at the first edge, n at the last
 */
double
tithe_histogram_locate (const TitheHistogram *self, float value)
{
  guint bar = 0;

  while (bar + 1 < self->n && self->edges[bar + 1] <= value)
    bar++;
  return CLAMP (bar + (double) ((value - self->edges[bar]) / (self->edges[bar + 1] - self->edges[bar])), 0, self->n);
}
