/* SPDX-License-Identifier: MIT */
#include "tithe-figure-preview.h"
#include "tithe-task.h"

#include <glib/gi18n.h>

/* Pixels of a picture in either direction: of those that are 34 points large, for screens of two pixels a point and more. */
#define MAX_EDGE 128

/* What is drawn on; a thread has it while it draws. */
typedef struct
{
  TitheCuration *curation;
  TitheSubsetChoice choice;
  TitheSubset *subset;      /* (nullable): until the first figure */
  TitheGroupFigure *figure; /* (nullable): likewise */
} Easel;

struct _TitheFigurePreview
{
  GObject *owner; /* not owned */
  TitheFigurePreviewFunc func;
  Easel *easel; /* (nullable): while a thread has it */
  TitheTask *task;
  TitheFigureChoice *wanted; /* (nullable): what is drawn next */
  double scale;
};

typedef struct
{
  TitheFigurePreview *preview; /* the main context's */
  Easel *easel;
  TitheFigureChoice *choice;
  double scale;
  cairo_surface_t *surface;
} Drawing;

static void
easel_free (Easel *easel)
{
  g_clear_pointer (&easel->figure, tithe_group_figure_free);
  g_clear_pointer (&easel->subset, tithe_subset_free);
  tithe_curation_free (easel->curation);
  g_free (easel);
}

static void
drawing_free (gpointer data)
{
  Drawing *drawing = data;

  g_clear_pointer (&drawing->easel, easel_free);
  g_clear_pointer (&drawing->surface, cairo_surface_destroy);
  tithe_figure_choice_free (drawing->choice);
  g_free (drawing);
}

static void
set_up (Easel *easel)
{
  if (easel->figure != NULL)
    return;
  easel->subset = tithe_subset_new (tithe_curation_get_hierarchy (easel->curation), easel->curation);
  tithe_subset_choose (easel->subset, &easel->choice);
  easel->figure = tithe_group_figure_new (easel->subset);
  tithe_group_figure_set_max_edge (easel->figure, MAX_EDGE);
}

static gboolean
draw (TitheTask *task, gpointer work, GError **error)
{
  Drawing *drawing = work;
  TitheFigureStyle style = tithe_figure_style_print;

  style.font = drawing->choice->font;
  set_up (drawing->easel);
  if (!tithe_figure_choice_fill (drawing->choice, drawing->easel->figure, tithe_task_get_job (task), error))
    return FALSE;
  drawing->surface
      = tithe_group_figure_render (drawing->easel->figure, drawing->choice->width, drawing->scale, &style, error);
  return drawing->surface != NULL;
}

static void begin (TitheFigurePreview *self);

static void
on_drawn (gpointer owner, gpointer work, const GError *error)
{
  Drawing *drawing = work;
  TitheFigurePreview *self = drawing->preview;

  tithe_task_drop (&self->task);
  self->easel = g_steal_pointer (&drawing->easel);
  if (self->wanted != NULL)
    begin (self);
  self->func (owner, drawing->surface, error);
}

static void
begin (TitheFigurePreview *self)
{
  Drawing *drawing = g_new0 (Drawing, 1);

  drawing->preview = self;
  drawing->easel = g_steal_pointer (&self->easel);
  drawing->choice = g_steal_pointer (&self->wanted);
  drawing->scale = self->scale;
  self->task = tithe_task_begin (self->owner, _("Drawing the figure"), draw, drawing, drawing_free, on_drawn);
}

/**
 * tithe_figure_preview_new:
 * @owner: (type GObject): for whom figures are drawn, and who frees it
 * @curation: (transfer none): what is decided so far, of which it takes a copy
 * @choice: how the subset is chosen
 * @func: called with each figure
 */
TitheFigurePreview *
tithe_figure_preview_new (gpointer owner, TitheCuration *curation, const TitheSubsetChoice *choice,
                          TitheFigurePreviewFunc func)
{
  TitheFigurePreview *self = g_new0 (TitheFigurePreview, 1);

  self->owner = owner;
  self->func = func;
  self->easel = g_new0 (Easel, 1);
  self->easel->curation = tithe_curation_copy (curation);
  self->easel->choice = *choice;
  return self;
}

/* tithe_figure_preview_free: (transfer full) @self; what is being drawn is cancelled, and not shown */
void
tithe_figure_preview_free (TitheFigurePreview *self)
{
  tithe_task_drop (&self->task);
  g_clear_pointer (&self->easel, easel_free);
  g_clear_pointer (&self->wanted, tithe_figure_choice_free);
  g_free (self);
}

/**
 * tithe_figure_preview_draw:
 * @choice: (transfer full): of groups of the subset
 * @scale: pixels a point
 *
 * Has a figure drawn as soon as the one before is.
 */
void
tithe_figure_preview_draw (TitheFigurePreview *self, TitheFigureChoice *choice, double scale)
{
  g_clear_pointer (&self->wanted, tithe_figure_choice_free);
  self->wanted = choice;
  self->scale = scale;
  if (self->task == NULL)
    begin (self);
}

/* tithe_figure_preview_is_busy: whether a figure is being drawn */
gboolean
tithe_figure_preview_is_busy (TitheFigurePreview *self)
{
  return self->task != NULL;
}
