/* SPDX-License-Identifier: MIT */
#include "bench-frames.h"
#include "tithe-class-list.h"

#include "widget-fixture.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* The real window with very many classes: N_CLASSES [IMAGES_IN_EACH]. One JSON object on standard output. */

#define FRAMES 200
#define N_PICTURES 64
#define DIM 16

typedef enum
{
  PHASE_OPEN, /* classes arrive */
  PHASE_SCROLL,
  PHASE_SEARCH,
  PHASE_SWITCH,
  PHASE_SLIDER,
  PHASE_CHARTS,
} Phase;

static const char *const phase_names[]
    = { "open", "scroll_classes", "search", "switch_class", "slider", "charts_slider", NULL };

/* What of the window is used, once it is there. */
typedef struct
{
  TitheClassList *classes;
  GtkWidget *list, *search;
  guint n_classes;
} Bench;

/* --- the dataset --- */

/* N pictures under many names. */
static void
link_pictures (const char *folder, const char *class_name, guint class_index, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *picture = g_strdup_printf ("%s/p/%02u.png", folder, (class_index * n + i) % N_PICTURES);
      g_autofree char *path = g_strdup_printf ("%s/d/%s/%02u.png", folder, class_name, i);

      if (link (picture, path) != 0)
        g_error ("cannot link “%s”", path);
    }
}

static void
make_dataset (const char *folder, guint n_classes, guint n_images)
{
  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *name = g_strdup_printf ("p/%02u.png", i);

      fixture_write_picture (folder, name, 32, 32, i);
    }
  for (guint c = 0; c < n_classes; c++)
    {
      /* As those of ImageNet: n01440764. */
      g_autofree char *name = g_strdup_printf ("n%08u", 1440764 + 37 * c);
      g_autofree char *path = g_build_filename (folder, "d", name, NULL);

      g_mkdir_with_parents (path, 0755);
      link_pictures (folder, name, c, n_images);
    }
}

/* --- the window --- */

/* One step of what a person does. */
static void
act (TitheWindow *window, guint phase, guint frame, gpointer data)
{
  static const char *const letters[] = { "1", "17", "173", "17", "1", "", "n", "n02", "" };
  Bench *bench = data;
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (bench->list));

  switch ((Phase) phase)
    {
    case PHASE_SCROLL:
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + 37);
      break;
    case PHASE_SEARCH:
      gtk_editable_set_text (GTK_EDITABLE (bench->search), letters[frame % G_N_ELEMENTS (letters)]);
      g_signal_emit_by_name (bench->search, "search-changed");
      break;
    case PHASE_SWITCH:
      tithe_class_list_set_selected (bench->classes, (int) (frame * 7919 % bench->n_classes));
      break;
    case PHASE_SLIDER:
    case PHASE_CHARTS:
      tithe_ratio_bar_set_ratio (tithe_review_page_get_ratio_bar (tithe_window_get_page (window)),
                                 0.9 - 0.7 * frame / FRAMES);
      break;
    case PHASE_OPEN:
    default:
      break;
    }
}

static void
begin (TitheWindow *window, guint phase, gpointer data)
{
  Bench *bench = data;

  if (phase == PHASE_OPEN)
    {
      bench->classes = TITHE_CLASS_LIST (widget_fixture_find (GTK_WIDGET (window), TITHE_TYPE_CLASS_LIST));
      bench->list = widget_fixture_find (GTK_WIDGET (bench->classes), GTK_TYPE_LIST_VIEW);
      bench->search = widget_fixture_find (GTK_WIDGET (bench->classes), GTK_TYPE_SEARCH_ENTRY);
    }
  if (phase == PHASE_SLIDER)
    tithe_class_list_set_selected (bench->classes, TITHE_ALL_CLASSES);
  if (phase == PHASE_CHARTS)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), "win.inspector", NULL);
      g_action_group_change_action_state (G_ACTION_GROUP (window), "panel", g_variant_new_string ("charts"));
    }
}

int
main (int argc, char **argv)
{
  Bench bench = { 0 };
  guint n_images = argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 3;
  g_autofree char *dataset = NULL, *features = NULL;
  char *folder;
  int status;

  if (argc < 2)
    g_error ("usage: bench-classes N_CLASSES [IMAGES_IN_EACH]");
  bench.n_classes = (guint) g_ascii_strtoull (argv[1], NULL, 10);
  folder = fixture_folder ();
  make_dataset (folder, bench.n_classes, n_images);
  dataset = g_build_filename (folder, "d", NULL);
  features = fixture_write_rows (folder, "rows.npy", (gsize) bench.n_classes * n_images, DIM, 7);
  status = bench_frames_run (&(BenchScript){ phase_names, FRAMES, begin, act }, &bench, dataset, features);
  fixture_remove (folder);
  return status;
}
