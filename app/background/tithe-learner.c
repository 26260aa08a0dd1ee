/* SPDX-License-Identifier: MIT */
#include "tithe-learner.h"
#include "window/tithe-places.h"

#include "embedding/tithe-embedding.h"
#ifdef TITHE_HAVE_LEARN
#  include "learn/tithe-learn.h"
#endif

#include <glib/gi18n.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* In the names of what was learned: another recipe needs another one. */
#define SALT "learn-2"
#define NICE 10
#define N_EXAMPLES 8

struct _TitheLearner
{
  GObject parent_instance;

  TitheDataset *dataset; /* (nullable) */
  TitheJob *job, *estimating;
  TitheLearnerEpoch epoch;
  double score; /* of the last epoch that was tested; below 0 where none was */
  gboolean score_held_out;
  double estimate;     /* seconds; below 0 where not known */
  GPtrArray *examples; /* TithePixels, as the network sees them now */
  char *learned;       /* path of an embedding to switch to */
};

enum
{
  CHANGED,
  EPOCH,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheLearner, tithe_learner, G_TYPE_OBJECT)

#ifdef TITHE_HAVE_LEARN

/* One learning, or one estimate of how long it would take, on its way through its thread. */
typedef struct
{
  TitheLearner *learner;
  TitheDataset *dataset;
  TitheJob *job;
  char *path, *preset;
  guint size; /* of pictures, while learning */
} Work;

typedef struct
{
  TitheLearner *learner;
  TitheJob *job; /* whose news it is */
  TitheEpoch epoch;
  GPtrArray *examples;
  double estimate;
  gboolean ended;
  char *learned, *message;
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_object_unref (news->learner);
  tithe_job_unref (news->job);
  g_clear_pointer (&news->examples, g_ptr_array_unref);
  g_free (news->learned);
  g_free (news->message);
  g_free (news);
}

static void
take_epoch (TitheLearner *self, const TitheEpoch *epoch)
{
  self->epoch = (TitheLearnerEpoch){ .epoch = epoch->epoch,
                                     .n_epochs = epoch->n_epochs,
                                     .held_out = epoch->held_out,
                                     .loss = epoch->loss,
                                     .accuracy = epoch->accuracy,
                                     .test_accuracy = epoch->test_accuracy,
                                     .images_per_second = epoch->images_per_second };
  if (epoch->test_accuracy >= 0)
    {
      self->score = epoch->test_accuracy;
      self->score_held_out = epoch->held_out;
    }
}

static gboolean
receive (gpointer data)
{
  News *news = data;
  TitheLearner *self = news->learner;

  if (self->estimating == news->job)
    {
      self->estimate = news->estimate;
      g_clear_pointer (&self->estimating, tithe_job_unref);
      g_signal_emit (self, signals[CHANGED], 0);
    }
  if (self->job != news->job)
    return G_SOURCE_REMOVE;
  if (news->examples != NULL)
    {
      g_clear_pointer (&self->examples, g_ptr_array_unref);
      self->examples = g_steal_pointer (&news->examples);
    }
  if (!news->ended)
    {
      take_epoch (self, &news->epoch);
      g_signal_emit (self, signals[EPOCH], 0);
      return G_SOURCE_REMOVE;
    }
  g_clear_pointer (&self->job, tithe_job_unref);
  if (news->learned != NULL)
    {
      g_free (self->learned);
      self->learned = g_steal_pointer (&news->learned);
    }
  g_signal_emit (self, signals[CHANGED], 0);
  if (news->message != NULL)
    g_signal_emit (self, signals[FAILED], 0, news->message);
  return G_SOURCE_REMOVE;
}

static News *
news_new (Work *work)
{
  News *news = g_new0 (News, 1);

  news->learner = g_object_ref (work->learner);
  news->job = tithe_job_ref (work->job);
  return news;
}

static void
send (News *news)
{
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, receive, news, news_free);
}

static void
work_free (Work *work)
{
  tithe_dataset_unref (work->dataset);
  tithe_job_unref (work->job);
  /* The last reference is given up in the main thread. */
  g_idle_add_once ((GSourceOnceFunc) g_object_unref, work->learner);
  g_free (work->path);
  g_free (work->preset);
  g_free (work);
}

static Work *
work_new (TitheLearner *self, TitheJob *job, const char *preset)
{
  Work *work = g_new0 (Work, 1);

  *work = (Work){ .learner = g_object_ref (self),
                  .dataset = tithe_dataset_ref (self->dataset),
                  .job = tithe_job_ref (job),
                  .path = tithe_learner_dup_path (self->dataset),
                  .preset = g_strdup (preset) };
  return work;
}

static void
on_epoch (const TitheEpoch *epoch, gpointer user_data)
{
  Work *work = user_data;
  News *news = news_new (work);
  TitheLearnOptions options;

  tithe_learn_options_init (&options, work->preset);
  news->epoch = *epoch;
  news->examples = tithe_learn_list_examples (work->dataset, &options.train, work->size, epoch->epoch, N_EXAMPLES);
  send (news);
}

/* The threads of the network inherit it: the window comes first. */
static void
be_nice (void)
{
  setpriority (PRIO_PROCESS, (id_t) gettid (), NICE);
}

static gpointer
learn (gpointer data)
{
  Work *work = data;
  g_autofree char *folder = tithe_places_dup_folder (), *checkpoint = g_strconcat (work->path, ".checkpoint", NULL);
  g_autofree char *network_path = g_strconcat (work->path, ".safetensors", NULL), *origin = NULL;
  News *news = news_new (work);
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  g_autoptr (GError) error = NULL;
  TitheLearnOptions options;

  be_nice ();
  tithe_learn_options_init (&options, work->preset);
  options.checkpoint = checkpoint;
  if (tithe_places_make_folder (folder, &error))
    {
      TitheEpoch none = { .n_epochs = options.train.epochs, .test_accuracy = -1 };
      guint channels;

      tithe_picture_set_choose (work->dataset, &work->size, &channels);
      on_epoch (&none, work); /* for its examples */
      network = tithe_learn (work->dataset, &options, on_epoch, work, &rows, work->job, &error);
    }
  if (network != NULL)
    origin = tithe_learn_describe (network, work->dataset, &options);
  if (network != NULL && tithe_network_write (network, network_path, &error)
      && tithe_embedding_write (rows, tithe_network_get_dim (network), origin, work->path, &error))
    {
      tithe_learn_forget (&options);
      news->learned = g_strdup (work->path);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    news->message = g_strdup (error->message);
  news->ended = TRUE;
  send (news);
  work_free (work);
  return NULL;
}

static gpointer
estimate (gpointer data)
{
  Work *work = data;
  News *news = news_new (work);
  TitheLearnOptions options;

  be_nice ();
  tithe_learn_options_init (&options, NULL);
  if (!tithe_learn_estimate (work->dataset, &options, &news->estimate, work->job, NULL))
    news->estimate = -1;
  send (news);
  work_free (work);
  return NULL;
}
#endif

/* --- in the main thread --- */

/**
 * tithe_learner_dup_path:
 *
 * Returns: (transfer full): where the embedding that is learned from a dataset is kept
 */
char *
tithe_learner_dup_path (TitheDataset *dataset)
{
  return tithe_places_dup_file (dataset, SALT, ".npy");
}

static void
drop (TitheLearner *self)
{
  if (self->job != NULL)
    tithe_job_cancel (self->job);
  if (self->estimating != NULL)
    tithe_job_cancel (self->estimating);
  g_clear_pointer (&self->job, tithe_job_unref);
  g_clear_pointer (&self->estimating, tithe_job_unref);
  g_clear_pointer (&self->examples, g_ptr_array_unref);
  g_clear_pointer (&self->learned, g_free);
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  memset (&self->epoch, 0, sizeof self->epoch);
  self->score = -1;
  self->estimate = -1;
}

/**
 * tithe_learner_set_dataset:
 * @dataset: (nullable): what is open now; what was learned belongs to what was open before
 * @with_estimate: whether to find out in the background how long learning would take
 */
void
tithe_learner_set_dataset (TitheLearner *self, TitheDataset *dataset, gboolean with_estimate)
{
  g_return_if_fail (TITHE_IS_LEARNER (self));

  drop (self);
  self->dataset = dataset ? tithe_dataset_ref (dataset) : NULL;
#ifdef TITHE_HAVE_LEARN
  if (with_estimate && tithe_learner_can (self))
    {
      self->estimating = tithe_job_new (_("Estimating"));
      g_thread_unref (g_thread_new ("tithe-estimate", estimate, work_new (self, self->estimating, NULL)));
    }
#endif
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * tithe_learner_can:
 *
 * Returns: whether there are labels to learn from, and oneDNN to learn with
 */
gboolean
tithe_learner_can (TitheLearner *self)
{
#ifdef TITHE_HAVE_LEARN
  return self->dataset != NULL && tithe_learn_can (self->dataset, NULL);
#else
  return FALSE;
#endif
}

/**
 * tithe_learner_begin:
 * @preset: (nullable): one of tithe_learn_presets
 *
 * Learns in the background, from where the same preset was stopped before.
 */
void
tithe_learner_begin (TitheLearner *self, const char *preset)
{
#ifdef TITHE_HAVE_LEARN
  if (!tithe_learner_can (self) || self->job != NULL)
    return;
  if (self->estimating != NULL)
    tithe_job_cancel (self->estimating);
  self->job = tithe_job_new (_("Learning"));
  memset (&self->epoch, 0, sizeof self->epoch);
  self->score = -1;
  g_thread_unref (g_thread_new ("tithe-learn", learn, work_new (self, self->job, preset)));
  g_signal_emit (self, signals[CHANGED], 0);
#endif
}

/**
 * tithe_learner_get_job:
 *
 * Returns: (transfer none) (nullable): the job that learns
 */
TitheJob *
tithe_learner_get_job (TitheLearner *self)
{
  return self->job;
}

/**
 * tithe_learner_get_epoch:
 *
 * Returns: (transfer none): what the last epoch came to; its number is 0 before the first
 */
const TitheLearnerEpoch *
tithe_learner_get_epoch (TitheLearner *self)
{
  return &self->epoch;
}

/**
 * tithe_learner_get_estimate:
 *
 * Returns: seconds that learning would take on this machine, below 0 where that is not known
 */
double
tithe_learner_get_estimate (TitheLearner *self)
{
  return self->estimate;
}

/**
 * tithe_learner_get_examples:
 *
 * Returns: (transfer none) (nullable) (element-type TithePixels): pictures as the network sees them in this epoch
 */
GPtrArray *
tithe_learner_get_examples (TitheLearner *self)
{
  return self->examples;
}

/**
 * tithe_learner_get_score:
 * @held_out: (out): whether it is of a tenth that a first run did not learn from, rather than of the test split
 *
 * Returns: share of right answers on pictures never learned from, below 0 where there are none
 */
double
tithe_learner_get_score (TitheLearner *self, gboolean *held_out)
{
  *held_out = self->score_held_out;
  return self->score;
}

/**
 * tithe_learner_get_learned:
 *
 * Returns: (nullable): an embedding that was learned since the dataset was opened
 */
const char *
tithe_learner_get_learned (TitheLearner *self)
{
  return self->learned;
}

static void
tithe_learner_dispose (GObject *object)
{
  drop (TITHE_LEARNER (object));
  G_OBJECT_CLASS (tithe_learner_parent_class)->dispose (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, TITHE_TYPE_LEARNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
tithe_learner_class_init (TitheLearnerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tithe_learner_dispose;
  signals[CHANGED] = add_signal ("changed");
  signals[EPOCH] = add_signal ("epoch");
  signals[FAILED] = g_signal_new ("failed", TITHE_TYPE_LEARNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
tithe_learner_init (TitheLearner *self)
{
  self->score = -1;
  self->estimate = -1;
}

TitheLearner *
tithe_learner_new (void)
{
  return g_object_new (TITHE_TYPE_LEARNER, NULL);
}
