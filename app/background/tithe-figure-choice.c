/* SPDX-License-Identifier: MIT */
#include "tithe-figure-choice.h"

#include <glib/gi18n.h>

/**
 * tithe_figure_choice_new:
 * @groups: (transfer full) (element-type TitheGroup): that are drawn
 * @captions: (transfer full) (nullable): one for each of them, or %NULL for none at all
 * @width: in points
 * @columns: groups side by side, 0 for as many as there is room for
 * @font: family and size in points
 */
TitheFigureChoice *
tithe_figure_choice_new (GArray *groups, char **captions, double width, guint columns, const char *font)
{
  TitheFigureChoice *self = g_new0 (TitheFigureChoice, 1);

  self->groups = groups;
  self->captions = captions;
  self->width = width;
  self->columns = columns;
  self->font = g_strdup (font);
  return self;
}

/* tithe_figure_choice_copy: (transfer full): with the same groups. */
TitheFigureChoice *
tithe_figure_choice_copy (const TitheFigureChoice *self)
{
  return tithe_figure_choice_new (g_array_ref (self->groups), g_strdupv (self->captions), self->width, self->columns,
                                  self->font);
}

/* With its groups and captions. */
void
tithe_figure_choice_free (TitheFigureChoice *self)
{
  g_array_unref (self->groups);
  g_strfreev (self->captions);
  g_free (self->font);
  g_free (self);
}

/**
 * tithe_figure_choice_fill:
 * @figure: of the subset that the groups are of; what was in it is taken out
 *
 * Adds what was chosen. For a thread: pictures are decoded.
 *
 * Returns: %FALSE with an error where a picture can't be read, or the job was cancelled
 */
gboolean
tithe_figure_choice_fill (const TitheFigureChoice *self, TitheGroupFigure *figure, TitheJob *job, GError **error)
{
  tithe_group_figure_clear (figure);
  tithe_group_figure_set_columns (figure, self->columns);
  tithe_job_start (job, _("Reading pictures"), self->groups->len);
  for (guint i = 0; i < self->groups->len; i++)
    {
      const char *caption = self->captions ? self->captions[i] : "";

      if (!tithe_job_check (job, error)
          || !tithe_group_figure_add (figure, &g_array_index (self->groups, TitheGroup, i), *caption ? caption : NULL,
                                      error))
        return FALSE;
      tithe_job_advance (job, 1);
    }
  return TRUE;
}
