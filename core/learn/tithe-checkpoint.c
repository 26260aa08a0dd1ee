/* SPDX-License-Identifier: MIT */
#include "tithe-checkpoint.h"
#include "tithe-network-file-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A checkpoint is a network's file with more in it: whose learning it is, how far that is, and for each parameter that is
 * learned its velocity, by its name behind this. */
#define VELOCITY "velocity."

/* --- whose it is --- */

/* SHA-256 of the pictures' numbers and labels. */
static char *
fingerprint_images (TitheDataset *dataset, const guint32 *images, gsize n_images)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < n_images; i++)
    {
      const guint32 pair[]
          = { GUINT32_TO_LE (images[i]), GUINT32_TO_LE (tithe_dataset_get_label (dataset, images[i])) };

      g_checksum_update (sum, (const guchar *) pair, sizeof pair);
    }
  return g_strdup (g_checksum_get_string (sum));
}

/**
 * tithe_checkpoint_owner_init:
 * @self: (out caller-allocates): to be cleared with tithe_checkpoint_owner_clear()
 * @images: (array length=n_images): those that are learned from, in their order
 */
void
tithe_checkpoint_owner_init (TitheCheckpointOwner *self, TitheDataset *dataset, const guint32 *images, gsize n_images,
                             const TitheTrainSettings *settings)
{
  self->dataset = g_strdup (tithe_dataset_get_fingerprint (dataset));
  self->dataset_name = g_strdup (tithe_dataset_get_name (dataset));
  self->images = fingerprint_images (dataset, images, n_images);
  self->settings = tithe_train_settings_to_text (settings, n_images);
}

/* tithe_checkpoint_owner_clear: frees what is in it */
void
tithe_checkpoint_owner_clear (TitheCheckpointOwner *self)
{
  g_clear_pointer (&self->dataset, g_free);
  g_clear_pointer (&self->dataset_name, g_free);
  g_clear_pointer (&self->images, g_free);
  g_clear_pointer (&self->settings, g_free);
}

/* The value of a key in “key value key value”, or NULL. */
static const char *
find_value (char **words, const char *key)
{
  for (guint i = 0; words[i] != NULL && words[i + 1] != NULL; i += 2)
    if (g_str_equal (words[i], key))
      return words[i + 1];
  return NULL;
}

/* The first setting that differs, in words. */
static char *
compare_settings (const char *theirs, const char *ours)
{
  g_auto (GStrv) their_words = g_strsplit (theirs, " ", 64), our_words = g_strsplit (ours, " ", 64);

  for (guint i = 0; our_words[i] != NULL && our_words[i + 1] != NULL; i += 2)
    {
      const char *value = find_value (their_words, our_words[i]);

      if (value != NULL && !g_str_equal (value, our_words[i + 1]))
        return g_strdup_printf (_("it was begun with “%s %s”, not %s"), our_words[i], value, our_words[i + 1]);
    }
  return g_strdup (_("it was begun with other settings"));
}

/* What of a checkpoint is another one's, in words; NULL where it is ours. */
static char *
find_difference (TitheSafetensors *file, const char *shape, const TitheCheckpointOwner *owner)
{
  const char *dataset = tithe_safetensors_get_text (file, "tithe.dataset");
  const char *name = tithe_network_file_get_text (file, "tithe.dataset_name");
  const char *settings = tithe_network_file_get_text (file, "tithe.settings");

  if (dataset == NULL)
    return g_strdup (_("it does not say which dataset it is of"));
  if (!g_str_equal (dataset, owner->dataset) && g_str_equal (name, owner->dataset_name))
    return g_strdup_printf (_("it is of a dataset “%s” with other images or labels"), name);
  if (!g_str_equal (dataset, owner->dataset))
    return g_strdup_printf (_("it is of the dataset “%s”, not of “%s”"), name, owner->dataset_name);
  if (!g_str_equal (tithe_network_file_get_text (file, "tithe.shape"), shape))
    return g_strdup_printf (_("it is of another network, “%s” and not “%s”"),
                            tithe_network_file_get_text (file, "tithe.shape"), shape);
  if (!g_str_equal (settings, owner->settings))
    return compare_settings (settings, owner->settings);
  if (!g_str_equal (tithe_network_file_get_text (file, "tithe.images"), owner->images))
    return g_strdup_printf (_("it learned from other pictures of “%s”"), name);
  return NULL;
}

static gboolean
check_owner (TitheSafetensors *file, TitheNetwork *network, const TitheCheckpointOwner *owner, const char *path,
             GError **error)
{
  g_autofree char *shape = tithe_network_shape_to_text (tithe_network_get_shape (network));
  g_autofree char *difference = find_difference (file, shape, owner), *plain = NULL;

  if (difference == NULL)
    return TRUE;
  plain
      = g_strdelimit (g_strdup (difference), "\a\b\f\n\r\t\v\033", ' '); /* a stranger's words, maybe for a terminal */
  g_set_error (
      error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_OTHER,
      _("the unfinished learning in “%s” is another one: %s; it is kept as it is: go on with it as it was begun, "
         "learn to another place, or remove it to begin anew"),
      path, plain);
  return FALSE;
}

/* --- the file --- */

/**
 * tithe_checkpoint_write:
 * @path: of a file, which is replaced once the new one is whole
 * @velocities: of the parameters, %NULL where one is not learned
 * @epochs_done: how far it is
 *
 * Writes the network and all that training it further needs.
 *
 * Returns: %FALSE with %TITHE_CHECKPOINT_ERROR_WRITE
 */
gboolean
tithe_checkpoint_write (const char *path, TitheNetwork *network, GPtrArray *velocities,
                        const TitheCheckpointOwner *owner, guint epochs_done, GError **error)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);
  g_autoptr (TitheSafetensorsWriter) writer = tithe_network_file_begin (network);
  g_autofree char *done = g_strdup_printf ("%u", epochs_done);

  tithe_safetensors_writer_add_text (writer, "tithe.dataset", owner->dataset);
  tithe_safetensors_writer_add_text (writer, "tithe.dataset_name", owner->dataset_name);
  tithe_safetensors_writer_add_text (writer, "tithe.images", owner->images);
  tithe_safetensors_writer_add_text (writer, "tithe.settings", owner->settings);
  tithe_safetensors_writer_add_text (writer, "tithe.epochs_done", done);
  tithe_network_file_add_parameters (writer, network);
  for (guint i = 0; i < parameters->len; i++)
    if (g_ptr_array_index (velocities, i) != NULL)
      tithe_network_file_add_tensor (writer, VELOCITY, g_ptr_array_index (parameters, i),
                                     g_ptr_array_index (velocities, i));
  return tithe_network_file_end (writer, path, error);
}

static gboolean
read_velocities (TitheSafetensors *file, TitheNetwork *network, GPtrArray *velocities, const char *path, GError **error)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);

  for (guint i = 0; i < parameters->len; i++)
    if (g_ptr_array_index (velocities, i) != NULL
        && !tithe_network_file_read_tensor (file, VELOCITY, g_ptr_array_index (parameters, i),
                                            g_ptr_array_index (velocities, i), path, error))
      return FALSE;
  return TRUE;
}

/**
 * tithe_checkpoint_read:
 * @network: of the shape that is to be learned further; with an error its numbers are undefined
 * @velocities: as tithe_checkpoint_write() has them
 * @n_epochs: that the learning has
 * @epochs_done: (out): 0 where there is no checkpoint
 *
 * Takes up an unfinished learning that is @owner's. One that is not is left as it is and nothing of it is used.
 *
 * Returns: %FALSE with a %TITHE_CHECKPOINT_ERROR: READ or FORMAT where there is something else, OTHER where it is the
 *   checkpoint of another learning
 */
gboolean
tithe_checkpoint_read (const char *path, TitheNetwork *network, GPtrArray *velocities,
                       const TitheCheckpointOwner *owner, guint n_epochs, guint *epochs_done, GError **error)
{
  g_autoptr (TitheSafetensors) file = NULL;
  guint64 done;

  *epochs_done = 0;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  file = tithe_network_file_open (path, error);
  if (file == NULL || !check_owner (file, network, owner, path, error))
    return FALSE;
  if (!g_ascii_string_to_unsigned (tithe_network_file_get_text (file, "tithe.epochs_done"), 10, 1, n_epochs, &done,
                                   NULL))
    return tithe_network_file_refuse (path, error, _("it does not say how many of %u epochs are done"), n_epochs);
  if (!tithe_network_file_read_parameters (file, network, path, error)
      || !read_velocities (file, network, velocities, path, error))
    return FALSE;
  *epochs_done = (guint) done;
  return TRUE;
}

/**
 * tithe_checkpoint_count_epochs:
 * @path: (nullable): of a file that need not be there
 *
 * Returns: how many epochs it says are done, 0 where it says nothing; whose they are is not looked at
 */
guint
tithe_checkpoint_count_epochs (const char *path)
{
  g_autoptr (TitheSafetensors) file = NULL;
  guint64 done;

  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS) || (file = tithe_network_file_open (path, NULL)) == NULL)
    return 0;
  return g_ascii_string_to_unsigned (tithe_network_file_get_text (file, "tithe.epochs_done"), 10, 1, G_MAXUINT, &done,
                                     NULL)
             ? (guint) done
             : 0;
}
