/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include <math.h>

/* Who scrolls does not write a bookmark for each line. */
#define BOOKMARK_MS 500
/* Pixels: where a group is shown that is not where it was. */
#define BOOKMARK_BELOW_TOP 12

/* tithe_review_page_save_bookmark: where one is due. */
void
tithe_review_page_save_bookmark (TitheReviewPage *self)
{
  g_autoptr (TitheBookmark) bookmark = NULL;
  g_autoptr (GError) error = NULL;

  if (self->bookmark_source == 0)
    return;
  g_clear_handle_id (&self->bookmark_source, g_source_remove);
  bookmark = tithe_review_page_dup_bookmark (self);
  if (self->session != NULL && !tithe_bookmark_save (bookmark, self->session, &error))
    g_warning ("%s", error->message);
}

static gboolean
on_bookmark_due (gpointer data)
{
  tithe_review_page_save_bookmark (data);
  return G_SOURCE_REMOVE;
}

/* tithe_review_page_bookmark_later: something of it is another than before. */
void
tithe_review_page_bookmark_later (TitheReviewPage *self)
{
  if (self->session != NULL && self->bookmark_source == 0)
    self->bookmark_source = g_timeout_add (BOOKMARK_MS, on_bookmark_due, self);
}

/* tithe_review_page_go_to_bookmark: to the first of the images that were in view and that are in a group now: once, then the person goes where they like. */
void
tithe_review_page_go_to_bookmark (TitheReviewPage *self)
{
  GArray *images = self->bookmark ? self->bookmark->images : NULL;

  for (guint i = 0; images != NULL && i < images->len; i++)
    {
      const double below_top = i == 0 ? self->bookmark->below_top : BOOKMARK_BELOW_TOP;

      self->anchor = g_array_index (images, guint32, i);
      self->anchor_below_top = below_top;
      if (tithe_group_view_go_to (self->groups, self->anchor, below_top))
        g_array_set_size (images, 0);
    }
}

/* In a window of another width the group that was gone to may stand behind others in its line. As long as it is where it
 * was put, it is the place, and not what stands before it now: else each start would go up by a group. */
static gboolean
is_at_anchor (TitheReviewPage *self)
{
  double below_top;

  return self->anchor != TITHE_IMAGE_NONE && tithe_group_view_get_place (self->groups, self->anchor, &below_top)
         && fabs (below_top - self->anchor_below_top) < 1;
}

/* tithe_review_page_finish_bookmark: when every class is there. Who is nowhere yet begins with the first group to do. */
void
tithe_review_page_finish_bookmark (TitheReviewPage *self)
{
  GtkAdjustment *scroll = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->groups));
  TitheBookmark *bookmark = self->bookmark;
  guint32 image;
  gsize index;

  tithe_review_page_go_to_bookmark (self);
  if (bookmark != NULL)
    tithe_group_view_set_selected (self->groups, (const guint32 *) (gpointer) bookmark->selected->data,
                                   bookmark->selected->len, bookmark->cursor);
  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  if (!tithe_group_view_get_cursor (self->groups, &image, &index) && gtk_adjustment_get_value (scroll) <= 0)
    tithe_review_page_take_up_open (self);
}

/**
 * tithe_review_page_set_bookmark:
 * @bookmark: (transfer full): of this dataset
 *
 * Shows what it marks, as far as it is there.
 */
void
tithe_review_page_set_bookmark (TitheReviewPage *self, TitheBookmark *bookmark)
{
  g_return_if_fail (TITHE_IS_REVIEW_PAGE (self));

  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  self->bookmark = bookmark;
  self->arranging = TRUE;
  tithe_review_page_set_choice (self, &bookmark->subset);
  tithe_review_page_set_shown (self, &bookmark->shown);
  self->arranging = FALSE;
  tithe_review_page_update (self, FALSE);
  tithe_review_page_go_to_bookmark (self);
}

static void
note_progress (TitheReviewPage *self, TitheBookmark *bookmark)
{
  const TitheSubsetTotals *totals = tithe_subset_get_totals (self->subset);

  bookmark->n_images = totals->n_images;
  bookmark->n_classes
      = tithe_dataset_get_n_classes (tithe_hierarchy_get_dataset (tithe_review_page_get_hierarchy (self)));
  bookmark->n_groups = totals->n_groups;
  bookmark->n_reviewed = totals->n_reviewed_groups;
}

/**
 * tithe_review_page_dup_bookmark:
 *
 * Returns: (transfer full): what is looked at
 */
TitheBookmark *
tithe_review_page_dup_bookmark (TitheReviewPage *self)
{
  TitheBookmark *bookmark = tithe_bookmark_new ();
  gsize index;

  g_return_val_if_fail (TITHE_IS_REVIEW_PAGE (self), bookmark);

  bookmark->subset = tithe_review_page_get_choice (self);
  bookmark->shown = tithe_review_page_get_shown (self);
  bookmark->shown.text = g_strdup (bookmark->shown.text);
  g_array_unref (bookmark->images);
  bookmark->images = tithe_group_view_list_in_view (self->groups);
  if (is_at_anchor (self))
    g_array_prepend_val (bookmark->images, self->anchor);
  if (bookmark->images->len > 0)
    tithe_group_view_get_place (self->groups, g_array_index (bookmark->images, guint32, 0), &bookmark->below_top);
  g_array_unref (bookmark->selected);
  bookmark->selected = tithe_group_view_list_selected (self->groups);
  if (!tithe_group_view_get_cursor (self->groups, &bookmark->cursor, &index))
    bookmark->cursor = TITHE_IMAGE_NONE;
  if (self->subset != NULL)
    note_progress (self, bookmark);
  return bookmark;
}
