/* SPDX-License-Identifier: MIT */
#include "learn-fixture.h"

#include <string.h>

void
learn_fixture_open_images (LearnFixture *fixture)
{
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->dataset, tithe_dataset_unref);
  fixture->dataset = tithe_dataset_open (images, NULL, &error);
  g_assert_no_error (error);
}

void
learn_fixture_set_up (LearnFixture *fixture, gconstpointer data)
{
  fixture->folder = fixture_folder ();
}

void
learn_fixture_tear_down (LearnFixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->dataset, tithe_dataset_unref);
  fixture_remove (fixture->folder);
}

void
learn_fixture_make_images (LearnFixture *fixture, guint n_classes, guint n_images)
{
  g_autofree char *images = g_build_filename (fixture->folder, "images", NULL);

  fixture_write_classes (images, n_classes, n_images);
  learn_fixture_open_images (fixture);
}

TitheLearnOptions
learn_fixture_options (void)
{
  TitheLearnOptions options;

  tithe_learn_options_init (&options, "resnet8");
  options.width = 4;
  options.size = 16;
  options.train.n_threads = 1; /* more of them wait for each other on their feet, where others want the processor */
  options.train.epochs = 4;
  options.train.batch = 8;
  options.train.bfloat16 = FALSE;
  return options;
}

TitheParameter *
learn_fixture_find (TitheNetwork *network, const char *prefix, const char *name)
{
  GPtrArray *parameters = tithe_network_get_parameters (network);
  g_autofree char *full = g_strconcat (prefix, name, NULL);

  for (guint i = 0; i < parameters->len; i++)
    if (g_str_equal (((TitheParameter *) g_ptr_array_index (parameters, i))->name, full))
      return g_ptr_array_index (parameters, i);
  g_error ("no parameter %s", full);
}

/* Epochs' numbers are kept, the last one's in the end. */
void
learn_fixture_keep_epoch (const TitheEpoch *epoch, gpointer last)
{
  *(TitheEpoch *) last = *epoch;
}

/* Writes a .safetensors file with a word of its header replaced by one of the same length, so that offsets stay. */
void
learn_fixture_write_lie (LearnFixture *fixture, const char *name, const char *contents, gsize size, const char *from,
                         const char *to)
{
  g_autofree char *lying = g_memdup2 (contents, size);
  char *place = g_strstr_len (lying + 8, (gssize) size - 8, from);

  g_assert_nonnull (place);
  g_assert_cmpuint (strlen (from), >=, strlen (to));
  memcpy (place, to, strlen (to));
  g_free (fixture_write (fixture->folder, name, lying, (gssize) size));
}

/* Texts of the metadata that are numbers, objects, nothing: these crashed. Whether there is a file of that number. */
gboolean
learn_fixture_write_odd (LearnFixture *fixture, const char *name, guint which)
{
  static const char *const metadata[]
      = { "{\"tithe.shape\": 5}",
          "{\"tithe.settings\": 5}",
          "{\"tithe.shape\": null}",
          "{\"tithe.shape\": {\"x\": 1}}",
          "{\"tithe.shape\": [\"resnet8 width 4 channels 3 size 16 classes 2\"]}",
          "{\"tithe.shape\": true, \"tithe.dataset\": 5}",
          "{\"tithe.dataset\": \"x\", \"tithe.dataset_name\": 7, \"tithe.settings\": [5]}",
          "5",
          "[]" };
  g_autoptr (GString) file = NULL;
  guint64 length;

  if (which >= G_N_ELEMENTS (metadata))
    return FALSE;
  file = g_string_new (NULL);
  g_string_printf (file, "{\"__metadata__\": %s}", metadata[which]);
  length = GUINT64_TO_LE ((guint64) file->len);
  g_string_prepend_len (file, (const char *) &length, 8);
  g_free (fixture_write (fixture->folder, name, file->str, (gssize) file->len));
  return TRUE;
}
