/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TitheJob:
 *
 * One piece of long work: what it is called, how far it is, when it will be done, and a way to cancel it. The thread
 * that works writes to it; the window and the command line read the same object. Every function is safe to call from
 * any thread.
 *
 * Work goes through stages; each has a number of units, of which some are done. Where several threads or steps work for
 * one job, each gets a part of it, and only the parts count. How long a stage takes is foreseen by a TithePace.
 */
typedef struct _TitheJob TitheJob;

TitheJob   *tithe_job_new          (const char *title);
TitheJob   *tithe_job_new_part     (TitheJob *whole, guint64 share);
TitheJob   *tithe_job_new_step     (TitheJob *whole, guint64 share);
TitheJob   *tithe_job_ref          (TitheJob *self);
void        tithe_job_unref        (TitheJob *self);

const char *tithe_job_get_title    (TitheJob *self);
void        tithe_job_cancel       (TitheJob *self);
gboolean    tithe_job_is_cancelled (TitheJob *self);
gboolean    tithe_job_check        (TitheJob *self, GError **error);

void        tithe_job_start        (TitheJob *self, const char *stage, guint64 total);
void        tithe_job_expect       (TitheJob *self, double seconds);
void        tithe_job_advance      (TitheJob *self, guint64 amount);
void        tithe_job_resume       (TitheJob *self, guint64 amount);
char       *tithe_job_dup_stage    (TitheJob *self);
double      tithe_job_get_fraction (TitheJob *self);
double      tithe_job_get_eta      (TitheJob *self);
char       *tithe_job_dup_left     (TitheJob *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheJob, tithe_job_unref)

G_END_DECLS
