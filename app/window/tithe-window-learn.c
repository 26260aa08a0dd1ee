/* SPDX-License-Identifier: MIT */
#include "tithe-window-private.h"

#include "base/tithe-text.h"
#include "verify/tithe-verify-words.h"

#include <glib/gi18n.h>
#include <math.h>

/* (transfer full) (nullable): what is kept of a learning that was stopped, and how to go on. */
static char *
dup_unfinished (TitheWindow *self)
{
  const double seconds = tithe_learner_get_estimate (self->learner);
  guint n_epochs, n_done = tithe_learner_get_unfinished (self->learner, &n_epochs);
  g_autofree char *duration = NULL, *left = NULL;
  g_autoptr (GString) text = NULL;

  if (n_done == 0)
    return NULL;
  text = g_string_new (NULL);
  g_string_printf (
      text,
      ngettext ("Learning was stopped after %u of %u epoch. What it learned is kept, and Learn goes on from there.",
                "Learning was stopped after %u of %u epochs. What it learned is kept, and Learn goes on from there.",
                n_epochs),
      n_done, n_epochs);
  if (seconds >= 0)
    {
      duration = tithe_verify_dup_duration (seconds);
      left = g_strdup_printf (_("What is left takes about %s on this computer."), duration);
      tithe_text_add_sentence (text, left);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What learning would bring, and how long it would take. */
static void
update_hint (TitheWindow *self)
{
  g_autoptr (GString) text
      = g_string_new (_("A first look: images are compared by colour and shape, not by meaning."));
  double seconds = tithe_learner_get_estimate (self->learner);
  g_autofree char *duration = NULL, *unfinished = dup_unfinished (self);

  if (unfinished != NULL)
    g_string_assign (text, unfinished);
  else if (seconds >= 90)
    duration = g_strdup_printf (ngettext ("Learning takes about %.0f minute on this computer.",
                                          "Learning takes about %.0f minutes on this computer.",
                                          (gulong) ceil (seconds / 60)),
                                ceil (seconds / 60));
  else if (seconds >= 0)
    duration = g_strdup_printf (ngettext ("Learning takes about %.0f second on this computer.",
                                          "Learning takes about %.0f seconds on this computer.",
                                          MAX (10, 10 * (gulong) ceil (seconds / 10))),
                                MAX (10, 10 * ceil (seconds / 10)));
  tithe_text_add_sentence (text, duration ? duration : "");
  gtk_label_set_text (self->hint_label, text->str);
}

/* The bar below the slider: what the images are compared by, what could be done about it, and how that goes. */
static void
update_learning (TitheWindow *self)
{
  TitheJob *learning = tithe_learner_get_job (self->learner);
  gboolean quick = tithe_project_is_quick (self->project), held_out;
  gboolean learned = tithe_learner_get_learned (self->learner) != NULL;
  double score = tithe_learner_get_score (self->learner, &held_out);
  g_autofree char *text = NULL;

  if (learning != NULL)
    tithe_learn_panel_begin (self->learn_panel, learning);
  else
    tithe_learn_panel_end (self->learn_panel);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->learn_revealer), learning != NULL);
  gtk_widget_set_visible (self->hint,
                          quick && learning == NULL && !learned && !tithe_banner_get_revealed (self->refused_banner));
  gtk_widget_set_visible (self->learn_button, tithe_learner_can (self->learner));
  gtk_widget_set_visible (self->switch_bar, learned);
  update_hint (self);
  if (score < 0)
    text = g_strdup (_("The semantic space is learned."));
  else
    text = g_strdup_printf (
        held_out ? _("The semantic space is learned: it tells apart %.1f %% of a tenth that was held out.")
                 : _("The semantic space is learned: it tells apart %.1f %% of the test images."),
        100 * score);
  gtk_label_set_text (self->switch_label, text);
}

static void
on_epoch (TitheWindow *self)
{
  const TitheEpoch *epoch = tithe_learner_get_epoch (self->learner);

  tithe_learn_panel_set_examples (self->learn_panel, tithe_learner_get_examples (self->learner));
  tithe_learn_panel_add_epoch (self->learn_panel, epoch);
}

/* Where the bar says what is kept that is enough. */
static void
on_stopped (TitheWindow *self)
{
  g_autofree char *unfinished = dup_unfinished (self);

  if (unfinished == NULL)
    tithe_window_say (self, _("Learning was stopped before the first epoch was done: nothing of it is kept"), FALSE);
  else if (!gtk_widget_get_visible (self->hint))
    tithe_window_say (self, unfinished, FALSE);
}

static void
on_learning_failed (TitheWindow *self, const char *message)
{
  tithe_window_show_failure (self, _("Could Not Learn"), message);
}

static void
on_learn (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tithe_learner_begin (TITHE_WINDOW (user_data)->learner, NULL);
}

static void
on_learn_model (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tithe_learner_begin (TITHE_WINDOW (user_data)->learner, g_variant_get_string (parameter, NULL));
}

/* Over to the space that was learned; ratio, policy, order, class and place stay as they are. */
static void
on_switch (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  TitheDataset *dataset = tithe_project_get_dataset (self->project);
  const char *learned = tithe_learner_get_learned (self->learner);

  if (dataset == NULL || learned == NULL)
    return;
  tithe_project_open (self->project, tithe_dataset_get_locator (dataset), learned);
  self->bookmark = tithe_review_page_dup_bookmark (self->page);
}

static const GActionEntry actions[] = {
  { .name = "learn", .activate = on_learn },
  { .name = "learn-model", .activate = on_learn_model, .parameter_type = "s" },
  { .name = "switch", .activate = on_switch },
};

/* tithe_window_init_learn: makes the learner, and adds its actions. */
void
tithe_window_init_learn (TitheWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  self->learner = tithe_learner_new ();
  g_signal_connect_object (self->learner, "changed", G_CALLBACK (update_learning), self, G_CONNECT_SWAPPED);
  /* One thing after the other: what is in the way comes first. */
  g_signal_connect_object (self->refused_banner, "notify::revealed", G_CALLBACK (update_learning), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->learner, "epoch", G_CALLBACK (on_epoch), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->learner, "stopped", G_CALLBACK (on_stopped), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->learner, "failed", G_CALLBACK (on_learning_failed), self, G_CONNECT_SWAPPED);
}
