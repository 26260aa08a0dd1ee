/* SPDX-License-Identifier: MIT */
#include "tithe-window-private.h"

#include "background/tithe-check.h"
#include "base/tithe-text.h"
#include "dialogs/tithe-trouble-dialog.h"
#include "tithe-format.h"

#include <glib/gi18n.h>

/* --- classes that are too large for the memory --- */

/* “dog” needs 9.4 GB of memory to be clustered by complete linkage, and 3.9 GB may be used: … */
static char *
describe_refused (TitheHierarchy *hierarchy)
{
  TitheDataset *dataset = tithe_hierarchy_get_dataset (hierarchy);
  guint n = tithe_hierarchy_count_refused (hierarchy), largest = 0;
  guint64 most = 0, allowed = 0;
  g_autofree char *needs = NULL, *may = NULL;
  const char *name;

  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      guint64 needed, limit;

      if (!tithe_hierarchy_get_need (hierarchy, c, &needed, &limit) || needed <= most)
        continue;
      most = needed;
      allowed = limit;
      largest = c;
    }
  needs = g_format_size_full (most, G_FORMAT_SIZE_IEC_UNITS);
  may = g_format_size_full (allowed, G_FORMAT_SIZE_IEC_UNITS);
  name = tithe_dataset_get_class_name (dataset, largest);
  if (n == 1)
    return g_strdup_printf (_("“%s” is too large: it needs %s of memory, and %s may be used. The other classes "
                               "can only be looked at."),
                            name, needs, may);
  return g_strdup_printf (
      ngettext (
          "%u class is too large: “%s” needs %s of memory, and %s may be used. The other classes can only be looked "
          "at.",
          "%u classes are too large: the largest, “%s”, needs %s of memory, and %s may be used. The other classes "
          "can only be looked at.",
          n),
      n, name, needs, may);
}

static void
on_refused (TitheWindow *self)
{
  g_autofree char *text = describe_refused (tithe_project_get_hierarchy (self->project));

  g_clear_pointer (&self->bookmark, tithe_bookmark_free);
  tithe_banner_set_title (self->refused_banner, text);
  tithe_banner_set_revealed (self->refused_banner, TRUE);
  tithe_review_page_class_finished (self->page);
}

/* Average linkage needs no more memory than the embedding has. */
static void
on_cluster_average (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;

  if (tithe_project_get_dataset (self->project) != NULL)
    tithe_project_cluster_again (self->project, TITHE_LINKAGE_AVERAGE);
}

/* --- notes, and pictures that can't be read --- */

static void
show_troubles (TitheWindow *self)
{
  g_autoptr (GPtrArray) notes = tithe_dataset_list_notes (tithe_project_get_dataset (self->project));
  guint n_broken = self->broken ? self->broken->len : 0;
  g_autofree char *count = tithe_format_count (n_broken);
  g_autoptr (GString) text = g_string_new (NULL);

  if (n_broken > 0)
    g_string_printf (text, ngettext ("%s picture can't be read.", "%s pictures can't be read.", n_broken), count);
  if (notes->len == 1 && n_broken == 0)
    g_string_append (text, g_ptr_array_index (notes, 0));
  else if (notes->len > 0)
    {
      g_autofree char *noted = g_strdup_printf (
          ngettext ("There is %u note on the dataset.", "There are %u notes on the dataset.", notes->len), notes->len);

      tithe_text_add_sentence (text, noted);
    }
  tithe_banner_set_title (self->trouble_banner, text->str);
  tithe_banner_set_revealed (self->trouble_banner, text->len > 0);
}

static void
on_checked (gpointer owner, gpointer work, const GError *error)
{
  TitheWindow *self = owner;

  tithe_task_drop (&self->checking);
  tithe_window_show_job (self);
  if (error != NULL)
    return;
  self->broken = g_ptr_array_ref (tithe_check_get_broken (work));
  if (self->broken->len > 0)
    show_troubles (self);
}

static void
on_troubles (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TitheWindow *self = user_data;
  TitheDataset *dataset = tithe_project_get_dataset (self->project);
  g_autoptr (GPtrArray) notes = dataset ? tithe_dataset_list_notes (dataset) : NULL;

  if (dataset != NULL)
    tithe_window_show_dialog (self, tithe_trouble_dialog_new (GTK_WINDOW (self), notes, self->broken));
}

/* --- */

/* The troubles of what was open before are forgotten. */
static void
on_opened (TitheWindow *self)
{
  tithe_task_drop (&self->checking);
  g_clear_pointer (&self->broken, g_ptr_array_unref);
  tithe_banner_set_revealed (self->refused_banner, FALSE);
  show_troubles (self);
}

/* Once nothing else is to be done. */
static void
begin_check (TitheWindow *self)
{
  tithe_task_drop (&self->checking);
  self->checking = tithe_check_begin (self, tithe_project_get_dataset (self->project), on_checked);
  tithe_window_show_job (self);
}

static const GActionEntry actions[] = {
  { .name = "cluster-average", .activate = on_cluster_average },
  { .name = "troubles", .activate = on_troubles },
};

/* tithe_window_init_trouble: tells what the project and its pictures lack. */
void
tithe_window_init_trouble (TitheWindow *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_signal_connect_object (self->project, "opened", G_CALLBACK (on_opened), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->project, "finished", G_CALLBACK (begin_check), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->project, "refused", G_CALLBACK (on_refused), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->project, "refused", G_CALLBACK (begin_check), self, G_CONNECT_SWAPPED);
}
