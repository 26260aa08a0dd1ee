/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-curation.h"

G_BEGIN_DECLS

#define TITHE_SUBSET_ERROR (tithe_subset_error_quark ())

typedef enum
{
  TITHE_SUBSET_ERROR_CLASS, /* no such class */
  TITHE_SUBSET_ERROR_RATIO, /* not a ratio */
  TITHE_SUBSET_ERROR_FLOOR, /* below what was clustered */
} TitheSubsetError;

/**
 * TitheSubset:
 *
 * What is kept: a function of a hierarchy, the cut through it, and the decisions by hand, and of nothing else.
 */
typedef struct _TitheSubset TitheSubset;

/**
 * TitheSubsetTotals:
 * @n_images: in classes that are clustered
 * @n_kept: of them, are kept
 * @n_manually_kept: of those, because somebody decided so
 * @n_manually_discarded: are not kept because somebody decided so
 * @n_wanted: the ratio asks for
 * @n_groups: redundant groups
 * @n_empty_groups: of them, keep no image
 * @n_reviewed_groups: of them, were looked at
 */
typedef struct
{
  gsize n_images;
  gsize n_kept;
  gsize n_manually_kept;
  gsize n_manually_discarded;
  gsize n_wanted;
  gsize n_groups;
  gsize n_empty_groups;
  gsize n_reviewed_groups;
} TitheSubsetTotals;

/**
 * TitheSubsetChoice:
 * @ratio: of the images to keep
 * @policy: how it is shared out among the classes
 * @rule: which image of a group is kept
 * @exact: whether the cut gives way to the decisions by hand, so that the ratio is met in all
 *
 * What makes a subset, apart from the hierarchy and the decisions.
 */
typedef struct
{
  double ratio;
  TithePolicy policy;
  TitheRepresentative rule;
  gboolean exact;
} TitheSubsetChoice;

#define TITHE_IMAGE_NONE G_MAXUINT32

GQuark                   tithe_subset_error_quark        (void);
double                   tithe_class_ratio_parse         (const char *text);

TitheSubset             *tithe_subset_new                (TitheHierarchy *hierarchy, TitheCuration *curation);
void                     tithe_subset_free               (TitheSubset *self);
void                     tithe_subset_set_curation       (TitheSubset *self, TitheCuration *curation);
void                     tithe_subset_set_rule           (TitheSubset *self, TitheRepresentative rule);
double                   tithe_subset_get_class_ratio    (TitheSubset *self, guint class_index);
void                     tithe_subset_set_class_ratio    (TitheSubset *self, guint class_index, double ratio);
gboolean                 tithe_subset_set_class_ratios   (TitheSubset *self, const char *const *ratios, GError **error);
void                     tithe_subset_set_ratio          (TitheSubset *self, double ratio, TithePolicy policy,
                                                          gboolean exact);
gboolean                 tithe_subset_check_ratio        (TitheSubset *self, double ratio, TithePolicy policy,
                                                          GError **error);
gboolean                 tithe_subset_check_threshold    (TitheSubset *self, double height, GError **error);
void                     tithe_subset_choose             (TitheSubset *self, const TitheSubsetChoice *choice);
gboolean                 tithe_subset_ask                (TitheSubset *self, const TitheSubsetChoice *choice,
                                                          double threshold, const char *const *class_ratios,
                                                          GError **error);
void                     tithe_subset_set_threshold      (TitheSubset *self, double height);
TitheCut                *tithe_subset_get_cut            (TitheSubset *self);
TithePolicy              tithe_subset_get_policy         (TitheSubset *self);
TitheCuration           *tithe_subset_get_curation       (TitheSubset *self);
const TitheSubsetTotals *tithe_subset_get_totals         (TitheSubset *self);
gsize                    tithe_subset_get_class_kept     (TitheSubset *self, guint class_index);
gsize                    tithe_subset_get_class_reviewed (TitheSubset *self, guint class_index);
guint32                  tithe_subset_get_automatic      (TitheSubset *self, const TitheGroup *group);
guint32                  tithe_subset_get_representative (TitheSubset *self, const TitheGroup *group);
gboolean                 tithe_subset_keeps              (TitheSubset *self, guint32 image, guint32 representative);
guint8                  *tithe_subset_dup_kept           (TitheSubset *self);
gboolean                 tithe_subset_is_reviewed        (TitheSubset *self, const TitheGroup *group);
gboolean                 tithe_subset_find_group         (TitheSubset *self, guint32 image, TitheGroup *group);
guint32                  tithe_subset_find_nearest_kept  (TitheSubset *self, TitheEmbedding *embedding, guint32 image,
                                                          float *dissimilarity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheSubset, tithe_subset_free)

G_END_DECLS
