/* SPDX-License-Identifier: MIT */
#include "tithe-learner.h"
#include "tithe-task.h"
#include "state/tithe-paces.h"
#include "state/tithe-places.h"

#include "embedding/tithe-embedding.h"
#ifdef TITHE_HAVE_LEARN
#  include "learn/tithe-learn-pace.h"
#endif

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

/* In the names of what was learned: another recipe needs another one. */
#define SALT "learn-2"
#define N_EXAMPLES 8

struct _TitheLearner
{
  GObject parent_instance;

  TitheDataset *dataset;            /* (nullable) */
  TitheTask *learning, *estimating; /* (nullable) */
  TitheEpoch epoch;
  double score; /* of the last epoch that was tested; below 0 where none was */
  gboolean score_held_out;
  double estimate;     /* seconds that are left; below 0 where not known */
  guint epochs_done;   /* of an unfinished learning */
  guint n_epochs;      /* of it */
  char *preset;        /* (nullable): of it; NULL for the usual one */
  gboolean stopped;    /* whether what is kept of one that was stopped is being looked up */
  GPtrArray *examples; /* TithePixels, as the network sees them now */
  char *learned;       /* path of an embedding to switch to */
};

enum
{
  CHANGED,
  EPOCH,
  STOPPED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (TitheLearner, tithe_learner, G_TYPE_OBJECT)

#ifdef TITHE_HAVE_LEARN

/* One learning, or one estimate of how long it would take. */
typedef struct
{
  TitheTask *task; /* (not owned): that does it */
  TitheDataset *dataset;
  char *path, *preset;
  guint size; /* of pictures, while learning */
  TitheLearnPace pace;
  gboolean again; /* whether to try once more what was only tried before */
  TitheLearnForecast forecast;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  tithe_dataset_unref (work->dataset);
  g_free (work->path);
  g_free (work->preset);
  g_free (work);
}

static Work *
work_new (TitheDataset *dataset, const char *preset)
{
  Work *work = g_new0 (Work, 1);

  *work = (Work){ .dataset = tithe_dataset_ref (dataset),
                  .path = tithe_learner_dup_path (dataset),
                  .preset = g_strdup (preset),
                  .forecast = { .seconds = -1 } };
  return work;
}

/* An epoch on its way from the thread. */
typedef struct
{
  TitheEpoch epoch;
  GPtrArray *examples;
} News;

static void
news_free (gpointer data)
{
  News *news = data;

  g_clear_pointer (&news->examples, g_ptr_array_unref);
  g_free (news);
}

static void
take_epoch (gpointer owner, gpointer data)
{
  TitheLearner *self = owner;
  News *news = data;

  self->epoch = news->epoch;
  if (self->epoch.test_accuracy >= 0)
    {
      self->score = self->epoch.test_accuracy;
      self->score_held_out = self->epoch.held_out;
    }
  g_clear_pointer (&self->examples, g_ptr_array_unref);
  self->examples = g_steal_pointer (&news->examples);
  g_signal_emit (self, signals[EPOCH], 0);
}

static void
tell_epoch (const TitheEpoch *epoch, gpointer user_data)
{
  Work *work = user_data;
  News *news = g_new0 (News, 1);
  TitheLearnOptions options;

  tithe_learn_options_init (&options, work->preset);
  news->epoch = *epoch;
  news->examples = tithe_learn_list_examples (work->dataset, &options.train, work->size, epoch->epoch, N_EXAMPLES);
  tithe_task_tell (work->task, take_epoch, news, news_free);
}

/* Each way to learn has a checkpoint of its own, so that trying another one leaves the unfinished one alone. */
static char *
dup_checkpoint (const Work *work, const TitheLearnOptions *options)
{
  g_autofree char *settings = tithe_train_settings_to_text (&options->train, 0);
  g_autofree char *key = g_strdup_printf ("%s %d %u %u", settings, (int) options->kind, options->depth, options->width);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);

  return g_strdup_printf ("%s.%.8s.checkpoint", work->path, hash);
}

/* What is remembered of this machine, else a few batches; what those say is remembered, too, until more is known. */
static gboolean
find_pace (Work *work, TitheLearnOptions *options, gboolean again, TitheJob *job, GError **error)
{
  g_autofree char *key = tithe_learn_pace_dup_key (work->dataset, options);
  TithePaceMemory memory;
  gboolean known = tithe_paces_recall (key, &memory) && !(again && memory.tried);

  if (known)
    work->pace = (TitheLearnPace){ .learn = memory.learn, .see = memory.see };
  options->pace = &work->pace;
  if (!tithe_learn_pace_measure (&work->pace, work->dataset, options, job, error))
    return FALSE;
  memory = (TithePaceMemory){ work->pace.learn, work->pace.see, TRUE };
  if (!known)
    tithe_paces_remember (key, &memory, NULL);
  return TRUE;
}

/* That a learning has another pace than what was thought before is what the next estimate begins with. */
static void
remember_pace (const Work *work, const TitheLearnOptions *options, double before)
{
  g_autofree char *key = tithe_learn_pace_dup_key (work->dataset, options);
  const TithePaceMemory memory = { work->pace.learn, work->pace.see, FALSE };

  if (work->pace.learn != before)
    tithe_paces_remember (key, &memory, NULL);
}

static gboolean
learn (TitheTask *task, gpointer data, GError **error)
{
  Work *work = data;
  g_autofree char *folder = tithe_places_dup_folder (), *origin = NULL, *checkpoint = NULL;
  g_autofree char *network_path = g_strconcat (work->path, ".safetensors", NULL);
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  TitheLearnOptions options;
  TitheEpoch none = { .test_accuracy = -1 };
  double before;
  guint channels;

  tithe_task_be_nice (task);
  work->task = task;
  tithe_learn_options_init (&options, work->preset);
  checkpoint = dup_checkpoint (work, &options);
  options.checkpoint = checkpoint;
  if (!tithe_places_make_folder (folder, error))
    return FALSE;
  tithe_picture_set_choose (work->dataset, &work->size, &channels);
  none.n_epochs = options.train.epochs;
  tell_epoch (&none, work); /* for its examples */
  if (!find_pace (work, &options, FALSE, tithe_task_get_job (task), error))
    return FALSE;
  before = work->pace.learn;
  network = tithe_learn (work->dataset, &options, tell_epoch, work, &rows, tithe_task_get_job (task), error);
  remember_pace (work, &options, before);
  if (network == NULL)
    return FALSE;
  origin = tithe_learn_describe (network, work->dataset, &options);
  if (!tithe_network_write (network, network_path, error)
      || !tithe_embedding_write (rows, tithe_network_get_dim (network), origin, work->path, error))
    return FALSE;
  tithe_learn_forget (&options);
  return TRUE;
}

/* The unfinished learning that was worked on last; the usual one where there is none. */
static void
choose_preset (Work *work)
{
  gint64 latest = -1;

  for (guint i = 0; tithe_learn_presets[i].text != NULL; i++)
    {
      TitheLearnOptions options;
      g_autofree char *checkpoint = NULL, *first = NULL;
      GStatBuf status;

      tithe_learn_options_init (&options, tithe_learn_presets[i].text);
      checkpoint = dup_checkpoint (work, &options);
      options.checkpoint = checkpoint;
      first = tithe_learn_dup_first_checkpoint (&options);
      if ((g_stat (checkpoint, &status) != 0 && g_stat (first, &status) != 0) || status.st_mtime <= latest)
        continue;
      latest = status.st_mtime;
      g_free (work->preset);
      work->preset = g_strdup (tithe_learn_presets[i].text);
    }
}

static gboolean
estimate (TitheTask *task, gpointer data, GError **error)
{
  Work *work = data;
  TitheLearnOptions options;
  g_autofree char *checkpoint = NULL;

  tithe_task_be_nice (task);
  if (work->preset == NULL)
    choose_preset (work);
  tithe_learn_options_init (&options, work->preset);
  checkpoint = dup_checkpoint (work, &options);
  options.checkpoint = checkpoint;
  if (!find_pace (work, &options, work->again, tithe_task_get_job (task), error))
    return FALSE;
  tithe_learn_foresee (work->dataset, &options, &work->forecast);
  return TRUE;
}

static void
on_estimated (gpointer owner, gpointer data, const GError *error)
{
  TitheLearner *self = owner;
  Work *work = data;
  const gboolean stopped = self->stopped;

  tithe_task_drop (&self->estimating);
  self->stopped = FALSE;
  self->estimate = error ? -1 : work->forecast.seconds;
  self->epochs_done = work->forecast.epochs_done;
  self->n_epochs = work->forecast.n_epochs;
  g_free (self->preset);
  self->preset = self->epochs_done > 0 ? g_steal_pointer (&work->preset) : NULL;
  g_signal_emit (self, signals[CHANGED], 0);
  if (stopped && error == NULL)
    g_signal_emit (self, signals[STOPPED], 0);
}

static void
begin_estimate (TitheLearner *self, const char *preset)
{
  Work *work = work_new (self->dataset, preset);

  work->again = !self->stopped;
  self->estimating = tithe_task_begin (self, _("Estimating"), estimate, work, work_free, on_estimated);
}

static void
on_learned (gpointer owner, gpointer data, const GError *error)
{
  TitheLearner *self = owner;
  Work *work = data;

  tithe_task_drop (&self->learning);
  self->epochs_done = 0;
  self->stopped = error != NULL && !tithe_task_is_failure (error);
  if (self->stopped)
    begin_estimate (self, work->preset);
  if (error == NULL)
    {
      g_free (self->learned);
      self->learned = g_steal_pointer (&work->path);
    }
  g_signal_emit (self, signals[CHANGED], 0);
  if (tithe_task_is_failure (error))
    g_signal_emit (self, signals[FAILED], 0, error->message);
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
  tithe_task_drop (&self->learning);
  tithe_task_drop (&self->estimating);
  g_clear_pointer (&self->examples, g_ptr_array_unref);
  g_clear_pointer (&self->learned, g_free);
  g_clear_pointer (&self->dataset, tithe_dataset_unref);
  memset (&self->epoch, 0, sizeof self->epoch);
  g_clear_pointer (&self->preset, g_free);
  self->score = -1;
  self->estimate = -1;
  self->epochs_done = self->n_epochs = 0;
  self->stopped = FALSE;
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
    begin_estimate (self, NULL);
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
 * @preset: (nullable): one of tithe_learn_presets; %NULL for that of the unfinished learning, or the usual one
 *
 * Learns in the background, from where the same preset was stopped before. Does nothing while it learns.
 */
void
tithe_learner_begin (TitheLearner *self, const char *preset)
{
#ifdef TITHE_HAVE_LEARN
  g_return_if_fail (TITHE_IS_LEARNER (self));

  if (!tithe_learner_can (self) || self->learning != NULL)
    return;
  tithe_task_drop (&self->estimating);
  memset (&self->epoch, 0, sizeof self->epoch);
  self->score = -1;
  self->stopped = FALSE;
  self->learning = tithe_task_begin (self, _("Learning"), learn,
                                     work_new (self->dataset, preset ? preset : self->preset), work_free, on_learned);
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
  return self->learning ? tithe_task_get_job (self->learning) : NULL;
}

/**
 * tithe_learner_get_epoch:
 *
 * Returns: (transfer none): what the last epoch came to; its number is 0 before the first
 */
const TitheEpoch *
tithe_learner_get_epoch (TitheLearner *self)
{
  return &self->epoch;
}

/**
 * tithe_learner_get_estimate:
 *
 * Returns: seconds that learning would take on this machine, or what is unfinished of it, below 0 where that is not known
 */
double
tithe_learner_get_estimate (TitheLearner *self)
{
  return self->estimate;
}

/**
 * tithe_learner_get_unfinished:
 * @n_epochs: (out): that the learning has
 *
 * Returns: how many of them are kept of a learning that was stopped, 0 where there is none
 */
guint
tithe_learner_get_unfinished (TitheLearner *self, guint *n_epochs)
{
  *n_epochs = self->n_epochs;
  return self->epochs_done;
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
 * Returns: (transfer none) (nullable): path of an embedding that was learned since the dataset was opened
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
  signals[STOPPED] = add_signal ("stopped");
  signals[FAILED] = g_signal_new ("failed", TITHE_TYPE_LEARNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
tithe_learner_init (TitheLearner *self)
{
  self->score = -1;
  self->estimate = -1;
}

/**
 * tithe_learner_new:
 *
 * Returns: (transfer full): a learner without a dataset
 */
TitheLearner *
tithe_learner_new (void)
{
  return g_object_new (TITHE_TYPE_LEARNER, NULL);
}
