/* SPDX-License-Identifier: MIT */
#include "tithe-review-page.h"

#include "tithe-chart-panel.h"
#include "tithe-class-list.h"
#include "tithe-compare-view.h"
#include "tithe-format.h"
#include "tithe-inspector.h"
#include "tithe-review.h"
#include "dialogs/tithe-rule-dialog.h"
#include "window/tithe-settings.h"
#include "tithe-wrap-layout.h"

#include <glib/gi18n.h>
#include <math.h>

/* Who scrolls does not write a bookmark for each line. */
#define BOOKMARK_MS 500
/* Pixels: where a group is shown that is not where it was. */
#define BOOKMARK_BELOW_TOP 12

struct _TitheReviewPage
{
  AdwBin parent_instance;

  AdwFlap *flap, *inspector_flap;
  GtkStack *content_stack, *group_stack, *panels;
  GtkLabel *summary, *progress;
  GtkMenuButton *filter;
  GtkDropDown *sort, *shown, *review_filter;
  GtkAdjustment *min_size_adjustment, *min_spread_adjustment, *max_spread_adjustment;
  GtkSearchEntry *search;
  TitheInspector *inspector;
  TitheChartPanel *charts;
  TitheCompareView *compare;
  GtkToggleButton *exact, *singles;
  GtkAdjustment *edge;
  TitheClassList *classes;
  TitheGroupView *groups;
  TitheRatioBar *ratio;
  GMenu *group_menu;

  TitheReview *review;
  TitheThumbnails *thumbnails;
  TitheEmbedding *embedding; /* (nullable) */
  TitheCuration *curation;   /* NULL while classes are clustered */
  TitheSubset *subset;
  TitheGroupList *list;
  TitheRepresentative rule;
  GSimpleAction *rule_action;
  char *session;           /* NULL while classes are clustered */
  TitheBookmark *bookmark; /* (nullable): to go to as soon as its groups are there */
  gboolean arranging;      /* many choices change at once */
  guint bookmark_source;
  guint classes_tick; /* follows classes that were finished, in the next frame */
  guint news_source;  /* looks whether another window decided something */
};

enum
{
  SAID,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheReviewPage, tithe_review_page, ADW_TYPE_BIN)

static TitheHierarchy *
get_hierarchy (TitheReviewPage *self)
{
  return tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset));
}

static void
set_rule (TitheReviewPage *self, TitheRepresentative rule)
{
  self->rule = rule;
  g_simple_action_set_state (self->rule_action, g_variant_new_string (tithe_representative_to_string (rule)));
}

/* --- bookmarks --- */

static void
save_bookmark (TitheReviewPage *self)
{
  g_autoptr (TitheBookmark) bookmark = NULL;
  g_autoptr (GError) error = NULL;

  if (self->bookmark_source == 0)
    return;
  g_clear_handle_id (&self->bookmark_source, g_source_remove);
  bookmark = tithe_review_page_dup_bookmark (self);
  if (self->session != NULL && !tithe_bookmark_save (bookmark, self->session, &error))
    g_warning ("%s", error->message);
}

static gboolean
on_bookmark_due (gpointer data)
{
  save_bookmark (data);
  return G_SOURCE_REMOVE;
}

static void
bookmark_later (TitheReviewPage *self)
{
  if (self->session != NULL && self->bookmark_source == 0)
    self->bookmark_source = g_timeout_add (BOOKMARK_MS, on_bookmark_due, self);
}

/* To the first of the images that were in view and that are in a group now: once, then the person goes where they like. */
static void
go_to_bookmark (TitheReviewPage *self)
{
  GArray *images = self->bookmark ? self->bookmark->images : NULL;

  for (guint i = 0; images != NULL && i < images->len; i++)
    if (tithe_group_view_go_to (self->groups, g_array_index (images, guint32, i),
                                i == 0 ? self->bookmark->below_top : BOOKMARK_BELOW_TOP))
      g_array_set_size (images, 0);
}

/* When every class is there. */
static void
finish_bookmark (TitheReviewPage *self)
{
  TitheBookmark *bookmark = self->bookmark;

  go_to_bookmark (self);
  if (bookmark != NULL)
    tithe_group_view_set_selected (self->groups, (const guint32 *) (gpointer) bookmark->selected->data,
                                   bookmark->selected->len, bookmark->cursor);
  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
}

/* --- what is shown of the cut --- */

/* Keeps 45,003 of 50,000 - 4,072 redundant groups - cut at 0.011 - 12 kept and 3 discarded by hand, 3 more than wanted */
static void
update_summary (TitheReviewPage *self)
{
  const TitheSubsetTotals *totals = tithe_subset_get_totals (self->subset);
  g_autofree char *kept = tithe_format_count (totals->n_kept), *images = tithe_format_count (totals->n_images);
  g_autofree char *groups = tithe_format_count (totals->n_groups), *low = NULL, *high = NULL, *reviewed = NULL;
  g_autofree char *progress = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  float lowest, highest;

  tithe_cut_get_heights (tithe_subset_get_cut (self->subset), &lowest, &highest);
  low = tithe_format_dissimilarity (lowest);
  high = tithe_format_dissimilarity (highest);
  if (g_str_equal (low, high))
    g_string_printf (text, _("Keeps %s of %s - %s redundant groups - cut at %s"), kept, images, groups, high);
  else
    g_string_printf (text, _("Keeps %s of %s - %s redundant groups - cut at %s to %s"), kept, images, groups, low,
                     high);
  if (totals->n_kept_by_hand + totals->n_discarded_by_hand > 0)
    {
      g_autofree char *keep = tithe_format_count (totals->n_kept_by_hand);
      g_autofree char *discard = tithe_format_count (totals->n_discarded_by_hand);

      g_string_append_printf (text, _(" - by hand %s kept, %s discarded"), keep, discard);
    }
  if (totals->n_kept != totals->n_wanted)
    {
      gboolean more = totals->n_kept > totals->n_wanted;
      g_autofree char *off
          = tithe_format_count (more ? totals->n_kept - totals->n_wanted : totals->n_wanted - totals->n_kept);

      g_string_append_printf (text, more ? _(", %s more than the ratio") : _(", %s fewer than the ratio"), off);
    }
  gtk_label_set_text (self->summary, text->str);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->summary), text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->exact),
                          totals->n_kept != totals->n_wanted || gtk_toggle_button_get_active (self->exact));
  reviewed = tithe_format_count (totals->n_reviewed_groups);
  progress = g_strdup_printf (_("%s of %s reviewed"), reviewed, groups);
  gtk_label_set_text (self->progress, progress);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), totals->n_reviewed_groups > 0);
}

/* Whether what is looked at is too large for the memory. */
static gboolean
is_refused (TitheReviewPage *self)
{
  TitheHierarchy *hierarchy = get_hierarchy (self);
  int class_index = tithe_class_list_get_selected (self->classes);

  if (class_index != TITHE_ALL_CLASSES)
    return tithe_hierarchy_get_need (hierarchy, (guint) class_index, NULL, NULL);
  return tithe_subset_get_totals (self->subset)->n_images == 0 && tithe_hierarchy_count_refused (hierarchy) > 0;
}

static void
update_empty (TitheReviewPage *self)
{
  const TitheSubsetTotals *totals = tithe_subset_get_totals (self->subset);
  const char *page = "groups";

  if (tithe_group_list_get_n (self->list) == 0)
    page = is_refused (self)       ? "refused"
           : totals->n_images == 0 ? "waiting"
           : totals->n_groups == 0 ? "none"
                                   : "filtered";
  gtk_stack_set_visible_child_name (self->group_stack, page);
}

/* The image with the cursor, or what changed about it. */
static void
update_inspector (TitheReviewPage *self)
{
  guint32 image;
  gsize index;

  if (self->curation == NULL || !adw_flap_get_reveal_flap (self->inspector_flap)
      || g_strcmp0 (gtk_stack_get_visible_child_name (self->panels), "image") != 0)
    return;
  if (tithe_group_view_get_cursor (self->groups, &image, &index))
    tithe_inspector_show (self->inspector, self->subset, self->embedding, image);
  else
    tithe_inspector_clear (self->inspector);
}

static void
update_charts (TitheReviewPage *self)
{
  if (self->subset != NULL && adw_flap_get_reveal_flap (self->inspector_flap)
      && g_strcmp0 (gtk_stack_get_visible_child_name (self->panels), "charts") == 0)
    tithe_chart_panel_show (self->charts, self->subset, tithe_class_list_get_selected (self->classes));
}

static gboolean
is_comparing (TitheReviewPage *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->content_stack), "compare") == 0;
}

static void
update_panels (TitheReviewPage *self)
{
  if (self->curation != NULL && is_comparing (self))
    tithe_compare_view_refresh (self->compare, self->subset, self->embedding);
  update_inspector (self);
  update_charts (self);
}

static TitheGroupChoice
get_shown (TitheReviewPage *self)
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

static void
update_filter_button (TitheReviewPage *self, const TitheGroupChoice *shown)
{
  gboolean filtered
      = shown->review != TITHE_REVIEW_ANY || shown->min_size > 2 || shown->min_spread > 0 || shown->max_spread > 0;

  if (filtered)
    gtk_widget_add_css_class (GTK_WIDGET (self->filter), "filtering");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->filter), "filtering");
}

/* Follows the slider and every choice; one pass over the groups, no allocation for each. */
static void
update_groups (TitheReviewPage *self, gboolean keep_place)
{
  TitheGroupChoice shown = get_shown (self);
  TitheSubsetChoice choice = tithe_review_page_get_choice (self);

  if (self->subset == NULL || self->arranging)
    return;
  if (keep_place)
    tithe_group_view_hold_place (self->groups);
  tithe_subset_choose (self->subset, &choice);
  tithe_group_list_update (self->list, &shown);
  tithe_group_view_refresh (self->groups, keep_place);
  tithe_class_list_refresh (self->classes);
  update_summary (self);
  update_filter_button (self, &shown);
  update_empty (self);
  update_panels (self);
  bookmark_later (self);
}

static void
on_ratio_changed (TitheReviewPage *self)
{
  update_groups (self, TRUE);
}

static void
on_choice_changed (TitheReviewPage *self)
{
  update_groups (self, FALSE);
}

/* Also called a while after a text was set that is looked for already. */
static void
on_search_changed (TitheReviewPage *self)
{
  if (self->list != NULL
      && !tithe_group_list_has_text (self->list, gtk_editable_get_text (GTK_EDITABLE (self->search))))
    update_groups (self, FALSE);
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
  update_groups (self, FALSE);
}

/* Something was decided, here or in another window. */
static void
on_decided (TitheReviewPage *self)
{
  update_groups (self, TRUE);
  tithe_review_update (self->review);
}

static gboolean
look_for_news (gpointer data)
{
  TitheReviewPage *self = data;
  g_autoptr (GError) error = NULL;
  gboolean changed = FALSE;

  if (self->curation != NULL && tithe_curation_catch_up (self->curation, &changed, &error) && changed)
    on_decided (self);
  return G_SOURCE_CONTINUE;
}

static void
on_edge_changed (TitheReviewPage *self)
{
  tithe_group_view_set_edge (self->groups, (int) gtk_adjustment_get_value (self->edge));
}

/* --- comparing --- */

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

static void
compare (TitheReviewPage *self)
{
  g_autoptr (GArray) images = list_compared (self);

  if (images->len < 2)
    {
      g_signal_emit (self, signals[SAID], 0, _("Select two images or more to compare them"), FALSE);
      return;
    }
  gtk_stack_set_visible_child_name (self->content_stack, "compare");
  tithe_compare_view_show (self->compare, tithe_hierarchy_get_dataset (get_hierarchy (self)),
                           (const guint32 *) (gpointer) images->data, images->len);
  tithe_compare_view_refresh (self->compare, self->subset, self->embedding);
}

static void
on_compare (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;

  if (is_comparing (self))
    on_compare_closed (self);
  else if (self->curation != NULL)
    compare (self);
}

/* Who compares and goes on to the next group compares that. */
static void
on_selection_changed (TitheReviewPage *self)
{
  guint32 image;
  gsize index;

  if (is_comparing (self) && tithe_group_view_get_cursor (self->groups, &image, &index)
      && !tithe_compare_view_has (self->compare, image))
    compare (self);
  update_inspector (self);
  bookmark_later (self);
}

/* --- hierarchy and session --- */

static TithePixels *
load_thumbnail (gpointer source, gsize image, guint max_edge, GError **error)
{
  return tithe_dataset_read_pixels (source, image, max_edge, error);
}

static gsize
get_cache_bytes (void)
{
  return (gsize) g_settings_get_int (tithe_settings_get (), TITHE_SETTING_CACHE_SIZE) << 20;
}

static void
stop_following_classes (TitheReviewPage *self)
{
  if (self->classes_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->classes_tick);
  self->classes_tick = 0;
}

static void
drop_subset (TitheReviewPage *self)
{
  save_bookmark (self);
  stop_following_classes (self);
  self->arranging = TRUE;
  tithe_group_view_set_model (self->groups, NULL, NULL);
  tithe_class_list_set_subset (self->classes, NULL);
  tithe_ratio_bar_set_cut (self->ratio, NULL);
  tithe_review_set_subset (self->review, NULL, NULL);
  tithe_inspector_clear (self->inspector);
  tithe_chart_panel_show (self->charts, NULL, -1);
  tithe_compare_view_clear (self->compare);
  gtk_stack_set_visible_child_name (self->content_stack, "groups");
  self->arranging = FALSE;
  g_clear_handle_id (&self->news_source, g_source_remove);
  g_clear_pointer (&self->list, tithe_group_list_free);
  g_clear_pointer (&self->subset, tithe_subset_free);
  g_clear_pointer (&self->curation, tithe_curation_free);
  g_clear_pointer (&self->thumbnails, tithe_thumbnails_free);
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  g_clear_pointer (&self->session, g_free);
}

/**
 * tithe_review_page_set_hierarchy:
 * @hierarchy: (nullable): of which no class may be known yet
 *
 * Shows another hierarchy, without decisions until tithe_review_page_set_session().
 */
void
tithe_review_page_set_hierarchy (TitheReviewPage *self, TitheHierarchy *hierarchy)
{
  TitheDataset *dataset;

  g_return_if_fail (TITHE_IS_REVIEW_PAGE (self));

  drop_subset (self);
  if (hierarchy == NULL)
    return;
  dataset = tithe_hierarchy_get_dataset (hierarchy);
  set_rule (self, (TitheRepresentative) g_settings_get_enum (tithe_settings_get (), TITHE_SETTING_REPRESENTATIVE));
  self->subset = tithe_subset_new (hierarchy, NULL);
  self->list = tithe_group_list_new (self->subset);
  self->thumbnails = tithe_thumbnails_new (load_thumbnail, tithe_dataset_ref (dataset),
                                           (GDestroyNotify) tithe_dataset_unref, get_cache_bytes ());
  tithe_class_list_set_subset (self->classes, self->subset);
  tithe_ratio_bar_set_cut (self->ratio, tithe_subset_get_cut (self->subset));
  tithe_group_view_set_model (self->groups, self->list, self->thumbnails);
  update_groups (self, FALSE);
}

/* A person who is still at the top sees the list fill; one who went somewhere stays there. */
static void
follow_classes (TitheReviewPage *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->groups));

  stop_following_classes (self);
  tithe_cut_refresh (tithe_subset_get_cut (self->subset));
  tithe_ratio_bar_refresh (self->ratio);
  update_groups (self, gtk_adjustment_get_value (adjustment) > 0);
  go_to_bookmark (self);
}

static gboolean
on_classes_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  follow_classes (TITHE_REVIEW_PAGE (widget));
  return G_SOURCE_REMOVE;
}

/**
 * tithe_review_page_class_finished:
 *
 * The hierarchy knows one more class, or more. The page follows once in the next frame, however many there are until then:
 * each time takes O(images) time, and thousands of classes may be finished in a second.
 */
void
tithe_review_page_class_finished (TitheReviewPage *self)
{
  g_return_if_fail (TITHE_IS_REVIEW_PAGE (self));

  if (self->subset != NULL && self->classes_tick == 0)
    self->classes_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_classes_tick, NULL, NULL);
}

/**
 * tithe_review_page_set_session:
 * @session: path of the file that holds the hierarchy
 * @curation: (transfer full) (nullable): what was decided in it; %NULL where that can't be read
 * @embedding: (nullable): what it was computed from
 *
 * Every class is there, and a place for decisions: those that were made hold from now on.
 */
void
tithe_review_page_set_session (TitheReviewPage *self, const char *session, TitheCuration *curation,
                               TitheEmbedding *embedding)
{
  g_return_if_fail (TITHE_IS_REVIEW_PAGE (self));

  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  self->embedding = embedding ? tithe_embedding_ref (embedding) : NULL;
  g_free (self->session);
  self->session = g_strdup (session);
  self->curation = curation;
  if (curation != NULL)
    {
      tithe_subset_set_curation (self->subset, curation);
      tithe_review_set_subset (self->review, self->subset, self->list);
      self->news_source = g_timeout_add_seconds (1, look_for_news, self);
      if (tithe_journal_is_read_only (tithe_curation_get_journal (curation)))
        g_signal_emit (self, signals[SAID], 0,
                       _("This session may not be written to: it can be looked at, and nothing decided in it"), FALSE);
    }
  follow_classes (self);
  finish_bookmark (self);
}

/* While arranging. */
static void
set_choice (TitheReviewPage *self, const TitheSubsetChoice *choice)
{
  set_rule (self, choice->rule);
  tithe_ratio_bar_set_policy (self->ratio, choice->policy);
  tithe_ratio_bar_set_ratio (self->ratio, choice->ratio);
  gtk_toggle_button_set_active (self->exact, choice->exact);
}

/**
 * tithe_review_page_set_bookmark:
 * @bookmark: (transfer full): of this dataset
 *
 * Shows what it marks, as far as it is there.
 */
void
tithe_review_page_set_bookmark (TitheReviewPage *self, TitheBookmark *bookmark)
{
  const TitheGroupChoice *shown = &bookmark->shown;
  guint n_classes = tithe_dataset_get_n_classes (tithe_hierarchy_get_dataset (get_hierarchy (self)));

  g_return_if_fail (TITHE_IS_REVIEW_PAGE (self));

  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  self->bookmark = bookmark;
  self->arranging = TRUE;
  set_choice (self, &bookmark->subset);
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
  self->arranging = FALSE;
  update_groups (self, FALSE);
  go_to_bookmark (self);
}

/**
 * tithe_review_page_show_class:
 * @choice: how the subset is chosen
 *
 * Shows the groups of a class, and of no other, in a subset.
 */
void
tithe_review_page_show_class (TitheReviewPage *self, guint class_index, const TitheSubsetChoice *choice)
{
  g_return_if_fail (TITHE_IS_REVIEW_PAGE (self));

  self->arranging = TRUE;
  set_choice (self, choice);
  tithe_class_list_set_selected (self->classes, (int) class_index);
  self->arranging = FALSE;
  update_groups (self, FALSE);
}

/**
 * tithe_review_page_dup_bookmark:
 *
 * Returns: (transfer full): what is looked at
 */
TitheBookmark *
tithe_review_page_dup_bookmark (TitheReviewPage *self)
{
  TitheBookmark *bookmark = tithe_bookmark_new ();
  gsize index;

  g_return_val_if_fail (TITHE_IS_REVIEW_PAGE (self), bookmark);

  bookmark->subset = tithe_review_page_get_choice (self);
  bookmark->shown = get_shown (self);
  bookmark->shown.text = g_strdup (bookmark->shown.text);
  g_array_unref (bookmark->images);
  bookmark->images = tithe_group_view_list_in_view (self->groups);
  if (bookmark->images->len > 0)
    tithe_group_view_get_place (self->groups, g_array_index (bookmark->images, guint32, 0), &bookmark->below_top);
  g_array_unref (bookmark->selected);
  bookmark->selected = tithe_group_view_list_selected (self->groups);
  if (!tithe_group_view_get_cursor (self->groups, &bookmark->cursor, &index))
    bookmark->cursor = TITHE_IMAGE_NONE;
  return bookmark;
}

/**
 * tithe_review_page_get_choice:
 *
 * Returns: how the subset is chosen, beside what is decided by hand
 */
TitheSubsetChoice
tithe_review_page_get_choice (TitheReviewPage *self)
{
  return (TitheSubsetChoice){ tithe_ratio_bar_get_ratio (self->ratio), tithe_ratio_bar_get_policy (self->ratio),
                              self->rule, gtk_toggle_button_get_active (self->exact) };
}

TitheGroupView *
tithe_review_page_get_group_view (TitheReviewPage *self)
{
  return self->groups;
}

TitheRatioBar *
tithe_review_page_get_ratio_bar (TitheReviewPage *self)
{
  return self->ratio;
}

/**
 * tithe_review_page_get_curation:
 *
 * Returns: (transfer none) (nullable): what is decided, %NULL while classes are clustered
 */
TitheCuration *
tithe_review_page_get_curation (TitheReviewPage *self)
{
  return self->curation;
}

/**
 * tithe_review_page_get_class:
 *
 * Returns: the class that is looked at, or -1
 */
int
tithe_review_page_get_class (TitheReviewPage *self)
{
  return tithe_class_list_get_selected (self->classes);
}

/**
 * tithe_review_page_get_subset:
 *
 * Returns: (transfer none) (nullable): what is shown now
 */
TitheSubset *
tithe_review_page_get_subset (TitheReviewPage *self)
{
  return self->subset;
}

/**
 * tithe_review_page_list_groups:
 * @n: how many at most
 *
 * Returns: (transfer full) (element-type TitheGroup): groups that are selected, or where not two are, the first that are
 *   shown
 */
GArray *
tithe_review_page_list_groups (TitheReviewPage *self, guint n)
{
  GArray *groups = tithe_review_list_groups (self->review);

  if (groups->len < 2)
    {
      g_array_set_size (groups, 0);
      for (gsize i = 0; self->list != NULL && i < MIN (n, tithe_group_list_get_n_groups (self->list)); i++)
        g_array_append_val (groups, *tithe_group_list_get (self->list, i));
    }
  if (groups->len > n)
    g_array_set_size (groups, n);
  return groups;
}

/**
 * tithe_review_page_show_singles:
 *
 * Shows or hides the images that stand alone.
 */
void
tithe_review_page_show_singles (TitheReviewPage *self, gboolean show)
{
  gtk_toggle_button_set_active (self->singles, show);
}

/**
 * tithe_review_page_dup_figure:
 *
 * Returns: (transfer full) (nullable): the figure of what is shown now
 */
TitheFigure *
tithe_review_page_dup_figure (TitheReviewPage *self, TitheFigureKind kind)
{
  return self->subset ? tithe_figure_new (kind, self->subset) : NULL;
}

/* --- actions --- */

static void
on_zoom (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;
  double steps = g_variant_get_int32 (parameter);

  gtk_adjustment_set_value (self->edge, gtk_adjustment_get_value (self->edge) * pow (1.25, steps));
}

static void
on_find (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_widget_grab_focus (GTK_WIDGET (TITHE_REVIEW_PAGE (user_data)->search));
}

static void
on_search_stopped (TitheReviewPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->groups));
}

static void
on_clear_filters (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;

  self->arranging = TRUE;
  gtk_drop_down_set_selected (self->review_filter, TITHE_REVIEW_ANY);
  gtk_adjustment_set_value (self->min_size_adjustment, 2);
  gtk_adjustment_set_value (self->min_spread_adjustment, 0);
  gtk_adjustment_set_value (self->max_spread_adjustment, 2);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  self->arranging = FALSE;
  update_groups (self, FALSE);
}

static void
on_apply (TitheReviewPage *self, TitheRulePlan *plan)
{
  tithe_review_apply (self->review, plan);
}

static void
on_decide_many (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;
  g_autoptr (GArray) selected = NULL, shown = g_array_new (FALSE, FALSE, sizeof (TitheGroup));
  TitheSubsetChoice choice = tithe_review_page_get_choice (self);
  GtkWidget *dialog;

  if (self->curation == NULL || tithe_journal_is_read_only (tithe_curation_get_journal (self->curation)))
    return;
  selected = tithe_review_list_groups (self->review);
  for (gsize i = 0; i < tithe_group_list_get_n_groups (self->list); i++)
    g_array_append_val (shown, *tithe_group_list_get (self->list, i));
  dialog = tithe_rule_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->curation, &choice,
                                  selected, shown);
  g_signal_connect_object (dialog, "apply", G_CALLBACK (on_apply), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_rule (TitheReviewPage *self, GVariant *state)
{
  TitheRepresentative rule;

  if (!tithe_representative_from_string (g_variant_get_string (state, NULL), &rule))
    return;
  set_rule (self, rule);
  update_groups (self, TRUE);
}

static const GActionEntry actions[] = {
  { .name = "zoom", .activate = on_zoom, .parameter_type = "i" },
  { .name = "find", .activate = on_find },
  { .name = "compare", .activate = on_compare },
  { .name = "decide-many", .activate = on_decide_many },
  { .name = "clear-filters", .activate = on_clear_filters },
};

/**
 * tithe_review_page_add_actions:
 *
 * Lets the window's actions do what the page can: zoom, find, clear-filters, rule, classes, inspector, and the group
 * “review” of decisions.
 */
void
tithe_review_page_add_actions (TitheReviewPage *self, AdwApplicationWindow *window)
{
  g_autoptr (GPropertyAction) classes = g_property_action_new ("classes", self->flap, "reveal-flap");
  g_autoptr (GPropertyAction) panel = g_property_action_new ("panel", self->panels, "visible-child-name");
  g_autoptr (GPropertyAction) inspector = g_property_action_new ("inspector", self->inspector_flap, "reveal-flap");

  g_return_if_fail (TITHE_IS_REVIEW_PAGE (self));

  g_action_map_add_action_entries (G_ACTION_MAP (window), actions, G_N_ELEMENTS (actions), self);
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (self->rule_action));
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (classes));
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (inspector));
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (panel));
  gtk_widget_insert_action_group (GTK_WIDGET (window), "review", tithe_review_get_actions (self->review));
}

/* --- deciding --- */

static void
on_said (TitheReviewPage *self, const char *message)
{
  g_signal_emit (self, signals[SAID], 0, message,
                 self->curation != NULL && g_strcmp0 (tithe_curation_get_undo_name (self->curation), message) == 0);
}

static void
on_not_decided (TitheReviewPage *self, const char *message)
{
  g_signal_emit (self, signals[FAILED], 0, _("Nothing Was Decided"), message);
}

static const struct
{
  guint key;
  GdkModifierType modifiers;
  const char *action;
} keys[] = {
  { GDK_KEY_k, 0, "review.keep" },         { GDK_KEY_d, 0, "review.discard" },
  { GDK_KEY_Delete, 0, "review.discard" }, { GDK_KEY_r, 0, "review.representative" },
  { GDK_KEY_a, 0, "review.automatic" },    { GDK_KEY_d, GDK_SHIFT_MASK, "review.discard-others" },
  { GDK_KEY_s, 0, "review.split" },        { GDK_KEY_m, 0, "review.merge" },
  { GDK_KEY_Return, 0, "review.done" },    { GDK_KEY_KP_Enter, 0, "review.done" },
  { GDK_KEY_n, 0, "review.next" },         { GDK_KEY_slash, 0, "win.find" },
  { GDK_KEY_c, 0, "win.compare" },
};

/* Letters are for the groups alone: in the search they are letters. */
static void
add_keys (GtkWidget *widget)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, keys[i].modifiers),
                                                            gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (widget, controller);
}

static void
on_activated (TitheReviewPage *self)
{
  adw_flap_set_reveal_flap (self->inspector_flap, TRUE);
  update_inspector (self);
}

static gboolean
on_wheel (GtkEventControllerScroll *scroll, double dx, double dy, TitheReviewPage *self)
{
  if ((gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (scroll)) & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  gtk_adjustment_set_value (self->edge, gtk_adjustment_get_value (self->edge) * pow (1.12, -dy));
  return GDK_EVENT_STOP;
}

static void
set_up_review (TitheReviewPage *self)
{
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  self->review = tithe_review_new (self->groups, self->inspector);
  g_signal_connect_object (self->review, "changed", G_CALLBACK (on_decided), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->review, "said", G_CALLBACK (on_said), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->review, "failed", G_CALLBACK (on_not_decided), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inspector_flap, "notify::reveal-flap", G_CALLBACK (update_panels), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->groups, "selection-changed", G_CALLBACK (on_selection_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->groups, "activated", G_CALLBACK (on_activated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->groups)), "value-changed",
                           G_CALLBACK (bookmark_later), self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect_object (wheel, "scroll", G_CALLBACK (on_wheel), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->group_stack), wheel);
  add_keys (GTK_WIDGET (self->groups));
  add_keys (GTK_WIDGET (self->compare));
  tithe_group_view_set_menu (self->groups, G_MENU_MODEL (self->group_menu));
}

/* --- settings --- */

static void
set_css_class (GtkWidget *widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

/* How thumbnails look: the style sheet knows the colours. */
static void
follow_settings (TitheReviewPage *self)
{
  static const char *const colours[] = { "frame-green", "frame-blue", "frame-orange", "frame-purple" };
  GSettings *settings = tithe_settings_get ();
  int colour = g_settings_get_enum (settings, TITHE_SETTING_FRAME_COLOUR);

  for (int i = 0; i < (int) G_N_ELEMENTS (colours); i++)
    set_css_class (GTK_WIDGET (self->groups), colours[i], i == colour);
  tithe_group_view_set_dimming (self->groups, g_settings_get_boolean (settings, TITHE_SETTING_DIM_DISCARDED));
  if (self->thumbnails != NULL)
    tithe_thumbnails_set_max_bytes (self->thumbnails, get_cache_bytes ());
}

static void
set_up_settings (TitheReviewPage *self)
{
  GSettings *settings = tithe_settings_get ();

  g_settings_bind (settings, TITHE_SETTING_THUMBNAIL_SIZE, self->edge, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, TITHE_SETTING_INSPECTOR, self->inspector_flap, "reveal-flap", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (settings, "changed", G_CALLBACK (follow_settings), self, G_CONNECT_SWAPPED);
  follow_settings (self);
}

static void
tithe_review_page_dispose (GObject *object)
{
  TitheReviewPage *self = TITHE_REVIEW_PAGE (object);

  if (self->review != NULL)
    drop_subset (self);
  g_clear_handle_id (&self->bookmark_source, g_source_remove);
  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  g_clear_object (&self->review);
  g_clear_object (&self->rule_action);
  G_OBJECT_CLASS (tithe_review_page_parent_class)->dispose (object);
}

static void
tithe_review_page_class_init (TitheReviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_review_page_dispose;
  signals[SAID] = g_signal_new ("said", TITHE_TYPE_REVIEW_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[FAILED] = g_signal_new ("failed", TITHE_TYPE_REVIEW_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  2, G_TYPE_STRING, G_TYPE_STRING);
  g_type_ensure (TITHE_TYPE_CHART_PANEL);
  g_type_ensure (TITHE_TYPE_CLASS_LIST);
  g_type_ensure (TITHE_TYPE_COMPARE_VIEW);
  g_type_ensure (TITHE_TYPE_GROUP_VIEW);
  g_type_ensure (TITHE_TYPE_INSPECTOR);
  g_type_ensure (TITHE_TYPE_RATIO_BAR);
  g_type_ensure (TITHE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-review-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, flap);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, inspector_flap);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, group_stack);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, panels);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, content_stack);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, compare);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, charts);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, progress);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, filter);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, sort);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, shown);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, review_filter);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, min_size_adjustment);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, min_spread_adjustment);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, max_spread_adjustment);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, search);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, inspector);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, exact);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, singles);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, edge);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, classes);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, groups);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, ratio);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, group_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_ratio_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_chart_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_compare_closed);
  gtk_widget_class_bind_template_callback (widget_class, on_compare_pointed);
  gtk_widget_class_bind_template_callback (widget_class, update_panels);
  gtk_widget_class_bind_template_callback (widget_class, on_choice_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stopped);
  gtk_widget_class_bind_template_callback (widget_class, on_edge_changed);
}

static void
tithe_review_page_init (TitheReviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rule_action = g_simple_action_new_stateful ("rule", G_VARIANT_TYPE_STRING,
                                                    g_variant_new_string (tithe_representative_to_string (self->rule)));
  g_signal_connect_object (self->rule_action, "change-state", G_CALLBACK (on_rule), self, G_CONNECT_SWAPPED);
  set_up_review (self);
  set_up_settings (self);
}

GtkWidget *
tithe_review_page_new (void)
{
  return g_object_new (TITHE_TYPE_REVIEW_PAGE, NULL);
}
