/* SPDX-License-Identifier: MIT */
#include "tithe-verify-page.h"

#include "tithe-class-effects.h"
#include "tithe-css-class.h"
#include "tithe-figure-view.h"
#include "tithe-format.h"
#include "tithe-job-bar.h"
#include "background/tithe-verifier.h"
#include "base/tithe-text.h"
#include "dialogs/tithe-help.h"
#include "verify/tithe-verify-table.h"
#include "verify/tithe-verify-words.h"
#include "tithe-combo-rows.h"

#include <glib/gi18n.h>
#include <math.h>

/* Who turns a knob does not measure at each step. */
#define ESTIMATE_MS 600
/* Trials of other programs are looked for so often. */
#define REFRESH_S 2

struct _TitheVerifyPage
{
  AdwBin parent_instance;

  AdwExpanderRow *plan;
  AdwComboRow *network, *budget;
  AdwEntryRow *ratios;
  GtkAdjustment *trials;
  GtkSwitch *manual;
  GtkWidget *begin_button, *results, *empty, *job_revealer, *coverage_box;
  GtkLabel *estimate, *progress, *notes, *promise;
  GtkGrid *table, *claims;
  TitheJobBar *job_bar;
  TitheClassEffects *effects;
  AdwBin *accuracy_bin, *coverage_bin;

  TitheFigureView *accuracy, *coverage;
  TitheVerifier *verifier;
  TitheDataset *dataset; /* (nullable) */
  TitheSubsetChoice choice;
  TitheCuration *curation; /* (nullable) (not owned) */
  guint shown_network;     /* of the list, when the plan was shown */
  gboolean arranging;
  gboolean asked;    /* whether somebody changed the plan that was suggested */
  gboolean complete; /* whether every trial of the plan is done, as far as that is known */
  guint estimate_source, refresh_source;
};

enum
{
  CLASS_CHOSEN,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheVerifyPage, tithe_verify_page, ADW_TYPE_BIN)

/* Networks that the page offers, in the order of its list. */
static const struct
{
  const char *preset;
  guint width, epochs;
} networks[] = { { "fast", 16, 8 }, { "fast", 0, 0 }, { "resnet20", 0, 0 }, { "resnet32", 0, 0 } };

/* --- the plan --- */

/* What the page asks for; NULL where the ratios are none. */
static TitheVerifyPlan *
read_plan (TitheVerifyPage *self)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verifier_dup_suggestion (self->verifier, &self->choice);
  guint network = adw_combo_row_get_selected (self->network), budget = adw_combo_row_get_selected (self->budget);

  if (!tithe_verify_plan_set_percent (plan, gtk_editable_get_text (GTK_EDITABLE (self->ratios))))
    return NULL;
  /* What was planned elsewhere with other settings stays so unless another network is chosen. */
  if (network < G_N_ELEMENTS (networks) && network != self->shown_network)
    {
      g_free (plan->preset);
      plan->preset = g_strdup (networks[network].preset);
      plan->width = networks[network].width;
      plan->epochs = networks[network].epochs;
    }
  plan->budgets = budget == 0 ? 1u << TITHE_BUDGET_EPOCHS : budget == 1 ? 1u << TITHE_BUDGET_STEPS : 3;
  plan->n_trials = (guint) gtk_adjustment_get_value (self->trials);
  g_clear_pointer (&plan->manual, g_free);
  if (gtk_switch_get_active (self->manual) && self->curation != NULL)
    tithe_verify_plan_set_manual (plan, self->curation, self->choice.ratio, self->choice.exact);
  return g_steal_pointer (&plan);
}

/* (transfer full): “90 %, 50 %”, or what is written where that is no list of ratios. */
static char *
dup_ratios (TitheVerifyPage *self)
{
  g_autoptr (TitheVerifyPlan) plan = read_plan (self);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; plan != NULL && i < plan->n_ratios; i++)
    {
      g_autofree char *ratio = tithe_format_ratio (plan->ratios[i]);

      tithe_text_add_item (text, ratio);
    }
  if (plan == NULL)
    g_string_assign (text, gtk_editable_get_text (GTK_EDITABLE (self->ratios)));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What is folded away is told in a line. */
static void
summarise_plan (TitheVerifyPage *self)
{
  GtkStringObject *network = adw_combo_row_get_selected_item (self->network);
  GtkStringObject *budget = adw_combo_row_get_selected_item (self->budget);
  const guint n = (guint) gtk_adjustment_get_value (self->trials);
  g_autofree char *trials = g_strdup_printf (ngettext ("%u trial of each", "%u trials of each", n), n);
  g_autofree char *list = dup_ratios (self), *ratios = g_strdup_printf (_("Ratios %s"), list);
  g_autoptr (GString) text = g_string_new (ratios);
  g_autofree char *escaped = NULL;

  tithe_text_add_fact (text, network ? gtk_string_object_get_string (network) : "");
  tithe_text_add_fact (text, budget ? gtk_string_object_get_string (budget) : "");
  tithe_text_add_fact (text, trials);
  escaped = g_markup_escape_text (text->str, -1);

  adw_expander_row_set_subtitle (self->plan, escaped);
}

static void
show_plan (TitheVerifyPage *self)
{
  g_autoptr (TitheVerifyPlan) plan = tithe_verifier_dup_suggestion (self->verifier, &self->choice);
  g_autofree char *ratios = tithe_verify_plan_dup_percent (plan);

  self->arranging = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->ratios), ratios);
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    if (g_str_equal (plan->preset, networks[i].preset) && plan->width == networks[i].width)
      adw_combo_row_set_selected (self->network, i);
  self->shown_network = adw_combo_row_get_selected (self->network);
  adw_combo_row_set_selected (self->budget, plan->budgets == 3 ? 2 : plan->budgets == 2 ? 1 : 0);
  gtk_adjustment_set_value (self->trials, plan->n_trials);
  gtk_switch_set_active (self->manual, plan->manual != NULL);
  self->arranging = FALSE;
  self->asked = FALSE;
  summarise_plan (self);
}

static gboolean
ask_for_estimate (gpointer data)
{
  TitheVerifyPage *self = data;
  g_autoptr (TitheVerifyPlan) plan = read_plan (self);

  self->estimate_source = 0;
  if (plan != NULL)
    tithe_verifier_estimate (self->verifier, plan);
  return G_SOURCE_REMOVE;
}

static gboolean
is_retraining (TitheVerifyPage *self)
{
  return tithe_verifier_get_job (self->verifier) != NULL;
}

/* One thing at a time: what can't be done, or has nothing left to do, is not what is suggested. */
static void
update_begin (TitheVerifyPage *self)
{
  g_autoptr (TitheVerifyPlan) plan = read_plan (self);
  const gboolean can = plan != NULL && !self->complete && !is_retraining (self) && tithe_verifier_can (self->verifier);

  gtk_widget_set_sensitive (self->begin_button, can);
  tithe_css_class_set (self->begin_button, "suggested-action", can);
}

/* While trials are learned nothing is estimated: it would be as slow as they make it. */
static void
update_estimate (TitheVerifyPage *self)
{
  g_autoptr (TitheVerifyPlan) plan = read_plan (self);
  const gboolean asked = plan != NULL && !is_retraining (self);

  g_clear_handle_id (&self->estimate_source, g_source_remove);
  self->complete = FALSE;
  if (plan == NULL)
    gtk_label_set_text (self->estimate, _("Write ratios in percent, below 100, such as 90, 50."));
  else
    gtk_label_set_text (self->estimate, asked ? _("Estimating…") : "");
  if (asked && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->estimate_source = g_timeout_add (ESTIMATE_MS, ask_for_estimate, self);
}

static void
take_plan (TitheVerifyPage *self)
{
  g_autoptr (TitheVerifyPlan) plan = read_plan (self);

  summarise_plan (self);
  tithe_css_class_set (GTK_WIDGET (self->ratios), "error", plan == NULL);
  update_estimate (self);
  update_begin (self);
}

static void
on_plan_changed (TitheVerifyPage *self)
{
  if (self->arranging)
    return;
  self->asked = TRUE;
  take_plan (self);
}

static void
on_estimate (TitheVerifyPage *self)
{
  const char *text = tithe_verifier_get_estimate (self->verifier);

  gtk_label_set_text (self->estimate, text ? text : "");
  self->complete = tithe_verifier_is_complete (self->verifier);
  update_begin (self);
}

static void
on_begin (TitheVerifyPage *self)
{
  g_autoptr (TitheVerifyPlan) plan = read_plan (self);

  if (plan == NULL)
    return;
  adw_expander_row_set_expanded (self->plan, FALSE);
  self->asked = FALSE;
  tithe_verifier_begin (self->verifier, plan);
}

/* --- what is known --- */

static GtkWidget *
new_cell (const char *text, gboolean number, gboolean heading)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), number ? 1 : 0);
  gtk_label_set_selectable (GTK_LABEL (label), !heading);
  if (number)
    gtk_widget_add_css_class (label, "numeric");
  if (heading)
    gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
clear_grid (GtkGrid *grid)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}

static void
fill_table (TitheVerifyPage *self, const TitheVerifyReport *report)
{
  g_autoptr (GPtrArray) table = tithe_verify_report_list_cells (report);

  clear_grid (self->table);
  for (int c = 0; c < TITHE_VERIFY_COLUMN_EACH; c++)
    {
      const gboolean number = c != TITHE_VERIFY_COLUMN_SUBSET;

      gtk_grid_attach (self->table, new_cell (tithe_verify_column_get_title ((TitheVerifyColumn) c), number, TRUE), c,
                       0, 1, 1);
      for (guint r = 0; r < table->len; r++)
        {
          const TitheVerifyCells *cells = g_ptr_array_index (table, r);
          const gsize n_images = g_array_index (report->rows, TitheVerifyRow, r).n_images;
          g_autofree char *count
              = c == TITHE_VERIFY_COLUMN_IMAGES && n_images > 0 ? tithe_format_count (n_images) : NULL;

          gtk_grid_attach (self->table, new_cell (count ? count : cells->text[c], number, FALSE), c, (int) r + 1, 1, 1);
        }
    }
}

/* What the session has and does not count. */
static void
fill_notes (TitheVerifyPage *self, const TitheVerifyReport *report)
{
  g_autoptr (GPtrArray) notes = tithe_verify_report_list_notes (report);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < notes->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (char *) g_ptr_array_index (notes, i));
  gtk_label_set_text (self->notes, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->notes), notes->len > 0);
}

/* What is decided stands out, and for better or worse by more than a colour. */
static void
fill_claims (TitheVerifyPage *self, const TitheVerifyReport *report)
{
  static const struct
  {
    const char *symbol, *style;
  } signs[] = { [TITHE_VERDICT_UNDECIDED] = { "?", "dim-label" },
                [TITHE_VERDICT_BETTER] = { "✓", "success" },
                [TITHE_VERDICT_WORSE] = { "✗", "error" },
                [TITHE_VERDICT_NO_WORSE] = { "✓", "success" } };
  g_autofree char *promise = tithe_verify_dup_promise ();

  clear_grid (self->claims);
  gtk_label_set_text (self->promise, promise);
  for (guint i = 0; i < report->claims->len; i++)
    {
      const TitheVerifyClaim *claim = &g_array_index (report->claims, TitheVerifyClaim, i);
      const TitheVerdict verdict = claim->comparison.verdict;
      g_autofree char *words = tithe_verify_claim_dup_text (claim, report->margin);
      GtkWidget *sign = new_cell (signs[verdict].symbol, FALSE, FALSE), *text = new_cell (words, FALSE, FALSE);

      gtk_label_set_selectable (GTK_LABEL (sign), FALSE);
      gtk_widget_set_valign (sign, GTK_ALIGN_BASELINE);
      gtk_widget_set_valign (text, GTK_ALIGN_BASELINE);
      /* That a random subset loses is no bad news. */
      if (verdict == TITHE_VERDICT_UNDECIDED || claim->arm.kind == TITHE_ARM_SEMANTIC
          || claim->arm.kind == TITHE_ARM_MANUAL)
        gtk_widget_add_css_class (sign, signs[verdict].style);
      gtk_widget_add_css_class (sign, "heading");
      if (verdict == TITHE_VERDICT_UNDECIDED)
        gtk_widget_add_css_class (text, "dim-label");
      gtk_label_set_wrap (GTK_LABEL (text), TRUE);
      gtk_widget_set_hexpand (text, TRUE);
      gtk_grid_attach (self->claims, sign, 0, (int) i, 1, 1);
      gtk_grid_attach (self->claims, text, 1, (int) i, 1, 1);
    }
}

static void
on_changed (TitheVerifyPage *self)
{
  TitheVerifyReport *report = tithe_verifier_get_report (self->verifier);
  TitheJob *job = tithe_verifier_get_job (self->verifier);
  const gboolean was_retraining = gtk_revealer_get_reveal_child (GTK_REVEALER (self->job_revealer));

  tithe_job_bar_set_job (self->job_bar, job);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->job_revealer), job != NULL);
  if (was_retraining != is_retraining (self))
    update_estimate (self);
  update_begin (self);
  tithe_class_effects_show (self->effects, report, self->dataset);
  gtk_widget_set_visible (self->results, report != NULL);
  gtk_widget_set_visible (self->empty, report == NULL);
  if (report == NULL)
    return;
  g_autofree char *n_test = tithe_format_count (report->n_test);
  g_autofree char *progress
      = g_strdup_printf (ngettext ("%zu of %zu trial, each tested on %s images",
                                   "%zu of %zu trials, each tested on %s images", report->n_trials),
                         report->n_finished, report->n_trials, n_test);
  gtk_label_set_text (self->progress, progress);
  tithe_figure_view_take_figure (self->accuracy, tithe_figure_new_accuracy (report));
  fill_table (self, report);
  fill_notes (self, report);
  fill_claims (self, report);
}

static void
on_arm_changed (TitheVerifyPage *self)
{
  tithe_class_effects_show (self->effects, tithe_verifier_get_report (self->verifier), self->dataset);
}

/* Who comes back looks at what is known, and not at what was asked. */
static void
on_opened (TitheVerifyPage *self)
{
  show_plan (self);
  adw_expander_row_set_expanded (self->plan, tithe_verifier_get_report (self->verifier) == NULL);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    take_plan (self);
}

static void
on_class_chosen (TitheVerifyPage *self, guint class_index)
{
  g_signal_emit (self, signals[CLASS_CHOSEN], 0, class_index);
}

static void
on_coverage (TitheVerifyPage *self)
{
  GPtrArray *curve = tithe_verifier_get_coverage (self->verifier);

  gtk_widget_set_visible (self->coverage_box, curve != NULL);
  tithe_figure_view_take_figure (self->coverage, curve ? tithe_figure_new_coverage (curve) : NULL);
}

static void
on_failed (TitheVerifyPage *self, const char *message)
{
  g_signal_emit (self, signals[FAILED], 0, _("Could Not Verify"), message);
}

static gboolean
look_for_trials (gpointer data)
{
  tithe_verifier_refresh (TITHE_VERIFY_PAGE (data)->verifier);
  return G_SOURCE_CONTINUE;
}

static void
on_map (TitheVerifyPage *self)
{
  tithe_verifier_refresh (self->verifier);
  tithe_verifier_measure (self->verifier);
  take_plan (self);
  if (self->refresh_source == 0)
    self->refresh_source = g_timeout_add_seconds (REFRESH_S, look_for_trials, self);
}

static void
on_unmap (TitheVerifyPage *self)
{
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_clear_handle_id (&self->estimate_source, g_source_remove);
}

/**
 * tithe_verify_page_set_session:
 * @session: (nullable): path of what is open now
 * @dataset: (nullable): its dataset
 */
void
tithe_verify_page_set_session (TitheVerifyPage *self, const char *session, TitheDataset *dataset)
{
  g_return_if_fail (TITHE_IS_VERIFY_PAGE (self));

  self->curation = NULL;
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  self->dataset = dataset ? tithe_dataset_ref (dataset) : NULL;
  tithe_verifier_set_session (self->verifier, session, dataset);
  show_plan (self);
  adw_expander_row_set_expanded (self->plan, FALSE);
  on_coverage (self);
}

/**
 * tithe_verify_page_set_choice:
 * @choice: what is looked at now
 * @curation: (nullable): what is decided now; not kept beyond the next session
 *
 * The plan begins with the ratio that is looked at, unless somebody has changed the plan.
 */
void
tithe_verify_page_set_choice (TitheVerifyPage *self, const TitheSubsetChoice *choice, TitheCuration *curation)
{
  g_return_if_fail (TITHE_IS_VERIFY_PAGE (self));

  self->choice = *choice;
  self->curation = curation;
  if (self->asked || is_retraining (self))
    return;
  show_plan (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    take_plan (self);
}

/**
 * tithe_verify_page_dup_figure:
 *
 * Returns: (transfer full) (nullable): %TITHE_FIGURE_ACCURACY or %TITHE_FIGURE_COVERAGE as it is now
 */
TitheFigure *
tithe_verify_page_dup_figure (TitheVerifyPage *self, TitheFigureKind kind)
{
  TitheVerifyReport *report = tithe_verifier_get_report (self->verifier);
  GPtrArray *curve = tithe_verifier_get_coverage (self->verifier);

  if (kind == TITHE_FIGURE_ACCURACY)
    return report ? tithe_figure_new_accuracy (report) : NULL;
  return curve ? tithe_figure_new_coverage (curve) : NULL;
}

/**
 * tithe_verify_page_dup_csv:
 *
 * @by_class: whether there is a line for each class
 *
 * Returns: (transfer full) (nullable): all trials as a table
 */
char *
tithe_verify_page_dup_csv (TitheVerifyPage *self, gboolean by_class)
{
  TitheVerifyReport *report = tithe_verifier_get_report (self->verifier);

  if (report == NULL || (by_class && self->dataset == NULL))
    return NULL;
  return by_class ? tithe_verify_report_to_class_csv (report, self->dataset) : tithe_verify_report_to_csv (report);
}

/**
 * tithe_verify_page_is_settled:
 *
 * Returns: whether what the page shows is all there, as far as it can be
 */
gboolean
tithe_verify_page_is_settled (TitheVerifyPage *self)
{
  return !gtk_widget_get_mapped (GTK_WIDGET (self))
         || (tithe_verifier_is_settled (self->verifier) && self->estimate_source == 0);
}

static void
tithe_verify_page_dispose (GObject *object)
{
  TitheVerifyPage *self = TITHE_VERIFY_PAGE (object);

  on_unmap (self);
  if (self->verifier != NULL)
    g_signal_handlers_disconnect_by_data (self->verifier, self);
  g_clear_object (&self->verifier);
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  G_OBJECT_CLASS (tithe_verify_page_parent_class)->dispose (object);
}

static void
tithe_verify_page_class_init (TitheVerifyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_verify_page_dispose;
  signals[FAILED] = g_signal_new ("failed", TITHE_TYPE_VERIFY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  2, G_TYPE_STRING, G_TYPE_STRING);
  signals[CLASS_CHOSEN] = g_signal_new ("class-chosen", TITHE_TYPE_VERIFY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_UINT);
  g_type_ensure (TITHE_TYPE_CLASS_EFFECTS);
  g_type_ensure (TITHE_TYPE_JOB_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-verify-page.ui");
  tithe_help_add_to_class (widget_class, "verify");
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, plan);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, network);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, budget);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, ratios);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, trials);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, manual);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, begin_button);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, results);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, empty);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, job_revealer);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, coverage_box);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, estimate);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, progress);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, notes);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, promise);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, claims);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, table);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, job_bar);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, effects);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, accuracy_bin);
  gtk_widget_class_bind_template_child (widget_class, TitheVerifyPage, coverage_bin);
  gtk_widget_class_bind_template_callback (widget_class, on_plan_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_begin);
  gtk_widget_class_bind_template_callback (widget_class, on_arm_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_class_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_map);
  gtk_widget_class_bind_template_callback (widget_class, on_unmap);
}

static void
tithe_verify_page_init (TitheVerifyPage *self)
{
  self->verifier = tithe_verifier_new ();
  self->choice = (TitheSubsetChoice){ 0.9, TITHE_POLICY_PER_CLASS, TITHE_REPRESENTATIVE_CENTRE, FALSE };
  gtk_widget_init_template (GTK_WIDGET (self));
  tithe_combo_rows_show_whole (GTK_WIDGET (self));
  self->accuracy = TITHE_FIGURE_VIEW (tithe_figure_view_new (TITHE_FIGURE_ACCURACY));
  self->coverage = TITHE_FIGURE_VIEW (tithe_figure_view_new (TITHE_FIGURE_COVERAGE));
  adw_bin_set_child (self->accuracy_bin, GTK_WIDGET (self->accuracy));
  adw_bin_set_child (self->coverage_bin, GTK_WIDGET (self->coverage));
  g_signal_connect_object (self->verifier, "opened", G_CALLBACK (on_opened), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->verifier, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->verifier, "estimate", G_CALLBACK (on_estimate), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->verifier, "coverage", G_CALLBACK (on_coverage), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->verifier, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  show_plan (self);
  on_changed (self);
}

/* (transfer floating): a page without a session. */
GtkWidget *
tithe_verify_page_new (void)
{
  return g_object_new (TITHE_TYPE_VERIFY_PAGE, NULL);
}

/**
 * tithe_verify_page_get_class_choice:
 * @choice: (out): of the subset that the classes listed lose by, as it was planned
 *
 * Returns: whether classes are listed
 */
gboolean
tithe_verify_page_get_class_choice (TitheVerifyPage *self, TitheSubsetChoice *choice)
{
  g_autoptr (TitheVerifyPlan) plan = NULL;
  TitheArm arm;

  g_return_val_if_fail (TITHE_IS_VERIFY_PAGE (self), FALSE);

  if (!tithe_class_effects_get_arm (self->effects, &arm))
    return FALSE;
  plan = tithe_verifier_dup_plan (self->verifier);
  *choice = (TitheSubsetChoice){ arm.ratio, plan->policy, plan->rule, self->choice.exact };
  return TRUE;
}
