/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-arm.h"

G_BEGIN_DECLS

/**
 * TitheTrial:
 * @arm: what it learns from
 * @number: from 0; trials of one number have one seed, whatever their arm
 * @finished: whether what follows is known; it is being learned, or was given up, otherwise
 * @accuracy: share of right answers on the test images
 * @n_images: learned from
 * @n_steps: batches that it took
 * @seconds: that it took
 * @n_tested: (owned) (element-type guint32): test images of each class
 * @n_right: (owned) (element-type guint32): that were given their label; as many classes
 *
 * One network, learned from scratch on an arm and tested.
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
 * TitheTrialRow:
 * @arm: (nullable): of tithe_arm_to_string()
 * @tested: (nullable) (array length=tested_size): guint32 for each class, little-endian
 * @right: (nullable) (array length=right_size): guint32 for each class, little-endian
 *
 * What a file says of a trial: a stranger's, until tithe_trial_read() found it to be one. Sizes are in bytes.
 */
typedef struct
{
  const char *arm;
  gint64 number;
  gboolean finished;
  double accuracy;
  gint64 n_images;
  gint64 n_steps;
  double seconds;
  gconstpointer tested;
  gsize tested_size;
  gconstpointer right;
  gsize right_size;
} TitheTrialRow;

gboolean tithe_trial_read  (TitheTrial *self, const TitheTrialRow *row, char **reason);
gsize    tithe_trial_count_tested (const TitheTrial *self);
void     tithe_trial_clear (TitheTrial *self);
void     tithe_trial_free  (gpointer self);

G_END_DECLS
