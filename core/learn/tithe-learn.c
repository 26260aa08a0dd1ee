/* SPDX-License-Identifier: MIT */
#include "tithe-learn.h"
#include "tithe-learn-pace.h"
#include "base/tithe-byte-order.h"
#include "base/tithe-parallel.h"
#include "base/tithe-random.h"
#include "tithe-run.h"
#include "tithe-streams-private.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

G_DEFINE_QUARK (tithe-learn-error-quark, tithe_learn_error)

const TitheWord tithe_learn_presets[] = {
  { "fast", 0, "a shallow network, wide where pictures are small" },
  { "resnet20", 20, "ResNet-20" },
  { "resnet32", 32, "ResNet-32, as in the paper" },
  { "resnet8", 8, "ResNet-8" },
  { NULL, 0, NULL },
};

/**
 * tithe_learn_options_init:
 * @preset: (nullable): one of tithe_learn_presets, or resnet and any other depth 6n + 2
 *
 * Twelve epochs, or fifteen of the fast network, which take as much work, on all processors; bfloat16 where the processor
 * has it.
 *
 * Returns: whether there is such a preset
 */
gboolean
tithe_learn_options_init (TitheLearnOptions *options, const char *preset)
{
  guint64 depth;

  *options = (TitheLearnOptions){ .depth = 8, .width = 32, .kind = TITHE_NETWORK_FAST, .hold_out = TRUE };
  tithe_train_settings_init (&options->train);
  options->train.n_threads = tithe_parallel_resolve_threads (0);
  options->train.bfloat16 = tithe_dnn_has_bfloat16 ();
  if (preset == NULL || g_str_equal (preset, "fast"))
    {
      options->train.rate = 0.125;
      options->train.decay = 1e-3;
      options->train.head_rate = 1 / 81.0;
      options->train.epochs = 15; /* take as much work as twelve of ResNet-20 */
      options->train.shift = 0.0625;
      return TRUE;
    }
  options->kind = TITHE_NETWORK_RESNET;
  options->width = 16;
  if (!g_str_has_prefix (preset, "resnet")
      || !g_ascii_string_to_unsigned (preset + strlen ("resnet"), 10, 8, 200, &depth, NULL))
    return FALSE;
  options->depth = (guint) depth;
  return depth % 6 == 2;
}

/**
 * tithe_learn_can:
 *
 * Returns: %FALSE with the reason where a space can't be learned from the dataset's labels
 */
gboolean
tithe_learn_can (TitheDataset *dataset, GError **error)
{
  guint n_used = 0;

  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      gsize n;

      tithe_dataset_get_class_images (dataset, c, &n);
      n_used += n > 0;
    }
  if (tithe_dataset_is_labelled (dataset) && n_used >= 2)
    return TRUE;
  g_set_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_UNLABELLED,
               tithe_dataset_is_labelled (dataset)
                   ? _("“%s” has one class only: a semantic space is learned by telling classes apart; give an "
                        "embedding made elsewhere, or take the quick descriptor")
                   : _("“%s” has no labels: a semantic space is learned by telling classes apart; give an embedding "
                        "made elsewhere, or take the quick descriptor"),
               tithe_dataset_get_name (dataset));
  return FALSE;
}

/**
 * tithe_learn_choose_shape:
 * @shape: (out): of the network that the options make for the dataset's pictures
 */
void
tithe_learn_choose_shape (TitheDataset *dataset, const TitheLearnOptions *options, TitheNetworkShape *shape)
{
  *shape = (TitheNetworkShape){ .kind = options->kind,
                                .depth = options->depth,
                                .width = options->width,
                                .n_classes = tithe_dataset_get_n_classes (dataset) };
  tithe_picture_set_choose (dataset, &shape->size, &shape->channels);
  if (options->size > 0)
    shape->size = options->size;
}

/* A network of a stranger may be of numbers that are finite, but whose products are not. */
static gboolean
check_finite (TitheNetwork *network, TithePictureSet *pictures, const float *rows, GError **error)
{
  const gsize dim = tithe_network_get_dim (network), n_values = tithe_picture_set_get_n (pictures) * dim;
  g_autoptr (GString) buffer = g_string_new (NULL);

  for (gsize i = 0; i < n_values; i++)
    if (!isfinite (rows[i]))
      {
        g_set_error (
            error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_NOT_FINITE,
            _("the network has no finite numbers for “%s”: it learned at too high a rate, or its file is damaged"),
            tithe_dataset_get_display_path (tithe_picture_set_get_dataset (pictures), i / dim, buffer));
        return FALSE;
      }
  return TRUE;
}

static GBytes *
embed_all (TitheNetwork *network, TithePictureSet *pictures, guint n_threads, gboolean bfloat16, TitheJob *job,
           GError **error)
{
  const gsize n = tithe_picture_set_get_n (pictures), n_values = n * tithe_network_get_dim (network);
  g_autofree guint32 *images = g_new (guint32, n);
  g_autofree float *rows = g_new (float, n_values);

  for (gsize i = 0; i < n; i++)
    images[i] = (guint32) i;
  if (!tithe_network_embed (network, pictures, images, n, n_threads, bfloat16, rows, job, error)
      || !check_finite (network, pictures, rows, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&rows), n_values * sizeof (float));
}

/* A picture set with what may be learned from. */
typedef struct
{
  TithePictureSet *pictures; /* (nullable) */
  guint32 *images;
  gsize n;
} Split;

static void
split_clear (Split *split)
{
  g_clear_pointer (&split->pictures, tithe_picture_set_free);
  g_clear_pointer (&split->images, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Split, split_clear)

static gboolean
load_split (TitheDataset *dataset, const TitheNetworkShape *shape, guint n_threads, Split *split, TitheJob *job,
            guint64 share, GError **error)
{
  g_autoptr (TitheJob) step = tithe_job_new_step (job, share);

  split->pictures = tithe_picture_set_load (dataset, shape->size, shape->channels, n_threads, step, error);
  if (split->pictures == NULL)
    return FALSE;
  split->images = tithe_picture_set_list_readable (split->pictures, NULL, &split->n);
  return TRUE;
}

/* A tenth of each class, at random: the first n_held of @images, which are those of the split in any order. */
static gsize
hold_out (const Split *split, guint64 seed, guint32 *images)
{
  TitheDataset *dataset = tithe_picture_set_get_dataset (split->pictures);
  g_autofree gsize *left = g_new0 (gsize, tithe_dataset_get_n_classes (dataset));
  TitheRandom random = tithe_random_new (seed, TITHE_STREAM_HOLD_OUT, 0);
  gsize n_held = 0;

  for (gsize i = 0; i < split->n; i++)
    left[tithe_dataset_get_label (dataset, images[i])]++;
  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    left[c] /= 10;
  for (gsize i = split->n; i-- > 1;)
    {
      gsize j = tithe_random_below (&random, (guint32) i + 1);
      guint32 image = images[i];

      images[i] = images[j];
      images[j] = image;
    }
  for (gsize i = 0; i < split->n; i++)
    {
      guint32 image = images[i];
      gsize *n = &left[tithe_dataset_get_label (dataset, image)];

      if (*n == 0)
        continue;
      (*n)--;
      images[i] = images[n_held];
      images[n_held++] = image;
    }
  return n_held;
}

/* Who is told of epochs, and how long the pictures of them took. */
typedef struct
{
  TitheEpochFunc func; /* (nullable) */
  gpointer user_data;
  gboolean held_out;
  guint n;
  double seconds; /* of an image, summed over the epochs */
} Report;

static void
report_epoch (const TitheEpoch *epoch, gpointer user_data)
{
  Report *report = user_data;
  TitheEpoch marked = *epoch;

  marked.held_out = report->held_out;
  if (epoch->images_per_second > 0)
    {
      report->seconds += 1 / epoch->images_per_second;
      report->n++;
    }
  if (report->func != NULL)
    report->func (&marked, report->user_data);
}

/* The run that is only for its score. Its checkpoint stays until the last run is over, which needs not repeat it then. */
static gboolean
learn_without_a_tenth (const TitheNetworkShape *shape, const Split *split, const TitheLearnOptions *options,
                       const char *checkpoint, Report *report, TitheJob *job, GError **error)
{
  g_autoptr (TitheNetwork) network = tithe_network_new (shape, options->train.seed);
  g_autofree guint32 *images = g_memdup2 (split->images, split->n * sizeof *split->images);
  gsize n_held = hold_out (split, options->train.seed, images);
  gboolean ok;

  report->held_out = TRUE;
  ok = n_held == 0 || split->n - n_held < 2
       || tithe_train (network, split->pictures, images + n_held, split->n - n_held, split->pictures, images, n_held,
                       &options->train, checkpoint, report_epoch, report, job, error);
  report->held_out = FALSE;
  return ok;
}

/* tithe_learn_dup_first_checkpoint: (transfer full) (nullable): of the run that is only for its score, where there is one */
char *
tithe_learn_dup_first_checkpoint (const TitheLearnOptions *options)
{
  return options->checkpoint ? g_strconcat (options->checkpoint, "-held-out", NULL) : NULL;
}

/* All steps are parts of one stage, so that there is one time left. */
static void
begin_job (TitheDataset *dataset, const TitheLearnOptions *options, TitheLearnShares *shares, TitheJob *job)
{
  guint64 all;

  tithe_learn_pace_share (options->pace, dataset, options, shares);
  all = shares->read_train + shares->read_test + shares->first + shares->last + shares->embed;
  tithe_job_start (job, _("Learning"), all);
  if (tithe_learn_pace_is_known (options->pace))
    tithe_job_expect (job, (double) all / 1e6);
}

static gboolean
load_both (TitheDataset *dataset, const TitheNetworkShape *shape, const TitheLearnOptions *options, Split *train,
           Split *test, const TitheLearnShares *shares, TitheJob *job, GError **error)
{
  TitheDataset *test_dataset = tithe_dataset_get_test (dataset);
  const guint n_threads = options->train.n_threads;
  const gint64 began = g_get_monotonic_time ();

  if (!load_split (dataset, shape, n_threads, train, job, shares->read_train, error))
    return FALSE;
  if (options->pace != NULL)
    options->pace->read = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC
                          / (double) tithe_picture_set_get_n (train->pictures);
  return test_dataset == NULL || load_split (test_dataset, shape, n_threads, test, job, shares->read_test, error);
}

static TitheNetwork *
learn_and_embed (const TitheNetworkShape *shape, const TitheLearnOptions *options, const Split *train,
                 const Split *test, const TitheLearnShares *shares, Report *report, GBytes **rows, TitheJob *job,
                 GError **error)
{
  const guint n_threads = options->train.n_threads;
  g_autofree char *first_checkpoint = tithe_learn_dup_first_checkpoint (options);
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (TitheJob) step = tithe_job_new_step (job, shares->first);
  gint64 began;

  if (test->n == 0 && options->hold_out
      && !learn_without_a_tenth (shape, train, options, first_checkpoint, report, step, error))
    return NULL;
  network = tithe_network_new (shape, options->train.seed);
  tithe_job_unref (step);
  step = tithe_job_new_step (job, shares->last);
  if (!tithe_train (network, train->pictures, train->images, train->n, test->n > 0 ? test->pictures : NULL,
                    test->images, test->n, &options->train, options->checkpoint, report_epoch, report, step, error))
    return NULL;
  tithe_job_unref (step);
  step = tithe_job_new_step (job, shares->embed);
  began = g_get_monotonic_time ();
  *rows = embed_all (network, train->pictures, n_threads, options->train.bfloat16, step, error);
  if (*rows != NULL && options->pace != NULL)
    options->pace->see = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC
                         / (double) tithe_picture_set_get_n (train->pictures);
  return *rows ? g_steal_pointer (&network) : NULL;
}

/**
 * tithe_learn:
 * @func: (nullable): told of each epoch, with the accuracy on the dataset's own test split; where there is none and
 *   #TitheLearnOptions.hold_out is set, a first run is tested on a tenth of each class that it does not learn from
 * @rows: (out) (transfer full): n_images x dim of the network, float32; a picture that can't be read has a zero row
 *
 * @job: (nullable): progress and cancellation
 *
 * Learns the semantic space from all pictures of the training split. Its checkpoints stay until tithe_learn_forget().
 *
 * Returns: (transfer full): the network, or %NULL with a %TITHE_LEARN_ERROR, %TITHE_DNN_ERROR, %TITHE_LAPACK_ERROR,
 *   %TITHE_CHECKPOINT_ERROR, which may be that of an unfinished learning of something else, or %G_IO_ERROR_CANCELLED
 */
TitheNetwork *
tithe_learn (TitheDataset *dataset, const TitheLearnOptions *options, TitheEpochFunc func, gpointer user_data,
             GBytes **rows, TitheJob *job, GError **error)
{
  Report report = { .func = func, .user_data = user_data };
  TitheNetworkShape shape;
  TitheLearnShares shares;
  g_auto (Split) train = { 0 }, test = { 0 };
  TitheNetwork *network;

  if (!tithe_learn_can (dataset, error))
    return NULL;
  tithe_learn_choose_shape (dataset, options, &shape);
  begin_job (dataset, options, &shares, job);
  if (!load_both (dataset, &shape, options, &train, &test, &shares, job, error))
    return NULL;
  if (train.n < 2)
    {
      g_set_error (error, TITHE_LEARN_ERROR, TITHE_LEARN_ERROR_TOO_FEW,
                   ngettext ("“%s” has %zu picture that can be read: at least two are needed to learn from",
                             "“%s” has %zu pictures that can be read: at least two are needed to learn from", train.n),
                   tithe_dataset_get_name (dataset), train.n);
      return NULL;
    }
  network = learn_and_embed (&shape, options, &train, &test, &shares, &report, rows, job, error);
  if (options->pace != NULL && report.n > 0)
    options->pace->learn = report.seconds / report.n;
  return network;
}

/**
 * tithe_learn_forget:
 *
 * Removes the checkpoints of a learning. To be called when what tithe_learn() gave is safely where it belongs: until then
 * another call goes on from the end of it.
 */
void
tithe_learn_forget (const TitheLearnOptions *options)
{
  g_autofree char *first_checkpoint = tithe_learn_dup_first_checkpoint (options);

  if (options->checkpoint == NULL)
    return;
  g_unlink (options->checkpoint);
  g_unlink (first_checkpoint);
}

/* SHA-256 of all numbers of a network. */
static char *
fingerprint_network (TitheNetwork *network)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < parameters->len; i++)
    {
      const TitheParameter *parameter = g_ptr_array_index (parameters, i);

      tithe_byte_order_checksum (sum, parameter->value, parameter->n, sizeof (float));
    }
  return g_strdup (g_checksum_get_string (sum));
}

/**
 * tithe_learn_describe:
 * @options: (nullable): how it was learned, where it was learned here
 *
 * Returns: (transfer full): what an embedding by the network depends on: the network and its fingerprint, the settings,
 *   and the dataset's fingerprint
 */
char *
tithe_learn_describe (TitheNetwork *network, TitheDataset *dataset, const TitheLearnOptions *options)
{
  g_autofree char *shape = tithe_network_shape_to_text (tithe_network_get_shape (network));
  g_autofree char *fingerprint = fingerprint_network (network);
  g_autofree char *settings
      = options ? tithe_train_settings_to_text (&options->train, tithe_dataset_get_n_images (dataset)) : NULL;

  return g_strdup_printf ("%s; %s; network %s; dataset %s", shape, settings ? settings : "applied", fingerprint,
                          tithe_dataset_get_fingerprint (dataset));
}

/**
 * tithe_learn_list_examples:
 * @size: of the pictures' side, as tithe_picture_set_choose() has it
 * @epoch: from 0
 * @n: how many at most
 *
 * Returns: (transfer full) (element-type TithePixels): some pictures as the network sees them in that epoch
 */
GPtrArray *
tithe_learn_list_examples (TitheDataset *dataset, const TitheTrainSettings *settings, guint size, guint epoch, guint n)
{
  const gsize n_images = tithe_dataset_get_n_images (dataset);
  GPtrArray *examples = g_ptr_array_new_with_free_func ((GDestroyNotify) tithe_pixels_unref);

  for (gsize i = 0; i < n; i++)
    {
      guint32 image = (guint32) (i * n_images / n);
      TitheMove move = tithe_train_move (settings, size, epoch, image);
      const int edge = (int) size;
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (dataset, image, 2 * size, NULL);
      g_autoptr (TithePixels) sized = pixels ? tithe_pixels_resize (pixels, size, size) : NULL;
      TithePixels *moved = sized ? tithe_pixels_new (size, size) : NULL;

      if (moved == NULL)
        continue;
      for (int y = 0; y < edge; y++)
        for (int x = 0; x < edge; x++)
          {
            int from_x = x + move.dx, from_y = y + move.dy, to_x = move.mirrored ? edge - 1 - x : x;
            gboolean inside = from_x >= 0 && from_x < edge && from_y >= 0 && from_y < edge;

            for (int c = 0; c < 3; c++)
              moved->data[3 * (y * edge + to_x) + c] = inside ? sized->data[3 * (from_y * edge + from_x) + c] : 128;
          }
      g_ptr_array_add (examples, moved);
    }
  return examples;
}

/**
 * tithe_learn_apply:
 *
 * Returns: (transfer full): the embedding of all pictures by a network that was learned before, n_images x dim
 */
GBytes *
tithe_learn_apply (TitheNetwork *network, TitheDataset *dataset, guint n_threads, gboolean bfloat16, TitheJob *job,
                   GError **error)
{
  const TitheNetworkShape *shape = tithe_network_get_shape (network);
  g_autoptr (TithePictureSet) pictures
      = tithe_picture_set_load (dataset, shape->size, shape->channels, n_threads, job, error);

  return pictures ? embed_all (network, pictures, n_threads, bfloat16, job, error) : NULL;
}
