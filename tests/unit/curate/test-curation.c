/* SPDX-License-Identifier: MIT */
#include "curate/tithe-group-list.h"
#include "session/tithe-session.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLASSES 3
#define IMAGES 40 /* of each class */

typedef struct
{
  char *folder, *session;
  TitheHierarchy *hierarchy;
  TitheCuration *curation;
  TitheSubset *subset;
} Fixture;

static void
write_session (Fixture *fixture)
{
  g_autofree char *rows = g_build_filename (fixture->folder, "rows.npy", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;

  g_free (fixture_write_rows (fixture->folder, "rows.npy", CLASSES * IMAGES, 6, 3));
  embedding = tithe_embedding_open (rows, NULL, &error);
  g_assert_no_error (error);
  fixture->session = g_build_filename (fixture->folder, "s.tithe", NULL);
  g_assert_true (tithe_session_write (fixture->session, fixture->hierarchy, embedding, NULL, &error));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->hierarchy = fixture_hierarchy (fixture->folder, CLASSES, IMAGES, TITHE_LINKAGE_COMPLETE, 1);
  fixture->curation = tithe_curation_new (fixture->hierarchy);
  fixture->subset = tithe_subset_new (fixture->hierarchy, fixture->curation);
  write_session (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_subset_free (fixture->subset);
  tithe_curation_free (fixture->curation);
  tithe_hierarchy_unref (fixture->hierarchy);
  fixture_remove (fixture->folder);
  g_free (fixture->session);
}

/* --- a plain model of the rules --- */

typedef struct
{
  const TitheDendrogram *tree;
  TitheCuration *curation;
  guint class_index;
  guint32 first_undone; /* merges below it are made by the cut */
  guint32 *cluster_of;  /* by position */
  guint32 n_clusters;
} Model;

static gboolean
has_split (Model *model, guint32 node)
{
  const guint32 n = model->tree->n;

  if (node < n)
    return FALSE;
  return (tithe_curation_get_marks (model->curation, model->class_index, node - n) & TITHE_MARK_SPLIT) != 0
         || has_split (model, model->tree->left[node - n]) || has_split (model, model->tree->right[node - n]);
}

static void
label (Model *model, guint32 node, guint32 cluster)
{
  const guint32 n = model->tree->n;

  if (node >= n)
    {
      label (model, model->tree->left[node - n], cluster);
      label (model, model->tree->right[node - n], cluster);
      return;
    }
  for (guint32 position = 0; position < n; position++)
    if (model->tree->leaves[position] == node)
      model->cluster_of[position] = cluster;
}

static void
part (Model *model, guint32 node, gboolean merged_above)
{
  const guint32 n = model->tree->n;
  guint marks = node < n ? 0 : tithe_curation_get_marks (model->curation, model->class_index, node - n);
  gboolean merged = merged_above || (marks & TITHE_MARK_MERGED) != 0;

  if (node < n || (!has_split (model, node) && (merged || node - n < model->first_undone)))
    {
      label (model, node, model->n_clusters++);
      return;
    }
  part (model, model->tree->left[node - n], merged);
  part (model, model->tree->right[node - n], merged);
}

/* Every cluster, what stands for it and what it keeps, by the rules as they are written, and nothing shared with the code
 * but the marks and the rule's choice for a whole merge. */
static void
check_against_the_rules (Fixture *fixture)
{
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);
  gsize kept = 0, manual = 0, discarded = 0, n_groups = 0, all_groups;
  const TitheGroup *groups = tithe_cut_get_groups (cut, &all_groups);

  for (guint c = 0; c < CLASSES; c++)
    {
      guint32 cluster_of[IMAGES];
      const TitheClassCut *class = tithe_cut_get_class (cut, c);
      Model model = { tithe_hierarchy_get_class (fixture->hierarchy, c), fixture->curation, c, 0, cluster_of, 0 };

      while (model.first_undone + 1 < IMAGES && model.tree->heights[model.first_undone] <= class->height
             && class->height > 0)
        model.first_undone++;
      part (&model, 2 * IMAGES - 2, FALSE);
      g_assert_cmpuint (model.n_clusters, ==, class->n_clusters);
      for (guint32 k = 0; k < model.n_clusters; k++)
        {
          guint32 members[IMAGES], n = 0, representative = TITHE_IMAGE_NONE, n_undecided = 0, chosen = 0, keep = 0;
          TitheDecision decision;

          for (guint32 position = 0; position < IMAGES; position++)
            if (cluster_of[position] == k)
              members[n++] = position;
          for (guint32 m = 1; m < n; m++)
            g_assert_cmpuint (members[m], ==, members[m - 1] + 1); /* a slice */
          n_groups += n > 1;
          for (guint32 g = 0, found = 0; n > 1; g++)
            {
              g_assert_cmpuint (g, <, all_groups);
              if (groups[g].class_index != c || groups[g].start != members[0])
                continue;
              g_assert_cmpuint (groups[g].size, ==, n);
              representative = tithe_subset_get_representative (fixture->subset, &groups[g]);
              found++;
              break;
            }
          for (guint32 m = 0; m < n; m++)
            {
              TitheGroup one = { c, members[m], 1, TITHE_NODE_NONE };
              guint32 image = tithe_cut_get_image (cut, &one, 0);

              decision = tithe_curation_get_decision (fixture->curation, image);
              if (n == 1)
                representative = image;
              n_undecided += decision == TITHE_DECISION_AUTOMATIC;
              chosen += decision == TITHE_DECISION_REPRESENTATIVE;
              keep += decision == TITHE_DECISION_KEEP;
              discarded += decision == TITHE_DECISION_DISCARD;
              kept += tithe_subset_keeps (fixture->subset, image, representative);
            }
          manual += chosen + keep;
          if (n_undecided + chosen + keep == 0)
            g_assert_true (representative == TITHE_IMAGE_NONE || n == 1);
          else
            {
              decision = tithe_curation_get_decision (fixture->curation, representative);
              g_assert_cmpint (decision, !=, TITHE_DECISION_DISCARD);
              if (chosen > 0)
                g_assert_cmpint (decision, ==, TITHE_DECISION_REPRESENTATIVE);
            }
        }
    }
  g_assert_cmpuint (n_groups, ==, all_groups);
  g_assert_cmpuint (kept, ==, tithe_subset_get_totals (fixture->subset)->n_kept);
  g_assert_cmpuint (manual, ==, tithe_subset_get_totals (fixture->subset)->n_manually_kept);
  g_assert_cmpuint (discarded, ==, tithe_subset_get_totals (fixture->subset)->n_manually_discarded);
}

static void
decide_at_random (TitheCuration *curation, GRand *rand, GError **error)
{
  TitheHierarchy *hierarchy = tithe_curation_get_hierarchy (curation);
  guint class_index = (guint) g_rand_int_range (rand, 0, CLASSES);
  guint32 node = (guint32) g_rand_int_range (rand, 0, IMAGES - 1), n = 0;
  gsize size;
  const guint32 *images = tithe_dataset_get_class_images (tithe_hierarchy_get_dataset (hierarchy), class_index, &size);

  tithe_curation_begin (curation);
  switch (g_rand_int_range (rand, 0, 8))
    {
    case 0:
      tithe_curation_split (curation, class_index, node, (guint32) g_rand_int_range (rand, 0, IMAGES));
      break;
    case 1:
      tithe_curation_merge (curation, class_index, 0, node / 4, (guint32) g_rand_int_range (rand, 0, IMAGES));
      break;
    case 2:
      tithe_curation_merge (curation, class_index, node, TITHE_NODE_NONE, 0);
      break;
    case 3:
      tithe_curation_set_mark (curation, class_index, node, TITHE_MARK_REVIEWED, g_rand_boolean (rand));
      break;
    case 4:
      tithe_curation_set_class_ratio (curation, class_index, g_rand_boolean (rand) ? g_rand_double (rand) : 0);
      break;
    default:
      n = (guint32) g_rand_int_range (rand, 1, 6);
      for (guint32 i = node; i < MIN (node + n, IMAGES); i++)
        tithe_curation_set_decision (curation, images[i], (TitheDecision) g_rand_int_range (rand, 0, 4));
    }
  tithe_curation_commit (curation, "Something", error);
}

static char *
subset_to_text (TitheSubset *subset, double ratio)
{
  GString *text = g_string_new (NULL);
  g_autoptr (TitheGroupList) list = tithe_group_list_new (subset);
  const TitheGroupChoice choice = { .class_index = TITHE_ALL_CLASSES, .sort = TITHE_SORT_DATASET, .singles = TRUE };

  tithe_subset_set_ratio (subset, ratio, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_group_list_update (list, &choice);
  for (gsize i = 0; i < tithe_group_list_get_n (list); i++)
    {
      TitheMember members[IMAGES];
      const TitheGroup *group = tithe_group_list_get (list, i);

      tithe_group_list_get_members (list, i, 0, group->size, members);
      for (guint32 m = 0; m < group->size; m++)
        g_string_append_printf (text, "%u%s ", members[m].image, members[m].kept ? "+" : "-");
      g_string_append (text, "\n");
    }
  return g_string_free (text, FALSE);
}

static TitheCuration *
open_curation (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  TitheCuration *curation = tithe_curation_new (fixture->hierarchy);
  TitheJournal *journal = tithe_journal_open (fixture->session, TRUE, &error);

  g_assert_no_error (error);
  g_assert_true (tithe_curation_attach (curation, journal, &error));
  g_assert_no_error (error);
  return curation;
}

/* --- properties --- */

static void
test_random_decisions_follow_the_rules (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;

  for (guint round = 0; round < 400; round++)
    {
      if (round % 40 == 39)
        while (tithe_curation_get_undo_name (fixture->curation) != NULL)
          g_assert_true (tithe_curation_undo (fixture->curation, &error));
      decide_at_random (fixture->curation, rand, &error);
      g_assert_no_error (error);
      tithe_subset_set_ratio (fixture->subset, g_rand_double_range (rand, 0.05, 1),
                              g_rand_boolean (rand) ? TITHE_POLICY_GLOBAL : TITHE_POLICY_PER_CLASS, FALSE);
      check_against_the_rules (fixture);
    }
}

static void
test_undoing_everything_is_automatic (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autofree char *before = subset_to_text (fixture->subset, 0.6), *decided = NULL, *undone = NULL, *redone = NULL;
  g_autofree char *nothing = tithe_curation_dup_fingerprint (fixture->curation), *fingerprint = NULL;
  guint n = 0;

  for (guint i = 0; i < 60; i++)
    decide_at_random (fixture->curation, rand, NULL);
  decided = subset_to_text (fixture->subset, 0.6);
  g_assert_cmpstr (before, !=, decided);
  for (; tithe_curation_get_undo_name (fixture->curation) != NULL; n++)
    {
      g_assert_cmpstr (tithe_curation_get_undo_name (fixture->curation), ==, "Something");
      tithe_curation_undo (fixture->curation, NULL);
    }
  undone = subset_to_text (fixture->subset, 0.6);
  g_assert_cmpstr (before, ==, undone);
  fingerprint = tithe_curation_dup_fingerprint (fixture->curation);
  g_assert_cmpstr (nothing, ==, fingerprint);
  while (tithe_curation_get_redo_name (fixture->curation) != NULL)
    tithe_curation_redo (fixture->curation, NULL);
  redone = subset_to_text (fixture->subset, 0.6);
  g_assert_cmpstr (decided, ==, redone);
}

/* What was decided holds at every ratio: a slider that goes there and back ends where it began. */
static void
test_slider_changes_no_decision (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autofree char *before = NULL, *after = NULL;

  for (guint i = 0; i < 30; i++)
    decide_at_random (fixture->curation, rand, NULL);
  before = subset_to_text (fixture->subset, 0.8);
  for (double ratio = 0.05; ratio <= 1; ratio += 0.05)
    g_free (subset_to_text (fixture->subset, ratio));
  after = subset_to_text (fixture->subset, 0.8);
  g_assert_cmpstr (before, ==, after);
}

static void
test_exact_ratio_gives_way (Fixture *fixture, gconstpointer data)
{
  const guint n_keep = 10;
  guint n_exact = 0;

  tithe_subset_set_ratio (fixture->subset, 0.5, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_curation_begin (fixture->curation);
  for (guint32 i = 0; i < n_keep; i++)
    tithe_curation_set_decision (fixture->curation, i * 7, TITHE_DECISION_KEEP);
  g_assert_true (tithe_curation_commit (fixture->curation, "Keep", NULL));
  for (guint percent = 20; percent <= 95; percent += 5)
    for (TithePolicy policy = TITHE_POLICY_PER_CLASS; policy <= TITHE_POLICY_GLOBAL; policy++)
      {
        const TitheSubsetTotals *totals = tithe_subset_get_totals (fixture->subset);

        tithe_subset_set_ratio (fixture->subset, percent / 100.0, policy, FALSE);
        g_assert_cmpuint (totals->n_kept, >=, totals->n_wanted);
        tithe_subset_set_ratio (fixture->subset, percent / 100.0, policy, TRUE);
        /* One more cluster keeps two more images where it parts a kept one from what stands for its group. */
        g_assert_cmpuint (totals->n_kept, >=, totals->n_wanted - 1);
        g_assert_cmpuint (totals->n_kept, <=, totals->n_wanted + 1);
        n_exact += totals->n_kept == totals->n_wanted;
        for (guint32 i = 0; i < n_keep; i++)
          g_assert_cmpint (tithe_curation_get_decision (fixture->curation, i * 7), ==, TITHE_DECISION_KEEP);
        check_against_the_rules (fixture);
      }
  g_assert_cmpuint (n_exact, >=, 28); /* of 32 */
}

/* What was decided in one class costs the others nothing. */
static void
test_exact_ratio_holds_within_each_class (Fixture *fixture, gconstpointer data)
{
  const TitheSubsetTotals *totals = tithe_subset_get_totals (fixture->subset);
  guint n_exact = 0;

  tithe_curation_begin (fixture->curation);
  for (guint32 i = 0; i < 10; i++)
    tithe_curation_set_decision (fixture->curation, i * 3, TITHE_DECISION_KEEP);
  g_assert_true (tithe_curation_commit (fixture->curation, "Keep", NULL));
  for (guint percent = 30; percent <= 95; percent += 5)
    {
      gsize shares[CLASSES];

      tithe_subset_set_curation (fixture->subset, NULL);
      tithe_subset_set_ratio (fixture->subset, percent / 100.0, TITHE_POLICY_PER_CLASS, FALSE);
      for (guint c = 0; c < CLASSES; c++)
        shares[c] = tithe_subset_get_class_kept (fixture->subset, c);
      tithe_subset_set_curation (fixture->subset, fixture->curation);
      tithe_subset_set_ratio (fixture->subset, percent / 100.0, TITHE_POLICY_PER_CLASS, TRUE);
      for (guint c = 1; c < CLASSES; c++)
        g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, c), ==, shares[c]);
      g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 0), >=, shares[0] - 1);
      g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 0), <=, shares[0] + 1);
      n_exact += totals->n_kept == totals->n_wanted;
      check_against_the_rules (fixture);
    }
  g_assert_cmpuint (n_exact, >=, 12); /* of 14 */
}

static void
set_class_ratio (Fixture *fixture, guint class_index, double ratio)
{
  tithe_curation_begin (fixture->curation);
  tithe_curation_set_class_ratio (fixture->curation, class_index, ratio);
  g_assert_true (tithe_curation_commit (fixture->curation, "Ratio", NULL));
}

static void
test_class_ratio_is_that_of_its_class_alone (Fixture *fixture, gconstpointer data)
{
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);
  const gsize n_others = (CLASSES - 1) * IMAGES;

  set_class_ratio (fixture, 1, 0.25);
  for (guint percent = 10; percent <= 100; percent += 5)
    for (TithePolicy policy = TITHE_POLICY_PER_CLASS; policy <= TITHE_POLICY_GLOBAL; policy++)
      for (gboolean exact = FALSE; exact <= TRUE; exact++)
        {
          gsize others = (n_others * percent + 50) / 100;
          gsize first, last;

          tithe_subset_set_ratio (fixture->subset, percent / 100.0, policy, exact);
          first = tithe_subset_get_class_kept (fixture->subset, 0);
          last = tithe_subset_get_class_kept (fixture->subset, CLASSES - 1);
          g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 1), ==, IMAGES / 4);
          g_assert_cmpuint (tithe_subset_get_totals (fixture->subset)->n_kept, ==, IMAGES / 4 + others);
          g_assert_cmpuint (tithe_subset_get_totals (fixture->subset)->n_wanted, ==, IMAGES / 4 + others);
          if (policy == TITHE_POLICY_PER_CLASS)
            g_assert_cmpuint (MAX (first, last) - MIN (first, last), <=, 1);
          /* At one dissimilarity what is merged in one class is below what is not in another. */
          for (guint c = 0; policy == TITHE_POLICY_GLOBAL && c < CLASSES; c += CLASSES - 1)
            {
              const guint32 merges = IMAGES - tithe_cut_get_class (cut, c)->n_clusters;

              if (merges < IMAGES - 1)
                g_assert_cmpfloat (tithe_hierarchy_get_class (fixture->hierarchy, c)->heights[merges], >=,
                                   tithe_cut_get_class (cut, CLASSES - 1 - c)->height);
            }
          check_against_the_rules (fixture);
        }
}

static void
test_class_ratio_holds_beside_a_threshold (Fixture *fixture, gconstpointer data)
{
  gsize first, second;

  tithe_subset_set_threshold (fixture->subset, 0.05);
  first = tithe_subset_get_class_kept (fixture->subset, 0);
  second = tithe_subset_get_class_kept (fixture->subset, 1);
  set_class_ratio (fixture, 1, 1);
  tithe_subset_set_threshold (fixture->subset, 0.05);
  g_assert_cmpuint (second, <, IMAGES);
  g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 0), ==, first);
  g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 1), ==, IMAGES);
}

static void
test_class_ratio_is_undone_and_redone (Fixture *fixture, gconstpointer data)
{
  set_class_ratio (fixture, 2, 0.8125);
  set_class_ratio (fixture, 2, 0.5);
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0.5);
  g_assert_true (tithe_curation_undo (fixture->curation, NULL));
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0.8125);
  g_assert_true (tithe_curation_undo (fixture->curation, NULL));
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0);
  g_assert_true (tithe_curation_redo (fixture->curation, NULL));
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0.8125);
  set_class_ratio (fixture, 2, 0);
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0);
  set_class_ratio (fixture, 2, 0.000001); /* at least a ten-thousandth: 0 is none */
  g_assert_cmpfloat (tithe_curation_get_class_ratio (fixture->curation, 2), ==, 0.0001);
}

/* For one subset: over what was decided, and nothing of it is decided. */
static void
test_class_ratios_of_a_subset_alone (Fixture *fixture, gconstpointer data)
{
  const char *const strange[] = { "no", "0.5", NULL };
  static const char *const no_ratios[]
      = { "", "0", "-0.5", "1.1", "0.12345", "0.00001", "nan", "inf", "0,5", "half", "0.5 ", "1e9" };
  TitheDataset *dataset = tithe_hierarchy_get_dataset (fixture->hierarchy);
  const char *names[] = { tithe_dataset_get_class_name (dataset, 1), "0.5", NULL };
  GError *error = NULL;

  set_class_ratio (fixture, 1, 0.25);
  g_assert_false (tithe_subset_set_class_ratios (fixture->subset, strange, &error));
  fixture_assert_error (error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_CLASS, "no class “no”");
  for (guint i = 0; i < G_N_ELEMENTS (no_ratios); i++)
    {
      names[1] = no_ratios[i];
      error = NULL;
      g_assert_false (tithe_subset_set_class_ratios (fixture->subset, names, &error));
      fixture_assert_error (error, TITHE_SUBSET_ERROR, TITHE_SUBSET_ERROR_RATIO, "is no ratio");
    }
  names[1] = "0.5";
  g_assert_true (tithe_subset_set_class_ratios (fixture->subset, names, NULL));
  tithe_subset_set_ratio (fixture->subset, 1, TITHE_POLICY_PER_CLASS, FALSE);
  g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 1), ==, IMAGES / 2);
  g_assert_cmpuint (tithe_curation_count_steps (fixture->curation), ==, 1);
  g_assert_true (tithe_subset_set_class_ratios (fixture->subset, NULL, NULL));
  tithe_subset_set_ratio (fixture->subset, 1, TITHE_POLICY_PER_CLASS, FALSE);
  g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, 1), ==, IMAGES / 4);
}

/* Another program's own ratio of a class is there, also after the program has ended. */
static void
test_class_ratio_is_in_the_session (Fixture *fixture, gconstpointer data)
{
  TitheCuration *first = open_curation (fixture), *second = open_curation (fixture);
  gboolean changed;

  tithe_curation_begin (first);
  tithe_curation_set_class_ratio (first, 0, 0.9);
  g_assert_true (tithe_curation_commit (first, "Ratio", NULL));
  g_assert_true (tithe_curation_catch_up (second, &changed, NULL));
  g_assert_true (changed);
  g_assert_cmpfloat (tithe_curation_get_class_ratio (second, 0), ==, 0.9);
  tithe_curation_free (first);
  tithe_curation_free (second);
  first = open_curation (fixture);
  second = tithe_curation_copy (first);
  g_assert_cmpfloat (tithe_curation_get_class_ratio (first, 0), ==, 0.9);
  g_assert_cmpfloat (tithe_curation_get_class_ratio (second, 0), ==, 0.9);
  tithe_curation_free (second);
  tithe_curation_free (first);
}

static void
test_split_and_merge_take_each_other_back (Fixture *fixture, gconstpointer data)
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
  check_against_the_rules (fixture);
  tithe_curation_begin (fixture->curation);
  tithe_curation_merge (fixture->curation, group.class_index, group.start, node, node + 1);
  tithe_curation_commit (fixture->curation, "Merge", NULL);
  g_assert_cmpuint (tithe_curation_get_marks (fixture->curation, group.class_index, node), ==, 0);
}

static gboolean
joins_what_was_split (Fixture *fixture, const TitheGroup *group)
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
test_split_and_merge_at_once_are_neutral (Fixture *fixture, gconstpointer data)
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
        decide_at_random (fixture->curation, rand, NULL);
      before = subset_to_text (fixture->subset, ratio);
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
      after = subset_to_text (fixture->subset, ratio);
      g_assert_cmpstr (before, ==, after);
    }
  g_assert_cmpuint (n_split, >, 40);
  g_assert_cmpuint (n_merged, >, 40);
}

static void
test_review_covers_what_is_below (Fixture *fixture, gconstpointer data)
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
test_a_review_is_taken_back_of_one_group_alone (Fixture *fixture, gconstpointer data)
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
test_a_step_tells_what_it_is_about (Fixture *fixture, gconstpointer data)
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
test_no_decision_moves_an_image_of_a_group (Fixture *fixture, gconstpointer data)
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
test_list_sorts (Fixture *fixture, gconstpointer data)
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
test_list_shows_every_image_once (Fixture *fixture, gconstpointer data)
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
test_list_of_one_class (Fixture *fixture, gconstpointer data)
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
test_list_filters_and_views (Fixture *fixture, gconstpointer data)
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

static void
assert_same (TitheCuration *a, TitheCuration *b)
{
  g_autofree char *x = tithe_curation_dup_fingerprint (a), *y = tithe_curation_dup_fingerprint (b);

  g_assert_cmpstr (x, ==, y);
  g_assert_cmpstr (tithe_curation_get_undo_name (a), ==, tithe_curation_get_undo_name (b));
  g_assert_cmpstr (tithe_curation_get_redo_name (a), ==, tithe_curation_get_redo_name (b));
}

static void
test_decisions_are_there_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autoptr (TitheSession) session = NULL;
  g_autofree char *log = g_strconcat (fixture->session, "-wal", NULL);
  TitheCuration *first = open_curation (fixture), *second;

  for (guint i = 0; i < 100; i++)
    decide_at_random (first, rand, NULL);
  for (guint i = 0; i < 20; i++)
    tithe_curation_undo (first, NULL);
  for (guint i = 0; i < 7; i++)
    tithe_curation_redo (first, NULL);
  second = open_curation (fixture);
  assert_same (first, second);
  tithe_curation_free (second);
  tithe_curation_free (first);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  second = open_curation (fixture);
  g_assert_cmpuint (tithe_curation_count_steps (second), >, 30);
  while (tithe_curation_get_undo_name (second) != NULL) /* across sessions */
    tithe_curation_undo (second, NULL);
  tithe_curation_free (second);
  session = tithe_session_open (fixture->session, NULL);
  g_assert_nonnull (session);
}

/* Two programs decide in one session, in turns: both know everything, and nothing is lost. */
static void
test_two_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  TitheCuration *curations[2] = { open_curation (fixture), open_curation (fixture) };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 60; i++)
    {
      TitheCuration *who = curations[g_rand_int_range (rand, 0, 2)];

      if (i % 7 == 6)
        tithe_curation_undo (who, &error);
      else
        decide_at_random (who, rand, &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < 2; i++)
    {
      gboolean changed;

      g_assert_true (tithe_curation_catch_up (curations[i], &changed, &error));
    }
  assert_same (curations[0], curations[1]);
  tithe_curation_free (curations[0]);
  tithe_curation_free (curations[1]);
}

static void
mark (TitheCuration *curation, guint32 node, TitheMark which)
{
  g_autoptr (GError) error = NULL;

  tithe_curation_begin (curation);
  tithe_curation_set_mark (curation, 0, node, which, TRUE);
  tithe_curation_commit (curation, "Mark", &error);
  g_assert_no_error (error);
}

/* The second of two programs hasn't seen yet what the first did: it adds its own, and takes its own back. */
static void
test_marks_of_two_programs_add_up (Fixture *fixture, gconstpointer data)
{
  TitheCuration *one = open_curation (fixture), *two = open_curation (fixture), *again;
  g_autoptr (GError) error = NULL;

  mark (one, 3, TITHE_MARK_REVIEWED);
  mark (two, 3, TITHE_MARK_MERGED);
  g_assert_cmpuint (tithe_curation_get_marks (two, 0, 3), ==, TITHE_MARK_REVIEWED | TITHE_MARK_MERGED);
  again = open_curation (fixture);
  g_assert_cmpuint (tithe_curation_get_marks (again, 0, 3), ==, TITHE_MARK_REVIEWED | TITHE_MARK_MERGED);
  tithe_curation_undo (one, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tithe_curation_get_marks (one, 0, 3), ==, TITHE_MARK_REVIEWED);
  tithe_curation_undo (one, &error);
  g_assert_cmpuint (tithe_curation_get_marks (one, 0, 3), ==, 0);
  tithe_curation_redo (two, &error);
  tithe_curation_redo (two, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tithe_curation_get_marks (two, 0, 3), ==, TITHE_MARK_REVIEWED | TITHE_MARK_MERGED);
  assert_same (again, two);
  tithe_curation_free (one);
  tithe_curation_free (two);
  tithe_curation_free (again);
}

/* A split says that the node isn't merged, also where another program merged it a moment ago. */
static void
test_a_split_takes_back_an_unseen_merge (Fixture *fixture, gconstpointer data)
{
  TitheCuration *one = open_curation (fixture), *two = open_curation (fixture);
  g_autoptr (GError) error = NULL;

  mark (one, 3, TITHE_MARK_MERGED);
  tithe_curation_begin (two);
  tithe_curation_split (two, 0, 3, 4);
  tithe_curation_commit (two, "Split", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tithe_curation_get_marks (two, 0, 3), ==, TITHE_MARK_SPLIT);
  tithe_curation_undo (two, &error);
  g_assert_cmpuint (tithe_curation_get_marks (two, 0, 3), ==, TITHE_MARK_MERGED);
  tithe_curation_free (one);
  tithe_curation_free (two);
}

static void
test_what_another_program_did_already_is_no_step (Fixture *fixture, gconstpointer data)
{
  TitheCuration *one = open_curation (fixture), *two = open_curation (fixture);

  mark (one, 3, TITHE_MARK_REVIEWED);
  mark (two, 3, TITHE_MARK_REVIEWED);
  g_assert_cmpuint (tithe_curation_count_steps (two), ==, 1);
  tithe_curation_free (one);
  tithe_curation_free (two);
}

/* The rows as every version has written them: class or -1, node or image, from, to, two bytes that say nothing. */
static void
test_rows_of_earlier_versions_are_replayed (Fixture *fixture, gconstpointer data)
{
  static const guint8 rows[][12] = { { 0, 0, 0, 0, 3, 0, 0, 0, 0, 1 },
                                     { 0, 0, 0, 0, 3, 0, 0, 0, 1, 4 },
                                     { 0xff, 0xff, 0xff, 0xff, 5, 0, 0, 0, 0, 2 } };
  TitheJournal *journal = tithe_journal_open (fixture->session, TRUE, NULL);
  TitheCuration *curation;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_true (tithe_journal_append (journal, TITHE_EVENT_DO, "Earlier", rows[i], sizeof rows[i], NULL));
  tithe_journal_free (journal);
  curation = open_curation (fixture);
  g_assert_cmpuint (tithe_curation_get_marks (curation, 0, 3), ==, TITHE_MARK_MERGED);
  g_assert_cmpint (tithe_curation_get_decision (curation, 5), ==, TITHE_DECISION_DISCARD);
  g_assert_true (tithe_curation_undo (curation, NULL) && tithe_curation_undo (curation, NULL));
  g_assert_cmpuint (tithe_curation_get_marks (curation, 0, 3), ==, TITHE_MARK_REVIEWED);
  tithe_curation_free (curation);
}

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
test_what_a_split_leaves_of_a_merge_is_together (Fixture *fixture, gconstpointer data)
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

          mark (curation, node, which);
          marked.marks[node] |= which;
        }
      check_overrides (&marked, 2 * IMAGES - 2, FALSE, tithe_curation_get_overrides (curation, 0));
      tithe_curation_free (curation);
    }
}

/* One step about every image, taken back and done again 100,000 times: what holds in the end is worked out once. */
static void
test_undo_and_redo_without_end_is_quick (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) changes = g_byte_array_new ();
  TitheJournal *journal = tithe_journal_open (fixture->session, TRUE, NULL);
  TitheCuration *curation;
  gint64 start;
  sqlite3 *db;

  for (guint i = 0; i < 200000; i++)
    {
      guint8 bytes[12] = { 0xff, 0xff, 0xff, 0xff, (guint8) (i % (CLASSES * IMAGES)), 0, 0, 0, i % 2, 1 - i % 2 };

      g_byte_array_append (changes, bytes, sizeof bytes);
    }
  g_assert_true (tithe_journal_append (journal, TITHE_EVENT_DO, "All", changes->data, changes->len, NULL));
  tithe_journal_free (journal);
  sqlite3_open (fixture->session, &db);
  sqlite3_exec (db,
                "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 200001)"
                " INSERT INTO journal SELECT i, substr ('UR', 1 + i % 2, 1), '', 0, '' FROM n",
                NULL, NULL, NULL);
  sqlite3_close (db);
  start = g_get_monotonic_time ();
  curation = open_curation (fixture);
  g_test_message ("%.3f s", (double) (g_get_monotonic_time () - start) / 1e6);
  g_assert_cmpuint (tithe_curation_count_steps (curation), ==, 1);
  tithe_curation_free (curation);
}

static void
test_full_disk_changes_nothing (Fixture *fixture, gconstpointer data)
{
  struct rlimit room, full;
  GStatBuf buffer;
  TitheCuration *curation = open_curation (fixture), *again;
  g_autofree char *before = tithe_curation_dup_fingerprint (curation), *after = NULL;
  GError *error = NULL;

  g_stat (fixture->session, &buffer);
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &room);
  full = (struct rlimit){ 100, room.rlim_max };
  setrlimit (RLIMIT_FSIZE, &full);
  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 5, TITHE_DECISION_KEEP);
  g_assert_false (tithe_curation_commit (curation, "Keep", &error));
  setrlimit (RLIMIT_FSIZE, &room);
  fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_WRITE, "was not made");
  after = tithe_curation_dup_fingerprint (curation);
  g_assert_cmpstr (before, ==, after);
  g_assert_null (tithe_curation_get_undo_name (curation));
  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 5, TITHE_DECISION_KEEP);
  g_assert_true (tithe_curation_commit (curation, "Keep", &error));
  again = open_curation (fixture);
  assert_same (curation, again);
  tithe_curation_free (again);
  tithe_curation_free (curation);
}

/* Somebody without the right to write sees every decision and can make none. */
static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  TitheCuration *curation = open_curation (fixture);
  int status;
  pid_t child;

  tithe_curation_begin (curation);
  tithe_curation_set_decision (curation, 5, TITHE_DECISION_DISCARD);
  g_assert_true (tithe_curation_commit (curation, "Discard", NULL));
  tithe_curation_free (curation);
  g_chmod (fixture->session, 0444);
  g_chmod (fixture->folder, 0555);
  child = fork ();
  if (child == 0)
    {
      g_autoptr (GError) error = NULL;

      if (geteuid () == 0 && (setgid (65534) != 0 || setuid (65534) != 0))
        _exit (77);
      curation = open_curation (fixture);
      g_assert_true (tithe_journal_is_read_only (tithe_curation_get_journal (curation)));
      g_assert_cmpint (tithe_curation_get_decision (curation, 5), ==, TITHE_DECISION_DISCARD);
      g_assert_false (tithe_curation_undo (curation, &error));
      g_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_READ_ONLY);
      g_assert_cmpint (tithe_curation_get_decision (curation, 5), ==, TITHE_DECISION_DISCARD);
      _exit (0);
    }
  waitpid (child, &status, 0);
  g_chmod (fixture->folder, 0755);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
    g_test_skip ("cannot become somebody else");
  else
    g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void
test_damaged_journal_is_refused (Fixture *fixture, gconstpointer data)
{
  const guint8 rows[][12] = {
    { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0, 0 }, /* no such image */
    { 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1, 0, 1 },       /* no such decision */
    { 0xfe, 0xff, 0xff, 0xff, CLASSES, 0, 0, 0, 0, 1, 0, 0 }, /* no such class */
    { 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0x11, 0, 0x27 }, /* a ratio of 10,001 ten-thousandths */
    { 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0, 0xff, 0 }, /* from such a one */
    { 0xfd, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1, 0, 0 },       /* a kind that is not known */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = g_strdup_printf ("damaged-%u.tithe", i);
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL), *bytes = NULL;
      TitheCuration *curation = tithe_curation_new (fixture->hierarchy);
      g_autoptr (TitheJournal) journal = NULL;
      GError *error = NULL;
      gsize size;

      g_assert_true (g_file_get_contents (fixture->session, &bytes, &size, NULL));
      g_assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
      journal = tithe_journal_open (path, TRUE, NULL);
      g_assert_true (tithe_journal_append (journal, TITHE_EVENT_DO, "Odd", rows[i], sizeof rows[i], NULL));
      g_assert_false (tithe_curation_attach (curation, tithe_journal_open (path, TRUE, NULL), &error));
      fixture_assert_error (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_DAMAGED, "damaged");
      tithe_curation_free (curation);
    }
}

/* Decides until it is killed; says so on the pipe after each. */
static void
decide_for_ever (Fixture *fixture, guint32 seed, int pipe)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  TitheCuration *curation = open_curation (fixture);

  for (guint32 i = 0;; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u/%u", seed, i);

      guint32 image = (guint32) g_rand_int_range (rand, 0, CLASSES * IMAGES);

      /* Another decision than there was: a step that changes nothing is none. */
      tithe_curation_begin (curation);
      tithe_curation_set_decision (
          curation, image,
          (TitheDecision) ((tithe_curation_get_decision (curation, image) + (guint) g_rand_int_range (rand, 1, 4))
                           % 4));
      tithe_curation_set_mark (curation, i % CLASSES, i % (IMAGES - 1), TITHE_MARK_REVIEWED, i / IMAGES % 2 == 0);
      if (!tithe_curation_commit (curation, name, NULL) || write (pipe, &i, sizeof i) != sizeof i)
        _exit (1);
    }
}

/* Killed in the middle, hundreds of times: every decision that was acknowledged is there. */
static void
test_killed_hundreds_of_times (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);
  guint rounds = g_test_slow () ? 1000 : 300, n_with_decisions = 0;

  for (guint round = 0; round < rounds; round++)
    {
      int ends[2], status;
      guint32 last = 0, next;
      gboolean any = FALSE;
      TitheCuration *curation;
      const char *name;
      pid_t child;

      g_assert_cmpint (pipe (ends), ==, 0);
      child = fork ();
      if (child == 0)
        decide_for_ever (fixture, round, ends[1]);
      close (ends[1]);
      /* Also on a busy machine some get as far as deciding something. */
      if (round % 4 == 0)
        any = read (ends[0], &last, sizeof last) == sizeof last;
      g_usleep ((gulong) g_rand_int_range (rand, 500, 12000));
      kill (child, SIGKILL);
      waitpid (child, &status, 0);
      while (read (ends[0], &next, sizeof next) == sizeof next)
        {
          last = next;
          any = TRUE;
        }
      close (ends[0]);
      curation = open_curation (fixture);
      name = tithe_curation_get_undo_name (curation);
      if (any)
        {
          guint seed = 0, step = 0;

          n_with_decisions++;
          g_assert_cmpint (sscanf (name, "%u/%u", &seed, &step), ==, 2);
          g_assert_cmpuint (seed, ==, round);
          g_assert_cmpuint (step, >=, last);
          g_assert_cmpuint (step, <=, last + 1);
        }
      tithe_curation_free (curation);
    }
  g_assert_cmpuint (n_with_decisions, >, rounds / 10); /* it was not killed too early each time */
}

/* Many decisions cost no more than a frame has room for; timing decides nothing here, the bench measures it. */
static void
test_ten_thousand_decisions (Fixture *fixture, gconstpointer data)
{
  TitheCuration *curation = open_curation (fixture), *again;

  for (guint i = 0; i < 10000; i++)
    {
      tithe_curation_begin (curation);
      tithe_curation_set_decision (curation, i * 7 % (CLASSES * IMAGES), (TitheDecision) (i % 4));
      g_assert_true (tithe_curation_commit (curation, "One", NULL));
    }
  again = open_curation (fixture);
  assert_same (curation, again);
  tithe_curation_free (again);
  tithe_curation_free (curation);
}

#define ADD(path, function) g_test_add ("/curation/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("rules", test_random_decisions_follow_the_rules);
  ADD ("undo-everything", test_undoing_everything_is_automatic);
  ADD ("slider", test_slider_changes_no_decision);
  ADD ("exact", test_exact_ratio_gives_way);
  ADD ("exact/each-class", test_exact_ratio_holds_within_each_class);
  ADD ("class-ratio/alone", test_class_ratio_is_that_of_its_class_alone);
  ADD ("class-ratio/threshold", test_class_ratio_holds_beside_a_threshold);
  ADD ("class-ratio/undo", test_class_ratio_is_undone_and_redone);
  ADD ("class-ratio/of-a-subset", test_class_ratios_of_a_subset_alone);
  ADD ("class-ratio/session", test_class_ratio_is_in_the_session);
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
  ADD ("reopen", test_decisions_are_there_again);
  ADD ("two-at-once", test_two_at_once);
  ADD ("two/marks", test_marks_of_two_programs_add_up);
  ADD ("two/split", test_a_split_takes_back_an_unseen_merge);
  ADD ("two/same", test_what_another_program_did_already_is_no_step);
  ADD ("earlier-versions", test_rows_of_earlier_versions_are_replayed);
  ADD ("split-below-merge", test_what_a_split_leaves_of_a_merge_is_together);
  ADD ("undo-without-end", test_undo_and_redo_without_end_is_quick);
  ADD ("full-disk", test_full_disk_changes_nothing);
  ADD ("read-only", test_read_only);
  ADD ("damaged", test_damaged_journal_is_refused);
  ADD ("killed", test_killed_hundreds_of_times);
  ADD ("ten-thousand", test_ten_thousand_decisions);
  return g_test_run ();
}
