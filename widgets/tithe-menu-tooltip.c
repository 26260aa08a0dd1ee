/* SPDX-License-Identifier: MIT */
#include "tithe-menu-tooltip.h"

static gboolean
has_open_menu (GtkWidget *widget)
{
  if (GTK_IS_POPOVER (widget))
    return gtk_widget_get_mapped (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_open_menu (child))
      return TRUE;
  return FALSE;
}

/* For GTK what a button opens is a part of the button, and has its tooltip. */
static gboolean
on_query_tooltip (GtkWidget *widget)
{
  if (has_open_menu (widget))
    g_signal_stop_emission_by_name (widget, "query-tooltip");
  return FALSE;
}

/**
 * tithe_menu_tooltip_hush:
 *
 * Lets no button below @parent show its tooltip over the menu that it has opened.
 */
void
tithe_menu_tooltip_hush (GtkWidget *parent)
{
  if (GTK_IS_MENU_BUTTON (parent) || GTK_IS_DROP_DOWN (parent))
    g_signal_connect (parent, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    tithe_menu_tooltip_hush (child);
}
