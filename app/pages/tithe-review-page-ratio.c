/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include <math.h>

/* What the slider sets: the ratio of all classes, or, where a class is chosen that has one of its own, that class's. */

/* A slider that is dragged is one step, which is written as soon as it rests. */
#define REST_MS 400

/* The class whose own ratio the slider sets, or %TITHE_ALL_CLASSES. */
static int
get_own_class (TitheReviewPage *self)
{
  return gtk_toggle_button_get_active (self->own) ? tithe_class_list_get_selected (self->classes) : TITHE_ALL_CLASSES;
}

static void
forget_wish (TitheReviewPage *self)
{
  g_clear_handle_id (&self->own_source, g_source_remove);
  if (self->subset != NULL && self->wished_class >= 0)
    tithe_subset_set_class_ratio (self->subset, (guint) self->wished_class, 0);
  self->wished_class = TITHE_ALL_CLASSES;
}

/* Looks again where another step is on its way to the disk. */
static gboolean
write_wish (gpointer data)
{
  TitheReviewPage *self = data;
  const guint source = self->own_source;

  self->own_source = 0;
  if (tithe_review_set_class_ratio (self->review, (guint) self->wished_class, self->wished_ratio))
    return G_SOURCE_REMOVE;
  self->own_source = source;
  return G_SOURCE_CONTINUE;
}

static void
wish (TitheReviewPage *self, int class_index, double ratio)
{
  if (self->wished_class != class_index)
    tithe_review_page_finish_ratio (self);
  g_clear_handle_id (&self->own_source, g_source_remove);
  self->wished_class = class_index;
  self->wished_ratio = ratio;
  tithe_subset_set_class_ratio (self->subset, (guint) class_index, ratio);
  self->own_source = g_timeout_add (REST_MS, write_wish, self);
}

/* tithe_review_page_finish_ratio: writes what the slider was moved to, before something else comes */
void
tithe_review_page_finish_ratio (TitheReviewPage *self)
{
  const gboolean pending = self->own_source != 0;
  const int class_index = self->wished_class;

  forget_wish (self);
  if (pending)
    tithe_review_set_class_ratio (self->review, (guint) class_index, self->wished_ratio);
}

/* tithe_review_page_drop_ratio: the wish could not be written, or is in the session now */
void
tithe_review_page_drop_ratio (TitheReviewPage *self)
{
  if (self->own_source == 0)
    forget_wish (self);
}

/* tithe_review_page_follow_ratio: the slider was moved; to be followed by tithe_review_page_update() */
void
tithe_review_page_follow_ratio (TitheReviewPage *self)
{
  const double ratio = tithe_ratio_bar_get_ratio (self->ratio);
  int class_index = get_own_class (self);

  if (self->showing_ratio || self->arranging)
    return;
  if (class_index == TITHE_ALL_CLASSES || self->subset == NULL)
    self->all_ratio = ratio;
  else if (fabs (ratio - tithe_subset_get_class_ratio (self->subset, (guint) class_index)) > 1e-9)
    wish (self, class_index, ratio);
}

/* tithe_review_page_get_known_ratio: what was asked for of all classes, or, where the images were not clustered that far down, the lowest ratio that the slider has */
double
tithe_review_page_get_known_ratio (TitheReviewPage *self)
{
  const double floor = self->subset ? tithe_cut_get_floor (tithe_subset_get_cut (self->subset),
                                                           tithe_ratio_bar_get_policy (self->ratio))
                                    : 0;

  return MAX (self->all_ratio, ceil (floor * 1000 - 1e-6) / 1000);
}

/* How many classes have ratios of their own: the curve of all is that of the others. */
static guint
count_own (TitheReviewPage *self)
{
  guint n_classes = tithe_dataset_get_n_classes (tithe_hierarchy_get_dataset (tithe_review_page_get_hierarchy (self))),
        n = 0;

  for (guint c = 0; c < n_classes; c++)
    n += tithe_subset_get_class_ratio (self->subset, c) > 0;
  return n;
}

/* tithe_review_page_show_ratio: the slider, its curve and its button show what holds for the class that is looked at */
void
tithe_review_page_show_ratio (TitheReviewPage *self)
{
  int class_index = tithe_class_list_get_selected (self->classes);
  double own = class_index >= 0 ? tithe_subset_get_class_ratio (self->subset, (guint) class_index) : 0;
  guint n_own = count_own (self);

  if (self->wished_class >= 0 && self->wished_class != class_index)
    tithe_review_page_finish_ratio (self);
  self->showing_ratio = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->own), class_index >= 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->own),
                            self->curation != NULL
                                && !tithe_journal_is_read_only (tithe_curation_get_journal (self->curation)));
  gtk_toggle_button_set_active (self->own, own > 0);
  tithe_ratio_bar_set_class (self->ratio, own > 0 ? class_index : TITHE_ALL_CLASSES);
  tithe_ratio_bar_set_ratio (self->ratio, own > 0 ? own : self->all_ratio);
  if (n_own != self->n_own)
    tithe_ratio_bar_refresh (self->ratio);
  self->n_own = n_own;
  self->showing_ratio = FALSE;
}

/* The class keeps what it keeps, and has that ratio of its own; or it has that of all again. */
static void
on_own_toggled (TitheReviewPage *self)
{
  int class_index = tithe_class_list_get_selected (self->classes);
  gboolean own = gtk_toggle_button_get_active (self->own);

  if (self->showing_ratio || self->curation == NULL || class_index < 0)
    return;
  forget_wish (self);
  tithe_review_set_class_ratio (self->review, (guint) class_index, own ? self->all_ratio : 0);
  tithe_review_page_update (self, TRUE);
}

/* tithe_review_page_bind_ratio: the button that this file is about */
void
tithe_review_page_bind_ratio (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, own);
  gtk_widget_class_bind_template_callback (klass, on_own_toggled);
}

/**
 * tithe_review_page_set_ratio:
 * @ratio: the share of the images to keep, of all classes that have no ratio of their own
 */
void
tithe_review_page_set_ratio (TitheReviewPage *self, double ratio)
{
  g_return_if_fail (TITHE_IS_REVIEW_PAGE (self));

  self->all_ratio = ratio;
  if (self->subset != NULL)
    tithe_review_page_update (self, TRUE);
  else
    tithe_ratio_bar_set_ratio (self->ratio, ratio);
}
