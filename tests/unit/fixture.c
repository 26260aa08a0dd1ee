/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "base/tithe-byte-order.h"
#include "faulty-disk.h"

#include "io/tithe-npy.h"
#include "session/tithe-session.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sqlite3.h>
#include <string.h>

#define OWN_FOLDER "tithe-test-"

/* A folder in one that is the test's own, too: what is written beside it is nobody else's. */
char *
fixture_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *own = g_dir_make_tmp (OWN_FOLDER "XXXXXX", &error);
  char *folder;

  g_assert_no_error (error);
  /* Others may go through it, as through /tmp: what they may see is for the folder to say. */
  g_assert_cmpint (g_chmod (own, 0755), ==, 0);
  folder = g_build_filename (own, "folder", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  return folder;
}

static int
remove_one (const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
  if (flag == FTW_DNR || flag == FTW_D || flag == FTW_DP)
    g_chmod (path, 0700);
  return g_remove (path);
}

/* Takes the name, too, and what is beside a folder of fixture_folder(). */
void
fixture_remove (char *folder)
{
  g_autofree char *parent = g_path_get_dirname (folder), *name = g_path_get_basename (parent);

  nftw (g_str_has_prefix (name, OWN_FOLDER) ? parent : folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  g_free (folder);
}

void
fixture_set_up (FolderFixture *self, gconstpointer data)
{
  self->folder = fixture_folder ();
}

/* The disk is sound again. */
void
fixture_tear_down (FolderFixture *self, gconstpointer data)
{
  g_unsetenv (FAULTY_DISK_PATH);
  g_unsetenv (FAULTY_DISK_STAT);
  fixture_remove (self->folder);
}

/* Makes folders as needed; the path is to be freed. */
char *
fixture_write (const char *folder, const char *name, gconstpointer data, gssize size)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  g_file_set_contents (path, data, size, &error);
  g_assert_no_error (error);
  return path;
}

/* A gradient that the seed colours, with a square that it places. */
void
fixture_write_picture (const char *folder, const char *name, guint width, guint height, guint32 seed)
{
  g_autoptr (TithePixels) pixels = tithe_pixels_new (width, height);
  g_autofree char *path = fixture_write (folder, name, "", 0);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint red = g_rand_int (rand) % 256, x0 = g_rand_int (rand) % 1000 * width / 1000;
  guint y0 = g_rand_int (rand) % 1000 * height / 1000;
  g_autoptr (GError) error = NULL;

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        guint8 *pixel = pixels->data + (y * width + x) * 3;

        pixel[0] = (guint8) red;
        pixel[1] = (guint8) (x * 255 / width);
        pixel[2] = x >= x0 && y >= y0 ? 255 : (guint8) (y * 255 / height);
      }
  tithe_image_write_png (path, pixels, &error);
  g_assert_no_error (error);
}

/* c0/0000.png and so on. */
void
fixture_write_classes (const char *folder, guint n_classes, guint n_images)
{
  for (guint c = 0; c < n_classes; c++)
    for (guint i = 0; i < n_images; i++)
      {
        g_autofree char *name = g_strdup_printf ("c%u/%04u.png", c, i);

        fixture_write_picture (folder, name, 8, 8, c * 1000 + i);
      }
}

/* Rows in loose clumps, so that there is something to merge. */
char *
fixture_write_rows (const char *folder, const char *name, gsize n, gsize dim, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GString) file = tithe_npy_header ("<f4", n, dim);
  g_autofree float *row = g_new0 (float, dim), *turned = g_new (float, dim);

  for (gsize i = 0; i < n; i++)
    {
      gboolean fresh = i == 0 || g_rand_int_range (rand, 0, 3) == 0;

      for (gsize j = 0; j < dim; j++)
        row[j] = fresh ? (float) g_rand_double_range (rand, -1, 1)
                       : row[j] + (float) g_rand_double_range (rand, -0.1, 0.1);
      tithe_byte_order_copy (turned, row, dim, sizeof (float));
      g_string_append_len (file, (const char *) turned, (gssize) (dim * sizeof (float)));
    }
  return fixture_write (folder, name, file->str, (gssize) file->len);
}

/* A dataset in @folder, with what is there already, and an embedding of its own, clustered. */
TitheHierarchy *
fixture_hierarchy (const char *folder, guint n_classes, guint n_images, TitheLinkage linkage, int n_threads)
{
  g_autofree char *rows = NULL;
  g_autoptr (TitheDataset) dataset = NULL;
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (GError) error = NULL;
  TitheHierarchy *hierarchy;

  fixture_write_classes (folder, n_classes, n_images);
  dataset = tithe_dataset_open (folder, NULL, &error);
  g_assert_no_error (error);
  rows = fixture_write_rows (folder, "../rows.npy", tithe_dataset_get_n_images (dataset), 12, 7);
  embedding = tithe_embedding_open (rows, NULL, &error);
  g_assert_no_error (error);
  tithe_embedding_bind (&embedding, dataset, NULL, 1, NULL, &error);
  g_assert_no_error (error);
  hierarchy = tithe_hierarchy_new (dataset, linkage);
  tithe_hierarchy_compute (hierarchy, embedding,
                           &(TitheClusterOptions){ .linkage = linkage, .n_threads = n_threads, .max_memory = 0 }, NULL,
                           NULL, NULL, &error);
  g_assert_no_error (error);
  return hierarchy;
}

/* The same as a session of its own, whose path is to be freed. */
char *
fixture_session (const char *folder, const char *name, guint n_classes, guint n_images)
{
  g_autofree char *images = g_build_filename (folder, "images", NULL),
                  *rows = g_build_filename (folder, "rows.npy", NULL);
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (TitheHierarchy) hierarchy = fixture_hierarchy (images, n_classes, n_images, TITHE_LINKAGE_COMPLETE, 1);
  g_autoptr (TitheEmbedding) embedding = NULL;
  g_autoptr (GError) error = NULL;

  embedding = tithe_embedding_open (rows, NULL, &error);
  g_assert_no_error (error);
  tithe_embedding_bind (&embedding, tithe_hierarchy_get_dataset (hierarchy), NULL, 1, NULL, &error);
  g_assert_no_error (error);
  tithe_session_write (path, hierarchy, embedding, NULL, &error);
  g_assert_no_error (error);
  return path;
}

/* What runs a program of ours with words that are split at spaces. Before them come those of TITHE_RUNNER, which runs programs
 * that were built for another kind of machine. */
GStrv
fixture_command (const char *program, const char *words)
{
  const char *runner = g_getenv ("TITHE_RUNNER");
  g_auto (GStrv) before = g_strsplit (runner != NULL ? runner : "", " ", -1), after = g_strsplit (words, " ", -1);
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();

  g_strv_builder_addv (arguments, (const char **) before);
  g_strv_builder_add (arguments, program);
  g_strv_builder_addv (arguments, (const char **) after);
  return g_strv_builder_end (arguments);
}

/* From now on numbers have a decimal comma, in a language that is made where the machine has none. */
gboolean
fixture_speak_german (const char *folder)
{
  g_autofree char *target = g_build_filename (folder, "de_DE.UTF-8", NULL);
  const char *argv[] = { "localedef", "-i", "de_DE", "-f", "UTF-8", target, NULL };
  char number[8];

  if (!g_spawn_sync (NULL, (char **) argv, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                     NULL, NULL, NULL))
    return FALSE;
  g_setenv ("LOCPATH", folder, TRUE);
  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    return FALSE;
  g_snprintf (number, sizeof number, "%.1f", 0.5);
  return g_str_equal (number, "0,5");
}

/* In a connection of its own, as another program would. */
void
fixture_run_sql (const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  if (sqlite3_exec (db, sql, NULL, NULL, &message) != SQLITE_OK)
    g_error ("%s: %s", sql, message);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}
