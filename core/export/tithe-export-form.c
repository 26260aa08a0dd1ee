/* SPDX-License-Identifier: MIT */
#include "tithe-export-form.h"
#include "base/tithe-words.h"

G_DEFINE_QUARK (tithe-export-error-quark, tithe_export_error)

static const TitheWord format_words[] = {
  { "csv", TITHE_EXPORT_CSV },
  { "jsonl", TITHE_EXPORT_JSONL },
  { "indices", TITHE_EXPORT_INDICES },
  { "mask", TITHE_EXPORT_MASK },
  { "paths", TITHE_EXPORT_PATHS },
  { "paths-dropped", TITHE_EXPORT_PATHS_DROPPED },
  { "manifest", TITHE_EXPORT_MANIFEST },
  { "tree", TITHE_EXPORT_TREE },
  { "imagefolder", TITHE_EXPORT_IMAGEFOLDER },
  { "fiftyone", TITHE_EXPORT_FIFTYONE },
  { "webdataset", TITHE_EXPORT_WEBDATASET },
  { "cifar", TITHE_EXPORT_CIFAR },
  { "idx", TITHE_EXPORT_IDX },
  { NULL, 0 },
};

static const TitheWord what_words[] = {
  { "usual", TITHE_EXPORT_USUAL },
  { "kept", TITHE_EXPORT_KEPT },
  { "discarded", TITHE_EXPORT_DISCARDED },
  { "both", TITHE_EXPORT_BOTH },
  { NULL, 0 },
};

static const TitheWord link_words[] = {
  { "copy", TITHE_EXPORT_COPY },
  { "hard", TITHE_EXPORT_HARD_LINK },
  { "symbolic", TITHE_EXPORT_SYMBOLIC_LINK },
  { "reflink", TITHE_EXPORT_REFLINK },
  { NULL, 0 },
};

/* Returns: the word of files and options */
const char *
tithe_export_format_to_string (TitheExportFormat format)
{
  return tithe_words_to_text (format_words, (int) format);
}

/* @format: (out): left alone where there is no such word */
gboolean
tithe_export_format_from_string (const char *string, TitheExportFormat *format)
{
  int value;

  if (!tithe_words_find (format_words, string, &value))
    return FALSE;
  *format = (TitheExportFormat) value;
  return TRUE;
}

/* Returns: (transfer full): all formats, for a person */
char *
tithe_export_format_dup_list (void)
{
  return tithe_words_dup_list (format_words);
}

/* Returns: the word of files and options */
const char *
tithe_export_what_to_string (TitheExportWhat what)
{
  return tithe_words_to_text (what_words, (int) what);
}

/* @what: (out): %TITHE_EXPORT_USUAL where there is no such word */
gboolean
tithe_export_what_from_string (const char *string, TitheExportWhat *what)
{
  int value = TITHE_EXPORT_USUAL;
  gboolean found = tithe_words_find (what_words, string, &value);

  *what = (TitheExportWhat) value;
  return found;
}

/* Returns: the word of files and options */
const char *
tithe_export_link_to_string (TitheExportLink link)
{
  return tithe_words_to_text (link_words, (int) link);
}

/* @link: (out): %TITHE_EXPORT_COPY where there is no such word */
gboolean
tithe_export_link_from_string (const char *string, TitheExportLink *link)
{
  int value = TITHE_EXPORT_COPY;
  gboolean found = tithe_words_find (link_words, string, &value);

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
