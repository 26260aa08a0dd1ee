/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_CLASS_ROW (tithe_class_row_get_type ())

/* A class: name, a count, and a bar of which the green part is kept and the amber part redundant. */
G_DECLARE_FINAL_TYPE (TitheClassRow, tithe_class_row, TITHE, CLASS_ROW, GtkWidget)

GtkWidget *tithe_class_row_new        (void);
void       tithe_class_row_set_name   (TitheClassRow *self, const char *name, gboolean strong);
void       tithe_class_row_set_counts (TitheClassRow *self, gsize n_images, gsize n_kept, gsize n_groups);
void       tithe_class_row_set_waiting (TitheClassRow *self, gsize n_images);

G_END_DECLS
