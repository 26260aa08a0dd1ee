/* SPDX-License-Identifier: MIT */
#include "tithe-step-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Both forms, known to xgettext. */
#define NP_(one, many) one, many

/* Each has a number (%u), a text (%s) or neither. What is written in journals never changes. */
static const struct
{
  const char *one, *many; /* the latter is NULL where there is no number */
} forms[] = {
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

/* The form with what stands for its place. */
static char *
fill (const char *form, const char *what)
{
  const char *place = strchr (form, '%');

  return place ? g_strdup_printf ("%.*s%s%s", (int) (place - form), form, what, place + 2) : g_strdup (form);
}

/* Returns: (transfer full) (nullable): what stands for the place of a form, where the text is of that form */
static char *
take (const char *form, const char *text)
{
  const char *place = strchr (form, '%');
  gsize before, length = strlen (text);

  if (place == NULL)
    return g_str_equal (form, text) ? g_strdup ("") : NULL;
  before = (gsize) (place - form);
  if (strncmp (form, text, before) != 0 || length < before + strlen (place + 2) || !g_str_has_suffix (text, place + 2))
    return NULL;
  return g_strndup (text + before, length - before - strlen (place + 2));
}

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
  g_autofree char *number = g_strdup_printf ("%u", n);

  return fill (forms[name].many && n != 1 ? forms[name].many : forms[name].one, forms[name].many ? number : text);
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
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *what = take (forms[i].one, written);
      guint64 n = 1;

      if (what == NULL && forms[i].many != NULL)
        what = take (forms[i].many, written);
      if (what == NULL || (forms[i].many != NULL && !g_ascii_string_to_unsigned (what, 10, 0, G_MAXUINT, &n, NULL)))
        continue;
      return fill (forms[i].many ? dngettext (GETTEXT_PACKAGE, forms[i].one, forms[i].many, (gulong) n)
                                 : g_dgettext (GETTEXT_PACKAGE, forms[i].one),
                   what);
    }
  return g_strdup (written);
}
