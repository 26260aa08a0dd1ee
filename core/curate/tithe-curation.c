/* SPDX-License-Identifier: MIT */
#include "tithe-curation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* In the place of a class, for a change of an image. */
#define IS_IMAGE G_MAXUINT32
#define CHANGE_BYTES 12

/* From one value to another, of the decision about an image or the marks of a node. Of marks it is only what differs that
 * was decided: while the change is pending, another program may set or clear others. */
typedef struct
{
  guint32 class_index;
  guint32 id;
  guint8 from, to;
  guint8 set, cleared; /* of marks, while it is pending */
} Change;

typedef struct
{
  char *name;
  GArray *changes; /* Change */
} Step;

typedef struct
{
  guint32 n;
  guint8 *decisions; /* by position in the leaf order; NULL before the first */
  gsize n_decided;
  guint8 *marks; /* by merge; NULL before the first */
  gsize n_marked;
  guint32 *parents;             /* of every leaf and merge in SciPy's numbering; NULL until they are needed */
  guint8 *overrides, *reviewed; /* by merge, what follows from the marks; NULL where nothing does */
  guint8 *merged;               /* by merge, whether it or one above it is marked so; only while these are worked out */
  gboolean stale;
} Class;

struct _TitheCuration
{
  TitheHierarchy *hierarchy;
  TitheJournal *journal; /* (owned) (nullable) */
  guint n_classes;
  Class *classes;
  guint32 *positions; /* in the class's leaf order, by image */
  GPtrArray *steps;   /* Step: those that were done, then those that were undone */
  guint n_done;
  guint
      n_applied; /* of the steps: those that decisions and marks have in them; n_done outside of this file's functions */
  GArray *pending;     /* Change, of the step that is being put together */
  GHashTable *touched; /* image to the generation in which it was last decided about */
  guint64 generation;  /* grows with every change */
};

static void
step_free (gpointer data)
{
  Step *step = data;

  g_free (step->name);
  g_array_unref (step->changes);
  g_free (step);
}

/**
 * tithe_curation_new:
 * @hierarchy: complete
 *
 * Returns: (transfer full): no decisions at all, kept in memory only until there is a journal
 */
TitheCuration *
tithe_curation_new (TitheHierarchy *hierarchy)
{
  TitheCuration *self = g_new0 (TitheCuration, 1);
  TitheDataset *dataset = tithe_hierarchy_get_dataset (hierarchy);

  self->hierarchy = tithe_hierarchy_ref (hierarchy);
  self->n_classes = tithe_dataset_get_n_classes (dataset);
  self->classes = g_new0 (Class, MAX (1, self->n_classes));
  self->positions = g_new0 (guint32, MAX (1, tithe_dataset_get_n_images (dataset)));
  for (guint c = 0; c < self->n_classes; c++)
    {
      const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (hierarchy, c);
      gsize n;
      const guint32 *images = tithe_dataset_get_class_images (dataset, c, &n);

      self->classes[c].n = dendrogram ? dendrogram->n : 0;
      for (guint32 position = 0; position < self->classes[c].n; position++)
        self->positions[images[dendrogram->leaves[position]]] = position;
    }
  self->steps = g_ptr_array_new_with_free_func (step_free);
  self->pending = g_array_new (FALSE, FALSE, sizeof (Change));
  self->touched = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

/**
 * tithe_curation_copy:
 *
 * Returns: (transfer full): the same decisions and marks, in memory only and without a way back
 */
TitheCuration *
tithe_curation_copy (TitheCuration *self)
{
  TitheCuration *copy = tithe_curation_new (self->hierarchy);

  for (guint c = 0; c < self->n_classes; c++)
    {
      const Class *from = &self->classes[c];
      Class *to = &copy->classes[c];

      to->decisions = from->decisions ? g_memdup2 (from->decisions, from->n) : NULL;
      to->n_decided = from->n_decided;
      to->marks = from->marks ? g_memdup2 (from->marks, from->n) : NULL;
      to->n_marked = from->n_marked;
      to->stale = from->marks != NULL;
    }
  return copy;
}

/* What was not committed is lost; what was is on the disk. */
void
tithe_curation_free (TitheCuration *self)
{
  for (guint c = 0; c < self->n_classes; c++)
    {
      g_free (self->classes[c].decisions);
      g_free (self->classes[c].marks);
      g_free (self->classes[c].parents);
      g_free (self->classes[c].overrides);
      g_free (self->classes[c].reviewed);
    }
  g_clear_pointer (&self->journal, tithe_journal_free);
  g_ptr_array_unref (self->steps);
  g_array_unref (self->pending);
  g_hash_table_unref (self->touched);
  g_free (self->classes);
  g_free (self->positions);
  tithe_hierarchy_unref (self->hierarchy);
  g_free (self);
}

/* (transfer none): what is decided about. */
TitheHierarchy *
tithe_curation_get_hierarchy (TitheCuration *self)
{
  return self->hierarchy;
}

/* --- what is decided now --- */

static Class *
class_of_image (TitheCuration *self, guint32 image)
{
  return &self->classes[tithe_dataset_get_label (tithe_hierarchy_get_dataset (self->hierarchy), image)];
}

/* What holds for the image now, a pending step included. Takes O(1) time. */
TitheDecision
tithe_curation_get_decision (TitheCuration *self, guint32 image)
{
  const Class *class = class_of_image (self, image);

  return class->decisions ? (TitheDecision) class->decisions[self->positions[image]] : TITHE_DECISION_AUTOMATIC;
}

/**
 * tithe_curation_get_decisions:
 * @n_decided: (out): how many of them are not automatic
 *
 * Returns: (transfer none) (nullable): a #TitheDecision for each position in the class's leaf order; %NULL before the
 *   first
 */
const guint8 *
tithe_curation_get_decisions (TitheCuration *self, guint class_index, gsize *n_decided)
{
  *n_decided = self->classes[class_index].n_decided;
  return self->classes[class_index].decisions;
}

/**
 * tithe_curation_get_marks:
 *
 * Returns: #TitheMark of the node itself, or-ed
 */
guint
tithe_curation_get_marks (TitheCuration *self, guint class_index, guint32 node)
{
  const Class *class = &self->classes[class_index];

  return class->marks != NULL && node < class->n - 1 ? class->marks[node] : 0;
}

static gboolean
is_apart (const Class *class, guint32 child)
{
  return child >= class->n && class->overrides[child - class->n] == TITHE_OVERRIDE_APART;
}

/* What is below a merge is together, unless there is a split in it; so it is where a split parts the merge itself, too. */
static void
hand_down (Class *class, guint32 merge, guint32 child)
{
  if (child < class->n)
    return;
  class->reviewed[child - class->n] |= class->reviewed[merge];
  class->merged[child - class->n] |= class->merged[merge];
}

/* A parent comes after its children: splits go up in one pass, merges and reviews down in another. */
static void
derive (TitheCuration *self, guint class_index)
{
  Class *class = &self->classes[class_index];
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, class_index);
  const guint32 n = class->n;

  if (!class->stale)
    return;
  class->stale = FALSE;
  g_clear_pointer (&class->overrides, g_free);
  g_clear_pointer (&class->reviewed, g_free);
  if (class->n_marked == 0)
    return;
  class->overrides = g_new0 (guint8, n);
  class->reviewed = g_new0 (guint8, n);
  class->merged = g_new0 (guint8, n);
  for (guint32 t = 0; t + 1 < n; t++)
    {
      if ((class->marks[t] & TITHE_MARK_SPLIT) != 0 || is_apart (class, dendrogram->left[t])
          || is_apart (class, dendrogram->right[t]))
        class->overrides[t] = TITHE_OVERRIDE_APART;
      class->reviewed[t] = (class->marks[t] & TITHE_MARK_REVIEWED) != 0;
      class->merged[t] = (class->marks[t] & TITHE_MARK_MERGED) != 0;
    }
  for (guint32 t = n - 1; t-- > 0;)
    {
      hand_down (class, t, dendrogram->left[t]);
      hand_down (class, t, dendrogram->right[t]);
      if (class->merged[t] && class->overrides[t] == TITHE_OVERRIDE_NONE)
        class->overrides[t] = TITHE_OVERRIDE_TOGETHER;
    }
  g_clear_pointer (&class->merged, g_free);
}

/**
 * tithe_curation_get_overrides:
 *
 * Returns: (transfer none) (nullable): a #TitheOverride for each merge of the class, for tithe_cut_set_overrides(); valid
 *   until the next change
 */
const guint8 *
tithe_curation_get_overrides (TitheCuration *self, guint class_index)
{
  derive (self, class_index);
  return self->classes[class_index].overrides;
}

/**
 * tithe_curation_is_reviewed:
 *
 * Returns: whether the node or one above it is marked so
 */
gboolean
tithe_curation_is_reviewed (TitheCuration *self, guint class_index, guint32 node)
{
  derive (self, class_index);
  return self->classes[class_index].reviewed != NULL && node < self->classes[class_index].n - 1
         && self->classes[class_index].reviewed[node] != 0;
}

/**
 * tithe_curation_get_position:
 *
 * Returns: where the image is in its class's leaf order
 */
guint32
tithe_curation_get_position (TitheCuration *self, guint32 image)
{
  return self->positions[image];
}

/**
 * tithe_curation_get_touched:
 *
 * Returns: the generation in which the image was last decided about, 0 where it never was; later ones are larger
 */
guint64
tithe_curation_get_touched (TitheCuration *self, guint32 image)
{
  const guint64 *generation = g_hash_table_lookup (self->touched, GUINT_TO_POINTER (image));

  return generation ? *generation : 0;
}

static const guint32 *
get_parents (TitheCuration *self, guint class_index)
{
  Class *class = &self->classes[class_index];
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, class_index);

  if (class->parents == NULL)
    {
      class->parents = g_new (guint32, 2 * (gsize) class->n);
      memset (class->parents, 0xff, 2 * (gsize) class->n * sizeof (guint32));
      for (guint32 t = 0; t + 1 < class->n; t++)
        class->parents[dendrogram->left[t]] = class->parents[dendrogram->right[t]] = t;
    }
  return class->parents;
}

/**
 * tithe_curation_get_parent:
 * @position: in the class's leaf order, where @node is %TITHE_NODE_NONE
 * @node: a merge
 *
 * Returns: the merge that it is part of, %TITHE_NODE_NONE for the whole class
 */
guint32
tithe_curation_get_parent (TitheCuration *self, guint class_index, guint32 position, guint32 node)
{
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, class_index);

  return get_parents (self, class_index)[node == TITHE_NODE_NONE ? dendrogram->leaves[position] : dendrogram->n + node];
}

/* --- changes --- */

static gboolean
is_possible (TitheCuration *self, const Change *change)
{
  if (change->class_index == IS_IMAGE)
    return change->id < tithe_dataset_get_n_images (tithe_hierarchy_get_dataset (self->hierarchy))
           && change->from <= TITHE_DECISION_REPRESENTATIVE && change->to <= TITHE_DECISION_REPRESENTATIVE;
  return change->class_index < self->n_classes && self->classes[change->class_index].n > 1
         && change->id < self->classes[change->class_index].n - 1 && change->from < 8 && change->to < 8;
}

static void
put (TitheCuration *self, const Change *change, guint8 value)
{
  Class *class = change->class_index == IS_IMAGE ? class_of_image (self, change->id)
                                                 : &self->classes[change->class_index];
  gboolean image = change->class_index == IS_IMAGE;
  guint8 **values = image ? &class->decisions : &class->marks;
  gsize *count = image ? &class->n_decided : &class->n_marked;
  guint32 place = image ? self->positions[change->id] : change->id;

  if (*values == NULL)
    *values = g_new0 (guint8, class->n);
  *count += (value != 0) - ((*values)[place] != 0);
  (*values)[place] = value;
  if (image)
    g_hash_table_insert (self->touched, GUINT_TO_POINTER (change->id), g_memdup2 (&self->generation, sizeof (guint64)));
  else
    class->stale = TRUE;
}

static guint8
get (TitheCuration *self, const Change *change)
{
  if (change->class_index == IS_IMAGE)
    return (guint8) tithe_curation_get_decision (self, change->id);
  return (guint8) tithe_curation_get_marks (self, change->class_index, change->id);
}

static void
run (TitheCuration *self, GArray *changes, gboolean forwards)
{
  self->generation++;
  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = &g_array_index (changes, Change, forwards ? i : changes->len - 1 - i);

      put (self, change, forwards ? change->to : change->from);
    }
}

static GBytes *
pack (GArray *changes)
{
  guint8 *bytes = g_malloc0 (changes->len * (gsize) CHANGE_BYTES + 1);

  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = &g_array_index (changes, Change, i);
      guint32 words[2] = { GUINT32_TO_LE (change->class_index), GUINT32_TO_LE (change->id) };

      memcpy (bytes + i * (gsize) CHANGE_BYTES, words, 8);
      bytes[i * (gsize) CHANGE_BYTES + 8] = change->from;
      bytes[i * (gsize) CHANGE_BYTES + 9] = change->to;
    }
  return g_bytes_new_take (bytes, changes->len * (gsize) CHANGE_BYTES);
}

static GArray *
unpack (TitheCuration *self, const guint8 *bytes, gsize size)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Change));

  if (size % CHANGE_BYTES != 0)
    return NULL;
  for (; size > 0; size -= CHANGE_BYTES, bytes += CHANGE_BYTES)
    {
      guint32 words[2];
      Change change;

      memcpy (words, bytes, 8);
      change = (Change){ GUINT32_FROM_LE (words[0]), GUINT32_FROM_LE (words[1]), bytes[8], bytes[9], 0, 0 };
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
    run (self, ((Step *) g_ptr_array_index (self->steps, --self->n_applied))->changes, FALSE);
  while (self->n_applied < self->n_done)
    run (self, ((Step *) g_ptr_array_index (self->steps, self->n_applied++))->changes, TRUE);
}

/* A step behind those that were done; those that were undone are gone with it. */
static void
push (TitheCuration *self, const char *name, GArray *changes)
{
  Step *step = g_new0 (Step, 1);

  *step = (Step){ g_strdup (name), changes };
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
add_pending (TitheCuration *self, Change change)
{
  change.from = get (self, &change);
  if (change.class_index != IS_IMAGE)
    change.to = (guint8) ((change.from & ~change.cleared) | change.set);
  if (change.from != change.to)
    g_array_append_val (self->pending, change);
}

static void
change_marks (TitheCuration *self, guint class_index, guint32 node, guint set, guint cleared)
{
  add_pending (self,
               (Change){ .class_index = class_index, .id = node, .set = (guint8) set, .cleared = (guint8) cleared });
}

/**
 * tithe_curation_set_decision:
 *
 * Adds to the step: an image, once in a step at most.
 */
void
tithe_curation_set_decision (TitheCuration *self, guint32 image, TitheDecision decision)
{
  add_pending (self, (Change){ .class_index = IS_IMAGE, .id = image, .to = (guint8) decision });
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
 * tithe_curation_split:
 *
 * Adds to the step: the two parts of the node are never one group again. Merges of the node and above are taken back.
 */
void
tithe_curation_split (TitheCuration *self, guint class_index, guint32 node)
{
  const guint32 *parents = get_parents (self, class_index);
  const guint32 n = self->classes[class_index].n;

  change_marks (self, class_index, node, TITHE_MARK_SPLIT, TITHE_MARK_MERGED);
  for (guint32 t = parents[n + node]; t != TITHE_NODE_NONE; t = parents[n + t])
    if ((tithe_curation_get_marks (self, class_index, t) & TITHE_MARK_MERGED) != 0)
      tithe_curation_set_mark (self, class_index, t, TITHE_MARK_MERGED, FALSE);
}

/**
 * tithe_curation_merge:
 * @position: of an image in the leaf order, where @node is %TITHE_NODE_NONE
 * @node: of a group
 *
 * Adds to the step: what the group is part of is one group. Splits of it and below are taken back.
 *
 * Returns: the node of the new group; %TITHE_NODE_NONE where the group is the whole class, and nothing was added
 */
guint32
tithe_curation_merge (TitheCuration *self, guint class_index, guint32 position, guint32 node)
{
  const TitheDendrogram *dendrogram = tithe_hierarchy_get_class (self->hierarchy, class_index);
  guint32 parent = tithe_curation_get_parent (self, class_index, position, node);

  if (parent == TITHE_NODE_NONE)
    return parent;
  change_marks (self, class_index, parent, TITHE_MARK_MERGED, TITHE_MARK_SPLIT);
  /* What is below the node lies in its slice of the leaf order, and came before it. */
  for (guint32 t = 0; self->classes[class_index].n_marked > 0 && t < parent; t++)
    if ((tithe_curation_get_marks (self, class_index, t) & TITHE_MARK_SPLIT) != 0
        && dendrogram->starts[t] >= dendrogram->starts[parent]
        && dendrogram->starts[t] + dendrogram->sizes[t] <= dendrogram->starts[parent] + dendrogram->sizes[parent])
      tithe_curation_set_mark (self, class_index, t, TITHE_MARK_SPLIT, FALSE);
  return parent;
}

/* Another program was quicker: the step begins from what holds now, and what is so already is not a part of it. */
static void
rebase (TitheCuration *self)
{
  g_autoptr (GArray) pending = g_steal_pointer (&self->pending);

  self->pending = g_array_new (FALSE, FALSE, sizeof (Change));
  for (guint i = 0; i < pending->len; i++)
    add_pending (self, g_array_index (pending, Change, i));
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
      self->pending = g_array_new (FALSE, FALSE, sizeof (Change));
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
  return self->n_done > 0 ? ((const Step *) g_ptr_array_index (self->steps, self->n_done - 1))->name : NULL;
}

/* (nullable) (transfer none): of the step that tithe_curation_redo() would make again. */
const char *
tithe_curation_get_redo_name (TitheCuration *self)
{
  return self->n_done < self->steps->len ? ((const Step *) g_ptr_array_index (self->steps, self->n_done))->name : NULL;
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

/**
 * tithe_curation_dup_fingerprint:
 *
 * Returns: (transfer full): SHA-256 of what is decided, however it came about; the same for no decisions at all
 */
char *
tithe_curation_dup_fingerprint (TitheCuration *self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint c = 0; c < self->n_classes; c++)
    {
      const Class *class = &self->classes[c];

      for (guint32 i = 0; class->n_decided > 0 && i < class->n; i++)
        if (class->decisions[i] != 0)
          {
            guint32 words[3] = { GUINT32_TO_LE (c), GUINT32_TO_LE (i), GUINT32_TO_LE (class->decisions[i]) };

            g_checksum_update (sum, (const guchar *) words, sizeof words);
          }
      for (guint32 t = 0; class->n_marked > 0 && t + 1 < class->n; t++)
        if ((class->marks[t] & ~TITHE_MARK_REVIEWED) != 0)
          {
            guint32 words[3] = { GUINT32_TO_LE (c), GUINT32_TO_LE (t),
                                 GUINT32_TO_LE (256 + (guint32) (class->marks[t] & ~TITHE_MARK_REVIEWED)) };

            g_checksum_update (sum, (const guchar *) words, sizeof words);
          }
    }
  return g_strdup (g_checksum_get_string (sum));
}
