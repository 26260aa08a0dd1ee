/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "base/tithe-parallel.h"
#include "base/tithe-text.h"
#include "cluster/tithe-cut.h"
#include "dataset/tithe-dataset.h"
#include "session/tithe-session.h"
#include "store/tithe-database.h"

static gboolean option_json;
static gboolean option_skip_check;

const TitheCliOption tithe_cli_info_options[]
    = { { "json", 0, TITHE_CLI_SWITCH, &option_json, N_("Print one JSON object"), NULL, NULL },
        { "no-check", 0, TITHE_CLI_SWITCH, &option_skip_check, N_("Do not decode the pictures to find broken ones"),
          NULL, NULL },
        TITHE_CLI_THREADS_OPTION,
        TITHE_CLI_NO_OPTION };

/* A line for each fact, in two columns: what, and what it is. */
static void
print_facts (const char *const facts[][2], guint n)
{
  guint width = 0;

  for (guint i = 0; i < n; i++)
    width = facts[i][1] ? MAX (width, tithe_text_get_width (facts[i][0])) : width;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GString) line = g_string_new (NULL);

      if (facts[i][1] == NULL)
        continue;
      tithe_text_add_cell (line, facts[i][0], width + 2, FALSE);
      g_print ("%s%s\n", line->str, facts[i][1]);
    }
}

static void
print_info (TitheDataset *dataset, GPtrArray *broken)
{
  TitheDataset *test = tithe_dataset_get_test (dataset);
  g_autoptr (GPtrArray) notes = tithe_dataset_list_notes (dataset);
  g_autofree char *n_images = g_strdup_printf ("%zu", tithe_dataset_get_n_images (dataset));
  g_autofree char *n_tested = test ? g_strdup_printf ("%zu", tithe_dataset_get_n_images (test)) : NULL;
  /* TRANSLATORS: the number of classes of a dataset without labels, which is one */
  g_autofree char *n_classes = g_strdup_printf (tithe_dataset_is_labelled (dataset) ? "%u" : _("%u (unlabelled)"),
                                                tithe_dataset_get_n_classes (dataset));
  const char *const facts[][2] = {
    { C_ ("fact", "dataset"), tithe_dataset_get_locator (dataset) },
    { C_ ("fact", "format"),
      g_dpgettext2 (GETTEXT_PACKAGE, "dataset format", tithe_dataset_get_format_name (dataset)) },
    { C_ ("fact", "images"), n_images },
    { C_ ("fact", "test split"), n_tested },
    { C_ ("fact", "classes"), n_classes },
    { C_ ("fact", "fingerprint"), tithe_dataset_get_fingerprint (dataset) },
  };

  print_facts (facts, G_N_ELEMENTS (facts));
  g_print ("\n");
  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      gsize n;

      tithe_dataset_get_class_images (dataset, c, &n);
      g_print ("%8zu  %s\n", n, tithe_dataset_get_class_name (dataset, c));
    }
  for (guint i = 0; i < notes->len; i++)
    g_print (_("note: %s\n"), (const char *) g_ptr_array_index (notes, i));
  for (guint i = 0; broken != NULL && i < broken->len; i++)
    g_print (_("broken: %s\n"), (const char *) g_ptr_array_index (broken, i));
}

/* @cut: (nullable): that knows down to where each was clustered */
static void
add_classes (JsonBuilder *builder, TitheDataset *dataset, TitheCut *cut)
{
  tithe_json_begin_array (builder, "classes");
  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      gsize n;

      tithe_dataset_get_class_images (dataset, c, &n);
      json_builder_begin_object (builder);
      tithe_json_add_text (builder, "name", tithe_dataset_get_class_name (dataset, c));
      tithe_json_add_int (builder, "images", (gint64) n);
      if (cut != NULL)
        tithe_json_add_double (builder, "floor", tithe_cut_get_class_floor (cut, c));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_info_json (TitheDataset *dataset, GPtrArray *broken)
{
  g_autoptr (JsonBuilder) builder = tithe_json_begin ();
  TitheDataset *test = tithe_dataset_get_test (dataset);

  tithe_json_add_text (builder, "dataset", tithe_dataset_get_locator (dataset));
  tithe_json_add_text (builder, "format", tithe_dataset_get_format_name (dataset));
  tithe_json_add_int (builder, "images", (gint64) tithe_dataset_get_n_images (dataset));
  tithe_json_add_int (builder, "test_images", test ? (gint64) tithe_dataset_get_n_images (test) : 0);
  tithe_json_add_boolean (builder, "labelled", tithe_dataset_is_labelled (dataset));
  tithe_json_add_text (builder, "fingerprint", tithe_dataset_get_fingerprint (dataset));
  add_classes (builder, dataset, NULL);
  tithe_json_add_texts (builder, "notes", tithe_dataset_get_notes (dataset));
  if (broken != NULL)
    tithe_json_add_texts (builder, "broken", broken);
  tithe_cli_print_json (builder);
}

/* Ratios below which the groups are not known. */
static char *
floor_to_text (TitheCut *cut)
{
  const double per_class = tithe_cut_get_floor (cut, TITHE_POLICY_PER_CLASS);
  const double global = tithe_cut_get_floor (cut, TITHE_POLICY_GLOBAL);

  if (per_class <= 0 && global <= 0)
    return g_strdup (C_ ("floor", "none"));
  /* TRANSLATORS: the lowest ratios of a session by either policy, such as “0.8012 (per-class), 0.8420 (global)” */
  return g_strdup_printf (_("%.4f (%s), %.4f (%s)"), per_class, tithe_policy_to_string (TITHE_POLICY_PER_CLASS),
                          global, tithe_policy_to_string (TITHE_POLICY_GLOBAL));
}

static void
print_session (TitheSession *session)
{
  TitheDataset *dataset = tithe_session_get_dataset (session);
  TitheHierarchy *hierarchy = tithe_session_get_hierarchy (session);
  g_autoptr (TitheCut) cut = tithe_cut_new (hierarchy);
  g_autofree char *n_images = g_strdup_printf ("%zu", tithe_dataset_get_n_images (dataset));
  g_autofree char *n_classes = g_strdup_printf ("%u", tithe_dataset_get_n_classes (dataset));
  g_autofree char *floor = floor_to_text (cut);
  const char *const facts[][2] = {
    { C_ ("fact", "session"), tithe_session_get_path (session) },
    { C_ ("fact", "dataset"), tithe_dataset_get_locator (dataset) },
    { C_ ("fact", "images"), n_images },
    { C_ ("fact", "classes"), n_classes },
    { C_ ("fact", "fingerprint"), tithe_dataset_get_fingerprint (dataset) },
    { C_ ("fact", "embedding"), tithe_session_get_embedding_locator (session) },
    { C_ ("fact", "linkage"), tithe_linkage_to_string (tithe_hierarchy_get_linkage (hierarchy)) },
    { C_ ("fact", "floor"), floor },
  };

  print_facts (facts, G_N_ELEMENTS (facts));
}

static void
print_session_json (TitheSession *session)
{
  g_autoptr (JsonBuilder) builder = tithe_json_begin ();
  TitheDataset *dataset = tithe_session_get_dataset (session);
  TitheHierarchy *hierarchy = tithe_session_get_hierarchy (session);
  g_autoptr (TitheCut) cut = tithe_cut_new (hierarchy);

  tithe_json_add_text (builder, "session", tithe_session_get_path (session));
  tithe_json_add_text (builder, "dataset", tithe_dataset_get_locator (dataset));
  tithe_json_add_int (builder, "images", (gint64) tithe_dataset_get_n_images (dataset));
  tithe_json_add_text (builder, "fingerprint", tithe_dataset_get_fingerprint (dataset));
  tithe_json_add_text (builder, "embedding", tithe_session_get_embedding_locator (session));
  tithe_json_add_text (builder, "linkage", tithe_linkage_to_string (tithe_hierarchy_get_linkage (hierarchy)));
  tithe_json_add_double (builder, "floor", tithe_cut_get_floor (cut, TITHE_POLICY_PER_CLASS));
  tithe_json_add_double (builder, "floor_global", tithe_cut_get_floor (cut, TITHE_POLICY_GLOBAL));
  add_classes (builder, dataset, cut);
  tithe_cli_print_json (builder);
}

static gboolean
tell_of_session (const char *path, GError **error)
{
  g_autoptr (TitheSession) session = tithe_session_open (path, error);

  if (session == NULL)
    return FALSE;
  if (option_json)
    print_session_json (session);
  else
    print_session (session);
  return TRUE;
}

gboolean
tithe_cli_info (TitheCliContext *context, GError **error)
{
  TitheJob *job;
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GPtrArray) broken = NULL;
  gboolean ok;

  if (tithe_database_matches (g_ptr_array_index (context->positional, 0)))
    return tell_of_session (g_ptr_array_index (context->positional, 0), error);
  job = tithe_cli_start_job (context, _("Reading the dataset"));
  dataset = tithe_dataset_open (g_ptr_array_index (context->positional, 0), job, error);
  if (dataset != NULL && !option_skip_check)
    broken = tithe_dataset_find_broken (dataset, tithe_parallel_resolve_threads ((int) tithe_cli_threads.value), job);
  ok = dataset != NULL && tithe_job_check (job, error);
  tithe_cli_finish_job (job);
  if (!ok)
    return FALSE;
  if (option_json)
    print_info_json (dataset, broken);
  else
    print_info (dataset, broken);
  return TRUE;
}
