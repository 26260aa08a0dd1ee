/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_PREFERENCES (tithe_preferences_get_type ())

/* The window in which settings are changed; they hold as they are changed. */
G_DECLARE_FINAL_TYPE (TithePreferences, tithe_preferences, TITHE, PREFERENCES, AdwPreferencesWindow)

GtkWidget *tithe_preferences_new (GtkWindow *parent);

G_END_DECLS
