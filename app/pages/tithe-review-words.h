/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-curation.h"

G_BEGIN_DECLS

/* What a review says of what it did. */

/**
 * TitheReviewMerged:
 * @n_merges: that were made
 * @n_groups: that they took in
 * @n_images: that they took in
 * @n_grouped: of the images; the others were in no group yet
 */
typedef struct
{
  guint n_merges, n_groups, n_images;
  guint n_grouped;
} TitheReviewMerged;

char *tithe_review_words_dup_step    (TitheDecision decision, guint n);
char *tithe_review_words_dup_decided (TitheDecision decision, guint n);
char *tithe_review_words_dup_merged  (const TitheReviewMerged *merged);

G_END_DECLS
