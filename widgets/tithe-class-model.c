/* SPDX-License-Identifier: MIT */
#include "tithe-class-model.h"

#include <gtk/gtk.h>

struct _TitheClassModel
{
  GObject parent_instance;

  GPtrArray *items; /* TitheClassItem, ascending by class; the first is for all classes */
  GPtrArray *found; /* of them, not owned */
  char *text;       /* that is searched for, folded; NULL for none */
};

static GType
get_item_type (GListModel *model)
{
  return TITHE_TYPE_CLASS_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return TITHE_CLASS_MODEL (model)->found->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  GPtrArray *found = TITHE_CLASS_MODEL (model)->found;

  return position < found->len ? g_object_ref (g_ptr_array_index (found, position)) : NULL;
}

static void
init_list (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TitheClassModel, tithe_class_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, init_list))

static void
tithe_class_model_finalize (GObject *object)
{
  TitheClassModel *self = TITHE_CLASS_MODEL (object);

  g_ptr_array_unref (self->found);
  g_ptr_array_unref (self->items);
  g_free (self->text);
  G_OBJECT_CLASS (tithe_class_model_parent_class)->finalize (object);
}

static void
tithe_class_model_class_init (TitheClassModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tithe_class_model_finalize;
}

static void
tithe_class_model_init (TitheClassModel *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->found = g_ptr_array_new ();
}

/**
 * tithe_class_model_new:
 *
 * Returns: a list of no class
 */
TitheClassModel *
tithe_class_model_new (void)
{
  return g_object_new (TITHE_TYPE_CLASS_MODEL, NULL);
}

static gboolean
is_found (TitheClassModel *self, TitheClassItem *item)
{
  return self->text == NULL || tithe_class_item_get_class_index (item) < 0
         || tithe_class_item_matches (item, self->text);
}

/* What both have at the beginning and at the end stays. */
static void
find_all (TitheClassModel *self)
{
  g_autoptr (GPtrArray) before = self->found;
  guint same = 0, last = 0, shorter;

  self->found = g_ptr_array_sized_new (self->items->len);
  for (guint i = 0; i < self->items->len; i++)
    if (is_found (self, g_ptr_array_index (self->items, i)))
      g_ptr_array_add (self->found, g_ptr_array_index (self->items, i));
  shorter = MIN (before->len, self->found->len);
  while (same < shorter && g_ptr_array_index (before, same) == g_ptr_array_index (self->found, same))
    same++;
  while (last < shorter - same
         && g_ptr_array_index (before, before->len - 1 - last)
                == g_ptr_array_index (self->found, self->found->len - 1 - last))
    last++;
  if (before->len - same - last > 0 || self->found->len - same - last > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), same, before->len - same - last, self->found->len - same - last);
}

/**
 * tithe_class_model_take_items:
 * @items: (transfer full) (element-type TitheClassItem): ascending by class, that of all classes first; frees its elements
 *
 * Lists other classes, of which those are found that match what is searched for already.
 */
void
tithe_class_model_take_items (TitheClassModel *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) before = self->items;

  g_return_if_fail (TITHE_IS_CLASS_MODEL (self));

  self->items = items;
  find_all (self);
}

/**
 * tithe_class_model_get_n_listed:
 *
 * Returns: how many items there are in all, found or not
 */
guint
tithe_class_model_get_n_listed (TitheClassModel *self)
{
  g_return_val_if_fail (TITHE_IS_CLASS_MODEL (self), 0);
  return self->items->len;
}

/**
 * tithe_class_model_search:
 * @text: (nullable): that a name has, in capitals or not; %NULL or empty finds all
 *
 * Takes O(classes) time.
 *
 * Returns: whether something else was searched for before
 */
gboolean
tithe_class_model_search (TitheClassModel *self, const char *text)
{
  g_autofree char *folded = text != NULL && *text != '\0' ? g_utf8_casefold (text, -1) : NULL;

  g_return_val_if_fail (TITHE_IS_CLASS_MODEL (self), FALSE);

  if (g_strcmp0 (folded, self->text) == 0)
    return FALSE;
  g_free (self->text);
  self->text = g_steal_pointer (&folded);
  find_all (self);
  return TRUE;
}

/**
 * tithe_class_model_find:
 *
 * Takes O(log classes) time.
 *
 * Returns: where the class is among what was found, or %GTK_INVALID_LIST_POSITION
 */
guint
tithe_class_model_find (TitheClassModel *self, int class_index)
{
  guint low = 0, high;

  g_return_val_if_fail (TITHE_IS_CLASS_MODEL (self), GTK_INVALID_LIST_POSITION);

  high = self->found->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int there = tithe_class_item_get_class_index (g_ptr_array_index (self->found, middle));

      if (there == class_index)
        return middle;
      if (there < class_index)
        low = middle + 1;
      else
        high = middle;
    }
  return GTK_INVALID_LIST_POSITION;
}
