/* SPDX-License-Identifier: MIT */
#pragma once

#include "dataset/tithe-dataset.h"

G_BEGIN_DECLS

/**
 * TithePictureSet:
 *
 * Every picture of a dataset decoded to one size, a byte a channel: what a network is trained on. Past a gigabyte it lies
 * in a mapped file that is gone with it. Pictures that can't be decoded are marked.
 */
typedef struct _TithePictureSet TithePictureSet;

/* What a picture is moved by, in pixels, before it is mirrored from left to right. */
typedef struct
{
  int dx, dy;
  gboolean mirrored;
} TitheMove;

void             tithe_picture_set_choose        (TitheDataset *dataset, guint *size, guint *channels);
TithePictureSet *tithe_picture_set_load          (TitheDataset *dataset, guint size, guint channels, guint n_threads,
                                                  TitheJob *job, GError **error);
void             tithe_picture_set_free          (TithePictureSet *self);
gsize            tithe_picture_set_get_n         (TithePictureSet *self);
guint            tithe_picture_set_get_size      (TithePictureSet *self);
guint            tithe_picture_set_get_channels  (TithePictureSet *self);
gsize            tithe_picture_set_get_n_numbers (TithePictureSet *self);
TitheDataset    *tithe_picture_set_get_dataset   (TithePictureSet *self);
gboolean         tithe_picture_set_is_broken     (TithePictureSet *self, gsize image);
guint32         *tithe_picture_set_list_readable (TithePictureSet *self, const guint8 *kept, gsize *n);
void             tithe_picture_set_measure       (TithePictureSet *self, const guint32 *images, gsize n_images,
                                                  float mean[3], float scale[3]);
void             tithe_picture_set_fill          (TithePictureSet *self, gsize image, const float mean[3],
                                                  const float scale[3], const TitheMove *move, float *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TithePictureSet, tithe_picture_set_free)

G_END_DECLS
