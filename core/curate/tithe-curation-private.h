/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-curation.h"

G_BEGIN_DECLS

/*
 * Two files share what is in here. tithe-curation.c has what is decided now and what follows from it for groups;
 * tithe-curation-steps.c how it came about: steps put together, written to the journal, taken back and made again. Steps
 * change decisions and marks by tithe_curation_put() only.
 */

/* In the place of a class, for a change of an image, and for one of a class's own ratio. */
#define TITHE_CHANGE_OF_IMAGE G_MAXUINT32
#define TITHE_CHANGE_OF_RATIO (G_MAXUINT32 - 1)

/* From one value to another, of the decision about an image, the marks of a node or the ratio of a class. Of marks it is only what differs that
 * was decided: while the change is pending, another program may set or clear others. */
typedef struct
{
  guint32 class_index;
  guint32 id;
  guint16 from, to;
  guint8 set, cleared; /* of marks, while it is pending */
} TitheChange;

typedef struct
{
  char *name;
  GArray *changes; /* TitheChange */
} TitheStep;

typedef struct
{
  guint32 n;
  guint32 n_known;   /* merges that can be marked */
  guint16 ratio;     /* of its own in ten-thousandths; 0 where it has none */
  guint8 *decisions; /* by position in the leaf order; NULL before the first */
  gsize n_decided;
  guint8 *marks; /* by merge; NULL before the first */
  gsize n_marked;
  guint32 *parents;             /* of every leaf and merge in SciPy's numbering; NULL until they are needed */
  guint8 *overrides, *reviewed; /* by merge, what follows from the marks; NULL where nothing does */
  gboolean stale;
} TitheClassCuration;

struct _TitheCuration
{
  TitheHierarchy *hierarchy;
  TitheJournal *journal; /* (owned) (nullable) */
  guint n_classes;
  TitheClassCuration *classes;
  guint32 *positions; /* in the class's leaf order, by image */
  GPtrArray *steps;   /* TitheStep: those that were done, then those that were undone */
  guint n_done;
  guint n_applied;     /* of the steps: those that decisions and marks have in them; n_done when nothing is read */
  GArray *pending;     /* TitheChange, of the step that is being put together */
  GHashTable *touched; /* image to the generation in which it was last decided about */
  guint64 generation;  /* grows with every change */
};

const guint32 *tithe_curation_get_parents (TitheCuration *self, guint class_index);
guint16        tithe_curation_get         (TitheCuration *self, guint32 class_index, guint32 id);
void           tithe_curation_put         (TitheCuration *self, guint32 class_index, guint32 id, guint16 value);
void           tithe_step_free            (gpointer step);

G_END_DECLS
