/* SPDX-License-Identifier: MIT */
#include "tithe-preferences.h"
#include "tithe-help.h"
#include "state/tithe-settings.h"
#include "tithe-combo-rows.h"

struct _TithePreferences
{
  AdwPreferencesWindow parent_instance;

  AdwComboRow *frame_colour, *linkage, *representative;
  GtkSpinButton *thumbnail_size, *cache_size;
  GtkSwitch *dim_discarded, *reopen;
};

G_DEFINE_TYPE (TithePreferences, tithe_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* Rows list what the key's values are, in their order. */
static void
on_row_selected (AdwComboRow *row, GParamSpec *pspec, const char *key)
{
  g_settings_set_enum (tithe_settings_get (), key, (int) adw_combo_row_get_selected (row));
}

static void
bind_row (AdwComboRow *row, const char *key)
{
  adw_combo_row_set_selected (row, (guint) g_settings_get_enum (tithe_settings_get (), key));
  g_signal_connect (row, "notify::selected", G_CALLBACK (on_row_selected), (gpointer) key);
}

static void
tithe_preferences_class_init (TithePreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, TithePreferences, frame_colour);
  gtk_widget_class_bind_template_child (widget_class, TithePreferences, linkage);
  gtk_widget_class_bind_template_child (widget_class, TithePreferences, representative);
  gtk_widget_class_bind_template_child (widget_class, TithePreferences, thumbnail_size);
  gtk_widget_class_bind_template_child (widget_class, TithePreferences, cache_size);
  gtk_widget_class_bind_template_child (widget_class, TithePreferences, dim_discarded);
  gtk_widget_class_bind_template_child (widget_class, TithePreferences, reopen);
  tithe_help_add_to_class (widget_class, "look-preferences");
}

static void
tithe_preferences_init (TithePreferences *self)
{
  GSettings *settings = tithe_settings_get ();

  gtk_widget_init_template (GTK_WIDGET (self));
  tithe_combo_rows_show_whole (GTK_WIDGET (self));
  g_settings_bind (settings, TITHE_SETTING_THUMBNAIL_SIZE, self->thumbnail_size, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, TITHE_SETTING_CACHE_SIZE, self->cache_size, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, TITHE_SETTING_DIM_DISCARDED, self->dim_discarded, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, TITHE_SETTING_REOPEN, self->reopen, "active", G_SETTINGS_BIND_DEFAULT);
  bind_row (self->frame_colour, TITHE_SETTING_FRAME_COLOUR);
  bind_row (self->linkage, TITHE_SETTING_LINKAGE);
  bind_row (self->representative, TITHE_SETTING_REPRESENTATIVE);
}

/* (transfer floating): the window of preferences, whose settings apply as they are changed. */
GtkWidget *
tithe_preferences_new (GtkWindow *parent)
{
  return g_object_new (TITHE_TYPE_PREFERENCES, "transient-for", parent, "modal", TRUE, NULL);
}
