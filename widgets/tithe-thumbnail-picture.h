/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-badge.h"

#include "image/tithe-image.h"

G_BEGIN_DECLS

/* A thumbnail that is less wide, at the leaf of a tree, has a thinner frame and no badge. */
#define TITHE_THUMBNAIL_SMALL 40

/*
 * What a thumbnail looks like, drawn once and shown in many frames: clipped to its corners, scaled, framed, with its badge,
 * it would cost each frame ten times what the finished picture does.
 */
typedef struct
{
  int width, height, scale;
  gboolean framed;
  gboolean discarded; /* where that is what is framed, in red */
  gboolean dimmed;    /* steps back */
  TitheBadge badge;
  GdkRGBA frame; /* colour */
  GdkRGBA edge;  /* colour of a thin line where there is no frame */
} TitheThumbnailLook;

cairo_surface_t *tithe_thumbnail_picture_new (const TithePixels *pixels, const TitheThumbnailLook *look);
cairo_surface_t *tithe_thumbnail_picture_new_face (const TithePixels *pixels, const TitheThumbnailLook *look);
cairo_surface_t *tithe_thumbnail_picture_new_marks (const TitheThumbnailLook *look);
void tithe_thumbnail_picture_draw (cairo_t *cr, cairo_surface_t *face, cairo_surface_t *marks, gboolean dimmed,
                                   double x, double y);

G_END_DECLS
