/* SPDX-License-Identifier: MIT */
#include "tithe-parallel.h"

#include <pthread.h>

typedef struct
{
  pthread_mutex_t mutex;
  gsize next; /* guarded by mutex */
  gsize n_items;
  gsize chunk;
  TitheParallelFunc func;
  gpointer user_data;
  TitheJob *job; /* (nullable): this loop's part, which no one else can advance */
} Loop;

/**
 * tithe_parallel_resolve_threads:
 * @wanted: a number of threads, or 0 for one for each processor
 *
 * Returns: 1 to 256
 */
guint
tithe_parallel_resolve_threads (int wanted)
{
  return wanted > 0 ? (guint) MIN (wanted, 256) : CLAMP (g_get_num_processors (), 1u, 256u);
}

static gpointer
run_loop (gpointer data)
{
  Loop *loop = data;

  while (!tithe_job_is_cancelled (loop->job))
    {
      gsize begin, end;

      pthread_mutex_lock (&loop->mutex);
      begin = loop->next;
      end = begin + MIN (loop->chunk, loop->n_items - begin);
      loop->next = end;
      pthread_mutex_unlock (&loop->mutex);
      if (begin == end)
        break;
      loop->func (begin, end, loop->user_data);
      tithe_job_advance (loop->job, end - begin);
    }
  return NULL;
}

/**
 * tithe_parallel_for:
 * @n_threads: threads to use, the calling one included
 * @n_items: length of the range
 * @chunk: items handed to @func at once, at least 1
 * @func: called for [begin, end), from several threads at the same time
 * @job: (nullable): advanced by one for each item, asked for cancellation between chunks
 *
 * Every item is handed out once. The loop counts as a part of @job, so that @func neither needs to nor can advance it.
 *
 * Returns: %FALSE where the job was cancelled, maybe before every item was done
 */
gboolean
tithe_parallel_for (guint n_threads, gsize n_items, gsize chunk, TitheParallelFunc func, gpointer user_data,
                    TitheJob *job)
{
  g_autoptr (TitheJob) part = job ? tithe_job_new_part (job, n_items) : NULL;
  Loop loop = { .n_items = n_items, .chunk = MAX (chunk, 1), .func = func, .user_data = user_data, .job = part };
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();

  pthread_mutex_init (&loop.mutex, NULL);
  for (guint i = 1; i < n_threads && i < n_items / loop.chunk + (n_items % loop.chunk > 0); i++)
    g_ptr_array_add (threads, g_thread_new ("tithe-worker", run_loop, &loop));
  run_loop (&loop);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  pthread_mutex_destroy (&loop.mutex);
  return !tithe_job_is_cancelled (job);
}
