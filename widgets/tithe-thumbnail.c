/* SPDX-License-Identifier: MIT */
#include "tithe-thumbnail.h"

#include <glib/gi18n.h>

#define CORNER 7.0f
#define FRAME 3.0f
#define BADGE 20.0f

struct _TitheThumbnail
{
  GtkWidget parent_instance;

  guint32 image;
  char *path;
  char *name; /* for screen readers and the tooltip */
  gboolean kept;
  guint group_size; /* 1 for an image that stands alone */
  char *failure;
  TithePixels *pixels;
  GdkTexture *texture;
};

G_DEFINE_TYPE (TitheThumbnail, tithe_thumbnail, GTK_TYPE_WIDGET)

/* The green of the frame is the same in light and dark style: it is the mark that people look for. */
static const GdkRGBA green = { 0.18f, 0.76f, 0.49f, 1.0f };
static const GdkRGBA white = { 1.0f, 1.0f, 1.0f, 1.0f };
static const GdkRGBA grey = { 0.5f, 0.5f, 0.5f, 0.16f };

static void
snapshot_failure (TitheThumbnail *self, GtkSnapshot *snapshot, float width, float height)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  g_autoptr (GtkIconPaintable) icon
      = gtk_icon_theme_lookup_icon (theme, "image-missing-symbolic", NULL, 24, gtk_widget_get_scale_factor (widget),
                                    gtk_widget_get_direction (widget), 0);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, _("unreadable"));
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  int text_width, text_height;
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= 0.6f;
  pango_attr_list_insert (attributes, pango_attr_scale_new (0.75));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  if ((float) text_width > width - 4)
    text_height = 0;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((width - 24) / 2, (height - 24 - (float) text_height) / 2));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, 24, 24, &color, 1);
  gtk_snapshot_restore (snapshot);
  if (text_height == 0)
    return;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((width - (float) text_width) / 2, (height - 24 - (float) text_height) / 2 + 26));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* A check on a green disc with a white ring: it says "kept" to those who can't tell green. */
static void
snapshot_badge (GtkSnapshot *snapshot, float x, float y)
{
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (x, y, BADGE, BADGE);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);

  cairo_translate (cr, x + BADGE / 2, y + BADGE / 2);
  cairo_arc (cr, 0, 0, BADGE / 2 - 0.5, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &white);
  cairo_fill (cr);
  cairo_arc (cr, 0, 0, BADGE / 2 - 2.0, 0, 2 * G_PI);
  gdk_cairo_set_source_rgba (cr, &green);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &white);
  cairo_set_line_width (cr, 2.0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to (cr, -3.6, 0.2);
  cairo_line_to (cr, -1.0, 2.8);
  cairo_line_to (cr, 3.8, -2.6);
  cairo_stroke (cr);
  cairo_destroy (cr);
}

/* The picture fills the square that it has and what is beyond is cut off, unless it is so long that half would be lost:
 * then all of it is shown. */
static graphene_rect_t
place_picture (TitheThumbnail *self, float width, float height)
{
  float w = (float) self->pixels->width, h = (float) self->pixels->height;
  float cover = MAX (width / w, height / h), contain = MIN (width / w, height / h);
  float scale = cover > contain * 2.0f ? contain : cover;

  return GRAPHENE_RECT_INIT ((width - w * scale) / 2, (height - h * scale) / 2, w * scale, h * scale);
}

static void
tithe_thumbnail_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheThumbnail *self = TITHE_THUMBNAIL (widget);
  float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &bounds, CORNER);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  if (self->texture != NULL)
    {
      graphene_rect_t place = place_picture (self, width, height);

      gtk_snapshot_append_texture (snapshot, self->texture, &place);
    }
  else
    {
      gtk_snapshot_append_color (snapshot, &grey, &bounds);
      if (self->failure != NULL)
        snapshot_failure (self, snapshot, width, height);
    }
  gtk_snapshot_pop (snapshot);
  if (!self->kept)
    return;
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ FRAME, FRAME, FRAME, FRAME },
                              (GdkRGBA[4]){ green, green, green, green });
  /* A white line inside parts the frame from a picture that is green itself. */
  gsk_rounded_rect_shrink (&outline, FRAME, FRAME, FRAME, FRAME);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ white, white, white, white });
  snapshot_badge (snapshot, width - BADGE - 3.0f, height - BADGE - 3.0f);
}

static void
tithe_thumbnail_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = 1;
}

static void
tithe_thumbnail_finalize (GObject *object)
{
  TitheThumbnail *self = TITHE_THUMBNAIL (object);

  g_free (self->path);
  g_free (self->name);
  g_free (self->failure);
  g_clear_object (&self->texture);
  g_clear_pointer (&self->pixels, tithe_pixels_unref);
  G_OBJECT_CLASS (tithe_thumbnail_parent_class)->finalize (object);
}

static void
tithe_thumbnail_class_init (TitheThumbnailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = tithe_thumbnail_finalize;
  widget_class->snapshot = tithe_thumbnail_snapshot;
  widget_class->measure = tithe_thumbnail_measure;
  gtk_widget_class_set_css_name (widget_class, "thumbnail");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
tithe_thumbnail_init (TitheThumbnail *self)
{
  self->image = G_MAXUINT32;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_VISIBLE);
}

GtkWidget *
tithe_thumbnail_new (void)
{
  return g_object_new (TITHE_TYPE_THUMBNAIL, NULL);
}

/* airplane/0042.jpg, kept, representative of 5 */
static void
update_name (TitheThumbnail *self)
{
  g_autoptr (GString) name = g_string_new (self->path);

  if (self->group_size <= 1)
    g_string_append (name, _(", kept, unique"));
  else if (self->kept)
    g_string_append_printf (name, _(", kept, representative of %u"), self->group_size);
  else
    g_string_append_printf (name, _(", redundant, one of %u"), self->group_size);
  if (self->failure != NULL)
    g_string_append_printf (name, _(", cannot be shown: %s"), self->failure);
  if (g_strcmp0 (name->str, self->name) == 0)
    return;
  g_free (self->name);
  self->name = g_strdup (name->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->name, -1);
}

/**
 * tithe_thumbnail_set_image:
 * @image: index in the dataset
 * @path: what it is called
 *
 * Shows another image, empty until tithe_thumbnail_set_pixels(). tithe_thumbnail_set_role() is to follow.
 */
void
tithe_thumbnail_set_image (TitheThumbnail *self, guint32 image, const char *path)
{
  g_return_if_fail (TITHE_IS_THUMBNAIL (self));

  self->image = image;
  g_free (self->path);
  self->path = g_strdup (path);
  tithe_thumbnail_set_pixels (self, NULL, NULL);
}

guint32
tithe_thumbnail_get_image (TitheThumbnail *self)
{
  return self->image;
}

void
tithe_thumbnail_set_role (TitheThumbnail *self, gboolean kept, guint group_size)
{
  g_return_if_fail (TITHE_IS_THUMBNAIL (self));

  if (self->kept != kept)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->kept = kept;
  self->group_size = group_size;
  update_name (self);
}

gboolean
tithe_thumbnail_is_kept (TitheThumbnail *self)
{
  return self->kept;
}

/* Cairo draws 32-bit pixels as they are; three-byte ones it would convert in each frame. */
static GdkTexture *
make_texture (TithePixels *pixels)
{
  gsize n = (gsize) pixels->width * pixels->height;
  guint32 *data = g_new (guint32, n);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < n; i++)
    data[i] = 0xff000000u | (guint32) pixels->data[i * 3] << 16 | (guint32) pixels->data[i * 3 + 1] << 8
              | pixels->data[i * 3 + 2];
  bytes = g_bytes_new_take (data, n * 4);
  return gdk_memory_texture_new ((int) pixels->width, (int) pixels->height, GDK_MEMORY_DEFAULT, bytes,
                                 pixels->width * 4);
}

/**
 * tithe_thumbnail_set_pixels:
 * @pixels: (nullable): the picture, %NULL while it is not there
 * @failure: (nullable): why it can't be shown
 */
void
tithe_thumbnail_set_pixels (TitheThumbnail *self, TithePixels *pixels, const char *failure)
{
  g_return_if_fail (TITHE_IS_THUMBNAIL (self));

  if (self->pixels == pixels && g_strcmp0 (self->failure, failure) == 0)
    return;
  g_clear_object (&self->texture);
  g_clear_pointer (&self->pixels, tithe_pixels_unref);
  if (pixels != NULL)
    {
      self->pixels = tithe_pixels_ref (pixels);
      self->texture = make_texture (pixels);
    }
  g_free (self->failure);
  self->failure = g_strdup (failure);
  if (failure != NULL)
    update_name (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gboolean
tithe_thumbnail_has_pixels (TitheThumbnail *self, TithePixels *pixels)
{
  return self->pixels == pixels;
}

/**
 * tithe_thumbnail_get_name:
 *
 * Returns: (transfer none): what a screen reader says, such as "airplane/0042.jpg, kept, representative of 5"
 */
const char *
tithe_thumbnail_get_name (TitheThumbnail *self)
{
  return self->name;
}
