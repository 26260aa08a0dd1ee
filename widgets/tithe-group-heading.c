/* SPDX-License-Identifier: MIT */
#include "tithe-group-heading.h"
#include "tithe-format.h"

#include "base/tithe-text.h"

#include <glib/gi18n.h>

static guint32
count_kept (TitheGroupList *list, gsize index, guint32 enough)
{
  const guint32 size = tithe_group_list_get (list, index)->size;
  TitheMember members[256];
  guint32 n_kept = 0;

  for (guint32 first = 0; first < size && n_kept < enough; first += G_N_ELEMENTS (members))
    {
      const guint32 some = MIN (size - first, G_N_ELEMENTS (members));

      tithe_group_list_get_members (list, index, first, some, members);
      for (guint32 m = 0; m < some; m++)
        n_kept += members[m].kept ? 1 : 0;
    }
  return n_kept;
}

/**
 * tithe_group_heading_get_facts:
 * @list: in which the group or block is
 * @index: of it
 */
TitheGroupFacts
tithe_group_heading_get_facts (TitheGroupList *list, gsize index)
{
  const TitheGroup *group = tithe_group_list_get (list, index);
  TitheSubset *subset = tithe_group_list_get_subset (list);
  TitheCuration *curation = tithe_subset_get_curation (subset);
  TitheGroupFacts facts = { .view = tithe_group_list_get_view (list),
                            .class_index = group->class_index,
                            .size = group->size,
                            .block = tithe_group_list_is_block (list, index) };

  facts.named = facts.block || tithe_group_list_get_class (list) == TITHE_ALL_CLASSES;
  if (facts.block)
    return facts;
  facts.spread = tithe_cut_get_spread (tithe_subset_get_cut (subset), group);
  facts.none_kept = count_kept (list, index, 1) == 0;
  facts.merged = curation != NULL
                 && (tithe_curation_get_marks (curation, group->class_index, group->node) & TITHE_MARK_MERGED) != 0;
  facts.reviewed = tithe_subset_is_reviewed (subset, group);
  return facts;
}

/* tithe_group_facts_equal: whether two headings say and look the same */
gboolean
tithe_group_facts_equal (const TitheGroupFacts *a, const TitheGroupFacts *b)
{
  return a->view == b->view && a->class_index == b->class_index && a->named == b->named && a->size == b->size
         && !(a->spread < b->spread || a->spread > b->spread) && a->block == b->block && a->none_kept == b->none_kept
         && a->merged == b->merged && a->reviewed == b->reviewed;
}

static char *
dup_class_name (TitheGroupList *list, guint class_index)
{
  TitheCut *cut = tithe_subset_get_cut (tithe_group_list_get_subset (list));

  return tithe_text_dup_apart (
      tithe_dataset_get_class_name (tithe_hierarchy_get_dataset (tithe_cut_get_hierarchy (cut)), class_index));
}

static char *
describe_block (const TitheGroupFacts *facts)
{
  const guint32 n = facts->size;
  g_autofree char *size = tithe_format_count (n);

  switch (facts->view)
    {
    case TITHE_VIEW_IMAGES:
      return g_strdup_printf (ngettext ("%s image", "%s images", n), size);
    case TITHE_VIEW_DISCARDED:
      return g_strdup_printf (ngettext ("%s discarded image", "%s discarded images", n), size);
    case TITHE_VIEW_GROUPS:
    default:
      return g_strdup_printf (ngettext ("%s unique image", "%s unique images", n), size);
    }
}

static char *
describe_count (const TitheGroupFacts *facts)
{
  g_autofree char *size = tithe_format_count (facts->size);

  return g_strdup_printf (ngettext ("%s image", "%s images", facts->size), size);
}

static char *
describe_spread (const TitheGroupFacts *facts)
{
  g_autofree char *spread = tithe_format_dissimilarity (facts->spread);

  /* TRANSLATORS: how far apart the images of a group are: the dissimilarity at which it came together */
  return g_strdup_printf (_("spread %s"), spread);
}

/**
 * tithe_group_heading_write:
 * @list: that the facts are of
 * @narrow: whether there is room for what says what it is alone: the tooltip says the rest
 *
 * Returns: (transfer full): what is seen of it, with Pango's markup
 */
char *
tithe_group_heading_write (TitheGroupList *list, const TitheGroupFacts *facts, gboolean narrow)
{
  g_autofree char *class_name = facts->named ? dup_class_name (list, facts->class_index) : g_strdup ("");
  g_autofree char *count = facts->block ? describe_block (facts) : describe_count (facts);
  g_autofree char *spread = narrow ? tithe_format_dissimilarity (facts->spread) : describe_spread (facts);
  g_autoptr (GString) text = g_string_new (NULL);

  tithe_text_add_fact (text, count);
  if (!facts->block)
    {
      tithe_text_add_fact (text, facts->none_kept ? _("keeps none") : "");
      tithe_text_add_fact (text, spread);
      tithe_text_add_fact (text, facts->merged ? _("merged by hand") : "");
      tithe_text_add_fact (text, facts->reviewed && !narrow ? _("reviewed ✓") : "");
    }
  return g_markup_printf_escaped ("%s<b>%s</b>%s<span alpha='60%%'>%s</span>", facts->reviewed && narrow ? "✓ " : "",
                                  class_name, *class_name ? "  " : "", text->str);
}

static char *
describe_kept (guint32 n_kept)
{
  g_autofree char *kept = tithe_format_count (n_kept);

  return n_kept == 0 ? g_strdup (_("keeps none")) : g_strdup_printf (ngettext ("keeps %s", "keeps %s", n_kept), kept);
}

/**
 * tithe_group_heading_speak:
 * @list: in which the group or block is
 * @index: of it
 *
 * Returns: (transfer full): all of it, for screen readers and the tooltip
 */
char *
tithe_group_heading_speak (TitheGroupList *list, gsize index)
{
  const TitheGroupFacts facts = tithe_group_heading_get_facts (list, index);
  g_autofree char *class_name = dup_class_name (list, facts.class_index);
  g_autofree char *count = facts.block ? describe_block (&facts) : describe_count (&facts);
  g_autofree char *place = tithe_format_count (index + 1), *n = NULL, *number = NULL, *kept = NULL, *spread = NULL;
  g_autoptr (GString) text = g_string_new (class_name);

  if (facts.block)
    return g_strdup_printf ("%s  %s", class_name, count);
  n = tithe_format_count (tithe_group_list_get_n_groups (list));
  /* TRANSLATORS: where a group is in the list */
  number = g_strdup_printf (_("group %s of %s"), place, n);
  kept = describe_kept (count_kept (list, index, G_MAXUINT32));
  spread = describe_spread (&facts);
  tithe_text_add_item (text, number);
  tithe_text_add_item (text, count);
  tithe_text_add_item (text, kept);
  tithe_text_add_item (text, spread);
  tithe_text_add_item (text, facts.merged ? _("merged by hand") : "");
  tithe_text_add_item (text, facts.reviewed ? _("reviewed ✓") : "");
  return g_string_free (g_steal_pointer (&text), FALSE);
}
