/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-cut.h"

G_BEGIN_DECLS

#define TITHE_ALL_CLASSES (-1)

typedef enum
{
  TITHE_SORT_LARGEST,  /* most images first, the tightest of equals first */
  TITHE_SORT_TIGHTEST, /* smallest spread first */
  TITHE_SORT_LOOSEST,  /* largest spread first */
  TITHE_SORT_DATASET,  /* by the first image of each group */
} TitheGroupSort;

/**
 * TitheGroupList:
 *
 * What of a cut is shown, and in which order: the redundant groups of one class or of all, sorted, and after them, where
 * asked for, one block a class of the images that stand alone.
 */
typedef struct _TitheGroupList TitheGroupList;

typedef struct
{
  int class_index; /* or TITHE_ALL_CLASSES */
  TitheGroupSort sort;
  gboolean singles;
  TitheRepresentative rule;
} TitheGroupChoice;

TitheGroupList   *tithe_group_list_new        (TitheCut *cut);
void              tithe_group_list_free       (TitheGroupList *self);
void              tithe_group_list_update     (TitheGroupList *self, const TitheGroupChoice *choice);
TitheCut         *tithe_group_list_get_cut    (TitheGroupList *self);
gsize             tithe_group_list_get_n      (TitheGroupList *self);
const TitheGroup *tithe_group_list_get        (TitheGroupList *self, gsize index);
gboolean          tithe_group_list_is_singles (TitheGroupList *self, gsize index);
void              tithe_group_list_get_images (TitheGroupList *self, gsize index, guint32 first, guint32 n,
                                               guint32 *images);
guint32           tithe_group_list_get_leaf   (TitheGroupList *self, gsize index, guint32 member);
gboolean          tithe_group_list_find       (TitheGroupList *self, guint class_index, guint32 leaf, gsize *index,
                                               guint32 *member);
gboolean          tithe_group_list_find_image (TitheGroupList *self, guint32 image, gsize *index, guint32 *member);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheGroupList, tithe_group_list_free)

G_END_DECLS
