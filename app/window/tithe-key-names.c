/* SPDX-License-Identifier: MIT */
#include "tithe-key-names.h"

#include <glib/gi18n.h>
#include <string.h>

/* What GTK writes on a key, and what stands on it and in the help. */
static const struct
{
  const char *written, *name;
} names[] = {
  { "⏎", NC_ ("key", "Enter") },
  { "␣", NC_ ("key", "Space") },
  { "Escape", NC_ ("key", "Esc") },
  { "Page_Up", NC_ ("key", "Page Up") },
  { "Page_Down", NC_ ("key", "Page Down") },
};

static void
show_name (GtkLabel *label)
{
  const char *text = gtk_label_get_text (label);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (text, names[i].written))
      {
        gtk_label_set_text (label, g_dpgettext2 (NULL, "key", names[i].name));
        return;
      }
}

/**
 * tithe_key_names_show:
 * @parent: such as the window of shortcuts
 *
 * Writes the names of keys as people know them where GTK has its own, such as Page_Up.
 */
void
tithe_key_names_show (GtkWidget *parent)
{
  if (GTK_IS_LABEL (parent) && gtk_widget_has_css_class (parent, "keycap"))
    show_name (GTK_LABEL (parent));
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    tithe_key_names_show (child);
}
