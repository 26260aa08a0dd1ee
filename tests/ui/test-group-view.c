/* SPDX-License-Identifier: MIT */
#include "tithe-group-view.h"
#include "tithe-thumbnail.h"

#include "widget-fixture.h"

#include <math.h>
#include <string.h>

#define CLASSES 5
#define IMAGES 60

typedef struct
{
  char *folder, *images;
  TitheHierarchy *hierarchy;
  TitheSubset *subset;
  TitheCut *cut; /* of the subset */
  TitheGroupList *list;
  TitheThumbnails *thumbnails;
  GtkWidget *window, *scrolled;
  TitheGroupView *view;
} Fixture;

static TithePixels *
load (gpointer source, gsize image, guint max_edge, GError **error)
{
  return tithe_dataset_read_pixels (source, image, max_edge, error);
}

static void
update (Fixture *fixture, double ratio, gboolean keep_place)
{
  if (keep_place)
    tithe_group_view_hold_place (fixture->view);
  tithe_subset_set_ratio (fixture->subset, ratio, TITHE_POLICY_PER_CLASS, FALSE);
  tithe_group_list_update (fixture->list, &(TitheGroupChoice){ .class_index = TITHE_ALL_CLASSES });
  tithe_group_view_refresh (fixture->view, keep_place);
}

static gboolean
is_settled (gpointer data)
{
  return tithe_group_view_is_settled (((Fixture *) data)->view);
}

/* Until every picture in view is there and drawn. */
static void
settle (Fixture *fixture)
{
  widget_fixture_draw (fixture->window);
  widget_fixture_wait_for (is_settled, fixture);
  widget_fixture_draw (fixture->window);
}

/* Shows what was clustered. */
static void
show (Fixture *fixture)
{
  TitheDataset *dataset;

  dataset = tithe_hierarchy_get_dataset (fixture->hierarchy);
  fixture->subset = tithe_subset_new (fixture->hierarchy, NULL);
  fixture->cut = tithe_subset_get_cut (fixture->subset);
  fixture->list = tithe_group_list_new (fixture->subset);
  fixture->thumbnails = tithe_thumbnails_new (load, tithe_dataset_ref (dataset), (GDestroyNotify) tithe_dataset_unref,
                                              TITHE_THUMBNAILS_DEFAULT_BYTES);
  fixture->view = TITHE_GROUP_VIEW (tithe_group_view_new ());
  fixture->scrolled = gtk_scrolled_window_new ();
  fixture->window = gtk_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (fixture->scrolled), GTK_WIDGET (fixture->view));
  gtk_window_set_child (GTK_WINDOW (fixture->window), fixture->scrolled);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 700, 500);
  tithe_group_view_set_model (fixture->view, fixture->list, fixture->thumbnails);
  update (fixture, 0.6, FALSE);
  gtk_window_present (GTK_WINDOW (fixture->window));
  settle (fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
  fixture->images = g_build_filename (fixture->folder, "images", NULL);
  fixture->hierarchy = fixture_hierarchy (fixture->images, CLASSES, IMAGES, TITHE_LINKAGE_COMPLETE, 2);
  show (fixture);
}

/* Names in Latin-1, and a picture that can't be read. */
static void
set_up_latin1 (Fixture *fixture, gconstpointer data)
{
  g_autofree char *broken = NULL;

  fixture->folder = fixture_folder ();
  fixture->images = g_build_filename (fixture->folder, "images", NULL);
  fixture_write_picture (fixture->images, "m\xfcnze/\xe4.png", 8, 8, 1);
  broken = fixture_write (fixture->images, "m\xfcnze/\xf6.png", "no picture", -1);
  fixture->hierarchy = fixture_hierarchy (fixture->images, 1, 4, TITHE_LINKAGE_COMPLETE, 1);
  show (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_group_view_set_model (fixture->view, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  tithe_thumbnails_free (fixture->thumbnails);
  tithe_group_list_free (fixture->list);
  tithe_subset_free (fixture->subset);
  tithe_hierarchy_unref (fixture->hierarchy);
  g_free (fixture->images);
  fixture_remove (fixture->folder);
}

/* Whether the middle of a thumbnail's upper edge has the colour of a frame: blue, green, red in memory. */
static gboolean
has_colour (GtkWidget *window, GtkWidget *tile, const guint8 *pixels, int width, const int rgb[3])
{
  graphene_rect_t bounds;
  const guint8 *pixel;

  g_assert_true (gtk_widget_compute_bounds (tile, window, &bounds));
  pixel = pixels + (((int) bounds.origin.y + 1) * width + (int) (bounds.origin.x + bounds.size.width / 2)) * 4;
  return abs (pixel[2] - rgb[0]) < 4 && abs (pixel[1] - rgb[1]) < 4 && abs (pixel[0] - rgb[2]) < 4;
}

static gboolean
has_frame (GtkWidget *window, GtkWidget *tile, const guint8 *pixels, int width)
{
  return has_colour (window, tile, pixels, width, (const int[]){ 46, 194, 125 });
}

static gboolean
is_kept_by_cut (Fixture *fixture, guint32 image, guint *group_size)
{
  gsize n;
  const TitheGroup *groups = tithe_cut_get_groups (fixture->cut, &n);

  for (gsize i = 0; i < n; i++)
    for (guint32 m = 0; m < groups[i].size; m++)
      if (tithe_cut_get_image (fixture->cut, &groups[i], m) == image)
        {
          *group_size = groups[i].size;
          return tithe_cut_get_representative (fixture->cut, &groups[i], TITHE_REPRESENTATIVE_CENTRE) == image;
        }
  g_assert_not_reached ();
}

static void
test_green_frames_are_the_cut (Fixture *fixture, gconstpointer data)
{
  static const double ratios[] = { 0.6, 0.9, 0.3 };

  for (guint r = 0; r < G_N_ELEMENTS (ratios); r++)
    {
      g_autofree guint8 *pixels = NULL;
      guint n_tiles = 0, n_framed = 0;
      int width, height;

      update (fixture, ratios[r], FALSE);
      settle (fixture);
      pixels = widget_fixture_picture (fixture->window, &width, &height);
      for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->view)); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        {
          graphene_rect_t bounds;
          guint32 image;
          guint size = 0;
          gboolean kept;

          if (!TITHE_IS_THUMBNAIL (child) || !gtk_widget_get_child_visible (child)
              || !gtk_widget_compute_bounds (child, fixture->scrolled, &bounds) || bounds.origin.y < 0
              || bounds.origin.y > 400)
            continue;
          image = tithe_thumbnail_get_image (TITHE_THUMBNAIL (child));
          kept = is_kept_by_cut (fixture, image, &size);
          g_assert_cmpint (has_frame (fixture->window, child, pixels, width), ==, kept);
          if (kept)
            {
              g_autofree char *part = g_strdup_printf (", kept, representative of %u", size);

              g_assert_true (g_str_has_suffix (tithe_thumbnail_get_name (TITHE_THUMBNAIL (child)), part));
            }
          n_tiles++;
          n_framed += kept;
        }
      g_assert_cmpuint (n_framed, >, 1);
      g_assert_cmpuint (n_tiles, >, n_framed);
    }
}

/* Among all images those stand out that are discarded; where only they are listed, none does. */
static void
test_what_is_discarded_stands_out_among_all_images (Fixture *fixture, gconstpointer data)
{
  for (TitheGroupViewKind view = TITHE_VIEW_IMAGES; view <= TITHE_VIEW_DISCARDED; view++)
    {
      g_autofree guint8 *pixels = NULL;
      guint n_kept = 0, n_discarded = 0;
      int width, height;

      tithe_subset_set_ratio (fixture->subset, 0.6, TITHE_POLICY_PER_CLASS, FALSE);
      tithe_group_list_update (fixture->list, &(TitheGroupChoice){ .class_index = TITHE_ALL_CLASSES, .view = view });
      tithe_group_view_refresh (fixture->view, FALSE);
      settle (fixture);
      pixels = widget_fixture_picture (fixture->window, &width, &height);
      for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->view)); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        {
          graphene_rect_t bounds;
          gboolean kept;

          if (!TITHE_IS_THUMBNAIL (child) || !gtk_widget_get_child_visible (child)
              || !gtk_widget_compute_bounds (child, fixture->scrolled, &bounds) || bounds.origin.y < 0
              || bounds.origin.y > 400)
            continue;
          kept = tithe_thumbnail_is_kept (TITHE_THUMBNAIL (child));
          g_assert_false (has_frame (fixture->window, child, pixels, width));
          g_assert_cmpint (has_colour (fixture->window, child, pixels, width, (const int[]){ 191, 28, 41 }), ==,
                           view == TITHE_VIEW_IMAGES && !kept);
          n_kept += kept;
          n_discarded += !kept;
        }
      g_assert_cmpuint (n_discarded, >, 3);
      g_assert_cmpint (n_kept > 3, ==, view == TITHE_VIEW_IMAGES);
    }
}

static GtkAdjustment *
adjustment (Fixture *fixture)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (fixture->view));
}

/* Makes it as wide as it is in a window of 1400 pixels, where each of these groups has one row. Returns the columns. */
static int
widen (Fixture *fixture, int *line_height)
{
  int room, columns;

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1180, 610);
  settle (fixture);
  room = gtk_widget_get_width (GTK_WIDGET (fixture->view)) - 48 + 4;
  g_assert_cmpint (room, >, 1000);
  columns = room / 92;
  *line_height = 30 + 80 + 4 + CLAMP ((room / columns - 92) / 2, 0, 4) + 2 + 8;
  for (gsize i = 0; i < tithe_group_list_get_n (fixture->list); i++)
    g_assert_cmpint ((int) tithe_group_list_get (fixture->list, i)->size, <=, columns / 2);
  return columns;
}

/* The scrollbar is arithmetic: headings, rows, gaps of the lines that groups fill one after the other. */
/* Of all that is drawn: a label's text is black. */
static guint8
find_darkest (GtkWidget *label)
{
  int width, height;
  g_autofree guint8 *pixels = widget_fixture_picture (GTK_WIDGET (gtk_widget_get_root (label)), &width, &height);
  graphene_rect_t bounds;
  guint8 darkest = 255;

  g_assert_true (gtk_widget_compute_bounds (label, GTK_WIDGET (gtk_widget_get_root (label)), &bounds));
  for (int y = (int) bounds.origin.y; y < (int) (bounds.origin.y + bounds.size.height); y++)
    for (int x = (int) bounds.origin.x; x < (int) (bounds.origin.x + bounds.size.width); x++)
      darkest = MIN (darkest, pixels[4 * (y * width + x) + 1]);
  return darkest;
}

/* Headings are drawn by the renderer that draws GTK's own text, which has a memory. */
static void
test_headings_leave_other_text_as_dark_as_it_is (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), "<span foreground='black' size='xx-large' weight='bold'>MMMM</span>");
  g_object_ref (fixture->scrolled);
  gtk_window_set_child (GTK_WINDOW (fixture->window), NULL);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), fixture->scrolled);
  gtk_widget_set_vexpand (fixture->scrolled, TRUE);
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  g_object_unref (fixture->scrolled);
  settle (fixture);
  widget_fixture_draw (fixture->window);
  g_assert_cmpint (find_darkest (label), <, 50);
}

static void
test_height_is_exact (Fixture *fixture, gconstpointer data)
{
  int line_height, columns = widen (fixture, &line_height), column = columns, n_lines = 0;

  for (gsize i = 0; i < tithe_group_list_get_n (fixture->list); i++)
    {
      const int size = (int) tithe_group_list_get (fixture->list, i)->size;

      if (column + size > columns)
        {
          column = 0;
          n_lines++;
        }
      column += size;
    }
  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment (fixture)), ==, 12 + n_lines * line_height - 8 + 18);
}

/* Where the group that holds an image begins, seen from the top of the view. */
static double
heading_of (Fixture *fixture, guint32 image)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t bounds;

      if (TITHE_IS_THUMBNAIL (child) && gtk_widget_get_child_visible (child)
          && tithe_thumbnail_get_image (TITHE_THUMBNAIL (child)) == image
          && gtk_widget_compute_bounds (child, GTK_WIDGET (fixture->view), &bounds))
        return (double) bounds.origin.y;
    }
  return NAN;
}

static void
test_slider_keeps_the_place (Fixture *fixture, gconstpointer data)
{
  guint32 image = 0;
  double before = 0, value;

  gtk_adjustment_set_value (adjustment (fixture), 900);
  settle (fixture);
  value = gtk_adjustment_get_value (adjustment (fixture));
  for (gsize i = 0; i < tithe_group_list_get_n (fixture->list); i++)
    {
      TitheMember member;

      tithe_group_list_get_members (fixture->list, i, 0, 1, &member);
      image = member.image;
      before = heading_of (fixture, image);
      if (!isnan (before) && before >= 30)
        break;
    }
  g_assert_false (isnan (before));
  /* A little lower the group is still one; there and far away and back, the view is as it was. */
  for (guint step = 1; step <= 5; step++)
    {
      update (fixture, 0.6 - step * 0.01, TRUE);
      settle (fixture);
    }
  update (fixture, 0.95, TRUE);
  settle (fixture);
  update (fixture, 0.6, TRUE);
  settle (fixture);
  g_assert_cmpfloat (heading_of (fixture, image), ==, before);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment (fixture)), ==, value);
}

/* Only what is in view has a widget. */
static void
test_widgets_are_recycled (Fixture *fixture, gconstpointer data)
{
  guint n = 0, n_kept;

  for (double value = 0; value < gtk_adjustment_get_upper (adjustment (fixture)); value += 150)
    {
      gtk_adjustment_set_value (adjustment (fixture), value);
      for (guint i = 0; i < 5; i++)
        g_main_context_iteration (NULL, FALSE);
    }
  settle (fixture);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += TITHE_IS_THUMBNAIL (child);
  g_assert_cmpuint (n, <=, 7 * 7 + 14);
  g_assert_cmpuint (tithe_group_view_count (fixture->view, &n_kept), <=, n);
}

/* Rows are drawn ahead, kept and moved: what is seen is what a view would show that was never anywhere else. */
static void
test_what_was_drawn_before_looks_as_drawn_anew (Fixture *fixture, gconstpointer data)
{
  static const double steps[] = { 37, 113.4, 200, -90, 500, -250 };
  g_autofree guint8 *moved = NULL, *anew = NULL;
  int width, height;
  double value;

  /* The scrollbar comes and goes by itself. */
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (fixture->scrolled), GTK_POLICY_NEVER, GTK_POLICY_EXTERNAL);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      gtk_adjustment_set_value (adjustment (fixture), gtk_adjustment_get_value (adjustment (fixture)) + steps[i]);
      update (fixture, i == 2 ? 0.5 : 0.55, TRUE);
      widget_fixture_draw (fixture->window);
    }
  settle (fixture);
  value = gtk_adjustment_get_value (adjustment (fixture));
  moved = widget_fixture_picture (fixture->window, &width, &height);
  tithe_group_view_set_model (fixture->view, NULL, NULL);
  tithe_group_view_set_model (fixture->view, fixture->list, fixture->thumbnails);
  gtk_adjustment_set_value (adjustment (fixture), value);
  settle (fixture);
  anew = widget_fixture_picture (fixture->window, &width, &height);
  g_assert_cmpmem (moved, (gsize) width * (gsize) height * 4, anew, (gsize) width * (gsize) height * 4);
}

/* What a screen reader says, of a thumbnail or of a heading. */
static gboolean
is_all_text (GtkWidget *widget)
{
  const char *said = TITHE_IS_THUMBNAIL (widget) ? tithe_thumbnail_get_name (TITHE_THUMBNAIL (widget))
                                                 : g_object_get_data (G_OBJECT (widget), "spoken");

  return !gtk_widget_get_child_visible (widget) || (said != NULL && g_utf8_validate (said, -1, NULL));
}

/* GTK would warn of what it is told otherwise, and a warning is a failure here. */
static void
test_names_that_are_not_utf8_are_shown (Fixture *fixture, gconstpointer data)
{
  guint n = 0, n_escaped = 0;

  update (fixture, 0.2, FALSE);
  settle (fixture);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      g_assert_true (is_all_text (child));
      n += TITHE_IS_THUMBNAIL (child) && gtk_widget_get_child_visible (child);
      n_escaped += TITHE_IS_THUMBNAIL (child) && gtk_widget_get_child_visible (child)
                   && g_str_has_prefix (tithe_thumbnail_get_name (TITHE_THUMBNAIL (child)), "m\\xFCnze/");
    }
  g_assert_cmpuint (n, ==, 6);
  g_assert_cmpuint (n_escaped, ==, 2);
}

static void
press (TitheGroupView *view, guint key)
{
  gboolean handled = FALSE;

  g_signal_emit_by_name (widget_fixture_find_controller (GTK_WIDGET (view), GTK_TYPE_EVENT_CONTROLLER_KEY),
                         "key-pressed", key, 0, 0, &handled);
}

/* On to the next image is to the right, or to the left where one reads so. */
static void
test_keys_go_as_one_reads (Fixture *fixture, gconstpointer data)
{
  guint32 first, next, last;
  gsize index;

  press (fixture->view, GDK_KEY_Home);
  g_assert_true (tithe_group_view_get_cursor (fixture->view, &first, &index));
  press (fixture->view, GDK_KEY_Right);
  g_assert_true (tithe_group_view_get_cursor (fixture->view, &next, &index));
  g_assert_cmpuint (next, !=, first);
  gtk_widget_set_direction (GTK_WIDGET (fixture->view), GTK_TEXT_DIR_RTL);
  press (fixture->view, GDK_KEY_Right);
  g_assert_true (tithe_group_view_get_cursor (fixture->view, &last, &index));
  g_assert_cmpuint (last, ==, first);
  press (fixture->view, GDK_KEY_Left);
  g_assert_true (tithe_group_view_get_cursor (fixture->view, &last, &index));
  g_assert_cmpuint (last, ==, next);
}

/* The heading of a card in view, and where it is in the view. */
static gboolean
is_heading (Fixture *fixture, GtkWidget *child, graphene_rect_t *bounds)
{
  return strcmp (gtk_widget_get_css_name (child), "groupheading") == 0 && gtk_widget_get_child_visible (child)
         && gtk_widget_compute_bounds (child, GTK_WIDGET (fixture->view), bounds);
}

/* How far the words of the first heading are from both ends of the card. */
static void
measure_heading (Fixture *fixture, int *left, int *right)
{
  GtkWidget *heading = gtk_widget_get_first_child (GTK_WIDGET (fixture->view));
  int width, height;
  g_autofree guint8 *pixels = widget_fixture_picture (fixture->window, &width, &height);
  graphene_rect_t bounds;
  int first = G_MAXINT, last = 0, begin, end;

  while (!is_heading (fixture, heading, &bounds))
    heading = gtk_widget_get_next_sibling (heading);
  g_assert_true (gtk_widget_compute_bounds (heading, fixture->window, &bounds));
  begin = (int) bounds.origin.x;
  end = begin + (int) bounds.size.width;
  for (int y = (int) bounds.origin.y + 6; y < (int) bounds.origin.y + 24; y++)
    for (int x = begin + 3; x < end - 3; x++)
      if (pixels[(y * width + x) * 4] < 190)
        {
          first = MIN (first, x);
          last = MAX (last, x);
        }
  g_assert_cmpint (first, <, last);
  *left = first - begin;
  *right = end - last;
}

static void
test_headings_stand_above_the_first_image (Fixture *fixture, gconstpointer data)
{
  int left, right;

  measure_heading (fixture, &left, &right);
  g_assert_cmpint (left, <, 16);
  g_assert_cmpint (right, >, 30);
  gtk_widget_set_direction (GTK_WIDGET (fixture->view), GTK_TEXT_DIR_RTL);
  settle (fixture);
  measure_heading (fixture, &left, &right);
  g_assert_cmpint (right, <, 16);
  g_assert_cmpint (left, >, 30);
}

static void
test_what_is_not_listed_can_be_selected (Fixture *fixture, gconstpointer data)
{
  guint32 images[CLASSES * IMAGES], n = CLASSES * IMAGES;
  g_autoptr (GArray) selected = NULL;
  guint32 n_listed = 0;

  for (guint32 i = 0; i < n; i++)
    images[i] = i < n - 1 ? i : n; /* the last is not of the dataset */
  for (gsize i = 0; i < tithe_group_list_get_n (fixture->list); i++)
    n_listed += tithe_group_list_get (fixture->list, i)->size;
  g_assert_cmpuint (n_listed, <, n - 1);
  tithe_group_view_set_selected (fixture->view, images, n, TITHE_IMAGE_NONE);
  selected = tithe_group_view_list_selected (fixture->view);
  g_assert_cmpmem (selected->data, selected->len * sizeof (guint32), images, (n - 1) * sizeof (guint32));
}

/* To the right is every image, one after the other; down is every line, and up again. */
static void
test_arrows_leave_nothing_out (Fixture *fixture, gconstpointer data)
{
  guint32 image, before = TITHE_IMAGE_NONE, n_images = 0, n_walked = 0;
  const gsize n_groups = tithe_group_list_get_n (fixture->list);
  gsize index = 0, last = 0;

  for (gsize i = 0; i < n_groups; i++)
    n_images += tithe_group_list_get (fixture->list, i)->size;
  press (fixture->view, GDK_KEY_Home);
  for (; tithe_group_view_get_cursor (fixture->view, &image, &index) && image != before; n_walked++)
    {
      g_assert_cmpuint (index, <=, last + 1);
      last = index;
      before = image;
      press (fixture->view, GDK_KEY_Right);
    }
  g_assert_cmpuint (n_walked, ==, n_images);
  g_assert_cmpuint (last, ==, n_groups - 1);
}

static void
test_down_leaves_no_line_out (Fixture *fixture, gconstpointer data)
{
  guint32 image, before = TITHE_IMAGE_NONE;
  int n_lines = 0, line_height;
  gsize index;

  widen (fixture, &line_height);
  press (fixture->view, GDK_KEY_Home);
  for (; tithe_group_view_get_cursor (fixture->view, &image, &index) && image != before; n_lines++)
    {
      before = image;
      press (fixture->view, GDK_KEY_Down);
    }
  g_assert_cmpfloat (12 + n_lines * line_height - 8 + 18, ==, gtk_adjustment_get_upper (adjustment (fixture)));
  press (fixture->view, GDK_KEY_End);
  g_assert_true (tithe_group_view_get_cursor (fixture->view, &image, &index));
  g_assert_cmpuint (index, ==, tithe_group_list_get_n (fixture->list) - 1);
}

/* Who walks from widget to widget meets a heading, then its images, line by line; wherever it was scrolled. */
static void
test_widgets_are_in_order_of_reading (Fixture *fixture, gconstpointer data)
{
  static const double places[] = { 0, 130, 900, 40, 700, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      graphene_rect_t card = GRAPHENE_RECT_INIT (0, -1e6f, 0, 0), bounds;
      float x = 0, y = 0;
      guint n_cards = 0, n_tiles = 0;

      gtk_adjustment_set_value (adjustment (fixture), places[i]);
      settle (fixture);
      for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->view)); child != NULL;
           child = gtk_widget_get_next_sibling (child))
        if (is_heading (fixture, child, &bounds))
          {
            g_assert_true (bounds.origin.y > card.origin.y
                           || (bounds.origin.y == card.origin.y && bounds.origin.x > card.origin.x));
            card = bounds;
            x = y = -1e6f;
            n_cards++;
          }
        else if (TITHE_IS_THUMBNAIL (child) && gtk_widget_get_child_visible (child))
          {
            g_assert_true (gtk_widget_compute_bounds (child, GTK_WIDGET (fixture->view), &bounds));
            g_assert_true (graphene_rect_contains_rect (&card, &bounds));
            g_assert_true (bounds.origin.y > y || (bounds.origin.y == y && bounds.origin.x > x));
            x = bounds.origin.x;
            y = bounds.origin.y;
            n_tiles++;
          }
      g_assert_cmpuint (n_cards, >, 3);
      g_assert_cmpuint (n_tiles, >, n_cards);
    }
}

/* At least two and a half times as many as if each had a line of its own; in a window that is as large as most. */
static void
test_many_groups_are_seen_at_once (Fixture *fixture, gconstpointer data)
{
  guint n_seen = 0;
  int height, line_height;

  widen (fixture, &line_height);
  height = gtk_widget_get_height (GTK_WIDGET (fixture->view));
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (fixture->view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t bounds;

      n_seen += is_heading (fixture, child, &bounds) && bounds.origin.y + bounds.size.height <= (float) height;
    }
  g_test_message ("%u groups, %d if each had a line", n_seen, (height - 12) / (30 + 80 + 18));
  g_assert_cmpuint (2 * n_seen, >=, 5 * (guint) ((height - 12) / (30 + 80 + 18)));
}

#define ADD(path, function) g_test_add ("/group-view/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  widget_fixture_load_style ();
  ADD ("green-frames", test_green_frames_are_the_cut);
  ADD ("what-is-discarded-stands-out-among-all-images", test_what_is_discarded_stands_out_among_all_images);
  ADD ("headings-leave-other-text-as-dark-as-it-is", test_headings_leave_other_text_as_dark_as_it_is);
  ADD ("height", test_height_is_exact);
  ADD ("keeps-place", test_slider_keeps_the_place);
  ADD ("recycled", test_widgets_are_recycled);
  ADD ("looks-as-drawn-anew", test_what_was_drawn_before_looks_as_drawn_anew);
  ADD ("keys-go-as-one-reads", test_keys_go_as_one_reads);
  ADD ("headings-stand-above-the-first-image", test_headings_stand_above_the_first_image);
  ADD ("arrows-leave-nothing-out", test_arrows_leave_nothing_out);
  ADD ("down-leaves-no-line-out", test_down_leaves_no_line_out);
  ADD ("in-order-of-reading", test_widgets_are_in_order_of_reading);
  ADD ("many-groups-at-once", test_many_groups_are_seen_at_once);
  ADD ("what-is-not-listed-can-be-selected", test_what_is_not_listed_can_be_selected);
  g_test_add ("/group-view/names-that-are-not-utf8-are-shown", Fixture, NULL, set_up_latin1,
              test_names_that_are_not_utf8_are_shown, tear_down);
  return g_test_run ();
}
