/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-class-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_CLASS_ROW (tithe_class_row_get_type ())

/*
 * A class: name, its own ratio where it has one, how many redundant groups are left to review or a tick, a bar of which the green
 * part is kept and the amber part discarded, and below it a blue line as long as the share that is reviewed; the tooltip has it
 * all. It shows its property "item" and follows what that notifies, so that one row serves many classes.
 */
G_DECLARE_FINAL_TYPE (TitheClassRow, tithe_class_row, TITHE, CLASS_ROW, GtkWidget)

GtkWidget *tithe_class_row_new      (void);
void       tithe_class_row_set_item (TitheClassRow *self, TitheClassItem *item);

G_END_DECLS
