/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TITHE_SESSION_TYPE "application/x-tithe-session"

#define TITHE_TYPE_START_PAGE (tithe_start_page_get_type ())

/*
 * What a window shows before anything is open: how to begin, and the sessions that were open last. Signals:
 *
 *   "open"  with the path of a session that was chosen
 */
G_DECLARE_FINAL_TYPE (TitheStartPage, tithe_start_page, TITHE, START_PAGE, AdwBin)

GtkWidget *tithe_start_page_new      (void);
char      *tithe_start_page_dup_last (void);

G_END_DECLS
