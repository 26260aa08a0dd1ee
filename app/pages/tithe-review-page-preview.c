/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include "tithe-format.h"

#include <glib/gi18n.h>

/* Pixels below the top of the view, where a group is shown that somebody is led to. */
#define BELOW_TOP 48

/* The preview is of the image with the cursor: whatever moves that, a decision or an arrow, moves the preview on. */

/* tithe_review_page_is_previewing: whether one image is over all others. */
gboolean
tithe_review_page_is_previewing (TitheReviewPage *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->preview));
}

/* --- where one is --- */

static guint32
get_image (TitheReviewPage *self, gsize index, guint32 member)
{
  TitheMember there;

  tithe_group_list_get_members (self->list, index, member, 1, &there);
  return there.image;
}

/* Among those that were selected. */
static gboolean
find_among (TitheReviewPage *self, guint *number)
{
  for (guint i = 0; self->preview_among != NULL && i < self->preview_among->len; i++)
    if (g_array_index (self->preview_among, guint32, i) == self->preview_image)
      {
        *number = i;
        return TRUE;
      }
  return FALSE;
}

static char *
describe_place (TitheReviewPage *self)
{
  gsize number, n;
  guint among;
  g_autofree char *count = NULL, *of = NULL;

  if (find_among (self, &among))
    {
      number = among;
      n = self->preview_among->len;
    }
  else if (self->preview_listed)
    {
      number = self->preview_member;
      n = tithe_group_list_get (self->list, self->preview_index)->size;
    }
  else
    return g_strdup ("");
  if (n == 1)
    return g_strdup (C_ ("image", "unique"));
  count = tithe_format_count (number + 1);
  of = tithe_format_count (n);
  /* TRANSLATORS: which of the images of a group is shown, such as “3 of 5” */
  return g_strdup_printf (C_ ("place of an image", "%s of %s"), count, of);
}

/* tithe_review_page_update_preview: shows the image with the cursor, or what changed about it. */
void
tithe_review_page_update_preview (TitheReviewPage *self)
{
  g_autofree char *place = NULL;
  guint32 image;
  gsize index;

  if (self->curation == NULL || !tithe_review_page_is_previewing (self))
    return;
  /* What a decision takes out of the view stays until one goes on. */
  if (tithe_group_view_get_cursor (self->groups, &image, &index))
    self->preview_image = image;
  self->preview_listed = tithe_group_list_find_image (self->list, self->preview_image, &index, &self->preview_member);
  if (self->preview_listed)
    self->preview_index = index;
  place = describe_place (self);
  tithe_lightbox_show (self->preview, self->subset, self->preview_image, place);
}

/* --- from image to image --- */

static gboolean
step_among (TitheReviewPage *self, int dx)
{
  guint number;

  if (!find_among (self, &number))
    return FALSE;
  if ((int) number + dx >= 0 && (int) number + dx < (int) self->preview_among->len)
    tithe_group_view_select_image (self->groups, g_array_index (self->preview_among, guint32, (int) number + dx));
  return TRUE;
}

/* One on or back, into the next group or the one before; what took the place of an image that left the view is the next. */
static gboolean
find_step (TitheReviewPage *self, int dx, gsize *index, guint32 *member)
{
  const gsize n = tithe_group_list_get_n (self->list);

  if (n == 0)
    return FALSE;
  *index = MIN (self->preview_index, n - 1);
  *member = self->preview_member;
  if (dx > 0 && self->preview_listed)
    ++*member;
  if (dx < 0 && *member > 0)
    {
      *member = MIN (*member, tithe_group_list_get (self->list, *index)->size) - 1;
      return TRUE;
    }
  if (dx < 0)
    {
      if (*index == 0)
        return FALSE;
      *member = tithe_group_list_get (self->list, --*index)->size - 1;
      return TRUE;
    }
  if (*member < tithe_group_list_get (self->list, *index)->size)
    return TRUE;
  *member = 0;
  return ++*index < n;
}

static void
on_stepped (TitheReviewPage *self, int dx, int dy)
{
  gsize index, n;
  guint32 member = 0;

  if (self->list == NULL || (dy == 0 && step_among (self, dx)))
    return;
  n = tithe_group_list_get_n (self->list);
  if (dy == 0 && !find_step (self, dx, &index, &member))
    return;
  if (dy != 0)
    {
      if (n == 0 || (dy < 0 && self->preview_index == 0) || (dy > 0 && self->preview_index + 1 >= n))
        return;
      index = dy < 0 ? self->preview_index - 1 : self->preview_index + 1;
    }
  tithe_group_view_select_image (self->groups, get_image (self, index, member));
}

static void
on_pointed (TitheReviewPage *self, guint image)
{
  tithe_group_view_select_image (self->groups, image);
}

/* --- open and closed --- */

/* Several images that are selected, in the order of the view; NULL for fewer, or where some are not in it. */
static GArray *
list_among (TitheReviewPage *self)
{
  g_autoptr (GArray) selected = tithe_group_view_list_selected (self->groups);
  g_autoptr (GHashTable) set = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) among = NULL;

  if (selected->len < 2)
    return NULL;
  for (guint i = 0; i < selected->len; i++)
    g_hash_table_add (set, GUINT_TO_POINTER (g_array_index (selected, guint32, i)));
  among = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (gsize i = 0; i < tithe_group_list_get_n (self->list) && among->len < selected->len; i++)
    {
      guint32 size = tithe_group_list_get (self->list, i)->size;
      g_autofree TitheMember *members = g_new (TitheMember, size);

      tithe_group_list_get_members (self->list, i, 0, size, members);
      for (guint32 m = 0; m < size; m++)
        if (g_hash_table_contains (set, GUINT_TO_POINTER (members[m].image)))
          g_array_append_val (among, members[m].image);
    }
  return among->len == selected->len ? g_steal_pointer (&among) : NULL;
}

/* tithe_review_page_close_preview: back to the groups, to the image that was shown last. */
void
tithe_review_page_close_preview (TitheReviewPage *self)
{
  g_autoptr (GArray) among = g_steal_pointer (&self->preview_among);
  guint32 image = self->preview_image, member;
  gsize index;

  if (!tithe_review_page_is_previewing (self))
    return;
  gtk_widget_set_can_focus (GTK_WIDGET (self->content_stack), TRUE);
  if (tithe_review_page_is_comparing (self))
    tithe_review_page_resume_compare (self, image);
  else if (self->list != NULL && tithe_group_list_find_image (self->list, image, &index, &member))
    tithe_group_view_set_cursor (self->groups, index, member);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->groups));
  if (among != NULL)
    tithe_group_view_set_selected (self->groups, (const guint32 *) (gpointer) among->data, among->len, image);
  gtk_widget_set_visible (GTK_WIDGET (self->preview), FALSE);
  tithe_lightbox_clear (self->preview);
  self->preview_image = TITHE_IMAGE_NONE;
}

static void
open_preview (TitheReviewPage *self, gboolean with_dendrogram)
{
  guint32 image;
  gsize index;

  if (self->curation == NULL || tithe_group_list_get_n (self->list) == 0)
    return;
  if (!tithe_group_view_get_cursor (self->groups, &image, &index))
    image = get_image (self, 0, 0);
  g_clear_pointer (&self->preview_among, g_array_unref);
  self->preview_among = list_among (self);
  self->preview_image = image;
  gtk_widget_set_visible (GTK_WIDGET (self->preview), TRUE);
  tithe_lightbox_set_with_dendrogram (self->preview, with_dendrogram);
  /* What is decided is about the image that one sees. */
  tithe_group_view_select_image (self->groups, image);
  gtk_widget_grab_focus (GTK_WIDGET (self->preview));
  gtk_widget_set_can_focus (GTK_WIDGET (self->content_stack), FALSE);
}

static void
on_preview (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;

  if (tithe_review_page_is_previewing (self))
    tithe_review_page_close_preview (self);
  else
    open_preview (self, FALSE);
}

/* Of the group that the inspector shows, with the merge that is chosen there. */
static void
on_preview_dendrogram (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;

  open_preview (self, TRUE);
  tithe_dendrogram_view_set_chosen (
      tithe_lightbox_get_dendrogram (self->preview),
      tithe_dendrogram_view_get_chosen (tithe_inspector_get_dendrogram (self->inspector)));
}

/* S parts what is chosen in the inspector. */
static void
on_chose (TitheReviewPage *self, TitheDendrogramView *large)
{
  tithe_dendrogram_view_set_chosen (tithe_inspector_get_dendrogram (self->inspector),
                                    tithe_dendrogram_view_get_chosen (large));
}

/* --- led somewhere --- */

/* An image that is not in the view is brought into it: what leads to it is no dead end. */
static void
show_image (TitheReviewPage *self, guint32 image)
{
  TitheGroupChoice shown = tithe_review_page_get_shown (self);
  TitheGroup group;

  shown.view = TITHE_VIEW_GROUPS;
  shown.singles |= !tithe_subset_find_group (self->subset, image, &group);
  tithe_group_choice_clear (&shown);
  self->arranging = TRUE;
  tithe_review_page_set_shown (self, &shown);
  self->arranging = FALSE;
  tithe_review_page_update (self, FALSE);
}

static void
on_led (TitheReviewPage *self, guint image)
{
  double below_top;
  guint32 member;
  gsize index;

  if (self->list == NULL)
    return;
  if (!tithe_group_list_find_image (self->list, image, &index, &member))
    show_image (self, image);
  if (!tithe_group_list_find_image (self->list, image, &index, &member))
    return;
  if (!tithe_group_view_get_place (self->groups, image, &below_top))
    tithe_group_view_go_to (self->groups, image, BELOW_TOP);
  tithe_group_view_set_cursor (self->groups, index, member);
}

static const GActionEntry actions[] = {
  { .name = "preview", .activate = on_preview },
  { .name = "preview-dendrogram", .activate = on_preview_dendrogram },
};

/* tithe_review_page_set_up_preview: its actions, among those of the review. */
void
tithe_review_page_set_up_preview (TitheReviewPage *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (tithe_review_get_actions (self->review)), actions,
                                   G_N_ELEMENTS (actions), self);
  g_signal_connect_object (self->preview, "closed", G_CALLBACK (tithe_review_page_close_preview), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->preview, "stepped", G_CALLBACK (on_stepped), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tithe_lightbox_get_dendrogram (self->preview), "chose", G_CALLBACK (on_chose), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (tithe_lightbox_get_dendrogram (self->preview), "pointed", G_CALLBACK (on_pointed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inspector, "led", G_CALLBACK (on_led), self, G_CONNECT_SWAPPED);
}
