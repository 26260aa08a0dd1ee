/* SPDX-License-Identifier: MIT */
#include "tithe-class-item.h"

#include <string.h>

struct _TitheClassItem
{
  GObject parent_instance;

  int class_index;
  char *name;
  char *folded; /* the name, for searches without regard to case */
  gsize n_images, n_kept, n_groups, n_reviewed;
  double own_ratio;
  gboolean clustered;
  guint64 needed;
};

enum
{
  PROP_NAME = 1,
  PROP_N_IMAGES,
  PROP_N_KEPT,
  PROP_N_GROUPS,
  PROP_N_REVIEWED,
  PROP_OWN_RATIO,
  PROP_CLUSTERED,
  PROP_NEEDED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_TYPE (TitheClassItem, tithe_class_item, G_TYPE_OBJECT)

static void
tithe_class_item_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  TitheClassItem *self = TITHE_CLASS_ITEM (object);

  switch (property)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_N_IMAGES:
      g_value_set_uint64 (value, self->n_images);
      break;
    case PROP_N_KEPT:
      g_value_set_uint64 (value, self->n_kept);
      break;
    case PROP_N_GROUPS:
      g_value_set_uint64 (value, self->n_groups);
      break;
    case PROP_N_REVIEWED:
      g_value_set_uint64 (value, self->n_reviewed);
      break;
    case PROP_OWN_RATIO:
      g_value_set_double (value, self->own_ratio);
      break;
    case PROP_CLUSTERED:
      g_value_set_boolean (value, self->clustered);
      break;
    case PROP_NEEDED:
      g_value_set_uint64 (value, self->needed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
tithe_class_item_finalize (GObject *object)
{
  TitheClassItem *self = TITHE_CLASS_ITEM (object);

  g_free (self->name);
  g_free (self->folded);
  G_OBJECT_CLASS (tithe_class_item_parent_class)->finalize (object);
}

static GParamSpec *
new_count (const char *name)
{
  return g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0,
                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
tithe_class_item_class_init (TitheClassItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = tithe_class_item_get_property;
  object_class->finalize = tithe_class_item_finalize;
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_N_IMAGES] = new_count ("n-images");
  props[PROP_N_KEPT] = new_count ("n-kept");
  props[PROP_N_GROUPS] = new_count ("n-groups");
  props[PROP_N_REVIEWED] = new_count ("n-reviewed");
  props[PROP_OWN_RATIO] = g_param_spec_double ("own-ratio", NULL, NULL, 0, 1, 0,
                                               G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_CLUSTERED] = g_param_spec_boolean ("clustered", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_NEEDED]
      = g_param_spec_uint64 ("needed", NULL, NULL, 0, G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
tithe_class_item_init (TitheClassItem *self)
{
}

/**
 * tithe_class_item_new:
 * @class_index: of the dataset, or %TITHE_ALL_CLASSES
 * @name: valid UTF-8
 *
 * Returns: (transfer full): the item of a class of which nothing is counted yet
 */
TitheClassItem *
tithe_class_item_new (int class_index, const char *name)
{
  TitheClassItem *self = g_object_new (TITHE_TYPE_CLASS_ITEM, NULL);

  self->class_index = class_index;
  self->name = g_strdup (name);
  self->folded = g_utf8_casefold (name, -1);
  return self;
}

/**
 * tithe_class_item_get_class_index:
 *
 * Returns: which class it is, or %TITHE_ALL_CLASSES
 */
int
tithe_class_item_get_class_index (TitheClassItem *self)
{
  return self->class_index;
}

/**
 * tithe_class_item_get_name:
 *
 * Returns: (transfer none): valid UTF-8
 */
const char *
tithe_class_item_get_name (TitheClassItem *self)
{
  return self->name;
}

/**
 * tithe_class_item_get_n_images:
 *
 * Returns: images of the class
 */
gsize
tithe_class_item_get_n_images (TitheClassItem *self)
{
  return self->n_images;
}

/**
 * tithe_class_item_get_n_kept:
 *
 * Returns: images that are kept, 0 while the class is not clustered
 */
gsize
tithe_class_item_get_n_kept (TitheClassItem *self)
{
  return self->n_kept;
}

/**
 * tithe_class_item_get_n_groups:
 *
 * Returns: redundant groups, 0 while the class is not clustered
 */
gsize
tithe_class_item_get_n_groups (TitheClassItem *self)
{
  return self->n_groups;
}

/**
 * tithe_class_item_get_n_reviewed:
 *
 * Returns: redundant groups that somebody looked at
 */
gsize
tithe_class_item_get_n_reviewed (TitheClassItem *self)
{
  return self->n_reviewed;
}

/**
 * tithe_class_item_is_clustered:
 *
 * Returns: whether it is known what is kept
 */
gboolean
tithe_class_item_is_clustered (TitheClassItem *self)
{
  return self->clustered;
}

/* tithe_class_item_get_own_ratio: of the class's images, whatever the ratio of all; 0 where it has none */
double
tithe_class_item_get_own_ratio (TitheClassItem *self)
{
  return self->own_ratio;
}

/* tithe_class_item_get_needed: bytes that clustering it would take, where that is more than may be used, else 0. */
guint64
tithe_class_item_get_needed (TitheClassItem *self)
{
  return self->needed;
}

/**
 * tithe_class_item_matches:
 * @folded: what is searched for, as g_utf8_casefold() makes it
 *
 * Returns: whether the name has it; takes some 50 ns, so that 20,000 names are searched while a key is pressed
 */
gboolean
tithe_class_item_matches (TitheClassItem *self, const char *folded)
{
  return strstr (self->folded, folded) != NULL;
}

static void
set_count (TitheClassItem *self, gsize *count, gsize value, guint property)
{
  if (*count == value)
    return;
  *count = value;
  g_object_notify_by_pspec (G_OBJECT (self), props[property]);
}

static void
set_all (TitheClassItem *self, gboolean clustered, guint64 needed, gsize n_images, gsize n_kept, gsize n_groups,
         gsize n_reviewed)
{
  if (self->clustered == clustered && self->needed == needed && self->n_images == n_images && self->n_kept == n_kept
      && self->n_groups == n_groups && self->n_reviewed == n_reviewed)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  if (self->clustered != clustered)
    {
      self->clustered = clustered;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CLUSTERED]);
    }
  if (self->needed != needed)
    {
      self->needed = needed;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NEEDED]);
    }
  set_count (self, &self->n_images, n_images, PROP_N_IMAGES);
  set_count (self, &self->n_kept, n_kept, PROP_N_KEPT);
  set_count (self, &self->n_groups, n_groups, PROP_N_GROUPS);
  set_count (self, &self->n_reviewed, n_reviewed, PROP_N_REVIEWED);
  g_object_thaw_notify (G_OBJECT (self));
}

/* tithe_class_item_set_own_ratio: @ratio is 0 where the class has none */
void
tithe_class_item_set_own_ratio (TitheClassItem *self, double ratio)
{
  g_return_if_fail (TITHE_IS_CLASS_ITEM (self));

  if (ratio == self->own_ratio)
    return;
  self->own_ratio = ratio;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_OWN_RATIO]);
}

/**
 * tithe_class_item_set_waiting:
 * @n_images: of the class
 * @needed: bytes that clustering it would take where it is too large for the memory, else 0
 *
 * For a class that is not clustered yet, or can't be.
 */
void
tithe_class_item_set_waiting (TitheClassItem *self, gsize n_images, guint64 needed)
{
  g_return_if_fail (TITHE_IS_CLASS_ITEM (self));
  set_all (self, FALSE, needed, n_images, 0, 0, 0);
}

/**
 * tithe_class_item_set_counts:
 * @n_images: of the class
 * @n_kept: of them
 * @n_groups: redundant ones
 * @n_reviewed: of those, were looked at
 *
 * For a class that is clustered. Notifies what is another number than before, and costs next to nothing where none is.
 */
void
tithe_class_item_set_counts (TitheClassItem *self, gsize n_images, gsize n_kept, gsize n_groups, gsize n_reviewed)
{
  g_return_if_fail (TITHE_IS_CLASS_ITEM (self));
  set_all (self, TRUE, 0, n_images, n_kept, n_groups, n_reviewed);
}
