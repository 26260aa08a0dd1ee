/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "demo/tithe-demo.h"

static TitheCliNumber images = { .min = 1, .max = 1000000, .value = 2000 };
static TitheCliNumber test = { .min = 1, .max = 1000000 };
static TitheCliNumber classes = { .min = 1, .max = TITHE_DEMO_MAX_CLASSES, .value = TITHE_DEMO_MAX_CLASSES };

const TitheCliOption tithe_cli_demo_options[]
    = { { "images", 'n', TITHE_CLI_NUMBER, &images, N_("How many images (default 2000)"), "N", NULL },
        { "test", 0, TITHE_CLI_NUMBER, &test,
          N_("How many images of a test split, too, in the folders train and test (default none)"), "N", NULL },
        { "classes", 'k', TITHE_CLI_NUMBER, &classes, N_("How many classes, up to 10 (default 10)"), "K", NULL },
        { "seed", 's', TITHE_CLI_NUMBER, &tithe_cli_seed, N_("The same seed draws the same pictures (default 1)"), "S",
          NULL },
        TITHE_CLI_NO_OPTION };

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
