/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include <glib/gi18n.h>

/* tithe_review_page_is_comparing: rather than looking at all groups. */
gboolean
tithe_review_page_is_comparing (TitheReviewPage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->content_stack), "compare") == 0;
}

static void
on_compare_closed (TitheReviewPage *self)
{
  tithe_compare_view_clear (self->compare);
  gtk_stack_set_visible_child_name (self->content_stack, "groups");
  gtk_widget_grab_focus (GTK_WIDGET (self->groups));
}

/* Decisions are about what the cursor is on, there as here. */
static void
on_compare_pointed (TitheReviewPage *self, guint image)
{
  tithe_group_view_select_image (self->groups, image);
}

/* What is selected; or one image and what stands for its group; or, where it is that, all of the group. */
static GArray *
list_compared (TitheReviewPage *self)
{
  GArray *images = tithe_group_view_list_selected (self->groups);
  TitheGroup group;
  guint32 image, representative;
  gsize index;

  if (images->len > 1 || !tithe_group_view_get_cursor (self->groups, &image, &index)
      || !tithe_subset_find_group (self->subset, image, &group))
    return images;
  representative = tithe_subset_get_representative (self->subset, &group);
  g_array_set_size (images, 0);
  if (representative != TITHE_IMAGE_NONE)
    g_array_append_val (images, representative);
  if (image != representative && representative != TITHE_IMAGE_NONE)
    g_array_append_val (images, image);
  else
    for (guint32 m = 0; m < group.size; m++)
      {
        guint32 other = tithe_cut_get_image (tithe_subset_get_cut (self->subset), &group, m);

        if (other != representative)
          g_array_append_val (images, other);
      }
  return images;
}

/* tithe_review_page_compare: shows what is selected side by side. */
void
tithe_review_page_compare (TitheReviewPage *self)
{
  g_autoptr (GArray) images = list_compared (self);

  if (images->len < 2)
    {
      tithe_review_page_say (self, _("Select two images or more to compare them"));
      return;
    }
  gtk_stack_set_visible_child_name (self->content_stack, "compare");
  tithe_compare_view_show (self->compare, tithe_hierarchy_get_dataset (tithe_review_page_get_hierarchy (self)),
                           (const guint32 *) (gpointer) images->data, images->len);
  tithe_compare_view_refresh (self->compare, self->subset, self->embedding);
}

/* tithe_review_page_toggle_compare: an action. */
void
tithe_review_page_toggle_compare (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;

  tithe_review_page_close_preview (self);
  if (tithe_review_page_is_comparing (self))
    on_compare_closed (self);
  else if (self->curation != NULL)
    tithe_review_page_compare (self);
}

/* tithe_review_page_bind_compare: what of the template is about comparing. */
void
tithe_review_page_bind_compare (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, compare);
  gtk_widget_class_bind_template_callback (klass, on_compare_closed);
  gtk_widget_class_bind_template_callback (klass, on_compare_pointed);
}
