/* SPDX-License-Identifier: MIT */
#include "tithe-start-page.h"

#include "base/tithe-text.h"
#include "state/tithe-bookmark.h"
#include "tithe-format.h"
#include "tithe-wrap-layout.h"

#include <glib/gi18n.h>

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

/* (transfer full): when a session was open last, in the words of the language. */
static char *
describe_date (GDateTime *date)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local (), local = g_date_time_to_local (date);
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);
  const int day = g_date_time_get_day_of_year (local), year = g_date_time_get_year (local);

  if (day == g_date_time_get_day_of_year (now) && year == g_date_time_get_year (now))
    return g_strdup (_("Today"));
  if (day == g_date_time_get_day_of_year (yesterday) && year == g_date_time_get_year (yesterday))
    return g_strdup (_("Yesterday"));
  return g_date_time_format (local, "%x");
}

/* (transfer full): 50,000 images, 10 classes · 12 of 4,072 reviewed; empty where nobody knows yet. */
static char *
describe_session (const char *path)
{
  g_autoptr (TitheBookmark) bookmark = path ? tithe_bookmark_load (path) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (bookmark != NULL && bookmark->n_images > 0)
    {
      g_autofree char *images = tithe_format_count (bookmark->n_images);
      g_autofree char *n_classes = tithe_format_count (bookmark->n_classes);
      g_autofree char *classes = g_strdup_printf (ngettext ("%s class", "%s classes", bookmark->n_classes), n_classes);
      g_autofree char *size
          = g_strdup_printf (ngettext ("%s image, %s", "%s images, %s", bookmark->n_images), images, classes);
      g_autofree char *reviewed = tithe_format_count (bookmark->n_reviewed);
      g_autofree char *groups = tithe_format_count (bookmark->n_groups);
      g_autofree char *progress = g_strdup_printf (_("%s of %s reviewed"), reviewed, groups);

      tithe_text_add_fact (text, size);
      tithe_text_add_fact (text, bookmark->n_groups > 0 ? progress : "");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GtkWidget *
new_date (GDateTime *date)
{
  g_autofree char *text = describe_date (date);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static void
add_row (TitheStartPage *self, GtkRecentInfo *info)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *path = dup_path (info), *facts = describe_session (path);
  const char *description = gtk_recent_info_get_description (info);
  const char *where = description ? description : gtk_recent_info_get_uri (info);
  g_autofree char *lines = g_strdup_printf (*facts ? "%s\n%s" : "%s%s", facts, where);
  g_autofree char *name = g_markup_escape_text (gtk_recent_info_get_display_name (info), -1);
  g_autofree char *subtitle = g_markup_escape_text (lines, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), *facts ? 2 : 1);
  gtk_widget_set_tooltip_text (row, where);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_date (gtk_recent_info_get_modified (info)));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "path", g_steal_pointer (&path), g_free);
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
  /* What was open meanwhile went on. */
  g_signal_connect (self, "map", G_CALLBACK (update), NULL);
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
