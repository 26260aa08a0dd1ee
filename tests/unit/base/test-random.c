/* SPDX-License-Identifier: MIT */
#include "base/tithe-random.h"

#include <math.h>

#define N 100000

/* SplitMix64's own first numbers for a state of 1234567, as its authors' C code prints them. */
static void
test_the_numbers_are_splitmix64s (void)
{
  TitheRandom random = { 1234567 };

  g_assert_cmpuint (tithe_random_next (&random), ==, G_GUINT64_CONSTANT (6457827717110365317));
  g_assert_cmpuint (tithe_random_next (&random), ==, G_GUINT64_CONSTANT (3203168211198807973));
  g_assert_cmpuint (tithe_random_next (&random), ==, G_GUINT64_CONSTANT (9817491932198370423));
  g_assert_cmpuint (tithe_random_next (&random), ==, G_GUINT64_CONSTANT (4593380528125082431));
  g_assert_cmpuint (tithe_random_next (&random), ==, G_GUINT64_CONSTANT (16408922859458223821));
}

static void
test_a_place_has_its_own_numbers (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint64 seed = 0; seed < 20; seed++)
    for (guint64 stream = 0; stream < 20; stream++)
      for (guint64 place = 0; place < 20; place++)
        {
          TitheRandom random = tithe_random_new (seed, stream, place), again = tithe_random_new (seed, stream, place);
          guint64 number = tithe_random_next (&random);

          g_assert_cmpuint (number, ==, tithe_random_next (&again));
          g_assert_true (g_hash_table_add (seen, g_memdup2 (&number, sizeof number)));
        }
}

/* Each of six sides comes up about equally often: chi squared with five degrees of freedom is below 30 but once in
 * 70,000 seeds, and this is one seed. */
static void
test_below_is_even (void)
{
  TitheRandom random = tithe_random_new (1, 2, 3);
  guint counts[6] = { 0 };
  double chi = 0;

  for (guint i = 0; i < N; i++)
    {
      guint32 side = tithe_random_below (&random, 6);

      g_assert_cmpuint (side, <, 6);
      counts[side]++;
    }
  for (guint i = 0; i < 6; i++)
    chi += pow (counts[i] - N / 6.0, 2) / (N / 6.0);
  g_assert_cmpfloat (chi, <, 30);
  g_assert_cmpuint (tithe_random_below (&random, 1), ==, 0);
}

static void
test_unit_lies_between_0_and_1 (void)
{
  TitheRandom random = tithe_random_new (4, 5, 6);
  double sum = 0, squares = 0;

  for (guint i = 0; i < N; i++)
    {
      double unit = tithe_random_unit (&random);

      g_assert_cmpfloat (unit, >=, 0);
      g_assert_cmpfloat (unit, <, 1);
      sum += unit;
      squares += unit * unit;
    }
  /* Five standard errors. */
  g_assert_cmpfloat_with_epsilon (sum / N, 0.5, 5 / sqrt (12.0 * N));
  g_assert_cmpfloat_with_epsilon (squares / N, 1 / 3.0, 5 * sqrt (4 / 45.0 / N));
}

static void
test_normal_has_the_moments_of_a_normal (void)
{
  TitheRandom random = tithe_random_new (7, 8, 9);
  double sum = 0, squares = 0, cubes = 0;
  guint n_far = 0;

  for (guint i = 0; i < N; i++)
    {
      double normal = tithe_random_normal (&random);

      g_assert_true (isfinite (normal));
      sum += normal;
      squares += normal * normal;
      cubes += normal * normal * normal;
      n_far += fabs (normal) > 1.959964;
    }
  g_assert_cmpfloat_with_epsilon (sum / N, 0, 5 / sqrt (N));
  g_assert_cmpfloat_with_epsilon (squares / N, 1, 5 * sqrt (2.0 / N));
  g_assert_cmpfloat_with_epsilon (cubes / N, 0, 5 * sqrt (15.0 / N));
  g_assert_cmpfloat_with_epsilon ((double) n_far / N, 0.05, 5 * sqrt (0.05 * 0.95 / N));
}

#define ADD(path, function) g_test_add_func ("/random/" path, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("splitmix64", test_the_numbers_are_splitmix64s);
  ADD ("places", test_a_place_has_its_own_numbers);
  ADD ("below", test_below_is_even);
  ADD ("unit", test_unit_lies_between_0_and_1);
  ADD ("normal", test_normal_has_the_moments_of_a_normal);
  return g_test_run ();
}
