/* SPDX-License-Identifier: MIT */
#include "fuzz-target.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* For clang's libFuzzer; the environment's TITHE_FUZZ_TARGET names the target. */

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const FuzzTarget *target;
static char *folder;

/* GLib's fatal warnings are traps, which libFuzzer does not know: the input would be lost. */
static void
on_trap (int number)
{
  abort ();
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  const char *name = g_getenv ("TITHE_FUZZ_TARGET");

  target = fuzz_find (name ? name : "");
  if (target == NULL)
    {
      g_printerr ("TITHE_FUZZ_TARGET is not the name of a target\n");
      exit (2);
    }
  signal (SIGTRAP, on_trap);
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  fuzz_stay_in_memory ();
  folder = g_dir_make_tmp ("tithe-fuzz-XXXXXX", NULL);
  if (target->prepare != NULL)
    target->prepare (folder);
  return 0;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  fuzz_one (target, folder, data, size);
  return 0;
}
