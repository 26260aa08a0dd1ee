/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-group-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_BADGE_SIZE 20
/* The colour of what is discarded, where that is marked. */
extern const GdkRGBA tithe_badge_red;

/* A mark on a picture that says in a form what frames say in a colour. */
typedef enum
{
  TITHE_BADGE_NONE,
  TITHE_BADGE_CHECK, /* kept: it says so to those who can't tell the colour */
  TITHE_BADGE_PLUS,  /* kept by hand in addition to what stands for the group */
  TITHE_BADGE_STAR,  /* chosen by hand to stand for the group */
  TITHE_BADGE_CROSS, /* discarded by hand */
  TITHE_BADGE_MINUS, /* discarded, where that is what is looked for */
  TITHE_N_BADGES,
} TitheBadge;

TitheBadge tithe_badge_choose (const TitheMember *member, gboolean reversed);
void       tithe_badge_draw   (TitheBadge self, cairo_t *cr, const GdkRGBA *frame);

G_END_DECLS
