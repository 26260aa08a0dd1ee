/* SPDX-License-Identifier: MIT */
#include "curate/tithe-step-name.h"

static void
test_a_journal_has_english (void)
{
  g_autofree char *one = tithe_step_name_write (TITHE_STEP_NAME_KEEP, 1, NULL);
  g_autofree char *many = tithe_step_name_write (TITHE_STEP_NAME_DISCARD, 12, NULL);
  g_autofree char *none = tithe_step_name_write (TITHE_STEP_NAME_MERGE, 0, NULL);
  g_autofree char *text = tithe_step_name_write (TITHE_STEP_NAME_PROTECT_CLASS, 0, "100 %s “cats”");

  g_assert_cmpstr (one, ==, "Keep 1 Image");
  g_assert_cmpstr (many, ==, "Discard 12 Images");
  g_assert_cmpstr (none, ==, "Merge Upward");
  g_assert_cmpstr (text, ==, "Keep All of “100 %s “cats””");
}

/* Without a catalogue each is shown as it is written: its form was found, and its number or text put back. */
static void
test_every_name_is_found_again (void)
{
  for (TitheStepName name = TITHE_STEP_NAME_KEEP; name <= TITHE_STEP_NAME_PROTECT_LIST; name++)
    for (guint n = 0; n < 3; n++)
      {
        g_autofree char *written = tithe_step_name_write (name, n, "a “b” %u"), *shown = tithe_step_name_show (written);

        g_assert_cmpstr (shown, ==, written);
      }
}

static void
test_a_strange_name_is_left_alone (void)
{
  const char *const names[]
      = { "", "Keep", "Keep  Images", "Keep -1 Images", "Keep %s Images", "Keep All of “", "Mergeupward" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *shown = tithe_step_name_show (names[i]);

      g_assert_cmpstr (shown, ==, names[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/step-name/a-journal-has-english", test_a_journal_has_english);
  g_test_add_func ("/step-name/every-name-is-found-again", test_every_name_is_found_again);
  g_test_add_func ("/step-name/a-strange-name-is-left-alone", test_a_strange_name_is_left_alone);
  return g_test_run ();
}
