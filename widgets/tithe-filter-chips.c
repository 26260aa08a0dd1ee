/* SPDX-License-Identifier: MIT */
#include "tithe-filter-chips.h"

#include <glib/gi18n.h>

#define ICON 12

struct _TitheFilterChips
{
  GtkWidget parent_instance;

  GtkWidget *scrolled, *box, *clear;
  GPtrArray *chips; /* GtkButton of each filter, not owned */
};

enum
{
  REMOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheFilterChips, tithe_filter_chips, GTK_TYPE_WIDGET)

static void
on_chip_clicked (TitheFilterChips *self, GtkWidget *chip)
{
  guint filter;

  if (g_ptr_array_find (self->chips, chip, &filter))
    g_signal_emit (self, signals[REMOVED], 0, filter);
}

static GtkWidget *
get_label (GtkWidget *chip)
{
  return gtk_widget_get_first_child (gtk_button_get_child (GTK_BUTTON (chip)));
}

/* The whole chip is its close button: a larger one to press, and one stop for Tab. */
static GtkWidget *
new_chip (TitheFilterChips *self)
{
  GtkWidget *chip = gtk_button_new (), *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL), *icon = gtk_image_new_from_icon_name ("window-close-symbolic");

  gtk_image_set_pixel_size (GTK_IMAGE (icon), ICON);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (content), label);
  gtk_box_append (GTK_BOX (content), icon);
  gtk_button_set_child (GTK_BUTTON (chip), content);
  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_set_visible (chip, FALSE);
  g_signal_connect_object (chip, "clicked", G_CALLBACK (on_chip_clicked), self, G_CONNECT_SWAPPED);
  return chip;
}

static void
tithe_filter_chips_dispose (GObject *object)
{
  g_clear_pointer (&TITHE_FILTER_CHIPS (object)->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_filter_chips_parent_class)->dispose (object);
}

static void
tithe_filter_chips_finalize (GObject *object)
{
  g_ptr_array_unref (TITHE_FILTER_CHIPS (object)->chips);
  G_OBJECT_CLASS (tithe_filter_chips_parent_class)->finalize (object);
}

static void
tithe_filter_chips_class_init (TitheFilterChipsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_filter_chips_dispose;
  G_OBJECT_CLASS (klass)->finalize = tithe_filter_chips_finalize;
  signals[REMOVED] = g_signal_new ("removed", TITHE_TYPE_FILTER_CHIPS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "filterchips");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
tithe_filter_chips_init (TitheFilterChips *self)
{
  self->chips = g_ptr_array_new ();
  self->scrolled = gtk_scrolled_window_new ();
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->clear = gtk_button_new_with_mnemonic (_("Clear _Filters"));
  gtk_widget_add_css_class (self->clear, "chip");
  gtk_widget_add_css_class (self->clear, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->clear), "win.clear-filters");
  gtk_box_append (GTK_BOX (self->box), self->clear);
  /* Scrolls without a bar, which would take a line. */
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_EXTERNAL, GTK_POLICY_NEVER);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), self->box);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Filters"), -1);
}

/* tithe_filter_chips_new: (transfer floating): one that shows no filter, hidden */
GtkWidget *
tithe_filter_chips_new (void)
{
  return g_object_new (TITHE_TYPE_FILTER_CHIPS, NULL);
}

/* With one filter its chip does the same. */
static void
follow_chips (TitheFilterChips *self)
{
  guint n_shown = 0;

  for (guint i = 0; i < self->chips->len; i++)
    n_shown += gtk_widget_get_visible (g_ptr_array_index (self->chips, i));
  gtk_widget_set_visible (self->clear, n_shown > 1);
  gtk_widget_set_visible (GTK_WIDGET (self), n_shown > 0);
}

/**
 * tithe_filter_chips_set:
 * @filter: number of the filter, from 0 on; chips stand in their order
 * @text: (nullable): what it takes; %NULL where it takes everything
 *
 * Shows a filter's chip, or hides it. The focus must not be on it then.
 */
void
tithe_filter_chips_set (TitheFilterChips *self, guint filter, const char *text)
{
  g_autofree char *what = text ? g_strdup_printf (_("Remove the filter “%s”"), text) : NULL;
  GtkWidget *chip;

  g_return_if_fail (TITHE_IS_FILTER_CHIPS (self));

  while (self->chips->len <= filter)
    {
      GtkWidget *added = new_chip (self);

      gtk_box_insert_child_after (GTK_BOX (self->box), added,
                                  self->chips->len > 0 ? g_ptr_array_index (self->chips, self->chips->len - 1) : NULL);
      g_ptr_array_add (self->chips, added);
    }
  chip = g_ptr_array_index (self->chips, filter);
  if (text != NULL)
    {
      gtk_label_set_text (GTK_LABEL (get_label (chip)), text);
      gtk_widget_set_tooltip_text (chip, what);
      gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
    }
  gtk_widget_set_visible (chip, text != NULL);
  follow_chips (self);
}
