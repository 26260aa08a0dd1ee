/* SPDX-License-Identifier: MIT */
#include "tithe-hierarchy.h"
#include "tithe-floor.h"
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

  pthread_mutex_t mutex; /* guards what follows */
  guint64 *needed;       /* bytes that a class would take that was refused, 0 for every other */
  double *reached;       /* the ratio down to which such a class came, where that was not enough; else 0 */
  guint64 allowed;       /* bytes that there were for it */
};

/* Between two looks at whether the job was cancelled. */
#define ROWS_AT_ONCE 1024
/* From here on near pairs down to a floor take less time than all pairs. */
#define SPARSE_FROM 4000
/* Up to here the way in little memory, whose time grows with the square, takes minutes. */
#define VECTORS_UP_TO 100000
/* Near pairs of a row: with fewer there is no sense in it, and more there need not be room for. */
#define LEAST_PAIRS 8
#define MOST_PAIRS 400

/* How a class is clustered. */
typedef enum
{
  WAY_MATRIX,
  WAY_VECTORS,
  WAY_SPARSE,
} Way;

typedef struct
{
  guint class_index;
  gsize n;
  Way way;
  guint64 bytes;
  guint n_threads;
} Task;

typedef struct
{
  TitheHierarchy *hierarchy;
  TitheEmbedding *embedding;
  TitheClassFunc func;
  gpointer user_data;
  TitheJob *job;
  double floor;

  pthread_mutex_t mutex; /* guards what follows */
  pthread_cond_t freed;
  GArray *tasks; /* of Task, the largest last: taking that one moves no other */
  guint64 free_bytes;
} Schedule;

const TitheWord tithe_engine_words[] = {
  { "auto", TITHE_ENGINE_AUTO, "what is quicker and fits" },
  { "dense", TITHE_ENGINE_DENSE, "all pairs of a class" },
  { "sparse", TITHE_ENGINE_SPARSE, "near pairs of a class, down to a floor" },
  { NULL, 0, NULL },
};

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
  self->needed = g_new0 (guint64, MAX (1, tithe_dataset_get_n_classes (dataset)));
  self->reached = g_new0 (double, MAX (1, tithe_dataset_get_n_classes (dataset)));
  pthread_mutex_init (&self->mutex, NULL);
  return self;
}

/* tithe_hierarchy_ref: (transfer full), from any thread */
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
  g_free (self->needed);
  g_free (self->reached);
  pthread_mutex_destroy (&self->mutex);
  tithe_dataset_unref (self->dataset);
}

/* tithe_hierarchy_unref: (transfer full), from any thread */
void
tithe_hierarchy_unref (TitheHierarchy *self)
{
  g_atomic_rc_box_release_full (self, tithe_hierarchy_clear);
}

/* tithe_hierarchy_get_dataset: (transfer none), whose classes these are */
TitheDataset *
tithe_hierarchy_get_dataset (TitheHierarchy *self)
{
  return self->dataset;
}

/* tithe_hierarchy_get_linkage: of all classes */
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

/* tithe_hierarchy_is_complete: whether every class that has images is known; O(classes) */
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

static int
compare_tasks (gconstpointer a, gconstpointer b)
{
  const Task *x = a, *y = b;

  if (x->n != y->n)
    return x->n < y->n ? -1 : 1;
  return x->class_index > y->class_index ? -1 : 1;
}

/**
 * tithe_hierarchy_get_need:
 * @needed: (out) (optional): bytes that clustering the class would take
 * @allowed: (out) (optional): bytes that there were for it
 *
 * Returns: whether the class was refused because it does not fit in the memory allowed, and is not known since
 */
gboolean
tithe_hierarchy_get_need (TitheHierarchy *self, guint class_index, guint64 *needed, guint64 *allowed)
{
  gboolean refused;

  g_return_val_if_fail (class_index < tithe_dataset_get_n_classes (self->dataset), FALSE);

  pthread_mutex_lock (&self->mutex);
  refused = self->needed[class_index] > 0 && tithe_hierarchy_get_class (self, class_index) == NULL;
  if (needed != NULL)
    *needed = refused ? self->needed[class_index] : 0;
  if (allowed != NULL)
    *allowed = refused ? self->allowed : 0;
  pthread_mutex_unlock (&self->mutex);
  return refused;
}

/**
 * tithe_hierarchy_count_refused:
 *
 * Returns: how many classes tithe_hierarchy_get_need() tells of
 */
guint
tithe_hierarchy_count_refused (TitheHierarchy *self)
{
  guint n = 0;

  for (guint c = 0; c < tithe_dataset_get_n_classes (self->dataset); c++)
    n += tithe_hierarchy_get_need (self, c, NULL, NULL);
  return n;
}

static gboolean
fail_floor (TitheHierarchy *self, guint class_index, GError **error)
{
  g_autofree char *needs = g_format_size_full (self->needed[class_index], G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *has = g_format_size_full (self->allowed, G_FORMAT_SIZE_IEC_UNITS);

  g_set_error (
      error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_FLOOR,
      _("class “%s” comes down to a ratio of %.4f in the %s allowed, and going on to the floor takes about %s: "
         "allow more memory, or ask for a higher floor"),
      tithe_dataset_get_class_name (self->dataset, class_index), self->reached[class_index], has, needs);
  return FALSE;
}

/* Names the refused class that needs the most. */
static gboolean
fail_refused (TitheHierarchy *self, GError **error)
{
  g_autofree char *needs = NULL, *has = g_format_size_full (self->allowed, G_FORMAT_SIZE_IEC_UNITS);
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_refused = tithe_hierarchy_count_refused (self), largest = 0;
  gsize n;

  for (guint c = 1; c < tithe_dataset_get_n_classes (self->dataset); c++)
    if (self->needed[c] > self->needed[largest])
      largest = c;
  if (self->reached[largest] > 0)
    return fail_floor (self, largest, error);
  tithe_dataset_get_class_images (self->dataset, largest, &n);
  needs = g_format_size_full (self->needed[largest], G_FORMAT_SIZE_IEC_UNITS);
  if (self->linkage == TITHE_LINKAGE_COMPLETE)
    g_string_printf (text,
                     ngettext ("class “%s” with %zu image needs %s for complete linkage, and %s are allowed: allow "
                               "more memory, or use average or single linkage, which need little",
                               "class “%s” with %zu images needs %s for complete linkage, and %s are allowed: allow "
                               "more memory, or use average or single linkage, which need little",
                               n),
                     tithe_dataset_get_class_name (self->dataset, largest), n, needs, has);
  else
    g_string_printf (text,
                     ngettext ("class “%s” with %zu image needs %s even in the way that takes little memory, and %s "
                               "are allowed: allow more memory",
                               "class “%s” with %zu images needs %s even in the way that takes little memory, and %s "
                               "are allowed: allow more memory",
                               n),
                     tithe_dataset_get_class_name (self->dataset, largest), n, needs, has);
  if (n_refused > 1)
    /* TRANSLATORS: %s is a sentence about the largest class, such as “class “cat” with 90,000 images needs 30 GB …” */
    g_set_error (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_MEMORY,
                 ngettext ("%s (%u class is too large)", "%s (%u classes are too large)", n_refused), text->str,
                 n_refused);
  else
    g_set_error_literal (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_MEMORY, text->str);
  return FALSE;
}

/* How a class is clustered within @allowed bytes; @task.bytes is more where it can't be. */
static Task
plan_class (TitheHierarchy *self, guint class_index, gsize dim, const TitheClusterOptions *options, guint64 allowed)
{
  Task task = { .class_index = class_index, .way = WAY_MATRIX };
  gboolean may_be_sparse;

  tithe_dataset_get_class_images (self->dataset, class_index, &task.n);
  may_be_sparse = options->engine != TITHE_ENGINE_DENSE && task.n > 1;
  task.bytes = tithe_linkage_matrix_bytes (task.n, dim);
  if (may_be_sparse
      && (options->engine == TITHE_ENGINE_SPARSE || (options->floor > 0 && task.n >= SPARSE_FROM)
          || (task.bytes > allowed && (self->linkage == TITHE_LINKAGE_COMPLETE || task.n > VECTORS_UP_TO))))
    {
      const guint64 least = tithe_linkage_sparse_bytes (task.n, dim, LEAST_PAIRS * task.n);

      task.way = WAY_SPARSE;
      task.bytes = MAX (least, MIN (allowed, tithe_linkage_sparse_bytes (task.n, dim, MOST_PAIRS * task.n)));
    }
  else if (task.bytes > allowed && self->linkage != TITHE_LINKAGE_COMPLETE)
    {
      task.way = WAY_VECTORS;
      task.bytes = tithe_linkage_vectors_bytes (task.n, dim);
    }
  return task;
}

/* Half of the machine's memory where nothing else is said. */
static guint64
resolve_memory (const TitheClusterOptions *options)
{
  guint64 pages = (guint64) MAX (sysconf (_SC_PHYS_PAGES), 1), page_size = (guint64) MAX (sysconf (_SC_PAGESIZE), 1);

  return options->max_memory > 0 ? options->max_memory : pages * page_size / 2 / MAX (options->n_beside, 1);
}

/*
 * One task for each class that is to be clustered, has images, is not known yet and fits; the others are marked as refused, with what they
 * need. Returns the sum of the tasks' work.
 */
static guint64
plan_tasks (TitheHierarchy *self, gsize dim, const TitheClusterOptions *options, guint64 allowed, GArray *tasks)
{
  guint64 work = 0;

  pthread_mutex_lock (&self->mutex);
  self->allowed = allowed;
  for (guint c = 0; c < tithe_dataset_get_n_classes (self->dataset); c++)
    {
      Task task = plan_class (self, c, dim, options, allowed);

      self->needed[c] = 0;
      self->reached[c] = 0;
      if (task.n == 0 || self->classes[c] != NULL || (options->only != NULL && !options->only[c]))
        continue;
      if (task.bytes > allowed)
        {
          self->needed[c] = task.bytes;
          continue;
        }
      g_array_append_val (tasks, task);
      work += (guint64) task.n * task.n;
    }
  pthread_mutex_unlock (&self->mutex);
  g_array_sort (tasks, compare_tasks);
  return work;
}

/**
 * tithe_hierarchy_fits:
 * @embedding: bound to the dataset
 *
 * For a caller that wants all classes or none: tells before any work, and in no time, what tithe_hierarchy_compute()
 * would refuse.
 *
 * Returns: %FALSE with %TITHE_CLUSTER_ERROR_MEMORY where a class would not fit
 */
gboolean
tithe_hierarchy_fits (TitheHierarchy *self, TitheEmbedding *embedding, const TitheClusterOptions *options,
                      GError **error)
{
  g_autoptr (GArray) tasks = g_array_new (FALSE, FALSE, sizeof (Task));

  plan_tasks (self, tithe_embedding_get_dim (embedding), options, resolve_memory (options), tasks);
  return tithe_hierarchy_count_refused (self) == 0 || fail_refused (self, error);
}

/* A class that did not come down to its floor stays unknown, with what it would have taken. */
static void
refuse_floor (TitheHierarchy *self, const Task *task, gsize dim, guint32 n_merges, guint64 n_pairs)
{
  pthread_mutex_lock (&self->mutex);
  self->needed[task->class_index] = MAX (task->bytes + 1, tithe_linkage_sparse_bytes (task->n, dim, n_pairs));
  self->reached[task->class_index] = (double) (task->n - n_merges) / (double) task->n;
  pthread_mutex_unlock (&self->mutex);
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
  guint32 n_merges = (guint32) n - 1;
  guint64 n_pairs = 0;
  gboolean ok, is_down = TRUE;

  for (gsize i = 0; i < n; i += ROWS_AT_ONCE)
    {
      if (tithe_job_is_cancelled (schedule->job))
        return FALSE;
      tithe_embedding_get_rows (schedule->embedding, images + i, MIN (ROWS_AT_ONCE, n - i), rows + i * dim);
    }
  if (task->way == WAY_MATRIX)
    {
      ok = tithe_linkage_from_rows (rows, (guint32) n, dim, self->linkage, merges, buffer, task->n_threads,
                                    schedule->job);
      dissimilarities = tithe_linkage_buffer_get_dissimilarities (buffer);
    }
  else if (task->way == WAY_VECTORS)
    ok = tithe_linkage_from_vectors (rows, (guint32) n, dim, self->linkage, merges, schedule->job);
  else
    ok = tithe_linkage_to_floor (rows, (guint32) n, dim, self->linkage, schedule->floor,
                                 tithe_linkage_sparse_pairs (n, dim, task->bytes), task->n_threads, merges, &n_merges,
                                 &is_down, &n_pairs, schedule->job);
  if (!ok)
    return FALSE;
  if (!is_down)
    {
      refuse_floor (self, task, dim, n_merges, n_pairs);
      return FALSE;
    }
  dendrogram = tithe_dendrogram_new_from_merges (merges, n_merges, (guint32) n);
  if (!tithe_dendrogram_choose (dendrogram, rows, dim, dissimilarities, schedule->job))
    return FALSE;
  tithe_hierarchy_take_class (self, task->class_index, g_steal_pointer (&dendrogram));
  if (schedule->func != NULL)
    schedule->func (task->class_index, schedule->user_data);
  return TRUE;
}

/* The largest task that fits in what is free and what the thread holds already, which grows to it. One that
 * finds none gives back what it holds and waits while others run. */
static gboolean
take_task (Schedule *schedule, Task *task, guint64 *held, TitheLinkageBuffer **buffer)
{
  gboolean found = FALSE;

  pthread_mutex_lock (&schedule->mutex);
  while (!found && schedule->tasks->len > 0 && !tithe_job_is_cancelled (schedule->job))
    {
      for (guint i = schedule->tasks->len; i-- > 0 && !found;)
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
 * Clusters every class that is asked for and not known yet, as many at the same time as there are threads and the memory allows, the
 * largest first. The result does not depend on the number of threads. A class that
 * does not fit in the memory is left out, with tithe_hierarchy_get_need() to tell why from the first moment on, and the
 * others are clustered; another call with more memory makes up for it.
 *
 * Returns: %FALSE with %G_IO_ERROR_CANCELLED, or with %TITHE_CLUSTER_ERROR_MEMORY when every class that fits is finished
 *   and there are others
 */
gboolean
tithe_hierarchy_compute (TitheHierarchy *self, TitheEmbedding *embedding, const TitheClusterOptions *options,
                         TitheClassFunc func, gpointer user_data, TitheJob *job, GError **error)
{
  guint n_threads = tithe_parallel_resolve_threads (options->n_threads);
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  g_autoptr (GArray) tasks = g_array_new (FALSE, FALSE, sizeof (Task));
  Schedule schedule = { self, embedding,      func,           user_data,
                        job,  options->floor, .tasks = tasks, .free_bytes = resolve_memory (options) };

  g_return_val_if_fail (options->linkage == self->linkage, FALSE);

  openblas_set_num_threads (1);
  tithe_job_start (job, _("Clustering"),
                   plan_tasks (self, tithe_embedding_get_dim (embedding), options, schedule.free_bytes, tasks));
  pthread_mutex_init (&schedule.mutex, NULL);
  pthread_cond_init (&schedule.freed, NULL);
  /* What classes leave of the threads helps those that are clustered. */
  for (guint i = 0; i < tasks->len; i++)
    g_array_index (tasks, Task, i).n_threads = MAX (1, n_threads / tasks->len);
  n_threads = MIN (n_threads, MAX (1, tasks->len));
  for (guint i = 1; i < n_threads; i++)
    g_ptr_array_add (threads, g_thread_new ("tithe-cluster", run_tasks, &schedule));
  run_tasks (&schedule);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  pthread_mutex_destroy (&schedule.mutex);
  pthread_cond_destroy (&schedule.freed);
  if (!tithe_job_check (job, error))
    return FALSE;
  return tithe_hierarchy_count_refused (self) == 0 || fail_refused (self, error);
}
