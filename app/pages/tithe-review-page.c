/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include "tithe-css-class.h"
#include "tithe-format.h"
#include "tithe-term.h"
#include "tithe-wrap-layout.h"
#include "base/tithe-text.h"
#include "dataset/tithe-dataset-thumbnails.h"
#include "state/tithe-settings.h"

#include <glib/gi18n.h>
#include <math.h>

enum
{
  SAID,
  FAILED,
  EMPTIED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheReviewPage, tithe_review_page, ADW_TYPE_BIN)

/* tithe_review_page_get_hierarchy: (transfer none): what the subset is of; only where there is one. */
TitheHierarchy *
tithe_review_page_get_hierarchy (TitheReviewPage *self)
{
  return tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset));
}

/* tithe_review_page_set_rule: what represents a group; shown by the next update. */
void
tithe_review_page_set_rule (TitheReviewPage *self, TitheRepresentative rule)
{
  self->rule = rule;
  g_simple_action_set_state (self->rule_action, g_variant_new_string (tithe_representative_to_string (rule)));
}

/* --- what is shown of the cut --- */

G_GNUC_PRINTF (2, 3)
static void
add_fact (GString *text, const char *format, ...)
{
  g_autofree char *fact = NULL;
  va_list arguments;

  va_start (arguments, format);
  fact = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  tithe_text_add_fact (text, fact);
}

/* What is counted in the line below the slider: of all classes, or of one. */
typedef struct
{
  gsize n_images, n_kept, n_wanted, n_groups, n_reviewed;
  float lowest, highest;
} Counts;

static Counts
count_all (TitheReviewPage *self)
{
  const TitheSubsetTotals *totals = tithe_subset_get_totals (self->subset);
  Counts counts
      = { totals->n_images, totals->n_kept, totals->n_wanted, totals->n_groups, totals->n_reviewed_groups, 0, 0 };

  tithe_cut_get_heights (tithe_subset_get_cut (self->subset), &counts.lowest, &counts.highest);
  return counts;
}

static Counts
count_class (TitheReviewPage *self, guint class_index)
{
  TitheCut *cut = tithe_subset_get_cut (self->subset);
  const TitheClassCut *class = tithe_cut_get_class (cut, class_index);
  const Counts counts = { class->n_images, tithe_subset_get_class_kept (self->subset, class_index),     class->n_wanted,
                          class->n_groups, tithe_subset_get_class_reviewed (self->subset, class_index), class->height,
                          class->height };

  return counts;
}

static void
add_cut (GString *text, const Counts *counts)
{
  g_autofree char *low = tithe_format_dissimilarity (counts->lowest);
  g_autofree char *high = tithe_format_dissimilarity (counts->highest);

  if (g_str_equal (low, high))
    add_fact (text, _("cut at %s"), high);
  else
    add_fact (text, _("cut at %s to %s"), low, high);
}

static void
add_manual (GString *text, const TitheSubsetTotals *totals)
{
  g_autofree char *keep = tithe_format_count (totals->n_manually_kept);
  g_autofree char *discard = tithe_format_count (totals->n_manually_discarded);

  if (totals->n_manually_kept + totals->n_manually_discarded > 0)
    add_fact (text, _("by hand %s kept, %s discarded"), keep, discard);
}

static void
add_difference (GString *text, const Counts *counts)
{
  const gboolean more = counts->n_kept > counts->n_wanted;
  const gsize n_off = more ? counts->n_kept - counts->n_wanted : counts->n_wanted - counts->n_kept;
  g_autofree char *off = tithe_format_count (n_off);
  /* TRANSLATORS: images kept, against what the ratio asks for; comes after a comma */
  g_autofree char *item
      = g_strdup_printf (more ? ngettext ("%s more than the ratio", "%s more than the ratio", n_off)
                              : ngettext ("%s fewer than the ratio", "%s fewer than the ratio", n_off),
                         off);

  if (n_off > 0)
    tithe_text_add_item (text, item);
}

static void
show_progress (TitheReviewPage *self, const Counts *counts)
{
  g_autofree char *reviewed = tithe_format_count (counts->n_reviewed), *groups = tithe_format_count (counts->n_groups);
  /* TRANSLATORS: redundant groups that a person has looked at, such as “12 of 4,072 reviewed” */
  g_autofree char *progress = g_strdup_printf (_("%s of %s reviewed"), reviewed, groups);

  gtk_label_set_text (self->progress, progress);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), counts->n_reviewed > 0);
  tithe_review_page_fit_summary (self);
}

/* Asked for when it is to be seen: to set a tooltip asks the display server twice where the pointer is, in each step of the
 * slider. */
static gboolean
on_query_summary (GtkWidget *summary, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  g_autofree char *text = g_strdup_printf ("%s\n\n%s\n\n%s", gtk_label_get_text (GTK_LABEL (summary)),
                                           tithe_term_explain (TITHE_TERM_GROUP), tithe_term_explain (TITHE_TERM_CUT));

  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
set_up_summary (TitheReviewPage *self)
{
  GtkWidget *summary = GTK_WIDGET (self->summary);
  g_autofree char *terms
      = g_strdup_printf ("%s %s", tithe_term_explain (TITHE_TERM_GROUP), tithe_term_explain (TITHE_TERM_CUT));

  gtk_widget_set_has_tooltip (summary, TRUE);
  g_signal_connect (summary, "query-tooltip", G_CALLBACK (on_query_summary), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (summary), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, terms, -1);
}

/* A line may end with the sign between two facts; it does not begin with one. */
static void
keep_signs_in_front (GtkLabel *label)
{
  const char *text = gtk_label_get_text (label);
  PangoAttrList *attributes = pango_attr_list_new ();

  for (const char *sign = strstr (text, " ·"); sign != NULL; sign = strstr (sign + 1, " ·"))
    {
      PangoAttribute *attribute = pango_attr_allow_breaks_new (FALSE);

      attribute->start_index = (guint) (sign - text);
      attribute->end_index = attribute->start_index + (guint) strlen (" ·");
      pango_attr_list_insert (attributes, attribute);
    }
  gtk_label_set_attributes (label, attributes);
  pango_attr_list_unref (attributes);
}

/* Keeps 45,003 of 50,000 · 4,072 redundant groups · cut at 0.011 · by hand 12 kept, 3 discarded, 3 more than the ratio; or,
 * where a class is chosen, cat: keeps 4,000 of 5,000 · 766 redundant groups · cut at 0.012 · all classes keep 45,003 of 50,000 */
static void
update_summary (TitheReviewPage *self)
{
  const int class_index = tithe_class_list_get_selected (self->classes);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_review_page_get_hierarchy (self));
  const Counts all = count_all (self), counts = class_index < 0 ? all : count_class (self, (guint) class_index);
  g_autofree char *kept = tithe_format_count (counts.n_kept), *images = tithe_format_count (counts.n_images);
  g_autofree char *groups = tithe_format_count (counts.n_groups);
  g_autofree char *all_kept = tithe_format_count (all.n_kept), *all_images = tithe_format_count (all.n_images);
  g_autofree char *name = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (class_index < 0)
    /* TRANSLATORS: the line below the slider, such as “Keeps 45,003 of 50,000 · 4,072 redundant groups · cut at 0.011”,
     * after which may come “by hand 12 kept, 3 discarded, 3 more than the ratio”. The cut is where the dendrogram is cut. */
    add_fact (text, _("Keeps %s of %s"), kept, images);
  else
    {
      name = tithe_text_dup_apart (tithe_dataset_get_class_name (dataset, (guint) class_index));
      /* TRANSLATORS: a class, and how many of its images are kept, such as “cat: keeps 4,000 of 5,000” */
      add_fact (text, _("%s: keeps %s of %s"), name, kept, images);
    }
  add_fact (text, ngettext ("%s redundant group", "%s redundant groups", counts.n_groups), groups);
  add_cut (text, &counts);
  if (class_index < 0)
    add_manual (text, tithe_subset_get_totals (self->subset));
  add_difference (text, &counts);
  if (class_index >= 0)
    /* TRANSLATORS: stands behind the numbers of one class */
    add_fact (text, _("all classes keep %s of %s"), all_kept, all_images);
  gtk_label_set_text (self->summary, text->str);
  keep_signs_in_front (self->summary);
  gtk_widget_set_visible (GTK_WIDGET (self->exact),
                          all.n_kept != all.n_wanted || gtk_toggle_button_get_active (self->exact));
  show_progress (self, &counts);
}

/* Whether nothing is left out, and there is nothing. */
static gboolean
has_no_groups (TitheReviewPage *self)
{
  TitheGroupChoice shown = tithe_review_page_get_shown (self);
  const TitheSubsetTotals *totals = tithe_subset_get_totals (self->subset);

  if (totals->n_groups == 0)
    return TRUE;
  if (shown.class_index == TITHE_ALL_CLASSES || tithe_group_choice_filters (&shown) || *shown.text != '\0')
    return FALSE;
  return tithe_cut_get_class (tithe_subset_get_cut (self->subset), (guint) shown.class_index)->n_groups == 0;
}

/* Whether what is looked at is too large for the memory. */
static gboolean
is_refused (TitheReviewPage *self)
{
  TitheHierarchy *hierarchy = tithe_review_page_get_hierarchy (self);
  int class_index = tithe_class_list_get_selected (self->classes);

  if (class_index != TITHE_ALL_CLASSES)
    return tithe_hierarchy_get_need (hierarchy, (guint) class_index, NULL, NULL);
  return tithe_subset_get_totals (self->subset)->n_images == 0 && tithe_hierarchy_count_refused (hierarchy) > 0;
}

/* tithe_review_page_update_empty: what stands where there is no group. */
void
tithe_review_page_update_empty (TitheReviewPage *self)
{
  const TitheSubsetTotals *totals = self->subset ? tithe_subset_get_totals (self->subset) : NULL;
  const char *page = "groups";

  if (totals == NULL)
    {
      gtk_stack_set_visible_child_name (self->group_stack, tithe_review_page_is_opening (self) ? "opening" : "waiting");
      return;
    }
  if (tithe_group_list_get_n (self->list) == 0)
    page = is_refused (self)       ? "refused"
           : totals->n_images == 0 ? tithe_review_page_is_opening (self) ? "opening" : "waiting"
           : has_no_groups (self)  ? "none"
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

static void
update_panels (TitheReviewPage *self)
{
  if (self->curation != NULL && tithe_review_page_is_comparing (self))
    tithe_compare_view_refresh (self->compare);
  update_inspector (self);
  update_charts (self);
  tithe_review_page_update_preview (self);
}

/**
 * tithe_review_page_update:
 * @keep_place: whether the group that is looked at stays where it is
 *
 * Follows the slider and every choice: one pass over the groups, no allocation for each. Nothing while many choices change.
 */
void
tithe_review_page_update (TitheReviewPage *self, gboolean keep_place)
{
  TitheGroupChoice shown = tithe_review_page_get_shown (self);
  TitheSubsetChoice choice;

  if (self->subset == NULL || self->arranging)
    return;
  tithe_review_page_show_ratio (self);
  choice = tithe_review_page_get_choice (self);
  if (keep_place)
    tithe_group_view_hold_place (self->groups);
  tithe_subset_choose (self->subset, &choice);
  tithe_group_list_update (self->list, &shown);
  tithe_review_page_note_place (self, &shown);
  tithe_group_view_refresh (self->groups, keep_place);
  tithe_class_list_refresh (self->classes);
  update_summary (self);
  tithe_review_page_show_filter (self);
  tithe_review_page_update_empty (self);
  update_panels (self);
  tithe_review_page_bookmark_later (self);
}

static void
on_ratio_changed (TitheReviewPage *self)
{
  if (self->showing_ratio)
    return;
  tithe_review_page_follow_ratio (self);
  tithe_review_page_update (self, TRUE);
}

/* Something was decided, here or in another window. */
static void
on_decided (TitheReviewPage *self)
{
  tithe_review_page_drop_ratio (self);
  tithe_review_page_update (self, TRUE);
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
on_selection_changed (TitheReviewPage *self)
{
  tithe_review_page_follow_compare (self);
  update_inspector (self);
  tithe_review_page_update_preview (self);
  tithe_review_page_bookmark_later (self);
}

/* --- hierarchy and session --- */

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
  tithe_review_page_save_bookmark (self);
  tithe_review_page_forget_places (self);
  self->anchor = TITHE_IMAGE_NONE;
  tithe_review_page_close_preview (self);
  if (self->curation != NULL)
    tithe_review_page_finish_ratio (self);
  stop_following_classes (self);
  if (self->rule_dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (self->rule_dialog));
  self->arranging = TRUE;
  tithe_group_view_set_model (self->groups, NULL, NULL);
  tithe_class_list_set_subset (self->classes, NULL);
  tithe_ratio_bar_set_cut (self->ratio, NULL);
  tithe_review_set_subset (self->review, NULL, NULL);
  tithe_inspector_clear (self->inspector);
  tithe_chart_panel_show (self->charts, NULL, -1);
  tithe_review_page_drop_compare (self);
  self->arranging = FALSE;
  g_clear_handle_id (&self->news_source, g_source_remove);
  g_clear_pointer (&self->list, tithe_group_list_free);
  g_clear_pointer (&self->subset, tithe_subset_free);
  gtk_widget_set_sensitive (GTK_WIDGET (self->controls_fold), FALSE);
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
  tithe_review_page_set_rule (
      self, (TitheRepresentative) g_settings_get_enum (tithe_settings_get (), TITHE_SETTING_REPRESENTATIVE));
  self->subset = tithe_subset_new (hierarchy, NULL);
  self->list = tithe_group_list_new (self->subset);
  gtk_widget_set_sensitive (GTK_WIDGET (self->controls_fold), TRUE);
  self->thumbnails = tithe_dataset_new_thumbnails (dataset, get_cache_bytes (), 0, NULL, NULL);
  tithe_class_list_set_subset (self->classes, self->subset);
  tithe_ratio_bar_set_cut (self->ratio, tithe_subset_get_cut (self->subset));
  tithe_group_view_set_model (self->groups, self->list, self->thumbnails);
  tithe_review_page_update (self, FALSE);
}

/* A person who is still at the top sees the list fill; one who went somewhere stays there. */
static void
follow_classes (TitheReviewPage *self)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->groups));

  stop_following_classes (self);
  tithe_cut_refresh (tithe_subset_get_cut (self->subset));
  tithe_ratio_bar_refresh (self->ratio);
  tithe_review_page_update (self, gtk_adjustment_get_value (adjustment) > 0);
  tithe_review_page_go_to_bookmark (self);
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
        tithe_review_page_say (
            self, _("This session may not be written to: it can be looked at, and nothing decided in it"));
    }
  follow_classes (self);
  tithe_review_page_finish_bookmark (self);
}

/* tithe_review_page_set_choice: for the caller that arranges many things at once. */
void
tithe_review_page_set_choice (TitheReviewPage *self, const TitheSubsetChoice *choice)
{
  tithe_review_page_set_rule (self, choice->rule);
  tithe_ratio_bar_set_policy (self->ratio, choice->policy);
  self->all_ratio = choice->ratio;
  gtk_toggle_button_set_active (self->exact, choice->exact);
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

  tithe_review_page_leave_compare (self);
  self->arranging = TRUE;
  tithe_review_page_set_choice (self, choice);
  tithe_class_list_set_selected (self->classes, (int) class_index);
  self->arranging = FALSE;
  tithe_review_page_show_chosen (self);
}

/**
 * tithe_review_page_get_choice:
 *
 * Returns: how the subset is chosen, apart from what is decided by hand
 */
TitheSubsetChoice
tithe_review_page_get_choice (TitheReviewPage *self)
{
  return (TitheSubsetChoice){ tithe_review_page_get_known_ratio (self), tithe_ratio_bar_get_policy (self->ratio),
                              self->rule, gtk_toggle_button_get_active (self->exact) };
}

/**
 * tithe_review_page_add_overlay:
 * @widget: (transfer floating): as large as the page
 *
 * Lays something over all of the page.
 */
void
tithe_review_page_add_overlay (TitheReviewPage *self, GtkWidget *widget)
{
  g_return_if_fail (TITHE_IS_REVIEW_PAGE (self));

  gtk_overlay_add_overlay (GTK_OVERLAY (adw_bin_get_child (ADW_BIN (self))), widget);
}

/* (transfer none): where the groups are shown. */
TitheGroupView *
tithe_review_page_get_group_view (TitheReviewPage *self)
{
  return self->groups;
}

/* (transfer none): the slider with its curve. */
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
 * tithe_review_page_list_shown:
 * @n: how many at most
 *
 * Returns: (transfer full) (element-type TitheGroup): the first groups that are shown
 */
GArray *
tithe_review_page_list_shown (TitheReviewPage *self, gsize n)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (TitheGroup));

  for (gsize i = 0; self->list != NULL && i < MIN (n, tithe_group_list_get_n_groups (self->list)); i++)
    g_array_append_val (groups, *tithe_group_list_get (self->list, i));
  return groups;
}

/* In the list: the first group of which something is in view, and the last. */
static gboolean
find_in_view (TitheReviewPage *self, gsize *first, gsize *last)
{
  g_autoptr (GArray) images = tithe_group_view_list_in_view (self->groups);
  guint32 member;

  return self->list != NULL && images->len > 0
         && tithe_group_list_find_image (self->list, g_array_index (images, guint32, 0), first, &member)
         && tithe_group_list_find_image (self->list, g_array_index (images, guint32, images->len - 1), last, &member)
         && *last < tithe_group_list_get_n_groups (self->list);
}

/**
 * tithe_review_page_list_groups:
 * @n: how many there are to be where there are more to choose from than are selected or in view
 *
 * Returns: (transfer full) (element-type TitheGroup): groups that are selected, or where not two are, those in view and what
 *   follows them, or the first that are shown where none is in view
 */
GArray *
tithe_review_page_list_groups (TitheReviewPage *self, guint n)
{
  GArray *groups = tithe_review_list_groups (self->review);
  gsize first, last, n_groups;

  if (groups->len > 1)
    return groups;
  g_array_unref (groups);
  if (!find_in_view (self, &first, &last))
    return tithe_review_page_list_shown (self, n);
  groups = g_array_new (FALSE, FALSE, sizeof (TitheGroup));
  n_groups = tithe_group_list_get_n_groups (self->list);
  for (gsize i = first; i <= last || (groups->len < n && i < n_groups); i++)
    g_array_append_val (groups, *tithe_group_list_get (self->list, i));
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

/* tithe_review_page_get_subset: (transfer none) (nullable): what is shown now */
TitheSubset *
tithe_review_page_get_subset (TitheReviewPage *self)
{
  return self->subset;
}

/**
 * tithe_review_page_dup_figure:
 *
 * Returns: (transfer full) (nullable): the figure of what is shown now
 */
TitheFigure *
tithe_review_page_dup_figure (TitheReviewPage *self, TitheFigureKind kind)
{
  return self->subset ? tithe_figure_new_with_class (kind, self->subset, tithe_class_list_get_selected (self->classes))
                      : NULL;
}

/* --- deciding --- */

/* tithe_review_page_say: something in passing. */
void
tithe_review_page_say (TitheReviewPage *self, const char *message)
{
  g_signal_emit (self, signals[SAID], 0, message, FALSE);
}

static void
on_said (TitheReviewPage *self, const char *message, gboolean undoable)
{
  g_signal_emit (self, signals[SAID], 0, message, undoable);
}

/* Another class was chosen, or filters hide it. */
static void
on_hidden (TitheReviewPage *self, guint image)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_review_page_get_hierarchy (self));
  int class_index = (int) tithe_dataset_get_label (dataset, image);

  if (tithe_review_page_get_class (self) != TITHE_ALL_CLASSES && tithe_review_page_get_class (self) != class_index)
    tithe_class_list_set_selected (self->classes, class_index);
  else
    tithe_review_page_clear_filters (NULL, NULL, self);
}

static void
on_not_decided (TitheReviewPage *self, const char *message)
{
  tithe_review_page_drop_ratio (self);
  tithe_review_page_update (self, TRUE);
  g_signal_emit (self, signals[FAILED], 0, _("Nothing Was Decided"), message);
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
  g_signal_connect_object (self->review, "hidden", G_CALLBACK (on_hidden), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->review, "failed", G_CALLBACK (on_not_decided), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inspector_flap, "notify::reveal-flap", G_CALLBACK (update_panels), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->groups, "selection-changed", G_CALLBACK (on_selection_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->groups, "activated", G_CALLBACK (on_activated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->groups)), "value-changed",
                           G_CALLBACK (tithe_review_page_bookmark_later), self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect_object (wheel, "scroll", G_CALLBACK (on_wheel), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->group_stack), wheel);
  tithe_review_page_set_up_preview (self);
}

/* --- settings --- */

/* How thumbnails look: the style sheet knows the colours. */
static void
follow_settings (TitheReviewPage *self)
{
  static const char *const colours[] = { "frame-green", "frame-blue", "frame-orange", "frame-purple" };
  GSettings *settings = tithe_settings_get ();
  int colour = g_settings_get_enum (settings, TITHE_SETTING_FRAME_COLOUR);

  for (int i = 0; i < (int) G_N_ELEMENTS (colours); i++)
    tithe_css_class_set (GTK_WIDGET (self), colours[i], i == colour);
  if (self->thumbnails != NULL)
    tithe_thumbnails_set_max_bytes (self->thumbnails, get_cache_bytes ());
}

static void
set_up_settings (TitheReviewPage *self)
{
  GSettings *settings = tithe_settings_get ();

  g_settings_bind (settings, TITHE_SETTING_THUMBNAIL_SIZE, self->edge, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, TITHE_SETTING_DIM_DISCARDED, self->groups, "dimming", G_SETTINGS_BIND_GET);
  g_settings_bind (settings, TITHE_SETTING_DIFFERENCE_GAIN, self->compare, "gain", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (settings, "changed", G_CALLBACK (follow_settings), self, G_CONNECT_SWAPPED);
  follow_settings (self);
}

static void
tithe_review_page_dispose (GObject *object)
{
  TitheReviewPage *self = TITHE_REVIEW_PAGE (object);

  if (self->review != NULL)
    drop_subset (self);
  g_clear_weak_pointer (&self->rule_dialog);
  g_clear_handle_id (&self->bookmark_source, g_source_remove);
  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  g_clear_object (&self->review);
  g_clear_object (&self->rule_action);
  g_clear_object (&self->classes_action);
  g_clear_object (&self->inspector_action);
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
  signals[EMPTIED]
      = g_signal_new ("emptied", TITHE_TYPE_REVIEW_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (TITHE_TYPE_CHART_PANEL);
  g_type_ensure (TITHE_TYPE_CLASS_LIST);
  g_type_ensure (TITHE_TYPE_COMPARE_VIEW);
  g_type_ensure (TITHE_TYPE_FOLD_BIN);
  g_type_ensure (TITHE_TYPE_GROUP_VIEW);
  g_type_ensure (TITHE_TYPE_INSPECTOR);
  g_type_ensure (TITHE_TYPE_LIGHTBOX);
  g_type_ensure (TITHE_TYPE_RATIO_BAR);
  g_type_ensure (TITHE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-review-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, flap);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, classes_fold);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, inspector_fold);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, inspector_flap);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, group_stack);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, panels);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, content_stack);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, charts);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, progress);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, inspector);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, preview);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, exact);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, edge);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, classes);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, groups);
  gtk_widget_class_bind_template_child (widget_class, TitheReviewPage, ratio);
  tithe_review_page_bind_filter (widget_class);
  tithe_review_page_bind_compare (widget_class);
  tithe_review_page_bind_ratio (widget_class);
  tithe_review_page_bind_controls (widget_class);
  tithe_review_page_bind_opening (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_ratio_changed);
  gtk_widget_class_bind_template_callback (widget_class, update_panels);
}

static void
tithe_review_page_init (TitheReviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->wished_class = TITHE_ALL_CLASSES;
  self->anchor = TITHE_IMAGE_NONE;
  self->all_ratio = tithe_ratio_bar_get_ratio (self->ratio);
  self->rule_action = g_simple_action_new_stateful ("rule", G_VARIANT_TYPE_STRING,
                                                    g_variant_new_string (tithe_representative_to_string (self->rule)));
  g_signal_connect_object (self->rule_action, "change-state", G_CALLBACK (tithe_review_page_change_rule), self,
                           G_CONNECT_SWAPPED);
  set_up_summary (self);
  set_up_review (self);
  set_up_settings (self);
  tithe_review_page_set_up_panels (self);
  tithe_review_page_set_up_controls (self);
  tithe_review_page_set_up_opening (self);
  tithe_review_page_set_up_filter (self);
}

/* (transfer floating): a page without a project. */
GtkWidget *
tithe_review_page_new (void)
{
  return g_object_new (TITHE_TYPE_REVIEW_PAGE, NULL);
}
