/* SPDX-License-Identifier: MIT */
#include "tithe-claimer.h"
#include "tithe-test-set.h"
#include "tithe-trial-reader-private.h"

#include <string.h>

/* What is between the name of an arm and that of what it was tested on. */
#define TESTED_ON " @ "
/* So many damaged rows are named. */
#define MAX_NAMED 5

/* “semantic 0.9 epochs”, with the decisions for manual arms: they are others when something else was decided. */
static char *
dup_name (const TitheVerifyPlan *plan, const TitheArm *arm)
{
  g_autofree char *name = tithe_arm_to_string (arm);

  if (!tithe_arm_is_manual (arm))
    return g_steal_pointer (&name);
  return g_strdup_printf ("%s %.16s%s", name, plan->manual, plan->manual_exact ? " exact" : "");
}

/* What earlier versions called it: with six digits of the ratio. */
static char *
dup_rounded_name (const TitheVerifyPlan *plan, const TitheArm *arm)
{
  char ratio[G_ASCII_DTOSTR_BUF_SIZE];
  TitheArm rounded = *arm;

  rounded.ratio = g_ascii_strtod (g_ascii_formatd (ratio, sizeof ratio, "%.6g", arm->ratio), NULL);
  return dup_name (plan, &rounded);
}

/* Whether more than six digits may have been cut off. */
static gboolean
is_cut_off (double ratio)
{
  char six[G_ASCII_DTOSTR_BUF_SIZE], five[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (six, sizeof six, "%.6g", ratio);
  g_ascii_formatd (five, sizeof five, "%.5g", ratio);
  return !g_str_equal (six, five);
}

/**
 * tithe_trial_reader_init:
 * @plan: what is asked for
 * @tested_on: what it tests on
 *
 * Both have to stay while the reader is used.
 */
void
tithe_trial_reader_init (TitheTrialReader *reader, const TitheVerifyPlan *plan, const char *tested_on)
{
  *reader = (TitheTrialReader){ .plan = plan,
                                .tested_on = tested_on,
                                .arms = tithe_verify_plan_list_arms (plan),
                                .names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                                .old_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                                .used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                                .left_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                                .list = g_new0 (TitheTrialList, 1) };
  reader->list->trials = g_ptr_array_new_with_free_func (tithe_trial_free);
  reader->list->damaged = g_ptr_array_new_with_free_func (g_free);
  for (guint a = 0; a < reader->arms->len; a++)
    {
      const TitheArm *arm = &g_array_index (reader->arms, TitheArm, a);

      g_hash_table_insert (reader->names, dup_name (plan, arm), GUINT_TO_POINTER (a + 1));
      g_hash_table_insert (reader->old_names, dup_rounded_name (plan, arm), GUINT_TO_POINTER (a + 1));
    }
}

/* tithe_trial_reader_clear: frees what the reader owns, and not the reader */
void
tithe_trial_reader_clear (TitheTrialReader *reader)
{
  g_clear_pointer (&reader->arms, g_array_unref);
  g_clear_pointer (&reader->names, g_hash_table_unref);
  g_clear_pointer (&reader->old_names, g_hash_table_unref);
  g_clear_pointer (&reader->used, g_hash_table_unref);
  g_clear_pointer (&reader->left_out, g_hash_table_unref);
  g_clear_pointer (&reader->list, tithe_trial_list_free);
}

/* Whether a trial of an earlier version, which said nothing of what it was tested on, can be used all the same. */
static gboolean
judge_old (TitheTrialReader *reader, const char *name, guint *arm, TitheLeftOut *reason)
{
  *arm = GPOINTER_TO_UINT (g_hash_table_lookup (reader->old_names, name));
  if (*arm == 0)
    return FALSE;
  *reason = TITHE_N_LEFT_OUT;
  if (is_cut_off (g_array_index (reader->arms, TitheArm, *arm - 1).ratio))
    *reason = TITHE_LEFT_OUT_ROUNDED;
  else if (!g_hash_table_contains (reader->names, name))
    return FALSE; /* of a ratio near one that is asked for */
  else if (!tithe_test_set_is_split (reader->tested_on))
    *reason = TITHE_LEFT_OUT_UNRECORDED;
  return TRUE;
}

/* Whether the plan asks for the trial: of which arm it is, and why it is left out if it is. */
static gboolean
judge_name (TitheTrialReader *reader, const char *full, guint *arm, TitheLeftOut *reason)
{
  const char *at = strstr (full, TESTED_ON);
  g_autofree char *name = at ? g_strndup (full, (gsize) (at - full)) : NULL;

  if (at == NULL)
    return judge_old (reader, full, arm, reason);
  *arm = GPOINTER_TO_UINT (g_hash_table_lookup (reader->names, name));
  *reason = g_str_equal (at + strlen (TESTED_ON), reader->tested_on) ? TITHE_N_LEFT_OUT : TITHE_LEFT_OUT_TEST;
  return *arm != 0;
}

static TitheTrialRow
get_row (sqlite3_stmt *statement)
{
  return (TitheTrialRow){ .number = sqlite3_column_int64 (statement, 1),
                          .finished = sqlite3_column_type (statement, 4) != SQLITE_NULL,
                          .accuracy = sqlite3_column_double (statement, 4),
                          .n_images = sqlite3_column_int64 (statement, 5),
                          .n_steps = sqlite3_column_int64 (statement, 6),
                          .seconds = sqlite3_column_double (statement, 7),
                          .tested = sqlite3_column_blob (statement, 8),
                          .tested_size = (gsize) sqlite3_column_bytes (statement, 8),
                          .right = sqlite3_column_blob (statement, 9),
                          .right_size = (gsize) sqlite3_column_bytes (statement, 9) };
}

static void
leave_out (TitheTrialReader *reader, char *key, TitheLeftOut reason, char *damage)
{
  g_hash_table_replace (reader->left_out, key, GUINT_TO_POINTER (reason));
  if (damage != NULL && reader->list->damaged->len < MAX_NAMED)
    g_ptr_array_add (reader->list->damaged, damage);
  else
    g_free (damage);
}

/**
 * tithe_trial_reader_take_row:
 * @statement: at a row of arm, number, claimer, beat, accuracy, images, steps, seconds, tested and answered
 *
 * Rows of this version of the program are to come before those of earlier ones, which are used where there is no other.
 */
void
tithe_trial_reader_take_row (TitheTrialReader *reader, sqlite3_stmt *statement)
{
  const char *full = (const char *) sqlite3_column_text (statement, 0);
  const char *claimer = (const char *) sqlite3_column_text (statement, 2);
  TitheTrialRow row = get_row (statement);
  g_autofree char *plain = NULL, *key = NULL;
  char *damage = NULL;
  TitheLeftOut reason;
  TitheTrial trial;
  guint arm;

  if (full == NULL || !judge_name (reader, full, &arm, &reason) || row.number >= reader->plan->n_trials)
    return;
  plain = tithe_arm_to_string (&g_array_index (reader->arms, TitheArm, arm - 1));
  row.arm = plain;
  key = g_strdup_printf ("%u %" G_GINT64_FORMAT, arm, row.number);
  if (!row.finished
      && (reason != TITHE_N_LEFT_OUT
          || tithe_claimer_is_gone (claimer ? claimer : "", sqlite3_column_int64 (statement, 3), NULL)))
    return;
  if (reason != TITHE_N_LEFT_OUT)
    leave_out (reader, g_steal_pointer (&key), reason, NULL);
  else if (!tithe_trial_read (&trial, &row, &damage))
    leave_out (reader, g_steal_pointer (&key), TITHE_LEFT_OUT_DAMAGED, damage);
  else if (g_hash_table_add (reader->used, g_steal_pointer (&key)))
    g_ptr_array_add (reader->list->trials, g_memdup2 (&trial, sizeof trial));
  else
    tithe_trial_clear (&trial); /* of an earlier version, and done again since */
}

/* tithe_trial_reader_end: after the last row, counts what was left out; what was done again since is not missed */
void
tithe_trial_reader_end (TitheTrialReader *reader)
{
  GHashTableIter iter;
  gpointer key, reason;

  g_hash_table_iter_init (&iter, reader->left_out);
  while (g_hash_table_iter_next (&iter, &key, &reason))
    if (!g_hash_table_contains (reader->used, key))
      reader->list->n_left_out[GPOINTER_TO_UINT (reason)]++;
}

/**
 * tithe_trial_reader_find_free:
 * @trial: (out): that the plan asks for and nobody has; number by number, so that every arm has its first before any has its
 *   second
 *
 * Returns: whether there is one
 */
gboolean
tithe_trial_reader_find_free (TitheTrialReader *reader, TitheTrial *trial)
{
  for (guint number = 0; number < reader->plan->n_trials; number++)
    for (guint a = 0; a < reader->arms->len; a++)
      {
        g_autofree char *key = g_strdup_printf ("%u %u", a + 1, number);

        *trial = (TitheTrial){ .arm = g_array_index (reader->arms, TitheArm, a), .number = number };
        if (!g_hash_table_contains (reader->used, key))
          return TRUE;
      }
  return FALSE;
}

/* tithe_trial_reader_dup_name: (transfer full) what a trial of the arm is called in the file */
char *
tithe_trial_reader_dup_name (TitheTrialReader *reader, const TitheArm *arm)
{
  g_autofree char *name = dup_name (reader->plan, arm);

  return g_strconcat (name, TESTED_ON, reader->tested_on, NULL);
}
