/* SPDX-License-Identifier: MIT */
#include "tithe-claimer.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* When a process began; NULL where that can't be told, as where others' processes are hidden (hidepid). */
static char *
dup_beginning (const char *proc, pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("%s/%d/stat", proc, (int) pid), *stat = NULL;
  g_auto (GStrv) words = NULL;
  const char *rest;

  if (!g_file_get_contents (path, &stat, NULL, NULL) || (rest = strrchr (stat, ')')) == NULL)
    return NULL;
  words = g_strsplit (rest + 1, " ", -1);
  return g_strv_length (words) > 20 ? g_strdup (words[20]) : NULL;
}

/* “boot:namespace”; NULL where either can't be told. */
static char *
dup_realm (const char *proc)
{
  g_autofree char *boot_path = g_build_filename (proc, "sys", "kernel", "random", "boot_id", NULL), *boot = NULL;
  g_autofree char *space_path = g_build_filename (proc, "self", "ns", "pid", NULL);
  g_autofree char *space = g_file_read_link (space_path, NULL);

  if (space == NULL || !g_file_get_contents (boot_path, &boot, NULL, NULL))
    return NULL;
  return g_strdup_printf ("%s:%s", g_strstrip (boot), space);
}

/**
 * tithe_claimer_new:
 * @proc: (nullable): where the kernel tells of processes, %NULL for /proc
 *
 * Returns: (transfer full): this process, with a serial that it had never before; parts that can't be told are empty
 */
char *
tithe_claimer_new (const char *proc)
{
  static guint64 serial;
  g_autofree char *realm = dup_realm (proc ? proc : "/proc");
  g_autofree char *beginning = dup_beginning (proc ? proc : "/proc", getpid ());

  return g_strdup_printf ("%s/%d/%s/%" G_GUINT64_FORMAT, realm ? realm : "", (int) getpid (),
                          beginning ? beginning : "", __atomic_add_fetch (&serial, 1, __ATOMIC_SEQ_CST));
}

typedef enum
{
  GONE,
  ALIVE,
  UNKNOWN,
} State;

static State
look_at (const char *claimer, const char *proc)
{
  g_auto (GStrv) parts = g_strsplit (claimer, "/", 5);
  g_autofree char *realm = dup_realm (proc), *beginning = NULL;
  guint64 pid;

  if (g_strv_length (parts) != 4 || g_strcmp0 (realm, parts[0]) != 0
      || !g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXINT32, &pid, NULL))
    return UNKNOWN;
  if (kill ((pid_t) pid, 0) != 0 && errno == ESRCH)
    return GONE;
  beginning = dup_beginning (proc, (pid_t) pid);
  if (beginning == NULL || *parts[2] == '\0')
    return UNKNOWN;
  return g_str_equal (beginning, parts[2]) ? ALIVE : GONE;
}

/**
 * tithe_claimer_is_gone:
 * @claimer: of tithe_claimer_new(), or a stranger's
 * @beat: its last sign of life, in seconds since 1970
 * @proc: (nullable): where the kernel tells of processes, %NULL for /proc
 *
 * Who can be looked at is gone when there is a proof of that alone: no process of that number, or one that began at
 * another time. Who can't, on another machine or where processes are hidden, is gone without a sign of life for two
 * minutes; a sign from further in the future is none.
 *
 * Returns: whether the claimer's work may be taken over
 */
gboolean
tithe_claimer_is_gone (const char *claimer, gint64 beat, const char *proc)
{
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const State state = look_at (claimer, proc ? proc : "/proc");

  if (state != UNKNOWN)
    return state == GONE;
  return beat < now - TITHE_CLAIMER_PATIENCE_S || beat > now + TITHE_CLAIMER_PATIENCE_S;
}
