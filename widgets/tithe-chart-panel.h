/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_CHART_PANEL (tithe_chart_panel_get_type ())

/*
 * Charts of a subset below each other: sizes of groups, dissimilarity, and what tells classes apart under its policy. Each has a
 * button that activates “win.save-figure” with its kind. Emits
 *
 *   "chosen"  with the class that was pressed in one, or -1 for all, and the smallest and largest size of groups, or 0
 */
G_DECLARE_FINAL_TYPE (TitheChartPanel, tithe_chart_panel, TITHE, CHART_PANEL, GtkWidget)

GtkWidget *tithe_chart_panel_new  (void);
void       tithe_chart_panel_show (TitheChartPanel *self, TitheSubset *subset, int class_index);

G_END_DECLS
