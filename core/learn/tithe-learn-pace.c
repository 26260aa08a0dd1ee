/* SPDX-License-Identifier: MIT */
#include "tithe-learn-pace.h"

/* Where nothing is known: what small pictures take of an image's learning. */
static const TitheLearnPace usual = { .read = 4e-5, .learn = 1e-3, .see = 3.3e-4 };

/* Pictures that are read to see how long that takes, and how long at most. */
#define N_READ 48
#define READ_US (G_USEC_PER_SEC / 3)

/* tithe_learn_pace_is_known: whether more is known than what is in proportion to what */
gboolean
tithe_learn_pace_is_known (const TitheLearnPace *pace)
{
  return pace != NULL && pace->read > 0 && pace->learn > 0 && pace->see > 0;
}

/* Seconds that a thread takes to read one of the pictures, from all over the dataset. */
static double
measure_reading (TitheDataset *dataset, guint size)
{
  const gsize n = tithe_dataset_get_n_images (dataset);
  const gint64 began = g_get_monotonic_time ();
  guint n_read = 0;

  while (n_read < N_READ && (n_read == 0 || g_get_monotonic_time () - began < READ_US))
    {
      g_autoptr (TithePixels) pixels = tithe_dataset_read_pixels (dataset, n_read * n / N_READ, 2 * size, NULL);
      g_autoptr (TithePixels) sized = pixels ? tithe_pixels_resize (pixels, size, size) : NULL;

      n_read++;
    }
  return (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC / n_read;
}

/**
 * tithe_learn_pace_measure:
 * @pace: (inout): what of it is known already is left as it is, but for reading, which is another one for each dataset
 * @job: (nullable): asked for cancellation
 *
 * Reads a few pictures and learns a few batches. Takes about two seconds, or a third of one where only reading is unknown.
 */
gboolean
tithe_learn_pace_measure (TitheLearnPace *pace, TitheDataset *dataset, const TitheLearnOptions *options, TitheJob *job,
                          GError **error)
{
  TitheNetworkShape shape;
  g_autoptr (TitheNetwork) network = NULL;
  double rate;

  if (!tithe_learn_can (dataset, error))
    return FALSE;
  tithe_learn_choose_shape (dataset, options, &shape);
  pace->read = measure_reading (dataset, shape.size) / MAX (1, options->train.n_threads);
  if (pace->learn > 0 && pace->see > 0)
    return tithe_job_check (job, error);
  network = tithe_network_new (&shape, 1);
  rate = tithe_train_measure (network, &options->train, job, error);
  if (rate <= 0)
    return FALSE;
  pace->learn = 1 / rate;
  pace->see = pace->learn / 3;
  return TRUE;
}

/**
 * tithe_learn_pace_dup_key:
 *
 * Returns: (transfer full): what the pace of learning depends on, on one machine: the network, the size of its pictures, and
 *   how it is computed
 */
char *
tithe_learn_pace_dup_key (TitheDataset *dataset, const TitheLearnOptions *options)
{
  TitheNetworkShape shape;

  tithe_learn_choose_shape (dataset, options, &shape);
  return g_strdup_printf ("%d-%u-%u %ux%ux%u threads %u bfloat16 %d", (int) shape.kind, shape.depth, shape.width,
                          shape.size, shape.size, shape.channels, options->train.n_threads, options->train.bfloat16);
}

static gboolean
learns_twice (TitheDataset *dataset, const TitheLearnOptions *options)
{
  return options->hold_out && tithe_dataset_get_test (dataset) == NULL;
}

static guint64
share_run (const TitheLearnPace *pace, const TitheLearnOptions *options, double n_learned, double n_tested)
{
  return 1 + (guint64) (1e6 * options->train.epochs * (n_learned * pace->learn + n_tested * pace->see));
}

/**
 * tithe_learn_pace_share:
 * @pace: (nullable): as far as it is known
 * @shares: (out caller-allocates): 0 for what is not done
 */
void
tithe_learn_pace_share (const TitheLearnPace *pace, TitheDataset *dataset, const TitheLearnOptions *options,
                        TitheLearnShares *shares)
{
  const double n = (double) tithe_dataset_get_n_images (dataset);
  TitheDataset *test = tithe_dataset_get_test (dataset);
  const double n_test = test ? (double) tithe_dataset_get_n_images (test) : 0;

  if (!tithe_learn_pace_is_known (pace))
    pace = &usual;
  *shares = (TitheLearnShares){ .read_train = 1 + (guint64) (1e6 * n * pace->read),
                                .read_test = test ? 1 + (guint64) (1e6 * n_test * pace->read) : 0,
                                .last = share_run (pace, options, n, n_test),
                                .embed = 1 + (guint64) (1e6 * n * pace->see) };
  if (learns_twice (dataset, options))
    shares->first = share_run (pace, options, 0.9 * n, 0.1 * n);
}

/**
 * tithe_learn_foresee:
 * @options: with the pace and the checkpoint, where there are any
 * @forecast: (out caller-allocates)
 */
void
tithe_learn_foresee (TitheDataset *dataset, const TitheLearnOptions *options, TitheLearnForecast *forecast)
{
  g_autofree char *first_path = tithe_learn_dup_first_checkpoint (options);
  const guint epochs = MAX (1, options->train.epochs);
  const guint last = MIN (epochs, tithe_checkpoint_count_epochs (options->checkpoint));
  guint first = 0;
  TitheLearnShares shares;
  double left;

  tithe_learn_pace_share (options->pace, dataset, options, &shares);
  left = (double) (shares.read_train + shares.read_test + shares.embed);
  left += (double) shares.last * (epochs - last) / epochs;
  if (shares.first > 0)
    {
      first = MIN (epochs, tithe_checkpoint_count_epochs (first_path));
      left += (double) shares.first * (epochs - first) / epochs;
    }
  *forecast = (TitheLearnForecast){ .seconds = tithe_learn_pace_is_known (options->pace) ? left / 1e6 : -1,
                                    .epochs_done = first + last,
                                    .n_epochs = shares.first > 0 ? 2 * epochs : epochs };
}
