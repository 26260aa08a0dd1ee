/* SPDX-License-Identifier: MIT */
#include "tithe-review.h"
#include "tithe-review-words.h"

#include "curate/tithe-step-name.h"
#include "tithe-format.h"

#include <glib/gi18n.h>

/* How often, and how many times, a step is tried that another program's writing is in the way of: for ten seconds. */
#define RETRY_MS 50
#define MAX_RETRIES 200
/* From this one on the person is told why nothing happens. */
#define TOLD_RETRY 10
/* How long the window's end waits for it. */
#define LAST_PATIENCE_MS 2000

typedef enum
{
  STEP_NONE,
  STEP_DO,
  STEP_UNDO,
  STEP_REDO,
} StepKind;

/* A step on its way to the session's file: what is to be done when it is there. */
typedef struct
{
  StepKind kind;
  char *name;
  char *message;      /* (nullable): what is said then */
  gboolean go_on;     /* to the next group that nobody looked at */
  gsize group;        /* that it was about */
  GArray *shown;      /* (nullable): guint32, images that are selected and shown then */
  gboolean of_images; /* and not the first of their groups */
  guint n_tries;
  guint retry; /* source */
} Step;

struct _TitheReview
{
  GObject parent_instance;

  TitheGroupView *view;      /* not owned */
  TitheInspector *inspector; /* not owned */
  TitheSubset *subset;       /* (nullable) (not owned): with a curation */
  TitheGroupList *list;
  GSimpleActionGroup *actions;
  gboolean by_key; /* what is done now: it needs no words */
  Step step;
};

enum
{
  CHANGED,
  SAID,
  FAILED,
  HIDDEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheReview, tithe_review, G_TYPE_OBJECT)

static TitheCuration *
get_curation (TitheReview *self)
{
  return tithe_subset_get_curation (self->subset);
}

/* What is selected, or else what the cursor is on. */
static GArray *
list_targets (TitheReview *self)
{
  GArray *images = tithe_group_view_list_selected (self->view);
  guint32 image;
  gsize index;

  if (images->len == 0 && tithe_group_view_get_cursor (self->view, &image, &index))
    g_array_append_val (images, image);
  return images;
}

/* --- a step on its way to the disk --- */

static void
forget_step (TitheReview *self)
{
  g_clear_handle_id (&self->step.retry, g_source_remove);
  g_free (self->step.name);
  g_free (self->step.message);
  g_clear_pointer (&self->step.shown, g_array_unref);
  self->step = (Step){ .kind = STEP_NONE };
}

static gboolean
write_step (TitheReview *self, GError **error)
{
  switch (self->step.kind)
    {
    case STEP_DO:
      return tithe_curation_commit (get_curation (self), self->step.name, error);
    case STEP_UNDO:
      return tithe_curation_undo (get_curation (self), error);
    case STEP_REDO:
      return tithe_curation_redo (get_curation (self), error);
    case STEP_NONE:
    default:
      return TRUE;
    }
}

/**
 * tithe_review_go_to_open:
 * @from: index of a group in the list
 * @focus: whether it gets the focus
 *
 * Takes up the first group from there on, around the end, that nobody looked at.
 *
 * Returns: whether there is one
 */
gboolean
tithe_review_go_to_open (TitheReview *self, gsize from, gboolean focus)
{
  gsize n = self->list ? tithe_group_list_get_n_groups (self->list) : 0;

  for (gsize i = 0; i < n; i++)
    {
      gsize index = (from + i) % n;

      if (tithe_subset_is_reviewed (self->subset, tithe_group_list_get (self->list, index)))
        continue;
      tithe_group_view_take_up (self->view, index, focus);
      return TRUE;
    }
  return FALSE;
}

static void
go_on_from (TitheReview *self, gsize from)
{
  if (!tithe_review_go_to_open (self, from, TRUE))
    g_signal_emit (self, signals[SAID], 0, _("Every group here is reviewed"), FALSE);
}

/* What was decided another way, as far as it is in the list. */
static void
show_images (TitheReview *self, const GArray *images, gboolean of_images)
{
  gsize index;
  guint32 member;

  if (images->len == 0)
    return;
  tithe_group_view_set_selected (self->view, (const guint32 *) (gconstpointer) images->data, images->len,
                                 g_array_index (images, guint32, 0));
  if (!tithe_group_list_find_image (self->list, g_array_index (images, guint32, 0), &index, &member))
    {
      g_signal_emit (self, signals[HIDDEN], 0, g_array_index (images, guint32, 0));
      tithe_group_view_set_selected (self->view, (const guint32 *) (gconstpointer) images->data, images->len,
                                     g_array_index (images, guint32, 0));
      if (!tithe_group_list_find_image (self->list, g_array_index (images, guint32, 0), &index, &member))
        return;
    }
  if (!of_images)
    tithe_group_view_set_cursor (self->view, index, 0);
  tithe_group_view_bring_up (self->view, FALSE);
  tithe_group_view_focus (self->view);
}

static void
end_step (TitheReview *self)
{
  g_autofree char *message = g_steal_pointer (&self->step.message);
  g_autoptr (GArray) shown = g_steal_pointer (&self->step.shown);
  gboolean go_on = self->step.go_on, of_images = self->step.of_images, undoable = self->step.kind == STEP_DO;
  gsize group = self->step.group;

  forget_step (self);
  g_signal_emit (self, signals[CHANGED], 0);
  if (message != NULL)
    g_signal_emit (self, signals[SAID], 0, message, undoable);
  if (self->list == NULL)
    return;
  if (shown != NULL)
    show_images (self, shown, of_images);
  if (go_on)
    go_on_from (self, group
                          + (group < tithe_group_list_get_n_groups (self->list)
                             && tithe_subset_is_reviewed (self->subset, tithe_group_list_get (self->list, group))));
}

static void
fail_step (TitheReview *self, const char *message)
{
  forget_step (self);
  tithe_curation_begin (get_curation (self)); /* and with it what was put together */
  tithe_review_update (self);
  g_signal_emit (self, signals[FAILED], 0, message);
}

static gboolean try_step (gpointer data);

static void
take_outcome (TitheReview *self, gboolean ok, const GError *error)
{
  if (ok)
    end_step (self);
  else if (!g_error_matches (error, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BUSY)
           || self->step.n_tries == MAX_RETRIES)
    fail_step (self, error->message);
  else
    {
      if (self->step.n_tries++ == 0)
        tithe_review_update (self);
      if (self->step.n_tries == TOLD_RETRY)
        g_signal_emit (self, signals[SAID], 0, _("Waiting: another program is writing to this session"), FALSE);
      self->step.retry = g_timeout_add (RETRY_MS, try_step, self);
    }
}

static gboolean
try_step (gpointer data)
{
  TitheReview *self = data;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  self->step.retry = 0;
  ok = write_step (self, &error);
  take_outcome (self, ok, error);
  return G_SOURCE_REMOVE;
}

static void
set_step (TitheReview *self, const Step *step)
{
  forget_step (self);
  self->step = *step;
  self->step.name = g_strdup (step->name);
  self->step.message = g_strdup (step->message);
}

/*
 * Writes a step, mostly at once. Where another program is writing, this one doesn't wait for it but looks again later; nothing
 * else can be decided meanwhile, so that steps stay in their order.
 */
static void
begin_step (TitheReview *self, Step step)
{
  set_step (self, &step);
  try_step (self);
}

/* @said: (nullable): what happened then */
static void
commit (TitheReview *self, const char *name, const char *said)
{
  begin_step (self, (Step){ .kind = STEP_DO, .name = (char *) name, .message = self->by_key ? NULL : (char *) said });
}

/* The last try, for which there is time. */
static void
finish_step (TitheReview *self)
{
  g_autoptr (GError) error = NULL;

  if (self->step.kind == STEP_NONE)
    return;
  tithe_journal_set_patience (tithe_curation_get_journal (get_curation (self)), LAST_PATIENCE_MS);
  if (!write_step (self, &error))
    g_warning ("%s", error->message);
  forget_step (self);
}

/* --- decisions about images --- */

/* There is one representative by hand in a group: others that were step down to be kept. */
static void
step_down (TitheReview *self, guint32 image)
{
  TitheGroup group;

  if (!tithe_subset_find_group (self->subset, image, &group))
    return;
  for (guint32 m = 0; m < group.size; m++)
    {
      guint32 other = tithe_cut_get_image (tithe_subset_get_cut (self->subset), &group, m);

      if (other != image && tithe_curation_get_decision (get_curation (self), other) == TITHE_DECISION_REPRESENTATIVE)
        tithe_curation_set_decision (get_curation (self), other, TITHE_DECISION_AUTOMATIC);
    }
}

static gboolean
is_target (const GArray *images, guint32 image)
{
  for (guint i = 0; i < images->len; i++)
    if (g_array_index (images, guint32, i) == image)
      return TRUE;
  return FALSE;
}

/* Only one image can stand for a group: the one with the cursor, or else the first of those that are selected. */
static void
leave_one_of_each_group (TitheReview *self, GArray *images)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint32 cursor;
  gsize index;
  guint n = 0;

  if (tithe_group_view_get_cursor (self->view, &cursor, &index) && is_target (images, cursor))
    g_array_prepend_val (images, cursor);
  for (guint i = 0; i < images->len; i++)
    {
      guint32 image = g_array_index (images, guint32, i), first = image;
      TitheGroup group;

      if (tithe_subset_find_group (self->subset, image, &group))
        first = tithe_cut_get_image (tithe_subset_get_cut (self->subset), &group, 0);
      if (g_hash_table_add (seen, GUINT_TO_POINTER (first)))
        g_array_index (images, guint32, n++) = image;
    }
  g_array_set_size (images, n);
}

static void
on_decide (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReview *self = user_data;
  const char *name = g_action_get_name (G_ACTION (action));
  g_autoptr (GArray) images = list_targets (self);
  g_autofree char *step = NULL, *said = NULL;
  TitheDecision decision = g_str_equal (name, "keep")             ? TITHE_DECISION_KEEP
                           : g_str_equal (name, "discard")        ? TITHE_DECISION_DISCARD
                           : g_str_equal (name, "representative") ? TITHE_DECISION_REPRESENTATIVE
                                                                  : TITHE_DECISION_AUTOMATIC;

  if (images->len == 0)
    return;
  if (decision == TITHE_DECISION_REPRESENTATIVE)
    leave_one_of_each_group (self, images);
  step = tithe_review_words_dup_step (decision, images->len);
  said = images->len > 1 ? tithe_review_words_dup_decided (decision, images->len) : NULL;
  tithe_curation_begin (get_curation (self));
  for (guint i = 0; i < images->len; i++)
    {
      guint32 image = g_array_index (images, guint32, i);

      if (decision == TITHE_DECISION_REPRESENTATIVE)
        step_down (self, image);
      tithe_curation_set_decision (get_curation (self), image, decision);
    }
  commit (self, step, said);
}

/* Whether the image would be kept if nothing were decided about it, but all that is decided about the others of its group. */
static gboolean
would_be_kept (TitheReview *self, const TitheGroup *group, guint32 image)
{
  const guint32 automatic = tithe_subset_get_automatic (self->subset, group);
  gboolean others_keep
      = automatic != image && tithe_curation_get_decision (get_curation (self), automatic) != TITHE_DECISION_DISCARD;

  for (guint32 m = 0; m < group->size; m++)
    {
      guint32 other = tithe_cut_get_image (tithe_subset_get_cut (self->subset), group, m);
      TitheDecision decision = tithe_curation_get_decision (get_curation (self), other);

      if (other != image && decision == TITHE_DECISION_REPRESENTATIVE)
        return FALSE;
      others_keep |= other != image && automatic != image && decision == TITHE_DECISION_KEEP;
    }
  return !others_keep;
}

/* What an image becomes that is kept, or is not, the other way round: left to the ratio where that does it. */
static TitheDecision
choose_other_way (TitheReview *self, const TitheGroup *group, guint32 image)
{
  const gboolean keep
      = !tithe_subset_keeps (self->subset, image, tithe_subset_get_representative (self->subset, group));

  if (tithe_curation_get_decision (get_curation (self), image) != TITHE_DECISION_AUTOMATIC
      && would_be_kept (self, group, image) == keep)
    return TITHE_DECISION_AUTOMATIC;
  return keep ? TITHE_DECISION_KEEP : TITHE_DECISION_DISCARD;
}

/* The so-maniest image of the group with the cursor, or of the first one that nobody looked at: kept, or no longer. */
static void
on_toggle (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReview *self = user_data;
  guint32 number = g_variant_get_uint32 (parameter), image;
  g_autofree char *name = NULL;
  TitheDecision decision;
  const TitheGroup *group;
  TitheMember member;
  gsize index;

  if (!tithe_group_view_get_cursor (self->view, &image, &index)
      && !(tithe_review_go_to_open (self, 0, TRUE) && tithe_group_view_get_cursor (self->view, &image, &index)))
    return;
  group = tithe_group_list_get (self->list, index);
  if (tithe_group_list_is_block (self->list, index) || number < 1 || number > group->size)
    return;
  tithe_group_list_get_members (self->list, index, number - 1, 1, &member);
  decision = choose_other_way (self, group, member.image);
  name = tithe_review_words_dup_step (decision, 1);
  tithe_group_view_set_cursor (self->view, index, number - 1);
  tithe_curation_begin (get_curation (self));
  tithe_curation_set_decision (get_curation (self), member.image, decision);
  commit (self, name, NULL);
}

/* --- decisions about classes --- */

/**
 * tithe_review_set_class_ratio:
 * @ratio: of the class's images to keep, whatever the ratio of all; 0 for that of all
 *
 * Returns: %FALSE where another step is on its way to the disk, and nothing was done
 */
gboolean
tithe_review_set_class_ratio (TitheReview *self, guint class_index, double ratio)
{
  g_autofree char *step = NULL;

  g_return_val_if_fail (TITHE_IS_REVIEW (self) && get_curation (self) != NULL, FALSE);
  if (self->step.kind != STEP_NONE)
    return FALSE;
  step = tithe_curation_begin_class_ratio (get_curation (self), class_index, ratio);
  commit (self, step, NULL);
  return TRUE;
}

/* --- decisions about groups --- */

/* Merges of the class that the ratio makes. */
static guint32
count_made (TitheReview *self, guint class_index)
{
  const TitheClassCut *class = tithe_cut_get_class (tithe_subset_get_cut (self->subset), class_index);

  return class->n_images - class->n_wanted;
}

static void
split (TitheReview *self, guint class_index, guint32 merge)
{
  tithe_curation_split (get_curation (self), class_index, merge, count_made (self, class_index));
}

/* The group's topmost merge, or another one that was chosen in its dendrogram. */
static void
on_split (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReview *self = user_data;
  g_autoptr (GArray) groups = tithe_review_list_groups (self);
  g_autofree char *step = tithe_step_name_write (TITHE_STEP_NAME_SPLIT, groups->len, NULL);
  g_autofree char *n = tithe_format_count (groups->len);
  g_autofree char *said = g_strdup_printf (ngettext ("Split %s group", "Split %s groups", groups->len), n);
  guint class_index;
  guint32 merge;

  if (groups->len == 0)
    return;
  tithe_curation_begin (get_curation (self));
  if (groups->len == 1 && tithe_inspector_get_merge (self->inspector, &class_index, &merge))
    split (self, class_index, merge);
  else
    for (guint i = 0; i < groups->len; i++)
      split (self, g_array_index (groups, TitheGroup, i).class_index, g_array_index (groups, TitheGroup, i).node);
  commit (self, step, said);
}

/* What is to be merged, with what it would be a part of. */
typedef struct
{
  TitheGroup group;
  guint32 parent;
} Merge;

/* A parent has a higher number than what is part of it. */
static int
compare_merges (gconstpointer a, gconstpointer b)
{
  const Merge *x = a, *y = b;

  return (x->parent < y->parent) - (x->parent > y->parent);
}

/* Whether the group is a part already of one of the merges. */
static gboolean
is_merged (TitheReview *self, const Merge *merges, guint n, const TitheGroup *group)
{
  const TitheDendrogram *dendrogram
      = tithe_hierarchy_get_class (tithe_curation_get_hierarchy (get_curation (self)), group->class_index);

  for (guint i = 0; i < n; i++)
    if (merges[i].group.class_index == group->class_index && merges[i].parent != TITHE_NODE_NONE
        && group->start >= dendrogram->starts[merges[i].parent]
        && group->start - dendrogram->starts[merges[i].parent] < dendrogram->sizes[merges[i].parent])
      return TRUE;
  return FALSE;
}

/* (transfer full) (element-type Merge): the groups that something is selected in, or the one image, the highest first. */
static GArray *
list_merges (TitheReview *self)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_curation_get_hierarchy (get_curation (self)));
  g_autoptr (GArray) groups = tithe_review_list_groups (self);
  GArray *merges = g_array_new (FALSE, FALSE, sizeof (Merge));
  guint32 image;
  gsize index;

  if (groups->len == 0 && tithe_group_view_get_cursor (self->view, &image, &index))
    {
      TitheGroup single = { tithe_dataset_get_label (dataset, image),
                            tithe_curation_get_position (get_curation (self), image), 1, TITHE_NODE_NONE };

      g_array_append_val (groups, single);
    }
  for (guint i = 0; i < groups->len; i++)
    {
      const TitheGroup *group = &g_array_index (groups, TitheGroup, i);
      Merge merge
          = { *group, tithe_curation_get_parent (get_curation (self), group->class_index, group->start, group->node) };

      if (merge.parent != TITHE_NODE_NONE)
        g_array_append_val (merges, merge);
    }
  g_array_sort (merges, compare_merges);
  return merges;
}

static void
count_merged (TitheReview *self, const Merge *merge, TitheReviewMerged *merged)
{
  const TitheDendrogram *dendrogram
      = tithe_hierarchy_get_class (tithe_curation_get_hierarchy (get_curation (self)), merge->group.class_index);
  const guint32 start = dendrogram->starts[merge->parent], size = dendrogram->sizes[merge->parent];
  gsize n;
  const TitheGroup *groups = tithe_cut_get_groups (tithe_subset_get_cut (self->subset), &n);
  const TitheClassCut *class = tithe_cut_get_class (tithe_subset_get_cut (self->subset), merge->group.class_index);

  merged->n_merges++;
  merged->n_images += size;
  for (guint32 g = 0; g < class->n_groups; g++)
    {
      const TitheGroup *group = &groups[class->first_group + g];

      if (group->start < start || group->start - start >= size)
        continue;
      merged->n_grouped += group->size;
      merged->n_groups++;
    }
}

static void
on_merge (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReview *self = user_data;
  g_autoptr (GArray) merges = list_merges (self);
  g_autofree char *step = tithe_step_name_write (TITHE_STEP_NAME_MERGE, 0, NULL), *said = NULL;
  TitheReviewMerged merged = { 0 };
  guint32 image;
  gsize index;

  tithe_curation_begin (get_curation (self));
  for (guint i = 0; i < merges->len; i++)
    {
      const Merge *all = (const Merge *) (gpointer) merges->data;

      if (is_merged (self, all, i, &all[i].group))
        continue;
      count_merged (self, &all[i], &merged);
      tithe_curation_merge (get_curation (self), all[i].group.class_index, all[i].group.start, all[i].group.node,
                            count_made (self, all[i].group.class_index));
    }
  said = tithe_review_words_dup_merged (&merged);
  if (merges->len > 0)
    commit (self, step, said);
  else if (tithe_group_view_get_cursor (self->view, &image, &index))
    g_signal_emit (self, signals[FAILED], 0, _("The group is the whole class already"));
}

/* All but what stands for each of the groups. */
static void
on_discard_others (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReview *self = user_data;
  g_autoptr (GArray) groups = tithe_review_list_groups (self);
  g_autofree char *step = NULL, *said = NULL;
  guint n = 0;

  tithe_curation_begin (get_curation (self));
  for (guint i = 0; i < groups->len; i++)
    {
      const TitheGroup *group = &g_array_index (groups, TitheGroup, i);
      guint32 representative = tithe_subset_get_representative (self->subset, group);

      for (guint32 m = 0; m < group->size; m++)
        {
          guint32 image = tithe_cut_get_image (tithe_subset_get_cut (self->subset), group, m);

          if (image == representative)
            continue;
          tithe_curation_set_decision (get_curation (self), image, TITHE_DECISION_DISCARD);
          n++;
        }
    }
  step = tithe_step_name_write (TITHE_STEP_NAME_DISCARD, n, NULL);
  said = tithe_review_words_dup_decided (TITHE_DECISION_DISCARD, n);
  if (n > 0)
    commit (self, step, said);
}

/* --- on to the next --- */

static void
on_next (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReview *self = user_data;
  guint32 image;
  gsize index = 0;

  if (tithe_group_view_get_cursor (self->view, &image, &index))
    index++;
  go_on_from (self, index);
}

/* Marks the groups as reviewed, where they are not, and goes on. */
static void
on_done (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReview *self = user_data;
  g_autoptr (GArray) groups = tithe_review_list_groups (self);
  g_autofree char *name = tithe_step_name_write (TITHE_STEP_NAME_REVIEW, 0, NULL);
  guint32 image;
  gsize index = 0;

  if (groups->len == 0)
    {
      on_next (action, parameter, user_data);
      return;
    }
  tithe_group_view_get_cursor (self->view, &image, &index);
  tithe_curation_begin (get_curation (self));
  for (guint i = 0; i < groups->len; i++)
    {
      const TitheGroup *group = &g_array_index (groups, TitheGroup, i);

      if (!tithe_subset_is_reviewed (self->subset, group))
        tithe_curation_set_mark (get_curation (self), group->class_index, group->node, TITHE_MARK_REVIEWED, TRUE);
    }
  begin_step (self, (Step){ .kind = STEP_DO, .name = name, .go_on = TRUE, .group = index });
}

static void
on_not_done (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReview *self = user_data;
  g_autoptr (GArray) groups = tithe_review_list_groups (self);
  g_autofree char *name = tithe_step_name_write (TITHE_STEP_NAME_NOT_REVIEW, 0, NULL);

  tithe_curation_begin (get_curation (self));
  tithe_curation_unreview (get_curation (self), (const TitheGroup *) (gpointer) groups->data, groups->len);
  commit (self, name, NULL);
}

/* --- back and forth --- */

static void
on_undo (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReview *self = user_data;
  gboolean back = g_str_equal (g_action_get_name (G_ACTION (action)), "undo");
  const char *name
      = back ? tithe_curation_get_undo_name (get_curation (self)) : tithe_curation_get_redo_name (get_curation (self));
  g_autofree char *title = name ? tithe_step_name_show (name) : NULL;
  g_autofree char *message = name ? g_strdup_printf (back ? _("Undone: %s") : _("Done again: %s"), title) : NULL;

  gboolean of_images;
  GArray *changed;

  if (name == NULL)
    return;
  changed = tithe_curation_list_changed (get_curation (self), !back, &of_images);
  begin_step (self, (Step){ .kind = back ? STEP_UNDO : STEP_REDO,
                            .name = (char *) name,
                            .message = message,
                            .shown = changed,
                            .of_images = of_images });
}

/* --- rules for many at once --- */

/**
 * tithe_review_apply:
 * @plan: what a rule would do
 *
 * Decides as planned.
 */
void
tithe_review_apply (TitheReview *self, TitheRulePlan *plan)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *title = NULL, *said = NULL, *n = NULL;
  gboolean ok;

  if (self->subset == NULL || self->step.kind != STEP_NONE || plan->changes->len == 0)
    return;
  title = tithe_step_name_show (plan->name);
  n = tithe_format_count (plan->changes->len);
  /* TRANSLATORS: how many images, and the rule that decided, such as “Decided about 24 images: Keep the Largest of Each Group” */
  said = g_strdup_printf (ngettext ("Decided about %s image: %s", "Decided about %s images: %s", plan->changes->len), n,
                          title);
  set_step (self, &(Step){ .kind = STEP_DO, .name = plan->name, .message = said });
  ok = tithe_rule_plan_apply (plan, get_curation (self), &error);
  take_outcome (self, ok, error);
}

static void
on_protect_class (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheReview *self = user_data;
  TitheDataset *dataset = tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (tithe_subset_get_cut (self->subset)));
  g_autoptr (TitheCuration) copy = NULL;
  g_autoptr (TitheRulePlan) plan = NULL;
  guint32 image;
  gsize index;

  if (!tithe_group_view_get_cursor (self->view, &image, &index))
    return;
  copy = tithe_curation_copy (get_curation (self));
  plan = tithe_rule_plan (
      &(TitheRule){ TITHE_RULE_PROTECT_CLASS,
                    tithe_dataset_get_class_name (dataset, tithe_dataset_get_label (dataset, image)), 0 },
      copy, &(TitheSubsetChoice){ .ratio = 1 }, NULL, 0, NULL, NULL);
  if (plan != NULL)
    tithe_review_apply (self, plan);
}

static const GActionEntry entries[] = {
  { .name = "keep", .activate = on_decide },
  { .name = "discard", .activate = on_decide },
  { .name = "representative", .activate = on_decide },
  { .name = "automatic", .activate = on_decide },
  { .name = "discard-others", .activate = on_discard_others },
  { .name = "split", .activate = on_split },
  { .name = "merge", .activate = on_merge },
  { .name = "toggle", .activate = on_toggle, .parameter_type = "u" },
  { .name = "done", .activate = on_done },
  { .name = "not-done", .activate = on_not_done },
  { .name = "next", .activate = on_next },
  { .name = "protect-class", .activate = on_protect_class },
  { .name = "undo", .activate = on_undo },
  { .name = "redo", .activate = on_undo },
};

static void
set_enabled (TitheReview *self, const char *name, gboolean enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)),
                               enabled);
}

/**
 * tithe_review_set_by_key:
 * @by_key: whether what is done from now on is done by a key
 *
 * Who presses a key looks at what it does: nothing is said about that.
 */
void
tithe_review_set_by_key (TitheReview *self, gboolean by_key)
{
  g_return_if_fail (TITHE_IS_REVIEW (self));

  self->by_key = by_key;
}

/**
 * tithe_review_list_groups:
 *
 * Returns: (transfer full) (element-type TitheGroup): the groups that something is selected in, each once; none without a
 *   subset
 */
GArray *
tithe_review_list_groups (TitheReview *self)
{
  g_autoptr (GArray) images = list_targets (self);
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (TitheGroup));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; self->subset != NULL && i < images->len; i++)
    {
      TitheGroup group;
      guint32 first;

      if (!tithe_subset_find_group (self->subset, g_array_index (images, guint32, i), &group))
        continue;
      first = tithe_cut_get_image (tithe_subset_get_cut (self->subset), &group, 0);
      if (g_hash_table_add (seen, GUINT_TO_POINTER (first)))
        g_array_append_val (groups, group);
    }
  return groups;
}

/**
 * tithe_review_update:
 *
 * Follows the subset: what can be done now.
 */
void
tithe_review_update (TitheReview *self)
{
  gboolean can = self->subset != NULL && self->step.kind == STEP_NONE
                 && !tithe_journal_is_read_only (tithe_curation_get_journal (get_curation (self)));

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    set_enabled (self, entries[i].name, can);
  set_enabled (self, "next", self->subset != NULL);
  set_enabled (self, "undo", can && tithe_curation_get_undo_name (get_curation (self)) != NULL);
  set_enabled (self, "redo", can && tithe_curation_get_redo_name (get_curation (self)) != NULL);
}

/**
 * tithe_review_set_subset:
 * @subset: (nullable) (transfer none): with a curation that has a journal; must be taken back before it goes
 * @list: (nullable) (transfer none): of it, that the view shows
 */
void
tithe_review_set_subset (TitheReview *self, TitheSubset *subset, TitheGroupList *list)
{
  g_return_if_fail (TITHE_IS_REVIEW (self));

  if (self->subset != NULL)
    finish_step (self);
  self->subset = subset;
  self->list = list;
  if (subset != NULL)
    tithe_journal_set_patience (tithe_curation_get_journal (get_curation (self)), 0);
  tithe_review_update (self);
}

/* (transfer none): the actions, for the prefix “review”. */
GActionGroup *
tithe_review_get_actions (TitheReview *self)
{
  return G_ACTION_GROUP (self->actions);
}

static void
tithe_review_dispose (GObject *object)
{
  forget_step (TITHE_REVIEW (object));
  g_clear_object (&TITHE_REVIEW (object)->actions);
  G_OBJECT_CLASS (tithe_review_parent_class)->dispose (object);
}

static void
tithe_review_class_init (TitheReviewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tithe_review_dispose;
  signals[CHANGED]
      = g_signal_new ("changed", TITHE_TYPE_REVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SAID] = g_signal_new ("said", TITHE_TYPE_REVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[HIDDEN]
      = g_signal_new ("hidden", TITHE_TYPE_REVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[FAILED] = g_signal_new ("failed", TITHE_TYPE_REVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
tithe_review_init (TitheReview *self)
{
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
}

/* (transfer full): what decides about the view's selection; it holds on to both widgets. */
TitheReview *
tithe_review_new (TitheGroupView *view, TitheInspector *inspector)
{
  TitheReview *self = g_object_new (TITHE_TYPE_REVIEW, NULL);

  self->view = view;
  self->inspector = inspector;
  tithe_review_update (self);
  return self;
}
