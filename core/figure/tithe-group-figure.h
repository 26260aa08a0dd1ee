/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-figure.h"

G_BEGIN_DECLS

/**
 * TitheGroupFigure:
 *
 * Redundant groups as a paper shows them: each a row of pictures, what is kept framed in green, with a caption.
 */
typedef struct _TitheGroupFigure TitheGroupFigure;

TitheGroupFigure *tithe_group_figure_new          (TitheSubset *subset);
void              tithe_group_figure_free         (TitheGroupFigure *self);
void              tithe_group_figure_set_max_edge (TitheGroupFigure *self, guint max_edge);
void              tithe_group_figure_set_columns  (TitheGroupFigure *self, guint columns);
void              tithe_group_figure_clear        (TitheGroupFigure *self);
gboolean          tithe_group_figure_add          (TitheGroupFigure *self, const TitheGroup *group,
                                                   const char *caption, GError **error);
guint             tithe_group_figure_sample       (TitheGroupFigure *self, guint n, guint64 seed, TitheJob *job);
gboolean          tithe_group_figure_write        (TitheGroupFigure *self, const char *path, double width,
                                                   const TitheFigureStyle *style, GError **error);
cairo_surface_t  *tithe_group_figure_render       (TitheGroupFigure *self, double width, double scale,
                                                   const TitheFigureStyle *style, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheGroupFigure, tithe_group_figure_free)

G_END_DECLS
