/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TithePart:
 *
 * A folder for what is not finished yet, .tithe-XXXXXX.part in the folder where it is wanted. A file in it is locked as long
 * as somebody works on it, so that what a killed program left can be told from what another one is writing, in whatever
 * container or, where the file system has one set of locks for all, on whatever machine.
 */
typedef struct _TithePart TithePart;

TithePart  *tithe_part_new              (const char *folder);
const char *tithe_part_get_path         (TithePart *self);
void        tithe_part_free             (TithePart *self);
void        tithe_part_remove_leftovers (const char *folder);
void        tithe_part_remove_tree      (const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TithePart, tithe_part_free)

G_END_DECLS
