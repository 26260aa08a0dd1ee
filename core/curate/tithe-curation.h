/* SPDX-License-Identifier: MIT */
#pragma once

#include "cluster/tithe-cut.h"
#include "store/tithe-journal.h"

G_BEGIN_DECLS

/**
 * TitheDecision:
 * @TITHE_DECISION_AUTOMATIC: the cut decides
 * @TITHE_DECISION_KEEP: kept, whatever stands for its group
 * @TITHE_DECISION_DISCARD: not kept
 * @TITHE_DECISION_REPRESENTATIVE: kept, and stands for whatever group it is in
 *
 * What a person decided of an image.
 */
typedef enum
{
  TITHE_DECISION_AUTOMATIC,
  TITHE_DECISION_KEEP,
  TITHE_DECISION_DISCARD,
  TITHE_DECISION_REPRESENTATIVE,
} TitheDecision;

/**
 * TitheMark:
 * @TITHE_MARK_REVIEWED: somebody looked at it; it holds for everything below, too
 * @TITHE_MARK_SPLIT: it is never one group, nor is anything above it
 * @TITHE_MARK_MERGED: it is one group although the cut would part it
 *
 * What a person decided of a node, that is of a merge in the dendrogram of a class.
 */
typedef enum
{
  TITHE_MARK_REVIEWED = 1,
  TITHE_MARK_SPLIT = 2,
  TITHE_MARK_MERGED = 4,
} TitheMark;

/* A class's own ratio goes by these parts of one. */
#define TITHE_CLASS_RATIO_UNIT 10000

/**
 * TitheCuration:
 *
 * Decisions by hand over a hierarchy, with an endless way back. They belong to images and nodes and hold at every ratio and
 * with every policy and rule. A class may have a ratio of its own; the ratio of all is then that of the other classes. Where two contradict each other, this is what holds:
 *
 * 1. A split wins over the cut, and over a merge above it. Splitting takes the merges above it back, merging the splits
 *    below it, in the same step; so they meet only where two programs decide at once.
 * 2. A decision about an image wins over what its group would make of it.
 * 3. A group is stood for by the first of these that there is: its image that was made representative, the first in leaf
 *    order where there are several, all of which are kept; what the rule chooses, unless that is discarded; the first
 *    that is to be kept; what the rule chooses in the largest part of the group where that is not discarded. A group whose
 *    images are all discarded has none, and keeps none.
 *
 * Not for use from several threads at once.
 */
typedef struct _TitheCuration TitheCuration;

TitheCuration  *tithe_curation_new             (TitheHierarchy *hierarchy);
TitheCuration  *tithe_curation_copy            (TitheCuration *self);
void            tithe_curation_free            (TitheCuration *self);
gboolean        tithe_curation_attach          (TitheCuration *self, TitheJournal *journal, GError **error);
TitheJournal   *tithe_curation_get_journal     (TitheCuration *self);
gboolean        tithe_curation_catch_up        (TitheCuration *self, gboolean *changed, GError **error);
TitheHierarchy *tithe_curation_get_hierarchy   (TitheCuration *self);

void            tithe_curation_begin           (TitheCuration *self);
void            tithe_curation_set_decision    (TitheCuration *self, guint32 image, TitheDecision decision);
void            tithe_curation_set_mark        (TitheCuration *self, guint class_index, guint32 node, TitheMark mark,
                                                gboolean set);
void            tithe_curation_set_class_ratio (TitheCuration *self, guint class_index, double ratio);
char           *tithe_curation_begin_class_ratio (TitheCuration *self, guint class_index, double ratio);
void            tithe_curation_split           (TitheCuration *self, guint class_index, guint32 node, guint32 n_made);
guint32         tithe_curation_merge           (TitheCuration *self, guint class_index, guint32 position, guint32 node,
                                                guint32 n_made);
void            tithe_curation_unreview        (TitheCuration *self, const TitheGroup *groups, gsize n);
gboolean        tithe_curation_commit          (TitheCuration *self, const char *name, GError **error);

const char     *tithe_curation_get_undo_name   (TitheCuration *self);
const char     *tithe_curation_get_redo_name   (TitheCuration *self);
GArray         *tithe_curation_list_changed    (TitheCuration *self, gboolean redo, gboolean *of_images);
gboolean        tithe_curation_undo            (TitheCuration *self, GError **error);
gboolean        tithe_curation_redo            (TitheCuration *self, GError **error);

TitheDecision   tithe_curation_get_decision    (TitheCuration *self, guint32 image);
double          tithe_curation_get_class_ratio (TitheCuration *self, guint class_index);
guint           tithe_curation_get_marks       (TitheCuration *self, guint class_index, guint32 node);
gboolean        tithe_curation_is_reviewed     (TitheCuration *self, guint class_index, guint32 node);
const guint8   *tithe_curation_get_decisions   (TitheCuration *self, guint class_index, gsize *n_decided);
const guint8   *tithe_curation_get_overrides   (TitheCuration *self, guint class_index);
guint32         tithe_curation_get_parent      (TitheCuration *self, guint class_index, guint32 position, guint32 node);
guint32         tithe_curation_get_position    (TitheCuration *self, guint32 image);
guint64         tithe_curation_get_touched     (TitheCuration *self, guint32 image);
char           *tithe_curation_dup_fingerprint (TitheCuration *self);
gsize           tithe_curation_count_steps     (TitheCuration *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheCuration, tithe_curation_free)

G_END_DECLS
