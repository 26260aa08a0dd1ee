/* SPDX-License-Identifier: MIT */
/* Programs ask for the calls of 64 bits or for those without a number: both are told apart here. */
#undef _FILE_OFFSET_BITS
#include "faulty-disk.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
faulty_disk_set (const char *path, unsigned after)
{
  char number[16];

  snprintf (number, sizeof number, "%u", after);
  setenv (FAULTY_DISK_AFTER, number, 1);
  setenv (FAULTY_DISK_PATH, path, 1);
}

void
faulty_disk_clear (void)
{
  unsetenv (FAULTY_DISK_PATH);
  unsetenv (FAULTY_DISK_STAT);
}

/* How many names or bytes of the file are good; -1 for all. */
static long
count_good (int fd)
{
  const char *part = getenv (FAULTY_DISK_PATH), *after = getenv (FAULTY_DISK_AFTER);
  char link[64], path[4096];
  ssize_t length;

  if (part == NULL || after == NULL)
    return -1;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink (link, path, sizeof path - 1);
  if (length < 0)
    return -1;
  path[length] = '\0';
  return strstr (path, part) != NULL ? atol (after) : -1;
}

static void *
find (const char *name)
{
  return dlsym (RTLD_NEXT, name);
}

/* telldir() counts nothing, so the names that were given are counted here, for one folder at a time. */
static int
folder_fails (DIR *dir)
{
  static __thread DIR *current;
  static __thread long n_given;
  long good = count_good (dirfd (dir));

  if (dir != current)
    n_given = 0;
  current = dir;
  if (good < 0 || n_given++ < good)
    return 0;
  current = NULL;
  errno = EIO;
  return 1;
}

#define READDIR(name, entry)                                                                                           \
  struct entry *name (DIR *dir);                                                                                       \
  struct entry *name (DIR *dir)                                                                                        \
  {                                                                                                                    \
    struct entry *(*next) (DIR *);                                                                                     \
    *(void **) &next = find (#name);                                                                                   \
    return folder_fails (dir) ? NULL : next (dir);                                                                     \
  }

READDIR (readdir, dirent)
READDIR (readdir64, dirent64)

/* At most @count bytes from @offset on are good; 0 where the next one is bad. */
static size_t
limit (int fd, off_t offset, size_t count)
{
  long good = count_good (fd);

  if (good < 0 || offset + (off_t) count <= good)
    return count;
  return offset < good ? (size_t) (good - offset) : 0;
}

static ssize_t
fail (void)
{
  errno = EIO;
  return -1;
}

ssize_t
read (int fd, void *data, size_t count)
{
  ssize_t (*next) (int, void *, size_t);
  size_t good = count;

  *(void **) &next = find ("read");
  if (getenv (FAULTY_DISK_PATH) != NULL && count > 0)
    good = limit (fd, lseek (fd, 0, SEEK_CUR), count);
  return good == 0 && count > 0 ? fail () : next (fd, data, good);
}

#define PREAD(name)                                                                                                    \
  ssize_t name (int fd, void *data, size_t count, off_t offset);                                                       \
  ssize_t name (int fd, void *data, size_t count, off_t offset)                                                        \
  {                                                                                                                    \
    ssize_t (*next) (int, void *, size_t, off_t);                                                                      \
    size_t good = limit (fd, offset, count);                                                                           \
    *(void **) &next = find (#name);                                                                                   \
    return good == 0 && count > 0 ? fail () : next (fd, data, good, offset);                                           \
  }

PREAD (pread)
PREAD (pread64)

static int
cannot_be_asked (const char *name)
{
  const char *part = getenv (FAULTY_DISK_STAT);

  if (part == NULL || strstr (name, part) == NULL)
    return 0;
  errno = EIO;
  return 1;
}

#define STAT(name, type)                                                                                               \
  int name (const char *restrict path, struct type *restrict st)                                                       \
  {                                                                                                                    \
    int (*next) (const char *, struct type *);                                                                         \
    *(void **) &next = find (#name);                                                                                   \
    return cannot_be_asked (path) ? -1 : next (path, st);                                                              \
  }

#define FSTATAT(name, type)                                                                                            \
  int name (int fd, const char *restrict path, struct type *restrict st, int flags)                                    \
  {                                                                                                                    \
    int (*next) (int, const char *, struct type *, int);                                                               \
    *(void **) &next = find (#name);                                                                                   \
    return cannot_be_asked (path) ? -1 : next (fd, path, st, flags);                                                   \
  }

STAT (stat, stat)
STAT (stat64, stat64)
FSTATAT (fstatat, stat)
FSTATAT (fstatat64, stat64)
