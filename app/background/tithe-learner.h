/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"
#include "learn/tithe-epoch.h"

G_BEGIN_DECLS

#define TITHE_TYPE_LEARNER (tithe_learner_get_type ())

/*
 * Learns the semantic space of the open dataset in the background, from where it was stopped before, and keeps it with the
 * sessions. Signals, all in the main thread:
 *
 *   "changed"  learning began or ended, there is something to switch to, or an estimate of the time
 *   "epoch"    another one is learned, or there are first examples
 *   "stopped"  somebody stopped it, and it is known what is kept
 *   "failed"   with a message for a person
 */
G_DECLARE_FINAL_TYPE (TitheLearner, tithe_learner, TITHE, LEARNER, GObject)

TitheLearner     *tithe_learner_new          (void);
char             *tithe_learner_dup_path     (TitheDataset *dataset);
void              tithe_learner_set_dataset  (TitheLearner *self, TitheDataset *dataset, gboolean with_estimate);
gboolean          tithe_learner_can          (TitheLearner *self);
void              tithe_learner_begin        (TitheLearner *self, const char *preset);
TitheJob         *tithe_learner_get_job      (TitheLearner *self);
const TitheEpoch *tithe_learner_get_epoch    (TitheLearner *self);
double            tithe_learner_get_estimate (TitheLearner *self);
guint             tithe_learner_get_unfinished (TitheLearner *self, guint *n_epochs);
GPtrArray        *tithe_learner_get_examples (TitheLearner *self);
double            tithe_learner_get_score    (TitheLearner *self, gboolean *held_out);
const char       *tithe_learner_get_learned  (TitheLearner *self);

G_END_DECLS
