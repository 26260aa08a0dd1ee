/* SPDX-License-Identifier: MIT */
#include "tithe-rule.h"

#include "curate/tithe-step-name.h"
#include "image/tithe-sharpness.h"
#include "base/tithe-parallel.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Sharpness is compared at this size at most: blur that matters shows in it, and reading it is quick. */
#define MAX_EDGE 512
#define CHUNK 16

G_DEFINE_QUARK (tithe-rule-error-quark, tithe_rule_error)

const TitheWord tithe_rule_words[] = {
  { "largest", TITHE_RULE_LARGEST, "the largest image stands for its group" },
  { "sharpest", TITHE_RULE_SHARPEST, "the sharpest image stands for its group" },
  { "discard-others", TITHE_RULE_DISCARD_OTHERS, "all but the representatives are discarded" },
  { "at-least", TITHE_RULE_AT_LEAST, "so many images of each class are kept" },
  { "protect-class", TITHE_RULE_PROTECT_CLASS, "every image of a class is kept" },
  { "protect-folder", TITHE_RULE_PROTECT_FOLDER, "every image below a folder is kept" },
  { "protect-list", TITHE_RULE_PROTECT_LIST, "every image that a file of paths names is kept" },
  { NULL, 0, NULL },
};

/**
 * tithe_rule_needs_groups:
 *
 * Returns: whether the rule is about groups, and not about the whole dataset
 */
gboolean
tithe_rule_needs_groups (TitheRuleKind kind)
{
  return kind == TITHE_RULE_LARGEST || kind == TITHE_RULE_SHARPEST || kind == TITHE_RULE_DISCARD_OTHERS;
}

/* What a rule is worked out on: copies of its own, so that a window may go on deciding. */
typedef struct
{
  const TitheRule *rule;
  TitheSubset *subset;
  TitheCuration *curation;
  TitheDataset *dataset;
  const TitheGroup *groups;
  gsize n_groups;
  TitheJob *job;
  GArray *changes;
  guint32 *best;    /* of each group: the image that was found, or TITHE_IMAGE_NONE */
  int n_unreadable; /* atomic */
} Planner;

static void
change (Planner *planner, guint32 image, TitheDecision to)
{
  TitheRuleChange entry = { image, tithe_curation_get_decision (planner->curation, image), to };

  if (entry.from != entry.to)
    g_array_append_val (planner->changes, entry);
}

static guint32
get_member (Planner *planner, const TitheGroup *group, guint32 m)
{
  return tithe_cut_get_image (tithe_subset_get_cut (planner->subset), group, m);
}

/* --- the best of each group --- */

static void
count_unreadable (Planner *planner)
{
  g_atomic_int_inc (&planner->n_unreadable);
}

/* Of the picture as it is in its file, of which the readers decode no more than they must. */
static guint64
measure_area (Planner *planner, guint32 image, guint *edge)
{
  g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (planner->dataset, image, 1, NULL);

  *edge = pixels ? MAX (pixels->original_width, pixels->original_height) : 0;
  return pixels ? (guint64) pixels->original_width * pixels->original_height : 0;
}

static double
measure_sharpness (Planner *planner, guint32 image, guint edge)
{
  g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (planner->dataset, image, edge, NULL);

  return pixels ? tithe_sharpness_measure (pixels) : -1;
}

/* Of equals what stands for the group stays, else the first in leaf order is taken. */
static void
find_best (Planner *planner, gsize g)
{
  const TitheGroup *group = &planner->groups[g];
  guint32 now = tithe_subset_get_representative (planner->subset, group), best = TITHE_IMAGE_NONE;
  g_autofree double *scores = g_new (double, group->size);
  guint smallest = MAX_EDGE;
  double highest = -1;

  for (guint32 m = 0; m < group->size; m++)
    {
      guint edge;

      scores[m] = (double) measure_area (planner, get_member (planner, group, m), &edge);
      if (edge > 0)
        smallest = MIN (smallest, edge);
      else
        count_unreadable (planner);
    }
  for (guint32 m = 0; m < group->size && !tithe_job_is_cancelled (planner->job); m++)
    {
      guint32 image = get_member (planner, group, m);

      if (scores[m] <= 0 || tithe_curation_get_decision (planner->curation, image) == TITHE_DECISION_DISCARD)
        continue;
      if (planner->rule->kind == TITHE_RULE_SHARPEST)
        scores[m] = measure_sharpness (planner, image, smallest);
      if (scores[m] > highest || (scores[m] == highest && image == now))
        {
          highest = scores[m];
          best = image;
        }
    }
  planner->best[g] = best;
}

static void
find_best_of_range (gsize begin, gsize end, gpointer user_data)
{
  for (gsize g = begin; g < end; g++)
    find_best (user_data, g);
}

static gboolean
is_chosen_manually (Planner *planner, const TitheGroup *group)
{
  for (guint32 m = 0; m < group->size; m++)
    if (tithe_curation_get_decision (planner->curation, get_member (planner, group, m))
        == TITHE_DECISION_REPRESENTATIVE)
      return TRUE;
  return FALSE;
}

static gboolean
plan_best (Planner *planner, GError **error)
{
  planner->best = g_new (guint32, MAX (1, planner->n_groups));
  tithe_job_start (planner->job, _("Comparing images"), planner->n_groups);
  if (!tithe_parallel_for (tithe_parallel_resolve_threads (0), planner->n_groups, CHUNK, find_best_of_range, planner,
                           planner->job))
    return tithe_job_check (planner->job, error);
  for (gsize g = 0; g < planner->n_groups; g++)
    if (planner->best[g] != TITHE_IMAGE_NONE && !is_chosen_manually (planner, &planner->groups[g])
        && planner->best[g] != tithe_subset_get_representative (planner->subset, &planner->groups[g]))
      change (planner, planner->best[g], TITHE_DECISION_REPRESENTATIVE);
  return TRUE;
}

static void
plan_discards (Planner *planner)
{
  for (gsize g = 0; g < planner->n_groups; g++)
    {
      guint32 representative = tithe_subset_get_representative (planner->subset, &planner->groups[g]);

      for (guint32 m = 0; m < planner->groups[g].size; m++)
        {
          guint32 image = get_member (planner, &planner->groups[g], m);

          if (image != representative
              && tithe_curation_get_decision (planner->curation, image) == TITHE_DECISION_AUTOMATIC)
            change (planner, image, TITHE_DECISION_DISCARD);
        }
    }
}

/* --- protection --- */

static void
protect (Planner *planner, guint32 image)
{
  if (tithe_curation_get_decision (planner->curation, image) != TITHE_DECISION_REPRESENTATIVE)
    change (planner, image, TITHE_DECISION_KEEP);
}

static gboolean
plan_class (Planner *planner, GError **error)
{
  int class_index = tithe_dataset_find_class (planner->dataset, planner->rule->text);
  const guint32 *images;
  gsize n;

  if (class_index < 0)
    {
      g_set_error (error, TITHE_RULE_ERROR, TITHE_RULE_ERROR_UNKNOWN, _("the dataset has no class “%s”"),
                   planner->rule->text);
      return FALSE;
    }
  images = tithe_dataset_get_class_images (planner->dataset, (guint) class_index, &n);
  for (gsize i = 0; i < n; i++)
    protect (planner, images[i]);
  return TRUE;
}

static gboolean
plan_folder (Planner *planner, GError **error)
{
  g_autofree char *folder = NULL;
  g_autoptr (GString) path = g_string_new (NULL);
  const char *locator = tithe_dataset_get_locator (planner->dataset), *text = planner->rule->text;
  gsize n_matches = 0, length;

  /* A folder chosen in a dialog has the dataset's own path before it. */
  if (g_str_has_prefix (text, locator) && text[strlen (locator)] == G_DIR_SEPARATOR)
    text += strlen (locator) + 1;
  folder = g_strdup (text);
  length = strlen (folder);
  while (length > 0 && folder[length - 1] == '/')
    folder[--length] = '\0';
  for (gsize i = 0; length > 0 && i < tithe_dataset_get_n_images (planner->dataset); i++)
    {
      const char *name = tithe_dataset_get_path (planner->dataset, i, path);

      if (strncmp (name, folder, length) != 0 || name[length] != '/')
        continue;
      protect (planner, (guint32) i);
      n_matches++;
    }
  if (n_matches > 0)
    return TRUE;
  g_set_error (error, TITHE_RULE_ERROR, TITHE_RULE_ERROR_UNKNOWN, _("no image of the dataset is in a folder “%s”"),
               planner->rule->text);
  return FALSE;
}

static gboolean
plan_list (Planner *planner, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GHashTable) images = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree guint8 *seen = g_new0 (guint8, tithe_dataset_get_n_images (planner->dataset) + 1);
  g_autoptr (GString) path = g_string_new (NULL);

  if (!g_file_get_contents (planner->rule->text, &text, NULL, &local))
    {
      g_set_error (error, TITHE_RULE_ERROR, TITHE_RULE_ERROR_READ, _("cannot read the list of paths: %s"),
                   local->message);
      return FALSE;
    }
  for (gsize i = 0; i < tithe_dataset_get_n_images (planner->dataset); i++)
    g_hash_table_insert (images, g_strdup (tithe_dataset_get_path (planner->dataset, i, path)),
                         GSIZE_TO_POINTER (i + 1));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize image;

      g_strchomp (lines[i]);
      if (*lines[i] == '\0')
        continue;
      image = GPOINTER_TO_SIZE (g_hash_table_lookup (images, lines[i]));
      if (image == 0)
        {
          g_set_error (error, TITHE_RULE_ERROR, TITHE_RULE_ERROR_UNKNOWN,
                       _("line %u of “%s”: the dataset has no image “%s”"), i + 1, planner->rule->text, lines[i]);
          return FALSE;
        }
      /* Twice in the list is once in the step. */
      if (!seen[image])
        protect (planner, (guint32) (image - 1));
      seen[image] = 1;
    }
  return TRUE;
}

/* --- as many of each class --- */

typedef struct
{
  guint8 *kept; /* by position in the leaf order */
  gsize n_kept;
} ClassState;

static ClassState
get_class_state (Planner *planner, guint c, TitheGroup *clusters)
{
  TitheCut *cut = tithe_subset_get_cut (planner->subset);
  ClassState state = { g_new0 (guint8, MAX (1, tithe_cut_get_class (cut, c)->n_images)), 0 };
  gsize n = tithe_cut_list_clusters (cut, c, clusters);

  for (gsize i = 0; i < n; i++)
    {
      guint32 representative = clusters[i].size > 1 ? tithe_subset_get_representative (planner->subset, &clusters[i])
                                                    : get_member (planner, &clusters[i], 0);

      for (guint32 m = 0; m < clusters[i].size; m++)
        if (tithe_subset_keeps (planner->subset, get_member (planner, &clusters[i], m), representative))
          {
            state.kept[clusters[i].start + m] = 1;
            state.n_kept++;
          }
    }
  return state;
}

/* Merges are taken back from the topmost on: where neither part of one keeps an image that the other does not, the part
 * without one is what the subset lacks most. */
static void
fill_class (Planner *planner, guint c, ClassState *state)
{
  TitheCut *cut = tithe_subset_get_cut (planner->subset);
  const TitheDendrogram *tree = tithe_hierarchy_get_class (tithe_cut_get_hierarchy (cut), c);

  for (guint32 t = tree->n - 1; t-- > 0 && state->n_kept < planner->rule->n;)
    {
      const guint32 children[] = { tree->left[t], tree->right[t] };

      for (guint i = 0; i < 2 && state->n_kept < planner->rule->n; i++)
        {
          gboolean leaf = children[i] < tree->n;
          guint32 merge = leaf ? TITHE_NODE_NONE : children[i] - tree->n;
          guint32 size = leaf ? 1 : tree->sizes[merge], start;
          TitheGroup part;
          guint32 image, position;

          if (leaf)
            {
              gsize n;
              const guint32 *images = tithe_dataset_get_class_images (planner->dataset, c, &n);

              start = tithe_curation_get_position (planner->curation, images[children[i]]);
            }
          else
            start = tree->starts[merge];
          if (memchr (state->kept + start, 1, size) != NULL)
            continue;
          part = (TitheGroup){ c, start, size, merge };
          image = size > 1 ? tithe_subset_get_representative (planner->subset, &part) : get_member (planner, &part, 0);
          if (image == TITHE_IMAGE_NONE
              || tithe_curation_get_decision (planner->curation, image) == TITHE_DECISION_DISCARD)
            continue;
          position = tithe_curation_get_position (planner->curation, image);
          state->kept[position] = 1;
          state->n_kept++;
          change (planner, image, TITHE_DECISION_KEEP);
        }
    }
}

static gboolean
plan_minimum (Planner *planner, GError **error)
{
  TitheCut *cut = tithe_subset_get_cut (planner->subset);

  for (guint c = 0; c < tithe_dataset_get_n_classes (planner->dataset); c++)
    {
      g_autofree TitheGroup *clusters = NULL;
      ClassState state;

      if (!tithe_job_check (planner->job, error))
        return FALSE;
      if (tithe_subset_get_class_kept (planner->subset, c) >= planner->rule->n
          || tithe_cut_get_class (cut, c)->n_images == 0)
        continue;
      clusters = g_new (TitheGroup, tithe_cut_get_class (cut, c)->n_images);
      state = get_class_state (planner, c, clusters);
      fill_class (planner, c, &state);
      g_free (state.kept);
    }
  return TRUE;
}

/* --- the plan --- */

static char *
name_step (const TitheRule *rule)
{
  g_autofree char *base = NULL;

  switch (rule->kind)
    {
    case TITHE_RULE_LARGEST:
      return tithe_step_name_write (TITHE_STEP_NAME_LARGEST, 0, NULL);
    case TITHE_RULE_SHARPEST:
      return tithe_step_name_write (TITHE_STEP_NAME_SHARPEST, 0, NULL);
    case TITHE_RULE_PROTECT_CLASS:
      return tithe_step_name_write (TITHE_STEP_NAME_PROTECT_CLASS, 0, rule->text);
    case TITHE_RULE_PROTECT_FOLDER:
      return tithe_step_name_write (TITHE_STEP_NAME_PROTECT_FOLDER, 0, rule->text);
    case TITHE_RULE_PROTECT_LIST:
      base = g_path_get_basename (rule->text);
      return tithe_step_name_write (TITHE_STEP_NAME_PROTECT_LIST, 0, base);
    case TITHE_RULE_AT_LEAST:
      return tithe_step_name_write (TITHE_STEP_NAME_AT_LEAST, rule->n, NULL);
    case TITHE_RULE_DISCARD_OTHERS:
    default:
      return tithe_step_name_write (TITHE_STEP_NAME_DISCARD_OTHERS, 0, NULL);
    }
}

static gboolean
make_plan (Planner *planner, GError **error)
{
  switch (planner->rule->kind)
    {
    case TITHE_RULE_LARGEST:
    case TITHE_RULE_SHARPEST:
      return plan_best (planner, error);
    case TITHE_RULE_PROTECT_CLASS:
      return plan_class (planner, error);
    case TITHE_RULE_PROTECT_FOLDER:
      return plan_folder (planner, error);
    case TITHE_RULE_PROTECT_LIST:
      return plan_list (planner, error);
    case TITHE_RULE_AT_LEAST:
      return plan_minimum (planner, error);
    case TITHE_RULE_DISCARD_OTHERS:
    default:
      plan_discards (planner);
      return TRUE;
    }
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const TitheRuleChange *x = a, *y = b;

  return (x->image > y->image) - (x->image < y->image);
}

/**
 * tithe_rule_plan:
 * @curation: what is decided so far, in memory and nobody else's, as tithe_curation_copy() gives it; the plan is made in
 *   it
 * @choice: how the subset is chosen
 * @groups: (array length=n_groups) (nullable): those that a rule about groups is for; %NULL for every one
 * @job: for progress and cancelling; comparing pictures reads those of the groups, the rest takes O(n_images)
 *
 * Returns: (transfer full): what the rule would do; nothing is written anywhere. %NULL with a %TITHE_RULE_ERROR, or where
 *   the job was cancelled
 */
TitheRulePlan *
tithe_rule_plan (const TitheRule *rule, TitheCuration *curation, const TitheSubsetChoice *choice,
                 const TitheGroup *groups, gsize n_groups, TitheJob *job, GError **error)
{
  TitheHierarchy *hierarchy = tithe_curation_get_hierarchy (curation);
  g_autoptr (TitheSubset) subset = tithe_subset_new (hierarchy, curation);
  g_autoptr (TitheRulePlan) plan = g_new0 (TitheRulePlan, 1);
  Planner planner = { .rule = rule,
                      .subset = subset,
                      .curation = curation,
                      .dataset = tithe_hierarchy_get_dataset (hierarchy),
                      .groups = groups,
                      .n_groups = n_groups,
                      .job = job };
  gboolean ok;

  tithe_subset_choose (subset, choice);
  if (groups == NULL)
    planner.groups = tithe_cut_get_groups (tithe_subset_get_cut (subset), &planner.n_groups);
  plan->name = name_step (rule);
  plan->changes = planner.changes = g_array_new (FALSE, FALSE, sizeof (TitheRuleChange));
  plan->before = *tithe_subset_get_totals (subset);
  ok = make_plan (&planner, error);
  g_free (planner.best);
  if (!ok || !tithe_job_check (job, error))
    return NULL;
  plan->n_unreadable = (gsize) planner.n_unreadable;
  g_array_sort (plan->changes, compare_changes);
  if (!tithe_rule_plan_apply (plan, curation, error))
    return NULL;
  tithe_subset_choose (subset, choice);
  plan->after = *tithe_subset_get_totals (subset);
  return g_steal_pointer (&plan);
}

/* What was planned and not applied changes nothing. */
void
tithe_rule_plan_free (TitheRulePlan *self)
{
  g_free (self->name);
  g_clear_pointer (&self->changes, g_array_unref);
  g_free (self);
}

/**
 * tithe_rule_plan_apply:
 *
 * Decides as planned, in one step.
 *
 * Returns: %FALSE with a %TITHE_JOURNAL_ERROR where it could not be written: then nothing changed
 */
gboolean
tithe_rule_plan_apply (TitheRulePlan *self, TitheCuration *curation, GError **error)
{
  tithe_curation_begin (curation);
  for (guint i = 0; i < self->changes->len; i++)
    tithe_curation_set_decision (curation, g_array_index (self->changes, TitheRuleChange, i).image,
                                 g_array_index (self->changes, TitheRuleChange, i).to);
  return tithe_curation_commit (curation, self->name, error);
}
