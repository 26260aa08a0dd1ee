/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-group-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_CLASS_LIST (tithe_class_list_get_type ())

/*
 * The classes of a dataset, each with its number of groups to do and a bar of what is kept, under a row for all of them, which
 * stays whatever is searched. Property:
 *
 *   "selected"  the index of the class, or TITHE_ALL_CLASSES. It is the class that counts, not the row: searching neither
 *               changes it, nor does it where the class is not among what was found.
 */
G_DECLARE_FINAL_TYPE (TitheClassList, tithe_class_list, TITHE, CLASS_LIST, GtkWidget)

GtkWidget *tithe_class_list_new          (void);
void       tithe_class_list_set_subset   (TitheClassList *self, TitheSubset *subset);
void       tithe_class_list_refresh      (TitheClassList *self);
int        tithe_class_list_get_selected (TitheClassList *self);
void       tithe_class_list_set_selected (TitheClassList *self, int class_index);

G_END_DECLS
