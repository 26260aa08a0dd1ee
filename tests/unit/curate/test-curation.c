/* SPDX-License-Identifier: MIT */
#include "curation-fixture.h"
#include "curate/tithe-group-list.h"

#include <string.h>

/* What decisions mean, and what is listed therefore. */

/* --- properties --- */

static void
test_random_decisions_follow_the_rules (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;

  for (guint round = 0; round < 400; round++)
    {
      if (round % 40 == 39)
        while (tithe_curation_get_undo_name (fixture->curation) != NULL)
          g_assert_true (tithe_curation_undo (fixture->curation, &error));
      curation_decide_at_random (fixture->curation, rand, &error);
      g_assert_no_error (error);
      tithe_subset_set_ratio (fixture->subset, g_rand_double_range (rand, 0.05, 1),
                              g_rand_boolean (rand) ? TITHE_POLICY_GLOBAL : TITHE_POLICY_PER_CLASS, FALSE);
      curation_check_against_the_rules (fixture);
    }
}

static void
test_undoing_everything_is_automatic (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autofree char *before = curation_subset_to_text (fixture->subset, 0.6), *decided = NULL, *undone = NULL,
                  *redone = NULL;
  g_autofree char *nothing = tithe_curation_dup_fingerprint (fixture->curation), *fingerprint = NULL;
  guint n = 0;

  for (guint i = 0; i < 60; i++)
    curation_decide_at_random (fixture->curation, rand, NULL);
  decided = curation_subset_to_text (fixture->subset, 0.6);
  g_assert_cmpstr (before, !=, decided);
  for (; tithe_curation_get_undo_name (fixture->curation) != NULL; n++)
    {
      g_assert_cmpstr (tithe_curation_get_undo_name (fixture->curation), ==, "Something");
      tithe_curation_undo (fixture->curation, NULL);
    }
  undone = curation_subset_to_text (fixture->subset, 0.6);
  g_assert_cmpstr (before, ==, undone);
  fingerprint = tithe_curation_dup_fingerprint (fixture->curation);
  g_assert_cmpstr (nothing, ==, fingerprint);
  while (tithe_curation_get_redo_name (fixture->curation) != NULL)
    tithe_curation_redo (fixture->curation, NULL);
  redone = curation_subset_to_text (fixture->subset, 0.6);
  g_assert_cmpstr (decided, ==, redone);
}

/* What was decided holds at every ratio: a slider that goes there and back ends where it began. */
static void
test_slider_changes_no_decision (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autofree char *before = NULL, *after = NULL;

  for (guint i = 0; i < 30; i++)
    curation_decide_at_random (fixture->curation, rand, NULL);
  before = curation_subset_to_text (fixture->subset, 0.8);
  for (double ratio = 0.05; ratio <= 1; ratio += 0.05)
    g_free (curation_subset_to_text (fixture->subset, ratio));
  after = curation_subset_to_text (fixture->subset, 0.8);
  g_assert_cmpstr (before, ==, after);
}

static void
test_split_and_merge_take_each_other_back (CurationFixture *fixture, gconstpointer data)
{
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);
  gsize n;
  TitheGroup group;
  guint32 node, parent;

  tithe_subset_set_ratio (fixture->subset, 0.4, TITHE_POLICY_PER_CLASS, FALSE);
  group = tithe_cut_get_groups (cut, &n)[0];
  node = group.node;
  tithe_curation_begin (fixture->curation);
  parent = tithe_curation_merge (fixture->curation, group.class_index, group.start, node, node + 1);
  tithe_curation_commit (fixture->curation, "Merge", NULL);
  for (double ratio = 1; ratio > 0.1; ratio -= 0.1)
    {
      TitheGroup found;

      tithe_subset_set_ratio (fixture->subset, ratio, TITHE_POLICY_PER_CLASS, FALSE);
      g_assert_true (tithe_subset_find_group (fixture->subset, tithe_cut_get_image (cut, &group, 0), &found));
      g_assert_cmpuint (found.node, >=, parent);
    }
  tithe_curation_begin (fixture->curation);
  tithe_curation_split (fixture->curation, group.class_index, node, node + 1);
  tithe_curation_commit (fixture->curation, "Split", NULL);
  g_assert_cmpuint (tithe_curation_get_marks (fixture->curation, group.class_index, parent), ==, 0);
  tithe_subset_set_ratio (fixture->subset, 0.03, TITHE_POLICY_PER_CLASS, FALSE);
  g_assert_cmpuint (tithe_cut_get_class (cut, group.class_index)->n_clusters, >=, 2);
  curation_check_against_the_rules (fixture);
  tithe_curation_begin (fixture->curation);
  tithe_curation_merge (fixture->curation, group.class_index, group.start, node, node + 1);
  tithe_curation_commit (fixture->curation, "Merge", NULL);
  g_assert_cmpuint (tithe_curation_get_marks (fixture->curation, group.class_index, node), ==, 0);
}

static gboolean
joins_what_was_split (CurationFixture *fixture, const TitheGroup *group)
{
  const TitheDendrogram *tree = tithe_hierarchy_get_class (fixture->hierarchy, group->class_index);
  guint32 parent = tithe_curation_get_parent (fixture->curation, group->class_index, group->start, group->node);

  for (guint32 t = 0; parent != TITHE_NODE_NONE && t <= parent; t++)
    if ((tithe_curation_get_marks (fixture->curation, group->class_index, t) & TITHE_MARK_SPLIT) != 0
        && tree->starts[t] >= tree->starts[parent] && tree->starts[t] < tree->starts[parent] + tree->sizes[parent])
      return TRUE;
  return FALSE;
}

/* Whatever was decided before: a group that is split and merged again is as it was, and so is one that is merged and split,
 * unless merging took earlier splits back. */
static void
test_split_and_merge_at_once_are_neutral (CurationFixture *fixture, gconstpointer data)
{
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);
  guint n_split = 0, n_merged = 0;

  for (guint round = 0; round < 200; round++)
    {
      double ratio = g_rand_double_range (rand, 0.2, 0.95);
      g_autofree char *before = NULL, *after = NULL;
      TitheGroup group, found;
      gsize n;
      guint32 n_made;
      gboolean first = g_rand_boolean (rand);

      if (round % 3 == 0)
        curation_decide_at_random (fixture->curation, rand, NULL);
      before = curation_subset_to_text (fixture->subset, ratio);
      if (tithe_cut_get_groups (cut, &n) == NULL || n == 0)
        continue;
      group = tithe_cut_get_groups (cut, &n)[g_rand_int_range (rand, 0, (gint32) n)];
      n_made = IMAGES - tithe_cut_get_class (cut, group.class_index)->n_wanted;
      tithe_curation_begin (fixture->curation);
      if (first)
        tithe_curation_split (fixture->curation, group.class_index, group.node, n_made);
      else if (joins_what_was_split (fixture, &group)
               || tithe_curation_merge (fixture->curation, group.class_index, group.start, group.node, n_made)
                      == TITHE_NODE_NONE)
        continue;
      tithe_curation_commit (fixture->curation, "There", NULL);
      tithe_subset_set_ratio (fixture->subset, ratio, TITHE_POLICY_PER_CLASS, FALSE);
      tithe_curation_begin (fixture->curation);
      if (first)
        {
          /* One of the two parts, which is a group or one image. */
          const TitheDendrogram *tree = tithe_hierarchy_get_class (fixture->hierarchy, group.class_index);
          guint32 child = tree->left[group.node];

          g_assert_cmpuint (tithe_curation_merge (fixture->curation, group.class_index, group.start,
                                                  child < IMAGES ? TITHE_NODE_NONE : child - IMAGES, n_made),
                            ==, group.node);
          n_split++;
        }
      else
        {
          TitheGroup one = group;

          one.size = 1;
          g_assert_true (tithe_subset_find_group (fixture->subset, tithe_cut_get_image (cut, &one, 0), &found));
          g_assert_cmpuint (found.size, >, group.size);
          tithe_curation_split (fixture->curation, found.class_index, found.node, n_made);
          n_merged++;
        }
      tithe_curation_commit (fixture->curation, "Back", NULL);
      after = curation_subset_to_text (fixture->subset, ratio);
      g_assert_cmpstr (before, ==, after);
    }
  g_assert_cmpuint (n_split, >, 40);
  g_assert_cmpuint (n_merged, >, 40);
}

static void
test_review_covers_what_is_below (CurationFixture *fixture, gconstpointer data)
{
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);
  gsize n;

  tithe_subset_set_ratio (fixture->subset, 0.5, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_curation_begin (fixture->curation);
  for (gsize g = 0; g < (tithe_cut_get_groups (cut, &n), n); g++)
    {
      const TitheGroup *group = &tithe_cut_get_groups (cut, &n)[g];

      tithe_curation_set_mark (fixture->curation, group->class_index, group->node, TITHE_MARK_REVIEWED, TRUE);
    }
  tithe_curation_commit (fixture->curation, "Review", NULL);
  for (guint percent = 50; percent < 100; percent += 5)
    {
      tithe_subset_set_ratio (fixture->subset, percent / 100.0, TITHE_POLICY_PER_CLASS, FALSE);
      g_assert_cmpuint (tithe_subset_get_totals (fixture->subset)->n_reviewed_groups, ==,
                        tithe_subset_get_totals (fixture->subset)->n_groups);
    }
  tithe_subset_set_ratio (fixture->subset, 0.1, TITHE_POLICY_PER_CLASS, FALSE);
  g_assert_cmpuint (tithe_subset_get_totals (fixture->subset)->n_reviewed_groups, <,
                    tithe_subset_get_totals (fixture->subset)->n_groups);
}

/* All is reviewed from the top, then one group in three is not: they and no others. */
static void
test_a_review_is_taken_back_of_one_group_alone (CurationFixture *fixture, gconstpointer data)
{
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);
  g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (TitheGroup));
  const TitheGroup *groups;
  gsize n;

  tithe_curation_begin (fixture->curation);
  for (guint c = 0; c < CLASSES; c++)
    tithe_curation_set_mark (fixture->curation, c, IMAGES - 2, TITHE_MARK_REVIEWED, TRUE);
  g_assert_true (tithe_curation_commit (fixture->curation, "Review", NULL));
  tithe_subset_set_ratio (fixture->subset, 0.6, TITHE_POLICY_PER_CLASS, FALSE);
  groups = tithe_cut_get_groups (cut, &n);
  for (gsize g = 0; g < n; g += 3)
    g_array_append_val (some, groups[g]);
  g_assert_cmpuint (some->len, >, 3);
  tithe_curation_begin (fixture->curation);
  tithe_curation_unreview (fixture->curation, (const TitheGroup *) (gpointer) some->data, some->len);
  g_assert_true (tithe_curation_commit (fixture->curation, "Back", NULL));
  for (gsize g = 0; g < n; g++)
    g_assert_cmpint (tithe_subset_is_reviewed (fixture->subset, &groups[g]), ==, g % 3 != 0);
  g_assert_true (tithe_curation_undo (fixture->curation, NULL));
  for (gsize g = 0; g < n; g++)
    g_assert_true (tithe_subset_is_reviewed (fixture->subset, &groups[g]));
}

static void
test_a_step_tells_what_it_is_about (CurationFixture *fixture, gconstpointer data)
{
  TitheGroup group;
  g_autoptr (GArray) none = NULL, images = NULL, of_group = NULL, again = NULL;
  gboolean of_images;
  gsize n;

  none = tithe_curation_list_changed (fixture->curation, FALSE, &of_images);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_false (of_images);
  tithe_subset_set_ratio (fixture->subset, 0.6, TITHE_POLICY_PER_CLASS, FALSE);
  group = tithe_cut_get_groups (tithe_subset_get_cut (fixture->subset), &n)[1];
  tithe_curation_begin (fixture->curation);
  tithe_curation_set_decision (fixture->curation, 17, TITHE_DECISION_KEEP);
  tithe_curation_set_decision (fixture->curation, 5, TITHE_DECISION_DISCARD);
  g_assert_true (tithe_curation_commit (fixture->curation, "Images", NULL));
  images = tithe_curation_list_changed (fixture->curation, FALSE, &of_images);
  g_assert_true (of_images);
  g_assert_cmpmem (images->data, images->len * sizeof (guint32), ((const guint32[]){ 17, 5 }), 2 * sizeof (guint32));
  tithe_curation_begin (fixture->curation);
  tithe_curation_set_mark (fixture->curation, group.class_index, group.node, TITHE_MARK_REVIEWED, TRUE);
  g_assert_true (tithe_curation_commit (fixture->curation, "Group", NULL));
  of_group = tithe_curation_list_changed (fixture->curation, FALSE, &of_images);
  g_assert_false (of_images);
  g_assert_cmpuint (of_group->len, ==, 1);
  g_assert_cmpuint (g_array_index (of_group, guint32, 0), ==,
                    tithe_cut_get_image (tithe_subset_get_cut (fixture->subset), &group, 0));
  g_assert_true (tithe_curation_undo (fixture->curation, NULL));
  again = tithe_curation_list_changed (fixture->curation, TRUE, &of_images);
  g_assert_cmpmem (again->data, again->len * sizeof (guint32), of_group->data, of_group->len * sizeof (guint32));
}

/* --- the list --- */

/* Who chooses the second image with the pointer on it has the pointer on it afterwards. */
static void
test_no_decision_moves_an_image_of_a_group (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheGroupList) list = tithe_group_list_new (fixture->subset);
  const TitheGroupChoice choice = { .class_index = TITHE_ALL_CLASSES };
  g_autofree TitheMember *before = NULL, *after = NULL;
  guint32 size;

  tithe_subset_set_ratio (fixture->subset, 0.6, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_group_list_update (list, &choice);
  size = tithe_group_list_get (list, 0)->size;
  g_assert_cmpuint (size, >, 2);
  before = g_new (TitheMember, size);
  after = g_new (TitheMember, size);
  tithe_group_list_get_members (list, 0, 0, size, before);
  g_assert_true (before[0].represents);
  for (TitheDecision decision = TITHE_DECISION_KEEP; decision <= TITHE_DECISION_REPRESENTATIVE; decision++)
    for (guint32 m = 0; m < size; m++)
      {
        gsize index;
        guint32 member;

        tithe_curation_begin (fixture->curation);
        tithe_curation_set_decision (fixture->curation, before[m].image, decision);
        g_assert_true (tithe_curation_commit (fixture->curation, "Decide", NULL));
        tithe_subset_set_ratio (fixture->subset, 0.6, TITHE_POLICY_PER_CLASS, FALSE);
        tithe_group_list_update (list, &choice);
        tithe_group_list_get_members (list, 0, 0, size, after);
        for (guint32 i = 0; i < size; i++)
          g_assert_cmpuint (after[i].image, ==, before[i].image);
        g_assert_cmpint (after[m].represents, ==,
                         decision == TITHE_DECISION_REPRESENTATIVE || (m == 0 && decision == TITHE_DECISION_KEEP));
        g_assert_true (tithe_group_list_find_image (list, before[m].image, &index, &member));
        g_assert_cmpuint (member, ==, m);
        g_assert_true (tithe_curation_undo (fixture->curation, NULL));
      }
}

static void
test_list_sorts (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheGroupList) list = tithe_group_list_new (fixture->subset);
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);

  tithe_subset_set_ratio (fixture->subset, 0.6, TITHE_POLICY_PER_CLASS, FALSE);
  for (TitheGroupSort sort = TITHE_SORT_LARGEST; sort <= TITHE_SORT_DATASET; sort++)
    {
      gsize n_groups;

      tithe_cut_get_groups (cut, &n_groups);
      tithe_group_list_update (list, &(TitheGroupChoice){ .class_index = TITHE_ALL_CLASSES, .sort = sort });
      g_assert_cmpuint (tithe_group_list_get_n (list), ==, n_groups);
      for (gsize i = 1; i < n_groups; i++)
        {
          const TitheGroup *a = tithe_group_list_get (list, i - 1), *b = tithe_group_list_get (list, i);
          float x = tithe_cut_get_spread (cut, a), y = tithe_cut_get_spread (cut, b);

          if (sort == TITHE_SORT_LARGEST)
            g_assert_true (a->size > b->size || (a->size == b->size && x <= y));
          else if (sort == TITHE_SORT_TIGHTEST)
            g_assert_cmpfloat (x, <=, y);
          else if (sort == TITHE_SORT_LOOSEST)
            g_assert_cmpfloat (x, >=, y);
          else
            g_assert_cmpuint (tithe_cut_get_representative (cut, a, TITHE_REPRESENTATIVE_FIRST), <,
                              tithe_cut_get_representative (cut, b, TITHE_REPRESENTATIVE_FIRST));
        }
    }
}

static void
test_list_shows_every_image_once (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheGroupList) list = tithe_group_list_new (fixture->subset);
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);
  guint8 seen[CLASSES * IMAGES] = { 0 };

  tithe_subset_set_ratio (fixture->subset, 0.8, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_group_list_update (
      list, &(TitheGroupChoice){ .class_index = TITHE_ALL_CLASSES, .sort = TITHE_SORT_LOOSEST, .singles = TRUE });
  for (gsize i = 0; i < tithe_group_list_get_n (list); i++)
    {
      const TitheGroup *group = tithe_group_list_get (list, i);
      g_autofree TitheMember *members = g_new (TitheMember, group->size);

      tithe_group_list_get_members (list, i, 0, group->size, members);
      if (!tithe_group_list_is_block (list, i))
        g_assert_cmpuint (members[0].image, ==, tithe_cut_get_representative (cut, group, TITHE_REPRESENTATIVE_CENTRE));
      for (guint32 m = 0; m < group->size; m++)
        {
          gsize index;
          guint32 member;

          g_assert_cmpuint (seen[members[m].image]++, ==, 0);
          g_assert_true (tithe_group_list_find (list, group->class_index, members[m].position, &index, &member));
          g_assert_cmpuint (index, ==, i);
          g_assert_cmpuint (member, ==, m);
        }
    }
  for (guint i = 0; i < CLASSES * IMAGES; i++)
    g_assert_cmpuint (seen[i], ==, 1);
}

static void
test_list_of_one_class (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheGroupList) list = tithe_group_list_new (fixture->subset);
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);

  tithe_subset_set_ratio (fixture->subset, 0.8, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_group_list_update (list, &(TitheGroupChoice){ .class_index = 2, .singles = TRUE });
  g_assert_cmpuint (tithe_group_list_get_n (list), ==, tithe_cut_get_class (cut, 2)->n_groups + 1u);
  for (gsize i = 0; i < tithe_group_list_get_n (list); i++)
    g_assert_cmpuint (tithe_group_list_get (list, i)->class_index, ==, 2);
}

static void
test_list_filters_and_views (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (TitheGroupList) list = tithe_group_list_new (fixture->subset);
  TitheGroupChoice choice = { .class_index = TITHE_ALL_CLASSES };
  const TitheSubsetTotals *totals = tithe_subset_get_totals (fixture->subset);
  TitheMember member;
  TitheGroup group;
  gsize n = 0;

  tithe_subset_set_ratio (fixture->subset, 0.6, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_group_list_update (list, &choice);
  g_assert_cmpuint (tithe_group_list_get_n (list), ==, totals->n_groups);
  group = *tithe_group_list_get (list, 3);
  tithe_group_list_get_members (list, 3, 1, 1, &member);
  tithe_curation_begin (fixture->curation);
  tithe_curation_set_decision (fixture->curation, member.image, TITHE_DECISION_REPRESENTATIVE);
  tithe_curation_set_mark (fixture->curation, group.class_index, group.node, TITHE_MARK_REVIEWED, TRUE);
  tithe_curation_commit (fixture->curation, "Both", NULL);
  tithe_subset_set_ratio (fixture->subset, 0.6, TITHE_POLICY_PER_CLASS, FALSE);

  choice.review = TITHE_REVIEW_DONE;
  tithe_group_list_update (list, &choice);
  g_assert_cmpuint (tithe_group_list_get_n (list), ==, 1);
  g_assert_cmpuint (tithe_group_list_get (list, 0)->node, ==, group.node);
  choice.review = TITHE_REVIEW_MANUAL;
  tithe_group_list_update (list, &choice);
  g_assert_cmpuint (tithe_group_list_get_n (list), ==, 1);
  tithe_group_list_get_members (list, 0, 1, 1, &member);
  g_assert_cmpint (member.decision, ==, TITHE_DECISION_REPRESENTATIVE);
  g_assert_true (member.kept && member.represents);
  choice.review = TITHE_REVIEW_OPEN;
  tithe_group_list_update (list, &choice);
  g_assert_cmpuint (tithe_group_list_get_n (list), ==, totals->n_groups - 1);
  choice.review = TITHE_REVIEW_ANY;
  choice.sort = TITHE_SORT_DECIDED;
  tithe_group_list_update (list, &choice);
  g_assert_cmpuint (tithe_group_list_get (list, 0)->node, ==, group.node);

  choice.view = TITHE_VIEW_IMAGES;
  tithe_group_list_update (list, &choice);
  g_assert_cmpuint (tithe_group_list_get_n (list), ==, CLASSES);
  choice.view = TITHE_VIEW_DISCARDED;
  tithe_group_list_update (list, &choice);
  for (gsize i = 0; i < tithe_group_list_get_n (list); i++)
    for (guint32 m = 0; m < tithe_group_list_get (list, i)->size; m++, n++)
      {
        tithe_group_list_get_members (list, i, m, 1, &member);
        g_assert_false (member.kept);
      }
  g_assert_cmpuint (n, ==, totals->n_images - totals->n_kept);
  choice.view = TITHE_VIEW_IMAGES;
  choice.text = "/1.PNG"; /* whatever the capitals */
  tithe_group_list_update (list, &choice);
  for (gsize i = 0; i < tithe_group_list_get_n (list); i++)
    g_assert_cmpuint (tithe_group_list_get (list, i)->size, <, IMAGES);
  choice.text = "nowhere";
  tithe_group_list_update (list, &choice);
  g_assert_cmpuint (tithe_group_list_get_n (list), ==, 0);
}

/* --- the journal --- */

typedef struct
{
  const TitheDendrogram *tree;
  guint marks[IMAGES]; /* by merge */
} Marked;

static gboolean
is_split_below (const Marked *marked, guint32 node)
{
  const guint32 n = marked->tree->n;

  return node >= n
         && ((marked->marks[node - n] & TITHE_MARK_SPLIT) != 0 || is_split_below (marked, marked->tree->left[node - n])
             || is_split_below (marked, marked->tree->right[node - n]));
}

static void
check_overrides (const Marked *marked, guint32 node, gboolean merged_above, const guint8 *overrides)
{
  const guint32 n = marked->tree->n;
  gboolean merged = merged_above || (node >= n && (marked->marks[node - n] & TITHE_MARK_MERGED) != 0);
  guint8 wanted;

  if (node < n)
    return;
  wanted = is_split_below (marked, node) ? TITHE_OVERRIDE_APART
           : merged                      ? TITHE_OVERRIDE_TOGETHER
                                         : TITHE_OVERRIDE_NONE;
  g_assert_cmpint (overrides != NULL ? overrides[node - n] : TITHE_OVERRIDE_NONE, ==, wanted);
  check_overrides (marked, marked->tree->left[node - n], merged, overrides);
  check_overrides (marked, marked->tree->right[node - n], merged, overrides);
}

/* Splits below merges come about where two programs decide at once. */
static void
test_what_a_split_leaves_of_a_merge_is_together (CurationFixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < 200; i++)
    {
      TitheCuration *curation = tithe_curation_new (fixture->hierarchy);
      Marked marked = { tithe_hierarchy_get_class (fixture->hierarchy, 0), { 0 } };

      for (guint k = 0; k < 4; k++)
        {
          guint32 node = (guint32) g_rand_int_range (rand, 0, IMAGES - 1);
          TitheMark which = g_rand_boolean (rand) ? TITHE_MARK_SPLIT : TITHE_MARK_MERGED;

          curation_mark (curation, node, which);
          marked.marks[node] |= which;
        }
      check_overrides (&marked, 2 * IMAGES - 2, FALSE, tithe_curation_get_overrides (curation, 0));
      tithe_curation_free (curation);
    }
}

#define ADD(path, function)                                                                                            \
  g_test_add ("/curation/" path, CurationFixture, NULL, curation_set_up, function, curation_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("rules", test_random_decisions_follow_the_rules);
  ADD ("undo-everything", test_undoing_everything_is_automatic);
  ADD ("slider", test_slider_changes_no_decision);
  ADD ("split-and-merge", test_split_and_merge_take_each_other_back);
  ADD ("split-and-merge/neutral", test_split_and_merge_at_once_are_neutral);
  ADD ("review", test_review_covers_what_is_below);
  ADD ("a-review-is-taken-back-of-one-group-alone", test_a_review_is_taken_back_of_one_group_alone);
  ADD ("a-step-tells-what-it-is-about", test_a_step_tells_what_it_is_about);
  ADD ("no-decision-moves-an-image-of-a-group", test_no_decision_moves_an_image_of_a_group);
  ADD ("list/sorts", test_list_sorts);
  ADD ("list/every-image-once", test_list_shows_every_image_once);
  ADD ("list/one-class", test_list_of_one_class);
  ADD ("list/filters", test_list_filters_and_views);
  ADD ("split-below-merge", test_what_a_split_leaves_of_a_merge_is_together);
  return g_test_run ();
}
