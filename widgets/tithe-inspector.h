/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-dendrogram-view.h"

G_BEGIN_DECLS

#define TITHE_TYPE_INSPECTOR (tithe_inspector_get_type ())

/*
 * One image, large, with what is known of it, its group's dendrogram, and buttons for what can be decided: they activate
 * the actions "review.keep", "review.discard", "review.representative", "review.automatic", "review.split", "review.merge"
 * and "review.done"; "review.preview" and "review.preview-dendrogram" show what it has larger. Signals:
 *
 *   "led"  with another image that somebody wants to go to
 */
G_DECLARE_FINAL_TYPE (TitheInspector, tithe_inspector, TITHE, INSPECTOR, GtkWidget)

GtkWidget           *tithe_inspector_new            (void);
void                 tithe_inspector_show           (TitheInspector *self, TitheSubset *subset,
                                                     TitheEmbedding *embedding, guint32 image);
void                 tithe_inspector_clear          (TitheInspector *self);
TitheDendrogramView *tithe_inspector_get_dendrogram (TitheInspector *self);
gboolean             tithe_inspector_get_merge      (TitheInspector *self, guint *class_index, guint32 *merge);

G_END_DECLS
