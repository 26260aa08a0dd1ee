/* SPDX-License-Identifier: MIT */
#include "tithe-protected.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  char *path; /* NULL for an owner's */
  gboolean folder;
  TitheProtectedFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
  char *why;
} Entry;

struct _TitheProtected
{
  GArray *entries; /* of Entry */
};

static void
clear_entry (gpointer data)
{
  Entry *entry = data;

  if (entry->destroy != NULL)
    entry->destroy (entry->user_data);
  g_free (entry->path);
  g_free (entry->why);
}

/* Returns: (transfer full): nothing is protected yet */
TitheProtected *
tithe_protected_new (void)
{
  TitheProtected *self = g_new0 (TitheProtected, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, clear_entry);
  return self;
}

/**
 * tithe_protected_add_folder:
 * @path: nothing is written into it, however deep
 * @why: said of a target that is in it
 */
void
tithe_protected_add_folder (TitheProtected *self, const char *path, const char *why)
{
  Entry entry = { .path = g_strdup (path), .folder = TRUE, .why = g_strdup (why) };

  g_array_append_val (self->entries, entry);
}

/**
 * tithe_protected_add_file:
 * @path: (nullable): what is read, and so neither replaced nor is a folder that it lies in; %NULL adds nothing
 * @why: said of a target that is this file
 */
void
tithe_protected_add_file (TitheProtected *self, const char *path, const char *why)
{
  Entry entry = { .path = g_strdup (path), .why = g_strdup (why) };

  if (path != NULL)
    g_array_append_val (self->entries, entry);
  else
    clear_entry (&entry);
}

/**
 * tithe_protected_add_owner:
 * @func: asked only about targets that are there
 * @why: said of a target that @func knows
 */
void
tithe_protected_add_owner (TitheProtected *self, TitheProtectedFunc func, gpointer user_data, GDestroyNotify destroy,
                           const char *why)
{
  Entry entry = { .func = func, .user_data = user_data, .destroy = destroy, .why = g_strdup (why) };

  g_array_append_val (self->entries, entry);
}

/* Whether a path is a folder or below it; both are absolute and without links. */
static gboolean
is_within (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  return strncmp (path, folder, length) == 0
         && (path[length] == '\0' || path[length] == '/' || folder[length - 1] == '/');
}

static gboolean
is_file (const char *path, const char *target, const char *target_real)
{
  g_autofree char *real = realpath (path, NULL);
  struct stat a, b;

  if (stat (target, &b) != 0 || stat (path, &a) != 0)
    return FALSE;
  if (S_ISDIR (b.st_mode))
    return real != NULL && target_real != NULL && is_within (real, target_real);
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static gboolean
covers (const Entry *entry, const char *target, const char *target_real)
{
  struct stat st;

  if (entry->func != NULL)
    return lstat (target, &st) == 0 && entry->func (target, entry->user_data);
  if (entry->folder)
    {
      g_autofree char *root = realpath (entry->path, NULL), *parent = g_path_get_dirname (target),
                      *folder = realpath (parent, NULL);

      return root != NULL
             && ((folder != NULL && is_within (folder, root))
                 || (target_real != NULL && (is_within (target_real, root) || is_within (root, target_real))));
    }
  return is_file (entry->path, target, target_real);
}

/**
 * tithe_protected_find:
 * @target: (type filename): where something is to be written, whether anything is there or not
 *
 * Returns: (nullable): why nothing may be written there, or %NULL where it may
 */
const char *
tithe_protected_find (const TitheProtected *self, const char *target)
{
  g_autofree char *real = realpath (target, NULL);

  for (guint i = 0; self != NULL && i < self->entries->len; i++)
    if (covers (&g_array_index (self->entries, Entry, i), target, real))
      return g_array_index (self->entries, Entry, i).why;
  return NULL;
}

/* Forgets everything that was added. */
void
tithe_protected_free (TitheProtected *self)
{
  g_array_unref (self->entries);
  g_free (self);
}
