/* SPDX-License-Identifier: MIT */
#include "tithe-curation-private.h"
#include "tithe-step-name.h"

#include <math.h>
#include <string.h>

/* Of a change in a row of the journal: where, from what to what, each number's low byte before its high one: 32 bits, 32, 8
 * and 8, and the high bytes of the last two, which are 0 but for ratios. */
#define CHANGE_BYTES 12

/* tithe_step_free: for the array of steps */
void
tithe_step_free (gpointer data)
{
  TitheStep *step = data;

  g_free (step->name);
  g_array_unref (step->changes);
  g_free (step);
}

static gboolean
is_possible (TitheCuration *self, const TitheChange *change)
{
  if (change->class_index == TITHE_CHANGE_OF_IMAGE)
    return change->id < tithe_dataset_get_n_images (tithe_hierarchy_get_dataset (self->hierarchy))
           && change->from <= TITHE_DECISION_REPRESENTATIVE && change->to <= TITHE_DECISION_REPRESENTATIVE;
  if (change->class_index == TITHE_CHANGE_OF_RATIO)
    return change->id < self->n_classes && change->from <= TITHE_CLASS_RATIO_UNIT
           && change->to <= TITHE_CLASS_RATIO_UNIT;
  return change->class_index < self->n_classes && self->classes[change->class_index].n > 1
         && change->id < self->classes[change->class_index].n_known && change->from < 8 && change->to < 8;
}

static void
run (TitheCuration *self, GArray *changes, gboolean forwards)
{
  self->generation++;
  for (guint i = 0; i < changes->len; i++)
    {
      const TitheChange *change = &g_array_index (changes, TitheChange, forwards ? i : changes->len - 1 - i);

      tithe_curation_put (self, change->class_index, change->id, forwards ? change->to : change->from);
    }
}

static GBytes *
pack (GArray *changes)
{
  guint8 *bytes = g_malloc0 (changes->len * (gsize) CHANGE_BYTES + 1);

  for (guint i = 0; i < changes->len; i++)
    {
      const TitheChange *change = &g_array_index (changes, TitheChange, i);
      guint32 words[2] = { GUINT32_TO_LE (change->class_index), GUINT32_TO_LE (change->id) };

      memcpy (bytes + i * (gsize) CHANGE_BYTES, words, 8);
      bytes[i * (gsize) CHANGE_BYTES + 8] = change->from & 0xff;
      bytes[i * (gsize) CHANGE_BYTES + 9] = change->to & 0xff;
      bytes[i * (gsize) CHANGE_BYTES + 10] = change->from >> 8;
      bytes[i * (gsize) CHANGE_BYTES + 11] = change->to >> 8;
    }
  return g_bytes_new_take (bytes, changes->len * (gsize) CHANGE_BYTES);
}

static GArray *
unpack (TitheCuration *self, const guint8 *bytes, gsize size)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (TitheChange));

  if (size % CHANGE_BYTES != 0)
    return NULL;
  for (; size > 0; size -= CHANGE_BYTES, bytes += CHANGE_BYTES)
    {
      guint32 words[2];
      TitheChange change;

      memcpy (words, bytes, 8);
      change = (TitheChange){ .class_index = GUINT32_FROM_LE (words[0]),
                              .id = GUINT32_FROM_LE (words[1]),
                              .from = (guint16) (bytes[8] | bytes[10] << 8),
                              .to = (guint16) (bytes[9] | bytes[11] << 8) };
      if (!is_possible (self, &change))
        return NULL;
      g_array_append_val (changes, change);
    }
  return g_steal_pointer (&changes);
}

/* --- the journal --- */

/* Lets exactly the steps hold that are done. */
static void
settle (TitheCuration *self)
{
  while (self->n_applied > self->n_done)
    run (self, ((TitheStep *) g_ptr_array_index (self->steps, --self->n_applied))->changes, FALSE);
  while (self->n_applied < self->n_done)
    run (self, ((TitheStep *) g_ptr_array_index (self->steps, self->n_applied++))->changes, TRUE);
}

/* A step behind those that were done; those that were undone are gone with it. */
static void
push (TitheCuration *self, const char *name, GArray *changes)
{
  TitheStep *step = g_new0 (TitheStep, 1);

  *step = (TitheStep){ g_strdup (name), changes };
  if (self->n_applied > self->n_done)
    settle (self);
  g_ptr_array_set_size (self->steps, (gint) self->n_done);
  g_ptr_array_add (self->steps, step);
  self->n_done++;
}

/* Only moves the end of what is done, so that a journal takes no longer than its size: settle() does the rest. */
static gboolean
replay (TitheEvent event, const char *name, gconstpointer bytes, gsize size, gpointer user_data)
{
  TitheCuration *self = user_data;
  GArray *changes = event == TITHE_EVENT_DO ? unpack (self, bytes, size) : NULL;

  if (changes != NULL)
    push (self, name, changes);
  else if (event == TITHE_EVENT_UNDO && self->n_done > 0)
    self->n_done--;
  else if (event == TITHE_EVENT_REDO && self->n_done < self->steps->len)
    self->n_done++;
  else
    return FALSE;
  return TRUE;
}

static gboolean
read_journal (TitheCuration *self, GError **error)
{
  gboolean ok = tithe_journal_read (self->journal, replay, self, error);

  settle (self);
  return ok;
}

/**
 * tithe_curation_attach:
 * @journal: (transfer full): from now on every step is in it before it holds
 *
 * Takes up the decisions that the journal has. To be called once, before anything is decided.
 */
gboolean
tithe_curation_attach (TitheCuration *self, TitheJournal *journal, GError **error)
{
  g_return_val_if_fail (self->journal == NULL && self->steps->len == 0, FALSE);

  self->journal = journal;
  return read_journal (self, error);
}

/* (transfer none) (nullable): where decisions are kept, %NULL where they are only in memory. */
TitheJournal *
tithe_curation_get_journal (TitheCuration *self)
{
  return self->journal;
}

/**
 * tithe_curation_catch_up:
 * @changed: (out): whether there was something new
 *
 * Takes up what another program decided in the same session.
 */
gboolean
tithe_curation_catch_up (TitheCuration *self, gboolean *changed, GError **error)
{
  guint64 generation = self->generation;
  gboolean ok = self->journal == NULL || !tithe_journal_has_news (self->journal) || read_journal (self, error);

  *changed = self->generation != generation;
  return ok;
}

/* --- deciding --- */

/**
 * tithe_curation_begin:
 *
 * Begins to put a step together. Nothing holds before tithe_curation_commit().
 */
void
tithe_curation_begin (TitheCuration *self)
{
  g_array_set_size (self->pending, 0);
}

static void
add_pending (TitheCuration *self, TitheChange change)
{
  change.from = tithe_curation_get (self, change.class_index, change.id);
  if (change.class_index < self->n_classes)
    change.to = (guint16) ((change.from & ~change.cleared) | change.set);
  if (change.from != change.to)
    g_array_append_val (self->pending, change);
}

static void
change_marks (TitheCuration *self, guint class_index, guint32 node, guint set, guint cleared)
{
  add_pending (
      self, (TitheChange){ .class_index = class_index, .id = node, .set = (guint8) set, .cleared = (guint8) cleared });
}

/**
 * tithe_curation_set_decision:
 *
 * Adds to the step: an image, once in a step at most.
 */
void
tithe_curation_set_decision (TitheCuration *self, guint32 image, TitheDecision decision)
{
  add_pending (self, (TitheChange){ .class_index = TITHE_CHANGE_OF_IMAGE, .id = image, .to = (guint16) decision });
}

/**
 * tithe_curation_set_mark:
 *
 * Adds to the step: a mark of a node, once in a step at most.
 */
void
tithe_curation_set_mark (TitheCuration *self, guint class_index, guint32 node, TitheMark mark, gboolean set)
{
  change_marks (self, class_index, node, set ? mark : 0, set ? 0 : mark);
}

/**
 * tithe_curation_set_class_ratio:
 * @ratio: of the class's images to keep, whatever the ratio of all; 0 for that of all
 *
 * Adds to the step: a class, once in a step at most. Ratios go by ten-thousandths.
 */
void
tithe_curation_set_class_ratio (TitheCuration *self, guint class_index, double ratio)
{
  double units = floor (ratio * TITHE_CLASS_RATIO_UNIT + 0.5);

  g_return_if_fail (class_index < self->n_classes && ratio >= 0 && ratio <= 1);

  if (ratio > 0)
    units = MAX (units, 1);
  add_pending (self, (TitheChange){ .class_index = TITHE_CHANGE_OF_RATIO, .id = class_index, .to = (guint16) units });
}

/**
 * tithe_curation_begin_class_ratio:
 * @ratio: as of tithe_curation_set_class_ratio()
 *
 * Begins a step that is about the ratio of one class and nothing else.
 *
 * Returns: (transfer full): its name, for tithe_curation_commit()
 */
char *
tithe_curation_begin_class_ratio (TitheCuration *self, guint class_index, double ratio)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (self->hierarchy);

  tithe_curation_begin (self);
  tithe_curation_set_class_ratio (self, class_index, ratio);
  return tithe_step_name_write (ratio > 0 ? TITHE_STEP_NAME_CLASS_RATIO : TITHE_STEP_NAME_NO_CLASS_RATIO, 0,
                                tithe_dataset_get_class_name (dataset, class_index));
}

/**
 * tithe_curation_split:
 * @n_made: merges of the class that the ratio makes, which are its first ones
 *
 * Adds to the step: the two parts of the node are not one group, at any ratio where that would make it one. Merges of the
 * node and above are taken back; that is all where only they made it one, so that it is as if there had been none.
 */
void
tithe_curation_split (TitheCuration *self, guint class_index, guint32 node, guint32 n_made)
{
  const guint32 *parents = tithe_curation_get_parents (self, class_index);
  const guint32 n = self->classes[class_index].n;

  change_marks (self, class_index, node, node < n_made ? TITHE_MARK_SPLIT : 0, TITHE_MARK_MERGED);
  for (guint32 t = parents[n + node]; t != TITHE_NODE_NONE; t = parents[n + t])
    if ((tithe_curation_get_marks (self, class_index, t) & TITHE_MARK_MERGED) != 0)
      tithe_curation_set_mark (self, class_index, t, TITHE_MARK_MERGED, FALSE);
}

/**
 * tithe_curation_merge:
 * @position: of an image in the leaf order, where @node is %TITHE_NODE_NONE
 * @node: of a group
 * @n_made: merges of the class that the ratio makes, which are its first ones
 *
 * Adds to the step: what the group is part of is one group, at any ratio where that would not make it one. Splits of it and
 * below are taken back; that is all where only they parted it.
 *
 * Returns: the node of the new group; %TITHE_NODE_NONE where the group is the whole class, or what it is part of was not
 *   clustered any more, and nothing was added
 */
guint32
tithe_curation_merge (TitheCuration *self, guint class_index, guint32 position, guint32 node, guint32 n_made)
{
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, class_index);
  guint32 parent = tithe_curation_get_parent (self, class_index, position, node);

  if (parent == TITHE_NODE_NONE)
    return parent;
  change_marks (self, class_index, parent, parent < n_made ? 0 : TITHE_MARK_MERGED, TITHE_MARK_SPLIT);
  /* What is below the node lies in its slice of the leaf order, and came before it. */
  for (guint32 t = 0; self->classes[class_index].n_marked > 0 && t < parent; t++)
    if ((tithe_curation_get_marks (self, class_index, t) & TITHE_MARK_SPLIT) != 0
        && dendrogram->starts[t] >= dendrogram->starts[parent]
        && dendrogram->starts[t] + dendrogram->sizes[t] <= dendrogram->starts[parent] + dendrogram->sizes[parent])
      tithe_curation_set_mark (self, class_index, t, TITHE_MARK_SPLIT, FALSE);
  return parent;
}

/* What is to become of the review of a node. */
enum
{
  WISH_NONE,
  WISH_REVIEWED, /* it was under a mark that goes, and stays reviewed */
  WISH_OPEN,
};

/* A mark above the node goes; what else was under it gets one of its own. */
static void
wish_open (TitheCuration *self, const TitheGroup *group, guint8 *wishes)
{
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, group->class_index);
  const guint32 *parents = tithe_curation_get_parents (self, group->class_index);
  const guint32 n = dendrogram->n;
  guint32 top = group->node;

  for (guint32 t = top; t != TITHE_NODE_NONE; t = parents[n + t])
    if ((tithe_curation_get_marks (self, group->class_index, t) & TITHE_MARK_REVIEWED) != 0)
      top = t;
  wishes[group->node] = WISH_OPEN;
  for (guint32 t = group->node; t != top; t = parents[n + t])
    {
      guint32 parent = parents[n + t];
      guint32 other = dendrogram->left[parent] == n + t ? dendrogram->right[parent] : dendrogram->left[parent];

      wishes[parent] = WISH_OPEN;
      if (other >= n && wishes[other - n] == WISH_NONE)
        wishes[other - n] = WISH_REVIEWED;
    }
}

/**
 * tithe_curation_unreview:
 * @groups: (array length=n): of two images or more
 *
 * Adds to the step: nobody looked at these groups, whether they were marked or something that they are part of; the rest of
 * that stays reviewed. Takes O(images of their classes) time.
 */
void
tithe_curation_unreview (TitheCuration *self, const TitheGroup *groups, gsize n)
{
  g_autofree guint8 **wishes = g_new0 (guint8 *, MAX (1, self->n_classes));

  for (gsize i = 0; i < n; i++)
    {
      guint c = groups[i].class_index;

      if (wishes[c] == NULL)
        wishes[c] = g_new0 (guint8, self->classes[c].n);
      wish_open (self, &groups[i], wishes[c]);
    }
  for (guint c = 0; c < self->n_classes; c++)
    {
      for (guint32 t = 0; wishes[c] != NULL && t + 1 < self->classes[c].n; t++)
        if (wishes[c][t] != WISH_NONE)
          tithe_curation_set_mark (self, c, t, TITHE_MARK_REVIEWED, wishes[c][t] == WISH_REVIEWED);
      g_free (wishes[c]);
    }
}

/* Another program was quicker: the step begins from what holds now, and what is so already is not a part of it. */
static void
rebase (TitheCuration *self)
{
  g_autoptr (GArray) pending = g_steal_pointer (&self->pending);

  self->pending = g_array_new (FALSE, FALSE, sizeof (TitheChange));
  for (guint i = 0; i < pending->len; i++)
    add_pending (self, g_array_index (pending, TitheChange, i));
}

static gboolean
append (TitheCuration *self, TitheEvent event, const char *name, GError **error)
{
  for (;;)
    {
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) local = NULL;
      gint64 n_rows;

      /* What another program did last is what is undone, or nothing is. */
      if (event == TITHE_EVENT_UNDO && self->n_done == 0)
        return TRUE;
      if (event == TITHE_EVENT_REDO && self->n_done == self->steps->len)
        return TRUE;
      if (event == TITHE_EVENT_DO && self->pending->len == 0)
        return TRUE;
      bytes = event == TITHE_EVENT_DO ? pack (self->pending) : g_bytes_new_static ("", 0);
      if (self->journal == NULL
          || tithe_journal_append (self->journal, event, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   &local))
        break;
      n_rows = tithe_journal_get_n_rows (self->journal);
      if (g_error_matches (local, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_BEHIND) && !read_journal (self, error))
        return FALSE;
      /* Where there was nothing to be read it isn't another program that is in the way. */
      if (tithe_journal_get_n_rows (self->journal) == n_rows)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      rebase (self);
    }
  if (event == TITHE_EVENT_DO)
    {
      push (self, name, self->pending);
      self->pending = g_array_new (FALSE, FALSE, sizeof (TitheChange));
    }
  else if (event == TITHE_EVENT_UNDO)
    self->n_done--;
  else
    self->n_done++;
  settle (self);
  return TRUE;
}

/**
 * tithe_curation_commit:
 * @name: of the step, such as “Discard 3 images”
 *
 * Writes the step to the journal and lets it hold; one that changes nothing is none.
 *
 * Returns: %FALSE with a %TITHE_DATABASE_ERROR where it could not be written: then nothing changed
 */
gboolean
tithe_curation_commit (TitheCuration *self, const char *name, GError **error)
{
  return append (self, TITHE_EVENT_DO, name, error);
}

/**
 * tithe_curation_get_undo_name:
 *
 * Returns: (nullable): name of the step that undo would take back
 */
const char *
tithe_curation_get_undo_name (TitheCuration *self)
{
  return self->n_done > 0 ? ((const TitheStep *) g_ptr_array_index (self->steps, self->n_done - 1))->name : NULL;
}

/* (nullable) (transfer none): of the step that tithe_curation_redo() would make again. */
const char *
tithe_curation_get_redo_name (TitheCuration *self)
{
  return self->n_done < self->steps->len ? ((const TitheStep *) g_ptr_array_index (self->steps, self->n_done))->name
                                         : NULL;
}

/**
 * tithe_curation_list_changed:
 * @redo: whether it is about the step that redo would make again, and not about the one that undo would take back
 * @of_images: (out): whether images were decided about, and not only groups
 *
 * Returns: (transfer full) (element-type guint32): the images that the step decides about; where it is about groups only, one
 *   of each; none where there is no step
 */
GArray *
tithe_curation_list_changed (TitheCuration *self, gboolean redo, gboolean *of_images)
{
  GArray *images = g_array_new (FALSE, FALSE, sizeof (guint32)), *changes;
  g_autoptr (GArray) of_groups = g_array_new (FALSE, FALSE, sizeof (guint32));

  *of_images = FALSE;
  if (redo ? self->n_done == self->steps->len : self->n_done == 0)
    return images;
  changes = ((const TitheStep *) g_ptr_array_index (self->steps, redo ? self->n_done : self->n_done - 1))->changes;
  for (guint i = 0; i < changes->len; i++)
    {
      const TitheChange *change = &g_array_index (changes, TitheChange, i);

      if (change->class_index == TITHE_CHANGE_OF_IMAGE)
        g_array_append_val (images, change->id);
      else if (change->class_index < self->n_classes)
        {
          const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, change->class_index);
          gsize n;
          const guint32 *all
              = tithe_dataset_get_class_images (tithe_hierarchy_get_dataset (self->hierarchy), change->class_index, &n);

          g_array_append_val (of_groups, all[dendrogram->leaves[dendrogram->starts[change->id]]]);
        }
    }
  *of_images = images->len > 0;
  if (images->len == 0)
    {
      g_array_unref (images);
      return g_steal_pointer (&of_groups);
    }
  return images;
}

/**
 * tithe_curation_undo:
 *
 * Takes the last step back, from whichever day it is; nothing where there is none.
 */
gboolean
tithe_curation_undo (TitheCuration *self, GError **error)
{
  return append (self, TITHE_EVENT_UNDO, "", error);
}

/* Makes the step again that was last taken back. %FALSE with a %TITHE_DATABASE_ERROR where it can not be written,
 * and then nothing is changed. */
gboolean
tithe_curation_redo (TitheCuration *self, GError **error)
{
  return append (self, TITHE_EVENT_REDO, "", error);
}

/**
 * tithe_curation_count_steps:
 *
 * Returns: steps that hold
 */
gsize
tithe_curation_count_steps (TitheCuration *self)
{
  return self->n_done;
}
