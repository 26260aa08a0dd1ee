/* SPDX-License-Identifier: MIT */
#include "tithe-rule-dialog.h"
#include "tithe-file-dialog.h"
#include "tithe-help.h"

#include "background/tithe-task.h"
#include "base/tithe-text.h"
#include "image/tithe-thumbnails.h"
#include "tithe-format.h"
#include "tithe-texture.h"
#include "tithe-combo-rows.h"

#include <glib/gi18n.h>

#define EDGE 40
/* Rows of the preview; the count above says how many there are in all. */
#define MAX_ROWS 500
/* Who types is not answered letter by letter. */
#define REST_MS 200

/* In the order of the row that chooses them. */
static const TitheRuleKind kinds[] = {
  TITHE_RULE_LARGEST,       TITHE_RULE_SHARPEST,       TITHE_RULE_DISCARD_OTHERS, TITHE_RULE_AT_LEAST,
  TITHE_RULE_PROTECT_CLASS, TITHE_RULE_PROTECT_FOLDER, TITHE_RULE_PROTECT_LIST,
};

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
  GtkLabel *outcome;
  GtkSpinner *spinner;
  GtkWidget *apply_button, *preview;
  GtkListView *list;

  TitheCuration *curation; /* (owned): a copy */
  TitheSubsetChoice choice;
  GArray *groups[2]; /* TitheGroup, by scope */
  char *file;
  TitheRulePlan *plan; /* (nullable): what would be done */
  TitheTask *task;     /* (nullable): that works it out */
  guint resting;
  GtkStringList *rows; /* one for each change that is shown */
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
  TitheRule rule;
  char *text;
  TitheCuration *curation;
  TitheSubsetChoice choice;
  GArray *groups;      /* (nullable) */
  TitheRulePlan *plan; /* once it is worked out */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->text);
  tithe_curation_free (request->curation);
  g_clear_pointer (&request->groups, g_array_unref);
  g_clear_pointer (&request->plan, tithe_rule_plan_free);
  g_free (request);
}

static gboolean
work_out (TitheTask *task, gpointer work, GError **error)
{
  Request *request = work;

  request->plan = tithe_rule_plan (&request->rule, request->curation, &request->choice,
                                   request->groups ? (const TitheGroup *) (gpointer) request->groups->data : NULL,
                                   request->groups ? request->groups->len : 0, tithe_task_get_job (task), error);
  return request->plan != NULL;
}

static char *
describe_outcome (TitheRulePlan *plan)
{
  g_autofree char *n = tithe_format_count (plan->changes->len), *before = tithe_format_count (plan->before.n_kept);
  g_autofree char *after = tithe_format_count (plan->after.n_kept), *empty = NULL, *unreadable = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (plan->changes->len == 0)
    g_string_append (text, _("Nothing would change."));
  else
    g_string_append_printf (text,
                            ngettext ("%s image would be decided about. Kept are %s now, %s afterwards.",
                                      "%s images would be decided about. Kept are %s now, %s afterwards.",
                                      plan->changes->len),
                            n, before, after);
  if (plan->after.n_empty_groups > plan->before.n_empty_groups)
    empty = g_strdup_printf (
        ngettext ("%zu group would keep none.", "%zu groups would keep none.", plan->after.n_empty_groups),
        plan->after.n_empty_groups);
  if (plan->n_unreadable > 0)
    unreadable = g_strdup_printf (ngettext ("%zu picture cannot be read and is left out.",
                                            "%zu pictures cannot be read and are left out.", plan->n_unreadable),
                                  plan->n_unreadable);
  tithe_text_add_sentence (text, empty ? empty : "");
  tithe_text_add_sentence (text, unreadable ? unreadable : "");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_rows (TitheRuleDialog *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) path = g_string_new (NULL);
  guint n = self->plan ? MIN (self->plan->changes->len, MAX_ROWS) : 0;

  for (guint i = 0; i < n; i++)
    {
      guint32 image = g_array_index (self->plan->changes, TitheRuleChange, i).image;

      g_ptr_array_add (names, g_strdup (tithe_dataset_get_display_path (get_dataset (self), image, path)));
    }
  g_ptr_array_add (names, NULL);
  gtk_string_list_splice (self->rows, 0, g_list_model_get_n_items (G_LIST_MODEL (self->rows)),
                          (const char *const *) names->pdata);
  gtk_widget_set_visible (self->preview, n > 0);
}

static void
on_worked_out (gpointer owner, gpointer work, const GError *error)
{
  TitheRuleDialog *self = owner;
  Request *request = work;
  g_autofree char *text = NULL;

  tithe_task_drop (&self->task);
  gtk_spinner_stop (self->spinner);
  self->plan = g_steal_pointer (&request->plan);
  text = self->plan ? describe_outcome (self->plan) : g_strdup (error->message);
  gtk_label_set_text (self->outcome, text);
  gtk_widget_set_sensitive (self->apply_button, self->plan != NULL && self->plan->changes->len > 0);
  show_rows (self);
}

static void
forget_plan (TitheRuleDialog *self)
{
  tithe_task_drop (&self->task);
  g_clear_pointer (&self->plan, tithe_rule_plan_free);
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

static gboolean
begin_work (gpointer data)
{
  TitheRuleDialog *self = data;
  Request *request;
  g_autofree char *text = dup_text (self);
  Scope scope = (Scope) adw_combo_row_get_selected (self->scope_row);

  self->resting = 0;
  forget_plan (self);
  if (text == NULL || (get_kind (self) == TITHE_RULE_PROTECT_FOLDER && *text == '\0'))
    {
      gtk_label_set_text (self->outcome, "");
      gtk_spinner_stop (self->spinner);
      show_rows (self);
      return G_SOURCE_REMOVE;
    }
  request = g_new0 (Request, 1);
  request->text = g_steal_pointer (&text);
  request->rule
      = (TitheRule){ get_kind (self), request->text, (guint32) gtk_spin_button_get_value_as_int (self->count) };
  request->curation = tithe_curation_copy (self->curation);
  request->choice = self->choice;
  request->groups = scope == SCOPE_ALL ? NULL : g_array_ref (self->groups[scope]);
  gtk_spinner_start (self->spinner);
  gtk_label_set_text (self->outcome, _("Working out what would change…"));
  self->task = tithe_task_begin (self, _("Deciding"), work_out, request, request_free, on_worked_out);
  return G_SOURCE_REMOVE;
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
  if (self->curation == NULL)
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

static TithePixels *
load_thumbnail (gpointer source, gsize image, guint max_edge, GError **error)
{
  return tithe_dataset_read_pixels (source, image, max_edge, error);
}

static void
show_picture (TitheRuleDialog *self, GtkListItem *item)
{
  guint position = gtk_list_item_get_position (item);
  GtkWidget *picture = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  const char *failure;
  TithePixels *pixels;
  g_autoptr (GdkTexture) texture = NULL;

  if (self->plan == NULL || position >= self->plan->changes->len)
    return;
  pixels = tithe_thumbnails_get (self->thumbnails, g_array_index (self->plan->changes, TitheRuleChange, position).image,
                                 &failure);
  texture = pixels ? tithe_texture_new (pixels, 1) : NULL;
  gtk_picture_set_paintable (GTK_PICTURE (picture), GDK_PAINTABLE (texture));
}

static void
on_thumbnails (gpointer user_data)
{
  TitheRuleDialog *self = user_data;

  for (guint i = 0; i < self->bound->len; i++)
    show_picture (self, g_ptr_array_index (self->bound, i));
}

static void
want_pictures (TitheRuleDialog *self)
{
  g_autoptr (GArray) images = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; self->plan != NULL && i < self->bound->len; i++)
    {
      guint position = gtk_list_item_get_position (g_ptr_array_index (self->bound, i));

      if (position < self->plan->changes->len)
        g_array_append_val (images, g_array_index (self->plan->changes, TitheRuleChange, position).image);
    }
  tithe_thumbnails_want (self->thumbnails, (const guint32 *) (gpointer) images->data, images->len);
}

static void
on_setup (TitheRuleDialog *self, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *picture = gtk_picture_new ();
  GtkWidget *path = gtk_label_new (NULL), *decision = gtk_label_new (NULL);

  gtk_widget_set_size_request (picture, EDGE, EDGE);
  gtk_widget_add_css_class (box, "change");
  gtk_label_set_xalign (GTK_LABEL (path), 0);
  gtk_label_set_ellipsize (GTK_LABEL (path), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (path, TRUE);
  gtk_widget_add_css_class (decision, "dim-label");
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), path);
  gtk_box_append (GTK_BOX (box), decision);
  gtk_list_item_set_child (item, box);
  gtk_list_item_set_activatable (item, FALSE);
}

static const char *
name_decision (TitheDecision decision)
{
  switch (decision)
    {
    case TITHE_DECISION_KEEP:
      /* TRANSLATORS: what is decided about an image, before and after, such as “by ratio → keep” */
      return C_ ("decision", "keep");
    case TITHE_DECISION_DISCARD:
      return C_ ("decision", "discard");
    case TITHE_DECISION_REPRESENTATIVE:
      return C_ ("decision", "represents");
    case TITHE_DECISION_AUTOMATIC:
    default:
      return C_ ("decision", "by ratio");
    }
}

static void
on_bind (TitheRuleDialog *self, GtkListItem *item)
{
  GtkWidget *picture = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *path = gtk_widget_get_next_sibling (picture), *decision = gtk_widget_get_next_sibling (path);
  guint position = gtk_list_item_get_position (item);

  gtk_label_set_text (GTK_LABEL (path), gtk_string_object_get_string (gtk_list_item_get_item (item)));
  if (self->plan != NULL && position < self->plan->changes->len)
    {
      const TitheRuleChange *change = &g_array_index (self->plan->changes, TitheRuleChange, position);
      g_autofree char *text = g_strdup_printf ("%s → %s", name_decision (change->from), name_decision (change->to));

      gtk_label_set_text (GTK_LABEL (decision), text);
    }
  g_ptr_array_add (self->bound, item);
  want_pictures (self);
  show_picture (self, item);
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
  tithe_task_drop (&self->task);
  g_clear_pointer (&self->plan, tithe_rule_plan_free);
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
  self->thumbnails = tithe_thumbnails_new (load_thumbnail, tithe_dataset_ref (get_dataset (self)),
                                           (GDestroyNotify) tithe_dataset_unref, (gsize) 16 << 20);
  tithe_thumbnails_set_edge (self->thumbnails, (guint) (EDGE * gtk_widget_get_scale_factor (GTK_WIDGET (parent))));
  tithe_thumbnails_set_func (self->thumbnails, on_thumbnails, self);
  list_classes (self);
  if (selected->len > 1)
    adw_combo_row_set_selected (self->scope_row, SCOPE_SELECTED);
  on_changed (self);
  return GTK_WIDGET (self);
}

/* tithe_rule_dialog_get_plan: (transfer none) (nullable): what the rule would do; %NULL while that is worked out */
TitheRulePlan *
tithe_rule_dialog_get_plan (TitheRuleDialog *self)
{
  g_return_val_if_fail (TITHE_IS_RULE_DIALOG (self), NULL);
  return self->plan;
}
