/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-protected.h"
#include "tithe-dataset-private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static gboolean
is_same (const struct stat *a, const struct stat *b)
{
  return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static gboolean
is_below (const char *path, const char *folder, gsize length)
{
  return path != NULL && strncmp (path, folder, length) == 0 && path[length] == '/';
}

/* What is asked about each of the dataset's files. */
typedef struct
{
  const char *target;
  gsize length;
  gboolean folder;
  struct stat st;       /* of what the target leads to */
  GHashTable *resolved; /* folder as it is written -> without links; NULL where the target is a file */
} Question;

/* Whether the file or the link that leads to it lies in the folder. A hard link in there is another name, which may go. */
static gboolean
lies_in (Question *question, const char *file)
{
  g_autofree char *parent = g_path_get_dirname (file), *real = NULL;
  const char *folder;
  struct stat st;

  if (!g_hash_table_lookup_extended (question->resolved, parent, NULL, (gpointer *) &folder))
    {
      folder = realpath (parent, NULL);
      g_hash_table_insert (question->resolved, g_strdup (parent), (gpointer) folder);
    }
  if (is_below (folder, question->target, question->length) || g_strcmp0 (folder, question->target) == 0
      || is_below (file, question->target, question->length))
    return TRUE;
  if (lstat (file, &st) != 0 || !S_ISLNK (st.st_mode))
    return FALSE;
  real = realpath (file, NULL);
  return is_below (real, question->target, question->length);
}

static gboolean
is_target (Question *question, const char *file)
{
  struct stat st;

  if (question->folder)
    return lies_in (question, file);
  if (g_str_equal (file, question->target))
    return TRUE;
  return stat (file, &st) == 0 && is_same (&st, &question->st);
}

static gboolean
has_target (TitheDataset *self, Question *question)
{
  gboolean found = FALSE;

  for (guint i = 0; !found && self->shards != NULL && i < self->shards->len; i++)
    {
      const TitheShard *shard = g_ptr_array_index (self->shards, i);
      g_autofree char *file = g_build_filename (self->root, shard->file, NULL);

      found = is_target (question, file);
    }
  for (gsize i = 0; !found && self->shards == NULL && i < self->n_images; i++)
    {
      g_autofree char *file = tithe_dataset_dup_file (self, i);

      found = is_target (question, file);
    }
  return found || (self->test != NULL && has_target (self->test, question));
}

/* Asks the file system about every picture, which takes seconds for a million: only where something would be replaced. */
static gboolean
holds (const char *target, gpointer user_data)
{
  g_autofree char *real = realpath (target, NULL);
  Question question = { .target = real ? real : target };
  gboolean found;

  if (real == NULL || stat (target, &question.st) != 0)
    return FALSE; /* a link that leads nowhere */
  question.length = strlen (question.target);
  question.folder = S_ISDIR (question.st.st_mode);
  question.resolved = question.folder ? g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free) : NULL;
  found = has_target (user_data, &question);
  g_clear_pointer (&question.resolved, g_hash_table_unref);
  return found;
}

static void
unref_dataset (gpointer data)
{
  tithe_dataset_unref (data);
}

/**
 * tithe_dataset_protect:
 *
 * Its folder with all that is in it, or of a manifest the manifest alone, which may lie anywhere; and in both cases every
 * picture, wherever a row or a link leads.
 *
 * Returns: (transfer full): what is never written to because of this dataset
 */
TitheProtected *
tithe_dataset_protect (TitheDataset *self)
{
  TitheProtected *protected = tithe_protected_new ();

  if (self->format != TITHE_DATASET_MANIFEST)
    tithe_protected_add_folder (protected, self->root,
                                _("it is inside the dataset, which is never written to; take a place outside"));
  tithe_protected_add_file (protected, self->locator, _("it is the dataset, which is never written to"));
  tithe_protected_add_owner (protected, holds, tithe_dataset_ref (self), unref_dataset,
                             _("a picture of the dataset is there, which is never written to; take another name"));
  return protected;
}
