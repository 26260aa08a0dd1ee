/* SPDX-License-Identifier: MIT */
#include "tithe-cli-charts.h"
#include "tithe-cli-choice.h"
#include "tithe-cli-private.h"

#include "base/tithe-ratio.h"
#include "base/tithe-text.h"
#include "io/tithe-csv.h"
#include "session/tithe-session-protected.h"
#include "verify/tithe-coverage.h"

static gboolean option_overwrite;
static char *option_ratios;
static char *option_embeddings;
static char *option_output;

static TitheCliNumber draws = { .min = 1, .max = 100, .value = 1 };

const TitheCliOption tithe_cli_coverage_options[]
    = { TITHE_CLI_RATIOS_OPTION,
        { "draws", 0, TITHE_CLI_NUMBER, &draws, N_("Random subsets for each ratio (default 1)"), "N", NULL },
        TITHE_CLI_RULE_OPTIONS,
        { "seed", 's', TITHE_CLI_NUMBER, &tithe_cli_seed, N_("Of the random subsets (default 1)"), "S", NULL },
        TITHE_CLI_EMBEDDINGS_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("Write a table with every class (.csv); without it, the whole is printed"), "csv"),
        TITHE_CLI_OVERWRITE_OPTION,
        TITHE_CLI_THREADS_OPTION,
        TITHE_CLI_NO_OPTION };

static void
append_span (GString *out, double ratio, const char *class_name, const char *what, const TitheSpan *span)
{
  char numbers[3][G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *quoted = tithe_csv_quote (class_name), *exact = tithe_ratio_to_string (ratio);

  g_string_append_printf (out, "%s,%s,%s,%zu,%s,%s,%s\n", exact, quoted, what, span->n,
                          g_ascii_formatd (numbers[0], sizeof numbers[0], "%.7g", span->mean),
                          g_ascii_formatd (numbers[1], sizeof numbers[1], "%.7g", span->p95),
                          g_ascii_formatd (numbers[2], sizeof numbers[2], "%.7g", span->worst));
}

static gboolean
write_coverage (TitheDataset *dataset, GPtrArray *curve, GError **error)
{
  g_autoptr (GString) out = g_string_new ("ratio,class,subset,discarded,mean,p95,worst\n");

  for (guint i = 0; i < curve->len; i++)
    {
      const TitheCoverage *coverage = g_ptr_array_index (curve, i);

      append_span (out, coverage->ratio, "", "semantic", &coverage->semantic);
      append_span (out, coverage->ratio, "", "random", &coverage->random);
      for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
        {
          const char *name = tithe_dataset_get_class_name (dataset, c);

          append_span (out, coverage->ratio, name, "semantic", &coverage->semantic_by_class[c]);
          append_span (out, coverage->ratio, name, "random", &coverage->random_by_class[c]);
        }
    }
  return tithe_output_write (option_output, out->str, out->len, error);
}

static void
print_coverage (GPtrArray *curve)
{
  static const guint widths[] = { 6, 11, 28, 28 };
  /* TRANSLATORS: headings of a table in a terminal. 95 % is the dissimilarity that 95 % of the images are within. */
  const char *const titles[] = { C_ ("column", "ratio"), C_ ("column", "discarded"), _("semantic: mean, 95 %, worst"),
                                 _("random: mean, 95 %, worst") };
  g_autoptr (GString) heading = g_string_new (NULL);

  for (guint c = 0; c < G_N_ELEMENTS (titles); c++)
    {
      tithe_text_add_cell (heading, titles[c], widths[c], c < 2);
      g_string_append (heading, c == 1 ? "   " : "");
    }
  g_print ("%s\n", g_strchomp (heading->str));
  for (guint i = 0; i < curve->len; i++)
    {
      const TitheCoverage *c = g_ptr_array_index (curve, i);
      g_autofree char *number = g_strdup_printf ("%.4g", 100 * c->ratio), *percent = tithe_text_dup_percent (number);
      g_autoptr (GString) ratio = g_string_new (NULL);

      tithe_text_add_cell (ratio, percent, widths[0], TRUE);
      g_print ("%s  %9zu   %.4f  %.4f  %.4f      %.4f  %.4f  %.4f\n", ratio->str, c->semantic.n, c->semantic.mean,
               c->semantic.p95, c->semantic.worst, c->random.mean, c->random.p95, c->random.worst);
    }
}

/* Before anything is measured. */
static gboolean
check_output (TitheSession *session, GError **error)
{
  g_autoptr (TitheProtected) protected = tithe_session_protect (session, option_embeddings);

  return option_output == NULL || tithe_cli_check_file (option_output, protected, option_overwrite, error);
}

gboolean
tithe_cli_coverage (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_cli_plan_coverage (option_ratios, error);
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (GPtrArray) curve = NULL;

  if (plan == NULL)
    return FALSE;
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL || !check_output (session, error))
    return FALSE;
  curve = tithe_cli_measure_coverage (context, session, plan, (guint) draws.value, option_embeddings, error);
  if (curve == NULL)
    return FALSE;
  if (option_output != NULL)
    return write_coverage (tithe_session_get_dataset (session), curve, error);
  print_coverage (curve);
  return TRUE;
}
