/* SPDX-License-Identifier: MIT */
#include "tithe-group-view.h"
#include "tithe-format.h"
#include "tithe-thumbnail.h"

#include <glib/gi18n.h>

#define MARGIN 24
#define GAP 8
#define MIN_HEADING 30
#define HEADING_PADDING 10
#define BELOW 18 /* between the last row of a group and the next heading */
#define N_PLACES 16

/* A widget that shows image or heading, and where it stands in the whole, which may be millions of pixels high. */
typedef struct
{
  GtkWidget *widget;
  int x, width, height;
  gint64 y;
  guint generation; /* of the last populate that wanted it */
  gboolean known;   /* to screen readers */
} Slot;

/* A group that was in view, named by a leaf of it, which stays the same whatever the ratio. */
typedef struct
{
  guint32 class_index;
  guint32 leaf;
  double below_top; /* of the view to its heading */
} Place;

struct _TitheGroupView
{
  GtkWidget parent_instance;

  TitheGroupList *list;
  TitheThumbnails *thumbnails;
  int edge;
  gboolean dimming;

  GtkAdjustment *adjustments[2];
  GtkScrollablePolicy policies[2];
  gulong scroll_handler;
  gboolean configuring; /* an adjustment changes because we say so */

  int width, height; /* that the layout is for */
  int heading;       /* height of one, as its text needs */
  int columns;
  gint64 *tops; /* of each group, and of what would come after the last */
  gsize n_tops;

  GHashTable *tiles; /* image to Slot */
  GPtrArray *spare;  /* Slot, hidden */
  GPtrArray *headings;
  guint n_headings; /* in use */
  guint generation;
  GArray *wanted; /* guint32: images that the cache is asked for */

  Place places[N_PLACES]; /* to hold on to while the cut moves, the best first */
  guint n_places;

  gboolean has_cursor, has_anchor;
  guint32 cursor_class, cursor_leaf, cursor_image;
  guint32 anchor_class, anchor_leaf; /* where a selection with Shift began */
  GHashTable *selected;              /* images */
  GtkWidget *menu;                   /* (nullable): a popover */
  gboolean has_band;
  graphene_rect_t band; /* in the whole, not the view */
};

enum
{
  SELECTION_CHANGED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

enum
{
  PROP_HADJUSTMENT = 1,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

G_DEFINE_TYPE_WITH_CODE (TitheGroupView, tithe_group_view, GTK_TYPE_WIDGET,
                         G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

/* --- arithmetic --- */

static gsize
n_groups (TitheGroupView *self)
{
  return self->list ? tithe_group_list_get_n (self->list) : 0;
}

static TitheDataset *
get_dataset (TitheGroupView *self)
{
  TitheSubset *subset = tithe_group_list_get_subset (self->list);

  return tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
}

static TitheMember
get_member (TitheGroupView *self, gsize index, guint32 number)
{
  TitheMember member;

  tithe_group_list_get_members (self->list, index, number, 1, &member);
  return member;
}

static double
scroll_value (TitheGroupView *self)
{
  return self->adjustments[1] ? gtk_adjustment_get_value (self->adjustments[1]) : 0;
}

static void
update_layout (TitheGroupView *self)
{
  gsize n = n_groups (self);
  gint64 top = MARGIN / 2;

  self->columns = MAX (1, (self->width - 2 * MARGIN + GAP) / (self->edge + GAP));
  if (n + 1 > self->n_tops)
    {
      self->n_tops = n + n / 2 + 1;
      self->tops = g_renew (gint64, self->tops, self->n_tops);
    }
  for (gsize i = 0; i < n; i++)
    {
      gint64 rows = (tithe_group_list_get (self->list, i)->size + self->columns - 1) / self->columns;

      self->tops[i] = top;
      top += self->heading + rows * (self->edge + GAP) - GAP + BELOW;
    }
  self->tops[n] = top;
}

/* The group at a height of the whole: the last that begins at or above it. */
static gsize
group_at (TitheGroupView *self, double y)
{
  gsize low = 0, high = n_groups (self);

  while (high - low > 1)
    {
      gsize middle = low + (high - low) / 2;

      if ((double) self->tops[middle] <= y)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static void
configure_adjustments (TitheGroupView *self, double value)
{
  double total = n_groups (self) > 0 ? (double) self->tops[n_groups (self)] : 0;

  self->configuring = TRUE;
  if (self->adjustments[0] != NULL)
    gtk_adjustment_configure (self->adjustments[0], 0, 0, self->width, self->width * 0.1, self->width * 0.9,
                              self->width);
  if (self->adjustments[1] != NULL)
    gtk_adjustment_configure (self->adjustments[1], CLAMP (value, 0, MAX (0, total - self->height)), 0,
                              MAX (total, self->height), self->edge + GAP, self->height * 0.9, self->height);
  self->configuring = FALSE;
}

/* --- widgets for what is in view --- */

static void
slot_free (Slot *slot)
{
  gtk_widget_unparent (slot->widget);
  g_free (slot);
}

/* A widget that waits to be used again is not there for screen readers either. */
static void
show_slot (Slot *slot, gboolean shown)
{
  if (gtk_widget_get_child_visible (slot->widget) == shown && slot->known == shown)
    return;
  slot->known = shown;
  gtk_widget_set_child_visible (slot->widget, shown);
  gtk_accessible_update_state (GTK_ACCESSIBLE (slot->widget), GTK_ACCESSIBLE_STATE_HIDDEN, !shown, -1);
}

static void on_tile_pressed (GtkGestureClick *click, int n_press, double x, double y, TitheGroupView *self);
static GdkContentProvider *on_drag_prepare (GtkDragSource *source, double x, double y, TitheGroupView *self);
static void populate (TitheGroupView *self);
static void show_menu (TitheGroupView *self, double x, double y);

static Slot *
add_tile (TitheGroupView *self)
{
  Slot *slot = g_new0 (Slot, 1);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkDragSource *drag;

  slot->widget = tithe_thumbnail_new ();
  gtk_widget_set_focusable (slot->widget, TRUE);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  drag = gtk_drag_source_new ();
  g_signal_connect (drag, "prepare", G_CALLBACK (on_drag_prepare), self);
  gtk_widget_add_controller (slot->widget, GTK_EVENT_CONTROLLER (drag));
  g_signal_connect (click, "pressed", G_CALLBACK (on_tile_pressed), self);
  gtk_widget_add_controller (slot->widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_parent (slot->widget, GTK_WIDGET (self));
  return slot;
}

static Slot *
add_heading (TitheGroupView *self)
{
  const gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  Slot *slot = g_new0 (Slot, 1);

  slot->widget = g_object_new (GTK_TYPE_INSCRIPTION, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "css-name",
                               "groupheading", "yalign", 0.5f, "xalign", rtl ? 1.0f : 0.0f, "text-overflow",
                               GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END, NULL);
  gtk_widget_set_parent (slot->widget, GTK_WIDGET (self));
  return slot;
}

/* What the heading says behind the class's name. */
static char *
describe_group (TitheGroupView *self, gsize index)
{
  const TitheGroup *group = tithe_group_list_get (self->list, index);
  TitheSubset *subset = tithe_group_list_get_subset (self->list);
  TitheCuration *curation = tithe_subset_get_curation (subset);
  g_autofree char *size = tithe_format_count (group->size);
  g_autofree char *spread = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (tithe_group_list_is_block (self->list, index))
    {
      const char *format = ngettext ("%s image that stands alone", "%s images that stand alone", group->size);

      if (tithe_group_list_get_view (self->list) == TITHE_VIEW_IMAGES)
        format = ngettext ("%s image", "%s images", group->size);
      else if (tithe_group_list_get_view (self->list) == TITHE_VIEW_DISCARDED)
        format = ngettext ("%s image that is not kept", "%s images that are not kept", group->size);
      return g_strdup_printf (format, size);
    }
  spread = tithe_format_dissimilarity (tithe_cut_get_spread (tithe_subset_get_cut (subset), group));
  g_string_append_printf (text, ngettext ("%s image", "%s images", group->size), size);
  g_string_append_printf (text, _(" · spread %s"), spread);
  if (curation != NULL
      && (tithe_curation_get_marks (curation, group->class_index, group->node) & TITHE_MARK_MERGED) != 0)
    g_string_append (text, _(" · merged by hand"));
  if (tithe_subset_get_representative (subset, group) == TITHE_IMAGE_NONE)
    g_string_append (text, _(" · keeps none"));
  if (tithe_subset_is_reviewed (subset, group))
    g_string_append (text, _(" · reviewed ✓"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
set_heading (TitheGroupView *self, gsize index)
{
  const TitheGroup *group = tithe_group_list_get (self->list, index);
  TitheSubset *subset = tithe_group_list_get_subset (self->list);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  g_autofree char *class_name = g_markup_escape_text (tithe_dataset_get_class_name (dataset, group->class_index), -1);
  g_autofree char *about = describe_group (self, index), *markup = NULL, *plain = NULL;
  Slot *slot;

  if (self->n_headings == self->headings->len)
    g_ptr_array_add (self->headings, add_heading (self));
  slot = g_ptr_array_index (self->headings, self->n_headings++);
  slot->x = MARGIN;
  slot->y = self->tops[index];
  slot->width = MAX (1, self->width - 2 * MARGIN);
  slot->height = self->heading;
  markup = g_strdup_printf ("<b>%s</b>  <span alpha='60%%'>%s</span>", class_name, about);
  if (g_strcmp0 (g_object_get_data (G_OBJECT (slot->widget), "markup"), markup) != 0)
    {
      gtk_inscription_set_markup (GTK_INSCRIPTION (slot->widget), markup);
      pango_parse_markup (markup, -1, 0, NULL, &plain, NULL, NULL);
      gtk_accessible_update_property (GTK_ACCESSIBLE (slot->widget), GTK_ACCESSIBLE_PROPERTY_LABEL, plain, -1);
      g_object_set_data_full (G_OBJECT (slot->widget), "markup", g_steal_pointer (&markup), g_free);
    }
  show_slot (slot, TRUE);
}

static void
show_pixels (TitheGroupView *self, Slot *slot, guint32 image)
{
  const char *failure;
  TithePixels *pixels = tithe_thumbnails_get (self->thumbnails, image, &failure);

  if (pixels != NULL || failure != NULL)
    tithe_thumbnail_set_pixels (TITHE_THUMBNAIL (slot->widget), pixels, failure);
}

static void
set_tile (TitheGroupView *self, gsize index, guint32 number, const TitheMember *member)
{
  const TitheGroup *group = tithe_group_list_get (self->list, index);
  gboolean block = tithe_group_list_is_block (self->list, index);
  guint size = block ? tithe_group_list_get_view (self->list) == TITHE_VIEW_GROUPS : group->size;
  Slot *slot = g_hash_table_lookup (self->tiles, GUINT_TO_POINTER (member->image));

  if (slot == NULL)
    {
      TitheDataset *dataset = get_dataset (self);
      g_autoptr (GString) path = g_string_new (NULL);

      slot = self->spare->len > 0 ? g_ptr_array_steal_index_fast (self->spare, self->spare->len - 1) : add_tile (self);
      tithe_thumbnail_set_image (TITHE_THUMBNAIL (slot->widget), member->image,
                                 tithe_dataset_get_display_path (dataset, member->image, path));
      g_hash_table_insert (self->tiles, GUINT_TO_POINTER (member->image), slot);
      show_slot (slot, TRUE);
    }
  tithe_thumbnail_set_dimmed (TITHE_THUMBNAIL (slot->widget), self->dimming && !member->kept);
  tithe_thumbnail_set_role (TITHE_THUMBNAIL (slot->widget), member, size,
                            g_hash_table_contains (self->selected, GUINT_TO_POINTER (member->image)));
  show_pixels (self, slot, member->image);
  slot->generation = self->generation;
  slot->width = slot->height = self->edge;
  slot->x = MARGIN + (int) (number % (guint) self->columns) * (self->edge + GAP);
  slot->y = self->tops[index] + self->heading + (gint64) (number / (guint) self->columns) * (self->edge + GAP);
}

/* The members of a group whose rows touch what lies between two heights. */
static void
visible_members (TitheGroupView *self, gsize index, double top, double bottom, guint32 *first, guint32 *n)
{
  const TitheGroup *group = tithe_group_list_get (self->list, index);
  double above = top - (double) self->tops[index] - self->heading,
         below = bottom - (double) self->tops[index] - self->heading;
  gint64 row = above > 0 ? (gint64) (above / (self->edge + GAP)) : 0;
  gint64 end = below > 0 ? (gint64) (below / (self->edge + GAP)) + 1 : 0;

  *first = (guint32) MIN (row * self->columns, (gint64) group->size);
  *n = (guint32) (MIN (end * self->columns, (gint64) group->size) - MIN ((gint64) *first, end * self->columns));
}

typedef void (*MemberFunc) (TitheGroupView *self, gsize index, guint32 number, const TitheMember *member);

static void
for_each_member (TitheGroupView *self, double top, double bottom, MemberFunc func)
{
  if (n_groups (self) == 0 || bottom <= top)
    return;
  for (gsize i = group_at (self, top); i < n_groups (self) && (double) self->tops[i] < bottom; i++)
    {
      TitheMember members[256];
      guint32 first, n;

      visible_members (self, i, top, bottom, &first, &n);
      while (n > 0)
        {
          guint32 some = MIN (n, G_N_ELEMENTS (members));

          tithe_group_list_get_members (self->list, i, first, some, members);
          for (guint32 m = 0; m < some; m++)
            func (self, i, first + m, &members[m]);
          first += some;
          n -= some;
        }
    }
}

static void
want (TitheGroupView *self, gsize index, guint32 number, const TitheMember *member)
{
  g_array_append_val (self->wanted, member->image);
}

static void
retire_tiles (TitheGroupView *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Slot *slot = value;

      if (slot->generation == self->generation)
        continue;
      if (gtk_widget_is_focus (slot->widget))
        gtk_widget_grab_focus (GTK_WIDGET (self));
      show_slot (slot, FALSE);
      g_ptr_array_add (self->spare, slot);
      g_hash_table_iter_steal (&iter);
    }
  for (guint i = self->n_headings; i < self->headings->len; i++)
    show_slot (g_ptr_array_index (self->headings, i), FALSE);
}

/* Gives every group and image in view its widget, and asks for the pictures in view and a page to either side. */
static void
populate (TitheGroupView *self)
{
  double top = scroll_value (self), bottom = top + self->height;

  self->generation++;
  self->n_headings = 0;
  g_array_set_size (self->wanted, 0);
  if (self->width > 0 && n_groups (self) > 0)
    {
      for_each_member (self, top, bottom, set_tile);
      for (gsize i = group_at (self, top); i < n_groups (self) && (double) self->tops[i] < bottom; i++)
        set_heading (self, i);
      for_each_member (self, top, bottom, want);
      for_each_member (self, bottom, bottom + self->height, want);
      for_each_member (self, MAX (0, top - self->height), top, want);
    }
  retire_tiles (self);
  if (self->thumbnails != NULL)
    tithe_thumbnails_want (self->thumbnails, (const guint32 *) (gpointer) self->wanted->data, self->wanted->len);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
on_thumbnails (gpointer user_data)
{
  TitheGroupView *self = user_data;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &key, &value))
    show_pixels (self, value, GPOINTER_TO_UINT (key));
}

/* --- staying in place --- */

static void
remember_place (TitheGroupView *self, gsize index)
{
  if (self->n_places < N_PLACES)
    self->places[self->n_places++]
        = (Place){ tithe_group_list_get (self->list, index)->class_index, get_member (self, index, 0).position,
                   (double) self->tops[index] - scroll_value (self) };
}

/* What the person looks at: the group with the cursor where it is in view, else those in view from the top down. */
static void
remember_places (TitheGroupView *self)
{
  double top = scroll_value (self);
  gsize index;
  guint32 member;

  self->n_places = 0;
  if (n_groups (self) == 0 || self->width == 0)
    return;
  if (self->has_cursor && g_hash_table_contains (self->tiles, GUINT_TO_POINTER (self->cursor_image))
      && tithe_group_list_find (self->list, self->cursor_class, self->cursor_leaf, &index, &member))
    remember_place (self, index);
  for (gsize i = group_at (self, top); i < n_groups (self) && (double) self->tops[i] < top + self->height; i++)
    if ((double) self->tops[i] >= top)
      remember_place (self, i);
  if (self->n_places == 0)
    remember_place (self, group_at (self, top));
}

static double
find_place (TitheGroupView *self)
{
  for (guint i = 0; i < self->n_places; i++)
    {
      gsize index;
      guint32 member;

      if (tithe_group_list_find (self->list, self->places[i].class_index, self->places[i].leaf, &index, &member))
        return (double) self->tops[index] - self->places[i].below_top;
    }
  return scroll_value (self);
}

static void
on_scrolled (TitheGroupView *self)
{
  if (self->configuring)
    return;
  self->n_places = 0;
  populate (self);
}

/* --- selection --- */

static void
mark_selected (TitheGroupView *self, guint32 image)
{
  g_hash_table_add (self->selected, GUINT_TO_POINTER (image));
}

static void
tell_selection (TitheGroupView *self)
{
  populate (self);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

/* From one image to another, over all groups between them. */
static void
select_range (TitheGroupView *self, gsize index, guint32 member, gsize other_index, guint32 other_member)
{
  if (index > other_index || (index == other_index && member > other_member))
    {
      select_range (self, other_index, other_member, index, member);
      return;
    }
  for (gsize i = index; i <= other_index; i++)
    {
      guint32 first = i == index ? member : 0;
      guint32 last = i == other_index ? other_member : tithe_group_list_get (self->list, i)->size - 1;

      for (guint32 m = first; m <= last; m++)
        mark_selected (self, get_member (self, i, m).image);
    }
}

static void
set_cursor (TitheGroupView *self, gsize index, guint32 member)
{
  TitheMember there = get_member (self, index, member);

  self->has_cursor = TRUE;
  self->n_places = 0;
  self->cursor_class = tithe_group_list_get (self->list, index)->class_index;
  self->cursor_leaf = there.position;
  self->cursor_image = there.image;
}

/* Puts the cursor somewhere, and the selection with it: alone, in turn, or from the anchor on. */
static void
go (TitheGroupView *self, gsize index, guint32 member, gboolean extend, gboolean toggle)
{
  gsize anchor_index;
  guint32 anchor_member, image;

  set_cursor (self, index, member);
  image = self->cursor_image;
  if (extend && self->has_anchor
      && tithe_group_list_find (self->list, self->anchor_class, self->anchor_leaf, &anchor_index, &anchor_member))
    {
      g_hash_table_remove_all (self->selected);
      select_range (self, anchor_index, anchor_member, index, member);
      tell_selection (self);
      return;
    }
  self->has_anchor = TRUE;
  self->anchor_class = self->cursor_class;
  self->anchor_leaf = self->cursor_leaf;
  if (!toggle)
    g_hash_table_remove_all (self->selected);
  if (!toggle || !g_hash_table_remove (self->selected, GUINT_TO_POINTER (image)))
    mark_selected (self, image);
  tell_selection (self);
}

/* --- keyboard --- */

static void
show_cursor (TitheGroupView *self, gsize index, guint32 member)
{
  double top
      = (double) (self->tops[index] + self->heading) + (double) (member / (guint) self->columns) * (self->edge + GAP);
  double value = scroll_value (self), above = member < (guint) self->columns ? self->heading : GAP;
  Slot *slot;

  value = MIN (value, top - above);
  value = MAX (value, top + self->edge + BELOW - self->height);
  if (value != scroll_value (self) && self->adjustments[1] != NULL)
    gtk_adjustment_set_value (self->adjustments[1], value);
  slot = g_hash_table_lookup (self->tiles, GUINT_TO_POINTER (self->cursor_image));
  if (slot != NULL)
    gtk_widget_grab_focus (slot->widget);
}

/* The image @rows below and @steps after another, over the groups' bounds. */
static void
move_by (TitheGroupView *self, gsize *index, guint32 *member, int steps, int rows)
{
  gint64 target = (gint64) *member + steps;
  guint32 column = *member % (guint) self->columns, size;

  for (; rows > 0; rows--)
    {
      size = tithe_group_list_get (self->list, *index)->size;
      if (*member / (guint) self->columns < (size - 1) / (guint) self->columns)
        *member = MIN (*member + (guint) self->columns, size - 1);
      else if (*index + 1 < n_groups (self))
        {
          size = tithe_group_list_get (self->list, ++*index)->size;
          *member = MIN (column, size - 1);
        }
      target = *member;
    }
  for (; rows < 0; rows++)
    {
      if (*member >= (guint) self->columns)
        *member -= (guint) self->columns;
      else if (*index > 0)
        {
          guint32 last_row;

          size = tithe_group_list_get (self->list, --*index)->size;
          last_row = (size - 1) / (guint) self->columns * (guint) self->columns;
          *member = MIN (last_row + column, size - 1);
        }
      target = *member;
    }
  size = tithe_group_list_get (self->list, *index)->size;
  if (target < 0 && *index > 0)
    target = tithe_group_list_get (self->list, --*index)->size - 1;
  else if (target >= size && *index + 1 < n_groups (self))
    {
      ++*index;
      target = 0;
    }
  size = tithe_group_list_get (self->list, *index)->size;
  *member = (guint32) CLAMP (target, 0, (gint64) size - 1);
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, TitheGroupView *self)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int page = MAX (1, self->height / (self->edge + GAP + self->heading)), steps = 0, rows = 0;
  gsize index = 0;
  guint32 member = 0;

  if (n_groups (self) > 0 && (state & GDK_CONTROL_MASK) != 0 && (key == GDK_KEY_a || key == GDK_KEY_A))
    {
      tithe_group_view_select_group (self);
      return GDK_EVENT_STOP;
    }
  if (n_groups (self) == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
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
      g_hash_table_remove_all (self->selected);
      tell_selection (self);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  if (!self->has_cursor || !tithe_group_list_find (self->list, self->cursor_class, self->cursor_leaf, &index, &member))
    {
      index = group_at (self, scroll_value (self));
      steps = rows = 0;
    }
  if (key == GDK_KEY_Home)
    index = 0, member = 0;
  else if (key == GDK_KEY_End)
    {
      index = n_groups (self) - 1;
      member = tithe_group_list_get (self->list, index)->size - 1;
    }
  else
    move_by (self, &index, &member, steps, rows);
  go (self, index, member, (state & GDK_SHIFT_MASK) != 0, FALSE);
  show_cursor (self, index, member);
  return GDK_EVENT_STOP;
}

static void
show_menu (TitheGroupView *self, double x, double y)
{
  if (self->menu == NULL)
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle){ (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* Where in the list an image in view is. */
static gboolean
find_in_view (TitheGroupView *self, guint32 image, gsize *index, guint32 *member)
{
  double top = scroll_value (self);

  for (gsize i = group_at (self, top); i < n_groups (self) && (double) self->tops[i] < top + self->height; i++)
    {
      guint32 first, n;

      visible_members (self, i, top, top + self->height, &first, &n);
      for (guint32 m = first; m < first + n; m++)
        if (get_member (self, i, m).image == image)
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
    go (self, index, member, (state & GDK_SHIFT_MASK) != 0, (state & GDK_CONTROL_MASK) != 0);
  else
    set_cursor (self, index, member);
  gtk_widget_grab_focus (tile);
  gtk_gesture_set_state (GTK_GESTURE (click), GTK_EVENT_SEQUENCE_CLAIMED);
  if (button == GDK_BUTTON_SECONDARY)
    {
      gtk_widget_translate_coordinates (tile, GTK_WIDGET (self), x, y, &x, &y);
      show_menu (self, x, y);
    }
  else if (n_press == 2)
    g_signal_emit (self, signals[ACTIVATED], 0);
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
  self->band = GRAPHENE_RECT_INIT ((float) x, (float) (y + scroll_value (self)), 0, 0);
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
  self->band.size.height = (float) (y + dy + scroll_value (self)) - self->band.origin.y;
  graphene_rect_normalize_r (&self->band, &band);
  g_hash_table_remove_all (self->selected);
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const Slot *slot = value;

      if (graphene_rect_intersection (
              &band, &GRAPHENE_RECT_INIT ((float) slot->x, (float) slot->y, (float) slot->width, (float) slot->height),
              NULL))
        mark_selected (self, GPOINTER_TO_UINT (key));
    }
  tell_selection (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_band_end (GtkGestureDrag *drag, double dx, double dy, TitheGroupView *self)
{
  /* A press that went nowhere lets go of the selection. */
  if (self->has_band && dx == 0 && dy == 0 && g_hash_table_size (self->selected) > 0)
    {
      g_hash_table_remove_all (self->selected);
      tell_selection (self);
    }
  self->has_band = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
tithe_group_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (widget);
  graphene_rect_t band;
  GskRoundedRect outline;
  GdkRGBA color, line;

  GTK_WIDGET_CLASS (tithe_group_view_parent_class)->snapshot (widget, snapshot);
  if (!self->has_band)
    return;
  graphene_rect_normalize_r (&self->band, &band);
  band.origin.y -= (float) scroll_value (self);
  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "accent_bg_color", &line))
    line = (GdkRGBA){ 0.2f, 0.5f, 0.9f, 1.0f };
  color = line;
  color.alpha = 0.15f;
  gtk_snapshot_append_color (snapshot, &color, &band);
  gsk_rounded_rect_init_from_rect (&outline, &band, 0);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ line, line, line, line });
}

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
      g_autofree char *path = tithe_dataset_dup_file (get_dataset (self), g_array_index (images, guint32, i));

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

  if (!TITHE_IS_THUMBNAIL (child))
    return FALSE;
  gtk_tooltip_set_text (tooltip, tithe_thumbnail_get_name (TITHE_THUMBNAIL (child)));
  return TRUE;
}

static int
compare_images (gconstpointer a, gconstpointer b)
{
  const guint32 *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* --- widget --- */

static void
allocate_slot (TitheGroupView *self, Slot *slot)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  GtkAllocation allocation = { rtl ? self->width - slot->x - slot->width : slot->x,
                               (int) ((double) slot->y - scroll_value (self)), slot->width, slot->height };

  gtk_widget_measure (slot->widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, NULL, NULL, NULL);
  gtk_widget_size_allocate (slot->widget, &allocation, -1);
}

static void
tithe_group_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (widget);
  GHashTableIter iter;
  gpointer slot;

  if (width != self->width || height != self->height)
    {
      if (self->n_places == 0)
        remember_places (self);
      self->width = width;
      self->height = height;
      update_layout (self);
      configure_adjustments (self, find_place (self));
      populate (self);
    }
  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, &slot))
    allocate_slot (self, slot);
  for (guint i = 0; i < self->n_headings; i++)
    allocate_slot (self, g_ptr_array_index (self->headings, i));
  if (self->menu != NULL)
    gtk_popover_present (GTK_POPOVER (self->menu));
}

/* Large text has high headings. */
static void
tithe_group_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (widget);
  g_autoptr (PangoLayout) layout = NULL;
  int heading;

  GTK_WIDGET_CLASS (tithe_group_view_parent_class)->css_changed (widget, change);
  layout = gtk_widget_create_pango_layout (widget, "Ág");
  pango_layout_get_pixel_size (layout, NULL, &heading);
  heading = MAX (heading + HEADING_PADDING, MIN_HEADING);
  if (heading == self->heading)
    return;
  self->heading = heading;
  tithe_group_view_refresh (self, TRUE);
}

static void
tithe_group_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (widget);

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? self->edge + 2 * MARGIN : self->edge;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 8 * self->edge : 6 * self->edge;
}

static void
set_adjustment (TitheGroupView *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  GtkAdjustment **ours = &self->adjustments[orientation == GTK_ORIENTATION_VERTICAL];

  if (orientation == GTK_ORIENTATION_VERTICAL && *ours != NULL)
    g_clear_signal_handler (&self->scroll_handler, *ours);
  g_clear_object (ours);
  if (adjustment == NULL)
    return;
  *ours = g_object_ref_sink (adjustment);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    self->scroll_handler = g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (on_scrolled), self);
  configure_adjustments (self, scroll_value (self));
}

static void
tithe_group_view_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (object);

  switch (property)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[property == PROP_VADJUSTMENT]);
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, (gint) self->policies[property == PROP_VSCROLL_POLICY]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
tithe_group_view_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (object);

  switch (property)
    {
    case PROP_HADJUSTMENT:
    case PROP_VADJUSTMENT:
      set_adjustment (self, property == PROP_VADJUSTMENT ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL,
                      g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
    case PROP_VSCROLL_POLICY:
      self->policies[property == PROP_VSCROLL_POLICY] = (GtkScrollablePolicy) g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
tithe_group_view_dispose (GObject *object)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (object);

  tithe_group_view_set_model (self, NULL, NULL);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_hash_table_remove_all (self->tiles);
  g_ptr_array_set_size (self->spare, 0);
  g_ptr_array_set_size (self->headings, 0);
  set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, NULL);
  set_adjustment (self, GTK_ORIENTATION_VERTICAL, NULL);
  G_OBJECT_CLASS (tithe_group_view_parent_class)->dispose (object);
}

static void
tithe_group_view_finalize (GObject *object)
{
  TitheGroupView *self = TITHE_GROUP_VIEW (object);

  g_hash_table_unref (self->tiles);
  g_ptr_array_unref (self->spare);
  g_ptr_array_unref (self->headings);
  g_array_unref (self->wanted);
  g_hash_table_unref (self->selected);
  g_free (self->tops);
  G_OBJECT_CLASS (tithe_group_view_parent_class)->finalize (object);
}

static void
tithe_group_view_class_init (TitheGroupViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = tithe_group_view_get_property;
  object_class->set_property = tithe_group_view_set_property;
  object_class->dispose = tithe_group_view_dispose;
  object_class->finalize = tithe_group_view_finalize;
  widget_class->css_changed = tithe_group_view_css_changed;
  widget_class->size_allocate = tithe_group_view_size_allocate;
  widget_class->measure = tithe_group_view_measure;
  widget_class->snapshot = tithe_group_view_snapshot;
  signals[SELECTION_CHANGED] = g_signal_new ("selection-changed", TITHE_TYPE_GROUP_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                             NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED]
      = g_signal_new ("activated", TITHE_TYPE_GROUP_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  gtk_widget_class_set_css_name (widget_class, "groupview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
tithe_group_view_init (TitheGroupView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *band;

  self->edge = 80;
  self->heading = MIN_HEADING;
  self->columns = 1;
  self->tiles = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) slot_free);
  self->spare = g_ptr_array_new_with_free_func ((GDestroyNotify) slot_free);
  self->headings = g_ptr_array_new_with_free_func ((GDestroyNotify) slot_free);
  self->wanted = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->selected = g_hash_table_new (NULL, NULL);
  band = gtk_gesture_drag_new ();
  g_signal_connect (band, "drag-begin", G_CALLBACK (on_band_begin), self);
  g_signal_connect (band, "drag-update", G_CALLBACK (on_band_update), self);
  g_signal_connect (band, "drag-end", G_CALLBACK (on_band_end), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (band));
  update_layout (self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Groups"), -1);
}

GtkWidget *
tithe_group_view_new (void)
{
  return g_object_new (TITHE_TYPE_GROUP_VIEW, NULL);
}

/**
 * tithe_group_view_set_model:
 * @list: (nullable) (transfer none): what to show; must outlive the view or be taken back with %NULL
 * @thumbnails: (nullable) (transfer none): of the same dataset, likewise
 */
void
tithe_group_view_set_model (TitheGroupView *self, TitheGroupList *list, TitheThumbnails *thumbnails)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));
  g_return_if_fail ((list == NULL) == (thumbnails == NULL));

  if (self->thumbnails != NULL)
    tithe_thumbnails_set_func (self->thumbnails, NULL, NULL);
  self->list = list;
  self->thumbnails = thumbnails;
  self->has_cursor = self->has_anchor = FALSE;
  g_hash_table_remove_all (self->selected);
  self->n_places = 0;
  if (thumbnails != NULL)
    tithe_thumbnails_set_func (thumbnails, on_thumbnails, self);
  /* Tiles of another dataset show other images under the same numbers. */
  self->generation++;
  self->n_headings = 0;
  retire_tiles (self);
  tithe_group_view_set_edge (self, self->edge);
  tithe_group_view_refresh (self, FALSE);
}

/**
 * tithe_group_view_refresh:
 * @keep_place: whether the group that is looked at stays where it is; else the view goes to the top
 *
 * To be called after the list changed. The place is remembered from before the change, so that a slider moved there and
 * back ends where it began.
 */
void
tithe_group_view_refresh (TitheGroupView *self, gboolean keep_place)
{
  double value = 0;

  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  update_layout (self);
  if (keep_place)
    value = find_place (self);
  else
    self->n_places = 0;
  configure_adjustments (self, value);
  populate (self);
}

/**
 * tithe_group_view_hold_place:
 *
 * To be called before the list changes: remembers what is looked at, unless nothing but the list moved since.
 */
void
tithe_group_view_hold_place (TitheGroupView *self)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  if (self->n_places == 0)
    remember_places (self);
}

/**
 * tithe_group_view_set_edge:
 * @edge: pixels of a thumbnail's side
 */
void
tithe_group_view_set_edge (TitheGroupView *self, int edge)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  edge = CLAMP (edge, TITHE_GROUP_VIEW_MIN_EDGE, TITHE_GROUP_VIEW_MAX_EDGE);
  if (self->thumbnails != NULL)
    tithe_thumbnails_set_edge (self->thumbnails, (guint) (edge * gtk_widget_get_scale_factor (GTK_WIDGET (self))));
  if (edge == self->edge)
    return;
  tithe_group_view_hold_place (self);
  self->edge = edge;
  tithe_group_view_refresh (self, TRUE);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

int
tithe_group_view_get_edge (TitheGroupView *self)
{
  return self->edge;
}

/**
 * tithe_group_view_set_dimming:
 * @dimming: whether images that are not kept step back
 */
void
tithe_group_view_set_dimming (TitheGroupView *self, gboolean dimming)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  self->dimming = dimming;
  populate (self);
}

/**
 * tithe_group_view_set_menu:
 * @model: what can be done with the selection
 */
void
tithe_group_view_set_menu (TitheGroupView *self, GMenuModel *model)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  self->menu = gtk_popover_menu_new_from_model (model);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
}

/**
 * tithe_group_view_list_selected:
 *
 * Returns: (transfer full) (element-type guint32): the images that are selected, in ascending order
 */
GArray *
tithe_group_view_list_selected (TitheGroupView *self)
{
  GArray *images = g_array_new (FALSE, FALSE, sizeof (guint32));
  GHashTableIter iter;
  gpointer key;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), images);

  g_hash_table_iter_init (&iter, self->selected);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint32 image = GPOINTER_TO_UINT (key);

      g_array_append_val (images, image);
    }
  g_array_sort (images, compare_images);
  return images;
}

/**
 * tithe_group_view_get_cursor:
 * @image: (out): the image with the cursor
 * @index: (out): of the group or block that it is in
 *
 * Returns: whether there is a cursor, and it is in the list
 */
gboolean
tithe_group_view_get_cursor (TitheGroupView *self, guint32 *image, gsize *index)
{
  guint32 member;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), FALSE);

  *image = self->cursor_image;
  return self->list != NULL && self->has_cursor
         && tithe_group_list_find (self->list, self->cursor_class, self->cursor_leaf, index, &member);
}

/**
 * tithe_group_view_set_cursor:
 * @index: of a group
 * @member: of it
 *
 * Goes to an image, selects it, and scrolls there where it is not in view.
 */
void
tithe_group_view_set_cursor (TitheGroupView *self, gsize index, guint32 member)
{
  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  if (index >= n_groups (self))
    return;
  go (self, index, MIN (member, tithe_group_list_get (self->list, index)->size - 1), FALSE, FALSE);
  show_cursor (self, index, member);
}

/**
 * tithe_group_view_select_image:
 *
 * Puts the cursor on an image and selects it alone, without a word about scrolling or focus.
 *
 * Returns: whether it is in the list
 */
gboolean
tithe_group_view_select_image (TitheGroupView *self, guint32 image)
{
  gsize index;
  guint32 member;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), FALSE);

  if (self->list == NULL || !tithe_group_list_find_image (self->list, image, &index, &member))
    return FALSE;
  go (self, index, member, FALSE, FALSE);
  return TRUE;
}

/**
 * tithe_group_view_select_group:
 *
 * Selects everything in the group with the cursor.
 */
void
tithe_group_view_select_group (TitheGroupView *self)
{
  guint32 image;
  gsize index;

  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  if (!tithe_group_view_get_cursor (self, &image, &index))
    return;
  select_range (self, index, 0, index, tithe_group_list_get (self->list, index)->size - 1);
  tell_selection (self);
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

  top = scroll_value (self);
  g_array_set_size (self->wanted, 0);
  for_each_member (self, top, top + self->height, want);
  if (self->wanted->len > 0)
    g_array_append_vals (images, self->wanted->data, self->wanted->len);
  return images;
}

/**
 * tithe_group_view_get_place:
 * @image: of the dataset
 * @below_top: (out): pixels from the top of the view to the heading of the group that holds the image; below 0 where that is
 *   scrolled out of view
 *
 * Returns: whether there is such a group in the list
 */
gboolean
tithe_group_view_get_place (TitheGroupView *self, guint32 image, double *below_top)
{
  gsize index;
  guint32 member;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), FALSE);

  if (self->list == NULL || !tithe_group_list_find_image (self->list, image, &index, &member))
    return FALSE;
  *below_top = (double) self->tops[index] - scroll_value (self);
  return TRUE;
}

/**
 * tithe_group_view_go_to:
 * @image: of the dataset
 * @below_top: as of tithe_group_view_get_place()
 *
 * Scrolls to where the heading of the group that holds the image is so far below the top of the view. That holds until the
 * person scrolls, also where the view has no size yet.
 *
 * Returns: whether there is such a group in the list
 */
gboolean
tithe_group_view_go_to (TitheGroupView *self, guint32 image, double below_top)
{
  gsize index;
  guint32 member;

  g_return_val_if_fail (TITHE_IS_GROUP_VIEW (self), FALSE);

  if (self->list == NULL || !tithe_group_list_find_image (self->list, image, &index, &member))
    return FALSE;
  self->places[0] = (Place){ tithe_group_list_get (self->list, index)->class_index,
                             get_member (self, index, member).position, below_top };
  self->n_places = 1;
  configure_adjustments (self, find_place (self));
  populate (self);
  return TRUE;
}

/**
 * tithe_group_view_set_selected:
 * @images: (array length=n): of the dataset; those that are not in the list are left out
 * @cursor: one of the dataset, or TITHE_IMAGE_NONE
 *
 * Selects these images and no others, and puts the cursor on one; scrolls nowhere.
 */
void
tithe_group_view_set_selected (TitheGroupView *self, const guint32 *images, gsize n, guint32 cursor)
{
  guint n_places = self->n_places;
  gsize index;
  guint32 member;

  g_return_if_fail (TITHE_IS_GROUP_VIEW (self));

  g_hash_table_remove_all (self->selected);
  if (self->list == NULL)
    return;
  for (gsize i = 0; i < n; i++)
    if (tithe_group_list_find_image (self->list, images[i], &index, &member))
      mark_selected (self, images[i]);
  if (cursor != TITHE_IMAGE_NONE && tithe_group_list_find_image (self->list, cursor, &index, &member))
    {
      set_cursor (self, index, member);
      self->has_anchor = TRUE;
      self->anchor_class = self->cursor_class;
      self->anchor_leaf = self->cursor_leaf;
    }
  self->n_places = n_places;
  tell_selection (self);
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
    *n_kept += tithe_thumbnail_is_kept (TITHE_THUMBNAIL (((Slot *) slot)->widget)) ? 1u : 0u;
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
