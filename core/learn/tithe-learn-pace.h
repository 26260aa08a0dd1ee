/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-learn.h"

G_BEGIN_DECLS

/**
 * TitheLearnForecast:
 * @seconds: that the learning will still take; below 0 where the pace is not known
 * @epochs_done: of an unfinished learning that it goes on from, both runs together
 * @n_epochs: in all
 */
typedef struct
{
  double seconds;
  guint epochs_done;
  guint n_epochs;
} TitheLearnForecast;

/* What a learning is made of, in microseconds, or in proportion where the pace is not known. */
typedef struct
{
  guint64 read_train, read_test;
  guint64 first; /* run, without a tenth; 0 where there is none */
  guint64 last;
  guint64 embed;
} TitheLearnShares;

gboolean tithe_learn_pace_is_known (const TitheLearnPace *pace);
gboolean tithe_learn_pace_measure  (TitheLearnPace *pace, TitheDataset *dataset, const TitheLearnOptions *options,
                                    TitheJob *job, GError **error);
char    *tithe_learn_pace_dup_key  (TitheDataset *dataset, const TitheLearnOptions *options);
void     tithe_learn_pace_share    (const TitheLearnPace *pace, TitheDataset *dataset, const TitheLearnOptions *options,
                                    TitheLearnShares *shares);
void     tithe_learn_foresee       (TitheDataset *dataset, const TitheLearnOptions *options,
                                    TitheLearnForecast *forecast);

G_END_DECLS
