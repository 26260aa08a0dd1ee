/* SPDX-License-Identifier: MIT */
#pragma once

#include "export/tithe-export.h"

G_BEGIN_DECLS

/* What people export for, in the order in which it is offered and of the setting that remembers it. */
typedef enum
{
  TITHE_EXPORT_PURPOSE_FOLDER,
  TITHE_EXPORT_PURPOSE_LIST,
  TITHE_EXPORT_PURPOSE_TRAINING_SET,
  TITHE_EXPORT_PURPOSE_TABLE,
} TitheExportPurpose;

#define TITHE_N_EXPORT_PURPOSES (TITHE_EXPORT_PURPOSE_TABLE + 1)
#define TITHE_MAX_PURPOSE_FORMATS 5

/**
 * TitheExportPurposeInfo:
 * @title: untranslated
 * @sentence: untranslated: what it is for
 * @formats: that serve it, the usual first
 */
typedef struct
{
  const char *icon_name, *title, *sentence;
  TitheExportFormat formats[TITHE_MAX_PURPOSE_FORMATS];
  guint n_formats;
} TitheExportPurposeInfo;

const TitheExportPurposeInfo *tithe_export_purpose_get_info        (TitheExportPurpose purpose);
const char                   *tithe_export_purpose_get_format_name (TitheExportFormat format);

TitheExportPurpose            tithe_export_purpose_recall          (void);
TitheExportOptions            tithe_export_purpose_recall_options  (TitheExportPurpose purpose);
void                          tithe_export_purpose_remember        (TitheExportPurpose purpose,
                                                                    const TitheExportOptions *options);

G_END_DECLS
