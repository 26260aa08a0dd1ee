/* SPDX-License-Identifier: MIT */
#pragma once

#include "tithe-verify-report.h"

G_BEGIN_DECLS

/*
 * What trials show, in whole sentences: the same on a terminal, in the report and in the window.
 */

char      *tithe_verify_claim_dup_text     (const TitheVerifyClaim *claim, double margin);
GPtrArray *tithe_verify_report_list_notes  (const TitheVerifyReport *report);
char      *tithe_verify_dup_promise        (void);
char      *tithe_verify_dup_class_promise  (void);
char      *tithe_verify_dup_duration       (double seconds);

G_END_DECLS
