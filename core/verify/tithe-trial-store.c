/* SPDX-License-Identifier: MIT */
#include "tithe-trial-store.h"
#include "store/tithe-database.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK (tithe-trial-store-error-quark, tithe_trial_store_error)

/* Without a sign of life for so long, whoever claimed a trial is taken for dead. */
#define PATIENCE_S 120

struct _TitheTrialStore
{
  char *path;
  TitheDatabase *database;
  sqlite3 *db;    /* of the database */
  gint64 plan;    /* row of the plan that was put or got last */
  char *hand;     /* (nullable): ends the names of arms by hand, which are others when something else was decided */
  char *claimer;  /* who claims: boot, namespace, process and when that began */
  guint64 serial; /* of this connection: two threads of a program are two claimers */
};

/* A plan's training is its name; wish is the plan as it was asked for last, which says what there is to do. */
static const char *const schema
    = "CREATE TABLE IF NOT EXISTS verify_plan (id INTEGER PRIMARY KEY, training TEXT NOT NULL UNIQUE,"
      "  wish TEXT NOT NULL, asked INTEGER NOT NULL);"
      "CREATE TABLE IF NOT EXISTS verify_trial (plan INTEGER NOT NULL, arm TEXT NOT NULL, number INTEGER NOT NULL,"
      "  claimer TEXT NOT NULL, beat INTEGER NOT NULL, accuracy REAL, images INTEGER, steps INTEGER, seconds REAL,"
      "  tested BLOB, answered BLOB, PRIMARY KEY (plan, arm, number)) WITHOUT ROWID;";

static gboolean
fail (TitheTrialStore *self, TitheTrialStoreError code, GError **error)
{
  g_set_error (error, TITHE_TRIAL_STORE_ERROR, (int) code,
               code == TITHE_TRIAL_STORE_ERROR_READ ? _("cannot read the trials in “%s”: %s")
                                                    : _("cannot write the trial to “%s”: %s"),
               self->path, sqlite3_errmsg (self->db));
  return FALSE;
}

/* When a process began, in clock ticks since the machine did; NULL where there is none. */
static char *
dup_beginning (const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", pid), *stat = NULL;
  g_auto (GStrv) words = NULL;
  const char *rest;

  if (!g_file_get_contents (path, &stat, NULL, NULL) || (rest = strrchr (stat, ')')) == NULL)
    return NULL;
  words = g_strsplit (rest + 1, " ", -1);
  return g_strv_length (words) > 20 ? g_strdup (words[20]) : NULL;
}

/* “boot:namespace”, within which process numbers mean something. */
static char *
dup_realm (void)
{
  g_autofree char *boot = NULL, *namespace = g_file_read_link ("/proc/self/ns/pid", NULL);

  g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot, NULL, NULL);
  return g_strdup_printf ("%s:%s", boot ? g_strstrip (boot) : "", namespace ? namespace : "");
}

/* A claimer is “realm/process/beginning/connection”. */
static gboolean
is_gone (TitheTrialStore *self, const char *claimer, gint64 beat)
{
  g_auto (GStrv) theirs = g_strsplit (claimer, "/", -1), ours = g_strsplit (self->claimer, "/", -1);
  g_autofree char *beginning = NULL;

  if (g_strv_length (theirs) == 4 && g_str_equal (theirs[0], ours[0]))
    {
      beginning = dup_beginning (theirs[1]);
      return g_strcmp0 (beginning, theirs[2]) != 0;
    }
  return g_get_real_time () / G_USEC_PER_SEC - beat > PATIENCE_S;
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
  static guint64 serial;
  g_autoptr (TitheTrialStore) self = g_new0 (TitheTrialStore, 1);
  g_autofree char *realm = dup_realm (), *pid = g_strdup_printf ("%d", (int) getpid ());
  g_autofree char *beginning = dup_beginning (pid);

  self->path = g_canonicalize_filename (session, NULL);
  self->serial = __atomic_add_fetch (&serial, 1, __ATOMIC_SEQ_CST);
  self->claimer = g_strdup_printf ("%s/%s/%s/%" G_GUINT64_FORMAT, realm, pid, beginning ? beginning : "", self->serial);
  self->database
      = tithe_database_open (self->path, writable ? TITHE_DATABASE_WRITE : TITHE_DATABASE_READ, schema, error);
  if (self->database == NULL)
    return NULL;
  self->db = tithe_database_get_handle (self->database);
  if (writable)
    tithe_database_set_patience (self->database, 30000);
  return g_steal_pointer (&self);
}

void
tithe_trial_store_free (TitheTrialStore *self)
{
  g_clear_pointer (&self->database, tithe_database_close);
  g_free (self->path);
  g_free (self->hand);
  g_free (self->claimer);
  g_free (self);
}

void
tithe_trial_clear (TitheTrial *trial)
{
  g_clear_pointer (&trial->n_tested, g_array_unref);
  g_clear_pointer (&trial->n_right, g_array_unref);
}

static void
trial_free (gpointer trial)
{
  tithe_trial_clear (trial);
  g_free (trial);
}

static void
take_hand (TitheTrialStore *self, const TitheVerifyPlan *plan)
{
  g_free (self->hand);
  self->hand = plan->hand ? g_strdup_printf (" %.16s%s", plan->hand, plan->hand_exact ? " exact" : "") : NULL;
}

static char *
dup_name (TitheTrialStore *self, const TitheArm *arm)
{
  const gboolean by_hand = arm->kind == TITHE_ARM_HAND || arm->kind == TITHE_ARM_RANDOM_HAND;
  g_autofree char *name = tithe_arm_to_string (arm);

  return g_strconcat (name, by_hand ? self->hand : NULL, NULL);
}

/* Whether the name is that of an arm of the plan's decisions. */
static gboolean
read_name (TitheTrialStore *self, const char *name, TitheArm *arm)
{
  g_auto (GStrv) words = g_strsplit (name, " ", 4);
  g_autofree char *plain = NULL, *again = NULL;

  if (g_strv_length (words) < 3)
    return FALSE;
  plain = g_strjoin (" ", words[0], words[1], words[2], NULL);
  if (!tithe_arm_from_string (plain, arm))
    return FALSE;
  again = dup_name (self, arm);
  return g_str_equal (again, name);
}

/**
 * tithe_trial_store_put_plan:
 *
 * Makes it the plan that is worked on. Trials of other plans stay, for when they are asked for again.
 */
gboolean
tithe_trial_store_put_plan (TitheTrialStore *self, const TitheVerifyPlan *plan, GError **error)
{
  g_autofree char *training = tithe_verify_plan_dup_training (plan), *wish = tithe_verify_plan_to_json (plan);
  sqlite3_stmt *statement = NULL;
  int status = SQLITE_ERROR;

  take_hand (self, plan);
  if (sqlite3_prepare_v2 (self->db,
                          "INSERT INTO verify_plan (training, wish, asked) VALUES (?1, ?2, ?3)"
                          " ON CONFLICT (training) DO UPDATE SET wish = ?2, asked = ?3 RETURNING id",
                          -1, &statement, NULL)
      == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, training, -1, SQLITE_STATIC);
      sqlite3_bind_text (statement, 2, wish, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 3, g_get_real_time ());
      status = sqlite3_step (statement);
      if (status == SQLITE_ROW)
        {
          self->plan = sqlite3_column_int64 (statement, 0);
          status = sqlite3_step (statement);
        }
    }
  sqlite3_finalize (statement);
  return status == SQLITE_DONE || fail (self, TITHE_TRIAL_STORE_ERROR_WRITE, error);
}

/**
 * tithe_trial_store_get_plan:
 *
 * Returns: (transfer full): the plan that was asked for last, or %NULL with a %TITHE_TRIAL_STORE_ERROR
 */
TitheVerifyPlan *
tithe_trial_store_get_plan (TitheTrialStore *self, GError **error)
{
  sqlite3_stmt *statement = NULL;
  TitheVerifyPlan *plan = NULL;
  int status = SQLITE_DONE;

  gboolean planned;

  if (!tithe_database_has_table (self->database, "verify_plan", &planned, error))
    return NULL;
  if (planned)
    {
      status = sqlite3_prepare_v2 (self->db, "SELECT id, wish FROM verify_plan ORDER BY asked DESC LIMIT 1", -1,
                                   &statement, NULL);
      if (status == SQLITE_OK)
        status = sqlite3_step (statement);
    }
  if (status == SQLITE_ROW)
    {
      const char *wish = (const char *) sqlite3_column_text (statement, 1);

      self->plan = sqlite3_column_int64 (statement, 0);
      plan = tithe_verify_plan_new_from_json (wish ? wish : "");
      if (plan != NULL)
        take_hand (self, plan);
      else
        g_set_error (error, TITHE_TRIAL_STORE_ERROR, TITHE_TRIAL_STORE_ERROR_READ,
                     _("the plan in “%s” is damaged, or of a newer version of Tithe"), self->path);
    }
  else if (status == SQLITE_DONE)
    g_set_error (error, TITHE_TRIAL_STORE_ERROR, TITHE_TRIAL_STORE_ERROR_NO_PLAN,
                 _("nothing was planned in “%s” yet: begin with “tithe-cli verify”, or on the page Verify"),
                 self->path);
  else
    fail (self, TITHE_TRIAL_STORE_ERROR_READ, error);
  sqlite3_finalize (statement);
  return plan;
}

/* Every trial of the plan that is finished, or claimed by somebody who lives: “arm number”. */
static GHashTable *
list_taken (TitheTrialStore *self)
{
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_stmt *statement = NULL;
  int status;

  if (sqlite3_prepare_v2 (self->db, "SELECT arm, number, claimer, beat, accuracy FROM verify_trial WHERE plan = ?", -1,
                          &statement, NULL)
      != SQLITE_OK)
    return NULL;
  sqlite3_bind_int64 (statement, 1, self->plan);
  while ((status = sqlite3_step (statement)) == SQLITE_ROW)
    {
      const char *arm = (const char *) sqlite3_column_text (statement, 0);
      const char *claimer = (const char *) sqlite3_column_text (statement, 2);
      gboolean finished = sqlite3_column_type (statement, 4) != SQLITE_NULL;

      if (finished || !is_gone (self, claimer ? claimer : "", sqlite3_column_int64 (statement, 3)))
        g_hash_table_add (taken, g_strdup_printf ("%s %d", arm, sqlite3_column_int (statement, 1)));
    }
  sqlite3_finalize (statement);
  return status == SQLITE_DONE ? g_steal_pointer (&taken) : NULL;
}

static gboolean
put_claim (TitheTrialStore *self, const char *arm, guint number)
{
  sqlite3_stmt *statement = NULL;
  int status = SQLITE_ERROR;

  if (sqlite3_prepare_v2 (
          self->db, "INSERT OR REPLACE INTO verify_trial (plan, arm, number, claimer, beat) VALUES (?, ?, ?, ?, ?)", -1,
          &statement, NULL)
      == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, self->plan);
      sqlite3_bind_text (statement, 2, arm, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 3, number);
      sqlite3_bind_text (statement, 4, self->claimer, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 5, g_get_real_time () / G_USEC_PER_SEC);
      status = sqlite3_step (statement);
    }
  sqlite3_finalize (statement);
  return status == SQLITE_DONE;
}

/**
 * tithe_trial_store_claim:
 * @plan: the one that was put or got last
 * @trial: (out): what is to be learned
 * @claimed: (out): whether there was anything left
 *
 * Takes the next trial for this connection: number by number, so that every arm has its first before any has its second.
 */
gboolean
tithe_trial_store_claim (TitheTrialStore *self, const TitheVerifyPlan *plan, TitheTrial *trial, gboolean *claimed,
                         GError **error)
{
  g_autoptr (GArray) arms = tithe_verify_plan_list_arms (plan);
  g_autoptr (GHashTable) taken = NULL;
  gboolean ok = sqlite3_exec (self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;

  *claimed = FALSE;
  if (!ok || (taken = list_taken (self)) == NULL)
    {
      fail (self, TITHE_TRIAL_STORE_ERROR_WRITE, error);
      sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
      return FALSE;
    }
  for (guint number = 0; ok && !*claimed && number < plan->n_trials; number++)
    for (guint a = 0; ok && !*claimed && a < arms->len; a++)
      {
        const TitheArm *arm = &g_array_index (arms, TitheArm, a);
        g_autofree char *name = dup_name (self, arm), *key = g_strdup_printf ("%s %u", name, number);

        if (g_hash_table_contains (taken, key))
          continue;
        *trial = (TitheTrial){ .arm = *arm, .number = number };
        ok = *claimed = put_claim (self, name, number);
      }
  ok = ok && sqlite3_exec (self->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
  if (ok)
    return TRUE;
  *claimed = FALSE;
  fail (self, TITHE_TRIAL_STORE_ERROR_WRITE, error);
  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

/* Runs a statement about one claim, which has the plan, arm, number and claimer as its last four values from ?1. */
static int
run_on_claim (TitheTrialStore *self, const TitheTrial *trial, const char *sql, gboolean with_results)
{
  g_autofree char *arm = dup_name (self, &trial->arm);
  sqlite3_stmt *statement = NULL;
  int status = sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL);

  if (status == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, self->plan);
      sqlite3_bind_text (statement, 2, arm, -1, SQLITE_STATIC);
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
tithe_trial_store_beat (TitheTrialStore *self, const TitheTrial *trial)
{
  run_on_claim (self, trial, "UPDATE verify_trial SET beat = unixepoch ()" OF_CLAIM, FALSE);
}

/**
 * tithe_trial_store_finish:
 *
 * Keeps what a claimed trial came to. Where somebody else took the claim over, theirs is kept.
 */
gboolean
tithe_trial_store_finish (TitheTrialStore *self, const TitheTrial *trial, GError **error)
{
  int status
      = run_on_claim (self, trial,
                      "UPDATE verify_trial SET accuracy = ?5, images = ?6, steps = ?7, seconds = ?8, tested = ?9,"
                      " answered = ?10" OF_CLAIM,
                      TRUE);

  return status == SQLITE_DONE || fail (self, TITHE_TRIAL_STORE_ERROR_WRITE, error);
}

/**
 * tithe_trial_store_release:
 *
 * Gives a claim back.
 */
void
tithe_trial_store_release (TitheTrialStore *self, const TitheTrial *trial)
{
  run_on_claim (self, trial, "DELETE FROM verify_trial" OF_CLAIM, FALSE);
}

static GArray *
column_counts (sqlite3_stmt *statement, int column)
{
  GArray *counts = g_array_new (FALSE, FALSE, sizeof (guint32));
  gconstpointer blob = sqlite3_column_blob (statement, column);

  if (blob != NULL)
    g_array_append_vals (counts, blob, (guint) sqlite3_column_bytes (statement, column) / sizeof (guint32));
  return counts;
}

/**
 * tithe_trial_store_list:
 * @plan: the one that was put or got last
 *
 * Returns: (transfer full) (element-type TitheTrial): those of the plan's training that are finished, or claimed by
 *   somebody who lives, also of arms that the plan does not ask for now
 */
GPtrArray *
tithe_trial_store_list (TitheTrialStore *self, const TitheVerifyPlan *plan, GError **error)
{
  g_autoptr (GPtrArray) trials = g_ptr_array_new_with_free_func (trial_free);
  sqlite3_stmt *statement = NULL;
  int status
      = sqlite3_prepare_v2 (self->db,
                            "SELECT arm, number, claimer, beat, accuracy, images, steps, seconds, tested, answered"
                            " FROM verify_trial WHERE plan = ? ORDER BY number, arm",
                            -1, &statement, NULL);

  if (status == SQLITE_OK)
    {
      sqlite3_bind_int64 (statement, 1, self->plan);
      while ((status = sqlite3_step (statement)) == SQLITE_ROW)
        {
          const char *arm = (const char *) sqlite3_column_text (statement, 0);
          const char *claimer = (const char *) sqlite3_column_text (statement, 2);
          TitheTrial trial = { .number = (guint) sqlite3_column_int (statement, 1),
                               .finished = sqlite3_column_type (statement, 4) != SQLITE_NULL,
                               .accuracy = sqlite3_column_double (statement, 4),
                               .n_images = (gsize) sqlite3_column_int64 (statement, 5),
                               .n_steps = (gsize) sqlite3_column_int64 (statement, 6),
                               .seconds = sqlite3_column_double (statement, 7) };

          if (arm == NULL || !read_name (self, arm, &trial.arm)
              || (!trial.finished && is_gone (self, claimer ? claimer : "", sqlite3_column_int64 (statement, 3))))
            continue;
          trial.n_tested = column_counts (statement, 8);
          trial.n_right = column_counts (statement, 9);
          g_ptr_array_add (trials, g_memdup2 (&trial, sizeof trial));
        }
    }
  sqlite3_finalize (statement);
  if (status == SQLITE_DONE)
    return g_steal_pointer (&trials);
  fail (self, TITHE_TRIAL_STORE_ERROR_READ, error);
  return NULL;
}
