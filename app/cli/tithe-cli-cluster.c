/* SPDX-License-Identifier: MIT */
#include "tithe-cli-private.h"

#include "base/tithe-parallel.h"
#include "cluster/tithe-hierarchy-parcel.h"
#include "dataset/tithe-dataset-protected.h"
#include "session/tithe-session.h"
#include "store/tithe-database.h"

static char *option_embeddings;
static char *option_array;
static char *option_paths;
static char *option_output;
static gboolean option_overwrite;
static gboolean option_replace;

static TitheCliWord linkage = { .words = tithe_linkage_words, .value = TITHE_LINKAGE_COMPLETE };
static TitheCliWord engine = { .words = tithe_engine_words, .value = TITHE_ENGINE_AUTO };
static TitheCliNumber floor_ratio = { .kind = TITHE_CLI_RATIO, .max = 1, .above = TRUE };
static TitheCliNumber max_memory = { .kind = TITHE_CLI_SIZE, .min = 1, .max = 9e18 };

const TitheCliOption tithe_cli_cluster_options[]
    = { TITHE_CLI_EMBEDDINGS_OPTION,
        { "array", 0, TITHE_CLI_TEXT, &option_array, N_("Which array of an .npz or .safetensors file"), "NAME", NULL },
        { "paths", 0, TITHE_CLI_FILE, &option_paths, N_("The order of the rows: a file with one path a line"), "FILE",
          TITHE_CLI_ANY_FILE },
        { "linkage", 'l', TITHE_CLI_WORD, &linkage, N_("How groups are merged"), "L", NULL },
        { "max-memory", 0, TITHE_CLI_NUMBER, &max_memory, N_("Memory for clustering (default: half of the machine's)"),
          "SIZE", NULL },
        { "engine", 0, TITHE_CLI_WORD, &engine, N_("How a class is clustered: the groups are the same"), "E", NULL },
        { "floor", 0, TITHE_CLI_NUMBER, &floor_ratio,
          N_("The lowest ratio that will be asked for: less time and memory than clustering it all"), "R", NULL },
        { "replace", 0, TITHE_CLI_SWITCH, &option_replace,
          N_("Replace a session although decisions by hand are in it"), NULL, NULL },
        TITHE_CLI_THREADS_OPTION,
        TITHE_CLI_OUTPUT_OPTION (N_("The session to write"), "tithe"),
        TITHE_CLI_OVERWRITE_OPTION,
        TITHE_CLI_NO_OPTION };

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

/* Not of a file that is no session at all; one that can't be read may have decisions in it. */
static gboolean
check_decisions (GError **error)
{
  g_autoptr (GError) local = NULL;
  gsize n = 0;

  if (tithe_session_count_decisions (option_output, &n, &local) && n > 0)
    g_set_error (&local, TITHE_SESSION_ERROR, TITHE_SESSION_ERROR_DECISIONS,
                 ngettext ("“%s” has %zu decision by hand in it, which would be lost; give another name, or --replace",
                           "“%s” has %zu decisions by hand in it, which would be lost; give another name, or --replace",
                           n),
                 option_output, n);
  if (local == NULL || g_error_matches (local, TITHE_DATABASE_ERROR, TITHE_DATABASE_ERROR_FORMAT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Before anything is clustered. */
static gboolean
check_target (TitheDataset *dataset, GError **error)
{
  g_autoptr (TitheProtected) protected = tithe_dataset_protect (dataset);

  tithe_protected_add_file (protected, option_embeddings, _("it is the embedding that is read; take another name"));
  tithe_protected_add_file (protected, option_paths, _("it is the list of paths that is read; take another name"));
  return tithe_cli_check_file (option_output, protected, option_overwrite || option_replace, error)
         && (option_replace || check_decisions (error));
}

/* What came there, or was decided there, while clustering went on isn't lost either. */
static gboolean
write_session (TitheHierarchy *hierarchy, TitheEmbedding *embedding, GError **error)
{
  if (!option_overwrite && !option_replace)
    return tithe_session_create (option_output, hierarchy, embedding, option_paths, error);
  return (option_replace || check_decisions (error))
         && tithe_session_write (option_output, hierarchy, embedding, option_paths, error);
}

/* The one that writes looks whether it may. */
static gboolean
read_input (TitheTeam *team, const char *path, int n_threads, TitheDataset **dataset, TitheEmbedding **embedding,
            TitheJob *job, GError **error)
{
  *dataset = tithe_dataset_open (path, job, error);
  if (*dataset == NULL || (tithe_team_get_rank (team) == 0 && !check_target (*dataset, error)))
    return FALSE;
  *embedding = tithe_embedding_open (option_embeddings, option_array, error);
  return *embedding != NULL
         && tithe_embedding_bind (embedding, *dataset, option_paths, tithe_parallel_resolve_threads (n_threads), job,
                                  error);
}

/* Files of the same name on several machines may be others. */
static gboolean
check_same (TitheTeam *team, TitheDataset *dataset, TitheEmbedding *embedding, GError **error)
{
  g_autofree char *text
      = g_strdup_printf ("%s %s", tithe_dataset_get_fingerprint (dataset), tithe_embedding_get_fingerprint (embedding));

  if (tithe_team_is_same (team, text))
    return TRUE;
  g_set_error_literal (error, TITHE_TEAM_ERROR, TITHE_TEAM_ERROR_DIFFERENT,
                       _("the images or the features are not those that rank 0 reads: put them where all machines see "
                          "the same files"));
  return FALSE;
}

/* Returns: (transfer full): for each class, whether this rank clusters it */
static gboolean *
choose_own (TitheTeam *team, TitheDataset *dataset, gsize dim)
{
  const guint n_classes = tithe_dataset_get_n_classes (dataset);
  g_autofree guint64 *costs = g_new (guint64, MAX (n_classes, 1));
  g_autofree guint *owners = g_new (guint, MAX (n_classes, 1));
  gboolean *own = g_new (gboolean, MAX (n_classes, 1));

  for (guint c = 0; c < n_classes; c++)
    {
      gsize n;

      tithe_dataset_get_class_images (dataset, c, &n);
      costs[c] = (guint64) n * n * dim;
    }
  tithe_team_share (costs, n_classes, tithe_team_get_size (team), owners);
  for (guint c = 0; c < n_classes; c++)
    own[c] = owners[c] == tithe_team_get_rank (team);
  return own;
}

/* Brings what the others clustered to rank 0, which writes it. */
static gboolean
collect (TitheTeam *team, TitheHierarchy *hierarchy, TitheEmbedding *embedding, GError **error)
{
  g_autoptr (GBytes) own = tithe_team_get_size (team) > 1 ? tithe_hierarchy_pack (hierarchy) : g_bytes_new (NULL, 0);
  g_autoptr (GPtrArray) parcels = tithe_team_gather (team, own);

  if (parcels == NULL)
    return TRUE;
  for (guint rank = 1; rank < parcels->len; rank++)
    if (!tithe_hierarchy_unpack (hierarchy, g_ptr_array_index (parcels, rank), error))
      return FALSE;
  return write_session (hierarchy, embedding, error);
}

/* After each step all ranks agree on whether it went well, so that none waits for one that is gone. */
static gboolean
cluster_together (TitheTeam *team, const char *path, TitheClusterOptions *options, TitheJob *job, GError **error)
{
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (TitheHierarchy) hierarchy = NULL;
  g_autofree gboolean *own = NULL;

  if (!tithe_team_agree (team, read_input (team, path, options->n_threads, &dataset, &embedding, job, error), error)
      || !tithe_team_agree (team, check_same (team, dataset, embedding, error), error))
    return FALSE;
  hierarchy = tithe_hierarchy_new (dataset, options->linkage);
  own = choose_own (team, dataset, tithe_embedding_get_dim (embedding));
  options->only = own;
  options->n_beside = tithe_team_get_n_beside (team);
  return tithe_team_agree (team, check_memory (hierarchy, embedding, options, error), error)
         && tithe_team_agree (team, tithe_hierarchy_compute (hierarchy, embedding, options, NULL, NULL, job, error),
                              error)
         && tithe_team_agree (team, collect (team, hierarchy, embedding, error), error);
}

gboolean
tithe_cli_cluster (TitheCliContext *context, GError **error)
{
  TitheClusterOptions options = { .linkage = (TitheLinkage) linkage.value,
                                  .n_threads = (int) tithe_cli_threads.value,
                                  .max_memory = (guint64) max_memory.value,
                                  .engine = (TitheEngine) engine.value,
                                  .floor = floor_ratio.value };
  TitheJob *job;
  gboolean ok;

  if (!tithe_cli_require (option_embeddings, "--embeddings", error)
      || !tithe_cli_require (option_output, "--output", error))
    return FALSE;
  context->team = tithe_team_join (error);
  if (context->team == NULL)
    return FALSE;
  job = tithe_cli_start_job (context, _("Clustering"));
  ok = cluster_together (context->team, g_ptr_array_index (context->positional, 0), &options, job, error);
  tithe_cli_finish_job (job);
  return ok;
}
