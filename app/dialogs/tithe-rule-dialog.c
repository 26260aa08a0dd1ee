/* SPDX-License-Identifier: MIT */
#include "tithe-rule-dialog.h"
#include "tithe-file-dialog.h"
#include "tithe-help.h"

#include "tithe-rule-row.h"
#include "tithe-rule-words.h"

#include "background/tithe-task.h"
#include "base/tithe-text.h"
#include "dataset/tithe-dataset-thumbnails.h"
#include "tithe-combo-rows.h"
#include "tithe-format.h"

#include <glib/gi18n.h>
#include <math.h>

/* Rows of the preview; the line above says how many there are in all. */
#define MAX_ROWS 10000
/* Who types is not answered letter by letter. */
#define REST_MS 200
/* Between looks at how far the work is. */
#define LOOK_MS 200

/* In the order of the row that chooses them. */
static const TitheRuleKind kinds[] = {
  TITHE_RULE_LARGEST,       TITHE_RULE_SHARPEST,       TITHE_RULE_DISCARD_OTHERS, TITHE_RULE_AT_LEAST,
  TITHE_RULE_PROTECT_CLASS, TITHE_RULE_PROTECT_FOLDER, TITHE_RULE_PROTECT_LIST,
};

/* At first the first of these that changes something is chosen: none needs a value. */
#define N_TRIED 3

typedef enum
{
  SCOPE_SHOWN,
  SCOPE_SELECTED,
  SCOPE_ALL,
} Scope;

struct _TitheRuleDialog
{
  AdwWindow parent_instance;

  AdwComboRow *rule_row, *scope_row, *class_row;
  AdwEntryRow *folder_row;
  AdwActionRow *file_row, *count_row;
  GtkSpinButton *count;
  GtkLabel *looked, *outcome;
  GtkSpinner *spinner;
  GtkWidget *apply_button, *preview;
  GtkListView *list;

  TitheCuration *curation; /* (owned): a copy */
  TitheSubsetChoice choice;
  GArray *groups[2]; /* TitheGroup, by scope */
  char *file;
  GHashTable *plans;   /* key to TitheRulePlan: what was worked out before */
  TitheRulePlan *plan; /* (not owned) (nullable): what would be done */
  TitheTask *task;     /* (nullable): that works it out */
  gboolean choosing;   /* the rule, and not the person does */
  guint resting, looking;
  GtkStringList *rows; /* as many as there are changes to show */
  TitheThumbnails *thumbnails;
  GPtrArray *bound; /* GtkListItem, not owned */
};

enum
{
  APPLY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheRuleDialog, tithe_rule_dialog, ADW_TYPE_WINDOW)

static TitheDataset *
get_dataset (TitheRuleDialog *self)
{
  return tithe_hierarchy_get_dataset (tithe_curation_get_hierarchy (self->curation));
}

static TitheRuleKind
get_kind (TitheRuleDialog *self)
{
  return kinds[MIN (adw_combo_row_get_selected (self->rule_row), G_N_ELEMENTS (kinds) - 1)];
}

/* --- working it out, in a thread --- */

typedef struct
{
  TitheRule rules[N_TRIED]; /* one after another, until something would change */
  guint n_rules;
  char *text;
  TitheCuration *curation;
  TitheSubsetChoice choice;
  Scope scope;
  GArray *groups;   /* (nullable) */
  GPtrArray *plans; /* TitheRulePlan, of the rules that were worked out */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->text);
  tithe_curation_free (request->curation);
  g_clear_pointer (&request->groups, g_array_unref);
  g_ptr_array_unref (request->plans);
  g_free (request);
}

static gboolean
work_out (TitheTask *task, gpointer work, GError **error)
{
  Request *request = work;
  TitheRulePlan *plan = NULL;

  tithe_task_be_nice (task);
  for (guint i = 0; i < request->n_rules && (plan == NULL || plan->changes->len == 0); i++)
    {
      g_autoptr (TitheCuration) curation = tithe_curation_copy (request->curation);

      plan = tithe_rule_plan (&request->rules[i], curation, &request->choice,
                              request->groups ? (const TitheGroup *) (gpointer) request->groups->data : NULL,
                              request->groups ? request->groups->len : 0, tithe_task_get_job (task), error);
      if (plan == NULL)
        return FALSE;
      g_ptr_array_add (request->plans, plan);
    }
  return TRUE;
}

/* What is worked out once for the same choice is the same: nobody decides while the dialog is there. */
static char *
dup_key (const TitheRule *rule, Scope scope)
{
  return g_strdup_printf ("%d %d %u %s", rule->kind, tithe_rule_needs_groups (rule->kind) ? scope : SCOPE_ALL, rule->n,
                          rule->text);
}

static void
show_rows (TitheRuleDialog *self)
{
  const guint n = self->plan ? MIN (self->plan->changes->len, MAX_ROWS) : 0;
  g_autofree const char **texts = g_new (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    texts[i] = "";
  texts[n] = NULL;
  gtk_string_list_splice (self->rows, 0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)), texts);
  gtk_widget_set_visible (self->preview, n > 0);
}

static void
stop_looking (TitheRuleDialog *self)
{
  g_clear_handle_id (&self->looking, g_source_remove);
  gtk_spinner_stop (self->spinner);
}

static void
say_looked (TitheRuleDialog *self, const char *text)
{
  gtk_label_set_text (self->looked, text);
  gtk_widget_set_visible (GTK_WIDGET (self->looked), *text != '\0');
}

static void
show_plan (TitheRuleDialog *self, TitheRulePlan *plan)
{
  g_autofree char *looked = tithe_rule_words_dup_looked (plan, get_dataset (self));
  g_autofree char *outcome = tithe_rule_words_dup_outcome (plan);
  g_autoptr (GString) text = g_string_new (outcome);

  self->plan = plan;
  stop_looking (self);
  if (plan->changes->len > MAX_ROWS)
    {
      g_autofree char *n = tithe_format_count (MAX_ROWS), *first = g_strdup_printf (_("The first %s are listed."), n);

      tithe_text_add_sentence (text, first);
    }
  say_looked (self, looked);
  gtk_label_set_text (self->outcome, text->str);
  gtk_widget_set_sensitive (self->apply_button, plan->changes->len > 0);
  show_rows (self);
}

static void
show_failure (TitheRuleDialog *self, const char *message)
{
  stop_looking (self);
  say_looked (self, "");
  gtk_label_set_text (self->outcome, message);
  show_rows (self);
}

static void
choose_rule (TitheRuleDialog *self, TitheRuleKind kind)
{
  self->choosing = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i] == kind)
      adw_combo_row_set_selected (self->rule_row, i);
  self->choosing = FALSE;
}

static void
on_worked_out (gpointer owner, gpointer work, const GError *error)
{
  TitheRuleDialog *self = owner;
  Request *request = work;
  TitheRulePlan *plan = NULL;

  tithe_task_drop (&self->task);
  for (guint i = 0; i < request->plans->len; i++)
    g_hash_table_replace (self->plans, dup_key (&request->rules[i], request->scope),
                          g_ptr_array_index (request->plans, i));
  if (request->plans->len > 0)
    plan = g_ptr_array_index (request->plans, request->plans->len - 1);
  /* Where none changes anything, the first says why. */
  if (plan != NULL && plan->changes->len == 0)
    plan = g_ptr_array_index (request->plans, 0);
  g_ptr_array_set_free_func (request->plans, NULL);
  if (error != NULL)
    {
      show_failure (self, error->message);
      return;
    }
  choose_rule (self, plan->kind);
  show_plan (self, plan);
}

static gboolean
look_at_work (gpointer data)
{
  TitheRuleDialog *self = data;
  TitheJob *job = tithe_task_get_job (self->task);
  const double fraction = tithe_job_get_fraction (job);
  g_autofree char *stage = tithe_job_dup_stage (job), *share = tithe_format_ratio (floor (100 * fraction) / 100);
  g_autoptr (GString) text = g_string_new (stage && *stage ? stage : _("Working out what would change…"));

  if (fraction > 0)
    tithe_text_add_fact (text, share);
  gtk_label_set_text (self->outcome, text->str);
  return G_SOURCE_CONTINUE;
}

static void
forget_plan (TitheRuleDialog *self)
{
  tithe_task_drop (&self->task);
  stop_looking (self);
  self->plan = NULL;
  gtk_widget_set_sensitive (self->apply_button, FALSE);
}

/* The value that the rule needs: NULL where it is not there yet. */
static char *
dup_text (TitheRuleDialog *self)
{
  switch (get_kind (self))
    {
    case TITHE_RULE_PROTECT_CLASS:
      return g_strdup (tithe_dataset_get_class_name (get_dataset (self), adw_combo_row_get_selected (self->class_row)));
    case TITHE_RULE_PROTECT_FOLDER:
      return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->folder_row)));
    case TITHE_RULE_PROTECT_LIST:
      return g_strdup (self->file);
    case TITHE_RULE_LARGEST:
    case TITHE_RULE_SHARPEST:
    case TITHE_RULE_AT_LEAST:
    case TITHE_RULE_DISCARD_OTHERS:
    default:
      return g_strdup ("");
    }
}

static TitheRule
get_rule (TitheRuleDialog *self, TitheRuleKind kind, const char *text)
{
  const guint32 n = kind == TITHE_RULE_AT_LEAST ? (guint32) gtk_spin_button_get_value_as_int (self->count) : 0;

  return (TitheRule){ kind, text, n };
}

/* Works out what the first of these rules would do that changes something.
 * @text: (transfer full): their value */
static void
begin_task (TitheRuleDialog *self, const TitheRuleKind *tried, guint n_tried, char *text)
{
  const Scope scope = (Scope) adw_combo_row_get_selected (self->scope_row);
  Request *request = g_new0 (Request, 1);

  request->text = text;
  request->n_rules = n_tried;
  for (guint i = 0; i < n_tried; i++)
    request->rules[i] = get_rule (self, tried[i], text);
  request->curation = tithe_curation_copy (self->curation);
  request->choice = self->choice;
  request->scope = scope;
  request->groups = scope == SCOPE_ALL ? NULL : g_array_ref (self->groups[scope]);
  request->plans = g_ptr_array_new_with_free_func ((GDestroyNotify) tithe_rule_plan_free);
  gtk_spinner_start (self->spinner);
  say_looked (self, "");
  gtk_label_set_text (self->outcome, _("Working out what would change…"));
  show_rows (self);
  self->task = tithe_task_begin (self, _("Deciding"), work_out, request, request_free, on_worked_out);
  self->looking = g_timeout_add (LOOK_MS, look_at_work, self);
}

static gboolean
begin_work (gpointer data)
{
  TitheRuleDialog *self = data;
  const TitheRuleKind kind = get_kind (self);
  g_autofree char *text = dup_text (self), *key = NULL;
  TitheRulePlan *known;
  TitheRule rule;

  self->resting = 0;
  forget_plan (self);
  if (text == NULL || (kind == TITHE_RULE_PROTECT_FOLDER && *text == '\0'))
    {
      show_failure (self, "");
      return G_SOURCE_REMOVE;
    }
  rule = get_rule (self, kind, text);
  key = dup_key (&rule, (Scope) adw_combo_row_get_selected (self->scope_row));
  known = g_hash_table_lookup (self->plans, key);
  /* A file may have changed since. */
  if (known != NULL && kind != TITHE_RULE_PROTECT_LIST)
    show_plan (self, known);
  else
    begin_task (self, &kind, 1, g_steal_pointer (&text));
  return G_SOURCE_REMOVE;
}

/* Looks for a rule that changes something. */
static void
try_rules (TitheRuleDialog *self)
{
  g_clear_handle_id (&self->resting, g_source_remove);
  forget_plan (self);
  begin_task (self, kinds, N_TRIED, g_strdup (""));
}

/* --- choices --- */

static void
on_changed (TitheRuleDialog *self)
{
  TitheRuleKind kind = get_kind (self);

  gtk_widget_set_visible (GTK_WIDGET (self->scope_row), tithe_rule_needs_groups (kind));
  gtk_widget_set_visible (GTK_WIDGET (self->class_row), kind == TITHE_RULE_PROTECT_CLASS);
  gtk_widget_set_visible (GTK_WIDGET (self->folder_row), kind == TITHE_RULE_PROTECT_FOLDER);
  gtk_widget_set_visible (GTK_WIDGET (self->file_row), kind == TITHE_RULE_PROTECT_LIST);
  gtk_widget_set_visible (GTK_WIDGET (self->count_row), kind == TITHE_RULE_AT_LEAST);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->rule_row), tithe_rule_words_explain (kind));
  if (self->curation == NULL || self->choosing)
    return;
  forget_plan (self);
  g_clear_handle_id (&self->resting, g_source_remove);
  self->resting = g_timeout_add (REST_MS, begin_work, self);
}

static void
on_file_chosen (GtkNativeDialog *dialog, int response, TitheRuleDialog *self)
{
  g_autofree char *path = tithe_file_dialog_dup_path (dialog, response);

  if (path != NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (path, -1);

      g_free (self->file);
      self->file = g_steal_pointer (&path);
      adw_action_row_set_subtitle (self->file_row, escaped);
      on_changed (self);
    }
  g_object_unref (dialog);
}

static void
on_choose_file (TitheRuleDialog *self)
{
  GtkFileChooserNative *dialog
      = tithe_file_dialog_new (GTK_WINDOW (self), _("A File of Paths to Keep"), GTK_FILE_CHOOSER_ACTION_OPEN,
                               G_CALLBACK (on_file_chosen), self);

  g_signal_connect_object (self, "destroy", G_CALLBACK (tithe_file_dialog_drop), dialog, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_apply (TitheRuleDialog *self)
{
  if (self->plan == NULL)
    return;
  g_signal_emit (self, signals[APPLY], 0);
  gtk_window_close (GTK_WINDOW (self));
}

/* --- the preview's rows --- */

static TitheRuleRow *
get_row (GtkListItem *item)
{
  return TITHE_RULE_ROW (gtk_list_item_get_child (item));
}

static void
on_thumbnails (gpointer user_data)
{
  TitheRuleDialog *self = user_data;

  for (guint i = 0; i < self->bound->len; i++)
    tithe_rule_row_show_pictures (get_row (g_ptr_array_index (self->bound, i)), self->thumbnails);
}

static void
want_pictures (TitheRuleDialog *self)
{
  g_autoptr (GArray) images = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < self->bound->len; i++)
    tithe_rule_row_add_images (get_row (g_ptr_array_index (self->bound, i)), images);
  tithe_thumbnails_want (self->thumbnails, (const guint32 *) (gpointer) images->data, images->len);
}

static void
on_setup (TitheRuleDialog *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, tithe_rule_row_new ());
  gtk_list_item_set_activatable (item, FALSE);
}

static void
on_bind (TitheRuleDialog *self, GtkListItem *item)
{
  const guint position = gtk_list_item_get_position (item);

  if (self->plan == NULL || position >= self->plan->changes->len)
    return;
  tithe_rule_row_show (get_row (item), get_dataset (self),
                       &g_array_index (self->plan->changes, TitheRuleChange, position), self->plan->kind);
  g_ptr_array_add (self->bound, item);
  want_pictures (self);
  tithe_rule_row_show_pictures (get_row (item), self->thumbnails);
}

static void
on_unbind (TitheRuleDialog *self, GtkListItem *item)
{
  g_ptr_array_remove_fast (self->bound, item);
}

static void
set_up_list (TitheRuleDialog *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->bound = g_ptr_array_new ();
  self->rows = gtk_string_list_new (NULL);
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (self->rows))));
}

static void
tithe_rule_dialog_dispose (GObject *object)
{
  TitheRuleDialog *self = TITHE_RULE_DIALOG (object);

  g_clear_handle_id (&self->resting, g_source_remove);
  g_clear_handle_id (&self->looking, g_source_remove);
  tithe_task_drop (&self->task);
  self->plan = NULL;
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  self->list = NULL;
  g_clear_pointer (&self->thumbnails, tithe_thumbnails_free);
  g_clear_pointer (&self->curation, tithe_curation_free);
  G_OBJECT_CLASS (tithe_rule_dialog_parent_class)->dispose (object);
}

static void
tithe_rule_dialog_finalize (GObject *object)
{
  TitheRuleDialog *self = TITHE_RULE_DIALOG (object);

  g_clear_pointer (&self->groups[SCOPE_SHOWN], g_array_unref);
  g_clear_pointer (&self->groups[SCOPE_SELECTED], g_array_unref);
  g_ptr_array_unref (self->bound);
  g_hash_table_unref (self->plans);
  g_free (self->file);
  G_OBJECT_CLASS (tithe_rule_dialog_parent_class)->finalize (object);
}

static void
tithe_rule_dialog_class_init (TitheRuleDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_rule_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = tithe_rule_dialog_finalize;
  signals[APPLY]
      = g_signal_new ("apply", TITHE_TYPE_RULE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-rule-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, rule_row);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, scope_row);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, class_row);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, folder_row);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, count_row);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, count);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, looked);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, outcome);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, apply_button);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, TitheRuleDialog, list);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_file);
  gtk_widget_class_bind_template_callback (widget_class, on_apply);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  tithe_help_add_to_class (widget_class, "decide");
}

static void
tithe_rule_dialog_init (TitheRuleDialog *self)
{
  self->plans = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) tithe_rule_plan_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  tithe_combo_rows_show_whole (GTK_WIDGET (self));
  set_up_list (self);
  on_changed (self);
}

static void
list_classes (TitheRuleDialog *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint c = 0; c < tithe_dataset_get_n_classes (get_dataset (self)); c++)
    {
      const char *name = tithe_dataset_get_class_name (get_dataset (self), c);

      gtk_string_list_append (names, name);
    }
  adw_combo_row_set_model (self->class_row, G_LIST_MODEL (names));
}

/**
 * tithe_rule_dialog_new:
 * @curation: (transfer none): what is decided so far, of which the dialog takes a copy
 * @choice: how the subset is chosen
 * @selected: (element-type TitheGroup): groups in which something is selected
 * @shown: (element-type TitheGroup): groups that the filters leave
 */
GtkWidget *
tithe_rule_dialog_new (GtkWindow *parent, TitheCuration *curation, const TitheSubsetChoice *choice, GArray *selected,
                       GArray *shown)
{
  TitheRuleDialog *self = g_object_new (TITHE_TYPE_RULE_DIALOG, "transient-for", parent, "modal", TRUE, NULL);

  self->choice = *choice;
  self->groups[SCOPE_SHOWN] = g_array_ref (shown);
  self->groups[SCOPE_SELECTED] = g_array_ref (selected);
  self->curation = tithe_curation_copy (curation);
  self->thumbnails = tithe_dataset_new_thumbnails (
      get_dataset (self), (gsize) 16 << 20,
      (guint) (TITHE_RULE_ROW_EDGE * gtk_widget_get_scale_factor (GTK_WIDGET (parent))), on_thumbnails, self);
  list_classes (self);
  if (selected->len > 1)
    adw_combo_row_set_selected (self->scope_row, SCOPE_SELECTED);
  try_rules (self);
  return GTK_WIDGET (self);
}

/* tithe_rule_dialog_get_plan: (transfer none) (nullable): what the rule would do; %NULL while that is worked out */
TitheRulePlan *
tithe_rule_dialog_get_plan (TitheRuleDialog *self)
{
  g_return_val_if_fail (TITHE_IS_RULE_DIALOG (self), NULL);
  return self->plan;
}
