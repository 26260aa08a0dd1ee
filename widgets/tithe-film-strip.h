/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_FILM_STRIP (tithe_film_strip_get_type ())

/*
 * Any number of images in a line, as thumbnails, of which some are shown larger elsewhere and marked therefore, and one of
 * them is the current one. Only what is in view has widgets and is read. Signals:
 *
 *   "picked"  with an image that was pressed, and whether it was with the control key
 */
G_DECLARE_FINAL_TYPE (TitheFilmStrip, tithe_film_strip, TITHE, FILM_STRIP, GtkWidget)

GtkWidget *tithe_film_strip_new        (void);
void       tithe_film_strip_set_images (TitheFilmStrip *self, TitheSubset *subset, const guint32 *images, guint n,
                                        gboolean numbered);
void       tithe_film_strip_set_marked (TitheFilmStrip *self, const guint32 *images, guint n, guint32 current);
void       tithe_film_strip_refresh    (TitheFilmStrip *self);
gboolean   tithe_film_strip_find       (TitheFilmStrip *self, guint32 image, guint *index);

G_END_DECLS
