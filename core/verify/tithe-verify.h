/* SPDX-License-Identifier: MIT */
#pragma once

#include "session/tithe-session.h"
#include "tithe-trial-store.h"

G_BEGIN_DECLS

#define TITHE_VERIFY_ERROR (tithe_verify_error_quark ())

typedef enum
{
  TITHE_VERIFY_ERROR_TOO_FEW, /* an arm would have next to nothing to learn from, or to be tested on */
  TITHE_VERIFY_ERROR_CHANGED, /* decisions that the plan is about are not there, or it is no plan for this machine */
} TitheVerifyError;

/* Told of each trial that is finished, in the thread that learned it. */
typedef void (*TitheTrialFunc) (const TitheTrial *trial, gpointer user_data);

/**
 * TitheVerifyCost:
 * @n_left: trials that are not finished
 * @seconds: that they will take
 * @seconds_per_trial: that one of everything takes, while as many others run as there are threads
 * @n_test: images that each is tested on
 * @held_out: whether those are held out, for want of a test split
 */
typedef struct
{
  gsize n_left;
  double seconds;
  double seconds_per_trial;
  gsize n_test;
  gboolean held_out;
} TitheVerifyCost;

GQuark   tithe_verify_error_quark (void);
gboolean tithe_verify_estimate    (TitheSession *session, const TitheVerifyPlan *plan, guint n_threads,
                                   TitheVerifyCost *cost, TitheJob *job, GError **error);
gboolean tithe_verify_run         (TitheSession *session, gint64 id, const TitheVerifyPlan *plan, guint n_threads,
                                   TitheTrialFunc func, gpointer user_data, TitheJob *job, GError **error);
void     tithe_verify_settle      (TitheVerifyPlan *plan);

G_END_DECLS
