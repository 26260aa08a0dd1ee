/* SPDX-License-Identifier: MIT */
#pragma once

#include "fixture.h"

G_BEGIN_DECLS

/* The command line from outside, in a folder of its own. TITHE_CLI names the program. */

typedef struct
{
  char *folder;
} Fixture;

void cli_set_up (Fixture *fixture, gconstpointer data);
void cli_tear_down (Fixture *fixture, gconstpointer data);
int cli_run (Fixture *fixture, const char *words, char **output, char **errors);
char *cli_read (Fixture *fixture, const char *name, gsize *size);
void cli_assert_runs (Fixture *fixture, const char *words);
void cli_assert_interrupted (Fixture *fixture, const char *words, const char *stage, const char *output);
char *cli_run_until (Fixture *fixture, const char *words, const char *line, void (*then) (Fixture *), int *status);
void cli_assert_fails (Fixture *fixture, const char *words, int expected, const char *part);

G_END_DECLS
