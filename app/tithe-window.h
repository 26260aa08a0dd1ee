/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-group-view.h"
#include "tithe-project.h"
#include "tithe-ratio-bar.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_WINDOW (tithe_window_get_type ())

G_DECLARE_FINAL_TYPE (TitheWindow, tithe_window, TITHE, WINDOW, AdwApplicationWindow)

TitheWindow    *tithe_window_new            (AdwApplication *application);
TitheProject   *tithe_window_get_project    (TitheWindow *self);
TitheGroupView *tithe_window_get_group_view (TitheWindow *self);
TitheRatioBar  *tithe_window_get_ratio_bar  (TitheWindow *self);
void            tithe_window_show_singles   (TitheWindow *self, gboolean show);
gboolean        tithe_window_is_settled     (TitheWindow *self);
TitheCuration  *tithe_window_get_curation   (TitheWindow *self);

G_END_DECLS
