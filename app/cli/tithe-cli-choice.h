/* SPDX-License-Identifier: MIT */
#pragma once

#include "curate/tithe-subset.h"
#include "session/tithe-session.h"
#include "tithe-cli-number.h"

G_BEGIN_DECLS

/* Which subset: the options that every command has which is about one. */
extern TitheCliNumber tithe_cli_ratio, tithe_cli_threshold;
extern char *tithe_cli_policy, *tithe_cli_representative;
extern gboolean tithe_cli_exact, tithe_cli_automatic;

#define TITHE_CLI_RULE_OPTIONS                                                                                         \
  { "policy", 'p', 0, G_OPTION_ARG_STRING, &tithe_cli_policy, N_("per-class (default) or global"), "P" },              \
  {                                                                                                                    \
    "representative", 0, 0, G_OPTION_ARG_STRING, &tithe_cli_representative, N_("centre (default), medoid or first"),  \
        "RULE"                                                                                                         \
  }
#define TITHE_CLI_CHOICE_NUMBERS &tithe_cli_ratio, &tithe_cli_threshold
#define TITHE_CLI_EXACT_OPTION                                                                                         \
  {                                                                                                                    \
    "exact", 0, 0, G_OPTION_ARG_NONE, &tithe_cli_exact,                                                                \
        N_("Let the cut give way to decisions by hand, so that the ratio is met"), NULL                                \
  }
#define TITHE_CLI_CHOICE_OPTIONS                                                                                       \
  TITHE_CLI_NUMBER_OPTION ("ratio", 'r', N_("The share of the images to keep, above 0 up to 1"), "R"),                 \
      TITHE_CLI_NUMBER_OPTION ("threshold", 0, N_("Merge up to this dissimilarity, in place of a ratio"), "H"),        \
      TITHE_CLI_RULE_OPTIONS, TITHE_CLI_EXACT_OPTION
#define TITHE_CLI_AUTOMATIC_OPTION                                                                                     \
  {                                                                                                                    \
    "automatic", 0, 0, G_OPTION_ARG_NONE, &tithe_cli_automatic, N_("Leave decisions by hand out"), NULL                \
  }

gboolean     tithe_cli_take_rules    (TithePolicy *policy, TitheRepresentative *rule, GError **error);
gboolean     tithe_cli_check_choice  (TitheSubsetChoice *choice, GError **error);
double       tithe_cli_get_threshold (void);
TitheSubset *tithe_cli_open_subset   (TitheSession *session, const TitheSubsetChoice *choice, TitheCuration **curation,
                                      GError **error);

G_END_DECLS
