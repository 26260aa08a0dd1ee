/* SPDX-License-Identifier: MIT */
#include "tithe-group-view-private.h"

/*
 * What is seen of the groups. A row of images with its heading and card is drawn once, and then moved from frame to frame;
 * only a row that looks otherwise is drawn again. Those that scrolling comes to next are drawn while nothing else is to do.
 */

/* The longest that the next frame waits for rows out of view, in microseconds. */
#define PREPARATION 1500

/* Pixels to either side of the view that are drawn ahead at most: a page of most windows. */
#define MAX_AHEAD 4e6

/* So many changes of the view a row waits to be seen again. */
#define MAX_AGE 8

/* The scroll's origin moves in such steps, so that places fit into a float; in pixels. */
#define ORIGIN_STEP 4096

/* tithe_group_row_key_hash: of a TitheGroupRowKey */
guint
tithe_group_row_key_hash (gconstpointer key)
{
  const TitheGroupRowKey *k = key;

  return g_int64_hash (&k->group) * 31 + k->row;
}

/* tithe_group_row_key_equal: whether both TitheGroupRowKeys are of one row */
gboolean
tithe_group_row_key_equal (gconstpointer a, gconstpointer b)
{
  const TitheGroupRowKey *x = a, *y = b;

  return x->group == y->group && x->row == y->row;
}

/* tithe_group_row_free: (transfer full) @row */
void
tithe_group_row_free (TitheGroupRow *row)
{
  g_clear_pointer (&row->node, gsk_render_node_unref);
  tithe_group_row_look_clear (&row->look);
  g_free (row);
}

/* --- what a row looks like --- */

/* In groups what is kept stands out. Among all images it is what is discarded, and where nothing else is listed, nothing. */
static void
add_tile (TitheGroupView *self, const TitheMember *member, GArray *tiles)
{
  const TitheGroupViewKind view = tithe_group_list_get_view (self->list);
  const gboolean reversed = view == TITHE_VIEW_IMAGES;
  const char *failure;
  TithePixels *pixels = tithe_thumbnails_get (self->thumbnails, member->image, &failure);
  TitheGroupRowTile tile
      = { .image = member->image,
          .pixels = pixels ? tithe_pixels_ref (pixels) : NULL,
          .badge = self->edge < TITHE_THUMBNAIL_SMALL ? TITHE_BADGE_NONE : tithe_badge_choose (member, reversed),
          .framed = member->kept != reversed,
          .discarded = reversed };

  tile.dimmed = self->dimming && (reversed ? member->kept : view == TITHE_VIEW_GROUPS && !member->kept);
  g_array_append_val (tiles, tile);
}

static void
describe_row (TitheGroupView *self, gsize index, guint32 number, const TitheGroupFacts *facts, TitheGroupRowLook *look)
{
  TitheMember members[64];
  guint32 first, n;
  const TitheGroupBox card = tithe_group_layout_place_heading (self->layout, index);
  const TitheGroupBox box = tithe_group_layout_place_row (self->layout, index, number, &first, &n);
  gint64 top;

  look->width = box.width;
  look->height = box.height;
  look->card_top = facts->block ? 0 : (int) (card.y - box.y);
  look->card_height = facts->block ? 0 : card.height;
  look->headed = number == 0;
  look->facts = *facts;
  look->step = tithe_group_layout_get_step (self->layout, index);
  tithe_group_layout_place (self->layout, index, first, &look->left, &top);
  look->left -= box.x;
  look->top = (int) (top - box.y);
  g_array_set_size (look->tiles, 0);
  for (guint32 some; n > 0; first += some, n -= some)
    {
      some = MIN (n, G_N_ELEMENTS (members));
      tithe_group_list_get_members (self->list, index, first, some, members);
      for (guint32 m = 0; m < some; m++)
        add_tile (self, &members[m], look->tiles);
    }
}

/* The row as it should look now; what was drawn of it stays where it still does. */
static TitheGroupRow *
take_row (TitheGroupView *self, gsize index, guint32 number, const TitheGroupFacts *facts)
{
  const TitheGroupRowKey key = { tithe_group_view_get_key (self, index), number };
  TitheGroupRow *row = g_hash_table_lookup (self->rows, &key);
  TitheGroupRowLook look;

  if (row == NULL)
    {
      row = g_new0 (TitheGroupRow, 1);
      row->key = key;
      tithe_group_row_look_init (&row->look);
      g_hash_table_insert (self->rows, &row->key, row);
    }
  describe_row (self, index, number, facts, &self->look);
  if (!tithe_group_row_look_equal (&self->look, &row->look))
    {
      g_clear_pointer (&row->node, gsk_render_node_unref);
      look = row->look;
      row->look = self->look;
      self->look = look;
    }
  row->generation = self->generation;
  return row;
}

/* --- drawing --- */

/* A picture in view keeps its face, whatever becomes of its group. */
static cairo_surface_t *
get_face (const TitheGroupRowTile *tile, const TitheThumbnailLook *look, gpointer user_data)
{
  TitheGroupView *self = user_data;
  TitheGroupSlot *slot = g_hash_table_lookup (self->tiles, GUINT_TO_POINTER (tile->image));

  if (slot == NULL || tile->pixels == NULL)
    return tithe_thumbnail_picture_new_face (tile->pixels, look);
  if (slot->face == NULL || slot->pixels != tile->pixels)
    {
      tithe_group_slot_drop_face (slot);
      slot->face = tithe_thumbnail_picture_new_face (tile->pixels, look);
      slot->pixels = tithe_pixels_ref (tile->pixels);
    }
  return cairo_surface_reference (slot->face);
}

static void
draw_row (TitheGroupView *self, TitheGroupRow *row)
{
  if (row->node == NULL)
    row->node = tithe_group_painter_draw (self->painter, self->list, &row->look, get_face, self);
}

static GdkRGBA
look_up (GtkStyleContext *context, const char *name, const char *otherwise)
{
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (context, name, &color))
    gdk_rgba_parse (&color, otherwise);
  return color;
}

/* The style's colour of a thumbnail is that of its frame. */
static void
update_style (TitheGroupView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  TitheGroupStyle style = { .scale = gtk_widget_get_scale_factor (widget),
                            .edge = self->edge,
                            .heading = self->heading,
                            .rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL,
                            .card = look_up (context, "card_bg_color", "rgba(255,255,255,0.5)"),
                            .reviewed = look_up (context, "success_bg_color", "#2ec27e") };
  GHashTableIter iter;
  gpointer value;

  gtk_style_context_get_color (context, &style.text);
  style.frame = style.text;
  g_hash_table_iter_init (&iter, self->tiles);
  if (g_hash_table_iter_next (&iter, NULL, &value))
    gtk_style_context_get_color (gtk_widget_get_style_context (((TitheGroupSlot *) value)->widget), &style.frame);
  if (!tithe_group_painter_set_style (self->painter, &style))
    return;
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_clear_pointer (&((TitheGroupRow *) value)->node, gsk_render_node_unref);
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    tithe_group_slot_drop_face (value);
}

/* Draws the rows in view, all moved at once. */
void
tithe_group_view_snapshot_rows (TitheGroupView *self, GtkSnapshot *snapshot)
{
  const gint64 scroll = tithe_group_view_get_offset (self), origin = scroll / ORIGIN_STEP * ORIGIN_STEP;
  g_autoptr (GPtrArray) nodes = NULL;
  GskRenderNode *all;

  if (self->shown->len == 0)
    return;
  update_style (self);
  nodes = g_ptr_array_new_full (self->shown->len, (GDestroyNotify) gsk_render_node_unref);
  for (guint i = 0; i < self->shown->len; i++)
    {
      TitheGroupRow *row = g_ptr_array_index (self->shown, i);
      const int x = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL
                        ? self->width - row->x - row->look.width
                        : row->x;
      GskTransform *place = gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT ((float) x, (float) (row->y - origin)));

      draw_row (self, row);
      g_ptr_array_add (nodes, gsk_transform_node_new (row->node, place));
      gsk_transform_unref (place);
    }
  all = gsk_container_node_new ((GskRenderNode **) nodes->pdata, nodes->len);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float) (origin - scroll)));
  gtk_snapshot_append_node (snapshot, all);
  gtk_snapshot_restore (snapshot);
  gsk_render_node_unref (all);
}

/* --- which rows there are --- */

static void
forget_old_rows (TitheGroupView *self, guint age)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (self->generation - ((TitheGroupRow *) value)->generation > age)
      g_hash_table_iter_remove (&iter);
}

static void
for_rows_of (TitheGroupView *self, gsize index, double top, double bottom)
{
  const TitheGroupFacts facts = tithe_group_heading_get_facts (self->list, index);
  guint32 first, end;

  tithe_group_layout_list_rows (self->layout, index, top, bottom, &first, &end);
  for (guint32 r = first; r < end; r++)
    {
      TitheGroupRow *row = take_row (self, index, r, &facts);
      guint32 member, n;
      const TitheGroupBox box = tithe_group_layout_place_row (self->layout, index, r, &member, &n);

      row->x = box.x;
      row->y = box.y;
      g_ptr_array_add (self->shown, row);
    }
}

/* The rows of these groups that are in view, as they should look. */
void
tithe_group_view_show_rows (TitheGroupView *self, gsize begin, gsize end)
{
  const double top = tithe_group_view_get_scroll (self);

  g_ptr_array_set_size (self->shown, 0);
  for (gsize i = begin; i < end; i++)
    for_rows_of (self, i, top, top + self->height);
  forget_old_rows (self, MAX_AGE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Forgets all rows: those of another dataset are others under the same numbers. */
void
tithe_group_view_forget_rows (TitheGroupView *self)
{
  g_ptr_array_set_size (self->shown, 0);
  g_hash_table_remove_all (self->rows);
}

/* Draws rows that are not in view until the time is up. Returns whether all are drawn of which the pictures are there. */
static gboolean
prepare_rows (TitheGroupView *self, double top, double bottom, gint64 deadline)
{
  gsize begin, end;

  if (bottom <= top)
    return TRUE;
  tithe_group_layout_list_groups (self->layout, top, bottom, &begin, &end);
  for (gsize i = begin; i < end; i++)
    {
      const TitheGroupFacts facts = tithe_group_heading_get_facts (self->list, i);
      guint32 first, last;

      tithe_group_layout_list_rows (self->layout, i, top, bottom, &first, &last);
      for (guint32 r = first; r < last; r++)
        {
          TitheGroupRow *row = take_row (self, i, r, &facts);

          if (row->node != NULL || !tithe_group_row_look_is_complete (&row->look))
            continue;
          if (g_get_monotonic_time () > deadline)
            return FALSE;
          draw_row (self, row);
        }
    }
  return TRUE;
}

static gboolean
on_idle (gpointer user_data)
{
  TitheGroupView *self = user_data;
  const int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  const double top = tithe_group_view_get_scroll (self), bottom = top + self->height;
  const double ahead = MIN (self->height, MAX_AHEAD / MAX (1, self->width * scale * scale));
  const gint64 deadline = g_get_monotonic_time () + PREPARATION;

  if (tithe_group_view_get_n (self) > 0 && tithe_group_painter_has_style (self->painter)
      && (!prepare_rows (self, bottom, bottom + ahead, deadline)
          || !prepare_rows (self, MAX (0, top - ahead), top, deadline)))
    return G_SOURCE_CONTINUE;
  forget_old_rows (self, 0);
  self->preparation = 0;
  return G_SOURCE_REMOVE;
}

/* Draws what scrolling comes to next, while nothing else is to do. */
void
tithe_group_view_prepare (TitheGroupView *self)
{
  if (self->preparation == 0)
    self->preparation = g_idle_add_full (G_PRIORITY_LOW, on_idle, self, NULL);
}
