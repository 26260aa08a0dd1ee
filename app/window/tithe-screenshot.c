/* SPDX-License-Identifier: MIT */
#include "tithe-screenshot.h"

#include <glib/gi18n.h>

/* Time for transitions to end once everything is there. */
#define QUIET_MS 800

typedef struct
{
  TitheWindow *window;
  char *path;
  gint64 settled_since; /* 0 while it is not */
} Screenshot;

static gboolean
save (Screenshot *screenshot)
{
  GtkWidget *widget = GTK_WIDGET (screenshot->window);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_to_node (snapshot);
  if (node == NULL)
    return FALSE;
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (widget)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  return gdk_texture_save_to_png (texture, screenshot->path);
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
      if (!save (screenshot))
        g_printerr (_("tithe: cannot write “%s”\n"), screenshot->path);
      gtk_window_destroy (GTK_WINDOW (screenshot->window));
      g_object_unref (screenshot->window);
      g_free (screenshot->path);
      g_free (screenshot);
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

/**
 * tithe_screenshot_when_settled:
 * @path: of the PNG file
 *
 * Saves a picture of the window once nothing runs and every thumbnail is there, then closes it.
 */
void
tithe_screenshot_when_settled (TitheWindow *window, const char *path)
{
  Screenshot *screenshot = g_new0 (Screenshot, 1);

  screenshot->window = g_object_ref (window);
  screenshot->path = g_strdup (path);
  g_timeout_add (50, check, screenshot);
  /* cppcheck-suppress memleak ; the timeout frees it */
}
