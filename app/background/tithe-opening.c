/* SPDX-License-Identifier: MIT */
#include "tithe-opening.h"
#include "tithe-learner.h"
#include "state/tithe-places.h"

#include "base/tithe-parallel.h"
#include "demo/tithe-demo.h"
#include "embedding/tithe-quick.h"
#include "io/tithe-output.h"
#include "session/tithe-session.h"
#include "store/tithe-database.h"

#include <glib/gi18n.h>

#define DEMO_IMAGES 2000

static void
tithe_opening_clear (gpointer data)
{
  TitheOpening *self = data;

  g_free (self->path);
  g_free (self->embeddings);
  g_free (self->session);
  g_clear_error (&self->undecided);
  g_clear_pointer (&self->curation, tithe_curation_free);
  g_clear_pointer (&self->hierarchy, tithe_hierarchy_unref);
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
}

/**
 * tithe_opening_new:
 *
 * Returns: (transfer full): an opening by complete linkage that nothing was done for
 */
TitheOpening *
tithe_opening_new (const char *path, const char *embeddings)
{
  TitheOpening *self = g_atomic_rc_box_new0 (TitheOpening);

  self->path = g_canonicalize_filename (path, NULL);
  self->embeddings = embeddings ? g_canonicalize_filename (embeddings, NULL) : NULL;
  return self;
}

/* tithe_opening_ref: for news of it. */
TitheOpening *
tithe_opening_ref (TitheOpening *self)
{
  return g_atomic_rc_box_acquire (self);
}

/* tithe_opening_unref: in the main thread at the end: a curation has a database open. */
void
tithe_opening_unref (TitheOpening *self)
{
  g_atomic_rc_box_release_full (self, tithe_opening_clear);
}

/* What was learned from the dataset before, or the quick descriptor. */
static TitheEmbedding *
find_embedding (TitheDataset *dataset, TitheJob *job, GError **error)
{
  g_autofree char *learned = tithe_learner_dup_path (dataset);
  g_autofree char *path = tithe_places_dup_file (dataset, "quick-1", ".quick.npy");
  g_autofree char *folder = tithe_places_dup_folder ();
  g_autoptr (GBytes) rows = NULL;
  gsize dim;

  if (g_file_test (learned, G_FILE_TEST_EXISTS))
    return tithe_embedding_open (learned, NULL, error);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      rows = tithe_quick_embed (dataset, tithe_parallel_resolve_threads (0), &dim, job, error);
      if (rows == NULL || !tithe_places_make_folder (folder, error)
          || !tithe_embedding_write (rows, dim, TITHE_QUICK_ORIGIN, path, error))
        return NULL;
    }
  return tithe_embedding_open (path, NULL, error);
}

typedef struct
{
  TitheOpening *opening;
  TitheTask *task;
} Clustering;

static void
class_finished (gpointer owner, gpointer news)
{
  TitheOpening *self = news;

  g_atomic_int_set (&self->telling, FALSE);
  self->class_finished (owner, self);
}

/* Twenty thousand classes may be finished while one frame is drawn: all that were are told of at once. */
static void
on_class_finished (guint class_index, gpointer user_data)
{
  Clustering *clustering = user_data;
  TitheOpening *self = clustering->opening;

  if (g_atomic_int_compare_and_exchange (&self->telling, FALSE, TRUE))
    tithe_task_tell (clustering->task, class_finished, tithe_opening_ref (self), (GDestroyNotify) tithe_opening_unref);
}

static void
tell_opened (TitheOpening *self, TitheTask *task)
{
  tithe_task_tell (task, self->opened, tithe_opening_ref (self), (GDestroyNotify) tithe_opening_unref);
}

/* @embedding is the session's where that is open already, else %NULL. */
static gboolean
open_session (TitheOpening *self, TitheTask *task, const char *path, TitheEmbedding *embedding, GError **error)
{
  g_autoptr (TitheSession) session = tithe_session_open (path, error);

  if (session == NULL)
    return FALSE;
  self->hierarchy = tithe_hierarchy_ref (tithe_session_get_hierarchy (session));
  /* Without its embedding a session shows everything but dissimilarities. */
  self->embedding = embedding ? tithe_embedding_ref (embedding) : tithe_session_open_embedding (session, NULL, NULL);
  self->quick = tithe_session_is_quick (session);
  tell_opened (self, task);
  self->session = g_strdup (path);
  self->curation = tithe_session_open_curation (session, TRUE, &self->undecided);
  return TRUE;
}

/*
 * Only where there is no session a new one is made: one that can't be read, now or here, has decisions in it, and is never
 * clustered over.
 */
static gboolean
open_earlier_session (TitheOpening *self, TitheTask *task, const char *path, TitheEmbedding *embedding, gboolean *found,
                      GError **error)
{
  g_autoptr (GError) local = NULL;

  *found = TRUE;
  if (open_session (self, task, path, embedding, &local))
    return TRUE;
  *found = !g_error_matches (local, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_NOT_FOUND);
  if (!*found)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&local),
                              _("This dataset was opened before, and its session can't be used now. It was left as it "
                                 "is; where it is of no use, move it away and open the dataset again. The reason: "));
  return FALSE;
}

/* A place for decisions about a hierarchy that is there. What another window made meanwhile of the same is as good. */
static gboolean
save_session (TitheOpening *self, const char *path, GError **error)
{
  g_autofree char *folder = tithe_places_dup_folder ();
  g_autoptr (GError) local = NULL;
  TitheJournal *journal;

  if (!tithe_places_make_folder (folder, error))
    return FALSE;
  if (!tithe_session_create (path, self->hierarchy, self->embedding, NULL, &local)
      && !g_error_matches (local, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  self->session = g_strdup (path);
  journal = tithe_journal_open (path, TRUE, &self->undecided);
  if (journal == NULL)
    return TRUE;
  self->curation = tithe_curation_new (self->hierarchy);
  if (!tithe_curation_attach (self->curation, journal, &self->undecided))
    g_clear_pointer (&self->curation, tithe_curation_free);
  return TRUE;
}

static char *
dup_session_path (TitheOpening *self, TitheDataset *dataset, TitheEmbedding *embedding)
{
  const char *fingerprint = tithe_embedding_get_fingerprint (embedding);
  g_autofree char *salt = self->linkage == TITHE_LINKAGE_COMPLETE
                              ? g_strdup (fingerprint)
                              : g_strconcat (fingerprint, "\n", tithe_linkage_to_string (self->linkage), NULL);

  return tithe_places_dup_file (dataset, salt, ".tithe");
}

static gboolean
open_dataset (TitheOpening *self, TitheTask *task, GError **error)
{
  TitheClusterOptions options
      = { .linkage = self->linkage, .max_memory = self->max_memory, .engine = TITHE_ENGINE_DENSE };
  Clustering clustering = { self, task };
  TitheJob *job = tithe_task_get_job (task);
  g_autoptr (TitheDataset) dataset = tithe_dataset_open (self->path, job, error);
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autofree char *path = NULL;
  gboolean found;

  if (dataset == NULL)
    return FALSE;
  embedding
      = self->embeddings ? tithe_embedding_open (self->embeddings, NULL, error) : find_embedding (dataset, job, error);
  if (embedding == NULL
      || !tithe_embedding_bind (&embedding, dataset, NULL, tithe_parallel_resolve_threads (0), job, error))
    return FALSE;
  path = dup_session_path (self, dataset, embedding);
  if (!open_earlier_session (self, task, path, embedding, &found, error))
    return FALSE;
  if (found)
    return TRUE;
  self->hierarchy = tithe_hierarchy_new (dataset, self->linkage);
  self->embedding = g_steal_pointer (&embedding);
  self->quick = tithe_embedding_is_quick (self->embedding);
  tell_opened (self, task);
  return tithe_hierarchy_compute (self->hierarchy, self->embedding, &options, on_class_finished, &clustering, job,
                                  error)
         && save_session (self, path, error);
}

static gboolean
draw_demo (const char *path, TitheJob *job, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return g_file_test (path, G_FILE_TEST_IS_DIR)
         || (tithe_places_make_folder (folder, error)
             && tithe_demo_render (path, DEMO_IMAGES, 0, TITHE_DEMO_MAX_CLASSES, 1, job, error));
}

/**
 * tithe_opening_run:
 * @opening: a TitheOpening
 *
 * A %TitheTaskFunc. With %TITHE_CLUSTER_ERROR_MEMORY the hierarchy has every class but those that are too large for the
 * memory, and there is no session.
 */
gboolean
tithe_opening_run (TitheTask *task, gpointer opening, GError **error)
{
  TitheOpening *self = opening;

  if (self->demo && !draw_demo (self->path, tithe_task_get_job (task), error))
    return FALSE;
  return tithe_database_matches (self->path) ? open_session (self, task, self->path, NULL, error)
                                             : open_dataset (self, task, error);
}
