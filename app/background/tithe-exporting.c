/* SPDX-License-Identifier: MIT */
#include "tithe-exporting.h"

#include "base/tithe-parallel.h"
#include "figure/tithe-group-figure.h"
#include "figure/tithe-report.h"
#include "io/tithe-output.h"
#include "session/tithe-session-protected.h"

#include <glib/gi18n.h>
#include <string.h>

#define REPORT_GROUPS 50
/* Points: the width of a page of text, at the height that suits it. */
#define CHART_WIDTH 440.0

struct _TitheExporting
{
  TitheDataset *dataset;
  TitheEmbedding *embedding; /* (nullable) */
  char *session;
  char *path; /* (nullable): where nothing is written */
  TitheSubsetChoice choice;
  TitheExportSize size; /* of a subset, once it is known: what is written of it, or its images alone */

  /* What is written, of which one has anything in it. */
  TitheExportOptions options;
  TitheFigureChoice *groups;
  TitheFigure *chart;
  char *text;
};

static void
tithe_exporting_free (gpointer data)
{
  TitheExporting *self = data;

  tithe_dataset_unref (self->dataset);
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  g_strfreev ((char **) self->options.classes);
  g_clear_pointer (&self->groups, tithe_figure_choice_free);
  g_clear_pointer (&self->chart, tithe_figure_free);
  g_free (self->text);
  g_free (self->session);
  g_free (self->path);
  g_free (self);
}

static TitheExporting *
tithe_exporting_new (TitheProject *project, const TitheSubsetChoice *choice, const char *path)
{
  TitheExporting *self = g_new0 (TitheExporting, 1);
  TitheEmbedding *embedding = tithe_project_get_embedding (project);

  self->dataset = tithe_dataset_ref (tithe_project_get_dataset (project));
  self->embedding = embedding ? tithe_embedding_ref (embedding) : NULL;
  self->session = g_strdup (tithe_project_get_session (project));
  self->path = g_strdup (path);
  if (choice != NULL)
    self->choice = *choice;
  return self;
}

/* --- in the thread --- */

/* What is open; where the embedding is not, as it can't be read now, the session says where it is. */
static TitheProtected *
protect (TitheExporting *self, GError **error)
{
  g_autoptr (TitheSession) session = NULL;

  if (self->embedding != NULL || self->session == NULL)
    return tithe_session_protect_files (self->dataset, self->session,
                                        self->embedding ? tithe_embedding_get_locator (self->embedding) : NULL);
  session = tithe_session_open (self->session, error);
  return session ? tithe_session_protect (session, NULL) : NULL;
}

static gboolean
check_target (TitheExporting *self, GError **error)
{
  g_autoptr (TitheProtected) protected = protect (self, error);

  return protected != NULL && tithe_output_check (self->path, protected, TRUE, error);
}

/* A subset as the session's file has it. */
typedef struct
{
  TitheSession *session;
  TitheCuration *curation;
  TitheSubset *subset;
} Opened;

static void
opened_clear (Opened *opened)
{
  g_clear_pointer (&opened->subset, tithe_subset_free);
  g_clear_pointer (&opened->curation, tithe_curation_free);
  g_clear_pointer (&opened->session, tithe_session_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Opened, opened_clear)

static gboolean
open_subset (TitheExporting *self, Opened *opened, GError **error)
{
  opened->session = tithe_session_open (self->session, error);
  opened->curation = opened->session ? tithe_session_open_curation (opened->session, FALSE, error) : NULL;
  if (opened->curation == NULL)
    return FALSE;
  opened->subset = tithe_subset_new (tithe_session_get_hierarchy (opened->session), opened->curation);
  tithe_subset_choose (opened->subset, &self->choice);
  return TRUE;
}

/* How much it is, and whether it can be there. */
static gboolean
check_form (TitheTask *task, gpointer work, GError **error)
{
  TitheExporting *self = work;
  g_auto (Opened) opened = { 0 };
  g_autoptr (TitheProvenance) provenance = NULL;
  g_autoptr (TitheProtected) protected = NULL;

  if (!open_subset (self, &opened, error))
    return FALSE;
  provenance = tithe_provenance_new (opened.session, opened.curation, &self->choice, -1, NULL);
  if (!tithe_export_measure (opened.subset, &self->options, provenance, tithe_task_get_job (task), &self->size, error))
    return FALSE;
  if (self->path == NULL)
    return TRUE;
  self->options.protected = protected = protect (self, error);
  return protected != NULL && tithe_export_check_target (&self->options, &self->size, TRUE, self->path, error)
         && tithe_export_check_links (self->dataset, &self->options, self->path, error);
}

static gboolean
write_form (TitheTask *task, gpointer work, GError **error)
{
  TitheExporting *self = work;
  g_auto (Opened) opened = { 0 };
  g_autoptr (TitheProvenance) provenance = NULL;
  g_autoptr (TitheProtected) protected = protect (self, error);

  if (protected == NULL || !open_subset (self, &opened, error))
    return FALSE;
  if (tithe_export_needs_embedding (self->options.format) && self->embedding == NULL
      && (self->embedding = tithe_session_open_embedding (opened.session, NULL, error)) == NULL)
    return FALSE;
  provenance = tithe_provenance_new (opened.session, opened.curation, &self->choice, -1, NULL);
  self->options.protected = protected;
  return tithe_export_count (opened.subset, &self->options, &self->size.n_images, error)
         && tithe_export_subset (opened.subset, self->embedding, &self->options, provenance, self->path,
                                 tithe_task_get_job (task), error);
}

/* With what retraining showed, where that was done. */
static gboolean
write_report (TitheTask *task, gpointer work, GError **error)
{
  TitheExporting *self = work;
  g_auto (Opened) opened = { 0 };
  g_autoptr (TitheProvenance) provenance = NULL;
  g_autoptr (TitheVerifyReport) verify = NULL;
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  g_autofree char *html = NULL;
  TitheReportContents contents;

  if (!check_target (self, error) || !open_subset (self, &opened, error))
    return FALSE;
  provenance = tithe_provenance_new (opened.session, opened.curation, &self->choice, -1, NULL);
  verify = tithe_verify_report_read (self->session, tithe_session_get_dataset (opened.session), NULL,
                                     TITHE_VERIFY_MARGIN, tithe_parallel_resolve_threads (0), NULL, &local);
  if (verify == NULL && !g_error_matches (local, TITHE_TRIAL_STORE_ERROR, TITHE_TRIAL_STORE_ERROR_NO_PLAN))
    g_ptr_array_add (missing, g_strdup_printf (_("What retraining showed is not in the report: %s"), local->message));
  contents = (TitheReportContents){ opened.subset, provenance, verify, NULL, missing, REPORT_GROUPS };
  html = tithe_report_to_html (&contents, tithe_task_get_job (task), error);
  return html != NULL && tithe_output_write (self->path, html, strlen (html), error);
}

/* Up to 16 groups of 24 whole pictures are decoded. */
static gboolean
write_groups (TitheTask *task, gpointer work, GError **error)
{
  TitheExporting *self = work;
  TitheFigureStyle style = tithe_figure_style_print;
  g_auto (Opened) opened = { 0 };
  g_autoptr (TitheGroupFigure) figure = NULL;

  if (!check_target (self, error) || !open_subset (self, &opened, error))
    return FALSE;
  figure = tithe_group_figure_new (opened.subset);
  style.font = self->groups->font;
  if (!tithe_figure_choice_fill (self->groups, figure, tithe_task_get_job (task), error))
    return FALSE;
  return tithe_group_figure_write (figure, self->path, self->groups->width, &style, error);
}

static gboolean
write_chart (TitheTask *task, gpointer work, GError **error)
{
  TitheExporting *self = work;

  return check_target (self, error)
         && tithe_figure_write (self->chart, self->path, CHART_WIDTH,
                                tithe_figure_get_height (self->chart, CHART_WIDTH), &tithe_figure_style_print, error);
}

static gboolean
write_text (TitheTask *task, gpointer work, GError **error)
{
  TitheExporting *self = work;

  return check_target (self, error) && tithe_output_write (self->path, self->text, strlen (self->text), error);
}

/* --- in the main thread --- */

static TitheTask *
begin (gpointer owner, const char *title, TitheExporting *self, TitheTaskFunc func, TitheTaskDoneFunc done)
{
  return tithe_task_begin (owner, title, func, self, tithe_exporting_free, done);
}

static TitheExporting *
new_form (TitheProject *project, const TitheSubsetChoice *choice, const TitheExportOptions *options, const char *path)
{
  TitheExporting *self = tithe_exporting_new (project, choice, path);

  self->options = *options;
  self->options.overwrite = TRUE;
  self->options.classes = (const char *const *) g_strdupv ((char **) options->classes);
  return self;
}

/**
 * tithe_exporting_begin_check:
 * @project: with a session
 * @options: what of the subset would be written, and in which form
 * @path: (nullable): where it would be
 *
 * Finds out how much would be written; with a path, fails where it could not or may not be there.
 *
 * Returns: (transfer full): the task
 */
TitheTask *
tithe_exporting_begin_check (gpointer owner, TitheProject *project, const TitheSubsetChoice *choice,
                             const TitheExportOptions *options, const char *path, TitheTaskDoneFunc done)
{
  return begin (owner, _("Exporting"), new_form (project, choice, options, path), check_form, done);
}

/**
 * tithe_exporting_begin_form:
 * @project: with a session
 * @options: what of the subset is written, and in which form
 *
 * Returns: (transfer full): the task, for tithe_task_drop()
 */
TitheTask *
tithe_exporting_begin_form (gpointer owner, TitheProject *project, const TitheSubsetChoice *choice,
                            const TitheExportOptions *options, const char *path, TitheTaskDoneFunc done)
{
  return begin (owner, _("Exporting"), new_form (project, choice, options, path), write_form, done);
}

/**
 * tithe_exporting_begin_report:
 * @project: with a session
 *
 * Writes a page in HTML that stands on its own.
 *
 * Returns: (transfer full): the task
 */
TitheTask *
tithe_exporting_begin_report (gpointer owner, TitheProject *project, const TitheSubsetChoice *choice, const char *path,
                              TitheTaskDoneFunc done)
{
  return begin (owner, _("Writing the report"), tithe_exporting_new (project, choice, path), write_report, done);
}

/**
 * tithe_exporting_begin_groups:
 * @project: with a session
 * @figure: groups of this subset, and how they are drawn
 * @path: ends in .png, .pdf or .svg
 *
 * Returns: (transfer full): the task
 */
TitheTask *
tithe_exporting_begin_groups (gpointer owner, TitheProject *project, const TitheSubsetChoice *choice,
                              const TitheFigureChoice *figure, const char *path, TitheTaskDoneFunc done)
{
  TitheExporting *self = tithe_exporting_new (project, choice, path);

  self->groups = tithe_figure_choice_copy (figure);
  return begin (owner, _("Drawing the figure"), self, write_groups, done);
}

/**
 * tithe_exporting_begin_chart:
 * @figure: (transfer full): that is drawn for print
 * @path: ends in .png, .pdf or .svg
 *
 * Returns: (transfer full): the task
 */
TitheTask *
tithe_exporting_begin_chart (gpointer owner, TitheProject *project, TitheFigure *figure, const char *path,
                             TitheTaskDoneFunc done)
{
  TitheExporting *self = tithe_exporting_new (project, NULL, path);

  self->chart = figure;
  return begin (owner, _("Drawing the chart"), self, write_chart, done);
}

/**
 * tithe_exporting_begin_text:
 * @text: (transfer full): that is written as it is
 *
 * Returns: (transfer full): the task
 */
TitheTask *
tithe_exporting_begin_text (gpointer owner, TitheProject *project, char *text, const char *path, TitheTaskDoneFunc done)
{
  TitheExporting *self = tithe_exporting_new (project, NULL, path);

  self->text = text;
  return begin (owner, _("Saving"), self, write_text, done);
}

/* tithe_exporting_get_size: of what was checked, or how many images were written of a subset. */
const TitheExportSize *
tithe_exporting_get_size (TitheExporting *self)
{
  return &self->size;
}

/* tithe_exporting_get_path: (nullable): where to. */
const char *
tithe_exporting_get_path (TitheExporting *self)
{
  return self->path;
}
