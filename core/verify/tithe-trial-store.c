/* SPDX-License-Identifier: MIT */
#include "tithe-trial-store.h"
#include "store/tithe-database.h"
#include "tithe-claimer.h"
#include "tithe-test-set.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK (tithe-trial-store-error-quark, tithe_trial_store_error)

/* What is between the name of an arm and that of what it was tested on. */
#define TESTED_ON " @ "
/* What took hours to learn waits for whoever holds the file. */
#define PATIENCE_MS 30000
/* So many damaged rows are named. */
#define MAX_NAMED 5

struct _TitheTrialStore
{
  TitheDatabase *database;
  char *claimer; /* who claims: this connection */
};

/* A plan's training is its name; wish is the plan as it was asked for last, which says what there is to do. */
static const char *const schema
    = "CREATE TABLE IF NOT EXISTS verify_plan (id INTEGER PRIMARY KEY, training TEXT NOT NULL UNIQUE,"
      "  wish TEXT NOT NULL, asked INTEGER NOT NULL);"
      "CREATE TABLE IF NOT EXISTS verify_trial (plan INTEGER NOT NULL, arm TEXT NOT NULL, number INTEGER NOT NULL,"
      "  claimer TEXT NOT NULL, beat INTEGER NOT NULL, accuracy REAL, images INTEGER, steps INTEGER, seconds REAL,"
      "  tested BLOB, answered BLOB, PRIMARY KEY (plan, arm, number)) WITHOUT ROWID;";

static void
fail_no_plan (TitheTrialStore *self, GError **error)
{
  g_set_error (error, TITHE_TRIAL_STORE_ERROR, TITHE_TRIAL_STORE_ERROR_NO_PLAN,
               _("nothing was planned in “%s” yet: retrain first"), tithe_database_get_path (self->database));
}

/**
 * tithe_trial_store_open:
 * @session: path of a session
 * @writable: whether something is to be learned
 *
 * Returns: (transfer full): the store, or %NULL with a %TITHE_DATABASE_ERROR
 */
TitheTrialStore *
tithe_trial_store_open (const char *session, gboolean writable, GError **error)
{
  TitheDatabase *database
      = tithe_database_open (session, writable ? TITHE_DATABASE_WRITE : TITHE_DATABASE_READ, schema, error);
  TitheTrialStore *self;

  if (database == NULL)
    return NULL;
  if (writable)
    tithe_database_set_patience (database, PATIENCE_MS);
  self = g_new0 (TitheTrialStore, 1);
  self->database = database;
  self->claimer = tithe_claimer_new (NULL);
  return self;
}

/* tithe_trial_store_free: (transfer full) @self; what it claimed and did not finish is void with the program's end */
void
tithe_trial_store_free (TitheTrialStore *self)
{
  tithe_database_close (self->database);
  g_free (self->claimer);
  g_free (self);
}

/* --- plans --- */

/**
 * tithe_trial_store_put_plan:
 * @id: (out): where it is in the file, for tithe_trial_store_claim()
 *
 * Makes it the plan that was asked for last. Trials of other plans stay, for when they are asked for again.
 */
gboolean
tithe_trial_store_put_plan (TitheTrialStore *self, const TitheVerifyPlan *plan, gint64 *id, GError **error)
{
  g_autofree char *training = tithe_verify_plan_dup_training (plan), *wish = tithe_verify_plan_to_json (plan);
  sqlite3_stmt *statement = tithe_database_prepare (
      self->database, "INSERT INTO verify_plan (training, wish, asked) VALUES (?1, ?2, ?3)"
                      " ON CONFLICT (training) DO UPDATE SET wish = ?2, asked = ?3 RETURNING id");
  int status = SQLITE_ERROR;

  if (statement != NULL)
    {
      sqlite3_bind_text (statement, 1, training, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 2, wish, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 3, g_get_real_time ());
      status = sqlite3_step (statement);
      if (status == SQLITE_ROW)
        {
          *id = sqlite3_column_int64 (statement, 0);
          status = sqlite3_step (statement);
        }
    }
  sqlite3_finalize (statement);
  return status == SQLITE_DONE || tithe_database_fail (self->database, TITHE_DATABASE_ERROR_WRITE, error);
}

/**
 * tithe_trial_store_get_plan:
 * @id: (out) (optional): where it is in the file, for tithe_trial_store_claim()
 *
 * Returns: (transfer full): the plan that was asked for last, or %NULL with %TITHE_TRIAL_STORE_ERROR_NO_PLAN or a
 *   %TITHE_DATABASE_ERROR
 */
TitheVerifyPlan *
tithe_trial_store_get_plan (TitheTrialStore *self, gint64 *id, GError **error)
{
  sqlite3_stmt *statement = NULL;
  TitheVerifyPlan *plan = NULL;
  int status = SQLITE_DONE;
  gboolean has;

  if (!tithe_database_has_table (self->database, "verify_plan", &has, error))
    return NULL;
  if (has)
    {
      statement
          = tithe_database_prepare (self->database, "SELECT id, wish FROM verify_plan ORDER BY asked DESC LIMIT 1");
      status = statement ? sqlite3_step (statement) : SQLITE_ERROR;
    }
  if (status == SQLITE_ROW)
    {
      const char *wish = (const char *) sqlite3_column_text (statement, 1);

      if (id != NULL)
        *id = sqlite3_column_int64 (statement, 0);
      plan = tithe_verify_plan_new_from_json (wish ? wish : "");
      if (plan == NULL)
        tithe_database_damaged (self->database,
                                _("what was planned to be retrained is no plan, or one of a newer version"), error);
    }
  else if (status == SQLITE_DONE)
    fail_no_plan (self, error);
  else
    tithe_database_fail (self->database, TITHE_DATABASE_ERROR_READ, error);
  sqlite3_finalize (statement);
  return plan;
}

/* The row of the plan's training, 0 where there is none. */
static gboolean
look_up (TitheTrialStore *self, const TitheVerifyPlan *plan, gint64 *id, GError **error)
{
  g_autofree char *training = tithe_verify_plan_dup_training (plan);
  sqlite3_stmt *statement = NULL;
  int status = SQLITE_ERROR;
  gboolean has;

  *id = 0;
  if (!tithe_database_has_table (self->database, "verify_trial", &has, error))
    return FALSE;
  if (!has)
    return TRUE;
  statement = tithe_database_prepare (self->database, "SELECT id FROM verify_plan WHERE training = ? AND id > 0");
  if (statement != NULL)
    {
      sqlite3_bind_text (statement, 1, training, -1, SQLITE_STATIC);
      status = sqlite3_step (statement);
      *id = status == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;
    }
  sqlite3_finalize (statement);
  return status == SQLITE_ROW || status == SQLITE_DONE
         || tithe_database_fail (self->database, TITHE_DATABASE_ERROR_READ, error);
}

/**
 * tithe_trial_store_find_plan:
 * @id: (out): where it is in the file, for tithe_trial_store_claim()
 *
 * For a plan that another program put.
 *
 * Returns: %FALSE with %TITHE_TRIAL_STORE_ERROR_NO_PLAN where it is not there, or with a %TITHE_DATABASE_ERROR
 */
gboolean
tithe_trial_store_find_plan (TitheTrialStore *self, const TitheVerifyPlan *plan, gint64 *id, GError **error)
{
  if (!look_up (self, plan, id, error))
    return FALSE;
  if (*id == 0)
    fail_no_plan (self, error);
  return *id != 0;
}

/* --- the names of trials --- */

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

/* --- reading trials --- */

typedef struct
{
  const TitheVerifyPlan *plan;
  const char *tested_on;
  GArray *arms;          /* of the plan */
  GHashTable *names;     /* of each: its index + 1 */
  GHashTable *old_names; /* the same by the names of earlier versions */
  GHashTable *used;      /* “name number” of what is in the list */
  GHashTable *left_out;  /* “name number” of what is not: its reason */
  TitheTrialList *list;
} Reader;

static void
reader_init (Reader *reader, const TitheVerifyPlan *plan, const char *tested_on)
{
  *reader = (Reader){ .plan = plan,
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

static void
reader_clear (Reader *reader)
{
  g_clear_pointer (&reader->arms, g_array_unref);
  g_clear_pointer (&reader->names, g_hash_table_unref);
  g_clear_pointer (&reader->old_names, g_hash_table_unref);
  g_clear_pointer (&reader->used, g_hash_table_unref);
  g_clear_pointer (&reader->left_out, g_hash_table_unref);
  g_clear_pointer (&reader->list, tithe_trial_list_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

/* Whether a trial of an earlier version, which said nothing of what it was tested on, can be used all the same. */
static gboolean
judge_old (Reader *reader, const char *name, guint *arm, TitheLeftOut *reason)
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
judge_name (Reader *reader, const char *full, guint *arm, TitheLeftOut *reason)
{
  const char *at = strstr (full, TESTED_ON);
  g_autofree char *name = at ? g_strndup (full, (gsize) (at - full)) : NULL;

  if (at == NULL)
    return judge_old (reader, full, arm, reason);
  *arm = GPOINTER_TO_UINT (g_hash_table_lookup (reader->names, name));
  *reason = g_str_equal (at + strlen (TESTED_ON), reader->tested_on) ? TITHE_N_LEFT_OUT : TITHE_LEFT_OUT_TEST;
  return *arm != 0;
}

/* A row of arm, number, claimer, beat, accuracy, images, steps, seconds, tested, answered. */
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
leave_out (Reader *reader, char *key, TitheLeftOut reason, char *damage)
{
  g_hash_table_replace (reader->left_out, key, GUINT_TO_POINTER (reason));
  if (damage != NULL && reader->list->damaged->len < MAX_NAMED)
    g_ptr_array_add (reader->list->damaged, damage);
  else
    g_free (damage);
}

static void
read_trial (Reader *reader, sqlite3_stmt *statement)
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

/* What was done again since is not missed. */
static void
count_left_out (Reader *reader)
{
  GHashTableIter iter;
  gpointer key, reason;

  g_hash_table_iter_init (&iter, reader->left_out);
  while (g_hash_table_iter_next (&iter, &key, &reason))
    if (!g_hash_table_contains (reader->used, key))
      reader->list->n_left_out[GPOINTER_TO_UINT (reason)]++;
}

/* Those of this version come first: their names are longer, and so sort after what they begin with. */
static gboolean
read_trials (TitheTrialStore *self, gint64 id, Reader *reader, GError **error)
{
  sqlite3_stmt *statement = tithe_database_prepare (
      self->database, "SELECT arm, number, claimer, beat, accuracy, images, steps, seconds, tested, answered"
                      " FROM verify_trial WHERE plan = ? ORDER BY number, arm DESC");
  int status = SQLITE_ERROR;

  if (statement != NULL)
    {
      sqlite3_bind_int64 (statement, 1, id);
      while ((status = sqlite3_step (statement)) == SQLITE_ROW)
        read_trial (reader, statement);
    }
  sqlite3_finalize (statement);
  count_left_out (reader);
  return status == SQLITE_DONE || tithe_database_fail (self->database, TITHE_DATABASE_ERROR_READ, error);
}

/**
 * tithe_trial_store_list:
 * @plan: need not be in the file
 * @tested_on: what it tests on, of tithe_test_set_dup_name()
 *
 * Returns: (transfer full): the trials that the plan asks for, or %NULL with a %TITHE_DATABASE_ERROR
 */
TitheTrialList *
tithe_trial_store_list (TitheTrialStore *self, const TitheVerifyPlan *plan, const char *tested_on, GError **error)
{
  g_auto (Reader) reader;
  gint64 id;

  reader_init (&reader, plan, tested_on);
  if (!look_up (self, plan, &id, error) || (id != 0 && !read_trials (self, id, &reader, error)))
    return NULL;
  return g_steal_pointer (&reader.list);
}

/* tithe_trial_list_free: (transfer full) @self */
void
tithe_trial_list_free (TitheTrialList *self)
{
  g_ptr_array_unref (self->trials);
  g_ptr_array_unref (self->damaged);
  g_free (self);
}

/* --- claims --- */

static gboolean
put_claim (TitheTrialStore *self, const TitheClaim *claim, GError **error)
{
  sqlite3_stmt *statement
      = tithe_database_prepare (self->database, "INSERT OR REPLACE INTO verify_trial (plan, arm, number, claimer, beat)"
                                                " VALUES (?, ?, ?, ?, ?)");
  int status = SQLITE_ERROR;

  if (statement != NULL)
    {
      sqlite3_bind_int64 (statement, 1, claim->plan);
      sqlite3_bind_text (statement, 2, claim->name, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 3, claim->trial.number);
      sqlite3_bind_text (statement, 4, self->claimer, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 5, g_get_real_time () / G_USEC_PER_SEC);
      status = sqlite3_step (statement);
    }
  sqlite3_finalize (statement);
  return status == SQLITE_DONE || tithe_database_fail (self->database, TITHE_DATABASE_ERROR_WRITE, error);
}

/* Number by number, so that every arm has its first before any has its second. */
static gboolean
find_free (Reader *reader, TitheTrial *trial)
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

static gboolean
run (TitheTrialStore *self, const char *sql, GError **error)
{
  return tithe_database_run (self->database, sql)
         || tithe_database_fail (self->database, TITHE_DATABASE_ERROR_WRITE, error);
}

/* Within a transaction. */
static gboolean
take_next (TitheTrialStore *self, Reader *reader, TitheClaim *claim, gboolean *claimed, GError **error)
{
  g_autofree char *name = NULL;

  if (!read_trials (self, claim->plan, reader, error))
    return FALSE;
  *claimed = find_free (reader, &claim->trial);
  if (!*claimed)
    return TRUE;
  name = dup_name (reader->plan, &claim->trial.arm);
  claim->name = g_strconcat (name, TESTED_ON, reader->tested_on, NULL);
  return put_claim (self, claim, error);
}

/**
 * tithe_trial_store_claim:
 * @id: where the plan is in the file
 * @plan: what is worked on, whatever was put since
 * @tested_on: what it tests on
 * @claim: (out): what is to be learned, for tithe_claim_clear()
 * @claimed: (out): whether there was anything left
 *
 * Takes the next trial for this connection.
 *
 * Returns: %FALSE with a %TITHE_DATABASE_ERROR
 */
gboolean
tithe_trial_store_claim (TitheTrialStore *self, gint64 id, const TitheVerifyPlan *plan, const char *tested_on,
                         TitheClaim *claim, gboolean *claimed, GError **error)
{
  g_auto (Reader) reader;

  *claim = (TitheClaim){ .plan = id };
  *claimed = FALSE;
  reader_init (&reader, plan, tested_on);
  if (!run (self, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (take_next (self, &reader, claim, claimed, error) && run (self, "COMMIT", error))
    return TRUE;
  tithe_database_run (self->database, "ROLLBACK");
  *claimed = FALSE;
  tithe_claim_clear (claim);
  return FALSE;
}

/* Runs a statement about one claim, which has the plan, name, number and claimer as its values ?1 to ?4. */
static int
run_on_claim (TitheTrialStore *self, const TitheClaim *claim, const char *sql, gboolean with_results)
{
  const TitheTrial *trial = &claim->trial;
  sqlite3_stmt *statement = tithe_database_prepare (self->database, sql);
  int status = SQLITE_ERROR;

  if (statement != NULL)
    {
      sqlite3_bind_int64 (statement, 1, claim->plan);
      sqlite3_bind_text (statement, 2, claim->name, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 3, trial->number);
      sqlite3_bind_text (statement, 4, self->claimer, -1, SQLITE_STATIC);
      if (with_results)
        {
          sqlite3_bind_double (statement, 5, trial->accuracy);
          sqlite3_bind_int64 (statement, 6, (gint64) trial->n_images);
          sqlite3_bind_int64 (statement, 7, (gint64) trial->n_steps);
          sqlite3_bind_double (statement, 8, trial->seconds);
          sqlite3_bind_blob64 (statement, 9, trial->n_tested->data, trial->n_tested->len * sizeof (guint32),
                               SQLITE_STATIC);
          sqlite3_bind_blob64 (statement, 10, trial->n_right->data, trial->n_right->len * sizeof (guint32),
                               SQLITE_STATIC);
        }
      status = sqlite3_step (statement);
    }
  sqlite3_finalize (statement);
  return status;
}

#define OF_CLAIM " WHERE plan = ?1 AND arm = ?2 AND number = ?3 AND claimer = ?4 AND accuracy IS NULL"

/**
 * tithe_trial_store_beat:
 *
 * A sign of life, to be given every now and then by who holds a claim.
 */
void
tithe_trial_store_beat (TitheTrialStore *self, const TitheClaim *claim)
{
  run_on_claim (self, claim, "UPDATE verify_trial SET beat = unixepoch ()" OF_CLAIM, FALSE);
}

/**
 * tithe_trial_store_finish:
 * @claim: whose trial is known now
 *
 * Keeps what a claimed trial came to. Where somebody else took the claim over, theirs is kept.
 */
gboolean
tithe_trial_store_finish (TitheTrialStore *self, const TitheClaim *claim, GError **error)
{
  int status
      = run_on_claim (self, claim,
                      "UPDATE verify_trial SET accuracy = ?5, images = ?6, steps = ?7, seconds = ?8, tested = ?9,"
                      " answered = ?10" OF_CLAIM,
                      TRUE);

  return status == SQLITE_DONE || tithe_database_fail (self->database, TITHE_DATABASE_ERROR_WRITE, error);
}

/**
 * tithe_trial_store_release:
 *
 * Gives a claim back.
 */
void
tithe_trial_store_release (TitheTrialStore *self, const TitheClaim *claim)
{
  run_on_claim (self, claim, "DELETE FROM verify_trial" OF_CLAIM, FALSE);
}

/* tithe_claim_clear: frees what a claim owns, and not the claim */
void
tithe_claim_clear (TitheClaim *claim)
{
  tithe_trial_clear (&claim->trial);
  g_clear_pointer (&claim->name, g_free);
}
