/* SPDX-License-Identifier: MIT */
#include "tithe-group-list.h"

#include <string.h>

typedef struct
{
  guint32 key;
  guint32 position; /* in groups */
} Ranked;

struct _TitheGroupList
{
  TitheCut *cut;
  TitheGroupChoice choice;
  GArray *groups; /* TitheGroup; a block of single images is one with start in singles and no node */
  gsize n_redundant;
  guint32 *singles; /* leaf positions, class by class; room for every image, made when first asked for */
  Ranked *ranked, *scratch;
  gsize room;
};

/**
 * tithe_group_list_new:
 * @cut: (transfer none): must outlive the list
 *
 * Returns: (transfer full): an empty list, to be filled by tithe_group_list_update()
 */
TitheGroupList *
tithe_group_list_new (TitheCut *cut)
{
  TitheGroupList *self = g_new0 (TitheGroupList, 1);

  self->cut = cut;
  self->groups = g_array_new (FALSE, FALSE, sizeof (TitheGroup));
  return self;
}

void
tithe_group_list_free (TitheGroupList *self)
{
  g_array_unref (self->groups);
  g_free (self->singles);
  g_free (self->ranked);
  g_free (self->scratch);
  g_free (self);
}

/* Stable, by key: least significant digit first, four passes of eight bits of which those that all share are left out. */
static void
sort_ranked (TitheGroupList *self, gsize n)
{
  for (guint shift = 0; shift < 32; shift += 8)
    {
      gsize counts[257] = { 0 };
      Ranked *swap;

      for (gsize i = 0; i < n; i++)
        counts[((self->ranked[i].key >> shift) & 255) + 1]++;
      if (n == 0 || counts[((self->ranked[0].key >> shift) & 255) + 1] == n)
        continue;
      for (guint d = 0; d < 256; d++)
        counts[d + 1] += counts[d];
      for (gsize i = 0; i < n; i++)
        self->scratch[counts[(self->ranked[i].key >> shift) & 255]++] = self->ranked[i];
      swap = self->ranked;
      self->ranked = self->scratch;
      self->scratch = swap;
    }
}

/* Heights are not negative: their bits sort as they do. */
static guint32
spread_key (TitheGroupList *self, const TitheGroup *group)
{
  float spread = tithe_cut_get_spread (self->cut, group);
  guint32 bits;

  memcpy (&bits, &spread, sizeof bits);
  return bits;
}

static guint32
sort_key (TitheGroupList *self, const TitheGroup *group, TitheGroupSort sort)
{
  switch (sort)
    {
    case TITHE_SORT_TIGHTEST:
      return spread_key (self, group);
    case TITHE_SORT_LOOSEST:
      return ~spread_key (self, group);
    case TITHE_SORT_DATASET:
      return tithe_cut_get_representative (self->cut, group, TITHE_REPRESENTATIVE_FIRST);
    case TITHE_SORT_LARGEST:
    default:
      return ~group->size;
    }
}

static void
sort_by (TitheGroupList *self, const TitheGroup *groups, gsize n, TitheGroupSort sort)
{
  for (gsize i = 0; i < n; i++)
    self->ranked[i].key = sort_key (self, &groups[self->ranked[i].position], sort);
  sort_ranked (self, n);
}

static void
sort_groups (TitheGroupList *self, const TitheGroup *groups, gsize n)
{
  if (n > self->room)
    {
      self->room = n + n / 2;
      self->ranked = g_renew (Ranked, self->ranked, self->room);
      self->scratch = g_renew (Ranked, self->scratch, self->room);
    }
  for (gsize i = 0; i < n; i++)
    self->ranked[i].position = (guint32) i;
  if (self->choice.sort == TITHE_SORT_LARGEST)
    sort_by (self, groups, n, TITHE_SORT_TIGHTEST);
  sort_by (self, groups, n, self->choice.sort);
  g_array_set_size (self->groups, (guint) n);
  for (gsize i = 0; i < n; i++)
    g_array_index (self->groups, TitheGroup, i) = groups[self->ranked[i].position];
}

/* The leaves between a class's groups, which come in leaf order. */
static guint32
list_singles (TitheGroupList *self, guint class_index, guint32 *singles)
{
  const TitheClassCut *class = tithe_cut_get_class (self->cut, class_index);
  gsize n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (self->cut, &n_groups) + class->first_group;
  guint32 leaf = 0, n = 0;

  for (guint32 g = 0; g <= class->n_groups; g++)
    {
      guint32 end = g < class->n_groups ? groups[g].start : class->n_images;

      while (leaf < end)
        singles[n++] = leaf++;
      if (g < class->n_groups)
        leaf += groups[g].size;
    }
  return n;
}

static void
append_singles (TitheGroupList *self)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (self->cut));
  guint32 used = 0;

  if (self->singles == NULL)
    self->singles = g_new (guint32, tithe_dataset_get_n_images (dataset));
  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      TitheGroup block = { c, used, 0, TITHE_NODE_NONE };

      if (self->choice.class_index != TITHE_ALL_CLASSES && (guint) self->choice.class_index != c)
        continue;
      block.size = list_singles (self, c, self->singles + used);
      used += block.size;
      if (block.size > 0)
        g_array_append_val (self->groups, block);
    }
}

/**
 * tithe_group_list_update:
 *
 * Follows the cut, or another choice. Takes O(n_groups) time, O(n_images) with singles, and allocates only to grow.
 */
void
tithe_group_list_update (TitheGroupList *self, const TitheGroupChoice *choice)
{
  gsize n;
  const TitheGroup *groups = tithe_cut_get_groups (self->cut, &n);

  self->choice = *choice;
  if (choice->class_index != TITHE_ALL_CLASSES)
    {
      const TitheClassCut *class = tithe_cut_get_class (self->cut, (guint) choice->class_index);

      groups += class->first_group;
      n = class->n_groups;
    }
  sort_groups (self, groups, n);
  self->n_redundant = n;
  if (choice->singles)
    append_singles (self);
}

TitheCut *
tithe_group_list_get_cut (TitheGroupList *self)
{
  return self->cut;
}

/**
 * tithe_group_list_get_n:
 *
 * Returns: groups, and blocks of single images
 */
gsize
tithe_group_list_get_n (TitheGroupList *self)
{
  return self->groups->len;
}

/**
 * tithe_group_list_get:
 *
 * Returns: (transfer none): a group, or a block of single images of which only class and size mean anything; valid until
 *   the next update
 */
const TitheGroup *
tithe_group_list_get (TitheGroupList *self, gsize index)
{
  g_return_val_if_fail (index < self->groups->len, NULL);
  return &g_array_index (self->groups, TitheGroup, index);
}

gboolean
tithe_group_list_is_singles (TitheGroupList *self, gsize index)
{
  return index >= self->n_redundant;
}

/* Where the kept image stands in the group's slice. */
static guint32
find_kept (TitheGroupList *self, const TitheGroup *group)
{
  guint32 kept = tithe_cut_get_representative (self->cut, group, self->choice.rule);

  for (guint32 m = 0; m < group->size; m++)
    if (tithe_cut_get_image (self->cut, group, m) == kept)
      return m;
  g_return_val_if_reached (0);
}

/* Members are shown with the kept one first and the others in leaf order, where neighbours are alike. */
static guint32
member_to_slice (guint32 member, guint32 kept)
{
  if (member == 0)
    return kept;
  return member <= kept ? member - 1 : member;
}

/**
 * tithe_group_list_get_images:
 * @first: the first member wanted; member 0 of a group is the kept image
 * @n: how many; first + n is at most the group's size
 * @images: (out caller-allocates) (array length=n): their indices in the dataset
 *
 * Takes O(size of the group) time.
 */
void
tithe_group_list_get_images (TitheGroupList *self, gsize index, guint32 first, guint32 n, guint32 *images)
{
  const TitheGroup *group = tithe_group_list_get (self, index);

  if (tithe_group_list_is_singles (self, index))
    for (guint32 m = 0; m < n; m++)
      {
        TitheGroup single = { group->class_index, self->singles[group->start + first + m], 1, TITHE_NODE_NONE };

        images[m] = tithe_cut_get_image (self->cut, &single, 0);
      }
  else
    {
      guint32 kept = find_kept (self, group);

      for (guint32 m = 0; m < n; m++)
        images[m] = tithe_cut_get_image (self->cut, group, member_to_slice (first + m, kept));
    }
}

/**
 * tithe_group_list_get_leaf:
 *
 * Returns: the position of a member in its class's leaf order, which no cut changes
 */
guint32
tithe_group_list_get_leaf (TitheGroupList *self, gsize index, guint32 member)
{
  const TitheGroup *group = tithe_group_list_get (self, index);

  if (tithe_group_list_is_singles (self, index))
    return self->singles[group->start + member];
  return group->start + member_to_slice (member, find_kept (self, group));
}

/* In a block of singles, whose leaves ascend. */
static gboolean
find_single (TitheGroupList *self, const TitheGroup *block, guint32 leaf, guint32 *member)
{
  guint32 low = 0, high = block->size;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (self->singles[block->start + middle] < leaf)
        low = middle + 1;
      else
        high = middle;
    }
  *member = low;
  return low < block->size && self->singles[block->start + low] == leaf;
}

/**
 * tithe_group_list_find:
 * @leaf: a position in the class's leaf order
 * @index: (out): of the group that holds it
 * @member: (out): where in that group
 *
 * Returns: whether it is shown at all; takes O(n) time
 */
gboolean
tithe_group_list_find (TitheGroupList *self, guint class_index, guint32 leaf, gsize *index, guint32 *member)
{
  for (gsize i = 0; i < self->groups->len; i++)
    {
      const TitheGroup *group = tithe_group_list_get (self, i);
      guint32 kept;

      if (group->class_index != class_index)
        continue;
      *index = i;
      if (tithe_group_list_is_singles (self, i))
        {
          if (find_single (self, group, leaf, member))
            return TRUE;
          continue;
        }
      if (leaf < group->start || leaf - group->start >= group->size)
        continue;
      kept = find_kept (self, group);
      *member = leaf - group->start;
      *member = *member == kept ? 0 : *member < kept ? *member + 1 : *member;
      return TRUE;
    }
  return FALSE;
}

/**
 * tithe_group_list_find_image:
 * @image: of the dataset
 *
 * As tithe_group_list_find(), by the image; takes O(n + images of the class) time.
 */
gboolean
tithe_group_list_find_image (TitheGroupList *self, guint32 image, gsize *index, guint32 *member)
{
  TitheHierarchy *hierarchy = tithe_cut_get_hierarchy (self->cut);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (hierarchy);
  guint class_index = tithe_dataset_get_label (dataset, image);
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (hierarchy, class_index);
  gsize n;
  const guint32 *images = tithe_dataset_get_class_images (dataset, class_index, &n);

  for (guint32 position = 0; dendrogram != NULL && position < dendrogram->n; position++)
    if (images[dendrogram->leaves[position]] == image)
      return tithe_group_list_find (self, class_index, position, index, member);
  return FALSE;
}
