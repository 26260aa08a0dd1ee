/* SPDX-License-Identifier: MIT */
#pragma once

#include "base/tithe-words.h"
#include "io/tithe-protected.h"

G_BEGIN_DECLS

#define TITHE_EXPORT_ERROR (tithe_export_error_quark ())

typedef enum
{
  TITHE_EXPORT_ERROR_PATH,    /* a path can't be written in that form */
  TITHE_EXPORT_ERROR_SOURCE,  /* an image can't be read */
  TITHE_EXPORT_ERROR_FORM,    /* the format can't hold such images */
  TITHE_EXPORT_ERROR_CHANGED, /* what is written is not what it was */
} TitheExportError;

/**
 * TitheExportFormat:
 * @TITHE_EXPORT_CSV: a table with a line for each image
 * @TITHE_EXPORT_JSONL: the same as JSON Lines
 * @TITHE_EXPORT_INDICES: image numbers as an int64 .npy vector, ascending
 * @TITHE_EXPORT_MASK: a bool .npy vector over all images of the dataset
 * @TITHE_EXPORT_PATHS: a path a line
 * @TITHE_EXPORT_PATHS_DROPPED: the same of what is discarded
 * @TITHE_EXPORT_MANIFEST: CSV of absolute path and label, which is a dataset
 * @TITHE_EXPORT_TREE: a folder of class folders, copied or linked
 * @TITHE_EXPORT_IMAGEFOLDER: the same with the metadata.csv of Hugging Face
 * @TITHE_EXPORT_FIFTYONE: FiftyOneImageClassificationDataset: data/ and labels.json
 * @TITHE_EXPORT_WEBDATASET: a folder of tar files of up to 10,000 samples
 * @TITHE_EXPORT_CIFAR: CIFAR-10's or, above 10 classes, CIFAR-100's binary files
 * @TITHE_EXPORT_IDX: the files of MNIST's family
 */
typedef enum
{
  TITHE_EXPORT_CSV,
  TITHE_EXPORT_JSONL,
  TITHE_EXPORT_INDICES,
  TITHE_EXPORT_MASK,
  TITHE_EXPORT_PATHS,
  TITHE_EXPORT_PATHS_DROPPED,
  TITHE_EXPORT_MANIFEST,
  TITHE_EXPORT_TREE,
  TITHE_EXPORT_IMAGEFOLDER,
  TITHE_EXPORT_FIFTYONE,
  TITHE_EXPORT_WEBDATASET,
  TITHE_EXPORT_CIFAR,
  TITHE_EXPORT_IDX,
} TitheExportFormat;

#define TITHE_N_EXPORT_FORMATS (TITHE_EXPORT_IDX + 1)

/**
 * TitheExportWhat:
 * @TITHE_EXPORT_USUAL: both in tables that say which is which, else what is kept
 */
typedef enum
{
  TITHE_EXPORT_USUAL,
  TITHE_EXPORT_KEPT,
  TITHE_EXPORT_DISCARDED,
  TITHE_EXPORT_BOTH,
} TitheExportWhat;

/**
 * TitheExportLink:
 * @TITHE_EXPORT_COPY: files of their own
 * @TITHE_EXPORT_HARD_LINK: the same files by another name: what changes one changes both
 * @TITHE_EXPORT_SYMBOLIC_LINK: pointers to the absolute paths
 * @TITHE_EXPORT_REFLINK: files of their own that share blocks until they are changed, where the file system can do it
 */
typedef enum
{
  TITHE_EXPORT_COPY,
  TITHE_EXPORT_HARD_LINK,
  TITHE_EXPORT_SYMBOLIC_LINK,
  TITHE_EXPORT_REFLINK,
} TitheExportLink;

/**
 * TitheExportOptions:
 * @classes: (nullable) (array zero-terminated=1): names of those that are exported, %NULL for all
 * @overwrite: whether a target that is there is replaced
 * @protected: what is never written to: at least the dataset; the session and its embedding where the subset is of one
 * @link: how files get into a folder
 */
typedef struct
{
  TitheExportFormat format;
  TitheExportWhat what;
  TitheExportLink link;
  const char *const *classes;
  gboolean overwrite;
  const TitheProtected *protected;
} TitheExportOptions;

extern const TitheWord tithe_export_format_words[], tithe_export_what_words[], tithe_export_link_words[];

GQuark      tithe_export_error_quark        (void);
const char *tithe_export_format_to_string   (TitheExportFormat format);
gboolean    tithe_export_format_from_string (const char *string, TitheExportFormat *format);
const char *tithe_export_what_to_string     (TitheExportWhat what);
gboolean    tithe_export_what_from_string   (const char *string, TitheExportWhat *what);
const char *tithe_export_link_to_string     (TitheExportLink link);
gboolean    tithe_export_link_from_string   (const char *string, TitheExportLink *link);
gboolean    tithe_export_is_folder          (TitheExportFormat format);
gboolean    tithe_export_links_files        (TitheExportFormat format);
gboolean    tithe_export_needs_embedding    (TitheExportFormat format);

G_END_DECLS
