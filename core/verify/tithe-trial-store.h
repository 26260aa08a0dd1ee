/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-verify-plan.h"

G_BEGIN_DECLS

#define TITHE_TRIAL_STORE_ERROR (tithe_trial_store_error_quark ())

typedef enum
{
  TITHE_TRIAL_STORE_ERROR_READ,    /* the session's trials cannot be read */
  TITHE_TRIAL_STORE_ERROR_WRITE,   /* the session cannot be written to */
  TITHE_TRIAL_STORE_ERROR_NO_PLAN, /* nothing was planned in the session */
} TitheTrialStoreError;

/**
 * TitheTrial:
 * @number: from 0; trials of one number have one seed, whatever their arm
 * @finished: whether what follows is known; it is being learned, or was given up, otherwise
 * @accuracy: share of right answers on the test images
 * @n_images: learned from
 * @n_steps: batches that it took
 * @seconds: that it took
 * @n_tested: (owned) (element-type guint32): test images of each class
 * @n_right: (owned) (element-type guint32): that were given their label
 */
typedef struct
{
  TitheArm arm;
  guint number;
  gboolean finished;
  double accuracy;
  gsize n_images;
  gsize n_steps;
  double seconds;
  GArray *n_tested;
  GArray *n_right;
} TitheTrial;

/**
 * TitheTrialStore:
 *
 * The plan and the trials of a session, in its file. A trial is claimed before it is learned, in one transaction, so that
 * several threads and programs work on one plan and none does what another does. The claim of a program that is gone is
 * void: at once where that can be seen, otherwise when it gave no sign of life for two minutes. A connection is for one
 * thread at a time.
 */
typedef struct _TitheTrialStore TitheTrialStore;

GQuark           tithe_trial_store_error_quark (void);
TitheTrialStore *tithe_trial_store_open        (const char *session, gboolean writable, GError **error);
void             tithe_trial_store_free        (TitheTrialStore *self);
gboolean         tithe_trial_store_put_plan    (TitheTrialStore *self, const TitheVerifyPlan *plan, GError **error);
TitheVerifyPlan *tithe_trial_store_get_plan    (TitheTrialStore *self, GError **error);
gboolean         tithe_trial_store_claim       (TitheTrialStore *self, const TitheVerifyPlan *plan, TitheTrial *trial,
                                                gboolean *claimed, GError **error);
void             tithe_trial_store_beat        (TitheTrialStore *self, const TitheTrial *trial);
gboolean         tithe_trial_store_finish      (TitheTrialStore *self, const TitheTrial *trial, GError **error);
void             tithe_trial_store_release     (TitheTrialStore *self, const TitheTrial *trial);
GPtrArray       *tithe_trial_store_list        (TitheTrialStore *self, const TitheVerifyPlan *plan, GError **error);
void             tithe_trial_clear             (TitheTrial *trial);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheTrialStore, tithe_trial_store_free)

G_END_DECLS
