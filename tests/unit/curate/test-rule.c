/* SPDX-License-Identifier: MIT */
#include "curate/tithe-rule.h"
#include "export/tithe-export.h"
#include "figure/tithe-figure.h"
#include "fixture.h"
#include "image/tithe-sharpness.h"

#include <glib/gstdio.h>
#include <string.h>

#define CLASSES 3
#define IMAGES 40 /* of each class */

typedef struct
{
  char *folder;
  TitheHierarchy *hierarchy;
  TitheDataset *dataset;
  TitheCuration *curation;
  TitheSubset *subset;
  TitheSubsetChoice choice;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->hierarchy = fixture_hierarchy (fixture->folder, CLASSES, IMAGES, TITHE_LINKAGE_COMPLETE, 1);
  fixture->dataset = tithe_hierarchy_get_dataset (fixture->hierarchy);
  fixture->curation = tithe_curation_new (fixture->hierarchy);
  fixture->subset = tithe_subset_new (fixture->hierarchy, fixture->curation);
  fixture->choice = (TitheSubsetChoice){ .ratio = 0.5 };
  tithe_subset_choose (fixture->subset, &fixture->choice);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_subset_free (fixture->subset);
  tithe_curation_free (fixture->curation);
  tithe_hierarchy_unref (fixture->hierarchy);
  fixture_remove (fixture->folder);
}

static TitheRulePlan *
make_plan (Fixture *fixture, TitheRuleKind kind, const char *text, guint32 n)
{
  TitheRule rule = { kind, text, n };
  g_autoptr (TitheCuration) copy = tithe_curation_copy (fixture->curation);
  g_autoptr (GError) error = NULL;
  TitheRulePlan *plan = tithe_rule_plan (&rule, copy, &fixture->choice, NULL, 0, NULL, &error);

  g_assert_no_error (error);
  return plan;
}

static void
refuse (Fixture *fixture, TitheRuleKind kind, const char *text, TitheRuleError code, const char *part)
{
  TitheRule rule = { kind, text, 0 };
  g_autoptr (TitheCuration) copy = tithe_curation_copy (fixture->curation);
  g_autoptr (GError) error = NULL;

  g_assert_null (tithe_rule_plan (&rule, copy, &fixture->choice, NULL, 0, NULL, &error));
  fixture_assert_error (error, TITHE_RULE_ERROR, code, part);
}

static void
decide (Fixture *fixture, guint32 image, TitheDecision decision)
{
  tithe_curation_begin (fixture->curation);
  tithe_curation_set_decision (fixture->curation, image, decision);
  g_assert_true (tithe_curation_commit (fixture->curation, "Decide", NULL));
  tithe_subset_choose (fixture->subset, &fixture->choice);
}

static guint32
keeps (Fixture *fixture, guint32 image)
{
  TitheGroup group;
  guint32 representative = image;

  if (tithe_subset_find_group (fixture->subset, image, &group))
    representative = tithe_subset_get_representative (fixture->subset, &group);
  return tithe_subset_keeps (fixture->subset, image, representative);
}

/* What the plan says is what happens, and one undo takes it back. */
static void
apply (Fixture *fixture, TitheRulePlan *plan)
{
  const TitheSubsetTotals *totals = tithe_subset_get_totals (fixture->subset);
  g_autofree char *before = tithe_curation_dup_fingerprint (fixture->curation), *after = NULL;
  gsize steps = tithe_curation_count_steps (fixture->curation);

  g_assert_cmpmem (totals, sizeof *totals, &plan->before, sizeof plan->before);
  g_assert_true (tithe_rule_plan_apply (plan, fixture->curation, NULL));
  g_assert_cmpuint (tithe_curation_count_steps (fixture->curation), ==, steps + (plan->changes->len > 0));
  if (plan->changes->len > 0)
    {
      g_assert_true (tithe_curation_undo (fixture->curation, NULL));
      after = tithe_curation_dup_fingerprint (fixture->curation);
      g_assert_cmpstr (before, ==, after);
      g_assert_true (tithe_curation_redo (fixture->curation, NULL));
    }
  tithe_subset_choose (fixture->subset, &fixture->choice);
  g_assert_cmpmem (totals, sizeof *totals, &plan->after, sizeof plan->after);
}

static void
test_at_least (Fixture *fixture, gconstpointer data)
{
  const guint32 wanted[] = { 1, 20, 25, 39, 40, 1000 };

  decide (fixture, 5, TITHE_DECISION_DISCARD);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autoptr (TitheRulePlan) plan = make_plan (fixture, TITHE_RULE_AT_LEAST, NULL, wanted[i]);
      gsize more = 0;

      apply (fixture, plan);
      for (guint c = 0; c < CLASSES; c++)
        g_assert_cmpuint (tithe_subset_get_class_kept (fixture->subset, c), >=, MIN (wanted[i], IMAGES - (c == 0)));
      g_assert_false (keeps (fixture, 5));
      /* No more than are needed. */
      for (guint c = 0; c < CLASSES; c++)
        more += tithe_subset_get_class_kept (fixture->subset, c);
      g_assert_cmpuint (more, ==, plan->before.n_kept + plan->changes->len);
      for (guint c = 0; c < plan->changes->len; c++)
        {
          const TitheRuleChange *change = &g_array_index (plan->changes, TitheRuleChange, c);

          g_assert_true (change->other == TITHE_IMAGE_NONE || keeps (fixture, change->other));
          g_assert_cmpfloat (change->value, >, 0);
        }
    }
}

/* What is added first is far from what is kept: the worst distance to a kept image shrinks faster than by chance. */
static void
test_at_least_takes_what_is_missing (Fixture *fixture, gconstpointer data)
{
  TitheSubsetChoice finer = { .ratio = 0.75 };
  g_autoptr (TitheSubset) other = tithe_subset_new (fixture->hierarchy, fixture->curation);
  g_autoptr (TitheRulePlan) plan = make_plan (fixture, TITHE_RULE_AT_LEAST, NULL, 30);
  gsize n_groups;
  const TitheGroup *groups;

  apply (fixture, plan);
  tithe_subset_choose (other, &finer);
  groups = tithe_cut_get_groups (tithe_subset_get_cut (other), &n_groups);
  g_assert_cmpuint (n_groups, >, 0);
  /* Every cluster of the finer cut has an image that is kept. */
  for (gsize g = 0; g < n_groups; g++)
    {
      gboolean any = FALSE;

      for (guint32 m = 0; m < groups[g].size; m++)
        any |= keeps (fixture, tithe_cut_get_image (tithe_subset_get_cut (other), &groups[g], m)) != 0;
      g_assert_true (any);
    }
}

static void
test_protection (Fixture *fixture, gconstpointer data)
{
  g_autofree char *list
      = fixture_write (fixture->folder, "../list.txt", "c1/0003.png\r\nc1/0003.png\n\nc2/0001.png", -1);
  g_autofree char *wrong = fixture_write (fixture->folder, "../wrong.txt", "c1/0003.png\nc9/0000.png\n", -1);
  g_autofree char *folder = g_build_filename (fixture->folder, "c1", NULL);
  gsize n;
  const guint32 *images = tithe_dataset_get_class_images (fixture->dataset, 1, &n);
  const char *const same[] = { "c1", "c1/", folder };

  decide (fixture, images[3], TITHE_DECISION_DISCARD);
  decide (fixture, images[4], TITHE_DECISION_REPRESENTATIVE);
  {
    g_autoptr (TitheRulePlan) plan = make_plan (fixture, TITHE_RULE_PROTECT_LIST, list, 0);

    g_assert_cmpuint (plan->changes->len, ==, 2);
    g_assert_cmpstr (plan->name, ==, "Keep All Listed in “list.txt”");
    apply (fixture, plan);
    g_assert_true (keeps (fixture, images[3]));
    tithe_curation_undo (fixture->curation, NULL);
  }
  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr (TitheRulePlan) plan = make_plan (fixture, TITHE_RULE_PROTECT_FOLDER, same[i], 0);

      g_assert_cmpuint (plan->changes->len, ==, IMAGES - 1);
    }
  {
    g_autoptr (TitheRulePlan) plan = make_plan (fixture, TITHE_RULE_PROTECT_CLASS, "c1", 0);

    tithe_subset_choose (fixture->subset, &fixture->choice);
    apply (fixture, plan);
    for (gsize i = 0; i < n; i++)
      g_assert_true (keeps (fixture, images[i]));
    g_assert_cmpint (tithe_curation_get_decision (fixture->curation, images[4]), ==, TITHE_DECISION_REPRESENTATIVE);
  }
  refuse (fixture, TITHE_RULE_PROTECT_CLASS, "c9", TITHE_RULE_ERROR_UNKNOWN, "c9");
  refuse (fixture, TITHE_RULE_PROTECT_FOLDER, "c", TITHE_RULE_ERROR_UNKNOWN, "“c”");
  refuse (fixture, TITHE_RULE_PROTECT_FOLDER, "", TITHE_RULE_ERROR_UNKNOWN, "folder");
  refuse (fixture, TITHE_RULE_PROTECT_LIST, wrong, TITHE_RULE_ERROR_UNKNOWN, "line 2");
  refuse (fixture, TITHE_RULE_PROTECT_LIST, "/nowhere", TITHE_RULE_ERROR_READ, "/nowhere");
}

/* Independent of the plan: up from the image until the other is below, too. */
static double
find_height (Fixture *fixture, guint32 image, guint32 other)
{
  const guint c = tithe_dataset_get_label (fixture->dataset, image);
  const TitheDendrogram *tree = tithe_hierarchy_get_class (fixture->hierarchy, c);
  const guint32 a = tithe_curation_get_position (fixture->curation, image);
  const guint32 b = tithe_curation_get_position (fixture->curation, other);
  guint32 node = TITHE_NODE_NONE;

  do
    node = tithe_curation_get_parent (fixture->curation, c, a, node);
  while (b < tree->starts[node] || b >= tree->starts[node] + tree->sizes[node]);
  return (double) tree->heights[node];
}

static void
assert_reason (TitheRulePlan *plan, TitheRuleReason reason, const char *part)
{
  g_autofree char *text = tithe_rule_plan_dup_reason (plan);

  g_assert_cmpuint (plan->changes->len, ==, 0);
  g_assert_cmpuint (plan->n_changed, ==, 0);
  g_assert_cmpint (plan->reason, ==, reason);
  g_assert_nonnull (strstr (text, part));
}

static void
test_discards_rest_on_where_images_are_merged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheRulePlan) plan = NULL, again = NULL;

  fixture->choice.ratio = 0.2;
  tithe_subset_choose (fixture->subset, &fixture->choice);
  plan = make_plan (fixture, TITHE_RULE_DISCARD_OTHERS, NULL, 0);
  g_assert_cmpuint (plan->changes->len, >, CLASSES * IMAGES / 2);
  g_assert_cmpuint (plan->n_looked, ==, plan->before.n_groups);
  g_assert_cmpuint (plan->n_changed, ==, plan->n_looked);
  g_assert_cmpint (plan->class_index, ==, -1);
  for (guint i = 0; i < plan->changes->len; i++)
    {
      const TitheRuleChange *change = &g_array_index (plan->changes, TitheRuleChange, i);

      g_assert_false (keeps (fixture, change->image));
      g_assert_true (keeps (fixture, change->other));
      g_assert_cmpfloat (change->value, ==, find_height (fixture, change->image, change->other));
    }
  apply (fixture, plan);
  again = make_plan (fixture, TITHE_RULE_DISCARD_OTHERS, NULL, 0);
  assert_reason (again, TITHE_RULE_REASON_DECIDED, "discarded by hand already");
}

static void
test_why_nothing_changes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheRulePlan) one_size = make_plan (fixture, TITHE_RULE_LARGEST, NULL, 0), enough = NULL;
  g_autoptr (TitheRulePlan) protected = NULL, again = NULL, no_groups = NULL;

  assert_reason (one_size, TITHE_RULE_REASON_ONE_SIZE, " × ");
  g_assert_cmpuint (one_size->n_looked, ==, one_size->before.n_groups);
  g_assert_cmpuint (one_size->width, >, 0);
  enough = make_plan (fixture, TITHE_RULE_AT_LEAST, NULL, 3);
  assert_reason (enough, TITHE_RULE_REASON_ENOUGH, "Each class");
  g_assert_cmpuint (enough->n_looked, ==, CLASSES);
  protected = make_plan (fixture, TITHE_RULE_PROTECT_CLASS, "c1", 0);
  g_assert_null (tithe_rule_plan_dup_reason (protected));
  g_assert_cmpuint (protected->n_looked, ==, IMAGES);
  g_assert_cmpuint (protected->n_changed, ==, IMAGES);
  g_assert_cmpint (protected->class_index, ==, 1);
  apply (fixture, protected);
  again = make_plan (fixture, TITHE_RULE_PROTECT_CLASS, "c1", 0);
  assert_reason (again, TITHE_RULE_REASON_PROTECTED, "kept by hand already");
  fixture->choice.ratio = 1;
  no_groups = make_plan (fixture, TITHE_RULE_SHARPEST, NULL, 0);
  assert_reason (no_groups, TITHE_RULE_REASON_NO_GROUPS, "no redundant groups");
}

static void
test_pictures_that_cannot_be_read_change_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) path = g_string_new (NULL);
  g_autoptr (TitheRulePlan) plan = NULL;

  for (gsize i = 0; i < tithe_dataset_get_n_images (fixture->dataset); i++)
    g_free (fixture_write (fixture->folder, tithe_dataset_get_path (fixture->dataset, i, path), "no picture", -1));
  plan = make_plan (fixture, TITHE_RULE_SHARPEST, NULL, 0);
  assert_reason (plan, TITHE_RULE_REASON_UNREADABLE, "None of the pictures");
}

static void
test_discard_others (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheRulePlan) plan = make_plan (fixture, TITHE_RULE_DISCARD_OTHERS, NULL, 0), again = NULL;

  g_assert_cmpuint (plan->changes->len, ==, CLASSES * IMAGES / 2);
  g_assert_cmpuint (plan->after.n_kept, ==, plan->before.n_kept);
  apply (fixture, plan);
  again = make_plan (fixture, TITHE_RULE_DISCARD_OTHERS, NULL, 0);
  g_assert_cmpuint (again->changes->len, ==, 0);
}

/* A checkerboard of a size, blurred by averaging. */
static void
write_board (const char *folder, const char *name, guint edge, guint blur)
{
  g_autoptr (TithePixels) pixels = tithe_pixels_new (edge, edge);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  for (guint y = 0; y < edge; y++)
    for (guint x = 0; x < edge; x++)
      {
        guint sum = 0, n = 0;

        for (guint dy = 0; dy <= blur; dy++)
          for (guint dx = 0; dx <= blur; dx++, n++)
            sum += (((x + dx) / (edge / 4)) + ((y + dy) / (edge / 4))) % 2 * 255;
        memset (pixels->data + 3 * (y * edge + x), (int) (sum / n), 3);
      }
  tithe_image_write_png (path, pixels, &error);
  g_assert_no_error (error);
}

/* The same images in place of those that are kept, each by what it is measured by. */
static void
assert_same_choice (Fixture *fixture, TitheRulePlan *sharpest, TitheRulePlan *largest)
{
  g_assert_cmpuint (sharpest->changes->len, ==, largest->changes->len);
  g_assert_cmpuint (sharpest->n_changed, ==, sharpest->changes->len);
  for (guint i = 0; i < sharpest->changes->len; i++)
    {
      const TitheRuleChange *sharp = &g_array_index (sharpest->changes, TitheRuleChange, i);
      const TitheRuleChange *large = &g_array_index (largest->changes, TitheRuleChange, i);

      g_assert_cmpuint (sharp->image, ==, large->image);
      g_assert_true (keeps (fixture, large->other));
      g_assert_cmpuint (large->width, ==, 48);
      g_assert_cmpfloat (large->value, ==, 48 * 48);
      g_assert_cmpuint (sharp->other, ==, large->other);
      g_assert_cmpfloat (sharp->value, >, sharp->other_value);
      if (large->other_width > 0)
        g_assert_cmpuint (large->other_width, ==, 32);
      else
        g_assert_cmpfloat (large->other_value, ==, -1);
    }
}

static void
test_best_of_each_group (Fixture *fixture, gconstpointer data)
{
  gsize n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (fixture->subset), &n_groups);
  g_autofree guint32 *best = g_new (guint32, n_groups);
  g_autoptr (GString) path = g_string_new (NULL);
  g_autoptr (TitheRulePlan) sharpest = NULL, largest = NULL, again = NULL;
  g_autofree char *broken = NULL;

  /* In every group the last is sharp, and larger; one other is broken. */
  for (gsize g = 0; g < n_groups; g++)
    for (guint32 m = 0; m < groups[g].size; m++)
      {
        guint32 image = tithe_cut_get_image (tithe_subset_get_cut (fixture->subset), &groups[g], m);
        gboolean last = m == groups[g].size - 1;

        write_board (fixture->folder, tithe_dataset_get_path (fixture->dataset, image, path), last ? 48 : 32,
                     last ? 0 : 3);
        if (last)
          best[g] = image;
      }
  broken = fixture_write (
      fixture->folder,
      tithe_dataset_get_path (fixture->dataset,
                              tithe_cut_get_image (tithe_subset_get_cut (fixture->subset), &groups[0], 0), path),
      "no picture", -1);
  sharpest = make_plan (fixture, TITHE_RULE_SHARPEST, NULL, 0);
  largest = make_plan (fixture, TITHE_RULE_LARGEST, NULL, 0);
  g_assert_cmpuint (sharpest->n_unreadable, ==, 1);
  assert_same_choice (fixture, sharpest, largest);
  g_assert_cmpuint (sharpest->changes->len, >, n_groups / 4);
  apply (fixture, sharpest);
  groups = tithe_cut_get_groups (tithe_subset_get_cut (fixture->subset), &n_groups);
  for (gsize g = 0; g < n_groups; g++)
    g_assert_cmpuint (tithe_subset_get_representative (fixture->subset, &groups[g]), ==, best[g]);
  again = make_plan (fixture, TITHE_RULE_SHARPEST, NULL, 0);
  assert_reason (again, TITHE_RULE_REASON_BEST_ALREADY, "sharpest image already");
}

/* What somebody chose is left alone, and said to be the reason. */
static void
test_choices_by_hand_stay (Fixture *fixture, gconstpointer data)
{
  gsize n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (fixture->subset), &n_groups);
  g_autoptr (GString) path = g_string_new (NULL);
  g_autoptr (TitheRulePlan) before = NULL, after = NULL;
  guint32 first = tithe_cut_get_image (tithe_subset_get_cut (fixture->subset), &groups[0], 0);
  guint32 other = tithe_cut_get_image (tithe_subset_get_cut (fixture->subset), &groups[0], 1);

  if (tithe_subset_get_representative (fixture->subset, &groups[0]) == other)
    other = first;
  write_board (fixture->folder, tithe_dataset_get_path (fixture->dataset, other, path), 64, 0);
  before = make_plan (fixture, TITHE_RULE_LARGEST, NULL, 0);
  g_assert_cmpuint (before->changes->len, ==, 1);
  g_assert_cmpuint (g_array_index (before->changes, TitheRuleChange, 0).image, ==, other);
  decide (fixture, g_array_index (before->changes, TitheRuleChange, 0).other, TITHE_DECISION_REPRESENTATIVE);
  after = make_plan (fixture, TITHE_RULE_LARGEST, NULL, 0);
  assert_reason (after, TITHE_RULE_REASON_BY_HAND, "chosen by hand");
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  TitheRule rule = { TITHE_RULE_SHARPEST, NULL, 0 };
  g_autoptr (TitheCuration) copy = tithe_curation_copy (fixture->curation);
  g_autoptr (TitheJob) job = tithe_job_new ("Deciding");
  g_autoptr (GError) error = NULL;

  tithe_job_cancel (job);
  g_assert_null (tithe_rule_plan (&rule, copy, &fixture->choice, NULL, 0, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --- figures --- */

static void
test_figure_files (Fixture *fixture, gconstpointer data)
{
  const char *const endings[] = { ".png", ".pdf", ".svg", ".PNG" };
  const char *const begins[] = { "\x89PNG", "%PDF", "<?xml", "\x89PNG" };

  for (guint kind = 0; kind < TITHE_N_FIGURES; kind++)
    {
      g_autoptr (TitheFigure) figure = tithe_figure_new ((TitheFigureKind) kind, fixture->subset);
      g_autoptr (GError) error = NULL;

      for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
        {
          g_autofree char *name = g_strconcat ("../figure", endings[i], NULL);
          g_autofree char *path = g_build_filename (fixture->folder, name, NULL), *text = NULL;

          g_assert_true (tithe_figure_write (figure, path, 300, 200, &tithe_figure_style_print, &error));
          g_assert_no_error (error);
          g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
          g_assert_true (g_str_has_prefix (text, begins[i]));
        }
      g_assert_false (tithe_figure_write (figure, "x.gif", 300, 200, &tithe_figure_style_print, &error));
      fixture_assert_error (error, TITHE_EXPORT_ERROR, TITHE_EXPORT_ERROR_PATH, ".svg");
      g_assert_false (tithe_figure_write (figure, "/nowhere/x.pdf", 300, 200, &tithe_figure_style_print, &error));
      fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_WRITE, "/nowhere");
    }
}

/* Groups of a class, or of all where it is -1. */
static guint
count_groups (TitheCut *cut, int class_index, guint32 min_size, guint32 max_size)
{
  gsize n_groups;
  const TitheGroup *groups = tithe_cut_get_groups (cut, &n_groups);
  guint count = 0;

  for (gsize g = 0; g < n_groups; g++)
    count += (class_index < 0 || groups[g].class_index == (guint) class_index) && groups[g].size >= min_size
             && groups[g].size <= max_size;
  return count;
}

/* What a figure has to say of a place in it, as far as it can be counted here. */
static char *
expect_at (Fixture *fixture, TitheFigureKind kind, const TitheFigureSpot *spot)
{
  TitheCut *cut = tithe_subset_get_cut (fixture->subset);
  const TitheDendrogram *tree;
  guint32 kept;
  guint count;

  if (kind == TITHE_FIGURE_SIZES)
    {
      count = count_groups (cut, spot->class_index, spot->min_size, spot->max_size);
      return g_strdup_printf ("All classes: %u group%s of %u images", count, count == 1 ? "" : "s", spot->min_size);
    }
  tree = tithe_hierarchy_get_class (fixture->hierarchy, (guint) spot->class_index);
  kept = (guint32) tithe_subset_get_class_kept (fixture->subset, (guint) spot->class_index);
  if (kind == TITHE_FIGURE_REDUNDANCY)
    return g_strdup_printf ("c%d: %.1f %% are discarded", spot->class_index, 100 - 100.0 * kept / IMAGES);
  if (kind == TITHE_FIGURE_KEPT)
    return g_strdup_printf ("c%d: %.1f %% are kept", spot->class_index, 100.0 * kept / IMAGES);
  if (kind == TITHE_FIGURE_CUT)
    return g_strdup_printf ("c%d: cut at %.4f", spot->class_index, (double) tree->heights[tree->n - kept - 1]);
  return g_strndup (spot->text, 10);
}

/* Over the whole figure, what is pointed at is what the subset has. */
static void
test_figure_tells_the_truth (Fixture *fixture, gconstpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 300, 200);
  cairo_t *cr = cairo_create (surface);
  guint n_found = 0;

  for (guint kind = 0; kind < TITHE_N_FIGURES; kind++)
    {
      g_autoptr (TitheFigure) figure = tithe_figure_new ((TitheFigureKind) kind, fixture->subset);

      tithe_figure_draw (figure, cr, 300, 200, &tithe_figure_style_print);
      for (double y = 0; y < 200; y += 3)
        for (double x = 0; x < 300; x += 3)
          {
            TitheFigureSpot spot;
            g_autofree char *expected = NULL;

            if (!tithe_figure_find (figure, x, y, &spot))
              continue;
            n_found++;
            expected = expect_at (fixture, (TitheFigureKind) kind, &spot);
            g_assert_true (g_str_has_prefix (spot.text, expected));
            g_free (spot.text);
          }
    }
  g_assert_cmpuint (n_found, >, 100);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_sharpness (void)
{
  g_autoptr (TithePixels) flat = tithe_pixels_new (16, 16), line = tithe_pixels_new (16, 16);
  g_autoptr (TithePixels) soft = tithe_pixels_new (16, 16), dot = tithe_pixels_new (1, 1);

  memset (flat->data, 90, 16 * 16 * 3);
  memset (dot->data, 90, 3);
  for (guint y = 0; y < 16; y++)
    for (guint x = 0; x < 16; x++)
      {
        memset (line->data + 3 * (y * 16 + x), x < 8 ? 0 : 255, 3);
        memset (soft->data + 3 * (y * 16 + x), (int) (x * 16), 3);
      }
  g_assert_cmpfloat (tithe_sharpness_measure (flat), ==, 0);
  g_assert_cmpfloat (tithe_sharpness_measure (dot), ==, 0);
  g_assert_cmpfloat (tithe_sharpness_measure (line), >, tithe_sharpness_measure (soft) + 1);
}

#define ADD(path, function) g_test_add ("/rule/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("at-least", test_at_least);
  ADD ("at-least-takes-what-is-missing", test_at_least_takes_what_is_missing);
  ADD ("protection", test_protection);
  ADD ("discard-others", test_discard_others);
  ADD ("discards-rest-on-where-images-are-merged", test_discards_rest_on_where_images_are_merged);
  ADD ("why-nothing-changes", test_why_nothing_changes);
  ADD ("pictures-that-cannot-be-read-change-nothing", test_pictures_that_cannot_be_read_change_nothing);
  ADD ("best-of-each-group", test_best_of_each_group);
  ADD ("choices-by-hand-stay", test_choices_by_hand_stay);
  ADD ("cancelled", test_cancelled);
  g_test_add_func ("/rule/sharpness", test_sharpness);
  ADD ("figure-files", test_figure_files);
  ADD ("figure-tells-the-truth", test_figure_tells_the_truth);
  return g_test_run ();
}
