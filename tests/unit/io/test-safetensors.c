/* SPDX-License-Identifier: MIT */
#include "io/tithe-safetensors.h"
#include "fixture.h"

#include <string.h>

#define PATH "x.safetensors"

/* A file of that header with as many bytes behind it. */
static GBytes *
make_file (const char *header, gsize n_bytes)
{
  GByteArray *bytes = g_byte_array_new ();
  const guint64 length = GUINT64_TO_LE ((guint64) strlen (header));

  g_byte_array_append (bytes, (const guint8 *) &length, 8);
  g_byte_array_append (bytes, (const guint8 *) header, (guint) strlen (header));
  for (gsize i = 0; i < n_bytes; i++)
    g_byte_array_append (bytes, (const guint8[]){ (guint8) i }, 1);
  return g_byte_array_free_to_bytes (bytes);
}

static void
assert_refused (const char *header, gsize n_bytes, const char *part)
{
  g_autoptr (GBytes) bytes = make_file (header, n_bytes);
  GError *error = NULL;

  if (tithe_safetensors_new (bytes, PATH, &error) != NULL)
    g_error ("taken: %s", header);
  g_assert_nonnull (strstr (error->message, PATH));
  fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_FORMAT, part);
}

static void
test_tensors_are_found (void)
{
  g_autoptr (GBytes) bytes = make_file ("{\"b\": {\"dtype\": \"F32\", \"shape\": [2, 1], \"data_offsets\": [4, 12]},"
                                        " \"a\": {\"dtype\": \"I16\", \"shape\": [2], \"data_offsets\": [0, 4]},"
                                        " \"one\": {\"dtype\": \"U8\", \"shape\": [], \"data_offsets\": [12, 13]},"
                                        " \"none\": {\"dtype\": \"F64\", \"shape\": [0, 7], \"data_offsets\": [4, 4]},"
                                        " \"new\": {\"dtype\": \"F4\", \"shape\": [2], \"data_offsets\": [13, 14]},"
                                        " \"__metadata__\": {\"maker\": \"somebody\"}}",
                                        14);
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSafetensors) file = tithe_safetensors_new (bytes, PATH, &error);
  const TitheTensor *b;

  g_assert_no_error (error);
  g_assert_cmpuint (tithe_safetensors_get_n (file), ==, 5);
  g_assert_cmpuint (tithe_safetensors_get_size (file), ==, 14);
  g_assert_cmpstr (tithe_safetensors_get (file, 0)->name, ==, "a");
  b = tithe_safetensors_find (file, "b");
  g_assert_cmpstr (b->dtype, ==, "F32");
  g_assert_cmpuint (b->n_dims, ==, 2);
  g_assert_cmpuint (b->dims[0], ==, 2);
  g_assert_cmpuint (b->n_bytes, ==, 8);
  g_assert_cmpuint (b->data[0], ==, 4);
  g_assert_null (tithe_safetensors_find (file, "c"));
  g_assert_cmpstr (tithe_safetensors_get_text (file, "maker"), ==, "somebody");
  g_assert_null (tithe_safetensors_get_text (file, "taker"));
}

static void
test_lies_are_refused (void)
{
#define TENSOR(dtype, shape, offsets)                                                                                  \
  "{\"x\": {\"dtype\": " dtype ", \"shape\": " shape ", \"data_offsets\": " offsets "}}"
  static const struct
  {
    const char *header, *part;
  } lies[] = {
    { TENSOR ("\"F32\"", "[2]", "[0, 8]"), "does not lie" }, /* there are seven bytes */
    { TENSOR ("\"F32\"", "[1]", "[4, 8]"), "does not lie" },
    { TENSOR ("\"F32\"", "[1]", "[4, 0]"), "does not lie" },
    { TENSOR ("\"F32\"", "[1]", "[-4, 0]"), "does not lie" },
    { TENSOR ("\"F32\"", "[1]", "[0.0, 4.0]"), "does not lie" },
    { TENSOR ("\"F32\"", "[1]", "[0, \"4\"]"), "does not lie" },
    { TENSOR ("\"F32\"", "[1]", "[0, 9223372036854775807]"), "does not lie" },
    { TENSOR ("\"F32\"", "[1]", "[0]"), "lacks" },
    { TENSOR ("\"F32\"", "[1]", "4"), "lacks" },
    { TENSOR ("5", "[1]", "[0, 4]"), "lacks" },
    { TENSOR ("null", "[1]", "[0, 4]"), "lacks" },
    { TENSOR ("\"F32\"", "[2]", "[0, 4]"), "shape" },
    { TENSOR ("\"F32\"", "[-1]", "[0, 4]"), "shape" },
    { TENSOR ("\"F32\"", "[1.0]", "[0, 4]"), "shape" },
    { TENSOR ("\"F32\"", "[[1]]", "[0, 4]"), "shape" },
    { TENSOR ("\"F32\"", "\"1\"", "[0, 4]"), "shape" },
    { TENSOR ("\"F32\"", "[1,1,1,1,1,1,1,1,1]", "[0, 4]"), "shape" },
    { TENSOR ("\"F32\"", "[4611686018427387904, 4]", "[0, 0]"), "shape" }, /* 2^64 values are none in 64 bits */
    { "{\"x\": 3}", "lacks" },
    { "{\"x\": []}", "lacks" },
    { "{\"x\": null}", "lacks" },
    { "[]", "not a JSON object" },
    { "{", "not a JSON object" },
    { "", "not a JSON object" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    assert_refused (lies[i].header, 7, lies[i].part);
}

/* Two tensors on the same bytes: such a file is a trick, or made by a broken program. */
static void
test_shared_bytes_are_refused (void)
{
  assert_refused ("{\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]},"
                  " \"b\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [3, 7]}}",
                  7, "shares bytes");
  assert_refused ("{\"a\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]},"
                  " \"b\": {\"dtype\": \"U8\", \"shape\": [4], \"data_offsets\": [0, 4]}}",
                  7, "shares bytes");
}

/* What {"__metadata__": {"tithe.shape": 5}} did was a crash. */
static void
test_metadata_of_other_types_is_none (void)
{
  static const char *const headers[] = { "{\"__metadata__\": {\"maker\": 5}}",
                                         "{\"__metadata__\": {\"maker\": null}}",
                                         "{\"__metadata__\": {\"maker\": [\"x\"]}}",
                                         "{\"__metadata__\": {\"maker\": {}}}",
                                         "{\"__metadata__\": 5}",
                                         "{\"__metadata__\": [1]}",
                                         "{\"__metadata__\": null}",
                                         "{}" };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr (GBytes) bytes = make_file (headers[i], 0);
      g_autoptr (GError) error = NULL;
      g_autoptr (TitheSafetensors) file = tithe_safetensors_new (bytes, PATH, &error);

      g_assert_no_error (error);
      g_assert_null (tithe_safetensors_get_text (file, "maker"));
    }
}

static void
test_length_of_the_header_is_checked (void)
{
  static const char *const files[] = { "", "1234567", "\xff\xff\xff\xff\xff\xff\xff\xff{}", "\x03\0\0\0\0\0\0\0{}",
                                       "\xff\xff\xff\xff\xff\xff\xff\x7f{}" };
  static const gsize sizes[] = { 0, 7, 10, 10, 10 };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (files[i], sizes[i]);
      GError *error = NULL;

      g_assert_null (tithe_safetensors_new (bytes, PATH, &error));
      fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_FORMAT, i < 2 ? "too short" : "longer");
    }
}

/* Each file that is cut short, at any byte, is refused. */
static void
test_a_cut_file_is_refused (void)
{
  g_autoptr (GBytes) whole
      = make_file ("{\"x\": {\"dtype\": \"F32\", \"shape\": [2, 3], \"data_offsets\": [0, 24]}}", 24);
  g_autoptr (GError) error = NULL;
  g_autoptr (TitheSafetensors) file = tithe_safetensors_new (whole, PATH, &error);

  g_assert_no_error (error);
  for (gsize size = 0; size < g_bytes_get_size (whole); size++)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (whole, 0, size);

      g_assert_null (tithe_safetensors_new (cut, PATH, NULL));
    }
}

static void
test_what_is_written_is_read (void)
{
  g_autoptr (TitheSafetensorsWriter) writer = tithe_safetensors_writer_new ();
  const float values[] = { 1, -2.5f, 3, 4, 5, 6 };
  const guint8 first[] = { 0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0 }; /* the lowest byte first, on every machine */
  g_autoptr (TitheSafetensors) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  tithe_safetensors_writer_add_text (writer, "maker", "a “test”\n");
  tithe_safetensors_writer_add_tensor (writer, "x", 2, (gint64[]){ 2, 3 }, values);
  tithe_safetensors_writer_add_tensor (writer, "y", 1, (gint64[]){ 2 }, values);
  bytes = tithe_safetensors_writer_finish (writer);
  file = tithe_safetensors_new (bytes, PATH, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tithe_safetensors_get_text (file, "maker"), ==, "a “test”\n");
  g_assert_cmpuint (tithe_safetensors_find (file, "x")->n_bytes, ==, 24);
  g_assert_cmpmem (tithe_safetensors_find (file, "x")->data, 8, first, 8);
  g_assert_cmpmem (tithe_safetensors_find (file, "y")->data, 8, first, 8);
  /* Others map such files: numbers begin at a multiple of their size. */
  g_assert_cmpuint ((g_bytes_get_size (bytes) - tithe_safetensors_get_size (file)) % 8, ==, 0);
}

static void
test_the_matrix_must_be_chosen (void)
{
  g_autoptr (GBytes) bytes = make_file ("{\"a\": {\"dtype\": \"F32\", \"shape\": [1, 1], \"data_offsets\": [0, 4]},"
                                        " \"b\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [4, 12]},"
                                        " \"c\": {\"dtype\": \"U8\", \"shape\": [1, 1], \"data_offsets\": [12, 13]}}",
                                        13);
  g_autoptr (GBytes) empty = make_file ("{}", 0);
  TitheMatrix matrix;
  GError *error = NULL;

  g_assert_false (tithe_matrix_read_safetensors (&matrix, bytes, PATH, NULL, &error));
  fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS, "“a”, “b”, “c”");
  g_assert_false (tithe_matrix_read_safetensors (&matrix, bytes, PATH, "d", &error));
  fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS, "no tensor “d”");
  g_assert_false (tithe_matrix_read_safetensors (&matrix, bytes, PATH, "b", &error));
  fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_SHAPE, "1 dimension");
  g_assert_false (tithe_matrix_read_safetensors (&matrix, bytes, PATH, "c", &error));
  fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_TYPE, "U8");
  g_assert_false (tithe_matrix_read_safetensors (&matrix, empty, PATH, NULL, &error));
  fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_FORMAT, "no tensor in it");
  g_assert_true (tithe_matrix_read_safetensors (&matrix, bytes, PATH, "a", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (matrix.n_rows, ==, 1);
  tithe_matrix_clear (&matrix);
}

#define ADD(path, function) g_test_add_func ("/safetensors/" path, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("tensors", test_tensors_are_found);
  ADD ("lies", test_lies_are_refused);
  ADD ("shared-bytes", test_shared_bytes_are_refused);
  ADD ("metadata", test_metadata_of_other_types_is_none);
  ADD ("length", test_length_of_the_header_is_checked);
  ADD ("cut", test_a_cut_file_is_refused);
  ADD ("written", test_what_is_written_is_read);
  ADD ("chosen", test_the_matrix_must_be_chosen);
  return g_test_run ();
}
