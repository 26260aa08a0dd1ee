/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-words.h"
#include "curate/tithe-subset.h"

G_BEGIN_DECLS

/*
 * An arm, a word of the theory of experiments, is a named training set at a ratio: what is learned from again and again,
 * and compared. Its names in files are tables of words, and its ratio is written so that the same number is read back.
 */

/**
 * TitheArmKind:
 * @TITHE_ARM_FULL: everything
 * @TITHE_ARM_SEMANTIC: the subset by clustering, without manual decisions
 * @TITHE_ARM_RANDOM: a random subset with as many of each class, another one in each trial
 * @TITHE_ARM_MANUAL: the subset with the manual decisions
 * @TITHE_ARM_RANDOM_MANUAL: a random subset with as many of each class as that
 */
typedef enum
{
  TITHE_ARM_FULL,
  TITHE_ARM_SEMANTIC,
  TITHE_ARM_RANDOM,
  TITHE_ARM_MANUAL,
  TITHE_ARM_RANDOM_MANUAL,
} TitheArmKind;

/**
 * TitheBudget:
 * @TITHE_BUDGET_EPOCHS: every image is seen as often as with everything: a smaller subset takes fewer steps
 * @TITHE_BUDGET_STEPS: as many steps as with everything: the images of a smaller subset are seen more often
 */
typedef enum
{
  TITHE_BUDGET_EPOCHS,
  TITHE_BUDGET_STEPS,
} TitheBudget;

/**
 * TitheArm:
 * @ratio: of images kept; 1 for everything
 */
typedef struct
{
  TitheArmKind kind;
  TitheBudget budget;
  double ratio;
} TitheArm;

extern const TitheWord tithe_budget_words[];

const char *tithe_arm_kind_to_string (TitheArmKind kind);
const char *tithe_budget_to_string   (TitheBudget budget);
char       *tithe_arm_to_string      (const TitheArm *arm);
gboolean    tithe_arm_from_string    (const char *text, TitheArm *arm);
gboolean    tithe_arm_equal          (const TitheArm *a, const TitheArm *b);
gboolean    tithe_arm_is_manual      (const TitheArm *arm);
gboolean    tithe_arm_is_random      (const TitheArm *arm);
char       *tithe_arm_dup_title      (const TitheArm *arm);
char       *tithe_arm_dup_phrase     (const TitheArm *arm);
TitheArm    tithe_arm_get_random     (const TitheArm *arm);
guint8     *tithe_arm_select         (const TitheArm *arm, TitheSubset *subset, const guint8 *allowed, guint64 seed);

G_END_DECLS
