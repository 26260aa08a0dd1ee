/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

/*
 * The controls above the groups take two lines: the ratio, and what it keeps with what is shown. Where they are too narrow for
 * that, slider, entry and numbers stay, and what is used less is in a popover.
 */

/* Characters of the line of numbers that are always seen: up to the count of groups. */
#define STATUS_CHARS 40
#define NARROW_STATUS_CHARS 12
/* What the buttons beside them are as high as. */
#define STATUS_LINES 2

/* tithe_review_page_fit_summary: the numbers may have the line that the progress does not take. */
void
tithe_review_page_fit_summary (TitheReviewPage *self)
{
  const gboolean narrow = tithe_fold_bin_get_narrow (self->controls_fold);
  const gboolean progress = gtk_widget_get_visible (GTK_WIDGET (self->progress));

  gtk_label_set_lines (self->summary, narrow || !progress ? STATUS_LINES : 1);
}

static void
follow_fold (TitheReviewPage *self)
{
  const gboolean narrow = tithe_fold_bin_get_narrow (self->controls_fold);

  gtk_menu_button_popdown (self->options);
  /* In the popover they stand in the order of the two lines, the size of thumbnails last as there. */
  tithe_ratio_bar_set_narrow (self->ratio, narrow, self->options_box);
  tithe_fold_bin_move (self->tools, narrow ? self->options_box : self->status_line);
  tithe_fold_bin_move (self->size_scale, self->options_box);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->tools),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_visible (self->size_button, !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->options), narrow);
  gtk_label_set_width_chars (self->summary, narrow ? NARROW_STATUS_CHARS : STATUS_CHARS);
  tithe_review_page_fit_summary (self);
}

/* tithe_review_page_find: an action, to where paths are searched. */
void
tithe_review_page_find (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;

  tithe_review_page_leave_compare (self);
  if (tithe_fold_bin_get_narrow (self->controls_fold))
    gtk_menu_button_popup (self->options);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

/* tithe_review_page_bind_controls: what of the template gives way. */
void
tithe_review_page_bind_controls (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, controls_fold);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, status_line);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, tools);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, size_button);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, size_scale);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, options);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, options_box);
}

/* tithe_review_page_set_up_controls: makes them follow the width. */
void
tithe_review_page_set_up_controls (TitheReviewPage *self)
{
  g_signal_connect_object (self->controls_fold, "notify::narrow", G_CALLBACK (follow_fold), self, G_CONNECT_SWAPPED);
  follow_fold (self);
}
