/* SPDX-License-Identifier: MIT */
#include "tithe-paper-view.h"

#include <glib/gi18n.h>
#include <math.h>

/* Pixels a point, at most: as large as one would see it near by. */
#define MAX_SCALE 1.75
#define MIN_WIDTH 120
#define NATURAL_WIDTH 500
/* Around what is drawn: white, and room for the shadow. */
#define WHITE 12
#define SHADOW 8
#define MARGIN (WHITE + SHADOW)

struct _TithePaperView
{
  GtkWidget parent_instance;

  double width;        /* of the sheet in points, 0 while there is none */
  GdkTexture *texture; /* (nullable) */
  int sheet;           /* its width in pixels */
};

enum
{
  RESIZED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TithePaperView, tithe_paper_view, GTK_TYPE_WIDGET)

static int
find_sheet (TithePaperView *self, int room)
{
  return (int) MAX (1, MIN (floor (self->width * MAX_SCALE), room - 2 * MARGIN));
}

static int
find_height (TithePaperView *self, int sheet)
{
  if (self->texture == NULL)
    return sheet / 2;
  return (int) ceil ((double) sheet * gdk_texture_get_height (self->texture) / gdk_texture_get_width (self->texture));
}

static void
tithe_paper_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TithePaperView *self = TITHE_PAPER_VIEW (widget);
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT ((float) (gtk_widget_get_width (widget) - self->sheet) / 2, MARGIN,
                                                     (float) self->sheet, (float) find_height (self, self->sheet));
  graphene_rect_t paper;
  GskRoundedRect outline;

  graphene_rect_inset_r (&bounds, -WHITE, -WHITE, &paper);
  gsk_rounded_rect_init_from_rect (&outline, &paper, 0);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &(GdkRGBA){ 0, 0, 0, 0.3f }, 0, 1, 0, 5);
  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 1, 1, 1, 1 }, &paper);
  if (self->texture != NULL)
    gtk_snapshot_append_texture (snapshot, self->texture, &bounds);
}

static void
tithe_paper_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  TithePaperView *self = TITHE_PAPER_VIEW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MIN_WIDTH;
      *natural = NATURAL_WIDTH;
      return;
    }
  *minimum = *natural = find_height (self, find_sheet (self, for_size > 0 ? for_size : NATURAL_WIDTH)) + 2 * MARGIN;
}

static GtkSizeRequestMode
tithe_paper_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
tithe_paper_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TithePaperView *self = TITHE_PAPER_VIEW (widget);
  const int sheet = find_sheet (self, width);

  if (sheet == self->sheet)
    return;
  self->sheet = sheet;
  g_signal_emit (self, signals[RESIZED], 0);
}

static void
tithe_paper_view_dispose (GObject *object)
{
  g_clear_object (&TITHE_PAPER_VIEW (object)->texture);
  G_OBJECT_CLASS (tithe_paper_view_parent_class)->dispose (object);
}

static void
tithe_paper_view_class_init (TithePaperViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_paper_view_dispose;
  widget_class->snapshot = tithe_paper_view_snapshot;
  widget_class->measure = tithe_paper_view_measure;
  widget_class->get_request_mode = tithe_paper_view_get_request_mode;
  widget_class->size_allocate = tithe_paper_view_size_allocate;
  signals[RESIZED]
      = g_signal_new ("resized", TITHE_TYPE_PAPER_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "paper");
}

static void
tithe_paper_view_init (TithePaperView *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Preview"), -1);
}

/**
 * tithe_paper_view_set_paper:
 * @width: of the sheet in points
 * @texture: (nullable): all of what is on it, which says how high it is; %NULL to leave what there is
 */
void
tithe_paper_view_set_paper (TithePaperView *self, double width, GdkTexture *texture)
{
  g_return_if_fail (TITHE_IS_PAPER_VIEW (self));

  self->width = width;
  if (texture != NULL)
    g_set_object (&self->texture, texture);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * tithe_paper_view_get_scale:
 *
 * Returns: pixels of the screen a point, 0 while the sheet has no size
 */
double
tithe_paper_view_get_scale (TithePaperView *self)
{
  g_return_val_if_fail (TITHE_IS_PAPER_VIEW (self), 0);

  if (self->width <= 0 || self->sheet <= 1)
    return 0;
  return self->sheet * gtk_widget_get_scale_factor (GTK_WIDGET (self)) / self->width;
}
