/* SPDX-License-Identifier: MIT */
#pragma once

#include "figure/tithe-group-figure.h"

G_BEGIN_DECLS

/* A page's width in points, and the font that goes with it. */
#define TITHE_FIGURE_PAGE (174 * 72 / 25.4)
#define TITHE_FIGURE_FONT "Serif 8"

/**
 * TitheFigureChoice:
 * @groups: (element-type TitheGroup): that are drawn
 * @captions: (array zero-terminated=1) (nullable): one for each group, the empty one for none; %NULL for none at all
 * @width: in points
 * @columns: groups side by side, 0 for as many as there is room for
 * @font: family and size in points
 *
 * How a figure of groups is drawn.
 */
typedef struct
{
  GArray *groups;
  char **captions;
  double width;
  guint columns;
  char *font;
} TitheFigureChoice;

TitheFigureChoice *tithe_figure_choice_new  (GArray *groups, char **captions, double width, guint columns,
                                             const char *font);
TitheFigureChoice *tithe_figure_choice_copy (const TitheFigureChoice *self);
void               tithe_figure_choice_free (TitheFigureChoice *self);
gboolean           tithe_figure_choice_fill (const TitheFigureChoice *self, TitheGroupFigure *figure, TitheJob *job,
                                             GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheFigureChoice, tithe_figure_choice_free)

G_END_DECLS
