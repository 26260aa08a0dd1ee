/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Tells whether a path stands twice in a list of a million: eight bytes a slot, at most three of four slots taken. The paths
 * stay where they are, zero-terminated and one after the other; they may move between two calls, but not change.
 */
typedef struct _TithePathTable TithePathTable;

TithePathTable *tithe_path_table_new      (void);
void            tithe_path_table_free     (TithePathTable *self);
gboolean        tithe_path_table_add      (TithePathTable *self, const char *paths, const guint64 *offsets,
                                           guint32 number, guint32 *first);
gsize           tithe_path_table_get_size (TithePathTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TithePathTable, tithe_path_table_free)

G_END_DECLS
