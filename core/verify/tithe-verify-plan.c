/* SPDX-License-Identifier: MIT */
#include "tithe-verify-plan.h"

#include <json-glib/json-glib.h>
#include <string.h>

/**
 * tithe_verify_plan_new:
 * @quick: whether minutes are wanted rather than hours: a narrower network, fewer epochs and ratios
 *
 * Returns: (transfer full): a plan to begin with
 */
TitheVerifyPlan *
tithe_verify_plan_new (gboolean quick)
{
  static const double usual[] = { 0.95, 0.9, 0.8, 0.7, 0.5 };
  static const double few[] = { 0.9, 0.5 };
  TitheVerifyPlan *self = g_new0 (TitheVerifyPlan, 1);

  *self = (TitheVerifyPlan){ .preset = g_strdup ("fast"),
                             .width = quick ? 16 : 0,
                             .epochs = quick ? 8 : 0,
                             .policy = TITHE_POLICY_PER_CLASS,
                             .rule = TITHE_REPRESENTATIVE_CENTRE,
                             .seed = 1,
                             .n_ratios = quick ? G_N_ELEMENTS (few) : G_N_ELEMENTS (usual),
                             .budgets = 1u << TITHE_BUDGET_EPOCHS,
                             .n_trials = 3 };
  memcpy (self->ratios, quick ? few : usual, self->n_ratios * sizeof *self->ratios);
  return self;
}

TitheVerifyPlan *
tithe_verify_plan_copy (const TitheVerifyPlan *self)
{
  TitheVerifyPlan *copy = g_memdup2 (self, sizeof *self);

  copy->preset = g_strdup (self->preset);
  copy->hand = g_strdup (self->hand);
  return copy;
}

void
tithe_verify_plan_free (TitheVerifyPlan *self)
{
  g_free (self->preset);
  g_free (self->hand);
  g_free (self);
}

static int
compare_ratios (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (y > x) - (y < x);
}

/**
 * tithe_verify_plan_set_ratios:
 * @text: such as “0.95, 0.9, 0.5”
 *
 * Returns: %FALSE where that is no list of ratios above 0 and below 1; the plan is as it was then
 */
gboolean
tithe_verify_plan_set_ratios (TitheVerifyPlan *self, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, ",; ", -1);
  double ratios[TITHE_VERIFY_MAX_RATIOS];
  guint n = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *end;
      double ratio = g_ascii_strtod (words[i], &end);
      gboolean again = FALSE;

      if (*words[i] == '\0')
        continue;
      if (*end != '\0' || !(ratio > 0 && ratio < 1) || n == TITHE_VERIFY_MAX_RATIOS)
        return FALSE;
      for (guint j = 0; j < n; j++)
        again |= ABS (ratios[j] - ratio) < 1e-7;
      if (!again)
        ratios[n++] = ratio;
    }
  if (n == 0)
    return FALSE;
  qsort (ratios, n, sizeof *ratios, compare_ratios);
  memcpy (self->ratios, ratios, sizeof ratios);
  self->n_ratios = n;
  return TRUE;
}

/**
 * tithe_verify_plan_set_hand:
 * @curation: what is decided now; later decisions do not change the plan
 *
 * Compares the subset with the decisions by hand, too.
 */
void
tithe_verify_plan_set_hand (TitheVerifyPlan *self, TitheCuration *curation, double ratio, gboolean exact)
{
  g_free (self->hand);
  self->hand = tithe_curation_dup_fingerprint (curation);
  self->hand_rows = tithe_journal_get_n_rows (tithe_curation_get_journal (curation));
  self->hand_ratio = ratio;
  self->hand_exact = exact;
}

static void
add_number (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static char *
end_object (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static void
add_training (JsonBuilder *builder, const TitheVerifyPlan *self)
{
  add_text (builder, "preset", self->preset);
  add_number (builder, "width", self->width);
  add_number (builder, "size", self->size);
  add_number (builder, "epochs", self->epochs);
  add_number (builder, "bfloat16", self->bfloat16);
  add_text (builder, "policy", tithe_policy_to_string (self->policy));
  add_text (builder, "representative", tithe_representative_to_string (self->rule));
  add_number (builder, "seed", (gint64) self->seed);
}

/**
 * tithe_verify_plan_dup_training:
 *
 * Returns: (transfer full): all that a trial depends on beside its arm, its number, and for arms by hand the decisions
 */
char *
tithe_verify_plan_dup_training (const TitheVerifyPlan *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_training (builder, self);
  return end_object (builder);
}

char *
tithe_verify_plan_to_json (const TitheVerifyPlan *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_training (builder, self);
  json_builder_set_member_name (builder, "ratios");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->n_ratios; i++)
    json_builder_add_double_value (builder, self->ratios[i]);
  json_builder_end_array (builder);
  add_number (builder, "budgets", self->budgets);
  add_number (builder, "trials", self->n_trials);
  if (self->hand != NULL)
    {
      add_text (builder, "hand", self->hand);
      add_number (builder, "hand_rows", self->hand_rows);
      json_builder_set_member_name (builder, "hand_ratio");
      json_builder_add_double_value (builder, self->hand_ratio);
      add_number (builder, "hand_exact", self->hand_exact);
    }
  return end_object (builder);
}

static gboolean
read_ratios (TitheVerifyPlan *self, JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "ratios");
  JsonArray *ratios = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  self->n_ratios = ratios ? json_array_get_length (ratios) : 0;
  if (self->n_ratios == 0 || self->n_ratios > TITHE_VERIFY_MAX_RATIOS)
    return FALSE;
  for (guint i = 0; i < self->n_ratios; i++)
    {
      self->ratios[i] = json_array_get_double_element (ratios, i);
      if (!(self->ratios[i] > 0 && self->ratios[i] < 1))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_plan (TitheVerifyPlan *self, JsonObject *object)
{
  const char *preset = json_object_get_string_member_with_default (object, "preset", NULL);
  const char *policy = json_object_get_string_member_with_default (object, "policy", NULL);
  const char *rule = json_object_get_string_member_with_default (object, "representative", NULL);
  const char *hand = json_object_get_string_member_with_default (object, "hand", NULL);
  gint64 width = json_object_get_int_member_with_default (object, "width", 0);
  gint64 size = json_object_get_int_member_with_default (object, "size", 0);
  gint64 epochs = json_object_get_int_member_with_default (object, "epochs", 0);
  gint64 trials = json_object_get_int_member_with_default (object, "trials", 0);

  self->preset = g_strdup (preset);
  self->hand = g_strdup (hand);
  self->width = (guint) width;
  self->size = (guint) size;
  self->epochs = (guint) epochs;
  self->n_trials = (guint) trials;
  self->bfloat16 = json_object_get_int_member_with_default (object, "bfloat16", 0) != 0;
  self->seed = (guint64) json_object_get_int_member_with_default (object, "seed", 1);
  self->budgets = (guint) json_object_get_int_member_with_default (object, "budgets", 0) & 3;
  self->hand_rows = json_object_get_int_member_with_default (object, "hand_rows", 0);
  self->hand_ratio = json_object_get_double_member_with_default (object, "hand_ratio", 1);
  self->hand_exact = json_object_get_int_member_with_default (object, "hand_exact", 0) != 0;
  return preset != NULL && policy != NULL && rule != NULL && tithe_policy_from_string (policy, &self->policy)
         && tithe_representative_from_string (rule, &self->rule) && width >= 0 && width <= 256 && size >= 0
         && size <= 256 && epochs >= 0 && epochs <= 100000 && trials >= 1 && trials <= TITHE_VERIFY_MAX_TRIALS
         && self->budgets != 0 && self->hand_ratio > 0 && self->hand_ratio <= 1 && read_ratios (self, object);
}

/**
 * tithe_verify_plan_new_from_json:
 *
 * Returns: (transfer full) (nullable): the plan, or %NULL where that is none
 */
TitheVerifyPlan *
tithe_verify_plan_new_from_json (const char *json)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (TitheVerifyPlan) self = g_new0 (TitheVerifyPlan, 1);
  JsonNode *root;

  if (!json_parser_load_from_data (parser, json, -1, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) || !read_plan (self, json_node_get_object (root)))
    return NULL;
  return g_steal_pointer (&self);
}

static void
add_pair (GArray *arms, TitheArmKind kind, TitheBudget budget, double ratio)
{
  TitheArm arm = { kind, budget, ratio }, random = tithe_arm_get_random (&arm);

  g_array_append_val (arms, arm);
  g_array_append_val (arms, random);
}

/**
 * tithe_verify_plan_list_arms:
 *
 * Returns: (transfer full) (element-type TitheArm): everything first, then each subset followed by its random ones
 */
GArray *
tithe_verify_plan_list_arms (const TitheVerifyPlan *self)
{
  GArray *arms = g_array_new (FALSE, FALSE, sizeof (TitheArm));
  TitheArm full = { TITHE_ARM_FULL, TITHE_BUDGET_EPOCHS, 1 };

  g_array_append_val (arms, full);
  for (guint i = 0; i < self->n_ratios; i++)
    for (TitheBudget budget = TITHE_BUDGET_EPOCHS; budget <= TITHE_BUDGET_STEPS; budget++)
      if (self->budgets & (1u << budget))
        add_pair (arms, TITHE_ARM_SEMANTIC, budget, self->ratios[i]);
  for (TitheBudget budget = TITHE_BUDGET_EPOCHS; self->hand != NULL && budget <= TITHE_BUDGET_STEPS; budget++)
    if (self->budgets & (1u << budget))
      add_pair (arms, TITHE_ARM_HAND, budget, self->hand_ratio);
  return arms;
}

/**
 * tithe_verify_plan_make_subset:
 * @curation: (nullable): of the plan, for arms that are about decisions by hand; must outlive the subset
 *
 * Returns: (transfer full): what the arm keeps, or what its random subsets are like
 */
TitheSubset *
tithe_verify_plan_make_subset (const TitheVerifyPlan *self, const TitheArm *arm, TitheHierarchy *hierarchy,
                               TitheCuration *curation)
{
  const gboolean by_hand = arm->kind == TITHE_ARM_HAND || arm->kind == TITHE_ARM_RANDOM_HAND;
  TitheSubset *subset = tithe_subset_new (hierarchy, by_hand ? curation : NULL);

  tithe_subset_choose (subset,
                       &(TitheSubsetChoice){ arm->ratio, self->policy, self->rule, by_hand && self->hand_exact });
  return subset;
}
