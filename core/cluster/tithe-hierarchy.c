/* SPDX-License-Identifier: MIT */
#include "tithe-hierarchy.h"
#include "base/tithe-parallel.h"

#include <pthread.h>
#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <unistd.h>

G_DEFINE_QUARK (tithe-cluster-error-quark, tithe_cluster_error)

struct _TitheHierarchy
{
  TitheDataset *dataset;
  TitheLinkage linkage;
  TitheDendrogram **classes; /* set once each, atomically; NULL while not known, and for classes without images */
};

/* How a class is clustered. */
/* Between two looks at whether the job was cancelled. */
#define ROWS_AT_ONCE 1024

typedef enum
{
  WAY_MATRIX,
  WAY_VECTORS,
} Way;

typedef struct
{
  guint class_index;
  gsize n;
  Way way;
  guint64 bytes;
} Task;

typedef struct
{
  TitheHierarchy *hierarchy;
  TitheEmbedding *embedding;
  TitheClassFunc func;
  gpointer user_data;
  TitheJob *job;

  pthread_mutex_t mutex; /* guards what follows */
  pthread_cond_t freed;
  GArray *tasks; /* of Task, the largest first */
  guint64 free_bytes;
} Schedule;

/**
 * tithe_hierarchy_new:
 *
 * Returns: (transfer full): a hierarchy of which no class is known yet
 */
TitheHierarchy *
tithe_hierarchy_new (TitheDataset *dataset, TitheLinkage linkage)
{
  TitheHierarchy *self = g_atomic_rc_box_new0 (TitheHierarchy);

  self->dataset = tithe_dataset_ref (dataset);
  self->linkage = linkage;
  self->classes = g_new0 (TitheDendrogram *, MAX (1, tithe_dataset_get_n_classes (dataset)));
  return self;
}

TitheHierarchy *
tithe_hierarchy_ref (TitheHierarchy *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tithe_hierarchy_clear (gpointer data)
{
  TitheHierarchy *self = data;

  for (guint c = 0; c < tithe_dataset_get_n_classes (self->dataset); c++)
    g_clear_pointer (&self->classes[c], tithe_dendrogram_free);
  g_free (self->classes);
  tithe_dataset_unref (self->dataset);
}

void
tithe_hierarchy_unref (TitheHierarchy *self)
{
  g_atomic_rc_box_release_full (self, tithe_hierarchy_clear);
}

TitheDataset *
tithe_hierarchy_get_dataset (TitheHierarchy *self)
{
  return self->dataset;
}

TitheLinkage
tithe_hierarchy_get_linkage (TitheHierarchy *self)
{
  return self->linkage;
}

/**
 * tithe_hierarchy_get_class:
 *
 * Returns: (transfer none) (nullable): the dendrogram of a class; %NULL while it is not finished, and for a class
 *   without images. Leaf i is image i of tithe_dataset_get_class_images().
 */
const TitheDendrogram *
tithe_hierarchy_get_class (TitheHierarchy *self, guint class_index)
{
  return g_atomic_pointer_get (&self->classes[class_index]);
}

/**
 * tithe_hierarchy_take_class:
 * @dendrogram: (transfer full): with as many leaves as the class has images
 */
void
tithe_hierarchy_take_class (TitheHierarchy *self, guint class_index, TitheDendrogram *dendrogram)
{
  g_return_if_fail (class_index < tithe_dataset_get_n_classes (self->dataset));
  g_return_if_fail (self->classes[class_index] == NULL);
  g_atomic_pointer_set (&self->classes[class_index], dendrogram);
}

gboolean
tithe_hierarchy_is_complete (TitheHierarchy *self)
{
  for (guint c = 0; c < tithe_dataset_get_n_classes (self->dataset); c++)
    {
      gsize n;

      tithe_dataset_get_class_images (self->dataset, c, &n);
      if (n > 0 && tithe_hierarchy_get_class (self, c) == NULL)
        return FALSE;
    }
  return TRUE;
}

/**
 * tithe_hierarchy_default_memory:
 *
 * Returns: half of the machine's memory, in bytes
 */
guint64
tithe_hierarchy_default_memory (void)
{
  return (guint64) MAX (sysconf (_SC_PHYS_PAGES), 1) * (guint64) MAX (sysconf (_SC_PAGESIZE), 1) / 2;
}

static int
compare_tasks (gconstpointer a, gconstpointer b)
{
  const Task *x = a, *y = b;

  if (x->n != y->n)
    return x->n > y->n ? -1 : 1;
  return x->class_index < y->class_index ? -1 : 1;
}

static gboolean
refuse_class (TitheHierarchy *self, guint class_index, gsize n, guint64 needed, guint64 allowed, GError **error)
{
  g_autofree char *needs = g_format_size_full (needed, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *has = g_format_size_full (allowed, G_FORMAT_SIZE_IEC_UNITS);

  if (self->linkage == TITHE_LINKAGE_COMPLETE)
    g_set_error (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_MEMORY,
                 _("class “%s” with %zu"
                    " images needs %s for complete linkage, and %s are allowed: allow "
                    "more (--max-memory), or use average or single linkage, which need little"),
                 tithe_dataset_get_class_name (self->dataset, class_index), n, needs, has);
  else
    g_set_error (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_MEMORY,
                 _("class “%s” with %zu"
                    " images needs %s even in the way that takes little memory, and %s "
                    "are allowed: allow more (--max-memory)"),
                 tithe_dataset_get_class_name (self->dataset, class_index), n, needs, has);
  return FALSE;
}

/* One task for each class that has images and is not known yet; fails where a class can't fit. */
static gboolean
plan_tasks (Schedule *schedule, guint64 *work, GError **error)
{
  TitheHierarchy *self = schedule->hierarchy;
  gsize dim = tithe_embedding_get_dim (schedule->embedding);

  *work = 0;
  for (guint c = 0; c < tithe_dataset_get_n_classes (self->dataset); c++)
    {
      Task task = { .class_index = c, .way = WAY_MATRIX };

      tithe_dataset_get_class_images (self->dataset, c, &task.n);
      if (task.n == 0 || self->classes[c] != NULL)
        continue;
      task.bytes = tithe_linkage_matrix_bytes (task.n, dim);
      if (task.bytes > schedule->free_bytes && self->linkage != TITHE_LINKAGE_COMPLETE)
        {
          task.way = WAY_VECTORS;
          task.bytes = tithe_linkage_vectors_bytes (task.n, dim);
        }
      if (task.bytes > schedule->free_bytes)
        return refuse_class (self, c, task.n, task.bytes, schedule->free_bytes, error);
      g_array_append_val (schedule->tasks, task);
      *work += (guint64) task.n * task.n;
    }
  g_array_sort (schedule->tasks, compare_tasks);
  return TRUE;
}

static gboolean
cluster_class (Schedule *schedule, const Task *task, TitheLinkageBuffer *buffer)
{
  TitheHierarchy *self = schedule->hierarchy;
  gsize dim = tithe_embedding_get_dim (schedule->embedding), n;
  const guint32 *images = tithe_dataset_get_class_images (self->dataset, task->class_index, &n);
  g_autofree float *rows = g_new (float, n *dim);
  g_autofree TitheMerge *merges = g_new (TitheMerge, n);
  const float *dissimilarities = NULL;
  g_autoptr (TitheDendrogram) dendrogram = NULL;
  gboolean ok;

  for (gsize i = 0; i < n; i += ROWS_AT_ONCE)
    {
      if (tithe_job_is_cancelled (schedule->job))
        return FALSE;
      tithe_embedding_get_rows (schedule->embedding, images + i, MIN (ROWS_AT_ONCE, n - i), rows + i * dim);
    }
  if (task->way == WAY_MATRIX)
    {
      ok = tithe_linkage_from_rows (rows, (guint32) n, dim, self->linkage, merges, buffer, schedule->job);
      dissimilarities = tithe_linkage_buffer_get_dissimilarities (buffer);
    }
  else
    ok = tithe_linkage_from_vectors (rows, (guint32) n, dim, self->linkage, merges, schedule->job);
  if (!ok)
    return FALSE;
  dendrogram = tithe_dendrogram_new_from_merges (merges, (guint32) n);
  if (!tithe_dendrogram_choose (dendrogram, rows, dim, dissimilarities, schedule->job))
    return FALSE;
  tithe_hierarchy_take_class (self, task->class_index, g_steal_pointer (&dendrogram));
  if (schedule->func != NULL)
    schedule->func (task->class_index, schedule->user_data);
  return TRUE;
}

/* The first task, in order, that fits in what is free and what the thread holds already, which grows to it. One that
 * finds none gives back what it holds and waits while others run. */
static gboolean
take_task (Schedule *schedule, Task *task, guint64 *held, TitheLinkageBuffer **buffer)
{
  gboolean found = FALSE;

  pthread_mutex_lock (&schedule->mutex);
  while (!found && schedule->tasks->len > 0 && !tithe_job_is_cancelled (schedule->job))
    {
      for (guint i = 0; i < schedule->tasks->len && !found; i++)
        {
          *task = g_array_index (schedule->tasks, Task, i);
          if (task->bytes > schedule->free_bytes + *held)
            continue;
          found = TRUE;
          schedule->free_bytes -= MAX (task->bytes, *held) - *held;
          *held = MAX (task->bytes, *held);
          g_array_remove_index (schedule->tasks, i);
        }
      if (!found && *held > 0)
        {
          tithe_linkage_buffer_free (*buffer);
          *buffer = tithe_linkage_buffer_new ();
          schedule->free_bytes += *held;
          *held = 0;
          pthread_cond_broadcast (&schedule->freed);
        }
      else if (!found)
        pthread_cond_wait (&schedule->freed, &schedule->mutex);
    }
  if (!found)
    schedule->free_bytes += *held;
  pthread_cond_broadcast (&schedule->freed);
  pthread_mutex_unlock (&schedule->mutex);
  return found;
}

static gpointer
run_tasks (gpointer data)
{
  Schedule *schedule = data;
  TitheLinkageBuffer *buffer = tithe_linkage_buffer_new ();
  guint64 held = 0;
  Task task;

  while (take_task (schedule, &task, &held, &buffer))
    cluster_class (schedule, &task, buffer);
  tithe_linkage_buffer_free (buffer);
  return NULL;
}

/**
 * tithe_hierarchy_compute:
 * @embedding: bound to the dataset
 * @func: (nullable): called in a worker's thread for each class that is finished
 * @job: (nullable): progress; cancelling ends it within a few milliseconds, finished classes stay
 *
 * Clusters every class that is not known yet, as many at the same time as there are threads and the memory allows, the
 * largest first. Each class is clustered by one thread, so the result does not depend on their number.
 *
 * Returns: %FALSE with %TITHE_CLUSTER_ERROR_MEMORY before anything was done, or %G_IO_ERROR_CANCELLED
 */
gboolean
tithe_hierarchy_compute (TitheHierarchy *self, TitheEmbedding *embedding, const TitheClusterOptions *options,
                         TitheClassFunc func, gpointer user_data, TitheJob *job, GError **error)
{
  guint n_threads = tithe_parallel_resolve_threads (options->n_threads);
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  Schedule schedule = { .hierarchy = self, .embedding = embedding, .func = func, .user_data = user_data, .job = job };
  guint64 work;
  gboolean ok;

  g_return_val_if_fail (options->linkage == self->linkage, FALSE);

  schedule.free_bytes = options->max_memory > 0 ? options->max_memory : tithe_hierarchy_default_memory ();
  schedule.tasks = g_array_new (FALSE, FALSE, sizeof (Task));
  pthread_mutex_init (&schedule.mutex, NULL);
  pthread_cond_init (&schedule.freed, NULL);
  ok = plan_tasks (&schedule, &work, error);
  if (ok)
    {
      openblas_set_num_threads (1);
      tithe_job_start (job, _("Clustering"), work);
      n_threads = MIN (n_threads, MAX (1, schedule.tasks->len));
      for (guint i = 1; i < n_threads; i++)
        g_ptr_array_add (threads, g_thread_new ("tithe-cluster", run_tasks, &schedule));
      run_tasks (&schedule);
      for (guint i = 0; i < threads->len; i++)
        g_thread_join (g_ptr_array_index (threads, i));
      ok = tithe_job_check (job, error);
    }
  g_array_unref (schedule.tasks);
  pthread_mutex_destroy (&schedule.mutex);
  pthread_cond_destroy (&schedule.freed);
  return ok;
}
