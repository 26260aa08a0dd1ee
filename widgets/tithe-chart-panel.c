/* SPDX-License-Identifier: MIT */
#include "tithe-chart-panel.h"
#include "tithe-figure-view.h"

#include <glib/gi18n.h>

struct _TitheChartPanel
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  TitheFigureView *views[TITHE_N_FIGURES];
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheChartPanel, tithe_chart_panel, GTK_TYPE_WIDGET)

static void
on_chosen (TitheChartPanel *self, guint class_index, guint size)
{
  g_signal_emit (self, signals[CHOSEN], 0, class_index, size);
}

static GtkWidget *
new_heading (TitheFigureKind kind)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = gtk_label_new (tithe_figure_kind_get_title (kind));
  GtkWidget *save = gtk_button_new_from_icon_name ("document-save-symbolic");

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (save, "flat");
  gtk_widget_set_tooltip_text (save, _("Save this chart as PNG, PDF or SVG"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (save), "win.save-figure");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (save), "s", tithe_figure_kind_to_string (kind));
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), save);
  return box;
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
                                  2, G_TYPE_UINT, G_TYPE_UINT);
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
  for (guint kind = 0; kind < TITHE_N_FIGURES; kind++)
    {
      GtkWidget *view = tithe_figure_view_new ((TitheFigureKind) kind);

      self->views[kind] = TITHE_FIGURE_VIEW (view);
      g_signal_connect_object (view, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), new_heading ((TitheFigureKind) kind));
      gtk_box_append (GTK_BOX (box), view);
    }
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
 * @class_index: that stands out, or -1
 */
void
tithe_chart_panel_show (TitheChartPanel *self, TitheSubset *subset, int class_index)
{
  g_return_if_fail (TITHE_IS_CHART_PANEL (self));

  for (guint kind = 0; kind < TITHE_N_FIGURES; kind++)
    tithe_figure_view_show (self->views[kind], subset, class_index);
}
