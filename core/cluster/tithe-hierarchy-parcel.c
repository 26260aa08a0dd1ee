/* SPDX-License-Identifier: MIT */
#include "tithe-hierarchy-parcel.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Before the arrays of a class, which are as long as there are merges known: left, right, heights, centres, medoids. */
typedef struct
{
  guint32 class_index;
  guint32 n;
  guint32 n_known;
} Header;

#define N_ARRAYS 5

static gsize
measure (guint32 n_known)
{
  return sizeof (Header) + (gsize) n_known * N_ARRAYS * sizeof (guint32);
}

static guint8 *
put (guint8 *to, gconstpointer from, gsize size)
{
  memcpy (to, from, size);
  return to + size;
}

/**
 * tithe_hierarchy_pack:
 *
 * Returns: (transfer full): every class that is known
 */
GBytes *
tithe_hierarchy_pack (TitheHierarchy *self)
{
  const guint n_classes = tithe_dataset_get_n_classes (tithe_hierarchy_get_dataset (self));
  gsize size = 0;
  guint8 *bytes, *end;

  for (guint c = 0; c < n_classes; c++)
    {
      const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self, c);

      size += dendrogram != NULL ? measure (dendrogram->n_known) : 0;
    }
  bytes = end = g_malloc (MAX (size, 1));
  for (guint c = 0; c < n_classes; c++)
    {
      const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self, c);
      gsize length;

      if (dendrogram == NULL)
        continue;
      length = dendrogram->n_known * sizeof (guint32);
      end = put (end, &(Header){ c, dendrogram->n, dendrogram->n_known }, sizeof (Header));
      end = put (end, dendrogram->left, length);
      end = put (end, dendrogram->right, length);
      end = put (end, dendrogram->heights, length);
      end = put (end, dendrogram->representatives[TITHE_REPRESENTATIVE_CENTRE], length);
      end = put (end, dendrogram->representatives[TITHE_REPRESENTATIVE_MEDOID], length);
    }
  return g_bytes_new_take (bytes, size);
}

/* Whether a class with that header may be taken, and its arrays are there. */
static gboolean
is_awaited (TitheHierarchy *self, const Header *header, gsize left)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (self);
  gsize n;

  if (header->class_index >= tithe_dataset_get_n_classes (dataset)
      || tithe_hierarchy_get_class (self, header->class_index) != NULL)
    return FALSE;
  tithe_dataset_get_class_images (dataset, header->class_index, &n);
  return header->n == n && header->n_known < n && left >= measure (header->n_known);
}

/**
 * tithe_hierarchy_unpack:
 * @parcel: what tithe_hierarchy_pack() gave of another hierarchy of the same dataset, whose classes are not known here
 *
 * Trusts nothing. Classes before one that is refused are taken.
 *
 * Returns: %FALSE with %TITHE_CLUSTER_ERROR_CORRUPT
 */
gboolean
tithe_hierarchy_unpack (TitheHierarchy *self, GBytes *parcel, GError **error)
{
  gsize left;
  const guint8 *bytes = g_bytes_get_data (parcel, &left);

  while (left > 0)
    {
      TitheDendrogram *dendrogram;
      const guint32 *arrays;
      Header header = { 0 };

      if (left >= sizeof header)
        memcpy (&header, bytes, sizeof header);
      if (left < sizeof header || !is_awaited (self, &header, left))
        {
          g_set_error_literal (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_CORRUPT,
                               _("what another process sent is no hierarchy of these classes"));
          return FALSE;
        }
      arrays = (const guint32 *) (gconstpointer) (bytes + sizeof header);
      dendrogram = tithe_dendrogram_new_from_arrays (
          header.n, header.n_known, arrays, arrays + header.n_known,
          (const float *) (gconstpointer) (arrays + 2 * (gsize) header.n_known), arrays + 3 * (gsize) header.n_known,
          arrays + 4 * (gsize) header.n_known, error);
      if (dendrogram == NULL)
        return FALSE;
      tithe_hierarchy_take_class (self, header.class_index, dendrogram);
      bytes += measure (header.n_known);
      left -= measure (header.n_known);
    }
  return TRUE;
}
