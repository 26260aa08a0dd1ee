/* SPDX-License-Identifier: MIT */
#include "tithe-cli-network.h"
#include "tithe-cli-private.h"

TitheCliNumber tithe_cli_width = { .name = "width", .min = 4, .max = 256 };
TitheCliNumber tithe_cli_size = { .name = "size", .min = 16, .max = 256 };
TitheCliNumber tithe_cli_epochs = { .name = "epochs", .min = 1, .max = 100000 };

/**
 * tithe_cli_check_network:
 *
 * The network is made of parts of four channels, and halves a picture twice.
 *
 * Returns: %FALSE with %TITHE_CLI_USAGE
 */
gboolean
tithe_cli_check_network (GError **error)
{
  return ((int) tithe_cli_width.value % 4 == 0 && (int) tithe_cli_size.value % 4 == 0)
         || tithe_cli_usage (error, _("--width and --size take multiples of 4"));
}

#ifdef TITHE_HAVE_LEARN
/**
 * tithe_cli_take_model:
 * @options: (out caller-allocates): what the model has
 * @model: (nullable): its name
 *
 * Returns: %FALSE with %TITHE_CLI_USAGE where there is no such model
 */
gboolean
tithe_cli_take_model (TitheLearnOptions *options, const char *model, GError **error)
{
  g_autofree char *presets = NULL;

  if (tithe_learn_options_init (options, model))
    return TRUE;
  presets = g_strjoinv (", ", (char **) tithe_learn_presets);
  g_set_error (error, TITHE_CLI_USAGE, 0, _("--model takes %s, and resnet with any other 6n + 2, not “%s”"), presets,
               model);
  return FALSE;
}
#endif
