/* SPDX-License-Identifier: MIT */
#include "tithe-rule-words.h"

#include "base/tithe-text.h"
#include "tithe-format.h"

#include <glib/gi18n.h>
#include <math.h>

/* Decimals that tell two numbers apart are enough. */
#define MAX_DECIMALS 4

/**
 * tithe_rule_words_explain:
 *
 * Returns: (nullable): what the rule does, and what it goes by; %NULL where its value says so
 */
const char *
tithe_rule_words_explain (TitheRuleKind kind)
{
  switch (kind)
    {
    case TITHE_RULE_LARGEST:
      return _("The image with the most pixels represents its group");
    case TITHE_RULE_SHARPEST:
      return _("The image with the most fine detail represents its group, all seen at the size of the smallest");
    case TITHE_RULE_DISCARD_OTHERS:
      return _("What does not represent its group is discarded, at any ratio");
    case TITHE_RULE_PROTECT_FOLDER:
    case TITHE_RULE_PROTECT_LIST:
      return _("Every image of it is kept, at any ratio");
    case TITHE_RULE_PROTECT_CLASS:
    case TITHE_RULE_AT_LEAST:
    default:
      return NULL;
    }
}

/**
 * tithe_rule_words_dup_looked:
 *
 * Returns: (transfer full): how much the rule is about, and how much of it would change
 */
char *
tithe_rule_words_dup_looked (const TitheRulePlan *plan, TitheDataset *dataset)
{
  const gboolean groups = tithe_rule_needs_groups (plan->kind);
  const char *class_name
      = plan->class_index >= 0 ? tithe_dataset_get_class_name (dataset, (guint) plan->class_index) : NULL;
  g_autofree char *n = tithe_format_count (plan->n_looked), *changed = tithe_format_count (plan->n_changed);
  g_autofree char *name = class_name ? tithe_text_dup_apart (class_name) : NULL;

  if (plan->kind == TITHE_RULE_AT_LEAST)
    return g_strdup_printf (
        ngettext ("Looks at %s class and changes %s.", "Looks at %s classes and changes %s of them.", plan->n_looked),
        n, changed);
  if (groups && name != NULL)
    /* TRANSLATORS: how many, the name of a class, how many of them */
    return g_strdup_printf (ngettext ("Looks at %s group of %s and changes %s.",
                                      "Looks at %s groups of %s and changes %s of them.", plan->n_looked),
                            n, name, changed);
  if (groups)
    return g_strdup_printf (
        ngettext ("Looks at %s group and changes %s.", "Looks at %s groups and changes %s of them.", plan->n_looked), n,
        changed);
  return g_strdup_printf (
      ngettext ("Looks at %s image and changes %s.", "Looks at %s images and changes %s of them.", plan->n_looked), n,
      changed);
}

/**
 * tithe_rule_words_dup_outcome:
 *
 * Returns: (transfer full): what would come of it, or why nothing would
 */
char *
tithe_rule_words_dup_outcome (const TitheRulePlan *plan)
{
  g_autofree char *n = tithe_format_count (plan->changes->len), *before = tithe_format_count (plan->before.n_kept);
  g_autofree char *after = tithe_format_count (plan->after.n_kept), *empty = NULL, *unreadable = NULL;
  g_autofree char *reason = tithe_rule_plan_dup_reason (plan);
  g_autoptr (GString) text = g_string_new (NULL);

  if (plan->changes->len == 0)
    g_string_append (text, _("Nothing would change."));
  else
    g_string_append_printf (text,
                            ngettext ("%s image would be decided about. Kept are %s now, %s afterwards.",
                                      "%s images would be decided about. Kept are %s now, %s afterwards.",
                                      plan->changes->len),
                            n, before, after);
  if (plan->after.n_empty_groups > plan->before.n_empty_groups)
    empty = g_strdup_printf (
        ngettext ("%zu group would keep none.", "%zu groups would keep none.", plan->after.n_empty_groups),
        plan->after.n_empty_groups);
  if (plan->n_unreadable > 0)
    unreadable = g_strdup_printf (ngettext ("%zu picture cannot be read and is left out.",
                                            "%zu pictures cannot be read and are left out.", plan->n_unreadable),
                                  plan->n_unreadable);
  tithe_text_add_sentence (text, reason ? reason : "");
  tithe_text_add_sentence (text, empty ? empty : "");
  tithe_text_add_sentence (text, unreadable ? unreadable : "");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
format_sharpness (double value, int decimals)
{
  return decimals > 0 ? g_strdup_printf ("%.*f", decimals, value) : tithe_format_count ((gsize) round (value));
}

/* With as many decimals as it takes to see which is more. */
static char *
compare_sharpness (double value, double other)
{
  for (int decimals = 0;; decimals++)
    {
      g_autofree char *a = format_sharpness (value, decimals), *b = format_sharpness (other, decimals);

      if (!g_str_equal (a, b) || decimals == MAX_DECIMALS)
        return g_strdup_printf (_("Sharpness %s against %s"), a, b);
    }
}

/**
 * tithe_rule_words_dup_evidence:
 *
 * Returns: (transfer full): the numbers that the choice of an image rests on; empty where it rests on none
 */
char *
tithe_rule_words_dup_evidence (const TitheRuleChange *change, TitheRuleKind kind)
{
  g_autofree char *number = NULL;

  switch (kind)
    {
    case TITHE_RULE_LARGEST:
      if (change->other_width > 0)
        return g_strdup_printf (_("%u × %u pixels against %u × %u"), change->width, change->height,
                                change->other_width, change->other_height);
      return g_strdup_printf (_("%u × %u pixels against a picture that cannot be read"), change->width,
                              change->height);
    case TITHE_RULE_SHARPEST:
      if (change->other_value >= 0)
        return compare_sharpness (change->value, change->other_value);
      number = format_sharpness (change->value, 0);
      return g_strdup_printf (_("Sharpness %s against a picture that cannot be read"), number);
    case TITHE_RULE_DISCARD_OTHERS:
    case TITHE_RULE_AT_LEAST:
      number = tithe_format_dissimilarity ((float) change->value);
      return g_strdup_printf (_("Merged at dissimilarity %s"), number);
    case TITHE_RULE_PROTECT_CLASS:
    case TITHE_RULE_PROTECT_FOLDER:
    case TITHE_RULE_PROTECT_LIST:
    default:
      return g_strdup ("");
    }
}

/**
 * tithe_rule_words_dup_relation:
 *
 * Returns: (transfer full): which image gives way, or stands for the one that is decided about
 */
char *
tithe_rule_words_dup_relation (const TitheRuleChange *change, TitheDataset *dataset)
{
  g_autoptr (GString) path = g_string_new (NULL);
  g_autofree char *other = NULL;

  if (change->other == TITHE_IMAGE_NONE)
    return g_strdup (change->from == TITHE_DECISION_DISCARD ? _("Discarded by hand so far") : _("Kept already"));
  other = tithe_text_dup_apart (tithe_dataset_get_display_path (dataset, change->other, path));
  switch (change->to)
    {
    case TITHE_DECISION_REPRESENTATIVE:
      /* TRANSLATORS: the path of an image */
      return g_strdup_printf (_("In place of %s"), other);
    case TITHE_DECISION_DISCARD:
      /* TRANSLATORS: the path of an image */
      return g_strdup_printf (_("Represented by %s"), other);
    case TITHE_DECISION_KEEP:
    case TITHE_DECISION_AUTOMATIC:
    default:
      /* TRANSLATORS: the path of an image */
      return g_strdup_printf (_("Represented by %s so far"), other);
    }
}
