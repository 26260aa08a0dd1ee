/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-epoch.h"
#include "tithe-network.h"
#include "tithe-train-settings.h"

G_BEGIN_DECLS

/* Learning to tell the classes of a dataset apart: epochs of steps, with a checkpoint after each. */

gboolean tithe_train         (TitheNetwork *network, TithePictureSet *pictures, const guint32 *images, gsize n_images,
                              TithePictureSet *test, const guint32 *test_images, gsize n_test,
                              const TitheTrainSettings *settings, const char *checkpoint, TitheEpochFunc func,
                              gpointer user_data, TitheJob *job, GError **error);
double   tithe_train_measure (TitheNetwork *network, const TitheTrainSettings *settings, TitheJob *job,
                              GError **error);

G_END_DECLS
