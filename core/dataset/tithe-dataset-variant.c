/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"
#include "tithe-path-table.h"

#include <string.h>

/* The dataset's own array rather than a copy of it: of a million images they are 70 MB. */
static GVariant *
wrap (TitheDataset *self, const char *type, gconstpointer data, gsize size)
{
  return g_variant_new_from_data (G_VARIANT_TYPE (type), data, data ? size : 0, TRUE,
                                  (GDestroyNotify) tithe_dataset_unref, tithe_dataset_ref (self));
}

/**
 * tithe_dataset_to_variant:
 *
 * Returns: (transfer floating): all that tithe_dataset_new_from_variant() needs to give the same dataset without
 *   looking at the disk; its numbers are in the machine's byte order, and it may share the memory of @self, which it keeps
 */
GVariant *
tithe_dataset_to_variant (TitheDataset *self)
{
  g_autofree char *locator = tithe_name_dup (self->locator), *root = tithe_name_dup (self->root);
  GVariantBuilder names, notes, shards;

  g_variant_builder_init (&names, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < self->class_names->len; i++)
    g_variant_builder_add (&names, "s", g_ptr_array_index (self->class_names, i));
  g_variant_builder_init (&notes, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < self->notes->len; i++)
    g_variant_builder_add (&notes, "s", g_ptr_array_index (self->notes, i));
  g_variant_builder_init (&shards, G_VARIANT_TYPE ("a(stttt)"));
  for (guint i = 0; self->shards != NULL && i < self->shards->len; i++)
    {
      TitheShard *shard = g_ptr_array_index (self->shards, i);

      g_autofree char *file = tithe_name_dup (shard->file);

      g_variant_builder_add (&shards, "(stttt)", file, shard->n_images, shard->first, shard->offset, shard->stride);
    }
  return g_variant_new ("(issssbuuubasa(stttt)@au@at@at@ayasmv)", (gint32) self->format, locator, root, self->name,
                        self->fingerprint, self->labelled, self->width, self->height, self->channels, self->planar,
                        &names, &shards, wrap (self, "au", self->labels, self->n_images * sizeof (guint32)),
                        wrap (self, "at", self->sizes, self->n_images * sizeof (guint64)),
                        wrap (self, "at", self->path_offsets, self->n_images * sizeof (guint64)),
                        wrap (self, "ay", self->path_bytes, self->path_bytes_len), &notes,
                        self->test ? tithe_dataset_to_variant (self->test) : NULL);
}

static gpointer
dup_array (GVariant *array, gsize element, gsize *n)
{
  gconstpointer data = g_variant_get_fixed_array (array, n, element);

  return *n > 0 ? g_memdup2 (data, *n * element) : NULL;
}

static gboolean
classes_are_consistent (TitheDataset *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint c = 0; c < self->class_names->len; c++)
    if (!g_hash_table_add (seen, g_ptr_array_index (self->class_names, c)))
      return FALSE;
  for (gsize i = 0; i < self->n_images; i++)
    if (self->labels[i] >= self->class_names->len)
      return FALSE;
  return self->n_images > 0 && self->n_images <= TITHE_DATASET_MAX_IMAGES;
}

/* A record is its label bytes, of which CIFAR has two at most, and its pixels. */
static gboolean
shards_are_consistent (TitheDataset *self)
{
  const guint64 area = (guint64) self->width * self->height * self->channels;
  guint64 n_images = 0;

  if (!tithe_image_check_size (self->width, self->height, NULL) || (self->channels != 1 && self->channels != 3))
    return FALSE;
  for (guint i = 0; i < self->shards->len; i++)
    {
      TitheShard *shard = g_ptr_array_index (self->shards, i);

      if (shard->first != n_images || shard->n_images == 0 || shard->n_images > self->n_images || shard->stride < area
          || shard->stride > area + 2 || shard->offset < shard->stride - area || shard->offset > G_MAXUINT16
          || !tithe_dataset_stays_inside (shard->file))
        return FALSE;
      n_images += shard->n_images;
    }
  return n_images == self->n_images;
}

/* Paths lie one after the other, each below the dataset's folder, and none twice. */
static gboolean
paths_are_consistent (TitheDataset *self)
{
  g_autoptr (TithePathTable) seen = tithe_path_table_new ();
  guint64 next = 0;
  guint32 first;

  if (self->path_bytes_len == 0 || self->path_bytes[self->path_bytes_len - 1] != '\0')
    return FALSE;
  for (gsize i = 0; i < self->n_images; i++)
    {
      const char *path = self->path_bytes + next;

      if (next >= self->path_bytes_len || self->path_offsets[i] != next || !tithe_dataset_stays_inside (path)
          || !tithe_path_table_add (seen, self->path_bytes, self->path_offsets, (guint32) i, &first))
        return FALSE;
      next += strlen (path) + 1;
    }
  return next == self->path_bytes_len;
}

/* What a damaged or hostile session could have wrong must be found here: later code trusts it. */
static gboolean
is_consistent (TitheDataset *self, gsize n_sizes, gsize n_offsets)
{
  if (!classes_are_consistent (self))
    return FALSE;
  if (self->shards != NULL)
    return n_offsets == 0 && n_sizes == 0 && self->path_bytes_len == 0 && shards_are_consistent (self);
  return n_sizes == self->n_images && n_offsets == self->n_images && paths_are_consistent (self);
}

static gboolean
has_same_classes (TitheDataset *a, TitheDataset *b)
{
  if (a->class_names->len != b->class_names->len)
    return FALSE;
  for (guint c = 0; c < a->class_names->len; c++)
    if (!g_str_equal (g_ptr_array_index (a->class_names, c), g_ptr_array_index (b->class_names, c)))
      return FALSE;
  return TRUE;
}

static void
read_strings (TitheDataset *self, GVariant *variant)
{
  g_autoptr (GVariantIter) names = NULL, notes = NULL, shards = NULL;
  guint64 n_images, first, offset, stride;
  const char *text;

  g_variant_get_child (variant, 10, "as", &names);
  while (g_variant_iter_next (names, "&s", &text))
    g_ptr_array_add (self->class_names, g_strdup (text));
  g_variant_get_child (variant, 11, "a(stttt)", &shards);
  while (g_variant_iter_next (shards, "(&stttt)", &text, &n_images, &first, &offset, &stride))
    {
      g_autofree char *file = tithe_name_unescape (text);

      tithe_dataset_add_shard (self, file, n_images, offset, stride)->first = first;
    }
  g_variant_get_child (variant, 16, "as", &notes);
  while (g_variant_iter_next (notes, "&s", &text))
    g_ptr_array_add (self->notes, g_strdup (text));
}

static gboolean
read_arrays (TitheDataset *self, GVariant *variant)
{
  g_autoptr (GVariant) labels = g_variant_get_child_value (variant, 12),
                       sizes = g_variant_get_child_value (variant, 13);
  g_autoptr (GVariant) offsets = g_variant_get_child_value (variant, 14);
  g_autoptr (GVariant) paths = g_variant_get_child_value (variant, 15);
  gsize n_sizes = 0, n_offsets = 0;

  self->labels = dup_array (labels, sizeof (guint32), &self->n_images);
  self->sizes = dup_array (sizes, sizeof (guint64), &n_sizes);
  self->path_offsets = dup_array (offsets, sizeof (guint64), &n_offsets);
  self->path_bytes = dup_array (paths, 1, &self->path_bytes_len);
  return is_consistent (self, n_sizes, n_offsets);
}

static TitheDataset *
read_fields (GVariant *variant)
{
  g_autofree char *locator = NULL, *root = NULL;
  const char *text;
  TitheDataset *self;
  gint32 format;

  g_variant_get_child (variant, 0, "i", &format);
  g_variant_get_child (variant, 1, "&s", &text);
  locator = tithe_name_unescape (text);
  g_variant_get_child (variant, 2, "&s", &text);
  root = tithe_name_unescape (text);
  self = tithe_dataset_new_private ((TitheDatasetFormat) CLAMP (format, 0, TITHE_DATASET_MANIFEST), locator, root);
  g_free (self->name);
  g_variant_get_child (variant, 3, "s", &self->name);
  g_variant_get_child (variant, 4, "s", &self->fingerprint);
  g_variant_get_child (variant, 5, "b", &self->labelled);
  g_variant_get_child (variant, 6, "u", &self->width);
  g_variant_get_child (variant, 7, "u", &self->height);
  g_variant_get_child (variant, 8, "u", &self->channels);
  g_variant_get_child (variant, 9, "b", &self->planar);
  return self;
}

static GVariant *
get_test (GVariant *variant)
{
  g_autoptr (GVariant) test = NULL;

  g_variant_get_child (variant, 17, "mv", &test);
  if (test != NULL && g_variant_is_of_type (test, G_VARIANT_TYPE_VARIANT)) /* boxed twice, as once it was written */
    return g_variant_get_variant (test);
  return g_steal_pointer (&test);
}

static TitheDataset *
fail_damaged (GError **error)
{
  g_set_error_literal (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_CORRUPT, _("the dataset's record is damaged"));
  return NULL;
}

/**
 * tithe_dataset_new_from_variant:
 * @variant: from tithe_dataset_to_variant(), or from a stranger
 *
 * Returns: (transfer full): the dataset, or %NULL with %TITHE_DATASET_ERROR_CORRUPT
 */
TitheDataset *
tithe_dataset_new_from_variant (GVariant *variant, GError **error)
{
  g_autoptr (TitheDataset) self = NULL;
  g_autoptr (GVariant) test = NULL;

  if (!g_variant_is_of_type (variant, TITHE_DATASET_VARIANT_TYPE) || !g_variant_is_normal_form (variant))
    return fail_damaged (error);
  self = read_fields (variant);
  read_strings (self, variant);
  if (!read_arrays (self, variant))
    return fail_damaged (error);
  if (!tithe_dataset_index_classes (self, error))
    return NULL;
  test = get_test (variant);
  if (test != NULL && (self->test = tithe_dataset_new_from_variant (test, error)) == NULL)
    return NULL;
  if (self->test != NULL && !has_same_classes (self, self->test))
    return fail_damaged (error);
  return g_steal_pointer (&self);
}
