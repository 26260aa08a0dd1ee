/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-histogram.h"
#include "tithe-subset.h"

G_BEGIN_DECLS

#define TITHE_ALL_CLASSES (-1)

typedef enum
{
  TITHE_SORT_LARGEST,   /* most images first, the tightest of equals first */
  TITHE_SORT_TIGHTEST,  /* smallest spread first */
  TITHE_SORT_LOOSEST,   /* largest spread first */
  TITHE_SORT_DATASET,   /* by the first image of each group */
  TITHE_SORT_REDUNDANT, /* classes that lose most first, their largest groups first */
  TITHE_SORT_DECIDED,   /* what was last decided about first */
} TitheGroupSort;

typedef enum
{
  TITHE_VIEW_GROUPS,    /* redundant groups, and what stands alone where it is asked for */
  TITHE_VIEW_IMAGES,    /* every image of each class, alike ones next to each other */
  TITHE_VIEW_DISCARDED, /* every image that is not kept */
} TitheGroupViewKind;

typedef enum
{
  TITHE_REVIEW_ANY,
  TITHE_REVIEW_OPEN,   /* not reviewed yet */
  TITHE_REVIEW_DONE,
  TITHE_REVIEW_MANUAL, /* something was decided in it */
} TitheReviewFilter;

/**
 * TitheGroupChoice:
 * @class_index: one class, or %TITHE_ALL_CLASSES
 * @sort: of groups
 * @view: what is listed
 * @singles: whether images that stand alone are listed behind the groups
 * @review: which groups, by how far their review is
 * @min_size: of groups, in images
 * @max_size: of groups, in images; 0 for any
 * @min_spread: of groups
 * @max_spread: of groups; 0 for any
 * @text: (nullable): part of a path that one image of a group has, in capitals or not
 */
typedef struct
{
  int class_index;
  TitheGroupSort sort;
  TitheGroupViewKind view;
  gboolean singles;
  TitheReviewFilter review;
  guint32 min_size;
  guint32 max_size;
  float min_spread;
  float max_spread;
  const char *text;
} TitheGroupChoice;

/**
 * TitheMember:
 * @image: of the dataset
 * @position: in its class's leaf order, which nothing changes
 * @decision: of the image, by hand
 * @kept: whether it is in the subset
 * @represents: whether it stands for its group
 */
typedef struct
{
  guint32 image;
  guint32 position;
  TitheDecision decision;
  gboolean kept;
  gboolean represents;
} TitheMember;

/**
 * TitheGroupList:
 *
 * What of a subset is shown, and in which order: redundant groups of one class or of all, filtered and sorted, or blocks
 * of images, one a class.
 */
typedef struct _TitheGroupList TitheGroupList;

gboolean           tithe_group_choice_filters    (const TitheGroupChoice *self);
void               tithe_group_choice_clear      (TitheGroupChoice *self);

TitheGroupList    *tithe_group_list_new          (TitheSubset *subset);
void               tithe_group_list_free         (TitheGroupList *self);
void               tithe_group_list_update       (TitheGroupList *self, const TitheGroupChoice *choice);
void               tithe_group_list_measure      (TitheGroupList *self, TitheHistogram *sizes, TitheHistogram *spreads);
gboolean           tithe_group_list_has_text     (TitheGroupList *self, const char *text);
TitheSubset       *tithe_group_list_get_subset   (TitheGroupList *self);
gsize              tithe_group_list_get_n        (TitheGroupList *self);
gsize              tithe_group_list_get_n_groups (TitheGroupList *self);
const TitheGroup  *tithe_group_list_get          (TitheGroupList *self, gsize index);
const TitheGroup  *tithe_group_list_get_all      (TitheGroupList *self, gsize *n);
gboolean           tithe_group_list_is_block     (TitheGroupList *self, gsize index);
int                tithe_group_list_get_class    (TitheGroupList *self);
TitheGroupViewKind tithe_group_list_get_view     (TitheGroupList *self);
void               tithe_group_list_get_members  (TitheGroupList *self, gsize index, guint32 first, guint32 n,
                                                  TitheMember *members);
gboolean           tithe_group_list_find         (TitheGroupList *self, guint class_index, guint32 position,
                                                  gsize *index, guint32 *member);
gboolean           tithe_group_list_find_image   (TitheGroupList *self, guint32 image, gsize *index, guint32 *member);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheGroupList, tithe_group_list_free)

G_END_DECLS
