/* SPDX-License-Identifier: MIT */
#include "tithe-group-view-private.h"

/* The widgets for what is in view. They are few, whatever there is to scroll through: one that goes out of view is hidden
 * and used again for what comes in. */

/* So long nothing changes until screen readers are told what is in view, in milliseconds. */
#define REST 100

/* tithe_group_slot_free: (transfer full) @slot; its widget goes, too */
void
tithe_group_slot_free (TitheGroupSlot *slot)
{
  tithe_group_slot_drop_face (slot);
  gtk_widget_unparent (slot->widget);
  g_free (slot);
}

/* Another picture is to be shown, or it is to be drawn another way. */
void
tithe_group_slot_drop_face (TitheGroupSlot *slot)
{
  g_clear_pointer (&slot->face, cairo_surface_destroy);
  g_clear_pointer (&slot->pixels, tithe_pixels_unref);
}

/* A widget that waits to be used again is not there for screen readers either. */
static void
show_slot (TitheGroupSlot *slot, gboolean shown)
{
  if (gtk_widget_get_child_visible (slot->widget) == shown && slot->known == shown)
    return;
  slot->known = shown;
  gtk_widget_set_child_visible (slot->widget, shown);
  gtk_accessible_update_state (GTK_ACCESSIBLE (slot->widget), GTK_ACCESSIBLE_STATE_HIDDEN, !shown, -1);
}

static TitheGroupSlot *
take_spare (GPtrArray *spare)
{
  return spare->len > 0 ? g_ptr_array_steal_index_fast (spare, spare->len - 1) : NULL;
}

static TitheGroupSlot *
add_tile (TitheGroupView *self)
{
  TitheGroupSlot *slot = g_new0 (TitheGroupSlot, 1);

  slot->widget = tithe_thumbnail_new ();
  tithe_thumbnail_set_painted (TITHE_THUMBNAIL (slot->widget), TRUE);
  gtk_widget_set_focusable (slot->widget, TRUE);
  tithe_group_view_add_tile_input (self, slot->widget);
  gtk_widget_set_parent (slot->widget, GTK_WIDGET (self));
  return slot;
}

/* As large as the card. What is seen of it is drawn with its images. */
static TitheGroupSlot *
add_heading (TitheGroupView *self)
{
  TitheGroupSlot *slot = g_new0 (TitheGroupSlot, 1);

  slot->widget
      = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "css-name", "groupheading", NULL);
  gtk_widget_set_parent (slot->widget, GTK_WIDGET (self));
  return slot;
}

/* --- headings --- */

/* The same for a group wherever it is in the list. */
gint64
tithe_group_view_get_key (TitheGroupView *self, gsize index)
{
  const TitheGroup *group = tithe_group_list_get (self->list, index);
  const guint32 node = tithe_group_list_is_block (self->list, index) ? TITHE_NODE_NONE : group->node;

  return (gint64) ((guint64) group->class_index << 32 | node);
}

/* A heading is as large as its card, and so is behind all of its images. */
static void
set_heading (TitheGroupView *self, gsize index)
{
  const TitheGroupBox box = tithe_group_layout_place_heading (self->layout, index);
  const gint64 key = tithe_group_view_get_key (self, index);
  TitheGroupSlot *slot = g_hash_table_lookup (self->headings, &key);

  if (slot == NULL)
    {
      slot = take_spare (self->spare_headings);
      if (slot == NULL)
        slot = add_heading (self);
      slot->key = key;
      g_hash_table_insert (self->headings, &slot->key, slot);
    }
  slot->generation = self->generation;
  slot->x = box.x;
  slot->y = box.y;
  slot->width = box.width;
  slot->height = box.height;
  slot->index = index;
  g_ptr_array_add (self->order, slot->widget);
  show_slot (slot, TRUE);
}

/* --- tiles --- */

/* One that can't be read says so itself. */
static void
show_failure (TitheGroupView *self, TitheGroupSlot *slot, guint32 image)
{
  const char *failure;

  tithe_thumbnails_get (self->thumbnails, image, &failure);
  tithe_thumbnail_set_pixels (TITHE_THUMBNAIL (slot->widget), NULL, failure);
}

static void
set_tile (TitheGroupView *self, gsize index, guint32 number, const TitheMember *member)
{
  const TitheGroup *group = tithe_group_list_get (self->list, index);
  gboolean block = tithe_group_list_is_block (self->list, index);
  guint size = block ? tithe_group_list_get_view (self->list) == TITHE_VIEW_GROUPS : group->size;
  TitheGroupSlot *slot = g_hash_table_lookup (self->tiles, GUINT_TO_POINTER (member->image));

  if (slot == NULL)
    {
      TitheDataset *dataset = tithe_group_view_get_dataset (self);
      g_autoptr (GString) path = g_string_new (NULL);

      slot = take_spare (self->spare);
      if (slot == NULL)
        slot = add_tile (self);
      tithe_group_slot_drop_face (slot);
      tithe_thumbnail_set_image (TITHE_THUMBNAIL (slot->widget), member->image,
                                 tithe_dataset_get_display_path (dataset, member->image, path));
      g_hash_table_insert (self->tiles, GUINT_TO_POINTER (member->image), slot);
      show_slot (slot, TRUE);
    }
  tithe_thumbnail_set_role (TITHE_THUMBNAIL (slot->widget), member, size,
                            g_hash_table_contains (self->selected, GUINT_TO_POINTER (member->image)));
  show_failure (self, slot, member->image);
  slot->generation = self->generation;
  slot->width = slot->height = self->edge;
  tithe_group_layout_place (self->layout, index, number, &slot->x, &slot->y);
  g_ptr_array_add (self->order, slot->widget);
}

typedef void (*MemberFunc) (TitheGroupView *self, gsize index, guint32 number, const TitheMember *member);

static void
for_members_of (TitheGroupView *self, gsize index, double top, double bottom, MemberFunc func)
{
  TitheMember members[256];
  guint32 first, n;

  tithe_group_layout_list_members (self->layout, index, top, bottom, &first, &n);
  while (n > 0)
    {
      guint32 some = MIN (n, G_N_ELEMENTS (members));

      tithe_group_list_get_members (self->list, index, first, some, members);
      for (guint32 m = 0; m < some; m++)
        func (self, index, first + m, &members[m]);
      first += some;
      n -= some;
    }
}

static void
for_each_member (TitheGroupView *self, double top, double bottom, MemberFunc func)
{
  gsize begin, end;

  if (bottom <= top)
    return;
  tithe_group_layout_list_groups (self->layout, top, bottom, &begin, &end);
  for (gsize i = begin; i < end; i++)
    for_members_of (self, i, top, bottom, func);
}

static void
want (TitheGroupView *self, gsize index, guint32 number, const TitheMember *member)
{
  g_array_append_val (self->wanted, member->image);
}

/* What is in view stays where it is shown. */
static void
mark_tile (TitheGroupView *self, gsize index, guint32 number, const TitheMember *member)
{
  TitheGroupSlot *slot = g_hash_table_lookup (self->tiles, GUINT_TO_POINTER (member->image));

  if (slot != NULL)
    slot->generation = self->generation;
}

static void
mark_heading (TitheGroupView *self, gsize index)
{
  const gint64 key = tithe_group_view_get_key (self, index);
  TitheGroupSlot *slot = g_hash_table_lookup (self->headings, &key);

  if (slot != NULL)
    slot->generation = self->generation;
}

/* The last first, so that what is taken from the end has the order of reading. */
static int
compare_places (gconstpointer a, gconstpointer b)
{
  const TitheGroupSlot *const *x = a, *const *y = b;

  if ((*x)->y != (*y)->y)
    return (*x)->y < (*y)->y ? 1 : -1;
  return (*y)->x - (*x)->x;
}

/* Lets go of what is not in view any longer, still shown: what comes in takes most of it at once, and to hide and show
 * widgets, which screen readers are told of, costs more than to give them another picture. */
static void
loosen (TitheGroupView *self, GHashTable *slots, GPtrArray *spare)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      TitheGroupSlot *slot = value;

      if (slot->generation == self->generation)
        continue;
      if (gtk_widget_is_focus (slot->widget))
        gtk_widget_grab_focus (GTK_WIDGET (self));
      g_ptr_array_add (spare, slot);
      g_hash_table_iter_steal (&iter);
    }
  g_ptr_array_sort (spare, compare_places);
}

static void
hide_spare (GPtrArray *spare)
{
  for (guint i = 0; i < spare->len; i++)
    show_slot (g_ptr_array_index (spare, i), FALSE);
}

/* Who reads or walks through the view meets each heading before its images, and all in their order; and what is drawn later
 * lies on top. Widgets that scrolling leaves in view are in order already. */
static void
put_in_order (TitheGroupView *self)
{
  GtkWidget *there = gtk_widget_get_first_child (GTK_WIDGET (self));

  for (guint i = 0; i < self->order->len; i++)
    {
      GtkWidget *widget = g_ptr_array_index (self->order, i);

      while (there != NULL && (there == self->popover || !gtk_widget_get_child_visible (there)))
        there = gtk_widget_get_next_sibling (there);
      if (there == widget)
        there = gtk_widget_get_next_sibling (there);
      else
        gtk_widget_insert_before (widget, GTK_WIDGET (self), there);
    }
}

/* --- screen readers --- */

static void
tell_heading (TitheGroupView *self, const TitheGroupSlot *slot)
{
  GObject *heading = G_OBJECT (slot->widget);
  g_autofree char *spoken = tithe_group_heading_speak (self->list, slot->index);

  if (g_strcmp0 (g_object_get_data (heading, TITHE_GROUP_VIEW_SPOKEN), spoken) == 0)
    return;
  gtk_accessible_update_property (GTK_ACCESSIBLE (heading), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_object_set_data_full (heading, TITHE_GROUP_VIEW_SPOKEN, g_steal_pointer (&spoken), g_free);
}

static gboolean
on_rest (gpointer user_data)
{
  TitheGroupView *self = user_data;

  self->rest = 0;
  tithe_group_view_tell (self);
  tithe_group_view_prepare (self);
  return G_SOURCE_REMOVE;
}

/*
 * tithe_group_view_tell:
 *
 * Tells screen readers now what is in view, and in which order. Otherwise they are told when the view comes to rest: while
 * it moves nobody can listen to a hundred names, and to tell them takes longer than to draw the frame.
 */
void
tithe_group_view_tell (TitheGroupView *self)
{
  GHashTableIter iter;
  gpointer slot;

  if (!self->untold)
    return;
  self->untold = FALSE;
  put_in_order (self);
  g_hash_table_iter_init (&iter, self->headings);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    tell_heading (self, slot);
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    tithe_thumbnail_tell (TITHE_THUMBNAIL (((TitheGroupSlot *) slot)->widget));
}

/* --- all --- */

/* Gives every group and image in view its widget, and asks for the pictures in view and a page to either side. */
void
tithe_group_view_populate (TitheGroupView *self)
{
  double top = tithe_group_view_get_scroll (self), bottom = top + self->height;
  gsize begin = 0, end = 0;

  self->generation++;
  g_array_set_size (self->wanted, 0);
  g_ptr_array_set_size (self->order, 0);
  if (self->width > 0 && tithe_group_view_get_n (self) > 0)
    tithe_group_layout_list_groups (self->layout, top, bottom, &begin, &end);
  for (gsize i = begin; i < end; i++)
    {
      mark_heading (self, i);
      for_members_of (self, i, top, bottom, mark_tile);
    }
  loosen (self, self->headings, self->spare_headings);
  loosen (self, self->tiles, self->spare);
  for (gsize i = begin; i < end; i++)
    {
      set_heading (self, i);
      for_members_of (self, i, top, bottom, set_tile);
    }
  hide_spare (self->spare_headings);
  hide_spare (self->spare);
  tithe_group_view_show_rows (self, begin, end);
  if (begin < end)
    {
      for_each_member (self, top, bottom, want);
      for_each_member (self, bottom, bottom + self->height, want);
      for_each_member (self, MAX (0, top - self->height), top, want);
    }
  if (self->thumbnails != NULL)
    tithe_thumbnails_want (self->thumbnails, (const guint32 *) (gpointer) self->wanted->data, self->wanted->len);
  self->untold = TRUE;
  g_clear_handle_id (&self->rest, g_source_remove);
  self->rest = g_timeout_add (REST, on_rest, self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* Tiles of another dataset show other images under the same numbers. */
void
tithe_group_view_retire_all (TitheGroupView *self)
{
  self->generation++;
  loosen (self, self->headings, self->spare_headings);
  loosen (self, self->tiles, self->spare);
  hide_spare (self->spare_headings);
  hide_spare (self->spare);
  tithe_group_view_forget_rows (self);
}

/* Pictures that were asked for are there. */
void
tithe_group_view_show_pictures (TitheGroupView *self)
{
  const double top = tithe_group_view_get_scroll (self);
  GHashTableIter iter;
  gpointer key, value;
  gsize begin, end;

  if (self->width == 0 || tithe_group_view_get_n (self) == 0)
    return;
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &key, &value))
    show_failure (self, value, GPOINTER_TO_UINT (key));
  tithe_group_layout_list_groups (self->layout, top, top + self->height, &begin, &end);
  tithe_group_view_show_rows (self, begin, end);
  tithe_group_view_prepare (self);
}

/**
 * tithe_group_view_list_in_view:
 *
 * Returns: (transfer full) (element-type guint32): the images in view, from the top
 */
GArray *
tithe_group_view_list_in_view (TitheGroupView *self)
{
  GArray *images = g_array_new (FALSE, FALSE, sizeof (guint32));
  double top;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), images);

  top = tithe_group_view_get_scroll (self);
  g_array_set_size (self->wanted, 0);
  for_each_member (self, top, top + self->height, want);
  if (self->wanted->len > 0)
    g_array_append_vals (images, self->wanted->data, self->wanted->len);
  return images;
}

/**
 * tithe_group_view_count:
 * @n_kept: (out): thumbnails in view that are framed
 *
 * Returns: thumbnails in view
 */
guint
tithe_group_view_count (TitheGroupView *self, guint *n_kept)
{
  GHashTableIter iter;
  gpointer slot;

  *n_kept = 0;
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    *n_kept += tithe_thumbnail_is_kept (TITHE_THUMBNAIL (((TitheGroupSlot *) slot)->widget)) ? 1u : 0u;
  return g_hash_table_size (self->tiles);
}

/**
 * tithe_group_view_is_settled:
 *
 * Returns: whether every picture in view is decoded or known to be broken; screen readers know of it then
 */
gboolean
tithe_group_view_is_settled (TitheGroupView *self)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const char *failure;

      if (tithe_thumbnails_get (self->thumbnails, GPOINTER_TO_UINT (key), &failure) == NULL && failure == NULL)
        return FALSE;
    }
  tithe_group_view_tell (self);
  return TRUE;
}
