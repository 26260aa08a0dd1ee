/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TITHE_TYPE_CLASS_ITEM (tithe_class_item_get_type ())

/*
 * A row of the list of classes, which may be the row for all of them: which class it is, whatever its position in a
 * list that is searched or sorted, and what is told of it. Properties, of which only what changed is notified:
 *
 *   "name"       as it is shown
 *   "n-images"
 *   "n-kept"     of them
 *   "n-groups"   redundant ones
 *   "n-reviewed" of those, were looked at
 *   "own-ratio"  of the class whatever the ratio of all, 0 where it has none
 *   "clustered"  whether it is known what is kept
 *   "needed"     bytes that clustering it would take, where that is more than may be used, else 0
 */
G_DECLARE_FINAL_TYPE (TitheClassItem, tithe_class_item, TITHE, CLASS_ITEM, GObject)

TitheClassItem *tithe_class_item_new             (int class_index, const char *name);
int             tithe_class_item_get_class_index (TitheClassItem *self);
const char     *tithe_class_item_get_name        (TitheClassItem *self);
gsize           tithe_class_item_get_n_images    (TitheClassItem *self);
gsize           tithe_class_item_get_n_kept      (TitheClassItem *self);
gsize           tithe_class_item_get_n_groups    (TitheClassItem *self);
gsize           tithe_class_item_get_n_reviewed  (TitheClassItem *self);
double          tithe_class_item_get_own_ratio   (TitheClassItem *self);
gboolean        tithe_class_item_is_clustered    (TitheClassItem *self);
guint64         tithe_class_item_get_needed      (TitheClassItem *self);
gboolean        tithe_class_item_matches         (TitheClassItem *self, const char *folded);
void            tithe_class_item_set_own_ratio   (TitheClassItem *self, double ratio);
void            tithe_class_item_set_waiting     (TitheClassItem *self, gsize n_images, guint64 needed);
void            tithe_class_item_set_counts      (TitheClassItem *self, gsize n_images, gsize n_kept, gsize n_groups,
                                                  gsize n_reviewed);

G_END_DECLS
