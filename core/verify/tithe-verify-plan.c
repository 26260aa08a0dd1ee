/* SPDX-License-Identifier: MIT */
#include "tithe-verify-plan.h"
#include "base/tithe-ratio.h"
#include "io/tithe-json.h"

#include <langinfo.h>
#include <string.h>

/* More text than a plan has. */
#define MAX_TEXT 65536

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

/* tithe_verify_plan_copy: (transfer full) */
TitheVerifyPlan *
tithe_verify_plan_copy (const TitheVerifyPlan *self)
{
  TitheVerifyPlan *copy = g_memdup2 (self, sizeof *self);

  copy->preset = g_strdup (self->preset);
  copy->manual = g_strdup (self->manual);
  return copy;
}

/* tithe_verify_plan_free: (transfer full) @self */
void
tithe_verify_plan_free (TitheVerifyPlan *self)
{
  g_free (self->preset);
  g_free (self->manual);
  g_free (self);
}

static int
compare_ratios (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (y > x) - (y < x);
}

static gboolean
is_ratio (double ratio)
{
  return ratio >= TITHE_VERIFY_MIN_RATIO && ratio < 1;
}

/* From the largest, each once. */
static void
take_ratios (TitheVerifyPlan *self, double *ratios, guint n)
{
  qsort (ratios, n, sizeof *ratios, compare_ratios);
  self->n_ratios = 0;
  for (guint i = 0; i < n; i++)
    if (i == 0 || ratios[i] != ratios[i - 1])
      self->ratios[self->n_ratios++] = ratios[i];
}

/* Makes a number of a word, such as tithe_ratio_parse() does. */
typedef gboolean (*ReadRatio) (const char *word, double *ratio);

static gboolean
add_ratio (const char *word, ReadRatio read, double *ratios, guint *n)
{
  double ratio;

  if (*n == TITHE_VERIFY_MAX_RATIOS || !read (word, &ratio) || !is_ratio (ratio))
    return FALSE;
  ratios[(*n)++] = ratio;
  return TRUE;
}

/* A comma stands between numbers, unless it is within one: “72,25; 50” in a language that writes it so. */
static gboolean
add_words (const char *text, ReadRatio read, double *ratios, guint *n)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);

  if (add_ratio (text, read, ratios, n))
    return TRUE;
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0' && !add_ratio (words[i], read, ratios, n))
      return FALSE;
  return TRUE;
}

static gboolean
set_ratios (TitheVerifyPlan *self, const char *text, ReadRatio read)
{
  /* The space before a sign of percent stands between no numbers. */
  g_autoptr (GRegex) sign = g_regex_new ("\\s+%", 0, 0, NULL), space = g_regex_new ("[\\s;]+", 0, 0, NULL);
  g_autofree char *joined
      = g_utf8_validate (text, -1, NULL) ? g_regex_replace_literal (sign, text, -1, 0, "%", 0, NULL) : NULL;
  g_auto (GStrv) words = joined ? g_regex_split (space, joined, 0) : NULL;
  double ratios[TITHE_VERIFY_MAX_RATIOS];
  guint n = 0;

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    if (!add_words (words[i], read, ratios, &n))
      return FALSE;
  if (n == 0)
    return FALSE;
  take_ratios (self, ratios, n);
  return TRUE;
}

static char *
dup_ratios (const TitheVerifyPlan *self, char *(*write) (double), const char *between)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->n_ratios; i++)
    {
      g_autofree char *ratio = write (self->ratios[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? between : "", ratio);
    }
  return g_string_free (text, FALSE);
}

/**
 * tithe_verify_plan_set_ratios:
 * @text: such as “0.95, 0.9, 50%”
 *
 * Returns: %FALSE where that is no list of ratios from %TITHE_VERIFY_MIN_RATIO to below 1; the plan is as it was then
 */
gboolean
tithe_verify_plan_set_ratios (TitheVerifyPlan *self, const char *text)
{
  return set_ratios (self, text, tithe_ratio_parse);
}

/**
 * tithe_verify_plan_set_percent:
 * @text: as a person writes it, such as “95, 90 %, 50”, in the language's way
 *
 * Returns: as tithe_verify_plan_set_ratios()
 */
gboolean
tithe_verify_plan_set_percent (TitheVerifyPlan *self, const char *text)
{
  return set_ratios (self, text, tithe_ratio_parse_percent);
}

/**
 * tithe_verify_plan_dup_ratios:
 *
 * Returns: (transfer full): a text that tithe_verify_plan_set_ratios() makes the very same ratios of
 */
char *
tithe_verify_plan_dup_ratios (const TitheVerifyPlan *self)
{
  return dup_ratios (self, tithe_ratio_to_string, ", ");
}

/**
 * tithe_verify_plan_dup_percent:
 *
 * Returns: (transfer full): a text that tithe_verify_plan_set_percent() makes the very same ratios of
 */
char *
tithe_verify_plan_dup_percent (const TitheVerifyPlan *self)
{
  return dup_ratios (self, tithe_ratio_to_percent, g_str_equal (nl_langinfo (RADIXCHAR), ".") ? ", " : "; ");
}

/**
 * tithe_verify_plan_add_ratio:
 * @ratio: a subset that is to be compared, too; below 1
 *
 * Does nothing where the plan has it, or has no room for more.
 */
void
tithe_verify_plan_add_ratio (TitheVerifyPlan *self, double ratio)
{
  double ratios[TITHE_VERIFY_MAX_RATIOS];

  if (self->n_ratios == TITHE_VERIFY_MAX_RATIOS || !is_ratio (ratio))
    return;
  memcpy (ratios, self->ratios, self->n_ratios * sizeof *ratios);
  ratios[self->n_ratios] = ratio;
  take_ratios (self, ratios, self->n_ratios + 1);
}

/**
 * tithe_verify_plan_set_manual:
 * @curation: what is decided now; later decisions do not change the plan
 *
 * Compares the subset with the manual decisions, too.
 */
void
tithe_verify_plan_set_manual (TitheVerifyPlan *self, TitheCuration *curation, double ratio, gboolean exact)
{
  g_free (self->manual);
  self->manual = tithe_curation_dup_fingerprint (curation);
  self->manual_rows = tithe_journal_get_n_rows (tithe_curation_get_journal (curation));
  self->manual_ratio = CLAMP (ratio, TITHE_VERIFY_MIN_RATIO, 1);
  self->manual_exact = exact;
}

static void
add_training (JsonBuilder *builder, const TitheVerifyPlan *self)
{
  tithe_json_add_string (builder, "preset", self->preset);
  tithe_json_add_int (builder, "width", self->width);
  tithe_json_add_int (builder, "size", self->size);
  tithe_json_add_int (builder, "epochs", self->epochs);
  tithe_json_add_int (builder, "bfloat16", self->bfloat16);
  tithe_json_add_string (builder, "policy", tithe_policy_to_string (self->policy));
  tithe_json_add_string (builder, "representative", tithe_representative_to_string (self->rule));
  tithe_json_add_int (builder, "seed", (gint64) self->seed);
}

/**
 * tithe_verify_plan_dup_training:
 *
 * Returns: (transfer full): all that a trial depends on other than its arm, its number, what it is tested on, and for
 *   manual arms the decisions
 */
char *
tithe_verify_plan_dup_training (const TitheVerifyPlan *self)
{
  g_autoptr (JsonBuilder) builder = tithe_json_begin ();

  add_training (builder, self);
  return tithe_json_end (builder, FALSE);
}

/* tithe_verify_plan_to_json: (transfer full) a text for tithe_verify_plan_new_from_json() */
char *
tithe_verify_plan_to_json (const TitheVerifyPlan *self)
{
  g_autoptr (JsonBuilder) builder = tithe_json_begin ();

  add_training (builder, self);
  tithe_json_begin_array (builder, "ratios");
  for (guint i = 0; i < self->n_ratios; i++)
    json_builder_add_double_value (builder, self->ratios[i]);
  json_builder_end_array (builder);
  tithe_json_add_int (builder, "budgets", self->budgets);
  tithe_json_add_int (builder, "trials", self->n_trials);
  if (self->manual != NULL)
    {
      tithe_json_add_string (builder, "hand", self->manual);
      tithe_json_add_int (builder, "hand_rows", self->manual_rows);
      tithe_json_add_double (builder, "hand_ratio", self->manual_ratio);
      tithe_json_add_int (builder, "hand_exact", self->manual_exact);
    }
  return tithe_json_end (builder, FALSE);
}

/* --- reading, where every number is a stranger's --- */

static gboolean
read_ratios (TitheVerifyPlan *self, JsonObject *object)
{
  JsonArray *array = tithe_json_get_array (object, "ratios");
  const guint n = array ? json_array_get_length (array) : 0;
  double ratios[TITHE_VERIFY_MAX_RATIOS];

  if (n == 0 || n > TITHE_VERIFY_MAX_RATIOS)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      ratios[i] = tithe_json_item_double (array, i, 0);
      if (!is_ratio (ratios[i]))
        return FALSE;
    }
  take_ratios (self, ratios, n);
  return TRUE;
}

/* The decisions, where the plan is about any. */
static gboolean
read_manual (TitheVerifyPlan *self, JsonObject *object)
{
  const char *fingerprint = tithe_json_get_string (object, "hand");

  if (!json_object_has_member (object, "hand"))
    return TRUE;
  self->manual = g_strdup (fingerprint);
  self->manual_rows = tithe_json_get_int (object, "hand_rows", 0, G_MAXINT64, -1);
  self->manual_ratio = tithe_json_get_double (object, "hand_ratio", 0);
  self->manual_exact = tithe_json_get_int (object, "hand_exact", 0, 1, 0) != 0;
  return fingerprint != NULL && strlen (fingerprint) >= 16 && strlen (fingerprint) <= 128
         && strspn (fingerprint, "0123456789abcdef") == strlen (fingerprint) && self->manual_rows >= 0
         && (is_ratio (self->manual_ratio) || self->manual_ratio == 1);
}

/* Sides and widths that the network has no use for are none. */
static gboolean
read_numbers (TitheVerifyPlan *self, JsonObject *object)
{
  const gint64 width = tithe_json_get_int (object, "width", 0, 256, -1);
  const gint64 size = tithe_json_get_int (object, "size", 0, 256, -1);
  const gint64 epochs = tithe_json_get_int (object, "epochs", 0, 100000, -1);

  self->width = (guint) width;
  self->size = (guint) size;
  self->epochs = (guint) epochs;
  self->n_trials = (guint) tithe_json_get_int (object, "trials", 1, TITHE_VERIFY_MAX_TRIALS, 0);
  self->budgets = (guint) tithe_json_get_int (object, "budgets", 1, 3, 0);
  self->bfloat16 = tithe_json_get_int (object, "bfloat16", 0, 1, 0) != 0;
  self->seed = (guint64) tithe_json_get_int (object, "seed", G_MININT64, G_MAXINT64, 1);
  return width >= 0 && width % 4 == 0 && size >= 0 && size % 4 == 0 && (size == 0 || size >= 16) && epochs >= 0
         && self->n_trials > 0 && self->budgets > 0;
}

static gboolean
read_plan (TitheVerifyPlan *self, JsonObject *object)
{
  const char *preset = tithe_json_get_string (object, "preset"), *policy = tithe_json_get_string (object, "policy");
  const char *rule = tithe_json_get_string (object, "representative");

  self->preset = g_strdup (preset);
  return preset != NULL && strlen (preset) <= 32 && policy != NULL && rule != NULL
         && tithe_policy_from_string (policy, &self->policy) && tithe_representative_from_string (rule, &self->rule)
         && read_numbers (self, object) && read_ratios (self, object) && read_manual (self, object);
}

/**
 * tithe_verify_plan_new_from_json:
 * @json: of tithe_verify_plan_to_json(), or a stranger's
 *
 * Returns: (transfer full) (nullable): the plan, or %NULL where that is none
 */
TitheVerifyPlan *
tithe_verify_plan_new_from_json (const char *json)
{
  const gsize size = strnlen (json, MAX_TEXT);
  g_autoptr (JsonNode) root = size < MAX_TEXT ? tithe_json_parse (json, size, NULL) : NULL;
  g_autoptr (TitheVerifyPlan) self = g_new0 (TitheVerifyPlan, 1);

  if (root == NULL || !read_plan (self, json_node_get_object (root)))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * tithe_verify_plan_get_lowest:
 *
 * Returns: the lowest ratio of a subset that is compared, with or without manual decisions
 */
double
tithe_verify_plan_get_lowest (const TitheVerifyPlan *self)
{
  const double lowest = self->ratios[self->n_ratios - 1];

  return self->manual != NULL ? MIN (lowest, self->manual_ratio) : lowest;
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
  for (TitheBudget budget = TITHE_BUDGET_EPOCHS; self->manual != NULL && budget <= TITHE_BUDGET_STEPS; budget++)
    if (self->budgets & (1u << budget))
      add_pair (arms, TITHE_ARM_MANUAL, budget, self->manual_ratio);
  return arms;
}

/**
 * tithe_verify_plan_make_subset:
 * @curation: (nullable): of the plan, for manual arms; must outlive the subset
 *
 * Returns: (transfer full): what the arm keeps, or what its random subsets are like
 */
TitheSubset *
tithe_verify_plan_make_subset (const TitheVerifyPlan *self, const TitheArm *arm, TitheHierarchy *hierarchy,
                               TitheCuration *curation)
{
  const gboolean manual = tithe_arm_is_manual (arm);
  TitheSubset *subset = tithe_subset_new (hierarchy, manual ? curation : NULL);

  tithe_subset_choose (subset,
                       &(TitheSubsetChoice){ arm->ratio, self->policy, self->rule, manual && self->manual_exact });
  return subset;
}

/**
 * tithe_verify_plan_check_floor:
 * @curation: (nullable): of the plan, for manual arms
 *
 * Returns: %FALSE with %TITHE_SUBSET_ERROR_FLOOR where a ratio of the plan is below what was clustered
 */
gboolean
tithe_verify_plan_check_floor (const TitheVerifyPlan *self, TitheHierarchy *hierarchy, TitheCuration *curation,
                               GError **error)
{
  g_autoptr (TitheSubset) subset = tithe_subset_new (hierarchy, curation);

  return tithe_subset_check_ratio (subset, tithe_verify_plan_get_lowest (self), self->policy, error);
}
