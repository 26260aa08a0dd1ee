/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a person prefers, in every window: keys of org.tithe.Tithe.gschema.xml. */
#define TITHE_SETTING_THUMBNAIL_SIZE "thumbnail-size"
#define TITHE_SETTING_DIM_DISCARDED  "dim-discarded"
#define TITHE_SETTING_FRAME_COLOUR   "frame-colour"
#define TITHE_SETTING_CACHE_SIZE     "cache-size"
#define TITHE_SETTING_LINKAGE        "linkage"
#define TITHE_SETTING_REPRESENTATIVE "representative"
#define TITHE_SETTING_REOPEN         "reopen"
#define TITHE_SETTING_WINDOW_SIZE    "window-size"
#define TITHE_SETTING_MAXIMIZED      "maximized"
#define TITHE_SETTING_INSPECTOR      "inspector"
#define TITHE_SETTING_DIFFERENCE_GAIN "difference-gain"

/* Of the last export, and of the last for each purpose. */
#define TITHE_SETTING_EXPORT_PURPOSE      "export-purpose"
#define TITHE_SETTING_EXPORT_FOLDER       "export-folder"
#define TITHE_SETTING_EXPORT_LIST         "export-list"
#define TITHE_SETTING_EXPORT_TRAINING_SET "export-training-set"
#define TITHE_SETTING_EXPORT_TABLE        "export-table"
#define TITHE_SETTING_EXPORT_LINK         "export-link"

GSettings *tithe_settings_get (void);

G_END_DECLS
