/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"
#include "learn/tithe-random.h"

G_BEGIN_DECLS

/**
 * TithePictureSet:
 *
 * Every picture of a dataset decoded to one size, a byte a channel: what a network is trained on. Past a gigabyte it lies
 * in a mapped file that is gone with it. Pictures that can't be decoded are marked.
 */
typedef struct _TithePictureSet TithePictureSet;

guint            tithe_picture_set_choose_size (TitheDataset *dataset);
TithePictureSet *tithe_picture_set_load        (TitheDataset *dataset, guint size, guint n_threads, TitheJob *job,
                                                GError **error);
void             tithe_picture_set_free        (TithePictureSet *self);
gsize            tithe_picture_set_get_n       (TithePictureSet *self);
guint            tithe_picture_set_get_size    (TithePictureSet *self);
TitheDataset    *tithe_picture_set_get_dataset (TithePictureSet *self);
gboolean         tithe_picture_set_is_broken   (TithePictureSet *self, gsize image);
void             tithe_picture_set_measure     (TithePictureSet *self, float mean[3], float scale[3]);
void             tithe_picture_set_fill        (TithePictureSet *self, gsize image, const float mean[3],
                                                const float scale[3], TitheRandom *augment, float *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TithePictureSet, tithe_picture_set_free)

G_END_DECLS
