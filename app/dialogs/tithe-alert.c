/* SPDX-License-Identifier: MIT */

/* The one file in which what is newer than libadwaita 1.2 is asked for, where it is there. */
#undef ADW_VERSION_MAX_ALLOWED

#include "tithe-alert.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define MAX_HEIGHT 240 /* of a message, which is scrolled where it takes more */

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  /* Who copies a path by hand would copy the hyphens. */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 50);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

/* Heading and message in labels of our own: libadwaita, to choose the size of its heading, measures it for widths that it does not
 * fit, of which GTK 4.18 warns. */
static GtkWidget *
new_content (const char *heading, const char *message)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *scrolled = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), new_label (message, "body"));
  gtk_box_append (GTK_BOX (box), new_label (heading, "title-2"));
  gtk_box_append (GTK_BOX (box), scrolled);
  return box;
}

/**
 * tithe_alert_show:
 * @message: what of it is no UTF-8, as names of files may be, is shown as U+FFFD
 *
 * Tells what did not work, until it is closed.
 *
 * Returns: (transfer none): the dialog, which its window holds
 */
GtkWidget *
tithe_alert_show (GtkWindow *parent, const char *heading, const char *message)
{
  g_autofree char *text = g_utf8_make_valid (message, -1);
  GtkWidget *content = new_content (heading, text);

#if ADW_CHECK_VERSION(1, 5, 0)
  AdwDialog *dialog = adw_alert_dialog_new (NULL, NULL);

  adw_dialog_set_title (dialog, heading);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), content);
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _("_Close"));
  adw_dialog_present (dialog, GTK_WIDGET (parent));
#else
  GtkWidget *dialog = adw_message_dialog_new (parent, NULL, NULL);

  gtk_window_set_title (GTK_WINDOW (dialog), heading);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), content);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
#endif
  return GTK_WIDGET (dialog);
}
