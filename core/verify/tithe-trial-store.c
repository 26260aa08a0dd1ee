/* SPDX-License-Identifier: MIT */
#include "tithe-trial-store.h"
#include "store/tithe-database.h"
#include "tithe-claimer.h"
#include "tithe-trial-reader-private.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (tithe-trial-store-error-quark, tithe_trial_store_error)

/* What took hours to learn waits for whoever holds the file. */
#define PATIENCE_MS 30000

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

/* --- reading trials --- */

/* Those of this version come first: their names are longer, and so sort after what they begin with. */
static gboolean
read_trials (TitheTrialStore *self, gint64 id, TitheTrialReader *reader, GError **error)
{
  sqlite3_stmt *statement = tithe_database_prepare (
      self->database, "SELECT arm, number, claimer, beat, accuracy, images, steps, seconds, tested, answered"
                      " FROM verify_trial WHERE plan = ? ORDER BY number, arm DESC");
  int status = SQLITE_ERROR;

  if (statement != NULL)
    {
      sqlite3_bind_int64 (statement, 1, id);
      while ((status = sqlite3_step (statement)) == SQLITE_ROW)
        tithe_trial_reader_take_row (reader, statement);
    }
  sqlite3_finalize (statement);
  tithe_trial_reader_end (reader);
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
  g_auto (TitheTrialReader) reader;
  gint64 id;

  tithe_trial_reader_init (&reader, plan, tested_on);
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
          tithe_database_bind_numbers (statement, 9, trial->n_tested->data, trial->n_tested->len, sizeof (guint32));
          tithe_database_bind_numbers (statement, 10, trial->n_right->data, trial->n_right->len, sizeof (guint32));
        }
      status = sqlite3_step (statement);
    }
  sqlite3_finalize (statement);
  return status;
}

static gboolean
put_claim (TitheTrialStore *self, const TitheClaim *claim, GError **error)
{
  int status = run_on_claim (self, claim,
                             "INSERT OR REPLACE INTO verify_trial (plan, arm, number, claimer, beat)"
                             " VALUES (?1, ?2, ?3, ?4, unixepoch ())",
                             FALSE);

  return status == SQLITE_DONE || tithe_database_fail (self->database, TITHE_DATABASE_ERROR_WRITE, error);
}

static gboolean
run (TitheTrialStore *self, const char *sql, GError **error)
{
  return tithe_database_run (self->database, sql)
         || tithe_database_fail (self->database, TITHE_DATABASE_ERROR_WRITE, error);
}

/* Within a transaction. */
static gboolean
take_next (TitheTrialStore *self, TitheTrialReader *reader, TitheClaim *claim, gboolean *claimed, GError **error)
{
  if (!read_trials (self, claim->plan, reader, error))
    return FALSE;
  *claimed = tithe_trial_reader_find_free (reader, &claim->trial);
  if (!*claimed)
    return TRUE;
  claim->name = tithe_trial_reader_dup_name (reader, &claim->trial.arm);
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
  g_auto (TitheTrialReader) reader;

  *claim = (TitheClaim){ .plan = id };
  *claimed = FALSE;
  tithe_trial_reader_init (&reader, plan, tested_on);
  if (!run (self, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (take_next (self, &reader, claim, claimed, error) && run (self, "COMMIT", error))
    return TRUE;
  tithe_database_run (self->database, "ROLLBACK");
  *claimed = FALSE;
  tithe_claim_clear (claim);
  return FALSE;
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
