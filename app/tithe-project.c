/* SPDX-License-Identifier: MIT */
#include "tithe-project.h"

#include "curate/tithe-session.h"
#include "demo/tithe-demo.h"
#include "embedding/tithe-quick.h"
#ifdef TITHE_HAVE_LEARN
#  include "learn/tithe-learn.h"
#endif
#include "tithe-parallel.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define DEMO_IMAGES 2000
/* In the names of what was learned: another recipe needs another one. */
#define LEARN_SALT "learn-2"
#define LEARN_EPOCHS 12
#define LEARN_NICE 10

struct _TitheProject
{
  GObject parent_instance;

  guint serial; /* of the newest opening: news of older ones are dropped */
  TitheJob *job;
  TitheHierarchy *hierarchy;
  TitheEmbedding *embedding; /* NULL where a session was opened and nothing needed it yet */
  char *session;             /* path; NULL until it is saved */
  gboolean quick;
  gsize dim;

  TitheJob *learning;
  char *learned; /* path of an embedding that was learned from the dataset, for a switch */
  struct
  {
    guint number; /* from 1; 0 before the first */
    double loss, accuracy, test_accuracy, images_per_second;
  } epoch;
};

enum
{
  BUSY,
  OPENED,
  CLASS_FINISHED,
  FINISHED,
  FAILED,
  LEARNING,
  EPOCH,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheProject, tithe_project, G_TYPE_OBJECT)

/* One opening, on its way through the thread. */
typedef struct
{
  TitheProject *project;
  guint serial;
  char *path;
  char *embeddings; /* nullable */
  gboolean demo;
  TitheJob *job;
} Opening;

/* What the thread tells the main thread. */
typedef struct
{
  TitheProject *project;
  guint serial;
  guint signal;
  TitheHierarchy *hierarchy;
  TitheEmbedding *embedding;
  char *session;
  gboolean quick, ended;
  gsize dim;
  char *message;
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_object_unref (news->project);
  g_clear_pointer (&news->hierarchy, tithe_hierarchy_unref);
  g_clear_pointer (&news->embedding, tithe_embedding_unref);
  g_free (news->session);
  g_free (news->message);
  g_free (news);
}

static void
adopt (TitheProject *self, News *news)
{
  g_clear_pointer (&self->hierarchy, tithe_hierarchy_unref);
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  g_clear_pointer (&self->session, g_free);
  self->hierarchy = g_steal_pointer (&news->hierarchy);
  self->embedding = g_steal_pointer (&news->embedding);
  self->quick = news->quick;
  self->dim = news->dim;
  /* What is learned belongs to what was open. */
  if (self->learning != NULL)
    tithe_job_cancel (self->learning);
  g_clear_pointer (&self->learning, tithe_job_unref);
  g_clear_pointer (&self->learned, g_free);
  g_signal_emit (self, signals[LEARNING], 0);
}

static gboolean
receive (gpointer data)
{
  News *news = data;
  TitheProject *self = news->project;

  if (news->serial != self->serial)
    return G_SOURCE_REMOVE;
  if (news->hierarchy != NULL)
    adopt (self, news);
  if (news->session != NULL)
    {
      g_free (self->session);
      self->session = g_steal_pointer (&news->session);
    }
  if (news->ended)
    {
      g_clear_pointer (&self->job, tithe_job_unref);
      g_signal_emit (self, signals[BUSY], 0);
    }
  if (news->signal == FAILED)
    g_signal_emit (self, signals[FAILED], 0, news->message);
  else if (news->signal != BUSY)
    g_signal_emit (self, signals[news->signal], 0);
  return G_SOURCE_REMOVE;
}

static News *
news_new (Opening *opening, guint signal)
{
  News *news = g_new0 (News, 1);

  news->project = g_object_ref (opening->project);
  news->serial = opening->serial;
  news->signal = signal;
  return news;
}

static void
send_news (News *news)
{
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, receive, news, news_free);
}

static void
opening_free (Opening *opening)
{
  News *last = news_new (opening, BUSY);

  /* The last reference to the project is given up in the main thread. */
  send_news (last);
  g_object_unref (opening->project);
  tithe_job_unref (opening->job);
  g_free (opening->path);
  g_free (opening->embeddings);
  g_free (opening);
}

/* --- where sessions are kept --- */

static char *
session_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "tithe", "sessions", NULL);
}

/* A name for people and a part of a hash for machines, so that the same inputs find the same file again. */
static char *
session_file (TitheDataset *dataset, const char *salt, const char *ending)
{
  g_autofree char *folder = session_folder ();
  g_autofree char *key = g_strconcat (tithe_dataset_get_locator (dataset), "\n",
                                      tithe_dataset_get_fingerprint (dataset), "\n", salt, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);
  g_autofree char *name = g_strdup (tithe_dataset_get_name (dataset));
  g_autofree char *file = NULL;

  g_strdelimit (name, "/\\", '-');
  file = g_strdup_printf ("%.40s-%.12s%s", name, hash, ending);
  return g_build_filename (folder, file, NULL);
}

static gboolean
make_folder (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), _("cannot make the folder “%s”: %s"), folder,
               g_strerror (errno));
  return FALSE;
}

/* --- the thread --- */

/* What was learned from the dataset before, or the quick descriptor. */
static TitheEmbedding *
find_embedding (Opening *opening, TitheDataset *dataset, GError **error)
{
  g_autofree char *learned = session_file (dataset, LEARN_SALT, ".npy");
  g_autofree char *path = session_file (dataset, "quick-1", ".quick.npy");
  g_autoptr (GBytes) rows = NULL;
  g_autofree char *folder = session_folder ();
  gsize dim;

  if (g_file_test (learned, G_FILE_TEST_EXISTS))
    return tithe_embedding_open (learned, NULL, error);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      rows = tithe_quick_embed (dataset, tithe_parallel_resolve_threads (0), &dim, opening->job, error);
      if (rows == NULL || !make_folder (folder, error) || !tithe_quick_write (rows, dim, path, error))
        return NULL;
    }
  return tithe_embedding_open (path, NULL, error);
}

static void
on_class_finished (guint class_index, gpointer user_data)
{
  send_news (news_new (user_data, CLASS_FINISHED));
}

static void
announce (Opening *opening, TitheHierarchy *hierarchy, TitheEmbedding *embedding, gboolean quick, gsize dim)
{
  News *news = news_new (opening, OPENED);

  news->hierarchy = tithe_hierarchy_ref (hierarchy);
  news->embedding = embedding ? tithe_embedding_ref (embedding) : NULL;
  news->quick = quick;
  news->dim = dim;
  send_news (news);
}

static void
announce_end (Opening *opening, const char *session)
{
  News *news = news_new (opening, FINISHED);

  news->session = g_strdup (session);
  news->ended = TRUE;
  send_news (news);
}

static gboolean
open_session (Opening *opening, const char *path, GError **error)
{
  g_autoptr (TitheSession) session = tithe_session_open (path, error);

  if (session == NULL)
    return FALSE;
  announce (opening, tithe_session_get_hierarchy (session), NULL,
            g_str_has_suffix (tithe_session_get_embedding_locator (session), ".quick.npy"), 0);
  announce_end (opening, path);
  return TRUE;
}

static gboolean
open_dataset (Opening *opening, GError **error)
{
  TitheClusterOptions options = { TITHE_LINKAGE_COMPLETE, 0, 0 };
  g_autoptr (TitheDataset) dataset = tithe_dataset_open (opening->path, opening->job, error);
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  g_autofree char *path = NULL, *folder = session_folder ();

  if (dataset == NULL)
    return FALSE;
  embedding = opening->embeddings ? tithe_embedding_open (opening->embeddings, NULL, error)
                                  : find_embedding (opening, dataset, error);
  if (embedding == NULL
      || !tithe_embedding_bind (embedding, dataset, NULL, tithe_parallel_resolve_threads (0), opening->job, error))
    return FALSE;
  path = session_file (dataset, tithe_embedding_get_fingerprint (embedding), ".tithe");
  if (g_file_test (path, G_FILE_TEST_EXISTS) && open_session (opening, path, NULL))
    return TRUE;
  hierarchy = tithe_hierarchy_new (dataset, options.linkage);
  announce (opening, hierarchy, embedding, tithe_embedding_is_quick (embedding), tithe_embedding_get_dim (embedding));
  if (!tithe_hierarchy_compute (hierarchy, embedding, &options, on_class_finished, opening, opening->job, error)
      || !make_folder (folder, error) || !tithe_session_write (path, hierarchy, embedding, NULL, error))
    return FALSE;
  announce_end (opening, path);
  return TRUE;
}

/* Drawn beside and renamed: a demo that was cancelled is not taken for a whole one. */
static gboolean
draw_demo (Opening *opening, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (opening->path);
  g_autofree char *beside = g_strdup_printf ("%s.%d.%u", opening->path, (int) getpid (), opening->serial);

  if (g_file_test (opening->path, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (!make_folder (folder, error)
      || !tithe_demo_render (beside, DEMO_IMAGES, TITHE_DEMO_MAX_CLASSES, 1, opening->job, error))
    return FALSE;
  if (g_rename (beside, opening->path) == 0 || g_file_test (opening->path, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), _("cannot write the demo to “%s”: %s"),
               opening->path, g_strerror (errno));
  return FALSE;
}

static gpointer
run_opening (gpointer data)
{
  Opening *opening = data;
  g_autoptr (GError) error = NULL;
  gboolean ok = !opening->demo || draw_demo (opening, &error);

  if (ok)
    ok = tithe_session_matches (opening->path) ? open_session (opening, opening->path, &error)
                                               : open_dataset (opening, &error);
  if (!ok)
    {
      gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      News *news = news_new (opening, cancelled ? BUSY : FAILED);

      news->message = g_strdup (error->message);
      news->ended = TRUE;
      send_news (news);
    }
  opening_free (opening);
  return NULL;
}

/* --- in the main thread --- */

static void
start (TitheProject *self, Opening *opening)
{
  if (self->job != NULL)
    tithe_job_cancel (self->job);
  g_clear_pointer (&self->job, tithe_job_unref);
  self->job = tithe_job_new (opening->demo ? _("Drawing the demo") : _("Opening"));
  opening->project = g_object_ref (self);
  opening->serial = ++self->serial;
  opening->job = tithe_job_ref (self->job);
  g_thread_unref (g_thread_new ("tithe-open", run_opening, opening));
  g_signal_emit (self, signals[BUSY], 0);
}

/**
 * tithe_project_open:
 * @path: a dataset or a session
 * @embeddings: (nullable): a file with a row for each image; without it images are compared by the quick descriptor
 *
 * Works in the background; an opening that still runs is cancelled.
 */
void
tithe_project_open (TitheProject *self, const char *path, const char *embeddings)
{
  Opening *opening = g_new0 (Opening, 1);

  g_return_if_fail (TITHE_IS_PROJECT (self));

  opening->path = g_canonicalize_filename (path, NULL);
  opening->embeddings = embeddings ? g_canonicalize_filename (embeddings, NULL) : NULL;
  start (self, opening);
}

/**
 * tithe_project_open_demo:
 *
 * Draws the demo dataset into the cache folder, where it is not there yet, and opens it.
 */
void
tithe_project_open_demo (TitheProject *self)
{
  Opening *opening = g_new0 (Opening, 1);

  g_return_if_fail (TITHE_IS_PROJECT (self));

  opening->demo = TRUE;
  opening->path = g_build_filename (g_get_user_cache_dir (), "tithe", "demo", NULL);
  start (self, opening);
}

/**
 * tithe_project_get_job:
 *
 * Returns: (transfer none) (nullable): the job that runs
 */
TitheJob *
tithe_project_get_job (TitheProject *self)
{
  return self->job;
}

TitheHierarchy *
tithe_project_get_hierarchy (TitheProject *self)
{
  return self->hierarchy;
}

/**
 * tithe_project_get_session:
 *
 * Returns: (nullable): where the session is saved, %NULL until it is
 */
const char *
tithe_project_get_session (TitheProject *self)
{
  return self->session;
}

/**
 * tithe_project_is_quick:
 *
 * Returns: whether images are compared by the quick descriptor, which is a first look and knows no meaning
 */
gboolean
tithe_project_is_quick (TitheProject *self)
{
  return self->quick;
}

/**
 * tithe_project_get_dim:
 *
 * Returns: dimensions of the embedding, 0 where a session was opened without it
 */
gsize
tithe_project_get_dim (TitheProject *self)
{
  return self->dim;
}

/* --- learning --- */

#ifdef TITHE_HAVE_LEARN
typedef struct
{
  TitheProject *project;
  TitheDataset *dataset;
  TitheJob *job;
  char *path;
} Learning;

typedef struct
{
  TitheProject *project;
  TitheJob *job; /* whose news it is */
  TitheEpoch epoch;
  gboolean ended;
  char *learned, *message;
} LearningNews;

static void
learning_news_free (gpointer data)
{
  LearningNews *news = data;

  g_object_unref (news->project);
  tithe_job_unref (news->job);
  g_free (news->learned);
  g_free (news->message);
  g_free (news);
}

static gboolean
receive_learning (gpointer data)
{
  LearningNews *news = data;
  TitheProject *self = news->project;

  if (self->learning != news->job)
    return G_SOURCE_REMOVE;
  if (!news->ended)
    {
      self->epoch.number = news->epoch.epoch;
      self->epoch.loss = news->epoch.loss;
      self->epoch.accuracy = news->epoch.accuracy;
      self->epoch.test_accuracy = news->epoch.test_accuracy;
      self->epoch.images_per_second = news->epoch.images_per_second;
      g_signal_emit (self, signals[EPOCH], 0);
      return G_SOURCE_REMOVE;
    }
  g_clear_pointer (&self->learning, tithe_job_unref);
  if (news->learned != NULL)
    {
      g_free (self->learned);
      self->learned = g_steal_pointer (&news->learned);
    }
  g_signal_emit (self, signals[LEARNING], 0);
  if (news->message != NULL)
    g_signal_emit (self, signals[FAILED], 0, news->message);
  return G_SOURCE_REMOVE;
}

static LearningNews *
learning_news_new (Learning *learning)
{
  LearningNews *news = g_new0 (LearningNews, 1);

  news->project = g_object_ref (learning->project);
  news->job = tithe_job_ref (learning->job);
  return news;
}

static void
on_epoch (const TitheEpoch *epoch, gpointer user_data)
{
  LearningNews *news = learning_news_new (user_data);

  news->epoch = *epoch;
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, receive_learning, news, learning_news_free);
}

static gpointer
run_learning (gpointer data)
{
  Learning *learning = data;
  g_autofree char *folder = session_folder (), *checkpoint = g_strconcat (learning->path, ".checkpoint", NULL);
  g_autofree char *network_path = g_strconcat (learning->path, ".safetensors", NULL);
  LearningNews *news = learning_news_new (learning);
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  g_autoptr (GError) error = NULL;
  TitheLearnOptions options;

  /* The threads of the network inherit it: the window comes first. */
  setpriority (PRIO_PROCESS, (id_t) gettid (), LEARN_NICE);
  tithe_learn_options_init (&options, NULL);
  options.train.epochs = LEARN_EPOCHS;
  options.checkpoint = checkpoint;
  if (make_folder (folder, &error)
      && (network = tithe_learn (learning->dataset, &options, on_epoch, learning, &rows, learning->job, &error)) != NULL
      && tithe_network_write (network, network_path, &error)
      && tithe_quick_write (rows, tithe_network_get_dim (network), learning->path, &error))
    news->learned = g_strdup (learning->path);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    news->message = g_strdup (error->message);
  news->ended = TRUE;
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, receive_learning, news, learning_news_free);
  tithe_dataset_unref (learning->dataset);
  tithe_job_unref (learning->job);
  g_idle_add_once ((GSourceOnceFunc) g_object_unref, learning->project);
  g_free (learning->path);
  g_free (learning);
  return NULL;
}
#endif

/**
 * tithe_project_can_learn:
 *
 * Returns: whether there are labels to learn from, and oneDNN to learn with
 */
gboolean
tithe_project_can_learn (TitheProject *self)
{
#ifdef TITHE_HAVE_LEARN
  return self->hierarchy != NULL && tithe_learn_can (tithe_hierarchy_get_dataset (self->hierarchy), NULL);
#else
  return FALSE;
#endif
}

/**
 * tithe_project_learn:
 *
 * Learns the semantic space of the open dataset in the background, from where it was stopped before.
 */
void
tithe_project_learn (TitheProject *self)
{
#ifdef TITHE_HAVE_LEARN
  Learning *learning;
  TitheDataset *dataset;

  if (!tithe_project_can_learn (self) || self->learning != NULL)
    return;
  dataset = tithe_hierarchy_get_dataset (self->hierarchy);
  self->learning = tithe_job_new (_("Learning"));
  self->epoch.number = 0;
  learning = g_new0 (Learning, 1);
  *learning = (Learning){ g_object_ref (self), tithe_dataset_ref (dataset), tithe_job_ref (self->learning),
                          session_file (dataset, LEARN_SALT, ".npy") };
  g_thread_unref (g_thread_new ("tithe-learn", run_learning, learning));
  g_signal_emit (self, signals[LEARNING], 0);
#endif
}

/**
 * tithe_project_get_learning:
 *
 * Returns: (transfer none) (nullable): the job that learns
 */
TitheJob *
tithe_project_get_learning (TitheProject *self)
{
  return self->learning;
}

guint
tithe_project_get_n_epochs (TitheProject *self)
{
  return LEARN_EPOCHS;
}

/**
 * tithe_project_get_epoch:
 *
 * Returns: the number of the last epoch that was learned, from 1, and what it came to; 0 before the first
 */
guint
tithe_project_get_epoch (TitheProject *self, double *loss, double *accuracy, double *test_accuracy,
                         double *images_per_second)
{
  *loss = self->epoch.loss;
  *accuracy = self->epoch.accuracy;
  *test_accuracy = self->epoch.test_accuracy;
  *images_per_second = self->epoch.images_per_second;
  return self->epoch.number;
}

/**
 * tithe_project_get_learned:
 *
 * Returns: (nullable): an embedding that was learned from the open dataset and is not in use
 */
const char *
tithe_project_get_learned (TitheProject *self)
{
  return self->learned;
}

/* --- export --- */

typedef struct
{
  TitheProject *project;
  TitheHierarchy *hierarchy;
  TitheEmbedding *embedding;
  char *session;
  double ratio;
  TithePolicy policy;
  TitheExportFormat format;
  char *path;
  TitheProjectExportFunc func;
  gpointer user_data;
  GError *error;
} Export;

static gboolean
finish_export (gpointer data)
{
  Export *export = data;

  export->func (export->path, export->error, export->user_data);
  return G_SOURCE_REMOVE;
}

static void
export_free (gpointer data)
{
  Export *export = data;

  g_object_unref (export->project);
  tithe_hierarchy_unref (export->hierarchy);
  g_clear_pointer (&export->embedding, tithe_embedding_unref);
  g_clear_error (&export->error);
  g_free (export->session);
  g_free (export->path);
  g_free (export);
}

static gpointer
run_export (gpointer data)
{
  Export *export = data;
  g_autoptr (TitheCut) cut = tithe_cut_new (export->hierarchy);
  gboolean ok = TRUE;

  tithe_cut_set_ratio (cut, export->ratio, export->policy);
  if (tithe_export_needs_embedding (export->format) && export->embedding == NULL)
    {
      g_autoptr (TitheSession) session = tithe_session_open (export->session, &export->error);

      ok = session != NULL
           && (export->embedding = tithe_session_open_embedding (session, NULL, &export->error)) != NULL;
    }
  if (ok)
    tithe_export_subset (cut, TITHE_REPRESENTATIVE_CENTRE, export->embedding, export->format, export->path,
                         &export->error);
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, finish_export, export, export_free);
  return NULL;
}

/**
 * tithe_project_export:
 * @func: called in the main thread when it is written, or with an error when it is not
 *
 * Writes the subset in the background, of a copy of the cut: the slider may go on moving.
 */
void
tithe_project_export (TitheProject *self, double ratio, TithePolicy policy, TitheExportFormat format, const char *path,
                      TitheProjectExportFunc func, gpointer user_data)
{
  Export *export;

  g_return_if_fail (TITHE_IS_PROJECT (self));
  g_return_if_fail (self->hierarchy != NULL);

  export = g_new0 (Export, 1);
  *export = (Export){ .project = g_object_ref (self),
                      .hierarchy = tithe_hierarchy_ref (self->hierarchy),
                      .embedding = self->embedding ? tithe_embedding_ref (self->embedding) : NULL,
                      .session = g_strdup (self->session),
                      .ratio = ratio,
                      .policy = policy,
                      .format = format,
                      .path = g_strdup (path),
                      .func = func,
                      .user_data = user_data };
  g_thread_unref (g_thread_new ("tithe-export", run_export, export));
}

static void
tithe_project_dispose (GObject *object)
{
  TitheProject *self = TITHE_PROJECT (object);

  self->serial++;
  if (self->job != NULL)
    tithe_job_cancel (self->job);
  if (self->learning != NULL)
    tithe_job_cancel (self->learning);
  g_clear_pointer (&self->job, tithe_job_unref);
  g_clear_pointer (&self->learning, tithe_job_unref);
  g_clear_pointer (&self->learned, g_free);
  g_clear_pointer (&self->hierarchy, tithe_hierarchy_unref);
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  g_clear_pointer (&self->session, g_free);
  G_OBJECT_CLASS (tithe_project_parent_class)->dispose (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, TITHE_TYPE_PROJECT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tithe_project_class_init (TitheProjectClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tithe_project_dispose;
  signals[BUSY] = add_signal ("busy");
  signals[OPENED] = add_signal ("opened");
  signals[CLASS_FINISHED] = add_signal ("class-finished");
  signals[FINISHED] = add_signal ("finished");
  signals[LEARNING] = add_signal ("learning");
  signals[EPOCH] = add_signal ("epoch");
  signals[FAILED] = g_signal_new ("failed", TITHE_TYPE_PROJECT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
tithe_project_init (TitheProject *self)
{
}

TitheProject *
tithe_project_new (void)
{
  return g_object_new (TITHE_TYPE_PROJECT, NULL);
}

/**
 * tithe_project_cancel:
 *
 * Stops the opening that runs. Classes that are clustered stay.
 */
void
tithe_project_cancel (TitheProject *self)
{
  g_return_if_fail (TITHE_IS_PROJECT (self));

  if (self->job != NULL)
    tithe_job_cancel (self->job);
}
