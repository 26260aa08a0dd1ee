/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_FILTER_CHIPS (tithe_filter_chips_get_type ())

/*
 * What is filtered by, a chip for each filter that is in force, and one button for all of them, which activates
 * “win.clear-filters”. One line, scrolled where it has no room; hidden where nothing is in force. Signal:
 *
 *   "removed"  with the number of the filter whose chip was pressed
 */
G_DECLARE_FINAL_TYPE (TitheFilterChips, tithe_filter_chips, TITHE, FILTER_CHIPS, GtkWidget)

GtkWidget *tithe_filter_chips_new (void);
void       tithe_filter_chips_set (TitheFilterChips *self, guint filter, const char *text);

G_END_DECLS
