/* SPDX-License-Identifier: MIT */
#include "tithe-inspector.h"
#include "tithe-format.h"
#include "tithe-image-role.h"
#include "tithe-image-view.h"
#include "tithe-pixels-loader.h"
#include "tithe-term.h"
#include "tithe-thumbnail.h"

#include "base/tithe-text.h"

#include <glib/gi18n.h>

#define MAX_EDGE 4096
#define NEAREST_EDGE 96
/* Numbers that are looked at for the nearest kept image, while somebody waits. */
#define MAX_SEARCHED 20000000
/* Who walks through images does not read about each. */
#define REST_MS 120

struct _TitheInspector
{
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkStack *stack;
  TitheImageView *picture;
  TitheDendrogramView *dendrogram;
  GtkLabel *path, *class_name, *size, *role, *nearest, *failure, *about_group;
  GtkWidget *nearest_button;
  TitheThumbnail *nearest_picture;
  guint32 nearest_image; /* that the button leads to, or TITHE_IMAGE_NONE */
  guint32 image;         /* that is shown, or TITHE_IMAGE_NONE */
  TitheDataset *dataset;
  TitheGroup group;
  GCancellable *loading, *loading_nearest;
  TitheSubset *subset;       /* (nullable) (not owned) */
  TitheEmbedding *embedding; /* (nullable) */
  guint resting;             /* waits until nobody moves on any more */
};

enum
{
  LED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheInspector, tithe_inspector, GTK_TYPE_WIDGET)

static void
on_loaded (gpointer user_data, TithePixels *pixels, const char *failure)
{
  TitheInspector *self = user_data;

  tithe_image_view_set_pixels (self->picture, pixels);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), pixels == NULL);
  if (pixels != NULL)
    {
      g_autofree char *size = g_strdup_printf (_("%u × %u pixels"), pixels->original_width, pixels->original_height);

      gtk_label_set_text (self->size, size);
    }
  else
    {
      gtk_label_set_text (self->failure, failure);
      gtk_label_set_text (self->size, _("cannot be read"));
    }
}

/* --- facts --- */

static void
show_role (TitheInspector *self, const TitheMember *role)
{
  const guint32 n = self->group.size;
  g_autoptr (GString) text = g_string_new (tithe_image_role_describe (role));
  g_autofree char *place = g_strdup_printf (ngettext ("one of %u image", "one of %u images", n), n);

  tithe_text_add_item (text, n > 1 ? place : C_ ("image", "unique"));
  gtk_label_set_text (self->role, text->str);
}

/* How alike the images of the group are. */
static void
show_group (TitheInspector *self, TitheSubset *subset)
{
  const guint n = self->group.size;
  g_autofree char *size = tithe_format_count (n),
                  *count = g_strdup_printf (ngettext ("%s image", "%s images", n), size);
  g_autofree char *value
      = tithe_format_dissimilarity (tithe_cut_get_spread (tithe_subset_get_cut (subset), &self->group));
  /* TRANSLATORS: how far apart the images of a group are: the dissimilarity at which it came together */
  g_autofree char *spread = g_strdup_printf (_("spread %s"), value);
  g_autoptr (GString) text = g_string_new (NULL);

  tithe_text_add_fact (text, count);
  if (n > 1)
    tithe_text_add_fact (text, spread);
  gtk_label_set_text (self->about_group, text->str);
}

static void
on_nearest_loaded (gpointer user_data, TithePixels *pixels, const char *failure)
{
  tithe_thumbnail_set_pixels (TITHE_INSPECTOR (user_data)->nearest_picture, pixels, failure);
}

static void
set_nearest (TitheInspector *self, guint32 image, const char *name)
{
  if (image != self->nearest_image)
    {
      tithe_pixels_loader_stop (&self->loading_nearest);
      tithe_thumbnail_set_image (self->nearest_picture, image, name);
      if (image != TITHE_IMAGE_NONE)
        tithe_pixels_loader_begin (&self->loading_nearest, self->dataset, image, NEAREST_EDGE, on_nearest_loaded, self);
    }
  self->nearest_image = image;
  gtk_widget_set_visible (GTK_WIDGET (self->nearest_picture), image != TITHE_IMAGE_NONE);
  gtk_widget_set_sensitive (self->nearest_button, image != TITHE_IMAGE_NONE);
}

static void
on_nearest_clicked (TitheInspector *self)
{
  if (self->nearest_image != TITHE_IMAGE_NONE)
    g_signal_emit (self, signals[LED], 0, self->nearest_image);
}

static void
on_leaf_pointed (TitheInspector *self, guint image)
{
  g_signal_emit (self, signals[LED], 0, image);
}

static gboolean
show_nearest (gpointer data)
{
  TitheInspector *self = data;
  float dissimilarity = 0;
  gsize n;
  guint32 nearest = TITHE_IMAGE_NONE;
  g_autoptr (GString) buffer = g_string_new (NULL);

  self->resting = 0;
  tithe_dataset_get_class_images (self->dataset, self->group.class_index, &n);
  if (self->embedding != NULL && n * tithe_embedding_get_dim (self->embedding) <= MAX_SEARCHED)
    nearest = tithe_subset_find_nearest_kept (self->subset, self->embedding, self->image, &dissimilarity);
  if (nearest != TITHE_IMAGE_NONE)
    {
      g_autofree char *value = tithe_format_dissimilarity (dissimilarity);
      const char *name = tithe_dataset_get_display_path (self->dataset, nearest, buffer);
      g_autofree char *file = g_path_get_basename (name), *base = tithe_text_dup_apart (file);
      /* TRANSLATORS: the nearest kept image: the name of its file, and how unlike it is */
      g_autofree char *text = g_strdup_printf (_("%s, at dissimilarity %s"), base, value);
      TitheCuration *curation = tithe_subset_get_curation (self->subset);

      gtk_label_set_text (self->nearest, text);
      gtk_widget_set_tooltip_text (self->nearest_button, _("Go to the kept image that is most like this one"));
      set_nearest (self, nearest, name);
      tithe_thumbnail_set_role (
          self->nearest_picture,
          &(TitheMember){ .image = nearest, .decision = tithe_curation_get_decision (curation, nearest), .kept = TRUE },
          0, FALSE);
    }
  else
    {
      gtk_label_set_text (self->nearest,
                          self->embedding ? C_ ("nearest kept image", "none") : _("not known without the embedding"));
      gtk_widget_set_tooltip_text (self->nearest_button, NULL);
      set_nearest (self, TITHE_IMAGE_NONE, NULL);
    }
  return G_SOURCE_REMOVE;
}

/**
 * tithe_inspector_show:
 * @subset: with a curation; must outlive the inspector, or tithe_inspector_clear() be called
 * @embedding: (nullable): for dissimilarities
 *
 * Shows an image, or what changed about the one that is shown.
 */
void
tithe_inspector_show (TitheInspector *self, TitheSubset *subset, TitheEmbedding *embedding, guint32 image)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset)));
  g_autoptr (GString) buffer = g_string_new (NULL);
  const char *name;
  TitheMember role;

  g_return_if_fail (TITHE_IS_INSPECTOR (self));

  if (dataset != self->dataset || image != self->image)
    {
      g_clear_pointer (&self->dataset, tithe_dataset_unref);
      self->dataset = tithe_dataset_ref (dataset);
      self->image = image;
      gtk_label_set_text (self->size, "…");
      tithe_pixels_loader_begin (&self->loading, dataset, image, MAX_EDGE, on_loaded, self);
    }
  name = tithe_dataset_get_display_path (dataset, image, buffer);
  gtk_label_set_text (self->path, name);
  gtk_label_set_text (self->class_name,
                      tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, image)));
  role = tithe_image_role_get (subset, image, &self->group);
  show_role (self, &role);
  show_group (self, subset);
  self->subset = subset;
  if (embedding != NULL)
    tithe_embedding_ref (embedding);
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  self->embedding = embedding;
  g_clear_handle_id (&self->resting, g_source_remove);
  self->resting = g_timeout_add (REST_MS, show_nearest, self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  tithe_dendrogram_view_set_group (self->dendrogram, subset, &self->group, image);
  gtk_stack_set_visible_child_name (self->stack, "image");
}

/* tithe_inspector_clear: shows nothing, and lets go of subset, embedding and dataset */
void
tithe_inspector_clear (TitheInspector *self)
{
  g_return_if_fail (TITHE_IS_INSPECTOR (self));

  tithe_pixels_loader_stop (&self->loading);
  g_clear_handle_id (&self->resting, g_source_remove);
  set_nearest (self, TITHE_IMAGE_NONE, NULL);
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  self->subset = NULL;
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  self->image = TITHE_IMAGE_NONE;
  tithe_dendrogram_view_set_group (self->dendrogram, NULL, NULL, 0);
  tithe_image_view_set_pixels (self->picture, NULL);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

/* tithe_inspector_get_dendrogram: (transfer none): of the group that the image is in */
TitheDendrogramView *
tithe_inspector_get_dendrogram (TitheInspector *self)
{
  g_return_val_if_fail (TITHE_IS_INSPECTOR (self), NULL);

  return self->dendrogram;
}

/**
 * tithe_inspector_get_merge:
 * @merge: (out): that is chosen in the dendrogram
 *
 * Returns: whether one is, that is not the one of the group
 */
gboolean
tithe_inspector_get_merge (TitheInspector *self, guint *class_index, guint32 *merge)
{
  g_return_val_if_fail (TITHE_IS_INSPECTOR (self), FALSE);

  *class_index = self->group.class_index;
  *merge = tithe_dendrogram_view_get_chosen (self->dendrogram);
  return self->image != TITHE_IMAGE_NONE && *merge != TITHE_NODE_NONE && *merge != self->group.node;
}

static void
tithe_inspector_dispose (GObject *object)
{
  TitheInspector *self = TITHE_INSPECTOR (object);

  tithe_pixels_loader_stop (&self->loading);
  tithe_pixels_loader_stop (&self->loading_nearest);
  g_clear_handle_id (&self->resting, g_source_remove);
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_inspector_parent_class)->dispose (object);
}

static void
tithe_inspector_class_init (TitheInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_inspector_dispose;
  signals[LED]
      = g_signal_new ("led", TITHE_TYPE_INSPECTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  g_type_ensure (TITHE_TYPE_IMAGE_VIEW);
  g_type_ensure (TITHE_TYPE_DENDROGRAM_VIEW);
  g_type_ensure (TITHE_TYPE_THUMBNAIL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "inspector");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, content);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, picture);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, dendrogram);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, path);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, class_name);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, size);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, role);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, nearest);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, nearest_button);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, nearest_picture);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, about_group);
  gtk_widget_class_bind_template_child (widget_class, TitheInspector, failure);
  gtk_widget_class_bind_template_callback (widget_class, on_nearest_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_leaf_pointed);
}

static void
explain_group (TitheInspector *self)
{
  g_autoptr (GString) about = g_string_new (NULL);

  tithe_text_add_sentence (about, tithe_term_explain (TITHE_TERM_SPREAD));
  tithe_text_add_sentence (about, tithe_term_explain (TITHE_TERM_DISSIMILARITY));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->about_group), about->str);
}

static void
tithe_inspector_init (TitheInspector *self)
{
  self->image = self->nearest_image = TITHE_IMAGE_NONE;
  gtk_widget_init_template (GTK_WIDGET (self));
  explain_group (self);
  /* Its name is the button's. */
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->nearest_picture), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
}

/* tithe_inspector_new: (transfer floating): an inspector of nothing */
GtkWidget *
tithe_inspector_new (void)
{
  return g_object_new (TITHE_TYPE_INSPECTOR, NULL);
}
