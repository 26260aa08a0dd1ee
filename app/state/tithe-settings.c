/* SPDX-License-Identifier: MIT */
#include "tithe-settings.h"

#include <glib/gi18n.h>

#define SCHEMA "org.tithe.Tithe"

/* Where the program was built and not installed, the schema is in the build's folder resources. */
static GSettingsSchema *
find_schema (void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) built = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program ? g_path_get_dirname (program) : NULL;
  g_autofree char *resources = folder ? g_build_filename (folder, "..", "resources", NULL) : NULL;
  GSettingsSchema *schema = NULL;

  if (resources != NULL && (built = g_settings_schema_source_new_from_directory (resources, installed, TRUE, NULL)))
    schema = g_settings_schema_source_lookup (built, SCHEMA, TRUE);
  if (schema == NULL && installed != NULL)
    schema = g_settings_schema_source_lookup (installed, SCHEMA, TRUE);
  return schema;
}

/**
 * tithe_settings_get:
 *
 * Returns: (transfer none): the settings; a program that was torn from its data ends with a word about it
 */
GSettings *
tithe_settings_get (void)
{
  static GSettings *settings;

  if (settings == NULL)
    {
      g_autoptr (GSettingsSchema) schema = find_schema ();

      if (schema == NULL)
        {
          g_printerr (_("tithe: the settings' schema %s is not installed: install Tithe with “meson install”\n"),
                      SCHEMA);
          exit (1);
        }
      settings = g_settings_new_full (schema, NULL, NULL);
    }
  return settings;
}
