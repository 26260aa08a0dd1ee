/* SPDX-License-Identifier: MIT */
#include "tithe-group-view-private.h"
#include "tithe-term.h"

/* Keys, pointer, rubber band, and what is dragged out. */

/* --- keyboard --- */

static void
show_menu (TitheGroupView *self, double x, double y)
{
  if (self->popover == NULL)
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, TitheGroupView *self)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int page = MAX (1, self->height / (self->edge + TITHE_GROUP_LAYOUT_GAP + self->heading)), steps = 0, rows = 0;
  gsize index = 0;
  guint32 member = 0;

  if (tithe_group_view_get_n (self) > 0 && (state & GDK_CONTROL_MASK) != 0 && (key == GDK_KEY_a || key == GDK_KEY_A))
    {
      tithe_group_view_select_group (self);
      return GDK_EVENT_STOP;
    }
  if (tithe_group_view_get_n (self) == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      steps = (key == GDK_KEY_Left) != rtl ? -1 : 1;
      break;
    case GDK_KEY_Up:
    case GDK_KEY_Down:
      rows = key == GDK_KEY_Up ? -1 : 1;
      break;
    case GDK_KEY_Page_Up:
    case GDK_KEY_Page_Down:
      rows = key == GDK_KEY_Page_Up ? -page : page;
      break;
    case GDK_KEY_Home:
    case GDK_KEY_End:
      break;
    case GDK_KEY_Menu:
      show_menu (self, self->width / 2.0, self->height / 3.0);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      if (g_hash_table_size (self->selected) == 0)
        return GDK_EVENT_PROPAGATE;
      tithe_group_view_clear_selection (self);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  if (!self->has_cursor || !tithe_group_list_find (self->list, self->cursor_class, self->cursor_leaf, &index, &member))
    {
      index = tithe_group_layout_find (self->layout, tithe_group_view_get_scroll (self));
      steps = rows = 0;
    }
  if (key == GDK_KEY_Home)
    index = 0, member = 0;
  else if (key == GDK_KEY_End)
    {
      index = tithe_group_view_get_n (self) - 1;
      member = tithe_group_list_get (self->list, index)->size - 1;
    }
  else
    tithe_group_layout_move (self->layout, &index, &member, steps, rows);
  tithe_group_view_go (self, index, member, (state & GDK_SHIFT_MASK) != 0, FALSE);
  tithe_group_view_show_cursor (self, index, member);
  return GDK_EVENT_STOP;
}

/* --- pointer --- */

/* Where in the list an image in view is. */
static gboolean
find_in_view (TitheGroupView *self, guint32 image, gsize *index, guint32 *member)
{
  double top = tithe_group_view_get_scroll (self);
  gsize begin, end;

  tithe_group_layout_list_groups (self->layout, top, top + self->height, &begin, &end);
  for (gsize i = begin; i < end; i++)
    {
      guint32 first, n;

      tithe_group_layout_list_members (self->layout, i, top, top + self->height, &first, &n);
      for (guint32 m = first; m < first + n; m++)
        if (tithe_group_view_get_member (self, i, m).image == image)
          {
            *index = i;
            *member = m;
            return TRUE;
          }
    }
  return FALSE;
}

static void
on_tile_pressed (GtkGestureClick *click, int n_press, double x, double y, TitheGroupView *self)
{
  GtkWidget *tile = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (click));
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (click));
  guint32 image = tithe_thumbnail_get_image (TITHE_THUMBNAIL (tile)), member;
  guint button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (click));
  gsize index;

  if (button == GDK_BUTTON_MIDDLE || !find_in_view (self, image, &index, &member))
    return;
  /* A press on what is selected leaves the selection to the menu, or to what is dragged. */
  if ((state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0
      || !g_hash_table_contains (self->selected, GUINT_TO_POINTER (image)))
    tithe_group_view_go (self, index, member, (state & GDK_SHIFT_MASK) != 0, (state & GDK_CONTROL_MASK) != 0);
  else
    tithe_group_view_put_cursor (self, index, member);
  tithe_group_view_tell (self);
  gtk_widget_grab_focus (tile);
  gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
  if (button == GDK_BUTTON_SECONDARY)
    {
      gtk_widget_translate_coordinates (tile, GTK_WIDGET (self), x, y, &x, &y);
      show_menu (self, x, y);
    }
  else if (n_press == 2)
    g_signal_emit_by_name (self, "activated");
}

/* --- rubber band --- */

static void
on_band_begin (GtkGestureDrag *drag, double x, double y, TitheGroupView *self)
{
  if (TITHE_IS_THUMBNAIL (gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT)))
    {
      gtk_gesture_set_state (GTK_GESTURE (drag), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->band = GRAPHENE_RECT_INIT ((float) x, (float) (y + tithe_group_view_get_scroll (self)), 0, 0);
  self->has_band = TRUE;
}

static void
on_band_update (GtkGestureDrag *drag, double dx, double dy, TitheGroupView *self)
{
  double x, y;
  GHashTableIter iter;
  gpointer key, value;
  graphene_rect_t band;

  if (!self->has_band || !gtk_gesture_drag_get_start_point (drag, &x, &y))
    return;
  self->band.size.width = (float) dx;
  self->band.size.height = (float) (y + dy + tithe_group_view_get_scroll (self)) - self->band.origin.y;
  graphene_rect_normalize_r (&self->band, &band);
  g_hash_table_remove_all (self->selected);
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const TitheGroupSlot *slot = value;

      if (graphene_rect_intersection (
              &band, &GRAPHENE_RECT_INIT ((float) slot->x, (float) slot->y, (float) slot->width, (float) slot->height),
              NULL))
        tithe_group_view_mark_selected (self, GPOINTER_TO_UINT (key));
    }
  tithe_group_view_tell_selection (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_band_end (GtkGestureDrag *drag, double dx, double dy, TitheGroupView *self)
{
  /* A press that went nowhere lets go of the selection. */
  if (self->has_band && dx == 0 && dy == 0)
    tithe_group_view_clear_selection (self);
  self->has_band = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- what goes out --- */

/* What is dragged out: the files of the selection. */
static GdkContentProvider *
on_drag_prepare (GtkDragSource *source, double x, double y, TitheGroupView *self)
{
  g_autoptr (GArray) images = tithe_group_view_list_selected (self);
  GSList *files = NULL;
  GdkContentProvider *provider;
  GdkFileList *list;

  for (guint i = 0; i < images->len; i++)
    {
      g_autofree char *path
          = tithe_dataset_dup_file (tithe_group_view_get_dataset (self), g_array_index (images, guint32, i));

      if (path != NULL)
        files = g_slist_prepend (files, g_file_new_for_path (path));
    }
  if (files == NULL)
    return NULL;
  list = gdk_file_list_new_from_list (files);
  provider = gdk_content_provider_new_typed (GDK_TYPE_FILE_LIST, list);
  g_boxed_free (GDK_TYPE_FILE_LIST, list);
  g_slist_free_full (files, g_object_unref);
  return provider;
}

static gboolean
on_query_tooltip (TitheGroupView *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  GtkWidget *child = keyboard ? gtk_widget_get_focus_child (GTK_WIDGET (self))
                              : gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  g_autofree char *heading = NULL;
  const char *text;

  if (child == NULL)
    return FALSE;
  tithe_group_view_tell (self);
  text = TITHE_IS_THUMBNAIL (child) ? tithe_thumbnail_get_name (TITHE_THUMBNAIL (child))
                                    : g_object_get_data (G_OBJECT (child), TITHE_GROUP_VIEW_SPOKEN);
  if (text != NULL && !TITHE_IS_THUMBNAIL (child))
    text = heading = g_strdup_printf ("%s\n\n%s", text, tithe_term_explain (TITHE_TERM_SPREAD));
  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

/* What is done with one image. */
void
tithe_group_view_add_tile_input (TitheGroupView *self, GtkWidget *tile)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkDragSource *drag = gtk_drag_source_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  g_signal_connect (drag, "prepare", G_CALLBACK (on_drag_prepare), self);
  gtk_widget_add_controller (tile, GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (click, "pressed", G_CALLBACK (on_tile_pressed), self);
  gtk_widget_add_controller (tile, GTK_EVENT_CONTROLLER (click));
}

/* What is done with the view. */
void
tithe_group_view_add_input (TitheGroupView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *band = gtk_gesture_drag_new ();

  g_signal_connect (band, "drag-begin", G_CALLBACK (on_band_begin), self);
  g_signal_connect (band, "drag-update", G_CALLBACK (on_band_update), self);
  g_signal_connect (band, "drag-end", G_CALLBACK (on_band_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (band));
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
}
