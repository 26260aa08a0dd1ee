/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "demo/tithe-demo.h"

static TitheCliNumber images = { .name = "images", .min = 1, .max = 1000000, .value = 2000 };
static TitheCliNumber test = { .name = "test", .min = 1, .max = 1000000 };
static TitheCliNumber classes
    = { .name = "classes", .min = 1, .max = TITHE_DEMO_MAX_CLASSES, .value = TITHE_DEMO_MAX_CLASSES };

TitheCliNumber *const tithe_cli_demo_numbers[] = { &images, &test, &classes, &tithe_cli_seed, NULL };
const GOptionEntry tithe_cli_demo_options[]
    = { TITHE_CLI_NUMBER_OPTION ("images", 'n', N_("How many images (default 2000)"), "N"),
        TITHE_CLI_NUMBER_OPTION (
            "test", 0, N_("How many images of a test split, too, in the folders train and test (default none)"), "N"),
        TITHE_CLI_NUMBER_OPTION ("classes", 'k', N_("How many classes, up to 10 (default 10)"), "K"),
        TITHE_CLI_NUMBER_OPTION ("seed", 's', N_("The same seed draws the same pictures (default 1)"), "S"),
        G_OPTION_ENTRY_NULL };

gboolean
tithe_cli_demo (TitheCliContext *context, GError **error)
{
  TitheJob *job;
  gboolean ok;

  if (images.value < classes.value || (test.given && test.value < classes.value))
    return tithe_cli_usage (error, _("--images and --test take at least the number of classes"));
  job = tithe_cli_start_job (context, _("Drawing the demo"));
  ok = tithe_demo_render (g_ptr_array_index (context->positional, 0), (guint) images.value, (guint) test.value,
                          (guint) classes.value, (guint32) tithe_cli_seed.value, job, error);
  tithe_cli_finish_job (job);
  return ok;
}
