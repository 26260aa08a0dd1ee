/* SPDX-License-Identifier: MIT */
#include "verify/tithe-verify-words.h"

#include <string.h>

#define MARGIN 0.003

/* The semantic subset of 90 % against everything, with numbers of which the words are to speak. */
static char *
say (TitheVerdict verdict, gboolean harmless, double difference, gsize n)
{
  const TitheVerifyClaim claim = {
    .arm = { TITHE_ARM_SEMANTIC, TITHE_BUDGET_EPOCHS, 0.9 },
    .against = { TITHE_ARM_FULL, TITHE_BUDGET_EPOCHS, 1 },
    .comparison
    = { .n = n, .difference = difference, .low = -0.0625, .high = 0.0425, .harmless = harmless, .verdict = verdict },
    .n_more = 7,
    .seconds = 7200
  };

  return tithe_verify_claim_dup_text (&claim, MARGIN);
}

static void
test_each_verdict_has_its_words (void)
{
  static const struct
  {
    TitheVerdict verdict;
    gboolean harmless;
    double difference;
    const char *begins, *has;
  } cases[] = {
    { TITHE_VERDICT_BETTER, FALSE, 0.0125, "The semantic subset of 90 % beats everything by 1.25 points", "+4.25" },
    { TITHE_VERDICT_WORSE, FALSE, -0.0125, "The semantic subset of 90 % loses to everything by 1.25 points", "-6.25" },
    { TITHE_VERDICT_WORSE, TRUE, -0.0125, "The semantic subset of 90 % loses to everything by 1.25 points",
      "less than the 0.3 points that matter" },
    { TITHE_VERDICT_NO_WORSE, FALSE, 0, "The semantic subset of 90 % does not lose to everything",
      "a loss of 0.3 points is ruled out" },
    { TITHE_VERDICT_UNDECIDED, FALSE, 0.0125, "Not decided yet: the semantic subset of 90 % against everything",
      "about 7 more trials of each, some 2.0 hours" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = say (cases[i].verdict, cases[i].harmless, cases[i].difference, 5);

      if (!g_str_has_prefix (words, cases[i].begins) || strstr (words, cases[i].has) == NULL)
        g_error ("“%s” and “%s” are not in “%s”", cases[i].begins, cases[i].has, words);
    }
}

/* A harm that may be is never called harmless. */
static void
test_a_loss_is_harmless_only_where_it_is_judged_so (void)
{
  g_autofree char *words = say (TITHE_VERDICT_WORSE, FALSE, -0.001, 5);

  g_assert_null (strstr (words, "matter"));
}

static void
test_one_trial_decides_nothing (void)
{
  g_autofree char *words = say (TITHE_VERDICT_UNDECIDED, FALSE, 0.0125, 1);

  g_assert_nonnull (strstr (words, "two trials of each at least"));
  g_assert_null (strstr (words, "1.25"));
}

static void
test_durations_are_of_a_size_to_think_in (void)
{
  static const struct
  {
    double seconds;
    const char *words;
  } cases[]
      = { { 1, "1 second" },         { 39.2, "40 seconds" },    { 99, "99 seconds" },        { 100, "2 minutes" },
          { 99 * 60, "99 minutes" }, { 100 * 60, "1.7 hours" }, { 99 * 3600, "99.0 hours" }, { 5 * 86400, "5 days" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = tithe_verify_dup_duration (cases[i].seconds);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verify-words/verdicts", test_each_verdict_has_its_words);
  g_test_add_func ("/verify-words/harmless", test_a_loss_is_harmless_only_where_it_is_judged_so);
  g_test_add_func ("/verify-words/one-trial", test_one_trial_decides_nothing);
  g_test_add_func ("/verify-words/durations", test_durations_are_of_a_size_to_think_in);
  return g_test_run ();
}
