/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void tithe_key_names_show (GtkWidget *parent);

G_END_DECLS
