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
static char *option_kind;
static char *option_width;
static char *option_font;
static char *option_ratios;
static char **option_groups;
static char **option_captions;

#define COLUMN_MM 84.0
#define PAGE_MM 174.0
#define POINTS (72 / 25.4)

static TitheCliNumber height = { .name = "height", .kind = TITHE_CLI_REAL, .min = 20, .max = 2000 };
static TitheCliNumber sample = { .name = "sample", .min = 1, .max = 200, .value = 8 };

TitheCliNumber *const tithe_cli_figure_numbers[]
    = { TITHE_CLI_CHOICE_NUMBERS, &height, &sample, &tithe_cli_seed, NULL };
const GOptionEntry tithe_cli_figure_options[]
    = { { "kind", 0, 0, G_OPTION_ARG_STRING, &option_kind,
          N_("sizes, dissimilarity, redundancy, groups, accuracy or coverage"), "KIND" },
        { "width", 0, 0, G_OPTION_ARG_STRING, &option_width,
          N_("column (84 mm), page (174 mm) or millimetres (default 155)"), "WIDTH" },
        TITHE_CLI_NUMBER_OPTION ("height", 0, N_("Height in millimetres (default: what suits)"), "MM"),
        { "font", 0, 0, G_OPTION_ARG_STRING, &option_font, N_("Family and size, such as “Serif 8” (default “Sans 9”)"),
          "FONT" },
        { "group", 'g', 0, G_OPTION_ARG_STRING_ARRAY, &option_groups,
          N_("groups: number of a group, as in the CSV file; may be given again"), "N" },
        { "caption", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_captions,
          N_("groups: caption of the first group, the second and so on, such as “pose”"), "TEXT" },
        TITHE_CLI_NUMBER_OPTION ("sample", 0, N_("groups: so many drawn at random (default 8)"), "N"),
        TITHE_CLI_NUMBER_OPTION ("seed", 's', N_("Of what is drawn at random (default 1)"), "S"),
        { "ratios", 0, 0, G_OPTION_ARG_STRING, &option_ratios, N_("coverage: where it is measured"), "LIST" },
        TITHE_CLI_EMBEDDINGS_OPTION,
        TITHE_CLI_CHOICE_OPTIONS,
        TITHE_CLI_AUTOMATIC_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("Where to write: .png, .pdf or .svg")),
        TITHE_CLI_OVERWRITE_OPTION,
        G_OPTION_ENTRY_NULL };

static gboolean
check_width (double *width, GError **error)
{
  TitheCliNumber number = { .name = "width", .kind = TITHE_CLI_REAL, .min = 30, .max = 2000 };

  *width = 155;
  if (g_strcmp0 (option_width, "column") == 0)
    *width = COLUMN_MM;
  else if (g_strcmp0 (option_width, "page") == 0)
    *width = PAGE_MM;
  else if (option_width != NULL && !tithe_cli_number_parse (&number, option_width, error))
    return FALSE;
  else if (option_width != NULL)
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
  groups = tithe_cut_get_groups (tithe_subset_get_cut (subset), &n);
  for (guint i = 0; option_groups != NULL && option_groups[i] != NULL; i++)
    {
      TitheCliNumber number = { .name = "group", .max = (double) n - 1 };

      if (!tithe_cli_number_parse (&number, option_groups[i], NULL))
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
  TitheFigureKind kind = TITHE_FIGURE_SIZES;
  gboolean groups = g_strcmp0 (option_kind, "groups") == 0;
  double width;

  if (!tithe_cli_require (option_kind, "--kind", error) || !tithe_cli_require (option_output, "--output", error)
      || !check_width (&width, error))
    return FALSE;
  if (!groups && !tithe_figure_kind_from_string (option_kind, &kind))
    return tithe_cli_usage (error, _("--kind takes sizes, dissimilarity, redundancy, groups, accuracy or coverage"));
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
