/* SPDX-License-Identifier: MIT */
#include "tithe-group-painter.h"
#include "tithe-texture.h"

/* A card is narrow where it is not so many times as wide as its heading is high. */
#define NARROW 8

/* Headings that are kept: many say the same, and to set a line takes longer than to draw it. */
#define MAX_TEXTS 256

/* Cards that are kept: they are of few sizes, but of others in another window. */
#define MAX_CARDS 64

#define CORNER 12.0
/* From a card's edge, and from that of a heading alone, to the text. */
#define TEXT_LEFT 10
#define TEXT_TOP 5
#define CARD_LINE 0.12
#define REVIEWED_TINT 0.1
#define HAIRLINE 0.12f

struct _TitheGroupPainter
{
  GtkWidget *widget; /* (not owned) */
  TitheGroupStyle style;
  gboolean has_style;
  GHashTable *texts;                            /* markup of a heading to PangoLayout */
  cairo_surface_t *marks[2][2][TITHE_N_BADGES]; /* (nullable): by framed, discarded, badge */
  GHashTable *cards; /* gint64 of width, height, reviewed, to cairo_surface_t: cards without their contents */
};

/* --- rows --- */

static void
clear_tile (TitheGroupRowTile *tile)
{
  g_clear_pointer (&tile->pixels, tithe_pixels_unref);
}

/* tithe_group_row_look_init: a row without images */
void
tithe_group_row_look_init (TitheGroupRowLook *look)
{
  *look = (TitheGroupRowLook){ .tiles = g_array_new (FALSE, FALSE, sizeof (TitheGroupRowTile)) };
  g_array_set_clear_func (look->tiles, (GDestroyNotify) clear_tile);
}

/* tithe_group_row_look_clear: frees what is in @look */
void
tithe_group_row_look_clear (TitheGroupRowLook *look)
{
  g_clear_pointer (&look->tiles, g_array_unref);
}

static gboolean
is_same_tile (const TitheGroupRowTile *a, const TitheGroupRowTile *b)
{
  return a->image == b->image && a->pixels == b->pixels && a->badge == b->badge && a->framed == b->framed
         && a->discarded == b->discarded && a->dimmed == b->dimmed;
}

/* tithe_group_row_look_equal: whether one picture does for both */
gboolean
tithe_group_row_look_equal (const TitheGroupRowLook *a, const TitheGroupRowLook *b)
{
  if (a->width != b->width || a->height != b->height || a->card_top != b->card_top || a->card_height != b->card_height
      || a->headed != b->headed || a->left != b->left || a->top != b->top || a->step != b->step
      || a->tiles->len != b->tiles->len || !tithe_group_facts_equal (&a->facts, &b->facts))
    return FALSE;
  for (guint i = 0; i < a->tiles->len; i++)
    if (!is_same_tile (&g_array_index (a->tiles, TitheGroupRowTile, i),
                       &g_array_index (b->tiles, TitheGroupRowTile, i)))
      return FALSE;
  return TRUE;
}

/* tithe_group_row_look_is_complete: whether all of its pictures are there */
gboolean
tithe_group_row_look_is_complete (const TitheGroupRowLook *look)
{
  for (guint i = 0; i < look->tiles->len; i++)
    if (g_array_index (look->tiles, TitheGroupRowTile, i).pixels == NULL)
      return FALSE;
  return TRUE;
}

/* --- painter --- */

/**
 * tithe_group_painter_new:
 * @widget: whose font it is; must outlive the painter
 *
 * Returns: (transfer full): a painter, to be given a style first
 */
TitheGroupPainter *
tithe_group_painter_new (GtkWidget *widget)
{
  TitheGroupPainter *self = g_new0 (TitheGroupPainter, 1);

  self->widget = widget;
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->cards = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) cairo_surface_destroy);
  return self;
}

/* tithe_group_painter_free: (transfer full) @self */
void
tithe_group_painter_free (TitheGroupPainter *self)
{
  tithe_group_painter_reset (self);
  g_hash_table_unref (self->texts);
  g_hash_table_unref (self->cards);
  g_free (self);
}

/* tithe_group_painter_reset: to be called where the font is another one */
void
tithe_group_painter_reset (TitheGroupPainter *self)
{
  self->has_style = FALSE;
  g_hash_table_remove_all (self->texts);
  g_hash_table_remove_all (self->cards);
  for (guint i = 0; i < 2 * 2 * TITHE_N_BADGES; i++)
    g_clear_pointer (&(&self->marks[0][0][0])[i], cairo_surface_destroy);
}

static gboolean
is_same_style (const TitheGroupStyle *a, const TitheGroupStyle *b)
{
  return a->scale == b->scale && a->edge == b->edge && a->heading == b->heading && a->rtl == b->rtl
         && gdk_rgba_equal (&a->text, &b->text) && gdk_rgba_equal (&a->card, &b->card)
         && gdk_rgba_equal (&a->reviewed, &b->reviewed) && gdk_rgba_equal (&a->frame, &b->frame);
}

/**
 * tithe_group_painter_set_style:
 *
 * Returns: whether what was drawn before looks otherwise now
 */
gboolean
tithe_group_painter_set_style (TitheGroupPainter *self, const TitheGroupStyle *style)
{
  if (self->has_style && is_same_style (&self->style, style))
    return FALSE;
  tithe_group_painter_reset (self);
  self->style = *style;
  self->has_style = TRUE;
  return TRUE;
}

/* tithe_group_painter_has_style: whether it can draw */
gboolean
tithe_group_painter_has_style (TitheGroupPainter *self)
{
  return self->has_style;
}

/* --- cards --- */

static cairo_surface_t *
new_surface (TitheGroupPainter *self, int width, int height)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * self->style.scale, height * self->style.scale);

  cairo_surface_set_device_scale (surface, self->style.scale, self->style.scale);
  return surface;
}

static void
add_outline (cairo_t *cr, int width, int height, double inset)
{
  const double radius = CORNER - inset, near_edge = CORNER, right = width - CORNER, bottom = height - CORNER;

  cairo_new_sub_path (cr);
  cairo_arc (cr, near_edge, near_edge, radius, G_PI, 1.5 * G_PI);
  cairo_arc (cr, right, near_edge, radius, 1.5 * G_PI, 2 * G_PI);
  cairo_arc (cr, right, bottom, radius, 0, 0.5 * G_PI);
  cairo_arc (cr, near_edge, bottom, radius, 0.5 * G_PI, G_PI);
  cairo_close_path (cr);
}

static void
set_source (cairo_t *cr, const GdkRGBA *color, double alpha)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * alpha);
}

/* What is reviewed says so in words, too. */
static void
draw_card (TitheGroupPainter *self, cairo_t *cr, int width, int height, gboolean reviewed)
{
  add_outline (cr, width, height, 0);
  set_source (cr, &self->style.card, 1);
  cairo_fill_preserve (cr);
  if (reviewed)
    {
      set_source (cr, &self->style.reviewed, REVIEWED_TINT);
      cairo_fill_preserve (cr);
    }
  add_outline (cr, width, height, 1);
  cairo_set_fill_rule (cr, CAIRO_FILL_RULE_EVEN_ODD);
  set_source (cr, &self->style.text, CARD_LINE);
  cairo_fill (cr);
}

/* Most cards are whole in a row, and of few sizes. */
static cairo_surface_t *
get_card (TitheGroupPainter *self, int width, int height, gboolean reviewed)
{
  const gint64 key = (gint64) width << 32 | (gint64) height << 1 | (reviewed ? 1 : 0);
  cairo_surface_t *card = g_hash_table_lookup (self->cards, &key);
  cairo_t *cr;

  if (card != NULL)
    return card;
  if (g_hash_table_size (self->cards) >= MAX_CARDS)
    g_hash_table_remove_all (self->cards);
  card = new_surface (self, width, height);
  cr = cairo_create (card);
  draw_card (self, cr, width, height, reviewed);
  cairo_destroy (cr);
  g_hash_table_insert (self->cards, g_memdup2 (&key, sizeof key), card);
  return card;
}

static void
paint_card (TitheGroupPainter *self, cairo_t *cr, const TitheGroupRowLook *look)
{
  if (look->card_height == look->height)
    {
      cairo_set_source_surface (cr, get_card (self, look->width, look->height, look->facts.reviewed), 0, 0);
      cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
      cairo_paint (cr);
      cairo_set_operator (cr, CAIRO_OPERATOR_OVER);
      return;
    }
  cairo_save (cr);
  cairo_translate (cr, 0, look->card_top);
  draw_card (self, cr, look->width, look->card_height, look->facts.reviewed);
  cairo_restore (cr);
}

/* --- headings --- */

static PangoLayout *
get_text (TitheGroupPainter *self, char *markup)
{
  PangoLayout *text = g_hash_table_lookup (self->texts, markup);

  if (text != NULL)
    {
      g_free (markup);
      return text;
    }
  if (g_hash_table_size (self->texts) >= MAX_TEXTS)
    g_hash_table_remove_all (self->texts);
  text = gtk_widget_create_pango_layout (self->widget, NULL);
  pango_layout_set_ellipsize (text, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (text, TRUE);
  pango_layout_set_markup (text, markup, -1);
  g_hash_table_insert (self->texts, markup, text);
  return text;
}

/* Pango's renderer for Cairo, which GTK draws its own text by, too, keeps the alpha of the last words that it drew: after a
 * space that has none it is what each text's colour says. */
static void
reset_renderer (TitheGroupPainter *self, cairo_t *cr)
{
  pango_cairo_show_layout (cr, get_text (self, g_strdup (" ")));
}

/* Above the first image, whatever the direction of the text. */
static void
paint_heading (TitheGroupPainter *self, cairo_t *cr, TitheGroupList *list, const TitheGroupRowLook *look)
{
  const gboolean narrow = !look->facts.block && look->width < NARROW * self->style.heading;
  const int left = look->facts.block ? 0 : TEXT_LEFT;
  PangoLayout *text = get_text (self, tithe_group_heading_write (list, &look->facts, narrow));
  PangoRectangle extents;

  pango_layout_set_width (text, MAX (1, look->width - 2 * left) * PANGO_SCALE);
  pango_layout_get_pixel_extents (text, NULL, &extents);
  set_source (cr, &self->style.text, 1);
  cairo_move_to (cr, (self->style.rtl ? look->width - left - extents.width : left) - extents.x, TEXT_TOP);
  pango_cairo_show_layout (cr, text);
  reset_renderer (self, cr);
}

/* --- thumbnails --- */

static cairo_surface_t *
get_marks (TitheGroupPainter *self, const TitheGroupRowTile *tile, const TitheThumbnailLook *look)
{
  cairo_surface_t **marks = &self->marks[tile->framed ? 1 : 0][tile->discarded ? 1 : 0][tile->badge];

  if (*marks == NULL)
    *marks = tithe_thumbnail_picture_new_marks (look);
  return *marks;
}

static void
paint_tiles (TitheGroupPainter *self, cairo_t *cr, const TitheGroupRowLook *row, TitheGroupFaceFunc func,
             gpointer user_data)
{
  const int edge = self->style.edge;

  for (guint i = 0; i < row->tiles->len; i++)
    {
      const TitheGroupRowTile *tile = &g_array_index (row->tiles, TitheGroupRowTile, i);
      const int x = row->left + (int) i * row->step;
      TitheThumbnailLook look = { .width = edge,
                                  .height = edge,
                                  .scale = self->style.scale,
                                  .framed = tile->framed,
                                  .discarded = tile->discarded,
                                  .dimmed = tile->dimmed,
                                  .badge = tile->badge,
                                  .frame = self->style.frame,
                                  .edge = self->style.text };
      cairo_surface_t *face;

      look.edge.alpha *= HAIRLINE;
      face = func (tile, &look, user_data);
      tithe_thumbnail_picture_draw (cr, face, get_marks (self, tile, &look), tile->dimmed && tile->pixels != NULL,
                                    self->style.rtl ? row->width - x - edge : x, row->top);
      cairo_surface_destroy (face);
    }
}

/* A graphics card keeps a texture. Cairo's renderer would convert one in each frame, GTK 4.8 by way of floats, which takes
 * twenty times as long as what Cairo has drawn. */
static GskRenderNode *
make_node (TitheGroupPainter *self, cairo_surface_t *surface, const graphene_rect_t *bounds)
{
  GtkNative *native = gtk_widget_get_native (self->widget);
  GskRenderer *renderer = native ? gtk_native_get_renderer (native) : NULL;
  GskRenderNode *node;

  if (renderer == NULL || GSK_IS_CAIRO_RENDERER (renderer))
    {
      cairo_t *cr;

      node = gsk_cairo_node_new (bounds);
      cr = gsk_cairo_node_get_draw_context (node);
      cairo_set_source_surface (cr, surface, 0, 0);
      cairo_paint (cr);
      cairo_destroy (cr);
    }
  else
    {
      g_autoptr (GdkTexture) texture = tithe_texture_new_for_surface (cairo_surface_reference (surface));

      node = gsk_texture_node_new (texture, bounds);
    }
  return node;
}

/**
 * tithe_group_painter_draw:
 * @list: that the row is of
 * @face: gives the picture of each image
 *
 * Takes some 70 us for a card of three images whose faces are there.
 *
 * Returns: (transfer full): what of the row is the same in many frames
 */
GskRenderNode *
tithe_group_painter_draw (TitheGroupPainter *self, TitheGroupList *list, const TitheGroupRowLook *look,
                          TitheGroupFaceFunc face, gpointer user_data)
{
  cairo_surface_t *surface = new_surface (self, look->width, look->height);
  cairo_t *cr = cairo_create (surface);
  GskRenderNode *node;

  if (look->card_height > 0)
    paint_card (self, cr, look);
  if (look->headed)
    paint_heading (self, cr, list, look);
  paint_tiles (self, cr, look, face, user_data);
  cairo_destroy (cr);
  node = make_node (self, surface, &GRAPHENE_RECT_INIT (0, 0, (float) look->width, (float) look->height));
  cairo_surface_destroy (surface);
  return node;
}
