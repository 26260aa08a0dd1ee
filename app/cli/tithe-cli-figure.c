/* SPDX-License-Identifier: MIT */
#include "tithe-cli-charts.h"
#include "tithe-cli-choice.h"
#include "tithe-cli-private.h"

#include "export/tithe-export.h"
#include "figure/tithe-canvas.h"
#include "figure/tithe-group-figure.h"
#include "session/tithe-session-protected.h"

static char *option_embeddings;
static char *option_output;
static gboolean option_overwrite;
static char *option_font;
static char *option_ratios;
static char **option_groups;
static char **option_captions;

#define COLUMN_MM 84.0
#define PAGE_MM 174.0
#define POINTS (72 / 25.4)

/* Groups are no chart of core's. */
#define GROUPS (TITHE_FIGURE_COVERAGE + 1)

enum
{
  COLUMN,
  PAGE
};

static const TitheWord group_words[]
    = { { "groups", GROUPS, "redundant groups, what is kept framed in green" }, { NULL, 0, NULL } };
static const TitheWord width_words[] = { { "column", COLUMN, "84 mm" }, { "page", PAGE, "174 mm" }, { NULL, 0, NULL } };

static TitheCliWord kind_word = { .words = tithe_figure_kind_words, .more = group_words, .value = TITHE_CLI_NO_WORD };
static TitheCliWord width_word
    = { .words = width_words, .others = N_("millimetres (default 155)"), .value = TITHE_CLI_NO_WORD };
static TitheCliNumber height = { .kind = TITHE_CLI_REAL, .min = 20, .max = 2000 };
static TitheCliNumber columns = { .min = 1, .max = 20 };
static TitheCliNumber sample = { .min = 1, .max = 200, .value = 8 };

const TitheCliOption tithe_cli_figure_options[]
    = { { "kind", 0, TITHE_CLI_WORD, &kind_word, N_("What is drawn"), "KIND", NULL },
        { "width", 0, TITHE_CLI_WORD, &width_word, N_("Width"), "WIDTH", NULL },
        { "height", 0, TITHE_CLI_NUMBER, &height, N_("Height in millimetres (default: what suits)"), "MM", NULL },
        { "font", 0, TITHE_CLI_TEXT, &option_font, N_("Family and size, such as “Serif 8” (default “Sans 9”)"), "FONT",
          NULL },
        { "group", 'g', TITHE_CLI_TEXTS, &option_groups,
          N_("groups: number of a group, as in the CSV file; may be given again"), "N", NULL },
        { "caption", 0, TITHE_CLI_TEXTS, &option_captions,
          N_("groups: caption of the first group, the second and so on, such as “pose”"), "TEXT", NULL },
        { "columns", 0, TITHE_CLI_NUMBER, &columns,
          N_("groups: so many side by side (default: as many as there is room for)"), "N", NULL },
        { "sample", 0, TITHE_CLI_NUMBER, &sample, N_("groups: so many drawn at random (default 8)"), "N", NULL },
        { "seed", 's', TITHE_CLI_NUMBER, &tithe_cli_seed, N_("Of what is drawn at random (default 1)"), "S", NULL },
        { "ratios", 0, TITHE_CLI_TEXT, &option_ratios, N_("coverage: where it is measured"), "LIST", NULL },
        TITHE_CLI_EMBEDDINGS_OPTION,
        TITHE_CLI_CHOICE_OPTIONS,
        TITHE_CLI_AUTOMATIC_OPTION,
        TITHE_CLI_CLASS_RATIO_OPTION (N_("A class that has a ratio of its own in this subset; may be given again")),
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write: .png, .pdf or .svg"), "png pdf svg"),
        TITHE_CLI_OVERWRITE_OPTION,
        TITHE_CLI_NO_OPTION };

static gboolean
check_width (double *width, GError **error)
{
  TitheCliNumber number = { .kind = TITHE_CLI_REAL, .min = 30, .max = 2000 };

  *width = 155;
  if (width_word.value == COLUMN)
    *width = COLUMN_MM;
  else if (width_word.value == PAGE)
    *width = PAGE_MM;
  else if (width_word.text != NULL && !tithe_cli_number_parse (&number, "width", width_word.text, error))
    return FALSE;
  else if (width_word.text != NULL)
    *width = number.value;
  return TRUE;
}

static gboolean
draw_groups (TitheSession *session, const TitheSubsetChoice *choice, double width, const TitheFigureStyle *style,
             GError **error)
{
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (TitheSubset) subset = tithe_cli_open_subset (session, choice, &curation, error);
  g_autoptr (TitheGroupFigure) figure = subset ? tithe_group_figure_new (subset) : NULL;
  const guint n_captions = option_captions ? g_strv_length (option_captions) : 0;
  const TitheGroup *groups;
  gsize n;

  if (figure == NULL)
    return FALSE;
  if (columns.given)
    tithe_group_figure_set_columns (figure, (guint) columns.value);
  groups = tithe_cut_get_groups (tithe_subset_get_cut (subset), &n);
  for (guint i = 0; option_groups != NULL && option_groups[i] != NULL; i++)
    {
      TitheCliNumber number = { .max = (double) n - 1 };

      if (!tithe_cli_number_parse (&number, "group", option_groups[i], NULL))
        {
          g_set_error (error, TITHE_CLI_USAGE, 0,
                       _("there is no group “%s”: at this ratio they have the numbers 0 to %zu"), option_groups[i],
                       n > 0 ? n - 1 : 0);
          return FALSE;
        }
      if (!tithe_group_figure_add (figure, &groups[(gsize) number.value], i < n_captions ? option_captions[i] : NULL,
                                   error))
        return FALSE;
    }
  if (option_groups == NULL
      && tithe_group_figure_sample (figure, (guint) sample.value, (guint64) tithe_cli_seed.value, NULL) == 0)
    {
      g_set_error_literal (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_FORM,
                           _("there are no redundant groups to draw at this ratio; take a lower one"));
      return FALSE;
    }
  return tithe_group_figure_write (figure, option_output, width, style, error);
}

static TitheFigure *
make_figure (TitheCliContext *context, TitheSession *session, TitheFigureKind kind, const TitheSubsetChoice *choice,
             const TitheVerifyPlan *plan, GError **error)
{
  g_autoptr (TitheCuration) curation = NULL;
  g_autoptr (TitheSubset) subset = NULL;
  g_autoptr (TitheVerifyReport) report = NULL;
  g_autoptr (GPtrArray) curve = NULL;

  if (kind == TITHE_FIGURE_ACCURACY)
    return (report = tithe_cli_read_trials (session, error)) ? tithe_figure_new_accuracy (report) : NULL;
  if (kind == TITHE_FIGURE_COVERAGE)
    return (curve = tithe_cli_measure_coverage (context, session, plan, 1, option_embeddings, error))
               ? tithe_figure_new_coverage (curve)
               : NULL;
  subset = tithe_cli_open_subset (session, choice, &curation, error);
  return subset ? tithe_figure_new (kind, subset) : NULL;
}

gboolean
tithe_cli_figure (TitheCliContext *context, GError **error)
{
  g_autoptr (TitheSession) session = NULL;
  g_autoptr (TitheProtected) protected = NULL;
  g_autoptr (TitheFigure) figure = NULL;
  g_autoptr (TitheVerifyPlan) plan = NULL;
  TitheFigureStyle style = tithe_figure_style_print;
  TitheSubsetChoice choice = { 0 };
  const TitheFigureKind kind = (TitheFigureKind) kind_word.value;
  const gboolean groups = kind_word.value == GROUPS;
  double width;

  if (!tithe_cli_require (kind_word.text, "--kind", error) || !tithe_cli_require (option_output, "--output", error)
      || !check_width (&width, error))
    return FALSE;
  if ((groups || kind < TITHE_N_FIGURES) && !tithe_cli_check_choice (&choice, error))
    return FALSE;
  if (kind == TITHE_FIGURE_COVERAGE && (plan = tithe_cli_plan_coverage (option_ratios, error)) == NULL)
    return FALSE;
  if (option_font != NULL)
    style.font = option_font;
  session = tithe_session_open (g_ptr_array_index (context->positional, 0), error);
  if (session == NULL)
    return FALSE;
  protected = tithe_session_protect (session, option_embeddings);
  if (!tithe_cli_check_file (option_output, protected, option_overwrite, error)
      || !tithe_canvas_check_form (option_output, error))
    return FALSE;
  if (groups)
    return draw_groups (session, &choice, width * POINTS, &style, error);
  figure = make_figure (context, session, kind, &choice, plan, error);
  return figure != NULL
         && tithe_figure_write (figure, option_output, width * POINTS,
                                height.given ? height.value * POINTS : tithe_figure_get_height (figure, width * POINTS),
                                &style, error);
}
