/* SPDX-License-Identifier: MIT */
#include "curation-fixture.h"
#include "curate/tithe-group-list.h"

#include <string.h>

static void
write_session (CurationFixture *fixture)
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

void
curation_set_up (CurationFixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->hierarchy = fixture_hierarchy (fixture->folder, CLASSES, IMAGES, TITHE_LINKAGE_COMPLETE, 1);
  fixture->curation = tithe_curation_new (fixture->hierarchy);
  fixture->subset = tithe_subset_new (fixture->hierarchy, fixture->curation);
  write_session (fixture);
}

void
curation_tear_down (CurationFixture *fixture, gconstpointer data)
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
void
curation_check_against_the_rules (CurationFixture *fixture)
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

void
curation_decide_at_random (TitheCuration *curation, GRand *rand, GError **error)
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

char *
curation_subset_to_text (TitheSubset *subset, double ratio)
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

TitheCuration *
curation_open (CurationFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  TitheCuration *curation = tithe_curation_new (fixture->hierarchy);
  TitheJournal *journal = tithe_journal_open (fixture->session, TRUE, &error);

  g_assert_no_error (error);
  g_assert_true (tithe_curation_attach (curation, journal, &error));
  g_assert_no_error (error);
  return curation;
}

void
curation_assert_same (TitheCuration *a, TitheCuration *b)
{
  g_autofree char *x = tithe_curation_dup_fingerprint (a), *y = tithe_curation_dup_fingerprint (b);

  g_assert_cmpstr (x, ==, y);
  g_assert_cmpstr (tithe_curation_get_undo_name (a), ==, tithe_curation_get_undo_name (b));
  g_assert_cmpstr (tithe_curation_get_redo_name (a), ==, tithe_curation_get_redo_name (b));
}

void
curation_mark (TitheCuration *curation, guint32 node, TitheMark which)
{
  g_autoptr (GError) error = NULL;

  tithe_curation_begin (curation);
  tithe_curation_set_mark (curation, 0, node, which, TRUE);
  tithe_curation_commit (curation, "Mark", &error);
  g_assert_no_error (error);
}
