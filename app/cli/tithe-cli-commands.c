/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "session/tithe-session.h"
#include "demo/tithe-demo.h"
#include "embedding/tithe-quick.h"
#ifdef TITHE_HAVE_LEARN
#  include "learn/tithe-learn.h"
#endif
#include "base/tithe-parallel.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static gboolean option_json;
static gboolean option_skip_check;
static char *option_embeddings;
static char *option_array;
static char *option_paths;
static char *option_linkage;
static char *option_max_memory;
static int option_threads;
static char *option_output;
static char *option_method;
static char *option_network;
static char *option_model;
static int option_epochs;
static int option_depth;
static int option_width;
static gboolean option_no_held_out;
static double option_rate = -1;
static double option_smoothing = -1;
static double option_decay = -1;
static double option_shift = -1;
static int option_size;
static int option_images = 2000;
static int option_test;
static int option_classes = TITHE_DEMO_MAX_CLASSES;
static int option_seed = 1;
static gboolean option_replace;

#define THREADS_OPTION                                                                                                 \
  {                                                                                                                    \
    "threads", 't', 0, G_OPTION_ARG_INT, &option_threads, N_("How many threads to use (default: one a processor)"),   \
        "T"                                                                                                            \
  }
static gboolean
check_threads (GError **error)
{
  return option_threads >= 0 || tithe_cli_usage (error, _("--threads takes a number from 1 up"));
}

/* Sizes such as 800M or 4G, in powers of 1024. */
static gboolean
parse_size (const char *text, guint64 *size, GError **error)
{
  char *end = NULL;
  double value = g_ascii_strtod (text, &end);
  const char *units = "KMGT";
  const char *unit = *end ? strchr (units, g_ascii_toupper (*end)) : NULL;

  if (unit != NULL)
    {
      value *= pow (1024, (double) (unit - units + 1));
      end++;
    }
  if (end == text || !(value >= 1 && value < 9e18)
      || (*end != '\0' && g_ascii_strcasecmp (end, "B") != 0 && g_ascii_strcasecmp (end, "iB") != 0))
    return tithe_cli_usage (error, _("--max-memory takes a size such as 800M or 4G"));
  *size = (guint64) value;
  return TRUE;
}

/* --- demo --- */

static const GOptionEntry demo_options[]
    = { { "images", 'n', 0, G_OPTION_ARG_INT, &option_images, N_("How many images (default 2000)"), "N" },
        { "test", 0, 0, G_OPTION_ARG_INT, &option_test,
          N_("How many images of a test split beside them, in the folders train and test (default none)"), "N" },
        { "classes", 'k', 0, G_OPTION_ARG_INT, &option_classes, N_("How many classes, up to 10 (default 10)"), "K" },
        { "seed", 's', 0, G_OPTION_ARG_INT, &option_seed, N_("The same seed draws the same pictures (default 1)"),
          "S" },
        G_OPTION_ENTRY_NULL };

static gboolean
run_demo (TitheCliContext *context, GError **error)
{
  TitheJob *job;
  gboolean ok;

  if (option_classes < 1 || option_classes > TITHE_DEMO_MAX_CLASSES)
    return tithe_cli_usage (error, _("--classes takes a number from 1 to 10"));
  if (option_test != 0 && (option_test < option_classes || option_test > 1000000))
    return tithe_cli_usage (error, _("--test takes a number from the number of classes up to 1000000"));
  if (option_images < option_classes || option_images > 1000000)
    return tithe_cli_usage (error, _("--images takes a number from the number of classes up to 1000000"));
  job = tithe_cli_start_job (context, _("Drawing the demo"));
  ok = tithe_demo_render (g_ptr_array_index (context->positional, 0), (guint) option_images, (guint) option_test,
                          (guint) option_classes, (guint32) option_seed, job, error);
  tithe_cli_finish_job (job);
  return ok;
}

/* --- info --- */

static const GOptionEntry info_options[]
    = { { "json", 0, 0, G_OPTION_ARG_NONE, &option_json, N_("Print one JSON object"), NULL },
        { "no-check", 0, 0, G_OPTION_ARG_NONE, &option_skip_check,
          N_("Do not decode the pictures to find broken ones"), NULL },
        THREADS_OPTION,
        G_OPTION_ENTRY_NULL };

static void
print_info (TitheDataset *dataset, GPtrArray *broken)
{
  TitheDataset *test = tithe_dataset_get_test (dataset);
  GPtrArray *notes = tithe_dataset_get_notes (dataset);

  g_print (_("dataset      %s\n"), tithe_dataset_get_locator (dataset));
  g_print (_("format       %s\n"), tithe_dataset_get_format_name (dataset));
  g_print (_("images       %zu\n"), tithe_dataset_get_n_images (dataset));
  if (test != NULL)
    g_print (_("test split   %zu\n"), tithe_dataset_get_n_images (test));
  g_print (_("classes      %u%s\n"), tithe_dataset_get_n_classes (dataset),
           tithe_dataset_is_labelled (dataset) ? "" : _(" (unlabelled)"));
  g_print (_("fingerprint  %s\n\n"), tithe_dataset_get_fingerprint (dataset));
  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      gsize n;

      tithe_dataset_get_class_images (dataset, c, &n);
      g_print ("%8" G_GSIZE_FORMAT "  %s\n", n, tithe_dataset_get_class_name (dataset, c));
    }
  for (guint i = 0; i < notes->len; i++)
    g_print (_("note: %s\n"), (const char *) g_ptr_array_index (notes, i));
  for (guint i = 0; broken != NULL && i < broken->len; i++)
    g_print (_("broken: %s\n"), (const char *) g_ptr_array_index (broken, i));
}

static void
add_strings (JsonBuilder *builder, const char *name, GPtrArray *strings)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; strings != NULL && i < strings->len; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (g_ptr_array_index (strings, i), -1);

      json_builder_add_string_value (builder, valid);
    }
  json_builder_end_array (builder);
}

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, valid);
}

static void
print_info_json (TitheDataset *dataset, GPtrArray *broken)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  TitheDataset *test = tithe_dataset_get_test (dataset);

  json_builder_begin_object (builder);
  add_member (builder, "dataset", tithe_dataset_get_locator (dataset));
  add_member (builder, "format", tithe_dataset_get_format_name (dataset));
  json_builder_set_member_name (builder, "images");
  json_builder_add_int_value (builder, (gint64) tithe_dataset_get_n_images (dataset));
  json_builder_set_member_name (builder, "test_images");
  json_builder_add_int_value (builder, test ? (gint64) tithe_dataset_get_n_images (test) : 0);
  json_builder_set_member_name (builder, "labelled");
  json_builder_add_boolean_value (builder, tithe_dataset_is_labelled (dataset));
  add_member (builder, "fingerprint", tithe_dataset_get_fingerprint (dataset));
  json_builder_set_member_name (builder, "classes");
  json_builder_begin_array (builder);
  for (guint c = 0; c < tithe_dataset_get_n_classes (dataset); c++)
    {
      gsize n;

      tithe_dataset_get_class_images (dataset, c, &n);
      json_builder_begin_object (builder);
      add_member (builder, "name", tithe_dataset_get_class_name (dataset, c));
      json_builder_set_member_name (builder, "images");
      json_builder_add_int_value (builder, (gint64) n);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_strings (builder, "notes", tithe_dataset_get_notes (dataset));
  if (broken != NULL)
    add_strings (builder, "broken", broken);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

static gboolean
run_info (TitheCliContext *context, GError **error)
{
  TitheJob *job;
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GPtrArray) broken = NULL;
  gboolean ok;

  if (!check_threads (error))
    return FALSE;
  job = tithe_cli_start_job (context, _("Reading the dataset"));
  dataset = tithe_dataset_open (g_ptr_array_index (context->positional, 0), job, error);
  if (dataset != NULL && !option_skip_check)
    broken = tithe_dataset_find_broken (dataset, tithe_parallel_resolve_threads (option_threads), job);
  ok = dataset != NULL && tithe_job_check (job, error);
  tithe_cli_finish_job (job);
  if (!ok)
    return FALSE;
  if (option_json)
    print_info_json (dataset, broken);
  else
    print_info (dataset, broken);
  return TRUE;
}

/* --- embed --- */

static const GOptionEntry embed_options[] = {
  TITHE_CLI_OUTPUT_OPTION (N_("Where to write the features (.npy)")),
  { "method", 'm', 0, G_OPTION_ARG_STRING, &option_method,
    N_("learn: a ResNet trained on the labels (default); quick: colour and gradients, a first look without training"),
    "M" },
  { "model", 0, 0, G_OPTION_ARG_STRING, &option_model,
    N_("learn: fast (default), resnet20, resnet32 as in the paper, resnet8, or resnet and another 6n + 2"), "MODEL" },
  { "epochs", 0, 0, G_OPTION_ARG_INT, &option_epochs,
    N_("learn: times that every picture is seen (default 15, of a resnet 12)"), "E" },
  { "depth", 0, 0, G_OPTION_ARG_INT, &option_depth, N_("learn: the same as --model resnetD"), "D" },
  { "width", 0, 0, G_OPTION_ARG_INT, &option_width,
    N_("learn: channels of the first stage (default 32, of a resnet 16)"), "W" },
  { "no-held-out", 0, 0, G_OPTION_ARG_NONE, &option_no_held_out,
    N_("learn: where there is no test split, do without a score rather than learn twice"), NULL },
  { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &option_rate, N_("learn: highest learning rate"), "R" },
  { "smoothing", 0, 0, G_OPTION_ARG_DOUBLE, &option_smoothing, N_("learn: share of a label spread over all classes"),
    "S" },
  { "decay", 0, 0, G_OPTION_ARG_DOUBLE, &option_decay, N_("learn: weight decay"), "D" },
  { "shift", 0, 0, G_OPTION_ARG_DOUBLE, &option_shift,
    N_("learn: share of its side that a picture is moved by at most"), "S" },
  { "size", 0, 0, G_OPTION_ARG_INT, &option_size,
    N_("learn: side that pictures are brought to (default: 32, 64 or 96)"), "PX" },
  { "seed", 's', 0, G_OPTION_ARG_INT, &option_seed, N_("learn: the same seed and threads learn the same (default 1)"),
    "S" },
  { "network", 0, 0, G_OPTION_ARG_FILENAME, &option_network,
    N_("learn: where to write the network (.safetensors); without --method: a network to apply"), "FILE" },
  THREADS_OPTION,
  G_OPTION_ENTRY_NULL
};

static gboolean
embed_quickly (TitheDataset *dataset, TitheJob *job, GError **error)
{
  gsize dim;
  g_autoptr (GBytes) rows
      = tithe_quick_embed (dataset, tithe_parallel_resolve_threads (option_threads), &dim, job, error);

  return rows != NULL && tithe_embedding_write (rows, dim, TITHE_QUICK_ORIGIN, option_output, error);
}

#ifdef TITHE_HAVE_LEARN
static gboolean
check_learning (GError **error)
{
  TitheLearnOptions options;
  g_autofree char *presets = g_strjoinv (", ", (char **) tithe_learn_presets);

  if (option_epochs < 0 || option_epochs > 100000)
    return tithe_cli_usage (error, _("--epochs takes a number from 1"));
  if (option_depth != 0 && (option_depth < 8 || option_depth > 200 || option_depth % 6 != 2))
    return tithe_cli_usage (error, _("--depth takes 8, 14, 20, 26, 32 and so on: 6n + 2"));
  if (option_width != 0 && (option_width < 4 || option_width > 256 || option_width % 4 != 0))
    return tithe_cli_usage (error, _("--width takes a multiple of 4 up to 256"));
  if (option_size != 0 && (option_size < 16 || option_size > 256 || option_size % 4 != 0))
    return tithe_cli_usage (error, _("--size takes a multiple of 4 from 16 to 256"));
  if (option_model == NULL || tithe_learn_options_init (&options, option_model))
    return TRUE;
  g_set_error (error, TITHE_CLI_USAGE, 0, _("there is no model “%s”; there are %s, and resnet with any other 6n + 2"),
               option_model, presets);
  return FALSE;
}

static void
report_epoch (const TitheEpoch *epoch, gpointer user_data)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_append_printf (line, _("epoch %u of %u: %.0f images a second, loss %.4f, training accuracy %.2f %%"),
                          epoch->epoch, epoch->n_epochs, epoch->images_per_second, epoch->loss, 100 * epoch->accuracy);
  if (epoch->held_out)
    g_string_append_printf (line, _(", accuracy on a held-out tenth %.2f %%"), 100 * epoch->test_accuracy);
  else if (epoch->test_accuracy >= 0)
    g_string_append_printf (line, _(", test accuracy %.2f %%"), 100 * epoch->test_accuracy);
  g_print ("%s\n", line->str);
}

static gboolean
embed_by_learning (TitheDataset *dataset, TitheJob *job, GError **error)
{
  g_autofree char *checkpoint = g_strconcat (option_output, ".checkpoint", NULL), *origin = NULL;
  g_autoptr (TitheNetwork) network = NULL;
  g_autoptr (GBytes) rows = NULL;
  TitheLearnOptions options;

  if (option_depth > 0)
    {
      g_free (option_model);
      option_model = g_strdup_printf ("resnet%d", option_depth);
    }
  tithe_learn_options_init (&options, option_model);
  if (option_width > 0)
    options.width = (guint) option_width;
  options.size = (guint) option_size;
  options.hold_out = !option_no_held_out;
  if (option_rate > 0)
    options.train.rate = option_rate;
  if (option_smoothing >= 0)
    options.train.smoothing = option_smoothing;
  if (option_decay >= 0)
    options.train.decay = option_decay;
  if (option_shift >= 0)
    options.train.shift = option_shift;
  options.checkpoint = checkpoint;
  if (option_epochs > 0)
    options.train.epochs = (guint) option_epochs;
  options.train.seed = (guint64) option_seed;
  options.train.n_threads = tithe_parallel_resolve_threads (option_threads);
  network = tithe_learn (dataset, &options, report_epoch, NULL, &rows, job, error);
  if (network != NULL)
    origin = tithe_learn_describe (network, dataset, &options);
  return network != NULL && tithe_embedding_write (rows, tithe_network_get_dim (network), origin, option_output, error)
         && (option_network == NULL || tithe_network_write (network, option_network, error));
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
  rows = tithe_learn_apply (network, dataset, tithe_parallel_resolve_threads (option_threads),
                            tithe_dnn_has_bfloat16 (), job, error);
  origin = tithe_learn_describe (network, dataset, NULL);
  return rows != NULL && tithe_embedding_write (rows, tithe_network_get_dim (network), origin, option_output, error);
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

static gboolean
run_embed (TitheCliContext *context, GError **error)
{
  gboolean quick = g_strcmp0 (option_method, "quick") == 0, ok = FALSE;
  g_autoptr (TitheDataset) dataset = NULL;
  TitheJob *job;

  if (!tithe_cli_require (option_output, "--output", error) || !check_threads (error))
    return FALSE;
  if (option_method != NULL && !quick && g_strcmp0 (option_method, "learn") != 0)
    return tithe_cli_usage (error, _("--method takes learn or quick"));
  if (!quick && !check_learning (error))
    return FALSE;
  job = tithe_cli_start_job (context, _("Embedding"));
  dataset = tithe_dataset_open (g_ptr_array_index (context->positional, 0), job, error);
  if (dataset != NULL && quick)
    ok = embed_quickly (dataset, job, error);
  else if (dataset != NULL && option_method == NULL && option_network != NULL)
    ok = embed_by_network (dataset, job, error);
  else if (dataset != NULL)
    ok = embed_by_learning (dataset, job, error);
  tithe_cli_finish_job (job);
  return ok;
}

/* --- cluster --- */

static const GOptionEntry cluster_options[]
    = { TITHE_CLI_EMBEDDINGS_OPTION,
        { "array", 0, 0, G_OPTION_ARG_STRING, &option_array, N_("Which array of an .npz or .safetensors file"),
          "NAME" },
        { "paths", 0, 0, G_OPTION_ARG_FILENAME, &option_paths,
          N_("The order of the rows: a file with one path a line"), "FILE" },
        { "linkage", 'l', 0, G_OPTION_ARG_STRING, &option_linkage, N_("complete (default), average or single"), "L" },
        { "max-memory", 0, 0, G_OPTION_ARG_STRING, &option_max_memory,
          N_("Memory for clustering (default: half of the machine's)"), "SIZE" },
        { "replace", 0, 0, G_OPTION_ARG_NONE, &option_replace,
          N_("Replace a session although decisions by hand are in it"), NULL },
        THREADS_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("The session to write")),
        G_OPTION_ENTRY_NULL };

/* All classes or none: a session without some of them would look like a whole one. */
static gboolean
check_memory (TitheHierarchy *hierarchy, TitheEmbedding *embedding, const TitheClusterOptions *options, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (tithe_hierarchy_fits (hierarchy, embedding, options, &local))
    return TRUE;
  g_set_error (error, local->domain, local->code, "%s (--max-memory%s)", local->message,
               options->linkage == TITHE_LINKAGE_COMPLETE ? ", --linkage" : "");
  return FALSE;
}

static gboolean
cluster_to (TitheDataset *dataset, const TitheClusterOptions *options, TitheJob *job, GError **error)
{
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (option_embeddings, option_array, error);
  g_autoptr (TitheHierarchy) hierarchy = NULL;

  if (embedding == NULL
      || !tithe_embedding_bind (embedding, dataset, option_paths, tithe_parallel_resolve_threads (options->n_threads),
                                job, error))
    return FALSE;
  hierarchy = tithe_hierarchy_new (dataset, options->linkage);
  return check_memory (hierarchy, embedding, options, error)
         && tithe_hierarchy_compute (hierarchy, embedding, options, NULL, NULL, job, error)
         && tithe_session_write (option_output, hierarchy, embedding, option_paths, error);
}

static gboolean
run_cluster (TitheCliContext *context, GError **error)
{
  TitheClusterOptions options = { TITHE_LINKAGE_COMPLETE, option_threads, 0 };
  g_autoptr (TitheDataset) dataset = NULL;
  TitheJob *job;
  gboolean ok;
  gsize n_decisions = 0;

  if (!tithe_cli_require (option_embeddings, "--embeddings", error)
      || !tithe_cli_require (option_output, "--output", error) || !check_threads (error))
    return FALSE;
  if (option_linkage != NULL && !tithe_linkage_from_string (option_linkage, &options.linkage))
    return tithe_cli_usage (error, _("--linkage takes complete, average or single"));
  if (option_max_memory != NULL && !parse_size (option_max_memory, &options.max_memory, error))
    return FALSE;
  if (!option_replace && !tithe_session_count_decisions (option_output, &n_decisions, error))
    return FALSE;
  if (n_decisions > 0)
    {
      g_set_error (error, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_DECISIONS,
                   _("“%s” has %zu decisions by hand in it, which would be lost; give another name, or --replace"),
                   option_output, n_decisions);
      return FALSE;
    }
  job = tithe_cli_start_job (context, _("Clustering"));
  dataset = tithe_dataset_open (g_ptr_array_index (context->positional, 0), job, error);
  ok = dataset != NULL && cluster_to (dataset, &options, job, error);
  tithe_cli_finish_job (job);
  return ok;
}

const TitheCliCommand tithe_cli_commands[]
    = { { "demo", "DIR [--images N] [--test N] [--classes K] [--seed S]",
          N_("Draws a dataset with planted redundancy"), demo_options, 1, run_demo },
        { "info", "DATASET [--json]", N_("Tells what a dataset is: format, classes, notes, broken pictures"),
          info_options, 1, run_info },
        { "embed", "DATASET -o FEATURES.npy [--method learn|quick]", N_("Makes an embedding of a dataset"),
          embed_options, 1, run_embed },
        { "cluster", "DATASET --embeddings FEATURES.npy -o SESSION.tithe",
          N_("Clusters every class and writes a session"), cluster_options, 1, run_cluster },
        { "linkage", "SESSION.tithe --class NAME -o Z.npy", N_("Writes SciPy's linkage matrix of a class"),
          tithe_cli_linkage_options, 1, tithe_cli_linkage },
        { "subset", "SESSION.tithe --ratio R --format FORMAT -o OUT", N_("Writes the subset that a ratio keeps"),
          tithe_cli_subset_options, 1, tithe_cli_subset },
        { "export", "SESSION.tithe --ratio R --format FORMAT -o OUT", N_("The same as subset"),
          tithe_cli_subset_options, 1, tithe_cli_subset },
        { "replay", "PROVENANCE.json -o OUT", N_("Makes an export again, or says what differs"),
          tithe_cli_replay_options, 1, tithe_cli_replay },
        { "decide", "SESSION.tithe --rule RULE [--value V] --ratio R [--dry-run]",
          N_("Decides about many images at once, as one step that can be undone"), tithe_cli_decide_options, 1,
          tithe_cli_decide },
        { "figure", "SESSION.tithe --kind KIND --ratio R -o OUT.pdf",
          N_("Draws groups, a chart of the subset that a ratio keeps, or of what retraining showed"),
          tithe_cli_figure_options, 1, tithe_cli_figure },
        { "report", "SESSION.tithe --ratio R -o OUT.html", N_("Writes one HTML file with charts and groups"),
          tithe_cli_report_options, 1, tithe_cli_report },
        { "verify", "SESSION.tithe [--quick] [--ratios LIST] [--trials N]",
          N_("Retrains on subsets and says whether they are enough"), tithe_cli_verify_options, 1, tithe_cli_verify },
        { "coverage", "SESSION.tithe [--ratios LIST] [-o OUT.csv]",
          N_("Measures how far discarded images are from kept ones"), tithe_cli_coverage_options, 1,
          tithe_cli_coverage },
        { NULL, NULL, NULL, NULL, 0, NULL } };
