/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The one way to list a folder. A list is whole or there is none: a disk that fails in the middle is not taken for the
 * folder's end, as GDir does it.
 */

GPtrArray *tithe_folder_list    (const char *path, GError **error);
GPtrArray *tithe_folder_list_at (int fd, const char *path, GError **error);
gboolean   tithe_folder_holds   (GPtrArray *names, const char *name);

G_END_DECLS
