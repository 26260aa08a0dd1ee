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
  TitheSubset *subset;
  TitheCut *cut;
  TitheGroupChoice choice;
  GArray *groups; /* TitheGroup; a block is one with start in positions and no node */
  gsize n_redundant;
  guint32 *positions; /* of blocks, class by class; room for every image, made when first asked for */
  Ranked *ranked, *scratch;
  gsize room;
  char *text;      /* of the choice, folded; NULL for none */
  guint8 *matches; /* whether an image's path has it */
};

/**
 * tithe_group_list_new:
 * @subset: (transfer none): must outlive the list
 *
 * Returns: (transfer full): an empty list, to be filled by tithe_group_list_update()
 */
TitheGroupList *
tithe_group_list_new (TitheSubset *subset)
{
  TitheGroupList *self = g_new0 (TitheGroupList, 1);

  self->subset = subset;
  self->cut = tithe_subset_get_cut (subset);
  self->groups = g_array_new (FALSE, FALSE, sizeof (TitheGroup));
  return self;
}

/* The subset that it lists stays. */
void
tithe_group_list_free (TitheGroupList *self)
{
  g_array_unref (self->groups);
  g_free (self->positions);
  g_free (self->ranked);
  g_free (self->scratch);
  g_free (self->text);
  g_free (self->matches);
  g_free (self);
}

static TitheDataset *
get_dataset (TitheGroupList *self)
{
  return tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (self->cut));
}

/* --- which groups --- */

/* Looks for a text in all paths once; whatever the slider does afterwards. */
static void
search (TitheGroupList *self, const char *text)
{
  g_autofree char *folded = text && *text ? g_utf8_casefold (text, -1) : NULL;
  TitheDataset *dataset = get_dataset (self);
  g_autoptr (GString) path = g_string_new (NULL);

  if (g_strcmp0 (folded, self->text) == 0)
    return;
  g_free (self->text);
  self->text = g_steal_pointer (&folded);
  g_clear_pointer (&self->matches, g_free);
  if (self->text == NULL)
    return;
  self->matches = g_new0 (guint8, tithe_dataset_get_n_images (dataset));
  for (gsize i = 0; i < tithe_dataset_get_n_images (dataset); i++)
    {
      g_autofree char *other = g_utf8_casefold (tithe_dataset_get_display_path (dataset, i, path), -1);

      self->matches[i] = strstr (other, self->text) != NULL;
    }
}

static gboolean
has_decision (TitheGroupList *self, const TitheGroup *group)
{
  TitheCuration *curation = tithe_subset_get_curation (self->subset);
  gsize n_decided;
  const guint8 *decisions = curation ? tithe_curation_get_decisions (curation, group->class_index, &n_decided) : NULL;

  for (guint32 m = 0; decisions != NULL && m < group->size; m++)
    if (decisions[group->start + m] != TITHE_DECISION_AUTOMATIC)
      return TRUE;
  return curation != NULL
         && (tithe_curation_get_marks (curation, group->class_index, group->node) & TITHE_MARK_MERGED) != 0;
}

/**
 * tithe_group_choice_filters:
 *
 * Returns: whether groups are left out by what they are; the text that is looked for is about images
 */
gboolean
tithe_group_choice_filters (const TitheGroupChoice *self)
{
  return self->review != TITHE_REVIEW_ANY || self->min_size > 2 || self->max_size > 0 || self->min_spread > 0
         || self->max_spread > 0;
}

/* tithe_group_choice_clear: leaves no group out, whatever it is or has */
void
tithe_group_choice_clear (TitheGroupChoice *self)
{
  self->review = TITHE_REVIEW_ANY;
  self->min_size = self->max_size = 0;
  self->min_spread = self->max_spread = 0;
  self->text = NULL;
}

static gboolean
has_size (TitheGroupList *self, const TitheGroup *group)
{
  return group->size >= self->choice.min_size && (self->choice.max_size == 0 || group->size <= self->choice.max_size);
}

static gboolean
has_spread (TitheGroupList *self, const TitheGroup *group)
{
  const float low = self->choice.min_spread, high = self->choice.max_spread;
  float spread;

  if (low <= 0 && high <= 0)
    return TRUE;
  spread = tithe_cut_get_spread (self->cut, group);
  return spread >= low && (high <= 0 || spread <= high);
}

static gboolean
has_review (TitheGroupList *self, const TitheGroup *group)
{
  switch (self->choice.review)
    {
    case TITHE_REVIEW_OPEN:
      return !tithe_subset_is_reviewed (self->subset, group);
    case TITHE_REVIEW_DONE:
      return tithe_subset_is_reviewed (self->subset, group);
    case TITHE_REVIEW_MANUAL:
      return has_decision (self, group);
    case TITHE_REVIEW_ANY:
    default:
      return TRUE;
    }
}

static gboolean
has_match (TitheGroupList *self, const TitheGroup *group)
{
  gboolean matches = self->matches == NULL;

  for (guint32 m = 0; !matches && m < group->size; m++)
    matches = self->matches[tithe_cut_get_image (self->cut, group, m)] != 0;
  return matches;
}

/* What takes longest is asked last. */
static gboolean
is_wanted (TitheGroupList *self, const TitheGroup *group)
{
  return has_size (self, group) && has_spread (self, group) && has_review (self, group) && has_match (self, group);
}

/* Of the class that is chosen, or of all. */
static const TitheGroup *
get_candidates (TitheGroupList *self, gsize *n)
{
  const TitheGroup *groups = tithe_cut_get_groups (self->cut, n);
  const TitheClassCut *class;

  if (self->choice.class_index == TITHE_ALL_CLASSES)
    return groups;
  class = tithe_cut_get_class (self->cut, (guint) self->choice.class_index);
  *n = class->n_groups;
  return groups + class->first_group;
}

/**
 * tithe_group_list_measure:
 * @sizes: (out): of the groups that are listed or left out by their size alone
 * @spreads: (out): of the groups that are listed or left out by their spread alone
 *
 * Counts as of the last update, whatever the view. The axes reach as far as any group of the class does that is chosen, so that
 * no filter moves them. Takes the time of an update.
 */
void
tithe_group_list_measure (TitheGroupList *self, TitheHistogram *sizes, TitheHistogram *spreads)
{
  gsize n;
  const TitheGroup *groups = get_candidates (self, &n);
  guint32 largest = 2;
  float highest = 0;

  for (gsize i = 0; i < n; i++)
    {
      largest = MAX (largest, groups[i].size);
      highest = MAX (highest, tithe_cut_get_spread (self->cut, &groups[i]));
    }
  tithe_histogram_init_sizes (sizes, largest);
  tithe_histogram_init_spreads (spreads, highest);
  for (gsize i = 0; i < n; i++)
    {
      const gboolean of_size = has_size (self, &groups[i]), of_spread = has_spread (self, &groups[i]);

      if (!(of_size || of_spread) || !has_review (self, &groups[i]) || !has_match (self, &groups[i]))
        continue;
      if (of_spread)
        tithe_histogram_add (sizes, (float) groups[i].size);
      if (of_size)
        tithe_histogram_add (spreads, tithe_cut_get_spread (self->cut, &groups[i]));
    }
}

/* --- in which order --- */

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

/* Floats that are not negative: their bits sort as they do. */
static guint32
to_key (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

/* The share of the class that is not kept. */
static float
get_redundancy (TitheGroupList *self, guint class_index)
{
  guint32 n = tithe_cut_get_class (self->cut, class_index)->n_images;

  return n > 0 ? 1.0f - (float) tithe_subset_get_class_kept (self->subset, class_index) / (float) n : 0.0f;
}

static guint32
get_last_decided (TitheGroupList *self, const TitheGroup *group)
{
  TitheCuration *curation = tithe_subset_get_curation (self->subset);
  guint64 last = 0;

  for (guint32 m = 0; curation != NULL && m < group->size; m++)
    {
      guint64 touched = tithe_curation_get_touched (curation, tithe_cut_get_image (self->cut, group, m));

      last = MAX (last, touched);
    }
  return ~(guint32) last;
}

static guint32
sort_key (TitheGroupList *self, const TitheGroup *group, TitheGroupSort sort)
{
  switch (sort)
    {
    case TITHE_SORT_TIGHTEST:
      return to_key (tithe_cut_get_spread (self->cut, group));
    case TITHE_SORT_LOOSEST:
      return ~to_key (tithe_cut_get_spread (self->cut, group));
    case TITHE_SORT_DATASET:
      return tithe_cut_get_representative (self->cut, group, TITHE_REPRESENTATIVE_FIRST);
    case TITHE_SORT_REDUNDANT:
      return ~to_key (MAX (get_redundancy (self, group->class_index), 0.0f));
    case TITHE_SORT_DECIDED:
      return get_last_decided (self, group);
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
  const TitheGroupChoice *choice = &self->choice;
  const gboolean filtered = tithe_group_choice_filters (choice) || self->matches != NULL;
  gsize n_wanted = 0;

  if (n > self->room)
    {
      self->room = n + n / 2;
      self->ranked = g_renew (Ranked, self->ranked, self->room);
      self->scratch = g_renew (Ranked, self->scratch, self->room);
    }
  for (gsize i = 0; i < n; i++)
    if (!filtered || is_wanted (self, &groups[i]))
      self->ranked[n_wanted++].position = (guint32) i;
  if (choice->sort == TITHE_SORT_LARGEST || choice->sort == TITHE_SORT_REDUNDANT)
    sort_by (self, groups, n_wanted, TITHE_SORT_TIGHTEST);
  if (choice->sort == TITHE_SORT_REDUNDANT)
    sort_by (self, groups, n_wanted, TITHE_SORT_LARGEST);
  sort_by (self, groups, n_wanted, choice->sort);
  g_array_set_size (self->groups, (guint) n_wanted);
  for (gsize i = 0; i < n_wanted; i++)
    g_array_index (self->groups, TitheGroup, i) = groups[self->ranked[i].position];
}

/* --- blocks --- */

static void
add_position (TitheGroupList *self, guint32 class_index, guint32 position, TitheGroup *block)
{
  TitheGroup single = { class_index, position, 1, TITHE_NODE_NONE };

  if (self->matches == NULL || self->matches[tithe_cut_get_image (self->cut, &single, 0)] != 0)
    self->positions[block->start + block->size++] = position;
}

/* What the view wants of a group, or of an image that stands alone, which is in no group that a filter could take. */
static void
add_cluster (TitheGroupList *self, const TitheGroup *cluster, TitheGroup *block)
{
  guint32 representative;

  if (self->choice.view == TITHE_VIEW_GROUPS ? cluster->size > 1
                                             : tithe_group_choice_filters (&self->choice)
                                                   && !(cluster->size > 1 && has_size (self, cluster)
                                                        && has_spread (self, cluster) && has_review (self, cluster)))
    return;
  representative = self->choice.view != TITHE_VIEW_DISCARDED ? TITHE_IMAGE_NONE
                   : cluster->size > 1                       ? tithe_subset_get_representative (self->subset, cluster)
                                                             : tithe_cut_get_image (self->cut, cluster, 0);
  for (guint32 m = 0; m < cluster->size; m++)
    if (self->choice.view != TITHE_VIEW_DISCARDED
        || !tithe_subset_keeps (self->subset, tithe_cut_get_image (self->cut, cluster, m), representative))
      add_position (self, cluster->class_index, cluster->start + m, block);
}

static void
append_blocks (TitheGroupList *self)
{
  TitheDataset *dataset = get_dataset (self);
  guint32 used = 0;

  if (self->positions == NULL)
    self->positions = g_new (guint32, MAX (1, tithe_dataset_get_n_images (dataset)));
  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      const TitheClassCut *class = tithe_cut_get_class (self->cut, c);
      gsize n_groups;
      const TitheGroup *groups = tithe_cut_get_groups (self->cut, &n_groups) + class->first_group;
      TitheGroup block = { c, used, 0, TITHE_NODE_NONE };
      guint32 position = 0;

      if (self->choice.class_index != TITHE_ALL_CLASSES && (guint) self->choice.class_index != c)
        continue;
      for (guint32 g = 0; g <= class->n_groups; g++)
        {
          guint32 end = g < class->n_groups ? groups[g].start : class->n_images;

          for (; position < end; position++)
            add_cluster (self, &(TitheGroup){ c, position, 1, TITHE_NODE_NONE }, &block);
          if (g < class->n_groups)
            {
              add_cluster (self, &groups[g], &block);
              position += groups[g].size;
            }
        }
      used += block.size;
      if (block.size > 0)
        g_array_append_val (self->groups, block);
    }
}

/**
 * tithe_group_list_update:
 *
 * Follows the subset, or another choice. Takes O(n_groups) time, O(n_images) with blocks or filters, and allocates only
 * to grow.
 */
void
tithe_group_list_update (TitheGroupList *self, const TitheGroupChoice *choice)
{
  const TitheGroup *groups;
  gsize n;

  self->choice = *choice;
  self->choice.text = NULL;
  search (self, choice->text);
  groups = get_candidates (self, &n);
  if (choice->view != TITHE_VIEW_GROUPS)
    n = 0;
  sort_groups (self, groups, n);
  self->n_redundant = self->groups->len;
  if (choice->singles || choice->view != TITHE_VIEW_GROUPS)
    append_blocks (self);
}

/**
 * tithe_group_list_has_text:
 *
 * Returns: whether the last choice was filtered by this text already
 */
gboolean
tithe_group_list_has_text (TitheGroupList *self, const char *text)
{
  g_autofree char *folded = text && *text ? g_utf8_casefold (text, -1) : NULL;

  return g_strcmp0 (folded, self->text) == 0;
}

/* (transfer none): what is listed. */
TitheSubset *
tithe_group_list_get_subset (TitheGroupList *self)
{
  return self->subset;
}

/* Whether groups, all images or the discarded ones are listed. */
TitheGroupViewKind
tithe_group_list_get_view (TitheGroupList *self)
{
  return self->choice.view;
}

/**
 * tithe_group_list_get_n:
 *
 * Returns: groups and blocks
 */
gsize
tithe_group_list_get_n (TitheGroupList *self)
{
  return self->groups->len;
}

/**
 * tithe_group_list_get_n_groups:
 *
 * Returns: redundant groups, which come before the blocks
 */
gsize
tithe_group_list_get_n_groups (TitheGroupList *self)
{
  return self->n_redundant;
}

/**
 * tithe_group_list_get:
 *
 * Returns: (transfer none): a group, or a block of which only class and size mean anything; valid until the next update
 */
const TitheGroup *
tithe_group_list_get (TitheGroupList *self, gsize index)
{
  g_return_val_if_fail (index < self->groups->len, NULL);
  return &g_array_index (self->groups, TitheGroup, index);
}

/**
 * tithe_group_list_get_all:
 * @n: (out): groups and blocks, as of tithe_group_list_get_n()
 *
 * Returns: (transfer none) (array length=n): all of them, as of tithe_group_list_get(); valid until the next update
 */
const TitheGroup *
tithe_group_list_get_all (TitheGroupList *self, gsize *n)
{
  *n = self->groups->len;
  return (const TitheGroup *) (gpointer) self->groups->data;
}

/* tithe_group_list_get_class: of which groups are listed, or %TITHE_ALL_CLASSES */
int
tithe_group_list_get_class (TitheGroupList *self)
{
  return self->choice.class_index;
}

/* Whether the entry is a run of images under a heading, and no redundant group. */
gboolean
tithe_group_list_is_block (TitheGroupList *self, gsize index)
{
  return index >= self->n_redundant;
}

/* --- members --- */

static TitheMember
describe (TitheGroupList *self, guint class_index, guint32 position, guint32 representative)
{
  TitheCuration *curation = tithe_subset_get_curation (self->subset);
  TitheGroup single = { class_index, position, 1, TITHE_NODE_NONE };
  guint32 image = tithe_cut_get_image (self->cut, &single, 0);

  return (TitheMember){ image, position, curation ? tithe_curation_get_decision (curation, image) : 0,
                        tithe_subset_keeps (self->subset, image, representative), image == representative };
}

/* Where in its slice the image is that stands for the group if nothing is decided. */
static guint32
find_first (TitheGroupList *self, const TitheGroup *group)
{
  guint32 automatic = tithe_subset_get_automatic (self->subset, group);

  for (guint32 m = 0; m < group->size; m++)
    if (tithe_cut_get_image (self->cut, group, m) == automatic)
      return m;
  return 0;
}

/* Members are shown with what the rule chooses first and the others in leaf order, where neighbours are alike: so no decision
 * about an image moves it. */
static guint32
member_to_slice (guint32 member, guint32 first)
{
  if (member == 0)
    return first;
  return member <= first ? member - 1 : member;
}

static TitheMember
describe_in_block (TitheGroupList *self, guint class_index, guint32 position)
{
  const TitheGroup *group = tithe_cut_find_group (self->cut, class_index, position);
  TitheGroup single = { class_index, position, 1, TITHE_NODE_NONE };

  if (group != NULL)
    return describe (self, class_index, position, tithe_subset_get_representative (self->subset, group));
  return describe (self, class_index, position, tithe_cut_get_image (self->cut, &single, 0));
}

/**
 * tithe_group_list_get_members:
 * @first: the first member wanted; member 0 of a group is what stands for it where nothing is decided
 * @n: how many; first + n is at most the group's size
 * @members: (out caller-allocates) (array length=n)
 *
 * Takes O(size of the group) time.
 */
void
tithe_group_list_get_members (TitheGroupList *self, gsize index, guint32 first, guint32 n, TitheMember *members)
{
  const TitheGroup *group = tithe_group_list_get (self, index);
  guint32 representative, leading;

  if (tithe_group_list_is_block (self, index))
    {
      for (guint32 m = 0; m < n; m++)
        members[m] = describe_in_block (self, group->class_index, self->positions[group->start + first + m]);
      return;
    }
  representative = tithe_subset_get_representative (self->subset, group);
  leading = find_first (self, group);
  for (guint32 m = 0; m < n; m++)
    members[m]
        = describe (self, group->class_index, group->start + member_to_slice (first + m, leading), representative);
}

/* In a block, whose positions ascend. */
static gboolean
find_in_block (TitheGroupList *self, const TitheGroup *block, guint32 position, guint32 *member)
{
  guint32 low = 0, high = block->size;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (self->positions[block->start + middle] < position)
        low = middle + 1;
      else
        high = middle;
    }
  *member = low;
  return low < block->size && self->positions[block->start + low] == position;
}

/**
 * tithe_group_list_find:
 * @position: in the class's leaf order
 * @index: (out): of the group or block that holds it
 * @member: (out): where in that
 *
 * Returns: whether it is shown at all; takes O(n) time
 */
gboolean
tithe_group_list_find (TitheGroupList *self, guint class_index, guint32 position, gsize *index, guint32 *member)
{
  for (gsize i = 0; i < self->groups->len; i++)
    {
      const TitheGroup *group = tithe_group_list_get (self, i);
      guint32 first;

      if (group->class_index != class_index)
        continue;
      *index = i;
      if (tithe_group_list_is_block (self, i))
        {
          if (find_in_block (self, group, position, member))
            return TRUE;
          continue;
        }
      if (position < group->start || position - group->start >= group->size)
        continue;
      first = find_first (self, group);
      *member = position - group->start;
      *member = *member == first ? 0 : *member < first ? *member + 1 : *member;
      return TRUE;
    }
  return FALSE;
}

/**
 * tithe_group_list_find_image:
 * @image: of the dataset; one that it does not have is in no group
 *
 * As tithe_group_list_find(), by the image; takes O(n + images of the class) time.
 */
gboolean
tithe_group_list_find_image (TitheGroupList *self, guint32 image, gsize *index, guint32 *member)
{
  TitheHierarchy *hierarchy = tithe_cut_get_hierarchy (self->cut);
  TitheDataset *dataset = get_dataset (self);
  const TitheDendrogram *dendrogram;
  const guint32 *images;
  guint class_index;
  gsize n;

  if (image >= tithe_dataset_get_n_images (dataset))
    return FALSE;
  class_index = tithe_dataset_get_label (dataset, image);
  dendrogram = tithe_hierarchy_get_class (hierarchy, class_index);
  images = tithe_dataset_get_class_images (dataset, class_index, &n);
  for (guint32 position = 0; dendrogram != NULL && position < dendrogram->n; position++)
    if (images[dendrogram->leaves[position]] == image)
      return tithe_group_list_find (self, class_index, position, index, member);
  return FALSE;
}
