/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TITHE_CLI_WHOLE,
  TITHE_CLI_REAL,
  TITHE_CLI_SIZE, /* bytes: such as 800M or 4G, in powers of 1024 */
} TitheCliNumberKind;

/**
 * TitheCliNumber:
 * @name: the option's long name, without dashes
 * @min: the least that is taken; with @above it is itself too little
 * @max: the most that is taken; of whole numbers at most 2^53
 * @value: what it is where the option is not given, and then what was given
 * @given: whether it was
 *
 * An option that takes a number. Whatever is no number, or out of its range, is wrong usage and says so.
 */
typedef struct
{
  const char *name;
  TitheCliNumberKind kind;
  double min, max;
  double value;
  gboolean above;
  gboolean given;
} TitheCliNumber;

/* A row of a command's options; the number itself is in the command's list of numbers. */
#define TITHE_CLI_NUMBER_OPTION(name, letter, what, unit)                                                              \
  {                                                                                                                    \
    name, letter, 0, G_OPTION_ARG_CALLBACK, __extension__ (gpointer) tithe_cli_take_number, what, unit                 \
  }

/* How many threads, and which numbers are drawn: options of several commands. */
extern TitheCliNumber tithe_cli_threads, tithe_cli_seed;

#define TITHE_CLI_THREADS_OPTION                                                                                       \
  TITHE_CLI_NUMBER_OPTION ("threads", 't', N_("How many threads to use (default: one a processor)"), "T")

gboolean tithe_cli_number_parse (TitheCliNumber *self, const char *text, GError **error);
gboolean tithe_cli_take_number  (const char *option, const char *text, gpointer command, GError **error);

G_END_DECLS
