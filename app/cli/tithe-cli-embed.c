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
static char *option_network;
static gboolean option_no_held_out;

enum
{
  LEARN,
  QUICK
};

static const TitheWord method_words[] = {
  { "learn", LEARN, "a network trained on the labels" },
  { "quick", QUICK, "colour and gradients, a first look without training" },
  { NULL, 0, NULL },
};

static TitheCliWord method = { .words = method_words, .value = LEARN };
static TitheCliNumber depth = { .min = 8, .max = 200 };
static TitheCliNumber rate = { .kind = TITHE_CLI_REAL, .max = 100, .above = TRUE };
static TitheCliNumber smoothing = { .kind = TITHE_CLI_REAL, .max = 1 };
static TitheCliNumber decay = { .kind = TITHE_CLI_REAL, .max = 1 };
static TitheCliNumber shift = { .kind = TITHE_CLI_REAL, .max = 1 };

const TitheCliOption tithe_cli_embed_options[]
    = { TITHE_CLI_OUTPUT_OPTION (N_("Where to write the features (.npy)"), "npy"),
        TITHE_CLI_OVERWRITE_OPTION,
        { "method", 'm', TITHE_CLI_WORD, &method, N_("How features are made"), "M", NULL },
        TITHE_CLI_MODEL_OPTION (N_("learn: which network")),
        { "epochs", 0, TITHE_CLI_NUMBER, &tithe_cli_epochs,
          N_("learn: times that every picture is seen (default 15, of a resnet 12)"), "E", NULL },
        { "depth", 0, TITHE_CLI_NUMBER, &depth, N_("learn: the same as --model resnetD"), "D", NULL },
        { "width", 0, TITHE_CLI_NUMBER, &tithe_cli_width,
          N_("learn: channels of the first stage (default 32, of a resnet 16)"), "W", NULL },
        { "no-held-out", 0, TITHE_CLI_SWITCH, &option_no_held_out,
          N_("learn: where there is no test split, do without a score rather than learn twice"), NULL, NULL },
        { "rate", 0, TITHE_CLI_NUMBER, &rate, N_("learn: highest learning rate"), "R", NULL },
        { "smoothing", 0, TITHE_CLI_NUMBER, &smoothing, N_("learn: share of a label spread over all classes"), "S",
          NULL },
        { "decay", 0, TITHE_CLI_NUMBER, &decay, N_("learn: weight decay"), "D", NULL },
        { "shift", 0, TITHE_CLI_NUMBER, &shift, N_("learn: share of its side that a picture is moved by at most"), "S",
          NULL },
        { "size", 0, TITHE_CLI_NUMBER, &tithe_cli_size,
          N_("learn: side that pictures are brought to (default: 32, 64 or 96)"), "PX", NULL },
        { "seed", 's', TITHE_CLI_NUMBER, &tithe_cli_seed,
          N_("learn: the same seed and threads learn the same (default 1)"), "S", NULL },
        { "network", 0, TITHE_CLI_FILE, &option_network,
          N_("learn: where to write the network (.safetensors); without --method: a network to apply"), "FILE",
          "safetensors" },
        TITHE_CLI_THREADS_OPTION,
        TITHE_CLI_NO_OPTION };

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
      g_free (tithe_cli_model.text);
      tithe_cli_model.text = g_strdup_printf ("resnet%d", (int) depth.value);
    }
  return tithe_cli_check_network (error) && tithe_cli_take_model (&options, tithe_cli_model.text, error);
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

  tithe_learn_options_init (&options, tithe_cli_model.text);
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
  const gboolean quick = method.value == QUICK;
  const gboolean apply = method.text == NULL && option_network != NULL;
  g_autoptr (TitheDataset) dataset = NULL;
  TitheJob *job;
  gboolean ok;

  if (!tithe_cli_require (option_output, "--output", error))
    return FALSE;
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
