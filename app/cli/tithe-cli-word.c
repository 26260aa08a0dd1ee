/* SPDX-License-Identifier: MIT */
#include "tithe-cli-word.h"
#include "tithe-cli-private.h"

#include "base/tithe-text.h"

/**
 * tithe_cli_word_foreach:
 *
 * Calls the function with each word that a person may give, in their order, and whether it is what is taken where the
 * option is not given.
 */
void
tithe_cli_word_foreach (const TitheCliWord *self, TitheCliWordFunc func, gpointer user_data)
{
  const TitheWord *const tables[] = { self->words, self->more };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const TitheWord *word = tables[i]; word != NULL && word->text != NULL; word++)
      if (word->what != NULL)
        func (word, self->text == NULL && word->value == self->value, user_data);
}

typedef struct
{
  GPtrArray *texts;
  const char *usual;
} Listing;

static void
add_word (const TitheWord *word, gboolean usual, gpointer user_data)
{
  Listing *listing = user_data;

  g_ptr_array_add (listing->texts,
                   usual && listing->usual ? g_strdup_printf (listing->usual, word->text) : g_strdup (word->text));
}

/**
 * tithe_cli_word_dup_list:
 * @usual: (nullable): a format such as “%s (default)” for what is taken without the option
 *
 * Returns: (transfer full): such as “complete (default), average or single”
 */
char *
tithe_cli_word_dup_list (const TitheCliWord *self, const char *usual)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) first = g_string_new (NULL);
  g_autofree char *last = NULL;

  tithe_cli_word_foreach (self, add_word, &(Listing){ texts, usual });
  if (self->others != NULL)
    g_ptr_array_add (texts, g_strdup (_ (self->others)));
  g_return_val_if_fail (texts->len > 0, NULL);
  last = g_ptr_array_steal_index (texts, texts->len - 1);
  if (texts->len == 0)
    return g_steal_pointer (&last);
  for (guint i = 0; i < texts->len; i++)
    tithe_text_add_item (first, g_ptr_array_index (texts, i));
  /* TRANSLATORS: the end of a list of words, such as “complete, average or single” */
  return g_strdup_printf (_("%s or %s"), first->str, last);
}

/* Says what the option takes. Returns: %FALSE with %TITHE_CLI_USAGE */
gboolean
tithe_cli_word_refuse (const TitheCliWord *self, const char *name, const char *text, GError **error)
{
  g_autofree char *list = tithe_cli_word_dup_list (self, NULL);

  g_set_error (error, TITHE_CLI_USAGE, 0, _("--%s takes %s, not “%s”"), name, list, text);
  return FALSE;
}

/* Finds the word, which may be another spelling of one that is listed. */
static gboolean
find_word (const TitheWord *words, const char *text, int *value)
{
  int found;

  if (words == NULL || !tithe_words_find (words, text, &found))
    return FALSE;
  for (; words->value != found; words++)
    ;
  if (words->what != NULL)
    *value = found;
  return words->what != NULL;
}

/**
 * tithe_cli_word_parse:
 * @name: the option's long name
 *
 * Takes the value of the word; where others are taken, too, the text alone.
 *
 * Returns: %FALSE with %TITHE_CLI_USAGE
 */
gboolean
tithe_cli_word_parse (TitheCliWord *self, const char *name, const char *text, GError **error)
{
  int value = TITHE_CLI_NO_WORD;

  if (!find_word (self->words, text, &value) && !find_word (self->more, text, &value) && self->others == NULL)
    return tithe_cli_word_refuse (self, name, text, error);
  self->value = value;
  g_free (self->text);
  self->text = g_strdup (text);
  return TRUE;
}
