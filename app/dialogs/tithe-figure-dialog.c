/* SPDX-License-Identifier: MIT */
#include "tithe-figure-dialog.h"
#include "tithe-figure-row.h"
#include "tithe-file-dialog.h"
#include "tithe-help.h"

#include "background/tithe-figure-preview.h"
#include "dataset/tithe-dataset-thumbnails.h"
#include "figure/tithe-canvas.h"
#include "figure/tithe-group-shown.h"
#include "tithe-aside-layout.h"
#include "tithe-combo-rows.h"
#include "tithe-paper-view.h"
#include "tithe-texture.h"

#include <glib/gi18n.h>

/* Points. */
#define COLUMN (84 * 72 / 25.4)
/* Who types is not answered letter by letter. */
#define REST_MS 150

/* In the order of the row that chooses them. */
static const char *const endings[] = { ".pdf", ".svg", ".png" };

struct _TitheFigureDialog
{
  AdwWindow parent_instance;

  AdwComboRow *width, *columns, *font, *form;
  GtkListBox *list; /* TitheFigureRow */
  GtkStack *stack;
  GtkLabel *left_out, *failure;
  TithePaperView *paper;
  GtkWidget *save_button;

  TitheFigurePreview *preview;
  guint resting;
  TitheThumbnails *thumbnails;
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheFigureDialog, tithe_figure_dialog, ADW_TYPE_WINDOW)

static TitheFigureRow *
get_row (TitheFigureDialog *self, int index)
{
  return (TitheFigureRow *) gtk_list_box_get_row_at_index (self->list, index);
}

static double
get_width (TitheFigureDialog *self)
{
  return adw_combo_row_get_selected (self->width) == 1 ? COLUMN : TITHE_FIGURE_PAGE;
}

/**
 * tithe_figure_dialog_dup_choice:
 *
 * Returns: (transfer full): what was chosen
 */
TitheFigureChoice *
tithe_figure_dialog_dup_choice (TitheFigureDialog *self)
{
  g_autoptr (GStrvBuilder) captions = g_strv_builder_new ();
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (TitheGroup));
  TitheFigureRow *row;

  g_return_val_if_fail (TITHE_IS_FIGURE_DIALOG (self), NULL);

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      g_array_append_val (groups, *tithe_figure_row_get_group (row));
      g_strv_builder_add (captions, tithe_figure_row_get_caption (row));
    }
  return tithe_figure_choice_new (groups, g_strv_builder_end (captions), get_width (self),
                                  adw_combo_row_get_selected (self->columns),
                                  adw_combo_row_get_selected (self->font) == 1 ? "Sans 8" : TITHE_FIGURE_FONT);
}

/* --- the preview --- */

static void
on_drawn (gpointer owner, cairo_surface_t *surface, const GError *error)
{
  TitheFigureDialog *self = owner;
  g_autoptr (GdkTexture) texture = surface ? tithe_texture_new_for_surface (cairo_surface_reference (surface)) : NULL;

  gtk_widget_set_sensitive (self->save_button, texture != NULL);
  if (texture != NULL)
    tithe_paper_view_set_paper (self->paper, get_width (self), texture);
  else
    gtk_label_set_text (self->failure, error->message);
  gtk_stack_set_visible_child_name (self->stack, texture != NULL ? "paper" : "failure");
}

static gboolean
draw (gpointer data)
{
  TitheFigureDialog *self = data;
  const double scale = tithe_paper_view_get_scale (self->paper);

  self->resting = 0;
  /* Until the paper has a size there is nothing to draw for. */
  if (scale > 0)
    tithe_figure_preview_draw (self->preview, tithe_figure_dialog_dup_choice (self), scale);
  return G_SOURCE_REMOVE;
}

static void
on_changed (TitheFigureDialog *self)
{
  if (self->preview == NULL)
    return;
  tithe_paper_view_set_paper (self->paper, get_width (self), NULL);
  g_clear_handle_id (&self->resting, g_source_remove);
  self->resting = g_timeout_add (REST_MS, draw, self);
}

static void
on_resized (TitheFigureDialog *self)
{
  if (self->preview == NULL)
    return;
  g_clear_handle_id (&self->resting, g_source_remove);
  self->resting = g_timeout_add (REST_MS, draw, self);
}

/* tithe_figure_dialog_is_drawn: whether the preview shows what is chosen now */
gboolean
tithe_figure_dialog_is_drawn (TitheFigureDialog *self)
{
  g_return_val_if_fail (TITHE_IS_FIGURE_DIALOG (self), FALSE);
  return self->resting == 0 && tithe_paper_view_get_scale (self->paper) > 0
         && !tithe_figure_preview_is_busy (self->preview);
}

/* --- rows --- */

static void
place_rows (TitheFigureDialog *self)
{
  TitheFigureRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    tithe_figure_row_set_place (row, i == 0, get_row (self, i + 1) == NULL);
  on_changed (self);
}

static void
on_moved (TitheFigureRow *row, int direction, TitheFigureDialog *self)
{
  const int index = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));

  g_object_ref (row);
  gtk_list_box_remove (self->list, GTK_WIDGET (row));
  gtk_list_box_insert (self->list, GTK_WIDGET (row), index + direction);
  g_object_unref (row);
  place_rows (self);
  tithe_figure_row_focus (row, direction);
}

static void
on_removed (TitheFigureRow *row, TitheFigureDialog *self)
{
  const int index = gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row));

  /* Who removes several goes on where the next one is now. */
  tithe_figure_row_focus (get_row (self, index + 1) ? get_row (self, index + 1) : get_row (self, index - 1), 0);
  gtk_list_box_remove (self->list, GTK_WIDGET (row));
  place_rows (self);
}

static void
add_row (TitheFigureDialog *self, TitheSubset *subset, const TitheGroup *group)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  guint32 n, n_kept;
  g_autofree guint32 *images = tithe_group_choose_shown (subset, group, TITHE_FIGURE_ROW_IMAGES, &n, &n_kept);
  GtkWidget *row = tithe_figure_row_new (dataset, group, images, n, n_kept);

  g_signal_connect_object (row, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "moved", G_CALLBACK (on_moved), self, 0);
  g_signal_connect_object (row, "removed", G_CALLBACK (on_removed), self, 0);
  gtk_list_box_append (self->list, row);
}

static void
say_left_out (TitheFigureDialog *self, guint n, guint room)
{
  g_autofree char *text = g_strdup_printf (ngettext ("%u more group is left out: a figure has room for %u.",
                                                     "%u more groups are left out: a figure has room for %u.", n),
                                           n, room);

  gtk_label_set_text (self->left_out, text);
  gtk_widget_set_visible (GTK_WIDGET (self->left_out), TRUE);
}

static void
on_thumbnails (gpointer user_data)
{
  TitheFigureDialog *self = user_data;
  TitheFigureRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    tithe_figure_row_show_pictures (row, self->thumbnails);
}

static void
want_pictures (TitheFigureDialog *self)
{
  g_autoptr (GArray) images = g_array_new (FALSE, FALSE, sizeof (guint32));
  TitheFigureRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    tithe_figure_row_add_images (row, images);
  tithe_thumbnails_want (self->thumbnails, (const guint32 *) (gpointer) images->data, images->len);
}

/* --- where to --- */

/* A name without an ending that says a form gets that of the form that is chosen. */
static char *
end_path (TitheFigureDialog *self, const char *path)
{
  if (tithe_canvas_check_form (path, NULL))
    return g_strdup (path);
  return g_strconcat (path, endings[adw_combo_row_get_selected (self->form)], NULL);
}

static void
on_place_chosen (GtkNativeDialog *dialog, int response, TitheFigureDialog *self)
{
  g_autofree char *path = tithe_file_dialog_dup_path (dialog, response);

  if (path != NULL)
    {
      g_autofree char *target = end_path (self, path);

      /* Closing would drop the dialog for files as well, which is given up below. */
      g_signal_handlers_disconnect_by_data (self, dialog);

      g_signal_emit (self, signals[CHOSEN], 0, target);
      gtk_window_close (GTK_WINDOW (self));
    }
  g_object_unref (dialog);
}

static void
on_save (TitheFigureDialog *self)
{
  GtkFileChooserNative *dialog = tithe_file_dialog_new (
      GTK_WINDOW (self), _("Save the Figure"), GTK_FILE_CHOOSER_ACTION_SAVE, G_CALLBACK (on_place_chosen), self);
  g_autofree char *name = g_strconcat ("groups", endings[adw_combo_row_get_selected (self->form)], NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect_object (self, "destroy", G_CALLBACK (tithe_file_dialog_drop), dialog, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* Who wants a figure types a caption first. */
static void
tithe_figure_dialog_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tithe_figure_dialog_parent_class)->map (widget);
  gtk_widget_grab_focus (GTK_WIDGET (get_row (TITHE_FIGURE_DIALOG (widget), 0)));
}

static void
tithe_figure_dialog_dispose (GObject *object)
{
  TitheFigureDialog *self = TITHE_FIGURE_DIALOG (object);

  g_clear_handle_id (&self->resting, g_source_remove);
  g_clear_pointer (&self->preview, tithe_figure_preview_free);
  g_clear_pointer (&self->thumbnails, tithe_thumbnails_free);
  G_OBJECT_CLASS (tithe_figure_dialog_parent_class)->dispose (object);
}

static void
tithe_figure_dialog_class_init (TitheFigureDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_figure_dialog_dispose;
  widget_class->map = tithe_figure_dialog_map;
  signals[CHOSEN] = g_signal_new ("chosen", TITHE_TYPE_FIGURE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (TITHE_TYPE_ASIDE_LAYOUT);
  g_type_ensure (TITHE_TYPE_PAPER_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-figure-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, width);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, columns);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, font);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, form);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, list);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, left_out);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, failure);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, paper);
  gtk_widget_class_bind_template_child (widget_class, TitheFigureDialog, save_button);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_resized);
  gtk_widget_class_bind_template_callback (widget_class, on_save);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  tithe_help_add_to_class (widget_class, "export");
}

static void
tithe_figure_dialog_init (TitheFigureDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tithe_combo_rows_show_whole (GTK_WIDGET (self));
}

/**
 * tithe_figure_dialog_new:
 * @subset: (transfer none): with a curation, as it is now; nothing of it is kept
 * @choice: by which it was chosen
 * @groups: (transfer none) (element-type TitheGroup): of the subset, that are drawn at first
 * @room: how many of them at most; it is said how many are left out
 */
GtkWidget *
tithe_figure_dialog_new (GtkWindow *parent, TitheSubset *subset, const TitheSubsetChoice *choice, GArray *groups,
                         guint room)
{
  TitheFigureDialog *self = g_object_new (TITHE_TYPE_FIGURE_DIALOG, "transient-for", parent, "modal", TRUE,
                                          "destroy-with-parent", TRUE, NULL);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));

  self->thumbnails = tithe_dataset_new_thumbnails (
      dataset, (gsize) 8 << 20, (guint) (TITHE_FIGURE_ROW_EDGE * gtk_widget_get_scale_factor (GTK_WIDGET (parent))),
      on_thumbnails, self);
  for (guint i = 0; i < MIN (groups->len, room); i++)
    add_row (self, subset, &g_array_index (groups, TitheGroup, i));
  if (groups->len > room)
    say_left_out (self, groups->len - room, room);
  self->preview = tithe_figure_preview_new (self, tithe_subset_get_curation (subset), choice, on_drawn);
  want_pictures (self);
  place_rows (self);
  return GTK_WIDGET (self);
}
