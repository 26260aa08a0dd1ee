/* SPDX-License-Identifier: MIT */
#include "tithe-network-file-private.h"
#include "base/tithe-byte-order.h"
#include "io/tithe-output.h"
#include "io/tithe-regular.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* cppcheck-suppress unknownMacro */
G_DEFINE_QUARK (tithe-checkpoint-error-quark, tithe_checkpoint_error)

/* --- words --- */

static char *
triple_to_text (const float *values)
{
  char buffer[3][G_ASCII_DTOSTR_BUF_SIZE];

  for (guint i = 0; i < 3; i++)
    g_ascii_dtostr (buffer[i], sizeof buffer[i], (double) values[i]);
  return g_strdup_printf ("%s %s %s", buffer[0], buffer[1], buffer[2]);
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

/* --- writing --- */

/* A file with the texts that say which network it is. */
TitheSafetensorsWriter *
tithe_network_file_begin (TitheNetwork *network)
{
  TitheSafetensorsWriter *writer = tithe_safetensors_writer_new ();
  g_autofree char *shape = tithe_network_shape_to_text (tithe_network_get_shape (network));
  g_autofree char *mean = triple_to_text (tithe_network_get_pixel_mean (network));
  g_autofree char *scale = triple_to_text (tithe_network_get_pixel_scale (network));

  tithe_safetensors_writer_add_text (writer, "format", "pt");
  tithe_safetensors_writer_add_text (writer, "tithe.shape", shape);
  tithe_safetensors_writer_add_text (writer, "tithe.pixel_mean", mean);
  tithe_safetensors_writer_add_text (writer, "tithe.pixel_scale", scale);
  return writer;
}

/* Numbers of a parameter's shape, under its name behind a prefix. */
void
tithe_network_file_add_tensor (TitheSafetensorsWriter *writer, const char *prefix, const TitheParameter *parameter,
                               const float *values)
{
  g_autofree char *name = g_strconcat (prefix, parameter->name, NULL);

  tithe_safetensors_writer_add_tensor (writer, name, parameter->n_dims, parameter->dims, values);
}

/* All parameters of the network, running statistics included. */
void
tithe_network_file_add_parameters (TitheSafetensorsWriter *writer, TitheNetwork *network)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);

  for (guint i = 0; i < parameters->len; i++)
    {
      const TitheParameter *parameter = g_ptr_array_index (parameters, i);

      tithe_network_file_add_tensor (writer, "", parameter, parameter->value);
    }
}

/* Writes the whole file or nothing, with an error of our own. */
gboolean
tithe_network_file_end (TitheSafetensorsWriter *writer, const char *path, GError **error)
{
  g_autoptr (GBytes) file = tithe_safetensors_writer_finish (writer);
  g_autoptr (GError) local = NULL;
  gsize size;
  const char *data = g_bytes_get_data (file, &size);

  if (tithe_output_write (path, data, size, &local))
    return TRUE;
  g_set_error_literal (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_WRITE, local->message);
  return FALSE;
}

/**
 * tithe_network_write:
 * @path: of a .safetensors file, which is replaced once the new one is whole
 *
 * Returns: %FALSE with %TITHE_CHECKPOINT_ERROR_WRITE
 */
gboolean
tithe_network_write (TitheNetwork *network, const char *path, GError **error)
{
  g_autoptr (TitheSafetensorsWriter) writer = tithe_network_file_begin (network);

  tithe_network_file_add_parameters (writer, network);
  return tithe_network_file_end (writer, path, error);
}

/**
 * tithe_network_create:
 *
 * As tithe_network_write(), but where there is a file, or came to be one meanwhile, that is left as it is.
 *
 * Returns: %FALSE with %TITHE_CHECKPOINT_ERROR_WRITE or a %TITHE_OUTPUT_ERROR, which is %TITHE_OUTPUT_ERROR_EXISTS then
 */
gboolean
tithe_network_create (TitheNetwork *network, const char *path, GError **error)
{
  g_autoptr (TitheOutput) output = tithe_output_begin (path, NULL, FALSE, error);
  GError *local = NULL;

  if (output == NULL)
    return FALSE;
  return tithe_network_write (network, tithe_output_get_temporary (output), &local)
             ? tithe_output_finish (output, error)
             : tithe_output_propagate (output, local, error);
}

/* --- reading --- */

/* Says why the file is no network; returns %FALSE. */
gboolean
tithe_network_file_refuse (const char *path, GError **error, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_FORMAT, _("“%s” is no network of Tithe: %s"),
               path, why);
  return FALSE;
}

/* The file's tensors, or NULL with a TITHE_CHECKPOINT_ERROR. */
TitheSafetensors *
tithe_network_file_open (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *why = NULL;
  g_autoptr (GBytes) bytes = tithe_regular_map (path, &why);
  TitheSafetensors *file;

  if (bytes == NULL)
    {
      g_set_error (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_READ, _("cannot read the network “%s”: %s"),
                   path, why);
      return NULL;
    }
  file = tithe_safetensors_new (bytes, path, &local);
  if (file == NULL)
    g_set_error_literal (error, TITHE_CHECKPOINT_ERROR, TITHE_CHECKPOINT_ERROR_FORMAT, local->message);
  return file;
}

/* A text of the file, empty where it has none of that name. */
const char *
tithe_network_file_get_text (TitheSafetensors *file, const char *name)
{
  const char *text = tithe_safetensors_get_text (file, name);

  return text ? text : "";
}

static gboolean
has_shape (const TitheTensor *tensor, const TitheParameter *parameter)
{
  if (tensor->n_dims != parameter->n_dims)
    return FALSE;
  for (guint i = 0; i < tensor->n_dims; i++)
    if (tensor->dims[i] != (guint64) parameter->dims[i])
      return FALSE;
  return tensor->n_bytes == parameter->n * sizeof (float);
}

/* Copies a tensor of exactly the parameter's shape. */
gboolean
tithe_network_file_read_tensor (TitheSafetensors *file, const char *prefix, const TitheParameter *parameter,
                                float *values, const char *path, GError **error)
{
  g_autofree char *name = g_strconcat (prefix, parameter->name, NULL);
  const TitheTensor *tensor = tithe_safetensors_find (file, name);

  if (tensor == NULL)
    return tithe_network_file_refuse (path, error, _("“%s” is missing"), name);
  if (!g_str_equal (tensor->dtype, "F32"))
    return tithe_network_file_refuse (path, error, _("“%s” is not of type F32"), name);
  if (!has_shape (tensor, parameter))
    return tithe_network_file_refuse (path, error, _("“%s” does not have the shape that its network needs"), name);
  tithe_byte_order_copy (values, tensor->data, parameter->n, sizeof (float));
  for (gsize i = 0; i < parameter->n; i++)
    if (!isfinite (values[i]) || (values[i] < 0 && g_str_has_suffix (name, ".running_var")))
      return tithe_network_file_refuse (path, error, _("“%s” has a NaN, an infinity or a negative variance"), name);
  return TRUE;
}

/* All parameters, and how pixels are normalised. */
gboolean
tithe_network_file_read_parameters (TitheSafetensors *file, TitheNetwork *network, const char *path, GError **error)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);

  for (guint i = 0; i < parameters->len; i++)
    {
      TitheParameter *parameter = g_ptr_array_index (parameters, i);

      if (!tithe_network_file_read_tensor (file, "", parameter, parameter->value, path, error))
        return FALSE;
    }
  if (text_to_triple (tithe_network_file_get_text (file, "tithe.pixel_mean"), tithe_network_get_pixel_mean (network))
      && text_to_triple (tithe_network_file_get_text (file, "tithe.pixel_scale"),
                         tithe_network_get_pixel_scale (network)))
    return TRUE;
  return tithe_network_file_refuse (path, error, _("it does not say how pixels are normalised"));
}

/**
 * tithe_network_read:
 * @path: of a file that tithe_network_write() wrote, or of a checkpoint
 *
 * Returns: (transfer full): the network, or %NULL with a %TITHE_CHECKPOINT_ERROR
 */
TitheNetwork *
tithe_network_read (const char *path, GError **error)
{
  g_autoptr (TitheSafetensors) file = tithe_network_file_open (path, error);
  g_autoptr (TitheNetwork) network = NULL;
  TitheNetworkShape shape = { 0 };

  if (file == NULL)
    return NULL;
  if (!text_to_shape (tithe_network_file_get_text (file, "tithe.shape"), &shape))
    {
      tithe_network_file_refuse (path, error, _("it does not say which network it is"));
      return NULL;
    }
  if (tithe_network_shape_count (&shape) > tithe_safetensors_get_size (file) / sizeof (float))
    {
      tithe_network_file_refuse (path, error, _("it is shorter than its network"));
      return NULL;
    }
  network = tithe_network_new (&shape, 0);
  return tithe_network_file_read_parameters (file, network, path, error) ? g_steal_pointer (&network) : NULL;
}
