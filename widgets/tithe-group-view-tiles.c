/* SPDX-License-Identifier: MIT */
#include "tithe-css-class.h"
#include "tithe-format.h"
#include "tithe-group-view-private.h"

#include "base/tithe-text.h"

#include <glib/gi18n.h>

/* The widgets for what is in view. They are few, whatever there is to scroll through: one that goes out of view is hidden
 * and used again for what comes in. */

/* A card is narrow where it is not so many times as wide as its heading is high. */
#define NARROW 8

/* tithe_group_slot_free: (transfer full) @slot; its widget goes, too */
void
tithe_group_slot_free (TitheGroupSlot *slot)
{
  gtk_widget_unparent (slot->widget);
  g_free (slot);
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
  gtk_widget_set_focusable (slot->widget, TRUE);
  tithe_group_view_add_tile_input (self, slot->widget);
  gtk_widget_set_parent (slot->widget, GTK_WIDGET (self));
  return slot;
}

/* A box as large as the card, and in it a line of text. */
static TitheGroupSlot *
add_heading (TitheGroupView *self)
{
  GtkWidget *text
      = g_object_new (GTK_TYPE_INSCRIPTION, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, "min-lines", 1,
                      "nat-lines", 1, "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END, NULL);
  TitheGroupSlot *slot = g_new0 (TitheGroupSlot, 1);

  slot->widget = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "accessible-role",
                               GTK_ACCESSIBLE_ROLE_HEADING, "css-name", "groupheading", NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_append (GTK_BOX (slot->widget), text);
  gtk_widget_set_parent (slot->widget, GTK_WIDGET (self));
  return slot;
}

/* --- headings --- */

static char *
describe_block (TitheGroupView *self, gsize index)
{
  const guint32 n = tithe_group_list_get (self->list, index)->size;
  g_autofree char *size = tithe_format_count (n);

  switch (tithe_group_list_get_view (self->list))
    {
    case TITHE_VIEW_IMAGES:
      return g_strdup_printf (ngettext ("%s image", "%s images", n), size);
    case TITHE_VIEW_DISCARDED:
      return g_strdup_printf (ngettext ("%s discarded image", "%s discarded images", n), size);
    case TITHE_VIEW_GROUPS:
    default:
      return g_strdup_printf (ngettext ("%s unique image", "%s unique images", n), size);
    }
}

static guint32
count_kept (TitheGroupView *self, gsize index, guint32 size)
{
  TitheMember members[256];
  guint32 n_kept = 0;

  for (guint32 first = 0; first < size; first += G_N_ELEMENTS (members))
    {
      const guint32 some = MIN (size - first, G_N_ELEMENTS (members));

      tithe_group_list_get_members (self->list, index, first, some, members);
      for (guint32 m = 0; m < some; m++)
        n_kept += members[m].kept ? 1 : 0;
    }
  return n_kept;
}

/* What a group is, a fact each. */
typedef struct
{
  char *number, *count, *kept, *spread;
  const char *merged, *reviewed;
  gboolean none;
} About;

static void
about_clear (About *about)
{
  g_free (about->number);
  g_free (about->count);
  g_free (about->kept);
  g_free (about->spread);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (About, about_clear)

static void
describe_group (TitheGroupView *self, gsize index, About *about)
{
  const TitheGroup *group = tithe_group_list_get (self->list, index);
  TitheSubset *subset = tithe_group_list_get_subset (self->list);
  TitheCuration *curation = tithe_subset_get_curation (subset);
  const guint32 n_kept = count_kept (self, index, group->size);
  g_autofree char *place = tithe_format_count (index + 1);
  g_autofree char *n = tithe_format_count (tithe_group_list_get_n_groups (self->list));
  g_autofree char *size = tithe_format_count (group->size), *kept = tithe_format_count (n_kept);

  /* TRANSLATORS: where a group is in the list */
  about->number = g_strdup_printf (_("group %s of %s"), place, n);
  about->count = g_strdup_printf (ngettext ("%s image", "%s images", group->size), size);
  about->none = n_kept == 0;
  about->kept
      = about->none ? g_strdup (_("keeps none")) : g_strdup_printf (ngettext ("keeps %s", "keeps %s", n_kept), kept);
  about->spread = tithe_format_dissimilarity (tithe_cut_get_spread (tithe_subset_get_cut (subset), group));
  if (curation != NULL
      && (tithe_curation_get_marks (curation, group->class_index, group->node) & TITHE_MARK_MERGED) != 0)
    about->merged = _("merged by hand");
  if (tithe_subset_is_reviewed (subset, group))
    about->reviewed = _("reviewed ✓");
}

/* As there is room for: a card of two images has as much as says what it is, its tooltip says the rest. */
static char *
write_heading (TitheGroupView *self, const About *about, const char *class_name, int width)
{
  const gboolean narrow = width < NARROW * self->heading;
  /* TRANSLATORS: how far apart the images of a group are: the dissimilarity at which it came together */
  g_autofree char *spread = narrow ? g_strdup (about->spread) : g_strdup_printf (_("spread %s"), about->spread);
  g_autoptr (GString) text = g_string_new (NULL);

  tithe_text_add_fact (text, about->count);
  tithe_text_add_fact (text, about->none ? about->kept : "");
  tithe_text_add_fact (text, spread);
  tithe_text_add_fact (text, about->merged ? about->merged : "");
  tithe_text_add_fact (text, about->reviewed && !narrow ? about->reviewed : "");
  return g_markup_printf_escaped ("%s<b>%s</b>%s<span alpha='60%%'>%s</span>", about->reviewed && narrow ? "✓ " : "",
                                  class_name, *class_name ? "  " : "", text->str);
}

/* All of it, for screen readers and the tooltip. */
static char *
speak_heading (const About *about, const char *class_name)
{
  g_autofree char *spread = g_strdup_printf (_("spread %s"), about->spread);
  const char *const items[] = { about->number, about->count, about->kept, spread, about->merged, about->reviewed };
  g_autoptr (GString) text = g_string_new (class_name);

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    tithe_text_add_item (text, items[i] ? items[i] : "");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* By the first letter or mark of direction, as Pango tells it. */
static gboolean
is_from_right_to_left (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      const gunichar c = g_utf8_get_char (text);

      if (c == 0x200f)
        return TRUE;
      if (g_unichar_isalpha (c))
        switch (g_unichar_get_script (c))
          {
          case G_UNICODE_SCRIPT_ARABIC:
          case G_UNICODE_SCRIPT_HEBREW:
          case G_UNICODE_SCRIPT_NKO:
          case G_UNICODE_SCRIPT_SYRIAC:
          case G_UNICODE_SCRIPT_THAANA:
            return TRUE;
          default:
            return FALSE;
          }
    }
  return FALSE;
}

/* Above the first image, whatever the direction of the text, which Pango's idea of left and right depends on. */
static void
align_heading (GtkWidget *inscription, const char *text)
{
  const gboolean rtl = gtk_widget_get_direction (inscription) == GTK_TEXT_DIR_RTL;

  gtk_inscription_set_xalign (GTK_INSCRIPTION (inscription), rtl == is_from_right_to_left (text) ? 0 : 1);
}

static void
show_heading (GtkWidget *heading, const char *markup, const char *spoken)
{
  GtkWidget *text = gtk_widget_get_first_child (heading);

  if (g_strcmp0 (g_object_get_data (G_OBJECT (text), "markup"), markup) != 0)
    {
      g_autofree char *plain = NULL;

      gtk_inscription_set_markup (GTK_INSCRIPTION (text), markup);
      pango_parse_markup (markup, -1, 0, NULL, &plain, NULL, NULL);
      align_heading (text, plain);
      g_object_set_data_full (G_OBJECT (text), "markup", g_strdup (markup), g_free);
    }
  if (g_strcmp0 (g_object_get_data (G_OBJECT (heading), TITHE_GROUP_VIEW_SPOKEN), spoken) != 0)
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (heading), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
      g_object_set_data_full (G_OBJECT (heading), TITHE_GROUP_VIEW_SPOKEN, g_strdup (spoken), g_free);
    }
}

static void
set_heading_text (TitheGroupView *self, gsize index, const TitheGroupSlot *slot)
{
  const TitheGroup *group = tithe_group_list_get (self->list, index);
  const gboolean block = tithe_group_list_is_block (self->list, index);
  const gboolean all = tithe_group_list_get_class (self->list) == TITHE_ALL_CLASSES;
  g_autofree char *class_name
      = tithe_text_dup_apart (tithe_dataset_get_class_name (tithe_group_view_get_dataset (self), group->class_index));
  g_auto (About) about = { 0 };
  g_autofree char *markup = NULL, *spoken = NULL;

  tithe_css_class_set (slot->widget, "card", !block);
  if (block)
    {
      g_autofree char *size = describe_block (self, index);

      markup = g_markup_printf_escaped ("<b>%s</b>  <span alpha='60%%'>%s</span>", class_name, size);
      spoken = g_strdup_printf ("%s  %s", class_name, size);
    }
  else
    {
      describe_group (self, index, &about);
      markup = write_heading (self, &about, all ? class_name : "", slot->width);
      spoken = speak_heading (&about, class_name);
    }
  tithe_css_class_set (slot->widget, "reviewed", about.reviewed != NULL);
  show_heading (slot->widget, markup, spoken);
}

/* The same for a group wherever it is in the list. */
static gint64
get_key (TitheGroupView *self, gsize index)
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
  const gint64 key = get_key (self, index);
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
  set_heading_text (self, index, slot);
  g_ptr_array_add (self->order, slot->widget);
  show_slot (slot, TRUE);
}

/* --- tiles --- */

static void
show_pixels (TitheGroupView *self, TitheGroupSlot *slot, guint32 image)
{
  const char *failure;
  TithePixels *pixels = tithe_thumbnails_get (self->thumbnails, image, &failure);

  if (pixels != NULL || failure != NULL)
    tithe_thumbnail_set_pixels (TITHE_THUMBNAIL (slot->widget), pixels, failure);
}

/* In groups what is kept stands out. Among all images it is what is discarded, and where nothing else is listed, nothing. */
static void
set_emphasis (TitheGroupView *self, TitheThumbnail *tile, gboolean kept)
{
  const TitheGroupViewKind view = tithe_group_list_get_view (self->list);

  tithe_thumbnail_set_reversed (tile, view == TITHE_VIEW_IMAGES);
  tithe_thumbnail_set_dimmed (tile,
                              self->dimming && (view == TITHE_VIEW_IMAGES ? kept : view == TITHE_VIEW_GROUPS && !kept));
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
      tithe_thumbnail_set_image (TITHE_THUMBNAIL (slot->widget), member->image,
                                 tithe_dataset_get_display_path (dataset, member->image, path));
      g_hash_table_insert (self->tiles, GUINT_TO_POINTER (member->image), slot);
      show_slot (slot, TRUE);
    }
  set_emphasis (self, TITHE_THUMBNAIL (slot->widget), member->kept);
  tithe_thumbnail_set_role (TITHE_THUMBNAIL (slot->widget), member, size,
                            g_hash_table_contains (self->selected, GUINT_TO_POINTER (member->image)));
  show_pixels (self, slot, member->image);
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
  const gint64 key = get_key (self, index);
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
  if (begin < end)
    {
      for_each_member (self, top, bottom, want);
      for_each_member (self, bottom, bottom + self->height, want);
      for_each_member (self, MAX (0, top - self->height), top, want);
    }
  put_in_order (self);
  if (self->thumbnails != NULL)
    tithe_thumbnails_want (self->thumbnails, (const guint32 *) (gpointer) self->wanted->data, self->wanted->len);
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
}

/* Pictures that were asked for are there. */
void
tithe_group_view_show_pictures (TitheGroupView *self)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &key, &value))
    show_pixels (self, value, GPOINTER_TO_UINT (key));
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
 * Returns: whether every picture in view is decoded or known to be broken
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
  return TRUE;
}
