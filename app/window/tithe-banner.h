/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_BANNER (tithe_banner_get_type ())

/*
 * A line across the window about what is in the way, with at most one thing to do about it: AdwBanner, which libadwaita has from 1.3
 * on. Properties:
 *
 *   "title", "icon-name"          what it says
 *   "button-label", "action-name" what can be done; no button without a label
 *   "dismissable"                 whether it can be put away
 *   "revealed"                    whether it is shown
 */
G_DECLARE_FINAL_TYPE (TitheBanner, tithe_banner, TITHE, BANNER, AdwBin)

void     tithe_banner_set_title    (TitheBanner *self, const char *title);
void     tithe_banner_set_revealed (TitheBanner *self, gboolean revealed);
gboolean tithe_banner_get_revealed (TitheBanner *self);

G_END_DECLS
