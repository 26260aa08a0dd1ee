/* SPDX-License-Identifier: MIT */
#include "tithe-pace.h"

#include <math.h>

/* Share of the work after which what was expected and what is measured count the same. Work is slow at first rather than
 * fast: who is slower than expected may catch up, who is faster was expected to be too slow. */
#define TRUST_WHERE_SLOW 0.065
#define TRUST_WHERE_FAST 0.02
/* What was expected is given up by degrees where the pace is another one by about this, as the logarithm of 1.75. */
#define BELIEVED 0.56
/* Share of the work that says how fast it is of late. */
#define LATE 0.1
/* Share of the time left that what was told may be wrong by. */
#define STEADY 0.03

/**
 * tithe_pace_begin:
 * @self: (out caller-allocates)
 * @total: units of work; 0 where that is not known
 * @now: seconds
 */
void
tithe_pace_begin (TithePace *self, double total, double now)
{
  *self = (TithePace){ .total = total, .began = now, .last = now, .end = -1 };
}

/**
 * tithe_pace_expect:
 * @seconds: that all of the work would take, from its beginning
 */
void
tithe_pace_expect (TithePace *self, double seconds)
{
  self->expected = self->total > 0 ? MAX (0, seconds) / self->total : 0;
}

/* tithe_pace_skip: @amount units took none of this run's time */
void
tithe_pace_skip (TithePace *self, double amount)
{
  self->before += amount;
  self->done += amount;
}

/* tithe_pace_advance: @amount units were done until @now */
void
tithe_pace_advance (TithePace *self, double amount, double now)
{
  const double step = self->total / (TITHE_PACE_N_MARKS - 1);
  const double last = self->n_marks > 0 ? self->marks[self->n_marks - 1].done : self->before;

  self->done += amount;
  self->last = now;
  if (self->n_marks < TITHE_PACE_N_MARKS && self->total > 0 && self->done - last >= step)
    {
      self->marks[self->n_marks].done = self->done;
      self->marks[self->n_marks++].at = now;
    }
}

/* Seconds a unit of late; of all the work where that is little. That nothing has come for a while counts once it is long. */
static double
measure (const TithePace *self, double now)
{
  double done = self->before, at = self->began;

  for (guint i = self->n_marks; i-- > 0;)
    if (self->done - self->marks[i].done >= LATE * self->total)
      {
        done = self->marks[i].done;
        at = self->marks[i].at;
        break;
      }
  return MAX (0, (now - self->last > LATE * (self->last - at) ? now : self->last) - at) / (self->done - done);
}

/* Seconds a unit from now on; below 0 where nothing is known. */
static double
foresee (const TithePace *self, double now)
{
  const double share = (self->done - self->before) / MAX (self->total - self->before, 1e-9);
  double measured, trust;

  if (self->done <= self->before)
    return self->expected > 0 ? self->expected : -1;
  measured = measure (self, now);
  if (self->expected <= 0 || measured <= 0)
    return measured;
  trust = (measured > self->expected ? TRUST_WHERE_SLOW : TRUST_WHERE_FAST)
          / (1 + pow (log (measured / self->expected) / BELIEVED, 4));
  return (trust * self->expected + share * measured) / (trust + share);
}

/**
 * tithe_pace_get_left:
 * @now: seconds; not before what it was asked for last
 *
 * Returns: seconds that the work will still take; below 0 where that is not known
 */
double
tithe_pace_get_left (TithePace *self, double now)
{
  const double pace = foresee (self, now), left = pace * (self->total - MIN (self->done, self->total));

  if (self->total <= 0 || pace < 0)
    return -1;
  if (self->end < 0 || fabs (now + left - self->end) > STEADY * left)
    self->end = now + left;
  return MAX (0, self->end - now);
}
