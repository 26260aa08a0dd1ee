/* SPDX-License-Identifier: MIT */
#include "tithe-cli-trials.h"
#include "tithe-cli-private.h"

#include "verify/tithe-verify-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* --- for people --- */

/* The largest loss first. */
static void
print_classes (const TitheVerifyReport *report, TitheDataset *dataset)
{
  g_autofree char *promise = tithe_verify_dup_class_promise ();

  for (guint r = 1; r < report->rows->len; r++)
    {
      const TitheArm *arm = &g_array_index (report->rows, TitheVerifyRow, r).arm;
      g_autoptr (GArray) classes = tithe_verify_report_list_classes (report, arm, dataset);
      g_autofree char *text = tithe_verify_classes_to_text (classes, arm, dataset);

      g_print ("\n%s", text);
    }
  g_print ("\n%s\n", promise);
}

/* What the session has and does not count. */
static void
print_notes (const TitheVerifyReport *report)
{
  g_autoptr (GPtrArray) notes = tithe_verify_report_list_notes (report);

  for (guint i = 0; i < notes->len; i++)
    g_print ("%s\n%s", (char *) g_ptr_array_index (notes, i), i + 1 < notes->len ? "" : "\n");
}

/* What can be said, and how far it can be trusted. */
static void
print_claims (const TitheVerifyReport *report)
{
  g_autofree char *promise = tithe_verify_dup_promise ();

  for (guint i = 0; i < report->claims->len; i++)
    {
      g_autofree char *words
          = tithe_verify_claim_dup_text (&g_array_index (report->claims, TitheVerifyClaim, i), report->margin);

      g_print ("%s\n", words);
    }
  g_print ("\n%s\n", promise);
}

/* Prints what trials show: how many there are, the table, what does not count, what can be said. */
void
tithe_cli_print_report (const TitheVerifyReport *report, TitheDataset *dataset, gboolean by_class)
{
  g_autofree char *table = tithe_verify_report_to_text (report);

  g_print (ngettext ("%zu of %zu trial, each tested on %zu images\n\n%s\n",
                     "%zu of %zu trials, each tested on %zu images\n\n%s\n", report->n_trials),
           report->n_finished, report->n_trials, report->n_test, table);
  print_notes (report);
  print_claims (report);
  if (by_class)
    print_classes (report, dataset);
}

/* --- for programs --- */

static void
add_class (JsonBuilder *builder, const TitheVerifyClass *class, TitheDataset *dataset, gboolean compared)
{
  json_builder_begin_object (builder);
  tithe_json_add_text (builder, "class", tithe_dataset_get_class_name (dataset, class->class_index));
  tithe_json_add_double (builder, "accuracy", class->accuracy);
  if (compared)
    tithe_json_add_double (builder, "difference", class->comparison.difference);
  if (compared && class->comparison.n >= 2)
    {
      tithe_json_add_double (builder, "low", class->comparison.low);
      tithe_json_add_double (builder, "high", class->comparison.high);
      tithe_json_add_boolean (builder, "certain", tithe_statistics_is_certain (&class->comparison));
    }
  json_builder_end_object (builder);
}

static void
add_classes (JsonBuilder *builder, const TitheVerifyReport *report, const TitheArm *arm, TitheDataset *dataset)
{
  g_autoptr (GArray) classes = tithe_verify_report_list_classes (report, arm, dataset);

  tithe_json_begin_array (builder, "classes");
  for (guint i = 0; i < classes->len; i++)
    add_class (builder, &g_array_index (classes, TitheVerifyClass, i), dataset, arm->kind != TITHE_ARM_FULL);
  json_builder_end_array (builder);
}

static void
add_subset (JsonBuilder *builder, const TitheVerifyReport *report, const TitheVerifyRow *row, TitheDataset *dataset,
            gboolean by_class)
{
  g_autofree char *name = tithe_arm_to_string (&row->arm);

  json_builder_begin_object (builder);
  tithe_json_add_string (builder, "subset", name);
  tithe_json_add_int (builder, "images", (gint64) row->n_images);
  tithe_json_add_double (builder, "seconds", row->seconds);
  tithe_json_begin_array (builder, "accuracies");
  for (guint t = 0; t < row->accuracies->len; t++)
    if (!isnan (g_array_index (row->accuracies, double, t)))
      json_builder_add_double_value (builder, g_array_index (row->accuracies, double, t));
  json_builder_end_array (builder);
  if (by_class)
    add_classes (builder, report, &row->arm, dataset);
  json_builder_end_object (builder);
}

static void
add_claim (JsonBuilder *builder, const TitheVerifyClaim *claim, double margin)
{
  const TitheComparison *c = &claim->comparison;
  g_autofree char *arm = tithe_arm_to_string (&claim->arm), *against = tithe_arm_to_string (&claim->against);
  g_autofree char *words = tithe_verify_claim_dup_text (claim, margin);

  json_builder_begin_object (builder);
  tithe_json_add_string (builder, "subset", arm);
  tithe_json_add_string (builder, "against", against);
  tithe_json_add_string (builder, "verdict", tithe_verdict_to_string (c->verdict));
  tithe_json_add_boolean (builder, "harmless", c->harmless);
  tithe_json_add_double (builder, "difference", c->difference);
  if (c->n >= 2)
    {
      tithe_json_add_double (builder, "low", c->low);
      tithe_json_add_double (builder, "high", c->high);
      tithe_json_add_double (builder, "p", c->p);
      tithe_json_add_int (builder, "more_trials", (gint64) claim->n_more);
    }
  tithe_json_add_string (builder, "words", words);
  json_builder_end_object (builder);
}

static void
add_report (JsonBuilder *builder, const TitheVerifyReport *report, TitheDataset *dataset, gboolean by_class)
{
  g_autoptr (GPtrArray) notes = tithe_verify_report_list_notes (report);

  tithe_json_add_int (builder, "finished", (gint64) report->n_finished);
  tithe_json_add_int (builder, "trials", (gint64) report->n_trials);
  tithe_json_add_int (builder, "test_images", (gint64) report->n_test);
  tithe_json_begin_array (builder, "subsets");
  for (guint r = 0; r < report->rows->len; r++)
    add_subset (builder, report, &g_array_index (report->rows, TitheVerifyRow, r), dataset, by_class);
  json_builder_end_array (builder);
  tithe_json_begin_array (builder, "claims");
  for (guint i = 0; i < report->claims->len; i++)
    add_claim (builder, &g_array_index (report->claims, TitheVerifyClaim, i), report->margin);
  json_builder_end_array (builder);
  tithe_json_add_texts (builder, "left_out", notes);
}

/* Prints the same as one JSON object. */
void
tithe_cli_print_report_json (const TitheVerifyReport *report, TitheDataset *dataset, gboolean by_class)
{
  g_autoptr (JsonBuilder) builder = tithe_json_begin ();

  add_report (builder, report, dataset, by_class);
  tithe_cli_print_json (builder);
}
