/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-database.h"

G_BEGIN_DECLS

/* “Tthe” in ASCII. */
#define TITHE_DATABASE_APPLICATION_ID 1416915045
/* Of the tables; one that is larger was written by a newer version. */
#define TITHE_DATABASE_VERSION 1

struct _TitheDatabase
{
  char *path;
  sqlite3 *db;
  gboolean read_only;
  gboolean logged; /* whether it has a write-ahead log by us */
  int patience;    /* while it is being opened, in milliseconds */
};

int      tithe_database_get_default_patience (void);
gboolean tithe_database_connect              (TitheDatabase *self, const char *name, int flags);
gboolean tithe_database_fail_by              (TitheDatabase *self, int status, TitheDatabaseError code, GError **error);

G_END_DECLS
