/* SPDX-License-Identifier: MIT */
#include "tithe-floor.h"
#include "base/tithe-parallel.h"
#include "base/tithe-random.h"
#include "tithe-cut.h"
#include "tithe-dendrogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * The number of clusters at a height is the sum over all rows of one over the size of the row's cluster, so its mean over
 * rows that are drawn estimates the share that is left. A drawn row's cluster is that among its nearest neighbours alone,
 * which is the true one as long as it is small beside them. The number of pairs within a height is the mean of the drawn
 * rows' neighbours within it.
 */

#define N_DRAWN 1024
#define N_DRAWN_OF_MANY 4096
#define MANY 200000
#define N_NEAREST 96

/* What changes at a height: of one drawn row. */
typedef struct
{
  float height;
  float change;
} Event;

struct _TitheFloor
{
  guint32 n, n_drawn;
  GArray *ratios; /* of Event, by height; once added up: the mean share from this height on */
  GArray *pairs;  /* of Event: the neighbours of a row from this height on, their mean */
};

typedef struct
{
  const float *rows;
  gsize dim;
  guint32 n_nearest;
  TitheLinkage linkage;
  const guint32 *drawn;
  const TitheNeighbour *nearest;
  Event *events; /* n_nearest for each drawn row, those that are not used at FLT_MAX */
  TitheJob *job;
} Sample;

static int
compare_events (gconstpointer a, gconstpointer b)
{
  const Event *x = a, *y = b;

  if (x->height != y->height)
    return x->height < y->height ? -1 : 1;
  return (x->change > y->change) - (x->change < y->change);
}

/* One drawn row among its nearest: how its cluster grows. */
static void
look_around (const Sample *sample, gsize s, float *near, TitheMerge *merges, TitheLinkageBuffer *buffer)
{
  const TitheNeighbour *nearest = sample->nearest + s * sample->n_nearest;
  Event *events = sample->events + s * sample->n_nearest;
  const guint32 n = sample->n_nearest;
  g_autoptr (TitheDendrogram) tree = NULL;
  guint32 self = n - 1, node, n_events = 0;
  float share = 1;

  for (guint32 i = 0; i < n; i++)
    if (nearest[i].index == sample->drawn[s])
      self = i;
  for (guint32 i = 0; i < n; i++)
    memcpy (near + i * sample->dim,
            sample->rows + (gsize) (i == self ? sample->drawn[s] : nearest[i].index) * sample->dim,
            sample->dim * sizeof *near);
  tithe_linkage_from_rows (near, n, sample->dim, sample->linkage, merges, buffer, 1, NULL);
  tree = tithe_dendrogram_new_from_merges (merges, n - 1, n);
  node = self;
  for (guint32 t = 0; t + 1 < n; t++)
    if (tree->left[t] == node || tree->right[t] == node)
      {
        node = n + t;
        events[n_events++] = (Event){ tree->heights[t], 1.0f / (float) tree->sizes[t] - share };
        share = 1.0f / (float) tree->sizes[t];
      }
  while (n_events < n)
    events[n_events++] = (Event){ G_MAXFLOAT, 0 };
}

static void
look_around_some (gsize begin, gsize end, gpointer user_data)
{
  const Sample *sample = user_data;
  g_autoptr (TitheLinkageBuffer) buffer = tithe_linkage_buffer_new ();
  g_autofree float *near = g_new (float, sample->n_nearest * sample->dim);
  g_autofree TitheMerge *merges = g_new (TitheMerge, sample->n_nearest);

  for (gsize s = begin; s < end && !tithe_job_is_cancelled (sample->job); s++)
    look_around (sample, s, near, merges, buffer);
}

/* Puts events in order, and makes each the mean of all rows from its height on. */
static GArray *
add_up (Event *events, gsize n_events, double first, guint32 n_drawn)
{
  GArray *sums = g_array_new (FALSE, FALSE, sizeof (Event));
  double sum = 0;

  qsort (events, n_events, sizeof *events, compare_events);
  for (gsize i = 0; i < n_events && events[i].height < G_MAXFLOAT; i++)
    {
      sum += events[i].change;
      if (i + 1 < n_events && events[i + 1].height == events[i].height)
        continue;
      g_array_append_vals (sums, &(Event){ events[i].height, (float) (first + sum / n_drawn) }, 1);
    }
  return sums;
}

static float
get_at (const GArray *sums, float height, float first)
{
  guint low = 0, high = sums->len;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (g_array_index (sums, Event, middle).height <= height)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? g_array_index (sums, Event, low - 1).change : first;
}

/**
 * tithe_floor_new:
 * @rows: n x dim, each of unit length or zero; 2 at least
 * @job: (nullable): asked for cancellation; advanced by the number of those dissimilarities
 *
 * Draws up to 4,096 rows, always the same ones. Takes the time for their dissimilarities to all rows, and some MB.
 *
 * Returns: (transfer full) (nullable): the estimate, or %NULL where cancelled
 */
TitheFloor *
tithe_floor_new (const float *rows, guint32 n, gsize dim, TitheLinkage linkage, guint n_threads, TitheJob *job)
{
  const guint32 n_drawn = MIN (n, n < MANY ? N_DRAWN : N_DRAWN_OF_MANY), n_nearest = MIN (n, N_NEAREST);
  g_autofree guint32 *drawn = g_new (guint32, n_drawn);
  g_autofree float *drawn_rows = g_new (float, n_drawn *dim);
  g_autofree TitheNeighbour *nearest = g_new (TitheNeighbour, (gsize) n_drawn * n_nearest);
  g_autofree Event *events = g_new (Event, (gsize) n_drawn * n_nearest);
  Sample sample = { rows, dim, n_nearest, linkage, drawn, nearest, events, job };
  TitheRandom random = tithe_random_new (1, 0, 0);
  TitheFloor *self;

  g_return_val_if_fail (n >= 2, NULL);

  /* One of each stretch of rows, anywhere in it, so that no order of theirs matters. */
  for (guint32 s = 0; s < n_drawn; s++)
    {
      const guint64 begin = (guint64) s * n / n_drawn, end = (guint64) (s + 1) * n / n_drawn;

      drawn[s] = (guint32) begin + tithe_random_below (&random, (guint32) (end - begin));
      memcpy (drawn_rows + s * dim, rows + drawn[s] * dim, dim * sizeof *rows);
    }
  if (!tithe_neighbours_find_nearest (drawn_rows, n_drawn, rows, n, dim, n_nearest, nearest, n_threads, job)
      || !tithe_parallel_for (n_threads, n_drawn, 16, look_around_some, &sample, NULL) || tithe_job_is_cancelled (job))
    return NULL;
  self = g_new0 (TitheFloor, 1);
  self->n = n;
  self->n_drawn = n_drawn;
  self->ratios = add_up (events, (gsize) n_drawn * n_nearest, 1, n_drawn);
  for (gsize i = 0; i < (gsize) n_drawn * n_nearest; i++)
    events[i] = (Event){ nearest[i].dissimilarity, nearest[i].index == drawn[i / n_nearest] ? 0 : 1 };
  self->pairs = add_up (events, (gsize) n_drawn * n_nearest, 0, n_drawn);
  return self;
}

/* tithe_floor_free: (transfer full) @self */
void
tithe_floor_free (TitheFloor *self)
{
  g_array_unref (self->ratios);
  g_array_unref (self->pairs);
  g_free (self);
}

/* tithe_floor_get_height: up to which merges have to be known so that about that share of the rows is left; the largest dissimilarity seen where it is none of those */
float
tithe_floor_get_height (TitheFloor *self, double ratio)
{
  for (guint i = 0; i < self->ratios->len; i++)
    if ((double) g_array_index (self->ratios, Event, i).change <= ratio)
      return g_array_index (self->ratios, Event, i).height;
  return self->ratios->len > 0 ? g_array_index (self->ratios, Event, self->ratios->len - 1).height : 0;
}

/* tithe_floor_get_height_of_pairs: up to which there are about that many pairs of rows */
float
tithe_floor_get_height_of_pairs (TitheFloor *self, guint64 n_pairs)
{
  float height = 0;

  for (guint i = 0; i < self->pairs->len; i++)
    {
      const Event *event = &g_array_index (self->pairs, Event, i);

      if ((double) event->change * self->n / 2 > (double) n_pairs)
        break;
      height = event->height;
    }
  return height;
}

/* tithe_floor_get_ratio: the share of the rows that is left at a height, about */
double
tithe_floor_get_ratio (TitheFloor *self, float height)
{
  return (double) get_at (self->ratios, height, 1);
}

/* tithe_floor_get_n_pairs: pairs of rows within a height, about; too few beyond what the nearest neighbours tell */
guint64
tithe_floor_get_n_pairs (TitheFloor *self, float height)
{
  return (guint64) ((double) get_at (self->pairs, height, 0) * self->n / 2);
}

/* tithe_floor_get_error: what a ratio may be wrong by, as it is estimated from some rows only */
double
tithe_floor_get_error (TitheFloor *self, double ratio)
{
  return 1.25 * sqrt (MAX (1 - ratio, 0) / self->n_drawn) + 0.02 * (1 - ratio);
}

/* Where no floor is asked for: nobody wants to lose more than half of the images as redundant. */
#define FLOOR_ENOUGH 0.5
#define N_TRIES 6

/**
 * tithe_linkage_to_floor:
 * @floor: the share of the rows down to which merges have to be known; 0 for half of them, or as far as @max_pairs allow
 * @max_pairs: that there is room for
 * @merges: (out caller-allocates) (array length=n-1): as of tithe_linkage_from_pairs()
 * @n_merges: (out): how many were made
 * @is_down: (out): whether that is as far as the floor asks for, if it does; not so where there is no room for the pairs
 * @n_pairs: (out): about how many pairs the floor takes
 * @job: (nullable): asked for cancellation; advanced by n^2 / 2 or more
 *
 * The merges of tithe_linkage_from_rows() as far down as a floor. How high the pairs have to be is estimated from some
 * rows; where that falls short it is tried again with more.
 *
 * Returns: %FALSE where the job was cancelled
 */
gboolean
tithe_linkage_to_floor (const float *rows, guint32 n, gsize dim, TitheLinkage linkage, double floor, guint64 max_pairs,
                        guint n_threads, TitheMerge *merges, guint32 *n_merges, gboolean *is_down, guint64 *n_pairs,
                        TitheJob *job)
{
  g_autoptr (TitheFloor) estimate = NULL;
  const double goal = floor > 0 ? floor : FLOOR_ENOUGH;
  const double wanted = n - (double) tithe_policy_count_share (goal, n);
  double aim, room = 0.9 * (double) max_pairs;
  float height = 0;

  *n_merges = 0;
  *n_pairs = 0;
  *is_down = TRUE;
  if (n < 2)
    return TRUE;
  estimate = tithe_floor_new (rows, n, dim, linkage, n_threads, job);
  if (estimate == NULL)
    return FALSE;
  aim = goal - tithe_floor_get_error (estimate, goal);
  *n_pairs = tithe_floor_get_n_pairs (estimate, tithe_floor_get_height (estimate, aim));
  if (floor > 0 && (double) *n_pairs > 1.5 * (double) max_pairs)
    {
      const float at_most = tithe_floor_get_height_of_pairs (estimate, max_pairs);

      /* It would be in vain; what is told is an estimate then. */
      *n_merges = (guint32) ((1 - tithe_floor_get_ratio (estimate, at_most)) * n);
      *is_down = FALSE;
      return TRUE;
    }
  for (guint try = 0; try < N_TRIES; try++)
    {
      g_autoptr (TithePairs) pairs = NULL;
      const float at_most = tithe_floor_get_height_of_pairs (estimate, (guint64) room);
      const float next = tithe_floor_get_height (estimate, MAX (aim, 0));
      gboolean is_bounded;

      height = MIN (MAX (next, height * 1.1f), TITHE_HEIGHT_UNKNOWN);
      is_bounded = tithe_floor_get_n_pairs (estimate, height) > (guint64) room && height > at_most;
      if (is_bounded)
        height = at_most;
      pairs = tithe_pairs_find (rows, n, NULL, 0, dim, height, max_pairs, n_threads, job);
      if (pairs == NULL)
        return FALSE;
      if (!tithe_pairs_is_whole (pairs))
        {
          room *= 0.7;
          height = 0;
          continue;
        }
      if (!tithe_linkage_from_pairs (pairs, rows, n, dim, linkage, height, merges, n_merges, job))
        return FALSE;
      if (floor <= 0 || *n_merges >= wanted || is_bounded || height >= TITHE_HEIGHT_UNKNOWN)
        break;
      aim = 1 - (1 - aim) * MAX (1.1, 1.05 * wanted / MAX (*n_merges, 1));
      *n_pairs = MAX (*n_pairs, tithe_floor_get_n_pairs (estimate, tithe_floor_get_height (estimate, MAX (aim, 0))));
    }
  *is_down = floor <= 0 || *n_merges >= wanted;
  return TRUE;
}
