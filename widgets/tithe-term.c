/* SPDX-License-Identifier: MIT */
#include "tithe-term.h"

#include <glib/gi18n.h>

static const struct
{
  const char *name, *meaning;
} terms[TITHE_N_TERMS] = {
  [TITHE_TERM_RATIO] = { N_("Subset ratio"), N_("The share of the images that is kept.") },
  [TITHE_TERM_GROUP]
  = { N_("Redundant group"), N_("Images of one class that are alike: one of them is kept and stands for all.") },
  [TITHE_TERM_REPRESENTATIVE]
  = { N_("Representative"), N_("The image that stands for its group, chosen by the rule in the menu or by hand.") },
  [TITHE_TERM_UNIQUE] = { N_("Unique image"), N_("An image that is in no group, and is kept therefore.") },
  [TITHE_TERM_DISSIMILARITY]
  = { N_("Dissimilarity"), N_("Dissimilarity is 0 where features are the same, and more the "
                                "less alike images are.") },
  [TITHE_TERM_SPREAD]
  = { N_("Spread"), N_("The spread is the dissimilarity at which all images of the group are together.") },
  [TITHE_TERM_CUT]
  = { N_("Cut"),
      N_("The cut is the dissimilarity up to which images are merged into groups. It differs from class to "
          "class where each keeps the same share.") },
};

/* tithe_term_get_name: (transfer none): the word itself */
const char *
tithe_term_get_name (TitheTerm term)
{
  g_return_val_if_fail (term < TITHE_N_TERMS, NULL);

  return _ (terms[term].name);
}

/* tithe_term_explain: (transfer none): a sentence or two, for a tooltip as well */
const char *
tithe_term_explain (TitheTerm term)
{
  g_return_val_if_fail (term < TITHE_N_TERMS, NULL);

  return _ (terms[term].meaning);
}
