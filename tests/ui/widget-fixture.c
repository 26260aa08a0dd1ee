/* SPDX-License-Identifier: MIT */
#include "widget-fixture.h"

#define PATIENCE_S 60

/* As the application does: frames have their colour from it. */
void
widget_fixture_load_style (void)
{
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (style, "/org/tithe/Tithe/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (style),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* The first widget of a type, in the order of children, the parent itself first; NULL where there is none. */
GtkWidget *
widget_fixture_find (GtkWidget *parent, GType type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (parent), type) ? parent : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = widget_fixture_find (child, type);
  return found;
}

/* The first controller of a type that a widget has, which holds it; there being none is a failure. */
gpointer
widget_fixture_find_controller (GtkWidget *widget, GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (g_type_is_a (G_OBJECT_TYPE (controller), type))
        return controller;
    }
  g_assert_not_reached ();
}

/* Lets the program run until something is so; it being never so is a failure. */
void
widget_fixture_wait_for (gboolean (*func) (gpointer data), gpointer data)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;

  while (!func (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (1000);
    }
}

static void
on_after_paint (GdkFrameClock *clock, guint *n_frames)
{
  ++*n_frames;
}

static gboolean
are_drawn (gpointer data)
{
  return *(guint *) data >= 2;
}

/* Lets the program run until what was changed by now is laid out and drawn: however slow the machine is, two whole frames
 * later. */
void
widget_fixture_draw (GtkWidget *widget)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  guint n_frames = 0;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &n_frames);

  gdk_frame_clock_begin_updating (clock);
  widget_fixture_wait_for (are_drawn, &n_frames);
  gdk_frame_clock_end_updating (clock);
  g_signal_handler_disconnect (clock, handler);
}

/* The window as it is drawn, 4 bytes a pixel: blue, green, red. */
guint8 *
widget_fixture_picture (GtkWidget *window, int *width, int *height)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  guint8 *pixels;

  *width = gtk_widget_get_width (window);
  *height = gtk_widget_get_height (window);
  gdk_paintable_snapshot (paintable, snapshot, *width, *height);
  node = gtk_snapshot_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) *width, (float) *height));
  pixels = g_malloc ((gsize) *width * (gsize) *height * 4);
  gdk_texture_download (texture, pixels, (gsize) *width * 4);
  return pixels;
}

/* widget_fixture_group_init: @ratio is low enough that there is a group */
void
widget_fixture_group_init (WidgetGroup *self, guint n_images, double ratio)
{
  g_autofree char *images = NULL;
  const TitheGroup *groups;
  gsize n;

  self->folder = fixture_folder ();
  images = g_build_filename (self->folder, "images", NULL);
  self->hierarchy = fixture_hierarchy (images, 1, n_images, TITHE_LINKAGE_COMPLETE, 1);
  self->curation = tithe_curation_new (self->hierarchy);
  self->subset = tithe_subset_new (self->hierarchy, self->curation);
  tithe_subset_set_ratio (self->subset, ratio, TITHE_POLICY_PER_CLASS, FALSE);
  groups = tithe_cut_get_groups (tithe_subset_get_cut (self->subset), &n);
  for (gsize i = 0; i < n; i++)
    if (groups[i].size > self->group.size)
      self->group = groups[i];
}

/* widget_fixture_group_clear: what shows it is gone by then */
void
widget_fixture_group_clear (WidgetGroup *self)
{
  tithe_subset_free (self->subset);
  tithe_curation_free (self->curation);
  tithe_hierarchy_unref (self->hierarchy);
  fixture_remove (self->folder);
}
