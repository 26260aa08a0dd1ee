/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-project.h"
#include "tithe-task.h"

#include "export/tithe-export.h"
#include "figure/tithe-figure.h"

G_BEGIN_DECLS

/* A page's width in points, and the font that goes with it. */
#define TITHE_FIGURE_PAGE (174 * 72 / 25.4)
#define TITHE_FIGURE_FONT "Serif 8"

/**
 * TitheExporting:
 *
 * What a window writes, in the background. Subsets are written with the decisions that are in the session's file: the slider
 * may go on moving. Each begins a task; its done function gets the exporting as work. A target that is there already is
 * replaced, as whoever chose it was asked; the dataset, the session and its embedding are never written to.
 */
typedef struct _TitheExporting TitheExporting;

/**
 * TitheFigureChoice:
 * @groups: (element-type TitheGroup): that are drawn
 * @captions: (array zero-terminated=1): one for each group; the empty one for none
 * @width: in points
 * @font: family and size in points
 *
 * How a figure of groups is drawn.
 */
typedef struct
{
  GArray *groups;
  char **captions;
  double width;
  char *font;
} TitheFigureChoice;

TitheFigureChoice *tithe_figure_choice_new  (GArray *groups, char **captions, double width, const char *font);
TitheFigureChoice *tithe_figure_choice_copy (const TitheFigureChoice *self);
void               tithe_figure_choice_free (TitheFigureChoice *self);

TitheTask  *tithe_exporting_begin_check  (gpointer owner, TitheProject *project, const TitheSubsetChoice *choice,
                                          const TitheExportOptions *options, const char *path, TitheTaskDoneFunc done);
TitheTask  *tithe_exporting_begin_form   (gpointer owner, TitheProject *project, const TitheSubsetChoice *choice,
                                          const TitheExportOptions *options, const char *path, TitheTaskDoneFunc done);
TitheTask  *tithe_exporting_begin_report (gpointer owner, TitheProject *project, const TitheSubsetChoice *choice,
                                          const char *path, TitheTaskDoneFunc done);
TitheTask  *tithe_exporting_begin_groups (gpointer owner, TitheProject *project, const TitheSubsetChoice *choice,
                                          const TitheFigureChoice *figure, const char *path, TitheTaskDoneFunc done);
TitheTask  *tithe_exporting_begin_chart  (gpointer owner, TitheProject *project, TitheFigure *figure, const char *path,
                                          TitheTaskDoneFunc done);
TitheTask  *tithe_exporting_begin_text   (gpointer owner, TitheProject *project, char *text, const char *path,
                                          TitheTaskDoneFunc done);
const char *tithe_exporting_get_path     (TitheExporting *self);

const TitheExportSize *tithe_exporting_get_size (TitheExporting *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheFigureChoice, tithe_figure_choice_free)

G_END_DECLS
