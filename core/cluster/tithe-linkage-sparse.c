/* SPDX-License-Identifier: MIT */
#include "tithe-linkage.h"
#include "base/tithe-random.h"
#include "neighbours/tithe-kernels.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

/*
 * Agglomerative clustering on the graph of all pairs within a dissimilarity, the limit. It makes the merges of the full
 * algorithm up to that height, and none beyond:
 *
 * - complete: two clusters merge within the limit only if every pair between them is an edge. A cluster's neighbours are
 *   those to all of whose members all of its own have edges, and the dissimilarity is the largest of these.
 * - average: the mean of the dissimilarities between two clusters is within the limit only if one of them is, which is an
 *   edge. The edges say who may be near; how near, the means of the clusters' rows do: 1 - <x, y>.
 * - single: a spanning forest.
 *
 * For complete and average linkage the nearest-neighbour chain runs on lists of neighbours. Both are reducible, so that a
 * cluster that has none within the limit never gets one, whatever is merged elsewhere; it is finished. Lists are
 * brought up to date as they are read: a neighbour is noted as the node of the tree that it was by then, and parts that
 * have become one since are put together. A list of n edges in all is read a few times: that takes time in proportion to the
 * number of edges, and rows are looked at for means alone.
 */

#define CANCEL_STEPS 256
/* What the mean of two clusters' rows is wrong by in float32, at most. */
#define MEAN_ERROR 4e-6f
#define UNKNOWN (-1.0f)
#define FEW_EDGES 2048

typedef struct
{
  TitheNeighbour *items; /* node and dissimilarity, UNKNOWN where it is to be computed */
  gsize n;
  gboolean is_own; /* else it lies in the graph */
} List;

typedef struct
{
  TitheLinkage linkage;
  float limit;
  gsize dim;
  float *means;     /* n x dim, of the cluster with that smallest member; NULL but for average linkage */
  guint32 *parents; /* of nodes, 2 n: leaves and then merges; a root is its own */
  guint32 *sizes;   /* of nodes */
  guint32 *labels;  /* of nodes: the smallest member, which is the number of the cluster's list */
  guint32 *current; /* the node of each list, NONE for one that went into another */
  List *lists;
  guint32 *nearest; /* node, of each list; NONE where it is not known */
  float *distance;  /* to it */
  guint32 *stamps;  /* of lists: which reading saw it last ... */
  guint32 *places;  /* ... where it stands in what is read ... */
  guint32 *counts;  /* ... and how many of its members were met */
  guint32 stamp;
  TitheNeighbour *buffer; /* for what becomes of two lists */
  gsize n_buffer;
  guint32 n_nodes;
  TitheMerge *merges;
  guint32 n_merges;
  TitheJob *job;
} State;

#define NONE G_MAXUINT32

static void
state_init (State *state, TitheNeighbours *graph, const float *rows, gsize dim, TitheLinkage linkage, float limit,
            TitheMerge *merges, TitheJob *job)
{
  const gsize n = graph->n;

  *state
      = (State){ .linkage = linkage, .limit = limit, .dim = dim, .n_nodes = (guint32) n, .merges = merges, .job = job };
  if (linkage == TITHE_LINKAGE_AVERAGE)
    state->means = g_memdup2 (rows, n * dim * sizeof *rows);
  state->parents = g_new (guint32, 2 * n);
  state->sizes = g_new (guint32, 2 * n);
  state->labels = g_new (guint32, 2 * n);
  state->current = g_new (guint32, n);
  state->lists = g_new (List, n);
  state->nearest = g_new (guint32, n);
  state->distance = g_new (float, n);
  state->stamps = g_new0 (guint32, n);
  state->places = g_new (guint32, n);
  state->counts = g_new (guint32, n);
  for (guint32 i = 0; i < n; i++)
    {
      state->parents[i] = state->labels[i] = state->current[i] = i;
      state->sizes[i] = 1;
      state->lists[i] = (List){ graph->items + graph->starts[i], graph->starts[i + 1] - graph->starts[i], FALSE };
      state->nearest[i] = NONE;
    }
}

static void
state_clear (State *state, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (state->lists[i].is_own)
      g_free (state->lists[i].items);
  g_free (state->means);
  g_free (state->parents);
  g_free (state->sizes);
  g_free (state->labels);
  g_free (state->current);
  g_free (state->lists);
  g_free (state->nearest);
  g_free (state->distance);
  g_free (state->stamps);
  g_free (state->places);
  g_free (state->counts);
  g_free (state->buffer);
}

static float
measure (const State *state, guint32 x, guint32 y)
{
  const float *a = state->means + (gsize) MIN (x, y) * state->dim, *b = state->means + (gsize) MAX (x, y) * state->dim;
  float mean = tithe_kernel_product (a, b, state->dim);

  tithe_kernel_dissimilarities (&mean, 1);
  return mean;
}

/* Begins a reading of lists: no place is known. */
static void
begin_reading (State *state)
{
  state->stamp++;
}

/* Brings a list up to date: what it names are roots, each once, and within the limit. A mean is measured anew once one of
 * the two clusters is another, never updated: so it is the same to the bit seen from either side, and the chain ends. */
static void
update_list (State *state, guint32 x)
{
  const gboolean complete = state->linkage == TITHE_LINKAGE_COMPLETE;
  List *list = &state->lists[x];
  gsize n = 0, n_left = 0;

  begin_reading (state);
  for (gsize i = 0; i < list->n; i++)
    {
      const TitheNeighbour item = list->items[i];
      const guint32 root = tithe_merges_find_root (state->parents, item.index), label = state->labels[root];
      TitheNeighbour *known;

      if (state->stamps[label] != state->stamp)
        {
          state->stamps[label] = state->stamp;
          state->places[label] = (guint32) n;
          state->counts[label] = 0;
          list->items[n++] = (TitheNeighbour){ root, complete || item.index == root ? item.dissimilarity : UNKNOWN };
        }
      known = &list->items[state->places[label]];
      state->counts[label] += state->sizes[item.index];
      if (complete)
        known->dissimilarity = MAX (known->dissimilarity, item.dissimilarity);
    }
  for (gsize i = 0; i < n; i++)
    {
      TitheNeighbour item = list->items[i];
      const guint32 label = state->labels[item.index];

      if (complete && state->counts[label] < state->sizes[item.index])
        continue;
      if (item.dissimilarity == UNKNOWN)
        item.dissimilarity = measure (state, x, label);
      if (item.dissimilarity <= state->limit)
        list->items[n_left++] = item;
    }
  list->n = n_left;
}

/* Of those at the same dissimilarity the lowest label is the nearest, see tithe-linkage.c. */
static void
search_nearest (State *state, guint32 x)
{
  const List *list = &state->lists[x];

  update_list (state, x);
  state->nearest[x] = NONE;
  state->distance[x] = FLT_MAX;
  for (gsize i = 0; i < list->n; i++)
    {
      const TitheNeighbour *item = &list->items[i];

      if (item->dissimilarity < state->distance[x]
          || (item->dissimilarity == state->distance[x]
              && state->labels[item->index] < state->labels[state->nearest[x]]))
        {
          state->nearest[x] = item->index;
          state->distance[x] = item->dissimilarity;
        }
    }
}

static gboolean
knows_nearest (const State *state, guint32 x)
{
  return state->nearest[x] != NONE && state->parents[state->nearest[x]] == state->nearest[x];
}

static void
reserve_buffer (State *state, gsize n)
{
  if (n <= state->n_buffer)
    return;
  state->n_buffer = MAX (n, 2 * state->n_buffer);
  g_free (state->buffer);
  state->buffer = g_new (TitheNeighbour, state->n_buffer);
}

/* The neighbours of a cluster that two have become, whose lists are up to date: for complete linkage those of both, for
 * average linkage those of either. */
static gsize
join_lists (State *state, guint32 a, guint32 b)
{
  const List *list_a = &state->lists[a], *list_b = &state->lists[b];
  const gboolean complete = state->linkage == TITHE_LINKAGE_COMPLETE;
  gsize n = 0;

  reserve_buffer (state, list_a->n + list_b->n);
  begin_reading (state);
  for (gsize i = 0; i < list_a->n; i++)
    {
      const TitheNeighbour item = list_a->items[i];
      const guint32 label = state->labels[item.index];

      state->stamps[label] = state->stamp;
      state->places[label] = (guint32) i;
      if (!complete && label != b)
        state->buffer[n++] = (TitheNeighbour){ item.index, UNKNOWN };
    }
  for (gsize i = 0; i < list_b->n; i++)
    {
      const TitheNeighbour item = list_b->items[i];
      const guint32 label = state->labels[item.index];
      const gboolean is_in_both = state->stamps[label] == state->stamp;

      if (label == a)
        continue;
      if (complete && is_in_both)
        state->buffer[n++] = (TitheNeighbour){ item.index, MAX (item.dissimilarity,
                                                                list_a->items[state->places[label]].dissimilarity) };
      else if (!complete && !is_in_both)
        state->buffer[n++] = (TitheNeighbour){ item.index, UNKNOWN };
    }
  return n;
}

static void
set_list (List *list, const TitheNeighbour *items, gsize n)
{
  if (n > list->n)
    {
      if (list->is_own)
        g_free (list->items);
      list->items = g_new (TitheNeighbour, n);
      list->is_own = TRUE;
    }
  if (n > 0)
    memcpy (list->items, items, n * sizeof *items);
  list->n = n;
}

/* Merges the clusters with the smallest members a < b. */
static void
merge (State *state, guint32 a, guint32 b, float height)
{
  const guint32 node_a = state->current[a], node_b = state->current[b], node = state->n_nodes++;
  const float size_a = (float) state->sizes[node_a], size_b = (float) state->sizes[node_b];
  gsize n;

  update_list (state, a);
  update_list (state, b);
  n = join_lists (state, a, b);
  state->parents[node_a] = state->parents[node_b] = state->parents[node] = node;
  state->sizes[node] = state->sizes[node_a] + state->sizes[node_b];
  state->labels[node] = a;
  state->current[a] = node;
  state->current[b] = NONE;
  set_list (&state->lists[a], state->buffer, n);
  if (state->lists[b].is_own)
    g_free (state->lists[b].items);
  state->lists[b] = (List){ NULL, 0, FALSE };
  state->nearest[a] = NONE;
  if (state->means != NULL)
    for (gsize j = 0; j < state->dim; j++)
      state->means[a * state->dim + j] = state->means[a * state->dim + j] * (size_a / (size_a + size_b))
                                         + state->means[b * state->dim + j] * (size_b / (size_a + size_b));
  state->merges[state->n_merges++] = (TitheMerge){ a, b, height };
}

/* Whether the step from the cluster @x to its nearest is shorter than the one from @previous to it, of length @length. */
static gboolean
is_nearer (const State *state, guint32 x, guint32 previous, float length)
{
  guint32 next, low, low_before;

  if (state->nearest[x] == NONE || state->distance[x] != length)
    return state->nearest[x] != NONE && state->distance[x] < length;
  next = state->labels[state->nearest[x]];
  low = MIN (x, next);
  low_before = MIN (x, previous);
  return low != low_before ? low < low_before : MAX (x, next) < MAX (x, previous);
}

/* A mean is rounded, and a cluster that two have become may be nearer than both were by the last bit: nearer to one that is
 * in the chain already than what was the nearest to that before. What comes after it goes then, and it looks anew. As each
 * step is nearer than the one before, and a mean is the same from either side, that one was out of date. */
static guint32
push (State *state, guint32 *chain, guint32 *places, guint32 length, guint32 x)
{
  const guint32 place = tithe_chain_find (chain, places, length, x);

  if (place < length)
    {
      state->nearest[x] = NONE;
      return place + 1;
    }
  places[x] = length;
  chain[length] = x;
  return length + 1;
}

static gboolean
run_chain (State *state, guint32 n)
{
  g_autofree guint32 *chain = g_new (guint32, n), *places = g_new0 (guint32, n);
  guint32 length = 0, first = 0, n_steps = 0;

  while (length > 0 || first < n)
    {
      guint32 top, previous;

      if (n_steps++ % CANCEL_STEPS == 0 && tithe_job_is_cancelled (state->job))
        return FALSE;
      if (length == 0)
        {
          /* A cluster that went into another, or is finished. */
          if (state->current[first] == NONE)
            {
              first++;
              continue;
            }
          length = push (state, chain, places, length, first);
        }
      top = chain[length - 1];
      if (!knows_nearest (state, top))
        search_nearest (state, top);
      if (length == 1 && state->nearest[top] == NONE)
        {
          tithe_job_advance (state->job, 1);
          length = 0;
          first++;
          continue;
        }
      if (length == 1 || is_nearer (state, top, chain[length - 2], state->distance[chain[length - 2]]))
        {
          length = push (state, chain, places, length, state->labels[state->nearest[top]]);
          continue;
        }
      previous = chain[length - 2];
      length -= 2;
      merge (state, MIN (top, previous), MAX (top, previous), state->distance[previous]);
    }
  return TRUE;
}

/* --- single linkage --- */

typedef struct
{
  guint32 *parents;
  TitheMerge *edges; /* of the forest */
  guint32 n_edges;
  TitheRandom random;
  TitheJob *job;
} Forest;

static void
swap_pairs (TithePair *x, TithePair *y)
{
  const TithePair kept = *x;

  *x = *y;
  *y = kept;
}

static int
compare_pairs (gconstpointer a, gconstpointer b)
{
  const TithePair *x = a, *y = b;

  if (x->dissimilarity != y->dissimilarity)
    return x->dissimilarity < y->dissimilarity ? -1 : 1;
  if (x->b != y->b)
    return x->b < y->b ? -1 : 1;
  return x->a < y->a ? -1 : x->a > y->a;
}

static const TithePair *
draw (Forest *forest, const TithePair *pairs, gsize n)
{
  return &pairs[tithe_random_next (&forest->random) % n];
}

/* The median of three that are drawn: no order of the pairs is a bad one. */
static float
choose_pivot (Forest *forest, const TithePair *pairs, gsize n)
{
  const float x = draw (forest, pairs, n)->dissimilarity, y = draw (forest, pairs, n)->dissimilarity;
  const float z = draw (forest, pairs, n)->dissimilarity;

  return MAX (MIN (x, y), MIN (MAX (x, y), z));
}

static void
connect (Forest *forest, const TithePair *pair)
{
  const guint32 a = tithe_merges_find_root (forest->parents, pair->a);
  const guint32 b = tithe_merges_find_root (forest->parents, pair->b);

  if (a == b)
    return;
  forest->parents[MAX (a, b)] = MIN (a, b);
  forest->edges[forest->n_edges++]
      = (TitheMerge){ MIN (pair->a, pair->b), MAX (pair->a, pair->b), pair->dissimilarity };
}

/* Drops pairs whose rows are in one tree. */
static gsize
drop_connected (Forest *forest, TithePair *pairs, gsize n)
{
  gsize n_left = 0;

  for (gsize i = 0; i < n; i++)
    if (tithe_merges_find_root (forest->parents, pairs[i].a) != tithe_merges_find_root (forest->parents, pairs[i].b))
      pairs[n_left++] = pairs[i];
  return n_left;
}

/* Kruskal's algorithm, sorting no more than it must: the shorter half first, and of the longer one only what that has
 * not connected (Osipov, Sanders and Singler 2009, "The filter-Kruskal minimum spanning tree algorithm"). */
static gboolean
grow_forest (Forest *forest, TithePair *pairs, gsize n)
{
  while (n > FEW_EDGES)
    {
      const float pivot = choose_pivot (forest, pairs, n);
      gsize n_short = 0;

      if (tithe_job_is_cancelled (forest->job))
        return FALSE;
      for (gsize i = 0; i < n; i++)
        if (pairs[i].dissimilarity < pivot)
          swap_pairs (&pairs[i], &pairs[n_short++]);
      if (n_short == 0)
        {
          /* The pivot is the smallest there is: those at its height need no order. */
          for (gsize i = 0; i < n; i++)
            if (pairs[i].dissimilarity == pivot)
              swap_pairs (&pairs[i], &pairs[n_short++]);
          for (gsize i = 0; i < n_short; i++)
            connect (forest, &pairs[i]);
        }
      else if (!grow_forest (forest, pairs, n_short))
        return FALSE;
      pairs += n_short;
      n = drop_connected (forest, pairs, n - n_short);
    }
  qsort (pairs, n, sizeof *pairs, compare_pairs);
  for (gsize i = 0; i < n; i++)
    connect (forest, &pairs[i]);
  return TRUE;
}

static gboolean
run_forest (TithePairs *pairs, guint32 n, TitheMerge *merges, guint32 *n_merges, TitheJob *job)
{
  const gsize n_pairs = tithe_pairs_get_n (pairs);
  g_autofree TithePair *all = tithe_pairs_steal (pairs);
  g_autofree guint32 *parents = g_new (guint32, n);
  Forest forest = { .parents = parents, .edges = merges, .random = tithe_random_new (1, 0, 0), .job = job };

  for (guint32 i = 0; i < n; i++)
    parents[i] = i;
  if (!grow_forest (&forest, all, n_pairs))
    return FALSE;
  tithe_merges_from_edges (merges, forest.n_edges, n);
  *n_merges = forest.n_edges;
  return TRUE;
}

/* Leaves out merges that another way might place beyond the limit. */
static guint32
drop_doubtful (TitheMerge *merges, guint32 n_merges, float limit)
{
  guint32 n = 0;

  for (guint32 t = 0; t < n_merges; t++)
    if (merges[t].height <= limit)
      merges[n++] = merges[t];
  return n;
}

/**
 * tithe_linkage_from_pairs:
 * @pairs: all of @rows within @limit; it has none left afterwards
 * @rows: n x dim, each of unit length or zero
 * @limit: what the pairs were found with
 * @merges: (out caller-allocates) (array length=n-1): in no order but that a cluster's merge comes after those that
 *   made its parts
 * @n_merges: (out): how many were made
 * @job: (nullable): asked for cancellation; advanced by at most @n
 *
 * The merges of tithe_linkage_from_rows() up to the height @limit, the same to the bit, where average linkage has no ties.
 * For average linkage those within 4e-6 of the limit are left out, of which float32 can't tell on which side of it they are.
 * Takes O(n + pairs) time for complete linkage, times dim for average linkage, O(pairs + n log n log pairs) for single
 * linkage; memory: 16 bytes a pair, and 80 + 4 dim a row.
 *
 * Returns: %FALSE where the job was cancelled
 */
gboolean
tithe_linkage_from_pairs (TithePairs *pairs, const float *rows, guint32 n, gsize dim, TitheLinkage linkage, float limit,
                          TitheMerge *merges, guint32 *n_merges, TitheJob *job)
{
  g_autoptr (TitheNeighbours) graph = NULL;
  State state;
  gboolean ok;

  *n_merges = 0;
  if (linkage == TITHE_LINKAGE_SINGLE)
    return run_forest (pairs, n, merges, n_merges, job);
  graph = tithe_neighbours_new_from_pairs (pairs);
  state_init (&state, graph, rows, dim, linkage, limit, merges, job);
  ok = run_chain (&state, n);
  *n_merges = state.n_merges;
  state_clear (&state, n);
  if (ok && linkage == TITHE_LINKAGE_AVERAGE)
    {
      tithe_merges_measure_means (merges, *n_merges, rows, n, dim);
      *n_merges = drop_doubtful (merges, *n_merges, limit - MEAN_ERROR);
    }
  return ok;
}

/**
 * tithe_linkage_sparse_bytes:
 *
 * Returns: memory that clustering @n rows of that many pairs takes, the rows and their dendrogram included
 */
guint64
tithe_linkage_sparse_bytes (guint64 n, guint64 dim, guint64 n_pairs)
{
  guint64 bytes, of_pairs;

  /* What is found, and the graph with both ends of each pair; for a moment there are both. */
  if (!g_uint64_checked_mul (&of_pairs, n_pairs, sizeof (TithePair) + 2 * sizeof (TitheNeighbour))
      || !g_uint64_checked_add (&bytes, tithe_linkage_vectors_bytes (n, dim), n * 64)
      || !g_uint64_checked_add (&bytes, bytes, of_pairs))
    return G_MAXUINT64;
  return bytes;
}

/* tithe_linkage_sparse_pairs: how many pairs of @n rows there is room for in @bytes */
guint64
tithe_linkage_sparse_pairs (guint64 n, guint64 dim, guint64 bytes)
{
  const guint64 fixed = tithe_linkage_sparse_bytes (n, dim, 0);

  return bytes > fixed ? (bytes - fixed) / (sizeof (TithePair) + 2 * sizeof (TitheNeighbour)) : 0;
}
