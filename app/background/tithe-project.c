/* SPDX-License-Identifier: MIT */
#include "tithe-project.h"
#include "tithe-learner.h"
#include "window/tithe-places.h"

#include "session/tithe-session.h"
#include "store/tithe-database.h"
#include "demo/tithe-demo.h"
#include "embedding/tithe-quick.h"
#include "figure/tithe-report.h"
#include "base/tithe-parallel.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define DEMO_IMAGES 2000
#define REPORT_GROUPS 50

struct _TitheProject
{
  GObject parent_instance;

  TitheLinkage linkage; /* of what is clustered from now on */
  guint serial;         /* of the newest opening: news of older ones are dropped */
  TitheJob *job;
  TitheHierarchy *hierarchy;
  TitheEmbedding *embedding; /* NULL where a session was opened and nothing needed it yet */
  char *session;             /* path; NULL until it is saved */
  gboolean quick;
  gsize dim;
};

enum
{
  BUSY,
  OPENED,
  CLASS_FINISHED,
  FINISHED,
  FAILED,
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
  TitheLinkage linkage;
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

/* --- the thread --- */

/* What was learned from the dataset before, or the quick descriptor. */
static TitheEmbedding *
find_embedding (Opening *opening, TitheDataset *dataset, GError **error)
{
  g_autofree char *learned = tithe_learner_dup_path (dataset);
  g_autofree char *path = tithe_places_dup_file (dataset, "quick-1", ".quick.npy");
  g_autoptr (GBytes) rows = NULL;
  g_autofree char *folder = tithe_places_dup_folder ();
  gsize dim;

  if (g_file_test (learned, G_FILE_TEST_EXISTS))
    return tithe_embedding_open (learned, NULL, error);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      rows = tithe_quick_embed (dataset, tithe_parallel_resolve_threads (0), &dim, opening->job, error);
      if (rows == NULL || !tithe_places_make_folder (folder, error)
          || !tithe_embedding_write (rows, dim, TITHE_QUICK_ORIGIN, path, error))
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

/* @opened is the session's embedding where that is open already, else %NULL. */
static gboolean
open_session (Opening *opening, const char *path, TitheEmbedding *opened, GError **error)
{
  g_autoptr (TitheSession) session = tithe_session_open (path, error);
  g_autoptr (TitheEmbedding) embedding = NULL;

  if (session == NULL)
    return FALSE;
  /* Without its embedding a session shows everything but dissimilarities. */
  embedding = opened ? tithe_embedding_ref (opened) : tithe_session_open_embedding (session, NULL, NULL);
  announce (opening, tithe_session_get_hierarchy (session), embedding, tithe_session_is_quick (session),
            embedding ? tithe_embedding_get_dim (embedding) : 0);
  announce_end (opening, path);
  return TRUE;
}

/* Only where there is no session a new one is made: one that can't be read, now or here, has decisions in it. */
static gboolean
open_earlier_session (Opening *opening, const char *path, TitheEmbedding *embedding, gboolean *found, GError **error)
{
  g_autoptr (GError) local = NULL;

  *found = TRUE;
  if (open_session (opening, path, embedding, &local))
    return TRUE;
  *found = !g_error_matches (local, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_NOT_FOUND);
  if (!*found)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local),
                              _("This dataset was opened before, and its session can't be used now. It was left as it "
                                 "is; where it is of no use, move it away and open the dataset again. The reason: "));
  return FALSE;
}

static gboolean
open_dataset (Opening *opening, GError **error)
{
  TitheClusterOptions options = { opening->linkage, 0, 0 };
  g_autoptr (TitheDataset) dataset = tithe_dataset_open (opening->path, opening->job, error);
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  g_autofree char *path = NULL, *folder = tithe_places_dup_folder (), *salt = NULL;
  gboolean found;

  if (dataset == NULL)
    return FALSE;
  embedding = opening->embeddings ? tithe_embedding_open (opening->embeddings, NULL, error)
                                  : find_embedding (opening, dataset, error);
  if (embedding == NULL
      || !tithe_embedding_bind (embedding, dataset, NULL, tithe_parallel_resolve_threads (0), opening->job, error))
    return FALSE;
  salt = opening->linkage == TITHE_LINKAGE_COMPLETE ? g_strdup (tithe_embedding_get_fingerprint (embedding))
                                                    : g_strconcat (tithe_embedding_get_fingerprint (embedding), "\n",
                                                                   tithe_linkage_to_string (opening->linkage), NULL);
  path = tithe_places_dup_file (dataset, salt, ".tithe");
  if (!open_earlier_session (opening, path, embedding, &found, error))
    return FALSE;
  if (found)
    return TRUE;
  hierarchy = tithe_hierarchy_new (dataset, options.linkage);
  announce (opening, hierarchy, embedding, tithe_embedding_is_quick (embedding), tithe_embedding_get_dim (embedding));
  if (!tithe_hierarchy_compute (hierarchy, embedding, &options, on_class_finished, opening, opening->job, error)
      || !tithe_places_make_folder (folder, error) || !tithe_session_write (path, hierarchy, embedding, NULL, error))
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
  if (!tithe_places_make_folder (folder, error)
      || !tithe_demo_render (beside, DEMO_IMAGES, 0, TITHE_DEMO_MAX_CLASSES, 1, opening->job, error))
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
    ok = tithe_database_matches (opening->path) ? open_session (opening, opening->path, NULL, &error)
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
  opening->linkage = self->linkage;
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
 * tithe_project_set_linkage:
 *
 * Of what is clustered from now on; sessions have theirs. At first complete linkage.
 */
void
tithe_project_set_linkage (TitheProject *self, TitheLinkage linkage)
{
  g_return_if_fail (TITHE_IS_PROJECT (self));
  self->linkage = linkage;
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
 * tithe_project_get_embedding:
 *
 * Returns: (transfer none) (nullable): what the hierarchy was computed from, where it is there
 */
TitheEmbedding *
tithe_project_get_embedding (TitheProject *self)
{
  return self->embedding;
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

/* --- export --- */

typedef struct
{
  TitheProject *project;
  TitheEmbedding *embedding;
  char *session;
  TitheSubsetChoice choice;
  TitheExportOptions options;
  gboolean report; /* rather than what the options say */
  TitheJob *job;
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
  tithe_job_unref (export->job);
  g_strfreev ((char **) export->options.classes);
  g_clear_pointer (&export->embedding, tithe_embedding_unref);
  g_clear_error (&export->error);
  g_free (export->session);
  g_free (export->path);
  g_free (export);
}

/* With what retraining showed, where that was done. */
static gboolean
write_report (Export *export, TitheSubset *subset, const TitheProvenance *provenance, GError **error)
{
  g_autoptr (TitheVerifyReport) verify = tithe_verify_report_read (export->session, NULL, TITHE_VERIFY_MARGIN,
                                                                   tithe_parallel_resolve_threads (0), NULL, NULL);
  g_autofree char *html = tithe_report_to_html (subset, provenance, verify, NULL, REPORT_GROUPS, export->job, error);

  return html != NULL && tithe_output_write (export->path, html, strlen (html), error);
}

/* The decisions are those of the session's file. */
static gboolean
export_session (Export *export, GError **error)
{
  g_autoptr (TitheSession) session = tithe_session_open (export->session, error);
  g_autoptr (TitheCuration) curation = session ? tithe_session_open_curation (session, FALSE, error) : NULL;
  g_autoptr (TitheSubset) subset = NULL;
  g_autoptr (TitheProvenance) provenance = NULL;

  if (curation == NULL)
    return FALSE;
  if (!export->report && tithe_export_needs_embedding (export->options.format) && export->embedding == NULL
      && (export->embedding = tithe_session_open_embedding (session, NULL, error)) == NULL)
    return FALSE;
  subset = tithe_subset_new (tithe_session_get_hierarchy (session), curation);
  tithe_subset_choose (subset, &export->choice);
  provenance = tithe_provenance_new (session, curation, &export->choice, -1);
  if (export->report)
    return write_report (export, subset, provenance, error);
  return tithe_export_subset (subset, export->embedding, &export->options, provenance, export->path, export->job,
                              error);
}

static gpointer
run_export (gpointer data)
{
  Export *export = data;

  export_session (export, &export->error);
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, finish_export, export, export_free);
  return NULL;
}

/**
 * tithe_project_export:
 * @options: (nullable): what is written; %NULL for a report in HTML
 * @job: of the export
 * @func: called in the main thread when it is written, or with an error when it is not
 *
 * Writes the subset in the background, with the decisions that are in the session's file: the slider may go on moving.
 */
void
tithe_project_export (TitheProject *self, const TitheSubsetChoice *choice, const TitheExportOptions *options,
                      const char *path, TitheJob *job, TitheProjectExportFunc func, gpointer user_data)
{
  Export *export;

  g_return_if_fail (TITHE_IS_PROJECT (self));
  g_return_if_fail (self->session != NULL);

  export = g_new0 (Export, 1);
  *export = (Export){ .project = g_object_ref (self),
                      .embedding = self->embedding ? tithe_embedding_ref (self->embedding) : NULL,
                      .session = g_strdup (self->session),
                      .choice = *choice,
                      .options = options ? *options : (TitheExportOptions){ .format = TITHE_EXPORT_CSV },
                      .report = options == NULL,
                      .job = tithe_job_ref (job),
                      .path = g_strdup (path),
                      .func = func,
                      .user_data = user_data };
  export->options.classes = (const char *const *) g_strdupv ((char **) export->options.classes);
  g_thread_unref (g_thread_new ("tithe-export", run_export, export));
}

static void
tithe_project_dispose (GObject *object)
{
  TitheProject *self = TITHE_PROJECT (object);

  self->serial++;
  if (self->job != NULL)
    tithe_job_cancel (self->job);
  g_clear_pointer (&self->job, tithe_job_unref);
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
