/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-review-page.h"

#include "tithe-chart-panel.h"
#include "tithe-class-list.h"
#include "tithe-compare-view.h"
#include "tithe-filter-chips.h"
#include "tithe-fold-bin.h"
#include "tithe-inspector.h"
#include "tithe-job-bar.h"
#include "tithe-lightbox.h"
#include "tithe-range-histogram.h"
#include "tithe-review.h"

G_BEGIN_DECLS

/*
 * The page over several files: which groups are shown (-filter), where a person is (-bookmark) and was (-place), a few images
 * side by side (-compare), one over all others (-preview), what the slider sets (-ratio), the panels beside the groups (-panels),
 * the controls above them (-controls), what is being read (-opening), and actions with their keys (-actions).
 * Those that have children or handlers in the template bind them.
 */
struct _TitheReviewPage
{
  AdwBin parent_instance;

  AdwFlap *flap, *inspector_flap;
  TitheFoldBin *classes_fold, *inspector_fold, *controls_fold;
  GtkWidget *tools, *size_button, *size_scale;
  GtkMenuButton *options;
  GtkBox *options_box, *status_line;
  AdwStatusPage *opening_page;
  TitheJobBar *opening_bar;
  GtkStack *content_stack, *group_stack, *panels;
  GtkLabel *summary, *progress, *n_filtered;
  GtkMenuButton *filter;
  GtkWidget *clear_filters;
  TitheRangeHistogram *sizes, *spreads;
  TitheFilterChips *chips;
  GtkDropDown *sort, *shown, *review_filter;
  GtkSearchEntry *search;
  TitheInspector *inspector;
  TitheChartPanel *charts;
  TitheCompareView *compare;
  TitheLightbox *preview;
  GtkToggleButton *exact, *own, *singles;
  GtkAdjustment *edge;
  gboolean classes_wanted; /* beside the groups, where there is room */
  TitheClassList *classes;
  TitheGroupView *groups;
  TitheRatioBar *ratio;

  TitheReview *review;
  TitheThumbnails *thumbnails;
  TitheEmbedding *embedding; /* (nullable) */
  TitheCuration *curation;   /* NULL while classes are clustered */
  TitheSubset *subset;
  TitheGroupList *list;
  TitheRepresentative rule;
  double all_ratio;      /* of the classes that have none of their own */
  int wished_class;      /* whose own ratio the slider was moved to, which is not in the session yet; else TITHE_ALL_CLASSES */
  double wished_ratio;
  guint own_source;      /* writes it */
  guint n_own;           /* classes with ratios of their own */
  gboolean showing_ratio; /* the slider follows what is decided, and not the other way round */
  gboolean opening; /* something is read, of which nothing may be there yet */
  GSimpleAction *rule_action;
  GAction *classes_action, *inspector_action; /* NULL until there is a window */
  char *session;           /* NULL while classes are clustered */
  TitheBookmark *bookmark; /* (nullable): to go to as soon as its groups are there */
  guint32 anchor;          /* that was gone to last, or TITHE_IMAGE_NONE, and where it was put */
  double anchor_below_top;
  gboolean arranging;      /* many choices change at once */
  gboolean tabbing;        /* the focus was last moved by Tab, and not by the pointer */
  GtkWidget *rule_dialog;  /* (nullable): about the subset */
  GHashTable *places;      /* (nullable): where a person was, by what was shown */
  char *place;             /* (nullable): what is shown, in them */
  int place_class;         /* of what is shown */
  gboolean place_singles;
  guint32 preview_image;   /* that is over all others, and what of it was known last */
  gboolean preview_listed; /* whether it is in the list */
  gsize preview_index;
  guint32 preview_member;
  GArray *preview_among; /* (nullable): guint32, images that were selected, to go through */
  GArray *compare_selected;            /* (nullable): guint32, what was selected before images were compared */
  guint32 compare_cursor, compare_top; /* images, TITHE_IMAGE_NONE where there is none */
  double compare_below_top;
  gboolean compare_moved; /* on to another group */
  guint bookmark_source;
  guint classes_tick; /* follows classes that were finished, in the next frame */
  guint news_source;  /* looks whether another window decided something */
};

/* The page. */
TitheHierarchy  *tithe_review_page_get_hierarchy        (TitheReviewPage *self);
void             tithe_review_page_set_rule             (TitheReviewPage *self, TitheRepresentative rule);
void             tithe_review_page_set_choice           (TitheReviewPage *self, const TitheSubsetChoice *choice);
void             tithe_review_page_update               (TitheReviewPage *self, gboolean keep_place);
void             tithe_review_page_bind_ratio           (GtkWidgetClass *klass);
void             tithe_review_page_follow_ratio         (TitheReviewPage *self);
double           tithe_review_page_get_known_ratio      (TitheReviewPage *self);
void             tithe_review_page_show_ratio           (TitheReviewPage *self);
void             tithe_review_page_finish_ratio         (TitheReviewPage *self);
void             tithe_review_page_drop_ratio           (TitheReviewPage *self);
void             tithe_review_page_say                  (TitheReviewPage *self, const char *message);
GArray          *tithe_review_page_list_shown           (TitheReviewPage *self, gsize n);

/* Which groups are shown. */
void             tithe_review_page_bind_filter          (GtkWidgetClass *klass);
TitheGroupChoice tithe_review_page_get_shown            (TitheReviewPage *self);
void             tithe_review_page_set_shown            (TitheReviewPage *self, const TitheGroupChoice *shown);
void             tithe_review_page_set_up_filter        (TitheReviewPage *self);
void             tithe_review_page_show_filter          (TitheReviewPage *self);
void             tithe_review_page_clear_filters        (GSimpleAction *action, GVariant *parameter, gpointer user_data);

/* Where a person is. */
void             tithe_review_page_bookmark_later       (TitheReviewPage *self);
void             tithe_review_page_save_bookmark        (TitheReviewPage *self);
void             tithe_review_page_go_to_bookmark       (TitheReviewPage *self);
void             tithe_review_page_finish_bookmark      (TitheReviewPage *self);

/* Where a person was in what is not shown now. */
void             tithe_review_page_forget_places        (TitheReviewPage *self);
void             tithe_review_page_note_place           (TitheReviewPage *self, const TitheGroupChoice *shown);
void             tithe_review_page_take_up_open         (TitheReviewPage *self);
void             tithe_review_page_show_chosen          (TitheReviewPage *self);

/* A few images side by side. */
void             tithe_review_page_bind_compare         (GtkWidgetClass *klass);
gboolean         tithe_review_page_is_comparing         (TitheReviewPage *self);
void             tithe_review_page_drop_compare         (TitheReviewPage *self);
void             tithe_review_page_leave_compare        (TitheReviewPage *self);
void             tithe_review_page_follow_compare       (TitheReviewPage *self);
void             tithe_review_page_resume_compare       (TitheReviewPage *self, guint32 image);
void             tithe_review_page_toggle_compare       (GSimpleAction *action, GVariant *parameter, gpointer user_data);

/* One image, or a dendrogram, over everything else. */
void             tithe_review_page_set_up_preview       (TitheReviewPage *self);
gboolean         tithe_review_page_is_previewing        (TitheReviewPage *self);
void             tithe_review_page_update_preview       (TitheReviewPage *self);
void             tithe_review_page_close_preview        (TitheReviewPage *self);

/* The classes and the inspector. */
void             tithe_review_page_set_up_panels        (TitheReviewPage *self);

/* The controls, which give way where it is narrow. */
void             tithe_review_page_bind_controls        (GtkWidgetClass *klass);
void             tithe_review_page_fit_summary          (TitheReviewPage *self);
void             tithe_review_page_set_up_controls      (TitheReviewPage *self);
void             tithe_review_page_find                 (GSimpleAction *action, GVariant *parameter, gpointer user_data);

/* What is being read. */
void             tithe_review_page_update_empty         (TitheReviewPage *self);
void             tithe_review_page_bind_opening         (GtkWidgetClass *klass);
void             tithe_review_page_set_up_opening       (TitheReviewPage *self);
gboolean         tithe_review_page_is_opening           (TitheReviewPage *self);

/* Actions and keys. */
void             tithe_review_page_allow_panels         (TitheReviewPage *self, gboolean allow);
void             tithe_review_page_change_rule          (TitheReviewPage *self, GVariant *state);

G_END_DECLS
