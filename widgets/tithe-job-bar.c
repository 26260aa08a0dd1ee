/* SPDX-License-Identifier: MIT */
#include "tithe-job-bar.h"

#include <glib/gi18n.h>

#define INTERVAL 100 /* milliseconds between looks at the job */

struct _TitheJobBar
{
  GtkWidget parent_instance;

  GtkWidget *content, *cancel;
  GtkLabel *stage, *left;
  GtkProgressBar *progress;
  TitheJob *job;
  guint timeout;
};

G_DEFINE_TYPE (TitheJobBar, tithe_job_bar, GTK_TYPE_WIDGET)

static gboolean
update (gpointer data)
{
  TitheJobBar *self = data;
  g_autofree char *stage = tithe_job_dup_stage (self->job);
  double fraction = tithe_job_get_fraction (self->job);
  g_autofree char *left = tithe_job_dup_left (self->job);

  gtk_label_set_text (self->stage, stage && *stage ? stage : tithe_job_get_title (self->job));
  gtk_label_set_text (self->left, tithe_job_is_cancelled (self->job) ? _("Cancelling…") : left);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, CLAMP (fraction, 0, 1));
  else
    gtk_progress_bar_pulse (self->progress);
  return G_SOURCE_CONTINUE;
}

static void
on_cancel (TitheJobBar *self)
{
  if (self->job != NULL)
    tithe_job_cancel (self->job);
  gtk_widget_set_sensitive (self->cancel, FALSE);
}

static void
tithe_job_bar_dispose (GObject *object)
{
  TitheJobBar *self = TITHE_JOB_BAR (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->job, tithe_job_unref);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (tithe_job_bar_parent_class)->dispose (object);
}

static void
tithe_job_bar_class_init (TitheJobBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tithe_job_bar_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-job-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheJobBar, content);
  gtk_widget_class_bind_template_child (widget_class, TitheJobBar, cancel);
  gtk_widget_class_bind_template_child (widget_class, TitheJobBar, stage);
  gtk_widget_class_bind_template_child (widget_class, TitheJobBar, left);
  gtk_widget_class_bind_template_child (widget_class, TitheJobBar, progress);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
}

static void
tithe_job_bar_init (TitheJobBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* tithe_job_bar_new: (transfer floating): a bar without a job */
GtkWidget *
tithe_job_bar_new (void)
{
  return g_object_new (TITHE_TYPE_JOB_BAR, NULL);
}

/**
 * tithe_job_bar_set_job:
 * @job: (nullable): %NULL when there is none any more
 */
void
tithe_job_bar_set_job (TitheJobBar *self, TitheJob *job)
{
  g_return_if_fail (TITHE_IS_JOB_BAR (self));

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->job, tithe_job_unref);
  if (job == NULL)
    return;
  self->job = tithe_job_ref (job);
  gtk_progress_bar_set_fraction (self->progress, 0);
  gtk_widget_set_sensitive (self->cancel, TRUE);
  self->timeout = g_timeout_add (INTERVAL, update, self);
  update (self);
}
