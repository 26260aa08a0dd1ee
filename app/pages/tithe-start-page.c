/* SPDX-License-Identifier: MIT */
#include "tithe-start-page.h"

#include "tithe-wrap-layout.h"

#define N_RECENT 8

struct _TitheStartPage
{
  AdwBin parent_instance;

  GtkWidget *recent_group;
  GtkListBox *recent_list;
};

enum
{
  OPEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheStartPage, tithe_start_page, ADW_TYPE_BIN)

static int
compare_recent (gconstpointer a, gconstpointer b)
{
  return -g_date_time_compare (gtk_recent_info_get_modified ((GtkRecentInfo *) a),
                               gtk_recent_info_get_modified ((GtkRecentInfo *) b));
}

/* (transfer full): sessions that are there still, the last one first. */
static GList *
list_recent (void)
{
  GList *items = gtk_recent_manager_get_items (gtk_recent_manager_get_default ()), *item = items;

  while (item != NULL)
    {
      GList *next = item->next;

      if (g_strcmp0 (gtk_recent_info_get_mime_type (item->data), TITHE_SESSION_TYPE) != 0
          || !gtk_recent_info_exists (item->data))
        {
          gtk_recent_info_unref (item->data);
          items = g_list_delete_link (items, item);
        }
      item = next;
    }
  return g_list_sort (items, compare_recent);
}

static char *
dup_path (GtkRecentInfo *info)
{
  g_autoptr (GFile) file = g_file_new_for_uri (gtk_recent_info_get_uri (info));

  return g_file_get_path (file);
}

static void
add_row (TitheStartPage *self, GtkRecentInfo *info)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *name = g_markup_escape_text (gtk_recent_info_get_display_name (info), -1);
  const char *description = gtk_recent_info_get_description (info);
  g_autofree char *where = g_markup_escape_text (description ? description : gtk_recent_info_get_uri (info), -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), where);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "path", dup_path (info), g_free);
  gtk_list_box_append (self->recent_list, row);
}

static void
update (TitheStartPage *self)
{
  GList *items = list_recent ();
  guint n = 0;

  for (GtkWidget *row; (row = gtk_widget_get_first_child (GTK_WIDGET (self->recent_list))) != NULL;)
    gtk_list_box_remove (self->recent_list, row);
  for (GList *item = items; item != NULL && n < N_RECENT; item = item->next, n++)
    add_row (self, item->data);
  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);
  gtk_widget_set_visible (self->recent_group, n > 0);
}

static void
on_recent_activated (TitheStartPage *self, GtkListBoxRow *row)
{
  const char *path = g_object_get_data (G_OBJECT (row), "path");

  if (path != NULL)
    g_signal_emit (self, signals[OPEN], 0, path);
}

static void
tithe_start_page_class_init (TitheStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[OPEN] = g_signal_new ("open", TITHE_TYPE_START_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_STRING);
  g_type_ensure (TITHE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tithe/Tithe/ui/tithe-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TitheStartPage, recent_group);
  gtk_widget_class_bind_template_child (widget_class, TitheStartPage, recent_list);
  gtk_widget_class_bind_template_callback (widget_class, on_recent_activated);
}

static void
tithe_start_page_init (TitheStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (gtk_recent_manager_get_default (), "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

/* (transfer floating): the page with the recent sessions. */
GtkWidget *
tithe_start_page_new (void)
{
  return g_object_new (TITHE_TYPE_START_PAGE, NULL);
}

/**
 * tithe_start_page_dup_last:
 *
 * Returns: (transfer full) (nullable): the session that was open last
 */
char *
tithe_start_page_dup_last (void)
{
  GList *items = list_recent ();
  char *path = items ? dup_path (items->data) : NULL;

  g_list_free_full (items, (GDestroyNotify) gtk_recent_info_unref);
  return path;
}
