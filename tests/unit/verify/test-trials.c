/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "session/tithe-session.h"
#include "store/tithe-database.h"
#include "verify/tithe-claimer.h"
#include "verify/tithe-draw.h"
#include "verify/tithe-test-set.h"
#include "verify/tithe-verify-words.h"
#ifdef TITHE_HAVE_LEARN
#  include "verify/tithe-verify.h"
#endif

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *folder, *session;
} Store;

static void
set_up (Store *fixture, gconstpointer data)
{
  g_autofree char *path = NULL, *rows = NULL;
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = fixture_folder ();
  path = g_build_filename (fixture->folder, "data", NULL);
  rows = g_build_filename (fixture->folder, "rows.npy", NULL);
  fixture->session = g_build_filename (fixture->folder, "s.tithe", NULL);
  hierarchy = fixture_hierarchy (path, 2, 30, TITHE_LINKAGE_COMPLETE, 1);
  embedding = tithe_embedding_open (rows, NULL, NULL);
  tithe_embedding_bind (&embedding, tithe_hierarchy_get_dataset (hierarchy), NULL, 1, NULL, NULL);
  tithe_session_write (fixture->session, hierarchy, embedding, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Store *fixture, gconstpointer data)
{
  g_free (fixture->session);
  fixture_remove (fixture->folder);
}

/* Two classes of 50 test images each, of which 40 and 30 are right. */
#define ACCURACY 0.7

static void
finish (TitheTrialStore *store, TitheClaim *claim)
{
  guint32 tested[] = { 50, 50 }, right[] = { 40, 30 };
  g_autoptr (GError) error = NULL;

  claim->trial.accuracy = ACCURACY;
  claim->trial.n_images = 10;
  claim->trial.seconds = 2;
  claim->trial.n_tested = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (guint32)), tested, 2);
  claim->trial.n_right = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (guint32)), right, 2);
  tithe_trial_store_finish (store, claim, &error);
  g_assert_no_error (error);
  tithe_claim_clear (claim);
}

/* Finishes all that is left of a plan, and says how much that was. */
static guint
finish_all (TitheTrialStore *store, const TitheVerifyPlan *plan, const char *tested_on)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  g_assert_true (tithe_trial_store_put_plan (store, plan, &id, &error));
  for (guint n = 0;; n++)
    {
      TitheClaim claim;
      gboolean claimed;

      g_assert_true (tithe_trial_store_claim (store, id, plan, tested_on, &claim, &claimed, &error));
      if (!claimed)
        return n;
      finish (store, &claim);
    }
}

static TitheTrialList *
list (TitheTrialStore *store, const TitheVerifyPlan *plan, const char *tested_on)
{
  g_autoptr (GError) error = NULL;
  TitheTrialList *trials = tithe_trial_store_list (store, plan, tested_on, &error);

  g_assert_no_error (error);
  return trials;
}

/* As another program would, or a stranger. */
/* --- claims --- */

/* Two who work on one plan never get the same trial; what one gives back the other gets; a plan grows. */
static void
test_claims (Store *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheTrialStore) a = tithe_trial_store_open (fixture->session, TRUE, &error);
  g_autoptr (TitheTrialStore) b = tithe_trial_store_open (fixture->session, TRUE, &error);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE), got = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (TitheTrialList) trials = NULL;
  gboolean claimed = TRUE;
  TitheClaim claim, given;
  gint64 id, found;

  g_assert_no_error (error);
  g_assert_null (tithe_trial_store_get_plan (a, NULL, &error));
  g_assert_error (error, TITHE_TRIAL_STORE_ERROR, TITHE_TRIAL_STORE_ERROR_NO_PLAN);
  g_clear_error (&error);
  g_assert_false (tithe_trial_store_find_plan (a, plan, &found, &error));
  g_assert_error (error, TITHE_TRIAL_STORE_ERROR, TITHE_TRIAL_STORE_ERROR_NO_PLAN);
  g_clear_error (&error);
  g_assert_true (tithe_trial_store_put_plan (a, plan, &id, &error));
  got = tithe_trial_store_get_plan (b, &found, &error);
  g_assert_nonnull (got);
  g_assert_cmpint (found, ==, id);
  g_assert_true (tithe_trial_store_find_plan (b, plan, &found, &error));
  g_assert_cmpint (found, ==, id);
  g_assert_true (tithe_trial_store_claim (b, id, plan, "split x", &given, &claimed, &error));
  tithe_trial_store_release (b, &given);
  tithe_claim_clear (&given);
  for (guint i = 0; claimed; i++)
    {
      TitheTrialStore *store = i % 2 ? a : b;
      g_autofree char *arm = NULL;

      g_assert_true (tithe_trial_store_claim (store, id, plan, "split x", &claim, &claimed, &error));
      if (!claimed)
        break;
      arm = tithe_arm_to_string (&claim.trial.arm);
      g_assert_true (g_hash_table_add (seen, g_strdup_printf ("%s %u", arm, claim.trial.number)));
      finish (store, &claim);
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 5 * 3);
  plan->n_trials = 4;
  g_assert_true (tithe_verify_plan_set_ratios (plan, "0.9,0.8,0.5"));
  g_assert_cmpuint (finish_all (a, plan, "split x"), ==, 7 * 4 - 5 * 3);
  trials = list (a, plan, "split x");
  g_assert_cmpuint (trials->trials->len, ==, 7 * 4);
  /* Counts of classes are stored the lowest byte first, on every machine: 50 and 50, 40 and 30. */
  fixture_run_sql (fixture->session, "CREATE TEMP TABLE wrong (n CHECK (n = 0)); INSERT INTO wrong SELECT count(*)"
                                     " FROM verify_trial WHERE hex(tested) <> '3200000032000000'"
                                     " OR hex(answered) <> '280000001E000000'");
}

/* What is learned for a plan is that plan's, whatever another program asks for meanwhile. */
static void
test_trials_belong_to_their_plan (Store *fixture, gconstpointer data)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->session, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) first = tithe_verify_plan_new (TRUE), second = tithe_verify_plan_new (TRUE);
  g_autoptr (TitheTrialList) of_first = NULL, of_second = NULL;
  TitheClaim claim;
  gboolean claimed;
  gint64 id, other;

  second->seed = 2;
  g_assert_true (tithe_trial_store_put_plan (store, first, &id, NULL));
  g_assert_true (tithe_trial_store_put_plan (store, second, &other, NULL));
  g_assert_cmpint (id, !=, other);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (tithe_trial_store_claim (store, id, first, "split x", &claim, &claimed, NULL));
      g_assert_true (claimed);
      finish (store, &claim);
    }
  of_first = list (store, first, "split x");
  of_second = list (store, second, "split x");
  g_assert_cmpuint (of_first->trials->len, ==, 3);
  g_assert_cmpuint (of_second->trials->len, ==, 0);
}

/* A claim whose program was killed is taken over at once; its late result would not count. */
static void
test_dead_claims (Store *fixture, gconstpointer data)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->session, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (GError) error = NULL;
  gboolean claimed;
  TitheClaim claim;
  pid_t child;
  gint64 id;

  g_assert_true (tithe_trial_store_put_plan (store, plan, &id, NULL));
  g_clear_pointer (&store, tithe_trial_store_free);
  child = fork ();
  if (child == 0)
    {
      g_autoptr (TitheTrialStore) theirs = tithe_trial_store_open (fixture->session, TRUE, NULL);

      for (guint i = 0; i < 3; i++)
        tithe_trial_store_claim (theirs, id, plan, "split x", &claim, &claimed, NULL);
      kill (getpid (), SIGKILL);
    }
  waitpid (child, NULL, 0);
  store = tithe_trial_store_open (fixture->session, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (tithe_trial_store_claim (store, id, plan, "split x", &claim, &claimed, &error));
  g_assert_true (claimed);
  g_assert_cmpint (claim.trial.arm.kind, ==, TITHE_ARM_FULL);
  g_assert_cmpuint (claim.trial.number, ==, 0);
  tithe_claim_clear (&claim);
}

/* --- who is gone --- */

/* A folder like /proc of this machine, in which no process can be seen. */
static char *
hide_processes (Store *fixture)
{
  g_autofree char *boot = NULL, *space = g_file_read_link ("/proc/self/ns/pid", NULL), *link = NULL;
  char *proc = g_build_filename (fixture->folder, "proc", NULL);

  g_assert_true (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &boot, NULL, NULL));
  g_free (fixture_write (fixture->folder, "proc/sys/kernel/random/boot_id", boot, -1));
  g_free (fixture_write (fixture->folder, "proc/self/ns/other", "", 0));
  link = g_build_filename (proc, "self", "ns", "pid", NULL);
  g_assert_cmpint (symlink (space, link), ==, 0);
  return proc;
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* Where others' processes are hidden, that one can't be seen proves nothing: a sign of life decides. */
static void
test_hidden_claimers_live (Store *fixture, gconstpointer data)
{
  g_autofree char *hidden = hide_processes (fixture), *seen = tithe_claimer_new (NULL);
  g_autofree char *unseen = tithe_claimer_new (hidden);

  /* Claimed by who could see itself, looked at by who can't; and the other way around. */
  g_assert_false (tithe_claimer_is_gone (seen, now (), hidden));
  g_assert_false (tithe_claimer_is_gone (unseen, now (), NULL));
  g_assert_true (tithe_claimer_is_gone (seen, now () - TITHE_CLAIMER_PATIENCE_S - 5, hidden));
  g_assert_true (tithe_claimer_is_gone (unseen, now () - TITHE_CLAIMER_PATIENCE_S - 5, NULL));
  /* Who can be seen lives without any sign: it may be stopped, or its computer asleep. */
  g_assert_false (tithe_claimer_is_gone (seen, 0, NULL));
}

/* A process number that nobody has is a proof, hidden or not; so is another beginning. */
static void
test_gone_claimers (Store *fixture, gconstpointer data)
{
  g_autofree char *hidden = hide_processes (fixture), *ours = tithe_claimer_new (NULL), *dead = NULL, *used = NULL;
  g_auto (GStrv) parts = g_strsplit (ours, "/", -1);
  pid_t child = fork ();

  if (child == 0)
    _exit (0);
  waitpid (child, NULL, 0);
  dead = g_strdup_printf ("%s/%d/%s/1", parts[0], (int) child, parts[2]);
  used = g_strdup_printf ("%s/%s/1/1", parts[0], parts[1]);
  g_assert_true (tithe_claimer_is_gone (dead, now (), NULL));
  g_assert_true (tithe_claimer_is_gone (dead, now (), hidden));
  g_assert_true (tithe_claimer_is_gone (used, now (), NULL));
}

/* On another machine a sign of life decides; what a stranger wrote is nobody, and a sign from the far future is none. */
static void
test_strange_claimers (Store *fixture, gconstpointer data)
{
  static const char *const strange[]
      = { "", "///", "boot:pid:[1]/1/1/1", "a/../../etc/1", "a/b/c/d/e", "/-1//", "/0//" };

  for (guint i = 0; i < G_N_ELEMENTS (strange); i++)
    {
      g_assert_false (tithe_claimer_is_gone (strange[i], now (), NULL));
      g_assert_true (tithe_claimer_is_gone (strange[i], now () - TITHE_CLAIMER_PATIENCE_S - 5, NULL));
      g_assert_true (tithe_claimer_is_gone (strange[i], G_MAXINT64, NULL));
      g_assert_true (tithe_claimer_is_gone (strange[i], G_MININT64, NULL));
    }
}

/* --- what counts --- */

/* A ratio of seven digits finds its trials. */
static void
test_exact_ratios_find_their_trials (Store *fixture, gconstpointer data)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->session, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (TitheTrialList) trials = NULL;
  g_autoptr (TitheVerifyReport) report = NULL;

  plan->n_trials = 2;
  g_assert_true (tithe_verify_plan_set_ratios (plan, "0.3333333, 0.33333330000000005"));
  g_assert_cmpuint (finish_all (store, plan, "split x"), ==, 2 * 5);
  trials = list (store, plan, "split x");
  report = tithe_verify_report_new (plan, trials, TITHE_VERIFY_MARGIN, 1);
  g_assert_cmpuint (report->n_finished, ==, 2 * 5);
  g_assert_cmpuint (report->n_trials, ==, 2 * 5);
}

/* Without a test split a lower ratio holds other images out: what was tested before is left out, said, and not lost. */
static void
test_a_lower_ratio_tests_on_others (Store *fixture, gconstpointer data)
{
  g_autoptr (TitheSession) session = tithe_session_open (fixture->session, NULL);
  TitheDataset *dataset = tithe_session_get_dataset (session);
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->session, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) high = tithe_verify_plan_new (TRUE), low = tithe_verify_plan_new (TRUE);
  g_autofree char *high_test = NULL, *low_test = NULL;
  g_autofree guint8 *high_held = NULL, *low_held = NULL;
  g_autoptr (TitheVerifyReport) report = NULL;
  g_autoptr (GPtrArray) notes = NULL;

  g_assert_true (tithe_verify_plan_set_ratios (high, "0.9"));
  g_assert_true (tithe_verify_plan_set_ratios (low, "0.9,0.3"));
  high_test = tithe_test_set_dup_name (dataset, high);
  low_test = tithe_test_set_dup_name (dataset, low);
  g_assert_cmpstr (high_test, !=, low_test);
  high_held = tithe_test_set_draw (tithe_session_get_hierarchy (session), high);
  low_held = tithe_test_set_draw (tithe_session_get_hierarchy (session), low);
  g_assert_cmpint (memcmp (high_held, low_held, 60), !=, 0);
  g_assert_cmpuint (finish_all (store, high, high_test), ==, 9);
  g_assert_true (tithe_trial_store_put_plan (store, low, &(gint64){ 0 }, NULL));
  report = tithe_verify_report_read (fixture->session, dataset, NULL, TITHE_VERIFY_MARGIN, 1, NULL, NULL);
  g_assert_cmpuint (report->n_finished, ==, 0);
  g_assert_cmpuint (report->n_left_out[TITHE_LEFT_OUT_TEST], ==, 9);
  notes = tithe_verify_report_list_notes (report);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (notes, 0), "9 trials are left out: they were tested on other"));
  /* All of it is learned again, and none of what was is gone. */
  g_assert_cmpuint (finish_all (store, low, low_test), ==, 15);
  g_assert_cmpuint (finish_all (store, high, high_test), ==, 0);
  g_clear_pointer (&report, tithe_verify_report_free);
  report = tithe_verify_report_read (fixture->session, dataset, low, TITHE_VERIFY_MARGIN, 1, NULL, NULL);
  g_assert_cmpuint (report->n_finished, ==, 15);
  g_assert_cmpuint (report->n_left_out[TITHE_LEFT_OUT_TEST], ==, 0);
}

/* The subset of the manual decisions may have the lowest ratio of all. */
static void
test_manual_ratios_count_as_lowest (void)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);

  g_assert_cmpfloat (tithe_verify_plan_get_lowest (plan), ==, 0.5);
  plan->manual_ratio = 0.2;
  g_assert_cmpfloat (tithe_verify_plan_get_lowest (plan), ==, 0.5);
  plan->manual = g_strdup ("0123456789abcdef");
  g_assert_cmpfloat (tithe_verify_plan_get_lowest (plan), ==, 0.2);
}

/* Trials of earlier versions, whose names have six digits of the ratio and nothing of what they were tested on. */
static void
make_old (Store *fixture)
{
  fixture_run_sql (fixture->session,
                   "UPDATE OR REPLACE verify_trial SET arm = substr (arm, 1, instr (arm, ' @ ') - 1)");
  fixture_run_sql (fixture->session, "UPDATE OR REPLACE verify_trial SET arm = replace (arm, '0.3333333', '0.333333')");
}

static void
test_old_trials_count_where_they_are_certain (Store *fixture, gconstpointer data)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->session, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (TitheTrialList) of_split = NULL, of_clusters = NULL, again = NULL;

  g_assert_true (tithe_verify_plan_set_ratios (plan, "0.9,0.3333333"));
  g_assert_cmpuint (finish_all (store, plan, "split x"), ==, 15);
  make_old (fixture);
  of_split = list (store, plan, "split y");
  g_assert_cmpuint (of_split->trials->len, ==, 9);
  g_assert_cmpuint (of_split->n_left_out[TITHE_LEFT_OUT_ROUNDED], ==, 6);
  of_clusters = list (store, plan, "clusters 0.3333333 per-class 1");
  g_assert_cmpuint (of_clusters->trials->len, ==, 0);
  g_assert_cmpuint (of_clusters->n_left_out[TITHE_LEFT_OUT_UNRECORDED], ==, 9);
  g_assert_cmpuint (of_clusters->n_left_out[TITHE_LEFT_OUT_ROUNDED], ==, 6);
  /* What is missing is learned, once. */
  g_assert_cmpuint (finish_all (store, plan, "split y"), ==, 6);
  again = list (store, plan, "split y");
  g_assert_cmpuint (again->trials->len, ==, 15);
  g_assert_cmpuint (again->n_left_out[TITHE_LEFT_OUT_ROUNDED], ==, 0);
}

/* --- sessions of strangers --- */

static void
test_damaged_trials_are_named (Store *fixture, gconstpointer data)
{
  static const char *const damages[] = {
    "tested = NULL",
    "tested = x'0102'",
    "tested = zeroblob (4)",
    "answered = zeroblob (0)",
    "tested = zeroblob (8), answered = zeroblob (8)",
    "answered = x'ffffffffffffffff'",
    "tested = zeroblob (8000000), answered = zeroblob (8000000)",
    "accuracy = 1.5",
    "accuracy = -0.1",
    "accuracy = 9e999",
    "accuracy = 'many'",
    "accuracy = 0.9",
    "images = -1",
    "steps = 9223372036854775807",
    "seconds = 9e999",
    "seconds = -1",
  };
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->session, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);

  finish_all (store, plan, "split x");
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *sql
          = g_strdup_printf ("UPDATE verify_trial SET %s WHERE arm LIKE 'semantic 0.9 %%' AND number = 1", damages[i]);
      g_autoptr (TitheTrialList) trials = NULL;
      g_autoptr (TitheVerifyReport) report = NULL;
      g_autoptr (GPtrArray) notes = NULL;

      fixture_run_sql (fixture->session, sql);
      trials = list (store, plan, "split x");
      if (trials->trials->len != 14 || trials->n_left_out[TITHE_LEFT_OUT_DAMAGED] != 1)
        g_error ("%s is taken for a trial", damages[i]);
      report = tithe_verify_report_new (plan, trials, TITHE_VERIFY_MARGIN, 1);
      notes = tithe_verify_report_list_notes (report);
      g_assert_cmpuint (notes->len, ==, 2);
      g_assert_true (g_str_has_prefix (g_ptr_array_index (notes, 1), "Damaged: trial 1 of “semantic 0.9 epochs”: "));
      /* It is learned again. */
      g_assert_cmpuint (finish_all (store, plan, "split x"), ==, 1);
    }
}

/* Numbers and arms that no plan has, and more rows of one trial than there can be: nobody's. */
static void
test_strange_trials_are_passed_over (Store *fixture, gconstpointer data)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->session, TRUE, NULL);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (TitheTrialList) trials = NULL;
  g_autoptr (TitheVerifyReport) report = NULL;

  finish_all (store, plan, "split x");
  fixture_run_sql (
      fixture->session,
      "CREATE TABLE copies AS SELECT * FROM verify_trial WHERE arm LIKE 'semantic 0.9 %' AND number = 0;"
      "CREATE TABLE names (number INTEGER, arm TEXT);"
      "INSERT INTO names VALUES (4294967296, 'semantic 0.9 epochs @ split x'), (-1, 'semantic 0.9 epochs @ split x'),"
      " (9223372036854775807, 'semantic 0.9 epochs @ split x'), (1000, 'semantic 0.9 epochs @ split x'),"
      " (0, 'semantic 0.90000001 epochs @ split x'), (0, 'semantic 0.90 epochs @ split x'),"
      " (0, 'semantic 0.9 epochs'), (0, 'semantic nan epochs @ split x'), (0, 'semantic'), (0, ''),"
      " (0, 'semantic 9e-1 epochs @ split x'), (0, 'semantic 0.9 epochs @ '), (0, ' @ split x');"
      "INSERT INTO verify_trial (plan, arm, number, claimer, beat, accuracy, images, steps, seconds, tested, answered)"
      " SELECT plan, names.arm, names.number, claimer, beat, accuracy, images, steps, seconds, tested, answered"
      " FROM copies, names;");
  trials = list (store, plan, "split x");
  report = tithe_verify_report_new (plan, trials, TITHE_VERIFY_MARGIN, 1);
  g_assert_cmpuint (report->n_finished, ==, 15);
  g_assert_cmpuint (finish_all (store, plan, "split x"), ==, 0);
}

/* --- held out --- */

/* Decisions made after a plan do not change it, and other decisions are another arm. */
static void
test_manual_decisions_are_frozen (Store *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (fixture->session, &error);
  g_autoptr (TitheCuration) curation = tithe_session_open_curation (session, TRUE, &error), past = NULL;
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (TitheSubset) subset = NULL;
  TitheArm arm = { TITHE_ARM_MANUAL, TITHE_BUDGET_EPOCHS, 0.5 };
  g_autofree guint8 *before = NULL, *after = NULL;
  g_autofree char *first = NULL;

  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 3, TITHE_DECISION_DISCARD);
  g_assert_true (tithe_curation_commit (curation, "one", &error));
  tithe_verify_plan_set_manual (plan, curation, 0.5, FALSE);
  subset = tithe_verify_plan_make_subset (plan, &arm, tithe_session_get_hierarchy (session), curation);
  before = tithe_arm_select (&arm, subset, NULL, 1);
  g_assert_cmpuint (before[3], ==, 0);
  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 4, TITHE_DECISION_DISCARD);
  tithe_curation_set_decision (curation, 3, TITHE_DECISION_KEEP);
  g_assert_true (tithe_curation_commit (curation, "two", &error));
  past = tithe_session_open_past_curation (session, plan->manual_rows, &error);
  g_assert_no_error (error);
  tithe_subset_free (g_steal_pointer (&subset));
  subset = tithe_verify_plan_make_subset (plan, &arm, tithe_session_get_hierarchy (session), past);
  after = tithe_arm_select (&arm, subset, NULL, 1);
  g_assert_cmpmem (before, 60, after, 60);
  first = g_strdup (plan->manual);
  tithe_verify_plan_set_manual (plan, curation, 0.5, FALSE);
  g_assert_cmpstr (first, !=, plan->manual);
}

/* Whole clusters are held out, and every group of a higher ratio that is left has its representative. */
static void
test_held_out (Store *fixture, gconstpointer data)
{
  g_autoptr (TitheSession) session = tithe_session_open (fixture->session, NULL);
  TitheHierarchy *hierarchy = tithe_session_get_hierarchy (session);
  g_autoptr (TitheCut) cut = tithe_cut_new (hierarchy);
  g_autoptr (TitheSubset) subset = tithe_subset_new (hierarchy, NULL);
  g_autofree guint8 *held = NULL;
  const TitheGroup *groups;
  gsize n_groups, n_held = 0;

  tithe_cut_set_ratio (cut, 0.5, TITHE_POLICY_PER_CLASS);
  held = tithe_draw_held_out (cut, 0.2, 9);
  for (gsize i = 0; i < 60; i++)
    n_held += held[i];
  g_assert_cmpuint (n_held, >=, 12);
  g_assert_cmpuint (n_held, <=, 18);
  tithe_subset_set_ratio (subset, 0.8, TITHE_POLICY_PER_CLASS, FALSE);
  groups = tithe_cut_get_groups (tithe_subset_get_cut (subset), &n_groups);
  g_assert_cmpuint (n_groups, >, 0);
  for (gsize g = 0; g < n_groups; g++)
    for (guint32 m = 1; m < groups[g].size; m++)
      g_assert_cmpuint (held[tithe_cut_get_image (tithe_subset_get_cut (subset), &groups[g], m)], ==,
                        held[tithe_subset_get_representative (subset, &groups[g])]);
}

#ifdef TITHE_HAVE_LEARN
/* --- learning --- */

static void
lose_the_table (const TitheTrial *trial, gpointer user_data)
{
  Store *fixture = user_data;

  fixture_run_sql (fixture->session, "DROP TABLE verify_trial");
}

/* That one trial fails ends the others, and is what is told: nobody cancelled the job. */
static void
test_a_failure_is_not_a_cancellation (Store *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (fixture->session, &error);
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->session, TRUE, &error);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autoptr (TitheJob) job = tithe_job_new ("Retraining");
  gint64 id;

  plan->width = 4;
  plan->epochs = 1;
  plan->size = 16;
  tithe_verify_settle (plan);
  g_assert_true (tithe_trial_store_put_plan (store, plan, &id, &error));
  g_assert_false (tithe_verify_run (session, id, plan, 1, lose_the_table, fixture, job, &error));
  g_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_DAMAGED);
  g_assert_false (tithe_job_is_cancelled (job));
}

/* What all trials cost, in trials of everything: how quick the machine is comes out of it. */
static double
estimate_in_trials (TitheSession *session, const TitheVerifyPlan *plan)
{
  g_autoptr (GError) error = NULL;
  TitheVerifyCost cost;

  g_assert_true (tithe_verify_estimate (session, plan, 1, &cost, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (cost.seconds_per_trial, >, 0);
  return cost.seconds / cost.seconds_per_trial;
}

/* Somebody who began a trial finished none: neither a rate nor what testing takes is known by that. */
static void
test_a_claim_leaves_the_estimate_as_it_is (Store *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (fixture->session, &error);
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (fixture->session, TRUE, &error);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  g_autofree char *tested_on = NULL;
  gboolean claimed;
  TitheClaim claim;
  double before;
  gint64 id;

  plan->width = 4;
  plan->epochs = 1;
  plan->size = 16;
  tithe_verify_settle (plan);
  tested_on = tithe_test_set_dup_name (tithe_session_get_dataset (session), plan);
  before = estimate_in_trials (session, plan);
  g_assert_true (tithe_trial_store_put_plan (store, plan, &id, &error));
  g_assert_true (tithe_trial_store_claim (store, id, plan, tested_on, &claim, &claimed, &error));
  g_assert_true (claimed);
  tithe_claim_clear (&claim);
  g_assert_cmpfloat_with_epsilon (estimate_in_trials (session, plan), before, 1e-9);
}
#endif

#define ADD(path, function) g_test_add (path, Store, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/trials/claims", test_claims);
  ADD ("/trials/belong-to-their-plan", test_trials_belong_to_their_plan);
  ADD ("/trials/dead-claims", test_dead_claims);
  ADD ("/trials/exact-ratios-find-theirs", test_exact_ratios_find_their_trials);
  ADD ("/trials/a-lower-ratio-tests-on-others", test_a_lower_ratio_tests_on_others);
  ADD ("/trials/old-ones-count-where-they-are-certain", test_old_trials_count_where_they_are_certain);
  ADD ("/trials/damaged-ones-are-named", test_damaged_trials_are_named);
  ADD ("/trials/strange-ones-are-passed-over", test_strange_trials_are_passed_over);
  ADD ("/claimers/hidden-ones-live", test_hidden_claimers_live);
  ADD ("/claimers/gone", test_gone_claimers);
  ADD ("/claimers/strange", test_strange_claimers);
  g_test_add_func ("/tested/manual-ratios-count-as-lowest", test_manual_ratios_count_as_lowest);
  ADD ("/tested/held-out", test_held_out);
  ADD ("/plan/manual-decisions-are-frozen", test_manual_decisions_are_frozen);
#ifdef TITHE_HAVE_LEARN
  ADD ("/run/a-failure-is-not-a-cancellation", test_a_failure_is_not_a_cancellation);
  ADD ("/run/a-claim-leaves-the-estimate", test_a_claim_leaves_the_estimate_as_it_is);
#endif
  return g_test_run ();
}
