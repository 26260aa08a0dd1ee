/* SPDX-License-Identifier: MIT */
#include "tithe-safetensors.h"
#include "base/tithe-byte-order.h"
#include "base/tithe-name.h"
#include "tithe-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define METADATA "__metadata__"

struct _TitheSafetensors
{
  GBytes *bytes;
  JsonNode *root;  /* has the names */
  GArray *tensors; /* TitheTensor, by place in the file */
  GHashTable *by_name;
  gsize header_end, size;
};

static gboolean
refuse (const char *path, GError **error, const char *why)
{
  g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_FORMAT, _("“%s” is not a sound safetensors file: %s"),
               path, why);
  return FALSE;
}

static gboolean
refuse_tensor (const char *path, const char *name, GError **error, const char *why)
{
  g_autofree char *shorter = tithe_name_dup_short (name);

  g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_FORMAT,
               _("“%s” is not a sound safetensors file: tensor “%s”: %s"), path, shorter, why);
  return FALSE;
}

/* Bits of a value; 0 for types that we don't know, whose tensors are left where they are. */
static guint
type_bits (const char *dtype)
{
  static const struct
  {
    const char *name;
    guint bits;
  } types[] = {
    { "BOOL", 8 }, { "U8", 8 },   { "I8", 8 },   { "F8_E4M3", 8 }, { "F8_E5M2", 8 },
    { "U16", 16 }, { "I16", 16 }, { "F16", 16 }, { "BF16", 16 },   { "U32", 32 },
    { "I32", 32 }, { "F32", 32 }, { "U64", 64 }, { "I64", 64 },    { "F64", 64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].name, dtype))
      return types[i].bits;
  return 0;
}

/* Whether the shape takes as many bytes as there are. */
static gboolean
read_shape (TitheTensor *tensor, JsonArray *shape)
{
  guint64 n_bytes = type_bits (tensor->dtype) / 8;

  if (shape == NULL || json_array_get_length (shape) > TITHE_TENSOR_MAX_DIMS)
    return FALSE;
  tensor->n_dims = json_array_get_length (shape);
  for (guint i = 0; i < tensor->n_dims; i++)
    {
      const gint64 dim = tithe_json_item_int (shape, i, 0, G_MAXINT64, -1);

      if (dim < 0)
        return FALSE;
      tensor->dims[i] = (guint64) dim;
      if (!g_uint64_checked_mul (&n_bytes, n_bytes, tensor->dims[i]))
        return FALSE;
    }
  return n_bytes == tensor->n_bytes || type_bits (tensor->dtype) == 0;
}

static gboolean
read_tensor (TitheSafetensors *self, const char *name, JsonNode *node, const char *path, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonArray *offsets = tithe_json_get_array (object, "data_offsets");
  const gsize available = self->size - self->header_end;
  TitheTensor tensor = { .name = name, .dtype = tithe_json_get_string (object, "dtype") };
  gint64 begin, end;

  if (tensor.dtype == NULL || offsets == NULL || json_array_get_length (offsets) != 2)
    return refuse_tensor (path, name, error, _("it lacks dtype, shape or data_offsets"));
  begin = tithe_json_item_int (offsets, 0, 0, G_MAXINT64, -1);
  end = tithe_json_item_int (offsets, 1, 0, G_MAXINT64, -1);
  if (begin < 0 || end < begin || (guint64) end > available)
    return refuse_tensor (path, name, error, _("it does not lie in the file"));
  tensor.n_bytes = (gsize) (end - begin);
  tensor.data = (const guint8 *) g_bytes_get_data (self->bytes, NULL) + self->header_end + begin;
  if (!read_shape (&tensor, tithe_json_get_array (object, "shape")))
    return refuse_tensor (path, name, error, _("it has a shape that does not match its bytes"));
  g_array_append_val (self->tensors, tensor);
  return TRUE;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const TitheTensor *x = a, *y = b;

  if (x->data != y->data)
    return x->data < y->data ? -1 : 1;
  return x->n_bytes < y->n_bytes ? -1 : x->n_bytes > y->n_bytes;
}

/* Puts the tensors in the order of their places, and looks whether any two share a byte. */
static gboolean
check_places (TitheSafetensors *self, const char *path, GError **error)
{
  g_array_sort (self->tensors, compare_places);
  for (guint i = 0; i < self->tensors->len; i++)
    {
      const TitheTensor *tensor = tithe_safetensors_get (self, i);
      const TitheTensor *next = i + 1 < self->tensors->len ? tithe_safetensors_get (self, i + 1) : NULL;

      if (next != NULL && tensor->data + tensor->n_bytes > next->data)
        return refuse_tensor (path, next->name, error, _("it shares bytes with another one"));
      g_hash_table_insert (self->by_name, (gpointer) tensor->name, (gpointer) tensor);
    }
  return TRUE;
}

/* The header as JSON. */
static gboolean
read_header (TitheSafetensors *self, const char *path, GError **error)
{
  const char *data = g_bytes_get_data (self->bytes, &self->size);
  g_autoptr (GError) local = NULL;
  guint64 length;

  if (self->size < 8)
    return refuse (path, error, _("it is too short"));
  memcpy (&length, data, 8);
  length = GUINT64_FROM_LE (length);
  if (length > self->size - 8)
    return refuse (path, error, _("its header is longer than the file"));
  self->header_end = 8 + (gsize) length;
  self->root = tithe_json_parse (data + 8, (gsize) length, &local);
  return self->root != NULL || refuse (path, error, local->message);
}

/**
 * tithe_safetensors_new:
 * @bytes: the whole file; kept as long as what is returned
 * @path: how errors call it
 *
 * O(n log n) for n tensors; of the numbers nothing is read.
 *
 * Returns: (transfer full): the file's tensors, or %NULL with a %TITHE_MATRIX_ERROR_FORMAT
 */
TitheSafetensors *
tithe_safetensors_new (GBytes *bytes, const char *path, GError **error)
{
  g_autoptr (TitheSafetensors) self = g_new0 (TitheSafetensors, 1);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  self->bytes = g_bytes_ref (bytes);
  self->tensors = g_array_new (FALSE, FALSE, sizeof (TitheTensor));
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  if (!read_header (self, path, error))
    return NULL;
  json_object_iter_init (&iter, json_node_get_object (self->root));
  while (json_object_iter_next (&iter, &name, &node))
    if (!g_str_equal (name, METADATA) && !read_tensor (self, name, node, path, error))
      return NULL;
  return check_places (self, path, error) ? g_steal_pointer (&self) : NULL;
}

/* tithe_safetensors_free: with it go its tensors and texts */
void
tithe_safetensors_free (TitheSafetensors *self)
{
  g_hash_table_unref (self->by_name);
  g_array_unref (self->tensors);
  g_clear_pointer (&self->root, json_node_unref);
  g_bytes_unref (self->bytes);
  g_free (self);
}

/* tithe_safetensors_get_n: how many tensors there are */
guint
tithe_safetensors_get_n (TitheSafetensors *self)
{
  return self->tensors->len;
}

/* tithe_safetensors_get: (transfer none): a tensor, in the order of their places in the file */
const TitheTensor *
tithe_safetensors_get (TitheSafetensors *self, guint index)
{
  return &g_array_index (self->tensors, TitheTensor, index);
}

/* tithe_safetensors_find: (transfer none) (nullable): the tensor of that name */
const TitheTensor *
tithe_safetensors_find (TitheSafetensors *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}

/* tithe_safetensors_get_size: bytes of all numbers together, which bounds what any tensor can have */
gsize
tithe_safetensors_get_size (TitheSafetensors *self)
{
  return self->size - self->header_end;
}

/* tithe_safetensors_get_text: (transfer none) (nullable): a text of the file's metadata */
const char *
tithe_safetensors_get_text (TitheSafetensors *self, const char *name)
{
  return tithe_json_get_string (tithe_json_get_object (json_node_get_object (self->root), METADATA), name);
}

/* --- a matrix in such a file --- */

static gboolean
read_dtype (TitheMatrix *self, const char *dtype, const char *path, GError **error)
{
  static const struct
  {
    const char *name;
    TitheFloatType type;
  } types[]
      = { { "F16", TITHE_FLOAT16 }, { "BF16", TITHE_BFLOAT16 }, { "F32", TITHE_FLOAT32 }, { "F64", TITHE_FLOAT64 } };
  g_autofree char *shorter = tithe_name_dup_short (dtype);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].name, dtype))
      {
        self->type = types[i].type;
        return TRUE;
      }
  g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_TYPE,
               _("“%s” holds values of type “%s”; expected F16, BF16, F32 or F64"), path, shorter);
  return FALSE;
}

static char *
dup_names (TitheSafetensors *file)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < tithe_safetensors_get_n (file); i++)
    g_ptr_array_add (names, (gpointer) tithe_safetensors_get (file, i)->name);
  return tithe_name_dup_list ((const char *const *) names->pdata, names->len);
}

static const TitheTensor *
choose (TitheSafetensors *file, const char *array, const char *path, GError **error)
{
  const guint n = tithe_safetensors_get_n (file);
  const TitheTensor *chosen = array ? tithe_safetensors_find (file, array) : NULL;
  g_autofree char *names = NULL;

  if (array == NULL && n == 1)
    chosen = tithe_safetensors_get (file, 0);
  if (chosen != NULL)
    return chosen;
  names = dup_names (file);
  if (n == 0)
    refuse (path, error, _("there is no tensor in it"));
  else if (array != NULL)
    g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS, _("“%s” has no tensor “%s”; it holds %s"),
                 path, array, names);
  else
    g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS, _("“%s” holds the tensors %s"), path, names);
  return NULL;
}

/**
 * tithe_matrix_read_safetensors:
 * @self: (out caller-allocates): the matrix; takes a reference to @bytes
 * @bytes: the whole file
 * @path: how errors call it
 * @array: (nullable): the tensor's name, needed where the file holds several
 *
 * Returns: %FALSE with a %TITHE_MATRIX_ERROR
 */
gboolean
tithe_matrix_read_safetensors (TitheMatrix *self, GBytes *bytes, const char *path, const char *array, GError **error)
{
  g_autoptr (TitheSafetensors) file = tithe_safetensors_new (bytes, path, error);
  const TitheTensor *tensor = file ? choose (file, array, path, error) : NULL;

  memset (self, 0, sizeof *self);
  if (tensor == NULL)
    return FALSE;
  if (tensor->n_dims != 2)
    {
      g_set_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_SHAPE,
                   ngettext ("“%s” has %u dimension; an embedding has two, images and features",
                             "“%s” has %u dimensions; an embedding has two, images and features", tensor->n_dims),
                   path, tensor->n_dims);
      return FALSE;
    }
  if (!read_dtype (self, tensor->dtype, path, error))
    return FALSE;
  self->n_rows = tensor->dims[0];
  self->dim = tensor->dims[1];
  self->offset = (gsize) (tensor->data - (const guint8 *) g_bytes_get_data (bytes, NULL));
  self->bytes = g_bytes_ref (bytes);
  if (tithe_matrix_check_extent (self, path, error))
    return TRUE;
  tithe_matrix_clear (self);
  return FALSE;
}

/* --- writing --- */

struct _TitheSafetensorsWriter
{
  JsonBuilder *header;
  GByteArray *data;
  gboolean in_texts;
};

/**
 * tithe_safetensors_writer_new:
 *
 * Returns: (transfer full): a file with nothing in it
 */
TitheSafetensorsWriter *
tithe_safetensors_writer_new (void)
{
  TitheSafetensorsWriter *self = g_new0 (TitheSafetensorsWriter, 1);

  self->header = tithe_json_begin ();
  self->data = g_byte_array_new ();
  tithe_json_begin_object (self->header, METADATA);
  self->in_texts = TRUE;
  return self;
}

/* tithe_safetensors_writer_free: gives up what was not finished */
void
tithe_safetensors_writer_free (TitheSafetensorsWriter *self)
{
  g_object_unref (self->header);
  g_byte_array_unref (self->data);
  g_free (self);
}

/* tithe_safetensors_writer_add_text: to the metadata, before any tensor */
void
tithe_safetensors_writer_add_text (TitheSafetensorsWriter *self, const char *name, const char *text)
{
  g_return_if_fail (self->in_texts);

  tithe_json_add_string (self->header, name, text);
}

static void
end_texts (TitheSafetensorsWriter *self)
{
  if (self->in_texts)
    json_builder_end_object (self->header);
  self->in_texts = FALSE;
}

static void
add_numbers (JsonBuilder *header, const char *name, guint n, const gint64 *numbers)
{
  tithe_json_begin_array (header, name);
  for (guint i = 0; i < n; i++)
    json_builder_add_int_value (header, numbers[i]);
  json_builder_end_array (header);
}

/**
 * tithe_safetensors_writer_add_tensor:
 * @dims: (array length=n_dims): its shape
 * @values: as many as the shape has, row-major
 */
void
tithe_safetensors_writer_add_tensor (TitheSafetensorsWriter *self, const char *name, guint n_dims, const gint64 *dims,
                                     const float *values)
{
  const guint begin = self->data->len;
  gsize n_bytes = sizeof (float);

  for (guint i = 0; i < n_dims; i++)
    n_bytes *= (gsize) dims[i];
  g_return_if_fail (n_bytes <= G_MAXUINT - begin);

  end_texts (self);
  tithe_json_begin_object (self->header, name);
  tithe_json_add_string (self->header, "dtype", "F32");
  add_numbers (self->header, "shape", n_dims, dims);
  add_numbers (self->header, "data_offsets", 2, (gint64[]){ begin, (gint64) (begin + n_bytes) });
  json_builder_end_object (self->header);
  g_byte_array_set_size (self->data, begin + (guint) n_bytes);
  tithe_byte_order_copy (self->data->data + begin, values, n_bytes / sizeof (float), sizeof (float));
}

/**
 * tithe_safetensors_writer_finish:
 *
 * Returns: (transfer full): the whole file; nothing can be added any more
 */
GBytes *
tithe_safetensors_writer_finish (TitheSafetensorsWriter *self)
{
  g_autofree char *header = NULL;
  GString *file = g_string_new (NULL);
  guint64 length;

  end_texts (self);
  header = tithe_json_end (self->header, FALSE);
  g_string_append (file, header);
  while (file->len % 8 != 0)
    g_string_append_c (file, ' ');
  length = GUINT64_TO_LE ((guint64) file->len);
  g_string_prepend_len (file, (const char *) &length, 8);
  g_string_append_len (file, (const char *) self->data->data, self->data->len);
  return g_string_free_to_bytes (file);
}
