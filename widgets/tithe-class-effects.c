/* SPDX-License-Identifier: MIT */
#include "tithe-class-effects.h"
#include "base/tithe-text.h"
#include "verify/tithe-verify-words.h"

#include <glib/gi18n.h>

/* More of them are in the table that can be saved. */
#define MAX_ROWS 10

struct _TitheClassEffects
{
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkDropDown *arms;
  GtkListBox *list;
  GtkLabel *more;

  GArray *listed; /* of TitheArm, as in the drop-down */
  gboolean arranging;
};

enum
{
  ARM_CHANGED,
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheClassEffects, tithe_class_effects, GTK_TYPE_WIDGET)

static GQuark
class_quark (void)
{
  return g_quark_from_static_string ("tithe-class");
}

static void
on_go (TitheClassEffects *self, GtkWidget *button)
{
  g_signal_emit (self, signals[CHOSEN], 0, GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (button), class_quark ())));
}

static void
on_arm_selected (TitheClassEffects *self)
{
  if (!self->arranging)
    g_signal_emit (self, signals[ARM_CHANGED], 0);
}

/* What is compared with everything and has a finished trial to compare; what was chosen before stays so. */
static void
list_arms (TitheClassEffects *self, const TitheVerifyReport *report)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint selected = 0;
  TitheArm before;
  gboolean chosen = tithe_class_effects_get_arm (self, &before);

  g_array_set_size (self->listed, 0);
  for (guint r = 1; r < report->rows->len; r++)
    {
      const TitheVerifyRow *row = &g_array_index (report->rows, TitheVerifyRow, r);
      g_autofree char *title = tithe_arm_dup_title (&row->arm);

      if (row->summary.n == 0)
        continue;
      if (chosen && tithe_arm_equal (&row->arm, &before))
        selected = self->listed->len;
      g_array_append_val (self->listed, row->arm);
      gtk_string_list_append (titles, title);
    }
  self->arranging = TRUE;
  gtk_drop_down_set_model (self->arms, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (self->arms, self->listed->len > 0 ? selected : GTK_INVALID_LIST_POSITION);
  self->arranging = FALSE;
}

static GtkWidget *
new_number (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

/* The difference, and below it how certain it is. */
static GtkWidget *
new_difference (const TitheComparison *c)
{
  const gboolean certain = tithe_statistics_is_certain (c);
  /* TRANSLATORS: percentage points of accuracy, gained (+) or lost (-) */
  g_autofree char *points = g_strdup_printf (_("%+.1f points"), 100 * c->difference);
  g_autofree char *interval
      = c->n < 2 ? g_strdup (_("one trial: not known how certain"))
                 : g_strdup_printf (certain ? _("certain, %+.1f to %+.1f") : _("not certain, %+.1f to %+.1f"),
                                    100 * c->low, 100 * c->high);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *reach = new_number (interval, "caption");

  gtk_widget_add_css_class (reach, "dim-label");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), new_number (points, certain ? "heading" : NULL));
  gtk_box_append (GTK_BOX (box), reach);
  return box;
}

/* What a row activates: a person presses the row, a screen reader the button. */
static GtkWidget *
new_button (TitheClassEffects *self, guint class_index, const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("go-next-symbolic");
  g_autofree char *what = g_strdup_printf (_("Show the groups of “%s” in this subset"), name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  g_object_set_qdata (G_OBJECT (button), class_quark (), GUINT_TO_POINTER (class_index));
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_go), self, G_CONNECT_SWAPPED);
  return button;
}

static GtkWidget *
new_row (TitheClassEffects *self, const TitheVerifyClass *class, TitheDataset *dataset)
{
  const char *name = tithe_dataset_get_class_name (dataset, class->class_index);
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  g_autofree char *both = g_strdup_printf (_("%.1f %% after everything, %.1f %% after the subset"),
                                           100 * class->against, 100 * class->accuracy);
  GtkWidget *row = adw_action_row_new (), *button = new_button (self, class->class_index, name);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), both);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_difference (&class->comparison));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  /* The row makes its title the button's name: libadwaita 1.2 reads it out after ours, later ones instead of it. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  return row;
}

/**
 * tithe_class_effects_show:
 * @report: (nullable): what trials show; not kept
 * @dataset: (nullable): for the names of its classes
 *
 * Lists the classes that lose most by the subset that is chosen. Takes some 25 µs for each class of the dataset.
 */
void
tithe_class_effects_show (TitheClassEffects *self, const TitheVerifyReport *report, TitheDataset *dataset)
{
  g_autofree char *certain = tithe_verify_dup_class_promise ();
  g_autoptr (GArray) classes = NULL;
  g_autoptr (GString) more = g_string_new (NULL);
  GtkWidget *child;
  TitheArm arm;

  g_return_if_fail (TITHE_IS_CLASS_EFFECTS (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  if (report != NULL)
    list_arms (self, report);
  if (report == NULL || dataset == NULL || !tithe_class_effects_get_arm (self, &arm))
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return;
    }
  classes = tithe_verify_report_list_classes (report, &arm, dataset);
  for (guint i = 0; i < MIN (classes->len, MAX_ROWS); i++)
    gtk_list_box_append (self->list, new_row (self, &g_array_index (classes, TitheVerifyClass, i), dataset));
  if (classes->len > MAX_ROWS)
    g_string_printf (more,
                     ngettext ("These are %d of %u class; all are in the table.",
                               "These are %d of %u classes; all are in the table.", classes->len),
                     MAX_ROWS, classes->len);
  tithe_text_add_sentence (more, certain);
  gtk_label_set_text (self->more, more->str);
  gtk_widget_set_visible (GTK_WIDGET (self), classes->len > 0);
}

/**
 * tithe_class_effects_get_arm:
 * @arm: (out): the subset that is chosen
 *
 * Returns: whether there is one
 */
gboolean
tithe_class_effects_get_arm (TitheClassEffects *self, TitheArm *arm)
{
  guint selected = gtk_drop_down_get_selected (self->arms);

  if (selected >= self->listed->len)
    return FALSE;
  *arm = g_array_index (self->listed, TitheArm, selected);
  return TRUE;
}

static void
tithe_class_effects_dispose (GObject *object)
{
  g_clear_pointer (&TITHE_CLASS_EFFECTS (object)->content, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_class_effects_parent_class)->dispose (object);
}

static void
tithe_class_effects_finalize (GObject *object)
{
  g_array_unref (TITHE_CLASS_EFFECTS (object)->listed);
  G_OBJECT_CLASS (tithe_class_effects_parent_class)->finalize (object);
}

static void
tithe_class_effects_class_init (TitheClassEffectsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_class_effects_dispose;
  G_OBJECT_CLASS (klass)->finalize = tithe_class_effects_finalize;
  signals[ARM_CHANGED]
      = g_signal_new ("arm-changed", TITHE_TYPE_CLASS_EFFECTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHOSEN] = g_signal_new ("chosen", TITHE_TYPE_CLASS_EFFECTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-class-effects.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheClassEffects, content);
  gtk_widget_class_bind_template_child (widget_class, TitheClassEffects, arms);
  gtk_widget_class_bind_template_child (widget_class, TitheClassEffects, list);
  gtk_widget_class_bind_template_child (widget_class, TitheClassEffects, more);
  gtk_widget_class_bind_template_callback (widget_class, on_arm_selected);
}

static void
tithe_class_effects_init (TitheClassEffects *self)
{
  self->listed = g_array_new (FALSE, FALSE, sizeof (TitheArm));
  self->arranging = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->arranging = FALSE;
}
