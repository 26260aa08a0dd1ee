/* SPDX-License-Identifier: MIT */
#include "tithe-cli-network.h"
#include "tithe-cli-private.h"

#include "base/tithe-parallel.h"
#include "base/tithe-text.h"
#include "dataset/tithe-dataset-protected.h"
#include "embedding/tithe-record.h"
#include "embedding/tithe-embedding.h"
#include "embedding/tithe-quick.h"

static char *option_output;
static gboolean option_overwrite;
static char *option_method;
static char *option_network;
static char *option_model;
static gboolean option_no_held_out;

static TitheCliNumber depth = { .name = "depth", .min = 8, .max = 200 };
static TitheCliNumber rate = { .name = "rate", .kind = TITHE_CLI_REAL, .max = 100, .above = TRUE };
static TitheCliNumber smoothing = { .name = "smoothing", .kind = TITHE_CLI_REAL, .max = 1 };
static TitheCliNumber decay = { .name = "decay", .kind = TITHE_CLI_REAL, .max = 1 };
static TitheCliNumber shift = { .name = "shift", .kind = TITHE_CLI_REAL, .max = 1 };

TitheCliNumber *const tithe_cli_embed_numbers[] = {
  TITHE_CLI_NETWORK_NUMBERS, &depth, &rate, &smoothing, &decay, &shift, &tithe_cli_seed, &tithe_cli_threads, NULL
};
const GOptionEntry tithe_cli_embed_options[] = {
  TITHE_CLI_OUTPUT_OPTION (N_("Where to write the features (.npy)")),
  TITHE_CLI_OVERWRITE_OPTION,
  { "method", 'm', 0, G_OPTION_ARG_STRING, &option_method,
    N_("learn: a ResNet trained on the labels (default); quick: colour and gradients, a first look without training"),
    "M" },
  { "model", 0, 0, G_OPTION_ARG_STRING, &option_model,
    N_("learn: fast (default), resnet20, resnet32 as in the paper, resnet8, or resnet and another 6n + 2"), "MODEL" },
  TITHE_CLI_NUMBER_OPTION ("epochs", 0, N_("learn: times that every picture is seen (default 15, of a resnet 12)"),
                           "E"),
  TITHE_CLI_NUMBER_OPTION ("depth", 0, N_("learn: the same as --model resnetD"), "D"),
  TITHE_CLI_NUMBER_OPTION ("width", 0, N_("learn: channels of the first stage (default 32, of a resnet 16)"), "W"),
  { "no-held-out", 0, 0, G_OPTION_ARG_NONE, &option_no_held_out,
    N_("learn: where there is no test split, do without a score rather than learn twice"), NULL },
  TITHE_CLI_NUMBER_OPTION ("rate", 0, N_("learn: highest learning rate"), "R"),
  TITHE_CLI_NUMBER_OPTION ("smoothing", 0, N_("learn: share of a label spread over all classes"), "S"),
  TITHE_CLI_NUMBER_OPTION ("decay", 0, N_("learn: weight decay"), "D"),
  TITHE_CLI_NUMBER_OPTION ("shift", 0, N_("learn: share of its side that a picture is moved by at most"), "S"),
  TITHE_CLI_NUMBER_OPTION ("size", 0, N_("learn: side that pictures are brought to (default: 32, 64 or 96)"), "PX"),
  TITHE_CLI_NUMBER_OPTION ("seed", 's', N_("learn: the same seed and threads learn the same (default 1)"), "S"),
  { "network", 0, 0, G_OPTION_ARG_FILENAME, &option_network,
    N_("learn: where to write the network (.safetensors); without --method: a network to apply"), "FILE" },
  TITHE_CLI_THREADS_OPTION,
  G_OPTION_ENTRY_NULL
};

/* The features, their record, and of learning the checkpoints and the network; before anything is computed. A checkpoint is
 * there to be gone on from, and a file that is none is refused by its reader. */
static gboolean
check_targets (TitheDataset *dataset, gboolean learn, gboolean apply, GError **error)
{
  static const char *const endings[] = { ".checkpoint", ".checkpoint-held-out" };
  g_autoptr (TitheProtected) protected = tithe_dataset_protect (dataset);
  g_autofree char *record = g_strconcat (option_output, TITHE_EMBEDDING_RECORD_ENDING, NULL);

  if (apply)
    tithe_protected_add_file (protected, option_network, _("it is the network that is applied; take another name"));
  for (guint i = 0; learn && i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *checkpoint = g_strconcat (option_output, endings[i], NULL);

      if (!tithe_cli_check_file (checkpoint, protected, TRUE, error))
        return FALSE;
    }
  return tithe_cli_check_file (option_output, protected, option_overwrite, error)
         && tithe_cli_check_file (record, protected, option_overwrite, error)
         && (!learn || option_network == NULL
             || tithe_cli_check_file (option_network, protected, option_overwrite, error));
}

/* What came there meanwhile is not lost either. */
static gboolean
write_features (GBytes *rows, gsize dim, const char *origin, GError **error)
{
  return option_overwrite ? tithe_embedding_write (rows, dim, origin, option_output, error)
                          : tithe_embedding_create (rows, dim, origin, option_output, error);
}

static gboolean
embed_quickly (TitheDataset *dataset, TitheJob *job, GError **error)
{
  gsize dim;
  g_autoptr (GBytes) rows
      = tithe_quick_embed (dataset, tithe_parallel_resolve_threads ((int) tithe_cli_threads.value), &dim, job, error);

  return rows != NULL && write_features (rows, dim, TITHE_QUICK_ORIGIN, error);
}

#ifdef TITHE_HAVE_LEARN
static gboolean
check_learning (GError **error)
{
  TitheLearnOptions options;

  if (depth.given)
    {
      g_free (option_model);
      option_model = g_strdup_printf ("resnet%d", (int) depth.value);
    }
  return tithe_cli_check_network (error) && tithe_cli_take_model (&options, option_model, error);
}

static void
report_epoch (const TitheEpoch *epoch, gpointer user_data)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *score = NULL;

  /* TRANSLATORS: loss is what training makes smaller; accuracy is the share of pictures that are told apart rightly */
  g_string_append_printf (line, _("epoch %u of %u: %.0f images a second, loss %.4f, training accuracy %.2f %%"),
                          epoch->epoch, epoch->n_epochs, epoch->images_per_second, epoch->loss, 100 * epoch->accuracy);
  if (epoch->held_out)
    score = g_strdup_printf (_("accuracy on a held-out tenth %.2f %%"), 100 * epoch->test_accuracy);
  else if (epoch->test_accuracy >= 0)
    score = g_strdup_printf (_("test accuracy %.2f %%"), 100 * epoch->test_accuracy);
  tithe_text_add_item (line, score ? score : "");
  g_print ("%s\n", line->str);
}

/* All of it is asked for once more before any is written. */
static gboolean
write_learned (TitheDataset *dataset, TitheNetwork *network, GBytes *rows, const char *origin, GError **error)
{
  if (!check_targets (dataset, TRUE, FALSE, error)
      || !write_features (rows, tithe_network_get_dim (network), origin, error))
    return FALSE;
  if (option_network == NULL)
    return TRUE;
  return option_overwrite ? tithe_network_write (network, option_network, error)
                          : tithe_network_create (network, option_network, error);
}

/* Hours of learning are not lost with the place where they were to go. */
static void
say_where_it_is (const char *checkpoint, const GError *why, GError **error)
{
  const char *format = g_error_matches (why, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS)
                           ? _("%s; what was learned is kept in “%s”: move that other file away, or add --overwrite, "
                                "and the same command goes on from there")
                           : _("%s; what was learned is kept in “%s”, and the same command goes on from there");

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, format, why->message, checkpoint);
}

static gboolean
embed_by_learning (TitheDataset *dataset, TitheJob *job, GError **error)
{
  g_autofree char *checkpoint = g_strconcat (option_output, ".checkpoint", NULL), *origin = NULL;
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  g_autoptr (GError) local = NULL;
  TitheLearnOptions options;

  tithe_learn_options_init (&options, option_model);
  if (tithe_cli_width.given)
    options.width = (guint) tithe_cli_width.value;
  options.size = (guint) tithe_cli_size.value;
  options.hold_out = !option_no_held_out;
  if (rate.given)
    options.train.rate = rate.value;
  if (smoothing.given)
    options.train.smoothing = smoothing.value;
  if (decay.given)
    options.train.decay = decay.value;
  if (shift.given)
    options.train.shift = shift.value;
  options.checkpoint = checkpoint;
  if (tithe_cli_epochs.given)
    options.train.epochs = (guint) tithe_cli_epochs.value;
  options.train.seed = (guint64) tithe_cli_seed.value;
  options.train.n_threads = tithe_parallel_resolve_threads ((int) tithe_cli_threads.value);
  network = tithe_learn (dataset, &options, report_epoch, NULL, &rows, job, error);
  if (network == NULL)
    return FALSE;
  origin = tithe_learn_describe (network, dataset, &options);
  if (!write_learned (dataset, network, rows, origin, &local))
    {
      say_where_it_is (checkpoint, local, error);
      return FALSE;
    }
  tithe_learn_forget (&options);
  return TRUE;
}

static gboolean
embed_by_network (TitheDataset *dataset, TitheJob *job, GError **error)
{
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  g_autofree char *origin = NULL;

  if (!g_file_test (option_network, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_READ,
                   _("there is no network “%s” to apply; to learn one and write it there, add --method learn"),
                   option_network);
      return FALSE;
    }
  network = tithe_network_read (option_network, error);
  if (network == NULL)
    return FALSE;
  rows = tithe_learn_apply (network, dataset, tithe_parallel_resolve_threads ((int) tithe_cli_threads.value),
                            tithe_dnn_has_bfloat16 (), job, error);
  origin = tithe_learn_describe (network, dataset, NULL);
  return rows != NULL && write_features (rows, tithe_network_get_dim (network), origin, error);
}
#else
static gboolean
check_learning (GError **error)
{
  return tithe_cli_usage (
      error, _("this build of Tithe has no oneDNN and can't learn; take --method quick, or an embedding made "
                "elsewhere"));
}

static gboolean
embed_by_learning (TitheDataset *dataset, TitheJob *job, GError **error)
{
  return check_learning (error);
}

static gboolean
embed_by_network (TitheDataset *dataset, TitheJob *job, GError **error)
{
  return check_learning (error);
}
#endif

gboolean
tithe_cli_embed (TitheCliContext *context, GError **error)
{
  const gboolean quick = g_strcmp0 (option_method, "quick") == 0;
  const gboolean apply = option_method == NULL && option_network != NULL;
  g_autoptr (TitheDataset) dataset = NULL;
  TitheJob *job;
  gboolean ok;

  if (!tithe_cli_require (option_output, "--output", error))
    return FALSE;
  if (option_method != NULL && !quick && g_strcmp0 (option_method, "learn") != 0)
    return tithe_cli_usage (error, _("--method takes learn or quick"));
  if (!quick && !check_learning (error))
    return FALSE;
  if (!quick && g_strcmp0 (option_output, option_network) == 0)
    return tithe_cli_usage (error, _("--output and --network take two names"));
  job = tithe_cli_start_job (context, _("Embedding"));
  dataset = tithe_dataset_open (g_ptr_array_index (context->positional, 0), job, error);
  ok = dataset != NULL && check_targets (dataset, !quick && !apply, apply, error);
  if (ok && quick)
    ok = embed_quickly (dataset, job, error);
  else if (ok && apply)
    ok = embed_by_network (dataset, job, error);
  else if (ok)
    ok = embed_by_learning (dataset, job, error);
  tithe_cli_finish_job (job);
  return ok;
}
