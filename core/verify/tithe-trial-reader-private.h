/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-trial-store.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * TitheTrialReader:
 *
 * Which rows of the file are trials that a plan asks for, which of them can be used, and why the others can not. Rows go
 * in one by one; the list is what comes out.
 */
typedef struct
{
  const TitheVerifyPlan *plan;
  const char *tested_on;
  GArray *arms;          /* of the plan */
  GHashTable *names;     /* of each: its index + 1 */
  GHashTable *old_names; /* the same by the names of earlier versions */
  GHashTable *used;      /* “name number” of what is in the list */
  GHashTable *left_out;  /* “name number” of what is not: its reason */
  TitheTrialList *list;  /* to be stolen by who wants it */
} TitheTrialReader;

void     tithe_trial_reader_init      (TitheTrialReader *reader, const TitheVerifyPlan *plan, const char *tested_on);
void     tithe_trial_reader_clear     (TitheTrialReader *reader);
void     tithe_trial_reader_take_row  (TitheTrialReader *reader, sqlite3_stmt *statement);
void     tithe_trial_reader_end       (TitheTrialReader *reader);
gboolean tithe_trial_reader_find_free (TitheTrialReader *reader, TitheTrial *trial);
char    *tithe_trial_reader_dup_name  (TitheTrialReader *reader, const TitheArm *arm);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TitheTrialReader, tithe_trial_reader_clear)

G_END_DECLS
