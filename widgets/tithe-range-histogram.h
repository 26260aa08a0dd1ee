/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-histogram.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  TITHE_RANGE_SIZES,   /* images of a group */
  TITHE_RANGE_SPREADS, /* of a group */
} TitheRangeKind;

#define TITHE_TYPE_RANGE_HISTOGRAM (tithe_range_histogram_get_type ())

/*
 * How many groups there are of each size or spread, and two handles for the range that is wanted of them; at the end of the
 * axis a handle wants all there is. Property:
 *
 *   "kind"     a TitheRangeKind, when it is made
 *
 * Signal:
 *
 *   "changed"  a person moved a handle: by pressing or dragging anywhere, or as a slider is moved by keys
 */
G_DECLARE_FINAL_TYPE (TitheRangeHistogram, tithe_range_histogram, TITHE, RANGE_HISTOGRAM, GtkWidget)

GtkWidget *tithe_range_histogram_new       (TitheRangeKind kind);
void       tithe_range_histogram_show      (TitheRangeHistogram *self, const TitheHistogram *histogram);
void       tithe_range_histogram_set_range (TitheRangeHistogram *self, float low, float high);
float      tithe_range_histogram_get_low   (TitheRangeHistogram *self);
float      tithe_range_histogram_get_high  (TitheRangeHistogram *self);

G_END_DECLS
