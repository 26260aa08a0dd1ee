/* SPDX-License-Identifier: MIT */
#include "tithe-bookmark.h"
#include "tithe-places.h"

#define GROUP "bookmark"
/* The first of those that were in view that is in a group still is gone to. */
#define MAX_IMAGES 64
/* Where more are selected none are remembered: a part of them would be decided about as if it were all. */
#define MAX_SELECTED 10000

/* (transfer full): the beginning of a session, before anything was looked at. */
TitheBookmark *
tithe_bookmark_new (void)
{
  TitheBookmark *self = g_new0 (TitheBookmark, 1);

  self->subset.ratio = 0.9;
  self->shown.class_index = TITHE_ALL_CLASSES;
  self->images = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->selected = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->cursor = TITHE_IMAGE_NONE;
  return self;
}

/* What is on the disk stays. */
void
tithe_bookmark_free (TitheBookmark *self)
{
  g_free ((char *) self->shown.text);
  g_array_unref (self->images);
  g_array_unref (self->selected);
  g_free (self);
}

/* In the folder for what programs remember, one file a session: whoever may only read a session has a place in it, too. */
static char *
dup_file (const char *session)
{
  g_autofree char *path = g_canonicalize_filename (session, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *name = g_strdup_printf ("%.24s.ini", hash);

  return g_build_filename (g_get_user_state_dir (), "tithe", "bookmarks", name, NULL);
}

static int
read_number (GKeyFile *file, const char *key, int fallback, int lowest, int highest)
{
  g_autoptr (GError) error = NULL;
  int value = g_key_file_get_integer (file, GROUP, key, &error);

  return error == NULL && value >= lowest && value <= highest ? value : fallback;
}

static double
read_real (GKeyFile *file, const char *key, double fallback, double lowest, double highest)
{
  g_autoptr (GError) error = NULL;
  double value = g_key_file_get_double (file, GROUP, key, &error);

  return error == NULL && value >= lowest && value <= highest ? value : fallback;
}

static void
read_images (GKeyFile *file, const char *key, GArray *images)
{
  gsize n = 0;
  g_autofree int *numbers = g_key_file_get_integer_list (file, GROUP, key, &n, NULL);

  for (gsize i = 0; i < n; i++)
    if (numbers[i] >= 0)
      g_array_append_val (images, numbers[i]);
}

/* An empty array has no data, which the key file does not take. */
static void
write_images (GKeyFile *file, const char *key, gsize n, GArray *images)
{
  if (n > 0)
    g_key_file_set_integer_list (file, GROUP, key, (int *) (gpointer) images->data, n);
}

/**
 * tithe_bookmark_load:
 *
 * Returns: (transfer full) (nullable): where somebody was in the session; what makes no sense in it is left out
 */
TitheBookmark *
tithe_bookmark_load (const char *session)
{
  g_autofree char *path = dup_file (session);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  TitheBookmark *self;
  int cursor;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return NULL;
  self = tithe_bookmark_new ();
  self->subset.ratio = read_real (file, "ratio", 0.9, 0.01, 1);
  self->subset.policy = (TithePolicy) read_number (file, "policy", 0, 0, TITHE_POLICY_GLOBAL);
  self->subset.rule = (TitheRepresentative) read_number (file, "rule", 0, 0, TITHE_REPRESENTATIVE_FIRST);
  self->subset.exact = g_key_file_get_boolean (file, GROUP, "exact", NULL);
  self->shown.class_index = read_number (file, "class", TITHE_ALL_CLASSES, TITHE_ALL_CLASSES, G_MAXINT);
  self->shown.view = (TitheGroupViewKind) read_number (file, "view", 0, 0, TITHE_VIEW_DISCARDED);
  self->shown.sort = (TitheGroupSort) read_number (file, "sort", 0, 0, TITHE_SORT_DECIDED);
  self->shown.review = (TitheReviewFilter) read_number (file, "review", 0, 0, TITHE_REVIEW_MANUAL);
  self->shown.singles = g_key_file_get_boolean (file, GROUP, "singles", NULL);
  self->shown.min_size = (guint32) read_number (file, "min-size", 0, 0, G_MAXINT);
  self->shown.max_size = (guint32) read_number (file, "max-size", 0, 0, G_MAXINT);
  self->shown.min_spread = (float) read_real (file, "min-spread", 0, 0, 2);
  self->shown.max_spread = (float) read_real (file, "max-spread", 0, 0, 2);
  self->shown.text = g_key_file_get_string (file, GROUP, "text", NULL);
  read_images (file, "images", self->images);
  g_array_set_size (self->images, MIN (self->images->len, MAX_IMAGES));
  self->below_top = read_real (file, "below-top", 0, -G_MAXINT, G_MAXINT);
  read_images (file, "selected", self->selected);
  if (self->selected->len > MAX_SELECTED)
    g_array_set_size (self->selected, 0);
  cursor = read_number (file, "cursor", -1, -1, G_MAXINT);
  self->cursor = cursor < 0 ? TITHE_IMAGE_NONE : (guint32) cursor;
  self->n_images = g_key_file_get_uint64 (file, GROUP, "n-images", NULL);
  self->n_classes = g_key_file_get_uint64 (file, GROUP, "n-classes", NULL);
  self->n_groups = g_key_file_get_uint64 (file, GROUP, "n-groups", NULL);
  self->n_reviewed = MIN (self->n_groups, g_key_file_get_uint64 (file, GROUP, "n-reviewed", NULL));
  return self;
}

/**
 * tithe_bookmark_save:
 *
 * Without a selection of more than 10,000 images. Written to a temporary file that is renamed then, as g_file_set_contents() does.
 */
gboolean
tithe_bookmark_save (TitheBookmark *self, const char *session, GError **error)
{
  g_autofree char *path = dup_file (session), *folder = g_path_get_dirname (path);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_string (file, GROUP, "session", session);
  g_key_file_set_double (file, GROUP, "ratio", self->subset.ratio);
  g_key_file_set_integer (file, GROUP, "policy", (int) self->subset.policy);
  g_key_file_set_integer (file, GROUP, "rule", (int) self->subset.rule);
  g_key_file_set_boolean (file, GROUP, "exact", self->subset.exact);
  g_key_file_set_integer (file, GROUP, "class", self->shown.class_index);
  g_key_file_set_integer (file, GROUP, "view", (int) self->shown.view);
  g_key_file_set_integer (file, GROUP, "sort", (int) self->shown.sort);
  g_key_file_set_integer (file, GROUP, "review", (int) self->shown.review);
  g_key_file_set_boolean (file, GROUP, "singles", self->shown.singles);
  g_key_file_set_integer (file, GROUP, "min-size", (int) self->shown.min_size);
  g_key_file_set_integer (file, GROUP, "max-size", (int) self->shown.max_size);
  g_key_file_set_double (file, GROUP, "min-spread", (double) self->shown.min_spread);
  g_key_file_set_double (file, GROUP, "max-spread", (double) self->shown.max_spread);
  g_key_file_set_string (file, GROUP, "text", self->shown.text ? self->shown.text : "");
  write_images (file, "images", MIN (self->images->len, MAX_IMAGES), self->images);
  g_key_file_set_double (file, GROUP, "below-top", self->below_top);
  write_images (file, "selected", self->selected->len > MAX_SELECTED ? 0 : self->selected->len, self->selected);
  g_key_file_set_integer (file, GROUP, "cursor", self->cursor == TITHE_IMAGE_NONE ? -1 : (int) self->cursor);
  g_key_file_set_uint64 (file, GROUP, "n-images", self->n_images);
  g_key_file_set_uint64 (file, GROUP, "n-classes", self->n_classes);
  g_key_file_set_uint64 (file, GROUP, "n-groups", self->n_groups);
  g_key_file_set_uint64 (file, GROUP, "n-reviewed", self->n_reviewed);
  return tithe_places_make_folder (folder, error) && g_key_file_save_to_file (file, path, error);
}
