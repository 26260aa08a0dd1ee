/* SPDX-License-Identifier: MIT */
#pragma once

#include "image/tithe-image.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  TITHE_BADGE_NONE,
  TITHE_BADGE_CHECK, /* kept: it says so to those who can't tell the colour */
  TITHE_BADGE_PLUS,  /* kept by hand in addition to what stands for the group */
  TITHE_BADGE_STAR,  /* chosen by hand to stand for the group */
  TITHE_BADGE_CROSS, /* discarded by hand */
  TITHE_BADGE_MINUS, /* discarded, where that is what is looked for */
} TitheBadge;

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

G_END_DECLS
