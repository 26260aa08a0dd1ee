/* SPDX-License-Identifier: MIT */
#include "tithe-lightbox.h"
#include "tithe-css-class.h"
#include "tithe-image-role.h"
#include "tithe-image-view.h"
#include "tithe-pixels-loader.h"
#include "tithe-wrap-layout.h"

#include "base/tithe-text.h"

#define MAX_EDGE 4096
/* The image before stays until then: who goes through many sees no flicker, and nobody takes one for another. */
#define STAY_MS 150

struct _TitheLightbox
{
  GtkWidget parent_instance;

  GtkWidget *content, *image_buttons, *group_buttons;
  GtkStack *stack;
  TitheImageView *picture;
  TitheDendrogramView *dendrogram;
  GtkLabel *failure, *name, *facts;
  TitheDataset *dataset; /* (nullable) */
  guint32 image;
  GCancellable *loading;
  guint staying; /* until the image before goes */
};

enum
{
  CLOSED,
  STEPPED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheLightbox, tithe_lightbox, GTK_TYPE_WIDGET)

/* --- the picture --- */

static void
show_pixels (TitheLightbox *self, TithePixels *pixels, const char *failure)
{
  g_clear_handle_id (&self->staying, g_source_remove);
  tithe_image_view_set_pixels (self->picture, pixels);
  gtk_label_set_text (self->failure, failure ? failure : "");
  gtk_widget_set_visible (GTK_WIDGET (self->failure), failure != NULL);
}

static gboolean
on_stayed (gpointer data)
{
  TitheLightbox *self = data;

  self->staying = 0;
  tithe_image_view_set_pixels (self->picture, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_loaded (gpointer user_data, TithePixels *pixels, const char *failure)
{
  show_pixels (user_data, pixels, failure);
}

static void
stop_loading (TitheLightbox *self)
{
  tithe_pixels_loader_stop (&self->loading);
  g_clear_handle_id (&self->staying, g_source_remove);
}

static void
begin_loading (TitheLightbox *self, TitheDataset *dataset, guint32 image)
{
  stop_loading (self);
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  self->dataset = tithe_dataset_ref (dataset);
  self->image = image;
  tithe_image_view_show_all (self->picture);
  self->staying = g_timeout_add (STAY_MS, on_stayed, self);
  tithe_pixels_loader_begin (&self->loading, dataset, image, MAX_EDGE, on_loaded, self);
}

/* --- keys --- */

static void
close_lightbox (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[CLOSED], 0);
}

static void
step (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[STEPPED], 0, g_variant_get_int32 (parameter), 0);
}

/* As the images follow each other in the view. */
static gboolean
on_arrow (GtkWidget *widget, GVariant *steps, gpointer user_data)
{
  int dx, dy;

  g_variant_get (steps, "(ii)", &dx, &dy);
  g_signal_emit (widget, signals[STEPPED], 0, gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? -dx : dx, dy);
  return GDK_EVENT_STOP;
}

static const struct
{
  guint key;
  int dx, dy;
} arrows[] = {
  { GDK_KEY_Left, -1, 0 },    { GDK_KEY_Right, 1, 0 },     { GDK_KEY_Up, 0, -1 },      { GDK_KEY_Down, 0, 1 },
  { GDK_KEY_Page_Up, 0, -1 }, { GDK_KEY_Page_Down, 0, 1 }, { GDK_KEY_KP_Left, -1, 0 }, { GDK_KEY_KP_Right, 1, 0 },
  { GDK_KEY_KP_Up, 0, -1 },   { GDK_KEY_KP_Down, 0, 1 },
};

/* --- widget --- */

static void
tithe_lightbox_dispose (GObject *object)
{
  TitheLightbox *self = TITHE_LIGHTBOX (object);

  stop_loading (self);
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_lightbox_parent_class)->dispose (object);
}

static void
tithe_lightbox_class_init (TitheLightboxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_lightbox_dispose;
  signals[CLOSED]
      = g_signal_new ("closed", TITHE_TYPE_LIGHTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[STEPPED] = g_signal_new ("stepped", TITHE_TYPE_LIGHTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   2, G_TYPE_INT, G_TYPE_INT);
  g_type_ensure (TITHE_TYPE_IMAGE_VIEW);
  g_type_ensure (TITHE_TYPE_DENDROGRAM_VIEW);
  g_type_ensure (TITHE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "lightbox");
  gtk_widget_class_install_action (widget_class, "lightbox.close", NULL, close_lightbox);
  gtk_widget_class_install_action (widget_class, "lightbox.step", "i", step);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "lightbox.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_space, 0, "lightbox.close", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    gtk_widget_class_add_binding (widget_class, arrows[i].key, 0, on_arrow, "(ii)", arrows[i].dx, arrows[i].dy);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-lightbox.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheLightbox, content);
  gtk_widget_class_bind_template_child (widget_class, TitheLightbox, stack);
  gtk_widget_class_bind_template_child (widget_class, TitheLightbox, picture);
  gtk_widget_class_bind_template_child (widget_class, TitheLightbox, dendrogram);
  gtk_widget_class_bind_template_child (widget_class, TitheLightbox, failure);
  gtk_widget_class_bind_template_child (widget_class, TitheLightbox, name);
  gtk_widget_class_bind_template_child (widget_class, TitheLightbox, facts);
  gtk_widget_class_bind_template_child (widget_class, TitheLightbox, image_buttons);
  gtk_widget_class_bind_template_child (widget_class, TitheLightbox, group_buttons);
}

static void
tithe_lightbox_init (TitheLightbox *self)
{
  self->image = TITHE_IMAGE_NONE;
  gtk_widget_init_template (GTK_WIDGET (self));
  tithe_lightbox_set_with_dendrogram (self, FALSE);
}

/* tithe_lightbox_new: (transfer floating): a lightbox of nothing */
GtkWidget *
tithe_lightbox_new (void)
{
  return g_object_new (TITHE_TYPE_LIGHTBOX, NULL);
}

/**
 * tithe_lightbox_set_with_dendrogram:
 *
 * Shows the dendrogram of the image's group instead of the image.
 */
void
tithe_lightbox_set_with_dendrogram (TitheLightbox *self, gboolean with_dendrogram)
{
  g_return_if_fail (TITHE_IS_LIGHTBOX (self));

  gtk_stack_set_visible_child_name (self->stack, with_dendrogram ? "dendrogram" : "image");
  gtk_widget_set_visible (self->image_buttons, !with_dendrogram);
  gtk_widget_set_visible (self->group_buttons, with_dendrogram);
  tithe_css_class_set (GTK_WIDGET (self), "with-dendrogram", with_dendrogram);
}

/* tithe_lightbox_get_dendrogram: (transfer none): that is shown large */
TitheDendrogramView *
tithe_lightbox_get_dendrogram (TitheLightbox *self)
{
  g_return_val_if_fail (TITHE_IS_LIGHTBOX (self), NULL);

  return self->dendrogram;
}

/**
 * tithe_lightbox_show:
 * @subset: with a curation; must outlive what is shown, or tithe_lightbox_clear() be called
 * @place: where the image is among those that one can step to, such as “3 of 5”; may be empty
 *
 * Shows an image, or what changed about the one that is shown.
 */
void
tithe_lightbox_show (TitheLightbox *self, TitheSubset *subset, guint32 image, const char *place)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  g_autoptr (GString) buffer = g_string_new (NULL), facts = g_string_new (NULL);
  g_autofree char *label = NULL;
  TitheGroup group;
  TitheMember role;
  const char *name;

  g_return_if_fail (TITHE_IS_LIGHTBOX (self));

  if (dataset != self->dataset || image != self->image)
    begin_loading (self, dataset, image);
  role = tithe_image_role_get (subset, image, &group);
  name = tithe_dataset_get_display_path (dataset, image, buffer);
  gtk_label_set_text (self->name, name);
  tithe_text_add_fact (facts, place);
  tithe_text_add_fact (facts, tithe_image_role_describe (&role));
  gtk_label_set_text (self->facts, facts->str);
  tithe_image_view_set_role (self->picture, &role);
  tithe_dendrogram_view_set_group (self->dendrogram, subset, &group, image);
  label = g_strdup_printf ("%s, %s", name, facts->str);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* tithe_lightbox_clear: shows nothing, and lets go of subset and dataset */
void
tithe_lightbox_clear (TitheLightbox *self)
{
  g_return_if_fail (TITHE_IS_LIGHTBOX (self));

  stop_loading (self);
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  self->image = TITHE_IMAGE_NONE;
  show_pixels (self, NULL, NULL);
  tithe_dendrogram_view_set_group (self->dendrogram, NULL, NULL, 0);
}
