/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-verify-report.h"

G_BEGIN_DECLS

/*
 * The numbers of a report as tables: cells that are text for people, one rule for a terminal, the report and the window;
 * CSV for programs.
 */

typedef enum
{
  TITHE_VERIFY_COLUMN_SUBSET,
  TITHE_VERIFY_COLUMN_IMAGES,   /* that it is learned from */
  TITHE_VERIFY_COLUMN_ACCURACY, /* mean and standard deviation over the trials, in percent */
  TITHE_VERIFY_COLUMN_TRIALS,   /* that are finished, and those in work */
  TITHE_VERIFY_COLUMN_EACH,     /* the accuracy of each trial, in percent */
  TITHE_VERIFY_N_COLUMNS,
} TitheVerifyColumn;

typedef enum
{
  TITHE_VERIFY_CLASS_COLUMN_CLASS,
  TITHE_VERIFY_CLASS_COLUMN_EVERYTHING, /* mean accuracies, in percent */
  TITHE_VERIFY_CLASS_COLUMN_SUBSET,
  TITHE_VERIFY_CLASS_COLUMN_DIFFERENCE, /* of them, in points */
  TITHE_VERIFY_CLASS_COLUMN_INTERVAL,   /* of the difference, and whether it is certain */
  TITHE_VERIFY_N_CLASS_COLUMNS,
} TitheVerifyClassColumn;

/**
 * TitheVerifyCells:
 * @text: (array fixed-size=TITHE_VERIFY_N_COLUMNS): of each #TitheVerifyColumn, or of each #TitheVerifyClassColumn; valid UTF-8
 *
 * A row of either table.
 */
typedef struct
{
  char *text[TITHE_VERIFY_N_COLUMNS];
} TitheVerifyCells;

G_STATIC_ASSERT ((int) TITHE_VERIFY_N_CLASS_COLUMNS == (int) TITHE_VERIFY_N_COLUMNS);

const char *tithe_verify_column_get_title       (TitheVerifyColumn column);
const char *tithe_verify_class_column_get_title (TitheVerifyClassColumn column);
GPtrArray  *tithe_verify_report_list_cells      (const TitheVerifyReport *self);
GPtrArray  *tithe_verify_list_class_cells       (GArray *classes, TitheDataset *dataset);
char       *tithe_verify_report_to_text         (const TitheVerifyReport *self);
char       *tithe_verify_classes_to_text        (GArray *classes, const TitheArm *arm, TitheDataset *dataset);
char       *tithe_verify_report_to_csv          (const TitheVerifyReport *self);
char       *tithe_verify_report_to_class_csv    (const TitheVerifyReport *self, TitheDataset *dataset);

G_END_DECLS
