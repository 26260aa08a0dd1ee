/* SPDX-License-Identifier: MIT */
#include "tithe-legend.h"
#include "state/tithe-settings.h"
#include "tithe-term.h"
#include "tithe-thumbnail.h"

#include <glib/gi18n.h>

/* The smallest thumbnail that has a badge. */
#define EDGE 40
/* As wide as a narrow window has room for. */
#define MAX_CHARS 34
#define MAX_HEIGHT 640

/* Thumbnails, as they look in the groups, and what is no thumbnail. */
typedef struct
{
  TitheMember member;
  gboolean reversed, dimmed;
  const char *text; /* (nullable): a label in place of a thumbnail */
  const char *meaning;
} Sign;

static const Sign signs[] = {
  { .member = { .kept = TRUE }, .meaning = N_("Kept: it is in the subset.") },
  { .meaning = N_("Discarded: it is left out of the subset. No file is deleted.") },
  { .member = { .kept = TRUE, .decision = TITHE_DECISION_KEEP }, .meaning = N_("Kept by hand, whatever the ratio.") },
  { .member = { .kept = TRUE, .decision = TITHE_DECISION_REPRESENTATIVE },
    .meaning = N_("Chosen by hand to stand for its group.") },
  { .member = { .decision = TITHE_DECISION_DISCARD }, .meaning = N_("Discarded by hand, whatever the ratio.") },
  { .reversed = TRUE, .meaning = N_("Discarded, where discarded images are what stands out.") },
  { .dimmed = TRUE, .meaning = N_("Dimmed: discarded, if you chose so in the preferences.") },
  { .text = "✓", .meaning = N_("Reviewed: somebody is done with the group. Its card is tinted.") },
  { .text = "%", .meaning = N_("This class has a ratio of its own") },
};

/* A light from above, so that something can be seen to be dimmed. */
static TithePixels *
draw_picture (void)
{
  TithePixels *pixels = tithe_pixels_new (EDGE, EDGE);

  for (guint y = 0; y < EDGE; y++)
    for (guint x = 0; x < EDGE; x++)
      for (guint c = 0; c < 3; c++)
        pixels->data[(y * EDGE + x) * 3 + c] = (guint8) (190 - 2 * y + 10 * c);
  return pixels;
}

static GtkWidget *
new_sign (const Sign *sign)
{
  GtkWidget *widget;

  if (sign->text != NULL)
    widget = gtk_label_new (sign->text);
  else
    {
      g_autoptr (TithePixels) pixels = draw_picture ();

      widget = tithe_thumbnail_new ();
      tithe_thumbnail_set_reversed (TITHE_THUMBNAIL (widget), sign->reversed);
      tithe_thumbnail_set_dimmed (TITHE_THUMBNAIL (widget), sign->dimmed);
      tithe_thumbnail_set_role (TITHE_THUMBNAIL (widget), &sign->member, 0, FALSE);
      tithe_thumbnail_set_pixels (TITHE_THUMBNAIL (widget), pixels, NULL);
    }
  gtk_widget_set_size_request (widget, EDGE, sign->text ? -1 : EDGE);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (widget, GTK_ALIGN_CENTER);
  /* What is beside it says it. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  return widget;
}

static GtkWidget *
new_label (const char *text, const char *class)
{
  GtkWidget *label
      = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "xalign", 0.0f, "max-width-chars", MAX_CHARS, NULL);

  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
new_signs (void)
{
  GtkWidget *grid = g_object_new (GTK_TYPE_GRID, "row-spacing", 8, "column-spacing", 12, NULL);

  for (int i = 0; i < (int) G_N_ELEMENTS (signs); i++)
    {
      gtk_grid_attach (GTK_GRID (grid), new_sign (&signs[i]), 0, i, 1, 1);
      gtk_grid_attach (GTK_GRID (grid), new_label (_ (signs[i].meaning), NULL), 1, i, 1, 1);
    }
  return grid;
}

static void
append_term (GtkBox *box, TitheTerm term)
{
  GtkWidget *entry = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_append (GTK_BOX (entry), new_label (tithe_term_get_name (term), "caption-heading"));
  gtk_box_append (GTK_BOX (entry), new_label (tithe_term_explain (term), NULL));
  gtk_box_append (box, entry);
}

static GtkWidget *
new_content (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  g_autofree char *colour = g_settings_get_string (tithe_settings_get (), TITHE_SETTING_FRAME_COLOUR);
  g_autofree char *class = g_strconcat ("frame-", colour, NULL);

  gtk_widget_add_css_class (box, class);
  gtk_widget_add_css_class (box, "legend");
  gtk_box_append (GTK_BOX (box), new_label (_("Signs"), "heading"));
  gtk_box_append (GTK_BOX (box), new_signs ());
  gtk_box_append (GTK_BOX (box), new_label (_("Words"), "heading"));
  for (TitheTerm term = 0; term < TITHE_N_TERMS; term++)
    append_term (GTK_BOX (box), term);
  return box;
}

static gboolean
drop (gpointer popover)
{
  gtk_widget_unparent (popover);
  return G_SOURCE_REMOVE;
}

static void
on_closed (GtkWidget *popover)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, drop, g_object_ref (popover), g_object_unref);
}

/**
 * tithe_legend_show:
 * @beside: has a layout manager
 *
 * Shows what signs and words mean, until something else is pressed.
 */
void
tithe_legend_show (GtkWidget *beside)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *scrolled
      = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy", GTK_POLICY_NEVER, "propagate-natural-height", TRUE,
                      "propagate-natural-width", TRUE, "max-content-height", MAX_HEIGHT, "child", new_content (), NULL);

  gtk_popover_set_child (GTK_POPOVER (popover), scrolled);
  gtk_accessible_update_property (GTK_ACCESSIBLE (popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Legend"), -1);
  gtk_widget_set_parent (popover, beside);
  g_signal_connect (popover, "closed", G_CALLBACK (on_closed), NULL);
  /* A window that goes while it is there. */
  g_signal_connect_object (beside, "destroy", G_CALLBACK (gtk_widget_unparent), popover, G_CONNECT_SWAPPED);
  gtk_popover_popup (GTK_POPOVER (popover));
}
