/* SPDX-License-Identifier: MIT */
#include "dataset/tithe-path-table.h"

#include <string.h>

#define N_PATHS 20000

typedef struct
{
  GString *paths;
  GArray *offsets;
} List;

static void
add (List *list, const char *path)
{
  const guint64 offset = list->paths->len;

  g_array_append_val (list->offsets, offset);
  g_string_append_len (list->paths, path, (gssize) strlen (path) + 1);
}

static List
make_list (guint32 n_names)
{
  List list = { g_string_new (NULL), g_array_new (FALSE, FALSE, sizeof (guint64)) };
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < N_PATHS; i++)
    {
      /* Of all lengths: the last bytes of a path count as much as the first ones. */
      g_autofree char *name
          = g_strdup_printf ("%.*s%u", g_rand_int_range (rand, 0, 20), "folder/of/many/parts",
                             n_names > 0 ? (guint) g_rand_int_range (rand, 0, (gint32) n_names) : N_PATHS + i);

      add (&list, name);
    }
  return list;
}

static void
clear (List *list)
{
  g_string_free (list->paths, TRUE);
  g_array_unref (list->offsets);
}

static gboolean
add_to (TithePathTable *table, const List *list, guint32 number, guint32 *first)
{
  return tithe_path_table_add (table, list->paths->str, (const guint64 *) (gpointer) list->offsets->data, number,
                               first);
}

static void
test_finds_the_first_of_what_stands_twice (void)
{
  g_autoptr (TithePathTable) table = tithe_path_table_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  List list = make_list (500);
  guint n_twice = 0;

  for (guint32 i = 0; i < N_PATHS; i++)
    {
      char *path = list.paths->str + g_array_index (list.offsets, guint64, i);
      gpointer earlier;
      guint32 first = G_MAXUINT32;

      if (g_hash_table_lookup_extended (seen, path, NULL, &earlier))
        {
          g_assert_false (add_to (table, &list, i, &first));
          g_assert_cmpuint (first, ==, GPOINTER_TO_UINT (earlier));
          n_twice++;
        }
      else
        {
          g_assert_true (add_to (table, &list, i, &first));
          g_hash_table_insert (seen, path, GUINT_TO_POINTER (i));
        }
    }
  g_assert_cmpuint (n_twice, >, 500);
  g_assert_cmpuint (n_twice, <, N_PATHS - 500);
  clear (&list);
}

static void
test_paths_may_move (void)
{
  g_autoptr (TithePathTable) table = tithe_path_table_new ();
  List list = { g_string_new (NULL), g_array_new (FALSE, FALSE, sizeof (guint64)) };
  g_autofree char *moved = NULL;
  guint32 first = 0;

  add (&list, "a/1.png");
  add (&list, "a/2.png");
  add (&list, "a/1.png");
  g_assert_true (add_to (table, &list, 0, &first));
  g_assert_true (add_to (table, &list, 1, &first));
  moved = g_memdup2 (list.paths->str, list.paths->len);
  memset (list.paths->str, 'x', list.paths->len);
  g_assert_false (tithe_path_table_add (table, moved, (const guint64 *) (gpointer) list.offsets->data, 2, &first));
  g_assert_cmpuint (first, ==, 0);
  clear (&list);
}

/* At most 3/4 and, once it has grown, more than 3/8 of its slots of eight bytes are taken, whatever the paths' lengths. */
static void
test_takes_22_bytes_a_path_at_most (void)
{
  g_autoptr (TithePathTable) table = tithe_path_table_new ();
  List list = make_list (0);
  guint32 first;

  for (guint32 i = 0; i < N_PATHS; i++)
    {
      g_assert_true (add_to (table, &list, i, &first));
      g_assert_cmpuint (tithe_path_table_get_size (table), >=, 8 * 4 * (i + 1) / 3);
      if (i >= 100)
        g_assert_cmpuint (tithe_path_table_get_size (table), <=, 22 * (i + 1));
    }
  clear (&list);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/path-table/first", test_finds_the_first_of_what_stands_twice);
  g_test_add_func ("/path-table/moved", test_paths_may_move);
  g_test_add_func ("/path-table/memory", test_takes_22_bytes_a_path_at_most);
  return g_test_run ();
}
