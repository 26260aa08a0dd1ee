/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers that depend on a seed and a place alone, such as (epoch, image): whichever thread asks for them first. The
 * generator is SplitMix64 (Steele, Lea, Flood 2014, "Fast Splittable Pseudorandom Number Generators", OOPSLA). */
typedef struct
{
  guint64 state;
} TitheRandom;

TitheRandom tithe_random_new    (guint64 seed, guint64 stream, guint64 place);
guint64     tithe_random_next   (TitheRandom *self);
guint32     tithe_random_below  (TitheRandom *self, guint32 n);
double      tithe_random_unit   (TitheRandom *self);
double      tithe_random_normal (TitheRandom *self);

G_END_DECLS
