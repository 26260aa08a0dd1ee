/* SPDX-License-Identifier: MIT */
#include "tithe-window-private.h"

#include "dialogs/tithe-legend.h"
#include "state/tithe-once.h"
#include "state/tithe-settings.h"
#include "tithe-lightbox.h"
#include "tithe-thumbnail.h"

#include <glib/gi18n.h>

/* How often, and how many times, it is looked whether there are groups in sight by now that can be told of. */
#define LOOK_MS 500
#define MAX_LOOKS 40

static GtkWidget *
get_groups (TitheWindow *self)
{
  return GTK_WIDGET (tithe_review_page_get_group_view (self->page));
}

/* Whether the groups are there to be seen, and nothing is over them. */
static gboolean
is_in_sight (TitheWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  return gtk_widget_get_mapped (get_groups (self))
         && (focus == NULL || gtk_widget_get_ancestor (focus, TITHE_TYPE_LIGHTBOX) == NULL);
}

/* Whether all of the thumbnail is in view. */
static gboolean
is_whole (GtkWidget *thumbnail, GtkWidget *view)
{
  graphene_rect_t bounds;

  return gtk_widget_get_mapped (thumbnail) && gtk_widget_compute_bounds (thumbnail, view, &bounds)
         && bounds.origin.y >= 0 && bounds.origin.y + bounds.size.height <= (float) gtk_widget_get_height (view);
}

/* (nullable): the first image in view that is kept, or is not; any where there is none. */
static GtkWidget *
find_image (TitheWindow *self, gboolean kept)
{
  GtkWidget *view = get_groups (self), *first = NULL;

  if (!is_in_sight (self))
    return NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (view); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (!TITHE_IS_THUMBNAIL (child) || !is_whole (child, view))
        continue;
      if (tithe_thumbnail_is_kept (TITHE_THUMBNAIL (child)) == kept)
        return child;
      first = first ? first : child;
    }
  return first;
}

static GtkWidget *
find_kept (gpointer window)
{
  return find_image (window, TRUE);
}

/* The image that keys are about, or else one that something could be decided about. */
static GtkWidget *
find_work (gpointer window)
{
  GtkWidget *focus = gtk_window_get_focus (window), *view = get_groups (window);

  if (is_in_sight (window) && focus != NULL && TITHE_IS_THUMBNAIL (focus) && gtk_widget_is_ancestor (focus, view)
      && is_whole (focus, view))
    return focus;
  return find_image (window, FALSE);
}

static GtkWidget *
find_ratio (gpointer window)
{
  return is_in_sight (window) ? GTK_WIDGET (tithe_review_page_get_ratio_bar (TITHE_WINDOW (window)->page)) : NULL;
}

static void
attach_key (GtkGrid *grid, int row, const char *key, const char *what)
{
  GtkWidget *cap = gtk_label_new (key);
  GtkWidget *label
      = g_object_new (GTK_TYPE_LABEL, "label", what, "wrap", TRUE, "xalign", 0.0f, "max-width-chars", 30, NULL);

  gtk_widget_add_css_class (cap, "keycap");
  gtk_widget_set_halign (cap, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (cap, GTK_ALIGN_CENTER);
  gtk_grid_attach (grid, cap, 0, row, 1, 1);
  gtk_grid_attach (grid, label, 1, row, 1, 1);
}

static GtkWidget *
new_keys (void)
{
  GtkWidget *grid = g_object_new (GTK_TYPE_GRID, "row-spacing", 6, "column-spacing", 12, NULL);

  attach_key (GTK_GRID (grid), 0, "K", _("Keep the selected images"));
  attach_key (GTK_GRID (grid), 1, "D", _("Discard the selected images"));
  attach_key (GTK_GRID (grid), 2, "R", _("Let the image stand for its group"));
  attach_key (GTK_GRID (grid), 3, C_ ("key", "Enter"), _("Reviewed, and on to the next"));
  return grid;
}

static const char *
get_title_of_frame (void)
{
  g_autofree char *colour = g_settings_get_string (tithe_settings_get (), TITHE_SETTING_FRAME_COLOUR);

  return g_str_equal (colour, "green") ? _("Green Is Kept") : _("The Frame Means Kept");
}

static TitheCoach *
new_coach (TitheWindow *self)
{
  TitheCoach *coach = TITHE_COACH (tithe_coach_new ());

  tithe_coach_add (
      coach, find_kept, self, get_title_of_frame (),
      _("Images that are alike are in one group. The one with the frame is kept and stands for its group, the "
         "others are discarded. No file is changed."),
      NULL);
  tithe_coach_add (
      coach, find_ratio, self, _("Drag the Ratio"),
      _("The slider is the share of the images that is kept. The further left, the more images are in groups, "
         "which follow while you drag."),
      NULL);
  tithe_coach_add (
      coach, find_work, self, _("Decide With Four Keys"),
      _("Select an image with the arrows or the pointer. What you decide holds at every ratio, and Ctrl+Z takes "
         "it back."),
      new_keys ());
  return coach;
}

static gboolean
begin (TitheWindow *self)
{
  if (self->coach == NULL)
    {
      self->coach = new_coach (self);
      tithe_review_page_add_overlay (self->page, GTK_WIDGET (self->coach));
    }
  return tithe_coach_begin (self->coach);
}

static void
remember (void)
{
  g_autoptr (GError) error = NULL;

  if (!tithe_once_do (TITHE_ONCE_COACH, &error))
    g_message ("%s", error->message);
}

/* Waits for the first groups to be drawn, and gives up where none come into sight. */
static gboolean
look (gpointer data)
{
  TitheWindow *self = data;

  if (tithe_once_is_done (TITHE_ONCE_COACH) || ++self->n_looks > MAX_LOOKS)
    {
      self->coach_source = 0;
      return G_SOURCE_REMOVE;
    }
  if (find_kept (self) == NULL || !begin (self))
    return G_SOURCE_CONTINUE;
  remember ();
  self->coach_source = 0;
  return G_SOURCE_REMOVE;
}

static void
on_finished (TitheWindow *self)
{
  if (self->coach_source != 0 || self->without_coach || tithe_once_is_done (TITHE_ONCE_COACH))
    return;
  self->n_looks = 0;
  self->coach_source = g_timeout_add (LOOK_MS, look, self);
}

static void
on_first_steps (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  begin (user_data);
}

static void
on_legend (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  tithe_legend_show (TITHE_WINDOW (user_data)->menu_button);
}

static void
update_first_steps (TitheWindow *self)
{
  tithe_window_set_action_enabled (self, "first-steps", g_strcmp0 (tithe_window_get_shown (self), "review") == 0);
}

static const GActionEntry actions[] = {
  { .name = "first-steps", .activate = on_first_steps },
  { .name = "legend", .activate = on_legend },
};

/* tithe_window_init_coach: whoever is here for the first time is told what is what, once. */
void
tithe_window_init_coach (TitheWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_signal_connect_object (self->project, "finished", G_CALLBACK (on_finished), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stack, "notify::visible-child-name", G_CALLBACK (update_first_steps), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->views, "notify::visible-child-name", G_CALLBACK (update_first_steps), self,
                           G_CONNECT_SWAPPED);
  update_first_steps (self);
}

/* tithe_window_drop_coach: at the window's end */
void
tithe_window_drop_coach (TitheWindow *self)
{
  g_clear_handle_id (&self->coach_source, g_source_remove);
}

/**
 * tithe_window_leave_coach_out:
 *
 * Tells nobody what is what, unless asked: nobody looks at a picture that is taken for the first time.
 */
void
tithe_window_leave_coach_out (TitheWindow *self)
{
  g_return_if_fail (TITHE_IS_WINDOW (self));

  self->without_coach = TRUE;
}
