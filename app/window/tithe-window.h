/* SPDX-License-Identifier: MIT */
#pragma once

#include "background/tithe-project.h"
#include "pages/tithe-review-page.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_WINDOW (tithe_window_get_type ())

G_DECLARE_FINAL_TYPE (TitheWindow, tithe_window, TITHE, WINDOW, AdwApplicationWindow)

TitheWindow     *tithe_window_new             (AdwApplication *application);
TitheProject    *tithe_window_get_project     (TitheWindow *self);
TitheReviewPage *tithe_window_get_page        (TitheWindow *self);
void             tithe_window_set_ratio       (TitheWindow *self, double ratio);
void             tithe_window_show_verify     (TitheWindow *self);
void             tithe_window_leave_coach_out (TitheWindow *self);
const char      *tithe_window_get_help_page   (TitheWindow *self);
gboolean         tithe_window_is_settled      (TitheWindow *self);

G_END_DECLS
