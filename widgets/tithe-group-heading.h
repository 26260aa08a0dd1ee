/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-group-list.h"

G_BEGIN_DECLS

/*
 * TitheGroupFacts:
 *
 * All that the heading of a group or block says, or looks like. Of equal facts are the same words, so that only what says
 * something else has to be written and drawn anew.
 */
typedef struct
{
  TitheGroupViewKind view;
  guint class_index;
  gboolean named; /* by its class */
  guint32 size;
  float spread;
  gboolean block, none_kept, merged, reviewed;
} TitheGroupFacts;

TitheGroupFacts tithe_group_heading_get_facts (TitheGroupList *list, gsize index);
gboolean tithe_group_facts_equal (const TitheGroupFacts *a, const TitheGroupFacts *b);
char *tithe_group_heading_write (TitheGroupList *list, const TitheGroupFacts *facts, gboolean narrow);
char *tithe_group_heading_speak (TitheGroupList *list, gsize index);

G_END_DECLS
