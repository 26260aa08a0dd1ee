/* SPDX-License-Identifier: MIT */
#include "tithe-verify-table.h"
#include "base/tithe-ratio.h"
#include "base/tithe-text.h"
#include "io/tithe-csv.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* --- for people --- */

/* What is not known yet. */
#define UNKNOWN "–"

static void
cells_free (gpointer data)
{
  TitheVerifyCells *cells = data;

  for (guint c = 0; c < G_N_ELEMENTS (cells->text); c++)
    g_free (cells->text[c]);
  g_free (cells);
}

/* tithe_verify_column_get_title: (transfer none) what a person calls the column */
const char *
tithe_verify_column_get_title (TitheVerifyColumn column)
{
  switch (column)
    {
    case TITHE_VERIFY_COLUMN_SUBSET:
      return C_ ("column", "Subset");
    case TITHE_VERIFY_COLUMN_IMAGES:
      return C_ ("column", "Images");
    case TITHE_VERIFY_COLUMN_ACCURACY:
      return C_ ("column", "Accuracy, %");
    case TITHE_VERIFY_COLUMN_TRIALS:
      return C_ ("column", "Trials");
    case TITHE_VERIFY_COLUMN_EACH:
    default:
      /* TRANSLATORS: the accuracy of each single trial */
      return C_ ("column", "Each, %");
    }
}

static char *
dup_accuracy (const TitheSummary *summary)
{
  if (summary->n == 0)
    return g_strdup (UNKNOWN);
  if (summary->n == 1)
    return g_strdup_printf ("%.2f", 100 * summary->mean);
  return g_strdup_printf ("%.2f ± %.2f", 100 * summary->mean, 100 * summary->sd);
}

static char *
dup_each (const TitheVerifyRow *row)
{
  GString *text = g_string_new (NULL);

  for (guint t = 0; t < row->accuracies->len; t++)
    if (!isnan (g_array_index (row->accuracies, double, t)))
      {
        g_autofree char *accuracy = g_strdup_printf ("%.2f", 100 * g_array_index (row->accuracies, double, t));

        tithe_text_add_item (text, accuracy);
      }
  return g_string_free (text, FALSE);
}

/**
 * tithe_verify_report_list_cells:
 *
 * The table of a report, for whoever renders it.
 *
 * Returns: (transfer full) (element-type TitheVerifyCells): a row for everything and for each subset
 */
GPtrArray *
tithe_verify_report_list_cells (const TitheVerifyReport *self)
{
  GPtrArray *table = g_ptr_array_new_with_free_func (cells_free);

  for (guint r = 0; r < self->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (self->rows, TitheVerifyRow, r);
      TitheVerifyCells *cells = g_new0 (TitheVerifyCells, 1);

      cells->text[TITHE_VERIFY_COLUMN_SUBSET] = tithe_arm_dup_title (&row->arm);
      cells->text[TITHE_VERIFY_COLUMN_IMAGES]
          = row->summary.n > 0 ? g_strdup_printf ("%zu", row->n_images) : g_strdup (UNKNOWN);
      cells->text[TITHE_VERIFY_COLUMN_ACCURACY] = dup_accuracy (&row->summary);
      cells->text[TITHE_VERIFY_COLUMN_TRIALS] = row->n_running > 0
                                                    ? g_strdup_printf ("%zu + %u", row->summary.n, row->n_running)
                                                    : g_strdup_printf ("%zu", row->summary.n);
      cells->text[TITHE_VERIFY_COLUMN_EACH] = dup_each (row);
      g_ptr_array_add (table, cells);
    }
  return table;
}

/* tithe_verify_class_column_get_title: (transfer none) what a person calls the column; nothing for the interval */
const char *
tithe_verify_class_column_get_title (TitheVerifyClassColumn column)
{
  switch (column)
    {
    case TITHE_VERIFY_CLASS_COLUMN_CLASS:
      return C_ ("column", "Class");
    case TITHE_VERIFY_CLASS_COLUMN_EVERYTHING:
      return C_ ("column", "Everything, %");
    case TITHE_VERIFY_CLASS_COLUMN_SUBSET:
      return C_ ("column", "Subset, %");
    case TITHE_VERIFY_CLASS_COLUMN_DIFFERENCE:
      return C_ ("column", "Difference, points");
    case TITHE_VERIFY_CLASS_COLUMN_INTERVAL:
    default:
      return "";
    }
}

static char *
dup_interval (const TitheComparison *c)
{
  if (c->n < 2)
    return g_strdup ("");
  return g_strdup_printf (tithe_statistics_is_certain (c) ? _("between %+.2f and %+.2f, certain")
                                                          : _("between %+.2f and %+.2f"),
                          100 * c->low, 100 * c->high);
}

/**
 * tithe_verify_list_class_cells:
 * @classes: (element-type TitheVerifyClass): of tithe_verify_report_list_classes()
 *
 * Returns: (transfer full) (element-type TitheVerifyCells): a row for each
 */
GPtrArray *
tithe_verify_list_class_cells (GArray *classes, TitheDataset *dataset)
{
  GPtrArray *table = g_ptr_array_new_with_free_func (cells_free);

  for (guint i = 0; i < classes->len; i++)
    {
      const TitheVerifyClass *class = &g_array_index (classes, TitheVerifyClass, i);
      TitheVerifyCells *cells = g_new0 (TitheVerifyCells, 1);

      cells->text[TITHE_VERIFY_CLASS_COLUMN_CLASS]
          = g_strdup (tithe_dataset_get_class_name (dataset, class->class_index));
      cells->text[TITHE_VERIFY_CLASS_COLUMN_EVERYTHING] = g_strdup_printf ("%.2f", 100 * class->against);
      cells->text[TITHE_VERIFY_CLASS_COLUMN_SUBSET] = g_strdup_printf ("%.2f", 100 * class->accuracy);
      cells->text[TITHE_VERIFY_CLASS_COLUMN_DIFFERENCE] = g_strdup_printf ("%+.2f", 100 * class->comparison.difference);
      cells->text[TITHE_VERIFY_CLASS_COLUMN_INTERVAL] = dup_interval (&class->comparison);
      g_ptr_array_add (table, cells);
    }
  return table;
}

/* A line of cells with the width of each but the last; the first is text, the others are numbers. */
static void
append_line (GString *out, const char *const *text, const guint *widths, guint n)
{
  for (guint c = 0; c + 1 < n; c++)
    tithe_text_add_cell (out, text[c], widths[c], c > 0);
  g_string_append_printf (out, "  %s\n", text[n - 1]);
}

/**
 * tithe_verify_report_to_text:
 *
 * Returns: (transfer full): the table for a terminal, where the accuracy of each trial has room
 */
char *
tithe_verify_report_to_text (const TitheVerifyReport *self)
{
  static const TitheVerifyColumn columns[] = { TITHE_VERIFY_COLUMN_SUBSET, TITHE_VERIFY_COLUMN_IMAGES,
                                               TITHE_VERIFY_COLUMN_ACCURACY, TITHE_VERIFY_COLUMN_EACH };
  static const guint widths[] = { 32, 9, 17 };
  g_autoptr (GPtrArray) table = tithe_verify_report_list_cells (self);
  const char *line[G_N_ELEMENTS (columns)];
  GString *out = g_string_new (NULL);

  for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
    line[c] = tithe_verify_column_get_title (columns[c]);
  append_line (out, line, widths, G_N_ELEMENTS (columns));
  for (guint r = 0; r < table->len; r++)
    {
      const TitheVerifyCells *cells = g_ptr_array_index (table, r);

      for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
        line[c] = cells->text[columns[c]];
      append_line (out, line, widths, G_N_ELEMENTS (columns));
    }
  return g_string_free (out, FALSE);
}

/**
 * tithe_verify_classes_to_text:
 * @classes: (element-type TitheVerifyClass): of tithe_verify_report_list_classes()
 * @arm: whose classes they are
 *
 * Returns: (transfer full): the table of classes for a terminal, with the subset in place of the first heading
 */
char *
tithe_verify_classes_to_text (GArray *classes, const TitheArm *arm, TitheDataset *dataset)
{
  static const guint widths[] = { 24, 15, 11, 20 };
  g_autoptr (GPtrArray) table = tithe_verify_list_class_cells (classes, dataset);
  g_autofree char *title = tithe_arm_dup_title (arm);
  const char *line[TITHE_VERIFY_N_CLASS_COLUMNS] = { title };
  GString *out = g_string_new (NULL);

  for (guint c = 1; c < TITHE_VERIFY_N_CLASS_COLUMNS; c++)
    line[c] = tithe_verify_class_column_get_title ((TitheVerifyClassColumn) c);
  append_line (out, line, widths, TITHE_VERIFY_N_CLASS_COLUMNS);
  for (guint r = 0; r < table->len; r++)
    append_line (out, (const char *const *) ((const TitheVerifyCells *) g_ptr_array_index (table, r))->text, widths,
                 TITHE_VERIFY_N_CLASS_COLUMNS);
  return g_string_free (out, FALSE);
}

/* --- for programs --- */

static void
append_number (GString *out, const char *format, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, g_ascii_formatd (text, sizeof text, format, value));
}

/* The columns subset to trial. */
static void
append_trial (GString *out, const TitheVerifyRow *row, guint trial)
{
  g_autofree char *ratio = tithe_ratio_to_string (row->arm.ratio);

  g_string_append_printf (out, "%s,%s,%s,%zu,%u,", tithe_arm_kind_to_string (row->arm.kind), ratio,
                          tithe_budget_to_string (row->arm.budget), row->n_images, trial);
}

/**
 * tithe_verify_report_to_csv:
 *
 * Returns: (transfer full): a line for each trial that is finished; accuracies are shares
 */
char *
tithe_verify_report_to_csv (const TitheVerifyReport *self)
{
  GString *out = g_string_new ("subset,ratio,budget,images,trial,accuracy,mean,sd\n");

  for (guint r = 0; r < self->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (self->rows, TitheVerifyRow, r);

      for (guint t = 0; t < row->accuracies->len; t++)
        {
          double accuracy = g_array_index (row->accuracies, double, t);

          if (isnan (accuracy))
            continue;
          append_trial (out, row, t);
          append_number (out, "%.6f,", accuracy);
          append_number (out, "%.6f,", row->summary.mean);
          append_number (out, "%.6f\n", row->summary.sd);
        }
    }
  return g_string_free (out, FALSE);
}

/**
 * tithe_verify_report_to_class_csv:
 * @dataset: of the session
 *
 * Returns: (transfer full): a line for each class of each trial that is finished; accuracies are shares
 */
char *
tithe_verify_report_to_class_csv (const TitheVerifyReport *self, TitheDataset *dataset)
{
  const guint n_classes = MIN (self->n_tested->len, tithe_dataset_get_n_classes (dataset));
  GString *out = g_string_new ("subset,ratio,budget,images,trial,class,tested,accuracy\n");

  for (guint r = 0; r < self->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (self->rows, TitheVerifyRow, r);

      for (guint i = 0; i < row->accuracies->len * n_classes; i++)
        {
          const guint c = i % n_classes, t = i / n_classes;
          const double accuracy = g_array_index (row->by_class, double, t * self->n_tested->len + c);
          g_autofree char *name = tithe_csv_quote (tithe_dataset_get_class_name (dataset, c));

          if (isnan (accuracy))
            continue;
          append_trial (out, row, t);
          g_string_append_printf (out, "%s,%u,", name, g_array_index (self->n_tested, guint32, c));
          append_number (out, "%.6f\n", accuracy);
        }
    }
  return g_string_free (out, FALSE);
}
