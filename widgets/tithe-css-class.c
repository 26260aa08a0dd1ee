/* SPDX-License-Identifier: MIT */
#include "tithe-css-class.h"

/* tithe_css_class_set: gives a widget a class of the style sheet, or takes it. */
void
tithe_css_class_set (GtkWidget *widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}
