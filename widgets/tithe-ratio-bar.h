/* SPDX-License-Identifier: MIT */
#pragma once

#include "cluster/tithe-cut.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_RATIO_BAR (tithe_ratio_bar_get_type ())

/*
 * The subset ratio, or that of one class: a slider with a number entry and the choice of the policy, over a curve of how
 * dissimilar the images are that a ratio merges. Its properties "ratio" and "policy" tell when they are others.
 */
G_DECLARE_FINAL_TYPE (TitheRatioBar, tithe_ratio_bar, TITHE, RATIO_BAR, GtkWidget)

GtkWidget  *tithe_ratio_bar_new        (void);
double      tithe_ratio_bar_get_ratio  (TitheRatioBar *self);
void        tithe_ratio_bar_set_ratio  (TitheRatioBar *self, double ratio);
TithePolicy tithe_ratio_bar_get_policy (TitheRatioBar *self);
void        tithe_ratio_bar_set_policy (TitheRatioBar *self, TithePolicy policy);
void        tithe_ratio_bar_set_cut    (TitheRatioBar *self, TitheCut *cut);
void        tithe_ratio_bar_set_class  (TitheRatioBar *self, int class_index);
void        tithe_ratio_bar_set_narrow (TitheRatioBar *self, gboolean narrow, GtkBox *elsewhere);
void        tithe_ratio_bar_refresh    (TitheRatioBar *self);

G_END_DECLS
