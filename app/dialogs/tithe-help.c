/* SPDX-License-Identifier: MIT */
#include "tithe-help.h"
#include "tithe-alert.h"

#include <glib/gi18n.h>

#define FILE_NAME "help.html"

/* Where the program was built and not installed, the help is in the build's folder resources. */
static char *
dup_path (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program ? g_path_get_dirname (program) : NULL;
  g_autofree char *built = folder ? g_build_filename (folder, "..", "resources", "doc", FILE_NAME, NULL) : NULL;

  if (built != NULL && g_file_test (built, G_FILE_TEST_IS_REGULAR))
    return g_canonicalize_filename (built, NULL);
  return g_build_filename (TITHE_HELP_FOLDER, FILE_NAME, NULL);
}

/**
 * tithe_help_dup_uri:
 * @page: a page of the help
 *
 * Returns: (transfer full): where a browser finds that page, or %NULL: G_FILE_ERROR_NOENT where the help is not there
 */
char *
tithe_help_dup_uri (const char *page, GError **error)
{
  g_autofree char *path = dup_path ();
  g_autofree char *uri = NULL;

  g_return_val_if_fail (page != NULL, NULL);

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (
          error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
          _("There is no file “%s”. It comes with Tithe: install Tithe again. “man tithe” and “tithe-cli --help” "
             "tell of the command line."),
          path);
      return NULL;
    }
  uri = g_filename_to_uri (path, NULL, error);
  return uri != NULL ? g_strconcat (uri, "#", page, NULL) : NULL;
}

static void
on_shown (GObject *source, GAsyncResult *result, gpointer data)
{
  GWeakRef *asked_from = data;
  g_autoptr (GtkWindow) parent = g_weak_ref_get (asked_from);
  g_autoptr (GError) error = NULL;

  /* The window may have been closed meanwhile. */
  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error) && parent != NULL
      && gtk_widget_get_mapped (GTK_WIDGET (parent)))
    {
      g_autofree char *path = dup_path ();
      g_autofree char *message
          = g_strdup_printf (_("No web browser could be started for “%s”: %s"), path, error->message);

      tithe_alert_show (parent, _("Could Not Open the Help"), message);
    }
  g_weak_ref_clear (asked_from);
  g_free (asked_from);
}

/**
 * tithe_help_show:
 * @parent: the window from which it is asked for
 * @page: a page of the help
 *
 * Lets the person's web browser show a page of the help, or says why it can't.
 */
void
tithe_help_show (GtkWindow *parent, const char *page)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = tithe_help_dup_uri (page, &error);
  GtkWindow *window = parent;
  GWeakRef *asked_from;

  g_return_if_fail (GTK_IS_WINDOW (parent));

  if (uri == NULL)
    {
      tithe_alert_show (parent, _("Could Not Open the Help"), error->message);
      return;
    }
  asked_from = g_new0 (GWeakRef, 1);
  g_weak_ref_init (asked_from, parent);
  /* It is held until a browser runs, and GTK can't have a dialog held for longer than the window that it belongs to. */
  while (gtk_window_get_transient_for (window) != NULL)
    window = gtk_window_get_transient_for (window);
  gtk_show_uri_full (window, uri, GDK_CURRENT_TIME, NULL, on_shown, asked_from);
}

static void
on_help_about (GtkWidget *widget, const char *action, GVariant *page)
{
  tithe_help_show (GTK_WINDOW (gtk_widget_get_root (widget)), g_variant_get_string (page, NULL));
}

/**
 * tithe_help_add_to_class:
 * @page: the page of the help about widgets of this class
 *
 * Lets F1 in them, and a button in their template with the action “help.about”, show that page.
 */
void
tithe_help_add_to_class (GtkWidgetClass *widget_class, const char *page)
{
  gtk_widget_class_install_action (widget_class, "help.about", "s", on_help_about);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F1, 0, "help.about", "s", page);
}
