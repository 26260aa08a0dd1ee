/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include <glib/gi18n.h>

/* The page before there is a group on it: what is being read, how far that is, and a way to leave it. */

static void
on_page_shown (TitheReviewPage *self)
{
  g_signal_emit_by_name (self, "emptied");
}

/**
 * tithe_review_page_show_opening:
 * @name: (nullable): of what is read
 * @path: (nullable): where that is
 * @job: (nullable): that reads it; %NULL when there is none any more
 *
 * Tells of it as long as there is nothing else to see.
 */
void
tithe_review_page_show_opening (TitheReviewPage *self, const char *name, const char *path, TitheJob *job)
{
  g_autofree char *shown_name = NULL, *shown_path = NULL, *title = NULL, *description = NULL;

  g_return_if_fail (TITHE_IS_REVIEW_PAGE (self));

  self->opening = job != NULL;
  tithe_job_bar_set_job (self->opening_bar, job);
  if (job != NULL)
    {
      shown_name = g_utf8_make_valid (name, -1);
      shown_path = g_filename_display_name (path);
      title = g_markup_printf_escaped (_("Opening “%s”"), shown_name);
      description = g_markup_escape_text (shown_path, -1);
      adw_status_page_set_title (self->opening_page, title);
      adw_status_page_set_description (self->opening_page, description);
    }
  tithe_review_page_update_empty (self);
}

/* tithe_review_page_is_opening: whether something is read, seen or not. */
gboolean
tithe_review_page_is_opening (TitheReviewPage *self)
{
  return self->opening;
}

/* tithe_review_page_shows_opening: whether there is nothing to see but that something is read. */
gboolean
tithe_review_page_shows_opening (TitheReviewPage *self)
{
  g_return_val_if_fail (TITHE_IS_REVIEW_PAGE (self), FALSE);
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->group_stack), "opening") == 0;
}

/* tithe_review_page_bind_opening: what of the template is about it. */
void
tithe_review_page_bind_opening (GtkWidgetClass *klass)
{
  g_type_ensure (TITHE_TYPE_JOB_BAR);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, opening_page);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, opening_bar);
}

/* tithe_review_page_set_up_opening: tells of what comes and goes. */
void
tithe_review_page_set_up_opening (TitheReviewPage *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->controls_fold), FALSE);
  g_signal_connect_object (self->group_stack, "notify::visible-child", G_CALLBACK (on_page_shown), self,
                           G_CONNECT_SWAPPED);
}
