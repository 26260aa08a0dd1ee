/* SPDX-License-Identifier: MIT */
#include "tithe-cli-window.h"

#include <glib/gi18n.h>

#define ARGUMENTS "[DATASET|SESSION…]"

static const TitheCliOption options[]
    = { { "embeddings", 'e', TITHE_CLI_FILE, NULL,
          N_("Compare images by this file: .npy, .npz or .safetensors with a row for each"), "FILE",
          "npy npz safetensors" },
        { "demo", 0, TITHE_CLI_SWITCH, NULL, N_("Open the demo dataset"), NULL, NULL },
        { "new-window", 0, TITHE_CLI_SWITCH, NULL, N_("Open another window"), NULL, NULL },
        { "screenshot", 0, TITHE_CLI_FILE, NULL, N_("Save a picture of the window once it is all there, and quit"),
          "OUT.png", "png" },
        { "dark", 0, TITHE_CLI_SWITCH, NULL, N_("Use the dark style"), NULL, NULL },
        { "size", 0, TITHE_CLI_TEXT, NULL, N_("Size of the window"), "WIDTHxHEIGHT", NULL },
        { "verify", 0, TITHE_CLI_SWITCH, NULL, N_("Begin with the page that retrains"), NULL, NULL },
        { "ratio", 0, TITHE_CLI_TEXT, NULL, N_("Subset ratio to begin with, 0.01 to 1"), "R", NULL },
        TITHE_CLI_NO_OPTION };

const TitheCliCommand tithe_cli_window_commands[]
    = { { "", ARGUMENTS, "Look through the redundant groups of a dataset", TITHE_CLI_ANY_FILE, options, NULL },
        { NULL, NULL, NULL, NULL, NULL, NULL } };

/**
 * tithe_cli_window_dup_entries:
 *
 * Returns: (transfer full): what a #GApplication takes; free with g_free()
 */
GOptionEntry *
tithe_cli_window_dup_entries (void)
{
  GOptionEntry *entries = g_new0 (GOptionEntry, G_N_ELEMENTS (options) + 1);
  guint n = 0;

  for (const TitheCliOption *option = options; option->name != NULL; option++)
    entries[n++] = (GOptionEntry){ .long_name = option->name,
                                   .short_name = option->letter,
                                   .arg = option->kind == TITHE_CLI_SWITCH ? G_OPTION_ARG_NONE
                                          : option->kind == TITHE_CLI_FILE ? G_OPTION_ARG_FILENAME
                                                                           : G_OPTION_ARG_STRING,
                                   .description = option->what,
                                   .arg_description = option->unit };
  entries[n] = (GOptionEntry){ .long_name = G_OPTION_REMAINING,
                               .arg = G_OPTION_ARG_FILENAME_ARRAY,
                               .arg_description = ARGUMENTS };
  return entries;
}
