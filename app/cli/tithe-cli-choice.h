/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"
#include "session/tithe-session.h"
#include "tithe-cli-option.h"

G_BEGIN_DECLS

/* Which subset: the options that every command has which is about one. */
extern TitheCliNumber tithe_cli_ratio, tithe_cli_threshold;
extern TitheCliWord tithe_cli_policy, tithe_cli_representative;
extern gboolean tithe_cli_exact, tithe_cli_automatic;
extern char **tithe_cli_class_ratios;

#define TITHE_CLI_RULE_OPTIONS                                                                                         \
  { "policy", 'p', TITHE_CLI_WORD, &tithe_cli_policy, N_("How a ratio is shared out"), "P", NULL },                    \
  {                                                                                                                    \
    "representative", 0, TITHE_CLI_WORD, &tithe_cli_representative, N_("Which image stands for a group"), "RULE", NULL \
  }
#define TITHE_CLI_EXACT_OPTION                                                                                         \
  {                                                                                                                    \
    "exact", 0, TITHE_CLI_SWITCH, &tithe_cli_exact,                                                                    \
        N_("Let the cut give way to decisions by hand, so that the ratio is met"), NULL, NULL                          \
  }
#define TITHE_CLI_CHOICE_OPTIONS                                                                                       \
  { "ratio", 'r', TITHE_CLI_NUMBER, &tithe_cli_ratio, N_("The share of the images to keep, above 0 up to 1"), "R",     \
    NULL },                                                                                                            \
      { "threshold", 0, TITHE_CLI_NUMBER, &tithe_cli_threshold,                                                        \
        N_("Merge up to this dissimilarity, in place of a ratio"), "H", NULL },                                        \
      TITHE_CLI_RULE_OPTIONS, TITHE_CLI_EXACT_OPTION
#define TITHE_CLI_AUTOMATIC_OPTION                                                                                     \
  {                                                                                                                    \
    "automatic", 0, TITHE_CLI_SWITCH, &tithe_cli_automatic, N_("Leave decisions by hand out"), NULL, NULL              \
  }
#define TITHE_CLI_CLASS_RATIO_OPTION(what)                                                                             \
  {                                                                                                                    \
    "class-ratio", 0, TITHE_CLI_CLASSES, &tithe_cli_class_ratios, what, "NAME=R", NULL                                 \
  }

void         tithe_cli_take_rules    (TithePolicy *policy, TitheRepresentative *rule);
gboolean     tithe_cli_check_choice  (TitheSubsetChoice *choice, GError **error);
double       tithe_cli_get_threshold (void);
gboolean     tithe_cli_check_class_ratios (GError **error);
TitheSubset *tithe_cli_open_subset   (TitheSession *session, const TitheSubsetChoice *choice, TitheCuration **curation,
                                      GError **error);
const char *const *tithe_cli_get_class_ratios (void);

G_END_DECLS
