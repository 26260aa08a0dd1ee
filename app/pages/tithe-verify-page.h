/* SPDX-License-Identifier: MIT */
#pragma once

#include "figure/tithe-figure.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_TYPE_VERIFY_PAGE (tithe_verify_page_get_type ())

/*
 * Where a subset is put to the proof: a plan with its price, accuracy against ratio as trials finish, what they show in
 * plain words, which classes lose, and coverage. Signals:
 *
 *   "class-chosen"  with a class's number
 *   "failed"        with a heading and a message
 */
G_DECLARE_FINAL_TYPE (TitheVerifyPage, tithe_verify_page, TITHE, VERIFY_PAGE, AdwBin)

GtkWidget   *tithe_verify_page_new         (void);
void         tithe_verify_page_set_session (TitheVerifyPage *self, const char *session,
                                            TitheDataset *dataset);
void         tithe_verify_page_set_choice  (TitheVerifyPage *self, const TitheSubsetChoice *choice,
                                            TitheCuration *curation);
TitheFigure *tithe_verify_page_dup_figure  (TitheVerifyPage *self, TitheFigureKind kind);
char        *tithe_verify_page_dup_csv     (TitheVerifyPage *self, gboolean by_class);
gboolean     tithe_verify_page_get_class_choice (TitheVerifyPage *self, TitheSubsetChoice *choice);
gboolean     tithe_verify_page_is_settled  (TitheVerifyPage *self);

G_END_DECLS
