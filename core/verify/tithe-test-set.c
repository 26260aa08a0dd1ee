/* SPDX-License-Identifier: MIT */
#include "tithe-test-set.h"
#include "base/tithe-ratio.h"
#include "tithe-draw.h"

#include <string.h>

/* Of each class, where there is no test split. */
#define HELD_OUT 0.2
#define SPLIT "split "

/**
 * tithe_test_set_dup_name:
 * @dataset: of a session
 *
 * What is held out depends on the session's hierarchy, which never changes, and on what the name says. Another way to draw
 * needs another name.
 *
 * Returns: (transfer full): what the trials of a plan are tested on, one line for files: the fingerprint of the test split,
 *   or what decides what is held out
 */
char *
tithe_test_set_dup_name (TitheDataset *dataset, const TitheVerifyPlan *plan)
{
  TitheDataset *test = tithe_dataset_get_test (dataset);
  g_autofree char *ratio = tithe_ratio_to_string (tithe_verify_plan_get_lowest (plan));

  if (test != NULL)
    return g_strconcat (SPLIT, tithe_dataset_get_fingerprint (test), NULL);
  return g_strdup_printf ("clusters %s %s %" G_GUINT64_FORMAT, ratio, tithe_policy_to_string (plan->policy),
                          plan->seed);
}

/* tithe_test_set_is_split: whether @name is that of a test split: the same whatever is planned */
gboolean
tithe_test_set_is_split (const char *name)
{
  return g_str_has_prefix (name, SPLIT);
}

/**
 * tithe_test_set_draw:
 *
 * Returns: (transfer full) (nullable) (array): for each image of the dataset, 1 where it is held out and 0 where it is
 *   learned from; %NULL where there is a test split
 */
guint8 *
tithe_test_set_draw (TitheHierarchy *hierarchy, const TitheVerifyPlan *plan)
{
  g_autoptr (TitheCut) cut = NULL;

  if (tithe_dataset_get_test (tithe_hierarchy_get_dataset (hierarchy)) != NULL)
    return NULL;
  cut = tithe_cut_new (hierarchy);
  tithe_cut_set_ratio (cut, tithe_verify_plan_get_lowest (plan), plan->policy);
  return tithe_draw_held_out (cut, HELD_OUT, plan->seed);
}
