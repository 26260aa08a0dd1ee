/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include "tithe-format.h"
#include "base/tithe-text.h"

#include <glib/gi18n.h>

/* Decisions are about what is selected among the groups, there as here: while images are compared, that is the current one. */

/* tithe_review_page_is_comparing: rather than looking at all groups. */
gboolean
tithe_review_page_is_comparing (TitheReviewPage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->content_stack), "compare") == 0;
}

static void
select_alone (TitheReviewPage *self, guint32 image)
{
  tithe_group_view_set_selected (self->groups, &image, 1, image);
}

static gboolean
is_selected_alone (TitheReviewPage *self, guint32 image)
{
  g_autoptr (GArray) selected = tithe_group_view_list_selected (self->groups);

  return selected->len == 1 && g_array_index (selected, guint32, 0) == image;
}

/* --- what is compared --- */

/* The images of a group in the order that they have in the view, whatever is decided; none of what stands alone. */
static GArray *
list_group (TitheReviewPage *self, guint32 image)
{
  GArray *images = g_array_new (FALSE, FALSE, sizeof (guint32));
  TitheGroup group;
  guint32 first;

  if (!tithe_subset_find_group (self->subset, image, &group))
    return images;
  first = tithe_subset_get_automatic (self->subset, &group);
  g_array_append_val (images, first);
  for (guint32 m = 0; m < group.size; m++)
    {
      guint32 other = tithe_cut_get_image (tithe_subset_get_cut (self->subset), &group, m);

      if (other != first)
        g_array_append_val (images, other);
    }
  return images;
}

static gboolean
has_image (const GArray *images, guint32 image)
{
  for (guint i = 0; i < images->len; i++)
    if (g_array_index (images, guint32, i) == image)
      return TRUE;
  return FALSE;
}

/* Those of a few images that are among others, in their order. */
static GArray *
list_common (const GArray *images, const GArray *others)
{
  GArray *common = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GHashTable) set = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < others->len; i++)
    g_hash_table_add (set, GUINT_TO_POINTER (g_array_index (others, guint32, i)));
  for (guint i = 0; i < images->len; i++)
    if (g_hash_table_contains (set, GUINT_TO_POINTER (g_array_index (images, guint32, i))))
      g_array_append_val (common, g_array_index (images, guint32, i));
  return common;
}

/* cat · group 12 of 766 · 5 images */
static char *
describe_compared (TitheReviewPage *self, const GArray *images, gboolean is_group)
{
  const guint32 first = g_array_index (images, guint32, 0);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_review_page_get_hierarchy (self));
  g_autofree char *n = tithe_format_count (images->len);
  g_autofree char *count = g_strdup_printf (ngettext ("%s image", "%s images", images->len), n);
  g_autoptr (GString) text = g_string_new (NULL);
  gsize index;
  guint32 member;

  if (is_group)
    tithe_text_add_fact (text, tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, first)));
  if (is_group && tithe_group_list_find_image (self->list, first, &index, &member)
      && !tithe_group_list_is_block (self->list, index))
    {
      g_autofree char *number = tithe_format_count (index + 1);
      g_autofree char *of = tithe_format_count (tithe_group_list_get_n_groups (self->list));
      g_autofree char *place = g_strdup_printf (_("group %s of %s"), number, of);

      tithe_text_add_fact (text, place);
    }
  tithe_text_add_fact (text, count);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* All of @images can be compared, and @chosen are, or the first ones where those are none. */
static void
compare (TitheReviewPage *self, const GArray *images, gboolean is_group, const GArray *chosen, guint32 current)
{
  g_autofree char *title = describe_compared (self, images, is_group);

  tithe_compare_view_show (self->compare, self->subset, self->embedding, (const guint32 *) (gconstpointer) images->data,
                           images->len, is_group);
  tithe_compare_view_set_title (self->compare, title);
  tithe_compare_view_choose (
      self->compare, chosen ? (const guint32 *) (gconstpointer) chosen->data : NULL, chosen ? chosen->len : 0,
      tithe_compare_view_has (self->compare, current) ? current : g_array_index (images, guint32, 0));
}

/* Who compares and goes on to another group compares that. */
static void
go_on_to (TitheReviewPage *self, guint32 image)
{
  g_autoptr (GArray) images = list_group (self, image);

  if (images->len < 2)
    return;
  self->compare_moved = TRUE;
  compare (self, images, TRUE, NULL, image);
}

/* --- there and back --- */

/* Remembers where the person is among the groups. */
static void
note_place (TitheReviewPage *self)
{
  g_autoptr (GArray) images = tithe_group_view_list_in_view (self->groups);
  gsize index;

  g_clear_pointer (&self->compare_selected, g_array_unref);
  self->compare_selected = tithe_group_view_list_selected (self->groups);
  if (!tithe_group_view_get_cursor (self->groups, &self->compare_cursor, &index))
    self->compare_cursor = TITHE_IMAGE_NONE;
  self->compare_top = images->len > 0 ? g_array_index (images, guint32, 0) : TITHE_IMAGE_NONE;
  if (self->compare_top != TITHE_IMAGE_NONE)
    tithe_group_view_get_place (self->groups, self->compare_top, &self->compare_below_top);
  self->compare_moved = FALSE;
}

/* The selection that was compared, at the very place where it was; or what it is about by now. */
static void
return_to_place (TitheReviewPage *self, const GArray *selected, guint32 current)
{
  if (!self->compare_moved)
    tithe_group_view_set_selected (self->groups, (const guint32 *) (gconstpointer) selected->data, selected->len,
                                   self->compare_cursor);
  else if (current != TITHE_IMAGE_NONE)
    select_alone (self, current);
  if (self->compare_moved || self->compare_top == TITHE_IMAGE_NONE
      || !tithe_group_view_go_to (self->groups, self->compare_top, self->compare_below_top))
    tithe_group_view_bring_up (self->groups, FALSE);
}

/* One or the other: what is beside the groups has no say where images are compared. */
static void
show_page (TitheReviewPage *self, gboolean compare)
{
  gtk_widget_set_can_focus (GTK_WIDGET (self->flap), !compare);
  gtk_stack_set_visible_child_name (self->content_stack, compare ? "compare" : "groups");
  tithe_review_page_allow_panels (self, !compare);
}

static void
show_groups (TitheReviewPage *self)
{
  if (!tithe_review_page_is_comparing (self))
    return;
  tithe_compare_view_clear (self->compare);
  show_page (self, FALSE);
}

/* tithe_review_page_drop_compare: without a word about where one was: the groups go. */
void
tithe_review_page_drop_compare (TitheReviewPage *self)
{
  show_groups (self);
  g_clear_pointer (&self->compare_selected, g_array_unref);
}

/* tithe_review_page_leave_compare: back to the groups, where one is not there. */
void
tithe_review_page_leave_compare (TitheReviewPage *self)
{
  g_autoptr (GArray) selected = NULL;
  guint32 current;

  if (!tithe_review_page_is_comparing (self))
    return;
  selected = g_steal_pointer (&self->compare_selected);
  current = tithe_compare_view_get_current (self->compare);
  show_groups (self);
  return_to_place (self, selected, current);
  tithe_group_view_focus (self->groups);
}

static void
on_compare_pointed (TitheReviewPage *self, guint image)
{
  select_alone (self, image);
}

/* tithe_review_page_follow_compare: something else is selected among the groups. A decision is no reason to turn to another image. */
void
tithe_review_page_follow_compare (TitheReviewPage *self)
{
  const guint32 current = tithe_compare_view_get_current (self->compare);
  guint32 image;
  gsize index;

  if (!tithe_review_page_is_comparing (self) || tithe_review_page_is_previewing (self)
      || is_selected_alone (self, current) || !tithe_group_view_get_cursor (self->groups, &image, &index))
    return;
  if (!tithe_compare_view_has (self->compare, image))
    go_on_to (self, image);
  else if (!tithe_compare_view_is_group (self->compare) && tithe_compare_view_is_shown (self->compare, image))
    tithe_compare_view_point (self->compare, image);
  else
    select_alone (self, current);
}

/* tithe_review_page_resume_compare: after one image was over all others, which one went on from. */
void
tithe_review_page_resume_compare (TitheReviewPage *self, guint32 image)
{
  if (tithe_compare_view_has (self->compare, image))
    tithe_compare_view_point (self->compare, image);
  else
    go_on_to (self, image);
  gtk_widget_grab_focus (GTK_WIDGET (self->compare));
}

/* What is selected; in a group that is also all of it, or all of the group with the cursor. */
static void
enter (TitheReviewPage *self)
{
  g_autoptr (GArray) selected = tithe_group_view_list_selected (self->groups), group = NULL, chosen = NULL;
  guint32 cursor = TITHE_IMAGE_NONE;
  gsize index;

  if (!tithe_group_view_get_cursor (self->groups, &cursor, &index)
      || (selected->len > 1 && !has_image (selected, cursor)))
    cursor = selected->len > 0 ? g_array_index (selected, guint32, 0) : TITHE_IMAGE_NONE;
  group = cursor != TITHE_IMAGE_NONE ? list_group (self, cursor) : g_array_new (FALSE, FALSE, sizeof (guint32));
  chosen = list_common (group, selected);
  if (selected->len < 2 && group->len < 2)
    {
      tithe_review_page_say (self, _("Select two images or more to compare them"));
      return;
    }
  note_place (self);
  show_page (self, TRUE);
  if (selected->len < 2)
    compare (self, group, TRUE, NULL, cursor);
  else if (chosen->len == selected->len)
    compare (self, group, TRUE, chosen, cursor);
  else
    compare (self, selected, FALSE, NULL, cursor);
}

/* tithe_review_page_toggle_compare: an action. */
void
tithe_review_page_toggle_compare (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;

  tithe_review_page_close_preview (self);
  if (tithe_review_page_is_comparing (self))
    tithe_review_page_leave_compare (self);
  else if (self->curation != NULL)
    enter (self);
}

/* tithe_review_page_bind_compare: what of the template is about comparing. */
void
tithe_review_page_bind_compare (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, compare);
  gtk_widget_class_bind_template_callback (klass, tithe_review_page_leave_compare);
  gtk_widget_class_bind_template_callback (klass, on_compare_pointed);
}
