/* SPDX-License-Identifier: MIT */
#pragma once

#include "verify/tithe-coverage.h"
#include "verify/tithe-verify-report.h"

G_BEGIN_DECLS

#define TITHE_TYPE_VERIFIER (tithe_verifier_get_type ())

/*
 * Retrains on subsets of a session in the background, and measures what can be measured without. Trials are in the
 * session's file, where other programs may add to them; it is read in a thread, too. Signals, all in the main thread:
 *
 *   "opened"    it is known for the first time what the session has: the plan that was asked for last, its trials
 *   "changed"   retraining began or ended, or there are other trials
 *   "estimate"  it is known how long a plan takes, or why it can't be learned
 *   "coverage"  how far discarded images are from kept ones is measured
 *   "failed"    retraining did, with a message for a person
 */
G_DECLARE_FINAL_TYPE (TitheVerifier, tithe_verifier, TITHE, VERIFIER, GObject)

TitheVerifier     *tithe_verifier_new          (void);
void               tithe_verifier_set_session  (TitheVerifier *self, const char *session, TitheDataset *dataset);
gboolean           tithe_verifier_can          (TitheVerifier *self);
gboolean           tithe_verifier_is_settled   (TitheVerifier *self);
TitheVerifyPlan   *tithe_verifier_dup_plan     (TitheVerifier *self);
TitheVerifyPlan   *tithe_verifier_dup_suggestion (TitheVerifier *self, const TitheSubsetChoice *choice);
TitheVerifyReport *tithe_verifier_get_report   (TitheVerifier *self);
GPtrArray         *tithe_verifier_get_coverage (TitheVerifier *self);
TitheJob          *tithe_verifier_get_job      (TitheVerifier *self);
const char        *tithe_verifier_get_estimate (TitheVerifier *self);
gboolean           tithe_verifier_is_complete  (TitheVerifier *self);
void               tithe_verifier_estimate     (TitheVerifier *self, const TitheVerifyPlan *plan);
void               tithe_verifier_measure      (TitheVerifier *self);
void               tithe_verifier_begin        (TitheVerifier *self, const TitheVerifyPlan *plan);
void               tithe_verifier_refresh      (TitheVerifier *self);

G_END_DECLS
