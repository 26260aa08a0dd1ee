/* SPDX-License-Identifier: MIT */
#include "base/tithe-team.h"

#define MOST 40

static void
test_the_dearest_goes_to_the_least_loaded (void)
{
  const guint64 costs[] = { 3, 9, 0, 9, 4, 2 };
  const guint expected[] = { 2, 0, 0, 1, 2, 2 };
  guint owners[G_N_ELEMENTS (costs)];

  /* Ranks 0 and 1 get the 9s, rank 2 what is 4, 3 and 2, and the lowest of three that have 9 what costs nothing. */
  tithe_team_share (costs, G_N_ELEMENTS (costs), 3, owners);
  g_assert_cmpmem (owners, sizeof owners, expected, sizeof expected);
}

/* No rank has more than the mean and one piece, and every piece has a rank. */
static void
test_shares_are_even (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint trial = 0; trial < 200; trial++)
    {
      guint n = (guint) g_rand_int_range (random, 0, MOST + 1), size = (guint) g_rand_int_range (random, 1, 9);
      guint64 costs[MOST], loads[8] = { 0 }, sum = 0, dearest = 0;
      guint owners[MOST], again[MOST];

      for (guint i = 0; i < n; i++)
        {
          costs[i] = (guint64) g_rand_int_range (random, 0, 1000);
          sum += costs[i];
          dearest = MAX (dearest, costs[i]);
        }
      tithe_team_share (costs, n, size, owners);
      tithe_team_share (costs, n, size, again);
      for (guint i = 0; i < n; i++)
        {
          g_assert_cmpuint (owners[i], <, size);
          g_assert_cmpuint (owners[i], ==, again[i]);
          loads[owners[i]] += costs[i];
        }
      for (guint rank = 0; rank < size; rank++)
        g_assert_cmpuint (loads[rank], <=, sum / size + dearest);
    }
}

static void
test_one_process_is_a_team (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheTeam) team = tithe_team_join (&error);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("own", 3);
  g_autoptr (GPtrArray) all = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (tithe_team_get_rank (team), ==, 0);
  g_assert_cmpuint (tithe_team_get_size (team), ==, 1);
  g_assert_cmpuint (tithe_team_get_n_beside (team), ==, 1);
  g_assert_true (tithe_team_is_same (team, "anything"));
  all = tithe_team_gather (team, bytes);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_true (g_bytes_equal (g_ptr_array_index (all, 0), bytes));
  g_assert_true (tithe_team_agree (team, TRUE, &error));
  g_set_error_literal (&error, TITHE_TEAM_ERROR, TITHE_TEAM_ERROR_DIFFERENT, "its own");
  g_assert_false (tithe_team_agree (team, FALSE, &error));
  g_assert_cmpstr (error->message, ==, "its own");
}

static void
test_the_environment_tells_how_many (void)
{
  static const char *const names[] = { "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "PMI_SIZE",    "PMI_RANK",
                                       "SLURM_STEP_NUM_TASKS", "SLURM_PROCID",         "SLURM_NTASKS" };
  guint rank;

  g_assert_cmpuint (tithe_team_get_started (&rank), ==, 1);
  g_assert_cmpuint (rank, ==, 0);
  /* What the script of a Slurm job has, which is one process. */
  g_setenv ("SLURM_NTASKS", "8", TRUE);
  g_setenv ("SLURM_PROCID", "0", TRUE);
  g_assert_cmpuint (tithe_team_get_started (&rank), ==, 1);
  g_setenv ("SLURM_STEP_NUM_TASKS", "8", TRUE);
  g_setenv ("SLURM_PROCID", "5", TRUE);
  g_assert_cmpuint (tithe_team_get_started (&rank), ==, 8);
  g_assert_cmpuint (rank, ==, 5);
  g_setenv ("OMPI_COMM_WORLD_SIZE", "3", TRUE);
  g_setenv ("OMPI_COMM_WORLD_RANK", "2", TRUE);
  g_assert_cmpuint (tithe_team_get_started (&rank), ==, 3);
  g_assert_cmpuint (rank, ==, 2);
  g_setenv ("OMPI_COMM_WORLD_SIZE", "none", TRUE);
  g_setenv ("PMI_SIZE", "4", TRUE);
  g_setenv ("PMI_RANK", "1", TRUE);
  g_assert_cmpuint (tithe_team_get_started (&rank), ==, 4);
  g_assert_cmpuint (rank, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_unsetenv (names[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/team/dearest-first", test_the_dearest_goes_to_the_least_loaded);
  g_test_add_func ("/team/even", test_shares_are_even);
  g_test_add_func ("/team/one", test_one_process_is_a_team);
  g_test_add_func ("/team/environment", test_the_environment_tells_how_many);
  return g_test_run ();
}
