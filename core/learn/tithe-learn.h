/* SPDX-License-Identifier: MIT */
#pragma once

#include "learn/tithe-checkpoint.h"

G_BEGIN_DECLS

#define TITHE_LEARN_ERROR (tithe_learn_error_quark ())

typedef enum
{
  TITHE_LEARN_ERROR_UNLABELLED, /* there is nothing to tell apart */
  TITHE_LEARN_ERROR_TOO_FEW,    /* too few pictures that can be read */
} TitheLearnError;

/**
 * TitheLearnOptions:
 * @train: how
 * @depth: of the ResNet, 6n + 2
 * @width: channels of its first layer
 * @early: as of #TitheNetworkShape
 * @size: pixels of a side; 0 to choose by the pictures
 * @checkpoint: (nullable): written after each epoch, gone at the end
 */
typedef struct
{
  TitheTrainSettings train;
  guint depth;
  guint width;
  gboolean early;
  guint size;
  const char *checkpoint;
} TitheLearnOptions;

GQuark        tithe_learn_error_quark   (void);
void          tithe_learn_options_init  (TitheLearnOptions *options);
gboolean      tithe_learn_can           (TitheDataset *dataset, GError **error);
TitheNetwork *tithe_learn               (TitheDataset *dataset, const TitheLearnOptions *options, TitheEpochFunc func,
                                         gpointer user_data, GBytes **rows, TitheJob *job, GError **error);
GBytes       *tithe_learn_apply         (TitheNetwork *network, TitheDataset *dataset, guint n_threads, gboolean bfloat16,
                                         TitheJob *job, GError **error);

G_END_DECLS
