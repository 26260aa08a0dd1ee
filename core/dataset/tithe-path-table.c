/* SPDX-License-Identifier: MIT */
#include "tithe-path-table.h"

#include <string.h>

#define FIRST_SLOTS 64
#define ODD G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

/* Open addressing with linear probing. A slot is a path's hash above its number plus one; 0 is an empty one. */
struct _TithePathTable
{
  guint64 *slots;
  gsize n_slots; /* a power of two */
  gsize n_taken; /* at most three quarters of them */
  guint64 seed;  /* so that nobody can write a list whose paths all collide */
};

/* tithe_path_table_new: (transfer full), without paths */
TithePathTable *
tithe_path_table_new (void)
{
  TithePathTable *self = g_new0 (TithePathTable, 1);

  self->n_slots = FIRST_SLOTS;
  self->slots = g_new0 (guint64, self->n_slots);
  self->seed = (guint64) g_random_int () << 32 | g_random_int ();
  return self;
}

/* tithe_path_table_free: the paths excepted */
void
tithe_path_table_free (TithePathTable *self)
{
  g_free (self->slots);
  g_free (self);
}

/* tithe_path_table_get_size: bytes that it takes */
gsize
tithe_path_table_get_size (TithePathTable *self)
{
  return sizeof *self + self->n_slots * sizeof *self->slots;
}

static guint64
mix (guint64 hash, guint64 word)
{
  hash = (hash ^ word) * ODD;
  return hash ^ hash >> 32;
}

static guint32
hash_path (const char *path, guint64 seed)
{
  gsize length = strlen (path);
  guint64 hash = mix (seed, length), word;

  for (; length >= sizeof word; path += sizeof word, length -= sizeof word)
    {
      memcpy (&word, path, sizeof word);
      hash = mix (hash, word);
    }
  word = 0;
  memcpy (&word, path, length);
  return (guint32) (mix (mix (hash, word), 0) >> 32);
}

/* Hashes are in the slots: no path is looked at. */
static void
grow (TithePathTable *self)
{
  const gsize n_slots = 2 * self->n_slots, mask = n_slots - 1;
  guint64 *slots = g_new0 (guint64, n_slots);

  for (gsize i = 0; i < self->n_slots; i++)
    if (self->slots[i] != 0)
      {
        gsize at = (gsize) (self->slots[i] >> 32) & mask;

        while (slots[at] != 0)
          at = (at + 1) & mask;
        slots[at] = self->slots[i];
      }
  g_free (self->slots);
  self->slots = slots;
  self->n_slots = n_slots;
}

/**
 * tithe_path_table_add:
 * @paths: all paths so far, that of @number included
 * @offsets: where each begins in @paths
 * @number: which one to add, below %G_MAXUINT32
 * @first: (out): where it is not new, the number of the one that was added
 *
 * Returns: %FALSE where an equal path was added before
 */
gboolean
tithe_path_table_add (TithePathTable *self, const char *paths, const guint64 *offsets, guint32 number, guint32 *first)
{
  const char *path = paths + offsets[number];
  const guint64 hash = hash_path (path, self->seed);
  gsize at;

  if (4 * (self->n_taken + 1) > 3 * self->n_slots)
    grow (self);
  for (at = (gsize) hash & (self->n_slots - 1); self->slots[at] != 0; at = (at + 1) & (self->n_slots - 1))
    {
      const guint32 other = (guint32) self->slots[at] - 1;

      if (self->slots[at] >> 32 == hash && strcmp (paths + offsets[other], path) == 0)
        {
          *first = other;
          return FALSE;
        }
    }
  self->slots[at] = hash << 32 | (number + 1);
  self->n_taken++;
  return TRUE;
}
