/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-class-item.h"

G_BEGIN_DECLS

#define TITHE_TYPE_CLASS_MODEL (tithe_class_model_get_type ())

/*
 * TitheClassModel:
 *
 * Those classes whose names hold what is searched for, in the order of classes; the item for all classes is always among
 * them. GTK's list view looks at every row that a search brings, so that a row costs an array's element here: with a filter
 * over a list store a letter among 20,000 classes took up to 60 ms.
 */
G_DECLARE_FINAL_TYPE (TitheClassModel, tithe_class_model, TITHE, CLASS_MODEL, GObject)

TitheClassModel *tithe_class_model_new          (void);
void             tithe_class_model_take_items   (TitheClassModel *self, GPtrArray *items);
guint            tithe_class_model_get_n_listed (TitheClassModel *self);
gboolean         tithe_class_model_search       (TitheClassModel *self, const char *text);
guint            tithe_class_model_find         (TitheClassModel *self, int class_index);

G_END_DECLS
