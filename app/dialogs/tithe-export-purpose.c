/* SPDX-License-Identifier: MIT */
#include "tithe-export-purpose.h"

#include "state/tithe-settings.h"

#include <glib/gi18n.h>

static const TitheExportPurposeInfo infos[TITHE_N_EXPORT_PURPOSES] = {
  [TITHE_EXPORT_PURPOSE_FOLDER] = { "folder-pictures-symbolic",
                                    N_("Folder of Images"),
                                    N_("To look at the images or pass them on"),
                                    { TITHE_EXPORT_TREE },
                                    1 },
  [TITHE_EXPORT_PURPOSE_LIST]
  = { "view-list-symbolic",
      N_("List"),
      N_("To tell a script which images to take"),
      { TITHE_EXPORT_INDICES, TITHE_EXPORT_MASK, TITHE_EXPORT_PATHS, TITHE_EXPORT_MANIFEST },
      4 },
  [TITHE_EXPORT_PURPOSE_TRAINING_SET] = { "applications-science-symbolic",
                                          N_("Training Set"),
                                          N_("To train with a library that reads its form"),
                                          { TITHE_EXPORT_IMAGEFOLDER, TITHE_EXPORT_WEBDATASET, TITHE_EXPORT_FIFTYONE,
                                            TITHE_EXPORT_CIFAR, TITHE_EXPORT_IDX },
                                          5 },
  [TITHE_EXPORT_PURPOSE_TABLE] = { "x-office-spreadsheet-symbolic",
                                   N_("Table"),
                                   N_("To look up each image's group and what became of it"),
                                   { TITHE_EXPORT_CSV, TITHE_EXPORT_JSONL },
                                   2 },
};

/* What is remembered of each: the words of its form and of its images. */
static const char *const settings[TITHE_N_EXPORT_PURPOSES] = {
  [TITHE_EXPORT_PURPOSE_FOLDER] = TITHE_SETTING_EXPORT_FOLDER,
  [TITHE_EXPORT_PURPOSE_LIST] = TITHE_SETTING_EXPORT_LIST,
  [TITHE_EXPORT_PURPOSE_TRAINING_SET] = TITHE_SETTING_EXPORT_TRAINING_SET,
  [TITHE_EXPORT_PURPOSE_TABLE] = TITHE_SETTING_EXPORT_TABLE,
};

/* tithe_export_purpose_get_info: (transfer none): of one of them. */
const TitheExportPurposeInfo *
tithe_export_purpose_get_info (TitheExportPurpose purpose)
{
  g_return_val_if_fail (purpose < TITHE_N_EXPORT_PURPOSES, NULL);
  return &infos[purpose];
}

/* tithe_export_purpose_get_format_name: (transfer none): as a person calls it. */
const char *
tithe_export_purpose_get_format_name (TitheExportFormat format)
{
  static const char *const names[TITHE_N_EXPORT_FORMATS] = {
    [TITHE_EXPORT_CSV] = N_("Table (CSV)"),
    [TITHE_EXPORT_JSONL] = N_("Table (JSON Lines)"),
    [TITHE_EXPORT_INDICES] = N_("Indices (.npy)"),
    [TITHE_EXPORT_MASK] = N_("Mask (.npy)"),
    [TITHE_EXPORT_PATHS] = N_("List of paths"),
    [TITHE_EXPORT_PATHS_DROPPED] = N_("List of paths"),
    [TITHE_EXPORT_MANIFEST] = N_("Manifest of paths and labels"),
    [TITHE_EXPORT_TREE] = N_("Folder of class folders"),
    [TITHE_EXPORT_IMAGEFOLDER] = N_("Hugging Face ImageFolder"),
    [TITHE_EXPORT_FIFTYONE] = N_("FiftyOne dataset"),
    [TITHE_EXPORT_WEBDATASET] = N_("WebDataset shards (tar)"),
    [TITHE_EXPORT_CIFAR] = N_("CIFAR binary files"),
    [TITHE_EXPORT_IDX] = N_("IDX files"),
  };

  return _ (names[format]);
}

/* tithe_export_purpose_recall: the one of the last export. */
TitheExportPurpose
tithe_export_purpose_recall (void)
{
  return (TitheExportPurpose) g_settings_get_enum (tithe_settings_get (), TITHE_SETTING_EXPORT_PURPOSE);
}

/* tithe_export_purpose_recall_options: form, images and links as in the last export for that; what can't be is as at first. */
TitheExportOptions
tithe_export_purpose_recall_options (TitheExportPurpose purpose)
{
  const TitheExportPurposeInfo *info = tithe_export_purpose_get_info (purpose);
  g_autofree char *format = NULL, *what = NULL;
  g_autofree char *link = g_settings_get_string (tithe_settings_get (), TITHE_SETTING_EXPORT_LINK);
  TitheExportOptions options = { .format = info->formats[0] };
  TitheExportFormat last;

  g_settings_get (tithe_settings_get (), settings[purpose], "(ss)", &format, &what);
  for (guint i = 0; tithe_export_format_from_string (format, &last) && i < info->n_formats; i++)
    if (info->formats[i] == last)
      options.format = last;
  tithe_export_link_from_string (link, &options.link);
  tithe_export_what_from_string (what, &options.what);
  if (options.what == TITHE_EXPORT_USUAL)
    options.what = purpose == TITHE_EXPORT_PURPOSE_TABLE ? TITHE_EXPORT_BOTH : TITHE_EXPORT_KEPT;
  return options;
}

/* tithe_export_purpose_remember: what is exported, for the next time. */
void
tithe_export_purpose_remember (TitheExportPurpose purpose, const TitheExportOptions *options)
{
  GSettings *all = tithe_settings_get ();

  g_settings_set_enum (all, TITHE_SETTING_EXPORT_PURPOSE, (int) purpose);
  g_settings_set (all, settings[purpose], "(ss)", tithe_export_format_to_string (options->format),
                  tithe_export_what_to_string (options->what));
  if (tithe_export_links_files (options->format))
    g_settings_set_string (all, TITHE_SETTING_EXPORT_LINK, tithe_export_link_to_string (options->link));
}
