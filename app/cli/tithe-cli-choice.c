/* SPDX-License-Identifier: MIT */
#include "tithe-cli-choice.h"
#include "tithe-cli-private.h"

#include <string.h>

TitheCliNumber tithe_cli_ratio = { .kind = TITHE_CLI_RATIO, .max = 1, .above = TRUE };
TitheCliNumber tithe_cli_threshold = { .kind = TITHE_CLI_REAL, .max = 2 };
TitheCliWord tithe_cli_policy = { .words = tithe_policy_words, .value = TITHE_POLICY_PER_CLASS };
TitheCliWord tithe_cli_representative = { .words = tithe_representative_words, .value = TITHE_REPRESENTATIVE_CENTRE };
gboolean tithe_cli_exact, tithe_cli_automatic;
char **tithe_cli_class_ratios;

/**
 * tithe_cli_take_rules:
 * @policy: (inout): left alone where the options say nothing
 * @rule: (inout): the same
 */
void
tithe_cli_take_rules (TithePolicy *policy, TitheRepresentative *rule)
{
  if (tithe_cli_policy.text != NULL)
    *policy = (TithePolicy) tithe_cli_policy.value;
  if (tithe_cli_representative.text != NULL)
    *rule = (TitheRepresentative) tithe_cli_representative.value;
}

/* What --class-ratio says: names of classes, each followed by its ratio. */
static char **class_ratios;

/**
 * tithe_cli_get_class_ratios:
 *
 * Returns: (transfer none) (nullable): what --class-ratio said when it was checked, as of tithe_subset_set_class_ratios()
 */
const char *const *
tithe_cli_get_class_ratios (void)
{
  return (const char *const *) class_ratios;
}

/**
 * tithe_cli_check_class_ratios:
 *
 * Returns: %FALSE with %TITHE_CLI_USAGE where --class-ratio has no class or nothing that follows it
 */
gboolean
tithe_cli_check_class_ratios (GError **error)
{
  const guint n = tithe_cli_class_ratios ? g_strv_length (tithe_cli_class_ratios) : 0;

  class_ratios = n > 0 ? g_new0 (char *, 2 * n + 1) : NULL;
  for (guint i = 0; i < n; i++)
    {
      const char *given = tithe_cli_class_ratios[i], *ratio = strrchr (given, '=');

      if (ratio == NULL || ratio == given)
        {
          g_set_error (error, TITHE_CLI_USAGE, 0,
                       _("--class-ratio takes a class and its ratio, such as cat=0.8, not “%s”"), given);
          return FALSE;
        }
      class_ratios[2 * i] = g_strndup (given, (gsize) (ratio - given));
      class_ratios[2 * i + 1] = g_strdup (ratio + 1);
    }
  return TRUE;
}

/**
 * tithe_cli_check_choice:
 * @choice: (out caller-allocates): what the options say; its ratio is -1 where there is a threshold in its place
 *
 * Returns: %FALSE with %TITHE_CLI_USAGE
 */
gboolean
tithe_cli_check_choice (TitheSubsetChoice *choice, GError **error)
{
  *choice
      = (TitheSubsetChoice){ tithe_cli_ratio.given ? tithe_cli_ratio.value : -1, (TithePolicy) tithe_cli_policy.value,
                             (TitheRepresentative) tithe_cli_representative.value, tithe_cli_exact };
  if (tithe_cli_ratio.given == tithe_cli_threshold.given)
    return tithe_cli_usage (error, _("give either --ratio or --threshold"));
  return tithe_cli_check_class_ratios (error);
}

/* Returns: the dissimilarity that stands in place of a ratio, or -1 */
double
tithe_cli_get_threshold (void)
{
  return tithe_cli_threshold.given ? tithe_cli_threshold.value : -1;
}

/**
 * tithe_cli_open_subset:
 * @curation: (out) (nullable): the decisions that are in it, to be freed after the subset; %NULL with --automatic
 *
 * Returns: (transfer full): the subset of the session that the options say, or %NULL with an error
 */
TitheSubset *
tithe_cli_open_subset (TitheSession *session, const TitheSubsetChoice *choice, TitheCuration **curation, GError **error)
{
  TitheSubset *subset;

  *curation = NULL;
  if (!tithe_cli_automatic && (*curation = tithe_session_open_curation (session, FALSE, error)) == NULL)
    return NULL;
  subset = tithe_subset_new (tithe_session_get_hierarchy (session), *curation);
  if (!tithe_subset_ask (subset, choice, tithe_cli_get_threshold (), tithe_cli_get_class_ratios (), error))
    g_clear_pointer (&subset, tithe_subset_free);
  return subset;
}
