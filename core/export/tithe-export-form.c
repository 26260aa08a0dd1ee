/* SPDX-License-Identifier: MIT */
#include "tithe-export-form.h"

G_DEFINE_QUARK (tithe-export-error-quark, tithe_export_error)

const TitheWord tithe_export_format_words[] = {
  { "csv", TITHE_EXPORT_CSV, "a row for each image" },
  { "jsonl", TITHE_EXPORT_JSONL, "a JSON object for each image" },
  { "indices", TITHE_EXPORT_INDICES, "int64 .npy" },
  { "mask", TITHE_EXPORT_MASK, "bool .npy over all images" },
  { "paths", TITHE_EXPORT_PATHS, "one path a line" },
  { "paths-dropped", TITHE_EXPORT_PATHS_DROPPED, "paths of what is discarded" },
  { "manifest", TITHE_EXPORT_MANIFEST, "CSV of absolute path and label, which is a dataset" },
  { "tree", TITHE_EXPORT_TREE, "a folder of class folders" },
  { "imagefolder", TITHE_EXPORT_IMAGEFOLDER, "class folders with the metadata.csv of Hugging Face" },
  { "fiftyone", TITHE_EXPORT_FIFTYONE, "FiftyOneImageClassificationDataset" },
  { "webdataset", TITHE_EXPORT_WEBDATASET, "tar files of up to 10,000 samples" },
  { "cifar", TITHE_EXPORT_CIFAR, "the binary files of CIFAR-10, above ten classes of CIFAR-100" },
  { "idx", TITHE_EXPORT_IDX, "the files of MNIST" },
  { NULL, 0, NULL },
};

/* What each format usually has is in records alone: nobody asks for it by a word. */
const TitheWord tithe_export_what_words[] = {
  { "usual", TITHE_EXPORT_USUAL, NULL },
  { "kept", TITHE_EXPORT_KEPT, "the images that are kept" },
  { "discarded", TITHE_EXPORT_DISCARDED, "the images that are not" },
  { "both", TITHE_EXPORT_BOTH, "every image, with what became of it" },
  { NULL, 0, NULL },
};

const TitheWord tithe_export_link_words[] = {
  { "copy", TITHE_EXPORT_COPY, "files of their own" },
  { "hard", TITHE_EXPORT_HARD_LINK, "the same files by other names: what changes one changes both" },
  { "symbolic", TITHE_EXPORT_SYMBOLIC_LINK, "links to the dataset's files" },
  { "reflink", TITHE_EXPORT_REFLINK, "files of their own that share blocks until they are changed" },
  { NULL, 0, NULL },
};

/* Returns: the word of files and options */
const char *
tithe_export_format_to_string (TitheExportFormat format)
{
  return tithe_words_to_text (tithe_export_format_words, (int) format);
}

/* @format: (out): left alone where there is no such word */
gboolean
tithe_export_format_from_string (const char *string, TitheExportFormat *format)
{
  int value;

  if (!tithe_words_find (tithe_export_format_words, string, &value))
    return FALSE;
  *format = (TitheExportFormat) value;
  return TRUE;
}

/* Returns: the word of files and options */
const char *
tithe_export_what_to_string (TitheExportWhat what)
{
  return tithe_words_to_text (tithe_export_what_words, (int) what);
}

/* @what: (out): %TITHE_EXPORT_USUAL where there is no such word */
gboolean
tithe_export_what_from_string (const char *string, TitheExportWhat *what)
{
  int value = TITHE_EXPORT_USUAL;
  gboolean found = tithe_words_find (tithe_export_what_words, string, &value);

  *what = (TitheExportWhat) value;
  return found;
}

/* Returns: the word of files and options */
const char *
tithe_export_link_to_string (TitheExportLink link)
{
  return tithe_words_to_text (tithe_export_link_words, (int) link);
}

/* @link: (out): %TITHE_EXPORT_COPY where there is no such word */
gboolean
tithe_export_link_from_string (const char *string, TitheExportLink *link)
{
  int value = TITHE_EXPORT_COPY;
  gboolean found = tithe_words_find (tithe_export_link_words, string, &value);

  *link = (TitheExportLink) value;
  return found;
}

/* Returns: whether the format is a folder, rather than a file */
gboolean
tithe_export_is_folder (TitheExportFormat format)
{
  return format >= TITHE_EXPORT_TREE;
}

/* Returns: whether the images' files can be linked in that format */
gboolean
tithe_export_links_files (TitheExportFormat format)
{
  return format == TITHE_EXPORT_TREE || format == TITHE_EXPORT_IMAGEFOLDER || format == TITHE_EXPORT_FIFTYONE;
}

/* Returns: whether the format has dissimilarities in it */
gboolean
tithe_export_needs_embedding (TitheExportFormat format)
{
  return format == TITHE_EXPORT_CSV || format == TITHE_EXPORT_JSONL || format == TITHE_EXPORT_IMAGEFOLDER;
}
