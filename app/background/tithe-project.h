/* SPDX-License-Identifier: MIT */
#pragma once

#include "cluster/tithe-hierarchy.h"
#include "curate/tithe-curation.h"

G_BEGIN_DECLS

#define TITHE_TYPE_PROJECT (tithe_project_get_type ())

/*
 * What a window works on: a dataset, its embedding and its hierarchy, and the task that gets them. What was open stays
 * until the next is really there. Properties, which notify in the main thread:
 *
 *   "busy"  whether something is being opened; also notified when that is another job
 *
 * Signals, all in the main thread:
 *
 *   "opened"          there is another hierarchy, of which no class may be known yet
 *   "class-finished"  more classes are clustered
 *   "finished"        every class is, and the session is saved
 *   "refused"         every class is but those that are too large for the memory: there is no session
 *   "cancelled"       the opening was; classes that are there stay usable
 *   "failed"          with a message for a person
 */
G_DECLARE_FINAL_TYPE (TitheProject, tithe_project, TITHE, PROJECT, GObject)

TitheProject   *tithe_project_new            (void);
void            tithe_project_open           (TitheProject *self, const char *path, const char *embeddings);
void            tithe_project_open_demo      (TitheProject *self);
void            tithe_project_cluster_again  (TitheProject *self, TitheLinkage linkage);
void            tithe_project_cancel         (TitheProject *self);
void            tithe_project_set_linkage    (TitheProject *self, TitheLinkage linkage);
void            tithe_project_set_max_memory (TitheProject *self, guint64 max_memory);

TitheJob       *tithe_project_get_job        (TitheProject *self);
const char     *tithe_project_get_wanted     (TitheProject *self);
TitheHierarchy *tithe_project_get_hierarchy  (TitheProject *self);
TitheDataset   *tithe_project_get_dataset    (TitheProject *self);
TitheEmbedding *tithe_project_get_embedding  (TitheProject *self);
const char     *tithe_project_get_session    (TitheProject *self);
TitheCuration  *tithe_project_steal_curation (TitheProject *self, GError **error);
gboolean        tithe_project_is_empty       (TitheProject *self);
gboolean        tithe_project_has            (TitheProject *self, const char *path);
gboolean        tithe_project_is_quick       (TitheProject *self);
gsize           tithe_project_get_dim        (TitheProject *self);

G_END_DECLS
