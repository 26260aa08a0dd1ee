/* SPDX-License-Identifier: MIT */
#include "bench-frames.h"

/* Frame times of the real window: DATASET FEATURES. One JSON object on standard output. */

#define FRAMES 600
#define N_DECISIONS 10000

typedef enum
{
  PHASE_OPEN,
  PHASE_SCROLL,
  PHASE_PAGE,
  PHASE_SLIDER,
  PHASE_SINGLES,
  PHASE_DECIDED_SCROLL, /* from here on with the inspector and ten thousand decisions */
  PHASE_DECIDED_SLIDER,
  PHASE_DISCARD,
  PHASE_CHARTS_SLIDER, /* with the charts in place of the image */
} Phase;

static const char *const phase_names[]
    = { "open",           "scroll",          "page",          "slider", "slider_all_images", "decided_scroll",
        "decided_slider", "decided_discard", "charts_slider", NULL };

/* One step of what a person does, as the handlers of the frame would do it. */
static void
act (TitheWindow *window, guint phase, guint frame, gpointer data)
{
  TitheReviewPage *page = tithe_window_get_page (window);
  TitheGroupView *view = tithe_review_page_get_group_view (page);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  double place = (double) frame / FRAMES, value = gtk_adjustment_get_value (adjustment);

  switch ((Phase) phase)
    {
    case PHASE_SCROLL:
    case PHASE_DECIDED_SCROLL:
      gtk_adjustment_set_value (adjustment, value + 37);
      break;
    case PHASE_PAGE:
      value += gtk_adjustment_get_page_size (adjustment);
      gtk_adjustment_set_value (adjustment, value < gtk_adjustment_get_upper (adjustment) - 2000 ? value : 0);
      break;
    case PHASE_SLIDER:
    case PHASE_SINGLES:
    case PHASE_DECIDED_SLIDER:
    case PHASE_CHARTS_SLIDER:
      tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (page),
                                 place < 0.5 ? 0.9 - 1.6 * place : 0.1 + 1.6 * (place - 0.5));
      break;
    case PHASE_DISCARD:
      tithe_group_view_set_cursor (view, frame, 1);
      gtk_widget_activate_action (GTK_WIDGET (window), "review.discard", NULL);
      break;
    case PHASE_OPEN:
    default:
      break;
    }
}

static void
decide (TitheCuration *curation)
{
  g_autoptr (GError) error = NULL;

  for (guint32 i = 0; i < N_DECISIONS; i++)
    {
      tithe_curation_begin (curation);
      tithe_curation_set_decision (curation, i * 5, (TitheDecision) (1 + i % 3));
      if (!tithe_curation_commit (curation, "Bench", &error))
        g_error ("%s", error->message);
    }
}

static void
begin (TitheWindow *window, guint phase, gpointer data)
{
  TitheReviewPage *page = tithe_window_get_page (window);
  TitheGroupView *view = tithe_review_page_get_group_view (page);

  if (phase == PHASE_SLIDER)
    gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view)), 20000);
  if (phase == PHASE_SINGLES)
    tithe_review_page_show_singles (page, TRUE);
  if (phase == PHASE_DECIDED_SCROLL)
    {
      tithe_review_page_show_singles (page, FALSE);
      tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (page), 0.9);
      gtk_widget_activate_action (GTK_WIDGET (window), "win.inspector", NULL);
      decide (tithe_review_page_get_curation (page));
    }
  if (phase == PHASE_CHARTS_SLIDER)
    g_action_group_change_action_state (G_ACTION_GROUP (window), "panel", g_variant_new_string ("charts"));
}

int
main (int argc, char **argv)
{
  if (argc != 3)
    g_error ("usage: bench-window DATASET FEATURES");
  return bench_frames_run (&(BenchScript){ phase_names, FRAMES, begin, act }, NULL, argv[1], argv[2]);
}
