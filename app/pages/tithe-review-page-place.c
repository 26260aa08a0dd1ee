/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

/* Each class in each view has a place of its own, to which a person comes back. */

/* Pixels: where the images that stand alone begin when they are asked for. */
#define SINGLES_BELOW_TOP 12

typedef struct
{
  guint32 top, cursor; /* images, TITHE_IMAGE_NONE where there is none */
  double below_top;
} Place;

static char *
name_place (const TitheGroupChoice *shown)
{
  return g_strdup_printf ("%d %u %u", shown->class_index, (guint) shown->view, shown->singles ? 1u : 0u);
}

/* tithe_review_page_forget_places: of another dataset. */
void
tithe_review_page_forget_places (TitheReviewPage *self)
{
  g_clear_pointer (&self->places, g_hash_table_unref);
  g_clear_pointer (&self->place, g_free);
}

/* tithe_review_page_note_place: what is shown from now on has this place. */
void
tithe_review_page_note_place (TitheReviewPage *self, const TitheGroupChoice *shown)
{
  g_free (self->place);
  self->place = name_place (shown);
  self->place_class = shown->class_index;
  self->place_singles = shown->singles;
}

/* Remembers where the person is, before something else is shown. */
static void
leave (TitheReviewPage *self)
{
  g_autoptr (GArray) images = tithe_group_view_list_in_view (self->groups);
  Place *place;
  gsize index;

  if (images->len == 0 || self->place == NULL)
    return;
  place = g_new0 (Place, 1);
  place->top = g_array_index (images, guint32, 0);
  tithe_group_view_get_place (self->groups, place->top, &place->below_top);
  if (!tithe_group_view_get_cursor (self->groups, &place->cursor, &index))
    place->cursor = TITHE_IMAGE_NONE;
  if (self->places == NULL)
    self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (self->places, g_strdup (self->place), place);
}

/* Back to where the person was in what is shown now. */
static gboolean
come_back (TitheReviewPage *self)
{
  const Place *place = self->places ? g_hash_table_lookup (self->places, self->place) : NULL;

  if (place == NULL)
    return FALSE;
  if (place->cursor != TITHE_IMAGE_NONE)
    tithe_group_view_set_selected (self->groups, &place->cursor, 1, place->cursor);
  if (!tithe_group_view_go_to (self->groups, place->top, place->below_top))
    tithe_group_view_bring_up (self->groups, TRUE);
  return TRUE;
}

/* tithe_review_page_take_up_open: the first group that nobody looked at, or the first of all; the focus stays where it is. */
void
tithe_review_page_take_up_open (TitheReviewPage *self)
{
  if (tithe_group_list_get_n_groups (self->list) > 0 && !tithe_review_go_to_open (self->review, 0, FALSE))
    tithe_group_view_take_up (self->groups, 0, FALSE);
}

/* To where the images begin that stand alone, behind all groups. */
static void
go_to_singles (TitheReviewPage *self)
{
  gsize first = tithe_group_list_get_n_groups (self->list);
  TitheMember member;

  if (first == tithe_group_list_get_n (self->list))
    return;
  tithe_group_list_get_members (self->list, first, 0, 1, &member);
  tithe_group_view_go_to (self->groups, member.image, SINGLES_BELOW_TOP);
}

/* tithe_review_page_show_chosen: follows a choice of what is shown: from the top, but where the person was there already. */
void
tithe_review_page_show_chosen (TitheReviewPage *self)
{
  TitheGroupChoice shown = tithe_review_page_get_shown (self);
  g_autofree char *before = NULL, *now = name_place (&shown);
  gboolean other_class, more_singles;

  if (self->subset == NULL || self->arranging)
    return;
  before = g_strdup (self->place);
  other_class = shown.class_index != self->place_class;
  more_singles = shown.singles && !self->place_singles && !other_class && shown.view == TITHE_VIEW_GROUPS;
  leave (self);
  tithe_review_page_update (self, FALSE);
  if (g_strcmp0 (before, now) == 0)
    return;
  if (more_singles)
    go_to_singles (self);
  else if (!come_back (self) && other_class)
    tithe_review_page_take_up_open (self);
}
