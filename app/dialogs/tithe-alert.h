/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * What did not work, in front of a window until it is closed: by the dialog that the libadwaita that is compiled against has for that.
 */

GtkWidget *tithe_alert_show (GtkWindow *parent, const char *heading, const char *message);

G_END_DECLS
