/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-job.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TitheTask:
 *
 * The one way from a thread to the window: work that runs in a thread of its own for an owner in the main thread. What
 * the work needs and what it finds is in one struct, @work, which the thread has for itself until it is done.
 *
 * News and the end are delivered, in the order in which they were told, in the main context that the task was begun in,
 * never in the worker's thread; @work is freed there, too, so that it may hold the last reference to anything. When the owner
 * goes or drops the task, the job is cancelled and nothing is delivered any more.
 */
typedef struct _TitheTask TitheTask;

/* In the thread. Ends with %TRUE, or with %FALSE and an error. */
typedef gboolean (*TitheTaskFunc) (TitheTask *task, gpointer work, GError **error);
/* In the main context: the work is done; @error is %NULL where it went well. */
typedef void (*TitheTaskDoneFunc) (gpointer owner, gpointer work, const GError *error);
/* In the main context: what the work told on its way. */
typedef void (*TitheTaskNewsFunc) (gpointer owner, gpointer news);

TitheTask *tithe_task_begin      (gpointer owner, const char *title, TitheTaskFunc func, gpointer work,
                                  GDestroyNotify free_work, TitheTaskDoneFunc done);
TitheJob  *tithe_task_get_job    (TitheTask *self);
void       tithe_task_tell       (TitheTask *self, TitheTaskNewsFunc func, gpointer news, GDestroyNotify free_news);
void       tithe_task_be_nice    (TitheTask *self);
gboolean   tithe_task_is_over    (TitheTask *self);
gboolean   tithe_task_is_failure (const GError *error);
void       tithe_task_cancel     (TitheTask *self);
void       tithe_task_drop       (TitheTask **place);

G_END_DECLS
