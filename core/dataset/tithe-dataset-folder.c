/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"
#include "io/tithe-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of class folders, of pictures, or of “train” beside “test” or “val” with class folders in them. */

#define MAX_DEPTH 64

/* A folder that is being walked; the chain up to the root finds links that lead back into it. */
typedef struct _Level
{
  const struct _Level *parent;
  guint depth;
  dev_t device;
  ino_t inode;
} Level;

typedef struct
{
  guint64 offset; /* into names */
  guint64 size;
} Entry;

/* What is left out is counted and the first one named. */
typedef struct
{
  guint n;
  char *first;
} Tally;

typedef struct
{
  const char *root; /* of the dataset */
  GString *names;   /* zero-terminated paths relative to the root */
  GArray *entries;
  Tally others, loops, unreadable, empty;
  TitheJob *job;
} Walk;

static void
walk_init (Walk *walk, const char *root, TitheJob *job)
{
  *walk = (Walk){ .root = root, .job = job };
  walk->names = g_string_new (NULL);
  walk->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
}

static void
walk_clear (Walk *walk)
{
  g_string_free (walk->names, TRUE);
  g_array_unref (walk->entries);
  g_free (walk->others.first);
  g_free (walk->loops.first);
  g_free (walk->unreadable.first);
  g_free (walk->empty.first);
}

static void
walk_forget (Walk *walk)
{
  g_string_truncate (walk->names, 0);
  g_array_set_size (walk->entries, 0);
}

static void
count (Tally *tally, const char *name)
{
  if (tally->n++ == 0)
    tally->first = g_strdup (name);
}

/* @path is relative to the dataset's root. */
static gboolean
fail_to_read (Walk *walk, const char *path, int number, GError **error)
{
  g_autofree char *full = g_build_filename (walk->root, path, NULL);

  return tithe_dataset_fail_to_read (full, g_strerror (number), error);
}

/* Whether a failure belongs to the one file, which is then counted. After any other nobody knows what there is. */
static gboolean
is_of_the_file (int number)
{
  return number == EACCES || number == EPERM || number == ENOENT || number == ENOTDIR || number == ELOOP
         || number == ENXIO;
}

/* In capitals or not, and with something before it. */
static gboolean
ends_in_one (const char *name, const char *const *endings)
{
  gsize length = strlen (name);

  for (guint i = 0; endings[i] != NULL; i++)
    {
      gsize n = strlen (endings[i]);

      if (length > n && g_ascii_strcasecmp (name + length - n, endings[i]) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_usual_ending (const char *name)
{
  static const char *const endings[] = { ".jpg", ".jpeg", ".png", ".jpe", NULL };

  return ends_in_one (name, endings);
}

/* Looks into a file for the first bytes of a picture. Returns 0, or the number of the error. */
static int
sniff (int dir_fd, const char *name, gboolean *is_picture)
{
  int fd = openat (dir_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK), number = errno;
  guint8 magic[8];
  gssize n;

  if (fd < 0)
    return number;
  n = read (fd, magic, sizeof magic);
  number = errno;
  close (fd);
  *is_picture = n == sizeof magic && tithe_image_sniff (magic, sizeof magic) != TITHE_IMAGE_UNKNOWN;
  return n < 0 ? number : 0;
}

static void
add_picture (Walk *walk, const char *path, guint64 size)
{
  Entry picture = { walk->names->len, size };

  g_string_append_len (walk->names, path, (gssize) strlen (path) + 1);
  g_array_append_val (walk->entries, picture);
}

/* Lists and descriptions lie above the class folders of many datasets, the demo's among them: nothing to be told of. */
static gboolean
describes_the_dataset (const char *path)
{
  static const char *const endings[]
      = { ".csv", ".tsv", ".json", ".jsonl", ".txt", ".md", ".yaml", ".yml", ".xml", ".html", NULL };

  /* LICENSE and README have none. */
  return strchr (path, '/') == NULL && (ends_in_one (path, endings) || strchr (path, '.') == NULL);
}

/*
 * A usual ending makes a picture without a look inside, so that a broken one keeps its place in the order; any other
 * file is one if its first bytes say so.
 */
static gboolean
walk_file (Walk *walk, int dir_fd, const char *name, const char *path, guint64 size, GError **error)
{
  gboolean is_picture = has_usual_ending (name);
  int number = is_picture ? 0 : sniff (dir_fd, name, &is_picture);

  if (number != 0 && !is_of_the_file (number))
    return fail_to_read (walk, path, number, error);
  if (number != 0)
    count (&walk->unreadable, path);
  else if (is_picture)
    add_picture (walk, path, size);
  else if (!describes_the_dataset (path))
    count (&walk->others, path);
  return TRUE;
}

/* A link that leads nowhere keeps its place as a broken picture if it is named like one. */
static gboolean
walk_unknown (Walk *walk, const char *name, const char *path, int number, GError **error)
{
  if (!is_of_the_file (number))
    return fail_to_read (walk, path, number, error);
  if (number == ELOOP)
    {
      count (&walk->loops, path);
      return TRUE;
    }
  count (&walk->unreadable, path);
  if (has_usual_ending (name))
    add_picture (walk, path, 0);
  return TRUE;
}

static gboolean
leads_back (const Level *level, const struct stat *st)
{
  for (; level != NULL; level = level->parent)
    if (level->device == st->st_dev && level->inode == st->st_ino)
      return TRUE;
  return FALSE;
}

static gboolean walk_folder (Walk *walk, int dir_fd, const char *name, const char *path, const Level *parent,
                             gboolean recurse, GError **error);

static gboolean
walk_entry (Walk *walk, int dir_fd, const char *name, const char *folder, const Level *level, gboolean recurse,
            GError **error)
{
  g_autofree char *path = *folder ? g_strconcat (folder, "/", name, NULL) : g_strdup (name);
  struct stat st;

  if (*name == '.')
    return TRUE;
  if (fstatat (dir_fd, name, &st, 0) != 0)
    return walk_unknown (walk, name, path, errno, error);
  if (S_ISREG (st.st_mode))
    return walk_file (walk, dir_fd, name, path, (guint64) st.st_size, error);
  if (!S_ISDIR (st.st_mode))
    count (&walk->others, path);
  else if (recurse && (level->depth >= MAX_DEPTH || leads_back (level, &st)))
    count (&walk->loops, path);
  else if (recurse)
    return walk_folder (walk, dir_fd, name, path, level, TRUE, error);
  return TRUE;
}

/* Adds the pictures below @name, a folder in @dir_fd that is called @path seen from the dataset's root. */
static gboolean
walk_folder (Walk *walk, int dir_fd, const char *name, const char *path, const Level *parent, gboolean recurse,
             GError **error)
{
  g_autofree char *full = g_build_filename (walk->root, path, NULL);
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) local = NULL;
  int fd = openat (dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  Level level = { .parent = parent, .depth = parent ? parent->depth + 1 : 0 };
  struct stat st;
  gboolean ok;

  if (fd < 0)
    return fail_to_read (walk, path, errno, error);
  if (fstat (fd, &st) != 0)
    {
      fail_to_read (walk, path, errno, error);
      close (fd);
      return FALSE;
    }
  level.device = st.st_dev;
  level.inode = st.st_ino;
  names = tithe_folder_list_at (fd, full, &local);
  if (names == NULL)
    g_set_error_literal (error, TITHE_DATASET_ERROR, TITHE_DATASET_ERROR_NOT_FOUND, local->message);
  ok = names != NULL;
  for (guint i = 0; ok && i < names->len; i++)
    ok = walk_entry (walk, fd, g_ptr_array_index (names, i), path, &level, recurse, error);
  close (fd);
  return ok && tithe_job_check (walk->job, error);
}

static int
compare_entries (gconstpointer a, gconstpointer b, gpointer names)
{
  return strcmp ((const char *) names + ((const Entry *) a)->offset,
                 (const char *) names + ((const Entry *) b)->offset);
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
  walk_forget (walk);
}

/* The folders among @names, which lie in @path, in the same order; hidden ones left out. */
static GPtrArray *
choose_folders (const char *path, GPtrArray *names, GError **error)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *full = g_build_filename (path, name, NULL);
      struct stat st;

      if (*name == '.')
        continue;
      if (stat (full, &st) == 0)
        {
          if (S_ISDIR (st.st_mode))
            g_ptr_array_add (folders, g_strdup (name));
        }
      else if (!is_of_the_file (errno))
        {
          tithe_dataset_fail_to_read (full, g_strerror (errno), error);
          return NULL;
        }
    }
  return g_steal_pointer (&folders);
}

static void
note_what_was_left_out (TitheDataset *dataset, Walk *walk)
{
  if (walk->others.n > 0)
    tithe_dataset_note (dataset, TITHE_DATASET_NOTE_OTHER_FILES, walk->others.n, walk->others.first, NULL);
  if (walk->loops.n > 0)
    tithe_dataset_note (dataset, TITHE_DATASET_NOTE_LOOPS, walk->loops.n, walk->loops.first, NULL);
  if (walk->unreadable.n > 0)
    tithe_dataset_note (dataset, TITHE_DATASET_NOTE_UNREADABLE, walk->unreadable.n, walk->unreadable.first, NULL);
  if (walk->empty.n > 0)
    tithe_dataset_note (dataset, TITHE_DATASET_NOTE_EMPTY_CLASSES, walk->empty.n, walk->empty.first, NULL);
}

static void
note_pictures_beside (TitheDataset *dataset, Walk *walk)
{
  tithe_dataset_note (dataset, TITHE_DATASET_NOTE_PICTURES_BESIDE, walk->entries->len, walk->names->str, NULL);
  walk_forget (walk);
}

/* Pictures that lie beside the class folders; the whole dataset where there are no class folders. */
static void
take_pictures_beside (TitheDataset *dataset, Walk *walk, gboolean is_flat, GHashTable *labels, TitheImageList *list)
{
  if (is_flat)
    {
      dataset->format = TITHE_DATASET_FLAT;
      dataset->labelled = FALSE;
      take_sorted (walk, list,
                   dataset->class_names->len > 0 ? 0 : tithe_dataset_add_class (dataset, labels, "unlabelled"));
    }
  else if (walk->entries->len > 0)
    note_pictures_beside (dataset, walk);
}

static gboolean
read_class (TitheDataset *dataset, Walk *walk, const char *prefix, const char *name, GHashTable *labels,
            TitheImageList *list, GError **error)
{
  g_autofree char *path = *prefix ? g_build_filename (prefix, name, NULL) : g_strdup (name);
  g_autofree char *full = g_build_filename (dataset->root, path, NULL), *class_name = tithe_name_dup (name);
  guint32 label = tithe_dataset_add_class (dataset, labels, class_name);

  if (!walk_folder (walk, AT_FDCWD, full, path, NULL, TRUE, error))
    return FALSE;
  if (walk->entries->len == 0)
    count (&walk->empty, name);
  take_sorted (walk, list, label);
  return TRUE;
}

/* Reads one split: the class folders @folders in @prefix, a folder relative to the dataset's root, which may be it. */
static gboolean
read_split (TitheDataset *dataset, const char *prefix, GPtrArray *folders, GHashTable *labels, TitheJob *job,
            GError **error)
{
  g_autoptr (TitheImageList) list = tithe_image_list_new ();
  g_autofree char *path = g_build_filename (dataset->root, *prefix ? prefix : NULL, NULL);
  Walk walk;
  gboolean ok;

  walk_init (&walk, dataset->root, job);
  ok = walk_folder (&walk, AT_FDCWD, path, prefix, NULL, FALSE, error);
  if (ok)
    take_pictures_beside (dataset, &walk, folders->len == 0, labels, list);
  for (guint i = 0; ok && i < folders->len; i++)
    ok = read_class (dataset, &walk, prefix, g_ptr_array_index (folders, i), labels, list, error);
  if (ok)
    {
      note_what_was_left_out (dataset, &walk);
      tithe_dataset_take_images (dataset, g_steal_pointer (&list));
    }
  walk_clear (&walk);
  return ok;
}

/* As read_split(), with all folders of @name. */
static gboolean
read_named_split (TitheDataset *dataset, const char *name, GHashTable *labels, TitheJob *job, GError **error)
{
  g_autofree char *path = g_build_filename (dataset->root, name, NULL);
  g_autoptr (GPtrArray) names = tithe_dataset_list_folder (path, error);
  g_autoptr (GPtrArray) folders = names ? choose_folders (path, names, error) : NULL;

  return folders != NULL && read_split (dataset, name, folders, labels, job, error);
}

static const char *
find_split (GPtrArray *folders, const char *const *names)
{
  for (guint n = 0; names[n] != NULL; n++)
    for (guint i = 0; i < folders->len; i++)
      if (g_ascii_strcasecmp (g_ptr_array_index (folders, i), names[n]) == 0)
        return g_ptr_array_index (folders, i);
  return NULL;
}

static gboolean
read_splits (TitheDataset *self, GPtrArray *folders, const char *train, const char *test, GHashTable *labels,
             TitheJob *job, GError **error)
{
  for (guint i = 0; i < folders->len; i++)
    if (!g_str_equal (g_ptr_array_index (folders, i), train) && !g_str_equal (g_ptr_array_index (folders, i), test))
      tithe_dataset_note (self, TITHE_DATASET_NOTE_FOLDER_BESIDE, 0, (const char *) g_ptr_array_index (folders, i),
                          train, test, NULL);
  if (!read_named_split (self, train, labels, job, error)
      || !read_named_split (tithe_dataset_add_test (self), test, labels, job, error))
    return FALSE;
  if (self->test->n_images == 0)
    {
      tithe_dataset_note (self, TITHE_DATASET_NOTE_EMPTY_TEST, 0, test, NULL);
      g_clear_pointer (&self->test, tithe_dataset_unref);
    }
  return TRUE;
}

static gboolean
matches (const TitheDatasetSource *source)
{
  return source->name == NULL;
}

static TitheDataset *
open_folder (const TitheDatasetSource *source, TitheJob *job, GError **error)
{
  static const char *const train_names[] = { "train", "training", NULL };
  static const char *const test_names[] = { "test", "testing", "val", "valid", "validation", NULL };
  g_autoptr (TitheDataset) self = tithe_dataset_new_private (TITHE_DATASET_FOLDER, source->path, source->path);
  g_autoptr (GPtrArray) folders = choose_folders (source->path, source->names, error);
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);
  const char *train, *test;
  gboolean ok;

  if (folders == NULL)
    return NULL;
  train = find_split (folders, train_names);
  test = train ? find_split (folders, test_names) : NULL;
  ok = test ? read_splits (self, folders, train, test, labels, job, error)
            : read_split (self, "", folders, labels, job, error);
  return ok && tithe_dataset_seal (self, error) ? g_steal_pointer (&self) : NULL;
}

const TitheDatasetReader tithe_dataset_folder_reader = { matches, open_folder };
