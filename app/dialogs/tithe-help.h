/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * The help is one HTML file, made of resources/doc when Tithe is built; a page is a section of it, named as its source is
 * ("verify" is resources/doc/verify.md), and so is a heading of one ("look-preferences"). A browser shows it.
 */
char *tithe_help_dup_uri      (const char *page, GError **error);
void  tithe_help_show         (GtkWindow *parent, const char *page);
void  tithe_help_add_to_class (GtkWidgetClass *widget_class, const char *page);

G_END_DECLS
