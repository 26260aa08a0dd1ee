/* SPDX-License-Identifier: MIT */
#include "tithe-rule-private.h"

#include "curate/tithe-step-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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

/**
 * tithe_rule_planner_change:
 * @entry: what would be decided of an image; from what is filled in here
 *
 * Adds to the plan what would not be so already.
 *
 * Returns: whether it was added
 */
gboolean
tithe_rule_planner_change (TitheRulePlanner *self, TitheRuleChange *entry)
{
  entry->from = tithe_curation_get_decision (self->curation, entry->image);
  if (entry->from == entry->to)
    return FALSE;
  g_array_append_val (self->plan->changes, *entry);
  return TRUE;
}

/* tithe_rule_planner_get_member: the @m-th image of a group */
guint32
tithe_rule_planner_get_member (TitheRulePlanner *self, const TitheGroup *group, guint32 m)
{
  return tithe_cut_get_image (tithe_subset_get_cut (self->subset), group, m);
}

/* --- representatives only --- */

/* One after another from the representative on: the dissimilarity at which it is merged with an image is the highest between
 * the two, so it needs looking at once. */
static gboolean
discard_towards (TitheRulePlanner *self, const TitheGroup *group, guint32 representative, guint32 from, int step)
{
  const TitheDendrogram *tree
      = tithe_hierarchy_get_class (tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset)), group->class_index);
  guint32 merge = 0;
  gboolean changed = FALSE;

  for (guint32 m = from + (guint32) step; m < group->size; m += (guint32) step)
    {
      TitheRuleChange entry = { .image = tithe_rule_planner_get_member (self, group, m),
                                .to = TITHE_DECISION_DISCARD,
                                .other = representative };

      merge = MAX (merge, tree->split[group->start + m + (step < 0 ? 1 : 0)]);
      entry.value = (double) tree->heights[merge];
      if (tithe_curation_get_decision (self->curation, entry.image) == TITHE_DECISION_AUTOMATIC)
        changed |= tithe_rule_planner_change (self, &entry);
    }
  return changed;
}

static void
plan_discards (TitheRulePlanner *planner)
{
  for (gsize g = 0; g < planner->n_groups; g++)
    {
      const TitheGroup *group = &planner->groups[g];
      guint32 representative = tithe_subset_get_representative (planner->subset, group), m = 0;
      gboolean changed;

      /* Where there is none, all were discarded by hand. */
      if (representative == TITHE_IMAGE_NONE)
        continue;
      m = tithe_curation_get_position (planner->curation, representative) - group->start;
      changed = discard_towards (planner, group, representative, m, -1);
      changed |= discard_towards (planner, group, representative, m, 1);
      planner->plan->n_changed += changed;
    }
  if (planner->plan->changes->len == 0)
    planner->plan->reason = TITHE_RULE_REASON_DECIDED;
}

/* --- protection --- */

/* What stands for an image that is not kept; TITHE_IMAGE_NONE where it is, or where its group keeps none. */
static guint32
find_stand_in (TitheRulePlanner *planner, guint32 image)
{
  TitheHierarchy *hierarchy = tithe_curation_get_hierarchy (planner->curation);
  TitheGroup group;
  guint32 representative;

  if (tithe_hierarchy_get_class (hierarchy, tithe_dataset_get_label (planner->dataset, image)) == NULL
      || !tithe_subset_find_group (planner->subset, image, &group))
    return TITHE_IMAGE_NONE;
  representative = tithe_subset_get_representative (planner->subset, &group);
  return tithe_subset_keeps (planner->subset, image, representative) ? TITHE_IMAGE_NONE : representative;
}

static void
protect (TitheRulePlanner *planner, guint32 image)
{
  TitheRuleChange entry = { .image = image, .to = TITHE_DECISION_KEEP };

  planner->plan->n_looked++;
  if (tithe_curation_get_decision (planner->curation, image) == TITHE_DECISION_REPRESENTATIVE)
    return;
  entry.other = find_stand_in (planner, image);
  planner->plan->n_changed += tithe_rule_planner_change (planner, &entry);
}

static gboolean
plan_class (TitheRulePlanner *planner, GError **error)
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
plan_folder (TitheRulePlanner *planner, GError **error)
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
plan_list (TitheRulePlanner *planner, GError **error)
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
get_class_state (TitheRulePlanner *planner, guint c, TitheGroup *clusters)
{
  TitheCut *cut = tithe_subset_get_cut (planner->subset);
  ClassState state = { g_new0 (guint8, MAX (1, tithe_cut_get_class (cut, c)->n_images)), 0 };
  gsize n = tithe_cut_list_clusters (cut, c, clusters);

  for (gsize i = 0; i < n; i++)
    {
      guint32 representative = clusters[i].size > 1 ? tithe_subset_get_representative (planner->subset, &clusters[i])
                                                    : tithe_rule_planner_get_member (planner, &clusters[i], 0);

      for (guint32 m = 0; m < clusters[i].size; m++)
        if (tithe_subset_keeps (planner->subset, tithe_rule_planner_get_member (planner, &clusters[i], m),
                                representative))
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
fill_class (TitheRulePlanner *planner, guint c, ClassState *state)
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
          TitheRuleChange entry;

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
          image = size > 1 ? tithe_subset_get_representative (planner->subset, &part)
                           : tithe_rule_planner_get_member (planner, &part, 0);
          if (image == TITHE_IMAGE_NONE
              || tithe_curation_get_decision (planner->curation, image) == TITHE_DECISION_DISCARD)
            continue;
          position = tithe_curation_get_position (planner->curation, image);
          state->kept[position] = 1;
          state->n_kept++;
          entry = (TitheRuleChange){ .image = image,
                                     .to = TITHE_DECISION_KEEP,
                                     .other = find_stand_in (planner, image),
                                     .value = (double) tree->heights[t] };
          tithe_rule_planner_change (planner, &entry);
        }
    }
}

static gboolean
plan_minimum (TitheRulePlanner *planner, GError **error)
{
  TitheCut *cut = tithe_subset_get_cut (planner->subset);

  planner->plan->n_looked = tithe_dataset_get_n_classes (planner->dataset);
  for (guint c = 0; c < tithe_dataset_get_n_classes (planner->dataset); c++)
    {
      const guint n_changes = planner->plan->changes->len;
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
      planner->plan->n_changed += planner->plan->changes->len > n_changes;
      g_free (state.kept);
    }
  if (planner->plan->changes->len == 0)
    planner->plan->reason = TITHE_RULE_REASON_ENOUGH;
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
plan_protection (TitheRulePlanner *planner, GError **error)
{
  const gboolean ok = planner->rule->kind == TITHE_RULE_PROTECT_CLASS    ? plan_class (planner, error)
                      : planner->rule->kind == TITHE_RULE_PROTECT_FOLDER ? plan_folder (planner, error)
                                                                         : plan_list (planner, error);

  if (ok && planner->plan->changes->len == 0)
    planner->plan->reason = TITHE_RULE_REASON_PROTECTED;
  return ok;
}

static gboolean
make_plan (TitheRulePlanner *planner, GError **error)
{
  const gboolean groups = tithe_rule_needs_groups (planner->rule->kind);

  if (groups)
    planner->plan->n_looked = planner->n_groups;
  if (groups && planner->n_groups == 0)
    {
      planner->plan->reason = TITHE_RULE_REASON_NO_GROUPS;
      return TRUE;
    }
  switch (planner->rule->kind)
    {
    case TITHE_RULE_LARGEST:
    case TITHE_RULE_SHARPEST:
      return tithe_rule_planner_find_best (planner, error);
    case TITHE_RULE_PROTECT_CLASS:
    case TITHE_RULE_PROTECT_FOLDER:
    case TITHE_RULE_PROTECT_LIST:
      return plan_protection (planner, error);
    case TITHE_RULE_AT_LEAST:
      return plan_minimum (planner, error);
    case TITHE_RULE_DISCARD_OTHERS:
    default:
      plan_discards (planner);
      return TRUE;
    }
}

/* That of everything that the rule looks at, or -1. */
static int
find_class (TitheRulePlanner *planner)
{
  if (planner->rule->kind == TITHE_RULE_PROTECT_CLASS)
    return tithe_dataset_find_class (planner->dataset, planner->rule->text);
  if (!tithe_rule_needs_groups (planner->rule->kind) || planner->n_groups == 0)
    return -1;
  for (gsize g = 1; g < planner->n_groups; g++)
    if (planner->groups[g].class_index != planner->groups[0].class_index)
      return -1;
  return (int) planner->groups[0].class_index;
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
  TitheRulePlanner planner = { .rule = rule,
                               .plan = plan,
                               .subset = subset,
                               .curation = curation,
                               .dataset = tithe_hierarchy_get_dataset (hierarchy),
                               .groups = groups,
                               .n_groups = n_groups,
                               .job = job };

  tithe_subset_choose (subset, choice);
  if (groups == NULL)
    planner.groups = tithe_cut_get_groups (tithe_subset_get_cut (subset), &planner.n_groups);
  plan->kind = rule->kind;
  plan->name = name_step (rule);
  plan->changes = g_array_new (FALSE, FALSE, sizeof (TitheRuleChange));
  plan->before = *tithe_subset_get_totals (subset);
  if (!make_plan (&planner, error) || !tithe_job_check (job, error))
    return NULL;
  plan->class_index = find_class (&planner);
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
