/* SPDX-License-Identifier: MIT */
#include "tithe-group-view-private.h"

/* Pixels at the end of the view that a message in passing may cover. */
#define MESSAGE_HEIGHT 72

/* What is selected, and where the cursor is. Images are selected, not places: they stay so wherever the list puts them. */

/* Adds an image to what is selected; tithe_group_view_tell_selection() is to follow. */
void
tithe_group_view_mark_selected (TitheGroupView *self, guint32 image)
{
  g_hash_table_add (self->selected, GUINT_TO_POINTER (image));
}

/* The selection is another one. */
void
tithe_group_view_tell_selection (TitheGroupView *self)
{
  tithe_group_view_populate (self);
  g_signal_emit_by_name (self, "selection-changed");
}

/* Lets go of everything, and says so where there was something. */
void
tithe_group_view_clear_selection (TitheGroupView *self)
{
  if (g_hash_table_size (self->selected) == 0)
    return;
  g_hash_table_remove_all (self->selected);
  tithe_group_view_tell_selection (self);
}

/* From one image to another, over all groups between them. */
static void
select_range (TitheGroupView *self, gsize index, guint32 member, gsize other_index, guint32 other_member)
{
  if (index > other_index || (index == other_index && member > other_member))
    {
      select_range (self, other_index, other_member, index, member);
      return;
    }
  for (gsize i = index; i <= other_index; i++)
    {
      guint32 first = i == index ? member : 0;
      guint32 last = i == other_index ? other_member : tithe_group_list_get (self->list, i)->size - 1;

      for (guint32 m = first; m <= last; m++)
        tithe_group_view_mark_selected (self, tithe_group_view_get_member (self, i, m).image);
    }
}

/* Puts the cursor on an image, and leaves the selection as it is. */
void
tithe_group_view_put_cursor (TitheGroupView *self, gsize index, guint32 member)
{
  TitheMember there = tithe_group_view_get_member (self, index, member);

  self->has_cursor = TRUE;
  self->n_places = 0;
  self->cursor_class = tithe_group_list_get (self->list, index)->class_index;
  self->cursor_leaf = there.position;
  self->cursor_image = there.image;
}

/* Puts the cursor somewhere, and the selection with it: alone, in turn, or from the anchor on. */
void
tithe_group_view_go (TitheGroupView *self, gsize index, guint32 member, gboolean extend, gboolean toggle)
{
  gsize anchor_index;
  guint32 anchor_member, image;

  tithe_group_view_put_cursor (self, index, member);
  image = self->cursor_image;
  if (extend && self->has_anchor
      && tithe_group_list_find (self->list, self->anchor_class, self->anchor_leaf, &anchor_index, &anchor_member))
    {
      g_hash_table_remove_all (self->selected);
      select_range (self, anchor_index, anchor_member, index, member);
      tithe_group_view_tell_selection (self);
      return;
    }
  self->has_anchor = TRUE;
  self->anchor_class = self->cursor_class;
  self->anchor_leaf = self->cursor_leaf;
  if (!toggle)
    g_hash_table_remove_all (self->selected);
  if (!toggle || !g_hash_table_remove (self->selected, GUINT_TO_POINTER (image)))
    tithe_group_view_mark_selected (self, image);
  tithe_group_view_tell_selection (self);
}

/* Scrolls as far as it takes to see an image. */
static void
scroll_to_member (TitheGroupView *self, gsize index, guint32 member)
{
  const gint64 heading = tithe_group_layout_get_top (self->layout, index);
  double value = tithe_group_view_get_scroll (self);
  gint64 top;
  int left;

  tithe_group_layout_place (self->layout, index, member, &left, &top);
  value = MIN (value, (double) (top == heading + self->heading ? heading - TITHE_GROUP_LAYOUT_CARD_BELOW
                                                               : top - TITHE_GROUP_LAYOUT_GAP));
  value = MAX (value, (double) top + self->edge + TITHE_GROUP_LAYOUT_BELOW - self->height);
  if (value != tithe_group_view_get_scroll (self) && self->adjustments[1] != NULL)
    gtk_adjustment_set_value (self->adjustments[1], value);
}

/* Scrolls as far as it takes to see the image with the cursor, and gives it the focus. */
void
tithe_group_view_show_cursor (TitheGroupView *self, gsize index, guint32 member)
{
  scroll_to_member (self, index, member);
  tithe_group_view_focus (self);
}

static int
compare_images (gconstpointer a, gconstpointer b)
{
  const guint32 *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/**
 * tithe_group_view_list_selected:
 *
 * Returns: (transfer full) (element-type guint32): the images that are selected, in ascending order
 */
GArray *
tithe_group_view_list_selected (TitheGroupView *self)
{
  GArray *images = g_array_new (FALSE, FALSE, sizeof (guint32));
  GHashTableIter iter;
  gpointer key;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), images);

  g_hash_table_iter_init (&iter, self->selected);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint32 image = GPOINTER_TO_UINT (key);

      g_array_append_val (images, image);
    }
  g_array_sort (images, compare_images);
  return images;
}

/**
 * tithe_group_view_get_cursor:
 * @image: (out): the image with the cursor
 * @index: (out): of the group or block that it is in
 *
 * Returns: whether there is a cursor, and it is in the list
 */
gboolean
tithe_group_view_get_cursor (TitheGroupView *self, guint32 *image, gsize *index)
{
  guint32 member;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), FALSE);

  *image = self->cursor_image;
  return self->list != NULL && self->has_cursor
         && tithe_group_list_find (self->list, self->cursor_class, self->cursor_leaf, index, &member);
}

/**
 * tithe_group_view_set_cursor:
 * @index: of a group
 * @member: of it
 *
 * Goes to an image, selects it, and scrolls there where it is not in view.
 */
void
tithe_group_view_set_cursor (TitheGroupView *self, gsize index, guint32 member)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  if (index >= tithe_group_view_get_n (self))
    return;
  tithe_group_view_go (self, index, MIN (member, tithe_group_list_get (self->list, index)->size - 1), FALSE, FALSE);
  tithe_group_view_show_cursor (self, index, member);
}

/**
 * tithe_group_view_focus:
 *
 * Gives the focus to the image with the cursor where that is in view, else to the view.
 */
void
tithe_group_view_focus (TitheGroupView *self)
{
  TitheGroupSlot *slot;

  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  tithe_group_view_tell (self);
  slot = self->has_cursor ? g_hash_table_lookup (self->tiles, GUINT_TO_POINTER (self->cursor_image)) : NULL;
  gtk_widget_grab_focus (slot != NULL ? slot->widget : GTK_WIDGET (self));
}

/* Whether all of what is from one height to another can be seen, and no message at the end of the view covers it. */
static gboolean
is_clear (TitheGroupView *self, gint64 top, gint64 bottom)
{
  double scroll = tithe_group_view_get_scroll (self);

  return (double) top >= scroll && (double) bottom <= scroll + self->height - MESSAGE_HEIGHT;
}

/**
 * tithe_group_view_bring_up:
 * @always: also where all of the group is in view already
 *
 * Scrolls to where the group with the cursor begins in the upper third of the view, and higher where only so all of it is in
 * view. That holds until the person scrolls.
 */
void
tithe_group_view_bring_up (TitheGroupView *self, gboolean always)
{
  gsize index;
  guint32 member;
  gint64 top, bottom;
  int left;

  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  if (self->list == NULL || !self->has_cursor
      || !tithe_group_list_find (self->list, self->cursor_class, self->cursor_leaf, &index, &member))
    return;
  top = tithe_group_layout_get_top (self->layout, index);
  tithe_group_layout_place (self->layout, index, tithe_group_list_get (self->list, index)->size - 1, &left, &bottom);
  bottom += self->edge;
  if (always || !is_clear (self, top, bottom))
    tithe_group_view_go_to (self, self->cursor_image,
                            MAX (TITHE_GROUP_LAYOUT_MARGIN / 2.0,
                                 MIN (self->height / 4.0, self->height - MESSAGE_HEIGHT - (double) (bottom - top))));
  if (self->height > 0)
    scroll_to_member (self, index, member);
}

/**
 * tithe_group_view_take_up:
 * @index: of a group
 * @focus: whether its first image gets the focus, too
 *
 * Goes to the first image of a group, selects it, and brings the group to the upper third of the view.
 */
void
tithe_group_view_take_up (TitheGroupView *self, gsize index, gboolean focus)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  if (index >= tithe_group_view_get_n (self))
    return;
  tithe_group_view_go (self, index, 0, FALSE, FALSE);
  tithe_group_view_bring_up (self, TRUE);
  if (focus)
    tithe_group_view_focus (self);
}

/**
 * tithe_group_view_select_image:
 *
 * Puts the cursor on an image and selects it alone, without a word about scrolling or focus.
 *
 * Returns: whether it is in the list
 */
gboolean
tithe_group_view_select_image (TitheGroupView *self, guint32 image)
{
  gsize index;
  guint32 member;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), FALSE);

  if (self->list == NULL || !tithe_group_list_find_image (self->list, image, &index, &member))
    return FALSE;
  tithe_group_view_go (self, index, member, FALSE, FALSE);
  return TRUE;
}

/**
 * tithe_group_view_select_group:
 *
 * Selects everything in the group with the cursor.
 */
void
tithe_group_view_select_group (TitheGroupView *self)
{
  guint32 image;
  gsize index;

  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  if (!tithe_group_view_get_cursor (self, &image, &index))
    return;
  select_range (self, index, 0, index, tithe_group_list_get (self->list, index)->size - 1);
  tithe_group_view_tell_selection (self);
}

/**
 * tithe_group_view_set_selected:
 * @images: (array length=n): those that the dataset does not have are left out
 * @cursor: one of the dataset, or TITHE_IMAGE_NONE
 *
 * Selects these images and no others, in the list or not, and puts the cursor on one where it is in the list; scrolls nowhere.
 * Takes O(n) time, and for the cursor that of tithe_group_list_find_image().
 */
void
tithe_group_view_set_selected (TitheGroupView *self, const guint32 *images, gsize n, guint32 cursor)
{
  guint n_places = self->n_places;
  gsize index;
  guint32 member;

  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  g_hash_table_remove_all (self->selected);
  if (self->list == NULL)
    return;
  for (gsize i = 0; i < n; i++)
    if (images[i] < tithe_dataset_get_n_images (tithe_group_view_get_dataset (self)))
      tithe_group_view_mark_selected (self, images[i]);
  if (cursor != TITHE_IMAGE_NONE && tithe_group_list_find_image (self->list, cursor, &index, &member))
    {
      tithe_group_view_put_cursor (self, index, member);
      self->has_anchor = TRUE;
      self->anchor_class = self->cursor_class;
      self->anchor_leaf = self->cursor_leaf;
    }
  self->n_places = n_places;
  tithe_group_view_tell_selection (self);
}
