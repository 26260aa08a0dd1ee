/* SPDX-License-Identifier: MIT */
#include "tithe-screenshot.h"

#include "dataset/tithe-dataset-protected.h"
#include "io/tithe-output.h"

#include <glib/gi18n.h>

/* Time for transitions to end once everything is there. */
#define QUIET_MS 800

typedef struct
{
  TitheWindow *window;
  char *path;
  gint64 settled_since; /* 0 while it is not */
} Screenshot;

/* Nothing that is there is replaced, and nothing is written into the dataset that is shown. */
static gboolean
check_target (Screenshot *screenshot, GError **error)
{
  TitheDataset *dataset = tithe_project_get_dataset (tithe_window_get_project (screenshot->window));
  g_autoptr (TitheProtected) protected = dataset ? tithe_dataset_protect (dataset) : NULL;

  return tithe_output_check (screenshot->path, protected, FALSE, error);
}

static GBytes *
take_picture (Screenshot *screenshot)
{
  GtkWidget *widget = GTK_WIDGET (screenshot->window);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  int width = gdk_paintable_get_intrinsic_width (paintable), height = gdk_paintable_get_intrinsic_height (paintable);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_to_node (snapshot);
  if (node == NULL)
    return NULL;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (widget)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  return gdk_texture_save_to_png_bytes (texture);
}

static gboolean
save (Screenshot *screenshot, GError **error)
{
  g_autoptr (GBytes) png = NULL;

  if (!check_target (screenshot, error))
    return FALSE;
  png = take_picture (screenshot);
  return (png != NULL
          && tithe_output_write (screenshot->path, g_bytes_get_data (png, NULL), g_bytes_get_size (png), error))
         || (png == NULL
             && tithe_output_fail (error, TITHE_OUTPUT_ERROR_WRITE, screenshot->path, _("nothing is drawn")));
}

static void
close_window (Screenshot *screenshot)
{
  gtk_window_destroy (GTK_WINDOW (screenshot->window));
  g_object_unref (screenshot->window);
  g_free (screenshot->path);
  g_free (screenshot);
}

static gboolean
check (gpointer data)
{
  Screenshot *screenshot = data;
  gint64 now = g_get_monotonic_time ();

  if (!tithe_window_is_settled (screenshot->window))
    screenshot->settled_since = 0;
  else if (screenshot->settled_since == 0)
    screenshot->settled_since = now;
  else if (now - screenshot->settled_since > QUIET_MS * 1000)
    {
      g_autoptr (GError) error = NULL;

      if (!save (screenshot, &error))
        g_printerr ("tithe: %s\n", error->message);
      close_window (screenshot);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

/**
 * tithe_screenshot_when_settled:
 * @path: of the PNG file
 *
 * Saves a picture of the window once nothing runs and every thumbnail is there, then closes it. Says so at once where a file
 * of that name is there already.
 */
void
tithe_screenshot_when_settled (TitheWindow *window, const char *path)
{
  Screenshot *screenshot = g_new0 (Screenshot, 1);
  g_autoptr (GError) error = NULL;

  screenshot->window = g_object_ref (window);
  screenshot->path = g_strdup (path);
  if (!tithe_output_check (path, NULL, FALSE, &error))
    {
      g_printerr ("tithe: %s\n", error->message);
      close_window (screenshot);
      return;
    }
  g_timeout_add (50, check, screenshot);
  /* cppcheck-suppress memleak ; the timeout frees it */
}
