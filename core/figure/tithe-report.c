/* SPDX-License-Identifier: MIT */
#include "tithe-report.h"
#include "base/tithe-language.h"
#include "base/tithe-plain-numbers.h"
#include "tithe-group-shown.h"
#include "verify/tithe-verify-table.h"
#include "verify/tithe-verify-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Of a picture in the report. */
#define MAX_EDGE 128
#define MAX_SHOWN 16
/* Classes that are listed. */
#define MAX_CLASSES 10

static const char *const head
    = "<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n"
      "<style>body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
      "h1{font-size:1.6em}h2{font-size:1.2em;margin-top:2em}table{border-collapse:collapse}"
      "td,th{padding:.2em 1em .2em "
      "0;text-align:start;unicode-bidi:plaintext}th:not(:first-child),td.n{text-align:end;font-variant-numeric:"
      "tabular-nums}"
      ".g{margin:.8em 0}.g span{color:#666}.g div{display:flex;flex-wrap:wrap;gap:6px}"
      ".g img{width:64px;height:64px;object-fit:contain;image-rendering:auto;border:3px solid transparent}"
      ".g img.k{border-color:#26a269}pre{direction:ltr;background:#f6f6f6;padding:1em;overflow:auto;font-size:12px}"
      ".c{max-width:100%}</style>\n";

static void
append_text (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1), *escaped = g_markup_escape_text (valid, -1);

  g_string_append (out, escaped);
}

static void
append_data (GString *out, const char *type, gconstpointer data, gsize size)
{
  g_autofree char *base64 = g_base64_encode (data, size);

  g_string_append_printf (out, "data:%s;base64,%s", type, base64);
}

/* As a picture of its own: the names in one SVG must not meet those in another. */
static void
append_figure (GString *out, TitheFigure *figure, const char *title)
{
  const double width = 440;
  g_autofree char *svg
      = tithe_figure_to_svg (figure, width, tithe_figure_get_height (figure, width), &tithe_figure_style_print);

  g_string_append (out, "<h2>");
  append_text (out, title);
  g_string_append (out, "</h2>\n<img class=\"c\" width=\"660\" alt=\"");
  append_text (out, title);
  g_string_append (out, "\" src=\"");
  append_data (out, "image/svg+xml", svg, strlen (svg));
  g_string_append (out, "\">\n");
  tithe_figure_free (figure);
}

static void
append_row (GString *out, const char *what, const char *value)
{
  g_string_append (out, "<tr><th>");
  append_text (out, what);
  g_string_append (out, "</th><td>");
  append_text (out, value);
  g_string_append (out, "</td></tr>\n");
}

static void
append_summary (GString *out, TitheSubset *subset)
{
  const TitheSubsetTotals *totals = tithe_subset_get_totals (subset);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  g_autofree char *kept
      = g_strdup_printf (_("%zu of %zu (%.1f %%)"), totals->n_kept, totals->n_images,
                         totals->n_images > 0 ? 100.0 * (double) totals->n_kept / (double) totals->n_images : 100.0);
  g_autofree char *groups = g_strdup_printf ("%zu", totals->n_groups);
  g_autofree char *reviewed = g_strdup_printf ("%zu", totals->n_reviewed_groups);
  g_autofree char *manual
      = g_strdup_printf (_("%zu kept, %zu discarded"), totals->n_manually_kept, totals->n_manually_discarded);
  guint64 bytes = 0;
  g_autofree guint8 *keeps = tithe_subset_dup_kept (subset);
  g_autofree char *size = NULL;

  for (gsize i = 0; i < tithe_dataset_get_n_images (dataset); i++)
    bytes += keeps[i] ? 0 : tithe_dataset_get_size (dataset, i);
  size = g_format_size (bytes);
  g_string_append (out, "<table>\n");
  /* TRANSLATORS: headings of the rows of a table in the report */
  append_row (out, _("Dataset"), tithe_dataset_get_locator (dataset));
  append_row (out, _("Images kept"), kept);
  append_row (out, _("Redundant groups"), groups);
  append_row (out, _("Groups reviewed"), reviewed);
  append_row (out, C_ ("decisions", "By hand"), manual);
  append_row (out, _("Bytes of discarded images"), size);
  g_string_append (out, "</table>\n");
}

static int
compare_sizes (gconstpointer a, gconstpointer b)
{
  const TitheGroup *x = *(const TitheGroup *const *) a, *y = *(const TitheGroup *const *) b;

  if (x->size != y->size)
    return x->size < y->size ? 1 : -1;
  if (x->class_index != y->class_index)
    return x->class_index < y->class_index ? -1 : 1;
  return (x->start > y->start) - (x->start < y->start);
}

static void
append_picture (GString *out, TitheDataset *dataset, guint32 image, gboolean kept)
{
  g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (dataset, image, MAX_EDGE, NULL);
  g_autoptr (GBytes) png = pixels ? tithe_image_encode_png (pixels, NULL) : NULL;
  g_autoptr (GString) buffer = g_string_new (NULL);
  g_autofree char *name = g_strdup (tithe_dataset_get_path (dataset, image, buffer));
  /* TRANSLATORS: what stands in place of a picture; %s is the path of its file */
  g_autofree char *title = g_strdup_printf (kept ? _("kept: %s") : _("discarded: %s"), name);

  g_string_append_printf (out, "<img%s alt=\"", kept ? " class=\"k\"" : "");
  append_text (out, title);
  g_string_append (out, "\" title=\"");
  append_text (out, name);
  g_string_append (out, "\" src=\"");
  if (png != NULL)
    append_data (out, "image/png", g_bytes_get_data (png, NULL), g_bytes_get_size (png));
  g_string_append (out, "\">");
}

static void
append_group (GString *out, TitheSubset *subset, const TitheGroup *group)
{
  TitheCut *cut = tithe_subset_get_cut (subset);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (cut));
  guint32 n, n_kept;
  g_autofree guint32 *members = tithe_group_choose_shown (subset, group, MAX_SHOWN, &n, &n_kept);
  g_autofree char *about = g_strdup_printf (ngettext ("%u image, spread %.4f", "%u images, spread %.4f", group->size),
                                            group->size, (double) tithe_cut_get_spread (cut, group));

  g_string_append (out, "<div class=\"g\">");
  append_text (out, tithe_dataset_get_class_name (dataset, group->class_index));
  g_string_append (out, " <span>");
  append_text (out, about);
  g_string_append (out, "</span><div>");
  for (guint32 m = 0; m < n; m++)
    append_picture (out, dataset, members[m], m < n_kept);
  if (group->size > n)
    g_string_append_printf (out, ngettext ("and %u more", "and %u more", group->size - n), group->size - n);
  g_string_append (out, "</div></div>\n");
}

static void
append_figures (GString *out, TitheSubset *subset)
{
  const TitheFigureKind kinds[] = { TITHE_FIGURE_SIZES, TITHE_FIGURE_DISSIMILARITY,
                                    tithe_figure_kind_by_class (tithe_subset_get_policy (subset)) };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    append_figure (out, tithe_figure_new (kinds[i], subset), tithe_figure_kind_get_title (kinds[i]));
}

static gboolean
append_groups (GString *out, TitheSubset *subset, guint n_wanted, TitheJob *job, GError **error)
{
  gsize n;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (subset), &n);
  g_autofree const TitheGroup **order = g_new (const TitheGroup *, MAX (1, n));

  for (gsize g = 0; g < n; g++)
    order[g] = &groups[g];
  qsort (order, n, sizeof *order, compare_sizes);
  g_string_append_printf (out, "<h2>%s</h2>\n<p>%s</p>\n", _("The largest groups"),
                          _("What is kept is framed in green, and comes first."));
  for (gsize g = 0; g < MIN (n, n_wanted); g++)
    {
      if (!tithe_job_check (job, error))
        return FALSE;
      append_group (out, subset, order[g]);
    }
  return TRUE;
}

/* The first of @n cells is text, the others are numbers. */
static void
append_cells (GString *out, const char *const *text, guint n, const char *element)
{
  g_string_append (out, "<tr>");
  for (guint c = 0; c < n; c++)
    {
      g_string_append_printf (out, c == 0 ? "<%s>" : "<%s class=\"n\">", element);
      append_text (out, text[c]);
      g_string_append_printf (out, "</%s>", element);
    }
  g_string_append (out, "</tr>\n");
}

static void
append_table (GString *out, const char *const *titles, GPtrArray *table, guint n_rows, guint n_columns)
{
  g_string_append (out, "<table>");
  append_cells (out, titles, n_columns, "th");
  for (guint r = 0; r < MIN (table->len, n_rows); r++)
    append_cells (out, (const char *const *) ((const TitheVerifyCells *) g_ptr_array_index (table, r))->text, n_columns,
                  "td");
  g_string_append (out, "</table>\n");
}

static void
append_paragraph (GString *out, const char *text)
{
  g_string_append (out, "<p>");
  append_text (out, text);
  g_string_append (out, "</p>\n");
}

static void
append_trials (GString *out, const TitheVerifyReport *report)
{
  g_autoptr (GPtrArray) table = tithe_verify_report_list_cells (report);
  const char *titles[TITHE_VERIFY_COLUMN_EACH];

  for (guint c = 0; c < G_N_ELEMENTS (titles); c++)
    titles[c] = tithe_verify_column_get_title ((TitheVerifyColumn) c);
  append_table (out, titles, table, table->len, G_N_ELEMENTS (titles));
}

static void
append_claims (GString *out, const TitheVerifyReport *report)
{
  g_autofree char *promise = tithe_verify_dup_promise ();

  g_string_append (out, "<ul>\n");
  for (guint i = 0; i < report->claims->len; i++)
    {
      g_autofree char *words
          = tithe_verify_claim_dup_text (&g_array_index (report->claims, TitheVerifyClaim, i), report->margin);

      g_string_append (out, "<li>");
      append_text (out, words);
      g_string_append (out, "</li>\n");
    }
  g_string_append (out, "</ul>\n");
  append_paragraph (out, promise);
}

static void
append_sentences (GString *out, GPtrArray *sentences)
{
  for (guint i = 0; sentences != NULL && i < sentences->len; i++)
    append_paragraph (out, g_ptr_array_index (sentences, i));
}

/* The semantic subset that was learned from and is nearest in size to the one of the report. */
static const TitheArm *
find_arm (const TitheVerifyReport *report, double ratio)
{
  const TitheArm *found = NULL;

  for (guint r = 0; r < report->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (report->rows, TitheVerifyRow, r);

      if (row->arm.kind == TITHE_ARM_SEMANTIC && row->summary.n > 0
          && (found == NULL || fabs (row->arm.ratio - ratio) < fabs (found->ratio - ratio)))
        found = &row->arm;
    }
  return found;
}

static void
append_classes (GString *out, const TitheVerifyReport *report, TitheSubset *subset)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  const double ratio
      = (double) tithe_subset_get_totals (subset)->n_kept / (double) tithe_dataset_get_n_images (dataset);
  const TitheArm *arm = find_arm (report, ratio);
  g_autofree char *title = arm ? tithe_arm_dup_title (arm) : NULL;
  g_autoptr (GArray) classes = arm ? tithe_verify_report_list_classes (report, arm, dataset) : NULL;
  g_autoptr (GPtrArray) table = NULL;
  g_autofree char *promise = tithe_verify_dup_class_promise (), *shown = NULL;
  const char *titles[TITHE_VERIFY_N_CLASS_COLUMNS];

  if (arm == NULL || classes->len == 0)
    return;
  table = tithe_verify_list_class_cells (classes, dataset);
  for (guint c = 0; c < G_N_ELEMENTS (titles); c++)
    titles[c] = tithe_verify_class_column_get_title ((TitheVerifyClassColumn) c);
  g_string_append_printf (out, "<h2>%s</h2>\n", _("The classes that lose most"));
  shown = g_strdup_printf (
      ngettext ("%s, against everything: %u of %u class.", "%s, against everything: %u of %u classes.", classes->len),
      title, MIN (classes->len, MAX_CLASSES), classes->len);
  append_paragraph (out, shown);
  append_table (out, titles, table, MAX_CLASSES, G_N_ELEMENTS (titles));
  append_paragraph (out, promise);
}

static void
append_verify (GString *out, const TitheVerifyReport *report, TitheSubset *subset)
{
  g_autoptr (GPtrArray) notes = tithe_verify_report_list_notes (report);

  if (report->n_finished > 0)
    {
      append_figure (out, tithe_figure_new_accuracy (report), _("Accuracy after retraining"));
      append_trials (out, report);
      append_claims (out, report);
    }
  append_sentences (out, notes);
  if (report->n_finished > 0)
    append_classes (out, report, subset);
}

/**
 * tithe_report_to_html:
 *
 * Decodes the pictures of the groups.
 *
 * Returns: (transfer full): the file; %NULL with %G_IO_ERROR_CANCELLED
 */
char *
tithe_report_to_html (const TitheReportContents *contents, TitheJob *job, GError **error)
{
  g_auto (TithePlainNumbers) plain = tithe_plain_numbers_begin ();
  TitheSubset *subset = contents->subset;
  g_autofree char *language = tithe_language_dup ();
  g_autoptr (GString) out = g_string_new (NULL);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  TitheExportOptions none = { .format = TITHE_EXPORT_CSV };
  g_autofree char *json = NULL, *title = g_strdup_printf (C_ ("title of the report", "%s: a subset"),
                                                          tithe_dataset_get_name (dataset));

  tithe_job_start (job, _("Writing the report"), 0);
  g_string_append_printf (out, "<!DOCTYPE html>\n<html lang=\"%s\"%s>%s", language,
                          tithe_language_is_mirrored (language) ? " dir=\"rtl\"" : "", head);
  g_string_append (out, "<title>");
  append_text (out, title);
  g_string_append (out, "</title></head><body>\n<h1>");
  append_text (out, title);
  g_string_append (out, "</h1>\n");
  append_summary (out, subset);
  append_sentences (out, contents->missing);
  append_figures (out, subset);
  if (contents->coverage != NULL)
    append_figure (out, tithe_figure_new_coverage (contents->coverage),
                   _("How far discarded images are from kept ones"));
  if (contents->verify != NULL)
    append_verify (out, contents->verify, subset);
  if (!append_groups (out, subset, contents->n_groups, job, error))
    return NULL;
  json = tithe_provenance_to_json (contents->provenance, &none, tithe_subset_get_totals (subset)->n_kept, "", NULL);
  g_string_append_printf (out, "<h2>%s</h2>\n<pre>", _("Where this comes from"));
  append_text (out, json);
  g_string_append (out, "</pre>\n</body></html>\n");
  return g_string_free (g_steal_pointer (&out), FALSE);
}
