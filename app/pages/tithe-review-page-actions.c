/* SPDX-License-Identifier: MIT */
#include "tithe-review-page-private.h"

#include "dialogs/tithe-rule-dialog.h"

#include <math.h>

static void
on_zoom (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReviewPage *self = user_data;
  double steps = g_variant_get_int32 (parameter);

  if (tithe_review_page_is_comparing (self))
    tithe_compare_view_zoom (self->compare, pow (1.25, steps));
  else
    gtk_adjustment_set_value (self->edge, gtk_adjustment_get_value (self->edge) * pow (1.25, steps));
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
  { .name = "find", .activate = tithe_review_page_find },
  { .name = "compare", .activate = tithe_review_page_toggle_compare },
  { .name = "decide-many", .activate = on_decide_many },
  { .name = "clear-filters", .activate = tithe_review_page_clear_filters },
};

/* --- keys --- */

static const struct
{
  guint key;
  GdkModifierType modifiers;
  const char *action;
} keys[] = {
  { GDK_KEY_k, 0, "review.keep" },
  { GDK_KEY_d, 0, "review.discard" },
  { GDK_KEY_Delete, 0, "review.discard" },
  { GDK_KEY_r, 0, "review.representative" },
  { GDK_KEY_a, 0, "review.automatic" },
  { GDK_KEY_d, GDK_SHIFT_MASK, "review.discard-others" },
  { GDK_KEY_s, 0, "review.split" },
  { GDK_KEY_m, 0, "review.merge" },
  { GDK_KEY_Return, 0, "review.done" },
  { GDK_KEY_KP_Enter, 0, "review.done" },
  { GDK_KEY_Return, GDK_SHIFT_MASK, "review.not-done" },
  { GDK_KEY_KP_Enter, GDK_SHIFT_MASK, "review.not-done" },
  { GDK_KEY_n, 0, "review.next" },
  { GDK_KEY_slash, 0, "win.find" },
  { GDK_KEY_c, 0, "win.compare" },
  { GDK_KEY_space, 0, "review.preview" },
};

/* A letter that is typed is a letter, and what a menu is open for is not about the groups. */
static gboolean
is_wanted_by (GtkWidget *focus)
{
  GtkWidget *popover;

  if (focus == NULL)
    return FALSE;
  popover = gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER);
  return GTK_IS_EDITABLE (focus) || GTK_IS_TEXT_VIEW (focus) || (popover != NULL && gtk_widget_get_mapped (popover));
}

/* Who went to a button by Tab presses it with Enter or Space; who pressed it with the pointer is back with the groups. */
static gboolean
is_pressed_by_key (TitheReviewPage *self, guint key, GtkWidget *focus)
{
  return focus != NULL && self->tabbing && (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter || key == GDK_KEY_space)
         && (GTK_IS_BUTTON (focus) || GTK_IS_CHECK_BUTTON (focus) || GTK_IS_SWITCH (focus) || GTK_IS_EXPANDER (focus));
}

/* Whether the focus is where the arrows move from image to image. */
static gboolean
is_among_images (TitheReviewPage *self, GtkWidget *focus)
{
  GtkWidget *images = tithe_review_page_is_previewing (self)  ? GTK_WIDGET (self->preview)
                      : tithe_review_page_is_comparing (self) ? GTK_WIDGET (self->compare)
                                                              : GTK_WIDGET (self->groups);

  return focus != NULL && (focus == images || gtk_widget_is_ancestor (focus, images));
}

static gboolean
is_for_the_groups (TitheReviewPage *self, guint key)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || is_wanted_by (focus))
    return FALSE;
  return !is_pressed_by_key (self, key, focus);
}

/* Whatever was decided, the focus is on the image that it was about, so that arrows go on from there. */
static void
activate (TitheReviewPage *self, const char *action, GVariant *parameter)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = gtk_root_get_focus (root);

  tithe_review_set_by_key (self->review, TRUE);
  gtk_widget_activate_action_variant (GTK_WIDGET (self), action, parameter);
  tithe_review_set_by_key (self->review, FALSE);
  if (gtk_root_get_focus (root) == focus && !is_among_images (self, focus) && !tithe_review_page_is_comparing (self))
    tithe_group_view_focus (self->groups);
}

static gboolean
on_key (GtkWidget *window, GVariant *number, gpointer user_data)
{
  TitheReviewPage *self = user_data;
  guint i = g_variant_get_uint32 (number);

  if (!is_for_the_groups (self, keys[i].key))
    return GDK_EVENT_PROPAGATE;
  activate (self, keys[i].action, NULL);
  return GDK_EVENT_STOP;
}

static gboolean
on_digit (GtkWidget *window, GVariant *digit, gpointer user_data)
{
  TitheReviewPage *self = user_data;

  if (!is_for_the_groups (self, 0))
    return GDK_EVENT_PROPAGATE;
  activate (self, "review.toggle", digit);
  return GDK_EVENT_STOP;
}

static void
add_key (GtkEventController *controller, guint key, GdkModifierType modifiers, GtkShortcutFunc func, guint argument,
         TitheReviewPage *self)
{
  GtkShortcut *shortcut
      = gtk_shortcut_new (gtk_keyval_trigger_new (key, modifiers), gtk_callback_action_new (func, self, NULL));

  gtk_shortcut_set_arguments (shortcut, g_variant_new_uint32 (argument));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
}

/* Notes how the focus got where it is. */
static gboolean
on_event (GtkEventControllerLegacy *controller, GdkEvent *event, TitheReviewPage *self)
{
  const GdkEventType type = gdk_event_get_event_type (event);
  guint key;

  if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN)
    self->tabbing = FALSE;
  else if (type == GDK_KEY_PRESS)
    {
      key = gdk_key_event_get_keyval (event);
      self->tabbing |= key == GDK_KEY_Tab || key == GDK_KEY_ISO_Left_Tab || key == GDK_KEY_KP_Tab;
    }
  return GDK_EVENT_PROPAGATE;
}

/* Keys are for the groups wherever the focus is, also where a press of the pointer left it. */
static void
add_keys (TitheReviewPage *self, GtkWidget *window)
{
  GtkEventController *controller = gtk_shortcut_controller_new (), *events = gtk_event_controller_legacy_new ();

  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (on_event), self, 0);
  gtk_widget_add_controller (window, events);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    add_key (controller, keys[i].key, keys[i].modifiers, on_key, i, self);
  for (guint digit = 1; digit <= 9; digit++)
    {
      add_key (controller, GDK_KEY_0 + digit, 0, on_digit, digit, self);
      add_key (controller, GDK_KEY_KP_0 + digit, 0, on_digit, digit, self);
    }
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (window, controller);
}

/* tithe_review_page_allow_panels: whether classes and inspector can be asked for, beside the groups. */
void
tithe_review_page_allow_panels (TitheReviewPage *self, gboolean allow)
{
  GtkRoot *window = gtk_widget_get_root (GTK_WIDGET (self));
  GAction *const panels[] = { self->classes_action, self->inspector_action };

  if (!G_IS_ACTION_MAP (window))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (panels); i++)
    if (allow)
      g_action_map_add_action (G_ACTION_MAP (window), panels[i]);
    else
      g_action_map_remove_action (G_ACTION_MAP (window), g_action_get_name (panels[i]));
}

/**
 * tithe_review_page_add_actions:
 *
 * Lets the window's actions do what the page can: zoom, find, clear-filters, rule, classes, inspector, and the group
 * “review” of decisions, for which there are keys.
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
  self->classes_action = G_ACTION (g_steal_pointer (&classes));
  self->inspector_action = G_ACTION (g_steal_pointer (&inspector));
  tithe_review_page_allow_panels (self, TRUE);
  g_action_map_add_action (G_ACTION_MAP (window), G_ACTION (panel));
  gtk_widget_insert_action_group (GTK_WIDGET (window), "review", tithe_review_get_actions (self->review));
  add_keys (self, GTK_WIDGET (window));
}
