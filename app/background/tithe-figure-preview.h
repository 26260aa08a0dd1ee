/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-figure-choice.h"

#include "curate/tithe-curation.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TitheFigurePreview:
 *
 * A figure of groups as it would be written, drawn in a thread, again and again while its captions are typed. One is drawn at a
 * time; of what is asked for meanwhile the last is drawn next. Pictures are read once, at the size at which they are seen.
 */
typedef struct _TitheFigurePreview TitheFigurePreview;

/* @surface: (transfer none) (nullable): an image; NULL with an error where it could not be drawn */
typedef void (*TitheFigurePreviewFunc) (gpointer owner, cairo_surface_t *surface, const GError *error);

TitheFigurePreview *tithe_figure_preview_new     (gpointer owner, TitheCuration *curation,
                                                  const TitheSubsetChoice *choice, TitheFigurePreviewFunc func);
void                tithe_figure_preview_free    (TitheFigurePreview *self);
void                tithe_figure_preview_draw    (TitheFigurePreview *self, TitheFigureChoice *choice, double scale);
gboolean            tithe_figure_preview_is_busy (TitheFigurePreview *self);

G_END_DECLS
