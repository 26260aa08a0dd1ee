/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-statistics.h"
#include "tithe-trial-store.h"

G_BEGIN_DECLS

/* A difference in accuracy that does not matter, where nobody says otherwise: 0.3 points. */
#define TITHE_VERIFY_MARGIN 0.003

/**
 * TitheVerifyRow:
 * @accuracies: (element-type double): of each trial, NaN where it is not finished
 * @summary: of those that are finished
 * @n_images: learned from, 0 where no trial is finished
 * @seconds: mean of a trial
 * @n_running: trials that are in work
 * @by_class: (element-type double): accuracies on the test images of each class, n_classes of the report for each trial;
 *   NaN where a trial is not finished or a class has no test images
 */
typedef struct
{
  TitheArm arm;
  GArray *accuracies;
  TitheSummary summary;
  gsize n_images;
  double seconds;
  guint n_running;
  GArray *by_class;
} TitheVerifyRow;

/**
 * TitheVerifyClaim:
 * @arm: what could lose or win
 * @against: what it is compared with, trial by trial
 * @comparison: of the accuracies, arm - against
 * @n_more: trials of both that it would still take to tell a difference of the margin, 0 where it is not known
 * @seconds: that those would take
 */
typedef struct
{
  TitheArm arm;
  TitheArm against;
  TitheComparison comparison;
  gsize n_more;
  double seconds;
} TitheVerifyClaim;

/**
 * TitheVerifyReport:
 * @rows: (element-type TitheVerifyRow): one for each arm of the plan
 * @claims: (element-type TitheVerifyClaim): what there is to be said, all judged together
 * @n_finished: trials of the plan
 * @n_trials: of the plan
 * @n_test: images that each was tested on, 0 where none is finished
 * @n_tested: (element-type guint32): of them, those of each class; empty where none is finished
 * @n_left_out: trials that are finished and not used, for each #TitheLeftOut
 * @damaged: (element-type utf8): rows of the file that are none of a trial, and why
 *
 * What the trials so far show, and what they do not.
 */
typedef struct
{
  GArray *rows;
  GArray *claims;
  gsize n_finished;
  gsize n_trials;
  gsize n_test;
  GArray *n_tested;
  guint n_left_out[TITHE_N_LEFT_OUT];
  GPtrArray *damaged;
  double margin;
} TitheVerifyReport;

/**
 * TitheVerifyClass:
 * @class_index: of the dataset
 * @accuracy: mean on its test images, after learning from the arm
 * @against: mean after learning from everything
 * @comparison: of both, trial by trial
 */
typedef struct
{
  guint class_index;
  double accuracy;
  double against;
  TitheComparison comparison;
} TitheVerifyClass;

TitheVerifyReport *tithe_verify_report_new          (const TitheVerifyPlan *plan, const TitheTrialList *trials,
                                                     double margin, guint n_threads);
TitheVerifyReport *tithe_verify_report_read         (const char *session, TitheDataset *dataset,
                                                     const TitheVerifyPlan *wanted, double margin, guint n_threads,
                                                     TitheVerifyPlan **plan, GError **error);
void               tithe_verify_report_free         (TitheVerifyReport *self);
GArray            *tithe_verify_report_list_classes (const TitheVerifyReport *self, const TitheArm *arm,
                                                     TitheDataset *dataset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheVerifyReport, tithe_verify_report_free)

G_END_DECLS
