/* SPDX-License-Identifier: MIT */
#include "tithe-review-words.h"

#include "curate/tithe-step-name.h"
#include "tithe-format.h"

#include <glib/gi18n.h>

/* tithe_review_words_dup_step: (transfer full): the name of the step that decides so about some images, as it is written */
char *
tithe_review_words_dup_step (TitheDecision decision, guint n)
{
  switch (decision)
    {
    case TITHE_DECISION_KEEP:
      return tithe_step_name_write (TITHE_STEP_NAME_KEEP, n, NULL);
    case TITHE_DECISION_DISCARD:
      return tithe_step_name_write (TITHE_STEP_NAME_DISCARD, n, NULL);
    case TITHE_DECISION_REPRESENTATIVE:
      return tithe_step_name_write (TITHE_STEP_NAME_REPRESENT, n, NULL);
    case TITHE_DECISION_AUTOMATIC:
    default:
      return tithe_step_name_write (TITHE_STEP_NAME_LEAVE, n, NULL);
    }
}

/* tithe_review_words_dup_decided: (transfer full): what was decided about some images */
char *
tithe_review_words_dup_decided (TitheDecision decision, guint n)
{
  g_autofree char *count = tithe_format_count (n);

  switch (decision)
    {
    case TITHE_DECISION_KEEP:
      return g_strdup_printf (ngettext ("Kept %s image", "Kept %s images", n), count);
    case TITHE_DECISION_DISCARD:
      return g_strdup_printf (ngettext ("Discarded %s image", "Discarded %s images", n), count);
    case TITHE_DECISION_REPRESENTATIVE:
      return g_strdup_printf (ngettext ("%s image stands for its group", "%s images stand for their groups", n), count);
    case TITHE_DECISION_AUTOMATIC:
    default:
      return g_strdup_printf (ngettext ("Left %s image to the ratio", "Left %s images to the ratio", n), count);
    }
}

/* tithe_review_words_dup_merged: (transfer full): what was merged into what */
char *
tithe_review_words_dup_merged (const TitheReviewMerged *merged)
{
  g_autofree char *images = tithe_format_count (merged->n_images), *groups = tithe_format_count (merged->n_groups);
  g_autofree char *merges = tithe_format_count (merged->n_merges);

  if (merged->n_grouped == merged->n_images)
    /* TRANSLATORS: two groups or more, and the images in them together, such as “Merged 2 groups of 5 images” */
    return g_strdup_printf (
        ngettext ("Merged %s groups of %s image", "Merged %s groups of %s images", merged->n_images), groups, images);
  return g_strdup_printf (
      ngettext ("Merged %s images into %s group", "Merged %s images into %s groups", merged->n_merges), images, merges);
}
