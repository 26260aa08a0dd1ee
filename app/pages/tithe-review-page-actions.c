/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include "dialogs/tithe-rule-dialog.h"

#include <math.h>

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
on_apply (TitheRuleDialog *dialog, TitheReviewPage *self)
{
  tithe_review_apply (self->review, tithe_rule_dialog_get_plan (dialog));
}

static void
on_decide_many (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;
  g_autoptr (GArray) selected = NULL, shown = NULL;
  TitheSubsetChoice choice = tithe_review_page_get_choice (self);
  GtkWidget *dialog;

  if (self->rule_dialog != NULL || self->curation == NULL
      || tithe_journal_is_read_only (tithe_curation_get_journal (self->curation)))
    return;
  selected = tithe_review_list_groups (self->review);
  shown = tithe_review_page_list_shown (self, G_MAXSIZE);
  dialog = tithe_rule_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->curation, &choice,
                                  selected, shown);
  g_signal_connect_object (dialog, "apply", G_CALLBACK (on_apply), self, 0);
  g_set_weak_pointer (&self->rule_dialog, dialog);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* tithe_review_page_change_rule: another state of the action "rule". */
void
tithe_review_page_change_rule (TitheReviewPage *self, GVariant *state)
{
  TitheRepresentative rule;

  if (!tithe_representative_from_string (g_variant_get_string (state, NULL), &rule))
    return;
  tithe_review_page_set_rule (self, rule);
  tithe_review_page_update (self, TRUE);
}

static const GActionEntry actions[] = {
  { .name = "zoom", .activate = on_zoom, .parameter_type = "i" },
  { .name = "find", .activate = on_find },
  { .name = "compare", .activate = tithe_review_page_toggle_compare },
  { .name = "decide-many", .activate = on_decide_many },
  { .name = "clear-filters", .activate = tithe_review_page_clear_filters },
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

/* tithe_review_page_add_keys: for groups alone: in the search letters are letters. */
void
tithe_review_page_add_keys (GtkWidget *widget)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, keys[i].modifiers),
                                                            gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (widget, controller);
}
