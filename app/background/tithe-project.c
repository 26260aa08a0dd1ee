/* SPDX-License-Identifier: MIT */
#include "tithe-project.h"
#include "tithe-opening.h"

#include <glib/gi18n.h>

struct _TitheProject
{
  GObject parent_instance;

  TitheLinkage linkage; /* of what is clustered from now on */
  guint64 max_memory;   /* for clustering; 0 for half of the machine's */
  TitheTask *task;      /* (nullable): that opens */
  TitheOpening *wanted; /* (nullable): what it opens; only what it was made with is looked at here */

  /* What is open. */
  char *path, *embeddings; /* as they were given */
  TitheHierarchy *hierarchy;
  TitheEmbedding *embedding; /* (nullable) */
  char *session;             /* (nullable) */
  TitheCuration *curation;   /* (nullable): until somebody takes it */
  GError *undecided;         /* (nullable): why there is none */
  gboolean quick;
};

enum
{
  PROP_BUSY = 1,
  N_PROPS
};

enum
{
  OPENED,
  CLASS_FINISHED,
  FINISHED,
  REFUSED,
  CANCELLED,
  FAILED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheProject, tithe_project, G_TYPE_OBJECT)

static void
drop_task (TitheProject *self)
{
  tithe_task_drop (&self->task);
  g_clear_pointer (&self->wanted, tithe_opening_unref);
}

static void
forget (TitheProject *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->embeddings, g_free);
  g_clear_pointer (&self->hierarchy, tithe_hierarchy_unref);
  g_clear_pointer (&self->embedding, tithe_embedding_unref);
  g_clear_pointer (&self->session, g_free);
  g_clear_pointer (&self->curation, tithe_curation_free);
  g_clear_error (&self->undecided);
}

/* --- what the task tells --- */

static void
on_opened (gpointer owner, gpointer news)
{
  TitheProject *self = owner;
  TitheOpening *opening = news;

  forget (self);
  self->path = g_strdup (opening->path);
  self->embeddings = g_strdup (opening->embeddings);
  self->hierarchy = tithe_hierarchy_ref (opening->hierarchy);
  self->embedding = opening->embedding ? tithe_embedding_ref (opening->embedding) : NULL;
  self->quick = opening->quick;
  g_signal_emit (self, signals[OPENED], 0);
}

static void
on_class_finished (gpointer owner, gpointer news)
{
  g_signal_emit (owner, signals[CLASS_FINISHED], 0);
}

static void
on_done (gpointer owner, gpointer work, const GError *error)
{
  TitheProject *self = owner;
  TitheOpening *opening = work;

  drop_task (self);
  if (error == NULL)
    {
      self->session = g_steal_pointer (&opening->session);
      self->curation = g_steal_pointer (&opening->curation);
      self->undecided = g_steal_pointer (&opening->undecided);
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
  if (error == NULL)
    g_signal_emit (self, signals[FINISHED], 0);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[CANCELLED], 0);
  else if (g_error_matches (error, TITHE_CLUSTER_ERROR, TITHE_CLUSTER_ERROR_MEMORY))
    g_signal_emit (self, signals[REFUSED], 0);
  else
    g_signal_emit (self, signals[FAILED], 0, error->message);
}

static void
begin (TitheProject *self, TitheOpening *opening)
{
  drop_task (self);
  self->wanted = tithe_opening_ref (opening);
  opening->max_memory = self->max_memory;
  opening->opened = on_opened;
  opening->class_finished = on_class_finished;
  self->task = tithe_task_begin (self, opening->demo ? _("Drawing the demo") : _("Opening"), tithe_opening_run,
                                 opening, (GDestroyNotify) tithe_opening_unref, on_done);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

/**
 * tithe_project_open:
 * @path: a dataset or a session
 * @embeddings: (nullable): a file with a row for each image; without it images are compared by the quick descriptor
 *
 * Works in the background; an opening that still runs is given up.
 */
void
tithe_project_open (TitheProject *self, const char *path, const char *embeddings)
{
  TitheOpening *opening;

  g_return_if_fail (TITHE_IS_PROJECT (self));
  g_return_if_fail (path != NULL);

  opening = tithe_opening_new (path, embeddings);
  opening->linkage = self->linkage;
  begin (self, opening);
}

/**
 * tithe_project_open_demo:
 *
 * Draws the demo dataset into the cache folder, where it is not there yet, and opens it.
 */
void
tithe_project_open_demo (TitheProject *self)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "tithe", "demo", NULL);
  TitheOpening *opening;

  g_return_if_fail (TITHE_IS_PROJECT (self));

  opening = tithe_opening_new (path, NULL);
  opening->linkage = self->linkage;
  opening->demo = TRUE;
  begin (self, opening);
}

/**
 * tithe_project_cluster_again:
 * @linkage: for this time only
 *
 * Opens what is open once more, by another linkage.
 */
void
tithe_project_cluster_again (TitheProject *self, TitheLinkage linkage)
{
  TitheOpening *opening;

  g_return_if_fail (TITHE_IS_PROJECT (self));
  g_return_if_fail (self->path != NULL);

  opening = tithe_opening_new (self->path, self->embeddings);
  opening->linkage = linkage;
  begin (self, opening);
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

  if (self->task != NULL)
    tithe_task_cancel (self->task);
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
 * tithe_project_set_max_memory:
 * @max_memory: bytes that clustering may take from now on, or 0 for half of the machine's memory
 */
void
tithe_project_set_max_memory (TitheProject *self, guint64 max_memory)
{
  g_return_if_fail (TITHE_IS_PROJECT (self));
  self->max_memory = max_memory;
}

/* tithe_project_get_job: (transfer none) (nullable): the job that opens, where there is one. */
TitheJob *
tithe_project_get_job (TitheProject *self)
{
  return self->task ? tithe_task_get_job (self->task) : NULL;
}

/* tithe_project_get_wanted: (nullable): the path that is being opened, where something is. */
const char *
tithe_project_get_wanted (TitheProject *self)
{
  return self->wanted ? self->wanted->path : NULL;
}

/* tithe_project_get_hierarchy: (transfer none) (nullable): what is open, of which classes may be missing. */
TitheHierarchy *
tithe_project_get_hierarchy (TitheProject *self)
{
  return self->hierarchy;
}

/* tithe_project_get_dataset: (transfer none) (nullable): what the images are. */
TitheDataset *
tithe_project_get_dataset (TitheProject *self)
{
  return self->hierarchy ? tithe_hierarchy_get_dataset (self->hierarchy) : NULL;
}

/* tithe_project_get_embedding: (transfer none) (nullable): what the hierarchy was computed from, where it is there. */
TitheEmbedding *
tithe_project_get_embedding (TitheProject *self)
{
  return self->embedding;
}

/* tithe_project_get_session: (nullable): where the session is saved, %NULL until it is. */
const char *
tithe_project_get_session (TitheProject *self)
{
  return self->session;
}

/**
 * tithe_project_steal_curation:
 *
 * Returns: (transfer full): what was decided in the session, read and ready; once for each session, after "finished". %NULL
 *   with a %TITHE_DATABASE_ERROR where it can't be read
 */
TitheCuration *
tithe_project_steal_curation (TitheProject *self, GError **error)
{
  if (self->undecided != NULL)
    g_propagate_error (error, g_steal_pointer (&self->undecided));
  return g_steal_pointer (&self->curation);
}

/* tithe_project_is_empty: whether nothing is open nor being opened. */
gboolean
tithe_project_is_empty (TitheProject *self)
{
  return self->task == NULL && self->hierarchy == NULL;
}

/**
 * tithe_project_has:
 * @path: of a session or a dataset
 *
 * Returns: whether @path is being opened, without an embedding of its own; or, where nothing is, whether it is the session
 *   that is open
 */
gboolean
tithe_project_has (TitheProject *self, const char *path)
{
  g_autofree char *canonical = g_canonicalize_filename (path, NULL);

  if (self->wanted != NULL)
    return self->wanted->embeddings == NULL && g_str_equal (self->wanted->path, canonical);
  return g_strcmp0 (self->session, canonical) == 0;
}

/* tithe_project_is_quick: whether images are compared by the quick descriptor, which is a first look and knows no meaning. */
gboolean
tithe_project_is_quick (TitheProject *self)
{
  return self->quick;
}

/* tithe_project_get_dim: dimensions of the embedding, 0 where a session was opened without it. */
gsize
tithe_project_get_dim (TitheProject *self)
{
  return self->embedding ? tithe_embedding_get_dim (self->embedding) : 0;
}

static void
tithe_project_dispose (GObject *object)
{
  TitheProject *self = TITHE_PROJECT (object);

  drop_task (self);
  forget (self);
  G_OBJECT_CLASS (tithe_project_parent_class)->dispose (object);
}

static void
tithe_project_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TitheProject *self = TITHE_PROJECT (object);

  if (id == PROP_BUSY)
    g_value_set_boolean (value, self->task != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, TITHE_TYPE_PROJECT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tithe_project_class_init (TitheProjectClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  G_OBJECT_CLASS (klass)->dispose = tithe_project_dispose;
  G_OBJECT_CLASS (klass)->get_property = tithe_project_get_property;
  props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
  signals[OPENED] = add_signal ("opened");
  signals[CLASS_FINISHED] = add_signal ("class-finished");
  signals[FINISHED] = add_signal ("finished");
  signals[REFUSED] = add_signal ("refused");
  signals[CANCELLED] = add_signal ("cancelled");
  signals[FAILED] = g_signal_new ("failed", TITHE_TYPE_PROJECT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
tithe_project_init (TitheProject *self)
{
}

/* tithe_project_new: (transfer full): with nothing open. */
TitheProject *
tithe_project_new (void)
{
  return g_object_new (TITHE_TYPE_PROJECT, NULL);
}
