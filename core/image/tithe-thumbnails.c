/* SPDX-License-Identifier: MIT */
#include "tithe-thumbnails.h"

#include <pthread.h>

#define MAX_THREADS 4
/* What an entry takes besides its pixels: hash table, list link, headers of the allocations. */
#define ENTRY_BYTES 160

typedef struct
{
  guint32 image;
  guint edge;          /* that it was decoded for */
  TithePixels *pixels; /* NULL where it failed */
  char *failure;
  GList link; /* in recent */
} Entry;

/* Shared by the threads and the cache, whichever lives longest. */
typedef struct
{
  TitheThumbnailLoad load;
  gpointer source;
  GDestroyNotify destroy;
  GMainContext *context;

  pthread_mutex_t mutex; /* guards what follows */
  pthread_cond_t changed;
  guint n_refs;
  gboolean stopped;
  guint edge;
  GArray *wanted; /* guint32, the most urgent first */
  guint next;     /* in wanted: those before it are taken */
  guint32 in_work[MAX_THREADS];
  GQueue done;       /* of Entry, on their way to the cache */
  GSource *delivery; /* scheduled, or NULL */
  TitheThumbnails *cache;
} Shared;

struct _TitheThumbnails
{
  Shared *shared;
  GHashTable *entries; /* image to Entry */
  GQueue recent;       /* of Entry, the most recently used first */
  gsize bytes, max_bytes;
  guint edge;
  TitheThumbnailFunc func;
  gpointer user_data;
};

static void
entry_free (Entry *entry)
{
  g_clear_pointer (&entry->pixels, tithe_pixels_unref);
  g_free (entry->failure);
  g_free (entry);
}

static gsize
entry_bytes (const Entry *entry)
{
  return ENTRY_BYTES + (entry->pixels ? tithe_pixels_get_size (entry->pixels) : 0);
}

static Shared *
shared_ref (Shared *shared)
{
  pthread_mutex_lock (&shared->mutex);
  shared->n_refs++;
  pthread_mutex_unlock (&shared->mutex);
  return shared;
}

static void
shared_unref (Shared *shared)
{
  gboolean last;

  pthread_mutex_lock (&shared->mutex);
  last = --shared->n_refs == 0;
  pthread_mutex_unlock (&shared->mutex);
  if (!last)
    return;
  g_queue_clear_full (&shared->done, (GDestroyNotify) entry_free);
  g_array_unref (shared->wanted);
  g_main_context_unref (shared->context);
  pthread_mutex_destroy (&shared->mutex);
  pthread_cond_destroy (&shared->changed);
  if (shared->destroy != NULL)
    shared->destroy (shared->source);
  g_free (shared);
}

static void
drop (TitheThumbnails *self, Entry *entry)
{
  self->bytes -= entry_bytes (entry);
  g_queue_unlink (&self->recent, &entry->link);
  g_hash_table_remove (self->entries, GUINT_TO_POINTER (entry->image));
  entry_free (entry);
}

static void
shrink (TitheThumbnails *self)
{
  while (self->bytes > self->max_bytes && self->recent.length > 1)
    drop (self, g_queue_peek_tail (&self->recent));
}

static void
take (TitheThumbnails *self, Entry *entry)
{
  Entry *old = g_hash_table_lookup (self->entries, GUINT_TO_POINTER (entry->image));

  if (old != NULL)
    drop (self, old);
  entry->link.data = entry;
  g_queue_push_head_link (&self->recent, &entry->link);
  g_hash_table_insert (self->entries, GUINT_TO_POINTER (entry->image), entry);
  self->bytes += entry_bytes (entry);
  shrink (self);
}

static gboolean
deliver (gpointer data)
{
  Shared *shared = data;
  TitheThumbnails *self;
  GQueue done;

  pthread_mutex_lock (&shared->mutex);
  self = shared->cache;
  done = shared->done;
  g_queue_init (&shared->done);
  g_clear_pointer (&shared->delivery, g_source_unref);
  pthread_mutex_unlock (&shared->mutex);

  if (self == NULL)
    {
      g_queue_clear_full (&done, (GDestroyNotify) entry_free);
      return G_SOURCE_REMOVE;
    }
  for (Entry *entry; (entry = g_queue_pop_head (&done)) != NULL;)
    take (self, entry);
  if (self->func != NULL)
    self->func (self->user_data);
  return G_SOURCE_REMOVE;
}

/* With the mutex held. */
static void
schedule_delivery (Shared *shared)
{
  if (shared->delivery != NULL || shared->stopped)
    return;
  shared->delivery = g_idle_source_new ();
  g_source_set_priority (shared->delivery, G_PRIORITY_DEFAULT);
  shared->n_refs++;
  g_source_set_callback (shared->delivery, deliver, shared, (GDestroyNotify) shared_unref);
  g_source_attach (shared->delivery, shared->context);
}

typedef struct
{
  Shared *shared;
  guint number;
} Worker;

/* With the mutex held: the next image that nobody works on. */
static gboolean
next_wanted (Shared *shared, guint32 *image)
{
  while (shared->next < shared->wanted->len)
    {
      gboolean taken = FALSE;

      *image = g_array_index (shared->wanted, guint32, shared->next++);
      for (guint i = 0; i < MAX_THREADS; i++)
        taken |= shared->in_work[i] == *image;
      if (!taken)
        return TRUE;
    }
  return FALSE;
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  Shared *shared = worker->shared;
  guint32 image;

  pthread_mutex_lock (&shared->mutex);
  while (!shared->stopped)
    {
      g_autoptr (GError) error = NULL;
      Entry *entry;
      guint edge;

      if (!next_wanted (shared, &image))
        {
          pthread_cond_wait (&shared->changed, &shared->mutex);
          continue;
        }
      shared->in_work[worker->number] = image;
      edge = shared->edge;
      pthread_mutex_unlock (&shared->mutex);

      entry = g_new0 (Entry, 1);
      entry->image = image;
      entry->edge = edge;
      entry->pixels = shared->load (shared->source, image, edge, &error);
      if (entry->pixels == NULL)
        entry->failure = g_strdup (error->message);

      pthread_mutex_lock (&shared->mutex);
      shared->in_work[worker->number] = G_MAXUINT32;
      g_queue_push_tail (&shared->done, entry);
      schedule_delivery (shared);
    }
  pthread_mutex_unlock (&shared->mutex);
  shared_unref (shared);
  g_free (worker);
  return NULL;
}

/**
 * tithe_thumbnails_new:
 * @load: decodes one picture, shrunk to at most max_edge; called in several threads at once
 * @source: (transfer full): what @load reads from
 * @destroy: for @source, called in any thread when the last picture in work is finished
 * @max_bytes: for pixels and bookkeeping; one picture is kept even where it alone is larger
 *
 * Returns: (transfer full): an empty cache
 */
TitheThumbnails *
tithe_thumbnails_new (TitheThumbnailLoad load, gpointer source, GDestroyNotify destroy, gsize max_bytes)
{
  TitheThumbnails *self = g_new0 (TitheThumbnails, 1);
  Shared *shared = g_new0 (Shared, 1);

  self->shared = shared;
  self->entries = g_hash_table_new (NULL, NULL);
  self->max_bytes = max_bytes;
  self->edge = 96;
  shared->load = load;
  shared->source = source;
  shared->destroy = destroy;
  shared->edge = self->edge;
  shared->context = g_main_context_ref_thread_default ();
  shared->wanted = g_array_new (FALSE, FALSE, sizeof (guint32));
  shared->cache = self;
  shared->n_refs = 1;
  pthread_mutex_init (&shared->mutex, NULL);
  pthread_cond_init (&shared->changed, NULL);
  for (guint i = 0; i < MAX_THREADS; i++)
    shared->in_work[i] = G_MAXUINT32;
  for (guint i = 0; i < MIN (MAX_THREADS, g_get_num_processors ()); i++)
    {
      Worker *worker = g_new (Worker, 1);

      *worker = (Worker){ shared_ref (shared), i };
      g_thread_unref (g_thread_new ("tithe-thumbnails", work, worker));
    }
  return self;
}

/**
 * tithe_thumbnails_free:
 *
 * Does not wait: a thread in the middle of a picture ends when it is done with it.
 */
void
tithe_thumbnails_free (TitheThumbnails *self)
{
  Shared *shared = self->shared;

  pthread_mutex_lock (&shared->mutex);
  shared->stopped = TRUE;
  shared->cache = NULL;
  pthread_cond_broadcast (&shared->changed);
  pthread_mutex_unlock (&shared->mutex);
  shared_unref (shared);
  g_hash_table_unref (self->entries);
  while (!g_queue_is_empty (&self->recent))
    {
      Entry *entry = g_queue_pop_head_link (&self->recent)->data;

      entry_free (entry);
    }
  g_free (self);
}

/**
 * tithe_thumbnails_set_func:
 * @func: (nullable): called in the main context after pictures arrived
 */
void
tithe_thumbnails_set_func (TitheThumbnails *self, TitheThumbnailFunc func, gpointer user_data)
{
  self->func = func;
  self->user_data = user_data;
}

/**
 * tithe_thumbnails_set_edge:
 * @max_edge: pixels of the longer edge that pictures are shrunk to from now on
 *
 * Smaller ones that are there already stand in until they are wanted again and decoded anew.
 */
void
tithe_thumbnails_set_edge (TitheThumbnails *self, guint max_edge)
{
  self->edge = max_edge;
  pthread_mutex_lock (&self->shared->mutex);
  self->shared->edge = max_edge;
  pthread_mutex_unlock (&self->shared->mutex);
}

static gboolean
is_good (TitheThumbnails *self, guint32 image)
{
  const Entry *entry = g_hash_table_lookup (self->entries, GUINT_TO_POINTER (image));

  return entry != NULL
         && (entry->pixels == NULL || entry->edge >= self->edge
             || entry->pixels->width == entry->pixels->original_width);
}

/**
 * tithe_thumbnails_set_max_bytes:
 *
 * Gives the cache another size; what no longer fits goes.
 */
void
tithe_thumbnails_set_max_bytes (TitheThumbnails *self, gsize max_bytes)
{
  self->max_bytes = max_bytes;
  shrink (self);
}

/**
 * tithe_thumbnails_want:
 * @images: the most urgent first
 *
 * Replaces what was wanted before: what is no longer wanted and not begun is never decoded.
 */
void
tithe_thumbnails_want (TitheThumbnails *self, const guint32 *images, gsize n)
{
  Shared *shared = self->shared;

  pthread_mutex_lock (&shared->mutex);
  g_array_set_size (shared->wanted, 0);
  shared->next = 0;
  for (gsize i = 0; i < n; i++)
    if (!is_good (self, images[i]))
      g_array_append_val (shared->wanted, images[i]);
  if (shared->wanted->len > 0)
    pthread_cond_broadcast (&shared->changed);
  pthread_mutex_unlock (&shared->mutex);
}

/**
 * tithe_thumbnails_get:
 * @failure: (out) (nullable) (transfer none): why the picture can't be shown, %NULL where it can
 *
 * Returns: (transfer none) (nullable): the picture; %NULL while it is not decoded, and where it can't be
 */
TithePixels *
tithe_thumbnails_get (TitheThumbnails *self, guint32 image, const char **failure)
{
  Entry *entry = g_hash_table_lookup (self->entries, GUINT_TO_POINTER (image));

  *failure = entry ? entry->failure : NULL;
  if (entry == NULL)
    return NULL;
  g_queue_unlink (&self->recent, &entry->link);
  g_queue_push_head_link (&self->recent, &entry->link);
  return entry->pixels;
}

/* tithe_thumbnails_get_bytes: of pixels and bookkeeping, at most what tithe_thumbnails_set_max_bytes() allows but for one picture */
gsize
tithe_thumbnails_get_bytes (TitheThumbnails *self)
{
  return self->bytes;
}
