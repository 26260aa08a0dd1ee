/* SPDX-License-Identifier: MIT */
#include "tithe-team.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#ifdef TITHE_HAVE_MPI
#  include <mpi.h>
#endif

G_DEFINE_QUARK (tithe-team-error-quark, tithe_team_error)

struct _TitheTeam
{
  guint rank;
  guint size;
  guint n_beside;
};

/* What those that start processes tell each of them. An mpirun inside of a Slurm job has the last word. */
static const struct
{
  const char *size, *rank;
} launchers[] = {
  { "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK" }, /* Open MPI */
  { "PMI_SIZE", "PMI_RANK" },                         /* MPICH, and Slurm for it */
  { "SLURM_STEP_NUM_TASKS", "SLURM_PROCID" },         /* srun, and not the script that calls it */
};

static gboolean
read_number (const char *name, guint64 least, guint *number)
{
  const char *text = g_getenv (name);
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, least, G_MAXINT, &value, NULL))
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

/**
 * tithe_team_get_started:
 * @rank: (out) (optional): which of them this process is, from 0 on
 *
 * Asks the environment alone, so that it works before joining and without MPI.
 *
 * Returns: how many processes were started together; 1 where nothing tells of more
 */
guint
tithe_team_get_started (guint *rank)
{
  guint size = 1, number = 0;

  for (guint i = 0; i < G_N_ELEMENTS (launchers); i++)
    if (read_number (launchers[i].size, 1, &size))
      {
        read_number (launchers[i].rank, 0, &number);
        break;
      }
  if (rank != NULL)
    *rank = number;
  return size;
}

#ifdef TITHE_HAVE_MPI

/* MPI counts in int, and some of its transports dislike messages near that. */
#  define BYTES_AT_ONCE (1 << 28)
/* Between two looks at whether something has come: a rank that waits leaves the processor to those that work. */
#  define LOOK_AGAIN_AFTER (G_TIME_SPAN_MILLISECOND)

static void
wait_for (MPI_Request *request)
{
  int is_done = 0;

  for (;;)
    {
      MPI_Test (request, &is_done, MPI_STATUS_IGNORE);
      if (is_done)
        return;
      g_usleep (LOOK_AGAIN_AFTER);
    }
}

static void
pass (guint8 *bytes, guint64 length, guint other, gboolean is_sender)
{
  for (guint64 i = 0; i < length; i += BYTES_AT_ONCE)
    {
      const int n = (int) MIN (BYTES_AT_ONCE, length - i);
      MPI_Request request;

      if (is_sender)
        MPI_Isend (bytes + i, n, MPI_BYTE, (int) other, 0, MPI_COMM_WORLD, &request);
      else
        MPI_Irecv (bytes + i, n, MPI_BYTE, (int) other, 0, MPI_COMM_WORLD, &request);
      wait_for (&request);
    }
}

static void
send_bytes (GBytes *bytes, guint rank)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  guint64 length = size;

  pass ((guint8 *) &length, sizeof length, rank, TRUE);
  pass ((guint8 *) data, length, rank, TRUE);
}

static GBytes *
receive_bytes (guint rank)
{
  guint64 length = 0;
  guint8 *data;

  pass ((guint8 *) &length, sizeof length, rank, FALSE);
  data = g_malloc (MAX (length, 1));
  pass (data, length, rank, FALSE);
  return g_bytes_new_take (data, length);
}

static gboolean
join (TitheTeam *self, guint n_started, GError **error)
{
  MPI_Comm beside;
  int provided, rank, size, n_beside;

  MPI_Init_thread (NULL, NULL, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank (MPI_COMM_WORLD, &rank);
  MPI_Comm_size (MPI_COMM_WORLD, &size);
  MPI_Comm_split_type (MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &beside);
  MPI_Comm_size (beside, &n_beside);
  MPI_Comm_free (&beside);
  self->rank = (guint) rank;
  self->size = (guint) size;
  self->n_beside = (guint) n_beside;
  if (self->size >= n_started)
    return TRUE;
  g_set_error_literal (error, TITHE_TEAM_ERROR, TITHE_TEAM_ERROR_APART,
                       _("this was started several times, and the processes do not find each other: use the mpirun of "
                          "the MPI that Tithe was built with"));
  return FALSE;
}

static void
leave (void)
{
  int is_joined = 0;

  MPI_Initialized (&is_joined);
  if (is_joined)
    MPI_Finalize ();
}

/* The lowest rank that is not well, or the number of ranks where all are. */
static guint
find_failed (TitheTeam *self, gboolean ok)
{
  int mine = (int) (ok ? self->size : self->rank), lowest = mine;
  MPI_Request request;

  MPI_Iallreduce (&mine, &lowest, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD, &request);
  wait_for (&request);
  return (guint) lowest;
}

static void
prefix_place (TitheTeam *self, GError **error)
{
  char host[MPI_MAX_PROCESSOR_NAME + 1] = "";
  int length = 0;

  MPI_Get_processor_name (host, &length);
  /* TRANSLATORS: a rank is the number that MPI gives a process; %s is the name of its machine, and a reason follows */
  g_prefix_error (error, _("rank %u on “%s”: "), self->rank, host);
}

/* The same text for every rank: that of rank 0. */
static void
share_text (char *text, gsize length)
{
  MPI_Request request;

  MPI_Ibcast (text, (int) length, MPI_BYTE, 0, MPI_COMM_WORLD, &request);
  wait_for (&request);
}

#else /* a team of one */

static gboolean
join (TitheTeam *self, guint n_started, GError **error)
{
  g_set_error_literal (error, TITHE_TEAM_ERROR, TITHE_TEAM_ERROR_MISSING,
                       _("this was started several times, and Tithe was built without MPI: start it once, or build it "
                          "with -Dmpi=enabled"));
  return FALSE;
}

static void
leave (void)
{
}

static guint
find_failed (TitheTeam *self, gboolean ok)
{
  return self->size;
}

static void
prefix_place (TitheTeam *self, GError **error)
{
}

static void
share_text (char *text, gsize length)
{
}

static void
send_bytes (GBytes *bytes, guint rank)
{
}

static GBytes *
receive_bytes (guint rank)
{
  return g_bytes_new (NULL, 0);
}

#endif

/**
 * tithe_team_join:
 *
 * For every rank. MPI is begun only where more than one process was started.
 *
 * Returns: (transfer full): the team, or %NULL where it can't be one
 */
TitheTeam *
tithe_team_join (GError **error)
{
  g_autoptr (TitheTeam) self = g_new (TitheTeam, 1);
  guint n_started = tithe_team_get_started (NULL);

  *self = (TitheTeam){ .rank = 0, .size = 1, .n_beside = 1 };
  if (n_started > 1 && !join (self, n_started, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* tithe_team_leave: (transfer full): for every rank at the end */
void
tithe_team_leave (TitheTeam *self)
{
  leave ();
  g_free (self);
}

/* tithe_team_get_rank: which one this process is, from 0 on */
guint
tithe_team_get_rank (TitheTeam *self)
{
  return self->rank;
}

/* tithe_team_get_size: how many there are */
guint
tithe_team_get_size (TitheTeam *self)
{
  return self->size;
}

/* tithe_team_get_n_beside: how many of them are on this machine and share its memory, this one included */
guint
tithe_team_get_n_beside (TitheTeam *self)
{
  return self->n_beside;
}

static int
compare_costs (gconstpointer a, gconstpointer b, gpointer costs)
{
  const guint x = *(const guint *) a, y = *(const guint *) b;
  const guint64 *cost = costs;

  if (cost[x] != cost[y])
    return cost[x] > cost[y] ? -1 : 1;
  return x < y ? -1 : x > y;
}

/**
 * tithe_team_share:
 * @costs: (array length=n): of each piece of work
 * @size: ranks, at least 1
 * @owners: (out caller-allocates) (array length=n): the rank that does each piece
 *
 * Gives the dearest piece to the rank with the least to do, the lowest of them, and so on: no rank has more than a third
 * above what the best of all ways would give it. Depends on nothing else, so that every rank finds the same.
 */
void
tithe_team_share (const guint64 *costs, guint n, guint size, guint *owners)
{
  g_autofree guint *order = g_new (guint, MAX (n, 1));
  g_autofree guint64 *loads = g_new0 (guint64, size);

  for (guint i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, (int) n, sizeof *order, compare_costs, (gpointer) costs);
  for (guint i = 0; i < n; i++)
    {
      guint least = 0;

      for (guint rank = 1; rank < size; rank++)
        if (loads[rank] < loads[least])
          least = rank;
      owners[order[i]] = least;
      loads[least] += costs[order[i]];
    }
}

/**
 * tithe_team_agree:
 * @ok: whether this rank is well
 * @error: set where @ok is %FALSE; afterwards the lowest rank that failed has its own, with the place before it, and every
 *   other one %TITHE_TEAM_ERROR_ELSEWHERE
 *
 * For every rank, and each waits for all.
 *
 * Returns: whether all are well
 */
gboolean
tithe_team_agree (TitheTeam *self, gboolean ok, GError **error)
{
  guint failed = ok ? self->size : self->rank;

  if (self->size > 1)
    failed = find_failed (self, ok);
  if (failed == self->size)
    return TRUE;
  if (failed != self->rank)
    {
      g_clear_error (error);
      g_set_error_literal (error, TITHE_TEAM_ERROR, TITHE_TEAM_ERROR_ELSEWHERE, "another rank failed");
    }
  else if (self->rank > 0)
    prefix_place (self, error);
  return FALSE;
}

/**
 * tithe_team_is_same:
 *
 * For every rank.
 *
 * Returns: whether rank 0 has the same text
 */
gboolean
tithe_team_is_same (TitheTeam *self, const char *text)
{
  g_autofree char *own = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  g_autofree char *first = g_strdup (own);

  if (self->size > 1)
    share_text (first, strlen (first));
  return g_str_equal (own, first);
}

/**
 * tithe_team_gather:
 * @bytes: of this rank
 *
 * For every rank.
 *
 * Returns: (transfer full) (nullable) (element-type GBytes): on rank 0 those of each, in order; on others %NULL
 */
GPtrArray *
tithe_team_gather (TitheTeam *self, GBytes *bytes)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (self->rank > 0)
    {
      send_bytes (bytes, 0);
      return NULL;
    }
  g_ptr_array_add (all, g_bytes_ref (bytes));
  for (guint rank = 1; rank < self->size; rank++)
    g_ptr_array_add (all, receive_bytes (rank));
  return g_steal_pointer (&all);
}
