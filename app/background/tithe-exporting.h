/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-figure-choice.h"
#include "tithe-project.h"
#include "tithe-task.h"

#include "export/tithe-export.h"
#include "figure/tithe-figure.h"

G_BEGIN_DECLS

/**
 * TitheExporting:
 *
 * What a window writes, in the background. Subsets are written with the decisions that are in the session's file: the slider
 * may go on moving. Each begins a task; its done function gets the exporting as work. A target that is there already is
 * replaced, as whoever chose it was asked; the dataset, the session and its embedding are never written to.
 */
typedef struct _TitheExporting TitheExporting;

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

G_END_DECLS
