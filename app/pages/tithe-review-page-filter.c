/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include "tithe-css-class.h"
#include "tithe-format.h"

#include <glib/gi18n.h>

/* Chips, in their order. */
enum
{
  FILTER_REVIEW,
  FILTER_SIZES,
  FILTER_SPREADS,
};

/* tithe_review_page_get_shown: class, view, order and filters; the text belongs to the search. */
TitheGroupChoice
tithe_review_page_get_shown (TitheReviewPage *self)
{
  return (TitheGroupChoice){ .class_index = tithe_class_list_get_selected (self->classes),
                             .sort = (TitheGroupSort) gtk_drop_down_get_selected (self->sort),
                             .view = (TitheGroupViewKind) gtk_drop_down_get_selected (self->shown),
                             .singles = gtk_toggle_button_get_active (self->singles),
                             .review = (TitheReviewFilter) gtk_drop_down_get_selected (self->review_filter),
                             .min_size = (guint32) tithe_range_histogram_get_low (self->sizes),
                             .max_size = (guint32) tithe_range_histogram_get_high (self->sizes),
                             .min_spread = tithe_range_histogram_get_low (self->spreads),
                             .max_spread = tithe_range_histogram_get_high (self->spreads),
                             .text = gtk_editable_get_text (GTK_EDITABLE (self->search)) };
}

static void
set_filters (TitheReviewPage *self, const TitheGroupChoice *shown)
{
  gtk_drop_down_set_selected (self->review_filter, shown->review);
  tithe_range_histogram_set_range (self->sizes, shown->min_size > 2 ? (float) shown->min_size : 0,
                                   (float) shown->max_size);
  tithe_range_histogram_set_range (self->spreads, shown->min_spread, shown->max_spread);
}

/* tithe_review_page_set_shown: as far as it is there; for the caller that arranges many things at once. */
void
tithe_review_page_set_shown (TitheReviewPage *self, const TitheGroupChoice *shown)
{
  guint n_classes = tithe_dataset_get_n_classes (tithe_hierarchy_get_dataset (tithe_review_page_get_hierarchy (self)));
  const char *text = shown->text ? shown->text : "";

  tithe_class_list_set_selected (self->classes,
                                 shown->class_index < (int) n_classes ? shown->class_index : TITHE_ALL_CLASSES);
  gtk_drop_down_set_selected (self->sort, shown->sort);
  gtk_drop_down_set_selected (self->shown, shown->view);
  gtk_toggle_button_set_active (self->singles, shown->singles);
  set_filters (self, shown);
  /* Its own text would be gone before it is set. */
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (self->search)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self->search), text);
}

/* --- what is filtered by --- */

static void
show_chips (TitheReviewPage *self, const TitheGroupChoice *shown)
{
  g_autofree char *sizes = tithe_format_size_range (shown->min_size, shown->max_size);
  g_autofree char *spreads = tithe_format_spread_range (shown->min_spread, shown->max_spread);
  GtkStringObject *review = gtk_drop_down_get_selected_item (self->review_filter);

  tithe_filter_chips_set (self->chips, FILTER_REVIEW,
                          shown->review != TITHE_REVIEW_ANY ? gtk_string_object_get_string (review) : NULL);
  tithe_filter_chips_set (self->chips, FILTER_SIZES, shown->min_size > 2 || shown->max_size > 0 ? sizes : NULL);
  tithe_filter_chips_set (self->chips, FILTER_SPREADS, shown->min_spread > 0 || shown->max_spread > 0 ? spreads : NULL);
}

/* How many of the groups of the class, or of all, are shown. */
static void
show_number (TitheReviewPage *self, const TitheGroupChoice *shown)
{
  gsize n = tithe_subset_get_totals (self->subset)->n_groups;
  g_autofree char *listed = tithe_format_count (tithe_group_list_get_n_groups (self->list)), *all = NULL, *text = NULL;

  if (shown->class_index != TITHE_ALL_CLASSES)
    n = tithe_cut_get_class (tithe_subset_get_cut (self->subset), (guint) shown->class_index)->n_groups;
  all = tithe_format_count (n);
  /* TRANSLATORS: how many of the redundant groups are shown, such as “12 of 4,072 groups” */
  text = g_strdup_printf (ngettext ("%s of %s group", "%s of %s groups", n), listed, all);
  gtk_label_set_text (self->n_filtered, shown->view == TITHE_VIEW_GROUPS ? text : "");
}

/* tithe_review_page_show_filter: tells what is filtered out of the list as it is now; to be called when it was updated. */
void
tithe_review_page_show_filter (TitheReviewPage *self)
{
  TitheGroupChoice shown = tithe_review_page_get_shown (self);
  TitheHistogram sizes, spreads;

  tithe_css_class_set (GTK_WIDGET (self->filter), "filtering", tithe_group_choice_filters (&shown));
  show_chips (self, &shown);
  gtk_widget_set_visible (self->clear_filters, tithe_group_choice_filters (&shown) || *shown.text != '\0');
  if (self->list == NULL || !gtk_widget_get_mapped (GTK_WIDGET (gtk_menu_button_get_popover (self->filter))))
    return;
  tithe_group_list_measure (self->list, &sizes, &spreads);
  tithe_range_histogram_show (self->sizes, &sizes);
  tithe_range_histogram_show (self->spreads, &spreads);
  show_number (self, &shown);
}

static void
on_choice_changed (TitheReviewPage *self)
{
  tithe_review_page_show_chosen (self);
}

/* Whether the focus is on what is gone when nothing is filtered. */
static gboolean
is_focus_on_filters (TitheReviewPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && (focus == self->clear_filters || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->chips)));
}

/* Class, filters and search at once. Who pressed a chip is with the groups afterwards. */
static void
choose (TitheReviewPage *self, const TitheGroupChoice *shown)
{
  const gboolean focused = is_focus_on_filters (self);

  if (self->subset == NULL)
    return;
  /* What gets hidden has given the focus on before; the groups may be hidden, too, until they are listed. */
  if (focused && gtk_widget_get_mapped (GTK_WIDGET (self->groups)))
    tithe_group_view_focus (self->groups);
  else if (focused)
    gtk_widget_child_focus (GTK_WIDGET (self->ratio), GTK_DIR_TAB_FORWARD);
  self->arranging = TRUE;
  tithe_review_page_set_shown (self, shown);
  self->arranging = FALSE;
  tithe_review_page_show_chosen (self);
  if (focused)
    tithe_group_view_focus (self->groups);
}

/* Without what is filtered by the chip's filter. */
static void
on_chip_removed (TitheReviewPage *self, guint filter)
{
  TitheGroupChoice shown = tithe_review_page_get_shown (self);

  if (filter == FILTER_REVIEW)
    shown.review = TITHE_REVIEW_ANY;
  else if (filter == FILTER_SIZES)
    shown.min_size = shown.max_size = 0;
  else
    shown.min_spread = shown.max_spread = 0;
  choose (self, &shown);
}

/* Also called a while after a text was set that is looked for already. */
static void
on_search_changed (TitheReviewPage *self)
{
  if (self->list != NULL
      && !tithe_group_list_has_text (self->list, gtk_editable_get_text (GTK_EDITABLE (self->search))))
    tithe_review_page_show_chosen (self);
}

/* Sizes or a class were pressed in a chart: that is what is looked at next, or no longer. */
static void
on_chart_chosen (TitheReviewPage *self, int class_index, guint min_size, guint max_size)
{
  TitheGroupChoice shown = tithe_review_page_get_shown (self);

  if (min_size > 0 && shown.min_size == min_size && shown.max_size == max_size)
    shown.min_size = shown.max_size = 0;
  else if (min_size > 0)
    {
      shown.min_size = min_size;
      shown.max_size = max_size;
    }
  else
    shown.class_index = shown.class_index == class_index ? TITHE_ALL_CLASSES : class_index;
  choose (self, &shown);
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
  TitheGroupChoice shown = tithe_review_page_get_shown (self);

  tithe_group_choice_clear (&shown);
  choose (self, &shown);
}

/* tithe_review_page_bind_filter: what of the template chooses groups. */
void
tithe_review_page_bind_filter (GtkWidgetClass *klass)
{
  g_type_ensure (TITHE_TYPE_FILTER_CHIPS);
  g_type_ensure (TITHE_TYPE_RANGE_HISTOGRAM);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, filter);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, sort);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, shown);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, review_filter);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, sizes);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, spreads);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, n_filtered);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, chips);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, clear_filters);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, search);
  gtk_widget_class_bind_template_child (klass, TitheReviewPage, singles);
  gtk_widget_class_bind_template_callback (klass, on_chart_chosen);
  gtk_widget_class_bind_template_callback (klass, on_chip_removed);
  gtk_widget_class_bind_template_callback (klass, on_choice_changed);
  gtk_widget_class_bind_template_callback (klass, on_search_changed);
  gtk_widget_class_bind_template_callback (klass, on_search_stopped);
}

/* tithe_review_page_set_up_filter: bars are counted when they are looked at. */
void
tithe_review_page_set_up_filter (TitheReviewPage *self)
{
  g_signal_connect_object (gtk_menu_button_get_popover (self->filter), "map",
                           G_CALLBACK (tithe_review_page_show_filter), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}
