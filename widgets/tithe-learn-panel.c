/* SPDX-License-Identifier: MIT */
#include "tithe-learn-panel.h"
#include "tithe-fold-bin.h"
#include "tithe-format.h"

#include "base/tithe-text.h"

#include <glib/gi18n.h>
#include <math.h>

#define INTERVAL 250

struct _TitheLearnPanel
{
  GtkWidget parent_instance;

  GtkWidget *content, *stop, *curves, *examples, *details;
  GtkLabel *headline, *detail;
  GtkProgressBar *progress;
  TitheJob *job;
  guint timeout;
  GArray *epochs; /* of one run; one that was taken up begins later */
  guint n_epochs; /* of the run; 0 where that is not known */
};

G_DEFINE_TYPE (TitheLearnPanel, tithe_learn_panel, GTK_TYPE_WIDGET)

typedef double (*EpochValue) (const TitheEpoch *epoch, double largest_loss);

static double
loss_of (const TitheEpoch *epoch, double largest_loss)
{
  return largest_loss > 0 ? epoch->loss / largest_loss : 0;
}

static double
accuracy_of (const TitheEpoch *epoch, double largest_loss)
{
  return epoch->accuracy;
}

static double
test_of (const TitheEpoch *epoch, double largest_loss)
{
  return epoch->test_accuracy;
}

/* Where the curves are within the area; around them stand the numbers of the axes. */
typedef struct
{
  double left, top, width, height;
} Plot;

static double
get_x (TitheLearnPanel *self, const Plot *plot, double epoch)
{
  return plot->left + plot->width * epoch / MAX (1, self->n_epochs);
}

static void
trace (TitheLearnPanel *self, cairo_t *cr, const Plot *plot, EpochValue value)
{
  double largest = 0, last_x = -1, last_y = 0;

  for (guint i = 0; i < self->epochs->len; i++)
    largest = MAX (largest, g_array_index (self->epochs, TitheEpoch, i).loss);
  for (guint i = 0; i < self->epochs->len; i++)
    {
      const TitheEpoch *epoch = &g_array_index (self->epochs, TitheEpoch, i);
      double y = value (epoch, largest);

      if (y < 0)
        continue;
      last_x = get_x (self, plot, epoch->epoch);
      last_y = plot->top + plot->height * (1 - CLAMP (y, 0, 1));
      cairo_line_to (cr, last_x, last_y);
    }
  cairo_stroke (cr);
  if (last_x >= 0)
    {
      cairo_arc (cr, last_x, last_y, 2.5, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

/* A number beside an axis, of which the shares @across and @down lie before the place. */
static void
write_number (GtkWidget *area, cairo_t *cr, const char *text, double x, double y, double across, double down)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (area, text);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, x - across * width, y - down * height);
  pango_cairo_show_layout (cr, layout);
}

/* They are there before there is anything to show on them. */
static void
draw_axes (TitheLearnPanel *self, GtkWidget *area, cairo_t *cr, const Plot *plot, const GdkRGBA *color)
{
  const guint step = MAX (1, (self->n_epochs + 4) / 5);

  cairo_set_line_width (cr, 1);
  for (guint i = 0; i <= 4; i++)
    {
      const double y = floor (plot->top + plot->height * (1 - i / 4.0)) + 0.5;
      g_autofree char *number = g_strdup_printf ("%u", 25 * i), *percent = tithe_text_dup_percent (number);

      cairo_set_source_rgba (cr, color->red, color->green, color->blue, i == 0 ? 0.5 : 0.12);
      cairo_move_to (cr, plot->left, y);
      cairo_line_to (cr, plot->left + plot->width, y);
      cairo_stroke (cr);
      cairo_set_source_rgba (cr, color->red, color->green, color->blue, 0.7);
      write_number (area, cr, percent, plot->left - 6, y, 1, 0.5);
    }
  for (guint epoch = 0; epoch <= self->n_epochs; epoch += step)
    {
      g_autofree char *number = g_strdup_printf ("%u", epoch);

      write_number (area, cr, number, get_x (self, plot, epoch), plot->top + plot->height + 3, 0.5, 0);
    }
}

/* Grey is the loss, blue the accuracy on what is learned from, green that on what is not. */
static void
draw_curves (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  TitheLearnPanel *self = user_data;
  const Plot plot = { 48, 8, MAX (1, width - 60), MAX (1, height - 32) };
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &color);
  draw_axes (self, GTK_WIDGET (area), cr, &plot, &color);
  cairo_set_line_width (cr, 2);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, 0.4);
  trace (self, cr, &plot, loss_of);
  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (area)), "accent_color", &color))
    color = (GdkRGBA){ 0.2f, 0.5f, 0.9f, 1 };
  gdk_cairo_set_source_rgba (cr, &color);
  trace (self, cr, &plot, accuracy_of);
  cairo_set_source_rgb (cr, 0.18, 0.76, 0.49);
  trace (self, cr, &plot, test_of);
}

static const TitheEpoch *
last_epoch (TitheLearnPanel *self)
{
  return self->epochs->len > 0 ? &g_array_index (self->epochs, TitheEpoch, self->epochs->len - 1) : NULL;
}

static void
update_detail (TitheLearnPanel *self)
{
  const TitheEpoch *last = last_epoch (self);
  g_autofree char *speed = NULL, *score = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (last == NULL)
    {
      gtk_label_set_text (self->detail, "");
      gtk_widget_set_visible (GTK_WIDGET (self->detail), FALSE);
      return;
    }
  speed = tithe_format_count ((gsize) last->images_per_second);
  /* TRANSLATORS: after it may come, behind a comma, “… of the test images” or “… of a tenth held out …” */
  g_string_printf (text, _("%s images a second · loss %.3f · told apart: %.1f %% of what it learns from"), speed,
                   last->loss, 100 * last->accuracy);
  if (last->held_out)
    score = g_strdup_printf (_("%.1f %% of a tenth held out for the score"), 100 * last->test_accuracy);
  else if (last->test_accuracy >= 0)
    score = g_strdup_printf (_("%.1f %% of the test images"), 100 * last->test_accuracy);
  tithe_text_add_item (text, score ? score : "");
  gtk_label_set_text (self->detail, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->detail), TRUE);
}

static gboolean
update (gpointer data)
{
  TitheLearnPanel *self = data;
  const TitheEpoch *last = last_epoch (self);
  g_autofree char *stage = tithe_job_dup_stage (self->job), *left = tithe_job_dup_left (self->job), *epoch = NULL;
  g_autoptr (GString) text = g_string_new (stage);
  double fraction = tithe_job_get_fraction (self->job);

  if (last != NULL)
    epoch = g_strdup_printf (_("epoch %u of %u"), MIN (last->epoch + 1, last->n_epochs), last->n_epochs);
  if (tithe_job_is_cancelled (self->job))
    g_string_assign (text, _("Stopping…"));
  else
    {
      tithe_text_add_fact (text, epoch ? epoch : "");
      if (last != NULL && last->held_out)
        tithe_text_add_item (text, _("then once more with everything"));
      tithe_text_add_fact (text, left);
    }
  if (*left == '\0' && last == NULL)
    g_string_append (text, "…");
  gtk_label_set_text (self->headline, text->str);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (fraction, 0, 1));
  return G_SOURCE_CONTINUE;
}

static void
on_stop (TitheLearnPanel *self)
{
  if (self->job != NULL)
    tithe_job_cancel (self->job);
  gtk_widget_set_sensitive (self->stop, FALSE);
}

static void
tithe_learn_panel_dispose (GObject *object)
{
  TitheLearnPanel *self = TITHE_LEARN_PANEL (object);

  tithe_learn_panel_end (self);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_learn_panel_parent_class)->dispose (object);
}

static void
tithe_learn_panel_finalize (GObject *object)
{
  g_array_unref (TITHE_LEARN_PANEL (object)->epochs);
  G_OBJECT_CLASS (tithe_learn_panel_parent_class)->finalize (object);
}

static void
tithe_learn_panel_class_init (TitheLearnPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_learn_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = tithe_learn_panel_finalize;
  g_type_ensure (TITHE_TYPE_FOLD_BIN);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-learn-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheLearnPanel, content);
  gtk_widget_class_bind_template_child (widget_class, TitheLearnPanel, stop);
  gtk_widget_class_bind_template_child (widget_class, TitheLearnPanel, curves);
  gtk_widget_class_bind_template_child (widget_class, TitheLearnPanel, examples);
  gtk_widget_class_bind_template_child (widget_class, TitheLearnPanel, details);
  gtk_widget_class_bind_template_child (widget_class, TitheLearnPanel, headline);
  gtk_widget_class_bind_template_child (widget_class, TitheLearnPanel, detail);
  gtk_widget_class_bind_template_child (widget_class, TitheLearnPanel, progress);
  gtk_widget_class_bind_template_callback (widget_class, on_stop);
}

static void
tithe_learn_panel_init (TitheLearnPanel *self)
{
  self->epochs = g_array_new (FALSE, FALSE, sizeof (TitheEpoch));
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->curves), draw_curves, self, NULL);
}

/* tithe_learn_panel_new: (transfer floating): a panel that shows nothing yet */
GtkWidget *
tithe_learn_panel_new (void)
{
  return g_object_new (TITHE_TYPE_LEARN_PANEL, NULL);
}

/**
 * tithe_learn_panel_begin:
 * @job: the learning
 *
 * Begins new curves, unless it is the learning that is shown already.
 */
void
tithe_learn_panel_begin (TitheLearnPanel *self, TitheJob *job)
{
  g_return_if_fail (TITHE_IS_LEARN_PANEL (self));

  if (self->job == job)
    return;
  tithe_learn_panel_end (self);
  self->job = tithe_job_ref (job);
  g_array_set_size (self->epochs, 0);
  self->n_epochs = 0;
  tithe_learn_panel_set_examples (self, NULL);
  gtk_widget_set_sensitive (self->stop, TRUE);
  gtk_widget_queue_draw (self->curves);
  update_detail (self);
  self->timeout = g_timeout_add (INTERVAL, update, self);
  update (self);
}

/**
 * tithe_learn_panel_add_epoch:
 * @epoch: the next one of the run; one of another run, with a tenth held out or not, begins new curves; number 0 says how many
 *   there will be
 */
void
tithe_learn_panel_add_epoch (TitheLearnPanel *self, const TitheEpoch *epoch)
{
  const TitheEpoch *last;

  g_return_if_fail (TITHE_IS_LEARN_PANEL (self));

  last = last_epoch (self);
  self->n_epochs = epoch->n_epochs;
  if (last != NULL && last->held_out != epoch->held_out)
    g_array_set_size (self->epochs, 0);
  if (epoch->epoch > 0)
    g_array_append_val (self->epochs, *epoch);
  gtk_widget_queue_draw (self->curves);
  update_detail (self);
}

/**
 * tithe_learn_panel_set_examples:
 * @examples: (nullable) (element-type TithePixels): pictures as the network sees them
 */
void
tithe_learn_panel_set_examples (TitheLearnPanel *self, GPtrArray *examples)
{
  g_return_if_fail (TITHE_IS_LEARN_PANEL (self));

  for (GtkWidget *child; (child = gtk_widget_get_first_child (self->examples)) != NULL;)
    gtk_box_remove (GTK_BOX (self->examples), child);
  for (guint i = 0; examples != NULL && i < examples->len; i++)
    {
      TithePixels *pixels = g_ptr_array_index (examples, i);
      g_autoptr (GBytes) bytes = g_bytes_new (pixels->data, tithe_pixels_get_size (pixels));
      g_autoptr (GdkTexture) texture = gdk_memory_texture_new ((int) pixels->width, (int) pixels->height,
                                                               GDK_MEMORY_R8G8B8, bytes, (gsize) 3 * pixels->width);
      GtkWidget *picture = gtk_picture_new_for_paintable (GDK_PAINTABLE (texture));

      gtk_picture_set_can_shrink (GTK_PICTURE (picture), TRUE);
      gtk_widget_set_size_request (picture, 32, 32);
      gtk_widget_set_halign (picture, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (self->examples), picture);
    }
  gtk_widget_set_visible (self->examples, examples != NULL && examples->len > 0);
}

/* tithe_learn_panel_end: stands still, with the curves as they are */
void
tithe_learn_panel_end (TitheLearnPanel *self)
{
  g_return_if_fail (TITHE_IS_LEARN_PANEL (self));

  if (self->details != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->details));
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->job, tithe_job_unref);
}
