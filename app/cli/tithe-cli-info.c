/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "base/tithe-parallel.h"
#include "base/tithe-text.h"
#include "dataset/tithe-dataset.h"

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
  tithe_json_begin_array (builder, "classes");
  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      gsize n;

      tithe_dataset_get_class_images (dataset, c, &n);
      json_builder_begin_object (builder);
      tithe_json_add_text (builder, "name", tithe_dataset_get_class_name (dataset, c));
      tithe_json_add_int (builder, "images", (gint64) n);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  tithe_json_add_texts (builder, "notes", tithe_dataset_get_notes (dataset));
  if (broken != NULL)
    tithe_json_add_texts (builder, "broken", broken);
  tithe_cli_print_json (builder);
}

gboolean
tithe_cli_info (TitheCliContext *context, GError **error)
{
  TitheJob *job;
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GPtrArray) broken = NULL;
  gboolean ok;

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
