/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-job.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TITHE_TYPE_JOB_BAR (tithe_job_bar_get_type ())

/* A job that runs: what it does, how far it is, when it will be done, and a button that cancels it. */
G_DECLARE_FINAL_TYPE (TitheJobBar, tithe_job_bar, TITHE, JOB_BAR, GtkWidget)

GtkWidget *tithe_job_bar_new     (void);
void       tithe_job_bar_set_job (TitheJobBar *self, TitheJob *job);

G_END_DECLS
