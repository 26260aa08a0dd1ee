/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-trial.h"
#include "tithe-verify-plan.h"

G_BEGIN_DECLS

#define TITHE_TRIAL_STORE_ERROR (tithe_trial_store_error_quark ())

typedef enum
{
  TITHE_TRIAL_STORE_ERROR_NO_PLAN, /* nothing was planned in the session */
} TitheTrialStoreError;

/* Why a trial that the file has is not used. */
typedef enum
{
  TITHE_LEFT_OUT_TEST,       /* tested on other images, as before a lower ratio was asked for */
  TITHE_LEFT_OUT_UNRECORDED, /* of a version that did not keep what was held out for testing */
  TITHE_LEFT_OUT_ROUNDED,    /* of a version that rounded the ratio to six digits, of which this one has as many */
  TITHE_LEFT_OUT_DAMAGED,    /* its row is none of a trial */
  TITHE_LEFT_OUT_COUNTS,     /* tested on fewer of those images than others, as where some could not be read */
  TITHE_N_LEFT_OUT,
} TitheLeftOut;

/**
 * TitheTrialList:
 * @trials: (element-type TitheTrial): those that the plan asks for and that are finished, or claimed by somebody who
 *   lives; of each arm and number one
 * @n_left_out: how many others were finished, and are not used for a reason
 * @damaged: (element-type utf8): the first rows that are none of a trial, and why
 */
typedef struct
{
  GPtrArray *trials;
  guint n_left_out[TITHE_N_LEFT_OUT];
  GPtrArray *damaged;
} TitheTrialList;

/**
 * TitheClaim:
 * @trial: that is to be learned
 * @plan: row of its plan in the file
 * @name: (owned): of the arm, the decisions and what it is tested on, in the file
 *
 * A trial that was taken, and where what it comes to belongs, whatever is planned meanwhile.
 */
typedef struct
{
  TitheTrial trial;
  gint64 plan;
  char *name;
} TitheClaim;

/**
 * TitheTrialStore:
 *
 * The plan and the trials of a session, in its file. A trial carries its plan, its exact ratio and what it was tested on,
 * and is only used where all agree. It is claimed before it is learned, in one transaction, so that several threads and
 * programs work on one plan and none does what another does. The claim of a program that is gone is void, see
 * tithe_claimer_is_gone(). A connection is for one thread at a time.
 */
typedef struct _TitheTrialStore TitheTrialStore;

GQuark           tithe_trial_store_error_quark (void);
TitheTrialStore *tithe_trial_store_open        (const char *session, gboolean writable, GError **error);
void             tithe_trial_store_free        (TitheTrialStore *self);
gboolean         tithe_trial_store_put_plan    (TitheTrialStore *self, const TitheVerifyPlan *plan, gint64 *id,
                                                GError **error);
gboolean         tithe_trial_store_find_plan   (TitheTrialStore *self, const TitheVerifyPlan *plan, gint64 *id,
                                                GError **error);
TitheVerifyPlan *tithe_trial_store_get_plan    (TitheTrialStore *self, gint64 *id, GError **error);
TitheTrialList  *tithe_trial_store_list        (TitheTrialStore *self, const TitheVerifyPlan *plan,
                                                const char *tested_on, GError **error);
gboolean         tithe_trial_store_claim       (TitheTrialStore *self, gint64 id, const TitheVerifyPlan *plan,
                                                const char *tested_on, TitheClaim *claim, gboolean *claimed,
                                                GError **error);
void             tithe_trial_store_beat        (TitheTrialStore *self, const TitheClaim *claim);
gboolean         tithe_trial_store_finish      (TitheTrialStore *self, const TitheClaim *claim, GError **error);
void             tithe_trial_store_release     (TitheTrialStore *self, const TitheClaim *claim);
void             tithe_claim_clear             (TitheClaim *claim);
void             tithe_trial_list_free         (TitheTrialList *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheTrialList, tithe_trial_list_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheTrialStore, tithe_trial_store_free)

G_END_DECLS
