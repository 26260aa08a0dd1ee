/* SPDX-License-Identifier: MIT */
#include "fixture.h"
#include "fuzz-target.h"

#include <string.h>

/* For each target its seed, the inputs of its corpus, and a short run with fixed seeds: both of these with bytes changed,
 * cut out, doubled and cut off.
 *
 * In corpus/TARGET, inputs with a name of words once led to a crash, a hang or memory without bound, or would in a reader
 * that believes them; those with a number for a name reach between them most of what the fuzzers found the way to. */
#define N_ROUNDS 400
/* Where TITHE_EMULATED is set, a processor of another architecture is emulated, and all is twenty times as slow. */
#define N_ROUNDS_EMULATED 20

static char *folder;

/* One to four changes of the kinds that files suffer. */
static void
mutate (GByteArray *bytes, GRand *rand)
{
  for (gint changes = g_rand_int_range (rand, 1, 5); changes > 0 && bytes->len > 1; changes--)
    {
      guint at = (guint) g_rand_int_range (rand, 0, (gint32) bytes->len);
      guint n = (guint) g_rand_int_range (rand, 1, 17);
      guint8 piece[16];

      n = MIN (n, bytes->len - at);
      memcpy (piece, bytes->data + at, n);
      switch (g_rand_int_range (rand, 0, 6))
        {
        case 0:
          bytes->data[at] = (guint8) g_rand_int (rand);
          break;
        case 1:
          bytes->data[at] ^= (guint8) (1 << g_rand_int_range (rand, 0, 8));
          break;
        case 2:
          memset (bytes->data + at, g_rand_boolean (rand) ? 0xff : 0, n);
          break;
        case 3:
          g_byte_array_remove_range (bytes, at, n);
          break;
        case 4:
          g_byte_array_set_size (bytes, at + 1);
          break;
        default:
          g_byte_array_append (bytes, piece, n);
          break;
        }
    }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The seed first, then the corpus by name, so that a run is the same everywhere. */
static GPtrArray *
list_inputs (const FuzzTarget *target, const char *own)
{
  g_autofree char *corpus = g_test_build_filename (G_TEST_DIST, "corpus", target->name, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (corpus, 0, NULL);
  GPtrArray *inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    g_ptr_array_add (names, g_strdup (name));
  if (names->len == 0)
    g_error ("“%s” has no inputs of “%s”", corpus, target->name);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (inputs, target->make_seed (own));
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (inputs, fuzz_read_back (corpus, g_ptr_array_index (names, i)));
  return inputs;
}

static char *
prepare (const FuzzTarget *target)
{
  g_autofree char *nothing = NULL;
  char *own = g_build_filename (folder, target->name, NULL);

  nothing = fixture_write (own, "nothing", "", 0);
  if (target->prepare != NULL)
    target->prepare (own);
  return own;
}

static void
test_target (gconstpointer data)
{
  const FuzzTarget *target = data;
  g_autofree char *own = prepare (target);
  g_autoptr (GPtrArray) inputs = list_inputs (target, own);
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (target->name));
  const guint n_rounds = g_getenv ("TITHE_EMULATED") ? N_ROUNDS_EMULATED : N_ROUNDS;

  for (guint i = 0; i < inputs->len; i++)
    {
      GBytes *input = g_ptr_array_index (inputs, i);
      gboolean taken = fuzz_one (target, own, g_bytes_get_data (input, NULL), g_bytes_get_size (input));

      g_assert_true (taken || i > 0); /* what is refused at once would try nothing */
    }
  for (guint round = 0; round < n_rounds; round++)
    {
      GBytes *input = g_ptr_array_index (inputs, round % 2 == 0 ? 0 : round % inputs->len);
      g_autoptr (GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, g_bytes_get_data (input, NULL), (guint) g_bytes_get_size (input));
      mutate (bytes, rand);
      fuzz_one (target, own, bytes->data, bytes->len);
    }
}

#ifdef TITHE_HAVE_LEARN
/* What lies under a name that no target has is never tried. */
static void
test_every_corpus_has_a_target (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "corpus", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  g_assert_nonnull (dir);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    if (fuzz_find (name) == NULL)
      g_error ("no target is called “%s”", name);
}
#endif

/* For the fuzzers to begin with: TARGET/seed in a folder. Prints the names of all targets. */
static void
write_seeds (const char *where)
{
  for (const FuzzTarget *target = fuzz_targets; target->name != NULL; target++)
    {
      g_autofree char *own = prepare (target), *name = g_build_filename (target->name, "seed", NULL);
      g_autoptr (GBytes) seed = target->make_seed (own);

      g_free (fixture_write (where, name, g_bytes_get_data (seed, NULL), (gssize) g_bytes_get_size (seed)));
      g_print ("%s\n", target->name);
    }
}

int
main (int argc, char **argv)
{
  const gboolean seeds = argc == 3 && g_str_equal (argv[1], "--seeds");
  int status = 0;

  fuzz_stay_in_memory ();
  if (!seeds)
    g_test_init (&argc, &argv, NULL);
  folder = fixture_folder ();
  if (seeds)
    write_seeds (argv[2]);
  for (const FuzzTarget *target = fuzz_targets; !seeds && target->name != NULL; target++)
    {
      g_autofree char *path = g_strconcat ("/fuzz/", target->name, NULL);

      g_test_add_data_func (path, target, test_target);
    }
#ifdef TITHE_HAVE_LEARN
  if (!seeds)
    g_test_add_func ("/fuzz/every-corpus-has-a-target", test_every_corpus_has_a_target);
#endif
  if (!seeds)
    status = g_test_run ();
  fixture_remove (folder);
  return status;
}
