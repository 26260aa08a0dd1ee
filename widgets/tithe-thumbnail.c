/* SPDX-License-Identifier: MIT */
#include "tithe-thumbnail.h"
#include "tithe-texture.h"
#include "tithe-thumbnail-picture.h"

#include "base/tithe-text.h"

#include <glib/gi18n.h>
#include <string.h>

#define CORNER 7.0f

struct _TitheThumbnail
{
  GtkWidget parent_instance;

  guint32 image;
  char *path;
  char *name;       /* for screen readers and the tooltip */
  gboolean named;   /* by what is known now */
  gboolean told;    /* screen readers know the name */
  gboolean painted; /* by its parent */
  TitheMember member;
  gboolean selected, dimmed;
  gboolean reversed; /* what is discarded is framed, and not what is kept */
  guint group_size;  /* 1 for an image that stands alone */
  char *failure;
  TithePixels *pixels;
  cairo_surface_t *picture; /* (nullable): all of it, as it looked when it was last drawn */
  TitheThumbnailLook look;
};

G_DEFINE_TYPE (TitheThumbnail, tithe_thumbnail, GTK_TYPE_WIDGET)

#define HAIRLINE 0.12f

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

  gtk_style_context_get_color (gtk_widget_get_style_context (gtk_widget_get_parent (widget)), &color);
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

static void
snapshot_selection (GtkWidget *widget, GtkSnapshot *snapshot, float width, float height)
{
  GskRoundedRect around;
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "accent_bg_color", &color))
    color = (GdkRGBA){ 0.2f, 0.5f, 0.9f, 1.0f };
  gsk_rounded_rect_init_from_rect (&around, &GRAPHENE_RECT_INIT (-3, -3, width + 6, height + 6), CORNER + 3);
  gtk_snapshot_append_border (snapshot, &around, (float[4]){ 3, 3, 3, 3 }, (GdkRGBA[4]){ color, color, color, color });
}

static gboolean
is_same_look (const TitheThumbnailLook *a, const TitheThumbnailLook *b)
{
  return a->width == b->width && a->height == b->height && a->scale == b->scale && a->framed == b->framed
         && a->discarded == b->discarded && a->dimmed == b->dimmed && a->badge == b->badge
         && gdk_rgba_equal (&a->frame, &b->frame) && gdk_rgba_equal (&a->edge, &b->edge);
}

/* Draws anew what does not look as it should any longer. The line around a picture has the text's colour, so that a white
 * picture has an edge on a white page, and a black one on a dark page. */
static cairo_surface_t *
get_picture (TitheThumbnail *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  TitheThumbnailLook look = { 0 };

  look.width = gtk_widget_get_width (widget);
  look.height = gtk_widget_get_height (widget);
  look.scale = gtk_widget_get_scale_factor (widget);
  look.framed = self->member.kept != self->reversed;
  look.discarded = self->reversed;
  look.dimmed = self->dimmed;
  look.badge
      = look.width < TITHE_THUMBNAIL_SMALL ? TITHE_BADGE_NONE : tithe_badge_choose (&self->member, self->reversed);
  /* The style's colour of a thumbnail is that of its frame. */
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &look.frame);
  gtk_style_context_get_color (gtk_widget_get_style_context (gtk_widget_get_parent (widget)), &look.edge);
  look.edge.alpha *= HAIRLINE;
  if (self->picture != NULL && is_same_look (&look, &self->look))
    return self->picture;
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  self->look = look;
  self->picture = tithe_thumbnail_picture_new (self->pixels, &look);
  return self->picture;
}

/* A graphics card keeps a texture. Cairo's renderer converts one in each frame, of GTK 4.8 by way of floats: 57 us for 80
 * pixels squared, where what Cairo has drawn takes 3. */
static void
snapshot_picture (TitheThumbnail *self, GtkSnapshot *snapshot, const graphene_rect_t *bounds)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (GTK_WIDGET (self)));
  cairo_surface_t *picture = get_picture (self);

  if (GSK_IS_CAIRO_RENDERER (renderer))
    {
      cairo_t *cr = gtk_snapshot_append_cairo (snapshot, bounds);

      cairo_set_source_surface (cr, picture, 0, 0);
      cairo_paint (cr);
      cairo_destroy (cr);
    }
  else
    {
      g_autoptr (GdkTexture) texture = tithe_texture_new_for_surface (cairo_surface_reference (picture));

      gtk_snapshot_append_texture (snapshot, texture, bounds);
    }
}

static void
tithe_thumbnail_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TitheThumbnail *self = TITHE_THUMBNAIL (widget);
  float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);

  if (width < 1 || height < 1)
    return;
  if (self->selected)
    snapshot_selection (widget, snapshot, width, height);
  if (!self->painted)
    snapshot_picture (self, snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (self->failure != NULL)
    snapshot_failure (self, snapshot, width, height);
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
  g_clear_pointer (&self->picture, cairo_surface_destroy);
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

/* tithe_thumbnail_new: (transfer floating): a thumbnail of no image */
GtkWidget *
tithe_thumbnail_new (void)
{
  return g_object_new (TITHE_TYPE_THUMBNAIL, NULL);
}

/* airplane/0042.jpg, kept, representative of 5 */
static void
update_name (TitheThumbnail *self)
{
  const gboolean manual = self->member.decision != TITHE_DECISION_AUTOMATIC;
  const guint n = self->group_size;
  g_autofree char *path = self->path ? tithe_text_dup_apart (self->path) : NULL;
  g_autoptr (GString) name = g_string_new (path);
  g_autofree char *place
      = g_strdup_printf (self->member.represents ? ngettext ("representative of %u", "representative of %u", n)
                                                 : ngettext ("one of %u", "one of %u", n),
                         n);
  g_autofree char *failure = self->failure ? g_strdup_printf (_("cannot be shown: %s"), self->failure) : NULL;

  if (self->member.kept)
    tithe_text_add_item (name, manual ? C_ ("image", "kept by hand") : C_ ("image", "kept"));
  else
    tithe_text_add_item (name, manual ? C_ ("image", "discarded by hand") : C_ ("image", "discarded"));
  if (self->group_size == 1)
    tithe_text_add_item (name, C_ ("image", "unique"));
  else if (self->group_size > 1)
    tithe_text_add_item (name, place);
  if (self->selected)
    tithe_text_add_item (name, C_ ("image", "selected"));
  tithe_text_add_item (name, failure ? failure : "");
  self->named = TRUE;
  if (g_strcmp0 (name->str, self->name) == 0)
    return;
  g_free (self->name);
  self->name = g_strdup (name->str);
  self->told = FALSE;
}

/**
 * tithe_thumbnail_tell:
 *
 * Tells screen readers what it is called by now. Only where the parent paints it has the parent to call this, once it comes
 * to rest: a name costs more than a picture does.
 */
void
tithe_thumbnail_tell (TitheThumbnail *self)
{
  g_return_if_fail (TITHE_IS_THUMBNAIL (self));

  if (!self->named)
    update_name (self);
  if (self->told)
    return;
  self->told = TRUE;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->name, -1);
}

/* It is called something else, or looks otherwise. */
static void
change_name (TitheThumbnail *self)
{
  self->named = FALSE;
  if (!self->painted)
    tithe_thumbnail_tell (self);
}

/**
 * tithe_thumbnail_set_painted:
 * @painted: whether the parent paints the picture, its frame and its badge, and tells screen readers of it
 *
 * Then the thumbnail draws only what says that it is selected or can't be read.
 */
void
tithe_thumbnail_set_painted (TitheThumbnail *self, gboolean painted)
{
  g_return_if_fail (TITHE_IS_THUMBNAIL (self));

  self->painted = painted;
}

/* tithe_thumbnail_has_signs: whether there is something that it draws itself although its parent paints it */
gboolean
tithe_thumbnail_has_signs (TitheThumbnail *self)
{
  return self->selected || self->failure != NULL || gtk_widget_has_focus (GTK_WIDGET (self));
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
  self->named = FALSE;
  g_free (self->path);
  self->path = g_strdup (path);
  tithe_thumbnail_set_pixels (self, NULL, NULL);
}

/* tithe_thumbnail_get_image: index in the dataset, or G_MAXUINT32 where there is none yet */
guint32
tithe_thumbnail_get_image (TitheThumbnail *self)
{
  return self->image;
}

/**
 * tithe_thumbnail_set_dimmed:
 *
 * Lets the picture step back, or not.
 */
void
tithe_thumbnail_set_dimmed (TitheThumbnail *self, gboolean dimmed)
{
  g_return_if_fail (TITHE_IS_THUMBNAIL (self));

  if (self->dimmed == dimmed)
    return;
  self->dimmed = dimmed;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tithe_thumbnail_set_reversed:
 *
 * Lets what is discarded stand out, framed in red with a badge, and not what is kept; or the other way round.
 */
void
tithe_thumbnail_set_reversed (TitheThumbnail *self, gboolean reversed)
{
  g_return_if_fail (TITHE_IS_THUMBNAIL (self));

  if (self->reversed == reversed)
    return;
  self->reversed = reversed;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tithe_thumbnail_set_role:
 * @member: of the image that is shown
 * @group_size: images of its group, 1 where it stands alone, 0 where that is not of interest
 */
void
tithe_thumbnail_set_role (TitheThumbnail *self, const TitheMember *member, guint group_size, gboolean selected)
{
  g_return_if_fail (TITHE_IS_THUMBNAIL (self));

  if (self->named && self->member.kept == member->kept && self->member.decision == member->decision
      && self->member.represents == member->represents && self->selected == selected && self->group_size == group_size)
    return;
  if (self->member.kept != member->kept || self->member.decision != member->decision || self->selected != selected)
    gtk_widget_queue_draw (GTK_WIDGET (self));
  self->member = *member;
  self->selected = selected;
  self->group_size = group_size;
  change_name (self);
}

/* tithe_thumbnail_is_kept: whether it is framed */
gboolean
tithe_thumbnail_is_kept (TitheThumbnail *self)
{
  return self->member.kept;
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
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  g_clear_pointer (&self->pixels, tithe_pixels_unref);
  if (pixels != NULL)
    self->pixels = tithe_pixels_ref (pixels);
  g_free (self->failure);
  self->failure = g_strdup (failure);
  if (failure != NULL)
    change_name (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * tithe_thumbnail_get_name:
 *
 * Returns: (transfer none): what a screen reader says, such as "airplane/0042.jpg, kept, representative of 5"
 */
const char *
tithe_thumbnail_get_name (TitheThumbnail *self)
{
  if (!self->named)
    update_name (self);
  return self->name;
}
