/* SPDX-License-Identifier: MIT */
#include "tithe-cli-network.h"
#include "tithe-cli-private.h"

TitheCliNumber tithe_cli_width = { .min = 4, .max = 256 };
TitheCliNumber tithe_cli_size = { .min = 16, .max = 256 };
TitheCliNumber tithe_cli_epochs = { .min = 1, .max = 100000 };

#ifdef TITHE_HAVE_LEARN
#  define PRESETS tithe_learn_presets
#else
#  define PRESETS NULL
#endif

TitheCliWord tithe_cli_model = { .words = PRESETS, .others = N_("resnet with any other 6n + 2") };

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
  return tithe_learn_options_init (options, model) || tithe_cli_word_refuse (&tithe_cli_model, "model", model, error);
}
#endif
