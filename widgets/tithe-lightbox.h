/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-dendrogram-view.h"

G_BEGIN_DECLS

#define TITHE_TYPE_LIGHTBOX (tithe_lightbox_get_type ())

/*
 * One image, or the dendrogram of its group, as large as there is room for, over everything else. It decides nothing and goes
 * nowhere by itself; its buttons activate the actions of “review” that the inspector's do. Signals:
 *
 *   "closed"   by Esc, Space or its button
 *   "stepped"  with how many images and how many groups on somebody wants to go
 */
G_DECLARE_FINAL_TYPE (TitheLightbox, tithe_lightbox, TITHE, LIGHTBOX, GtkWidget)

GtkWidget           *tithe_lightbox_new                 (void);
void                 tithe_lightbox_show                (TitheLightbox *self, TitheSubset *subset, guint32 image,
                                                         const char *place);
void                 tithe_lightbox_set_with_dendrogram (TitheLightbox *self, gboolean with_dendrogram);
TitheDendrogramView *tithe_lightbox_get_dendrogram      (TitheLightbox *self);
void                 tithe_lightbox_clear               (TitheLightbox *self);

G_END_DECLS
