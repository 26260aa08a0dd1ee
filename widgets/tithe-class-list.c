/* SPDX-License-Identifier: MIT */
#include "tithe-class-list.h"
#include "tithe-class-row.h"

#include <glib/gi18n.h>

/* With fewer classes than this a filter is in the way. */
#define FILTER_FROM 16

struct _TitheClassList
{
  GtkWidget parent_instance;

  GtkWidget *content, *search;
  GtkListView *view;
  GtkSingleSelection *selection;
  GListStore *names; /* GtkStringObject, of all rows, the one for all classes first */
  GtkStringFilter *filter;
  TitheSubset *subset;
  GPtrArray *bound; /* GtkListItem that have a row now */
  gboolean changing;
};

enum
{
  CLASS_SELECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheClassList, tithe_class_list, GTK_TYPE_WIDGET)

/* The filter moves positions; a row carries its class's number in its string object. */
static int
item_to_class (gpointer item)
{
  return GPOINTER_TO_INT (g_object_get_data (item, "class")) - 1;
}

static void
update_row (TitheClassList *self, GtkListItem *item)
{
  TitheClassRow *row = TITHE_CLASS_ROW (gtk_list_item_get_child (item));
  TitheCut *cut = tithe_subset_get_cut (self->subset);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (cut));
  const TitheSubsetTotals *totals = tithe_subset_get_totals (self->subset);
  int class_index = item_to_class (gtk_list_item_get_item (item));
  const TitheClassCut *class;
  gsize n_images;

  if (class_index == TITHE_ALL_CLASSES)
    {
      tithe_class_row_set_counts (row, totals->n_images, totals->n_kept, totals->n_groups);
      return;
    }
  tithe_dataset_get_class_images (dataset, (guint) class_index, &n_images);
  class = tithe_cut_get_class (cut, (guint) class_index);
  if (class->n_images == 0 && n_images > 0)
    tithe_class_row_set_waiting (row, n_images);
  else
    tithe_class_row_set_counts (row, class->n_images, tithe_subset_get_class_kept (self->subset, (guint) class_index),
                                class->n_groups);
}

static void
on_setup (TitheClassList *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, tithe_class_row_new ());
}

static void
on_bind (TitheClassList *self, GtkListItem *item)
{
  GtkStringObject *string = gtk_list_item_get_item (item);

  tithe_class_row_set_name (TITHE_CLASS_ROW (gtk_list_item_get_child (item)), gtk_string_object_get_string (string),
                            item_to_class (string) == TITHE_ALL_CLASSES);
  g_ptr_array_add (self->bound, item);
  if (self->subset != NULL)
    update_row (self, item);
}

static void
on_unbind (TitheClassList *self, GtkListItem *item)
{
  g_ptr_array_remove_fast (self->bound, item);
}

static void
on_selected (TitheClassList *self)
{
  if (!self->changing && gtk_single_selection_get_selected_item (self->selection) != NULL)
    g_signal_emit (self, signals[CLASS_SELECTED], 0, tithe_class_list_get_selected (self));
}

static void
on_search (TitheClassList *self)
{
  gtk_string_filter_set_search (self->filter, gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static void
tithe_class_list_dispose (GObject *object)
{
  TitheClassList *self = TITHE_CLASS_LIST (object);

  self->subset = NULL;
  self->changing = TRUE;
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->names);
  g_clear_object (&self->filter);
  G_OBJECT_CLASS (tithe_class_list_parent_class)->dispose (object);
}

static void
tithe_class_list_finalize (GObject *object)
{
  g_ptr_array_unref (TITHE_CLASS_LIST (object)->bound);
  G_OBJECT_CLASS (tithe_class_list_parent_class)->finalize (object);
}

static void
tithe_class_list_class_init (TitheClassListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_class_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = tithe_class_list_finalize;
  /**
   * TitheClassList::class-selected:
   * @class_index: the class, or %TITHE_ALL_CLASSES
   */
  signals[CLASS_SELECTED] = g_signal_new ("class-selected", TITHE_TYPE_CLASS_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 1, G_TYPE_INT);
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
  GtkExpression *expression = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  GtkFilterListModel *filtered;

  self->bound = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->view, factory);
  g_object_unref (factory);

  self->names = g_list_store_new (GTK_TYPE_STRING_OBJECT);
  self->filter = gtk_string_filter_new (expression);
  filtered
      = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->names)), g_object_ref (GTK_FILTER (self->filter)));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (filtered));
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
}

GtkWidget *
tithe_class_list_new (void)
{
  return g_object_new (TITHE_TYPE_CLASS_LIST, NULL);
}

static void
add_name (TitheClassList *self, const char *name, int class_index)
{
  g_autoptr (GtkStringObject) item = gtk_string_object_new (name);

  g_object_set_data (G_OBJECT (item), "class", GINT_TO_POINTER (class_index + 1));
  g_list_store_append (self->names, item);
}

/**
 * tithe_class_list_set_subset:
 * @subset: (nullable) (transfer none): must outlive the list or be taken back with %NULL
 */
void
tithe_class_list_set_subset (TitheClassList *self, TitheSubset *subset)
{
  TitheCut *cut = subset ? tithe_subset_get_cut (subset) : NULL;
  TitheDataset *dataset = cut ? tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (cut)) : NULL;
  guint n = dataset ? tithe_dataset_get_n_classes (dataset) : 0;

  g_return_if_fail (TITHE_IS_CLASS_LIST (self));

  self->changing = TRUE;
  self->subset = subset;
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  g_list_store_remove_all (self->names);
  if (n > 0)
    add_name (self, _("All classes"), TITHE_ALL_CLASSES);
  for (guint c = 0; c < n; c++)
    add_name (self, tithe_dataset_get_class_name (dataset, c), (int) c);
  gtk_widget_set_visible (self->search, n >= FILTER_FROM);
  gtk_single_selection_set_selected (self->selection, 0);
  self->changing = FALSE;
  tithe_class_list_refresh (self);
}

/**
 * tithe_class_list_select:
 * @class_index: or %TITHE_ALL_CLASSES
 *
 * Selects a class without a word to anybody.
 */
void
tithe_class_list_select (TitheClassList *self, int class_index)
{
  g_return_if_fail (TITHE_IS_CLASS_LIST (self));

  self->changing = TRUE;
  gtk_single_selection_set_selected (self->selection, (guint) (class_index + 1));
  self->changing = FALSE;
}

/**
 * tithe_class_list_refresh:
 *
 * Follows the subset: only rows in view are touched.
 */
void
tithe_class_list_refresh (TitheClassList *self)
{
  g_return_if_fail (TITHE_IS_CLASS_LIST (self));

  for (guint i = 0; self->subset != NULL && i < self->bound->len; i++)
    update_row (self, g_ptr_array_index (self->bound, i));
}

/**
 * tithe_class_list_get_selected:
 *
 * Returns: the class, or %TITHE_ALL_CLASSES
 */
int
tithe_class_list_get_selected (TitheClassList *self)
{
  GObject *item = gtk_single_selection_get_selected_item (self->selection);

  return item ? item_to_class (item) : TITHE_ALL_CLASSES;
}
