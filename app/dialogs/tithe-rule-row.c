/* SPDX-License-Identifier: MIT */
#include "tithe-rule-row.h"
#include "tithe-rule-words.h"

#include "tithe-thumbnail.h"

struct _TitheRuleRow
{
  GtkWidget parent_instance;

  GtkWidget *box;
  TitheThumbnail *before, *after; /* what gives way, what is kept */
  GtkWidget *arrow;
  GtkLabel *path, *evidence, *relation;
};

G_DEFINE_TYPE (TitheRuleRow, tithe_rule_row, GTK_TYPE_WIDGET)

static void
tithe_rule_row_dispose (GObject *object)
{
  g_clear_pointer (&TITHE_RULE_ROW (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_rule_row_parent_class)->dispose (object);
}

static void
tithe_rule_row_class_init (TitheRuleRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tithe_rule_row_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "rulerow");
}

static TitheThumbnail *
add_thumbnail (TitheRuleRow *self)
{
  GtkWidget *thumbnail = tithe_thumbnail_new ();

  gtk_widget_set_size_request (thumbnail, TITHE_RULE_ROW_EDGE, TITHE_RULE_ROW_EDGE);
  gtk_widget_set_valign (thumbnail, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->box), thumbnail);
  return TITHE_THUMBNAIL (thumbnail);
}

/* Where a line is cut, it is whole in its tooltip. */
static gboolean
on_query_tooltip (GtkLabel *label, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  if (!pango_layout_is_ellipsized (gtk_label_get_layout (label)))
    return FALSE;
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (label));
  return TRUE;
}

static GtkLabel *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_has_tooltip (label, TRUE);
  g_signal_connect (label, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
tithe_rule_row_init (TitheRuleRow *self)
{
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->before = add_thumbnail (self);
  self->arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
  gtk_widget_add_css_class (self->arrow, "dim-label");
  gtk_box_append (GTK_BOX (self->box), self->arrow);
  self->after = add_thumbnail (self);
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (lines, 4);
  gtk_box_append (GTK_BOX (self->box), lines);
  self->path = add_label (lines, NULL);
  self->evidence = add_label (lines, "numeric");
  gtk_label_set_ellipsize (self->evidence, PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (self->evidence, TRUE);
  self->relation = add_label (lines, "dim-label");
}

/* tithe_rule_row_new: (transfer floating): a row that shows nothing yet */
GtkWidget *
tithe_rule_row_new (void)
{
  return g_object_new (TITHE_TYPE_RULE_ROW, NULL);
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

static void
set_image (TitheThumbnail *thumbnail, TitheDataset *dataset, const TitheMember *member)
{
  g_autoptr (GString) path = g_string_new (NULL);

  tithe_thumbnail_set_image (thumbnail, member->image, tithe_dataset_get_display_path (dataset, member->image, path));
  tithe_thumbnail_set_role (thumbnail, member, 0, FALSE);
}

/**
 * tithe_rule_row_show:
 * @change: by a rule of that kind; nothing of it is kept
 *
 * Shows a change; its pictures are to follow by tithe_rule_row_show_pictures(). Two of them are beside each other where one
 * image gives way to the other.
 */
void
tithe_rule_row_show (TitheRuleRow *self, TitheDataset *dataset, const TitheRuleChange *change, TitheRuleKind kind)
{
  const gboolean two = change->to != TITHE_DECISION_KEEP && change->other != TITHE_IMAGE_NONE;
  const TitheMember image = { .image = change->image,
                              .decision = change->to,
                              .kept = change->to != TITHE_DECISION_DISCARD,
                              .represents = change->to == TITHE_DECISION_REPRESENTATIVE };
  const TitheMember other = { .image = change->other, .kept = !image.kept };
  g_autofree char *evidence = tithe_rule_words_dup_evidence (change, kind);
  g_autofree char *relation = tithe_rule_words_dup_relation (change, dataset);
  g_autoptr (GString) path = g_string_new (NULL);

  g_return_if_fail (TITHE_IS_RULE_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self->before), two);
  gtk_widget_set_visible (self->arrow, two);
  if (two)
    set_image (self->before, dataset, image.kept ? &other : &image);
  set_image (self->after, dataset, two && !image.kept ? &other : &image);
  set_text (self->path, tithe_dataset_get_display_path (dataset, change->image, path));
  set_text (self->evidence, evidence);
  set_text (self->relation, relation);
}

static void
show_picture (TitheThumbnail *thumbnail, TitheThumbnails *thumbnails)
{
  const char *failure = NULL;
  TithePixels *pixels;

  if (!gtk_widget_get_visible (GTK_WIDGET (thumbnail)))
    return;
  pixels = tithe_thumbnails_get (thumbnails, tithe_thumbnail_get_image (thumbnail), &failure);
  tithe_thumbnail_set_pixels (thumbnail, pixels, failure);
}

/* tithe_rule_row_show_pictures: those of its images that are there by now */
void
tithe_rule_row_show_pictures (TitheRuleRow *self, TitheThumbnails *thumbnails)
{
  g_return_if_fail (TITHE_IS_RULE_ROW (self));

  show_picture (self->before, thumbnails);
  show_picture (self->after, thumbnails);
}

/**
 * tithe_rule_row_add_images:
 * @images: (element-type guint32): to which those that the row shows are added
 */
void
tithe_rule_row_add_images (TitheRuleRow *self, GArray *images)
{
  TitheThumbnail *const thumbnails[] = { self->before, self->after };

  g_return_if_fail (TITHE_IS_RULE_ROW (self));

  for (guint i = 0; i < G_N_ELEMENTS (thumbnails); i++)
    {
      const guint32 image = tithe_thumbnail_get_image (thumbnails[i]);

      if (gtk_widget_get_visible (GTK_WIDGET (thumbnails[i])))
        g_array_append_val (images, image);
    }
}
