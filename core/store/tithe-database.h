/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* What a session's file is opened with by those who add to it while others read: decisions, trials. */
sqlite3 *tithe_database_open       (const char *session, const char *schema, gboolean *read_only);
void     tithe_database_close      (sqlite3 *db, gboolean read_only);
gint64   tithe_database_get_number (sqlite3 *db, const char *sql);

G_END_DECLS
