/* SPDX-License-Identifier: MIT */
#pragma once

#include "cluster/tithe-cut.h"
#include "dataset/tithe-dataset.h"
#include "embedding/tithe-embedding.h"

G_BEGIN_DECLS

/* Files and datasets that tests make for themselves. */

/* For tests that need a folder of their own, on a disk that may be made to fail. */
typedef struct
{
  char *folder;
} FolderFixture;

void            fixture_set_up        (FolderFixture *self, gconstpointer data);
void            fixture_tear_down     (FolderFixture *self, gconstpointer data);

char           *fixture_folder        (void);
void            fixture_remove        (char *folder);
char           *fixture_write         (const char *folder, const char *name, gconstpointer data, gssize size);
void            fixture_write_picture (const char *folder, const char *name, guint width, guint height, guint32 seed);
void            fixture_write_classes (const char *folder, guint n_classes, guint n_images);
char           *fixture_write_rows    (const char *folder, const char *name, gsize n, gsize dim, guint32 seed);
TitheHierarchy *fixture_hierarchy     (const char *folder, guint n_classes, guint n_images, TitheLinkage linkage,
                                       int n_threads);
char           *fixture_session       (const char *folder, const char *name, guint n_classes, guint n_images);
GStrv           fixture_command       (const char *program, const char *words);
gboolean        fixture_speak_german  (const char *folder);
void            fixture_run_sql       (const char *path, const char *sql);

#define fixture_assert_error(error, domain, code, part) \
  G_STMT_START \
  { \
    g_assert_error (error, domain, (int) (code)); \
    if (strstr ((error)->message, part) == NULL) \
      g_error ("expected “%s” in “%s”", part, (error)->message); \
    g_clear_error (&(error)); \
  } \
  G_STMT_END

G_END_DECLS
