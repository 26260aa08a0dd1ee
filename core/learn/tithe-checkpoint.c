/* SPDX-License-Identifier: MIT */
#include "tithe-checkpoint.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <math.h>
#include <string.h>

/*
 * Networks and what a training needs to go on, as safetensors: the length of a header, the header as JSON, the numbers.
 * Names and shapes are PyTorch's; a velocity has the name of its parameter behind "velocity.".
 */

#define VELOCITY "velocity."

G_DEFINE_QUARK (tithe-checkpoint-error-quark, tithe_checkpoint_error)

/* --- writing --- */

typedef struct
{
  JsonBuilder *header;
  GByteArray *data;
} Writer;

static void
add_tensor (Writer *writer, const char *prefix, const TitheParameter *parameter, const float *values)
{
  g_autofree char *name = g_strconcat (prefix, parameter->name, NULL);

  json_builder_set_member_name (writer->header, name);
  json_builder_begin_object (writer->header);
  json_builder_set_member_name (writer->header, "dtype");
  json_builder_add_string_value (writer->header, "F32");
  json_builder_set_member_name (writer->header, "shape");
  json_builder_begin_array (writer->header);
  for (guint i = 0; i < parameter->n_dims; i++)
    json_builder_add_int_value (writer->header, parameter->dims[i]);
  json_builder_end_array (writer->header);
  json_builder_set_member_name (writer->header, "data_offsets");
  json_builder_begin_array (writer->header);
  json_builder_add_int_value (writer->header, writer->data->len);
  json_builder_add_int_value (writer->header, (gint64) (writer->data->len + parameter->n * sizeof (float)));
  json_builder_end_array (writer->header);
  json_builder_end_object (writer->header);
  g_byte_array_append (writer->data, (const guint8 *) values, (guint) (parameter->n * sizeof (float)));
}

static void
add_text (Writer *writer, const char *name, char *value)
{
  json_builder_set_member_name (writer->header, name);
  json_builder_add_string_value (writer->header, value);
  g_free (value);
}

static char *
triple_to_text (const float *values)
{
  char buffer[3][G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < 3; i++)
    g_ascii_dtostr (buffer[i], sizeof buffer[i], (double) values[i]);
  return g_strdup_printf ("%s %s %s", buffer[0], buffer[1], buffer[2]);
}

/**
 * tithe_network_shape_to_text:
 *
 * Returns: (transfer full): what the network is, in words that a file can be read back by
 */
char *
tithe_network_shape_to_text (const TitheNetworkShape *shape)
{
  return g_strdup_printf ("%s%u width %u channels %u size %u classes %u",
                          shape->kind == TITHE_NETWORK_FAST ? "fast" : "resnet", shape->depth, shape->width,
                          shape->channels, shape->size, shape->n_classes);
}

static gboolean
text_to_shape (const char *text, TitheNetworkShape *shape)
{
  *shape = (TitheNetworkShape){ .kind = g_str_has_prefix (text, "fast") ? TITHE_NETWORK_FAST : TITHE_NETWORK_RESNET };
  text += strcspn (text, "0123456789");
  return sscanf (text, "%5u width %5u channels %5u size %5u classes %6u", &shape->depth, &shape->width,
                 &shape->channels, &shape->size, &shape->n_classes)
             == 5
         && tithe_network_shape_is_valid (shape);
}

/**
 * tithe_train_settings_to_text:
 *
 * Returns: (transfer full): everything that settles where a training ends
 */
char *
tithe_train_settings_to_text (const TitheTrainSettings *settings, gsize n_images)
{
  char rate[G_ASCII_DTOSTR_BUF_SIZE], momentum[G_ASCII_DTOSTR_BUF_SIZE], decay[G_ASCII_DTOSTR_BUF_SIZE];
  char smoothing[G_ASCII_DTOSTR_BUF_SIZE], shift[G_ASCII_DTOSTR_BUF_SIZE], head[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *steps = NULL;

  g_ascii_dtostr (rate, sizeof rate, settings->rate);
  g_ascii_dtostr (momentum, sizeof momentum, settings->momentum);
  g_ascii_dtostr (decay, sizeof decay, settings->decay);
  g_ascii_dtostr (smoothing, sizeof smoothing, settings->smoothing);
  g_ascii_dtostr (head, sizeof head, settings->head_rate);
  g_ascii_dtostr (shift, sizeof shift, settings->shift);
  if (settings->steps > 0)
    steps = g_strdup_printf (" steps %zu", settings->steps);
  return g_strdup_printf (
      "epochs %u%s batch %u rate %s momentum %s decay %s smoothing %s head %s shift %s seed %" PRIu64
      " threads %u bfloat16 %d images %zu",
      settings->epochs, steps ? steps : "", settings->batch, rate, momentum, decay, smoothing, head, shift,
      settings->seed, settings->n_threads, settings->bfloat16, n_images);
}

static void
begin_file (Writer *writer, TitheNetwork *network)
{
  writer->header = json_builder_new ();
  writer->data = g_byte_array_new ();
  json_builder_begin_object (writer->header);
  json_builder_set_member_name (writer->header, "__metadata__");
  json_builder_begin_object (writer->header);
  add_text (writer, "format", g_strdup ("pt"));
  add_text (writer, "tithe.shape", tithe_network_shape_to_text (tithe_network_get_shape (network)));
  add_text (writer, "tithe.pixel_mean", triple_to_text (tithe_network_get_pixel_mean (network)));
  add_text (writer, "tithe.pixel_scale", triple_to_text (tithe_network_get_pixel_scale (network)));
}

static gboolean
end_file (Writer *writer, const char *path, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GString) file = g_string_new (NULL);
  g_autoptr (GError) local = NULL;
  g_autofree char *header = NULL;
  guint64 length;
  gboolean ok;

  json_builder_end_object (writer->header);
  root = json_builder_get_root (writer->header);
  header = json_to_string (root, FALSE);
  g_string_append (file, header);
  while (file->len % 8 != 0)
    g_string_append_c (file, ' ');
  length = GUINT64_TO_LE ((guint64) file->len);
  g_string_prepend_len (file, (const char *) &length, 8);
  g_string_append_len (file, (const char *) writer->data->data, writer->data->len);
  ok = g_file_set_contents_full (path, file->str, (gssize) file->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &local);
  if (!ok)
    g_set_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_WRITE, _("cannot write the network “%s”: %s"),
                 path, local->message);
  g_object_unref (writer->header);
  g_byte_array_unref (writer->data);
  return ok;
}

static void
add_parameters (Writer *writer, TitheNetwork *network)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);

  for (guint i = 0; i < parameters->len; i++)
    {
      const TitheParameter *parameter = g_ptr_array_index (parameters, i);

      add_tensor (writer, "", parameter, parameter->value);
    }
}

/**
 * tithe_network_write:
 * @path: of a .safetensors file, written beside and renamed
 *
 * Names and shapes are those of a PyTorch module with conv1, bn1, layer1.0.conv1 and so on, and fc.
 */
gboolean
tithe_network_write (TitheNetwork *network, const char *path, GError **error)
{
  Writer writer;

  begin_file (&writer, network);
  json_builder_end_object (writer.header);
  add_parameters (&writer, network);
  return end_file (&writer, path, error);
}

/**
 * tithe_checkpoint_write:
 * @velocities: of the parameters, %NULL where one is not learned
 * @epochs_done: how far it is
 *
 * Writes the network and all that training it further needs.
 */
gboolean
tithe_checkpoint_write (const char *path, TitheNetwork *network, GPtrArray *velocities,
                        const TitheTrainSettings *settings, gsize n_images, guint epochs_done, GError **error)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);
  Writer writer;

  begin_file (&writer, network);
  add_text (&writer, "tithe.settings", tithe_train_settings_to_text (settings, n_images));
  add_text (&writer, "tithe.epochs_done", g_strdup_printf ("%u", epochs_done));
  json_builder_end_object (writer.header);
  add_parameters (&writer, network);
  for (guint i = 0; i < parameters->len; i++)
    if (g_ptr_array_index (velocities, i) != NULL)
      add_tensor (&writer, VELOCITY, g_ptr_array_index (parameters, i), g_ptr_array_index (velocities, i));
  return end_file (&writer, path, error);
}

/* --- reading --- */

typedef struct
{
  const char *path;
  GMappedFile *file;
  JsonParser *parser;
  JsonObject *header, *metadata;
  const guint8 *data;
  gsize n_bytes; /* of data */
} Reader;

static gboolean refuse (const Reader *reader, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (const Reader *reader, GError **error, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_FORMAT, _("“%s” is no network of Tithe: %s"),
               reader->path, why);
  return FALSE;
}

static void
reader_clear (Reader *reader)
{
  g_clear_object (&reader->parser);
  g_clear_pointer (&reader->file, g_mapped_file_unref);
}

static gboolean
open_file (Reader *reader, const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  const guint8 *bytes;
  guint64 length;
  gsize size;
  JsonNode *root, *metadata;

  *reader = (Reader){ .path = path, .file = g_mapped_file_new (path, FALSE, &local) };
  if (reader->file == NULL)
    {
      g_set_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_READ, _("cannot read the network “%s”: %s"),
                   path, local->message);
      return FALSE;
    }
  bytes = (const guint8 *) g_mapped_file_get_contents (reader->file);
  size = g_mapped_file_get_length (reader->file);
  if (size < 8)
    return refuse (reader, error, _("it is too short"));
  memcpy (&length, bytes, 8);
  length = GUINT64_FROM_LE (length);
  if (length > size - 8 || length > 100 << 20)
    return refuse (reader, error, _("its header is longer than the file"));
  reader->parser = json_parser_new_immutable ();
  root = json_parser_load_from_data (reader->parser, (const char *) bytes + 8, (gssize) length, NULL)
             ? json_parser_get_root (reader->parser)
             : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return refuse (reader, error, _("its header is not a JSON object"));
  reader->header = json_node_get_object (root);
  metadata = json_object_get_member (reader->header, "__metadata__");
  if (metadata == NULL || !JSON_NODE_HOLDS_OBJECT (metadata))
    return refuse (reader, error, _("it does not say which network it is"));
  reader->metadata = json_node_get_object (metadata);
  reader->data = bytes + 8 + length;
  reader->n_bytes = size - 8 - (gsize) length;
  return TRUE;
}

static const char *
get_text (const Reader *reader, const char *name)
{
  return json_object_get_string_member_with_default (reader->metadata, name, "");
}

static gint64
get_number (JsonObject *object, const char *array_name, guint index, guint wanted)
{
  JsonNode *node = json_object_get_member (object, array_name);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  JsonNode *element = array && json_array_get_length (array) == wanted ? json_array_get_element (array, index) : NULL;

  return element && JSON_NODE_HOLDS_VALUE (element) ? json_node_get_int (element) : -1;
}

/* Copies a tensor of exactly the parameter's shape. */
static gboolean
read_tensor (const Reader *reader, const char *prefix, const TitheParameter *parameter, float *values, GError **error)
{
  g_autofree char *name = g_strconcat (prefix, parameter->name, NULL);
  JsonNode *node = json_object_get_member (reader->header, name);
  JsonObject *object = node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const gsize n_bytes = parameter->n * sizeof (float);
  gint64 begin, end;

  if (object == NULL)
    return refuse (reader, error, _("“%s” is missing"), name);
  if (g_strcmp0 (json_object_get_string_member_with_default (object, "dtype", ""), "F32") != 0)
    return refuse (reader, error, _("“%s” is not of type F32"), name);
  for (guint i = 0; i < parameter->n_dims; i++)
    if (get_number (object, "shape", i, parameter->n_dims) != parameter->dims[i])
      return refuse (reader, error, _("“%s” does not have the shape that its network needs"), name);
  begin = get_number (object, "data_offsets", 0, 2);
  end = get_number (object, "data_offsets", 1, 2);
  if (begin < 0 || end < begin || (guint64) end > reader->n_bytes || (guint64) (end - begin) != n_bytes)
    return refuse (reader, error, _("“%s” lies about where its numbers are"), name);
  memcpy (values, reader->data + begin, n_bytes);
  for (gsize i = 0; i < parameter->n; i++)
    if (!isfinite (values[i]))
      return refuse (reader, error, _("“%s” has a NaN or an infinity"), name);
  return TRUE;
}

static gboolean
text_to_triple (const char *text, float *values)
{
  for (guint i = 0; i < 3; i++)
    {
      char *end;

      values[i] = (float) g_ascii_strtod (text, &end);
      if (end == text || !isfinite (values[i]))
        return FALSE;
      text = end;
    }
  return TRUE;
}

static gboolean
read_parameters (const Reader *reader, TitheNetwork *network, GError **error)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);

  for (guint i = 0; i < parameters->len; i++)
    {
      TitheParameter *parameter = g_ptr_array_index (parameters, i);

      if (!read_tensor (reader, "", parameter, parameter->value, error))
        return FALSE;
    }
  if (!text_to_triple (get_text (reader, "tithe.pixel_mean"), tithe_network_get_pixel_mean (network))
      || !text_to_triple (get_text (reader, "tithe.pixel_scale"), tithe_network_get_pixel_scale (network)))
    return refuse (reader, error, _("it does not say how pixels are normalised"));
  return TRUE;
}

/**
 * tithe_network_read:
 * @path: of a file that tithe_network_write() wrote
 *
 * Trusts nothing: shapes and places are checked before they are used.
 *
 * Returns: (transfer full): the network, or %NULL with a %TITHE_CHECKPOINT_ERROR
 */
TitheNetwork *
tithe_network_read (const char *path, GError **error)
{
  g_autoptr (TitheNetwork) network = NULL;
  TitheNetworkShape shape = { 0 };
  Reader reader;
  gboolean ok = open_file (&reader, path, error);

  if (ok && !text_to_shape (get_text (&reader, "tithe.shape"), &shape))
    ok = refuse (&reader, error, _("it does not say which network it is"));
  if (ok && tithe_network_shape_count (&shape) > reader.n_bytes / sizeof (float)) /* before memory is taken for it */
    ok = refuse (&reader, error, _("it is shorter than its network"));
  if (ok)
    {
      network = tithe_network_new (&shape, 0);
      ok = read_parameters (&reader, network, error);
    }
  reader_clear (&reader);
  return ok ? g_steal_pointer (&network) : NULL;
}

/**
 * tithe_checkpoint_read:
 * @epochs_done: (out): 0 where there is no checkpoint, or one of other settings, which is left alone
 *
 * Takes up an interrupted training.
 */
gboolean
tithe_checkpoint_read (const char *path, TitheNetwork *network, GPtrArray *velocities,
                       const TitheTrainSettings *settings, gsize n_images, guint *epochs_done, GError **error)
{
  g_autofree char *wanted = tithe_train_settings_to_text (settings, n_images);
  g_autofree char *shape = tithe_network_shape_to_text (tithe_network_get_shape (network));
  GPtrArray *parameters = tithe_network_get_parameters (network);
  Reader reader;
  gboolean ok;

  *epochs_done = 0;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  ok = open_file (&reader, path, error);
  if (ok && g_str_equal (get_text (&reader, "tithe.settings"), wanted)
      && g_str_equal (get_text (&reader, "tithe.shape"), shape))
    {
      ok = read_parameters (&reader, network, error);
      for (guint i = 0; ok && i < parameters->len; i++)
        if (g_ptr_array_index (velocities, i) != NULL)
          ok = read_tensor (&reader, VELOCITY, g_ptr_array_index (parameters, i), g_ptr_array_index (velocities, i),
                            error);
      if (ok)
        *epochs_done
            = (guint) CLAMP (g_ascii_strtoll (get_text (&reader, "tithe.epochs_done"), NULL, 10), 0, settings->epochs);
    }
  reader_clear (&reader);
  return ok;
}
