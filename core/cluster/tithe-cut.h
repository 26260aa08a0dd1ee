/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-hierarchy.h"

G_BEGIN_DECLS

typedef enum
{
  TITHE_POLICY_PER_CLASS, /* every class keeps the same share */
  TITHE_POLICY_GLOBAL,    /* one dissimilarity for all classes */
} TithePolicy;

/**
 * TitheGroup:
 * @class_index: the class that it is in
 * @start: first position in the class's leaf order
 * @size: how many positions
 * @node: the merge that made it, which stays the same at every ratio; %TITHE_NODE_NONE for a single image
 */
typedef struct
{
  guint32 class_index;
  guint32 start;
  guint32 size;
  guint32 node;
} TitheGroup;

/**
 * TitheClassCut:
 * @n_images: of the class; 0 where it is not clustered yet
 * @n_least: clusters that are left where all known merges are made: 1, or more where it was clustered down to a floor
 * @n_wanted: clusters that the ratio asks for, before overrides
 * @n_clusters: how many there are
 * @n_groups: clusters of two or more
 * @first_group: of the class, in the cut's groups
 * @height: dissimilarity of the last merge that is made, 0 where none is
 */
typedef struct
{
  guint32 n_images;
  guint32 n_least;
  guint32 n_wanted;
  guint32 n_clusters;
  guint32 n_groups;
  guint32 first_group;
  float height;
} TitheClassCut;

/**
 * TitheOverride:
 * @TITHE_OVERRIDE_NONE: the ratio decides
 * @TITHE_OVERRIDE_APART: the merge is not made at any ratio; then no merge above it may be made either
 * @TITHE_OVERRIDE_TOGETHER: it is made at every ratio; then every merge below it is, but for those apart
 *
 * What holds for a merge whatever the ratio.
 */
typedef enum
{
  TITHE_OVERRIDE_NONE,
  TITHE_OVERRIDE_APART,
  TITHE_OVERRIDE_TOGETHER,
} TitheOverride;

/**
 * TitheCut:
 *
 * The clusters of a hierarchy at one ratio. Moving it touches neither the hierarchy nor the allocator. Not for use from
 * several threads at once.
 */
typedef struct _TitheCut TitheCut;

extern const TitheWord tithe_policy_words[];

const char *tithe_policy_to_string   (TithePolicy policy);
gboolean    tithe_policy_from_string (const char *string, TithePolicy *policy);
guint32     tithe_policy_count_share (double ratio, guint32 n);

TitheCut *tithe_cut_new           (TitheHierarchy *hierarchy);
void      tithe_cut_free          (TitheCut *self);
void      tithe_cut_refresh       (TitheCut *self);
void      tithe_cut_set_overrides (TitheCut *self, guint class_index, const guint8 *overrides);
void      tithe_cut_set_class_total (TitheCut *self, guint class_index, guint32 n_clusters);
void      tithe_cut_set_ratio     (TitheCut *self, double ratio, TithePolicy policy);
void      tithe_cut_set_total     (TitheCut *self, gsize total, TithePolicy policy);
gsize     tithe_cut_count_wanted  (TitheCut *self, double ratio);
guint32   tithe_cut_count_class_wanted (TitheCut *self, guint class_index, double ratio);
void      tithe_cut_set_threshold (TitheCut *self, double height);
double    tithe_cut_get_floor     (TitheCut *self, TithePolicy policy);
double    tithe_cut_get_class_floor (TitheCut *self, guint class_index);
float     tithe_cut_get_limit     (TitheCut *self);

TitheHierarchy      *tithe_cut_get_hierarchy      (TitheCut *self);
const TitheGroup    *tithe_cut_get_groups         (TitheCut *self, gsize *n_groups);
const TitheClassCut *tithe_cut_get_class          (TitheCut *self, guint class_index);
gsize                tithe_cut_get_n_images       (TitheCut *self);
gsize                tithe_cut_get_n_kept         (TitheCut *self);
void                 tithe_cut_get_heights        (TitheCut *self, float *lowest, float *highest);
const TitheGroup    *tithe_cut_find_group          (TitheCut *self, guint class_index, guint32 position);
gsize                tithe_cut_list_clusters      (TitheCut *self, guint class_index, TitheGroup *groups);
guint32              tithe_cut_get_image          (TitheCut *self, const TitheGroup *group, guint32 member);
guint32              tithe_cut_get_representative (TitheCut *self, const TitheGroup *group, TitheRepresentative rule);
float                tithe_cut_get_spread         (TitheCut *self, const TitheGroup *group);
float                tithe_cut_get_height_at      (TitheCut *self, int class_index, double ratio,
                                                    TithePolicy policy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheCut, tithe_cut_free)

G_END_DECLS
