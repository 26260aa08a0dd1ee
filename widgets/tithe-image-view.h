/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-badge.h"

#include "image/tithe-image.h"

G_BEGIN_DECLS

#define TITHE_TYPE_IMAGE_VIEW (tithe_image_view_get_type ())

#define TITHE_IMAGE_VIEW_MIN_EDGE 64

/*
 * A picture as large as there is room for, or larger: the wheel zooms where the pointer is, dragging moves, two presses go
 * back. Every pixel of a small picture stays a square. Properties:
 *
 *   "square"  whether it is as high as it is wide, where it gets what it asks for
 *
 * Signals:
 *
 *   "moved"  somebody zoomed or moved
 */
G_DECLARE_FINAL_TYPE (TitheImageView, tithe_image_view, TITHE, IMAGE_VIEW, GtkWidget)

GtkWidget *tithe_image_view_new        (void);
void       tithe_image_view_set_pixels (TitheImageView *self, TithePixels *pixels);
void       tithe_image_view_set_role   (TitheImageView *self, const TitheMember *role);
void       tithe_image_view_zoom       (TitheImageView *self, double factor);
void       tithe_image_view_pan        (TitheImageView *self, double dx, double dy);
void       tithe_image_view_show_all   (TitheImageView *self);
void       tithe_image_view_follow     (TitheImageView *self, TitheImageView *other);

G_END_DECLS
