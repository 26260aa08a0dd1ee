/* SPDX-License-Identifier: MIT */
#include "tithe-random.h"

#include <math.h>

#define GOLDEN G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

static guint64
mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/**
 * tithe_random_new:
 * @seed: of the whole run
 * @stream: what the numbers are for
 * @place: which of them
 *
 * Returns: a generator whose numbers have nothing to do with those of another place
 */
TitheRandom
tithe_random_new (guint64 seed, guint64 stream, guint64 place)
{
  return (TitheRandom){ mix (mix (mix (seed + GOLDEN) + stream * GOLDEN) + place * GOLDEN) };
}

/* tithe_random_next: 64 random bits */
guint64
tithe_random_next (TitheRandom *self)
{
  self->state += GOLDEN;
  return mix (self->state);
}

/**
 * tithe_random_below:
 * @n: 1 or more
 *
 * Returns: 0 to n - 1; no number is preferred by more than n / 2^32 of its share
 */
guint32
tithe_random_below (TitheRandom *self, guint32 n)
{
  return (guint32) (((tithe_random_next (self) >> 32) * n) >> 32);
}

/**
 * tithe_random_unit:
 *
 * Returns: 0 up to, but not including, 1
 */
double
tithe_random_unit (TitheRandom *self)
{
  return (double) (tithe_random_next (self) >> 11) * 0x1p-53;
}

/**
 * tithe_random_normal:
 *
 * Returns: a normal number by Box and Muller's transform
 */
double
tithe_random_normal (TitheRandom *self)
{
  double radius = sqrt (-2 * log (1 - tithe_random_unit (self)));

  return radius * cos (2 * G_PI * tithe_random_unit (self));
}
