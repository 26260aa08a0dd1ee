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

/**
 * TitheRuleChange:
 * @image: that would be decided about
 * @from: what is decided of it now
 * @to: what would be
 * @other: the image that it displaces, or that stands for it; %TITHE_IMAGE_NONE where there is none
 * @width: with @height, for %TITHE_RULE_LARGEST and %TITHE_RULE_SHARPEST: pixels of @image
 * @other_width: with @other_height: of @other, 0 where it can't be read
 * @value: what the choice rests on: pixels, sharpness, or the dissimilarity at which the image is merged with what is kept
 * @other_value: the same of @other, -1 where it can't be read
 */
typedef struct
{
  guint32 image;
  TitheDecision from;
  TitheDecision to;
  guint32 other;
  guint width, height;
  guint other_width, other_height;
  double value, other_value;
} TitheRuleChange;

/* Why nothing would change, if that is so. */
typedef enum
{
  TITHE_RULE_REASON_NONE,         /* something would */
  TITHE_RULE_REASON_NO_GROUPS,    /* there is nothing to look at */
  TITHE_RULE_REASON_ONE_SIZE,     /* all pictures have the same number of pixels */
  TITHE_RULE_REASON_BEST_ALREADY, /* the largest or sharpest is what is kept */
  TITHE_RULE_REASON_BY_HAND,      /* where it is not, somebody chose otherwise */
  TITHE_RULE_REASON_UNREADABLE,   /* no picture can be compared */
  TITHE_RULE_REASON_DECIDED,      /* what would be discarded is decided about */
  TITHE_RULE_REASON_ENOUGH,       /* no class keeps too few, as far as it has more */
  TITHE_RULE_REASON_PROTECTED,    /* what would be kept by hand is */
} TitheRuleReason;

/**
 * TitheRulePlan:
 * @kind: of the rule
 * @name: of the step that it would be
 * @changes: (element-type TitheRuleChange): what would be decided, by image
 * @before: the subset as it is
 * @after: as it would be
 * @n_looked: groups that the rule looks at; images where it protects them, and classes where it fills them
 * @n_changed: of those, in which something would change
 * @class_index: of everything that it looks at, or -1
 * @n_unreadable: pictures that could not be compared and were left out
 * @reason: why nothing would change
 * @width: with @height, for %TITHE_RULE_REASON_ONE_SIZE: of all pictures
 *
 * What a rule would do.
 */
typedef struct
{
  TitheRuleKind kind;
  char *name;
  GArray *changes;
  TitheSubsetTotals before;
  TitheSubsetTotals after;
  gsize n_looked;
  gsize n_changed;
  int class_index;
  gsize n_unreadable;
  TitheRuleReason reason;
  guint width, height;
} TitheRulePlan;

extern const TitheWord tithe_rule_words[];

GQuark         tithe_rule_error_quark     (void);
gboolean       tithe_rule_needs_groups    (TitheRuleKind kind);
TitheRulePlan *tithe_rule_plan            (const TitheRule *rule, TitheCuration *curation,
                                           const TitheSubsetChoice *choice, const TitheGroup *groups, gsize n_groups,
                                           TitheJob *job, GError **error);
void           tithe_rule_plan_free       (TitheRulePlan *self);
char          *tithe_rule_plan_dup_reason (const TitheRulePlan *self);
gboolean       tithe_rule_plan_apply      (TitheRulePlan *self, TitheCuration *curation, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TitheRulePlan, tithe_rule_plan_free)

G_END_DECLS
