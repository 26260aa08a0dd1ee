/* SPDX-License-Identifier: MIT */
#include "tithe-arm.h"
#include "tithe-draw.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const kinds[] = { "full", "semantic", "random", "hand", "random-hand" };
static const char *const budgets[] = { "epochs", "steps" };

/**
 * tithe_arm_to_string:
 *
 * Returns: (transfer full): such as “semantic 0.9 epochs”, which names the arm in files
 */
char *
tithe_arm_to_string (const TitheArm *arm)
{
  char ratio[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf ("%s %s %s", kinds[arm->kind], g_ascii_formatd (ratio, sizeof ratio, "%.6g", arm->ratio),
                          budgets[arm->budget]);
}

static int
find_word (const char *const *words, guint n, const char *word)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (words[i], word) == 0)
      return (int) i;
  return -1;
}

gboolean
tithe_arm_from_string (const char *text, TitheArm *arm)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 4);
  int kind, budget;
  char *end;

  if (g_strv_length (words) != 3)
    return FALSE;
  kind = find_word (kinds, G_N_ELEMENTS (kinds), words[0]);
  budget = find_word (budgets, G_N_ELEMENTS (budgets), words[2]);
  *arm = (TitheArm){ (TitheArmKind) MAX (0, kind), (TitheBudget) MAX (0, budget), g_ascii_strtod (words[1], &end) };
  return kind >= 0 && budget >= 0 && *end == '\0' && arm->ratio > 0 && arm->ratio <= 1;
}

gboolean
tithe_arm_equal (const TitheArm *a, const TitheArm *b)
{
  return a->kind == b->kind && a->budget == b->budget && fabs (a->ratio - b->ratio) < 1e-7;
}

/**
 * tithe_arm_dup_title:
 *
 * Returns: (transfer full): what a person calls it, such as “semantic, 90 %”
 */
char *
tithe_arm_dup_title (const TitheArm *arm)
{
  const char *const names[]
      = { _("everything"), _("semantic"), _("random"), _("by hand"), _("random like by hand") };

  if (arm->kind == TITHE_ARM_FULL)
    return g_strdup (names[arm->kind]);
  return g_strdup_printf ("%s, %.4g %%%s", names[arm->kind], 100 * arm->ratio,
                          arm->budget == TITHE_BUDGET_STEPS ? _(", same steps") : "");
}

/**
 * tithe_arm_dup_phrase:
 *
 * Returns: (transfer full): the same within a sentence, such as “the semantic subset of 90 %”
 */
char *
tithe_arm_dup_phrase (const TitheArm *arm)
{
  const char *const phrases[] = { _("everything"), _("the semantic subset of"), _("a random subset of"),
                                  _("the subset by hand at"), _("a random subset like that by hand at") };

  if (arm->kind == TITHE_ARM_FULL)
    return g_strdup (phrases[arm->kind]);
  return g_strdup_printf ("%s %.4g %%%s", phrases[arm->kind], 100 * arm->ratio,
                          arm->budget == TITHE_BUDGET_STEPS ? _(" in as many steps") : "");
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

  random.kind = arm->kind == TITHE_ARM_HAND ? TITHE_ARM_RANDOM_HAND : TITHE_ARM_RANDOM;
  return random;
}

/**
 * tithe_arm_select:
 * @subset: at the arm's ratio, with decisions by hand for arms that are about them; not looked at for %TITHE_ARM_FULL
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
  if (arm->kind == TITHE_ARM_RANDOM || arm->kind == TITHE_ARM_RANDOM_HAND)
    {
      guint8 *drawn = tithe_draw_alike (dataset, kept, allowed, seed);

      g_free (kept);
      kept = drawn;
    }
  return kept;
}
