/* SPDX-License-Identifier: MIT */
#include "tithe-class-list.h"
#include "tithe-class-model.h"
#include "tithe-class-row.h"

#include <glib/gi18n.h>

/* With fewer classes than this a search is in the way. */
#define SEARCH_FROM 16
/* Pixels: for most names, and for names of more letters than that has room for. */
#define WIDTH 200
#define WIDTH_FOR_LONG_NAMES 240
#define LONG_NAME 18
/* Pixels for which a letter of usual size has room; a larger one takes more. */
#define PER_LETTER 8

struct _TitheClassList
{
  GtkWidget parent_instance;

  GtkWidget *content, *search;
  GtkListView *view;
  GtkSingleSelection *selection; /* of the rows that were found */
  TitheClassModel *model;
  int selected; /* the class */
  int width;    /* for the names of the dataset, with small text */
  TitheSubset *subset;
  GPtrArray *bound;   /* GtkListItem that have a row now */
  gboolean following; /* the selected row is made to follow the class, not the other way round */
};

enum
{
  PROP_SELECTED = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_TYPE (TitheClassList, tithe_class_list, GTK_TYPE_WIDGET)

/* --- the width --- */

/* By the dataset and not by the rows in view, which would move what is beside the list while it is scrolled. */
static int
choose_width (TitheDataset *dataset, guint n)
{
  for (guint c = 0; c < n; c++)
    if (g_utf8_strlen (tithe_dataset_get_class_name (dataset, c), -1) > LONG_NAME)
      return WIDTH_FOR_LONG_NAMES;
  return WIDTH;
}

/* With large text as many letters have room as with small. */
static void
fit_width (TitheClassList *self)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (gtk_widget_get_pango_context (self->content), NULL, NULL);
  const int letter = PANGO_PIXELS_CEIL (pango_font_metrics_get_approximate_char_width (metrics));

  pango_font_metrics_unref (metrics);
  gtk_widget_set_size_request (self->content, self->width * MAX (letter, PER_LETTER) / PER_LETTER, -1);
}

static void
tithe_class_list_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  TitheClassList *self = TITHE_CLASS_LIST (widget);

  GTK_WIDGET_CLASS (tithe_class_list_parent_class)->css_changed (widget, change);
  if (self->width > 0)
    fit_width (self);
}

/* --- rows --- */

static void
count_class (TitheClassList *self, TitheClassItem *item)
{
  TitheCut *cut = tithe_subset_get_cut (self->subset);
  const TitheSubsetTotals *totals = tithe_subset_get_totals (self->subset);
  int class_index = tithe_class_item_get_class_index (item);
  TitheHierarchy *hierarchy = tithe_cut_get_hierarchy (cut);
  const TitheClassCut *class;
  guint64 needed;
  gsize n_images;

  if (class_index == TITHE_ALL_CLASSES)
    {
      tithe_class_item_set_counts (item, totals->n_images, totals->n_kept, totals->n_groups, totals->n_reviewed_groups);
      return;
    }
  tithe_dataset_get_class_images (tithe_hierarchy_get_dataset (hierarchy), (guint) class_index, &n_images);
  class = tithe_cut_get_class (cut, (guint) class_index);
  tithe_class_item_set_own_ratio (item, tithe_subset_get_class_ratio (self->subset, (guint) class_index));
  if (class->n_images == 0 && n_images > 0)
    {
      tithe_hierarchy_get_need (hierarchy, (guint) class_index, &needed, NULL);
      tithe_class_item_set_waiting (item, n_images, needed);
    }
  else
    tithe_class_item_set_counts (item, class->n_images, tithe_subset_get_class_kept (self->subset, (guint) class_index),
                                 class->n_groups, tithe_subset_get_class_reviewed (self->subset, (guint) class_index));
}

static void
on_setup (TitheClassList *self, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, tithe_class_row_new ());
}

static void
on_bind (TitheClassList *self, GtkListItem *list_item)
{
  TitheClassItem *item = gtk_list_item_get_item (list_item);

  g_ptr_array_add (self->bound, list_item);
  if (self->subset != NULL)
    count_class (self, item);
  tithe_class_row_set_item (TITHE_CLASS_ROW (gtk_list_item_get_child (list_item)), item);
}

static void
on_unbind (TitheClassList *self, GtkListItem *list_item)
{
  g_ptr_array_remove_fast (self->bound, list_item);
  tithe_class_row_set_item (TITHE_CLASS_ROW (gtk_list_item_get_child (list_item)), NULL);
}

/* --- selection --- */

static void
follow_selected (TitheClassList *self)
{
  self->following = TRUE;
  gtk_single_selection_set_selected (self->selection, tithe_class_model_find (self->model, self->selected));
  self->following = FALSE;
}

static void
set_selected (TitheClassList *self, int class_index)
{
  if (class_index == self->selected)
    return;
  self->selected = class_index;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SELECTED]);
}

/* A person chose a row. That none is selected only says that the class is not among what was found. */
static void
on_row_selected (TitheClassList *self)
{
  TitheClassItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (!self->following && item != NULL)
    set_selected (self, tithe_class_item_get_class_index (item));
}

/* --- search --- */

static void
on_search (TitheClassList *self)
{
  self->following = TRUE;
  tithe_class_model_search (self->model, gtk_editable_get_text (GTK_EDITABLE (self->search)));
  follow_selected (self);
}

static void
clear_search (TitheClassList *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  /* The entry would tell in a moment. */
  on_search (self);
}

/* --- widget --- */

static void
tithe_class_list_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  if (property == PROP_SELECTED)
    g_value_set_int (value, TITHE_CLASS_LIST (object)->selected);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
tithe_class_list_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  if (property == PROP_SELECTED)
    tithe_class_list_set_selected (TITHE_CLASS_LIST (object), g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
tithe_class_list_dispose (GObject *object)
{
  TitheClassList *self = TITHE_CLASS_LIST (object);

  self->subset = NULL;
  self->following = TRUE;
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (tithe_class_list_parent_class)->dispose (object);
}

static void
tithe_class_list_finalize (GObject *object)
{
  TitheClassList *self = TITHE_CLASS_LIST (object);

  g_ptr_array_unref (self->bound);
  G_OBJECT_CLASS (tithe_class_list_parent_class)->finalize (object);
}

static void
tithe_class_list_class_init (TitheClassListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = tithe_class_list_get_property;
  object_class->set_property = tithe_class_list_set_property;
  object_class->dispose = tithe_class_list_dispose;
  object_class->finalize = tithe_class_list_finalize;
  widget_class->css_changed = tithe_class_list_css_changed;
  props[PROP_SELECTED] = g_param_spec_int ("selected", NULL, NULL, TITHE_ALL_CLASSES, G_MAXINT, TITHE_ALL_CLASSES,
                                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-class-list.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheClassList, content);
  gtk_widget_class_bind_template_child (widget_class, TitheClassList, search);
  gtk_widget_class_bind_template_child (widget_class, TitheClassList, view);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
}

static void
tithe_class_list_init (TitheClassList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->selected = TITHE_ALL_CLASSES;
  self->bound = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->view, factory);
  g_object_unref (factory);

  self->model = tithe_class_model_new ();
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (on_row_selected), self,
                           G_CONNECT_SWAPPED);
}

/**
 * tithe_class_list_new:
 *
 * Returns: a list without classes
 */
GtkWidget *
tithe_class_list_new (void)
{
  return g_object_new (TITHE_TYPE_CLASS_LIST, NULL);
}

/* All at once: the list is told only once that there are other rows. */
static void
list_classes (TitheClassList *self, TitheDataset *dataset)
{
  guint n = dataset ? tithe_dataset_get_n_classes (dataset) : 0;
  GPtrArray *items = g_ptr_array_new_full (n + 1, g_object_unref);

  if (n > 0)
    g_ptr_array_add (items, tithe_class_item_new (TITHE_ALL_CLASSES, _("All classes")));
  for (guint c = 0; c < n; c++)
    g_ptr_array_add (items, tithe_class_item_new ((int) c, tithe_dataset_get_class_name (dataset, c)));
  tithe_class_model_take_items (self->model, items);
  gtk_widget_set_visible (self->search, n >= SEARCH_FROM);
  self->width = choose_width (dataset, n);
  fit_width (self);
}

/**
 * tithe_class_list_set_subset:
 * @subset: (nullable) (transfer none): must outlive the list or be taken back with %NULL
 *
 * Lists other classes, with all of them selected. Takes O(classes) time.
 */
void
tithe_class_list_set_subset (TitheClassList *self, TitheSubset *subset)
{
  g_return_if_fail (TITHE_IS_CLASS_LIST (self));

  self->subset = subset;
  clear_search (self);
  self->following = TRUE;
  list_classes (self,
                subset ? tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (subset))) : NULL);
  set_selected (self, TITHE_ALL_CLASSES);
  follow_selected (self);
  tithe_class_list_refresh (self);
}

/**
 * tithe_class_list_refresh:
 *
 * Follows the subset: only rows that are there are counted, and only what changed is drawn.
 */
void
tithe_class_list_refresh (TitheClassList *self)
{
  g_return_if_fail (TITHE_IS_CLASS_LIST (self));

  for (guint i = 0; self->subset != NULL && i < self->bound->len; i++)
    count_class (self, gtk_list_item_get_item (g_ptr_array_index (self->bound, i)));
}

/**
 * tithe_class_list_get_selected:
 *
 * Returns: the class, or %TITHE_ALL_CLASSES
 */
int
tithe_class_list_get_selected (TitheClassList *self)
{
  g_return_val_if_fail (TITHE_IS_CLASS_LIST (self), TITHE_ALL_CLASSES);
  return self->selected;
}

/**
 * tithe_class_list_set_selected:
 * @class_index: of the dataset, or %TITHE_ALL_CLASSES; another one means all
 *
 * Selects a class and scrolls to it. Where it is not among what was found, the search is cleared.
 */
void
tithe_class_list_set_selected (TitheClassList *self, int class_index)
{
  guint row;

  g_return_if_fail (TITHE_IS_CLASS_LIST (self));

  if (class_index < 0 || (guint) class_index + 1 >= tithe_class_model_get_n_listed (self->model))
    class_index = TITHE_ALL_CLASSES;
  set_selected (self, class_index);
  if (tithe_class_model_find (self->model, class_index) == GTK_INVALID_LIST_POSITION)
    clear_search (self);
  follow_selected (self);
  row = tithe_class_model_find (self->model, class_index);
  if (row != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", row);
}
