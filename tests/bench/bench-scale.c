/* SPDX-License-Identifier: MIT */
#include "cluster/tithe-dendrogram.h"
#include "cluster/tithe-floor.h"
#include "embedding/tithe-embedding.h"
#include "io/tithe-matrix.h"
#include "neighbours/tithe-tiles.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* One class of many images: ROWS FLOOR LINKAGE [THREADS [GIB]]. ROWS is a file of features, or a number of made rows of 64.
 * The sparse way is timed beside the bare products, and beside the dense way where that has room: each in a process of its
 * own, so that its memory is its own. One JSON object on standard output. */

#define MADE_DIM 64
#define MADE_CENTRES 2000
#define DENSE_UP_TO 60000

typedef struct
{
  guint32 n_known;
  double seconds, megabytes;
} Outcome;

typedef struct
{
  float *rows;
  guint32 n;
  gsize dim;
  TitheLinkage linkage;
  double floor;
  guint n_threads;
  guint64 max_bytes;
} Case;

static double
now (void)
{
  return (double) g_get_monotonic_time () / G_USEC_PER_SEC;
}

/* A seeded mixture in which near rows are rare and no two are alike. */
static float *
make_rows (guint32 n)
{
  float *rows
      = mmap (NULL, (gsize) n * MADE_DIM * sizeof *rows, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autofree float *centres = g_new (float, MADE_CENTRES *MADE_DIM);

  for (gsize i = 0; i < MADE_CENTRES * MADE_DIM; i++)
    centres[i] = (float) g_rand_double_range (rand, -1, 1);
  for (gsize i = 0; i < n; i++)
    {
      const float *centre = centres + (gsize) g_rand_int_range (rand, 0, MADE_CENTRES) * MADE_DIM;
      const float noise = (float) exp (g_rand_double_range (rand, -2.5, 0));
      double sum = 0;

      for (gsize j = 0; j < MADE_DIM; j++)
        {
          rows[i * MADE_DIM + j] = centre[j] + noise * (float) g_rand_double_range (rand, -1, 1);
          sum += (double) rows[i * MADE_DIM + j] * (double) rows[i * MADE_DIM + j];
        }
      for (gsize j = 0; j < MADE_DIM; j++)
        rows[i * MADE_DIM + j] /= (float) sqrt (sum);
    }
  return rows;
}

static float *
read_rows (const char *path, guint32 *n, gsize *dim)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (path, NULL, &error);
  g_autofree guint32 *all = NULL;
  TitheMatrix matrix;
  GBytes *bytes = tithe_matrix_open (&matrix, path, NULL, &error);
  float *rows;

  if (embedding == NULL || bytes == NULL)
    g_error ("%s", error->message);
  *n = (guint32) matrix.n_rows;
  *dim = tithe_embedding_get_dim (embedding);
  tithe_matrix_clear (&matrix);
  g_bytes_unref (bytes);
  all = g_new (guint32, *n);
  for (guint32 i = 0; i < *n; i++)
    all[i] = i;
  rows = mmap (NULL, *n * *dim * sizeof *rows, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  tithe_embedding_get_rows (embedding, all, *n, rows);
  return rows;
}

static gboolean
see_tile (const TitheTile *tile, gpointer user_data)
{
  return TRUE;
}

/* In a process of its own; its merges come back through memory that both have. */
static Outcome
run (const Case *this, const char *way, TitheMerge *merges)
{
  Outcome *outcome = mmap (NULL, sizeof *outcome, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), result;
  const pid_t child = fork ();
  struct rusage usage;
  int status;

  if (child == 0)
    {
      const double start = now ();

      if (g_str_equal (way, "tiles"))
        tithe_tiles_visit (this->rows, this->n, NULL, 0, this->dim, this->n_threads, see_tile, NULL, NULL);
      else if (g_str_equal (way, "dense"))
        {
          g_autoptr (TitheLinkageBuffer) buffer = tithe_linkage_buffer_new ();

          tithe_linkage_from_rows (this->rows, this->n, this->dim, this->linkage, merges, buffer, this->n_threads,
                                   NULL);
          outcome->n_known = this->n - 1;
        }
      else
        {
          const guint64 max_pairs = tithe_linkage_sparse_pairs (this->n, this->dim, this->max_bytes);
          gboolean is_down;
          guint64 n_pairs;

          tithe_linkage_to_floor (this->rows, this->n, this->dim, this->linkage, this->floor, max_pairs,
                                  this->n_threads, merges, &outcome->n_known, &is_down, &n_pairs, NULL);
          if (!is_down)
            g_printerr ("no room for the floor: it takes %" G_GUINT64_FORMAT " pairs of %" G_GUINT64_FORMAT "\n",
                        n_pairs, max_pairs);
        }
      outcome->seconds = now () - start;
      _exit (0);
    }
  if (wait4 (child, &status, 0, &usage) != child || status != 0)
    g_error ("the %s way failed: status %d", way, status);
  outcome->megabytes = (double) usage.ru_maxrss / 1024;
  result = *outcome;
  munmap (outcome, sizeof *outcome);
  return result;
}

static gboolean
are_same (TitheMerge *sparse, guint32 n_known, TitheMerge *dense, guint32 n)
{
  g_autoptr (TitheDendrogram) a = tithe_dendrogram_new_from_merges (sparse, n_known, n);
  g_autoptr (TitheDendrogram) b = tithe_dendrogram_new_from_merges (dense, n - 1, n);

  return memcmp (a->heights, b->heights, n_known * sizeof (float)) == 0
         && memcmp (a->left, b->left, n_known * sizeof (guint32)) == 0
         && memcmp (a->right, b->right, n_known * sizeof (guint32)) == 0;
}

int
main (int argc, char **argv)
{
  Case this = { .dim = MADE_DIM, .n_threads = 2, .max_bytes = (guint64) 8 << 30 };
  TitheMerge *merges, *dense_merges;
  Outcome tiles, sparse;

  setlocale (LC_NUMERIC, "C");
  if (argc < 4 || !tithe_linkage_from_string (argv[3], &this.linkage))
    {
      g_printerr ("usage: bench-scale ROWS FLOOR LINKAGE [THREADS [GIB]]\n");
      return 2;
    }
  this.floor = g_ascii_strtod (argv[2], NULL);
  if (argc > 4)
    this.n_threads = (guint) atoi (argv[4]);
  if (argc > 5)
    this.max_bytes = (guint64) atoi (argv[5]) << 30;
  if (g_str_has_suffix (argv[1], ".npy"))
    this.rows = read_rows (argv[1], &this.n, &this.dim);
  else
    this.rows = make_rows (this.n = (guint32) atoi (argv[1]));
  merges = mmap (NULL, this.n * sizeof *merges, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  dense_merges = mmap (NULL, this.n * sizeof *merges, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  tiles = run (&this, "tiles", NULL);
  sparse = run (&this, "sparse", merges);
  g_print (
      "{\"rows\": %u, \"dim\": %zu, \"linkage\": \"%s\", \"threads\": %u, \"floor\": %.4f, \"floor_reached\": %.4f, "
      "\"tiles_seconds\": %.2f, \"sparse_seconds\": %.2f, \"sparse_to_tiles\": %.2f, \"sparse_mb\": %.0f",
      this.n, this.dim, argv[3], this.n_threads, this.floor, 1 - (double) sparse.n_known / this.n, tiles.seconds,
      sparse.seconds, sparse.seconds / tiles.seconds, sparse.megabytes);
  if (this.n <= DENSE_UP_TO)
    {
      const Outcome dense = run (&this, "dense", dense_merges);

      g_print (", \"dense_seconds\": %.2f, \"dense_to_sparse\": %.2f, \"dense_mb\": %.0f, \"same_merges\": %s",
               dense.seconds, dense.seconds / sparse.seconds, dense.megabytes,
               are_same (merges, sparse.n_known, dense_merges, this.n) ? "true" : "false");
    }
  g_print ("}\n");
  return 0;
}
