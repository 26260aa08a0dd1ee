/* SPDX-License-Identifier: MIT */
#include "tithe-curation-private.h"

#include <string.h>

/**
 * tithe_curation_new:
 * @hierarchy: complete
 *
 * Returns: (transfer full): no decisions at all, kept in memory only until there is a journal
 */
TitheCuration *
tithe_curation_new (TitheHierarchy *hierarchy)
{
  TitheCuration *self = g_new0 (TitheCuration, 1);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (hierarchy);

  self->hierarchy = tithe_hierarchy_ref (hierarchy);
  self->n_classes = tithe_dataset_get_n_classes (dataset);
  self->classes = g_new0 (TitheClassCuration, MAX (1, self->n_classes));
  self->positions = g_new0 (guint32, MAX (1, tithe_dataset_get_n_images (dataset)));
  for (guint c = 0; c < self->n_classes; c++)
    {
      const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (hierarchy, c);
      gsize n;
      const guint32 *images = tithe_dataset_get_class_images (dataset, c, &n);

      self->classes[c].n = dendrogram ? dendrogram->n : 0;
      self->classes[c].n_known = dendrogram ? dendrogram->n_known : 0;
      for (guint32 position = 0; position < self->classes[c].n; position++)
        self->positions[images[dendrogram->leaves[position]]] = position;
    }
  self->steps = g_ptr_array_new_with_free_func (tithe_step_free);
  self->pending = g_array_new (FALSE, FALSE, sizeof (TitheChange));
  self->touched = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

/**
 * tithe_curation_copy:
 *
 * Returns: (transfer full): the same decisions and marks, in memory only and without a way back
 */
TitheCuration *
tithe_curation_copy (TitheCuration *self)
{
  TitheCuration *copy = tithe_curation_new (self->hierarchy);

  for (guint c = 0; c < self->n_classes; c++)
    {
      const TitheClassCuration *from = &self->classes[c];
      TitheClassCuration *to = &copy->classes[c];

      to->decisions = from->decisions ? g_memdup2 (from->decisions, from->n) : NULL;
      to->n_decided = from->n_decided;
      to->marks = from->marks ? g_memdup2 (from->marks, from->n) : NULL;
      to->n_marked = from->n_marked;
      to->ratio = from->ratio;
      to->stale = from->marks != NULL;
    }
  return copy;
}

/* What was not committed is lost; what was is on the disk. */
void
tithe_curation_free (TitheCuration *self)
{
  for (guint c = 0; c < self->n_classes; c++)
    {
      g_free (self->classes[c].decisions);
      g_free (self->classes[c].marks);
      g_free (self->classes[c].parents);
      g_free (self->classes[c].overrides);
      g_free (self->classes[c].reviewed);
    }
  g_clear_pointer (&self->journal, tithe_journal_free);
  g_ptr_array_unref (self->steps);
  g_array_unref (self->pending);
  g_hash_table_unref (self->touched);
  g_free (self->classes);
  g_free (self->positions);
  tithe_hierarchy_unref (self->hierarchy);
  g_free (self);
}

/* (transfer none): what is decided about. */
TitheHierarchy *
tithe_curation_get_hierarchy (TitheCuration *self)
{
  return self->hierarchy;
}

/* --- what is decided now --- */

static TitheClassCuration *
class_of_image (TitheCuration *self, guint32 image)
{
  return &self->classes[tithe_dataset_get_label (tithe_hierarchy_get_dataset (self->hierarchy), image)];
}

/* What holds for the image now, a pending step included. Takes O(1) time. */
TitheDecision
tithe_curation_get_decision (TitheCuration *self, guint32 image)
{
  const TitheClassCuration *class = class_of_image (self, image);

  return class->decisions ? (TitheDecision) class->decisions[self->positions[image]] : TITHE_DECISION_AUTOMATIC;
}

/**
 * tithe_curation_get_decisions:
 * @n_decided: (out): how many of them are not automatic
 *
 * Returns: (transfer none) (nullable): a #TitheDecision for each position in the class's leaf order; %NULL before the
 *   first
 */
const guint8 *
tithe_curation_get_decisions (TitheCuration *self, guint class_index, gsize *n_decided)
{
  *n_decided = self->classes[class_index].n_decided;
  return self->classes[class_index].decisions;
}

/**
 * tithe_curation_get_marks:
 *
 * Returns: #TitheMark of the node itself, or-ed
 */
guint
tithe_curation_get_marks (TitheCuration *self, guint class_index, guint32 node)
{
  const TitheClassCuration *class = &self->classes[class_index];

  return class->marks != NULL && node < class->n - 1 ? class->marks[node] : 0;
}

static gboolean
is_apart (const TitheClassCuration *class, guint32 child)
{
  return child >= class->n && class->overrides[child - class->n] == TITHE_OVERRIDE_APART;
}

/* What is below a merge is together, unless there is a split in it; so it is where a split parts the merge itself, too.
 * @merged says by merge whether it or one above it is marked so. */
static void
pass_down (TitheClassCuration *class, guint8 *merged, guint32 merge, guint32 child)
{
  if (child < class->n)
    return;
  class->reviewed[child - class->n] |= class->reviewed[merge];
  merged[child - class->n] |= merged[merge];
}

/* A parent comes after its children: splits go up in one pass, merges and reviews down in another. */
static void
derive (TitheCuration *self, guint class_index)
{
  TitheClassCuration *class = &self->classes[class_index];
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, class_index);
  const guint32 n = class->n;
  g_autofree guint8 *merged = NULL;

  if (!class->stale)
    return;
  class->stale = FALSE;
  g_clear_pointer (&class->overrides, g_free);
  g_clear_pointer (&class->reviewed, g_free);
  if (class->n_marked == 0)
    return;
  class->overrides = g_new0 (guint8, n);
  class->reviewed = g_new0 (guint8, n);
  merged = g_new0 (guint8, n);
  for (guint32 t = 0; t + 1 < n; t++)
    {
      if ((class->marks[t] & TITHE_MARK_SPLIT) != 0 || is_apart (class, dendrogram->left[t])
          || is_apart (class, dendrogram->right[t]))
        class->overrides[t] = TITHE_OVERRIDE_APART;
      class->reviewed[t] = (class->marks[t] & TITHE_MARK_REVIEWED) != 0;
      merged[t] = (class->marks[t] & TITHE_MARK_MERGED) != 0;
    }
  for (guint32 t = n - 1; t-- > 0;)
    {
      pass_down (class, merged, t, dendrogram->left[t]);
      pass_down (class, merged, t, dendrogram->right[t]);
      if (merged[t] && class->overrides[t] == TITHE_OVERRIDE_NONE)
        class->overrides[t] = TITHE_OVERRIDE_TOGETHER;
    }
}

/**
 * tithe_curation_get_overrides:
 *
 * Returns: (transfer none) (nullable): a #TitheOverride for each merge of the class, for tithe_cut_set_overrides(); valid
 *   until the next change
 */
const guint8 *
tithe_curation_get_overrides (TitheCuration *self, guint class_index)
{
  derive (self, class_index);
  return self->classes[class_index].overrides;
}

/**
 * tithe_curation_is_reviewed:
 *
 * Returns: whether the node or one above it is marked so
 */
gboolean
tithe_curation_is_reviewed (TitheCuration *self, guint class_index, guint32 node)
{
  derive (self, class_index);
  return self->classes[class_index].reviewed != NULL && node < self->classes[class_index].n - 1
         && self->classes[class_index].reviewed[node] != 0;
}

/**
 * tithe_curation_get_position:
 *
 * Returns: where the image is in its class's leaf order
 */
guint32
tithe_curation_get_position (TitheCuration *self, guint32 image)
{
  return self->positions[image];
}

/**
 * tithe_curation_get_touched:
 *
 * Returns: the generation in which the image was last decided about, 0 where it never was; later ones are larger
 */
guint64
tithe_curation_get_touched (TitheCuration *self, guint32 image)
{
  const guint64 *generation = g_hash_table_lookup (self->touched, GUINT_TO_POINTER (image));

  return generation ? *generation : 0;
}

/**
 * tithe_curation_get_parents:
 *
 * Returns: (transfer none): for every leaf and merge of the class in SciPy's numbering the merge that it is part of,
 *   %TITHE_NODE_NONE for the last, and for those above which nothing was clustered
 */
const guint32 *
tithe_curation_get_parents (TitheCuration *self, guint class_index)
{
  TitheClassCuration *class = &self->classes[class_index];
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, class_index);

  if (class->parents == NULL)
    {
      class->parents = g_new (guint32, 2 * (gsize) class->n);
      memset (class->parents, 0xff, 2 * (gsize) class->n * sizeof (guint32));
      for (guint32 t = 0; t < dendrogram->n_known; t++)
        class->parents[dendrogram->left[t]] = class->parents[dendrogram->right[t]] = t;
    }
  return class->parents;
}

/**
 * tithe_curation_get_parent:
 * @position: in the class's leaf order, where @node is %TITHE_NODE_NONE
 * @node: a merge
 *
 * Returns: the merge that it is part of, %TITHE_NODE_NONE for the whole class, and where what it would be part of was not
 *   clustered any more
 */
guint32
tithe_curation_get_parent (TitheCuration *self, guint class_index, guint32 position, guint32 node)
{
  const guint32 *parents = tithe_curation_get_parents (self, class_index);
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, class_index);

  return parents[node == TITHE_NODE_NONE ? dendrogram->leaves[position] : dendrogram->n + node];
}

/* Sets one of a class's values, all of which are 0 before the first. */
static void
put_value (const TitheClassCuration *class, guint8 **values, gsize *count, guint32 place, guint8 value)
{
  if (*values == NULL)
    *values = g_new0 (guint8, class->n);
  *count += (value != 0) - ((*values)[place] != 0);
  (*values)[place] = value;
}

/**
 * tithe_curation_put:
 * @class_index: of a node; %TITHE_CHANGE_OF_IMAGE for an image, %TITHE_CHANGE_OF_RATIO for a class
 * @id: the node, a merge of the class, or the image, or the class
 * @value: the node's marks, or the image's decision, or the class's ratio
 */
void
tithe_curation_put (TitheCuration *self, guint32 class_index, guint32 id, guint16 value)
{
  if (class_index == TITHE_CHANGE_OF_RATIO)
    self->classes[id].ratio = value;
  else if (class_index == TITHE_CHANGE_OF_IMAGE)
    {
      TitheClassCuration *class = class_of_image (self, id);

      put_value (class, &class->decisions, &class->n_decided, self->positions[id], (guint8) value);
      g_hash_table_insert (self->touched, GUINT_TO_POINTER (id), g_memdup2 (&self->generation, sizeof (guint64)));
    }
  else
    {
      TitheClassCuration *class = &self->classes[class_index];

      put_value (class, &class->marks, &class->n_marked, id, (guint8) value);
      class->stale = TRUE;
    }
}

/* tithe_curation_get: what tithe_curation_put() set */
guint16
tithe_curation_get (TitheCuration *self, guint32 class_index, guint32 id)
{
  if (class_index == TITHE_CHANGE_OF_RATIO)
    return self->classes[id].ratio;
  if (class_index == TITHE_CHANGE_OF_IMAGE)
    return (guint16) tithe_curation_get_decision (self, id);
  return (guint16) tithe_curation_get_marks (self, class_index, id);
}

/**
 * tithe_curation_get_class_ratio:
 *
 * Returns: the share of the class's images to keep whatever the ratio of all; 0 where it is that of all
 */
double
tithe_curation_get_class_ratio (TitheCuration *self, guint class_index)
{
  g_return_val_if_fail (class_index < self->n_classes, 0);
  return self->classes[class_index].ratio / (double) TITHE_CLASS_RATIO_UNIT;
}

/**
 * tithe_curation_dup_fingerprint:
 *
 * Returns: (transfer full): SHA-256 of what is decided, however it came about; the same for no decisions at all
 */
char *
tithe_curation_dup_fingerprint (TitheCuration *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint c = 0; c < self->n_classes; c++)
    {
      const TitheClassCuration *class = &self->classes[c];
      const guint32 ratio[3] = { GUINT32_TO_LE (c), GUINT32_TO_LE (class->ratio), GUINT32_TO_LE (512) };

      if (class->ratio != 0)
        g_checksum_update (sum, (const guchar *) ratio, sizeof ratio);
      for (guint32 i = 0; class->n_decided > 0 && i < class->n; i++)
        if (class->decisions[i] != 0)
          {
            guint32 words[3] = { GUINT32_TO_LE (c), GUINT32_TO_LE (i), GUINT32_TO_LE (class->decisions[i]) };

            g_checksum_update (sum, (const guchar *) words, sizeof words);
          }
      for (guint32 t = 0; class->n_marked > 0 && t + 1 < class->n; t++)
        if ((class->marks[t] & ~TITHE_MARK_REVIEWED) != 0)
          {
            guint32 words[3] = { GUINT32_TO_LE (c), GUINT32_TO_LE (t),
                                 GUINT32_TO_LE (256 + (guint32) (class->marks[t] & ~TITHE_MARK_REVIEWED)) };

            g_checksum_update (sum, (const guchar *) words, sizeof words);
          }
    }
  return g_strdup (g_checksum_get_string (sum));
}
