/* SPDX-License-Identifier: MIT */
#include "tithe-cut.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct _TitheCut
{
  TitheHierarchy *hierarchy;
  guint n_classes;
  TitheClassCut *classes;
  guint32 *own_totals;      /* of each class: clusters whatever the ratio; 0 where the ratio decides */
  const guint8 **overrides; /* of each class; NULL where there are none */
  TitheGroup *groups;       /* room for one of every two images: no cut has more */
  gsize n_groups;
  gsize n_images; /* in classes that are clustered */
  gsize n_kept;
  guint32 *remainder_order; /* scratch for the largest remainder */
  double *remainders;

  /* Every merge by height of the classes that the ratio decides, as the class that it is in: the first m of them are the m
   * lowest. Made when the global policy is first asked for. */
  guint32 *merge_classes;
  float *merge_heights;
  gsize n_merges;
};

const TitheWord tithe_policy_words[] = {
  { "per-class", TITHE_POLICY_PER_CLASS, "every class keeps the same share" },
  { "global", TITHE_POLICY_GLOBAL, "one dissimilarity for all classes" },
  { NULL, 0, NULL },
};

/**
 * tithe_policy_to_string:
 *
 * Returns: (transfer none): the word for it in files and on the command line, such as “per-class”
 */
const char *
tithe_policy_to_string (TithePolicy policy)
{
  return tithe_words_to_text (tithe_policy_words, (int) policy);
}

/**
 * tithe_policy_from_string:
 * @string: (nullable): such as “per-class”
 * @policy: (out): left alone where the word is not known
 *
 * Returns: whether the word is known
 */
gboolean
tithe_policy_from_string (const char *string, TithePolicy *policy)
{
  int value;

  if (!tithe_words_find (tithe_policy_words, string, &value))
    return FALSE;
  *policy = (TithePolicy) value;
  return TRUE;
}

/**
 * tithe_policy_count_share:
 *
 * Returns: how many of @n images a ratio keeps: round(ratio x n), at least one; 0 of none
 */
guint32
tithe_policy_count_share (double ratio, guint32 n)
{
  return n == 0 ? 0 : (guint32) CLAMP (floor (ratio * n + 0.5 + 1e-9), 1.0, (double) n);
}

/**
 * tithe_cut_new:
 * @hierarchy: of which any number of classes may still be missing
 *
 * Returns: (transfer full): a cut that keeps everything
 */
TitheCut *
tithe_cut_new (TitheHierarchy *hierarchy)
{
  TitheCut *self = g_new0 (TitheCut, 1);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (hierarchy);

  self->hierarchy = tithe_hierarchy_ref (hierarchy);
  self->n_classes = tithe_dataset_get_n_classes (dataset);
  self->classes = g_new0 (TitheClassCut, MAX (1, self->n_classes));
  self->own_totals = g_new0 (guint32, MAX (1, self->n_classes));
  self->overrides = g_new0 (const guint8 *, MAX (1, self->n_classes));
  self->groups = g_new (TitheGroup, tithe_dataset_get_n_images (dataset) / 2 + 1);
  self->remainder_order = g_new (guint32, MAX (1, self->n_classes));
  self->remainders = g_new (double, MAX (1, self->n_classes));
  tithe_cut_refresh (self);
  tithe_cut_set_ratio (self, 1.0, TITHE_POLICY_PER_CLASS);
  return self;
}

/* tithe_cut_free: its hierarchy stays */
void
tithe_cut_free (TitheCut *self)
{
  tithe_hierarchy_unref (self->hierarchy);
  g_free (self->classes);
  g_free (self->own_totals);
  g_free (self->overrides);
  g_free (self->groups);
  g_free (self->remainder_order);
  g_free (self->remainders);
  g_free (self->merge_classes);
  g_free (self->merge_heights);
  g_free (self);
}

static void
forget_ranks (TitheCut *self)
{
  g_clear_pointer (&self->merge_classes, g_free);
  g_clear_pointer (&self->merge_heights, g_free);
}

/**
 * tithe_cut_refresh:
 *
 * Takes up classes that were finished since; the ratio is to be set again after it.
 */
void
tithe_cut_refresh (TitheCut *self)
{
  self->n_images = 0;
  for (guint c = 0; c < self->n_classes; c++)
    {
      const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, c);

      self->classes[c].n_images = dendrogram ? dendrogram->n : 0;
      self->classes[c].n_least = dendrogram ? dendrogram->n - dendrogram->n_known : 0;
      self->n_images += self->classes[c].n_images;
    }
  forget_ranks (self);
}

/* The clusters of a class: one pass over the splits. Singles are left out where @singles is FALSE. Where there are
 * overrides, some merges are made or not whatever the ratio. */
static inline gsize
list_with (const TitheDendrogram *dendrogram, guint class_index, guint32 n_clusters, const guint8 *overrides,
           gboolean singles, TitheGroup *groups)
{
  const guint32 n = dendrogram->n, first_undone = n - n_clusters;
  const guint32 *split = dendrogram->split;
  gsize n_groups = 0;

  for (guint32 start = 0; start < n;)
    {
      guint32 end = start + 1, node = 0;

      for (; end < n
             && (overrides == NULL || overrides[split[end]] == TITHE_OVERRIDE_NONE
                     ? split[end] < first_undone
                     : overrides[split[end]] == TITHE_OVERRIDE_TOGETHER);
           end++)
        node = MAX (node, split[end]);
      if (end - start > 1)
        groups[n_groups++] = (TitheGroup){ class_index, start, end - start, node };
      else if (singles)
        groups[n_groups++] = (TitheGroup){ class_index, start, 1, TITHE_NODE_NONE };
      start = end;
    }
  return n_groups;
}

/* Most classes have no overrides: theirs is a loop of its own, made of the same lines. */
static gsize
list_clusters (TitheCut *self, guint class_index, gboolean singles, TitheGroup *groups)
{
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, class_index);

  if (self->overrides[class_index] == NULL)
    return list_with (dendrogram, class_index, self->classes[class_index].n_wanted, NULL, singles, groups);
  return list_with (dendrogram, class_index, self->classes[class_index].n_wanted, self->overrides[class_index], singles,
                    groups);
}

/* Lists the groups once it is known how many clusters of every class are wanted. */
static void
update_groups (TitheCut *self)
{
  self->n_groups = 0;
  self->n_kept = 0;
  for (guint c = 0; c < self->n_classes; c++)
    {
      TitheClassCut *class = &self->classes[c];
      const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, c);
      TitheGroup *groups = self->groups + self->n_groups;

      class->first_group = (guint32) self->n_groups;
      class->n_groups = 0;
      class->height = 0.0f;
      class->n_clusters = 0;
      if (class->n_images == 0)
        continue;
      if (class->n_wanted < class->n_images)
        class->height = dendrogram->heights[class->n_images - class->n_wanted - 1];
      class->n_groups = (guint32) list_clusters (self, c, FALSE, groups);
      class->n_clusters = class->n_images;
      for (guint32 g = 0; g < class->n_groups; g++)
        class->n_clusters -= groups[g].size - 1;
      self->n_groups += class->n_groups;
      self->n_kept += class->n_clusters;
    }
}

static int
compare_remainders (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const double *remainders = user_data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  if (remainders[x] != remainders[y])
    return remainders[x] > remainders[y] ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* Clusters of a class that has a number of its own, 0 where the ratio decides. */
static guint32
get_own_total (TitheCut *self, guint class_index)
{
  const TitheClassCut *class = &self->classes[class_index];

  return self->own_totals[class_index] == 0 ? 0
                                            : CLAMP (self->own_totals[class_index], class->n_least, class->n_images);
}

/* Images of the classes that the ratio decides; @own gets the clusters of the others. */
static gsize
count_shared (TitheCut *self, gsize *own)
{
  gsize n = self->n_images;

  *own = 0;
  for (guint c = 0; c < self->n_classes; c++)
    if (get_own_total (self, c) > 0)
      {
        n -= self->classes[c].n_images;
        *own += get_own_total (self, c);
      }
  return n;
}

/* Shares @total out in proportion to the classes' sizes by the largest remainder (Hamilton's method), at least one to
 * each class; equal remainders go to the first class. Classes with a number of their own have that. */
static void
share_out (TitheCut *self, double ratio, gsize total)
{
  gsize given = 0;
  guint n = 0;

  for (guint c = 0; c < self->n_classes; c++)
    {
      TitheClassCut *class = &self->classes[c];
      double exact = ratio * class->n_images;
      /* A share that is whole but for rounding is whole. */
      double whole = floor (exact + 1e-9);

      class->n_wanted = get_own_total (self, c);
      if (class->n_images > 0 && class->n_wanted == 0)
        {
          class->n_wanted = (guint32) CLAMP (whole, (double) class->n_least, (double) class->n_images);
          self->remainders[c] = exact - (double) class->n_wanted;
          self->remainder_order[n++] = c;
        }
      given += class->n_wanted;
    }
  g_qsort_with_data (self->remainder_order, (gint) n, sizeof (guint32), compare_remainders, self->remainders);
  for (gboolean moved = TRUE; given < total && moved;)
    {
      moved = FALSE;
      for (guint i = 0; i < n && given < total; i++)
        {
          TitheClassCut *class = &self->classes[self->remainder_order[i]];

          if (class->n_wanted < class->n_images)
            {
              class->n_wanted++;
              given++;
              moved = TRUE;
            }
        }
    }
  /* Classes that got their one image beyond their share cost others one, those with the least claim first. */
  for (gboolean moved = TRUE; given > total && moved;)
    {
      moved = FALSE;
      for (guint i = n; i-- > 0 && given > total;)
        {
          TitheClassCut *class = &self->classes[self->remainder_order[i]];

          if (class->n_wanted > class->n_least)
            {
              class->n_wanted--;
              given--;
              moved = TRUE;
            }
        }
    }
}

typedef struct
{
  float height;
  guint32 class_index;
} RankedMerge;

static int
compare_ranked (gconstpointer a, gconstpointer b)
{
  const RankedMerge *x = a, *y = b;

  if (x->height != y->height)
    return x->height < y->height ? -1 : 1;
  return x->class_index < y->class_index ? -1 : x->class_index > y->class_index;
}

/**
 * tithe_cut_get_limit:
 *
 * Returns: the height up to which the merges of all classes that the ratio decides are known; %TITHE_HEIGHT_UNKNOWN where
 *   that is all of them
 */
float
tithe_cut_get_limit (TitheCut *self)
{
  float limit = TITHE_HEIGHT_UNKNOWN;

  for (guint c = 0; c < self->n_classes; c++)
    if (self->classes[c].n_images > 0 && get_own_total (self, c) == 0)
      limit = MIN (limit, tithe_dendrogram_get_limit (tithe_hierarchy_get_class (self->hierarchy, c)));
  return limit;
}

static void
rank_merges (TitheCut *self)
{
  g_autofree RankedMerge *ranked = NULL;
  float limit;
  gsize n = 0;

  if (self->merge_classes != NULL)
    return;
  ranked = g_new (RankedMerge, MAX (1, self->n_images));
  limit = tithe_cut_get_limit (self);
  for (guint c = 0; c < self->n_classes; c++)
    {
      const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, c);

      /* Beyond the height down to which all classes are known others might come first. */
      for (guint32 t = 0; get_own_total (self, c) == 0 && t < self->classes[c].n_images - self->classes[c].n_least; t++)
        if (dendrogram->heights[t] <= limit)
          ranked[n++] = (RankedMerge){ dendrogram->heights[t], c };
    }
  qsort (ranked, n, sizeof *ranked, compare_ranked);
  self->n_merges = n;
  self->merge_classes = g_new (guint32, MAX (1, n));
  self->merge_heights = g_new (float, MAX (1, n));
  for (gsize i = 0; i < n; i++)
    {
      self->merge_classes[i] = ranked[i].class_index;
      self->merge_heights[i] = ranked[i].height;
    }
}

/**
 * tithe_cut_count_wanted:
 *
 * Returns: round(ratio x n) of the classes that the ratio decides, and what the others have of their own; at least one
 */
gsize
tithe_cut_count_wanted (TitheCut *self, double ratio)
{
  gsize own, shared = count_shared (self, &own);

  return MAX (own + (gsize) floor (CLAMP (ratio, 0.0, 1.0) * (double) shared + 0.5 + 1e-9), 1);
}

/**
 * tithe_cut_get_floor:
 *
 * What is below it was not clustered: lower ratios give the subset of the floor.
 *
 * Returns: the lowest ratio at which the clusters of all classes that the ratio decides are known; 0 where all are
 */
double
tithe_cut_get_floor (TitheCut *self, TithePolicy policy)
{
  gsize own, shared = count_shared (self, &own);
  double floor = 0;

  if (policy == TITHE_POLICY_GLOBAL)
    {
      if (tithe_cut_get_limit (self) >= TITHE_HEIGHT_UNKNOWN)
        return 0;
      rank_merges (self);
      return (double) (shared - self->n_merges) / (double) MAX (shared, 1);
    }
  for (guint c = 0; c < self->n_classes; c++)
    if (get_own_total (self, c) == 0)
      floor = MAX (floor, tithe_cut_get_class_floor (self, c));
  return floor;
}

/**
 * tithe_cut_get_class_floor:
 *
 * Returns: the lowest ratio at which the clusters of a class are known; 0 where all are, and where it is not clustered
 */
double
tithe_cut_get_class_floor (TitheCut *self, guint class_index)
{
  const TitheClassCut *class = tithe_cut_get_class (self, class_index);

  return class->n_least > 1 ? (double) class->n_least / (double) class->n_images : 0;
}

/**
 * tithe_cut_set_overrides:
 * @overrides: (nullable) (transfer none): a #TitheOverride for each merge of the class; must stay until it is replaced
 *
 * What holds for some merges whatever the ratio. The ratio is to be set again after it.
 */
void
tithe_cut_set_overrides (TitheCut *self, guint class_index, const guint8 *overrides)
{
  self->overrides[class_index] = overrides;
}

/**
 * tithe_cut_set_class_total:
 * @n_clusters: of the class whatever the ratio, but for overrides; 0 where the ratio decides, as it does at first
 *
 * Leaves a class out of what the others share. The ratio is to be set again after it.
 */
void
tithe_cut_set_class_total (TitheCut *self, guint class_index, guint32 n_clusters)
{
  g_return_if_fail (class_index < self->n_classes);

  if ((self->own_totals[class_index] > 0) != (n_clusters > 0))
    forget_ranks (self);
  self->own_totals[class_index] = n_clusters;
}

/* Makes the lowest merges of the classes that the ratio decides, whichever class they are in. */
static void
merge_lowest (TitheCut *self, gsize n_merges)
{
  rank_merges (self);
  for (guint c = 0; c < self->n_classes; c++)
    self->classes[c].n_wanted = get_own_total (self, c) > 0 ? get_own_total (self, c) : self->classes[c].n_images;
  for (gsize i = 0; i < MIN (n_merges, self->n_merges); i++)
    self->classes[self->merge_classes[i]].n_wanted--;
}

/**
 * tithe_cut_set_total:
 * @total: clusters in all, those of classes with a number of their own among them, but for overrides
 *
 * As tithe_cut_set_ratio(), to the image.
 */
void
tithe_cut_set_total (TitheCut *self, gsize total, TithePolicy policy)
{
  gsize own, shared = count_shared (self, &own), rest = total - MIN (own, total);

  if (policy == TITHE_POLICY_PER_CLASS)
    share_out (self, MIN ((double) rest / (double) MAX (shared, 1), 1.0), total);
  else
    merge_lowest (self, shared - MIN (rest, shared));
  update_groups (self);
}

/**
 * tithe_cut_set_ratio:
 * @ratio: the share of the images to keep, 0 to 1
 * @policy: how the classes share it
 *
 * Keeps round(ratio x n) images in all, at least one of each class, but for overrides and for classes with a number of
 * their own. Takes O(n) time and allocates nothing, but for the global policy's first use, which sorts all merges once.
 */
void
tithe_cut_set_ratio (TitheCut *self, double ratio, TithePolicy policy)
{
  gsize total = tithe_cut_count_wanted (self, ratio);

  if (policy == TITHE_POLICY_PER_CLASS)
    {
      share_out (self, CLAMP (ratio, 0.0, 1.0), total);
      update_groups (self);
    }
  else
    tithe_cut_set_total (self, total, policy);
}

/**
 * tithe_cut_set_threshold:
 * @height: every merge up to this dissimilarity is made, in every class, but for overrides and for classes with a number
 *   of their own
 */
void
tithe_cut_set_threshold (TitheCut *self, double height)
{
  for (guint c = 0; c < self->n_classes; c++)
    {
      TitheClassCut *class = &self->classes[c];

      class->n_wanted = get_own_total (self, c);
      if (class->n_images > 0 && class->n_wanted == 0)
        class->n_wanted
            = class->n_images
              - tithe_dendrogram_count_below (tithe_hierarchy_get_class (self->hierarchy, c), (float) height);
    }
  update_groups (self);
}

/* tithe_cut_get_hierarchy: (transfer none) */
TitheHierarchy *
tithe_cut_get_hierarchy (TitheCut *self)
{
  return self->hierarchy;
}

/**
 * tithe_cut_get_groups:
 * @n_groups: (out): how many
 *
 * Returns: (transfer none) (array length=n_groups): the redundant groups, class by class in leaf order; valid until the
 *   cut moves
 */
const TitheGroup *
tithe_cut_get_groups (TitheCut *self, gsize *n_groups)
{
  *n_groups = self->n_groups;
  return self->groups;
}

/* tithe_cut_get_class: (transfer none), valid and current until the cut is freed */
const TitheClassCut *
tithe_cut_get_class (TitheCut *self, guint class_index)
{
  g_return_val_if_fail (class_index < self->n_classes, NULL);
  return &self->classes[class_index];
}

/**
 * tithe_cut_get_n_images:
 *
 * Returns: images in classes that are clustered
 */
gsize
tithe_cut_get_n_images (TitheCut *self)
{
  return self->n_images;
}

/* tithe_cut_get_n_kept: clusters of all classes, each of which keeps one image */
gsize
tithe_cut_get_n_kept (TitheCut *self)
{
  return self->n_kept;
}

/**
 * tithe_cut_get_heights:
 * @lowest: (out): the smallest of the classes' heights
 * @highest: (out): the largest of them; both are 0 where no class is clustered
 */
void
tithe_cut_get_heights (TitheCut *self, float *lowest, float *highest)
{
  *lowest = G_MAXFLOAT;
  *highest = 0.0f;
  for (guint c = 0; c < self->n_classes; c++)
    if (self->classes[c].n_images > 0)
      {
        *lowest = MIN (*lowest, self->classes[c].height);
        *highest = MAX (*highest, self->classes[c].height);
      }
  *lowest = MIN (*lowest, *highest);
}

/**
 * tithe_cut_list_clusters:
 * @groups: (out caller-allocates): room for the class's n_clusters
 *
 * Returns: how many clusters the class has; single images are listed too, in leaf order
 */
gsize
tithe_cut_list_clusters (TitheCut *self, guint class_index, TitheGroup *groups)
{
  const TitheClassCut *class = tithe_cut_get_class (self, class_index);

  if (class->n_images == 0)
    return 0;
  return list_clusters (self, class_index, TRUE, groups);
}

/**
 * tithe_cut_find_group:
 * @position: in the class's leaf order
 *
 * Returns: (transfer none) (nullable): the redundant group that covers it, %NULL where the image stands alone; valid until
 *   the cut moves. Takes O(log n) time.
 */
const TitheGroup *
tithe_cut_find_group (TitheCut *self, guint class_index, guint32 position)
{
  const TitheClassCut *class = tithe_cut_get_class (self, class_index);
  const TitheGroup *groups = self->groups + class->first_group;
  guint32 low = 0, high = class->n_groups;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (groups[middle].start + groups[middle].size <= position)
        low = middle + 1;
      else
        high = middle;
    }
  return low < class->n_groups && groups[low].start <= position ? &groups[low] : NULL;
}

static guint32
leaf_to_image (TitheCut *self, guint class_index, guint32 leaf)
{
  gsize n;

  return tithe_dataset_get_class_images (tithe_hierarchy_get_dataset (self->hierarchy), class_index, &n)[leaf];
}

/**
 * tithe_cut_get_image:
 * @member: below the group's size
 *
 * Returns: the image at that place of the group
 */
guint32
tithe_cut_get_image (TitheCut *self, const TitheGroup *group, guint32 member)
{
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, group->class_index);

  return leaf_to_image (self, group->class_index, dendrogram->leaves[group->start + member]);
}

/**
 * tithe_cut_get_representative:
 *
 * Returns: the image that stands for the group
 */
guint32
tithe_cut_get_representative (TitheCut *self, const TitheGroup *group, TitheRepresentative rule)
{
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, group->class_index);
  guint32 leaf = group->node == TITHE_NODE_NONE ? dendrogram->leaves[group->start]
                                                : tithe_dendrogram_get_representative (dendrogram, group->node, rule);

  return leaf_to_image (self, group->class_index, leaf);
}

/**
 * tithe_cut_get_spread:
 *
 * Returns: the dissimilarity at which the group came together; for complete linkage the largest between its members
 */
float
tithe_cut_get_spread (TitheCut *self, const TitheGroup *group)
{
  if (group->node == TITHE_NODE_NONE)
    return 0.0f;
  return tithe_hierarchy_get_class (self->hierarchy, group->class_index)->heights[group->node];
}

static float
get_class_height_at (TitheCut *self, guint class_index, double ratio)
{
  guint32 n = self->classes[class_index].n_images;
  guint32 clusters = MAX (tithe_cut_count_class_wanted (self, class_index, ratio), self->classes[class_index].n_least);

  return n > clusters ? tithe_hierarchy_get_class (self->hierarchy, class_index)->heights[n - clusters - 1] : 0.0f;
}

/**
 * tithe_cut_count_class_wanted:
 *
 * Returns: round(ratio x n) of the class, at least one; 0 where it is not clustered
 */
guint32
tithe_cut_count_class_wanted (TitheCut *self, guint class_index, double ratio)
{
  return tithe_policy_count_share (ratio, tithe_cut_get_class (self, class_index)->n_images);
}

/**
 * tithe_cut_get_height_at:
 * @class_index: a class, or -1 for all that the ratio decides
 *
 * Returns: the highest dissimilarity that would be merged at another ratio, for the curve behind the slider; leaves the
 *   cut as it is
 */
float
tithe_cut_get_height_at (TitheCut *self, int class_index, double ratio, TithePolicy policy)
{
  float highest = 0.0f;

  if (class_index >= 0)
    return get_class_height_at (self, (guint) class_index, ratio);
  if (policy == TITHE_POLICY_GLOBAL)
    {
      gsize own, shared = count_shared (self, &own);
      gsize merges = shared - MIN (tithe_cut_count_wanted (self, ratio) - own, shared);

      rank_merges (self);
      merges = MIN (merges, self->n_merges);
      return merges > 0 ? self->merge_heights[merges - 1] : 0.0f;
    }
  for (guint c = 0; c < self->n_classes; c++)
    if (get_own_total (self, c) == 0)
      highest = MAX (highest, get_class_height_at (self, c, ratio));
  return highest;
}
