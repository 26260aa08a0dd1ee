/* SPDX-License-Identifier: MIT */
#include "tithe-application.h"
#include "tithe-screenshot.h"
#include "tithe-window.h"

#include "dialogs/tithe-help.h"
#include "pages/tithe-start-page.h"
#include "state/tithe-settings.h"

#include <glib/gi18n.h>

struct _TitheApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_TYPE (TitheApplication, tithe_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[]
    = { { "embeddings", 'e', 0, G_OPTION_ARG_FILENAME, NULL,
          N_("Compare images by this file: .npy, .npz or .safetensors with a row for each"), N_("FILE") },
        { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Open the demo dataset"), NULL },
        { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, NULL,
          N_("Save a picture of the window once it is all there, and quit"), N_("OUT.png") },
        { "dark", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Use the dark style"), NULL },
        { "size", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Size of the window"), N_("WIDTHxHEIGHT") },
        { "verify", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Begin with the page that retrains"), NULL },
        { "ratio", 0, 0, G_OPTION_ARG_DOUBLE, NULL, N_("Subset ratio to begin with, 0.01 to 1"), "R" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, N_("[DATASET|SESSION]") },
        G_OPTION_ENTRY_NULL };

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (
      gtk_application_get_active_window (user_data), "application-name", "Tithe", "application-icon",
      TITHE_APPLICATION_ID, "version", TITHE_VERSION, "comments",
      _("Finds the images of a dataset that say nothing new, and hands back a subset that trains as well "
         "as the whole."),
      "license-type", GTK_LICENSE_MIT_X11, NULL);
}

/* About what is looked at. */
static void
on_help (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (user_data);

  if (window != NULL)
    tithe_help_show (window, TITHE_IS_WINDOW (window) ? tithe_window_get_help_page (TITHE_WINDOW (window)) : "start");
}

static void
on_help_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (user_data);

  if (window != NULL)
    tithe_help_show (window, g_variant_get_string (parameter, NULL));
}

static void
on_new_window (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (tithe_window_new (user_data)));
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  while (gtk_application_get_active_window (user_data) != NULL)
    gtk_window_destroy (gtk_application_get_active_window (user_data));
}

static const GActionEntry actions[] = {
  { .name = "about", .activate = on_about },
  { .name = "help", .activate = on_help },
  { .name = "help-about", .activate = on_help_about, .parameter_type = "s" },
  { .name = "new-window", .activate = on_new_window },
  { .name = "quit", .activate = on_quit },
};

static void
set_accel (GApplication *application, const char *action, const char *const *keys)
{
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), action, keys);
}

static void
tithe_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (tithe_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  set_accel (application, "app.help", (const char *const[]){ "F1", NULL });
  set_accel (application, "app.quit", (const char *const[]){ "<Control>q", NULL });
  set_accel (application, "app.new-window", (const char *const[]){ "<Control>n", NULL });
  set_accel (application, "window.close", (const char *const[]){ "<Control>w", NULL });
  set_accel (application, "win.open-folder", (const char *const[]){ "<Control>o", NULL });
  set_accel (application, "win.open-file", (const char *const[]){ "<Control><Shift>o", NULL });
  set_accel (application, "win.export::csv", (const char *const[]){ "<Control>e", NULL });
  set_accel (application, "win.zoom(1)",
             (const char *const[]){ "<Control>plus", "<Control>equal", "<Control>KP_Add", NULL });
  set_accel (application, "win.zoom(-1)", (const char *const[]){ "<Control>minus", "<Control>KP_Subtract", NULL });
  set_accel (application, "win.classes", (const char *const[]){ "F8", NULL });
  set_accel (application, "win.inspector", (const char *const[]){ "F9", NULL });
  set_accel (application, "win.export-form", (const char *const[]){ "<Control><Shift>e", NULL });
  set_accel (application, "win.verify", (const char *const[]){ "<Control>r", NULL });
  set_accel (application, "win.find", (const char *const[]){ "<Control>f", NULL });
  set_accel (application, "win.decide-many", (const char *const[]){ "<Control><Shift>d", NULL });
  set_accel (application, "win.preferences", (const char *const[]){ "<Control>comma", NULL });
  set_accel (application, "review.undo", (const char *const[]){ "<Control>z", NULL });
  set_accel (application, "review.redo", (const char *const[]){ "<Control><Shift>z", NULL });
}

static void
tithe_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (tithe_window_new (ADW_APPLICATION (application))));
}

/* Names what is wrong with the options, or %NULL. */
static char *
find_fault (GVariantDict *dict, const char *const *paths)
{
  const char *size;
  double ratio;
  int width, height;

  if (paths != NULL && g_strv_length ((char **) paths) > 1)
    return g_strdup (_("give one dataset or session"));
  if (g_variant_dict_contains (dict, "embeddings") && (paths == NULL || *paths == NULL))
    return g_strdup (_("--embeddings needs the dataset that it belongs to"));
  if (g_variant_dict_lookup (dict, "ratio", "d", &ratio) && !(ratio >= 0.01 && ratio <= 1))
    return g_strdup (_("--ratio takes a number from 0.01 to 1"));
  if (g_variant_dict_lookup (dict, "size", "&s", &size)
      && (sscanf (size, "%dx%d", &width, &height) != 2 || width < 200 || height < 200 || width > 10000
          || height > 10000))
    return g_strdup (_("--size takes two numbers such as 1200x800"));
  return NULL;
}

static char *
option_path (GApplicationCommandLine *line, GVariantDict *dict, const char *name)
{
  const char *given;
  g_autoptr (GFile) file = NULL;

  if (!g_variant_dict_lookup (dict, name, "^&ay", &given))
    return NULL;
  file = g_application_command_line_create_file_for_arg (line, given);
  return g_file_get_path (file);
}

/* Goes on where the last window was left. */
static void
reopen (TitheWindow *window)
{
  g_autofree char *session = NULL;

  if (g_settings_get_boolean (tithe_settings_get (), TITHE_SETTING_REOPEN))
    session = tithe_start_page_dup_last ();
  if (session != NULL)
    tithe_project_open (tithe_window_get_project (window), session, NULL);
}

static void
open_window (GApplication *application, GApplicationCommandLine *line, GVariantDict *dict, const char *const *paths)
{
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));
  g_autofree char *embeddings = option_path (line, dict, "embeddings");
  g_autofree char *screenshot = option_path (line, dict, "screenshot");
  const char *size;
  double ratio;
  int width, height;

  if (g_variant_dict_contains (dict, "dark"))
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  if (g_variant_dict_lookup (dict, "size", "&s", &size) && sscanf (size, "%dx%d", &width, &height) == 2)
    gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  if (g_variant_dict_contains (dict, "verify"))
    tithe_window_show_verify (window);
  if (g_variant_dict_lookup (dict, "ratio", "d", &ratio))
    tithe_window_set_ratio (window, ratio);
  if (paths != NULL && *paths != NULL)
    {
      g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (line, *paths);

      tithe_project_open (tithe_window_get_project (window), g_file_peek_path (file), embeddings);
    }
  else if (g_variant_dict_contains (dict, "demo"))
    tithe_project_open_demo (tithe_window_get_project (window));
  else
    reopen (window);
  gtk_window_present (GTK_WINDOW (window));
  if (screenshot != NULL)
    tithe_screenshot_when_settled (window, screenshot);
}

static int
tithe_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  GVariantDict *dict = g_application_command_line_get_options_dict (line);
  g_autofree const char **paths = NULL;
  g_autofree char *fault = NULL;

  g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&ay", &paths);
  fault = find_fault (dict, paths);
  if (fault != NULL)
    {
      g_application_command_line_printerr (line, "tithe: %s\n", fault);
      return 2;
    }
  open_window (application, line, dict, paths);
  return 0;
}

static void
tithe_application_class_init (TitheApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = tithe_application_startup;
  application_class->activate = tithe_application_activate;
  application_class->command_line = tithe_application_command_line;
}

static void
tithe_application_init (TitheApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_description (
      G_APPLICATION (self),
      _("In the window, F1 opens the help: how to begin, look, decide, verify and export, and every key."));
}

/* (transfer full): the application, which has not been registered yet. */
TitheApplication *
tithe_application_new (GApplicationFlags flags)
{
  return g_object_new (TITHE_TYPE_APPLICATION, "application-id", TITHE_APPLICATION_ID, "flags",
                       flags | G_APPLICATION_HANDLES_COMMAND_LINE, "resource-base-path", "/org/tithe/Tithe", NULL);
}
