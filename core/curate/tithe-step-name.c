/* SPDX-License-Identifier: MIT */
#include "tithe-step-name.h"
#include "base/tithe-text.h"

#include <glib/gi18n-lib.h>

/* What is written in journals never changes. */
static const TitheTextForm forms[] = {
  /* TRANSLATORS: these are names of steps that can be undone, as in “Undone: Keep 3 Images” */
  [TITHE_STEP_NAME_KEEP] = { NP_ ("Keep %u Image", "Keep %u Images") },
  [TITHE_STEP_NAME_DISCARD] = { NP_ ("Discard %u Image", "Discard %u Images") },
  [TITHE_STEP_NAME_REPRESENT] = { NP_ ("Choose %u Representative", "Choose %u Representatives") },
  [TITHE_STEP_NAME_LEAVE] = { NP_ ("Leave %u Image to the Ratio", "Leave %u Images to the Ratio") },
  [TITHE_STEP_NAME_SPLIT] = { NP_ ("Split %u Group", "Split %u Groups") },
  [TITHE_STEP_NAME_MERGE] = { N_("Merge Upward"), NULL },
  [TITHE_STEP_NAME_REVIEW] = { N_("Review"), NULL },
  [TITHE_STEP_NAME_NOT_REVIEW] = { N_("Take Review Back"), NULL },
  [TITHE_STEP_NAME_LARGEST] = { N_("Keep the Largest of Each Group"), NULL },
  [TITHE_STEP_NAME_SHARPEST] = { N_("Keep the Sharpest of Each Group"), NULL },
  [TITHE_STEP_NAME_DISCARD_OTHERS] = { N_("Discard All but the Representatives"), NULL },
  [TITHE_STEP_NAME_AT_LEAST] = { NP_ ("Keep at Least %u of Each Class", "Keep at Least %u of Each Class") },
  [TITHE_STEP_NAME_PROTECT_CLASS] = { N_("Keep All of “%s”"), NULL },
  [TITHE_STEP_NAME_PROTECT_FOLDER] = { N_("Keep All in “%s”"), NULL },
  [TITHE_STEP_NAME_PROTECT_LIST] = { N_("Keep All Listed in “%s”"), NULL },
  [TITHE_STEP_NAME_CLASS_RATIO] = { N_("Set the Ratio of “%s”"), NULL },
  [TITHE_STEP_NAME_NO_CLASS_RATIO] = { N_("Leave “%s” to the Ratio of All"), NULL },
};

/**
 * tithe_step_name_write:
 * @n: the number of a name that has one
 * @text: (nullable): the text of a name that has one
 *
 * Returns: (transfer full): what a journal has, in English
 */
char *
tithe_step_name_write (TitheStepName name, guint n, const char *text)
{
  return tithe_text_write (&forms[name], n, (const char *const[]){ text, NULL });
}

/**
 * tithe_step_name_show:
 * @written: the name of a step in a journal
 *
 * Returns: (transfer full): the same in the language of the person; a name that is not of Tithe as it is
 */
char *
tithe_step_name_show (const char *written)
{
  return tithe_text_show (forms, G_N_ELEMENTS (forms), written);
}
