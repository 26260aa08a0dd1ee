/* SPDX-License-Identifier: MIT */
#include "fuzz-target.h"

#include "base/tithe-byte-order.h"
#include "curate/tithe-group-list.h"
#include "export/tithe-provenance.h"
#include "fixture.h"
#include "session/tithe-session.h"
#include "verify/tithe-test-set.h"
#include "verify/tithe-verify-report.h"
#include "verify/tithe-verify-table.h"
#include "verify/tithe-verify-words.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define N_CLASSES 2
#define N_IMAGES 6
#define TEMPLATE "template.tithe"
#define HOSTILE "hostile.tithe"

/* --- a session with something of everything in it --- */

static void
decide (TitheSession *session)
{
  g_autoptr (TitheCuration) curation = tithe_session_open_curation (session, TRUE, NULL);

  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 3, TITHE_DECISION_DISCARD);
  tithe_curation_set_mark (curation, 0, 1, TITHE_MARK_REVIEWED, TRUE);
  g_assert_true (tithe_curation_commit (curation, "Discard", NULL));
  tithe_curation_begin (curation);
  tithe_curation_split (curation, 1, 2, 3);
  g_assert_true (tithe_curation_commit (curation, "Split", NULL));
  g_assert_true (tithe_curation_undo (curation, NULL));
  g_assert_true (tithe_curation_redo (curation, NULL));
}

static void
learn (TitheSession *session)
{
  g_autoptr (TitheTrialStore) store = tithe_trial_store_open (tithe_session_get_path (session), TRUE, NULL);
  g_autoptr (TitheVerifyPlan) plan = tithe_verify_plan_new (TRUE);
  const guint32 tested[N_CLASSES] = { 50, 50 }, right[N_CLASSES] = { 40, 30 };
  g_autofree char *tested_on = NULL;
  gboolean claimed = TRUE;
  gint64 id;

  g_assert_true (tithe_verify_plan_set_ratios (plan, "0.5"));
  tested_on = tithe_test_set_dup_name (tithe_session_get_dataset (session), plan);
  g_assert_true (tithe_trial_store_put_plan (store, plan, &id, NULL));
  for (guint i = 0; claimed; i++)
    {
      TitheClaim claim;

      g_assert_true (tithe_trial_store_claim (store, id, plan, tested_on, &claim, &claimed, NULL));
      if (claimed && i != 7) /* one stays in work */
        {
          claim.trial.accuracy = 0.7;
          claim.trial.n_images = 6;
          claim.trial.seconds = 2;
          claim.trial.n_tested = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (guint32)), tested, N_CLASSES);
          claim.trial.n_right = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (guint32)), right, N_CLASSES);
          g_assert_true (tithe_trial_store_finish (store, &claim, NULL));
        }
      tithe_claim_clear (&claim);
    }
}

void
fuzz_prepare_session (const char *folder)
{
  g_autofree char *path = fixture_session (folder, TEMPLATE, N_CLASSES, N_IMAGES);
  g_autoptr (TitheSession) session = tithe_session_open (path, NULL);

  decide (session);
  learn (session);
}

GBytes *
fuzz_seed_session (const char *folder)
{
  return fuzz_read_back (folder, TEMPLATE);
}

/* --- what a session is used for --- */

/* Looks at every image and every group, which goes wherever indices lead. */
static void
look_at_subset (TitheSubset *subset)
{
  static const TitheGroupViewKind views[] = { TITHE_VIEW_GROUPS, TITHE_VIEW_IMAGES, TITHE_VIEW_DISCARDED };
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  g_autoptr (TitheGroupList) list = tithe_group_list_new (subset);
  g_autoptr (GString) buffer = g_string_new (NULL);
  g_autofree guint8 *kept = tithe_subset_dup_kept (subset);

  for (gsize i = 0; i < tithe_dataset_get_n_images (dataset); i++)
    {
      TitheGroup group;

      g_assert_nonnull (tithe_dataset_get_path (dataset, i, buffer));
      g_assert_cmpuint (tithe_dataset_get_label (dataset, i), <, tithe_dataset_get_n_classes (dataset));
      if (tithe_subset_find_group (subset, (guint32) i, &group))
        tithe_subset_get_representative (subset, &group);
    }
  for (guint v = 0; v < G_N_ELEMENTS (views); v++)
    {
      tithe_group_list_update (list, &(TitheGroupChoice){ .class_index = TITHE_ALL_CLASSES,
                                                          .sort = TITHE_SORT_DECIDED,
                                                          .view = views[v],
                                                          .singles = TRUE,
                                                          .text = "png" });
      for (gsize g = 0; g < tithe_group_list_get_n (list); g++)
        {
          const TitheGroup *group = tithe_group_list_get (list, g);
          g_autofree TitheMember *members = g_new (TitheMember, MAX (1, group->size));

          tithe_group_list_get_members (list, g, 0, group->size, members);
        }
    }
}

static void
look_at_session (TitheSession *session, TitheCuration *curation)
{
  static const TitheSubsetChoice choices[] = {
    { 1, TITHE_POLICY_PER_CLASS, TITHE_REPRESENTATIVE_CENTRE, FALSE },
    { 0.5, TITHE_POLICY_GLOBAL, TITHE_REPRESENTATIVE_MEDOID, TRUE },
    { 0.01, TITHE_POLICY_PER_CLASS, TITHE_REPRESENTATIVE_FIRST, TRUE },
  };
  g_autoptr (TitheSubset) subset = tithe_subset_new (tithe_session_get_hierarchy (session), curation);

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      tithe_subset_set_rule (subset, choices[i].rule);
      tithe_subset_choose (subset, &choices[i]);
      look_at_subset (subset);
    }
}

/* Reads the decisions, and where that went well makes some more. */
static gboolean
use_decisions (TitheSession *session, gboolean writable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheCuration) curation = tithe_session_open_curation (session, writable, &error);
  g_autofree char *fingerprint = NULL;

  g_assert_true ((curation == NULL) == (error != NULL));
  if (curation == NULL)
    return FALSE;
  look_at_session (session, curation);
  fingerprint = tithe_curation_dup_fingerprint (curation);
  if (!writable || tithe_dataset_get_n_images (tithe_session_get_dataset (session)) == 0)
    return TRUE;
  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 0, TITHE_DECISION_KEEP);
  if (tithe_curation_commit (curation, "Keep", NULL) && tithe_curation_undo (curation, NULL))
    tithe_curation_redo (curation, NULL);
  return TRUE;
}

static gboolean
use_trials (const char *path, TitheDataset *dataset)
{
  g_autoptr (TitheVerifyPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheVerifyReport) report
      = tithe_verify_report_read (path, dataset, NULL, TITHE_VERIFY_MARGIN, 1, &plan, &error);
  g_autoptr (GPtrArray) notes = report ? tithe_verify_report_list_notes (report) : NULL;
  g_autofree char *csv = NULL, *class_csv = NULL, *table = NULL;

  g_assert_true ((report == NULL) == (error != NULL));
  if (report == NULL)
    return FALSE;
  csv = tithe_verify_report_to_csv (report);
  class_csv = tithe_verify_report_to_class_csv (report, dataset);
  table = tithe_verify_report_to_text (report);
  for (guint i = 0; i < report->claims->len; i++)
    {
      g_autofree char *words
          = tithe_verify_claim_dup_text (&g_array_index (report->claims, TitheVerifyClaim, i), report->margin);

      g_assert_nonnull (words);
    }
  return TRUE;
}

gboolean
fuzz_read_session (const FuzzInput *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (input->path, &error);
  gsize n_decisions;

  g_assert_true ((session == NULL) == (error != NULL));
  tithe_session_count_decisions (input->path, &n_decisions, NULL);
  return session != NULL && use_decisions (session, FALSE)
         && use_trials (input->path, tithe_session_get_dataset (session));
}

/* --- rows as bytes ---
 *
 * First a byte: whether the tables stay as Tithe made them, or are of columns that take anything. Then rows, each a byte
 * for the table (the lower four bits) and how often it stands there (two to the power of the upper four), and a value for
 * each column: a byte for its kind, what that needs, and where it has a length two bytes with that. Any bytes are rows:
 * what is missing at the end is zero.
 */

typedef struct
{
  const guint8 *at;
  gsize left;
} Cursor;

static void
take (Cursor *cursor, gpointer out, gsize size)
{
  const gsize n = MIN (size, cursor->left);

  memset (out, 0, size);
  memcpy (out, cursor->at, n);
  cursor->at += n;
  cursor->left -= n;
}

/* One number, little-endian as in a session. */
static void
take_number (Cursor *cursor, gpointer out, gsize width)
{
  take (cursor, out, width);
  tithe_byte_order_copy (out, out, 1, width);
}

static guint8
take_byte (Cursor *cursor)
{
  guint8 byte;

  take (cursor, &byte, 1);
  return byte;
}

static void
bind_value (sqlite3_stmt *statement, int column, Cursor *cursor)
{
  const int kind = 1 + take_byte (cursor) % 5; /* as SQLite counts them */
  guint16 length = 0;
  gint64 integer;
  double real;

  if (kind == SQLITE_INTEGER)
    {
      take_number (cursor, &integer, sizeof integer);
      sqlite3_bind_int64 (statement, column, integer);
    }
  else if (kind == SQLITE_FLOAT)
    {
      take_number (cursor, &real, sizeof real);
      sqlite3_bind_double (statement, column, real);
    }
  else if (kind != SQLITE_NULL)
    {
      take_number (cursor, &length, sizeof length);
      length = (guint16) MIN (length, cursor->left);
      if (kind == SQLITE_TEXT)
        sqlite3_bind_text (statement, column, (const char *) cursor->at, length, SQLITE_TRANSIENT);
      else
        sqlite3_bind_blob (statement, column, cursor->at, length, SQLITE_TRANSIENT);
      cursor->at += length;
      cursor->left -= length;
    }
  else
    sqlite3_bind_null (statement, column);
}

/* Column names with a comma between each two. */
static char *
list_columns (sqlite3 *db, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT group_concat (name) FROM pragma_table_info ('%s')", table);
  sqlite3_stmt *statement = NULL;
  char *columns;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  columns = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  g_assert_nonnull (columns);
  sqlite3_finalize (statement);
  return columns;
}

static sqlite3_stmt *
prepare_table (sqlite3 *db, const char *table, gboolean loose)
{
  g_autofree char *columns = list_columns (db, table), *empty = NULL, *insert = NULL;
  g_autoptr (GString) marks = g_string_new ("?");
  sqlite3_stmt *statement = NULL;

  for (const char *c = columns; *c != '\0'; c++)
    if (*c == ',')
      g_string_append (marks, ", ?");
  empty = loose ? g_strdup_printf ("DROP TABLE %s; CREATE TABLE %s (%s)", table, table, columns)
                : g_strdup_printf ("DELETE FROM %s", table);
  g_assert_cmpint (sqlite3_exec (db, empty, NULL, NULL, NULL), ==, SQLITE_OK);
  insert = g_strdup_printf ("INSERT OR IGNORE INTO %s VALUES (%s)", table, marks->str);
  g_assert_cmpint (sqlite3_prepare_v2 (db, insert, -1, &statement, NULL), ==, SQLITE_OK);
  return statement;
}

/* Repeated rows have ascending integers in their first column, where that is one. */
static void
put_rows (sqlite3_stmt *statement, Cursor *cursor, guint times)
{
  const Cursor begin = *cursor;
  Cursor first = begin;
  const gboolean counts = 1 + take_byte (&first) % 5 == SQLITE_INTEGER;
  guint64 integer;

  take_number (&first, &integer, sizeof integer);
  for (int column = 1; column <= sqlite3_bind_parameter_count (statement); column++)
    bind_value (statement, column, cursor);
  for (guint i = 0; i < times; i++)
    {
      if (counts)
        sqlite3_bind_int64 (statement, 1, (gint64) (integer + i));
      sqlite3_step (statement);
      sqlite3_reset (statement);
    }
}

/* The template with the input's rows in the place of those of the @tables, which end with a NULL. */
static char *
make_hostile (const FuzzInput *input, const char *const *tables)
{
  g_autoptr (GBytes) template = fuzz_read_back (input->folder, TEMPLATE);
  char *path = g_build_filename (input->folder, HOSTILE, NULL);
  const guint n_tables = g_strv_length ((char **) tables);
  Cursor cursor = { input->data, input->size };
  const gboolean loose = take_byte (&cursor) % 2;
  sqlite3_stmt *statements[2];
  sqlite3 *db = NULL;

  g_assert_cmpuint (n_tables, <=, G_N_ELEMENTS (statements));
  g_unlink (path);
  g_assert_true (g_file_set_contents_full (path, g_bytes_get_data (template, NULL),
                                           (gssize) g_bytes_get_size (template), G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; BEGIN", NULL, NULL, NULL);
  for (guint t = 0; t < n_tables; t++)
    statements[t] = prepare_table (db, tables[t], loose);
  while (cursor.left > 0)
    {
      const guint8 byte = take_byte (&cursor);

      put_rows (statements[(byte & 15) % n_tables], &cursor, 1u << MIN (byte >> 4, 12));
    }
  for (guint t = 0; t < n_tables; t++)
    sqlite3_finalize (statements[t]);
  g_assert_cmpint (sqlite3_exec (db, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  return path;
}

static void
append_number (GByteArray *bytes, gconstpointer number, gsize width)
{
  guint8 turned[8];

  tithe_byte_order_copy (turned, number, 1, width);
  g_byte_array_append (bytes, turned, (guint) width);
}

static void
append_value (GByteArray *bytes, sqlite3_stmt *statement, int column)
{
  const int type = sqlite3_column_type (statement, column);
  const guint8 kind = (guint8) (type - 1);
  gint64 integer = sqlite3_column_int64 (statement, column);
  double real = sqlite3_column_double (statement, column);
  gconstpointer data = sqlite3_column_blob (statement, column);
  const guint16 length = (guint16) sqlite3_column_bytes (statement, column);

  g_byte_array_append (bytes, &kind, 1);
  if (type == SQLITE_INTEGER)
    append_number (bytes, &integer, sizeof integer);
  else if (type == SQLITE_FLOAT)
    append_number (bytes, &real, sizeof real);
  else if (type != SQLITE_NULL)
    {
      append_number (bytes, &length, sizeof length);
      g_byte_array_append (bytes, data, length);
    }
}

/* What make_hostile() makes the template's own rows of. */
static GBytes *
dump_rows (const char *folder, const char *const *tables)
{
  g_autofree char *path = g_build_filename (folder, TEMPLATE, NULL);
  GByteArray *bytes = g_byte_array_new ();
  sqlite3 *db = NULL;

  g_byte_array_append (bytes, (const guint8 *) "", 1);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  for (guint8 t = 0; tables[t] != NULL; t++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT * FROM %s", tables[t]);
      sqlite3_stmt *statement = NULL;

      g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
      while (sqlite3_step (statement) == SQLITE_ROW)
        {
          g_byte_array_append (bytes, &t, 1);
          for (int column = 0; column < sqlite3_column_count (statement); column++)
            append_value (bytes, statement, column);
        }
      sqlite3_finalize (statement);
    }
  sqlite3_close (db);
  return g_byte_array_free_to_bytes (bytes);
}

static const char *const class_tables[] = { "meta", "class", NULL };
static const char *const journal_tables[] = { "journal", NULL };
static const char *const trial_tables[] = { "verify_plan", "verify_trial", NULL };

GBytes *
fuzz_seed_classes (const char *folder)
{
  return dump_rows (folder, class_tables);
}

GBytes *
fuzz_seed_journal (const char *folder)
{
  return dump_rows (folder, journal_tables);
}

GBytes *
fuzz_seed_trials (const char *folder)
{
  return dump_rows (folder, trial_tables);
}

gboolean
fuzz_read_classes (const FuzzInput *input)
{
  g_autofree char *path = make_hostile (input, class_tables);
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSession) session = tithe_session_open (path, &error);

  g_assert_true ((session == NULL) == (error != NULL));
  return session != NULL && use_decisions (session, FALSE) && use_trials (path, tithe_session_get_dataset (session));
}

/* Rows of the journal and of trials are read for a session that is sound otherwise. */
static TitheSession *
open_sound (const char *path)
{
  TitheSession *session = tithe_session_open (path, NULL);

  g_assert_nonnull (session);
  return session;
}

gboolean
fuzz_read_journal (const FuzzInput *input)
{
  g_autofree char *path = make_hostile (input, journal_tables);
  g_autoptr (TitheSession) session = open_sound (path);

  return use_decisions (session, TRUE);
}

gboolean
fuzz_read_trials (const FuzzInput *input)
{
  g_autofree char *path = make_hostile (input, trial_tables);
  g_autoptr (TitheSession) session = open_sound (path);

  return use_trials (path, tithe_session_get_dataset (session));
}

/* --- provenance --- */

GBytes *
fuzz_seed_provenance (const char *folder)
{
  static const TitheSubsetChoice choice = { 0.5, TITHE_POLICY_GLOBAL, TITHE_REPRESENTATIVE_MEDOID, TRUE };
  static const char *const classes[] = { "c0", NULL }, *const contents[] = { "c0", "0123", NULL };
  g_autofree char *path = g_build_filename (folder, TEMPLATE, NULL);
  g_autoptr (TitheSession) session = open_sound (path);
  g_autoptr (TitheCuration) curation = tithe_session_open_curation (session, FALSE, NULL);
  g_autoptr (TitheProvenance) provenance = tithe_provenance_new (session, curation, &choice, 0, NULL);
  TitheExportOptions options = { .format = TITHE_EXPORT_TREE, .link = TITHE_EXPORT_HARD_LINK, .classes = classes };
  char *json = tithe_provenance_to_json (provenance, &options, 6, "0123456789", contents);

  return g_bytes_new_take (json, strlen (json));
}

/* An export that is made again from what the file says. */
gboolean
fuzz_read_provenance (const FuzzInput *input)
{
  static TitheSession *session;
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheProvenance) provenance = tithe_provenance_read (input->path, &error);
  g_autoptr (GPtrArray) differences = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (TitheSubset) subset = NULL;
  g_autofree char *json = NULL;
  g_autofree guint8 *kept = NULL;

  g_assert_true ((provenance == NULL) == (error != NULL));
  if (provenance == NULL)
    return FALSE;
  if (session == NULL)
    {
      g_autofree char *path = g_build_filename (input->folder, TEMPLATE, NULL);

      session = open_sound (path);
    }
  subset = tithe_provenance_replay (provenance, session, &curation, differences, &error);
  g_assert_true ((subset == NULL) == (error != NULL));
  if (subset == NULL)
    return FALSE;
  kept = tithe_subset_dup_kept (subset);
  json = tithe_provenance_to_json (provenance, &provenance->options, provenance->n_images, provenance->sum,
                                   (const char *const *) provenance->contents);
  g_assert_nonnull (json);
  return TRUE;
}
