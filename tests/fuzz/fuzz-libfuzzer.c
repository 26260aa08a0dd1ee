/* SPDX-License-Identifier: MIT */
#include "fuzz-readers.h"

#include <stddef.h>
#include <stdint.h>

/* For clang's libFuzzer: the first byte chooses the reader. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static char *folder;

  if (folder == NULL)
    folder = g_dir_make_tmp ("tithe-fuzz-XXXXXX", NULL);
  if (size > 0)
    fuzz_one (data[0] % g_strv_length ((char **) fuzz_targets), folder, data + 1, size - 1);
  return 0;
}
