/* SPDX-License-Identifier: MIT */
#include "tithe-chart-panel.h"
#include "tithe-figure-view.h"

#include <glib/gi18n.h>

typedef struct
{
  TitheFigureKind kind;
  GtkWidget *title, *save;
  TitheFigureView *view;
} Chart;

enum
{
  SIZES,
  DISSIMILARITY,
  BY_CLASS,
  N_CHARTS
};

struct _TitheChartPanel
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  Chart charts[N_CHARTS];
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheChartPanel, tithe_chart_panel, GTK_TYPE_WIDGET)

static void
on_chosen (TitheChartPanel *self, int class_index, guint min_size, guint max_size)
{
  g_signal_emit (self, signals[CHOSEN], 0, class_index, min_size, max_size);
}

static void
set_kind (Chart *chart, TitheFigureKind kind)
{
  chart->kind = kind;
  gtk_label_set_text (GTK_LABEL (chart->title), tithe_figure_kind_get_title (kind));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (chart->save), "s", tithe_figure_kind_to_string (kind));
  tithe_figure_view_set_kind (chart->view, kind);
}

static void
add_chart (TitheChartPanel *self, Chart *chart, GtkWidget *box, TitheFigureKind kind)
{
  GtkWidget *heading = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  chart->title = gtk_label_new (NULL);
  chart->save = gtk_button_new_from_icon_name ("document-save-symbolic");
  chart->view = TITHE_FIGURE_VIEW (tithe_figure_view_new (kind));
  gtk_label_set_xalign (GTK_LABEL (chart->title), 0);
  gtk_widget_set_hexpand (chart->title, TRUE);
  gtk_widget_add_css_class (chart->title, "heading");
  gtk_widget_add_css_class (chart->save, "flat");
  gtk_widget_set_tooltip_text (chart->save, _("Save this chart as PNG, PDF or SVG"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (chart->save), "win.save-figure");
  set_kind (chart, kind);
  gtk_box_append (GTK_BOX (heading), chart->title);
  gtk_box_append (GTK_BOX (heading), chart->save);
  gtk_box_append (GTK_BOX (box), heading);
  g_signal_connect_object (chart->view, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (chart->view));
}

static void
tithe_chart_panel_dispose (GObject *object)
{
  g_clear_pointer (&TITHE_CHART_PANEL (object)->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_chart_panel_parent_class)->dispose (object);
}

static void
tithe_chart_panel_class_init (TitheChartPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tithe_chart_panel_dispose;
  signals[CHOSEN] = g_signal_new ("chosen", TITHE_TYPE_CHART_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                  3, G_TYPE_INT, G_TYPE_UINT, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "chartpanel");
}

static void
tithe_chart_panel_init (TitheChartPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_add_css_class (box, "charts");
  add_chart (self, &self->charts[SIZES], box, TITHE_FIGURE_SIZES);
  add_chart (self, &self->charts[DISSIMILARITY], box, TITHE_FIGURE_DISSIMILARITY);
  add_chart (self, &self->charts[BY_CLASS], box, tithe_figure_kind_by_class (TITHE_POLICY_PER_CLASS));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), box);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}

/* tithe_chart_panel_new: (transfer floating): charts of nothing yet */
GtkWidget *
tithe_chart_panel_new (void)
{
  return g_object_new (TITHE_TYPE_CHART_PANEL, NULL);
}

/**
 * tithe_chart_panel_show:
 * @subset: (nullable): as it is now; nothing of it is kept
 * @class_index: that stands out and whose groups are counted, or -1
 */
void
tithe_chart_panel_show (TitheChartPanel *self, TitheSubset *subset, int class_index)
{
  g_return_if_fail (TITHE_IS_CHART_PANEL (self));

  if (subset != NULL)
    {
      const TitheFigureKind kind = tithe_figure_kind_by_class (tithe_subset_get_policy (subset));

      if (kind != self->charts[BY_CLASS].kind)
        set_kind (&self->charts[BY_CLASS], kind);
    }
  for (guint i = 0; i < N_CHARTS; i++)
    tithe_figure_view_show (self->charts[i].view, subset, class_index);
}
