/* SPDX-License-Identifier: MIT */
#include "tithe-window-private.h"

#include "state/tithe-settings.h"
#include "tithe-css-class.h"

#include <glib/gi18n.h>

/* The window's least size, in pixels. */
#define LEAST_WIDTH 360
#define LEAST_HEIGHT 400

/* --- which page is shown --- */

static gboolean
has_dataset (TitheWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "dataset") == 0;
}

static gboolean
is_verifying (TitheWindow *self)
{
  return has_dataset (self) && g_strcmp0 (adw_view_stack_get_visible_child_name (self->views), "verify") == 0;
}

/* tithe_window_get_shown: "start", "review" or "verify". */
const char *
tithe_window_get_shown (TitheWindow *self)
{
  return has_dataset (self) ? adw_view_stack_get_visible_child_name (self->views)
                            : gtk_stack_get_visible_child_name (self->stack);
}

/* tithe_window_show_dataset: rather than the start page. */
void
tithe_window_show_dataset (TitheWindow *self)
{
  gtk_stack_set_visible_child_name (self->stack, "dataset");
  tithe_window_update_frame (self);
}

/* tithe_window_show_start: the page to open something. */
void
tithe_window_show_start (TitheWindow *self)
{
  gtk_stack_set_visible_child_name (self->stack, "start");
  tithe_window_update_frame (self);
}

/* tithe_window_set_verifying: whether the page is shown that retrains, or that of the groups. */
void
tithe_window_set_verifying (TitheWindow *self, gboolean verifying)
{
  adw_view_stack_set_visible_child_name (self->views, verifying ? "verify" : "review");
}

/* tithe_window_set_verifiable: whether there is a session, in which trials are written. */
void
tithe_window_set_verifiable (TitheWindow *self, gboolean verifiable)
{
  tithe_window_set_action_enabled (self, "verify", verifiable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->switcher), verifiable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->switcher_bar), verifiable);
}

static void
on_verify (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  tithe_window_set_verifying (user_data, g_variant_get_boolean (state));
}

/* Back from the page that retrains, as from any other that was gone to, also from the switcher that led there; nowhere else. */
static gboolean
on_escape (GtkWidget *page, GVariant *arguments, gpointer user_data)
{
  if (!is_verifying (user_data))
    return GDK_EVENT_PROPAGATE;
  tithe_window_set_verifying (user_data, FALSE);
  return GDK_EVENT_STOP;
}

/* --- the header --- */

/* What the header has no room for is in the menu. */
static void
fill_menu (TitheWindow *self, gboolean narrow)
{
  const gboolean dataset = has_dataset (self);

  g_menu_remove_all (self->narrow_section);
  if (!narrow)
    return;
  g_menu_append_submenu (self->narrow_section, _("_Open"), G_MENU_MODEL (self->open_menu));
  if (!dataset)
    return;
  g_menu_append (self->narrow_section, _("_Export…"), "win.export");
  if (is_verifying (self))
    return;
  g_menu_append (self->narrow_section, _("Undo"), "review.undo");
  g_menu_append (self->narrow_section, _("Redo"), "review.redo");
  g_menu_append (self->narrow_section, _("Inspector"), "win.inspector");
}

/* One thing at a time: what is in the way or can be made better comes before the export. */
static void
update_suggestion (TitheWindow *self)
{
  const gboolean other = is_verifying (self) || !gtk_widget_get_sensitive (self->export_button)
                         || tithe_banner_get_revealed (self->refused_banner)
                         || gtk_widget_get_visible (self->switch_bar)
                         || (gtk_widget_get_visible (self->hint) && gtk_widget_get_visible (self->learn_button));

  tithe_css_class_set (self->export_button, "suggested-action", !other);
}

/* What gets hidden gives the focus on first. */
static void
leave_header (TitheWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->header)))
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
}

/* tithe_window_update_frame: the header, the menu and the switcher, after another page, another width or other news. */
void
tithe_window_update_frame (TitheWindow *self)
{
  const gboolean narrow = tithe_fold_bin_get_narrow (self->header), dataset = has_dataset (self);
  GAction *verify = g_action_map_lookup_action (G_ACTION_MAP (self), "verify");

  if (verify == NULL) /* the template is made before the actions */
    return;
  if (is_verifying (self) && !g_variant_get_boolean (g_action_get_state (verify)))
    {
      TitheSubsetChoice choice = tithe_review_page_get_choice (self->page);

      tithe_verify_page_set_choice (self->verify, &choice, tithe_review_page_get_curation (self->page));
    }
  g_simple_action_set_state (G_SIMPLE_ACTION (verify), g_variant_new_boolean (is_verifying (self)));
  if (gtk_widget_get_visible (self->open_button) == narrow)
    leave_header (self);
  gtk_widget_set_visible (GTK_WIDGET (self->switcher), dataset && !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->title), !dataset || narrow);
  adw_view_switcher_bar_set_reveal (self->switcher_bar, dataset && narrow);
  gtk_widget_set_visible (self->open_button, !narrow);
  gtk_widget_set_visible (self->export_button, dataset && !narrow);
  gtk_widget_set_visible (self->review_buttons, dataset);
  /* They stay where they are, so that the rest does, too. */
  gtk_widget_set_sensitive (self->review_buttons, !is_verifying (self));
  fill_menu (self, narrow);
  update_suggestion (self);
}

/* --- the size --- */

/* tithe_window_save_size: the next window is as large as this one. */
void
tithe_window_save_size (TitheWindow *self)
{
  GSettings *settings = tithe_settings_get ();
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set (settings, TITHE_SETTING_WINDOW_SIZE, "(ii)", width, height);
  g_settings_set_boolean (settings, TITHE_SETTING_MAXIMIZED, gtk_window_is_maximized (GTK_WINDOW (self)));
}

static void
restore_size (TitheWindow *self)
{
  int width, height;

  g_settings_get (tithe_settings_get (), TITHE_SETTING_WINDOW_SIZE, "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), MAX (width, LEAST_WIDTH), MAX (height, LEAST_HEIGHT));
  if (g_settings_get_boolean (tithe_settings_get (), TITHE_SETTING_MAXIMIZED))
    gtk_window_maximize (GTK_WINDOW (self));
}

static const GActionEntry actions[] = {
  { .name = "verify", .state = "false", .change_state = on_verify },
};

/* tithe_window_init_frame: makes the header follow, and adds the action that switches between the pages. */
void
tithe_window_init_frame (TitheWindow *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_callback_action_new (on_escape, self, NULL)));
  gtk_widget_add_controller (gtk_widget_get_parent (GTK_WIDGET (self->header)), keys);
  g_signal_connect_object (self->refused_banner, "notify::revealed", G_CALLBACK (update_suggestion), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->export_button, "notify::sensitive", G_CALLBACK (update_suggestion), self,
                           G_CONNECT_SWAPPED);
  for (guint i = 0; i < 3; i++)
    g_signal_connect_object (i == 0   ? self->hint
                             : i == 1 ? self->switch_bar
                                      : self->learn_button,
                             "notify::visible", G_CALLBACK (update_suggestion), self, G_CONNECT_SWAPPED);
  restore_size (self);
  tithe_window_update_frame (self);
}
