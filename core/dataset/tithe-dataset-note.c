/* SPDX-License-Identifier: MIT */
#include "tithe-dataset-private.h"
#include "base/tithe-name.h"
#include "base/tithe-text.h"

/* What is written in sessions never changes. */
static const TitheTextForm forms[TITHE_N_DATASET_NOTES] = {
  [TITHE_DATASET_NOTE_OTHER_FILES]
  = { NP_ ("%u other file was left out: “%s”", "%u other files were left out, “%s” among them") },
  [TITHE_DATASET_NOTE_LOOPS] = { NP_ ("%u link that leads back into the dataset was not followed: “%s”",
                                      "%u links that lead back into the dataset were not followed, “%s” among them") },
  [TITHE_DATASET_NOTE_UNREADABLE]
  = { NP_ ("%u file cannot be read: “%s”", "%u files cannot be read, “%s” among them") },
  [TITHE_DATASET_NOTE_EMPTY_CLASSES]
  = { NP_ ("%u class has no images: “%s”", "%u classes have no images, “%s” among them") },
  [TITHE_DATASET_NOTE_PICTURES_BESIDE]
  = { NP_ ("%u picture beside the class folders belongs to no class: “%s”",
           "%u pictures beside the class folders belong to no class, “%s” among them") },
  [TITHE_DATASET_NOTE_OTHER_SPLITS]
  = { NP_ ("%u image of another split, “%s”, was left out", "%u images of other splits, such as “%s”, were left out") },
  [TITHE_DATASET_NOTE_FOLDER_BESIDE] = { N_("the folder “%s” beside “%s” and “%s” was left out"), NULL },
  [TITHE_DATASET_NOTE_EMPTY_TEST] = { N_("the folder “%s” holds no images: there is no test split"), NULL },
  [TITHE_DATASET_NOTE_NO_NAMES] = { N_("“%s” is missing: the classes are called by their numbers"), NULL },
  [TITHE_DATASET_NOTE_MISSING] = { N_("“%s” is missing"), NULL },
  [TITHE_DATASET_NOTE_TEST_ONLY] = { N_("the training files are missing: “%s” is read in their place"), NULL },
  [TITHE_DATASET_NOTE_NO_LABELS]
  = { N_("“%s” has no label file beside it: all pictures are one unlabelled class"), NULL },
  [TITHE_DATASET_NOTE_EMPTY_CLASS] = { N_("class %s has no images"), NULL },
};

/**
 * tithe_dataset_note:
 * @n: the number of a note that has one
 * @...: (nullable): its names, which may be any bytes, and %NULL
 *
 * Notes are for a person: what was left out while opening, each thing named once. They are in English until they are shown.
 */
void
tithe_dataset_note (TitheDataset *self, TitheDatasetNote note, guint n, ...)
{
  const char *names[4] = { NULL };
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, n);
  for (guint i = 0; i + 1 < G_N_ELEMENTS (names) && (names[i] = va_arg (args, const char *)) != NULL; i++)
    ;
  va_end (args);
  text = tithe_text_write (&forms[note], n, names);
  g_ptr_array_add (self->notes, tithe_name_dup (text));
}

/**
 * tithe_dataset_list_notes:
 *
 * Returns: (transfer full) (element-type utf8): the notes in the language of the person
 */
GPtrArray *
tithe_dataset_list_notes (TitheDataset *self)
{
  GPtrArray *shown = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->notes->len; i++)
    g_ptr_array_add (shown, tithe_text_show (forms, G_N_ELEMENTS (forms), g_ptr_array_index (self->notes, i)));
  return shown;
}
