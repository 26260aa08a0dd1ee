/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TITHE_CLI_WHOLE,
  TITHE_CLI_REAL,
  TITHE_CLI_RATIO, /* a share: 0.9 or 90% */
  TITHE_CLI_SIZE, /* bytes: such as 800M or 4G, in powers of 1024 */
} TitheCliNumberKind;

/**
 * TitheCliNumber:
 * @min: the least that is taken; with @above it is itself too little
 * @max: the most that is taken; of whole numbers at most 2^53
 * @value: what it is where the option is not given, and then what was given
 * @given: whether it was
 *
 * An option that takes a number. Whatever is no number, or out of its range, is wrong usage and says so.
 */
typedef struct
{
  TitheCliNumberKind kind;
  double min, max;
  double value;
  gboolean above;
  gboolean given;
} TitheCliNumber;

/* How many threads, and which numbers are drawn: options of several commands. */
extern TitheCliNumber tithe_cli_threads, tithe_cli_seed;

#define TITHE_CLI_THREADS_OPTION                                                                                       \
  {                                                                                                                    \
    "threads", 't', TITHE_CLI_NUMBER, &tithe_cli_threads, N_("How many threads to use (default: one a processor)"),    \
        "T", NULL                                                                                                      \
  }

gboolean tithe_cli_number_parse (TitheCliNumber *self, const char *name, const char *text, GError **error);

G_END_DECLS
