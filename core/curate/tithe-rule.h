/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-words.h"
#include "tithe-subset.h"

G_BEGIN_DECLS

#define TITHE_RULE_ERROR (tithe_rule_error_quark ())

typedef enum
{
  TITHE_RULE_ERROR_UNKNOWN, /* no such class, folder or image */
  TITHE_RULE_ERROR_READ,    /* the list of paths can't be read */
} TitheRuleError;

/**
 * TitheRuleKind:
 * @TITHE_RULE_LARGEST: the image with the most pixels stands for its group
 * @TITHE_RULE_SHARPEST: the sharpest does, compared at the size of the group's smallest
 * @TITHE_RULE_PROTECT_CLASS: every image of a class is kept
 * @TITHE_RULE_PROTECT_FOLDER: every image whose path begins with a folder is kept
 * @TITHE_RULE_PROTECT_LIST: every image that a file lists is kept, one path a line
 * @TITHE_RULE_AT_LEAST: so many images of each class are kept, where it has them; those least like what is kept come first
 * @TITHE_RULE_DISCARD_OTHERS: what does not stand for its group is discarded
 *
 * Decisions about many images at once. What was decided by hand about single images stays: an image that was discarded is
 * kept again only where it is protected, and where somebody chose a representative no other is.
 */
typedef enum
{
  TITHE_RULE_LARGEST,
  TITHE_RULE_SHARPEST,
  TITHE_RULE_PROTECT_CLASS,
  TITHE_RULE_PROTECT_FOLDER,
  TITHE_RULE_PROTECT_LIST,
  TITHE_RULE_AT_LEAST,
  TITHE_RULE_DISCARD_OTHERS,
} TitheRuleKind;

/**
 * TitheRule:
 * @kind: what is done
 * @text: (nullable): the class, folder or file that some kinds need
 * @n: for %TITHE_RULE_AT_LEAST
 */
typedef struct
{
  TitheRuleKind kind;
  const char *text;
  guint32 n;
} TitheRule;

typedef struct
{
  guint32 image;
  TitheDecision from;
  TitheDecision to;
} TitheRuleChange;

/**
 * TitheRulePlan:
 * @name: of the step that it would be
 * @changes: (element-type TitheRuleChange): what would be decided, by image
 * @before: the subset as it is
 * @after: as it would be
 * @n_unreadable: pictures that could not be compared and were left out
 *
 * What a rule would do.
 */
typedef struct
{
  char *name;
  GArray *changes;
  TitheSubsetTotals before;
  TitheSubsetTotals after;
  gsize n_unreadable;
} TitheRulePlan;

extern const TitheWord tithe_rule_words[];

GQuark         tithe_rule_error_quark  (void);
gboolean       tithe_rule_needs_groups (TitheRuleKind kind);
TitheRulePlan *tithe_rule_plan         (const TitheRule *rule, TitheCuration *curation, const TitheSubsetChoice *choice,
                                        const TitheGroup *groups, gsize n_groups, TitheJob *job, GError **error);
void           tithe_rule_plan_free    (TitheRulePlan *self);
gboolean       tithe_rule_plan_apply   (TitheRulePlan *self, TitheCuration *curation, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheRulePlan, tithe_rule_plan_free)

G_END_DECLS
