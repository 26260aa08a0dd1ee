/* SPDX-License-Identifier: MIT */
#include "tithe-application.h"
#include "tithe-key-names.h"
#include "tithe-screenshot.h"
#include "tithe-window-private.h"

#include "base/tithe-ratio.h"
#include "cli/tithe-cli-window.h"
#include "dialogs/tithe-help.h"
#include "pages/tithe-start-page.h"
#include "state/tithe-settings.h"

#include <glib/gi18n.h>

/* That the slider goes down to. */
#define LEAST_RATIO 0.01

struct _TitheApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_TYPE (TitheApplication, tithe_application, ADW_TYPE_APPLICATION)

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
on_new_window (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (GTK_WINDOW (tithe_window_new (user_data)));
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window;

  while ((window = gtk_application_get_active_window (user_data)) != NULL)
    {
      if (TITHE_IS_WINDOW (window))
        tithe_window_save_size (TITHE_WINDOW (window));
      gtk_window_destroy (window);
    }
}

static const GActionEntry actions[] = {
  { .name = "about", .activate = on_about },
  { .name = "help", .activate = on_help },
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
  set_accel (application, "win.zoom(1)",
             (const char *const[]){ "<Control>plus", "<Control>equal", "<Control>KP_Add", NULL });
  set_accel (application, "win.zoom(-1)", (const char *const[]){ "<Control>minus", "<Control>KP_Subtract", NULL });
  set_accel (application, "win.classes", (const char *const[]){ "F8", NULL });
  set_accel (application, "win.inspector", (const char *const[]){ "F9", NULL });
  set_accel (application, "win.export", (const char *const[]){ "<Control><Shift>e", "<Control>e", NULL });
  set_accel (application, "win.verify", (const char *const[]){ "<Control>r", NULL });
  set_accel (application, "win.find", (const char *const[]){ "<Control>f", NULL });
  set_accel (application, "win.decide-many", (const char *const[]){ "<Control><Shift>d", NULL });
  set_accel (application, "win.preferences", (const char *const[]){ "<Control>comma", NULL });
  set_accel (application, "review.undo", (const char *const[]){ "<Control>z", NULL });
  set_accel (application, "review.redo", (const char *const[]){ "<Control><Shift>z", NULL });
}

/* GTK gives each window its shortcuts then. */
static void
tithe_application_window_added (GtkApplication *application, GtkWindow *window)
{
  GtkShortcutsWindow *shortcuts;

  GTK_APPLICATION_CLASS (tithe_application_parent_class)->window_added (application, window);
  shortcuts = GTK_IS_APPLICATION_WINDOW (window)
                  ? gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window))
                  : NULL;
  if (shortcuts != NULL)
    tithe_key_names_show (GTK_WIDGET (shortcuts));
}

/* --- windows --- */

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

/* The window that was used last, with whatever dialog is above it, or the first. */
static void
tithe_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window == NULL)
    {
      window = GTK_WINDOW (tithe_window_new (ADW_APPLICATION (application)));
      reopen (TITHE_WINDOW (window));
    }
  gtk_window_present (window);
}

/* (nullable): the window that has @path open as a session, or is opening it; for no path, one that shows the start page. */
static TitheWindow *
find_window (GApplication *application, const char *path)
{
  for (GList *w = gtk_application_get_windows (GTK_APPLICATION (application)); w != NULL; w = w->next)
    {
      TitheProject *project = TITHE_IS_WINDOW (w->data) ? tithe_window_get_project (w->data) : NULL;

      if (project != NULL && (path != NULL ? tithe_project_has (project, path) : tithe_project_is_empty (project)))
        return w->data;
    }
  return NULL;
}

static TitheWindow *
find_room (GApplication *application)
{
  TitheWindow *empty = find_window (application, NULL);

  return empty != NULL ? empty : tithe_window_new (ADW_APPLICATION (application));
}

/* A session that is open is not opened twice. A dataset is looked at anew: there may be other images in it by now. */
static void
open_path (GApplication *application, const char *path)
{
  TitheWindow *window = find_window (application, path);

  if (window == NULL)
    {
      window = find_room (application);
      tithe_project_open (tithe_window_get_project (window), path, NULL);
    }
  gtk_window_present (GTK_WINDOW (window));
}

/* (transfer full): everything is read by its path, which what is on another computer lacks unless it is mounted. */
static char *
describe_no_path (GFile *file)
{
  g_autofree char *name = g_file_get_parse_name (file);

  return g_strdup_printf (_("“%s” has no path on this computer. Copy it into a folder here and open that."), name);
}

static void
tithe_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);

      if (path != NULL)
        open_path (application, path);
      else
        {
          g_autofree char *why = describe_no_path (files[i]);
          TitheWindow *window = find_room (application);

          gtk_window_present (GTK_WINDOW (window));
          tithe_window_show_failure (window, _("Could Not Open"), why);
        }
    }
}

/* --- the command line --- */

/* What was asked for, with paths that hold wherever the person stands. */
typedef struct
{
  GVariantDict *dict;
  GPtrArray *paths;              /* (element-type filename) */
  char *embeddings, *screenshot; /* (nullable) */
} Wish;

static void
wish_clear (Wish *wish)
{
  g_clear_pointer (&wish->paths, g_ptr_array_unref);
  g_free (wish->embeddings);
  g_free (wish->screenshot);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

/* Names what is wrong with the options, or %NULL. */
static char *
find_fault (const Wish *wish)
{
  const char *size, *text;
  double ratio;
  int width, height;

  if (wish->paths->len > 1 && (wish->embeddings != NULL || wish->screenshot != NULL))
    return g_strdup (_("--embeddings and --screenshot go with one dataset or session"));
  if (wish->embeddings != NULL && wish->paths->len == 0)
    return g_strdup (_("--embeddings needs the dataset that it belongs to"));
  if (g_variant_dict_lookup (wish->dict, "ratio", "&s", &text)
      && !(tithe_ratio_parse (text, &ratio) && ratio >= LEAST_RATIO && ratio <= 1))
    return g_strdup_printf (_("--%s takes a ratio between %g and %g, such as 0.9 or 90%%, not “%s”"), "ratio",
                            LEAST_RATIO, 1.0, text);
  if (g_variant_dict_lookup (wish->dict, "size", "&s", &size)
      && (sscanf (size, "%dx%d", &width, &height) != 2 || width < 200 || height < 200 || width > 10000
          || height > 10000))
    return g_strdup (_("--size takes two numbers such as 1200x800"));
  return NULL;
}

/* (transfer full) (nullable): the path that @given means, or why there is none. */
static char *
resolve (GApplicationCommandLine *line, const char *given, char **fault)
{
  g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (line, given);
  char *path = g_file_get_path (file);

  if (path == NULL && *fault == NULL)
    *fault = describe_no_path (file);
  return path;
}

static char *
resolve_option (GApplicationCommandLine *line, GVariantDict *dict, const char *name, char **fault)
{
  const char *given;

  return g_variant_dict_lookup (dict, name, "^&ay", &given) ? resolve (line, given, fault) : NULL;
}

/* Names what is wrong with it, or %NULL. */
static char *
read_wish (Wish *wish, GApplicationCommandLine *line)
{
  g_autofree const char **given = NULL;
  char *fault = NULL;

  wish->dict = g_application_command_line_get_options_dict (line);
  wish->paths = g_ptr_array_new_with_free_func (g_free);
  g_variant_dict_lookup (wish->dict, G_OPTION_REMAINING, "^a&ay", &given);
  for (guint i = 0; given != NULL && given[i] != NULL; i++)
    g_ptr_array_add (wish->paths, resolve (line, given[i], &fault));
  wish->embeddings = resolve_option (line, wish->dict, "embeddings", &fault);
  wish->screenshot = resolve_option (line, wish->dict, "screenshot", &fault);
  return fault != NULL ? fault : find_fault (wish);
}

/* Whether there is more to it than what to open: a window that is there has its own way. */
static gboolean
has_options (const Wish *wish)
{
  for (const TitheCliOption *option = tithe_cli_window_commands->options; option->name != NULL; option++)
    if (g_variant_dict_contains (wish->dict, option->name))
      return TRUE;
  return FALSE;
}

static void
open_window (GApplication *application, const Wish *wish, const char *path)
{
  TitheWindow *window = tithe_window_new (ADW_APPLICATION (application));
  const char *size, *text;
  double ratio;
  int width, height;

  if (g_variant_dict_contains (wish->dict, "dark"))
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  if (g_variant_dict_lookup (wish->dict, "size", "&s", &size) && sscanf (size, "%dx%d", &width, &height) == 2)
    gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  if (g_variant_dict_contains (wish->dict, "verify"))
    tithe_window_show_verify (window);
  if (g_variant_dict_lookup (wish->dict, "ratio", "&s", &text) && tithe_ratio_parse (text, &ratio))
    tithe_window_set_ratio (window, ratio);
  if (path != NULL)
    tithe_project_open (tithe_window_get_project (window), path, wish->embeddings);
  else if (g_variant_dict_contains (wish->dict, "demo"))
    tithe_project_open_demo (tithe_window_get_project (window));
  else if (!g_variant_dict_contains (wish->dict, "new-window"))
    reopen (window);
  gtk_window_present (GTK_WINDOW (window));
  if (wish->screenshot == NULL)
    return;
  tithe_window_leave_coach_out (window);
  tithe_screenshot_when_settled (window, wish->screenshot);
}

static int
tithe_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  g_auto (Wish) wish = { 0 };
  g_autofree char *fault = read_wish (&wish, line);
  const gboolean apart = has_options (&wish);

  if (fault != NULL)
    {
      g_application_command_line_printerr (line, "tithe: %s\n", fault);
      return 2;
    }
  for (guint i = 0; i < wish.paths->len; i++)
    if (apart)
      open_window (application, &wish, g_ptr_array_index (wish.paths, i));
    else
      open_path (application, g_ptr_array_index (wish.paths, i));
  if (wish.paths->len == 0 && apart)
    open_window (application, &wish, NULL);
  else if (wish.paths->len == 0)
    g_application_activate (application);
  return 0;
}

static void
tithe_application_class_init (TitheApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  GTK_APPLICATION_CLASS (klass)->window_added = tithe_application_window_added;
  application_class->startup = tithe_application_startup;
  application_class->activate = tithe_application_activate;
  application_class->open = tithe_application_open;
  application_class->command_line = tithe_application_command_line;
}

static void
tithe_application_init (TitheApplication *self)
{
  g_autofree GOptionEntry *entries = tithe_cli_window_dup_entries ();

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_description (
      G_APPLICATION (self),
      _("In the window, F1 opens the help: how to begin, look, decide, verify and export, and every key."));
}

/* (transfer full): the application, which has not been registered yet. */
TitheApplication *
tithe_application_new (GApplicationFlags flags)
{
  return g_object_new (TITHE_TYPE_APPLICATION, "application-id", TITHE_APPLICATION_ID, "flags",
                       flags | G_APPLICATION_HANDLES_OPEN | G_APPLICATION_HANDLES_COMMAND_LINE, "resource-base-path",
                       "/org/tithe/Tithe", NULL);
}
