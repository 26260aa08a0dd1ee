/* SPDX-License-Identifier: MIT */
#include "io/tithe-matrix.h"
#include "io/tithe-npy.h"
#include "io/tithe-output.h"
#include "embedding/tithe-quick.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#define N 6
#define DIM 3

typedef struct
{
  char *folder, *images;
  TitheDataset *dataset;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = fixture_folder ();
  fixture->images = g_build_filename (fixture->folder, "images", NULL);
  fixture_write_classes (fixture->images, 2, N / 2);
  fixture->dataset = tithe_dataset_open (fixture->images, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  tithe_dataset_unref (fixture->dataset);
  g_free (fixture->images);
  fixture_remove (fixture->folder);
}

static float
value_at (gsize row, gsize column)
{
  return row == 4 ? 0.0f : (float) (row + 1) * 0.25f + (float) column;
}

/* --- making files --- */

static GByteArray *
make_values (const char *descr, gboolean fortran)
{
  GByteArray *bytes = g_byte_array_new ();

  for (gsize i = 0; i < N * DIM; i++)
    {
      gsize row = fortran ? i % N : i / DIM, column = fortran ? i / N : i % DIM;
      float value = value_at (row, column);
      double wide = (double) value;
      guint64 bits64;
      guint32 bits32;
      guint16 bits16;

      memcpy (&bits32, &value, 4);
      memcpy (&bits64, &wide, 8);
      /* Every value is exact in half precision. */
      bits16 = value == 0.0f ? 0 : (guint16) ((((bits32 >> 23) & 255) - 127 + 15) << 10 | ((bits32 >> 13) & 1023));
      if (g_str_has_suffix (descr, "2"))
        {
          bits16 = *descr == '>' ? GUINT16_TO_BE (bits16) : GUINT16_TO_LE (bits16);
          g_byte_array_append (bytes, (const guint8 *) &bits16, 2);
        }
      else if (g_str_has_suffix (descr, "4"))
        {
          bits32 = *descr == '>' ? GUINT32_TO_BE (bits32) : GUINT32_TO_LE (bits32);
          g_byte_array_append (bytes, (const guint8 *) &bits32, 4);
        }
      else
        {
          bits64 = *descr == '>' ? GUINT64_TO_BE (bits64) : GUINT64_TO_LE (bits64);
          g_byte_array_append (bytes, (const guint8 *) &bits64, 8);
        }
    }
  return bytes;
}

static GByteArray *
make_npy (guint8 version, const char *header, GByteArray *values)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autoptr (GString) padded = g_string_new (header);
  guint8 magic[8] = { 0x93, 'N', 'U', 'M', 'P', 'Y', version, 0 };
  guint16 short_length;
  guint32 long_length;

  while ((padded->len + 11 + (version > 1 ? 2 : 0)) % 64 != 0)
    g_string_append_c (padded, ' ');
  g_string_append_c (padded, '\n');
  short_length = GUINT16_TO_LE ((guint16) padded->len);
  long_length = GUINT32_TO_LE ((guint32) padded->len);
  g_byte_array_append (bytes, magic, 8);
  if (version == 1)
    g_byte_array_append (bytes, (const guint8 *) &short_length, 2);
  else
    g_byte_array_append (bytes, (const guint8 *) &long_length, 4);
  g_byte_array_append (bytes, (const guint8 *) padded->str, (guint) padded->len);
  if (values != NULL)
    g_byte_array_append (bytes, values->data, values->len);
  return bytes;
}

static TitheEmbedding *
open_bytes (Fixture *fixture, const char *name, GByteArray *bytes, const char *array, GError **error)
{
  g_autofree char *path = fixture_write (fixture->folder, name, bytes->data, (gssize) bytes->len);

  return tithe_embedding_open (path, array, error);
}

static void
assert_rows (Fixture *fixture, TitheEmbedding *opened)
{
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_ref (opened);
  const guint32 images[N] = { 0, 1, 2, 3, 4, 5 };
  float rows[N * DIM];
  g_autoptr (GError) error = NULL;

  tithe_embedding_bind (&embedding, fixture->dataset, NULL, 2, NULL, &error);
  g_assert_no_error (error);
  tithe_embedding_get_rows (embedding, images, N, rows);
  for (gsize i = 0; i < N; i++)
    {
      double norm = 0;

      for (gsize j = 0; j < DIM; j++)
        norm += pow ((double) value_at (i, j), 2);
      for (gsize j = 0; j < DIM; j++)
        g_assert_cmpfloat_with_epsilon (rows[i * DIM + j], norm > 0 ? (double) value_at (i, j) / sqrt (norm) : 0, 1e-6);
    }
  /* The zero row is as far as can be from everything, itself aside. */
  g_assert_cmpfloat (tithe_embedding_dissimilarity (embedding, 4, 0), ==, 1.0);
}

/* --- tests --- */

static void
test_npy_kinds (Fixture *fixture, gconstpointer data)
{
  static const char *const types[] = { "<f2", "<f4", "<f8", ">f2", ">f4", ">f8" };

  for (guint t = 0; t < G_N_ELEMENTS (types); t++)
    for (guint8 version = 1; version <= 3; version++)
      for (guint fortran = 0; fortran < 2; fortran++)
        {
          g_autoptr (GByteArray) values = make_values (types[t], fortran == 1);
          g_autofree char *header = g_strdup_printf ("{'descr': '%s', 'fortran_order': %s, 'shape': (%d, %d), }",
                                                     types[t], fortran ? "True" : "False", N, DIM);
          g_autoptr (GByteArray) bytes = make_npy (version, header, values);
          g_autoptr (GError) error = NULL;
          g_autoptr (TitheEmbedding) embedding = open_bytes (fixture, "x.npy", bytes, NULL, &error);

          g_assert_no_error (error);
          assert_rows (fixture, embedding);
        }
}

static void
test_npy_refusals (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *header;
    TitheMatrixError code;
    const char *part;
  } cases[] = {
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 4), }", TITHE_MATRIX_ERROR_FORMAT,
      "shorter than its header" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (6000000000000000000, 6), }", TITHE_MATRIX_ERROR_FORMAT, "" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 0), }", TITHE_MATRIX_ERROR_SHAPE, "nothing in it" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 3, 1), }", TITHE_MATRIX_ERROR_SHAPE, "3 dimensions" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (18,), }", TITHE_MATRIX_ERROR_SHAPE, "1 dimension" },
    { "{'descr': '|O', 'fortran_order': False, 'shape': (6, 3), }", TITHE_MATRIX_ERROR_TYPE, "pickled" },
    { "{'descr': '<i4', 'fortran_order': False, 'shape': (6, 3), }", TITHE_MATRIX_ERROR_TYPE, "<i4" },
    { "{'descr': '<f4', 'shape': (6, 3), }", TITHE_MATRIX_ERROR_FORMAT, "fortran_order" },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 3)", TITHE_MATRIX_ERROR_FORMAT, "not closed" },
    { "no dictionary", TITHE_MATRIX_ERROR_FORMAT, "dictionary" },
  };
  g_autoptr (GByteArray) values = make_values ("<f4", FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) bytes = make_npy (1, cases[i].header, values);
      GError *error = NULL;

      g_assert_null (open_bytes (fixture, "x.npy", bytes, NULL, &error));
      g_assert_nonnull (strstr (error->message, "x.npy"));
      fixture_assert_error (error, TITHE_MATRIX_ERROR, cases[i].code, cases[i].part);
    }
}

/* Nobody writes into the pipe: who opened it as a file would wait for ever. */
static void
test_pipe_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "x.npy", NULL);
  GError *error = NULL;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (tithe_embedding_open (path, NULL, &error));
  fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_READ, "it is not a file");
}

static void
test_bind_refusals (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixture_write_rows (fixture->folder, "many.npy", N + 1, DIM, 1);
  g_autoptr (TitheEmbedding) many = tithe_embedding_open (path, NULL, NULL);
  g_autoptr (GByteArray) values = make_values ("<f4", FALSE), bytes = NULL;
  g_autoptr (TitheEmbedding) poisoned = NULL;
  const guint8 bad[] = { 0, 0, 0xc0, 0x7f }; /* a NaN, the lowest byte first */
  GError *error = NULL;

  g_assert_false (tithe_embedding_bind (&many, fixture->dataset, NULL, 1, NULL, &error));
  fixture_assert_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE, "has 7 rows");
  memcpy (values->data + 4 * (5 * DIM + 1), bad, 4);
  bytes = make_npy (1, "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 3), }", values);
  poisoned = open_bytes (fixture, "nan.npy", bytes, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (tithe_embedding_bind (&poisoned, fixture->dataset, NULL, 2, NULL, &error));
  g_assert_nonnull (strstr (error->message, "c1/0002.png"));
  fixture_assert_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_VALUE, "row 5");
}

/* Others may read an embedding while it is bound, to this dataset or to that one: it stays what it is. */
static void
test_binding_leaves_the_embedding_as_it_is (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = fixture_write_rows (fixture->folder, "x.npy", N, DIM, 3);
  g_autofree char *paths
      = fixture_write (fixture->folder, "paths.txt",
                       "c1/0002.png\nc1/0001.png\nc1/0000.png\nc0/0002.png\nc0/0001.png\nc0/0000.png\n", -1);
  g_autofree char *wrong = fixture_write (fixture->folder, "wrong.txt", "a\nb\nc\nd\ne\nf\n", -1);
  g_autoptr (TitheEmbedding) plain = tithe_embedding_open (rows, NULL, NULL);
  g_autoptr (TitheEmbedding) turned = tithe_embedding_ref (plain), refused = tithe_embedding_ref (plain);
  const guint32 first = 0, last = N - 1;
  float before[DIM], after[DIM], bound[DIM];

  tithe_embedding_get_rows (plain, &first, 1, before);
  g_assert_true (tithe_embedding_bind (&turned, fixture->dataset, paths, 1, NULL, NULL));
  g_assert_true (turned != plain);
  tithe_embedding_get_rows (plain, &first, 1, after);
  g_assert_cmpmem (before, sizeof before, after, sizeof after);
  tithe_embedding_get_rows (turned, &last, 1, bound);
  g_assert_cmpmem (before, sizeof before, bound, sizeof bound);
  g_assert_cmpstr (tithe_embedding_get_fingerprint (turned), ==, tithe_embedding_get_fingerprint (plain));
  g_assert_cmpstr (tithe_embedding_get_locator (turned), ==, tithe_embedding_get_locator (plain));
  g_assert_false (tithe_embedding_bind (&refused, fixture->dataset, wrong, 1, NULL, NULL));
  g_assert_true (refused == plain);
}

/* Folders above the dataset's are taken off, however many they are. */
static void
test_paths_may_begin_with_folders (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = fixture_write_rows (fixture->folder, "x.npy", N, DIM, 3);
  g_autofree char *slashes = g_strnfill (1000000, '/'), *above = g_strconcat (slashes, "above/", NULL), *paths = NULL;
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (rows, NULL, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N; i++)
    g_string_append_printf (text, "%sc%u/%04u.png\n", above, i / 3, i % 3);
  paths = fixture_write (fixture->folder, "paths.txt", text->str, -1);
  g_assert_true (tithe_embedding_bind (&embedding, fixture->dataset, paths, 1, NULL, &error));
  g_assert_no_error (error);
}

/* A name that ends in that of another image, and has no folder before it there, is of the other. */
static void
test_a_name_may_end_in_another (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *rows = fixture_write_rows (folder, "x.npy", 2, DIM, 3);
  g_autofree char *paths = fixture_write (folder, "paths.txt", "xa/b.png\nxa/a/b.png\n", -1), *manifest = NULL;
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (rows, NULL, NULL);
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GError) error = NULL;

  fixture_write_picture (folder, "a/b.png", 4, 4, 1);
  fixture_write_picture (folder, "b.png", 4, 4, 2);
  manifest = fixture_write (folder, "m.csv", "path,label\na/b.png,one\nb.png,two\n", -1);
  dataset = tithe_dataset_open (manifest, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tithe_embedding_bind (&embedding, dataset, paths, 1, NULL, &error));
  g_assert_no_error (error);
  fixture_remove (g_steal_pointer (&folder));
}

/* Paths that name an image twice, or too few of them, and one that is no file. */
static void
test_paths_are_checked (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = fixture_write_rows (fixture->folder, "x.npy", N, DIM, 3);
  g_autofree char *twice = fixture_write (fixture->folder, "twice.txt", "a\nb\nc\na\ne\nf\n", -1);
  g_autofree char *few = fixture_write (fixture->folder, "few.txt", "a\nb\n\n\n", -1);
  g_autoptr (TitheEmbedding) embedding = tithe_embedding_open (rows, NULL, NULL);
  GError *error = NULL;

  g_assert_false (tithe_embedding_bind (&embedding, fixture->dataset, twice, 1, NULL, &error));
  fixture_assert_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE, "names “a” twice");
  g_assert_false (tithe_embedding_bind (&embedding, fixture->dataset, few, 1, NULL, &error));
  fixture_assert_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE, "names 2 paths");
  g_assert_false (tithe_embedding_bind (&embedding, fixture->dataset, "/none/there.txt", 1, NULL, &error));
  fixture_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there.txt");
}

static TitheEmbedding *
write_with_record (Fixture *fixture, const char *record)
{
  g_autofree char *path = g_build_filename (fixture->folder, "made.npy", NULL);
  const float values[N * DIM] = { 1, 2, 3 };
  g_autoptr (GBytes) rows = g_bytes_new (values, sizeof values);
  g_autoptr (GError) error = NULL;
  TitheEmbedding *embedding;

  g_assert_true (tithe_embedding_write (rows, DIM, "made for a test", path, &error));
  g_assert_no_error (error);
  if (record != NULL)
    g_free (fixture_write (fixture->folder, "made.npy.json", record, -1));
  embedding = tithe_embedding_open (path, NULL, &error);
  g_assert_no_error (error);
  return embedding;
}

/* Neither the features nor their record are replaced, and where one is there the other is not written. */
static void
test_new_features_replace_nothing (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "new.npy", "new.npy.json" };
  const float values[N * DIM] = { 1, 2, 3 };
  g_autoptr (GBytes) rows = g_bytes_new (values, sizeof values);
  g_autofree char *path = g_build_filename (fixture->folder, names[0], NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *there = fixture_write (fixture->folder, names[i], "mine", -1), *kept = NULL;
      g_autofree char *other = g_build_filename (fixture->folder, names[1 - i], NULL);
      GError *error = NULL;

      g_assert_false (tithe_embedding_create (rows, DIM, "made for a test", path, &error));
      fixture_assert_error (error, TITHE_OUTPUT_ERROR, TITHE_OUTPUT_ERROR_EXISTS, names[i]);
      g_assert_true (g_file_get_contents (there, &kept, NULL, NULL));
      g_assert_cmpstr (kept, ==, "mine");
      g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
      g_assert_cmpint (g_unlink (there), ==, 0);
    }
  g_assert_true (tithe_embedding_create (rows, DIM, "made for a test", path, NULL));
}

static void
test_record_says_how_it_was_made (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TitheEmbedding) embedding = write_with_record (fixture, NULL);

  g_assert_cmpstr (tithe_embedding_get_origin (embedding), ==, "made for a test");
  g_assert_false (tithe_embedding_is_quick (embedding));
}

/* A record of other features, and what is none: never a crash, and nothing is believed. */
static void
test_records_of_others_say_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *brackets = g_strnfill (500000, '[');
  g_autofree char *deep = g_strdup_printf ("{\"features\": %s", brackets), *large = g_malloc (2 << 20);
  const char *const records[]
      = { "",   "[]", "{", "5", "{\"features\": 5}", "{\"features\": \"x\", \"origin\": \"y\"}", "{\"origin\": \"y\"}",
          deep, large };

  memset (large, ' ', (2 << 20) - 1);
  large[(2 << 20) - 1] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_autoptr (TitheEmbedding) embedding = write_with_record (fixture, records[i]);

      g_assert_null (tithe_embedding_get_origin (embedding));
    }
}

static void
test_origin_that_is_no_text_is_none (Fixture *fixture, gconstpointer data)
{
  static const char *const origins[] = { "5", "null", "[\"x\"]", "{}", "true" };
  g_autoptr (TitheEmbedding) plain = write_with_record (fixture, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    {
      g_autofree char *record = g_strdup_printf ("{\"features\": \"%s\", \"origin\": %s}",
                                                 tithe_embedding_get_fingerprint (plain), origins[i]);
      g_autoptr (TitheEmbedding) embedding = write_with_record (fixture, record);

      g_assert_null (tithe_embedding_get_origin (embedding));
    }
}

static void
test_paths_reorder_rows (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rows = fixture_write_rows (fixture->folder, "x.npy", N, DIM, 3);
  g_autofree char *paths
      = fixture_write (fixture->folder, "paths.txt",
                       "c1/0002.png\nc1/0001.png\nc1/0000.png\nc0/0002.png\nc0/0001.png\nc0/0000.png\n", -1);
  g_autofree char *wrong = fixture_write (fixture->folder, "wrong.txt", "a\nb\nc\nd\ne\nf\n", -1);
  g_autoptr (TitheEmbedding) plain = tithe_embedding_open (rows, NULL, NULL),
                             turned = tithe_embedding_open (rows, NULL, NULL);
  const guint32 first = 0, last = N - 1;
  float a[DIM], b[DIM];
  GError *error = NULL;

  g_assert_true (tithe_embedding_bind (&plain, fixture->dataset, NULL, 1, NULL, NULL));
  g_assert_true (tithe_embedding_bind (&turned, fixture->dataset, paths, 1, NULL, NULL));
  tithe_embedding_get_rows (plain, &first, 1, a);
  tithe_embedding_get_rows (turned, &last, 1, b);
  g_assert_cmpmem (a, sizeof a, b, sizeof b);
  g_assert_false (tithe_embedding_bind (&turned, fixture->dataset, wrong, 1, NULL, &error));
  fixture_assert_error (error, TITHE_EMBEDDING_ERROR, TITHE_EMBEDDING_ERROR_SHAPE, "wrong.txt");
}

static void
write_npz (Fixture *fixture, const char *name, const char *const *members)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GByteArray) values = make_values ("<f4", FALSE);
  g_autoptr (GByteArray) npy = make_npy (1, "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 3), }", values);
  zip_t *zip = zip_open (path, ZIP_CREATE | ZIP_TRUNCATE, NULL);

  for (; *members != NULL; members++)
    zip_file_add (zip, *members, zip_source_buffer (zip, npy->data, npy->len, 0), 0);
  g_assert_cmpint (zip_close (zip), ==, 0);
}

static void
test_npz (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "x.npz", NULL);
  g_autoptr (TitheEmbedding) one = NULL, named = NULL;
  GError *error = NULL;

  write_npz (fixture, "x.npz", (const char *const[]){ "features.npy", NULL });
  one = tithe_embedding_open (path, NULL, &error);
  g_assert_no_error (error);
  assert_rows (fixture, one);
  write_npz (fixture, "x.npz", (const char *const[]){ "features.npy", "more.npy", NULL });
  g_assert_null (tithe_embedding_open (path, NULL, &error));
  fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS, "“features”, “more”");
  named = tithe_embedding_open (path, "more", &error);
  g_assert_no_error (error);
  assert_rows (fixture, named);
  g_assert_null (tithe_embedding_open (path, "none", &error));
  fixture_assert_error (error, TITHE_MATRIX_ERROR, TITHE_MATRIX_ERROR_AMBIGUOUS,
                        "has no array “none”; it holds “features”, “more”");
}

static GByteArray *
make_safetensors (const char *json, GByteArray *values)
{
  GByteArray *bytes = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE ((guint64) strlen (json));

  g_byte_array_append (bytes, (const guint8 *) &length, 8);
  g_byte_array_append (bytes, (const guint8 *) json, (guint) strlen (json));
  g_byte_array_append (bytes, values->data, values->len);
  return bytes;
}

static void
test_safetensors (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *json, *type;
  } good[] = { { "{\"x\":{\"dtype\":\"F32\",\"shape\":[6,3],\"data_offsets\":[0,72]}}", "<f4" },
               { "{\"x\":{\"dtype\":\"F64\",\"shape\":[6,3],\"data_offsets\":[0,144]}}", "<f8" },
               { "{\"x\":{\"dtype\":\"F16\",\"shape\":[6,3],\"data_offsets\":[0,36]},\"__metadata__\":{\"a\":\"b\"}}",
                 "<f2" } };
  static const char *const bad[] = { "{\"x\":{\"dtype\":\"F32\",\"shape\":[6,4],\"data_offsets\":[0,72]}}",
                                     "{\"x\":{\"dtype\":\"F32\",\"shape\":[6,3],\"data_offsets\":[40,112]}}",
                                     "{\"x\":{\"dtype\":\"F32\",\"shape\":[6,3],\"data_offsets\":[72,0]}}",
                                     "{\"x\":{\"dtype\":\"I32\",\"shape\":[6,3],\"data_offsets\":[0,72]}}",
                                     "{\"x\":{\"dtype\":\"F32\",\"shape\":[6,-3],\"data_offsets\":[0,72]}}",
                                     "{\"x\":3}",
                                     "[]" };
  g_autoptr (GByteArray) values = make_values ("<f4", FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GByteArray) typed = make_values (good[i].type, FALSE);
      g_autoptr (GByteArray) bytes = make_safetensors (good[i].json, typed);
      g_autoptr (GError) error = NULL;
      g_autoptr (TitheEmbedding) embedding = open_bytes (fixture, "x.safetensors", bytes, NULL, &error);

      g_assert_no_error (error);
      assert_rows (fixture, embedding);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GByteArray) bytes = make_safetensors (bad[i], values);
      g_autoptr (GError) error = NULL;

      g_assert_null (open_bytes (fixture, "x.safetensors", bytes, NULL, &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, "x.safetensors"));
    }
}

static void
test_quick_is_the_same_for_any_threads (Fixture *fixture, gconstpointer data)
{
  gsize dim, same_dim;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) one = tithe_quick_embed (fixture->dataset, 1, &dim, NULL, &error);
  g_autoptr (GBytes) three = tithe_quick_embed (fixture->dataset, 3, &same_dim, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (dim, ==, same_dim);
  g_assert_true (g_bytes_equal (one, three));
}

/* The directions of largest variance are those of one another independent: no two columns vary together. */
static void
test_quick_columns_are_uncorrelated (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = fixture_folder (), *pictures = g_build_filename (folder, "d", NULL);
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  const float *rows;
  gsize dim, n = 200;
  double largest = 0;

  fixture_write_classes (pictures, 2, (guint) n / 2);
  dataset = tithe_dataset_open (pictures, NULL, &error);
  g_assert_no_error (error);
  bytes = tithe_quick_embed (dataset, 2, &dim, NULL, &error);
  g_assert_no_error (error);
  rows = g_bytes_get_data (bytes, NULL);
  for (gsize i = 0; i < n; i++) /* the last is the direction of the largest variance */
    largest += (double) rows[i * dim + dim - 1] * (double) rows[i * dim + dim - 1];
  g_assert_cmpfloat (largest, >, 0);
  for (gsize a = 1; a < dim; a++)
    for (gsize b = 0; b < a; b++)
      {
        double sum = 0;

        for (gsize i = 0; i < n; i++)
          sum += (double) rows[i * dim + a] * (double) rows[i * dim + b];
        g_assert_cmpfloat_with_epsilon (sum, 0, 1e-4 * largest);
      }
  fixture_remove (g_steal_pointer (&folder));
}

static void
test_quick_brings_near_duplicates_together (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "twins", NULL);
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (GBytes) rows = NULL;
  g_autoptr (GError) error = NULL;
  gsize dim;

  /* Every second picture is its neighbour one pixel wider. */
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("a/%02u.png", i);

      fixture_write_picture (folder, name, 32 + i % 2, 32, i / 2);
    }
  dataset = tithe_dataset_open (folder, NULL, &error);
  g_assert_no_error (error);
  rows = tithe_quick_embed (dataset, 2, &dim, NULL, &error);
  g_assert_no_error (error);
  embedding = tithe_embedding_new_from_rows (rows, 20, dim);
  g_assert_true (tithe_embedding_is_quick (embedding));
  g_assert_true (tithe_embedding_bind (&embedding, dataset, NULL, 1, NULL, &error));
  for (guint32 i = 0; i < 20; i += 2)
    for (guint32 j = 0; j < 20; j++)
      if (j / 2 != i / 2)
        g_assert_cmpfloat (tithe_embedding_dissimilarity (embedding, i, i + 1), <,
                           tithe_embedding_dissimilarity (embedding, i, j));
}

#define ADD(path, function) g_test_add ("/embedding/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("npy/kinds", test_npy_kinds);
  ADD ("npy/refusals", test_npy_refusals);
  ADD ("npy/pipe", test_pipe_is_refused);
  ADD ("bind/refusals", test_bind_refusals);
  ADD ("bind/paths", test_paths_reorder_rows);
  ADD ("bind/folders", test_paths_may_begin_with_folders);
  ADD ("bind/ends-in-another", test_a_name_may_end_in_another);
  ADD ("bind/immutable", test_binding_leaves_the_embedding_as_it_is);
  ADD ("bind/checked-paths", test_paths_are_checked);
  ADD ("create/replaces-nothing", test_new_features_replace_nothing);
  ADD ("record/origin", test_record_says_how_it_was_made);
  ADD ("record/of-others", test_records_of_others_say_nothing);
  ADD ("record/types", test_origin_that_is_no_text_is_none);
  ADD ("npz", test_npz);
  ADD ("safetensors", test_safetensors);
  ADD ("quick/threads", test_quick_is_the_same_for_any_threads);
  ADD ("quick/uncorrelated", test_quick_columns_are_uncorrelated);
  ADD ("quick/near-duplicates", test_quick_brings_near_duplicates_together);
  return g_test_run ();
}
