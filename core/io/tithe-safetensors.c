/* SPDX-License-Identifier: MIT */
#include "tithe-matrix.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* A little-endian 64-bit length, a JSON object with dtype, shape and data_offsets for each tensor, then the data. The
 * format allows a header of at most 100 MB. */
#define MAX_HEADER (100 << 20)

static gboolean
format_error (const char *path, GError **error, const char *why)
{
  g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_FORMAT, _("“%s” is not a sound safetensors file: %s"),
               path, why);
  return FALSE;
}

static gboolean
read_dtype (TitheMatrix *self, const char *dtype, const char *path, GError **error)
{
  if (g_strcmp0 (dtype, "F16") == 0)
    self->type = TITHE_FLOAT16;
  else if (g_strcmp0 (dtype, "BF16") == 0)
    self->type = TITHE_BFLOAT16;
  else if (g_strcmp0 (dtype, "F32") == 0)
    self->type = TITHE_FLOAT32;
  else if (g_strcmp0 (dtype, "F64") == 0)
    self->type = TITHE_FLOAT64;
  else
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_TYPE,
                   _("“%s” holds values of type “%s”; expected F16, BF16, F32 or F64"), path, dtype);
      return FALSE;
    }
  return TRUE;
}

static JsonArray *
get_array (JsonObject *tensor, const char *name)
{
  JsonNode *node = json_object_get_member (tensor, name);

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* A size in the header, or G_MAXUINT64 for anything that is none. */
static guint64
get_size (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64 || json_node_get_int (node) < 0)
    return G_MAXUINT64;
  return (guint64) json_node_get_int (node);
}

static gboolean
read_tensor (TitheMatrix *self, JsonObject *tensor, gsize header_end, gsize size, const char *path, GError **error)
{
  JsonArray *shape = get_array (tensor, "shape");
  JsonArray *offsets = get_array (tensor, "data_offsets");
  JsonNode *dtype = json_object_get_member (tensor, "dtype");
  guint64 begin, end, bytes;

  if (shape == NULL || offsets == NULL || json_array_get_length (offsets) != 2 || dtype == NULL
      || !JSON_NODE_HOLDS_VALUE (dtype) || json_node_get_value_type (dtype) != G_TYPE_STRING)
    return format_error (path, error, _("a tensor lacks dtype, shape or data_offsets"));
  if (json_array_get_length (shape) != 2)
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_SHAPE,
                   _("“%s” has %u dimensions; an embedding has two, images and features"), path,
                   json_array_get_length (shape));
      return FALSE;
    }
  if (!read_dtype (self, json_node_get_string (dtype), path, error))
    return FALSE;
  self->n_rows = get_size (shape, 0);
  self->dim = get_size (shape, 1);
  begin = get_size (offsets, 0);
  end = get_size (offsets, 1);
  if (begin > end || end > size - header_end || !g_uint64_checked_mul (&bytes, self->n_rows, self->dim)
      || !g_uint64_checked_mul (&bytes, bytes, tithe_float_type_get_size (self->type)) || bytes != end - begin)
    return format_error (path, error, _("its header does not match its size"));
  self->offset = header_end + begin;
  return TRUE;
}

/**
 * tithe_matrix_read_safetensors:
 * @array: (nullable): the tensor's name, needed where the file holds several
 */
gboolean
tithe_matrix_read_safetensors (TitheMatrix *self, GBytes *bytes, const char *path, const char *array, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GString) names = g_string_new (NULL);
  gsize size, n_tensors = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  guint64 length;
  JsonObject *root, *chosen = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  memset (self, 0, sizeof *self);
  if (size < 8)
    return format_error (path, error, _("it is too short"));
  memcpy (&length, data, 8);
  length = GUINT64_FROM_LE (length);
  if (length > MAX_HEADER || length > size - 8)
    return format_error (path, error, _("its header is longer than the file"));
  if (!json_parser_load_from_data (parser, (const char *) data + 8, (gssize) length, NULL)
      || json_parser_get_root (parser) == NULL || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return format_error (path, error, _("its header is not a JSON object"));
  root = json_node_get_object (json_parser_get_root (parser));
  json_object_iter_init (&iter, root);
  while (json_object_iter_next (&iter, &name, &node))
    {
      if (g_str_equal (name, "__metadata__") || !JSON_NODE_HOLDS_OBJECT (node))
        continue;
      g_string_append_printf (names, "%s“%s”", n_tensors++ > 0 ? ", " : "", name);
      if (array == NULL || g_str_equal (array, name))
        chosen = json_node_get_object (node);
    }
  if (chosen == NULL || (array == NULL && n_tensors > 1))
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS,
                   _("“%s” holds the tensors %s; which one is meant?"), path, names->str);
      return FALSE;
    }
  if (!read_tensor (self, chosen, 8 + length, size, path, error))
    return FALSE;
  self->bytes = g_bytes_ref (bytes);
  if (!tithe_matrix_check_extent (self, path, error))
    {
      tithe_matrix_clear (self);
      return FALSE;
    }
  return TRUE;
}
