/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-verify-plan.h"

G_BEGIN_DECLS

/*
 * What trials are tested on: the dataset's test split, or, for want of one, whole clusters of a fifth of the images, which
 * are not learned from then. Its name goes with every trial: trials with different names are not compared.
 */

char     *tithe_test_set_dup_name (TitheDataset *dataset, const TitheVerifyPlan *plan);
gboolean  tithe_test_set_is_split (const char *name);
guint8   *tithe_test_set_draw     (TitheHierarchy *hierarchy, const TitheVerifyPlan *plan);

G_END_DECLS
