/* SPDX-License-Identifier: MIT */
#include "tithe-class-row.h"
#include "tithe-css-class.h"
#include "tithe-format.h"
#include "base/tithe-text.h"

#include <glib/gi18n.h>

/* Pixels: the bar, and below it the line of what is reviewed. */
#define BAR 4
#define LINE 2
#define GAP 2

struct _TitheClassRow
{
  GtkWidget parent_instance;

  GtkWidget *box, *name, *own, *count;
  GtkWidget *bar;       /* the room for it */
  TitheClassItem *item; /* (nullable) */
  gulong handler;       /* of the item */
  double kept;          /* share of the bar; below 0 while it is not known */
  double reviewed;      /* share of the groups */
};

enum
{
  PROP_ITEM = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_TYPE (TitheClassRow, tithe_class_row, GTK_TYPE_WIDGET)

/* A share of the width, from where the language begins. */
static void
append_share (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *whole, double share,
              const GdkRGBA *colour)
{
  graphene_rect_t part = *whole;

  part.size.width *= (float) CLAMP (share, 0, 1);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    part.origin.x += whole->size.width - part.size.width;
  gtk_snapshot_append_color (snapshot, colour, &part);
}

/* By nodes and not by Cairo: a list of many classes draws 200 rows anew with each letter that is searched for. */
static void
tithe_class_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  static const GdkRGBA unknown = { 0.5f, 0.5f, 0.5f, 0.25f }, lost = { 0.96f, 0.68f, 0.18f, 1 },
                       green = { 0.18f, 0.76f, 0.49f, 1 }, blue = { 0.21f, 0.52f, 0.89f, 1 };
  TitheClassRow *self = TITHE_CLASS_ROW (widget);
  graphene_rect_t bar;
  GskRoundedRect outline;

  GTK_WIDGET_CLASS (tithe_class_row_parent_class)->snapshot (widget, snapshot);
  if (!gtk_widget_compute_bounds (self->bar, widget, &bar))
    return;
  bar.size.height = BAR;
  gsk_rounded_rect_init_from_rect (&outline, &bar, bar.size.height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, self->kept < 0 ? &unknown : &lost, &bar);
  append_share (widget, snapshot, &bar, self->kept, &green);
  gtk_snapshot_pop (snapshot);
  bar.origin.y += BAR + GAP;
  bar.size.height = LINE;
  if (self->reviewed > 0)
    append_share (widget, snapshot, &bar, self->reviewed, &blue);
}

/* In as few words as stand beside a name; the tooltip has all of them. */
static char *
describe_unclustered (TitheClassItem *item)
{
  g_autofree char *needed = NULL;

  if (tithe_class_item_get_needed (item) == 0)
    return g_strdup ("…");
  needed = g_format_size_full (tithe_class_item_get_needed (item), G_FORMAT_SIZE_IEC_UNITS);
  /* TRANSLATORS: an amount of memory, such as “needs 3.2 GiB”; has very little room */
  return g_strdup_printf (_("needs %s"), needed);
}

/* Whether something is left for a person to do, and how much. */
static char *
describe_left (TitheClassItem *item)
{
  const gsize n_groups = tithe_class_item_get_n_groups (item), n = n_groups - tithe_class_item_get_n_reviewed (item);
  g_autofree char *left = tithe_format_count (n);

  if (n_groups == 0)
    return g_strdup ("–");
  if (n == 0)
    return g_strdup ("✓");
  /* TRANSLATORS: redundant groups that nobody looked at yet, such as “12 left”; has very little room */
  return g_strdup_printf (ngettext ("%s left", "%s left", n), left);
}

/* Touches what is another than before: most of what a dataset's news changes is in other rows. */
static void
follow_item (TitheClassRow *self)
{
  gsize n_images = tithe_class_item_get_n_images (self->item);
  gboolean clustered = tithe_class_item_is_clustered (self->item);
  gsize n_groups = tithe_class_item_get_n_groups (self->item);
  g_autofree char *count = clustered ? describe_left (self->item) : describe_unclustered (self->item);
  double reviewed = n_groups > 0 ? (double) tithe_class_item_get_n_reviewed (self->item) / (double) n_groups : 0;
  double kept = clustered && n_images > 0 ? (double) tithe_class_item_get_n_kept (self->item) / (double) n_images : -1;

  gtk_widget_set_visible (self->own, tithe_class_item_get_own_ratio (self->item) > 0);
  if (tithe_class_item_get_own_ratio (self->item) > 0)
    {
      g_autofree char *own = tithe_format_ratio (tithe_class_item_get_own_ratio (self->item));

      gtk_label_set_text (GTK_LABEL (self->own), own);
    }
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (self->count)), count) != 0)
    gtk_label_set_text (GTK_LABEL (self->count), count);
  if (kept != self->kept || reviewed != self->reviewed)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->kept = kept;
  self->reviewed = reviewed;
}

/* What is kept of a class, and how far its review is. */
static char *
describe_clustered (TitheClassItem *item)
{
  const gsize n_groups = tithe_class_item_get_n_groups (item);
  g_autofree char *images = tithe_format_count (tithe_class_item_get_n_images (item));
  g_autofree char *kept = tithe_format_count (tithe_class_item_get_n_kept (item));
  g_autofree char *groups = tithe_format_count (n_groups);
  g_autofree char *reviewed = tithe_format_count (tithe_class_item_get_n_reviewed (item));
  /* TRANSLATORS: redundant groups that a person has looked at, such as “12 of 4,072 reviewed” */
  g_autofree char *progress = g_strdup_printf (_("%s of %s reviewed"), reviewed, groups);
  GString *text = g_string_new (NULL);

  g_string_printf (text,
                   ngettext ("%s: %s of %s images kept, %s redundant group",
                             "%s: %s of %s images kept, %s redundant groups", n_groups),
                   tithe_class_item_get_name (item), kept, images, groups);
  if (n_groups > 0)
    tithe_text_add_item (text, progress);
  return g_string_free (text, FALSE);
}

/* Made when it is asked for: to keep the tooltips of 200 rows at hand takes 50 ms whenever the numbers change. */
static gboolean
on_query_tooltip (TitheClassRow *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  g_autofree char *text = NULL, *images = NULL, *needed = NULL;

  if (self->item == NULL)
    return FALSE;
  images = tithe_format_count (tithe_class_item_get_n_images (self->item));
  needed = g_format_size_full (tithe_class_item_get_needed (self->item), G_FORMAT_SIZE_IEC_UNITS);
  if (tithe_class_item_is_clustered (self->item))
    text = describe_clustered (self->item);
  else if (tithe_class_item_get_needed (self->item) > 0)
    text = g_strdup_printf (ngettext ("%s: %s image needs %s of memory to be clustered, which is more than may be used",
                                      "%s: %s images need %s of memory to be clustered, which is more than may be used",
                                      tithe_class_item_get_n_images (self->item)),
                            tithe_class_item_get_name (self->item), images, needed);
  else
    text = g_strdup_printf (ngettext ("%s: %s image, not clustered yet", "%s: %s images, not clustered yet",
                                      tithe_class_item_get_n_images (self->item)),
                            tithe_class_item_get_name (self->item), images);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
tithe_class_row_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  if (property == PROP_ITEM)
    g_value_set_object (value, TITHE_CLASS_ROW (object)->item);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
tithe_class_row_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  if (property == PROP_ITEM)
    tithe_class_row_set_item (TITHE_CLASS_ROW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
tithe_class_row_dispose (GObject *object)
{
  TitheClassRow *self = TITHE_CLASS_ROW (object);

  if (self->item != NULL)
    g_clear_signal_handler (&self->handler, self->item);
  g_clear_object (&self->item);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_class_row_parent_class)->dispose (object);
}

static void
tithe_class_row_class_init (TitheClassRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = tithe_class_row_get_property;
  object_class->set_property = tithe_class_row_set_property;
  object_class->dispose = tithe_class_row_dispose;
  props[PROP_ITEM] = g_param_spec_object ("item", NULL, NULL, TITHE_TYPE_CLASS_ITEM,
                                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  GTK_WIDGET_CLASS (klass)->snapshot = tithe_class_row_snapshot;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "classrow");
}

static void
tithe_class_row_init (TitheClassRow *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->kept = -1;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  self->name
      = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "hexpand", TRUE, "ellipsize", PANGO_ELLIPSIZE_MIDDLE, NULL);
  self->count = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0f, NULL);
  self->bar = g_object_new (GTK_TYPE_BOX, "height-request", BAR + GAP + LINE, "accessible-role",
                            GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  self->own
      = g_object_new (GTK_TYPE_LABEL, "visible", FALSE, "tooltip-text", _("This class has a ratio of its own"), NULL);
  gtk_widget_add_css_class (self->own, "numeric");
  gtk_widget_add_css_class (self->own, "accent");
  gtk_widget_add_css_class (self->count, "dim-label");
  gtk_widget_add_css_class (self->count, "numeric");
  gtk_box_append (GTK_BOX (line), self->name);
  gtk_box_append (GTK_BOX (line), self->own);
  gtk_box_append (GTK_BOX (line), self->count);
  gtk_box_append (GTK_BOX (self->box), line);
  gtk_box_append (GTK_BOX (self->box), self->bar);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
}

/**
 * tithe_class_row_new:
 *
 * Returns: a row that shows nothing yet
 */
GtkWidget *
tithe_class_row_new (void)
{
  return g_object_new (TITHE_TYPE_CLASS_ROW, NULL);
}

static void
show_name (TitheClassRow *self)
{
  gtk_label_set_text (GTK_LABEL (self->name), tithe_class_item_get_name (self->item));
  tithe_css_class_set (self->name, "heading", tithe_class_item_get_class_index (self->item) < 0);
}

/**
 * tithe_class_row_set_item:
 * @item: (nullable): what to show, and follow, from now on
 */
void
tithe_class_row_set_item (TitheClassRow *self, TitheClassItem *item)
{
  g_return_if_fail (TITHE_IS_CLASS_ROW (self));

  if (item == self->item)
    return;
  if (self->item != NULL)
    g_clear_signal_handler (&self->handler, self->item);
  g_set_object (&self->item, item);
  if (item != NULL)
    {
      self->handler = g_signal_connect_object (item, "notify", G_CALLBACK (follow_item), self, G_CONNECT_SWAPPED);
      show_name (self);
      follow_item (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ITEM]);
}
