/* SPDX-License-Identifier: MIT */
#pragma once

#include "cluster/tithe-cut.h"
#include "export/tithe-export.h"

G_BEGIN_DECLS

#define TITHE_TYPE_PROJECT (tithe_project_get_type ())

/*
 * What a window works on: a dataset, its embedding and its hierarchy, and the thread that gets them. What was open stays
 * until the next is really there. Signals, all in the main thread:
 *
 *   "busy"            a job began or ended
 *   "opened"          there is another hierarchy, of which no class may be known yet
 *   "class-finished"  one more class is clustered
 *   "finished"        every class is, and the session is saved
 *   "failed"          with a message for a person; never for a cancelled job
 */
G_DECLARE_FINAL_TYPE (TitheProject, tithe_project, TITHE, PROJECT, GObject)

typedef void (*TitheProjectExportFunc) (const char *path, const GError *error, gpointer user_data);

TitheProject   *tithe_project_new           (void);
void            tithe_project_open          (TitheProject *self, const char *path, const char *embeddings);
void            tithe_project_open_demo     (TitheProject *self);
void            tithe_project_cancel        (TitheProject *self);
TitheJob       *tithe_project_get_job       (TitheProject *self);
TitheHierarchy *tithe_project_get_hierarchy (TitheProject *self);
const char     *tithe_project_get_session   (TitheProject *self);
TitheEmbedding *tithe_project_get_embedding (TitheProject *self);
gboolean        tithe_project_is_quick      (TitheProject *self);
gsize           tithe_project_get_dim       (TitheProject *self);
void            tithe_project_set_linkage   (TitheProject *self, TitheLinkage linkage);
void            tithe_project_export        (TitheProject *self, const TitheSubsetChoice *choice,
                                             const TitheExportOptions *options, const char *path, TitheJob *job,
                                             TitheProjectExportFunc func, gpointer user_data);

G_END_DECLS
