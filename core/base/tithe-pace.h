/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Marks behind, for the pace of late. */
#define TITHE_PACE_N_MARKS 64

/**
 * TithePace:
 * @total: units of work
 * @done: of them
 * @before: of those, by an earlier run
 * @expected: seconds a unit, as was known before; 0 where nothing was
 * @began: when
 * @last: when some of it was done last
 * @marks: how far it was when, from the first; each a sixtieth of the work behind the other at least
 * @n_marks: of them
 * @end: when it will be over, as was told last; below 0 where nothing was
 *
 * When work will be done, told from what was expected and what came of it. What was expected counts until a few percent of
 * the work are done, for the first of it is often slow, unless it was far off; then the pace counts, and more that of late
 * than that of long ago. What is told runs down like a clock, and changes only where it was wrong by something that matters.
 *
 * Times are seconds of any clock that runs on. Nothing here asks one, so that tests can make theirs.
 */
typedef struct
{
  double total, done, before;
  double expected;
  double began, last;
  struct
  {
    double done, at;
  } marks[TITHE_PACE_N_MARKS];
  guint n_marks;
  double end;
} TithePace;

void   tithe_pace_begin    (TithePace *self, double total, double now);
void   tithe_pace_expect   (TithePace *self, double seconds);
void   tithe_pace_skip     (TithePace *self, double amount);
void   tithe_pace_advance  (TithePace *self, double amount, double now);
double tithe_pace_get_left (TithePace *self, double now);

G_END_DECLS
