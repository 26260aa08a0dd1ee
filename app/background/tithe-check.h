/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-task.h"

#include "dataset/tithe-dataset.h"

G_BEGIN_DECLS

/**
 * TitheCheck:
 *
 * Decodes every picture of a dataset in the background, after everything else, to learn which ones can't be. What it found is
 * kept in the folder of sessions: a dataset that is as it was is not read again. Its task's done function gets the check as work.
 */
typedef struct _TitheCheck TitheCheck;

TitheTask *tithe_check_begin      (gpointer owner, TitheDataset *dataset, TitheTaskDoneFunc done);
GPtrArray *tithe_check_get_broken (TitheCheck *self);

G_END_DECLS
