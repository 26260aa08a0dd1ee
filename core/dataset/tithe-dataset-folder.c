/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 64

/* A folder that is being walked; the chain up to the root finds links that lead back into it. */
typedef struct _Level
{
  const struct _Level *parent;
  dev_t device;
  ino_t inode;
} Level;

typedef struct
{
  guint64 offset; /* into names */
  guint64 size;
} Entry;

typedef struct
{
  GString *names; /* zero-terminated paths relative to the dataset's root */
  GArray *entries;
  guint n_others;
  char *first_other;
  guint n_loops;
  char *first_loop;
  guint n_unreadable;
  char *first_unreadable;
  TitheJob *job;
} Walk;

static void
walk_clear (Walk *walk)
{
  if (walk->names)
    g_string_free (walk->names, TRUE);
  g_clear_pointer (&walk->entries, g_array_unref);
  g_free (walk->first_other);
  g_free (walk->first_loop);
  g_free (walk->first_unreadable);
}

static void
count_first (guint *n, char **first, const char *name)
{
  if ((*n)++ == 0)
    *first = g_strdup (name);
}

/*
 * A usual ending makes a picture without a look inside, so that a broken one keeps its place in the order; any other
 * file is one if its first bytes say so.
 */
static gboolean
is_picture (int dir_fd, const char *name)
{
  static const char *const endings[] = { ".jpg", ".jpeg", ".png", ".jpe" };
  gsize length = strlen (name);
  guint8 magic[8];
  gboolean found;
  int fd;

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gsize n = strlen (endings[i]);

      if (length > n && g_ascii_strcasecmp (name + length - n, endings[i]) == 0)
        return TRUE;
    }
  fd = openat (dir_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return FALSE;
  found = read (fd, magic, sizeof magic) == sizeof magic
          && tithe_image_sniff (magic, sizeof magic) != TITHE_IMAGE_UNKNOWN;
  close (fd);
  return found;
}

static gboolean
leads_back (const Level *level, const struct stat *st)
{
  for (; level != NULL; level = level->parent)
    if (level->device == st->st_dev && level->inode == st->st_ino)
      return TRUE;
  return FALSE;
}

/* Adds the pictures below @name, a folder in @dir_fd that is called @path seen from the dataset's root. */
static gboolean
walk_folder (Walk *walk, int dir_fd, const char *name, const char *path, const Level *parent, guint depth,
             gboolean recurse, GError **error)
{
  int fd = openat (dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  Level level = { .parent = parent };
  gboolean ok = TRUE;
  struct dirent *entry;
  struct stat st;

  if (dir == NULL || fstat (fd, &st) != 0)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, _("cannot read the folder “%s”: %s"),
                   *path ? path : name, g_strerror (errno));
      if (dir != NULL)
        closedir (dir);
      else if (fd >= 0)
        close (fd);
      return FALSE;
    }
  level.device = st.st_dev;
  level.inode = st.st_ino;

  while (ok && (errno = 0, entry = readdir (dir)) != NULL)
    {
      g_autofree char *child = NULL;

      if (entry->d_name[0] == '.')
        continue;
      child = *path ? g_strconcat (path, "/", entry->d_name, NULL) : g_strdup (entry->d_name);
      if (fstatat (fd, entry->d_name, &st, 0) != 0)
        {
          /* A link that leads nowhere, or into itself, keeps its place as a broken picture if it is named like one. */
          if (errno == ELOOP)
            count_first (&walk->n_loops, &walk->first_loop, child);
          else
            count_first (&walk->n_unreadable, &walk->first_unreadable, child);
          if (errno == ELOOP || !is_picture (fd, entry->d_name))
            continue;
          st.st_mode = S_IFREG;
          st.st_size = 0;
        }
      if (S_ISDIR (st.st_mode))
        {
          if (!recurse)
            continue;
          if (depth >= MAX_DEPTH || leads_back (&level, &st))
            count_first (&walk->n_loops, &walk->first_loop, child);
          else
            ok = walk_folder (walk, fd, entry->d_name, child, &level, depth + 1, TRUE, error);
        }
      else if (S_ISREG (st.st_mode) && is_picture (fd, entry->d_name))
        {
          Entry picture = { walk->names->len, (guint64) st.st_size };

          g_string_append_len (walk->names, child, (gssize) strlen (child) + 1);
          g_array_append_val (walk->entries, picture);
        }
      else
        count_first (&walk->n_others, &walk->first_other, child);
    }
  closedir (dir);
  return ok && tithe_job_check (walk->job, error);
}

static int
compare_entries (gconstpointer a, gconstpointer b, gpointer names)
{
  return strcmp ((const char *) names + ((const Entry *) a)->offset,
                 (const char *) names + ((const Entry *) b)->offset);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Subfolders of @path, sorted by name bytewise; hidden ones left out. */
static GPtrArray *
list_folders (const char *path, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  DIR *dir = opendir (path);
  struct dirent *entry;

  if (dir == NULL)
    {
      g_set_error (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, _("cannot read the folder “%s”: %s"),
                   path, g_strerror (errno));
      return NULL;
    }
  while ((entry = readdir (dir)) != NULL)
    {
      struct stat st;

      if (entry->d_name[0] != '.' && fstatat (dirfd (dir), entry->d_name, &st, 0) == 0 && S_ISDIR (st.st_mode))
        g_ptr_array_add (names, g_strdup (entry->d_name));
    }
  closedir (dir);
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static void
take_sorted (Walk *walk, TitheImageList *list, guint32 label)
{
  g_array_sort_with_data (walk->entries, compare_entries, walk->names->str);
  for (guint i = 0; i < walk->entries->len; i++)
    {
      Entry *entry = &g_array_index (walk->entries, Entry, i);

      tithe_image_list_add (list, walk->names->str + entry->offset, entry->size, label);
    }
  g_string_truncate (walk->names, 0);
  g_array_set_size (walk->entries, 0);
}

static void
note_what_was_left_out (TitheDataset *dataset, Walk *walk)
{
  if (walk->n_others > 0)
    tithe_dataset_note (dataset,
                        g_dngettext (GETTEXT_PACKAGE, "%u other file was left out: “%s”",
                                     "%u other files were left out, “%s” among them", walk->n_others),
                        walk->n_others, walk->first_other);
  if (walk->n_loops > 0)
    tithe_dataset_note (dataset,
                        g_dngettext (GETTEXT_PACKAGE, "%u link that leads back into the dataset was not followed: “%s”",
                                     "%u links that lead back into the dataset were not followed, “%s” among them",
                                     walk->n_loops),
                        walk->n_loops, walk->first_loop);
  if (walk->n_unreadable > 0)
    tithe_dataset_note (dataset,
                        g_dngettext (GETTEXT_PACKAGE, "%u file cannot be read: “%s”",
                                     "%u files cannot be read, “%s” among them", walk->n_unreadable),
                        walk->n_unreadable, walk->first_unreadable);
}

/*
 * Reads one split: the class folders in @path. Paths are stored relative to @root, which is @path or its parent.
 * @class_names grows by classes that are new.
 */
static gboolean
read_split (TitheDataset *dataset, GPtrArray *class_names, const char *path, const char *prefix, TitheJob *job,
            GError **error)
{
  g_autoptr (GPtrArray) folders = list_folders (path, error);
  g_autoptr (TitheImageList) list = tithe_image_list_new ();
  Walk walk = { .names = g_string_new (NULL), .entries = g_array_new (FALSE, FALSE, sizeof (Entry)), .job = job };
  g_autofree char *first_empty = NULL;
  guint n_empty = 0;
  gboolean ok = folders != NULL;

  /* Pictures that lie beside the class folders; the whole dataset where there are no class folders. */
  ok = ok && walk_folder (&walk, AT_FDCWD, path, prefix, NULL, 0, FALSE, error);
  if (ok && folders->len == 0)
    {
      dataset->format = TITHE_DATASET_FLAT;
      dataset->labelled = FALSE;
      if (class_names->len == 0)
        g_ptr_array_add (class_names, g_strdup ("unlabelled"));
      take_sorted (&walk, list, 0);
    }
  else if (ok && walk.entries->len > 0)
    {
      tithe_dataset_note (dataset,
                          g_dngettext (GETTEXT_PACKAGE, "%u picture beside the class folders belongs to no class: “%s”",
                                       "%u pictures beside the class folders belong to no class, “%s” among them",
                                       walk.entries->len),
                          walk.entries->len, walk.names->str);
      g_string_truncate (walk.names, 0);
      g_array_set_size (walk.entries, 0);
    }
  for (guint i = 0; ok && i < folders->len; i++)
    {
      const char *name = g_ptr_array_index (folders, i);
      g_autofree char *folder = g_build_filename (path, name, NULL);
      g_autofree char *relative = *prefix ? g_build_filename (prefix, name, NULL) : g_strdup (name);
      g_autofree char *class_name = tithe_name_dup (name);
      guint label;
      gsize before = list->labels->len;

      if (!g_ptr_array_find_with_equal_func (class_names, class_name, g_str_equal, &label))
        {
          label = class_names->len;
          g_ptr_array_add (class_names, g_steal_pointer (&class_name));
        }
      ok = walk_folder (&walk, AT_FDCWD, folder, relative, NULL, 0, TRUE, error);
      take_sorted (&walk, list, label);
      if (list->labels->len == before && n_empty++ == 0)
        first_empty = g_strdup (name);
    }
  if (ok && n_empty > 0)
    tithe_dataset_note (dataset,
                        g_dngettext (GETTEXT_PACKAGE, "%u class has no images: “%s”",
                                     "%u classes have no images, “%s” among them", n_empty),
                        n_empty, first_empty);
  if (ok)
    {
      note_what_was_left_out (dataset, &walk);
      tithe_dataset_take_images (dataset, g_steal_pointer (&list));
    }
  walk_clear (&walk);
  return ok;
}

static char *
find_split (GPtrArray *folders, const char *const *names)
{
  for (guint n = 0; names[n] != NULL; n++)
    for (guint i = 0; i < folders->len; i++)
      if (g_ascii_strcasecmp (g_ptr_array_index (folders, i), names[n]) == 0)
        return g_strdup (g_ptr_array_index (folders, i));
  return NULL;
}

/**
 * tithe_dataset_open_folder:
 * @path: a folder of class folders, of pictures, or of “train” beside “test” or “val” with class folders in them
 */
TitheDataset *
tithe_dataset_open_folder (const char *path, TitheJob *job, GError **error)
{
  static const char *const train_names[] = { "train", "training", NULL };
  static const char *const test_names[] = { "test", "testing", "val", "valid", "validation", NULL };
  g_autoptr (TitheDataset) self = tithe_dataset_new_private (TITHE_DATASET_FOLDER, path, path);
  g_autoptr (GPtrArray) folders = list_folders (path, error);
  g_autofree char *train = NULL, *test = NULL;

  if (folders == NULL)
    return NULL;
  train = find_split (folders, train_names);
  test = train ? find_split (folders, test_names) : NULL;
  if (test == NULL)
    {
      if (!read_split (self, self->class_names, path, "", job, error) || !tithe_dataset_seal (self, error))
        return NULL;
      return g_steal_pointer (&self);
    }
  else
    {
      g_autofree char *train_path = g_build_filename (path, train, NULL);
      g_autofree char *test_path = g_build_filename (path, test, NULL);

      for (guint i = 0; i < folders->len; i++)
        if (!g_str_equal (g_ptr_array_index (folders, i), train) && !g_str_equal (g_ptr_array_index (folders, i), test))
          tithe_dataset_note (self, _("the folder “%s” beside “%s” and “%s” was left out"),
                              (const char *) g_ptr_array_index (folders, i), train, test);
      self->test = tithe_dataset_new_private (TITHE_DATASET_FOLDER, path, path);
      if (!read_split (self, self->class_names, train_path, train, job, error)
          || !read_split (self->test, self->class_names, test_path, test, job, error))
        return NULL;
      for (guint i = 0; i < self->class_names->len; i++)
        g_ptr_array_add (self->test->class_names, g_strdup (g_ptr_array_index (self->class_names, i)));
      if (self->test->n_images == 0)
        {
          tithe_dataset_note (self, _("the folder “%s” holds no images: there is no test split"), test);
          g_clear_pointer (&self->test, tithe_dataset_unref);
        }
      else if (!tithe_dataset_seal (self->test, error))
        return NULL;
      if (!tithe_dataset_seal (self, error))
        return NULL;
      return g_steal_pointer (&self);
    }
}
