/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include "state/tithe-settings.h"

/*
 * The classes and the inspector stand beside the groups where there is room for both, and over them, until something else is
 * pressed, where there is not.
 */

static int
get_minimum (GtkWidget *widget)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* Whether it is revealed now or not: a panel that comes or goes is no reason to fold. While it goes it asks for its room still:
 * the window would grow by that, and then have it. */
static int
get_need (GtkWidget *widget, gboolean narrow)
{
  AdwFlap *flap = ADW_FLAP (widget);
  const int content = get_minimum (adw_flap_get_content (flap)), beside = get_minimum (adw_flap_get_flap (flap));

  return narrow ? MAX (content, beside) : content + get_minimum (adw_flap_get_separator (flap)) + beside;
}

static void
fold (AdwFlap *flap, gboolean narrow, gboolean wanted)
{
  adw_flap_set_fold_policy (flap, narrow ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER);
  adw_flap_set_reveal_flap (flap, wanted && !narrow);
}

static void
follow_classes_fold (TitheReviewPage *self)
{
  const gboolean narrow = tithe_fold_bin_get_narrow (self->classes_fold);

  if (narrow)
    self->classes_wanted = adw_flap_get_reveal_flap (self->flap);
  fold (self->flap, narrow, self->classes_wanted);
}

static void
follow_inspector_fold (TitheReviewPage *self)
{
  fold (self->inspector_flap, tithe_fold_bin_get_narrow (self->inspector_fold),
        g_settings_get_boolean (tithe_settings_get (), TITHE_SETTING_INSPECTOR));
}

/* What is shown over the groups for a moment is no wish to have it beside them. */
static void
on_inspector_revealed (TitheReviewPage *self)
{
  if (!tithe_fold_bin_get_narrow (self->inspector_fold))
    g_settings_set_boolean (tithe_settings_get (), TITHE_SETTING_INSPECTOR,
                            adw_flap_get_reveal_flap (self->inspector_flap));
}

/* In another window. */
static void
on_inspector_wanted (TitheReviewPage *self)
{
  if (!tithe_fold_bin_get_narrow (self->inspector_fold))
    follow_inspector_fold (self);
}

/* tithe_review_page_set_up_panels: makes them follow the width, and the inspector the settings. */
void
tithe_review_page_set_up_panels (TitheReviewPage *self)
{
  self->classes_wanted = TRUE;
  tithe_fold_bin_set_need (self->classes_fold, get_need);
  tithe_fold_bin_set_need (self->inspector_fold, get_need);
  g_signal_connect_object (self->classes_fold, "notify::narrow", G_CALLBACK (follow_classes_fold), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->inspector_fold, "notify::narrow", G_CALLBACK (follow_inspector_fold), self,
                           G_CONNECT_SWAPPED);
  follow_inspector_fold (self);
  g_signal_connect_object (self->inspector_flap, "notify::reveal-flap", G_CALLBACK (on_inspector_revealed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (tithe_settings_get (), "changed::" TITHE_SETTING_INSPECTOR, G_CALLBACK (on_inspector_wanted),
                           self, G_CONNECT_SWAPPED);
}
