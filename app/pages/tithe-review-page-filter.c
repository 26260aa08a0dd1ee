/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include "tithe-css-class.h"

/* tithe_review_page_get_shown: class, view, order and filters; the text belongs to the search. */
TitheGroupChoice
tithe_review_page_get_shown (TitheReviewPage *self)
{
  double max_spread = gtk_adjustment_get_value (self->max_spread_adjustment);

  return (TitheGroupChoice){ .class_index = tithe_class_list_get_selected (self->classes),
                             .sort = (TitheGroupSort) gtk_drop_down_get_selected (self->sort),
                             .view = (TitheGroupViewKind) gtk_drop_down_get_selected (self->shown),
                             .singles = gtk_toggle_button_get_active (self->singles),
                             .review = (TitheReviewFilter) gtk_drop_down_get_selected (self->review_filter),
                             .min_size = (guint32) gtk_adjustment_get_value (self->min_size_adjustment),
                             .min_spread = (float) gtk_adjustment_get_value (self->min_spread_adjustment),
                             .max_spread = max_spread < 2 ? (float) max_spread : 0,
                             .text = gtk_editable_get_text (GTK_EDITABLE (self->search)) };
}

/* tithe_review_page_update_filter_button: tells whether something is filtered out. */
void
tithe_review_page_update_filter_button (TitheReviewPage *self, const TitheGroupChoice *shown)
{
  gboolean filtered
      = shown->review != TITHE_REVIEW_ANY || shown->min_size > 2 || shown->min_spread > 0 || shown->max_spread > 0;

  tithe_css_class_set (GTK_WIDGET (self->filter), "filtering", filtered);
}

/* tithe_review_page_set_shown: as far as it is there; for the caller that arranges many things at once. */
void
tithe_review_page_set_shown (TitheReviewPage *self, const TitheGroupChoice *shown)
{
  guint n_classes = tithe_dataset_get_n_classes (tithe_hierarchy_get_dataset (tithe_review_page_get_hierarchy (self)));

  tithe_class_list_set_selected (self->classes,
                                 shown->class_index < (int) n_classes ? shown->class_index : TITHE_ALL_CLASSES);
  gtk_drop_down_set_selected (self->sort, shown->sort);
  gtk_drop_down_set_selected (self->shown, shown->view);
  gtk_drop_down_set_selected (self->review_filter, shown->review);
  gtk_toggle_button_set_active (self->singles, shown->singles);
  gtk_adjustment_set_value (self->min_size_adjustment, shown->min_size);
  gtk_adjustment_set_value (self->min_spread_adjustment, (double) shown->min_spread);
  gtk_adjustment_set_value (self->max_spread_adjustment, shown->max_spread > 0 ? (double) shown->max_spread : 2);
  gtk_editable_set_text (GTK_EDITABLE (self->search), shown->text ? shown->text : "");
}

static void
on_choice_changed (TitheReviewPage *self)
{
  tithe_review_page_show_chosen (self);
}

/* Also called a while after a text was set that is looked for already. */
static void
on_search_changed (TitheReviewPage *self)
{
  if (self->list != NULL
      && !tithe_group_list_has_text (self->list, gtk_editable_get_text (GTK_EDITABLE (self->search))))
    tithe_review_page_show_chosen (self);
}

/* A class was pressed in a chart, and perhaps a size: that is what is looked at next, or no longer. */
static void
on_chart_chosen (TitheReviewPage *self, guint class_index, guint size)
{
  gboolean again = tithe_class_list_get_selected (self->classes) == (int) class_index;

  self->arranging = TRUE;
  if (size > 0)
    {
      again &= gtk_adjustment_get_value (self->min_size_adjustment) == size;
      gtk_adjustment_set_value (self->min_size_adjustment, again ? 2 : size);
    }
  tithe_class_list_set_selected (self->classes, again ? TITHE_ALL_CLASSES : (int) class_index);
  self->arranging = FALSE;
  tithe_review_page_show_chosen (self);
}

static void
on_search_stopped (TitheReviewPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->groups));
}

/* tithe_review_page_clear_filters: an action. */
void
tithe_review_page_clear_filters (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;

  self->arranging = TRUE;
  gtk_drop_down_set_selected (self->review_filter, TITHE_REVIEW_ANY);
  gtk_adjustment_set_value (self->min_size_adjustment, 2);
  gtk_adjustment_set_value (self->min_spread_adjustment, 0);
  gtk_adjustment_set_value (self->max_spread_adjustment, 2);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  self->arranging = FALSE;
  tithe_review_page_show_chosen (self);
}

/* tithe_review_page_bind_filter: what of the template chooses groups. */
void
tithe_review_page_bind_filter (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, filter);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, sort);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, shown);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, review_filter);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, min_size_adjustment);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, min_spread_adjustment);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, max_spread_adjustment);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, search);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, singles);
  gtk_widget_class_bind_template_callback (klass, on_chart_chosen);
  gtk_widget_class_bind_template_callback (klass, on_choice_changed);
  gtk_widget_class_bind_template_callback (klass, on_search_changed);
  gtk_widget_class_bind_template_callback (klass, on_search_stopped);
}
