/* SPDX-License-Identifier: MIT */
#include "tithe-part.h"
#include "tithe-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PREFIX ".tithe-"
#define ENDING ".part"
#define LOCK_NAME "lock"
#define BOOT_ID "/proc/sys/kernel/random/boot_id"
/* A part that somebody took for a leftover before it was locked is made again under another name. */
#define TRIES 8

#ifndef XFS_SUPER_MAGIC
#  define XFS_SUPER_MAGIC 0x58465342
#endif

struct _TithePart
{
  char *path;
  int lock;
};

static int
remove_one (const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
  return remove (path);
}

/* Removes a file, or a folder with all that is in it; links are not followed. */
void
tithe_part_remove_tree (const char *path)
{
  nftw (path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Locks of an open file description: they go with the process, and not with another descriptor of the same file. */
static gboolean
take_lock (int fd)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

  return fcntl (fd, F_OFD_SETLK, &lock) == 0;
}

/* Which start of which machine this is; the same in all of its containers, and on no other machine. */
static char *
dup_boot_id (void)
{
  char *id = NULL;

  if (g_file_get_contents (BOOT_ID, &id, NULL, NULL))
    return id;
  return g_strdup ("");
}

/* Whether no other machine can have it mounted: then its locks are all the locks that there are. */
static gboolean
is_local (int fd)
{
  static const unsigned long local[] = { EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC,       BTRFS_SUPER_MAGIC, TMPFS_MAGIC,
                                         F2FS_SUPER_MAGIC, OVERLAYFS_SUPER_MAGIC, MSDOS_SUPER_MAGIC };
  struct statfs st;

  if (fstatfs (fd, &st) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (local); i++)
    if ((unsigned long) st.f_type == local[i])
      return TRUE;
  return FALSE;
}

static gboolean
was_made_here (int fd)
{
  g_autofree char *here = dup_boot_id ();
  char there[64] = { 0 };

  return pread (fd, there, sizeof there - 1, 0) > 0 && *here != '\0' && g_str_equal (there, here);
}

/* Whether a lock that is held keeps others out: to a sandbox's portal all locks are those of one process, and any is granted. */
static gboolean
keeps_out (const char *file)
{
  int fd = open (file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  gboolean out = fd >= 0 && !take_lock (fd);

  if (fd >= 0)
    close (fd);
  return out;
}

/* On a network's file system locks may be each machine's own, so that only those of this machine say anything. */
static void
remove_if_dead (const char *path)
{
  g_autofree char *file = g_build_filename (path, LOCK_NAME, NULL);
  int fd = open (file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

  if (fd >= 0 && (is_local (fd) || was_made_here (fd)) && take_lock (fd) && keeps_out (file))
    tithe_part_remove_tree (path);
  else if (fd < 0 && errno == ENOENT)
    rmdir (path); /* killed before it had a lock; with anything in it, it stays */
  if (fd >= 0)
    close (fd);
}

/**
 * tithe_part_remove_leftovers:
 * @folder: that is looked through, and none below it
 *
 * Removes parts that nobody works on any more, and only where that is certain: the lock is free, and the file system is this
 * machine's own or the part was made since this machine's last start. The others stay, for a person to remove.
 */
void
tithe_part_remove_leftovers (const char *folder)
{
  g_autoptr (GPtrArray) names = tithe_folder_list (folder, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_prefix (name, PREFIX) && g_str_has_suffix (name, ENDING))
        remove_if_dead (path);
    }
}

/* Whether the lock is ours and still in the folder, which somebody may have taken for a leftover until now. */
static gboolean
lock_part (TithePart *self)
{
  g_autofree char *file = g_build_filename (self->path, LOCK_NAME, NULL), *id = dup_boot_id ();
  struct stat st;

  self->lock = open (file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (self->lock < 0)
    return FALSE;
  if (!take_lock (self->lock) && errno != ENOLCK && errno != EINVAL && errno != ENOTSUP && errno != ENOSYS)
    return FALSE;
  return fstat (self->lock, &st) == 0 && st.st_nlink > 0 && write (self->lock, id, strlen (id)) == (gssize) strlen (id);
}

static gboolean
make_part (TithePart *self, const char *folder)
{
  g_autofree char *path = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_free (path);
      path = g_strdup_printf ("%s/" PREFIX "%06x" ENDING, folder, g_random_int_range (0, 1 << 24));
      if (mkdir (path, 0700) == 0)
        {
          self->path = g_steal_pointer (&path);
          return TRUE;
        }
      if (errno != EEXIST)
        return FALSE;
    }
  return FALSE;
}

/**
 * tithe_part_new:
 * @folder: that what is made will be in
 *
 * Returns: (transfer full): an empty part, or %NULL with errno set
 */
TithePart *
tithe_part_new (const char *folder)
{
  TithePart *self = g_new0 (TithePart, 1);
  int number = 0;

  self->lock = -1;
  for (guint i = 0; i < TRIES && make_part (self, folder); i++)
    {
      if (lock_part (self))
        return self;
      number = errno;
      if (self->lock >= 0)
        close (self->lock);
      tithe_part_remove_tree (self->path);
      g_clear_pointer (&self->path, g_free);
      errno = number;
    }
  g_free (self);
  return NULL;
}

/* Returns: (transfer none): the folder, in which any name but “lock” is free */
const char *
tithe_part_get_path (TithePart *self)
{
  return self->path;
}

/* Removes it with all that is still in it. */
void
tithe_part_free (TithePart *self)
{
  tithe_part_remove_tree (self->path);
  close (self->lock);
  g_free (self->path);
  g_free (self);
}
