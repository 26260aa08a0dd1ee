/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TitheProtected:
 *
 * What must never be written to, whatever a person asks for: folders with all that is in them, single files, and files
 * that only their owner can find. Files are known by device and inode, so that a link to one counts as the file itself.
 */
typedef struct _TitheProtected TitheProtected;

/**
 * TitheProtectedFunc:
 * @target: absolute path of a file or a folder that is there and would be replaced
 *
 * Returns: whether it is one of the owner's files by any name, or a folder with such a file in it
 */
typedef gboolean (*TitheProtectedFunc) (const char *target, gpointer user_data);

TitheProtected *tithe_protected_new        (void);
void            tithe_protected_add_folder (TitheProtected *self, const char *path, const char *why);
void            tithe_protected_add_file   (TitheProtected *self, const char *path, const char *why);
void            tithe_protected_add_owner  (TitheProtected *self, TitheProtectedFunc func, gpointer user_data,
                                            GDestroyNotify destroy, const char *why);
const char     *tithe_protected_find       (const TitheProtected *self, const char *target);
void            tithe_protected_free       (TitheProtected *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheProtected, tithe_protected_free)

G_END_DECLS
