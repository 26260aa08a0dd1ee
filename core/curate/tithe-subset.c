/* SPDX-License-Identifier: MIT */
#include "tithe-subset.h"
#include "base/tithe-ratio.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK (tithe-subset-error-quark, tithe_subset_error)

/* How often the cut is moved to meet the wanted numbers in spite of what was decided by hand. */
#define MAX_CORRECTIONS 24

/* What a ratio may be off by where it was made of whole numbers. */
#define ROUNDING 1e-9

/* For a number of clusters with which as many images are kept as are wanted, of one class or of those that share a cut:
 * low keeps too few, high too many. */
typedef struct
{
  gsize wanted, n_clusters, low, high, best, best_distance;
  gboolean found;
} CountSearch;

struct _TitheSubset
{
  TitheCut *cut;
  TitheCuration *curation; /* (nullable) (not owned) */
  TitheRepresentative rule;
  TithePolicy policy;
  TitheSubsetTotals totals;
  gsize *class_kept, *class_reviewed;
  double *class_ratios;  /* of each class, over what was decided; 0 where that holds */
  CountSearch *searches; /* of each class */
};

static guint
count_classes (TitheSubset *self)
{
  return tithe_dataset_get_n_classes (tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (self->cut)));
}

/**
 * tithe_subset_new:
 * @curation: (nullable) (transfer none): must outlive the subset, or be taken back
 *
 * Returns: (transfer full): a subset that keeps everything
 */
TitheSubset *
tithe_subset_new (TitheHierarchy *hierarchy, TitheCuration *curation)
{
  TitheSubset *self = g_new0 (TitheSubset, 1);

  self->cut = tithe_cut_new (hierarchy);
  self->curation = curation;
  self->rule = TITHE_REPRESENTATIVE_CENTRE;
  self->class_kept = g_new0 (gsize, MAX (1, count_classes (self)));
  self->class_reviewed = g_new0 (gsize, MAX (1, count_classes (self)));
  self->class_ratios = g_new0 (double, MAX (1, count_classes (self)));
  self->searches = g_new0 (CountSearch, MAX (1, count_classes (self)));
  tithe_subset_set_ratio (self, 1.0, TITHE_POLICY_PER_CLASS, FALSE);
  return self;
}

/* The hierarchy and the decisions stay. */
void
tithe_subset_free (TitheSubset *self)
{
  tithe_cut_free (self->cut);
  g_free (self->class_kept);
  g_free (self->class_reviewed);
  g_free (self->class_ratios);
  g_free (self->searches);
  g_free (self);
}

/* (transfer none): the clusters at the ratio that was last set; it moves with the subset. */
TitheCut *
tithe_subset_get_cut (TitheSubset *self)
{
  return self->cut;
}

/* tithe_subset_get_policy: by which it was cut last; a threshold is one dissimilarity for all */
TithePolicy
tithe_subset_get_policy (TitheSubset *self)
{
  return self->policy;
}

/* (transfer none) (nullable): the decisions over the cut. */
TitheCuration *
tithe_subset_get_curation (TitheSubset *self)
{
  return self->curation;
}

/**
 * tithe_subset_set_curation:
 *
 * To be followed by tithe_subset_set_ratio(), like everything else that changes.
 */
void
tithe_subset_set_curation (TitheSubset *self, TitheCuration *curation)
{
  self->curation = curation;
}

/**
 * tithe_class_ratio_parse:
 * @text: such as “0.8” or “80%”
 *
 * Returns: the ratio of a class, above 0 up to 1 by ten-thousandths; -1 where it is something else
 */
double
tithe_class_ratio_parse (const char *text)
{
  double ratio, units;

  if (!tithe_ratio_parse (text, &ratio))
    return -1;
  units = ratio * TITHE_CLASS_RATIO_UNIT;
  if (!(units > 0.5 && ratio <= 1) || fabs (units - floor (units + 0.5)) > 1e-6)
    return -1;
  return floor (units + 0.5) / TITHE_CLASS_RATIO_UNIT;
}

/* Which image stands for a group where nobody decided. What is kept in all stays as many. */
void
tithe_subset_set_rule (TitheSubset *self, TitheRepresentative rule)
{
  self->rule = rule;
}

/**
 * tithe_subset_get_class_ratio:
 *
 * Returns: the share of the class's images to keep whatever the ratio of all, 0 where it is that of all
 */
double
tithe_subset_get_class_ratio (TitheSubset *self, guint class_index)
{
  if (self->class_ratios[class_index] > 0 || self->curation == NULL)
    return self->class_ratios[class_index];
  return tithe_curation_get_class_ratio (self->curation, class_index);
}

/**
 * tithe_subset_set_class_ratio:
 * @ratio: above 0 up to 1; 0 for what was decided
 *
 * As tithe_subset_set_class_ratios(), of one class.
 */
void
tithe_subset_set_class_ratio (TitheSubset *self, guint class_index, double ratio)
{
  g_return_if_fail (class_index < count_classes (self) && ratio >= 0 && ratio <= 1);
  self->class_ratios[class_index] = ratio;
}

/**
 * tithe_subset_set_class_ratios:
 * @ratios: (nullable) (array zero-terminated=1): names of classes, each followed by the share of its images to keep
 *
 * Ratios of single classes over those that were decided, for this subset alone. To be followed by tithe_subset_set_ratio().
 *
 * Returns: %FALSE with a %TITHE_SUBSET_ERROR where the dataset has no such class, or what follows it is no ratio
 */
gboolean
tithe_subset_set_class_ratios (TitheSubset *self, const char *const *ratios, GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (self->cut));

  memset (self->class_ratios, 0, count_classes (self) * sizeof (double));
  for (; ratios != NULL && ratios[0] != NULL; ratios += 2)
    {
      int class_index = tithe_dataset_find_class (dataset, ratios[0]);
      double ratio = ratios[1] ? tithe_class_ratio_parse (ratios[1]) : -1;

      if (class_index < 0)
        {
          g_set_error (error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_CLASS, _("the dataset has no class “%s”"),
                       ratios[0]);
          return FALSE;
        }
      if (ratio < 0)
        {
          g_set_error (error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_RATIO,
                       _("“%s” is no ratio of the class “%s”: above 0 up to 1, four decimals at most"),
                       ratios[1] ? ratios[1] : "", ratios[0]);
          return FALSE;
        }
      self->class_ratios[class_index] = ratio;
    }
  return TRUE;
}

/* --- who stands for a group --- */

/* What the rule chooses in the largest part where that is not discarded: parts are tried from the whole downwards, the
 * larger first. */
static guint32
choose_undiscarded (TitheSubset *self, const TitheGroup *group)
{
  const TitheDendrogram *dendrogram
      = tithe_hierarchy_get_class (tithe_cut_get_hierarchy (self->cut), group->class_index);
  guint32 best_size = 0, best = TITHE_IMAGE_NONE, first_single = TITHE_IMAGE_NONE;
  TitheGroup part = *group;

  /* The parts of the group are the merges whose slices lie in its slice, each found at the split between its children. */
  for (guint32 position = group->start + 1; position < group->start + group->size; position++)
    {
      guint32 merge = dendrogram->split[position], image;

      if (dendrogram->sizes[merge] <= best_size || dendrogram->sizes[merge] > group->size)
        continue;
      part.node = merge;
      part.start = dendrogram->starts[merge];
      part.size = dendrogram->sizes[merge];
      image = tithe_cut_get_representative (self->cut, &part, self->rule);
      if (tithe_curation_get_decision (self->curation, image) == TITHE_DECISION_DISCARD)
        continue;
      best = image;
      best_size = part.size;
    }
  if (best != TITHE_IMAGE_NONE)
    return best;
  for (guint32 m = 0; m < group->size && first_single == TITHE_IMAGE_NONE; m++)
    {
      guint32 image = tithe_cut_get_image (self->cut, group, m);

      if (tithe_curation_get_decision (self->curation, image) != TITHE_DECISION_DISCARD)
        first_single = image;
    }
  return first_single;
}

/* tithe_subset_get_automatic: the image that would stand for the group if nothing were decided about its images */
guint32
tithe_subset_get_automatic (TitheSubset *self, const TitheGroup *group)
{
  return tithe_cut_get_representative (self->cut, group, self->rule);
}

/**
 * tithe_subset_get_representative:
 *
 * Returns: the image that stands for the group, by the rules of #TitheCuration; %TITHE_IMAGE_NONE where all of it is
 *   discarded. Takes O(size) time.
 */
guint32
tithe_subset_get_representative (TitheSubset *self, const TitheGroup *group)
{
  gsize n_decided = 0;
  const guint8 *decisions
      = self->curation ? tithe_curation_get_decisions (self->curation, group->class_index, &n_decided) : NULL;
  guint32 automatic = tithe_subset_get_automatic (self, group), keep = TITHE_IMAGE_NONE;

  if (n_decided == 0)
    return automatic;
  for (guint32 m = 0; m < group->size; m++)
    {
      guint8 decision = decisions[group->start + m];

      if (decision == TITHE_DECISION_REPRESENTATIVE)
        return tithe_cut_get_image (self->cut, group, m);
      if (decision == TITHE_DECISION_KEEP && keep == TITHE_IMAGE_NONE)
        keep = tithe_cut_get_image (self->cut, group, m);
    }
  if (tithe_curation_get_decision (self->curation, automatic) != TITHE_DECISION_DISCARD)
    return automatic;
  return keep != TITHE_IMAGE_NONE ? keep : choose_undiscarded (self, group);
}

/**
 * tithe_subset_keeps:
 * @representative: of the image's group, or the image itself where it stands alone
 *
 * Returns: whether the image is kept
 */
gboolean
tithe_subset_keeps (TitheSubset *self, guint32 image, guint32 representative)
{
  TitheDecision decision
      = self->curation ? tithe_curation_get_decision (self->curation, image) : TITHE_DECISION_AUTOMATIC;

  if (decision == TITHE_DECISION_AUTOMATIC)
    return image == representative;
  return decision != TITHE_DECISION_DISCARD;
}

/* Whether the group, or one that it is part of, was marked as reviewed. */
gboolean
tithe_subset_is_reviewed (TitheSubset *self, const TitheGroup *group)
{
  return self->curation != NULL && group->node != TITHE_NODE_NONE
         && tithe_curation_is_reviewed (self->curation, group->class_index, group->node);
}

/* --- totals --- */

typedef struct
{
  gsize kept, manual, discarded, empty;
} Count;

/* One group, or one image that stands alone, with something decided in it. */
static void
count_cluster (TitheSubset *self, const TitheGroup *group, const guint8 *decisions, Count *count)
{
  gsize manual = 0, discarded = 0;
  gboolean keeps_automatic = FALSE;

  for (guint32 m = 0; m < group->size; m++)
    {
      manual += decisions[m] == TITHE_DECISION_KEEP || decisions[m] == TITHE_DECISION_REPRESENTATIVE;
      discarded += decisions[m] == TITHE_DECISION_DISCARD;
    }
  if (manual + discarded < group->size)
    {
      guint32 representative
          = group->size > 1 ? tithe_subset_get_representative (self, group) : tithe_cut_get_image (self->cut, group, 0);

      keeps_automatic = tithe_curation_get_decision (self->curation, representative) == TITHE_DECISION_AUTOMATIC;
    }
  count->kept += manual + keeps_automatic;
  count->manual += manual;
  count->discarded += discarded;
  count->empty += group->size > 1 && discarded == group->size;
}

/* Decisions are rare and groups are in leaf order: one walk along both, many images at a step. */
static gsize
count_class (TitheSubset *self, guint class_index, Count *total)
{
  const TitheClassCut *class = tithe_cut_get_class (self->cut, class_index);
  gsize n_groups, n_decided = 0, kept = class->n_clusters;
  const TitheGroup *group = tithe_cut_get_groups (self->cut, &n_groups) + class->first_group;
  const TitheGroup *end = group + class->n_groups;
  const guint8 *decisions = tithe_curation_get_decisions (self->curation, class_index, &n_decided);

  for (guint32 position = 0; n_decided > 0 && position < class->n_images;)
    {
      TitheGroup single = { class_index, position, 1, TITHE_NODE_NONE };
      const TitheGroup *cluster = &single;
      Count count = { 0 };
      guint64 eight;

      if (position + 8 <= class->n_images)
        {
          memcpy (&eight, decisions + position, 8);
          if (eight == 0)
            {
              position += 8;
              continue;
            }
        }
      if (decisions[position] == 0)
        {
          position++;
          continue;
        }
      while (group < end && group->start + group->size <= position)
        group++;
      if (group < end && group->start <= position)
        cluster = group;
      count_cluster (self, cluster, decisions + cluster->start, &count);
      kept = kept - 1 + count.kept;
      total->manual += count.manual;
      total->discarded += count.discarded;
      total->empty += count.empty;
      position = cluster->start + cluster->size;
    }
  return kept;
}

static void
count_reviewed (TitheSubset *self)
{
  gsize n;
  const TitheGroup *groups = tithe_cut_get_groups (self->cut, &n);

  self->totals.n_reviewed_groups = 0;
  memset (self->class_reviewed, 0, count_classes (self) * sizeof (gsize));
  for (gsize i = 0; self->curation != NULL && i < n; i++)
    if (tithe_subset_is_reviewed (self, &groups[i]))
      {
        self->totals.n_reviewed_groups++;
        self->class_reviewed[groups[i].class_index]++;
      }
}

static void
count (TitheSubset *self)
{
  Count total = { 0 };

  self->totals.n_images = tithe_cut_get_n_images (self->cut);
  tithe_cut_get_groups (self->cut, &self->totals.n_groups);
  self->totals.n_kept = 0;
  for (guint c = 0; c < count_classes (self); c++)
    {
      self->class_kept[c]
          = self->curation ? count_class (self, c, &total) : tithe_cut_get_class (self->cut, c)->n_clusters;
      self->totals.n_kept += self->class_kept[c];
    }
  self->totals.n_manually_kept = total.manual;
  self->totals.n_manually_discarded = total.discarded;
  self->totals.n_empty_groups = total.empty;
}

/* What was decided about whole classes and about merges. */
static void
take_overrides (TitheSubset *self)
{
  for (guint c = 0; c < count_classes (self); c++)
    {
      double ratio = tithe_subset_get_class_ratio (self, c);

      tithe_cut_set_overrides (self->cut, c, self->curation ? tithe_curation_get_overrides (self->curation, c) : NULL);
      tithe_cut_set_class_total (self->cut, c, ratio > 0 ? tithe_cut_count_class_wanted (self->cut, c, ratio) : 0);
    }
}

static void
search_begin (CountSearch *self, gsize wanted, gsize n_images)
{
  *self = (CountSearch){ .wanted = wanted, .n_clusters = wanted, .high = n_images + 1, .best_distance = G_MAXSIZE };
}

/* More clusters hardly ever keep less: what misses by k is tried again k further, and the interval closes. Takes what is
 * kept with n_clusters, and returns whether that is another number now. */
static gboolean
search_step (CountSearch *self, gsize kept)
{
  const gsize tried = self->n_clusters;
  gsize distance = kept > self->wanted ? kept - self->wanted : self->wanted - kept;
  gint64 next;

  if (self->found)
    return FALSE;
  if (distance < self->best_distance)
    {
      self->best = tried;
      self->best_distance = distance;
    }
  if (kept < self->wanted)
    self->low = tried;
  else
    self->high = tried;
  self->found = distance == 0 || self->high - self->low <= 1;
  next = (gint64) tried + (gint64) self->wanted - (gint64) kept;
  if (next <= (gint64) self->low || next >= (gint64) self->high)
    next = (gint64) (self->low + (self->high - self->low) / 2);
  self->n_clusters = self->found ? MAX (self->best, 1) : (gsize) next;
  return self->n_clusters != tried;
}

static gboolean
search_give_up (CountSearch *self)
{
  const gsize tried = self->n_clusters;

  if (!self->found)
    self->n_clusters = MAX (self->best, 1);
  self->found = TRUE;
  return self->n_clusters != tried;
}

/* Whether the class is to keep its number whatever the others do. */
static gboolean
is_apart (TitheSubset *self, guint class_index, TithePolicy policy)
{
  return policy == TITHE_POLICY_PER_CLASS || tithe_subset_get_class_ratio (self, class_index) > 0;
}

/* Moves the cut until every class keeps as many images as the ratio asks for; those that share one dissimilarity, together.
 * Classes in which nothing is decided keep theirs from the start. */
static void
meet_exactly (TitheSubset *self, TithePolicy policy)
{
  const guint n_classes = count_classes (self);
  gsize wanted = 0, n_images = 0;
  CountSearch shared;
  gboolean moved = TRUE;

  for (guint c = 0; c < n_classes; c++)
    {
      const TitheClassCut *class = tithe_cut_get_class (self->cut, c);

      search_begin (&self->searches[c], class->n_wanted, class->n_images);
      wanted += is_apart (self, c, policy) ? 0 : class->n_wanted;
      n_images += is_apart (self, c, policy) ? 0 : class->n_images;
    }
  search_begin (&shared, wanted, n_images);
  for (gsize i = 0; moved; i++)
    {
      gsize total = 0, kept = 0;

      moved = FALSE;
      for (guint c = 0; c < n_classes; c++)
        if (!is_apart (self, c, policy))
          kept += self->class_kept[c];
        else if (tithe_cut_get_class (self->cut, c)->n_images > 0)
          {
            CountSearch *search = &self->searches[c];

            moved |= i < MAX_CORRECTIONS ? search_step (search, self->class_kept[c]) : search_give_up (search);
            tithe_cut_set_class_total (self->cut, c, (guint32) search->n_clusters);
            total += search->n_clusters;
          }
      if (n_images > 0)
        moved |= i < MAX_CORRECTIONS ? search_step (&shared, kept) : search_give_up (&shared);
      if (!moved)
        break;
      tithe_cut_set_total (self->cut, total + (n_images > 0 ? shared.n_clusters : 0), policy);
      count (self);
    }
}

/**
 * tithe_subset_set_ratio:
 * @ratio: of the images to keep, of classes that have none of their own
 * @exact: whether the cut gives way to the decisions by hand, so that each class keeps as many as the ratio asks for, or
 *   one more or less where no cut meets it; with the global policy that holds for all classes together that have no ratio
 *   of their own;
 *   without it the cut is that of the ratio, and the decisions come on top
 *
 * Follows the ratio, and whatever changed in the curation. Takes O(n) time, some times that with @exact.
 */
void
tithe_subset_set_ratio (TitheSubset *self, double ratio, TithePolicy policy, gboolean exact)
{
  self->policy = policy;
  take_overrides (self);
  tithe_cut_set_ratio (self->cut, ratio, policy);
  count (self);
  self->totals.n_wanted = 0;
  for (guint c = 0; c < count_classes (self); c++)
    self->totals.n_wanted += tithe_cut_get_class (self->cut, c)->n_wanted;
  if (exact && self->curation != NULL)
    {
      meet_exactly (self, policy);
      take_overrides (self);
    }
  count_reviewed (self);
}

/* A floor as it is told, so that what is told can be had. */
static double
round_up (double floor)
{
  return ceil ((floor - ROUNDING) * 1e4) / 1e4;
}

static gboolean
check_class_floors (TitheSubset *self, GError **error)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (self->cut));

  for (guint c = 0; c < count_classes (self); c++)
    {
      const double ratio = tithe_subset_get_class_ratio (self, c), floor = tithe_cut_get_class_floor (self->cut, c);

      if (ratio > 0 && ratio < floor - ROUNDING)
        {
          g_set_error (error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_FLOOR,
                       _("the class “%s” was clustered down to a ratio of %.4f only, and its own ratio is %.4f"),
                       tithe_dataset_get_class_name (dataset, c), round_up (floor), ratio);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * tithe_subset_check_ratio:
 *
 * Returns: %FALSE with %TITHE_SUBSET_ERROR_FLOOR where the ratio, or that of a class, is below what was clustered, so that
 *   the subset would be that of the floor
 */
gboolean
tithe_subset_check_ratio (TitheSubset *self, double ratio, TithePolicy policy, GError **error)
{
  double floor;

  take_overrides (self);
  floor = tithe_cut_get_floor (self->cut, policy);
  if (ratio < floor - ROUNDING)
    {
      g_set_error (
          error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_FLOOR,
          _("a ratio of %.4f is below the floor of %.4f, down to which the images were clustered: take a higher "
             "ratio, or cluster again with a lower floor"),
          ratio, round_up (floor));
      return FALSE;
    }
  return check_class_floors (self, error);
}

/**
 * tithe_subset_check_threshold:
 *
 * Returns: %FALSE with %TITHE_SUBSET_ERROR_FLOOR where merges up to that dissimilarity are not all known
 */
gboolean
tithe_subset_check_threshold (TitheSubset *self, double height, GError **error)
{
  double limit;

  take_overrides (self);
  limit = (double) tithe_cut_get_limit (self->cut);
  if (limit < (double) TITHE_HEIGHT_UNKNOWN && height > limit)
    {
      g_set_error (
          error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_FLOOR,
          _("a threshold of %g is above %g, up to which the images were clustered: take a lower threshold, or "
             "cluster again with a lower floor"),
          height, limit);
      return FALSE;
    }
  return check_class_floors (self, error);
}

/**
 * tithe_subset_choose:
 *
 * Rule and ratio at once: tithe_subset_set_rule() and tithe_subset_set_ratio().
 */
void
tithe_subset_choose (TitheSubset *self, const TitheSubsetChoice *choice)
{
  tithe_subset_set_rule (self, choice->rule);
  tithe_subset_set_ratio (self, choice->ratio, choice->policy, choice->exact);
}

/**
 * tithe_subset_set_threshold:
 * @height: every merge up to this dissimilarity is made
 */
void
tithe_subset_set_threshold (TitheSubset *self, double height)
{
  self->policy = TITHE_POLICY_GLOBAL;
  take_overrides (self);
  tithe_cut_set_threshold (self->cut, height);
  count (self);
  self->totals.n_wanted = self->totals.n_kept;
  count_reviewed (self);
}

/**
 * tithe_subset_ask:
 * @choice: whose ratio is not above 0 where @threshold is in its place
 * @class_ratios: (nullable): as of tithe_subset_set_class_ratios()
 *
 * All that makes a subset at once, as somebody asked for it: what can't be had is refused.
 *
 * Returns: %FALSE with a %TITHE_SUBSET_ERROR, and what the subset is does not matter then
 */
gboolean
tithe_subset_ask (TitheSubset *self, const TitheSubsetChoice *choice, double threshold, const char *const *class_ratios,
                  GError **error)
{
  tithe_subset_set_rule (self, choice->rule);
  if (!tithe_subset_set_class_ratios (self, class_ratios, error))
    return FALSE;
  if (choice->ratio > 0)
    {
      if (!tithe_subset_check_ratio (self, choice->ratio, choice->policy, error))
        return FALSE;
      tithe_subset_choose (self, choice);
      return TRUE;
    }
  if (!tithe_subset_check_threshold (self, threshold, error))
    return FALSE;
  tithe_subset_set_threshold (self, threshold);
  return TRUE;
}

/* (transfer none): counts over all classes, valid until the subset next changes. Takes O(1) time. */
const TitheSubsetTotals *
tithe_subset_get_totals (TitheSubset *self)
{
  return &self->totals;
}

/**
 * tithe_subset_get_class_kept:
 *
 * Returns: images of the class that are kept
 */
gsize
tithe_subset_get_class_kept (TitheSubset *self, guint class_index)
{
  return self->class_kept[class_index];
}

/**
 * tithe_subset_get_class_reviewed:
 *
 * Returns: redundant groups of the class that somebody looked at
 */
gsize
tithe_subset_get_class_reviewed (TitheSubset *self, guint class_index)
{
  return self->class_reviewed[class_index];
}

/**
 * tithe_subset_find_group:
 * @group: (out): the redundant group that the image is in
 *
 * Returns: %FALSE where it stands alone; needs a curation. Takes O(log n) time.
 */
gboolean
tithe_subset_find_group (TitheSubset *self, guint32 image, TitheGroup *group)
{
  guint class_index
      = tithe_dataset_get_label (tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (self->cut)), image);
  const TitheGroup *found
      = tithe_cut_find_group (self->cut, class_index, tithe_curation_get_position (self->curation, image));

  if (found == NULL)
    return FALSE;
  *group = *found;
  return TRUE;
}

typedef struct
{
  TitheEmbedding *embedding;
  const float *row;
  guint32 image, nearest;
  float cosine;
} Search;

static void
compare_with (Search *search, guint32 image, float *row)
{
  const gsize dim = tithe_embedding_get_dim (search->embedding);
  float cosine;

  if (image == search->image)
    return;
  tithe_embedding_get_rows (search->embedding, &image, 1, row);
  cosine = cblas_sdot ((blasint) dim, row, 1, search->row, 1);
  if (cosine > search->cosine)
    {
      search->cosine = cosine;
      search->nearest = image;
    }
}

/**
 * tithe_subset_dup_kept:
 *
 * Returns: (transfer full) (array): for each image of the dataset, 1 where it is kept and 0 where it is discarded
 */
guint8 *
tithe_subset_dup_kept (TitheSubset *self)
{
  const gsize n = tithe_dataset_get_n_images (tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (self->cut)));
  guint8 *kept = g_new (guint8, MAX (1, n));
  const TitheGroup *groups;
  gsize n_groups;

  for (gsize i = 0; i < n; i++)
    kept[i] = tithe_subset_keeps (self, (guint32) i, (guint32) i);
  groups = tithe_cut_get_groups (self->cut, &n_groups);
  for (gsize g = 0; g < n_groups; g++)
    {
      guint32 representative = tithe_subset_get_representative (self, &groups[g]);

      for (guint32 m = 0; m < groups[g].size; m++)
        {
          guint32 image = tithe_cut_get_image (self->cut, &groups[g], m);

          kept[image] = tithe_subset_keeps (self, image, representative);
        }
    }
  return kept;
}

/**
 * tithe_subset_find_nearest_kept:
 * @embedding: bound to the dataset
 * @dissimilarity: (out): of the two
 *
 * Returns: the image of the same class that is kept and nearest to it, or %TITHE_IMAGE_NONE; takes O(n dim) time with the
 *   class's n
 */
guint32
tithe_subset_find_nearest_kept (TitheSubset *self, TitheEmbedding *embedding, guint32 image, float *dissimilarity)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (self->cut));
  guint class_index = tithe_dataset_get_label (dataset, image);
  const TitheClassCut *class = tithe_cut_get_class (self->cut, class_index);
  const gsize dim = tithe_embedding_get_dim (embedding);
  g_autofree TitheGroup *clusters = g_new (TitheGroup, MAX (1, class->n_images));
  g_autofree float *own = g_new (float, dim), *other = g_new (float, dim);
  gsize n = tithe_cut_list_clusters (self->cut, class_index, clusters);
  Search search = { embedding, own, image, TITHE_IMAGE_NONE, -2.0f };

  tithe_embedding_get_rows (embedding, &image, 1, own);
  for (gsize i = 0; i < n; i++)
    {
      guint32 representative = clusters[i].size > 1 ? tithe_subset_get_representative (self, &clusters[i])
                                                    : tithe_cut_get_image (self->cut, &clusters[i], 0);

      for (guint32 m = 0; m < clusters[i].size; m++)
        {
          guint32 member = tithe_cut_get_image (self->cut, &clusters[i], m);

          if (tithe_subset_keeps (self, member, representative))
            compare_with (&search, member, other);
        }
    }
  *dissimilarity = CLAMP (1.0f - search.cosine, 0.0f, 2.0f);
  return search.nearest;
}
