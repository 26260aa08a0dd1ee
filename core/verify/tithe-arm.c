/* SPDX-License-Identifier: MIT */
#include "tithe-arm.h"
#include "tithe-draw.h"
#include "base/tithe-ratio.h"
#include "base/tithe-text.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

static const TitheWord kind_words[] = {
  { "full", TITHE_ARM_FULL, NULL },
  { "semantic", TITHE_ARM_SEMANTIC, NULL },
  { "random", TITHE_ARM_RANDOM, NULL },
  { "hand", TITHE_ARM_MANUAL, NULL },
  { "random-hand", TITHE_ARM_RANDOM_MANUAL, NULL },
  { NULL, 0, NULL },
};

const TitheWord tithe_budget_words[] = {
  { "epochs", TITHE_BUDGET_EPOCHS, "each image is seen as often" },
  { "steps", TITHE_BUDGET_STEPS, "a subset takes as many steps as everything" },
  { NULL, 0, NULL },
};

/* tithe_arm_kind_to_string: (transfer none) the word for it in files */
const char *
tithe_arm_kind_to_string (TitheArmKind kind)
{
  return tithe_words_to_text (kind_words, (int) kind);
}

/* tithe_budget_to_string: (transfer none) the word for it in files */
const char *
tithe_budget_to_string (TitheBudget budget)
{
  return tithe_words_to_text (tithe_budget_words, (int) budget);
}

/**
 * tithe_arm_to_string:
 *
 * Returns: (transfer full): such as “semantic 0.9 epochs”, which names the arm in files
 */
char *
tithe_arm_to_string (const TitheArm *arm)
{
  g_autofree char *ratio = tithe_ratio_to_string (arm->ratio);

  return g_strdup_printf ("%s %s %s", tithe_arm_kind_to_string (arm->kind), ratio,
                          tithe_budget_to_string (arm->budget));
}

/**
 * tithe_arm_from_string:
 * @text: of tithe_arm_to_string(), or a stranger's
 * @arm: (out): not to be used where there is none
 *
 * Returns: whether the text names an arm
 */
gboolean
tithe_arm_from_string (const char *text, TitheArm *arm)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 4);
  int kind = 0, budget = 0;
  char *end;

  if (g_strv_length (words) != 3 || !tithe_words_find (kind_words, words[0], &kind)
      || !tithe_words_find (tithe_budget_words, words[2], &budget))
    return FALSE;
  *arm = (TitheArm){ (TitheArmKind) kind, (TitheBudget) budget, g_ascii_strtod (words[1], &end) };
  return *words[1] != '\0' && *end == '\0' && arm->ratio > 0 && arm->ratio <= 1;
}

/* tithe_arm_equal: whether both are learned from the same images, given the same decisions; ratios are equal or not */
gboolean
tithe_arm_equal (const TitheArm *a, const TitheArm *b)
{
  return a->kind == b->kind && a->budget == b->budget && a->ratio == b->ratio;
}

/* tithe_arm_is_manual: whether it depends on manual decisions */
gboolean
tithe_arm_is_manual (const TitheArm *arm)
{
  return arm->kind == TITHE_ARM_MANUAL || arm->kind == TITHE_ARM_RANDOM_MANUAL;
}

/* tithe_arm_is_random: whether its images are drawn anew in each trial */
gboolean
tithe_arm_is_random (const TitheArm *arm)
{
  return arm->kind == TITHE_ARM_RANDOM || arm->kind == TITHE_ARM_RANDOM_MANUAL;
}

static char *
dup_percent (const TitheArm *arm)
{
  g_autofree char *number = g_strdup_printf ("%.4g", 100 * arm->ratio);

  return tithe_text_dup_percent (number);
}

/**
 * tithe_arm_dup_title:
 *
 * Returns: (transfer full): what a person calls it, such as “semantic, 90 %”
 */
char *
tithe_arm_dup_title (const TitheArm *arm)
{
  const gboolean steps = arm->budget == TITHE_BUDGET_STEPS;
  g_autofree char *percent = dup_percent (arm);

  switch (arm->kind)
    {
    case TITHE_ARM_SEMANTIC:
      /* TRANSLATORS: names of subsets, in tables; %s is a share such as 90 %. Semantic: chosen by Tithe. By hand: with a
       * person's decisions. Random like by hand: random with as many images of each class as the one by hand. Same steps:
       * as many steps of learning as with all images. */
      return g_strdup_printf (steps ? _("semantic, %s, same steps") : _("semantic, %s"), percent);
    case TITHE_ARM_RANDOM:
      return g_strdup_printf (steps ? _("random, %s, same steps") : _("random, %s"), percent);
    case TITHE_ARM_MANUAL:
      return g_strdup_printf (steps ? _("by hand, %s, same steps") : _("by hand, %s"), percent);
    case TITHE_ARM_RANDOM_MANUAL:
      return g_strdup_printf (steps ? _("random like by hand, %s, same steps") : _("random like by hand, %s"),
                              percent);
    case TITHE_ARM_FULL:
    default:
      /* TRANSLATORS: the whole dataset, in a table of subsets that networks learned from */
      return g_strdup (C_ ("subset", "everything"));
    }
}

/**
 * tithe_arm_dup_phrase:
 *
 * Returns: (transfer full): the same within a sentence, such as “the semantic subset of 90 %”
 */
char *
tithe_arm_dup_phrase (const TitheArm *arm)
{
  const gboolean steps = arm->budget == TITHE_BUDGET_STEPS;
  g_autofree char *percent = dup_percent (arm);

  switch (arm->kind)
    {
    case TITHE_ARM_SEMANTIC:
      /* TRANSLATORS: these stand within the sentences “%s beats %s by …”, “Not decided: %s against %s …”; %s is a share such
       * as 90 %. Choose forms that fit all of them, or reword those sentences. */
      return g_strdup_printf (
          steps ? _("the semantic subset of %s in as many steps") : _("the semantic subset of %s"), percent);
    case TITHE_ARM_RANDOM:
      return g_strdup_printf (steps ? _("a random subset of %s in as many steps") : _("a random subset of %s"),
                              percent);
    case TITHE_ARM_MANUAL:
      return g_strdup_printf (steps ? _("the subset by hand at %s in as many steps") : _("the subset by hand at %s"),
                              percent);
    case TITHE_ARM_RANDOM_MANUAL:
      return g_strdup_printf (steps ? _("a random subset like that by hand at %s in as many steps")
                                    : _("a random subset like that by hand at %s"),
                              percent);
    case TITHE_ARM_FULL:
    default:
      return g_strdup (C_ ("within a sentence", "everything"));
    }
}

/**
 * tithe_arm_get_random:
 * @arm: one that can win or lose against chance
 *
 * Returns: the random subsets that it is compared with
 */
TitheArm
tithe_arm_get_random (const TitheArm *arm)
{
  TitheArm random = *arm;

  random.kind = arm->kind == TITHE_ARM_MANUAL ? TITHE_ARM_RANDOM_MANUAL : TITHE_ARM_RANDOM;
  return random;
}

/**
 * tithe_arm_select:
 * @subset: at the arm's ratio, with the manual decisions for manual arms; only its dataset is looked at for
 *   %TITHE_ARM_FULL
 * @allowed: (nullable): for each image, whether it may be learned from
 * @seed: of a random subset
 *
 * Returns: (transfer full) (array): for each image, 1 where it is learned from and 0 where it is not
 */
guint8 *
tithe_arm_select (const TitheArm *arm, TitheSubset *subset, const guint8 *allowed, guint64 seed)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  const gsize n = tithe_dataset_get_n_images (dataset);
  guint8 *kept;

  if (arm->kind == TITHE_ARM_FULL)
    kept = memset (g_new (guint8, MAX (1, n)), 1, n);
  else
    kept = tithe_subset_dup_kept (subset);
  for (gsize i = 0; allowed != NULL && i < n; i++)
    kept[i] &= allowed[i];
  if (tithe_arm_is_random (arm))
    {
      guint8 *drawn = tithe_draw_alike (dataset, kept, allowed, seed);

      g_free (kept);
      kept = drawn;
    }
  return kept;
}
