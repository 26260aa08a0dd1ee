/* SPDX-License-Identifier: MIT */
#include "tithe-cli-option.h"
#include "tithe-cli-private.h"

/**
 * tithe_cli_option_find:
 * @name: “output” or “--output”, or a short name such as “-o”
 *
 * Returns: (transfer none) (nullable): the row of that name
 */
const TitheCliOption *
tithe_cli_option_find (const TitheCliOption *options, const char *name)
{
  const char letter = name[0] == '-' && name[1] != '-' ? name[1] : '\0';

  if (letter == '\0' && name[0] == '-')
    name += 2;
  for (; options->name != NULL; options++)
    if (letter != '\0' ? options->letter == letter : g_str_equal (options->name, name))
      return options;
  return NULL;
}

/**
 * tithe_cli_option_dup_help:
 *
 * Returns: (transfer full): what --help says of it: what it is for, and which words it takes
 */
char *
tithe_cli_option_dup_help (const TitheCliOption *self)
{
  g_autofree char *words = NULL;

  if (self->kind != TITHE_CLI_WORD)
    return g_strdup (_ (self->what));
  /* TRANSLATORS: of one of some words that an option takes: the one that is taken without it */
  words = tithe_cli_word_dup_list (self->target, _("%s (default)"));
  /* TRANSLATORS: what an option is for, and what it takes: “How groups are merged: complete (default), average or single” */
  return g_strdup_printf (_("%s: %s"), _ (self->what), words);
}

/* What GOption calls for the options whose values it doesn't know. */
static gboolean
take (const char *given, const char *text, gpointer options, GError **error)
{
  const TitheCliOption *self = tithe_cli_option_find (options, given);

  g_return_val_if_fail (self != NULL, FALSE);

  return self->kind == TITHE_CLI_NUMBER ? tithe_cli_number_parse (self->target, self->name, text, error)
                                        : tithe_cli_word_parse (self->target, self->name, text, error);
}

/**
 * tithe_cli_options_add:
 * @group: whose data are @options
 * @texts: (element-type utf8): keeps what the group refers to
 *
 * Lets GOption take them, so that each target gets what is given.
 */
void
tithe_cli_options_add (const TitheCliOption *options, GOptionGroup *group, GPtrArray *texts)
{
  static const GOptionArg args[] = {
    [TITHE_CLI_SWITCH] = G_OPTION_ARG_NONE,        [TITHE_CLI_NUMBER] = G_OPTION_ARG_CALLBACK,
    [TITHE_CLI_WORD] = G_OPTION_ARG_CALLBACK,      [TITHE_CLI_TEXT] = G_OPTION_ARG_STRING,
    [TITHE_CLI_TEXTS] = G_OPTION_ARG_STRING_ARRAY, [TITHE_CLI_FILE] = G_OPTION_ARG_FILENAME,
    [TITHE_CLI_CLASS] = G_OPTION_ARG_FILENAME,     [TITHE_CLI_CLASSES] = G_OPTION_ARG_FILENAME_ARRAY,
  };

  for (; options->name != NULL; options++)
    {
      GOptionEntry entries[] = { { options->name, options->letter, 0, args[options->kind], options->target,
                                   tithe_cli_option_dup_help (options), options->unit },
                                 G_OPTION_ENTRY_NULL };

      if (entries->arg == G_OPTION_ARG_CALLBACK)
        entries->arg_data = __extension__(gpointer) take;
      g_ptr_array_add (texts, (gpointer) entries->description);
      g_option_group_add_entries (group, entries);
    }
}
